// SPDX-License-Identifier: MIT
// Saving a level as a template with nothing left open. Numbers go through the table of fields and carry nine
// digits, so that every float comes back with the same bits and the saved level has the same hash.
#include "engine/base/assert.h"
#include "engine/base/json.h"
#include "worlds/format/data.h"
#include "worlds/level/roles.h"

#include "engine/base/hash.h"

#include <stdio.h>
#include <string.h>

typedef struct Writer {
    ParaJson json;
    const ParaLevel *level;
} Writer;

static uint32_t bit(ParaFieldId id) { return 1u << (id - para_fields_first(para_field(id)->kind)); }

static void write_number(Writer *writer, float value)
{
    para_json_format(&writer->json, "%.9g", (double)value);
}

static void write_pair(Writer *writer, ParaVec2 pair)
{
    para_json_format(&writer->json, "[%.9g, %.9g]", (double)pair.x, (double)pair.y);
}

static size_t store_size(ParaStore store)
{
    return store == PARA_STORE_BOOL ? sizeof(bool) : store == PARA_STORE_VEC2 ? sizeof(ParaVec2) : 4;
}

static void write_stored(Writer *writer, ParaStore store, const char *place)
{
    float real;
    int32_t whole;
    uint32_t bits;
    ParaVec2 pair;
    switch (store) {
    case PARA_STORE_BOOL:
        para_json_format(&writer->json, *place ? "true" : "false");
        break;
    case PARA_STORE_I32:
        memcpy(&whole, place, sizeof whole);
        para_json_format(&writer->json, "%d", (int)whole);
        break;
    case PARA_STORE_U32:
        memcpy(&bits, place, sizeof bits);
        para_json_format(&writer->json, "%u", (unsigned)bits);
        break;
    case PARA_STORE_VEC2:
        memcpy(&pair, place, sizeof pair);
        write_pair(writer, pair);
        break;
    default:
        memcpy(&real, place, sizeof real);
        write_number(writer, real);
    }
}

/// Every stored field of a kind that is not at its default, is required, or is forced; heads are the
/// caller's.
static void write_stored_fields(Writer *writer, ParaObjectKind kind, const ParaBound *bound,
                                const ParaField *head, uint32_t forced)
{
    int count;
    const ParaField *fields = para_fields(kind, &count);
    ParaBound standard;
    para_bound_default(kind, &standard);
    for (int f = 0; f < count; f++) {
        const ParaField *field = &fields[f];
        if (field->store == PARA_STORE_NONE || (field->flags & PARA_FLAG_HEAD) ||
            !para_field_goes_with(field, head))
            continue;
        const char *place = (const char *)bound + field->offset;
        bool same = memcmp(place, (const char *)&standard + field->offset, store_size(field->store)) == 0;
        if (same && !(field->flags & PARA_FLAG_REQUIRED) && !(forced >> f & 1))
            continue;
        para_json_key(&writer->json, field->name);
        write_stored(writer, field->store, place);
    }
}

static void open_list(Writer *writer, const char *key)
{
    para_json_key(&writer->json, key);
    para_json_open(&writer->json, '[');
}

static void open_object(Writer *writer, const char *key)
{
    if (key)
        para_json_key(&writer->json, key);
    else
        para_json_item(&writer->json);
    para_json_open(&writer->json, '{');
}

static void close_list(Writer *writer) { para_json_close(&writer->json, ']'); }
static void close_object(Writer *writer) { para_json_close(&writer->json, '}'); }

static void write_points(Writer *writer, const char *key, uint32_t first, uint32_t count)
{
    open_list(writer, key);
    for (uint32_t p = first; p < first + count; p++) {
        para_json_item(&writer->json);
        write_pair(writer, writer->level->world.points[p]);
    }
    close_list(writer);
}

static void write_role(Writer *writer, uint8_t role, uint8_t derived)
{
    if (role != derived)
        para_json_key_string(&writer->json, "role", para_role_word((ParaRole)role));
}

