// SPDX-License-Identifier: MIT
// What moves by itself or by an action: actuators write the world's inputs, platforms swing. What a body on
// legs does is in play_legs.c.
#include "worlds/rules/drive.h"

#include "engine/base/maths.h"
#include "worlds/rules/events.h"
#include "worlds/rules/path.h"

#include <math.h>

#define TORQUE_RATE 1e3f ///< [rad/s] rate a torque actuator strives for: never reached

static float at(const ParaView *view, const float *values, int body)
{
    return values[(size_t)body * (size_t)view->stride];
}

static bool is_enabled(const ParaView *view, int body)
{
    return view->enabled[(size_t)body * (size_t)view->stride] != 0;
}

// ---------------------------------------------------------------------------------------------
// Actuators.

void para_drive_force(const ParaDrive *drive, int body, double x, double y)
{
    size_t k = (size_t)body * (size_t)drive->inputs->stride;
    drive->inputs->force_x[k] += (float)x;
    drive->inputs->force_y[k] += (float)y;
}

static void add_torque(const ParaDrive *drive, int body, double torque)
{
    drive->inputs->torque[(size_t)body * (size_t)drive->inputs->stride] += (float)torque;
}

static void clear_force(const ParaInputs *inputs, int body)
{
    size_t k = (size_t)body * (size_t)inputs->stride;
    inputs->force_x[k] = inputs->force_y[k] = inputs->torque[k] = 0;
}

static void drive_joint(const ParaDrive *drive, float rate, float most)
{
    size_t k = (size_t)drive->actuator->joint * (size_t)drive->inputs->stride;
    drive->inputs->motor_rate[k] = rate;
    drive->inputs->motor_max[k] = most;
}

/// What is left of a drive that pushes its joint toward a limit, 0..1.
static double faded(const ParaJointDef *joint, double angle, double toward, double fade)
{
    if (!joint->limited || !(fade > 0) || toward == 0)
        return 1;
    double inner = para_min(para_max(angle, (double)joint->lower + fade), (double)joint->upper - fade);
    double beyond = angle - inner;
    return beyond * toward > 0 ? para_max(0, 1 - fabs(beyond) / fade) : 1;
}

/// Hyperbolic tangent, to 1e-16 absolute.
static double soft(double x)
{
    double t = para_exp(-2 * fabs(x));
    return x < 0 ? (t - 1) / (1 + t) : (1 - t) / (1 + t);
}

/// A torque between the two bodies of a hinge, by its speed before this step: it may overshoot, as soft
/// motors do. Source: the motor of Kinetix (Matthews et al., ICLR 2025).
static void drive_softly(const ParaDrive *drive)
{
    const ParaActuator *actuator = drive->actuator;
    const ParaJointDef *joint = &drive->level->world.joints[actuator->joint];
    if (!drive->view->joint_enabled[(size_t)actuator->joint * (size_t)drive->view->stride])
        return;
    double wanted = (double)drive->action * (double)actuator->rate;
    double missing = wanted - (double)at(drive->view, drive->view->joint_speed, actuator->joint);
    double torque = (double)actuator->torque * soft((double)actuator->gain * missing);
    torque *= faded(joint, (double)at(drive->view, drive->view->joint_angle, actuator->joint), wanted,
                    (double)actuator->fade);
    add_torque(drive, joint->a, -torque);
    add_torque(drive, joint->b, torque);
}

static void slide_body(const ParaDrive *drive)
{
    int body = drive->actuator->body;
    float spin = at(drive->view, drive->view->spin, body);
    para_world_set_velocity(drive->world, body, (ParaVec2){drive->action * drive->actuator->speed, 0}, spin);
}

// ---------------------------------------------------------------------------------------------
// The grip: a stiff, damped spring between two points, of bounded force.

static ParaVec2 to_local(const ParaView *view, int body, ParaVec2 point)
{
    float x = point.x - at(view, view->x, body), y = point.y - at(view, view->y, body);
    float c = at(view, view->cos, body), s = at(view, view->sin, body);
    return (ParaVec2){c * x + s * y, c * y - s * x};
}

/// A held point now: where it is, how it moves, and its arm from the centre of mass.
typedef struct Held {
    double x, y, vx, vy, arm_x, arm_y;
} Held;

