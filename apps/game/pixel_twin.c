// SPDX-License-Identifier: MIT
// When a dream of pixels sees, when it goes on, when it begins anew.
#include "apps/game/pixel_twin.h"

#include "agents/pixels/pixels_measure.h"

#include <string.h>

void para_pixel_twin_open(ParaPixelTwin *own, const ParaPixels *pixels, ParaArena *arena)
{
    *own = (ParaPixelTwin){.pixels = pixels,
                           .dream = para_pixel_dream_create(pixels, arena),
                           .picture = para_pixels_picture(arena)};
}

/// Is this the course of things that was followed so far? If not, it is from now on.
static bool follows(ParaPixelTwin *own, const ParaGame *game)
{
    const ParaTwin *twin = game->twin;
    int64_t decisions = (int64_t)game->env.decisions + twin->env.decisions;
    int32_t set = twin->set_count > 0 ? twin->sets[twin->set_count - 1] : 0;
    own->seen = own->seen && own->level == game->level_hash;
    bool same = own->seen && own->level == game->level_hash && own->decisions <= decisions &&
                own->sets == twin->set_count && own->set == set;
    own->level = game->level_hash;
    own->decisions = decisions;
    own->sets = twin->set_count;
    own->set = set;
    return same;
}

static void see(ParaPixelTwin *own, const ParaGame *game)
{
    const ParaEnv *engine = para_twin_env(game, PARA_TWIN_ENGINE);
    para_picture_draw(&own->picture, engine->level, &engine->play, engine->world, own->rgb);
    para_pixel_dream_see(own->dream, own->rgb);
    own->to_see--;
    own->seen = true;
}

/// As it was taught to begin: it knows nothing, and sees. After the engine's end there is nothing to see.
static void begin(ParaPixelTwin *own, const ParaGame *game)
{
    if (own->seen && para_twin_env(game, PARA_TWIN_ENGINE)->play.status != PARA_PLAY_ON)
        return;
    para_pixel_dream_forget(own->dream);
    own->to_see = PARA_PIXELS_SEES;
    own->steps = 0;
    own->drawn = false;
    see(own, game);
}

void para_pixel_twin_step(ParaPixelTwin *own, const ParaGame *game)
{
    if (!follows(own, game)) {
        begin(own, game);
        return;
    }
    if (++own->steps < para_pixels_physics_steps(&own->pixels->def, &game->env.level->world))
        return;
    own->steps = 0;
    own->drawn = false;
    para_pixel_dream_step(own->dream, game->actions);
    if (own->to_see > 0 && para_twin_env(game, PARA_TWIN_ENGINE)->play.status == PARA_PLAY_ON)
        see(own, game);
}

void para_pixel_twin_read(ParaPixelTwin *own, const ParaGame *game, uint8_t *rgb)
{
    if (!follows(own, game))
        begin(own, game);
    if (!own->drawn) {
        uint8_t rgba[4 * PARA_PIXELS_SIDE * PARA_PIXELS_SIDE];
        para_pixel_dream_draw(own->dream, rgba);
        for (size_t i = 0; i < (size_t)(PARA_PIXELS_SIDE * PARA_PIXELS_SIDE); i++)
            memcpy(own->rgb + 3 * i, rgba + 4 * i, 3);
    }
    own->drawn = true;
    memcpy(rgb, own->rgb, sizeof own->rgb);
}
