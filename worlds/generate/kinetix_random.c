// SPDX-License-Identifier: MIT
// Levels of Kinetix at random: which shapes, joints and thrusters there are, by the constants of Kinetix's
// own generator. Its filter, which leaves out what solves itself, belongs to those who choose levels.
#include "worlds/generate/kinetix.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/rng.h"

#include <math.h>

#define SHAPES_MAX    16 // of the largest class
#define PROPOSALS     8  // for each shape, of which the one that touches least is taken
#define EIGHT_ABOVE   7  // where there may be more shapes than this; else the first is taken
#define UNSEEN_POINTS 10 // a proposal counts for so many contacts more where one shape would hide the other

// Chances, [1] 0..1.
#define FLOOR_BLUE    0.02
#define FLOOR_RED     0.08
#define RED           (1.0 / 3.0) // to 1 for none, of shapes behind the first two
#define SIDE_DOUBLED  0.3
#define OWN_HALF      0.5 // green on the left, blue on the right
#define FIXED_LEAST   0.02
#define FIXED_BY_MASS 4.0 // [1/kg]
#define LOWERED       0.6 // a fixed shape with a role, in the upper half
#define CONNECTED     0.35
#define FREE          0.35
#define REVOLUTE      0.5
#define MOTOR         0.8
#define LIMITED       0.4
#define THRUSTER      0.3
#define ALIGNED       0.8 // with the centre of mass
#define SWAPPED       0.5

#define HALF_LEAST      0.05          // [m] of a rectangle's sides
#define HALF_MOST       0.35355339059 // [m] a square of it has corners 0.5 m from its middle
#define RADIUS_LEAST    0.1           // [m]
#define RADIUS_MOST     0.4           // [m]
#define FIXED_WEIGHT    0.05          // [1] of a fixed shape among those to be connected to
#define JOINTS_OF_BOX   2
#define REVOLUTES_FIRST 2    // so many, before there are welds
#define SHOWS           0.05 // [m] a shape must be able to show so far beyond the one it is joined to
#define SPEED_LEAST     0.4  // [1] of a motor
#define SPEED_MOST      3.0
#define POWER_LEAST     1.0
#define POWER_MOST      3.0 // between rectangles; a wheel's is the least
#define THRUST_BY_MASS  2.0 // [1/kg] times the power that is drawn
#define THRUST_LEAST    0.5
#define THRUST_MOST     2.0

/// A level on its way; polygons in the first `room.polygons` places, circles behind them.
typedef struct Draw {
    ParaRng rng;
    ParaKxCapacity room;
    int proposals;
    bool movable; ///< no shape is fixed
    int polygons, circles, joints, thrusters;
    ParaKxBody body[SHAPES_MAX];
    ParaKxOutline outline[SHAPES_MAX];
    int joined[SHAPES_MAX]; ///< [1] >= 0 joints of a shape
    ParaKxJoint joint[SHAPES_MAX];
    ParaKxThruster thruster[SHAPES_MAX];
} Draw;

/// A shape that may come, and what would hold it.
typedef struct Proposal {
    ParaKxBody body;
    ParaKxJoint joint;
    int target; ///< [1] >= 0 the shape it is joined to; -1: none
} Proposal;

static bool chance(Draw *draw, double share) { return para_rng_f64(&draw->rng) < share; }

static double between(Draw *draw, double low, double high) { return para_rng_range(&draw->rng, low, high); }

static int place_of(const Draw *draw, bool circle, int index)
{
    return circle ? draw->room.polygons + index : index;
}

static int next_place(const Draw *draw, bool circle)
{
    return place_of(draw, circle, circle ? draw->circles : draw->polygons);
}

static bool is_there(const Draw *draw, int place)
{
    int circle = place - draw->room.polygons;
    return circle < 0 ? place < draw->polygons : circle < draw->circles;
}

