// SPDX-License-Identifier: MIT
// Parts and groups: bodies, joints and zones that are put among the template's own. Each include is read
// anew, under its prefix, with its arguments as numbers that only its own expressions can name; a group knows
// what is around it. Either may be repeated: what is in it is told of the loop it is in, and copied by the
// sampler.
#include "worlds/format/decode.h"

#include "engine/base/assert.h"
#include "engine/base/diag.h"
#include "engine/base/rng.h"

#include <stdio.h>
#include <string.h>

#define NODES_MAX      20000 // JSON values of all parts together, each counted as often as it is included
#define NODE_BYTES_MAX 3000  // [byte] the largest object that one of them can become
#define DEPTH_MAX      8     // parts in parts
#define EVENTS_MOST    (8 * PARA_EVENTS_MAX) // of all parts; a member has fewer
#define ACTUATORS_MOST (8 * PARA_ACTUATORS_MAX)

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

/// A part whose player is one of the players.
typedef struct Wanted {
    const char *as; ///< its prefix
    Gathered found; ///< that part, or those of which one is there
} Wanted;

typedef struct Parts {
    ParaLoader *loader;
    const cJSON *root;
    int includes, nodes; ///< [1] >= 0 so far
    bool full;           ///< a limit was met and told
    Gathered bodies, joints, zones, actuators, events;
    bool several;     ///< the template has `players`, and parts that are repeated may have them
    int wanted_count; ///< [1] 0..PARA_PLAYERS_MAX
    Wanted wanted[PARA_PLAYERS_MAX];
    bool refused;  ///< of an include that cannot be read, or cannot be the player, it was told
    Gathered read; ///< all parts, each with the loop it is in; their keys are the hashes of their prefixes
} Parts;

// ---------------------------------------------------------------------------------------------
// Names.

