// SPDX-License-Identifier: MIT
// Reading labelled actions of PHYRE: JSON of any origin. Tasks without a template here are counted, no more.
#include "apps/puzzle/attempts.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#define TASKS_MAX   100000
#define ACTIONS_MAX 1000 // of a task and label
#define STEPS_MAX   1000

typedef struct Reader {
    const ParaAppFiles *templates;
    ParaAttempts *out;
    ParaArena *arena;
    ParaDiagList *list;
    int task; ///< in the file
    bool refused;
} Reader;

static const char *const keys[PARA_LABEL_COUNT] = {"solving", "not_solving", "not_solving_near"};

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

static void refuse(Reader *reader, const char *key, const char *what)
{
    reader->refused = true;
    para_diag_add(reader->list, PARA_DIAG_ERROR, NULL,
                  para_arena_printf(reader->arena, "/tasks/%d/%s", reader->task, key), "%s", what);
}

/// The template of a task. @return NULL: there is none
static const char *template_of(Reader *reader, const char *id)
{
    ParaArenaMark mark = para_arena_mark(reader->arena);
    const char *name = para_arena_printf(reader->arena, "%s.json", para_phyre_name(id, reader->arena));
    const char *found = NULL;
    for (int k = 0; k < reader->templates->count && !found; k++) {
        const char *path = reader->templates->items[k].path, *slash = strrchr(path, '/');
        if (strcmp(slash ? slash + 1 : path, name) == 0)
            found = path;
    }
    para_arena_rewind(reader->arena, mark);
    return found;
}

static int family_of(ParaAttempts *out, const char *id)
{
    size_t size = strcspn(id, ":");
    for (int f = 0; f < out->family_count; f++)
        if (strlen(out->families[f]) == size && strncmp(out->families[f], id, size) == 0)
            return f;
    memcpy(out->families[out->family_count], id, size);
    return out->family_count++;
}

static void read_action(Reader *reader, const cJSON *json, ParaLabel label)
{
    const cJSON *action = member(json, "action"), *step = member(json, "step");
    ParaAttempt *attempt = &reader->out->items[reader->out->count];
    *attempt = (ParaAttempt){.task = reader->out->task_count - 1, .label = label};
    if (!cJSON_IsArray(action) || cJSON_GetArraySize(action) != 3) {
        refuse(reader, keys[label], "each must have an \"action\" of three numbers, x, y and r");
        return;
    }
    int k = 0;
    for (const cJSON *one = action->child; one; one = one->next, k++) {
        if (!cJSON_IsNumber(one) || !(one->valuedouble >= 0 && one->valuedouble <= 1)) {
            refuse(reader, keys[label], "an action's numbers are 0 to 1");
            return;
        }
        attempt->action[k] = one->valuedouble;
    }
    if (cJSON_IsNumber(step) && step->valuedouble >= 1 && step->valuedouble <= STEPS_MAX)
        attempt->recorded = (int)step->valuedouble;
    reader->out->count++;
}

static void read_task(Reader *reader, const cJSON *json)
{
    const cJSON *id = member(json, "id");
    ParaAttempts *out = reader->out;
    if (!cJSON_IsString(id) || strlen(id->valuestring) >= PARA_PHYRE_ID_MAX) {
        refuse(reader, "id", "must be a task's name, as in \"00012:345\"");
        return;
    }
    const char *path = template_of(reader, id->valuestring);
    if (!path) {
        out->without_template++;
        return;
    }
    ParaPuzzleTask *task = &out->tasks[out->task_count++];
    memcpy(task->id, id->valuestring, strlen(id->valuestring) + 1);
    task->path = path;
    task->family = family_of(out, task->id);
    for (int label = 0; label < PARA_LABEL_COUNT && !reader->refused; label++) {
        const cJSON *list = member(json, keys[label]);
        if (list && !cJSON_IsArray(list))
            refuse(reader, keys[label], "must be a list");
        for (const cJSON *one = list ? list->child : NULL; one && !reader->refused; one = one->next)
            read_action(reader, one, (ParaLabel)label);
    }
}

/// How many actions there are at most.
static int count_actions(Reader *reader, const cJSON *tasks)
{
    int count = 0;
    for (const cJSON *task = tasks->child; task && !reader->refused; task = task->next, reader->task++)
        for (int label = 0; label < PARA_LABEL_COUNT; label++) {
            const cJSON *list = member(task, keys[label]);
            int size = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
            if (size > ACTIONS_MAX)
                refuse(reader, keys[label], "has more than 1000 actions");
            count += size;
        }
    return reader->refused ? 0 : count;
}

bool para_attempts_read(const char *text, size_t size, const ParaAppFiles *templates, ParaAttempts *out,
                        ParaArena *arena, ParaDiagList *list)
{
    Reader reader = {.templates = templates, .out = out, .arena = arena, .list = list};
    *out = (ParaAttempts){0};
    cJSON *root = para_json_parse_part(text, size + 1, NULL, true);
    const cJSON *tasks = member(root, "tasks");
    int count = cJSON_IsArray(tasks) ? cJSON_GetArraySize(tasks) : 0;
    if (count == 0 || count > TASKS_MAX) {
        para_diag_add(list, PARA_DIAG_ERROR, NULL, "/tasks",
                      "must be a list of 1 to %d tasks with their actions", TASKS_MAX);
        cJSON_Delete(root);
        return false;
    }
    out->items = PARA_NEW(arena, ParaAttempt, count_actions(&reader, tasks) + 1);
    out->tasks = PARA_NEW(arena, ParaPuzzleTask, count);
    out->families = para_arena_alloc(arena, sizeof *out->families * (size_t)count);
    reader.task = 0;
    for (const cJSON *task = tasks->child; task && !reader.refused; task = task->next, reader.task++)
        read_task(&reader, task);
    cJSON_Delete(root);
    return !reader.refused;
}
