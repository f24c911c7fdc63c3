// SPDX-License-Identifier: MIT
// Where the things of a member are: whether the camera shows what counts, whether the goal lies where
// anything can get, and what lies so far away that nothing ever meets it. All by boxes, generously: what is
// told is plain.
#include "agents/rehearsal/rehearsal_parts.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"

#include <stdio.h>
#include <string.h>

#define GAP_MIN   20.0 ///< [m] across nothing, that a thing may fly or fall
#define EDGE_MIN  2.0  ///< [m] beyond everything there is
#define GRID      8    ///< places a side at which a zone is probed for being filled
#define FAR_SHARE 0.25 ///< [1] of the size of everything there is

// ---------------------------------------------------------------------------------------------
// Boxes.

ParaBounds para_bounds_none(void) { return (ParaBounds){1e30, 1e30, -1e30, -1e30}; }

void para_bounds_add(ParaBounds *bounds, ParaBounds other)
{
    bounds->low_x = para_min(bounds->low_x, other.low_x);
    bounds->low_y = para_min(bounds->low_y, other.low_y);
    bounds->high_x = para_max(bounds->high_x, other.high_x);
    bounds->high_y = para_max(bounds->high_y, other.high_y);
}

bool para_bounds_meet(ParaBounds a, ParaBounds b, double margin)
{
    return a.low_x <= b.high_x + margin && b.low_x <= a.high_x + margin && a.low_y <= b.high_y + margin &&
           b.low_y <= a.high_y + margin;
}

static bool is_empty(ParaBounds bounds) { return bounds.low_x > bounds.high_x; }

/// Points of a frame, each the middle of a disc.
static ParaBounds bounds_of(const ParaVec2 *points, uint32_t count, double radius, ParaVec2 at, float angle)
{
    double s, c;
    ParaBounds bounds = para_bounds_none();
    para_sincos((double)angle, &s, &c);
    for (uint32_t k = 0; k < count; k++) {
        double x = (double)at.x + c * (double)points[k].x - s * (double)points[k].y;
        double y = (double)at.y + s * (double)points[k].x + c * (double)points[k].y;
        para_bounds_add(&bounds, (ParaBounds){x - radius, y - radius, x + radius, y + radius});
    }
    return bounds;
}

ParaBounds para_bounds_body(const ParaLevel *level, int body)
{
    const ParaWorldDef *world = &level->world;
    const ParaBodyDef *def = &world->bodies[body];
    ParaBounds bounds = para_bounds_none();
    for (int s = 0; s < world->shape_count; s++) {
        const ParaShapeDef *shape = &world->shapes[s];
        if (shape->body == body)
            para_bounds_add(&bounds, bounds_of(world->points + shape->point_first, shape->point_count,
                                               (double)shape->radius, def->position, def->angle));
    }
    ParaVec2 by = level->body_motions[body].by;
    double x = para_max((double)by.x, -(double)by.x) * 2, y = para_max((double)by.y, -(double)by.y) * 2;
    return (ParaBounds){bounds.low_x - x, bounds.low_y - y, bounds.high_x + x, bounds.high_y + y};
}

ParaBounds para_bounds_zone(const ParaLevel *level, int zone)
{
    const ParaZoneDef *def = &level->world.zones[zone];
    const ParaVec2 origin = {0, 0};
    if (def->kind == PARA_SHAPE_CIRCLE)
        return bounds_of(&origin, 1, (double)def->radius, def->position, def->angle);
    return bounds_of(level->world.points + def->point_first, def->point_count, 0, def->position, def->angle);
}

/// A box, or the place of a body without shapes.
static ParaBounds thing_bounds(const ParaLevel *level, int body)
{
    ParaBounds bounds = para_bounds_body(level, body);
    ParaVec2 at = level->world.bodies[body].position;
    return is_empty(bounds) ? (ParaBounds){(double)at.x, (double)at.y, (double)at.x, (double)at.y} : bounds;
}

static ParaBounds shown(const ParaLevel *level)
{
    return (ParaBounds){0, 0, (double)level->world.size.x, (double)level->world.size.y};
}

static double diagonal(ParaBounds bounds)
{
    double x = bounds.high_x - bounds.low_x, y = bounds.high_y - bounds.low_y;
    return para_sqrt(x * x + y * y);
}

static const char *zone_name(const ParaStage *stage, int zone, char *store)
{
    const char *name = stage->level->zone_names[zone];
    if (*name)
        return name;
    snprintf(store, PARA_NAME_MAX, "#%d", zone);
    return store;
}

// ---------------------------------------------------------------------------------------------
// What the rules speak of.

