// SPDX-License-Identifier: MIT
// The second pass of loading: every field by its row in the table. Collects all problems and goes on.
#include "engine/base/hash.h"
#include "engine/base/rng.h"
#include "worlds/data.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct Loader {
    ParaTemplate *t;
    ParaArena *arena;
    ParaDiagList *list;
    const char *param_names[PARA_PARAMS_MAX];
    bool copies; ///< inside a repeat or a chain rule
    ParaExprBuilder builder;
} Loader;

/// Where a value stands, for messages and streams of chance.
typedef struct Spot {
    const char *path; ///< of the object it is in
    const char *key;  ///< its field
    int index;        ///< in the field's list, -1: the field itself
    uint64_t stream;  ///< of the field
} Spot;

static uint64_t text_hash(const char *text) { return para_hash(text, strlen(text), 0); }

/// A JSON Pointer token of a key that may hold anything.
static const char *escape_key(Loader *loader, const char *key)
{
    char out[160];
    size_t size = 0;
    for (; *key && size < sizeof out - 3; key++) {
        if (*key == '~' || *key == '/') {
            out[size++] = '~';
            out[size++] = *key == '~' ? '0' : '1';
        } else {
            out[size++] = *key;
        }
    }
    out[size] = '\0';
    return para_arena_strdup(loader->arena, out);
}

static const char *spot_path(Loader *loader, const Spot *spot)
{
    if (spot->index < 0)
        return para_arena_printf(loader->arena, "%s/%s", spot->path, spot->key);
    return para_arena_printf(loader->arena, "%s/%s/%d", spot->path, spot->key, spot->index);
}

#define PROBLEM(loader, spot, code, ...)                                                                     \
    para_problem((loader)->list, PARA_DIAG_ERROR, code, spot_path(loader, spot), NULL, __VA_ARGS__)

static const char *json_kind(const cJSON *json)
{
    if (cJSON_IsNumber(json))
        return "a number";
    if (cJSON_IsString(json))
        return "a text";
    if (cJSON_IsArray(json))
        return "a list";
    if (cJSON_IsObject(json))
        return "an object";
    return cJSON_IsBool(json) ? (cJSON_IsTrue(json) ? "true" : "false") : "null";
}

static bool wrong_type(Loader *loader, const Spot *spot, const cJSON *json, const char *wanted)
{
    PROBLEM(loader, spot, PARA_CODE_WRONG_TYPE, "must be %s; got %s", wanted, json_kind(json));
    return false;
}

// ---------------------------------------------------------------------------------------------
// Numbers.

/// Places the caret of an expression's problem inside its text, where the text has no escapes before it.
static void report_expression(Loader *loader, const Spot *spot, const char *text)
{
    const ParaExprError *error = &loader->builder.error;
    ParaCode code = error->unknown_name ? PARA_CODE_UNKNOWN_VALUE : PARA_CODE_EXPRESSION;
    if (text && *text)
        PROBLEM(loader, spot, code, "%s (character %d of \"%.80s\")", error->text, error->offset + 1, text);
    else
        PROBLEM(loader, spot, code, "%s", error->text);
}

static bool check_range(Loader *loader, const Spot *spot, const ParaField *field, double value)
{
    if (!isfinite(value)) {
        PROBLEM(loader, spot, PARA_CODE_RANGE, "must be a finite number");
        return false;
    }
    if (field == para_field(PARA_FIELD_TEMPLATE_paracosm) && value != field->high) {
        PROBLEM(loader, spot, PARA_CODE_VERSION, "this program knows version %.0f of the format; got %.9g",
                field->high, value);
        return false;
    }
    if (value < field->low || value > field->high) {
        PROBLEM(loader, spot, PARA_CODE_RANGE, "must be %.10g to %.10g%s%s; got %.9g", field->low,
                field->high, *field->unit ? " " : "", field->unit, value);
        return false;
    }
    if ((field->flags & PARA_FLAG_WHOLE) && floor(value) != value) {
        PROBLEM(loader, spot, PARA_CODE_NOT_WHOLE, "must be a whole number; got %.9g", value);
        return false;
    }
    return true;
}

static bool add_json(Loader *loader, const Spot *spot, const cJSON *json);

