// SPDX-License-Identifier: MIT
// The error bounds of engine/base/maths.h, against libm in long double (64-bit mantissa), over wide
// ranges; special values; and bits that must be the same on every machine.
#include "engine/base/hash.h"
#include "engine/base/maths.h"
#include "engine/base/rng.h"
#include "tests/tests.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SAMPLES 200000

/// |got - want| in units of the last place of `want` as a double.
static double error_ulp(double got, long double want)
{
    if (isinf(got) || fabsl(want) > (long double)DBL_MAX) // the largest double or infinity, by rounding
        return got == (double)want || fabsl(want) >= (long double)DBL_MAX ? 0 : 1e9;
    int exponent = 0;
    frexpl(want, &exponent);
    int place = exponent - 53 < -1074 ? -1074 : exponent - 53;
    return (double)(fabsl((long double)got - want) / ldexpl(1, place));
}

typedef double Function(double);
typedef long double Reference(long double);

typedef enum { EVEN, LOGARITHMIC } Spread;

/// A draw from [low, high], evenly or over the orders of magnitude.
static double draw(ParaRng *rng, Spread spread, double low, double high)
{
    if (spread == EVEN)
        return para_rng_range(rng, low, high);
    return (double)expl((long double)para_rng_range(rng, log(low), log(high)));
}

/// Fails where an error passes `bound` [ulp]; both signs where low is above 0.
static void check(const char *name, Function *ours, Reference *theirs, Spread spread, double low, double high,
                  bool both_signs, double bound)
{
    ParaRng rng = para_rng_make(1, name);
    double worst = 0, worst_at = 0;
    for (int i = 0; i < SAMPLES; i++) {
        double x = draw(&rng, spread, low, high);
        if (both_signs && (para_rng_u64(&rng) & 1))
            x = -x;
        double error = error_ulp(ours(x), theirs((long double)x));
        if (!(error <= worst)) {
            worst = error;
            worst_at = x;
        }
    }
    printf("    %-8s [%9.3g, %9.3g] worst %.3f ulp at %a\n", name, low, high, worst, worst_at);
    assert_true(worst <= bound);
}

static void test_maths_trigonometry_keeps_its_bounds(void **state)
{
    (void)state;
    check("sin", para_sin, sinl, EVEN, -7, 7, false, 1);
    check("sin", para_sin, sinl, LOGARITHMIC, 1e-300, 0x1p20, true, 1);
    check("cos", para_cos, cosl, EVEN, -7, 7, false, 1);
    check("cos", para_cos, cosl, LOGARITHMIC, 1e-300, 0x1p20, true, 1);
    check("tan", para_tan, tanl, EVEN, -7, 7, false, 3);
    check("tan", para_tan, tanl, LOGARITHMIC, 1e-300, 0x1p20, true, 3);
}

static void test_maths_trigonometry_is_exact_enough_near_multiples_of_half_pi(void **state)
{
    (void)state;
    // The doubles nearest to k pi/2 are where a careless reduction loses every bit.
    double worst = 0;
    for (long k = 1; k < 660000; k += 1 + k / 5000) {
        double x = (double)((long double)k * (1.57079632679489661923132169163975L));
        for (int side = -1; side <= 1; side++) {
            double at = side == 0 ? x : nextafter(x, side * 1e9);
            double s, c;
            para_sincos(at, &s, &c);
            worst = fmax(worst, error_ulp(s, sinl((long double)at)));
            worst = fmax(worst, error_ulp(c, cosl((long double)at)));
        }
    }
    printf("    sin, cos beside k pi/2: worst %.3f ulp\n", worst);
    assert_true(worst <= 1);
}

static void test_maths_trigonometry_of_huge_angles_stays_in_range(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(2, "huge");
    for (int i = 0; i < SAMPLES; i++) {
        double x = draw(&rng, LOGARITHMIC, 0x1p20, 1e300), s, c;
        para_sincos(x, &s, &c);
        assert_true(fabs(s) <= 1 && fabs(c) <= 1);
        assert_true(fabs(s * s + c * c - 1) < 1e-15);
        assert_true(isfinite(para_tan(x)));
        if (x < 1e15)
            assert_true(fabs(s - (double)sinl((long double)x)) <= x * 0x1p-53 + 1e-15);
    }
}

static void test_maths_exp_and_log_keep_their_bounds(void **state)
{
    (void)state;
    check("exp", para_exp, expl, EVEN, -745.2, 709.8, false, 1);
    check("exp", para_exp, expl, EVEN, -1, 1, false, 1);
    check("exp", para_exp, expl, LOGARITHMIC, 1e-300, 700, true, 1);
    check("log", para_log, logl, LOGARITHMIC, 1e-307, 1e308, false, 1);
    check("log", para_log, logl, EVEN, 0.5, 2, false, 1);
    check("log", para_log, logl, EVEN, 0, 1e-310, false, 1);
    double worst = 0; // where log crosses zero, relative error is hardest
    for (int i = 1; i < 4000; i++) {
        double x = 1 + i * DBL_EPSILON, y = 1 - i * DBL_EPSILON / 2;
        worst = fmax(worst, error_ulp(para_log(x), logl((long double)x)));
        worst = fmax(worst, error_ulp(para_log(y), logl((long double)y)));
    }
    assert_true(worst <= 1);
}

