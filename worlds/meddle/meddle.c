// SPDX-License-Identifier: MIT
// What each meddle does, and whether it makes sense. How it is typed is in meddle_text.c.
#include "worlds/meddle/meddle.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PULL_STEPS   3.0  // [decision] in which a pulled body would be there
#define PULL_SHARE   0.6  // [1] of the missing speed that one decision gives
#define PULL_FASTEST 25.0 // [m/s] a hand draws
#define PULL_MOST    8.0  // [m/s] that one decision gives
#define PULL_SPIN    0.9  // [1] of its spin that is left

_Static_assert((int)PARA_MEDDLE_CRATE == (int)PARA_TOY_CRATE &&
                   (int)PARA_MEDDLE_SPIKE == (int)PARA_TOY_SPIKE && PARA_MEDDLE_CUT == 11 &&
                   PARA_MEDDLE_CLONE == 23,
               "replays hold these numbers: a new row goes to the end of its list");

typedef struct Row {
    const char *word, *takes, *about;
    int numbers;
} Row;

static const Row rows[PARA_MEDDLES] = {
#define PARA_MEDDLE(id, word, numbers, takes, help) [PARA_MEDDLE_##id] = {word, takes, help, numbers},
#include "worlds/meddle/meddles.def"
};

const char *para_meddle_word(ParaMeddleKind kind)
{
    PARA_ASSERT(kind < PARA_MEDDLES);
    return rows[kind].word;
}

const char *para_meddle_takes(ParaMeddleKind kind)
{
    PARA_ASSERT(kind < PARA_MEDDLES);
    return rows[kind].takes;
}

const char *para_meddle_about(ParaMeddleKind kind)
{
    PARA_ASSERT(kind < PARA_MEDDLES);
    return rows[kind].about;
}

