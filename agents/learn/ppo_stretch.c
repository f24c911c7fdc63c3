// SPDX-License-Identifier: MIT
// Rollouts of players that remember: rows are shuffled and learned from in stretches of one env's consecutive
// decisions, each of which begins with what was remembered when it was played (truncated back-propagation
// through time, Williams and Peng 1990).
#include "agents/learn/ppo_parts.h"

#include "engine/base/assert.h"

int para_ppo_stretch_count(const ParaPpoDef *def) { return (def->horizon + def->stretch - 1) / def->stretch; }

/// First decision of stretch k of an env: lengths differ by one at most.
static int stretch_begin(const ParaPpoDef *def, int k)
{
    return (int)((int64_t)def->horizon * k / para_ppo_stretch_count(def));
}

int para_ppo_stretch_at(const ParaPpo *ppo, int t)
{
    int k = (int)((int64_t)t * para_ppo_stretch_count(&ppo->def) / ppo->def.horizon);
    for (; k < para_ppo_stretch_count(&ppo->def) && stretch_begin(&ppo->def, k) < t; k++)
        ;
    return k < para_ppo_stretch_count(&ppo->def) && stretch_begin(&ppo->def, k) == t ? k : -1;
}

float *para_ppo_stretch_memory(const ParaPpo *ppo, int k)
{
    size_t row = (size_t)k * (size_t)ppo->def.envs;
    return ppo->rollout.memory + row * (size_t)para_policy_memory(&ppo->policy->def);
}

/// Whether nothing was remembered in a row that is not the first of its stretch.
static bool begins(const ParaPpo *ppo, size_t row)
{
    const ParaRollout *rollout = &ppo->rollout;
    size_t before = row - (size_t)ppo->def.envs;
    return rollout->terminated[before] || rollout->truncated[before] || !para_ppo_is_live(rollout, before);
}

/// Puts the rows of one unit behind those of the units before it.
static void lay_out(ParaPpo *ppo, int unit, int place)
{
    ParaStretchOrder *s = &ppo->stretches;
    int B = ppo->def.envs, k = unit / B, b = unit % B, at = s->first[place];
    for (int t = stretch_begin(&ppo->def, k); t < stretch_begin(&ppo->def, k + 1); t++, at++) {
        ppo->order[at] = t * B + b;
        s->begins[at] = t > stretch_begin(&ppo->def, k) && begins(ppo, (size_t)ppo->order[at]);
    }
    s->first[place + 1] = at;
    s->memory[place] =
        para_ppo_stretch_memory(ppo, k) + (size_t)b * (size_t)para_policy_memory(&ppo->policy->def);
}

void para_ppo_shuffle_stretches(ParaPpo *ppo, ParaRng *rng)
{
    ParaStretchOrder *s = &ppo->stretches;
    s->count = ppo->def.envs * para_ppo_stretch_count(&ppo->def);
    for (int i = 0; i < s->count; i++)
        s->unit[i] = i;
    for (int i = s->count - 1; i > 0; i--) {
        int other = (int)para_rng_int(rng, 0, i), kept = s->unit[i];
        s->unit[i] = s->unit[other];
        s->unit[other] = kept;
    }
    s->first[0] = 0;
    for (int i = 0; i < s->count; i++)
        lay_out(ppo, s->unit[i], i);
}

void para_ppo_create_stretches(ParaPpo *ppo, ParaArena *arena)
{
    ParaStretchOrder *s = &ppo->stretches;
    size_t rows = (size_t)ppo->rows_max;
    // A shorter horizon may be cut into as many stretches, never into more rows than there are.
    size_t units = (size_t)ppo->def.envs * (size_t)para_ppo_stretch_count(&ppo->def);
    s->unit = PARA_NEW(arena, int, units);
    s->first = PARA_NEW(arena, int, units + 1);
    s->memory = PARA_NEW(arena, const float *, units);
    s->begins = PARA_NEW(arena, uint8_t, rows);
    ppo->rollout.memory = PARA_NEW(arena, float, units *(size_t)para_policy_memory(&ppo->policy->def));
}
