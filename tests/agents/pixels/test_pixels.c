// SPDX-License-Identifier: MIT
// The model of pixels: gradients of its eye and of imagined steps against differences, that both can learn a
// tiny clip by heart, that play is kept bounded and fair, that threads change nothing, its files, its dreams.
#include "agents/foresight/foresight.h"
#include "agents/pixels/pixels_measure.h"
#include "agents/pixels/pixels_parts.h"
#include "agents/pixels/pixels_teach.h"
#include "engine/base/file.h"
#include "engine/draw/palette.h"
#include "tests/agents/scratch.h"
#include "tests/tests.h"

#include <math.h>
#include <string.h>

enum { ACTS = 8, MEMORY_OF = PARA_PIXELS_MAP * PARA_PIXELS_MAP };

static ParaPixelsDef small(int levels)
{
    return (ParaPixelsDef){.hidden = 8, .levels = levels, .players = 1, .seconds = 1.0f / 30};
}

static float *noise(ParaArena *arena, int count, float size, uint64_t seed)
{
    ParaRng rng = para_rng_make(seed, "noise");
    float *x = PARA_NEW(arena, float, count);
    for (int i = 0; i < count; i++)
        x[i] = size * (float)para_rng_range(&rng, -1, 1);
    return x;
}

/// A picture of a blue square on the background.
static void square_at(int left, int top, uint8_t *rgb)
{
    ParaColour ground = para_ink_flat(PARA_INK_BACKGROUND), blue = para_ink_flat(PARA_INK_PLAYER);
    for (int i = 0; i < PARA_PIXELS_SIDE * PARA_PIXELS_SIDE; i++) {
        int x = i % PARA_PIXELS_SIDE - left, y = i / PARA_PIXELS_SIDE - top;
        ParaColour c = x >= 0 && x < 8 && y >= 0 && y < 8 ? blue : ground;
        memcpy(rgb + (size_t)3 * (size_t)i, (uint8_t[]){c.r, c.g, c.b}, 3);
    }
}

static double dot(const float *a, const float *b, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

// ---------------------------------------------------------------------------------------------
// Gradients.

typedef struct Subject {
    ParaPixels *pixels;
    ParaEye eye;
    ParaPixelMove moves[2];
    float *still, *want, *scratch;
} Subject;

static double of_eye(Subject *s)
{
    para_eye_see(s->pixels, &s->eye, 1);
    para_eye_draw(s->pixels, &s->eye, s->eye.code, 1);
    return dot(s->eye.out, s->want, PARA_PIXELS_BLOCKS);
}

/// Two steps, the second from what the first said.
static double of_moves(Subject *s)
{
    para_move_forward(s->pixels, &s->moves[0], s->still, 1, s->scratch);
    memcpy(s->moves[1].code, s->moves[0].next, PARA_PIXELS_CODES * sizeof(float));
    para_move_forward(s->pixels, &s->moves[1], s->moves[0].memory, 1, s->scratch);
    return dot(s->moves[1].sum, s->want, PARA_PIXELS_CODES);
}

static void check(double f(Subject *), Subject *s, const float *gradient, ParaArena *arena)
{
    int count = s->pixels->count;
    float *kept = PARA_NEW(arena, float, count), size = 3e-4f;
    memcpy(kept, s->pixels->weights, (size_t)count * sizeof *kept);
    for (uint64_t turn = 0; turn < 2; turn++) {
        const float *way = noise(arena, count, 1.0f, 50 + turn);
        double ends[2];
        for (int end = 0; end < 2; end++) {
            for (int i = 0; i < count; i++)
                s->pixels->weights[i] = kept[i] + (end ? size : -size) * way[i];
            ends[end] = f(s);
        }
        memcpy(s->pixels->weights, kept, (size_t)count * sizeof *kept);
        double by = (ends[1] - ends[0]) / (2 * (double)size), said = dot(way, gradient, count);
        assert_true(fabs(said) > 1e-2); // else nothing is tested
        assert_true(fabs(by - said) < 3e-2 * (0.3 + fabs(said)));
    }
}

/// @param size of what is added to the weights
static Subject subject(float size, ParaArena *arena)
{
    const ParaPixelsDef def = small(0);
    Subject s = {.pixels = para_pixels_create(&def, 4, arena)};
    float *more = noise(arena, s.pixels->count, size, 5); // what begins at nothing would hide mistakes
    for (int i = 0; i < s.pixels->count; i++)
        s.pixels->weights[i] += more[i];
    s.eye = para_eye_create(&def, 1, true, arena);
    s.still = noise(arena, MEMORY_OF * def.hidden, 0.3f, 6);
    s.want = noise(arena, PARA_PIXELS_BLOCKS, 1.0f, 7);
    s.scratch = PARA_NEW(arena, float, para_move_scratch(&def, 1));
    for (int t = 0; t < 2; t++) {
        s.moves[t] = para_move_create(&def, 1, arena);
        memcpy(s.moves[t].code, noise(arena, PARA_PIXELS_CODES, 0.4f, 8), PARA_PIXELS_CODES * sizeof(float));
        memcpy(s.moves[t].acts, noise(arena, ACTS, 1.0f, 9 + (uint64_t)t), ACTS * sizeof(float));
    }
    memcpy(s.eye.blocks, noise(arena, PARA_PIXELS_BLOCKS, 0.5f, 12), PARA_PIXELS_BLOCKS * sizeof(float));
    return s;
}

static void test_pixels_eye_gradient_is_that_of_differences(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, 256 << 20);
    Subject s = subject(0.02f, arena);
    float *gradient = PARA_NEW(arena, float, s.pixels->count),
          *dout = PARA_NEW(arena, float, PARA_PIXELS_BLOCKS), dcode[PARA_PIXELS_CODES];
    memset(gradient, 0, (size_t)s.pixels->count * sizeof *gradient);
    of_eye(&s);
    memcpy(dout, s.want, PARA_PIXELS_BLOCKS * sizeof *dout);
    para_eye_draw_backward(s.pixels, &s.eye, s.eye.code, 1, dout, gradient, dcode);
    para_eye_see_backward(s.pixels, &s.eye, 1, dcode, gradient);
    check(of_eye, &s, gradient, arena);
    para_arena_destroy(arena);
}

