// SPDX-License-Identifier: MIT
// Levels that are saved and loaded again are the same: of the library, the fuzzers, and one of everything
// there is.
#include "tests/worlds/company.h"
#include "tests/worlds/format/forms.h"

#include "engine/base/file.h"
#include "worlds/format/data.h"
#include "worlds/library.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

static void test_template_library_loads_samples_and_round_trips(void **state)
{
    (void)state;
    ParaArena *names = new_arena();
    ParaLibraryFamily *families;
    int count = para_library_families(names, &families);
    assert_true(count >= 10);
    for (int i = 0; i < count; i++) {
        ParaArena *arena = new_arena();
        ParaDiagList list = para_diag_list(arena, NULL, NULL);
        const ParaTemplate *t = para_template_load_file(families[i].path, arena, &list);
        para_diag_print(&list, stdout);
        assert_non_null(t);
        assert_int_equal(list.count, 0); // no warnings either
        check_round_trip(t, 12, families[i].path);
        para_arena_destroy(arena);
    }
    para_arena_destroy(names);
}

/// What the fuzzers begin with is good: a seed that does not load teaches them little.
static void test_template_seeds_of_the_fuzzers_round_trip(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char **names = NULL;
    const char *folder = PARA_SOURCE_DIR "/tests/fuzz/seeds";
    int count = para_folder_list(folder, ".json", arena, &names, NULL);
    assert_true(count >= 1);
    for (int k = 0; k < count; k++) {
        ParaDiagList list = para_diag_list(arena, NULL, NULL);
        const char *path = para_arena_printf(arena, "%s/%s.json", folder, names[k]);
        const ParaTemplate *t = para_template_load_file(path, arena, &list);
        para_diag_print(&list, stdout);
        assert_non_null(t);
        assert_int_equal(list.count, 0);
        check_round_trip(t, 20, names[k]);
    }
    para_arena_destroy(arena);
}

