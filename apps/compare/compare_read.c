// SPDX-License-Identifier: MIT
// Runs as facts, settings as a flat list, and which runs are seeds of one another.
#include "agents/lifelong/summary.h"
#include "apps/compare/compare_parts.h"

#include "engine/base/file.h"
#include "engine/base/maths.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTINGS_MAX 256
#define SEED         "seed"

// ---------------------------------------------------------------------------------------------
// Settings.

static int by_name(const void *a, const void *b)
{
    const ParaCompareSetting *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static void add_settings(ParaCompareRun *run, const cJSON *object, const char *before, ParaArena *arena)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, object)
    {
        if (!item->string)
            continue;
        const char *name = para_arena_printf(arena, "%s%.60s", before, item->string);
        if (cJSON_IsObject(item) && !*before) {
            add_settings(run, item, para_arena_printf(arena, "%s.", name), arena);
            continue;
        }
        char *text = cJSON_IsString(item) ? NULL : para_json_print(item, false);
        const char *value = text ? para_arena_strdup(arena, text)
                                 : para_arena_strdup(arena, item->valuestring ? item->valuestring : "");
        cJSON_free(text);
        if (run->setting_count < SETTINGS_MAX)
            run->settings[run->setting_count++] = (ParaCompareSetting){name, value};
    }
}

static void read_settings(ParaCompareRun *run, ParaArena *arena)
{
    cJSON *config = para_json_parse(run->facts.config);
    run->settings = PARA_NEW(arena, ParaCompareSetting, SETTINGS_MAX);
    if (cJSON_IsObject(config))
        add_settings(run, config, "", arena);
    cJSON_Delete(config);
    qsort(run->settings, (size_t)run->setting_count, sizeof *run->settings, by_name);
}

const char *para_compare_setting(const ParaCompareRun *run, const char *name)
{
    for (int i = 0; i < run->setting_count; i++)
        if (strcmp(run->settings[i].name, name) == 0)
            return run->settings[i].value;
    return NULL;
}

