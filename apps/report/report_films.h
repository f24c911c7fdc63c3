// SPDX-License-Identifier: MIT
#pragma once
// Replays as data that a page can draw and play: forms once, places of what moves per decision. Private to
// apps/report.
#include "agents/run/run_story.h"

/// Writes one object {"level", "family", "about", "solved", "success", "says", "size", "seconds", "shapes",
/// "zones", "moving", "frames"}: frames are base64 of int16 little-endian [T, moving, 3]: x and y in 1/64 m,
/// the angle in 1/4096 of a turn; of a film longer than 600 decisions every second, third, ... is shown.
/// @param folder of the run   @param says a sentence of its reports, or ""
/// @return false with the reason, and nothing is written: the replay is gone, damaged, or of a level that
/// cannot be built
bool para_report_film(const char *folder, const ParaShownRow *row, const char *family, ParaRun *run,
                      ParaJson *json, ParaArena *scratch, const char **out_error);
