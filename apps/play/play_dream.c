// SPDX-License-Identifier: MIT
// The keys of a dream: digits, which levels leave alone, and those of the number pad, which no level has.
#include "apps/play/play_dream.h"

#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>

typedef enum { SWAP, FORK, SHORTER, LONGER, OUTLINES, CRATE, WIND, GRAVITY, CORNER, ACTS } Act;

static const struct {
    const char *keys, *about;
} rows[ACTS] = {[SWAP] = {"1", "see and play in the other world: dream or engine"},
                [FORK] = {"2", "fork: both go on from what is seen"},
                [SHORTER] = {"3", "set the dream back to the truth sooner"},
                [LONGER] = {"4", "set it back later, or never"},
                [OUTLINES] = {"5", "outlines of the other world, on or off"},
                [CRATE] = {"6", "drop a crate, in both"},
                [WIND] = {"7", "wind, in both, and calm again"},
                [GRAVITY] = {"8", "gravity upside down, in both, and back"},
                [CORNER] = {"9", "dreamed pixels in the corner, on or off"}};

/// [s] Horizons to choose from; 0: never.
static const float horizons[] = {0.5f, 1, 2, 4, 8, 16, 32, 0};
#define HORIZONS ((int)(sizeof horizons / sizeof *horizons))

void para_play_dream_init(ParaPlayDream *dream, ParaArena *arena)
{
    dream->lines = para_scene_create(PARA_SCENE_CAPACITY, arena);
    dream->poses = PARA_NEW(arena, ParaPose, PARA_BODIES_MAX);
}

void para_play_dream_help(ParaHelpList *out)
{
    para_help_head(out, "The dream");
    for (int k = 0; k < ACTS; k++)
        para_help_add(out, rows[k].keys, rows[k].about);
    para_help_add(out, "number pad", "the same digits, where a level has them");
    para_help_add(out, "pad: right stick", "swap, fork, horizon");
    para_help_add(out, "pad: bumpers, triggers",
                  "crate, wind, outlines, back in time: what the level leaves");
}

void para_play_dream_pad(SDL_Keycode *codes)
{
    static const struct {
        ParaPadInput input;
        SDL_Keycode code;
    } extra[] = {{PARA_PAD_RIGHT_STICK_UP, SDLK_KP_1},
                 {PARA_PAD_RIGHT_STICK_DOWN, SDLK_KP_2},
                 {PARA_PAD_RIGHT_STICK_LEFT, SDLK_KP_3},
                 {PARA_PAD_RIGHT_STICK_RIGHT, SDLK_KP_4},
                 {PARA_PAD_LEFT_TRIGGER, SDLK_BACKSPACE},
                 {PARA_PAD_RIGHT_TRIGGER, SDLK_KP_5},
                 {PARA_PAD_RIGHT_SHOULDER, SDLK_KP_6},
                 {PARA_PAD_LEFT_SHOULDER, SDLK_KP_7},
                 {PARA_PAD_B, SDLK_KP_1},
                 {PARA_PAD_X, SDLK_KP_2}};
    for (size_t k = 0; k < sizeof extra / sizeof *extra; k++)
        if (!codes[extra[k].input])
            codes[extra[k].input] = extra[k].code;
}

// ---------------------------------------------------------------------------------------------

static int horizon_of(const ParaTwin *twin)
{
    for (int k = 0; k < HORIZONS; k++)
        if (horizons[k] == twin->horizon)
            return k;
    for (int k = 0; k < HORIZONS - 1; k++) // of the command line, between two of these
        if (twin->horizon < horizons[k])
            return k;
    return HORIZONS - 2;
}

static const char *move_horizon(ParaTwin *twin, int by)
{
    int k = horizon_of(twin), to = k + by < 0 ? 0 : k + by < HORIZONS ? k + by : HORIZONS - 1;
    twin->horizon = horizons[to];
    return NULL; // the panel tells it
}

/// Something happens in both, as if it had been typed.
static const char *happen(ParaPlayDream *dream, ParaGame *game, const char *line)
{
    return para_game_type(game, line, dream->why, sizeof dream->why) ? NULL : dream->why;
}

static const char *blow(ParaPlayDream *dream, ParaGame *game)
{
    int zone = para_toybox_wind(game->env.level);
    const ParaView *view = para_world_view(game->env.world);
    return happen(dream, game, zone >= 0 && view->zones[zone].on ? "calm" : "wind 5");
}

static const char *turn_gravity(ParaPlayDream *dream, ParaGame *game)
{
    const ParaView *view = para_world_view(game->env.world);
    ParaVec2 own = game->env.level->world.gravity;
    bool as_ever = view->gravity.x == own.x && view->gravity.y == own.y;
    bool none = own.x == 0.0f && own.y == 0.0f;
    return happen(dream, game, !as_ever ? "gravity back" : none ? "gravity 3" : "flip gravity");
}

static const char *act(ParaPlayDream *dream, ParaGame *game, Act which)
{
    switch (which) {
    case SWAP:
        para_twin_swap(game);
        return NULL;
    case FORK:
        return para_twin_fork(game) ? "both go on from what you see" : "what you see has ended";
    case SHORTER:
        return move_horizon(&dream->twin, -1);
    case LONGER:
        return move_horizon(&dream->twin, 1);
    case OUTLINES:
        dream->hidden = !dream->hidden;
        return NULL;
    case CRATE:
        return happen(dream, game, "drop crate");
    case WIND:
        return blow(dream, game);
    case GRAVITY:
        return turn_gravity(dream, game);
    case CORNER:
        dream->corner_hidden = !dream->corner_hidden;
        return dream->corner.read ? NULL : "no model of pixels here: --pixels FILE names one";
    case ACTS:
        break;
    }
    return NULL;
}

bool para_play_dream_key(ParaPlayDream *dream, ParaGame *game, SDL_Keycode code, bool free, const char **said)
{
    int which = free && code >= SDLK_1 && code <= SDLK_9 ? (int)(code - SDLK_1)
                : code >= SDLK_KP_1 && code <= SDLK_KP_9 ? (int)(code - SDLK_KP_1)
                                                         : ACTS;
    *said = NULL;
    if (which >= ACTS)
        return false;
    *said = act(dream, game, (Act)which);
    return true;
}

void para_play_dream_end(const ParaGame *game, const char *again, const char *next, char *out, size_t size)
{
    char other[96];
    para_twin_tell(game, other, sizeof other);
    bool on = game->twin->env.play.status == PARA_PLAY_ON;
    snprintf(out, size, "%s     1: %s     %s: again     %s: next level", other, on ? "go on there" : "see it",
             again, next);
}

bool para_play_dream_step(ParaPlayDream *dream)
{
    ParaTwin *twin = &dream->twin;
    bool jumped = dream->showed != twin->swapped || (twin->set_back && twin->swapped);
    if (twin->set_back)
        dream->beat = PARA_PLAY_BEAT;
    twin->set_back = false;
    dream->showed = twin->swapped;
    return jumped;
}
