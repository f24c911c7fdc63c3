// SPDX-License-Identifier: MIT
// A Kinetix level's plain data as the text of a template. Everything here is what any author could write:
// Kinetix's physics are fields of the format, its rule is a goal and a fail.
#include "worlds/import/kinetix_parts.h"

#include "engine/base/assert.h"
#include "engine/base/json.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "engine/world/geometry.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SAME        1e-5 // [1] numbers of a file that agree so well mean the same
#define ANGLE_SAME  1e-3 // [rad]
#define INERTIA_MAX 1e3  // [1] of the format, as its inverse
#define LIST_MAX    32   // [1] predicates of one list, by the format
#define EYE         "eye"

typedef struct Writer {
    const ParaKxScene *scene;
    const ParaKinetixChoices *choices;
    ParaArena *arena;
    ParaDiagList *list;
    ParaJson json;
    double *mass, *inertia; ///< [kg] [kg m^2] of each body as it will be; 0 of what is fixed
    int player;             ///< body; -1: nothing moves
} Writer;

static void note(Writer *writer, const char *list, int slot, const char *format, const char *text)
{
    para_diag_add(writer->list, PARA_DIAG_WARNING, NULL,
                  para_arena_printf(writer->arena, "/env_state/%s/%d", list, slot), format, text);
}

static void note_body(Writer *writer, const ParaKxBody *body, const char *text)
{
    note(writer, body->circle ? "circle" : "polygon", body->slot, "%s", text);
}

// ---------------------------------------------------------------------------------------------
// Small pieces of JSON.

static void key_number(ParaJson *json, const char *key, double value)
{
    para_json_key(json, key);
    para_json_float(json, (float)value);
}

static void pair(ParaJson *json, double x, double y)
{
    para_json_open(json, '[');
    para_json_item(json);
    para_json_float(json, (float)x + 0.0f); // -0 is 0
    para_json_item(json);
    para_json_float(json, (float)y + 0.0f);
    para_json_close(json, ']');
}

static void key_pair(ParaJson *json, const char *key, double x, double y)
{
    para_json_key(json, key);
    pair(json, x, y);
}

static void key_names(ParaJson *json, const char *key, const char *a, const char *b)
{
    para_json_key(json, key);
    para_json_open(json, '[');
    para_json_item(json);
    para_json_string(json, a);
    if (b) {
        para_json_item(json);
        para_json_string(json, b);
    }
    para_json_close(json, ']');
}

static bool same(double a, double b) { return fabs(a - b) <= SAME * fmax(fabs(a), fabs(b)); }

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

// ---------------------------------------------------------------------------------------------
// Bodies.

/// Mass of 1 kg/m^2 of a body's shape, and where its centre is.
static ParaMass unit_mass(const ParaKxBody *body)
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

/// Is it a rectangle about its origin, its sides along its axes? Then its width and height.
static bool is_box(const ParaKxBody *body, double *out_width, double *out_height)
{
    double half_x = fabs((double)body->corner[0].x), half_y = fabs((double)body->corner[0].y);
    bool box = !body->circle && body->corners == 4;
    for (int i = 0; box && i < 4; i++)
        box = same(fabs((double)body->corner[i].x), half_x) && same(fabs((double)body->corner[i].y), half_y);
    *out_width = 2 * half_x;
    *out_height = 2 * half_y;
    return box;
}

static void write_shape(Writer *writer, const ParaKxBody *body)
{
    ParaJson *json = &writer->json;
    double width, height;
    para_json_key(json, "shape");
    para_json_open(json, '{');
    if (body->circle) {
        key_number(json, "circle", body->radius);
    } else if (is_box(body, &width, &height)) {
        key_pair(json, "box", width, height);
    } else {
        para_json_key(json, "polygon");
        para_json_open(json, '[');
        for (int i = 0; i < body->corners; i++) {
            para_json_item(json);
            pair(json, (double)body->corner[i].x, (double)body->corner[i].y);
        }
        para_json_close(json, ']');
    }
    para_json_close(json, '}');
}

