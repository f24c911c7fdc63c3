// SPDX-License-Identifier: MIT
// Builders of small scenes and small helpers, shared by the tests of engine/world.
#include "tests/engine/world/scene.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/rng.h"
#include "engine/world/def_fields.h"
#include <math.h>
#include <stdio.h>

static ParaSolverKind present = PARA_SOLVER_CHIPMUNK; // of the test that runs; set by scene_run alone

ParaSolverKind scene_solver(void) { return present; }

double scene_limit(double chipmunk, double lanes) { return present == PARA_SOLVER_LANES ? lanes : chipmunk; }

void scene_run(void **state)
{
    const SceneRun *run = *state;
    present = run->solver;
    void *nothing = NULL;
    run->test(&nothing);
}

void scene_begin(Scene *scene)
{
    scene->def = para_world_def_default();
#define PUT(array, count, Type, FIELDS, most) scene->def.array = scene->array;
    PARA_WORLD_ARRAYS(PUT)
}

int scene_body(Scene *scene, ParaBodyKind kind, float x, float y)
{
    PARA_ASSERT(scene->def.body_count < SCENE_BODIES);
    ParaBodyDef body = para_body_def_default();
    body.kind = kind;
    body.position = (ParaVec2){x, y};
    scene->bodies[scene->def.body_count] = body;
    return scene->def.body_count++;
}

static int add_shape(Scene *scene, ParaShapeKind kind, float radius, const ParaVec2 *points, int count)
{
    PARA_ASSERT(scene->def.shape_count < SCENE_SHAPES && scene->def.point_count + count <= SCENE_POINTS);
    ParaShapeDef shape = para_shape_def_default();
    shape.kind = kind;
    shape.body = scene->def.body_count - 1;
    shape.radius = radius;
    shape.point_first = (uint32_t)scene->def.point_count;
    shape.point_count = (uint32_t)count;
    for (int i = 0; i < count; i++)
        scene->points[scene->def.point_count++] = points[i];
    scene->shapes[scene->def.shape_count] = shape;
    return scene->def.shape_count++;
}

int scene_circle(Scene *scene, float radius)
{
    return add_shape(scene, PARA_SHAPE_CIRCLE, radius, &(ParaVec2){0.0f, 0.0f}, 1);
}

int scene_box(Scene *scene, float width, float height)
{
    float x = 0.5f * width, y = 0.5f * height;
    ParaVec2 corners[] = {{-x, -y}, {x, -y}, {x, y}, {-x, y}};
    return scene_polygon(scene, corners, 4);
}

int scene_polygon(Scene *scene, const ParaVec2 *corners, int count)
{
    return add_shape(scene, PARA_SHAPE_POLYGON, 0.0f, corners, count);
}

int scene_segment(Scene *scene, ParaVec2 a, ParaVec2 b, float radius)
{
    ParaVec2 ends[] = {a, b};
    return add_shape(scene, PARA_SHAPE_SEGMENT, radius, ends, 2);
}

int scene_chain(Scene *scene, const ParaVec2 *points, int count, float radius)
{
    return add_shape(scene, PARA_SHAPE_CHAIN, radius, points, count);
}

int scene_joint(Scene *scene, ParaJointKind kind, int a, int b, ParaVec2 anchor_a, ParaVec2 anchor_b)
{
    PARA_ASSERT(scene->def.joint_count < SCENE_JOINTS);
    ParaJointDef joint = para_joint_def_default();
    joint.kind = kind;
    joint.a = a;
    joint.b = b;
    joint.anchor_a = anchor_a;
    joint.anchor_b = anchor_b;
    scene->joints[scene->def.joint_count] = joint;
    return scene->def.joint_count++;
}

/// A place of the world in a body's frame.
static ParaVec2 in_frame(const ParaBodyDef *body, float x, float y)
{
    double c = cos((double)body->angle), s = sin((double)body->angle);
    double dx = (double)(x - body->position.x), dy = (double)(y - body->position.y);
    return (ParaVec2){(float)(c * dx + s * dy), (float)(c * dy - s * dx)};
}

int scene_joint_at(Scene *scene, ParaJointKind kind, int a, int b, float x, float y)
{
    return scene_joint(scene, kind, a, b, in_frame(&scene->bodies[a], x, y),
                       in_frame(&scene->bodies[b], x, y));
}