/// One of everything the format has.
static const char everything_there[] =
    "{\"paracosm\": 1, \"$schema\": \"x\", \"name\": \"all\", \"about\": \"a \\\"b\\\"\", \"note\": \"n\","
    "\"params\": {\"p\": {\"range\": [1, 2], \"unit\": \"m\", \"about\": \"q\"}, \"k\": {\"int\": [0, 3]}},"
    "\"let\": {\"u\": \"uniform(0, 1)\", \"v\": {\"pick\": [1, 2, \"p\"]}},"
    "\"world\": {\"size\": [30, 20], \"gravity\": [0.5, -8], \"seconds\": 9, \"rate\": 120, \"substeps\": 2,"
    "  \"iterations\": 20, \"friction_rule\": \"root_of_squares\", \"restitution_rule\": \"least\","
    "  \"bounce_min\": 0.7, \"frame_skip\": 2},"
    "\"materials\": [{\"name\": \"gum\", \"density\": \"p\", \"friction\": 1.5, \"restitution\": 0.2, "
    "\"look\": "
    "\"rubber\", \"sound\": \"cloth\"}],"
    "\"bodies\": ["
    " {\"name\": \"ground\", \"static\": true, \"friction\": 0.9, \"material\": \"stone\", \"belt\": -0.5, "
    "\"one_way\": true, "
    "\"shapes\": ["
    "   {\"segment\": [[0, 0], [9, 0.1]], \"radius\": 0.1, \"at\": [0, 1], \"angle\": 0.1},"
    "   {\"chain\": [[10, 1], [11, 1.3], [12, 1]], \"radius\": 0.02, \"restitution\": 0.4},"
    "   {\"chain\": {\"count\": 9, \"point\": [\"13 + i + 0.3 * noise(i, 2)\", \"noise(i / 3) + uniform(0, "
    "0.1)\"]}}]},"
    " {\"name\": \"lift\", \"kinematic\": true, \"at\": [3, 5], \"shape\": {\"box\": [2, 0.2]}, \"spin\": "
    "0.1,"
    "  \"moves\": {\"by\": [0, 1.5], \"period\": 3, \"phase\": 0.7}},"
    " {\"name\": \"gate\", \"kinematic\": true, \"at\": [27, 3], \"shape\": {\"box\": [0.3, 2]}, \"moves\": "
    "{\"by\": "
    "[0, \"p\"], \"waits\": true, \"ends\": true}},"
    " {\"name\": \"tram\", \"kinematic\": true, \"at\": [24, 14], \"shape\": {\"box\": [1, 0.2]}, \"path\": "
    "{\"stops\": [{\"by\": [\"p\", 0], \"angle\": 0.3}, {\"by\": [2, 1], \"time\": \"p + u\", \"wait\": "
    "0.5}],"
    " \"speed\": 2, \"ease\": \"cosine\", \"goes\": \"loop\", \"wait\": \"u\", \"waits\": true}},"
    " {\"name\": \"spark\", \"repeat\": 3, \"spare\": true, \"at\": [\"3 + i\", 12], \"shape\": {\"circle\": "
    "0.1}},"
    " {\"name\": \"paddle\", \"kinematic\": true, \"at\": [6, 9], \"shape\": {\"box\": [1, 0.2]}},"
    " {\"name\": \"hull\", \"at\": [5, 8], \"angle\": 0.3, \"velocity\": [1, \"u\"], \"spin\": -0.2,"
    "  \"gravity_scale\": 0.9, \"damping\": 0.1, \"angular_damping\": 0.2, \"group\": 3, \"fast\": true,"
    "  \"inertia\": 0.5, \"centre_shift\": [0.01, -0.02],"
    "  \"density\": 3, \"restitution\": 0.1, \"category\": 4, \"mask\": 4294967279, \"shatters\": "
    "{\"impulse\": 90, \"squeeze\": 800},"
    "  \"shapes\": [{\"polygon\": [[-0.5, -0.2], [0, 0.4], [0.5, -0.2]], \"density\": 2}, {\"circle\": 0.2, "
    "\"at\": "
    "[0.1, 0.3], \"friction\": 0}]},"
    " {\"name\": \"wheel\", \"repeat\": 2, \"at\": [\"4.6 + 0.8 * i\", 7.5], \"shape\": {\"circle\": \"0.2 + "
    "0.1 * u\"}},"
    " {\"name\": \"arm\", \"fixed_rotation\": true, \"mass_hidden\": true, \"material\": \"gum\", \"at\": "
    "[5, 9], \"shape\": "
    "{\"box\": [0.2, 0.8]}},"
    " {\"name\": \"coin\", \"repeat\": \"k\", \"static\": true, \"collect\": true, \"role\": \"target\","
    "  \"at\": [{\"uniform\": [1, 20]}, {\"int\": [4, 9]}], \"shape\": {\"circle\": 0.2}},"
    " {\"name\": \"pane\", \"static\": true, \"at\": [26, 8], \"shape\": {\"box\": [0.2, 2]}, \"shatters\": "
    "{\"impulse\": "
    "\"p\", \"pieces\": \"k + 2\", \"fragile\": true}},"
    " {\"name\": \"pot\", \"at\": [26, 12], \"shape\": {\"circle\": 0.2}, \"shatters\": {\"squeeze\": 9, "
    "\"into\": "
    "\"spark1..spark2\"}},"
    " {\"name\": \"crate\", \"at\": [9, 4], \"shape\": {\"box\": [\"v / 4\", 0.4]}, \"if\": \"p > 1.2\"},"
    " {\"static\": true, \"at\": [29, 5], \"shape\": {\"box\": [0.2, 9]}, \"role\": \"hazard\"}],";
