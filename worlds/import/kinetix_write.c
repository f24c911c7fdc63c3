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
    ParaKxWeight *weights; ///< [body_count]
    int player;            ///< body; -1: nothing moves
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

static void pair(ParaJson *json, double x, double y)
{
    para_json_pair(json, (float)x + 0.0f, (float)y + 0.0f); // -0 is 0
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

// ---------------------------------------------------------------------------------------------
// Bodies.

static void write_shape(Writer *writer, const ParaKxBody *body)
{
    ParaJson *json = &writer->json;
    double width, height;
    para_json_key(json, "shape");
    para_json_open(json, '{');
    if (body->circle) {
        para_json_key_float(json, "circle", body->radius);
    } else if (para_kx_is_box(body, &width, &height)) {
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
    const ParaKxWeight *weight = &writer->weights[index];
    ParaJson *json = &writer->json;
    if (body->fixed)
        return;
    if ((float)weight->density != 1.0f)
        para_json_key_float(json, "density", weight->density);
    if (body->inertia < 0)
        para_json_key_bool(json, "fixed_rotation", true);
    else if (weight->scale != 1)
        para_json_key_float(json, "inertia", weight->scale);
    if (weight->shift.x != 0 || weight->shift.y != 0)
        key_pair(json, "centre_shift", (double)weight->shift.x, (double)weight->shift.y);
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
        para_json_key_float(json, "angle", body->angle);
    if (!body->fixed && (body->vx != 0 || body->vy != 0))
        key_pair(json, "velocity", body->vx, body->vy);
    if (!body->fixed && body->spin != 0)
        para_json_key_float(json, "spin", body->spin);
    if (para_kx_group(body))
        para_json_key_int(json, "group", (int)para_kx_group(body));
    write_shape(writer, body);
    write_mass(writer, index);
    para_json_key_float(json, "friction", writer->scene->friction * body->friction);
    if (body->restitution > 0)
        para_json_key_float(json, "restitution", body->restitution);
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
    para_json_key_float(json, "circle", 0.05);
    para_json_close(json, '}');
    para_json_key_int(json, "mask", 0);
    para_json_close(json, '}');
}

// ---------------------------------------------------------------------------------------------
// Joints.

static void note_angle(Writer *writer, const ParaKxJoint *joint, const char *format, double angle)
{
    char text[200];
    para_text_format(text, sizeof text, format, angle);
    note(writer, "joint", joint->slot, "%s", text);
}

static void write_limits(Writer *writer, const ParaKxJoint *joint)
{
    double low, high;
    if (!para_kx_limits(writer->scene, joint, &low, &high))
        note(writer, "joint", joint->slot, "%s",
             "its least angle is above its most; Kinetix holds it at the most, and so it is here");
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
    if (joint->weld && fabs(para_kx_start(writer->scene, joint)) > ANGLE_SAME)
        note_angle(writer, joint,
                   "it starts %.3g rad from its angle of rest, where Kinetix would turn it; here it stays",
                   para_kx_start(writer->scene, joint));
    if (!joint->weld && joint->limited)
        write_limits(writer, joint);
    para_json_close(json, '}');
}

static int count_joints(Writer *writer)
{
    int count = 0;
    for (int j = 0; j < writer->scene->joint_count; j++) {
        const ParaKxJoint *joint = &writer->scene->joints[j];
        if (para_kx_is_held(writer->scene, joint))
            note(writer, "joint", joint->slot, "%s",
                 "it joins two fixed shapes, so it does nothing; it is left out");
        else
            count++;
    }
    return count;
}

// ---------------------------------------------------------------------------------------------
// The player.

static void write_motor(Writer *writer, const ParaKxJoint *joint)
{
    ParaJson *json = &writer->json;
    double torque = para_kx_torque(writer->scene, joint, writer->weights);
    if (torque < 0) {
        note(writer, "joint", joint->slot, "%s", "its motor_power is below 0; it is left without a motor");
        return;
    }
    para_json_item(json);
    para_json_open(json, '{');
    para_json_key_string(json, "drive", joint->name);
    para_json_key_int(json, "channel", joint->channel);
    para_json_key_float(json, "rate", writer->scene->motor_speed * joint->speed);
    para_json_key_float(json, "torque", torque);
    if (!para_kx_same(writer->scene->motor_decay, 0.1))
        para_json_key_float(json, "gain", writer->scene->motor_decay);
    if (joint->limited && writer->scene->motor_limit > 0)
        para_json_key_float(json, "fade", writer->scene->motor_limit);
    para_json_close(json, '}');
}

static void write_thruster(Writer *writer, const ParaKxThruster *thruster)
{
    ParaJson *json = &writer->json;
    ParaVec2 direction;
    double force = para_kx_thrust(writer->scene, thruster, &direction);
    para_json_item(json);
    para_json_open(json, '{');
    para_json_key_string(json, "thruster", writer->scene->bodies[thruster->body].name);
    para_json_key_int(json, "channel", PARA_KX_MOTORS + thruster->channel);
    if (thruster->at.x != 0 || thruster->at.y != 0)
        key_pair(json, "at", (double)thruster->at.x, (double)thruster->at.y);
    key_pair(json, "direction", (double)direction.x, (double)direction.y);
    para_json_key_bool(json, "one_way", true);
    para_json_key_float(json, "force", force);
    para_json_close(json, '}');
}

static uint32_t write_actuators(Writer *writer)
{
    const ParaKxScene *scene = writer->scene;
    uint32_t channels = 0;
    for (int j = 0; j < scene->joint_count; j++)
        if (para_kx_drives(scene, &scene->joints[j]) &&
            para_kx_torque(scene, &scene->joints[j], writer->weights) >= 0)
            channels |= 1u << scene->joints[j].channel;
    for (int t = 0; t < scene->thruster_count; t++)
        if (para_kx_pushes(scene, &scene->thrusters[t]))
            channels |= 1u << (PARA_KX_MOTORS + scene->thrusters[t].channel);
    if (channels) {
        para_json_key(&writer->json, "actuators");
        para_json_open(&writer->json, '[');
    }
    for (int j = 0; j < scene->joint_count; j++)
        if (para_kx_drives(scene, &scene->joints[j]))
            write_motor(writer, &scene->joints[j]);
    for (int t = 0; t < scene->thruster_count; t++) {
        if (para_kx_pushes(scene, &scene->thrusters[t]))
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
    for (int c = 0; c < PARA_KX_CHANNELS; c++) {
        if (!(channels >> c & 1))
            continue;
        ParaKxKeys keys = para_kx_keys(c);
        para_json_item(json);
        para_json_open(json, '{');
        para_json_key_int(json, "channel", c);
        para_json_key_string(json, "positive", keys.positive);
        if (keys.negative)
            para_json_key_string(json, "negative", keys.negative);
        para_json_key_string(json, "label", keys.label);
        para_json_close(json, '}');
    }
    if (channels)
        para_json_close(json, ']');
    para_json_close(json, '}');
}

// ---------------------------------------------------------------------------------------------
// The rule.

/// Contact is asked of the physics where it finds any; else, of what is joined or fixed, of the shapes.
static void write_pair(Writer *writer, ParaKxPair one)
{
    const ParaKxBody *a = &writer->scene->bodies[one.a], *b = &writer->scene->bodies[one.b];
    para_json_open(&writer->json, '{');
    key_names(&writer->json, para_kx_collide(a, b) ? "touch" : "overlap", a->name, b->name);
    para_json_close(&writer->json, '}');
}

/// One pair as it is, more of them as alternatives, in lists of as many as the format takes.
static void write_any(Writer *writer, const ParaKxPair *pairs, int count)
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
    ParaKxPair wanted[PARA_GOAL_NODES_MAX], feared[PARA_GOAL_NODES_MAX];
    int good = para_kx_find_pairs(writer->scene, PARA_KX_BLUE, wanted, PARA_GOAL_NODES_MAX);
    int bad = para_kx_find_pairs(writer->scene, PARA_KX_RED, feared, PARA_GOAL_NODES_MAX);
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
            para_json_key_float(&writer->json, "weight", writer->choices->dense);
            para_json_close(&writer->json, '}');
        }
        para_json_close(&writer->json, ']');
    }
    para_json_key_float(&writer->json, "solved", 1);
    para_json_key_float(&writer->json, "failed", -1);
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
    key_pair(json, "size", PARA_KX_WIDE, PARA_KX_WIDE);
    key_pair(json, "gravity", (double)scene->gravity.x, (double)scene->gravity.y);
    para_json_key_float(json, "seconds", PARA_KX_DECISIONS * PARA_KX_SKIP * scene->dt);
    if (!para_kx_same(scene->dt * 60, 1))
        para_json_key_float(json, "rate", 1 / scene->dt);
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
        if (!para_kx_is_held(scene, &scene->joints[j]))
            write_joint(writer, &scene->joints[j]);
    para_json_close(json, ']');
}

