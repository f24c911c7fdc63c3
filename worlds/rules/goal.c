// SPDX-License-Identifier: MIT
// The goal language at work: what is true now, what has been true long enough, and how far it is.
#include "worlds/rules/goal.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/overlap.h"

#include <math.h>
#include <string.h>

static double distance(double x, double y) { return para_sqrt(x * x + y * y); }

static float at(const ParaView *view, const float *values, int body)
{
    return values[(size_t)body * (size_t)view->stride];
}

bool para_play_bit(const uint8_t *bits, int body) { return bits[body >> 3] >> (body & 7) & 1; }

void para_play_set_bit(uint8_t *bits, int body)
{
    bits[body >> 3] = (uint8_t)(bits[body >> 3] | 1u << (body & 7));
}

double para_play_distance(const ParaView *view, int a, int b, int zone)
{
    double x = (double)at(view, view->centre_x, a), y = (double)at(view, view->centre_y, a);
    if (zone >= 0)
        return distance(x - (double)view->zones[zone].position.x, y - (double)view->zones[zone].position.y);
    return distance(x - (double)at(view, view->centre_x, b), y - (double)at(view, view->centre_y, b));
}

double para_play_speed(const ParaView *view, int body)
{
    return distance((double)at(view, view->vx, body), (double)at(view, view->vy, body));
}

// ---------------------------------------------------------------------------------------------
// Leaves.

/// Are both bodies parts of one player?
static bool one_player(const ParaLevel *level, int a, int b)
{
    int owner = para_level_owner(level, a);
    return owner >= 0 && para_level_body_role(level, owner, b) == PARA_ROLE_PLAYER;
}

/// Is the body one of those meant by (first, count), or any part of the player whose main body is `first`?
static bool is_meant(const ParaLevel *level, int body, int first, int count, bool player)
{
    if (player)
        return one_player(level, body, first);
    return body >= first && body < first + count;
}

/// Bodies of one player, or held together by joints, are one thing: they do not touch "anything".
static bool same_thing(const ParaLevel *level, int a, int b)
{
    return level->body_sets[a] == level->body_sets[b] || one_player(level, a, b);
}

/// @param out_pair out, who touches whom; NULL: nobody asks
static bool touches(const ParaLevel *level, const ParaView *view, const ParaGoalNode *node, int a,
                    int a_count, bool a_player, int *out_pair)
{
    for (int c = 0; c < view->contact_count; c++) {
        const ParaContact *contact = &view->contacts[c];
        for (int side = 0; side < 2; side++) {
            int one = side ? contact->body_b : contact->body_a,
                other = side ? contact->body_a : contact->body_b;
            if (!is_meant(level, one, a, a_count, a_player))
                continue;
            if (node->b < 0 ? same_thing(level, one, other)
                            : !is_meant(level, other, node->b, node->b_count, node->b_player))
                continue;
            if (out_pair)
                out_pair[0] = one, out_pair[1] = other;
            return true;
        }
    }
    return false;
}

bool para_goal_touching(const ParaLevel *level, const ParaView *view, const ParaGoalNode *node, int *out_pair)
{
    return touches(level, view, node, node->a, node->a_count, node->a_player && !node->every, out_pair);
}

/// Smallest distance of `body` to one of the bodies or zones meant.
static double least_distance(const ParaView *view, const ParaGoalNode *node, int body)
{
    double least = 1e30;
    for (int z = 0; z < node->zone_count; z++)
        least = para_min(least, para_play_distance(view, body, -1, node->zone + z));
    for (int b = 0; b < node->b_count; b++)
        if (node->b + b != body && view->enabled[(size_t)(node->b + b) * (size_t)view->stride])
            least = para_min(least, para_play_distance(view, body, node->b + b, -1));
    return least;
}

int para_goal_overlapping(const ParaView *view, const ParaGoalNode *node, int body)
{
    for (int b = node->b; b < node->b + node->b_count; b++)
        if (b != body && para_bodies_overlap(view, body, b))
            return b;
    return -1;
}

