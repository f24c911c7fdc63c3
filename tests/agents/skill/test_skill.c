// SPDX-License-Identifier: MIT
// Skills packed of players of the tiny families: the same file twice and by any number of threads, read back
// whole; of several the one acts on whose ground the level lies, one more changes no bit, trying out ahead
// beats the worse; hostile files are refused with a reason.
#include "agents/skill/pack.h"

#include "agents/player/card.h"
#include "agents/run/safetensors.h"
#include "agents/skill/ground.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

enum { LEVELS = 24, EPISODES = 2 };

typedef struct Fixture {
    ParaArena *arena;
    Scratch scratch;
    const char *error;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)2 << 30);
    f->scratch = scratch_make();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    scratch_remove(&f->scratch);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

static const char *path_in(Fixture *f, const char *name)
{
    return para_arena_printf(f->arena, "%s/%s", f->scratch.folder, name);
}

/// A checkpoint of a player that nobody trained, with its card. @param fine whether it acts in 127ths
static const char *checkpoint(Fixture *f, const char *name, uint64_t seed, bool fine, bool recurs)
{
    ParaPolicyDef def = para_policy_def_default(para_obs_spec_entities());
    def.width = def.encoder_width = 32;
    def.head = fine ? PARA_HEAD_FINE : PARA_HEAD_LEVELS;
    def.core = recurs ? PARA_CORE_MINGRU : PARA_CORE_NONE;
    ParaPolicy *policy = para_policy_create(&def, seed, f->arena);
    cJSON *card = cJSON_CreateObject();
    para_card_add_player(card, &def);
    cJSON_AddStringToObject(card, "solver", "lanes");
    cJSON_AddStringToObject(card, "state", "0123456789abcdef");
    char *text = cJSON_PrintUnformatted(card);
    int count = 0;
    const ParaTensor *tensors = para_policy_tensors(policy, &count);
    const char *path = path_in(f, name);
    assert_true(para_safetensors_write(path, tensors, count, text, f->arena, &f->error));
    cJSON_free(text);
    cJSON_Delete(card);
    return path;
}

static ParaSkillPackDef pack_def(Fixture *f, const char *run, const char *family)
{
    ParaSkillPackDef def = para_skill_pack_def_default(run);
    const char **families = PARA_NEW(f->arena, const char *, 1);
    families[0] = tiny_path(family, f->arena);
    def.families = families;
    def.family_count = 1;
    def.levels = LEVELS;
    def.episodes = EPISODES;
    def.threads = 2;
    def.licence = "MIT";
    return def;
}

static const char *pack(Fixture *f, const ParaSkillPackDef *def, const char *file)
{
    ParaSkill skill;
    const char *card = NULL, *note = NULL, *path = path_in(f, file);
    if (!para_skill_pack(def, NULL, f->arena, &skill, &card, &note, &f->error) ||
        !para_skill_write(path, &skill, card, f->arena, &f->error))
        fail_msg("%s", f->error);
    return path;
}

/// A skill on one tiny family.
static const char *skill_on(Fixture *f, const char *family, uint64_t seed, bool fine)
{
    const char *name = para_arena_printf(f->arena, "%s%d", family, (int)seed);
    const char *run = checkpoint(f, para_arena_printf(f->arena, "%s.safetensors", name), seed, fine, false);
    ParaSkillPackDef def = pack_def(f, run, family);
    def.name = name;
    return pack(f, &def, para_arena_printf(f->arena, "%s.skill", name));
}

static void test_skill_reads_back_what_was_packed(void **state)
{
    Fixture *f = *state;
    const char *run = checkpoint(f, "a.safetensors", 3, false, true);
    ParaSkillPackDef def = pack_def(f, run, "push");
    const ParaSkill *skill = para_skill_load(pack(f, &def, "a.skill"), f->arena, &f->error);
    if (!skill)
        fail_msg("%s", f->error);
    assert_string_equal(skill->name, "push");
    assert_string_equal(skill->licence, "MIT");
    assert_string_equal(skill->run, "a");
    assert_true(strncmp(skill->about, "Push the ball to its mark", 25) == 0);
    assert_int_equal(skill->score_count, 1);
    assert_string_equal(skill->scores[0].family, "push");
    assert_int_equal(skill->scores[0].levels, LEVELS);
    assert_true(skill->scores[0].low <= skill->scores[0].solve &&
                skill->scores[0].solve <= skill->scores[0].high);
    assert_true(skill->ground_count > 0 && skill->reach > 0.0f && skill->reach < 0.5f);
    int count = 0;
    const ParaTensor *tensors = para_policy_tensors(skill->policy, &count);
    assert_true(skill->hash == para_tensors_hash(tensors, count));
    assert_true(para_policy_memory(para_policy_def(skill->policy)) > 0);
}

