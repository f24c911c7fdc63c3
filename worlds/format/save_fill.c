// SPDX-License-Identifier: MIT
// What a level has for each row of one object: texts, names and spans by name, numbers by the bound struct
// they land in. The first half of saving; save.c writes what is said here.
#include "worlds/format/save.h"

#include "engine/base/assert.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/world/geometry.h"

#include <string.h>

static ParaSaid *say(ParaSavedObject *object, ParaFieldId id)
{
    PARA_ASSERT(para_field(id)->kind == object->kind);
    ParaSaid *said = &object->said[id - para_fields_first(object->kind)];
    said->given = true;
    return said;
}

static void say_text(ParaSavedObject *object, ParaFieldId id, const char *text)
{
    if (*text)
        say(object, id)->text = text;
}

/// `count` points or objects from index `first` on; none of them: nothing.
static void say_span(ParaSavedObject *object, ParaFieldId id, int first, int count)
{
    ParaSaid *said = count > 0 ? say(object, id) : NULL;
    if (!said)
        return;
    said->first = first;
    said->count = count;
}

/// What the object is. @return the row's place for what comes with it
static ParaSaid *say_head(ParaSavedObject *object, int choice)
{
    object->head = para_field_head(object->kind, choice);
    ParaFieldId first = para_fields_first(object->kind);
    return say(object, first + (ParaFieldId)(object->head - para_field(first)));
}

/// A role that does not follow from the goals; what is given is one to every player.
/// @param roles, derived [A, count]
static void say_role(const ParaSaver *saver, ParaSavedObject *object, ParaFieldId id, const uint8_t *roles,
                     const uint8_t *derived, int count)
{
    for (int p = 0; p < saver->level->player_count; p++) {
        uint8_t role = roles[p * count + object->index];
        if (role == derived[p * count + object->index] || role == PARA_ROLE_PLAYER)
            continue;
        say_text(object, id, para_role_word((ParaRole)role));
        return;
    }
}

static void say_hex(ParaSaver *saver, ParaSavedObject *object, ParaFieldId id, uint64_t value)
{
    char hex[17];
    para_hash_hex(value, hex);
    say_text(object, id, para_arena_strdup(saver->json.arena, hex));
}

/// "player", or of several "player2".
static const char *player_name(const ParaSaver *saver, int body)
{
    if (saver->level->player_count == 1)
        return "player";
    return para_arena_printf(saver->json.arena, "player%d", para_level_owner(saver->level, body) + 1);
}

/// Adds the name of one thing, or of a run of them.
static void say_run(ParaSaver *saver, ParaSaid *said, const char *const *names, int first, int count,
                    bool player)
{
    ParaArena *arena = saver->json.arena;
    if (!said->names)
        said->names = PARA_NEW(arena, const char *, 2);
    PARA_ASSERT(said->count < 2 && first >= 0 && count >= 1);
    said->names[said->count++] =
        player      ? player_name(saver, first)
        : count > 1 ? para_arena_printf(arena, "%s..%s", names[first], names[first + count - 1])
                    : names[first];
}

// ---------------------------------------------------------------------------------------------
// Each kind.

static void fill_template(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaLevel *level = saver->level;
    const ParaPlayer *player = &level->players[0];
    if (!saver->company) { // else each says its own
        object->bound.template_.solved = player->reward_solved;
        object->bound.template_.failed = player->reward_failed;
    }
    object->bound.template_.replace = player->reward_replaces;
    if (level->checkpoints)
        object->bound.template_.lives = level->lives;
    if (level->checkpoints && level->lives_variable >= 0)
        say_text(object, PARA_FIELD_TEMPLATE_lives_in, level->variables[level->lives_variable].name);
    say(object, PARA_FIELD_TEMPLATE_paracosm)->numbers[0] = 1;
    say_text(object, PARA_FIELD_TEMPLATE_name, level->family);
    say_text(object, PARA_FIELD_TEMPLATE_about, level->about);
    say_span(object, PARA_FIELD_TEMPLATE_params, 0, level->param_count);
    say_span(object, PARA_FIELD_TEMPLATE_variables, 0, level->variable_count);
    say_span(object, PARA_FIELD_TEMPLATE_world, 0, 1);
    say_span(object, PARA_FIELD_TEMPLATE_bodies, 0, level->world.body_count);
    say_span(object, PARA_FIELD_TEMPLATE_joints, 0, level->world.joint_count);
    say_span(object, PARA_FIELD_TEMPLATE_zones, 0, level->world.zone_count);
    int goal = saver->company ? saver->goal : player->goal_root,
        fail = saver->company ? saver->fail : player->fail_root;
    say_span(object, saver->company ? PARA_FIELD_TEMPLATE_players : PARA_FIELD_TEMPLATE_player, 0,
             level->player_count);
    say_span(object, PARA_FIELD_TEMPLATE_goal, goal, goal >= 0);
    say_span(object, PARA_FIELD_TEMPLATE_fail, fail, fail >= 0);
    say_span(object, PARA_FIELD_TEMPLATE_events, 0, level->event_count);
    say_span(object, PARA_FIELD_TEMPLATE_rewards, 0, saver->company ? 0 : level->reward_count);
    say_span(object, PARA_FIELD_TEMPLATE_observe, 0, level->observe_count);
    say_span(object, PARA_FIELD_TEMPLATE_made_by, 0, 1);
}