static void test_pixels_move_gradient_is_that_of_differences(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, 256 << 20);
    Subject s = subject(0.1f, arena);
    int memory = MEMORY_OF * s.pixels->def.hidden;
    float *gradient = PARA_NEW(arena, float, s.pixels->count), *dmemory = PARA_NEW(arena, float, memory),
          *dbefore = PARA_NEW(arena, float, memory), dcode[PARA_PIXELS_CODES], dfirst[PARA_PIXELS_CODES];
    memset(gradient, 0, (size_t)s.pixels->count * sizeof *gradient);
    memset(dmemory, 0, (size_t)memory * sizeof *dmemory);
    of_moves(&s);
    para_move_backward(s.pixels, &s.moves[1], s.moves[0].memory, 1, s.want, dmemory, dbefore, dcode, gradient,
                       s.scratch);
    para_codes_snap_backward(s.moves[0].sum, dcode, PARA_PIXELS_CODES);
    para_move_backward(s.pixels, &s.moves[0], s.still, 1, dcode, dbefore, dmemory, dfirst, gradient,
                       s.scratch);
    check(of_moves, &s, gradient, arena);
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------------------------------------
// Learning by heart.

static void test_pixels_learn_a_tiny_clip_by_heart(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, 256 << 20);
    const ParaPixelsDef def = small(7);
    ParaPixels *pixels = para_pixels_create(&def, 2, arena);
    ParaEye eye = para_eye_create(&def, 2, true, arena);
    size_t count = (size_t)pixels->count;
    float *work[3]; // gradient and moments
    for (int i = 0; i < 3; i++) {
        work[i] = PARA_NEW(arena, float, count);
        memset(work[i], 0, count * sizeof(float));
    }
    uint8_t rgb[PARA_PIXELS_FRAME];
    float *want = PARA_NEW(arena, float, 2 * PARA_PIXELS_BLOCKS),
          *dout = PARA_NEW(arena, float, 2 * PARA_PIXELS_BLOCKS), dcode[2 * PARA_PIXELS_CODES];
    for (int i = 0; i < 2; i++) {
        square_at(20 + 9 * i, 30, rgb);
        para_eye_load(rgb, want + (size_t)i * PARA_PIXELS_BLOCKS);
    }
    memcpy(eye.blocks, want, 2 * PARA_PIXELS_BLOCKS * sizeof *want);
    int32_t steps = 0;
    double first = 0, last = 0;
    for (int turn = 0; turn < 60; turn++) {
        last = 0;
        para_eye_see(pixels, &eye, 2);
        para_eye_draw(pixels, &eye, eye.code, 2);
        for (int i = 0; i < 2 * PARA_PIXELS_BLOCKS; i++) {
            dout[i] = (eye.out[i] - want[i]) / PARA_PIXELS_BLOCKS;
            last += (double)((eye.out[i] - want[i]) * (eye.out[i] - want[i]));
        }
        first = turn == 0 ? last : first;
        memset(work[0], 0, count * sizeof(float));
        para_eye_draw_backward(pixels, &eye, eye.code, 2, dout, work[0], dcode);
        para_eye_see_backward(pixels, &eye, 2, dcode, work[0]);
        para_net_adam(pixels->weights, work[1], work[2], work[0], pixels->count, &steps, 2e-3f, 0.0f);
    }
    assert_true(last < 0.2 * first);
    // And that the one follows the other, where its action says so; else it stays as it is.
    ParaPixelMove move = para_move_create(&def, 2, arena);
    int memory = 2 * MEMORY_OF * def.hidden;
    float *still = PARA_NEW(arena, float, memory), *dmemory = PARA_NEW(arena, float, memory),
          *dbefore = PARA_NEW(arena, float, memory), *dsum = want,
          *scratch = PARA_NEW(arena, float, para_move_scratch(&def, 2)), code[2][PARA_PIXELS_CODES];
    memset(still, 0, (size_t)memory * sizeof *still);
    para_eye_see(pixels, &eye, 2);
    memcpy(code, eye.code, sizeof code);
    memset(work[1], 0, count * sizeof(float));
    memset(work[2], 0, count * sizeof(float));
    steps = 0;
    for (int turn = 0; turn < 80; turn++) {
        memset(move.acts, 0, 2 * ACTS * sizeof(float));
        move.acts[ACTS] = 1.0f; // of the second of two that begin alike
        for (int i = 0; i < 2; i++)
            memcpy(move.code + i * PARA_PIXELS_CODES, code[0], sizeof code[0]);
        para_move_forward(pixels, &move, still, 2, scratch);
        last = 0;
        for (int i = 0; i < 2 * PARA_PIXELS_CODES; i++) {
            float by = move.sum[i] - code[i / PARA_PIXELS_CODES][i % PARA_PIXELS_CODES];
            dsum[i] = by / MEMORY_OF;
            last += (double)(by * by);
        }
        first = turn == 0 ? last : first;
        memset(work[0], 0, count * sizeof(float));
        memset(dmemory, 0, (size_t)memory * sizeof *dmemory);
        para_move_backward(pixels, &move, still, 2, dsum, dmemory, dbefore, dcode, work[0], scratch);
        para_net_adam(pixels->weights, work[1], work[2], work[0], pixels->count, &steps, 5e-3f, 0.0f);
    }
    assert_true(first > 1.0 && last < 0.2 * first);
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------------------------------------
// Play that is kept.

