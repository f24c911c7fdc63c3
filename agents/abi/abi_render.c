// SPDX-License-Identifier: MIT
// Pictures of envs for people. Pictures as observations are the batch's own.
#include "agents/abi/abi_parts.h"

#define SMOOTH     3                   // pixels a side that make one of the picture
#define DRAW_BLOCK ((size_t)64 << 10)  // [byte]
#define DRAW_MAX   ((size_t)512 << 20) // [byte] the largest raster and scene there may be

static int32_t draw(const ParaEnv *env, int32_t width, int32_t height, uint8_t *out)
{
    ParaArena *arena = para_arena_create(DRAW_BLOCK, DRAW_MAX);
    if (!arena)
        return para_abi_fail(PARA_ABI_MEMORY, "no memory for a picture");
    ParaPicture picture = para_picture_create(width, height, SMOOTH, arena);
    para_picture_draw(&picture, env->level, &env->play, env->world, out);
    para_arena_destroy(arena);
    return PARA_ABI_OK;
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
    if (para_abi_batch_ready(batch, env))
        code = draw(&batch->batch->envs[env], width, height, out);
    para_abi_batch_leave(batch);
    return code;
}
