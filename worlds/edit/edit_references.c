// SPDX-License-Identifier: MIT
// What refers to bodies and joints by index, in one walk; and goals as trees, which are laid out again as the
// sampler does it, since a level's hash has the order of their nodes.
#include "worlds/edit/edit_parts.h"

#include "engine/base/assert.h"
#include "worlds/expr/expr.h"

#include <string.h>

typedef struct Walk {
    ParaEditor *editor;
    int space; ///< PARA_EXPR_BODY or PARA_EXPR_JOINT
    int index; ///< of the thing that is asked about
    bool shift, found;
} Walk;

/// One reference to `count` things from *first on.
static void visit(Walk *walk, int32_t *first, int count)
{
    if (*first < 0 || count <= 0)
        return;
    walk->found |= walk->index >= *first && walk->index < *first + count;
    if (walk->shift && *first > walk->index)
        --*first;
}

/// A program asks about things: where one of them moves up it gets questions of its own.
static void visit_program(Walk *walk, ParaChanging *changing)
{
    const ParaExpr *program = changing->program;
    if (!program || program->sense_count == 0)
        return;
    int row_count;
    const ParaExprSenseRow *rows = para_expr_senses(&row_count);
    ParaArena *arena = walk->editor->arena;
    ParaExprSense *senses = PARA_NEW(arena, ParaExprSense, program->sense_count);
    memcpy(senses, program->senses, sizeof *senses * (size_t)program->sense_count);
    for (int s = 0; s < program->sense_count; s++)
        for (int k = 0; k < 2; k++) {
            ParaExprThing *thing = &senses[s].things[k];
            bool joint = rows[senses[s].kind].spaces[k] & PARA_EXPR_JOINT;
            if (!thing->zone && joint == (walk->space == PARA_EXPR_JOINT))
                visit(walk, &thing->first, thing->count);
        }
    if (!walk->shift)
        return;
    ParaExpr *own = PARA_NEW(arena, ParaExpr, 1);
    *own = *program;
    own->senses = senses;
    changing->program = own;
}

static void visit_programs(Walk *walk)
{
    ParaLevel *level = walk->editor->level;
    for (int g = 0; g < level->goal_count; g++)
        visit_program(walk, &level->goals[g].is);
    for (int r = 0; r < level->reward_count; r++)
        visit_program(walk, &level->rewards[r].expr);
    for (int o = 0; o < level->observe_count; o++)
        visit_program(walk, &level->observes[o].value);
    for (int z = 0; level->zone_forces && z < level->world.zone_count; z++)
        for (int k = 0; k < 2; k++)
            visit_program(walk, &level->zone_forces[z].by[k]);
    for (int a = 0; a < level->act_count; a++) {
        ParaAct *act = &level->acts[a];
        ParaChanging *all[] = {&act->to[0], &act->to[1],  &act->velocity[0], &act->velocity[1],
                               &act->angle, &act->radius, &act->impulse};
        for (size_t k = 0; k < sizeof all / sizeof *all; k++)
            visit_program(walk, all[k]);
    }
}

static void visit_rules(Walk *walk)
{
    ParaLevel *level = walk->editor->level;
    bool bodies = walk->space == PARA_EXPR_BODY;
    for (int g = 0; bodies && g < level->goal_count; g++) {
        visit(walk, &level->goals[g].a, level->goals[g].a_count);
        visit(walk, &level->goals[g].b, level->goals[g].b_count);
    }
    for (int r = 0; bodies && r < level->reward_count; r++) {
        visit(walk, &level->rewards[r].a, 1);
        visit(walk, &level->rewards[r].b, 1);
    }
    for (int a = 0; a < level->act_count; a++) {
        ParaAct *act = &level->acts[a];
        visit(walk, bodies ? &act->body : &act->joint, act->count);
        if (bodies)
            visit(walk, &act->at_body, 1);
    }
    for (int k = 0; k < level->players[0].actuator_count; k++) {
        ParaActuator *actuator = &level->players[0].actuators[k];
        visit(walk, bodies ? &actuator->body : &actuator->joint, 1);
    }
    if (bodies)
        visit(walk, &level->players[0].body, 1);
    visit_programs(walk);
}

static void visit_bodies(Walk *walk)
{
    ParaLevel *level = walk->editor->level;
    ParaWorldDef *world = &level->world;
    for (int j = 0; j < world->joint_count; j++) {
        int32_t carrier = world->joints[j].carrier;
        visit(walk, &world->joints[j].a, 1);
        visit(walk, &world->joints[j].b, 1);
        visit(walk, &carrier, 1);
        world->joints[j].carrier = (int16_t)carrier;
    }
    for (int t = 0; t < world->thruster_count; t++)
        visit(walk, &world->thrusters[t].body, 1);
    for (int b = 0; level->body_pieces && b < world->body_count; b++)
        visit(walk, &level->body_pieces[b].first, level->body_pieces[b].count);
}

bool para_edit_is_referred(ParaEditor *editor, int space, int index)
{
    Walk walk = {.editor = editor, .space = space, .index = index};
    visit_rules(&walk);
    if (space == PARA_EXPR_BODY)
        visit_bodies(&walk);
    return walk.found;
}

static void cut(void *items, size_t size, int count, int index)
{
    if (items)
        memmove((char *)items + size * (size_t)index, (char *)items + size * ((size_t)index + 1),
                size * (size_t)(count - index - 1));
}
#define CUT(items, count, index) cut((items), sizeof *(items), (count), (index))

