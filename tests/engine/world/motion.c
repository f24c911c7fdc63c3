// SPDX-License-Identifier: MIT
// Momentum, angular momentum and energy of a view, in doubles, with masses from the def's shapes. Used by the
// tests of conservation and of joints.
#include "tests/engine/world/motion.h"

#include "engine/world/geometry.h"
#include "tests/engine/world/scene.h"

#include <math.h>

double motion_moment(const ParaView *view, int body)
{
    int first, end;
    para_body_shapes(view->def, body, &first, &end);
    return para_body_mass(view->def, first, end).moment;
}

void motion_point(const ParaView *view, int body, ParaVec2 local, double place[2], double speed[2])
{
    double c = (double)AT(view, cos, body), s = (double)AT(view, sin, body);
    place[0] = (double)AT(view, x, body) + c * (double)local.x - s * (double)local.y;
    place[1] = (double)AT(view, y, body) + s * (double)local.x + c * (double)local.y;
    double spin = (double)AT(view, spin, body);
    speed[0] = (double)AT(view, vx, body) - spin * (place[1] - (double)AT(view, centre_y, body));
    speed[1] = (double)AT(view, vy, body) + spin * (place[0] - (double)AT(view, centre_x, body));
}

static void add_body(const ParaView *view, int body, Motion *sum)
{
    double m = (double)AT(view, mass, body), x = (double)AT(view, centre_x, body);
    double y = (double)AT(view, centre_y, body), vx = (double)AT(view, vx, body);
    double vy = (double)AT(view, vy, body), spin = (double)AT(view, spin, body);
    double moment = motion_moment(view, body), scale = (double)view->def->bodies[body].gravity_scale;
    sum->mass += m;
    sum->x += m * x;
    sum->y += m * y;
    sum->px += m * vx;
    sum->py += m * vy;
    sum->turn += m * (x * vy - y * vx) + moment * spin;
    sum->moving += 0.5 * m * (vx * vx + vy * vy) + 0.5 * moment * spin * spin;
    sum->height -= scale * m * (x * (double)view->def->gravity.x + y * (double)view->def->gravity.y);
}

Motion motion_of(const ParaView *view)
{
    Motion sum = {0};
    for (int i = 0; i < view->def->body_count; i++)
        if (view->def->bodies[i].kind == PARA_BODY_DYNAMIC && AT(view, enabled, i))
            add_body(view, i, &sum);
    if (sum.mass > 0) {
        sum.x /= sum.mass;
        sum.y /= sum.mass;
    }
    for (int i = 0; i < view->def->joint_count; i++) {
        const ParaJointDef *joint = &view->def->joints[i];
        double stretch = (double)AT(view, joint_angle, i) - (double)joint->rest;
        if (joint->kind == PARA_JOINT_SPRING)
            sum.springs += 0.5 * (double)joint->stiffness * stretch * stretch;
    }
    return sum;
}

double motion_energy(const ParaView *view)
{
    Motion sum = motion_of(view);
    return sum.moving + sum.height + sum.springs;
}
