// SPDX-License-Identifier: MIT
// A level goes on, and a dream of it beside, which is told of nothing but the actions.
#include "agents/pixels/pixels_measure.h"

#include "agents/batch/seeds.h"
#include "agents/foresight/foresight.h"
#include "agents/pixels/clips.h"
#include "engine/base/maths.h"
#include "engine/draw/palette.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WARM    2.0   // [s] at most before it is seen
#define SAMPLES 20000 // of one row that are kept
#define SEEN    1.0f  // [px] of its colour, else the player is not seen
#define LOST    0.25f // of what the truth has of it, else the dream has lost it
#define FAINT   0.3f  // of its colour a pixel has at least

const int para_pixels_times[PARA_PIXELS_TIMES] = {1, 4, 15, 30, 60};

/// A pixel is between the background and the player's colour where it lies on the line between them.
static float blue_of(const uint8_t *rgb, ParaColour player, ParaColour ground)
{
    float d[3] = {(float)(player.r - ground.r), (float)(player.g - ground.g), (float)(player.b - ground.b)};
    float p[3] = {(float)(rgb[0] - ground.r), (float)(rgb[1] - ground.g), (float)(rgb[2] - ground.b)};
    float square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    float along = (p[0] * d[0] + p[1] * d[1] + p[2] * d[2]) / square, beside = 0;
    for (int i = 0; i < 3; i++)
        beside += (p[i] - along * d[i]) * (p[i] - along * d[i]);
    return fmaxf(0.0f, fminf(1.0f, along) - 2.0f * sqrtf(beside / square) - FAINT);
}

float para_pixels_find(const uint8_t *rgb, float *out_x, float *out_y)
{
    ParaColour player = para_ink_flat(PARA_INK_PLAYER), ground = para_ink_flat(PARA_INK_BACKGROUND);
    float sum = 0, x = 0, y = 0;
    for (int i = 0; i < PARA_PIXELS_SIDE * PARA_PIXELS_SIDE; i++) {
        float blue = blue_of(rgb + (size_t)3 * (size_t)i, player, ground) / (1.0f - FAINT);
        sum += blue;
        x += blue * ((float)(i % PARA_PIXELS_SIDE) + 0.5f);
        y += blue * ((float)(i / PARA_PIXELS_SIDE) + 0.5f);
    }
    *out_x = sum > 0.0f ? x / sum : 0.0f;
    *out_y = sum > 0.0f ? y / sum : 0.0f;
    return sum;
}

/// Sums of one row.
typedef struct Row {
    double truth, random, kept, centre, still; ///< squared errors of numbers, 0..1; [diameters]
    int pictures, players, lost, found;
    float *centres; ///< [SAMPLES]
} Row;

typedef struct Measuring {
    const ParaPixels *pixels;
    const ParaPixelMeasureDef *def;
    ParaPixelShown *shown;
    void *context;
    ParaEnv env;
    ParaPicture picture;
    ParaPixelDream *dream, *other; ///< with the true actions, and with others
    ParaRandomKeys keys, chance;
    ParaRng rng;
    Row (*rows)[PARA_PIXELS_TIMES]; ///< [families + 1]
    uint8_t now[PARA_PIXELS_FRAME], last[PARA_PIXELS_FRAME];
    uint8_t dreamed[PARA_PIXELS_FRAME], random[PARA_PIXELS_FRAME];
    float diameter; ///< [px]
} Measuring;

static double squared(const uint8_t *a, const uint8_t *b)
{
    double sum = 0;
    for (int i = 0; i < PARA_PIXELS_FRAME; i++)
        sum += (double)((a[i] - b[i]) * (a[i] - b[i]));
    return sum / (255.0 * 255.0 * PARA_PIXELS_FRAME);
}

