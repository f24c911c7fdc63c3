// SPDX-License-Identifier: MIT
#pragma once
// What thinking found: what a player saw where it thought, and which keys its futures spoke for, for its
// reflex to learn from. Bounded; of more, the newest stay. In a run they lie in RUN/winners.safetensors.
#include "agents/learn/clone.h"

#define PARA_WINNERS_MAX 24000 ///< rows: 60 MB of an entity player

typedef struct ParaWinners {
    ParaObsSpec obs;
    int room, count;         ///< [row] count 0..room
    int next;                ///< [row] where the next one goes, once it is full
    float *seen;             ///< [1] -10..10  [room, O]
    float *wanted;           ///< [1] 0..1 how probable each key should be  [room, 8, PARA_CHOICES]
    uint32_t *channel_bits;  ///< [bits]  [room]
    uint32_t *negative_bits; ///< [bits]  [room]
} ParaWinners;

/// @param room [1] 1..PARA_WINNERS_MAX
ParaWinners para_winners_create(ParaObsSpec obs, int room, ParaArena *arena);
/// Adds rows in their order.
/// @param obs in, [n, O]   @param wanted in, [n, 8, PARA_CHOICES] 0..1, of a bound channel they add up to 1
void para_winners_add(ParaWinners *winners, uint32_t channel_bits, uint32_t negative_bits, const float *obs,
                      const float *wanted, int n);
/// Adds the rows of a file. @return false with a clear error: damaged, or of a player that sees something
/// else
bool para_winners_read(ParaWinners *winners, const char *path, ParaArena *arena, const char **out_error);
/// Writes all rows, never half.
bool para_winners_write(const ParaWinners *winners, const char *path, ParaArena *arena,
                        const char **out_error);
