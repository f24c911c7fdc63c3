// SPDX-License-Identifier: MIT
// A skill's file, there and back. On the card: {"skill": {"version", "name", "about", "licence", "run",
// "hash", "situation", "reach", "scores": {family: {"levels", "solve", "low", "high"}}}}.
#include "agents/skill/skill.h"

#include "agents/player/player.h"
#include "agents/run/safetensors_card.h"
#include "agents/skill/ground.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/shell.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <math.h>
#include <string.h>

#define VERSION 1
#define GROUND  "skill.ground"
#define CHANGED ": its card was changed by something else"

/// A name, and so neither a path nor a list. @param most [byte] with NUL
static bool is_name(const char *name, size_t most)
{
    size_t length = strlen(name);
    bool good = length > 0 && length < most;
    for (size_t i = 0; i < length && good; i++)
        good = para_letter_is_plain(name[i]) || name[i] == '-' || name[i] == '_';
    return good;
}

const char *para_skill_name_problem(const char *name)
{
    return is_name(name, PARA_SKILL_NAME_MAX) ? NULL : "must be 1 to 63 letters, digits, - and _";
}

/// Bytes of the letter in UTF-8 at `at`; 0: it is a control character, or none.
static size_t letter_length(const unsigned char *at)
{
    if (at[0] < 0x80)
        return at[0] >= 0x20 && at[0] != 0x7f;
    size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4 || (at[0] == 0xc2 && at[1] < 0xa0))
        return 0;
    for (size_t k = 1; k < length; k++)
        if ((at[k] & 0xc0) != 0x80) // a NUL too
            return 0;
    return length;
}

bool para_skill_text_is_plain(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    for (size_t length; *at; at += length)
        if ((length = letter_length(at)) == 0)
            return false;
    return true;
}

// ---------------------------------------------------------------------------------------------
// Writing.

static void add_skill(cJSON *card, const ParaSkill *skill)
{
    char hash[17], situation[17];
    para_hash_hex(skill->hash, hash);
    para_hash_hex(para_situation_hash(), situation);
    cJSON *of = cJSON_AddObjectToObject(card, "skill");
    cJSON_AddNumberToObject(of, "version", VERSION);
    cJSON_AddStringToObject(of, "name", skill->name);
    cJSON_AddStringToObject(of, "about", skill->about);
    cJSON_AddStringToObject(of, "licence", skill->licence);
    cJSON_AddStringToObject(of, "run", skill->run);
    cJSON_AddStringToObject(of, "hash", hash);
    cJSON_AddStringToObject(of, "situation", situation);
    cJSON_AddNumberToObject(of, "reach", (double)skill->reach);
    cJSON *scores = cJSON_AddObjectToObject(of, "scores");
    for (int i = 0; i < skill->score_count; i++) {
        const ParaSkillScore *score = &skill->scores[i];
        cJSON *one = cJSON_AddObjectToObject(scores, score->family);
        cJSON_AddNumberToObject(one, "levels", score->levels);
        cJSON_AddNumberToObject(one, "solve", (double)score->solve);
        cJSON_AddNumberToObject(one, "low", (double)score->low);
        cJSON_AddNumberToObject(one, "high", (double)score->high);
    }
}

/// The card of the checkpoint with the skill's part, and without what only a training that goes on reads.
static const char *card_text(const ParaSkill *skill, const char *card, ParaArena *arena)
{
    cJSON *root = card ? para_json_parse(card) : NULL;
    if (!root)
        return NULL;
    cJSON_DeleteItemFromObjectCaseSensitive(root, "state");
    cJSON_DeleteItemFromObjectCaseSensitive(root, "skill");
    add_skill(root, skill);
    char *text = para_json_print(root, false);
    const char *copy = text ? para_arena_strdup(arena, text) : NULL;
    cJSON_free(text);
    cJSON_Delete(root);
    return copy;
}

bool para_skill_write(const char *path, const ParaSkill *skill, const char *card, ParaArena *arena,
                      const char **out_error)
{
    int count = 0;
    const ParaTensor *own = para_policy_tensors(skill->policy, &count);
    ParaTensor *tensors = PARA_NEW(arena, ParaTensor, count + 1);
    memcpy(tensors, own, sizeof *tensors * (size_t)count);
    tensors[count] = (ParaTensor){.name = GROUND,
                                  .rows = skill->ground_count,
                                  .columns = para_situation_size(),
                                  .data = (float *)(uintptr_t)skill->ground};
    const char *text = card_text(skill, card, arena);
    if (!text) {
        *out_error = "the player's card does not read";
        return false;
    }
    return para_safetensors_write(path, tensors, count + 1, text, arena, out_error);
}

// ---------------------------------------------------------------------------------------------
// Reading.

static const char *text_of(const cJSON *of, const char *key, size_t most, ParaArena *arena)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(of, key));
    return text && strlen(text) < most && para_skill_text_is_plain(text) ? para_arena_strdup(arena, text)
                                                                         : NULL;
}

/// A number of the card in [0, 1]; -1: it is none such.
static float share_of(const cJSON *of, const char *key)
{
    float value = para_card_real(of, key);
    return value >= 0.0f && value <= 1.0f ? value : -1.0f;
}