typedef struct Named {
    bool bodies[PARA_BODIES_MAX], zones[PARA_ZONES_MAX]; ///< of goal, fail, events or rewards
    bool goal_bodies[PARA_BODIES_MAX], goal_zones[PARA_ZONES_MAX];
} Named;

static void mark(bool *marks, int first, int count)
{
    for (int k = 0; first >= 0 && k < count; k++)
        marks[first + k] = true;
}

static void mark_tree(const ParaLevel *level, int root, bool *bodies, bool *zones)
{
    const ParaGoalNode *node = &level->goals[root];
    mark(bodies, node->a, node->a_count);
    mark(bodies, node->b, node->b_count);
    mark(zones, node->zone, node->zone_count);
    for (int k = 0; para_goal_is_tree(node->kind) && k < node->child_count; k++)
        mark_tree(level, node->child_first + k, bodies, zones);
}

static void find_named(const ParaLevel *level, Named *named)
{
    memset(named, 0, sizeof *named);
    mark_tree(level, level->players[0].goal_root, named->goal_bodies, named->goal_zones);
    mark_tree(level, level->players[0].goal_root, named->bodies, named->zones);
    if (level->players[0].fail_root >= 0)
        mark_tree(level, level->players[0].fail_root, named->bodies, named->zones);
    for (int e = 0; e < level->event_count; e++)
        mark_tree(level, level->events[e].root, named->bodies, named->zones);
    for (int a = 0; a < level->act_count; a++) {
        const ParaAct *act = &level->acts[a];
        mark(named->bodies, act->body, act->count);
        mark(named->zones, act->zone, act->count);
        mark(named->bodies, act->at_body, 1);
        mark(named->zones, act->at_zone, 1);
    }
    for (int r = 0; r < level->reward_count; r++) {
        const ParaRewardTerm *term = &level->rewards[r];
        mark(named->bodies, term->a, 1);
        mark(named->bodies, term->b, 1);
        mark(named->zones, term->zone, 1);
    }
}

// ---------------------------------------------------------------------------------------------
// The camera.

static void note_hidden(ParaStage *stage, const char *what, const char *name, ParaBounds at)
{
    ParaVec2 size = stage->level->world.size;
    para_stage_note(stage, PARA_CODE_CAMERA_SMALL, "/world/size",
                    "what is shown, %.4g x %.4g m from (0, 0), leaves out %s \"%s\" at (%.4g, %.4g)",
                    (double)size.x, (double)size.y, what, name, (at.low_x + at.high_x) / 2,
                    (at.low_y + at.high_y) / 2);
}

/// A goal that is met beyond the picture's edge.
static void look_at_edges(ParaStage *stage, int root)
{
    const ParaLevel *level = stage->level;
    const ParaGoalNode *node = &level->goals[root];
    ParaVec2 size = level->world.size;
    bool beyond = (node->kind == PARA_GOAL_RIGHT_OF && node->value > size.x) ||
                  (node->kind == PARA_GOAL_LEFT_OF && node->value < 0) ||
                  (node->kind == PARA_GOAL_ABOVE && node->value > size.y);
    if (beyond)
        para_stage_note(
            stage, PARA_CODE_CAMERA_SMALL, "/world/size",
            "what is shown, %.4g x %.4g m from (0, 0), leaves out where the goal is met, %s %.4g m",
            (double)size.x, (double)size.y,
            node->kind == PARA_GOAL_ABOVE ? "y =" : "x =", (double)node->value);
    for (int k = 0; para_goal_is_tree(node->kind) && node->kind != PARA_GOAL_NOT && k < node->child_count;
         k++)
        look_at_edges(stage, node->child_first + k);
}

/// Most bodies should be seen, too.
static void look_at_crowd(ParaStage *stage)
{
    const ParaLevel *level = stage->level;
    int hidden = 0, count = 0;
    for (int b = 0; b < level->world.body_count; b++) {
        ParaBounds at = para_bounds_body(level, b);
        if (para_level_is_spare(level, b))
            continue;
        count += !is_empty(at);
        hidden += !is_empty(at) && !para_bounds_meet(at, shown(level), 0);
    }
    if (hidden * 2 > count)
        para_stage_note(stage, PARA_CODE_CAMERA_SMALL, "/world/size",
                        "what is shown, %.4g x %.4g m from (0, 0), leaves out %d of %d bodies",
                        (double)level->world.size.x, (double)level->world.size.y, hidden, count);
}

