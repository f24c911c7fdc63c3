// SPDX-License-Identifier: MIT
// From what happens to what is heard: blows by the materials of both, rubbing, motors, thrusters, water.
#include "engine/sound/mixer_parts.h"

#include "engine/base/maths.h"

#include <math.h>

#define BLOWS_MAX    6
#define RUBS_MAX     4
#define SPLASHES_MAX 4
#define BREAKS_MAX   4
#define DRIVES_MAX   4
#define THRUSTS_MAX  4
#define AGAIN_AFTER  2400   // [sample] two bodies may be heard again
#define AGAIN_LOUDER 1.6f   // [1] or when so much louder
#define SIZE_LEAST   0.06f  // [m] smaller bodies ring no higher
#define SIZE_MOST    2.5f   // [m] larger ones no lower: the ground is no bell
#define BLOW_SPEED   7.0f   // [m/s] a blow of this speed is loud
#define BLOW_MASS    4.0f   // [kg] of this mass, too
#define FAINTEST     0.004f // [1] of a blow that is heard

/// Somewhere between: each piece differs a little.
static float between(ParaMixer *mixer, float low, float high)
{
    return (float)para_rng_range(&mixer->rng, (double)low, (double)high);
}

static ParaVoice begin_voice(ParaMixer *mixer, ParaVec2 at)
{
    ParaVoice voice = para_voice((uint32_t)para_rng_u64(&mixer->rng));
    para_mixer_place(mixer, at, &voice.gain_left, &voice.gain_right);
    return voice;
}

/// Larger things ring lower: as the root, so that neither whistles nor rumbles alone are left.
static float pitch_of(const ParaSoundMaterial *material, float size)
{
    return material->pitch * sqrtf(0.5f / para_clampf(size, SIZE_LEAST, SIZE_MOST));
}

/// Rings one material. @param hardness [1] 0..1 of the blow: a soft one does not wake the high modes
static void ring_material(ParaMixer *mixer, ParaVec2 at, const ParaSoundMaterial *material, float pitch,
                          float level, float hardness, int delay)
{
    ParaVoice voice = begin_voice(mixer, at);
    float top = 250.0f + 11000.0f * hardness * hardness;
    for (int m = 0; m < material->mode_count; m++) {
        const ParaSoundMode *mode = &material->modes[m];
        float frequency = pitch * mode->ratio * between(mixer, 0.985f, 1.015f);
        float woken = 1.0f / (1.0f + (frequency / top) * (frequency / top));
        para_voice_ring(&voice, frequency, level * mode->gain * woken * between(mixer, 0.8f, 1.0f),
                        mode->decay * between(mixer, 0.85f, 1.1f));
    }
    para_voice_hiss(&voice, level * material->click_gain, material->click_decay,
                    fminf(material->click_cutoff, top), 60.0f);
    voice.delay = delay;
    voice.attack = 0.0f;
    voice.attack_left = (float)para_exp(-1.0 / (2.0 + 90.0 * (1.0 - (double)hardness)));
    para_mixer_add(mixer, &voice);
}

/// How loud a blow is [1] 0..1.2: more for more speed, and for more mass.
static float blow_level(float impulse, float speed)
{
    float mass = impulse / fmaxf(speed, 1e-3f), fast = fminf(speed / BLOW_SPEED, 2.0f);
    return 0.75f * (float)para_pow((double)fast, 0.9) * (0.35f + mass / (mass + BLOW_MASS));
}

void para_mixer_strike(ParaMixer *mixer, ParaVec2 at, float impulse, float speed, ParaSurface a, float size_a,
                       ParaSurface b, float size_b)
{
    const ParaSoundMaterial *of_a = &mixer->book->materials[a], *of_b = &mixer->book->materials[b];
    float level = blow_level(impulse, speed);
    if (!(level > FAINTEST))
        return;
    // The softer of two sets how hard the blow is; a harder throw is brighter.
    float hardness = fminf(of_a->hardness, of_b->hardness);
    hardness = para_clampf(hardness * 0.75f + 0.25f * fmaxf(of_a->hardness, of_b->hardness), 0.0f, 1.0f);
    hardness *= 0.6f + 0.4f * fminf(speed / BLOW_SPEED, 1.0f);
    ring_material(mixer, at, of_a, pitch_of(of_a, size_a), level * of_a->level, hardness, 0);
    if (a != b)
        ring_material(mixer, at, of_b, pitch_of(of_b, size_b), level * of_b->level * 0.8f, hardness, 0);
}

