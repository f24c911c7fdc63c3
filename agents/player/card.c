// SPDX-License-Identifier: MIT
// The player on a checkpoint's card: observation, layout and widths, written and read in one place. The
// layout stands there as {"version", "hash", "spans": [[name, offset, floats], [name, offset, floats, count,
// stride], ...]}.
#include "agents/player/card.h"

#include "engine/base/hash.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <string.h>

#define WIDTH_MIN  16
#define WIDTH_MAX  1024
#define GLOBAL_MAX 4096 // floats
#define ADVICE     ": train it anew, or use the version that made it"
#define CHANGED    ": its card was changed by something else"

static void add_layout(cJSON *card, const ParaObsSpec *spec)
{
    char hash[17];
    para_hash_hex(para_obs_layout_hash(spec), hash);
    cJSON *layout = cJSON_AddObjectToObject(card, "layout");
    cJSON_AddNumberToObject(layout, "version", PARA_OBS_LAYOUT);
    cJSON_AddStringToObject(layout, "hash", hash);
    cJSON *spans = cJSON_AddArrayToObject(layout, "spans");
    for (int i = 0, count = para_obs_span_count(spec); i < count; i++) {
        ParaObsSpan span = para_obs_span(spec, i);
        const int numbers[] = {span.offset, span.size, span.count, span.stride};
        cJSON *item = cJSON_CreateArray();
        cJSON_AddItemToArray(item, cJSON_CreateString(span.name));
        for (int k = 0; k < (span.count > 1 ? 4 : 2); k++)
            cJSON_AddItemToArray(item, cJSON_CreateNumber(numbers[k]));
        cJSON_AddItemToArray(spans, item);
    }
}

static void add_parts(cJSON *card, uint32_t parts)
{
    cJSON *names = cJSON_AddArrayToObject(card, "parts");
    for (int k = 0; k < PARA_OBS_PARTS; k++)
        if (parts >> k & 1)
            cJSON_AddItemToArray(names, cJSON_CreateString(para_obs_part_name((ParaObsPart)(1 << k))));
}

void para_card_add_player(cJSON *card, const ParaPolicyDef *def)
{
    cJSON_AddStringToObject(card, "observation", para_obs_kind_name(def->obs.kind));
    cJSON_AddNumberToObject(card, "global_size", def->obs.global_size);
    if (def->obs.parts) // a card without is of a player that sees no more than its form
        add_parts(card, def->obs.parts);
    cJSON_AddNumberToObject(card, "width", def->width);
    cJSON_AddNumberToObject(card, "encoder_width", def->encoder_width);
    if (def->encoder != PARA_ENCODER_POOLED) // a card without these is of a plain player, as all were
        cJSON_AddStringToObject(card, "encoder", para_encoder_name(def->encoder));
    if (def->rays)
        cJSON_AddTrueToObject(card, "rays");
    if (def->core != PARA_CORE_NONE)
        cJSON_AddStringToObject(card, "core", para_core_name(def->core));
    if (def->bins)
        cJSON_AddNumberToObject(card, "value_bins", PARA_VALUE_BINS);
    if (def->head != PARA_HEAD_LEVELS)
        cJSON_AddStringToObject(card, "head", para_head_name(def->head));
    add_layout(card, &def->obs);
}

// ---------------------------------------------------------------------------------------------
// Reading.

static bool whole(const cJSON *item, int low, int high, int *out)
{
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= low && item->valuedouble <= high))
        return false;
    *out = (int)item->valuedouble;
    return *out == item->valuedouble;
}

static bool number(const cJSON *card, const char *key, int low, int high, int *out)
{
    return whole(cJSON_GetObjectItemCaseSensitive(card, key), low, high, out);
}

// A span of the card; false if it does not read.
static bool read_span(const cJSON *item, ParaObsSpan *out)
{
    const cJSON *name = cJSON_GetArrayItem(item, 0);
    int size = cJSON_GetArraySize(item);
    *out = (ParaObsSpan){.count = 1};
    if (!cJSON_IsString(name) || (size != 3 && size != 5))
        return false;
    out->name = name->valuestring;
    bool good = whole(cJSON_GetArrayItem(item, 1), 0, 1 << 20, &out->offset) &&
                whole(cJSON_GetArrayItem(item, 2), 1, 1 << 20, &out->size);
    return good && (size == 3 || (whole(cJSON_GetArrayItem(item, 3), 2, 1 << 20, &out->count) &&
                                  whole(cJSON_GetArrayItem(item, 4), 1, 1 << 20, &out->stride)));
}