bool para_goal_body_true(const ParaPlay *play, const ParaLevel *level, const ParaView *view,
                         const ParaGoalNode *node, int body)
{
    double value = (double)node->value;
    // A body that has been taken away is nowhere.
    if (node->kind != PARA_GOAL_SHATTERED && node->kind != PARA_GOAL_COLLECTED &&
        !view->enabled[(size_t)body * (size_t)view->stride])
        return false;
    switch (node->kind) {
    case PARA_GOAL_TOUCH:
        return touches(level, view, node, body, 1, false, NULL);
    case PARA_GOAL_INSIDE: {
        uint32_t bits = view->zone_bits[(size_t)body * (size_t)view->stride] >> node->zone;
        return (bits & (node->zone_count >= 32 ? 0xffffffffu : (1u << node->zone_count) - 1)) != 0;
    }
    case PARA_GOAL_NEAR:
        return least_distance(view, node, body) <= value;
    case PARA_GOAL_ABOVE:
        return (double)at(view, view->centre_y, body) > value;
    case PARA_GOAL_BELOW:
        return (double)at(view, view->centre_y, body) < value;
    case PARA_GOAL_RIGHT_OF:
        return (double)at(view, view->centre_x, body) > value;
    case PARA_GOAL_LEFT_OF:
        return (double)at(view, view->centre_x, body) < value;
    case PARA_GOAL_UPRIGHT: {
        double angle = (double)at(view, view->angle, body);
        angle -= PARA_TAU * floor(angle / PARA_TAU + 0.5);
        return fabs(angle) < value;
    }
    case PARA_GOAL_SLOW:
        return para_play_speed(view, body) < value;
    case PARA_GOAL_SHATTERED:
        return para_play_bit(play->shattered, body);
    case PARA_GOAL_COLLECTED:
        return para_play_bit(play->collected, body);
    case PARA_GOAL_OVERLAP:
        return para_goal_overlapping(view, node, body) >= 0;
    case PARA_GOAL_ALL:
    case PARA_GOAL_ANY:
    case PARA_GOAL_NOT:
    case PARA_GOAL_THEN:
    case PARA_GOAL_TIME:
    case PARA_GOAL_IS:
    case PARA_GOAL_AT:
    case PARA_GOAL_EVERY:
        break;
    }
    PARA_NEVER("these are about no body");
}

static int fulfilled_count(const ParaPlay *play, const ParaLevel *level, const ParaView *view,
                           const ParaGoalNode *node)
{
    int count = 0;
    for (int k = 0; k < node->a_count; k++)
        count += para_goal_body_true(play, level, view, node, node->a + k);
    return count;
}

static bool is_every(const ParaGoalNode *node) { return node->every || node->kind == PARA_GOAL_COLLECTED; }

/// Has a time [s] come? As a float it may be a little late.
static bool has_come(double time, double moment) { return time >= moment * (1 - 1e-7) - 1e-6; }

/// How often a period has passed by then.
static double times_passed(double time, const ParaGoalNode *node)
{
    if (!has_come(time, (double)node->from))
        return 0;
    return 1 + floor((time - (double)node->from) / (double)node->value * (1 + 1e-7) + 1e-6);
}

/// Is it the first step in which the moment, or the next one of a row, has come?
static bool is_moment(const ParaLevel *level, const ParaView *view, const ParaGoalNode *node)
{
    double before = ((double)view->step - 1) / (double)level->world.rate;
    if (node->kind == PARA_GOAL_EVERY)
        return view->step > 0 &&
               times_passed(view->time, node) > (view->step > 1 ? times_passed(before, node) : 0);
    return view->step > 0 && has_come(view->time, (double)node->value) &&
           (view->step == 1 || !has_come(before, (double)node->value));
}

bool para_goal_leaf_true(const ParaPlay *play, const ParaLevel *level, const ParaView *view,
                         const ParaGoalNode *node)
{
    if (node->kind == PARA_GOAL_TIME)
        return has_come(view->time, (double)node->value);
    if (node->kind == PARA_GOAL_IS) {
        double value;
        return para_play_number(play, level, view, &node->is, &value) && value != 0;
    }
    if (para_goal_is_moment(node->kind))
        return is_moment(level, view, node);
    if (node->kind == PARA_GOAL_TOUCH && !node->every)
        return para_goal_touching(level, view, node, NULL);
    PARA_ASSERT(node->a_count > 0); // a tree that judge() does not know, or a leaf the sampler left empty
    int count = fulfilled_count(play, level, view, node);
    return is_every(node) ? count == node->a_count : count > 0;
}