static bool read_scores(const cJSON *of, ParaArena *arena, ParaSkill *out)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(of, "scores"), *item = NULL;
    int count = cJSON_IsObject(list) ? cJSON_GetArraySize(list) : 0;
    if (count < 1 || count > PARA_SKILL_FAMILIES_MAX)
        return false;
    ParaSkillScore *scores = PARA_NEW(arena, ParaSkillScore, count);
    bool good = true;
    cJSON_ArrayForEach(item, list)
    {
        ParaSkillScore *score = &scores[out->score_count++];
        *score = (ParaSkillScore){.family = para_arena_strdup(arena, item->string),
                                  .levels = para_card_whole(item, "levels"),
                                  .solve = share_of(item, "solve"),
                                  .low = share_of(item, "low"),
                                  .high = share_of(item, "high")};
        for (int i = 0; i + 1 < out->score_count; i++)
            good = good && strcmp(scores[i].family, score->family) != 0;
        good = good && is_name(item->string, PARA_NAME_MAX) && score->levels > 0 && score->solve >= 0 &&
               score->low >= 0 && score->high >= 0;
    }
    out->scores = scores;
    return good;
}

static bool read_ground(const ParaTensor *tensors, int count, ParaSkill *out)
{
    const ParaTensor *ground = NULL;
    for (int i = 0; i < count; i++)
        if (strcmp(tensors[i].name, GROUND) == 0)
            ground = &tensors[i];
    if (!ground || ground->columns != para_situation_size() || ground->rows < 1 ||
        ground->rows > PARA_SKILL_SITUATIONS)
        return false;
    out->ground = ground->data;
    out->ground_count = ground->rows;
    bool good = true;
    for (int i = 0; i < ground->rows * ground->columns; i++)
        good = good && fabsf(ground->data[i]) <= 10.0f; // no NaN either
    return good;
}

/// What the card says of the skill. @return NULL, or what is wrong
static const char *read_card(const cJSON *of, ParaArena *arena, ParaSkill *out)
{
    char situation[17];
    para_hash_hex(para_situation_hash(), situation);
    int version = para_card_whole(of, "version");
    if (version > VERSION)
        return "it is of a later version of the program: use that";
    out->name = text_of(of, "name", PARA_SKILL_NAME_MAX, arena);
    out->about = text_of(of, "about", PARA_SKILL_ABOUT_MAX, arena);
    out->licence = text_of(of, "licence", PARA_SKILL_NAME_MAX, arena);
    out->run = text_of(of, "run", 4096, arena);
    out->reach = share_of(of, "reach");
    const char *hash = text_of(of, "situation", 17, arena);
    if (version != VERSION || !out->name || para_skill_name_problem(out->name) || !out->about ||
        !out->licence || !out->run || out->reach < 0 || !hash || !read_scores(of, arena, out))
        return "what its card tells of the skill does not read" CHANGED;
    if (strcmp(hash, situation) != 0)
        return "its situations are of another version, which senses other things: pack it anew from its run";
    return NULL;
}

static ParaSolverKind solver_of(const cJSON *card)
{
    ParaSolverKind kind = PARA_SOLVER_AUTO;
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(card, "solver"));
    if (name)
        para_solver_find(name, &kind);
    return kind;
}

/// @return NULL, or what is wrong
static const char *read_whole(const char *text, const ParaTensor *tensors, int count, ParaArena *arena,
                              ParaSkill *out)
{
    cJSON *card = text ? para_json_parse(text) : NULL;
    const cJSON *of = cJSON_GetObjectItemCaseSensitive(card, "skill");
    char own[17];
    const char *wrong = NULL;
    if (!cJSON_IsObject(of))
        wrong = para_arena_printf(arena, "it is no skill; make one of a player by `%s skill pack RUN`",
                                  para_shell_program());
    else
        wrong = read_card(of, arena, out);
    if (!wrong && (out->policy = para_player_from_card(text, tensors, count, arena, &wrong))) {
        const ParaTensor *network = para_policy_tensors(out->policy, &count);
        out->hash = para_tensors_hash(network, count);
        para_hash_hex(out->hash, own);
        const char *told = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(of, "hash"));
        if (!told || strcmp(told, own) != 0)
            wrong = "the hash on its card is not that of its network" CHANGED;
    }
    out->solver = solver_of(card);
    cJSON_Delete(card);
    return wrong;
}

ParaSkill *para_skill_load(const char *path, ParaArena *arena, const char **out_error)
{
    int count = 0;
    const char *card = NULL, *wrong = NULL;
    if (para_path_kind(path) == PARA_PATH_FOLDER) {
        *out_error = para_arena_printf(arena, "%s is a folder; make a skill of a run by `%s skill pack %s`",
                                       path, para_shell_program(), para_shell_word(path, arena));
        return NULL;
    }
    ParaTensor *tensors = para_safetensors_read(path, arena, &count, &card, out_error);
    if (!tensors)
        return NULL;
    ParaSkill *skill = PARA_NEW(arena, ParaSkill, 1);
    *skill = (ParaSkill){.path = para_arena_strdup(arena, path)};
    wrong = read_whole(card, tensors, count, arena, skill);
    if (!wrong && !read_ground(tensors, count, skill))
        wrong = "its ground does not read" CHANGED;
    if (wrong)
        *out_error = para_arena_printf(arena, "%s: %s", path, wrong);
    return wrong ? NULL : skill;
}

bool para_skill_knows(const ParaSkill *skill, const ParaLevel *level)
{
    const ParaObsSpec *obs = &para_policy_def(skill->policy)->obs;
    if (obs->kind == PARA_OBS_LISTED)
        return level->observe_count == obs->size;
    if (obs->kind != PARA_OBS_VECTOR)
        return true;
    for (int i = 0; i < skill->score_count; i++)
        if (strcmp(skill->scores[i].family, level->family) == 0)
            return true;
    return false;
}
