// SPDX-License-Identifier: MIT
// The sudden acts between steps.
#include "engine/world/chipmunk/links.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>

/// Velocities changed between steps show at once.
static void show_velocity(ParaCpWorld *world, int body)
{
    if (para_cp_insane_body(world) >= 0) {
        para_cp_diverge(world, body);
        return;
    }
    world->jolted = true;
    world->vx[body] = (float)world->bodies[body]->v.x;
    world->vy[body] = (float)world->bodies[body]->v.y;
    world->spin[body] = (float)world->bodies[body]->w;
}

void para_cp_apply_impulse(void *solver, int index, int body, ParaVec2 impulse)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    double mass = world->body_data[body].mass;
    if (mass <= 0.0 || !world->enabled[body] || world->view.status != PARA_WORLD_FINE)
        return;
    cpBody *moved = world->bodies[body];
    moved->v = cpvadd(moved->v, cpv((double)impulse.x / mass, (double)impulse.y / mass));
    show_velocity(world, body);
}

void para_cp_set_velocity(void *solver, int index, int body, ParaVec2 velocity, float spin)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    if (world->def.bodies[body].kind == PARA_BODY_STATIC || !world->enabled[body] ||
        world->view.status != PARA_WORLD_FINE)
        return;
    world->bodies[body]->v = cpv((double)velocity.x, (double)velocity.y);
    world->bodies[body]->w = world->def.bodies[body].fixed_rotation ? 0.0 : (double)spin;
    show_velocity(world, body);
}

void para_cp_set_gravity(void *solver, int index, ParaVec2 gravity)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    world->view.gravity = gravity;
    world->space->gravity = cpv((double)gravity.x, (double)gravity.y); // nobody sleeps who would have to wake
}

void para_cp_set_clock(void *solver, int index, uint64_t step)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    world->view.step = step;
    world->view.time = (double)step / (double)world->def.rate;
}

void para_cp_set_zone(void *solver, int index, int zone, const ParaZoneState *now)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    bool wet = world->fluid_bits != 0;
    world->zones[zone] = *now;
    world->areas[zone] = para_zone_area(&world->def, zone, now);
    world->fluid_bits = para_fluid_bits(world->zones, world->def.zone_count);
    for (int i = 0; i < world->def.body_count; i++) {
        cpBody *body = world->bodies[i];
        if (!world->enabled[i])
            continue;
        world->zone_bits[i] = para_zones_again(world->areas, zone, world->zone_bits[i], body->p.x, body->p.y);
        if (wet && world->fluid_bits == 0 && world->body_data[i].mass > 0.0) {
            body->m_inv = 1.0 / body->m; // no fluid moves along any more
            body->i_inv = 1.0 / body->i;
        }
    }
}

void para_cp_set_friction(void *solver, int index, int body, float friction)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    cpShape *shape = world->enabled[body] ? world->bodies[body]->shapeList : world->away[body];
    world->friction[body] = friction;
    for (; shape; shape = shape->next)
        shape->u = (double)friction;
}

void para_cp_set_joint(void *solver, int index, int joint, bool whole)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    if (world->links[joint].broken != whole)
        return;
    ParaCpGuard guard;
    para_cp_enter(&guard, &((ParaCpSolver *)solver)->slots[index]);
    if (setjmp(guard.way_out) == 0) {
        world->links[joint].broken = !whole;
        para_cp_settle_joint(world, joint, true);
        world->jolted = true;
    } else {
        para_cp_diverge(world, world->links[joint].b);
    }
    para_cp_leave(&guard);
}

bool para_cp_joint_broken(void *solver, int index, int joint)
{
    return para_cp_world(solver, index)->links[joint].broken;
}

void para_cp_wind_joint(void *solver, int index, int joint, float angle)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    ParaCpLink *link = &world->links[joint];
    double off = (double)world->joint_angle[joint] - (double)angle;
    if (!link->on)
        return;
    switch (world->def.joints[joint].kind) {
    case PARA_JOINT_REVOLUTE:
        link->start += PARA_TAU * __builtin_floor(off / PARA_TAU + 0.5);
        break;
    case PARA_JOINT_GEAR:
        link->rest += off;
        break;
    case PARA_JOINT_RACK: // the way counts from elsewhere, and the turn with it: its error stays 0
        link->rest += off;
        link->start += off / link->ratio;
        break;
    default:
        break;
    }
    para_cp_publish_joint(world, joint);
}

