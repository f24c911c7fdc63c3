// SPDX-License-Identifier: MIT
// Seams: see the header for the rule. Everything is worked out in double in the frame the two shapes share:
// the world's for static bodies, else the body's.
#include "engine/world/seams.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <float.h>
#include <math.h>

#define TOUCH_MAX    0.002 ///< [m] gaps and steps up to this pass for none
#define TOUCH_SHARE  0.005 ///< [1] and up to this share of the smaller shape
#define ROUNDINGS    4.0   ///< [1] floats between a place and the next: so many pass for none, too
#define TURN_MIN     1e-4  ///< [1] sine of an angle that is noise
#define HOLLOW_MIN   0.05  ///< [1] sine of the angle of a hollow in which bodies have room
#define BEND_MAX     0.02  ///< [1] sine of the angle of a corner that bends too much to be missed
#define BEND_APART   1e-4  ///< [m] faces are told from each other where their lines are so far apart
#define CAP_SAMPLES  9     ///< directions of a round end that are tried
#define INTERVALS    16    ///< neighbours of one face that are told apart
#define CLOSED_TWICE 1e-8  ///< [m^2] a chain whose ends are this near is closed

typedef struct Vec {
    double x, y; ///< [m] or [1]
} Vec;

static Vec add(Vec a, Vec b, double times) { return (Vec){a.x + times * b.x, a.y + times * b.y}; }
static double dot(Vec a, Vec b) { return a.x * b.x + a.y * b.y; }
static double cross(Vec a, Vec b) { return a.x * b.y - a.y * b.x; }
static Vec left_of(Vec a) { return (Vec){-a.y, a.x}; }
static Vec right_of(Vec a) { return (Vec){a.y, -a.x}; }

/// A polygon, a segment, an edge of a chain or a circle, at its place.
typedef struct Solid {
    int count;     ///< 1 circle, 2 segment, 3.. polygon
    double radius; ///< [m]
    Vec point[PARA_POLYGON_POINTS_MAX];
    Vec along[PARA_POLYGON_POINTS_MAX]; ///< unit, from point i to the next; its right is outside
    double length[PARA_POLYGON_POINTS_MAX];
} Solid;

typedef struct Box {
    float low_x, low_y, high_x, high_y; ///< [m]
} Box;

// ---------------------------------------------------------------------------------------------
// Places.

static bool is_static(const ParaSeamSearch *search, int body)
{
    return search->def->bodies[body].kind == PARA_BODY_STATIC;
}

static Vec point_of(const ParaSeamSearch *search, const ParaShapeDef *shape, uint32_t k)
{
    ParaVec2 p = search->def->points[shape->point_first + k];
    if (!is_static(search, shape->body))
        return (Vec){(double)p.x, (double)p.y};
    double c = search->cos[shape->body], s = search->sin[shape->body];
    ParaVec2 at = search->def->bodies[shape->body].position;
    return (Vec){(double)at.x + c * (double)p.x - s * (double)p.y,
                 (double)at.y + s * (double)p.x + c * (double)p.y};
}

/// A direction back in the body's frame.
static ParaVec2 in_frame(const ParaSeamSearch *search, int body, Vec d)
{
    if (!is_static(search, body))
        return (ParaVec2){(float)d.x, (float)d.y};
    double c = search->cos[body], s = search->sin[body];
    return (ParaVec2){(float)(c * d.x + s * d.y), (float)(c * d.y - s * d.x)};
}

static int before(const Solid *solid, int i) { return i > 0 ? i - 1 : solid->count - 1; }
static int after(const Solid *solid, int i) { return i + 1 < solid->count ? i + 1 : 0; }

/// A shape, or the edge `piece` of a chain.
static Solid solid_of(const ParaSeamSearch *search, const ParaShapeDef *shape, uint32_t piece)
{
    bool chain = shape->kind == PARA_SHAPE_CHAIN;
    Solid solid;
    solid.count = chain ? 2 : (int)shape->point_count;
    solid.radius = (double)shape->radius;
    solid.along[0] = (Vec){0.0, 0.0}; // of a circle
    solid.length[0] = 0.0;
    for (int i = 0; i < solid.count; i++)
        solid.point[i] = point_of(search, shape, piece + (uint32_t)i);
    for (int i = 0; i < solid.count && solid.count > 1; i++) {
        Vec way = add(solid.point[after(&solid, i)], solid.point[i], -1.0);
        solid.length[i] = para_sqrt(dot(way, way));
        double inverse = solid.length[i] > 0 ? 1.0 / solid.length[i] : 0.0;
        solid.along[i] = (Vec){way.x * inverse, way.y * inverse};
    }
    return solid;
}

