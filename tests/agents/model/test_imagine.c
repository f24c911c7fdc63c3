// SPDX-License-Identifier: MIT
// The network of the model: its gradient against differences; that what it says keeps momentum and turns with
// the scene; that it learns a bounce; its files.
#include "agents/model/model.h"
#include "agents/model/product.h"
#include "agents/run/safetensors.h"
#include "engine/base/file.h"
#include "engine/base/maths.h"
#include "tests/agents/scratch.h"
#include "tests/tests.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NODES = 4 };

/// Three that move and one that does not, a contact between each pair that may have one, a hinge besides.
static ParaGraph graph_of(ParaRng *rng, double turned, ParaArena *arena)
{
    ParaGraph g = para_graph_create(NODES, 8, arena);
    float c = (float)para_cos(turned), s = (float)para_sin(turned);
    g.node_count = NODES;
    for (int i = 0; i < NODES; i++) {
        float vx = (float)para_rng_range(rng, -2, 2), vy = (float)para_rng_range(rng, -2, 2);
        g.nodes[i] =
            (ParaNode){.motion = {c * vx - s * vy, s * vx + c * vy, (float)para_rng_range(rng, -3, 3)},
                       .seconds = 1.0f / 30,
                       .share = 0.6f};
        if (i == 0)
            continue;
        g.nodes[i].inverse_mass = (float)para_rng_range(rng, 0.3, 2);
        g.nodes[i].inverse_inertia = (float)para_rng_range(rng, 2, 9);
        g.nodes[i].push[0] = s * 9.8f;
        g.nodes[i].push[1] = -c * 9.8f;
    }
    const int pairs[5][2] = {{0, 1}, {1, 2}, {2, 3}, {1, 3}, {2, 3}};
    for (int i = 0; i < 5; i++) {
        ParaEdge *e = &g.edges[g.edge_count++];
        *e = (ParaEdge){.a = pairs[i][0], .b = pairs[i][1], .row_count = 2, .friction = 0.5f, .bounce = 0.2f};
        double angle = para_rng_range(rng, 0, PARA_TAU) + turned;
        float x = (float)para_cos(angle), y = (float)para_sin(angle);
        e->rows[0].direction = e->rows[0].direction_a = (ParaVec2){x, y};
        e->rows[1].direction = e->rows[1].direction_a = (ParaVec2){-y, x};
        for (int r = 0; r < 2; r++) {
            e->rows[r].arm_a = (float)para_rng_range(rng, -0.5, 0.5);
            e->rows[r].arm_b = (float)para_rng_range(rng, -0.5, 0.5);
            e->rows[r].error = r ? 0.0f : (float)para_rng_range(rng, -0.02, 0.1);
        }
        if (i < 4)
            continue;
        e->kind = PARA_EDGE_HINGE;
        e->row_count = 3;
        e->rows[2] = (ParaEdgeRow){.arm_a = 0.3f, .arm_b = 0.3f, .want = 2.0f, .strength = 5.0f};
    }
    return g;
}

static ParaImagine *net_of(int rounds, ParaArena *arena)
{
    ParaRng rng = para_rng_make(3, "net");
    const ParaImagineDef def = {.rounds = rounds, .width = 24};
    ParaImagine *net = para_imagine_create(&def, &rng, arena);
    int count = 0;
    float *weights = para_imagine_weights(net, &count);
    for (int i = 0; i < count; i++) // more than it begins with, so that all of it says something
        weights[i] += 0.05f * (float)para_rng_normal(&rng);
    return net;
}

enum { SAID = 5 * PARA_IMAGINE_SAYS, BY = 6 * NODES + SAID };

static double loss_of(const ParaImagine *net, ParaImagineWork *work, const ParaGraph *g, const float *by)
{
    float after[3 * NODES], mean[3 * NODES], said[SAID];
    double sum = 0;
    para_imagine_step(net, work, g, after, mean, said);
    for (int i = 0; i < 3 * NODES; i++)
        sum += (double)by[i] * (double)after[i] + (double)by[3 * NODES + i] * (double)mean[i];
    for (int i = 0; i < SAID; i++)
        sum += (double)by[6 * NODES + i] * (double)said[i];
    return sum;
}

