// SPDX-License-Identifier: MIT
#pragma once
// What a run of a stream was examined by, world by world.
#include "agents/lifelong/transfer.h"
#include "agents/run/run_stream.h"

/// @param out_worlds out, [returned] what is known of each world, in the arena
/// @return [1] >= 0 worlds that have been examined; 0: the run learns no stream
int para_transfer_of_run(ParaRun *run, ParaArena *arena, ParaTransferWorld **out_worlds);
