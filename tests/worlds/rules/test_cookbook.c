// SPDX-License-Identifier: MIT
// The cookbook keeps its promises: each small level is solved by the one action it is about, and, but for
// those that run by themselves, not by none; on both solvers.
#include "tests/tests.h"

#include "worlds/rules/play.h"
#include "worlds/template.h"

#define SECONDS 10 // no level of these needs longer
#define RATE    60 // [Hz] of all of them

typedef struct Recipe {
    const char *name;
    int channel;    // that is held at +1
    bool by_itself; // solved without an action, too
} Recipe;

static const Recipe recipes[] = {
    {"barrel", 0, false},  {"breaking-bridge", 0, false}, {"button-door", 0, false}, {"lift", 0, false},
    {"one-way", 1, false}, {"order", 0, false},           {"rope-bridge", 0, false}, {"spawner", 0, true},
};

/// How it stands after so many seconds, or at its end, with the channel held at `action`.
static ParaPlayStatus played(const Recipe *recipe, ParaSolverKind solver, float action)
{
    ParaArena *arena = para_arena_create(1 << 20, (size_t)1 << 28);
    const char *path = para_arena_printf(arena, "%s/docs/cookbook/%s.json", PARA_SOURCE_DIR, recipe->name);
    ParaDiagList list = para_diag_list(arena, path, NULL);
    const ParaTemplate *template = para_template_load_file(path, arena, &list);
    para_diag_print(&list, stdout);
    assert_non_null(template);
    assert_int_equal(list.count, 0);
    const ParaLevel *level = para_template_sample(template, NULL, 1, arena, &list);
    assert_non_null(level);
    ParaWorldGroup *group = para_world_group_create(solver, 1);
    assert_non_null(group);
    ParaPlay play;
    ParaWorld world = para_world_at(group, 0);
    ParaPlayerState *states = PARA_NEW(arena, ParaPlayerState, level->player_count);
    void *events = para_arena_alloc(arena, para_play_events_size(level) + 1);
    assert_true(para_play_begin(&play, level, world, states, events, NULL));
    float actions[PARA_CHANNELS] = {0};
    actions[recipe->channel] = action;
    for (int k = 0; k < SECONDS * RATE && play.status == PARA_PLAY_ON; k++) {
        if (k % 4 == 0)
            para_play_act(&play, level, actions);
        para_play_step(&play, level, world);
    }
    ParaPlayStatus status = play.status;
    para_world_group_destroy(group);
    para_arena_destroy(arena);
    return status;
}

static void test_cookbook_recipes_do_what_they_say(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof recipes / sizeof *recipes; k++)
        for (int solver = PARA_SOLVER_CHIPMUNK; solver <= PARA_SOLVER_LANES; solver++) {
            const Recipe *recipe = &recipes[k];
            bool acting = played(recipe, (ParaSolverKind)solver, 1) == PARA_PLAY_SOLVED;
            bool still = played(recipe, (ParaSolverKind)solver, 0) == PARA_PLAY_SOLVED;
            if (!acting || still != recipe->by_itself)
                print_error("%s on %s: %s by the action, %s without\n", recipe->name,
                            para_solver_name((ParaSolverKind)solver), acting ? "solved" : "not solved",
                            still ? "solved" : "not solved");
            assert_true(acting && still == recipe->by_itself);
        }
}

const struct CMUnitTest para_tests_cookbook[] = {
    cmocka_unit_test(test_cookbook_recipes_do_what_they_say),
};
const size_t para_tests_cookbook_count = sizeof para_tests_cookbook / sizeof *para_tests_cookbook;
