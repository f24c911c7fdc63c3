// SPDX-License-Identifier: MIT
// What a level is like, as floats of about unit size.
#include "agents/maker/traits.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define NOWHERE    (-(double)INFINITY) // no surface is there
#define SIZE_UNIT  20.0                // [m]
#define TIME_UNIT  30.0                // [s]
#define FALL       5.0                 // [m] a ground deeper than this below the player counts as none
#define STEP_UP    2.5 // [m] a surface so far above the last one is not the ground but a ceiling
#define STRIDE_MAX 2.0 // [m] between two looks at the ground
#define STRIDE_MIN 0.5

int para_traits_count(const ParaFamilies *families) { return families->count + PARA_TRAITS_FIXED; }

static float squeezed(double value) { return (float)para_clamp(value, -5, 5); }

/// ln(1 + n), so that 3 and 30 differ as 30 and 300 do.
static float counted(double n) { return squeezed(para_log(1 + n)); }

// ---------------------------------------------------------------------------------------------
// The ground.

/// Where a line from a to b is above x. @return NOWHERE: it is not
static double height_at(double x, double ax, double ay, double bx, double by)
{
    if (ax > bx) {
        double t = ax;
        ax = bx, bx = t;
        t = ay, ay = by, by = t;
    }
    if (x < ax || x > bx)
        return NOWHERE;
    return bx - ax > 1e-9 ? ay + (by - ay) * (x - ax) / (bx - ax) : para_max(ay, by);
}

/// The highest surface of a shape at x that is not above `ceiling`.
static double surface_of(const ParaWorldDef *def, const ParaShapeDef *shape, double x, double ceiling)
{
    const ParaBodyDef *body = &def->bodies[shape->body];
    const ParaVec2 *points = def->points + shape->point_first;
    double c = para_cos((double)body->angle), s = para_sin((double)body->angle), best = NOWHERE;
    double px = (double)body->position.x, py = (double)body->position.y;
    int count = (int)shape->point_count, edges = shape->kind == PARA_SHAPE_POLYGON ? count : count - 1;
    if (shape->kind == PARA_SHAPE_CIRCLE) {
        double cx = px + c * (double)points[0].x - s * (double)points[0].y;
        double cy = py + s * (double)points[0].x + c * (double)points[0].y;
        double r = (double)shape->radius, d = x - cx;
        double top = d * d <= r * r ? cy + para_sqrt(r * r - d * d) : NOWHERE;
        return top <= ceiling ? top : NOWHERE;
    }
    for (int k = 0; k < edges; k++) {
        const ParaVec2 *a = &points[k], *b = &points[(k + 1) % count];
        double top =
            height_at(x, px + c * (double)a->x - s * (double)a->y, py + s * (double)a->x + c * (double)a->y,
                      px + c * (double)b->x - s * (double)b->y, py + s * (double)b->x + c * (double)b->y) +
            (double)shape->radius;
        if (top <= ceiling && top > best)
            best = top;
    }
    return best;
}

/// The ground at x below `ceiling`, of all that does not move. @return NOWHERE: there is none
static double ground_at(const ParaLevel *level, double x, double ceiling)
{
    const ParaWorldDef *def = &level->world;
    double best = NOWHERE;
    for (int i = 0; i < def->shape_count; i++)
        if (def->bodies[def->shapes[i].body].kind == PARA_BODY_STATIC)
            best = para_max(best, surface_of(def, &def->shapes[i], x, ceiling));
    return best;
}

/// Heights along the way from the player toward its goal, each against the one before the player.
static void describe_ground(const ParaLevel *level, ParaVec2 from, double way, float *out)
{
    double side = way < 0 ? -1 : 1, y = (double)from.y, start = y;
    double stride = para_clamp(fabs(way) / PARA_TRAITS_GROUND, STRIDE_MIN, STRIDE_MAX);
    for (int k = 0; k < PARA_TRAITS_GROUND; k++) {
        double now = ground_at(level, (double)from.x + side * stride * (k + 1), y + STEP_UP);
        bool some = now > start - 4 * FALL;
        out[k] = squeezed((some ? now - start : -4 * FALL) / FALL);
        if (some)
            y = now;
    }
}

// ---------------------------------------------------------------------------------------------
// What it holds.

typedef struct Tally {
    int fixed, driven, loose, fragile, collectibles, spares; // bodies that are not the player's
    int hazards, targets, cargo;                             // bodies and zones
    int fluids, winds;                                       // zones
    double own_mass_area;                                    // [kg] roughly, of the player
    ParaVec2 aim;                                            // of the first target, else cargo
    bool has_aim;
    double hazard; // [m] to the nearest
} Tally;

static void count_role(Tally *tally, ParaRole role, ParaVec2 at, ParaVec2 from)
{
    double dx = (double)(at.x - from.x), dy = (double)(at.y - from.y);
    tally->targets += role == PARA_ROLE_TARGET;
    tally->cargo += role == PARA_ROLE_CARGO;
    tally->hazards += role == PARA_ROLE_HAZARD;
    if (role == PARA_ROLE_HAZARD)
        tally->hazard = para_min(tally->hazard, para_sqrt(dx * dx + dy * dy));
    if (role == PARA_ROLE_TARGET && (!tally->has_aim || tally->targets == 1)) {
        tally->aim = at;
        tally->has_aim = true;
    } else if (role == PARA_ROLE_CARGO && !tally->has_aim) {
        tally->aim = at;
        tally->has_aim = true;
    }
}

