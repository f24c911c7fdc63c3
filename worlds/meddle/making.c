// SPDX-License-Identifier: MIT
// A level as it is now, and with more in it: its arrays cut anew, shapes in the order of their bodies.
#include "worlds/meddle/making.h"

#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "worlds/meddle/meddle.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define GRAVITY_MOST 100.0f  // [m/s^2] a level may have; one that is meddled with takes more
#define FAR          3000.0f // [m] what is farther away is lost, and not carried along

bool para_making_refuse(ParaMaking *making, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    if (making->why_size > 0)
        para_text_format_v(making->why, making->why_size, format, list);
    va_end(list);
    return false;
}

ParaMade *para_making_body(ParaMaking *making, const ParaBodyDef *def, int like, int material)
{
    if (making->body_count == PARA_MAKING_BODIES) {
        para_making_refuse(making, "that would be too many pieces at once");
        return NULL;
    }
    ParaMade *made = &making->bodies[making->body_count++];
    *made = (ParaMade){
        .def = *def, .like = like, .material = material, .shape_first = making->shape_count, .slot = -1};
    return made;
}

bool para_making_shape(ParaMaking *making, const ParaShapeDef *shape, const ParaVec2 *points, int count)
{
    if (making->shape_count == PARA_MAKING_SHAPES || making->point_count + count > PARA_MAKING_POINTS)
        return para_making_refuse(making, "that would be too many pieces at once");
    ParaShapeDef *out = &making->shapes[making->shape_count++];
    *out = *shape;
    out->point_first = (uint32_t)making->point_count;
    out->point_count = (uint32_t)count;
    memcpy(making->points + making->point_count, points, sizeof *points * (size_t)count);
    making->point_count += count;
    making->bodies[making->body_count - 1].shape_count++;
    return true;
}

// ---------------------------------------------------------------------------------------------
// The level as it is now.

static void *copied(ParaArena *arena, const void *items, size_t size, int count, int room)
{
    char *out = para_arena_alloc(arena, size * (size_t)(room + 1)); // zeroed
    if (items && count > 0)
        memcpy(out, items, size * (size_t)count);
    return out;
}
#define COPY(items, count, room)          ((items) = copied(arena, (items), sizeof *(items), (count), (room)))
#define COPY_IF_THERE(items, count, room) ((items) ? COPY(items, count, room) : NULL)

static float at(const ParaView *view, const float *values, int body)
{
    return values[(size_t)body * (size_t)view->stride];
}

static bool is_there(const ParaView *view, int body)
{
    return view->enabled[(size_t)body * (size_t)view->stride] != 0;
}

static float within(float x, float most) { return x < -most ? -most : x > most ? most : x; }

static bool is_far(const ParaView *view, int body)
{
    return !(fabsf(at(view, view->x, body)) < FAR && fabsf(at(view, view->y, body)) < FAR);
}

/// The body's place and way, written into its def.
static void settle_body(ParaBodyDef *def, const ParaView *view, int body)
{
    double angle = (double)at(view, view->angle, body), spin = (double)at(view, view->spin, body);
    double x = (double)at(view, view->x, body), y = (double)at(view, view->y, body);
    double arm_x = x - (double)at(view, view->centre_x, body),
           arm_y = y - (double)at(view, view->centre_y, body);
    def->position = (ParaVec2){(float)x, (float)y};
    def->angle = (float)(angle - PARA_TAU * floor(angle / PARA_TAU + 0.5));
    def->velocity = (ParaVec2){within((float)((double)at(view, view->vx, body) - spin * arm_y), 1e3f),
                               within((float)((double)at(view, view->vy, body) + spin * arm_x), 1e3f)};
    def->spin = within((float)spin, 1e3f);
}