void para_mixer_shatter(ParaMixer *mixer, ParaVec2 at, ParaSurface look, float size)
{
    const ParaSoundMaterial *material = &mixer->book->materials[look];
    float pitch = pitch_of(material, size), level = 0.4f + 0.3f * fminf(size, 1.5f);
    ring_material(mixer, at, material, pitch, level * material->level, material->hardness, 0);
    for (int i = 0; i < (int)material->pieces; i++) {
        float late = between(mixer, 0.0f, 1.0f);
        ring_material(mixer, at, material, pitch * material->piece_pitch * between(mixer, 0.7f, 2.0f),
                      level * material->level * between(mixer, 0.15f, 0.5f) * (1.0f - 0.6f * late),
                      material->hardness, (int)(late * late * material->piece_spread * PARA_SOUND_RATE));
    }
}

/// Air under water rings as Minnaert found: pitch by its size, and rises as it comes up.
static void add_bubbles(ParaMixer *mixer, ParaVec2 at, float speed, float size)
{
    const ParaSoundHum *recipe = &mixer->book->bubble;
    int count = (int)para_clampf(3.0f + speed * (0.6f + size), 3.0f, recipe->full);
    for (int i = 0; i < count; i++) {
        ParaVoice voice = begin_voice(mixer, at);
        float small = between(mixer, 0.0f, 1.0f);
        float pitch = (float)para_pow((double)(recipe->high / recipe->low), (double)small) * recipe->low /
                      sqrtf(para_clampf(2.0f * size, 0.5f, 4.0f));
        para_voice_ring(&voice, pitch, recipe->gain * between(mixer, 0.2f, 1.0f) * fminf(speed / 6.0f, 1.0f),
                        0.05f + 0.09f * (1.0f - small));
        voice.glide = between(mixer, 2.0f, 7.0f);
        voice.delay = (int)(between(mixer, 0.03f, 0.25f + 0.04f * speed) * PARA_SOUND_RATE);
        voice.attack = 0.0f;
        voice.attack_left = 0.99f;
        voice.priority = 0.5f;
        para_mixer_add(mixer, &voice);
    }
}

void para_mixer_splash(ParaMixer *mixer, ParaVec2 at, float speed, float size, bool enters)
{
    const ParaSoundHum *recipe = &mixer->book->splash;
    float share = fminf(speed / recipe->full, 1.0f), big = para_clampf(size, 0.1f, 2.0f);
    for (int i = 0; i < 2; i++) { // the slap, and the water that falls back
        ParaVoice voice = begin_voice(mixer, at);
        float level =
            recipe->gain * share * (enters ? 1.0f : 0.35f) * (0.35f + 0.65f * big) * (i ? 0.4f : 1.0f);
        para_voice_hiss(&voice, level, (i ? 0.7f : 0.28f) * (0.6f + 0.6f * big),
                        recipe->low + (recipe->high - recipe->low) * share * (i ? 1.4f : 0.7f),
                        i ? 700.0f : 140.0f);
        voice.delay = i ? (int)(0.09f * PARA_SOUND_RATE) : 0;
        voice.attack = 0.0f;
        voice.attack_left = i ? 0.9997f : 0.99f;
        para_mixer_add(mixer, &voice);
    }
    if (enters)
        add_bubbles(mixer, at, speed, big);
}

// ---------------------------------------------------------------------------------------------
// All of a step.

static uint64_t key_of(int a, int b) { return (uint64_t)(uint32_t)a << 32 | (uint32_t)b; }

/// Whether two bodies may be heard now: what bounces in a hurry is one sound.
static bool may_sound(ParaMixer *mixer, int a, int b, float level)
{
    uint64_t key = key_of(a, b) + 1, at = para_seed_mix(key, 1) % PARA_SOUND_PAIRS;
    bool lately = mixer->pairs[at].key == key && mixer->time - mixer->pairs[at].time < AGAIN_AFTER;
    if (lately && level < AGAIN_LOUDER * mixer->pairs[at].level)
        return false;
    mixer->pairs[at].key = key;
    mixer->pairs[at].time = mixer->time;
    mixer->pairs[at].level = level;
    return true;
}

static void hear_blows(ParaMixer *mixer, const ParaHappenings *h)
{
    int heard = 0;
    for (int i = 0; i < h->impact_count && heard < BLOWS_MAX; i++) {
        const ParaImpact *it = &h->impacts[i];
        if (!may_sound(mixer, it->a, it->b, blow_level(it->strength, it->speed)))
            continue;
        para_mixer_strike(mixer, it->point, it->strength, it->speed, (ParaSurface)it->look,
                          h->before.radius[it->a], (ParaSurface)it->other, h->before.radius[it->b]);
        heard++;
    }
}

