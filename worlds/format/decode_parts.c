// SPDX-License-Identifier: MIT
// Parts: bodies, joints and zones from elsewhere, put among the template's own. Each include is read anew,
// under its prefix, with its arguments as numbers that only its own expressions can name.
#include "worlds/format/decode.h"

#include "engine/base/assert.h"
#include "engine/base/diag.h"
#include "engine/base/rng.h"

#include <stdio.h>
#include <string.h>

#define NODES_MAX      20000 // JSON values of all parts together, each counted as often as it is included
#define NODE_BYTES_MAX 3000  // [byte] the largest object that one of them can become
#define DEPTH_MAX      8     // parts in parts

/// Parts around the one being read, innermost first.
typedef struct Around {
    const char *part;
    const struct Around *outer;
    int depth; ///< [1] 0..DEPTH_MAX
} Around;

/// The bodies, joints and zones of all, in the order of the includes.
typedef struct Gathered {
    ParaObject *objects;
    int count, capacity; ///< [1] >= 0
} Gathered;

typedef struct Parts {
    ParaLoader *loader;
    const cJSON *root;
    int includes, nodes; ///< [1] >= 0 so far
    bool full;           ///< a limit was met and told
    Gathered bodies, joints, zones;
    const char *wanted;      ///< prefix of the part whose player is the player's; NULL: none
    const ParaObject *found; ///< that part
} Parts;

// ---------------------------------------------------------------------------------------------
// Names.

/// The name of the part that a key of "included" brings: "worlds/parts/buggy.json" brings buggy.
static const char *part_name(const char *key, ParaArena *arena)
{
    const char *slash = strrchr(key, '/'), *name = slash ? slash + 1 : key, *dot = strstr(name, ".json");
    return dot ? para_arena_printf(arena, "%.*s", (int)(dot - name), name) : name;
}

const cJSON *para_part_find(const cJSON *root, const char *name, ParaArena *arena, const char **out_path)
{
    static const char *const maps[] = {"parts", "included"};
    for (int m = 0; m < 2; m++) {
        const cJSON *map = cJSON_GetObjectItemCaseSensitive(root, maps[m]);
        for (const cJSON *part = cJSON_IsObject(map) ? map->child : NULL; part; part = part->next)
            if (strcmp(m ? part_name(part->string, arena) : part->string, name) == 0) {
                if (out_path)
                    *out_path =
                        para_arena_printf(arena, "/%s/%s", maps[m], para_problem_token(part->string, arena));
                return part;
            }
    }
    return NULL;
}

static const cJSON *find_part(Parts *parts, const ParaObject *include, const char *name,
                              const char **out_path)
{
    ParaLoader *loader = parts->loader;
    const cJSON *part = para_part_find(parts->root, name, loader->arena, out_path);
    if (!part)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NO_PART, include->path, "part",
                     "there is no part \"%s\" in this text", name);
    return part;
}

// ---------------------------------------------------------------------------------------------
// Limits.

static int count_nodes(const cJSON *json)
{
    int count = 1;
    for (const cJSON *item = json->child; item; item = item->next)
        count += count_nodes(item); // the text was looked through: it is nested 24 deep at most
    return count;
}

static bool too_much(Parts *parts, const ParaObject *include, ParaCode code, const char *what)
{
    if (!parts->full)
        para_problem(parts->loader->list, PARA_DIAG_ERROR, code, include->path, "part", "%s", what);
    parts->full = true;
    return true;
}

static bool is_too_much(Parts *parts, const ParaObject *include, const cJSON *part, const Around *around)
{
    ParaLoader *loader = parts->loader;
    for (const Around *outer = around; outer; outer = outer->outer)
        if (strcmp(outer->part, part->string) == 0)
            return too_much(parts, include, PARA_CODE_PART_CYCLE,
                            "this part includes itself, here or by way of others");
    if (around && around->depth >= DEPTH_MAX)
        return too_much(parts, include, PARA_CODE_PART_LIMIT, "parts in parts in parts: at most 8 deep");
    if (++parts->includes > PARA_INCLUDES_MAX)
        return too_much(parts, include, PARA_CODE_PART_LIMIT,
                        "with those of the parts there are more than 64 includes");
    parts->nodes += count_nodes(part);
    if (parts->nodes > NODES_MAX)
        return too_much(
            parts, include, PARA_CODE_PART_LIMIT,
            "the parts are too large: at most 20000 values, counted as often as they are included");
    if (para_arena_room(loader->arena) < (size_t)(NODE_BYTES_MAX * count_nodes(part)) + (1u << 18))
        return too_much(parts, include, PARA_CODE_TOO_LARGE_MEMORY,
                        "the part may need more memory than there is room for");
    return false;
}