static double difference(const ParaImagine *net, ParaImagineWork *work, const ParaGraph *g, const float *by,
                         float *at)
{
    float was = *at, step = 4e-3f;
    *at = was + step;
    double up = loss_of(net, work, g, by);
    *at = was - step;
    double down = loss_of(net, work, g, by);
    *at = was;
    return (up - down) / (2.0 * (double)step);
}

static void test_imagine_gradient_is_that_of_differences(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 64 << 20);
    ParaRng rng = para_rng_make(4, "gradient");
    ParaImagine *net = net_of(3, arena);
    ParaGraph g = graph_of(&rng, 0, arena);
    g.edges[3].rows[0].direction_a = (ParaVec2){0.4f, -0.7f}; // as of a rope over wheels
    ParaImagineWork *work = para_imagine_work(net, NODES, 8, true, arena);
    int count = 0;
    float *weights = para_imagine_weights(net, &count), by[BY], dafter[3 * NODES], dmean[3 * NODES],
          dmotion[3 * NODES];
    float *gradient = PARA_NEW(arena, float, (size_t)count);
    memset(gradient, 0, (size_t)count * sizeof *gradient);
    for (int i = 0; i < BY; i++)
        by[i] = (float)para_rng_range(&rng, -1, 1);
    loss_of(net, work, &g, by);
    memcpy(dafter, by, sizeof dafter);
    memcpy(dmean, by + 3 * NODES, sizeof dmean);
    para_imagine_backward(net, work, &g, dafter, dmean, by + 6 * NODES, gradient, dmotion);
    int near = 0, tried = 300;
    for (int i = 0; i < tried; i++) {
        int at = (int)para_rng_int(&rng, 0, count - 1);
        double want = difference(net, work, &g, by, &weights[at]);
        near += fabs(want - (double)gradient[at]) < 2e-3 + 0.02 * fabs(want);
    }
    assert_true(near >= tried - 6); // a difference may step over a bend of the activation
    for (int i = 0; i < 3 * NODES; i++) {
        double want = difference(net, work, &g, by, &g.nodes[i / 3].motion[i % 3]);
        assert_true(fabs(want - (double)dmotion[i]) < 5e-3 + 0.05 * fabs(want));
    }
    para_arena_destroy(arena);
}

/// Impulses come in pairs: of bodies that only meet each other no step changes the sum of momenta.
static void test_imagine_keeps_momentum(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 64 << 20);
    ParaRng rng = para_rng_make(5, "momentum");
    ParaImagine *net = net_of(3, arena);
    ParaImagineWork *work = para_imagine_work(net, NODES, 8, false, arena);
    for (int turn = 0; turn < 20; turn++) {
        ParaGraph g = graph_of(&rng, 0, arena);
        float after[3 * NODES], mean[3 * NODES];
        g.edges[0].a = 3; // so that nothing touches the one that does not move
        para_imagine_step(net, work, &g, after, mean, NULL);
        for (int k = 0; k < 2; k++) {
            double before = 0, then = 0, size = 0;
            for (int i = 1; i < NODES; i++) {
                double mass = 1.0 / (double)g.nodes[i].inverse_mass;
                before += mass * (double)(g.nodes[i].motion[k] + g.nodes[i].push[k] / 30.0f);
                then += mass * (double)after[3 * i + k];
                size += mass * fabs((double)(after[3 * i + k] - g.nodes[i].motion[k]));
            }
            assert_true(size > 0.01);
            assert_true(fabs(then - before) < 1e-4 * (1.0 + size));
        }
    }
    para_arena_destroy(arena);
}

static void test_imagine_turns_with_the_scene(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 64 << 20);
    ParaImagine *net = net_of(3, arena);
    ParaImagineWork *work = para_imagine_work(net, NODES, 8, false, arena);
    for (int i = 1; i < 8; i++) {
        double angle = 0.7 * i;
        ParaRng one = para_rng_make(6, "turn"), two = one;
        ParaGraph g = graph_of(&one, 0, arena), h = graph_of(&two, angle, arena);
        float a[3 * NODES], b[3 * NODES], mean[3 * NODES], c = (float)para_cos(angle),
                                                           s = (float)para_sin(angle);
        para_imagine_step(net, work, &g, a, mean, NULL);
        para_imagine_step(net, work, &h, b, mean, NULL);
        for (int k = 0; k < NODES; k++) {
            assert_true(fabsf(c * a[3 * k] - s * a[3 * k + 1] - b[3 * k]) < 1e-3f);
            assert_true(fabsf(s * a[3 * k] + c * a[3 * k + 1] - b[3 * k + 1]) < 1e-3f);
            assert_true(fabsf(a[3 * k + 2] - b[3 * k + 2]) < 1e-3f);
        }
    }
    para_arena_destroy(arena);
}

