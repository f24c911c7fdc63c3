// SPDX-License-Identifier: MIT
#pragma once
// Animated GIFs by giflib: one palette for all frames, chosen from samples of them, and of each frame only
// what changed. Used by `paracosm render --gif`.
#include "engine/base/arena.h"

#include <stdint.h>

#define PARA_GIF_BYTES_MAX ((size_t)256 << 20) ///< [byte] of a file

typedef struct ParaGif ParaGif;

/// @param width, height [px] 16..4096   @param arena holds it, and its frames' pixels
ParaGif *para_gif_create(int width, int height, ParaArena *arena);
/// Counts the colours of a frame, before any is added. @param rgb [height, width, 3]
void para_gif_sample(ParaGif *gif, const uint8_t *rgb);
/// Adds a frame. @param centiseconds [s/100] 1..6000 it is shown   @return false: no memory, or beyond
/// PARA_GIF_BYTES_MAX
bool para_gif_add(ParaGif *gif, const uint8_t *rgb, int centiseconds);
/// Ends it and writes the file, which is never half there. @return false with the reason
bool para_gif_write(ParaGif *gif, const char *path, size_t *out_size, const char **out_error);
void para_gif_close(ParaGif *gif); ///< NULL is fine
