// SPDX-License-Identifier: MIT
// Products of our own: right for every shape, in one order whatever stands beside, and honest about numbers
// that are none.
#include "agents/net/net.h"
#include "agents/net/product.h"
#include "engine/base/rng.h"
#include "tests/tests.h"

#include <math.h>
#include <string.h>

enum { ROWS = 70, COLUMNS = 75, STEPS = 150, WIDE = 160 };

typedef struct Case {
    float a[ROWS * WIDE], b[WIDE * WIDE], c[ROWS * WIDE], bias[WIDE];
} Case;

static void fill(float *out, int count, ParaRng *rng)
{
    for (int i = 0; i < count; i++)
        out[i] = (float)para_rng_range(rng, -1, 1);
}

static Case *case_make(void)
{
    static Case made;
    ParaRng rng = para_rng_make(4, "product");
    fill(made.a, ROWS * WIDE, &rng);
    fill(made.b, WIDE * WIDE, &rng);
    fill(made.c, ROWS * WIDE, &rng);
    fill(made.bias, WIDE, &rng);
    return &made;
}

static bool is_there(void)
{
    if (!para_net_has_product())
        print_message("skipped: this processor does not multiply and add in one step\n");
    return para_net_has_product();
}

/// In double, from the definition.
static double want(const Case *c, const ParaNetProduct *p, bool turned, int i, int j)
{
    double sum = p->bias ? (double)p->bias[j] : p->add ? (double)c->c[i * WIDE + j] : 0.0;
    for (int k = 0; k < p->steps; k++)
        sum += (double)p->a[i * WIDE + k] * (double)p->b[turned ? j * WIDE + k : k * WIDE + j];
    return p->relu && sum < 0.0 ? 0.0 : sum;
}

static void check(const Case *c, int rows, int columns, int steps, bool turned, bool bias, bool add,
                  bool relu)
{
    static float out[ROWS * WIDE];
    memcpy(out, c->c, sizeof out);
    ParaNetProduct p = {.rows = rows,
                        .columns = columns,
                        .steps = steps,
                        .a = c->a,
                        .a_stride = WIDE,
                        .b = c->b,
                        .b_stride = WIDE,
                        .c = out,
                        .c_stride = WIDE,
                        .bias = bias ? c->bias : NULL,
                        .add = add,
                        .relu = relu};
    turned ? para_net_product_turned(&p) : para_net_product(&p);
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < WIDE; j++) {
            bool inside = i < rows && j < columns;
            double right = inside ? want(c, &p, turned, i, j) : (double)c->c[i * WIDE + j];
            if (!(fabs((double)out[i * WIDE + j] - right) < (inside ? 3e-5 : 1e-30)))
                fail_msg("%d x %d x %d: row %d, column %d is %g, not %g", rows, steps, columns, i, j,
                         (double)out[i * WIDE + j], right);
        }
}

static void test_product_is_right_for_every_shape(void **state)
{
    (void)state;
    const int rows[] = {1, 2, 3, 4, 8, 9, 47, 48, 70},
              columns[] = {1, 2, 7, 8, 9, 17, 24, 31, 32, 33, 44, 75}, steps[] = {1, 5, 63, 64, 65, 150};
    if (!is_there())
        return;
    const Case *c = case_make();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t j = 0; j < sizeof columns / sizeof *columns; j++)
            for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
                check(c, rows[i], columns[j], steps[k], false, true, false, (i + j + k) % 2 == 0);
                check(c, rows[i], columns[j], steps[k], true, false, (i + j + k) % 2 == 0, false);
            }
    check(c, 9, 33, 65, false, false, false, false);
    check(c, 9, 33, 65, false, false, true, true);
}

/// A row gives the same bits alone and among others: with BLAS it did not.
static void test_a_row_is_the_same_among_others(void **state)
{
    (void)state;
    static float all[ROWS * WIDE], one[WIDE];
    if (!is_there())
        return;
    const Case *c = case_make();
    para_linear_forward(c->a, WIDE, ROWS, c->b, c->bias, STEPS, COLUMNS, PARA_ACTIVATION_TANH, all, WIDE);
    for (int i = 0; i < ROWS; i++) {
        para_linear_forward(c->a + i * WIDE, WIDE, 1, c->b, c->bias, STEPS, COLUMNS, PARA_ACTIVATION_TANH,
                            one, WIDE);
        assert_memory_equal(one, all + i * WIDE, sizeof(float) * COLUMNS);
    }
}

/// A NaN is not made 0 by what comes after: the learner leaves such a step out.
static void test_a_nan_stays_one(void **state)
{
    (void)state;
    static Case c;
    static float out[ROWS * WIDE];
    if (!is_there())
        return;
    c = *case_make();
    c.a[2 * WIDE + 3] = NAN;
    para_linear_forward(c.a, WIDE, ROWS, c.b, c.bias, STEPS, COLUMNS, PARA_ACTIVATION_RELU, out, WIDE);
    for (int j = 0; j < COLUMNS; j++)
        assert_true(isnan(out[2 * WIDE + j]) && !isnan(out[WIDE + j]) && !isnan(out[3 * WIDE + j]));
    para_linear_forward(c.a, WIDE, ROWS, c.b, c.bias, STEPS, 1, PARA_ACTIVATION_RELU, out, 1);
    assert_true(isnan(out[2]) && !isnan(out[1]));
}

const struct CMUnitTest para_tests_product[] = {
    cmocka_unit_test(test_product_is_right_for_every_shape),
    cmocka_unit_test(test_a_row_is_the_same_among_others),
    cmocka_unit_test(test_a_nan_stays_one),
};
const size_t para_tests_product_count = sizeof para_tests_product / sizeof *para_tests_product;
