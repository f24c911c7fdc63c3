// SPDX-License-Identifier: MIT
#pragma once
// Two worlds on the same inputs: the engine's and a dream's, one of them seen and judged, the other beside
// it. The seen one is the game's own env, so that all a game does is done in what is seen; the twin does it
// again. Between decisions they may change places, either may be set to the other, and both go back in time
// together. Knows nothing of windows, nor of what dreams: a dream is a group of worlds like another
// (agents/dream/dream.h makes it). One thread.
#include "apps/game/game.h"
#include "engine/base/arena.h"

#define PARA_TWIN_CURVE 256 ///< decisions that are remembered for the curve
#define PARA_TWIN_SETS  512 ///< moments that are remembered at which both were made equal

/// How far the two are apart, in diameters of bodies, over those that move by themselves and are in both.
typedef struct ParaTwinError {
    float mean;   ///< [1] 0..1e6 diameters
    float worst;  ///< [1] 0..1e6 diameters
    float doubt;  ///< [1] 0..1e6 diameters; mean of what the dream itself thinks it may be wrong; 0: no dream
    int32_t body; ///< [1] 0..bodies - 1 the worst one; -1: there is none that counts
    int32_t apart; ///< [1] >= 0 bodies that are in play in one of them alone
} ParaTwinError;

/// What became of the bodies of a world when its solver stepped it, and nothing else.
typedef struct ParaTwinCount {
    int64_t steps;    ///< [1] >= 0 that were looked at
    int64_t lost;     ///< [1] >= 0 bodies that went out of play, or whose place was no number
    int64_t invented; ///< [1] >= 0 bodies that came into play, or that the level does not have
} ParaTwinCount;

typedef enum { PARA_TWIN_ENGINE, PARA_TWIN_DREAM, PARA_TWIN_WORLDS } ParaTwinWorld;

typedef struct ParaTwin {
    ParaWorldGroup *group; ///< of the dream
    ParaEnv env;           ///< the world beside the seen one
    ParaRewind *rewind;    ///< of that; NULL: there was no memory
    ParaPose *then, *now;  ///< [PARA_BODIES_MAX] of that, before and after the last step
    bool dreams;           ///< the dream is wished to be seen, in the next level too
    bool swapped;          ///< what is seen is the dream
    bool under_way;        ///< the one beside is in the middle of a decision
    bool swaps, forks;     ///< asked for, at the end of the decision under way
    float horizon;         ///< [s] 0..60 after which the dream is set back to the truth; 0: never
    ParaArena *arena;      ///< of this level
    float *diameters;      ///< [m] >= 0  [bodies]
    ParaTwinError error;
    int32_t curve_decision;       ///< [decision] >= 0 up to which the curve goes
    float mean[PARA_TWIN_CURVE];  ///< [1] 0..1e6 diameters; of decision d at d % PARA_TWIN_CURVE
    float worst[PARA_TWIN_CURVE]; ///< [1] 0..1e6 diameters
    int32_t set_count;            ///< [1] >= 0
    int32_t sets[PARA_TWIN_SETS]; ///< [decision] >= 0 at which both were made equal, rising  [set_count]
    bool set_back;                ///< since the last look: the dream was; whoever shows it clears this
    ParaTwinError astray;         ///< how far it was from the truth then
    ParaPose *lost_way;           ///< [PARA_BODIES_MAX] where the dream was before it was set back
    ParaTwinCount counts[PARA_TWIN_WORLDS];
    ParaTwinWorld stepping; ///< whose step is looked at
    uint8_t *before;        ///< [1] 0 or 1 [PARA_BODIES_MAX] bodies in play before the step
} ParaTwin;

#define PARA_TWIN_HORIZON     4.0f  ///< [s] at the begin
#define PARA_TWIN_HORIZON_MAX 60.0f ///< [s]

/// Puts a dream beside a game that was opened and has not begun. From then on para_game_begin,
/// para_game_step, para_game_meddle and para_game_back do what they do in both.
/// @param group of the dream, of one world or more; the twin's from now on, also where this fails
/// @return false: no memory
bool para_twin_open(ParaTwin *twin, ParaWorldGroup *group, ParaGame *game);
/// Before para_game_close.
void para_twin_close(ParaTwin *twin, ParaGame *game);

/// Where the model of a run lies: model.safetensors in its folder, else dream.safetensors here. It may not be
/// there.  @param run_folder NULL: none
const char *para_twin_model_path(const char *run_folder, ParaArena *arena);

/// The other one is seen, judged and acted in from the end of this decision on.
void para_twin_swap(ParaGame *game);
/// The other goes on from what is seen, from the end of this decision on.
/// @return false: what is seen has ended
bool para_twin_fork(ParaGame *game);
/// [s] How long the dream has gone on by itself.
float para_twin_alone(const ParaGame *game);
/// The env of one of the two.
const ParaEnv *para_twin_env(const ParaGame *game, ParaTwinWorld world);
const char *para_twin_name(ParaTwinWorld world); ///< "engine", "dream"
/// How it stands in the world that is not seen, as words: "engine: on, 42 % there". @param size [byte] >= 1
void para_twin_tell(const ParaGame *game, char *out, size_t size);
/// Whether the engine's episode can be kept as a replay: it is over, and it is the engine's alone.
bool para_twin_may_save(const ParaGame *game, const char **out_reason);

// Called by the game.

/// The seen env is the engine's again, as levels begin in it.
void para_twin_unswap(ParaGame *game);
/// A level with toys, which both are to have. @return the level itself where there is no room for any, or the
/// trained player sees by a fixed list of bodies
const ParaLevel *para_twin_level(ParaGame *game, const ParaLevel *level);
/// The level that the game has begun begins in the dream, too. @return false: the dream cannot have it
bool para_twin_begin(ParaGame *game);
void para_twin_decide(ParaGame *game, const int8_t *actions); ///< @param actions in, [A, 8]
/// A physics step of one of the two, with every body counted before and after. @return true: a decision is
/// made
bool para_twin_watch(ParaTwin *twin, ParaEnv *env, ParaTwinWorld world);
/// Of that, before and after the solver's step (ParaSeen): what differs between, the solver did.
/// @param context the twin
void para_twin_count_before(void *context, const ParaEnv *env);
void para_twin_count_after(void *context, const ParaEnv *env);
/// The step of the one beside. @param made the seen one's decision is made with this step
void para_twin_step(ParaGame *game, bool made);
/// Something happened in the seen one: it does in the other. @return false with the reason
bool para_twin_meddle(ParaGame *game, const ParaMeddle *meddle, char *why, size_t size);
void para_twin_keep(ParaGame *game); ///< a state to go back to
/// Whether both can go back to a decision.
bool para_twin_may_go_back(const ParaGame *game, int decision);
void para_twin_back(ParaGame *game, int decision); ///< the one beside goes
/// How far the two are apart as they stand.
ParaTwinError para_twin_measure(const ParaGame *game);
