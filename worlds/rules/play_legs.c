// SPDX-License-Identifier: MIT
// What a body does on its feet: it walks, jumps and climbs. Whether it stands is read from the contacts of
// the step before.
#include "worlds/rules/drive.h"

#include "engine/base/maths.h"

#include <math.h>

#define GROUND_UP 0.5f ///< [1] cosine of the steepest ground one can stand on (60 degrees)
#define PARTING   0.05 ///< [m/s] faster than that away from the ground, a jump has not landed but begun

typedef struct Vector {
    double x, y;
} Vector;

static double dot(Vector a, Vector b) { return a.x * b.x + a.y * b.y; }

static double at(const ParaView *view, const float *values, int body)
{
    return (double)values[(size_t)body * (size_t)view->stride];
}

static Vector velocity(const ParaView *view, int body)
{
    return (Vector){at(view, view->vx, body), at(view, view->vy, body)};
}

static uint32_t bit_of(const ParaDrive *drive)
{
    return 1u << (drive->actuator - drive->level->players[drive->player].actuators);
}

/// The direction against gravity; straight up where there is none.
static ParaVec2 up_of(const ParaView *view)
{
    double x = (double)view->gravity.x, y = (double)view->gravity.y, length = para_sqrt(x * x + y * y);
    if (length < 1e-6)
        return (ParaVec2){0, 1};
    return (ParaVec2){(float)(-x / length), (float)(-y / length)};
}

static Vector up_vector(const ParaView *view)
{
    ParaVec2 up = up_of(view);
    return (Vector){(double)up.x, (double)up.y};
}

/// What one of the parts of a body stands on.
typedef struct Ground {
    bool any;
    Vector normal;   ///< [1] from it to what stands there
    Vector velocity; ///< [m/s] of its surface: it moves along, and its belt runs
} Ground;

static Ground ground_of(const ParaDrive *drive, const ParaContact *contact, bool above_b)
{
    int body = above_b ? contact->body_a : contact->body_b;
    int shape = above_b ? contact->shape_a : contact->shape_b;
    double sign = above_b ? 1 : -1, belt = (double)drive->level->world.shapes[shape].belt;
    Ground ground = {.any = true, .velocity = velocity(drive->view, body)};
    ground.normal = (Vector){sign * (double)contact->normal.x, sign * (double)contact->normal.y};
    ground.velocity.x += belt * ground.normal.y;
    ground.velocity.y -= belt * ground.normal.x;
    return ground;
}

static Ground ground_under(const ParaDrive *drive, int body)
{
    ParaVec2 up = up_of(drive->view);
    int32_t set = drive->level->body_sets[body];
    for (int c = 0; c < drive->view->contact_count; c++) {
        const ParaContact *contact = &drive->view->contacts[c];
        float rise = contact->normal.x * up.x + contact->normal.y * up.y; // from a to b
        bool a = drive->level->body_sets[contact->body_a] == set;
        bool b = drive->level->body_sets[contact->body_b] == set;
        if (a != b && (b ? rise : -rise) >= GROUND_UP)
            return ground_of(drive, contact, b);
    }
    return (Ground){.any = false};
}

/// Climbs of the player that hold this body on a ladder.
static uint32_t holds_of(const ParaDrive *drive, int body)
{
    const ParaPlayer *player = &drive->level->players[drive->player];
    uint32_t bits = 0;
    for (int k = 0; drive->state->holds && k < player->actuator_count; k++)
        if (player->actuators[k].body == body)
            bits |= drive->state->holds & 1u << k;
    return bits;
}

// ---------------------------------------------------------------------------------------------
// Walking.

void para_drive_walk(const ParaDrive *drive)
{
    const ParaActuator *actuator = drive->actuator;
    const ParaView *view = drive->view;
    int body = actuator->body;
    Ground ground = ground_under(drive, body);
    bool firm = ground.any || holds_of(drive, body);
    Vector up = up_vector(view), right = {up.y, -up.x}, v = velocity(view, body);
    if (ground.any) { // a moving floor carries along
        v.x -= ground.velocity.x;
        v.y -= ground.velocity.y;
    }
    double most = (double)actuator->force * (firm ? 1.0 : (double)actuator->air);
    double wanted = (double)(drive->action * actuator->speed) - dot(v, right);
    // In the air without an action one flies on instead of braking.
    if (!firm && fabs((double)drive->action) < (double)PARA_ACTION_MIN)
        return;
    double force = at(view, view->mass, body) * wanted * (double)drive->level->world.rate;
    force = para_clamp(force, -most, most);
    para_drive_force(drive, body, force * right.x, force * right.y);
}

