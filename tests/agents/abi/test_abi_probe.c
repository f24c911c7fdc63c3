// SPDX-License-Identifier: MIT
// Measuring through the door for other languages: the state of an env is what the same level, played the same
// way, has in its view; the JSON is the command's; what is wrong is refused with a reason.
#include "agents/abi/abi.h"
#include "agents/env/decision.h"
#include "agents/env/probe.h"
#include "tests/tests.h"
#include "worlds/library.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BODIES    64
#define DECISIONS 40

typedef struct Arrays {
    char body_names[BODIES][PARA_ABI_NAME], joint_names[BODIES][PARA_ABI_NAME];
    float x[BODIES], vy[BODIES], mass[BODIES], load[BODIES], impulse[BODIES], point[BODIES][2];
    double kinetic[BODIES], potential[BODIES];
    int32_t a[BODIES], b[BODIES];
} Arrays;

static ParaAbiState wish_of(Arrays *arrays)
{
    return (ParaAbiState){.size = sizeof(ParaAbiState),
                          .body_room = BODIES,
                          .joint_room = BODIES,
                          .contact_room = BODIES,
                          .body_names = arrays->body_names[0],
                          .x = arrays->x,
                          .vy = arrays->vy,
                          .mass = arrays->mass,
                          .body_kinetic = arrays->kinetic,
                          .body_potential = arrays->potential,
                          .joint_names = arrays->joint_names[0],
                          .joint_load = arrays->load,
                          .contact_a = arrays->a,
                          .contact_b = arrays->b,
                          .contact_impulse = arrays->impulse,
                          .contact_point = arrays->point[0]};
}

/// A batch of one that has driven a rover for a while, and the same by hand.
typedef struct Pair {
    ParaAbiFamily *family;
    ParaAbiLevel *level;
    ParaAbiBatch *batch;
    ParaArena *arena;
    ParaWorldGroup *group;
    ParaEnv env;
} Pair;

static Pair pair_make(ParaSolverKind solver)
{
    Pair pair = {.family = para_abi_family_load("rover"),
                 .arena = para_arena_create((size_t)1 << 20, PARA_PROBE_MEMORY_MAX),
                 .group = para_world_group_create(solver, 1)};
    const char *error = NULL;
    assert_non_null(pair.family);
    pair.level = para_abi_level_sample(pair.family, NULL, NULL, 4);
    const ParaTemplate *t = para_library_load("rover", pair.arena, &error);
    const ParaLevel *level = para_template_sample(t, NULL, 4, pair.arena, NULL);
    const ParaAbiBatchDef def = {.size = sizeof def,
                                 .envs = 1,
                                 .obs = PARA_ABI_OBS_ENTITIES,
                                 .actions = PARA_ABI_ACT_CONTINUOUS,
                                 .threads = 1,
                                 .solver = (int32_t)solver,
                                 .family_count = 1,
                                 .families = &pair.family};
    const ParaAbiSource source = {.size = sizeof source, .level = pair.level};
    ParaAbiBlocks blocks = {.size = sizeof blocks};
    pair.batch = para_abi_batch_create(&def);
    assert_non_null(pair.batch);
    assert_int_equal(para_abi_batch_source(pair.batch, 0, &source), PARA_ABI_OK);
    assert_int_equal(para_abi_batch_reset(pair.batch, NULL, NULL), PARA_ABI_OK);
    assert_int_equal(para_abi_batch_blocks(pair.batch, &blocks), PARA_ABI_OK);
    pair.env = (ParaEnv){.world = para_world_at(pair.group, 0), .arena = pair.arena};
    assert_true(para_env_begin(&pair.env, level, ""));
    for (int d = 0; d < DECISIONS; d++) {
        int8_t actions[PARA_CHANNELS] = {d % 7 < 5, (int8_t)(d % 3 - 1)};
        for (int c = 0; c < blocks.channel_count; c++)
            blocks.forces[c] = (float)actions[c];
        assert_true(para_abi_batch_step(pair.batch) >= 0);
        para_decision_make_one(&pair.env, actions);
        assert_int_equal(pair.env.play.status, PARA_PLAY_ON);
    }
    return pair;
}

static void pair_clear(Pair *pair)
{
    para_world_group_destroy(pair->group);
    para_arena_destroy(pair->arena);
    para_abi_batch_free(pair->batch);
    para_abi_level_free(pair->level);
    para_abi_family_free(pair->family);
}

static void test_the_state_is_the_world_s(void **state)
{
    (void)state;
    static Arrays arrays;
    for (ParaSolverKind solver = PARA_SOLVER_CHIPMUNK; solver <= PARA_SOLVER_LANES; solver++) {
        Pair pair = pair_make(solver);
        const ParaView *view = para_world_view(pair.env.world);
        ParaEnergy energy = para_world_energy(view);
        ParaAbiState now = wish_of(&arrays);
        assert_int_equal(para_abi_batch_state(pair.batch, 0, &now), PARA_ABI_OK);
        assert_int_equal(now.end, -1);
        assert_int_equal(now.solver, (int)solver);
        assert_int_equal(now.body_count, view->def->body_count);
        assert_int_equal(now.joint_count, 2);
        assert_int_equal(now.contact_count, view->contact_count);
        assert_true(now.contact_count > 0 && now.time == view->time && now.kinetic == energy.kinetic &&
                    now.potential == energy.potential && now.spring == 0.0 &&
                    now.momentum_x == para_world_motion(view).momentum_x);
        for (int b = 0; b < now.body_count; b++) {
            assert_true(arrays.x[b] == view->x[b * view->stride] &&
                        arrays.vy[b] == view->vy[b * view->stride]);
            assert_true(arrays.kinetic[b] == para_body_energy(view, b).kinetic);
            assert_true(arrays.potential[b] == para_body_energy(view, b).potential);
        }
        for (int c = 0; c < now.contact_count; c++) {
            assert_int_equal(arrays.a[c], view->contacts[c].body_a);
            assert_int_equal(arrays.b[c], view->contacts[c].body_b);
            assert_true(arrays.impulse[c] == view->contacts[c].impulse);
            assert_true(arrays.point[c][1] == view->contacts[c].point.y);
        }
        assert_true(arrays.load[1] == view->joint_load[view->stride]);
        assert_string_equal(arrays.body_names[0], "ground");
        assert_string_equal(arrays.joint_names[1], "front-axle");
        pair_clear(&pair);
    }
}

