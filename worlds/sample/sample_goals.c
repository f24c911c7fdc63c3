// SPDX-License-Identifier: MIT
// Sampling of the rules: goal and fail as one array of nodes, and the reward terms.
#include "worlds/sample/sample.h"

#include "engine/base/assert.h"
#include "worlds/level/roles.h"

static void bind_node(ParaSampler *sampler, const ParaObject *object, int slot);

/// Takes `count` nodes in a row; -1 if there is no room.
static int take_nodes(ParaSampler *sampler, int count, const char *path)
{
    ParaLevel *level = sampler->level;
    if (level->goal_count + count > PARA_GOAL_NODES_MAX) {
        para_sample_problem(sampler, PARA_CODE_GOAL_SIZE, path, NULL,
                            "goal, fail and events together have more than %d predicates",
                            PARA_GOAL_NODES_MAX);
        return -1;
    }
    int first = level->goal_count;
    level->goal_count += count;
    return first;
}

/// What is of a part is there in each copy of it, and not at all where the part is not.
static void bind_children(ParaSampler *sampler, const ParaObject *object, ParaGoalNode *node)
{
    const ParaValue *value = para_value(object, object->head_id);
    int count = object->head->type == PARA_TYPE_OBJECT ? 1 : value->count, all = 0, slot = 0;
    int turns[PARA_TURNS_MAX], here = sampler->turn;
    for (int k = 0; k < count; k++)
        all += value->objects[k].loop ? para_sample_turns(sampler, value->objects[k].loop, turns) : 1;
    node->child_first = take_nodes(sampler, all, object->path);
    node->child_count = node->child_first < 0 ? 0 : all;
    if (node->child_count == 0)
        node->child_first = 0;
    for (int k = 0; k < count && node->child_count > 0; k++) {
        const ParaObject *child = &value->objects[k];
        if (!child->loop)
            bind_node(sampler, child, node->child_first + slot++);
        int copies = child->loop ? para_sample_turns(sampler, child->loop, turns) : 0;
        for (int c = 0; c < copies; c++) {
            para_sample_enter_turn(sampler, turns[c]);
            bind_node(sampler, child, node->child_first + slot++);
            para_sample_enter_turn(sampler, here);
        }
    }
}

/// Bodies a goal speaks of must be able to do what it says.
static void check_able(ParaSampler *sampler, const ParaObject *object, const ParaGoalNode *node)
{
    const ParaLevel *level = sampler->level;
    for (int b = node->a; b >= 0 && b < node->a + node->a_count; b++) {
        bool breaks = level->body_shatters[b] > 0 || level->body_crushes[b] > 0;
        const char *field = node->kind == PARA_GOAL_SHATTERED && !breaks                    ? "shatters"
                            : node->kind == PARA_GOAL_COLLECTED && !level->body_collects[b] ? "collect"
                                                                                            : NULL;
        if (!field)
            continue;
        para_sample_problem(sampler, PARA_CODE_NOT_SHATTERING, object->path, object->head->name,
                            "\"%s\" never can be: its body has no \"%s\"", level->body_names[b], field);
        return;
    }
}

static void bind_leaf(ParaSampler *sampler, const ParaObject *object, ParaGoalNode *node)
{
    const ParaValue *value = para_value(object, object->head_id);
    ParaFound found[2] = {{0}, {0}};
    for (int k = 0; k < value->count && k < 2; k++)
        found[k] = para_sample_find(sampler, &value->refs[k]);
    node->a = found[0].first;
    node->a_count = found[0].count;
    node->a_player = found[0].player && node->kind == PARA_GOAL_TOUCH;
    if (found[1].space == PARA_SPACE_ZONE) {
        node->zone = found[1].first;
        node->zone_count = found[1].count;
    } else if (found[1].space == PARA_SPACE_BODY) {
        node->b = found[1].first;
        node->b_count = found[1].count;
        node->b_player = found[1].player && node->kind == PARA_GOAL_TOUCH;
        bool same = node->b_count == 1 && node->a_count == 1 && node->a == node->b;
        if (same)
            para_sample_problem(sampler, PARA_CODE_SAME_BODY, object->path, object->head->name,
                                "both names mean \"%s\"", sampler->bodies.name[node->a]);
    }
    // Of copies that this member lacks nothing can be true, and all is: an empty any, or an empty all.
    if (node->a_count == 0 || (value->count > 1 && node->b_count == 0 && node->zone_count == 0)) {
        bool all = node->every || node->kind == PARA_GOAL_COLLECTED;
        *node = (ParaGoalNode){
            .kind = all ? PARA_GOAL_ALL : PARA_GOAL_ANY, .a = -1, .b = -1, .zone = -1, .hold = node->hold};
    } else if (!sampler->failed) {
        check_able(sampler, object, node);
    }
}

