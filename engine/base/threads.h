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

/// What the threads have done since they were made.
typedef struct ParaWorkersTime {
    double busy; ///< [s] >= 0 in tasks, of all threads together
    double run;  ///< [s] >= 0 that para_workers_run took
} ParaWorkersTime;
/// Not while a run is on. Seconds of a steady clock: those count in which other programs had the processor.
ParaWorkersTime para_workers_time(const ParaWorkers *workers);
