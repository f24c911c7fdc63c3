// SPDX-License-Identifier: MIT
// Sampling of variables and events: what happens when, while a level runs. An act on things that this member
// lacks does nothing and is left out.
#include "worlds/sample/sample.h"

#include "engine/base/assert.h"

#include <stdio.h>

// ---------------------------------------------------------------------------------------------
// What an act is done to.

static void wrong_target(ParaSampler *sampler, const ParaObject *object, const char *name, const char *what)
{
    para_sample_problem(sampler, PARA_CODE_ACT_TARGET, object->path, object->head->name, "\"%s\" %s", name,
                        what);
}

static bool is_player(const ParaLevel *level, int body) { return para_level_owner(level, body) >= 0; }

/// Why an act cannot be done to a body; NULL: it can.
static const char *body_problem(const ParaLevel *level, ParaActKind kind, int body)
{
    ParaBodyKind is = level->world.bodies[body].kind;
    bool moves = para_level_moves(level, body);
    switch (kind) {
    case PARA_ACT_START:
    case PARA_ACT_STOP:
    case PARA_ACT_REVERSE:
        return moves ? NULL : "has no \"moves\" and no \"path\"";
    case PARA_ACT_ENABLE:
    case PARA_ACT_DISABLE:
    case PARA_ACT_REMOVE:
        return is_player(level, body) ? "is part of the player, which stays in the world" : NULL;
    case PARA_ACT_SPAWN:
        return para_level_is_spare(level, body) ? NULL : "is not \"spare\"";
    case PARA_ACT_TELEPORT:
        return moves                     ? "moves by itself, and is where its clock has it"
               : is == PARA_BODY_DYNAMIC ? NULL
               : is == PARA_BODY_STATIC  ? "is static; make it kinematic"
                                         : NULL;
    case PARA_ACT_PUSH:
        return is == PARA_BODY_DYNAMIC ? NULL : "cannot be pushed, as it is static or kinematic";
    default:
        return NULL;
    }
}

static const char *zone_problem(const ParaLevel *level, ParaActKind kind, int zone)
{
    if (kind == PARA_ACT_LEVEL && !(level->world.zones[zone].fluid_density > 0))
        return "has no \"fluid\"";
    if (kind == PARA_ACT_FORCE && para_level_force_changes(level, zone))
        return "has a \"force\" that changes by itself; use a variable in it";
    return NULL;
}

static const char *joint_problem(const ParaLevel *level, ParaActKind kind, int joint)
{
    bool motor = level->joint_motors && level->joint_motors[joint].torque > 0;
    if (kind == PARA_ACT_RATE && !motor)
        return "has no \"motor\" of its own";
    return NULL;
}

/// @return false: there is none in this member, or it cannot be done to it, which is told
static bool bind_target(ParaSampler *sampler, const ParaObject *object, const ParaRef *ref, ParaAct *act)
{
    const ParaLevel *level = sampler->level;
    ParaFound found = para_sample_find(sampler, ref);
    if (found.count == 0)
        return false;
    act->count = found.count;
    *(found.space == PARA_SPACE_BODY    ? &act->body
      : found.space == PARA_SPACE_JOINT ? &act->joint
                                        : &act->zone) = found.first;
    for (int k = found.first; k < found.first + found.count; k++) {
        const char *why = found.space == PARA_SPACE_BODY    ? body_problem(level, act->kind, k)
                          : found.space == PARA_SPACE_JOINT ? joint_problem(level, act->kind, k)
                                                            : zone_problem(level, act->kind, k);
        if (!why)
            continue;
        wrong_target(sampler, object, ref->text, why);
        return false;
    }
    if (act->kind == PARA_ACT_TELEPORT && act->count > 1)
        para_sample_one(sampler, ref, NULL); // tells that one is meant
    return true;
}

/// The centre of a body or zone, where a place is given by name.
static bool bind_place(ParaSampler *sampler, const ParaObject *object, ParaAct *act)
{
    static const ParaFieldId places[] = {PARA_FIELD_ACT_to, PARA_FIELD_ACT_at, PARA_FIELD_ACT_explode};
    for (int k = 0; k < 3; k++) {
        const ParaValue *value = para_value(object, places[k]);
        if (!value->present || !value->refs)
            continue;
        int space = 0, index = para_sample_one(sampler, value->refs, &space);
        if (index < 0)
            return false;
        *(space == PARA_SPACE_BODY ? &act->at_body : &act->at_zone) = index;
    }
    return true;
}

