// SPDX-License-Identifier: MIT
// Domain randomisation: every level is a fresh draw over the full ranges. It reads the reports only to tell
// how its levels go.
#include "agents/maker/maker_method.h"

#include "engine/base/text.h"

#include <stdio.h>

#define FADE 0.99 // [1] of what is remembered when a report comes: about the last hundred count

typedef struct Dr {
    const ParaMakerDef *def;
    double episodes, solved; // [1] >= 0 faded counts
} Dr;

static void *create(const ParaMakerDef *def, ParaArena *arena)
{
    Dr *dr = PARA_NEW(arena, Dr, 1);
    dr->def = def;
    return dr;
}

static void next(const void *state, int env, ParaRng *rng, ParaPick *out)
{
    const Dr *dr = state;
    *out = para_maker_fresh(dr->def, env, rng);
}

static void learn(void *state, const ParaEnded *ended)
{
    Dr *dr = state;
    dr->episodes = FADE * dr->episodes + 1;
    dr->solved = FADE * dr->solved + (ended->report.end == PARA_END_SOLVED ? 1 : 0);
}

static void describe(const void *state, char *out, size_t size)
{
    const Dr *dr = state;
    int families = dr->def->families->count;
    int used = families == 1
                   ? snprintf(out, size, "draws every %.40s level anew", dr->def->families->names[0])
                   : snprintf(out, size, "draws every level of %d families anew", families);
    if (dr->episodes > 0 && used > 0 && (size_t)used < size)
        para_text_format(out + used, size - (size_t)used, ", solved %.0f %%",
                         100 * dr->solved / dr->episodes);
}

static void save(const void *state, ParaBytes *out)
{
    const Dr *dr = state;
    para_bytes_put_f64(out, dr->episodes);
    para_bytes_put_f64(out, dr->solved);
}

static bool load(void *state, ParaBytesReader *in)
{
    Dr *dr = state;
    dr->episodes = para_bytes_take_f64(in);
    dr->solved = para_bytes_take_f64(in);
    return dr->episodes >= 0 && dr->episodes <= 1 / (1 - FADE) + 1 && dr->solved >= 0 &&
           dr->solved <= dr->episodes;
}

const ParaMakerMethod para_maker_dr = {
    .create = create, .next = next, .learn = learn, .describe = describe, .save = save, .load = load};
