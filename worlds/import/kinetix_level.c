// SPDX-License-Identifier: MIT
// A level as a Kinetix level's plain data, as far as that has words for it. Whatever it has none for is told
// and left out, or put as near as it goes.
#include "worlds/import/kinetix_parts.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "engine/world/geometry.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#define SHAPES_MAX  100  // of one level; Kinetix's largest class has 16
#define CENTRE_SAME 1e-6 // [m] centres closer than this to the origin are at it
#define TURN_TRIES  2000 // angles tried for a direction

typedef struct Teller {
    const ParaLevel *level;
    ParaArena *arena;
    ParaDiagList *list;
    ParaKxScene *scene;
    int *index_of;    ///< [body_count] its index in the scene; -1: left out
    ParaVec2 *centre; ///< [m] [body_count] of its mass, body frame: what Kinetix calls its position
    double *inertia;  ///< [kg m^2] [body_count] 0: it does not turn
    bool paid[PARA_KX_MOTORS + PARA_KX_THRUSTERS]; ///< channels that are given out
    int given[PARA_CHANNELS]
             [2]; ///< channel of Kinetix that one of ours is: as a motor's, as a thruster's; -1: none
    bool tuned;   ///< gain is set
} Teller;

__attribute__((format(printf, 3, 4))) static void note(Teller *teller, const char *place, const char *format,
                                                       ...)
{
    char text[240];
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(text, sizeof text, format, arguments);
    va_end(arguments);
    para_diag_add(teller->list, PARA_DIAG_WARNING, NULL, place, "%s", text);
}

static const char *place_of(Teller *teller, const char *list, int index)
{
    return para_arena_printf(teller->arena, "/%s/%d", list, index);
}

// ---------------------------------------------------------------------------------------------
// Bodies.

static const ParaShapeDef *only_shape(const ParaLevel *level, int body, int *out_count)
{
    int first, end;
    para_body_shapes(&level->world, body, &first, &end);
    *out_count = end - first;
    return *out_count > 0 ? &level->world.shapes[first] : NULL;
}

/// Can it be a shape of Kinetix? Else it is told why not.
static bool fits(Teller *teller, int body)
{
    int count;
    const ParaShapeDef *shape = only_shape(teller->level, body, &count);
    const char *place = place_of(teller, "bodies", body), *why = NULL;
    if (count != 1)
        why = count == 0 ? "no shape" : "more than one shape";
    else if (shape->kind != PARA_SHAPE_CIRCLE && shape->kind != PARA_SHAPE_POLYGON)
        why = "a shape that is no circle and no polygon";
    else if (shape->kind == PARA_SHAPE_POLYGON && shape->point_count > 4)
        why = "a polygon of more than 4 corners";
    else if (para_level_is_spare(teller->level, body))
        why = "a place among the spare ones";
    if (why)
        note(teller, place, "it has %s, and is left out", why);
    return !why;
}

/// What a body does that none of Kinetix's does.
static void note_extras(Teller *teller, int body)
{
    const ParaLevel *level = teller->level;
    const ParaBodyDef *def = &level->world.bodies[body];
    int count;
    const ParaShapeDef *shape = only_shape(level, body, &count);
    const struct {
        bool has;
        const char *what;
    } extras[] = {{def->kind == PARA_BODY_KINEMATIC, "moves as it is told; there it is fixed"},
                  {def->kind != PARA_BODY_STATIC && def->gravity_scale != 1.0f, "has a gravity_scale"},
                  {def->linear_damping != 0.0f || def->angular_damping != 0.0f, "is damped"},
                  {def->fast, "is swept along its path (fast)"},
                  {shape->belt != 0.0f, "has a belt"},
                  {shape->one_way, "holds from one side (one_way)"},
                  {level->body_shatters[body] > 0 || level->body_crushes[body] > 0, "breaks"},
                  {level->body_collects[body] != 0, "is collected"}};
    for (size_t k = 0; k < sizeof extras / sizeof *extras; k++)
        if (extras[k].has)
            note(teller, place_of(teller, "bodies", body), "it %s", extras[k].what);
}

