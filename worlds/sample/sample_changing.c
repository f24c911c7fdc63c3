// SPDX-License-Identifier: MIT
// Sampling of numbers that change in play: bound to the level as programs, with what they ask the world
// about.
#include "worlds/sample/sample.h"

#include <string.h>

static bool is_body(const ParaSampler *sampler, const char *name)
{
    for (int b = 0; b < sampler->bodies.count; b++)
        if (strcmp(sampler->bodies.name[b], name) == 0)
            return true;
    return false;
}

/// "player", or of several "player2": what is bound to one stays with it, wherever it is written.
static const char *player_name(const ParaSampler *sampler, int body)
{
    const ParaLevel *level = sampler->level;
    return level->player_count > 1
               ? para_arena_printf(sampler->arena, "player%d", para_level_owner(level, body) + 1)
               : "player";
}

/// What a question is about, in this member.  @return false: it is none, which is told
static bool bind_thing(ParaSampler *sampler, const ParaRef *ref, bool copies, bool parts, ParaExprThing *out)
{
    ParaFound found = para_sample_find(sampler, ref);
    if (!found.space)
        return false;
    if (!copies || found.count == 0) {
        int space = 0, first = para_sample_one(sampler, ref, &space); // tells what is wrong
        if (first < 0)
            return false;
        found = (ParaFound){.space = space, .first = first, .count = 1, .player = found.player};
    }
    const ParaCopies *names = found.space == PARA_SPACE_BODY    ? &sampler->bodies
                              : found.space == PARA_SPACE_JOINT ? &sampler->joints
                                                                : &sampler->zones;
    const char *first = names->name[found.first], *last = names->name[found.first + found.count - 1];
    bool also_body = found.space == PARA_SPACE_JOINT && is_body(sampler, first);
    if (also_body)
        para_sample_problem(sampler, PARA_CODE_DUPLICATE_NAME, ref->path, NULL,
                            "\"%s\" is a body too; a joint that is asked about needs a name of its own",
                            first);
    *out =
        (ParaExprThing){.name = found.player      ? player_name(sampler, found.first)
                                : found.count > 1 ? para_arena_printf(sampler->arena, "%s..%s", first, last)
                                                  : first,
                        .first = found.first,
                        .count = found.count,
                        .zone = found.space == PARA_SPACE_ZONE,
                        .player = found.player && parts};
    return !also_body;
}

static bool bind_senses(ParaSampler *sampler, const ParaNumber *number, ParaExprSense *out)
{
    int row_count;
    const ParaExprSenseRow *rows = para_expr_senses(&row_count);
    for (int s = 0; s < number->expr->sense_count; s++) {
        const ParaExprSenseRow *row = &rows[number->expr->senses[s].kind];
        out[s] = (ParaExprSense){.kind = number->expr->senses[s].kind};
        if (out[s].kind == PARA_SENSE_ACTION && sampler->level->player_count > 1) {
            para_sample_problem(
                sampler, PARA_CODE_AMBIGUOUS, number->path, NULL,
                "\"action\" asks the one player of a level, and this one has %d; ask for what "
                "the action moves",
                sampler->level->player_count);
            return false;
        }
        for (int k = 0; k < 2; k++) {
            const ParaRef *ref = &number->things[2 * s + k];
            if (ref->text && !bind_thing(sampler, ref, row->copies[k], out[s].kind == PARA_SENSE_TOUCHING,
                                         &out[s].things[k]))
                return false;
        }
    }
    return true;
}

void para_sample_changing(ParaSampler *sampler, const ParaObject *object, const ParaField *field,
                          const ParaNumber *number, ParaChanging *out)
{
    char why[PARA_EXPR_ERROR_SIZE];
    ParaField own = para_field_with(field, object->head);
    out->given = true;
    if (!number->expr || !number->expr->changes) {
        out->number = para_sample_number(sampler, number, &own, object->path) + 0.0;
        return;
    }
    ParaExprSense senses[PARA_EXPR_SENSES_MAX];
    if (!bind_senses(sampler, number, senses))
        return;
    sampler->input.stream = para_seed_mix(para_seed_mix(sampler->chance, number->stream), sampler->draw);
    out->program = para_expr_bind(number->expr, &sampler->input, sampler->t->variable_names,
                                  sampler->t->variable_count, senses, sampler->arena, why);
    if (!out->program)
        para_sample_problem(sampler, PARA_CODE_EXPRESSION, number->path, NULL, "%s", why);
}
