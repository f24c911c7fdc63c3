// SPDX-License-Identifier: MIT
// The parts of wild levels and what holds for all of them: who is swept, that the def is sensible. What the
// kinds put together from the parts stands in wild_kinds.c.
#include "tests/engine/world/wild.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/effort.h"
#include "engine/world/geometry.h"
#include "tests/engine/world/wild_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

ParaVec2 wild_at(double x, double y) { return (ParaVec2){(float)x, (float)y}; }

double wild_length(double x, double y) { return para_sqrt(x * x + y * y); }

double wild_range(Wild *wild, double low, double high) { return para_rng_range(&wild->rng, low, high); }

double wild_power(Wild *wild, double low, double high)
{
    return para_exp(para_rng_range(&wild->rng, para_log(low), para_log(high)));
}

int wild_int(Wild *wild, int low, int high) { return (int)para_rng_int(&wild->rng, low, high); }

bool wild_chance(Wild *wild, double share) { return para_rng_f64(&wild->rng) < share; }

// ---------------------------------------------------------------- forms

static void add_box(Wild *wild, double x, double y, double width, double height)
{
    double w = 0.5 * width, h = 0.5 * height;
    ParaVec2 corners[] = {wild_at(x - w, y - h), wild_at(x + w, y - h), wild_at(x + w, y + h),
                          wild_at(x - w, y + h)};
    scene_polygon(wild->scene, corners, 4);
}

static void add_ball(Wild *wild, double x, double radius)
{
    int shape = scene_circle(wild->scene, (float)radius);
    wild->scene->points[wild->scene->shapes[shape].point_first] = wild_at(x, 0);
}

/// How far [m] from the line between its neighbours a corner must lie to be one: nearer ones are left out
/// when a level is sampled (worlds/sample/sample_corners.c), so no world has them.
static double corner_least(double span) { return fmin(1e-3, 0.01 * span); }

static bool has_false_corner(const ParaVec2 *corners, int count)
{
    for (int i = 0; i < count; i++) {
        ParaVec2 a = corners[(i + count - 1) % count], b = corners[(i + 1) % count], p = corners[i];
        double dx = (double)b.x - (double)a.x, dy = (double)b.y - (double)a.y, span = wild_length(dx, dy);
        double off = fabs(dx * ((double)p.y - (double)a.y) - dy * ((double)p.x - (double)a.x)) / span;
        if (off < corner_least(span))
            return true;
    }
    return false;
}

/// Corners on an ellipse are convex whatever their angles.
static void add_polygon(Wild *wild, double radius, double flat)
{
    int count = wild_int(wild, 3, PARA_POLYGON_POINTS_MAX);
    ParaVec2 corners[PARA_POLYGON_POINTS_MAX];
    for (int attempt = 0; attempt < 20; attempt++) {
        double weights[PARA_POLYGON_POINTS_MAX], sum = 0, angle = wild_range(wild, 0, 2 * PARA_PI);
        for (int i = 0; i < count; i++)
            sum += weights[i] = wild_range(wild, 0.1, 1.0);
        for (int i = 0; i < count; i++) {
            corners[i] = wild_at(radius * para_cos(angle), flat * radius * para_sin(angle));
            angle += 2 * PARA_PI * weights[i] / sum;
        }
        if (!para_polygon_problem(corners, (uint32_t)count) && !has_false_corner(corners, count)) {
            scene_polygon(wild->scene, corners, count);
            return;
        }
    }
    add_box(wild, 0, 0, 1.2 * radius, fmax(1.2 * radius * flat, 2e-3));
}

double wild_bulge(Wild *wild, double span)
{
    static const double times[] = {1.05, 1.5, 3, 10};
    return corner_least(span) * times[wild_int(wild, 0, 3)];
}

/// A box with two more corners that are all but in its edges.
static void add_false_corners(Wild *wild, double radius)
{
    double w = 0.8 * radius, h = wild_range(wild, 0.2, 0.55) * radius, out = wild_bulge(wild, 2 * w);
    double right = wild_range(wild, -0.6, 0.6) * w, left = wild_range(wild, -0.6, 0.6) * w;
    ParaVec2 corners[] = {wild_at(-w, -h), wild_at(right, -h - out), wild_at(w, -h),
                          wild_at(w, h),   wild_at(left, h + out),   wild_at(-w, h)};
    scene_polygon(wild->scene, corners, 6);
}