static void test_skill_is_the_same_file_by_any_number_of_threads(void **state)
{
    Fixture *f = *state;
    const char *run = checkpoint(f, "a.safetensors", 3, false, false);
    unsigned char *first = NULL;
    size_t first_size = 0;
    for (int threads = 1; threads <= 3; threads++) {
        ParaSkillPackDef def = pack_def(f, run, "push");
        def.threads = threads;
        size_t size = 0;
        unsigned char *data = scratch_read(pack(f, &def, "a.skill"), &size);
        if (!first) {
            first = data;
            first_size = size;
            continue;
        }
        assert_int_equal(size, first_size);
        assert_memory_equal(data, first, size);
        free(data);
    }
    free(first);
}

// ---------------------------------------------------------------------------------------------
// Sets.

/// Families of the tests and a def that plays them.
static ParaEpisodesDef playing(Fixture *f, ParaFamilies *families, const char *const *names, int count)
{
    *families = tiny_families(names, count, f->arena);
    return (ParaEpisodesDef){
        .families = families, .levels = LEVELS, .episodes = EPISODES, .seed = 5, .threads = 2};
}

static ParaSkillEpisode *play(Fixture *f, const ParaEpisodesDef *def, const ParaSkillSet *set)
{
    int total = def->families->count * def->levels * def->episodes;
    ParaSkillEpisode *out = PARA_NEW(f->arena, ParaSkillEpisode, total);
    assert_true(para_skills_measure(def, set, NULL, f->arena, out, NULL));
    return out;
}

static void test_skill_acts_where_it_is_at_home(void **state)
{
    Fixture *f = *state;
    static const char *const names[] = {"push", "rise"};
    const char *paths[] = {skill_on(f, "push", 3, false), skill_on(f, "rise", 4, false)};
    ParaSkillSet set;
    ParaFamilies families;
    assert_true(para_skill_set_load(&set, paths, 2, NULL, f->arena, &f->error));
    ParaEpisodesDef def = playing(f, &families, names, 2);
    const ParaSkillEpisode *episodes = play(f, &def, &set);
    for (int i = 0; i < 2 * LEVELS * EPISODES; i++) {
        int home = i / (LEVELS * EPISODES);
        assert_true(episodes[i].is.played);
        assert_int_equal(episodes[i].acted[home], episodes[i].is.decisions);
        assert_int_equal(episodes[i].turns, 1);
        assert_int_equal(episodes[i].first[0].skill, home);
    }
}

static void test_skill_that_is_added_changes_no_bit_elsewhere(void **state)
{
    Fixture *f = *state;
    static const char *const names[] = {"push"};
    const char *paths[] = {skill_on(f, "push", 3, false), skill_on(f, "rise", 4, false)};
    ParaFamilies families;
    ParaEpisodesDef def = playing(f, &families, names, 1);
    ParaSkillSet alone, both;
    assert_true(para_skill_set_load(&alone, paths, 1, NULL, f->arena, &f->error));
    assert_true(para_skill_set_load(&both, paths, 2, NULL, f->arena, &f->error));
    const char *one = path_in(f, "one.replay"), *two = path_in(f, "two.replay");
    for (int i = 0; i < LEVELS * EPISODES; i += 5) {
        assert_true(para_skills_replay(&def, &alone, i, one, f->arena, &f->error));
        assert_true(para_skills_replay(&def, &both, i, two, f->arena, &f->error));
        size_t a = 0, b = 0;
        unsigned char *first = scratch_read(one, &a), *second = scratch_read(two, &b);
        assert_int_equal(a, b);
        assert_memory_equal(first, second, a);
        free(first);
        free(second);
    }
}

