// SPDX-License-Identifier: MIT
// The rules of a running level: actions are taken, things break or are collected, and
// goal, fail and rewards are read. Nothing here allocates.
#include "worlds/rules/play.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "worlds/rules/goal.h"

#include <math.h>
#include <string.h>

static float at(const ParaView *view, const float *values, int body)
{
    return values[(size_t)body * (size_t)view->stride];
}

// ---------------------------------------------------------------------------------------------
// Begin and act.

/// Mean size of a player's action over its channels, 0..1.
static float effort(const ParaPlayer *player, const ParaPlayerState *state)
{
    float sum = 0;
    int count = 0;
    for (int c = 0; c < PARA_CHANNELS; c++) {
        if (!(player->channel_bits >> c & 1))
            continue;
        sum += fabsf(state->action[c]);
        count++;
    }
    return count ? sum / (float)count : 0;
}

/// What a term is about now: the quantity whose growth pays, or what a second pays.
static double worth(const ParaPlay *play, const ParaLevel *level, const ParaView *view,
                    const ParaRewardTerm *term, bool goal_now)
{
    double number;
    switch (term->kind) {
    case PARA_REWARD_APPROACH:
        return -para_play_distance(view, term->a, term->b, term->zone);
    case PARA_REWARD_FORWARD:
        return (double)at(view, view->centre_x, term->a);
    case PARA_REWARD_UP:
        return (double)at(view, view->centre_y, term->a);
    case PARA_REWARD_SLOW:
        return -para_play_speed(view, term->a);
    case PARA_REWARD_ALIVE:
        return 1;
    case PARA_REWARD_UPRIGHT:
        return (double)at(view, view->cos, term->a);
    case PARA_REWARD_EFFORT:
        return -(double)effort(&level->players[term->player], &play->players[term->player]);
    case PARA_REWARD_HOLD:
        return goal_now;
    case PARA_REWARD_CHANGE:
    case PARA_REWARD_VALUE:
    case PARA_REWARD_EACH:
        return para_play_number(play, level, view, &term->expr, &number) ? number : 0;
    }
    PARA_NEVER("no reward kind");
}

bool para_play_begin(ParaPlay *play, const ParaLevel *level, ParaWorld world, ParaPlayerState *players,
                     void *events, ParaDiagList *diagnostics)
{
    PARA_ASSERT(level->player_count >= 1 && level->player_count <= PARA_PLAYERS_MAX);
    memset(play, 0, sizeof *play);
    if (!para_world_build(world, &level->world, diagnostics))
        return false;
    const ParaView *view = para_world_view(world);
    play->player_count = level->player_count;
    play->players = players;
    size_t remembered = para_play_events_size(level);
    PARA_ASSERT(events || remembered == 0);
    play->events = remembered > 0 ? events : NULL;
    for (int b = 0; b < level->world.body_count; b++) {
        if (para_level_moves(level, b))
            play->moving_end = b + 1;
        if (level->body_crushes[b] > 0)
            play->crushed_end = b + 1;
    }
    // Events and portals ask who holds what: players stand before they do.
    for (int p = 0; p < level->player_count; p++)
        players[p] = (ParaPlayerState){.grip_body = -1};
    para_play_events_begin(play, level, world);
    for (int p = 0; p < level->player_count; p++) {
        const ParaPlayer *player = &level->players[p];
        players[p].progress = para_goal_progress(play, level, view, player->goal_root);
        for (int k = 0; k < player->actuator_count; k++)
            players[p].airs[k] = (uint8_t)player->actuators[k].air_jumps;
    }
    for (int r = 0; r < level->reward_count; r++) {
        const ParaRewardTerm *term = &level->rewards[r];
        if (para_reward_pays(term->kind) == PARA_PAYS_CHANGE)
            play->potential[r] = (float)worth(play, level, view, term, false);
    }
    return true;
}

void para_play_copy(ParaPlay *to, const ParaPlay *from, const ParaLevel *level, ParaPlayerState *players,
                    void *events)
{
    if (from->events)
        memcpy(events, from->events, para_play_events_size(level));
    memcpy(players, from->players, sizeof *players * (size_t)from->player_count);
    *to = *from;
    to->players = players;
    to->events = from->events ? events : NULL;
}

void para_play_act(ParaPlay *play, const ParaLevel *level, const float *actions)
{
    for (int p = 0; p < level->player_count; p++) {
        const float *action = actions + (size_t)p * PARA_CHANNELS;
        for (int c = 0; c < PARA_CHANNELS; c++) {
            bool bound = level->players[p].channel_bits >> c & 1;
            // NaN is no action; the comparison in the clamp would let it through.
            play->players[p].action[c] =
                bound && action[c] == action[c] ? para_clampf(action[c], -1.0f, 1.0f) : 0.0f;
        }
    }
}

