// SPDX-License-Identifier: MIT
// Stretches of what others did, and what is remembered where each begins.
#include "agents/learn/examples.h"

#include "engine/base/assert.h"

#include <string.h>

ParaExample para_example_at(const ParaCloneRows *rows, int row)
{
    ParaExample e = {row, 1};
    while (e.length < PARA_EXAMPLE_LENGTH && row + e.length < rows->total && !rows->begins[row + e.length])
        e.length++;
    return e;
}

int para_examples_cut(const ParaCloneRows *rows, ParaExample *out)
{
    int count = 0;
    for (int i = 0; i < rows->count; i++) {
        int row = rows->index ? rows->index[i] : i;
        ParaExample *last = count > 0 ? &out[count - 1] : NULL;
        bool goes_on = last && row == last->row + last->length && !rows->begins[row] &&
                       last->length < PARA_EXAMPLE_LENGTH;
        if (goes_on)
            last->length++;
        else
            out[count++] = (ParaExample){row, 1};
    }
    return count;
}

/// Puts rows of a stretch, or of the look before it, behind those in the block.
static void add(ParaExampleBlock *b, int row, int length)
{
    for (int i = 0; i < length; i++)
        b->index[b->n++] = row + i;
    b->first[++b->stretches.count] = b->n;
}

/// Rows of the same episode before a row, as far as the look goes.
static int rows_before(const ParaCloneRows *rows, int row)
{
    int count = 0;
    while (count < PARA_EXAMPLE_LENGTH && row - count > 0 && !rows->begins[row - count])
        count++;
    return count;
}

static void clear(ParaExampleBlock *b)
{
    b->n = 0;
    b->stretches = (ParaStretches){0, b->first, b->memory, b->begins};
    b->first[0] = 0;
    memset(b->begins, 0, sizeof b->begins);
}

static void forward(const ParaPolicy *policy, ParaForward *s, const ParaCloneRows *rows, ParaExampleBlock *b)
{
    para_net_forward(policy, s, rows->obs, b->index, b->n, &b->stretches, NULL, s->logits, s->value);
}

/// What is remembered where each stretch begins.
static void look_before(const ParaPolicy *policy, ParaForward *s, const ParaCloneRows *rows,
                        const ParaExample *stretch, int count, ParaExampleBlock *b)
{
    size_t size = (size_t)para_policy_memory(&policy->def);
    int of[PARA_EXAMPLES_MOST];
    clear(b);
    for (int k = 0; k < count; k++) {
        int before = rows_before(rows, stretch[k].row);
        memset(b->kept[k], 0, sizeof(float) * size);
        b->memory[b->stretches.count] = b->kept[k];
        of[b->stretches.count] = k;
        if (before > 0)
            add(b, stretch[k].row - before, before);
    }
    if (b->n == 0)
        return;
    forward(policy, s, rows, b);
    for (int i = 0; i < b->stretches.count; i++)
        memcpy(b->kept[of[i]], s->after + (size_t)(b->first[i + 1] - 1) * size, sizeof(float) * size);
}

void para_examples_forward(const ParaPolicy *policy, ParaForward *scratch, const ParaCloneRows *rows,
                           const ParaExample *stretch, int count, ParaExampleBlock *block)
{
    PARA_ASSERT(count >= 1 && count <= PARA_EXAMPLES_MOST && rows->begins);
    look_before(policy, scratch, rows, stretch, count, block);
    clear(block);
    for (int k = 0; k < count; k++) {
        block->memory[k] = block->kept[k];
        add(block, stretch[k].row, stretch[k].length);
    }
    forward(policy, scratch, rows, block);
}
