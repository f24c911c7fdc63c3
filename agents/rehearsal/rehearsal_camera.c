// SPDX-License-Identifier: MIT
// Whether the camera shows what counts in a member. Things that start outside and fall or fly into the
// picture by themselves are outside by intent.
#include "agents/rehearsal/rehearsal_parts.h"

#define ENTER_SECONDS 3.0  ///< [s] in which a thing comes into the picture that is meant to
#define ENTER_STEP    0.05 ///< [s]

/// Does a thing come into the picture, falling and flying as it starts and with nothing in its way?
static bool enters(const ParaLevel *level, int body, ParaBounds start)
{
    const ParaWorldDef *world = &level->world;
    const ParaBodyDef *def = &world->bodies[body];
    double scale = def->kind == PARA_BODY_DYNAMIC ? (double)def->gravity_scale : 0;
    double fall_x = scale * (double)world->gravity.x, fall_y = scale * (double)world->gravity.y;
    for (double t = ENTER_STEP; def->kind != PARA_BODY_STATIC && t <= ENTER_SECONDS; t += ENTER_STEP) {
        double x = (double)def->velocity.x * t + 0.5 * fall_x * t * t;
        double y = (double)def->velocity.y * t + 0.5 * fall_y * t * t;
        ParaBounds then = {start.low_x + x, start.low_y + y, start.high_x + x, start.high_y + y};
        if (para_bounds_meet(then, para_bounds_shown(level), 0))
            return true;
    }
    return false;
}

static bool is_hidden(const ParaLevel *level, int body)
{
    ParaBounds at = para_bounds_thing(level, body);
    return !para_bounds_meet(at, para_bounds_shown(level), 0) && !enters(level, body, at);
}

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
        bool solid = !para_bounds_are_none(para_bounds_body(level, b)) && !para_level_is_spare(level, b);
        count += solid;
        hidden += solid && is_hidden(level, b);
    }
    if (hidden * 2 > count)
        para_stage_note(stage, PARA_CODE_CAMERA_SMALL, "/world/size",
                        "what is shown, %.4g x %.4g m from (0, 0), leaves out %d of %d bodies",
                        (double)level->world.size.x, (double)level->world.size.y, hidden, count);
}

/// The player at its start and what the goal is about should be seen.
void para_stage_look_at_camera(ParaStage *stage, const ParaNamed *named)
{
    const ParaLevel *level = stage->level;
    char store[PARA_NAME_MAX];
    for (int b = 0; b < level->world.body_count; b++) {
        bool player = b == level->players[0].body;
        if ((player || named->goal_bodies[b]) && is_hidden(level, b))
            note_hidden(stage, player ? "the player's" : "the goal's", para_stage_body(stage, b, store),
                        para_bounds_thing(level, b));
    }
    for (int z = 0; z < level->world.zone_count; z++) {
        ParaBounds at = para_bounds_zone(level, z);
        if (named->goal_zones[z] && !para_bounds_meet(at, para_bounds_shown(level), 0))
            note_hidden(stage, "the goal's", para_stage_zone(stage, z, store), at);
    }
    look_at_edges(stage, level->players[0].goal_root);
    look_at_crowd(stage);
}
