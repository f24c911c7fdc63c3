// SPDX-License-Identifier: MIT
// Fast bodies. A contact sees as far as the margins of its two shapes reach; what moves farther in a step
// must not be found behind a wall. So each shape of such a body is held against what it may meet along its
// way and turn (impact.h), and the way ends where the first two touch. Velocity stays: the next step's
// contact stops the body, or throws it back. All bodies are looked at against what is static; those marked
// `fast`, even at rest, against everything that moves: what counts is the way of one as the other sees it, so
// a body that a mover overtakes is taken along in front of it.
#include "engine/world/lanes/cast/impact.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/lanes/cast/cast.h"
#include "engine/world/one_way.h"

// How near two surfaces must be to count as touching already, as a share of how thick both are, and bounds.
#define SKIN_SHARE 0.1  ///< [1]
#define SKIN_MIN   1e-5 ///< [m]
#define SKIN_MAX   1e-3 ///< [m]
#define SLACK      0.1  ///< [1] of the skin: how near before the touch a way may end
// What touched at the begin is held by its contact. It may go so much deeper, [1] of the thickness, and so
// deep in all; else a turning blade, which a contact sees as straight, would take it step by step.
#define DEEPER_SHARE  0.25
#define DEEPEST_SHARE 0.5
#define STUCK_KEEPS   0.5f ///< [1] of its velocity keeps what is deeper and would go deeper still
// A contact this near has stopped what comes. A turn about it dips it by arm * turn^2 / 2, which contacts do
// not see: were the way cut for that in every step, a body that tips over would fall in slow motion, and gain
// speed.
#define CONTACT (0.25 * (double)PARA_LANES_MARGIN) ///< [m]
#define FLUSH   0.002 ///< [m] what lies on something passes what is flush with that
#define THIN    0.04  ///< [m] contacts alone, which are soft, do not hold what is thinner than this

/// One body's way against what stands in it.
typedef struct Sweep {
    ParaLanesBlock *block;
    const ParaLanesWorld *world;
    int w;     ///< of the block
    int first; ///< flat index of the world's bodies
    int body;
    bool carried;      ///< it lay on something at the begin
    bool taken;        ///< something took it along, where no contact of the step had a say
    uint64_t partners; ///< shapes it may touch
    uint64_t own;      ///< its shapes
} Sweep;

/// The first that it meets.
typedef struct Meeting {
    double fraction; ///< [1] of the way
    int body;        ///< -1: none
    bool stuck;      ///< they were deep in each other before
} Meeting;

static ParaLanesMotion *motion_of(const Sweep *sweep, int body)
{
    return &sweep->block->motion[sweep->first + body];
}

static ParaLanesWay way_of(const Sweep *sweep, int body)
{
    const ParaLanesFixed *fixed = &sweep->block->fixed[sweep->first + body];
    const ParaLanesMotion *motion = motion_of(sweep, body);
    return (ParaLanesWay){(double)fixed->x,   (double)fixed->y,   (double)fixed->cos,  (double)fixed->sin,
                          (double)motion->dx, (double)motion->dy, (double)motion->turn};
}

static double length_of(double x, double y) { return para_sqrt(x * x + y * y); }

static bool goes_far(const Sweep *sweep, int body)
{
    const ParaLanesMotion *motion = motion_of(sweep, body);
    float reach = PARA_LANES_FAR * sweep->world->bodies[body].inradius;
    return motion->dx * motion->dx + motion->dy * motion->dy > reach * reach;
}

static void find_partners(Sweep *sweep)
{
    const ParaLanesWorld *world = sweep->world;
    sweep->own = sweep->partners = 0;
    for (int i = 0; i < world->shape_count; i++)
        if (world->shapes[i].body == sweep->body)
            sweep->own |= (uint64_t)1 << i;
    for (int i = 0; i < world->shape_count; i++) { // partners[i] tells only of shapes above i
        if (sweep->own >> i & 1u)
            sweep->partners |= world->partners[i];
        if (world->partners[i] & sweep->own)
            sweep->partners |= (uint64_t)1 << i;
    }
}

static bool may_meet(const Sweep *sweep, int own, int other)
{
    const uint64_t *partners = sweep->world->partners;
    return (own < other ? partners[own] >> other : partners[other] >> own) & 1u;
}

