// SPDX-License-Identifier: MIT
// A reflex out of a checkpoint: the policy, the scale of rewards that its learner kept beside, and the
// discount that its values were learned with.
#include "agents/think/reflex.h"

#include "agents/learn/ppo.h"
#include "agents/player/player.h"
#include "agents/run/safetensors.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <string.h>

static const ParaTensor *find(const ParaTensor *tensors, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(tensors[i].name, name) == 0)
            return &tensors[i];
    return NULL;
}

/// The discount that a card tells; one from before it was told is of the usual one.
static bool discount_of(const char *card, const char *path, ParaArena *arena, float *out,
                        const char **out_error)
{
    cJSON *json = para_json_parse(card);
    const cJSON *told = cJSON_GetObjectItemCaseSensitive(json, "discount");
    double discount = told ? told->valuedouble : (double)para_ppo_def_default(1, 1).discount;
    bool good = (!told || cJSON_IsNumber(told)) && discount >= 0.0 && discount <= 1.0;
    *out = (float)discount;
    cJSON_Delete(json);
    if (!good)
        *out_error = para_arena_printf(arena, "%s: the discount of its card must be a number 0 to 1", path);
    return good;
}

bool para_reflex_load(const char *run_folder, ParaArena *arena, ParaReflex *out, const char **out_note,
                      const char **out_error)
{
    const char *path = para_player_checkpoint(run_folder, arena, out_note, out_error), *card = NULL;
    int count = 0;
    ParaTensor *tensors = path ? para_safetensors_read(path, arena, &count, &card, out_error) : NULL;
    ParaPolicy *policy = tensors ? para_player_from_card(card, tensors, count, arena, out_error) : NULL;
    float discount;
    if (!policy || !discount_of(card, path, arena, &discount, out_error))
        return false;
    if (para_policy_def(policy)->obs.kind == PARA_OBS_PIXELS) {
        *out_error =
            para_arena_printf(arena,
                              "%s: thinking ahead looks at thousands of futures, and takes a player that "
                              "need not have each of them drawn; this one was trained with --obs pixels",
                              path);
        return false;
    }
    if (para_policy_is_fine(policy) || para_policy_remembers(policy)) {
        *out_error = para_arena_printf(arena,
                                       "%s: thinking ahead takes a player of three levels a channel that "
                                       "remembers nothing; this one was trained with %s",
                                       path, para_policy_is_fine(policy) ? "--continuous" : "--recurrent");
        return false;
    }
    const ParaTensor *state = find(tensors, count, PARA_PPO_STATE);
    *out = (ParaReflex){
        .policy = policy, .discount = discount, .scale = state ? para_ppo_state_scale(state) : 0.0f};
    return true;
}
