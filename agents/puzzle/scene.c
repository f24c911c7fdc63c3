// SPDX-License-Identifier: MIT
// A puzzle as the prior sees it: its shapes as rows, what is to touch what, and the ball.
#include "agents/puzzle/scene.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"

#include <math.h>

#define PIXELS  255.0 // that an action's 1 means
#define METRE   6.0   // [px]
#define DENSITY 0.25  // [kg/m^2] of the ball

ParaPuzzleBall para_puzzle_ball(const double action[3])
{
    return (ParaPuzzleBall){floor(PIXELS * action[0]) / METRE, floor(PIXELS * action[1]) / METRE,
                            nearbyint(2.0 + 30.0 * action[2]) / METRE};
}

void para_puzzle_put(ParaLevel *level, const double action[3])
{
    ParaPuzzleBall ball = para_puzzle_ball(action);
    int body = level->players[0].body, first, end;
    para_body_shapes(&level->world, body, &first, &end);
    level->world.bodies[body].position = (ParaVec2){(float)ball.x, (float)ball.y};
    level->world.shapes[first].radius = (float)ball.radius;
}

// ---------------------------------------------------------------------------------------------

/// Middle, longest side, and what a polygon measures along and across it.
static void measure_polygon(ParaSceneShape *s)
{
    double longest = 0.0, low[2] = {1e30, 1e30}, high[2] = {-1e30, -1e30};
    s->left = 1e30;
    s->right = -1e30;
    for (int k = 0; k < s->corners; k++) {
        ParaPoint a = s->corner[k], b = s->corner[(k + 1) % s->corners];
        double x = b.x - a.x, y = b.y - a.y, length = para_sqrt(x * x + y * y);
        s->left = para_min(s->left, a.x);
        s->right = para_max(s->right, a.x);
        if (length <= longest)
            continue;
        longest = length;
        s->cosine = x / length;
        s->sine = y / length;
    }
    for (int k = 0; k < s->corners; k++) {
        double along = s->corner[k].x * s->cosine + s->corner[k].y * s->sine;
        double across = s->corner[k].y * s->cosine - s->corner[k].x * s->sine;
        low[0] = para_min(low[0], along);
        high[0] = para_max(high[0], along);
        low[1] = para_min(low[1], across);
        high[1] = para_max(high[1], across);
    }
    double along = 0.5 * (low[0] + high[0]), across = 0.5 * (low[1] + high[1]);
    s->x = along * s->cosine - across * s->sine;
    s->y = along * s->sine + across * s->cosine;
    s->along = 0.5 * (high[0] - low[0]);
    s->across = 0.5 * (high[1] - low[1]);
}

static ParaSceneShape shape_of(const ParaLevel *level, int index)
{
    const ParaWorldDef *world = &level->world;
    const ParaShapeDef *def = &world->shapes[index];
    const ParaBodyDef *body = &world->bodies[def->body];
    ParaRole role = para_level_body_role(level, 0, def->body);
    ParaSceneShape s = {.fixed = body->kind == PARA_BODY_STATIC,
                        .green = role == PARA_ROLE_CARGO,
                        .goal = role == PARA_ROLE_TARGET,
                        .cosine = 1.0};
    s.mass = s.fixed ? 0.0 : para_shape_mass(world, def).mass;
    if (def->kind == PARA_SHAPE_POLYGON) {
        s.corners = (int)def->point_count;
        for (int k = 0; k < s.corners; k++)
            s.corner[k] = para_body_place(body, world->points[(int)def->point_first + k]);
        measure_polygon(&s);
        return s;
    }
    ParaPoint centre = para_body_place(body, world->points[def->point_first]);
    s.x = centre.x;
    s.y = centre.y;
    s.radius = s.along = s.across = (double)def->radius;
    s.left = s.x - s.radius;
    s.right = s.x + s.radius;
    return s;
}

static bool is_outside(const ParaPuzzleScene *scene, const ParaSceneShape *s)
{
    return s->x < 0.0 || s->x > scene->width || s->y < 0.0 || s->y > scene->height;
}

