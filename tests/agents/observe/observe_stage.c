// SPDX-License-Identifier: MIT
// Levels made by hand for the tests of observations, among them the yard: see observe_stage.h.
#include "tests/agents/observe/observe_stage.h"

#include <math.h>
#include <string.h>

#define GUARD 123.25f // no value of an observation

void stage_begin(Stage *stage)
{
    memset(stage, 0, sizeof *stage);
    scene_begin(&stage->scene);
    stage->scene.def.gravity = (ParaVec2){0.0f, -10.0f};
    stage->scene.def.size = (ParaVec2){30.0f, 12.0f};
    stage->level.seconds = 20.0f;
    stage->level.frame_skip = 4;
    stage->level.players = stage->players;
    stage->level.player_count = 1;
    stage->level.body_roles = stage->all_body_roles;
    stage->level.zone_roles = stage->all_zone_roles;
    stage->level.body_shatters = stage->shatters;
    stage->level.body_crushes = stage->crushes;
    stage->level.body_collects = stage->collects;
    stage->level.joint_breaks = stage->breaks;
    stage->level.zone_portals = stage->portals;
    memset(stage->portals, -1, sizeof stage->portals);
    stage->play.players = stage->states;
    stage->states[0].grip_body = stage->states[1].grip_body = -1;
    stage->play.events = (ParaEventState *)stage->events;
    stage->players[0].sight = stage->players[1].sight = 10.0f;
}

int stage_body(Stage *stage, ParaBodyKind kind, ParaRole role, double x, double y)
{
    int body = scene_body(&stage->scene, kind, (float)x, (float)y);
    stage->body_roles[body] = (uint8_t)role;
    return body;
}

void stage_moving(Stage *stage, double cosine, double sine, double vx, double vy, double spin)
{
    ParaBodyDef *body = &stage->scene.bodies[stage->scene.def.body_count - 1];
    body->angle = (float)atan2(sine, cosine);
    body->velocity = (ParaVec2){(float)vx, (float)vy};
    body->spin = (float)spin;
}

int stage_polygon(Stage *stage, const ParaVec2 *points, int count, float density)
{
    ParaWorldDef *def = &stage->scene.def;
    ParaShapeDef shape = para_shape_def_default();
    shape.kind = PARA_SHAPE_POLYGON;
    shape.body = def->body_count - 1;
    shape.radius = 0.0f;
    shape.density = density;
    shape.point_first = (uint32_t)def->point_count;
    shape.point_count = (uint32_t)count;
    memcpy(def->points + def->point_count, points, sizeof *points * (size_t)count);
    def->point_count += count;
    def->shapes[def->shape_count] = shape;
    return def->shape_count++;
}

int stage_zone(Stage *stage, ParaRole role, double x, double y, float radius, const ParaVec2 *points,
               int count)
{
    ParaWorldDef *def = &stage->scene.def;
    ParaZoneDef zone = para_zone_def_default();
    zone.kind = count > 0 ? PARA_SHAPE_POLYGON : PARA_SHAPE_CIRCLE;
    zone.position = (ParaVec2){(float)x, (float)y};
    zone.radius = radius;
    zone.point_first = (uint32_t)def->point_count;
    zone.point_count = (uint32_t)count;
    for (int i = 0; i < count; i++)
        def->points[def->point_count++] = points[i];
    stage->zone_roles[def->zone_count] = (uint8_t)role;
    def->zones[def->zone_count] = zone;
    return def->zone_count++;
}

ParaActuator *stage_actuator(Stage *stage, ParaActuatorKind kind, int channel, float sign)
{
    ParaPlayer *player = &stage->players[stage->player];
    ParaActuator *actuator = &player->actuators[player->actuator_count++];
    *actuator = (ParaActuator){
        .kind = kind, .channel = channel, .sign = sign, .body = -1, .joint = -1, .thruster = -1};
    player->channel_bits |= 1u << channel;
    return actuator;
}

int stage_thruster(Stage *stage, int body, ParaVec2 point, ParaVec2 direction, float force)
{
    ParaWorldDef *def = &stage->scene.def;
    def->thrusters[def->thruster_count] =
        (ParaThrusterDef){.body = body, .point = point, .direction = direction, .force_max = force};
    return def->thruster_count++;
}

