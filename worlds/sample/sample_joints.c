// SPDX-License-Identifier: MIT
// Sampling of joints, the player and its actuators: everything that refers to bodies.
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

/// A vector of length 1; one that already is stays as it is, so that saved levels keep their bits.
static bool make_unit(ParaVec2 *v)
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
    if ((def->kind == PARA_JOINT_PRISMATIC || def->kind == PARA_JOINT_RACK) && !make_unit(&def->axis))
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

// ---------------------------------------------------------------------------------------------
// The player.

static void wrong_target(ParaSampler *sampler, const ParaObject *object, const char *what)
{
    para_sample_problem(sampler, PARA_CODE_ACTUATOR_TARGET, object->path, object->head->name, "needs %s",
                        what);
}

static void bind_joint_actuator(ParaSampler *sampler, const ParaObject *object, ParaActuator *def, int joint)
{
    PARA_ASSERT(joint >= 0 && joint < sampler->level->world.joint_count);
    ParaJointDef *target = &sampler->level->world.joints[joint];
    bool hinge = target->kind == PARA_JOINT_REVOLUTE, slider = target->kind == PARA_JOINT_PRISMATIC;
    if (def->kind == PARA_ACTUATOR_SLIDE && !slider)
        wrong_target(sampler, object, "a prismatic joint or a kinematic body");
    else if (def->kind == PARA_ACTUATOR_DRIVE && !hinge)
        wrong_target(sampler, object, "a revolute joint");
    else if (!hinge && !slider)
        wrong_target(sampler, object, "a revolute or prismatic joint");
    else if (sampler->level->joint_motors && sampler->level->joint_motors[joint].torque > 0)
        wrong_target(sampler, object, "a joint without a \"motor\" of its own");
    def->joint = joint;
    target->motored = true;
}

static void bind_thruster(ParaSampler *sampler, const ParaObject *object, ParaBoundActuator *actuator)
{
    ParaWorldDef *world = &sampler->level->world;
    if (!make_unit(&actuator->direction))
        para_sample_problem(sampler, PARA_CODE_DIRECTION, object->path, "direction",
                            "must have a length above 0");
    _Static_assert(PARA_ACTUATORS_MAX <= PARA_THRUSTERS_MAX, "each actuator may have one");
    PARA_ASSERT(world->thruster_count < PARA_THRUSTERS_MAX);
    actuator->def.thruster = world->thruster_count;
    world->thrusters[world->thruster_count++] = (ParaThrusterDef){.body = actuator->def.body,
                                                                  .point = actuator->at,
                                                                  .direction = actuator->direction,
                                                                  .force_max = actuator->def.force};
}

static void bind_actuator(ParaSampler *sampler, const ParaObject *object, ParaActuator *out)
{
    ParaBound bound;
    ParaBoundActuator *actuator = &bound.actuator;
    ParaActuator *def = &actuator->def;
    int space = 0;
    para_bound_default(PARA_KIND_ACTUATOR, &bound);
    para_sample_bind(sampler, object, &bound);
    def->kind = (ParaActuatorKind)object->head->choice;
    int target = para_sample_one(sampler, para_value(object, object->head_id)->refs, &space);
    if (target < 0)
        return;
    if (def->sign != 1.0f && def->sign != -1.0f)
        para_sample_problem(sampler, PARA_CODE_SIGN, object->path, "sign", "must be 1 or -1; got %.9g",
                            (double)def->sign);
    if (space == PARA_SPACE_JOINT) {
        bind_joint_actuator(sampler, object, def, target);
    } else {
        ParaBodyKind kind = sampler->level->world.bodies[target].kind;
        def->body = target;
        if (def->kind == PARA_ACTUATOR_SLIDE && kind != PARA_BODY_KINEMATIC)
            wrong_target(sampler, object, "a prismatic joint or a kinematic body");
        else if (def->kind != PARA_ACTUATOR_SLIDE && kind != PARA_BODY_DYNAMIC)
            wrong_target(sampler, object, "a body that is neither static nor kinematic");
        if (def->kind == PARA_ACTUATOR_THRUSTER)
            bind_thruster(sampler, object, actuator);
    }
    *out = *def;
}

bool para_sample_uses_negative(const ParaActuator *actuator)
{
    bool upward = para_actuator_is_upward(actuator->kind) || actuator->one_way;
    return !upward || actuator->sign < 0;
}

static void bind_keys(ParaSampler *sampler, const ParaObject *object)
{
    const ParaValue *channel = para_value(object, PARA_FIELD_KEYS_channel);
    ParaChannelKeys *keys = &sampler->level->players[0].keys[(int)channel->numbers->constant];
    const ParaValue *positive = para_value(object, PARA_FIELD_KEYS_positive);
    const ParaValue *negative = para_value(object, PARA_FIELD_KEYS_negative);
    const ParaValue *label = para_value(object, PARA_FIELD_KEYS_label);
    snprintf(keys->positive, sizeof keys->positive, "%s", positive->present ? positive->text : "");
    snprintf(keys->negative, sizeof keys->negative, "%s", negative->present ? negative->text : "");
    snprintf(keys->label, sizeof keys->label, "%s", label->present ? label->text : "");
}

