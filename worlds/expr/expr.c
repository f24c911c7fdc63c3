// SPDX-License-Identifier: MIT
// The expression compiler: recursive descent into a program for the stack machine of expr_run.c.
#include "worlds/expr/expr.h"

#include "engine/base/assert.h"
#include "engine/base/cells.h"
#include "engine/base/diag.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "worlds/expr/expr_ops.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

static const ParaExprFunction functions[] = {
    {"sin", "sin(x)", "sine of x [rad]", PARA_OP_SIN, 1, 1, PARA_EXPR_DRAWS_NOT},
    {"cos", "cos(x)", "cosine of x [rad]", PARA_OP_COS, 1, 1, PARA_EXPR_DRAWS_NOT},
    {"abs", "abs(x)", "x without its sign", PARA_OP_ABS, 1, 1, PARA_EXPR_DRAWS_NOT},
    {"sqrt", "sqrt(x)", "square root", PARA_OP_SQRT, 1, 1, PARA_EXPR_DRAWS_NOT},
    {"floor", "floor(x)", "largest whole number not above x", PARA_OP_FLOOR, 1, 1, PARA_EXPR_DRAWS_NOT},
    {"ceil", "ceil(x)", "smallest whole number not below x", PARA_OP_CEIL, 1, 1, PARA_EXPR_DRAWS_NOT},
    {"round", "round(x)", "nearest whole number; halves go up", PARA_OP_ROUND, 1, 1, PARA_EXPR_DRAWS_NOT},
    {"min", "min(a, b, ...)", "smallest of 2 to 8 values", PARA_OP_MIN, 2, 8, PARA_EXPR_DRAWS_NOT},
    {"max", "max(a, b, ...)", "largest of 2 to 8 values", PARA_OP_MAX, 2, 8, PARA_EXPR_DRAWS_NOT},
    {"clamp", "clamp(x, a, b)", "x, but not below a nor above b", PARA_OP_CLAMP, 3, 3, PARA_EXPR_DRAWS_NOT},
    {"lerp", "lerp(a, b, t)", "a at t = 0, b at t = 1, straight between and beyond", PARA_OP_LERP, 3, 3,
     PARA_EXPR_DRAWS_NOT},
    {"if", "if(c, a, b)", "a where c is not 0, else b", PARA_OP_IF, 3, 3, PARA_EXPR_DRAWS_NOT},
    {"noise", "noise(x) or noise(x, k)",
     "smooth random curve of the level in [-1, 1]; other whole numbers k give other curves", PARA_OP_NOISE, 1,
     2, PARA_EXPR_DRAWS_NOT},
    {"ground", "ground(x) or ground(x, r)",
     "height [m] of the bodies marked as `ground` at x of the world [m], or where they are highest from x - "
     "r to "
     "x + r: of the template's, and of what is included before",
     PARA_OP_GROUND, 1, 2, PARA_EXPR_DRAWS_NOT},
    {"uniform", "uniform(a, b)", "a draw, evenly between a and b", PARA_OP_UNIFORM, 2, 2, PARA_EXPR_DRAWS},
    {"int", "int(a, b)", "a draw of a whole number from a to b, both included", PARA_OP_INT, 2, 2,
     PARA_EXPR_DRAWS},
    {"pick", "pick(a, b, ...)", "a draw of one of 1 to 16 values", PARA_OP_PICK, 1, 16, PARA_EXPR_DRAWS},
    {"normal", "normal(mean, sd)",
     "a draw from the bell curve of this mean and spread, cut off at 4 sd to either side", PARA_OP_NORMAL, 2,
     2, PARA_EXPR_DRAWS},
    {"log_uniform", "log_uniform(a, b)",
     "a draw between a and b, both above 0, with every factor as likely: as often from 1 to 2 as from 2 to 4",
     PARA_OP_LOG_UNIFORM, 2, 2, PARA_EXPR_DRAWS},
    {"choice", "choice(a, weight, b, weight, ...)",
     "a draw of one of 1 to 16 values, each as often as its weight has a share in their sum", PARA_OP_CHOICE,
     2, 32, PARA_EXPR_DRAWS_WEIGHTED},
};
#define FUNCTION_COUNT ((int)(sizeof functions / sizeof functions[0]))

