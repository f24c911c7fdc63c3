// SPDX-License-Identifier: MIT
// Templates of several players: who they are, what each is there for, and that nothing is lost in saving.
#include "tests/tests.h"
#include "tests/worlds/company.h"
#include "worlds/rules/play.h"
#include "worlds/template.h"

#include <string.h>

static ParaArena *new_arena(void) { return para_arena_create(1 << 18, (size_t)1 << 28); }

/// A level, or NULL where the template is refused: the first reason is then in `why`.
static ParaLevel *level_of(const char *text, ParaArena *arena, const char **why)
{
    ParaDiagList list = para_diag_list(arena, "made", NULL);
    const ParaTemplate *t = para_template_load("made", text, strlen(text), arena, &list);
    ParaLevel *level = t ? para_template_sample(t, NULL, 1, arena, &list) : NULL;
    *why = list.count > 0 ? list.items[0].message : "";
    return list.error_count == 0 ? level : NULL;
}

/// The text with the first of `old` in it replaced; fails if there is none.
static const char *with(const char *text, const char *old, const char *new, ParaArena *arena)
{
    const char *at = strstr(text, old);
    assert_non_null(at);
    return para_arena_printf(arena, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

static void test_company_each_player_has_what_it_says(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const ParaLevel *level = company_level(arena);
    const ParaPlayer *players = level->players;
    assert_int_equal(level->player_count, 3);
    assert_string_equal(players[1].name, "right");
    assert_int_equal(players[0].team, 0);
    assert_int_equal(players[1].team, 0);
    assert_int_equal(players[2].team, 2);
    assert_true(players[0].reward_solved == 4 && players[1].reward_solved == 10);
    assert_true(players[0].reward_failed == -1 && players[2].reward_failed == -3);
    assert_int_equal(level->goals[players[0].goal_root].kind, PARA_GOAL_INSIDE);
    assert_int_equal(level->goals[players[2].goal_root].kind, PARA_GOAL_BELOW);
    assert_int_equal(level->goals[players[2].goal_root].a, players[2].body); // "player" is itself
    assert_int_equal(level->goals[players[1].fail_root].a, players[1].body);
    assert_int_equal(level->reward_count, 5); // one of its own, and two of the level for each other
    assert_int_equal(level->rewards[0].player, 0);
    assert_int_equal(level->rewards[4].player, 2);
    assert_int_equal(para_level_body_role(level, 0, players[0].body), PARA_ROLE_PLAYER);
    assert_int_equal(para_level_body_role(level, 1, players[0].body),
                     PARA_ROLE_HAZARD); // it must not touch it
    assert_int_equal(players[2].channel_bits, 1u | 1u << 2);
    // An event is nobody's: there "player" is any of them.
    const ParaGoalNode *any = &level->goals[level->events[0].root];
    assert_int_equal(any->kind, PARA_GOAL_ANY);
    assert_int_equal(any->child_count, 3);
    para_arena_destroy(arena);
}

/// Levels that differ in one thing that a player says have different hashes, and each comes back.
static void test_company_is_saved_whole(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"\"share\": 0.5", "\"share\": 0.25"},
        {"\"solved\": 4", "\"solved\": 10"},
        {"\"failed\": -1", "\"failed\": -2"},
        {"\"sight\": 4", "\"sight\": 5"},
        {"\"countdown\": 1", "\"countdown\": 2"},
        {"\"team\": \"red\", \"body\"", "\"team\": \"blue\", \"body\""},
        {"\"left_of\": [\"player\", 10]", "\"left_of\": [\"player\", 9]"},
        {"\"weight\": 2", "\"weight\": 3"},
        {"\"force\": 7", "\"force\": 8"},
        {"\"positive\": \"up\"", "\"positive\": \"w\""},
        {"{\"0\": -1}", "{\"0\": 0.5}"},
        {"[\"player\", \"player1\"]", "[\"player\", \"player2\"]"},
        {"\"say\": \"ouch\"", "\"say\": \"ouch\""}};
    enum { COUNT = sizeof changes / sizeof *changes };
    uint64_t hashes[COUNT];
    for (int k = 0; k < COUNT; k++) {
        ParaArena *arena = new_arena();
        const char *why;
        const char *text = with(company_text(), changes[k][0], changes[k][1], arena);
        const ParaLevel *level = level_of(text, arena, &why);
        if (k == 11) { // the second player cannot touch itself
            assert_null(level);
            hashes[k] = (uint64_t)k;
            para_arena_destroy(arena);
            continue;
        }
        assert_non_null(level);
        const char *json = para_level_to_json(level, arena);
        const ParaLevel *back = level_of(json, arena, &why);
        if (!back || back->hash != level->hash)
            print_error("%s\n%s\n", why, json);
        assert_non_null(back);
        assert_true(back->hash == level->hash);
        assert_string_equal(para_level_to_json(back, arena), json);
        for (int p = 0; p < level->player_count; p++) {
            assert_string_equal(back->players[p].name, level->players[p].name);
            assert_string_equal(back->players[p].team_name, level->players[p].team_name);
        }
        hashes[k] = level->hash;
        for (int other = 0; other < k; other++)
            assert_true(hashes[other] != hashes[k]);
        para_arena_destroy(arena);
    }
}

