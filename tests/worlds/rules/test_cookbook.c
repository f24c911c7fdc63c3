// SPDX-License-Identifier: MIT
// What each pattern of the cookbook promises (docs/cookbook.md): played by a script it comes out as the page
// says, and without an action it does not, on both solvers.
#include "engine/base/file.h"
#include "tests/worlds/rules/run.h"

/// Actions in force until a moment.
typedef struct Part {
    double until;       ///< [s]
    float run, jump, c; ///< channels 0, 1, 2
} Part;

typedef struct Recipe {
    const char *name;
    Part script[8];       ///< ends with until 0
    ParaPlayStatus ends;  ///< after the script
    const char *told;     ///< the last message; NULL: any
    ParaPlayStatus still; ///< how it stands after as long without an action
    double value;         ///< of its first parameter; 0: the least there is
} Recipe;

#define SOLVED PARA_PLAY_SOLVED
#define FAILED PARA_PLAY_FAILED
#define ON     PARA_PLAY_ON

static const Recipe recipes[] = {
    {"barrel", {{9.9, 1, 0, 0}}, SOLVED, NULL, ON, 0},
    {"breaking-bridge", {{9.9, 1, 0, 0}}, SOLVED, NULL, ON, 0},
    {"button-door", {{9.9, 1, 0, 0}}, SOLVED, NULL, ON, 0},
    {"lift", {{9.9, 1, 0, 0}}, SOLVED, NULL, ON, 0},
    {"one-way", {{9.9, 0, 1, 0}}, SOLVED, NULL, ON, 0},
    {"order", {{9.9, 1, 0, 0}}, SOLVED, NULL, ON, 0},
    {"rope-bridge", {{9.9, 1, 0, 0}}, SOLVED, NULL, ON, 0},
    {"spawner", {{9.9, 1, 0, 0}}, SOLVED, NULL, SOLVED, 0},
    {"weight-plate", {{9, 1, 0, 0}}, ON, NULL, ON, 0},
    {"raft", {{9.5, 0, 0, 0}, {14, 1, 0, 0}}, SOLVED, "The water rises.", ON, 0},
    {"jump-height", {{2, 1, 0, 0}, {6, 1, 1, 0}}, SOLVED, NULL, ON, 0},
    {"upright", {{12, 0, 0, 0}}, FAILED, NULL, FAILED, 0},
    {"conveyor", {{1, 1, 0, 0}, {19, 0, 0, 0}}, SOLVED, NULL, FAILED, 0},
    {"gravity-well", {{1.5, 1, 0, 0}, {8, 0.2f, 0.4f, 0}, {14, 0, 0, 0}}, SOLVED, NULL, ON, 0},
    {"timed-gate", {{1.35, 1, 0, 0}, {1.8, 0, 0, 0}, {6, 1, 0, 0}}, SOLVED, NULL, ON, 0},
    {"coins", {{10, 1, 0, 0}}, SOLVED, "The gate opens.", ON, 0},
    {"wrecking-ball", {{8, 1, 0, 0}}, SOLVED, NULL, ON, 0},
    {"portals", {{5, 1, 0, 0}}, SOLVED, NULL, ON, 0},
    {"counterweight", {{0.5, 1, 0, 0}, {4, 0, 0, 0}, {10, 1, 0, 0}}, SOLVED, NULL, ON, 0},
    {"camps", {{10, 1, 0, 0}}, FAILED, NULL, ON, 0},
    {"window", {{10, 1, 0, 0}}, SOLVED, NULL, ON, 0},
    {"glass-tray",
     {{0.7, 0.06f, 0, 0},
      {1.4, 0.13f, 0, 0},
      {7.3, 0.2f, 0, 0},
      {8, 0.13f, 0, 0},
      {8.7, 0.06f, 0, 0},
      {11, 0, 0, 0}},
     SOLVED,
     NULL,
     ON,
     0},
    {"seesaw-launcher", {{2, 1, 0, 0}, {2.8, 0, 0, 0}, {8, -1, 0, 0}}, SOLVED, "Hold on!", ON, 0},
    {"sorter", {{4.5, 0, 0, 0}, {5.3, -1, 0, 0}, {12, 0, 0, 0}}, SOLVED, NULL, FAILED, 0},
    {"shuttle", {{4.1, 0, 0, 0}, {4.7, 1, 0, 0}, {7.4, 0, 0, 0}, {11, 1, 0, 0}}, SOLVED, NULL, ON, 0},
    {"gear-train", {{5, 1, 0, 0}}, SOLVED, NULL, ON, 0},
    {"keys-in-order", {{1.2, -1, 0, 0}, {5, 1, 0, 0}}, SOLVED, NULL, ON, 0},
    {"updraft", {{10, 1, 0, 0}}, SOLVED, NULL, ON, 0},
};

static Run begin_recipe(const Recipe *recipe)
{
    Run run = {.arena = para_arena_create(1 << 20, (size_t)1 << 28), .group = scene_room(2)};
    char path[512];
    snprintf(path, sizeof path, "%s/docs/cookbook/%s.json", PARA_SOURCE_DIR, recipe->name);
    ParaDiagList list = para_diag_list(run.arena, path, NULL);
    const ParaTemplate *t = para_template_load_file(path, run.arena, &list);
    para_diag_print(&list, stdout);
    assert_non_null(t);
    double values[PARA_PARAMS_MAX];
    for (int k = 0; k < para_template_param_count(t); k++)
        values[k] = k == 0 ? recipe->value : 0; // clamped to the least there is
    run.level = para_template_sample(t, values, 1, run.arena, &list);
    assert_non_null(run.level);
    start(&run);
    return run;
}

/// Plays the script, or as long without an action.
static void play(Run *run, const Recipe *recipe, bool still)
{
    double done = 0;
    for (const Part *part = recipe->script; part->until > 0; done = part->until, part++) {
        const float actions[PARA_CHANNELS] = {still ? 0 : part->run, still ? 0 : part->jump,
                                              still ? 0 : part->c};
        para_play_act(&run->play, run->level, actions);
        steps(run, (int)((part->until - done) * RATE + 0.5));
    }
}

static void test_every_pattern_of_the_cookbook_keeps_its_promise(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof recipes / sizeof *recipes; i++) {
        const Recipe *recipe = &recipes[i];
        for (int still = 0; still < 2; still++) {
            Run run = begin_recipe(recipe);
            play(&run, recipe, still);
            ParaPlayStatus wanted = still ? recipe->still : recipe->ends;
            const char *told = para_play_message(&run.play, run.level);
            if (run.play.status != wanted || (!still && recipe->told && strcmp(told, recipe->told) != 0)) {
                char cause[256];
                para_play_cause(&run.play, run.level, run.world, 0, cause, sizeof cause);
                int me = run.level->players[0].body;
                print_error("%s%s: status %d, expected %d; told \"%s\"; t %.2f at (%.2f, %.2f); %s\n",
                            recipe->name, still ? ", still" : "", run.play.status, wanted, told,
                            view(&run)->time, (double)AT(view(&run), x, me), (double)AT(view(&run), y, me),
                            cause);
                wrong++;
            }
            end(&run);
        }
    }
    assert_int_equal(wrong, 0);
}

const struct CMUnitTest para_tests_cookbook[] = {
    SCENE_TEST(test_every_pattern_of_the_cookbook_keeps_its_promise),
};
const size_t para_tests_cookbook_count = sizeof para_tests_cookbook / sizeof *para_tests_cookbook;
