// SPDX-License-Identifier: MIT
// Levels that no template writes: a scene as Kinetix's generator draws it becomes a level, the same one that
// the importer's template of that scene would be.
#include "worlds/sample/sample.h"

#include "engine/base/assert.h"
#include "worlds/generate/kinetix.h"

#include <stdio.h>

#define SCENE_WORK 60.0 // [1] of a scene that is drawn, about a microsecond each

static void put_frame(ParaLevel *level, const ParaKxScene *scene)
{
    ParaPlayer *player = &level->players[0];
    level->world.size = (ParaVec2){(float)PARA_KX_WIDE, (float)PARA_KX_WIDE};
    level->world.gravity = scene->gravity;
    level->world.friction_rule = PARA_FRICTION_ROOT_OF_SQUARES;
    level->seconds = (float)(PARA_KX_DECISIONS * PARA_KX_SKIP * scene->dt);
    level->frame_skip = PARA_KX_SKIP;
    player->reward_solved = 1;
    player->reward_failed = -1;
    snprintf(level->maker, sizeof level->maker, "kinetix");
}

static void put_shape(ParaLevel *level, const ParaKxBody *body, const ParaKxWeight *weight, float friction)
{
    ParaWorldDef *world = &level->world;
    ParaShapeDef *shape = &world->shapes[world->shape_count++];
    ParaVec2 *points = world->points + world->point_count;
    int count = body->circle ? 1 : body->corners;
    *shape = para_shape_def_default();
    shape->kind = body->circle ? PARA_SHAPE_CIRCLE : PARA_SHAPE_POLYGON;
    shape->body = world->body_count;
    shape->radius = (float)body->radius;
    shape->density = (float)weight->density;
    shape->friction = friction;
    shape->point_first = (uint32_t)world->point_count;
    shape->point_count = (uint32_t)count;
    points[0] = (ParaVec2){0, 0};
    for (int k = 0; k < body->corners; k++)
        points[k] = body->corner[k];
    world->point_count += count;
}

static void put_body(ParaLevel *level, const ParaKxScene *scene, const ParaKxBody *body,
                     const ParaKxWeight *weight)
{
    int index = level->world.body_count;
    ParaBound bound;
    ParaBodyDef *def = &level->world.bodies[index];
    PARA_ASSERT(body->mode != 0 && body->restitution == 0 && weight->shift.x == 0 && weight->shift.y == 0);
    *def = para_body_def_default();
    def->kind = body->fixed ? PARA_BODY_STATIC : PARA_BODY_DYNAMIC;
    def->position = (ParaVec2){(float)body->x + 0.0f, (float)body->y + 0.0f}; // -0 is 0
    def->angle = (float)body->angle;
    def->group = para_kx_group(body);
    if (!body->fixed)
        def->inertia_scale = (float)weight->scale;
    put_shape(level, body, weight, (float)(scene->friction * body->friction));
    para_bound_default(PARA_KIND_MOVES, &bound);
    level->body_motions[index] = bound.moves.motion;
    level->body_names[index] = body->name;
    level->world.body_count++;
}

static void put_bodies(ParaSampler *sampler, const ParaKxScene *scene, const ParaKxWeight *weights)
{
    ParaLevel *level = sampler->level;
    ParaWorldDef *world = &level->world;
    int count = scene->body_count, points = 0;
    for (int b = 0; b < count; b++)
        points += scene->bodies[b].circle ? 1 : scene->bodies[b].corners;
    sampler->shape_room = count;
    sampler->point_room = points;
    world->bodies = PARA_NEW(sampler->arena, ParaBodyDef, count);
    world->shapes = PARA_NEW(sampler->arena, ParaShapeDef, count);
    world->points = PARA_NEW(sampler->arena, ParaVec2, points);
    level->body_names = PARA_NEW(sampler->arena, const char *, count);
    level->body_roles = PARA_NEW(sampler->arena, uint8_t, count);
    level->body_shatters = PARA_NEW(sampler->arena, float, count);
    level->body_crushes = PARA_NEW(sampler->arena, float, count);
    level->body_collects = PARA_NEW(sampler->arena, uint8_t, count);
    level->body_motions = PARA_NEW(sampler->arena, ParaMotion, count);
    level->body_sets = PARA_NEW(sampler->arena, int32_t, count);
    for (int b = 0; b < count; b++)
        put_body(level, scene, &scene->bodies[b], &weights[b]);
}

