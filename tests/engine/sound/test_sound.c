// SPDX-License-Identifier: MIT
// Sound measured: how bright and how long each material rings, louder for harder blows, never beyond 1, no
// mean, silence where there is none to hear, the same samples for the same calls.
#include "engine/base/file.h"
#include "engine/base/maths.h"
#include "engine/sound/mixer.h"
#include "engine/sound/wav.h"
#include "tests/tests.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND PARA_SOUND_RATE
#define LONG   (4 * SECOND)

static float samples[2 * LONG];

static int setup(void **state)
{
    *state = para_arena_create((size_t)1 << 20, (size_t)64 << 20);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    para_arena_destroy(*state);
    return 0;
}

static ParaMixer *mixer_of(void **state, uint64_t seed)
{
    return para_mixer_create(para_sound_book(*state), seed, *state);
}

static double rms(int from, int to)
{
    double sum = 0.0;
    for (int i = 2 * from; i < 2 * to; i++)
        sum += (double)samples[i] * (double)samples[i];
    return sqrt(sum / (2.0 * (to - from)));
}

static double peak(int frames)
{
    double most = 0.0;
    for (int i = 0; i < 2 * frames; i++) {
        assert_true(isfinite(samples[i]));
        most = fmax(most, fabs((double)samples[i]));
    }
    return most;
}

/// Middle frequency [Hz] of a second, by power: of the first differences and of the samples, whose ratio it
/// is.
static double brightness(int from, int to)
{
    double power = 0.0, slope = 0.0;
    for (int i = from + 1; i < to; i++) {
        double sample = (double)samples[2 * i], step = sample - (double)samples[2 * i - 2];
        power += sample * sample;
        slope += step * step;
    }
    return sqrt(slope / power) * PARA_SOUND_RATE / PARA_TAU;
}

/// Time [s] until a sound has lost 40 dB of its loudest hundredth of a second.
static double decay(void)
{
    const int part = SECOND / 100;
    double most = 0.0;
    int last = 0;
    for (int i = 0; i + part <= LONG; i += part)
        most = fmax(most, rms(i, i + part));
    for (int i = 0; i + part <= LONG; i += part)
        if (rms(i, i + part) > 0.01 * most)
            last = i + part;
    return (double)last / SECOND;
}

static void strike(ParaMixer *mixer, ParaSurface material, float mass, float speed)
{
    para_mixer_strike(mixer, (ParaVec2){0, 0}, mass * speed, speed, material, 0.5f, material, 0.5f);
    para_mixer_render(mixer, samples, LONG);
}

static void test_sound_materials_ring_as_they_should(void **state)
{
    double bright[PARA_SURFACE_COUNT], rings[PARA_SURFACE_COUNT];
    for (int m = 0; m < PARA_SURFACE_COUNT; m++) {
        strike(mixer_of(state, 1), (ParaSurface)m, 4.0f, 5.0f);
        bright[m] = brightness(0, SECOND / 2);
        rings[m] = decay();
        printf("%-7s %6.0f Hz, 40 dB down after %.2f s, peak %.2f\n",
               para_sound_material_name((ParaSurface)m), bright[m], rings[m], peak(LONG));
        assert_true(peak(LONG) > 0.02 && peak(LONG) < 0.9);
        assert_true(rings[m] < 1.5);
    }
    assert_true(bright[PARA_SURFACE_GLASS] > bright[PARA_SURFACE_METAL]);
    assert_true(bright[PARA_SURFACE_METAL] > bright[PARA_SURFACE_WOOD]);
    assert_true(bright[PARA_SURFACE_STONE] > bright[PARA_SURFACE_WOOD]);
    assert_true(bright[PARA_SURFACE_WOOD] > 1.5 * bright[PARA_SURFACE_RUBBER]);
    assert_true(bright[PARA_SURFACE_WOOD] > 1.5 * bright[PARA_SURFACE_EARTH]);
    assert_true(rings[PARA_SURFACE_METAL] > 2.0 * rings[PARA_SURFACE_WOOD]);
    assert_true(rings[PARA_SURFACE_GLASS] > 1.5 * rings[PARA_SURFACE_WOOD]);
    assert_true(rings[PARA_SURFACE_WOOD] > rings[PARA_SURFACE_STONE]);
}

