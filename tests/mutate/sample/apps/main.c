// SPDX-License-Identifier: MIT
// The command of the sample house: exit code 1 if three words or more are given.
#include "engine/sample.h"

int main(int argc, char **argv)
{
    (void)argv;
    return sample_code(argc - 1);
}
