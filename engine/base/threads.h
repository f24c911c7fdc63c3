// SPDX-License-Identifier: MIT
#pragma once
// Worker threads for work that is cut into tasks by index. The cut never depends on the number of
// threads, so results that are combined in task order are the same for any number of them.

typedef struct ParaWorkers ParaWorkers;
/// One task of a run: `task` in [0, task_count), `worker` in [0, worker_count) for scratch memory.
typedef void ParaTask(void *context, int task, int worker);

/// @param count worker threads including the caller; 0 means one per online CPU
ParaWorkers *para_workers_create(int count);
void para_workers_destroy(ParaWorkers *workers);
int para_workers_count(const ParaWorkers *workers);
/// Runs all tasks and returns when the last has ended. The caller works too. Not re-entrant.
void para_workers_run(ParaWorkers *workers, ParaTask *task, void *context, int task_count);
