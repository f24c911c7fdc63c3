// SPDX-License-Identifier: MIT
// Sampling of the players: who they are in this member, their bodies, what their actions move and their keys.
#include "worlds/sample/sample.h"

#include "engine/base/assert.h"

#include <stdio.h>
#include <string.h>

// ---------------------------------------------------------------------------------------------
// Who they are.

/// The players of an object: one, or each copy of the part it is of.
static void seat(ParaSampler *sampler, const ParaObject *object, bool company)
{
    ParaLevel *level = sampler->level;
    int turns[PARA_TURNS_MAX], count = para_sample_turns(sampler, object->loop, turns);
    for (int k = 0; k < (company ? count : count > 0); k++) {
        if (level->player_count == PARA_PLAYERS_MAX) {
            para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, object->path, NULL,
                                "with all copies there are more than %d players", PARA_PLAYERS_MAX);
            return;
        }
        sampler->seats[level->player_count++] =
            (ParaSeat){.object = object, .turn = turns[k], .copy = k, .total = object->loop ? count : 1};
    }
}

void para_sample_seats(ParaSampler *sampler)
{
    const ParaTemplate *t = sampler->t;
    ParaLevel *level = sampler->level;
    ParaPlayer standard = level->players[0];
    bool company = para_template_is_company(t);
    level->player_count = 0;
    for (int k = 0; k < t->player_count && !sampler->failed && (company || level->player_count == 0); k++)
        seat(sampler, &t->players[k], company);
    if (level->player_count == 0 && !sampler->failed)
        para_sample_problem(sampler, PARA_CODE_ABSENT, t->players[0].path, "part",
                            "the part that has the player is not there in this member");
    sampler->player = level->player_count > 1 ? -1 : 0;
    level->players = PARA_NEW(sampler->arena, ParaPlayer, level->player_count + 1);
    for (int p = 0; p < level->player_count; p++)
        level->players[p] = standard;
}

/// What people call a player, and with whom it is.
static void bind_names(ParaSampler *sampler, int player)
{
    ParaLevel *level = sampler->level;
    ParaPlayer *own = &level->players[player];
    const ParaSeat *from = &sampler->seats[player];
    const ParaValue *name = para_value(from->object, PARA_FIELD_PLAYER_name);
    const ParaValue *team = para_value(from->object, PARA_FIELD_PLAYER_team);
    if (name->present && from->total > 1)
        snprintf(own->name, sizeof own->name, "%.55s%d", name->text, from->copy % 1000 + 1);
    else
        snprintf(own->name, sizeof own->name, "%s", name->present ? name->text : "");
    snprintf(own->team_name, sizeof own->team_name, "%s", team->present ? team->text : "");
    own->team = player;
    for (int p = player - 1; p >= 0; p--)
        if (strcmp(level->players[p].team_name, own->team_name) == 0)
            own->team = p;
}

// ---------------------------------------------------------------------------------------------
// What they drive.

static void wrong_target(ParaSampler *sampler, const ParaObject *object, const char *what)
{
    para_sample_problem(sampler, PARA_CODE_ACTUATOR_TARGET, object->path, object->head->name, "needs %s",
                        what);
}

static void bind_joint_actuator(ParaSampler *sampler, const ParaObject *object, ParaActuator *def, int joint)
{
    PARA_ASSERT(joint >= 0 && joint < sampler->level->world.joint_count);
    ParaJointDef *target = &sampler->level->world.joints[joint];
    bool hinge = target->kind == PARA_JOINT_REVOLUTE, slider = target->kind == PARA_JOINT_PRISMATIC;
    if (def->kind == PARA_ACTUATOR_SLIDE && !slider)
        wrong_target(sampler, object, "a prismatic joint or a kinematic body");
    else if (def->kind == PARA_ACTUATOR_DRIVE && !hinge)
        wrong_target(sampler, object, "a revolute joint");
    else if (!hinge && !slider)
        wrong_target(sampler, object, "a revolute or prismatic joint");
    else if (sampler->level->joint_motors && sampler->level->joint_motors[joint].torque > 0)
        wrong_target(sampler, object, "a joint without a \"motor\" of its own");
    def->joint = joint;
    target->motored = true;
}

static void bind_thruster(ParaSampler *sampler, const ParaObject *object, ParaBoundActuator *actuator)
{
    ParaWorldDef *world = &sampler->level->world;
    if (!para_sample_unit(&actuator->direction))
        para_sample_problem(sampler, PARA_CODE_DIRECTION, object->path, "direction",
                            "must have a length above 0");
    if (world->thruster_count == PARA_THRUSTERS_MAX) {
        para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, object->path, NULL,
                            "the players together have more than %d thrusters", PARA_THRUSTERS_MAX);
        return;
    }
    actuator->def.thruster = world->thruster_count;
    world->thrusters[world->thruster_count++] = (ParaThrusterDef){.body = actuator->def.body,
                                                                  .point = actuator->at,
                                                                  .direction = actuator->direction,
                                                                  .force_max = actuator->def.force};
}

