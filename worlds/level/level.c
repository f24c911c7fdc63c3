// SPDX-License-Identifier: MIT
// Levels as plain data: what their kinds are, deep copy and content hash.
#include "worlds/level/level.h"

#include "engine/base/assert.h"
#include "engine/base/hash.h"
#include "engine/world/def_fields.h"
#include "worlds/expr/expr.h"

#include <stdio.h>
#include <string.h>

// ---------------------------------------------------------------------------------------------
// What the list of kinds says beside words.

_Static_assert(PARA_ROLE_HAZARD == 4 && PARA_GOAL_OVERLAP == 19 && PARA_REWARD_EACH == 10 &&
                   PARA_ACTUATOR_VOICE == 10 && PARA_ACT_SAY == 20,
               "levels hash these numbers and replays hold them: a new row goes to the end of its list");

bool para_goal_is_tree(ParaGoalKind kind)
{
    static const bool tree[] = {
#define PARA_GOAL_TREE(id, ...) [PARA_GOAL_##id] = true,
#define PARA_GOAL(id, ...)      [PARA_GOAL_##id] = false,
#include "worlds/level/kinds.def"
    };
    PARA_ASSERT(kind < sizeof tree / sizeof tree[0]);
    return tree[kind];
}

bool para_goal_is_moment(ParaGoalKind kind)
{
    static const bool moments[] = {
#define PARA_GOAL_MOMENT(id, ...) [PARA_GOAL_##id] = true,
#define PARA_GOAL(id, ...)        [PARA_GOAL_##id] = false,
#include "worlds/level/kinds.def"
    };
    PARA_ASSERT(kind < sizeof moments / sizeof moments[0]);
    return moments[kind];
}