// ---------------------------------------------------------------------------------------------
// Head, bodies, joints, zones.

static void write_params(Writer *writer)
{
    const ParaLevel *level = writer->level;
    if (level->param_count == 0)
        return;
    open_object(writer, "params");
    for (int p = 0; p < level->param_count; p++) {
        const ParaParamValue *param = &level->params[p];
        para_json_key(&writer->json, param->name);
        para_json_format(&writer->json, "{\"value\": %.17g, \"range\": [%.17g, %.17g]}", param->value,
                         param->low, param->high);
    }
    close_object(writer);
}

static void write_world(Writer *writer)
{
    ParaBound bound;
    para_bound_default(PARA_KIND_WORLD, &bound);
    bound.world = (ParaBoundWorld){.def = writer->level->world,
                                   .seconds = writer->level->seconds,
                                   .frame_skip = writer->level->frame_skip};
    open_object(writer, "world");
    write_stored_fields(writer, PARA_KIND_WORLD, &bound, NULL,
                        bit(PARA_FIELD_WORLD_size) | bit(PARA_FIELD_WORLD_gravity) |
                            bit(PARA_FIELD_WORLD_seconds));
    close_object(writer);
}

static void write_shape(Writer *writer, const ParaShapeDef *def)
{
    const ParaField *head = para_field_head(PARA_KIND_SHAPE, (int)def->kind);
    ParaBound bound;
    para_bound_default(PARA_KIND_SHAPE, &bound);
    open_object(writer, NULL);
    if (def->kind == PARA_SHAPE_CIRCLE) {
        para_json_key(&writer->json, head->name);
        write_number(writer, def->radius);
        bound.shape.at = writer->level->world.points[def->point_first];
    } else {
        write_points(writer, head->name, def->point_first, def->point_count);
        bound.shape.radius = def->radius;
    }
    bound.shape.density = def->density;
    bound.shape.friction = def->friction;
    bound.shape.restitution = def->restitution;
    write_stored_fields(writer, PARA_KIND_SHAPE, &bound, head, 0);
    close_object(writer);
}

static int category_of(uint32_t bits)
{
    int category = 0;
    while (category < 31 && !(bits >> category & 1))
        category++;
    return category;
}

static void write_body_extras(Writer *writer, int body, uint8_t derived)
{
    const ParaLevel *level = writer->level;
    ParaBound bound;
    if (level->body_roles[body] != PARA_ROLE_PLAYER)
        write_role(writer, level->body_roles[body], derived);
    if (level->body_shatters[body] > 0) {
        para_bound_default(PARA_KIND_SHATTERS, &bound);
        bound.shatters.impulse = level->body_shatters[body];
        open_object(writer, "shatters");
        write_stored_fields(writer, PARA_KIND_SHATTERS, &bound, NULL, 0);
        close_object(writer);
    }
    para_bound_default(PARA_KIND_MOVES, &bound);
    if (memcmp(&bound.moves.motion, &level->body_motions[body], sizeof(ParaMotion)) != 0) {
        bound.moves.motion = level->body_motions[body];
        open_object(writer, "moves");
        write_stored_fields(writer, PARA_KIND_MOVES, &bound, NULL, 0);
        close_object(writer);
    }
}

/// @param first its first shape; @return the one after its last
static int write_body(Writer *writer, int body, int first, uint8_t derived)
{
    const ParaLevel *level = writer->level;
    const ParaWorldDef *world = &level->world;
    int end = first;
    ParaBound bound;
    while (end < world->shape_count && world->shapes[end].body == body)
        end++;
    para_bound_default(PARA_KIND_BODY, &bound);
    bound.body.def = world->bodies[body];
    bound.body.collect = level->body_collects[body];
    if (end > first) {
        bound.body.category = category_of(world->shapes[first].category);
        bound.body.mask = world->shapes[first].mask;
    }
    open_object(writer, NULL);
    if (*level->body_names[body])
        para_json_key_string(&writer->json, "name", level->body_names[body]);
    if (bound.body.def.kind != PARA_BODY_DYNAMIC) {
        para_json_key(&writer->json, bound.body.def.kind == PARA_BODY_STATIC ? "static" : "kinematic");
        para_json_format(&writer->json, "true");
    }
    write_stored_fields(writer, PARA_KIND_BODY, &bound, NULL, bit(PARA_FIELD_BODY_at));
    write_body_extras(writer, body, derived);
    open_list(writer, "shapes");
    for (int s = first; s < end; s++)
        write_shape(writer, &world->shapes[s]);
    close_list(writer);
    close_object(writer);
    return end;
}

