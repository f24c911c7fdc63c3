// SPDX-License-Identifier: MIT
// The velocity rule of bodies (gravity scale, damping), and the moves of swept ones, which pass through
// nothing: those that are `fast`, and those that go farther in a part than they are thick.
//
// Chipmunk moves bodies before it looks for contacts. All others move first; then each swept body goes its
// way until it touches something, be that at rest or on its own way of this part, and no farther: a move that
// ends slightly inside an obstacle, with its velocity kept, is a normal contact for the same part. What comes
// to a swept body pushes it along for the rest of the time. Each shape is swept with a core that is thinner
// than itself by the overlap that the solver leaves alone; where that already overlaps, with a core of a
// tenth.
#include "engine/world/chipmunk/toi.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/one_way.h"

#define LEGS_MAX 4    ///< [1] straight pieces of one part's way
#define PRESSED  0.25 ///< [1] of the skin: a core that is nearer lets go
#define CLOSE    0.6  ///< [1] of the skin between a core and what it touches
#define MEETING  0.85 ///< [1] the same to a fast one that stopped for this one
#define GRAZE    0.05 ///< [1] of the inner radius: what goes no deeper slides on
#define MENDED   0.2  ///< [1] of the inner radius: overlap is mended no farther in a part
#define UNASKED  0.5 ///< [1] of the inner radius that the core of a quick one lacks: it is not to be held back
#define QUICK    0.8  ///< [1] of the inner radius that a body goes in a part and is not swept
#define STILL    0.02 ///< [1] of a shape's inner radius: ways this short pass through nothing

#define HEARTS 3
/// [1] of the inner radius that a deeper core lacks, where the proper one overlaps already.
static const double hearts[HEARTS] = {0.25, 0.5, 0.9};

void para_cp_velocity(cpBody *body, cpVect gravity, cpFloat damping, cpFloat dt)
{
    (void)damping;
    const ParaCpWorld *world = body->space->userData;
    const ParaCpBodyData *data = &world->body_data[(uintptr_t)body->userData];
    cpVect push = cpvadd(cpvmult(gravity, data->gravity_scale), cpvmult(body->f, body->m_inv));
    double linear = data->linear_damping, angular = data->angular_damping;
    double keep_v = linear > 0.0 ? para_exp(-linear * dt) : 1.0,
           keep_w = angular == linear ? keep_v : para_exp(-angular * dt);
    body->v = cpvadd(cpvmult(body->v, keep_v), cpvmult(push, dt));
    body->w = body->w * keep_w + body->t * body->i_inv * dt;
    body->f = cpvzero;
    body->t = 0.0;
}

static bool joined(const cpBody *a, const cpBody *b)
{
    for (const cpConstraint *c = a->constraintList; c; c = a == c->a ? c->next_a : c->next_b)
        if (!c->collideBodies && ((c->a == a && c->b == b) || (c->a == b && c->b == a)))
            return true;
    return false;
}

/// One leg of a fast body's way, and the first thing met on it.
typedef struct Leg {
    const ParaCpWorld *world;
    cpBody *body;
    bool movers;   ///< of what moves only looks at movers
    ParaCpWay way; ///< times 0..1 are those of the part; the leg begins at `begin`
    double begin;
    const cpShape *shape; ///< the one that is swept at present
    ParaCpHull core;
    double inradius, skin;
    cpBB box; ///< that the shape passes
    bool met;
    const cpShape *beside, *touched; ///< along which this leg goes, and which was met on it
    ParaCpTouchTime touch;
    ParaCpPair pair; ///< that met
    double close;    ///< [m] to which it may
    bool lay;        ///< touched it when the leg began: nothing new was met
    bool slides;     ///< may go on along it
    bool waits;      ///< for what it met, which will come by itself
    double push;     ///< [m] way of the touched point along the normal in the time from 0 to 1
} Leg;

static int index_of(const cpBody *body) { return (int)(uintptr_t)body->userData; }

/// Whether a body is swept and has yet to move after body `self` did.
static bool moves_later(const ParaCpWorld *world, int body, int self)
{
    return world->before[body].swept && body > self;
}

/// Where a body was at the begin of the part and where it goes. Fast ones that come later are taken at their
/// speed; earlier ones that met something stand where they ended.
static ParaCpWay way_of(const ParaCpWorld *world, const cpBody *body, int self)
{
    int index = index_of(body);
    if (world->def.bodies[index].kind == PARA_BODY_STATIC || (world->before[index].met && index < self))
        return (ParaCpWay){body->p, cpvzero, body->a, 0.0};
    const ParaCpPose *before = &world->before[index];
    if (moves_later(world, index, self))
        return (ParaCpWay){body->p, cpvmult(body->v, world->dt), body->a, body->w * world->dt};
    cpVect from = cpv(before->x, before->y);
    return (ParaCpWay){from, cpvsub(body->p, from), before->angle, body->a - before->angle};
}

