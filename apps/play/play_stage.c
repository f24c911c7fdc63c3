// SPDX-License-Identifier: MIT
// Draws the world of the game in play: poses between two steps, the scene, the camera after the player.
#include "apps/play/play_stage.h"

#include "agents/observe/picture.h"

ParaPlayStage para_play_stage(ParaArena *arena)
{
    return (ParaPlayStage){.scene = para_scene_create_tagged(PARA_SCENE_CAPACITY, arena),
                           .look = para_look_default(),
                           .poses = PARA_NEW(arena, ParaPose, PARA_BODIES_MAX)};
}

void para_play_stage_reset(ParaPlayStage *stage)
{
    stage->camera = (ParaCamera){0};
    stage->look.time = 0.0;
}

void para_play_stage_draw(ParaPlayStage *stage, ParaWindow *window, const ParaGame *game, ParaRect area,
                          float share, float seconds)
{
    const ParaLevel *level = game->env.level;
    para_pose_blend(game->then, game->now, level->world.body_count, share, stage->poses);
    ParaPictureLook look = para_picture_look(area);
    para_scene_clear(&stage->scene);
    para_picture_scene(&stage->scene, level, &game->env.play, game->env.world, stage->poses, true);
    para_picture_follow(&stage->camera, &stage->scene, &look, level, game->env.world, stage->poses, seconds);
    stage->look.seed = game->seed;
    stage->look.time += (double)seconds;
    stage->look.gravity = para_world_view(game->env.world)->gravity;
    stage->look.area = area;
    para_window_world(window, &stage->scene, &stage->camera, &stage->look);
}