static void put_joints(ParaSampler *sampler, const ParaKxScene *scene)
{
    ParaLevel *level = sampler->level;
    ParaWorldDef *world = &level->world;
    world->joint_count = scene->joint_count;
    world->joints = PARA_NEW(sampler->arena, ParaJointDef, scene->joint_count);
    level->joint_names = PARA_NEW(sampler->arena, const char *, scene->joint_count);
    for (int j = 0; j < scene->joint_count; j++) {
        const ParaKxJoint *joint = &scene->joints[j];
        ParaJointDef *def = &world->joints[j];
        double low, high;
        PARA_ASSERT(!para_kx_is_held(scene, joint)); // one of them was drawn to be joined, and moves
        *def = para_joint_def_default();
        def->kind = joint->weld ? PARA_JOINT_WELD : PARA_JOINT_REVOLUTE;
        def->a = joint->a;
        def->b = joint->b;
        def->anchor_a = joint->anchor_a;
        def->anchor_b = joint->anchor_b;
        def->motored = para_kx_drives(scene, joint);
        level->joint_names[j] = joint->name;
        if (joint->weld || !joint->limited)
            continue;
        para_kx_limits(scene, joint, &low, &high);
        def->limited = true;
        def->lower = (float)low;
        def->upper = (float)high;
    }
    para_level_find_sets(level);
}

// ---------------------------------------------------------------------------------------------
// The player and the rule.

static void add_actuator(ParaPlayer *player, ParaActuator actuator)
{
    PARA_ASSERT(player->actuator_count < PARA_ACTUATORS_MAX);
    player->actuators[player->actuator_count++] = actuator;
    player->channel_bits |= 1u << actuator.channel;
    if (para_sample_uses_negative(&actuator))
        player->negative_bits |= 1u << actuator.channel;
}

static void put_actuators(ParaLevel *level, const ParaKxScene *scene, const ParaKxWeight *weights)
{
    ParaWorldDef *world = &level->world;
    ParaBound bound;
    para_bound_default(PARA_KIND_ACTUATOR, &bound);
    for (int j = 0; j < scene->joint_count; j++) {
        const ParaKxJoint *joint = &scene->joints[j];
        if (!para_kx_drives(scene, joint))
            continue;
        ParaActuator drive = bound.actuator.def;
        drive.kind = PARA_ACTUATOR_DRIVE;
        drive.joint = j;
        drive.channel = joint->channel;
        drive.rate = (float)(scene->motor_speed * joint->speed);
        drive.torque = (float)para_kx_torque(scene, joint, weights);
        if (joint->limited)
            drive.fade = (float)scene->motor_limit;
        add_actuator(&level->players[0], drive);
    }
    for (int k = 0; k < scene->thruster_count; k++) {
        const ParaKxThruster *own = &scene->thrusters[k];
        ParaActuator thruster = bound.actuator.def;
        ParaVec2 direction;
        PARA_ASSERT(para_kx_pushes(scene, own)); // it was drawn among those that move
        thruster.kind = PARA_ACTUATOR_THRUSTER;
        thruster.body = own->body;
        thruster.thruster = world->thruster_count;
        thruster.channel = PARA_KX_MOTORS + own->channel;
        thruster.one_way = true;
        thruster.force = (float)para_kx_thrust(scene, own, &direction);
        world->thrusters[world->thruster_count++] = (ParaThrusterDef){
            .body = own->body, .point = own->at, .direction = direction, .force_max = thruster.force};
        add_actuator(&level->players[0], thruster);
    }
}