/// The name of the part that a key of "included" brings: "worlds/parts/buggy.json" brings buggy,
/// "worlds/parts/terrain/hills.json" terrain/hills.
static const char *part_name(const char *key, ParaArena *arena)
{
    static const char library[] = "worlds/parts/";
    const char *name = strncmp(key, library, sizeof library - 1) == 0 ? key + sizeof library - 1 : key;
    const char *dot = strstr(name, ".json");
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

/// Adds the parts of a folder, sorted by name. @return how many there are then; -1: more than may be
static int add_folder(const cJSON *root, const char *folder, ParaArena *arena, const char **names, int count)
{
    static const char *const maps[] = {"parts", "included"};
    size_t length = strlen(folder);
    for (int m = 0, first = count; m < 2; m++) {
        const cJSON *map = cJSON_GetObjectItemCaseSensitive(root, maps[m]);
        for (const cJSON *part = cJSON_IsObject(map) ? map->child : NULL; part; part = part->next) {
            const char *name = m ? part_name(part->string, arena) : part->string;
            if (strncmp(name, folder, length) != 0 || !name[length])
                continue;
            int at = count;
            while (at > first && strcmp(names[at - 1], name) > 0)
                at--;
            if (at > first && strcmp(names[at - 1], name) == 0)
                continue;
            if (count == PARA_CHOICES_MAX)
                return -1;
            memmove(&names[at + 1], &names[at], sizeof *names * (size_t)(count - at));
            names[at] = name;
            count++;
        }
    }
    return count;
}

int para_part_choices(const cJSON *root, const cJSON *part, ParaArena *arena, const char **out_names)
{
    int count = 0;
    bool list = cJSON_IsArray(part);
    for (const cJSON *item = list ? part->child : part; item; item = list ? item->next : NULL) {
        const char *text = cJSON_IsString(item) ? item->valuestring : "";
        size_t length = strlen(text);
        if (length > 0 && text[length - 1] == '/')
            count = add_folder(root, text, arena, out_names, count);
        else if (count < PARA_CHOICES_MAX)
            out_names[count++] = para_arena_strdup(arena, text);
        else
            count = -1;
        if (count < 0)
            return -1;
    }
    return count;
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
    const char *key = include->kind == PARA_KIND_INCLUDE ? "part" : NULL;
    if (!parts->full)
        para_problem(parts->loader->list, PARA_DIAG_ERROR, code, include->path, key, "%s", what);
    parts->full = true;
    return true;
}

/// Is it of one of several parts? Those and what is in them are bounded by their loops and values.
static bool is_choice(const ParaLoop *loop)
{
    while (loop && loop->which < 0)
        loop = loop->outer;
    return loop != NULL;
}

/// Room for what is read of a part or group.
static bool is_too_large(Parts *parts, const ParaObject *include, const cJSON *json)
{
    ParaLoader *loader = parts->loader;
    if (!is_choice(loader->loop) && ++parts->includes > PARA_INCLUDES_MAX)
        return too_much(parts, include, PARA_CODE_PART_LIMIT,
                        "with those of the parts there are more than 64 includes and groups");
    int nodes = count_nodes(json);
    parts->nodes += nodes;
    if (parts->nodes > NODES_MAX)
        return too_much(
            parts, include, PARA_CODE_PART_LIMIT,
            "the parts and groups are too large: at most 20000 values, counted as often as they are "
            "included or stand in groups");
    if (para_arena_room(loader->arena) < (size_t)(NODE_BYTES_MAX * nodes) + (1u << 18))
        return too_much(parts, include, PARA_CODE_TOO_LARGE_MEMORY,
                        "the part may need more memory than there is room for");
    return false;
}

static bool is_too_much(Parts *parts, const ParaObject *include, const cJSON *part, const Around *around)
{
    for (const Around *outer = around; outer; outer = outer->outer)
        if (strcmp(outer->part, part->string) == 0)
            return too_much(parts, include, PARA_CODE_PART_CYCLE,
                            "this part includes itself, here or by way of others");
    if (around && around->depth >= DEPTH_MAX)
        return too_much(parts, include, PARA_CODE_PART_LIMIT, "parts in parts in parts: at most 8 deep");
    return is_too_large(parts, include, part);
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
    t->let_loops[t->let_count] = parts->loader->loop;
    t->let_names[t->let_count++] = name;
    return true;
}

/// Where the part goes, from where the part around it is.
static const ParaOffset *offset_of(Parts *parts, const ParaObject *include, ParaFieldId id,
                                   const ParaOffset *outer)
{
    const ParaValue *at = para_value(include, id);
    if (!at->present)
        return outer;
    ParaOffset *offset = PARA_NEW(parts->loader->arena, ParaOffset, 1);
    *offset = (ParaOffset){.let = parts->loader->t->let_count, .outer = outer};
    const ParaField *field = para_field(id);
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

/// @param one of several parts: it passes over what is meant for others
static void read_arguments(Parts *parts, const ParaObject *include, const cJSON *json, const cJSON *part,
                           const char *part_path, ParaFrame *frame, bool one)
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
    if (one)
        return;
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

static void grow(Parts *parts, Gathered *all, int count)
{
    while (all->count + count > all->capacity) {
        ParaObject *larger = PARA_NEW(parts->loader->arena, ParaObject, 2 * all->capacity + 16);
        if (all->count)
            memcpy(larger, all->objects, sizeof *larger * (size_t)all->count);
        all->objects = larger;
        all->capacity = 2 * all->capacity + 16;
    }
}

/// @return the object as it is kept
static ParaObject *add_object(Parts *parts, Gathered *all, const ParaObject *object, const ParaLoop *loop)
{
    grow(parts, all, 1);
    ParaObject *kept = &all->objects[all->count++];
    *kept = *object;
    kept->loop = loop;
    kept->lets = parts->loader->t->let_count;
    return kept;
}

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
    for (int k = 0; k < count; k++) {
        ParaObject *kept = add_object(parts, all, &list->objects[k], parts->loader->loop);
        if (offset)
            kept->offset = offset;
    }
}

/// Lists of a template, a part or a group: the rows of each.
typedef struct Lists {
    ParaFieldId bodies, joints, zones, include, groups;
} Lists;

static Lists lists_of(ParaObjectKind kind)
{
    if (kind == PARA_KIND_TEMPLATE)
        return (Lists){PARA_FIELD_TEMPLATE_bodies, PARA_FIELD_TEMPLATE_joints, PARA_FIELD_TEMPLATE_zones,
                       PARA_FIELD_TEMPLATE_include, PARA_FIELD_TEMPLATE_groups};
    if (kind == PARA_KIND_GROUP)
        return (Lists){PARA_FIELD_GROUP_bodies, PARA_FIELD_GROUP_joints, PARA_FIELD_GROUP_zones,
                       PARA_FIELD_GROUP_include, PARA_FIELD_GROUP_groups};
    return (Lists){PARA_FIELD_PART_bodies, PARA_FIELD_PART_joints, PARA_FIELD_PART_zones,
                   PARA_FIELD_PART_include, PARA_FIELD_PART_groups};
}

static void gather_all(Parts *parts, const ParaObject *part, const ParaOffset *offset,
                       const ParaObject *include)
{
    Lists lists = lists_of(part->kind);
    gather(parts, &parts->bodies, part, lists.bodies, offset, include, PARA_OBJECTS_MAX);
    gather(parts, &parts->joints, part, lists.joints, offset, include, PARA_OBJECTS_MAX);
    gather(parts, &parts->zones, part, lists.zones, offset, include, PARA_OBJECTS_MAX);
}

static void read_inner(Parts *parts, const ParaObject *holder, const cJSON *json, const char *path,
                       const ParaOffset *offset, const Around *around);

/// A loop inside the one that is read. @param repeat, condition its rows
static ParaLoop *add_loop(Parts *parts, const ParaObject *of, const char *prefix, ParaFieldId repeat_id,
                          ParaFieldId if_id)
{
    ParaLoader *loader = parts->loader;
    ParaTemplate *t = loader->t;
    PARA_ASSERT(t->loop_count < PARA_LOOPS_MAX); // who adds one looked
    ParaLoop *loop = PARA_NEW(loader->arena, ParaLoop, 1);
    *loop = (ParaLoop){.outer = loader->loop,
                       .path = of->path,
                       .prefix = prefix,
                       .number = t->loop_count,
                       .repeat_id = repeat_id,
                       .if_id = if_id,
                       .let = -1,
                       .which = -1,
                       .first = t->let_count,
                       .end = t->let_count};
    t->loops[t->loop_count++] = loop;
    return loop;
}

static void set_numbers(ParaLoop *loop, const ParaObject *of)
{
    const ParaValue *repeat = para_value(of, loop->repeat_id), *condition = para_value(of, loop->if_id);
    loop->repeat = repeat->present ? repeat->numbers : NULL;
    loop->condition = condition->present ? condition->numbers : NULL;
}

// ---------------------------------------------------------------------------------------------
// Includes.

/// Is it of several parts one, or one without a number of copies, in such alone?
static bool may_be_player(const ParaLoop *loop)
{
    for (; loop; loop = loop->outer)
        if (loop->repeat)
            return false;
    return true;
}

/// The part of that prefix ("car-"), if a player is of it.
static Wanted *find_wanted(Parts *parts, const char *prefix)
{
    for (int k = 0; k < parts->wanted_count; k++) {
        size_t length = strlen(parts->wanted[k].as);
        if (strlen(prefix) == length + 1 && strncmp(prefix, parts->wanted[k].as, length) == 0)
            return &parts->wanted[k];
    }
    return NULL;
}

static void find_player(Parts *parts, const ParaObject *include, const ParaObject *part, const char *prefix)
{
    Wanted *wanted = find_wanted(parts, prefix);
    if (!wanted)
        return;
    if (parts->several || may_be_player(parts->loader->loop)) {
        add_object(parts, &wanted->found, part, parts->loader->loop);
        return;
    }
    parts->refused = true;
    too_much(parts, include, PARA_CODE_NO_PART,
             para_arena_printf(parts->loader->arena,
                               "this part is repeated, and so cannot be the player; with \"players\": "
                               "[{\"part\": \"%.60s\"}] each copy of it is one",
                               wanted->as));
}

/// What is read of one part.
typedef struct Included {
    const ParaObject *include;
    const cJSON *json;        ///< of the include
    const char *name;         ///< of the part
    const char *prefix;       ///< "car-"
    const ParaOffset *offset; ///< where it is
    const Around *around;
    bool one;    ///< of several
    bool copies; ///< its arguments know i, n and copy
} Included;

/// @param outer what stands around it
static void read_part(Parts *parts, const Included *of, const ParaFrame *outer)
{
    ParaLoader *loader = parts->loader;
    const char *path = NULL;
    const cJSON *part = find_part(parts, of->include, of->name, &path);
    if (!part || is_too_much(parts, of->include, part, of->around))
        return;
    ParaFrame *frame = PARA_NEW(loader->arena, ParaFrame, 1);
    *frame = (ParaFrame){.prefix = of->prefix, .first = loader->t->let_count, .end = -1};
    loader->copies = of->copies;
    read_arguments(parts, of->include, of->json, part, path, frame, of->one);
    loader->copies = false;
    loader->frame = frame;
    para_decode_lets(loader, part, PARA_FIELD_PART_lets, para_arena_printf(loader->arena, "%s/let", path));
    frame->end = loader->t->let_count; // those of parts inside come behind, and are theirs
    ParaObject *object = PARA_NEW(loader->arena, ParaObject, 1);
    uint64_t key = para_seed_mix(para_decode_hash("include"), para_decode_hash(of->prefix));
    if (of->one)
        key = para_seed_mix(key, para_decode_hash(of->name));
    para_decode_object(loader, part, PARA_KIND_PART, path, key, object);
    gather_all(parts, object, of->offset, of->include);
    gather(parts, &parts->events, object, PARA_FIELD_PART_events, NULL, of->include, EVENTS_MOST);
    add_object(parts, &parts->read, object, loader->loop)->key = para_decode_hash(of->prefix);
    find_player(parts, of->include, object, of->prefix);
    Around here = {
        .part = part->string, .outer = of->around, .depth = of->around ? of->around->depth + 1 : 0};
    read_inner(parts, object, part, path, of->offset, &here);
    loader->frame = outer;
}

/// The number that says which of several parts is there, as a `let`: what the include says, or a draw.
/// @return that `let`; -1: there is no room
static int push_which(Parts *parts, const ParaObject *include, const char *prefix, int count)
{
    ParaLoader *loader = parts->loader;
    const ParaValue *which = para_value(include, PARA_FIELD_INCLUDE_which);
    ParaField *field = PARA_NEW(loader->arena, ParaField, 1);
    *field = *para_field(PARA_FIELD_INCLUDE_which);
    field->high = count - 1;
    ParaNumber number = {0};
    if (which->present) {
        number = *which->numbers;
        if (!number.expr && number.constant > field->high)
            para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_RANGE, include->path, "which",
                         "must be 0 to %d, as there are %d parts; got %.9g", count - 1, count,
                         number.constant);
    } else if (count > 1) {
        ParaSpot spot = {.path = include->path,
                         .key = "part",
                         .index = -1,
                         .stream = para_seed_mix(para_decode_hash(prefix), para_decode_hash("which"))};
        ParaExprScope scope = para_decode_scope(loader, field);
        para_expr_begin(&loader->builder, &scope);
        bool good = para_expr_add_number(&loader->builder, 0) &&
                    para_expr_add_number(&loader->builder, count - 1) &&
                    para_expr_add_call(&loader->builder, "int", 2) &&
                    para_decode_end_number(loader, &spot, field, &number);
        PARA_ASSERT(good); // a draw between two whole numbers
    }
    return push(parts, include, "", number, field) ? loader->t->let_count - 1 : -1;
}