static void test_maths_atan2_keeps_its_bound(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(3, "atan2");
    double worst = 0;
    for (int i = 0; i < 2 * SAMPLES; i++) {
        double range = i % 4 == 0 ? 1e300 : i % 4 == 1 ? 1e3 : i % 4 == 2 ? 1.001 : 1e20;
        double y = draw(&rng, LOGARITHMIC, 1 / range, range), x = draw(&rng, LOGARITHMIC, 1 / range, range);
        y = para_rng_u64(&rng) & 1 ? y : -y;
        x = para_rng_u64(&rng) & 1 ? x : -x;
        double error = error_ulp(para_atan2(y, x), atan2l((long double)y, (long double)x));
        if (fabs(atan2(y, x)) < DBL_MIN)
            continue;
        worst = fmax(worst, error);
    }
    printf("    atan2 worst %.3f ulp\n", worst);
    assert_true(worst <= 1);
}

static void test_maths_pow_keeps_its_bound(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(4, "pow");
    double worst = 0, at_x = 0, at_y = 0;
    for (int i = 0; i < 3 * SAMPLES; i++) {
        double x = i % 3 == 0 ? draw(&rng, LOGARITHMIC, 1e-307, 1e308) : draw(&rng, LOGARITHMIC, 0.3, 3);
        double y = draw(&rng, EVEN, -745 / fabs(log(x) + 1e-9), 745 / fabs(log(x) + 1e-9));
        if (i % 3 == 2)
            y = floor(para_rng_range(&rng, -30, 30));
        double error = error_ulp(para_pow(x, y), powl((long double)x, (long double)y));
        if (!(error <= worst)) {
            worst = error;
            at_x = x, at_y = y;
        }
    }
    printf("    pow worst %.3f ulp at %a ^ %a\n", worst, at_x, at_y);
    assert_true(worst <= 1);
}

/// Same value, same sign of zero, or both NaN.
static bool same(double a, double b)
{
    return isnan(a) || isnan(b) ? isnan(a) && isnan(b) : a == b && !signbit(a) == !signbit(b);
}

static void test_maths_special_values_are_those_of_c(void **state)
{
    (void)state;
    const double values[] = {0.0,      -0.0,       1,           -1,         0.5,           -0.5,
                             2,        -2,         3,           -3,         1e300,         -1e300,
                             1e-300,   -1e-300,    5e-324,      -5e-324,    DBL_MAX,       DBL_MIN,
                             0x1p53,   0x1p53 - 1, -0x1p53 + 1, 1e17,       PARA_INFINITY, -PARA_INFINITY,
                             PARA_NAN, 0.1,        1 - 0x1p-53, 1 + 0x1p-52};
    const size_t count = sizeof values / sizeof *values;
    for (size_t i = 0; i < count; i++) {
        double x = values[i];
        if (isinf(exp(x)) || exp(x) == 0 || isnan(x))
            assert_true(same(para_exp(x), exp(x)));
        if (x <= 0 || !isfinite(x) || x == 1)
            assert_true(same(para_log(x), log(x)));
        if (!isfinite(x) || x == 0) {
            assert_true(same(para_sin(x), sin(x)));
            assert_true(same(para_cos(x), cos(x)));
            assert_true(same(para_tan(x), tan(x)));
        }
        for (size_t j = 0; j < count; j++) {
            double y = values[j], power = pow(x, y), angle = atan2(y, x);
            bool edge = isnan(power) || isinf(power) || power == 0 || fabs(power) == 1;
            double ours = para_pow(x, y);
            if (edge ? !same(ours, power) : error_ulp(ours, powl((long double)x, (long double)y)) > 1)
                fail_msg("pow(%a, %a) = %a, not %a", x, y, ours, power);
            ours = para_atan2(y, x);
            if (angle == 0 || isnan(angle) ? !same(ours, angle) : fabs(ours - angle) > 4e-16)
                fail_msg("atan2(%a, %a) = %a, not %a", y, x, ours, angle);
        }
    }
}

static void test_maths_golden_bits_are_the_same_everywhere(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(5, "bits");
    uint64_t hash = 0;
    for (int i = 0; i < 100000; i++) {
        double x = para_rng_range(&rng, -50, 50), y = para_rng_range(&rng, -5, 5), s, c;
        para_sincos(x * 1000, &s, &c);
        double results[] = {s,
                            c,
                            para_tan(x),
                            para_atan2(x, y),
                            para_exp(x),
                            para_log(fabs(x)),
                            para_pow(fabs(x), y),
                            para_rng_normal(&rng)};
        hash = para_hash(results, sizeof results, hash);
    }
    printf("    hash of 800000 results %016llx\n", (unsigned long long)hash);
    assert_true(hash == UINT64_C(0xb3d89edee960f0ae));
}

const struct CMUnitTest para_tests_maths[] = {
    cmocka_unit_test(test_maths_trigonometry_keeps_its_bounds),
    cmocka_unit_test(test_maths_trigonometry_is_exact_enough_near_multiples_of_half_pi),
    cmocka_unit_test(test_maths_trigonometry_of_huge_angles_stays_in_range),
    cmocka_unit_test(test_maths_exp_and_log_keep_their_bounds),
    cmocka_unit_test(test_maths_atan2_keeps_its_bound),
    cmocka_unit_test(test_maths_pow_keeps_its_bound),
    cmocka_unit_test(test_maths_special_values_are_those_of_c),
    cmocka_unit_test(test_maths_golden_bits_are_the_same_everywhere),
};
const size_t para_tests_maths_count = sizeof para_tests_maths / sizeof *para_tests_maths;