static void count_bodies(const ParaLevel *level, ParaVec2 from, Tally *tally)
{
    const ParaWorldDef *def = &level->world;
    for (int b = 0; b < def->body_count; b++) {
        ParaRole role = para_level_body_role(level, 0, b);
        if (role == PARA_ROLE_PLAYER)
            continue;
        tally->fixed += def->bodies[b].kind == PARA_BODY_STATIC;
        tally->driven += def->bodies[b].kind == PARA_BODY_KINEMATIC;
        tally->loose += def->bodies[b].kind == PARA_BODY_DYNAMIC;
        tally->fragile += level->body_shatters[b] > 0 || level->body_crushes[b] > 0;
        tally->collectibles += level->body_collects[b];
        tally->spares += level->body_spares && level->body_spares[b];
        count_role(tally, role, def->bodies[b].position, from);
    }
    for (int z = 0; z < def->zone_count; z++) {
        const ParaZoneDef *zone = &def->zones[z];
        tally->fluids += zone->fluid_density > 0;
        tally->winds += zone->acceleration.x != 0 || zone->acceleration.y != 0 || zone->pull != 0;
        count_role(tally, para_level_zone_role(level, 0, z), zone->position, from);
    }
}

static int bits_of(uint32_t bits)
{
    int count = 0;
    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

/// How far a parameter is along the family's whole range, -1..1, and whether it is there.
static void describe_params(const ParaFamilies *families, int family, const ParaLevel *level, float *out)
{
    const ParaTemplate *t = families->whole[family];
    for (int p = 0; p < level->param_count && p < para_template_param_count(t); p++) {
        const ParaParam *param = para_template_param(t, p);
        double range = param->high - param->low;
        out[p] = range > 0 ? squeezed(2 * (level->params[p].value - param->low) / range - 1) : 0;
        out[PARA_PARAMS_MAX + p] = 1;
    }
}

/// What a level holds, and where its goal lies from the player.
static Tally look_at(const ParaLevel *level, ParaVec2 *out_from)
{
    Tally tally = {.hazard = 2 * SIZE_UNIT};
    *out_from = level->world.bodies[level->players[0].body].position;
    count_bodies(level, *out_from, &tally);
    return tally;
}

void para_traits_of(const ParaFamilies *families, int family, const ParaLevel *level, float *out)
{
    const ParaWorldDef *def = &level->world;
    const ParaPlayer *player = &level->players[0];
    ParaVec2 from;
    Tally tally = look_at(level, &from);
    memset(out, 0, sizeof *out * (size_t)para_traits_count(families));
    out[family] = 1;
    float *at = out + families->count;
    describe_params(families, family, level, at);
    at += 2 * PARA_PARAMS_MAX;
    double aim_x = tally.has_aim ? (double)(tally.aim.x - from.x) : 0;
    double aim_y = tally.has_aim ? (double)(tally.aim.y - from.y) : 0;
    const float structure[] = {
        squeezed((double)def->size.x / SIZE_UNIT),
        squeezed((double)def->size.y / SIZE_UNIT),
        squeezed((double)level->seconds / TIME_UNIT),
        squeezed((double)def->gravity.x / 10),
        squeezed((double)def->gravity.y / 10),
        squeezed((double)from.x / SIZE_UNIT),
        squeezed((double)from.y / SIZE_UNIT),
        tally.has_aim ? 1 : 0,
        squeezed(aim_x / SIZE_UNIT),
        squeezed(aim_y / SIZE_UNIT),
        squeezed(para_sqrt(aim_x * aim_x + aim_y * aim_y) / SIZE_UNIT),
        squeezed(tally.hazard / SIZE_UNIT),
        counted(tally.fixed),
        counted(tally.driven),
        counted(tally.loose),
        counted(tally.fragile),
        counted(tally.collectibles),
        counted(tally.spares),
        counted(tally.hazards),
        counted(tally.targets),
        counted(tally.cargo),
        counted(tally.fluids),
        counted(tally.winds),
        counted(def->joint_count),
        counted(level->event_count),
        counted(player->actuator_count),
        counted(bits_of(player->channel_bits)),
        counted((double)level->goal_count),
    };
    _Static_assert(sizeof structure / sizeof *structure + PARA_TRAITS_GROUND + 2 * PARA_PARAMS_MAX ==
                       PARA_TRAITS_FIXED,
                   "what is described and its size");
    memcpy(at, structure, sizeof structure);
    describe_ground(level, from, aim_x, at + sizeof structure / sizeof *structure);
}

double para_traits_goal_distance(const ParaLevel *level)
{
    ParaVec2 from;
    Tally tally = look_at(level, &from);
    double x = (double)(tally.aim.x - from.x), y = (double)(tally.aim.y - from.y);
    return tally.has_aim ? para_sqrt(x * x + y * y) : (double)NAN;
}

double para_traits_roughness(const ParaLevel *level)
{
    ParaVec2 from;
    Tally tally = look_at(level, &from);
    float ground[PARA_TRAITS_GROUND];
    double sum = 0;
    describe_ground(level, from, tally.has_aim ? (double)(tally.aim.x - from.x) : 0, ground);
    for (int k = 1; k < PARA_TRAITS_GROUND; k++)
        sum += fabs((double)(ground[k] - ground[k - 1]));
    return sum * FALL / (PARA_TRAITS_GROUND - 1);
}
