// SPDX-License-Identifier: MIT
// Reading numbers: plain, expressions, draws, and lists of them.
#include "worlds/format/decode.h"

#include "engine/base/assert.h"
#include "engine/base/rng.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/// Places the caret of an expression's problem inside its text, where the text has no escapes before it.
void para_decode_report(ParaLoader *loader, const ParaSpot *spot, const char *text)
{
    const ParaExprError *error = &loader->builder.error;
    if (error->unknown_name && loader->names_unsure)
        return; // it may be the name that could not be read, which has been told
    ParaCode code = error->unknown_name ? PARA_CODE_UNKNOWN_VALUE : PARA_CODE_EXPRESSION;
    if (text && *text)
        PARA_DECODE_PROBLEM(loader, spot, code, "%s (character %d of \"%.80s\")", error->text,
                            error->offset + 1, text);
    else
        PARA_DECODE_PROBLEM(loader, spot, code, "%s", error->text);
}

static bool check_range(ParaLoader *loader, const ParaSpot *spot, const ParaField *field, double value)
{
    if (!isfinite(value)) {
        PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_RANGE, "must be a finite number");
        return false;
    }
    if (field == para_field(PARA_FIELD_TEMPLATE_paracosm) && value != field->high) {
        PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_VERSION,
                            "this program knows version %.0f of the format; got %.9g", field->high, value);
        return false;
    }
    if (value < field->low || value > field->high) {
        PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_RANGE, "must be %.10g to %.10g%s%s; got %.9g", field->low,
                            field->high, *field->unit ? " " : "", field->unit, value);
        return false;
    }
    if ((field->flags & PARA_FLAG_WHOLE) && floor(value) != value) {
        PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_NOT_WHOLE, "must be a whole number; got %.9g", value);
        return false;
    }
    return true;
}

static bool add_json(ParaLoader *loader, const ParaSpot *spot, const cJSON *json);

// The function that draws like this object says, with its values in `out_values` and weights, if it has them.
static const ParaExprFunction *find_draw(const cJSON *json, const cJSON **out_values,
                                         const cJSON **out_weights)
{
    int count;
    const ParaExprFunction *functions = para_expr_functions(&count);
    *out_weights = cJSON_GetObjectItemCaseSensitive(json, PARA_DRAW_WEIGHTS);
    for (int f = 0; f < count; f++) {
        *out_values = cJSON_GetObjectItemCaseSensitive(json, functions[f].name);
        if (functions[f].draw && *out_values)
            return cJSON_GetArraySize(json) == 1 + (*out_weights != NULL) ? &functions[f] : NULL;
    }
    return NULL;
}

static bool unknown_draw(ParaLoader *loader, const ParaSpot *spot, const cJSON *json)
{
    const char *words[16], *close = NULL;
    int count, known = 0;
    const ParaExprFunction *functions = para_expr_functions(&count);
    for (int f = 0; f < count; f++)
        if (functions[f].draw && known < 16)
            words[known++] = functions[f].name;
    if (json->child)
        close = para_closest_word(json->child->string, words, known);
    PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_WRONG_TYPE,
                        "must be a number, an expression, or one of " PARA_DRAW_FORMS "%s%s%s",
                        close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
    return false;
}

/// A draw as an object, PARA_DRAW_FORMS.
static bool add_draw(ParaLoader *loader, const ParaSpot *spot, const cJSON *json)
{
    const cJSON *values, *weights;
    const ParaExprFunction *function = find_draw(json, &values, &weights);
    if (!function)
        return unknown_draw(loader, spot, json);
    if (!cJSON_IsArray(values) || (weights && !cJSON_IsArray(weights)))
        return para_decode_wrong_type(loader, spot, cJSON_IsArray(values) ? weights : values,
                                      "a list of the values to draw from");
    int count = cJSON_GetArraySize(values);
    if (function->draw == PARA_EXPR_DRAWS_WEIGHTED ? !weights || cJSON_GetArraySize(weights) != count
                                                   : weights != NULL) {
        PARA_DECODE_PROBLEM(
            loader, spot, PARA_CODE_ITEM_COUNT,
            "\"choice\" needs \"weights\", a list with one for each value (\"pick\" takes each "
            "value as often), and nothing else has them; got %d value%s and %d weight%s",
            count, count == 1 ? "" : "s", cJSON_GetArraySize(weights),
            cJSON_GetArraySize(weights) == 1 ? "" : "s");
        return false;
    }
    const cJSON *weight = weights ? weights->child : NULL;
    for (const cJSON *item = values->child; item; item = item->next) {
        if (!add_json(loader, spot, item) || (weight && !add_json(loader, spot, weight)))
            return false;
        weight = weight ? weight->next : NULL;
    }
    if (para_expr_add_call(&loader->builder, function->name, weights ? 2 * count : count))
        return true;
    para_decode_report(loader, spot, NULL);
    return false;
}

