// SPDX-License-Identifier: MIT
// Generalised advantage estimation, corrected where the policy has moved since it played, and the running
// scale of returns.
#include "agents/learn/ppo_parts.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>

void para_ppo_advantages(const ParaPpoDef *def, const ParaRollout *rollout, float scale, float *advantage,
                         float *target)
{
    PARA_ASSERT(isfinite(scale) && scale > 0.0f);
    int B = def->envs, T = def->horizon;
    float discount = def->discount, carry = def->discount * def->lambda;
    for (int b = 0; b < B; b++) {
        float gae = 0.0f, next = rollout->next_value[b];
        for (int t = T - 1; t >= 0; t--) {
            size_t i = (size_t)t * (size_t)B + (size_t)b;
            if (!para_ppo_is_live(rollout, i)) { // after a player's end: nothing to learn, nothing flows back
                advantage[i] = target[i] = 0.0f;
                continue;
            }
            float reward = para_clampf(rollout->reward[i] * scale, -PARA_REWARD_CLIP, PARA_REWARD_CLIP);
            float value = rollout->value[i];
            float kept = rollout->ratio ? para_clampf(rollout->ratio[i], 0.0f, 1.0f) : 1.0f;
            // The row after an end belongs to another episode: nothing of it may flow back.
            if (rollout->terminated[i])
                gae = reward - value;
            else if (rollout->truncated[i])
                gae = reward + discount * rollout->final_value[i] - value;
            else
                gae = reward + discount * next - value + carry * gae;
            advantage[i] = gae;
            target[i] = kept * gae + value;
            gae *= kept; // what flows on to the decisions before: by how probable this one still is
            next = value;
        }
    }
}

float para_ppo_reward_scale(const ParaPpo *ppo)
{
    return (float)(1.0 / para_sqrt((double)ppo->state[PARA_S_RETURN_VARIANCE] + (double)PARA_RETURN_FLOOR));
}

float para_ppo_state_scale(const ParaTensor *state)
{
    bool known = state->rows == 1 && state->columns == PARA_S_COUNT && state->data[PARA_S_RETURN_COUNT] > 0 &&
                 state->data[PARA_S_RETURN_VARIANCE] >= 0;
    double variance = known ? (double)state->data[PARA_S_RETURN_VARIANCE] : 0.0;
    return known ? (float)(1.0 / para_sqrt(variance + (double)PARA_RETURN_FLOOR)) : 0.0f;
}

bool para_ppo_has_scale(const ParaPpo *ppo) { return ppo->state[PARA_S_RETURN_COUNT] > 0; }

void para_ppo_count_returns(ParaPpo *ppo)
{
    const ParaRollout *rollout = &ppo->rollout;
    size_t B = (size_t)ppo->def.envs, T = (size_t)ppo->def.horizon;
    const float *shift = &ppo->state[PARA_S_RETURN_MEAN];
    double sum = 0.0, square = 0.0;
    for (size_t i = 0; i < T * B; i++) {
        if (!para_ppo_is_live(rollout, i))
            continue;
        float *kept = &ppo->env_return[i % B];
        *kept = *kept * ppo->def.discount + rollout->reward[i];
        para_normal_add(kept, shift, 1, &sum, &square);
        if (rollout->terminated[i] || rollout->truncated[i])
            *kept = 0.0f;
    }
    double all[3] = {sum, square, (double)para_ppo_live_count(ppo, 0, T * B)};
    para_peers_sum_f64(ppo->def.peers, all, 3);
    para_normal_merge(&ppo->state[PARA_S_RETURN_MEAN], &ppo->state[PARA_S_RETURN_VARIANCE],
                      &ppo->state[PARA_S_RETURN_COUNT], &all[0], &all[1], all[2], 1, PARA_RETURN_CAP);
}
