// SPDX-License-Identifier: MIT
// What the network costs, told from the shapes of its layers.
#include "agents/policy/inside.h"

#include "engine/base/assert.h"

/// A layer [in, out] that `rows` rows of a sample go through. @param inputs those that get a gradient
static void add_layer(ParaPolicyFlop *flop, double rows, int in, int out, int inputs)
{
    flop->forward += 2.0 * rows * in * out;
    flop->backward += 2.0 * rows * (in + inputs) * out;
}

ParaPolicyFlop para_policy_flop(const ParaPolicyDef *def, double rows)
{
    PARA_ASSERT(rows >= 0.0);
    ParaPolicyFlop flop = {0};
    int E = def->obs.row_max > 0 ? def->encoder_width : 0, W = def->width;
    if (E > 0) {
        add_layer(&flop, rows, def->obs.row_size, E, 0);
        add_layer(&flop, rows, E, E, E);
    }
    if (E > 0 && def->encoder == PARA_ENCODER_RELATIONAL) {
        add_layer(&flop, rows, E, 3 * E, E);
        add_layer(&flop, rows, E, E, E);
        flop.forward +=
            2 * 2.0 * rows * rows * E; // who looks at whom, and what is taken; both twice on the way back
        flop.backward += 4 * 2.0 * rows * rows * E;
    }
    int sight = para_sight_features(def), ring = para_ring_features(def);
    for (int i = 0; sight > 0 && i < PARA_SIGHT_LAYERS; i++) {
        ParaConv conv = para_sight_conv(i);
        int seen = conv.kernel * conv.kernel * conv.in;
        add_layer(&flop, conv.height * conv.width, seen, conv.out, i > 0 ? seen : 0);
    }
    if (ring > 0) {
        int in2 = PARA_RING_KERNEL2 * PARA_RING_CHANNELS;
        add_layer(&flop, PARA_RING, PARA_RING_KERNEL1 * PARA_RING_SEEN, PARA_RING_CHANNELS, 0);
        add_layer(&flop, PARA_RING, in2, PARA_RING_CHANNELS, in2);
    }
    add_layer(&flop, 1.0, def->obs.global_size + 2 * E + sight + ring, W, 2 * E + sight + ring);
    if (def->core != PARA_CORE_NONE)
        add_layer(&flop, 1.0, W, 2 * W, W);
    add_layer(&flop, 1.0, W, 2 * W, W);
    add_layer(&flop, 1.0, W, PARA_LOGITS, W);
    add_layer(&flop, 1.0, W, def->bins ? PARA_VALUE_BINS : 1, W);
    return flop;
}