/// What a body breaks into lies to it as before.
static void carry_pieces(ParaLevel *level, const ParaLevel *from, const ParaView *view, int body)
{
    const ParaPieces *pieces = &from->body_pieces[body];
    const ParaBodyDef *now = &level->world.bodies[body], *was = &from->world.bodies[body];
    double sin, cos, turn = (double)now->angle - (double)was->angle;
    para_sincos(turn, &sin, &cos);
    for (int k = pieces->first; k < pieces->first + pieces->count; k++) {
        const ParaBodyDef *piece = &from->world.bodies[k];
        double dx = (double)piece->position.x - (double)was->position.x;
        double dy = (double)piece->position.y - (double)was->position.y;
        if (is_there(view, k))
            continue;
        level->world.bodies[k].position = (ParaVec2){(float)((double)now->position.x + cos * dx - sin * dy),
                                                     (float)((double)now->position.y + sin * dx + cos * dy)};
        level->world.bodies[k].angle = (float)((double)piece->angle + turn);
    }
}

/// A hinge's limits count from how its bodies lie in the def.
static void settle_joint(ParaJointDef *joint, const ParaView *view, int index)
{
    size_t k = (size_t)index * (size_t)view->stride;
    if (joint->kind != PARA_JOINT_REVOLUTE || !joint->limited || !view->joint_enabled[k])
        return;
    joint->lower -= view->joint_angle[k];
    joint->upper -= view->joint_angle[k];
}

static void settle(ParaLevel *level, const ParaLevel *from, const ParaView *view)
{
    for (int b = 0; b < from->world.body_count; b++)
        if (is_there(view, b) && from->world.bodies[b].kind == PARA_BODY_DYNAMIC && !is_far(view, b))
            settle_body(&level->world.bodies[b], view, b);
    for (int b = 0; from->body_pieces && b < from->world.body_count; b++)
        if (from->body_pieces[b].count > 0 && is_there(view, b))
            carry_pieces(level, from, view, b);
    for (int j = 0; j < from->world.joint_count; j++)
        settle_joint(&level->world.joints[j], view, j);
}

/// A level whose bodies and joints are its own; the rest it shares.
static ParaLevel *level_now(const ParaLevel *from, const ParaView *view, ParaArena *arena)
{
    ParaLevel *level = copied(arena, from, sizeof *from, 1, 1);
    COPY(level->world.bodies, from->world.body_count, from->world.body_count);
    COPY(level->world.joints, from->world.joint_count, from->world.joint_count + PARA_MAKING_JOINTS);
    settle(level, from, view);
    return level;
}

bool para_making_begin(ParaMaking *making)
{
    for (int p = 0; p < making->from->player_count; p++)
        if (is_far(making->view, making->from->players[p].body))
            return para_making_refuse(making, "the player has gone too far: begin the level again");
    making->level = level_now(making->from, making->view, making->arena);
    for (int b = 0; b < making->from->world.body_count; b++)
        making->lost[b] = making->from->world.bodies[b].kind == PARA_BODY_DYNAMIC && is_far(making->view, b);
    return true;
}

/// What an event spawns begins out of the level: else it would not load. It comes in again by its event.
static void set_pools(ParaLevel *level)
{
    for (int a = 0; a < level->act_count; a++)
        for (int k = 0; level->acts[a].kind == PARA_ACT_SPAWN && k < level->acts[a].count; k++)
            level->body_spares[level->acts[a].body + k] = 1;
}

ParaLevel *para_meddle_level_now(const ParaLevel *level, ParaWorld world, ParaArena *arena)
{
    const ParaView *view = para_world_view(world);
    int bodies = level->world.body_count, joints = level->world.joint_count, zones = level->world.zone_count;
    ParaLevel *out = level_now(level, view, arena);
    COPY(out->body_spares, bodies, bodies);
    COPY(out->joint_unmade, joints, joints);
    COPY(out->world.zones, zones, zones);
    for (int b = 0; b < bodies; b++)
        if (para_level_owner(level, b) < 0)
            out->body_spares[b] = !is_there(view, b) || is_far(view, b);
    set_pools(out);
    for (int j = 0; j < joints; j++) {
        bool out_a = !is_there(view, level->world.joints[j].a),
             out_b = !is_there(view, level->world.joints[j].b);
        out->joint_unmade[j] = !view->joint_enabled[(size_t)j * (size_t)view->stride] && !out_a && !out_b;
    }
    for (int z = 0; z < zones; z++) {
        out->world.zones[z].position = view->zones[z].position;
        out->world.zones[z].acceleration = view->zones[z].acceleration;
    }
    out->world.gravity =
        (ParaVec2){within(view->gravity.x, GRAVITY_MOST), within(view->gravity.y, GRAVITY_MOST)};
    out->hash = para_level_hash(out);
    return out;
}