/// {"uniform": [a, b]}, {"int": [a, b]} or {"pick": [a, b, ...]}.
static bool add_draw(Loader *loader, const Spot *spot, const cJSON *json)
{
    const cJSON *draw = json->child;
    bool known = draw && !draw->next &&
                 (strcmp(draw->string, "uniform") == 0 || strcmp(draw->string, "int") == 0 ||
                  strcmp(draw->string, "pick") == 0);
    if (!known) {
        PROBLEM(
            loader, spot, PARA_CODE_WRONG_TYPE,
            "must be a number, an expression, or one of {\"uniform\": [a, b]}, {\"int\": [a, b]}, {\"pick\": "
            "[a, b, ...]}");
        return false;
    }
    if (!cJSON_IsArray(draw))
        return wrong_type(loader, spot, draw, "a list of the values to draw from");
    int count = 0;
    for (const cJSON *item = draw->child; item; item = item->next, count++)
        if (!add_json(loader, spot, item))
            return false;
    if (para_expr_add_call(&loader->builder, draw->string, count))
        return true;
    report_expression(loader, spot, NULL);
    return false;
}

/// Adds a value to the program being built; reports what is wrong with it.
static bool add_json(Loader *loader, const Spot *spot, const cJSON *json)
{
    if (cJSON_IsNumber(json)) {
        if (!isfinite(json->valuedouble)) {
            PROBLEM(loader, spot, PARA_CODE_RANGE, "must be a finite number");
            return false;
        }
        if (para_expr_add_number(&loader->builder, json->valuedouble))
            return true;
        report_expression(loader, spot, NULL);
        return false;
    }
    if (cJSON_IsObject(json))
        return add_draw(loader, spot, json);
    if (!cJSON_IsString(json))
        return wrong_type(loader, spot, json, "a number or an expression");
    if (para_expr_add_text(&loader->builder, json->valuestring))
        return true;
    report_expression(loader, spot, json->valuestring);
    return false;
}

static ParaExprScope scope_now(const Loader *loader, const ParaField *field)
{
    return (ParaExprScope){.params = loader->param_names,
                           .param_count = loader->t->param_count,
                           .lets = loader->t->let_names,
                           .let_count = loader->t->let_count,
                           .copies = loader->copies || (field->flags & PARA_FLAG_COPIES),
                           .chance = true};
}

/// Finishes the program built: a constant is folded and checked, anything else kept with its path.
static bool end_number(Loader *loader, const Spot *spot, const ParaField *field, ParaNumber *out)
{
    const ParaExpr *expr = para_expr_end(&loader->builder, loader->arena);
    double value = 0;
    if (expr->varies || expr->copies) {
        loader->t->varies |= expr->varies;
        uint64_t part = (uint64_t)(spot->index + 1);
        *out = (ParaNumber){
            .expr = expr, .path = spot_path(loader, spot), .stream = para_seed_mix(spot->stream, part)};
        return true;
    }
    ParaExprInput input = {0};
    ParaExprStatus status = para_expr_run(expr, &input, &value);
    if (status != PARA_EXPR_FINE) {
        PROBLEM(loader, spot, PARA_CODE_NOT_FINITE, "%s",
                status == PARA_EXPR_DIVISION ? "divides by zero" : "has no finite value");
        return false;
    }
    *out = (ParaNumber){.constant = value};
    return check_range(loader, spot, field, value);
}

static bool decode_number(Loader *loader, const cJSON *json, const ParaField *field, const Spot *spot,
                          ParaNumber *out)
{
    if (cJSON_IsNumber(json)) {
        *out = (ParaNumber){.constant = json->valuedouble};
        return check_range(loader, spot, field, json->valuedouble);
    }
    if (field->flags & PARA_FLAG_FIXED) {
        PROBLEM(loader, spot, PARA_CODE_NOT_CONSTANT, "must be a plain number; got %s", json_kind(json));
        return false;
    }
    ParaExprScope scope = scope_now(loader, field);
    para_expr_begin(&loader->builder, &scope);
    return add_json(loader, spot, json) && end_number(loader, spot, field, out);
}

