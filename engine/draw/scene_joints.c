// SPDX-License-Identifier: MIT
// Joints, flames, eyes and grips, as primitives.
#include "engine/base/maths.h"
#include "engine/draw/painter.h"

#include <math.h>

static void paint_spring(ParaPainter *p, ParaVec2 a, ParaVec2 b)
{
    enum { TURNS = 11 };
    ParaVec2 along = para_draw_sub(b, a), side = {0, 0};
    float size = para_draw_length(along);
    if (size > 1e-4f)
        side = para_draw_scaled((ParaVec2){-along.y, along.x}, 0.09f / size);
    ParaVec2 last = a;
    for (int i = 1; i <= TURNS; i++) {
        float swing = i == TURNS ? 0.0f : i % 2 ? 1.0f : -1.0f;
        ParaVec2 next = para_draw_add(para_draw_mix(a, b, (float)i / TURNS), para_draw_scaled(side, swing));
        para_scene_line(p->scene, last, next, 0.022f, PARA_INK_JOINT);
        last = next;
    }
}

/// Both ropes, what runs from wheel to wheel, and the wheels.
static void paint_pulley(ParaPainter *p, const ParaJointDef *j, ParaVec2 a, ParaVec2 b)
{
    para_scene_line(p->scene, a, j->wheel_a, 0.028f, PARA_INK_JOINT);
    para_scene_line(p->scene, j->wheel_a, j->wheel_b, 0.028f, PARA_INK_JOINT);
    para_scene_line(p->scene, j->wheel_b, b, 0.028f, PARA_INK_JOINT);
    for (int side = 0; side < 2; side++) {
        ParaVec2 wheel = side ? j->wheel_b : j->wheel_a;
        para_scene_circle(p->scene, wheel, 0.12f, PARA_INK_JOINT_DARK);
        para_scene_circle(p->scene, wheel, 0.05f, PARA_INK_JOINT);
    }
}

/// Teeth where the two wheels would meet, as their ratio parts the line of their middles; a belt where they
/// turn the same way.
static void paint_gear(ParaPainter *p, const ParaJointDef *j)
{
    ParaVec2 a = para_painter_place_of(p, j->a).at, b = para_painter_place_of(p, j->b).at;
    float share = 1.0f / (1.0f + fabsf(j->ratio)); // of the way, to a's side
    ParaVec2 middle = para_draw_mix(a, b, share), way = para_draw_sub(b, a);
    float length = sqrtf(way.x * way.x + way.y * way.y);
    if (j->ratio < 0.0f)
        para_scene_line(p->scene, a, b, 0.028f, PARA_INK_JOINT);
    if (j->ratio < 0.0f || !(length > 1e-3f))
        return;
    ParaVec2 side = {-way.y / length * 0.09f, way.x / length * 0.09f};
    for (int tooth = -1; tooth <= 1; tooth++)
        para_scene_circle(p->scene, para_draw_add(middle, para_draw_scaled(side, (float)tooth)), 0.03f,
                          PARA_INK_JOINT);
}

bool para_painter_shows(const ParaPainter *p, int body) { return p->view->enabled[body] != 0; }

void para_painter_joint(ParaPainter *p, int joint, bool above)
{
    const ParaJointDef *j = &p->world->joints[joint];
    if (!p->view->joint_enabled[joint * p->view->stride])
        return;
    ParaVec2 a = para_draw_placed(para_painter_place_of(p, j->a), j->anchor_a),
             b = para_draw_placed(para_painter_place_of(p, j->b), j->anchor_b);
    para_painter_tag(p, 0);
    if (above) {
        if (j->kind == PARA_JOINT_REVOLUTE) {
            para_scene_circle(p->scene, b, 0.075f, PARA_INK_JOINT_DARK);
            para_scene_circle(p->scene, b, 0.045f, PARA_INK_JOINT);
        }
        return;
    }
    if (j->kind == PARA_JOINT_PULLEY)
        paint_pulley(p, j, a, b);
    else if (j->kind == PARA_JOINT_GEAR)
        paint_gear(p, j);
    else if (j->kind == PARA_JOINT_SPRING)
        paint_spring(p, a, b);
    else if (j->kind == PARA_JOINT_DISTANCE)
        para_scene_line(p->scene, a, b, 0.028f, PARA_INK_JOINT);
    else if (j->kind == PARA_JOINT_PRISMATIC)
        para_scene_line(p->scene, a, b, 0.05f, PARA_INK_TRACK);
}

