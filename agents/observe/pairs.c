// SPDX-License-Identifier: MIT
// What two rows are to each other. Column by column, so that a compiler may take several pairs at once; only
// + - * / and comparisons, so that every one gives the same bits.
#include "agents/observe/pairs.h"

#include "agents/observe/observe_parts.h"

#define MEETING 0.02f  // [m] up to such a gap two boxes meet wholly
#define APART   0.1f   // [m] from such a gap on they do not
#define ENDLESS 200.0f // [m] half a side that is longer than an observation shows

_Static_assert(PARA_PAIR_ROWS == PARA_OBS_ROWS, "as many rows as are observed");
_Static_assert(PARA_PAIR_KINDS == sizeof(((ParaObsRow *)0)->kind), "as many kinds as are observed");
_Static_assert(offsetof(ParaObsShape, spin) == offsetof(ParaObsJoint, spin) &&
                   offsetof(ParaObsShape, spin) == offsetof(ParaObsThruster, spin),
               "spins of all kinds stand at the same place");

/// The rows, column by column.
typedef struct Columns {
    float x[PARA_PAIR_ROWS], y[PARA_PAIR_ROWS];           // [m] from the main body
    float cosine[PARA_PAIR_ROWS], sine[PARA_PAIR_ROWS];   // [1]
    float half_x[PARA_PAIR_ROWS], half_y[PARA_PAIR_ROWS]; // [m] in its own frame
    float round[PARA_PAIR_ROWS];                          // 1: a circle or a point
    float vx[PARA_PAIR_ROWS], vy[PARA_PAIR_ROWS];         // as observed
    float spin[PARA_PAIR_ROWS];                           // as observed
    float moves[PARA_PAIR_ROWS];                          // 1: no zone, neither static nor kinematic
    float shape[PARA_PAIR_ROWS], device[PARA_PAIR_ROWS];  // 1: a shape; 1: a joint or thruster
    float zone[PARA_PAIR_ROWS], touching[PARA_PAIR_ROWS]; // 1: a zone; 1: a shape that touches something
} Columns;

static float half_of(float shown) { return shown >= PARA_OBS_LIMIT ? ENDLESS : shown; }

static uint8_t kind_of(const float *row)
{
    const float *kind = row + offsetof(ParaObsRow, kind);
    for (uint8_t k = 0; k < PARA_PAIR_KINDS - 1; k++)
        if (kind[k] > 0.5f)
            return k;
    return PARA_PAIR_KINDS - 1;
}

static void take_row(Columns *c, int i, const float *row, uint8_t kind)
{
    const float *rest = row + sizeof(ParaObsRow), *motion = row + offsetof(ParaObsRow, motion);
    c->x[i] = row[offsetof(ParaObsRow, offset)] * PARA_OBS_FAR;
    c->y[i] = row[offsetof(ParaObsRow, offset) + 1] * PARA_OBS_FAR;
    c->cosine[i] = row[offsetof(ParaObsRow, heading)];
    c->sine[i] = row[offsetof(ParaObsRow, heading) + 1];
    c->half_x[i] = half_of(row[offsetof(ParaObsRow, half)]);
    c->half_y[i] = half_of(row[offsetof(ParaObsRow, half) + 1]);
    c->round[i] = row[offsetof(ParaObsRow, round)];
    c->vx[i] = row[offsetof(ParaObsRow, velocity)];
    c->vy[i] = row[offsetof(ParaObsRow, velocity) + 1];
    c->zone[i] = kind == 3 ? 1.0f : 0.0f;
    c->shape[i] = kind == 0 ? 1.0f : 0.0f;
    c->device[i] = kind == 1 || kind == 2 ? 1.0f : 0.0f;
    c->spin[i] = kind == 3 ? 0.0f : rest[offsetof(ParaObsShape, spin)];
    c->touching[i] = kind == 0 ? rest[offsetof(ParaObsShape, touching)] : 0.0f;
    c->moves[i] = kind != 3 && !(motion[0] > 0.5f) && !(motion[1] > 0.5f) ? 1.0f : 0.0f;
}