/// Has a skill walk one way whatever it sees. @param level 0..2 of channel 0: left, still, right
static void lean(const ParaSkill *skill, int level)
{
    int count = 0;
    const ParaTensor *tensors = para_policy_tensors(skill->policy, &count);
    for (int i = 0; i < count; i++)
        if (strcmp(tensors[i].name, "logits.bias") == 0)
            tensors[i].data[level] = 20.0f;
}

static int count_solved(const ParaSkillEpisode *episodes)
{
    int solved = 0;
    for (int i = 0; i < LEVELS * EPISODES; i++)
        solved += episodes[i].is.solved;
    return solved;
}

static void test_skill_tried_ahead_is_chosen_by_what_comes_of_it(void **state)
{
    Fixture *f = *state;
    static const char *const names[] = {"push"};
    // One goes left and one goes right, on the same ground, and the mark is on either side: what comes of
    // them tells.
    const char *paths[] = {skill_on(f, "push", 3, false), skill_on(f, "push", 8, false)};
    ParaFamilies families;
    ParaEpisodesDef def = playing(f, &families, names, 1);
    ParaSkillSet set;
    assert_true(para_skill_set_load(&set, paths, 2, NULL, f->arena, &f->error));
    lean(set.skills[0], 0);
    lean(set.skills[1], 2);
    int by_ground = count_solved(play(f, &def, &set));
    set.ahead = 18;
    int ahead = count_solved(play(f, &def, &set));
    assert_true(by_ground < LEVELS * EPISODES * 3 / 4);
    assert_true(ahead > by_ground + LEVELS * EPISODES / 6);
    def.threads = 1;
    assert_int_equal(count_solved(play(f, &def, &set)), ahead);
}

static void test_skill_that_acts_coarsely_may_stand_beside_one_that_acts_finely(void **state)
{
    Fixture *f = *state;
    static const char *const names[] = {"push", "rise"};
    const char *paths[] = {skill_on(f, "push", 3, false), skill_on(f, "rise", 4, true)};
    ParaFamilies families;
    ParaEpisodesDef def = playing(f, &families, names, 2);
    ParaSkillSet set, coarse;
    assert_true(para_skill_set_load(&set, paths, 2, NULL, f->arena, &f->error));
    assert_true(para_skill_set_load(&coarse, paths, 1, NULL, f->arena, &f->error));
    const ParaSkillEpisode *episodes = play(f, &def, &set), *alone = play(f, &def, &coarse);
    for (int i = 0; i < LEVELS * EPISODES; i++) // a whole action is the same, told in 127ths
        assert_memory_equal(&episodes[i].is.progress, &alone[i].is.progress, sizeof(float));
}

static void test_skill_set_wants_names_that_differ(void **state)
{
    Fixture *f = *state;
    const char *path = skill_on(f, "push", 3, false), *paths[] = {path, path};
    ParaSkillSet set;
    assert_false(para_skill_set_load(&set, paths, 2, NULL, f->arena, &f->error));
    assert_non_null(strstr(f->error, "both called push3"));
    assert_false(para_skill_set_load(&set, paths, 1, "walk", f->arena, &f->error));
    assert_non_null(strstr(f->error, "--fallback walk"));
    assert_true(para_skill_set_load(&set, paths, 1, "push3", f->arena, &f->error));
    assert_int_equal(set.fallback, 0);
}

// ---------------------------------------------------------------------------------------------
// Situations.

static void test_situations_lie_apart_by_a_bounded_difference(void **state)
{
    (void)state;
    float a[8] = {0}, b[8] = {0};
    assert_float_equal(para_situation_apart(a, b, 8), 0.0f, 0.0f);
    b[3] = 10.0f;
    assert_float_equal(para_situation_apart(a, b, 8), sqrtf(1.0f / 8.0f), 1e-6f);
    b[3] = 0.5f;
    assert_float_equal(para_situation_apart(a, b, 8), sqrtf(0.25f / 8.0f), 1e-6f);
    float ground[2][8] = {{1, 1, 1, 1, 1, 1, 1, 1}, {0, 0, 0, 0.25f, 0, 0, 0, 0}};
    assert_float_equal(para_ground_apart(ground[0], 2, a, 8), sqrtf(0.0625f / 8.0f), 1e-6f);
    assert_float_equal(para_ground_apart(ground[0], 0, a, 8), 1.0f, 0.0f);
}

