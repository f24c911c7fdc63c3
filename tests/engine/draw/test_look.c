// SPDX-License-Identifier: MIT
// What a look is made of, without a window: palettes and moods, the governor, particles, marks, and that a
// scene's tags change nothing of its list.
#include "engine/base/maths.h"
#include "engine/draw/look/governor.h"
#include "engine/draw/look/overlay.h"
#include "engine/draw/look/particles.h"
#include "tests/engine/draw/sample.h"
#include "tests/tests.h"

#include <math.h>
#include <stdlib.h>

// ---------------------------------------------------------------- palettes

static void test_look_palettes_read(void **state)
{
    ParaColours colours, before;
    (void)state;
    for (int mood = 0; mood < PARA_MOODS; mood++)
        for (int palette = 0; palette < PARA_PALETTES; palette++)
            para_colours_make((ParaMood)mood, (ParaPalette)palette, &colours); // asserts on one that does not
    para_colours_make(PARA_MOOD_NIGHT, PARA_PALETTE_STANDARD, &colours);
    before = colours;
    assert_int_equal(para_colours_read("# nothing\n\nplayer 010203\nshade 04050607 # dark\n", &colours), 0);
    assert_true(colours.inks[PARA_INK_PLAYER].g == 2 && colours.inks[PARA_INK_PLAYER].a == 255);
    assert_true(colours.shade.b == 6 && colours.shade.a == 7);
    static const char *const wrong[] = {"player 01020\n",  "player 0102033\n", "player 01020g\n",
                                        "nobody 010203\n", "player\n",         "player 010203 4",
                                        "PLAYER 010203",   " player 010203"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        colours = before;
        assert_int_equal(para_colours_read(wrong[i], &colours), 1);
        assert_memory_equal(&colours, &before, sizeof colours);
    }
    assert_int_equal(para_colours_read("player 010203\nplayer x", &colours), 2);
}

static double linear(uint8_t c)
{
    double x = (double)c / 255.0;
    return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

static double root(double t) { return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116.0; }

/// Colour as CIE Lab of linear RGB.
static void to_lab(const double *rgb, double *lab)
{
    double x = root((0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505);
    double y = root(0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]);
    double z = root((0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089);
    lab[0] = 116.0 * y - 16.0;
    lab[1] = 500.0 * (x - y);
    lab[2] = 200.0 * (y - z);
}

/// What eyes without red (0) or green (1) cones see (Viénot, Brettel and Mollon 1999), as Lab.
static void seen_without(int cones, ParaColour c, double *lab)
{
    double r = linear(c.r), g = linear(c.g), b = linear(c.b);
    double l = 17.8824 * r + 43.5161 * g + 4.11935 * b, m = 3.45565 * r + 27.1554 * g + 3.86714 * b;
    double s = 0.0299566 * r + 0.184309 * g + 1.46709 * b;
    if (cones == 0)
        l = 2.02344 * m - 2.52581 * s;
    else
        m = 0.494207 * l + 1.24827 * s;
    double rgb[3] = {0.0809444479 * l - 0.130504409 * m + 0.116721066 * s,
                     -0.0102485335 * l + 0.0540193266 * m - 0.113614708 * s,
                     -0.000365296938 * l - 0.00412161469 * m + 0.693511405 * s};
    for (int i = 0; i < 3; i++)
        rgb[i] = fmin(fmax(rgb[i], 0.0), 1.0);
    to_lab(rgb, lab);
}

static void test_look_safe_palette_is_told_apart(void **state)
{
    static const int roles[] = {PARA_INK_PLAYER, PARA_INK_TARGET, PARA_INK_CARGO, PARA_INK_HAZARD};
    (void)state;
    for (int mood = 0; mood < PARA_MOODS; mood++)
        for (int cones = 0; cones < 2; cones++) {
            ParaColours colours;
            para_colours_make((ParaMood)mood, PARA_PALETTE_SAFE, &colours);
            for (int i = 0; i < 4; i++)
                for (int k = 0; k < i; k++) {
                    double a[3], b[3];
                    seen_without(cones, colours.inks[roles[i]], a);
                    seen_without(cones, colours.inks[roles[k]], b);
                    double off = sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) +
                                      (a[2] - b[2]) * (a[2] - b[2]));
                    assert_true(off > 25.0);
                }
        }
}