/// @return false, for `return refuse(...)`
static bool refuse(char *why, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool refuse(char *why, size_t size, const char *format, ...)
{
    if (size == 0)
        return false;
    va_list list;
    va_start(list, format);
    para_text_format_v(why, size, format, list);
    va_end(list);
    return false;
}

static float at(const ParaView *view, const float *values, int body)
{
    return values[(size_t)body * (size_t)view->stride];
}

static bool is_enabled(const ParaView *view, int body)
{
    return view->enabled[(size_t)body * (size_t)view->stride] != 0;
}

static bool is_set(const uint8_t *bits, int k) { return bits[k / 8] >> (k % 8) & 1; }

// ---------------------------------------------------------------------------------------------
// What makes sense.

static bool has_toy(const ParaLevel *level, int toy)
{
    for (int b = 0; b < level->world.body_count; b++)
        if (para_toy_of(level, b) == toy)
            return true;
    return false;
}

/// An index as a float: whole, and of something.
static bool is_index(float number, int count)
{
    return number >= 0 && number < (float)count && number == (float)(int)number;
}

/// A body that is no part of a player, and moves or could.
static bool is_thing(float number, const ParaLevel *level)
{
    return is_index(number, level->world.body_count) && para_level_owner(level, (int)number) < 0 &&
           level->world.bodies[(int)number].kind != PARA_BODY_KINEMATIC;
}

/// The second body of a joint; -1: the background.
static bool is_other(float number, const ParaLevel *level)
{
    return number == -1 || is_index(number, level->world.body_count);
}

static bool is_material(const float *numbers)
{
    return is_index(numbers[0], PARA_MATERIAL_COUNT) && (numbers[1] == 0 || numbers[1] == 1);
}

bool para_meddle_check(const ParaMeddle *meddle, const ParaLevel *level, char *why, size_t why_size)
{
    if (why_size > 0)
        why[0] = '\0';
    if (meddle->decision < 0 || meddle->kind >= PARA_MEDDLES)
        return refuse(why, why_size, "there is no such thing to do");
    const Row *row = &rows[meddle->kind];
    for (int k = 0; k < PARA_MEDDLE_NUMBERS; k++)
        if (!(fabsf(meddle->numbers[k]) <= (k < row->numbers ? PARA_MEDDLE_MOST : 0.0f)))
            return refuse(why, why_size, "%s: number %d must be within -%.0f..%.0f", row->word, k + 1,
                          (double)PARA_MEDDLE_MOST, (double)PARA_MEDDLE_MOST);
    switch ((ParaMeddleKind)meddle->kind) {
    case PARA_MEDDLE_CRATE:
    case PARA_MEDDLE_BALL:
    case PARA_MEDDLE_PLANK:
    case PARA_MEDDLE_SPIKE:
        return has_toy(level, (int)meddle->kind) || refuse(why, why_size, "the level has no %s", row->word);
    case PARA_MEDDLE_WIND:
        return para_toybox_wind(level) >= 0 || refuse(why, why_size, "the level has no wind");
    case PARA_MEDDLE_FLOOD:
        return para_toybox_flood(level) >= 0 || refuse(why, why_size, "the level has no water");
    case PARA_MEDDLE_BLAST:
        return meddle->numbers[3] > 0 || refuse(why, why_size, "blast: its radius must be above 0");
    case PARA_MEDDLE_PULL:
        return (is_index(meddle->numbers[0], level->world.body_count) &&
                level->world.bodies[(int)meddle->numbers[0]].kind == PARA_BODY_DYNAMIC) ||
               refuse(why, why_size, "pull: nothing that moves");
    case PARA_MEDDLE_TAKE:
        return (is_index(meddle->numbers[0], level->world.body_count) &&
                para_level_owner(level, (int)meddle->numbers[0]) < 0) ||
               refuse(why, why_size, "take: nothing that could be taken");
    case PARA_MEDDLE_CUT:
        return is_index(meddle->numbers[0], level->world.joint_count) ||
               refuse(why, why_size, "cut: no such joint");
    case PARA_MEDDLE_GRAB:
        return (is_index(meddle->numbers[0], level->world.body_count) &&
                level->world.bodies[(int)meddle->numbers[0]].kind == PARA_BODY_DYNAMIC) ||
               refuse(why, why_size, "grab: nothing that moves");
    case PARA_MEDDLE_BOX:
    case PARA_MEDDLE_DISC:
    case PARA_MEDDLE_DRAW:
        return (is_material(meddle->numbers) && is_index(meddle->numbers[2], PARA_OUTLINE_POINTS_MAX + 1)) ||
               refuse(why, why_size, "%s: no such material", row->word);
    case PARA_MEDDLE_PIN:
    case PARA_MEDDLE_CLONE:
        return is_thing(meddle->numbers[0], level) ||
               refuse(why, why_size, "%s: nothing that it can be done to", row->word);
    case PARA_MEDDLE_HINGE:
    case PARA_MEDDLE_SPRING:
        return (is_index(meddle->numbers[0], level->world.body_count) &&
                is_other(meddle->numbers[1], level)) ||
               refuse(why, why_size, "%s: no such body", row->word);
    case PARA_MEDDLE_SLICE:
        return meddle->numbers[0] != meddle->numbers[2] || meddle->numbers[1] != meddle->numbers[3] ||
               refuse(why, why_size, "slice: its line has no length");
    case PARA_MEDDLE_GRAVITY:
    case PARA_MEDDLE_PUSH:
    case PARA_MEDDLE_HAND:
    case PARA_MEDDLE_LET:
    case PARA_MEDDLE_POINT:
        return true;
    case PARA_MEDDLES:
        break;
    }
    PARA_NEVER("no meddle");
}

// ---------------------------------------------------------------------------------------------
// What happens.

typedef struct Doing {
    const ParaMeddle *meddle;
    ParaPlay *play;
    const ParaLevel *level;
    ParaWorld world;
    const ParaView *view;
    char *why;
    size_t why_size;
} Doing;

static bool drop(const Doing *d)
{
    const float *n = d->meddle->numbers;
    for (int b = 0; b < d->level->world.body_count; b++) {
        if (para_toy_of(d->level, b) != (int)d->meddle->kind || is_enabled(d->view, b) ||
            d->level->world.bodies[b].kind != PARA_BODY_DYNAMIC || // pinned, and taken out since
            is_set(d->play->shattered, b) || is_set(d->play->collected, b))
            continue;
        para_world_place_body(d->world, b, (ParaVec2){n[0], n[1]}, n[2], (ParaVec2){0, 0}, 0);
        return true;
    }
    return refuse(d->why, d->why_size, "every %s is in the level already", rows[d->meddle->kind].word);
}

static bool blow(const Doing *d)
{
    int zone = para_toybox_wind(d->level);
    ParaZoneState now = d->view->zones[zone];
    now.acceleration = (ParaVec2){d->meddle->numbers[0], d->meddle->numbers[1]};
    para_world_set_zone(d->world, zone, &now);
    return true;
}

/// [m] from a zone's place to its highest point.
static float top_of(const ParaLevel *level, int zone)
{
    const ParaZoneDef *def = &level->world.zones[zone];
    float top = def->radius;
    for (uint32_t k = 0; k < def->point_count; k++)
        top = fmaxf(top, level->world.points[def->point_first + k].y);
    return top;
}

float para_meddle_surface(const ParaLevel *level, ParaWorld world)
{
    int zone = para_toybox_flood(level);
    PARA_ASSERT(zone >= 0);
    return para_world_view(world)->zones[zone].position.y + top_of(level, zone);
}

static bool flood(const Doing *d)
{
    int zone = para_toybox_flood(d->level);
    ParaZoneState now = d->view->zones[zone];
    now.position.y = d->meddle->numbers[0] - top_of(d->level, zone);
    para_world_set_zone(d->world, zone, &now);
    return true;
}

/// Speed at once: the same for light and heavy.
static void shove(const Doing *d, int body, double x, double y)
{
    double mass = (double)at(d->view, d->view->mass, body);
    para_world_apply_impulse(d->world, body, (ParaVec2){(float)(mass * x), (float)(mass * y)});
}

static bool push(const Doing *d)
{
    for (int b = 0; b < d->level->world.body_count; b++)
        if (para_level_owner(d->level, b) >= 0 && d->level->world.bodies[b].kind == PARA_BODY_DYNAMIC &&
            is_enabled(d->view, b))
            shove(d, b, (double)d->meddle->numbers[0], (double)d->meddle->numbers[1]);
    return true;
}

static bool blast(const Doing *d)
{
    const float *n = d->meddle->numbers;
    double radius = (double)n[3];
    for (int b = 0; b < d->level->world.body_count; b++) {
        if (d->level->world.bodies[b].kind != PARA_BODY_DYNAMIC || !is_enabled(d->view, b))
            continue;
        double dx = (double)at(d->view, d->view->centre_x, b) - (double)n[0];
        double dy = (double)at(d->view, d->view->centre_y, b) - (double)n[1];
        double distance = para_sqrt(dx * dx + dy * dy);
        if (distance >= radius)
            continue;
        double speed = (double)n[2] * (1 - distance / radius);
        if (distance < 1e-6)
            dx = 0, dy = distance = 1; // what lies at its very centre goes up
        shove(d, b, speed * dx / distance, speed * dy / distance);
    }
    return true;
}

/// Toward a place, and as fast as that takes; gravity is made up for, so that what is held does not sag.
static bool pull(const Doing *d)
{
    const ParaView *view = d->view;
    int body = (int)d->meddle->numbers[0];
    if (!is_enabled(view, body))
        return refuse(d->why, d->why_size, "it is not there any more");
    double step = (double)d->level->frame_skip / (double)d->level->world.rate, want[2], now[2], gain[2], size;
    double scale = (double)d->level->world.bodies[body].gravity_scale;
    want[0] = ((double)d->meddle->numbers[1] - (double)at(view, view->centre_x, body)) / (PULL_STEPS * step);
    want[1] = ((double)d->meddle->numbers[2] - (double)at(view, view->centre_y, body)) / (PULL_STEPS * step);
    size = para_sqrt(want[0] * want[0] + want[1] * want[1]);
    now[0] = (double)at(view, view->vx, body);
    now[1] = (double)at(view, view->vy, body);
    for (int k = 0; k < 2; k++) {
        double gravity = scale * (double)(k == 0 ? view->gravity.x : view->gravity.y);
        want[k] *= size > PULL_FASTEST ? PULL_FASTEST / size : 1;
        gain[k] = PULL_SHARE * (want[k] - now[k]) - 0.5 * gravity * step;
    }
    size = para_sqrt(gain[0] * gain[0] + gain[1] * gain[1]);
    double share = size > PULL_MOST ? PULL_MOST / size : 1;
    para_world_set_velocity(d->world, body,
                            (ParaVec2){(float)(now[0] + share * gain[0]), (float)(now[1] + share * gain[1])},
                            (float)(PULL_SPIN * (double)at(view, view->spin, body)));
    return true;
}

static bool take(const Doing *d)
{
    int body = (int)d->meddle->numbers[0];
    if (!is_enabled(d->view, body))
        return refuse(d->why, d->why_size, "it is not there any more");
    para_world_disable_body(d->world, body);
    return true;
}

static bool cut(const Doing *d)
{
    int joint = (int)d->meddle->numbers[0];
    if (!d->view->joint_enabled[(size_t)joint * (size_t)d->view->stride])
        return refuse(d->why, d->why_size, "it is broken already");
    para_world_break_joint(d->world, joint);
    return true;
}

static bool grab(const Doing *d)
{
    int body = (int)d->meddle->numbers[0];
    const float *n = d->meddle->numbers;
    if (!is_enabled(d->view, body))
        return refuse(d->why, d->why_size, "it is not there any more");
    double cos = (double)at(d->view, d->view->cos, body), sin = (double)at(d->view, d->view->sin, body);
    double x = (double)n[1] - (double)at(d->view, d->view->x, body);
    double y = (double)n[2] - (double)at(d->view, d->view->y, body);
    d->play->hold = (ParaHold){.held = body + 1,
                               .anchor = {(float)(cos * x + sin * y), (float)(cos * y - sin * x)},
                               .to = {n[1], n[2]}};
    return true;
}

static bool move_hand(const Doing *d)
{
    if (d->play->hold.held == 0)
        return refuse(d->why, d->why_size, "the hand holds nothing");
    d->play->hold.to = (ParaVec2){d->meddle->numbers[0], d->meddle->numbers[1]};
    return true;
}

static bool let_go(const Doing *d)
{
    if (d->play->hold.held == 0)
        return refuse(d->why, d->why_size, "the hand holds nothing");
    d->play->hold = (ParaHold){0};
    return true;
}

bool para_meddle_do(const ParaMeddle *meddle, ParaPlay *play, const ParaLevel *level, ParaWorld world,
                    char *why, size_t why_size)
{
    const Doing d = {meddle, play, level, world, para_world_view(world), why, why_size};
    PARA_ASSERT(meddle->kind < PARA_MEDDLES);
    if (why_size > 0)
        why[0] = '\0';
    switch ((ParaMeddleKind)meddle->kind) {
    case PARA_MEDDLE_CRATE:
    case PARA_MEDDLE_BALL:
    case PARA_MEDDLE_PLANK:
    case PARA_MEDDLE_SPIKE:
        return drop(&d);
    case PARA_MEDDLE_WIND:
        return blow(&d);
    case PARA_MEDDLE_FLOOD:
        return flood(&d);
    case PARA_MEDDLE_GRAVITY:
        para_world_set_gravity(world, (ParaVec2){meddle->numbers[0], meddle->numbers[1]});
        return true;
    case PARA_MEDDLE_PUSH:
        return push(&d);
    case PARA_MEDDLE_BLAST:
        return blast(&d);
    case PARA_MEDDLE_PULL:
        return pull(&d);
    case PARA_MEDDLE_TAKE:
        return take(&d);
    case PARA_MEDDLE_CUT:
        return cut(&d);
    case PARA_MEDDLE_GRAB:
        return grab(&d);
    case PARA_MEDDLE_HAND:
        return move_hand(&d);
    case PARA_MEDDLE_LET:
        return let_go(&d);
    case PARA_MEDDLE_POINT: // whoever meddles collects them
        return true;
    case PARA_MEDDLE_BOX:
    case PARA_MEDDLE_DISC:
    case PARA_MEDDLE_DRAW:
    case PARA_MEDDLE_SLICE:
    case PARA_MEDDLE_PIN:
    case PARA_MEDDLE_HINGE:
    case PARA_MEDDLE_SPRING:
    case PARA_MEDDLE_CLONE:
    case PARA_MEDDLES:
        break;
    }
    PARA_NEVER("no meddle");
}

// ---------------------------------------------------------------------------------------------
// By chance.

static float tenth(ParaRng *rng, double low, double high)
{
    return (float)(para_rng_int(rng, (int64_t)(low * 10), (int64_t)(high * 10))) / 10;
}

static float hundredth(float value) { return roundf(value * 100) / 100; }

/// Water about the player's height, or, where there is some, as often as not none.
static float draw_flood(const ParaLevel *level, ParaWorld world, ParaRng *rng)
{
    const ParaView *view = para_world_view(world);
    double half = (double)para_toy_half(level);
    float high = level->world.size.y, place = at(view, view->centre_y, level->players[0].body);
    if (para_meddle_surface(level, world) > 0 && para_rng_int(rng, 0, 1) == 0)
        return -roundf(high);
    return hundredth(para_clampf(place + tenth(rng, -8 * half, 4 * half), 0, high));
}

ParaMeddle para_meddle_draw(const ParaLevel *level, ParaWorld world, ParaRng *rng)
{
    static const uint8_t chances[] = {PARA_MEDDLE_CRATE, PARA_MEDDLE_CRATE, PARA_MEDDLE_BALL,
                                      PARA_MEDDLE_PLANK, PARA_MEDDLE_SPIKE, PARA_MEDDLE_WIND,
                                      PARA_MEDDLE_WIND,  PARA_MEDDLE_PUSH,  PARA_MEDDLE_GRAVITY,
                                      PARA_MEDDLE_FLOOD, PARA_MEDDLE_BLAST};
    const ParaView *view = para_world_view(world);
    const ParaVec2 usual = level->world.gravity;
    int body = level->players[0].body;
    for (;;) {
        ParaMeddle meddle = {.kind = chances[para_rng_int(rng, 0, (int64_t)sizeof chances - 1)]};
        if (meddle.kind == PARA_MEDDLE_GRAVITY && usual.x == 0 && usual.y == 0)
            continue; // seen from above, or in space
        if (meddle.kind == PARA_MEDDLE_FLOOD && (usual.y >= 0 || para_toybox_flood(level) < 0))
            continue; // water lies on something, and comes out of a toybox
        float *n = meddle.numbers;
        double half = (double)para_toy_half(level);
        switch (meddle.kind) {
        case PARA_MEDDLE_WIND:
            n[0] = tenth(rng, -4, 4);
            break;
        case PARA_MEDDLE_PUSH:
            n[0] = tenth(rng, -3, 3);
            n[1] = tenth(rng, 0, 2);
            break;
        case PARA_MEDDLE_GRAVITY:
            n[0] = usual.x + tenth(rng, -1, 1);
            n[1] = usual.y * tenth(rng, 0.5, 1.3);
            break;
        case PARA_MEDDLE_FLOOD:
            n[0] = draw_flood(level, world, rng);
            break;
        case PARA_MEDDLE_BLAST:
            n[0] = hundredth(at(view, view->centre_x, body) + tenth(rng, -12 * half, 12 * half));
            n[1] = hundredth(at(view, view->centre_y, body) + tenth(rng, -6 * half, 6 * half));
            n[2] = tenth(rng, 2, 8);
            n[3] = hundredth((float)(half * (double)tenth(rng, 8, 16)));
            break;
        default: { // a toy
            n[0] = at(view, view->centre_x, body) + tenth(rng, -12 * half, 12 * half);
            n[1] = at(view, view->centre_y, body) + tenth(rng, 6 * half, 12 * half);
            break;
        }
        }
        for (int k = 0; k < PARA_MEDDLE_NUMBERS; k++) // a player that ran away is met no more
            n[k] = isfinite(n[k]) ? para_clampf(n[k], -PARA_MEDDLE_MOST, PARA_MEDDLE_MOST) : 0.0f;
        if (para_meddle_check(&meddle, level, NULL, 0))
            return meddle; // push and gravity always are
    }
}
