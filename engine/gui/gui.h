// SPDX-License-Identifier: MIT
#pragma once
// Panels by Dear ImGui, for C: what a panel needs and no more. Over a window's OpenGL context; one at a time,
// one thread, the window's. Between begin and end a panel says each frame anew what it holds; an item that
// was used says so at once. Input comes as SDL events, kept in order: a press and its release in one frame
// count as both, over two frames. No file is read or written but the font's.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

union SDL_Event;
typedef struct ParaGui ParaGui;

/// @param font file of letters; "" or unreadable: the built-in ones   @param scale [1] 1..8 of everything
/// @return NULL without memory or where OpenGL refuses
ParaGui *para_gui_open(const char *font, float scale);
void para_gui_close(ParaGui *gui); ///< NULL is fine
/// Letters and distances anew where the scale is another. Between frames only.
void para_gui_set_scale(ParaGui *gui, float scale);
/// Takes an event; quits and window events are not for it.
void para_gui_event(ParaGui *gui, const union SDL_Event *event);
/// Begins a frame. @param width, height [px]  @param seconds [s] since the last one
void para_gui_begin(ParaGui *gui, int width, int height, float seconds);
/// Draws the frame over what the window shows.
void para_gui_end(ParaGui *gui);
/// Whether events wait for the next frame: whoever takes a picture lets them pass first.
bool para_gui_busy(const ParaGui *gui);

// ---------------------------------------------------------------------------------------------
// Input, for what lies behind the panels.

typedef struct ParaGuiInput {
    float x, y, dx, dy; ///< [px] any finite; of the mouse, and since the last frame
    float wheel;        ///< [1] any finite; notches, away from the person above 0
    bool down[3];       ///< left, right, middle
    bool pressed[3];    ///< since the last frame, over no panel
    bool released[3];   ///< since the last frame, wherever
    bool doubled;       ///< the left press is the second of a double click
    bool over_panel;    ///< the mouse is a panel's
    bool typing;        ///< keys are a text field's
    bool ctrl, shift, alt;
} ParaGuiInput;
ParaGuiInput para_gui_input(void);
/// A key that was pressed since the last frame and is nobody's text. @param code [SDL_Keycode]
bool para_gui_pressed(int32_t code);

// ---------------------------------------------------------------------------------------------
// Panels.

/// A place in the window that stays. @return false: it is folded away; end it all the same
bool para_gui_panel(const char *title, float x, float y, float width, float height, bool bare);
void para_gui_panel_end(void);
/// A box in the middle that keeps the rest from being used. @return whether it is there; end it then
bool para_gui_box(const char *title, float width, float height);
void para_gui_box_end(void);
bool para_gui_child(const char *name, float width, float height); ///< its own scroll; always end it
void para_gui_child_end(void);

void para_gui_push(const char *name); ///< items in it are told apart from others of the same words
void para_gui_push_index(int index);
void para_gui_pop(void);

void para_gui_text(const char *text);                   ///< wrapped at the panel's edge
void para_gui_faint(const char *text);                  ///< the same, for what matters less
void para_gui_coloured(uint32_t rgb, const char *text); ///< 0xrrggbb
void para_gui_heading(const char *text);
void para_gui_line(void); ///< between groups
void para_gui_same_line(void);
void para_gui_gap(float height);             ///< [px]
void para_gui_wide(float width);             ///< [px] of the next item; below 0: so much is left at the right
float para_gui_room(void);                   ///< [px] to the right edge
float para_gui_row(void);                    ///< [px] height of a line with an item
float para_gui_text_width(const char *text); ///< [px]
bool para_gui_button(const char *text);
bool para_gui_small(const char *text);               ///< a button of a line's height
bool para_gui_choice(const char *text, bool chosen); ///< a button that can stay down
bool para_gui_entry(const char *text, bool chosen);  ///< of a list
bool para_gui_check(const char *text, bool *value);
bool para_gui_slider(const char *name, double *value, double low, double high, bool whole);
bool para_gui_settled(void); ///< the last item has just been let go, after it changed
bool para_gui_active(void);  ///< the last item is being used
/// A line of text. @return true once it is done: Enter, or the person went on; text then differs perhaps
bool para_gui_field(const char *name, char *text, size_t size, const char *hint);
/// Text of many lines. @return whether it changed in this frame
bool para_gui_editor(const char *name, char *text, size_t size, float width, float height);
/// One of some words. @param index in-out, [1] -1: none, which reads as an offer of another field
bool para_gui_select(const char *name, int *index, const char *const *words, int count);
bool para_gui_fold(const char *name, bool open); ///< a heading that hides what follows @return whether open
void para_gui_tip(const char *text);             ///< of the last item, while the mouse rests on it
void para_gui_off(bool off);                     ///< what follows cannot be used; end with para_gui_on
void para_gui_on(void);
void para_gui_bar(float share, const char *text); ///< 0..1
/// Takes an area of the panel for a picture. @return whether it was clicked  @param out [4] x, y, w, h [px]
bool para_gui_area(const char *name, float width, float height, float *out);
void para_gui_scroll_here(void); ///< the panel moves so that the last item shows

// ---------------------------------------------------------------------------------------------
// Lines over the window's picture, under the panels. Colours 0xrrggbbaa, all else [px].

void para_gui_draw_line(float ax, float ay, float bx, float by, uint32_t colour, float width);
void para_gui_draw_box(float x, float y, float width, float height, uint32_t colour,
                       float line); ///< line 0: filled
void para_gui_draw_disc(float x, float y, float radius, uint32_t colour, float line);
void para_gui_draw_text(float x, float y, uint32_t colour, const char *text);
/// From here on over the panels too, until the frame ends or it is said otherwise.
void para_gui_draw_over(bool over);

#ifdef __cplusplus
}
#endif