static bool decode_pair(Loader *loader, const cJSON *json, const ParaField *field, Spot spot, ParaNumber *out)
{
    if (!cJSON_IsArray(json))
        return wrong_type(loader, &spot, json, "a list of two numbers");
    if (cJSON_GetArraySize(json) != 2) {
        PROBLEM(loader, &spot, PARA_CODE_ITEM_COUNT, "must be a list of two numbers; got %d",
                cJSON_GetArraySize(json));
        return false;
    }
    bool good = true;
    int first = spot.index < 0 ? 0 : 2 * spot.index;
    for (int k = 0; k < 2; k++) {
        spot.index = first + k;
        good &= decode_number(loader, k ? json->child->next : json->child, field, &spot, &out[k]);
    }
    return good;
}

/// A list of pairs. Paths of the numbers are /polygon/3/1, so each pair is read under its own key.
static bool decode_points(Loader *loader, const cJSON *json, const ParaField *field, Spot spot,
                          ParaValue *out)
{
    int count = cJSON_IsArray(json) ? cJSON_GetArraySize(json) : -1;
    int low = field->type == PARA_TYPE_POINTS ? field->of : 2;
    int high = field->of == 3 ? PARA_POLYGON_POINTS_MAX : field->of == 2 ? 2 : PARA_POINTS_MAX;
    if (count < 0)
        return wrong_type(loader, &spot, json, "a list of points such as [[0, 0], [1, 0]]");
    if (count < low || count > high) {
        if (low == high)
            PROBLEM(loader, &spot, PARA_CODE_ITEM_COUNT, "must have %d points; got %d", low, count);
        else
            PROBLEM(loader, &spot, PARA_CODE_ITEM_COUNT, "must have %d to %d points; got %d", low, high,
                    count);
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
        Spot point = {
            .path = spot.path, .key = key, .index = -1, .stream = para_seed_mix(stream, (uint64_t)k + 1000)};
        good &= decode_pair(loader, item, field, point, &out->numbers[2 * k]);
    }
    return good;
}

// ---------------------------------------------------------------------------------------------
// Texts and references.

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Length of the name at the start of `text`: a letter, then letters, digits, - and _.
static size_t name_length(const char *text)
{
    size_t length = 0;
    if (!is_letter(text[0]))
        return 0;
    while (is_letter(text[length]) || is_digit(text[length]) || text[length] == '-' || text[length] == '_')
        length++;
    return length;
}

static bool decode_text(Loader *loader, const cJSON *json, const ParaField *field, const Spot *spot,
                        const char **out)
{
    if (!cJSON_IsString(json))
        return wrong_type(loader, spot, json, "a text");
    const char *text = json->valuestring;
    if (strlen(text) >= (size_t)field->high) {
        PROBLEM(loader, spot, PARA_CODE_TEXT_SIZE, "must be shorter than %.0f bytes; got %zu", field->high,
                strlen(text));
        return false;
    }
    for (const char *at = text; *at; at++) {
        if ((unsigned char)*at < 32 || *at == 127) {
            PROBLEM(loader, spot, PARA_CODE_TEXT_BYTES, "must not hold control characters");
            return false;
        }
    }
    if (field->type == PARA_TYPE_NAME && (!*text || name_length(text) != strlen(text))) {
        PROBLEM(loader, spot, PARA_CODE_NAME,
                "must be a name: a letter, then letters, digits, - and _; got \"%.60s\"", text);
        return false;
    }
    *out = para_arena_strdup(loader->arena, text);
    return true;
}

static bool decode_hex(Loader *loader, const cJSON *json, const Spot *spot, uint64_t *out)
{
    if (!cJSON_IsString(json))
        return wrong_type(loader, spot, json, "a text of hexadecimal digits");
    size_t length = strlen(json->valuestring);
    if (length < 1 || length > 16 || strspn(json->valuestring, "0123456789abcdefABCDEF") != length) {
        PROBLEM(loader, spot, PARA_CODE_HEX, "must be 1 to 16 hexadecimal digits; got \"%.40s\"",
                json->valuestring);
        return false;
    }
    *out = 0;
    for (const char *at = json->valuestring; *at; at++) {
        unsigned digit = (unsigned)(is_digit(*at) ? *at - '0' : (*at | 32) - 'a' + 10);
        *out = *out << 4 | digit;
    }
    return true;
}

