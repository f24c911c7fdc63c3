// SPDX-License-Identifier: MIT
// Reading texts, names and references.
#include "worlds/format/decode.h"

#include "engine/base/assert.h"
#include "engine/base/hash.h"

#include <stdio.h>
#include <string.h>

#define HOLES_MAX 8 // counted numbers in one name

uint64_t para_decode_hash(const char *text) { return para_hash(text, strlen(text), 0); }

/// A JSON Pointer token of a key that may hold anything.
const char *para_decode_escape(ParaLoader *loader, const char *key)
{
    return para_problem_token(key, loader->arena);
}

const char *para_decode_path(ParaLoader *loader, const ParaSpot *spot)
{
    if (spot->index < 0)
        return para_arena_printf(loader->arena, "%s/%s", spot->path, spot->key);
    return para_arena_printf(loader->arena, "%s/%s/%d", spot->path, spot->key, spot->index);
}

const char *para_decode_kind_of(const cJSON *json)
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

bool para_decode_wrong_type(ParaLoader *loader, const ParaSpot *spot, const cJSON *json, const char *wanted)
{
    PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_WRONG_TYPE, "must be %s; got %s", wanted,
                        para_decode_kind_of(json));
    return false;
}

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Length of the name at the start of `text`: a letter, then letters, digits, - and _.
static bool is_name_letter(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; }

size_t para_decode_name_length(const char *text)
{
    size_t length = 0;
    if (!is_letter(text[0]))
        return 0;
    while (is_name_letter(text[length]))
        length++;
    return length;
}

static bool is_key(const ParaField *field)
{
    return field == para_field(PARA_FIELD_KEYS_positive) || field == para_field(PARA_FIELD_KEYS_negative);
}

static bool check_key(ParaLoader *loader, const ParaSpot *spot, const char *text)
{
    int count;
    const char *const *words = para_key_words(&count);
    if (!*text || para_key_is_known(text))
        return true;
    const char *close = para_closest_word(text, words, count);
    PARA_DECODE_PROBLEM(
        loader, spot, PARA_CODE_WORD,
        "there is no key named \"%s\"%s%s%s (keys: a letter, a digit, left, right, up, down, space, "
        "enter, ...)",
        text, close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
    return false;
}

bool para_decode_text(ParaLoader *loader, const cJSON *json, const ParaField *field, const ParaSpot *spot,
                      const char **out)
{
    if (!cJSON_IsString(json))
        return para_decode_wrong_type(loader, spot, json, "a text");
    const char *text = json->valuestring;
    if (strlen(text) >= (size_t)field->high) {
        PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_TEXT_SIZE, "must be shorter than %.0f bytes; got %zu",
                            field->high, strlen(text));
        return false;
    }
    for (const char *at = text; *at; at++) {
        if ((unsigned char)*at < 32 || *at == 127) {
            PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_TEXT_BYTES, "must not hold control characters");
            return false;
        }
    }
    if (field->type == PARA_TYPE_NAME && (!*text || para_decode_name_length(text) != strlen(text))) {
        PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_NAME,
                            "must be a name: a letter, then letters, digits, - and _; got \"%.60s\"", text);
        return false;
    }
    *out = para_arena_strdup(loader->arena, text);
    return !is_key(field) || check_key(loader, spot, text);
}