// ---------------------------------------------------------------------------------------------
// Jumping.

/// Steps of a time that may be none.
static uint16_t steps_of(const ParaDrive *drive, float seconds)
{
    return seconds > 0 ? (uint16_t)para_level_steps(drive->level, seconds) : 0;
}

static void push_up(const ParaDrive *drive, double impulse)
{
    ParaVec2 up = up_of(drive->view);
    float size = (float)impulse;
    para_world_apply_impulse(drive->world, drive->actuator->body, (ParaVec2){up.x * size, up.y * size});
}

/// Has a jump that was made landed on this ground? In the step after it the ground is still there.
static bool has_landed(const ParaDrive *drive, const Ground *ground)
{
    Vector v = velocity(drive->view, drive->actuator->body);
    v.x -= ground->velocity.x;
    v.y -= ground->velocity.y;
    return dot(v, ground->normal) <= PARTING;
}

/// Does a press count in this step? One is good for one jump.
static bool is_asked(const ParaDrive *drive, int k, uint32_t bit)
{
    ParaPlayerState *state = drive->state;
    bool held = drive->action > 0.5f, fresh = held && !(state->down & bit);
    state->down = held ? state->down | bit : state->down & ~bit;
    if (!held)
        state->pressed &= ~bit;
    if (!(drive->actuator->buffer > 0))
        return held && !(state->pressed & bit);
    if (fresh)
        state->asked[k] = (uint16_t)(steps_of(drive, drive->actuator->buffer) + 1);
    if (state->asked[k] == 0)
        return false;
    state->asked[k]--;
    return true;
}

/// A rise that is let go early loses a part of its speed, at most what the jump gave.
static void cut_short(const ParaDrive *drive, uint32_t bit)
{
    const ParaView *view = drive->view;
    const ParaActuator *actuator = drive->actuator;
    double rise = dot(velocity(view, actuator->body), up_vector(view));
    if (rise > 0 && drive->action > 0.5f)
        return;
    drive->state->rising &= ~bit;
    double lost = rise * (double)actuator->cut * at(view, view->mass, actuator->body);
    if (lost > 0)
        push_up(drive, -para_min(lost, (double)actuator->impulse));
}

/// Must it be known when a jump has landed?
static bool is_agile(const ParaActuator *actuator)
{
    return actuator->coyote > 0 || actuator->cut > 0 || actuator->air_jumps > 0;
}

/// @param firm from ground; else what it falls with is taken off first
/// @param anew in the air or off a ladder: what it rises with as well
static void leap(const ParaDrive *drive, uint32_t bit, bool firm, bool anew)
{
    const ParaActuator *actuator = drive->actuator;
    ParaPlayerState *state = drive->state;
    double impulse = (double)actuator->impulse;
    if (!firm) {
        double rise = dot(velocity(drive->view, actuator->body), up_vector(drive->view));
        rise = anew ? rise : para_min(rise, 0);
        impulse = para_max(0, impulse - rise * at(drive->view, drive->view->mass, actuator->body));
    }
    push_up(drive, impulse);
    uint32_t holds = holds_of(drive, actuator->body);
    state->holds &= ~holds;
    state->let_go |= holds;
    state->pressed |= bit;
    if (is_agile(actuator))
        state->leapt |= bit;
    if (actuator->cut > 0)
        state->rising |= bit;
}

void para_drive_jump(const ParaDrive *drive)
{
    const ParaActuator *actuator = drive->actuator;
    ParaPlayerState *state = drive->state;
    int k = (int)(actuator - drive->level->players[drive->player].actuators);
    uint32_t bit = bit_of(drive);
    bool asked = is_asked(drive, k, bit);
    if (!asked && !(actuator->coyote > 0) && !(state->leapt & bit))
        return;
    Ground ground = ground_under(drive, actuator->body);
    bool firm = ground.any || holds_of(drive, actuator->body);
    if (firm && (!(state->leapt & bit) || !ground.any || has_landed(drive, &ground))) {
        state->leapt &= ~bit;
        state->rising &= ~bit;
        state->edge[k] = steps_of(drive, actuator->coyote);
        state->airs[k] = (uint8_t)actuator->air_jumps;
    }
    bool late = !firm && state->edge[k] > 0, air = !firm && !late && state->airs[k] > 0;
    if (late)
        state->edge[k]--;
    if (state->rising & bit)
        cut_short(drive, bit);
    if (!asked || !(firm || late || air))
        return;
    leap(drive, bit, ground.any, !late);
    state->asked[k] = 0;
    state->edge[k] = 0;
    if (air)
        state->airs[k]--;
}

