// SPDX-License-Identifier: MIT
// Programs that change in play, bound to one level: whatever does not depend on time or variables becomes a
// number, and the rest is written out as a text that reads as the same program. That text is what a saved
// level has and what its hash is of, so that the numbers of steps stay an affair of this room.
#include "worlds/expr/expr_ops.h"

#include "engine/base/assert.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// ---------------------------------------------------------------------------------------------
// Folding: a step whose values are all known becomes a number itself.

typedef struct Folded {
    ParaExprOp ops[PARA_EXPR_OPS_MAX];
    int count; ///< [1] 0..PARA_EXPR_OPS_MAX
} Folded;

static bool are_numbers(const ParaExprOp *ops, int count)
{
    for (int k = 0; k < count; k++)
        if (ops[k].code != PARA_OP_NUMBER)
            return false;
    return true;
}

/// The values of a step are numbers exactly if the steps before it are: a program is written in that order.
/// @return false if a part has no finite value
static bool fold(const ParaExpr *expr, const ParaExprInput *input, Folded *out)
{
    ParaExprChance chance = {.seeded = false};
    out->count = 0;
    for (int k = 0; k < expr->count; k++) {
        const ParaExprOp *op = &expr->ops[k];
        int takes = para_expr_op_takes(op);
        ParaExprOp *first = &out->ops[out->count - takes];
        bool open = op->code >= PARA_OP_TIME; // what is not known before the level runs
        if (open || out->count < takes || !are_numbers(first, takes)) {
            out->ops[out->count++] = *op;
            continue;
        }
        double values[PARA_EXPR_STACK_MAX + 1];
        for (int v = 0; v < takes; v++)
            values[v] = first[v].number;
        *first =
            (ParaExprOp){.code = PARA_OP_NUMBER, .number = para_expr_op_value(op, values, input, &chance)};
        out->count += 1 - takes;
        if (!isfinite(first->number))
            return false;
    }
    return true;
}

// ---------------------------------------------------------------------------------------------
// Text: as few brackets as the grammar of expr.h needs, so that what could be read can be read again.

/// How tight a text binds; see parse_or and those it calls.
enum { OR = 1, AND, NOT, COMPARE, SUM, PRODUCT, SIGN, POWER, PRIMARY };

typedef struct Writer {
    const Folded *program;
    const char *const *variables;
    const ParaExprSense *senses;
    int start[PARA_EXPR_OPS_MAX]; ///< first step of what ends with each
    char text[PARA_EXPR_TEXT_MAX + 1];
    size_t size; ///< [byte] 0..PARA_EXPR_TEXT_MAX
    bool full;
} Writer;

static void put(Writer *writer, const char *text)
{
    size_t length = strlen(text);
    writer->full |= writer->size + length > PARA_EXPR_TEXT_MAX;
    if (writer->full)
        return;
    memcpy(writer->text + writer->size, text, length + 1);
    writer->size += length;
}

static int tightness(const ParaExprOp *op)
{
    switch (op->code) {
    case PARA_OP_NUMBER:
        return signbit(op->number) ? SIGN : PRIMARY;
    case PARA_OP_OR:
        return OR;
    case PARA_OP_AND:
        return AND;
    case PARA_OP_NOT:
        return NOT;
    case PARA_OP_ADD:
    case PARA_OP_SUBTRACT:
        return SUM;
    case PARA_OP_MULTIPLY:
    case PARA_OP_DIVIDE:
    case PARA_OP_MODULO:
        return PRODUCT;
    case PARA_OP_NEGATE:
        return SIGN;
    case PARA_OP_POWER:
        return POWER;
    default:
        return op->code >= PARA_OP_LESS && op->code <= PARA_OP_UNEQUAL ? COMPARE : PRIMARY;
    }
}

static const char *sign_of(int code)
{
    static const char *const signs[] = {
        [PARA_OP_ADD] = " + ",         [PARA_OP_SUBTRACT] = " - ", [PARA_OP_MULTIPLY] = " * ",
        [PARA_OP_DIVIDE] = " / ",      [PARA_OP_MODULO] = " % ",   [PARA_OP_POWER] = " ^ ",
        [PARA_OP_AND] = " and ",       [PARA_OP_OR] = " or ",      [PARA_OP_LESS] = " < ",
        [PARA_OP_LESS_EQUAL] = " <= ", [PARA_OP_MORE] = " > ",     [PARA_OP_MORE_EQUAL] = " >= ",
        [PARA_OP_EQUAL] = " == ",      [PARA_OP_UNEQUAL] = " != "};
    PARA_ASSERT(code >= PARA_OP_ADD && code <= PARA_OP_UNEQUAL && signs[code]);
    return signs[code];
}