static void test_a_state_without_room_or_env_is_refused(void **state)
{
    (void)state;
    static Arrays arrays;
    Pair pair = pair_make(PARA_SOLVER_LANES);
    ParaAbiState now = wish_of(&arrays);
    now.body_room = 2;
    assert_int_equal(para_abi_batch_state(pair.batch, 0, &now), PARA_ABI_INVALID);
    assert_true(now.body_count > 2); // which says how much is needed
    now = wish_of(&arrays);
    now.joint_room = 1;
    assert_int_equal(para_abi_batch_state(pair.batch, 0, &now), PARA_ABI_INVALID);
    now = wish_of(&arrays);
    now.contact_room = 0;
    assert_int_equal(para_abi_batch_state(pair.batch, 0, &now), PARA_ABI_INVALID);
    now = (ParaAbiState){.size = sizeof now}; // nothing but the counts
    assert_int_equal(para_abi_batch_state(pair.batch, 0, &now), PARA_ABI_OK);
    assert_int_equal(para_abi_batch_state(pair.batch, 1, &now), PARA_ABI_INVALID);
    now.size--;
    assert_int_equal(para_abi_batch_state(pair.batch, 0, &now), PARA_ABI_INVALID);
    assert_int_equal(para_abi_batch_state(NULL, 0, &now), PARA_ABI_INVALID);
    pair_clear(&pair);
}

static void test_a_probe_tells_what_the_house_tells(void **state)
{
    (void)state;
    Pair pair = pair_make(PARA_SOLVER_LANES);
    const char *act = "drive=1", *name = "chassis", *error = NULL;
    const ParaAbiProbeDef def = {.size = sizeof def,
                                 .solver = PARA_ABI_SOLVER_CHIPMUNK,
                                 .seconds = 1.0,
                                 .every = 20,
                                 .acts = &act,
                                 .act_count = 1,
                                 .names = &name,
                                 .name_count = 1};
    const ParaProbeDef own = {.level = pair.env.level,
                              .solver = PARA_SOLVER_CHIPMUNK,
                              .seconds = 1.0,
                              .every = 20,
                              .acts = &act,
                              .act_count = 1,
                              .names = &name,
                              .name_count = 1};
    ParaArena *arena = para_arena_create((size_t)1 << 20, PARA_PROBE_MEMORY_MAX);
    ParaProbe *probe = para_probe_open(&own, arena, &error);
    assert_non_null(probe);
    while (para_probe_next(probe))
        ;
    para_probe_close(probe);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    para_probe_write_json(probe, out, arena);
    fclose(out);
    ParaAbiProbe *door = para_abi_probe_run(pair.level, &def);
    assert_non_null(door);
    assert_string_equal(para_abi_probe_json(door), text);
    para_abi_probe_free(door);
    para_abi_probe_free(NULL);
    free(text);
    para_arena_destroy(arena);
    pair_clear(&pair);
}

static void test_a_wrong_probe_is_refused(void **state)
{
    (void)state;
    Pair pair = pair_make(PARA_SOLVER_LANES);
    const char *act = "jump=1", *name = "chasis", *none = NULL;
    const ParaAbiProbeDef good = {.size = sizeof good, .seconds = 0.1};
    static const struct {
        const char *what, *says;
    } rows[] = {{"size", "of another version"}, {"solver", "solver"},
                {"seconds", "no number"},       {"long", "seconds must be"},
                {"act", "no such channel"},     {"name", "did you mean \"chassis\""},
                {"null", "that is NULL"},       {"lists", "lists that are not there"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ParaAbiProbeDef def = good;
        switch (i) {
        case 0:
            def.size++;
            break;
        case 1:
            def.solver = 7;
            break;
        case 2:
            def.seconds = (double)NAN;
            break;
        case 3:
            def.seconds = 1e9;
            break;
        case 4:
            def.acts = &act;
            def.act_count = 1;
            break;
        case 5:
            def.names = &name;
            def.name_count = 1;
            break;
        case 6:
            def.names = &none;
            def.name_count = 1;
            break;
        default:
            def.act_count = 3;
            break;
        }
        assert_null(para_abi_probe_run(pair.level, &def));
        if (!strstr(para_abi_error(), rows[i].says))
            fail_msg("%s: %s", rows[i].what, para_abi_error());
    }
    assert_null(para_abi_probe_run(NULL, &good));
    assert_null(para_abi_probe_json(NULL));
    pair_clear(&pair);
}

const struct CMUnitTest para_tests_abi_probe[] = {
    cmocka_unit_test(test_the_state_is_the_world_s),
    cmocka_unit_test(test_a_state_without_room_or_env_is_refused),
    cmocka_unit_test(test_a_probe_tells_what_the_house_tells),
    cmocka_unit_test(test_a_wrong_probe_is_refused),
};
const size_t para_tests_abi_probe_count = sizeof para_tests_abi_probe / sizeof *para_tests_abi_probe;