static void test_clips_are_bounded_and_fair(void **state)
{
    (void)state;
    enum { ROOM = 6, SEEN = 60, SEEDS = 40 };
    static uint8_t frames[PARA_CLIP_LEAST * PARA_PIXELS_FRAME];
    int8_t acts[PARA_CLIP_LEAST * ACTS] = {0};
    int early = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        ParaArena *arena = para_arena_create(1 << 16, 64 << 20);
        ParaClips clips = para_clips_create(ROOM, ACTS, seed, arena);
        for (int i = 0; i < SEEN; i++) {
            acts[0] = (int8_t)i; // to know it by
            para_clips_add(&clips, frames, acts, PARA_CLIP_LEAST);
        }
        assert_int_equal(clips.count, ROOM);
        assert_int_equal(clips.seen, SEEN);
        para_clips_add(&clips, frames, acts, PARA_CLIP_LEAST - 1); // too short
        assert_int_equal(clips.seen, SEEN);
        for (int i = 0; i < ROOM; i++)
            early += para_clips_acts(&clips, i, 0)[0] < SEEN / 2;
        para_arena_destroy(arena);
    }
    // Half of 240, by a standard deviation of less than 8.
    assert_in_range(early, SEEDS * ROOM / 2 - 32, SEEDS * ROOM / 2 + 32);
}

/// Clips of an episode of the library. @param moments out, number of clips
static ParaClips watch(int room, const char *name, ParaArena *arena)
{
    const char *names[] = {name}, *error = NULL;
    ParaFamilies families;
    assert_true(para_families_load(&families, names, 1, arena, &error));
    ParaPixelsDef def = small(7);
    ParaClips clips = para_clips_create(room, ACTS, 1, arena);
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaEnv env;
    ParaRandomKeys keys = {.rng = para_rng_make(1, "keys")};
    ParaPick pick = {.seed = 3};
    para_env_init(&env, para_world_at(group, 0), false);
    const ParaLevel *level = para_families_sample(&families, &pick, "test", arena);
    assert_non_null(level);
    assert_true(para_env_begin(&env, level, "test"));
    int frames = para_clips_watch(&clips, &env, para_acts_random, &keys,
                                  para_pixels_physics_steps(&def, &level->world), 3.0f);
    assert_true(frames >= 60 && frames <= 91);
    para_env_destroy(&env);
    para_world_group_destroy(group);
    return clips;
}

