// SPDX-License-Identifier: MIT
#pragma once
// What a player has lived through, bounded: episodes as moments with what came of each. Half of the room is a
// fair sample of all that ever was (a reservoir, Vitter 1985), half the newest. <WMAR, arXiv 2401.16650>
#include "agents/env/env.h"
#include "agents/model/moment.h"
#include "agents/model/said.h"

/// A moment, and what came one step of the model later.
typedef struct ParaLived {
    ParaMoment moment;
    float *place, *motion; ///< [body_count, 3] then
    uint8_t *counts;       ///< [body_count] 1: it moved by itself, and is there then, too
    ParaFelt *felt;        ///< [felt_count] what pressed on the way, and what joints bore
    int32_t felt_count;    ///< [1] >= 0
    bool goes_on;          ///< the next one in its episode is the moment that came of it
} ParaLived;

#define PARA_STORE_STEPS  80 ///< of one episode that are kept
#define PARA_STORE_WINDOW 10 ///< of them one after the other

typedef struct ParaEpisodeLived {
    ParaArena *arena; ///< NULL: none is here
    const ParaLevel *level;
    ParaModelFacts facts;
    int32_t family, count; ///< [1] >= 0
    ParaLived *steps;      ///< [count]
    int32_t hard_count;    ///< [1] >= 0 steps in and about which something was hit hard; the store sees to it
    int16_t hard[PARA_STORE_STEPS]; ///< [1] >= 0 which
} ParaEpisodeLived;

typedef struct ParaStore {
    ParaEpisodeLived *episodes; ///< [room]: the sample first, then the newest in a ring
    int32_t room, half;         ///< [1] >= 2
    int64_t seen;               ///< [1] >= 0 episodes ever
    int64_t steps;              ///< [1] >= 0 lived steps in it now
    int64_t hard;               ///< [1] >= 0 of them those about a hard hit
    double seconds;             ///< [s] >= 0 of play ever
    ParaRng rng;
} ParaStore;

#define PARA_FELT_MAX 1024 ///< in one step of the model; what is felt beyond is not kept

/// What is felt on the way from a moment to what came of it.
typedef struct ParaFeeling {
    ParaFelt felt[PARA_FELT_MAX];
    int32_t count; ///< [1] >= 0
} ParaFeeling;
/// What pressed in the physics step that was just made, and what joints bore in it. Its count is 0 before the
/// first one.  Cost: O(contacts^2 + joints * contacts); no heap
void para_feeling_add(ParaFeeling *feeling, const ParaView *view);
/// Puts it into a lived step, of which it is a copy then.
void para_feeling_keep(const ParaFeeling *feeling, ParaLived *lived, ParaArena *arena);

ParaStore para_store_create(int room, uint64_t seed, ParaArena *arena);
void para_store_destroy(ParaStore *store);
/// Takes over an episode; an older one may go.
void para_store_add(ParaStore *store, const ParaEpisodeLived *episode);
/// A step of an episode: three in four are any, the fourth is one about a hard hit where there are such.
/// Blows that break are rare, and are what a player has to know. @return NULL: the store is empty
const ParaLived *para_store_draw(const ParaStore *store, ParaRng *rng, const ParaEpisodeLived **out_episode);

/// Room for a moment and what came of it. @param def outlives it
ParaLived para_lived_create(const ParaWorldDef *def, ParaArena *arena);
/// Whether a body moved by physics alone, and is there then and now: one that was put elsewhere did not.
/// @param seconds [s] > 0 between the two
bool para_lived_follows(const ParaModelFacts *facts, const ParaView *then, const ParaView *now, int b,
                        float seconds);
/// What came of a moment, and of which bodies that can be learned. @return false: of none
bool para_lived_conclude(ParaLived *lived, const ParaModelFacts *facts, const ParaView *now, float seconds);

/// Who acts while an episode is lived through: fills the actions of the next decision, [A, 8].
typedef void ParaActs(void *context, const ParaEnv *env, int8_t *actions);
/// Lives through an episode of an env that has begun it, to its end or for `seconds`.
/// @param physics_steps [1] >= 1 of the engine in one step of the model
/// @param keep [1] 0..1 share of its steps that is kept, in windows, up to PARA_STORE_STEPS
/// @param out its level is the env's; what it keeps lies in out->arena, which is the caller's
void para_store_live(ParaEnv *env, ParaActs *acts, void *context, int physics_steps, float seconds,
                     float keep, ParaRng *rng, ParaEpisodeLived *out);