ParaRole para_goal_first_role(ParaGoalKind kind)
{
    static const ParaRole roles[] = {
#define PARA_GOAL_LEAF(id, word, type, of, first, second, takes, role, help)                                 \
    [PARA_GOAL_##id] = PARA_ROLE_##role,
#define PARA_GOAL_VALUE(id, word, type, of, unit, low, high, takes, role, help)                              \
    [PARA_GOAL_##id] = PARA_ROLE_##role,
#include "worlds/level/kinds.def"
    };
    PARA_ASSERT(kind < sizeof roles / sizeof roles[0] && !para_goal_is_tree(kind));
    return roles[kind];
}

ParaPays para_reward_pays(ParaRewardKind kind)
{
    enum { CHANGE = PARA_PAYS_CHANGE, TIME = PARA_PAYS_TIME, STEP = PARA_PAYS_STEP };
    static const uint8_t pays[] = {
#define PARA_REWARD(id, word, type, of, first, second, pays, help) [PARA_REWARD_##id] = pays,
#include "worlds/level/kinds.def"
    };
    PARA_ASSERT(kind < sizeof pays);
    return (ParaPays)pays[kind];
}

bool para_actuator_is_upward(ParaActuatorKind kind)
{
    enum { BOTH, UP };
    static const uint8_t actions[] = {
#define PARA_ACTUATOR(id, word, space, actions, takes, help) [PARA_ACTUATOR_##id] = actions,
#include "worlds/level/kinds.def"
    };
    PARA_ASSERT(kind < sizeof actions);
    return actions[kind] == UP;
}

ParaActValue para_act_value(ParaActKind kind)
{
    static const ParaActValue values[] = {
#define PARA_ACT(id, word, type, of, wants, unit, low, high, takes, help)                                    \
    [PARA_ACT_##id] = {PARA_WANTS_##wants, low, high, unit},
#include "worlds/level/kinds.def"
    };
    PARA_ASSERT(kind < sizeof values / sizeof values[0]);
    return values[kind];
}

// ---------------------------------------------------------------------------------------------
// Copies.

static void *copy_array(ParaArena *arena, const void *source, size_t size)
{
    if (!source || size == 0)
        return NULL;
    return memcpy(para_arena_alloc(arena, size), source, size);
}

static const char **copy_names(ParaArena *arena, const char *const *names, int count)
{
    const char **out = PARA_NEW(arena, const char *, count);
    size_t size = 0;
    for (int k = 0; k < count; k++)
        size += strlen(names[k]) + 1;
    char *text = para_arena_alloc(arena, size + 1);
    for (int k = 0; k < count; k++) {
        size_t length = strlen(names[k]) + 1;
        out[k] = memcpy(text, names[k], length);
        text += length;
    }
    return out;
}

static void copy_changing(ParaChanging *changing, int count, ParaArena *arena)
{
    for (int k = 0; k < count; k++)
        if (changing[k].program)
            changing[k].program = para_expr_copy(changing[k].program, arena);
}

/// What the arrays of a copied level point to beside what they hold.
static void copy_changes(ParaLevel *out, ParaArena *arena)
{
    for (int g = 0; g < out->goal_count; g++)
        copy_changing(&out->goals[g].is, 1, arena);
    for (int z = 0; out->zone_forces && z < out->world.zone_count; z++)
        copy_changing(out->zone_forces[z].by, 2, arena);
    for (int r = 0; r < out->reward_count; r++)
        copy_changing(&out->rewards[r].expr, 1, arena);
    for (int o = 0; o < out->observe_count; o++)
        copy_changing(&out->observes[o].value, 1, arena);
    for (int a = 0; a < out->act_count; a++) {
        ParaAct *act = &out->acts[a];
        copy_changing(act->to, 2, arena);
        copy_changing(act->velocity, 2, arena);
        copy_changing(&act->angle, 1, arena);
        copy_changing(&act->radius, 1, arena);
        copy_changing(&act->impulse, 1, arena);
        act->text = para_arena_strdup(arena, act->text);
    }
}

ParaLevel *para_level_copy(const ParaLevel *level, ParaArena *arena)
{
    PARA_ASSERT(level->player_count >= 1 && level->goal_count <= PARA_GOAL_NODES_MAX);
    ParaLevel *out = copy_array(arena, level, sizeof *level);
    const ParaWorldDef *world = &level->world;
    size_t bodies = (size_t)world->body_count, zones = (size_t)world->zone_count;
#define COPY(to, from, count) ((to) = copy_array(arena, (from), sizeof *(from) * (size_t)(count)))
    out->world = para_world_def_copy(world, arena);
    COPY(out->players, level->players, level->player_count);
    COPY(out->body_roles, level->body_roles, (size_t)level->player_count * bodies);
    COPY(out->body_shatters, level->body_shatters, bodies);
    COPY(out->body_crushes, level->body_crushes, bodies);
    COPY(out->body_collects, level->body_collects, bodies);
    COPY(out->body_mass_hidden, level->body_mass_hidden, bodies);
    COPY(out->body_motions, level->body_motions, bodies);
    COPY(out->zone_portals, level->zone_portals, zones);
    COPY(out->body_pieces, level->body_pieces, bodies);
    COPY(out->body_looks, level->body_looks, bodies);
    COPY(out->body_sounds, level->body_sounds, bodies);
    COPY(out->body_paths, level->body_paths, bodies);
    COPY(out->stops, level->stops, level->stop_count);
    COPY(out->body_sets, level->body_sets, bodies);
    COPY(out->zone_forces, level->zone_forces, zones);
    COPY(out->zone_roles, level->zone_roles, (size_t)level->player_count * zones);
    COPY(out->body_spares, level->body_spares, bodies);
    COPY(out->joint_motors, level->joint_motors, world->joint_count);
    COPY(out->joint_breaks, level->joint_breaks, world->joint_count);
    COPY(out->joint_unmade, level->joint_unmade, world->joint_count);
    COPY(out->variables, level->variables, level->variable_count);
    COPY(out->events, level->events, level->event_count);
    COPY(out->acts, level->acts, level->act_count);
    COPY(out->observes, level->observes, level->observe_count);
    COPY(out->moves, level->moves, level->move_count);
#undef COPY
    copy_changes(out, arena);
    out->body_names = copy_names(arena, level->body_names, world->body_count);
    out->joint_names = copy_names(arena, level->joint_names, world->joint_count);
    out->zone_names = copy_names(arena, level->zone_names, world->zone_count);
    return out;
}

// ---------------------------------------------------------------------------------------------
// Bodies that hang together.

static int32_t set_root(int32_t *sets, int32_t body)
{
    while (sets[body] != body)
        body = sets[body] = sets[sets[body]];
    return body;
}

void para_level_find_sets(ParaLevel *level)
{
    const ParaWorldDef *world = &level->world;
    for (int b = 0; b < world->body_count; b++)
        level->body_sets[b] = b;
    for (int j = 0; j < world->joint_count; j++) {
        int a = world->joints[j].a, b = world->joints[j].b;
        if (world->bodies[a].kind != PARA_BODY_DYNAMIC || world->bodies[b].kind != PARA_BODY_DYNAMIC)
            continue;
        a = set_root(level->body_sets, a);
        b = set_root(level->body_sets, b);
        level->body_sets[a > b ? a : b] = a < b ? a : b;
    }
    for (int b = 0; b < world->body_count; b++)
        level->body_sets[b] = set_root(level->body_sets, b);
}

void para_level_mark_asked(const ParaChanging *number, bool *bodies, bool *zones)
{
    int row_count;
    const ParaExprSenseRow *rows = para_expr_senses(&row_count);
    for (int s = 0; number->program && s < number->program->sense_count; s++)
        for (int k = 0; k < 2; k++) {
            const ParaExprSense *sense = &number->program->senses[s];
            const ParaExprThing *thing = &sense->things[k];
            if (rows[sense->kind].spaces[k] & PARA_EXPR_JOINT)
                continue;
            for (int n = 0; n < thing->count; n++)
                (thing->zone ? zones : bodies)[thing->first + n] = true;
        }
}

ParaWorldDef para_level_seen(const ParaLevel *level, ParaArena *arena)
{
    ParaWorldDef seen = level->world;
    if (!level->body_mass_hidden || seen.shape_count < 1)
        return seen;
    seen.shapes = copy_array(arena, seen.shapes, sizeof *seen.shapes * (size_t)seen.shape_count);
    int last = -1;
    float first = 1.0f;
    for (int i = 0; i < seen.shape_count; i++) {
        ParaShapeDef *shape = &seen.shapes[i];
        if (shape->body != last && shape->density > 0.0f) {
            last = shape->body;
            first = shape->density;
        }
        if (para_level_hides_mass(level, shape->body))
            shape->density /= first;
    }
    return seen;
}

const ParaLevel *para_level_as_seen(const ParaLevel *level, ParaArena *arena)
{
    if (!level->body_mass_hidden)
        return level;
    ParaLevel *seen = PARA_NEW(arena, ParaLevel, 1);
    *seen = *level;
    seen->world = para_level_seen(level, arena);
    return seen;
}

// ---------------------------------------------------------------------------------------------
// The hash goes field by field, since structs have gaps between their fields.

typedef struct Hasher {
    uint64_t hash;
    uint32_t words[64];
    size_t count;
} Hasher;

static void flush(Hasher *h)
{
    h->hash = para_hash(h->words, h->count * sizeof h->words[0], h->hash);
    h->count = 0;
}

static void add_u32(Hasher *h, uint32_t value)
{
    PARA_ASSERT_HOT(h->count < sizeof h->words / sizeof h->words[0]); // a full one was flushed
    h->words[h->count++] = value;
    if (h->count == sizeof h->words / sizeof h->words[0])
        flush(h);
}

static void add_bool(Hasher *h, bool value) { add_u32(h, value); }

static void add_i32(Hasher *h, int32_t value) { add_u32(h, (uint32_t)value); }

static void add_f32(Hasher *h, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    add_u32(h, bits);
}

static void add_f64(Hasher *h, double value)
{
    uint32_t bits[2];
    memcpy(bits, &value, sizeof bits);
    add_u32(h, bits[0]);
    add_u32(h, bits[1]);
}

static void add_vec2(Hasher *h, ParaVec2 v)
{
    add_f32(h, v.x);
    add_f32(h, v.y);
}

static void add_text(Hasher *h, const char *text)
{
    flush(h);
    h->hash = para_hash(text, strlen(text) + 1, h->hash);
}

/// A member of `item`, by its type; an enum counts as the unsigned number it is.
// clang-format off
#define ADD(member)                                                                                          \
    _Generic(item->member, uint32_t: add_u32, int32_t: add_i32, float: add_f32, bool: add_bool,              \
             ParaVec2: add_vec2)(h, item->member);
// clang-format on

/// A program counts by its text, which is the same for the same program.
static void add_changing(Hasher *h, const ParaChanging *changing, int count)
{
    for (int k = 0; k < count; k++) {
        add_u32(h, (uint32_t)changing[k].given);
        add_f64(h, changing[k].program ? 0 : changing[k].number);
        add_text(h, changing[k].program ? changing[k].program->text : "");
    }
}

static void add_numbers(Hasher *h, const ParaWorldDef *item) { PARA_WORLD_PLAIN_FIELDS(ADD) }

static void add_bodies(Hasher *h, const ParaLevel *level)
{
    const ParaWorldDef *world = &level->world;
    add_i32(h, world->body_count);
    for (int b = 0; b < world->body_count; b++) {
        const ParaBodyDef *item = &world->bodies[b];
        PARA_BODY_USUAL_FIELDS(ADD)
        if (item->fixed_rotation) {
            PARA_BODY_TURN_FIELDS(ADD)
        }
        add_u32(h, level->body_roles[b]);
        add_f32(h, level->body_shatters[b]);
        if (level->body_crushes[b] > 0)
            add_f32(h, level->body_crushes[b]);
        add_u32(h, level->body_collects[b]);
        add_vec2(h, level->body_motions[b].by);
        add_f32(h, level->body_motions[b].period);
        add_f32(h, level->body_motions[b].phase);
        if (level->body_motions[b].waits || level->body_motions[b].ends)
            add_u32(h,
                    2u + (uint32_t)level->body_motions[b].waits + 2u * (uint32_t)level->body_motions[b].ends);
        if (para_level_is_spare(level, b))
            add_u32(h, 1);
        if (para_level_hides_mass(level, b))
            add_text(h, "mass_hidden");
        add_i32(h, level->body_sets[b]);
        add_text(h, level->body_names[b]);
    }
}

static void add_path(Hasher *h, const ParaLevel *level, int body)
{
    const ParaPath *path = &level->body_paths[body];
    add_text(h, "path");
    add_i32(h, body);
    add_i32(h, path->count);
    add_u32(h, (uint32_t)path->ease);
    add_u32(h, (uint32_t)path->goes);
    add_f32(h, path->wait);
    add_bool(h, path->waits);
    for (int k = path->first; k < path->first + path->count; k++) {
        add_vec2(h, level->stops[k].by);
        add_f32(h, level->stops[k].angle);
        add_f32(h, level->stops[k].seconds);
        add_f32(h, level->stops[k].wait);
    }
}

/// What a level shows and offers by lists of its own.
static void add_lists(Hasher *h, const ParaLevel *level)
{
    for (int o = 0; o < level->observe_count; o++) {
        add_text(h, "observe");
        add_text(h, level->observes[o].name);
        add_f32(h, level->observes[o].scale);
        add_changing(h, &level->observes[o].value, 1);
    }
    for (int m = 0; m < level->move_count; m++) {
        add_text(h, "move");
        add_text(h, level->moves[m].name);
        for (int c = 0; c < PARA_CHANNELS; c++)
            add_f32(h, level->moves[m].action[c]);
    }
    for (int p = 0; p < level->player_count; p++)
        if (level->players[p].reward_replaces)
            add_text(h, "replaces");
}

/// What only some levels use, so that others keep the hash they always had; told apart by what stands before.
static void add_profile(Hasher *h, const ParaLevel *level)
{
    const ParaWorldDef *world = &level->world;
    if (world->friction_rule != PARA_FRICTION_PRODUCT ||
        world->restitution_rule != PARA_RESTITUTION_PRODUCT) {
        const ParaWorldDef *item = world;
        add_text(h, "surfaces");
        PARA_WORLD_SURFACE_FIELDS(ADD)
    }
    if (world->bounce_min != 0.0f) {
        const ParaWorldDef *item = world;
        add_text(h, "bounce");
        PARA_WORLD_BOUNCE_FIELDS(ADD)
    }
    for (int b = 0; b < world->body_count; b++) {
        const ParaBodyDef *item = &world->bodies[b];
        if (item->inertia_scale == 1.0f && item->centre_shift.x == 0.0f && item->centre_shift.y == 0.0f)
            continue;
        add_text(h, "mass");
        add_i32(h, b);
        PARA_BODY_MASS_FIELDS(ADD)
    }
    for (int b = 0; b < world->body_count; b++)
        if (para_level_path(level, b))
            add_path(h, level, b);
    for (int z = 0; level->zone_portals && z < world->zone_count; z++) {
        if (level->zone_portals[z] < 0)
            continue;
        add_text(h, "portal");
        add_i32(h, z);
        add_i32(h, level->zone_portals[z]);
    }
    for (int b = 0; level->body_pieces && b < world->body_count; b++) {
        if (level->body_pieces[b].count == 0)
            continue;
        add_text(h, "pieces");
        add_i32(h, b);
        add_i32(h, level->body_pieces[b].first);
        add_i32(h, level->body_pieces[b].count);
    }
    for (int z = 0; z < world->zone_count; z++) {
        if (!para_level_force_changes(level, z))
            continue;
        add_text(h, "force");
        add_i32(h, z);
        add_changing(h, level->zone_forces[z].by, 2);
    }
    for (int p = 0; p < level->player_count; p++) {
        const ParaPlayer *player = &level->players[p];
        for (int k = 0; k < player->actuator_count; k++) {
            if (player->actuators[k].kind != PARA_ACTUATOR_DRIVE)
                continue;
            add_text(h, "drive");
            add_f32(h, player->actuators[k].gain);
            add_f32(h, player->actuators[k].fade);
        }
    }
}

/// What the jumps, thrusters, voices and ladders of only some levels have.
static void add_agility(Hasher *h, const ParaLevel *level)
{
    for (int p = 0; p < level->player_count; p++) {
        const ParaPlayer *player = &level->players[p];
        for (int k = 0; k < player->actuator_count; k++) {
            const ParaActuator *item = &player->actuators[k];
            bool jump = item->kind == PARA_ACTUATOR_JUMP;
            if (jump && (item->coyote > 0 || item->buffer > 0 || item->cut > 0 || item->air_jumps > 0)) {
                add_text(h, "jump");
                add_i32(h, p);
                add_i32(h, k);
                ADD(coyote) ADD(buffer) ADD(cut) ADD(air_jumps)
            }
            if (item->kind == PARA_ACTUATOR_TORQUE && item->fastest > 0) {
                add_text(h, "fastest");
                add_i32(h, p);
                add_i32(h, k);
                ADD(fastest)
            }
            if (item->kind == PARA_ACTUATOR_THRUSTER && item->wet) {
                add_text(h, "wet");
                add_i32(h, p);
                add_i32(h, k);
            }
            if (item->kind == PARA_ACTUATOR_VOICE) {
                add_text(h, "voice");
                add_i32(h, p);
                add_i32(h, k);
                ADD(range)
                add_u32(h, (uint32_t)item->to);
            }
        }
    }
    if (level->ladders) {
        add_text(h, "ladders");
        add_u32(h, level->ladders);
    }
    if (level->checkpoints) {
        add_text(h, "checkpoints");
        add_u32(h, level->checkpoints);
        add_i32(h, level->lives);
        add_i32(h, level->lives_variable);
    }
}

static void add_shapes(Hasher *h, const ParaWorldDef *world)
{
    add_i32(h, world->shape_count);
    for (int s = 0; s < world->shape_count; s++) {
        const ParaShapeDef *item = &world->shapes[s];
        PARA_SHAPE_USUAL_FIELDS(ADD)
        if (item->belt != 0.0f || item->one_way) {
            PARA_SHAPE_SURFACE_FIELDS(ADD)
        }
    }
    add_i32(h, world->point_count);
    for (int p = 0; p < world->point_count; p++)
        add_vec2(h, world->points[p]);
}

static void add_joints(Hasher *h, const ParaLevel *level)
{
    const ParaWorldDef *world = &level->world;
    add_i32(h, world->joint_count);
    for (int j = 0; j < world->joint_count; j++) {
        const ParaJointDef *item = &world->joints[j];
        PARA_JOINT_USUAL_FIELDS(ADD)
        if (item->kind >= PARA_JOINT_PULLEY) {
            add_bool(h, item->rigid);
            add_i32(h, item->carrier);
        }
        if (level->joint_motors && level->joint_motors[j].torque > 0) {
            add_f32(h, level->joint_motors[j].rate);
            add_f32(h, level->joint_motors[j].torque);
        }
        if (level->joint_breaks && level->joint_breaks[j] > 0)
            add_f32(h, level->joint_breaks[j]);
        if (level->joint_unmade && level->joint_unmade[j])
            add_u32(h, 1);
    }
}

static void add_zones(Hasher *h, const ParaLevel *level)
{
    const ParaWorldDef *world = &level->world;
    add_i32(h, world->zone_count);
    for (int z = 0; z < world->zone_count; z++) {
        const ParaZoneDef *item = &world->zones[z];
        PARA_ZONE_AREA_FIELDS(ADD)
        if (item->fluid_density != 0.0f) {
            PARA_ZONE_FLUID_FIELDS(ADD)
        }
        if (item->pull != 0.0f) {
            PARA_ZONE_WELL_FIELDS(ADD)
        }
        add_u32(h, level->zone_roles[z]);
        add_text(h, level->zone_names[z]);
    }
}

static void add_player(Hasher *h, const ParaPlayer *player)
{
    add_i32(h, player->body);
    add_u32(h, player->channel_bits);
    add_u32(h, player->negative_bits);
    add_f32(h, player->sight);
    if (player->sees > 0) {
        add_text(h, "sees");
        add_f32(h, player->sees);
    }
    if (player->countdown > 0) {
        add_text(h, "countdown");
        add_f32(h, player->countdown);
    }
    add_i32(h, player->actuator_count);
    for (int k = 0; k < player->actuator_count; k++) {
        const ParaActuator *actuator = &player->actuators[k];
        const float numbers[] = {actuator->sign,  actuator->rate,  actuator->torque,  actuator->brake,
                                 actuator->speed, actuator->force, actuator->impulse, actuator->air};
        add_u32(h, (uint32_t)actuator->kind);
        add_i32(h, actuator->channel);
        add_i32(h, actuator->body);
        add_i32(h, actuator->joint);
        add_i32(h, actuator->thruster);
        add_u32(h, actuator->one_way);
        for (size_t n = 0; n < sizeof numbers / sizeof numbers[0]; n++)
            add_f32(h, numbers[n]);
    }
}

static void add_thrusters(Hasher *h, const ParaWorldDef *world)
{
    for (int t = 0; t < world->thruster_count; t++) {
        const ParaThrusterDef *item = &world->thrusters[t];
        PARA_THRUSTER_FIELDS(ADD)
    }
}

static void add_keys(Hasher *h, const ParaPlayer *player)
{
    for (int c = 0; c < PARA_CHANNELS; c++) {
        add_text(h, player->keys[c].positive);
        add_text(h, player->keys[c].negative);
        add_text(h, player->keys[c].label);
    }
}

static void add_rules(Hasher *h, const ParaLevel *level)
{
    add_i32(h, level->players[0].goal_root);
    add_i32(h, level->players[0].fail_root);
    add_i32(h, level->goal_count);
    for (int g = 0; g < level->goal_count; g++) {
        const ParaGoalNode *node = &level->goals[g];
        const int32_t numbers[] = {node->a,       node->b,          node->zone,        node->a_count,
                                   node->b_count, node->zone_count, node->child_first, node->child_count};
        add_u32(h, (uint32_t)node->kind);
        for (size_t n = 0; n < sizeof numbers / sizeof numbers[0]; n++)
            add_i32(h, numbers[n]);
        add_u32(h, (uint32_t)node->a_player | (uint32_t)node->b_player << 1 | (uint32_t)node->every << 2);
        add_f32(h, node->value);
        add_f32(h, node->hold);
        if (node->kind == PARA_GOAL_EVERY)
            add_f32(h, node->from);
        if (node->kind == PARA_GOAL_IS)
            add_changing(h, &node->is, 1);
    }
    add_i32(h, level->reward_count);
    for (int r = 0; r < level->reward_count; r++) {
        const ParaRewardTerm *term = &level->rewards[r];
        add_u32(h, (uint32_t)term->kind);
        add_i32(h, term->a);
        add_i32(h, term->b);
        add_i32(h, term->zone);
        add_f32(h, term->weight);
        if (term->expr.given)
            add_changing(h, &term->expr, 1);
    }
    add_f32(h, level->players[0].reward_solved);
    add_f32(h, level->players[0].reward_failed);
}

/// What a level of several players adds; one of a single player keeps the hash it always had.
static void add_other_players(Hasher *h, const ParaLevel *level)
{
    add_i32(h, level->player_count);
    for (int p = 1; p < level->player_count; p++) {
        const ParaPlayer *player = &level->players[p];
        add_player(h, player);
        add_keys(h, player);
        add_i32(h, player->goal_root);
        add_i32(h, player->fail_root);
        add_f32(h, player->reward_solved);
        add_f32(h, player->reward_failed);
        for (int b = 0; b < level->world.body_count; b++)
            add_u32(h, (uint32_t)para_level_body_role(level, p, b));
        for (int z = 0; z < level->world.zone_count; z++)
            add_u32(h, (uint32_t)para_level_zone_role(level, p, z));
    }
    for (int r = 0; r < level->reward_count; r++)
        add_i32(h, level->rewards[r].player);
    for (int p = 0; p < level->player_count; p++) {
        const ParaPlayer *player = &level->players[p];
        if (player->team > 0 || player->share > 0) {
            add_text(h, "team");
            add_i32(h, player->team);
            add_f32(h, player->share);
        }
    }
}

static void add_act(Hasher *h, const ParaAct *act)
{
    const int32_t numbers[] = {act->body,  act->joint,   act->zone,   act->variable,
                               act->count, act->at_body, act->at_zone};
    add_u32(h, (uint32_t)act->kind);
    for (size_t n = 0; n < sizeof numbers / sizeof numbers[0]; n++)
        add_i32(h, numbers[n]);
    add_changing(h, act->to, 2);
    add_changing(h, act->velocity, 2);
    add_changing(h, &act->angle, 1);
    add_changing(h, &act->radius, 1);
    add_changing(h, &act->impulse, 1);
    add_f32(h, act->over);
    add_text(h, act->text);
}

/// What a level with variables or events adds; one without keeps the hash it always had.
static void add_events(Hasher *h, const ParaLevel *level)
{
    add_i32(h, level->variable_count);
    for (int v = 0; v < level->variable_count; v++) {
        add_text(h, level->variables[v].name);
        add_f64(h, level->variables[v].start);
    }
    add_i32(h, level->event_count);
    for (int e = 0; e < level->event_count; e++) {
        const ParaLevelEvent *event = &level->events[e];
        add_i32(h, event->root);
        add_i32(h, event->act_first);
        add_i32(h, event->act_count);
        add_u32(h, (uint32_t)event->again);
    }
    for (int a = 0; a < level->act_count; a++)
        add_act(h, &level->acts[a]);
}

static const char *label(const char *name, int index, char *store)
{
    if (*name)
        return name;
    snprintf(store, PARA_NAME_MAX, "#%d", index);
    return store;
}

const char *para_level_body_label(const ParaLevel *level, int body, char *store)
{
    PARA_ASSERT(body >= 0 && body < level->world.body_count);
    return label(level->body_names[body], body, store);
}

const char *para_level_joint_label(const ParaLevel *level, int joint, char *store)
{
    PARA_ASSERT(joint >= 0 && joint < level->world.joint_count);
    return label(level->joint_names[joint], joint, store);
}

const char *para_level_zone_label(const ParaLevel *level, int zone, char *store)
{
    PARA_ASSERT(zone >= 0 && zone < level->world.zone_count);
    return label(level->zone_names[zone], zone, store);
}

int32_t para_level_steps(const ParaLevel *level, float seconds)
{
    double steps = (double)seconds * (double)level->world.rate - 0.5;
    int32_t below = steps > 0 ? (int32_t)steps : 0;
    below += (double)below < steps;
    return below > 1 ? below : 1;
}

int32_t para_level_decisions(const ParaLevel *level)
{
    PARA_ASSERT(level->frame_skip > 0);
    return (para_level_steps(level, level->seconds) + level->frame_skip - 1) / level->frame_skip;
}

uint64_t para_level_hash(const ParaLevel *level)
{
    Hasher h = {0};
    const ParaWorldDef *world = &level->world;
    add_f32(&h, level->seconds);
    add_i32(&h, level->frame_skip);
    add_i32(&h, level->param_count);
    for (int p = 0; p < level->param_count; p++) {
        add_text(&h, level->params[p].name);
        add_f64(&h, level->params[p].value);
        add_f64(&h, level->params[p].low);
        add_f64(&h, level->params[p].high);
    }
    add_numbers(&h, world);
    add_bodies(&h, level);
    add_shapes(&h, world);
    add_joints(&h, level);
    add_zones(&h, level);
    add_player(&h, &level->players[0]);
    add_thrusters(&h, world);
    add_keys(&h, &level->players[0]);
    add_rules(&h, level);
    if (level->player_count > 1)
        add_other_players(&h, level);
    if (level->variable_count > 0 || level->event_count > 0)
        add_events(&h, level);
    add_profile(&h, level);
    add_lists(&h, level);
    add_agility(&h, level);
    flush(&h);
    return h.hash;
}
