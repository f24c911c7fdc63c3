// SPDX-License-Identifier: MIT
// Levels as handles: sampled, read from text, taken from an env; told as numbers and as JSON.
#include "agents/abi/abi_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEVEL_BLOCK ((size_t)16 << 10)  // [byte]
#define LEVEL_MAX   ((size_t)256 << 20) // [byte] bound on one level and its text

static ParaAbiLevel *level_open(void)
{
    ParaAbiLevel *level = calloc(1, sizeof *level);
    if (level)
        level->arena = para_arena_create(LEVEL_BLOCK, LEVEL_MAX);
    if (!level || !level->arena) {
        free(level);
        para_abi_fail(PARA_ABI_MEMORY, "out of memory");
        return NULL;
    }
    atomic_init(&level->references, 1);
    pthread_mutex_init(&level->lock, NULL);
    return level;
}

void para_abi_level_keep(ParaAbiLevel *level) { atomic_fetch_add(&level->references, 1); }

void para_abi_level_free(ParaAbiLevel *level)
{
    if (!level || atomic_fetch_sub(&level->references, 1) > 1)
        return;
    pthread_mutex_destroy(&level->lock);
    para_arena_destroy(level->arena);
    free(level);
}

ParaAbiLevel *para_abi_level_wrap(const ParaLevel *source)
{
    ParaAbiLevel *level = level_open();
    if (level)
        level->level = para_level_copy(source, level->arena);
    return level;
}

bool para_abi_ranges_fit(const ParaTemplate *t, const double *low, const double *high)
{
    if (!low != !high) {
        para_abi_fail(PARA_ABI_INVALID, "ranges need both ends");
        return false;
    }
    for (int p = 0; low && p < para_template_param_count(t); p++) {
        const ParaParam *param = para_template_param(t, p);
        bool open = isnan(low[p]) && isnan(high[p]);
        if (open)
            continue;
        bool inside = low[p] >= param->low && low[p] <= high[p] && high[p] <= param->high;
        if (!inside && low[p] == high[p])
            para_abi_fail(PARA_ABI_INVALID, "%s = %g is outside its range %g..%g %s", param->name, low[p],
                          param->low, param->high, param->unit);
        else if (!inside)
            para_abi_fail(PARA_ABI_INVALID, "%s from %g to %g is not a range within %g..%g %s", param->name,
                          low[p], high[p], param->low, param->high, param->unit);
        else if (param->integer && ceil(low[p]) > floor(high[p]))
            para_abi_fail(PARA_ABI_INVALID, "%s is a whole number; there is none from %g to %g", param->name,
                          low[p], high[p]);
        else
            continue;
        return false;
    }
    return true;
}

ParaAbiLevel *para_abi_level_sample(const ParaAbiFamily *family, const double *low, const double *high,
                                    uint64_t seed)
{
    if (!family) {
        para_abi_fail(PARA_ABI_INVALID, "no family to sample from");
        return NULL;
    }
    const ParaTemplate *t = family->one.templates[0];
    if (!para_abi_ranges_fit(t, low, high))
        return NULL;
    ParaSource source = {.fixed_seed = true, .seed = seed, .ranged = low != NULL};
    for (int p = 0; low && p < para_template_param_count(t); p++) {
        source.low[p] = low[p];
        source.high[p] = high[p];
    }
    ParaPick pick = para_source_pick(&source, &family->one, 0, NULL);
    ParaAbiLevel *level = level_open();
    if (!level)
        return NULL;
    // A sampled level shares names and texts with its template, which may be freed before it.
    ParaArena *scratch = para_arena_create((size_t)1 << 16, (size_t)1 << 28);
    const ParaLevel *sampled = scratch ? para_families_sample(&family->one, &pick, "", scratch) : NULL;
    if (sampled)
        level->level = para_level_copy(sampled, level->arena);
    if (scratch)
        para_arena_destroy(scratch);
    if (level->level)
        return level;
    para_abi_fail(PARA_ABI_LEVEL, "%s has no level with these values at seed %llu and the next 15",
                  family->one.names[0], (unsigned long long)seed);
    para_abi_level_free(level);
    return NULL;
}

static void fail_with(const ParaDiagList *problems)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out) {
        para_abi_fail(PARA_ABI_MEMORY, "out of memory");
        return;
    }
    para_diag_print(problems, out);
    fclose(out);
    para_abi_fail(PARA_ABI_LEVEL, "%s", text);
    free(text);
}

ParaAbiLevel *para_abi_level_load(const char *text, uint64_t length)
{
    ParaAbiLevel *level = level_open();
    char *copy = level ? para_abi_text(text, length, "level", level->arena) : NULL;
    if (!copy) {
        para_abi_level_free(level);
        return NULL;
    }
    ParaDiagList problems = para_diag_list(level->arena, "level", copy);
    const ParaTemplate *form = para_template_load("level", copy, (size_t)length, level->arena, &problems);
    level->level = form ? para_template_sample(form, NULL, 0, level->arena, &problems) : NULL;
    if (level->level)
        return level;
    fail_with(&problems);
    para_abi_level_free(level);
    return NULL;
}

void para_abi_level_bits(const ParaLevel *level, uint32_t *out_channels, uint32_t *out_negatives)
{
    *out_channels = *out_negatives = 0;
    for (int p = 0; p < level->player_count; p++) {
        *out_channels |= level->players[p].channel_bits;
        *out_negatives |= level->players[p].negative_bits;
    }
}

int32_t para_abi_level_info(const ParaAbiLevel *handle, ParaAbiLevelInfo *out)
{
    if (!handle || !out || out->size != sizeof *out)
        return para_abi_fail(PARA_ABI_INVALID, "level info: no level, or a struct of another version");
    const ParaLevel *level = handle->level;
    *out = (ParaAbiLevelInfo){.size = sizeof *out,
                              .param_count = level->param_count,
                              .seed = level->seed,
                              .hash = level->hash,
                              .parent = level->parent,
                              .seconds = level->seconds,
                              .frame_skip = level->frame_skip,
                              .rate = (float)level->world.rate,
                              .body_count = level->world.body_count,
                              .players = level->player_count};
    para_abi_level_bits(level, &out->channel_bits, &out->negative_bits);
    for (int p = 0; p < level->param_count; p++) {
        out->values[p] = level->params[p].value;
        snprintf(out->names[p], sizeof out->names[p], "%s", level->params[p].name);
    }
    snprintf(out->family, sizeof out->family, "%s", level->family);
    return PARA_ABI_OK;
}

const char *para_abi_level_json(ParaAbiLevel *level)
{
    if (!level) {
        para_abi_fail(PARA_ABI_INVALID, "no level");
        return NULL;
    }
    pthread_mutex_lock(&level->lock);
    if (!level->json)
        level->json = para_level_to_json(level->level, level->arena);
    pthread_mutex_unlock(&level->lock);
    return level->json;
}
