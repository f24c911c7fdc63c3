// SPDX-License-Identifier: MIT
// The laws of wild levels, one block each: what is measured, what sound physics may do, how much is allowed.
// Lengths are allowed in shares of the bodies' own size. Used by test_world_wild.c and wild_main.c.
#include "tests/engine/world/wild_laws.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"
#include "engine/world/measure.h"
#include "tests/engine/world/overlap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_EVERY 10 ///< steps between looks at overlaps and corners, which cost most
#define LASTING    60 ///< steps after which something lasts
#define RELENT                                                                                               \
    0.97 ///< [1] of a rise that was allowed, per step: what stays up is not counted again and again
#define DIP        3     ///< steps for which a soft contact may hold energy while it throws a body back
#define DIP_JOINTS 30    ///< the same of soft joints: a board springs
#define FADE       0.985 ///< [1] of what was seen lately, per step: two fifths are left after a second

/// A body, and the bodies it has met: a group whose energy is its own.
typedef struct Member {
    int leader;
    double mass;          ///< [kg]
    double reach, inner;  ///< [m] outer and inner radius about the centre of mass
    double thin;          ///< [m] half the least thickness of its shapes
    int out, poked, deep; ///< steps in a row
} Member;

/// A group, at its leader's index.
typedef struct Group {
    double energy, moving, gravity; ///< now [J]; gravity: sum of weights [N]
    double first, least;            ///< energy at the start, and the least lately
    double before[DIP_JOINTS];      ///< energy of the last steps, newest first
    double peak, fastest, deepest;  ///< of what moves; they fade
    double stiff;                   ///< [1] largest (frequency * step) of its springs
    bool jointed;
    double gap_now, give_now;
    double gap, give; ///< gaps of its joints [m], and in shares of their arms [1]: sums lately
} Group;

typedef struct Court {
    const WildLevel *level;
    const ParaView *view;
    WildVerdict *verdict;
    double step, speed;      ///< [s], [m/s] nothing should be much faster
    Member *members;         ///< [body_count]
    Group *groups;           ///< [body_count]
    int *apart;              ///< [joint_count] steps in a row
    double *lengths;         ///< [m] between the anchors at the start  [joint_count]
    OverlapDepth *depths;    ///< [body_count]
    double start;            ///< [J]
    bool done[WILD_EXPECTS]; ///< nothing more is expected
    double before[WILD_EXPECTS], arrival[WILD_EXPECTS];
    int arrived[WILD_EXPECTS];
} Court;

static void accuse(Court *court, WildLaw law, int body, double value, double limit)
{
    WildFault *fault = &court->verdict->faults[law];
    double excess = value - limit;
    if (fault->broken) {
        fault->worst = fmax(fault->worst, excess);
        return;
    }
    *fault = (WildFault){true, (int)court->view->step, body, value, limit, excess};
    court->verdict->good = false;
}

static bool is_loose(const Court *court, int body)
{
    return court->view->def->bodies[body].kind == PARA_BODY_DYNAMIC;
}

static double speed_of(const ParaView *view, int body)
{
    return hypot((double)AT(view, vx, body), (double)AT(view, vy, body));
}

// ---------------------------------------------------------------- joints

/// How far [m] a joint is from what it should be.
static double joint_gap(const Court *court, int index)
{
    const ParaView *view = court->view;
    const ParaJointDef *joint = &view->def->joints[index];
    double a[2], b[2], ignored[2];
    scene_point(view, joint->a, joint->anchor_a, a, ignored);
    scene_point(view, joint->b, joint->anchor_b, b, ignored);
    double dx = b[0] - a[0], dy = b[1] - a[1], length = hypot(dx, dy);
    double c = (double)AT(view, cos, joint->a), s = (double)AT(view, sin, joint->a);
    double axis_x = c * (double)joint->axis.x - s * (double)joint->axis.y;
    double axis_y = s * (double)joint->axis.x + c * (double)joint->axis.y;
    switch (joint->kind) {
    case PARA_JOINT_PRISMATIC: {
        double along = axis_x * dx + axis_y * dy, off = fabs(axis_x * dy - axis_y * dx);
        if (joint->limited)
            off = fmax(off, fmax(along - (double)joint->upper, (double)joint->lower - along));
        return off;
    }
    case PARA_JOINT_DISTANCE:
        if (!joint->limited)
            return fabs(length - court->lengths[index]);
        return fmax(length - (double)joint->upper, (double)joint->lower - length);
    case PARA_JOINT_SPRING:
        return 0;
    default:
        return length;
    }
}