void para_puzzle_scene(const ParaLevel *level, ParaPuzzleScene *out)
{
    const ParaWorldDef *world = &level->world;
    double parts[2] = {0.0, 0.0};
    *out =
        (ParaPuzzleScene){.width = (double)world->size.x, .height = (double)world->size.y, .green_size = 1.0};
    for (int i = 0; i < world->shape_count && out->shape_count < PARA_SCENE_SHAPES_MAX; i++) {
        if (world->shapes[i].body == level->players[0].body)
            continue;
        ParaSceneShape s = shape_of(level, i);
        if (is_outside(out, &s) && !s.green && !s.goal)
            continue;
        out->shapes[out->shape_count++] = s;
        for (int which = 0; which < 2; which++) {
            double *sum = which ? out->goal : out->green;
            if (which ? !s.goal : !s.green)
                continue;
            sum[0] += s.x;
            sum[1] += s.y;
            parts[which] += 1.0;
            if (which == 0)
                out->green_size = 0.5 * (s.along + s.across);
        }
    }
    for (int axis = 0; axis < 2; axis++) {
        out->green[axis] /= para_max(parts[0], 1.0);
        out->goal[axis] /= para_max(parts[1], 1.0);
    }
}

// ---------------------------------------------------------------------------------------------

typedef struct Nearest {
    double x, y;  ///< [m] from the ball's middle to the nearest place of the outline
    double apart; ///< [m] from surface to surface; below 0 in it
} Nearest;

static void near_edge(ParaPuzzleBall ball, ParaPoint a, ParaPoint b, Nearest *best, double *least)
{
    double ex = b.x - a.x, ey = b.y - a.y, square = ex * ex + ey * ey;
    double t =
        square > 0.0 ? para_clamp(((ball.x - a.x) * ex + (ball.y - a.y) * ey) / square, 0.0, 1.0) : 0.0;
    double x = a.x + t * ex - ball.x, y = a.y + t * ey - ball.y, way = para_sqrt(x * x + y * y);
    if (way >= *least)
        return;
    *least = way;
    *best = (Nearest){x, y, way - ball.radius};
}

static Nearest nearest_of(const ParaSceneShape *s, ParaPuzzleBall ball)
{
    Nearest best = {0};
    double least = 1e30;
    for (int k = 0; k < s->corners; k++)
        near_edge(ball, s->corner[k], s->corner[(k + 1) % s->corners], &best, &least);
    if (s->corners > 0)
        return best;
    double x = s->x - ball.x, y = s->y - ball.y, way = para_max(para_sqrt(x * x + y * y), 1e-9);
    double share = (way - s->radius) / way;
    return (Nearest){x * share, y * share, way - s->radius - ball.radius};
}

/// [1] -1..1 how far the ball stands over or under a shape: 1 wholly, 0 they just pass, -1 a ball's width
/// off.
static double overlap(const ParaSceneShape *s, ParaPuzzleBall ball)
{
    double shared = para_min(s->right, ball.x + ball.radius) - para_max(s->left, ball.x - ball.radius);
    return para_clamp(shared / (2.0 * ball.radius), -1.0, 1.0);
}

/// The shape on which a ball that falls straight down comes first. @return -1: none
static int first_below(const ParaPuzzleScene *scene, ParaPuzzleBall ball)
{
    int best = -1;
    double least = 1e30;
    for (int i = 0; i < scene->shape_count; i++) {
        Nearest near = nearest_of(&scene->shapes[i], ball);
        if (overlap(&scene->shapes[i], ball) <= 0.0 || near.y >= 0.0 || -near.y >= least)
            continue;
        least = -near.y;
        best = i;
    }
    return best;
}

static void put(float **to, double value) { *(*to)++ = (float)para_clamp(value, -3.0, 3.0); }

