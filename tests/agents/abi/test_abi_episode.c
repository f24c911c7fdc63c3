// SPDX-License-Identifier: MIT
// The door's replays and players: what is written verifies and comes back bit for bit, the forward pass is
// the policy's own, damage and wrong arguments are refused with a reason. Pictures: the same through any
// door.
#include "agents/abi/abi.h"
#include "agents/observe/observe.h"
#include "agents/observe/picture.h"
#include "agents/run/safetensors.h"
#include "engine/base/rng.h"
#include "tests/tests.h"
#include "worlds/template.h"

#include "tests/agents/scratch.h"

#include <math.h>

#define DECISIONS 400

typedef struct Room {
    Scratch scratch;
    char path[256];
    ParaAbiFamily *family;
    ParaAbiLevel *level;
    int8_t actions[DECISIONS * 8];
} Room;

static Room *room_make(const char *family)
{
    Room *room = calloc(1, sizeof *room);
    ParaRng rng = para_rng_make(5, "actions");
    room->scratch = scratch_make();
    snprintf(room->path, sizeof room->path, "%s/a.replay", room->scratch.folder);
    room->family = para_abi_family_load(family);
    assert_non_null(room->family);
    room->level = para_abi_level_sample(room->family, NULL, NULL, 9);
    assert_non_null(room->level);
    for (int i = 0; i < DECISIONS * 8; i++)
        room->actions[i] = (int8_t)(para_rng_int(&rng, 0, 2) - 1);
    return room;
}

static void room_clear(Room *room)
{
    para_abi_level_free(room->level);
    para_abi_family_free(room->family);
    scratch_remove(&room->scratch);
    free(room);
}

static void assert_refused(int32_t code, ParaAbiCode wanted, const char *words)
{
    assert_int_equal(code, wanted);
    if (!strstr(para_abi_error(), words))
        fail_msg("\"%s\" does not hold \"%s\"", para_abi_error(), words);
}

// ---------------------------------------------------------------- replays

static void test_a_written_replay_plays_again(void **state)
{
    (void)state;
    Room *room = room_make("rover");
    int32_t written = para_abi_replay_write(room->path, room->level, "test", PARA_ABI_SOLVER_AUTO,
                                            room->actions, DECISIONS);
    assert_true(written > 10 && written <= DECISIONS);
    ParaAbiReplay *replay = para_abi_replay_open(room->path);
    assert_non_null(replay);
    ParaAbiReplayInfo info = {.size = sizeof info};
    ParaAbiLevelInfo level = {.size = sizeof level};
    assert_int_equal(para_abi_replay_info(replay, &info), PARA_ABI_OK);
    assert_int_equal(para_abi_level_info(room->level, &level), PARA_ABI_OK);
    assert_int_equal(info.decisions, written);
    assert_true(info.level_hash == level.hash);
    assert_string_equal(info.family, "rover");
    assert_string_equal(info.player, "test");
    size_t rows = (size_t)written + 1;
    int wide = info.vector_size + 30; // as if the family had a larger member
    int8_t *actions = calloc(rows, 8);
    float *obs = calloc(rows * (size_t)wide, sizeof *obs), *own = calloc(rows * (size_t)info.vector_size, 4);
    double *rewards = calloc(rows, sizeof *rewards), total = 0.0;
    assert_int_equal(para_abi_replay_play(replay, PARA_ABI_OBS_VECTOR, wide, actions, obs, rewards),
                     PARA_ABI_OK);
    assert_int_equal(
        para_abi_replay_play(replay, PARA_ABI_OBS_VECTOR, info.vector_size, actions, own, rewards),
        PARA_ABI_OK);
    assert_memory_equal(actions, room->actions, (size_t)written * 8);
    for (size_t t = 0; t < rows; t++) {
        assert_memory_equal(obs + t * (size_t)wide, own + t * (size_t)info.vector_size,
                            (size_t)info.vector_size * sizeof *obs);
        for (int j = info.vector_size; j < wide; j++)
            assert_true(obs[t * (size_t)wide + (size_t)j] == 0.0f);
    }
    // A player with fewer slots than the level has bodies sees the beginning of it.
    int narrow = info.vector_size - 18;
    assert_int_equal(para_abi_replay_play(replay, PARA_ABI_OBS_VECTOR, narrow, actions, obs, rewards),
                     PARA_ABI_OK);
    for (size_t t = 0; t < rows; t++)
        assert_memory_equal(obs + t * (size_t)narrow, own + t * (size_t)info.vector_size,
                            (size_t)narrow * sizeof *obs);
    for (int t = 0; t < written; t++)
        total += rewards[t];
    assert_true(fabs(total - (double)info.total_reward) < 1e-3);
    para_abi_replay_free(replay);
    free(actions);
    free(obs);
    free(own);
    free(rewards);
    room_clear(room);
}