#define WORLD "{\"paracosm\": 1, \"name\": \"t\", \"world\": {\"gravity\": [0, 0], \"size\": [20, 9]}, "
#define WALKER                                                                                               \
    "\"parts\": {\"walker\": {\"paracosm-part\": 1, \"params\": {\"k\": {\"range\": [0, 9], \"default\": "   \
    "0}}, \"bodies\": [{\"name\": \"hull\", \"shape\": {\"circle\": "                                        \
    "0.4}}], \"zones\": [{\"name\": \"home\", \"at\": [6, 0], \"area\": {\"circle\": 1}}], \"player\": "     \
    "{\"body\": "                                                                                            \
    "\"hull\", \"name\": \"w\", \"goal\": {\"inside\": [\"player\", \"home\"]}, \"rewards\": "               \
    "[{\"approach\": "                                                                                       \
    "[\"player\", \"home\"]}], \"actuators\": [{\"thruster\": \"hull\", \"direction\": [1, 0], \"force\": "  \
    "\"k\"}, "                                                                                               \
    "{\"twist\": \"hull\", \"channel\": 1, \"torque\": 1}]}}}, "

static void test_company_each_copy_of_a_part_is_one(void **state)
{
    (void)state;
    static const char text[] =
        WORLD WALKER "\"bodies\": [{\"name\": \"box\", \"at\": [9, 8], \"shape\": {\"box\": [1, 1]}}], "
                     "\"include\": [{\"part\": \"walker\", \"as\": \"w\", \"repeat\": 4, \"with\": {\"k\": "
                     "\"i + 1\"}, \"at\": [2, \"1 + 2 * i\"]}], "
                     "\"players\": [{\"part\": \"w\"}]}";
    ParaArena *arena = new_arena();
    const char *why;
    const ParaLevel *level = level_of(text, arena, &why);
    if (!level)
        print_error("%s\n", why);
    assert_non_null(level);
    assert_int_equal(level->player_count, 4);
    assert_string_equal(level->players[2].name, "w3");
    for (int p = 0; p < 4; p++) {
        const ParaPlayer *player = &level->players[p];
        assert_int_equal(player->actuator_count, 2); // its own alone
        assert_int_equal(player->actuators[0].body, player->body);
        assert_true(player->actuators[0].force == (float)(p + 1));
        assert_int_equal(level->goals[player->goal_root].a, player->body);
        assert_int_equal(level->goals[player->goal_root].zone, p);
        assert_int_equal(level->rewards[p].zone, p);
        assert_int_equal(level->rewards[p].player, p);
        assert_int_equal(para_level_zone_role(level, p, p), PARA_ROLE_TARGET);
        assert_int_equal(para_level_zone_role(level, p, (p + 1) % 4), PARA_ROLE_NONE);
    }
    const ParaLevel *back = level_of(para_level_to_json(level, arena), arena, &why);
    assert_non_null(back);
    assert_true(back->hash == level->hash);
    para_arena_destroy(arena);
}

