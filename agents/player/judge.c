// SPDX-License-Identifier: MIT
// An episode judged by the values of who played it.
#include "agents/player/judge.h"

#include "engine/base/assert.h"

ParaJudgement para_judge_episode(const ParaJudgeUnits *units, const float *value, const float *reward, int n,
                                 bool ended)
{
    PARA_ASSERT(n >= 1 && units->scale > 0);
    double values = 0, positive = 0, size = 0, advantage = 0;
    double discount = (double)units->discount, carry = discount * (double)units->lambda;
    double next = ended ? 0 : (double)value[n - 1];
    for (int t = n - 1; t >= 0; t--) {
        double now = (double)value[t], earned = (double)reward[t] * (double)units->scale;
        advantage = earned + discount * next - now + carry * advantage;
        values += now;
        positive += advantage > 0 ? advantage : 0;
        size += advantage > 0 ? advantage : -advantage;
        next = now;
    }
    return (ParaJudgement){.known = true,
                           .value = (float)(values / n),
                           .value_loss = (float)(positive / n),
                           .surprise = (float)(size / n),
                           .scale = units->scale};
}
