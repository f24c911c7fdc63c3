// SPDX-License-Identifier: MIT
// Runs side by side as a table, a column for each, and as JSON.
#include "apps/compare/compare_parts.h"

#include "agents/lesson/evaluate.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define LABEL_WIDTH 22
#define CELL_MAX    48
#define SPREAD_MAX  (3 * CELL_MAX + 8)

static int width_of(const char *text) { return (int)strlen(text); }

// ---------------------------------------------------------------------------------------------
// Cells.

static void show(double value, ParaCompareStyle style, char out[CELL_MAX])
{
    char number[PARA_NUMBER_SIZE];
    if (!isfinite(value))
        snprintf(out, CELL_MAX, "-");
    else if (style == PARA_COMPARE_COUNT)
        snprintf(out, CELL_MAX, "%s", para_text_count(value, number));
    else if (style == PARA_COMPARE_SECONDS)
        para_text_format(out, CELL_MAX, value < 100 ? "%.1f" : "%.0f", value);
    else if (style == PARA_COMPARE_SHARE)
        para_text_format(out, CELL_MAX, "%.1f %%", 100 * value);
    else
        para_text_format(out, CELL_MAX, "%.3f", value);
}

/// The interval of a share, where it has one. @return whether it does
static bool interval(const ParaCompareRow *row, const ParaCompareRun *run, float *low, float *high)
{
    double value = row->value(run), trials = row->trials ? row->trials(run) : 0;
    if (!isfinite(value) || !(trials > 0))
        return false;
    para_share_interval(value, trials, low, high);
    return true;
}

static void cell_of(const ParaCompareRow *row, const ParaCompareRun *run, char out[CELL_MAX])
{
    float low, high;
    show(row->value(run), row->style, out);
    if (interval(row, run, &low, &high)) {
        size_t at = strlen(out);
        para_text_format(out + at, CELL_MAX - at, " (%.0f to %.0f)", 100 * (double)low, 100 * (double)high);
    }
}

/// Whether anything is known of it by any run.
static bool is_known(const ParaComparison *c, const ParaCompareRow *row)
{
    for (int i = 0; i < c->count; i++)
        if (isfinite(row->value(&c->runs[i])))
            return true;
    return false;
}

// ---------------------------------------------------------------------------------------------
// The table.

static const char *setting_or(const ParaCompareRun *run, const char *name)
{
    const char *value = para_compare_setting(run, name);
    return value ? value : "-";
}

static void widen(int *width, const char *text)
{
    int wide = width_of(text);
    wide = wide < CELL_MAX - 1 ? wide : CELL_MAX - 1;
    *width = wide > *width ? wide : *width;
}

static void find_widths(const ParaComparison *c, const char *const *differing, int differing_count,
                        int *width)
{
    char cell[CELL_MAX];
    for (int i = 0; i < c->count; i++) {
        width[i] = 8;
        widen(&width[i], c->runs[i].name);
        widen(&width[i], c->runs[i].facts.maker);
        widen(&width[i], setting_or(&c->runs[i], "seed"));
        for (int k = 0; k < differing_count; k++)
            widen(&width[i], setting_or(&c->runs[i], differing[k]));
        for (int r = 0; r < para_compare_row_count; r++) {
            cell_of(&para_compare_rows[r], &c->runs[i], cell);
            widen(&width[i], cell);
        }
    }
}

static void print_cell(int width, const char *text) { printf("  %*.*s", width, CELL_MAX - 1, text); }

static void print_texts(const ParaComparison *c, const int *width, const char *label, const char *setting)
{
    printf("%-*.*s", LABEL_WIDTH, LABEL_WIDTH, label);
    for (int i = 0; i < c->count; i++)
        print_cell(width[i], setting ? setting_or(&c->runs[i], setting) : c->runs[i].name);
    putchar('\n');
}

static void print_runs(const ParaComparison *c)
{
    int width[PARA_COMPARE_RUNS_MAX], count = 0;
    const char **differing = para_compare_differing(c, &count);
    find_widths(c, differing, count, width);
    print_texts(c, width, "run", NULL);
    print_texts(c, width, "maker", "maker");
    print_texts(c, width, "seed", "seed");
    for (int k = 0; k < count; k++)
        if (strcmp(differing[k], "maker") != 0)
            print_texts(c, width,
                        strncmp(differing[k], "settings.", 9) == 0 ? differing[k] + 9 : differing[k],
                        differing[k]);
    for (int r = 0; r < para_compare_row_count; r++) {
        const ParaCompareRow *row = &para_compare_rows[r];
        if (!is_known(c, row))
            continue;
        printf("%-*s", LABEL_WIDTH, row->label);
        for (int i = 0; i < c->count; i++) {
            char cell[CELL_MAX];
            cell_of(row, &c->runs[i], cell);
            print_cell(width[i], cell);
        }
        putchar('\n');
    }
}

// ---------------------------------------------------------------------------------------------
// Groups.