bool para_decode_hex(ParaLoader *loader, const cJSON *json, const ParaSpot *spot, uint64_t *out)
{
    if (!cJSON_IsString(json))
        return para_decode_wrong_type(loader, spot, json, "a text of hexadecimal digits");
    size_t length = strlen(json->valuestring);
    if (length < 1 || length > 16 || strspn(json->valuestring, "0123456789abcdefABCDEF") != length) {
        PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_HEX, "must be 1 to 16 hexadecimal digits; got \"%.40s\"",
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

#define WORDS_MAX 32

/// One of `count` words, its index to *out; NULL among them is a word that a template may not say.
static bool decode_one_of(ParaLoader *loader, const cJSON *json, const ParaSpot *spot,
                          const char *const *known, int known_count, int *out)
{
    if (!cJSON_IsString(json))
        return para_decode_wrong_type(loader, spot, json, "a text");
    const char *words[WORDS_MAX];
    char all[256] = "";
    int count = 0;
    PARA_ASSERT(known_count <= WORDS_MAX);
    for (int k = 0; k < known_count; k++) {
        if (!known[k])
            continue;
        if (strcmp(known[k], json->valuestring) == 0) {
            *out = k;
            return true;
        }
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", count ? ", " : "", known[k]);
        words[count++] = known[k];
    }
    const char *close = para_closest_word(json->valuestring, words, count);
    PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_WORD, "must be one of %s; got \"%.40s\"%s%s%s", all,
                        json->valuestring, close ? "; did you mean \"" : "", close ? close : "",
                        close ? "\"?" : "");
    return false;
}

bool para_decode_role(ParaLoader *loader, const cJSON *json, const ParaSpot *spot, ParaRole *out)
{
    const char *words[PARA_ROLE_COUNT];
    int role;
    for (role = 0; role < PARA_ROLE_COUNT; role++)
        words[role] = para_role_word((ParaRole)role);
    if (!decode_one_of(loader, json, spot, words, PARA_ROLE_COUNT, &role))
        return false;
    *out = (ParaRole)role;
    return true;
}

bool para_decode_word(ParaLoader *loader, const cJSON *json, const ParaField *field, const ParaSpot *spot,
                      ParaNumber *out)
{
    int count, word;
    const char *const *words = para_field_words(field->of, &count);
    if (!decode_one_of(loader, json, spot, words, count, &word))
        return false;
    *out = (ParaNumber){.constant = word};
    return true;
}

static bool decode_warning(ParaLoader *loader, const cJSON *json, const ParaSpot *spot)
{
    ParaCode code;
    char close[PARA_CODE_NAME_SIZE];
    if (!cJSON_IsString(json))
        return para_decode_wrong_type(loader, spot, json, "the name of a warning");
    if (!para_code_find(json->valuestring, &code, close)) {
        PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_WORD, "there is no warning named \"%.40s\"%s%s%s",
                            json->valuestring, *close ? "; did you mean \"" : "", close, *close ? "\"?" : "");
        return false;
    }
    if (!para_code_is_warning(code)) {
        PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_WORD,
                            "\"%.40s\" is an error; only warnings can be silenced", json->valuestring);
        return false;
    }
    loader->t->silent[code] = true;
    return true;
}

bool para_decode_warnings(ParaLoader *loader, const cJSON *json, const ParaField *field, ParaSpot spot)
{
    if (!cJSON_IsArray(json))
        return para_decode_wrong_type(loader, &spot, json, "a list of names of warnings");
    if (cJSON_GetArraySize(json) > (int)field->high) {
        PARA_DECODE_PROBLEM(loader, &spot, PARA_CODE_ITEM_COUNT, "must have at most %.0f items; got %d",
                            field->high, cJSON_GetArraySize(json));
        return false;
    }
    bool good = true;
    for (const cJSON *item = json->child; item; item = item->next) {
        spot.index++;
        good &= decode_warning(loader, item, &spot);
    }
    return good;
}

static bool bad_reference(ParaLoader *loader, const ParaSpot *spot, const char *text)
{
    PARA_DECODE_PROBLEM(
        loader, spot, PARA_CODE_REFERENCE_TEXT,
        "must be a name, a counted name such as \"link{i+1}\" or \"rope{i+1}-link\", or a run such as "
        "\"coin1..coin7\"; got "
        "\"%.60s\"",
        text);
    return false;
}

/// The first letters of a name: in a part, with its prefix.
static const char *own_text(ParaLoader *loader, const char *text, size_t length)
{
    return para_arena_printf(loader->arena, "%s%.*s", loader->frame ? loader->frame->prefix : "", (int)length,
                             text);
}

/// The expression between braces. @param length [byte] of it
static bool decode_hole(ParaLoader *loader, const ParaField *field, const ParaSpot *spot, const char *text,
                        size_t length, ParaNumber *out)
{
    char inside[PARA_EXPR_TEXT_MAX + 1];
    PARA_ASSERT(length <= PARA_EXPR_TEXT_MAX);
    memcpy(inside, text, length);
    inside[length] = '\0';
    ParaExprScope scope = para_decode_scope(loader, field);
    para_expr_begin(&loader->builder, &scope);
    if (!para_expr_add_text(&loader->builder, inside)) {
        para_decode_report(loader, spot, inside);
        return false;
    }
    static const ParaField any = {.unit = "", .low = -1e9, .high = 1e9};
    return para_decode_end_number(loader, spot, &any, out);
}