static void test_a_replay_with_events_plays_again(void **state)
{
    (void)state;
    Room *room = room_make("rover");
    const ParaAbiEvent events[] = {{"push 1 2", 0}, {"gravity 0 -3", 6}, {"push -1", 6}, {"push 1", 300}};
    const int count = sizeof events / sizeof *events;
    ParaAbiReplayInfo info = {.size = sizeof info};
    static int8_t actions[DECISIONS * 8];
    double rewards[DECISIONS];
    int32_t written = para_abi_replay_write_events(room->path, room->level, "test", PARA_ABI_SOLVER_AUTO,
                                                   room->actions, 301, events, count);
    assert_true(written > 10);
    ParaAbiReplay *replay = para_abi_replay_open(room->path);
    assert_non_null(replay);
    assert_int_equal(para_abi_replay_info(replay, &info), PARA_ABI_OK);
    assert_int_equal(info.decisions, written);
    float *obs = calloc((size_t)(written + 1) * (size_t)info.entities_size, sizeof *obs);
    assert_non_null(obs);
    assert_int_equal(
        para_abi_replay_play(replay, PARA_ABI_OBS_ENTITIES, info.entities_size, actions, obs, rewards),
        PARA_ABI_OK); // it verifies first
    para_abi_replay_free(replay);
    free(obs);

    // What cannot be done is told, and no file is written.
    const struct {
        ParaAbiEvent event;
        const char *words;
    } wrong[] = {{{"drop piano", 5}, "event 1, \"drop piano\" before decision 5"},
                 {{"push 1", 2}, "in the order"},
                 {{"push 1", 301}, "0 to 300"},
                 {{NULL, 5}, "a line"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const ParaAbiEvent pair[] = {{"push 1", 3}, wrong[i].event};
        remove(room->path);
        assert_refused(para_abi_replay_write_events(room->path, room->level, "test", PARA_ABI_SOLVER_AUTO,
                                                    room->actions, 301, pair, 2),
                       PARA_ABI_INVALID, wrong[i].words);
        assert_null(para_abi_replay_open(room->path));
    }
    assert_refused(para_abi_replay_write_events(room->path, room->level, "test", PARA_ABI_SOLVER_AUTO,
                                                room->actions, 301, NULL, 2),
                   PARA_ABI_INVALID, "2 events");
    room_clear(room);
}

static void test_wrong_replays_are_refused(void **state)
{
    (void)state;
    Room *room = room_make("lander");
    float obs[8];
    assert_refused(para_abi_replay_write(NULL, room->level, "a", PARA_ABI_SOLVER_AUTO, room->actions, 3),
                   PARA_ABI_INVALID, "path");
    assert_refused(para_abi_replay_write(room->path, room->level, "a", 3, room->actions, 3), PARA_ABI_INVALID,
                   "solver");
    assert_refused(para_abi_replay_write(room->path, NULL, "a", PARA_ABI_SOLVER_AUTO, room->actions, 3),
                   PARA_ABI_INVALID, "level");
    assert_refused(para_abi_replay_write(room->path, room->level, "a", PARA_ABI_SOLVER_AUTO, NULL, 3),
                   PARA_ABI_INVALID, "decisions");
    assert_refused(
        para_abi_replay_write(room->path, room->level, "a", PARA_ABI_SOLVER_AUTO, room->actions, -1),
        PARA_ABI_INVALID, "-1 decisions");
    room->actions[8 * 2 + 5] = 2;
    assert_refused(
        para_abi_replay_write(room->path, room->level, "a", PARA_ABI_SOLVER_AUTO, room->actions, 3),
        PARA_ABI_ACTION, "decision 2: action 2 of channel 5");
    assert_null(para_abi_replay_open(NULL));
    assert_null(para_abi_replay_open(room->scratch.folder));
    assert_null(para_abi_replay_level(NULL));
    assert_refused(para_abi_replay_info(NULL, NULL), PARA_ABI_INVALID, "no replay");
    assert_true(para_abi_replay_write(room->path, room->level, "a", PARA_ABI_SOLVER_AUTO, room->actions, 2) ==
                2);
    ParaAbiReplay *replay = para_abi_replay_open(room->path);
    ParaAbiReplayInfo info = {.size = 12};
    assert_refused(para_abi_replay_info(replay, &info), PARA_ABI_INVALID, "another version");
    double rewards[4];
    int8_t actions[32];
    assert_refused(para_abi_replay_play(NULL, 0, 1, actions, obs, rewards), PARA_ABI_INVALID, "no replay");
    assert_refused(para_abi_replay_play(replay, PARA_ABI_OBS_VECTOR, 8, actions, obs, rewards),
                   PARA_ABI_INVALID, "at least");
    assert_refused(para_abi_replay_play(replay, PARA_ABI_OBS_VECTOR, 1 << 30, actions, obs, rewards),
                   PARA_ABI_INVALID, "not 1073741824");
    assert_refused(para_abi_replay_play(replay, PARA_ABI_OBS_ENTITIES, 8, actions, obs, rewards),
                   PARA_ABI_INVALID, "floats, not 8");
    assert_refused(para_abi_replay_play(replay, PARA_ABI_OBS_PIXELS, 8, actions, obs, rewards),
                   PARA_ABI_INVALID, "kind 3");
    para_abi_replay_free(replay);
    para_abi_replay_free(NULL);
    room_clear(room);
}

static void test_a_replay_that_lies_is_named(void **state)
{
    (void)state;
    Room *room = room_make("rover");
    assert_true(para_abi_replay_write(room->path, room->level, "a", PARA_ABI_SOLVER_AUTO, room->actions, 6) ==
                6);
    FILE *file = fopen(room->path, "r+b");
    assert_non_null(file);
    fseek(file, -8 * 3, SEEK_END); // the hash of decision 3
    int byte = fgetc(file);
    fseek(file, -8 * 3, SEEK_END);
    fputc(byte ^ 1, file);
    fclose(file);
    ParaAbiReplay *replay = para_abi_replay_open(room->path);
    assert_non_null(replay);
    ParaAbiReplayInfo info = {.size = sizeof info};
    assert_int_equal(para_abi_replay_info(replay, &info), PARA_ABI_OK);
    float *obs = calloc(7 * (size_t)info.entities_size, sizeof *obs);
    double rewards[6];
    int8_t actions[48];
    assert_refused(para_abi_replay_play(replay, 0, info.entities_size, actions, obs, rewards), PARA_ABI_FILE,
                   "step 3: state hash differs");
    free(obs);
    para_abi_replay_free(replay);
    room_clear(room);
}

// ---------------------------------------------------------------- players

static void test_the_forward_pass_is_the_policy_s(void **state)
{
    (void)state;
    enum { ROWS = 70 }; // more than go through together
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(1 << 20, 512 << 20);
    const char *path = para_arena_printf(arena, "%s/a.safetensors", scratch.folder), *error = NULL;
    ParaPolicyDef def = para_policy_def_default(para_obs_spec_entities());
    def.width = def.encoder_width = 32;
    ParaPolicy *policy = para_policy_create(&def, 3, arena);
    int count = 0, size = def.obs.size;
    const ParaTensor *tensors = para_policy_tensors(policy, &count);
    const char *card = para_arena_printf(
        arena, "{\"observation\":\"entities\",\"global_size\":%d,\"width\":32,\"encoder_width\":32}",
        def.obs.global_size);
    assert_true(para_safetensors_write(path, tensors, count, card, arena, &error));

    ParaRng rng = para_rng_make(1, "observations");
    float *obs = PARA_NEW(arena, float, ROWS *size);
    for (int i = 0; i < ROWS * size; i++)
        obs[i] = (float)(2.0 * para_rng_f64(&rng) - 1.0);
    float *logits = PARA_NEW(arena, float, ROWS * 24), *value = PARA_NEW(arena, float, ROWS);
    float *wanted = PARA_NEW(arena, float, ROWS * 24), *wanted_value = PARA_NEW(arena, float, ROWS);
    para_policy_forward(policy, para_forward_create(&def, 64, arena), obs, ROWS, NULL, wanted, wanted_value);

    ParaAbiPolicy *door = para_abi_policy_open(path);
    assert_non_null(door);
    assert_int_equal(para_abi_policy_obs_size(door), size);
    assert_int_equal(para_abi_policy_forward(door, obs, ROWS, size, NULL, logits, value), PARA_ABI_OK);
    assert_memory_equal(logits, wanted, ROWS * 24 * sizeof *logits);
    assert_memory_equal(value, wanted_value, ROWS * sizeof *value);

    assert_refused(para_abi_policy_forward(door, obs, ROWS, size - 1, NULL, logits, value), PARA_ABI_INVALID,
                   "wants");
    assert_refused(para_abi_policy_forward(door, obs, -1, size, NULL, logits, value), PARA_ABI_INVALID,
                   "forward");
    assert_refused(para_abi_policy_forward(NULL, obs, 1, size, NULL, logits, value), PARA_ABI_INVALID,
                   "no policy");
    obs[3 * size + 7] = (float)NAN;
    assert_refused(para_abi_policy_forward(door, obs, ROWS, size, NULL, logits, value), PARA_ABI_INVALID,
                   "observation 3 ");
    assert_null(para_abi_policy_open(scratch.folder));
    assert_null(para_abi_policy_open(""));
    assert_true(para_abi_policy_obs_size(NULL) < 0);
    para_abi_policy_free(door);
    para_abi_policy_free(NULL);
    para_arena_destroy(arena);
    scratch_remove(&scratch);
}

static void test_a_player_of_bodies_takes_more_and_fewer_of_them(void **state)
{
    (void)state;
    enum { ROWS = 70, SLOT = 9, OWN = 4 }; // more than go through together; floats of a body; its own bodies
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(1 << 20, 512 << 20);
    const char *path = para_arena_printf(arena, "%s/a.safetensors", scratch.folder), *error = NULL;
    int globals = para_obs_spec_globals().size, size = globals + OWN * SLOT, count = 0;
    ParaPolicyDef def = para_policy_def_default(para_obs_spec_sized(size));
    def.width = def.encoder_width = 32;
    ParaPolicy *policy = para_policy_create(&def, 3, arena);
    const ParaTensor *tensors = para_policy_tensors(policy, &count);
    const char *card = para_arena_printf(
        arena, "{\"observation\":\"vector\",\"global_size\":%d,\"width\":32,\"encoder_width\":32}", size);
    assert_true(para_safetensors_write(path, tensors, count, card, arena, &error));
    ParaAbiPolicy *door = para_abi_policy_open(path);
    assert_non_null(door);
    ParaRng rng = para_rng_make(1, "observations");
    float logits[ROWS * 24], value[ROWS], wanted[ROWS * 24], wanted_value[ROWS];
    for (int bodies = 0; bodies <= 2 * OWN; bodies++) {
        int shown = globals + bodies * SLOT;
        float *obs = PARA_NEW(arena, float, ROWS *shown), *own = PARA_NEW(arena, float, ROWS *size);
        for (int i = 0; i < ROWS * shown; i++)
            obs[i] = (float)(2.0 * para_rng_f64(&rng) - 1.0);
        for (int r = 0; r < ROWS; r++) // its own slots: the first of those shown, zeros beyond
            for (int i = 0; i < size && i < shown; i++)
                own[r * size + i] = obs[r * shown + i];
        assert_int_equal(para_abi_policy_forward(door, own, ROWS, size, NULL, wanted, wanted_value),
                         PARA_ABI_OK);
        assert_int_equal(para_abi_policy_forward(door, obs, ROWS, shown, NULL, logits, value), PARA_ABI_OK);
        assert_memory_equal(logits, wanted, sizeof logits);
        assert_memory_equal(value, wanted_value, sizeof value);
    }
    float *obs = PARA_NEW(arena, float, ROWS *(size + 1));
    for (int shown = size - 1; shown <= size + 1; shown += 2) // no whole number of bodies
        assert_refused(para_abi_policy_forward(door, obs, ROWS, shown, NULL, logits, value), PARA_ABI_INVALID,
                       "wants");
    assert_refused(para_abi_policy_forward(door, obs, ROWS, globals - SLOT, NULL, logits, value),
                   PARA_ABI_INVALID, "wants");
    para_abi_policy_free(door);
    para_arena_destroy(arena);
    scratch_remove(&scratch);
}

// ---------------------------------------------------------------- pictures

static void test_a_picture_is_drawn_again_the_same(void **state)
{
    (void)state;
    Room *room = room_make("walker");
    ParaArena *arena = para_arena_create(1 << 20, 512 << 20);
    ParaAbiBatchDef def = {
        .size = sizeof def, .envs = 1, .threads = 1, .family_count = 1, .families = &room->family};
    ParaAbiBatch *batch = para_abi_batch_create(&def);
    assert_non_null(batch);
    ParaAbiSource source = {.size = sizeof source, .level = room->level};
    assert_int_equal(para_abi_batch_source(batch, 0, &source), PARA_ABI_OK);
    assert_int_equal(para_abi_batch_reset(batch, NULL, NULL), PARA_ABI_OK);
    enum { WIDE = 96, HIGH = 54, BYTES = WIDE * HIGH * 3 };
    static uint8_t door[BYTES], first[BYTES], second[BYTES];
    assert_int_equal(para_abi_batch_render(batch, 0, WIDE, HIGH, door), PARA_ABI_OK);

    const char *json = para_abi_level_json(room->level);
    ParaDiagList problems = para_diag_list(arena, "level", json);
    const ParaTemplate *form = para_template_load("level", json, strlen(json), arena, &problems);
    ParaLevel *level = para_template_sample(form, NULL, 0, arena, &problems);
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaPlay *play = PARA_NEW(arena, ParaPlay, 1);
    assert_true(para_play_begin(play, level, para_world_at(group, 0), PARA_NEW(arena, ParaPlayerState, 1),
                                NULL, NULL));
    ParaPicture picture = para_picture_create(WIDE, HIGH, 3, arena);
    size_t used = para_arena_used(arena);
    para_picture_draw(&picture, level, play, para_world_at(group, 0), first);
    memset(picture.raster.pixels, 7, (size_t)picture.raster.width * (size_t)picture.raster.height);
    para_picture_draw(&picture, level, play, para_world_at(group, 0), second);
    assert_int_equal(para_arena_used(arena), used);
    assert_memory_equal(first, second, BYTES);
    assert_memory_equal(first, door, BYTES);
    int inks = 0;
    for (int i = 3; i < BYTES; i += 3)
        inks += memcmp(first + i, first, 3) != 0;
    assert_true(inks > 200);
    ParaPicture clamped = para_picture_create(-5, 1 << 20, 99, arena);
    assert_int_equal(clamped.width, PARA_PICTURE_SIDE_MIN);
    assert_int_equal(clamped.height, PARA_PICTURE_SIDE_MAX);
    assert_int_equal(clamped.smooth, PARA_PICTURE_SMOOTH_MAX);
    para_world_group_destroy(group);
    para_abi_batch_free(batch);
    para_arena_destroy(arena);
    room_clear(room);
}

const struct CMUnitTest para_tests_abi_episode[] = {
    cmocka_unit_test(test_a_written_replay_plays_again),
    cmocka_unit_test(test_a_replay_with_events_plays_again),
    cmocka_unit_test(test_wrong_replays_are_refused),
    cmocka_unit_test(test_a_replay_that_lies_is_named),
    cmocka_unit_test(test_the_forward_pass_is_the_policy_s),
    cmocka_unit_test(test_a_player_of_bodies_takes_more_and_fewer_of_them),
    cmocka_unit_test(test_a_picture_is_drawn_again_the_same),
};
const size_t para_tests_abi_episode_count = sizeof para_tests_abi_episode / sizeof *para_tests_abi_episode;