// Another player, who stands before the one who looks in the level's lists, and is not asked.
static void add_other(Stage *stage)
{
    stage->players[0].body = stage->scene.def.body_count - 1;
    stage->players[0].sight = 1.0f;
    stage->players[0].actuator_count = 1;
    stage->players[0].actuators[0] = (ParaActuator){
        .kind = PARA_ACTUATOR_JUMP, .channel = 7, .sign = -1.0f, .body = 0, .joint = -1, .thruster = -1};
    stage->states[0] =
        (ParaPlayerState){.progress = 0.9f, .action = {0.7f, 0.7f, 0.7f, 0.7f, 0.7f, 0.7f, 0.7f, 0.7f}};
    memset(stage->all_body_roles, PARA_ROLE_HAZARD, (size_t)stage->scene.def.body_count);
    memset(stage->all_zone_roles, PARA_ROLE_CARGO, (size_t)stage->scene.def.zone_count);
}

void stage_build(Stage *stage, ParaSolverKind solver, int body)
{
    const ParaWorldDef *def = &stage->scene.def;
    size_t bodies = (size_t)def->body_count, zones = (size_t)def->zone_count;
    if (!stage->group)
        stage->group = para_world_group_create(solver, 1);
    assert_non_null(stage->group);
    stage->world = para_world_at(stage->group, 0);
    stage->level.world = *def;
    stage->level.player_count = stage->play.player_count = stage->player + 1;
    if (stage->player == 1)
        add_other(stage);
    stage->players[stage->player].body = body;
    memcpy(stage->all_body_roles + (size_t)stage->player * bodies, stage->body_roles, bodies);
    memcpy(stage->all_zone_roles + (size_t)stage->player * zones, stage->zone_roles, zones);
    scene_build(stage->world, &stage->scene);
}

ParaView *stage_view(Stage *stage) { return (ParaView *)para_world_view(stage->world); }

const float *stage_observe(Stage *stage, ParaObsSpec spec)
{
    assert_true(spec.size < (int)(sizeof stage->obs / sizeof *stage->obs));
    for (int i = 0; i <= spec.size; i++)
        stage->obs[i] = GUARD;
    stage->spec = spec;
    para_observe(&spec, &stage->level, &stage->play, stage->player, stage->world, stage->obs);
    for (int i = 0; i < spec.size; i++)
        if (stage->obs[i] == GUARD || !isfinite(stage->obs[i]))
            fail_msg("float %d was not written, or is not finite", i);
    assert_true(stage->obs[spec.size] == GUARD);
    return stage->obs;
}

float *stage_float(Stage *stage, const char *span, int repeat, int i)
{
    ParaObsSpan found = {0};
    if (!para_obs_span_find(&stage->spec, span, &found))
        fail_msg("no span %s", span);
    assert_true(repeat >= 0 && repeat < found.count && i >= 0 && i < found.size);
    return &stage->obs[found.offset + repeat * found.stride + i];
}

void stage_end(Stage *stage)
{
    para_world_group_destroy(stage->group);
    stage->group = NULL;
}

// ---------------------------------------------------------------------------------------------
// The yard.