/// Density and inertia that give the mass and the inertia of the file.
static void write_mass(Writer *writer, int index)
{
    const ParaKxBody *body = &writer->scene->bodies[index];
    ParaMass unit = unit_mass(body);
    ParaJson *json = &writer->json;
    if (body->fixed)
        return;
    double told = body->density > 0 ? body->density : 1;
    double density = body->mass > 0 ? body->mass / unit.mass : told;
    if (same(density, told))
        density = told;
    if ((float)density != 1.0f)
        key_number(json, "density", density);
    double natural = body->circle ? 0.5 : 1; // of Kinetix's own shapes
    double scale = body->inertia > 0 ? body->inertia / (density * unit.moment) : natural;
    if (same(scale, natural))
        scale = natural;
    if (body->inertia < 0)
        para_json_key_bool(json, "fixed_rotation", true);
    else if (scale != 1)
        key_number(json, "inertia", scale);
    writer->mass[index] = density * unit.mass;
    writer->inertia[index] = body->inertia < 0 ? 0 : density * unit.moment * scale;
    // Kinetix turns a shape about its position, wherever the centre of its area is.
    double x = 0, y = 0, width, height;
    if (!body->circle && !is_box(body, &width, &height)) {
        x = unit.x;
        y = unit.y;
    }
    if (fabs(x) > 1e-6 || fabs(y) > 1e-6)
        key_pair(json, "centre_shift", -x, -y);
}

/// The classes of collision modes: the default is mode 1, so only the others say anything.
static void write_mode(Writer *writer, const ParaKxBody *body)
{
    bool ghosts = false;
    for (int b = 0; b < writer->scene->body_count; b++)
        ghosts |= writer->scene->bodies[b].mode == 0;
    if (!ghosts || body->mode == 1)
        return; // without ghosts, modes 1 and 2 meet the same
    para_json_key_int(&writer->json, "category", body->mode == 0 ? 1 : 2);
    if (body->mode == 0)
        para_json_key_int(&writer->json, "mask", 1 << 2);
}

static void write_body(Writer *writer, int index)
{
    const ParaKxBody *body = &writer->scene->bodies[index];
    ParaJson *json = &writer->json;
    para_json_item(json);
    para_json_open(json, '{');
    para_json_key_string(json, "name", body->name);
    if (body->fixed)
        para_json_key_bool(json, "static", true);
    key_pair(json, "at", body->x, body->y);
    if ((float)body->angle != 0)
        key_number(json, "angle", body->angle);
    if (!body->fixed && (body->vx != 0 || body->vy != 0))
        key_pair(json, "velocity", body->vx, body->vy);
    if (!body->fixed && body->spin != 0)
        key_number(json, "spin", body->spin);
    // Two that are joined do not collide anyway.
    if (body->jointed > 2)
        para_json_key_int(json, "group", body->component + 1);
    write_shape(writer, body);
    write_mass(writer, index);
    key_number(json, "friction", writer->scene->friction * body->friction);
    if (body->restitution > 0)
        key_number(json, "restitution", body->restitution);
    write_mode(writer, body);
    para_json_close(json, '}');
}

/// Where nothing moves something must: a template has a player.
static void write_eye(Writer *writer)
{
    ParaJson *json = &writer->json;
    para_json_item(json);
    para_json_open(json, '{');
    para_json_key_string(json, "name", EYE);
    para_json_key_string(json, "note", "Nothing moves in this level; the player is what looks at it.");
    para_json_key_bool(json, "kinematic", true);
    key_pair(json, "at", 2.5, 2.7);
    para_json_key(json, "shape");
    para_json_open(json, '{');
    key_number(json, "circle", 0.05);
    para_json_close(json, '}');
    para_json_key_int(json, "mask", 0);
    para_json_close(json, '}');
}

// ---------------------------------------------------------------------------------------------
// Joints.

static bool is_held(const Writer *writer, const ParaKxJoint *joint)
{
    return writer->scene->bodies[joint->a].fixed && writer->scene->bodies[joint->b].fixed;
}

/// How far it is from rest where the level starts.
static double start_of(const Writer *writer, const ParaKxJoint *joint)
{
    return writer->scene->bodies[joint->b].angle - writer->scene->bodies[joint->a].angle - joint->rest;
}

static void note_angle(Writer *writer, const ParaKxJoint *joint, const char *format, double angle)
{
    char text[200];
    para_text_format(text, sizeof text, format, angle);
    note(writer, "joint", joint->slot, "%s", text);
}

