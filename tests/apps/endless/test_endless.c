// SPDX-License-Identifier: MIT
// Endless mode without a window: whoever plays is met at two solved of three, harder for who wins, easier for
// who loses; no level comes twice in a row; what is kept is whole, and goes on as if nothing had happened.
#include "apps/endless/ahead.h"
#include "apps/endless/ladder.h"
#include "apps/store/store.h"
#include "engine/base/file.h"
#include "engine/base/maths.h"
#include "tests/agents/scratch.h"
#include "tests/tests.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Room {
    ParaArena *arena, *scratch;
    ParaFamilies families;
    Scratch home;
} Room;

static const char *const names[] = {"cave", "platforms", "overland"};
static const ParaEndlessMaker quick = {.solver = PARA_SOLVER_AUTO}; // searches nothing

static int set_up(void **state)
{
    Room *room = calloc(1, sizeof *room);
    const char *error = NULL;
    room->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    room->scratch = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    if (!para_endless_families(&room->families, names, 3, room->arena, &error))
        fail_msg("%s", error);
    room->home = scratch_make();
    setenv("PARACOSM_HOME", room->home.folder, 1);
    *state = room;
    return 0;
}

static int tear_down(void **state)
{
    Room *room = *state;
    unsetenv("PARACOSM_HOME");
    scratch_remove(&room->home);
    para_arena_destroy(room->scratch);
    para_arena_destroy(room->arena);
    free(room);
    return 0;
}

/// A level that is as hard as wished, without making one.
static void take_wished(ParaEndless *e, int family, int number)
{
    ParaEndlessLevel level = {
        .pick = {.family = family}, .hash = (uint64_t)number + 1, .visit = number / 3 + 1};
    level.difficulty = para_endless_target(e, family);
    para_endless_take(e, &level);
}

/// A person who solves a level by a chance that falls with its difficulty, of a steepness of their own.
/// @return [1] 0..1 share of the levels `from`.. that were solved
static double share_of(const Room *room, double skill, double slope, uint64_t seed, int from, int levels,
                       double *out_difficulty)
{
    ParaEndless e;
    ParaRng rng = para_rng_make(seed, "person");
    int solved = 0;
    para_endless_begin(&e, &room->families, seed);
    *out_difficulty = 0;
    for (int i = 0; i < levels; i++) {
        take_wished(&e, i / 3 % 3, i);
        double chance = 1 / (1 + para_exp((e.level.difficulty - skill) / slope));
        bool wins = para_rng_f64(&rng) < chance;
        para_endless_end(&e, wins ? PARA_ENDLESS_SOLVED : PARA_ENDLESS_UNSOLVED, 3);
        solved += i >= from && wins;
        *out_difficulty += i >= from ? e.level.difficulty / (levels - from) : 0;
    }
    return (double)solved / (levels - from);
}

static void test_whoever_plays_is_met_at_two_of_three(void **state)
{
    const double skills[] = {0.4, 0.7, 1.1}, slopes[] = {0.08, 0.15, 0.3};
    double last = 0;
    for (int k = 0; k < 3; k++) {
        double sum = 0, difficulty = 0;
        for (uint64_t seed = 0; seed < 20; seed++) {
            double at;
            sum += share_of(*state, skills[k], slopes[k], seed, 15, 60, &at) / 20;
            difficulty += at / 20;
        }
        assert_true(sum > 0.58 && sum < 0.72); // 20 people, levels 16 to 60
        assert_true(difficulty > last);        // who can do more, is asked for more
        last = difficulty;
    }
}

static void test_who_always_wins_meets_harder_and_who_loses_easier(void **state)
{
    Room *room = *state;
    for (int wins = 0; wins < 2; wins++) {
        ParaEndless e;
        double before[3] = {-1, -1, -1};
        para_endless_begin(&e, &room->families, 4);
        for (int i = 0; i < 60; i++) {
            int family = i % 3;
            take_wished(&e, family, i);
            double d = e.level.difficulty, least = 0, most = PARA_ENDLESS_DIFFICULTY_MOST;
            if (before[family] >= 0)
                assert_true(wins ? d > before[family] || d == most : d < before[family] || d == least);
            before[family] = d;
            para_endless_end(&e, wins ? PARA_ENDLESS_SOLVED : PARA_ENDLESS_UNSOLVED, 1);
        }
        assert_true(wins ? before[0] > 1.5 : before[0] == 0);
        assert_int_equal(e.streak, wins ? 60 : 0);
        // What tells nothing changes nothing.
        take_wished(&e, 0, 60);
        double skill = e.skill;
        para_endless_end(&e, PARA_ENDLESS_UNRATED, 1);
        assert_true(e.skill == skill && e.streak == (wins ? 60 : 0));
    }
}

