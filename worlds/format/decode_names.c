// SPDX-License-Identifier: MIT
// Reading parameters, `let` names and variables, which must be known before the rest is read.
#include "worlds/format/decode.h"

#include "engine/base/assert.h"
#include "engine/base/diag.h"
#include "engine/base/rng.h"

#include <stdio.h>
#include <string.h>

bool para_decode_value_name(ParaLoader *loader, const cJSON *item, const char *path, const char *const *taken,
                            int count, bool used)
{
    const char *key = para_decode_escape(loader, item->string);
    ParaDiag *problem = NULL;
    size_t length = strlen(item->string);
    if (length >= PARA_NAME_MAX || length == 0 || para_decode_name_length(item->string) != length ||
        strchr(item->string, '-'))
        problem = para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NAME, path, key,
                               "must be a name%s: a letter, then letters, digits and _; got \"%.60s\"",
                               used ? " for expressions" : "", item->string);
    else if (used && para_expr_reserved(item->string))
        problem =
            para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_RESERVED_NAME, path, key,
                         "\"%s\" has a meaning of its own in expressions; take another name", item->string);
    for (int k = 0; !problem && k < count; k++)
        if (strcmp(taken[k], item->string) == 0)
            problem = para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_DUPLICATE_NAME, path, key,
                                   "\"%s\" is taken already", item->string);
    if (!problem)
        return true;
    problem->at_key = true;
    int occurrence = 0;
    for (const cJSON *other = item->prev; other && other->next; other = other->prev)
        occurrence += strcmp(other->string, item->string) == 0;
    problem->occurrence = occurrence;
    loader->names_unsure = true;
    return false;
}

const cJSON *para_decode_open_map(ParaLoader *loader, const cJSON *json, ParaFieldId id, const char *path)
{
    const ParaField *field = para_field(id);
    const cJSON *map = cJSON_GetObjectItemCaseSensitive(json, field->name);
    if (!map)
        return NULL;
    if (!cJSON_IsObject(map)) {
        loader->names_unsure = true;
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NOT_OBJECT, path, NULL,
                     "must be an object of names; got %s", para_decode_kind_of(map));
        return NULL;
    }
    int count = cJSON_GetArraySize(map);
    if (count > (int)field->high) {
        loader->names_unsure = true;
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_ITEM_COUNT, path, NULL,
                     "must have at most %.0f names; got %d", field->high, count);
        return NULL;
    }
    return map->child;
}

/// A parameter that says which of several parts is there counts them. @return false: that it does is told
static bool decode_choice(ParaLoader *loader, const cJSON *root, const cJSON *item, const char *path,
                          const ParaObject *object, double *out_high)
{
    const char *names[PARA_CHOICES_MAX];
    const ParaValue *part = para_value(object, PARA_FIELD_PARAM_part);
    if (!part->present)
        return part->given;
    int count = para_part_choices(root, cJSON_GetObjectItemCaseSensitive(item, "part"), loader->arena, names);
    if (count <= 0)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NO_PART, path, "part", "%s",
                     count < 0 ? "there are more than 64 such parts" : "there is no such part in this text");
    *out_high = count > 0 ? count - 1 : 0;
    return true;
}

static void decode_param(ParaLoader *loader, const cJSON *root, const cJSON *item)
{
    ParaTemplate *t = loader->t;
    ParaObject object;
    const char *path =
        para_arena_printf(loader->arena, "/params/%s", para_decode_escape(loader, item->string));
    bool named = para_decode_value_name(loader, item, "/params", loader->param_names, t->param_count, true);
    bool good = para_decode_object(loader, item, PARA_KIND_PARAM, path, 0, &object);
    const ParaValue *range = para_value(&object, PARA_FIELD_PARAM_range);
    const ParaValue *whole = para_value(&object, PARA_FIELD_PARAM_int);
    const ParaValue *fixed = para_value(&object, PARA_FIELD_PARAM_value);
    const ParaValue *given = range->present ? range : whole;
    double last = 0;
    bool choice = decode_choice(loader, root, item, path, &object, &last);
    if (good && range->present + whole->present + choice != 1)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_PARAM_RANGE, path, NULL,
                     "needs either \"range\": [low, high] or \"int\": [low, high]");
    double low = given->present ? given->numbers[0].constant : 0;
    double high = given->present ? given->numbers[1].constant : last;
    if (low > high) {
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_PARAM_RANGE, path,
                     given == range ? "range" : "int", "the lowest value %.9g is above the highest %.9g", low,
                     high);
        high = low;
    }
    if (!named)
        return;
    // Even a parameter with a wrong range is known by name, so that its uses are not reported too.
    PARA_ASSERT(t->param_count < PARA_PARAMS_MAX); // open_map looked: the table has the same number
    ParaParam *param = &t->params[t->param_count];
    snprintf(param->name, sizeof param->name, "%s", item->string);
    const ParaValue *unit = para_value(&object, PARA_FIELD_PARAM_unit);
    const ParaValue *about = para_value(&object, PARA_FIELD_PARAM_about);
    snprintf(param->unit, sizeof param->unit, "%s", unit->present ? unit->text : "");
    snprintf(param->about, sizeof param->about, "%s", about->present ? about->text : "");
    param->integer = whole->present || choice;
    param->low = fixed->present ? fixed->numbers[0].constant : low;
    param->high = fixed->present ? fixed->numbers[0].constant : high;
    t->param_low[t->param_count] = low;
    t->param_high[t->param_count] = high;
    t->varies |= param->low < param->high;
    loader->param_names[t->param_count++] = param->name;
}

