// SPDX-License-Identifier: MIT
// Sampling of a level's own lists: what it shows its player, and the choices it offers.
#include "worlds/sample/sample.h"

#include <stdio.h>

static void name_it(char out[PARA_NAME_MAX], const ParaValue *name, int copy, int total)
{
    if (name->present && total > 1)
        snprintf(out, PARA_NAME_MAX, "%.55s%d", name->text, copy % 1000 + 1);
    else
        snprintf(out, PARA_NAME_MAX, "%s", name->present ? name->text : "");
}

/// @return false: there is no room, which is told
static bool bind_observe(ParaSampler *sampler, const ParaObject *object)
{
    ParaLevel *level = sampler->level;
    const ParaValue *repeat = para_value(object, PARA_FIELD_OBSERVE_repeat);
    int total = repeat->present ? (int)repeat->numbers->constant : 1;
    for (int copy = 0; copy < total; copy++) {
        if (level->observe_count == PARA_OBSERVES_MAX) {
            para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, object->path, NULL,
                                "with all copies there are more than %d numbers to observe",
                                PARA_OBSERVES_MAX);
            return false;
        }
        ParaObserve *observe = &level->observes[level->observe_count++];
        ParaBound bound;
        para_bound_default(PARA_KIND_OBSERVE, &bound);
        para_sample_copy(sampler, copy, total);
        para_sample_bind(sampler, object, &bound);
        observe->value = bound.observe.value;
        observe->scale = bound.observe.scale;
        name_it(observe->name, para_value(object, PARA_FIELD_OBSERVE_name), copy, total);
    }
    para_sample_copy(sampler, 0, 1);
    return true;
}

static void bind_move(ParaSampler *sampler, const ParaObject *object, ParaMove *out)
{
    ParaBound bound;
    para_bound_default(PARA_KIND_MOVE, &bound);
    para_sample_bind(sampler, object, &bound);
    *out = bound.move.move;
    name_it(out->name, para_value(object, PARA_FIELD_MOVE_name), 0, 1);
    for (int c = 0; c < PARA_CHANNELS; c++)
        if (out->action[c] != 0 && !(sampler->level->players[0].channel_bits >> c & 1))
            para_sample_note(sampler, PARA_CODE_UNBOUND_KEYS, object->path, (char[]){(char)('0' + c), 0},
                             "no actuator uses channel %d", c);
}

void para_sample_lists(ParaSampler *sampler)
{
    ParaLevel *level = sampler->level;
    const ParaValue *observes = para_value(&sampler->t->root, PARA_FIELD_TEMPLATE_observe);
    const ParaSeat *first = &sampler->seats[0];
    const ParaValue *moves = para_value(first->object, PARA_FIELD_PLAYER_moves);
    if (observes->count > 0)
        level->observes = PARA_NEW(sampler->arena, ParaObserve, PARA_OBSERVES_MAX);
    for (int k = 0; k < observes->count; k++)
        if (!bind_observe(sampler, &observes->objects[k]))
            return;
    if (moves->count > 0)
        level->moves = PARA_NEW(sampler->arena, ParaMove, moves->count);
    level->move_count = moves->count;
    para_sample_enter_turn(sampler, first->turn);
    for (int k = 0; k < moves->count; k++)
        bind_move(sampler, &moves->objects[k], &level->moves[k]);
    para_sample_leave(sampler);
}