static bool decode_word(Loader *loader, const cJSON *json, const Spot *spot, int *out)
{
    if (!cJSON_IsString(json))
        return wrong_type(loader, spot, json, "a text");
    int count;
    const char *const *words = para_role_words(&count);
    for (int w = 0; w < count; w++) {
        if (strcmp(words[w], json->valuestring) == 0) {
            *out = w;
            return true;
        }
    }
    const char *close = para_closest_word(json->valuestring, words, count);
    PROBLEM(loader, spot, PARA_CODE_WORD, "must be one of none, target, cargo, hazard; got \"%.40s\"%s%s%s",
            json->valuestring, close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
    return false;
}

static bool bad_reference(Loader *loader, const Spot *spot, const char *text)
{
    PROBLEM(loader, spot, PARA_CODE_REFERENCE_TEXT,
            "must be a name, a counted name such as \"link{i+1}\", or a run such as \"coin1..coin7\"; got "
            "\"%.60s\"",
            text);
    return false;
}

/// "link{i+1}": the expression between the braces.
static bool decode_index(Loader *loader, const ParaField *field, const Spot *spot, const char *text,
                         size_t prefix, ParaRef *out)
{
    size_t length = strlen(text);
    if (text[length - 1] != '}' || length - prefix < 3 || length - prefix - 2 > PARA_EXPR_TEXT_MAX)
        return bad_reference(loader, spot, text);
    char inside[PARA_EXPR_TEXT_MAX + 1];
    memcpy(inside, text + prefix + 1, length - prefix - 2);
    inside[length - prefix - 2] = '\0';
    out->prefix = para_arena_printf(loader->arena, "%.*s", (int)prefix, text);
    ParaExprScope scope = scope_now(loader, field);
    para_expr_begin(&loader->builder, &scope);
    if (!para_expr_add_text(&loader->builder, inside)) {
        report_expression(loader, spot, inside);
        return false;
    }
    static const ParaField any = {.unit = "", .low = -1e9, .high = 1e9};
    return end_number(loader, spot, &any, &out->index);
}

static bool decode_ref(Loader *loader, const cJSON *json, const ParaField *field, const Spot *spot,
                       int spaces, ParaRef *out)
{
    if (!cJSON_IsString(json))
        return wrong_type(loader, spot, json, "a name");
    const char *text = json->valuestring;
    size_t prefix = name_length(text);
    *out = (ParaRef){.text = para_arena_strdup(loader->arena, text),
                     .path = spot_path(loader, spot),
                     .spaces = spaces,
                     .object = -1};
    if (prefix == 0 || strlen(text) > 600)
        return bad_reference(loader, spot, text);
    if (text[prefix] == '{')
        return decode_index(loader, field, spot, text, prefix, out);
    if (strncmp(text + prefix, "..", 2) == 0) {
        const char *last = text + prefix + 2;
        if (!*last || name_length(last) != strlen(last))
            return bad_reference(loader, spot, text);
        out->text = para_arena_printf(loader->arena, "%.*s", (int)prefix, text);
        out->last = para_arena_strdup(loader->arena, last);
        return true;
    }
    return text[prefix] == '\0' || bad_reference(loader, spot, text);
}

/// REFS and REFS_NUMBER.
static bool decode_refs(Loader *loader, const cJSON *json, const ParaField *field, Spot spot, ParaValue *out)
{
    bool number = field->type == PARA_TYPE_REFS_NUMBER;
    int count = cJSON_IsArray(json) ? cJSON_GetArraySize(json) : -1;
    int low = field->of ? field->of + number : 1;
    int high = field->of ? low : strcmp(field->name, "touch") == 0 ? 2 : PARA_BODIES_MAX;
    if (count < low || count > high) {
        if (count < 0)
            return wrong_type(loader, &spot, json,
                              number ? "a list of names and a number" : "a list of names");
        if (low == high)
            PROBLEM(loader, &spot, PARA_CODE_ITEM_COUNT, "must have %d items; got %d", low, count);
        else
            PROBLEM(loader, &spot, PARA_CODE_ITEM_COUNT, "must have %d to %d items; got %d", low, high,
                    count);
        return false;
    }
    out->count = count - number;
    out->refs = PARA_NEW(loader->arena, ParaRef, out->count);
    out->numbers = number ? PARA_NEW(loader->arena, ParaNumber, 1) : NULL;
    bool good = true;
    for (const cJSON *item = json->child; item; item = item->next) {
        spot.index++;
        // The table has the spaces of a list of names where a number has its range.
        int spaces = number ? (spot.index ? PARA_SPACE_BODY_ZONE : PARA_SPACE_BODY)
                            : (int)(spot.index ? field->high : field->low);
        if (spot.index < out->count)
            good &= decode_ref(loader, item, field, &spot, spaces, &out->refs[spot.index]);
        else
            good &= decode_number(loader, item, field, &spot, out->numbers);
    }
    return good;
}

// ---------------------------------------------------------------------------------------------
// Objects.

static bool decode_object(Loader *loader, const cJSON *json, ParaObjectKind kind, const char *path,
                          uint64_t key, ParaObject *out);

static bool decode_list(Loader *loader, const cJSON *json, const ParaField *field, const Spot *spot,
                        ParaValue *out)
{
    if (!cJSON_IsArray(json))
        return wrong_type(loader, spot, json, "a list");
    int count = cJSON_GetArraySize(json);
    if (count > (int)field->high) {
        PROBLEM(loader, spot, PARA_CODE_ITEM_COUNT, "must have at most %.0f items; got %d", field->high,
                count);
        return false;
    }
    out->count = count;
    out->objects = PARA_NEW(loader->arena, ParaObject, count + 1);
    int k = 0;
    for (const cJSON *item = json->child; item; item = item->next, k++) {
        const char *path = para_arena_printf(loader->arena, "%s/%s/%d", spot->path, field->name, k);
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(item, "name");
        // Streams go by name where there is one, so that another body does not reshuffle this one's draws.
        uint64_t own = cJSON_IsString(name) ? text_hash(name->valuestring) : (uint64_t)k;
        decode_object(loader, item, (ParaObjectKind)field->of, path, para_seed_mix(spot->stream, own),
                      &out->objects[k]);
    }
    return true; // items that failed are there with the values that could be read
}

static bool decode_one(Loader *loader, const cJSON *json, const ParaField *field, const Spot *spot,
                       ParaValue *out)
{
    out->objects = PARA_NEW(loader->arena, ParaObject, 1);
    const char *path = para_arena_printf(loader->arena, "%s/%s", spot->path, field->name);
    return decode_object(loader, json, (ParaObjectKind)field->of, path, spot->stream, out->objects);
}

static bool decode_value(Loader *loader, const cJSON *json, const ParaField *field, Spot spot, ParaValue *out)
{
    bool copies = loader->copies;
    // How many copies there are cannot depend on which copy it is.
    if (strcmp(field->name, "repeat") == 0)
        loader->copies = false;
    bool good = false;
    switch (field->type) {
    case PARA_TYPE_NUMBER:
        out->numbers = PARA_NEW(loader->arena, ParaNumber, 1);
        good = decode_number(loader, json, field, &spot, out->numbers);
        break;
    case PARA_TYPE_PAIR:
        out->numbers = PARA_NEW(loader->arena, ParaNumber, 2);
        good = decode_pair(loader, json, field, spot, out->numbers);
        break;
    case PARA_TYPE_BOOL:
        out->truth = cJSON_IsTrue(json);
        good = cJSON_IsBool(json) ? true : wrong_type(loader, &spot, json, "true or false");
        break;
    case PARA_TYPE_TEXT:
    case PARA_TYPE_NAME:
        good = decode_text(loader, json, field, &spot, &out->text);
        break;
    case PARA_TYPE_HEX:
        good = decode_hex(loader, json, &spot, &out->hex);
        break;
    case PARA_TYPE_WORD:
        good = decode_word(loader, json, &spot, &out->word);
        break;
    case PARA_TYPE_REF:
        out->count = 1;
        out->refs = PARA_NEW(loader->arena, ParaRef, 1);
        good = decode_ref(loader, json, field, &spot, field->of, out->refs);
        break;
    case PARA_TYPE_REFS:
    case PARA_TYPE_REFS_NUMBER:
        good = decode_refs(loader, json, field, spot, out);
        break;
    case PARA_TYPE_POINTS:
        good = decode_points(loader, json, field, spot, out);
        break;
    case PARA_TYPE_CHAIN:
        good = cJSON_IsObject(json) ? decode_one(loader, json, field, &spot, out)
                                    : decode_points(loader, json, field, spot, out);
        break;
    case PARA_TYPE_OBJECT:
        good = decode_one(loader, json, field, &spot, out);
        break;
    case PARA_TYPE_LIST:
        good = decode_list(loader, json, field, &spot, out);
        break;
    case PARA_TYPE_PARAMS:
    case PARA_TYPE_LETS:
        good = true;
        break; // read before everything else
    }
    loader->copies = copies;
    return good;
}

/// The row of a key. Where a key is both a head and a plain field (torque), it is the head only if the
/// object has no other head.
static int find_row(const ParaField *fields, int count, const char *key, const ParaField *head)
{
    int found = -1;
    for (int f = 0; f < count; f++) {
        if (strcmp(fields[f].name, key) != 0)
            continue;
        bool is_head = (fields[f].flags & PARA_FLAG_HEAD) != 0;
        if (!is_head || found < 0 || &fields[f] == head)
            found = f;
        if (&fields[f] == head)
            return f;
    }
    return found;
}

static bool is_ambiguous(const ParaField *fields, int count, const char *key)
{
    int rows = 0;
    for (int f = 0; f < count; f++)
        rows += strcmp(fields[f].name, key) == 0;
    return rows > 1;
}

/// Finds the row that says what the object is; reports none or two of them.
static const ParaField *find_head(Loader *loader, const cJSON *json, const ParaField *fields, int count,
                                  const char *path)
{
    const ParaField *head = NULL, *second = NULL, *maybe = NULL;
    char names[256] = "";
    bool any = false;
    for (int f = 0; f < count; f++) {
        if (!(fields[f].flags & PARA_FLAG_HEAD))
            continue;
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", any ? ", " : "", fields[f].name);
        any = true;
        if (!cJSON_GetObjectItemCaseSensitive(json, fields[f].name))
            continue;
        if (is_ambiguous(fields, count, fields[f].name))
            maybe = &fields[f];
        else if (!head)
            head = &fields[f];
        else
            second = &fields[f];
    }
    if (!any)
        return NULL;
    if (!head)
        head = maybe;
    if (!head)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NO_HEAD, path, NULL, "needs one of %s", names);
    else if (second)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_TWO_HEADS, path, second->name,
                     "only one of %s may be given, and \"%s\" is", names, head->name)
            ->at_key = true;
    return head;
}