static Box box_of(const ParaSeamSearch *search, const ParaShapeDef *shape)
{
    Vec low = point_of(search, shape, 0), high = low;
    for (uint32_t k = 1; k < shape->point_count; k++) {
        Vec p = point_of(search, shape, k);
        low = (Vec){para_min(low.x, p.x), para_min(low.y, p.y)};
        high = (Vec){para_max(high.x, p.x), para_max(high.y, p.y)};
    }
    double r = (double)shape->radius;
    return (Box){(float)(low.x - r), (float)(low.y - r), (float)(high.x + r), (float)(high.y + r)};
}

static void place_body(ParaSeamSearch *search, int body, int first, int end)
{
    const ParaBodyDef *def = &search->def->bodies[body];
    search->sin[body] = 0.0;
    search->cos[body] = 1.0;
    if (def->kind == PARA_BODY_STATIC && def->angle != 0.0f)
        para_sincos((double)def->angle, &search->sin[body], &search->cos[body]);
    for (int i = first; i < end; i++) {
        Box box = box_of(search, &search->def->shapes[i]);
        int at = search->count++;
        search->shape[at] = (uint16_t)i;
        search->low_x[at] = box.low_x;
        search->low_y[at] = box.low_y;
        search->high_x[at] = box.high_x;
        search->high_y[at] = box.high_y;
    }
}

void para_seam_search_begin(ParaSeamSearch *out, const ParaWorldDef *def, const uint8_t *enabled)
{
    PARA_ASSERT(def->shape_count <= PARA_SHAPES_MAX && def->body_count <= PARA_BODIES_MAX);
    out->def = def;
    out->count = 0;
    for (int i = 0; i < def->body_count; i++)
        out->alone[i] = false;
    for (int i = 0; i < def->joint_count; i++)
        if (!def->joints[i].collide)
            out->alone[def->joints[i].a] = out->alone[def->joints[i].b] = true;
    for (int i = 0, first = 0; i < def->body_count; i++) {
        int end = first;
        while (end < def->shape_count && def->shapes[end].body == i)
            end++;
        if ((!enabled || enabled[i]) && (def->bodies[i].kind == PARA_BODY_STATIC || end - first > 1))
            place_body(out, i, first, end);
        first = end;
    }
}

// ---------------------------------------------------------------------------------------------
// Neighbours.

/// Whether `other` stops all that `shape` stops, and cannot move against it.
static bool stands_in(const ParaSeamSearch *search, const ParaShapeDef *shape, const ParaShapeDef *other)
{
    if ((shape->mask & ~other->mask) != 0 || (shape->category & ~other->category) != 0)
        return false;
    if (other->one_way &&
        !(shape->one_way && search->def->bodies[shape->body].angle == search->def->bodies[other->body].angle))
        return false;
    if (shape->body == other->body)
        return true;
    uint32_t group = search->def->bodies[other->body].group;
    return is_static(search, shape->body) && is_static(search, other->body) && !search->alone[other->body] &&
           (group == 0 || group == search->def->bodies[shape->body].group);
}

static double size_of(const ParaSeamSearch *search, int at)
{
    return para_max((double)(search->high_x[at] - search->low_x[at]),
                    (double)(search->high_y[at] - search->low_y[at]));
}

static double far_of(const ParaSeamSearch *search, int at)
{
    return para_max(para_max(fabs((double)search->low_x[at]), fabs((double)search->high_x[at])),
                    para_max(fabs((double)search->low_y[at]), fabs((double)search->high_y[at])));
}

/// How near two shapes must come to touch [m].
static double touch_of(const ParaSeamSearch *search, int a, int b)
{
    double small = para_min(size_of(search, a), size_of(search, b));
    double far = para_max(far_of(search, a), far_of(search, b));
    return para_max(para_min(TOUCH_MAX, TOUCH_SHARE * small), ROUNDINGS * far * (double)FLT_EPSILON);
}

static bool meet(const ParaSeamSearch *search, int a, int b)
{
    float reach = (float)TOUCH_MAX;
    if (search->low_x[b] - reach > search->high_x[a] || search->high_x[b] + reach < search->low_x[a])
        return false;
    return search->low_y[b] - reach <= search->high_y[a] && search->high_y[b] + reach >= search->low_y[a];
}

