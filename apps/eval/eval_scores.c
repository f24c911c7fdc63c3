// SPDX-License-Identifier: MIT
// Scores as JSON and as tables.
#include "apps/eval/eval_parts.h"

#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static cJSON *by_player(const ParaEvalResult *result, const float *values)
{
    cJSON *object = cJSON_CreateObject();
    for (int player = 0; player < PARA_PLAYERS; player++)
        if (result->present[player])
            cJSON_AddNumberToObject(object, para_player_kind_name((ParaPlayerKind)player),
                                    (double)values[player]);
    return object;
}

/// What each player loses by going from the main solver to chipmunk.
static cJSON *gap_by_player(const ParaEvalResult *result, const float *values, const float *chipmunk)
{
    float gap[PARA_PLAYERS];
    for (int player = 0; player < PARA_PLAYERS; player++)
        gap[player] = values[player] - chipmunk[player];
    return by_player(result, gap);
}

static void add_result(cJSON *object, const ParaEvalResult *result, double reward_above)
{
    cJSON *families = cJSON_AddArrayToObject(object, "families");
    for (int i = 0; i < result->family_count; i++) {
        cJSON *family = cJSON_CreateObject();
        cJSON_AddStringToObject(family, "name", result->families[i].name);
        cJSON_AddNumberToObject(family, "levels", result->families[i].levels);
        cJSON_AddNumberToObject(family, "lanes_levels", result->families[i].lanes_levels);
        cJSON_AddItemToObject(family, "solve", by_player(result, result->families[i].solve));
        cJSON_AddItemToObject(family, "low", by_player(result, result->families[i].low));
        cJSON_AddItemToObject(family, "high", by_player(result, result->families[i].high));
        cJSON_AddItemToObject(family, "reward", by_player(result, result->families[i].reward));
        if (isfinite(reward_above))
            cJSON_AddItemToObject(family, "above", by_player(result, result->families[i].above));
        para_eval_talk_add(family, &result->families[i]);
        cJSON_AddItemToArray(families, family);
    }
    cJSON_AddItemToObject(object, "mean", by_player(result, result->mean));
    cJSON_AddItemToObject(object, "worst10", by_player(result, result->worst10));
}

static void add_gap(cJSON *object, const ParaEvalScores *scores)
{
    const ParaEvalResult *a = &scores->main, *b = &scores->chipmunk;
    cJSON *families = cJSON_AddObjectToObject(object, "families");
    for (int i = 0; i < a->family_count; i++)
        cJSON_AddItemToObject(families, a->families[i].name,
                              gap_by_player(a, a->families[i].solve, b->families[i].solve));
    cJSON_AddItemToObject(object, "mean", gap_by_player(a, a->mean, b->mean));
    cJSON_AddItemToObject(object, "worst10", gap_by_player(a, a->worst10, b->worst10));
}

char *para_eval_scores_json(const ParaEvalScores *scores, bool formatted)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "solver", para_solver_name(scores->solver));
    if (scores->tier)
        cJSON_AddStringToObject(object, "tier", scores->tier);
    if (scores->templates == PARA_TEMPLATES_DISK) // else they are the run's own, as its players knew them
        cJSON_AddStringToObject(object, "templates", "disk");
    if (scores->surprises > 0)
        cJSON_AddNumberToObject(object, "surprises", scores->surprises);
    if (isfinite(scores->reward_above))
        cJSON_AddNumberToObject(object, "reward_above", scores->reward_above);
    para_eval_hearing_add(object, scores->hearing);
    if (scores->forget)
        cJSON_AddTrueToObject(object, "forget");
    add_result(object, &scores->main, scores->reward_above);
    if (scores->both) {
        add_result(cJSON_AddObjectToObject(object, "chipmunk"), &scores->chipmunk, scores->reward_above);
        add_gap(cJSON_AddObjectToObject(object, "gap"), scores);
    }
    if (scores->thinking)
        para_eval_thinking_add(object, scores->thinking);
    char *text = para_json_print(object, formatted);
    cJSON_Delete(object);
    return text;
}

/// [character] of the column of names.
static int name_width(const ParaEvalResult *result)
{
    int wide = 16;
    for (int i = 0; i < result->family_count; i++)
        wide = (int)strlen(result->families[i].name) > wide ? (int)strlen(result->families[i].name) : wide;
    return wide;
}

static void print_row(const ParaEvalResult *result, const char *name, const char *levels, const float *values)
{
    printf("%-*s %7s", name_width(result), name, levels);
    for (int player = 0; player < PARA_PLAYERS; player++)
        if (result->present[player])
            para_text_print(stdout, " %9.1f %%", 100.0 * (double)values[player]);
}

