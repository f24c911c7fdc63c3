// SPDX-License-Identifier: MIT
// Pictures of envs: for people, and as observations.
#include "agents/abi/abi_parts.h"

#define SMOOTH     3                   // pixels a side that make one of the picture
#define DRAW_BLOCK ((size_t)64 << 10)  // [byte]
#define DRAW_MAX   ((size_t)512 << 20) // [byte] the largest raster and scene there may be

bool para_abi_canvas_open(Canvas *canvas, int width, int height)
{
    canvas->arena = para_arena_create(DRAW_BLOCK, DRAW_MAX);
    if (!canvas->arena)
        return false;
    canvas->picture = para_picture_create(width, height, SMOOTH, canvas->arena);
    return true;
}

void para_abi_canvas_close(Canvas *canvas)
{
    if (canvas->arena)
        para_arena_destroy(canvas->arena);
    *canvas = (Canvas){0};
}

void para_abi_canvas_draw(Canvas *canvas, const ParaEnv *env, uint8_t *out)
{
    para_picture_draw(&canvas->picture, env->level, &env->play, env->world, out);
}

int32_t para_abi_batch_render(ParaAbiBatch *batch, int32_t env, int32_t width, int32_t height, uint8_t *out)
{
    if (!out || width < PARA_PICTURE_SIDE_MIN || height < PARA_PICTURE_SIDE_MIN ||
        width > PARA_ABI_SIDE_MAX || height > PARA_ABI_SIDE_MAX)
        return para_abi_fail(PARA_ABI_INVALID, "a picture of %d x %d; each side must be %d to %d", width,
                             height, PARA_PICTURE_SIDE_MIN, PARA_ABI_SIDE_MAX);
    if (!para_abi_batch_enter(batch))
        return batch ? PARA_ABI_STATE : PARA_ABI_INVALID;
    int32_t code = PARA_ABI_STATE;
    Canvas canvas = {0};
    if (para_abi_slot_ready(batch, env)) {
        code = para_abi_canvas_open(&canvas, width, height)
                   ? PARA_ABI_OK
                   : para_abi_fail(PARA_ABI_MEMORY, "no memory for a picture");
        if (code == PARA_ABI_OK)
            para_abi_canvas_draw(&canvas, &batch->slots[env].env, out);
        para_abi_canvas_close(&canvas);
    }
    para_abi_batch_leave(batch);
    return code;
}