static void unknown_field(Loader *loader, const cJSON *item, ParaObjectKind kind, const char *path)
{
    const char *words[64];
    int count;
    const ParaField *fields = para_fields(kind, &count);
    for (int f = 0; f < count; f++)
        words[f] = fields[f].name;
    const char *close = para_closest_word(item->string, words, count);
    const char *key = escape_key(loader, item->string);
    ParaDiag *problem =
        close ? para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_UNKNOWN_FIELD, path, key,
                             "unknown field \"%.60s\"; did you mean \"%s\"?", item->string, close)
              : para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_UNKNOWN_FIELD, path, key,
                             "unknown field \"%.60s\"; a %s has no such thing", item->string,
                             para_kind_name(kind));
    problem->at_key = true;
}

static void not_applicable(Loader *loader, const ParaObject *object, const ParaField *field)
{
    char heads[128] = "";
    size_t used = 0;
    for (const char *at = field->heads; *at && used < sizeof heads - 8; at++) {
        if (*at == ' ')
            used += (size_t)snprintf(heads + used, sizeof heads - used, ", ");
        else
            heads[used++] = *at;
    }
    heads[used] = '\0';
    para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NOT_APPLICABLE, object->path, field->name,
                 "does not apply to \"%s\"; it goes with %s", object->head->name, heads)
        ->at_key = true;
}