/// Where the trained player's score on all levels of a family may lie.
static void print_interval(const ParaEvalResult *result, const ParaEvalFamily *family)
{
    if (result->present[PARA_PLAYER_TRAINED])
        para_text_print(stdout, "  %5.1f to %.1f", 100.0 * (double)family->low[PARA_PLAYER_TRAINED],
                        100.0 * (double)family->high[PARA_PLAYER_TRAINED]);
}

static void print_table(const ParaEvalResult *result)
{
    printf("%-*s %7s", name_width(result), "family", "levels");
    for (int player = 0; player < PARA_PLAYERS; player++)
        if (result->present[player])
            printf(" %11s", para_player_kind_name((ParaPlayerKind)player));
    puts(result->present[PARA_PLAYER_TRAINED] ? "  95 %" : "");
    for (int i = 0; i < result->family_count; i++) {
        char levels[16];
        snprintf(levels, sizeof levels, "%d", result->families[i].levels);
        print_row(result, result->families[i].name, levels, result->families[i].solve);
        print_interval(result, &result->families[i]);
        putchar('\n');
    }
    print_row(result, "mean", "", result->mean);
    putchar('\n');
    print_row(result, "worst 10 %", "", result->worst10);
    putchar('\n');
}

/// The returns of each family's episodes, mean and how many are above what was asked for.
static void print_returns(const ParaEvalResult *result, double reward_above)
{
    para_text_print(stdout, "returns above %g, and their mean\n", reward_above);
    for (int i = 0; i < result->family_count; i++) {
        print_row(result, result->families[i].name, "", result->families[i].above);
        printf("\n%-*s %7s", name_width(result), "", "");
        for (int player = 0; player < PARA_PLAYERS; player++)
            if (result->present[player])
                para_text_print(stdout, " %11.2f", (double)result->families[i].reward[player]);
        putchar('\n');
    }
}

static void print_solvers(const ParaEvalScores *scores)
{
    int levels = 0, lanes = 0;
    for (int i = 0; i < scores->main.family_count; i++) {
        levels += scores->main.families[i].levels;
        lanes += scores->main.families[i].lanes_levels;
    }
    printf("solver %s: %d of %d levels on lanes, %d on chipmunk\n", para_solver_name(scores->solver), lanes,
           levels, levels - lanes);
}

static void print_pair(int wide, const char *name, const char *levels, const char *on_lanes, float a, float b)
{
    para_text_print(stdout, "%-*s %7s %9s %9.1f %% %9.1f %% %+9.1f %%\n", wide, name, levels, on_lanes,
                    100.0 * (double)a, 100.0 * (double)b, 100.0 * (double)(a - b));
}

/// One player's scores on both solvers.
static void print_pairs(const ParaEvalScores *scores, ParaPlayerKind player)
{
    const ParaEvalResult *a = &scores->main, *b = &scores->chipmunk;
    int wide = name_width(a);
    printf("%s player\n%-*s %7s %9s %11s %11s %11s\n", para_player_kind_name(player), wide, "family",
           "levels", "on lanes", "auto", "chipmunk", "gap");
    for (int i = 0; i < a->family_count; i++) {
        char levels[16], on_lanes[16];
        snprintf(levels, sizeof levels, "%d", a->families[i].levels);
        snprintf(on_lanes, sizeof on_lanes, "%d", a->families[i].lanes_levels);
        print_pair(wide, a->families[i].name, levels, on_lanes, a->families[i].solve[player],
                   b->families[i].solve[player]);
    }
    print_pair(wide, "mean", "", "", a->mean[player], b->mean[player]);
    print_pair(wide, "worst 10 %", "", "", a->worst10[player], b->worst10[player]);
}

void para_eval_scores_print(const ParaEvalScores *scores)
{
    if (scores->tier)
        printf("tier %s\n", scores->tier);
    if (scores->surprises > 0)
        para_text_print(stdout, "%.15g surprises in ten seconds, on average\n", scores->surprises);
    if (!scores->both) {
        print_table(&scores->main);
        if (isfinite(scores->reward_above))
            print_returns(&scores->main, scores->reward_above);
        para_eval_talk_print(&scores->main, scores->hearing);
        if (scores->forget)
            printf("the trained player saw nothing of its map\n");
        print_solvers(scores);
        if (scores->thinking)
            para_eval_thinking_print(scores->thinking);
        return;
    }
    for (int player = PARA_PLAYERS - 1, first = 1; player >= 0; player--) {
        if (!scores->main.present[player])
            continue;
        printf("%s", first ? "" : "\n");
        first = 0;
        print_pairs(scores, (ParaPlayerKind)player);
    }
}
