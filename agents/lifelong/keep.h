// SPDX-License-Identifier: MIT
#pragma once
// How a player keeps what it learned in former worlds of a stream while it learns the next. One of the
// methods of methods.def, with what it remembers: bounded, told by the number of worlds and the settings, and
// saved with the training.
#include "agents/learn/ppo.h"
#include "engine/base/bytes.h"

typedef enum {
#define PARA_KEEP(id, word, about) PARA_KEEP_##id,
#include "agents/lifelong/methods.def"
#undef PARA_KEEP
    PARA_KEEP_METHODS
} ParaKeepKind;

const char *para_keep_name(ParaKeepKind kind);            ///< "finetune"
bool para_keep_find(const char *word, ParaKeepKind *out); ///< @return false: there is none of that name
const char *const *para_keep_names(void);                 ///< all of them, NULL-ended
/// Whether it holds a player for each world; else one plays all of them.
bool para_keep_is_apart(ParaKeepKind kind);

typedef struct ParaKeepDef {
    ParaKeepKind kind;
    int worlds;         ///< [1] >= 1 of the stream
    const int *same;    ///< [1] 0..worlds - 1 the first world of the same families as each  [worlds]
    float ewc_weight;   ///< [1] >= 0 of the pull of elastic weights
    float ewc_decay;    ///< [1] 0..1 what is left of old importance where new is added
    int ewc_moments;    ///< [1] >= 1 moments that importance is measured in, at the end of each world
    float clone_weight; ///< [1] >= 0 of imitating kept moments beside the loss
    int clone_moments;  ///< [1] >= 1 kept of all worlds together
    float own_share;    ///< [1] 0..1 of a world's training after which its part of the network is cut out
    uint64_t seed;      ///< [seed] of everything random in it
} ParaKeepDef;

/// How well a player does in a world [1] 0..1, on levels that are no held-out ones. @return below 0: told to
/// stop
typedef float ParaKeepScore(void *context, const ParaPolicy *player, int world);

typedef struct ParaKeep ParaKeep;
/// @param policy, ppo live as long as it: the learner of the stream
/// @return what begins with world 0, of which nothing need be told
ParaKeep *para_keep_create(const ParaKeepDef *def, ParaPolicy *policy, ParaPpo *ppo, ParaArena *arena);
/// Before each learning phase. @param progress [1] 0..1 of the world at hand, this phase included
void para_keep_before_update(ParaKeep *keep, int world, double progress);
/// What must be known to leave a world, while nothing changes yet: which former player is the best to begin
/// the next world with. Cost: plays levels, where the method holds players.
/// @param next the world that follows; that after the last: none does
/// @return false: told to stop; it may be asked again
bool para_keep_prepare(ParaKeep *keep, int world, int next, ParaKeepScore *score, void *context);
/// Whether para_keep_end will look at a rollout.
bool para_keep_wants_rollout(const ParaKeep *keep);
/// A world was learned. @param rows [1] >= 0 of the learner's rollout, played by the policy as it is
void para_keep_end(ParaKeep *keep, int world, int rows);
/// The next begins: the learner is made ready for it. @param next world of the stream, > 0
void para_keep_begin(ParaKeep *keep, int next);
/// Who plays a world, while another is learned, or the same.
/// @param world that was learned before: of several of the same families the last; or `at`
/// @param at the world at hand; what is to be prepared before it is left counts
/// @return valid until the next call of any function of `keep`; NULL: nobody does any more
const ParaPolicy *para_keep_player(ParaKeep *keep, int world, int at);
/// [byte] that what it remembers takes.
size_t para_keep_size(const ParaKeep *keep);
void para_keep_save(const ParaKeep *keep, ParaBytes *out);
/// On a fresh one of the same def, in the midst of `world`; the learner is made ready as it was.
/// @return false if the bytes make no sense
bool para_keep_load(ParaKeep *keep, int world, ParaBytesReader *in);
