// SPDX-License-Identifier: MIT
// What edges feel: gradients of its judgement against differences; what several networks say together; how
// likely a blow is above a limit.
#include "agents/model/said.h"
#include "tests/tests.h"

#include <math.h>

enum { TOUCH, PEAK, SPREAD, EDGES = 3 };

/// Two edges of one pair of shapes and one of a joint, of bodies of 1 kg and 2 kg.
static ParaGraph graph_of(ParaNode *nodes, ParaEdge *edges)
{
    nodes[0] = (ParaNode){.inverse_mass = 1.0f, .inverse_inertia = 4.0f};
    nodes[1] = (ParaNode){.inverse_mass = 0.5f, .inverse_inertia = 1.0f};
    for (int i = 0; i < EDGES; i++) {
        edges[i] = (ParaEdge){.a = 0, .b = 1, .of_a = 3, .of_b = 7, .row_count = 1};
        edges[i].rows[0] = (ParaEdgeRow){.direction = {0, 1}, .arm_a = 0.2f * (float)i};
    }
    edges[2].kind = PARA_EDGE_HINGE;
    edges[2].of_a = 0;
    edges[2].of_b = 0;
    return (ParaGraph){.nodes = nodes, .edges = edges, .node_count = 2, .edge_count = EDGES};
}

/// [N s] that makes a logarithm of so much.
static float peak_at(const ParaGraph *g, int edge, double logarithm)
{
    return (float)(0.05 * (exp(logarithm) - 1.0) / (double)para_edge_ease(&g->edges[edge], 0, g->nodes));
}

static ParaSaidError judged(const ParaGraph *g, const float *said, const ParaFelt *felt, int count, float *d)
{
    ParaSaidError error = {0};
    para_said_judge(g, 0, EDGES, felt, count, said, 1.0f, d, &error);
    return error;
}

static void test_said_gradient_is_that_of_differences(void **state)
{
    (void)state;
    ParaNode nodes[2];
    ParaEdge edges[EDGES];
    ParaGraph g = graph_of(nodes, edges);
    float said[9] = {-0.4f, 1.1f, -1.0f, 0.3f, 0.7f, -0.5f, 0, 2.0f, -2.0f}, d[9];
    const ParaFelt felt[2] = {{.of_a = 3, .of_b = 7, .peak = peak_at(&g, 0, 1.6)},
                              {.joint = true, .peak = peak_at(&g, 2, 1.8)}};
    for (int told = 0; told <= 2; told++) {
        judged(&g, said, felt, told, d);
        for (int i = 0; i < 9; i++) {
            float was = said[i], step = 2e-3f, ignored[9];
            said[i] = was + step;
            ParaSaidError up = judged(&g, said, felt, told, ignored);
            said[i] = was - step;
            ParaSaidError down = judged(&g, said, felt, told, ignored);
            said[i] = was;
            if (i % 3 == SPREAD || (i % 3 == PEAK && told == 2)) // two errors of peaks are one sum
                continue;
            double want = i % 3 == TOUCH
                              ? up.touch - down.touch
                              : up.peak * up.peak - down.peak * down.peak; // within 0.5 by its square
            want /= 2.0 * (double)step;
            if (i % 3 == PEAK) // a hard blow counts more
                want *= 1.0 + 3.0 * (double)(felt[0].peak * 0.5f *
                                             (para_edge_ease(&edges[0], 0, nodes) +
                                              para_edge_ease(&edges[1], 0, nodes)));
            assert_true(fabs(want - (double)d[i]) < 2e-3 + 0.01 * fabs(want));
        }
    }
    // A joint alone: spread is drawn to the size of the error, 0.2.
    double spread = exp(-2.0), want = 1.0 - 0.2 * 0.2 / (spread * spread);
    double hard = 1.0 + 3.0 * 0.05 * (exp(1.8) - 1.0);
    assert_true(fabs((double)d[8] - hard * fmax(want, -1.0)) < 0.02);
    assert_true(fabs((double)d[7] - hard * 0.2 / 0.5) < 0.02);
}

/// Beyond its bounds nothing changes what a spread says, so nothing drives it on; back it may come.
static void test_said_spread_at_its_bounds_is_not_driven_beyond(void **state)
{
    (void)state;
    ParaNode nodes[2];
    ParaEdge edges[EDGES];
    ParaGraph g = graph_of(nodes, edges);
    const double off[2] = {0.0, 8.0}; // of its logarithm: wants less spread than least, more than most
    const float beyond[2] = {-6.0f, 3.0f};
    for (int wants = 0; wants < 2; wants++)
        for (int is = 0; is < 2; is++) {
            float said[9] = {0, 0, 0, 0, 0, 0, 0, 1.0f, beyond[is]}, d[9];
            const ParaFelt felt = {.joint = true, .peak = peak_at(&g, 2, 1.0 + off[wants])};
            judged(&g, said, &felt, 1, d);
            assert_true(wants == is ? d[8] == 0.0f : wants == 0 ? d[8] > 0.0f : d[8] < 0.0f);
        }
}

static void test_said_by_several(void **state)
{
    (void)state;
    ParaNode nodes[2];
    ParaEdge edges[EDGES];
    ParaGraph g = graph_of(nodes, edges);
    const float one[9] = {2, 1.0f, -9, 0, 0, 0, -5, 1.0f, -9},
                other[9] = {-2, 2.0f, -9, 0, 0, 0, -5, 1.0f, -9};
    const float *both[2] = {one, other};
    ParaEdgeSaid said = para_edge_said(&g, 0, both, 2), joint = para_edge_said(&g, 2, both, 2);
    assert_float_equal(said.touch, 0.5f, 1e-5f);
    assert_float_equal(said.peak, peak_at(&g, 0, 1.5), 1e-4f);
    assert_float_equal(said.spread, sqrtf(0.25f + 0.05f * 0.05f), 1e-3f); // they are 0.5 from their mean
    assert_float_equal(joint.touch, 1.0f, 0.0f);
    assert_float_equal(joint.spread, 0.05f, 1e-4f);
}

static void test_said_above_a_limit(void **state)
{
    (void)state;
    ParaNode nodes[2];
    ParaEdge edges[EDGES];
    ParaGraph g = graph_of(nodes, edges);
    ParaEdgeSaid said = {.touch = 0.8f, .peak = peak_at(&g, 0, 2.0), .spread = 0.5f};
    assert_float_equal(para_edge_above(&g, 0, &said, said.peak), 0.4f, 1e-4f);
    assert_float_equal(para_edge_above(&g, 0, &said, peak_at(&g, 0, 2.5)), 0.8f * 0.1587f, 1e-3f);
    assert_float_equal(para_edge_above(&g, 0, &said, peak_at(&g, 0, 0.5)), 0.8f * 0.99865f, 1e-3f);
}

const struct CMUnitTest para_tests_said[] = {
    cmocka_unit_test(test_said_gradient_is_that_of_differences),
    cmocka_unit_test(test_said_spread_at_its_bounds_is_not_driven_beyond),
    cmocka_unit_test(test_said_by_several),
    cmocka_unit_test(test_said_above_a_limit),
};
const size_t para_tests_said_count = sizeof para_tests_said / sizeof *para_tests_said;