static void bind_actuator(ParaSampler *sampler, const ParaObject *object, ParaActuator *out)
{
    ParaBound bound;
    ParaBoundActuator *actuator = &bound.actuator;
    ParaActuator *def = &actuator->def;
    int space = 0;
    para_bound_default(PARA_KIND_ACTUATOR, &bound);
    para_sample_bind(sampler, object, &bound);
    def->kind = (ParaActuatorKind)object->head->choice;
    int target = para_sample_one(sampler, para_value(object, object->head_id)->refs, &space);
    if (target < 0)
        return;
    if (def->sign != 1.0f && def->sign != -1.0f)
        para_sample_problem(sampler, PARA_CODE_SIGN, object->path, "sign", "must be 1 or -1; got %.9g",
                            (double)def->sign);
    if (space == PARA_SPACE_JOINT) {
        bind_joint_actuator(sampler, object, def, target);
    } else {
        ParaBodyKind kind = sampler->level->world.bodies[target].kind;
        def->body = target;
        if (def->kind == PARA_ACTUATOR_SLIDE && kind != PARA_BODY_KINEMATIC)
            wrong_target(sampler, object, "a prismatic joint or a kinematic body");
        else if (def->kind != PARA_ACTUATOR_SLIDE && kind != PARA_BODY_DYNAMIC)
            wrong_target(sampler, object, "a body that is neither static nor kinematic");
        if (def->kind == PARA_ACTUATOR_THRUSTER)
            bind_thruster(sampler, object, actuator);
    }
    *out = *def;
}

bool para_sample_uses_negative(const ParaActuator *actuator)
{
    bool upward = para_actuator_is_upward(actuator->kind) || actuator->one_way;
    return !upward || actuator->sign < 0;
}

static void bind_keys(const ParaObject *object, ParaPlayer *player)
{
    const ParaValue *channel = para_value(object, PARA_FIELD_KEYS_channel);
    ParaChannelKeys *keys = &player->keys[(int)channel->numbers->constant];
    const ParaValue *positive = para_value(object, PARA_FIELD_KEYS_positive);
    const ParaValue *negative = para_value(object, PARA_FIELD_KEYS_negative);
    const ParaValue *label = para_value(object, PARA_FIELD_KEYS_label);
    snprintf(keys->positive, sizeof keys->positive, "%s", positive->present ? positive->text : "");
    snprintf(keys->negative, sizeof keys->negative, "%s", negative->present ? negative->text : "");
    snprintf(keys->label, sizeof keys->label, "%s", label->present ? label->text : "");
}

/// Parts of a player without a group share a free one: they do not collide with each other, and the
/// player's rays, which ignore the main body's group, start outside of it.
static void group_parts(ParaLevel *level, int player)
{
    uint32_t free_group = 1;
    for (int b = 0; b < level->world.body_count; b++)
        if (level->world.bodies[b].group >= free_group)
            free_group = level->world.bodies[b].group + 1;
    for (int b = 0; b < level->world.body_count; b++)
        if (para_level_body_role(level, player, b) == PARA_ROLE_PLAYER && level->world.bodies[b].group == 0)
            level->world.bodies[b].group = free_group;
}

void para_sample_join_parts(ParaLevel *level, int player)
{
    int main = level->players[player].body;
    uint8_t *roles = level->body_roles + player * level->world.body_count;
    for (int b = 0; b < level->world.body_count; b++)
        if (level->body_sets[b] == level->body_sets[main] && level->world.bodies[b].kind == PARA_BODY_DYNAMIC)
            roles[b] = PARA_ROLE_PLAYER;
    roles[main] = PARA_ROLE_PLAYER;
    group_parts(level, player);
}

/// The player's parts: as listed, or every moving body joined to the main one.
static void bind_parts(ParaSampler *sampler, const ParaObject *object)
{
    ParaLevel *level = sampler->level;
    const ParaValue *parts = para_value(object, PARA_FIELD_PLAYER_bodies);
    uint8_t *roles = level->body_roles + sampler->player * level->world.body_count;
    if (!parts->present) {
        para_sample_join_parts(level, sampler->player);
        return;
    }
    for (int k = 0; k < parts->count; k++) {
        ParaFound found = para_sample_find(sampler, &parts->refs[k]);
        for (int b = found.first; found.space && b < found.first + found.count; b++)
            roles[b] = PARA_ROLE_PLAYER;
    }
    roles[level->players[sampler->player].body] = PARA_ROLE_PLAYER;
    group_parts(level, sampler->player);
}