// ---------------------------------------------------------------------------------------------
// Hostile files.

/// Writes a skill's tensors under another card and says how it is refused.
static void refuse_card(Fixture *f, const char *good, const char *from, const char *to, const char *word)
{
    int count = 0;
    const char *card = NULL, *path = path_in(f, "bad.skill");
    ParaTensor *tensors = para_safetensors_read(good, f->arena, &count, &card, &f->error);
    const char *at = strstr(card, from);
    assert_non_null(at);
    card = para_arena_printf(f->arena, "%.*s%s%s", (int)(at - card), card, to, at + strlen(from));
    assert_true(para_safetensors_write(path, tensors, count, card, f->arena, &f->error));
    assert_null(para_skill_load(path, f->arena, &f->error));
    if (!strstr(f->error, word))
        fail_msg("\"%s\" is not in: %s", word, f->error);
}

static void test_skill_cards_that_lie_are_refused(void **state)
{
    Fixture *f = *state;
    const char *good = skill_on(f, "push", 3, false);
    refuse_card(f, good, "\"version\":1,\"name\"", "\"version\":2,\"name\"", "later version");
    refuse_card(f, good, "\"version\":1,\"name\"", "\"version\":\"1\",\"name\"", "does not read");
    refuse_card(f, good, "\"name\":\"push3\"", "\"name\":\"../push\"", "does not read");
    refuse_card(f, good, "\"licence\":\"MIT\"", "\"licence\":7", "does not read");
    refuse_card(f, good, "\"reach\":", "\"reach\":-", "does not read");
    refuse_card(f, good, "\"scores\":{", "\"scores\":[],\"s\":{", "does not read");
    refuse_card(f, good, "\"levels\":24", "\"levels\":0", "does not read");
    refuse_card(f, good, "\"situation\":\"", "\"situation\":\"0\",\"s\":\"", "senses other things");
    refuse_card(f, good, "\"hash\":\"", "\"hash\":\"0\",\"h\":\"", "");
    refuse_card(f, good, "\"skill\":", "\"skull\":", "it is no skill; make one");
    refuse_card(f, good, "\"licence\":\"MIT\"", "\"licence\":\"\\u001b[2J\"", "does not read");
    refuse_card(f, good, "\"about\":\"", "\"about\":\"\xff", "does not read");
    refuse_card(f, good, "\"run\":\"", "\"run\":\"\xc2\x9b", "does not read"); // what ESC [ is in one
    refuse_card(f, good, "\"scores\":{\"push\"", "\"scores\":{\"../push.json\"", "does not read");
    refuse_card(f, good, "[\"self.spin\",2,1]", "[\"self.spin\",2,3]", "self.spin");
}

static void test_skill_texts_are_cut_between_letters_and_move_no_cursor(void **state)
{
    Fixture *f = *state;
    ParaSkillPackDef def = pack_def(f, checkpoint(f, "a.safetensors", 3, false, false), "push");
    const char *card = NULL, *note = NULL;
    char about[2 * PARA_SKILL_ABOUT_MAX] = "a"; // so that a letter of two bytes lies on the end
    for (int i = 1; i + 2 < (int)sizeof about; i += 2)
        memcpy(about + i, "\xc3\xa9", 3);
    ParaSkill skill;
    def.about = about;
    assert_true(para_skill_pack(&def, NULL, f->arena, &skill, &card, &note, &f->error));
    assert_int_equal(strlen(skill.about), PARA_SKILL_ABOUT_MAX - 1);
    def.about = about + 1;
    assert_true(para_skill_pack(&def, NULL, f->arena, &skill, &card, &note, &f->error));
    assert_int_equal(strlen(skill.about), PARA_SKILL_ABOUT_MAX - 2);
    assert_true(para_skill_text_is_plain(skill.about));
    def.about = "Pushes.\033[2J";
    assert_false(para_skill_pack(&def, NULL, f->arena, &skill, &card, &note, &f->error));
    assert_non_null(strstr(f->error, "control characters"));
    def.about = NULL;
    def.episodes = PARA_SKILL_PACK_MAX;
    assert_false(para_skill_pack(&def, NULL, f->arena, &skill, &card, &note, &f->error));
    assert_non_null(strstr(f->error, "ask for fewer"));
}