static int mode_of(Teller *teller, int body, const ParaShapeDef *shape, bool wall)
{
    if (shape->category == 1u << 1 && shape->mask == 1u << 2)
        return 0;
    if (wall || (shape->category == 1u << 2 && shape->mask == UINT32_MAX))
        return 2;
    if (shape->category != 1u || shape->mask != UINT32_MAX)
        note(teller, place_of(teller, "bodies", body), "its category and mask are none of Kinetix's modes");
    return 1;
}

static void tell_shape(Teller *teller, int body, const ParaShapeDef *shape, ParaKxBody *out)
{
    const ParaVec2 *point = teller->level->world.points + shape->point_first;
    ParaVec2 centre = teller->centre[body];
    out->circle = shape->kind == PARA_SHAPE_CIRCLE;
    out->radius = (double)shape->radius;
    out->corners = out->circle ? 0 : (int)shape->point_count;
    for (int i = 0; i < out->corners; i++)
        out->corner[i] = (ParaVec2){point[i].x - centre.x, point[i].y - centre.y};
}

/// Where a body has its mass, which is what Kinetix calls its position. What is fixed keeps its own origin,
/// but for a circle, which Kinetix knows by its middle alone.
static void weigh(Teller *teller, int body, const ParaShapeDef *shape, ParaMass *out)
{
    const ParaWorldDef *world = &teller->level->world;
    int first, end;
    para_body_shapes(world, body, &first, &end);
    bool moves = world->bodies[body].kind == PARA_BODY_DYNAMIC;
    *out = moves ? para_body_mass(world, first, end) : (ParaMass){0};
    ParaVec2 centre = {(float)out->x, (float)out->y};
    if (shape->kind == PARA_SHAPE_CIRCLE && !moves)
        centre = world->points[shape->point_first];
    if (fabs((double)centre.x) < CENTRE_SAME && fabs((double)centre.y) < CENTRE_SAME)
        centre = (ParaVec2){0, 0};
    teller->centre[body] = centre;
}

static void tell_body(Teller *teller, int body, bool wall)
{
    const ParaBodyDef *def = &teller->level->world.bodies[body];
    int count;
    const ParaShapeDef *shape = only_shape(teller->level, body, &count);
    ParaKxBody *out = &teller->scene->bodies[teller->index_of[body]];
    ParaMass mass;
    double s, c;
    weigh(teller, body, shape, &mass);
    para_sincos((double)def->angle, &s, &c);
    double x = (double)teller->centre[body].x, y = (double)teller->centre[body].y;
    double arm_x = c * x - s * y, arm_y = s * x + c * y;
    *out = (ParaKxBody){.fixed = def->kind != PARA_BODY_DYNAMIC,
                        .x = (double)def->position.x + arm_x,
                        .y = (double)def->position.y + arm_y,
                        .angle = (double)def->angle,
                        .mass = mass.mass,
                        .inertia = def->fixed_rotation ? -1 : mass.moment,
                        .density = (double)shape->density,
                        .friction = (double)shape->friction / teller->scene->friction,
                        .restitution = (double)shape->restitution};
    if (!out->fixed) {
        out->spin = (double)def->spin;
        out->vx = (double)def->velocity.x - out->spin * arm_y;
        out->vy = (double)def->velocity.y + out->spin * arm_x;
    }
    out->mode = mode_of(teller, body, shape, wall);
    teller->inertia[body] = out->fixed || def->fixed_rotation ? 0 : mass.moment;
    tell_shape(teller, body, shape, out);
    note_extras(teller, body);
}

static const char *const wall_names[PARA_KX_WALLS] = {"floor", "left_wall", "right_wall", "ceiling"};

/// Are the first four bodies Kinetix's walls?
static bool has_walls(const ParaLevel *level)
{
    for (int w = 0; w < PARA_KX_WALLS; w++) {
        int count;
        if (w >= level->world.body_count || strcmp(level->body_names[w], wall_names[w]) != 0)
            return false;
        const ParaShapeDef *shape = only_shape(level, w, &count);
        if (level->world.bodies[w].kind != PARA_BODY_STATIC || count != 1 ||
            shape->kind != PARA_SHAPE_POLYGON || shape->point_count > 4)
            return false;
    }
    return true;
}