/// A weighted draw.  @return -1: all weights are 0
static int choose(Draw *draw, const double *weights, int count)
{
    double sum = 0;
    for (int k = 0; k < count; k++)
        sum += weights[k];
    double at = para_rng_f64(&draw->rng) * sum;
    int last = -1;
    for (int k = 0; k < count; k++) {
        if (weights[k] <= 0)
            continue;
        last = k;
        if (at < weights[k])
            return k;
        at -= weights[k];
    }
    return last;
}

// ---------------------------------------------------------------------------------------------
// A shape.

static bool has_role(const Draw *draw, ParaKxRole role)
{
    for (int b = 0; b < SHAPES_MAX; b++)
        if (is_there(draw, b) && draw->body[b].role == role)
            return true;
    return false;
}

/// Green and blue first, then some reds.  @param beside the role of what it is joined to: green and blue are
/// not of one thing, and red is of no thing with them
static ParaKxRole draw_role(Draw *draw, ParaKxRole beside)
{
    bool green = has_role(draw, PARA_KX_GREEN), blue = has_role(draw, PARA_KX_BLUE);
    double weights[4] = {green && blue, !green, !blue, 0};
    if (green && blue && !has_role(draw, PARA_KX_RED))
        weights[PARA_KX_RED] = RED;
    if (beside == PARA_KX_GREEN || beside == PARA_KX_BLUE)
        weights[PARA_KX_RED] = weights[PARA_KX_GREEN + PARA_KX_BLUE - beside] = 0;
    if (beside == PARA_KX_RED)
        weights[PARA_KX_GREEN] = weights[PARA_KX_BLUE] = 0;
    return (ParaKxRole)choose(draw, weights, 4);
}

static bool draw_kind(Draw *draw)
{
    const double weights[2] = {draw->polygons < draw->room.polygons, draw->circles < draw->room.circles};
    return choose(draw, weights, 2) == 1;
}

static ParaKxBody draw_form(Draw *draw, bool circle)
{
    ParaKxBody body = {.slot = circle ? draw->circles : draw->polygons,
                       .circle = circle,
                       .friction = 1,
                       .density = 1,
                       .mode = 1};
    double half[2];
    if (circle) {
        body.radius = (double)(float)between(draw, RADIUS_LEAST, RADIUS_MOST);
    } else {
        for (int k = 0; k < 2; k++)
            half[k] = between(draw, HALF_LEAST, HALF_MOST);
        if (chance(draw, SIDE_DOUBLED))
            half[para_rng_int(&draw->rng, 0, 1)] *= 2;
        float x = (float)half[0], y = (float)half[1];
        body.corners = 4;
        body.corner[0] = (ParaVec2){-x, -y};
        body.corner[1] = (ParaVec2){x, -y};
        body.corner[2] = (ParaVec2){x, y};
        body.corner[3] = (ParaVec2){-x, y};
    }
    body.angle = between(draw, 0, 2 * PARA_PI);
    return body;
}

/// Somewhere in the room, so far from its sides that it is inside however it is turned.
static void draw_position(Draw *draw, ParaKxBody *body)
{
    double x = (double)body->corner[2].x, y = (double)body->corner[2].y;
    double margin = body->circle ? body->radius : fmax(x, y) * para_sqrt(2.0);
    double left = margin, right = PARA_KX_WIDE - margin;
    if (chance(draw, OWN_HALF)) {
        left += body->role == PARA_KX_BLUE ? PARA_KX_WIDE / 2 : 0;
        right -= body->role == PARA_KX_GREEN ? PARA_KX_WIDE / 2 : 0;
    }
    body->x = between(draw, left, right);
    body->y = between(draw, PARA_KX_GROUND + margin, PARA_KX_WIDE - margin);
}

static double mass_of(const ParaKxBody *body) { return para_kx_unit_mass(body).mass; }

static void draw_fixed(Draw *draw, ParaKxBody *body, bool movable)
{
    body->fixed = chance(draw, FIXED_LEAST + FIXED_BY_MASS * mass_of(body)) && !movable && !draw->movable;
    bool lowered = body->fixed && body->role != PARA_KX_NONE && chance(draw, LOWERED);
    if (lowered && body->y >= PARA_KX_WIDE / 2)
        body->y -= PARA_KX_WIDE / 2;
}

