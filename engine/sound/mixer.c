// SPDX-License-Identifier: MIT
// Voices, hums and the way out: volume, the mean taken away, the limiter.
#include "engine/sound/mixer_parts.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define SIDE        0.75f    // [1] 0..1 how far to a side the border of the picture is heard
#define MEAN_PULL   0.0006f  // [1] per sample: what is slower than 5 Hz is taken away
#define ROOM_PEAK   0.85f    // [1] the limiter keeps below
#define ROOM_LEFT   0.99992f // [1] of the peak per sample: back within a third of a second
#define ROOM_PULL   0.02f    // [1] per sample: down within a millisecond
#define VOLUME_PULL 0.0008f  // [1] per sample
#define SILENCE     1e-5f    // [1] of volume: none

ParaMixer *para_mixer_create(const ParaSoundBook *book, uint64_t seed, ParaArena *arena)
{
    ParaMixer *mixer = PARA_NEW(arena, ParaMixer, 1);
    mixer->book = book;
    mixer->rng = para_rng_make(seed, "sound");
    mixer->ear_width = 10.0f;
    mixer->volume = mixer->volume_wish = 1.0f;
    mixer->room = 1.0f;
    return mixer;
}

void para_mixer_still(ParaMixer *mixer)
{
    for (int i = 0; i < PARA_SOUND_HUMS_MAX; i++)
        mixer->hums[i].wish = 0.0f;
}

void para_mixer_listen(ParaMixer *mixer, ParaVec2 centre, float half_width)
{
    PARA_ASSERT(half_width > 0.0f);
    mixer->ear = centre;
    mixer->ear_width = half_width;
}

void para_mixer_volume(ParaMixer *mixer, float volume)
{
    mixer->volume_wish = para_clampf(volume, 0.0f, 1.0f);
}

void para_mixer_place(const ParaMixer *mixer, ParaVec2 at, float *out_left, float *out_right)
{
    float x = (at.x - mixer->ear.x) / mixer->ear_width, y = (at.y - mixer->ear.y) / mixer->ear_width;
    float beyond = fmaxf(fmaxf(fabsf(x), fabsf(y)) - 1.0f, 0.0f);
    float gain = 1.0f / (1.0f + 3.0f * beyond + 3.0f * beyond * beyond);
    float side = SIDE * para_clampf(x, -1.0f, 1.0f);
    *out_left = gain * sqrtf(1.0f - side) * 0.75f; // the same power wherever it is
    *out_right = gain * sqrtf(1.0f + side) * 0.75f;
}

void para_mixer_add(ParaMixer *mixer, const ParaVoice *voice)
{
    ParaVoice *least = NULL;
    float level = para_voice_level(voice) * voice->priority;
    for (int i = 0; i < PARA_SOUND_VOICES_MAX; i++) {
        ParaVoice *other = &mixer->voices[i];
        if (!other->on) {
            *other = *voice;
            return;
        }
        float its = para_voice_level(other) * other->priority;
        if (its < level) {
            level = its;
            least = other;
        }
    }
    if (least)
        *least = *voice;
}

static ParaHum *find_hum(ParaMixer *mixer, ParaHumKind kind, uint64_t key, float level)
{
    ParaHum *free = NULL;
    for (int i = 0; i < PARA_SOUND_HUMS_MAX; i++) {
        ParaHum *hum = &mixer->hums[i];
        if (hum->on && hum->kind == kind && hum->key == key)
            return hum;
        if (!hum->on)
            free = free ? free : hum;
    }
    if (free && level > 0.0f)
        *free = (ParaHum){.on = true,
                          .kind = kind,
                          .key = key,
                          .random = (uint32_t)para_rng_u64(&mixer->rng) | 1u,
                          .grain = 0.5f,
                          .grain_wish = 0.5f};
    return level > 0.0f ? free : NULL;
}

void para_mixer_hum(ParaMixer *mixer, ParaHumKind kind, uint64_t key, ParaVec2 at, float level, float pitch,
                    float rate)
{
    ParaHum *hum = find_hum(mixer, kind, key, level);
    if (!hum)
        return;
    hum->wish = level;
    hum->pitch_wish = pitch;
    hum->rate = rate;
    hum->silent = 0;
    para_mixer_place(mixer, at, &hum->left_wish, &hum->right_wish);
    if (!(hum->level > 0.0f)) { // it begins where it is
        hum->pitch = pitch;
        hum->gain_left = hum->left_wish;
        hum->gain_right = hum->right_wish;
    }
}

