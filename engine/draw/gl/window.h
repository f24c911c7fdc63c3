// SPDX-License-Identifier: MIT
#pragma once
// A window with OpenGL 3.3: flat scenes with smooth borders and text. One window at a time, one thread.
// Works without a screen too (SDL_VIDEODRIVER=offscreen), so that every picture can be tested. Events are
// SDL's own: poll them with SDL_PollEvent.
#include "engine/draw/look/look.h"

typedef struct ParaWindow ParaWindow;

typedef enum { PARA_TEXT_SMALL, PARA_TEXT_NORMAL, PARA_TEXT_LARGE, PARA_TEXT_SIZES } ParaTextSize;

/// @param width, height [screen units of the system] wanted; pixels may be more on dense screens
/// @return NULL without a display or without OpenGL 3.3; the reason and what to do in out_error (in the
/// arena)
ParaWindow *para_window_open(const char *title, int width, int height, ParaArena *arena,
                             const char **out_error);
void para_window_close(ParaWindow *window);

/// Starts a frame: looks at the size and clears.
void para_window_begin(ParaWindow *window, int ink);
/// Draws a scene over what is there.
void para_window_scene(ParaWindow *window, const ParaScene *scene, const ParaCamera *camera);
/// Draws a world as its look says: sky, halos, shadows, forms in light, water, particles; inside look->area.
/// @param scene made by para_scene_create_tagged and filled by para_scene_world; one without tags is drawn
/// flat over the look's sky
/// @param camera for the whole window: its `screen` is a point of look->area
/// Errors: where this machine does not take a shader the world is drawn flat; para_window_error says why
void para_window_world(ParaWindow *window, const ParaScene *scene, const ParaCamera *camera,
                       const ParaLook *look);
const char *para_window_error(const ParaWindow *window); ///< "": none so far
/// Draws one line of UTF-8 text over what is there. @param x, y [px] left end, top of the line
/// @return its width [px]
float para_window_text(ParaWindow *window, float x, float y, ParaTextSize size, int ink, const char *text);
float para_window_text_width(const ParaWindow *window, ParaTextSize size, const char *text); ///< [px]
float para_window_line_height(const ParaWindow *window, ParaTextSize size);                  ///< [px]
/// Draws a picture over what is there, its pixels as squares. @param r [px] where, inside the window
/// @param rgb in, [height, width, 3] rows from the top   @param width, height [px] 1..1024
void para_window_picture(ParaWindow *window, ParaRect r, const uint8_t *rgb, int width, int height);
/// What is drawn from now on shows inside `area` [px] alone, so that several worlds share a window. NULL: all
/// of the window again, as each frame begins.
void para_window_clip(ParaWindow *window, const ParaRect *area);
/// Copies the frame drawn so far; call before para_window_end. @param rgb out, [height, width, 3]
void para_window_read(ParaWindow *window, uint8_t *rgb);
/// Shows the frame; waits for the screen where it can.
void para_window_end(ParaWindow *window);

int para_window_width(const ParaWindow *window);  ///< [px] at the last begin
int para_window_height(const ParaWindow *window); ///< [px]
/// Pixels per unit of what is written and drawn around a scene [1] 1..8: as dense as the display is, and more
/// where the window is larger than 1280 x 720 of its units, so that text grows with the picture. In quarters.
/// PARACOSM_SCALE, a number, says it instead. Never so large that there are less than 320 x 200 units.
float para_window_scale(const ParaWindow *window);
/// The scale that was asked for and has no room in a window so small [1]; 0: what was asked for is had.
float para_window_scale_asked(const ParaWindow *window);
float para_window_density(const ParaWindow *window); ///< [px] > 0 per screen unit, in which the mouse is told
/// Says the scale from the next frame on, where PARACOSM_SCALE does not. @param scale [1] 1..8; 0: as the
/// window finds it
void para_window_set_scale(ParaWindow *window, float scale);
/// Over the whole screen, without changing its resolution, and back. @return whether it is now
bool para_window_fullscreen(ParaWindow *window, bool wanted);
bool para_window_is_fullscreen(const ParaWindow *window);
const char *para_window_font(const ParaWindow *window); ///< file of the font in use, "" for the built-in one
