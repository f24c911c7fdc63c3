// SPDX-License-Identifier: MIT
// Dreaming: one picture seen, imagined further, drawn.
#include "agents/pixels/pixels_parts.h"

#include "agents/net/net.h"

#include <string.h>

struct ParaPixelDream {
    const ParaPixels *pixels;
    ParaEye eye;
    ParaPixelMove move;
    float *code, *memory; ///< [codes], [8, 8, hidden] now
    size_t memory_size;   ///< [byte]
    float *scratch;
};

ParaPixelDream *para_pixel_dream_create(const ParaPixels *pixels, ParaArena *arena)
{
    ParaPixelDream *dream = PARA_NEW(arena, ParaPixelDream, 1);
    size_t floats = (size_t)(PARA_PIXELS_MAP * PARA_PIXELS_MAP * pixels->def.hidden);
    *dream = (ParaPixelDream){.pixels = pixels,
                              .eye = para_eye_create(&pixels->def, 1, false, arena),
                              .move = para_move_create(&pixels->def, 1, arena),
                              .code = PARA_NEW(arena, float, PARA_PIXELS_CODES),
                              .memory = PARA_NEW(arena, float, floats),
                              .memory_size = floats * sizeof(float),
                              .scratch = PARA_NEW(arena, float, para_move_scratch(&pixels->def, 1))};
    para_net_ready();
    para_pixel_dream_forget(dream);
    return dream;
}

void para_pixel_dream_forget(ParaPixelDream *dream)
{
    memset(dream->code, 0, PARA_PIXELS_CODES * sizeof(float));
    memset(dream->memory, 0, dream->memory_size);
}

void para_pixel_dream_copy(ParaPixelDream *to, const ParaPixelDream *from)
{
    memcpy(to->code, from->code, PARA_PIXELS_CODES * sizeof(float));
    memcpy(to->memory, from->memory, from->memory_size);
}

void para_pixel_dream_see(ParaPixelDream *dream, const uint8_t *rgb)
{
    para_eye_load(rgb, dream->eye.blocks);
    para_eye_see(dream->pixels, &dream->eye, 1);
    memcpy(dream->code, dream->eye.code, PARA_PIXELS_CODES * sizeof(float));
}

void para_pixel_dream_step(ParaPixelDream *dream, const int8_t *actions)
{
    for (int i = 0; i < para_pixels_acts(&dream->pixels->def); i++)
        dream->move.acts[i] = (float)actions[i];
    memcpy(dream->move.code, dream->code, PARA_PIXELS_CODES * sizeof(float));
    para_move_forward(dream->pixels, &dream->move, dream->memory, 1, dream->scratch);
    memcpy(dream->code, dream->move.next, PARA_PIXELS_CODES * sizeof(float));
    memcpy(dream->memory, dream->move.memory, dream->memory_size);
}

void para_pixel_dream_draw(ParaPixelDream *dream, uint8_t *rgba)
{
    uint8_t rgb[PARA_PIXELS_FRAME];
    para_eye_draw(dream->pixels, &dream->eye, dream->code, 1);
    para_eye_store(dream->eye.out, rgb);
    for (int i = 0; i < PARA_PIXELS_SIDE * PARA_PIXELS_SIDE; i++) {
        memcpy(rgba + 4 * i, rgb + 3 * i, 3);
        rgba[4 * i + 3] = 255;
    }
}
