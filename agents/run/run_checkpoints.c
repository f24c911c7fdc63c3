// SPDX-License-Identifier: MIT
// The checkpoints of a run folder: their names, the newest one that is whole, and tidying.
#include "agents/run/run_folder.h"

#include "agents/run/run_parts.h"
#include "agents/run/safetensors.h"
#include "engine/base/assert.h"
#include "engine/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LESSON_MAX           999999999 // what the names hold
#define PLAYER_ENDING        ".safetensors"
#define HAD_CHECKPOINT       "had_checkpoint"  // in the table meta
#define CHECKPOINT_BYTES_MAX ((size_t)1 << 30) // [byte] of memory for looking at one checkpoint

const char *para_run_checkpoint_path(const ParaRun *run, int lesson, ParaArena *arena)
{
    PARA_ASSERT(lesson >= 0 && lesson <= LESSON_MAX);
    return para_arena_printf(arena, "%s/checkpoints/lesson-%06d" PLAYER_ENDING, run->folder, lesson);
}

/// Lesson of a file's name with this ending, -1 if it is none.
static int lesson_of(const char *name, const char *ending)
{
    if (strncmp(name, "lesson-", 7) != 0)
        return -1;
    char *end = NULL;
    unsigned long value = strtoul(name + 7, &end, 10);
    size_t digits = (size_t)(end - (name + 7));
    return digits >= 6 && digits <= 9 && value <= PARA_RUN_LESSON_MAX && strcmp(end, ending) == 0 ? (int)value
                                                                                                  : -1;
}

static int newest_first(const void *a, const void *b)
{
    int left = *(const int *)a, right = *(const int *)b;
    return (left < right) - (left > right);
}

/// Lessons that have a file with this ending, newest first; NULL if there is none.
/// @param out_error may be NULL; set where the folder cannot be looked at
static int *list_lessons(const ParaRun *run, const char *ending, ParaArena *arena, int *out_count,
                         const char **out_error)
{
    *out_count = 0;
    const char *folder = para_arena_printf(arena, "%s/checkpoints", run->folder), **names = NULL;
    int count = para_folder_list(folder, "", arena, &names, out_error);
    int *lessons = PARA_NEW(arena, int, count > 0 ? count : 1);
    for (int i = 0; i < count; i++) {
        int lesson = lesson_of(names[i], ending);
        if (lesson >= 0)
            lessons[(*out_count)++] = lesson;
    }
    qsort(lessons, (size_t)*out_count, sizeof(int), newest_first);
    return *out_count ? lessons : NULL;
}

int para_run_newest_checkpoint(ParaRun *run, ParaArena *arena, const char **out_path, const char **out_note)
{
    return para_run_checkpoint_before(run, LESSON_MAX, arena, out_path, out_note);
}

int para_run_checkpoint_before(ParaRun *run, int before, ParaArena *arena, const char **out_path,
                               const char **out_note)
{
    // Whole files are read to be sure; that memory is not the caller's to keep.
    ParaArena *scratch = para_arena_create((size_t)1 << 20, CHECKPOINT_BYTES_MAX);
    if (out_note)
        *out_note = NULL;
    if (!scratch) {
        if (out_note)
            *out_note = "no memory to look at the checkpoints";
        return -1;
    }
    int count = 0, found = -1, damaged = 0;
    const char *blind = NULL; // why the folder cannot be looked at: not the same as none in it
    int *lessons = list_lessons(run, PLAYER_ENDING, scratch, &count, &blind);
    const char *first_error = NULL;
    for (int i = 0; i < count && found < 0; i++) {
        if (lessons[i] >= before)
            continue;
        ParaArenaMark mark = para_arena_mark(scratch);
        const char *path = para_run_checkpoint_path(run, lessons[i], scratch);
        const char *card = NULL, *error = NULL;
        int tensors = 0;
        if (para_safetensors_read(path, scratch, &tensors, &card, &error)) {
            found = lessons[i];
        } else {
            damaged++;
            if (!first_error)
                first_error = para_arena_strdup(arena, error ? error : path);
        }
        para_arena_rewind(scratch, mark);
    }
    if (out_note && blind)
        *out_note = para_arena_strdup(arena, blind);
    para_arena_destroy(scratch);
    if (out_note && damaged > 0)
        *out_note = para_arena_printf(arena, "passed over %d damaged checkpoint%s: %s", damaged,
                                      damaged == 1 ? "" : "s", first_error);
    if (out_path)
        *out_path = found >= 0 ? para_run_checkpoint_path(run, found, arena) : NULL;
    return found;
}

