// SPDX-License-Identifier: MIT
// The reference page of the format, in Markdown, from the table of fields.
#include "engine/base/json.h"
#include "worlds/format/data.h"

#include <math.h>
#include <string.h>

static const char *anchor_of(ParaObjectKind kind) { return para_kind_name(kind); }

/// "none, target, cargo or hazard"
static void write_words(ParaJson *out, const char *const *words, int count)
{
    for (int w = 0; w < count; w++)
        para_json_format(out, "%s%s", w == 0 ? "" : w == count - 1 ? " or " : ", ", words[w]);
}

static void write_roles(ParaJson *out)
{
    const char *words[PARA_ROLE_COUNT];
    int count = 0;
    for (int role = 0; role < PARA_ROLE_COUNT; role++)
        if (para_role_word((ParaRole)role))
            words[count++] = para_role_word((ParaRole)role);
    write_words(out, words, count);
}

/// What a field takes, in words.
static void write_type(ParaJson *out, const ParaField *field)
{
    bool whole = field->flags & PARA_FLAG_WHOLE, fixed = field->flags & PARA_FLAG_FIXED;
    switch (field->type) {
    case PARA_TYPE_NUMBER:
        para_json_format(out, "%s%s", fixed ? "plain " : "", whole ? "whole number" : "number");
        break;
    case PARA_TYPE_PAIR:
        para_json_format(out, "[%s, %s]", whole ? "whole" : "number", whole ? "whole" : "number");
        break;
    case PARA_TYPE_BOOL:
        para_json_format(out, "true or false");
        break;
    case PARA_TYPE_TEXT:
        para_json_format(out, "text");
        break;
    case PARA_TYPE_NAME:
        para_json_format(out, "name");
        break;
    case PARA_TYPE_HEX:
        para_json_format(out, "hexadecimal text");
        break;
    case PARA_TYPE_ROLE:
        write_roles(out);
        break;
    case PARA_TYPE_WORD: {
        int count;
        const char *const *words = para_field_words(field->of, &count);
        write_words(out, words, count);
        break;
    }
    case PARA_TYPE_WARNINGS:
        para_json_format(out, "list of [warnings](#problems)");
        break;
    case PARA_TYPE_REF:
        para_json_format(out, "name");
        break;
    case PARA_TYPE_REFS:
        para_json_format(out, field->of ? "[name, name]" : "[name, ...]");
        break;
    case PARA_TYPE_REFS_NUMBER:
        para_json_format(out, field->of == 2 ? "[name, name, number]" : "[name, number]");
        break;
    case PARA_TYPE_POINTS:
        para_json_format(out, "[[x, y], ...]");
        break;
    case PARA_TYPE_CHAIN:
        para_json_format(out, "[[x, y], ...] or a [chain](#chain)");
        break;
    case PARA_TYPE_OBJECT:
        para_json_format(out, "a [%s](#%s)", para_kind_name((ParaObjectKind)field->of),
                         anchor_of((ParaObjectKind)field->of));
        break;
    case PARA_TYPE_LIST:
        para_json_format(out, "list of [%s](#%s)", para_kind_name((ParaObjectKind)field->of),
                         anchor_of((ParaObjectKind)field->of));
        break;
    case PARA_TYPE_PARAMS:
        para_json_format(out, "{name: [%s](#%s)}", para_kind_name((ParaObjectKind)field->of),
                         anchor_of((ParaObjectKind)field->of));
        break;
    case PARA_TYPE_LETS:
    case PARA_TYPE_VARIABLES:
        para_json_format(out, "{name: number}");
        break;
    case PARA_TYPE_PARTS:
        para_json_format(out, "{name: [part](#part)}");
        break;
    case PARA_TYPE_PART:
        para_json_format(out, "name, folder/, or list of them");
        break;
    case PARA_TYPE_TIERS:
        para_json_format(out, "{name: {parameter: [low, high]}}");
        break;
    case PARA_TYPE_VARIABLE:
        para_json_format(out, "name of a variable");
        break;
    case PARA_TYPE_PLACE:
        para_json_format(out, field->of ? (field->flags & PARA_FLAG_HEAD) || strcmp(field->name, "at") == 0
                                              ? "[number, number] or name"
                                              : "number, [number, number] or name"
                                        : "number or [number, number]");
        break;
    }
    if (field->flags & PARA_FLAG_CHANGES)
        para_json_format(out, ", may change");
}