// ---------------------------------------------------------------------------------------------
// Arguments.

/// Keeps a number as one that expressions of the part may name. "" is named by none.
static bool push(Parts *parts, const ParaObject *include, const char *name, ParaNumber number,
                 const ParaField *field)
{
    ParaTemplate *t = parts->loader->t;
    if (t->let_count == PARA_VALUES_MAX)
        return !too_much(parts, include, PARA_CODE_PART_LIMIT,
                         "`let` names, places and arguments of all parts together are more than 512");
    t->lets[t->let_count] = number;
    t->let_fields[t->let_count] = field;
    t->let_names[t->let_count++] = name;
    return true;
}

/// Where the part goes, from where the part around it is.
static const ParaOffset *offset_of(Parts *parts, const ParaObject *include, const ParaOffset *outer)
{
    const ParaValue *at = para_value(include, PARA_FIELD_INCLUDE_at);
    if (!at->present)
        return outer;
    ParaOffset *offset = PARA_NEW(parts->loader->arena, ParaOffset, 1);
    *offset = (ParaOffset){.let = parts->loader->t->let_count, .outer = outer};
    const ParaField *field = para_field(PARA_FIELD_INCLUDE_at);
    return push(parts, include, "", at->numbers[0], field) && push(parts, include, "", at->numbers[1], field)
               ? offset
               : outer;
}

/// What a parameter of a part may be, as a field.
static const ParaField *argument_field(ParaLoader *loader, const ParaObject *param)
{
    const ParaValue *range = para_value(param, PARA_FIELD_ARGUMENT_range);
    const ParaValue *whole = para_value(param, PARA_FIELD_ARGUMENT_int),
                    *unit = para_value(param, PARA_FIELD_ARGUMENT_unit);
    const ParaValue *given = range->present ? range : whole;
    ParaField *field = PARA_NEW(loader->arena, ParaField, 1);
    *field = (ParaField){.unit = unit->present ? unit->text : "",
                         .low = given->present ? given->numbers[0].constant : -1e6,
                         .high = given->present ? given->numbers[1].constant : 1e6,
                         .flags = whole->present ? PARA_FLAG_WHOLE : 0};
    if (range->present && whole->present)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_PARAM_RANGE, param->path, NULL,
                     "has either a \"range\" or an \"int\"");
    if (field->low <= field->high)
        return field;
    para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_PARAM_RANGE, param->path,
                 whole->present ? "int" : "range", "the lowest value %.9g is above the highest %.9g",
                 field->low, field->high);
    field->high = field->low;
    return field;
}

static ParaNumber default_of(ParaLoader *loader, const ParaObject *param, const ParaField *field)
{
    const ParaValue *preset = para_value(param, PARA_FIELD_ARGUMENT_default);
    if (!preset->present)
        return (ParaNumber){.constant = field->low};
    double value = preset->numbers->constant;
    if (value < field->low || value > field->high)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_RANGE, param->path, "default",
                     "must be in the parameter's range, %.9g to %.9g; got %.9g", field->low, field->high,
                     value);
    return *preset->numbers;
}

/// The values of `with`, each known in the part by the name of its parameter; of the others the default.
/// @param frame what the part's expressions may name: it grows
static void read_argument(Parts *parts, const ParaObject *include, const cJSON *with, const cJSON *item,
                          const char *part_path, ParaFrame *frame)
{
    ParaLoader *loader = parts->loader;
    ParaObject param;
    const char *key = para_decode_escape(loader, item->string);
    const char *path = para_arena_printf(loader->arena, "%s/params/%s", part_path, key);
    bool named = para_decode_value_name(
        loader, item, para_arena_printf(loader->arena, "%s/params", part_path),
        &loader->t->let_names[frame->first], loader->t->let_count - frame->first, true);
    para_decode_object(loader, item, PARA_KIND_ARGUMENT, path, 0, &param);
    const ParaField *field = argument_field(loader, &param);
    ParaNumber number = default_of(loader, &param, field);
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(with, item->string);
    if (given) {
        ParaSpot spot = {.path = para_arena_printf(loader->arena, "%s/with", include->path),
                         .key = key,
                         .index = -1,
                         .stream =
                             para_seed_mix(para_decode_hash(frame->prefix), para_decode_hash(item->string))};
        ParaNumber own;
        if (para_decode_number(loader, given, field, &spot, &own)) // in the scope of who includes
            number = own;
    }
    if (named)
        push(parts, include, para_arena_strdup(loader->arena, item->string), number, field);
}

