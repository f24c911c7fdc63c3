// SPDX-License-Identifier: MIT
// A replay that is played, paused and sought in: every so many decisions a copy of the whole episode is kept,
// so that going back is a copy and a few steps.
#include "apps/watch/watch_parts.h"

#include "agents/env/decision.h"

#include <stdio.h>
#include <string.h>

void para_watch_close_film(ParaWatch *w)
{
    ParaWatchFilm *film = &w->film;
    if (!film->arena)
        return;
    for (int i = 0; i < PARA_WATCH_CLONES; i++)
        para_env_destroy(&film->clones[i]);
    para_env_destroy(&film->tile.env);
    if (film->group)
        para_world_group_destroy(film->group);
    para_arena_destroy(film->arena);
    memset(film, 0, sizeof *film);
}

static void pose(ParaTile *tile)
{
    para_pose_read(para_world_view(tile->env.world), tile->now);
    para_pose_read(para_world_view(tile->env.world), tile->then);
    tile->pending = 0.0f;
}

static bool build(ParaWatch *w)
{
    ParaWatchFilm *film = &w->film;
    ParaTile *tile = &film->tile;
    film->group = para_world_group_create(film->replay->solver, PARA_WATCH_CLONES + 1);
    if (!film->group)
        return false;
    tile->then = PARA_NEW(film->arena, ParaPose, PARA_BODIES_MAX);
    tile->now = PARA_NEW(film->arena, ParaPose, PARA_BODIES_MAX);
    tile->blend = PARA_NEW(film->arena, ParaPose, PARA_BODIES_MAX);
    tile->group = film->group;
    tile->look = para_look_default();
    tile->turn = film->level->seed;
    para_env_init(&tile->env, para_world_at(film->group, PARA_WATCH_CLONES), false);
    bool good = tile->env.arena && para_env_begin(&tile->env, film->level, "replay");
    for (int i = 0; i < PARA_WATCH_CLONES && good; i++) {
        para_env_init(&film->clones[i], para_world_at(film->group, i), false);
        good = film->clones[i].arena && para_env_begin(&film->clones[i], film->level, "replay");
    }
    tile->running = good;
    if (good)
        pose(tile);
    return good;
}

bool para_watch_open_film(ParaWatch *w, int row)
{
    ParaWatchFilm *film = &w->film;
    const char *error = "no memory";
    char path[1024], line[PARA_WATCH_WORDS];
    para_watch_close_film(w);
    film->arena = para_arena_create((size_t)1 << 20, (size_t)512 << 20);
    if (!film->arena)
        return false;
    snprintf(path, sizeof path, "%s/%s", w->run.folder, w->files[row]);
    film->replay = para_replay_read(path, film->arena, &error);
    film->level = film->replay ? para_replay_level(film->replay, film->arena, &error) : NULL;
    if (!film->level || !build(w)) {
        snprintf(line, sizeof line, "%s: %s", w->files[row],
                 film->level ? "its level cannot be built" : error);
        para_watch_close_film(w);
        para_watch_say(w, line);
        return false;
    }
    snprintf(film->name, sizeof film->name, "%s", w->lines[row]);
    film->apart = film->replay->decisions / PARA_WATCH_CLONES + 1;
    return true;
}

/// One physics step. @return whether the decision is made
static bool step(ParaWatchFilm *film)
{
    ParaTile *tile = &film->tile;
    ParaEnv *env = &tile->env;
    if (env->step == 0) {
        if (film->at % film->apart == 0 && film->at / film->apart == film->clone_count &&
            film->clone_count < PARA_WATCH_CLONES)
            film->clone_count += para_env_clone(&film->clones[film->clone_count], env);
        para_decision_begin_recorded(env, film->replay, film->at);
    }
    memcpy(tile->then, tile->now, sizeof *tile->now * (size_t)film->level->world.body_count);
    bool made = para_decision_step(env);
    para_pose_read(para_world_view(env->world), tile->now);
    film->at += made;
    return made;
}

static bool is_over(const ParaWatchFilm *film)
{
    return film->at >= film->replay->decisions || film->tile.env.play.status != PARA_PLAY_ON;
}

void para_watch_seek(ParaWatch *w, int to)
{
    ParaWatchFilm *film = &w->film;
    to = to < 0 ? 0 : to > film->replay->decisions ? film->replay->decisions : to;
    int clone = to / film->apart < film->clone_count ? to / film->apart : film->clone_count - 1;
    // Back, or far ahead: from the last moment kept before it.
    if ((to < film->at || film->tile.env.step > 0 || (clone >= 0 && clone * film->apart > film->at)) &&
        clone >= 0 && para_env_clone(&film->tile.env, &film->clones[clone])) {
        film->tile.env.step = 0; // a decision under way is given up
        film->at = clone * film->apart;
        pose(&film->tile);
    }
    while (film->at < to && !is_over(film))
        step(film);
    film->tile.pending = 0.0f;
}

void para_watch_film_advance(ParaWatch *w, float seconds)
{
    ParaWatchFilm *film = &w->film;
    float rate = film->level->world.rate;
    if (film->paused)
        return;
    film->tile.pending += seconds < 0.25f ? seconds : 0.25f;
    while (film->tile.pending * rate >= 1.0f && !is_over(film)) {
        step(film);
        film->tile.pending -= 1.0f / rate;
    }
    if (is_over(film))
        film->tile.pending = 0.0f;
}
