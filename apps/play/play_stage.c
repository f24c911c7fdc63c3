// SPDX-License-Identifier: MIT
// Draws the world of the game in play: poses between two steps, the scene, the camera after the player, what
// flies about, marks over it.
#include "apps/play/play_stage.h"

#include "agents/observe/picture.h"
#include "engine/base/maths.h"
#include "engine/base/rng.h"
#include "engine/draw/look/overlay.h"

#include <math.h>

#define LEAD_TIME  0.45f // [s] of its way that the view looks ahead of the player
#define LEAD_SHARE 0.22f // [1] of what is seen, at most
#define LEAD_EASE  0.6f  // [s] time constant of the lead
#define GOAL_SHARE 0.7f  // [1] of what is seen: a goal nearer than that is framed together with the player

static const int particles_most[PARA_QUALITIES] = {1, 320, PARA_PARTICLES_MAX};

ParaPlayLook para_play_look(const ParaPreferences *preferences)
{
    bool by_level = preferences->mood == PARA_WISH_MOOD_BY_LEVEL;
    return (ParaPlayLook){.quality = preferences->quality - PARA_WISH_QUALITY_LOW, // -1: auto
                          .mood =
                              by_level ? PARA_MOOD_AUTO : (ParaMood)(preferences->mood - PARA_WISH_MOOD_DAY),
                          .palette = preferences->safe ? PARA_PALETTE_SAFE : PARA_PALETTE_STANDARD,
                          .still = !preferences->shake};
}

ParaPlayStage para_play_stage(ParaArena *arena)
{
    ParaPlayStage stage = {.scene = para_scene_create_tagged(PARA_SCENE_CAPACITY, arena),
                           .marks = para_scene_create(PARA_SCENE_CAPACITY, arena),
                           .look = para_look_default(),
                           .happenings = PARA_NEW(arena, ParaHappenings, 1),
                           .particles = PARA_NEW(arena, ParaParticles, 1),
                           .poses = PARA_NEW(arena, ParaPose, PARA_BODIES_MAX)};
    const ParaPreferences preferences = para_preferences_default();
    para_play_stage_wish(&stage, para_play_look(&preferences), true);
    return stage;
}

void para_play_stage_wish(ParaPlayStage *stage, ParaPlayLook wish, bool unattended)
{
    bool chosen = wish.quality >= 0 && wish.quality < PARA_QUALITIES;
    stage->wish = wish;
    stage->governor =
        para_governor(chosen ? (ParaQuality)wish.quality : PARA_QUALITY_MEDIUM, chosen || unattended);
    stage->begun = false;
}

void para_play_stage_reset(ParaPlayStage *stage)
{
    stage->camera = (ParaCamera){0};
    stage->lead = (ParaVec2){0};
    stage->look.time = 0.0;
    stage->begun = false;
}

/// The look of the level in play, which its family and seed draw.
static void settle(ParaPlayStage *stage, const ParaGame *game)
{
    uint64_t seed = game->seed;
    for (const char *c = game->env.level->family; *c; c++)
        seed = para_seed_mix(seed, (uint64_t)(unsigned char)*c);
    stage->look.seed = seed;
    stage->look.mood = stage->wish.mood;
    stage->look.mood = para_look_mood(&stage->look);
    stage->look.palette = stage->wish.palette;
    stage->look.particles = stage->particles;
    stage->particles->most = particles_most[stage->governor.quality];
    para_colours_make(stage->look.mood, stage->look.palette, &stage->colours);
    para_particles_begin(stage->particles, seed);
    para_happenings_begin(stage->happenings, para_world_view(game->env.world));
    stage->bodies = game->env.level->world.body_count;
    stage->shown = 0.0;
    stage->begun = true;
}

void para_play_stage_step(ParaPlayStage *stage, const ParaGame *game)
{
    const ParaView *view = para_world_view(game->env.world);
    if (!stage->begun)
        settle(stage, game);
    if (stage->bodies != view->def->body_count) {
        para_happenings_begin(stage->happenings, view);
        stage->bodies = view->def->body_count;
    }
    para_happenings_read(stage->happenings, view, para_world_inputs(game->env.world),
                         game->env.level->body_looks);
    if (stage->governor.quality > PARA_QUALITY_LOW)
        para_particles_happen(stage->particles, stage->happenings, view, game->env.level->players[0].body,
                              &stage->colours);
}

/// The nearest place or body to go to. @return false: there is none
static bool find_goal(const ParaLevel *level, const ParaView *view, ParaVec2 from, ParaVec2 *out)
{
    float least = INFINITY;
    for (int i = 0; i < level->world.zone_count + level->world.body_count; i++) {
        int body = i - level->world.zone_count, at = body * view->stride;
        bool zone = body < 0;
        bool goal = zone ? view->zones[i].on && para_level_zone_role(level, 0, i) == PARA_ROLE_TARGET
                         : view->enabled[at] && para_level_body_role(level, 0, body) == PARA_ROLE_TARGET;
        ParaVec2 place = zone ? view->zones[i].position : (ParaVec2){view->x[at], view->y[at]};
        float far = hypotf(place.x - from.x, place.y - from.y);
        if (goal && far < least) {
            least = far;
            *out = place;
        }
    }
    return isfinite(least);
}