// ---------------------------------------------------------------------------------------------
// The tree. Every node is looked at in every step, so that its holding time is known; of an order (then) only
// up to the child that is due.

typedef struct Truth {
    bool now;  ///< true at this moment, holding times left out
    bool held; ///< true, and for long enough
} Truth;

static Truth judge(ParaPlay *play, const ParaLevel *level, const ParaView *view, int index);

static Truth judge_then(ParaPlay *play, const ParaLevel *level, const ParaView *view, int index)
{
    const ParaGoalNode *node = &level->goals[index];
    int done = play->done[index];
    // Several steps of the order may be passed at once.
    while (done < node->child_count && judge(play, level, view, node->child_first + done).held)
        done++;
    play->done[index] = (uint8_t)done;
    bool all = done == node->child_count;
    return (Truth){all, all};
}

static Truth judge_children(ParaPlay *play, const ParaLevel *level, const ParaView *view,
                            const ParaGoalNode *node)
{
    bool all = node->kind == PARA_GOAL_ALL;
    Truth truth = {all, all};
    for (int k = 0; k < node->child_count; k++) {
        Truth child = judge(play, level, view, node->child_first + k);
        truth.now = all ? truth.now && child.now : truth.now || child.now;
        truth.held = all ? truth.held && child.held : truth.held || child.held;
    }
    return truth;
}

static Truth judge(ParaPlay *play, const ParaLevel *level, const ParaView *view, int index)
{
    const ParaGoalNode *node = &level->goals[index];
    Truth truth;
    if (node->kind == PARA_GOAL_THEN) {
        truth = judge_then(play, level, view, index);
    } else if (node->kind == PARA_GOAL_NOT) {
        Truth child = judge(play, level, view, node->child_first);
        truth = (Truth){!child.now, !child.held};
    } else if (node->kind == PARA_GOAL_ALL || node->kind == PARA_GOAL_ANY) {
        truth = judge_children(play, level, view, node);
    } else {
        truth.now = truth.held = para_goal_leaf_true(play, level, view, node);
    }
    if (node->hold > 0) {
        play->held[index] = truth.held ? play->held[index] + 1 : 0;
        truth.held = play->held[index] >= para_level_steps(level, node->hold);
    }
    return truth;
}

bool para_goal_judge(ParaPlay *play, const ParaLevel *level, const ParaView *view, int root, bool *out_now)
{
    PARA_ASSERT(root >= 0 && root < level->goal_count);
    Truth truth = judge(play, level, view, root);
    if (out_now)
        *out_now = truth.now;
    return truth.held;
}

// ---------------------------------------------------------------------------------------------
// Progress: 0 at the start, 1 when reached. A leaf about a place counts the way that is left.

static double way_share(double left, double whole)
{
    return whole > 1e-6 ? para_clamp(1.0 - left / whole, 0, 1) : 0;
}

/// Distance at the start from the body to the nearest of what is meant.
static double start_distance(const ParaLevel *level, const ParaGoalNode *node, int body)
{
    ParaVec2 from = level->world.bodies[body].position;
    double least = 1e30;
    for (int k = 0; k < node->zone_count + node->b_count; k++) {
        if (k >= node->zone_count && node->b + k - node->zone_count == body)
            continue;
        ParaVec2 to = k < node->zone_count ? level->world.zones[node->zone + k].position
                                           : level->world.bodies[node->b + k - node->zone_count].position;
        least = para_min(least, distance((double)from.x - (double)to.x, (double)from.y - (double)to.y));
    }
    return least;
}

