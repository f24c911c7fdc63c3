// SPDX-License-Identifier: MIT
// Marks in the inks of the interface, which no mood changes. Lengths go with the root of forces, so that the
// weight of a crate and the blow of a fall are both seen.
#include "engine/draw/look/overlay.h"

#include "engine/base/maths.h"

#include <math.h>

#define BAR_SCALE  0.06f // [m] of a bar per root of a newton
#define BAR_MAX    1.6f  // [m]
#define ARROW_TIME 0.25f // [s] of way that an arrow shows
#define ARROW_MAX  4.0f  // [m]
#define SPEED_MIN  0.05f // [m/s] what is slower has no arrow

typedef struct Marks {
    ParaScene *scene;
    const ParaView *view;
    const ParaInputs *inputs;
    float line; // [m] half thickness of a line
} Marks;

static ParaVec2 along(ParaVec2 a, ParaVec2 way, float length)
{
    return (ParaVec2){a.x + way.x * length, a.y + way.y * length};
}

static void paint_contacts(const Marks *m)
{
    float rate = m->view->def->rate;
    for (int i = 0; i < m->view->contact_count; i++) {
        const ParaContact *c = &m->view->contacts[i];
        float length = fminf(BAR_SCALE * sqrtf(fmaxf(c->impulse * rate, 0.0f)), BAR_MAX);
        para_scene_line(m->scene, along(c->point, c->normal, -length), along(c->point, c->normal, length),
                        m->line, PARA_INK_WARN);
        para_scene_circle(m->scene, c->point, 2.2f * m->line, PARA_INK_BAD);
    }
}

static void paint_velocities(const Marks *m)
{
    const ParaView *v = m->view;
    for (int body = 0; body < v->def->body_count; body++) {
        int at = body * v->stride;
        float speed = sqrtf(v->vx[at] * v->vx[at] + v->vy[at] * v->vy[at]);
        if (!v->enabled[at] || v->def->bodies[body].kind == PARA_BODY_STATIC || !(speed > SPEED_MIN))
            continue;
        ParaVec2 from = {v->centre_x[at], v->centre_y[at]}, way = {v->vx[at] / speed, v->vy[at] / speed};
        ParaVec2 tip = along(from, way, fminf(ARROW_TIME * speed, ARROW_MAX)), side = {-way.y, way.x};
        ParaVec2 back = along(tip, way, -7.0f * m->line);
        para_scene_line(m->scene, from, tip, m->line, PARA_INK_ACCENT);
        para_scene_line(m->scene, along(back, side, 4.0f * m->line), tip, m->line, PARA_INK_ACCENT);
        para_scene_line(m->scene, along(back, side, -4.0f * m->line), tip, m->line, PARA_INK_ACCENT);
    }
}

/// An anchor of a joint, in the world.
static ParaVec2 anchor(const ParaView *v, int body, ParaVec2 local)
{
    int at = body * v->stride;
    return (ParaVec2){v->x[at] + v->cos[at] * local.x - v->sin[at] * local.y,
                      v->y[at] + v->sin[at] * local.x + v->cos[at] * local.y};
}

static void paint_joints(const Marks *m)
{
    const ParaView *v = m->view;
    for (int i = 0; i < v->def->joint_count; i++) {
        const ParaJointDef *j = &v->def->joints[i];
        if (!v->joint_enabled[i * v->stride])
            continue;
        ParaVec2 a = anchor(v, j->a, j->anchor_a), b = anchor(v, j->b, j->anchor_b);
        float load = v->joint_load[i * v->stride],
              wide = m->line * (1.0f + fminf(0.05f * sqrtf(fmaxf(load, 0.0f)), 3.0f));
        if (v->def->bodies[j->a].kind != PARA_BODY_STATIC)
            para_scene_line(m->scene,
                            (ParaVec2){v->centre_x[j->a * v->stride], v->centre_y[j->a * v->stride]}, a,
                            m->line, PARA_INK_TEXT_DIM);
        if (v->def->bodies[j->b].kind != PARA_BODY_STATIC)
            para_scene_line(m->scene,
                            (ParaVec2){v->centre_x[j->b * v->stride], v->centre_y[j->b * v->stride]}, b,
                            m->line, PARA_INK_TEXT_DIM);
        para_scene_line(m->scene, a, b, wide, PARA_INK_TEXT);
        para_scene_circle(m->scene, a, 2.0f * m->line, PARA_INK_TEXT);
        para_scene_circle(m->scene, b, 2.0f * m->line, PARA_INK_TEXT);
    }
}

