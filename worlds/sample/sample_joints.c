// SPDX-License-Identifier: MIT
// Sampling of joints: what holds two bodies together.
#include "worlds/sample/sample.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define RATIO_MIN      1e-3f ///< [1], [m/rad]
#define SPRING_WAY_MIN 1e-3f ///< [m]

static ParaVec2 to_body(const ParaBodyDef *body, ParaPoint place)
{
    double s, c, x = place.x - (double)body->position.x, y = place.y - (double)body->position.y;
    para_sincos((double)body->angle, &s, &c);
    return (ParaVec2){(float)(c * x + s * y) + 0.0f, (float)(c * y - s * x) + 0.0f};
}

static ParaPoint place_of(ParaVec2 v) { return (ParaPoint){(double)v.x, (double)v.y}; }

bool para_sample_unit(ParaVec2 *v)
{
    double x = (double)v->x, y = (double)v->y, square = x * x + y * y;
    if (!(square > 1e-12))
        return false;
    if (square > 1 - 1e-6 && square < 1 + 1e-6)
        return true;
    double length = para_sqrt(square);
    *v = (ParaVec2){(float)(x / length), (float)(y / length)};
    return true;
}

// ---------------------------------------------------------------------------------------------
// Joints.

int para_sample_one(ParaSampler *sampler, const ParaRef *ref, int *out_space)
{
    ParaFound found = para_sample_find(sampler, ref);
    if (!found.space)
        return -1;
    if (found.count == 0) {
        para_sample_problem(sampler, PARA_CODE_ABSENT, ref->path, NULL,
                            "\"%s\" does not exist in this member", ref->text);
        return -1;
    }
    if (found.count > 1) {
        para_sample_problem(sampler, PARA_CODE_AMBIGUOUS, ref->path, NULL,
                            "\"%s\" has %d copies and one is meant; write \"%s1\" or count with \"%s{i+1}\"",
                            ref->text, found.count, ref->text, ref->text);
        return -1;
    }
    if (out_space)
        *out_space = found.space;
    return found.first;
}

static void bind_anchors(ParaSampler *sampler, const ParaObject *object, ParaBoundJoint *joint)
{
    const ParaBodyDef *a = &sampler->level->world.bodies[joint->def.a],
                      *b = &sampler->level->world.bodies[joint->def.b];
    bool has_a = para_value(object, PARA_FIELD_JOINT_anchor_a)->present;
    bool has_b = para_value(object, PARA_FIELD_JOINT_anchor_b)->present;
    ParaPoint place_a = place_of(a->position), place_b = place_of(b->position);
    if (!para_field_goes_with(para_field(PARA_FIELD_JOINT_at), object->head)) { // it has two ends
        if (para_value(object, PARA_FIELD_JOINT_at_a)->present)
            place_a = place_of(joint->at_a);
        if (para_value(object, PARA_FIELD_JOINT_at_b)->present)
            place_b = place_of(joint->at_b);
    } else {
        // One place for both: the given one, or that of the anchor that is given, or the second body's.
        if (para_value(object, PARA_FIELD_JOINT_at)->present)
            place_b = place_of(joint->at);
        else if (has_b)
            place_b = para_body_place(b, joint->def.anchor_b);
        else if (has_a)
            place_b = para_body_place(a, joint->def.anchor_a);
        place_a = place_b;
    }
    if (!has_a)
        joint->def.anchor_a = to_body(a, place_a);
    if (!has_b)
        joint->def.anchor_b = to_body(b, place_b);
}