static void test_a_ladder_goes_from_the_easiest_to_the_hardest(void **state)
{
    Room *room = *state;
    for (int f = 0; f < room->families.count; f++) {
        const ParaTemplate *t = room->families.templates[f];
        int moving = 0;
        for (int p = 0; p < para_template_param_count(t); p++) {
            double low, high, first = para_ladder_value(t, p, 0, 0.5), last = para_ladder_value(t, p, 1, 0.5);
            if (!para_ladder_range(t, p, 0, &low, &high))
                continue;
            moving += first != last;
            double before = first;
            for (int k = 1; k <= 20; k++) { // one way all the way
                double now = para_ladder_value(t, p, k / 20.0, 0.5);
                assert_true(last > first ? now >= before - 1e-9 : last < first ? now <= before + 1e-9 : true);
                assert_true(now >= para_template_param(t, p)->low && now <= para_template_param(t, p)->high);
                before = now;
            }
        }
        assert_true(moving >= 2);
    }
}

static void end(ParaEndless *e, int i)
{
    para_endless_end(e, i % 3 == 2 ? PARA_ENDLESS_UNSOLVED : PARA_ENDLESS_SOLVED, 2 + i);
}

static void test_levels_follow_that_are_new_and_told_why(void **state)
{
    Room *room = *state;
    ParaEndless e, same;
    ParaEndlessLevel next, again;
    const char *error = NULL;
    int families = 0, harder = 0, twists = 0;
    para_endless_begin(&e, &room->families, 11);
    for (int i = 0; i < 30; i++) {
        char words[PARA_ENDLESS_WORDS_MAX];
        assert_true(para_endless_propose(&e, &quick, room->scratch, &next, &error));
        same = e;
        assert_true(para_endless_propose(&same, &quick, room->scratch, &again, &error));
        assert_true(next.hash == again.hash && next.hash != e.level.hash);
        para_endless_say_next(&e, &next, words);
        assert_non_null(strstr(words, "in 100"));
        if (i > 0 && next.visit == e.level.visit) {
            assert_int_equal(next.pick.family, e.level.pick.family);
            assert_non_null(strstr(words, next.difficulty > e.level.difficulty ? "harder" : "easier"));
            harder += next.difficulty > e.level.difficulty && strstr(words, " instead of ");
        } else if (i > 0) {
            assert_int_not_equal(next.pick.family, e.level.pick.family);
            assert_non_null(strstr(words, "Something else now"));
        }
        twists += *next.twists != '\0';
        families |= 1 << next.pick.family;
        const ParaLevel *level = para_endless_level(&e, &next, room->scratch);
        assert_non_null(level);
        assert_string_equal(level->maker, "endless");
        para_endless_take(&e, &next);
        end(&e, i);
        para_endless_say_end(&e, words);
        assert_non_null(strstr(words, i % 3 == 2 ? "was the first try" : "At the first try"));
    }
    assert_true(families == 7 && harder >= 3 && twists >= 2);
    assert_true(e.number == 30 && e.solved == 20);
}

