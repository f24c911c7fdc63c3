// SPDX-License-Identifier: MIT
// What two levels differ in, in words. Both are compared as they are saved, field by field of the table, so
// that whatever a level can say is compared; places, weights and gravity are told as people would.
#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "engine/world/geometry.h"
#include "worlds/format/data.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define WEIGHT_SEEN 0.0005 // [1] share of a weight below which nobody speaks of another

typedef struct Comparing {
    ParaArena *arena;
    const ParaLevel *a, *b;
    ParaDifferences *out;
} Comparing;

/// What is compared: its name for people, and its place.
typedef struct Thing {
    const char *label; ///< "crate2"
    const char *path;  ///< JSON Pointer, in the first level where it is there
} Thing;

// ---------------------------------------------------------------------------------------------
// Telling.

static char *print(Comparing *c, const cJSON *value)
{
    char *text = value ? para_json_print(value, false) : NULL,
         *own = para_arena_strdup(c->arena, text ? text : "");
    cJSON_free(text);
    return own;
}

__attribute__((format(printf, 6, 7))) static void tell(Comparing *c, const Thing *thing, const char *field,
                                                       const cJSON *before, const cJSON *after,
                                                       const char *format, ...)
{
    ParaDifferences *out = c->out;
    if (out->count == out->capacity) {
        int capacity = out->capacity ? 2 * out->capacity : 64;
        ParaDifference *items = PARA_NEW(c->arena, ParaDifference, capacity);
        if (out->count)
            memcpy(items, out->items, sizeof *items * (size_t)out->count);
        out->items = items;
        out->capacity = capacity;
    }
    char words[400];
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(words, sizeof words, format, arguments);
    va_end(arguments);
    out->items[out->count++] = (ParaDifference){
        .thing = thing->label,
        .path = field ? para_arena_printf(c->arena, "%s/%s", thing->path, field) : thing->path,
        .words = para_arena_strdup(c->arena, words),
        .before = print(c, before),
        .after = print(c, after)};
}

/// A value as people read it: "0.4", "[1, 2]", "on", "{"touch":["ball","flag"]}" cut where it is long.
static const char *value_words(Comparing *c, const cJSON *value, const ParaField *field)
{
    const char *unit = field && *field->unit ? field->unit : "", *space = *unit ? " " : "";
    if (cJSON_IsBool(value))
        return cJSON_IsTrue(value) ? "yes" : "no";
    if (cJSON_IsString(value))
        return para_arena_printf(c->arena, "%.60s", value->valuestring);
    char text[160];
    if (cJSON_IsNumber(value)) {
        para_text_format(text, sizeof text, "%.6g%s%s", value->valuedouble, space, unit);
        return para_arena_strdup(c->arena, text);
    }
    if (cJSON_IsArray(value) && cJSON_GetArraySize(value) == 2 && cJSON_IsNumber(value->child) &&
        cJSON_IsNumber(value->child->next)) {
        para_text_format(text, sizeof text, "[%.6g, %.6g]%s%s", value->child->valuedouble,
                         value->child->next->valuedouble, space, unit);
        return para_arena_strdup(c->arena, text);
    }
    const char *all = print(c, value);
    return strlen(all) > 90 ? para_arena_printf(c->arena, "%.87s...", all) : all;
}

/// The default of a row that lands in a bound struct, as JSON; NULL: it has none.
static cJSON *usual(const ParaField *field)
{
    ParaBound bound;
    float real[2];
    int32_t whole;
    if (field->store == PARA_STORE_NONE || field->store == PARA_STORE_CHANGING ||
        field->store == PARA_STORE_CHANGING2 || (field->flags & (PARA_FLAG_HEAD | PARA_FLAG_INHERITED)))
        return NULL;
    para_bound_default(field->kind, &bound);
    const char *place = (const char *)&bound + field->offset;
    switch (field->store) {
    case PARA_STORE_BOOL:
        return cJSON_CreateBool(*place);
    case PARA_STORE_F32:
        memcpy(real, place, sizeof real[0]);
        return cJSON_CreateNumber((double)real[0]);
    case PARA_STORE_VEC2: {
        memcpy(real, place, sizeof real);
        const double pair[2] = {(double)real[0], (double)real[1]};
        return cJSON_CreateDoubleArray(pair, 2);
    }
    default: {
        int count;
        memcpy(&whole, place, sizeof whole);
        return field->type == PARA_TYPE_WORD ? cJSON_CreateString(para_field_words(field->of, &count)[whole])
               : field->store == PARA_STORE_U32 ? cJSON_CreateNumber((uint32_t)whole)
                                                : cJSON_CreateNumber(whole);
    }
    }
}

