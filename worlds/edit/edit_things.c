// SPDX-License-Identifier: MIT
// Room for one more body, joint or zone in a level's arrays, and names for them.
#include "worlds/edit/edit_parts.h"

#include <stdio.h>
#include <string.h>

/// An array with one item more, which is zero; one that is not there stays so.
static void *grown(ParaArena *arena, const void *items, size_t size, int count)
{
    char *out = para_arena_alloc(arena, size * ((size_t)count + 1));
    if (count > 0)
        memcpy(out, items, size * (size_t)count);
    memset(out + size * (size_t)count, 0, size);
    return out;
}
#define GROW(items, count)          ((items) = grown(editor->arena, (items), sizeof *(items), (count)))
#define GROW_IF_THERE(items, count) ((items) ? GROW(items, count) : NULL)

static bool is_taken(const ParaLevel *level, const char *name)
{
    for (int b = 0; b < level->world.body_count; b++)
        if (strcmp(level->body_names[b], name) == 0)
            return true;
    for (int z = 0; z < level->world.zone_count; z++)
        if (strcmp(level->zone_names[z], name) == 0)
            return true;
    for (int j = 0; j < level->world.joint_count; j++)
        if (strcmp(level->joint_names[j], name) == 0)
            return true;
    return false;
}

const char *para_edit_new_name(ParaEditor *editor, const char *stem)
{
    char name[PARA_NAME_MAX];
    int number = 1;
    do
        snprintf(name, sizeof name, "%.40s-%d", stem, number++);
    while (is_taken(editor->level, name));
    return para_arena_strdup(editor->arena, name);
}

void para_edit_name_body(ParaEditor *editor, int body)
{
    if (!*editor->level->body_names[body])
        editor->level->body_names[body] = para_edit_new_name(editor, "body");
}

int para_edit_new_body(ParaEditor *editor, const ParaBodyDef *def, const char *stem)
{
    ParaLevel *level = editor->level;
    int body = level->world.body_count;
    if (body == PARA_BODIES_MAX) {
        para_edit_refuse(editor, true, "it has %d bodies, the most", body);
        return -1;
    }
    const char *name = para_edit_new_name(editor, stem);
    GROW(level->world.bodies, body);
    GROW(level->body_names, body);
    GROW(level->body_roles, body); // of one player
    GROW(level->body_shatters, body);
    GROW(level->body_crushes, body);
    GROW(level->body_collects, body);
    GROW(level->body_motions, body);
    GROW(level->body_sets, body);
    GROW_IF_THERE(level->body_pieces, body);
    GROW_IF_THERE(level->body_looks, body);
    GROW_IF_THERE(level->body_sounds, body);
    GROW_IF_THERE(level->body_paths, body);
    GROW_IF_THERE(level->body_spares, body);
    GROW_IF_THERE(level->body_mass_hidden, body);
    level->world.bodies[body] = *def;
    level->body_names[body] = name;
    level->body_motions[body] = (ParaMotion){.period = 4.0f}; // the format's default, which is not written
    editor->changed[body] = 1;
    return level->world.body_count++;
}

int para_edit_new_joint(ParaEditor *editor, const ParaJointDef *def)
{
    ParaLevel *level = editor->level;
    int joint = level->world.joint_count;
    if (joint == PARA_JOINTS_MAX) {
        para_edit_refuse(editor, true, "it has %d joints, the most", joint);
        return -1;
    }
    GROW(level->world.joints, joint);
    GROW(level->joint_names, joint);
    GROW_IF_THERE(level->joint_motors, joint);
    GROW_IF_THERE(level->joint_breaks, joint);
    GROW_IF_THERE(level->joint_unmade, joint);
    level->world.joints[joint] = *def;
    level->joint_names[joint] = "";
    return level->world.joint_count++;
}

int para_edit_new_zone(ParaEditor *editor, const ParaZoneDef *def, const char *stem, ParaVec2 half)
{
    ParaLevel *level = editor->level;
    int zone = level->world.zone_count, points = level->world.point_count;
    if (zone == PARA_ZONES_MAX) {
        para_edit_refuse(editor, true, "it has %d zones, the most", zone);
        return -1;
    }
    const char *name = para_edit_new_name(editor, stem);
    GROW(level->world.zones, zone);
    GROW(level->zone_names, zone);
    GROW(level->zone_roles, zone);
    GROW_IF_THERE(level->zone_portals, zone);
    GROW_IF_THERE(level->zone_forces, zone);
    if (level->zone_portals)
        level->zone_portals[zone] = -1;
    ParaVec2 *all = PARA_NEW(editor->arena, ParaVec2, points + 4);
    memcpy(all, level->world.points, sizeof *all * (size_t)points);
    const ParaVec2 corners[] = {{-half.x, -half.y}, {half.x, -half.y}, {half.x, half.y}, {-half.x, half.y}};
    memcpy(all + points, corners, sizeof corners);
    level->world.points = all;
    level->world.point_count = points + 4;
    level->world.zones[zone] = *def;
    level->world.zones[zone].kind = PARA_SHAPE_POLYGON;
    level->world.zones[zone].radius = 0;
    level->world.zones[zone].point_first = (uint32_t)points;
    level->world.zones[zone].point_count = 4;
    level->zone_names[zone] = name;
    editor->points = true;
    return level->world.zone_count++;
}

bool para_edit_set_shapes(ParaEditor *editor, int body, const ParaShapeDef *shapes, int shape_count,
                          const ParaVec2 *points, int point_count)
{
    ParaWorldDef *world = &editor->level->world;
    int first = 0, end, had = world->point_count;
    while (first < world->shape_count && world->shapes[first].body < body)
        first++;
    for (end = first; end < world->shape_count && world->shapes[end].body == body;)
        end++;
    int count = world->shape_count - (end - first) + shape_count;
    if (count > PARA_SHAPES_MAX)
        return para_edit_refuse(editor, true, "it would have more than %d shapes", PARA_SHAPES_MAX);
    ParaShapeDef *all = PARA_NEW(editor->arena, ParaShapeDef, count);
    ParaVec2 *places = PARA_NEW(editor->arena, ParaVec2, had + point_count);
    if (first > 0)
        memcpy(all, world->shapes, sizeof *all * (size_t)first);
    for (int s = 0; s < shape_count; s++) {
        all[first + s] = shapes[s];
        all[first + s].body = body;
        all[first + s].point_first += (uint32_t)had;
    }
    if (end < world->shape_count)
        memcpy(all + first + shape_count, world->shapes + end,
               sizeof *all * (size_t)(world->shape_count - end));
    if (had > 0)
        memcpy(places, world->points, sizeof *places * (size_t)had);
    memcpy(places + had, points, sizeof *places * (size_t)point_count);
    world->shapes = all;
    world->shape_count = count;
    world->points = places;
    world->point_count = had + point_count; // what is left over goes when they are laid out
    editor->points = true;
    editor->changed[body] = 1;
    return true;
}
