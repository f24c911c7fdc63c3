// SPDX-License-Identifier: MIT
#pragma once
// What a mixer is made of. Private to engine/sound.
#include "engine/base/rng.h"
#include "engine/sound/mixer.h"
#include "engine/sound/voice.h"

#define PARA_SOUND_PAIRS 64 ///< of two bodies that struck lately

struct ParaMixer {
    const ParaSoundBook *book;
    ParaRng rng;
    ParaVoice voices[PARA_SOUND_VOICES_MAX];
    ParaHum hums[PARA_SOUND_HUMS_MAX];
    struct {
        uint64_t key, time; ///< [bits] of the two; [sample] when
        float level;        ///< [1] >= 0
    } pairs[PARA_SOUND_PAIRS];
    uint64_t time;             ///< [sample] >= 0 rendered so far
    ParaVec2 ear;              ///< [m]
    float ear_width;           ///< [m] > 0
    float volume, volume_wish; ///< [1] 0..1
    float slow[2];             ///< [1] what of each side is taken away as no sound: its mean
    float peak, room;          ///< [1] of the limiter: loudest of late, gain now
};

/// Where a place is heard: gains [1] 0..1 of the two sides.
void para_mixer_place(const ParaMixer *mixer, ParaVec2 at, float *out_left, float *out_right);
/// Takes a voice in; where all are taken, in place of the faintest, if that is fainter.
void para_mixer_add(ParaMixer *mixer, const ParaVoice *voice);
/// Tells that something goes on. @param level [1] >= 0  @param pitch [Hz] > 0  @param rate [Hz] >= 0
void para_mixer_hum(ParaMixer *mixer, ParaHumKind kind, uint64_t key, ParaVec2 at, float level, float pitch,
                    float rate);