/// The place of a shape in the search's arrays; -1: it has no neighbours.
static int place_of(const ParaSeamSearch *search, int shape)
{
    int low = 0, high = search->count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (search->shape[middle] < shape)
            low = middle + 1;
        else
            high = middle;
    }
    return low < search->count && search->shape[low] == shape ? low : -1;
}

// ---------------------------------------------------------------------------------------------
// Faces: which parts of them lie against a neighbour.

/// Covered pieces of one face, from its first point [m].
typedef struct Cover {
    int count;
    double from[INTERVALS], to[INTERVALS];
} Cover;

/// A half-line of thought: what of begin + s * along lies behind planes.
typedef struct Ray {
    Vec begin, along;
    double from, to; ///< [m] of s
} Ray;

/// Keeps what lies behind the plane through `at` with the outward normal n.
static void clip(Ray *ray, Vec at, Vec n)
{
    double height = dot(n, add(ray->begin, at, -1.0)), slope = dot(n, ray->along);
    if (fabs(slope) < 1e-12) {
        if (height > 0)
            ray->to = ray->from - 1.0;
    } else if (slope > 0) {
        ray->to = para_min(ray->to, -height / slope);
    } else {
        ray->from = para_max(ray->from, -height / slope);
    }
}

static void note(Cover *cover, const Ray *ray)
{
    if (ray->to <= ray->from || cover->count == INTERVALS)
        return; // one too many: the face then counts as free there, which is the safe side
    cover->from[cover->count] = ray->from;
    cover->to[cover->count++] = ray->to;
}

/// What a disc about `middle` covers.
static void cover_by_disc(Cover *cover, Ray ray, Vec middle, double radius)
{
    Vec to = add(middle, ray.begin, -1.0);
    double foot = dot(to, ray.along), height = cross(ray.along, to),
           square = radius * radius - height * height;
    if (!(square > 0))
        return;
    double half = para_sqrt(square);
    ray.from = para_max(ray.from, foot - half);
    ray.to = para_min(ray.to, foot + half);
    note(cover, &ray);
}

static void cover_by(Cover *cover, Ray ray, const Solid *by)
{
    if (by->count > 2) {
        for (int i = 0; i < by->count; i++)
            clip(&ray, by->point[i], right_of(by->along[i]));
        note(cover, &ray);
        return;
    }
    if (!(by->radius > 0))
        return; // it has no inside
    for (int i = 0; i < by->count; i++)
        cover_by_disc(cover, ray, by->point[i], by->radius);
    if (by->count == 2) {
        for (int i = 0; i < 2; i++) {
            clip(&ray, add(by->point[i], right_of(by->along[i]), by->radius), right_of(by->along[i]));
            clip(&ray, by->point[i], by->along[1 - i]);
        }
        note(cover, &ray);
    }
}

/// How far a face is covered without a gap, from its first point, or back from its second [m].
static double covered_from(const Cover *cover, double length, double slack, bool back)
{
    double reached = slack;
    for (int pass = 0; pass < cover->count; pass++)
        for (int i = 0; i < cover->count; i++) {
            double from = back ? length - cover->to[i] : cover->from[i];
            double to = back ? length - cover->from[i] : cover->to[i];
            if (from <= reached)
                reached = para_max(reached, to + slack);
        }
    return reached > slack ? reached - slack : 0.0;
}

// ---------------------------------------------------------------------------------------------
// Corners: which directions are left.

typedef struct Cone {
    Vec lo, hi;                     ///< unit
    bool cut_lo, cut_hi;            ///< they are not what they were
    Vec before, after;              ///< unit, the normals of the faces that meet here
    bool shuts_before, shuts_after; ///< something stands before their ends here
    bool closed;                    ///< nothing is left between them
    uint32_t covered;               ///< [bits] of the CAP_SAMPLES directions of a round end
} Cone;