// ---------------------------------------------------------------------------------------------
// Climbing.

/// Is a place in a zone as that is now?
static bool is_in(const ParaDrive *drive, int zone, Vector place)
{
    const ParaZoneDef *def = &drive->level->world.zones[zone];
    const ParaZoneState *now = &drive->view->zones[zone];
    double s, c, x = place.x - (double)now->position.x, y = place.y - (double)now->position.y;
    if (def->kind == PARA_SHAPE_CIRCLE)
        return x * x + y * y <= (double)def->radius * (double)def->radius;
    para_sincos((double)now->angle, &s, &c);
    Vector local = {c * x + s * y, c * y - s * x};
    const ParaVec2 *points = drive->level->world.points + def->point_first;
    for (uint32_t i = 0, last = def->point_count - 1; i < def->point_count; last = i++) {
        double ex = (double)points[i].x - (double)points[last].x,
               ey = (double)points[i].y - (double)points[last].y;
        if (ex * (local.y - (double)points[last].y) - ey * (local.x - (double)points[last].x) < 0)
            return false;
    }
    return true;
}

/// Does a climb end here, since the next step up would lead out of every ladder?
static bool is_at_its_top(const ParaDrive *drive, int body, Vector up, double speed)
{
    double way = speed / (double)drive->level->world.rate;
    Vector next = {at(drive->view, drive->view->centre_x, body) + way * up.x,
                   at(drive->view, drive->view->centre_y, body) + way * up.y};
    for (int z = 0; z < drive->level->world.zone_count; z++)
        if (drive->level->ladders >> z & 1 && drive->view->zones[z].on && is_in(drive, z, next))
            return false;
    return true;
}

/// Weight [N] of a body and of all that is joined to it.
static double weight_of(const ParaDrive *drive, int body)
{
    const ParaLevel *level = drive->level;
    double mass = 0, x = (double)drive->view->gravity.x, y = (double)drive->view->gravity.y;
    for (int b = 0; b < level->world.body_count; b++)
        if (level->body_sets[b] == level->body_sets[body])
            mass += at(drive->view, drive->view->mass, b) * (double)level->world.bodies[b].gravity_scale;
    return mass * para_sqrt(x * x + y * y);
}

static bool is_walked(const ParaDrive *drive, int body)
{
    const ParaPlayer *player = &drive->level->players[drive->player];
    for (int k = 0; k < player->actuator_count; k++)
        if (player->actuators[k].kind == PARA_ACTUATOR_WALK && player->actuators[k].body == body)
            return true;
    return false;
}

/// Holds on: moves up and down as the action says, and stands still sideways unless it can walk there.
static void hold_on(const ParaDrive *drive)
{
    const ParaActuator *actuator = drive->actuator;
    const ParaView *view = drive->view;
    int body = actuator->body;
    Vector up = up_vector(view), right = {up.y, -up.x}, v = velocity(view, body);
    double stiffness = at(view, view->mass, body) * (double)drive->level->world.rate;
    double speed = (double)(drive->action * actuator->speed), most = (double)actuator->force;
    if (speed > 0 && is_at_its_top(drive, body, up, speed))
        speed = 0;
    double rise = stiffness * (speed - dot(v, up)) + weight_of(drive, body);
    double side = is_walked(drive, body) ? 0 : -stiffness * dot(v, right);
    rise = para_clamp(rise, -most, most);
    side = para_clamp(side, -most, most);
    para_drive_force(drive, body, rise * up.x + side * right.x, rise * up.y + side * right.y);
}

void para_drive_climb(const ParaDrive *drive)
{
    const ParaView *view = drive->view;
    ParaPlayerState *state = drive->state;
    int body = drive->actuator->body;
    uint32_t bit = bit_of(drive);
    bool acts = fabsf(drive->action) >= PARA_ACTION_MIN;
    uint32_t zones = view->zone_bits[(size_t)body * (size_t)view->stride];
    if (!acts || dot(velocity(view, body), up_vector(view)) <= 0)
        state->let_go &= ~bit;
    // What climbs down to the ground stands on it.
    bool stands = acts && drive->action < 0 && ground_under(drive, body).any;
    if (!(zones & drive->level->ladders) || stands || drive->state->status != PARA_PLAY_ON)
        state->holds &= ~bit;
    else if (acts && !(state->let_go & bit))
        state->holds |= bit;
    if (state->holds & bit)
        hold_on(drive);
}