/// The player at its start and what the goal is about should be seen.
static void look_at_camera(ParaStage *stage, const Named *named)
{
    const ParaLevel *level = stage->level;
    char store[PARA_NAME_MAX];
    for (int b = 0; b < level->world.body_count; b++) {
        bool player = b == level->players[0].body;
        ParaBounds at = thing_bounds(level, b);
        if ((player || named->goal_bodies[b]) && !para_bounds_meet(at, shown(level), 0))
            note_hidden(stage, player ? "the player's" : "the goal's", para_stage_body(stage, b, store), at);
    }
    for (int z = 0; z < level->world.zone_count; z++) {
        ParaBounds at = para_bounds_zone(level, z);
        if (named->goal_zones[z] && !para_bounds_meet(at, shown(level), 0))
            note_hidden(stage, "the goal's", zone_name(stage, z, store), at);
    }
    look_at_edges(stage, level->players[0].goal_root);
    look_at_crowd(stage);
}

// ---------------------------------------------------------------------------------------------
// What is met.

/// Everything near enough to the player, over any number of things between.
typedef struct Reach {
    bool bodies[PARA_BODIES_MAX], zones[PARA_ZONES_MAX];
    ParaBounds all; ///< around all of them, and what is shown
} Reach;

static bool spread(const ParaLevel *level, Reach *reach, const ParaBounds *bounds, int from, double gap)
{
    int bodies = level->world.body_count, count = bodies + level->world.zone_count;
    bool grown = false;
    for (int k = 0; k < count; k++) {
        bool *there = k < bodies ? &reach->bodies[k] : &reach->zones[k - bodies];
        if (*there || !para_bounds_meet(bounds[from], bounds[k], gap))
            continue;
        *there = grown = true;
        para_bounds_add(&reach->all, bounds[k]);
    }
    return grown;
}

static void find_reach(const ParaLevel *level, Reach *reach)
{
    int bodies = level->world.body_count, count = bodies + level->world.zone_count;
    ParaBounds bounds[PARA_BODIES_MAX + PARA_ZONES_MAX];
    bool done[PARA_BODIES_MAX + PARA_ZONES_MAX] = {false};
    double gap = para_max(GAP_MIN, diagonal(shown(level)));
    memset(reach, 0, sizeof *reach);
    reach->all = shown(level);
    for (int k = 0; k < count; k++)
        bounds[k] = k < bodies ? thing_bounds(level, k) : para_bounds_zone(level, k - bodies);
    reach->bodies[level->players[0].body] = true;
    para_bounds_add(&reach->all, bounds[level->players[0].body]);
    for (bool grown = true; grown;) {
        grown = false;
        for (int k = 0; k < count; k++) {
            if (done[k] || !(k < bodies ? reach->bodies[k] : reach->zones[k - bodies]))
                continue;
            done[k] = grown = true;
            spread(level, reach, bounds, k, gap);
        }
    }
}

static bool has_effect(const ParaZoneDef *zone)
{
    return zone->acceleration.x != 0 || zone->acceleration.y != 0 || zone->pull != 0 || zone->drag > 0 ||
           zone->fluid_density > 0;
}

static bool has_shapes(const ParaLevel *level, int body)
{
    for (int s = 0; s < level->world.shape_count; s++)
        if (level->world.shapes[s].body == body)
            return true;
    return false;
}

static bool is_joined(const ParaLevel *level, int body)
{
    for (int j = 0; j < level->world.joint_count; j++)
        if (level->world.joints[j].a == body || level->world.joints[j].b == body)
            return true;
    return false;
}

static bool is_acted_on(const ParaLevel *level, int body)
{
    for (int k = 0; k < level->players[0].actuator_count; k++)
        if (level->players[0].actuators[k].body == body)
            return true;
    return false;
}

static void look_at_meetings(ParaStage *stage, const Named *named, const Reach *reach)
{
    const ParaLevel *level = stage->level;
    char store[PARA_NAME_MAX];
    for (int b = 0; b < level->world.body_count; b++) {
        ParaBounds at = thing_bounds(level, b);
        if (para_level_is_spare(level, b))
            continue; // events say where it comes
        if (!reach->bodies[b])
            para_stage_note(stage, PARA_CODE_NEVER_MET, stage->origins.bodies[b],
                            "\"%s\" at (%.4g, %.4g) is so far away that nothing meets it",
                            para_stage_body(stage, b, store), (at.low_x + at.high_x) / 2,
                            (at.low_y + at.high_y) / 2);
        else if (!has_shapes(level, b) && !named->bodies[b] && !is_joined(level, b) &&
                 !is_acted_on(level, b) && b != level->players[0].body)
            para_stage_note(stage, PARA_CODE_NEVER_MET, stage->origins.bodies[b],
                            "\"%s\" has no shape, and neither a joint nor a rule speaks of it",
                            para_stage_body(stage, b, store));
    }
    for (int z = 0; z < level->world.zone_count; z++) {
        ParaBounds at = para_bounds_zone(level, z);
        if (!reach->zones[z] && !named->goal_zones[z]) // of the goal's more is told below
            para_stage_note(stage, PARA_CODE_NEVER_MET, stage->origins.zones[z],
                            "zone \"%s\" at (%.4g, %.4g) is so far away that nothing meets it",
                            zone_name(stage, z, store), (at.low_x + at.high_x) / 2,
                            (at.low_y + at.high_y) / 2);
        else if (!named->zones[z] && !has_effect(&level->world.zones[z]) &&
                 para_level_zone_role(level, 0, z) == PARA_ROLE_NONE)
            para_stage_note(stage, PARA_CODE_NEVER_MET, stage->origins.zones[z],
                            "zone \"%s\" does nothing, and no rule asks for it", zone_name(stage, z, store));
    }
}