/// Something solid goes on along u: directions with d . u > 0 are none of this corner's any more.
static void keep_clear(Cone *cone, Vec u)
{
    bool at_lo = dot(cone->lo, u) > TURN_MIN, at_hi = dot(cone->hi, u) > TURN_MIN;
    // From half a turn the middle may go while both ends stay.
    if (!at_lo && !at_hi && dot(cone->lo, cone->hi) < TURN_MIN * TURN_MIN - 1.0 &&
        dot(left_of(cone->lo), u) > TURN_MIN)
        cone->closed = true;
    cone->closed |= at_lo && at_hi;
    if (at_lo)
        cone->lo = left_of(u);
    if (at_hi)
        cone->hi = right_of(u);
    cone->cut_lo |= at_lo;
    cone->cut_hi |= at_hi;
    cone->shuts_before |= dot(cone->before, u) > HOLLOW_MIN;
    cone->shuts_after |= dot(cone->after, u) > HOLLOW_MIN;
}

static void keep_clear_of_half(Cone *cone, Vec outward)
{
    keep_clear(cone, left_of(outward));
    keep_clear(cone, right_of(outward));
    keep_clear(cone, (Vec){-outward.x, -outward.y});
}

/// The nearest place of a segment or circle to p.
static Vec nearest_of(const Solid *solid, Vec p)
{
    double s = dot(add(p, solid->point[0], -1.0), solid->along[0]);
    return add(solid->point[0], solid->along[0], para_clamp(s, 0.0, solid->length[0]));
}

/// Height of p over a solid's surface [m], as its faces tell it; in out_face the one that tells.
static double height_over(const Solid *solid, Vec p, int *out_face)
{
    if (solid->count <= 2) {
        Vec way = add(p, nearest_of(solid, p), -1.0);
        return para_sqrt(dot(way, way)) - solid->radius;
    }
    double height = -1e30;
    for (int i = 0; i < solid->count; i++) {
        double over = dot(right_of(solid->along[i]), add(p, solid->point[i], -1.0));
        if (over > height) {
            height = over;
            *out_face = i;
        }
    }
    return height;
}

/// A point p that lies on a line (a thin segment) or on the face `i` of a polygon.
static void touch_line(Cone *cone, const Solid *by, int i, Vec p, double touch)
{
    double s = dot(add(p, by->point[i], -1.0), by->along[i]);
    bool polygon = by->count > 2;
    Vec back = {-by->along[i].x, -by->along[i].y};
    if (s < -touch || s > by->length[i] + touch)
        return;
    if (s <= touch) { // its first point
        keep_clear(cone, by->along[i]);
        if (polygon)
            keep_clear(cone, (Vec){-by->along[before(by, i)].x, -by->along[before(by, i)].y});
    } else if (s >= by->length[i] - touch) {
        keep_clear(cone, back);
        if (polygon)
            keep_clear(cone, by->along[after(by, i)]);
    } else {
        keep_clear(cone, by->along[i]);
        keep_clear(cone, back);
        if (polygon)
            keep_clear(cone, left_of(by->along[i]));
    }
}

static Vec cap_direction(const Cone *cone, int i)
{
    static const Vec around[] = {{1.0, 0.0}, // cosine and sine of half a turn in eight
                                 {0.92387953251128674, 0.38268343236508978},
                                 {0.70710678118654757, 0.70710678118654757},
                                 {0.38268343236508978, 0.92387953251128674},
                                 {0.0, 1.0},
                                 {-0.38268343236508978, 0.92387953251128674},
                                 {-0.70710678118654757, 0.70710678118654757},
                                 {-0.92387953251128674, 0.38268343236508978},
                                 {-1.0, 0.0}};
    _Static_assert(sizeof around / sizeof around[0] == CAP_SAMPLES, "a direction for each");
    Vec across = left_of(cone->lo);
    return (Vec){around[i].x * cone->lo.x + around[i].y * across.x,
                 around[i].x * cone->lo.y + around[i].y * across.y};
}

/// The round end of a segment about p.
static void touch_cap(Cone *cone, double radius, const Solid *by, Vec p, double touch)
{
    int unused = 0;
    for (int i = 0; i < CAP_SAMPLES; i++)
        if (height_over(by, add(p, cap_direction(cone, i), radius), &unused) <= touch)
            cone->covered |= 1u << i;
}