void para_edit_take_body(ParaEditor *editor, int body)
{
    ParaLevel *level = editor->level;
    ParaWorldDef *world = &level->world;
    int bodies = world->body_count, kept = 0;
    Walk walk = {.editor = editor, .space = PARA_EXPR_BODY, .index = body, .shift = true};
    visit_rules(&walk);
    visit_bodies(&walk);
    PARA_ASSERT(!walk.found);
    for (int s = 0; s < world->shape_count; s++) {
        ParaShapeDef shape = world->shapes[s];
        if (shape.body == body)
            continue;
        shape.body -= shape.body > body;
        world->shapes[kept++] = shape;
    }
    world->shape_count = kept;
    CUT(world->bodies, bodies, body);
    CUT(level->body_names, bodies, body);
    CUT(level->body_roles, bodies, body);
    CUT(level->body_shatters, bodies, body);
    CUT(level->body_crushes, bodies, body);
    CUT(level->body_collects, bodies, body);
    CUT(level->body_motions, bodies, body);
    CUT(level->body_pieces, bodies, body);
    CUT(level->body_looks, bodies, body);
    CUT(level->body_sounds, bodies, body);
    CUT(level->body_paths, bodies, body);
    CUT(level->body_spares, bodies, body);
    CUT(level->body_mass_hidden, bodies, body);
    world->body_count--;
    editor->points = true;
    editor->removed = body;
}

void para_edit_take_joint(ParaEditor *editor, int joint)
{
    ParaLevel *level = editor->level;
    int joints = level->world.joint_count;
    Walk walk = {.editor = editor, .space = PARA_EXPR_JOINT, .index = joint, .shift = true};
    visit_rules(&walk);
    PARA_ASSERT(!walk.found);
    CUT(level->world.joints, joints, joint);
    CUT(level->joint_motors, joints, joint);
    CUT(level->joint_breaks, joints, joint);
    CUT(level->joint_unmade, joints, joint);
    CUT(level->joint_names, joints, joint);
    level->world.joint_count--;
}

// ---------------------------------------------------------------------------------------------
// Goals.

/// A tree on its way to its new place.
typedef struct Layout {
    const ParaGoalNode *old;
    ParaGoalNode *nodes; ///< [PARA_GOAL_NODES_MAX]
    int count;
} Layout;

static void lay_out(Layout *layout, int from, int slot)
{
    ParaGoalNode node = layout->old[from];
    if (para_goal_is_tree(node.kind) && node.child_count > 0) {
        int first = node.child_first;
        node.child_first = layout->count;
        layout->count += node.child_count;
        PARA_ASSERT(layout->count <= PARA_GOAL_NODES_MAX); // no more than there were
        for (int k = 0; k < node.child_count; k++)
            lay_out(layout, first + k, node.child_first + k);
    }
    layout->nodes[slot] = node;
}

static int32_t lay_out_root(Layout *layout, int32_t root)
{
    if (root < 0)
        return root;
    PARA_ASSERT(layout->count < PARA_GOAL_NODES_MAX);
    int slot = layout->count++;
    lay_out(layout, root, slot);
    return slot;
}

void para_edit_lay_out_goals(ParaLevel *level)
{
    ParaGoalNode old[PARA_GOAL_NODES_MAX];
    memcpy(old, level->goals, sizeof old);
    Layout layout = {.old = old, .nodes = level->goals};
    level->players[0].goal_root = lay_out_root(&layout, level->players[0].goal_root);
    level->players[0].fail_root = lay_out_root(&layout, level->players[0].fail_root);
    for (int e = 0; e < level->event_count; e++)
        level->events[e].root = lay_out_root(&layout, level->events[e].root);
    level->goal_count = layout.count;
}

bool para_edit_add_fail(ParaEditor *editor, const ParaGoalNode *leaf)
{
    ParaLevel *level = editor->level;
    int32_t *root = &level->players[0].fail_root;
    ParaGoalNode *nodes = level->goals;
    bool any = *root >= 0 && nodes[*root].kind == PARA_GOAL_ANY && !(nodes[*root].hold > 0) &&
               nodes[*root].child_count < 32;
    int children = *root < 0 ? 0 : any ? nodes[*root].child_count : 1, first = level->goal_count;
    if (first + children + 2 > PARA_GOAL_NODES_MAX)
        return para_edit_refuse(editor, true, "its rules have no room for one more");
    editor->goals = true;
    if (*root < 0) {
        nodes[first] = *leaf;
        *root = first;
        level->goal_count = first + 1;
        return true;
    }
    if (children > 0)
        memcpy(nodes + first, nodes + (any ? nodes[*root].child_first : *root),
               sizeof *nodes * (size_t)children);
    nodes[first + children] = *leaf;
    if (any) {
        nodes[*root].child_first = first;
        nodes[*root].child_count = children + 1;
        level->goal_count = first + children + 1;
        return true;
    }
    nodes[first + children + 1] = (ParaGoalNode){.kind = PARA_GOAL_ANY,
                                                 .a = -1,
                                                 .b = -1,
                                                 .zone = -1,
                                                 .child_first = first,
                                                 .child_count = children + 1};
    *root = first + children + 1;
    level->goal_count = first + children + 2;
    return true;
}
