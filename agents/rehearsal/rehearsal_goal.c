// SPDX-License-Identifier: MIT
// Whether a member's goal and events can come true some day, as far as places go: generously, so that what is
// told is plain.
#include "agents/rehearsal/rehearsal_parts.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "engine/world/geometry.h"

#include <stdio.h>

#define EDGE_MIN  2.0  ///< [m] beyond everything there is
#define GRID      8    ///< places a side at which a zone is probed for being filled
#define FAR_SHARE 0.25 ///< [1] of the size of everything there is

/// Is a place inside something that never moves, so that no centre gets there?
static bool is_filled(const ParaLevel *level, ParaWorld world, double x, double y)
{
    int32_t shapes[16];
    int count = para_world_at_point(world, (ParaVec2){(float)x, (float)y}, shapes, 16);
    for (int k = 0; k < count && k < 16; k++) {
        const ParaShapeDef *shape = &level->world.shapes[shapes[k]];
        if (level->world.bodies[shape->body].kind == PARA_BODY_STATIC && shape->mask != 0)
            return true;
    }
    return false;
}

static bool is_zone_filled(const ParaLevel *level, ParaWorld world, int zone)
{
    ParaBounds box = para_bounds_zone(level, zone);
    for (int i = 0; i < GRID * GRID; i++) {
        double x = box.low_x + (box.high_x - box.low_x) * (i % GRID + 0.5) / GRID;
        double y = box.low_y + (box.high_y - box.low_y) * (i / GRID + 0.5) / GRID;
        if (!is_filled(level, world, x, y))
            return false;
    }
    return true;
}

typedef struct Search {
    ParaStage *stage;
    ParaWorld world;
    ParaBounds all;
    double margin;
    char why[200]; ///< of the last that cannot be
} Search;

static void say(Search *search, const char *what, const char *name, const char *problem)
{
    snprintf(search->why, sizeof search->why, "%s\"%.60s\" %s", what, name, problem);
}

/// Can one of these zones or bodies be got to?
static bool can_get_to(Search *search, const ParaGoalNode *node)
{
    const ParaLevel *level = search->stage->level;
    char store[PARA_NAME_MAX];
    for (int z = node->zone; z >= 0 && z < node->zone + node->zone_count; z++) {
        if (!para_bounds_meet(para_bounds_zone(level, z), search->all, search->margin))
            say(search, "zone ", para_stage_zone(search->stage, z, store), "lies outside of the world");
        else if (node->kind == PARA_GOAL_INSIDE && is_zone_filled(level, search->world, z))
            say(search, "zone ", para_stage_zone(search->stage, z, store), "lies inside something solid");
        else
            return true;
    }
    for (int b = node->b; b >= 0 && b < node->b + node->b_count; b++) {
        if (para_bounds_meet(para_bounds_thing(level, b), search->all, search->margin))
            return true;
        say(search, "", para_stage_body(search->stage, b, store), "lies outside of the world");
    }
    return node->zone_count == 0 && node->b_count == 0;
}

/// Can two bodies touch?
static bool can_collide(const ParaWorldDef *world, int a, int b)
{
    if (!para_bodies_may_collide(world, a, b))
        return false;
    for (int s = 0; s < world->shape_count; s++)
        for (int o = 0; world->shapes[s].body == a && o < world->shape_count; o++)
            if (world->shapes[o].body == b && para_classes_meet(&world->shapes[s], &world->shapes[o]))
                return true;
    return false;
}

/// Is the body one of `first` to `first + count`, or of all the player's?
static bool is_one_of(const ParaLevel *level, int body, int first, int count, bool player)
{
    return player ? para_level_body_role(level, 0, body) == PARA_ROLE_PLAYER
                  : body >= first && body < first + count;
}

/// Can any two of those that should touch?
static bool can_touch(Search *search, const ParaGoalNode *node)
{
    const ParaLevel *level = search->stage->level;
    char store[PARA_NAME_MAX];
    for (int a = 0; a < level->world.body_count; a++)
        for (int b = 0; b < level->world.body_count; b++)
            if (is_one_of(level, a, node->a, node->a_count, node->a_player) &&
                (node->b < 0 || is_one_of(level, b, node->b, node->b_count, node->b_player)) &&
                can_collide(&level->world, a, b))
                return true;
    if (node->b >= 0)
        say(search, "", para_stage_body(search->stage, node->b, store),
            "never touches what it should: by their kinds, groups, joints or classes the two do not collide");
    else
        say(search, "", para_stage_body(search->stage, node->a, store), "collides with nothing");
    return false;
}

