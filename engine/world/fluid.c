// SPDX-License-Identifier: MIT
// Lift and drag of what is under the surface: shapes are cut to the zone's area, and forces act at the
// centroid of what is left. Places are about the body's centre of mass, so that far away is as exact as near.
//
// A cork of 0.2 kg/m^2 in water of 1000 is pushed up with 5000 times its weight: a force that is right at the
// start of a step would throw it out of the water. Three things keep every ratio of densities stable:
// - What is under the surface is looked at `ahead` of the body, where the present velocity leads. Lift is a
//   spring along gravity, and a step that takes its force there is
//       u' = u - dt K (x + ahead u) / m,   x' = x + dt (u + c (u' - u)),
//   c the share of the change of velocity that already moves the body in this step: 0 for chipmunk, which
//   moves first, (n + 1) / 2n for the n small steps of lanes. Its determinant is 1 - dt^2 K / m (ahead / dt +
//   c - 1), so bobbing never grows where ahead >= (1 - c) dt.
// - The fluid that drag and lift would stop the body by in a step moves along with it: the step is made with
// the
//   inertia m + N, N >= dt D + dt^2 K, D the drag per velocity and K the stiffness of lift. It is what an
//   implicit step has, made a number per body that every solver can take, contacts and joints and all. It
//   changes no force: at rest loads are carried exactly. Of a box that floats 0.3 m deep lift adds 2 % of its
//   mass at 60 Hz, and that falls with dt^2.
// - Where lift is stiff, dt^2 K >> m, it is damped to the critical degree, else the body would hop in and out
// of
//   the surface for ever; where it is soft this damping is gone with (dt^2 K / m)^2.
#include "engine/world/fluid.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"

#include <string.h>

#define ROUND_CORNERS 32    ///< of the polygon a disc is taken for, whose area is the disc's
#define AREA_MIN      1e-12 ///< [m^2] less is not wet

/// A convex polygon, counter-clockwise; a cut adds at most one corner.
typedef struct Outline {
    int count;
    double x[2 * ROUND_CORNERS], y[2 * ROUND_CORNERS]; ///< [m] about the body's centre of mass
} Outline;

/// The fluids' part in one body's step so far.
typedef struct Sum {
    double x, y, torque;         ///< lift [N] [N m]
    double drag, drag_x, drag_y; ///< [kg/s] per velocity, [kg m/s] its first moment about the centre of mass
    double drag_turn;            ///< [kg m^2/s] its second moment
    double stiffness, stiffness_turn; ///< of the lift [N/m] [N m/rad], at most
} Sum;

uint32_t para_fluid_bits(const ParaZoneState *zones, int count)
{
    uint32_t bits = 0;
    for (int i = 0; i < count; i++)
        if (zones[i].on && zones[i].fluid_density > 0.0f)
            bits |= 1u << i;
    return bits;
}

// ---------------------------------------------------------------------------------------------
// Outlines.

static void put(Outline *out, double x, double y)
{
    PARA_ASSERT_HOT(out->count < 2 * ROUND_CORNERS);
    out->x[out->count] = x;
    out->y[out->count++] = y;
}

/// `count` corners on an arc about (x, y) that begins in the direction of (dx, dy), which is its radius.
static void put_arc(Outline *out, double x, double y, double dx, double dy, double angle, int count)
{
    double s, c;
    para_sincos(angle, &s, &c);
    for (int i = 0; i < count; i++) {
        put(out, x + dx, y + dy);
        double turned = c * dx - s * dy;
        dy = s * dx + c * dy;
        dx = turned;
    }
}

/// A regular polygon with the area of a disc: it stands 0.3 % out of it at its corners.
static void put_disc(Outline *out, double x, double y, double radius)
{
    double angle = PARA_TAU / ROUND_CORNERS;
    double wide = radius * para_sqrt(angle / para_sin(angle));
    put_arc(out, x, y, wide, 0.0, angle, ROUND_CORNERS);
}

/// A segment with its two round ends, of the right area: 2 w L + a w^2 = 2 r L + pi r^2, where a w^2 is the
/// area of the two ends with their corners at the distance w.
static void put_capsule(Outline *out, const double *x, const double *y, double radius)
{
    int count = ROUND_CORNERS / 2;
    double angle = PARA_PI / (count - 1), ends = (count - 1) * para_sin(angle);
    double dx = x[1] - x[0], dy = y[1] - y[0], length = para_sqrt(dx * dx + dy * dy);
    double area = radius * (2.0 * length + PARA_PI * radius);
    double wide = area / (length + para_sqrt(length * length + ends * area)) / length;
    put_arc(out, x[1], y[1], wide * dy, -wide * dx, angle, count);
    put_arc(out, x[0], y[0], -wide * dy, wide * dx, angle, count);
}

static void put_zone(Outline *out, const ParaZoneArea *zone, double x, double y)
{
    out->count = 0;
    if (zone->edge_count == 0) {
        put_disc(out, zone->x - x, zone->y - y, para_sqrt(zone->radius_squared));
        return;
    }
    for (int i = 0; i < zone->edge_count; i++)
        put(out, zone->corner_x[i] - x, zone->corner_y[i] - y);
}