static bool same_text(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

const char **para_compare_differing(const ParaComparison *c, int *out_count)
{
    const char **names = PARA_NEW(c->arena, const char *, SETTINGS_MAX);
    int count = 0;
    for (int r = 0; r < c->count; r++)
        for (int i = 0; i < c->runs[r].setting_count; i++) {
            const char *name = c->runs[r].settings[i].name;
            bool differs = false, known = strcmp(name, SEED) == 0;
            for (int k = 0; k < c->count; k++)
                differs = differs ||
                          !same_text(para_compare_setting(&c->runs[k], name), c->runs[r].settings[i].value);
            for (int k = 0; k < count; k++)
                known = known || strcmp(names[k], name) == 0;
            if (differs && !known && count < SETTINGS_MAX)
                names[count++] = name;
        }
    *out_count = count;
    return names;
}

// ---------------------------------------------------------------------------------------------
// Groups.

/// Alike but for the seed: asked for the same, however long each was trained.
static bool alike(const ParaCompareRun *a, const ParaCompareRun *b)
{
    if (a->setting_count != b->setting_count || a->setting_count == 0)
        return false;
    for (int i = 0; i < a->setting_count; i++)
        if (strcmp(a->settings[i].name, b->settings[i].name) != 0 ||
            (strcmp(a->settings[i].name, SEED) != 0 &&
             strcmp(a->settings[i].value, b->settings[i].value) != 0))
            return false;
    return true;
}

static void find_groups(ParaComparison *c)
{
    for (int i = 0; i < c->count; i++) {
        c->runs[i].group = -1;
        for (int k = 0; k < i && c->runs[i].group < 0; k++)
            if (alike(&c->runs[i], &c->runs[k]))
                c->runs[i].group = c->runs[k].group;
        if (c->runs[i].group < 0)
            c->runs[i].group = c->groups++;
    }
}

int para_compare_group_size(const ParaComparison *c, int group, int *out_first)
{
    int size = 0;
    for (int i = c->count - 1; i >= 0; i--)
        if (c->runs[i].group == group) {
            size++;
            if (out_first)
                *out_first = i;
        }
    return size;
}

ParaCompareSpread para_compare_spread(const ParaComparison *c, int group, const ParaCompareRow *row)
{
    ParaCompareSpread spread = {
        .mean = (double)NAN, .deviation = (double)NAN, .low = (double)NAN, .high = (double)NAN};
    double sum = 0, off = 0;
    for (int i = 0; i < c->count; i++) {
        double value = c->runs[i].group == group ? row->value(&c->runs[i]) : (double)NAN;
        if (!isfinite(value))
            continue;
        spread.low = spread.known == 0 || value < spread.low ? value : spread.low;
        spread.high = spread.known == 0 || value > spread.high ? value : spread.high;
        spread.known++;
        sum += value;
    }
    if (spread.known > 0)
        spread.mean = sum / spread.known;
    for (int i = 0; i < c->count; i++) {
        double value = c->runs[i].group == group ? row->value(&c->runs[i]) : (double)NAN;
        off += isfinite(value) ? (value - spread.mean) * (value - spread.mean) : 0;
    }
    if (spread.known > 1)
        spread.deviation = para_sqrt(off / (spread.known - 1));
    return spread;
}

// ---------------------------------------------------------------------------------------------
// Reading.

/// The last part of a path. Of "." and ".." that of the folder they are.
static const char *name_of(const char *folder, ParaArena *arena)
{
    const char *real = para_path_real(folder, arena), *slash = strrchr(real, '/');
    return slash && slash[1] ? slash + 1 : real;
}

static bool read_run(const char *folder, ParaCompareRun *run, ParaArena *arena, const char **out_error)
{
    ParaRun *opened = para_run_open_read(folder, arena, out_error);
    bool good = opened && para_run_facts(opened, arena, &run->facts, out_error);
    if (good && run->facts.now.lesson < 0) {
        *out_error = para_arena_printf(arena, "%s has no lesson yet", folder);
        good = false;
    }
    ParaTransferWorld *worlds = NULL;
    int count = good ? para_transfer_of_run(opened, arena, &worlds) : 0;
    run->is_stream = count > 0 && para_transfer_measure(worlds, count, &run->transfer);
    para_run_close(opened);
    if (good)
        read_settings(run, arena);
    return good;
}

/// The curve of each at quarters of the shortest.
static bool read_points(ParaCompareRun *run, int64_t shortest, ParaArena *arena, const char **out_error)
{
    ParaRun *opened = para_run_open_read(run->folder, arena, out_error);
    bool good = opened != NULL;
    for (int q = 0; good && q < PARA_COMPARE_POINTS; q++) {
        int64_t decisions = shortest / PARA_COMPARE_POINTS * (q + 1);
        good = para_run_point(opened, decisions > 1 ? decisions : 1, &run->points[q], out_error);
    }
    para_run_close(opened);
    return good;
}

static void leave_out(ParaComparison *c, const char *folder, const char *error)
{
    fprintf(stderr, "paracosm compare: %s is left out: %s\n", folder, error ? error : "no memory");
    c->left_out++;
}

/// Those of one name are told apart by their paths.
static void tell_apart(ParaComparison *c)
{
    for (int i = 0; i < c->count; i++)
        for (int k = 0; k < c->count; k++)
            if (k != i && strcmp(c->runs[i].name, c->runs[k].name) == 0)
                c->runs[i].name = c->runs[i].folder;
}

void para_compare_read(ParaComparison *c, const char *const *folders, int count)
{
    const char *error = NULL;
    c->runs = PARA_NEW(c->arena, ParaCompareRun, count);
    for (int i = 0; i < count; i++) {
        ParaCompareRun *run = &c->runs[c->count];
        *run = (ParaCompareRun){.folder = folders[i], .name = name_of(folders[i], c->arena)};
        if (read_run(folders[i], run, c->arena, &error)) {
            c->count++;
            c->shortest = c->count == 1 || run->facts.now.decisions < c->shortest ? run->facts.now.decisions
                                                                                  : c->shortest;
        } else {
            leave_out(c, folders[i], error);
        }
    }
    for (int i = 0; i < c->count;) {
        if (read_points(&c->runs[i], c->shortest, c->arena, &error)) {
            i++;
            continue;
        }
        leave_out(c, c->runs[i].folder, error);
        memmove(&c->runs[i], &c->runs[i + 1], sizeof *c->runs * (size_t)(c->count - i - 1));
        c->count--;
    }
    tell_apart(c);
    find_groups(c);
}