static void test_sound_soft_things_take_the_heights(void **state)
{
    para_mixer_strike(mixer_of(state, 1), (ParaVec2){0, 0}, 1, 1, 0, 1, 0, 1);
    ParaMixer *hard = mixer_of(state, 1), *soft = mixer_of(state, 1);
    para_mixer_strike(hard, (ParaVec2){0, 0}, 20, 5, PARA_SURFACE_METAL, 0.5f, PARA_SURFACE_STONE, 0.5f);
    para_mixer_render(hard, samples, LONG);
    double bright = brightness(0, SECOND / 4);
    para_mixer_strike(soft, (ParaVec2){0, 0}, 20, 5, PARA_SURFACE_METAL, 0.5f, PARA_SURFACE_RUBBER, 0.5f);
    para_mixer_render(soft, samples, LONG);
    assert_true(brightness(0, SECOND / 4) < 0.7 * bright);
}

static void test_sound_larger_bodies_ring_lower(void **state)
{
    double before = 1e9;
    for (int i = 0; i < 4; i++) {
        ParaMixer *mixer = mixer_of(state, 3);
        float size = 0.15f * (float)(1 << i);
        para_mixer_strike(mixer, (ParaVec2){0, 0}, 20, 5, PARA_SURFACE_GLASS, size, PARA_SURFACE_GLASS, size);
        para_mixer_render(mixer, samples, LONG);
        double bright = brightness(0, SECOND / 2);
        assert_true(bright < 0.9 * before);
        before = bright;
    }
}

static void test_sound_grows_with_the_blow(void **state)
{
    double before = 0.0;
    for (int i = 0; i < 7; i++) {
        strike(mixer_of(state, 5), PARA_SURFACE_WOOD, 3.0f, 0.25f * (float)(1 << i));
        double now = rms(0, SECOND);
        assert_true(i == 6 || now > 1.2 * before); // 16 m/s is as loud as it gets
        assert_true(now >= 0.99 * before);
        before = now;
    }
    strike(mixer_of(state, 5), PARA_SURFACE_WOOD, 0.2f, 3.0f);
    double light = rms(0, SECOND);
    strike(mixer_of(state, 5), PARA_SURFACE_WOOD, 40.0f, 3.0f);
    assert_true(rms(0, SECOND) > 1.5 * light);
}

/// Everything at once, for four seconds: a thousand blows, breaks, splashes, cues.
static void make_din(ParaMixer *mixer)
{
    static ParaHappenings h;
    memset(&h, 0, sizeof h);
    h.rub_count = 4;
    h.thrust_count = 4;
    h.drive_count = 4;
    for (int i = 0; i < 4; i++) {
        h.rubs[i] = (ParaRub){.strength = 1, .press = 900, .slide = 9, .roll = 7, .a = i, .b = 9};
        h.thrusts[i] = (ParaThrust){.strength = 1, .power = 1, .thruster = i};
        h.drives[i] = (ParaDrive){.load = 900, .speed = 25, .on = true, .joint = i};
        h.before.radius[i] = 0.5f;
        h.before.wet[i] = 1;
    }
    for (int i = 0; i < 200; i++) {
        float x = (float)(i % 21 - 10);
        para_mixer_happen(mixer, &h, NULL);
        for (int k = 0; k < 5; k++)
            para_mixer_strike(mixer, (ParaVec2){x, 0}, 9000, 40, (ParaSurface)((i + k) % PARA_SURFACE_COUNT),
                              0.5f, (ParaSurface)(i % PARA_SURFACE_COUNT), 1.0f);
        if (i % 20 == 0) {
            para_mixer_shatter(mixer, (ParaVec2){x, 0}, (ParaSurface)(i / 20 % PARA_SURFACE_COUNT), 1.0f);
            para_mixer_splash(mixer, (ParaVec2){x, 0}, 12, 1.5f, true);
            para_mixer_cue(mixer, (ParaSoundCue)(i / 20 % PARA_CUE_COUNT));
        }
        para_mixer_render(mixer, samples + 2 * (LONG / 200) * i, LONG / 200);
    }
}