static Proposal propose_free(Draw *draw, bool movable)
{
    bool circle = draw_kind(draw);
    ParaKxRole role = draw_role(draw, PARA_KX_NONE);
    Proposal proposal = {.body = draw_form(draw, circle), .target = -1};
    proposal.body.role = role;
    draw_position(draw, &proposal.body);
    draw_fixed(draw, &proposal.body, movable);
    return proposal;
}

// ---------------------------------------------------------------------------------------------
// A shape that is joined to another.

/// How much a shape is one to be connected to: the fewer joints it has.
static double appeal_of(const Draw *draw, int place)
{
    const ParaKxBody *body = &draw->body[place];
    double left = body->circle ? draw->joined[place] == 0
                               : fmax(0, (double)(JOINTS_OF_BOX - draw->joined[place]) / JOINTS_OF_BOX);
    return left * (body->fixed ? FIXED_WEIGHT : 1);
}

/// One of the rectangles, or of the circles; of rectangles that all have their joints any, of circles none.
/// @return -1: there is none
static int draw_target(Draw *draw, bool circle)
{
    double weights[SHAPES_MAX] = {0};
    bool any = false;
    int first = circle ? 0 : PARA_KX_WALLS, count = circle ? draw->circles : draw->polygons;
    for (int k = first; k < count; k++)
        any |= (weights[k] = appeal_of(draw, place_of(draw, circle, k))) > 0;
    for (int k = first; k < count && !any && !circle; k++)
        weights[k] = 1;
    int index = choose(draw, weights, count);
    return index < 0 ? -1 : place_of(draw, circle, index);
}

static bool has_free_circle(const Draw *draw)
{
    for (int k = 0; k < draw->circles; k++)
        if (draw->joined[place_of(draw, true, k)] == 0)
            return true;
    return false;
}

static ParaVec2 draw_anchor(Draw *draw, const ParaKxBody *body)
{
    if (body->circle)
        return (ParaVec2){0, 0};
    double x = (double)body->corner[2].x, y = (double)body->corner[2].y;
    x = between(draw, -x, x);
    y = between(draw, -y, y);
    return (ParaVec2){(float)x, (float)y};
}

/// From a body's middle to a point on it, as it is turned. In doubles all the way: gcc 12 at -O2 leaves out
/// the rounding of a pair to floats that are widened again at once, and clang does not.
static void turned(const ParaKxBody *body, ParaVec2 at, double out[2])
{
    double s, c, x = (double)at.x, y = (double)at.y;
    para_sincos(body->angle, &s, &c);
    out[0] = c * x - s * y;
    out[1] = s * x + c * y;
}

static bool is_revolute(Draw *draw, bool forced)
{
    int revolutes = 0;
    for (int j = 0; j < draw->joints; j++)
        revolutes += !draw->joint[j].weld;
    return chance(draw, REVOLUTE) || forced || revolutes < REVOLUTES_FIRST;
}

/// Joints go from polygons to circles, else from what was there to what is new.
static ParaKxJoint draw_joint(Draw *draw, const Proposal *proposal, ParaVec2 at, ParaVec2 at_target,
                              bool forced)
{
    const ParaKxBody *body = &proposal->body, *target = &draw->body[proposal->target];
    bool boxes = !body->circle && !target->circle, flipped = target->circle;
    const ParaKxBody *a = flipped ? body : target, *b = flipped ? target : body;
    int place = next_place(draw, body->circle);
    ParaKxJoint joint = {.slot = draw->joints,
                         .a = flipped ? place : proposal->target,
                         .b = flipped ? proposal->target : place,
                         .anchor_a = flipped ? at : at_target,
                         .anchor_b = flipped ? at_target : at};
    joint.weld = !is_revolute(draw, forced);
    joint.channel = (int)para_rng_int(&draw->rng, 0, PARA_KX_MOTORS - 1);
    if (joint.weld) {
        joint.rest = b->angle - a->angle;
        return joint;
    }
    joint.motor = chance(draw, MOTOR);
    joint.speed = between(draw, SPEED_LEAST, SPEED_MOST);
    joint.power = boxes ? between(draw, POWER_LEAST, POWER_MOST) : POWER_LEAST;
    joint.limited = chance(draw, LIMITED) && boxes;
    if (joint.limited) {
        joint.low = between(draw, -PARA_PI, 0);
        joint.high = between(draw, 0, PARA_PI);
    }
    return joint;
}