static void test_company_refusals_say_what_to_do(void **state)
{
    (void)state;
#define ONE "{\"body\": \"a\", \"actuators\": [{\"twist\": \"a\", \"torque\": 1}]"
#define TWO "{\"body\": \"b\", \"actuators\": [{\"twist\": \"b\", \"torque\": 1}]"
#define TEXT(name, joints, players, rest)                                                                    \
    WORLD "\"bodies\": [{\"name\": \"a\", \"at\": [3, 3], \"shape\": {\"circle\": 0.5}}, {\"name\": \"" name \
          "\", \"at\": [6, 3], \"shape\": {\"circle\": 0.5}}], \"joints\": [" joints "], " players ", " rest \
          "}"
#define GOAL "\"goal\": {\"above\": [\"player\", 5]}"
    static const char *const cases[][2] = {
        {TEXT("b", "", "\"players\": [" ONE "}, " TWO "}]", GOAL), ""},
        {TEXT("b", "", "\"players\": [" ONE ", " GOAL "}, " TWO "}]", "\"rewards\": []"), "has no \"goal\""},
        {TEXT("b", "", "\"player\": " ONE "}, \"players\": [" ONE "}]", GOAL), "one of the two"},
        {TEXT("b", "", "\"player\": " ONE ", \"team\": \"red\"}", GOAL), "is for \"players\""},
        {TEXT("b", "", "\"players\": []", GOAL), "1"},
        {TEXT("b", "", "\"players\": [" ONE "}, " ONE "}]", GOAL), "a part of player1"},
        {TEXT("b", "{\"distance\": [\"a\", \"b\"]}", "\"players\": [" ONE "}, " TWO "}]", GOAL),
         "\"bodies\""},
        {TEXT("player2", "", "\"players\": [" ONE "}]", GOAL), "take another name"},
        {TEXT("b", "", "\"players\": [" ONE ", \"name\": \"x\"}, " TWO ", \"name\": \"x\"}]", GOAL),
         "also the name"},
        {TEXT("b", "", "\"players\": [" ONE "}, " TWO ", \"moves\": [{\"0\": 1}]}]", GOAL),
         "the first of the players"},
        {TEXT("b", "", "\"players\": [" ONE "}, " TWO "}]",
              "\"goal\": {\"touch\": [\"player\", \"player3\"]}"),
         "no \"player3\""},
        {TEXT("b", "", "\"players\": [" ONE "}, " TWO "}]",
              GOAL ", \"observe\": [{\"value\": \"x(player)\"}]"),
         "write \"player1\""},
        {TEXT("b", "", "\"players\": [" ONE "}, " TWO "}]",
              GOAL ", \"observe\": [{\"value\": \"action(0)\"}]"),
         "the one player"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ParaArena *arena = new_arena();
        const char *why;
        const ParaLevel *level = level_of(cases[k][0], arena, &why);
        if ((level == NULL) != (*cases[k][1] != '\0') || !strstr(why, cases[k][1]))
            print_error("case %zu: \"%s\"\n", k, why);
        assert_true((level == NULL) == (*cases[k][1] != '\0'));
        assert_non_null(strstr(why, cases[k][1]));
        para_arena_destroy(arena);
    }
}

/// What a player shares goes to its team in equal parts, and nothing is made or lost.
static void test_company_shares_its_reward(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char *why;
    static const char text[] = WORLD
        "\"bodies\": [{\"name\": \"a\", \"at\": [3, 3], \"velocity\": [1, 0], \"shape\": {\"circle\": 0.5}}, "
        "{\"name\": \"b\", \"at\": [3, 6], \"shape\": {\"circle\": 0.5}}, "
        "{\"name\": \"c\", \"at\": [9, 6], \"shape\": {\"circle\": 0.5}}], "
        "\"players\": [{\"body\": \"a\", \"team\": \"red\", \"share\": 1, \"rewards\": [{\"forward\": \"a\", "
        "\"weight\": 3}]}, "
        "{\"body\": \"b\", \"team\": \"red\"}, {\"body\": \"c\", \"team\": \"blue\"}], "
        "\"goal\": {\"above\": [\"player\", 50]}}";
    const ParaLevel *level = level_of(text, arena, &why);
    assert_non_null(level);
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_CHIPMUNK, 1);
    ParaWorld world = para_world_at(group, 0);
    ParaPlayerState players[3];
    ParaPlay play;
    assert_true(para_play_begin(&play, level, world, players, NULL, NULL));
    const float still[3 * PARA_CHANNELS] = {0};
    para_play_act(&play, level, still);
    for (int step = 0; step < 60; step++)
        para_play_step(&play, level, world);
    assert_true(players[0].reward > 1.4f &&
                players[0].reward < 1.6f); // 3 for each of about 1 m, shared by two
    assert_true(players[0].reward == players[1].reward);
    assert_true(players[2].reward == 0);
    para_world_group_destroy(group);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_template_company[] = {
    cmocka_unit_test(test_company_each_player_has_what_it_says),
    cmocka_unit_test(test_company_is_saved_whole),
    cmocka_unit_test(test_company_each_copy_of_a_part_is_one),
    cmocka_unit_test(test_company_refusals_say_what_to_do),
    cmocka_unit_test(test_company_shares_its_reward),
};
const size_t para_tests_template_company_count =
    sizeof para_tests_template_company / sizeof *para_tests_template_company;
