// SPDX-License-Identifier: MIT
// Terrain: the points of a chain from one word and a few numbers. It begins at (0, 0) and goes right; every
// point is a function of the level's seed and of where the chain stands in the template, so that parts of it
// can be drawn in any order.
#include "worlds/sample/sample.h"

#include "engine/base/maths.h"
#include "engine/base/rng.h"
#include "worlds/expr/expr.h"

#include <math.h>
#include <string.h>

#define SPACING     0.5   // [m] between points of waves, where the terrain is not too long for that
#define WAVE        6.0   // [m] of the longest wave
#define WAVE_POINTS 400   // of waves at most
#define NEAR        0.002 // [m] no two points in a row are as near

/// What the author gave, or the default.
typedef struct Terrain {
    ParaTerrainKind kind;
    double length, amplitude, roughness, flat; ///< [m] [m] [1] 0..1 [m]
    double wide, high;                         ///< [m] of one step, gap, stump; of a cave's hall the height
    int count;                                 ///< [1] >= 1 of them
    uint64_t seed;
    ParaVec2 *out; ///< NULL: points are counted
    int points;    ///< [1] >= 0 so far
    double x, y;   ///< [m] the last of them
} Terrain;

static const char *const words[] = {
    [PARA_TERRAIN_ROLLING] = "rolling", [PARA_TERRAIN_STEPS] = "steps",   [PARA_TERRAIN_STAIRS] = "stairs",
    [PARA_TERRAIN_GAPS] = "gaps",       [PARA_TERRAIN_STUMPS] = "stumps", [PARA_TERRAIN_CAVES] = "caves",
    [PARA_TERRAIN_ISLANDS] = "islands"};

const char *const *para_terrain_words(int *out_count)
{
    *out_count = (int)(sizeof words / sizeof *words);
    return words;
}

static double number_of(ParaSampler *sampler, const ParaObject *rule, ParaFieldId id, int part, double preset)
{
    const ParaValue *value = para_value(rule, id);
    return value->present ? para_sample_number(sampler, &value->numbers[part], para_field(id), rule->path)
                          : preset;
}

/// @return false where the word is none, which loading told
static bool read(ParaSampler *sampler, const ParaObject *rule, Terrain *out)
{
    const char *word = para_value(rule, PARA_FIELD_CHAIN_terrain)->text;
    int kind = 0, kinds;
    para_terrain_words(&kinds);
    while (kind < kinds && strcmp(words[kind], word) != 0)
        kind++;
    bool cave = kind == PARA_TERRAIN_CAVES, pit = kind == PARA_TERRAIN_GAPS || kind == PARA_TERRAIN_ISLANDS;
    *out = (Terrain){.kind = (ParaTerrainKind)kind,
                     .length = number_of(sampler, rule, PARA_FIELD_CHAIN_length, 0, 30),
                     .amplitude = number_of(sampler, rule, PARA_FIELD_CHAIN_amplitude, 0, 0.5),
                     .roughness = number_of(sampler, rule, PARA_FIELD_CHAIN_roughness, 0, 0.5),
                     .flat = number_of(sampler, rule, PARA_FIELD_CHAIN_flat, 0, 3),
                     .wide = number_of(sampler, rule, PARA_FIELD_CHAIN_step, 0, 1),
                     .high = number_of(sampler, rule, PARA_FIELD_CHAIN_step, 1, cave || pit ? 3 : 0.3),
                     .count = (int)number_of(sampler, rule, PARA_FIELD_CHAIN_count, 0, 0),
                     .seed = para_seed_mix(para_seed_mix(sampler->chance, rule->key),
                                           sampler->draw & ~(uint64_t)0xffffffff)};
    double room = out->length - out->flat;
    // As many as fit with as much ground between them, where nobody counted; stairs go up at once.
    if (out->count == 0)
        out->count =
            (int)para_clamp(kind == PARA_TERRAIN_STAIRS ? room / out->wide : room / (3 * out->wide), 1, 200);
    return kind < kinds;
}

static void put(Terrain *t, double x, double y)
{
    bool near = t->points > 0 && fabs(x - t->x) < NEAR && fabs(y - t->y) < NEAR; // a chain would leave it out
    if (near)
        return;
    if (t->out)
        t->out[t->points] = (ParaVec2){(float)x + 0.0f, (float)y + 0.0f};
    t->points++;
    t->x = x;
    t->y = y;
}

/// Evenly in [0, 1): the draw of this number of this piece.
static double drawn(const Terrain *t, int piece, int which)
{
    uint64_t bits = para_seed_mix(para_seed_mix(t->seed, (uint64_t)piece), (uint64_t)which);
    return (double)(bits >> 11) * 0x1p-53;
}