/// Whether it touched something when the step began.
static bool lies_on_something(const Sweep *sweep)
{
    const ParaLanesBlock *block = sweep->block;
    const ParaLanesManifold *m = block->manifolds + block->manifold_first[sweep->w];
    for (const ParaLanesManifold *end = m + block->manifold_count[sweep->w]; m < end; m++) {
        if (m->a != sweep->first + sweep->body && m->b != sweep->first + sweep->body)
            continue;
        for (int k = 0; k < m->count; k++)
            if ((double)m->point[k].separation <= SKIN_MAX)
                return true;
    }
    return false;
}

/// How near a pair may come that stood `gap` apart at the begin. @return false: its contact alone holds it
static bool nearest_allowed(const Sweep *sweep, double gap, double thick, double skin, double *out)
{
    if (gap <= skin) {
        double lowest = -DEEPEST_SHARE * thick;
        *out = gap > lowest ? para_max(para_min(gap, 0.0) - DEEPER_SHARE * thick, lowest) : gap;
        *out -= 2 * SLACK * skin;
        return thick > SKIN_MIN; // two lines: inside and outside are the same
    }
    *out = gap <= CONTACT   ? -DEEPER_SHARE * thick
           : sweep->carried ? -para_min(FLUSH, DEEPER_SHARE * thick)
                            : 0.0;
    return true;
}

static double skin_of(double thick) { return para_clamp(SKIN_SHARE * thick, SKIN_MIN, SKIN_MAX); }

static void meet(const Sweep *sweep, const ParaLanesOutline *own, const ParaLanesWay *way,
                 const ParaLanesOutline *other, int body, double gap, Meeting *nearest)
{
    double thick = own->half + other->half, skin = skin_of(thick), allowed;
    if (!nearest_allowed(sweep, gap, thick, skin, &allowed))
        return;
    ParaLanesWay its = way_of(sweep, body);
    double fraction = para_lanes_impact(own, way, other, &its, allowed, SLACK * skin);
    if (fraction < nearest->fraction)
        *nearest = (Meeting){fraction, body, gap <= -DEEPEST_SHARE * thick};
}

/// How far [m] two outlines may come nearer in the step at most.
static double relative_way(const ParaLanesOutline *own, const ParaLanesWay *way,
                           const ParaLanesOutline *other, const ParaLanesWay *its)
{
    return length_of(way->dx - its->dx, way->dy - its->dy) + __builtin_fabs(way->turn) * own->arm +
           __builtin_fabs(its->turn) * other->arm;
}

/// Box of a shape over the whole step.
static void swept_box(const Sweep *sweep, int shape, const ParaLanesWay *way, double arm, double out[4])
{
    const ParaLanesBlock *block = sweep->block;
    const float *box = block->box + block->shape_first[sweep->w] + shape;
    int64_t stride = block->box_stride;
    double turn = __builtin_fabs(way->turn) * arm;
    out[0] = (double)box[0] + para_min(way->dx, 0.0) - turn;
    out[1] = (double)box[stride] + para_min(way->dy, 0.0) - turn;
    out[2] = (double)box[2 * stride] + para_max(way->dx, 0.0) + turn;
    out[3] = (double)box[3 * stride] + para_max(way->dy, 0.0) + turn;
}

/// Whether a relative way [m] is so short that contacts see to it: what could meet had one. Soft ones do not
/// keep thin things from passing in several steps, and had no say where something took the body along.
static bool is_held(const Sweep *sweep, double thick, double way, double margins)
{
    if (sweep->taken)
        return false;
    return way <= DEEPER_SHARE * thick || (way <= margins && thick >= THIN);
}

static double margin_of(const Sweep *sweep, int shape)
{
    return (double)sweep->block->placed[sweep->block->shape_first[sweep->w] + shape].margin;
}

/// Whether a one-way shape lets the body through whatever its way: it does not come down on it, or is in it.
/// @param shape of the def   @param gap [m] at the begin
static bool lets_through(const Sweep *sweep, const ParaLanesWay *way, int shape, const ParaLanesWay *its,
                         double gap)
{
    if (!sweep->world->any_one_way || !sweep->world->def.shapes[shape].one_way)
        return false;
    double x = way->dx - its->dx, y = way->dy - its->dy;
    return !para_one_way_stops(its->sin * x - its->cos * y, length_of(x, y), -gap);
}

