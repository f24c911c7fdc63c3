// SPDX-License-Identifier: MIT
#pragma once
// Expressions: numbers in a template that depend on parameters, `let` names, the copy index or chance.
// Compiled once at load into a short program for a stack machine; run often by the sampler. Those of fields
// that may change in play also use time, variables and the state of the world (expr_sense.c): the sampler
// binds them to its level (expr_bind.c), and the rules run them. Private to worlds. Grammar, lowest binding
// first:
//   or | and | not | < <= > >= == != | + - | * / % | unary - | ^ (to the right) | call, name, number, ( )
#include "engine/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARA_EXPR_TEXT_MAX   512 ///< [byte] of one expression
#define PARA_EXPR_OPS_MAX    192 ///< steps of one program
#define PARA_EXPR_STACK_MAX  40  ///< values held at once
#define PARA_EXPR_DEPTH_MAX  24  ///< nested parentheses, calls and signs
#define PARA_EXPR_SENSES_MAX 32  ///< questions to the world in one program
#define PARA_EXPR_ERROR_SIZE 200 ///< [byte] of why something failed

/// One step of a program; `number` for constants, `index` for names and argument counts.
typedef struct ParaExprOp {
    uint16_t code;  ///< [id] of the step, see expr_ops.h
    uint16_t index; ///< [1] 0..65535 which name, or how many arguments
    double number;  ///< [1] any finite; of a constant
} ParaExprOp;

/// What a program may ask of the world in play; the table of expr_sense.c says what each is.
typedef enum {
    PARA_SENSE_X,
    PARA_SENSE_Y,
    PARA_SENSE_CENTRE_X,
    PARA_SENSE_CENTRE_Y,
    PARA_SENSE_VX,
    PARA_SENSE_VY,
    PARA_SENSE_SPEED,
    PARA_SENSE_ANGLE,
    PARA_SENSE_SPIN,
    PARA_SENSE_JOINT_ANGLE,
    PARA_SENSE_JOINT_SPEED,
    PARA_SENSE_JOINT_LOAD,
    PARA_SENSE_TOUCHING,
    PARA_SENSE_INSIDE,
    PARA_SENSE_DISTANCE,
    PARA_SENSE_IMPULSE,
    PARA_SENSE_ACTION,
    PARA_SENSE_RAY
} ParaSense;

/// A thing of the level that is asked about: a body, joint or zone, or copies of one.
typedef struct ParaExprThing {
    const char *name; ///< of one that is not bound: as written; NULL: there is none
    int32_t first;    ///< [1] >= 0 of one that is bound: its index, or that of the first copy
    int32_t count;    ///< [1] >= 1 of one that is bound; 0: there is none
    bool zone;        ///< it is a zone
    bool player;      ///< it stands for all parts of the player
} ParaExprThing;

/// One question of a program.
typedef struct ParaExprSense {
    ParaSense kind;
    ParaExprThing things[2];
} ParaExprSense;

typedef struct ParaExpr {
    const ParaExprOp *ops;       ///< [count]
    const ParaExprSense *senses; ///< [sense_count] in the order of the text; NULL: none
    int sense_count;             ///< [1] 0..PARA_EXPR_SENSES_MAX
    int count;                   ///< [1] 1..PARA_EXPR_OPS_MAX
    bool varies;      ///< reads a parameter or let, or draws: differs between members of the family
    bool copies;      ///< reads i, n or copy
    bool changes;     ///< reads time, a variable or the world: has another value in each step
    bool ground;      ///< asks for the ground
    const char *text; ///< of one that is bound: reads as the same program; else NULL
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
    bool changes;                 ///< time, variables and the world are known: a number of the level in play
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
    struct {
        ParaSense kind;
        const char *names[2]; ///< where each begins in the text; NULL: there is none
        int sizes[2];         ///< [byte] of each
    } senses[PARA_EXPR_SENSES_MAX];
    int sense_count; ///< [1] 0..PARA_EXPR_SENSES_MAX so far
    bool varies, copies, changes, ground, failed;
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
    /// Answers a question of a bound program.  @param values in, what stands behind its things
    double (*sense)(const void *world, const ParaExprSense *sense, const double *values);
    const void *world; ///< passed on to it
    /// The top of the ground within reach of x [m], NaN where there is none; NULL: nobody knows.
    double (*ground)(void *context, double x, double reach);
    void *context; ///< passed on to it
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
/// @param senses in, [sense_count] its questions bound to the level's things, each with the level's name for
/// it
/// @param out_error out, [PARA_EXPR_ERROR_SIZE] why there is none
/// @return NULL if a part has no finite value, or if the numbers make the text longer or deeper than may be
const ParaExpr *para_expr_bind(const ParaExpr *expr, const ParaExprInput *input, const char *const *variables,
                               int variable_count, const ParaExprSense *senses, ParaArena *arena,
                               char *out_error);
/// A copy of a bound program that lives as long as the arena.
const ParaExpr *para_expr_copy(const ParaExpr *expr, ParaArena *arena);
/// Whether a program reads time, the world, or the variable of an index.
bool para_expr_reads_time(const ParaExpr *expr);
static inline bool para_expr_reads_world(const ParaExpr *expr) { return expr->sense_count > 0; }
bool para_expr_reads_variable(const ParaExpr *expr, int variable);
/// Whether a program that is not bound reads the parameter of an index.
bool para_expr_reads_param(const ParaExpr *expr, int param);

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

/// Name spaces of the things a question may be about, as bits; the same as those of references.
enum { PARA_EXPR_BODY = 1, PARA_EXPR_JOINT = 2, PARA_EXPR_ZONE = 4 };

/// One question to the world in play, also for the reference page.
typedef struct ParaExprSenseRow {
    const char *name, *usage, *help;
    int spaces[2];  ///< [bits] of each thing it is about; 0: there is none
    int things_min; ///< [1] 0..2 things that must be named
    bool copies[2]; ///< several may be meant, by the name of a repeated thing or a run
    int values;     ///< [1] 0, 1 or 3 numbers behind them
} ParaExprSenseRow;
/// All of them, by their ParaSense.
const ParaExprSenseRow *para_expr_senses(int *out_count);
/// @return its ParaSense, -1: there is none of that name
int para_expr_find_sense(const char *name);
