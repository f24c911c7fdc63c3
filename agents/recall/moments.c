// SPDX-License-Identifier: MIT
// Situations as numbers, and the tape of an episode under way.
#include "agents/recall/recall.h"

#include "engine/base/assert.h"
#include "engine/base/hash.h"

#include <math.h>
#include <string.h>

/// What a situation leaves out of the globals: what the player last did tells of its habits, not of where it
/// is.
static const char left_out[] = "channels.action";

/// Copies what a situation has of the globals. @param globals NULL: only counts   @return how many numbers
static int select_numbers(const float *globals, int16_t *out)
{
    ParaObsSpec spec = para_obs_spec_globals();
    int size = 0;
    for (int i = 0, count = para_obs_span_count(&spec); i < count; i++) {
        ParaObsSpan span = para_obs_span(&spec, i);
        for (int k = 0; k < span.count && strcmp(span.name, left_out) != 0; k++)
            for (int f = 0; f < span.size; f++, size++)
                if (globals)
                    out[size] =
                        (int16_t)lrintf(globals[span.offset + k * span.stride + f] * PARA_RECALL_PART);
    }
    return size;
}

int para_recall_key_size(void)
{
    int size = select_numbers(NULL, NULL);
    PARA_ASSERT(size > 0 && size <= PARA_RECALL_KEY_MAX);
    return size;
}

uint64_t para_recall_key_hash(void)
{
    ParaObsSpec spec = para_obs_spec_globals();
    return para_hash(left_out, sizeof left_out, para_obs_layout_hash(&spec));
}

void para_recall_key(const ParaEnv *env, int player, int16_t *key)
{
    ParaObsSpec spec = para_obs_spec_globals();
    float globals[2 * PARA_RECALL_KEY_MAX];
    PARA_ASSERT(spec.size <= 2 * PARA_RECALL_KEY_MAX);
    para_observe(&spec, env->level, &env->play, player, env->world, globals);
    select_numbers(globals, key);
}

ParaRecallTape para_recall_tape(ParaArena *arena)
{
    size_t most = PARA_RECALL_EPISODE_MAX;
    return (ParaRecallTape){.keys = PARA_NEW(arena, int16_t, most * (size_t)para_recall_key_size()),
                            .actions = PARA_NEW(arena, int8_t, most * PARA_CHANNELS)};
}

void para_recall_note(ParaRecallTape *tape, const int16_t *key, const int8_t *action)
{
    size_t at = (size_t)(tape->count % PARA_RECALL_EPISODE_MAX), size = (size_t)para_recall_key_size();
    memcpy(tape->keys + at * size, key, sizeof *key * size);
    memcpy(tape->actions + at * PARA_CHANNELS, action, PARA_CHANNELS);
    tape->count++;
}