static ParaDiag *tier_problem(ParaLoader *loader, const char *path, const char *key, const char *message)
{
    return para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_TIER, path, para_decode_escape(loader, key),
                        "%s", message);
}

/// The parameter of a tier's range. @return -1, with the problem told
static int tier_param(ParaLoader *loader, const cJSON *item, const char *path)
{
    const ParaTemplate *t = loader->t;
    for (int p = 0; p < t->param_count; p++)
        if (strcmp(loader->param_names[p], item->string) == 0)
            return p;
    const char *close = para_closest_word(item->string, loader->param_names, t->param_count);
    if (!loader->names_unsure)
        tier_problem(loader, path, item->string,
                     para_arena_printf(loader->arena, "there is no parameter \"%.60s\"%s%s%s", item->string,
                                       close ? "; did you mean \"" : "", close ? close : "",
                                       close ? "\"?" : ""))
            ->at_key = true;
    return -1;
}

static void decode_tier_range(ParaLoader *loader, const cJSON *item, const char *path, ParaTier *tier)
{
    static const ParaField any = {.unit = "", .low = -1e6, .high = 1e6, .flags = PARA_FLAG_FIXED};
    const ParaTemplate *t = loader->t;
    int p = tier_param(loader, item, path);
    ParaSpot spot = {.path = path, .key = para_decode_escape(loader, item->string), .index = -1};
    ParaField field = any;
    field.flags |= p >= 0 && t->params[p].integer ? PARA_FLAG_WHOLE : 0;
    ParaNumber pair[2];
    if (!para_decode_pair(loader, item, &field, spot, pair) || p < 0)
        return;
    double low = pair[0].constant, high = pair[1].constant;
    for (const cJSON *other = item->prev; other && other->next; other = other->prev)
        if (strcmp(other->string, item->string) == 0) {
            tier_problem(loader, path, item->string, "this parameter has a range in the tier already")
                ->at_key = true;
            return;
        }
    if (low > high)
        tier_problem(
            loader, path, item->string,
            para_arena_printf(loader->arena, "the lowest value %.9g is above the highest %.9g", low, high));
    else if (low < t->param_low[p] || high > t->param_high[p])
        tier_problem(loader, path, item->string,
                     para_arena_printf(loader->arena,
                                       "%.9g to %.9g is not inside the parameter's range, %.9g to %.9g", low,
                                       high, t->param_low[p], t->param_high[p]));
    else
        tier->low[p] = low, tier->high[p] = high;
}

static void decode_tier(ParaLoader *loader, const cJSON *item)
{
    ParaTemplate *t = loader->t;
    const char *names[PARA_TIERS_MAX];
    for (int k = 0; k < t->tier_count; k++)
        names[k] = t->tiers[k].name;
    const char *path =
        para_arena_printf(loader->arena, "/tiers/%s", para_decode_escape(loader, item->string));
    bool unsure = loader->names_unsure; // a tier's name is none that an expression could use
    bool named = para_decode_value_name(loader, item, "/tiers", names, t->tier_count, false);
    loader->names_unsure = unsure;
    if (!cJSON_IsObject(item)) {
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NOT_OBJECT, path, NULL,
                     "must be an object of parameters and their ranges in this tier; got %s",
                     para_decode_kind_of(item));
        return;
    }
    ParaTier tier = {.name = ""};
    snprintf(tier.name, sizeof tier.name, "%.*s", (int)sizeof tier.name - 1, item->string);
    memcpy(tier.low, t->param_low, sizeof tier.low);
    memcpy(tier.high, t->param_high, sizeof tier.high);
    for (const cJSON *range = item->child; range; range = range->next)
        decode_tier_range(loader, range, path, &tier);
    if (!named)
        return;
    PARA_ASSERT(t->tier_count < PARA_TIERS_MAX); // open_map looked: the table has the same number
    t->tiers[t->tier_count++] = tier;
}

/// The `let`s that are no names yet when this one is read: itself and those below.
static void find_below(ParaLoader *loader, const cJSON *item)
{
    loader->below_count = 0;
    for (const cJSON *later = item; later; later = later->next)
        loader->below_names[loader->below_count++] = later->string; // open_map counted
}

