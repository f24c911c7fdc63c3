// SPDX-License-Identifier: MIT
// Levels composed of parts by the grammars of the library: every draw is a level, none runs away at rest,
// hardly one is solved by nobody. PARACOSM_COMPOSED=100000 draws so many of each grammar and steps them all.
// Of levels that are generated some solve themselves; those whoever chooses levels leaves out, and how many
// is told.
#include "tests/worlds/rules/run.h"

#include "worlds/library.h"

#include <stdlib.h>

#define DRAWN 300   // members of each grammar
#define STILL 12    // of these, played to their end without an action
#define RARE  10000 // of so many one may solve itself: a ball that a hill and the wind carry to its flag

typedef struct Tally {
    int levels, refused, thrown, diverged, solved;
} Tally;

static int wanted(void)
{
    const char *text = getenv("PARACOSM_COMPOSED");
    return text ? atoi(text) : DRAWN;
}

/// Is the player pushed out of something that it began in? By gravity and wind it has 0.2 m/s at most.
static bool is_thrown(const Run *run)
{
    int body = run->level->players[0].body;
    double vx = (double)AT(view(run), vx, body), vy = (double)AT(view(run), vy, body);
    return vx * vx + vy * vy > 0.5 * 0.5;
}

static void play_still(Run *run, int count, Tally *tally)
{
    start(run);
    steps(run, 1);
    tally->thrown += is_thrown(run);
    steps(run, count - 1);
    tally->diverged += run->play.status == PARA_PLAY_DIVERGED;
    tally->solved += run->play.status == PARA_PLAY_SOLVED;
}

static void check_grammar(const char *name, ParaArena *program)
{
    const char *error = NULL;
    const ParaTemplate *t = para_library_load(name, program, &error);
    if (!t)
        fail_msg("%s", error);
    Tally tally = {0};
    int count = wanted();
    Run run = {.arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28), .group = scene_room(2)};
    for (uint64_t seed = 0; seed < (uint64_t)count; seed++) {
        ParaArenaMark mark = para_arena_mark(run.arena);
        run.level = para_template_sample(t, NULL, seed, run.arena, NULL);
        tally.levels++;
        tally.refused += !run.level;
        if (run.level)
            play_still(&run, seed < STILL ? (int)(run.level->seconds * RATE) + 1 : 60, &tally);
        para_arena_rewind(run.arena, mark);
    }
    end(&run);
    print_message("%s: %d levels, %d refused, %d with the player thrown out of something, %d diverged, %d "
                  "solved by nothing\n",
                  name, tally.levels, tally.refused, tally.thrown, tally.diverged, tally.solved);
    assert_int_equal(tally.refused, 0);
    assert_int_equal(tally.thrown, 0);
    assert_int_equal(tally.diverged, 0);
    assert_in_range(tally.solved, 0, tally.levels / RARE);
}

// Levels of Kinetix's generator: shapes may begin in each other there, and green on its way to blue.
// So many of each are played to their end, the others for as long as Kinetix's own filter looks at them.
#define PLAYED   60
#define FILTERED 128 // [step] 64 decisions

static void check_generated(const char *name, int share_most, ParaArena *program)
{
    const char *error = NULL;
    const ParaTemplate *t = para_library_load(name, program, &error);
    if (!t)
        fail_msg("%s", error);
    Tally tally = {0}, ends = {0};
    int count = wanted(), soon = 0, lost = 0;
    Run run = {.arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28), .group = scene_room(2)};
    for (uint64_t seed = 0; seed < (uint64_t)count; seed++) {
        ParaArenaMark mark = para_arena_mark(run.arena);
        run.level = para_template_sample(t, NULL, seed, run.arena, NULL);
        tally.levels++;
        tally.refused += !run.level;
        if (run.level) {
            play_still(&run, FILTERED, &tally);
            soon += run.play.status == PARA_PLAY_FAILED;
            bool ended = run.play.status != PARA_PLAY_ON;
            if (seed < PLAYED || (count > DRAWN && seed < (uint64_t)count / 10)) {
                ends.levels++;
                if (!ended)
                    steps(&run, (int)(run.level->seconds * RATE) + 1 - FILTERED);
                ends.solved += run.play.status == PARA_PLAY_SOLVED;
                ends.diverged += !ended && run.play.status == PARA_PLAY_DIVERGED;
                lost += run.play.status == PARA_PLAY_FAILED;
            }
        }
        para_arena_rewind(run.arena, mark);
    }
    end(&run);
    print_message(
        "%s: %d levels, %d refused, %d diverged; by doing nothing for 64 decisions %d solved and %d "
        "lost, %d with the player thrown out of something; of %d played to their end %d diverged, "
        "%d solved, %d lost\n",
        name, tally.levels, tally.refused, tally.diverged, tally.solved, soon, tally.thrown, ends.levels,
        ends.diverged, ends.solved, lost);
    assert_int_equal(tally.refused, 0);
    assert_int_equal(tally.diverged, 0);
    assert_int_equal(ends.diverged, 0);
    assert_in_range(100 * tally.solved / tally.levels, 1, share_most);
}

static void test_generated_levels_are_levels(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    check_generated("kinetix-s", 30, arena);
    check_generated("kinetix-m", 30, arena);
    check_generated("kinetix-l", 30, arena);
    para_arena_destroy(arena);
}

static void test_composed_levels_are_levels(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    const char **names;
    int count = para_library_expand(PARA_LIBRARY_COMPOSED "/", arena, &names);
    assert_true(count >= 3);
    for (int k = 0; k < count; k++)
        check_grammar(names[k], arena);
    para_arena_destroy(arena);
}

/// A level says which parts it has; it is the member of its grammar, also from its own file.
static void test_composed_levels_say_what_they_are_made_of(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    const char *error = NULL;
    const ParaTemplate *t = para_library_load("overland", arena, &error);
    assert_non_null(t);
    ParaMadeOf *all, *parts;
    assert_true(para_template_choices(t, arena, &all) >= 30);
    assert_string_equal(all[0].as, "terrain");
    for (uint64_t seed = 0; seed < 20; seed++) {
        const ParaLevel *level = para_template_sample(t, NULL, seed, arena, NULL);
        int count = para_template_made_of(t, level, arena, &parts);
        assert_true(count >= 4);
        assert_string_equal(parts[0].part, all[(int)level->params[0].value].part);
        const ParaLevel *back = level_of(para_level_to_json(level, arena), arena);
        assert_true(back->hash == level->hash);
    }
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_composed[] = {
    SCENE_TEST_CHIPMUNK(test_composed_levels_are_levels),
    SCENE_TEST(test_generated_levels_are_levels),
    cmocka_unit_test(test_composed_levels_say_what_they_are_made_of),
};
const size_t para_tests_composed_count = sizeof para_tests_composed / sizeof *para_tests_composed;