const ParaExprFunction *para_expr_functions(int *out_count)
{
    *out_count = FUNCTION_COUNT;
    return functions;
}

static const char *const constant_names[] = {"pi", "i",   "n",    "copy",  "and",
                                             "or", "not", "true", "false", "time"};
#define CONSTANT_COUNT ((int)(sizeof constant_names / sizeof constant_names[0]))

static const ParaExprFunction *find_function(const char *name)
{
    for (int f = 0; f < FUNCTION_COUNT; f++)
        if (strcmp(functions[f].name, name) == 0)
            return &functions[f];
    return NULL;
}

bool para_expr_reserved(const char *name)
{
    for (int c = 0; c < CONSTANT_COUNT; c++)
        if (strcmp(constant_names[c], name) == 0)
            return true;
    return find_function(name) != NULL;
}

// ---------------------------------------------------------------------------------------------
// Writing a program.

__attribute__((format(printf, 3, 4))) static bool fail(ParaExprBuilder *builder, size_t offset,
                                                       const char *format, ...)
{
    if (builder->failed)
        return false;
    builder->failed = true;
    builder->error.offset = (int)offset;
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(builder->error.text, sizeof builder->error.text, format, arguments);
    va_end(arguments);
    return false;
}

/// Has it a value only once a level is made, though it draws nothing itself?
static bool is_of_level(const ParaExprFunction *function)
{
    return function->code == PARA_OP_NOISE || function->code == PARA_OP_GROUND;
}

/// Appends a step that takes `taken` values and leaves one.
static bool emit(ParaExprBuilder *builder, int code, int index, double number, int taken, size_t offset)
{
    if (builder->failed)
        return false;
    int stack = builder->stack - taken + 1;
    if (builder->count >= PARA_EXPR_OPS_MAX || stack > PARA_EXPR_STACK_MAX)
        return fail(builder, offset, "expression is too long; use `let` names for its parts");
    PARA_ASSERT(taken >= 0 && builder->stack >= taken);
    PARA_ASSERT(index >= 0 && index <= UINT16_MAX); // as the step keeps it
    builder->ops[builder->count++] =
        (ParaExprOp){.code = (uint16_t)code, .index = (uint16_t)index, .number = number};
    builder->stack = stack;
    return true;
}

void para_expr_begin(ParaExprBuilder *builder, const ParaExprScope *scope)
{
    PARA_ASSERT(scope->param_count >= 0 && scope->let_count >= 0);
    builder->scope = scope;
    builder->count = builder->stack = builder->sense_count = 0;
    builder->varies = builder->copies = builder->changes = builder->ground = builder->failed = false;
    memset(&builder->error, 0, sizeof builder->error);
}

bool para_expr_add_number(ParaExprBuilder *builder, double number)
{
    return emit(builder, PARA_OP_NUMBER, 0, number, 0, 0);
}

/// @param changes whether one of its values reads time or a variable
static bool emit_call(ParaExprBuilder *builder, const ParaExprFunction *function, int count, bool changes,
                      size_t offset)
{
    if (count < function->count_min || count > function->count_max)
        return fail(builder, offset, "%s takes %d%s%.0d value%s; got %d", function->usage,
                    function->count_min, function->count_max > function->count_min ? " to " : "",
                    function->count_max > function->count_min ? function->count_max : 0,
                    function->count_max == 1 ? "" : "s", count);
    if (function->draw == PARA_EXPR_DRAWS_WEIGHTED && count % 2 != 0)
        return fail(builder, offset, "%s takes a weight after each value; got %d numbers", function->usage,
                    count);
    bool draws = function->draw != PARA_EXPR_DRAWS_NOT;
    if ((draws || is_of_level(function)) && !builder->scope->chance)
        return fail(builder, offset, "%s draws, and nothing may be drawn here", function->name);
    if ((draws || is_of_level(function)) && changes)
        return fail(builder, offset,
                    "%s draws once, before the level begins, and cannot draw from time or variables",
                    function->name);
    if (draws || is_of_level(function))
        builder->varies = true;
    builder->ground |= function->code == PARA_OP_GROUND;
    return emit(builder, function->code, count, 0, count, offset);
}

bool para_expr_add_call(ParaExprBuilder *builder, const char *function, int count)
{
    const ParaExprFunction *found = find_function(function);
    PARA_ASSERT(found != NULL);
    return emit_call(builder, found, count, builder->changes, 0);
}