static const char *function_of(int code)
{
    int count;
    const ParaExprFunction *functions = para_expr_functions(&count);
    for (int f = 0; f < count; f++)
        if (functions[f].code == code)
            return functions[f].name;
    PARA_NEVER("a step that is no function");
}

static void write_step(Writer *writer, int end);

/// What ends with a step, in brackets where it binds less than is wanted.
static void write_part(Writer *writer, int end, int wanted)
{
    bool brackets = tightness(&writer->program->ops[end]) < wanted;
    put(writer, brackets ? "(" : "");
    write_step(writer, end);
    put(writer, brackets ? ")" : "");
}

static void write_call(Writer *writer, int end)
{
    const ParaExprOp *op = &writer->program->ops[end];
    int ends[PARA_EXPR_STACK_MAX], count = op->index, at = end - 1;
    PARA_ASSERT(count <= PARA_EXPR_STACK_MAX);
    for (int k = count - 1; k >= 0; k--) {
        ends[k] = at;
        at = writer->start[at] - 1;
    }
    put(writer, function_of(op->code));
    for (int k = 0; k < count; k++) {
        put(writer, k ? ", " : "(");
        write_part(writer, ends[k], OR);
    }
    put(writer, ")");
}

/// A question: its things, then its values.
static void write_sense(Writer *writer, int end)
{
    const ParaExprOp *op = &writer->program->ops[end];
    const ParaExprSense *sense = &writer->senses[op->index];
    int row_count, ends[3], at = end - 1, values = para_expr_op_takes(op);
    for (int k = values - 1; k >= 0; k--) {
        ends[k] = at;
        at = writer->start[at] - 1;
    }
    put(writer, para_expr_senses(&row_count)[sense->kind].name);
    const char *comma = "(";
    for (int k = 0; k < 2 && sense->things[k].name; k++) {
        put(writer, comma);
        put(writer, sense->things[k].name);
        comma = ", ";
    }
    for (int k = 0; k < values; k++) {
        put(writer, comma);
        write_part(writer, ends[k], OR);
        comma = ", ";
    }
    put(writer, ")");
}

/// Recursion ends: a program nests no deeper than its text did, and that was bounded.
static void write_step(Writer *writer, int end)
{
    const ParaExprOp *op = &writer->program->ops[end];
    char number[PARA_NUMBER_SIZE];
    int tight = tightness(op);
    switch (op->code) {
    case PARA_OP_NUMBER:
        put(writer, para_text_double(op->number, number));
        return;
    case PARA_OP_TIME:
        put(writer, "time");
        return;
    case PARA_OP_VARIABLE:
        put(writer, writer->variables[op->index]);
        return;
    case PARA_OP_SENSE:
    case PARA_OP_SENSE_1:
    case PARA_OP_SENSE_3:
        write_sense(writer, end);
        return;
    case PARA_OP_NEGATE:
    case PARA_OP_NOT:
        put(writer, op->code == PARA_OP_NOT ? "not " : "-");
        write_part(writer, end - 1, tight);
        return;
    default:
        break;
    }
    if (tight == PRIMARY) {
        write_call(writer, end);
        return;
    }
    // Operators of one tightness go from left to right, but a power, and of comparisons there is one.
    bool power = op->code == PARA_OP_POWER, compare = tight == COMPARE;
    write_part(writer, writer->start[end - 1] - 1, power ? PRIMARY : tight + compare);
    put(writer, sign_of(op->code));
    write_part(writer, end - 1, power ? SIGN : tight + 1);
}

static void write_text(Writer *writer)
{
    const Folded *program = writer->program;
    for (int k = 0; k < program->count; k++) {
        writer->start[k] = k;
        for (int taken = para_expr_op_takes(&program->ops[k]), at = k - 1; taken > 0; taken--) {
            writer->start[k] = writer->start[at];
            at = writer->start[at] - 1;
        }
    }
    write_step(writer, program->count - 1);
}

// ---------------------------------------------------------------------------------------------

static bool same_program(const Folded *a, const Folded *b)
{
    for (int k = 0; k < a->count && a->count == b->count; k++)
        if (a->ops[k].code != b->ops[k].code || a->ops[k].index != b->ops[k].index ||
            memcmp(&a->ops[k].number, &b->ops[k].number, sizeof a->ops[k].number) != 0)
            return false;
    return a->count == b->count;
}

