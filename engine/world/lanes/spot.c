// SPDX-License-Identifier: MIT
// Moves the points of manifolds along with the bodies: a first-order look is enough, the next step looks
// anew.
#include "engine/world/lanes/spot.h"

#include "engine/base/maths.h"

#include <stddef.h>

#define AT_CORNER  1e-3f ///< [m] a point this near a corner, along the surface, is that corner's
#define AT_REST    1e-3f ///< [m] [rad] of a way in a step that is not worth following
#define TURN_SMALL 0.3f  ///< [rad] up to here two terms of a series are exact enough
#define BENT       0.2f  ///< [1] tangent of an angle between edges of a chain that counts as a corner

/// One of the two that touch.
typedef struct Side {
    const ParaLanesShape *shape;   ///< NULL: a chain
    const ParaLanesPlaced *placed; ///< NULL: a chain
    const float *points;           ///< [m] of a chain, x y, the point before its first one first; else NULL
    float radius;                  ///< [m] of the rounding
    bool round;                    ///< a circle: turning about its centre changes nothing
    int32_t body;                  ///< flat
} Side;

static Side side_of(const ParaLanesBlock *block, int w, int shape, int32_t body)
{
    const ParaLanesShape *s = &block->worlds[w]->shapes[shape];
    return (Side){s,   &block->placed[block->shape_first[w] + shape], NULL, s->radius, s->corner_count == 1,
                  body};
}

/// How a body moved in the step: a way, and a turn as its sine and its cosine less 1.
typedef struct Move {
    float dx, dy, sine, cosine;
} Move;

static Move move_of(const ParaLanesMotion *motion)
{
    float turn = motion->turn, square = turn * turn;
    Move move = {motion->dx, motion->dy, turn - turn * square * (1.0f / 6.0f),
                 square * (square * (1.0f / 24.0f) - 0.5f)};
    if (square > TURN_SMALL * TURN_SMALL) {
        double sine, cosine;
        para_sincos((double)turn, &sine, &cosine);
        move.sine = (float)sine;
        move.cosine = (float)(cosine - 1.0);
    }
    return move;
}

/// The way of the place of a body that was (x, y) from its centre of mass, to the end of the step.
static ParaVec2 way_of(const Move *move, float x, float y)
{
    return (ParaVec2){move->dx + move->cosine * x - move->sine * y,
                      move->dy + move->sine * x + move->cosine * y};
}

static void sides_of(const ParaLanesBlock *block, int w, const ParaLanesManifold *manifold, Side *a, Side *b)
{
    const ParaLanesWorld *world = block->worlds[w];
    uint32_t key = manifold->key;
    if (key >> 31) {
        const ParaLanesChain *chain = &world->chains[key >> 24 & 127u];
        *a = (Side){NULL,          NULL,  world->chain_points + 2 * chain->point_first,
                    chain->radius, false, manifold->a};
        *b = side_of(block, w, (int)(key >> 16 & 255u), manifold->b);
    } else {
        *a = side_of(block, w, (int)(key >> 8 & 255u), manifold->a);
        *b = side_of(block, w, (int)(key & 255u), manifold->b);
    }
}

static float size_of(float x) { return x < 0.0f ? -x : x; }

/// Whether a place of the surface, seen along the tangent, is at corner `corner` of the side.
static bool is_corner(const Side *side, int corner, float x, float y, float nx, float ny)
{
    const float *v = side->placed->v + 2 * corner;
    return size_of(nx * (v[1] - y) - ny * (v[0] - x)) < AT_CORNER;
}

/// Whether the surface of a chain is bent at an end of an edge so much that what rolls over it stays a while.
/// The ids are those of narrow_circle.c: 1 the first end, 2 the second.
static bool is_bent(const Side *side, uint32_t edge, int id)
{
    if (id == 0)
        return false;
    const float *p = side->points + 2 * (edge + (uint32_t)(id - 1)); // the point before the end
    float ax = p[2] - p[0], ay = p[3] - p[1], bx = p[4] - p[2], by = p[5] - p[3];
    float along = ax * bx + ay * by, across = ax * by - ay * bx;
    return !(size_of(across) < BENT * along);
}

/// Whether the nearest place of a side to a circle is one of its corners.
static bool meets_at_corner(const Side *side, const struct ParaLanesPoint *point, uint32_t key, float nx,
                            float ny)
{
    if (!side->placed)
        return is_bent(side, key & 0xffffu, point->id);
    float away = side->radius + 0.5f * point->separation + AT_CORNER; // from the point to the core
    for (int i = 0; i < side->shape->corner_count; i++) {
        float x = side->placed->v[2 * i] - point->x, y = side->placed->v[2 * i + 1] - point->y;
        if (is_corner(side, i, point->x, point->y, nx, ny) &&
            x * x + y * y < away * away + AT_CORNER * AT_CORNER)
            return true;
    }
    return false;
}

/// How far the point goes with b rather than a, 0..1: by how sharply each is bent there. What lies on a face
/// goes with what lies on it.
static float share_of_b(const Side *a, const Side *b, const struct ParaLanesPoint *point, uint32_t key,
                        float nx, float ny)
{
    if (a->round && b->round)
        return a->radius / (a->radius + b->radius);
    if (b->round)
        return meets_at_corner(a, point, key, nx, ny) ? a->radius / (a->radius + b->radius) : 1.0f;
    if (a->round)
        return meets_at_corner(b, point, key, nx, ny) ? a->radius / (a->radius + b->radius) : 0.0f;
    return is_corner(b, point->id & 7, point->x, point->y, nx, ny) ? 1.0f : 0.0f; // ids end with b's corner
}