// ---------------------------------------------------------------------------------------------
// The goal.

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
            say(search, "zone ", zone_name(search->stage, z, store), "lies outside of the world");
        else if (node->kind == PARA_GOAL_INSIDE && is_zone_filled(level, search->world, z))
            say(search, "zone ", zone_name(search->stage, z, store), "lies inside something solid");
        else
            return true;
    }
    for (int b = node->b; b >= 0 && b < node->b + node->b_count; b++) {
        if (para_bounds_meet(thing_bounds(level, b), search->all, search->margin))
            return true;
        say(search, "", para_stage_body(search->stage, b, store), "lies outside of the world");
    }
    return node->zone_count == 0 && node->b_count == 0;
}

static bool shapes_meet(const ParaShapeDef *a, const ParaShapeDef *b)
{
    return (a->category & b->mask) && (b->category & a->mask);
}

/// Can two bodies touch, as far as their kinds, groups, joints and classes go?
static bool can_collide(const ParaLevel *level, int a, int b)
{
    const ParaWorldDef *world = &level->world;
    const ParaBodyDef *one = &world->bodies[a], *other = &world->bodies[b];
    if (one->kind != PARA_BODY_DYNAMIC && other->kind != PARA_BODY_DYNAMIC)
        return false;
    if (a == b || (one->group && one->group == other->group))
        return false;
    for (int j = 0; j < world->joint_count; j++) {
        const ParaJointDef *joint = &world->joints[j];
        if (!joint->collide && ((joint->a == a && joint->b == b) || (joint->a == b && joint->b == a)))
            return false;
    }
    for (int s = 0; s < world->shape_count; s++)
        for (int o = 0; o < world->shape_count; o++)
            if (world->shapes[s].body == a && world->shapes[o].body == b &&
                shapes_meet(&world->shapes[s], &world->shapes[o]))
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
                can_collide(level, a, b))
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
static ParaBounds world_bounds(const ParaLevel *level, const Named *named)
{
    ParaBounds all = shown(level);
    for (int b = 0; b < level->world.body_count; b++)
        if (!named->goal_bodies[b] || level->body_roles[b] == PARA_ROLE_PLAYER)
            para_bounds_add(&all, thing_bounds(level, b));
    return all;
}

static void look_at_goal(ParaStage *stage, ParaWorld world, const Named *named)
{
    Search search = {.stage = stage, .world = world, .all = world_bounds(stage->level, named)};
    search.margin = para_max(EDGE_MIN, FAR_SHARE * diagonal(search.all));
    if (!can_be(&search, stage->level->players[0].goal_root))
        para_stage_note(stage, PARA_CODE_GOAL_OUT_OF_REACH, "/goal", "the goal cannot be reached: %s",
                        search.why);
}

/// What an event tells of may lie where its things are brought; what never comes, never does.
static void look_at_events(ParaStage *stage, ParaWorld world, const Named *named)
{
    for (int e = 0; e < stage->level->event_count; e++) {
        Search search = {.stage = stage, .world = world, .all = world_bounds(stage->level, named)};
        search.margin = para_max(EDGE_MIN, FAR_SHARE * diagonal(search.all));
        if (!can_be(&search, stage->level->events[e].root))
            para_stage_note(stage, PARA_CODE_EVENT_NEVER, stage->origins.events[e],
                            "the event never happens: %s", search.why);
    }
}

void para_stage_look_around(ParaStage *stage, ParaWorld world)
{
    Named named;
    Reach reach;
    find_named(stage->level, &named);
    find_reach(stage->level, &reach);
    look_at_camera(stage, &named);
    look_at_meetings(stage, &named, &reach);
    look_at_goal(stage, world, &named);
    look_at_events(stage, world, &named);
}