static void add_several(Wild *wild, WildForm form, double radius)
{
    double a = wild_range(wild, 0.3, 0.6) * radius, b = wild_range(wild, 0.3, 0.6) * radius;
    switch (form) {
    case WILD_PAIR:
        add_box(wild, -0.5 * a, 0, a, a);
        add_box(wild, 0.5 * b, 0, b, a);
        return;
    case WILD_CROSS:
        add_box(wild, 0, 0, 1.7 * radius, 0.4 * a);
        add_box(wild, 0, 0, 0.4 * b, 1.7 * radius);
        return;
    case WILD_DUMBBELL:
        add_box(wild, 0, 0, 1.4 * radius, 0.3 * a);
        add_ball(wild, -0.6 * radius, 0.6 * a);
        add_ball(wild, 0.6 * radius, 0.6 * b);
        return;
    default:
        for (int i = -1; i <= 1; i++)
            add_box(wild, 0.55 * radius * i, 0, 0.55 * radius, a);
    }
}

void wild_form(Wild *wild, unsigned forms, double radius)
{
    int form = wild_int(wild, 0, WILD_FORM_COUNT - 1);
    while (!(forms & 1u << form))
        form = (form + 1) % WILD_FORM_COUNT;
    double flat = wild_range(wild, 0.15, 1.0);
    switch ((WildForm)form) {
    case WILD_BALL:
        add_ball(wild, 0, radius * wild_range(wild, 0.5, 1.0));
        break;
    case WILD_BOX:
        add_box(wild, 0, 0, 1.4 * radius, fmax(1.4 * radius * flat, 1e-3));
        break;
    case WILD_POLYGON:
        add_polygon(wild, radius, wild_range(wild, 0.4, 1.0));
        break;
    case WILD_SLIVER:
        add_polygon(wild, radius, fmax(wild_range(wild, 0.03, 0.15), fmin(1.0, 1.5e-3 / radius)));
        break;
    case WILD_FALSE_CORNERS:
        add_false_corners(wild, radius);
        break;
    case WILD_CAPSULE: {
        double thick = radius * 0.5 * flat;
        scene_segment(wild->scene, wild_at(thick - radius, 0), wild_at(radius - thick, 0), (float)thick);
        break;
    }
    default:
        add_several(wild, (WildForm)form, radius);
    }
}

void wild_surface(Wild *wild, int first, double friction, double restitution)
{
    for (int i = first; i < wild->scene->def.shape_count; i++) {
        wild->scene->shapes[i].friction = (float)friction;
        wild->scene->shapes[i].restitution = (float)restitution;
    }
}

int wild_body(Wild *wild, unsigned forms, double x, double y, double radius)
{
    int body = scene_body(wild->scene, PARA_BODY_DYNAMIC, (float)x, (float)y);
    wild->scene->bodies[body].angle = (float)wild_range(wild, -PARA_PI, PARA_PI);
    wild_form(wild, forms, radius);
    return body;
}

void wild_scatter(Wild *wild, unsigned forms, int count, ParaVec2 low, ParaVec2 high, double speed)
{
    double width = (double)high.x - (double)low.x, height = (double)high.y - (double)low.y;
    int columns = (int)fmax(1.0, ceil(para_sqrt(count * width / height)));
    int rows = (count + columns - 1) / columns;
    double cell = fmin(width / columns, height / rows);
    for (int i = 0; i < count; i++) {
        double radius = cell * wild_range(wild, 0.15, 0.45), slack = 0.48 * cell - radius;
        double x = (double)low.x + width / columns * (i % columns + 0.5) + wild_range(wild, -slack, slack);
        double y = (double)low.y + height / rows * (i / columns + 0.5) + wild_range(wild, -slack, slack);
        int body = wild_body(wild, forms, x, y, radius);
        double fly = speed * wild_range(wild, 0, 1), way = wild_range(wild, 0, 2 * PARA_PI);
        wild->scene->bodies[body].velocity = wild_at(fly * para_cos(way), fly * para_sin(way));
        wild->scene->bodies[body].spin =
            (float)fmin(fmax(wild_range(wild, -0.5, 0.5) * fly / radius, -50), 50);
    }
}

// ---------------------------------------------------------------- rooms

int wild_static(Wild *wild, double x, double y)
{
    return scene_body(wild->scene, PARA_BODY_STATIC, (float)x, (float)y);
}

static void set_room(Wild *wild, double width, double height, double wall)
{
    ParaVec2 corners[] = {wild_at(0, 0), wild_at(width, 0), wild_at(width, height), wild_at(0, height)};
    memcpy(wild->level->room, corners, sizeof corners);
    wild->level->room_count = 4;
    wild->level->wall = wall;
    wild->scene->def.size = wild_at(width, height);
}

