// SPDX-License-Identifier: MIT
// Deterministic exponential, logarithm and power; see maths.c for the manner.
#include "engine/base/maths.h"

#include "engine/base/maths_parts.h"

#include <math.h>
#include <stdint.h>

#define SQRT_HALF   0x1.6a09e667f3bcdp-1
#define INVERSE_LN2 0x1.71547652b82fep+0
#define LN2_HIGH    0x1.62e42feep-1 // 32 bits: exact times any exponent
#define LN2_LOW     0x1.a39ef35793c76p-33

/// 2^k for -1022 <= k <= 1023.
static double power_of_two(int k) { return para_of_bits((uint64_t)(k + 1023) << 52); }

// (e^r - 1 - r) / r^2 on [-ln2/2, ln2/2]: 3.4e-18
static const double exp_terms[12] = {0.5,
                                     0.16666666666666666,
                                     0.041666666666666678,
                                     0.0083333333333333332,
                                     0.0013888888888879004,
                                     0.00019841269841263252,
                                     2.4801587336630949e-05,
                                     2.7557319247344507e-06,
                                     2.755726307730941e-07,
                                     2.5052070959803662e-08,
                                     2.091821231913398e-09,
                                     1.6086677666787362e-10};

/// e^(x.high + x.low), overflow and underflow included; x.high is not NaN.
static double exp_of_pair(ParaPair x)
{
    if (x.high > 710)
        return PARA_INFINITY;
    if (x.high < -746)
        return 0;
    double count = floor(x.high * INVERSE_LN2 + 0.5);
    ParaPair r = para_pair_sum(x.high - count * LN2_HIGH, -count * LN2_LOW);
    double low = r.low + x.low;
    double tail = para_polynomial(exp_terms, 12, r.high) * (r.high * r.high);
    ParaPair lead = para_pair_sum(1, r.high);
    // e^low = 1 + low, on the whole of e^r: `low` is far above the last place where x is large.
    double value = lead.high + (lead.low + (tail + low * (lead.high + tail)));
    int k = (int)count;
    // Two factors where one would overflow or be subnormal; the last one rounds once.
    if (k > 1000)
        return value * power_of_two(1000) * power_of_two(k - 1000);
    if (k < -1000)
        return value * power_of_two(k + 1000) * power_of_two(-1000);
    return value * power_of_two(k);
}

double para_exp(double x)
{
    if (isnan(x))
        return PARA_NAN;
    return exp_of_pair((ParaPair){x, 0});
}

/// x = m 2^k with m in [sqrt(1/2), sqrt 2); x is finite and above 0.
static double split_exponent(double x, int *k)
{
    int shift = 0;
    if (x < 0x1p-1022) // subnormal
        x *= 0x1p54, shift = -54;
    uint64_t bits = para_bits_of(x);
    int e = (int)(bits >> 52) - 1022;
    double m = para_of_bits((bits & UINT64_C(0x000fffffffffffff)) | UINT64_C(0x3fe0000000000000));
    if (m < SQRT_HALF)
        m *= 2, e -= 1;
    *k = e + shift;
    return m;
}

// (log(1 + r) - r + r^2 / 2) / r^3 on |r| <= 2^-7.5: 1.9e-17
static const double log_terms[7] = {0.33333333333333331,  -0.25000000000000033, 0.20000000000000029,
                                    -0.16666666658484611, 0.14285714278276049,  -0.12500535143312216,
                                    0.11111597605269614};

#define TABLE_FIRST 90 // 128 / sqrt 2, rounded down
#define TABLE_COUNT 93