// ---------------------------------------------------------------------------------------------
// Quantities that have words of their own.

/// "doubled", "halved", "20 % weaker", "7.5 times as much". @return false: no such word fits
static bool share_words(double before, double after, const char *more, const char *less, char *out,
                        size_t size)
{
    if (!(fabs(before) > 0) || !(after / before > 0))
        return false;
    double share = after / before;
    if (fabs(share - 2) < 1e-3)
        snprintf(out, size, "doubled");
    else if (fabs(share - 0.5) < 1e-3)
        snprintf(out, size, "halved");
    else if (share >= 2.5)
        para_text_format(out, size, "%.3g times as much", share);
    else if (fabs(share - 1) >= 0.1)
        para_text_format(out, size, "%.0f %% %s", 100 * fabs(share - 1), share > 1 ? more : less);
    else
        para_text_format(out, size, "%.2g %% %s", 100 * fabs(share - 1), share > 1 ? more : less);
    return true;
}

static bool is_pair(const cJSON *value)
{
    return cJSON_IsArray(value) && cJSON_GetArraySize(value) == 2 && cJSON_IsNumber(value->child) &&
           cJSON_IsNumber(value->child->next);
}

/// "0.30 m higher and 1.2 m to the right"
static void tell_move(Comparing *c, const Thing *thing, const char *field, const cJSON *before,
                      const cJSON *after)
{
    double x = after->child->valuedouble - before->child->valuedouble;
    double y = after->child->next->valuedouble - before->child->next->valuedouble;
    char up[64] = "", aside[64] = "";
    if (y != 0)
        para_text_format(up, sizeof up, "%.3g m %s", fabs(y), y > 0 ? "higher" : "lower");
    if (x != 0)
        para_text_format(aside, sizeof aside, "%.3g m to the %s", fabs(x), x > 0 ? "right" : "left");
    tell(c, thing, field, before, after, "%s%s%s", up, *up && *aside ? " and " : "", aside);
}

static void tell_gravity(Comparing *c, const Thing *thing, const char *field, const cJSON *before,
                         const cJSON *after)
{
    double x[2] = {before->child->valuedouble, after->child->valuedouble};
    double y[2] = {before->child->next->valuedouble, after->child->next->valuedouble};
    double cross = x[0] * y[1] - x[1] * y[0], size[2];
    char words[64];
    for (int k = 0; k < 2; k++)
        size[k] = para_sqrt(x[k] * x[k] + y[k] * y[k]);
    if (fabs(cross) <= 1e-9 * size[0] * size[1] && x[0] * x[1] + y[0] * y[1] > 0 &&
        share_words(size[0], size[1], "stronger", "weaker", words, sizeof words))
        tell(c, thing, field, before, after, "gravity %s: [%.6g, %.6g] m/s^2", words, x[1], y[1]);
    else
        tell(c, thing, field, before, after, "gravity [%.6g, %.6g] -> [%.6g, %.6g] m/s^2", x[0], y[0], x[1],
             y[1]);
}

static void tell_turn(Comparing *c, const Thing *thing, const char *field, const cJSON *before,
                      const cJSON *after)
{
    double turn = after->valuedouble - before->valuedouble;
    tell(c, thing, field, before, after, "turned %.3g rad %s", fabs(turn),
         turn > 0 ? "counter-clockwise" : "clockwise");
}

static double mass_of(const ParaLevel *level, int body)
{
    const ParaWorldDef *world = &level->world;
    int first = 0, end;
    while (first < world->shape_count && world->shapes[first].body < body)
        first++;
    for (end = first; end < world->shape_count && world->shapes[end].body == body;)
        end++;
    return world->bodies[body].kind == PARA_BODY_DYNAMIC ? para_body_mass(world, first, end).mass : 0;
}

