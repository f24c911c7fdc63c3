// SPDX-License-Identifier: MIT
#pragma once
// One person's session: a template, the level in play, who acts, and the record of the episode. Knows
// nothing of windows and keys.
#include "agents/env/env.h"
#include "agents/player/player.h"
#include "engine/draw/scene.h"

typedef struct ParaGame {
    ParaArena *program; ///< template, policy, message texts
    const ParaTemplate *family;
    double set[PARA_PARAMS_MAX]; ///< [1] any, in the units of the parameters: values given by hand, NaN where
                                 ///< not
    uint64_t seed;               ///< [seed] of the level in play
    ParaWorldGroup *group;
    ParaEnv env;          ///< the level in play and its record
    const char *note;     ///< to be told though it opened, or NULL: templates that changed
    char refused[128];    ///< why the solver did not take a level, or empty
    ParaPolicy *policy;   ///< NULL: no trained player
    const char *stranger; ///< why the trained player may not play this family, NULL: it may
    ParaForward *forward;
    float *observation; ///< [1] -10..10 what the trained player sees  [obs.size]
    ParaRng rng;        ///< the policy's draws
    bool trained;       ///< the trained player acts
    bool person_acted, trained_acted;
    char who[32];         ///< for the record
    ParaPose *then, *now; ///< [PARA_BODIES_MAX] before and after the last step
} ParaGame;

typedef struct ParaGameDef {
    const char *name;            ///< a family or file; NULL: the first family of the run
    const char *run_folder;      ///< whose trained player is there; NULL: none
    ParaTemplatesFrom templates; ///< of the run's families
    ParaSolverKind solver;       ///< worlds run on it
    const char *const *settings; ///< "name=value"  [setting_count]
    int setting_count;           ///< [1] >= 0
} ParaGameDef;

/// Loads family or file, and the trained player if there is a run. `note` says what should be told then.
/// @return false with a text of one or more lines
bool para_game_open(ParaGame *game, const ParaGameDef *def, const char **out_error);
void para_game_close(ParaGame *game);
/// Begins an episode on (family, seed); a seed without a sensible level is passed over for the next.
/// @return false if 64 seeds in a row have none; game->refused then says what the solver had against the last
bool para_game_begin(ParaGame *game, uint64_t seed);
/// One physics step. `wish` is what the person's keys say; it counts at the start of a decision only.
/// @return true if this step began a decision: `wish` was read
bool para_game_step(ParaGame *game, const int8_t *wish);
bool para_game_over(const ParaGame *game);
/// Hands control over or back. @return false if there is no trained player, or not one for this family
bool para_game_hand_over(ParaGame *game, const char **out_reason);
/// Writes the finished episode. @return false with the reason
bool para_game_save(ParaGame *game, const char *path, const char **out_error);
float para_game_seconds(const ParaGame *game); ///< [s] since the level began