void wild_walls(Wild *wild, double width, double height, double thickness)
{
    double t = thickness, lap = wild_chance(wild, 0.5) ? 2 * t : 0; // corners flush, or crossing
    wild_static(wild, 0, 0);
    add_box(wild, 0.5 * width, -0.5 * t, width + lap, t);
    add_box(wild, 0.5 * width, height + 0.5 * t, width + lap, t);
    add_box(wild, -0.5 * t, 0.5 * height, t, height + 2 * t);
    add_box(wild, width + 0.5 * t, 0.5 * height, t, height + 2 * t);
    set_room(wild, width, height, t);
}

void wild_fence(Wild *wild, double width, double height, double radius)
{
    double r = radius;
    ParaVec2 points[] = {wild_at(-r, -r), wild_at(width + r, -r), wild_at(width + r, height + r),
                         wild_at(-r, height + r), wild_at(-r, -r)};
    wild_static(wild, 0, 0);
    scene_chain(wild->scene, points, 5, (float)r);
    set_room(wild, width, height, 2 * r);
}

void wild_ground(Wild *wild, const double *heights, int count, double width, double height, double radius)
{
    WildLevel *level = wild->level;
    PARA_ASSERT(count + 2 <= WILD_ROOM && count >= 2);
    static _Thread_local ParaVec2 points[WILD_ROOM];
    for (int i = 0; i < count; i++)
        points[i] = level->room[i] = wild_at(width * i / (count - 1), heights[i]);
    wild_static(wild, 0, 0);
    scene_chain(wild->scene, points, count, (float)radius);
    double low = 0;
    for (int i = 0; i < count; i++)
        low = fmin(low, heights[i]);
    double t = 0.5, high = height - low;
    add_box(wild, -0.5 * t, low + 0.5 * high, t, high + 2 * t);
    add_box(wild, width + 0.5 * t, low + 0.5 * high, t, high + 2 * t);
    add_box(wild, 0.5 * width, height + 0.5 * t, width, t);
    level->room[count] = wild_at(width, height);
    level->room[count + 1] = wild_at(0, height);
    level->room_count = count + 2;
    level->wall = 2 * radius;
    wild->scene->def.size = wild_at(width, height);
}

WildExpect *wild_expect(Wild *wild, WildPromise promise, int body)
{
    PARA_ASSERT(wild->level->expect_count < WILD_EXPECTS);
    WildExpect *expect = &wild->level->expects[wild->level->expect_count++];
    *expect = (WildExpect){.promise = promise, .body = body};
    return expect;
}

static ParaVec2 turned(double angle, ParaVec2 v)
{
    double c = para_cos(angle), s = para_sin(angle), x = (double)v.x, y = (double)v.y;
    return wild_at(c * x - s * y, s * x + c * y);
}

static ParaVec2 moved(double angle, ParaVec2 p, double x, double y)
{
    ParaVec2 turn = turned(angle, p);
    return wild_at((double)turn.x + x, (double)turn.y + y);
}

void wild_turn(Wild *wild, double angle, bool with_gravity, double x, double y)
{
    WildLevel *level = wild->level;
    ParaWorldDef *def = &wild->scene->def;
    for (int i = 0; i < def->body_count; i++) {
        ParaBodyDef *body = &def->bodies[i];
        body->position = moved(angle, body->position, x, y);
        body->velocity = turned(angle, body->velocity);
        body->angle = (float)((double)body->angle + angle);
    }
    for (int i = 0; i < level->room_count; i++)
        level->room[i] = moved(angle, level->room[i], x, y);
    if (with_gravity)
        def->gravity = turned(angle, def->gravity);
    for (int i = 0; i < level->expect_count; i++) {
        WildExpect *expect = &level->expects[i];
        if (expect->promise == WILD_STAYS_ABOVE)
            continue; // in a body's frame
        expect->direction = turned(angle, expect->direction);
    }
}

// ---------------------------------------------------------------- the whole level

double wild_reach(const ParaWorldDef *def, int body)
{
    int first, end;
    para_body_shapes(def, body, &first, &end);
    double most = 0;
    for (int i = first; i < end; i++)
        for (uint32_t k = 0; k < def->shapes[i].point_count; k++) {
            ParaVec2 p = def->points[def->shapes[i].point_first + k];
            most = fmax(most, wild_length((double)p.x, (double)p.y) + (double)def->shapes[i].radius);
        }
    return most;
}