static void tell_weight(Comparing *c, const Thing *thing, int a, int b)
{
    double before = mass_of(c->a, a), after = mass_of(c->b, b);
    char words[64];
    if (fabs(after - before) > WEIGHT_SEEN * before &&
        share_words(before, after, "heavier", "lighter", words, sizeof words))
        tell(c, thing, NULL, NULL, NULL, "%s%s: %.4g -> %.4g kg", strstr(words, "er") ? "" : "weight ", words,
             before, after);
}

// ---------------------------------------------------------------------------------------------
// Fields.

static void compare_objects(Comparing *c, ParaObjectKind kind, const Thing *thing, const cJSON *a,
                            const cJSON *b);
static void compare_lists(Comparing *c, const ParaField *field, const Thing *holder, const cJSON *a,
                          const cJSON *b);

/// Numbers that a list holds: of points only how many moved is told.
static bool tell_points(Comparing *c, const Thing *thing, const ParaField *field, const cJSON *a,
                        const cJSON *b)
{
    int count[2] = {cJSON_GetArraySize(a), cJSON_GetArraySize(b)}, moved = 0;
    double most = 0;
    if ((field->type != PARA_TYPE_CHAIN && field->type != PARA_TYPE_POINTS) || !cJSON_IsArray(a) ||
        !cJSON_IsArray(b))
        return false;
    if (count[0] != count[1]) {
        tell(c, thing, field->name, a, b, "%s of %d points, was of %d", field->name, count[1], count[0]);
        return true;
    }
    const cJSON *after = b->child;
    for (const cJSON *before = a->child; before && after; before = before->next, after = after->next) {
        if (!is_pair(before) || !is_pair(after))
            return false;
        double x = after->child->valuedouble - before->child->valuedouble;
        double y = after->child->next->valuedouble - before->child->next->valuedouble;
        double way = para_sqrt(x * x + y * y);
        moved += way > 0;
        most = way > most ? way : most;
    }
    tell(c, thing, field->name, a, b, "%d of the %d points of its %s moved, by up to %.3g m", moved, count[0],
         field->name, most);
    return true;
}

static void tell_field(Comparing *c, const Thing *thing, const ParaField *field, const cJSON *a,
                       const cJSON *b)
{
    cJSON *standard = a && b ? NULL : usual(field);
    const cJSON *before = a ? a : standard, *after = b ? b : standard;
    bool place = field == para_field(PARA_FIELD_BODY_at) || field == para_field(PARA_FIELD_ZONE_at);
    if (before && after && cJSON_Compare(before, after, true)) {
        cJSON_Delete(standard);
        return;
    }
    if (place && is_pair(before) && is_pair(after))
        tell_move(c, thing, field->name, before, after);
    else if (field == para_field(PARA_FIELD_WORLD_gravity) && is_pair(before) && is_pair(after))
        tell_gravity(c, thing, field->name, before, after);
    else if (field == para_field(PARA_FIELD_BODY_angle) && cJSON_IsNumber(before) && cJSON_IsNumber(after))
        tell_turn(c, thing, field->name, before, after);
    else if (!before || !after)
        tell(c, thing, field->name, before, after, before ? "no %s any more: was %s" : "new %s %s",
             field->name, value_words(c, before ? before : after, field));
    else if (!tell_points(c, thing, field, before, after))
        tell(c, thing, field->name, before, after, "%s %s -> %s", field->name, value_words(c, before, field),
             value_words(c, after, field));
    cJSON_Delete(standard);
}

static void compare_field(Comparing *c, const ParaField *field, const Thing *thing, const cJSON *a,
                          const cJSON *b)
{
    bool predicate = field->of == PARA_KIND_PREDICATE; // a tree is told whole: its parts have no names
    Thing inner = {thing->label, para_arena_printf(c->arena, "%s/%s", thing->path, field->name)};
    if (a && b && cJSON_Compare(a, b, true))
        return;
    if (field->type == PARA_TYPE_LIST && !predicate)
        compare_lists(c, field, thing, a, b);
    else if (field->type == PARA_TYPE_OBJECT && !predicate && a && b)
        compare_objects(c, (ParaObjectKind)field->of, &inner, a, b);
    else
        tell_field(c, thing, field, a, b);
}