/// Whoever has a countdown does nothing until it is over: not even a key that is held from then on is known
/// before the next decision, so that no action of that time, and no trace of one, is left afterwards.
static void count_down(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    for (int p = 0; p < level->player_count; p++) {
        float countdown = level->players[p].countdown;
        if (countdown > 0 && para_world_view(world)->step < (uint64_t)para_level_steps(level, countdown))
            memset(play->players[p].action, 0, sizeof play->players[p].action);
    }
}

void para_play_before_step(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    if (play->status != PARA_PLAY_ON)
        return;
    count_down(play, level, world);
    if (play->events)
        para_play_events_before(play, level, world);
    if (level->zone_forces)
        para_play_forces(play, level, world);
    para_play_drive(play, level, world);
    if (play->hold.held > 0)
        para_play_hold(play, level, world);
}

// ---------------------------------------------------------------------------------------------
// After the step: what broke, what was collected, what it is worth.

/// What lies to a broken body as it did at the start comes into the world, and moves as a part of it would.
static void come_apart(const ParaPlay *play, const ParaLevel *level, ParaWorld world, int body)
{
    const ParaPieces *pieces = &level->body_pieces[body];
    const ParaView *view = para_world_view(world);
    const ParaBodyDef *whole = &level->world.bodies[body];
    double s, c, turn = (double)at(view, view->angle, body) - (double)whole->angle;
    double spin = (double)at(view, view->spin, body);
    para_sincos(turn, &s, &c);
    for (int k = pieces->first; k < pieces->first + pieces->count; k++) {
        if (view->enabled[(size_t)k * (size_t)view->stride] || para_play_bit(play->shattered, k) ||
            para_play_bit(play->collected, k))
            continue;
        const ParaBodyDef *piece = &level->world.bodies[k];
        double dx = (double)piece->position.x - (double)whole->position.x;
        double dy = (double)piece->position.y - (double)whole->position.y;
        double x = (double)at(view, view->x, body) + c * dx - s * dy;
        double y = (double)at(view, view->y, body) + s * dx + c * dy;
        double angle = (double)piece->angle + turn, off = angle - (double)at(view, view->angle, k), sin, cos;
        para_sincos(off, &sin, &cos);
        dx = (double)at(view, view->centre_x, k) - (double)at(view, view->x, k);
        dy = (double)at(view, view->centre_y, k) - (double)at(view, view->y, k);
        double arm_x = x + cos * dx - sin * dy - (double)at(view, view->centre_x, body);
        double arm_y = y + sin * dx + cos * dy - (double)at(view, view->centre_y, body);
        ParaVec2 velocity = {(float)((double)at(view, view->vx, body) - spin * arm_y),
                             (float)((double)at(view, view->vy, body) + spin * arm_x)};
        para_world_place_body(world, k, (ParaVec2){(float)x, (float)y}, (float)angle, velocity, (float)spin);
    }
}

static void shatter(ParaPlay *play, const ParaLevel *level, ParaWorld world, int body)
{
    if (para_play_bit(play->shattered, body))
        return;
    para_play_set_bit(play->shattered, body);
    // A player's own parts stay: eye and camera need their place.
    if (para_level_owner(level, body) >= 0)
        return;
    para_world_disable_body(world, body);
    if (level->body_pieces)
        come_apart(play, level, world, body);
}

static bool is_blow(const ParaLevel *level, int body, float impulse)
{
    return level->body_shatters[body] > 0 && impulse > level->body_shatters[body];
}

/// Direction in which a contact pushes a body; (0, 0): it is none of its own.
static ParaVec2 push_on(const ParaContact *contact, int body)
{
    float sign = contact->body_b == body ? 1.0f : contact->body_a == body ? -1.0f : 0.0f;
    return (ParaVec2){sign * contact->normal.x, sign * contact->normal.y};
}

/// Force [N] with which a body is pressed from opposite sides: of a contact that, which others withstand. A
/// wall and a floor withstand nothing of each other, nor do two posts under one load.
static double squeeze_of(const ParaView *view, int body)
{
    double most = 0;
    for (int i = 0; i < view->contact_count; i++) {
        ParaVec2 push = push_on(&view->contacts[i], body);
        if (push.x == 0 && push.y == 0)
            continue;
        double against = 0;
        for (int k = 0; k < view->contact_count; k++) {
            ParaVec2 other = push_on(&view->contacts[k], body);
            double facing = -((double)push.x * (double)other.x + (double)push.y * (double)other.y);
            against += para_max(facing, 0) * (double)view->contacts[k].impulse;
        }
        most = para_max(most, para_min((double)view->contacts[i].impulse, against));
    }
    return most * (double)view->def->rate;
}

