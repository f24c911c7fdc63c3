// SPDX-License-Identifier: MIT
#pragma once
// What players say to each other. A voice is an actuator that moves nothing: the action in force on its
// channel is the symbol that is said, for as long as the decision lasts. So what was said is in every record
// of actions, and is copied, rewound and played again with them.
#include "worlds/rules/play.h"

#define PARA_VOICE_LEAST (1.0f / 3) ///< [1] an action as far from 0 says a symbol; nearer it is silence
#define PARA_VOICES_MAX  2          ///< voices of a player that others hear, the first of its actuators
#define PARA_VOICE_WORDS 9          ///< things that can be said with them: each says one of three

/// The voices of a player, in the order of its actuators.
typedef struct ParaVoices {
    int count;                                     ///< [1] 0..PARA_VOICES_MAX
    const ParaActuator *actuator[PARA_VOICES_MAX]; ///< [count]
} ParaVoices;

/// @param player 0..player_count - 1   Cost: O(actuators)
ParaVoices para_voices_of(const ParaLevel *level, int player);
/// Has anybody in the level a voice that another may hear?
bool para_voice_in(const ParaLevel *level);
/// What a player said with a voice in the last decision: the action in force, times its sign, as a symbol.
/// One that has ended, or whose body is out of the world, says nothing.
/// @param view of the world in play   @return [1] -1, 0 or 1; 0 is silence
int para_voice_said(const ParaPlay *play, const ParaView *view, int player, const ParaActuator *voice);
/// Does a listener's main body hear what a speaker says with a voice, where the two are now?
/// @param speaker, listener 0..player_count - 1; nobody hears itself
bool para_voice_reaches(const ParaLevel *level, const ParaView *view, int speaker, const ParaActuator *voice,
                        int listener);
/// What is said with all of a player's voices as one number. @param symbols [count] each -1, 0 or 1
/// @return [1] 0..3^count - 1; 0: silence
int para_voice_word(const int *symbols, int count);