/// An argument that none of the parts takes is a slip.
static void check_arguments(Parts *parts, const ParaObject *include, const cJSON *json,
                            const char *const *names, int count)
{
    ParaLoader *loader = parts->loader;
    const cJSON *with = cJSON_GetObjectItemCaseSensitive(json, "with");
    if (with && !cJSON_IsObject(with))
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NOT_OBJECT, include->path, "with",
                     "must be an object of the parts' parameters and their values; got %s",
                     para_decode_kind_of(with));
    for (const cJSON *item = cJSON_IsObject(with) ? with->child : NULL; item; item = item->next) {
        bool known = false;
        for (int k = 0; k < count && !known; k++) {
            const cJSON *part = para_part_find(parts->root, names[k], loader->arena, NULL);
            const cJSON *params = cJSON_GetObjectItemCaseSensitive(part, "params");
            known = cJSON_GetObjectItemCaseSensitive(params, item->string) != NULL;
        }
        if (!known)
            para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_PART_ARGUMENT,
                         para_arena_printf(loader->arena, "%s/with", include->path),
                         para_decode_escape(loader, item->string),
                         "none of these parts has a parameter \"%.60s\"", item->string)
                ->at_key = true;
    }
}

/// Several parts, of which a member has one: each is read in a loop of its own that is there where the number
/// of the loop around says so.
static void read_choices(Parts *parts, Included *of, const char *const *names, int count,
                         const ParaFrame *outer)
{
    ParaLoader *loader = parts->loader;
    const ParaLoop *around = loader->loop;
    int which = push_which(parts, of->include, of->prefix, count);
    for (int k = 0; k < count && which >= 0 && !parts->full; k++) {
        if (loader->t->loop_count == PARA_LOOPS_MAX) {
            too_much(parts, of->include, PARA_CODE_PART_LIMIT,
                     "of groups, parts that are repeated and parts to choose from there are more than 256");
            break;
        }
        ParaLoop *loop =
            add_loop(parts, of->include, of->prefix, PARA_FIELD_INCLUDE_repeat, PARA_FIELD_INCLUDE_if);
        loop->which = which;
        loop->choice = k;
        loop->part = names[k];
        loader->loop = loop;
        of->name = names[k];
        read_part(parts, of, outer);
        loop->end = loader->t->let_count;
        loader->loop = around;
    }
    check_arguments(parts, of->include, of->json, names, count);
}