static void write_limits(Writer *writer, const ParaKxJoint *joint)
{
    double start = start_of(writer, joint), low = joint->low - start, high = joint->high - start;
    if (low > high) {
        note(writer, "joint", joint->slot, "%s",
             "its least angle is above its most; Kinetix holds it at the most, and so it is here");
        low = high;
    }
    if (low > ANGLE_SAME)
        note_angle(writer, joint,
                   "it starts %.3g rad below its limits, and is brought back otherwise than in Kinetix", low);
    if (high < -ANGLE_SAME)
        note_angle(writer, joint,
                   "it starts %.3g rad above its limits, and is brought back otherwise than in Kinetix",
                   -high);
    key_pair(&writer->json, "limits", low, high);
}

static void write_joint(Writer *writer, const ParaKxJoint *joint)
{
    ParaJson *json = &writer->json;
    const ParaKxBody *a = &writer->scene->bodies[joint->a], *b = &writer->scene->bodies[joint->b];
    para_json_item(json);
    para_json_open(json, '{');
    para_json_key_string(json, "name", joint->name);
    key_names(json, joint->weld ? "weld" : "revolute", a->name, b->name);
    key_pair(json, "anchor_a", (double)joint->anchor_a.x, (double)joint->anchor_a.y);
    key_pair(json, "anchor_b", (double)joint->anchor_b.x, (double)joint->anchor_b.y);
    if (joint->weld && fabs(start_of(writer, joint)) > ANGLE_SAME)
        note_angle(writer, joint,
                   "it starts %.3g rad from its angle of rest, where Kinetix would turn it; here it stays",
                   start_of(writer, joint));
    if (!joint->weld && joint->limited)
        write_limits(writer, joint);
    para_json_close(json, '}');
}

static int count_joints(Writer *writer)
{
    int count = 0;
    for (int j = 0; j < writer->scene->joint_count; j++) {
        const ParaKxJoint *joint = &writer->scene->joints[j];
        if (is_held(writer, joint))
            note(writer, "joint", joint->slot, "%s",
                 "it joins two fixed shapes, so it does nothing; it is left out");
        else
            count++;
    }
    return count;
}

// ---------------------------------------------------------------------------------------------
// The player.

static bool drives(const Writer *writer, const ParaKxJoint *joint)
{
    return joint->motor && !joint->weld && !is_held(writer, joint);
}

/// [N m] of a motor: base power times its own, by the inertias that it works between.
static double torque_of(const Writer *writer, const ParaKxJoint *joint)
{
    double a = writer->inertia[joint->a], b = writer->inertia[joint->b];
    double inverse = (a > 0 ? 1 / a : 0) + (b > 0 ? 1 / b : 0);
    return inverse > 0 ? writer->scene->motor_power * joint->power / inverse : 0; // of two that never turn
}

static void write_motor(Writer *writer, const ParaKxJoint *joint)
{
    ParaJson *json = &writer->json;
    double torque = torque_of(writer, joint);
    if (torque < 0) {
        note(writer, "joint", joint->slot, "%s", "its motor_power is below 0; it is left without a motor");
        return;
    }
    para_json_item(json);
    para_json_open(json, '{');
    para_json_key_string(json, "drive", joint->name);
    para_json_key_int(json, "channel", joint->channel);
    key_number(json, "rate", writer->scene->motor_speed * joint->speed);
    key_number(json, "torque", torque);
    if (!same(writer->scene->motor_decay, 0.1))
        key_number(json, "gain", writer->scene->motor_decay);
    if (joint->limited && writer->scene->motor_limit > 0)
        key_number(json, "fade", writer->scene->motor_limit);
    para_json_close(json, '}');
}

static bool pushes(const Writer *writer, const ParaKxThruster *thruster)
{
    return !writer->scene->bodies[thruster->body].fixed;
}