static void test_sound_never_clips_and_has_no_mean(void **state)
{
    ParaMixer *mixer = mixer_of(state, 7);
    make_din(mixer);
    assert_true(peak(LONG) <= 1.0);
    assert_true(rms(0, LONG) > 0.1);
    int flat = 0; // nothing sticks to the border
    double sum[2] = {0.0, 0.0};
    for (int i = 0; i < LONG; i++)
        for (int k = 0; k < 2; k++) {
            flat += fabsf(samples[2 * i + k]) > 0.999f;
            sum[k] += (double)samples[2 * i + k];
        }
    assert_true(flat < LONG / 1000);
    assert_true(fabs(sum[0] / LONG) < 2e-3 && fabs(sum[1] / LONG) < 2e-3);
}

static void test_sound_dies_away_to_exact_silence(void **state)
{
    ParaMixer *mixer = mixer_of(state, 7);
    make_din(mixer);
    for (int i = 0; i < 3; i++)
        para_mixer_render(mixer, samples, LONG);
    assert_int_equal(para_mixer_voices(mixer), 0);
    for (int i = 0; i < 2 * LONG; i++)
        assert_true(fpclassify(samples[i]) != FP_SUBNORMAL);
    assert_true(peak(LONG) < 1e-6);
}

static void test_sound_muted_is_silent(void **state)
{
    ParaMixer *mixer = mixer_of(state, 7);
    para_mixer_volume(mixer, 0.0f);
    para_mixer_render(mixer, samples, SECOND); // it goes down
    make_din(mixer);
    for (int i = 0; i < 2 * LONG; i++)
        assert_true(samples[i] == 0.0f);
    para_mixer_volume(mixer, 1.0f);
    make_din(mixer);
    assert_true(rms(LONG / 2, LONG) > 0.1);
}

static void test_sound_same_calls_same_samples(void **state)
{
    static float first[2 * LONG];
    make_din(mixer_of(state, 11));
    memcpy(first, samples, sizeof first);
    make_din(mixer_of(state, 11));
    assert_memory_equal(first, samples, sizeof first);
    make_din(mixer_of(state, 12));
    assert_true(memcmp(first, samples, sizeof first) != 0);
    // In whatever portions it is asked for.
    ParaMixer *whole = mixer_of(state, 3), *parts = mixer_of(state, 3);
    para_mixer_cue(whole, PARA_CUE_SUCCESS);
    para_mixer_cue(parts, PARA_CUE_SUCCESS);
    para_mixer_render(whole, first, 64 * 300);
    for (int i = 0; i < 100; i++)
        para_mixer_render(parts, samples + 2 * i * 192, 192);
    assert_memory_equal(first, samples, sizeof *first * 2 * 64 * 300);
}

static void test_sound_left_is_left_and_far_is_faint(void **state)
{
    double side[3][2], far[2];
    for (int i = 0; i < 3; i++) {
        ParaMixer *mixer = mixer_of(state, 3);
        para_mixer_listen(mixer, (ParaVec2){100, 50}, 10);
        para_mixer_strike(mixer, (ParaVec2){90.0f + 10.0f * (float)i, 50}, 20, 5, PARA_SURFACE_WOOD, 0.5f,
                          PARA_SURFACE_WOOD, 0.5f);
        para_mixer_render(mixer, samples, LONG);
        side[i][0] = side[i][1] = 0.0;
        for (int k = 0; k < 2 * LONG; k++)
            side[i][k % 2] += (double)samples[k] * (double)samples[k];
    }
    assert_true(side[0][0] > 3.0 * side[0][1]);
    assert_true(side[2][1] > 3.0 * side[2][0]);
    assert_true(fabs(side[1][0] - side[1][1]) < 1e-6 * side[1][0]);
    for (int i = 0; i < 2; i++) {
        ParaMixer *mixer = mixer_of(state, 3);
        para_mixer_listen(mixer, (ParaVec2){i ? -40.0f : 0.0f, 0}, 10);
        strike(mixer, PARA_SURFACE_WOOD, 3, 5);
        far[i] = rms(0, SECOND);
    }
    assert_true(far[1] < 0.2 * far[0]);
}