static Proposal propose_connected(Draw *draw, bool forced)
{
    bool room_for_box = draw->polygons < draw->room.polygons;
    const double targets[2] = {draw->polygons > PARA_KX_WALLS, has_free_circle(draw)};
    bool to_circle = choose(draw, targets, 2) == 1 && room_for_box;
    bool circle = draw_kind(draw) && !to_circle;
    Proposal proposal = {.body = draw_form(draw, circle)};
    proposal.target = draw_target(draw, to_circle);
    if (proposal.target < 0)
        return proposal;
    const ParaKxBody *target = &draw->body[proposal.target];
    ParaVec2 at = draw_anchor(draw, &proposal.body), at_target = draw_anchor(draw, target);
    double arm[2], arm_target[2];
    turned(&proposal.body, at, arm);
    turned(target, at_target, arm_target);
    proposal.body.role = draw_role(draw, target->role);
    proposal.body.x = target->x + arm_target[0] - arm[0];
    proposal.body.y = target->y + arm_target[1] - arm[1];
    proposal.joint = draw_joint(draw, &proposal, at, at_target, forced);
    return proposal;
}

/// [m] How far a shape reaches from its anchor, and how near its rim is.
static void reach_of(const ParaKxBody *body, ParaVec2 anchor, double *out_far, double *out_near)
{
    *out_far = *out_near = body->radius;
    if (body->circle)
        return;
    double half_x = (double)body->corner[2].x, half_y = (double)body->corner[2].y;
    double x = fabs((double)anchor.x), y = fabs((double)anchor.y);
    *out_far = para_sqrt((half_x + x) * (half_x + x) + (half_y + y) * (half_y + y));
    *out_near = fmin(half_x - x, half_y - y);
}

/// Turned about the joint, can each of the two be seen beside the other?
static bool both_show(const Draw *draw, const Proposal *proposal)
{
    const ParaKxJoint *joint = &proposal->joint;
    bool is_a = joint->b == proposal->target;
    double far, near, target_far, target_near;
    reach_of(&proposal->body, is_a ? joint->anchor_a : joint->anchor_b, &far, &near);
    reach_of(&draw->body[proposal->target], is_a ? joint->anchor_b : joint->anchor_a, &target_far,
             &target_near);
    return far > target_near + SHOWS && target_far > near + SHOWS;
}

// ---------------------------------------------------------------------------------------------
// The level.

static int count_contacts(const Draw *draw, const ParaKxBody *body)
{
    int count = 0;
    ParaKxOutline outline = para_kx_outline(body);
    for (int b = 0; b < SHAPES_MAX; b++)
        if (is_there(draw, b))
            count += para_kx_contacts(&draw->outline[b], &outline);
    return count;
}

static void keep(Draw *draw, const Proposal *proposal)
{
    int place = next_place(draw, proposal->body.circle);
    PARA_ASSERT(place < SHAPES_MAX);
    draw->body[place] = proposal->body;
    draw->outline[place] = para_kx_outline(&proposal->body);
    *(proposal->body.circle ? &draw->circles : &draw->polygons) += 1;
    if (proposal->target < 0)
        return;
    draw->joint[draw->joints++] = proposal->joint;
    draw->joined[place]++;
    draw->joined[proposal->target]++;
}

static bool is_full(const Draw *draw)
{
    return draw->polygons == draw->room.polygons && draw->circles == draw->room.circles;
}