/// Keeps what is to the left of the line through (ax, ay) along (ex, ey). @return false: nothing is
static bool cut(Outline *shape, double ax, double ay, double ex, double ey)
{
    double side[2 * ROUND_CORNERS], x[2 * ROUND_CORNERS], y[2 * ROUND_CORNERS];
    int left = 0, count = shape->count;
    for (int i = 0; i < count; i++) {
        side[i] = ex * (shape->y[i] - ay) - ey * (shape->x[i] - ax);
        left += side[i] >= 0.0;
    }
    if (left == count || left == 0)
        return left > 0;
    memcpy(x, shape->x, sizeof *x * (size_t)count);
    memcpy(y, shape->y, sizeof *y * (size_t)count);
    shape->count = 0;
    for (int i = 0, last = count - 1; i < count; last = i++) {
        if ((side[i] >= 0.0) != (side[last] >= 0.0)) {
            double share = side[last] / (side[last] - side[i]);
            put(shape, x[last] + share * (x[i] - x[last]), y[last] + share * (y[i] - y[last]));
        }
        if (side[i] >= 0.0)
            put(shape, x[i], y[i]);
    }
    return true;
}

/// Cuts a shape to a zone. @return false: nothing is inside
static bool cut_to(Outline *shape, const Outline *zone)
{
    for (int i = 0, last = zone->count - 1; i < zone->count; last = i++)
        if (!cut(shape, zone->x[last], zone->y[last], zone->x[i] - zone->x[last], zone->y[i] - zone->y[last]))
            return false;
    return true;
}

/// Distance [m] from a place inside a zone to its rim, along a unit vector.
static double way_out(const Outline *zone, double x, double y, double ux, double uy)
{
    double least = PARA_INFINITY;
    for (int i = 0, last = zone->count - 1; i < zone->count; last = i++) {
        double ex = zone->x[i] - zone->x[last], ey = zone->y[i] - zone->y[last];
        double inside = ex * (y - zone->y[last]) - ey * (x - zone->x[last]), away = ey * ux - ex * uy;
        if (away > 0.0)
            least = para_min(least, inside / away);
    }
    return para_max(least, 1e-6); // on the rim but for rounding
}

// ---------------------------------------------------------------------------------------------
// One shape in one fluid.

/// A shape's points where its body will be, and a box around it.
typedef struct Placed {
    const ParaShapeDef *shape;
    double x[PARA_POLYGON_POINTS_MAX], y[PARA_POLYGON_POINTS_MAX]; ///< [m] about the body's centre of mass
    double low_x, low_y, high_x, high_y;
} Placed;

static void place(Placed *out, const ParaWorldDef *def, const ParaShapeDef *shape, const ParaFluidBody *body)
{
    double radius = (double)shape->radius;
    *out = (Placed){.shape = shape,
                    .low_x = PARA_INFINITY,
                    .low_y = PARA_INFINITY,
                    .high_x = -PARA_INFINITY,
                    .high_y = -PARA_INFINITY};
    PARA_ASSERT_HOT(shape->point_count <= PARA_POLYGON_POINTS_MAX);
    for (uint32_t i = 0; i < shape->point_count; i++) {
        ParaVec2 p = def->points[shape->point_first + i];
        double x = (double)p.x - body->local_x, y = (double)p.y - body->local_y;
        out->x[i] = body->cos * x - body->sin * y;
        out->y[i] = body->sin * x + body->cos * y;
        out->low_x = para_min(out->low_x, out->x[i] - radius);
        out->low_y = para_min(out->low_y, out->y[i] - radius);
        out->high_x = para_max(out->high_x, out->x[i] + radius);
        out->high_y = para_max(out->high_y, out->y[i] + radius);
    }
}

static bool is_near(const Placed *shape, const ParaZoneArea *zone, const ParaFluidBody *body)
{
    return shape->low_x + body->x <= zone->high_x && shape->high_x + body->x >= zone->low_x &&
           shape->low_y + body->y <= zone->high_y && shape->high_y + body->y >= zone->low_y;
}

static void put_shape(Outline *out, const Placed *placed)
{
    const ParaShapeDef *shape = placed->shape;
    out->count = 0;
    if (shape->kind == PARA_SHAPE_CIRCLE)
        put_disc(out, placed->x[0], placed->y[0], (double)shape->radius);
    else if (shape->kind == PARA_SHAPE_SEGMENT)
        put_capsule(out, placed->x, placed->y, (double)shape->radius);
    else
        for (uint32_t i = 0; i < shape->point_count; i++)
            put(out, placed->x[i], placed->y[i]);
}