static void draw(ParaPixelDream *dream, uint8_t *rgb)
{
    uint8_t rgba[4 * PARA_PIXELS_SIDE * PARA_PIXELS_SIDE];
    para_pixel_dream_draw(dream, rgba);
    for (size_t i = 0; i < (size_t)(PARA_PIXELS_SIDE * PARA_PIXELS_SIDE); i++)
        memcpy(rgb + 3 * i, rgba + 4 * i, 3);
}

static void count_player(const Measuring *m, Row *row)
{
    float x, y, dream_x, dream_y, last_x, last_y;
    float there = para_pixels_find(m->now, &x, &y);
    if (there < SEEN)
        return;
    row->players++;
    if (para_pixels_find(m->last, &last_x, &last_y) >= SEEN)
        row->still += (double)(hypotf(last_x - x, last_y - y) / m->diameter);
    if (para_pixels_find(m->dreamed, &dream_x, &dream_y) < fmaxf(LOST * there, 0.25f * SEEN)) {
        row->lost++;
        return;
    }
    float by = hypotf(dream_x - x, dream_y - y) / m->diameter;
    row->centre += (double)by;
    if (row->found < SAMPLES)
        row->centres[row->found++] = by;
}

static void count(Measuring *m, int family, int time)
{
    Row *rows[2] = {&m->rows[family][time], &m->rows[m->def->families->count][time]};
    for (int i = 0; i < 2; i++) {
        rows[i]->pictures++;
        rows[i]->truth += squared(m->now, m->dreamed);
        rows[i]->random += squared(m->now, m->random);
        rows[i]->kept += squared(m->now, m->last);
        count_player(m, rows[i]);
    }
}

/// One frame of the engine. @param actions in-out, those held
static bool go_on(Measuring *m, int8_t *actions)
{
    int steps = para_pixels_physics_steps(&m->pixels->def, &m->env.level->world);
    return para_clips_go_on(&m->env, para_acts_random, &m->keys, steps, actions);
}

static void look(Measuring *m, uint8_t *rgb)
{
    para_picture_draw(&m->picture, m->env.level, &m->env.play, m->env.world, rgb);
}

/// Plays to a moment of chance, and sees. @return false: the level did not last
static bool see(Measuring *m, int8_t *actions)
{
    int warm = (int)(para_rng_range(&m->rng, 0, WARM) / (double)m->pixels->def.seconds);
    for (int i = 0; i < warm; i++)
        if (!go_on(m, actions))
            return false;
    para_pixel_dream_forget(m->dream);
    for (int i = 0; i < PARA_PIXELS_SEES; i++) {
        look(m, m->last);
        para_pixel_dream_see(m->dream, m->last);
        draw(m->dream, m->dreamed);
        if (m->shown && !m->shown(m->context, m->last, m->dreamed, true))
            return false;
        if (i + 1 == PARA_PIXELS_SEES)
            break; // the next is dreamed
        if (!go_on(m, actions))
            return false;
        para_pixel_dream_step(m->dream, actions);
    }
    para_pixel_dream_copy(m->other, m->dream);
    return true;
}