static void fill_param(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaParamValue *param = &saver->level->params[object->index];
    ParaSaid *range = say(object, PARA_FIELD_PARAM_range);
    range->numbers[0] = param->low;
    range->numbers[1] = param->high;
    say(object, PARA_FIELD_PARAM_value)->numbers[0] = param->value;
}

static void fill_world(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaLevel *level = saver->level;
    object->bound.world =
        (ParaBoundWorld){.def = level->world, .seconds = level->seconds, .frame_skip = level->frame_skip};
}

static int lowest_bit(uint32_t bits)
{
    int bit = 0;
    while (bit < 31 && !(bits >> bit & 1))
        bit++;
    return bit;
}

static void fill_body(ParaSaver *saver, ParaSavedObject *object)
{
    int index = object->index;
    const ParaLevel *level = saver->level;
    const ParaBodyDef *def = &level->world.bodies[index];
    const ParaShapeDef *shapes = level->world.shapes;
    int first = saver->shape;
    while (saver->shape < level->world.shape_count && shapes[saver->shape].body == index)
        saver->shape++;
    object->bound.body.def = *def;
    object->bound.body.collect = level->body_collects[index];
    object->bound.body.mass_hidden = para_level_hides_mass(level, index);
    if (saver->shape > first) { // the format has one class, mask and surface for all of them
        object->bound.body.category = lowest_bit(shapes[first].category);
        object->bound.body.mask = shapes[first].mask;
        object->bound.body.belt = shapes[first].belt;
        object->bound.body.one_way = shapes[first].one_way;
    }
    say_text(object, PARA_FIELD_BODY_name, level->body_names[index]);
    if (def->kind != PARA_BODY_DYNAMIC)
        say(object, def->kind == PARA_BODY_STATIC ? PARA_FIELD_BODY_static : PARA_FIELD_BODY_kinematic);
    say_role(saver, object, PARA_FIELD_BODY_role, level->body_roles, saver->body_roles,
             level->world.body_count);
    say_span(object, PARA_FIELD_BODY_shapes, first, saver->shape - first);
    say_span(object, PARA_FIELD_BODY_shatters, index,
             level->body_shatters[index] > 0 || level->body_crushes[index] > 0);
    object->bound.body.look = level->body_looks ? level->body_looks[index] : PARA_MATERIAL_NONE;
    object->bound.body.sound = level->body_sounds ? level->body_sounds[index] : PARA_MATERIAL_NONE;
    object->bound.body.spare = para_level_is_spare(level, index);
    ParaBound standard;
    para_bound_default(PARA_KIND_MOVES, &standard);
    const ParaMotion *motion = &level->body_motions[index], *still = &standard.moves.motion;
    bool moves = motion->by.x != still->by.x || motion->by.y != still->by.y ||
                 motion->period != still->period || motion->phase != still->phase ||
                 motion->waits != still->waits || motion->ends != still->ends;
    say_span(object, PARA_FIELD_BODY_moves, index, moves);
    say_span(object, PARA_FIELD_BODY_path, index, para_level_path(level, index) != NULL);
}

static void fill_shape(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaShapeDef *def = &saver->level->world.shapes[object->index];
    ParaBoundShape *bound = &object->bound.shape;
    ParaSaid *head = say_head(object, (int)def->kind);
    bound->density = def->density;
    bound->friction = def->friction;
    bound->restitution = def->restitution;
    if (def->kind == PARA_SHAPE_CIRCLE) {
        bound->circle = def->radius;
        bound->at = saver->level->world.points[def->point_first];
    } else {
        bound->radius = def->radius;
        head->first = (int)def->point_first;
        head->count = (int)def->point_count;
    }
}