static void add_walls(Teller *teller)
{
    for (int w = 0; w < PARA_KX_WALLS; w++)
        teller->scene->bodies[teller->scene->body_count++] = para_kx_wall(w);
    note(teller, "",
         "its world has no walls of Kinetix's, which are added: a room of 5 m x 4.6 m over y = 0.4");
}

/// The eye of a level where nothing moves, which the importer put there.
static bool is_eye(const ParaLevel *level, int body)
{
    int count;
    const ParaShapeDef *shape = only_shape(level, body, &count);
    return level->world.bodies[body].kind == PARA_BODY_KINEMATIC && count == 1 && shape->mask == 0 &&
           strcmp(level->body_names[body], "eye") == 0;
}

static bool tell_bodies(Teller *teller)
{
    const ParaLevel *level = teller->level;
    ParaKxScene *scene = teller->scene;
    bool walls = has_walls(level);
    scene->bodies = PARA_NEW(teller->arena, ParaKxBody, level->world.body_count + PARA_KX_WALLS);
    if (!walls)
        add_walls(teller);
    for (int b = 0; b < level->world.body_count; b++)
        teller->index_of[b] = is_eye(level, b) || !fits(teller, b) ? -1 : 0;
    for (int circles = 0; circles < 2; circles++)
        for (int b = 0; b < level->world.body_count; b++) {
            int count;
            if (teller->index_of[b] < 0 ||
                (only_shape(level, b, &count)->kind == PARA_SHAPE_CIRCLE) != (circles == 1))
                continue;
            teller->index_of[b] = scene->body_count++;
            tell_body(teller, b, walls && b < PARA_KX_WALLS);
        }
    if (scene->body_count <= SHAPES_MAX)
        return true;
    para_diag_add(teller->list, PARA_DIAG_ERROR, NULL, "/bodies",
                  "there are %d shapes; at most %d are exported", scene->body_count, SHAPES_MAX);
    return false;
}

// ---------------------------------------------------------------------------------------------
// Joints.

static ParaVec2 from_centre(const Teller *teller, int body, ParaVec2 anchor)
{
    return (ParaVec2){anchor.x - teller->centre[body].x, anchor.y - teller->centre[body].y};
}

static void tell_joints(Teller *teller, int *joint_of)
{
    const ParaLevel *level = teller->level;
    const ParaWorldDef *world = &level->world;
    ParaKxScene *scene = teller->scene;
    scene->joints = PARA_NEW(teller->arena, ParaKxJoint, world->joint_count);
    for (int j = 0; j < world->joint_count; j++) {
        const ParaJointDef *def = &world->joints[j];
        const char *place = place_of(teller, "joints", j);
        int a = teller->index_of[def->a], b = teller->index_of[def->b];
        joint_of[j] = -1;
        if (def->kind != PARA_JOINT_REVOLUTE && def->kind != PARA_JOINT_WELD) {
            note(teller, place, "it is no revolute and no weld, and is left out");
            continue;
        }
        if (a < 0 || b < 0) {
            note(teller, place, "one of its bodies is left out, and so is it");
            continue;
        }
        if (def->collide)
            note(teller, place, "its two bodies collide here; there they do not");
        if ((level->joint_breaks && level->joint_breaks[j] > 0) ||
            (level->joint_unmade && level->joint_unmade[j]))
            note(teller, place, "it breaks or is made in the course of the level; there it holds");
        if (level->joint_motors && level->joint_motors[j].torque > 0)
            note(teller, place, "it has a motor of its own, which is left out");
        joint_of[j] = scene->joint_count;
        scene->joints[scene->joint_count++] =
            (ParaKxJoint){.a = a,
                          .b = b,
                          .anchor_a = from_centre(teller, def->a, def->anchor_a),
                          .anchor_b = from_centre(teller, def->b, def->anchor_b),
                          .rest = scene->bodies[b].angle - scene->bodies[a].angle,
                          .weld = def->kind == PARA_JOINT_WELD,
                          .limited = def->limited,
                          .low = (double)def->lower,
                          .high = (double)def->upper};
    }
}