/// Whether a place is in a fluid, where nothing burns.
static bool is_under_water(const ParaPainter *p, ParaVec2 at)
{
    bool wet = false;
    for (int z = 0; z < p->world->zone_count && !wet; z++) {
        if (!p->view->zones[z].on || !(p->view->zones[z].fluid_density > 0.0f))
            continue;
        ParaPrimitive area = para_painter_zone_area(p, z);
        wet = para_painter_inside(&area, at, 0.0f);
    }
    return wet;
}

void para_painter_flame(ParaPainter *p, int thruster)
{
    const ParaThrusterDef *t = &p->world->thrusters[thruster];
    float throttle = p->def->inputs->throttle[thruster * p->def->inputs->stride];
    if (!(fabsf(throttle) > 0.02f) || !para_painter_shows(p, t->body))
        return;
    // Fire leaves opposite to the push; a slow flicker of its length comes from the step count.
    float flicker = 0.85f + 0.15f * (float)(p->view->step % 6 < 3), size = 0.55f * fabsf(throttle) * flicker;
    ParaPlace place = para_painter_place_of(p, t->body);
    ParaVec2 root = para_draw_placed(place, t->point);
    ParaVec2 out = para_draw_scaled(para_draw_turned(place, t->direction), throttle > 0.0f ? -size : size);
    ParaVec2 side = para_draw_scaled((ParaVec2){-out.y, out.x}, 0.24f);
    bool wet = is_under_water(p, root); // there it is a short jet of water
    para_painter_tag(p, wet ? 0 : PARA_TAG_FIRE);
    out = wet ? para_draw_scaled(out, 0.6f) : out;
    for (int core = 0; core < (wet ? 1 : 2); core++) {
        float k = core ? 0.55f : 1.0f;
        ParaPrimitive fire = {.kind = PARA_PRIMITIVE_POLYGON,
                              .point_count = 3,
                              .fill = wet    ? PARA_INK_ZONE_WATER
                                      : core ? PARA_INK_FLAME_CORE
                                             : PARA_INK_FLAME,
                              .points = {para_draw_add(root, para_draw_scaled(side, k)),
                                         para_draw_add(root, para_draw_scaled(out, k)),
                                         para_draw_sub(root, para_draw_scaled(side, k))}};
        para_scene_add(p->scene, &fire);
    }
}

/// Where the eye sits: on the first shape of the body, a little forward and up; looks where the body goes.
void para_painter_eye(ParaPainter *p, int body)
{
    const ParaShapeDef *shape = NULL;
    for (int i = 0; i < p->world->shape_count && !shape; i++)
        if (p->world->shapes[i].body == body)
            shape = &p->world->shapes[i];
    if (!shape || !para_painter_shows(p, body))
        return;
    para_painter_tag(p, 0);
    float room = para_painter_half_room(p, shape);
    ParaVec2 middle = {0, 0};
    for (uint32_t i = 0; i < shape->point_count; i++)
        middle = para_draw_add(middle, para_draw_scaled(p->world->points[shape->point_first + i],
                                                        1.0f / (float)shape->point_count));
    int at = body * p->view->stride;
    ParaVec2 eye = para_draw_placed(para_painter_place_of(p, body),
                                    para_draw_add(middle, (ParaVec2){0.3f * room, 0.22f * room}));
    ParaVec2 look = {p->view->vx[at], p->view->vy[at]};
    float speed = para_draw_length(look), radius = fminf(fmaxf(0.42f * room, 0.1f), 0.8f * room);
    look = para_draw_scaled(look, 0.4f * radius / fmaxf(speed, 1.0f));
    para_scene_circle(p->scene, eye, radius, PARA_INK_EYE);
    para_scene_circle(p->scene, para_draw_add(eye, look), 0.52f * radius, PARA_INK_PUPIL);
}

void para_painter_grip(ParaPainter *p, int body)
{
    ParaVec2 at = para_painter_place_of(p, body).at;
    para_painter_tag(p, 0);
    para_scene_circle(p->scene, at, 0.09f, PARA_INK_PLAYER_EDGE);
    para_scene_circle(p->scene, at, 0.055f, PARA_INK_PLAYER);
}