static void duplicate_field(Loader *loader, const cJSON *json, const cJSON *item, const char *path)
{
    int occurrence = 0;
    if (loader->list->count < loader->list->limit)
        for (const cJSON *other = json->child; other != item; other = other->next)
            occurrence += strcmp(other->string, item->string) == 0;
    const char *key = escape_key(loader, item->string);
    ParaDiag *problem = para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_DUPLICATE_FIELD, path, key,
                                     "\"%.60s\" is given twice", item->string);
    problem->at_key = true;
    problem->occurrence = occurrence;
}

/// `seen` rather than present: a value that is there but wrong must not be reported as missing too.
static void check_required(Loader *loader, const ParaObject *object, const bool *seen,
                           const ParaField *fields, int count)
{
    const char *head = object->head ? object->head->name : NULL;
    for (int f = 0; f < count; f++) {
        const ParaField *field = &fields[f];
        if (seen[f] || !(field->flags & PARA_FLAG_REQUIRED) ||
            (field->heads && (!head || !para_field_goes_with(field, head))))
            continue;
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_MISSING_FIELD, object->path, NULL,
                     "\"%s\" is missing: %s", field->name, field->help);
    }
}

static bool decode_object(Loader *loader, const cJSON *json, ParaObjectKind kind, const char *path,
                          uint64_t key, ParaObject *out)
{
    int count;
    const ParaField *fields = para_fields(kind, &count);
    *out = (ParaObject){.kind = kind, .path = path, .values = PARA_NEW(loader->arena, ParaValue, count)};
    if (!cJSON_IsObject(json)) {
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NOT_OBJECT, path, NULL,
                     "must be an object; got %s", json_kind(json));
        return false;
    }
    bool copies = loader->copies;
    if (kind == PARA_KIND_BODY || kind == PARA_KIND_JOINT || kind == PARA_KIND_ZONE)
        loader->copies = cJSON_GetObjectItemCaseSensitive(json, "repeat") != NULL;
    out->head = find_head(loader, json, fields, count, path);
    if (out->head)
        out->head_id = (ParaFieldId)(para_fields_first(kind) + (out->head - fields));
    bool good = true;
    bool *seen = PARA_NEW(loader->arena, bool, count);
    for (const cJSON *item = json->child; item; item = item->next) {
        int f = find_row(fields, count, item->string, out->head);
        if (f < 0) {
            unknown_field(loader, item, kind, path);
            continue;
        }
        if (seen[f]) {
            duplicate_field(loader, json, item, path);
            continue;
        }
        seen[f] = true;
        if (out->head && !para_field_goes_with(&fields[f], out->head->name)) {
            not_applicable(loader, out, &fields[f]);
            continue;
        }
        Spot spot = {.path = path,
                     .key = fields[f].name,
                     .index = -1,
                     .stream = para_seed_mix(key, text_hash(fields[f].name))};
        out->values[f].present = decode_value(loader, item, &fields[f], spot, &out->values[f]);
        good &= out->values[f].present;
        if (!out->values[f].present)
            out->values[f] = (ParaValue){0};
        out->values[f].given = true;
    }
    check_required(loader, out, seen, fields, count);
    loader->copies = copies;
    return good;
}

