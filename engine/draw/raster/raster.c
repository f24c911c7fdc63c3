// SPDX-License-Identifier: MIT
// Scanline filling. Positions are floats from outside, so every one passes through `clip`, which turns a
// finite double into a column or row inside the picture, before it becomes an index.
#include "engine/draw/raster/raster.h"

#include "engine/base/assert.h"

#include <math.h>
#include <string.h>

// Inks that mark the pixels of an area until it is known what comes of them, and mixes below those.
#define STAMP_FILL 255
#define STAMP_EDGE 254
#define MIXES_MAX  (STAMP_EDGE - PARA_INK_COUNT)

struct ParaRasterMixes {
    int count; ///< [1] 0..MIXES_MAX
    uint8_t under[MIXES_MAX], over[MIXES_MAX];
    ParaColour colours[MIXES_MAX];
    uint8_t *before; ///< [height, width] pixels without the area at hand
};

ParaRaster para_raster_create(int width, int height, ParaArena *arena)
{
    width = width < 1 ? 1 : width > PARA_RASTER_SIDE_MAX ? PARA_RASTER_SIDE_MAX : width;
    height = height < 1 ? 1 : height > PARA_RASTER_SIDE_MAX ? PARA_RASTER_SIDE_MAX : height;
    size_t size = (size_t)width * (size_t)height;
    ParaRaster raster = {width, height, para_arena_alloc(arena, size), PARA_NEW(arena, ParaRasterMixes, 1)};
    raster.mixes->before = para_arena_alloc(arena, size);
    para_raster_clear(&raster, PARA_INK_BACKGROUND);
    return raster;
}

void para_raster_clear(ParaRaster *raster, int ink)
{
    memset(raster->pixels, ink, (size_t)raster->width * (size_t)raster->height);
    if (raster->mixes)
        raster->mixes->count = 0;
}

/// First pixel whose centre is at or after `edge`, within 0..limit. NaN gives limit: nothing is drawn.
static int clip(double edge, int limit)
{
    double first = ceil(edge - 0.5);
    if (first <= 0.0)
        return 0;
    return first < (double)limit ? (int)first : limit;
}

static void fill_span(ParaRaster *raster, int row, double left, double right, int ink)
{
    PARA_ASSERT_HOT(row >= 0 && row < raster->height && ink >= 0 && ink <= STAMP_FILL);
    int from = clip(left, raster->width), to = clip(right, raster->width);
    if (from < to)
        memset(raster->pixels + (size_t)row * (size_t)raster->width + (size_t)from, ink, (size_t)(to - from));
}

static bool all_finite(const ParaVec2 *points, int count)
{
    for (int i = 0; i < count; i++)
        if (!isfinite(points[i].x) || !isfinite(points[i].y))
            return false;
    return true;
}

void para_raster_circle(ParaRaster *raster, ParaVec2 centre, float radius, int ink)
{
    if (!all_finite(&centre, 1) || !isfinite(radius) || radius <= 0.0f)
        return;
    double x = (double)centre.x, y = (double)centre.y, r = (double)radius;
    int bottom = clip(y + r, raster->height);
    for (int row = clip(y - r, raster->height); row < bottom; row++) {
        double dy = (double)row + 0.5 - y, square = r * r - dy * dy;
        if (square > 0.0) {
            double half = sqrt(square);
            fill_span(raster, row, x - half, x + half, ink);
        }
    }
}

void para_raster_polygon(ParaRaster *raster, const ParaVec2 *points, int count, int ink)
{
    if (count < 3 || count > PARA_RASTER_POINTS_MAX || !all_finite(points, count))
        return;
    double low = (double)points[0].y, high = low;
    for (int i = 1; i < count; i++) {
        low = fmin(low, (double)points[i].y);
        high = fmax(high, (double)points[i].y);
    }
    int bottom = clip(high, raster->height);
    for (int row = clip(low, raster->height); row < bottom; row++) {
        double middle = (double)row + 0.5, left = (double)INFINITY, right = -(double)INFINITY;
        for (int i = 0; i < count; i++) {
            ParaVec2 a = points[i], b = points[i + 1 < count ? i + 1 : 0];
            if (((double)a.y <= middle) == ((double)b.y <= middle))
                continue;
            double share = (middle - (double)a.y) / ((double)b.y - (double)a.y);
            double x = (double)a.x + share * ((double)b.x - (double)a.x);
            left = fmin(left, x);
            right = fmax(right, x);
        }
        if (left < right)
            fill_span(raster, row, left, right, ink);
    }
}