int scene_zone_box(Scene *scene, float x, float y, float width, float height)
{
    ParaZoneDef zone = para_zone_def_default();
    zone.kind = PARA_SHAPE_POLYGON;
    zone.position = (ParaVec2){x, y};
    zone.point_first = (uint32_t)scene->def.point_count;
    zone.point_count = 4;
    float w = 0.5f * width, h = 0.5f * height;
    ParaVec2 corners[] = {{-w, -h}, {w, -h}, {w, h}, {-w, h}};
    for (int i = 0; i < 4; i++)
        scene->points[scene->def.point_count++] = corners[i];
    scene->zones[scene->def.zone_count] = zone;
    return scene->def.zone_count++;
}

int scene_floor(Scene *scene, float friction, float restitution)
{
    int floor = scene_body(scene, PARA_BODY_STATIC, 0.0f, -1.0f);
    int shape = scene_box(scene, 200.0f, 2.0f);
    scene->shapes[shape].friction = friction;
    scene->shapes[shape].restitution = restitution;
    return floor;
}

static int limb(Scene *scene, float x, float y, float width, float height)
{
    int body = scene_body(scene, PARA_BODY_DYNAMIC, x, y);
    int shape = scene_box(scene, width, height);
    scene->shapes[shape].friction = 0.9f;
    return body;
}

static void hinge(Scene *scene, int a, int b, ParaVec2 on_a, ParaVec2 on_b, float lower, float upper)
{
    int joint = scene_joint(scene, PARA_JOINT_REVOLUTE, a, b, on_a, on_b);
    scene->joints[joint].limited = true;
    scene->joints[joint].lower = lower;
    scene->joints[joint].upper = upper;
    scene->joints[joint].motored = true;
}

