// SPDX-License-Identifier: MIT
#pragma once
// The families of a run. A run keeps every template it is trained on, whole, so that whoever uses it later
// (a training that goes on, eval, play, the level of a report) needs no file but the run's own, in any
// folder. The same file on disk may have changed since: that is told, and whoever only plays has the choice.
#include "agents/batch/families.h"
#include "agents/run/run_folder.h"

/// Whose templates are meant where the run and the disk differ.
typedef enum {
    PARA_TEMPLATES_RUN, ///< those the run keeps
    PARA_TEMPLATES_DISK ///< the files they came from, as they are now
} ParaTemplatesFrom;

/// Which families are wanted of a run.
typedef struct ParaFamiliesWish {
    const char *const *names; ///< [count] of the run's templates, else of the library; or paths of files
    int count;                ///< [1] >= 0; 0: all that the run is trained on
    ParaTemplatesFrom from;
    const char *tier; ///< of all of them; NULL: they are whole
} ParaFamiliesWish;

/// Loads families of a run. A family that the run keeps no template of (an older version's run, before it is
/// opened for writing) is read from where it came.
/// @param out_note out, what should be told though it worked, or NULL: templates that changed on disk, or are
/// not the run's own   @return false with a clear error: a template is damaged, does not load, or is not
/// there
bool para_run_families(ParaRun *run, const ParaFamiliesWish *wish, ParaArena *arena, ParaFamilies *out,
                       const char **out_note, const char **out_error);
/// Keeps the families of a new run, with their templates. Not inside a transaction.
bool para_run_set_families(ParaRun *run, const ParaFamilies *families, const char **out_error);
/// The tier a run is trained on. @return NULL: the whole families
const char *para_run_tier(const ParaRun *run, ParaArena *arena);
/// The level of a report, made again from the run's own template.
/// @param report [1] >= 1 its number, the key of its row
/// @return NULL with a clear error: no such report, or the level comes out as another than was played
ParaLevel *para_run_report_level(ParaRun *run, int64_t report, ParaArena *arena, const char **out_error);

/// The run's own template of one of its families, narrowed to the run's tier.
/// @param family [1] any   @return NULL with a clear error: there is none of this number, or it is damaged
const ParaTemplate *para_run_template(ParaRun *run, int family, ParaArena *arena, const char **out_error);
/// A level of the archive made again from the template of its family, and by its recipe where it has one.
/// @param t what para_run_template gave for its family
/// @return NULL with a clear error: it does not come out as its hash says
ParaLevel *para_run_archive_level(ParaRun *run, const ParaTemplate *t, const ParaLevelRow *row,
                                  ParaArena *arena, const char **out_error);