static void put_player(ParaSampler *sampler, ParaKxScene *scene, const ParaKxWeight *weights)
{
    ParaLevel *level = sampler->level;
    ParaPlayer *player = &level->players[0];
    ParaBound bound;
    para_bound_default(PARA_KIND_PLAYER, &bound);
    player->sight = bound.player.sight;
    player->body = para_kx_choose_player(scene, weights);
    PARA_ASSERT(player->body >= 0); // of green and blue one is never fixed
    para_sample_join_parts(level, 0);
    level->world.thrusters = PARA_NEW(sampler->arena, ParaThrusterDef, PARA_ACTUATORS_MAX);
    put_actuators(level, scene, weights);
    for (int c = 0; c < PARA_KX_CHANNELS; c++) {
        ParaKxKeys keys = para_kx_keys(c);
        if (!(player->channel_bits >> c & 1))
            continue;
        snprintf(player->keys[c].positive, sizeof player->keys[c].positive, "%s", keys.positive);
        snprintf(player->keys[c].negative, sizeof player->keys[c].negative, "%s",
                 keys.negative ? keys.negative : "");
        snprintf(player->keys[c].label, sizeof player->keys[c].label, "%s", keys.label);
    }
}

/// The predicate that a green shape touches another: the physics tell, or where they push nothing the shapes.
static int32_t put_pair(ParaLevel *level, const ParaKxScene *scene, ParaKxPair pair)
{
    ParaBound bound;
    para_bound_default(PARA_KIND_PREDICATE, &bound);
    ParaGoalNode *node = &bound.predicate.node;
    node->kind =
        para_kx_collide(&scene->bodies[pair.a], &scene->bodies[pair.b]) ? PARA_GOAL_TOUCH : PARA_GOAL_OVERLAP;
    node->a = pair.a;
    node->b = pair.b;
    node->a_count = node->b_count = 1;
    level->goals[level->goal_count] = *node;
    return level->goal_count++;
}

/// Green to blue, and off red: of each there is one, and red may be none.
static void put_rule(ParaSampler *sampler, const ParaKxScene *scene, float dense)
{
    ParaLevel *level = sampler->level;
    ParaPlayer *player = &level->players[0];
    ParaKxPair wanted = {0, 0}, feared = {0, 0};
    int good = para_kx_find_pairs(scene, PARA_KX_BLUE, &wanted, 1),
        bad = para_kx_find_pairs(scene, PARA_KX_RED, &feared, 1);
    PARA_ASSERT(good == 1 && bad <= 1);
    player->goal_root = put_pair(level, scene, wanted);
    player->fail_root = bad ? put_pair(level, scene, feared) : -1;
    if (dense > 0) {
        ParaBound bound;
        para_bound_default(PARA_KIND_REWARD, &bound);
        bound.reward.term.kind = PARA_REWARD_APPROACH;
        bound.reward.term.a = wanted.a;
        bound.reward.term.b = wanted.b;
        bound.reward.term.weight = dense;
        level->rewards[level->reward_count++] = bound.reward.term;
    }
    para_sample_roles(sampler);
}

void para_sample_generated(ParaSampler *sampler)
{
    const ParaObject *object = para_value(&sampler->t->root, PARA_FIELD_TEMPLATE_generate)->objects;
    ParaBound bound;
    para_bound_default(PARA_KIND_GENERATE, &bound);
    para_sample_bind(sampler, object, &bound);
    ParaKxScene scene =
        para_kx_random((ParaKxSize)bound.generate.kinetix, sampler->level->seed, sampler->arena);
    ParaKxWeight *weights = PARA_NEW(sampler->arena, ParaKxWeight, scene.body_count);
    for (int b = 0; b < scene.body_count; b++)
        weights[b] = para_kx_weigh(&scene.bodies[b]);
    put_frame(sampler->level, &scene);
    put_bodies(sampler, &scene, weights);
    para_sample_zones(sampler); // of which there are none
    put_joints(sampler, &scene);
    put_player(sampler, &scene, weights);
    put_rule(sampler, &scene, bound.generate.dense);
    sampler->work += SCENE_WORK;
}