static void decode_let(ParaLoader *loader, const cJSON *item, const char *path)
{
    static const ParaField any = {.unit = "", .low = -1e12, .high = 1e12};
    ParaTemplate *t = loader->t;
    const char *key = para_decode_escape(loader, item->string);
    static const ParaField plain = {0};
    ParaExprScope known = para_decode_scope(loader, &plain);
    bool named = para_decode_value_name(loader, item, path, known.lets, known.let_count, true);
    for (int p = 0; named && p < known.param_count; p++) {
        if (strcmp(known.params[p], item->string) == 0) {
            para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_DUPLICATE_NAME, path, key,
                         "\"%s\" is a parameter already", item->string)
                ->at_key = true;
            named = false;
        }
    }
    find_below(loader, item);
    uint64_t stream = para_decode_hash(item->string);
    if (loader->frame)
        stream = para_seed_mix(para_decode_hash(loader->frame->prefix), stream);
    ParaSpot spot = {.path = path, .key = key, .index = -1, .stream = stream};
    ParaNumber number = {0};
    if (!para_decode_number(loader, item, &any, &spot, &number))
        number = (ParaNumber){.constant = 1};
    if (!named || t->let_count == PARA_VALUES_MAX) // of the parts; who includes them is told
        return;
    t->lets[t->let_count] = number;
    t->let_loops[t->let_count] = loader->loop;
    t->let_names[t->let_count++] = para_arena_strdup(loader->arena, item->string);
}

void para_decode_lets(ParaLoader *loader, const cJSON *json, ParaFieldId id, const char *path)
{
    for (const cJSON *item = para_decode_open_map(loader, json, id, path); item; item = item->next)
        decode_let(loader, item, path);
    loader->below_count = 0;
}

/// Is the name that of a parameter or `let`?
static bool is_taken(const ParaTemplate *t, const char *name, const char **out_what)
{
    *out_what = "parameter";
    for (int p = 0; p < t->param_count; p++)
        if (strcmp(t->params[p].name, name) == 0)
            return true;
    *out_what = "`let`";
    for (int l = 0; l < t->let_count; l++)
        if (strcmp(t->let_names[l], name) == 0)
            return true;
    return false;
}

static void decode_variable(ParaLoader *loader, const cJSON *item)
{
    static const ParaField any = {.unit = "", .low = -PARA_VARIABLE_MOST, .high = PARA_VARIABLE_MOST};
    ParaTemplate *t = loader->t;
    const char *key = para_decode_escape(loader, item->string), *what = NULL;
    bool named =
        para_decode_value_name(loader, item, "/variables", t->variable_names, t->variable_count, true);
    if (named && is_taken(t, item->string, &what)) {
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_DUPLICATE_NAME, "/variables", key,
                     "\"%s\" is a %s already", item->string, what)
            ->at_key = true;
        named = false;
        loader->names_unsure = true;
    }
    ParaSpot spot = {.path = "/variables", .key = key, .index = -1, .stream = para_decode_hash(item->string)};
    ParaNumber number = {0};
    if (!para_decode_number(loader, item, &any, &spot, &number))
        number = (ParaNumber){.constant = 0};
    if (!named)
        return;
    PARA_ASSERT(t->variable_count < PARA_VARIABLES_MAX); // open_map looked
    t->variables[t->variable_count] = number;
    t->variable_names[t->variable_count++] = para_arena_strdup(loader->arena, item->string);
}

void para_template_decode(ParaTemplate *t, const cJSON *json, ParaArena *arena, ParaDiagList *diagnostics)
{
    ParaLoader *loader = PARA_NEW(arena, ParaLoader, 1);
    loader->t = t;
    loader->arena = arena;
    loader->list = diagnostics;
    for (const cJSON *item = para_decode_open_map(loader, json, PARA_FIELD_TEMPLATE_params, "/params"); item;
         item = item->next)
        decode_param(loader, json, item);
    for (const cJSON *item = para_decode_open_map(loader, json, PARA_FIELD_TEMPLATE_tiers, "/tiers"); item;
         item = item->next)
        decode_tier(loader, item);
    loader->own_lets = -1;
    para_decode_lets(loader, json, PARA_FIELD_TEMPLATE_lets, "/let");
    loader->own_lets = t->own_let_count = t->let_count;
    for (const cJSON *item = para_decode_open_map(loader, json, PARA_FIELD_TEMPLATE_variables, "/variables");
         item; item = item->next)
        decode_variable(loader, item);
    para_decode_object(loader, json, PARA_KIND_TEMPLATE, "", 0, &t->root);
    t->varies |= para_value(&t->root, PARA_FIELD_TEMPLATE_generate)->present;
    para_decode_parts(loader, json);
}