static Held held_point(const ParaView *view, int body, ParaVec2 local)
{
    double c = (double)at(view, view->cos, body), s = (double)at(view, view->sin, body);
    double spin = (double)at(view, view->spin, body);
    Held held;
    held.x = (double)at(view, view->x, body) + c * (double)local.x - s * (double)local.y;
    held.y = (double)at(view, view->y, body) + s * (double)local.x + c * (double)local.y;
    held.arm_x = held.x - (double)at(view, view->centre_x, body);
    held.arm_y = held.y - (double)at(view, view->centre_y, body);
    held.vx = (double)at(view, view->vx, body) - spin * held.arm_y;
    held.vy = (double)at(view, view->vy, body) + spin * held.arm_x;
    return held;
}

static void take_hold(const ParaDrive *drive)
{
    ParaPlayerState *state = drive->state;
    int body = drive->actuator->body;
    for (int c = 0; c < drive->view->contact_count && state->grip_body < 0; c++) {
        const ParaContact *contact = &drive->view->contacts[c];
        int other = contact->body_a == body   ? contact->body_b
                    : contact->body_b == body ? contact->body_a
                                              : -1;
        if (other < 0 || drive->level->body_sets[other] == drive->level->body_sets[body] ||
            para_level_body_role(drive->level, drive->player, other) == PARA_ROLE_PLAYER)
            continue;
        state->grip_body = other;
        state->grip_a = to_local(drive->view, body, contact->point);
        state->grip_b = to_local(drive->view, other, contact->point);
    }
}

static void pull(const ParaDrive *drive)
{
    ParaPlayerState *state = drive->state;
    int a = drive->actuator->body, b = state->grip_body;
    Held one = held_point(drive->view, a, state->grip_a), two = held_point(drive->view, b, state->grip_b);
    double mass_a = (double)at(drive->view, drive->view->mass, a),
           mass_b = (double)at(drive->view, drive->view->mass, b);
    // Stiffness and damping as large as an explicit step bears for the lighter side.
    double mass = mass_b > 0 ? mass_a * mass_b / (mass_a + mass_b) : mass_a;
    double rate = (double)drive->level->world.rate;
    double stiffness = 0.1 * mass * rate * rate, damping = 0.3 * mass * rate;
    double x = stiffness * (two.x - one.x) + damping * (two.vx - one.vx);
    double y = stiffness * (two.y - one.y) + damping * (two.vy - one.vy);
    double size = para_sqrt(x * x + y * y), most = (double)drive->actuator->force;
    if (size > most) {
        x *= most / size;
        y *= most / size;
    }
    para_drive_force(drive, a, x, y);
    add_torque(drive, a, one.arm_x * y - one.arm_y * x);
    if (mass_b <= 0)
        return;
    para_drive_force(drive, b, -x, -y);
    add_torque(drive, b, two.arm_y * x - two.arm_x * y);
}

static void grip(const ParaDrive *drive)
{
    ParaPlayerState *state = drive->state;
    bool gone = state->grip_body >= 0 && !is_enabled(drive->view, state->grip_body);
    if (drive->action <= 0.5f || gone)
        state->grip_body = -1;
    else if (state->grip_body < 0)
        take_hold(drive);
    if (state->grip_body >= 0)
        pull(drive);
}

/// Is the middle of a thruster's body in a fluid?
static bool is_wet(const ParaDrive *drive)
{
    const ParaView *view = drive->view;
    uint32_t bits = view->zone_bits[(size_t)drive->actuator->body * (size_t)view->stride];
    for (int z = 0; z < view->def->zone_count; z++)
        if (bits >> z & 1 && view->zones[z].fluid_density > 0)
            return true;
    return false;
}

static void drive_one(const ParaDrive *drive)
{
    const ParaActuator *actuator = drive->actuator;
    float action = drive->action;
    bool still = fabsf(action) < PARA_ACTION_MIN;
    switch (actuator->kind) {
    case PARA_ACTUATOR_MOTOR:
        drive_joint(drive, still ? 0.0f : action * actuator->rate,
                    still ? actuator->brake : actuator->torque);
        break;
    case PARA_ACTUATOR_TORQUE:
        drive_joint(drive, copysignf(actuator->fastest > 0 ? actuator->fastest : TORQUE_RATE, action),
                    still ? 0.0f : fabsf(action) * actuator->torque);
        break;
    case PARA_ACTUATOR_THRUSTER:
        drive->inputs->throttle[(size_t)actuator->thruster * (size_t)drive->inputs->stride] =
            (actuator->one_way && action < 0) || (actuator->wet && !is_wet(drive)) ? 0.0f : action;
        break;
    case PARA_ACTUATOR_WALK:
        para_drive_walk(drive);
        break;
    case PARA_ACTUATOR_JUMP:
        para_drive_jump(drive);
        break;
    case PARA_ACTUATOR_TWIST:
        add_torque(drive, actuator->body, (double)(action * actuator->torque));
        break;
    case PARA_ACTUATOR_SLIDE:
        if (actuator->joint >= 0)
            drive_joint(drive, action * actuator->speed, actuator->force);
        else
            slide_body(drive);
        break;
    case PARA_ACTUATOR_GRIP:
        grip(drive);
        break;
    case PARA_ACTUATOR_DRIVE:
        if (!still)
            drive_softly(drive);
        break;
    case PARA_ACTUATOR_CLIMB:
        para_drive_climb(drive);
        break;
    case PARA_ACTUATOR_VOICE: // what it says is the action in force itself (worlds/rules/voice.h)
        break;
    }
}

