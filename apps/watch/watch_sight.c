// SPDX-License-Identifier: MIT
// What the player sees, drawn over the world from the observation itself, and from nothing else: its rays up
// to what they hit, and a frame around each thing of its entity rows, coloured by its role.
#include "apps/watch/watch_parts.h"

#include <math.h>

#define PI      3.14159265f
#define FAR     10.0f // [m] of an offset of 1: "rows.offset"
#define THIN    0.8f  // [unit] half width of a ray
#define SIDES   14    // of a ring
#define ROLES   4     // player, target, cargo, hazard: "rows.role"
#define NO_SPAN (-1)

typedef struct Eye {
    ParaWatch *w;
    const ParaObsSpec *spec;
    const float *seen; ///< [spec->size]
    ParaVec2 at;       ///< [m] the main body's centre, from which everything is told
    float thin;        ///< [m]
} Eye;

/// Where a part of row `row` stands. @return [1] >= 0 index of a float; NO_SPAN: the layout has none
static int float_of(const Eye *eye, const char *name, int row)
{
    ParaObsSpan span;
    bool has = para_obs_span_find(eye->spec, name, &span) && row < span.count;
    return has ? span.offset + row * span.stride : NO_SPAN;
}

/// Directions of the rays, as observe.c casts them.
static void draw_rays(const Eye *eye, float sight)
{
    static const float degrees[] = {90,   45,  135,  0,   180,  -12, -168, -25,
                                    -155, -40, -140, -58, -122, -75, -105, -90};
    ParaScene *marks = &eye->w->marks;
    ParaObsSpan span;
    if (!para_obs_span_find(eye->spec, "rays", &span))
        return;
    for (int i = 0; i < span.size && i < (int)(sizeof degrees / sizeof *degrees); i++) {
        float share = eye->seen[span.offset + i], far = share * sight, a = degrees[i] * PI / 180.0f;
        ParaVec2 end = {eye->at.x + far * cosf(a), eye->at.y + far * sinf(a)};
        para_scene_line(marks, eye->at, end, eye->thin, share < 1.0f ? PARA_INK_ACCENT : PARA_INK_ZONE_EDGE);
        if (share < 1.0f)
            para_scene_circle(marks, end, 4.0f * eye->thin, PARA_INK_WARN);
    }
}

static int role_ink(const float *role)
{
    static const int inks[ROLES] = {PARA_INK_PLAYER, PARA_INK_GOOD, PARA_INK_CARGO, PARA_INK_BAD};
    for (int k = 0; k < ROLES; k++)
        if (role[k] > 0.5f)
            return inks[k];
    return PARA_INK_TEXT;
}

static void draw_loop(const Eye *eye, const ParaVec2 *points, int count, int ink)
{
    for (int i = 0; i < count; i++)
        para_scene_line(&eye->w->marks, points[i], points[(i + 1) % count], 1.6f * eye->thin, ink);
}

/// A frame around a thing: its box as it is turned, or a ring.
static void draw_thing(const Eye *eye, const float *offset, const float *heading, const float *half,
                       bool round, int ink)
{
    float least = 5.0f * eye->thin, wide = fmaxf(half[0], least), high = fmaxf(half[1], least);
    ParaVec2 middle = {eye->at.x + FAR * offset[0], eye->at.y + FAR * offset[1]}, points[SIDES];
    if (round) {
        for (int i = 0; i < SIDES; i++) {
            float a = 2.0f * PI * (float)i / SIDES;
            points[i] = (ParaVec2){middle.x + wide * cosf(a), middle.y + wide * sinf(a)};
        }
        draw_loop(eye, points, SIDES, ink);
        return;
    }
    static const float corners[4][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
    for (int i = 0; i < 4; i++) {
        float x = corners[i][0] * wide, y = corners[i][1] * high;
        points[i] = (ParaVec2){middle.x + heading[0] * x - heading[1] * y,
                               middle.y + heading[1] * x + heading[0] * y};
    }
    draw_loop(eye, points, 4, ink);
}

/// @return [1] >= 0 things that are seen
static int draw_things(const Eye *eye)
{
    int seen = 0;
    for (int row = 0; row < eye->spec->row_max; row++) {
        int kind = float_of(eye, "rows.kind", row), offset = float_of(eye, "rows.offset", row);
        int heading = float_of(eye, "rows.heading", row), half = float_of(eye, "rows.half", row);
        int role = float_of(eye, "rows.role", row), round = float_of(eye, "rows.round", row);
        const float *f = eye->seen;
        bool known = kind >= 0 && offset >= 0 && heading >= 0 && half >= 0 && role >= 0 && round >= 0;
        if (!known || f[kind] + f[kind + 1] + f[kind + 2] + f[kind + 3] < 0.5f)
            continue;
        seen++;
        draw_thing(eye, f + offset, f + heading, f + half, f[round] > 0.5f, role_ink(f + role));
    }
    return seen;
}

void para_watch_sight_draw(ParaWatch *w, const ParaTile *tile)
{
    const ParaEnv *env = &tile->env;
    const ParaView *view = para_world_view(env->world);
    const ParaPlayer *player = &env->level->players[0];
    int at = player->body * view->stride;
    ParaObsSpec spec = w->policy ? para_obs_spec_plain(para_policy_def(w->policy)->obs) : w->sight_spec;
    Eye eye = {.w = w,
               .spec = &spec,
               .seen = w->policy ? w->seen : w->sight,
               .at = {view->centre_x[at], view->centre_y[at]},
               .thin = THIN * w->page.unit / tile->camera.scale};
    if (eye.spec->kind == PARA_OBS_PIXELS) { // it sees the picture that is shown, and no things
        w->things = 0;
        return;
    }
    para_env_observe(env, NULL, &spec, 0, w->policy ? w->seen : w->sight);
    para_scene_clear(&w->marks);
    draw_rays(&eye, player->sight);
    w->things = draw_things(&eye);
    para_window_scene(w->page.window, &w->marks, &tile->camera);
}