/// Numbers that are counted: "link{i+1}", or elsewhere than at the end, "rope{i+1}-link{2}".
static bool decode_counted(ParaLoader *loader, const ParaField *field, const ParaSpot *spot, const char *text,
                           size_t prefix, ParaRef *out)
{
    char mask[PARA_NAME_MAX + HOLES_MAX] = "";
    ParaNumber holes[HOLES_MAX];
    size_t used = 0;
    int count = 0;
    const char *at = text;
    while (*at) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        bool letter = *at != '{' && is_name_letter(*at);
        size_t length = end ? (size_t)(end - at) - 1 : 0;
        if (used + 1 >= sizeof mask ||
            (!letter && (!end || count == HOLES_MAX || length == 0 || length > PARA_EXPR_TEXT_MAX)))
            return bad_reference(loader, spot, text);
        if (end && !decode_hole(loader, field, spot, at + 1, length, &holes[count++]))
            return false;
        mask[used++] = *at;
        at = end ? end + 1 : at + 1;
    }
    if (count == 1 && mask[used - 1] == '{')
        out->prefix = own_text(loader, text, prefix);
    out->index = holes[0];
    out->mask = own_text(loader, mask, used);
    out->holes = PARA_NEW(loader->arena, ParaNumber, count);
    memcpy(out->holes, holes, sizeof *holes * (size_t)count);
    return true;
}

bool para_decode_variable(ParaLoader *loader, const cJSON *json, const ParaSpot *spot, ParaValue *out)
{
    const ParaTemplate *t = loader->t;
    if (!cJSON_IsString(json))
        return para_decode_wrong_type(loader, spot, json, "the name of a variable");
    for (int v = 0; v < t->variable_count; v++) {
        if (strcmp(t->variable_names[v], json->valuestring) != 0)
            continue;
        out->text = t->variable_names[v];
        out->count = v;
        return true;
    }
    const char *close = para_closest_word(json->valuestring, t->variable_names, t->variable_count);
    if (!loader->names_unsure)
        PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_UNKNOWN_REFERENCE,
                            "there is no variable named \"%.60s\"%s%s%s", json->valuestring,
                            close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
    return false;
}

bool para_decode_ref(ParaLoader *loader, const cJSON *json, const ParaField *field, const ParaSpot *spot,
                     int spaces, ParaRef *out)
{
    if (!cJSON_IsString(json))
        return para_decode_wrong_type(loader, spot, json, "a name");
    return para_decode_ref_text(loader, json->valuestring, field, spot, spaces, out);
}

bool para_decode_ref_text(ParaLoader *loader, const char *text, const ParaField *field, const ParaSpot *spot,
                          int spaces, ParaRef *out)
{
    size_t prefix = para_decode_name_length(text);
    *out = (ParaRef){.text = own_text(loader, text, strlen(text)),
                     .path = para_decode_path(loader, spot),
                     .frame = loader->frame,
                     .loop = loader->loop,
                     .spaces = spaces,
                     .object = -1};
    if (prefix == 0 || strlen(text) > 600)
        return bad_reference(loader, spot, text);
    if (text[prefix] == '{')
        return decode_counted(loader, field, spot, text, prefix, out);
    if (strncmp(text + prefix, "..", 2) == 0) {
        const char *last = text + prefix + 2;
        if (!*last || para_decode_name_length(last) != strlen(last))
            return bad_reference(loader, spot, text);
        out->text = own_text(loader, text, prefix);
        out->last = own_text(loader, last, strlen(last));
        return true;
    }
    return text[prefix] == '\0' || bad_reference(loader, spot, text);
}

/// REFS and REFS_NUMBER.
bool para_decode_refs(ParaLoader *loader, const cJSON *json, const ParaField *field, ParaSpot spot,
                      ParaValue *out)
{
    bool number = field->type == PARA_TYPE_REFS_NUMBER;
    int count = cJSON_IsArray(json) ? cJSON_GetArraySize(json) : -1;
    int low = field->of ? field->of + number : 1;
    int high = field->of ? low : strcmp(field->name, "touch") == 0 ? 2 : PARA_BODIES_MAX;
    if (count < low || count > high) {
        if (count < 0)
            return para_decode_wrong_type(loader, &spot, json,
                                          number ? "a list of names and a number" : "a list of names");
        if (low == high)
            PARA_DECODE_PROBLEM(loader, &spot, PARA_CODE_ITEM_COUNT, "must have %d items; got %d", low,
                                count);
        else
            PARA_DECODE_PROBLEM(loader, &spot, PARA_CODE_ITEM_COUNT, "must have %d to %d items; got %d", low,
                                high, count);
        return false;
    }
    PARA_ASSERT(spot.index == -1 && count >= number); // of the field itself, so far
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
            good &= para_decode_ref(loader, item, field, &spot, spaces, &out->refs[spot.index]);
        else
            good &= para_decode_number(loader, item, field, &spot, out->numbers);
    }
    return good;
}