// ---------------------------------------------------------------------------------------------
// With more in it.

static bool is_used(const ParaLevel *level, const char *name)
{
    for (int b = 0; b < level->world.body_count; b++)
        if (strcmp(level->body_names[b], name) == 0)
            return true;
    for (int z = 0; z < level->world.zone_count; z++)
        if (strcmp(level->zone_names[z], name) == 0)
            return true;
    return false;
}

/// A body that was made and is gone: its place may be taken. -1: none
static int free_slot(const ParaMaking *making)
{
    const ParaLevel *level = making->from;
    for (int b = 0; b < level->world.body_count; b++)
        if (strncmp(level->body_names[b], PARA_MAKING_PREFIX, strlen(PARA_MAKING_PREFIX)) == 0 &&
            !is_there(making->view, b) && !para_level_is_spare(level, b) && !making->fresh[b] &&
            para_level_owner(level, b) < 0)
            return b;
    return -1;
}

static bool give_slots(ParaMaking *making, int *out_count)
{
    int count = making->from->world.body_count;
    for (int m = 0; m < making->body_count; m++) {
        int slot = free_slot(making);
        if (slot < 0 && count == PARA_BODIES_MAX)
            return para_making_refuse(making, "the level is full: it has %d bodies", PARA_BODIES_MAX);
        making->bodies[m].slot = slot < 0 ? count++ : slot;
        making->fresh[making->bodies[m].slot] = 1;
    }
    *out_count = count;
    return true;
}

static void grow_bodies(ParaMaking *making, int count)
{
    ParaLevel *level = making->level;
    ParaArena *arena = making->arena;
    int had = level->world.body_count, players = level->player_count;
    uint8_t *roles = copied(arena, NULL, 1, 0, players * count);
    for (int p = 0; p < players; p++)
        memcpy(roles + p * count, level->body_roles + p * had, (size_t)had);
    level->body_roles = roles;
    COPY(level->world.bodies, had, count);
    COPY(level->body_names, had, count);
    COPY(level->body_shatters, had, count);
    COPY(level->body_crushes, had, count);
    COPY(level->body_collects, had, count);
    COPY(level->body_motions, had, count);
    COPY(level->body_sets, had, count);
    COPY_IF_THERE(level->body_pieces, had, count);
    COPY_IF_THERE(level->body_paths, had, count);
    COPY_IF_THERE(level->body_spares, had, count);
    COPY_IF_THERE(level->body_mass_hidden, had, count);
    COPY(level->body_looks, level->body_looks ? had : 0, count);
    COPY(level->body_sounds, level->body_sounds ? had : 0, count);
    for (int b = had; b < count; b++)
        level->body_names[b] = "";
    level->world.body_count = count;
}

static void put_body(ParaMaking *making, const ParaMade *made)
{
    ParaLevel *level = making->level;
    int b = made->slot, like = made->like, number = 1;
    char name[PARA_NAME_MAX];
    level->world.bodies[b] = made->def;
    if (!*level->body_names[b]) {
        do
            snprintf(name, sizeof name, PARA_MAKING_PREFIX "%d", number++);
        while (is_used(level, name));
        level->body_names[b] = para_arena_strdup(making->arena, name);
    }
    for (int p = 0; p < level->player_count; p++)
        level->body_roles[p * level->world.body_count + b] = PARA_ROLE_NONE;
    level->body_shatters[b] = like >= 0 ? level->body_shatters[like] : 0;
    level->body_crushes[b] = like >= 0 ? level->body_crushes[like] : 0;
    level->body_collects[b] = 0;
    if (level->body_mass_hidden)
        level->body_mass_hidden[b] = like >= 0 ? level->body_mass_hidden[like] : 0;
    level->body_motions[b] = (ParaMotion){.period = 4.0f}; // the format's default, which is not written
    if (level->body_pieces)
        level->body_pieces[b] = (ParaPieces){0};
    if (level->body_paths)
        level->body_paths[b] = (ParaPath){0};
    level->body_looks[b] = like >= 0 ? level->body_looks[like] : (uint8_t)made->material;
    level->body_sounds[b] = like >= 0 ? level->body_sounds[like] : (uint8_t)made->material;
}