static bool is_among(const char *name, const char *const *names, int count)
{
    for (int k = 0; k < count; k++)
        if (strcmp(names[k], name) == 0)
            return true;
    return false;
}

/// The name of a joint: its own, or, where an actuator needs one, another. An actuator may name bodies too,
/// so it is no body's.  @return "" if it has none and needs none
static const char *joint_name(const ParaSaver *saver, int joint)
{
    const ParaLevel *level = saver->level;
    const ParaWorldDef *world = &level->world;
    const char *name = level->joint_names[joint];
    if (!is_among(name, level->body_names, world->body_count) && (*name || !world->joints[joint].motored))
        return name;
    name = para_arena_printf(saver->json.arena, "joint%d", joint);
    for (int tries = 1; is_among(name, level->body_names, world->body_count) ||
                        is_among(name, level->joint_names, world->joint_count);
         tries++)
        name = para_arena_printf(saver->json.arena, "joint%d-%d", joint, tries);
    return name;
}

static void fill_joint(ParaSaver *saver, ParaSavedObject *object)
{
    int index = object->index;
    const ParaLevel *level = saver->level;
    const ParaJointDef *def = &level->world.joints[index];
    ParaSaid *head = say_head(object, (int)def->kind);
    say_run(saver, head, level->body_names, def->a, 1, false);
    say_run(saver, head, level->body_names, def->b, 1, false);
    object->bound.joint.def = *def;
    say_text(object, PARA_FIELD_JOINT_name, joint_name(saver, index));
    if (def->kind >= PARA_JOINT_PULLEY)
        object->bound.joint.ratio = def->ratio;
    if (def->kind == PARA_JOINT_PULLEY) {
        object->bound.joint.longest = def->rest;
        say(object, PARA_FIELD_JOINT_longest);
    }
    if (para_joint_carrier(def) >= 0)
        say_run(saver, say(object, PARA_FIELD_JOINT_carrier), level->body_names, def->carrier, 1, false);
    if (def->limited) {
        object->bound.joint.limits = (ParaVec2){def->lower, def->upper};
        say(object, PARA_FIELD_JOINT_limits);
    }
    say_span(object, PARA_FIELD_JOINT_motor, index,
             level->joint_motors && level->joint_motors[index].torque > 0);
    say_span(object, PARA_FIELD_JOINT_breaks, index, level->joint_breaks && level->joint_breaks[index] > 0);
    object->bound.joint.made = !(level->joint_unmade && level->joint_unmade[index]);
}

static void fill_motor(ParaSaver *saver, ParaSavedObject *object)
{
    object->bound.motor.motor = saver->level->joint_motors[object->index];
}

static void fill_breaks(ParaSaver *saver, ParaSavedObject *object)
{
    object->bound.breaks.load = saver->level->joint_breaks[object->index];
}

/// A float as the fewest digits that bring it back.
static ParaChanging shortest(float value)
{
    char text[PARA_NUMBER_SIZE];
    return (ParaChanging){.given = true, .number = para_text_number(para_text_float(value, text), NULL)};
}

static void fill_zone(ParaSaver *saver, ParaSavedObject *object)
{
    int index = object->index;
    const ParaLevel *level = saver->level;
    ParaBoundZone *bound = &object->bound.zone;
    bound->def = level->world.zones[index];
    bound->ladder = level->ladders >> index & 1;
    bound->checkpoint = level->checkpoints >> index & 1;
    ParaVec2 force = bound->def.acceleration;
    if (para_level_force_changes(level, index))
        memcpy(bound->force, level->zone_forces[index].by, sizeof bound->force);
    else if (force.x != 0 || force.y != 0)
        bound->force[0] = shortest(force.x), bound->force[1] = shortest(force.y);
    say_text(object, PARA_FIELD_ZONE_name, level->zone_names[index]);
    say_span(object, PARA_FIELD_ZONE_area, index, 1);
    say_span(object, PARA_FIELD_ZONE_fluid, index, level->world.zones[index].fluid_density > 0);
    if (level->zone_portals && level->zone_portals[index] >= 0)
        say_run(saver, say(object, PARA_FIELD_ZONE_portal), level->zone_names, level->zone_portals[index], 1,
                false);
    say_role(saver, object, PARA_FIELD_ZONE_role, level->zone_roles, saver->zone_roles,
             level->world.zone_count);
}