static void write_range(ParaJson *out, const ParaField *field)
{
    bool number = field->type <= PARA_TYPE_PAIR || field->type == PARA_TYPE_REFS_NUMBER;
    if (field->type == PARA_TYPE_PLACE && !*field->unit)
        return; // the act says which
    number |= field->type == PARA_TYPE_PLACE;
    bool points = field->type == PARA_TYPE_POINTS || field->type == PARA_TYPE_CHAIN;
    if (number || points)
        para_json_format(out, "%.10g to %.10g%s%s", field->low, field->high, *field->unit ? " " : "",
                         field->unit);
    else if (field->type == PARA_TYPE_LIST || field->type == PARA_TYPE_PARAMS ||
             field->type == PARA_TYPE_LETS || field->type == PARA_TYPE_TIERS ||
             field->type == PARA_TYPE_VARIABLES || field->type == PARA_TYPE_PARTS ||
             field->type == PARA_TYPE_WARNINGS)
        para_json_format(out, "at most %.0f", field->high);
    else if (field->type == PARA_TYPE_TEXT || field->type == PARA_TYPE_NAME)
        para_json_format(out, "below %.0f bytes", field->high);
}

static void write_default(ParaJson *out, const ParaField *field)
{
    ParaBound bound;
    const char *place = (const char *)&bound + field->offset;
    float real[2];
    int32_t whole;
    if (field->flags & PARA_FLAG_REQUIRED) {
        para_json_format(out, field->flags & PARA_FLAG_WRITTEN ? "**required** but with `generate`"
                                                               : "**required**");
        return;
    }
    if (field->flags & PARA_FLAG_INHERITED) {
        para_json_format(out, "the body's");
        return;
    }
    bool changing = field->store == PARA_STORE_CHANGING || field->store == PARA_STORE_CHANGING2;
    if (field->store == PARA_STORE_NONE || changing || (field->flags & PARA_FLAG_HEAD))
        return;
    para_bound_default(field->kind, &bound);
    memcpy(&whole, place, sizeof whole);
    memcpy(real, place, field->store == PARA_STORE_VEC2 ? sizeof real : sizeof real[0]);
    switch (field->store) {
    case PARA_STORE_BOOL:
        para_json_format(out, *place ? "true" : "false");
        break;
    case PARA_STORE_I32:
        para_json_format(out, "%d", (int)whole);
        break;
    case PARA_STORE_U32:
        if (field->type == PARA_TYPE_WORD) {
            int count;
            para_json_format(out, "%s", para_field_words(field->of, &count)[whole]);
            break;
        }
        para_json_format(out, (uint32_t)whole == 0xffffffffu ? "all" : "%u", (unsigned)whole);
        break;
    case PARA_STORE_VEC2:
        para_json_format(out, "[%g, %g]", (double)real[0], (double)real[1]);
        break;
    default:
        para_json_format(out, "%g", (double)real[0]);
    }
}

/// Which heads a field goes with.
static void write_heads(ParaJson *out, const ParaField *field, const ParaField *fields, int count)
{
    para_json_format(out, " Only with:");
    for (int f = 0; f < count; f++)
        if ((fields[f].flags & PARA_FLAG_HEAD) && para_field_goes_with(field, &fields[f]))
            para_json_format(out, " %s", fields[f].name);
    para_json_format(out, ".");
}

