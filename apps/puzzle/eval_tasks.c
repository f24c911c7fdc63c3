// SPDX-License-Identifier: MIT
// The tasks of a folder, the actions among which players choose, and who is asked what.
#include "apps/puzzle/eval.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <string.h>

#define TEXT_MAX   ((size_t)1 << 22) // [byte] of a template, and of a file of folds
#define DRAWS_EACH 400               // actions that are drawn for each candidate before a task is given up

static bool fail(ParaEval *eval, const char *path, const char *what)
{
    eval->error = para_arena_printf(eval->arena, "%s: %s", path, what);
    return false;
}

static const char *name_of(const char *path, ParaArena *arena)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t size = strlen(name);
    return para_arena_printf(arena, "%.*s", (int)(size > 5 ? size - 5 : size), name); // without .json
}

/// The number of a task's template, whose name is the task's up to the last dash.
static int32_t kind_of(ParaEval *eval, const char *name)
{
    const char *dash = strrchr(name, '-');
    size_t size = dash ? (size_t)(dash - name) : strlen(name);
    for (int32_t k = 0; k < eval->kind_count; k++)
        if (strlen(eval->kinds[k]) == size && strncmp(eval->kinds[k], name, size) == 0)
            return k;
    eval->kinds[eval->kind_count] = para_arena_printf(eval->arena, "%.*s", (int)size, name);
    return eval->kind_count++;
}

/// Draws actions until there are enough that may be made. The same for a task whatever others there are.
static bool draw_candidates(ParaEval *eval, ParaEvalTask *task, ParaLevel *level)
{
    int wanted = eval->def->candidates, found = 0;
    ParaRng rng =
        para_rng_make(para_hash(task->name, strlen(task->name), eval->def->seed), "puzzle candidates");
    task->actions = para_arena_alloc(eval->arena, sizeof *task->actions * (size_t)wanted);
    for (int64_t draw = 0; found < wanted && draw < (int64_t)wanted * DRAWS_EACH; draw++) {
        char why[80];
        double action[3];
        for (int k = 0; k < 3; k++)
            action[k] = para_rng_f64(&rng);
        para_puzzle_put(level, action);
        if (para_phyre_may_place(level, action, why, sizeof why))
            memcpy(task->actions[found++], action, sizeof action);
    }
    task->true_ones = PARA_NEW(eval->arena, ParaTried, wanted);
    task->imagined = PARA_NEW(eval->arena, ParaTried, wanted);
    return found == wanted || fail(eval, task->path, "hardly any place for the ball");
}

/// Whether it is a puzzle of one ball: x, y and r are its parameters, and something has to touch something.
static bool is_puzzle(const ParaTemplate *t, const ParaLevel *level)
{
    int found = 0;
    for (int p = 0; p < para_template_param_count(t); p++) {
        const char *name = para_template_param(t, p)->name;
        found += strcmp(name, "x") == 0 || strcmp(name, "y") == 0 || strcmp(name, "r") == 0;
    }
    bool roles[2] = {false, false};
    for (int b = 0; b < level->world.body_count; b++) {
        roles[0] |= para_level_body_role(level, 0, b) == PARA_ROLE_CARGO;
        roles[1] |= para_level_body_role(level, 0, b) == PARA_ROLE_TARGET;
    }
    return found == 3 && para_template_param_count(t) == 3 && roles[0] && roles[1];
}

static bool read_task(ParaEval *eval, const char *path, ParaEvalTask *task)
{
    ParaArena *scratch = para_arena_create((size_t)1 << 18, (size_t)1 << 28);
    ParaDiagList list = para_diag_list(scratch, path, NULL);
    const char *error = NULL;
    size_t size;
    *task = (ParaEvalTask){.path = path, .name = name_of(path, eval->arena)};
    const char *text = para_file_read(path, TEXT_MAX, scratch, &size, &error);
    const ParaTemplate *t = text ? para_template_load_file(path, scratch, &list) : NULL;
    const double middle[3] = {0.5, 0.5, 0.5};
    ParaLevel *level =
        t && para_template_param_count(t) == 3 ? para_template_sample(t, middle, 0, scratch, &list) : NULL;
    bool good = level && level->player_count == 1 && is_puzzle(t, level);
    if (good) {
        task->hash = para_hash(text, size, 0);
        task->kind = kind_of(eval, task->name);
        para_puzzle_scene(level, &task->scene);
        good = draw_candidates(eval, task, level);
    } else {
        fail(eval, path, error ? error : "is no puzzle of one ball as `paracosm import phyre` writes them");
    }
    para_arena_destroy(scratch);
    return good;
}

static bool read_folder(ParaEval *eval, const char *folder, ParaAppFiles *files)
{
    const char *error = NULL;
    int before = files->count;
    if (!para_app_files_add(files, folder, eval->arena, &error)) {
        eval->error = error;
        return false;
    }
    return files->count > before || fail(eval, folder, "no templates; `paracosm import phyre` makes them");
}