static void yard_bodies(Stage *stage)
{
    Scene *scene = &stage->scene;
    const ParaVec2 hull[] = {{-0.3f, -0.25f}, {0.7f, -0.25f}, {0.7f, 0.25f}, {-0.3f, 0.25f}};
    const ParaVec2 left[] = {{-0.2f, -0.2f}, {0.2f, -0.2f}, {0.2f, 0.2f}, {-0.2f, 0.2f}};
    const ParaVec2 right[] = {{0.8f, -0.2f}, {1.2f, -0.2f}, {1.2f, 0.2f}, {0.8f, 0.2f}};
    const ParaVec2 mine[] = {{-0.2f, 0.6f}, {-0.2f, -0.3f}, {0.4f, -0.3f}};
    const ParaVec2 ridge[] = {{-1.0f, -2.0f}, {0.0f, -2.5f}, {1.0f, -2.0f}};

    stage_body(stage, PARA_BODY_STATIC, PARA_ROLE_NONE, 12, 2.5); // a bar, and a chain that has no row
    stage_moving(stage, 0.8, -0.6, 0, 0, 0);
    scene->shapes[scene_segment(scene, (ParaVec2){-1, 0}, (ParaVec2){1, 0}, 0.15f)].friction = 0.35f;
    scene->shapes[scene->def.shape_count - 1].restitution = 0.25f;
    scene_chain(scene, ridge, 3, 0.0f);

    stage_body(stage, PARA_BODY_DYNAMIC, PARA_ROLE_CARGO, 7, 6.5);
    stage_moving(stage, 0.96, -0.28, -0.4, 0.2, -1.2);
    scene->shapes[stage_polygon(stage, left, 4, 5.0f)].friction = 0.45f;
    scene->shapes[stage_polygon(stage, right, 4, 5.0f)].friction = 0.55f;
    scene->shapes[YARD_BOX].belt = -1.5f;

    int body = stage_body(stage, PARA_BODY_DYNAMIC, PARA_ROLE_PLAYER, 4, 5);
    scene->bodies[body].group = 1;
    stage_moving(stage, 0.8, 0.6, 1.5, -0.7, 0.9);
    scene->shapes[stage_polygon(stage, hull, 4, 2.0f)].friction = 0.65f;

    stage_body(stage, PARA_BODY_KINEMATIC, PARA_ROLE_TARGET, 9, 7.5);
    stage_moving(stage, 0.28, 0.96, -0.6, 0.8, 0.4);
    scene->shapes[scene_circle(scene, 0.3f)].friction = 0.75f;

    body = stage_body(stage, PARA_BODY_DYNAMIC, PARA_ROLE_PLAYER, 4.9, 4.3);
    scene->bodies[body].group = 1;
    stage_moving(stage, 0.6, 0.8, 0.3, -1.1, -2.5);
    scene->shapes[scene_circle(scene, 0.4f)].density = 3.0f;
    scene->shapes[scene->def.shape_count - 1].friction = 0.85f;

    body = stage_body(stage, PARA_BODY_DYNAMIC, PARA_ROLE_HAZARD, 2.5, 6);
    stage_moving(stage, 0.28, -0.96, 0.2, 0.1, 3);
    scene->shapes[stage_polygon(stage, mine, 3, 10.0f)].friction = 0.95f;
    stage->shatters[body] = 5.4f;
    stage->crushes[body] = 81.0f;

    body = stage_body(stage, PARA_BODY_STATIC, PARA_ROLE_TARGET, 3, 3);
    scene->shapes[scene_circle(scene, 0.25f)].friction = 0.15f;
    scene->shapes[scene->def.shape_count - 1].one_way = true;
    stage->collects[body] = 1;

    stage_body(stage, PARA_BODY_DYNAMIC, PARA_ROLE_HAZARD, 4.3, 6.4); // nearer than the mine, but taken away
    scene_circle(scene, 0.2f);
}

