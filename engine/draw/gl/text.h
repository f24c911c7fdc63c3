// SPDX-License-Identifier: MIT
#pragma once
// Text for the window: glyphs of a system font in one texture, drawn in batches; without any font the
// letters of stb_easy_font. Private to engine/draw/gl.
#include "engine/draw/gl/window.h"

typedef struct ParaText ParaText;

#define PARA_TEXT_SCALE_MAX 8.0f ///< [1] letters are not made larger than this

/// Needs a current context. @param scale [1] 1..PARA_TEXT_SCALE_MAX pixels per screen unit: letters are made
/// at their real size
ParaText *para_text_create(float scale, ParaArena *arena, const char **out_error);
/// Makes the letters anew for another scale; nothing where it is the one they have. The batch must be empty.
void para_text_rescale(ParaText *text, float scale, ParaArena *arena);
void para_text_destroy(ParaText *text);
/// The size of what is drawn on from now on. @param width, height [px] >= 1
void para_text_view(ParaText *text, int width, int height);
/// Adds a line to the batch, which is drawn and emptied where it has no room for more. @return width [px]
float para_text_add(ParaText *text, float x, float y, ParaTextSize size, int ink, const char *utf8);
float para_text_width(const ParaText *text, ParaTextSize size, const char *utf8);
float para_text_line_height(const ParaText *text, ParaTextSize size);
/// Draws the batch and empties it.
void para_text_flush(ParaText *text);
const char *para_text_font(const ParaText *text);
