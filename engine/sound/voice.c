// SPDX-License-Identifier: MIT
// The samples of one voice and of one hum.
#include "engine/sound/voice.h"

#include "engine/base/maths.h"

#include <math.h>

#define QUIET      3e-5f // [1] below this a thing has died away: 90 dB down
#define RATE       ((float)PARA_SOUND_RATE)
#define TOP        16000.0f // [Hz] nothing rings above
#define FADE_AFTER 4800     // [sample] a hum that was not told for so long ends
#define MORE_LEVEL 0.003f   // [1] of the way per sample that a level goes: some 7 ms
#define MORE_PITCH 0.002f

/// Share that is left after one sample where `seconds` leave a thousandth.
static float left_of(float seconds)
{
    return (float)para_exp(-6.907755 / ((double)seconds * PARA_SOUND_RATE));
}

/// Share of the way that a one-pole low pass goes each sample.
static float open_of(float cutoff)
{
    return (float)(1.0 - para_exp(-PARA_TAU * (double)cutoff / PARA_SOUND_RATE));
}

static void tune(ParaRinging *mode)
{
    double sine, cosine;
    para_sincos(PARA_TAU * (double)mode->frequency / PARA_SOUND_RATE, &sine, &cosine);
    mode->cos = (float)cosine * mode->left;
    mode->sin = (float)sine * mode->left;
}

ParaVoice para_voice(uint32_t seed)
{
    return (ParaVoice){.on = true, .random = seed | 1u, .attack = 1.0f, .priority = 1.0f};
}

void para_voice_ring(ParaVoice *voice, float frequency, float gain, float decay)
{
    if (voice->mode_count == PARA_SOUND_MODES_MAX || !(frequency < TOP) || !(gain > QUIET))
        return;
    ParaRinging *mode = &voice->modes[voice->mode_count++];
    *mode = (ParaRinging){.re = gain, .frequency = frequency, .left = left_of(decay)};
    tune(mode);
}

void para_voice_hiss(ParaVoice *voice, float gain, float decay, float cutoff, float bottom)
{
    voice->noise = gain;
    voice->noise_left = left_of(decay);
    voice->noise_open = open_of(fminf(cutoff, TOP));
    voice->noise_close = open_of(bottom);
}

float para_voice_level(const ParaVoice *voice)
{
    float sum = voice->noise;
    for (int i = 0; i < voice->mode_count; i++)
        sum += fabsf(voice->modes[i].re) + fabsf(voice->modes[i].im);
    return sum * fmaxf(voice->gain_left, voice->gain_right);
}

static void glide(ParaVoice *voice, int count)
{
    for (int i = 0; i < voice->mode_count; i++) {
        ParaRinging *mode = &voice->modes[i];
        mode->frequency = fminf(mode->frequency * (1.0f + voice->glide * (float)count / RATE), TOP);
        tune(mode);
    }
}

static void ring(ParaRinging *mode, float *mono, int count)
{
    float re = mode->re, im = mode->im;
    for (int i = 0; i < count; i++) {
        float next = re * mode->cos - im * mode->sin;
        im = re * mode->sin + im * mode->cos;
        re = next;
        mono[i] += im;
    }
    bool gone = fabsf(re) + fabsf(im) < QUIET;
    mode->re = gone ? 0.0f : re;
    mode->im = gone ? 0.0f : im;
}

static void hiss(ParaVoice *voice, float *mono, int count)
{
    for (int i = 0; i < count; i++) {
        voice->noise_low += voice->noise_open * (para_sound_noise(&voice->random) - voice->noise_low);
        voice->noise_lower += voice->noise_close * (voice->noise_low - voice->noise_lower);
        mono[i] += voice->noise * (voice->noise_low - voice->noise_lower);
        voice->noise *= voice->noise_left;
    }
    if (voice->noise < QUIET)
        voice->noise = 0.0f;
}

void para_voice_add(ParaVoice *voice, float *out, int count)
{
    float mono[PARA_SOUND_BLOCK] = {0};
    int from = voice->delay < count ? voice->delay : count, rest = count - from;
    voice->delay -= from;
    if (!rest)
        return;
    for (int i = 0; i < voice->mode_count; i++)
        if (voice->modes[i].re != 0.0f || voice->modes[i].im != 0.0f)
            ring(&voice->modes[i], mono, rest);
    if (voice->noise > 0.0f)
        hiss(voice, mono, rest);
    if (voice->glide != 0.0f)
        glide(voice, rest);
    for (int i = 0; i < rest; i++) {
        voice->attack = 1.0f - (1.0f - voice->attack) * voice->attack_left;
        out[2 * (from + i)] += mono[i] * voice->attack * voice->gain_left;
        out[2 * (from + i) + 1] += mono[i] * voice->attack * voice->gain_right;
    }
    voice->on = para_voice_level(voice) > QUIET;
}