static void dream(Measuring *m, int family, int8_t *actions)
{
    int8_t others[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
    for (int i = 1, time = 0; i <= PARA_PIXELS_DREAM; i++) {
        bool decides = m->env.step == 0;
        if (!go_on(m, actions))
            return;
        if (decides)
            para_acts_random(&m->chance, &m->env, others);
        para_pixel_dream_step(m->dream, actions);
        para_pixel_dream_step(m->other, others);
        bool counts = time < PARA_PIXELS_TIMES && i == para_pixels_times[time];
        if (!counts && !m->shown)
            continue;
        look(m, m->now);
        draw(m->dream, m->dreamed);
        if (m->shown && !m->shown(m->context, m->now, m->dreamed, false))
            return;
        if (!counts)
            continue;
        draw(m->other, m->random);
        count(m, family, time++);
    }
}

static void one_level(Measuring *m, const ParaLevel *level, int family, ParaArena *arena)
{
    int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
    ParaModelFacts facts = para_model_facts(&level->world, arena);
    float wide = level->world.size.x, high = level->world.size.y;
    m->diameter =
        2.0f * facts.bodies[level->players[0].body].radius * PARA_PIXELS_SIDE / (wide > high ? wide : high);
    if (!(m->diameter > 0.0f) || !para_env_begin(&m->env, level, "pixels") || !see(m, actions))
        return;
    dream(m, family, actions);
}

static float decibels(double error, int pictures)
{
    return pictures == 0 ? 0.0f : fminf(99.0f, (float)(-10.0 * log10(error / pictures + 1e-12)));
}

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static ParaPixelErrors conclude(Row *row)
{
    qsort(row->centres, (size_t)row->found, sizeof *row->centres, by_size);
    return (ParaPixelErrors){.pictures = row->pictures,
                             .psnr = decibels(row->truth, row->pictures),
                             .random = decibels(row->random, row->pictures),
                             .kept = decibels(row->kept, row->pictures),
                             .players = row->players,
                             .lost = row->lost,
                             .centre = row->found > 0 ? (float)(row->centre / row->found) : 0.0f,
                             .centre_p50 = row->found > 0 ? row->centres[row->found / 2] : 0.0f,
                             .still = row->players > 0 ? (float)(row->still / row->players) : 0.0f};
}

static bool begin(Measuring *m, ParaWorldGroup *group, ParaArena *arena)
{
    int count = m->def->families->count + 1;
    para_env_init(&m->env, para_world_at(group, 0), false);
    m->picture = para_pixels_picture(arena);
    m->dream = para_pixel_dream_create(m->pixels, arena);
    m->other = para_pixel_dream_create(m->pixels, arena);
    m->keys.rng = para_rng_make(m->def->seed, "pixels.keys");
    m->chance.rng = para_rng_make(m->def->seed, "pixels.chance");
    m->rng = para_rng_make(m->def->seed, "pixels.measure");
    m->rows = (Row(*)[PARA_PIXELS_TIMES])PARA_NEW(arena, Row, count * PARA_PIXELS_TIMES);
    memset(m->rows, 0, (size_t)count * sizeof *m->rows);
    for (int i = 0; i < count * PARA_PIXELS_TIMES; i++)
        m->rows[i / PARA_PIXELS_TIMES][i % PARA_PIXELS_TIMES].centres = PARA_NEW(arena, float, SAMPLES);
    return m->env.arena != NULL;
}

static bool measure_all(Measuring *m, ParaPixelMeasured *told, ParaArena *arena)
{
    const ParaFamilies *families = m->def->families;
    int64_t done = 0, total = (int64_t)families->count * m->def->levels;
    for (int f = 0; f < families->count; f++)
        for (int i = 0; i < m->def->levels; i++) {
            ParaArenaMark mark = para_arena_mark(arena);
            ParaPick pick = {.family = f, .seed = para_held_out_seed(m->def->seed, i)};
            const ParaLevel *level = para_families_sample(families, &pick, "pixels", arena);
            if (level)
                one_level(m, level, f, arena);
            para_arena_rewind(arena, mark);
            if (told && !told(m->context, ++done, total))
                return false;
        }
    return true;
}

bool para_pixels_measure(const ParaPixels *pixels, const ParaPixelMeasureDef *def, ParaPixelMeasure *out,
                         ParaPixelShown *shown, ParaPixelMeasured *told, void *context, ParaArena *arena)
{
    ParaWorldGroup *group = para_world_group_create(def->solver, 1);
    Measuring *m = PARA_NEW(arena, Measuring, 1);
    if (!group)
        return false;
    *m = (Measuring){.pixels = pixels, .def = def, .shown = shown, .context = context};
    bool good = begin(m, group, arena) && measure_all(m, told, arena);
    for (int f = 0; f <= def->families->count && good; f++)
        for (int t = 0; t < PARA_PIXELS_TIMES; t++)
            out[f].at[t] = conclude(&m->rows[f][t]);
    para_env_destroy(&m->env);
    para_world_group_destroy(group);
    return good;
}