static const ParaExprSense *keep_senses(const ParaExprBuilder *builder, ParaArena *arena)
{
    if (builder->sense_count == 0)
        return NULL;
    ParaExprSense *senses = PARA_NEW(arena, ParaExprSense, builder->sense_count);
    for (int s = 0; s < builder->sense_count; s++) {
        senses[s].kind = builder->senses[s].kind;
        for (int k = 0; k < 2; k++)
            if (builder->senses[s].names[k])
                senses[s].things[k].name = para_arena_printf(arena, "%.*s", builder->senses[s].sizes[k],
                                                             builder->senses[s].names[k]);
    }
    return senses;
}

const ParaExpr *para_expr_end(ParaExprBuilder *builder, ParaArena *arena)
{
    if (builder->failed)
        return NULL;
    PARA_ASSERT(builder->stack == 1);
    // One allocation for head and steps: allocations are cut in units of 64 bytes.
    size_t head = sizeof(ParaExpr), body = sizeof(ParaExprOp) * (size_t)builder->count;
    ParaExpr *expr = para_arena_alloc(arena, head + body);
    memcpy(expr + 1, builder->ops, body);
    *expr = (ParaExpr){.ops = (const ParaExprOp *)(expr + 1),
                       .senses = keep_senses(builder, arena),
                       .sense_count = builder->sense_count,
                       .count = builder->count,
                       .varies = builder->varies,
                       .ground = builder->ground,
                       .copies = builder->copies,
                       .changes = builder->changes};
    return expr;
}

// ---------------------------------------------------------------------------------------------
// Reading text.

typedef struct Parser {
    ParaExprBuilder *builder;
    const char *text;
    size_t at;
    int depth;
} Parser;

static bool parse_or(Parser *parser);

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static void skip_space(Parser *parser)
{
    while (parser->text[parser->at] == ' ' || parser->text[parser->at] == '\t')
        parser->at++;
}

/// Takes `symbol` if it is next. A symbol that is a word must end there.
static bool take(Parser *parser, const char *symbol)
{
    skip_space(parser);
    size_t length = strlen(symbol);
    const char *here = parser->text + parser->at;
    if (strncmp(here, symbol, length) != 0)
        return false;
    if (is_letter(symbol[0]) && (is_letter(here[length]) || is_digit(here[length])))
        return false;
    parser->at += length;
    return true;
}

static bool parse_number(Parser *parser)
{
    size_t start = parser->at, at = start;
    while (is_digit(parser->text[at]))
        at++;
    if (parser->text[at] == '.')
        at++;
    while (is_digit(parser->text[at]))
        at++;
    if (parser->text[at] == 'e' || parser->text[at] == 'E') {
        size_t power = at + 1;
        if (parser->text[power] == '+' || parser->text[power] == '-')
            power++;
        if (is_digit(parser->text[power])) {
            at = power;
            while (is_digit(parser->text[at]))
                at++;
        }
    }
    char digits[64];
    if (at - start >= sizeof digits)
        return fail(parser->builder, start, "number is too long");
    memcpy(digits, parser->text + start, at - start);
    digits[at - start] = '\0';
    parser->at = at;
    double value = para_text_number(digits, NULL);
    if (!isfinite(value))
        return fail(parser->builder, start, "number is too large");
    if (is_letter(parser->text[at]))
        return fail(parser->builder, at, "a number ends here; an operator is missing before \"%c\"",
                    parser->text[at]);
    return emit(parser->builder, PARA_OP_NUMBER, 0, value, 0, start);
}