static double body_progress(const ParaPlay *play, const ParaLevel *level, const ParaView *view,
                            const ParaGoalNode *node, int body)
{
    if (para_goal_body_true(play, level, view, node, body))
        return 1;
    double value = (double)node->value, x = (double)at(view, view->centre_x, body);
    double y = (double)at(view, view->centre_y, body);
    ParaVec2 start = level->world.bodies[body].position;
    switch (node->kind) {
    case PARA_GOAL_TOUCH:
        if (node->b < 0)
            return 0;
        return 0.9 * way_share(least_distance(view, node, body), start_distance(level, node, body));
    case PARA_GOAL_INSIDE:
    case PARA_GOAL_OVERLAP:
        return 0.9 * way_share(least_distance(view, node, body), start_distance(level, node, body));
    case PARA_GOAL_NEAR:
        return 0.9 *
               way_share(least_distance(view, node, body) - value, start_distance(level, node, body) - value);
    case PARA_GOAL_ABOVE:
        return 0.9 * way_share(value - y, value - (double)start.y);
    case PARA_GOAL_BELOW:
        return 0.9 * way_share(y - value, (double)start.y - value);
    case PARA_GOAL_RIGHT_OF:
        return 0.9 * way_share(value - x, value - (double)start.x);
    case PARA_GOAL_LEFT_OF:
        return 0.9 * way_share(x - value, (double)start.x - value);
    case PARA_GOAL_UPRIGHT: // no way leads there: it is or it is not
    case PARA_GOAL_SLOW:
    case PARA_GOAL_SHATTERED:
    case PARA_GOAL_COLLECTED:
        return 0;
    case PARA_GOAL_ALL:
    case PARA_GOAL_ANY:
    case PARA_GOAL_NOT:
    case PARA_GOAL_THEN:
    case PARA_GOAL_TIME:
    case PARA_GOAL_IS:
    case PARA_GOAL_AT:
    case PARA_GOAL_EVERY:
        break;
    }
    PARA_NEVER("these are about no body");
}

static double leaf_progress(const ParaPlay *play, const ParaLevel *level, const ParaView *view,
                            const ParaGoalNode *node)
{
    if (node->kind == PARA_GOAL_TIME)
        return node->value > 0 ? para_clamp(view->time / (double)node->value, 0, 1) : 1;
    if (node->kind == PARA_GOAL_IS)
        return para_goal_leaf_true(play, level, view, node);
    double sum = 0, most = 0;
    for (int k = 0; k < node->a_count; k++) {
        double share = body_progress(play, level, view, node, node->a + k);
        sum += share;
        most = para_max(most, share);
    }
    return is_every(node) ? sum / node->a_count : most;
}

static double progress(const ParaPlay *play, const ParaLevel *level, const ParaView *view, int index)
{
    const ParaGoalNode *node = &level->goals[index];
    double share = 0, most = 0;
    switch (node->kind) {
    case PARA_GOAL_ALL:
    case PARA_GOAL_ANY:
        for (int k = 0; k < node->child_count; k++) {
            double child = progress(play, level, view, node->child_first + k);
            share += child / node->child_count;
            most = para_max(most, child);
        }
        if (node->kind == PARA_GOAL_ANY)
            share = most;
        else if (node->child_count == 0)
            share = 1;
        break;
    case PARA_GOAL_NOT:
        share = progress(play, level, view, node->child_first) < 1;
        break;
    case PARA_GOAL_THEN:
        share = play->done[index];
        if (play->done[index] < node->child_count)
            share += progress(play, level, view, node->child_first + play->done[index]);
        share = node->child_count ? share / node->child_count : 1;
        break;
#define PARA_GOAL_TREE(...)
#define PARA_GOAL(id, ...) case PARA_GOAL_##id:
#include "worlds/level/kinds.def"
        share = leaf_progress(play, level, view, node);
    }
    if (node->hold > 0)
        share = 0.9 * share +
                0.1 * para_clamp(play->held[index] / ((double)node->hold * (double)level->world.rate), 0, 1);
    return share;
}

float para_goal_progress(const ParaPlay *play, const ParaLevel *level, const ParaView *view, int root)
{
    return (float)para_clamp(progress(play, level, view, root), 0, 1);
}
