// SPDX-License-Identifier: MIT
// How many contact points two shapes of a Kinetix level have: its generator places each shape where it finds
// fewest. Separating axes over both shapes' faces, and what of the incident edge lies beside the other face.
#include "worlds/generate/kinetix.h"

#include "engine/base/maths.h"

#include <math.h>

#define OTHER_FACE 0.01 // [m] the second shape's face is taken where it parts them by so much more

ParaKxOutline para_kx_outline(const ParaKxBody *body)
{
    ParaKxOutline out = {.x = body->x, .y = body->y, .reach = body->radius};
    double s, c, most = 0;
    if (body->circle)
        return out;
    out.count = body->corners;
    para_sincos(body->angle, &s, &c);
    for (int i = 0; i < out.count; i++) {
        double x = (double)body->corner[i].x, y = (double)body->corner[i].y;
        most = para_max(most, x * x + y * y);
        out.corner_x[i] = body->x + c * x - s * y;
        out.corner_y[i] = body->y + s * x + c * y;
    }
    out.reach = para_sqrt(most);
    for (int i = 0; i < out.count; i++) {
        int k = (i + 1) % out.count;
        double x = out.corner_x[k] - out.corner_x[i], y = out.corner_y[k] - out.corner_y[i];
        out.length[i] = para_sqrt(x * x + y * y);
        out.normal_x[i] = y / out.length[i];
        out.normal_y[i] = -x / out.length[i];
    }
    return out;
}

/// Could they touch at all?
static bool are_near(const ParaKxOutline *a, const ParaKxOutline *b)
{
    double x = b->x - a->x, y = b->y - a->y, reach = a->reach + b->reach;
    return x * x + y * y < reach * reach;
}

/// [m] How far a place is before a face of a, and how far along it from its first corner.
static double before(const ParaKxOutline *a, int face, double x, double y)
{
    return a->normal_x[face] * (x - a->corner_x[face]) + a->normal_y[face] * (y - a->corner_y[face]);
}

static double along(const ParaKxOutline *a, int face, double x, double y)
{
    return a->normal_x[face] * (y - a->corner_y[face]) - a->normal_y[face] * (x - a->corner_x[face]);
}

/// The face of a that b is furthest from.
/// @return [m] so far, below 0 where they overlap; of a face that parts them any such
static double part(const ParaKxOutline *a, const ParaKxOutline *b, int *out_face)
{
    double most = -(double)INFINITY;
    for (int i = 0; i < a->count && most < 0; i++) {
        double least = (double)INFINITY;
        for (int k = 0; k < b->count; k++)
            least = para_min(least, before(a, i, b->corner_x[k], b->corner_y[k]));
        if (least <= most)
            continue;
        most = least;
        *out_face = i;
    }
    return most;
}

/// The edge between the two corners of b that are deepest behind a face of a.
typedef struct Edge {
    double at[2], height[2]; ///< [m] along the face, and before it
} Edge;

static Edge deepest(const ParaKxOutline *a, int face, const ParaKxOutline *b)
{
    Edge edge = {.height = {(double)INFINITY, (double)INFINITY}};
    for (int k = 0; k < b->count; k++) {
        double height = before(a, face, b->corner_x[k], b->corner_y[k]);
        int place = height < edge.height[0] ? 0 : 1;
        if (height >= edge.height[1])
            continue;
        if (place == 0) {
            edge.at[1] = edge.at[0];
            edge.height[1] = edge.height[0];
        }
        edge.at[place] = along(a, face, b->corner_x[k], b->corner_y[k]);
        edge.height[place] = height;
    }
    return edge;
}

/// Is what a face's sides leave of an edge behind the face, at both its ends?
static bool both_behind(double length, const Edge *edge)
{
    double span = edge->at[1] - edge->at[0];
    for (int k = 0; k < 2; k++) {
        double at = para_clamp(edge->at[k], 0, length), height = edge->height[k];
        if (at != edge->at[k] && span != 0)
            height = edge->height[0] + (edge->height[1] - edge->height[0]) * (at - edge->at[0]) / span;
        if (height > 0)
            return false;
    }
    return true;
}

static int polygon_contacts(const ParaKxOutline *a, const ParaKxOutline *b)
{
    int face = 0, other = 0;
    double gap = part(a, b, &face), other_gap = gap < 0 ? part(b, a, &other) : 0;
    if (gap >= 0 || other_gap >= 0)
        return 0;
    bool swapped = other_gap > gap + OTHER_FACE;
    Edge edge = swapped ? deepest(b, other, a) : deepest(a, face, b);
    return both_behind(swapped ? b->length[other] : a->length[face], &edge) ? 2 : 1;
}

/// Does a circle touch a polygon's edges, or is its middle inside?
static bool touches(const ParaKxOutline *circle, const ParaKxOutline *a)
{
    bool inside = true;
    for (int i = 0; i < a->count; i++) {
        double up = before(a, i, circle->x, circle->y), past = along(a, i, circle->x, circle->y);
        double side = para_clamp(past, 0, a->length[i]) - past;
        if (side * side + up * up <= circle->reach * circle->reach)
            return true;
        inside &= up <= 0;
    }
    return inside;
}

int para_kx_contacts(const ParaKxOutline *a, const ParaKxOutline *b)
{
    if (!are_near(a, b))
        return 0;
    if (a->count == 0 && b->count == 0)
        return 1; // nearer than the sum of their radii
    if (a->count == 0 || b->count == 0)
        return a->count == 0 ? touches(a, b) : touches(b, a);
    return polygon_contacts(a, b);
}