// ---------------------------------------------------------------------------------------------
// Names of numbers, which must be known before the rest is read.

static bool value_name(Loader *loader, const cJSON *item, const char *path, const char *const *taken,
                       int count)
{
    const char *key = escape_key(loader, item->string);
    ParaDiag *problem = NULL;
    size_t length = strlen(item->string);
    if (length >= PARA_NAME_MAX || length == 0 || name_length(item->string) != length ||
        strchr(item->string, '-'))
        problem = para_problem(
            loader->list, PARA_DIAG_ERROR, PARA_CODE_NAME, path, key,
            "must be a name for expressions: a letter, then letters, digits and _; got \"%.60s\"",
            item->string);
    else if (para_expr_reserved(item->string))
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
    return false;
}

static const cJSON *open_map(Loader *loader, const cJSON *json, ParaFieldId id, const char *path)
{
    const ParaField *field = para_field(id);
    const cJSON *map = cJSON_GetObjectItemCaseSensitive(json, field->name);
    if (!map)
        return NULL;
    if (!cJSON_IsObject(map)) {
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NOT_OBJECT, path, NULL,
                     "must be an object of names; got %s", json_kind(map));
        return NULL;
    }
    int count = cJSON_GetArraySize(map);
    if (count > (int)field->high) {
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_COUNT, path, NULL,
                     "must have at most %.0f names; got %d", field->high, count);
        return NULL;
    }
    return map->child;
}

