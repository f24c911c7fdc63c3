// SPDX-License-Identifier: MIT
// Watching episodes, and which clips of them stay.
#include "agents/pixels/clips.h"

#include "agents/env/decision.h"
#include "engine/base/assert.h"

#include <math.h>
#include <string.h>

ParaPicture para_pixels_picture(ParaArena *arena)
{
    ParaPicture picture = para_picture_create(PARA_PIXELS_SIDE, PARA_PIXELS_SIDE, 2, arena);
    picture.metres = INFINITY;
    return picture;
}

ParaClips para_clips_create(int room, int act_count, uint64_t seed, ParaArena *arena)
{
    PARA_ASSERT(room >= 1 && act_count >= 1);
    size_t slots = (size_t)room * PARA_CLIP_LENGTH, acts = (size_t)act_count;
    return (ParaClips){.frames = PARA_NEW(arena, uint8_t, slots * PARA_PIXELS_FRAME),
                       .acts = PARA_NEW(arena, int8_t, slots * acts),
                       .counts = PARA_NEW(arena, int32_t, room),
                       .room = room,
                       .act_count = act_count,
                       .rng = para_rng_make(seed, "clips"),
                       .last_frames = PARA_NEW(arena, uint8_t, PARA_CLIP_LENGTH * PARA_PIXELS_FRAME),
                       .last_acts = PARA_NEW(arena, int8_t, PARA_CLIP_LENGTH * acts),
                       .picture = para_pixels_picture(arena)};
}

int para_pixels_physics_steps(const ParaPixelsDef *def, const ParaWorldDef *world)
{
    int steps = (int)lrintf(def->seconds * world->rate);
    return steps < 1 ? 1 : steps;
}

void para_clips_add(ParaClips *clips, const uint8_t *frames, const int8_t *acts, int count)
{
    PARA_ASSERT(count >= 0 && count <= PARA_CLIP_LENGTH);
    if (count < PARA_CLIP_LEAST)
        return;
    int64_t slot = clips->count < clips->room ? clips->count : para_rng_int(&clips->rng, 0, clips->seen);
    clips->seen++;
    if (slot >= clips->room)
        return;
    size_t first = (size_t)slot * PARA_CLIP_LENGTH, width = (size_t)clips->act_count;
    memcpy(clips->frames + first * PARA_PIXELS_FRAME, frames, (size_t)count * PARA_PIXELS_FRAME);
    memcpy(clips->acts + first * width, acts, (size_t)count * width);
    clips->counts[slot] = count;
    clips->count += slot == clips->count;
}

bool para_clips_go_on(ParaEnv *env, ParaActs *acts, void *context, int physics_steps, int8_t *actions)
{
    for (int i = 0; i < physics_steps; i++) {
        if (env->step == 0) {
            if (env->play.status != PARA_PLAY_ON)
                return false;
            acts(context, env, actions);
            para_decision_begin(env, actions);
        }
        para_decision_step(env);
    }
    return env->play.status != PARA_PLAY_DIVERGED;
}

int para_clips_watch(ParaClips *clips, ParaEnv *env, ParaActs *acts, void *context, int physics_steps,
                     float seconds)
{
    int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
    size_t told = (size_t)env->level->player_count * PARA_CHANNELS, width = (size_t)clips->act_count;
    float step = (float)physics_steps / env->level->world.rate;
    int count = 0, frames = 0;
    for (bool on = true; on && (float)frames * step < seconds; frames++) {
        para_picture_draw(&clips->picture, env->level, &env->play, env->world,
                          clips->last_frames + (size_t)count * PARA_PIXELS_FRAME);
        on = para_clips_go_on(env, acts, context, physics_steps, actions);
        memset(clips->last_acts + (size_t)count * width, 0, width);
        memcpy(clips->last_acts + (size_t)count * width, actions, told < width ? told : width);
        if (++count == PARA_CLIP_LENGTH) {
            para_clips_add(clips, clips->last_frames, clips->last_acts, count);
            count = 0;
        }
    }
    para_clips_add(clips, clips->last_frames, clips->last_acts, count);
    clips->seconds += (double)((float)frames * step);
    return frames;
}