static const char everything_joined[] =
    "\"joints\": ["
    " {\"name\": \"axle\", \"repeat\": 2, \"revolute\": [\"hull\", \"wheel{i+1}\"], \"limits\": [-40, 40]},"
    " {\"name\": \"rail\", \"prismatic\": [\"hull\", \"arm\"], \"axis\": [1, 2], \"limits\": [-0.5, 0.5], "
    "\"collide\": true},"
    " {\"spring\": [\"hull\", \"arm\"], \"at_a\": [5, 8.2], \"stiffness\": 40, \"damping\": 2},"
    " {\"name\": \"line\", \"distance\": [\"ground\", \"hull\"], \"at_a\": [5, 12], \"limits\": [0, 9], "
    "\"breaks\": "
    "{\"load\": \"900 * p\"}},"
    " {\"name\": \"mill\", \"revolute\": [\"ground\", \"spark1\"], \"made\": false, \"motor\": {\"rate\": "
    "\"p\", "
    "\"torque\": 3}},"
    " {\"name\": \"rope\", \"rope\": [\"ground\", \"crate\"], \"at_a\": [9, 9], \"longest\": \"5 + p\", "
    "\"if\": "
    "\"p > 1.2\"},"
    " {\"pulley\": [\"hull\", \"spark3\"], \"wheel_a\": [5, \"12 + u\"], \"wheel_b\": [6, 12], \"ratio\": "
    "\"p\", "
    "\"longest\": 20, \"rigid\": true, \"made\": false},"
    " {\"gear\": [\"wheel1\", \"wheel2\"], \"ratio\": \"-p\", \"carrier\": \"hull\", \"breaks\": {\"load\": "
    "9}},"
    " {\"rack\": [\"wheel2\", \"paddle\"], \"axis\": [3, 4], \"ratio\": 0.2},"
    " {\"weld\": [\"ground\", \"crate\"], \"at\": [9, 3.9], \"if\": \"p > 1.2 and u < 0.5\"}],"
    "\"zones\": ["
    " {\"name\": \"wind\", \"area\": {\"polygon\": [[0, 0], [0, 3], [4, 2]]}, \"at\": [2, 2], \"angle\": "
    "0.2, \"force\": "
    "[1, \"p\"], \"drag\": 0.3, \"pull\": -1.5, \"ladder\": true},"
    " {\"name\": \"hole\", \"area\": {\"circle\": 0.5}, \"at\": [1, 18], \"portal\": \"way\", "
    "\"checkpoint\": true},"
    " {\"name\": \"way\", \"area\": {\"circle\": 0.5}, \"at\": [28, 18], \"portal\": \"hole\"},"
    " {\"name\": \"goal\", \"area\": {\"circle\": 2}, \"at\": [20, 5], \"role\": \"cargo\","
    "  \"fluid\": {\"density\": 1.5, \"drag\": 0.4}}],";
static const char everything_driven[] =
    "\"player\": {\"body\": \"hull\", \"sight\": 7, \"actuators\": ["
    "  {\"motor\": \"axle1\", \"channel\": 0, \"rate\": 9, \"torque\": 4, \"brake\": 1, \"sign\": -1},"
    "  {\"torque\": \"axle2\", \"channel\": 0, \"max\": 3, \"fastest\": 5},"
    "  {\"drive\": \"axle2\", \"channel\": 0, \"rate\": 6, \"torque\": 3, \"gain\": 0.2, \"fade\": 0.1},"
    "  {\"thruster\": \"hull\", \"channel\": 1, \"at\": [0, -0.2], \"direction\": [1, 3], \"force\": 9, "
    "\"one_way\": true, \"wet\": true},"
    "  {\"walk\": \"hull\", \"channel\": 2, \"speed\": 2, \"force\": 5, \"air\": 0.1}, {\"jump\": \"hull\", "
    "\"channel\": 3, "
    "\"impulse\": 2, \"coyote\": 0.1, \"buffer\": \"p / 10\", \"cut\": 0.5, \"air_jumps\": 1}, "
    "{\"climb\": \"hull\", \"channel\": 3, \"speed\": 1, \"force\": 90}, {\"twist\": \"hull\", \"channel\": "
    "4, \"torque\": 1}, {\"slide\": \"rail\", "
    "\"channel\": 5, \"speed\": "
    "1}, {\"slide\": \"paddle\", \"channel\": 6}, {\"voice\": \"hull\", \"channel\": 6, \"range\": 12, "
    "\"to\": \"opponents\"}, {\"grip\": \"arm\", \"channel\": 7, \"force\": 30}],"
    "  \"keys\": [{\"channel\": 0, \"positive\": \"right\", \"negative\": \"left\", \"label\": \"drive\"}],"
    "  \"moves\": [{\"name\": \"go\", \"note\": \"x\", \"0\": \"p / 100\", \"1\": 0.1, \"2\": 0.2, \"3\": "
    "0.3, "
    "\"4\": 0.4, \"5\": 0.5, \"6\": 0.6, \"7\": -1}]},";