static void test_look_mood_is_of_the_seed(void **state)
{
    int counts[PARA_MOODS] = {0};
    ParaLook look = para_look_default();
    (void)state;
    for (look.seed = 0; look.seed < 800; look.seed++) {
        ParaMood mood = para_look_mood(&look);
        assert_true(mood < PARA_MOOD_AUTO && mood == para_look_mood(&look));
        counts[mood]++;
    }
    assert_true(counts[PARA_MOOD_DAY] > 200 && counts[PARA_MOOD_DUSK] > 200 && counts[PARA_MOOD_NIGHT] > 100);
    look.mood = PARA_MOOD_NIGHT;
    assert_int_equal(para_look_mood(&look), PARA_MOOD_NIGHT);
}

// ---------------------------------------------------------------- governor

/// Frames of one length for a while. @return how often the quality changed
static int frames(ParaGovernor *g, float seconds, float span)
{
    int changes = 0;
    for (float t = 0.0f; t < span; t += seconds)
        changes += para_governor_frame(g, seconds);
    return changes;
}

static void test_look_governor_goes_down_at_once_and_up_with_patience(void **state)
{
    (void)state;
    ParaGovernor g = para_governor(PARA_QUALITY_HIGH, false);
    assert_int_equal(frames(&g, 1.0f / 30, 1.1f), 1); // late: within little more than a second
    assert_int_equal(g.quality, PARA_QUALITY_MEDIUM);
    assert_int_equal(frames(&g, 1.0f / 56, 60.0f), 0); // neither late nor in time
    assert_int_equal(frames(&g, 1.0f / 60, 10.0f), 0); // it has failed once: twice the patience
    assert_int_equal(frames(&g, 1.0f / 60, 4.0f), 1);
    assert_int_equal(g.quality, PARA_QUALITY_HIGH);
    for (int i = 0; i < 12; i++) // a level that is never held is tried ever more rarely
        frames(&g, g.quality == PARA_QUALITY_HIGH ? 1.0f / 30 : 1.0f / 60, 60.0f);
    assert_true(g.patience > 100.0f && g.patience <= 240.0f);
    ParaGovernor low = para_governor(PARA_QUALITY_LOW, false);
    assert_int_equal(frames(&low, 0.2f, 60.0f), 0); // there is nothing below
    assert_int_equal(low.quality, PARA_QUALITY_LOW);
}

static void test_look_governor_passes_over_pauses_and_keeps_what_is_fixed(void **state)
{
    (void)state;
    ParaGovernor g = para_governor(PARA_QUALITY_MEDIUM, false);
    frames(&g, 1.0f / 60, 3.0f);
    for (int i = 0; i < 10; i++) {
        assert_false(para_governor_frame(&g, 5.0f)); // a window that was hidden
        assert_false(para_governor_frame(&g, NAN));
        assert_false(para_governor_frame(&g, -1.0f));
    }
    assert_int_equal(g.quality, PARA_QUALITY_MEDIUM);
    ParaGovernor fixed = para_governor(PARA_QUALITY_HIGH, true);
    assert_int_equal(frames(&fixed, 0.3f, 60.0f), 0);
}

// ---------------------------------------------------------------- particles