static void fill_fluid(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaZoneDef *def = &saver->level->world.zones[object->index];
    object->bound.fluid = (ParaBoundFluid){.density = def->fluid_density, .drag = def->fluid_drag};
}

static void fill_area(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaZoneDef *def = &saver->level->world.zones[object->index];
    ParaSaid *head = say_head(object, (int)def->kind);
    object->bound.area.circle = def->radius;
    head->first = (int)def->point_first;
    head->count = (int)def->point_count;
}

/// The channel of the n-th set of keys; PARA_CHANNELS if there are not so many.
static int keyed_channel(const ParaPlayer *player, int n)
{
    int channel = 0;
    for (; channel < PARA_CHANNELS; channel++) {
        const ParaChannelKeys *keys = &player->keys[channel];
        if ((*keys->positive || *keys->negative || *keys->label) && n-- == 0)
            break;
    }
    return channel;
}

/// The word of a player's team: as it was given; a level that was built has none, and teams all the same.
static const char *team_word(const ParaSaver *saver, const ParaPlayer *player)
{
    const ParaLevel *level = saver->level;
    const char *word = level->players[player->team].team_name;
    for (int p = 0; p < player->team; p++)
        if (level->players[p].team == p && strcmp(level->players[p].team_name, word) == 0)
            return para_arena_printf(saver->json.arena, "team%d", player->team + 1);
    return word;
}

/// What each of several says of itself.
static void fill_company(const ParaSaver *saver, ParaSavedObject *object, const ParaPlayer *player)
{
    int first = saver->reward_first[object->index], end = saver->reward_first[object->index + 1];
    object->bound.player.share = player->share;
    object->bound.player.solved = player->reward_solved;
    object->bound.player.failed = player->reward_failed;
    say_text(object, PARA_FIELD_PLAYER_name, player->name);
    say_text(object, PARA_FIELD_PLAYER_team, team_word(saver, player));
    say_span(object, PARA_FIELD_PLAYER_goal, player->goal_root, player->goal_root != saver->goal);
    say_span(object, PARA_FIELD_PLAYER_fail, player->fail_root,
             player->fail_root >= 0 && player->fail_root != saver->fail);
    say_span(object, PARA_FIELD_PLAYER_rewards, first, end - first);
}

static void fill_player(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaLevel *level = saver->level;
    const int index = object->index;
    const ParaPlayer *player = &level->players[index];
    object->bound.player.sight = player->sight;
    object->bound.player.sees = player->sees;
    object->bound.player.countdown = player->countdown;
    say_run(saver, say(object, PARA_FIELD_PLAYER_body), level->body_names, player->body, 1, false);
    ParaSaid *parts = say(object, PARA_FIELD_PLAYER_bodies);
    parts->names = PARA_NEW(saver->json.arena, const char *, level->world.body_count);
    for (int b = 0; b < level->world.body_count; b++)
        if (para_level_body_role(level, index, b) == PARA_ROLE_PLAYER && *level->body_names[b])
            parts->names[parts->count++] = level->body_names[b];
    say_span(object, PARA_FIELD_PLAYER_actuators, index * PARA_ACTUATORS_MAX, player->actuator_count);
    int keyed = 0;
    while (keyed_channel(player, keyed) < PARA_CHANNELS)
        keyed++;
    say_span(object, PARA_FIELD_PLAYER_keys, index * PARA_CHANNELS, keyed);
    say_span(object, PARA_FIELD_PLAYER_moves, 0, index == 0 ? level->move_count : 0);
    if (saver->company)
        fill_company(saver, object, player);
}

static void fill_move(ParaSaver *saver, ParaSavedObject *object)
{
    object->bound.move.move = saver->level->moves[object->index];
    say_text(object, PARA_FIELD_MOVE_name, saver->level->moves[object->index].name);
}

static void fill_observe(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaObserve *observe = &saver->level->observes[object->index];
    object->bound.observe = (ParaBoundObserve){.value = observe->value, .scale = observe->scale};
    say_text(object, PARA_FIELD_OBSERVE_name, observe->name);
}

