// SPDX-License-Identifier: MIT
// From JSON to a story's structs, object by object.
#include "worlds/story/read.h"

#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <math.h>
#include <string.h>

#define PROBLEM PARA_STORY_PROBLEM

const char *para_story_text(ParaStoryReader *reader, const cJSON *json, const char *name,
                            const char *otherwise)
{
    const cJSON *item = para_story_get(json, name);
    return para_arena_strdup(reader->arena, cJSON_IsString(item) ? item->valuestring : otherwise);
}

static ParaStoryCard card_of(ParaStoryReader *reader, const cJSON *json, const char *name)
{
    ParaStoryCard card = {0};
    const cJSON *item = para_story_get(json, name), *line;
    if (cJSON_IsString(item))
        card.lines[card.count++] = para_arena_strdup(reader->arena, item->valuestring);
    else if (cJSON_IsArray(item))
        cJSON_ArrayForEach(line, item) if (cJSON_IsString(line) && card.count < PARA_STORY_LINES_MAX)
            card.lines[card.count++] = para_arena_strdup(reader->arena, line->valuestring);
    return card;
}

static int find_variable(const ParaStoryReader *reader, const char *name)
{
    for (int i = 0; i < reader->story->variable_count; i++)
        if (strcmp(reader->story->variables[i], name) == 0)
            return i;
    return -1;
}

/// Names and values of `set` and `keep`.
static int read_sets(ParaStoryReader *reader, const cJSON *json, const char *key, bool keeps,
                     const char *path, ParaStorySet *out)
{
    static const char level[] = "level.";
    const cJSON *object = para_story_get(json, key), *item;
    int count = 0;
    const char *at = para_story_below(reader, path, key);
    if (!cJSON_IsObject(object))
        return 0;
    if (cJSON_GetArraySize(object) > PARA_STORY_SETS_MAX)
        PROBLEM(reader, ITEM_COUNT, at, NULL, "more than %d variables", PARA_STORY_SETS_MAX);
    cJSON_ArrayForEach(item, object)
    {
        int variable = find_variable(reader, item->string);
        const char *where = para_story_below(reader, at, item->string);
        if (variable < 0) {
            const char *close =
                para_closest_word(item->string, reader->story->variables, reader->story->variable_count);
            PROBLEM(reader, UNKNOWN_REFERENCE, where, NULL, "the story has no variable \"%.60s\"%s%s%s",
                    item->string, close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "")
                ->at_key = true;
        }
        bool of = keeps && cJSON_IsString(item) && strncmp(item->valuestring, level, sizeof level - 1) == 0;
        ParaStorySet set = {.variable = variable};
        if (of)
            set.of = para_arena_strdup(reader->arena, item->valuestring + sizeof level - 1);
        else
            set.to = para_story_read_expr(reader, item, where);
        if (count < PARA_STORY_SETS_MAX && variable >= 0)
            out[count++] = set;
    }
    return count;
}

static ParaStoryBranch read_branch(ParaStoryReader *reader, const cJSON *json, const char *path)
{
    ParaStoryBranch branch = {.cause = -1, .path = path};
    if (!para_story_check_object(reader, PARA_STORY_BRANCH, json, path))
        return branch;
    const cJSON *on = para_story_get(json, "on"), *cause = para_story_get(json, "cause"),
                *when = para_story_get(json, "when");
    branch.on = on ? para_story_read_ends(reader, on, para_story_below(reader, path, "on")) : 0;
    branch.cause = cause ? para_story_read_cause(reader, cause, para_story_below(reader, path, "cause")) : -1;
    branch.when = when ? para_story_read_expr(reader, when, para_story_below(reader, path, "when")) : NULL;
    branch.set_count = read_sets(reader, json, "set", false, path, branch.sets);
    branch.say = card_of(reader, json, "say");
    return branch;
}

static void read_captions(ParaStoryReader *reader, const cJSON *json, const char *path, ParaStoryScene *scene)
{
    const cJSON *item, *list = para_story_get(json, "during");
    int index = 0;
    if (cJSON_IsArray(list))
        cJSON_ArrayForEach(item, list)
        {
            const char *where = para_story_item(reader, path, "during", index++);
            if (!para_story_check_object(reader, PARA_STORY_CAPTION, item, where))
                continue;
            const cJSON *at = para_story_get(item, "at"), *when = para_story_get(item, "when");
            ParaStoryCaption caption = {.at = cJSON_IsNumber(at) ? (float)at->valuedouble : 0.0f,
                                        .say = para_story_text(reader, item, "say", "")};
            caption.when =
                when ? para_story_read_expr(reader, when, para_story_below(reader, where, "when")) : NULL;
            if (scene->caption_count < PARA_STORY_CAPTIONS_MAX)
                scene->captions[scene->caption_count++] = caption;
        }
}

/// "name=value", as the command line has it.
static const char *setting_of(ParaStoryReader *reader, const cJSON *item)
{
    char text[PARA_NAME_MAX + 40];
    para_text_format(text, sizeof text, "%.63s=%.17g", item->string, item->valuedouble);
    return para_arena_strdup(reader->arena, text);
}