/// A body is of one player at most: of whom else would it be a part?
static void check_shared(ParaSampler *sampler, const ParaObject *object)
{
    const ParaLevel *level = sampler->level;
    for (int b = 0; b < level->world.body_count && !sampler->failed; b++) {
        int owner = para_level_owner(level, b);
        if (owner >= 0 && owner < sampler->player &&
            para_level_body_role(level, sampler->player, b) == PARA_ROLE_PLAYER)
            para_sample_problem(
                sampler, PARA_CODE_SHARED_BODY, object->path, "bodies",
                "\"%s\" is a part of player%d already, as a joint leads to it or both name it; list "
                "the \"bodies\" of each player",
                level->body_names[b], owner + 1);
    }
}

/// One copy of an actuator.
static void add_actuator(ParaSampler *sampler, const ParaObject *object, void *context)
{
    ParaPlayer *player = context;
    if (player->actuator_count == PARA_ACTUATORS_MAX) {
        para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, object->path, NULL,
                            "with its copies there are more than %d actuators", PARA_ACTUATORS_MAX);
        return;
    }
    ParaActuator *actuator = &player->actuators[player->actuator_count++];
    bind_actuator(sampler, object, actuator);
    player->channel_bits |= 1u << actuator->channel;
    if (para_sample_uses_negative(actuator))
        player->negative_bits |= 1u << actuator->channel;
}

/// A player holds with one hand.
static void check_grips(ParaSampler *sampler, const char *path)
{
    const ParaPlayer *player = &sampler->level->players[sampler->player];
    int grips = 0;
    for (int k = 0; k < player->actuator_count; k++)
        grips += player->actuators[k].kind == PARA_ACTUATOR_GRIP;
    if (grips > 1)
        para_sample_problem(sampler, PARA_CODE_TWO_GRIPS, path, "actuators",
                            "a player has at most one grip; with its copies there are %d", grips);
}

static void bind_player(ParaSampler *sampler)
{
    ParaLevel *level = sampler->level;
    const ParaSeat *from = &sampler->seats[sampler->player];
    const ParaObject *object = from->object;
    para_sample_enter_turn(sampler, from->turn);
    const ParaValue *actuators = para_value(object, PARA_FIELD_PLAYER_actuators);
    const ParaValue *keys = para_value(object, PARA_FIELD_PLAYER_keys);
    ParaPlayer *player = &level->players[sampler->player];
    ParaBound bound;
    para_bound_default(PARA_KIND_PLAYER, &bound);
    bound.player.solved = player->reward_solved;
    bound.player.failed = player->reward_failed;
    para_sample_bind(sampler, object, &bound);
    player->sight = bound.player.sight;
    player->sees = bound.player.sees;
    player->countdown = bound.player.countdown;
    player->share = bound.player.share;
    player->reward_solved = bound.player.solved;
    player->reward_failed = bound.player.failed;
    player->body = para_sample_one(sampler, para_value(object, PARA_FIELD_PLAYER_body)->refs, NULL);
    if (player->body < 0)
        return;
    if (level->world.bodies[player->body].kind == PARA_BODY_STATIC)
        para_sample_problem(sampler, PARA_CODE_STATIC_PLAYER, object->path, "body",
                            "\"%s\" is static; the player must be able to move",
                            level->body_names[player->body]);
    bind_parts(sampler, object);
    check_shared(sampler, object);
    para_sample_leave(sampler);
    sampler->within = level->player_count > 1 ? from->turn : -1; // each has the actuators of its own copy
    for (int k = 0; k < actuators->count; k++)
        para_sample_each_copy(sampler, &actuators->objects[k], PARA_FIELD_ACTUATOR_repeat,
                              PARA_FIELD_ACTUATOR_if, add_actuator, player);
    sampler->within = -1;
    check_grips(sampler, object->path);
    for (int k = 0; k < keys->count; k++)
        bind_keys(&keys->objects[k], player);
}

void para_sample_players(ParaSampler *sampler)
{
    ParaLevel *level = sampler->level;
    int bodies = level->world.body_count, zones = level->world.zone_count;
    level->world.thrusters = PARA_NEW(sampler->arena, ParaThrusterDef, PARA_THRUSTERS_MAX);
    for (int p = 1; p < level->player_count; p++) { // a role that is given is one to everybody
        memcpy(level->body_roles + p * bodies, level->body_roles, (size_t)bodies);
        memcpy(level->zone_roles + p * zones, level->zone_roles, (size_t)zones);
    }
    for (int p = 0; p < level->player_count && !sampler->failed; p++) {
        sampler->player = p;
        bind_names(sampler, p);
        bind_player(sampler);
        para_sample_leave(sampler);
    }
    sampler->player = level->player_count > 1 ? -1 : 0;
}