static void fill_actuator(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaLevel *level = saver->level;
    const ParaPlayer *player = &level->players[object->index / PARA_ACTUATORS_MAX];
    const ParaActuator *actuator = &player->actuators[object->index % PARA_ACTUATORS_MAX];
    ParaBoundActuator *bound = &object->bound.actuator;
    ParaSaid *head = say_head(object, (int)actuator->kind);
    bound->def = *actuator;
    if (actuator->thruster >= 0) {
        bound->at = level->world.thrusters[actuator->thruster].point;
        bound->direction = level->world.thrusters[actuator->thruster].direction;
    }
    if (actuator->joint >= 0) {
        const char *name = joint_name(saver, actuator->joint);
        say_run(saver, head, &name, 0, 1, false);
    } else {
        say_run(saver, head, level->body_names, actuator->body, 1, false);
    }
}

static void fill_keys(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaPlayer *player = &saver->level->players[object->index / PARA_CHANNELS];
    int channel = keyed_channel(player, object->index % PARA_CHANNELS);
    const ParaChannelKeys *keys = &player->keys[channel];
    say(object, PARA_FIELD_KEYS_channel)->numbers[0] = channel;
    say_text(object, PARA_FIELD_KEYS_positive, keys->positive);
    say_text(object, PARA_FIELD_KEYS_negative, keys->negative);
    say_text(object, PARA_FIELD_KEYS_label, keys->label);
}

static void fill_predicate(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaLevel *level = saver->level;
    const ParaGoalNode *node = &level->goals[object->index];
    ParaSaid *head = say_head(object, (int)node->kind);
    object->bound.predicate.node = *node;
    if (para_goal_is_tree(node->kind)) {
        head->first = node->child_first;
        head->count = node->child_count;
        return;
    }
    if (node->a >= 0)
        say_run(saver, head, level->body_names, node->a, node->a_count, node->a_player);
    if (node->zone >= 0)
        say_run(saver, head, level->zone_names, node->zone, node->zone_count, false);
    else if (node->b >= 0)
        say_run(saver, head, level->body_names, node->b, node->b_count, node->b_player);
}

static void fill_reward(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaLevel *level = saver->level;
    const ParaRewardTerm *term = &level->rewards[saver->reward_of[object->index]];
    ParaSaid *head = say_head(object, (int)term->kind);
    object->bound.reward.term = *term;
    if (term->a >= 0)
        say_run(saver, head, level->body_names, term->a, 1, false);
    if (term->zone >= 0)
        say_run(saver, head, level->zone_names, term->zone, 1, false);
    else if (term->b >= 0)
        say_run(saver, head, level->body_names, term->b, 1, false);
}

static void fill_event(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaLevelEvent *event = &saver->level->events[object->index];
    object->bound.event.again = event->again;
    say_span(object, PARA_FIELD_EVENT_when, event->root, 1);
    ParaSaid *acts = say(object, PARA_FIELD_EVENT_do);
    acts->first = event->act_first;
    acts->count = event->act_count;
}

/// The names of what an act is done to: one, or a run of copies.
static void say_target(ParaSaver *saver, ParaSaid *said, const ParaAct *act)
{
    const ParaLevel *level = saver->level;
    if (act->joint >= 0) {
        const char *ends[] = {joint_name(saver, act->joint), joint_name(saver, act->joint + act->count - 1)};
        said->names = PARA_NEW(saver->json.arena, const char *, 1);
        said->names[0] =
            act->count > 1 ? para_arena_printf(saver->json.arena, "%s..%s", ends[0], ends[1]) : ends[0];
    } else {
        const char *const *names = act->zone >= 0 ? level->zone_names : level->body_names;
        say_run(saver, said, names, act->zone >= 0 ? act->zone : act->body, act->count, false);
    }
}

static void fill_act(ParaSaver *saver, ParaSavedObject *object)
{
    static const ParaFieldId numbers[] = {PARA_FIELD_ACT_to, PARA_FIELD_ACT_by, PARA_FIELD_ACT_at};
    const ParaLevel *level = saver->level;
    const ParaAct *act = &level->acts[object->index];
    ParaSaid *head = say_head(object, (int)act->kind);
    object->bound.act.act = *act;
    if (object->head->type == PARA_TYPE_REF)
        say_target(saver, head, act);
    else if (object->head->type == PARA_TYPE_VARIABLE)
        head->text = level->variables[act->variable].name;
    else if (object->head->type == PARA_TYPE_TEXT)
        head->text = act->text;
    bool named = act->at_body >= 0 || act->at_zone >= 0;
    for (int k = 0; k < 4; k++) {
        ParaSaid *said = k < 3 ? &object->said[numbers[k] - para_fields_first(PARA_KIND_ACT)] : head;
        const ParaField *row = k < 3 ? para_field(numbers[k]) : object->head;
        if (row->type != PARA_TYPE_PLACE)
            continue;
        said->count = para_act_value(act->kind).wants == PARA_WANTS_NUMBER ? 1 : 2;
        if (!named)
            continue;
        said->given = true;
        said->count = 0;
        if (act->at_zone >= 0)
            say_run(saver, said, level->zone_names, act->at_zone, 1, false);
        else
            say_run(saver, said, level->body_names, act->at_body, 1, false);
    }
}

