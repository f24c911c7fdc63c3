// SPDX-License-Identifier: MIT
// What came of tries in the engine, in a file: another run of the same tasks, seed and solver need not make
// them again. Of any origin: what does not fit is refused.
#include "apps/puzzle/eval.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#define SIZE_MAX_KEPT ((size_t)1 << 28) // [byte]
#define FORMAT        1

static bool refuse(ParaEval *eval, const char *what)
{
    eval->error = para_arena_printf(eval->arena, "%s: %s; give --keep another file, or remove this one",
                                    eval->def->keep, what);
    return false;
}

static bool is_number(const cJSON *json, double value)
{
    return cJSON_IsNumber(json) && json->valuedouble == value;
}

static bool is_text(const cJSON *json, const char *text)
{
    return cJSON_IsString(json) && strcmp(json->valuestring, text) == 0;
}

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

static void seed_text(const ParaEval *eval, char out[17]) { para_hash_hex(eval->def->seed, out); }

/// One try: [candidate, solved, close].
static bool read_try(const cJSON *json, ParaEvalTask *task, int candidates)
{
    const cJSON *part[3] = {NULL};
    if (!cJSON_IsArray(json) || cJSON_GetArraySize(json) != 3)
        return false;
    int k = 0;
    for (const cJSON *one = json->child; one; one = one->next, k++) {
        if (!cJSON_IsNumber(one))
            return false;
        part[k] = one;
    }
    double at = part[0]->valuedouble, solved = part[1]->valuedouble, close = part[2]->valuedouble;
    if (!(at >= 0 && at < 1e9) || at != floor(at) || (solved != 0 && solved != 1) ||
        !(close >= 0 && close <= 1))
        return false;
    if (at < (double)candidates) // a run of more candidates draws the same ones first
        task->true_ones[(int)at] =
            (ParaTried){solved == 1 ? PARA_ATTEMPT_SOLVED : PARA_ATTEMPT_UNSOLVED, (float)close, 0.0f};
    return true;
}

static bool read_tries(ParaEval *eval, const cJSON *tasks)
{
    for (int t = 0; t < eval->task_count; t++) {
        ParaEvalTask *task = &eval->tasks[t];
        const cJSON *kept = member(tasks, task->name);
        char hash[17];
        para_hash_hex(task->hash, hash);
        if (!kept)
            continue;
        if (!is_text(member(kept, "template"), hash))
            return refuse(eval, para_arena_printf(eval->arena, "is of another %s", task->name));
        const cJSON *tries = member(kept, "tries");
        if (!cJSON_IsArray(tries))
            return refuse(eval, "a task without a list of tries");
        for (const cJSON *one = tries->child; one; one = one->next)
            if (!read_try(one, task, eval->def->candidates))
                return refuse(eval, "a try is [candidate, 0 or 1, 0 to 1]");
    }
    return true;
}

bool para_eval_read(ParaEval *eval)
{
    const char *error = NULL;
    size_t size;
    char seed[17];
    if (!eval->def->keep || !para_file_exists(eval->def->keep))
        return true;
    ParaArena *scratch = para_arena_create((size_t)1 << 20, SIZE_MAX_KEPT * 2);
    const char *text = para_file_read(eval->def->keep, SIZE_MAX_KEPT, scratch, &size, &error);
    cJSON *root = text ? para_json_parse_part(text, size + 1, NULL, true) : NULL;
    seed_text(eval, seed);
    bool good = false;
    if (!text)
        eval->error = para_arena_printf(eval->arena, "%s", error);
    else if (!is_number(member(root, "puzzle_tries"), FORMAT) || !cJSON_IsObject(member(root, "tasks")))
        refuse(eval, "is no file of tries");
    else if (!is_text(member(root, "seed"), seed) ||
             !is_text(member(root, "solver"), para_solver_name(eval->def->solver)))
        refuse(eval, "is of another --seed or --solver");
    else
        good = read_tries(eval, member(root, "tasks"));
    cJSON_Delete(root);
    para_arena_destroy(scratch);
    return good;
}

static cJSON *task_json(const ParaEvalTask *task, int candidates)
{
    cJSON *object = cJSON_CreateObject();
    char hash[17];
    para_hash_hex(task->hash, hash);
    cJSON_AddStringToObject(object, "template", hash);
    cJSON *tries = cJSON_AddArrayToObject(object, "tries");
    for (int c = 0; c < candidates; c++) {
        const ParaTried *one = &task->true_ones[c];
        if (one->outcome == PARA_ATTEMPT_WAITS)
            continue;
        const double three[3] = {c, one->outcome == PARA_ATTEMPT_SOLVED,
                                 floor(1e4 * (double)one->close) / 1e4};
        cJSON_AddItemToArray(tries, cJSON_CreateDoubleArray(three, 3));
    }
    return object;
}

bool para_eval_write(ParaEval *eval)
{
    char seed[17];
    if (!eval->def->keep)
        return true;
    cJSON *root = cJSON_CreateObject();
    seed_text(eval, seed);
    cJSON_AddNumberToObject(root, "puzzle_tries", FORMAT);
    cJSON_AddStringToObject(root, "seed", seed);
    cJSON_AddStringToObject(root, "solver", para_solver_name(eval->def->solver));
    cJSON *tasks = cJSON_AddObjectToObject(root, "tasks");
    for (int t = 0; t < eval->task_count; t++)
        cJSON_AddItemToObject(tasks, eval->tasks[t].name, task_json(&eval->tasks[t], eval->def->candidates));
    char *text = para_json_print(root, false);
    cJSON_Delete(root);
    const char *error = "out of memory";
    bool good = text && para_file_write(eval->def->keep, text, strlen(text), eval->arena, &error);
    cJSON_free(text);
    if (!good)
        eval->error = error;
    return good;
}