static void test_clips_show_what_was_done(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, 256 << 20);
    ParaClips clips = watch(4, "swing", arena);
    assert_int_equal(clips.count, 2); // 64 frames and the rest
    assert_int_equal(clips.counts[0], PARA_CLIP_LENGTH);
    int changes = 0, acts = 0;
    for (int t = 1; t < PARA_CLIP_LENGTH; t++) {
        changes += memcmp(para_clips_frame(&clips, 0, t), para_clips_frame(&clips, 0, t - 1),
                          PARA_PIXELS_FRAME) != 0;
        acts += memcmp(para_clips_acts(&clips, 0, t), para_clips_acts(&clips, 0, t - 1), ACTS) != 0;
    }
    assert_true(changes > 30 && acts > 3);
    float x, y;
    assert_true(para_pixels_find(para_clips_frame(&clips, 0, 0), &x, &y) > 2.0f); // the player is in it
    para_arena_destroy(arena);
}

static void test_pixels_learn_alike_on_any_threads(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, 512 << 20);
    ParaClips clips = watch(4, "swing", arena);
    const ParaPixelsDef def = small(7);
    ParaPixels *pixels[2], *before = para_pixels_create(&def, 5, arena);
    ParaPixelTeaching teaching = para_pixel_teaching_default();
    teaching.steps = 8;
    for (int i = 0; i < 2; i++) {
        pixels[i] = para_pixels_create(&def, 5, arena);
        teaching.threads = i + 1;
        assert_true(para_pixels_teach(pixels[i], &clips, &teaching, NULL, NULL, arena));
    }
    size_t size = (size_t)before->count * sizeof(float);
    assert_memory_equal(pixels[0]->weights, pixels[1]->weights, size);
    assert_memory_not_equal(pixels[0]->weights, before->weights, size);
    clips.counts[0] = clips.counts[1] = PARA_CLIP_LEAST; // shorter than what is shown at once
    assert_false(para_pixels_teach(pixels[0], &clips, &teaching, NULL, NULL, arena));
    clips.count = 0;
    assert_false(para_pixels_teach(pixels[0], &clips, &teaching, NULL, NULL, arena));
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------------------------------------
// Files and dreams.

static void test_pixels_come_back_from_their_file(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, 1024 << 20);
    Scratch scratch = scratch_make();
    const ParaPixelsDef def = small(5);
    const char *path = scratch_path(&scratch, "p.safetensors"), *error = NULL, *card = NULL;
    ParaPixels *pixels = para_pixels_create(&def, 9, arena);
    assert_true(para_pixels_write(path, pixels, "{\"families\":[\"swing\"]}", arena, &error));
    ParaPixels *back = para_pixels_read(path, arena, &card, &error);
    assert_non_null(back);
    assert_non_null(strstr(card, "swing"));
    assert_memory_equal(&back->def, &def, sizeof def);
    assert_memory_equal(back->weights, pixels->weights, (size_t)pixels->count * sizeof(float));
    size_t size = 0;
    char *bytes = para_file_read(path, (size_t)64 << 20, arena, &size, &error);
    assert_non_null(bytes);
    for (size_t at = 0; at < size; at += size / 23 + 1) { // one byte is another: refused, and said
        bytes[at] ^= 0x15;
        scratch_write(path, bytes, size);
        error = NULL;
        assert_null(para_pixels_read(path, arena, &card, &error));
        assert_non_null(error);
        assert_non_null(strstr(error, "p.safetensors"));
        bytes[at] ^= 0x15;
    }
    for (size_t cut = 0; cut < size; cut += size / 11 + 1) {
        scratch_write(path, bytes, cut);
        assert_null(para_pixels_read(path, arena, &card, &error));
    }
    float one = 1.0f;
    ParaTensor tensor = {"see1.weight", 1, 1, &one};
    const char *cards[] = {
        "{\"kind\":\"model\",\"version\":1}",
        "{\"kind\":\"pixels\",\"version\":2}",
        "{\"kind\":\"pixels\",\"version\":1,\"hidden\":1e9,\"levels\":5,\"players\":1,\"seconds\":0.03}",
        "{\"kind\":\"pixels\",\"version\":1,\"hidden\":8,\"levels\":4,\"players\":1,\"seconds\":0.03}",
        "{\"kind\":\"pixels\",\"version\":1,\"hidden\":8,\"levels\":5,\"players\":99,\"seconds\":0.03}",
        "{\"kind\":\"pixels\",\"version\":1,\"hidden\":8,\"levels\":5,\"players\":1,\"seconds\":9}",
        "{\"kind\":\"pixels\",\"version\":1,\"hidden\":8,\"levels\":5,\"players\":1,\"seconds\":0.03}"};
    for (int i = 0; i < (int)(sizeof cards / sizeof *cards); i++) {
        assert_true(para_safetensors_write(path, &tensor, 1, cards[i], arena, &error));
        error = NULL;
        assert_null(para_pixels_read(path, arena, &card, &error));
        assert_non_null(error);
        assert_non_null(strstr(error, "p.safetensors"));
    }
    scratch_remove(&scratch);
    para_arena_destroy(arena);
}