/// What a leg goes along is not met again: one shape of what is fixed, all of a body that moves.
static bool is_beside(const Leg *leg, const cpShape *other)
{
    return leg->beside && (leg->beside == other || (leg->beside->body == other->body &&
                                                    cpBodyGetType(other->body) != CP_BODY_TYPE_STATIC));
}

/// [m] way of the swept body's point at a touch, along its normal, in the time from 0 to 1.
static double speed_along(const Leg *leg, ParaCpTouchTime touch)
{
    cpVect arm = cpvsub(touch.point, cpvadd(leg->way.from, cpvmult(leg->way.way, touch.time)));
    return cpvdot(cpvadd(leg->way.way, cpvmult(cpvperp(arm), leg->way.turn)), touch.normal);
}

/// Whether a one-way shape lets the body through whatever its way.
static bool lets_through(const cpShape *other, cpVect way, double depth)
{
    cpVect up = cpTransformVect(other->body->transform, cpv(0.0, 1.0));
    return !para_one_way_stops(-cpvdot(way, up), para_sqrt(cpvlengthsq(way)), depth);
}

/// The time at which the leg's shape meets another one, if that is before all others.
static void meet(Leg *leg, const cpShape *other)
{
    if (other->body == leg->body || is_beside(leg, other) ||
        cpShapeFilterReject(leg->shape->filter, other->filter) || joined(leg->body, other->body))
        return;
    ParaCpWay way = way_of(leg->world, other->body, index_of(leg->body));
    ParaCpHull hull = para_cp_hull(other, 0.0);
    cpVect nearer = cpvsub(leg->way.way, way.way);
    double closing = para_sqrt(cpvlengthsq(nearer)) + __builtin_fabs(leg->way.turn) * leg->core.reach +
                     __builtin_fabs(way.turn) * hull.reach;
    if (closing < STILL * leg->inradius)
        return;
    ParaCpPair pair = {leg->core, hull, leg->way, way};
    double distance = para_cp_pair_distance(&pair, leg->begin);
    if (leg->world->def.shapes[para_cp_index_of(other)].one_way &&
        lets_through(other, nearer, leg->inradius - distance))
        return;
    bool lay = distance < leg->skin;
    // Pressed together: the solver pushes them apart, a deeper core may not pass. One that is all but touched
    // would stop what only turns about the place; a mover takes it along. The deepest lets go of nothing.
    double pressed = cpBodyGetType(other->body) == CP_BODY_TYPE_KINEMATIC ? 0.0 : PRESSED * leg->skin;
    for (int i = 0; distance <= (i < HEARTS ? pressed : 0.0); i++) {
        if (i == HEARTS)
            return;
        if (hearts[i] * leg->inradius <= leg->skin)
            continue;
        pair.swept = para_cp_hull(leg->shape, hearts[i] * leg->inradius);
        distance = para_cp_pair_distance(&pair, leg->begin);
    }
    // One that met something here already has come as close as that; nobody is to stop short of it.
    double near = leg->world->before[index_of(other->body)].met ? MEETING : CLOSE;
    double close = para_min(near * leg->skin, 0.8 * distance), end = leg->met ? leg->touch.time : 1.0;
    ParaCpTouchTime touch;
    if (!para_cp_pair_meets(&pair, close, leg->begin, end, &touch))
        return;
    if (leg->met && touch.time >= leg->touch.time)
        return;
    cpVect arm = cpvsub(touch.point, cpvadd(way.from, cpvmult(way.way, touch.time)));
    leg->met = true;
    leg->touched = other;
    leg->pair = pair;
    leg->close = close;
    leg->touch = touch;
    leg->push = cpvdot(cpvadd(way.way, cpvmult(cpvperp(arm), way.turn)), touch.normal);
    double deeper = leg->push - speed_along(leg, touch);
    // A mover pushes all the way.
    leg->lay = lay;
    leg->slides = (lay || deeper * (1.0 - touch.time) < GRAZE * leg->inradius) &&
                  cpBodyGetType(other->body) != CP_BODY_TYPE_KINEMATIC;
    leg->waits = leg->push > 0.0 && moves_later(leg->world, index_of(other->body), index_of(leg->body));
}

static cpCollisionID meet_static(void *leg, void *shape, cpCollisionID id, void *unused)
{
    (void)unused;
    meet(leg, shape);
    return id;
}

