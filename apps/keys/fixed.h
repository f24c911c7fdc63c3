// SPDX-License-Identifier: MIT
#pragma once
// Keys that mean the same always, by where they do: one list for the keys screen and for every help panel.

typedef enum {
    PARA_FIXED_ANYWHERE,
    PARA_FIXED_HOME,
    PARA_FIXED_TRAY,
    PARA_FIXED_STORY,
    PARA_FIXED_REPLAY,
    PARA_FIXED_PHOTO,
    PARA_FIXED_WATCH,
    PARA_FIXED_PAD,
    PARA_FIXED_GROUPS
} ParaFixedGroup;

typedef struct ParaFixedKey {
    const char *keys, *about;
} ParaFixedKey;

const char *para_fixed_title(ParaFixedGroup group); ///< "Photo"
/// @param out_count out, [1] >= 1   @return [*out_count] const
const ParaFixedKey *para_fixed_keys(ParaFixedGroup group, int *out_count);
