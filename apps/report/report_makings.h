// SPDX-License-Identifier: MIT
#pragma once
// Which parts the levels that a maker kept are made of, over the lessons. Private to apps/report.
#include "agents/run/run_story.h"

#define PARA_MAKINGS_LEVELS 3000 ///< of each family that are looked at, the newest
#define PARA_MAKINGS_POINTS 40   ///< of a curve at most

/// Writes one table {"columns": ["lesson", "name", "as", "word", "levels"], "rows": [...]}: of the levels
/// kept in these lessons so many have this part where the family's template takes one of several. A family
/// that takes none, or whose template is damaged, has no rows; nor has a level that does not come out again.
/// @param lessons [1] >= 0 of the run   @param scratch is cleared
/// Cost: some 100 us for each level that is looked at.
void para_report_makings(ParaRun *run, int lessons, ParaJson *json, ParaArena *scratch);