static void test_imagine_without_edges_is_free_flight(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 64 << 20);
    ParaRng rng = para_rng_make(7, "flight");
    ParaImagine *net = net_of(2, arena);
    ParaImagineWork *work = para_imagine_work(net, NODES, 8, false, arena);
    ParaGraph g = graph_of(&rng, 0, arena);
    float after[3 * NODES], mean[3 * NODES];
    g.edge_count = 0;
    para_imagine_step(net, work, &g, after, mean, NULL);
    for (int i = 0; i < 3 * NODES; i++) {
        const ParaNode *n = &g.nodes[i / 3];
        assert_true(fabsf(after[i] - (n->motion[i % 3] + n->push[i % 3] / 30.0f)) < 1e-5f);
        assert_true(fabsf(mean[i] - (n->motion[i % 3] + 0.6f * n->push[i % 3] / 30.0f)) < 1e-5f);
    }
    para_arena_destroy(arena);
}

/// A step that is longer by a fifth, with all that acts in it weaker by as much, and gaps wider: the same
/// happens. Which is how a world whose rate is no multiple of 30 Hz is served by what was learned at 30.
static void test_imagine_knows_how_long_its_step_is(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 64 << 20);
    ParaImagine *net = net_of(2, arena);
    ParaImagineWork *work = para_imagine_work(net, NODES, 8, false, arena);
    float after[2][3 * NODES], mean[2][3 * NODES];
    for (int k = 0; k < 2; k++) {
        ParaRng rng = para_rng_make(8, "longer");
        ParaGraph g = graph_of(&rng, 0, arena);
        float by = k ? 1.2f : 1.0f;
        for (int i = 0; i < NODES; i++) {
            g.nodes[i].seconds *= by;
            for (int d = 0; d < 3; d++)
                g.nodes[i].push[d] /= by;
        }
        for (int i = 0; i < g.edge_count; i++)
            for (int r = 0; r < 3; r++) {
                g.edges[i].rows[r].error =
                    r ? 0.01f * by : 0.5f; // gaps so wide that no millimetre is looked at
                g.edges[i].rows[r].strength /= by;
            }
        para_imagine_step(net, work, &g, after[k], mean[k], NULL);
    }
    for (int i = 0; i < 3 * NODES; i++) {
        assert_float_equal(after[0][i], after[1][i], 2e-5f);
        assert_float_equal(mean[0][i], mean[1][i], 2e-5f);
    }
    para_arena_destroy(arena);
}