void para_mixer_cue(ParaMixer *mixer, ParaSoundCue cue)
{
    PARA_ASSERT(cue >= 0 && cue < PARA_CUE_COUNT);
    const ParaSoundCueRecipe *recipe = &mixer->book->cues[cue];
    for (int n = 0; n < recipe->note_count; n++) {
        ParaVoice voice = para_voice((uint32_t)para_rng_u64(&mixer->rng));
        double pitch = 440.0 * para_pow(2.0, ((double)recipe->notes[n].pitch - 69.0) / 12.0);
        for (int m = 0; m < recipe->mode_count; m++)
            para_voice_ring(&voice, (float)pitch * recipe->modes[m].ratio,
                            recipe->notes[n].gain * recipe->modes[m].gain, recipe->modes[m].decay);
        voice.delay = (int)(recipe->notes[n].at * PARA_SOUND_RATE);
        voice.attack = 0.0f;
        voice.attack_left = (float)para_exp(-4.0 / (1.0 + (double)recipe->attack * PARA_SOUND_RATE));
        voice.gain_left = voice.gain_right = 0.75f;
        voice.priority = 8.0f; // a signal is not lost in the din
        para_mixer_add(mixer, &voice);
    }
}

int para_mixer_voices(const ParaMixer *mixer)
{
    int count = 0;
    for (int i = 0; i < PARA_SOUND_VOICES_MAX; i++)
        count += mixer->voices[i].on;
    for (int i = 0; i < PARA_SOUND_HUMS_MAX; i++)
        count += mixer->hums[i].on;
    return count;
}

// ---------------------------------------------------------------------------------------------
// The way out.

/// Bends what is still too loud; reaches 1 with a flat end at 3, and is straight near 0.
static float bend(float x)
{
    x = para_clampf(x, -3.0f, 3.0f);
    return x * (27.0f + x * x) / (27.0f + 9.0f * x * x);
}

/// The limiter turns all down while it is loud, so that little is left to bend.
static void go_out(ParaMixer *mixer, float *out, int count)
{
    for (int i = 0; i < count; i++) {
        mixer->volume += VOLUME_PULL * (mixer->volume_wish - mixer->volume);
        float side[2];
        for (int k = 0; k < 2; k++) {
            float sample = out[2 * i + k] * mixer->volume;
            mixer->slow[k] += MEAN_PULL * (sample - mixer->slow[k]);
            side[k] = sample - mixer->slow[k];
        }
        mixer->peak = fmaxf(mixer->peak * ROOM_LEFT, fmaxf(fabsf(side[0]), fabsf(side[1])));
        float room = mixer->peak > ROOM_PEAK ? ROOM_PEAK / mixer->peak : 1.0f;
        mixer->room += ROOM_PULL * (room - mixer->room);
        out[2 * i] = bend(side[0] * mixer->room);
        out[2 * i + 1] = bend(side[1] * mixer->room);
    }
}

static void fall_silent(ParaMixer *mixer, float *out, int count)
{
    memset(out, 0, sizeof *out * 2 * (size_t)count);
    mixer->volume = mixer->volume_wish;
    mixer->slow[0] = mixer->slow[1] = mixer->peak = 0.0f;
}

static void settle(ParaMixer *mixer)
{
    for (int k = 0; k < 2; k++)
        if (fabsf(mixer->slow[k]) < 1e-9f)
            mixer->slow[k] = 0.0f;
    if (mixer->peak < 1e-9f)
        mixer->peak = 0.0f;
}

static void render_block(ParaMixer *mixer, float *out, int count)
{
    memset(out, 0, sizeof *out * 2 * (size_t)count);
    for (int i = 0; i < PARA_SOUND_VOICES_MAX; i++)
        if (mixer->voices[i].on)
            para_voice_add(&mixer->voices[i], out, count);
    for (int i = 0; i < PARA_SOUND_HUMS_MAX; i++)
        if (mixer->hums[i].on)
            para_hum_add(&mixer->hums[i], out, count);
    if (mixer->volume_wish < SILENCE && mixer->volume < SILENCE * 10.0f)
        fall_silent(mixer, out, count);
    else
        go_out(mixer, out, count);
    settle(mixer);
    mixer->time += (uint64_t)count;
}

void para_mixer_render(ParaMixer *mixer, float *out, int frames)
{
    PARA_ASSERT(frames >= 0);
    for (int count; frames > 0; frames -= count, out += 2 * count) {
        count = frames < PARA_SOUND_BLOCK ? frames : PARA_SOUND_BLOCK;
        render_block(mixer, out, count);
    }
}
