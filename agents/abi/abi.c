// SPDX-License-Identifier: MIT
// Version, errors and families of the door for other languages.
#include "agents/abi/abi_parts.h"

#include "engine/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAMILY_BLOCK ((size_t)256 << 10) // [byte]
#define FAMILY_MAX   ((size_t)256 << 20) // [byte] bound on one template
#define MEMBERS_SEEN 64                  // members looked at for channels and players

// One text and code per thread: the caller reads them right after the call that failed.
static _Thread_local char last_error[2048];
static _Thread_local int32_t last_code;

uint32_t para_abi_version(void) { return PARA_ABI_VERSION; }
const char *para_abi_library_version(void) { return PARA_VERSION; }
const char *para_abi_error(void) { return last_error; }
int32_t para_abi_error_code(void) { return last_code; }

int32_t para_abi_fail(ParaAbiCode code, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    para_text_format_v(last_error, sizeof last_error, format, list);
    va_end(list);
    size_t length = strlen(last_error);
    while (length > 0 && last_error[length - 1] == '\n')
        last_error[--length] = '\0';
    last_code = (int32_t)code;
    return code;
}

char *para_abi_text(const char *text, uint64_t length, const char *what, ParaArena *arena)
{
    if (!text || length == 0 || length > PARA_ABI_TEXT_MAX) {
        para_abi_fail(PARA_ABI_INVALID, "a %s's text has 1 to %llu bytes", what,
                      (unsigned long long)PARA_ABI_TEXT_MAX);
        return NULL;
    }
    char *copy = para_arena_alloc(arena, (size_t)length + 1);
    memcpy(copy, text, (size_t)length);
    copy[length] = '\0';
    return copy;
}

// What a member adds to what is known of the family.
static void look_at_member(ParaAbiFamily *family, const ParaLevel *level)
{
    uint32_t channels, negatives;
    para_abi_level_bits(level, &channels, &negatives);
    family->channel_bits |= channels;
    family->negative_bits |= negatives;
    if (level->player_count > family->players)
        family->players = level->player_count;
    if (family->frame_skip == 0) {
        family->observe_count = level->observe_count;
        for (int k = 0; k < level->observe_count; k++)
            memcpy(family->observes[k], level->observes[k].name, PARA_NAME_MAX);
        family->move_count = level->move_count;
        for (int k = 0; k < level->move_count; k++)
            family->moves[k] = level->moves[k];
        family->frame_skip = level->frame_skip;
        family->rate = (float)level->world.rate;
    }
}

static bool look_at_members(ParaAbiFamily *family)
{
    for (int i = 0; i <= MEMBERS_SEEN; i++) {
        ParaPick pick = {.seed = para_seed_mix(0, (uint64_t)i) >> 1, .bound = i == MEMBERS_SEEN};
        for (int p = 0; pick.bound && p < para_template_param_count(family->one.templates[0]); p++)
            pick.values[p] = para_template_param(family->one.templates[0], p)->high; // the most of everything
        ParaArenaMark mark = para_arena_mark(family->arena);
        ParaLevel *level = para_families_sample(&family->one, &pick, "", family->arena);
        if (level)
            look_at_member(family, level);
        para_arena_rewind(family->arena, mark);
    }
    family->vector = para_families_vector(&family->one, 0, family->arena);
    return family->vector.size > 0;
}

static ParaAbiFamily *family_open(void)
{
    ParaAbiFamily *family = calloc(1, sizeof *family);
    if (family)
        family->arena = para_arena_create(FAMILY_BLOCK, FAMILY_MAX);
    if (!family || !family->arena) {
        free(family);
        para_abi_fail(PARA_ABI_MEMORY, "out of memory");
        return NULL;
    }
    atomic_init(&family->references, 1);
    return family;
}

// @param error NULL: it was loaded   @return the family, or NULL with an error: then it is freed
static ParaAbiFamily *family_ready(ParaAbiFamily *family, const char *error)
{
    if (error)
        para_abi_fail(PARA_ABI_LEVEL, "%s", error);
    else if (!look_at_members(family))
        para_abi_fail(PARA_ABI_LEVEL, "no level of the family \"%s\" can be made", family->one.names[0]);
    else
        return family;
    para_abi_family_free(family);
    return NULL;
}

