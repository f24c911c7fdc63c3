// SPDX-License-Identifier: MIT
#pragma once
// The sound of a person's session: what each step of the game lets happen, heard from where the camera looks;
// out of the loudspeaker, into a file, or both. Without a device all goes on in silence.
#include "apps/game/game.h"
#include "engine/draw/happen.h"
#include "engine/sound/device.h"
#include "engine/sound/wav.h"

#define PARA_PLAY_SOUND_OUTS 2

typedef struct ParaPlaySound {
    ParaMixer *outs[PARA_PLAY_SOUND_OUTS]; ///< of the loudspeaker, of the file; NULL: none
    ParaSoundDevice *device;               ///< NULL: there is none
    ParaWav *wav;                          ///< NULL: none
    ParaHappenings happenings;             ///< of the last step
    int volume;                            ///< [1] 0..100
    double owed;                           ///< [sample] >= 0 that the file is behind
    bool muted, over;                      ///< the end of this level was told
} ParaPlaySound;

typedef struct ParaPlaySoundDef {
    int volume;      ///< [1] 0..100
    bool muted;      ///< begins so
    bool loud;       ///< a loudspeaker is wanted: somebody listens
    const char *out; ///< WAV file of all that is heard; NULL: none
} ParaPlaySoundDef;

/// Makes ready. No loudspeaker is no error: `out_note` says why it stays silent, once.
/// @param out_note out, NULL: nothing to tell   @return false with the reason: the file cannot be written
bool para_play_sound_open(ParaPlaySound *sound, const ParaPlaySoundDef *def, ParaArena *arena,
                          const char **out_note, const char **out_error);
/// Writes what the file still lacks and closes.  @return false with the reason
bool para_play_sound_close(ParaPlaySound *sound, ParaArena *arena, const char **out_error);
/// A level begins, or was put back to an earlier step.
void para_play_sound_begin(ParaPlaySound *sound, const ParaGame *game);
/// After each physics step.  Cost: some 1 us.
void para_play_sound_step(ParaPlaySound *sound, const ParaGame *game);
/// Once a frame: where the ear is, and `seconds` of the file.
/// @param centre [m] middle of the picture  @param half_width [m] > 0 of it  @param seconds [s] >= 0 shown
void para_play_sound_frame(ParaPlaySound *sound, ParaVec2 centre, float half_width, float seconds);
void para_play_sound_cue(ParaPlaySound *sound, ParaSoundCue cue);
/// Mutes, or no longer.  @return whether it is muted now
bool para_play_sound_mute(ParaPlaySound *sound);