// What a span is, without its name: "2 floats at 14, 8 times".
static const char *told(const ParaObsSpan *span, ParaArena *arena)
{
    const char *many = span->count > 1 ? para_arena_printf(arena, ", %d times", span->count) : "";
    return para_arena_printf(arena, "%d float%s at %d%s", span->size, span->size == 1 ? "" : "s",
                             span->offset, many);
}

static const char *difference(const ParaObsSpan *theirs, const ParaObsSpan *ours, ParaArena *arena)
{
    if (!theirs)
        return para_arena_printf(arena,
                                 "the checkpoint does not see span %s, which this build has with %s" ADVICE,
                                 ours->name, told(ours, arena));
    const char *begin = para_arena_printf(arena, "the checkpoint sees span %.60s with %s; this build",
                                          theirs->name, told(theirs, arena));
    if (!ours)
        return para_arena_printf(arena, "%s has no more spans there" ADVICE, begin);
    if (strcmp(theirs->name, ours->name) != 0)
        return para_arena_printf(arena, "%s has %s there, %s" ADVICE, begin, ours->name, told(ours, arena));
    if (theirs->size != ours->size)
        return para_arena_printf(arena, "%s has %d" ADVICE, begin, ours->size);
    return para_arena_printf(arena, "%s has it with %s" ADVICE, begin, told(ours, arena));
}

static bool same_span(const ParaObsSpan *a, const ParaObsSpan *b)
{
    return strcmp(a->name, b->name) == 0 && a->offset == b->offset && a->size == b->size &&
           a->count == b->count && a->stride == b->stride;
}

// Every span of the card against ours, NULL where one of the two lists has ended.
static bool same_spans(const cJSON *list, const ParaObsSpec *spec, ParaArena *arena, const char **out_error)
{
    int count = para_obs_span_count(spec), list_count = cJSON_GetArraySize(list);
    for (int i = 0; i < count || i < list_count; i++) {
        ParaObsSpan theirs = {0}, ours = {0};
        if (i < list_count && !read_span(cJSON_GetArrayItem(list, i), &theirs)) {
            *out_error =
                para_arena_printf(arena, "span %d of the checkpoint's layout does not read" CHANGED, i);
            return false;
        }
        if (i < count)
            ours = para_obs_span(spec, i);
        if (i < count && i < list_count && same_span(&theirs, &ours))
            continue;
        *out_error = difference(i < list_count ? &theirs : NULL, i < count ? &ours : NULL, arena);
        return false;
    }
    return true;
}

static bool same_layout(const cJSON *card, const ParaObsSpec *spec, ParaArena *arena, const char **out_error)
{
    const cJSON *layout = cJSON_GetObjectItemCaseSensitive(card, "layout");
    if (!layout)
        return true; // from before layouts were kept
    const cJSON *spans = cJSON_GetObjectItemCaseSensitive(layout, "spans");
    const char *hash = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(layout, "hash"));
    int version = 0;
    char own[17];
    para_hash_hex(para_obs_layout_hash(spec), own);
    if (!cJSON_IsArray(spans) || !hash || !number(layout, "version", 0, 1 << 30, &version))
        *out_error = "the checkpoint's layout does not read" CHANGED;
    else if (!same_spans(spans, spec, arena, out_error))
        return false;
    else if (version != PARA_OBS_LAYOUT)
        *out_error = para_arena_printf(arena,
                                       "the checkpoint sees layout %d, where floats mean something else than "
                                       "in layout %d of this build" ADVICE,
                                       version, PARA_OBS_LAYOUT);
    else if (strcmp(hash, own) != 0)
        *out_error = "the hash of the checkpoint's layout is not that of its spans" CHANGED;
    else
        return true;
    return false;
}

static const char *form_of(const cJSON *card)
{
    const char *form = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(card, "observation"));
    return form ? form : "";
}

bool para_card_sees(const char *card, const ParaObsSpec *spec, ParaArena *arena, const char **out_error)
{
    cJSON *root = card ? para_json_parse(card) : NULL;
    bool good = strcmp(form_of(root), para_obs_kind_name(spec->kind)) != 0 ||
                same_layout(root, spec, arena, out_error);
    cJSON_Delete(root);
    return good;
}

static const char unknown_player[] =
    "the checkpoint's card does not describe a player this version knows (observation or widths differ)";

static const char no_player[] =
    "it is a model of worlds, which paracosm dream train makes, and no player: name "
    "a run's folder, or a checkpoint of one";

/// Whether the card is that of a model of worlds, bodies or pixels, in place of a checkpoint's.
static bool dreams(const cJSON *card)
{
    const char *kind = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(card, "kind"));
    return kind && (strcmp(kind, "model") == 0 || strcmp(kind, "pixels") == 0);
}

