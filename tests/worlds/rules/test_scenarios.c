// SPDX-License-Identifier: MIT
// Whole levels in play: those of tests/scenarios, which hold one of each kind of thing and do each kind of
// act, and the cookbook's. Each runs on both solvers with drawn actions to a golden hash
// (tests/golden/scenarios.txt; see tests/agents/env/test_golden.c), goes on with the same bits in a copy
// taken anywhere, and means the same saved and read back. PARACOSM_WRITE_GOLDEN=1 writes the file anew.
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/rng.h"
#include "tests/engine/world/scene.h"
#include "worlds/rules/play.h"
#include "worlds/template.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS         600 // ten seconds
#define HOLD          15  // [step] each action is held
#define SCENARIOS_MAX 64
#define GOLDEN        PARA_SOURCE_DIR "/tests/golden/scenarios.txt"
#define SOLVERS       2

static const char *const folders[] = {"tests/scenarios", "docs/cookbook"};
static const ParaSolverKind solvers[SOLVERS] = {PARA_SOLVER_CHIPMUNK, PARA_SOLVER_LANES};

/// Files of the folders, by name.
typedef struct Scenarios {
    int count;
    char paths[SCENARIOS_MAX][256];
} Scenarios;

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

static Scenarios scenarios_of(void)
{
    static Scenarios found;
    found.count = 0;
    for (size_t f = 0; f < sizeof folders / sizeof *folders; f++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", PARA_SOURCE_DIR, folders[f]);
        DIR *folder = opendir(path);
        assert_non_null(folder);
        for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
            size_t length = strlen(entry->d_name);
            if (length < 6 || length > 80 || strcmp(entry->d_name + length - 5, ".json") != 0)
                continue;
            assert_in_range(found.count, 0, SCENARIOS_MAX - 1);
            snprintf(found.paths[found.count++], sizeof found.paths[0], "%s/%.80s", folders[f],
                     entry->d_name);
        }
        closedir(folder);
    }
    qsort(found.paths, (size_t)found.count, sizeof found.paths[0], by_name);
    assert_in_range(found.count, 2, SCENARIOS_MAX);
    return found;
}

/// One level running.
typedef struct Run {
    ParaArena *arena;
    ParaWorldGroup *group; ///< of two worlds
    ParaWorld world;
    const ParaLevel *level;
    ParaPlay play;
    ParaRng rng; ///< of its actions
    int step;
} Run;

static void *room_for(const ParaLevel *level, ParaArena *arena)
{
    return para_arena_alloc(arena, para_play_events_size(level) + 1);
}

static void start(Run *run)
{
    run->world = para_world_at(run->group, 0);
    run->rng = para_rng_make(7, "scenario");
    run->step = 0;
    ParaPlayerState *states = PARA_NEW(run->arena, ParaPlayerState, run->level->player_count);
    void *events = room_for(run->level, run->arena);
    // What lay in the memory before must not matter to the start.
    memset(states, 0x7f, sizeof *states * (size_t)run->level->player_count);
    memset(events, 0x7f, para_play_events_size(run->level));
    assert_true(para_play_begin(&run->play, run->level, run->world, states, events, NULL));
}

static const ParaLevel *level_of(const ParaTemplate *template, ParaArena *arena, ParaDiagList *list)
{
    const ParaLevel *level = template ? para_template_sample(template, NULL, 1, arena, list) : NULL;
    if (!level)
        para_diag_print(list, stdout);
    assert_non_null(level);
    return level;
}

/// A run of a file's member of seed 1; group NULL where the solver cannot take it.
static Run begin_on(const char *path, ParaSolverKind solver)
{
    char whole[512];
    snprintf(whole, sizeof whole, "%s/%s", PARA_SOURCE_DIR, path);
    Run run = {.arena = para_arena_create(1 << 20, (size_t)1 << 28)};
    ParaDiagList list = para_diag_list(run.arena, path, NULL);
    run.level = level_of(para_template_load_file(whole, run.arena, &list), run.arena, &list);
    if (para_solver_fits(solver, &run.level->world, NULL, 0)) {
        run.group = para_world_group_create(solver, 2);
        assert_non_null(run.group);
        start(&run);
    }
    return run;
}

