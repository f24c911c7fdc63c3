// SPDX-License-Identifier: MIT
// Loads a story: the text is looked through for slips, parsed, and each object read by the table of fields;
// what it means is asked by check.c. All problems come in one go.
#include "engine/base/file.h"
#include "worlds/format/syntax.h"
#include "worlds/json_tree.h"
#include "worlds/story/read.h"
#include "worlds/story/story_check.h"

#include <string.h>

#define SIZE_MAX_BYTES (1 << 20) // [byte] of a story's text
#define PROBLEM        PARA_STORY_PROBLEM

// ---------------------------------------------------------------------------------------------
// Where branches lead.

/// A scene or ending by name: 0.., or -1 - ending. @return false: there is none
static bool find_place(const ParaStory *story, const char *name, bool endings, int *out)
{
    for (int i = 0; i < story->scene_count; i++)
        if (strcmp(story->scenes[i].name, name) == 0) {
            *out = i;
            return true;
        }
    for (int i = 0; endings && i < story->ending_count; i++)
        if (strcmp(story->endings[i].name, name) == 0) {
            *out = -1 - i;
            return true;
        }
    return false;
}

static void resolve(ParaStoryReader *reader, const cJSON *name, const char *path, bool endings, int *out)
{
    const ParaStory *story = reader->story;
    const char *words[PARA_STORY_SCENES_MAX + PARA_STORY_ENDINGS_MAX];
    int count = 0;
    if (!cJSON_IsString(name) || find_place(story, name->valuestring, endings, out))
        return;
    for (int i = 0; i < story->scene_count; i++)
        words[count++] = story->scenes[i].name;
    for (int i = 0; endings && i < story->ending_count; i++)
        words[count++] = story->endings[i].name;
    const char *close = para_closest_word(name->valuestring, words, count);
    PROBLEM(reader, UNKNOWN_REFERENCE, path, NULL, "there is no scene%s \"%.60s\"%s%s%s",
            endings ? " or ending" : "", name->valuestring, close ? "; did you mean \"" : "",
            close ? close : "", close ? "\"?" : "");
}

static void resolve_all(ParaStoryReader *reader, const cJSON *json)
{
    const cJSON *scenes = para_story_get(json, "scenes");
    resolve(reader, para_story_get(json, "start"), "/start", false, &reader->story->start);
    for (int s = 0; s < reader->story->scene_count; s++) {
        ParaStoryScene *scene = &reader->story->scenes[s];
        const cJSON *then = para_story_get(cJSON_GetArrayItem(scenes, s), "then");
        for (int b = 0; b < scene->branch_count; b++) {
            ParaStoryBranch *branch = &scene->branches[b];
            resolve(reader, para_story_get(cJSON_GetArrayItem(then, b), "go"),
                    para_story_below(reader, branch->path, "go"), true, &branch->go);
        }
    }
}

static void check_names(ParaStoryReader *reader)
{
    const ParaStory *story = reader->story;
    int count = story->scene_count + story->ending_count;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < i; k++) {
            bool scene = i < story->scene_count, other = k < story->scene_count;
            const char *a = scene ? story->scenes[i].name : story->endings[i - story->scene_count].name;
            const char *b = other ? story->scenes[k].name : story->endings[k - story->scene_count].name;
            if (*a && strcmp(a, b) == 0)
                PROBLEM(reader, DUPLICATE_NAME,
                        scene ? story->scenes[i].path : story->endings[i - story->scene_count].path, "name",
                        "\"%s\" is the name of another %s already", a, other ? "scene" : "ending");
        }
}

// ---------------------------------------------------------------------------------------------

bool para_story_is(const char *text, size_t size)
{
    cJSON *json = size <= SIZE_MAX_BYTES ? para_json_parse_part(text, size, NULL, false) : NULL;
    bool is = cJSON_IsObject(json) && para_story_get(json, "story");
    cJSON_Delete(json);
    return is;
}

/// A level that says "story": of each of its fields it would be told that a story has none such.
static bool is_level(ParaStoryReader *reader, const cJSON *json)
{
    static const char *const words[] = {"paracosm", "bodies", "player", "players", "goal"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (cJSON_IsObject(json) && !para_story_get(json, "scenes") && para_story_get(json, words[i])) {
            para_diag_add(reader->list, PARA_DIAG_ERROR, PARA_STORY_IS_LEVEL, "/story",
                          "this is a level, as its \"%s\" says, and no story: take \"story\" away to have it "
                          "read as one; a story has \"scenes\" that name levels",
                          words[i])
                ->at_key = true;
            return true;
        }
    return false;
}

static bool read_story(ParaStoryReader *reader, const cJSON *json)
{
    int errors = reader->list->error_count;
    if (is_level(reader, json) || !para_story_check_object(reader, PARA_STORY_ROOT, json, ""))
        return false;
    reader->story->name = para_story_text(reader, json, "name", "");
    reader->story->about = para_story_text(reader, json, "about", "");
    para_story_read_variables(reader, json);
    para_story_read_scenes(reader, json);
    para_story_read_endings(reader, json);
    check_names(reader);
    resolve_all(reader, json);
    return reader->list->error_count == errors;
}

const ParaStory *para_story_load(const char *path, const char *text, size_t size, bool levels,
                                 ParaArena *arena, ParaDiagList *list)
{
    int first = list->count;
    ParaStoryReader reader = {.arena = arena, .list = list};
    list->file = para_arena_strdup(list->arena, path);
    if (size > SIZE_MAX_BYTES) {
        PROBLEM(&reader, UNREADABLE, "", NULL, "the text has %zu bytes; the most is %d", size,
                SIZE_MAX_BYTES);
        return NULL;
    }
    char *copy = para_arena_alloc(arena, size + 1);
    memcpy(copy, text, size);
    list->text = copy;
    reader.story = PARA_NEW(arena, ParaStory, 1);
    bool good = para_syntax_check(copy, size, list);
    cJSON *json = good ? para_json_parse_part(copy, size + 1, NULL, true) : NULL;
    if (good && !json)
        PROBLEM(&reader, SYNTAX, "", NULL, "the parser takes no such JSON, or there is no memory for it");
    good = json && read_story(&reader, json);
    cJSON_Delete(json);
    if (good) {
        int errors = list->error_count;
        para_story_check(reader.story, list);
        if (levels)
            para_story_check_levels(reader.story, path, arena, list);
        good = list->error_count == errors;
    }
    para_problems_locate(list, first);
    return good ? reader.story : NULL;
}

const ParaStory *para_story_load_file(const char *path, bool levels, ParaArena *arena, ParaDiagList *list)
{
    size_t size = 0;
    const char *error = NULL;
    char *text = para_file_read(path, SIZE_MAX_BYTES, arena, &size, &error);
    list->file = para_arena_strdup(list->arena, path);
    if (!text) {
        para_problem(list, PARA_DIAG_ERROR, PARA_CODE_UNREADABLE, "", NULL, "%s", error);
        return NULL;
    }
    return para_story_load(path, text, size, levels, arena, list);
}
