// SPDX-License-Identifier: MIT
// The stack machine that runs the programs of expr.c.
#include "worlds/expr/expr.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/rng.h"
#include "worlds/expr/expr_ops.h"

#include <math.h>

#define NORMAL_MOST 4.0 // [sd] a normal draw goes no further from its mean: fields have ranges

double para_expr_noise(uint64_t seed, double x, double k)
{
    // Beyond this the whole part no longer fits the lattice numbers exactly.
    if (!(x > -1e9 && x < 1e9 && k > -1e9 && k < 1e9))
        return (double)NAN;
    double whole = floor(x), t = x - whole;
    uint64_t curve = para_seed_mix(seed, (uint64_t)(int64_t)floor(k));
    uint64_t left = para_seed_mix(curve, (uint64_t)(int64_t)whole);
    uint64_t right = para_seed_mix(curve, (uint64_t)((int64_t)whole + 1));
    double a = (double)(left >> 11) * 0x1p-52 - 1.0, b = (double)(right >> 11) * 0x1p-52 - 1.0;
    return a + (b - a) * (t * t * (3.0 - 2.0 * t));
}

// One of the values of [value, weight, ...] by its share; the last with a weight takes what rounding leaves.
static double choose(const double *values, int count, ParaRng *rng)
{
    double sum = 0, chosen = (double)NAN;
    for (int k = 0; k < count; k += 2) {
        if (!(values[k + 1] >= 0))
            return (double)NAN;
        sum += values[k + 1];
    }
    if (!(sum > 0 && isfinite(sum)))
        return (double)NAN;
    double left = para_rng_f64(rng) * sum;
    for (int k = 0; k < count && left >= 0; k += 2) {
        if (values[k + 1] > 0)
            chosen = values[k];
        left -= values[k + 1];
    }
    return chosen;
}

// A draw; NaN where there is nothing to draw from.
static double draw(const ParaExprOp *op, const double *values, ParaRng *rng)
{
    if (op->code == PARA_OP_PICK) // of one value perhaps: there may be no second
        return values[para_rng_int(rng, 0, op->index - 1)];
    double low = para_min(values[0], values[1]), high = para_max(values[0], values[1]);
    switch (op->code) {
    case PARA_OP_UNIFORM:
        return para_rng_range(rng, low, high);
    case PARA_OP_NORMAL:
        return values[1] >= 0
                   ? values[0] + values[1] * para_clamp(para_rng_normal(rng), -NORMAL_MOST, NORMAL_MOST)
                   : (double)NAN;
    case PARA_OP_LOG_UNIFORM:
        if (!(low > 0 && isfinite(high)))
            return (double)NAN;
        return para_clamp(para_exp(para_rng_range(rng, para_log(low), para_log(high))), low, high);
    case PARA_OP_CHOICE:
        return choose(values, op->index, rng);
    default:
        low = ceil(low), high = floor(high);
        return low >= -1e15 && high <= 1e15 && low <= high
                   ? (double)para_rng_int(rng, (int64_t)low, (int64_t)high)
                   : (double)NAN;
    }
}

static double call(const ParaExprOp *op, const double *v, const ParaExprInput *input)
{
    double result = v[0];
    switch (op->code) {
    case PARA_OP_SIN:
        return para_sin(v[0]);
    case PARA_OP_COS:
        return para_cos(v[0]);
    case PARA_OP_ABS:
        return fabs(v[0]);
    case PARA_OP_SQRT:
        return para_sqrt(v[0]);
    case PARA_OP_FLOOR:
        return floor(v[0]);
    case PARA_OP_CEIL:
        return ceil(v[0]);
    case PARA_OP_ROUND:
        return floor(v[0] + 0.5);
    case PARA_OP_MIN:
        for (int k = 1; k < op->index; k++)
            result = para_min(result, v[k]);
        return result;
    case PARA_OP_MAX:
        for (int k = 1; k < op->index; k++)
            result = para_max(result, v[k]);
        return result;
    case PARA_OP_CLAMP:
        return para_clamp(v[0], v[1], v[2]);
    case PARA_OP_LERP:
        return v[0] + (v[1] - v[0]) * v[2];
    case PARA_OP_IF:
        return v[0] != 0 ? v[1] : v[2];
    case PARA_OP_NOISE:
        return para_expr_noise(input->seed, v[0], op->index > 1 ? v[1] : 0);
    case PARA_OP_GROUND:
        return input->ground ? input->ground(input->context, v[0], op->index > 1 ? fabs(v[1]) : 0)
                             : (double)NAN;
    default:
        PARA_NEVER("a step the compiler does not write");
    }
}

