// SPDX-License-Identifier: MIT
// A moment as a graph, held against the engine: speeds along rows are those that it keeps, pushes what bodies
// do in free flight.
#include "agents/model/graph.h"
#include "tests/engine/world/scene.h"

#include <math.h>

#define REACH 0.35f // [m]

static Scene scene;
static ParaWorldGroup *group;
static ParaArena *arena;

typedef struct Moment {
    ParaWorld world;
    const ParaView *view;
    ParaModelFacts facts;
    ParaGraph graph;
    float motion[3 * SCENE_BODIES];
} Moment;

static Moment begin(void)
{
    Moment m = {0};
    arena = para_arena_create(1 << 16, (size_t)64 << 20);
    group = scene_group(&scene, 1);
    m.world = para_world_at(group, 0);
    m.view = para_world_view(m.world);
    m.facts = para_model_facts(&scene.def, arena);
    m.graph = para_graph_create(SCENE_BODIES, 256, arena);
    return m;
}

static void look(Moment *m)
{
    m->graph.node_count = m->graph.edge_count = 0;
    assert_int_equal(
        para_graph_add(&m->graph, &m->facts, m->view, para_world_inputs(m->world), REACH, 1.0 / 30, 8), 0);
    for (int b = 0; b < scene.def.body_count; b++)
        for (int k = 0; k < 3; k++)
            m->motion[3 * b + k] = m->graph.nodes[b].motion[k];
}

static void end(void)
{
    para_world_group_destroy(group);
    para_arena_destroy(arena);
}

static void test_graph_of_a_box_on_a_belt(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.8f, 0.0f);
    scene.shapes[0].belt = 1.5f;
    int box = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.5f);
    scene_box(&scene, 1.0f, 1.0f);
    Moment m = begin();
    scene_steps(m.world, 120); // it goes along by now
    look(&m);
    assert_int_equal(m.graph.edge_count, 2); // both corners
    for (int i = 0; i < 2; i++) {
        const ParaEdge *e = &m.graph.edges[i];
        assert_true(e->kind == PARA_EDGE_CONTACT && e->row_count == 2);
        assert_true(fabsf(e->rows[0].error) < 0.02f);
        assert_true(fabsf(para_edge_speed(e, 0, m.motion)) < 0.02f);
        assert_true(fabsf(AT(m.view, vx, box) - 1.5f) < 0.05f);
        assert_true(fabsf(para_edge_speed(e, 1, m.motion) - e->rows[1].want) < 0.05f);
        assert_true(fabsf(e->rows[1].want) == 1.5f);
    }
    end();
}

static void test_graph_has_edges_of_what_is_near(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.8f, 0.5f);
    const float heights[4] = {0.5f, 0.8f, 0.9f, 0.6f};
    for (int i = 0; i < 4; i++) {
        scene_body(&scene, PARA_BODY_DYNAMIC, 3.0f * (float)i, heights[i]);
        scene_circle(&scene, 0.5f);
    }
    Moment m = begin();
    para_world_disable_body(m.world, 4);
    look(&m);
    assert_int_equal(m.graph.edge_count, 2); // the third is 0.4 m above the floor, the fourth out
    for (int i = 0; i < 2; i++) {
        const ParaEdge *e = &m.graph.edges[i];
        assert_int_equal(e->b, 1 + i);
        assert_true(fabsf(e->rows[0].error - (heights[i] - 0.5f)) < 1e-4f);
        assert_true(fabsf(e->rows[0].direction.y - 1.0f) < 1e-4f); // from the floor to the ball
    }
    para_graph_add(&m.graph, &m.facts, m.view, para_world_inputs(m.world), REACH, 1.0 / 30,
                   8); // a second beside it
    assert_int_equal(m.graph.edges[2].b, 5 + 1);
    m.graph.edge_max = m.graph.edge_count + 1;
    assert_int_equal(
        para_graph_add(&m.graph, &m.facts, m.view, para_world_inputs(m.world), REACH, 1.0 / 30, 8), -1);
    assert_int_equal(m.graph.edge_count, 4); // as it was
    end();
}

/// A joint holds its bodies: along its rows they do not part, and a motor's turn is what it wants.
static void test_graph_of_a_driven_hinge(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.8f, 0.0f);
    int frame = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 5.0f);
    scene_box(&scene, 1.0f, 0.4f);
    int arm = scene_body(&scene, PARA_BODY_DYNAMIC, 1.0f, 5.0f);
    scene_box(&scene, 1.0f, 0.2f);
    int joint = scene_joint_at(&scene, PARA_JOINT_REVOLUTE, frame, arm, 0.5f, 5.0f);
    scene.joints[joint].motored = true;
    Moment m = begin();
    const ParaInputs *in = para_world_inputs(m.world);
    in->motor_rate[joint * in->stride] = 4.0f;
    in->motor_max[joint * in->stride] = 1000.0f;
    scene_steps(m.world, 30);
    look(&m);
    assert_int_equal(m.graph.edge_count, 1); // joined bodies do not meet
    const ParaEdge *e = &m.graph.edges[0];
    assert_true(e->kind == PARA_EDGE_HINGE && e->row_count == 3);
    float turns = AT(m.view, spin, arm) - AT(m.view, spin, frame), length = e->rows[2].arm_a;
    assert_true(fabsf(turns - 4.0f) < 0.1f);
    for (int r = 0; r < 2; r++) {
        assert_true(fabsf(e->rows[r].error) < 0.01f);
        assert_true(fabsf(para_edge_speed(e, r, m.motion)) < 0.1f); // the arm's middle goes 2 m/s
    }
    assert_true(fabsf(para_edge_speed(e, 2, m.motion) - length * turns) < 1e-3f);
    assert_true(fabsf(e->rows[2].want - length * 4.0f) < 1e-4f);
    assert_true(fabsf(e->rows[2].strength * length - 1000.0f) < 0.1f);
    for (int r = 0; r < 3; r++) { // an impulse of 1 changes the speed by how easily it is changed
        float before = para_edge_speed(e, r, m.motion);
        para_edge_push(e, r, m.graph.nodes, 1.0f, m.motion);
        float change = para_edge_speed(e, r, m.motion) - before, ease = para_edge_ease(e, r, m.graph.nodes);
        assert_true(fabsf(change - ease) < 1e-3f * ease);
    }
    end();
}