static void crush(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    const ParaView *view = para_world_view(world);
    for (int b = 0; b < play->crushed_end; b++)
        if (level->body_crushes[b] > 0 && squeeze_of(view, b) > (double)level->body_crushes[b])
            shatter(play, level, world, b);
}

static void collect(ParaPlay *play, const ParaLevel *level, ParaWorld world, int body, int other)
{
    if (!level->body_collects[body] || para_level_owner(level, other) < 0 ||
        para_play_bit(play->collected, body))
        return;
    para_play_set_bit(play->collected, body);
    para_world_disable_body(world, body);
}

static void read_contacts(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    const ParaView *view = para_world_view(world);
    for (int e = 0; e < view->event_count; e++) {
        const ParaEvent *event = &view->events[e];
        if (event->kind != PARA_EVENT_IMPULSE)
            continue;
        if (is_blow(level, event->body_a, event->impulse))
            shatter(play, level, world, event->body_a);
        if (is_blow(level, event->body_b, event->impulse))
            shatter(play, level, world, event->body_b);
    }
    crush(play, level, world);
    for (int c = 0; c < view->contact_count; c++) {
        collect(play, level, world, view->contacts[c].body_a, view->contacts[c].body_b);
        collect(play, level, world, view->contacts[c].body_b, view->contacts[c].body_a);
    }
}

/// Joints that bear more than they can let go.
static void break_joints(const ParaLevel *level, ParaWorld world)
{
    const ParaView *view = para_world_view(world);
    for (int j = 0; level->joint_breaks && j < level->world.joint_count; j++) {
        size_t k = (size_t)j * (size_t)view->stride;
        if (level->joint_breaks[j] > 0 && view->joint_enabled[k] &&
            view->joint_load[k] > level->joint_breaks[j])
            para_world_break_joint(world, j);
    }
}

static void pay(ParaPlay *play, const ParaLevel *level, const ParaView *view, int player, bool goal_now)
{
    ParaPlayerState *state = &play->players[player];
    float dt = 1.0f / level->world.rate;
    for (int r = 0; r < level->reward_count; r++) {
        const ParaRewardTerm *term = &level->rewards[r];
        if (term->player != player)
            continue;
        float now = (float)worth(play, level, view, term, goal_now);
        ParaPays pays = para_reward_pays(term->kind);
        if (pays == PARA_PAYS_CHANGE) { // by difference, so that a loop pays nothing
            state->reward += term->weight * (now - play->potential[r]);
            play->potential[r] = now;
        } else {
            state->reward += term->weight * (pays == PARA_PAYS_TIME ? dt * now : now);
        }
    }
}

/// The goals and fails of one step. Several players may share one, and a node counts its time once a step.
typedef struct Verdicts {
    int count; ///< [1] of roots judged so far
    int root[2 * PARA_PLAYERS_MAX];
    bool held[2 * PARA_PLAYERS_MAX], now[2 * PARA_PLAYERS_MAX];
} Verdicts;

static int judge_once(Verdicts *verdicts, ParaPlay *play, const ParaLevel *level, const ParaView *view,
                      int root)
{
    int i = 0;
    while (i < verdicts->count && verdicts->root[i] != root)
        i++;
    if (i < verdicts->count)
        return i;
    verdicts->root[i] = root;
    verdicts->held[i] = para_goal_judge(play, level, view, root, &verdicts->now[i]);
    verdicts->count++;
    return i;
}

/// What a player has got to counts from where it is now.
static void count_anew(ParaPlay *play, const ParaLevel *level, const ParaView *view, int player)
{
    for (int r = 0; r < level->reward_count; r++) {
        const ParaRewardTerm *term = &level->rewards[r];
        if (term->player == player && para_reward_pays(term->kind) == PARA_PAYS_CHANGE)
            play->potential[r] = (float)worth(play, level, view, term, false);
    }
}