static double combine(int code, double a, double b)
{
    switch (code) {
    case PARA_OP_ADD:
        return a + b;
    case PARA_OP_SUBTRACT:
        return a - b;
    case PARA_OP_MULTIPLY:
        return a * b;
    case PARA_OP_DIVIDE:
        return a / b;
    case PARA_OP_MODULO:
        return a - b * floor(a / b);
    case PARA_OP_POWER:
        return para_pow(a, b);
    case PARA_OP_AND:
        return a != 0 && b != 0;
    case PARA_OP_OR:
        return a != 0 || b != 0;
    case PARA_OP_LESS:
        return a < b;
    case PARA_OP_LESS_EQUAL:
        return a <= b;
    case PARA_OP_MORE:
        return a > b;
    case PARA_OP_MORE_EQUAL:
        return a >= b;
    case PARA_OP_EQUAL:
        return a == b;
    default:
        return a != b;
    }
}

/// Of every step of every program: inlined here, told to expr_bind.c below.
static inline int takes(const ParaExprOp *op)
{
    switch (op->code) {
    case PARA_OP_NUMBER:
    case PARA_OP_PARAM:
    case PARA_OP_LET:
    case PARA_OP_I:
    case PARA_OP_N:
    case PARA_OP_COPY:
    case PARA_OP_TIME:
    case PARA_OP_VARIABLE:
    case PARA_OP_SENSE:
        return 0;
    case PARA_OP_NEGATE:
    case PARA_OP_NOT:
    case PARA_OP_SENSE_1:
        return 1;
    case PARA_OP_SENSE_3:
        return 3;
    default:
        return op->code >= PARA_OP_ADD && op->code <= PARA_OP_UNEQUAL ? 2 : op->index;
    }
}

static inline double value_of(const ParaExprOp *op, const double *values, const ParaExprInput *input,
                              ParaExprChance *chance)
{
    switch (op->code) {
    case PARA_OP_NUMBER:
        return op->number;
    case PARA_OP_PARAM:
        return input->params[op->index];
    case PARA_OP_LET:
        return input->lets[op->index];
    case PARA_OP_I:
        return input->i;
    case PARA_OP_N:
        return input->n;
    case PARA_OP_COPY:
        return input->copy;
    case PARA_OP_TIME:
        return input->time;
    case PARA_OP_VARIABLE:
        return input->variables[op->index];
    case PARA_OP_NEGATE:
        return -values[0];
    case PARA_OP_NOT:
        return values[0] == 0;
    case PARA_OP_UNIFORM:
    case PARA_OP_INT:
    case PARA_OP_PICK:
    case PARA_OP_NORMAL:
    case PARA_OP_LOG_UNIFORM:
    case PARA_OP_CHOICE: {
        if (!chance->seeded)
            chance->rng = para_rng_make(input->stream, "field");
        chance->seeded = true;
        double drawn = draw(op, values, &chance->rng);
        chance->empty |= isnan(drawn);
        return drawn;
    }
    default:
        if (op->code >= PARA_OP_ADD && op->code <= PARA_OP_UNEQUAL)
            return combine(op->code, values[0], values[1]);
        return call(op, values, input);
    }
}

int para_expr_op_takes(const ParaExprOp *op) { return takes(op); }

double para_expr_op_value(const ParaExprOp *op, const double *values, const ParaExprInput *input,
                          ParaExprChance *chance)
{
    return value_of(op, values, input, chance);
}

ParaExprStatus para_expr_run(const ParaExpr *expr, const ParaExprInput *input, double *out_value)
{
    double stack[PARA_EXPR_STACK_MAX + 1];
    int top = 0;
    bool divided = false;
    ParaExprChance chance = {.seeded = false};
    for (int step = 0; step < expr->count; step++) {
        const ParaExprOp *op = &expr->ops[step];
        PARA_ASSERT_HOT(top <= PARA_EXPR_STACK_MAX); // the compiler counted
        top -= takes(op);
        divided |= (op->code == PARA_OP_DIVIDE || op->code == PARA_OP_MODULO) && stack[top + 1] == 0;
        stack[top] = op->code >= PARA_OP_SENSE
                         ? input->sense(input->world, &expr->senses[op->index], &stack[top])
                         : value_of(op, &stack[top], input, &chance);
        top++;
    }
    PARA_ASSERT(top == 1); // one value is left
    *out_value = stack[0];
    if (isfinite(stack[0]))
        return PARA_EXPR_FINE;
    return divided ? PARA_EXPR_DIVISION : chance.empty ? PARA_EXPR_NO_DRAW : PARA_EXPR_NOT_FINITE;
}

const char *para_expr_status_words(ParaExprStatus status)
{
    switch (status) {
    case PARA_EXPR_DIVISION:
        return "divides by zero";
    case PARA_EXPR_NO_DRAW:
        return "draws from nothing: int needs a whole number between its two, normal a spread of 0 or more, "
               "log_uniform two numbers above 0, choice weights of 0 or more and one above 0";
    default:
        return "has no finite value";
    }
}