static void test_graph_pushes_as_the_engine_does(void **state)
{
    (void)state;
    scene_begin(&scene);
    int body = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 50.0f);
    scene_box(&scene, 1.0f, 0.5f);
    scene.bodies[body].angle = 0.7f;
    scene.bodies[body].velocity = (ParaVec2){2.0f, 1.0f};
    scene.bodies[body].spin = 1.0f;
    scene.bodies[body].linear_damping = 0.5f;
    scene.bodies[body].angular_damping = 0.8f;
    scene.bodies[body].gravity_scale = 0.5f;
    scene.thrusters[0] =
        (ParaThrusterDef){.body = body, .point = {0.5f, 0.1f}, .direction = {0.0f, 1.0f}, .force_max = 20.0f};
    scene.def.thruster_count = 1;
    Moment m = begin();
    const ParaInputs *in = para_world_inputs(m.world);
    in->throttle[0] = 0.6f;
    in->force_x[body * in->stride] = 3.0f;
    in->torque[body * in->stride] = 0.4f;
    look(&m);
    const ParaNode node = m.graph.nodes[body];
    assert_int_equal(m.graph.edge_count, 0);
    scene_steps(m.world, 1);
    float seconds = 1.0f / scene.def.rate;
    const float after[3] = {AT(m.view, vx, body), AT(m.view, vy, body), AT(m.view, spin, body)};
    for (int k = 0; k < 3; k++) {
        float change = after[k] - node.motion[k];
        assert_true(fabsf(change) > 0.01f);
        assert_true(fabsf(change - seconds * node.push[k]) < 0.02f * fabsf(change));
    }
    end();
}

static const ParaEdge *edge_of(const ParaGraph *graph, int joint)
{
    for (int i = 0; i < graph->edge_count; i++)
        if (graph->edges[i].kind != PARA_EDGE_CONTACT && graph->edges[i].of_a == joint)
            return &graph->edges[i];
    fail();
    return NULL;
}

/// What the engine holds, the rows of its edges say is held: where it should be, as fast as it should be.
static void test_graph_of_pulley_gear_and_rack(void **state)
{
    (void)state;
    scene_machines(&scene);
    Moment m = begin();
    for (int step = 0; step < 45; step++) {
        scene_machines_act(m.world, step < 40 ? step : 0);
        para_world_step(m.world);
    }
    for (int step = 0; step < 2; step++) {
        look(&m);
        int pulley = SCENE_MACHINES_GEAR - 1;
        const ParaEdge *rope = edge_of(&m.graph, pulley), *gear = edge_of(&m.graph, pulley + 1),
                       *rack = edge_of(&m.graph, pulley + 2);
        assert_int_equal(rope->kind, PARA_EDGE_ROPE);
        assert_true(rope->friction == 1.0f); // it only pulls
        scene_near((double)para_edge_speed(rope, 0, m.motion), (double)AT(m.view, joint_speed, pulley), 1e-3);
        scene_near((double)rope->rows[0].error,
                   (double)AT(m.view, joint_angle, pulley) - (double)scene.joints[pulley].rest, 1e-3);
        scene_near((double)para_edge_speed(gear, 0, m.motion), (double)gear->rows[0].want, 0.02);
        scene_near((double)para_edge_speed(rack, 0, m.motion), (double)rack->rows[0].want, 0.02);
        assert_true(fabsf(AT(m.view, spin, 2)) > 0.1f && fabsf(gear->rows[0].error) < 0.02f);
        assert_true(fabsf(rack->rows[0].error) < 0.02f);
        para_world_step(m.world);
    }
    end();
}

/// A limit that is far is seen from far, and from which side.
static void test_graph_sees_limits_before_they_hold(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.8f, 0.0f);
    int ball = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 3.0f);
    scene_circle(&scene, 0.2f);
    int rope = scene_joint(&scene, PARA_JOINT_DISTANCE, 0, ball, (ParaVec2){0, 5}, (ParaVec2){0, 0});
    scene.joints[rope].limited = true;
    scene.joints[rope].upper = 2.4f;
    Moment m = begin();
    look(&m);
    const ParaEdge *e = edge_of(&m.graph, rope);
    assert_true(e->friction == 1.0f); // the upper limit is the nearer one
    float slack = e->rows[0].error;
    assert_true(slack < -0.2f); // slack
    scene_steps(m.world, 12);
    look(&m);
    assert_true(edge_of(&m.graph, rope)->rows[0].error > slack + 0.1f);
    end();
}

const struct CMUnitTest para_tests_graph[] = {
    SCENE_TEST(test_graph_of_a_box_on_a_belt),      SCENE_TEST(test_graph_has_edges_of_what_is_near),
    SCENE_TEST(test_graph_of_a_driven_hinge),       SCENE_TEST(test_graph_pushes_as_the_engine_does),
    SCENE_TEST(test_graph_of_pulley_gear_and_rack), SCENE_TEST(test_graph_sees_limits_before_they_hold)};
const size_t para_tests_graph_count = sizeof para_tests_graph / sizeof *para_tests_graph;