static void test_sound_recipes_say_what_is_wrong(void **state)
{
    const char *error = NULL;
    ParaArena *arena = *state;
    char *materials = NULL, *hums = NULL, *cues = NULL;
    size_t size;
    const char *root = PARA_SOURCE_DIR "/assets/sounds/";
    materials =
        para_file_read(para_arena_printf(arena, "%smaterials.json", root), 1 << 20, arena, &size, &error);
    hums = para_file_read(para_arena_printf(arena, "%shums.json", root), 1 << 20, arena, &size, &error);
    cues = para_file_read(para_arena_printf(arena, "%scues.json", root), 1 << 20, arena, &size, &error);
    assert_non_null(para_sound_book_read(materials, hums, cues, arena, &error));
    assert_null(para_sound_book_read("{", hums, cues, arena, &error));
    assert_non_null(strstr(error, "materials"));
    assert_null(para_sound_book_read(materials, materials, cues, arena, &error));
    assert_non_null(strstr(error, "roll"));
    char *spoilt = para_arena_strdup(arena, materials);
    memcpy(strstr(spoilt, "\"hardness\""), "\"hardnezz\"", 10);
    assert_null(para_sound_book_read(spoilt, hums, cues, arena, &error));
    assert_string_equal(error, "plain/hardness: must be a number");
    spoilt = para_arena_strdup(arena, materials);
    memcpy(strstr(spoilt, "190"), "1e9", 3);
    assert_null(para_sound_book_read(spoilt, hums, cues, arena, &error));
    assert_string_equal(error, "plain/pitch: is out of its range");
}

static void test_sound_wav_file(void **state)
{
    const char *path = "sound-test.wav", *error = NULL;
    ParaWav *wav = para_wav_open(path, *state, &error);
    assert_non_null(wav);
    const float some[6] = {0.0f, 1.0f, -1.0f, 2.0f, 0.5f, -0.5f};
    para_wav_write(wav, some, 3);
    assert_true(para_wav_close(wav, *state, &error));
    unsigned char bytes[64];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, sizeof bytes, file), 44 + 12);
    fclose(file);
    remove(path);
    assert_memory_equal(bytes, "RIFF", 4);
    assert_int_equal(bytes[4], 36 + 12);
    assert_int_equal(bytes[40], 12);
    const int16_t expected[6] = {0, 32767, -32767, 32767, 16384, -16384};
    for (int i = 0; i < 6; i++)
        assert_int_equal((int16_t)(bytes[44 + 2 * i] | bytes[45 + 2 * i] << 8), expected[i]);
    assert_null(para_wav_open("/dev/null", *state, &error)); // nor is a file put in its place
    assert_non_null(strstr(error, "not a regular file"));
    assert_null(para_wav_open("no/such/folder/a.wav", *state, &error));
    assert_non_null(strstr(error, "no/such/folder/a.wav"));
}

#define SOUND_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
const struct CMUnitTest para_tests_sound[] = {
    SOUND_TEST(test_sound_materials_ring_as_they_should),
    SOUND_TEST(test_sound_soft_things_take_the_heights),
    SOUND_TEST(test_sound_larger_bodies_ring_lower),
    SOUND_TEST(test_sound_grows_with_the_blow),
    SOUND_TEST(test_sound_never_clips_and_has_no_mean),
    SOUND_TEST(test_sound_dies_away_to_exact_silence),
    SOUND_TEST(test_sound_muted_is_silent),
    SOUND_TEST(test_sound_same_calls_same_samples),
    SOUND_TEST(test_sound_left_is_left_and_far_is_faint),
    SOUND_TEST(test_sound_recipes_say_what_is_wrong),
    SOUND_TEST(test_sound_wav_file),
};
const size_t para_tests_sound_count = sizeof para_tests_sound / sizeof *para_tests_sound;