/// Adds a value to the program being built; reports what is wrong with it.
static bool add_json(ParaLoader *loader, const ParaSpot *spot, const cJSON *json)
{
    if (cJSON_IsNumber(json)) {
        if (!isfinite(json->valuedouble)) {
            PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_RANGE, "must be a finite number");
            return false;
        }
        if (para_expr_add_number(&loader->builder, json->valuedouble))
            return true;
        para_decode_report(loader, spot, NULL);
        return false;
    }
    if (cJSON_IsObject(json))
        return add_draw(loader, spot, json);
    if (!cJSON_IsString(json))
        return para_decode_wrong_type(loader, spot, json, "a number or an expression");
    if (para_expr_add_text(&loader->builder, json->valuestring))
        return true;
    para_decode_report(loader, spot, json->valuestring);
    return false;
}

/// The `let` names that a group knows: its own, those of groups around it, and what is around those.
static int find_visible(ParaLoader *loader, const ParaFrame *outermost)
{
    const ParaTemplate *t = loader->t;
    for (int l = 0; l < t->let_count; l++)
        loader->visible[l] = "";
    for (const ParaFrame *frame = loader->frame; frame; frame = frame->outer)
        for (int l = frame->first; l < (frame->end < 0 ? t->let_count : frame->end); l++)
            loader->visible[l] = t->let_names[l];
    for (int l = 0; !outermost && l < loader->own_lets; l++)
        loader->visible[l] = t->let_names[l];
    return t->let_count;
}

ParaExprScope para_decode_scope(ParaLoader *loader, const ParaField *field)
{
    const ParaTemplate *t = loader->t;
    const ParaFrame *frame = loader->frame, *part = frame;
    while (part && part->group)
        part = part->outer;
    ParaExprScope scope = {.below = loader->below_names,
                           .below_count = loader->below_count,
                           .copies = loader->copies || (field->flags & PARA_FLAG_COPIES),
                           .changes = (field->flags & PARA_FLAG_CHANGES) != 0,
                           .chance = true};
    if (!part) { // the template's own names; a part knows none of them
        scope.params = loader->param_names;
        scope.param_count = t->param_count;
        scope.variables = t->variable_names;
        scope.variable_count = t->variable_count;
    }
    if (!frame) {
        scope.lets = t->let_names;
        scope.let_count = loader->own_lets < 0 ? t->let_count : loader->own_lets;
    } else if (frame->group) {
        scope.let_count = find_visible(loader, part);
        scope.lets = loader->visible;
    } else {
        scope.lets = &t->let_names[frame->first];
        scope.let_count = (frame->end < 0 ? t->let_count : frame->end) - frame->first;
        scope.let_first = frame->first;
    }
    return scope;
}

_Static_assert(PARA_SPACE_BODY == (int)PARA_EXPR_BODY && PARA_SPACE_JOINT == (int)PARA_EXPR_JOINT &&
                   PARA_SPACE_ZONE == (int)PARA_EXPR_ZONE,
               "a question names things by the same spaces");

/// The things an expression asks about, by the names it gives them.
static bool decode_things(ParaLoader *loader, const ParaSpot *spot, const ParaField *field, ParaNumber *out)
{
    int row_count;
    const ParaExprSenseRow *rows = para_expr_senses(&row_count);
    ParaField fixed = *field; // which of them does not change in play
    bool good = true;
    fixed.flags &= ~PARA_FLAG_CHANGES;
    out->things = PARA_NEW(loader->arena, ParaRef, 2 * out->expr->sense_count);
    for (int s = 0; s < out->expr->sense_count; s++)
        for (int k = 0; k < 2; k++) {
            const ParaExprSense *sense = &out->expr->senses[s];
            if (sense->things[k].name)
                good &= para_decode_ref_text(loader, sense->things[k].name, &fixed, spot,
                                             rows[sense->kind].spaces[k], &out->things[2 * s + k]);
        }
    return good;
}

/// Finishes the program built: a constant is folded and checked, anything else kept with its path.
bool para_decode_end_number(ParaLoader *loader, const ParaSpot *spot, const ParaField *field, ParaNumber *out)
{
    const ParaExpr *expr = para_expr_end(&loader->builder, loader->arena);
    double value = 0;
    PARA_ASSERT(expr); // whatever failed was reported, and nobody came here
    if (expr->varies || expr->copies || expr->changes) {
        loader->t->varies |= expr->varies;
        uint64_t part = (uint64_t)(spot->index + 1);
        *out = (ParaNumber){.expr = expr,
                            .path = para_decode_path(loader, spot),
                            .stream = para_seed_mix(spot->stream, part)};
        return expr->sense_count == 0 || decode_things(loader, spot, field, out);
    }
    ParaExprInput input = {0};
    ParaExprStatus status = para_expr_run(expr, &input, &value);
    if (status != PARA_EXPR_FINE) {
        PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_NOT_FINITE, "%s", para_expr_status_words(status));
        return false;
    }
    *out = (ParaNumber){.constant = value};
    return check_range(loader, spot, field, value);
}