/// What the step is worth to one player, and whether it ends it.
/// @param read somebody reads the progress of players that go on
static void settle(ParaPlay *play, const ParaLevel *level, ParaWorld world, int p, bool read,
                   Verdicts *verdicts)
{
    const ParaView *view = para_world_view(world);
    const ParaPlayer *player = &level->players[p];
    ParaPlayerState *state = &play->players[p];
    int goal = judge_once(verdicts, play, level, view, player->goal_root);
    bool failed = false, back = false;
    if (player->fail_root >= 0)
        failed = verdicts->held[judge_once(verdicts, play, level, view, player->fail_root)];
    bool solved = verdicts->held[goal] && !failed;
    bool ends = solved || failed || view->step >= (uint64_t)para_level_steps(level, level->seconds);
    if (read || ends)
        state->progress = solved ? 1.0f : para_goal_progress(play, level, view, player->goal_root);
    float before = state->reward;
    pay(play, level, view, p, verdicts->now[goal]);
    if ((failed || solved) && player->reward_replaces)
        state->reward = before;
    if (failed) {
        state->reward += player->reward_failed;
        back = para_play_return(play, level, world, p);
        if (back)
            count_anew(play, level, view, p);
    }
    if (failed && !back) {
        state->status = PARA_PLAY_FAILED;
    } else if (solved) {
        state->status = PARA_PLAY_SOLVED;
        state->reward += player->reward_solved;
    } else if (view->step >= (uint64_t)para_level_steps(level, level->seconds)) {
        state->status = PARA_PLAY_TIMEOUT;
    }
}

/// ON while any player is; then the gravest end.
static ParaPlayStatus joint_status(const ParaPlay *play)
{
    ParaPlayStatus gravest = PARA_PLAY_ON;
    for (int p = 0; p < play->player_count; p++) {
        if (play->players[p].status == PARA_PLAY_ON)
            return PARA_PLAY_ON;
        if (play->players[p].status > gravest)
            gravest = play->players[p].status;
    }
    return gravest;
}

/// Whoever shares gives to those of its team who were in play, itself among them, in equal parts.
/// @param before [A] rewards at the start of the step   @param on [bits] who was in play then
static void share_rewards(ParaPlay *play, const ParaLevel *level, const float *before, uint32_t on)
{
    float given[PARA_PLAYERS_MAX] = {0};
    for (int p = 0; p < play->player_count; p++) {
        const ParaPlayer *player = &level->players[p];
        float part = player->share * (play->players[p].reward - before[p]);
        uint32_t team = 0;
        int count = 0;
        if (!(on >> p & 1) || !(part > 0 || part < 0))
            continue;
        for (int k = 0; k < play->player_count; k++)
            if ((on >> k & 1) && level->players[k].team == player->team)
                team |= 1u << k, count++;
        for (int k = 0; k < play->player_count; k++)
            given[k] += team >> k & 1 ? part / (float)count : 0.0f;
        given[p] -= part;
    }
    for (int p = 0; p < play->player_count; p++)
        play->players[p].reward += given[p];
}

static bool anyone_shares(const ParaLevel *level)
{
    for (int p = 0; p < level->player_count; p++)
        if (level->players[p].share > 0)
            return true;
    return false;
}

static void after_step(ParaPlay *play, const ParaLevel *level, ParaWorld world, bool read)
{
    if (play->status != PARA_PLAY_ON)
        return;
    PARA_ASSERT(play->player_count == level->player_count); // begun with this level
    const ParaView *view = para_world_view(world);
    bool diverged = view->status == PARA_WORLD_DIVERGED;
    Verdicts verdicts; // only its count is read before it is written: clearing it all shows in the bench
    verdicts.count = 0;
    if (!diverged) {
        read_contacts(play, level, world);
        break_joints(level, world);
        if (play->events)
            para_play_events_after(play, level, world);
        diverged = view->status == PARA_WORLD_DIVERGED; // of what was done to it
    }
    float before[PARA_PLAYERS_MAX] = {0};
    uint32_t on = 0;
    bool shares = play->player_count > 1 && anyone_shares(level);
    for (int p = 0; p < play->player_count; p++) {
        if (play->players[p].status != PARA_PLAY_ON)
            continue;
        on |= 1u << p;
        before[p] = play->players[p].reward;
        if (diverged)
            play->players[p].status = PARA_PLAY_DIVERGED;
        else
            settle(play, level, world, p, read, &verdicts);
    }
    if (shares)
        share_rewards(play, level, before, on);
    play->status = joint_status(play);
}

void para_play_after_step(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    after_step(play, level, world, true);
}

void para_play_after_step_on_the_way(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    after_step(play, level, world, false);
}

void para_play_go_on(ParaPlay *play)
{
    PARA_ASSERT(play->status != PARA_PLAY_DIVERGED);
    play->status = PARA_PLAY_ON;
    for (int p = 0; p < play->player_count; p++)
        play->players[p].status = PARA_PLAY_ON;
}

void para_play_step(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    if (play->status != PARA_PLAY_ON)
        return;
    para_play_before_step(play, level, world);
    para_world_step(world);
    para_play_after_step(play, level, world);
}