/// Adds what one shape displaces.
static void displace(Sum *sum, const ParaZoneState *zone, ParaVec2 gravity, const Outline *wet,
                     const Outline *rim)
{
    double density = (double)zone->fluid_density, drag = (double)zone->fluid_drag;
    ParaMass under = para_outline_mass(wet->x, wet->y, wet->count, density);
    if (!(under.mass > density * AREA_MIN))
        return;
    double gx = (double)gravity.x, gy = (double)gravity.y, g = para_sqrt(gx * gx + gy * gy);
    double x = under.x, y = under.y, arm = x * x + y * y, turn = under.moment + under.mass * arm;
    sum->x -= under.mass * gx;
    sum->y -= under.mass * gy;
    sum->torque -= under.mass * (x * gy - y * gx);
    sum->drag += drag * under.mass;
    sum->drag_x += drag * under.mass * x;
    sum->drag_y += drag * under.mass * y;
    sum->drag_turn += drag * turn;
    if (g > 0.0) {
        // The lift over the way to the surface: more than its change per way, for any convex shape.
        double steep = g / way_out(rim, x, y, -gx / g, -gy / g);
        sum->stiffness += steep * under.mass;
        sum->stiffness_turn += steep * turn + g * under.mass * para_sqrt(arm);
    }
}

/// What has to be added to an inertia so that a step by the drag at its begin, x = drag dt / own, ends as the
/// drag of the whole step would, at exp(-x) of the velocity.
static double dragged(double own, double drag_dt)
{
    double x = drag_dt / own;
    return x < 1e-6 ? 0.5 * drag_dt : drag_dt / (1.0 - para_exp(-x)) - own;
}

/// The damping of stiff lift, times dt: critical where `stiff`, dt^2 times the stiffness, is far above the
/// inertia.
static double calming(double own, double stiff) { return 1.5 * stiff * (stiff / (own + stiff)); }

/// Lift and drag together, and the inertia that makes their step stable.
static ParaFluidPush push_of(const Sum *sum, const ParaFluidBody *body, ParaVec2 gravity, double dt)
{
    // An arm couples drag of way and turn: diag(a, c) (1 + |b| / sqrt(a c)) is the least multiple of
    // the diagonal that no velocity makes less than the drag [a, b; b, c].
    double middle = para_sqrt(sum->drag_x * sum->drag_x + sum->drag_y * sum->drag_y);
    double both = para_sqrt(sum->drag * sum->drag_turn);
    double more = 1.0 + (both > 0.0 ? middle / both : 0.0);
    double stiff = dt * dt * sum->stiffness, calm = calming(body->mass, stiff);
    double stiff_turn = dt * dt * sum->stiffness_turn, calm_turn = calming(body->inertia, stiff_turn);
    double gx = (double)gravity.x, gy = (double)gravity.y, vx = body->vx, vy = body->vy, spin = body->spin;
    double fall = calm > 0.0 ? calm / dt * (gx * vx + gy * vy) / (gx * gx + gy * gy) : 0.0;
    return (ParaFluidPush){.x = sum->x - sum->drag * vx + sum->drag_y * spin - fall * gx,
                           .y = sum->y - sum->drag * vy - sum->drag_x * spin - fall * gy,
                           .torque = sum->torque - (sum->drag_turn + calm_turn / dt) * spin -
                                     sum->drag_x * vy + sum->drag_y * vx,
                           .mass = dragged(body->mass, more * sum->drag * dt) + stiff + calm,
                           .inertia =
                               dragged(body->inertia, more * sum->drag_turn * dt) + stiff_turn + calm_turn};
}

static ParaFluidBody moved(const ParaFluidBody *body, double seconds)
{
    ParaFluidBody then = *body;
    double s, c;
    para_sincos(seconds * body->spin, &s, &c);
    then.x += seconds * body->vx;
    then.y += seconds * body->vy;
    then.cos = c * body->cos - s * body->sin;
    then.sin = s * body->cos + c * body->sin;
    return then;
}

bool para_fluid_push(const ParaFluids *fluids, const ParaFluidBody *body, double dt, double ahead,
                     ParaFluidPush *out)
{
    const ParaWorldDef *def = fluids->def;
    PARA_ASSERT_HOT(dt > 0.0 && ahead >= 0.0);
    ParaFluidBody then = moved(body, ahead);
    Sum sum = {0};
    Outline wet, rim;
    bool any = false;
    for (int s = body->shape_first; s < body->shape_end; s++) {
        Placed placed;
        if (def->shapes[s].kind == PARA_SHAPE_CHAIN)
            continue; // has no area
        place(&placed, def, &def->shapes[s], &then);
        for (uint32_t bits = fluids->bits; bits != 0; bits &= bits - 1) {
            int index = __builtin_ctz(bits);
            const ParaZoneArea *zone = &fluids->areas[index];
            if (!is_near(&placed, zone, &then))
                continue;
            put_shape(&wet, &placed);
            put_zone(&rim, zone, then.x, then.y);
            if (!cut_to(&wet, &rim))
                continue;
            displace(&sum, &fluids->zones[index], fluids->gravity, &wet, &rim);
            any = true;
        }
    }
    if (any)
        *out = push_of(&sum, body, fluids->gravity, dt);
    return any;
}
