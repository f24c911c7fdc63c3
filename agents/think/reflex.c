// SPDX-License-Identifier: MIT
// A reflex out of a checkpoint: the policy, and the scale of rewards that its learner kept beside.
#include "agents/think/reflex.h"

#include "agents/learn/ppo.h"
#include "agents/player/player.h"
#include "agents/run/safetensors.h"

#include <string.h>

static const ParaTensor *find(const ParaTensor *tensors, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(tensors[i].name, name) == 0)
            return &tensors[i];
    return NULL;
}

bool para_reflex_load(const char *run_folder, ParaArena *arena, ParaReflex *out, const char **out_note,
                      const char **out_error)
{
    const char *path = para_player_checkpoint(run_folder, arena, out_note, out_error), *card = NULL;
    int count = 0;
    ParaTensor *tensors = path ? para_safetensors_read(path, arena, &count, &card, out_error) : NULL;
    ParaPolicy *policy = tensors ? para_player_from_card(card, tensors, count, arena, out_error) : NULL;
    if (!policy)
        return false;
    const ParaTensor *state = find(tensors, count, PARA_PPO_STATE);
    *out = (ParaReflex){.policy = policy,
                        .discount = para_ppo_def_default(1, 1).discount,
                        .scale = state ? para_ppo_state_scale(state) : 0.0f};
    return true;
}