/// Where the view should look, from the player [m]: to the middle between it and a goal that fits into the
/// picture too, else ahead of its way.
static ParaVec2 wished_lead(const ParaPlayStage *stage, const ParaGame *game, ParaRect area)
{
    const ParaView *view = para_world_view(game->env.world);
    int body = game->env.level->players[0].body, at = body * view->stride;
    float wide = area.width / stage->camera.scale, high = area.height / stage->camera.scale;
    ParaVec2 from = {stage->poses[body].x, stage->poses[body].y}, goal = from;
    if (find_goal(game->env.level, view, from, &goal)) {
        ParaVec2 way = {goal.x - from.x, goal.y - from.y};
        if (fabsf(way.x) < GOAL_SHARE * wide && fabsf(way.y) < GOAL_SHARE * high)
            return (ParaVec2){0.5f * way.x, 0.5f * way.y};
    }
    return (ParaVec2){para_clampf(LEAD_TIME * view->vx[at], -LEAD_SHARE * wide, LEAD_SHARE * wide),
                      para_clampf(LEAD_TIME * view->vy[at], -LEAD_SHARE * high, LEAD_SHARE * high)};
}

static void follow(ParaPlayStage *stage, const ParaGame *game, ParaRect area, float seconds)
{
    bool first = !(stage->camera.scale > 0.0f);
    ParaPictureLook look = para_picture_look(area);
    for (int pass = first ? 0 : 1; pass < 2; pass++) { // the first picture of a level knows no scale yet
        if (stage->camera.scale > 0.0f) {
            ParaVec2 wish = wished_lead(stage, game, area);
            float share = first ? 1.0f : seconds / (LEAD_EASE + seconds);
            stage->lead.x += (wish.x - stage->lead.x) * share;
            stage->lead.y += (wish.y - stage->lead.y) * share;
        }
        look.lead = stage->lead;
        para_picture_follow(&stage->camera, pass ? &stage->scene : NULL, &look, game->env.level,
                            game->env.world, stage->poses, first ? 0.0f : seconds);
    }
}

static void draw_marks(ParaPlayStage *stage, ParaWindow *window, const ParaGame *game,
                       const ParaCamera *camera, ParaRect area)
{
    if (!stage->wish.overlay)
        return;
    para_scene_clear(&stage->marks);
    para_overlay_paint(&stage->marks, para_world_view(game->env.world), para_world_inputs(game->env.world),
                       stage->wish.overlay, para_window_scale(window) / camera->scale);
    para_window_clip(window, &area);
    para_window_scene(window, &stage->marks, camera);
    para_window_clip(window, NULL);
}

void para_play_stage_draw(ParaPlayStage *stage, ParaWindow *window, const ParaGame *game, ParaRect area,
                          float share, float seconds)
{
    const ParaLevel *level = game->env.level;
    const ParaView *view = para_world_view(game->env.world);
    if (!stage->begun)
        settle(stage, game);
    para_governor_frame(&stage->governor, seconds);
    // What flies about goes by the world's time: it stands still with it, and is slow where it is slow.
    double shown = view->time - (1.0 - (double)share) / (double)level->world.rate;
    para_particles_move(stage->particles, para_clampf((float)(shown - stage->shown), 0.0f, 0.1f),
                        view->gravity);
    stage->shown = shown;
    para_pose_blend(game->then, game->now, level->world.body_count, share, stage->poses);
    para_scene_clear(&stage->scene);
    para_picture_scene(&stage->scene, level, &game->env.play, game->env.world, stage->poses, true);
    if (stage->sandbox)
        stage->camera = para_sandbox_camera(stage->sandbox, level, area);
    else
        follow(stage, game, area, seconds);
    stage->look.time += (double)seconds;
    stage->look.gravity = view->gravity;
    stage->look.area = area;
    stage->look.quality = stage->governor.quality;
    stage->particles->most = particles_most[stage->governor.quality];
    ParaCamera camera = stage->camera;
    if (!stage->wish.still) {
        camera.centre.x += stage->particles->sway.x;
        camera.centre.y += stage->particles->sway.y;
    }
    para_window_world(window, &stage->scene, &camera, &stage->look);
    draw_marks(stage, window, game, &camera, area);
}

void para_play_stage_draw_from(ParaPlayStage *stage, ParaWindow *window, const ParaGame *game, ParaRect area,
                               const ParaCamera *camera)
{
    para_scene_clear(&stage->scene);
    para_picture_scene(&stage->scene, game->env.level, &game->env.play, game->env.world, stage->poses, true);
    ParaLook look = stage->look;
    look.area = area;
    para_window_world(window, &stage->scene, camera, &look);
}
