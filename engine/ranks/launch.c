// SPDX-License-Identifier: MIT
// MPI is begun only where a launcher asks for it: by itself it takes a tenth of a second and starts a helper.
#include "engine/ranks/launch.h"

#include <stdbool.h>
#include <stdlib.h>

int para_ranks_launched(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_NTASKS"};
    for (int i = 0; i < 3; i++) {
        const char *text = getenv(names[i]);
        // A shell in a job's allocation has its size too; only srun's steps have a rank.
        bool step = i < 2 || getenv("PMIX_RANK") || getenv("PMI_RANK");
        long count = text && step ? strtol(text, NULL, 10) : 0;
        if (count > 1 && count < 1 << 20)
            return (int)count;
    }
    return 1;
}