/// How far [rad] two bodies that keep their angle to each other are turned from it.
static double joint_turn(const ParaView *view, int index)
{
    const ParaJointDef *joint = &view->def->joints[index];
    if (joint->kind != PARA_JOINT_WELD && joint->kind != PARA_JOINT_PRISMATIC)
        return 0;
    const ParaBodyDef *a = &view->def->bodies[joint->a], *b = &view->def->bodies[joint->b];
    double turn = (double)AT(view, angle, joint->b) - (double)AT(view, angle, joint->a);
    return fabs(turn - ((double)b->angle - (double)a->angle));
}

/// Length [m] of a joint's two arms, the bodies' own reach included.
static double joint_arms(const Court *court, const ParaJointDef *joint)
{
    double arms = 0;
    if (is_loose(court, joint->a))
        arms += court->members[joint->a].reach + hypot((double)joint->anchor_a.x, (double)joint->anchor_a.y);
    if (is_loose(court, joint->b))
        arms += court->members[joint->b].reach + hypot((double)joint->anchor_b.x, (double)joint->anchor_b.y);
    return arms;
}

// ---------------------------------------------------------------- energy
// Of a group of bodies that have met each other (their circles have come near, or a joint holds them) and
// nobody else but what is fixed: kinetic, in gravity, in springs. It may only fall, both from its start and
// from its least of late. Allowed are 3 % (with joints 6 %) of what moved lately, and being lifted by as much
// as things overlapped lately or fell in one step. Springs swing between small steps: their energy is allowed
// to waver by frequency * step. A joint that was apart is pulled together against weight and pull: by its
// gap, times both.

static int leader_of(Court *court, int body)
{
    while (court->members[body].leader != body)
        body = court->members[body].leader;
    return body;
}

static void join(Court *court, int a, int b)
{
    a = leader_of(court, a);
    b = leader_of(court, b);
    if (a == b)
        return;
    Group *to = &court->groups[a], *from = &court->groups[b];
    court->members[b].leader = a;
    to->first += from->first;
    to->least += from->least;
    for (int i = 0; i < DIP_JOINTS; i++)
        to->before[i] += from->before[i];
    to->peak += from->peak;
    to->fastest = fmax(to->fastest, from->fastest);
    to->deepest = fmax(to->deepest, from->deepest);
    to->stiff = fmax(to->stiff, from->stiff);
    to->jointed |= from->jointed;
    to->gap += from->gap;
    to->give += from->give;
}

static void join_near(Court *court)
{
    const ParaView *view = court->view;
    int count = view->def->body_count;
    for (int a = 0; a < count; a++)
        for (int b = a + 1; is_loose(court, a) && b < count; b++) {
            if (!is_loose(court, b) || leader_of(court, a) == leader_of(court, b))
                continue;
            double apart = hypot((double)AT(view, centre_x, a) - (double)AT(view, centre_x, b),
                                 (double)AT(view, centre_y, a) - (double)AT(view, centre_y, b));
            double way = 2 * court->step * (speed_of(view, a) + speed_of(view, b));
            if (apart < court->members[a].reach + court->members[b].reach + 0.05 + way)
                join(court, a, b);
        }
}

