// SPDX-License-Identifier: MIT
// What is drawn of a dream: the other world as outlines, and the panel.
#include "apps/play/play_dream.h"

#include "engine/base/maths.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>

#define CURVE_SECONDS 8.0f
#define CURVE_LEAST   0.5f // [diameters] the curve's height is this or more
#define CIRCLE_SIDES  20
#define WIDE          236.0f
#define HIGH          150.0f
#define CORNER        128.0f // [unit]

/// Of what is dreamed and of what is true, everywhere in the window.
static int ink_of(ParaTwinWorld world) { return world == PARA_TWIN_DREAM ? PARA_INK_WARN : PARA_INK_ACCENT; }

// ---------------------------------------------------------------------------------------------
// Outlines.

typedef struct Pen {
    ParaScene *scene;
    float half; // [m] of a line
    int ink;
} Pen;

static ParaVec2 placed(ParaPose pose, double cosine, double sine, ParaVec2 p)
{
    float c = (float)cosine, s = (float)sine;
    return (ParaVec2){pose.x + c * p.x - s * p.y, pose.y + s * p.x + c * p.y};
}

static void draw_circle(const Pen *pen, ParaVec2 middle, float radius, float angle)
{
    ParaVec2 last = {0};
    for (int k = 0; k <= CIRCLE_SIDES; k++) {
        double s, c;
        para_sincos((double)angle + PARA_TAU * k / CIRCLE_SIDES, &s, &c);
        ParaVec2 at = {middle.x + radius * (float)c, middle.y + radius * (float)s};
        if (k > 0)
            para_scene_line(pen->scene, last, at, pen->half, pen->ink);
        last = at;
    }
    double s, c;
    para_sincos((double)angle, &s, &c); // a spoke: how it has turned
    para_scene_line(pen->scene, middle,
                    (ParaVec2){middle.x + radius * (float)c, middle.y + radius * (float)s}, pen->half,
                    pen->ink);
}

static void draw_shape(const Pen *pen, const ParaWorldDef *def, const ParaShapeDef *shape, ParaPose pose)
{
    double s, c;
    para_sincos((double)pose.angle, &s, &c);
    const ParaVec2 *points = def->points + shape->point_first;
    if (shape->kind == PARA_SHAPE_CIRCLE) {
        draw_circle(pen, placed(pose, c, s, points[0]), shape->radius, pose.angle);
        return;
    }
    bool closed = shape->kind == PARA_SHAPE_POLYGON;
    for (uint32_t k = 0; k + (closed ? 0 : 1) < shape->point_count; k++)
        para_scene_line(pen->scene, placed(pose, c, s, points[k]),
                        placed(pose, c, s, points[(k + 1) % shape->point_count]), pen->half, pen->ink);
}

/// All bodies that may move, as they are in a world. @param poses in, [bodies]
static void draw_bodies(const Pen *pen, const ParaEnv *env, const ParaPose *poses)
{
    const ParaWorldDef *def = &env->level->world;
    const ParaView *view = para_world_view(env->world);
    for (int s = 0; s < def->shape_count; s++) {
        int body = def->shapes[s].body;
        if (def->bodies[body].kind != PARA_BODY_STATIC && view->enabled[(size_t)body * (size_t)view->stride])
            draw_shape(pen, def, &def->shapes[s], poses[body]);
    }
}

/// A dark line below a bright one is seen on any ground.
static void draw_outlines(ParaPlayDream *dream, float metre, float unit)
{
    const ParaTwin *twin = &dream->twin;
    ParaTwinWorld other = twin->swapped ? PARA_TWIN_ENGINE : PARA_TWIN_DREAM;
    float px = unit / metre; // [m] of a unit
    const Pen dark = {&dream->lines, 1.6f * px, PARA_INK_PUPIL},
              bright = {&dream->lines, 0.8f * px, ink_of(other)};
    draw_bodies(&dark, &twin->env, dream->poses);
    draw_bodies(&bright, &twin->env, dream->poses);
}

/// The ways that bodies of the dream jumped when it was set back, for a moment.
static void draw_beat(ParaPlayDream *dream, const ParaGame *game, float metre, float unit)
{
    const ParaTwin *twin = &dream->twin;
    const ParaWorldDef *def = &game->env.level->world;
    const ParaPose *now = twin->swapped ? game->now : twin->now;
    const ParaView *view = para_world_view(para_twin_env(game, PARA_TWIN_DREAM)->world);
    for (int b = 0; b < def->body_count; b++)
        if (def->bodies[b].kind == PARA_BODY_DYNAMIC && view->enabled[(size_t)b * (size_t)view->stride])
            para_scene_line(&dream->lines, (ParaVec2){twin->lost_way[b].x, twin->lost_way[b].y},
                            (ParaVec2){now[b].x, now[b].y},
                            2.0f * unit / metre * dream->beat / PARA_PLAY_BEAT, PARA_INK_BAD);
}