static void write_joint(Writer *writer, int index)
{
    const ParaLevel *level = writer->level;
    const ParaJointDef *def = &level->world.joints[index];
    const ParaField *head = para_field_head(PARA_KIND_JOINT, (int)def->kind);
    uint32_t forced = bit(PARA_FIELD_JOINT_anchor_a) | bit(PARA_FIELD_JOINT_anchor_b);
    ParaBound bound;
    para_bound_default(PARA_KIND_JOINT, &bound);
    bound.joint.def = *def;
    open_object(writer, NULL);
    if (def->motored) {
        para_json_key(&writer->json, "name");
        para_json_format(&writer->json, "\"joint%d\"", index);
    }
    open_list(writer, head->name);
    para_json_item(&writer->json);
    para_json_string(&writer->json, level->body_names[def->a]);
    para_json_item(&writer->json);
    para_json_string(&writer->json, level->body_names[def->b]);
    close_list(writer);
    if (def->limited) {
        bound.joint.limits = (ParaVec2){def->lower, def->upper};
        forced |= bit(PARA_FIELD_JOINT_limits);
    }
    if (def->kind == PARA_JOINT_SPRING)
        forced |= bit(PARA_FIELD_JOINT_rest);
    write_stored_fields(writer, PARA_KIND_JOINT, &bound, head, forced);
    close_object(writer);
}

static void write_zone(Writer *writer, int index, uint8_t derived)
{
    const ParaLevel *level = writer->level;
    const ParaZoneDef *def = &level->world.zones[index];
    ParaBound bound;
    para_bound_default(PARA_KIND_ZONE, &bound);
    bound.zone.def = *def;
    open_object(writer, NULL);
    if (*level->zone_names[index])
        para_json_key_string(&writer->json, "name", level->zone_names[index]);
    open_object(writer, "area");
    if (def->kind == PARA_SHAPE_CIRCLE) {
        para_json_key(&writer->json, "circle");
        write_number(writer, def->radius);
    } else {
        write_points(writer, "polygon", def->point_first, def->point_count);
    }
    close_object(writer);
    write_stored_fields(writer, PARA_KIND_ZONE, &bound, NULL, bit(PARA_FIELD_ZONE_at));
    write_role(writer, level->zone_roles[index], derived);
    close_object(writer);
}

static void write_things(Writer *writer)
{
    const ParaLevel *level = writer->level;
    uint8_t body_roles[PARA_BODIES_MAX] = {0}, zone_roles[PARA_ZONES_MAX] = {0};
    para_level_derive_roles(level, 0, body_roles, zone_roles);
    open_list(writer, "bodies");
    int shape = 0;
    for (int b = 0; b < level->world.body_count; b++)
        shape = write_body(writer, b, shape, body_roles[b]);
    close_list(writer);
    open_list(writer, "joints");
    for (int j = 0; j < level->world.joint_count; j++)
        write_joint(writer, j);
    close_list(writer);
    open_list(writer, "zones");
    for (int z = 0; z < level->world.zone_count; z++)
        write_zone(writer, z, zone_roles[z]);
    close_list(writer);
}

// ---------------------------------------------------------------------------------------------
// The player.

