// SPDX-License-Identifier: MIT
// Reads a story: the text is looked through for slips, parsed, and each object read by the table of fields;
// what it means is asked by check.c. All problems come in one go.
#include "engine/base/file.h"
#include "engine/base/text.h"
#include "worlds/format/syntax.h"
#include "worlds/json_tree.h"
#include "worlds/problems.h"
#include "worlds/story/fields.h"
#include "worlds/story/story_check.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SIZE_MAX_BYTES (1 << 20) // [byte] of a story's text

typedef struct Reader {
    ParaStory *story;
    ParaArena *arena;
    ParaDiagList *list;
    const char *params[PARA_STORY_SENSES + PARA_STORY_VARIABLES_MAX];
    ParaExprScope scope;
} Reader;

#define PROBLEM(reader, code, path, key, ...)                                                                \
    para_problem((reader)->list, PARA_DIAG_ERROR, PARA_CODE_##code, path, key, __VA_ARGS__)

static const cJSON *get(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static const char *below(Reader *reader, const char *path, const char *key)
{
    return para_arena_printf(reader->arena, "%s/%s", path, para_problem_token(key, reader->arena));
}

static const char *item_path(Reader *reader, const char *path, const char *key, int index)
{
    return para_arena_printf(reader->arena, "%s/%s/%d", path, key, index);
}

// ---------------------------------------------------------------------------------------------
// Kinds of values.

static bool is_name(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789-";
    size_t length = strlen(text);
    return length > 0 && length < PARA_NAME_MAX && strspn(text, letters) == length &&
           strcspn(text, "0123456789-") > 0;
}

static bool check_text(Reader *reader, const cJSON *item, const char *path)
{
    if (!cJSON_IsString(item))
        PROBLEM(reader, WRONG_TYPE, path, NULL, "must be a text");
    else if (strlen(item->valuestring) >= PARA_STORY_TEXT_MAX)
        PROBLEM(reader, TEXT_SIZE, path, NULL, "has %zu bytes; the most is %d", strlen(item->valuestring),
                PARA_STORY_TEXT_MAX - 1);
    else
        return true;
    return false;
}

static const ParaExpr *read_expr(Reader *reader, const cJSON *item, const char *path)
{
    ParaExprBuilder builder;
    para_expr_begin(&builder, &reader->scope);
    if (cJSON_IsNumber(item)) {
        para_expr_add_number(&builder, item->valuedouble);
    } else if (!cJSON_IsString(item)) {
        PROBLEM(reader, WRONG_TYPE, path, NULL, "must be a number or an expression");
        return NULL;
    } else if (!para_expr_add_text(&builder, item->valuestring)) {
        ParaDiag *it = builder.error.unknown_name
                           ? PROBLEM(reader, UNKNOWN_VALUE, path, NULL, "%s", builder.error.text)
                           : PROBLEM(reader, EXPRESSION, path, NULL, "%s", builder.error.text);
        (void)it;
        return NULL;
    }
    return para_expr_end(&builder, reader->arena);
}

static void check_number(Reader *reader, const cJSON *item, const ParaStoryField *field, const char *path)
{
    double value = item->valuedouble;
    if (!cJSON_IsNumber(item))
        PROBLEM(reader, WRONG_TYPE, path, NULL, "must be a number");
    else if (!(value >= field->low && value <= field->high))
        PROBLEM(reader, RANGE, path, NULL, "%g is out of its range, %g to %g", value, field->low,
                field->high);
    else if (field->kind == PARA_STORY_WHOLE && value != floor(value))
        PROBLEM(reader, NOT_WHOLE, path, NULL, "must be a whole number");
}

static void check_lines(Reader *reader, const cJSON *item, const char *path)
{
    int count = cJSON_GetArraySize(item), index = 0;
    const cJSON *line;
    if (!cJSON_IsArray(item)) {
        check_text(reader, item, path);
        return;
    }
    if (count < 1 || count > PARA_STORY_LINES_MAX)
        PROBLEM(reader, ITEM_COUNT, path, NULL, "%d lines; a card has 1 to %d", count, PARA_STORY_LINES_MAX);
    cJSON_ArrayForEach(line, item)
        check_text(reader, line, para_arena_printf(reader->arena, "%s/%d", path, index++));
}

static const char *const end_words[] = {"solved", "failed", "timeout"};
static const ParaPlayStatus ends[] = {PARA_PLAY_SOLVED, PARA_PLAY_FAILED, PARA_PLAY_TIMEOUT};
#define END_COUNT 3

static uint32_t read_end(Reader *reader, const cJSON *item, const char *path)
{
    for (int i = 0; cJSON_IsString(item) && i < END_COUNT; i++)
        if (strcmp(item->valuestring, end_words[i]) == 0)
            return 1u << ends[i];
    const char *close =
        cJSON_IsString(item) ? para_closest_word(item->valuestring, end_words, END_COUNT) : NULL;
    PROBLEM(reader, WORD, path, NULL, "must be solved, failed or timeout%s%s%s",
            close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
    return 0;
}

static uint32_t read_ends(Reader *reader, const cJSON *item, const char *path)
{
    uint32_t bits = 0;
    int index = 0;
    const cJSON *word;
    if (!cJSON_IsArray(item))
        return read_end(reader, item, path);
    if (cJSON_GetArraySize(item) == 0)
        PROBLEM(reader, ITEM_COUNT, path, NULL, "an empty list: no end is meant; leave it out for any");
    cJSON_ArrayForEach(word, item) bits |=
        read_end(reader, word, para_arena_printf(reader->arena, "%s/%d", path, index++));
    return bits;
}

static int read_cause(Reader *reader, const cJSON *item, const char *path)
{
    int count, cause = cJSON_IsString(item) ? para_story_cause_find(item->valuestring) : -1;
    const char *const *words = para_story_causes(&count);
    if (cause >= 0)
        return cause;
    const char *close = cJSON_IsString(item) ? para_closest_word(item->valuestring, words, count) : NULL;
    PROBLEM(reader, WORD, path, NULL, "must be a condition of goals, such as shattered or touch%s%s%s",
            close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
    return -1;
}

static void check_numbers(Reader *reader, const cJSON *item, const char *path)
{
    const cJSON *one;
    if (!cJSON_IsObject(item)) {
        PROBLEM(reader, WRONG_TYPE, path, NULL, "must be an object of names and numbers");
        return;
    }
    cJSON_ArrayForEach(one, item)
    {
        if (!is_name(one->string) || strchr(one->string, '-'))
            PROBLEM(reader, NAME, path, para_problem_token(one->string, reader->arena),
                    "\"%.60s\" is no name: letters, digits and _, no digit first", one->string)
                ->at_key = true;
        else if (!cJSON_IsNumber(one) || !isfinite(one->valuedouble))
            PROBLEM(reader, WRONG_TYPE, below(reader, path, one->string), NULL, "must be a number");
    }
}

static void check_list(Reader *reader, const cJSON *item, const ParaStoryField *field, const char *path)
{
    int count = cJSON_GetArraySize(item);
    if (!cJSON_IsArray(item))
        PROBLEM(reader, WRONG_TYPE, path, NULL, "must be a list of %ss", para_story_object_name(field->of));
    else if (count < (int)field->low || count > (int)field->high)
        PROBLEM(reader, ITEM_COUNT, path, NULL, "%d %ss; there must be %g to %g", count,
                para_story_object_name(field->of), field->low, field->high);
}

/// One value by its field; what names and expressions mean is read later.
static void check_value(Reader *reader, const cJSON *item, const ParaStoryField *field, const char *path)
{
    switch (field->kind) {
    case PARA_STORY_VERSION:
        if (!cJSON_IsNumber(item) || item->valuedouble != 1.0)
            PROBLEM(reader, VERSION, path, NULL, "must be 1: this program knows no other version");
        break;
    case PARA_STORY_NAME:
        if (!cJSON_IsString(item) || !is_name(item->valuestring))
            PROBLEM(reader, NAME, path, NULL, "must be a name: letters, digits, - and _, no digit first");
        break;
    case PARA_STORY_TEXT:
        check_text(reader, item, path);
        break;
    case PARA_STORY_NOTE:
        if (!cJSON_IsString(item))
            PROBLEM(reader, WRONG_TYPE, path, NULL, "must be a text");
        break;
    case PARA_STORY_LINES:
        check_lines(reader, item, path);
        break;
    case PARA_STORY_NUMBER:
    case PARA_STORY_WHOLE:
        check_number(reader, item, field, path);
        break;
    case PARA_STORY_NUMBERS:
        check_numbers(reader, item, path);
        break;
    case PARA_STORY_EXPRS:
    case PARA_STORY_KEEPS:
        if (!cJSON_IsObject(item))
            PROBLEM(reader, WRONG_TYPE, path, NULL, "must be an object of variables and their values");
        break;
    case PARA_STORY_LIST:
        check_list(reader, item, field, path);
        break;
    case PARA_STORY_EXPR:
    case PARA_STORY_WORDS:
    case PARA_STORY_CAUSE: // as they are read
        break;
    }
}

static const ParaStoryField *find_field(ParaStoryObject object, const char *name)
{
    int count;
    const ParaStoryField *fields = para_story_fields(&count);
    for (int i = 0; i < count; i++)
        if (fields[i].object == object && strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

static void unknown_field(Reader *reader, ParaStoryObject object, const cJSON *item, const char *path)
{
    int count, words = 0;
    const ParaStoryField *fields = para_story_fields(&count);
    const char *names[32];
    for (int i = 0; i < count; i++)
        if (fields[i].object == object && words < 32)
            names[words++] = fields[i].name;
    const char *close = para_closest_word(item->string, names, words);
    ParaDiag *it = close
                       ? PROBLEM(reader, UNKNOWN_FIELD, path, para_problem_token(item->string, reader->arena),
                                 "unknown field \"%.60s\"; did you mean \"%s\"?", item->string, close)
                       : PROBLEM(reader, UNKNOWN_FIELD, path, para_problem_token(item->string, reader->arena),
                                 "unknown field \"%.60s\"; a %s has no such thing", item->string,
                                 para_story_object_name(object));
    it->at_key = true;
}

/// All fields of an object, whether they are known, there and of their kind.
static bool check_object(Reader *reader, ParaStoryObject object, const cJSON *json, const char *path)
{
    int count;
    const ParaStoryField *fields = para_story_fields(&count);
    const cJSON *item;
    if (!cJSON_IsObject(json)) {
        PROBLEM(reader, NOT_OBJECT, path, NULL, "must be an object: a %s", para_story_object_name(object));
        return false;
    }
    cJSON_ArrayForEach(item, json)
    {
        const ParaStoryField *field = find_field(object, item->string);
        if (!field) {
            unknown_field(reader, object, item, path);
        } else if (get(json, item->string) != item) {
            ParaDiag *it = PROBLEM(reader, DUPLICATE_FIELD, path, item->string, "given twice");
            it->at_key = true;
            it->occurrence = 1;
        } else {
            check_value(reader, item, field, below(reader, path, item->string));
        }
    }
    for (int i = 0; i < count; i++)
        if (fields[i].object == object && fields[i].required && !get(json, fields[i].name))
            PROBLEM(reader, MISSING_FIELD, path, NULL, "\"%s\" is missing: %s", fields[i].name,
                    fields[i].help);
    return true;
}

// ---------------------------------------------------------------------------------------------
// Objects.

static const char *text_of(Reader *reader, const cJSON *json, const char *name, const char *otherwise)
{
    const cJSON *item = get(json, name);
    return para_arena_strdup(reader->arena, cJSON_IsString(item) ? item->valuestring : otherwise);
}

static ParaStoryCard card_of(Reader *reader, const cJSON *json, const char *name)
{
    ParaStoryCard card = {0};
    const cJSON *item = get(json, name), *line;
    if (cJSON_IsString(item))
        card.lines[card.count++] = para_arena_strdup(reader->arena, item->valuestring);
    else if (cJSON_IsArray(item))
        cJSON_ArrayForEach(line, item) if (cJSON_IsString(line) && card.count < PARA_STORY_LINES_MAX)
            card.lines[card.count++] = para_arena_strdup(reader->arena, line->valuestring);
    return card;
}

static int find_variable(const Reader *reader, const char *name)
{
    for (int i = 0; i < reader->story->variable_count; i++)
        if (strcmp(reader->story->variables[i], name) == 0)
            return i;
    return -1;
}

/// Names and values of `set` and `keep`.
static int read_sets(Reader *reader, const cJSON *json, const char *key, bool keeps, const char *path,
                     ParaStorySet *out)
{
    static const char level[] = "level.";
    const cJSON *object = get(json, key), *item;
    int count = 0;
    const char *at = below(reader, path, key);
    if (!cJSON_IsObject(object))
        return 0;
    if (cJSON_GetArraySize(object) > PARA_STORY_SETS_MAX)
        PROBLEM(reader, ITEM_COUNT, at, NULL, "more than %d variables", PARA_STORY_SETS_MAX);
    cJSON_ArrayForEach(item, object)
    {
        int variable = find_variable(reader, item->string);
        const char *where = below(reader, at, item->string);
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
            set.to = read_expr(reader, item, where);
        if (count < PARA_STORY_SETS_MAX && variable >= 0)
            out[count++] = set;
    }
    return count;
}

static ParaStoryBranch read_branch(Reader *reader, const cJSON *json, const char *path)
{
    ParaStoryBranch branch = {.cause = -1, .path = path};
    if (!check_object(reader, PARA_STORY_BRANCH, json, path))
        return branch;
    const cJSON *on = get(json, "on"), *cause = get(json, "cause"), *when = get(json, "when");
    branch.on = on ? read_ends(reader, on, below(reader, path, "on")) : 0;
    branch.cause = cause ? read_cause(reader, cause, below(reader, path, "cause")) : -1;
    branch.when = when ? read_expr(reader, when, below(reader, path, "when")) : NULL;
    branch.set_count = read_sets(reader, json, "set", false, path, branch.sets);
    branch.say = card_of(reader, json, "say");
    return branch;
}

static void read_captions(Reader *reader, const cJSON *json, const char *path, ParaStoryScene *scene)
{
    const cJSON *item, *list = get(json, "during");
    int index = 0;
    if (cJSON_IsArray(list))
        cJSON_ArrayForEach(item, list)
        {
            const char *where = item_path(reader, path, "during", index++);
            if (!check_object(reader, PARA_STORY_CAPTION, item, where))
                continue;
            const cJSON *at = get(item, "at"), *when = get(item, "when");
            ParaStoryCaption caption = {.at = cJSON_IsNumber(at) ? (float)at->valuedouble : 0.0f,
                                        .say = text_of(reader, item, "say", "")};
            caption.when = when ? read_expr(reader, when, below(reader, where, "when")) : NULL;
            if (scene->caption_count < PARA_STORY_CAPTIONS_MAX)
                scene->captions[scene->caption_count++] = caption;
        }
}

/// "name=value", as the command line has it.
static const char *setting_of(Reader *reader, const cJSON *item)
{
    char text[PARA_NAME_MAX + 40];
    para_text_format(text, sizeof text, "%.63s=%.17g", item->string, item->valuedouble);
    return para_arena_strdup(reader->arena, text);
}

static void read_settings(Reader *reader, const cJSON *json, ParaStoryScene *scene)
{
    const cJSON *item, *set = get(json, "set");
    if (cJSON_IsObject(set))
        cJSON_ArrayForEach(item, set) if (cJSON_IsNumber(item) && scene->setting_count < PARA_PARAMS_MAX)
            scene->settings[scene->setting_count++] = setting_of(reader, item);
}

static void read_scene(Reader *reader, const cJSON *json, const char *path, ParaStoryScene *scene)
{
    const cJSON *item, *then = get(json, "then"), *seed = get(json, "seed");
    int index = 0;
    scene->path = path;
    scene->name = scene->title = scene->level = "";
    if (!check_object(reader, PARA_STORY_SCENE, json, path))
        return;
    scene->name = text_of(reader, json, "name", "");
    scene->title = text_of(reader, json, "title", scene->name);
    scene->level = text_of(reader, json, "level", "");
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
            ParaStoryBranch branch = read_branch(reader, item, item_path(reader, path, "then", index++));
            if (scene->branch_count < PARA_STORY_BRANCHES_MAX)
                scene->branches[scene->branch_count++] = branch;
        }
}

static void read_variables(Reader *reader, const cJSON *json)
{
    const cJSON *item, *object = get(json, "variables");
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

static void read_scenes(Reader *reader, const cJSON *json)
{
    const cJSON *item, *list = get(json, "scenes");
    ParaStory *story = reader->story;
    story->scenes = PARA_NEW(reader->arena, ParaStoryScene, PARA_STORY_SCENES_MAX);
    if (cJSON_IsArray(list))
        cJSON_ArrayForEach(item, list) if (story->scene_count < PARA_STORY_SCENES_MAX)
        {
            read_scene(reader, item, item_path(reader, "", "scenes", story->scene_count),
                       &story->scenes[story->scene_count]);
            story->scene_count++;
        }
}

static void read_endings(Reader *reader, const cJSON *json)
{
    const cJSON *item, *list = get(json, "endings");
    ParaStory *story = reader->story;
    story->endings = PARA_NEW(reader->arena, ParaStoryEnding, PARA_STORY_ENDINGS_MAX);
    if (cJSON_IsArray(list))
        cJSON_ArrayForEach(item, list) if (story->ending_count < PARA_STORY_ENDINGS_MAX)
        {
            ParaStoryEnding *ending = &story->endings[story->ending_count];
            ending->path = item_path(reader, "", "endings", story->ending_count++);
            ending->name = ending->title = "";
            if (!check_object(reader, PARA_STORY_ENDING, item, ending->path))
                continue;
            ending->name = text_of(reader, item, "name", "");
            ending->title = text_of(reader, item, "title", "");
            ending->text = card_of(reader, item, "text");
        }
}

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

static void resolve(Reader *reader, const cJSON *name, const char *path, bool endings, int *out)
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

static void resolve_all(Reader *reader, const cJSON *json)
{
    const cJSON *scenes = get(json, "scenes");
    resolve(reader, get(json, "start"), "/start", false, &reader->story->start);
    for (int s = 0; s < reader->story->scene_count; s++) {
        ParaStoryScene *scene = &reader->story->scenes[s];
        const cJSON *then = get(cJSON_GetArrayItem(scenes, s), "then");
        for (int b = 0; b < scene->branch_count; b++) {
            ParaStoryBranch *branch = &scene->branches[b];
            resolve(reader, get(cJSON_GetArrayItem(then, b), "go"), below(reader, branch->path, "go"), true,
                    &branch->go);
        }
    }
}

static void check_names(Reader *reader)
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
    bool is = cJSON_IsObject(json) && get(json, "story");
    cJSON_Delete(json);
    return is;
}

static bool read_story(Reader *reader, const cJSON *json)
{
    int errors = reader->list->error_count;
    if (!check_object(reader, PARA_STORY_ROOT, json, ""))
        return false;
    reader->story->name = text_of(reader, json, "name", "");
    reader->story->about = text_of(reader, json, "about", "");
    read_variables(reader, json);
    read_scenes(reader, json);
    read_endings(reader, json);
    check_names(reader);
    resolve_all(reader, json);
    return reader->list->error_count == errors;
}

const ParaStory *para_story_load(const char *path, const char *text, size_t size, bool levels,
                                 ParaArena *arena, ParaDiagList *list)
{
    int first = list->count;
    Reader reader = {.arena = arena, .list = list};
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