static void draw_over_world(ParaPlayDream *dream, const ParaGame *game, const ParaCamera *camera,
                            ParaPaint *paint, ParaRect area, float share)
{
    const ParaTwin *twin = &dream->twin;
    para_pose_blend(twin->then, twin->now, game->env.level->world.body_count, share, dream->poses);
    para_scene_clear(&dream->lines);
    if (!dream->hidden)
        draw_outlines(dream, camera->scale, paint->unit);
    if (dream->beat > 0.0f)
        draw_beat(dream, game, camera->scale, paint->unit);
    para_window_clip(paint->window, &area);
    para_window_scene(paint->window, &dream->lines, camera);
    para_window_clip(paint->window, NULL);
}

// ---------------------------------------------------------------------------------------------
// The panel.

/// A frame about what is seen: in its ink, and for a moment in another where the dream was set back.
static void draw_frame(const ParaPlayDream *dream, ParaPaint *paint, ParaRect area)
{
    bool beat = dream->beat > 0.0f;
    float wide = (beat ? 2.0f + 4.0f * dream->beat / PARA_PLAY_BEAT : 2.0f) * paint->unit;
    int ink = beat ? PARA_INK_BAD : ink_of(dream->twin.swapped ? PARA_TWIN_DREAM : PARA_TWIN_ENGINE);
    const ParaRect sides[] = {{area.x, area.y, area.width, wide},
                              {area.x, area.y + area.height - wide, area.width, wide},
                              {area.x, area.y, wide, area.height},
                              {area.x + area.width - wide, area.y, wide, area.height}};
    for (int k = 0; k < 4; k++)
        para_paint_panel(paint, sides[k], 0.0f, ink, ink);
}

/// Errors of the last seconds: the mean as an area, the worst as a line.
static void draw_curve(ParaPlayDream *dream, const ParaGame *game, ParaRect r, float unit)
{
    const ParaTwin *twin = &dream->twin;
    const ParaLevel *level = game->env.level;
    int most = (int)(CURVE_SECONDS * level->world.rate / (float)level->frame_skip);
    most = most < PARA_TWIN_CURVE - 1 ? most : PARA_TWIN_CURVE - 1;
    float top = CURVE_LEAST;
    int first = twin->curve_decision > most ? twin->curve_decision - most : 0;
    for (int d = first; d <= twin->curve_decision; d++)
        top = fmaxf(top, fminf(twin->worst[d % PARA_TWIN_CURVE], 99.0f));
    ParaVec2 last = {0};
    for (int d = first; d <= twin->curve_decision; d++) {
        float x = r.x + r.width * (float)(d - first + most - (twin->curve_decision - first)) / (float)most;
        float mean = fminf(twin->mean[d % PARA_TWIN_CURVE] / top, 1.0f);
        ParaVec2 at = {x, r.y + r.height * (1.0f - fminf(twin->worst[d % PARA_TWIN_CURVE] / top, 1.0f))};
        para_scene_line(&dream->lines, (ParaVec2){x, r.y + r.height},
                        (ParaVec2){x, r.y + r.height * (1.0f - mean)}, 0.5f * r.width / (float)most,
                        PARA_INK_TEXT_DIM);
        if (d > first)
            para_scene_line(&dream->lines, last, at, 0.7f * unit, PARA_INK_BAD);
        last = at;
    }
}

static void write_horizon(const ParaPlayDream *dream, const ParaGame *game, char *out, size_t size)
{
    const ParaTwin *twin = &dream->twin;
    double alone = (double)para_twin_alone(game);
    bool over = para_twin_env(game, PARA_TWIN_ENGINE)->play.status != PARA_PLAY_ON;
    if (dream->beat > 0.0f)
        para_text_format(out, size, "set back to the truth, %.2f off", (double)twin->astray.mean);
    else if (over)
        para_text_format(out, size, "alone for %.1f s: engine ended", alone);
    else if (!(twin->horizon > 0.0f))
        para_text_format(out, size, "alone for %.1f s, never set back", alone);
    else
        para_text_format(out, size, "alone for %.1f s of %g", alone, (double)twin->horizon);
}

static void write_worst(const ParaTwin *twin, const ParaGame *game, char *out, size_t size)
{
    const ParaTwinError *e = &twin->error;
    char store[PARA_NAME_MAX];
    if (e->body < 0)
        snprintf(out, size, "nothing moves in both");
    else
        para_text_format(out, size, "worst %.2f: %.24s", (double)e->worst,
                         para_level_body_label(game->env.level, e->body, store));
}

