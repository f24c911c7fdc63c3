// SPDX-License-Identifier: MIT
// The rules of a running level: actions are taken, things break or are collected, and
// goal, fail and rewards are read. Nothing here allocates.
#include "worlds/rules/play.h"

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

static double potential(const ParaView *view, const ParaRewardTerm *term)
{
    switch (term->kind) {
    case PARA_REWARD_APPROACH:
        return -para_play_distance(view, term->a, term->b, term->zone);
    case PARA_REWARD_FORWARD:
        return (double)at(view, view->centre_x, term->a);
    case PARA_REWARD_UP:
        return (double)at(view, view->centre_y, term->a);
    case PARA_REWARD_SLOW:
        return -para_play_speed(view, term->a);
    default:
        return 0;
    }
}

bool para_play_begin(ParaPlay *play, const ParaLevel *level, ParaWorld world, ParaDiagList *diagnostics)
{
    memset(play, 0, sizeof *play);
    play->grip_body = -1;
    if (!para_world_build(world, &level->world, diagnostics))
        return false;
    const ParaView *view = para_world_view(world);
    for (int r = 0; r < level->reward_count; r++)
        play->potential[r] = (float)potential(view, &level->rewards[r]);
    play->progress = para_goal_progress(play, level, view);
    return true;
}

void para_play_act(ParaPlay *play, const ParaLevel *level, const float *action)
{
    for (int c = 0; c < PARA_CHANNELS; c++) {
        bool bound = level->player.channel_bits >> c & 1;
        // NaN is no action; the comparison in the clamp would let it through.
        play->action[c] = bound && action[c] == action[c] ? para_clampf(action[c], -1.0f, 1.0f) : 0.0f;
    }
}

void para_play_before_step(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    if (play->status != PARA_PLAY_ON)
        return;
    para_play_drive(play, level, world);
}

// ---------------------------------------------------------------------------------------------
// After the step: what broke, what was collected, what it is worth.

static void shatter(ParaPlay *play, const ParaLevel *level, ParaWorld world, int body, float impulse)
{
    if (!(level->body_shatters[body] > 0) || impulse <= level->body_shatters[body] ||
        para_play_bit(play->shattered, body))
        return;
    para_play_set_bit(play->shattered, body);
    // The player's own parts stay: eye and camera need their place.
    if (level->body_roles[body] != PARA_ROLE_PLAYER)
        para_world_disable_body(world, body);
}

static void collect(ParaPlay *play, const ParaLevel *level, ParaWorld world, int body, int other)
{
    if (!level->body_collects[body] || level->body_roles[other] != PARA_ROLE_PLAYER ||
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
        shatter(play, level, world, event->body_a, event->impulse);
        shatter(play, level, world, event->body_b, event->impulse);
    }
    for (int c = 0; c < view->contact_count; c++) {
        collect(play, level, world, view->contacts[c].body_a, view->contacts[c].body_b);
        collect(play, level, world, view->contacts[c].body_b, view->contacts[c].body_a);
    }
}

static float effort(const ParaPlay *play, const ParaLevel *level)
{
    float sum = 0;
    int count = 0;
    for (int c = 0; c < PARA_CHANNELS; c++) {
        if (!(level->player.channel_bits >> c & 1))
            continue;
        sum += fabsf(play->action[c]);
        count++;
    }
    return count ? sum / (float)count : 0;
}

static void pay(ParaPlay *play, const ParaLevel *level, const ParaView *view, bool goal_now)
{
    float dt = 1.0f / level->world.rate;
    for (int r = 0; r < level->reward_count; r++) {
        const ParaRewardTerm *term = &level->rewards[r];
        float value = 0;
        switch (term->kind) {
        case PARA_REWARD_ALIVE:
            value = dt;
            break;
        case PARA_REWARD_UPRIGHT:
            value = dt * at(view, view->cos, term->a);
            break;
        case PARA_REWARD_EFFORT:
            value = -dt * effort(play, level);
            break;
        case PARA_REWARD_HOLD:
            value = goal_now ? dt : 0;
            break;
        default: { // potentials pay their difference, so that a loop pays nothing
            float now = (float)potential(view, term);
            value = now - play->potential[r];
            play->potential[r] = now;
        }
        }
        play->reward += term->weight * value;
    }
}

void para_play_after_step(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    if (play->status != PARA_PLAY_ON)
        return;
    const ParaView *view = para_world_view(world);
    if (view->status == PARA_WORLD_DIVERGED) {
        play->status = PARA_PLAY_DIVERGED;
        return;
    }
    read_contacts(play, level, world);
    bool goal_now = false;
    bool solved = para_goal_judge(play, level, view, level->goal_root, &goal_now);
    bool failed = level->fail_root >= 0 && para_goal_judge(play, level, view, level->fail_root, NULL);
    play->progress = solved && !failed ? 1.0f : para_goal_progress(play, level, view);
    pay(play, level, view, goal_now);
    if (failed) {
        play->status = PARA_PLAY_FAILED;
        play->reward += level->reward_failed;
    } else if (solved) {
        play->status = PARA_PLAY_SOLVED;
        play->reward += level->reward_solved;
    } else if ((double)view->step >= (double)level->seconds * (double)level->world.rate - 0.5) {
        play->status = PARA_PLAY_TIMEOUT;
    }
}

void para_play_step(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    if (play->status != PARA_PLAY_ON)
        return;
    para_play_before_step(play, level, world);
    para_world_step(world);
    para_play_after_step(play, level, world);
}
