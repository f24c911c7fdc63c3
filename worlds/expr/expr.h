// SPDX-License-Identifier: MIT
#pragma once
// Expressions: numbers in a template that depend on parameters, `let` names, the copy index or chance.
// Compiled once at load into a short program for a stack machine; run often by the sampler. Those of fields
// that may change in play also use time and variables: the sampler binds them to its level (expr_bind.c), and
// the rules run them. Private to worlds. Grammar, lowest binding first:
//   or | and | not | < <= > >= == != | + - | * / % | unary - | ^ (to the right) | call, name, number, ( )
#include "engine/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARA_EXPR_TEXT_MAX   512 ///< [byte] of one expression
#define PARA_EXPR_OPS_MAX    192 ///< steps of one program
#define PARA_EXPR_STACK_MAX  40  ///< values held at once
#define PARA_EXPR_DEPTH_MAX  24  ///< nested parentheses, calls and signs
#define PARA_EXPR_ERROR_SIZE 200 ///< [byte] of why something failed

/// One step of a program; `number` for constants, `index` for names and argument counts.
typedef struct ParaExprOp {
    uint16_t code;  ///< [id] of the step, see expr_ops.h
    uint16_t index; ///< [1] 0..65535 which name, or how many arguments
    double number;  ///< [1] any finite; of a constant
} ParaExprOp;

typedef struct ParaExpr {
    const ParaExprOp *ops; ///< [count]
    int count;             ///< [1] 1..PARA_EXPR_OPS_MAX
    bool varies;           ///< reads a parameter or let, or draws: differs between members of the family
    bool copies;           ///< reads i, n or copy
    bool changes;          ///< reads time or a variable: has another value in each step
    const char *text;      ///< of one that is bound: reads as the same program; else NULL
} ParaExpr;

/// The names an expression may use.
typedef struct ParaExprScope {
    const char *const *params; ///< [param_count]
    int param_count;           ///< [1] 0..PARA_PARAMS_MAX
    const char *const *lets;   ///< [let_count] only those above
    int let_count;             ///< [1] >= 0
    int let_first;             ///< [1] >= 0 which of all `let`s the first of these is
    const char *const *below;  ///< [below_count] `let`s that cannot be used here: this one and those below it
    int below_count;           ///< [1] >= 0
    const char *const *variables; ///< [variable_count] those an event may set
    int variable_count;           ///< [1] 0..PARA_VARIABLES_MAX
    bool changes;                 ///< time and variables are known: a number of the level in play
    bool copies;                  ///< i, n and copy are known: inside a repeat or a chain
    bool chance;                  ///< draws are allowed
} ParaExprScope;

/// Why a compilation failed, and where in the text.
typedef struct ParaExprError {
    bool unknown_name; ///< else the text is no expression
    int offset;        ///< [byte] >= 0 into the text
    char text[PARA_EXPR_ERROR_SIZE];
} ParaExprError;

/// A program being written: plain text, or {"uniform": [a, b]} piece by piece.
typedef struct ParaExprBuilder {
    const ParaExprScope *scope;
    ParaExprOp ops[PARA_EXPR_OPS_MAX];
    int count; ///< [1] 0..PARA_EXPR_OPS_MAX steps so far
    int stack; ///< [1] 0..PARA_EXPR_STACK_MAX values held after them
    bool varies, copies, changes, failed;
    ParaExprError error;
} ParaExprBuilder;

void para_expr_begin(ParaExprBuilder *builder, const ParaExprScope *scope);
bool para_expr_add_number(ParaExprBuilder *builder, double number);
bool para_expr_add_text(ParaExprBuilder *builder, const char *text);
/// Calls a function on the `count` values added last.
bool para_expr_add_call(ParaExprBuilder *builder, const char *function, int count);
/// @return NULL if a step failed; builder->error says why
const ParaExpr *para_expr_end(ParaExprBuilder *builder, ParaArena *arena);

/// What a program reads while it runs.
typedef struct ParaExprInput {
    const double *params;    ///< [1] any finite, each in its own unit  [param_count]
    const double *lets;      ///< [1] any finite  [let_count]
    double i, n;             ///< [1] >= 0 copy or point index from 0, and how many there are
    double copy;             ///< [1] >= 0 index of the repeat even inside a chain
    uint64_t seed;           ///< [seed] of the level: noise
    uint64_t stream;         ///< [id] of this field and copy: draws
    const double *variables; ///< [1] any finite  [variable_count]; of a bound program
    double time;             ///< [s] >= 0; of a bound program
} ParaExprInput;

typedef enum {
    PARA_EXPR_FINE,
    PARA_EXPR_DIVISION,   ///< divided by zero
    PARA_EXPR_NOT_FINITE, ///< too large, or a root or power without a value
    PARA_EXPR_NO_DRAW ///< a draw from nothing: no whole number between two, a spread or weight below 0, ...
} ParaExprStatus;

/// Why there is no value, in words that follow the place: "divides by zero".
const char *para_expr_status_words(ParaExprStatus status);

/// Runs a program. Deterministic: same input, same bits. Cost: about 5 ns per step; no heap.
ParaExprStatus para_expr_run(const ParaExpr *expr, const ParaExprInput *input, double *out_value);

/// Binds a program that `changes` to a level: everything but time and variables becomes a number, draws and
/// noise too. Its text reads as the same program, so that a saved level is the same.
/// @param variables in, their names, as its text has them
/// @param out_error out, [PARA_EXPR_ERROR_SIZE] why there is none
/// @return NULL if a part has no finite value, or if the numbers make the text longer or deeper than may be
const ParaExpr *para_expr_bind(const ParaExpr *expr, const ParaExprInput *input, const char *const *variables,
                               int variable_count, ParaArena *arena, char *out_error);
/// A copy of a bound program that lives as long as the arena.
const ParaExpr *para_expr_copy(const ParaExpr *expr, ParaArena *arena);
/// Whether a program reads time, or the variable of an index.
bool para_expr_reads_time(const ParaExpr *expr);
bool para_expr_reads_variable(const ParaExpr *expr, int variable);

/// Smooth value noise of the seed in [-1, 1]: cubic between random values at whole x; k picks an independent
/// one.
double para_expr_noise(uint64_t seed, double x, double k);

/// True for names an author may not give to parameters and lets.
bool para_expr_reserved(const char *name);

/// Draws as JSON objects: the name of the function, its values, and for one of them their weights.
#define PARA_DRAW_FORMS                                                                                      \
    "{\"uniform\": [a, b]}, {\"int\": [a, b]}, {\"pick\": [a, b, ...]}, {\"normal\": [mean, sd]}, "          \
    "{\"log_uniform\": [a, b]}, {\"choice\": [a, b, ...], \"weights\": [p, q, ...]}"
#define PARA_DRAW_WEIGHTS "weights"

/// Whether a function draws by chance, and whether each of its values has a weight.
typedef enum { PARA_EXPR_DRAWS_NOT, PARA_EXPR_DRAWS, PARA_EXPR_DRAWS_WEIGHTED } ParaExprDraw;

/// One function of the language, for the reference page.
typedef struct ParaExprFunction {
    const char *name, *usage, *help;
    int code;                 ///< [id] of its step, see expr_ops.h
    int count_min, count_max; ///< [1] >= 0 arguments it takes
    ParaExprDraw draw;        ///< by chance; then it may also be written as an object, see PARA_DRAW_FORMS
} ParaExprFunction;
const ParaExprFunction *para_expr_functions(int *out_count);
