// SPDX-License-Identifier: MIT
#pragma once
// What the files of `paracosm archive` share: what was asked for, the levels of the run, and what came of
// writing them. Private to apps/archive.
#include "agents/archive/descriptors.h"
#include "agents/archive/elites.h"
#include "agents/run/run_families.h"
#include "agents/run/run_story.h"
#include "engine/base/json.h"
#include "engine/base/threads.h"

typedef struct ParaArchiveChoices {
    const char *folder, *out;
    int count; ///< [1] >= 0 levels at most; 0: 1000, or of a grid all
    int64_t
        search; ///< [step] >= 0 of physics to look for a proof of each level that has none; 0: nobody looks
    const char *elites; ///< "DESCRIPTOR,DESCRIPTOR"; NULL: no grid
    int bins;           ///< [1] 1..PARA_ELITES_BINS_MAX
    int threads;        ///< [1] >= 0; 0: one per CPU
    bool proved, idle, force, quiet;
} ParaArchiveChoices;

/// The archive of a run as it is being written.
typedef struct ParaArchiving {
    const ParaArchiveChoices *choices;
    ParaArena *arena;
    ParaRun *run;
    ParaSolverKind solver;
    int lesson;             ///< [1] >= -1 the run's last
    ParaFamilies families;  ///< of the run, each loaded when it is asked for  [count]
    const char **damage;    ///< [families.count] why one does not load; NULL: it does, or was not asked for
    ParaLevelRow *rows;     ///< [row_count] in the order they are written
    int row_count;          ///< [1] >= 0
    ParaDescriptor axes[2]; ///< of the grid
    double *values[2];      ///< [row_count] in the axes' units; NULL: no grid
    ParaElites grid;
    ParaWorkers *workers;  ///< that search; NULL: nobody does
    ParaWorldGroup *group; ///< of one world, where levels are left alone
    ParaJson index;
    const char **stems; ///< [written] of the names of the files that were written
    // What came of it.
    int written, proofs, found, searched, idle, unproved, broken, unwritten;
    const char *why_broken, *why_unwritten; ///< of the first each
} ParaArchiving;

/// The template of a family of the run. @return NULL with why not, which is the same each time
const ParaTemplate *para_archiving_template(ParaArchiving *a, int family, const char **out_error);
/// Where the run's own proof of a level would be.
const char *para_archiving_proof(const ParaArchiving *a, uint64_t hash, ParaArena *arena);

/// Describes all rows by the two descriptors, and leaves only the best of each cell.
/// @return false with a clear error, or where it was asked to stop
bool para_archiving_choose_elites(ParaArchiving *a, const char **out_error);
/// The grid as text, on standard output.
void para_archiving_print_grid(const ParaArchiving *a);

/// Writes one level with its proof and its line of the index, or counts why not.
/// @return false without memory
bool para_archiving_write(ParaArchiving *a, int row, const char **out_error);