/// Nothing to be seen of its way, nor of its turn at an arm of 1 m.
static bool is_at_rest(const ParaLanesMotion *motion)
{
    return motion->dx * motion->dx + motion->dy * motion->dy + motion->turn * motion->turn <
           AT_REST * AT_REST;
}

/// The spot of a point whose places on the two bodies went those ways.
static ParaLanesSpot spot_between(const ParaLanesManifold *manifold, const struct ParaLanesPoint *point,
                                  ParaVec2 way_a, ParaVec2 way_b, float share)
{
    float nx = manifold->normal_x, ny = manifold->normal_y;
    float way = nx * (way_b.x - way_a.x) + ny * (way_b.y - way_a.y); // apart
    // Each surface has its own way along the normal; along the tangent the point has that of its owner.
    float along = (1.0f - share) * (nx * way_a.y - ny * way_a.x) + share * (nx * way_b.y - ny * way_b.x);
    float up = 0.5f * (nx * (way_a.x + way_b.x) + ny * (way_a.y + way_b.y));
    return (ParaLanesSpot){point->x + up * nx - along * ny, point->y + up * ny + along * nx,
                           point->separation + way};
}

/// The way of a side at the point; of a circle, that of its centre.
static ParaVec2 side_way(const ParaLanesBlock *block, const Side *side, const Move *move,
                         const struct ParaLanesPoint *point)
{
    const ParaLanesFixed *fixed = &block->fixed[side->body];
    float x = side->round ? side->placed->x : point->x, y = side->round ? side->placed->y : point->y;
    return way_of(move, x - fixed->x, y - fixed->y);
}

static bool moves(const ParaLanesMotion *motion)
{
    return motion->dx != 0.0f || motion->dy != 0.0f || motion->turn != 0.0f;
}

/// The same for a body with corners on what stands still, which is most of what there is.
static int spots_on_ground(const ParaLanesBlock *block, const ParaLanesManifold *manifold,
                           const ParaLanesPlaced *b, int bits, ParaLanesSpot out[2])
{
    const ParaLanesFixed *fixed = &block->fixed[manifold->b];
    Move move = move_of(&block->motion[manifold->b]);
    float nx = manifold->normal_x, ny = manifold->normal_y;
    for (int k = 0; k < 2; k++) {
        if ((bits >> k & 1) == 0)
            continue;
        const struct ParaLanesPoint *point = &manifold->point[k];
        ParaVec2 way = way_of(&move, point->x - fixed->x, point->y - fixed->y);
        const float *corner = b->v + 2 * (point->id & 7); // ids end with b's corner
        bool with_b = size_of(nx * (corner[1] - point->y) - ny * (corner[0] - point->x)) < AT_CORNER;
        out[k] = spot_between(manifold, point, (ParaVec2){0.0f, 0.0f}, way, with_b ? 1.0f : 0.0f);
        if (!(point->normal_sum > 0.0f) && out[k].gap > 0.0f)
            bits ^= 1 << k;
    }
    return bits;
}

int para_lanes_spots(const ParaLanesBlock *block, int w, const ParaLanesManifold *manifold,
                     ParaLanesSpot out[2])
{
    const struct ParaLanesPoint *point = manifold->point;
    // What neither pressed nor overlapped was apart all the time.
    int bits = (point[0].normal_sum > 0.0f) | (point[0].separation <= 0.0f);
    if (manifold->count > 1)
        bits |= ((point[1].normal_sum > 0.0f) | (point[1].separation <= 0.0f)) << 1;
    if (bits == 0)
        return 0;
    const ParaLanesMotion *motion_a = &block->motion[manifold->a], *motion_b = &block->motion[manifold->b];
    if (is_at_rest(motion_a) && is_at_rest(motion_b)) {
        for (int k = 0; k < 2; k++)
            out[k] = (ParaLanesSpot){point[k].x, point[k].y, point[k].separation};
        return bits;
    }
    int other = (int)(manifold->key >> (manifold->key >> 31 ? 16 : 0) & 255u); // b's shape
    const ParaLanesPlaced *placed = &block->placed[block->shape_first[w] + other];
    if (placed->corner_count > 1 && block->fixed[manifold->a].inverse_mass == 0.0f && !moves(motion_a))
        return spots_on_ground(block, manifold, placed, bits, out);
    Side a, b;
    sides_of(block, w, manifold, &a, &b);
    Move move_a = move_of(motion_a), move_b = move_of(motion_b);
    for (int k = 0; k < 2; k++) {
        if ((bits >> k & 1) == 0)
            continue;
        float share = share_of_b(&a, &b, &point[k], manifold->key, manifold->normal_x, manifold->normal_y);
        out[k] = spot_between(manifold, &point[k], side_way(block, &a, &move_a, &point[k]),
                              side_way(block, &b, &move_b, &point[k]), share);
        if (!(point[k].normal_sum > 0.0f) && out[k].gap > 0.0f)
            bits ^= 1 << k;
    }
    return bits;
}