static void meet_shape(const Sweep *sweep, int own, const ParaLanesOutline *outline, const ParaLanesWay *way,
                       int other, Meeting *nearest)
{
    const ParaLanesShape *shape = &sweep->world->shapes[other];
    ParaLanesWay its = way_of(sweep, shape->body);
    double box[4], its_box[4];
    swept_box(sweep, own, way, outline->arm, box);
    swept_box(sweep, other, &its, (double)shape->reach, its_box);
    if (box[0] > its_box[2] || its_box[0] > box[2] || box[1] > its_box[3] || its_box[1] > box[3])
        return;
    ParaLanesOutline its_outline = para_lanes_outline_of_shape(sweep->world, shape);
    if (is_held(sweep, outline->half + its_outline.half, relative_way(outline, way, &its_outline, &its),
                margin_of(sweep, own) + margin_of(sweep, other)))
        return;
    double gap = para_lanes_gap_at_begin(outline, way, &its_outline, &its);
    if (!lets_through(sweep, way, shape->def, &its, gap))
        meet(sweep, outline, way, &its_outline, shape->body, gap, nearest);
}

/// The way of the centre of mass as the chain's body sees it.
static ParaLanesRay way_seen_by(const ParaLanesWay *way, const ParaLanesWay *its)
{
    double s, c;
    para_sincos(its->turn, &s, &c);
    ParaLanesFrame begin = {its->x, its->y, its->cos, its->sin};
    ParaLanesFrame end = {its->x + its->dx, its->y + its->dy, c * its->cos - s * its->sin,
                          s * its->cos + c * its->sin};
    ParaLanesRay from = para_lanes_local_ray(begin, (ParaLanesRay){way->x, way->y, 0, 0});
    ParaLanesRay to = para_lanes_local_ray(end, (ParaLanesRay){way->x + way->dx, way->y + way->dy, 0, 0});
    return (ParaLanesRay){from.x, from.y, to.x - from.x, to.y - from.y};
}

/// A shape's way past the edges of a chain.
typedef struct Passing {
    const ParaLanesChain *chain;
    const ParaLanesOutline *outline;
    ParaLanesWay way, its;
    ParaLanesRay seen; ///< of the centre of mass, in the chain's frame
    double reach;      ///< [m] about it
} Passing;

/// The next edge from `edge` on that is near the way; edge_count: none.
static int next_near(const ParaLanesWorld *world, const Passing *passing, int edge)
{
    const ParaLanesRay *seen = &passing->seen;
    double reach = passing->reach;
    double low_x = para_min(seen->x, seen->x + seen->dx) - reach,
           high_x = para_max(seen->x, seen->x + seen->dx) + reach;
    double low_y = para_min(seen->y, seen->y + seen->dy) - reach,
           high_y = para_max(seen->y, seen->y + seen->dy) + reach;
    for (int first, end; edge < passing->chain->edge_count; edge = end) {
        int box = edge / PARA_LANES_BOX_EDGES * PARA_LANES_BOX_EDGES;
        para_lanes_chain_near(world, passing->chain, reach, *seen, box, &first, &end);
        for (int i = first > edge ? first : edge; i < end; i++) {
            ParaVec2 a = para_lanes_chain_point(world, passing->chain, i);
            ParaVec2 b = para_lanes_chain_point(world, passing->chain, i + 1);
            if (para_min((double)a.x, (double)b.x) <= high_x && para_max((double)a.x, (double)b.x) >= low_x &&
                para_min((double)a.y, (double)b.y) <= high_y && para_max((double)a.y, (double)b.y) >= low_y)
                return i;
        }
    }
    return passing->chain->edge_count;
}

static ParaLanesOutline edge_outline(const ParaLanesWorld *world, const ParaLanesChain *chain, int edge)
{
    return para_lanes_outline_of_edge(para_lanes_chain_point(world, chain, edge),
                                      para_lanes_chain_point(world, chain, edge + 1), (double)chain->radius);
}

/// A chain is one thing: what lies on one of its edges may roll over all of them.
static void meet_chain(const Sweep *sweep, int own, const ParaLanesOutline *outline, const ParaLanesWay *way,
                       const ParaLanesChain *chain, Meeting *nearest)
{
    const ParaLanesWorld *world = sweep->world;
    ParaLanesWay its = way_of(sweep, chain->body);
    Passing passing = {chain, outline, *way, its, way_seen_by(way, &its), 0};
    double away = length_of(passing.seen.x, passing.seen.y) + length_of(passing.seen.dx, passing.seen.dy);
    double apart = length_of(way->dx - its.dx, way->dy - its.dy) + __builtin_fabs(way->turn) * outline->arm +
                   __builtin_fabs(its.turn) * away;
    if (is_held(sweep, outline->half + (double)chain->radius, apart,
                margin_of(sweep, own) + 0.5 * (double)PARA_LANES_MARGIN))
        return;
    // A turning chain sees a curved way.
    passing.reach =
        outline->arm + outline->radius + (double)chain->radius + SKIN_MAX + __builtin_fabs(its.turn) * away;
    double gap = 1e30;
    for (int i = next_near(world, &passing, 0); i < chain->edge_count;
         i = next_near(world, &passing, i + 1)) {
        ParaLanesOutline edge = edge_outline(world, chain, i);
        gap = para_min(gap, para_lanes_gap_at_begin(outline, way, &edge, &its));
    }
    if (lets_through(sweep, way, chain->def, &its, gap))
        return;
    for (int i = next_near(world, &passing, 0); i < chain->edge_count;
         i = next_near(world, &passing, i + 1)) {
        ParaLanesOutline edge = edge_outline(world, chain, i);
        meet(sweep, outline, way, &edge, chain->body, gap, nearest);
    }
}