/// Bodies of one group that joints do not hold together pass through each other here alone.
static void note_groups(Teller *teller)
{
    const ParaWorldDef *world = &teller->level->world;
    for (int a = 0; a < world->body_count; a++)
        for (int b = 0; b < a; b++) {
            uint32_t group = world->bodies[a].group;
            if (group == 0 || world->bodies[b].group != group || teller->index_of[a] < 0 ||
                teller->index_of[b] < 0 ||
                teller->scene->bodies[teller->index_of[a]].component ==
                    teller->scene->bodies[teller->index_of[b]].component)
                continue;
            note(teller, place_of(teller, "bodies", a),
                 "it is of one group with another that no joint holds to it; there they collide");
            break;
        }
}

// ---------------------------------------------------------------------------------------------
// Actuators.

/// The channel that one of ours becomes: its own where the importer put it, else the next that is free; -1:
/// none is, which is told.
static int channel_of(Teller *teller, int channel, bool thruster, const char *place)
{
    int first = thruster ? PARA_KX_MOTORS : 0, count = thruster ? PARA_KX_THRUSTERS : PARA_KX_MOTORS;
    int *given = &teller->given[channel][thruster];
    if (*given >= 0)
        return *given;
    int found = channel >= first && channel < first + count && !teller->paid[channel] ? channel : -1;
    for (int c = first; c < first + count && found < 0; c++)
        if (!teller->paid[c])
            found = c;
    if (found < 0) {
        note(teller, place, "Kinetix has no more than %d channels for %s; it is left out", count,
             thruster ? "thrusters" : "motors");
        return -1;
    }
    teller->paid[found] = true;
    return *given = found - first;
}

static double inverse(double inertia) { return inertia > 0 ? 1 / inertia : 0; }

static void tell_motor(Teller *teller, const ParaActuator *actuator, const int *joint_of, const char *place)
{
    const ParaJointDef *def = &teller->level->world.joints[actuator->joint];
    ParaKxScene *scene = teller->scene;
    ParaKxJoint *joint = joint_of[actuator->joint] < 0 ? NULL : &scene->joints[joint_of[actuator->joint]];
    if (!joint) {
        note(teller, place, "its joint is left out, and so is it");
        return;
    }
    if (joint->motor) {
        note(teller, place, "its joint has a motor already; it is left out");
        return;
    }
    PARA_ASSERT(!joint->weld); // the format drives hinges and sliders
    if (actuator->kind == PARA_ACTUATOR_MOTOR)
        note(teller, place,
             "it holds its rate firmly; Kinetix's motors are soft, and free without an action");
    double gain = actuator->kind == PARA_ACTUATOR_DRIVE ? (double)actuator->gain : scene->motor_decay;
    double fade = actuator->kind == PARA_ACTUATOR_DRIVE ? (double)actuator->fade : 0;
    if (!teller->tuned) {
        scene->motor_decay = gain;
        if (def->limited)
            scene->motor_limit = fade;
    } else if (gain != scene->motor_decay || (def->limited && fade != scene->motor_limit)) {
        note(teller, place,
             "its gain or its fade differs from that of the first motor; Kinetix has one for all");
    }
    teller->tuned = teller->tuned || def->limited;
    int channel = channel_of(teller, actuator->channel, false, place);
    if (channel < 0)
        return;
    joint->motor = true;
    joint->channel = channel;
    joint->speed = (double)(actuator->rate * actuator->sign) / scene->motor_speed;
    joint->power = (double)actuator->torque *
                   (inverse(teller->inertia[def->a]) + inverse(teller->inertia[def->b])) / scene->motor_power;
}

static bool is_exact(double angle, ParaVec2 direction)
{
    double s, c;
    para_sincos(angle, &s, &c);
    return (float)c + 0.0f == direction.x && (float)s + 0.0f == direction.y;
}

/// The angle of a direction, and of those that round to the same the one that gives it back as a float, if
/// any does: a unit vector of floats is not quite one.
static double angle_of(ParaVec2 direction)
{
    double angle = para_atan2((double)direction.y, (double)direction.x);
    double less = fmin(fabs((double)direction.x), fabs((double)direction.y)),
           step = 6e-8 * fmax(less, 1e-30) / TURN_TRIES * 4;
    for (int k = 0; k < TURN_TRIES; k++)
        for (int way = -1; way <= 1; way += 2)
            if (is_exact(angle + way * k * step, direction))
                return angle + way * k * step;
    return angle;
}