static void read_arguments(Parts *parts, const ParaObject *include, const cJSON *json, const cJSON *part,
                           const char *part_path, ParaFrame *frame)
{
    ParaLoader *loader = parts->loader;
    const char *names[PARA_PARAMS_MAX];
    int count = 0;
    const cJSON *with = cJSON_GetObjectItemCaseSensitive(json, "with");
    const char *path = para_arena_printf(loader->arena, "%s/params", part_path);
    for (const cJSON *item = para_decode_open_map(loader, part, PARA_FIELD_PART_params, path); item;
         item = item->next) {
        names[count++] = item->string; // open_map looked: the table has the same number
        read_argument(parts, include, with, item, part_path, frame);
    }
    if (with && !cJSON_IsObject(with))
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NOT_OBJECT, include->path, "with",
                     "must be an object of the part's parameters and their values; got %s",
                     para_decode_kind_of(with));
    for (const cJSON *item = cJSON_IsObject(with) ? with->child : NULL; item; item = item->next) {
        bool known = false;
        for (int k = 0; k < count; k++)
            known |= strcmp(names[k], item->string) == 0;
        const char *close = known ? NULL : para_closest_word(item->string, names, count);
        if (!known)
            para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_PART_ARGUMENT,
                         para_arena_printf(loader->arena, "%s/with", include->path),
                         para_decode_escape(loader, item->string),
                         "the part has no parameter \"%.60s\"%s%s%s", item->string,
                         close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "")
                ->at_key = true;
    }
}

// ---------------------------------------------------------------------------------------------
// Reading.

static void gather(Parts *parts, Gathered *all, const ParaObject *part, ParaFieldId id,
                   const ParaOffset *offset, const ParaObject *include, int most)
{
    const ParaValue *list = para_value(part, id);
    int count = list->present ? list->count : 0;
    if (all->count + count > most) {
        too_much(parts, include, PARA_CODE_ITEM_COUNT,
                 para_arena_printf(parts->loader->arena,
                                   "with those of the parts there are more than %d of the %s", most,
                                   para_field(id)->name));
        return;
    }
    while (all->count + count > all->capacity) {
        ParaObject *larger = PARA_NEW(parts->loader->arena, ParaObject, 2 * all->capacity + 16);
        if (all->count)
            memcpy(larger, all->objects, sizeof *larger * (size_t)all->count);
        all->objects = larger;
        all->capacity = 2 * all->capacity + 16;
    }
    for (int k = 0; k < count; k++) {
        all->objects[all->count] = list->objects[k];
        if (offset)
            all->objects[all->count].offset = offset;
        all->count++;
    }
}

static void gather_all(Parts *parts, const ParaObject *part, const ParaOffset *offset,
                       const ParaObject *include)
{
    bool whole = part->kind == PARA_KIND_TEMPLATE;
    gather(parts, &parts->bodies, part, whole ? PARA_FIELD_TEMPLATE_bodies : PARA_FIELD_PART_bodies, offset,
           include, PARA_BODIES_MAX);
    gather(parts, &parts->joints, part, whole ? PARA_FIELD_TEMPLATE_joints : PARA_FIELD_PART_joints, offset,
           include, PARA_JOINTS_MAX);
    gather(parts, &parts->zones, part, whole ? PARA_FIELD_TEMPLATE_zones : PARA_FIELD_PART_zones, offset,
           include, PARA_ZONES_MAX);
}

static void read_includes(Parts *parts, const ParaObject *holder, const cJSON *json, const ParaOffset *offset,
                          const Around *around);