static bool unknown_name(Parser *parser, const char *name, size_t start)
{
    const ParaExprScope *scope = parser->builder->scope;
    const char *words[256];
    int count = 0;
    parser->builder->error.unknown_name = true;
    for (int l = 0; l < scope->below_count; l++)
        if (strcmp(scope->below[l], name) == 0)
            return l == 0 ? fail(parser->builder, start, "\"%s\" is defined by itself", name)
                          : fail(parser->builder, start,
                                 "\"%s\" is defined below; a `let` may use only those above it", name);
    for (int v = 0; v < scope->variable_count && !scope->changes; v++)
        if (strcmp(scope->variables[v], name) == 0)
            return fail(parser->builder, start,
                        "\"%s\" is a variable, and this number is worked out once, before a level begins",
                        name);
    for (int v = 0; v < scope->variable_count && scope->changes; v++)
        words[count++] = scope->variables[v];
    for (int p = 0; p < scope->param_count && count < 128; p++)
        words[count++] = scope->params[p];
    for (int l = 0; l < scope->let_count && count < 200; l++)
        if (*scope->lets[l])
            words[count++] = scope->lets[l];
    for (int f = 0; f < FUNCTION_COUNT; f++)
        words[count++] = functions[f].name;
    words[count++] = "pi";
    int sense_count;
    const ParaExprSenseRow *senses = para_expr_senses(&sense_count);
    for (int s = 0; s < sense_count && scope->changes; s++)
        words[count++] = senses[s].name;
    if (scope->changes)
        words[count++] = "time";
    if (scope->copies)
        words[count++] = "copy";
    if (strcmp(name, "time") == 0 || strcmp(name, "t") == 0)
        return fail(parser->builder, start,
                    "unknown name \"%s\": numbers are worked out once, before a level begins, and know no "
                    "time; \"events\" change them later",
                    name);
    const char *close = para_closest_word(name, words, count);
    return close ? fail(parser->builder, start, "unknown name \"%s\"; did you mean \"%s\"?", name, close)
                 : fail(parser->builder, start, "unknown name \"%s\"", name);
}

/// The name of a thing: letters, digits, - and _, with {an expression} or a run's .. in it. The loader reads
/// it, as it reads names elsewhere.
static bool parse_thing(Parser *parser, int sense, int thing)
{
    ParaExprBuilder *builder = parser->builder;
    skip_space(parser);
    size_t start = parser->at;
    bool index = false;
    for (char c = parser->text[parser->at]; c != '\0'; c = parser->text[++parser->at]) {
        if (!index && !is_letter(c) && !is_digit(c) && c != '-' && c != '.' && c != '{' && c != '}')
            break;
        index = (index || c == '{') && c != '}';
    }
    builder->senses[sense].names[thing] = parser->text + start;
    builder->senses[sense].sizes[thing] = (int)(parser->at - start);
    return parser->at > start || fail(builder, start, "a name is missing");
}

/// What stands in the brackets of a question: names of things, then numbers.
static bool parse_sense(Parser *parser, ParaSense kind, size_t start)
{
    ParaExprBuilder *builder = parser->builder;
    int row_count, values = 0, things = 0, sense = builder->sense_count;
    const ParaExprSenseRow *row = &para_expr_senses(&row_count)[kind];
    if (!builder->scope->changes)
        return fail(builder, start,
                    "%s asks the world in play, and this number is worked out once, before a level begins",
                    row->usage);
    if (sense == PARA_EXPR_SENSES_MAX)
        return fail(builder, start, "an expression asks at most %d things of the world",
                    PARA_EXPR_SENSES_MAX);
    builder->sense_count++;
    builder->senses[sense].kind = kind;
    builder->senses[sense].names[0] = builder->senses[sense].names[1] = NULL;
    builder->changes = true;
    if (!take(parser, ")")) {
        do {
            bool thing = things < 2 && row->spaces[things] != 0;
            if (!(thing ? parse_thing(parser, sense, things) : parse_or(parser)))
                return false;
            things += thing;
            values += !thing;
        } while (take(parser, ","));
        if (!take(parser, ")"))
            return fail(builder, parser->at, "\")\" is missing after %s", row->name);
    }
    if (things < row->things_min || values != row->values)
        return fail(builder, start, "write %s", row->usage);
    return emit(builder,
                values == 0   ? PARA_OP_SENSE
                : values == 1 ? PARA_OP_SENSE_1
                              : PARA_OP_SENSE_3,
                sense, 0, values, start);
}

static bool parse_call(Parser *parser, const char *name, size_t start)
{
    const ParaExprFunction *function = find_function(name);
    int sense = para_expr_find_sense(name);
    if (!function && sense >= 0)
        return parse_sense(parser, (ParaSense)sense, start);
    if (!function)
        return unknown_name(parser, name, start);
    int count = 0;
    bool before = parser->builder->changes, changes;
    parser->builder->changes = false;
    if (!take(parser, ")")) {
        do {
            if (!parse_or(parser))
                return false;
            count++;
        } while (take(parser, ","));
        if (!take(parser, ")"))
            return fail(parser->builder, parser->at, "\")\" is missing after the values of %s", name);
    }
    changes = parser->builder->changes;
    parser->builder->changes = before || changes;
    return emit_call(parser->builder, function, count, changes, start);
}

