// SPDX-License-Identifier: MIT
// Behind the door for other languages: the forward pass of a checkpoint, and the hash that guards one.
#include "agents/abi/abi_parts.h"
#include "agents/player/card.h"
#include "agents/player/player.h"
#include "engine/base/hash.h"

#include <math.h>
#include <string.h>

#define POLICY_MEMORY ((size_t)2 << 30)  // [byte] bound on a checkpoint and its policy
#define POLICY_BLOCK  ((size_t)1 << 20)  // [byte]
#define CARD_MEMORY   ((size_t)64 << 10) // [byte] of texts that say what differs
#define POLICY_ROWS   64                 // observations that go through together

uint64_t para_abi_hash(const void *data, uint64_t size, uint64_t seed)
{
    return para_hash(data, data != NULL ? size : 0, seed);
}

int32_t para_abi_card_check(const char *card)
{
    ParaArena *arena = para_arena_create(CARD_MEMORY, CARD_MEMORY);
    if (arena == NULL)
        return para_abi_fail(PARA_ABI_MEMORY, "out of memory");
    const char *error = "unknown reason";
    ParaPolicyDef def;
    int32_t code = para_card_read_player(card, arena, &def, &error)
                       ? PARA_ABI_OK
                       : para_abi_fail(PARA_ABI_FILE, "%s", error);
    para_arena_destroy(arena);
    return code;
}

struct ParaAbiPolicy {
    ParaArena *arena; ///< holds this too
    ParaPolicy *policy;
    ParaForward *scratch;
    float *rows; ///< [POLICY_ROWS, obs.size] observations with the player's slots
    atomic_flag busy;
};

void para_abi_policy_free(ParaAbiPolicy *policy)
{
    if (policy != NULL)
        para_arena_destroy(policy->arena);
}

ParaAbiPolicy *para_abi_policy_open(const char *path)
{
    if (path == NULL || *path == '\0') {
        para_abi_fail(PARA_ABI_INVALID, "a policy needs a path");
        return NULL;
    }
    ParaArena *arena = para_arena_create(POLICY_BLOCK, POLICY_MEMORY);
    if (arena == NULL) {
        para_abi_fail(PARA_ABI_MEMORY, "out of memory");
        return NULL;
    }
    const char *error = "unknown reason";
    ParaAbiPolicy *policy = PARA_NEW(arena, ParaAbiPolicy, 1);
    policy->arena = arena;
    policy->policy = para_player_load(path, arena, &error);
    if (policy->policy == NULL) {
        para_abi_fail(PARA_ABI_FILE, "%s", error);
        para_arena_destroy(arena);
        return NULL;
    }
    policy->scratch = para_forward_create(para_policy_def(policy->policy), POLICY_ROWS, arena);
    policy->rows = PARA_NEW(arena, float, POLICY_ROWS *para_policy_def(policy->policy)->obs.size);
    return policy;
}

int32_t para_abi_policy_obs_size(const ParaAbiPolicy *policy)
{
    return policy != NULL ? para_policy_def(policy->policy)->obs.size
                          : para_abi_fail(PARA_ABI_INVALID, "observation size: no policy");
}

int32_t para_abi_policy_memory(const ParaAbiPolicy *policy)
{
    return policy != NULL ? para_policy_memory(para_policy_def(policy->policy))
                          : para_abi_fail(PARA_ABI_INVALID, "memory: no policy");
}

int32_t para_abi_policy_continuous(const ParaAbiPolicy *policy)
{
    return policy != NULL ? para_policy_is_fine(policy->policy)
                          : para_abi_fail(PARA_ABI_INVALID, "continuous: no policy");
}

// Observations of `vector` with more or fewer slots than the player's: slots stand in the same order in all.
static void forward_refitted(ParaAbiPolicy *policy, const float *obs, int32_t n, int32_t obs_size,
                             float *memory, float *logits, float *value)
{
    int size = para_policy_def(policy->policy)->obs.size, shared = size < obs_size ? size : obs_size;
    size_t kept = (size_t)para_policy_memory(para_policy_def(policy->policy));
    for (int at = 0; at < n; at += POLICY_ROWS) {
        int rows = n - at < POLICY_ROWS ? n - at : POLICY_ROWS;
        memset(policy->rows, 0, (size_t)rows * (size_t)size * sizeof *policy->rows);
        for (int r = 0; r < rows; r++)
            memcpy(policy->rows + (size_t)r * (size_t)size, obs + (size_t)(at + r) * (size_t)obs_size,
                   (size_t)shared * sizeof *obs);
        para_policy_forward(policy->policy, policy->scratch, policy->rows, rows,
                            kept > 0 ? memory + (size_t)at * kept : NULL, logits + (size_t)at * PARA_LOGITS,
                            value + at);
    }
}

int32_t para_abi_policy_forward(ParaAbiPolicy *policy, const float *obs, int32_t n, int32_t obs_size,
                                float *memory, float *logits, float *value)
{
    if (policy == NULL || obs == NULL || logits == NULL || value == NULL || n < 0)
        return para_abi_fail(PARA_ABI_INVALID,
                             "forward: no policy, observations, or room for what comes out");
    const ParaObsSpec *spec = &para_policy_def(policy->policy)->obs;
    int parts = para_obs_part_size(spec->parts); // these stand before the slots
    bool other_slots = spec->kind == PARA_OBS_VECTOR && para_obs_is_vector_size(obs_size - parts);
    if (obs_size != spec->size && !other_slots)
        return para_abi_fail(PARA_ABI_INVALID, "observations of %d floats; the policy wants %d", obs_size,
                             spec->size);
    bool numbers = spec->kind != PARA_OBS_PIXELS; // else bytes are packed in them
    for (size_t i = 0; numbers && i < (size_t)n * (size_t)obs_size; i++)
        if (!isfinite(obs[i]))
            return para_abi_fail(PARA_ABI_INVALID, "observation %zu holds a number that is not finite",
                                 i / (size_t)obs_size);
    int32_t kept = para_policy_memory(para_policy_def(policy->policy));
    if (kept > 0 && memory == NULL)
        return para_abi_fail(PARA_ABI_INVALID, "this player remembers: it needs room for %d floats a row",
                             kept);
    for (size_t i = 0; i < (size_t)n * (size_t)kept; i++)
        if (!(memory[i] >= -1.0f && memory[i] <= 1.0f))
            return para_abi_fail(PARA_ABI_INVALID, "what is remembered must be -1 to 1, all 0 at first");
    if (atomic_flag_test_and_set(&policy->busy))
        return para_abi_fail(PARA_ABI_STATE, "another thread is using this policy");
    if (obs_size == spec->size)
        para_policy_forward(policy->policy, policy->scratch, obs, n, kept > 0 ? memory : NULL, logits, value);
    else
        forward_refitted(policy, obs, n, obs_size, memory, logits, value);
    atomic_flag_clear(&policy->busy);
    return PARA_ABI_OK;
}