// ---------------------------------------------------------------------------------------------
// Bodies that go, come and are put elsewhere.

static void settle_joints(ParaCpWorld *world, int body, bool drawn)
{
    for (int i = 0; i < world->def.joint_count; i++)
        if (world->links[i].a == body || world->links[i].b == body || world->links[i].carrier == body)
            para_cp_settle_joint(world, i, drawn);
}

/// Chipmunk forgets a body's shapes, with their contacts. They are kept, the one that was added first in
/// front.
static void take_out(ParaCpWorld *world, int body)
{
    cpBody *gone = world->bodies[body];
    PARA_ASSERT(gone->space == world->space); // it is taken out once
    while (gone->shapeList) {
        cpShape *shape = gone->shapeList;
        cpSpaceRemoveShape(world->space, shape);
        shape->next = world->away[body];
        world->away[body] = shape;
    }
    cpSpaceRemoveBody(world->space, gone);
}

static void put_in(ParaCpWorld *world, int body)
{
    cpSpaceAddBody(world->space, world->bodies[body]);
    while (world->away[body]) {
        cpShape *shape = world->away[body];
        world->away[body] = shape->next;
        shape->next = NULL;
        cpSpaceAddShape(world->space, shape);
    }
}

static void remove_body(ParaCpWorld *world, int body)
{
    world->enabled[body] = 0;
    world->zone_bits[body] = 0;
    settle_joints(world, body, false);
    take_out(world, body);
    if (world->def.bodies[body].kind == PARA_BODY_STATIC)
        para_cp_find_seams(world); // what it covered is open
}

void para_cp_disable_body(void *solver, int index, int body)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    if (!world->enabled[body] || world->view.status == PARA_WORLD_DIVERGED)
        return;
    ParaCpGuard guard;
    para_cp_enter(&guard, &((ParaCpSolver *)solver)->slots[index]);
    if (setjmp(guard.way_out) == 0)
        remove_body(world, body);
    else
        para_cp_diverge(world, body);
    para_cp_leave(&guard);
}

static void move_to(ParaCpWorld *world, int body, const ParaBodyPlace *to)
{
    const ParaCpBodyData *data = &world->body_data[body];
    cpBody *moved = world->bodies[body];
    double s, c;
    para_sincos((double)to->angle, &s, &c);
    cpBodySetAngle(moved, (double)to->angle);
    cpBodySetPosition(moved, cpv((double)to->position.x + (c * data->centre_x - s * data->centre_y),
                                 (double)to->position.y + (s * data->centre_x + c * data->centre_y)));
    moved->v = cpv((double)to->velocity.x, (double)to->velocity.y);
    moved->w = (double)to->spin;
    moved->v_bias = cpvzero;
    moved->w_bias = 0.0;
}

static bool sane(const ParaBodyPlace *to)
{
    return fabs((double)to->velocity.x) < PARA_CP_SPEED_MAX &&
           fabs((double)to->velocity.y) < PARA_CP_SPEED_MAX && fabs((double)to->spin) < PARA_CP_SPEED_MAX &&
           fabs((double)to->position.x) < PARA_CP_PLACE_MAX &&
           fabs((double)to->position.y) < PARA_CP_PLACE_MAX;
}

static void place_body(ParaCpWorld *world, int body, const ParaBodyPlace *to)
{
    bool was = world->enabled[body];
    para_cp_forget_contacts(world, body);
    if (was)
        take_out(world, body);
    if (to)
        move_to(world, body, to);
    put_in(world, body);
    world->enabled[body] = 1;
    para_cp_publish_body(world, body);
    settle_joints(world, body, true);
    world->jolted = true;
    if (!was && world->def.bodies[body].kind == PARA_BODY_STATIC)
        para_cp_find_seams(world);
}

void para_cp_place_body(void *solver, int index, int body, const ParaBodyPlace *to)
{
    ParaCpWorld *world = para_cp_world(solver, index);
    if (to && !sane(to)) {
        para_cp_diverge(world, body);
        return;
    }
    ParaCpGuard guard;
    para_cp_enter(&guard, &((ParaCpSolver *)solver)->slots[index]);
    if (setjmp(guard.way_out) == 0)
        place_body(world, body, to);
    else
        para_cp_diverge(world, body);
    para_cp_leave(&guard);
}