static void put_shape(const ParaPuzzleScene *scene, const ParaSceneShape *s, ParaPuzzleBall ball, bool below,
                      float *to)
{
    double unit = 2.0 / scene->width, double_cosine = s->cosine * s->cosine - s->sine * s->sine;
    double turned = s->corners > 0 ? 1.0 : 0.0, ball_mass = DENSITY * PARA_PI * ball.radius * ball.radius;
    Nearest near = nearest_of(s, ball);
    double way = para_max(para_sqrt(near.x * near.x + near.y * near.y), 1e-9);
    const float *end = to + PARA_SCENE_ROW;
    const double is[] = {
        s->corners == 0, s->fixed, s->green, s->goal, !s->fixed && !s->green && !s->goal, below};
    for (size_t k = 0; k < sizeof is / sizeof *is; k++)
        put(&to, is[k]);
    put(&to, s->x * unit - 1.0);
    put(&to, s->y * unit - 1.0);
    put(&to, turned * double_cosine);
    put(&to, turned * 2.0 * s->cosine * s->sine);
    put(&to, s->along * 2.0 * unit);
    put(&to, s->across * 8.0 * unit);
    put(&to, s->fixed ? 0.0 : 0.3 * log(para_max(s->mass, 1e-6) / ball_mass));
    // Beside the ball.
    put(&to, (s->x - ball.x) * unit);
    put(&to, (s->y - ball.y) * unit);
    put(&to, near.apart * unit);
    put(&to, near.apart / 2.0);
    put(&to, near.x / way);
    put(&to, near.y / way);
    put(&to, overlap(s, ball));
    put(&to, 2.0 * (s->x - ball.x) / (s->right - s->left + 2.0 * ball.radius));
    put(&to, (s->y - ball.y) / (s->across + ball.radius));
    put(&to, ball.radius * 4.0 * unit);
    put(&to, ball.x * unit - 1.0);
    put(&to, ball.y * unit - 1.0);
    // Beside green and the goal.
    put(&to, (s->x - scene->green[0]) * unit);
    put(&to, (s->y - scene->green[1]) * unit);
    put(&to, (s->left - scene->green[0]) * 2.0 * unit);
    put(&to, (s->right - scene->green[0]) * 2.0 * unit);
    put(&to, (s->x - scene->goal[0]) * unit);
    put(&to, (s->y - scene->goal[1]) * unit);
    put(&to, 1.0);
    PARA_ASSERT(to == end);
}

void para_puzzle_facts(const ParaPuzzleScene *scene, const double action[3], float *rows, float *whole)
{
    ParaPuzzleBall ball = para_puzzle_ball(action);
    int below = first_below(scene, ball);
    double unit = 2.0 / scene->width;
    for (int i = 0; i < scene->shape_count; i++)
        put_shape(scene, &scene->shapes[i], ball, i == below, rows + (size_t)i * PARA_SCENE_ROW);
    const float *end = whole + PARA_SCENE_WHOLE;
    const double *green = scene->green, *goal = scene->goal;
    put(&whole, ball.x * unit - 1.0);
    put(&whole, ball.y * unit - 1.0);
    put(&whole, ball.radius * 4.0 * unit);
    put(&whole, (green[0] - ball.x) * unit);
    put(&whole, (green[1] - ball.y) * unit);
    put(&whole, (goal[0] - ball.x) * unit);
    put(&whole, (goal[1] - ball.y) * unit);
    put(&whole, (goal[0] - green[0]) * unit);
    put(&whole, (goal[1] - green[1]) * unit);
    put(&whole, 2.0 * (green[0] - ball.x) / (scene->green_size + ball.radius));
    put(&whole, 0.5 * (green[1] - ball.y) / (scene->green_size + ball.radius));
    put(&whole, (goal[0] > green[0] ? 1.0 : -1.0) * (ball.x - green[0]) / (scene->green_size + ball.radius));
    put(&whole, green[0] * unit - 1.0);
    put(&whole, green[1] * unit - 1.0);
    PARA_ASSERT(whole == end);
}