static void happen(ParaHappenings *h, int k)
{
    *h = (ParaHappenings){
        .impact_count = 2, .break_count = 1, .splash_count = 1, .thrust_count = 1, .rub_count = 1};
    for (int i = 0; i < 2; i++)
        h->impacts[i] = (ParaImpact){.strength = 5,
                                     .speed = 9,
                                     .point = {(float)k, 1},
                                     .normal = {0, 1},
                                     .a = 0,
                                     .b = 1,
                                     .look = (uint8_t)(k % PARA_SURFACE_COUNT),
                                     .other = PARA_SURFACE_METAL,
                                     .begins = true};
    h->breaks[0] =
        (ParaBreak){.strength = 1, .point = {2, 2}, .body = 3, .joint = -1, .look = PARA_SURFACE_GLASS};
    h->splashes[0] =
        (ParaSplash){.strength = 3, .speed = 4, .mass = 1, .radius = 0.4f, .point = {3, 1}, .enters = true};
    h->thrusts[0] = (ParaThrust){.strength = 10, .power = 1, .point = {4, 1}, .direction = {0, 1}};
    h->rubs[0] = (ParaRub){.strength = 9, .press = 3, .slide = 5, .point = {5, 1}, .normal = {0, 1}};
}

static void test_look_particles_are_few_and_the_same_each_time(void **state)
{
    static ParaParticles runs[2];
    static ParaHappenings h;
    static ParaSample sample;
    ParaColours colours;
    (void)state;
    sample_build(&sample);
    para_colours_make(PARA_MOOD_DAY, PARA_PALETTE_STANDARD, &colours);
    for (int run = 0; run < 2; run++) {
        ParaParticles *p = &runs[run];
        p->most = 200;
        para_particles_begin(p, 7);
        for (int k = 0; k < 120; k++) {
            happen(&h, k);
            para_particles_happen(p, &h, &sample.view, 0, &colours);
            para_particles_move(p, 1.0f / 60, (ParaVec2){0, -9.81f});
            assert_true(p->count >= 1 && p->count <= 200);
            assert_true(p->shake >= 0.0f && fabsf(p->sway.x) <= 0.13f && fabsf(p->sway.y) <= 0.13f);
        }
        assert_true(p->count == 200 && p->shake > 0.0f);
        for (int i = 0; i < PARA_RIPPLES_MAX; i++)
            assert_true(p->ripples[i].height > 0.0f && p->ripples[i].height <= 0.35f);
    }
    assert_memory_equal(runs[0].items, runs[1].items, sizeof runs[0].items);
    h.impacts[0].point.x = NAN; // what is not finite makes none
    h.impacts[0].speed = NAN;
    para_particles_happen(&runs[0], &h, &sample.view, 0, &colours);
    for (int k = 0; k < 600; k++) {
        for (int i = 0; i < runs[0].count; i++)
            assert_true(isfinite(runs[0].items[i].at.x) && isfinite(runs[0].items[i].at.y) &&
                        runs[0].items[i].size > 0);
        para_particles_move(&runs[0], 1.0f / 60, (ParaVec2){0, -9.81f});
    }
    assert_true(runs[0].count == 0 && runs[0].shake == 0.0f); // all are gone, the view is still
    for (int i = 0; i < PARA_RIPPLES_MAX; i++)
        assert_true(runs[0].ripples[i].height == 0.0f);
}

// ---------------------------------------------------------------- tags and marks

static void test_look_tags_change_nothing_of_the_list(void **state)
{
    static ParaSample sample;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)64 << 20);
    (void)state;
    sample_build(&sample);
    ParaScene plain = para_scene_create(PARA_SCENE_CAPACITY, arena);
    ParaScene tagged = para_scene_create_tagged(PARA_SCENE_CAPACITY, arena);
    para_scene_clear(&tagged);
    sample_paint(&sample, &plain);
    sample_paint(&sample, &tagged);
    assert_int_equal(plain.count, tagged.count);
    assert_memory_equal(plain.items, tagged.items, sizeof *plain.items * (size_t)plain.count);
    assert_true(tagged.statics > 0 && tagged.movers > tagged.statics && tagged.movers < tagged.count);
    unsigned seen = 0;
    for (int i = 0; i < tagged.count; i++) {
        unsigned flags = tagged.tags[i].flags;
        seen |= flags;
        assert_true(!(flags & PARA_TAG_GRID) || i < tagged.statics);
        assert_true(!(flags & PARA_TAG_STATIC) || (i >= tagged.statics && i < tagged.movers));
    }
    assert_int_equal(seen &
                         (PARA_TAG_SOLID | PARA_TAG_GOAL | PARA_TAG_HAZARD | PARA_TAG_FIRE | PARA_TAG_AREA),
                     PARA_TAG_SOLID | PARA_TAG_GOAL | PARA_TAG_HAZARD | PARA_TAG_FIRE | PARA_TAG_AREA);
    para_arena_destroy(arena);
}

