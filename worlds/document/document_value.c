// SPDX-License-Identifier: MIT
// What an expression of a document comes to, for the values of parameters that are on the canvas.
#include "worlds/document/document_fields.h"

#include "engine/base/arena.h"
#include "worlds/expr/expr.h"

#include <stdio.h>

#define LETS_MAX 64

/// Names and values that an expression may use.
typedef struct Known {
    ParaExprScope scope;
    const char *lets[LETS_MAX]; ///< [scope.let_count]
    double values[LETS_MAX];
    const double *params; ///< [scope.param_count]
    ParaArena *arena;
} Known;

static bool run(const Known *known, const char *text, double *out)
{
    ParaExprBuilder builder;
    para_expr_begin(&builder, &known->scope);
    para_expr_add_text(&builder, text);
    const ParaExpr *expr = para_expr_end(&builder, known->arena);
    ParaExprInput input = {.params = known->params, .lets = known->values, .n = 1};
    return expr && !expr->ground && para_expr_run(expr, &input, out) == PARA_EXPR_FINE;
}

/// The `let`s in their order, up to the first that has no value without a level: a draw, say.
static void read_lets(const ParaDocument *d, Known *known)
{
    char key[64], path[80], text[PARA_EXPR_TEXT_MAX];
    for (int k = 0; k < LETS_MAX && para_document_key(d, "/let", k, key, sizeof key); k++) {
        snprintf(path, sizeof path, "/let/%s", key);
        if (!para_document_read(d, path, text, sizeof text) || !run(known, text, &known->values[k]))
            return;
        known->lets[k] = para_arena_strdup(known->arena, key);
        known->scope.let_count = k + 1;
    }
}

bool para_document_value(const ParaDocument *d, const char *text, const char *const *params,
                         const double *values, int count, double *out)
{
    ParaArena *arena = para_arena_create((size_t)1 << 14, (size_t)1 << 22);
    Known known = {.scope = {.params = params, .param_count = count}, .params = values, .arena = arena};
    if (!arena)
        return false;
    known.scope.lets = known.lets;
    read_lets(d, &known);
    bool done = run(&known, text, out);
    para_arena_destroy(arena);
    return done;
}