static void test_pixel_dreams_go_on_alone(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, 256 << 20);
    const ParaPixelsDef def = small(7);
    ParaPixels *pixels = para_pixels_create(&def, 3, arena);
    float *more = noise(arena, pixels->count, 0.05f, 4);
    for (int i = 0; i < pixels->count; i++)
        pixels->weights[i] += more[i];
    ParaPixelDream *a = para_pixel_dream_create(pixels, arena), *b = para_pixel_dream_create(pixels, arena);
    uint8_t rgb[PARA_PIXELS_FRAME], of_a[4 * PARA_PIXELS_SIDE * PARA_PIXELS_SIDE], of_b[sizeof of_a];
    int8_t keys[ACTS] = {1, -1, 0, 0, 0, 0, 0, 0}, others[ACTS] = {0};
    square_at(30, 30, rgb);
    para_pixel_dream_see(a, rgb);
    para_pixel_dream_step(a, keys);
    para_pixel_dream_copy(b, a);
    for (int i = 0; i < 3; i++) {
        para_pixel_dream_step(a, keys);
        para_pixel_dream_step(b, keys);
    }
    para_pixel_dream_draw(a, of_a);
    para_pixel_dream_draw(b, of_b);
    assert_memory_equal(of_a, of_b, sizeof of_a);
    assert_int_equal(of_a[3], 255);
    for (int i = 0; i < 3; i++) {
        para_pixel_dream_step(a, keys);
        para_pixel_dream_step(b, others); // its actions are heard
    }
    para_pixel_dream_draw(a, of_a);
    para_pixel_dream_draw(b, of_b);
    assert_memory_not_equal(of_a, of_b, sizeof of_a);
    para_arena_destroy(arena);
}

static void test_pixels_find_the_player(void **state)
{
    (void)state;
    uint8_t rgb[PARA_PIXELS_FRAME];
    float x, y;
    square_at(12, 40, rgb);
    assert_true(fabsf(para_pixels_find(rgb, &x, &y) - 64.0f) < 1.0f);
    assert_true(fabsf(x - 16.0f) < 0.01f && fabsf(y - 44.0f) < 0.01f);
    square_at(100, 100, rgb);
    assert_true(para_pixels_find(rgb, &x, &y) < 0.01f);
    for (int i = 0; i < PARA_INK_COUNT; i++) { // nothing that is no player passes for one
        ParaColour c = para_ink_flat(i);
        for (size_t k = 0; k < 16; k++)
            memcpy(rgb + 3 * k, (uint8_t[]){c.r, c.g, c.b}, 3);
        bool players = i == PARA_INK_PLAYER || i == PARA_INK_PLAYER_EDGE || i == PARA_INK_ZONE_PLAYER_EDGE ||
                       i == PARA_INK_ZONE_WATER_EDGE || i == PARA_INK_ACCENT;
        assert_true(players || para_pixels_find(rgb, &x, &y) < 1.0f);
    }
}

const struct CMUnitTest para_tests_pixels[] = {
    cmocka_unit_test(test_pixels_eye_gradient_is_that_of_differences),
    cmocka_unit_test(test_pixels_move_gradient_is_that_of_differences),
    cmocka_unit_test(test_pixels_learn_a_tiny_clip_by_heart),
    cmocka_unit_test(test_clips_are_bounded_and_fair),
    cmocka_unit_test(test_clips_show_what_was_done),
    cmocka_unit_test(test_pixels_learn_alike_on_any_threads),
    cmocka_unit_test(test_pixels_come_back_from_their_file),
    cmocka_unit_test(test_pixel_dreams_go_on_alone),
    cmocka_unit_test(test_pixels_find_the_player)};
const size_t para_tests_pixels_count = sizeof para_tests_pixels / sizeof *para_tests_pixels;