static void test_model_comes_back_from_its_file(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 256 << 20);
    Scratch scratch = scratch_make();
    ParaModelDef def = para_model_def_default();
    def.members = 2;
    def.width = 16;
    const char *path = scratch_path(&scratch, "m.safetensors"), *error = NULL, *card = NULL;
    ParaModel *model = para_model_create(&def, 9, arena);
    assert_true(para_model_write(path, model, "{\"families\":[\"roll\"]}", arena, &error));
    ParaModel *back = para_model_read(path, arena, &card, &error);
    assert_non_null(back);
    assert_non_null(strstr(card, "roll"));
    for (int i = 0; i < 2; i++) {
        int count = 0, same = 0;
        const float *a = para_imagine_weights(model->members[i], &count),
                    *b = para_imagine_weights(back->members[i], &same);
        assert_int_equal(count, same);
        assert_memory_equal(a, b, (size_t)count * sizeof *a);
    }
    size_t size = 0;
    char *bytes = para_file_read(path, (size_t)64 << 20, arena, &size, &error);
    assert_non_null(bytes);
    for (size_t at = 0; at < size; at += size / 97 + 1) { // one byte is another: refused, and said
        bytes[at] ^= 0x15;
        scratch_write(path, bytes, size);
        error = NULL;
        assert_null(para_model_read(path, arena, &card, &error));
        assert_non_null(error);
        assert_non_null(strstr(error, "m.safetensors"));
        bytes[at] ^= 0x15;
    }
    for (size_t cut = 0; cut < size; cut += size / 31 + 1) {
        scratch_write(path, bytes, cut);
        assert_null(para_model_read(path, arena, &card, &error));
        assert_non_null(strstr(error, "m.safetensors"));
    }
    float one = 1.0f;
    ParaTensor tensor = {"member0.round0.none", 1, 1, &one};
    const char *cards[] = {
        "{\"kind\":\"pixels\",\"version\":1}",
        "{\"kind\":\"model\",\"version\":99}",
        "{\"kind\":\"model\",\"version\":2,\"members\":9,\"rounds\":2,\"width\":8,\"seconds\":0.03,\"reach\":"
        "0.4}",
        "{\"kind\":\"model\",\"version\":2,\"members\":1,\"rounds\":1e9,\"width\":8,\"seconds\":0.03,"
        "\"reach\":0.4}",
        "{\"kind\":\"model\",\"version\":2,\"members\":1,\"rounds\":2,\"width\":1e99,\"seconds\":0.03,"
        "\"reach\":0.4}",
        "{\"kind\":\"model\",\"version\":2,\"members\":1,\"rounds\":2,\"width\":\"8\",\"seconds\":0.03,"
        "\"reach\":0.4}",
        "{\"kind\":\"model\",\"version\":2,\"members\":1,\"rounds\":2,\"width\":8,\"seconds\":-1,\"reach\":0."
        "4}",
        "{\"kind\":\"model\",\"version\":2,\"members\":1,\"rounds\":2,\"width\":8,\"seconds\":0.03}",
        "{\"kind\":\"model\",\"version\":2,\"members\":1,\"rounds\":2,\"width\":8,\"seconds\":0.03,\"reach\":"
        "0.4}"};
    for (int i = 0; i < (int)(sizeof cards / sizeof *cards); i++) {
        assert_true(para_safetensors_write(path, &tensor, 1, cards[i], arena, &error));
        assert_null(para_model_read(path, arena, &card, &error));
        assert_non_null(strstr(error, "m.safetensors"));
    }
    scratch_remove(&scratch);
    para_arena_destroy(arena);
}

/// Every number is that of one sum in one order, whatever the layer's width and however many rows there are.
static void test_products_are_sums_in_order(void **state)
{
    (void)state;
    enum { ROWS = 7, IN = 11, OUT = 70 };
    ParaRng rng = para_rng_make(1, "product");
    float x[ROWS * IN], weight[IN * OUT], bias[OUT], y[ROWS * OUT];
    for (int i = 0; i < ROWS * IN; i++)
        x[i] = (float)para_rng_normal(&rng);
    for (int i = 0; i < IN * OUT; i++)
        weight[i] = (float)para_rng_normal(&rng);
    for (int out = 1; out <= OUT; out++) {
        for (int j = 0; j < out; j++)
            bias[j] = (float)para_rng_normal(&rng);
        for (int relu = 0; relu < 2; relu++) {
            para_product(x, ROWS, weight, bias, IN, out, relu, y);
            for (int i = 0; i < ROWS * out; i++) {
                float sum = bias[i % out];
                for (int k = 0; k < IN; k++)
                    sum += x[i / out * IN + k] * weight[k * out + i % out];
                assert_true(y[i] == (relu && sum < 0 ? 0.0f : sum));
            }
        }
    }
}

const struct CMUnitTest para_tests_imagine[] = {
    cmocka_unit_test(test_products_are_sums_in_order),
    cmocka_unit_test(test_imagine_gradient_is_that_of_differences),
    cmocka_unit_test(test_imagine_keeps_momentum),
    cmocka_unit_test(test_imagine_turns_with_the_scene),
    cmocka_unit_test(test_imagine_without_edges_is_free_flight),
    cmocka_unit_test(test_imagine_knows_how_long_its_step_is),
    cmocka_unit_test(test_model_comes_back_from_its_file)};
const size_t para_tests_imagine_count = sizeof para_tests_imagine / sizeof *para_tests_imagine;