static float anchor_distance(const ParaSampler *sampler, const ParaJointDef *def)
{
    ParaPoint a = para_body_place(&sampler->level->world.bodies[def->a], def->anchor_a);
    ParaPoint b = para_body_place(&sampler->level->world.bodies[def->b], def->anchor_b);
    return (float)para_sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

static double rope_length(const ParaSampler *sampler, int body, ParaVec2 anchor, ParaVec2 wheel)
{
    ParaPoint end = para_body_place(&sampler->level->world.bodies[body], anchor);
    double x = end.x - (double)wheel.x, y = end.y - (double)wheel.y;
    return para_sqrt(x * x + y * y);
}

/// A rope that is taut at the start, or as long as it is said to be.
static void bind_rope(ParaSampler *sampler, const ParaObject *object, ParaBoundJoint *joint)
{
    ParaJointDef *def = &joint->def;
    bool given = para_value(object, PARA_FIELD_JOINT_longest)->present;
    if (def->kind == PARA_JOINT_PULLEY) {
        double taut = rope_length(sampler, def->a, def->anchor_a, def->wheel_a) +
                      (double)def->ratio * rope_length(sampler, def->b, def->anchor_b, def->wheel_b);
        def->rest = given ? joint->longest : (float)taut;
        return;
    }
    def->limited = true;
    def->lower = 0.0f;
    def->upper = given ? joint->longest : anchor_distance(sampler, def);
}

/// The body on which a gear or rack turns; nothing where none is said.
static void bind_carrier(ParaSampler *sampler, const ParaObject *object, ParaJointDef *def)
{
    const ParaValue *value = para_value(object, PARA_FIELD_JOINT_carrier);
    if (!value->present)
        return;
    int carrier = para_sample_one(sampler, value->refs, NULL);
    if (carrier == def->a || carrier == def->b)
        para_sample_problem(sampler, PARA_CODE_SAME_BODY, object->path, "carrier",
                            "\"%s\" is one of the two bodies that it is to carry",
                            sampler->bodies.name[carrier]);
    def->carrier = (int16_t)carrier;
}

static bool may_turn(const ParaWorldDef *world, int body)
{
    return world->bodies[body].kind == PARA_BODY_DYNAMIC && !world->bodies[body].fixed_rotation;
}

/// What a pulley, gear or rack has beside its ends.
static void bind_transmission(ParaSampler *sampler, const ParaObject *object, ParaBoundJoint *joint)
{
    ParaJointDef *def = &joint->def;
    const ParaWorldDef *world = &sampler->level->world;
    bool pulley = def->kind == PARA_JOINT_PULLEY;
    def->ratio = joint->ratio;
    if ((pulley ? def->ratio : fabsf(def->ratio)) < RATIO_MIN)
        para_sample_problem(sampler, PARA_CODE_RATIO, object->path, "ratio",
                            pulley ? "must be 0.001 or more; got %.9g"
                                   : "must not be within 0.001 of 0; got %.9g",
                            (double)def->ratio);
    if (def->kind == PARA_JOINT_GEAR && !may_turn(world, def->a) && !may_turn(world, def->b))
        para_sample_problem(sampler, PARA_CODE_BODY_KIND, object->path, object->head->name,
                            "neither \"%s\" nor \"%s\" can be turned by it", sampler->bodies.name[def->a],
                            sampler->bodies.name[def->b]);
    if (!pulley) {
        bind_carrier(sampler, object, def);
        return;
    }
    para_sample_move(sampler, object, &def->wheel_a);
    para_sample_move(sampler, object, &def->wheel_b);
}

static void bind_limits(ParaSampler *sampler, const ParaObject *object, ParaBoundJoint *joint)
{
    ParaJointDef *def = &joint->def;
    if (para_value(object, PARA_FIELD_JOINT_limits)->present) {
        def->limited = true;
        def->lower = joint->limits.x;
        def->upper = joint->limits.y;
        if (def->lower > def->upper)
            para_sample_problem(sampler, PARA_CODE_LIMITS_ORDER, object->path, "limits",
                                "the least %.9g is above the most %.9g", (double)def->lower,
                                (double)def->upper);
        else if (def->kind == PARA_JOINT_SPRING && def->upper - def->lower < SPRING_WAY_MIN)
            para_sample_problem(sampler, PARA_CODE_LIMITS_ORDER, object->path, "limits",
                                "a spring needs a way of 0.001 m or more between them");
    } else if (def->kind == PARA_JOINT_PULLEY || object->head == para_field(PARA_FIELD_JOINT_rope)) {
        bind_rope(sampler, object, joint);
    } else if (def->kind == PARA_JOINT_DISTANCE) {
        def->limited = true;
        def->lower = def->upper = anchor_distance(sampler, def);
    }
    if (def->kind == PARA_JOINT_SPRING && !para_value(object, PARA_FIELD_JOINT_rest)->present)
        def->rest = anchor_distance(sampler, def);
    if ((def->kind == PARA_JOINT_PRISMATIC || def->kind == PARA_JOINT_RACK) && !para_sample_unit(&def->axis))
        para_sample_problem(sampler, PARA_CODE_DIRECTION, object->path, "axis", "must have a length above 0");
}

/// What a joint has beside its def: a motor of its own, a load at which it lets go, whether it holds at all.
static void bind_extras(ParaSampler *sampler, const ParaObject *object, const ParaBoundJoint *joint,
                        int index)
{
    ParaLevel *level = sampler->level;
    int count = level->world.joint_count;
    ParaBound bound;
    const ParaValue *motor = para_value(object, PARA_FIELD_JOINT_motor);
    const ParaValue *breaks = para_value(object, PARA_FIELD_JOINT_breaks);
    if (motor->present) {
        para_bound_default(PARA_KIND_MOTOR, &bound);
        para_sample_bind(sampler, motor->objects, &bound);
        if (!level->joint_motors)
            level->joint_motors = PARA_NEW(sampler->arena, ParaMotor, count);
        level->joint_motors[index] = bound.motor.motor;
        level->world.joints[index].motored = true;
    }
    if (breaks->present) {
        para_bound_default(PARA_KIND_BREAKS, &bound);
        para_sample_bind(sampler, breaks->objects, &bound);
        if (!level->joint_breaks)
            level->joint_breaks = PARA_NEW(sampler->arena, float, count);
        level->joint_breaks[index] = bound.breaks.load;
    }
    if (!joint->made) {
        if (!level->joint_unmade)
            level->joint_unmade = PARA_NEW(sampler->arena, uint8_t, count);
        level->joint_unmade[index] = 1;
    }
}

static void bind_joint(ParaSampler *sampler, int index)
{
    const ParaObject *object = &sampler->t->joints[sampler->joints.object[index]];
    const ParaValue *head = para_value(object, object->head_id);
    const ParaBodyDef *bodies = sampler->level->world.bodies;
    ParaBound bound;
    ParaBoundJoint *joint = &bound.joint;
    para_bound_default(PARA_KIND_JOINT, &bound);
    para_sample_enter(sampler, &sampler->joints, index);
    para_sample_bind(sampler, object, &bound);
    para_sample_move(sampler, object, &joint->at);
    para_sample_move(sampler, object, &joint->at_a);
    para_sample_move(sampler, object, &joint->at_b);
    joint->def.kind = (ParaJointKind)object->head->choice;
    joint->def.a = para_sample_one(sampler, &head->refs[0], NULL);
    joint->def.b = para_sample_one(sampler, &head->refs[1], NULL);
    if (joint->def.a < 0 || joint->def.b < 0)
        return;
    if (joint->def.a == joint->def.b) {
        para_sample_problem(sampler, PARA_CODE_SAME_BODY, object->path, object->head->name,
                            "joins \"%s\" to itself", sampler->bodies.name[joint->def.a]);
        return;
    }
    if (bodies[joint->def.a].kind != PARA_BODY_DYNAMIC && bodies[joint->def.b].kind != PARA_BODY_DYNAMIC) {
        para_sample_problem(
            sampler, PARA_CODE_BODY_KIND, object->path, object->head->name,
            "neither \"%s\" nor \"%s\" can be moved by a joint; one must be neither static nor kinematic",
            sampler->bodies.name[joint->def.a], sampler->bodies.name[joint->def.b]);
        return;
    }
    bind_anchors(sampler, object, joint);
    if (joint->def.kind >= PARA_JOINT_PULLEY)
        bind_transmission(sampler, object, joint);
    bind_limits(sampler, object, joint);
    sampler->level->world.joints[index] = joint->def;
    bind_extras(sampler, object, joint, index);
}

void para_sample_joints(ParaSampler *sampler)
{
    ParaWorldDef *world = &sampler->level->world;
    world->joint_count = sampler->joints.count;
    world->joints = PARA_NEW(sampler->arena, ParaJointDef, world->joint_count);
    sampler->level->joint_names = PARA_NEW(sampler->arena, const char *, world->joint_count);
    for (int j = 0; j < world->joint_count; j++) {
        sampler->level->joint_names[j] = sampler->joints.name[j];
        bind_joint(sampler, j);
    }
    para_sample_leave(sampler);
    if (!sampler->failed)
        para_level_find_sets(sampler->level);
}