/// How far row j reaches along an axis [m].
static inline float reach(const Columns *c, int j, float ax, float ay)
{
    float along = fabsf(ax * c->cosine[j] + ay * c->sine[j]) * c->half_x[j];
    float across = fabsf(ay * c->cosine[j] - ax * c->sine[j]) * c->half_y[j];
    return c->round[j] > 0.5f ? c->half_x[j] : along + across;
}

static inline float wider(float a, float b) { return a > b ? a : b; }

/// The gap between the boxes of row i and every other [m]; below 0 where they lie over each other.
static void measure(const Columns *c, int i, int count, float *gap)
{
    float ix = c->cosine[i], iy = c->sine[i];
    for (int j = 0; j < count; j++) {
        float dx = c->x[j] - c->x[i], dy = c->y[j] - c->y[i], jx = c->cosine[j], jy = c->sine[j];
        float own_x = fabsf(dx * ix + dy * iy) - c->half_x[i] - reach(c, j, ix, iy);
        float own_y = fabsf(dy * ix - dx * iy) - c->half_y[i] - reach(c, j, -iy, ix);
        float its_x = fabsf(dx * jx + dy * jy) - c->half_x[j] - reach(c, i, jx, jy);
        float its_y = fabsf(dy * jx - dx * jy) - c->half_y[j] - reach(c, i, -jy, jx);
        float length = sqrtf(dx * dx + dy * dy), over = 1.0f / (length > 1e-6f ? length : 1e-6f);
        float between = length - reach(c, i, dx * over, dy * over) - reach(c, j, dx * over, dy * over);
        gap[j] = wider(wider(wider(own_x, own_y), wider(its_x, its_y)), between);
    }
}

static void tell(const Columns *c, int i, int count, const float *gap, float *pairs)
{
    size_t all = (size_t)count * (size_t)count;
    for (int j = 0; j < count; j++) {
        float *out = pairs + j;
        float close = para_clampf((APART - gap[j]) / (APART - MEETING), 0.0f, 1.0f),
              other = i == j ? 0.0f : 1.0f;
        float joined = c->shape[i] * c->device[j] + c->device[i] * c->shape[j];
        float zoned = wider(c->zone[i], c->zone[j]), touching = c->touching[i] * c->touching[j];
        bool same = c->vx[i] == c->vx[j] && c->vy[i] == c->vy[j] && c->spin[i] == c->spin[j];
        out[PARA_PAIR_SELF * all] = 1.0f - other;
        out[PARA_PAIR_JOINED * all] = close * joined;
        out[PARA_PAIR_MEETING * all] = other * close * wider(zoned, touching);
        out[PARA_PAIR_TOGETHER * all] = same ? other * c->moves[i] * c->moves[j] : 0.0f;
        out[PARA_PAIR_NEAR * all] = 1.0f / (1.0f + wider(gap[j], 0.0f));
        out[PARA_PAIR_X * all] = para_clampf((c->x[j] - c->x[i]) / PARA_OBS_FAR, -1.0f, 1.0f);
        out[PARA_PAIR_Y * all] = para_clampf((c->y[j] - c->y[i]) / PARA_OBS_FAR, -1.0f, 1.0f);
    }
}

void para_obs_pairs(const float *const *rows, int count, uint8_t *kinds, float *pairs)
{
    PARA_ASSERT(count >= 0 && count <= PARA_PAIR_ROWS);
    Columns columns;
    float gap[PARA_PAIR_ROWS];
    for (int i = 0; i < count; i++) {
        kinds[i] = kind_of(rows[i]);
        take_row(&columns, i, rows[i], kinds[i]);
    }
    for (int i = 0; i < count; i++) {
        measure(&columns, i, count, gap);
        tell(&columns, i, count, gap, pairs + (size_t)i * (size_t)count);
    }
}
