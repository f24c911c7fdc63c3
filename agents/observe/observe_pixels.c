// SPDX-License-Identifier: MIT
// The observation `pixels`: the level as a small picture, drawn as `rgb_array` is, its bytes packed into the
// floats of the row, so that whoever keeps rows keeps a quarter of what floats would take.
#include "agents/observe/observe_parts.h"
#include "agents/observe/picture.h"

_Static_assert(PARA_OBS_PICTURE_BYTES % sizeof(float) == 0, "a row is whole floats");

const uint8_t para_obs_picture_ground[3] = {0x1b, 0x22, 0x33}; // as the palette has it: a test says so

ParaObsSpec para_obs_spec_pixels(void)
{
    return (ParaObsSpec){.kind = PARA_OBS_PIXELS, .size = PARA_OBS_PICTURE_BYTES / (int)sizeof(float)};
}

struct ParaPicture *para_obs_picture(const ParaObsSpec *spec, ParaArena *arena)
{
    if (spec->kind != PARA_OBS_PIXELS)
        return NULL;
    ParaPicture *picture = PARA_NEW(arena, ParaPicture, 1);
    *picture =
        para_picture_create(PARA_OBS_PICTURE_SIDE, PARA_OBS_PICTURE_SIDE, PARA_OBS_PICTURE_SMOOTH, arena);
    picture->observed = true;
    return picture;
}

void para_observe_through(ParaObsEye eye, const ParaObsSpec *spec, const ParaLevel *level,
                          const ParaPlay *play, int player, ParaWorld world, float *out)
{
    if (spec->kind != PARA_OBS_PIXELS) {
        para_observe_floats(eye, spec, level, play, player, world, out);
        return;
    }
    ParaPicture *picture = eye.picture;
    PARA_ASSERT(picture && picture->width == PARA_OBS_PICTURE_SIDE &&
                picture->height == PARA_OBS_PICTURE_SIDE);
    PARA_ASSERT(player >= 0 && player < level->player_count);
    picture->player = player;
    para_picture_draw(picture, level, play, world, (uint8_t *)out);
}