static bool can_pass(Search *search, double value, double low, double high, const char *what)
{
    if (value >= low - search->margin && value <= high + search->margin)
        return true;
    para_text_format(search->why, sizeof search->why, "%s %.4g m lies outside of the world", what, value);
    return false;
}

static bool can_come(Search *search, double time)
{
    if (time <= (double)search->stage->level->seconds)
        return true;
    para_text_format(search->why, sizeof search->why, "a time of %.4g s is after the level's end at %.4g s",
                     time, (double)search->stage->level->seconds);
    return false;
}

/// May a predicate come true some day, as far as places go?
static bool can_be(Search *search, int index)
{
    const ParaGoalNode *node = &search->stage->level->goals[index];
    ParaBounds all = search->all;
    double value = (double)node->value;
    bool any = false;
    switch (node->kind) {
    case PARA_GOAL_ALL:
    case PARA_GOAL_THEN:
        for (int k = 0; k < node->child_count; k++)
            if (!can_be(search, node->child_first + k))
                return false;
        return true;
    case PARA_GOAL_ANY:
        for (int k = 0; k < node->child_count; k++)
            any |= can_be(search, node->child_first + k);
        return any || node->child_count == 0;
    case PARA_GOAL_TOUCH:
        return can_get_to(search, node) && can_touch(search, node);
    case PARA_GOAL_INSIDE:
    case PARA_GOAL_NEAR:
        return can_get_to(search, node);
    case PARA_GOAL_ABOVE:
        return value < all.low_y || can_pass(search, value, all.low_y, all.high_y, "a height of");
    case PARA_GOAL_BELOW:
        return value > all.high_y || can_pass(search, value, all.low_y, all.high_y, "a height of");
    case PARA_GOAL_RIGHT_OF:
        return value < all.low_x || can_pass(search, value, all.low_x, all.high_x, "x =");
    case PARA_GOAL_LEFT_OF:
        return value > all.high_x || can_pass(search, value, all.low_x, all.high_x, "x =");
    case PARA_GOAL_NOT:
    case PARA_GOAL_UPRIGHT:
    case PARA_GOAL_SLOW:
    case PARA_GOAL_SHATTERED:
    case PARA_GOAL_COLLECTED:
    case PARA_GOAL_OVERLAP: // of two that swing together
        return true;
    case PARA_GOAL_IS:
        if (para_play_is_ever(search->stage->level, node))
            return true;
        para_text_format(search->why, sizeof search->why,
                         "its expression is 0 all along, and nothing sets what it reads");
        return false;
    case PARA_GOAL_AT:
    case PARA_GOAL_EVERY:
        if (node->hold > 1 / search->stage->level->world.rate) {
            para_text_format(search->why, sizeof search->why,
                             "what is true in single steps never lasts %.4g s", (double)node->hold);
            return false;
        }
        value = node->kind == PARA_GOAL_AT ? value : (double)node->from;
        return can_come(search, value);
    case PARA_GOAL_TIME:
        return can_come(search, value);
    }
    return true;
}

/// Around what is shown and whatever is solid: a goal's own zone does not count.
static ParaBounds world_bounds(const ParaLevel *level, const ParaNamed *named)
{
    ParaBounds all = para_bounds_shown(level);
    for (int b = 0; b < level->world.body_count; b++)
        if (!named->goal_bodies[b] || level->body_roles[b] == PARA_ROLE_PLAYER)
            para_bounds_add(&all, para_bounds_thing(level, b));
    return all;
}

void para_stage_look_at_goal(ParaStage *stage, ParaWorld world, const ParaNamed *named)
{
    Search search = {.stage = stage, .world = world, .all = world_bounds(stage->level, named)};
    search.margin = para_max(EDGE_MIN, FAR_SHARE * para_bounds_diagonal(search.all));
    if (!can_be(&search, stage->level->players[0].goal_root))
        para_stage_note(stage, PARA_CODE_GOAL_OUT_OF_REACH, "/goal", "the goal cannot be reached: %s",
                        search.why);
}

/// What an event tells of may lie where its things are brought; what never comes, never does.
void para_stage_look_at_events(ParaStage *stage, ParaWorld world, const ParaNamed *named)
{
    for (int e = 0; e < stage->level->event_count; e++) {
        Search search = {.stage = stage, .world = world, .all = world_bounds(stage->level, named)};
        search.margin = para_max(EDGE_MIN, FAR_SHARE * para_bounds_diagonal(search.all));
        if (!can_be(&search, stage->level->events[e].root))
            para_stage_note(stage, PARA_CODE_EVENT_NEVER, stage->origins.events[e],
                            "the event never happens: %s", search.why);
    }
}