static void hear_rubs(ParaMixer *mixer, const ParaHappenings *h)
{
    for (int i = 0; i < h->rub_count && i < RUBS_MAX; i++) {
        const ParaRub *it = &h->rubs[i];
        const ParaSoundMaterial *a = &mixer->book->materials[it->look],
                                *b = &mixer->book->materials[it->other];
        float press = it->press / (it->press + 60.0f), fast = fminf(it->slide / 6.0f, 1.0f);
        float size = fminf(h->before.radius[it->a], h->before.radius[it->b]);
        float low = 0.5f * (a->rub_low + b->rub_low), high = 0.5f * (a->rub_high + b->rub_high);
        if (it->slide > 0.3f)
            para_mixer_hum(mixer, PARA_HUM_SLIDE, key_of(it->a, it->b), it->point,
                           0.32f * 0.5f * (a->rub_gain + b->rub_gain) * press * sqrtf(fast),
                           low + (high - low) * fast, 25.0f + 60.0f * fast);
        const ParaSoundHum *roll = &mixer->book->roll;
        float turning = fminf(it->roll / roll->full, 1.0f);
        if (it->roll > 0.3f)
            para_mixer_hum(mixer, PARA_HUM_ROLL, key_of(it->a, it->b), it->point,
                           roll->gain * press * sqrtf(turning),
                           (roll->low + (roll->high - roll->low) * turning) /
                               sqrtf(para_clampf(2.0f * size, 0.4f, 3.0f)),
                           it->roll / para_clampf(size, 0.15f, 2.0f));
    }
}

static void hear_pushes(ParaMixer *mixer, const ParaHappenings *h)
{
    const ParaSoundHum *motor = &mixer->book->motor, *thruster = &mixer->book->thruster;
    for (int i = 0, heard = 0; i < h->drive_count && heard < DRIVES_MAX; i++) {
        const ParaDrive *it = &h->drives[i];
        float fast = fminf(fabsf(it->speed) / motor->full, 1.0f), load = it->load / (it->load + 80.0f);
        if (!it->on || (fast < 0.02f && fabsf(it->wish) < 0.05f))
            continue;
        heard++;
        para_mixer_hum(mixer, PARA_HUM_MOTOR, (uint64_t)it->joint, it->point,
                       motor->gain * (0.25f + 0.75f * load) * (0.3f + 0.7f * fast),
                       (motor->low + (motor->high - motor->low) * fast) *
                           (1.0f + 0.013f * (float)(it->joint % 5)),
                       9.0f);
    }
    for (int i = 0; i < h->thrust_count && i < THRUSTS_MAX; i++) {
        const ParaThrust *it = &h->thrusts[i];
        float dull = it->wet ? 0.35f : 1.0f; // water takes the heights, and gives bubbles
        para_mixer_hum(mixer, PARA_HUM_THRUST, (uint64_t)it->thruster, it->point,
                       thruster->gain * sqrtf(it->power) * (it->wet ? 0.6f : 1.0f),
                       dull * (thruster->low + (thruster->high - thruster->low) * it->power), 30.0f);
        if (it->wet && between(mixer, 0.0f, 1.0f) < 0.05f * it->power)
            add_bubbles(mixer, it->point, 2.0f * it->power, 0.3f);
    }
}

static void hear_water(ParaMixer *mixer, const ParaHappenings *h)
{
    for (int i = 0; i < h->splash_count && i < SPLASHES_MAX; i++) {
        const ParaSplash *it = &h->splashes[i];
        if (may_sound(mixer, it->body, -1 - it->zone, it->speed * it->radius))
            para_mixer_splash(mixer, it->point, it->speed, it->radius, it->enters);
    }
    const ParaSoundHum *water = &mixer->book->water;
    uint32_t wet = 0;
    for (int i = 0; i < PARA_BODIES_MAX; i++)
        wet |= h->before.wet[i];
    if (wet) // something lies in it: it laps
        para_mixer_hum(mixer, PARA_HUM_WATER, 0, mixer->ear, water->gain, 0.5f * (water->low + water->high),
                       water->full);
}

static bool is_taken(const uint8_t *taken, int body)
{
    return taken && body >= 0 && taken[body / 8] >> (body % 8) & 1;
}

void para_mixer_happen(ParaMixer *mixer, const ParaHappenings *h, const uint8_t *taken)
{
    hear_blows(mixer, h);
    hear_rubs(mixer, h);
    hear_pushes(mixer, h);
    hear_water(mixer, h);
    for (int i = 0; i < h->break_count && i < BREAKS_MAX; i++) {
        const ParaBreak *it = &h->breaks[i];
        if (is_taken(taken, it->body))
            para_mixer_cue(mixer, PARA_CUE_COLLECT);
        else
            para_mixer_shatter(mixer, it->point, (ParaSurface)it->look, it->strength);
    }
}
