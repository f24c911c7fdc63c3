// SPDX-License-Identifier: MIT
// What follows from the plain data of a Kinetix level: who meets whom, what things weigh, what a motor gives,
// who is the player.
#include "worlds/generate/kinetix.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>

#define SAME 1e-5 // [1] numbers of a file that agree so well mean the same

bool para_kx_same(double a, double b) { return fabs(a - b) <= SAME * fmax(fabs(a), fabs(b)); }

ParaKxScene para_kx_defaults(void)
{
    return (ParaKxScene){.dt = 1.0 / 60.0,
                         .motor_speed = 6,
                         .motor_power = 900,
                         .thruster_power = 10,
                         .motor_decay = 0.1,
                         .motor_limit = 0.1,
                         .friction = 0.4,
                         .gravity = {0.0f, -9.81f}};
}

ParaKxBody para_kx_wall(int wall)
{
    static const struct {
        float x, y, half_x, half_y;
    } walls[PARA_KX_WALLS] = {{2.5f, -4.8f, 2.5f, 5.2f},
                              {-2.5f, 2.5f, 2.5f, 2.5f},
                              {7.5f, 2.5f, 2.5f, 2.5f},
                              {2.5f, 10.2f, 2.5f, 5.2f}};
    PARA_ASSERT(wall >= 0 && wall < PARA_KX_WALLS);
    float x = walls[wall].half_x, y = walls[wall].half_y;
    return (ParaKxBody){.slot = wall,
                        .fixed = true,
                        .corners = 4,
                        .corner = {{-x, -y}, {x, -y}, {x, y}, {-x, y}},
                        .x = (double)walls[wall].x,
                        .y = (double)walls[wall].y,
                        .friction = 1,
                        .mode = 2};
}

// ---------------------------------------------------------------------------------------------
// Who meets whom.

bool para_kx_meet(const ParaKxBody *a, const ParaKxBody *b)
{
    bool walls = !a->circle && !b->circle && a->slot < PARA_KX_WALLS && b->slot < PARA_KX_WALLS;
    return !walls && (a->mode == 2 || b->mode == 2 || a->mode * b->mode > 0);
}

bool para_kx_collide(const ParaKxBody *a, const ParaKxBody *b)
{
    return para_kx_meet(a, b) && a->component != b->component && !(a->fixed && b->fixed);
}

uint32_t para_kx_group(const ParaKxBody *body)
{
    return body->jointed > 2 ? (uint32_t)body->component + 1 : 0;
}

static int root_of(ParaKxBody *bodies, int body)
{
    while (bodies[body].component != body)
        body = bodies[body].component = bodies[bodies[body].component].component;
    return body;
}

// Kinetix's loader, too, works it out anew and does not read the matrix of the file.
void para_kx_find_components(ParaKxScene *scene)
{
    for (int b = 0; b < scene->body_count; b++)
        scene->bodies[b].component = b;
    for (int j = 0; j < scene->joint_count; j++) {
        int a = root_of(scene->bodies, scene->joints[j].a), b = root_of(scene->bodies, scene->joints[j].b);
        scene->bodies[a > b ? a : b].component = a < b ? a : b;
    }
    for (int b = 0; b < scene->body_count; b++)
        scene->bodies[scene->bodies[b].component = root_of(scene->bodies, b)].jointed++;
    for (int b = 0; b < scene->body_count; b++)
        scene->bodies[b].jointed = scene->bodies[scene->bodies[b].component].jointed;
}

int para_kx_find_pairs(const ParaKxScene *scene, ParaKxRole role, ParaKxPair *out, int room)
{
    int count = 0;
    for (int a = 0; a < scene->body_count; a++)
        for (int b = 0; b < scene->body_count; b++)
            if (scene->bodies[a].role == PARA_KX_GREEN && scene->bodies[b].role == role &&
                para_kx_meet(&scene->bodies[a], &scene->bodies[b])) {
                if (out && count < room)
                    out[count] = (ParaKxPair){a, b};
                count++;
            }
    return count;
}

// ---------------------------------------------------------------------------------------------
// What things weigh.

ParaMass para_kx_unit_mass(const ParaKxBody *body)
{
    double x[PARA_KX_CORNERS], y[PARA_KX_CORNERS];
    if (body->circle) {
        double square = body->radius * body->radius, mass = PARA_PI * square;
        return (ParaMass){.mass = mass, .moment = 0.5 * mass * square};
    }
    for (int i = 0; i < body->corners; i++) {
        x[i] = (double)body->corner[i].x;
        y[i] = (double)body->corner[i].y;
    }
    return para_outline_mass(x, y, body->corners, 1.0);
}

bool para_kx_is_box(const ParaKxBody *body, double *out_width, double *out_height)
{
    double half_x = fabs((double)body->corner[0].x), half_y = fabs((double)body->corner[0].y);
    bool box = !body->circle && body->corners == 4;
    for (int i = 0; box && i < 4; i++)
        box = para_kx_same(fabs((double)body->corner[i].x), half_x) &&
              para_kx_same(fabs((double)body->corner[i].y), half_y);
    *out_width = 2 * half_x;
    *out_height = 2 * half_y;
    return box;
}