bool para_run_set_aside_after(ParaRun *run, int lesson, const char **out_error)
{
    ParaArena *scratch = run->writes ? para_arena_create((size_t)1 << 16, (size_t)64 << 20) : NULL;
    if (!scratch) {
        *out_error =
            run->writes ? "no memory to look at the checkpoints" : "the run is open for reading only";
        return false;
    }
    bool good = true;
    int count = 0;
    int *lessons = list_lessons(run, PLAYER_ENDING, scratch, &count, NULL);
    for (int i = 0; good && i < count && lessons[i] > lesson; i++) {
        const char *path = para_run_checkpoint_path(run, lessons[i], scratch);
        const char *aside = para_arena_printf(scratch, "%s.damaged", path);
        good = para_file_rename(path, aside, run->arena, out_error);
    }
    para_arena_destroy(scratch);
    return good;
}

/// Removes left-over temporary files of a killed writer. Only the holder of the lock may: they could be his.
static void remove_temporary(const char *folder, ParaArena *scratch)
{
    const char **names = NULL;
    int count = para_folder_list(folder, ".tmp", scratch, &names, NULL);
    for (int i = 0; i < count; i++)
        para_file_remove(para_arena_printf(scratch, "%s/%s.tmp", folder, names[i]));
}

/// Replays that no row names: dropped for newer ones, or of lessons that were forgotten.
static void remove_failures(ParaRun *run, ParaArena *scratch)
{
    const char **names = NULL;
    int count = para_folder_list(para_arena_printf(scratch, "%s/failures", run->folder), ".replay", scratch,
                                 &names, NULL);
    for (int i = 0; i < count; i++) {
        const char *file = para_arena_printf(scratch, "failures/%s.replay", names[i]);
        if (!para_run_has_failure(run, file))
            para_file_remove(para_arena_printf(scratch, "%s/%s", run->folder, file));
    }
}

/// So that checkpoints that are gone are not taken for a run that has had none. Where it cannot be kept, on a
/// full disk, the next checkpoint tries again.
static void note_checkpoint(ParaRun *run)
{
    if (!run->had_checkpoint)
        run->had_checkpoint =
            sqlite3_exec(run->database, "INSERT OR REPLACE INTO meta VALUES ('" HAD_CHECKPOINT "', '1')",
                         NULL, NULL, NULL) == SQLITE_OK;
}

bool para_run_had_checkpoint(ParaRun *run) { return para_run_read_meta(run, HAD_CHECKPOINT) != NULL; }

void para_run_tidy(ParaRun *run, int keep, int milestone)
{
    PARA_ASSERT(keep >= 0 && milestone >= 0);
    ParaArena *scratch = run->writes ? para_arena_create((size_t)1 << 16, (size_t)64 << 20) : NULL;
    if (!scratch)
        return;
    int count = 0, states = 0;
    int *lessons = list_lessons(run, PLAYER_ENDING, scratch, &count, NULL);
    if (count > 0)
        note_checkpoint(run);
    int *state = list_lessons(run, PARA_RUN_STATE_ENDING, scratch, &states, NULL);
    keep = keep > 1 ? keep : 1; // the newest always stays
    for (int i = keep; i < count; i++)
        // Lessons count from 0: the 500th is 499. Runs from before kept 500, and what they kept stays.
        if (milestone == 0 || ((lessons[i] + 1) % milestone != 0 && lessons[i] % milestone != 0))
            para_file_remove(para_run_checkpoint_path(run, lessons[i], scratch));
    int oldest = count > 0 ? lessons[keep < count ? keep - 1 : count - 1] : 0;
    for (int i = 0; i < states && count > 0; i++) // a newer one is of a writer killed before its checkpoint
        if (state[i] < oldest || state[i] > lessons[0])
            para_file_remove(para_run_state_path(run, state[i], scratch));
    remove_temporary(run->folder, scratch);
    remove_temporary(para_arena_printf(scratch, "%s/checkpoints", run->folder), scratch);
    remove_temporary(para_arena_printf(scratch, "%s/proofs", run->folder), scratch);
    remove_temporary(para_arena_printf(scratch, "%s/failures", run->folder), scratch);
    remove_failures(run, scratch);
    para_arena_destroy(scratch);
}