static void compare_objects(Comparing *c, ParaObjectKind kind, const Thing *thing, const cJSON *a,
                            const cJSON *b)
{
    int count;
    const ParaField *fields = para_fields(kind, &count);
    for (int f = 0; f < count; f++) {
        const cJSON *before = cJSON_GetObjectItemCaseSensitive(a, fields[f].name);
        const cJSON *after = cJSON_GetObjectItemCaseSensitive(b, fields[f].name);
        bool twin =
            f > 0 && strcmp(fields[f - 1].name, fields[f].name) == 0; // the same word as the row before
        bool own = fields[f].kind == PARA_KIND_TEMPLATE &&
                   (fields[f].type == PARA_TYPE_PARAMS || fields[f].of == PARA_KIND_MADE_BY); // told apart
        for (int k = 0; k < f && !twin; k++)
            twin = strcmp(fields[k].name, fields[f].name) == 0;
        if ((before || after) && !twin && !own)
            compare_field(c, &fields[f], thing, before, after);
    }
}

// ---------------------------------------------------------------------------------------------
// Lists of things.

/// "hull and wheel1"
static const char *names_words(Comparing *c, const cJSON *value)
{
    const cJSON *first = value->child;
    bool two = cJSON_IsArray(value) && cJSON_IsString(first) && cJSON_IsString(first->next);
    return two ? para_arena_printf(c->arena, "of %s and %s", first->valuestring, first->next->valuestring)
               : value_words(c, value, NULL);
}

/// What people call an item of a list: its name, or what it says it is.
static const char *label_of(Comparing *c, const ParaField *field, const cJSON *item, int index)
{
    ParaObjectKind kind = (ParaObjectKind)field->of;
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(item, "name");
    const cJSON *channel = cJSON_GetObjectItemCaseSensitive(item, "channel");
    if (cJSON_IsString(name))
        return para_arena_strdup(c->arena, name->valuestring);
    if (kind == PARA_KIND_KEYS && cJSON_IsNumber(channel))
        return para_arena_printf(c->arena, "keys of channel %d", (int)channel->valuedouble);
    int count;
    const ParaField *fields = para_fields(kind, &count), *head = NULL;
    for (int f = 0; f < count; f++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, fields[f].name);
        // The name of a thing is told, not the number that another row of the same word has.
        if ((fields[f].flags & PARA_FLAG_HEAD) && value && (cJSON_IsString(value) || cJSON_IsArray(value)))
            head = &fields[f];
    }
    if (head && (kind == PARA_KIND_JOINT || kind == PARA_KIND_ACTUATOR))
        return para_arena_printf(c->arena, "%s %s", head->name,
                                 names_words(c, cJSON_GetObjectItemCaseSensitive(item, head->name)));
    return para_arena_printf(c->arena, "%s %d", para_kind_name(kind), index + 1);
}

/// A list with what its items are called.
typedef struct Labels {
    const cJSON **items; ///< [count]
    const char **labels; ///< [count]
    int *which;          ///< [1] >= 0 how many of the same label come before  [count]
    int count;
} Labels;

static Labels labels_of(Comparing *c, const ParaField *field, const cJSON *list)
{
    int count = list ? cJSON_GetArraySize(list) : 0, k = 0;
    Labels all = {PARA_NEW(c->arena, const cJSON *, count + 1), PARA_NEW(c->arena, const char *, count + 1),
                  PARA_NEW(c->arena, int, count + 1), count};
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next, k++) {
        all.items[k] = item;
        all.labels[k] = label_of(c, field, item, k);
        for (int m = 0; m < k; m++)
            all.which[k] += strcmp(all.labels[m], all.labels[k]) == 0;
    }
    return all;
}