static void write_actuator(Writer *writer, const ParaActuator *actuator)
{
    const ParaLevel *level = writer->level;
    const ParaField *head = para_field_head(PARA_KIND_ACTUATOR, (int)actuator->kind);
    ParaBound bound;
    para_bound_default(PARA_KIND_ACTUATOR, &bound);
    bound.actuator.def = *actuator;
    if (actuator->thruster >= 0) {
        bound.actuator.at = level->world.thrusters[actuator->thruster].point;
        bound.actuator.direction = level->world.thrusters[actuator->thruster].direction;
    }
    open_object(writer, NULL);
    para_json_key(&writer->json, head->name);
    if (actuator->joint >= 0)
        para_json_format(&writer->json, "\"joint%d\"", actuator->joint);
    else
        para_json_string(&writer->json, level->body_names[actuator->body]);
    write_stored_fields(writer, PARA_KIND_ACTUATOR, &bound, head, bit(PARA_FIELD_ACTUATOR_channel));
    close_object(writer);
}

static void write_player(Writer *writer)
{
    const ParaLevel *level = writer->level;
    const ParaPlayer *player = &level->players[0];
    ParaBound bound;
    para_bound_default(PARA_KIND_PLAYER, &bound);
    bound.player.sight = player->sight;
    open_object(writer, "player");
    para_json_key_string(&writer->json, "body", level->body_names[player->body]);
    open_list(writer, "bodies");
    for (int b = 0; b < level->world.body_count; b++) {
        if (level->body_roles[b] != PARA_ROLE_PLAYER || !*level->body_names[b])
            continue;
        para_json_item(&writer->json);
        para_json_string(&writer->json, level->body_names[b]);
    }
    close_list(writer);
    write_stored_fields(writer, PARA_KIND_PLAYER, &bound, NULL, bit(PARA_FIELD_PLAYER_sight));
    open_list(writer, "actuators");
    for (int k = 0; k < player->actuator_count; k++)
        write_actuator(writer, &player->actuators[k]);
    close_list(writer);
    open_list(writer, "keys");
    for (int c = 0; c < PARA_CHANNELS; c++) {
        const ParaChannelKeys *keys = &player->keys[c];
        if (!*keys->positive && !*keys->negative && !*keys->label)
            continue;
        open_object(writer, NULL);
        para_json_key(&writer->json, "channel");
        para_json_format(&writer->json, "%d", c);
        para_json_key_string(&writer->json, "positive", keys->positive);
        para_json_key_string(&writer->json, "negative", keys->negative);
        para_json_key_string(&writer->json, "label", keys->label);
        close_object(writer);
    }
    close_list(writer);
    close_object(writer);
}

// ---------------------------------------------------------------------------------------------
// The rules.

/// A name, or a run of names.
static void write_run(Writer *writer, const char *const *names, int first, int count, bool player)
{
    para_json_item(&writer->json);
    if (player)
        para_json_string(&writer->json, "player");
    else if (count > 1)
        para_json_format(&writer->json, "\"%s..%s\"", names[first], names[first + count - 1]);
    else
        para_json_string(&writer->json, names[first]);
}

static void write_leaf(Writer *writer, const ParaGoalNode *node, const ParaField *head)
{
    const ParaLevel *level = writer->level;
    para_json_key(&writer->json, head->name);
    if (head->type == PARA_TYPE_NUMBER) {
        write_number(writer, node->value);
        return;
    }
    bool list = head->type != PARA_TYPE_REF;
    bool first = writer->json.first;
    if (list)
        para_json_open(&writer->json, '[');
    else
        writer->json.first = true; // a single value takes no comma
    write_run(writer, level->body_names, node->a, node->a_count, node->a_player);
    if (node->zone >= 0)
        write_run(writer, level->zone_names, node->zone, node->zone_count, false);
    else if (node->b >= 0)
        write_run(writer, level->body_names, node->b, node->b_count, node->b_player);
    if (head->type == PARA_TYPE_REFS_NUMBER) {
        para_json_item(&writer->json);
        write_number(writer, node->value);
    }
    if (list)
        close_list(writer);
    else
        writer->json.first = first;
}