static void test_skill_files_that_are_none_are_refused(void **state)
{
    Fixture *f = *state;
    const char *good = skill_on(f, "push", 3, false), *bad = path_in(f, "bad.skill");
    size_t size = 0;
    unsigned char *data = scratch_read(good, &size);
    for (size_t cut = 0; cut < size; cut += size / 7) {
        scratch_write(bad, data, cut);
        assert_null(para_skill_load(bad, f->arena, &f->error));
    }
    data[size - 100] ^= 1; // of the ground, which the file's own hash covers
    scratch_write(bad, data, size);
    assert_null(para_skill_load(bad, f->arena, &f->error));
    free(data);
    assert_null(para_skill_load(f->scratch.folder, f->arena, &f->error));
    assert_non_null(strstr(f->error, "skill pack"));
    assert_null(para_skill_load(checkpoint(f, "c.safetensors", 1, false, false), f->arena, &f->error));
    assert_non_null(strstr(f->error, "it is no skill"));
}

static void test_skill_grounds_that_are_none_are_refused(void **state)
{
    Fixture *f = *state;
    const char *good = skill_on(f, "push", 3, false), *bad = path_in(f, "bad.skill");
    int count = 0;
    const char *card = NULL;
    ParaTensor *tensors = para_safetensors_read(good, f->arena, &count, &card, &f->error);
    int ground = -1;
    for (int i = 0; i < count; i++)
        if (strcmp(tensors[i].name, "skill.ground") == 0)
            ground = i;
    assert_true(ground >= 0);
    ParaTensor was = tensors[ground];
    was.data[7] = 11.0f;
    assert_true(para_safetensors_write(bad, tensors, count, card, f->arena, &f->error));
    assert_null(para_skill_load(bad, f->arena, &f->error));
    assert_non_null(strstr(f->error, "ground"));
    was.data[7] = 0.0f;
    tensors[ground] = (ParaTensor){was.name, was.rows * was.columns, 1, was.data};
    assert_true(para_safetensors_write(bad, tensors, count, card, f->arena, &f->error));
    assert_null(para_skill_load(bad, f->arena, &f->error));
    tensors[ground] = (ParaTensor){"skill.grind", was.rows, was.columns, was.data};
    assert_true(para_safetensors_write(bad, tensors, count, card, f->arena, &f->error));
    assert_null(para_skill_load(bad, f->arena, &f->error));
}

static void test_skill_of_a_player_that_solves_nothing_is_not_packed(void **state)
{
    Fixture *f = *state;
    ParaSkillPackDef def = pack_def(f, checkpoint(f, "a.safetensors", 3, false, false), "rise");
    const char *card = NULL, *note = NULL;
    ParaSkill skill;
    def.levels = 1; // fewer episodes than must be solved
    def.episodes = PARA_SKILL_SOLVED_MIN - 1;
    assert_false(para_skill_pack(&def, NULL, f->arena, &skill, &card, &note, &f->error));
    assert_non_null(strstr(f->error, "too few to know"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_skill[] = {
    TEST(test_skill_reads_back_what_was_packed),
    TEST(test_skill_is_the_same_file_by_any_number_of_threads),
    TEST(test_skill_acts_where_it_is_at_home),
    TEST(test_skill_that_is_added_changes_no_bit_elsewhere),
    TEST(test_skill_tried_ahead_is_chosen_by_what_comes_of_it),
    TEST(test_skill_that_acts_coarsely_may_stand_beside_one_that_acts_finely),
    TEST(test_skill_set_wants_names_that_differ),
    TEST(test_situations_lie_apart_by_a_bounded_difference),
    TEST(test_skill_cards_that_lie_are_refused),
    TEST(test_skill_texts_are_cut_between_letters_and_move_no_cursor),
    TEST(test_skill_files_that_are_none_are_refused),
    TEST(test_skill_grounds_that_are_none_are_refused),
    TEST(test_skill_of_a_player_that_solves_nothing_is_not_packed),
};
const size_t para_tests_skill_count = sizeof para_tests_skill / sizeof *para_tests_skill;