/// Its partner in the other list: of the same label, and of several of one label the same of them. @return
/// -1: none
static int partner_of(const Labels *own, int index, const Labels *other)
{
    for (int k = 0; k < other->count; k++)
        if (other->which[k] == own->which[index] && strcmp(other->labels[k], own->labels[index]) == 0)
            return k;
    return -1;
}

static void tell_whole(Comparing *c, const ParaField *field, const Thing *holder, const cJSON *item,
                       int index, const char *label, bool gone)
{
    Thing thing = {*holder->label ? para_arena_printf(c->arena, "%s, %s", holder->label, label) : label,
                   para_arena_printf(c->arena, "%s/%s/%d", holder->path, field->name, index)};
    tell(c, &thing, NULL, gone ? item : NULL, gone ? NULL : item, gone ? "gone" : "new");
}

static void compare_lists(Comparing *c, const ParaField *field, const Thing *holder, const cJSON *a,
                          const cJSON *b)
{
    const Labels before = labels_of(c, field, a), after = labels_of(c, field, b);
    int last = -1;
    bool order = true;
    for (int k = 0; k < before.count; k++) {
        int partner = partner_of(&before, k, &after);
        const char *label = before.labels[k];
        if (partner < 0) {
            tell_whole(c, field, holder, before.items[k], k, label, true);
            continue;
        }
        order &= partner > last;
        last = partner;
        Thing thing = {*holder->label ? para_arena_printf(c->arena, "%s, %s", holder->label, label) : label,
                       para_arena_printf(c->arena, "%s/%s/%d", holder->path, field->name, k)};
        compare_objects(c, (ParaObjectKind)field->of, &thing, before.items[k], after.items[partner]);
        if (field == para_field(PARA_FIELD_TEMPLATE_bodies))
            tell_weight(c, &thing, k, partner);
    }
    for (int k = 0; k < after.count; k++)
        if (partner_of(&after, k, &before) < 0)
            tell_whole(c, field, holder, after.items[k], k, after.labels[k], false);
    if (!order)
        tell(c, holder, field->name, NULL, NULL, "the %s stand in another order", field->name);
}

static void compare_params(Comparing *c)
{
    for (int k = 0; k < c->a->param_count; k++) {
        const ParaParamValue *before = &c->a->params[k], *after = NULL;
        for (int m = 0; m < c->b->param_count && !after; m++)
            after = strcmp(before->name, c->b->params[m].name) == 0 ? &c->b->params[m] : NULL;
        Thing thing = {"parameter", para_arena_printf(c->arena, "/params/%s", before->name)};
        cJSON *old = cJSON_CreateNumber(before->value),
              *new = after ? cJSON_CreateNumber(after->value) : NULL;
        if (!after)
            tell(c, &thing, NULL, old, NULL, "%s gone", before->name);
        else if (before->value != after->value)
            tell(c, &thing, NULL, old, new, "%s %.6g -> %.6g", before->name, before->value, after->value);
        cJSON_Delete(old);
        cJSON_Delete(new);
    }
    for (int m = 0; m < c->b->param_count; m++) {
        bool known = false;
        for (int k = 0; k < c->a->param_count; k++)
            known |= strcmp(c->a->params[k].name, c->b->params[m].name) == 0;
        Thing thing = {"parameter", para_arena_printf(c->arena, "/params/%s", c->b->params[m].name)};
        cJSON *new = cJSON_CreateNumber(c->b->params[m].value);
        if (!known)
            tell(c, &thing, NULL, NULL, new, "%s new", c->b->params[m].name);
        cJSON_Delete(new);
    }
}

bool para_level_compare(const ParaLevel *a, const ParaLevel *b, ParaArena *arena, ParaDifferences *out)
{
    *out = (ParaDifferences){.same = a->hash == b->hash};
    Comparing c = {.arena = arena, .a = a, .b = b, .out = out};
    cJSON *before = para_json_parse(para_level_to_json(a, arena)),
          *after = para_json_parse(para_level_to_json(b, arena));
    bool good = before && after;
    const Thing level = {"", ""};
    compare_params(&c);
    if (good)
        compare_objects(&c, PARA_KIND_TEMPLATE, &level, before, after);
    cJSON_Delete(before);
    cJSON_Delete(after);
    return good;
}
