// SPDX-License-Identifier: MIT
#pragma once
// Reports of one level told as a sentence for people, made from the data alone.
#include "agents/env/report.h"
#include "worlds/level/level.h"

/// "Solved 3 of 12. Fell near x = 12 m 6 times; never touched lever." Of one report: "Fell near x = 12 m
/// after 4.2 s, 40 % of the way; never touched lever."
/// @param reports in, [count] of this level   @param count [1] >= 1
/// @param out out, always ended   @param size [byte] >= 1; 200 hold nearly every sentence
/// Threads: safe.  Cost: O(count^2) at most; no heap.
void para_reports_sentence(const ParaLevel *level, const ParaReport *reports, int count, char *out,
                           size_t size);