void scene_walker(Scene *scene, uint64_t seed)
{
    scene_begin(scene);
    ParaRng rng = para_rng_make(seed, "terrain");
    ParaVec2 ground[31];
    for (int i = 0; i <= 30; i++)
        ground[i] = (ParaVec2){(float)i - 5.0f, (float)para_rng_range(&rng, -0.15, 0.15)};
    scene_body(scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    scene->shapes[scene_chain(scene, ground, 31, 0.0f)].friction = 0.9f;
    int torso = limb(scene, 5.0f, 1.75f, 1.0f, 0.4f);
    scene->bodies[torso].group = 1;
    for (int side = 0; side < 2; side++) {
        float x = side ? 5.3f : 4.7f;
        int thigh = limb(scene, x, 1.25f, 0.2f, 0.6f), shin = limb(scene, x, 0.65f, 0.16f, 0.6f);
        scene->bodies[thigh].group = 1;
        scene->bodies[shin].group = 1;
        hinge(scene, torso, thigh, (ParaVec2){x - 5.0f, -0.2f}, (ParaVec2){0.0f, 0.3f}, -1.0f, 1.0f);
        hinge(scene, thigh, shin, (ParaVec2){0.0f, -0.3f}, (ParaVec2){0.0f, 0.3f}, -1.5f, 0.2f);
    }
    for (int i = 0; i < 5; i++)
        limb(scene, 8.0f + 1.5f * (float)i, 1.0f, 0.5f, 0.5f);
}

void scene_walker_act(ParaWorld world, uint64_t seed, int step)
{
    if (step % 15 != 0)
        return;
    const ParaInputs *inputs = para_world_inputs(world);
    ParaRng rng = para_rng_make(para_seed_mix(seed, (uint64_t)step), "act");
    for (int i = 0; i < 4; i++) {
        AT(inputs, motor_rate, i) = (float)para_rng_range(&rng, -6.0, 6.0);
        AT(inputs, motor_max, i) = 5.0f;
    }
}

void scene_mixed(Scene *scene)
{
    scene_begin(scene);
    ParaVec2 bowl[9];
    for (int i = 0; i < 9; i++) {
        float x = -8.0f + 2.0f * (float)i;
        bowl[i] = (ParaVec2){x, 0.06f * x * x};
    }
    scene_body(scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    scene_chain(scene, bowl, 9, 0.05f);
    for (int i = 0; i < 12; i++) {
        int body =
            scene_body(scene, PARA_BODY_DYNAMIC, -5.0f + 0.9f * (float)i, 4.0f + 0.4f * (float)(i % 3));
        int shape = i % 2 ? scene_box(scene, 0.5f, 0.3f + 0.05f * (float)i)
                          : scene_circle(scene, 0.2f + 0.02f * (float)i);
        scene->shapes[shape].restitution = i % 3 ? 0.0f : 0.5f;
        scene->bodies[body].linear_damping = i == 3 ? 0.5f : 0.0f;
        scene->bodies[body].fast = i == 4;
    }
    int lift = scene_body(scene, PARA_BODY_KINEMATIC, 2.0f, 1.0f);
    scene_box(scene, 1.0f, 0.2f);
    scene->bodies[lift].velocity = (ParaVec2){0.0f, 0.2f};
    scene_joint(scene, PARA_JOINT_SPRING, 1, 3, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    scene->joints[0].stiffness = 20.0f;
    scene->joints[0].damping = 0.5f;
    scene->joints[0].rest = 1.0f;
    scene_joint(scene, PARA_JOINT_DISTANCE, 5, 7, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    scene_joint(scene, PARA_JOINT_PRISMATIC, 0, 9, (ParaVec2){2.2f, 4.0f}, (ParaVec2){0, 0});
    scene->joints[2].axis = (ParaVec2){0.0f, 1.0f};
    scene->joints[2].motored = true;
    scene_joint(scene, PARA_JOINT_WELD, 10, 11, (ParaVec2){0.9f, 0.0f}, (ParaVec2){0, 0});
    scene->zones[scene_zone_box(scene, 0.0f, 1.0f, 6.0f, 1.0f)].acceleration = (ParaVec2){3.0f, 6.0f};
    scene->zones[0].drag = 0.5f;
    scene->thrusters[0] = (ParaThrusterDef){2, {0.1f, 0.0f}, {0.0f, 1.0f}, 4.0f};
    scene->def.thruster_count = 1;
}

void scene_mixed_act(ParaWorld world, int step)
{
    const ParaInputs *inputs = para_world_inputs(world);
    AT(inputs, throttle, 0) = step % 40 < 20 ? 1.0f : -0.5f;
    AT(inputs, motor_rate, 2) = step % 60 < 30 ? 1.0f : -1.0f;
    AT(inputs, motor_max, 2) = 20.0f;
    if (step % 50 == 25)
        para_world_set_velocity(world, 5, (ParaVec2){40.0f, 5.0f}, 3.0f);
}

static void change_zone(ParaWorld world, int zone, int turn)
{
    ParaZoneState now = para_world_view(world)->zones[zone];
    now.position.x += turn % 2 ? 0.3f : -0.25f;
    now.angle += 0.1f;
    now.acceleration.x = (float)(turn % 3);
    now.fluid_density = turn % 4 ? 2.0f : 0.0f;
    now.on = turn % 5 != 4;
    para_world_set_zone(world, zone, &now);
}

static int turning(Scene *scene, int frame, float x, float y, float radius)
{
    int body = scene_body(scene, PARA_BODY_DYNAMIC, x, y);
    scene_circle(scene, radius);
    int hinge = scene_joint_at(scene, PARA_JOINT_REVOLUTE, frame, body, x, y);
    scene->joints[hinge].motored = true;
    return body;
}

static void hang(Scene *scene, int ground, int frame, float x)
{
    int spring = scene_joint(scene, PARA_JOINT_SPRING, ground, frame, (ParaVec2){x, 0}, (ParaVec2){x, 0});
    scene->joints[spring].stiffness = 60.0f;
    scene->joints[spring].damping = 1.0f;
    scene->joints[spring].rest = 1.2f;
    scene->joints[spring].limited = true;
    scene->joints[spring].lower = 0.5f;
    scene->joints[spring].upper = 1.7f;
}

void scene_machines(Scene *scene)
{
    const ParaVec2 middle = {0, 0};
    scene_begin(scene);
    int ground = scene_body(scene, PARA_BODY_STATIC, 8.0f, 6.0f);
    int frame = scene_body(scene, PARA_BODY_DYNAMIC, 8.0f, 4.5f);
    scene_box(scene, 3.0f, 0.3f);
    int a = turning(scene, frame, 7.5f, 4.5f, 0.4f), b = turning(scene, frame, 8.5f, 4.5f, 0.3f);
    int bar = scene_body(scene, PARA_BODY_DYNAMIC, 8.0f, 3.8f);
    scene_box(scene, 1.0f, 0.2f);
    int rail = scene_joint_at(scene, PARA_JOINT_PRISMATIC, frame, bar, 8.0f, 3.8f);
    scene->joints[rail].axis = (ParaVec2){1.0f, 0.0f};
    int loads[2];
    for (int i = 0; i < 2; i++) {
        loads[i] = scene_body(scene, PARA_BODY_DYNAMIC, i ? 1.0f : -1.0f, i ? 4.0f : 8.0f);
        scene->shapes[scene_circle(scene, 0.2f)].density = i ? 16.0f : 24.0f;
    }
    int line = scene_joint(scene, PARA_JOINT_PULLEY, loads[0], loads[1], middle, middle);
    scene->joints[line].wheel_a = (ParaVec2){-1.0f, 10.0f};
    scene->joints[line].wheel_b = (ParaVec2){1.0f, 10.0f};
    scene->joints[line].ratio = 1.5f;
    scene->joints[line].rest = 11.0f;
    int gear = scene_joint(scene, PARA_JOINT_GEAR, a, b, middle, middle);
    scene->joints[gear].ratio = -0.75f;
    int rack = scene_joint(scene, PARA_JOINT_RACK, b, bar, middle, middle);
    scene->joints[rack].ratio = 0.3f;
    scene->joints[gear].carrier = scene->joints[rack].carrier = (int16_t)frame;
    for (int side = -1; side <= 1; side += 2)
        hang(scene, ground, frame, (float)side);
    assert_int_equal(gear, SCENE_MACHINES_GEAR);
}

void scene_machines_act(ParaWorld world, int step)
{
    const ParaInputs *inputs = para_world_inputs(world);
    AT(inputs, motor_rate, 0) = step / 50 % 2 ? 6.0f : -4.0f;
    AT(inputs, motor_max, 0) = 2.0f;
    for (int j = SCENE_MACHINES_GEAR - 1; j < SCENE_MACHINES_GEAR + 2; j++) {
        if (step % 90 == 40)
            para_world_break_joint(world, j);
        if (step % 90 == 60)
            para_world_make_joint(world, j);
    }
    if (step == 150)
        para_world_place_body(world, 1, (ParaVec2){8.0f, 4.6f}, 0.1f, (ParaVec2){0, 0}, 0.0f);
}

void scene_change(ParaWorld world, int step)
{
    const ParaView *view = para_world_view(world);
    const ParaWorldDef *def = view->def;
    int turn = step / SCENE_CHANGES, body = turn % def->body_count;
    switch (step % SCENE_CHANGES) {
    case 0:
        para_world_set_gravity(world, (ParaVec2){0.5f * (float)(turn % 3), -9.0f - (float)(turn % 4)});
        break;
    case 1:
        if (def->zone_count > 0)
            change_zone(world, turn % def->zone_count, turn);
        break;
    case 2:
        if (def->joint_count > 0)
            para_world_break_joint(world, turn % def->joint_count);
        break;
    case 3:
        if (def->bodies[body].kind != PARA_BODY_STATIC)
            para_world_place_body(world, body, (ParaVec2){AT(view, x, body) + 0.3f, AT(view, y, body) + 0.5f},
                                  AT(view, angle, body) + 0.2f, (ParaVec2){1.0f, 0.5f}, -1.0f);
        break;
    case 4:
        para_world_set_friction(world, body, 0.3f * (float)(turn % 4));
        break;
    case 5:
        para_world_disable_body(world, body);
        break;
    case 6:
        if (turn > 2)
            para_world_enable_body(world, (turn - 2) % def->body_count);
        break;
    default:
        if (def->joint_count > 0 && turn % 3 > 0)
            para_world_make_joint(world, (turn - turn % 3) % def->joint_count);
    }
}

void scene_build(ParaWorld world, const Scene *scene)
{
    ParaArena *arena = para_arena_create(4096, 1 << 20);
    ParaDiagList list = para_diag_list(arena, "scene", NULL);
    bool good = para_world_build(world, &scene->def, &list);
    if (!good)
        para_diag_print(&list, stdout);
    para_arena_destroy(arena);
    assert_true(good);
}

ParaWorldGroup *scene_room(int capacity)
{
    ParaWorldGroup *group = para_world_group_create(present, capacity);
    assert_non_null(group);
    return group;
}

ParaWorldGroup *scene_group(const Scene *scene, int capacity)
{
    ParaWorldGroup *group = scene_room(capacity);
    scene_build(para_world_at(group, 0), scene);
    return group;
}

void scene_steps(ParaWorld world, int count)
{
    for (int i = 0; i < count; i++)
        para_world_step(world);
}

void scene_point(const ParaView *view, int body, ParaVec2 local, double place[2], double speed[2])
{
    double c = (double)AT(view, cos, body), s = (double)AT(view, sin, body);
    place[0] = (double)AT(view, x, body) + c * (double)local.x - s * (double)local.y;
    place[1] = (double)AT(view, y, body) + s * (double)local.x + c * (double)local.y;
    double spin = (double)AT(view, spin, body);
    speed[0] = (double)AT(view, vx, body) - spin * (place[1] - (double)AT(view, centre_y, body));
    speed[1] = (double)AT(view, vy, body) + spin * (place[0] - (double)AT(view, centre_x, body));
}

void scene_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.9g is not %.9g within %.2g", value, expected, tolerance);
}
