// SPDX-License-Identifier: MIT
// The one layout of a template's text: the order of keys, the remarks and every value stay, only white space,
// the spelling of numbers and of escapes change. What fits on a line is on one. An object that does not fit
// fills its lines with short fields; a long one begins its own. Lists of things have a line per thing.
#include "engine/base/arena.h"
#include "engine/base/cells.h"
#include "engine/base/json.h"
#include "worlds/format/syntax.h"
#include "worlds/json_tree.h"
#include "worlds/problems.h"
#include "worlds/template.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#define WIDTH 120 // cells of a line, if what is on it can be parted at all
#define STEP  2   // blanks of an indent

static bool is_list(const cJSON *value) { return cJSON_IsArray(value) || cJSON_IsObject(value); }

/// A value on one line.
static void put(ParaJson *out, const cJSON *value);

static void put_key(ParaJson *out, const cJSON *value)
{
    if (!value->string)
        return;
    para_json_string(out, value->string);
    para_json_format(out, ": ");
}

static void put_list(ParaJson *out, const cJSON *list)
{
    para_json_format(out, cJSON_IsArray(list) ? "[" : "{");
    for (const cJSON *item = list->child; item; item = item->next) {
        put_key(out, item);
        put(out, item);
        if (item->next)
            para_json_format(out, ", ");
    }
    para_json_format(out, cJSON_IsArray(list) ? "]" : "}");
}

static void put(ParaJson *out, const cJSON *value)
{
    if (is_list(value))
        put_list(out, value);
    else if (cJSON_IsString(value))
        para_json_string(out, value->valuestring);
    else if (cJSON_IsNumber(value))
        para_json_double(out, value->valuedouble);
    else
        para_json_format(out, cJSON_IsTrue(value) ? "true" : cJSON_IsFalse(value) ? "false" : "null");
}

/// Cells of a value on one line, its key included.
static int width_of(ParaJson *scratch, const cJSON *value)
{
    scratch->size = 0;
    put_key(scratch, value);
    put(scratch, value);
    return para_cells(scratch->text, scratch->text + scratch->size);
}

typedef struct Layout {
    ParaJson out, scratch;
} Layout;

/// Cells of the line that is being written.
static int column(const Layout *l)
{
    size_t begin = l->out.size;
    while (begin > 0 && l->out.text[begin - 1] != '\n')
        begin--;
    return para_cells(l->out.text + begin, l->out.text + l->out.size);
}

static void new_line(Layout *l, int indent) { para_json_format(&l->out, "\n%*s", indent, ""); }

static void lay(Layout *l, const cJSON *value, int indent, int depth);

/// A line per item.
static void lay_lines(Layout *l, const cJSON *list, int indent, int depth)
{
    para_json_format(&l->out, cJSON_IsArray(list) ? "[" : "{");
    for (const cJSON *item = list->child; item; item = item->next) {
        new_line(l, indent + STEP);
        lay(l, item, indent + STEP, depth + 1);
        if (item->next)
            para_json_format(&l->out, ",");
    }
    new_line(l, indent);
    para_json_format(&l->out, cJSON_IsArray(list) ? "]" : "}");
}

/// Lines as full as they get; what does not fit on one begins one.
static void lay_filled(Layout *l, const cJSON *list, int indent, int depth)
{
    para_json_format(&l->out, cJSON_IsArray(list) ? "[" : "{");
    for (const cJSON *item = list->child; item; item = item->next) {
        int size = width_of(&l->scratch, item) + 1; // a comma or bracket behind it
        bool fits = column(l) + 1 + size <= WIDTH;
        if (item != list->child && !fits)
            new_line(l, indent + 1);
        else if (item != list->child)
            para_json_format(&l->out, " ");
        lay(l, item, indent + 1, depth + 1);
        if (item->next)
            para_json_format(&l->out, ",");
    }
    para_json_format(&l->out, cJSON_IsArray(list) ? "]" : "}");
}

static bool holds_lists(const cJSON *list)
{
    for (const cJSON *item = list->child; item; item = item->next)
        if (is_list(item))
            return true;
    return false;
}

/// Things of a template, its parameters and named numbers have a line each, however few they are.
static bool is_table(const cJSON *value, int depth)
{
    if (depth != 1 || !is_list(value) || !value->child || !value->string)
        return false;
    if (cJSON_IsArray(value))
        return cJSON_IsObject(value->child);
    return strcmp(value->string, "params") == 0 || strcmp(value->string, "let") == 0 ||
           strcmp(value->string, "variables") == 0 || strcmp(value->string, "tiers") == 0;
}

/// @param depth 0: the whole, 1: a field of it, ...
static void lay(Layout *l, const cJSON *value, int indent, int depth)
{
    int size = width_of(&l->scratch, value) + 1;
    bool fits = depth > 0 && !is_table(value, depth) && column(l) + size <= WIDTH;
    put_key(&l->out, value);
    if (fits || !is_list(value) || !value->child)
        put(&l->out, value);
    else if (depth == 0 || is_table(value, depth) || (cJSON_IsArray(value) && holds_lists(value)) ||
             (depth == 1 && cJSON_IsObject(value)))
        lay_lines(l, value, indent, depth);
    else
        lay_filled(l, value, indent, depth);
}

/// The place of a number in a value that no text can say again, such as 1e999; NULL if there is none.
static const char *find_infinity(const cJSON *value, const char *path, ParaArena *arena)
{
    if (cJSON_IsNumber(value))
        return isfinite(value->valuedouble) ? NULL : path;
    const char *found = NULL;
    int index = 0;
    for (const cJSON *item = is_list(value) ? value->child : NULL; item && !found; item = item->next)
        found = find_infinity(item,
                              item->string ? para_arena_printf(arena, "%s/%s", path, item->string)
                                           : para_arena_printf(arena, "%s/%d", path, index++),
                              arena);
    return found;
}

const char *para_template_lay_out(const char *name, const char *text, size_t size, ParaArena *arena,
                                  ParaDiagList *diagnostics)
{
    diagnostics->file = para_arena_strdup(diagnostics->arena, name);
    int first = diagnostics->count;
    if (size > PARA_TEMPLATE_SIZE_MAX) {
        para_problem(diagnostics, PARA_DIAG_ERROR, PARA_CODE_UNREADABLE, "", NULL,
                     "the text has %zu bytes; the most is %d", size, PARA_TEMPLATE_SIZE_MAX);
        return NULL;
    }
    char *copy = para_arena_alloc(arena, size + 1);
    memcpy(copy, text, size);
    diagnostics->text = copy;
    cJSON *json =
        para_syntax_check(copy, size, diagnostics) ? para_json_parse_part(copy, size + 1, NULL, true) : NULL;
    para_problems_locate(diagnostics, first);
    if (!json) {
        if (diagnostics->count == first)
            para_problem(diagnostics, PARA_DIAG_ERROR, PARA_CODE_SYNTAX, "", NULL,
                         "the parser takes no such JSON, or there is no memory for it");
        return NULL;
    }
    const char *infinity = find_infinity(json, "", arena);
    if (infinity) {
        para_problem(diagnostics, PARA_DIAG_ERROR, PARA_CODE_RANGE, infinity, NULL,
                     "must be a finite number");
        para_problems_locate(diagnostics, first);
        cJSON_Delete(json);
        return NULL;
    }
    Layout l = {para_json(arena, 0), para_json(arena, 0)};
    lay(&l, json, 0, 0);
    para_json_format(&l.out, "\n");
    cJSON_Delete(json);
    return l.out.text;
}
