// SPDX-License-Identifier: MIT
// Names: copies have numbered ones, joints of a saved level get one, and none of them is ever another's.
#include "agents/env/decision.h"
#include "agents/env/replay.h"
#include "engine/base/rng.h"
#include "tests/agents/scratch.h"
#include "tests/tests.h"
#include "worlds/template.h"

#include <stdarg.h>

static ParaArena *new_arena(void) { return para_arena_create(1 << 18, (size_t)1 << 29); }

static const ParaTemplate *load(const char *text, ParaArena *arena, ParaDiagList *out)
{
    *out = para_diag_list(arena, "names", NULL);
    return para_template_load("names", text, strlen(text), arena, out);
}

/// A level of a text that must load.
static ParaLevel *level_of(const char *text, ParaArena *arena)
{
    ParaDiagList list;
    const ParaTemplate *t = load(text, arena, &list);
    ParaLevel *level = t ? para_template_sample(t, NULL, 1, arena, &list) : NULL;
    if (!level) {
        para_diag_print(&list, stdout);
        fail_msg("%s", text);
    }
    return level;
}

/// The template around some bodies, zones, joints and actuators.
#define AROUND                                                                                               \
    "{\"paracosm\": 1, \"name\": \"names\", \"params\": {\"k\": {\"int\": [0, 12]}}, \"world\": "            \
    "{\"seconds\": 2},\n\"bodies\": [{\"name\": \"ground\", \"static\": true, \"shape\": {\"box\": [40, "    \
    "1]}}, {\"name\": \"hero\", \"at\": [0, 3], \"shape\": {\"circle\": 0.3}}%s],\n"                         \
    "\"zones\": [{\"name\": \"flag\", \"at\": [9, 9], \"area\": {\"box\": [1, 2]}}%s],\n"                    \
    "\"joints\": [%s],\n\"player\": {\"body\": \"hero\", \"actuators\": [{\"twist\": \"hero\", \"torque\": " \
    "1}%s]},\n\"goal\": {\"any\": [{\"inside\": [\"hero\", \"flag\"]}%s]}}"

/// The level saved and read again is the same level.
static void check_saved(const ParaLevel *level, const char *text, ParaArena *arena)
{
    char *json = para_level_to_json(level, arena);
    ParaDiagList list;
    const ParaTemplate *saved = load(json, arena, &list);
    ParaLevel *back = saved ? para_template_sample(saved, NULL, 77, arena, &list) : NULL;
    if (back && back->hash == level->hash)
        return;
    para_diag_print(&list, stdout);
    fail_msg("the saved level %s\n%s\nof\n%s", back ? "is another one" : "does not read", json, text);
}

static bool is_among(const char *name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (*name && strcmp(names[i], name) == 0)
            return true;
    return false;
}

/// No two bodies and zones have one name.
static void check_unique(const ParaLevel *level, const char *text)
{
    int bodies = level->world.body_count, zones = level->world.zone_count;
    for (int b = 0; b < bodies; b++)
        if (is_among(level->body_names[b], level->body_names, b))
            fail_msg("two bodies %s in\n%s", level->body_names[b], text);
    for (int z = 0; z < zones; z++)
        if (is_among(level->zone_names[z], level->zone_names, z) ||
            is_among(level->zone_names[z], level->body_names, bodies))
            fail_msg("two of name %s in\n%s", level->zone_names[z], text);
}

/// Plays a few decisions, writes them, and proves them from the file.
static void check_replay(const ParaLevel *level, const Scratch *scratch, ParaArena *arena)
{
    static const int8_t action[PARA_CHANNELS] = {1, -1, 1};
    const char *path = scratch_path(scratch, "a.replay"), *error = NULL;
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaEnv env;
    para_env_init(&env, para_world_at(group, 0), true);
    assert_true(para_env_begin(&env, level, "test"));
    for (int i = 0; i < 5 && env.play.status == PARA_PLAY_ON; i++)
        para_decision_make_one(&env, action);
    if (!para_replay_write(path, para_env_replay(&env), arena, &error))
        fail_msg("%s", error);
    ParaReplay *replay = para_replay_read(path, arena, &error);
    ParaVerdict verdict = {.message = "not read"};
    if (replay)
        verdict = para_replay_verify(replay, arena);
    if (!verdict.ok)
        fail_msg("%s\n%s", replay ? verdict.message : error, replay ? replay->level_json : "");
    para_env_destroy(&env);
    para_world_group_destroy(group);
}

// ---------------------------------------------------------------- random templates

typedef struct Text {
    char text[4000];
} Text;

