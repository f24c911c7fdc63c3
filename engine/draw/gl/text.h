// SPDX-License-Identifier: MIT
#pragma once
// Text for the window: glyphs of a system font in one texture, drawn in batches; without any font the
// letters of stb_easy_font. Private to engine/draw/gl.
#include "engine/draw/gl/window.h"

typedef struct ParaText ParaText;

/// Needs a current context. @param density [1] pixels per screen unit: letters are made at their real size
ParaText *para_text_create(float density, ParaArena *arena, const char **out_error);
void para_text_destroy(ParaText *text);
/// Adds a line to the batch. @return width [px]
float para_text_add(ParaText *text, float x, float y, ParaTextSize size, int ink, const char *utf8);
float para_text_width(const ParaText *text, ParaTextSize size, const char *utf8);
float para_text_line_height(const ParaText *text, ParaTextSize size);
/// Draws the batch and empties it.
void para_text_flush(ParaText *text, int width, int height);
const char *para_text_font(const ParaText *text);