static void add_energies(Court *court)
{
    const ParaView *view = court->view;
    double g = hypot((double)view->def->gravity.x, (double)view->def->gravity.y);
    for (int i = 0; i < view->def->body_count; i++) {
        Group *group = &court->groups[i];
        group->energy = group->moving = group->gravity = 0;
    }
    for (int i = 0; i < view->def->body_count; i++) {
        if (!is_loose(court, i))
            continue;
        Group *group = &court->groups[leader_of(court, i)];
        ParaEnergy energy = para_body_energy(view, i);
        group->moving += energy.kinetic;
        group->energy += para_energy_total(energy);
        group->gravity += (double)AT(view, mass, i) * fabs((double)view->def->bodies[i].gravity_scale) * g;
        double tip = fabs((double)AT(view, spin, i)) * court->members[i].reach;
        group->fastest = fmax(group->fastest, speed_of(view, i) + tip);
    }
    for (int i = 0; i < view->def->joint_count; i++) {
        const ParaJointDef *joint = &view->def->joints[i];
        Group *group = &court->groups[leader_of(court, is_loose(court, joint->a) ? joint->a : joint->b)];
        group->moving += para_joint_energy(view, i);
        group->energy += para_joint_energy(view, i);
    }
}

/// Of each group the sums over its joints: the largest lately.
static void note_gaps(Court *court)
{
    const ParaView *view = court->view;
    for (int i = 0; i < view->def->body_count; i++)
        court->groups[i].gap_now = court->groups[i].give_now = 0;
    for (int i = 0; i < view->def->joint_count; i++) {
        const ParaJointDef *joint = &view->def->joints[i];
        Group *group = &court->groups[leader_of(court, is_loose(court, joint->a) ? joint->a : joint->b)];
        double gap = fmax(0, joint_gap(court, i));
        group->gap_now += gap;
        group->give_now += gap / joint_arms(court, joint) + joint_turn(view, i);
    }
    for (int i = 0; i < view->def->body_count; i++) {
        Group *group = &court->groups[i];
        group->gap = fmax(FADE * group->gap, group->gap_now);
        group->give = fmax(FADE * group->give, group->give_now);
    }
}

/// Moves the least energy of late: down to what has lasted a few steps, up by a little of what was allowed.
static void settle(Group *group, bool begins)
{
    double lasting = group->energy;
    for (int i = DIP_JOINTS - 1; i >= 0; i--) {
        if (begins)
            group->before[i] = group->energy;
        if (i < (group->jointed ? DIP_JOINTS : DIP))
            lasting = fmax(lasting, group->before[i]);
        group->before[i] = i ? group->before[i - 1] : group->energy;
    }
    if (begins || lasting < group->least)
        group->least = lasting;
    else if (group->energy > group->least)
        group->least = group->energy - RELENT * (group->energy - group->least);
}

static void judge_energy(Court *court, bool begins)
{
    const ParaView *view = court->view;
    join_near(court);
    add_energies(court);
    note_gaps(court);
    for (int i = 0; i < view->def->body_count; i++) {
        if (!is_loose(court, i) || leader_of(court, i) != i)
            continue;
        Group *group = &court->groups[i];
        double lift = 0.01 * fmin(1.0, court->members[i].reach) + group->deepest + group->gap +
                      court->step * group->fastest;
        double allowed =
            ((group->jointed ? 0.06 : 0.03) + group->stiff + fmin(0.5, 2 * group->give)) * group->peak +
            group->gravity * lift;
        if (!begins && group->energy > group->least + allowed)
            accuse(court, WILD_LAW_energy, i, group->energy - group->least, allowed);
        if (!begins && group->energy > group->first + allowed)
            accuse(court, WILD_LAW_energy, i, group->energy - group->first, allowed);
        group->first = begins ? group->energy : group->first;
        settle(group, begins);
        group->peak = fmax(FADE * group->peak, group->moving);
        group->fastest *= FADE;
        group->deepest *= FADE;
    }
}

