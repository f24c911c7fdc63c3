// SPDX-License-Identifier: MIT
// Reading tasks of PHYRE: JSON of any origin to plain data that may be trusted.
#include "engine/base/text.h"
#include "engine/world/geometry.h"
#include "worlds/import/phyre.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_MAX         1e4                   // [px] [rad] of anything that is read
#define RADIUS_MIN         0.01                  // [px]
#define BODIES_MAX         (PARA_BODIES_MAX - 1) // the ball comes last
#define SHAPES_MAX         (PARA_SHAPES_MAX - 1) // of a task
#define SHAPES_OF_BODY_MAX 64                    // by the format of templates

typedef struct Reader {
    ParaArena *arena;
    ParaDiagList *list;
    char at[96]; ///< JSON Pointer of what is being read
    int shapes;  ///< of the task
    bool refused;
} Reader;

static void refuse(Reader *reader, const char *key, const char *what)
{
    reader->refused = true;
    para_diag_add(reader->list, PARA_DIAG_ERROR, NULL,
                  para_arena_printf(reader->arena, "%s%s%s", reader->at, *key ? "/" : "", key), "%s", what);
}

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

/// Notes what is not understood, so that nothing is dropped in silence. @param known ends with NULL
static void note_unknown(Reader *reader, const cJSON *object, const char *const *known)
{
    for (const cJSON *one = object->child; one; one = one->next) {
        int k = 0;
        while (known[k] && strcmp(known[k], one->string) != 0)
            k++;
        if (!known[k])
            para_diag_add(reader->list, PARA_DIAG_WARNING, NULL, reader->at,
                          "\"%.60s\" is not known; it is left out", one->string);
    }
}

// ---------------------------------------------------------------------------------------------
// Values.

static float number_of(Reader *reader, const cJSON *value, const char *key)
{
    if (cJSON_IsNumber(value) && fabs(value->valuedouble) <= NUMBER_MAX) // false of a NaN, too
        return (float)value->valuedouble;
    refuse(reader, key, "must be a number from -10000 to 10000");
    return 0;
}

static ParaVec2 pair_of(Reader *reader, const cJSON *value, const char *key)
{
    if (!cJSON_IsArray(value) || cJSON_GetArraySize(value) != 2) {
        refuse(reader, key, "must be a pair of numbers, as in [128, 2.5]");
        return (ParaVec2){0, 0};
    }
    float x = number_of(reader, value->child, key);
    return (ParaVec2){x, number_of(reader, value->child->next, key)};
}

/// How many items a list has. @return 0 where it is none, or has too few or many, which is told
static int size_of(Reader *reader, const cJSON *list, const char *key, int low, int high)
{
    int size = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : -1;
    if (size >= low && size <= high)
        return size;
    refuse(reader, key, para_arena_printf(reader->arena, "must be a list of %d to %d", low, high));
    return 0;
}