double wild_speed(const WildLevel *level)
{
    const ParaWorldDef *def = &level->scene.def;
    double start = 0, low = 0, high = 0,
           gravity = wild_length((double)def->gravity.x, (double)def->gravity.y);
    for (int i = 0; i < level->room_count; i++) {
        double along = (double)def->gravity.x * (double)level->room[i].x +
                       (double)def->gravity.y * (double)level->room[i].y;
        low = i ? fmin(low, along) : along;
        high = i ? fmax(high, along) : along;
    }
    double fall = level->room_count ? high - low : gravity * 20.0;
    double scale = 1;
    for (int i = 0; i < def->body_count; i++) {
        const ParaBodyDef *body = &def->bodies[i];
        double tip = body->kind == PARA_BODY_STATIC ? 0 : fabs((double)body->spin) * wild_reach(def, i);
        start = fmax(start, wild_length((double)body->velocity.x, (double)body->velocity.y) + tip);
        scale = fmax(scale, fabs((double)body->gravity_scale));
    }
    return para_sqrt(start * start + 2 * fall * scale);
}

/// Makes light bodies denser, so that the heaviest is at most `ratio` times as heavy as the lightest.
static void limit_masses(Wild *wild, double ratio)
{
    ParaWorldDef *def = &wild->scene->def;
    double masses[SCENE_BODIES] = {0}, most = 0;
    for (int i = 0; i < def->shape_count; i++)
        if (def->bodies[def->shapes[i].body].kind == PARA_BODY_DYNAMIC)
            masses[def->shapes[i].body] += para_shape_mass(def, &def->shapes[i]).mass;
    for (int i = 0; i < def->body_count; i++)
        most = fmax(most, masses[i]);
    for (int i = 0; i < def->shape_count; i++) {
        double mass = masses[def->shapes[i].body];
        if (mass > 0 && mass * ratio < most)
            def->shapes[i].density *= (float)(most / (mass * ratio));
    }
}

/// Bodies that may go farther in a step than from their skin to the far side of what they meet are swept: a
/// level expects nothing of others that it does not ask for.
static void sweep_the_swift(Wild *wild)
{
    ParaWorldDef *def = &wild->scene->def;
    double way = wild_speed(wild->level) / (double)def->rate;
    for (int i = 0; i < def->body_count; i++) {
        int first, end;
        para_body_shapes(def, i, &first, &end);
        if (def->bodies[i].kind != PARA_BODY_DYNAMIC || wild->level->calm)
            continue;
        ParaMass mass = para_body_mass(def, first, end);
        double deep = para_body_inradius(def, first, end, mass.x, mass.y) + wild->level->wall;
        def->bodies[i].fast |= way > 0.8 * deep;
    }
}

/// A slip of a kind's function ends the program and says where.
static void must_be_sensible(const WildLevel *level)
{
    ParaArena *arena = para_arena_create(4096, 1 << 20);
    ParaDiagList list = para_diag_list(arena, wild_kind_name(level->kind), NULL);
    bool sensible = para_world_def_check(&level->scene.def, &list);
    if (!sensible)
        para_diag_print(&list, stdout);
    para_arena_destroy(arena);
    char why[160];
    bool beyond = para_effort_is_beyond(&level->scene.def, NULL, why, sizeof why);
    if (beyond)
        printf("%s\n", why);
    PARA_ASSERT(sensible && !beyond);
}

void wild_make(WildLevel *level, WildKind kind, uint64_t seed)
{
    memset(level, 0, sizeof *level);
    scene_begin(&level->scene);
    level->kind = kind;
    level->seed = seed;
    level->closed = true;
    level->swift = 4;
    Wild wild = {level, &level->scene, para_rng_make(seed, wild_kind_name(kind))};
    if (wild_chance(&wild, 0.2))
        level->scene.def.rate = (const float[]){30, 120, 240}[wild_int(&wild, 0, 2)];
    if (wild_chance(&wild, 0.15))
        level->scene.def.substeps = wild_int(&wild, 2, 4);
    wild_fill(&wild);
    limit_masses(&wild, 1000);
    sweep_the_swift(&wild);
    must_be_sensible(level);
}

static const char *const names[] = {
#define NAME(id, about) #id,
    WILD_KINDS(NAME)
#undef NAME
};
static const char *const abouts[] = {
#define ABOUT(id, about) about,
    WILD_KINDS(ABOUT)
#undef ABOUT
};

const char *wild_kind_name(WildKind kind) { return names[kind]; }

const char *wild_kind_about(WildKind kind) { return abouts[kind]; }

bool wild_kind_find(const char *name, WildKind *out)
{
    for (int i = 0; i < WILD_KIND_COUNT; i++)
        if (!strcmp(names[i], name)) {
            *out = (WildKind)i;
            return true;
        }
    return false;
}