static void write_kind(ParaJson *out, ParaObjectKind kind)
{
    int count;
    const ParaField *fields = para_fields(kind, &count);
    para_json_format(
        out, "\n## %s\n\n%s\n\n| field | takes | range | default | what it is |\n|---|---|---|---|---|\n",
        para_kind_name(kind), para_kind_about(kind));
    for (int f = 0; f < count; f++) {
        const ParaField *field = &fields[f];
        para_json_format(out, "| `%s`%s | ", field->name, field->flags & PARA_FLAG_HEAD ? " *" : "");
        write_type(out, field);
        para_json_format(out, " | ");
        write_range(out, field);
        para_json_format(out, " | ");
        write_default(out, field);
        para_json_format(out, " | %s", field->help);
        if (field->flags & PARA_FLAG_TAKEN)
            write_heads(out, field, fields, count);
        para_json_format(out, " |\n");
    }
}

static void write_materials(ParaJson *out)
{
    para_json_format(
        out, "\n## materials\n\nThe program's own; friction and restitution of a touching pair are the "
             "product of its two.\n\n| material | density | friction | restitution | what it is "
             "|\n|---|---|---|---|---|\n");
#define PARA_MATERIAL(id, word, friction, restitution, density, help)                                        \
    para_json_format(out, "| `%s` | %g | %g | %g | %s |\n", #word, (double)(density), (double)(friction),    \
                     (double)(restitution), help);
#include "worlds/level/kinds.def"
}

static void write_functions(ParaJson *out)
{
    int count;
    const ParaExprFunction *functions = para_expr_functions(&count);
    para_json_format(out,
                     "\n## expressions\n\nOperators, loosest first: `or`, `and`, `not`, `< <= > >= == !=`, "
                     "`+ -`, `* / %%`, "
                     "`-x`, `^`. Names: parameters, `let` names, `pi`, `true`, `false`; inside a repeat or "
                     "a chain rule also `i`, `n` and `copy`; in a number that may change also `time` and "
                     "variables. True is 1 and false is 0.\n\n| function | value "
                     "|\n|---|---|\n");
    for (int f = 0; f < count; f++)
        para_json_format(out, "| `%s` | %s |\n", functions[f].usage, functions[f].help);
    const ParaExprSenseRow *senses = para_expr_senses(&count);
    para_json_format(out, "\nA number that may change also asks the world as it is in that step:\n\n"
                          "| function | value |\n|---|---|\n");
    for (int s = 0; s < count; s++)
        para_json_format(out, "| `%s` | %s |\n", senses[s].usage, senses[s].help);
}

static void write_problems(ParaJson *out)
{
    char name[PARA_CODE_NAME_SIZE];
    para_json_format(out, "\n## problems\n\nThose with a name are warnings, and can be silenced by it.\n\n"
                          "| code | name | about |\n|---|---|---|\n");
    for (int code = 0; code < PARA_CODES; code++)
        para_json_format(out, "| %s | %s | %s |\n", para_code_text((ParaCode)code),
                         para_code_is_warning((ParaCode)code) ? para_code_name((ParaCode)code, name) : "",
                         para_code_about((ParaCode)code));
}

char *para_template_reference(ParaArena *arena)
{
    ParaJson out = para_json(arena, 0);
    para_json_format(
        &out,
        "# Template reference\n\nGenerated by `paracosm schema --reference` from the table of fields that "
        "also drives the reader; do not edit. How to use all this is in [authoring.md](authoring.md).\n\n"
        "A *number* is a JSON number, an expression in a text, or a draw: `" PARA_DRAW_FORMS
        "`. One that *may change* is worked out in play, and may use `time` [s] and variables. SI units; y "
        "is up; "
        "angles turn counter-clockwise. Of the fields marked * exactly one says what the object is.\n");
    for (int kind = 0; kind < PARA_KIND_COUNT; kind++)
        write_kind(&out, (ParaObjectKind)kind);
    write_materials(&out);
    write_functions(&out);
    write_problems(&out);
    return out.text;
}
