// SPDX-License-Identifier: MIT
#pragma once
// Steps of the programs that expr.c writes, expr_run.c runs and expr_bind.c binds. Private to worlds/expr.
#include "engine/base/rng.h"
#include "worlds/expr/expr.h"

enum {
    PARA_OP_NUMBER,
    PARA_OP_PARAM,
    PARA_OP_LET,
    PARA_OP_I,
    PARA_OP_N,
    PARA_OP_COPY,
    PARA_OP_ADD,
    PARA_OP_SUBTRACT,
    PARA_OP_MULTIPLY,
    PARA_OP_DIVIDE,
    PARA_OP_MODULO,
    PARA_OP_POWER,
    PARA_OP_NEGATE,
    PARA_OP_NOT,
    PARA_OP_AND,
    PARA_OP_OR,
    PARA_OP_LESS,
    PARA_OP_LESS_EQUAL,
    PARA_OP_MORE,
    PARA_OP_MORE_EQUAL,
    PARA_OP_EQUAL,
    PARA_OP_UNEQUAL,
    PARA_OP_SIN,
    PARA_OP_COS,
    PARA_OP_ABS,
    PARA_OP_SQRT,
    PARA_OP_FLOOR,
    PARA_OP_CEIL,
    PARA_OP_ROUND,
    PARA_OP_MIN,
    PARA_OP_MAX,
    PARA_OP_CLAMP,
    PARA_OP_LERP,
    PARA_OP_IF,
    PARA_OP_NOISE,
    PARA_OP_UNIFORM,
    PARA_OP_INT,
    PARA_OP_PICK,
    PARA_OP_NORMAL,
    PARA_OP_LOG_UNIFORM,
    PARA_OP_CHOICE,
    PARA_OP_GROUND,
    PARA_OP_TIME,
    PARA_OP_VARIABLE,
    // Questions to the world, `index` which of the program's, by how many values they take; nothing behind
    // them.
    PARA_OP_SENSE,
    PARA_OP_SENSE_1,
    PARA_OP_SENSE_3
};

/// The draws of one run of a program: one stream, in the order of its steps.
typedef struct ParaExprChance {
    ParaRng rng;
    bool seeded;
    bool empty; ///< there was nothing to draw from
} ParaExprChance;

/// How many values a step takes from the stack; it leaves one.
int para_expr_op_takes(const ParaExprOp *op);
/// What a step makes of them.  @param values in, [para_expr_op_takes]
double para_expr_op_value(const ParaExprOp *op, const double *values, const ParaExprInput *input,
                          ParaExprChance *chance);