static void read_include(Parts *parts, const ParaObject *include, const cJSON *json,
                         const ParaOffset *outer_offset, const Around *around)
{
    ParaLoader *loader = parts->loader;
    const ParaFrame *outer = loader->frame;
    const ParaValue *name = para_value(include, PARA_FIELD_INCLUDE_part),
                    *as = para_value(include, PARA_FIELD_INCLUDE_as);
    const char *path = NULL;
    const cJSON *part = name->present && as->present ? find_part(parts, include, name->text, &path) : NULL;
    if (!part || is_too_much(parts, include, part, around))
        return;
    const char *prefix = para_arena_printf(loader->arena, "%s%s-", outer ? outer->prefix : "", as->text);
    const ParaOffset *offset = offset_of(parts, include, outer_offset);
    ParaFrame frame = {.prefix = prefix, .first = loader->t->let_count, .end = -1};
    read_arguments(parts, include, json, part, path, &frame);
    loader->frame = &frame;
    para_decode_lets(loader, part, PARA_FIELD_PART_lets, para_arena_printf(loader->arena, "%s/let", path));
    frame.end = loader->t->let_count; // those of parts inside come behind, and are theirs
    ParaObject *object = PARA_NEW(loader->arena, ParaObject, 1);
    uint64_t key = para_seed_mix(para_decode_hash("include"), para_decode_hash(prefix));
    para_decode_object(loader, part, PARA_KIND_PART, path, key, object);
    gather_all(parts, object, offset, include);
    if (parts->wanted && strlen(prefix) == strlen(parts->wanted) + 1 &&
        strncmp(prefix, parts->wanted, strlen(parts->wanted)) == 0)
        parts->found = object;
    Around here = {.part = part->string, .outer = around, .depth = around ? around->depth + 1 : 0};
    read_includes(parts, object, part, offset, &here);
    loader->frame = outer;
}

static void read_includes(Parts *parts, const ParaObject *holder, const cJSON *json, const ParaOffset *offset,
                          const Around *around)
{
    const ParaValue *list = para_value(
        holder, holder->kind == PARA_KIND_TEMPLATE ? PARA_FIELD_TEMPLATE_include : PARA_FIELD_PART_include);
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, "include");
    item = list->present ? item->child : NULL;
    for (int k = 0; item && !parts->full; item = item->next, k++)
        if (cJSON_IsObject(item))
            read_include(parts, &list->objects[k], item, offset, around);
}

/// The player of the part that the template's player names; what the template says itself counts before it.
static void take_player(Parts *parts, ParaObject *player, const char *as)
{
    ParaLoader *loader = parts->loader;
    const ParaValue *own = parts->found ? para_value(parts->found, PARA_FIELD_PART_player) : NULL;
    if (!own || !own->given) {
        if (!parts->full)
            para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NO_PART, player->path, "part",
                         own ? "the part included as \"%s\" has no player" : "nothing is included as \"%s\"",
                         as);
        return;
    }
    int count;
    para_fields(PARA_KIND_PLAYER, &count);
    for (int f = 0; own->present && f < count; f++)
        if (!player->values[f].given)
            player->values[f] = own->objects->values[f];
}

static void set_list(ParaObject *root, ParaFieldId id, const Gathered *all)
{
    ParaValue *value = &root->values[id - para_fields_first(PARA_KIND_TEMPLATE)];
    value->present |= all->count > 0;
    value->given |= all->count > 0;
    value->count = all->count;
    value->objects = all->objects;
}

void para_decode_parts(ParaLoader *loader, const cJSON *json)
{
    ParaObject *root = &loader->t->root;
    const ParaValue *value = para_value(root, PARA_FIELD_TEMPLATE_player);
    ParaObject *player = value->present ? value->objects : NULL;
    const ParaValue *as = player ? para_value(player, PARA_FIELD_PLAYER_part) : NULL;
    Parts parts = {.loader = loader, .root = json, .wanted = as && as->present ? as->text : NULL};
    if (para_value(root, PARA_FIELD_TEMPLATE_include)->present) {
        gather_all(&parts, root, NULL, NULL);
        read_includes(&parts, root, json, NULL, NULL);
        set_list(root, PARA_FIELD_TEMPLATE_bodies, &parts.bodies);
        set_list(root, PARA_FIELD_TEMPLATE_joints, &parts.joints);
        set_list(root, PARA_FIELD_TEMPLATE_zones, &parts.zones);
    }
    if (parts.wanted)
        take_player(&parts, player, parts.wanted);
    if (player && !para_value(player, PARA_FIELD_PLAYER_body)->given &&
        !(as->given && parts.loader->list->error_count))
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_MISSING_FIELD, player->path, NULL,
                     "\"body\" is missing: %s", para_field(PARA_FIELD_PLAYER_body)->help);
}