static cpBB wider(cpBB box, double by) { return cpBBNew(box.l - by, box.b - by, box.r + by, box.t + by); }

/// A shape's box is that of the begin of the part, when its body was at `before`; this is the one of its way,
/// and of what it went already.
static cpBB passed(const cpShape *shape, const ParaCpWay *way, cpVect before, double reach)
{
    cpBB from = cpBBOffset(shape->bb, cpvsub(way->from, before));
    double turned = para_min(__builtin_fabs(way->turn), 2.0) * reach;
    return wider(cpBBMerge(cpBBMerge(shape->bb, from), cpBBOffset(from, way->way)), turned);
}

static double reach_of(const cpShape *shape, cpVect centre)
{
    double x = para_max(__builtin_fabs(shape->bb.l - centre.x), __builtin_fabs(shape->bb.r - centre.x));
    double y = para_max(__builtin_fabs(shape->bb.b - centre.y), __builtin_fabs(shape->bb.t - centre.y));
    return para_sqrt(x * x + y * y);
}

static void meet_bodies(Leg *leg)
{
    const cpArray *bodies = leg->world->space->dynamicBodies;
    for (int i = 0; i < bodies->num; i++) {
        const cpBody *body = bodies->arr[i];
        if (body == leg->body || (leg->movers && cpBodyGetType((cpBody *)body) != CP_BODY_TYPE_KINEMATIC))
            continue;
        ParaCpWay way = way_of(leg->world, body, index_of(leg->body));
        const ParaCpPose *pose = &leg->world->before[index_of(body)];
        cpVect before = cpv(pose->x, pose->y);
        for (const cpShape *shape = body->shapeList; shape; shape = shape->next)
            if (cpBBIntersects(leg->box, passed(shape, &way, before, reach_of(shape, before))))
                meet(leg, shape);
    }
}

/// Finds the first thing that any of the body's shapes meets on the leg.
static void go(Leg *leg, cpVect before)
{
    leg->met = false;
    for (const cpShape *shape = leg->body->shapeList; shape; shape = shape->next) {
        leg->shape = shape;
        leg->inradius = para_cp_shape_inradius(shape);
        leg->skin = leg->world->body_data[index_of(leg->body)].fast
                        ? para_min(leg->world->space->collisionSlop, 0.25 * leg->inradius)
                        : UNASKED * leg->inradius;
        leg->core = para_cp_hull(shape, leg->skin);
        leg->box = passed(shape, &leg->way, before, reach_of(shape, before));
        double way = para_sqrt(cpvlengthsq(leg->way.way)) + __builtin_fabs(leg->way.turn) * leg->core.reach;
        if (way >= STILL * leg->inradius)
            cpSpatialIndexQuery(leg->world->space->staticShapes, leg, leg->box, meet_static, NULL);
        meet_bodies(leg);
    }
}

/// A way through a place at a time.
static ParaCpWay way_through(double time, cpVect at, double angle, cpVect way, double turn)
{
    return (ParaCpWay){cpvsub(at, cpvmult(way, time)), way, angle - turn * time, turn};
}

/// The way of the rest of the time, from where and when the touch was. What was met takes the body along, be
/// it pushed or following. What it lies on, or comes to lie on, only takes the part of its way that leads
/// into it.
static void turn_off(Leg *leg, bool stops)
{
    double time = leg->touch.time, angle = leg->way.angle + leg->way.turn * time;
    cpVect at = cpvadd(leg->way.from, cpvmult(leg->way.way, time)), normal = leg->touch.normal;
    cpVect along = cpvadd(leg->way.way, cpvmult(normal, leg->push - speed_along(leg, leg->touch)));
    ParaCpWay sliding = way_through(time, at, angle, along, leg->way.turn);
    leg->pair.way = sliding;
    bool slides = !stops && leg->slides && (leg->lay || para_cp_pair_distance(&leg->pair, 1.0) < leg->skin);
    leg->begin = time;
    leg->beside = slides ? NULL : leg->touched; // and is looked at again where it only slides
    leg->way =
        slides ? sliding : way_through(time, at, angle, stops ? cpvzero : cpvmult(normal, leg->push), 0.0);
}

/// Moves the end of the way off a shape that it went along.
static void keep_off_shape(Leg *leg, ParaCpPair *pair)
{
    pair->way = leg->way;
    double lacks = leg->close - para_cp_pair_distance(pair, 1.0);
    if (lacks > 0.0 && lacks < leg->inradius)
        leg->way.way = cpvadd(leg->way.way, cpvmult(para_cp_pair_closest(pair, 1.0).normal, lacks));
}