/// @return false: it is left out
static bool bind_act(ParaSampler *sampler, const ParaObject *object, ParaAct *out)
{
    const ParaValue *head = para_value(object, object->head_id);
    ParaBound bound;
    ParaAct *act = &bound.act.act;
    para_bound_default(PARA_KIND_ACT, &bound);
    para_sample_bind(sampler, object, &bound);
    act->kind = (ParaActKind)object->head->choice;
    if (object->head->type == PARA_TYPE_REF && !bind_target(sampler, object, head->refs, act))
        return false;
    if (object->head->type == PARA_TYPE_VARIABLE)
        act->variable = head->count;
    if (object->head->type == PARA_TYPE_TEXT)
        act->text = head->text;
    if (!bind_place(sampler, object, act))
        return false;
    *out = *act;
    return true;
}

// ---------------------------------------------------------------------------------------------
// Events.

/// Is there an `every` below a predicate? Then an event happens each time.
static bool has_every(const ParaLevel *level, int root)
{
    const ParaGoalNode *node = &level->goals[root];
    if (!para_goal_is_tree(node->kind))
        return node->kind == PARA_GOAL_EVERY;
    for (int k = 0; k < node->child_count; k++)
        if (has_every(level, node->child_first + k))
            return true;
    return false;
}

static void bind_event(ParaSampler *sampler, const ParaObject *object, void *context)
{
    (void)context;
    ParaLevel *level = sampler->level;
    const ParaValue *acts = para_value(object, PARA_FIELD_EVENT_do);
    ParaBound bound;
    if (level->event_count == PARA_EVENTS_MAX) {
        para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, object->path, NULL,
                            "with all copies there are more than %d events", PARA_EVENTS_MAX);
        return;
    }
    ParaLevelEvent *event = &level->events[level->event_count++];
    para_bound_default(PARA_KIND_EVENT, &bound);
    para_sample_bind(sampler, object, &bound);
    event->root = para_sample_predicate(sampler, para_value(object, PARA_FIELD_EVENT_when)->objects);
    if (event->root < 0)
        return;
    event->again = para_value(object, PARA_FIELD_EVENT_again)->present ? bound.event.again
                                                                       : has_every(level, event->root);
    event->act_first = level->act_count;
    for (int k = 0; k < acts->count; k++) {
        if (level->act_count == PARA_ACTS_MAX) {
            para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, object->path, "do",
                                "all events together do more than %d things", PARA_ACTS_MAX);
            return;
        }
        if (bind_act(sampler, &acts->objects[k], &level->acts[level->act_count]))
            level->act_count++;
    }
    event->act_count = level->act_count - event->act_first;
}

void para_sample_each_event(ParaSampler *sampler,
                            void (*what)(ParaSampler *sampler, const ParaObject *object, void *context),
                            void *context)
{
    const ParaValue *events = para_value(&sampler->t->root, PARA_FIELD_TEMPLATE_events);
    for (int k = 0; events->present && k < events->count; k++)
        para_sample_each_copy(sampler, &events->objects[k], PARA_FIELD_EVENT_repeat, PARA_FIELD_EVENT_if,
                              what, context);
}

static void bind_variables(ParaSampler *sampler)
{
    static const ParaField any = {.unit = "", .low = -PARA_VARIABLE_MOST, .high = PARA_VARIABLE_MOST};
    const ParaTemplate *t = sampler->t;
    ParaLevel *level = sampler->level;
    level->variable_count = t->variable_count;
    level->variables = PARA_NEW(sampler->arena, ParaVariable, t->variable_count);
    for (int v = 0; v < t->variable_count; v++) {
        snprintf(level->variables[v].name, sizeof level->variables[v].name, "%s", t->variable_names[v]);
        level->variables[v].start = para_sample_number(sampler, &t->variables[v], &any, "/variables") + 0.0;
    }
}

void para_sample_events(ParaSampler *sampler)
{
    ParaLevel *level = sampler->level;
    const ParaValue *events = para_value(&sampler->t->root, PARA_FIELD_TEMPLATE_events);
    if (sampler->t->variable_count > 0)
        bind_variables(sampler);
    if (!events->present || events->count == 0)
        return;
    level->events = PARA_NEW(sampler->arena, ParaLevelEvent, PARA_EVENTS_MAX);
    level->acts = PARA_NEW(sampler->arena, ParaAct, PARA_ACTS_MAX);
    para_sample_each_event(sampler, bind_event, NULL);
}