/// The parts that an include takes one of. @return 0: there are none, which is told
static int find_choices(Parts *parts, const ParaObject *include, const cJSON *json, const char **names,
                        bool *out_several)
{
    ParaLoader *loader = parts->loader;
    const cJSON *part = cJSON_GetObjectItemCaseSensitive(json, "part");
    int count = para_part_choices(parts->root, part, loader->arena, names);
    *out_several = cJSON_IsArray(part) || strchr(part->valuestring, '/') == NULL
                       ? cJSON_IsArray(part)
                       : part->valuestring[strlen(part->valuestring) - 1] == '/';
    if (count == 0)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NO_PART, include->path, "part",
                     "there is no part in this folder");
    if (count < 0)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_PART_LIMIT, include->path, "part",
                     "there are more than %d parts to take one of", PARA_CHOICES_MAX);
    if (count > 0 && !*out_several && para_value(include, PARA_FIELD_INCLUDE_which)->given)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NOT_APPLICABLE, include->path, "which",
                     "goes with several parts only")
            ->at_key = true;
    return count > 0 ? count : 0;
}

static void read_include(Parts *parts, const ParaObject *include, const cJSON *json,
                         const ParaOffset *outer_offset, const Around *around)
{
    ParaLoader *loader = parts->loader;
    const ParaFrame *outer = loader->frame;
    const ParaLoop *outer_loop = loader->loop;
    const char *names[PARA_CHOICES_MAX];
    const ParaValue *as = para_value(include, PARA_FIELD_INCLUDE_as);
    bool several = false;
    parts->refused |= !para_value(include, PARA_FIELD_INCLUDE_part)->present || !as->present;
    if (!para_value(include, PARA_FIELD_INCLUDE_part)->present || !as->present)
        return;
    int count = find_choices(parts, include, json, names, &several);
    parts->refused |= count == 0;
    if (count == 0 || (!several && !find_part(parts, include, names[0], NULL)))
        return;
    const char *prefix = para_arena_printf(loader->arena, "%s%s-", outer ? outer->prefix : "", as->text);
    ParaLoop *loop = NULL;
    bool repeat = para_value(include, PARA_FIELD_INCLUDE_repeat)->present;
    if (repeat || several || para_value(include, PARA_FIELD_INCLUDE_if)->present) {
        if (loader->t->loop_count == PARA_LOOPS_MAX) {
            too_much(parts, include, PARA_CODE_PART_LIMIT,
                     "of groups, parts that are repeated and parts to choose from there are more than 256");
            return;
        }
        loop = add_loop(parts, include, prefix, PARA_FIELD_INCLUDE_repeat, PARA_FIELD_INCLUDE_if);
        set_numbers(loop, include);
        loader->loop = loop;
    }
    Included of = {.include = include,
                   .json = json,
                   .name = names[0],
                   .prefix = prefix,
                   .offset = offset_of(parts, include, PARA_FIELD_INCLUDE_at, outer_offset),
                   .around = around,
                   .one = several,
                   .copies = para_decode_counts(outer) || repeat};
    if (several)
        read_choices(parts, &of, names, count, outer);
    else
        read_part(parts, &of, outer);
    if (loop)
        loop->end = loader->t->let_count;
    loader->frame = outer;
    loader->loop = outer_loop;
}