static void end(Run *run)
{
    if (run->group)
        para_world_group_destroy(run->group);
    para_arena_destroy(run->arena);
}

static void act(Run *run)
{
    float actions[PARA_PLAYERS_MAX * PARA_CHANNELS];
    for (int i = 0; i < run->level->player_count * PARA_CHANNELS; i++)
        actions[i] = (float)para_rng_int(&run->rng, -1, 1);
    para_play_act(&run->play, run->level, actions);
}

/// The chained hash of a run from where it is: its world, variables, messages, rewards, how it stands.
static uint64_t chain_of(Run *run, int count)
{
    uint64_t chain = 0;
    for (int k = 0; k < count; k++, run->step++) {
        if (run->step % HOLD == 0)
            act(run);
        para_play_step(&run->play, run->level, run->world);
        uint64_t world = para_world_hash(run->world);
        chain = para_hash(&world, sizeof world, chain);
        for (int v = 0; v < run->level->variable_count; v++) {
            double value = para_play_variable(&run->play, v);
            chain = para_hash(&value, sizeof value, chain);
        }
        const int32_t told[] = {run->play.said, run->play.said_step, (int32_t)run->play.status};
        chain = para_hash(told, sizeof told, chain);
        for (int p = 0; p < run->level->player_count; p++)
            chain = para_hash(&run->play.players[p].reward, sizeof(float), chain);
    }
    return chain;
}

// ---------------------------------------------------------------------------------------------

static void hex_of(const char *path, int solver, char hex[17])
{
    Run run = begin_on(path, solvers[solver]);
    if (run.group) {
        para_hash_hex(chain_of(&run, STEPS), hex);
        if (run.play.status == PARA_PLAY_DIVERGED)
            fail_msg("%s on %s: diverged", path, para_solver_name(solvers[solver]));
    } else {
        snprintf(hex, 17, "-");
    }
    end(&run);
}

static void test_golden_hash_of_every_scenario(void **state)
{
    (void)state;
    Scenarios found = scenarios_of();
    static char hex[SCENARIOS_MAX][SOLVERS][17];
    for (int i = 0; i < found.count; i++)
        for (int k = 0; k < SOLVERS; k++)
            hex_of(found.paths[i], k, hex[i][k]);
    if (tests_write_golden()) {
        FILE *out = fopen(GOLDEN, "w");
        assert_non_null(out);
        for (int i = 0; i < found.count; i++)
            fprintf(out, "%s %s %s\n", found.paths[i], hex[i][0], hex[i][1]);
        assert_int_equal(fclose(out), 0);
    }
    FILE *in = fopen(GOLDEN, "r");
    assert_non_null(in);
    char path[256], want[SOLVERS][32];
    int count = 0, wrong = 0;
    for (; fscanf(in, "%255s %31s %31s", path, want[0], want[1]) == 3; count++) {
        assert_true(count < found.count);
        assert_string_equal(path, found.paths[count]);
        for (int k = 0; k < SOLVERS; k++)
            if (strcmp(hex[count][k], want[k]) != 0) {
                print_error("%s on %s: %s, golden %s\n", path, para_solver_name(solvers[k]), hex[count][k],
                            want[k]);
                wrong++;
            }
    }
    fclose(in);
    assert_int_equal(count, found.count);
    assert_int_equal(wrong, 0);
}

static void test_a_copy_in_the_middle_of_everything_goes_on_alike(void **state)
{
    (void)state;
    Scenarios found = scenarios_of();
    for (int i = 0; i < found.count; i++)
        for (int middle = 10; middle < 500; middle += 70) {
            Run run = begin_on(found.paths[i], scene_solver());
            if (!run.group) {
                end(&run);
                break;
            }
            chain_of(&run, middle);
            Run copy = run;
            copy.world = para_world_at(run.group, 1);
            assert_true(para_world_clone(run.world, copy.world, NULL));
            para_play_copy(&copy.play, &run.play, run.level,
                           PARA_NEW(run.arena, ParaPlayerState, run.level->player_count),
                           room_for(run.level, run.arena));
            if (chain_of(&run, 90) != chain_of(&copy, 90))
                fail_msg("%s: a copy taken after %d steps went another way", found.paths[i], middle);
            end(&run);
        }
}

