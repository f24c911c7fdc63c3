// SPDX-License-Identifier: MIT
// The positive control of .ci/run: a program that uses libm's functions where we use ours. On a CPU
// with FMA its output must change when glibc is told that there is none; otherwise the run of our
// tests under the same setting would prove nothing.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    uint64_t sum = 0;
    for (int i = 1; i < 200000; i++) {
        double x = i * 0.37, results[] = {sin(x), exp(x / 1e4), pow(x, 0.3), atan2(x, 7)};
        uint64_t bits[4];
        memcpy(bits, results, sizeof bits);
        for (int k = 0; k < 4; k++)
            sum = (sum ^ bits[k]) * UINT64_C(0x9e3779b97f4a7c15);
    }
    printf("%016llx\n", (unsigned long long)sum);
    return 0;
}