/// Waves of half the length and `roughness` times the height of those before, faded in behind the flat.
static double waves(const Terrain *t, double x, uint64_t curve)
{
    double sum = 0, most = 0, height = 1, per = 1 / WAVE;
    for (int octave = 0; octave < 5; octave++) {
        sum += height * para_expr_noise(para_seed_mix(t->seed, curve), x * per, octave);
        most += height;
        height *= t->roughness;
        per *= 2;
    }
    return t->amplitude * sum / most * para_clamp((x - t->flat) / 2, 0, 1);
}

/// @param base [m] the height it goes about   @param back from right to left
static void put_waves(Terrain *t, double base, uint64_t curve, bool back)
{
    int pieces = (int)para_clamp((t->length - t->flat) / SPACING + 1, 2, WAVE_POINTS);
    if (!back && t->flat > 0)
        put(t, 0, base);
    for (int k = 0; k <= pieces; k++) {
        double x = t->flat + (t->length - t->flat) * (back ? pieces - k : k) / pieces;
        put(t, x, base + waves(t, x, curve));
    }
    if (back && t->flat > 0)
        put(t, 0, base);
}

/// Where piece k begins, all of them with as much room.
static double begin_of(const Terrain *t, int k) { return t->flat + (t->length - t->flat) * k / t->count; }

/// Plateaus, each at a height of its own.
static void put_steps(Terrain *t)
{
    double before = 0;
    put(t, 0, 0);
    for (int k = 0; k < t->count; k++) {
        double height = t->amplitude * (2 * drawn(t, k, 0) - 1);
        if (begin_of(t, k) > 0)
            put(t, begin_of(t, k), before);
        put(t, begin_of(t, k), height);
        before = height;
    }
    put(t, t->length, before);
}

static void put_stairs(Terrain *t)
{
    put(t, 0, 0);
    for (int k = 0; k < t->count; k++) {
        double x = t->flat + t->wide * k;
        if (x > 0)
            put(t, x, t->high * k);
        put(t, x, t->high * (k + 1));
    }
    double end = t->flat + t->wide * t->count;
    put(t, end > t->length ? end : para_max(t->length, end + 0.01), t->high * t->count);
}

/// Pits or blocks in the middle of their pieces, narrower and lower by chance the rougher it is.
/// @param up -1: pits, 1: blocks   @param height of each piece of ground, by chance
static void put_blocks(Terrain *t, int up, double height)
{
    double ground = 0;
    put(t, 0, 0);
    for (int k = 0; k < t->count; k++) {
        double share = 1 - t->roughness * drawn(t, k, 0), room = begin_of(t, k + 1) - begin_of(t, k);
        double wide = para_min(t->wide * share, 0.8 * room);
        double left = begin_of(t, k) + (room - wide) * (0.2 + 0.6 * drawn(t, k, 1));
        double next = height > 0 ? height * (2 * drawn(t, k, 2) - 1) : 0;
        double level = up > 0 ? ground + t->high * (1 - t->roughness * drawn(t, k, 3))
                              : para_min(ground, next) - t->high;
        put(t, left, ground);
        put(t, left, level);
        put(t, left + wide, level);
        put(t, left + wide, next);
        ground = next;
    }
    put(t, t->length, ground);
}

static void draw_all(Terrain *t)
{
    switch (t->kind) {
    case PARA_TERRAIN_ROLLING:
        put_waves(t, 0, 0, false);
        break;
    case PARA_TERRAIN_STEPS:
        put_steps(t);
        break;
    case PARA_TERRAIN_STAIRS:
        put_stairs(t);
        break;
    case PARA_TERRAIN_GAPS:
        put_blocks(t, -1, 0);
        break;
    case PARA_TERRAIN_STUMPS:
        put_blocks(t, 1, 0);
        break;
    case PARA_TERRAIN_CAVES: // the floor, the wall at its end, and back along the ceiling
        put_waves(t, 0, 0, false);
        put_waves(t, t->high + t->amplitude, 1, true);
        break;
    case PARA_TERRAIN_ISLANDS:
        put_blocks(t, -1, t->amplitude);
        break;
    }
}

int para_sample_terrain(ParaSampler *sampler, const ParaObject *rule, ParaVec2 *out)
{
    Terrain terrain;
    if (!read(sampler, rule, &terrain))
        return 2;
    if (!(terrain.length > terrain.flat + 0.1)) {
        para_sample_problem(sampler, PARA_CODE_DEGENERATE, rule->path, "length",
                            "must be more than what is flat, %.9g m; got %.9g", terrain.flat, terrain.length);
        return 2;
    }
    terrain.out = out;
    draw_all(&terrain);
    return terrain.points;
}