static const char everything_happening[] =
    "\"goal\": {\"then\": [{\"collected\": \"coin\"}, {\"any\": [{\"inside\": [\"hull\", \"goal\"], \"for\": "
    "0.5}, {\"near\": "
    "[\"player\", \"coin\", 0.5]}, {\"above\": [\"hull\", 15]}, {\"right_of\": [\"wheel\", 27], \"every\": "
    "true}]}]},"
    "\"fail\": {\"any\": [{\"shattered\": \"hull\"}, {\"touch\": [\"player\", \"crate\"]}, {\"touch\": "
    "[\"hull\"], \"for\": 3},"
    " {\"below\": [\"hull\", -5]}, {\"left_of\": [\"hull\", -5]}, {\"all\": [{\"not\": {\"upright\": "
    "[\"hull\", 2]}}, {\"slow\": "
    "[\"hull\", 0.1]}, {\"time\": 4}]}, {\"near\": [\"hull\", \"goal\", 0.01]},"
    " {\"overlap\": [\"arm\", \"paddle\"]}]},"
    "\"rewards\": [{\"approach\": [\"hull\", \"goal\"]}, {\"approach\": [\"hull\", \"coin\"], \"weight\": "
    "2}, {\"forward\": "
    "\"hull\"}, {\"up\": \"hull\"}, {\"alive\": true}, {\"upright\": \"hull\"}, {\"effort\": true}, "
    "{\"slow\": \"hull\"}, "
    "{\"hold\": true, \"weight\": \"p\"}, {\"change\": \"x(hull) - u\"}], \"replace\": true,"
    "\"observe\": [{\"name\": \"seen\", \"note\": \"x\", \"repeat\": 2, \"value\": \"i * y(wheel{i + 1}) + "
    "p\", "
    "\"scale\": 3}], \"lives\": 4, \"lives_in\": \"wind_now\","
    "\"variables\": {\"hits\": \"k / 2\", \"wind_now\": 0},"
    "\"events\": [{\"name\": \"first\", \"note\": \"x\", \"when\": {\"every\": 0.5, \"from\": \"u\"}, "
    "\"do\": ["
    "  {\"spawn\": \"spark\", \"at\": [\"5 + hits\", 9], \"velocity\": [\"p\", \"-time\"], \"angle\": \"u\"},"
    "  {\"add\": \"hits\", \"by\": \"p * 0.5\", \"note\": \"x\"}, {\"say\": \"Hop.\"}]},"
    " {\"when\": {\"all\": [{\"is\": \"hits >= k and not wind_now\"}, {\"touch\": [\"player\", "
    "\"ground\"]}]}, \"again\": "
    "true, \"do\": ["
    "  {\"force\": \"wind\", \"to\": [\"3 * p\", \"2 ^ hits\"], \"over\": 0.7}, {\"drag\": \"wind\", \"to\": "
    "0.2},"
    "  {\"level\": \"goal\", \"to\": 8, \"over\": \"p\"}, {\"variable\": \"wind_now\", \"to\": \"-(hits + p) "
    "/ 3 - -2\"},"
    "  {\"explode\": \"hull\", \"radius\": \"2 + hits\", \"impulse\": \"u\"}, {\"explode\": [1, \"time\"], "
    "\"radius\": 1, "
    "\"impulse\": 1},"
    "  {\"push\": \"wheel\", \"by\": [\"u\", 2]}, {\"teleport\": \"player\", \"to\": [\"p\", 9], \"angle\": "
    "0}]},"
    " {\"repeat\": 2, \"if\": \"i < 2\", \"when\": {\"at\": \"1 + i\"}, \"do\": [{\"break\": \"axle{i+1}\"}, "
    "{\"start\": "
    "\"gate\"},"
    "  {\"friction\": \"wheel\", \"to\": \"0.1 * (i + 1)\"}, {\"gravity\": [0, \"-5 - i\"], \"over\": 1}]},"
    " {\"when\": {\"at\": 3}, \"do\": [{\"stop\": \"lift\"}, {\"reverse\": \"gate\"}, {\"make\": \"axle\"}, "
    "{\"rate\": "
    "\"mill\", \"to\": 1},"
    "  {\"disable\": \"crate\"}, {\"enable\": \"crate\"}, {\"remove\": \"coin\"}, {\"disable\": \"goal\"}, "
    "{\"spawn\": "
    "\"spark2\", \"at\": \"goal\"}]}],"
    "\"solved\": 5, \"failed\": -1}";