static void add(Text *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(Text *out, const char *format, ...)
{
    size_t used = strlen(out->text);
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(out->text + used, sizeof out->text - used, format, arguments);
    va_end(arguments);
    assert_true(written >= 0 && used + (size_t)written < sizeof out->text);
}

/// Names that meet each other with a number behind them, and those that a saver may think of.
static const char *const pool[] = {"a",     "a1",     "a11",    "a12", "a2",       "coin", "coin1", "coin12",
                                   "joint", "joint0", "joint1", "b",   "joint0-1", "a-1",  "player"};

/// Each template keeps to a few of them, so that its references mostly find something.
static size_t pool_first;

static const char *any_name(ParaRng *rng)
{
    return pool[(pool_first + (size_t)para_rng_int(rng, 0, 5)) % (sizeof pool / sizeof *pool)];
}

/// A name of the pool, that of a copy, a counted one, or a run of copies.
static const char *any_reference(ParaRng *rng, ParaArena *arena)
{
    const char *name = any_name(rng);
    int number = (int)para_rng_int(rng, 1, 13);
    switch (para_rng_int(rng, 0, 5)) {
    case 0:
        return para_arena_printf(arena, "%s%d", name, number);
    case 1:
        return para_arena_printf(arena, "%s{%d}", name, number);
    case 2:
        return para_arena_printf(arena, "%s1..%s%d", name, name, number);
    default:
        return name;
    }
}

/// `"name": ..., "repeat": ..., "if": ..., ` of one object.
static void add_head(Text *out, ParaRng *rng, int most)
{
    if (para_rng_int(rng, 0, 9) > 0)
        add(out, "\"name\": \"%s\", ", any_name(rng));
    int kind = (int)para_rng_int(rng, 0, 5);
    if (kind == 0)
        add(out, "\"repeat\": \"k\", ");
    else if (kind < 4)
        add(out, "\"repeat\": %d, ", (int)para_rng_int(rng, 0, most));
    if (para_rng_int(rng, 0, 5) == 0)
        add(out, "\"if\": \"k > 5\", ");
}

static const char *random_template(ParaRng *rng, ParaArena *arena)
{
    pool_first = (size_t)para_rng_int(rng, 0, 100);
    Text bodies = {""}, zones = {""}, joints = {""}, actuators = {""}, goals = {""};
    for (int i = (int)para_rng_int(rng, 1, 4); i > 0; i--) {
        add(&bodies, ", {");
        add_head(&bodies, rng, 13);
        bool moves = para_rng_int(rng, 0, 1) == 0;
        add(&bodies, "%s\"at\": [%d, 20], \"shape\": {\"circle\": 0.1}}",
            moves ? "" : "\"kinematic\": true, ", (int)para_rng_int(rng, -9, 9));
    }
    for (int i = (int)para_rng_int(rng, 0, 2); i > 0; i--) {
        add(&zones, ", {");
        add_head(&zones, rng, 13);
        add(&zones, "\"at\": [5, 5], \"area\": {\"circle\": 0.2}}");
    }
    int joint_count = (int)para_rng_int(rng, 0, 2);
    for (int i = 0; i < joint_count; i++) {
        const char *name = any_name(rng);
        add(&joints, "%s{\"name\": \"%s\", \"prismatic\": [\"ground\", \"hero\"], \"axis\": [1, 0]}",
            i ? ", " : "", name);
        add(&actuators, ", {\"slide\": \"%s\", \"speed\": 1, \"force\": 5, \"channel\": %d}", name, i + 1);
    }
    for (int i = (int)para_rng_int(rng, 0, 3); i > 0; i--) {
        if (para_rng_int(rng, 0, 1) == 0)
            add(&goals, ", {\"near\": [\"%s\", \"%s\", 0.5]}", any_reference(rng, arena),
                any_reference(rng, arena));
        else
            add(&goals, ", {\"above\": [\"%s\", 90]}", any_reference(rng, arena));
    }
    return para_arena_printf(arena, AROUND, bodies.text, zones.text, joints.text, actuators.text, goals.text);
}

static void test_names_are_one_thing_each_and_saved_levels_read_back(void **state)
{
    (void)state;
    enum { TEMPLATES = 4000 };
    Scratch scratch = scratch_make();
    ParaRng rng = para_rng_make(9, "names");
    int loaded = 0, levels = 0, proved = 0;
    ParaArena *arena = new_arena();
    for (int i = 0; i < TEMPLATES; i++) {
        para_arena_clear(arena);
        const char *text = random_template(&rng, arena);
        ParaDiagList list;
        const ParaTemplate *t = load(text, arena, &list);
        loaded += t != NULL;
        for (uint64_t seed = 0; t && seed < 4; seed++) {
            const ParaLevel *level = para_template_sample(t, NULL, seed, arena, NULL);
            if (!level)
                continue;
            levels++;
            check_unique(level, text);
            check_saved(level, text, arena);
            if (levels % 16 == 0) {
                check_replay(level, &scratch, arena);
                proved++;
            }
        }
    }
    assert_true(loaded > TEMPLATES / 10 && levels > TEMPLATES / 4 && proved > TEMPLATES / 100);
    para_arena_destroy(arena);
    scratch_remove(&scratch);
}

// ---------------------------------------------------------------- by hand

static void test_names_of_a_copy_may_end_its_prefix_in_digits(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    char text[4000];
    // coin12 is the second copy of coin1: of itself, and where coin has copies too, but not so many.
    for (int with = 0; with < 2; with++) {
        snprintf(
            text, sizeof text, AROUND,
            with ? ", {\"name\": \"coin\", \"repeat\": 3, \"at\": [3, 20], \"shape\": {\"circle\": 0.1}}"
                   ", {\"name\": \"coin1\", \"repeat\": 2, \"at\": [5, 20], \"shape\": {\"circle\": 0.1}}"
                 : ", {\"name\": \"coin1\", \"repeat\": 2, \"at\": [5, 20], \"shape\": {\"circle\": 0.1}}",
            "", "", "", ", {\"above\": [\"coin12\", 90]}, {\"above\": [\"coin1{k - k + 2}\", 90]}");
        const ParaLevel *level = level_of(text, arena);
        for (int g = 0; g < level->goal_count; g++)
            if (level->goals[g].kind == PARA_GOAL_ABOVE)
                assert_string_equal(level->body_names[level->goals[g].a], "coin12");
        check_saved(level, text, arena);
    }
    // Where neither has so many, there is none.
    snprintf(text, sizeof text, AROUND,
             ", {\"name\": \"coin\", \"repeat\": 3, \"at\": [3, 20], \"shape\": {\"circle\": 0.1}}"
             ", {\"name\": \"coin1\", \"repeat\": 1, \"at\": [5, 20], \"shape\": {\"circle\": 0.1}}",
             "", "", "", ", {\"above\": [\"coin12\", 90]}");
    ParaDiagList list;
    assert_null(load(text, arena, &list));
    assert_string_equal(list.items[0].code, "P044");
    para_arena_destroy(arena);
}

/// A name is a letter, then letters, digits, - and _: each character of ASCII alone and behind a letter, and
/// each letter as a value that an expression reads.
static void test_names_have_the_characters_they_may_have(void **state)
{
    (void)state;
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                      others[] = "0123456789-_";
    ParaArena *arena = new_arena();
    for (int c = 1; c < 128; c++) {
        bool letter = strchr(letters, c) != NULL, inside = letter || strchr(others, c) != NULL;
        for (int behind = 0; behind < 2; behind++) {
            char text[4000], body[200];
            ParaDiagList list;
            snprintf(body, sizeof body, ", {\"name\": \"%s\\u%04x\", \"static\": true, \"at\": [1, 6]}",
                     behind ? "q" : "", (unsigned)c);
            snprintf(text, sizeof text, AROUND, body, "", "", "", "");
            bool good = load(text, arena, &list) != NULL;
            if (good != (behind ? inside : letter))
                fail_msg("%s with character %d: %s", behind ? "q" : "alone", c, good ? "taken" : "refused");
        }
        if (!letter)
            continue;
        const char *value = para_arena_printf(
            arena,
            "{\"paracosm\": 1, \"name\": \"names\", \"let\": {\"%c\": \"%d\", \"q%c\": \"2 * %c\"}, "
            "\"bodies\": "
            "[{\"name\": \"ball\", \"at\": [\"%c + q%c\", 2], \"shape\": {\"circle\": 0.5}}], \"player\": "
            "{\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"torque\": 1}]}, \"goal\": "
            "{\"time\": 5}}",
            c, c, c, c, c, c);
        if (c != 'i' && c != 'n') // words of their own
            assert_true(level_of(value, arena)->world.bodies[0].position.x == 3.0f * (float)c);
    }
    para_arena_destroy(arena);
}

/// A counted reference finds things named one by one, bodies and zones, first or last in their lists.
static void test_names_counted_by_hand_are_found_anywhere(void **state)
{
    (void)state;
#define BALL       "{\"name\": \"ball\", \"at\": [1, 2], \"shape\": {\"circle\": 0.5}}"
#define PEG(name)  "{\"name\": \"" name "\", \"static\": true, \"at\": [1, 6]}"
#define ZONE(name) "{\"name\": \"" name "\", \"at\": [8, 2], \"area\": {\"box\": [1, 2]}}"
    static const struct {
        const char *bodies, *zones, *what;
    } rows[] = {
        {PEG("peg1") ", " BALL, ZONE("flag1") ", " ZONE("other"), NULL},
        {BALL ", " PEG("peg1"), ZONE("other") ", " ZONE("flag1"), NULL},
        {PEG("peg1") ", " BALL ", " PEG("peg2"), ZONE("flag1"), NULL},
        {PEG("peg") ", " BALL, ZONE("flag1"), "P024"}, // one, and not counted
        {PEG("pegs1") ", " BALL, ZONE("flag1"), "P024"},
        {PEG("peg1") ", " BALL, ZONE("flags1"), "P024"},
        {BALL, ZONE("flag1") ", " ZONE("peg1"), "P024"}, // a joint holds no zone
    };
    ParaArena *arena = new_arena();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = para_arena_printf(
            arena,
            "{\"paracosm\": 1, \"name\": \"names\", \"bodies\": [%s], \"zones\": [%s], \"joints\": "
            "[{\"repeat\": "
            "1, \"distance\": [\"peg{i+1}\", \"ball\"], \"at_a\": [1, 6]}], \"player\": {\"body\": \"ball\", "
            "\"actuators\": [{\"twist\": \"ball\", \"torque\": 1}]}, \"goal\": {\"inside\": [\"ball\", "
            "\"flag{1}\"]}}",
            rows[i].bodies, rows[i].zones);
        if (!rows[i].what) {
            const ParaLevel *level = level_of(text, arena);
            assert_string_equal(level->body_names[level->world.joints[0].a], "peg1");
            continue;
        }
        ParaDiagList list;
        assert_null(load(text, arena, &list));
        assert_string_equal(list.items[0].code, rows[i].what);
    }
#undef BALL
#undef PEG
#undef ZONE
    para_arena_destroy(arena);
}

