// SPDX-License-Identifier: MIT
// Torn joints: they are drawn together by what is known, momentum is kept, and what is not torn is left
// alone.
#include "agents/model/held.h"
#include "tests/tests.h"

#include <math.h>
#include <string.h>

enum { NODES = 3 };
#define STEP (1.0f / 30)

typedef struct Torn {
    ParaNode nodes[NODES];
    ParaEdge edge;
    ParaGraph graph;
    float mean[3 * NODES], after[3 * NODES];
} Torn;

/// A hinge between two loose bodies, off by so much, whose ends go apart.
static void tear(Torn *t, ParaEdgeKind kind, float off)
{
    *t = (Torn){.edge = {.a = 0, .b = 1, .kind = kind, .row_count = 3}};
    for (int i = 0; i < NODES; i++)
        t->nodes[i] = (ParaNode){
            .inverse_mass = i == 2 ? 0.0f : 0.5f + (float)i, .inverse_inertia = 3, .seconds = STEP};
    t->edge.rows[0] = (ParaEdgeRow){{1, 0}, {1, 0}, -0.2f, 0.3f, off, 0, 0};
    t->edge.rows[1] = (ParaEdgeRow){{0, 1}, {0, 1}, 0.1f, 0.4f, -0.5f * off, 0, 0};
    t->edge.rows[2] = (ParaEdgeRow){{0, 0}, {0, 0}, 0.2f, 0.2f, 0, 0, 0};
    t->graph = (ParaGraph){.nodes = t->nodes, .edges = &t->edge, .node_count = NODES, .edge_count = 1};
    const float motion[3 * NODES] = {-1, 0.5f, 0.3f, 2, -1, 0.6f, 0, 0, 0};
    memcpy(t->mean, motion, sizeof motion);
    memcpy(t->after, motion, sizeof motion);
}

/// How far a row will be off.
static float will(const Torn *t, int row)
{
    return t->edge.rows[row].error + STEP * para_edge_speed(&t->edge, row, t->mean);
}

static void test_a_torn_hinge_is_drawn_together(void **state)
{
    (void)state;
    Torn t;
    tear(&t, PARA_EDGE_HINGE, 0.3f);
    assert_true(will(&t, 0) > 0.35f);
    para_held_draw(&t.graph, t.mean, t.after);
    assert_float_equal(hypotf(will(&t, 0), will(&t, 1)), 0.02f + 0.7f * (hypotf(0.3f, 0.15f) - 0.02f), 1e-3f);
    float apart = para_edge_speed(&t.edge, 0, t.after) * will(&t, 0) +
                  para_edge_speed(&t.edge, 1, t.after) * will(&t, 1);
    assert_true(apart < 1e-3f); // it tears no more
    assert_true(t.mean[6] == 0 && t.mean[7] == 0 && t.mean[8] == 0);
    for (int k = 0; k < 2; k++) // momentum
        assert_float_equal(t.mean[k] / 0.5f + t.mean[3 + k] / 1.5f,
                           (k ? 0.5f : -1.0f) / 0.5f + (k ? -1.0f : 2.0f) / 1.5f, 1e-4f);
}

static void test_what_is_not_torn_is_left_alone(void **state)
{
    (void)state;
    Torn t, was;
    tear(&t, PARA_EDGE_HINGE, 0.005f);
    t.mean[0] = t.mean[3] = t.mean[1] = t.mean[4] = 0; // apart by some millimetres a step
    was = t;
    para_held_draw(&t.graph, t.mean, t.after);
    assert_memory_equal(t.mean, was.mean, sizeof t.mean);
    assert_memory_equal(t.after, was.after, sizeof t.after);
    tear(&t, PARA_EDGE_CONTACT, 0.3f); // two that are no joint
    was = t;
    para_held_draw(&t.graph, t.mean, t.after);
    assert_memory_equal(t.mean, was.mean, sizeof t.mean);
    tear(&t, PARA_EDGE_ROPE, 0.3f); // what may be long
    was = t;
    para_held_draw(&t.graph, t.mean, t.after);
    assert_memory_equal(t.mean, was.mean, sizeof t.mean);
}

/// Across a slide it is drawn together, along it goes as it likes.
static void test_a_slide_slides(void **state)
{
    (void)state;
    Torn t;
    tear(&t, PARA_EDGE_SLIDER, 0.3f);
    t.edge.rows[0].arm_a = t.edge.rows[0].arm_b = 0;
    float along = para_edge_speed(&t.edge, 1, t.mean);
    para_held_draw(&t.graph, t.mean, t.after);
    assert_true(will(&t, 0) < 0.22f);
    assert_float_equal(para_edge_speed(&t.edge, 1, t.mean), along, 1e-5f);
}

const struct CMUnitTest para_tests_held[] = {
    cmocka_unit_test(test_a_torn_hinge_is_drawn_together),
    cmocka_unit_test(test_what_is_not_torn_is_left_alone),
    cmocka_unit_test(test_a_slide_slides),
};
const size_t para_tests_held_count = sizeof para_tests_held / sizeof *para_tests_held;
