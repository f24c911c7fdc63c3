// SPDX-License-Identifier: MIT
#pragma once
// Private to agents/recall: how a memory lies in memory.
#include "agents/recall/recall.h"

struct ParaRecall {
    int capacity; // moments
    int size;     // of a key
    int count;    // episodes, the oldest first
    int moments;
    ParaRecallEpisode *episodes; // [PARA_RECALL_EPISODES_MAX or capacity, the less]
    int16_t *keys;               // [capacity, size]
    int8_t *actions;             // [capacity, PARA_CHANNELS]
};

/// Episodes that a memory of so many moments has room for.
static inline int para_recall_room(int capacity)
{
    return capacity < PARA_RECALL_EPISODES_MAX ? capacity : PARA_RECALL_EPISODES_MAX;
}