static const ParaMade *made_at(const ParaMaking *making, int body)
{
    for (int m = 0; m < making->body_count; m++)
        if (making->bodies[m].slot == body)
            return &making->bodies[m];
    return NULL;
}

/// A shape and its points to the end of the new lists.
static void put_shape(ParaWorldDef *world, const ParaShapeDef *shape, const ParaVec2 *points, int body)
{
    ParaShapeDef *out = &world->shapes[world->shape_count++];
    *out = *shape;
    out->body = body;
    out->point_first = (uint32_t)world->point_count;
    memcpy(world->points + world->point_count, points + shape->point_first,
           sizeof *points * shape->point_count);
    world->point_count += (int)shape->point_count;
}

static void lay_out_zones(ParaMaking *making, const ParaWorldDef *from)
{
    ParaWorldDef *world = &making->level->world;
    ParaArena *arena = making->arena;
    COPY(world->zones, world->zone_count, world->zone_count);
    for (int z = 0; z < world->zone_count; z++) {
        ParaZoneDef *zone = &world->zones[z];
        memcpy(world->points + world->point_count, from->points + zone->point_first,
               sizeof *world->points * zone->point_count);
        zone->point_first = (uint32_t)world->point_count;
        world->point_count += (int)zone->point_count;
    }
}

static bool lay_out_shapes(ParaMaking *making)
{
    const ParaWorldDef *from = &making->from->world;
    ParaWorldDef *world = &making->level->world;
    int shapes = from->shape_count + making->shape_count, points = from->point_count + making->point_count;
    world->shapes = PARA_NEW(making->arena, ParaShapeDef, shapes + 1);
    world->points = PARA_NEW(making->arena, ParaVec2, points + 1);
    world->shape_count = world->point_count = 0;
    for (int b = 0, s = 0; b < world->body_count; b++) {
        const ParaMade *made = made_at(making, b);
        for (; s < from->shape_count && from->shapes[s].body == b; s++)
            if (!made)
                put_shape(world, &from->shapes[s], from->points, b);
        for (int k = 0; made && k < made->shape_count; k++)
            put_shape(world, &making->shapes[made->shape_first + k], making->points, b);
    }
    lay_out_zones(making, from);
    if (world->shape_count > PARA_SHAPES_MAX || world->point_count > PARA_POINTS_MAX)
        return para_making_refuse(making, "the level is full: it has %d shapes", from->shape_count);
    return true;
}

bool para_making_assemble(ParaMaking *making)
{
    int count = making->from->world.body_count;
    if (!give_slots(making, &count))
        return false;
    grow_bodies(making, count);
    for (int m = 0; m < making->body_count; m++)
        put_body(making, &making->bodies[m]);
    return lay_out_shapes(making);
}

bool para_making_add_joint(ParaMaking *making, const ParaJointDef *joint)
{
    ParaLevel *level = making->level;
    ParaArena *arena = making->arena;
    int had = level->world.joint_count;
    if (had >= PARA_JOINTS_MAX || making->joint_count == PARA_MAKING_JOINTS)
        return para_making_refuse(making, "the level is full: it has %d joints", had);
    COPY(level->joint_names, had, had + 1);
    COPY_IF_THERE(level->joint_motors, had, had + 1);
    COPY_IF_THERE(level->joint_breaks, had, had + 1);
    COPY_IF_THERE(level->joint_unmade, had, had + 1);
    level->world.joints[had] = *joint; // there is room
    level->joint_names[had] = "";
    level->world.joint_count++;
    making->joint_count++;
    return true;
}