/// "91.4 % (89.0 % to 93.8 %)"
static void show_spread(const ParaCompareSpread *spread, const ParaCompareRow *row, char out[SPREAD_MAX])
{
    char mean[CELL_MAX], low[CELL_MAX], high[CELL_MAX];
    show(spread->mean, row->style, mean);
    show(spread->low, row->style, low);
    show(spread->high, row->style, high);
    if (spread->known > 1)
        snprintf(out, SPREAD_MAX, "%s (%s to %s)", mean, low, high);
    else
        snprintf(out, SPREAD_MAX, "%s", mean);
}

static void print_group(const ParaComparison *c, int group)
{
    int first = 0, size = para_compare_group_size(c, group, &first);
    printf("\n%d seeds of %s", size, c->runs[first].facts.maker);
    for (int i = 0, said = 0; i < c->count; i++)
        if (c->runs[i].group == group)
            printf("%s%s", said++ ? ", " : ": ", c->runs[i].name);
    printf("; mean (least to most)\n");
    for (int r = 0; r < para_compare_row_count; r++) {
        char text[SPREAD_MAX];
        const ParaCompareRow *row = &para_compare_rows[r];
        ParaCompareSpread spread = para_compare_spread(c, group, row);
        show_spread(&spread, row, text);
        if (spread.known > 0)
            printf("%-*s  %s%s\n", LABEL_WIDTH, row->label, text, spread.known < size ? ", not of all" : "");
    }
}

void para_compare_print(const ParaComparison *c)
{
    char decisions[PARA_NUMBER_SIZE];
    print_runs(c);
    printf("25 %% to 100 %%: of %s decisions, which the shortest run made; \"solved\" is of the levels that "
           "the maker "
           "gave, no score\n",
           para_text_count((double)c->shortest, decisions));
    for (int g = 0; g < c->groups; g++)
        if (para_compare_group_size(c, g, NULL) > 1)
            print_group(c, g);
}

// ---------------------------------------------------------------------------------------------
// JSON.

static void add_number(cJSON *object, const char *key, double value)
{
    if (isfinite(value))
        cJSON_AddNumberToObject(object, key, value);
    else
        cJSON_AddNullToObject(object, key);
}

static cJSON *run_json(const ParaCompareRun *run)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "name", run->name);
    cJSON_AddStringToObject(object, "folder", run->folder);
    cJSON_AddStringToObject(object, "maker", run->facts.maker);
    cJSON_AddStringToObject(object, "families", run->facts.families);
    cJSON_AddStringToObject(object, "version", run->facts.written_by);
    cJSON_AddNumberToObject(object, "group", run->group);
    cJSON *settings = cJSON_AddObjectToObject(object, "settings");
    for (int i = 0; i < run->setting_count; i++)
        cJSON_AddStringToObject(settings, run->settings[i].name, run->settings[i].value);
    for (int r = 0; r < para_compare_row_count; r++) {
        const ParaCompareRow *row = &para_compare_rows[r];
        float low, high;
        add_number(object, row->key, row->value(run));
        if (interval(row, run, &low, &high)) {
            char key[64];
            snprintf(key, sizeof key, "%s_low", row->key);
            cJSON_AddNumberToObject(object, key, (double)low);
            snprintf(key, sizeof key, "%s_high", row->key);
            cJSON_AddNumberToObject(object, key, (double)high);
        }
    }
    return object;
}

static cJSON *group_json(const ParaComparison *c, int group)
{
    int first = 0;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "group", group);
    cJSON_AddNumberToObject(object, "runs", para_compare_group_size(c, group, &first));
    cJSON_AddStringToObject(object, "maker", c->runs[first].facts.maker);
    for (int r = 0; r < para_compare_row_count; r++) {
        ParaCompareSpread spread = para_compare_spread(c, group, &para_compare_rows[r]);
        cJSON *value = cJSON_AddObjectToObject(object, para_compare_rows[r].key);
        cJSON_AddNumberToObject(value, "known", spread.known);
        add_number(value, "mean", spread.mean);
        add_number(value, "deviation", spread.deviation);
        add_number(value, "low", spread.low);
        add_number(value, "high", spread.high);
    }
    return object;
}

char *para_compare_json(const ParaComparison *c)
{
    cJSON *root = cJSON_CreateObject();
    cJSON_AddNumberToObject(root, "shortest", (double)c->shortest);
    cJSON_AddNumberToObject(root, "left_out", c->left_out);
    cJSON *runs = cJSON_AddArrayToObject(root, "runs"), *groups = cJSON_AddArrayToObject(root, "groups");
    for (int i = 0; i < c->count; i++)
        cJSON_AddItemToArray(runs, run_json(&c->runs[i]));
    for (int g = 0; g < c->groups; g++)
        cJSON_AddItemToArray(groups, group_json(c, g));
    char *text = para_json_print(root, true);
    cJSON_Delete(root);
    return text;
}