/// The parts of the network that a card names, once its widths are read. @return false: one that this build
/// does not have
static bool read_parts(const cJSON *card, ParaPolicyDef *out)
{
    const cJSON *core = cJSON_GetObjectItemCaseSensitive(card, "core");
    const cJSON *head = cJSON_GetObjectItemCaseSensitive(card, "head");
    bool recurs = core && cJSON_IsString(core) && strcmp(core->valuestring, "mingru") == 0;
    bool fine = head && cJSON_IsString(head) && strcmp(head->valuestring, "fine") == 0;
    const cJSON *encoder = cJSON_GetObjectItemCaseSensitive(card, "encoder");
    bool relates = encoder && cJSON_IsString(encoder) && strcmp(encoder->valuestring, "relational") == 0 &&
                   strcmp(form_of(card), "entities") == 0 && out->encoder_width % 4 == 0;
    out->encoder = relates ? PARA_ENCODER_RELATIONAL : PARA_ENCODER_POOLED;
    const cJSON *bins = cJSON_GetObjectItemCaseSensitive(card, "value_bins");
    out->bins = bins && cJSON_IsNumber(bins) && bins->valuedouble == PARA_VALUE_BINS;
    out->core = recurs ? PARA_CORE_MINGRU : PARA_CORE_NONE;
    out->head = fine ? PARA_HEAD_FINE : PARA_HEAD_LEVELS;
    const cJSON *rays = cJSON_GetObjectItemCaseSensitive(card, "rays");
    out->rays = cJSON_IsTrue(rays);
    return (!core || recurs) && (!rays || out->rays) && (!head || fine) && (!encoder || relates) &&
           (!bins || out->bins);
}

/// The parts of the observation that a card names. @return false: one that this build does not have
static bool read_seen(const cJSON *card, uint32_t *out)
{
    const cJSON *names = cJSON_GetObjectItemCaseSensitive(card, "parts"), *name;
    *out = 0;
    if (names && (!cJSON_IsArray(names) || cJSON_GetArraySize(names) > PARA_OBS_PARTS))
        return false;
    cJSON_ArrayForEach(name, names)
    {
        ParaObsPart part;
        if (!cJSON_IsString(name) || !para_obs_part_find(name->valuestring, &part))
            return false;
        *out |= (uint32_t)part;
    }
    return true;
}

static bool read_player(const cJSON *card, ParaArena *arena, ParaPolicyDef *out, const char **out_error)
{
    bool entities = strcmp(form_of(card), "entities") == 0, vector = strcmp(form_of(card), "vector") == 0;
    bool listed = strcmp(form_of(card), "listed") == 0, pixels = strcmp(form_of(card), "pixels") == 0;
    int global_size = 0;
    uint32_t parts = 0;
    bool good = (entities || vector || listed || pixels) &&
                number(card, "global_size", pixels ? 0 : 1, pixels ? 0 : GLOBAL_MAX, &global_size) &&
                number(card, "width", WIDTH_MIN, WIDTH_MAX, &out->width) &&
                number(card, "encoder_width", WIDTH_MIN, WIDTH_MAX, &out->encoder_width);
    good = good && (!listed || global_size <= PARA_OBSERVES_MAX) && read_parts(card, out) &&
           read_seen(card, &parts) && (parts == 0 || entities || vector) &&
           (listed || pixels || global_size > para_obs_part_size(parts));
    if (good)
        out->obs = entities ? para_obs_spec_entities()
                   : pixels ? para_obs_spec_pixels()
                   : listed ? para_obs_spec_listed(global_size)
                            : para_obs_spec_sized(global_size - para_obs_part_size(parts));
    if (good)
        out->obs = para_obs_spec_with(out->obs, parts);
    if (good && !same_layout(card, &out->obs, arena, out_error))
        return false;
    good = good && global_size == out->obs.global_size &&
           (listed || pixels || global_size >= para_obs_spec_globals().size) &&
           (!out->rays || para_policy_can_see_rays(&out->obs));
    if (!good)
        *out_error = dreams(card) ? no_player : unknown_player;
    return good;
}

bool para_card_read_player(const char *card, ParaArena *arena, ParaPolicyDef *out, const char **out_error)
{
    cJSON *root = card ? para_json_parse(card) : NULL;
    ParaPolicyDef def = {0};
    bool good = read_player(root, arena, &def, out_error);
    cJSON_Delete(root);
    if (good)
        *out = def;
    return good;
}