static void tell_thruster(Teller *teller, const ParaActuator *actuator, const char *place)
{
    const ParaThrusterDef *def = &teller->level->world.thrusters[actuator->thruster];
    ParaKxScene *scene = teller->scene;
    if (teller->index_of[def->body] < 0) {
        note(teller, place, "its body is left out, and so is it");
        return;
    }
    if (!actuator->one_way)
        note(teller, place, "an action below 0 pushes the other way; there it is off");
    if (actuator->sign < 0)
        note(teller, place, "its sign is -1; there an action above 0 fires it");
    int channel = channel_of(teller, actuator->channel, true, place);
    if (channel < 0)
        return;
    scene->thrusters[scene->thruster_count++] =
        (ParaKxThruster){.body = teller->index_of[def->body],
                         .at = from_centre(teller, def->body, def->point),
                         .angle = angle_of(def->direction),
                         .power = (double)def->force_max / scene->thruster_power,
                         .channel = channel};
}

static void tell_actuators(Teller *teller, const int *joint_of)
{
    const ParaPlayer *player = &teller->level->players[0];
    teller->scene->thrusters = PARA_NEW(teller->arena, ParaKxThruster, PARA_ACTUATORS_MAX);
    for (int c = 0; c < PARA_CHANNELS; c++)
        teller->given[c][0] = teller->given[c][1] = -1;
    // The channels that the importer uses are kept for those who have them.
    for (int pass = 0; pass < 2; pass++)
        for (int k = 0; k < player->actuator_count; k++) {
            const ParaActuator *actuator = &player->actuators[k];
            bool thruster = actuator->kind == PARA_ACTUATOR_THRUSTER;
            bool motor = actuator->kind == PARA_ACTUATOR_MOTOR || actuator->kind == PARA_ACTUATOR_DRIVE;
            bool own = thruster ? actuator->channel >= PARA_KX_MOTORS &&
                                      actuator->channel < PARA_KX_MOTORS + PARA_KX_THRUSTERS
                                : actuator->channel < PARA_KX_MOTORS;
            if (pass == 0 && (thruster || motor) && own)
                channel_of(teller, actuator->channel, thruster, "");
        }
    for (int k = 0; k < player->actuator_count; k++) {
        const ParaActuator *actuator = &player->actuators[k];
        const char *place = place_of(teller, "player/actuators", k);
        if (actuator->kind == PARA_ACTUATOR_THRUSTER)
            tell_thruster(teller, actuator, place);
        else if (actuator->kind == PARA_ACTUATOR_MOTOR || actuator->kind == PARA_ACTUATOR_DRIVE)
            tell_motor(teller, actuator, joint_of, place);
        else
            note(teller, place, "Kinetix has motors and thrusters; it is left out");
    }
}

// ---------------------------------------------------------------------------------------------
// The rule.

static void give_role(Teller *teller, int body, ParaKxRole role)
{
    int index = teller->index_of[body];
    if (index < 0)
        return;
    ParaKxRole *own = &teller->scene->bodies[index].role;
    if (*own != PARA_KX_NONE && *own != role)
        note(teller, place_of(teller, "bodies", body),
             "it has more than one role in goal and fail; the first is taken");
    else
        *own = role;
}

static bool is_part(const Teller *teller, int body)
{
    return para_level_body_role(teller->level, 0, body) == PARA_ROLE_PLAYER;
}

/// Gives a role to one of the sides of a contact.
static void give_side(Teller *teller, int first, int count, bool player, ParaKxRole role)
{
    for (int b = 0; b < teller->level->world.body_count; b++)
        if (player ? is_part(teller, b) : b >= first && b < first + count)
            give_role(teller, b, role);
}

static bool is_green(const Teller *teller, int body)
{
    int index = teller->index_of[body];
    return index >= 0 && teller->scene->bodies[index].role == PARA_KX_GREEN;
}