static void add_free(Draw *draw, bool movable)
{
    Proposal best = {.target = -1};
    int least = -1;
    if (is_full(draw))
        return;
    for (int k = 0; k < draw->proposals; k++) {
        Proposal proposal = propose_free(draw, movable);
        int points = count_contacts(draw, &proposal.body);
        if (least >= 0 && points >= least)
            continue;
        least = points;
        best = proposal;
    }
    keep(draw, &best);
}

static void add_connected(Draw *draw, bool forced)
{
    Proposal best = {.target = -1};
    int least = -1;
    if (is_full(draw) || draw->joints == draw->room.joints)
        return;
    for (int k = 0; k < draw->proposals; k++) {
        Proposal proposal = propose_connected(draw, forced);
        if (proposal.target < 0)
            continue;
        int points = count_contacts(draw, &proposal.body) + (both_show(draw, &proposal) ? 0 : UNSEEN_POINTS);
        if (least >= 0 && points >= least)
            continue;
        least = points;
        best = proposal;
    }
    if (best.target >= 0)
        keep(draw, &best);
}

static void add_thruster(Draw *draw)
{
    double weights[SHAPES_MAX];
    for (int b = 0; b < SHAPES_MAX; b++)
        weights[b] = is_there(draw, b) && !draw->body[b].fixed;
    int place = draw->thrusters < draw->room.thrusters ? choose(draw, weights, SHAPES_MAX) : -1;
    if (place < 0)
        return;
    const ParaKxBody *body = &draw->body[place];
    ParaVec2 at = draw_anchor(draw, body);
    if (body->circle) {
        double s, c, radius = between(draw, 0, body->radius);
        para_sincos(between(draw, 0, 2 * PARA_PI), &s, &c);
        at = (ParaVec2){(float)(radius * c), (float)(radius * s)};
    }
    bool middle = at.x == 0 && at.y == 0;
    double way = chance(draw, 0.5) ? 1 : -1;
    double aligned = middle ? 0 : para_atan2(way * (double)at.y, way * (double)at.x);
    double angle = chance(draw, ALIGNED) ? aligned : between(draw, 0, 2 * PARA_PI);
    double power = THRUST_BY_MASS * mass_of(body) * between(draw, THRUST_LEAST, THRUST_MOST);
    int channel = (int)para_rng_int(&draw->rng, 0, PARA_KX_THRUSTERS - 1);
    draw->thruster[draw->thrusters] = (ParaKxThruster){
        .slot = draw->thrusters, .body = place, .at = at, .angle = angle, .power = power, .channel = channel};
    draw->thrusters++;
}

static ParaKxRole draw_floor(Draw *draw)
{
    const double weights[4] = {1 - FLOOR_BLUE - FLOOR_RED, 0, FLOOR_BLUE, FLOOR_RED};
    return (ParaKxRole)choose(draw, weights, 4);
}

/// Motor, thruster, or both: something in it obeys, but for a joint that is left without a motor.
static void add_controls(Draw *draw)
{
    int kind = (int)para_rng_int(&draw->rng, 0, 2);
    if (kind == 0)
        add_free(draw, false);
    else
        add_connected(draw, true);
    if (kind != 1)
        add_thruster(draw);
}

static void add_more(Draw *draw)
{
    const double weights[3] = {CONNECTED, FREE, 1 - CONNECTED - FREE};
    switch (choose(draw, weights, 3)) {
    case 0:
        add_connected(draw, false);
        break;
    case 1:
        add_free(draw, false);
        break;
    default:
        break;
    }
}

/// Else green would be on the left more often.
static void swap_roles(Draw *draw)
{
    if (!chance(draw, SWAPPED) || draw->body[0].role != PARA_KX_NONE)
        return;
    for (int b = 0; b < SHAPES_MAX; b++)
        if (draw->body[b].role == PARA_KX_GREEN || draw->body[b].role == PARA_KX_BLUE)
            draw->body[b].role = PARA_KX_GREEN + PARA_KX_BLUE - draw->body[b].role;
}

