// SPDX-License-Identifier: MIT
#pragma once
// What makes the samples: voices, which are struck and die away, and hums, which go on while something does.
// Mono; the mixer places them. No heap, no libm in the samples, no denormals: what has died away is set to 0.
// Private to engine/sound.
#include "engine/sound/book.h"

#include <stdint.h>

#define PARA_SOUND_BLOCK 64 ///< samples that are made at once; parameters change between

/// One damped sine as a turning arrow that shrinks.
typedef struct ParaRinging {
    float re, im;    ///< [1] any finite; the sample is im
    float cos, sin;  ///< [1] of a sample's turn, times its share that is left
    float frequency; ///< [Hz] > 0
    float left;      ///< [1] 0..1 share that is left after a sample
} ParaRinging;

/// A blow, a drop, a note: struck once.
typedef struct ParaVoice {
    bool on;
    int delay; ///< [sample] >= 0 until it begins
    int mode_count;
    ParaRinging modes[PARA_SOUND_MODES_MAX];
    float attack, attack_left;     ///< [1] 0..1 share that is there; share of what is missing that stays
    float glide;                   ///< [1/s] share by which the pitch rises; bubbles
    float noise, noise_left;       ///< [1] >= 0 level now; share that is left after a sample
    float noise_open, noise_close; ///< [1] 0..1 of its low pass; of the high pass behind it
    float noise_low, noise_lower;  ///< [1] states of the two
    uint32_t random;               ///< [bits] not 0
    float gain_left, gain_right;   ///< [1] 0..2
    float priority;                ///< [1] > 0 times how loud it is: who is least goes first
} ParaVoice;

/// A voice that has begun with nothing: neither rings nor hisses yet.
ParaVoice para_voice(uint32_t seed);
/// One more mode. Beyond PARA_SOUND_MODES_MAX, or above 16 kHz: none.
/// @param frequency [Hz] > 0  @param gain [1] >= 0  @param decay [s] > 0 until a thousandth
void para_voice_ring(ParaVoice *voice, float frequency, float gain, float decay);
/// Its noise.  @param cutoff [Hz] of the low pass  @param bottom [Hz] of the high pass
void para_voice_hiss(ParaVoice *voice, float gain, float decay, float cutoff, float bottom);
/// How loud it is still to be [1] >= 0.
float para_voice_level(const ParaVoice *voice);
/// Adds `count` <= PARA_SOUND_BLOCK samples to out [2 * count], left and right; switches it off at its end.
void para_voice_add(ParaVoice *voice, float *out, int count);

typedef enum {
    PARA_HUM_SLIDE,
    PARA_HUM_ROLL,
    PARA_HUM_MOTOR,
    PARA_HUM_THRUST,
    PARA_HUM_WATER,
    PARA_HUM_KINDS
} ParaHumKind;

/// What goes on: told anew each step, else it fades.
typedef struct ParaHum {
    bool on;
    ParaHumKind kind;
    uint64_t key;                   ///< [bits] who hums
    float wish, pitch_wish;         ///< [1] >= 0 level, [Hz] > 0, as last told
    float level, pitch;             ///< [1], [Hz] now
    float rate;                     ///< [Hz] >= 0 of its unevenness: grains of a rub, bumps of a roll
    float left_wish, right_wish;    ///< [1] 0..2
    float gain_left, gain_right;    ///< [1] 0..2 now
    int silent;                     ///< [sample] >= 0 since it was told
    float low, band, smooth, phase; ///< [1] states
    float grain, grain_wish, clock; ///< [1] states of the unevenness
    uint32_t random;                ///< [bits] not 0
} ParaHum;

/// Adds `count` <= PARA_SOUND_BLOCK samples to out [2 * count]; switches it off when it has faded.
void para_hum_add(ParaHum *hum, float *out, int count);

/// Next of a cheap stream: -1..1.
static inline float para_sound_noise(uint32_t *random)
{
    *random ^= *random << 13; // Marsaglia's xorshift; its state is never 0
    *random ^= *random >> 17;
    *random ^= *random << 5;
    return (float)(int32_t)*random * (1.0f / 2147483648.0f);
}