static bool is_id(const char *text)
{
    static const char taken[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:";
    size_t size = strlen(text);
    return size > 0 && size < PARA_PHYRE_ID_MAX && strspn(text, taken) == size;
}

// ---------------------------------------------------------------------------------------------
// Bodies.

static void read_polygon(Reader *reader, const cJSON *list, ParaPhyreShape *shape)
{
    int count = size_of(reader, list, "polygon", 3, PARA_PHYRE_CORNERS);
    const cJSON *corner = count ? list->child : NULL;
    for (; corner && !reader->refused; corner = corner->next)
        shape->corner[shape->corners++] = pair_of(reader, corner, "polygon");
    if (reader->refused)
        return;
    ParaVec2 metres[PARA_PHYRE_CORNERS];
    for (int k = 0; k < shape->corners; k++)
        metres[k] = (ParaVec2){shape->corner[k].x / PARA_PHYRE_METRE, shape->corner[k].y / PARA_PHYRE_METRE};
    const char *problem = para_polygon_problem(metres, (uint32_t)shape->corners);
    if (problem)
        refuse(reader, "polygon", problem);
}

static void read_shape(Reader *reader, const cJSON *json, ParaPhyreShape *shape)
{
    static const char *const known[] = {"circle", "polygon", NULL};
    const cJSON *circle = member(json, "circle"), *polygon = member(json, "polygon");
    if (!cJSON_IsObject(json) || !circle == !polygon) {
        refuse(reader, "", "must be a circle or a polygon, as in {\"circle\": 7.5}");
        return;
    }
    note_unknown(reader, json, known);
    if (polygon) {
        read_polygon(reader, polygon, shape);
        return;
    }
    shape->radius = number_of(reader, circle, "circle");
    if (!reader->refused && (double)shape->radius < RADIUS_MIN)
        refuse(reader, "circle", "must be a radius above 0");
}

static void read_body(Reader *reader, const cJSON *json, int task, int index, ParaPhyreBody *body)
{
    static const char *const known[] = {"static", "position", "angle", "color", "role", "shapes", NULL};
    const cJSON *fixed = member(json, "static"), *shapes = member(json, "shapes");
    snprintf(reader->at, sizeof reader->at, "/tasks/%d/bodies/%d", task, index);
    if (!cJSON_IsBool(fixed)) {
        refuse(reader, "static", "must be true or false");
        return;
    }
    note_unknown(reader, json, known);
    body->fixed = cJSON_IsTrue(fixed);
    body->position = pair_of(reader, member(json, "position"), "position");
    body->angle = number_of(reader, member(json, "angle"), "angle");
    int count = size_of(reader, shapes, "shapes", 1, SHAPES_OF_BODY_MAX);
    body->shapes = PARA_NEW(reader->arena, ParaPhyreShape, count);
    const cJSON *shape = count ? shapes->child : NULL;
    for (; shape && !reader->refused; shape = shape->next) {
        int s = body->shape_count++;
        snprintf(reader->at, sizeof reader->at, "/tasks/%d/bodies/%d/shapes/%d", task, index, s);
        read_shape(reader, shape, &body->shapes[s]);
    }
    reader->shapes += body->shape_count;
}

/// What templates call a body: by what it is for, else by its form; the first four static ones are the walls.
static void name_bodies(ParaPhyreTask *task, ParaArena *arena)
{
    static const char *const walls[] = {"floor", "left_wall", "ceiling", "right_wall"};
    static const char *const words[] = {"ball", "block", "thing", "peg", "ground", "ground"};
    int counts[6] = {0}, fixed = 0;
    for (int b = 0; b < task->body_count; b++) {
        ParaPhyreBody *body = &task->bodies[b];
        int form = body->shape_count > 1 ? 2 : body->shapes[0].corners > 0;
        int word = body->fixed ? 3 + form : form, same = word == 5 ? 4 : word;
        bool wall = body->fixed && b == fixed && b < 4;
        fixed += body->fixed;
        body->name = b == task->body1   ? "green"
                     : b == task->body2 ? "goal"
                     : wall             ? walls[b]
                                        : para_arena_printf(arena, "%s%d", words[word], ++counts[same]);
    }
}

// ---------------------------------------------------------------------------------------------
// Tasks.

static int read_index(Reader *reader, const cJSON *json, const char *key, int count)
{
    const cJSON *value = member(json, key);
    double index = cJSON_IsNumber(value) ? value->valuedouble : -1;
    if (index >= 0 && index < count && index == floor(index))
        return (int)index;
    refuse(reader, key, "must be the place of one of its bodies, counted from 0");
    return 0;
}

static void read_relationships(Reader *reader, const cJSON *json)
{
    const cJSON *list = member(json, "relationships");
    bool touching = cJSON_IsArray(list) && cJSON_GetArraySize(list) == 1 && cJSON_IsString(list->child) &&
                    strcmp(list->child->valuestring, "touching") == 0;
    if (!touching)
        refuse(reader, "relationships",
               "must be [\"touching\"]; tasks of other relations are not carried over");
}

static void read_bodies(Reader *reader, const cJSON *json, int index, ParaPhyreTask *task)
{
    const cJSON *bodies = member(json, "bodies");
    int count = size_of(reader, bodies, "bodies", 2, BODIES_MAX), b = 0;
    task->bodies = PARA_NEW(reader->arena, ParaPhyreBody, count);
    reader->shapes = 0;
    for (const cJSON *body = count ? bodies->child : NULL; body && !reader->refused; body = body->next, b++)
        read_body(reader, body, index, b, &task->bodies[b]);
    snprintf(reader->at, sizeof reader->at, "/tasks/%d", index);
    task->body_count = count;
    if (reader->shapes > SHAPES_MAX)
        refuse(reader, "bodies", "have more shapes than a level can have");
}

static void read_task(Reader *reader, const cJSON *json, int index, ParaPhyreTask *task)
{
    static const char *const known[] = {"id", "rank", "bodies", "body1", "body2", "relationships", NULL};
    snprintf(reader->at, sizeof reader->at, "/tasks/%d", index);
    const cJSON *id = member(json, "id");
    if (!cJSON_IsString(id) || !is_id(id->valuestring)) {
        refuse(reader, "id", "must be a task's name, as in \"00012:345\"");
        return;
    }
    memcpy(task->id, id->valuestring, strlen(id->valuestring) + 1);
    note_unknown(reader, json, known);
    read_relationships(reader, json);
    read_bodies(reader, json, index, task);
    if (reader->refused)
        return;
    task->body1 = read_index(reader, json, "body1", task->body_count);
    task->body2 = read_index(reader, json, "body2", task->body_count);
    if (!reader->refused && task->body1 == task->body2)
        refuse(reader, "body2", "must be another body than body1");
    else if (!reader->refused)
        name_bodies(task, reader->arena);
}

static bool is_twice(const ParaPhyreFile *file, int task)
{
    for (int t = 0; t < task; t++)
        if (strcmp(file->tasks[t].id, file->tasks[task].id) == 0)
            return true;
    return false;
}

static bool read_tasks(Reader *reader, const cJSON *root, ParaPhyreFile *file)
{
    static const char *const known[] = {"template", "tier", "tasks", NULL};
    const cJSON *tasks = member(root, "tasks");
    int count = size_of(reader, tasks, "tasks", 1, PARA_PHYRE_TASKS_MAX), t = 0;
    if (count)
        note_unknown(reader, root, known);
    file->task_count = count;
    file->tasks = PARA_NEW(reader->arena, ParaPhyreTask, count);
    for (const cJSON *task = count ? tasks->child : NULL; task && !reader->refused; task = task->next, t++) {
        read_task(reader, task, t, &file->tasks[t]);
        if (!reader->refused && is_twice(file, t))
            refuse(reader, "id", "is that of another task, too");
    }
    return !reader->refused;
}

bool para_phyre_read(const char *text, size_t size, ParaPhyreFile *out, ParaArena *arena, ParaDiagList *list)
{
    Reader reader = {.arena = arena, .list = list};
    *out = (ParaPhyreFile){0};
    cJSON *root = para_json_parse_part(text, size + 1, NULL, true);
    if (!cJSON_IsObject(root))
        refuse(&reader, "", "is no JSON object, so no file of tasks");
    bool good = !reader.refused && read_tasks(&reader, root, out);
    cJSON_Delete(root);
    return good;
}

const char *para_phyre_name(const char *id, ParaArena *arena)
{
    char *name = para_arena_printf(arena, "phyre-%s", id);
    for (char *at = name; *at; at++)
        if (*at == ':')
            *at = '-';
    return name;
}