/// What the neighbour `by` leaves of the corner p of a shape rounded by `radius`.
static void touch_corner(Cone *cone, double radius, Vec p, const Solid *by, double touch)
{
    bool thin = by->count == 2 && by->radius <= touch;
    if (by->count == 2 && (thin || radius > touch) && fabs(by->radius - radius) <= touch) {
        Vec way = add(p, nearest_of(by, p), -1.0); // core on core
        if (dot(way, way) <= touch * touch)
            touch_line(cone, by, 0, p, touch);
        return;
    }
    if (radius > touch) {
        touch_cap(cone, radius, by, p, touch);
        return;
    }
    int face = 0;
    double height = height_over(by, p, &face);
    if (height > touch)
        return;
    if (thin) {
        touch_line(cone, by, 0, p, touch);
    } else if (height < -touch) {
        cone->closed = true;
    } else if (by->count > 2) {
        touch_line(cone, by, face, p, touch);
    } else {
        Vec way = add(p, nearest_of(by, p), -1.0);
        double length = para_sqrt(dot(way, way));
        keep_clear_of_half(cone, (Vec){way.x / length, way.y / length});
    }
}

/// Takes the covered directions at both ends of a cap away, but for one.
static void trim_cap(Cone *cone)
{
    uint32_t all = (1u << CAP_SAMPLES) - 1;
    if (cone->covered == all)
        cone->closed = true;
    if (cone->covered == 0 || cone->covered == all)
        return;
    int first = 0, last = CAP_SAMPLES - 1;
    while (cone->covered >> first & 1u)
        first++;
    while (cone->covered >> last & 1u)
        last--;
    Cone whole = *cone;
    if (first > 1) {
        cone->lo = cap_direction(&whole, first - 1);
        cone->cut_lo = true;
    }
    if (last < CAP_SAMPLES - 2) {
        cone->hi = cap_direction(&whole, last + 1);
        cone->cut_hi = true;
    }
}

static Cone cone_of(const Solid *solid, int corner)
{
    Vec lo = right_of(solid->along[before(solid, corner)]), hi = right_of(solid->along[corner]);
    return (Cone){.lo = lo, .hi = hi, .before = lo, .after = hi};
}

// ---------------------------------------------------------------------------------------------
// The whole.

/// What is known of one shape while its neighbours are gone through.
typedef struct Work {
    const ParaSeamSearch *search;
    Solid solid;
    int corners;                          ///< looked at: all, or the one end of a chain
    Cone cone[PARA_POLYGON_POINTS_MAX];   ///< [corners]
    Cover cover[PARA_POLYGON_POINTS_MAX]; ///< [solid.count]
    double touch;                         ///< [m] the largest of all neighbours
} Work;

static void visit_solid(Work *work, const Solid *by, double touch)
{
    work->touch = para_max(work->touch, touch);
    for (int i = 0; i < work->corners; i++)
        touch_corner(&work->cone[i], work->solid.radius, work->solid.point[i], by, touch);
    for (int i = 0; work->corners > 1 && i < work->solid.count; i++) {
        Vec out = right_of(work->solid.along[i]);
        Ray ray = {.begin = add(work->solid.point[i], out, work->solid.radius + 2.0 * touch),
                   .along = work->solid.along[i],
                   .to = work->solid.length[i]};
        cover_by(&work->cover[i], ray, by);
    }
}

/// An edge of a chain is looked at only if it reaches into the shape's box.
static bool edge_reaches(const ParaSeamSearch *search, int at, Vec a, Vec b, double reach)
{
    return para_min(a.x, b.x) - reach <= (double)search->high_x[at] &&
           para_max(a.x, b.x) + reach >= (double)search->low_x[at] &&
           para_min(a.y, b.y) - reach <= (double)search->high_y[at] &&
           para_max(a.y, b.y) + reach >= (double)search->low_y[at];
}

static void visit_chain(Work *work, int at, const ParaShapeDef *chain, double touch)
{
    const ParaSeamSearch *search = work->search;
    Vec a = point_of(search, chain, 0);
    for (uint32_t k = 0; k + 1 < chain->point_count; k++) {
        Vec b = point_of(search, chain, k + 1);
        if (edge_reaches(search, at, a, b, (double)chain->radius + touch)) {
            Solid by = solid_of(search, chain, k);
            visit_solid(work, &by, touch);
        }
        a = b;
    }
}

static void visit_neighbours(Work *work, int at)
{
    const ParaSeamSearch *search = work->search;
    const ParaShapeDef *shape = &search->def->shapes[search->shape[at]];
    for (int k = 0; k < search->count; k++) {
        if (!meet(search, at, k) || k == at)
            continue;
        const ParaShapeDef *other = &search->def->shapes[search->shape[k]];
        if (!stands_in(search, shape, other))
            continue;
        double touch = touch_of(search, at, k);
        if (other->kind == PARA_SHAPE_CHAIN) {
            visit_chain(work, at, other, touch);
        } else {
            Solid by = solid_of(search, other, 0);
            visit_solid(work, &by, touch);
        }
    }
}