static void write_thruster(Writer *writer, const ParaKxThruster *thruster)
{
    ParaJson *json = &writer->json;
    double s, c, force = writer->scene->thruster_power * thruster->power, way = force < 0 ? -1 : 1;
    para_sincos(thruster->angle, &s, &c);
    para_json_item(json);
    para_json_open(json, '{');
    para_json_key_string(json, "thruster", writer->scene->bodies[thruster->body].name);
    para_json_key_int(json, "channel", PARA_KX_MOTORS + thruster->channel);
    if (thruster->at.x != 0 || thruster->at.y != 0)
        key_pair(json, "at", (double)thruster->at.x, (double)thruster->at.y);
    key_pair(json, "direction", way * c, way * s);
    para_json_key_bool(json, "one_way", true);
    key_number(json, "force", way * force);
    para_json_close(json, '}');
}

/// How fit a body is to be the one that sees: what acts, then what is to get somewhere, then what is heavy.
static double fitness(const Writer *writer, int index)
{
    const ParaKxBody *body = &writer->scene->bodies[index];
    double heavy = writer->mass[index] / (writer->mass[index] + 1);
    return body->fixed ? -1 : 4.0 * body->driven + (body->role == PARA_KX_GREEN ? 2.0 : 0.0) + heavy;
}

static void choose_player(Writer *writer)
{
    const ParaKxScene *scene = writer->scene;
    for (int j = 0; j < scene->joint_count; j++)
        if (drives(writer, &scene->joints[j])) {
            scene->bodies[scene->joints[j].a].driven++;
            scene->bodies[scene->joints[j].b].driven++;
        }
    for (int t = 0; t < scene->thruster_count; t++)
        scene->bodies[scene->thrusters[t].body].driven++;
    writer->player = -1;
    for (int b = 0; b < scene->body_count; b++)
        if (fitness(writer, b) >= 0 &&
            (writer->player < 0 || fitness(writer, b) > fitness(writer, writer->player)))
            writer->player = b;
}

typedef struct Keys {
    const char *label, *positive, *negative;
} Keys;

/// As Kinetix's editor has them. With +1 a wheel below its car turns counter-clockwise, and the car goes
/// left.
static const Keys keys[PARA_KX_MOTORS + PARA_KX_THRUSTERS] = {
    {"motor 0", "left", "right"}, {"motor 1", "up", "down"}, {"motor 2", "a", "d"},
    {"motor 3", "w", "s"},        {"thruster 0", "1", NULL}, {"thruster 1", "2", NULL}};

static uint32_t write_actuators(Writer *writer)
{
    const ParaKxScene *scene = writer->scene;
    uint32_t channels = 0;
    for (int j = 0; j < scene->joint_count; j++)
        if (drives(writer, &scene->joints[j]) && torque_of(writer, &scene->joints[j]) >= 0)
            channels |= 1u << scene->joints[j].channel;
    for (int t = 0; t < scene->thruster_count; t++)
        if (pushes(writer, &scene->thrusters[t]))
            channels |= 1u << (PARA_KX_MOTORS + scene->thrusters[t].channel);
    if (channels) {
        para_json_key(&writer->json, "actuators");
        para_json_open(&writer->json, '[');
    }
    for (int j = 0; j < scene->joint_count; j++)
        if (drives(writer, &scene->joints[j]))
            write_motor(writer, &scene->joints[j]);
    for (int t = 0; t < scene->thruster_count; t++) {
        if (pushes(writer, &scene->thrusters[t]))
            write_thruster(writer, &scene->thrusters[t]);
        else
            note(writer, "thruster", scene->thrusters[t].slot, "%s",
                 "it is on a fixed shape, so it does nothing; it is left out");
    }
    if (channels)
        para_json_close(&writer->json, ']');
    return channels;
}

static void write_player(Writer *writer)
{
    ParaJson *json = &writer->json;
    para_json_key(json, "player");
    para_json_open(json, '{');
    para_json_key_string(json, "body", writer->player < 0 ? EYE : writer->scene->bodies[writer->player].name);
    uint32_t channels = write_actuators(writer);
    if (channels) {
        para_json_key(json, "keys");
        para_json_open(json, '[');
    }
    for (int c = 0; c < PARA_KX_MOTORS + PARA_KX_THRUSTERS; c++) {
        if (!(channels >> c & 1))
            continue;
        para_json_item(json);
        para_json_open(json, '{');
        para_json_key_int(json, "channel", c);
        para_json_key_string(json, "positive", keys[c].positive);
        if (keys[c].negative)
            para_json_key_string(json, "negative", keys[c].negative);
        para_json_key_string(json, "label", keys[c].label);
        para_json_close(json, '}');
    }
    if (channels)
        para_json_close(json, ']');
    para_json_close(json, '}');
}

