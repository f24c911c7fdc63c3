// SPDX-License-Identifier: MIT
#pragma once
// Play as pixels: clips of pictures and actions, a bounded fair sample of all that was ever seen (a
// reservoir, Vitter 1985). Whoever learns from it knows nothing else of a level.
#include "agents/env/env.h"
#include "agents/model/store.h"
#include "agents/observe/picture.h"
#include "agents/pixels/pixels.h"

#define PARA_CLIP_LENGTH 64 ///< [1] of a clip at most: two seconds
#define PARA_CLIP_LEAST  8  ///< [1] of a clip at least: shorter ones are not kept

/// Picture t is what is seen when the actions t are taken; they are held until picture t + 1.
typedef struct ParaClips {
    uint8_t *frames;      ///< [room, PARA_CLIP_LENGTH, 64, 64, 3]
    int8_t *acts;         ///< [1] -1..1  [room, PARA_CLIP_LENGTH, act_count]
    int32_t *counts;      ///< [1] 0..PARA_CLIP_LENGTH of each clip  [room]
    int32_t room, count;  ///< [1] room >= 1; count: in it now
    int32_t act_count;    ///< [1] >= 8
    int64_t seen;         ///< [1] >= 0 ever
    double seconds;       ///< [s] >= 0 of play ever
    ParaRng rng;          ///< of which stay
    uint8_t *last_frames; ///< of the clip under way, [PARA_CLIP_LENGTH, 64, 64, 3]
    int8_t *last_acts;    ///< [PARA_CLIP_LENGTH, act_count]
    ParaPicture picture;
} ParaClips;

/// @param room [1] >= 1: 790 kB each, of which memory is taken as clips come in
ParaClips para_clips_create(int room, int act_count, uint64_t seed, ParaArena *arena);
/// How the model sees a level: all of it, however large, so that nothing moves but what moves.
ParaPicture para_pixels_picture(ParaArena *arena);
/// Physics steps from picture to picture. @return [1] >= 1
int para_pixels_physics_steps(const ParaPixelsDef *def, const ParaWorldDef *world);
/// Watches an episode that has begun, to its end or for `seconds`.
/// @param acts who acts   @param physics_steps [1] >= 1 from picture to picture
/// @return frames that were seen
int para_clips_watch(ParaClips *clips, ParaEnv *env, ParaActs *acts, void *context, int physics_steps,
                     float seconds);
/// One frame further: a decision is begun where one is due.
/// @param actions in-out, [A, 8] the level's: those that are held   @return false: the episode is over
bool para_clips_go_on(ParaEnv *env, ParaActs *acts, void *context, int physics_steps, int8_t *actions);
/// Takes over a clip, or not: each that was ever there stays with the same chance.
/// @param frames in, [count, 64, 64, 3]   @param acts in, [count, act_count]
/// @param count [1] 0..PARA_CLIP_LENGTH; fewer than PARA_CLIP_LEAST are passed over
void para_clips_add(ParaClips *clips, const uint8_t *frames, const int8_t *acts, int count);

static inline const uint8_t *para_clips_frame(const ParaClips *clips, int clip, int frame)
{
    return clips->frames + ((size_t)clip * PARA_CLIP_LENGTH + (size_t)frame) * PARA_PIXELS_FRAME;
}
static inline const int8_t *para_clips_acts(const ParaClips *clips, int clip, int frame)
{
    return clips->acts + ((size_t)clip * PARA_CLIP_LENGTH + (size_t)frame) * (size_t)clips->act_count;
}