// ---------------------------------------------------------------------------------------------
// Groups.

/// The name of a group as that of its index: expressions in it use it. @return "" where none can
static const char *index_name(ParaLoader *loader, const cJSON *as, const char *path)
{
    static const ParaField plain = {0};
    const char *name = cJSON_IsString(as) ? as->valuestring : "";
    ParaExprScope known = para_decode_scope(loader, &plain);
    bool taken = false;
    if (!*name || para_decode_name_length(name) != strlen(name))
        return ""; // which is told where the field is read
    for (int p = 0; p < known.param_count; p++)
        taken |= strcmp(known.params[p], name) == 0;
    for (int l = 0; l < known.let_count; l++)
        taken |= strcmp(known.lets[l], name) == 0;
    for (int v = 0; v < known.variable_count; v++)
        taken |= strcmp(known.variables[v], name) == 0;
    if (strchr(name, '-'))
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NAME, path, "as",
                     "\"%.60s\" is also the number of the copy in expressions: only letters, digits and _",
                     name);
    else if (para_expr_reserved(name))
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_RESERVED_NAME, path, "as",
                     "\"%.60s\" has a meaning of its own in expressions; take another name", name);
    else if (taken)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_DUPLICATE_NAME, path, "as",
                     "\"%.60s\", which is the number of the copy in expressions, is a number already", name);
    else
        return para_arena_strdup(loader->arena, name);
    return "";
}

/// A group's actuators are the player's, or those of its part.
static bool is_players(Parts *parts, const ParaFrame *frame)
{
    while (frame && frame->group)
        frame = frame->outer;
    return !frame || find_wanted(parts, frame->prefix) != NULL;
}

static void read_group(Parts *parts, const cJSON *json, const char *path, const ParaOffset *outer_offset,
                       const Around *around)
{
    ParaLoader *loader = parts->loader;
    const ParaFrame *outer = loader->frame;
    const ParaLoop *outer_loop = loader->loop;
    ParaObject *group = PARA_NEW(loader->arena, ParaObject, 1);
    *group = (ParaObject){.kind = PARA_KIND_GROUP, .path = path};
    if (is_too_large(parts, group, json))
        return;
    if (loader->t->loop_count == PARA_LOOPS_MAX) {
        too_much(parts, group, PARA_CODE_PART_LIMIT,
                 "of groups, parts that are repeated and parts to choose from there are more than 256");
        return;
    }
    const cJSON *as = cJSON_GetObjectItemCaseSensitive(json, "as");
    const char *index = index_name(loader, as, path);
    const char *prefix = para_arena_printf(loader->arena, "%s%.30s-", outer ? outer->prefix : "",
                                           cJSON_IsString(as) ? as->valuestring : "group");
    ParaLoop *loop = add_loop(parts, group, prefix, PARA_FIELD_GROUP_repeat, PARA_FIELD_GROUP_if);
    ParaFrame *frame = PARA_NEW(loader->arena, ParaFrame, 1);
    *frame = (ParaFrame){.prefix = prefix,
                         .first = loader->t->let_count,
                         .end = -1,
                         .group = true,
                         .counts = cJSON_GetObjectItemCaseSensitive(json, "repeat") != NULL,
                         .outer = outer};
    loader->frame = frame;
    loader->loop = loop;
    loop->let = loader->t->let_count;
    if (!push(parts, group, index, (ParaNumber){0}, NULL))
        return;
    loader->copies = para_decode_counts(frame);
    para_decode_lets(loader, json, PARA_FIELD_GROUP_lets, para_arena_printf(loader->arena, "%s/let", path));
    loader->copies = false;
    frame->end = loader->t->let_count;
    uint64_t key = para_seed_mix(para_decode_hash("group"), para_decode_hash(prefix));
    para_decode_object(loader, json, PARA_KIND_GROUP, path, key, group);
    set_numbers(loop, group);
    const ParaOffset *offset = offset_of(parts, group, PARA_FIELD_GROUP_at, outer_offset);
    gather_all(parts, group, offset, group);
    if (is_players(parts, frame))
        gather(parts, &parts->actuators, group, PARA_FIELD_GROUP_actuators, NULL, group, ACTUATORS_MOST);
    gather(parts, &parts->events, group, PARA_FIELD_GROUP_events, NULL, group, EVENTS_MOST);
    read_inner(parts, group, json, path, offset, around);
    loop->end = loader->t->let_count;
    loader->frame = outer;
    loader->loop = outer_loop;
}