// ---------------------------------------------------------------------------------------------
// The rule.

typedef struct Pair {
    int a, b;
} Pair;

/// Pairs of a green shape and one of another role whose contact Kinetix looks at.
static int find_pairs(const Writer *writer, ParaKxRole role, Pair *out)
{
    const ParaKxScene *scene = writer->scene;
    int count = 0;
    for (int a = 0; a < scene->body_count; a++)
        for (int b = 0; b < scene->body_count; b++)
            if (scene->bodies[a].role == PARA_KX_GREEN && scene->bodies[b].role == role &&
                para_kx_meet(&scene->bodies[a], &scene->bodies[b])) {
                if (out && count < PARA_GOAL_NODES_MAX)
                    out[count] = (Pair){a, b};
                count++;
            }
    return count;
}

/// Contact is asked of the physics where it finds any; else, of what is joined or fixed, of the shapes.
static void write_pair(Writer *writer, Pair one)
{
    const ParaKxBody *a = &writer->scene->bodies[one.a], *b = &writer->scene->bodies[one.b];
    para_json_open(&writer->json, '{');
    key_names(&writer->json, para_kx_collide(a, b) ? "touch" : "overlap", a->name, b->name);
    para_json_close(&writer->json, '}');
}

/// One pair as it is, more of them as alternatives, in lists of as many as the format takes.
static void write_any(Writer *writer, const Pair *pairs, int count)
{
    ParaJson *json = &writer->json;
    if (count == 1) {
        write_pair(writer, pairs[0]);
        return;
    }
    para_json_open(json, '{');
    para_json_key(json, "any");
    para_json_open(json, '[');
    for (int p = 0; p < count; p++) {
        para_json_item(json);
        if (p == LIST_MAX - 1 && count > LIST_MAX) {
            write_any(writer, pairs + p, count - p);
            break;
        }
        write_pair(writer, pairs[p]);
    }
    para_json_close(json, ']');
    para_json_close(json, '}');
}

/// Predicates that write_any makes of some pairs: one each, and one for each list.
static int nodes_of(int pairs)
{
    int lists = pairs != 1;
    for (int left = pairs; left > LIST_MAX; left -= LIST_MAX - 1)
        lists++;
    return pairs + lists;
}

static bool write_rule(Writer *writer)
{
    Pair wanted[PARA_GOAL_NODES_MAX], feared[PARA_GOAL_NODES_MAX];
    int good = find_pairs(writer, PARA_KX_BLUE, wanted), bad = find_pairs(writer, PARA_KX_RED, feared);
    if (good + bad > PARA_GOAL_NODES_MAX ||
        nodes_of(good) + (bad ? nodes_of(bad) : 0) > PARA_GOAL_NODES_MAX) {
        para_diag_add(
            writer->list, PARA_DIAG_ERROR, NULL, "/env_state",
            "%d pairs of green with blue and %d of green with red; a template has room for %d predicates",
            good, bad, PARA_GOAL_NODES_MAX);
        return false;
    }
    if (good == 0)
        para_diag_add(writer->list, PARA_DIAG_WARNING, NULL, "/env_state",
                      "no green shape can meet a blue one: nobody can solve it, here or in Kinetix");
    para_json_key(&writer->json, "goal");
    write_any(writer, wanted, good);
    if (bad > 0) {
        para_json_key(&writer->json, "fail");
        write_any(writer, feared, bad);
    }
    if (writer->choices->dense > 0 && good > 0) {
        if (good > PARA_REWARDS_MAX)
            para_diag_add(writer->list, PARA_DIAG_WARNING, NULL, "/env_state",
                          "the dense reward is of the first %d pairs of green and blue, of %d",
                          PARA_REWARDS_MAX, good);
        para_json_key(&writer->json, "rewards");
        para_json_open(&writer->json, '[');
        for (int p = 0; p < good && p < PARA_REWARDS_MAX; p++) {
            para_json_item(&writer->json);
            para_json_open(&writer->json, '{');
            key_names(&writer->json, "approach", writer->scene->bodies[wanted[p].a].name,
                      writer->scene->bodies[wanted[p].b].name);
            key_number(&writer->json, "weight", writer->choices->dense);
            para_json_close(&writer->json, '}');
        }
        para_json_close(&writer->json, ']');
    }
    key_number(&writer->json, "solved", 1);
    key_number(&writer->json, "failed", -1);
    return true;
}

