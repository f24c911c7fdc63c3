// SPDX-License-Identifier: MIT
#pragma once
// A picture as text for a truecolour terminal: each character is an upper half block, two pixels.
// The caller decides whether escape codes are welcome (a terminal, no NO_COLOR).
#include <stddef.h>
#include <stdint.h>

/// Writes ceil(height / 2) lines, each ended by a colour reset and a newline; NUL-terminated.
/// @param rgb [height, width, 3]   @param out [size]; left an empty string if it does not fit
/// @return bytes of the whole text without its NUL; call with size 0 to learn it
size_t para_terminal_text(const uint8_t *rgb, int width, int height, char *out, size_t size);