void para_raster_line(ParaRaster *raster, ParaVec2 a, ParaVec2 b, float half_width, int ink)
{
    double dx = (double)b.x - (double)a.x, dy = (double)b.y - (double)a.y, size = sqrt(dx * dx + dy * dy);
    para_raster_circle(raster, a, half_width, ink);
    para_raster_circle(raster, b, half_width, ink);
    if (!(size > 0.0) || !isfinite(half_width) || half_width <= 0.0f)
        return;
    float sx = (float)(-dy / size * (double)half_width), sy = (float)(dx / size * (double)half_width);
    ParaVec2 body[4] = {
        {a.x + sx, a.y + sy}, {b.x + sx, b.y + sy}, {b.x - sx, b.y - sy}, {a.x - sx, a.y - sy}};
    para_raster_polygon(raster, body, 4, ink);
}

/// The polygon moved inward by `inset` [px] on every side: cut by each side's moved half-plane in turn.
/// @return number of points left, 0 if nothing is; at most PARA_RASTER_POINTS_MAX
static int inset_polygon(const ParaVec2 *points, int count, float inset, ParaVec2 *out)
{
    ParaVec2 from[PARA_RASTER_POINTS_MAX], to[PARA_RASTER_POINTS_MAX];
    double area = 0.0;
    for (int i = 0; i < count; i++) {
        ParaVec2 a = points[i], b = points[(i + 1) % count];
        area += (double)a.x * (double)b.y - (double)b.x * (double)a.y;
        from[i] = a;
    }
    PARA_ASSERT_HOT(count >= 3 && count <= PARA_RASTER_POINTS_MAX);
    double winding = area >= 0.0 ? 1.0 : -1.0;
    int left = count;
    for (int side = 0; side < count && left >= 3; side++) {
        ParaVec2 a = points[side], b = points[(side + 1) % count];
        double ex = (double)b.x - (double)a.x, ey = (double)b.y - (double)a.y, size = sqrt(ex * ex + ey * ey);
        if (!(size > 0.0))
            continue;
        int kept = 0;
        for (int i = 0; i < left; i++) {
            ParaVec2 p = from[i], q = from[(i + 1) % left];
            double dp =
                winding * (ex * ((double)p.y - (double)a.y) - ey * ((double)p.x - (double)a.x)) / size;
            double dq =
                winding * (ex * ((double)q.y - (double)a.y) - ey * ((double)q.x - (double)a.x)) / size;
            dp -= (double)inset;
            dq -= (double)inset;
            if (dp >= 0.0 && kept < PARA_RASTER_POINTS_MAX)
                to[kept++] = p;
            if ((dp >= 0.0) != (dq >= 0.0) && kept < PARA_RASTER_POINTS_MAX) {
                double share = dp / (dp - dq);
                to[kept++] = (ParaVec2){(float)((double)p.x + share * ((double)q.x - (double)p.x)),
                                        (float)((double)p.y + share * ((double)q.y - (double)p.y))};
            }
        }
        memcpy(from, to, sizeof(ParaVec2) * (size_t)kept);
        left = kept;
    }
    memcpy(out, from, sizeof(ParaVec2) * (size_t)left);
    return left >= 3 ? left : 0;
}

static void draw_polygon(ParaRaster *raster, const ParaVec2 *points, int count, float radius, float edge,
                         int fill, int edge_ink)
{
    int border = edge > 0.0f ? edge_ink : fill;
    for (int i = 0; i < count && radius > 0.0f; i++)
        para_raster_line(raster, points[i], points[(i + 1) % count], radius, border);
    para_raster_polygon(raster, points, count, border);
    if (edge <= 0.0f)
        return;
    for (int i = 0; i < count && radius > edge; i++)
        para_raster_line(raster, points[i], points[(i + 1) % count], radius - edge, fill);
    ParaVec2 inner[PARA_RASTER_POINTS_MAX];
    int left = inset_polygon(points, count, fmaxf(edge - radius, 0.0f), inner);
    para_raster_polygon(raster, inner, left, fill);
}