static bool same_name(const char *name, const char *text, int size)
{
    return name ? text && (int)strlen(name) == size && memcmp(name, text, (size_t)size) == 0 : !text;
}

static bool same_senses(const ParaExprSense *senses, const ParaExprBuilder *builder)
{
    for (int s = 0; s < builder->sense_count; s++)
        for (int k = 0; k < 2; k++)
            if (senses[s].kind != builder->senses[s].kind ||
                !same_name(senses[s].things[k].name, builder->senses[s].names[k],
                           builder->senses[s].sizes[k]))
                return false;
    return true;
}

/// Whether the text reads as the program. Numbers may be longer than the names they stand for.
static bool reads_back(const Writer *writer, const char *const *variables, int variable_count)
{
    ParaExprScope scope = {.variables = variables, .variable_count = variable_count, .changes = true};
    ParaExprBuilder builder;
    ParaExprInput nothing = {0};
    Folded again;
    para_expr_begin(&builder, &scope);
    if (writer->full || !para_expr_add_text(&builder, writer->text))
        return false;
    ParaExpr expr = {.ops = builder.ops, .count = builder.count};
    return fold(&expr, &nothing, &again) && same_program(writer->program, &again) &&
           same_senses(writer->senses, &builder);
}

/// One allocation for head, steps, questions and text. Of a bound thing the text has the name.
static ParaExpr *keep(const ParaExprOp *ops, int count, const ParaExprSense *senses, int sense_count,
                      const char *text, ParaArena *arena)
{
    size_t steps = sizeof *ops * (size_t)count, asked = sizeof *senses * (size_t)sense_count;
    size_t length = strlen(text) + 1;
    ParaExpr *expr = para_arena_alloc(arena, sizeof *expr + steps + asked + length);
    ParaExprOp *own = (ParaExprOp *)(expr + 1);
    ParaExprSense *own_senses = (ParaExprSense *)(void *)(own + count);
    char *own_text = (char *)(own_senses + sense_count);
    memcpy(own, ops, steps);
    memcpy(own_text, text, length);
    for (int s = 0; s < sense_count; s++) {
        own_senses[s] = senses[s];
        own_senses[s].things[0].name = own_senses[s].things[1].name = NULL;
    }
    *expr = (ParaExpr){
        .ops = own, .senses = own_senses, .sense_count = sense_count, .count = count, .text = own_text};
    for (int k = 0; k < count; k++)
        expr->changes |= ops[k].code >= PARA_OP_TIME;
    return expr;
}

const ParaExpr *para_expr_bind(const ParaExpr *expr, const ParaExprInput *input, const char *const *variables,
                               int variable_count, const ParaExprSense *senses, ParaArena *arena,
                               char *out_error)
{
    Folded program;
    Writer writer = {.program = &program, .variables = variables, .senses = senses};
    if (!fold(expr, input, &program)) {
        snprintf(out_error, PARA_EXPR_ERROR_SIZE, "a part of it has no finite value");
        return NULL;
    }
    write_text(&writer);
    if (!reads_back(&writer, variables, variable_count)) {
        snprintf(
            out_error, PARA_EXPR_ERROR_SIZE,
            "with its numbers put in it is longer than %d characters or nested too deeply; use variables",
            PARA_EXPR_TEXT_MAX);
        return NULL;
    }
    return keep(program.ops, program.count, senses, expr->sense_count, writer.text, arena);
}

const ParaExpr *para_expr_copy(const ParaExpr *expr, ParaArena *arena)
{
    PARA_ASSERT(expr->text); // bound: what is not is shared with its template
    return keep(expr->ops, expr->count, expr->senses, expr->sense_count, expr->text, arena);
}

bool para_expr_reads_time(const ParaExpr *expr)
{
    for (int k = 0; k < expr->count; k++)
        if (expr->ops[k].code == PARA_OP_TIME)
            return true;
    return false;
}

bool para_expr_reads_param(const ParaExpr *expr, int param)
{
    for (int k = 0; k < expr->count; k++)
        if (expr->ops[k].code == PARA_OP_PARAM && expr->ops[k].index == param)
            return true;
    return false;
}

bool para_expr_reads_variable(const ParaExpr *expr, int variable)
{
    for (int k = 0; k < expr->count; k++)
        if (expr->ops[k].code == PARA_OP_VARIABLE && expr->ops[k].index == variable)
            return true;
    return false;
}