/// The groups and includes of a template, a part or a group.
static void read_inner(Parts *parts, const ParaObject *holder, const cJSON *json, const char *path,
                       const ParaOffset *offset, const Around *around)
{
    Lists lists = lists_of(holder->kind);
    const ParaValue *include = para_value(holder, lists.include);
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, "include");
    item = include->present ? item->child : NULL;
    for (int k = 0; item && !parts->full; item = item->next, k++)
        if (cJSON_IsObject(item))
            read_include(parts, &include->objects[k], item, offset, around);
    item = cJSON_GetObjectItemCaseSensitive(json, "groups");
    item = para_value(holder, lists.groups)->present ? item->child : NULL;
    for (int k = 0; item && !parts->full; item = item->next, k++)
        read_group(parts, item, para_arena_printf(parts->loader->arena, "%s/groups/%d", path, k), offset,
                   around);
}

/// Adds the player of each part that a player of the template names; what the template says itself counts
/// before it. @param player the template's  @return how many; 0: none, which is told
static int take_players(Parts *parts, const ParaObject *player, const char *as, Gathered *all)
{
    ParaLoader *loader = parts->loader;
    const char *prefix = para_arena_printf(loader->arena, "%s-", as);
    const Gathered *found = &find_wanted(parts, prefix)->found;
    int rows, count = found->count;
    para_fields(PARA_KIND_PLAYER, &rows);
    for (int k = 0; k < count; k++) {
        const ParaObject *part = &found->objects[k];
        const ParaValue *own = para_value(part, PARA_FIELD_PART_player);
        ParaObject *taken = add_object(parts, all, player, part->loop);
        taken->values = PARA_NEW(loader->arena, ParaValue, rows);
        memcpy(taken->values, player->values, sizeof *player->values * (size_t)rows);
        if (!own->given && !parts->full)
            para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NO_PART, player->path, "part",
                         count > 1 ? "one of the parts included as \"%s\" has no player: %s"
                                   : "the part included as \"%s\" has no player",
                         as, part->path);
        for (int f = 0; own->present && f < rows; f++)
            if (!player->values[f].given)
                taken->values[f] = own->objects->values[f];
    }
    if (count == 0 && !parts->full && !parts->refused)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NO_PART, player->path, "part",
                     "nothing is included as \"%s\"", as);
    return count;
}

static void set_list(ParaObject *object, ParaFieldId id, const Gathered *all)
{
    ParaValue *value = &object->values[id - para_fields_first(object->kind)];
    value->present |= all->count > 0;
    value->given |= all->count > 0;
    value->count = all->count;
    value->objects = all->objects;
}

/// Those of groups and parts come after what is there.
static void add_list(Parts *parts, ParaObject *object, ParaFieldId id, const Gathered *more)
{
    Gathered all = {0};
    if (more->count == 0)
        return;
    const ParaValue *own = para_value(object, id);
    for (int k = 0; own->present && k < own->count; k++)
        add_object(parts, &all, &own->objects[k], own->objects[k].loop);
    for (int k = 0; k < more->count; k++)
        add_object(parts, &all, &more->objects[k], more->objects[k].loop);
    set_list(object, id, &all);
}

/// Actuators of groups go to the player, if both can be in a member; all of a part's are where the part is.
static void add_actuators(Parts *parts, ParaObject *player)
{
    Gathered own = {0}, more = {0};
    const ParaValue *list = para_value(player, PARA_FIELD_PLAYER_actuators);
    for (int k = 0; list->present && k < list->count; k++)
        add_object(parts, &own, &list->objects[k],
                   list->objects[k].loop ? list->objects[k].loop : player->loop);
    for (int k = 0; k < parts->actuators.count; k++)
        if (!para_loops_exclude(player->loop, parts->actuators.objects[k].loop))
            add_object(parts, &more, &parts->actuators.objects[k], parts->actuators.objects[k].loop);
    if (own.count > 0)
        set_list(player, PARA_FIELD_PLAYER_actuators, &own);
    add_list(parts, player, PARA_FIELD_PLAYER_actuators, &more);
}