/// Does a leaf say "player", in a name or in an expression, and not "player2"?
static bool says_player(const ParaObject *object)
{
    int count;
    const ParaField *fields = para_fields(object->kind, &count);
    for (int f = 0; f < count; f++) {
        const ParaValue *value = &object->values[f];
        for (int k = 0; value->present && value->refs && k < value->count; k++)
            if (value->refs[k].space == PARA_SPACE_PLAYER && value->refs[k].object == 0)
                return true;
        if (!value->present || !(fields[f].flags & PARA_FLAG_CHANGES) || fields[f].type != PARA_TYPE_NUMBER)
            continue;
        const ParaNumber *number = value->numbers;
        for (int k = 0; number->things && k < 2 * number->expr->sense_count; k++)
            if (number->things[k].space == PARA_SPACE_PLAYER && number->things[k].object == 0)
                return true;
    }
    return false;
}

/// In the rules of nobody, which are those of events, "player" is any of several; with `every` each of them.
static void bind_any_player(ParaSampler *sampler, const ParaObject *object, int slot)
{
    const ParaLevel *level = sampler->level;
    const ParaValue *every = para_value(object, PARA_FIELD_PREDICATE_every);
    ParaGoalNode node = {.kind = every->present && every->truth ? PARA_GOAL_ALL : PARA_GOAL_ANY,
                         .a = -1,
                         .b = -1,
                         .zone = -1,
                         .child_count = level->player_count};
    node.child_first = take_nodes(sampler, node.child_count, object->path);
    if (node.child_first < 0)
        return;
    for (int p = 0; p < level->player_count; p++) {
        sampler->player = p;
        bind_node(sampler, object, node.child_first + p);
    }
    sampler->player = -1;
    sampler->level->goals[slot] = node;
}

static void bind_node(ParaSampler *sampler, const ParaObject *object, int slot)
{
    if (sampler->player < 0 && !para_goal_is_tree((ParaGoalKind)object->head->choice) &&
        says_player(object)) {
        bind_any_player(sampler, object, slot);
        return;
    }
    ParaBound bound;
    para_bound_default(PARA_KIND_PREDICATE, &bound);
    para_sample_bind(sampler, object, &bound);
    ParaGoalNode *node = &bound.predicate.node;
    node->kind = (ParaGoalKind)object->head->choice;
    if (para_goal_is_tree(node->kind))
        bind_children(sampler, object, node);
    else if (para_value(object, object->head_id)->refs)
        bind_leaf(sampler, object, node);
    if (node->kind == PARA_GOAL_EVERY && !para_value(object, PARA_FIELD_PREDICATE_from)->present)
        node->from = node->value;
    PARA_ASSERT(slot >= 0 && slot < sampler->level->goal_count); // taken before
    sampler->level->goals[slot] = *node;
}

int para_sample_predicate(ParaSampler *sampler, const ParaObject *object)
{
    int root = take_nodes(sampler, 1, object->path);
    if (root >= 0)
        bind_node(sampler, object, root);
    return root;
}

// ---------------------------------------------------------------------------------------------
// Rewards.

static bool add_term(ParaSampler *sampler, const ParaObject *object, ParaRewardTerm term)
{
    ParaLevel *level = sampler->level;
    if (level->reward_count == PARA_REWARDS_MAX) {
        para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, object->path, NULL,
                            "with all copies there are more than %d reward terms", PARA_REWARDS_MAX);
        return false;
    }
    level->rewards[level->reward_count++] = term;
    return true;
}