static void draw_lines(ParaPlayDream *dream, const ParaGame *game, ParaPaint *paint, ParaRect r)
{
    const ParaTwin *twin = &dream->twin;
    ParaTwinWorld seen = twin->swapped ? PARA_TWIN_DREAM : PARA_TWIN_ENGINE;
    float u = paint->unit, x = r.x + 10 * u, y = r.y + 6 * u, room = r.width - 20 * u;
    char line[160], worst[96];
    para_paint_text_fitted(paint, x, y, PARA_TEXT_NORMAL, ink_of(seen),
                           seen == PARA_TWIN_DREAM ? "dream: learned model" : "engine", room);
    para_text_format(line, sizeof line, "outlines: %s",
                     dream->hidden             ? "hidden (5)"
                     : seen == PARA_TWIN_DREAM ? "the engine"
                                               : "the dream");
    para_paint_text_fitted(paint, x, y + 24 * u, PARA_TEXT_SMALL,
                           dream->hidden
                               ? PARA_INK_TEXT_DIM
                               : ink_of(seen == PARA_TWIN_DREAM ? PARA_TWIN_ENGINE : PARA_TWIN_DREAM),
                           line, room);
    para_text_format(line, sizeof line, "apart %.2f   doubt %.2f", (double)twin->error.mean,
                     (double)twin->error.doubt);
    para_paint_text_fitted(paint, x, y + 42 * u, PARA_TEXT_SMALL, PARA_INK_TEXT, line, room);
    write_worst(twin, game, worst, sizeof worst);
    para_paint_text_fitted(paint, x, y + 60 * u, PARA_TEXT_SMALL, PARA_INK_BAD, worst, room);
    write_horizon(dream, game, line, sizeof line);
    para_paint_text_fitted(paint, x, y + 122 * u, PARA_TEXT_SMALL,
                           dream->beat > 0.0f ? PARA_INK_BAD : PARA_INK_TEXT_DIM, line, room);
}

static void draw_panel(ParaPlayDream *dream, const ParaGame *game, ParaPaint *paint, ParaRect area)
{
    float u = paint->unit;
    ParaRect r = {area.x + area.width - (WIDE + 10) * u, area.y + 10 * u, WIDE * u, HIGH * u};
    ParaRect curve = {r.x + 10 * u, r.y + 88 * u, r.width - 20 * u, 36 * u};
    para_paint_panel(paint, r, 10 * u, PARA_INK_PANEL, PARA_INK_PANEL_EDGE);
    para_paint_flush(paint);
    ParaCamera pixels = para_camera_pixels();
    para_scene_clear(&dream->lines);
    draw_curve(dream, game, curve, u);
    para_window_scene(paint->window, &dream->lines, &pixels);
    draw_lines(dream, game, paint, r);
}

// ---------------------------------------------------------------------------------------------
// The corner.

static void draw_corner(const ParaPlayDream *dream, const ParaGame *game, ParaPaint *paint, ParaRect area)
{
    uint8_t rgb[PARA_PLAY_CORNER * PARA_PLAY_CORNER * 3];
    const ParaPlayCorner *corner = &dream->corner;
    if (!corner->read || dream->corner_hidden || !corner->read(corner->context, game, rgb))
        return;
    float u = paint->unit, side = CORNER * u;
    ParaRect r = {area.x + area.width - side - 14 * u, area.y + area.height - side - 48 * u, side, side};
    para_paint_panel(paint, (ParaRect){r.x - 4 * u, r.y - 4 * u, side + 8 * u, side + 44 * u}, 4 * u,
                     PARA_INK_PANEL, PARA_INK_PANEL_EDGE);
    para_paint_flush(paint);
    para_window_picture(paint->window, r, rgb, PARA_PLAY_CORNER, PARA_PLAY_CORNER);
    para_paint_text_fitted(paint, r.x, r.y + side + 2 * u, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, corner->label,
                           side);
    para_paint_text_fitted(paint, r.x, r.y + side + 20 * u, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, corner->note,
                           side);
}

void para_play_dream_draw(ParaPlayDream *dream, const ParaGame *game, const ParaCamera *camera,
                          ParaPaint *paint, ParaRect area, float share, float seconds)
{
    draw_over_world(dream, game, camera, paint, area, share);
    draw_frame(dream, paint, area);
    draw_corner(dream, game, paint, area);
    draw_panel(dream, game, paint, area);
    dream->beat = fmaxf(dream->beat - seconds, 0.0f);
}