// ---------------------------------------------------------------------------------------------
// The whole.

static void write_world(Writer *writer)
{
    const ParaKxScene *scene = writer->scene;
    ParaJson *json = &writer->json;
    bool bounces = false;
    for (int b = 0; b < scene->body_count; b++)
        bounces |= scene->bodies[b].restitution > 0;
    para_json_key(json, "world");
    para_json_open(json, '{');
    key_pair(json, "size", 5, 5);
    key_pair(json, "gravity", (double)scene->gravity.x, (double)scene->gravity.y);
    key_number(json, "seconds", PARA_KX_DECISIONS * PARA_KX_SKIP * scene->dt);
    if (!same(scene->dt * 60, 1))
        key_number(json, "rate", 1 / scene->dt);
    para_json_key_int(json, "frame_skip", PARA_KX_SKIP);
    para_json_key_string(json, "friction_rule", "root_of_squares");
    if (bounces)
        para_json_key_string(json, "restitution_rule", "least");
    para_json_close(json, '}');
}

static void write_lists(Writer *writer)
{
    const ParaKxScene *scene = writer->scene;
    ParaJson *json = &writer->json;
    bool moves = false;
    para_json_key(json, "bodies");
    para_json_open(json, '[');
    for (int b = 0; b < scene->body_count; b++) {
        moves |= !scene->bodies[b].fixed;
        write_body(writer, b);
    }
    if (!moves)
        write_eye(writer);
    para_json_close(json, ']');
    if (count_joints(writer) == 0)
        return;
    para_json_key(json, "joints");
    para_json_open(json, '[');
    for (int j = 0; j < scene->joint_count; j++)
        if (!is_held(writer, &scene->joints[j]))
            write_joint(writer, &scene->joints[j]);
    para_json_close(json, ']');
}

/// What holds a body that turns about a place beside its centre, for those who see how far.
static void note_bodies(Writer *writer)
{
    for (int b = 0; b < writer->scene->body_count; b++) {
        const ParaKxBody *body = &writer->scene->bodies[b];
        ParaMass unit = unit_mass(body);
        double density = body->mass > 0 && unit.mass > 0 ? body->mass / unit.mass : 1;
        double scale = body->inertia > 0 && unit.moment > 0 ? body->inertia / (density * unit.moment) : 1;
        if (scale > INERTIA_MAX || scale < 1 / INERTIA_MAX)
            note_body(writer, body, "its inertia is more than a thousand times off that of its shape");
    }
}

char *para_kx_write(const ParaKxScene *scene, const ParaKinetixChoices *choices, ParaArena *arena,
                    ParaDiagList *list)
{
    Writer writer = {
        .scene = scene, .choices = choices, .arena = arena, .list = list, .json = para_json(arena, 2)};
    ParaJson *json = &writer.json;
    writer.mass = PARA_NEW(arena, double, scene->body_count);
    writer.inertia = PARA_NEW(arena, double, scene->body_count);
    PARA_ASSERT(scene->body_count > 0);
    note_bodies(&writer);
    para_json_open(json, '{');
    para_json_key_int(json, "paracosm", 1);
    para_json_key_string(json, "name", choices->name);
    para_json_key_string(json, "about", "Bring green to blue; keep green off red.");
    para_json_key_string(
        json, "note",
        para_arena_printf(arena, "The Kinetix level %.200s, as paracosm import wrote it.", choices->from));
    write_world(&writer);
    write_lists(&writer);
    choose_player(&writer);
    write_player(&writer);
    if (!write_rule(&writer))
        return NULL;
    para_json_close(json, '}');
    para_json_format(json, "\n");
    return json->text;
}

char *para_kinetix_import(const char *text, size_t size, const ParaKinetixChoices *choices, ParaArena *arena,
                          ParaDiagList *list)
{
    ParaKxScene scene;
    if (!para_kx_read(text, size, &scene, arena, list))
        return NULL;
    para_kx_name(&scene, arena);
    return para_kx_write(&scene, choices, arena, list);
}