static const ParaTemplate *load_everything(ParaArena *arena)
{
    return load(para_arena_printf(arena, "%s%s%s%s", everything_there, everything_joined, everything_driven,
                                  everything_happening),
                arena);
}

static void test_template_everything_round_trips(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    check_round_trip(load_everything(arena), 40, "everything");
    para_arena_destroy(arena);
}

/// A level's hash is of all it says, also of the keys of each channel.
static void test_template_keys_of_each_channel_are_in_the_hash(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    ParaLevel *level = para_template_sample(load_everything(arena), NULL, 3, arena, NULL);
    assert_non_null(level);
    for (int c = 0; c < PARA_CHANNELS; c++) {
        ParaChannelKeys *keys = &level->players[0].keys[c], before = *keys;
        char *const texts[] = {keys->positive, keys->negative, keys->label};
        for (int k = 0; k < 3; k++) {
            texts[k][0] = 'x';
            assert_true(para_level_hash(level) != level->hash);
            *keys = before;
        }
    }
    assert_true(para_level_hash(level) == level->hash);
    para_arena_destroy(arena);
}

/// Counts a number up for a moment: the hash must be another one.
static void check_hashed_i32(ParaLevel *level, int32_t *number)
{
    (*number)++;
    assert_true(para_level_hash(level) != level->hash);
    (*number)--;
}

static void check_hashed_f32(ParaLevel *level, float *number)
{
    float before = *number;
    *number = before + 0.5f;
    assert_true(para_level_hash(level) != level->hash);
    *number = before;
}