static void draw_level(Draw *draw)
{
    int shapes = draw->room.polygons + draw->room.circles;
    for (; draw->polygons < PARA_KX_WALLS; draw->polygons++) {
        draw->body[draw->polygons] = para_kx_wall(draw->polygons);
        draw->outline[draw->polygons] = para_kx_outline(&draw->body[draw->polygons]);
    }
    draw->body[0].role = draw_floor(draw);
    bool first_moves = chance(draw, 0.5) || draw->body[0].role == PARA_KX_BLUE;
    add_free(draw, first_moves);
    add_free(draw, !first_moves);
    add_controls(draw);
    for (int k = 0; k < shapes - PARA_KX_WALLS - 3; k++)
        add_more(draw);
    for (int k = 1; k < draw->room.thrusters; k++)
        if (chance(draw, THRUSTER))
            add_thruster(draw);
    swap_roles(draw);
}

// ---------------------------------------------------------------------------------------------
// As a scene, in another order.

/// An order at random of `count` things.
static void shuffle(Draw *draw, int *order, int count)
{
    for (int k = 0; k < count; k++)
        order[k] = k;
    for (int k = count - 1; k > 0; k--) {
        int other = (int)para_rng_int(&draw->rng, 0, k), kept = order[k];
        order[k] = order[other];
        order[other] = kept;
    }
}

/// @param index out, [SHAPES_MAX] where in the scene the shape of a place is
static void put_bodies(Draw *draw, ParaKxScene *scene, int *index)
{
    int order[SHAPES_MAX];
    for (int circles = 0; circles < 2; circles++) {
        int still = circles ? 0 : PARA_KX_WALLS, count = circles ? draw->circles : draw->polygons;
        shuffle(draw, order, count - still);
        for (int k = 0; k < count; k++) {
            int place = place_of(draw, circles == 1, k < still ? k : still + order[k - still]);
            index[place] = scene->body_count;
            scene->bodies[scene->body_count] = draw->body[place];
            scene->bodies[scene->body_count++].slot = k;
        }
    }
}

static void put_level(Draw *draw, ParaKxScene *scene, ParaArena *arena)
{
    int index[SHAPES_MAX], order[SHAPES_MAX];
    scene->bodies = PARA_NEW(arena, ParaKxBody, draw->polygons + draw->circles);
    scene->joints = PARA_NEW(arena, ParaKxJoint, draw->joints);
    scene->thrusters = PARA_NEW(arena, ParaKxThruster, draw->thrusters);
    put_bodies(draw, scene, index);
    shuffle(draw, order, draw->joints);
    for (int k = 0; k < draw->joints; k++) {
        ParaKxJoint *joint = &scene->joints[scene->joint_count++];
        *joint = draw->joint[order[k]];
        joint->slot = k;
        joint->a = index[joint->a];
        joint->b = index[joint->b];
    }
    shuffle(draw, order, draw->thrusters);
    for (int k = 0; k < draw->thrusters; k++) {
        ParaKxThruster *thruster = &scene->thrusters[scene->thruster_count++];
        *thruster = draw->thruster[order[k]];
        thruster->slot = k;
        thruster->body = index[thruster->body];
    }
}

ParaKxScene para_kx_random(ParaKxSize size, uint64_t seed, ParaArena *arena)
{
    Draw draw = {.rng = para_rng_make(para_seed_mix(seed, (uint64_t)size), "kinetix"),
                 .room = para_kx_capacity(size)};
    int shapes = draw.room.polygons + draw.room.circles;
    PARA_ASSERT(shapes <= SHAPES_MAX && draw.room.joints <= SHAPES_MAX && draw.room.thrusters <= SHAPES_MAX);
    draw.movable = shapes <= EIGHT_ABOVE;
    draw.proposals = draw.movable ? 1 : PROPOSALS;
    ParaKxScene scene = para_kx_defaults();
    draw_level(&draw);
    put_level(&draw, &scene, arena);
    para_kx_find_components(&scene);
    para_kx_name(&scene, arena);
    return scene;
}