static void test_look_marks_are_there_for_each_wish(void **state)
{
    static ParaSample s;
    static float zero[16], mass[16];
    static uint32_t zone_bits[16];
    const ParaContact contact = {.point = {5, 2}, .normal = {0, 1}, .impulse = 2};
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)64 << 20);
    (void)state;
    sample_build(&s);
    s.joints[0].motored = true;
    s.world.rate = 60;
    s.view.centre_x = s.x;
    s.view.centre_y = s.y;
    s.view.mass = mass;
    s.view.zone_bits = zone_bits;
    s.view.joint_load = s.view.joint_speed = zero;
    s.view.contacts = &contact;
    s.view.contact_count = 1;
    ParaScene scene = para_scene_create(1024, arena);
    static const int least[5] = {2, 2, 3, 8, 12};
    for (int i = 0; i < 5; i++) {
        para_scene_clear(&scene);
        para_overlay_paint(&scene, &s.view, NULL, 1u << i, 0.02f);
        assert_true(scene.count >= least[i] && scene.dropped == 0);
    }
    para_scene_clear(&scene);
    para_overlay_paint(&scene, &s.view, NULL, 0, 0.02f);
    assert_int_equal(scene.count, 0);
    para_arena_destroy(arena);
}

static void test_look_camera_leads_and_keeps_the_target(void **state)
{
    (void)state;
    const ParaRect area = {0, 0, 800, 400};
    ParaFollow follow = {.target = {200, 5}, .extent = 1, .size = {400, 20}, .area = area, .height_max = 20};
    ParaCamera plain = {0}, ahead = {0};
    para_camera_follow(&plain, &follow, 0);
    follow.lead = (ParaVec2){4, 0};
    para_camera_follow(&ahead, &follow, 0);
    assert_true(fabsf(ahead.centre.x - plain.centre.x - 4) < 1e-3f);
    static const float far[] = {1e6f, -1e6f, NAN, INFINITY};
    for (int i = 0; i < 4; i++) {
        follow.lead = (ParaVec2){far[i], far[i]};
        para_camera_follow(&ahead, &follow, 0);
        ParaVec2 at = para_camera_to_screen(&ahead, follow.target);
        assert_true(at.x >= 0 && at.x <= 800 && at.y >= 0 && at.y <= 400);
    }
}

const struct CMUnitTest para_tests_look[] = {
    cmocka_unit_test(test_look_palettes_read),
    cmocka_unit_test(test_look_safe_palette_is_told_apart),
    cmocka_unit_test(test_look_mood_is_of_the_seed),
    cmocka_unit_test(test_look_governor_goes_down_at_once_and_up_with_patience),
    cmocka_unit_test(test_look_governor_passes_over_pauses_and_keeps_what_is_fixed),
    cmocka_unit_test(test_look_particles_are_few_and_the_same_each_time),
    cmocka_unit_test(test_look_tags_change_nothing_of_the_list),
    cmocka_unit_test(test_look_marks_are_there_for_each_wish),
    cmocka_unit_test(test_look_camera_leads_and_keeps_the_target),
};
const size_t para_tests_look_count = sizeof para_tests_look / sizeof *para_tests_look;