static bool emit_name(Parser *parser, const char *name, size_t start)
{
    ParaExprBuilder *builder = parser->builder;
    const ParaExprScope *scope = builder->scope;
    if (strcmp(name, "pi") == 0)
        return emit(builder, PARA_OP_NUMBER, 0, PARA_PI, 0, start);
    if (strcmp(name, "true") == 0 || strcmp(name, "false") == 0)
        return emit(builder, PARA_OP_NUMBER, 0, name[0] == 't' ? 1 : 0, 0, start);
    int copy = strcmp(name, "i") == 0      ? PARA_OP_I
               : strcmp(name, "n") == 0    ? PARA_OP_N
               : strcmp(name, "copy") == 0 ? PARA_OP_COPY
                                           : -1;
    if (copy >= 0) {
        if (!scope->copies) {
            builder->error.unknown_name = true;
            return fail(builder, start, "\"%s\" is known only inside a repeat or a chain", name);
        }
        builder->copies = true;
        return emit(builder, copy, 0, 0, 0, start);
    }
    for (int p = 0; p < scope->param_count; p++) {
        if (strcmp(scope->params[p], name) == 0) {
            builder->varies = true;
            return emit(builder, PARA_OP_PARAM, p, 0, 0, start);
        }
    }
    for (int l = 0; l < scope->let_count; l++) {
        if (strcmp(scope->lets[l], name) == 0) {
            builder->varies = true;
            return emit(builder, PARA_OP_LET, scope->let_first + l, 0, 0, start);
        }
    }
    for (int v = 0; v < scope->variable_count && scope->changes; v++) {
        if (strcmp(scope->variables[v], name) == 0) {
            builder->changes = true;
            return emit(builder, PARA_OP_VARIABLE, v, 0, 0, start);
        }
    }
    if (scope->changes && strcmp(name, "time") == 0) {
        builder->changes = true;
        return emit(builder, PARA_OP_TIME, 0, 0, 0, start);
    }
    int row_count, sense = para_expr_find_sense(name);
    if (find_function(name) || (sense >= 0 && scope->changes))
        return fail(builder, start, "\"%s\" is a function: write %s", name,
                    find_function(name) ? find_function(name)->usage
                                        : para_expr_senses(&row_count)[sense].usage);
    return unknown_name(parser, name, start);
}

/// [byte] of the letter that a text begins with, which is not empty.
static int letter_size(const char *text)
{
    int cells;
    return (int)para_cells_letter(text, text + strlen(text), &cells);
}

static bool parse_primary(Parser *parser)
{
    skip_space(parser);
    char c = parser->text[parser->at];
    if (is_digit(c) || (c == '.' && is_digit(parser->text[parser->at + 1])))
        return parse_number(parser);
    if (take(parser, "(")) {
        if (!parse_or(parser))
            return false;
        return take(parser, ")") || fail(parser->builder, parser->at, "\")\" is missing");
    }
    if (!is_letter(c))
        return c ? fail(parser->builder, parser->at, "a number or name was expected before \"%.*s\"",
                        letter_size(parser->text + parser->at), parser->text + parser->at)
                 : fail(parser->builder, parser->at, "expression ends where a number or name was expected");
    size_t start = parser->at, length = 0;
    char name[64];
    while (is_letter(parser->text[start + length]) || is_digit(parser->text[start + length]))
        length++;
    if (length >= sizeof name)
        return fail(parser->builder, start, "name is too long");
    memcpy(name, parser->text + start, length);
    name[length] = '\0';
    parser->at = start + length;
    return take(parser, "(") ? parse_call(parser, name, start) : emit_name(parser, name, start);
}

static bool parse_unary(Parser *parser);

static bool parse_power(Parser *parser)
{
    if (!parse_primary(parser))
        return false;
    size_t start = parser->at;
    if (!take(parser, "^"))
        return true;
    return parse_unary(parser) && emit(parser->builder, PARA_OP_POWER, 0, 0, 2, start);
}