static void read_player(Parts *parts, const ParaObject *player, Gathered *all)
{
    ParaLoader *loader = parts->loader;
    const ParaValue *as = para_value(player, PARA_FIELD_PLAYER_part);
    int first = all->count;
    if (!as->present || take_players(parts, player, as->text, all) == 0)
        add_object(parts, all, player, player->loop);
    for (int k = first; k < all->count; k++) {
        add_actuators(parts, &all->objects[k]);
        if (!para_value(&all->objects[k], PARA_FIELD_PLAYER_body)->given &&
            !(as->given && loader->list->error_count))
            para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_MISSING_FIELD, player->path, NULL,
                         "\"body\" is missing: %s", para_field(PARA_FIELD_PLAYER_body)->help);
    }
}

/// The one player of a template, or all of them.
static void read_players(Parts *parts, ParaObject *root, const ParaValue *players)
{
    ParaTemplate *t = parts->loader->t;
    Gathered all = {0};
    if (parts->several && parts->actuators.count > 0)
        para_problem(
            parts->loader->list, PARA_DIAG_ERROR, PARA_CODE_NOT_APPLICABLE, parts->actuators.objects[0].path,
            NULL,
            "with \"players\" a group has no actuators, as they might be anybody's: write them in a player, "
            "with \"repeat\"");
    for (int k = 0; k < (parts->several ? players->count : 1); k++)
        read_player(parts, &players->objects[k], &all);
    t->player_count = all.count;
    t->players = all.objects;
    if (parts->several)
        set_list(root, PARA_FIELD_TEMPLATE_players, &all);
    else
        *players->objects = all.objects[0]; // whoever looks for a player finds one
}

// ---------------------------------------------------------------------------------------------
// Goals, fails and rewards of parts.

/// @param found, some how many parts there are of that name, and whether any has what is wanted
static void tell_no_rules(Parts *parts, const ParaObject *object, const char *as, int found, bool some,
                          const char *what)
{
    if (parts->full || parts->loader->names_unsure)
        return;
    if (found == 0)
        para_problem(parts->loader->list, PARA_DIAG_ERROR, PARA_CODE_NO_PART, object->path, "part",
                     "nothing is included as \"%.60s\"", as);
    else
        para_problem(parts->loader->list, PARA_DIAG_ERROR, PARA_CODE_NO_PART, object->path, "part",
                     "of the parts included as \"%.60s\" %s has a %s", as, some ? "not each" : "none", what);
}

static void expand_rules(Parts *parts, ParaObject *predicate, const char *prefix, bool fail);

/// Puts the goals or fails of the parts in the place of a predicate that names them: any of them.
static void expand_part(Parts *parts, ParaObject *predicate, const char *prefix, bool fail)
{
    ParaLoader *loader = parts->loader;
    int rows, found = 0;
    const ParaField *fields = para_fields(PARA_KIND_PREDICATE, &rows);
    ParaValue *part = &predicate->values[PARA_FIELD_PREDICATE_part - para_fields_first(PARA_KIND_PREDICATE)];
    ParaValue *any = &predicate->values[PARA_FIELD_PREDICATE_any - para_fields_first(PARA_KIND_PREDICATE)];
    if (!part->present)
        return;
    const char *own = para_arena_printf(loader->arena, "%s%s-", prefix, part->text);
    Gathered all = {0};
    for (int k = 0; k < parts->read.count; k++) {
        const ParaObject *read = &parts->read.objects[k];
        if (read->key != para_decode_hash(own))
            continue;
        const ParaValue *rule = para_value(read, fail ? PARA_FIELD_PART_fail : PARA_FIELD_PART_goal);
        found++;
        if (!rule->given)
            continue;
        if (rule->present)
            expand_rules(parts, rule->objects, own, fail);
        if (rule->present)
            add_object(parts, &all, rule->objects, read->loop);
    }
    if (found == 0 || (!fail && all.count < found))
        tell_no_rules(parts, predicate, part->text, found, all.count > 0, "goal");
    *any = (ParaValue){.given = true, .present = true, .count = all.count, .objects = all.objects};
    *part = (ParaValue){0};
    predicate->head_id = PARA_FIELD_PREDICATE_any;
    predicate->head = &fields[PARA_FIELD_PREDICATE_any - para_fields_first(PARA_KIND_PREDICATE)];
}

/// Recursion ends: a text is nested 24 deep at most, and parts 8.
static void expand_rules(Parts *parts, ParaObject *predicate, const char *prefix, bool fail)
{
    if (!predicate->head)
        return;
    if (predicate->head_id == PARA_FIELD_PREDICATE_part) {
        expand_part(parts, predicate, prefix, fail);
        return;
    }
    const ParaValue *value = para_value(predicate, predicate->head_id);
    int count = predicate->head->type == PARA_TYPE_OBJECT ? 1
                : predicate->head->type == PARA_TYPE_LIST ? value->count
                                                          : 0;
    for (int k = 0; value->present && k < count; k++)
        expand_rules(parts, &value->objects[k], prefix, fail);
}