static void read_settings(ParaStoryReader *reader, const cJSON *json, ParaStoryScene *scene)
{
    const cJSON *item, *set = para_story_get(json, "set");
    if (cJSON_IsObject(set))
        cJSON_ArrayForEach(item, set) if (cJSON_IsNumber(item) && scene->setting_count < PARA_PARAMS_MAX)
            scene->settings[scene->setting_count++] = setting_of(reader, item);
}

static void read_scene(ParaStoryReader *reader, const cJSON *json, const char *path, ParaStoryScene *scene)
{
    const cJSON *item, *then = para_story_get(json, "then"), *seed = para_story_get(json, "seed");
    int index = 0;
    scene->path = path;
    scene->name = scene->title = scene->level = "";
    if (!para_story_check_object(reader, PARA_STORY_SCENE, json, path))
        return;
    scene->name = para_story_text(reader, json, "name", "");
    scene->title = para_story_text(reader, json, "title", scene->name);
    scene->level = para_story_text(reader, json, "level", "");
    scene->seed = cJSON_IsNumber(seed) && seed->valuedouble >= 0 && seed->valuedouble <= 9007199254740992.0
                      ? (uint64_t)seed->valuedouble
                      : 0;
    scene->before = card_of(reader, json, "before");
    read_settings(reader, json, scene);
    read_captions(reader, json, path, scene);
    scene->keep_count = read_sets(reader, json, "keep", true, path, scene->keep);
    if (cJSON_IsArray(then))
        cJSON_ArrayForEach(item, then)
        {
            ParaStoryBranch branch =
                read_branch(reader, item, para_story_item(reader, path, "then", index++));
            if (scene->branch_count < PARA_STORY_BRANCHES_MAX)
                scene->branches[scene->branch_count++] = branch;
        }
}

void para_story_read_variables(ParaStoryReader *reader, const cJSON *json)
{
    const cJSON *item, *object = para_story_get(json, "variables");
    ParaStory *story = reader->story;
    static const char *const senses[] = {"seconds", "tries", "shattered", "collected", "progress"};
    _Static_assert(sizeof senses / sizeof *senses == PARA_STORY_SENSES, "a name for each");
    memcpy(reader->params, senses, sizeof senses);
    if (cJSON_IsObject(object))
        cJSON_ArrayForEach(item, object)
        {
            bool taken = para_expr_reserved(item->string);
            for (int i = 0; i < PARA_STORY_SENSES; i++)
                taken |= strcmp(senses[i], item->string) == 0;
            if (taken)
                PROBLEM(reader, RESERVED_NAME, "/variables", para_problem_token(item->string, reader->arena),
                        "\"%.60s\" has a meaning of its own", item->string)
                    ->at_key = true;
            else if (find_variable(reader, item->string) >= 0)
                PROBLEM(reader, DUPLICATE_NAME, "/variables", item->string, "given twice")->at_key = true;
            else if (story->variable_count == PARA_STORY_VARIABLES_MAX)
                PROBLEM(reader, ITEM_COUNT, "/variables", NULL, "more than %d variables",
                        PARA_STORY_VARIABLES_MAX);
            else {
                story->values[story->variable_count] = cJSON_IsNumber(item) ? item->valuedouble : 0.0;
                story->variables[story->variable_count] = para_arena_strdup(reader->arena, item->string);
                reader->params[PARA_STORY_SENSES + story->variable_count] =
                    story->variables[story->variable_count];
                story->variable_count++;
            }
        }
    reader->scope.params = reader->params;
    reader->scope.param_count = PARA_STORY_SENSES + story->variable_count;
}

void para_story_read_scenes(ParaStoryReader *reader, const cJSON *json)
{
    const cJSON *item, *list = para_story_get(json, "scenes");
    ParaStory *story = reader->story;
    story->scenes = PARA_NEW(reader->arena, ParaStoryScene, PARA_STORY_SCENES_MAX);
    if (cJSON_IsArray(list))
        cJSON_ArrayForEach(item, list) if (story->scene_count < PARA_STORY_SCENES_MAX)
        {
            read_scene(reader, item, para_story_item(reader, "", "scenes", story->scene_count),
                       &story->scenes[story->scene_count]);
            story->scene_count++;
        }
}

void para_story_read_endings(ParaStoryReader *reader, const cJSON *json)
{
    const cJSON *item, *list = para_story_get(json, "endings");
    ParaStory *story = reader->story;
    story->endings = PARA_NEW(reader->arena, ParaStoryEnding, PARA_STORY_ENDINGS_MAX);
    if (cJSON_IsArray(list))
        cJSON_ArrayForEach(item, list) if (story->ending_count < PARA_STORY_ENDINGS_MAX)
        {
            ParaStoryEnding *ending = &story->endings[story->ending_count];
            ending->path = para_story_item(reader, "", "endings", story->ending_count++);
            ending->name = ending->title = "";
            if (!para_story_check_object(reader, PARA_STORY_ENDING, item, ending->path))
                continue;
            ending->name = para_story_text(reader, item, "name", "");
            ending->title = para_story_text(reader, item, "title", "");
            ending->text = card_of(reader, item, "text");
        }
}
