// SPDX-License-Identifier: MIT
// Who acts in a tile, its episodes one after the other, and its picture.
#include "apps/tile/tile.h"

#include "agents/env/decision.h"
#include "agents/observe/picture.h"

#include <math.h>
#include <string.h>

#define TURNS_TRIED  64
#define REST_SECONDS 1.2f  // [s] an end is shown
#define OWED_MAX     0.25f // [s] of physics that are caught up
#define HEIGHT_MAX   10.0f // [m] of a level that is seen at most
#define PLAYER_SHARE 0.1f  // [1] of the height
#define HOLD_LEAST   4     // [decision] who tries things stays at it
#define HOLD_MOST    18

ParaTile *para_tile_create(ParaSolverKind solver, ParaTileSource *source, void *context, uint64_t turn,
                           ParaArena *arena)
{
    ParaTile *tile = PARA_NEW(arena, ParaTile, 1);
    tile->source = source;
    tile->context = context;
    tile->turn = turn;
    tile->look = para_look_default();
    tile->then = PARA_NEW(arena, ParaPose, PARA_BODIES_MAX);
    tile->now = PARA_NEW(arena, ParaPose, PARA_BODIES_MAX);
    tile->blend = PARA_NEW(arena, ParaPose, PARA_BODIES_MAX);
    tile->group = para_world_group_create(solver, 1);
    if (tile->group)
        para_env_init(&tile->env, para_world_at(tile->group, 0), false);
    tile->barren = !tile->group || !tile->env.arena;
    return tile;
}

void para_tile_destroy(ParaTile *tile)
{
    if (!tile || !tile->group)
        return;
    para_env_destroy(&tile->env);
    para_world_group_destroy(tile->group);
    tile->group = NULL;
    tile->running = false;
}

bool para_tile_begin(ParaTile *tile, uint64_t turn)
{
    tile->running = false;
    tile->env.fine = tile->fine;
    tile->env.parts = tile->parts;
    memset(tile->memory, 0, sizeof tile->memory);
    for (int i = 0; i < TURNS_TRIED && !tile->running && tile->group && tile->env.arena; i++) {
        tile->turn = turn + (uint64_t)i;
        const ParaLevel *level = tile->source(tile->context, tile->turn, para_env_level_arena(&tile->env));
        tile->running = level && para_env_begin(&tile->env, level, "tile");
    }
    tile->barren = !tile->running;
    if (!tile->running)
        return false;
    tile->rng = para_rng_make(tile->turn, "tile");
    tile->pending = tile->rested = 0.0f;
    tile->hold = 0;
    tile->thought.known = false;
    memset(tile->action, 0, sizeof tile->action);
    tile->camera = (ParaCamera){0};
    para_pose_read(para_world_view(tile->env.world), tile->now);
    para_pose_read(para_world_view(tile->env.world), tile->then);
    return true;
}

/// Holds each channel somewhere for a while: pushes that lead somewhere, unlike draws anew at each decision.
static void try_things(ParaTile *tile)
{
    const ParaPlayer *player = &tile->env.level->players[0];
    if (tile->hold-- > 0)
        return;
    tile->hold = (int)para_rng_int(&tile->rng, HOLD_LEAST, HOLD_MOST);
    for (int c = 0; c < PARA_CHANNELS; c++) {
        int64_t low = player->negative_bits >> c & 1 ? -1 : 0;
        // Forward more often than not: most levels lie that way.
        int64_t wish = para_rng_int(&tile->rng, 2 * low, 3);
        tile->action[c] = player->channel_bits >> c & 1 ? (int8_t)(wish < 0 ? -1 : wish > 0) : 0;
    }
}

static void ask(ParaTile *tile, ParaMind *mind)
{
    tile->thought.value =
        para_mind_act_in(mind, tile->memory, &tile->env, 0, &tile->rng, tile->action, tile->thought.logits);
    tile->thought.known = true;
}

static void step(ParaTile *tile, ParaMind *mind, const int8_t *wish)
{
    ParaEnv *env = &tile->env;
    if (env->step == 0) {
        int8_t action[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0}; // the first player's; others stand still
        if (mind)
            ask(tile, mind); // also where a person acts: what the player thinks of it is shown
        if (wish)
            for (int c = 0; c < PARA_CHANNELS; c++)
                tile->action[c] = env->level->players[0].channel_bits >> c & 1
                                      ? para_action_kept(env->fine, (float)wish[c])
                                      : 0;
        else if (!mind)
            try_things(tile);
        memcpy(action, tile->action, sizeof tile->action);
        para_decision_begin(env, action);
    }
    memcpy(tile->then, tile->now, sizeof *tile->now * (size_t)env->level->world.body_count);
    para_decision_step(env);
    para_pose_read(para_world_view(env->world), tile->now);
}

void para_tile_advance(ParaTile *tile, float seconds, ParaMind *mind, const int8_t *wish)
{
    tile->fine = mind && para_mind_is_fine(mind);
    tile->parts = mind ? para_mind_parts(mind) : 0;
    bool otherwise = tile->env.fine != tile->fine || (tile->parts & ~tile->env.parts) != 0;
    if (tile->running && otherwise && tile->env.step == 0)
        tile->running = false; // who plays now acts or sees otherwise: the level begins anew
    if (!tile->running && (tile->barren || !para_tile_begin(tile, tile->turn)))
        return;
    if (tile->env.play.status != PARA_PLAY_ON) {
        tile->rested += seconds;
        if (tile->rested > REST_SECONDS)
            para_tile_begin(tile, tile->turn + 1);
        return;
    }
    float rate = tile->env.level->world.rate;
    tile->pending = fminf(tile->pending + seconds, OWED_MAX);
    while (tile->pending * rate >= 1.0f && tile->env.play.status == PARA_PLAY_ON) {
        step(tile, mind, wish);
        tile->pending -= 1.0f / rate;
    }
}

void para_tile_draw(ParaTile *tile, ParaPage *page, ParaRect area, ParaScene *scene, float seconds)
{
    if (!tile->running)
        return;
    const ParaLevel *level = tile->env.level;
    float share = fminf(tile->pending * level->world.rate, 1.0f);
    para_pose_blend(tile->then, tile->now, level->world.body_count, share, tile->blend);
    ParaPictureLook look = para_picture_look(area);
    look.height_max = fminf(look.height_max, HEIGHT_MAX); // a small picture shows less, and larger
    look.player_share = fmaxf(look.player_share, PLAYER_SHARE);
    para_scene_clear(scene);
    para_picture_scene(scene, level, &tile->env.play, tile->env.world, tile->blend, false);
    para_picture_follow(&tile->camera, scene, &look, level, tile->env.world, tile->blend, seconds);
    tile->look.seed = tile->turn;
    tile->look.time += (double)seconds;
    tile->look.gravity = para_world_view(tile->env.world)->gravity;
    tile->look.area = area;
    para_window_world(page->window, scene, &tile->camera, &tile->look);
}