// -log(i / 128) for i from TABLE_FIRST as a multiple of 2^-42 and the rest: so that the first part
// added to k LN2_HIGH is exact.
static const ParaPair log_table[TABLE_COUNT] = {
    {0x1.68ac83e9c7p-2, -0x1.7af966c548a3p-44},
    {0x1.5d5bddf596p-2, -0x1.a0b2a08a465dcp-47},
    {0x1.522ae0738ap-2, 0x1.ebe708164c759p-45},
    {0x1.4718dc271cp-2, 0x1.06c18fb4c14c5p-44},
    {0x1.3c25277333p-2, 0x1.83b54b606bd5cp-46},
    {0x1.314f1e1d36p-2, -0x1.8e27ad3213cb8p-45},
    {0x1.269621134ep-2, -0x1.1b61f10522625p-44},
    {0x1.1bf99635a7p-2, -0x1.1ac89575c2125p-44},
    {0x1.1178e8227ep-2, 0x1.1ef78ce2d07f2p-44},
    {0x1.07138604d6p-2, -0x1.e76324e912b17p-44},
    {0x1.f991c6cb3cp-3, -0x1.90d04cd7cc834p-44},
    {0x1.e530effe72p-3, -0x1.fdbdbb13f7c18p-44},
    {0x1.d1037f2656p-3, -0x1.84a7e75b6f6e4p-47},
    {0x1.bd087383bep-3, -0x1.d4bc4595412b6p-45},
    {0x1.a93ed3c8aep-3, -0x1.8724350562169p-45},
    {0x1.95a5adcf7p-3, 0x1.7f22858a0ff6fp-47},
    {0x1.823c16551ap-3, 0x1.e0ddb9a631e83p-46},
    {0x1.6f0128b756p-3, 0x1.577390d31ef0fp-44},
    {0x1.5bf406b544p-3, -0x1.27023eb68981cp-46},
    {0x1.4913d8333cp-3, -0x1.53e43558124c4p-44},
    {0x1.365fcb015ap-3, -0x1.fd3a0afb9691bp-44},
    {0x1.23d712a49cp-3, 0x1.00d238fd3df5cp-46},
    {0x1.1178e8227ep-3, 0x1.1ef78ce2d07f2p-45},
    {0x1.fe89139dbcp-4, 0x1.56594d82f7a82p-44},
    {0x1.da72763844p-4, 0x1.a89401fa71733p-46},
    {0x1.b6ac88dad4p-4, 0x1.b1bdff50225c7p-44},
    {0x1.9335e5d594p-4, 0x1.3115c3abd47dap-45},
    {0x1.700d30aeacp-4, 0x1.c1e8da99ded32p-49},
    {0x1.4d3115d208p-4, -0x1.53a2582f4e1efp-48},
    {0x1.2aa04a447p-4, 0x1.7a48ba8b1cb41p-44},
    {0x1.08598b59e4p-4, -0x1.7e5dd7009902cp-46},
    {0x1.ccb73cddd8p-5, 0x1.965c36e09f5fep-44},
    {0x1.894aa149f8p-5, 0x1.9a19a8be97661p-44},
    {0x1.466aed42ep-5, -0x1.c167375bdfd28p-45},
    {0x1.0415d89e78p-5, -0x1.dddc7f461c516p-44},
    {0x1.8492528c9p-6, -0x1.aa0ba325a0c34p-45},
    {0x1.020565893p-6, 0x1.611d27c8e8417p-44},
    {0x1.010157588p-7, 0x1.bce251998b506p-44},
    {0, 0},
    {-0x1.fe02a6b1p-8, -0x1.9e23f0dda40e4p-46},
    {-0x1.fc0a8b0fcp-7, -0x1.f1e7cf6d3a69cp-50},
    {-0x1.7b91b07d6p-6, 0x1.3b955b602ace4p-44},
    {-0x1.f829b0e78p-6, -0x1.980267c7e09e4p-45},
    {-0x1.39e87b9fe8p-5, -0x1.eafd480ad9015p-44},
    {-0x1.77458f633p-5, 0x1.181dce586af09p-44},
    {-0x1.b42dd71198p-5, 0x1.c827ae5d6704cp-46},
    {-0x1.f0a30c0118p-5, 0x1.d599e83368e91p-45},
    {-0x1.16536eea38p-4, 0x1.47c5e768fa309p-46},
    {-0x1.341d7961bcp-4, -0x1.1d0929983761p-44},
    {-0x1.51b073f06p-4, -0x1.83f69278e686ap-44},
    {-0x1.6f0d28ae58p-4, 0x1.4b4641b664613p-44},
    {-0x1.8c345d6318p-4, -0x1.b20f5acb42a66p-44},
    {-0x1.a926d3a4acp-4, -0x1.563650bd22a9cp-44},
    {-0x1.c5e548f5bcp-4, -0x1.d0c57585fbe06p-46},
    {-0x1.e27076e2bp-4, 0x1.a342c2af0003cp-45},
    {-0x1.fec9131dcp-4, 0x1.54555d1ae6607p-44},
    {-0x1.0d77e7cd08p-3, -0x1.cb2cd2ee2f482p-44},
    {-0x1.1b72ad52f6p-3, -0x1.e80a41811a396p-45},
    {-0x1.29552f82p-3, 0x1.5b967f4471dfcp-44},
    {-0x1.371fc201e8p-3, -0x1.ee8779b2d8abcp-44},
    {-0x1.44d2b6ccb8p-3, 0x1.70cc16135783cp-46},
    {-0x1.526e5e3a1cp-3, 0x1.790ba37fc5238p-44},
    {-0x1.5ff3070a7ap-3, 0x1.8586f183bebf2p-44},
    {-0x1.6d60fe719ep-3, 0x1.bc6e557134767p-44},
    {-0x1.7ab890210ep-3, 0x1.bdb9072534a58p-45},
    {-0x1.87fa06520cp-3, -0x1.22120401202fcp-44},
    {-0x1.9525a9cf46p-3, 0x1.297137d9f158fp-44},
    {-0x1.a23bc1fe2cp-3, 0x1.539cd91dc9f0bp-44},
    {-0x1.af3c94e80cp-3, 0x1.a4e633fcd9066p-52},
    {-0x1.bc286742d8p-3, -0x1.9ac53f39d121cp-44},
    {-0x1.c8ff7c79aap-3, 0x1.7794f689f8434p-45},
    {-0x1.d5c216b4fcp-3, 0x1.1ba91bbca681bp-45},
    {-0x1.e27076e2bp-3, 0x1.a342c2af0003cp-44},
    {-0x1.ef0adcbdc6p-3, 0x1.b26b79c86af24p-45},
    {-0x1.fb9186d5e4p-3, 0x1.d572aab993c87p-47},
    {-0x1.0402594b4dp-2, -0x1.036b89ef42d7fp-48},
    {-0x1.0a324e2739p-2, -0x1.c6bee7ef4030ep-47},
    {-0x1.1058bf9ae5p-2, 0x1.4ab9d817d52cdp-44},
    {-0x1.1675cababap-2, -0x1.8380e731f55c4p-44},
    {-0x1.1c898c169ap-2, 0x1.81410e5c62affp-44},
    {-0x1.22941fbcf8p-2, 0x1.a6976f5eb0963p-44},
    {-0x1.2895a13de8p-2, -0x1.a8d7ad24c13fp-44},
    {-0x1.2e8e2bae12p-2, 0x1.67b1e99b72bd8p-45},
    {-0x1.347dd9a988p-2, 0x1.5594dd4c58092p-45},
    {-0x1.3a64c55694p-2, -0x1.7a71cbcd735dp-44},
    {-0x1.404308686ap-2, -0x1.f8ef43049f7d3p-44},
    {-0x1.4618bc21c6p-2, 0x1.3d82f484c84ccp-46},
    {-0x1.4be5f95778p-2, 0x1.d7c92cd9ad824p-44},
    {-0x1.51aad872ep-2, 0x1.f4bd8db0a7cc1p-44},
    {-0x1.5767717456p-2, 0x1.64ead9524d7cap-44},
    {-0x1.5d1bdbf581p-2, 0x1.8d6bdc9c7c238p-44},
    {-0x1.62c82f2b9cp-2, -0x1.e54bdbd7c8a98p-44},
    {-0x1.686c81e9b1p-2, -0x1.2bb110af84054p-44},
};