/// Sine of the angle by which the outline turns at corner i; 1 where it is no small one.
static double bend_at(const Solid *solid, int i)
{
    Vec a = solid->along[before(solid, i)], b = solid->along[i];
    return solid->count > 2 && dot(a, b) > 0 ? fabs(cross(a, b)) : 1.0;
}

/// How far face i goes on in faces that have nearly its direction: until they are apart from its line.
static double reach_on(const Solid *solid, int i, bool forward)
{
    double reach = 0, turned = 0, apart = BEND_APART;
    for (int k = i, n = 1; n < solid->count; n++) {
        double bend = bend_at(solid, forward ? after(solid, k) : k);
        turned += bend;
        if (bend >= BEND_MAX)
            break;
        k = forward ? after(solid, k) : before(solid, k);
        double length = solid->length[k];
        if (turned * length > apart)
            return reach + apart / turned;
        apart -= turned * length;
        reach += length;
    }
    return reach;
}

/// Whether nothing but the face's own normal is left.
static bool is_flat(const Cone *cone)
{
    return cone->closed || ((cone->cut_lo || cone->cut_hi) && cross(cone->lo, cone->hi) < TURN_MIN);
}

/// A closed corner keeps the normal of a face that is free: that face pushes, wherever its support is found.
static ParaSeamCorner corner_of(const Work *work, int i, uint32_t covered, int body)
{
    const Solid *solid = &work->solid;
    Vec lo = work->cone[i].lo, hi = work->cone[i].hi;
    const Cone *cone = &work->cone[i];
    if (cone->closed) {
        Cone whole = cone_of(solid, i);
        bool after_free = !(covered >> i & 1u), before_free = !(covered >> before(solid, i) & 1u);
        // Rather that before which nothing stands here.
        if (before_free && (!after_free || (cone->shuts_after && !cone->shuts_before))) {
            lo = hi = whole.lo;
        } else if (after_free) {
            lo = hi = whole.hi;
        } else { // the two turn their backs: along the middle between them nothing passes
            Vec middle = solid->count > 2 ? add(whole.lo, whole.hi, 1.0) : left_of(whole.lo);
            double length = para_sqrt(dot(middle, middle));
            lo = left_of((Vec){middle.x / length, middle.y / length});
            hi = (Vec){-lo.x, -lo.y};
        }
    }
    return (ParaSeamCorner){in_frame(work->search, body, lo), in_frame(work->search, body, hi)};
}

static void write_seams(const Work *work, int body, ParaSeams *out)
{
    const Solid *solid = &work->solid;
    *out = (ParaSeams){0};
    for (int i = 0; i < solid->count; i++) {
        double slack = 3.0 * work->touch, length = solid->length[i];
        double first = covered_from(&work->cover[i], length, slack, false);
        double last = covered_from(&work->cover[i], length, slack, true);
        if (first >= length - slack)
            out->covered |= 1u << i;
        bool shut_first = first > 0 || work->cone[i].shuts_after;
        bool shut_last = last > 0 || work->cone[after(solid, i)].shuts_before;
        out->from[i] = shut_first ? (float)first : -PARA_SEAM_FREE;
        out->to[i] = shut_last ? (float)(length - last) : PARA_SEAM_FREE;
    }
    for (int i = 0; i < solid->count; i++) {
        out->corner[i] = corner_of(work, i, out->covered, body);
        double begin = is_flat(&work->cone[i]) ? work->touch : 0;
        double end = is_flat(&work->cone[after(solid, i)]) ? work->touch : 0;
        out->begin[i] = (float)para_max(begin, reach_on(solid, i, false));
        out->end[i] = (float)para_max(end, reach_on(solid, i, true));
    }
}

/// Whether a polygon has a corner that hardly bends. Most have none, so it is asked before anything else is
/// worked out.
static bool has_flat_corner(const ParaSeamSearch *search, const ParaShapeDef *shape)
{
    const ParaVec2 *points = search->def->points + shape->point_first;
    uint32_t count = shape->point_count;
    for (uint32_t i = 0; i < count && count > 2; i++) {
        ParaVec2 p = points[i], q = points[(i + 1) % count], r = points[(i + 2) % count];
        Vec a = {(double)q.x - (double)p.x, (double)q.y - (double)p.y};
        Vec b = {(double)r.x - (double)q.x, (double)r.y - (double)q.y};
        double turned = cross(a, b);
        if (dot(a, b) > 0 && turned * turned < BEND_MAX * BEND_MAX * dot(a, a) * dot(b, b))
            return true;
    }
    return false;
}