static void test_what_is_kept_goes_on_as_if_nothing_had_happened(void **state)
{
    Room *room = *state;
    ParaEndless e, back;
    ParaEndlessLevel next, again;
    const char *error = NULL, *note = NULL;
    para_endless_read(&e, &room->families, 5, room->arena, &note);
    assert_true(!note && e.number == 0 && e.seed == 5);
    for (int i = 0; i < 12; i++) {
        if (!para_endless_propose(&e, &quick, room->scratch, &next, &error))
            fail_msg("%s", error);
        para_endless_read(&back, &room->families, 5, room->arena, &note); // killed between the levels
        assert_true(i == 0 || para_endless_propose(&back, &quick, room->scratch, &again, &error));
        assert_true(i == 0 || again.hash == next.hash);
        para_endless_take(&e, &next);
        assert_true(para_endless_write(&e, room->arena, &error));
        para_endless_read(&back, &room->families, 6, room->arena, &note); // in a level
        assert_true(!note && back.end == PARA_ENDLESS_OPEN && back.level.hash == e.level.hash &&
                    back.seed == 5);
        assert_true(back.number == e.number && back.skill == e.skill && back.visit_left == e.visit_left);
        assert_string_equal(back.level.twists, e.level.twists);
        end(&e, i);
        assert_true(para_endless_write(&e, room->arena, &error));
    }
    // Other families: the level under way is theirs no more, the person is.
    ParaFamilies other;
    const char *const cave[] = {"pistons"};
    assert_true(para_endless_families(&other, cave, 1, room->arena, &error));
    para_endless_read(&back, &other, 5, room->arena, &note);
    assert_true(!note && back.end == PARA_ENDLESS_UNRATED && back.number == 12 && back.skill == e.skill);
    assert_true(para_endless_propose(&back, &quick, room->scratch, &next, &error));
    para_endless_take(&back, &next);
    assert_true(para_endless_write(&back, room->arena, &error));
    para_endless_read(&back, &room->families, 5, room->arena, &note);
    assert_null(note);
    for (int f = 0; f < room->families.count; f++) {
        double apart = back.offset[f] - e.offset[f]; // JSON's own digits: it was copied, not played
        assert_true(back.plays[f] == e.plays[f] && apart > -1e-12 && apart < 1e-12);
    }
}

static void test_a_file_that_makes_no_sense_is_told_and_harmless(void **state)
{
    Room *room = *state;
    ParaEndless e, back;
    ParaEndlessLevel next;
    const char *error = NULL, *note = NULL;
    para_endless_begin(&e, &room->families, 5);
    assert_true(para_endless_propose(&e, &quick, room->scratch, &next, &error));
    para_endless_take(&e, &next);
    assert_true(para_endless_write(&e, room->arena, &error));
    const char *path = para_store_path(PARA_STORE_DATA, "endless.json", room->arena, &error);
    size_t size = 0;
    char *text = para_file_read(path, 1 << 20, room->arena, &size, &error);
    assert_non_null(text);
    int told = 0;
    for (size_t at = 3; at < size; at += 7) { // whatever one byte says instead
        char *wrong = para_arena_strdup(room->arena, text);
        wrong[at] = '9';
        assert_true(para_file_write(path, wrong, size, room->arena, &error));
        para_endless_read(&back, &room->families, 5, room->arena, &note);
        told += note != NULL;
        assert_true(back.end == PARA_ENDLESS_OPEN || back.end == PARA_ENDLESS_UNRATED);
    }
    assert_true(told > 20);
}

static void test_a_thread_makes_what_would_be_made(void **state)
{
    Room *room = *state;
    ParaEndless e;
    ParaEndlessLevel next, ahead_next;
    const char *error = NULL;
    ParaAhead *ahead = para_ahead_open(&quick);
    assert_non_null(ahead);
    para_endless_begin(&e, &room->families, 21);
    assert_true(para_endless_propose(&e, &quick, room->scratch, &next, &error));
    for (int i = 0; i < 8; i++) {
        para_endless_take(&e, &next);
        para_ahead_ask(ahead, &e);
        if (i % 4 == 1) // asked again in the midst of it
            para_ahead_ask(ahead, &e);
        para_endless_end(&e, (ParaEndlessEnd)(1 + i % 3), 1);
        assert_true(para_endless_propose(&e, &quick, room->scratch, &next, &error));
        assert_true(para_ahead_take(ahead, &e, true, &ahead_next, &error));
        assert_int_equal(next.hash, ahead_next.hash);
    }
    para_endless_take(&e, &next);
    para_ahead_ask(ahead, &e); // and left
    para_ahead_close(ahead);
}

/// Somebody who has enough at the question of this number.
typedef struct Impatient {
    int asked, enough;
} Impatient;

static bool has_enough(void *context)
{
    Impatient *who = context;
    return ++who->asked >= who->enough;
}

static void test_leaving_ends_the_making_within_a_decision(void **state)
{
    Room *room = *state;
    ParaEndless e;
    ParaEndlessLevel next;
    Impatient who = {.enough = 40}; // in the midst of the first level that is left alone
    ParaEndlessMaker maker = quick;
    const char *error = NULL;
    maker.stop = has_enough;
    maker.stop_context = &who;
    para_endless_begin(&e, &room->families, 7);
    assert_false(para_endless_propose(&e, &maker, room->scratch, &next, &error));
    assert_string_equal(error, "stopped");
    assert_in_range(who.asked, who.enough, who.enough + 5); // once a decision, and on the way out
}

