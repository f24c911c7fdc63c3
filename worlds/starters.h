// SPDX-License-Identifier: MIT
#pragma once
// The texts of worlds/starters, as the build puts them into the program (worlds/starters.cmake). Private to
// worlds.

extern const char *const para_starter_texts[]; ///< in the order of worlds/starters.def