static void draw_primitive(ParaRaster *raster, const ParaPrimitive *p, const ParaVec2 *at, float scale,
                           int fill, int edge_ink)
{
    float radius = p->radius * scale, edge = p->edge_width * scale;
    if (edge > 0.0f && edge < 1.0f)
        edge = 1.0f;
    if (p->kind == PARA_PRIMITIVE_POLYGON) {
        draw_polygon(raster, at, p->point_count, radius, edge, fill, edge_ink);
        return;
    }
    radius = fmaxf(radius, 0.5f);
    int other = p->kind == PARA_PRIMITIVE_CAPSULE;
    para_raster_line(raster, at[0], at[other], radius, edge > 0.0f ? edge_ink : fill);
    if (edge > 0.0f && radius > edge)
        para_raster_line(raster, at[0], at[other], radius - edge, fill);
}

// ---------------------------------------------------------------------------------------------
// Translucent areas.

static ParaColour shown_colour(const ParaRaster *raster, int ink)
{
    return raster->mixes && ink >= PARA_INK_COUNT && ink - PARA_INK_COUNT < raster->mixes->count
               ? raster->mixes->colours[ink - PARA_INK_COUNT]
               : para_ink_flat(ink);
}

/// The ink of `over` on a pixel of ink `under`: a mix, but on the empty sheet, where inks have a colour.
static int mixed(ParaRaster *raster, int under, int over)
{
    ParaRasterMixes *mixes = raster->mixes;
    int k = 0;
    if (under <= PARA_INK_GRID_STRONG)
        return over;
    while (k < mixes->count && (mixes->under[k] != under || mixes->over[k] != over))
        k++;
    if (k == MIXES_MAX)
        return over;
    if (k == mixes->count) {
        mixes->under[k] = (uint8_t)under;
        mixes->over[k] = (uint8_t)over;
        mixes->colours[k] = para_colour_over(shown_colour(raster, under), para_ink_colour(over));
        mixes->count++;
    }
    return PARA_INK_COUNT + k;
}

/// Draws an area by stamps, and then what each stamped pixel becomes. Fill and edge of one area do not mix.
static void draw_area(ParaRaster *raster, const ParaPrimitive *p, const ParaVec2 *at, float scale)
{
    size_t size = (size_t)raster->width * (size_t)raster->height;
    uint8_t *before = raster->mixes->before;
    memcpy(before, raster->pixels, size);
    draw_primitive(raster, p, at, scale, STAMP_FILL, STAMP_EDGE);
    for (size_t i = 0; i < size; i++)
        if (raster->pixels[i] >= STAMP_EDGE)
            raster->pixels[i] =
                (uint8_t)mixed(raster, before[i], raster->pixels[i] == STAMP_FILL ? p->fill : p->edge);
}

void para_raster_scene(ParaRaster *raster, const ParaScene *scene, const ParaCamera *camera)
{
    PARA_ASSERT(raster->pixels && scene->count <= scene->capacity);
    int areas = 0; // the first one lies over no other
    for (int i = 0; i < scene->count; i++) {
        const ParaPrimitive *p = &scene->items[i];
        ParaVec2 at[PARA_POLYGON_POINTS_MAX];
        for (int k = 0; k < p->point_count; k++)
            at[k] = para_camera_to_screen(camera, p->points[k]);
        bool area = raster->mixes && p->edge_width > 0.0f && para_ink_colour(p->fill).a < 255;
        if (area && areas++ > 0)
            draw_area(raster, p, at, camera->scale);
        else
            draw_primitive(raster, p, at, camera->scale, p->fill, p->edge);
    }
}

void para_raster_colours(const ParaRaster *raster, int factor, uint8_t *out)
{
    PARA_ASSERT(factor >= 1 && out);
    ParaColour table[256];
    for (int i = 0; i < 256; i++)
        table[i] = shown_colour(raster, i);
    int width = raster->width / factor, height = raster->height / factor;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            unsigned sum[3] = {0, 0, 0}, share = (unsigned)(factor * factor);
            for (int k = 0; k < factor * factor; k++) {
                size_t at = (size_t)(y * factor + k / factor) * (size_t)raster->width;
                ParaColour c = table[raster->pixels[at + (size_t)(x * factor + k % factor)]];
                sum[0] += c.r;
                sum[1] += c.g;
                sum[2] += c.b;
            }
            for (int c = 0; c < 3; c++)
                *out++ = (uint8_t)((sum[c] + share / 2) / share);
        }
}
