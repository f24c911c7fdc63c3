// SPDX-License-Identifier: MIT
#pragma once
// Values of a family's parameters from the command line, --set NAME=VALUE. Used by play, render, probe,
// sample and diff.
#include "worlds/template.h"

/// @param settings "gap=2.5", the last of a name counts  [count]
/// @param out_values out, [PARA_PARAMS_MAX] NaN where none is given
/// @return false with what is wrong, and the names there are, in out_error
bool para_settings_read(const ParaTemplate *family, const char *const *settings, int count,
                        double *out_values, ParaArena *arena, const char **out_error);
/// Draws from a seed what is not given (NaN), as members of that seed have it.
void para_settings_draw(const ParaTemplate *family, uint64_t seed, double *values);
