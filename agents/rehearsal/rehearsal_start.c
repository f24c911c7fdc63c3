// SPDX-License-Identifier: MIT
// A member before its first step: what lies in what, and where joints are anchored.
#include "agents/rehearsal/rehearsal_parts.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"
#include "engine/world/overlap.h"

#define DEEP_MIN   0.02 ///< [m] less is what authors place by eye
#define DEEP_SHARE 1.0  ///< [1] of half the thickness of what lies in another: its middle does
#define LEVER_MIN  4.0  ///< [m] from a body's outline to where a joint holds it
#define LEVER_SIZE 4.0  ///< [1] times the body's size
#define PAIR_WORK  0.5  ///< [1] of looking at two pieces, about a microsecond
#define TORN_MIN   1.0  ///< [m] between the two ends of a joint that holds them together

// ---------------------------------------------------------------------------------------------
// Overlaps.

static bool is_player(const ParaStage *stage, int body)
{
    return para_level_body_role(stage->level, 0, body) == PARA_ROLE_PLAYER;
}

static void note_overlap(void *context, const ParaOverlap *overlap)
{
    ParaStage *stage = context;
    const ParaShapeDef *shapes = stage->level->world.shapes;
    int a = shapes[overlap->shape_a].body, b = shapes[overlap->shape_b].body;
    char name_a[PARA_NAME_MAX], name_b[PARA_NAME_MAX];
    if (para_level_is_spare(stage->level, a) || para_level_is_spare(stage->level, b))
        return; // neither is there yet
    if (overlap->depth < DEEP_MIN || overlap->depth < DEEP_SHARE * overlap->thin)
        return;
    if (is_player(stage, b) && !is_player(stage, a)) {
        int swap = a;
        a = b;
        b = swap;
    }
    para_stage_note(stage, is_player(stage, a) ? PARA_CODE_PLAYER_INSIDE : PARA_CODE_DEEP_OVERLAP,
                    stage->origins.bodies[a], "%s\"%s\" starts %.2g m deep in \"%s\"",
                    is_player(stage, a) ? "the player's " : "", para_stage_body(stage, a, name_a),
                    overlap->depth, para_stage_body(stage, b, name_b));
}

// ---------------------------------------------------------------------------------------------
// Joints.

/// From a place to a body's box, 0 inside.
static double way_to(ParaBounds box, ParaPoint p)
{
    double x = para_max(0, para_max(box.low_x - p.x, p.x - box.high_x));
    double y = para_max(0, para_max(box.low_y - p.y, p.y - box.high_y));
    return para_sqrt(x * x + y * y);
}

static double size_of(ParaBounds box)
{
    return para_max(0, para_max(box.high_x - box.low_x, box.high_y - box.low_y));
}

/// What is not moved by a joint may be held anywhere: a hook in the air is a static body's.
static void look_at_lever(ParaStage *stage, int joint, int body, ParaPoint place)
{
    const ParaLevel *level = stage->level;
    char name[PARA_NAME_MAX], joint_name[PARA_NAME_MAX];
    if (level->world.bodies[body].kind != PARA_BODY_DYNAMIC)
        return;
    ParaBounds box = para_bounds_body(level, body);
    double lever = way_to(box, place);
    if (lever < LEVER_MIN || lever < LEVER_SIZE * size_of(box))
        return;
    para_stage_note(stage, PARA_CODE_JOINT_FAR, stage->origins.joints[joint],
                    "joint \"%s\" holds \"%s\" at (%.4g, %.4g), %.3g m away from it",
                    para_level_joint_label(level, joint, joint_name), para_stage_body(stage, body, name),
                    place.x, place.y, lever);
}

static void look_at_joint(ParaStage *stage, int joint)
{
    const ParaWorldDef *world = &stage->level->world;
    const ParaJointDef *def = &world->joints[joint];
    ParaPoint a = para_body_place(&world->bodies[def->a], def->anchor_a),
              b = para_body_place(&world->bodies[def->b], def->anchor_b);
    double apart = para_sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
    double sizes =
        size_of(para_bounds_body(stage->level, def->a)) + size_of(para_bounds_body(stage->level, def->b));
    char name[PARA_NAME_MAX];
    look_at_lever(stage, joint, def->a, a);
    look_at_lever(stage, joint, def->b, b);
    if ((def->kind == PARA_JOINT_REVOLUTE || def->kind == PARA_JOINT_WELD) && apart > TORN_MIN &&
        apart > sizes)
        para_stage_note(stage, PARA_CODE_JOINT_FAR, stage->origins.joints[joint],
                        "the two ends of joint \"%s\" start %.3g m apart, and it holds them together",
                        para_level_joint_label(stage->level, joint, name), apart);
    if (def->kind == PARA_JOINT_DISTANCE && apart - (double)def->upper > para_max(TORN_MIN, sizes))
        para_stage_note(stage, PARA_CODE_JOINT_FAR, stage->origins.joints[joint],
                        "the two ends of joint \"%s\" start %.3g m apart, and it allows %.3g m at most",
                        para_level_joint_label(stage->level, joint, name), apart, (double)def->upper);
}

/// A pulley whose rope is too short to reach both bodies pulls them up at once.
static void look_at_rope(ParaStage *stage, int joint, const ParaView *view)
{
    const ParaJointDef *def = &stage->level->world.joints[joint];
    double reach = (double)view->joint_angle[(size_t)joint * (size_t)view->stride];
    char name[PARA_NAME_MAX];
    if (def->kind == PARA_JOINT_PULLEY && reach - (double)def->rest > TORN_MIN)
        para_stage_note(
            stage, PARA_CODE_JOINT_FAR, stage->origins.joints[joint],
            "the rope of pulley \"%s\" would have to be %.3g m long at the start, and it is %.3g m",
            para_level_joint_label(stage->level, joint, name), reach, (double)def->rest);
}

void para_stage_look(ParaStage *stage, const ParaView *view)
{
    stage->pair_count = para_overlaps_tell(view, stage->arena, note_overlap, stage);
    stage->looked += PAIR_WORK * (double)stage->pair_count;
    for (int j = 0; j < stage->level->world.joint_count; j++)
        if (!stage->level->joint_unmade || !stage->level->joint_unmade[j]) {
            look_at_joint(stage, j);
            look_at_rope(stage, j, view);
        }
}