/// Parts of the player without a group share a free one: they do not collide with each other, and the
/// player's rays, which ignore the main body's group, start outside of it.
static void group_parts(ParaLevel *level)
{
    uint32_t free_group = 1;
    for (int b = 0; b < level->world.body_count; b++)
        if (level->world.bodies[b].group >= free_group)
            free_group = level->world.bodies[b].group + 1;
    for (int b = 0; b < level->world.body_count; b++)
        if (level->body_roles[b] == PARA_ROLE_PLAYER && level->world.bodies[b].group == 0)
            level->world.bodies[b].group = free_group;
}

void para_sample_join_parts(ParaLevel *level)
{
    int main = level->players[0].body;
    for (int b = 0; b < level->world.body_count; b++)
        if (level->body_sets[b] == level->body_sets[main] && level->world.bodies[b].kind == PARA_BODY_DYNAMIC)
            level->body_roles[b] = PARA_ROLE_PLAYER;
    level->body_roles[main] = PARA_ROLE_PLAYER;
    group_parts(level);
}

/// The player's parts: as listed, or every moving body joined to the main one.
static void bind_parts(ParaSampler *sampler, const ParaObject *object)
{
    ParaLevel *level = sampler->level;
    const ParaValue *parts = para_value(object, PARA_FIELD_PLAYER_bodies);
    if (!parts->present) {
        para_sample_join_parts(level);
        return;
    }
    for (int k = 0; k < parts->count; k++) {
        ParaFound found = para_sample_find(sampler, &parts->refs[k]);
        for (int b = found.first; found.space && b < found.first + found.count; b++)
            level->body_roles[b] = PARA_ROLE_PLAYER;
    }
    level->body_roles[level->players[0].body] = PARA_ROLE_PLAYER;
    group_parts(level);
}

/// One copy of an actuator.
static void add_actuator(ParaSampler *sampler, const ParaObject *object, void *context)
{
    ParaPlayer *player = &sampler->level->players[0];
    (void)context;
    if (player->actuator_count == PARA_ACTUATORS_MAX) {
        para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, object->path, NULL,
                            "with its copies there are more than %d actuators", PARA_ACTUATORS_MAX);
        return;
    }
    ParaActuator *actuator = &player->actuators[player->actuator_count++];
    bind_actuator(sampler, object, actuator);
    player->channel_bits |= 1u << actuator->channel;
    if (para_sample_uses_negative(actuator))
        player->negative_bits |= 1u << actuator->channel;
}

/// A player holds with one hand.
static void check_grips(ParaSampler *sampler, const char *path)
{
    const ParaPlayer *player = &sampler->level->players[0];
    int grips = 0;
    for (int k = 0; k < player->actuator_count; k++)
        grips += player->actuators[k].kind == PARA_ACTUATOR_GRIP;
    if (grips > 1)
        para_sample_problem(sampler, PARA_CODE_TWO_GRIPS, path, "actuators",
                            "a player has at most one grip; with its copies there are %d", grips);
}

void para_sample_player(ParaSampler *sampler)
{
    ParaLevel *level = sampler->level;
    const ParaObject *object = para_sample_which_player(sampler);
    if (!object)
        return;
    int turns[PARA_TURNS_MAX]; // of its part, which is there once
    para_sample_turns(sampler, object->loop, turns);
    para_sample_enter_turn(sampler, turns[0]);
    const ParaValue *actuators = para_value(object, PARA_FIELD_PLAYER_actuators);
    const ParaValue *keys = para_value(object, PARA_FIELD_PLAYER_keys);
    ParaPlayer *player = &level->players[0];
    ParaBound bound;
    para_bound_default(PARA_KIND_PLAYER, &bound);
    para_sample_bind(sampler, object, &bound);
    player->sight = bound.player.sight;
    player->sees = bound.player.sees;
    player->countdown = bound.player.countdown;
    player->body = para_sample_one(sampler, para_value(object, PARA_FIELD_PLAYER_body)->refs, NULL);
    if (player->body < 0)
        return;
    if (level->world.bodies[player->body].kind == PARA_BODY_STATIC)
        para_sample_problem(sampler, PARA_CODE_STATIC_PLAYER, object->path, "body",
                            "\"%s\" is static; the player must be able to move",
                            level->body_names[player->body]);
    bind_parts(sampler, object);
    para_sample_leave(sampler);
    level->world.thrusters = PARA_NEW(sampler->arena, ParaThrusterDef, PARA_ACTUATORS_MAX);
    for (int k = 0; k < actuators->count; k++)
        para_sample_each_copy(sampler, &actuators->objects[k], PARA_FIELD_ACTUATOR_repeat,
                              PARA_FIELD_ACTUATOR_if, add_actuator, NULL);
    check_grips(sampler, object->path);
    for (int k = 0; k < keys->count; k++)
        bind_keys(sampler, &keys->objects[k]);
}