/// Ends the way where it meets `other`, which goes its own way to the end and takes the body along.
static void shorten(const Sweep *sweep, const Meeting *meeting)
{
    double fraction = meeting->fraction, rest = 1.0 - fraction, s = 0, c = 1;
    PARA_ASSERT_HOT(meeting->body != sweep->body && fraction >= 0.0 && fraction < 1.0);
    ParaLanesWay own = way_of(sweep, sweep->body), its = way_of(sweep, meeting->body);
    // From the other's centre of mass to its own where they meet; then the other moves and turns on.
    double x = own.x - its.x + fraction * (own.dx - its.dx), y = own.y - its.y + fraction * (own.dy - its.dy);
    if (its.turn != 0)
        para_sincos(rest * its.turn, &s, &c);
    ParaLanesMotion *motion = motion_of(sweep, sweep->body);
    motion->dx = (float)(its.x + its.dx + c * x - s * y - own.x);
    motion->dy = (float)(its.y + its.dy + s * x + c * y - own.y);
    motion->turn = (float)(fraction * own.turn + rest * its.turn);
    if (!meeting->stuck)
        return;
    // It turns so fast that its contacts, which see the begin of the turn, find that it leaves, and it does
    // not: without this it would stay so for ever.
    motion->vx *= STUCK_KEEPS;
    motion->vy *= STUCK_KEEPS;
    motion->spin *= STUCK_KEEPS;
}

/// Against the bodies of one kind.
static void sweep_body(Sweep *sweep, ParaBodyKind kind)
{
    const ParaLanesWorld *world = sweep->world;
    const ParaBodyDef *bodies = world->def.bodies;
    ParaLanesWay way = way_of(sweep, sweep->body);
    Meeting nearest = {1.0, -1, false};
    for (uint64_t own = sweep->own; own != 0; own &= own - 1) {
        int i = __builtin_ctzll(own);
        ParaLanesOutline outline = para_lanes_outline_of_shape(world, &world->shapes[i]);
        for (uint64_t rest = sweep->partners; rest != 0; rest &= rest - 1) {
            int j = __builtin_ctzll(rest);
            if (bodies[world->shapes[j].body].kind == kind && may_meet(sweep, i, j))
                meet_shape(sweep, i, &outline, &way, j, &nearest);
        }
        for (int c = 0; c < world->chain_count; c++)
            if (bodies[world->chains[c].body].kind == kind && (world->chain_partners[c] >> i & 1u))
                meet_chain(sweep, i, &outline, &way, &world->chains[c], &nearest);
    }
    if (nearest.body < 0)
        return;
    shorten(sweep, &nearest);
    sweep->taken = sweep->taken || kind != PARA_BODY_STATIC;
}

void para_lanes_sweep(ParaLanesBlock *block, int w)
{
    const ParaLanesWorld *world = block->worlds[w];
    Sweep sweep = {.block = block, .world = world, .w = w, .first = block->body_first[w]};
    // First all against what stands and what nothing pushes, then the `fast` ones against the others as those
    // really moved; what stands has the last word.
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < world->body_count; i++) {
            const ParaBodyDef *def = &world->def.bodies[i];
            if (def->kind != PARA_BODY_DYNAMIC || !world->enabled[i] ||
                (!def->fast && (pass == 1 || !goes_far(&sweep, i))))
                continue;
            sweep.body = i;
            find_partners(&sweep);
            sweep.taken = false;
            sweep.carried = lies_on_something(&sweep);
            if (pass == 1)
                sweep_body(&sweep, PARA_BODY_DYNAMIC);
            sweep_body(&sweep, PARA_BODY_KINEMATIC);
            sweep_body(&sweep, PARA_BODY_STATIC);
        }
}