/// Plays eight levels of one family and wins them all. @return [1] the edits of the last
static int win_eight(Room *room, const char *name)
{
    ParaFamilies families;
    ParaEndless e;
    ParaEndlessLevel next = {0};
    const char *error = NULL;
    char words[PARA_ENDLESS_WORDS_MAX];
    if (!para_endless_families(&families, &name, 1, room->arena, &error))
        fail_msg("%s", error);
    para_endless_begin(&e, &families, 2);
    for (int i = 0; i < 8; i++) {
        double before = next.difficulty;
        if (!para_endless_propose(&e, &quick, room->scratch, &next, &error))
            fail_msg("%s, level %d: %s", name, i, error);
        for (int k = 0; k < i; k++)
            assert_true(e.past[k + 1] != next.hash);
        assert_true(next.difficulty > before || next.difficulty == PARA_ENDLESS_DIFFICULTY_MOST);
        para_endless_say_next(&e, &next, words);
        if (i > 0 && next.visit == e.level.visit && next.difficulty > before)
            assert_non_null(strstr(words, "meant to be harder"));
        para_endless_take(&e, &next);
        para_endless_end(&e, PARA_ENDLESS_SOLVED, 1);
    }
    return next.pick.edit_count;
}

static void test_any_family_can_be_played(void **state)
{
    Room *room = *state;
    assert_true(win_eight(room, "rover") > 0);       // parameters, no tiers
    assert_true(win_eight(room, "mountaincar") > 0); // neither: always the same level, but for its edits
    assert_true(win_eight(room, "walker-8") > 0);    // a tier easy, and none called hard
}

static void test_a_ladder_without_tiers_goes_from_half_of_a_range_to_all_of_it(void **state)
{
    Room *room = *state;
    ParaFamilies families;
    const char *const rover[] = {"rover"}, *error = NULL;
    assert_true(para_endless_families(&families, rover, 1, room->arena, &error));
    const ParaTemplate *t = families.templates[0];
    for (int p = 0; p < para_template_param_count(t); p++) {
        const ParaParam *param = para_template_param(t, p);
        double low, high, range = param->high - param->low;
        assert_true(para_ladder_range(t, p, 0, &low, &high));
        assert_true(fabs(low - param->low - range / 4) < 1e-9 && fabs(param->high - high - range / 4) < 1e-9);
        assert_true(para_ladder_range(t, p, 1, &low, &high));
        assert_true(low == param->low && high == param->high);
    }
}

static void test_without_names_the_families_are_those_with_tiers(void **state)
{
    Room *room = *state;
    ParaFamilies families;
    const char *error = NULL;
    assert_true(para_endless_families(&families, NULL, 0, room->arena, &error));
    assert_true(families.count > 20 && families.count <= PARA_ENDLESS_FAMILIES_MAX);
    bool grammar = false;
    for (int f = 0; f < families.count; f++)
        grammar |= strcmp(families.names[f], "overland") == 0;
    assert_true(grammar);
    for (int f = 0; f < families.count; f++)
        assert_true(para_ladder_is_told(families.templates[f]));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_endless[] = {
    TEST(test_whoever_plays_is_met_at_two_of_three),
    TEST(test_who_always_wins_meets_harder_and_who_loses_easier),
    TEST(test_a_ladder_goes_from_the_easiest_to_the_hardest),
    TEST(test_levels_follow_that_are_new_and_told_why),
    TEST(test_what_is_kept_goes_on_as_if_nothing_had_happened),
    TEST(test_a_file_that_makes_no_sense_is_told_and_harmless),
    TEST(test_a_thread_makes_what_would_be_made),
    TEST(test_leaving_ends_the_making_within_a_decision),
    TEST(test_any_family_can_be_played),
    TEST(test_a_ladder_without_tiers_goes_from_half_of_a_range_to_all_of_it),
    TEST(test_without_names_the_families_are_those_with_tiers),
};
const size_t para_tests_endless_count = sizeof para_tests_endless / sizeof *para_tests_endless;