/// Every recursion passes here, so here the depth is bounded.
static bool parse_unary(Parser *parser)
{
    skip_space(parser);
    if (++parser->depth > PARA_EXPR_DEPTH_MAX)
        return fail(parser->builder, parser->at, "expression is nested too deeply; use `let` names");
    size_t start = parser->at;
    bool good;
    if (take(parser, "-"))
        good = parse_unary(parser) && emit(parser->builder, PARA_OP_NEGATE, 0, 0, 1, start);
    else if (take(parser, "+"))
        good = parse_unary(parser);
    else
        good = parse_power(parser);
    parser->depth--;
    return good;
}

static bool parse_product(Parser *parser)
{
    if (!parse_unary(parser))
        return false;
    for (;;) {
        size_t start = parser->at;
        int code = take(parser, "*")   ? PARA_OP_MULTIPLY
                   : take(parser, "/") ? PARA_OP_DIVIDE
                   : take(parser, "%") ? PARA_OP_MODULO
                                       : -1;
        if (code < 0)
            return true;
        if (!parse_unary(parser) || !emit(parser->builder, code, 0, 0, 2, start))
            return false;
    }
}

static bool parse_sum(Parser *parser)
{
    if (!parse_product(parser))
        return false;
    for (;;) {
        size_t start = parser->at;
        int code = take(parser, "+") ? PARA_OP_ADD : take(parser, "-") ? PARA_OP_SUBTRACT : -1;
        if (code < 0)
            return true;
        if (!parse_product(parser) || !emit(parser->builder, code, 0, 0, 2, start))
            return false;
    }
}

static bool parse_comparison(Parser *parser)
{
    if (!parse_sum(parser))
        return false;
    size_t start = parser->at;
    int code = take(parser, "<=")   ? PARA_OP_LESS_EQUAL
               : take(parser, ">=") ? PARA_OP_MORE_EQUAL
               : take(parser, "==") ? PARA_OP_EQUAL
               : take(parser, "!=") ? PARA_OP_UNEQUAL
               : take(parser, "<")  ? PARA_OP_LESS
               : take(parser, ">")  ? PARA_OP_MORE
                                    : -1;
    if (code < 0)
        return true;
    return parse_sum(parser) && emit(parser->builder, code, 0, 0, 2, start);
}

static bool parse_not(Parser *parser)
{
    size_t start = parser->at;
    if (!take(parser, "not"))
        return parse_comparison(parser);
    if (++parser->depth > PARA_EXPR_DEPTH_MAX)
        return fail(parser->builder, parser->at, "expression is nested too deeply; use `let` names");
    bool good = parse_not(parser) && emit(parser->builder, PARA_OP_NOT, 0, 0, 1, start);
    parser->depth--;
    return good;
}

static bool parse_and(Parser *parser)
{
    if (!parse_not(parser))
        return false;
    for (;;) {
        size_t start = parser->at;
        if (!take(parser, "and") && !take(parser, "&&"))
            return true;
        if (!parse_not(parser) || !emit(parser->builder, PARA_OP_AND, 0, 0, 2, start))
            return false;
    }
}

static bool parse_or(Parser *parser)
{
    if (!parse_and(parser))
        return false;
    for (;;) {
        size_t start = parser->at;
        if (!take(parser, "or") && !take(parser, "||"))
            return true;
        if (!parse_and(parser) || !emit(parser->builder, PARA_OP_OR, 0, 0, 2, start))
            return false;
    }
}

bool para_expr_add_text(ParaExprBuilder *builder, const char *text)
{
    if (builder->failed)
        return false;
    if (strlen(text) > PARA_EXPR_TEXT_MAX)
        return fail(builder, 0, "expression is longer than %d characters; use `let` names",
                    PARA_EXPR_TEXT_MAX);
    Parser parser = {.builder = builder, .text = text};
    if (!parse_or(&parser))
        return false;
    skip_space(&parser);
    if (text[parser.at] == '\0')
        return true;
    if (text[parser.at] == '=')
        return fail(builder, parser.at, "to compare write ==");
    return fail(builder, parser.at, "an operator was expected before \"%.*s\"", letter_size(text + parser.at),
                text + parser.at);
}