/// What holds a body that turns about a place beside its centre, for those who see how far.
static void note_bodies(Writer *writer)
{
    for (int b = 0; b < writer->scene->body_count; b++) {
        const ParaKxBody *body = &writer->scene->bodies[b];
        ParaMass unit = para_kx_unit_mass(body);
        double density = body->mass > 0 && unit.mass > 0 ? body->mass / unit.mass : 1;
        double scale = body->inertia > 0 && unit.moment > 0 ? body->inertia / (density * unit.moment) : 1;
        if (scale > INERTIA_MAX || scale < 1 / INERTIA_MAX)
            note_body(writer, body, "its inertia is more than a thousand times off that of its shape");
    }
}

char *para_kx_write(ParaKxScene *scene, const ParaKinetixChoices *choices, ParaArena *arena,
                    ParaDiagList *list)
{
    Writer writer = {
        .scene = scene, .choices = choices, .arena = arena, .list = list, .json = para_json(arena, 2)};
    ParaJson *json = &writer.json;
    PARA_ASSERT(scene->body_count > 0);
    writer.weights = PARA_NEW(arena, ParaKxWeight, scene->body_count);
    for (int b = 0; b < scene->body_count; b++)
        writer.weights[b] = para_kx_weigh(&scene->bodies[b]);
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
    writer.player = para_kx_choose_player(scene, writer.weights);
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