static void fill_made_by(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaLevel *level = saver->level;
    say_text(object, PARA_FIELD_MADE_BY_maker, level->maker);
    say_hex(saver, object, PARA_FIELD_MADE_BY_seed, level->seed);
    if (level->parent)
        say_hex(saver, object, PARA_FIELD_MADE_BY_parent, level->parent);
    say_text(object, PARA_FIELD_MADE_BY_edits, level->edits);
    say_text(object, PARA_FIELD_MADE_BY_changes, level->changes);
}

static void fill_shatters(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaLevel *level = saver->level;
    object->bound.shatters = (ParaBoundShatters){.impulse = level->body_shatters[object->index],
                                                 .squeeze = level->body_crushes[object->index]};
    const ParaPieces *pieces = level->body_pieces ? &level->body_pieces[object->index] : NULL;
    if (pieces && pieces->count > 0)
        say_run(saver, say(object, PARA_FIELD_SHATTERS_into), level->body_names, pieces->first, pieces->count,
                false);
}

static void fill_moves(ParaSaver *saver, ParaSavedObject *object)
{
    object->bound.moves.motion = saver->level->body_motions[object->index];
}

/// Each of its stops says its time, so that the speed is not needed.
static void fill_path(ParaSaver *saver, ParaSavedObject *object)
{
    const ParaPath *path = para_level_path(saver->level, object->index);
    say_span(object, PARA_FIELD_PATH_stops, path->first, path->count);
    object->bound.path.ease = (uint32_t)path->ease;
    object->bound.path.goes = (uint32_t)path->goes;
    object->bound.path.wait = path->wait;
    object->bound.path.waits = path->waits;
}

static void fill_stop(ParaSaver *saver, ParaSavedObject *object)
{
    object->bound.stop.stop = saver->level->stops[object->index];
}

void para_save_fill(ParaSaver *saver, ParaSavedObject *object)
{
    static void (*const fill[PARA_KIND_COUNT])(ParaSaver * saver, ParaSavedObject * object) = {
        [PARA_KIND_TEMPLATE] = fill_template,
        [PARA_KIND_PARAM] = fill_param,
        [PARA_KIND_WORLD] = fill_world,
        [PARA_KIND_BODY] = fill_body,
        [PARA_KIND_SHATTERS] = fill_shatters,
        [PARA_KIND_MOVES] = fill_moves,
        [PARA_KIND_PATH] = fill_path,
        [PARA_KIND_STOP] = fill_stop,
        [PARA_KIND_SHAPE] = fill_shape,
        [PARA_KIND_CHAIN] = NULL, // its points are written one by one
        [PARA_KIND_JOINT] = fill_joint,
        [PARA_KIND_MOTOR] = fill_motor,
        [PARA_KIND_BREAKS] = fill_breaks,
        [PARA_KIND_ZONE] = fill_zone,
        [PARA_KIND_AREA] = fill_area,
        [PARA_KIND_FLUID] = fill_fluid,
        [PARA_KIND_PLAYER] = fill_player,
        [PARA_KIND_ACTUATOR] = fill_actuator,
        [PARA_KIND_KEYS] = fill_keys,
        [PARA_KIND_PREDICATE] = fill_predicate,
        [PARA_KIND_REWARD] = fill_reward,
        [PARA_KIND_OBSERVE] = fill_observe,
        [PARA_KIND_MOVE] = fill_move,
        [PARA_KIND_EVENT] = fill_event,
        [PARA_KIND_ACT] = fill_act,
        [PARA_KIND_MADE_BY] = fill_made_by,
    };
    PARA_ASSERT(fill[object->kind]); // a kind that a level has and nobody fills
    fill[object->kind](saver, object);
}
