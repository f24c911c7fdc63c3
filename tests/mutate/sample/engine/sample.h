// SPDX-License-Identifier: MIT
#pragma once
// Functions for the self-test of tests/mutate.sh to plant faults in: what each is tested by stands beside it.

int sample_sum(const int *values, int count); ///< by a test
int sample_mix(int seed);                     ///< by a recorded number alone
int sample_code(int asked);                   ///< by the command line alone
int sample_copy(int value);                   ///< by the address sanitizer alone, where it frees
int sample_unwatched(int value);              ///< by nothing
