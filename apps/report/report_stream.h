// SPDX-License-Identifier: MIT
#pragma once
// What a run of worlds one after the other was examined by, over its training. Private to apps/report.
#include "agents/run/run_stream.h"
#include "engine/base/json.h"

/// Writes one table {"columns": ["learning", "world", "done", "solve"], "rows": [...]}: while which world was
/// learned, and how much of it, so much of a world was solved. Without rows of a run that learns no stream.
void para_report_stream(ParaRun *run, ParaJson *json, ParaArena *arena);
