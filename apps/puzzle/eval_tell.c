// SPDX-License-Identifier: MIT
// What players came to, as a table and as JSON.
#include "apps/puzzle/eval.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>

static const char *split_word(const ParaEval *eval)
{
    return eval->def->practice_folder             ? "apart"
           : eval->def->folds                     ? "cross, PHYRE's fold"
           : eval->def->split == PARA_SPLIT_CROSS ? "cross"
                                                  : "within";
}

/// Templates that are asked.
static int kinds_asked(const ParaEval *eval)
{
    int count = 0;
    for (int k = 0; k < eval->kind_count; k++)
        for (int i = 0; i < eval->test_count; i++)
            if (eval->tasks[eval->tests[i]].kind == k) {
                count++;
                break;
            }
    return count;
}

static void print_result(const ParaEvalPlayer *player, const ParaEvalResult *result)
{
    if (!result->done) {
        printf("%-26s  stopped\n", player->name);
        return;
    }
    para_text_print(stdout, "%-26s  %5.1f  %5.1f - %5.1f  %5.1f  %5.1f  %5.1f - %5.1f  %7lld  %8lld  %7.1f\n",
                    player->name, 100 * result->auccess, 100 * result->auccess_in.low,
                    100 * result->auccess_in.high, 100 * result->first, 100 * result->ten,
                    100 * result->ten_in.low, 100 * result->ten_in.high, (long long)result->made,
                    (long long)result->imagined, result->cpu);
}

void para_eval_print(const ParaEval *eval)
{
    const ParaEvalDef *def = eval->def;
    printf("%d tasks of %d templates, split %s by seed %llu; %d others to practise; %d tries, %d candidates, "
           "%s\n",
           eval->test_count, kinds_asked(eval), split_word(eval), (unsigned long long)def->seed,
           eval->practice_count, def->tries, def->candidates, para_solver_name(def->solver));
    if (eval->practised > 0)
        para_text_print(
            stdout,
            "practised %d actions, %d of which solve (%.1f CPU s); learned first guesses (%.1f CPU s)\n",
            eval->practised, eval->practice_solved, eval->practice_cpu, eval->learn_cpu);
    char moments[48] = "";
    if (!def->model)
        snprintf(moments, sizeof moments, ", %lld moments", (long long)eval->lived);
    if (eval->model)
        para_text_print(stdout,
                        "model: %s%s (%.1f CPU s); of %d actions that solve it imagines that %d do, of %d "
                        "that do not %d\n",
                        def->model ? def->model : "taught", moments, eval->teach_cpu,
                        eval->believed[1][0] + eval->believed[1][1], eval->believed[1][1],
                        eval->believed[0][0] + eval->believed[0][1], eval->believed[0][1]);
    para_text_print(stdout, "%-26s  %5s  %13s  %5s  %5s  %13s  %7s  %8s  %7s\n", "player", "AUCC.", "95 %",
                    "first", "in 10", "95 %", "made", "imagined", "CPU s");
    for (int p = 0; p < def->player_count; p++)
        print_result(def->players[p], &eval->results[p]);
}

// ---------------------------------------------------------------------------------------------

static void add_interval(cJSON *object, const char *key, ParaPuzzleInterval interval)
{
    const double two[2] = {interval.low, interval.high};
    cJSON_AddItemToObject(object, key, cJSON_CreateDoubleArray(two, 2));
}

static cJSON *result_json(const ParaEval *eval, int p)
{
    const ParaEvalResult *result = &eval->results[p];
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "player", eval->def->players[p]->name);
    cJSON_AddBoolToObject(object, "done", result->done);
    if (!result->done)
        return object;
    cJSON_AddNumberToObject(object, "auccess", result->auccess);
    add_interval(object, "auccess_95", result->auccess_in);
    cJSON_AddNumberToObject(object, "solved_first", result->first);
    cJSON_AddNumberToObject(object, "solved_in_10", result->ten);
    add_interval(object, "solved_in_10_95", result->ten_in);
    cJSON_AddNumberToObject(object, "made", (double)result->made);
    cJSON_AddNumberToObject(object, "imagined", (double)result->imagined);
    cJSON_AddNumberToObject(object, "cpu_seconds", result->cpu);
    cJSON *list = cJSON_AddObjectToObject(object, "solved_at");
    for (int i = 0; i < eval->test_count; i++)
        cJSON_AddNumberToObject(list, eval->tasks[eval->tests[i]].name, result->solved_at[i]);
    return object;
}

static cJSON *eval_json(const ParaEval *eval)
{
    const ParaEvalDef *def = eval->def;
    cJSON *root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "split", split_word(eval));
    cJSON_AddNumberToObject(root, "seed", (double)def->seed);
    cJSON_AddStringToObject(root, "solver", para_solver_name(def->solver));
    cJSON_AddNumberToObject(root, "tasks", eval->test_count);
    cJSON_AddNumberToObject(root, "templates", kinds_asked(eval));
    cJSON_AddNumberToObject(root, "practice_tasks", eval->practice_count);
    cJSON_AddNumberToObject(root, "tries", def->tries);
    cJSON_AddNumberToObject(root, "candidates", def->candidates);
    cJSON_AddNumberToObject(root, "practised", eval->practised);
    cJSON_AddNumberToObject(root, "practice_solved", eval->practice_solved);
    cJSON_AddNumberToObject(root, "practice_cpu_seconds", eval->practice_cpu);
    cJSON_AddNumberToObject(root, "learn_cpu_seconds", eval->learn_cpu);
    if (eval->model) {
        if (!def->model)
            cJSON_AddNumberToObject(root, "moments", (double)eval->lived);
        cJSON_AddNumberToObject(root, "teach_cpu_seconds", eval->teach_cpu);
        cJSON_AddItemToObject(root, "belief", cJSON_CreateDoubleArray(eval->belief, PARA_PUZZLER_BELIEF));
        static const char *const keys[2][2] = {{"failing_imagined_so", "failing_imagined_solved"},
                                               {"solving_missed", "solving_imagined_solved"}};
        for (int truly = 0; truly < 2; truly++)
            for (int solved = 0; solved < 2; solved++)
                cJSON_AddNumberToObject(root, keys[truly][solved], eval->believed[truly][solved]);
    }
    cJSON *players = cJSON_AddArrayToObject(root, "players");
    for (int p = 0; p < def->player_count; p++)
        cJSON_AddItemToArray(players, result_json(eval, p));
    return root;
}

bool para_eval_print_json(const ParaEval *eval)
{
    cJSON *root = eval_json(eval);
    char *text = para_json_print(root, false);
    cJSON_Delete(root);
    if (text)
        puts(text);
    cJSON_free(text);
    return text != NULL;
}
