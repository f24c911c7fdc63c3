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
    ParaSampler *sampler;
    const ParaValue *obstacles; ///< of a trail
} Terrain;

static const char *const words[] = {
    [PARA_TERRAIN_ROLLING] = "rolling", [PARA_TERRAIN_STEPS] = "steps",   [PARA_TERRAIN_STAIRS] = "stairs",
    [PARA_TERRAIN_GAPS] = "gaps",       [PARA_TERRAIN_STUMPS] = "stumps", [PARA_TERRAIN_CAVES] = "caves",
    [PARA_TERRAIN_ISLANDS] = "islands", [PARA_TERRAIN_TRAIL] = "trail"};

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
    bool trail = kind == PARA_TERRAIN_TRAIL;
    *out = (Terrain){.kind = (ParaTerrainKind)kind,
                     .length = number_of(sampler, rule, PARA_FIELD_CHAIN_length, 0, 30),
                     .amplitude = number_of(sampler, rule, PARA_FIELD_CHAIN_amplitude, 0, 0.5),
                     .roughness = number_of(sampler, rule, PARA_FIELD_CHAIN_roughness, 0, 0.5),
                     .flat = number_of(sampler, rule, PARA_FIELD_CHAIN_flat, 0, 3),
                     .wide = number_of(sampler, rule, PARA_FIELD_CHAIN_step, 0, trail ? 0.5 : 1),
                     .high = number_of(sampler, rule, PARA_FIELD_CHAIN_step, 1,
                                       trail         ? 2
                                       : cave || pit ? 3
                                                     : 0.3),
                     .count = (int)number_of(sampler, rule, PARA_FIELD_CHAIN_count, 0, 0),
                     .seed = para_seed_mix(para_seed_mix(sampler->chance, rule->key),
                                           sampler->draw & ~(uint64_t)0xffffffff),
                     .sampler = sampler,
                     .obstacles = para_value(rule, PARA_FIELD_CHAIN_obstacles)};
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

// ---------------------------------------------------------------------------------------------
// A trail: runs of grass, whose slope has a memory, and between them obstacles to get over. After the ground
// of BipedalWalker-v3 (Gymnasium) and of the design space of walkers that comes from it (Wang et al., POET,
// 2019; Parker-Holder et al., ACCEL, 2022). Its unit is the way from point to point.

#define RUN_LEAST 5 // [1] points of a run of grass
#define RUN_MOST  9
#define FORGETS   0.8   // [1] of the slope is left at the next point
#define HOMESICK  0.3   // [1] of the amplitude: so much it turns back to where it began
#define TREAD     4     // [1] points that a stair is deep
#define TINY      0.005 // [m] smaller obstacles are none
#define KINDS_MAX 16

/// What a trail is while it is drawn.
typedef struct Trail {
    Terrain *t;
    ParaRng chance;
    int k, count;            ///< [1] >= 0 the point that comes, of how many
    double y, slope;         ///< [m] of the last point, [m] per point
    int obstacles;           ///< [1] >= 0 so far
    double share[KINDS_MAX]; ///< [1] >= 0 of each kind of obstacle
    double shares;           ///< [1] >= 0 of all
} Trail;

static void put_at(const Trail *trail, double points, double y) { put(trail->t, points * trail->t->wide, y); }

/// @param goes_on its first point may be higher or lower than the ground before
static void put_grass(Trail *trail, int points, bool goes_on)
{
    const Terrain *t = trail->t;
    for (int end = trail->k + points; trail->k < end && trail->k < trail->count; trail->k++) {
        if (goes_on) {
            double off = trail->y > 0 ? -1 : trail->y < 0 ? 1 : 0;
            bool beyond = trail->k * t->wide > t->flat + NEAR;
            trail->slope = FORGETS * trail->slope + HOMESICK * t->amplitude * off;
            trail->slope += beyond ? t->amplitude * para_rng_range(&trail->chance, -1, 1) : 0;
            trail->y += trail->slope;
        }
        goes_on = true;
        put_at(trail, trail->k, trail->y);
    }
}

/// How many points of the trail a way takes.
static int points_of(double ways) { return (int)para_max(1, ceil(ways - 1e-6)); }

/// A level lip of one point before and behind it.
static int put_pit(Trail *trail, double wide)
{
    double begin = trail->k + 1, ways = wide / trail->t->wide, floor_y = trail->y - trail->t->high;
    put_at(trail, trail->k, trail->y);
    if (wide > TINY) {
        put_at(trail, begin, trail->y);
        put_at(trail, begin, floor_y);
        put_at(trail, begin + ways, floor_y);
        put_at(trail, begin + ways, trail->y);
    }
    put_at(trail, begin + ways + 1, trail->y);
    return points_of(1 + ways) + 2;
}

