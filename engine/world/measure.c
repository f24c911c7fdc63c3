// SPDX-License-Identifier: MIT
// Energy and momentum of a view. Masses and moments are those of the def's shapes in double, not the view's
// floats: sums of many bodies are then as exact as positions and velocities are.
#include "engine/world/measure.h"

#include "engine/base/assert.h"
#include "engine/world/geometry.h"

/// What is known of one body in double.
typedef struct Moving {
    double mass, moment; ///< [kg] [kg m^2]
    double x, y;         ///< [m] centre of mass
    double vx, vy, spin; ///< [m/s] [rad/s]
    double gravity_x;    ///< [m/s^2] what pulls it
    double gravity_y;    ///< [m/s^2]
} Moving;

static double at(const ParaView *view, const float *values, int i)
{
    return (double)values[(size_t)i * (size_t)view->stride];
}

static bool moves(const ParaView *view, int body)
{
    return view->def->bodies[body].kind == PARA_BODY_DYNAMIC &&
           view->enabled[(size_t)body * (size_t)view->stride];
}

/// Body with the shapes [first, end).
static Moving moving_of(const ParaView *view, int body, int first, int end)
{
    ParaMass mass = para_body_mass(view->def, first, end);
    double scale = (double)view->def->bodies[body].gravity_scale;
    return (Moving){.mass = mass.mass,
                    .moment = mass.moment,
                    .x = at(view, view->centre_x, body),
                    .y = at(view, view->centre_y, body),
                    .vx = at(view, view->vx, body),
                    .vy = at(view, view->vy, body),
                    .spin = at(view, view->spin, body),
                    .gravity_x = scale * (double)view->gravity.x,
                    .gravity_y = scale * (double)view->gravity.y};
}

static ParaEnergy energy_of(const Moving *body)
{
    double square = body->vx * body->vx + body->vy * body->vy;
    return (ParaEnergy){.kinetic = 0.5 * body->mass * square + 0.5 * body->moment * body->spin * body->spin,
                        .potential = -body->mass * (body->x * body->gravity_x + body->y * body->gravity_y)};
}

/// Shapes are grouped by body in rising order, so walking them once finds those of every body.
static int shapes_end(const ParaWorldDef *def, int body, int first)
{
    while (first < def->shape_count && def->shapes[first].body == body)
        first++;
    return first;
}

double para_energy_total(ParaEnergy energy) { return energy.kinetic + energy.potential + energy.spring; }

ParaEnergy para_body_energy(const ParaView *view, int body)
{
    PARA_ASSERT(body >= 0 && body < view->def->body_count);
    if (!moves(view, body))
        return (ParaEnergy){0};
    int first, end;
    para_body_shapes(view->def, body, &first, &end);
    Moving moving = moving_of(view, body, first, end);
    return energy_of(&moving);
}

double para_joint_energy(const ParaView *view, int joint)
{
    PARA_ASSERT(joint >= 0 && joint < view->def->joint_count);
    const ParaJointDef *def = &view->def->joints[joint];
    size_t stride = (size_t)view->stride;
    if (def->kind != PARA_JOINT_SPRING || !view->joint_enabled[(size_t)joint * stride])
        return 0;
    double stretch = at(view, view->joint_angle, joint) - (double)def->rest;
    return 0.5 * (double)def->stiffness * stretch * stretch;
}

ParaEnergy para_world_energy(const ParaView *view)
{
    ParaEnergy sum = {0};
    for (int i = 0, first = 0, end; i < view->def->body_count; i++, first = end) {
        end = shapes_end(view->def, i, first);
        if (!moves(view, i))
            continue;
        Moving body = moving_of(view, i, first, end);
        ParaEnergy energy = energy_of(&body);
        sum.kinetic += energy.kinetic;
        sum.potential += energy.potential;
    }
    for (int i = 0; i < view->def->joint_count; i++)
        sum.spring += para_joint_energy(view, i);
    return sum;
}

double para_body_moment(const ParaWorldDef *def, int body)
{
    int first, end;
    para_body_shapes(def, body, &first, &end);
    return para_body_mass(def, first, end).moment;
}

ParaWorldMotion para_world_motion(const ParaView *view)
{
    ParaWorldMotion sum = {0};
    for (int i = 0, first = 0, end; i < view->def->body_count; i++, first = end) {
        end = shapes_end(view->def, i, first);
        if (!moves(view, i))
            continue;
        Moving body = moving_of(view, i, first, end);
        sum.mass += body.mass;
        sum.x += body.mass * body.x;
        sum.y += body.mass * body.y;
        sum.momentum_x += body.mass * body.vx;
        sum.momentum_y += body.mass * body.vy;
        sum.angular_momentum += body.mass * (body.x * body.vy - body.y * body.vx) + body.moment * body.spin;
    }
    if (sum.mass > 0) {
        sum.x /= sum.mass;
        sum.y /= sum.mass;
    }
    return sum;
}