ParaAbiFamily *para_abi_family_load(const char *name)
{
    if (!name || !*name) {
        para_abi_fail(PARA_ABI_INVALID, "a family needs a name");
        return NULL;
    }
    ParaAbiFamily *family = family_open();
    const char *error = "it does not load";
    if (!family)
        return NULL;
    // One family alone: a folder, which means several elsewhere, is no template here.
    ParaTemplateText *from = PARA_NEW(family->arena, ParaTemplateText, 1);
    bool loaded = para_library_read(name, family->arena, from, &error) &&
                  para_families_load_texts(&family->one, from, 1, family->arena, &error);
    return family_ready(family, loaded ? NULL : error);
}

ParaAbiFamily *para_abi_family_load_text(const char *text, uint64_t length)
{
    ParaAbiFamily *family = family_open();
    char *copy = family ? para_abi_text(text, length, "template", family->arena) : NULL;
    if (!copy) {
        para_abi_family_free(family);
        return NULL;
    }
    ParaTemplateText *from = PARA_NEW(family->arena, ParaTemplateText, 1);
    *from = (ParaTemplateText){.source = "", .file = "template", .text = copy, .size = (size_t)length};
    const char *error = "it does not load";
    bool loaded = para_families_load_texts(&family->one, from, 1, family->arena, &error);
    return family_ready(family, loaded ? NULL : error);
}

int32_t para_abi_family_set_tier(ParaAbiFamily *family, const char *tier)
{
    const char *error = NULL;
    if (!family || !tier)
        return para_abi_fail(PARA_ABI_INVALID, "a tier needs a family and a name");
    if (!para_families_narrow(&family->one, tier, family->arena, &error))
        return para_abi_fail(PARA_ABI_LEVEL, "%s", error);
    return PARA_ABI_OK;
}

const char *para_abi_family_tier(const ParaAbiFamily *family, int32_t index)
{
    bool there = family && index >= 0 && index < para_template_tier_count(family->one.whole[0]);
    return there ? para_template_tier(family->one.whole[0], index)->name : NULL;
}

void para_abi_family_keep(ParaAbiFamily *family) { atomic_fetch_add(&family->references, 1); }

void para_abi_family_free(ParaAbiFamily *family)
{
    if (!family || atomic_fetch_sub(&family->references, 1) > 1)
        return;
    para_arena_destroy(family->arena);
    free(family);
}

int32_t para_abi_family_info(const ParaAbiFamily *family, ParaAbiFamilyInfo *out)
{
    if (!family || !out || out->size != sizeof *out)
        return para_abi_fail(PARA_ABI_INVALID, "family info: no family, or a struct of another version");
    const ParaTemplate *t = family->one.templates[0];
    *out = (ParaAbiFamilyInfo){.size = sizeof *out,
                               .param_count = para_template_param_count(t),
                               .channel_bits = family->channel_bits,
                               .negative_bits = family->negative_bits,
                               .vector_size = family->vector.size,
                               .players = family->players,
                               .listed_size = family->observe_count,
                               .move_count = family->move_count,
                               .frame_skip = family->frame_skip,
                               .rate = family->rate};
    snprintf(out->name, sizeof out->name, "%s", para_template_name(t));
    snprintf(out->about, sizeof out->about, "%s", para_template_about(t));
    return PARA_ABI_OK;
}

const char *para_abi_family_move(const ParaAbiFamily *family, int32_t index)
{
    return family && index >= 0 && index < family->move_count ? family->moves[index].name : NULL;
}

const char *para_abi_family_listed(const ParaAbiFamily *family, int32_t index)
{
    return family && index >= 0 && index < family->observe_count ? family->observes[index] : NULL;
}

int32_t para_abi_family_param(const ParaAbiFamily *family, int32_t index, ParaAbiParam *out)
{
    if (!family || !out || out->size != sizeof *out)
        return para_abi_fail(PARA_ABI_INVALID, "family parameter: no family, or a struct of another version");
    const ParaTemplate *t = family->one.templates[0];
    if (index < 0 || index >= para_template_param_count(t))
        return para_abi_fail(PARA_ABI_INVALID, "no parameter %d; there are %d", index,
                             para_template_param_count(t));
    const ParaParam *param = para_template_param(t, index);
    *out = (ParaAbiParam){
        .size = sizeof *out, .integer = param->integer, .low = param->low, .high = param->high};
    snprintf(out->name, sizeof out->name, "%s", param->name);
    snprintf(out->unit, sizeof out->unit, "%s", param->unit);
    snprintf(out->about, sizeof out->about, "%s", param->about);
    return PARA_ABI_OK;
}
