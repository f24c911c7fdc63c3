// SPDX-License-Identifier: MIT
#pragma once
// The texts of assets/palettes, put into the program at build time (engine/draw/sources.cmake).
// Private to engine/draw/look.
extern const char para_palette_day[];
extern const char para_palette_dusk[];
extern const char para_palette_night[];
extern const char para_palette_safe[];