static void write_goal(Writer *writer, const char *key, int index)
{
    const ParaGoalNode *node = &writer->level->goals[index];
    const ParaField *head = para_field_head(PARA_KIND_PREDICATE, (int)node->kind);
    ParaBound bound;
    para_bound_default(PARA_KIND_PREDICATE, &bound);
    bound.predicate.node = *node;
    open_object(writer, key);
    if (head->type == PARA_TYPE_OBJECT) {
        write_goal(writer, head->name, node->child_first);
    } else if (head->type == PARA_TYPE_LIST) {
        open_list(writer, head->name);
        for (int k = 0; k < node->child_count; k++)
            write_goal(writer, NULL, node->child_first + k);
        close_list(writer);
    } else {
        write_leaf(writer, node, head);
    }
    write_stored_fields(writer, PARA_KIND_PREDICATE, &bound, head, 0);
    close_object(writer);
}

static void write_reward(Writer *writer, const ParaRewardTerm *term)
{
    const ParaLevel *level = writer->level;
    const ParaField *head = para_field_head(PARA_KIND_REWARD, (int)term->kind);
    ParaBound bound;
    para_bound_default(PARA_KIND_REWARD, &bound);
    bound.reward.term = *term;
    open_object(writer, NULL);
    para_json_key(&writer->json, head->name);
    if (head->type == PARA_TYPE_REFS)
        para_json_format(&writer->json, "[\"%s\", \"%s\"]", level->body_names[term->a],
                         term->zone >= 0 ? level->zone_names[term->zone] : level->body_names[term->b]);
    else if (term->a >= 0)
        para_json_string(&writer->json, level->body_names[term->a]);
    else
        para_json_format(&writer->json, "true");
    write_stored_fields(writer, PARA_KIND_REWARD, &bound, head, bit(PARA_FIELD_REWARD_weight));
    close_object(writer);
}

static void write_rules(Writer *writer)
{
    const ParaLevel *level = writer->level;
    ParaBound bound;
    write_goal(writer, "goal", level->players[0].goal_root);
    if (level->players[0].fail_root >= 0)
        write_goal(writer, "fail", level->players[0].fail_root);
    open_list(writer, "rewards");
    for (int r = 0; r < level->reward_count; r++)
        write_reward(writer, &level->rewards[r]);
    close_list(writer);
    para_bound_default(PARA_KIND_TEMPLATE, &bound);
    bound.template_.solved = level->players[0].reward_solved;
    bound.template_.failed = level->players[0].reward_failed;
    write_stored_fields(writer, PARA_KIND_TEMPLATE, &bound, NULL,
                        bit(PARA_FIELD_TEMPLATE_solved) | bit(PARA_FIELD_TEMPLATE_failed));
}

char *para_level_to_json(const ParaLevel *level, ParaArena *arena)
{
    Writer writer = {.json = para_json(arena, 2), .level = level};
    char hex[17];
    PARA_ASSERT(level->player_count == 1); // the format says one player
    para_json_open(&writer.json, '{');
    para_json_key(&writer.json, "paracosm");
    para_json_format(&writer.json, "1");
    para_json_key_string(&writer.json, "name", level->family);
    if (*level->about)
        para_json_key_string(&writer.json, "about", level->about);
    write_params(&writer);
    write_world(&writer);
    write_things(&writer);
    write_player(&writer);
    write_rules(&writer);
    open_object(&writer, "made_by");
    if (*level->maker)
        para_json_key_string(&writer.json, "maker", level->maker);
    para_hash_hex(level->seed, hex);
    para_json_key_string(&writer.json, "seed", hex);
    if (level->parent) {
        para_hash_hex(level->parent, hex);
        para_json_key_string(&writer.json, "parent", hex);
    }
    close_object(&writer);
    para_json_close(&writer.json, '}');
    para_json_format(&writer.json, "\n");
    return writer.json.text;
}
