// SPDX-License-Identifier: MIT
// Drawn four times as large and averaged. Measures are shares of its side.
#include "engine/draw/raster/icon.h"

#include <math.h>

#define FINE  4     // [1] times as large
#define ROUND 0.19f // [1] of the side, of its corners

static ParaVec2 at(float side, float x, float y) { return (ParaVec2){x * side, y * side}; }

static void draw_flag(ParaRaster *r, float s)
{
    const ParaVec2 cloth[] = {at(s, 0.745f, 0.20f), at(s, 0.92f, 0.275f), at(s, 0.745f, 0.35f)};
    para_raster_line(r, at(s, 0.735f, 0.20f), at(s, 0.735f, 0.66f), 0.018f * s, PARA_INK_TEXT);
    para_raster_polygon(r, cloth, 3, PARA_INK_GOOD);
}

static void draw_ground(ParaRaster *r, float s)
{
    para_raster_circle(r, at(s, 0.80f, 1.62f), s, PARA_INK_GROUND_EDGE);
    para_raster_circle(r, at(s, 0.10f, 1.72f), s, PARA_INK_GROUND_EDGE);
    para_raster_circle(r, at(s, 0.80f, 1.655f), s, PARA_INK_GROUND);
    para_raster_circle(r, at(s, 0.10f, 1.755f), s, PARA_INK_GROUND);
}

static void draw_player(ParaRaster *r, float s)
{
    para_raster_circle(r, at(s, 0.355f, 0.535f), 0.215f * s, PARA_INK_PLAYER_EDGE);
    para_raster_circle(r, at(s, 0.355f, 0.535f), 0.185f * s, PARA_INK_PLAYER);
    para_raster_circle(r, at(s, 0.43f, 0.485f), 0.088f * s, PARA_INK_EYE);
    para_raster_circle(r, at(s, 0.465f, 0.465f), 0.045f * s, PARA_INK_PUPIL);
}

/// How much of a pixel is inside of the rounded square. [1] 0..255
static uint8_t inside(float x, float y, float side)
{
    float round = ROUND * side, half = 0.5f * side;
    float dx = fmaxf(fabsf(x + 0.5f - half) - (half - round), 0.0f),
          dy = fmaxf(fabsf(y + 0.5f - half) - (half - round), 0.0f);
    float beyond = sqrtf(dx * dx + dy * dy) - round;
    return (uint8_t)(255.0f * fmaxf(fminf(0.5f - beyond, 1.0f), 0.0f) + 0.5f);
}

void para_icon_draw(int side, uint8_t *rgb, uint8_t *alpha, ParaArena *arena)
{
    ParaArenaMark mark = para_arena_mark(arena);
    float s = (float)(side * FINE);
    ParaRaster raster = para_raster_create(side * FINE, side * FINE, arena);
    para_raster_clear(&raster, PARA_INK_PANEL_EDGE);
    para_raster_circle(&raster, at(s, 0.24f, 0.20f), 0.075f * s, PARA_INK_EYE); // the moon
    draw_flag(&raster, s);
    draw_ground(&raster, s);
    draw_player(&raster, s);
    para_raster_colours(&raster, FINE, rgb);
    for (int i = 0; i < side * side && alpha; i++)
        alpha[i] = inside((float)(i % side), (float)(i / side), (float)side);
    para_arena_rewind(arena, mark);
}