// ---------------------------------------------------------------------------------------------
// Hums.

/// A sine of a phase 0..1 in two parabolas; its third harmonic is 3 %, which a motor does not mind.
static float sine_of(float phase)
{
    float x = 2.0f * phase - 1.0f;
    return 4.0f * x * (fabsf(x) - 1.0f);
}

/// Unevenness: goes to a new random place at each tick of its clock.
static float next_grain(ParaHum *hum, float pull)
{
    hum->clock += hum->rate / RATE;
    if (hum->clock >= 1.0f) {
        hum->clock -= floorf(hum->clock);
        hum->grain_wish = 0.5f + 0.5f * para_sound_noise(&hum->random);
    }
    hum->grain += pull * (hum->grain_wish - hum->grain);
    return hum->grain;
}

/// A band of noise about the hum's pitch: Chamberlin's filter, stable below a sixth of the rate.
static float band_of(ParaHum *hum, float turn, float damping)
{
    hum->low += turn * hum->band;
    float high = para_sound_noise(&hum->random) - hum->low - damping * hum->band;
    hum->band += turn * high;
    // Once more, so that its hiss does not tire the ear.
    hum->smooth += fminf(1.6f * turn, 1.0f) * (hum->band - hum->smooth);
    return 1.3f * hum->smooth;
}

static float motor_of(ParaHum *hum)
{
    hum->phase += hum->pitch * (1.0f + 0.012f * (next_grain(hum, 0.002f) - 0.5f)) / RATE;
    hum->phase -= floorf(hum->phase);
    float second = hum->phase * 2.0f, fourth = hum->phase * 4.0f;
    return 0.55f * sine_of(hum->phase) + 0.3f * sine_of(second - floorf(second)) +
           0.12f * sine_of(fourth - floorf(fourth)) + 0.02f * para_sound_noise(&hum->random);
}

static float sample_of(ParaHum *hum, float turn)
{
    switch (hum->kind) {
    case PARA_HUM_SLIDE:
        return band_of(hum, turn, 0.9f) * (0.45f + 0.8f * next_grain(hum, 0.02f));
    case PARA_HUM_ROLL:
        return 1.5f * band_of(hum, turn, 0.7f) * (0.2f + 0.9f * next_grain(hum, 0.004f));
    case PARA_HUM_MOTOR:
        return motor_of(hum);
    case PARA_HUM_THRUST:
        return 1.1f * band_of(hum, turn, 1.2f) * (0.75f + 0.4f * next_grain(hum, 0.01f));
    case PARA_HUM_WATER: {
        float wave = next_grain(hum, 0.00012f);
        return 1.6f * band_of(hum, turn, 0.8f) * wave * wave;
    }
    case PARA_HUM_KINDS:
        break;
    }
    return 0.0f;
}

static void settle_hum(ParaHum *hum)
{
    float *const states[] = {&hum->low, &hum->band, &hum->smooth, &hum->level};
    for (int i = 0; i < 4; i++)
        if (fabsf(*states[i]) < 1e-9f)
            *states[i] = 0.0f;
    hum->on = hum->level > QUIET || hum->wish > QUIET;
}

void para_hum_add(ParaHum *hum, float *out, int count)
{
    hum->silent += count;
    if (hum->silent > FADE_AFTER)
        hum->wish = 0.0f;
    float turn = 2.0f * (float)para_sin(PARA_PI * (double)fminf(hum->pitch, 7000.0f) / PARA_SOUND_RATE);
    for (int i = 0; i < count; i++) {
        hum->level += MORE_LEVEL * (hum->wish - hum->level);
        hum->pitch += MORE_PITCH * (hum->pitch_wish - hum->pitch);
        hum->gain_left += MORE_LEVEL * (hum->left_wish - hum->gain_left);
        hum->gain_right += MORE_LEVEL * (hum->right_wish - hum->gain_right);
        float sample = hum->level * sample_of(hum, turn);
        out[2 * i] += sample * hum->gain_left;
        out[2 * i + 1] += sample * hum->gain_right;
    }
    settle_hum(hum);
}
