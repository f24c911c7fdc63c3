// SPDX-License-Identifier: MIT
// A lesson as a plain line or as a JSON object; both walk the list of statistics.
#include "apps/train/train_view_parts.h"

#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NAMED_MAX 64 // families that a line names one by one

/// The statistics of one group that have a place in the line.
static void print_group(const ParaStatistics *now, ParaStatisticGroup group)
{
    char word[PARA_TRAIN_WORD];
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++) {
        const ParaStatistic *row = &para_statistics[i];
        const char *place = strstr(row->line, "%s");
        bool known = row->kind == PARA_STATISTIC_WHOLE || !isnan(para_statistic_value(now, row));
        if (row->group == group && place && known)
            printf("%.*s%s%s", (int)(place - row->line), row->line, para_train_word_statistic(now, row, word),
                   place + 2);
    }
}

static void print_families(const ParaTrainStatus *status)
{
    for (int i = 0; i < status->family_count; i++) {
        if (status->family_solve[i] >= 0.0f)
            para_text_print(stdout, "%s%s %.0f %%", i ? ", " : "          ", status->family_names[i],
                            100.0 * (double)status->family_solve[i]);
        else
            printf("%s%s -", i ? ", " : "          ", status->family_names[i]);
    }
}

/// Of more than anybody reads by name, such as the levels of an archive, how many are where.
static void print_many(const ParaTrainStatus *status)
{
    int never = 0, always = 0, unknown = 0;
    for (int i = 0; i < status->family_count; i++) {
        float solve = status->family_solve[i];
        unknown += !(solve >= 0.0f);
        never += solve == 0.0f;
        always += solve >= 1.0f;
    }
    printf("          of %d families %d solved always, %d at times, %d never, %d not played to an end yet",
           status->family_count, always, status->family_count - always - never - unknown, never, unknown);
}

bool para_train_line_print(const ParaTrainView *view, const ParaTrainStatus *status)
{
    char word[PARA_TRAIN_WORD];
    double mean = para_train_mean_solve(status), left = para_train_remaining(view, status);
    printf("%8s  lesson %d", para_train_word_clock(status->now.seconds, word), status->now.lesson);
    print_group(&status->now, PARA_STATISTIC_COUNTS);
    if (mean >= 0)
        para_text_print(stdout, "  solved %.0f %%", 100 * mean);
    print_group(&status->now, PARA_STATISTIC_LEARNING);
    print_group(&status->now, PARA_STATISTIC_TIMES);
    print_group(&status->now, PARA_STATISTIC_MODEL);
    print_group(&status->now, PARA_STATISTIC_HELD_OUT);
    if (left >= 0)
        printf("  remaining %s", para_train_word_clock(left, word));
    putchar('\n');
    if (mean >= 0 && status->family_count > NAMED_MAX)
        print_many(status);
    else if (mean >= 0)
        print_families(status);
    printf("%s          the maker %s\n", mean >= 0 ? "\n" : "", status->maker);
    return fflush(stdout) == 0;
}

bool para_train_json_print(const ParaTrainStatus *status)
{
    cJSON *object = cJSON_CreateObject(), *families = cJSON_AddArrayToObject(object, "families");
    cJSON_AddNumberToObject(object, "lesson", status->now.lesson);
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++)
        if (para_statistics[i].json)
            cJSON_AddNumberToObject(object, para_statistics[i].name,
                                    para_statistic_value(&status->now, &para_statistics[i]));
    cJSON_AddStringToObject(object, "solver", para_solver_name(status->solver));
    cJSON_AddNumberToObject(object, "lanes_envs", status->lanes_envs);
    cJSON_AddStringToObject(object, "maker", status->maker);
    cJSON_AddBoolToObject(object, "checkpoint", status->checkpoint_saved);
    for (int i = 0; i < status->family_count; i++) {
        cJSON *family = cJSON_CreateObject();
        cJSON_AddStringToObject(family, "name", status->family_names[i]);
        if (status->family_solve[i] >= 0.0f)
            cJSON_AddNumberToObject(family, "solve", (double)status->family_solve[i]);
        else
            cJSON_AddNullToObject(family, "solve");
        cJSON_AddNumberToObject(family, "episodes", status->family_episodes[i]);
        cJSON_AddItemToArray(families, family);
    }
    char *text = para_json_print(object, false);
    cJSON_Delete(object);
    if (!text)
        return false;
    puts(text);
    cJSON_free(text);
    return fflush(stdout) == 0;
}