static void test_template_goals_and_rewards_are_in_the_hash(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    ParaLevel *level = para_template_sample(load_everything(arena), NULL, 3, arena, NULL);
    assert_non_null(level);
    for (int r = 0; r < level->reward_count; r++) {
        ParaRewardTerm *term = &level->rewards[r];
        ParaRewardKind kind = term->kind;
        check_hashed_i32(level, &term->a);
        check_hashed_i32(level, &term->b);
        check_hashed_i32(level, &term->zone);
        check_hashed_f32(level, &term->weight);
        term->kind = kind == PARA_REWARD_UP ? PARA_REWARD_ALIVE : PARA_REWARD_UP;
        assert_true(para_level_hash(level) != level->hash);
        term->kind = kind;
    }
    for (int g = 0; g < level->goal_count; g++) {
        ParaGoalNode *node = &level->goals[g];
        int32_t *const numbers[] = {&node->a,           &node->b,          &node->zone,
                                    &node->a_count,     &node->b_count,    &node->zone_count,
                                    &node->child_first, &node->child_count};
        bool *const flags[] = {&node->a_player, &node->b_player, &node->every};
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
            check_hashed_i32(level, numbers[n]);
        for (size_t n = 0; n < sizeof flags / sizeof *flags; n++) {
            *flags[n] = !*flags[n];
            assert_true(para_level_hash(level) != level->hash);
            *flags[n] = !*flags[n];
        }
        check_hashed_f32(level, &node->value);
        check_hashed_f32(level, &node->hold);
    }
    check_hashed_i32(level, &level->players[0].goal_root);
    check_hashed_i32(level, &level->players[0].fail_root);
    check_hashed_f32(level, &level->players[0].reward_solved);
    check_hashed_f32(level, &level->players[0].reward_failed);
    int jumps = 0, screws = 0;
    for (int k = 0; k < level->players[0].actuator_count; k++) {
        ParaActuator *actuator = &level->players[0].actuators[k];
        if (actuator->kind == PARA_ACTUATOR_JUMP) {
            check_hashed_f32(level, &actuator->coyote);
            check_hashed_f32(level, &actuator->buffer);
            check_hashed_f32(level, &actuator->cut);
            check_hashed_i32(level, &actuator->air_jumps);
            jumps++;
        }
        if (actuator->kind == PARA_ACTUATOR_THRUSTER) {
            actuator->wet = !actuator->wet;
            assert_true(para_level_hash(level) != level->hash);
            actuator->wet = !actuator->wet;
            screws++;
        }
    }
    level->ladders ^= 2;
    assert_true(jumps == 1 && screws == 1 && para_level_hash(level) != level->hash);
    level->ladders ^= 2;
    assert_true(level->reward_count > 5 && level->goal_count > 10 && para_level_hash(level) == level->hash);
    para_arena_destroy(arena);
}

/// Notes which rows of the table a saved text has; every key must be one.
static void note_rows(const cJSON *object, ParaObjectKind kind, bool *seen)
{
    int count;
    const ParaField *fields = para_fields(kind, &count);
    for (const cJSON *item = object->child; item; item = item->next) {
        int rows = 0;
        for (int f = 0; f < count; f++) {
            if (strcmp(fields[f].name, item->string) != 0)
                continue;
            rows++;
            seen[(int)para_fields_first(kind) + f] = true;
            if (fields[f].type == PARA_TYPE_OBJECT)
                note_rows(item, (ParaObjectKind)fields[f].of, seen);
            if (fields[f].type == PARA_TYPE_LIST || fields[f].type == PARA_TYPE_PARAMS)
                for (const cJSON *part = item->child; part; part = part->next)
                    note_rows(part, (ParaObjectKind)fields[f].of, seen);
        }
        assert_true(rows > 0);
    }
}

/// What is together is so in the editor alone: the level is the same, and is saved as the same text.
static void test_template_together_changes_no_level(void **state)
{
    (void)state;
    static const char form[] =
        "{\"paracosm\": 1, \"name\": \"x\", \"bodies\": [{\"name\": \"a\"%s, \"shape\": {\"circle\": 1}}, "
        "{\"name\": \"b\"%s, "
        "\"at\": [3, 0], \"shape\": {\"circle\": 1}}], \"joints\": [{\"weld\": [\"a\", \"b\"]%s}], "
        "\"zones\": [{\"name\": \"z\"%s, "
        "\"area\": {\"circle\": 1}}], \"player\": {\"body\": \"a\"}, \"goal\": {\"inside\": [\"a\", \"z\"]}}";
    const char *word = ", \"together\": \"pair\"";
    ParaArena *arena = new_arena();
    const char *without = para_arena_printf(arena, form, "", "", "", "");
    const char *with = para_arena_printf(arena, form, word, word, word, word);
    const ParaLevel *one = sample(load(without, arena), NULL, 1, arena);
    const ParaLevel *other = sample(load(with, arena), NULL, 1, arena);
    assert_true(one->hash == other->hash);
    assert_string_equal(para_level_to_json(one, arena), para_level_to_json(other, arena));
    para_arena_destroy(arena);
}

