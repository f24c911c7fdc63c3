// SPDX-License-Identifier: MIT
#pragma once
// From keys to action channels and commands.
#include "apps/store/preferences.h"
#include "worlds/level/level.h"

#include <SDL.h>

typedef enum {
    PARA_COMMAND_NONE,
    PARA_COMMAND_HELP,
    PARA_COMMAND_SAVE,
    PARA_COMMAND_RESTART,
    PARA_COMMAND_NEXT,
    PARA_COMMAND_PAUSE,
    PARA_COMMAND_SLOW,
    PARA_COMMAND_OVERLAY,
    PARA_COMMAND_BACK,
    PARA_COMMAND_STEP,
    PARA_COMMAND_MEDDLE,
    PARA_COMMAND_HAND_OVER,
    PARA_COMMAND_MUTE,
    PARA_COMMAND_FILM,
    PARA_COMMAND_PHOTO,
    PARA_COMMAND_QUIT,
    PARA_COMMAND_COUNT
} ParaCommandKey;

#define PARA_KEY_WAYS 2 ///< keys that mean the same: an arrow and its letter

typedef struct ParaKeys {
    SDL_Keycode codes[PARA_CHANNELS][2][PARA_KEY_WAYS]; ///< [channel, positive or negative, way] 0: none
    bool down[PARA_CHANNELS][2][PARA_KEY_WAYS];
    uint32_t jump_bits;            ///< [bits] channels that jump: a press counts, not what is held
    bool tapped[PARA_CHANNELS][2]; ///< pressed since the last decision, even if let go again
    SDL_Keycode asked[PARA_CHANNELS]
                     [2];               ///< what the level, or the default, has in place of a person's choice
    const ParaPreferences *preferences; ///< whose choice of keys; NULL: nobody chose
} ParaKeys;

/// Keys of the level; channels without any get arrows, space and letters. A, D, W, S stand in for the arrows
/// where free.
ParaKeys para_keys_of(const ParaLevel *level);
/// The same with the keys that a person chose: for "steer:Left" in place of what the level calls left, and in
/// place of the letters of commands. @param preferences must stay; NULL: nobody chose
ParaKeys para_keys_chosen(const ParaLevel *level, const ParaPreferences *preferences);
/// The keys of one of several players, who sits at the keyboard alone.  @param player 0..player_count - 1
ParaKeys para_keys_of_player(const ParaLevel *level, int player, const ParaPreferences *preferences);
/// A second set of keys for another player, of a second person: A, D, W, S for what the level calls arrows
/// and left Shift for space, which the first person's keys give up; other letters where a channel asks for
/// more.
/// @param first in-out, the other person's
ParaKeys para_keys_second(const ParaLevel *level, int player, ParaKeys *first);
/// The keys that are held down stay so for another level, as far as they mean something there.
void para_keys_hold_on(ParaKeys *keys, const ParaKeys *before);
/// Whether a key of the level is held down.
bool para_keys_held(const ParaKeys *keys);
/// Whether a key moves the player.
bool para_keys_uses(const ParaKeys *keys, SDL_Keycode code);
/// When a key is pressed.
typedef enum {
    PARA_KEYS_ON,    ///< the game goes on: a tap is kept for the next decision
    PARA_KEYS_OVER,  ///< it has ended: only what is held is followed
    PARA_KEYS_PAUSED ///< the same, but a press that jumps is none: it would be one when the pause ends
} ParaKeysMoment;
/// Takes a key event. @return true if the key moves the player
bool para_keys_event(ParaKeys *keys, SDL_Keycode code, bool down, ParaKeysMoment moment);
/// What the keys say now. out [8] -1, 0, 1
void para_keys_read(const ParaKeys *keys, int8_t *out_action);
/// Forgets taps; call when a decision has read them.
void para_keys_taken(ParaKeys *keys);
/// The command of a key. Function keys always work; letters only where they do not move the player.
ParaCommandKey para_keys_command(const ParaKeys *keys, SDL_Keycode code);
/// "R or F5", for the help. Writes into out [size].
void para_keys_command_names(const ParaKeys *keys, ParaCommandKey command, char *out, size_t size);
const char *para_keys_command_about(ParaCommandKey command);
/// What a person's choice of its key is kept under: "restart".
const char *para_keys_command_word(ParaCommandKey command);
/// The key that the command has without a level, as one reads it: the chosen one, else its letter, else its
/// own.
SDL_Keycode para_keys_command_code(const ParaPreferences *preferences, ParaCommandKey command);
/// "Left / Right", for the help. Writes into out [size].
void para_keys_channel_names(const ParaKeys *keys, int channel, char *out, size_t size);