static bool has_neighbour(const ParaSeamSearch *search, int at)
{
    const ParaShapeDef *shape = &search->def->shapes[search->shape[at]];
    for (int k = 0; k < search->count; k++)
        if (meet(search, at, k) && k != at &&
            stands_in(search, shape, &search->def->shapes[search->shape[k]]))
            return true;
    return false;
}

static void begin_work(Work *work, const ParaSeamSearch *search, const Solid *solid, int corners)
{
    work->search = search;
    work->solid = *solid;
    work->corners = corners;
    work->touch = 0.0;
    for (int i = 0; i < solid->count; i++) // the rest is never read
        work->cover[i].count = 0;
    for (int i = 0; i < corners; i++)
        work->cone[i] = cone_of(solid, i);
}

/// Whether the neighbours have left their mark on the shape.
static bool is_marked(const Work *work)
{
    for (int i = 0; i < work->corners; i++)
        if (work->cone[i].closed || work->cone[i].cut_lo || work->cone[i].cut_hi || work->cover[i].count > 0)
            return true;
    return false;
}

bool para_seams_find(const ParaSeamSearch *search, int shape, ParaSeams *out)
{
    PARA_ASSERT(shape >= 0 && shape < search->def->shape_count);
    const ParaShapeDef *def = &search->def->shapes[shape];
    PARA_ASSERT(def->kind == PARA_SHAPE_POLYGON || def->kind == PARA_SHAPE_SEGMENT);
    int at = place_of(search, shape);
    bool touched = at >= 0 && has_neighbour(search, at);
    bool flat = has_flat_corner(search, def);
    if (!touched && !flat)
        return false;
    Solid solid = solid_of(search, def, 0);
    Work work;
    begin_work(&work, search, &solid, solid.count);
    if (touched)
        visit_neighbours(&work, at);
    for (int i = 0; i < work.corners; i++)
        trim_cap(&work.cone[i]);
    if (!flat && !is_marked(&work))
        return false;
    write_seams(&work, def->body, out);
    return true;
}

/// Where the surface goes on past the first point of `solid`, an end of a chain; zero where it is loose.
static Vec way_on(const ParaSeamSearch *search, int at, const Solid *solid)
{
    Work work;
    begin_work(&work, search, solid, 1);
    visit_neighbours(&work, at);
    trim_cap(&work.cone[0]);
    const Cone *cone = &work.cone[0];
    if (!cone->closed && !cone->cut_lo && !cone->cut_hi)
        return (Vec){0, 0};
    if (cone->closed || (cone->cut_lo && cone->cut_hi)) // straight on: neither side has a corner there
        return (Vec){-solid->along[0].x, -solid->along[0].y};
    return cone->cut_lo ? right_of(cone->lo) : left_of(cone->hi);
}

bool para_seam_ends_find(const ParaSeamSearch *search, int shape, ParaSeamEnds *out)
{
    PARA_ASSERT(shape >= 0 && shape < search->def->shape_count);
    const ParaShapeDef *def = &search->def->shapes[shape];
    PARA_ASSERT(def->kind == PARA_SHAPE_CHAIN);
    int at = place_of(search, shape);
    if (at < 0 || !has_neighbour(search, at))
        return false;
    uint32_t last = def->point_count - 1;
    Vec gap = add(point_of(search, def, last), point_of(search, def, 0), -1.0);
    if (last > 2 && dot(gap, gap) < CLOSED_TWICE)
        return false;
    Solid first = solid_of(search, def, 0), end = solid_of(search, def, last - 1);
    Solid turned = end;
    for (int i = 0; i < 2; i++) {
        turned.point[i] = end.point[1 - i];
        turned.along[i] = end.along[1 - i];
    }
    Vec a = way_on(search, at, &first), b = way_on(search, at, &turned);
    if (dot(a, a) == 0 && dot(b, b) == 0)
        return false;
    *out = (ParaSeamEnds){in_frame(search, def->body, a), in_frame(search, def->body, b)};
    return true;
}
