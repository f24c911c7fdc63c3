// SPDX-License-Identifier: MIT
// What building and stepping a world takes, in microseconds of a core of today, counted from what it holds
// and touches: a rehearsal that ends by it tells the same on every machine. Fitted to levels at the limits of
// the format; of ordinary ones it is two or three times too much, of heaps in one place up to three times too
// little.
#include "agents/rehearsal/rehearsal_parts.h"
#include "engine/world/geometry.h"

#define SMALL 0.03 ///< [m] half the thickness of bodies that may be swept as fast ones are

static double half_thickness(const ParaWorldDef *def, const ParaShapeDef *shape)
{
    return shape->kind == PARA_SHAPE_POLYGON
               ? para_polygon_width(def->points + shape->point_first, shape->point_count) / 2
               : (double)shape->radius;
}

/// What makes a part of a step dear whatever touches.
typedef struct Dear {
    int fast;     ///< bodies whose way is looked at
    int pieces;   ///< of chains that move
    double meets; ///< pairs of a piece whose way is looked at and one of another body
} Dear;

static Dear find_dear(const ParaWorldDef *def)
{
    Dear dear = {0};
    double square = 0;
    for (int body = 0; body < def->body_count; body++) {
        bool fast = def->bodies[body].fast;
        int first, end, pieces = 0;
        para_body_shapes(def, body, &first, &end);
        if (def->bodies[body].kind == PARA_BODY_STATIC)
            continue;
        for (int s = first; s < end; s++) {
            const ParaShapeDef *shape = &def->shapes[s];
            fast = fast || half_thickness(def, shape) < SMALL;
            pieces += shape->kind == PARA_SHAPE_CHAIN ? (int)shape->point_count - 1 : 0;
        }
        dear.fast += fast && def->bodies[body].kind == PARA_BODY_DYNAMIC;
        dear.pieces += pieces;
        square += (double)pieces * pieces;
    }
    dear.meets = (double)dear.pieces * dear.pieces - square;
    return dear;
}

double para_rehearsal_build_work(const ParaWorldDef *def)
{
    double shapes = def->shape_count;      // in one place they make a list of a tree
    double pieces = find_dear(def).pieces; // and those that move pairs, of which most have few
    return 50.0 + 4.0 * def->body_count + 5.0 * def->joint_count + 0.01 * shapes * shapes +
           1.0 * def->point_count + 0.001 * pieces * pieces;
}

void para_stage_weigh(ParaStage *stage)
{
    const ParaWorldDef *def = &stage->level->world;
    Dear dear = find_dear(def);
    stage->substep_work = 3.0 + 0.06 * (def->body_count + def->shape_count) + 3.0 * dear.pieces +
                          0.02 * dear.meets + (12.0 + 0.03 * def->body_count) * dear.fast;
    stage->pair_count = 0;
}

double para_stage_step_work(const ParaStage *stage, const ParaView *view, bool lanes)
{
    const ParaWorldDef *def = view->def;
    double turns = def->iterations, substep = stage->substep_work + 0.2 * (double)stage->pair_count;
    if (lanes)
        substep += 10.0 + 1.5 * def->joint_count + 0.5 * view->contact_count;
    else if (view->contact_count > 0) // joints and contacts in turns
        substep += (4.0 + 0.25 * turns) * def->joint_count + (3.0 + 0.1 * turns) * view->contact_count;
    else
        substep += 0.6 * def->joint_count;
    return 5.0 + 0.1 * def->zone_count * def->body_count + 0.15 * view->dropped + substep * view->substeps;
}