// ---------------------------------------------------------------------------------------------
// Folds of PHYRE, by its own list.

static bool is_listed(const cJSON *list, const char *kind)
{
    for (const cJSON *one = cJSON_IsArray(list) ? list->child : NULL; one; one = one->next)
        if (cJSON_IsString(one) && strncmp(kind, "phyre-", 6) == 0 && strcmp(one->valuestring, kind + 6) == 0)
            return true;
    return false;
}

static const cJSON *fold_of(const cJSON *root, uint64_t seed)
{
    const cJSON *list =
        cJSON_IsObject(root) ? cJSON_GetObjectItemCaseSensitive(root, "ball_cross_template") : NULL;
    for (const cJSON *one = cJSON_IsArray(list) ? list->child : NULL; one; one = one->next) {
        const cJSON *number = cJSON_GetObjectItemCaseSensitive(one, "seed");
        if (cJSON_IsNumber(number) && number->valuedouble >= 0 && (double)seed == number->valuedouble)
            return cJSON_GetObjectItemCaseSensitive(one, "test");
    }
    return NULL;
}

static bool split_by_file(ParaEval *eval)
{
    const char *error = NULL, *path = eval->def->folds;
    size_t size;
    const char *text = para_file_read(path, TEXT_MAX, eval->arena, &size, &error);
    if (!text) {
        eval->error = error;
        return false;
    }
    cJSON *root = para_json_parse_part(text, size + 1, NULL, true);
    const cJSON *fold = fold_of(root, eval->def->seed);
    int tests = 0;
    for (int i = 0; fold && i < eval->task_count; i++) {
        eval->tasks[i].test = is_listed(fold, eval->kinds[eval->tasks[i].kind]);
        tests += eval->tasks[i].test;
    }
    cJSON_Delete(root);
    if (!fold)
        return fail(eval, path, "has no \"ball_cross_template\" of this --seed");
    return tests > 0 || fail(eval, path, "none of its test templates is here");
}

static void split(ParaEval *eval)
{
    const char **names = PARA_NEW(eval->arena, const char *, eval->task_count);
    int32_t *kinds = PARA_NEW(eval->arena, int32_t, eval->task_count);
    bool *tests = PARA_NEW(eval->arena, bool, eval->task_count);
    for (int i = 0; i < eval->task_count; i++) {
        names[i] = eval->tasks[i].name;
        kinds[i] = eval->tasks[i].kind;
    }
    para_puzzle_split(eval->def->split, eval->def->seed, names, kinds, eval->task_count, eval->kinds,
                      eval->kind_count, tests, eval->arena);
    for (int i = 0; i < eval->task_count; i++)
        eval->tasks[i].test = tests[i];
}

/// Lists the tests; of too many every so many-th, so that all templates stay in.
static bool list_tests(ParaEval *eval)
{
    int all = 0, most = eval->def->test_max, seen = 0;
    for (int i = 0; i < eval->task_count; i++)
        all += eval->tasks[i].test;
    most = most == 0 || most > all ? all : most;
    eval->tests = PARA_NEW(eval->arena, int, all + 1);
    for (int i = 0; i < eval->task_count; i++) {
        if (!eval->tasks[i].test)
            continue;
        if ((int64_t)(seen + 1) * most / all > (int64_t)seen * most / all)
            eval->tests[eval->test_count++] = i;
        seen++;
    }
    eval->practice_count = eval->task_count - all;
    return eval->practice_count > 0 ||
           fail(eval, eval->def->folder, "too few tasks: none is left to practise");
}

bool para_eval_open(ParaEval *eval)
{
    const ParaEvalDef *def = eval->def;
    ParaAppFiles files = {.ending = ".json"};
    if (!read_folder(eval, def->folder, &files))
        return false;
    int asked = files.count;
    if (def->practice_folder && !read_folder(eval, def->practice_folder, &files))
        return false;
    eval->tasks = PARA_NEW(eval->arena, ParaEvalTask, files.count);
    eval->kinds = PARA_NEW(eval->arena, const char *, files.count);
    for (int i = 0; i < files.count; i++, eval->task_count++) {
        if (!read_task(eval, files.items[i].path, &eval->tasks[i]))
            return false;
        for (int k = 0; k < i; k++)
            if (strcmp(eval->tasks[k].name, eval->tasks[i].name) == 0)
                return fail(eval, files.items[i].path, "the name of another task");
        eval->tasks[i].test = def->practice_folder && i < asked;
    }
    if (def->folds && !split_by_file(eval))
        return false;
    if (!def->folds && !def->practice_folder)
        split(eval);
    return list_tests(eval);
}