static void yard_joints(Stage *stage)
{
    Scene *scene = &stage->scene;
    scene_joint(scene, PARA_JOINT_REVOLUTE, YARD_HULL, YARD_WHEEL, (ParaVec2){0.3f, -1.1f},
                (ParaVec2){0.1f, -0.2f});
    scene->joints[YARD_KNEE].limited = scene->joints[YARD_KNEE].motored = true;
    scene->joints[YARD_KNEE].lower = -0.5f;
    scene->joints[YARD_KNEE].upper = 0.8f;
    stage->breaks[YARD_KNEE] = 400.0f;
    scene_joint(scene, PARA_JOINT_PRISMATIC, YARD_STAR, YARD_MINE, (ParaVec2){0.1f, 0.2f},
                (ParaVec2){-0.1f, 0.3f});
    scene->joints[YARD_RAIL].axis = (ParaVec2){0.6f, 0.8f};
    scene->joints[YARD_RAIL].limited = true;
    scene->joints[YARD_RAIL].lower = -9.0f;
    scene->joints[YARD_RAIL].upper = 2.0f;
    scene_joint(scene, PARA_JOINT_REVOLUTE, YARD_WALL, YARD_CRATE, (ParaVec2){-5.0f, 0.4f},
                (ParaVec2){0.7f, 0.1f});
    scene->joints[YARD_FREE].lower = -0.2f; // not limited: says nothing
    scene->joints[YARD_FREE].upper = 0.2f;
    // Of a body that is not there: no rows.
    scene_joint(scene, PARA_JOINT_REVOLUTE, YARD_HULL, YARD_GONE, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    scene_joint(scene, PARA_JOINT_REVOLUTE, YARD_GONE, YARD_WHEEL, (ParaVec2){0, 0}, (ParaVec2){0, 0});
}

static void yard_zones(Stage *stage)
{
    const ParaVec2 wind[] = {{-2.0f, -1.0f}, {1.5f, -1.0f}, {1.5f, 2.0f}, {-2.0f, 2.0f}};
    const ParaVec2 door[] = {{0.6f, 1.8f}, {-0.4f, 0.0f}, {0.6f, 0.0f}};
    int zone = stage_zone(stage, PARA_ROLE_NONE, 4.4, 5.6, 0, wind, 4);
    stage->scene.zones[zone].angle = (float)atan2(0.6, 0.8);
    stage->scene.zones[zone].acceleration = (ParaVec2){1.2f, -3.4f};
    stage->scene.zones[zone].drag = 0.7f;
    stage->scene.zones[zone].pull = 1.5f;
    stage->level.ladders = 1u << zone;
    stage->portals[YARD_WIND] = YARD_DOOR;
    zone = stage_zone(stage, PARA_ROLE_HAZARD, 1, 9, 1.5f, NULL, 0);
    stage->scene.zones[zone].fluid_density = 3.0f;
    stage->scene.zones[zone].fluid_drag = 0.5f;
    zone = stage_zone(stage, PARA_ROLE_TARGET, 20, 10, 0, door, 3);
    stage->scene.zones[zone].angle = (float)atan2(0.96, 0.28);
}

static void yard_player(Stage *stage)
{
    stage_actuator(stage, PARA_ACTUATOR_GRIP, 5, 1)->body = YARD_WHEEL;
    stage_actuator(stage, PARA_ACTUATOR_MOTOR, 0, -1)->joint = YARD_KNEE;
    stage_actuator(stage, PARA_ACTUATOR_SLIDE, 1, 1)->joint = YARD_RAIL;
    stage_actuator(stage, PARA_ACTUATOR_THRUSTER, 2, 1)->thruster = YARD_JET;
    stage_actuator(stage, PARA_ACTUATOR_TORQUE, 3, -1)->joint = YARD_FREE;
    stage_actuator(stage, PARA_ACTUATOR_JUMP, 4, 1)->body = YARD_HULL;
    stage_actuator(stage, PARA_ACTUATOR_WALK, 6, -1)->body = YARD_WHEEL;
    stage_actuator(stage, PARA_ACTUATOR_THRUSTER, 0, 1)->thruster = YARD_PUMP; // the second of its channel
    const float action[PARA_CHANNELS] = {-1.0f, 0.5f, 0.75f, -0.25f, 1.0f, -0.5f, 0.1f, 0.9f};
    memcpy(stage->states[stage->player].action, action, sizeof action);
    stage->states[stage->player].progress = 0.3f;
    stage->level.variable_count = 3; // the first is 0
    stage->events[1] = 7.0;
    stage->events[2] = -1e6;
}

void stage_yard(Stage *stage, int player)
{
    stage_begin(stage);
    stage->player = player;
    stage->scene.def.gravity = (ParaVec2){0.5f, -9.5f};
    yard_bodies(stage);
    yard_joints(stage);
    yard_zones(stage);
    stage_thruster(stage, YARD_HULL, (ParaVec2){-0.3f, 0.1f}, (ParaVec2){0.6f, -0.8f}, 15.0f);
    stage_thruster(stage, YARD_CRATE, (ParaVec2){0.5f, 0.2f}, (ParaVec2){0.6f, 0.8f}, 8.0f);
    stage_thruster(stage, YARD_GONE, (ParaVec2){0, 0}, (ParaVec2){1, 0}, 1.0f);
    yard_player(stage);
}

void stage_yard_moment(Stage *stage, ParaSolverKind solver)
{
    static const ParaContact contacts[] = {
        {.body_a = YARD_WALL, .body_b = YARD_CRATE}, // the player has no part in it
        {.body_a = YARD_HULL, .body_b = YARD_WHEEL}, // both are the player
        // the wheel touches, the hull does not
        {.body_a = YARD_CRATE, .body_b = YARD_WHEEL, .shape_a = YARD_BOX, .shape_b = YARD_TYRE},
    };
    stage_build(stage, solver, YARD_HULL);
    para_world_disable_body(stage->world, YARD_GONE);
    ParaView *view = stage_view(stage);
    view->contacts = contacts;
    view->contact_count = 3;
    view->time = 5.0;
    stage->states[stage->player].grip_body = YARD_CRATE;
    para_world_set_friction(stage->world, YARD_STAR, 0.05f);
    ((float *)view->joint_load)[YARD_KNEE * view->stride] = 100.0f;
    float *angle = (float *)view->joint_angle, *speed = (float *)view->joint_speed;
    const float angles[YARD_JOINTS] = {0.33f, -1.25f, 2.6f, 0, 0},
                speeds[YARD_JOINTS] = {-3.4f, 2.1f, 6.3f, 0, 0};
    for (int j = 0; j < YARD_JOINTS; j++) {
        angle[j * view->stride] = angles[j];
        speed[j * view->stride] = speeds[j];
    }
}