bool para_decode_number(ParaLoader *loader, const cJSON *json, const ParaField *field, const ParaSpot *spot,
                        ParaNumber *out)
{
    if (cJSON_IsNumber(json)) {
        *out = (ParaNumber){.constant = json->valuedouble};
        return check_range(loader, spot, field, json->valuedouble);
    }
    if (field->flags & PARA_FLAG_FIXED) {
        PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_NOT_CONSTANT, "must be a plain number; got %s",
                            para_decode_kind_of(json));
        return false;
    }
    ParaExprScope scope = para_decode_scope(loader, field);
    para_expr_begin(&loader->builder, &scope);
    return add_json(loader, spot, json) && para_decode_end_number(loader, spot, field, out);
}

bool para_decode_pair(ParaLoader *loader, const cJSON *json, const ParaField *field, ParaSpot spot,
                      ParaNumber *out)
{
    if (!cJSON_IsArray(json))
        return para_decode_wrong_type(loader, &spot, json, "a list of two numbers");
    if (cJSON_GetArraySize(json) != 2) {
        PARA_DECODE_PROBLEM(loader, &spot, PARA_CODE_ITEM_COUNT, "must be a list of two numbers; got %d",
                            cJSON_GetArraySize(json));
        return false;
    }
    bool good = true;
    int first = spot.index < 0 ? 0 : 2 * spot.index;
    for (int k = 0; k < 2; k++) {
        spot.index = first + k;
        good &= para_decode_number(loader, k ? json->child->next : json->child, field, &spot, &out[k]);
    }
    return good;
}

bool para_decode_place(ParaLoader *loader, const cJSON *json, const ParaField *field, ParaSpot spot,
                       ParaValue *out)
{
    ParaField own = para_field_with(field, loader->act);
    ParaActWants wants =
        loader->act ? para_act_value((ParaActKind)loader->act->choice).wants : PARA_WANTS_NOTHING;
    if (wants == PARA_WANTS_NOTHING)
        return false; // it was told that it is no act
    if (wants == PARA_WANTS_PLACE && cJSON_IsString(json)) {
        out->count = 1;
        out->refs = PARA_NEW(loader->arena, ParaRef, 1);
        return para_decode_ref(loader, json, field, &spot, field->of, out->refs);
    }
    if (wants == PARA_WANTS_PLACE && !cJSON_IsArray(json))
        return para_decode_wrong_type(loader, &spot, json, "[x, y], or the name of a body or zone");
    out->count = wants == PARA_WANTS_NUMBER ? 1 : 2;
    out->numbers = PARA_NEW(loader->arena, ParaNumber, 2);
    return out->count == 1 ? para_decode_number(loader, json, &own, &spot, out->numbers)
                           : para_decode_pair(loader, json, &own, spot, out->numbers);
}

/// A list of pairs. Paths of the numbers are /polygon/3/1, so each pair is read under its own key.
bool para_decode_points(ParaLoader *loader, const cJSON *json, const ParaField *field, ParaSpot spot,
                        ParaValue *out)
{
    int count = cJSON_IsArray(json) ? cJSON_GetArraySize(json) : -1;
    int low = field->type == PARA_TYPE_POINTS ? field->of : 2;
    int high = field->of == 3 ? PARA_POLYGON_POINTS_MAX : field->of == 2 ? 2 : PARA_POINTS_MAX;
    if (count < 0)
        return para_decode_wrong_type(loader, &spot, json, "a list of points such as [[0, 0], [1, 0]]");
    if (count < low || count > high) {
        if (low == high)
            PARA_DECODE_PROBLEM(loader, &spot, PARA_CODE_ITEM_COUNT, "must have %d points; got %d", low,
                                count);
        else
            PARA_DECODE_PROBLEM(loader, &spot, PARA_CODE_ITEM_COUNT, "must have %d to %d points; got %d", low,
                                high, count);
        return false;
    }
    out->count = count;
    out->numbers = PARA_NEW(loader->arena, ParaNumber, 2 * count);
    bool good = true;
    uint64_t stream = spot.stream;
    int k = 0;
    for (const cJSON *item = json->child; item; item = item->next, k++) {
        char key[64];
        snprintf(key, sizeof key, "%s/%d", field->name, k);
        ParaSpot point = {
            .path = spot.path, .key = key, .index = -1, .stream = para_seed_mix(stream, (uint64_t)k + 1000)};
        good &= para_decode_pair(loader, item, field, point, &out->numbers[2 * k]);
    }
    return good;
}