static void paint_motors(const Marks *m)
{
    const ParaView *v = m->view;
    for (int i = 0; i < v->def->joint_count; i++) {
        const ParaJointDef *j = &v->def->joints[i];
        int at = i * v->stride;
        if (!j->motored || !v->joint_enabled[at])
            continue;
        bool driven = m->inputs && m->inputs->motor_max[i * m->inputs->stride] > 0.0f;
        ParaVec2 middle = anchor(v, j->a, j->anchor_a);
        float size = fminf(3.0f * m->line + 0.02f * sqrtf(fmaxf(v->joint_load[at], 0.0f)), 0.8f);
        double s, c;
        // One radian of the hand for 10 rad/s (or m/s), from straight up, turning as the joint turns.
        para_sincos((double)para_clampf(0.1f * v->joint_speed[at], -3.0f, 3.0f), &s, &c);
        para_scene_circle(m->scene, middle, size, driven ? PARA_INK_GOOD : PARA_INK_TRACK);
        para_scene_line(m->scene, middle, along(middle, (ParaVec2){(float)-s, (float)c}, size),
                        0.8f * m->line, PARA_INK_TEXT);
    }
}

static ParaVec2 zone_point(const ParaView *v, int zone, uint32_t k)
{
    const ParaZoneState *z = &v->zones[zone];
    ParaVec2 p = v->def->points[v->def->zones[zone].point_first + k];
    double s, c;
    para_sincos(isfinite(z->angle) ? (double)z->angle : 0.0, &s, &c);
    return (ParaVec2){z->position.x + (float)c * p.x - (float)s * p.y,
                      z->position.y + (float)s * p.x + (float)c * p.y};
}

static void paint_zone(const Marks *m, int zone, float wide, int ink)
{
    enum { SIDES = 32 };
    const ParaZoneDef *def = &m->view->def->zones[zone];
    if (def->kind != PARA_SHAPE_CIRCLE) {
        for (uint32_t k = 0; k < def->point_count; k++)
            para_scene_line(m->scene, zone_point(m->view, zone, k),
                            zone_point(m->view, zone, (k + 1) % def->point_count), wide, ink);
        return;
    }
    ParaVec2 middle = m->view->zones[zone].position, last = {middle.x + def->radius, middle.y};
    for (int i = 1; i <= SIDES; i++) {
        double s, c;
        para_sincos(PARA_TAU * i / SIDES, &s, &c);
        ParaVec2 next = along(middle, (ParaVec2){(float)c, (float)s}, def->radius);
        para_scene_line(m->scene, last, next, wide, ink);
        last = next;
    }
}

static void paint_zones(const Marks *m)
{
    const ParaView *v = m->view;
    uint32_t occupied = 0;
    for (int body = 0; body < v->def->body_count; body++)
        if (v->enabled[body * v->stride])
            occupied |= v->zone_bits[body * v->stride];
    for (int zone = 0; zone < v->def->zone_count; zone++) {
        bool inside = occupied >> zone & 1;
        if (v->zones[zone].on)
            paint_zone(m, zone, inside ? 1.6f * m->line : 0.8f * m->line,
                       inside ? PARA_INK_GOOD : PARA_INK_TEXT_DIM);
    }
}

void para_overlay_paint(ParaScene *scene, const ParaView *view, const ParaInputs *inputs, unsigned marks,
                        float pixel)
{
    const Marks m = {scene, view, inputs, 1.1f * (pixel > 0.0f && isfinite(pixel) ? pixel : 0.01f)};
    if (marks & PARA_OVERLAY_ZONES)
        paint_zones(&m);
    if (marks & PARA_OVERLAY_JOINTS)
        paint_joints(&m);
    if (marks & PARA_OVERLAY_MOTORS)
        paint_motors(&m);
    if (marks & PARA_OVERLAY_VELOCITIES)
        paint_velocities(&m);
    if (marks & PARA_OVERLAY_CONTACTS)
        paint_contacts(&m);
}