ParaKxWeight para_kx_weigh(const ParaKxBody *body)
{
    double natural = body->circle ? 0.5 : 1, width, height; // of Kinetix's own shapes
    ParaKxWeight weight = {.density = body->density > 0 ? body->density : 1, .scale = natural};
    if (body->fixed)
        return weight;
    ParaMass unit = para_kx_unit_mass(body);
    double density = body->mass > 0 ? body->mass / unit.mass : weight.density;
    if (!para_kx_same(density, weight.density))
        weight.density = density;
    double scale = body->inertia > 0 ? body->inertia / (weight.density * unit.moment) : natural;
    if (!para_kx_same(scale, natural))
        weight.scale = scale;
    weight.mass = weight.density * unit.mass;
    weight.moment = body->inertia < 0 ? 0 : weight.density * unit.moment * weight.scale;
    bool middle = body->circle || para_kx_is_box(body, &width, &height);
    if (!middle && (fabs(unit.x) > 1e-6 || fabs(unit.y) > 1e-6))
        weight.shift = (ParaVec2){(float)-unit.x, (float)-unit.y};
    return weight;
}

// ---------------------------------------------------------------------------------------------
// What joints and thrusters do.

bool para_kx_is_held(const ParaKxScene *scene, const ParaKxJoint *joint)
{
    return scene->bodies[joint->a].fixed && scene->bodies[joint->b].fixed;
}

double para_kx_start(const ParaKxScene *scene, const ParaKxJoint *joint)
{
    return scene->bodies[joint->b].angle - scene->bodies[joint->a].angle - joint->rest;
}

bool para_kx_limits(const ParaKxScene *scene, const ParaKxJoint *joint, double *out_low, double *out_high)
{
    double start = para_kx_start(scene, joint);
    *out_low = joint->low - start;
    *out_high = joint->high - start;
    if (*out_low <= *out_high)
        return true;
    *out_low = *out_high;
    return false;
}

bool para_kx_drives(const ParaKxScene *scene, const ParaKxJoint *joint)
{
    return joint->motor && !joint->weld && !para_kx_is_held(scene, joint);
}

double para_kx_torque(const ParaKxScene *scene, const ParaKxJoint *joint, const ParaKxWeight *weights)
{
    double a = weights[joint->a].moment, b = weights[joint->b].moment;
    double inverse = (a > 0 ? 1 / a : 0) + (b > 0 ? 1 / b : 0);
    return inverse > 0 ? scene->motor_power * joint->power / inverse : 0; // of two that never turn
}

bool para_kx_pushes(const ParaKxScene *scene, const ParaKxThruster *thruster)
{
    return !scene->bodies[thruster->body].fixed;
}

double para_kx_thrust(const ParaKxScene *scene, const ParaKxThruster *thruster, ParaVec2 *out_direction)
{
    double s, c, force = scene->thruster_power * thruster->power, way = force < 0 ? -1 : 1;
    para_sincos(thruster->angle, &s, &c);
    *out_direction = (ParaVec2){(float)(way * c) + 0.0f, (float)(way * s) + 0.0f}; // -0 is 0
    return way * force;
}

// ---------------------------------------------------------------------------------------------
// The player.

static double fitness(const ParaKxBody *body, const ParaKxWeight *weight)
{
    double heavy = weight->mass / (weight->mass + 1);
    return body->fixed ? -1 : 4.0 * body->driven + (body->role == PARA_KX_GREEN ? 2.0 : 0.0) + heavy;
}

int para_kx_choose_player(ParaKxScene *scene, const ParaKxWeight *weights)
{
    int best = -1;
    double most = 0;
    for (int b = 0; b < scene->body_count; b++)
        scene->bodies[b].driven = 0;
    for (int j = 0; j < scene->joint_count; j++)
        if (para_kx_drives(scene, &scene->joints[j])) {
            scene->bodies[scene->joints[j].a].driven++;
            scene->bodies[scene->joints[j].b].driven++;
        }
    for (int t = 0; t < scene->thruster_count; t++)
        scene->bodies[scene->thrusters[t].body].driven++;
    for (int b = 0; b < scene->body_count; b++) {
        double fit = fitness(&scene->bodies[b], &weights[b]);
        if (fit < 0 || (best >= 0 && fit <= most))
            continue;
        best = b;
        most = fit;
    }
    return best;
}

ParaKxKeys para_kx_keys(int channel)
{
    static const ParaKxKeys keys[PARA_KX_CHANNELS] = {
        {"motor 0", "left", "right"}, {"motor 1", "up", "down"}, {"motor 2", "a", "d"},
        {"motor 3", "w", "s"},        {"thruster 0", "1", NULL}, {"thruster 1", "2", NULL}};
    PARA_ASSERT(channel >= 0 && channel < PARA_KX_CHANNELS);
    return keys[channel];
}

ParaKxCapacity para_kx_capacity(ParaKxSize size)
{
    static const ParaKxCapacity sizes[PARA_KX_SIZES] = {
        {"s", 5, 2, 1, 1}, {"m", 6, 3, 2, 2}, {"l", 12, 4, 6, 2}};
    PARA_ASSERT((int)size >= 0 && size < PARA_KX_SIZES);
    return sizes[size];
}
