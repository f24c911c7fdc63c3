// SPDX-License-Identifier: MIT
// Written as a user of Chipmunk would write it by hand; it shares no code with engine/world.
#include "bench/bare_chipmunk.h"

#include "bare_names.h" // made by the build: cpSpaceNew becomes bare_cpSpaceNew, and so on

#include <chipmunk/chipmunk.h>
#include <stdlib.h>

#define COLLISION_SLOP 0.005 // [m] as the engine's worlds have it

struct ParaBareScene {
    const ParaLevel *level;
    cpSpace *space;
    cpBody **bodies;                   ///< [body_count]
    cpConstraint **motors;             ///< [joint_count] or NULL
    double dt;                         ///< [s]
    double torque[PARA_ACTUATORS_MAX]; ///< [N m] of twists now
};

// What the archive's greeting is redirected to (bench/sources.cmake).
int para_bare_puts(const char *text);
int para_bare_printf(int flag, const char *format, ...);
int para_bare_puts(const char *text) { return text ? 0 : -1; }
int para_bare_printf(int flag, const char *format, ...) { return flag && format ? 0 : -1; }

static cpVect vector(ParaVec2 v) { return cpv((double)v.x, (double)v.y); }

static void add_body(ParaBareScene *scene, int index)
{
    const ParaBodyDef *def = &scene->level->world.bodies[index];
    cpBody *body = def->kind == PARA_BODY_DYNAMIC     ? cpBodyNew(0.0, 0.0)
                   : def->kind == PARA_BODY_KINEMATIC ? cpBodyNewKinematic()
                                                      : cpBodyNewStatic();
    cpBodySetPosition(body, vector(def->position));
    cpBodySetAngle(body, (double)def->angle);
    scene->bodies[index] = cpSpaceAddBody(scene->space, body);
}

static void add_piece(ParaBareScene *scene, const ParaShapeDef *def, cpShape *shape)
{
    const ParaBodyDef *body = &scene->level->world.bodies[def->body];
    cpShapeSetFriction(shape, (double)def->friction);
    cpShapeSetElasticity(shape, (double)def->restitution);
    cpShapeSetFilter(shape, cpShapeFilterNew(body->group, def->category, def->mask));
    if (body->kind == PARA_BODY_DYNAMIC)
        cpShapeSetDensity(shape, (double)def->density);
    cpSpaceAddShape(scene->space, shape);
}

static void add_chain(ParaBareScene *scene, const ParaShapeDef *def, const ParaVec2 *points)
{
    for (uint32_t i = 0; i + 1 < def->point_count; i++) {
        cpShape *piece = cpSegmentShapeNew(scene->bodies[def->body], vector(points[i]), vector(points[i + 1]),
                                           (double)def->radius);
        cpSegmentShapeSetNeighbors(piece, vector(points[i > 0 ? i - 1 : 0]),
                                   vector(points[i + 2 < def->point_count ? i + 2 : i + 1]));
        add_piece(scene, def, piece);
    }
}

static void add_shape(ParaBareScene *scene, int index)
{
    const ParaShapeDef *def = &scene->level->world.shapes[index];
    const ParaVec2 *points = scene->level->world.points + def->point_first;
    cpBody *body = scene->bodies[def->body];
    cpVect corners[PARA_POLYGON_POINTS_MAX];
    switch (def->kind) {
    case PARA_SHAPE_CIRCLE:
        add_piece(scene, def, cpCircleShapeNew(body, (double)def->radius, vector(points[0])));
        break;
    case PARA_SHAPE_SEGMENT:
        add_piece(scene, def,
                  cpSegmentShapeNew(body, vector(points[0]), vector(points[1]), (double)def->radius));
        break;
    case PARA_SHAPE_POLYGON:
        for (uint32_t i = 0; i < def->point_count; i++)
            corners[i] = vector(points[i]);
        add_piece(scene, def, cpPolyShapeNewRaw(body, (int)def->point_count, corners, 0.0));
        break;
    case PARA_SHAPE_CHAIN:
        add_chain(scene, def, points);
        break;
    }
}

static cpConstraint *add_constraint(ParaBareScene *scene, const ParaJointDef *def, cpConstraint *constraint)
{
    cpConstraintSetCollideBodies(constraint, def->collide);
    return cpSpaceAddConstraint(scene->space, constraint);
}