/// log x to about 63 bits, for x finite and above 0.
static ParaPair log_pair(double x)
{
    int k;
    double m = split_exponent(x, &k);
    // log m = log(1 + r) - log c with c = i / 128 near 1 / m and r = m c - 1. As m is a multiple of
    // 2^-53 and c of 2^-7, r is one of 2^-60; it is below 2^-7.4, so it is a double. Its two parts
    // are exact, because m is cut to the bits that c leaves free.
    int i = (int)(128 / m + 0.5);
    double c = i * 0x1p-7;
    double head = para_of_bits(para_bits_of(m) & ~UINT64_C(0x7ffffff));
    double r = (head * c - 1) + (m - head) * c;
    ParaPair table = log_table[i - TABLE_FIRST];
    ParaPair square = para_pair_product(r, r);
    // The large terms in pairs; each is smaller than the one before, or that one is 0.
    double count = k;
    ParaPair first = para_pair_sum(count * LN2_HIGH + table.high, r);
    ParaPair next = para_pair_sum(first.high, -0.5 * square.high);
    double small = para_polynomial(log_terms, 7, r) * (r * square.high);
    double rest = count * LN2_LOW + table.low + first.low + next.low - 0.5 * square.low + small;
    return para_pair_sum(next.high, rest);
}

double para_log(double x)
{
    if (isnan(x) || x < 0)
        return PARA_NAN;
    if (x == 0)
        return -PARA_INFINITY;
    return isinf(x) ? x : log_pair(x).high;
}

/// 0 where y is no integer, 1 where it is odd, 2 where it is even.
static int integer_kind(double y)
{
    double size = fabs(y);
    if (size >= 0x1p53)
        return 2;
    if (floor(size) != size)
        return 0;
    return (int64_t)size & 1 ? 1 : 2;
}

/// |x|^y for finite positive |x| != 1 and finite y != 0.
static double power_positive(double x, double y)
{
    ParaPair logarithm = log_pair(x);
    double rough = logarithm.high * y;
    if (rough > 720)
        return PARA_INFINITY;
    if (rough < -760)
        return 0;
    // |log x| >= 2^-54 here, so |y| is below 2^64 and its product is safe to split.
    return exp_of_pair(para_pair_multiply(logarithm, (ParaPair){y, 0}));
}

/// 0^y, inf^y, x^inf, with |x| given.
static double power_edge(double x, double y)
{
    if (isinf(y)) {
        if (x == 1)
            return 1;
        return (x > 1) == (y > 0) ? PARA_INFINITY : 0;
    }
    return (x == 0) == (y > 0) ? 0 : PARA_INFINITY;
}

double para_pow(double x, double y)
{
    if (x == 1 || y == 0)
        return 1; // even for NaN, as C has it
    if (isnan(x) || isnan(y))
        return PARA_NAN;
    double size = fabs(x);
    int kind = integer_kind(y);
    if (size == 0 || isinf(size) || isinf(y)) {
        double edge = power_edge(size, y);
        return signbit(x) && kind == 1 && !isinf(y) ? -edge : edge;
    }
    if (x < 0 && kind == 0)
        return PARA_NAN;
    double power = size == 1 ? 1 : power_positive(size, y);
    return x < 0 && kind == 1 ? -power : power;
}
