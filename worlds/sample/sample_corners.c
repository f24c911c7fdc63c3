// SPDX-License-Identifier: MIT
// Corners that are none. A corner in a straight side, or two in one place, mean nothing to whoever drew the
// shape and trouble to a solver, which takes each side for a surface of its own: they are left out when a
// level is made, with a note. What has no area then is refused. A level that was saved has none of them, so
// it loads as it is.
#include "worlds/sample/sample.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"

#include <stdio.h>

#define NEAR       1e-3 ///< [m] closer is the same place, or on the line
#define FLAT_SHARE 0.01 ///< [1] of the way between its neighbours: a small round thing keeps its corners

static double way(ParaVec2 a, ParaVec2 b)
{
    double x = (double)b.x - (double)a.x, y = (double)b.y - (double)a.y;
    return para_sqrt(x * x + y * y);
}

/// Is b on the straight way from a to c? A corner that turns back is not.
static bool is_between(ParaVec2 a, ParaVec2 b, ParaVec2 c)
{
    double length = way(a, c), ex = (double)c.x - (double)a.x, ey = (double)c.y - (double)a.y;
    double x = (double)b.x - (double)a.x, y = (double)b.y - (double)a.y;
    double along = x * ex + y * ey, off = x * ey - y * ex;
    return along > 0 && along < length * length &&
           para_max(off, -off) < length * para_min(NEAR, FLAT_SHARE * length);
}

static double signed_area(const ParaVec2 *points, int count)
{
    double area = 0;
    for (int k = 0; k < count; k++) {
        ParaVec2 a = points[k], b = points[(k + 1) % count];
        area += ((double)a.x * (double)b.y - (double)b.x * (double)a.y) / 2;
    }
    return area;
}

/// Any turning sense is welcome; the engine wants counter-clockwise.
/// @param index of each point as it was written: goes along
static void turn_counter_clockwise(ParaVec2 *points, int *index, int count)
{
    if (signed_area(points, count) >= 0)
        return;
    for (int a = 0, b = count - 1; a < b; a++, b--) {
        ParaVec2 swap = points[a];
        points[a] = points[b];
        points[b] = swap;
        int other = index[a];
        index[a] = index[b];
        index[b] = other;
    }
}

/// Notes that a corner or point is left out.
/// @param listed it has a place of its own in the file
/// @param more [1] >= 0 others that are
static void note(ParaSampler *sampler, const ParaObject *object, int index, bool listed, const char *why,
                 int more)
{
    char key[64], others[32] = "";
    snprintf(key, sizeof key, listed ? "%s/%d" : "%s", object->head->name, index);
    if (more > 0)
        snprintf(others, sizeof others, ", and %d more", more);
    para_sample_note(sampler, PARA_CODE_LEFT_OUT, object->path, key, "%s %d %s: left out%s",
                     object->head->type == PARA_TYPE_CHAIN ? "point" : "corner", index, why, others);
}

/// Which corner is none, and why; -1: each is one. Of two in one place it is the later.
static int find_needless(const ParaVec2 *points, int count, const char **out_why)
{
    *out_why = "is less than 1 mm from its neighbour";
    for (int k = 1; k <= count && count > 1; k++)
        if (way(points[k - 1], points[k % count]) < NEAR)
            return k < count ? k : count - 1;
    *out_why = "lies on the line between its neighbours";
    for (int k = 0; k < count; k++)
        if (is_between(points[(k + count - 1) % count], points[k], points[(k + 1) % count]))
            return k;
    return -1;
}

/// A polygon the engine would not take, though it goes counter-clockwise and is thick enough.
static void not_convex(ParaSampler *sampler, const ParaObject *object, const ParaVec2 *points,
                       const int *index, int count, const char *problem)
{
    int inward = para_polygon_inward(points, (uint32_t)count);
    ParaVec2 corner = points[inward < 0 ? 0 : inward];
    if (inward < 0)
        para_sample_problem(sampler, PARA_CODE_NOT_CONVEX, object->path, object->head->name,
                            "the corners make no convex polygon: %s", problem);
    else
        para_sample_problem(sampler, PARA_CODE_NOT_CONVEX, object->path, object->head->name,
                            "the polygon is not convex: it bends inward at corner %d, (%g, %g); cut it into "
                            "several convex \"shapes\"",
                            index[inward], (double)corner.x, (double)corner.y);
}

int para_sample_corners(ParaSampler *sampler, const ParaObject *object, ParaVec2 *points, int count)
{
    PARA_ASSERT(count <= PARA_POLYGON_POINTS_MAX);
    int index[PARA_POLYGON_POINTS_MAX]; // as they were written
    for (int k = 0; k < count; k++)
        index[k] = k;
    const char *why = NULL;
    for (int k = find_needless(points, count, &why); k >= 0; k = find_needless(points, count, &why)) {
        note(sampler, object, index[k], object->head->type == PARA_TYPE_POINTS, why, 0);
        count--;
        for (int m = k; m < count; m++) {
            points[m] = points[m + 1];
            index[m] = index[m + 1];
        }
    }
    if (count < 3 || para_polygon_width(points, (uint32_t)count) < PARA_POLYGON_WIDTH_MIN) {
        para_sample_problem(sampler, PARA_CODE_DEGENERATE, object->path, object->head->name,
                            count < 3 ? "the corners enclose no area" : "the polygon is thinner than 1 mm");
        return count;
    }
    turn_counter_clockwise(points, index, count);
    const char *problem = para_polygon_problem(points, (uint32_t)count);
    if (problem)
        not_convex(sampler, object, points, index, count, problem);
    return count;
}

bool para_sample_corners_stay(const ParaVec2 *points, int count)
{
    const char *why;
    return find_needless(points, count, &why) < 0 &&
           para_polygon_width(points, (uint32_t)count) >= PARA_POLYGON_WIDTH_MIN &&
           !para_polygon_problem(points, (uint32_t)count);
}

int para_sample_line(ParaSampler *sampler, const ParaObject *object, ParaVec2 *points, int count)
{
    int kept = 1, first = -1;
    for (int k = 1; k < count; k++) {
        if (way(points[kept - 1], points[k]) >= NEAR)
            points[kept++] = points[k];
        else if (first < 0)
            first = k;
    }
    if (kept < 2)
        para_sample_problem(sampler, PARA_CODE_DEGENERATE, object->path, object->head->name,
                            "its points are less than 1 mm apart");
    else if (first >= 0)
        note(sampler, object, first, para_value(object, object->head_id)->count > 0,
             "is less than 1 mm from its neighbour", count - kept - 1);
    return kept;
}