static void check_saved(Run *run, const char *path)
{
    const char *json = para_level_to_json(run->level, run->arena);
    ParaArena *passing =
        para_arena_create(1 << 20, (size_t)1 << 28); // a copy needs nothing of where it comes from
    ParaDiagList list = para_diag_list(passing, path, NULL);
    const ParaLevel *back =
        level_of(para_template_load("saved", json, strlen(json), passing, &list), passing, &list);
    const ParaLevel *copied = para_level_copy(back, run->arena);
    bool same = back->hash == run->level->hash && para_level_hash(copied) == back->hash;
    para_arena_destroy(passing);
    if (!same || strcmp(para_level_to_json(copied, run->arena), json) != 0)
        fail_msg("%s: saved and read back it is another level", path);
    uint64_t chain = chain_of(run, STEPS / 2);
    run->level = copied;
    start(run);
    if (chain_of(run, STEPS / 2) != chain)
        fail_msg("%s: saved and read back it plays another way", path);
}

static void test_a_saved_level_and_a_copied_one_play_alike(void **state)
{
    (void)state;
    Scenarios found = scenarios_of();
    for (int i = 0; i < found.count; i++) {
        Run run = begin_on(found.paths[i], scene_solver());
        if (run.group)
            check_saved(&run, found.paths[i]);
        end(&run);
    }
}

// ---------------------------------------------------------------------------------------------

enum {
    ACTS = 0
#define PARA_ACT(...) +1
#include "worlds/level/kinds.def"
    ,
    ACTUATORS = 0
#define PARA_ACTUATOR(...) +1
#include "worlds/level/kinds.def"
    ,
    JOINTS = 0
#define PARA_JOINT(...) +1
#include "worlds/level/kinds.def"
};

/// Which kinds some scenario has.
typedef struct Used {
    bool acts[ACTS], actuators[ACTUATORS], joints[JOINTS];
} Used;

static void use(Used *used, const ParaLevel *level)
{
    for (int a = 0; a < level->act_count; a++)
        used->acts[level->acts[a].kind] = true;
    for (int j = 0; j < level->world.joint_count; j++)
        used->joints[level->world.joints[j].kind] = true;
    for (int p = 0; p < level->player_count; p++)
        for (int i = 0; i < level->players[p].actuator_count; i++)
            used->actuators[level->players[p].actuators[i].kind] = true;
}

static int count_missing(const bool *used, const char *const *words, int count)
{
    int missing = 0;
    for (int k = 0; k < count; k++)
        if (!used[k]) {
            print_error("no scenario has %s\n", words[k]);
            missing++;
        }
    return missing;
}

/// Whoever adds a kind gives it to tests/scenarios too.
static void test_scenarios_have_every_kind(void **state)
{
    (void)state;
    static const char *const acts[] = {
#define PARA_ACT(id, word, ...) #word,
#include "worlds/level/kinds.def"
    };
    static const char *const actuators[] = {
#define PARA_ACTUATOR(id, word, ...) #word,
#include "worlds/level/kinds.def"
    };
    static const char *const joints[] = {
#define PARA_JOINT(id, word, ...) #word,
#include "worlds/level/kinds.def"
    };
    Used used = {0};
    Scenarios found = scenarios_of();
    for (int i = 0; i < found.count; i++) {
        Run run = begin_on(found.paths[i], PARA_SOLVER_CHIPMUNK);
        use(&used, run.level);
        end(&run);
    }
    int missing = count_missing(used.acts, acts, ACTS) + count_missing(used.actuators, actuators, ACTUATORS) +
                  count_missing(used.joints, joints, JOINTS);
    assert_int_equal(missing, 0);
}

const struct CMUnitTest para_tests_scenarios[] = {
    cmocka_unit_test(test_golden_hash_of_every_scenario),
    SCENE_TEST(test_a_copy_in_the_middle_of_everything_goes_on_alike),
    SCENE_TEST(test_a_saved_level_and_a_copied_one_play_alike),
    cmocka_unit_test(test_scenarios_have_every_kind),
};
const size_t para_tests_scenarios_count = sizeof para_tests_scenarios / sizeof *para_tests_scenarios;