static void decode_param(Loader *loader, const cJSON *item)
{
    ParaTemplate *t = loader->t;
    ParaObject object;
    const char *path = para_arena_printf(loader->arena, "/params/%s", escape_key(loader, item->string));
    bool named = value_name(loader, item, "/params", loader->param_names, t->param_count);
    bool good = decode_object(loader, item, PARA_KIND_PARAM, path, 0, &object);
    const ParaValue *range = para_value(&object, PARA_FIELD_PARAM_range);
    const ParaValue *whole = para_value(&object, PARA_FIELD_PARAM_int);
    const ParaValue *fixed = para_value(&object, PARA_FIELD_PARAM_value);
    const ParaValue *given = range->present ? range : whole;
    if (good && range->present == whole->present)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_PARAM_RANGE, path, NULL,
                     "needs either \"range\": [low, high] or \"int\": [low, high]");
    double low = given->present ? given->numbers[0].constant : 0;
    double high = given->present ? given->numbers[1].constant : 0;
    if (low > high) {
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_PARAM_RANGE, path,
                     given == range ? "range" : "int", "the lowest value %.9g is above the highest %.9g", low,
                     high);
        high = low;
    }
    if (!named)
        return;
    // Even a parameter with a wrong range is known by name, so that its uses are not reported too.
    ParaParam *param = &t->params[t->param_count];
    snprintf(param->name, sizeof param->name, "%s", item->string);
    const ParaValue *unit = para_value(&object, PARA_FIELD_PARAM_unit);
    const ParaValue *about = para_value(&object, PARA_FIELD_PARAM_about);
    snprintf(param->unit, sizeof param->unit, "%s", unit->present ? unit->text : "");
    snprintf(param->about, sizeof param->about, "%s", about->present ? about->text : "");
    param->integer = whole->present;
    param->low = fixed->present ? fixed->numbers[0].constant : low;
    param->high = fixed->present ? fixed->numbers[0].constant : high;
    t->param_low[t->param_count] = low;
    t->param_high[t->param_count] = high;
    t->varies |= param->low < param->high;
    loader->param_names[t->param_count++] = param->name;
}

static void decode_let(Loader *loader, const cJSON *item)
{
    static const ParaField any = {.unit = "", .low = -1e12, .high = 1e12};
    ParaTemplate *t = loader->t;
    const char *key = escape_key(loader, item->string);
    bool named = value_name(loader, item, "/let", t->let_names, t->let_count);
    for (int p = 0; named && p < t->param_count; p++) {
        if (strcmp(loader->param_names[p], item->string) == 0) {
            para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_DUPLICATE_NAME, "/let", key,
                         "\"%s\" is a parameter already", item->string)
                ->at_key = true;
            named = false;
        }
    }
    Spot spot = {.path = "/let", .key = key, .index = -1, .stream = text_hash(item->string)};
    ParaNumber number = {0};
    if (!decode_number(loader, item, &any, &spot, &number))
        number = (ParaNumber){.constant = 1};
    if (!named)
        return;
    t->lets[t->let_count] = number;
    t->let_names[t->let_count++] = para_arena_strdup(loader->arena, item->string);
}

void para_template_decode(ParaTemplate *t, const cJSON *json, ParaArena *arena, ParaDiagList *diagnostics)
{
    Loader *loader = PARA_NEW(arena, Loader, 1);
    loader->t = t;
    loader->arena = arena;
    loader->list = diagnostics;
    for (const cJSON *item = open_map(loader, json, PARA_FIELD_TEMPLATE_params, "/params"); item;
         item = item->next)
        decode_param(loader, item);
    for (const cJSON *item = open_map(loader, json, PARA_FIELD_TEMPLATE_lets, "/let"); item;
         item = item->next)
        decode_let(loader, item);
    decode_object(loader, json, PARA_KIND_TEMPLATE, "", 0, &t->root);
}