/// The rewards of a template or part with those of the parts that they name in their places.
static void expand_rewards(Parts *parts, const ParaValue *list, const char *prefix, const ParaLoop *loop,
                           Gathered *all)
{
    ParaLoader *loader = parts->loader;
    for (int k = 0; list->present && k < list->count; k++) {
        const ParaObject *reward = &list->objects[k];
        const ParaValue *part = reward->head && reward->head_id == PARA_FIELD_REWARD_part
                                    ? para_value(reward, PARA_FIELD_REWARD_part)
                                    : NULL;
        if (!part || !part->present) {
            add_object(parts, all, reward, loop);
            continue;
        }
        const char *own = para_arena_printf(loader->arena, "%s%s-", prefix, part->text);
        int found = 0;
        for (int r = 0; r < parts->read.count; r++) {
            const ParaObject *read = &parts->read.objects[r];
            if (read->key != para_decode_hash(own))
                continue;
            found++;
            expand_rewards(parts, para_value(read, PARA_FIELD_PART_rewards), own, read->loop, all);
        }
        if (found == 0)
            tell_no_rules(parts, reward, part->text, 0, false, "reward");
    }
}

static void read_rules(Parts *parts, ParaObject *root)
{
    const ParaValue *goal = para_value(root, PARA_FIELD_TEMPLATE_goal),
                    *fail = para_value(root, PARA_FIELD_TEMPLATE_fail),
                    *rewards = para_value(root, PARA_FIELD_TEMPLATE_rewards);
    Gathered all = {0};
    if (goal->present)
        expand_rules(parts, goal->objects, "", false);
    if (fail->present)
        expand_rules(parts, fail->objects, "", true);
    expand_rewards(parts, rewards, "", NULL, &all);
    if (all.count > 0 || rewards->present)
        set_list(root, PARA_FIELD_TEMPLATE_rewards, &all);
}

/// Those that a player has to itself.
static void read_own_rules(Parts *parts, ParaObject *player)
{
    const ParaValue *goal = para_value(player, PARA_FIELD_PLAYER_goal),
                    *fail = para_value(player, PARA_FIELD_PLAYER_fail),
                    *rewards = para_value(player, PARA_FIELD_PLAYER_rewards);
    Gathered all = {0};
    if (goal->present)
        expand_rules(parts, goal->objects, "", false);
    if (fail->present)
        expand_rules(parts, fail->objects, "", true);
    expand_rewards(parts, rewards, "", NULL, &all);
    if (all.count > 0)
        set_list(player, PARA_FIELD_PLAYER_rewards, &all);
}

/// The parts whose players are wanted.
static void want_players(Parts *parts, const ParaValue *players)
{
    for (int k = 0; k < (parts->several ? players->count : 1); k++) {
        const ParaValue *as = para_value(&players->objects[k], PARA_FIELD_PLAYER_part);
        if (!as->present)
            continue;
        if (find_wanted(parts, para_arena_printf(parts->loader->arena, "%s-", as->text)))
            para_problem(
                parts->loader->list, PARA_DIAG_ERROR, PARA_CODE_NO_PART, players->objects[k].path, "part",
                "the part included as \"%s\" has a player already; include it once more, under another "
                "name",
                as->text);
        else
            parts->wanted[parts->wanted_count++] = (Wanted){.as = as->text};
    }
}

void para_decode_parts(ParaLoader *loader, const cJSON *json)
{
    ParaObject *root = &loader->t->root;
    const ParaValue *one = para_value(root, PARA_FIELD_TEMPLATE_player),
                    *several = para_value(root, PARA_FIELD_TEMPLATE_players);
    bool list = several->present && several->count > 0 && several->count <= PARA_PLAYERS_MAX;
    Parts parts = {.loader = loader, .root = json, .several = list && !one->present};
    ParaValue players = one->present ? *one : list ? *several : (ParaValue){0};
    bool is = one->present || list;
    if (is)
        want_players(&parts, &players);
    if (para_value(root, PARA_FIELD_TEMPLATE_include)->present ||
        para_value(root, PARA_FIELD_TEMPLATE_groups)->present) {
        gather_all(&parts, root, NULL, NULL);
        read_inner(&parts, root, json, "", NULL, NULL);
        loader->frame = NULL;
        loader->loop = NULL;
        set_list(root, PARA_FIELD_TEMPLATE_bodies, &parts.bodies);
        set_list(root, PARA_FIELD_TEMPLATE_joints, &parts.joints);
        set_list(root, PARA_FIELD_TEMPLATE_zones, &parts.zones);
        add_list(&parts, root, PARA_FIELD_TEMPLATE_events, &parts.events);
    }
    read_rules(&parts, root);
    if (is)
        read_players(&parts, root, &players);
    for (int k = 0; parts.several && k < loader->t->player_count; k++)
        read_own_rules(&parts, (ParaObject *)&loader->t->players[k]);
}