static void drive_actuators(ParaPlay *play, const ParaLevel *level, ParaWorld world, const ParaView *view)
{
    ParaDrive drive = {.level = level, .world = world, .view = view, .inputs = para_world_inputs(world)};
    // Forces add up over actuators and players, so those of the last step are taken off first.
    for (int p = 0; p < level->player_count; p++) {
        const ParaPlayer *player = &level->players[p];
        for (int k = 0; k < player->actuator_count; k++) {
            const ParaActuator *actuator = &player->actuators[k];
            if (actuator->body >= 0)
                clear_force(drive.inputs, actuator->body);
            if (actuator->kind == PARA_ACTUATOR_DRIVE) {
                clear_force(drive.inputs, level->world.joints[actuator->joint].a);
                clear_force(drive.inputs, level->world.joints[actuator->joint].b);
            }
        }
        if (play->players[p].grip_body >= 0)
            clear_force(drive.inputs, play->players[p].grip_body);
    }
    for (int p = 0; p < level->player_count; p++) {
        const ParaPlayer *player = &level->players[p];
        drive.player = p;
        drive.state = &play->players[p];
        bool acts = drive.state->status == PARA_PLAY_ON;
        for (int k = 0; k < player->actuator_count; k++) {
            drive.actuator = &player->actuators[k];
            drive.action = acts ? drive.state->action[drive.actuator->channel] * drive.actuator->sign : 0.0f;
            if (drive.actuator->body < 0 || is_enabled(drive.view, drive.actuator->body))
                drive_one(&drive);
        }
    }
}

/// How far a body is from its start at a time [s] of its clock, in parts of its `by`.
static double swing(const ParaMotion *motion, double time)
{
    double turn = PARA_TAU * time / (double)motion->period, phase = (double)motion->phase;
    return motion->ends ? (1 - para_cos(turn)) / 2 : para_sin(turn + phase) - para_sin(phase);
}

/// Where a platform is at a time of its clock [step].
static ParaPathPlace motion_place(const ParaLevel *level, int body, int32_t clock)
{
    const ParaMotion *motion = &level->body_motions[body];
    const ParaPath *path = para_level_path(level, body);
    if (path)
        return para_path_place(level, path, clock);
    double parts = swing(motion, (double)clock / (double)level->world.rate);
    return (ParaPathPlace){.x = (double)motion->by.x * parts, .y = (double)motion->by.y * parts};
}

/// Platforms get the velocity that brings them to their place of the next step.
static void drive_motions(ParaPlay *play, const ParaLevel *level, ParaWorld world, const ParaView *view)
{
    double rate = (double)level->world.rate;
    for (int b = 0; b < play->moving_end; b++) {
        if (!para_level_moves(level, b) || !is_enabled(view, b))
            continue;
        int32_t clock = play->events ? para_events_clock(play, level, b) : (int32_t)(view->step + 1);
        ParaPathPlace place = motion_place(level, b, clock);
        const ParaBodyDef *start = &level->world.bodies[b];
        double x = (double)start->position.x + place.x - (double)at(view, view->x, b);
        double y = (double)start->position.y + place.y - (double)at(view, view->y, b);
        float spin = start->spin;
        if (place.turns) { // the nearest way round, so that a loop may turn it whole times
            double turn = (double)start->angle + place.angle - (double)at(view, view->angle, b);
            spin = (float)((turn - PARA_TAU * floor(turn / PARA_TAU + 0.5)) * rate);
        }
        para_world_set_velocity(world, b, (ParaVec2){(float)(x * rate), (float)(y * rate)}, spin);
    }
}

void para_play_drive(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    const ParaView *view = para_world_view(world);
    drive_motions(play, level, world, view);
    drive_actuators(play, level, world, view);
}