static void add_joint(ParaBareScene *scene, int index)
{
    const ParaJointDef *def = &scene->level->world.joints[index];
    cpBody *a = scene->bodies[def->a], *b = scene->bodies[def->b];
    cpVect at_a = vector(def->anchor_a), at_b = vector(def->anchor_b);
    double start = cpBodyGetAngle(b) - cpBodyGetAngle(a);
    double low = (double)def->lower, high = (double)def->upper;
    switch (def->kind) {
    case PARA_JOINT_REVOLUTE:
        add_constraint(scene, def, cpPivotJointNew2(a, b, at_a, at_b));
        if (def->limited)
            add_constraint(scene, def, cpRotaryLimitJointNew(a, b, start + low, start + high));
        break;
    case PARA_JOINT_WELD:
        add_constraint(scene, def, cpPivotJointNew2(a, b, at_a, at_b));
        add_constraint(scene, def, cpGearJointNew(a, b, start, 1.0));
        break;
    case PARA_JOINT_PRISMATIC: {
        cpVect along = vector(def->axis);
        double back = def->limited ? low : -100.0, forth = def->limited ? high : 100.0;
        add_constraint(scene, def,
                       cpGrooveJointNew(a, b, cpvadd(at_a, cpvmult(along, back)),
                                        cpvadd(at_a, cpvmult(along, forth)), at_b));
        add_constraint(scene, def, cpGearJointNew(a, b, start, 1.0));
        break;
    }
    case PARA_JOINT_DISTANCE:
        add_constraint(scene, def,
                       def->limited ? cpSlideJointNew(a, b, at_a, at_b, low, high)
                                    : cpPinJointNew(a, b, at_a, at_b));
        break;
    case PARA_JOINT_SPRING:
        add_constraint(scene, def,
                       cpDampedSpringNew(a, b, at_a, at_b, (double)def->rest, (double)def->stiffness,
                                         (double)def->damping));
        break;
    case PARA_JOINT_PULLEY:
    case PARA_JOINT_GEAR:
    case PARA_JOINT_RACK:
        break; // no level that is measured here has one
    }
    if (def->motored && def->kind == PARA_JOINT_REVOLUTE) {
        scene->motors[index] = add_constraint(scene, def, cpSimpleMotorNew(a, b, 0.0));
        cpConstraintSetMaxForce(scene->motors[index], 0.0);
    }
}

ParaBareScene *para_bare_create(const ParaLevel *level)
{
    const ParaWorldDef *def = &level->world;
    ParaBareScene *scene = calloc(1, sizeof *scene);
    if (!scene)
        return NULL;
    scene->level = level;
    scene->bodies = calloc((size_t)def->body_count + 1, sizeof(cpBody *));
    scene->motors = calloc((size_t)def->joint_count + 1, sizeof(cpConstraint *));
    scene->space = cpSpaceNew();
    if (!scene->bodies || !scene->motors || !scene->space) {
        para_bare_destroy(scene);
        return NULL;
    }
    scene->dt = 1.0 / ((double)def->rate * def->substeps);
    cpSpaceSetIterations(scene->space, def->iterations);
    cpSpaceSetGravity(scene->space, vector(def->gravity));
    cpSpaceSetCollisionSlop(scene->space, COLLISION_SLOP);
    for (int i = 0; i < def->body_count; i++)
        add_body(scene, i);
    for (int i = 0; i < def->shape_count; i++)
        add_shape(scene, i);
    for (int i = 0; i < def->joint_count; i++)
        add_joint(scene, i);
    return scene;
}

static void free_constraint(cpSpace *space, void *constraint, void *data)
{
    (void)data;
    cpSpaceRemoveConstraint(space, constraint);
    cpConstraintFree(constraint);
}

static void free_shape(cpSpace *space, void *shape, void *data)
{
    (void)data;
    cpSpaceRemoveShape(space, shape);
    cpShapeFree(shape);
}

static void post_constraint(cpConstraint *constraint, void *space)
{
    cpSpaceAddPostStepCallback(space, free_constraint, constraint, NULL);
}

static void post_shape(cpShape *shape, void *space)
{
    cpSpaceAddPostStepCallback(space, free_shape, shape, NULL);
}

void para_bare_destroy(ParaBareScene *scene)
{
    if (!scene)
        return;
    if (scene->space) { // removal waits until the iteration is over, as Chipmunk wants it
        cpSpaceEachConstraint(scene->space, post_constraint, scene->space);
        cpSpaceEachShape(scene->space, post_shape, scene->space);
        for (int i = 0; scene->bodies && i < scene->level->world.body_count; i++)
            if (scene->bodies[i]) {
                cpSpaceRemoveBody(scene->space, scene->bodies[i]);
                cpBodyFree(scene->bodies[i]);
            }
        cpSpaceFree(scene->space);
    }
    free(scene->bodies);
    free(scene->motors);
    free(scene);
}

void para_bare_act(ParaBareScene *scene, const int8_t *action)
{
    const ParaPlayer *player = &scene->level->players[0];
    for (int i = 0; i < player->actuator_count; i++) {
        const ParaActuator *actuator = &player->actuators[i];
        double value = (double)action[actuator->channel] * (double)actuator->sign;
        if (actuator->kind == PARA_ACTUATOR_MOTOR && scene->motors[actuator->joint]) {
            cpConstraint *motor = scene->motors[actuator->joint];
            // Chipmunk's motor drives a against b: the sign turns.
            cpSimpleMotorSetRate(motor, -value * (double)actuator->rate);
            cpConstraintSetMaxForce(motor, value != 0.0 ? (double)actuator->torque : (double)actuator->brake);
        }
        scene->torque[i] = actuator->kind == PARA_ACTUATOR_TWIST ? value * (double)actuator->torque : 0.0;
    }
}

void para_bare_step(ParaBareScene *scene)
{
    const ParaPlayer *player = &scene->level->players[0];
    for (int substep = 0; substep < scene->level->world.substeps; substep++) {
        for (int i = 0; i < player->actuator_count; i++)
            if (scene->torque[i] != 0.0)
                cpBodySetTorque(scene->bodies[player->actuators[i].body], scene->torque[i]);
        cpSpaceStep(scene->space, scene->dt);
    }
}
