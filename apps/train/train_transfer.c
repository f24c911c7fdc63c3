// SPDX-License-Identifier: MIT
// What is told at the end of a stream of worlds: each world when it was learned and now, and P, F and FT.
#include "agents/lifelong/summary.h"
#include "apps/train/train_view.h"
#include "engine/base/text.h"

#include <stdio.h>

static void print_share(double share)
{
    if (share >= 0)
        para_text_print(stdout, "%6.0f %%", 100 * share);
    else
        printf("%8s", "-");
}

void para_train_print_transfer(const char *folder, ParaArena *arena)
{
    ParaTransferWorld *worlds = NULL;
    ParaTransfer sum;
    ParaRun *run = para_run_open_read(folder, arena, NULL);
    int count = run ? para_transfer_of_run(run, arena, &worlds) : 0;
    if (count > 0)
        printf("  world  learned     now\n");
    for (int w = 0; w < count; w++) {
        printf("  %5d ", w + 1);
        print_share(worlds[w].learned);
        print_share(worlds[w].last);
        putchar('\n');
    }
    if (count > 0 && para_transfer_measure(worlds, count, &sum)) {
        para_text_print(stdout, "  performance P %.2f, forgetting F %.2f", sum.performance, sum.forgetting);
        if (sum.forward_count > 0)
            para_text_print(stdout, ", forward transfer FT %.2f", sum.forward);
        putchar('\n');
    }
    if (run)
        para_run_close(run);
}
