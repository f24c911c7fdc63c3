// SPDX-License-Identifier: MIT
// The fixture of trainings on tiny families.
#include "tests/agents/lesson/tiny_run.h"

#include "agents/env/replay.h"
#include "tests/agents/database.h"
#include "tests/tests.h"

#include <string.h>

int tiny_run_set_up(void **state)
{
    TinyRun *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)2 << 30);
    f->scratch = scratch_make();
    f->families[0] = tiny_path("push", f->arena);
    f->families[1] = tiny_path("rise", f->arena);
    *state = f;
    return 0;
}

int tiny_run_tear_down(void **state)
{
    TinyRun *f = *state;
    scratch_remove(&f->scratch);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

ParaTrainDef tiny_run_def(TinyRun *f, const char *name, const char *maker, int family_count, int lessons)
{
    ParaTrainDef def = para_train_def_default();
    def.folder = para_arena_printf(f->arena, "%s/%s", f->scratch.folder, name);
    def.maker = maker;
    def.families = f->families;
    def.family_count = family_count;
    def.width = 32;
    def.envs = 16;
    def.horizon = 32;
    def.settings.growth = 0; // every lesson as long: the tests count them
    def.threads = 2;
    def.lessons = lessons;
    def.checkpoint_seconds = 3600;
    return def;
}

bool tiny_run_listen(void *context, const ParaTrainStatus *status)
{
    TinyTold *told = context;
    int i = told->lessons++;
    assert_true(i < TINY_LESSONS_MAX && status->family_count <= TINY_FAMILIES_MAX);
    told->now[i] = status->now;
    for (int f = 0; f < status->family_count; f++) {
        told->solve[i][f] = status->family_solve[f];
        told->episodes[i][f] = status->family_episodes[f];
    }
    told->saved[i] = status->checkpoint_saved;
    memcpy(told->preview[i], status->preview_level->family, PARA_NAME_MAX);
    if (told->break_at_3 && i == 3)
        scratch_remove_path(told->break_at_3);
    return told->lessons != told->stop_after;
}

void tiny_run_train(TinyRun *f, const ParaTrainDef *def)
{
    const char *error = NULL;
    f->told.lessons = 0;
    if (!para_train(def, tiny_run_listen, &f->told, f->arena, &error))
        fail_msg("%s", error);
}

TinyOpened *tiny_run_open(TinyRun *f, const ParaTrainDef *def)
{
    TinyOpened *opened = PARA_NEW(f->arena, TinyOpened, 1);
    const char *error = NULL;
    opened->def = *def;
    if (!para_training_open(&opened->training, &opened->def, f->arena, &error))
        fail_msg("%s", error);
    return opened;
}

/// Each proof of the database is a file that proves its level, and its level is described as it is.
/// @return proofs
int tiny_run_check_proofs(TinyRun *f, const char *folder, const char *maker)
{
    sqlite3 *database = database_open(folder);
    sqlite3_stmt *row = database_query(
        database, "SELECT p.level_hash, p.family, p.file, l.seed, l.family, l.maker, l.params FROM proofs p"
                  " JOIN levels l ON l.hash = p.level_hash AND l.lesson <= p.lesson");
    ParaFamilies families;
    const char *error = NULL;
    int count = 0;
    assert_true(para_families_load(&families, f->families, TINY_FAMILIES_MAX, f->arena, &error));
    for (; sqlite3_step(row) == SQLITE_ROW; count++) {
        uint64_t hash = (uint64_t)sqlite3_column_int64(row, 0);
        ParaReplay *replay = para_replay_read(
            para_arena_printf(f->arena, "%s/%s", folder, (const char *)sqlite3_column_text(row, 2)), f->arena,
            &error);
        if (!replay)
            fail_msg("%s", error);
        ParaVerdict verdict = para_replay_verify(replay, f->arena);
        if (!verdict.ok)
            fail_msg("%s", verdict.message);
        assert_int_equal(replay->end, PARA_PLAY_SOLVED);
        ParaLevel *level = para_replay_level(replay, f->arena, &error);
        int family = sqlite3_column_int(row, 1);
        assert_int_equal(level->hash, hash);
        assert_string_equal(level->family, families.names[family]);
        assert_string_equal(level->maker, maker);
        // The row of the level makes the same level again.
        ParaPick pick = {.family = sqlite3_column_int(row, 4),
                         .seed = (uint64_t)sqlite3_column_int64(row, 3)};
        ParaLevel *again = para_families_sample(&families, &pick, maker, f->arena);
        assert_int_equal(again->hash, hash);
        assert_string_equal((const char *)sqlite3_column_text(row, 5), maker);
        assert_string_equal((const char *)sqlite3_column_text(row, 6),
                            para_level_params_to_json(again, f->arena));
    }
    sqlite3_finalize(row);
    assert_int_equal(count, database_whole(database, "SELECT count(*) FROM proofs"));
    sqlite3_close(database);
    return count;
}

void tiny_run_refused(TinyRun *f, const ParaTrainDef *def, const char *words)
{
    const char *error = NULL;
    assert_false(para_train(def, NULL, NULL, f->arena, &error));
    if (!error || !strstr(error, words))
        fail_msg("\"%s\" says not \"%s\"", error ? error : "nothing", words);
}