/// One term for each pair of copies, the weight shared among them; none if there are no copies.
static void bind_reward(ParaSampler *sampler, const ParaObject *object)
{
    const ParaValue *value = para_value(object, object->head_id);
    ParaFound found[2] = {{.count = 1, .first = -1}, {.count = 1, .first = -1}};
    ParaBound bound;
    para_bound_default(PARA_KIND_REWARD, &bound);
    para_sample_bind(sampler, object, &bound);
    bound.reward.term.kind = (ParaRewardKind)object->head->choice;
    for (int k = 0; value->refs && k < value->count && k < 2; k++)
        found[k] = para_sample_find(sampler, &value->refs[k]);
    int pairs = found[0].count * found[1].count;
    if (sampler->failed || pairs == 0)
        return;
    if (pairs > 1)
        bound.reward.term.weight = (float)((double)bound.reward.term.weight / pairs);
    for (int a = 0; a < found[0].count; a++) {
        for (int b = 0; b < found[1].count; b++) {
            ParaRewardTerm term = bound.reward.term;
            term.player = sampler->player;
            term.a = found[0].first < 0 ? -1 : found[0].first + a;
            if (found[1].space == PARA_SPACE_ZONE)
                term.zone = found[1].first + b;
            else
                term.b = found[1].first < 0 ? -1 : found[1].first + b;
            if (!add_term(sampler, object, term))
                return;
        }
    }
}

// ---------------------------------------------------------------------------------------------

void para_sample_roles(ParaSampler *sampler)
{
    ParaLevel *level = sampler->level;
    int bodies = level->world.body_count, zones = level->world.zone_count;
    for (int p = 0; p < level->player_count; p++) {
        uint8_t body_roles[PARA_BODIES_MAX] = {0}, zone_roles[PARA_ZONES_MAX] = {0};
        para_level_derive_roles(level, p, body_roles, zone_roles);
        for (int b = 0; b < bodies; b++)
            if (para_level_body_role(level, p, b) != PARA_ROLE_PLAYER && !sampler->role_given[b])
                level->body_roles[p * bodies + b] = body_roles[b];
        for (int z = 0; z < zones; z++)
            if (!sampler->zone_role_given[z])
                level->zone_roles[p * zones + z] = zone_roles[z];
    }
}

/// A goal or fail of its own, or the level's: that is one for all, unless it says "player".
/// @param common in-out, the level's once it is there; -1: not yet
static int bind_rule(ParaSampler *sampler, ParaFieldId own_id, ParaFieldId level_id, int *common)
{
    const ParaSeat *from = &sampler->seats[sampler->player];
    const ParaValue *own = para_value(from->object, own_id), *level = para_value(&sampler->t->root, level_id);
    if (own->present) {
        para_sample_enter_turn(sampler, from->turn);
        int root = para_sample_predicate(sampler, own->objects);
        para_sample_leave(sampler);
        return root;
    }
    if (!level->present || *common >= 0)
        return *common;
    sampler->said_player = false;
    int root = para_sample_predicate(sampler, level->objects);
    if (!sampler->said_player)
        *common = root;
    return root;
}

/// Those of its own, or the level's.
static void bind_rewards(ParaSampler *sampler)
{
    const ParaSeat *from = &sampler->seats[sampler->player];
    const ParaValue *own = para_value(from->object, PARA_FIELD_PLAYER_rewards);
    const ParaValue *rewards = own->given ? own : para_value(&sampler->t->root, PARA_FIELD_TEMPLATE_rewards);
    para_sample_enter_turn(sampler, own->given ? from->turn : -1);
    for (int k = 0; k < rewards->count; k++) {
        int turns[PARA_TURNS_MAX] = {sampler->turn}, copies = 1;
        if (rewards->objects[k].loop)
            copies = para_sample_turns(sampler, rewards->objects[k].loop, turns);
        for (int c = 0; c < copies; c++) {
            para_sample_enter_turn(sampler, turns[c]);
            bind_reward(sampler, &rewards->objects[k]);
            para_sample_enter_turn(sampler, own->given ? from->turn : -1);
        }
    }
    para_sample_leave(sampler);
}

void para_sample_goals(ParaSampler *sampler)
{
    ParaLevel *level = sampler->level;
    int goal = -1, fail = -1, nobody = sampler->player;
    for (int p = 0; p < level->player_count && !sampler->failed; p++) {
        ParaPlayer *player = &level->players[p];
        sampler->player = p;
        player->goal_root = bind_rule(sampler, PARA_FIELD_PLAYER_goal, PARA_FIELD_TEMPLATE_goal, &goal);
        player->fail_root = bind_rule(sampler, PARA_FIELD_PLAYER_fail, PARA_FIELD_TEMPLATE_fail, &fail);
        bind_rewards(sampler);
    }
    sampler->player = nobody;
    if (!sampler->failed)
        para_sample_roles(sampler);
}