static void test_template_a_saved_level_has_every_field(void **state)
{
    (void)state;
    // What a level does not have: remarks, words for the editor, rules for members, and other ways to say the
    // same.
    static const ParaFieldId not_kept[] = {PARA_FIELD_TEMPLATE_schema,  PARA_FIELD_TEMPLATE_note,
                                           PARA_FIELD_TEMPLATE_silence, PARA_FIELD_TEMPLATE_lets,
                                           PARA_FIELD_TEMPLATE_tiers,   PARA_FIELD_TEMPLATE_include,
                                           PARA_FIELD_TEMPLATE_groups,  PARA_FIELD_TEMPLATE_constraints,
                                           PARA_FIELD_TEMPLATE_parts,   PARA_FIELD_TEMPLATE_included,
                                           PARA_FIELD_PLAYER_part,      PARA_FIELD_PARAM_int,
                                           PARA_FIELD_PARAM_part,       PARA_FIELD_BODY_ground,
                                           PARA_FIELD_PARAM_unit,       PARA_FIELD_PARAM_about,
                                           PARA_FIELD_PARAM_note,       PARA_FIELD_WORLD_note,
                                           PARA_FIELD_BODY_note,        PARA_FIELD_BODY_shape,
                                           PARA_FIELD_BODY_density,     PARA_FIELD_BODY_friction,
                                           PARA_FIELD_BODY_restitution, PARA_FIELD_BODY_repeat,
                                           PARA_FIELD_BODY_if,          PARA_FIELD_SHATTERS_note,
                                           PARA_FIELD_MOVES_note,       PARA_FIELD_SHAPE_angle,
                                           PARA_FIELD_SHAPE_note,       PARA_FIELD_CHAIN_count,
                                           PARA_FIELD_CHAIN_point,      PARA_FIELD_CHAIN_note,
                                           PARA_FIELD_CHAIN_terrain,    PARA_FIELD_CHAIN_length,
                                           PARA_FIELD_CHAIN_amplitude,  PARA_FIELD_CHAIN_roughness,
                                           PARA_FIELD_CHAIN_flat,       PARA_FIELD_CHAIN_step,
                                           PARA_FIELD_CHAIN_obstacles,  PARA_FIELD_JOINT_note,
                                           PARA_FIELD_JOINT_at,         PARA_FIELD_JOINT_at_a,
                                           PARA_FIELD_JOINT_at_b,       PARA_FIELD_JOINT_repeat,
                                           PARA_FIELD_JOINT_if,         PARA_FIELD_ZONE_note,
                                           PARA_FIELD_ZONE_repeat,      PARA_FIELD_ZONE_if,
                                           PARA_FIELD_AREA_note,        PARA_FIELD_FLUID_note,
                                           PARA_FIELD_PLAYER_note,      PARA_FIELD_ACTUATOR_note,
                                           PARA_FIELD_ACTUATOR_repeat,  PARA_FIELD_ACTUATOR_if,
                                           PARA_FIELD_KEYS_note,        PARA_FIELD_PREDICATE_note,
                                           PARA_FIELD_REWARD_note,      PARA_FIELD_MADE_BY_note,
                                           PARA_FIELD_MOTOR_note,       PARA_FIELD_PATH_speed,
                                           PARA_FIELD_PATH_note,        PARA_FIELD_STOP_note,
                                           PARA_FIELD_BREAKS_note,      PARA_FIELD_EVENT_name,
                                           PARA_FIELD_EVENT_note,       PARA_FIELD_EVENT_repeat,
                                           PARA_FIELD_EVENT_if,         PARA_FIELD_SHATTERS_pieces,
                                           PARA_FIELD_SHATTERS_fragile, PARA_FIELD_ACT_note,
                                           PARA_FIELD_BODY_material,    PARA_FIELD_TEMPLATE_materials,
                                           PARA_FIELD_OBSERVE_repeat,   PARA_FIELD_OBSERVE_note,
                                           PARA_FIELD_MOVE_note,        PARA_FIELD_TEMPLATE_generate,
                                           PARA_FIELD_GENERATE_kinetix, PARA_FIELD_GENERATE_dense,
                                           PARA_FIELD_GENERATE_note,    PARA_FIELD_BODY_together,
                                           PARA_FIELD_JOINT_together,   PARA_FIELD_ZONE_together};
    bool seen[PARA_FIELD_COUNT] = {false}, dropped[PARA_FIELD_COUNT] = {false};
    ParaArena *arena = new_arena();
    const ParaTemplate *t = load_everything(arena);
    for (uint64_t seed = 0; seed < 40; seed++) {
        ParaLevel *level = sample(t, NULL, seed, arena);
        level->parent = 7;
        snprintf(level->maker, sizeof level->maker, "tester");
        snprintf(level->edits, sizeof level->edits, "turn_body:1");
        snprintf(level->changes, sizeof level->changes, "turned");
        cJSON *json = cJSON_Parse(para_level_to_json(level, arena));
        assert_non_null(json);
        note_rows(json, PARA_KIND_TEMPLATE, seen);
        cJSON_Delete(json);
    }
    cJSON *company = cJSON_Parse(para_level_to_json(company_level(arena), arena));
    note_rows(company, PARA_KIND_TEMPLATE, seen);
    cJSON_Delete(company);
    for (size_t k = 0; k < sizeof not_kept / sizeof not_kept[0]; k++)
        dropped[not_kept[k]] = true;
    for (int id = 0; id < PARA_FIELD_COUNT; id++) // of parts a level has what is in them
        dropped[id] |= para_field((ParaFieldId)id)->kind == PARA_KIND_INCLUDE ||
                       para_field((ParaFieldId)id)->kind == PARA_KIND_PART ||
                       para_field((ParaFieldId)id)->kind == PARA_KIND_MATERIAL ||
                       para_field((ParaFieldId)id)->kind == PARA_KIND_GROUP ||
                       para_field((ParaFieldId)id)->kind == PARA_KIND_CONSTRAINT ||
                       para_field((ParaFieldId)id)->kind == PARA_KIND_OBSTACLE ||
                       para_field((ParaFieldId)id)->kind == PARA_KIND_ARGUMENT;
    for (int id = 0; id < PARA_FIELD_COUNT; id++) {
        const ParaField *field = para_field((ParaFieldId)id);
        if (field->flags & PARA_FLAG_HEAD) // test_fields.c makes a level of each
            continue;
        if (seen[id] == dropped[id])
            print_error("\"%s\" of a %s is %s\n", field->name, para_kind_name(field->kind),
                        seen[id] ? "saved, and listed as not kept" : "not saved");
        assert_true(seen[id] != dropped[id]);
    }
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_saved[] = {
    cmocka_unit_test(test_template_library_loads_samples_and_round_trips),
    cmocka_unit_test(test_template_seeds_of_the_fuzzers_round_trip),
    cmocka_unit_test(test_template_everything_round_trips),
    cmocka_unit_test(test_template_keys_of_each_channel_are_in_the_hash),
    cmocka_unit_test(test_template_goals_and_rewards_are_in_the_hash),
    cmocka_unit_test(test_template_together_changes_no_level),
    cmocka_unit_test(test_template_a_saved_level_has_every_field),
};
const size_t para_tests_saved_count = sizeof para_tests_saved / sizeof *para_tests_saved;
