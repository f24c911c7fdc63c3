// SPDX-License-Identifier: MIT
// The matrix as a table and as JSON.
#include "apps/compare/cross_parts.h"

#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define CELL_MAX 40

static const ParaCrossCell *cell_at(const ParaCross *cross, int player, int set)
{
    return &cross->cells[player * cross->set_count + set];
}

static void show(const ParaCrossCell *cell, char out[CELL_MAX])
{
    if (cell->done && cell->score.levels > 0)
        para_text_format(out, CELL_MAX, "%.1f %% (%.0f to %.0f)", 100 * (double)cell->score.solve,
                         100 * (double)cell->score.low, 100 * (double)cell->score.high);
    else
        snprintf(out, CELL_MAX, "-");
}

static int wider(int width, const char *text)
{
    int wide = (int)strlen(text);
    return wide > width ? wide : width;
}

/// The reasons of missing cells, each once.
static void print_reasons(const ParaCross *cross)
{
    int all = cross->player_count * cross->set_count;
    for (int i = 0; i < all; i++) {
        bool told = cross->cells[i].why == NULL;
        for (int k = 0; k < i && !told; k++)
            told = cross->cells[k].why && strcmp(cross->cells[k].why, cross->cells[i].why) == 0;
        if (!told)
            printf("-  %s: %s\n", cross->players[i / cross->set_count].name, cross->cells[i].why);
    }
}

void para_cross_print(const ParaCross *cross)
{
    int first = 16, width[PARA_CROSS_MAX];
    char cell[CELL_MAX];
    for (int p = 0; p < cross->player_count; p++)
        first = wider(first, cross->players[p].name);
    printf("%-*s", first, "player \\ archive");
    for (int s = 0; s < cross->set_count; s++) {
        width[s] = wider(8, cross->sets[s].name);
        for (int p = 0; p < cross->player_count; p++) {
            show(cell_at(cross, p, s), cell);
            width[s] = wider(width[s], cell);
        }
        printf("  %*s", width[s], cross->sets[s].name);
    }
    printf("\n%-*s", first, "levels");
    for (int s = 0; s < cross->set_count; s++) {
        snprintf(cell, sizeof cell, "%d of %d", cross->sets[s].count, cross->sets[s].kept);
        printf("  %*s", width[s], cell);
    }
    putchar('\n');
    for (int p = 0; p < cross->player_count; p++) {
        printf("%-*s", first, cross->players[p].name);
        for (int s = 0; s < cross->set_count; s++) {
            show(cell_at(cross, p, s), cell);
            printf("  %*s", width[s], cell);
        }
        putchar('\n');
    }
    print_reasons(cross);
    for (int s = 0; s < cross->set_count; s++)
        if (cross->sets[s].broken > 0)
            printf("%d levels of %s could not be made again, such as: %s\n", cross->sets[s].broken,
                   cross->sets[s].name, cross->sets[s].why);
}

char *para_cross_json(const ParaCross *cross, bool stopped)
{
    cJSON *root = cJSON_CreateObject();
    cJSON_AddBoolToObject(root, "stopped", stopped);
    cJSON_AddNumberToObject(root, "episodes", cross->def.episodes);
    cJSON_AddStringToObject(root, "solver", para_solver_name(cross->def.solver));
    cJSON *players = cJSON_AddArrayToObject(root, "players"),
          *archives = cJSON_AddArrayToObject(root, "archives"),
          *cells = cJSON_AddArrayToObject(root, "cells");
    for (int p = 0; p < cross->player_count; p++)
        cJSON_AddItemToArray(players, cJSON_CreateString(cross->players[p].name));
    for (int s = 0; s < cross->set_count; s++) {
        cJSON *set = cJSON_CreateObject();
        cJSON_AddStringToObject(set, "name", cross->sets[s].name);
        cJSON_AddNumberToObject(set, "levels", cross->sets[s].count);
        cJSON_AddNumberToObject(set, "kept", cross->sets[s].kept);
        cJSON_AddItemToArray(archives, set);
    }
    for (int i = 0; i < cross->player_count * cross->set_count; i++) {
        const ParaCrossCell *cell = &cross->cells[i];
        cJSON *object = cJSON_CreateObject();
        bool known = cell->done && cell->score.levels > 0;
        cJSON_AddNumberToObject(object, "player", i / cross->set_count);
        cJSON_AddNumberToObject(object, "archive", i % cross->set_count);
        if (known) {
            cJSON_AddNumberToObject(object, "levels", cell->score.levels);
            cJSON_AddNumberToObject(object, "solve", (double)cell->score.solve);
            cJSON_AddNumberToObject(object, "low", (double)cell->score.low);
            cJSON_AddNumberToObject(object, "high", (double)cell->score.high);
            cJSON_AddNumberToObject(object, "worst10", (double)cell->score.worst10);
        } else {
            cJSON_AddNullToObject(object, "solve");
            if (cell->why)
                cJSON_AddStringToObject(object, "why", cell->why);
        }
        cJSON_AddItemToArray(cells, object);
    }
    char *text = para_json_print(root, true);
    cJSON_Delete(root);
    return text;
}