/// Only for whole levels of free pendulums: [J] of the largest that gravity can do on their arms.
static void judge_kept(Court *court)
{
    const ParaView *view = court->view;
    double energy = para_energy_total(para_world_energy(view)), range = 0;
    for (int i = 0; i < view->def->body_count; i++)
        if (is_loose(court, i))
            range += 2 * court->members[i].mass *
                     hypot((double)view->def->gravity.x, (double)view->def->gravity.y);
    double arm = 0;
    for (int i = 0; i < view->def->joint_count; i++)
        arm += hypot((double)view->def->joints[i].anchor_b.x, (double)view->def->joints[i].anchor_b.y);
    double change = fabs(energy - court->start), allowed = court->level->kept * range * arm;
    if (change > allowed)
        accuse(court, WILD_LAW_kept, -1, change, allowed);
}

// ---------------------------------------------------------------- the room

static double to_edge(double x, double y, ParaVec2 a, ParaVec2 b)
{
    double ax = (double)a.x, ay = (double)a.y, ex = (double)b.x - ax, ey = (double)b.y - ay;
    double t = ((x - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey);
    t = fmin(1, fmax(0, t));
    return hypot(x - ax - t * ex, y - ay - t * ey);
}

/// How far [m] a place is outside of the room; 0 inside.
static double outside(const WildLevel *level, double x, double y)
{
    bool in = false;
    double nearest = WILD_NEVER;
    for (int i = 0, k = level->room_count - 1; i < level->room_count; k = i++) {
        ParaVec2 a = level->room[i], b = level->room[k];
        double ax = (double)a.x, ay = (double)a.y, bx = (double)b.x, by = (double)b.y;
        if ((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax)
            in = !in;
    }
    for (int i = 0, k = level->room_count - 1; !in && i < level->room_count; k = i++)
        nearest = fmin(nearest, to_edge(x, y, level->room[k], level->room[i]));
    return in ? 0 : nearest;
}

/// No centre may be outside for ten steps, or at once by more than the wall and the body are thick: a hard
/// hit may press a body in for a moment. Jointed bodies are no exception.
static void judge_outside(Court *court)
{
    const ParaView *view = court->view;
    for (int i = 0; court->level->room_count && i < view->def->body_count; i++) {
        if (!is_loose(court, i))
            continue;
        Member *member = &court->members[i];
        double out = outside(court->level, (double)AT(view, centre_x, i), (double)AT(view, centre_y, i));
        member->out = out > 1e-4 + fmin(0.005, 0.5 * member->thin) ? member->out + 1 : 0;
        double limit = court->level->wall + member->inner;
        if (out > limit || member->out > 10)
            accuse(court, WILD_LAW_outside, i, out, member->out > 10 ? 0 : limit);
    }
}

/// Corners and ends: none stays outside by 2 cm and a tenth of the body's own thickness.
static void judge_poke(Court *court)
{
    const ParaView *view = court->view;
    for (int i = 0; court->level->room_count && i < view->def->body_count; i++) {
        if (!is_loose(court, i))
            continue;
        int first, end;
        double most = 0, x = (double)AT(view, x, i), y = (double)AT(view, y, i);
        double c = (double)AT(view, cos, i), s = (double)AT(view, sin, i);
        para_body_shapes(view->def, i, &first, &end);
        for (int k = first; k < end; k++)
            for (uint32_t p = 0; p < view->def->shapes[k].point_count; p++) {
                ParaVec2 at = view->def->points[view->def->shapes[k].point_first + p];
                double px = (double)at.x, py = (double)at.y;
                most = fmax(most, outside(court->level, x + c * px - s * py, y + s * px + c * py));
            }
        Member *member = &court->members[i];
        double limit = 0.1 * member->inner + fmin(0.02, member->inner);
        member->poked = most > limit ? member->poked + LOOK_EVERY : 0;
        if (member->poked > LASTING)
            accuse(court, WILD_LAW_poke, i, most, limit);
    }
}

/// A body's deepest overlap, against half the thickness of the thinner of the two: not above a half of that,
/// or 8 mm if that is more, but then no more than five quarters of it, for a second.
static void judge_overlap(Court *court)
{
    double deepest = overlap_bodies(court->view, court->depths);
    for (int i = 0; i < court->view->def->body_count; i++) {
        OverlapDepth at = court->depths[i];
        double limit = fmax(0.5 * at.thin, fmin(0.008, 1.25 * at.thin));
        Member *member = &court->members[i];
        member->deep = at.depth > limit ? member->deep + LOOK_EVERY : 0;
        if (member->deep > LASTING)
            accuse(court, WILD_LAW_overlap, i, at.depth, limit);
        court->groups[i].deepest = fmax(court->groups[i].deepest, deepest);
    }
}

// ---------------------------------------------------------------- speeds and joints

/// Levers and hits of heavy on light make things faster than those that drive them, but by no more than the
/// level says.
static void judge_kick(Court *court)
{
    for (int i = 0; i < court->view->def->body_count; i++) {
        double v = is_loose(court, i) ? speed_of(court->view, i) : 0,
               limit = court->level->swift * court->speed + 0.5;
        if (v > limit)
            accuse(court, WILD_LAW_kick, i, v, limit);
    }
}

/// A joint may give way to a blow: what counts is what lasts half a second, in shares of its arms; welds and
/// rails may turn by a tenth.
static void judge_joints(Court *court)
{
    const ParaView *view = court->view;
    for (int i = 0; i < view->def->joint_count; i++) {
        const ParaJointDef *joint = &view->def->joints[i];
        double gap = joint_gap(court, i), limit = 0.05 * joint_arms(court, joint) + 0.005;
        double turn = joint_turn(view, i);
        court->apart[i] = gap > limit || turn > 0.1 ? court->apart[i] + 1 : 0;
        if (court->apart[i] > LASTING / 2)
            accuse(court, WILD_LAW_joint, joint->b, gap > limit ? gap : turn, gap > limit ? limit : 0.1);
    }
}

// ---------------------------------------------------------------- promises

/// Place of a body's centre seen from its start: along a direction, and across it to the left.
static void way_of(const Court *court, const WildExpect *expect, double *along, double *across)
{
    const ParaView *view = court->view;
    const ParaBodyDef *def = &view->def->bodies[expect->body];
    double dx = (double)AT(view, x, expect->body) - (double)def->position.x;
    double dy = (double)AT(view, y, expect->body) - (double)def->position.y;
    *along = dx * (double)expect->direction.x + dy * (double)expect->direction.y;
    *across = dy * (double)expect->direction.x - dx * (double)expect->direction.y;
}

static double speed_along(const Court *court, const WildExpect *expect)
{
    return (double)AT(court->view, vx, expect->body) * (double)expect->direction.x +
           (double)AT(court->view, vy, expect->body) * (double)expect->direction.y;
}

/// A slider loses nothing at the seams: 2 % of its speed, a tenth of a rad per second and per metre of half
/// its size, a hundredth of its size across.
static void judge_slides(Court *court, const WildExpect *expect, int index)
{
    double along, across, reach = court->members[expect->body].reach, time = court->view->time;
    way_of(court, expect, &along, &across);
    if (along > expect->length || along < -0.4) {
        court->done[index] = true;
        return;
    }
    double due = expect->speed - expect->slowing * time;
    if (court->view->def->shapes[court->view->def->shape_count - 1].friction > 0)
        due = fmax(0, due); // friction does not pull back
    double limit = 0.02 * (fabs(expect->speed) + fabs(expect->slowing) * time) + 0.05 +
                   fabs(expect->slowing) * court->step;
    double off = fabs(speed_along(court, expect) - due);
    if (off > limit)
        accuse(court, WILD_LAW_slides, expect->body, off, limit);
    double spin = (double)AT(court->view, spin, expect->body),
           own = (double)court->view->def->bodies[expect->body].spin;
    double turning = fabs(spin - own) * reach;
    if (turning > 0.02 * fabs(expect->speed) + 0.1)
        accuse(court, WILD_LAW_slides, expect->body, turning, 0.02 * fabs(expect->speed) + 0.1);
    if (fabs(across) > 0.05 * reach + 0.01)
        accuse(court, WILD_LAW_slides, expect->body, fabs(across), 0.05 * reach + 0.01);
}

static void judge_rests(Court *court, const WildExpect *expect)
{
    const ParaBodyDef *def = &court->view->def->bodies[expect->body];
    double way = hypot((double)AT(court->view, x, expect->body) - (double)def->position.x,
                       (double)AT(court->view, y, expect->body) - (double)def->position.y);
    double speed = speed_of(court->view, expect->body);
    if (way > expect->length)
        accuse(court, WILD_LAW_rests, expect->body, way, expect->length);
    if (speed > expect->speed)
        accuse(court, WILD_LAW_rests, expect->body, speed, expect->speed);
}

/// From the first touch on: the largest speed of the eight steps that follow. A step of falling more or less
/// on each side, 4 % of the speed; no restitution below 1 m/s.
static void judge_bounces(Court *court, const WildExpect *expect, int index)
{
    double along = speed_along(court, expect),
           gravity = hypot((double)court->view->def->gravity.x, (double)court->view->def->gravity.y);
    if (court->arrived[index] == 0) {
        if (along < court->before[index]) { // it still falls
            court->before[index] = along;
            return;
        }
        court->arrival[index] = -court->before[index];
        court->before[index] = -WILD_NEVER;
    }
    court->arrived[index]++;
    court->before[index] = fmax(court->before[index], along);
    double turning = fabs((double)AT(court->view, spin, expect->body)) * expect->length,
           arrival = court->arrival[index];
    if (turning > 0.03 * arrival + 0.05)
        accuse(court, WILD_LAW_bounces, expect->body, turning, 0.03 * arrival + 0.05);
    if (court->arrived[index] < 8)
        return;
    court->done[index] = true;
    double due = expect->speed * arrival, limit = 0.04 * arrival + 2 * gravity * court->step;
    if (due > 1 && fabs(court->before[index] - due) > limit)
        accuse(court, WILD_LAW_bounces, expect->body, fabs(court->before[index] - due), limit);
}

static void judge_above(Court *court, const WildExpect *expect, int index)
{
    const ParaView *view = court->view;
    double c = (double)AT(view, cos, expect->other), s = (double)AT(view, sin, expect->other);
    double dx = (double)AT(view, centre_x, expect->body) - (double)AT(view, x, expect->other);
    double dy = (double)AT(view, centre_y, expect->body) - (double)AT(view, y, expect->other);
    double x = c * dx + s * dy - (double)expect->place.x, y = -s * dx + c * dy - (double)expect->place.y;
    double above = x * (double)expect->direction.x + y * (double)expect->direction.y;
    double beside = fabs(y * (double)expect->direction.x - x * (double)expect->direction.y);
    if (beside > 0.97 * expect->length)
        court->done[index] = true; // it went over the end
    else if (above < 0)
        accuse(court, WILD_LAW_above, expect->body, -above, 0);
}

static void judge_end(Court *court, const WildExpect *expect)
{
    const ParaView *view = court->view;
    if (expect->promise == WILD_IS_TURNED) {
        double change = 0;
        for (int side = 0; side < 2; side++) {
            int body = side ? expect->other : expect->body;
            ParaVec2 start = view->def->bodies[body].velocity;
            change = fmax(change, hypot((double)AT(view, vx, body) - (double)start.x,
                                        (double)AT(view, vy, body) - (double)start.y));
        }
        if (change < 0.1 * expect->speed)
            accuse(court, WILD_LAW_turned, expect->body, 0.1 * expect->speed - change, 0);
    }
}

static void judge_drifts(Court *court, const WildExpect *expect)
{
    const ParaView *view = court->view;
    const ParaBodyDef *def = &view->def->bodies[expect->body];
    double x = (double)def->position.x + (double)def->velocity.x * view->time;
    double y = (double)def->position.y + (double)def->velocity.y * view->time;
    double off = hypot((double)AT(view, x, expect->body) - x, (double)AT(view, y, expect->body) - y);
    if (off > expect->length)
        accuse(court, WILD_LAW_drifts, expect->body, off, expect->length);
}

static void judge_promises(Court *court)
{
    for (int i = 0; i < court->level->expect_count; i++) {
        const WildExpect *expect = &court->level->expects[i];
        if (court->done[i])
            continue;
        switch (expect->promise) {
        case WILD_SLIDES:
            judge_slides(court, expect, i);
            break;
        case WILD_RESTS:
            judge_rests(court, expect);
            break;
        case WILD_BOUNCES:
            judge_bounces(court, expect, i);
            break;
        case WILD_STAYS_ABOVE:
            judge_above(court, expect, i);
            break;
        case WILD_DRIFTS:
            judge_drifts(court, expect);
            break;
        case WILD_IS_TURNED:
            break; // at the end
        }
    }
}

// ---------------------------------------------------------------- the trial

static bool is_sane(const ParaView *view)
{
    bool sane = view->status == PARA_WORLD_FINE;
    for (int i = 0; i < view->def->body_count; i++)
        sane = sane && isfinite(AT(view, x, i)) && isfinite(AT(view, y, i)) && isfinite(AT(view, angle, i)) &&
               isfinite(AT(view, vx, i)) && isfinite(AT(view, vy, i)) && isfinite(AT(view, spin, i));
    return sane;
}

static double half_thickness(const ParaWorldDef *def, const ParaShapeDef *shape)
{
    if (shape->kind != PARA_SHAPE_POLYGON)
        return (double)shape->radius;
    return 0.5 * para_polygon_width(def->points + shape->point_first, shape->point_count);
}

static void meet_members(Court *court)
{
    const ParaWorldDef *def = court->view->def;
    for (int i = 0; i < def->body_count; i++) {
        Member *member = &court->members[i];
        int first, end;
        para_body_shapes(def, i, &first, &end);
        ParaMass mass = para_body_mass(def, first, end);
        member->leader = i;
        member->mass = mass.mass;
        member->reach = wild_reach(def, i) + hypot(mass.x, mass.y);
        member->inner = para_body_inradius(def, first, end, mass.x, mass.y);
        member->thin = WILD_NEVER;
        for (int k = first; k < end; k++)
            member->thin = fmin(member->thin, half_thickness(def, &def->shapes[k]));
    }
    for (int i = 0; i < def->joint_count; i++) {
        const ParaJointDef *joint = &def->joints[i];
        court->lengths[i] = overlap_joint_error(court->view, i);
        bool both = is_loose(court, joint->a) && is_loose(court, joint->b);
        if (both)
            join(court, joint->a, joint->b);
        double mass = WILD_NEVER;
        for (int side = 0; side < 2; side++)
            if (is_loose(court, side ? joint->b : joint->a))
                mass = fmin(mass, court->members[side ? joint->b : joint->a].mass);
        int owner = leader_of(court, is_loose(court, joint->a) ? joint->a : joint->b);
        court->groups[owner].jointed = true;
        if (joint->kind == PARA_JOINT_SPRING)
            court->groups[owner].stiff = fmax(
                court->groups[owner].stiff, fmin(1, 2 * court->step * sqrt((double)joint->stiffness / mass)));
    }
}

static void judge_now(Court *court)
{
    if (court->level->closed)
        judge_energy(court, false);
    if (court->level->kept > 0)
        judge_kept(court);
    if (court->view->dropped > 0)
        accuse(court, WILD_LAW_dropped, -1, court->view->dropped, 0);
    judge_outside(court);
    judge_kick(court);
    judge_joints(court);
    judge_promises(court);
    if (court->view->step % LOOK_EVERY == 0) {
        judge_poke(court);
        judge_overlap(court);
    }
}

/// Half a second on, back and on again: the same bits.
static void judge_copy(Court *court, ParaWorld world)
{
    size_t size = para_world_snapshot_size(world);
    void *image = malloc(size);
    PARA_ASSERT(image && para_world_save(world, image, size) == size);
    scene_steps(world, 30);
    uint64_t hash = para_world_hash(world);
    PARA_ASSERT(para_world_restore(world, image, size));
    scene_steps(world, 30);
    if (para_world_hash(world) != hash)
        accuse(court, WILD_LAW_copy, -1, 1, 0);
    PARA_ASSERT(para_world_restore(world, image, size));
    free(image);
}

static void trace_step(const Court *court)
{
    const ParaView *view = court->view;
    printf("step %d contacts %d energy %.6g\n", (int)view->step, view->contact_count,
           para_energy_total(para_world_energy(view)));
    for (int i = 0; i < view->def->body_count; i++)
        if (is_loose(court, i))
            printf("  body %d at %.4f %.4f angle %.4f velocity %.4f %.4f spin %.4f\n", i,
                   (double)AT(view, x, i), (double)AT(view, y, i), (double)AT(view, angle, i),
                   (double)AT(view, vx, i), (double)AT(view, vy, i), (double)AT(view, spin, i));
}

/// Where there is no room, a level ends with what is expected: bodies that went over an end fall for ever.
static bool is_over(const Court *court)
{
    bool over = court->level->room_count == 0 && court->level->expect_count > 0;
    for (int i = 0; i < court->level->expect_count; i++)
        over = over && court->done[i];
    return over;
}

static void try_level(Court *court, ParaWorld world, int steps, bool trace)
{
    court->start = para_energy_total(para_world_energy(court->view));
    meet_members(court);
    double begins = overlap_deepest(court->view);
    if (begins > 1e-3)
        accuse(court, WILD_LAW_build, -1, begins, 1e-3);
    judge_energy(court, true);
    for (int i = 0; i < steps; i++) {
        if (i == steps / 2 && court->level->seed % 8 == 0)
            judge_copy(court, world);
        para_world_step(world);
        if (!is_sane(court->view)) {
            accuse(court, WILD_LAW_diverged, court->view->diverged_body, 1, 0);
            return;
        }
        if (trace)
            trace_step(court);
        judge_now(court);
        if (is_over(court))
            return;
    }
    for (int i = 0; i < court->level->expect_count; i++)
        judge_end(court, &court->level->expects[i]);
}

WildVerdict wild_judge(const WildLevel *level, ParaSolverKind solver, int steps, bool trace)
{
    WildVerdict verdict = {.good = true};
    const ParaWorldDef *def = &level->scene.def;
    if (!para_solver_fits(solver, def, NULL, 0)) {
        verdict.skipped = true;
        return verdict;
    }
    ParaWorldGroup *group = para_world_group_create(solver, 1);
    PARA_ASSERT(group);
    ParaWorld world = para_world_at(group, 0);
    if (!para_world_build(world, def, NULL)) {
        verdict.faults[WILD_LAW_build] = (WildFault){true, 0, -1, 1, 0, 1};
        verdict.good = false;
        para_world_group_destroy(group);
        return verdict;
    }
    size_t bodies = (size_t)def->body_count;
    Court court = {.level = level, .view = para_world_view(world), .verdict = &verdict};
    court.step = 1.0 / (double)def->rate;
    court.speed = wild_speed(level);
    court.members = calloc(bodies, sizeof *court.members);
    court.groups = calloc(bodies, sizeof *court.groups);
    court.apart = calloc((size_t)def->joint_count + 1, sizeof *court.apart);
    court.lengths = calloc((size_t)def->joint_count + 1, sizeof *court.lengths);
    court.depths = calloc(bodies, sizeof *court.depths);
    PARA_ASSERT(court.lengths && court.depths && court.members && court.groups && court.apart);
    try_level(&court, world, steps, trace);
    free(court.members);
    free(court.groups);
    free(court.apart);
    free(court.depths);
    free(court.lengths);
    para_world_group_destroy(group);
    return verdict;
}

static const char *const names[] = {
#define NAME(id, about) #id,
    WILD_LAWS(NAME)
#undef NAME
};
static const char *const abouts[] = {
#define ABOUT(id, about) about,
    WILD_LAWS(ABOUT)
#undef ABOUT
};

const char *wild_law_name(WildLaw law) { return names[law]; }

const char *wild_law_about(WildLaw law) { return abouts[law]; }