/// A goal, or a fail, that is made of contacts of which any one does.
static void tell_rule(Teller *teller, int index, bool wanted)
{
    const ParaGoalNode *node = &teller->level->goals[index];
    const char *place = wanted ? "/goal" : "/fail";
    if (node->hold > 0)
        note(teller, place, "it must hold for a while here; there a moment is enough");
    if (node->kind == PARA_GOAL_ANY) {
        for (int k = 0; k < node->child_count; k++)
            tell_rule(teller, node->child_first + k, wanted);
        return;
    }
    bool contact = (node->kind == PARA_GOAL_TOUCH || node->kind == PARA_GOAL_OVERLAP) && node->b >= 0;
    if (!contact || (node->every && node->a_count > 1)) {
        note(teller, place, "Kinetix knows the touch of two shapes alone; this part of it is left out");
        return;
    }
    if (wanted) {
        give_side(teller, node->a, node->a_count, node->a_player, PARA_KX_GREEN);
        give_side(teller, node->b, node->b_count, node->b_player, PARA_KX_BLUE);
    } else if (is_green(teller, node->a)) {
        give_side(teller, node->b, node->b_count, node->b_player, PARA_KX_RED);
    } else if (is_green(teller, node->b)) {
        give_side(teller, node->a, node->a_count, node->a_player, PARA_KX_RED);
    } else {
        // Without a goal for it, what fails is green all the same.
        give_side(teller, node->a, node->a_count, node->a_player, PARA_KX_GREEN);
        give_side(teller, node->b, node->b_count, node->b_player, PARA_KX_RED);
    }
}

static void note_world(Teller *teller)
{
    const ParaLevel *level = teller->level;
    const ParaPlayer *player = &level->players[0];
    double length = PARA_KX_DECISIONS * PARA_KX_SKIP / (double)level->world.rate;
    if (fabs((double)level->seconds - length) > 0.5 / (double)level->world.rate ||
        level->frame_skip != PARA_KX_SKIP)
        note(teller, "/world", "an episode has %d decisions of %d steps; Kinetix's have 256 of 2",
             para_level_decisions(level), level->frame_skip);
    if (level->world.friction_rule != PARA_FRICTION_ROOT_OF_SQUARES)
        note(teller, "/world",
             "its frictions multiply; there the root of their squares counts, so that pairs grip "
             "otherwise");
    bool bounces = false;
    for (int s = 0; s < level->world.shape_count; s++)
        bounces |= level->world.shapes[s].restitution > 0;
    if (bounces && level->world.restitution_rule != PARA_RESTITUTION_LEAST)
        note(teller, "/world", "its restitutions multiply; there the lesser of two counts");
    if (level->world.zone_count > 0)
        note(teller, "/zones", "Kinetix has no zones; they are left out");
    if (level->event_count > 0 || level->variable_count > 0)
        note(teller, "/events", "Kinetix has no events; they are left out");
    if (level->reward_count > 0)
        note(teller, "/rewards", "rewards on the way are no part of a Kinetix level");
    if (player->reward_solved != 1.0f || player->reward_failed != -1.0f)
        note(teller, "/solved", "Kinetix pays 1 for a level that is solved and -1 for one that is lost");
}

bool para_kx_tell(const ParaLevel *level, ParaKxScene *out, ParaArena *arena, ParaDiagList *list)
{
    int bodies = level->world.body_count, *joint_of = PARA_NEW(arena, int, level->world.joint_count);
    Teller teller = {.level = level,
                     .arena = arena,
                     .list = list,
                     .scene = out,
                     .index_of = PARA_NEW(arena, int, bodies),
                     .centre = PARA_NEW(arena, ParaVec2, bodies),
                     .inertia = PARA_NEW(arena, double, bodies)};
    PARA_ASSERT(level->player_count == 1);
    *out = para_kx_defaults();
    out->dt = 1.0 / (double)level->world.rate;
    out->gravity = level->world.gravity;
    note_world(&teller);
    if (!tell_bodies(&teller))
        return false;
    tell_joints(&teller, joint_of);
    para_kx_find_components(out);
    note_groups(&teller);
    tell_actuators(&teller, joint_of);
    tell_rule(&teller, level->players[0].goal_root, true);
    if (level->players[0].fail_root >= 0)
        tell_rule(&teller, level->players[0].fail_root, false);
    return true;
}