/// A saved level keeps a joint's own name, for people; an actuator refers to it by that.
static void test_saved_joints_keep_their_names(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    char text[4000];
    snprintf(text, sizeof text, AROUND, "", "",
             "{\"name\": \"rail\", \"repeat\": 2, \"prismatic\": [\"ground\", \"hero\"], \"axis\": [1, 0]}"
             ", {\"prismatic\": [\"ground\", \"hero\"], \"axis\": [1, 0]}",
             ", {\"slide\": \"rail2\", \"speed\": 1, \"force\": 5, \"channel\": 1}", "");
    const ParaLevel *level = level_of(text, arena);
    const char *saved = para_level_to_json(level, arena);
    check_saved(level, text, arena);
    level = level_of(saved, arena);
    assert_string_equal(level->joint_names[0], "rail1");
    assert_string_equal(level->joint_names[1], "rail2");
    assert_string_equal(level->joint_names[2], "");
    assert_int_equal(level->players[0].actuators[1].joint, 1);
    para_arena_destroy(arena);
}

/// An actuator that may name a body or a joint finds the body first: then a saved joint has another name.
static void test_names_of_saved_joints_are_no_body_s(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    char text[4000];
    snprintf(text, sizeof text, AROUND,
             ", {\"name\": \"joint0\", \"kinematic\": true, \"at\": [3, 20], \"shape\": {\"circle\": 0.1}}"
             ", {\"name\": \"joint0-1\", \"kinematic\": true, \"at\": [5, 20], \"shape\": {\"circle\": 0.1}}"
             ", {\"name\": \"hinge\", \"kinematic\": true, \"at\": [7, 20], \"shape\": {\"circle\": 0.1}}",
             "", "{\"name\": \"hinge\", \"revolute\": [\"ground\", \"hero\"]}",
             ", {\"motor\": \"hinge\", \"rate\": 1, \"torque\": 5, \"channel\": 1}", "");
    const ParaLevel *level = level_of(text, arena);
    assert_int_equal(level->players[0].actuators[1].joint, 0);
    check_saved(level, text, arena);
    assert_non_null(strstr(para_level_to_json(level, arena), "\"motor\": \"joint0-2\""));
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_names[] = {
    cmocka_unit_test(test_names_are_one_thing_each_and_saved_levels_read_back),
    cmocka_unit_test(test_names_of_a_copy_may_end_its_prefix_in_digits),
    cmocka_unit_test(test_names_have_the_characters_they_may_have),
    cmocka_unit_test(test_names_counted_by_hand_are_found_anywhere),
    cmocka_unit_test(test_saved_joints_keep_their_names),
    cmocka_unit_test(test_names_of_saved_joints_are_no_body_s),
};
const size_t para_tests_names_count = sizeof para_tests_names / sizeof *para_tests_names;