/// What turns, or pushes with several shapes, is at the end where the straight way did not look.
static void keep_off(Leg *leg)
{
    ParaCpPair pair = leg->pair;
    keep_off_shape(leg, &pair);
    if (cpBodyGetType(leg->beside->body) == CP_BODY_TYPE_STATIC)
        return;
    for (const cpShape *shape = leg->beside->body->shapeList; shape; shape = shape->next) {
        pair.other = para_cp_hull(shape, 0.0);
        keep_off_shape(leg, &pair);
    }
}

/// Whether a mover would meet a body that stood still: then it has to go before it, never mind what is there.
static bool is_driven(Leg leg, cpVect before)
{
    leg.way = (ParaCpWay){leg.way.from, cpvzero, leg.way.angle, 0.0};
    go(&leg, before);
    return leg.met;
}

/// Moves a body along what it meets.
/// @param movers only of what movers drive, which looks at them and at what never moves
static void move_swept(ParaCpWorld *world, cpBody *body, bool movers)
{
    Leg leg = {.world = world,
               .body = body,
               .movers = movers,
               .way = {body->p, cpvmult(body->v, world->dt), body->a, body->w * world->dt}};
    ParaCpPose *pose = &world->before[index_of(body)];
    cpVect before = cpv(pose->x, pose->y);
    if (movers && !is_driven(leg, before))
        return;
    for (int i = 0; i < LEGS_MAX; i++) {
        go(&leg, before);
        if (!leg.met && leg.beside)
            keep_off(&leg);
        if (!leg.met)
            break;
        pose->met = !movers;
        bool stops = leg.waits || i + 1 == LEGS_MAX;
        turn_off(&leg, stops);
        if (stops)
            break;
    }
    pose->swept = !movers; // what a mover took along is an obstacle like others by now
    body->p = cpvadd(leg.way.from, leg.way.way);
    cpBodySetAngle(body, leg.way.angle + leg.way.turn);
}

/// Mends overlap first, and by a little at a time regardless of what is in the way: all that touches goes
/// along, and who waits for each other would stay in each other.
static void mend(const ParaCpWorld *world, cpBody *body)
{
    double dt = world->dt, share = 1.0;
    if (body->w_bias == 0.0 && body->v_bias.x == 0.0 && body->v_bias.y == 0.0)
        return;
    bool jointed = world->body_nodes[index_of(body)] >= 0;
    for (const cpShape *shape = body->shapeList; shape && !jointed; shape = shape->next) {
        double way = dt * (para_sqrt(cpvlengthsq(body->v_bias)) +
                           __builtin_fabs(body->w_bias) * reach_of(shape, body->p));
        double most = MENDED * para_cp_shape_inradius(shape);
        share = way * share > most ? most / way : share;
    }
    body->p = cpvadd(body->p, cpvmult(body->v_bias, share * dt));
    cpBodySetAngle(body, body->a + body->w_bias * share * dt);
    body->v_bias = cpvzero;
    body->w_bias = 0.0;
}

/// Whether a body is to pass through nothing in this part: it was asked for, or its middle could come past
/// what it only touches now. What joints hold is where they want it.
static bool is_swept(const ParaCpWorld *world, const cpBody *body)
{
    int index = index_of(body);
    const ParaCpBodyData *data = &world->body_data[index];
    if (data->fast)
        return true;
    double most =
        para_max(QUICK * data->inradius - world->dt * __builtin_fabs(body->w) * data->overhang, 0.0);
    double way = world->dt * world->dt * cpvlengthsq(body->v);
    return way > most * most && world->body_nodes[index] < 0;
}

void para_cp_move_bodies(ParaCpWorld *world)
{
    const cpArray *bodies = world->space->dynamicBodies;
    bool any = world->fast_count > 0;
    for (int i = 0; i < bodies->num && !any; i++)
        any = is_swept(world, bodies->arr[i]);
    for (int i = 0; i < bodies->num; i++) {
        cpBody *body = bodies->arr[i];
        int index = index_of(body);
        if (any)
            world->before[index] = (ParaCpPose){body->p.x, body->p.y, body->a, is_swept(world, body), false};
        if (any && world->before[index].swept)
            mend(world, body);
        else
            body->position_func(body, world->dt);
    }
    // What movers push goes first, and through others: those are pushed in their turn.
    for (int movers = world->mover_count > 0 ? 1 : 0; movers >= 0 && any; movers--)
        for (int i = 0; i < world->def.body_count; i++)
            if (world->def.bodies[i].kind == PARA_BODY_DYNAMIC && world->enabled[i] && world->before[i].swept)
                move_swept(world, world->bodies[i], movers > 0);
}