static int put_stump(Trail *trail, double wide, double high)
{
    double ways = (wide > 0 ? wide : high) / trail->t->wide;
    put_at(trail, trail->k, trail->y);
    if (ways * trail->t->wide > TINY && high > TINY) {
        put_at(trail, trail->k, trail->y + high);
        put_at(trail, trail->k + ways, trail->y + high);
        put_at(trail, trail->k + ways, trail->y);
    }
    return points_of(ways);
}

/// Up, the first stair is level with the ground and the last leads on; down, there is a step behind the last.
static int put_stairs_of(Trail *trail, int stairs, double rise, double tread, bool ramps)
{
    bool up = para_rng_f64(&trail->chance) > 0.5;
    put_at(trail, trail->k, trail->y);
    for (int s = 0; s < stairs; s++) {
        double begin = trail->k + s * tread;
        if (s > 0 && up)
            trail->y += ramps ? rise / 4 : rise;
        put_at(trail, begin, trail->y);
        if (up && ramps) {
            put_at(trail, begin + tread / 4, trail->y);
            trail->y += rise * (s < stairs - 1 ? 0.75 : 0.5);
            put_at(trail, begin + tread * (s < stairs - 1 ? 1 : 0.75), trail->y);
        }
        put_at(trail, begin + tread, trail->y);
        trail->y -= up ? 0 : rise;
        put_at(trail, begin + tread, trail->y);
    }
    return points_of(stairs * tread + (ramps ? 0 : 1));
}

/// A number of this obstacle, drawn anew for it.
static double of_obstacle(Trail *trail, const ParaObject *obstacle, ParaFieldId id, int part, double preset)
{
    ParaSampler *sampler = trail->t->sampler;
    double i = sampler->input.i, n = sampler->input.n;
    uint64_t draw = sampler->draw;
    para_sample_point(sampler, trail->obstacles, trail->count);
    double value = number_of(sampler, obstacle, id, part, preset);
    sampler->input.i = i;
    sampler->input.n = n;
    sampler->draw = draw;
    return value;
}

/// One of the kinds, by their shares.
static const ParaObject *choose_obstacle(Trail *trail)
{
    double left = para_rng_f64(&trail->chance) * trail->shares;
    int kind = 0, last = 0;
    for (int k = 0; k < trail->t->obstacles->count; k++)
        last = trail->share[k] > 0 ? k : last;
    while (kind < last && (left -= trail->share[kind]) >= 0)
        kind++;
    return &trail->t->obstacles->objects[kind];
}

static void put_obstacle(Trail *trail)
{
    const ParaObject *obstacle = choose_obstacle(trail);
    ParaFieldId head = obstacle->head_id;
    double first = of_obstacle(trail, obstacle, head, 0, 0), way = trail->t->wide;
    switch (head) {
    case PARA_FIELD_OBSTACLE_pit:
        trail->k += put_pit(trail, first);
        break;
    case PARA_FIELD_OBSTACLE_stump:
        trail->k += put_stump(trail, first, of_obstacle(trail, obstacle, head, 1, 0));
        break;
    default: {
        double rise = of_obstacle(trail, obstacle, PARA_FIELD_OBSTACLE_rise, 0, 0);
        double tread = of_obstacle(trail, obstacle, PARA_FIELD_OBSTACLE_tread, 0, TREAD * way) / way;
        bool ramps = para_value(obstacle, PARA_FIELD_OBSTACLE_ramps)->truth;
        trail->k += put_stairs_of(trail, (int)first, rise, tread, ramps);
    }
    }
    trail->obstacles++;
}

static void put_trail(Terrain *t)
{
    Trail trail = {
        .t = t, .chance = para_rng_make(t->seed, "trail"), .count = (int)(t->length / t->wide + 0.5) + 1};
    for (int k = 0; k < t->obstacles->count; k++) {
        trail.share[k] = number_of(t->sampler, &t->obstacles->objects[k], PARA_FIELD_OBSTACLE_share, 0, 1);
        trail.shares += trail.share[k];
    }
    put_grass(&trail, (int)(t->flat / t->wide + 0.5), true);
    while (trail.k < trail.count) {
        if (trail.shares > 0)
            put_obstacle(&trail);
        put_grass(&trail, (int)para_rng_int(&trail.chance, RUN_LEAST, RUN_MOST), false);
    }
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
    case PARA_TERRAIN_TRAIL:
        put_trail(t);
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
