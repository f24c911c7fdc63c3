// SPDX-License-Identifier: MIT
// The one beside does what the seen one does; between decisions they are made equal or change places.
#include "apps/game/twin.h"

#include "agents/dream/dream.h"
#include "agents/env/decision.h"
#include "agents/env/mirror.h"
#include "engine/base/assert.h"
#include "engine/base/file.h"
#include "engine/base/text.h"

#include <stdio.h>
#include <string.h>

#define REWIND_MEMORY ((size_t)96 << 20) // [byte]

static void read_poses(const ParaEnv *env, ParaPose *then, ParaPose *now)
{
    para_pose_read(para_world_view(env->world), now);
    para_pose_read(para_world_view(env->world), then);
}

bool para_twin_open(ParaTwin *twin, ParaWorldGroup *group, ParaGame *game)
{
    *twin = (ParaTwin){.group = group, .horizon = PARA_TWIN_HORIZON, .dreams = true};
    twin->arena = para_arena_create((size_t)1 << 16, (size_t)256 << 20);
    para_env_init(&twin->env, para_world_at(group, 0), false);
    twin->rewind = para_rewind_create(REWIND_MEMORY);
    twin->then = PARA_NEW(game->program, ParaPose, PARA_BODIES_MAX);
    twin->now = PARA_NEW(game->program, ParaPose, PARA_BODIES_MAX);
    twin->lost_way = PARA_NEW(game->program, ParaPose, PARA_BODIES_MAX);
    twin->before = PARA_NEW(game->program, uint8_t, PARA_BODIES_MAX);
    game->twin = twin;
    return twin->arena && twin->env.arena;
}

void para_twin_close(ParaTwin *twin, ParaGame *game)
{
    if (game->twin == twin)
        para_twin_unswap(game);
    game->twin = NULL;
    para_env_destroy(&twin->env);
    para_rewind_destroy(twin->rewind);
    if (twin->group)
        para_world_group_destroy(twin->group);
    if (twin->arena)
        para_arena_destroy(twin->arena);
    memset(twin, 0, sizeof *twin);
}

const char *para_twin_model_path(const char *run_folder, ParaArena *arena)
{
    const char *of_run = run_folder ? para_arena_printf(arena, "%s/model.safetensors", run_folder) : NULL;
    return of_run && para_file_exists(of_run) ? of_run : "dream.safetensors";
}

const char *para_twin_name(ParaTwinWorld world) { return world == PARA_TWIN_DREAM ? "dream" : "engine"; }

const ParaEnv *para_twin_env(const ParaGame *game, ParaTwinWorld world)
{
    bool seen = game->twin->swapped == (world == PARA_TWIN_DREAM);
    return seen ? &game->env : &game->twin->env;
}

// ---------------------------------------------------------------------------------------------
// Made equal.

/// Both are equal at this decision: the dream goes on by itself from here.
static void note_set(ParaTwin *twin, int decision)
{
    if (twin->set_count == PARA_TWIN_SETS) { // the older half is forgotten
        twin->set_count = PARA_TWIN_SETS / 2;
        memmove(twin->sets, twin->sets + PARA_TWIN_SETS / 2, sizeof *twin->sets * (size_t)twin->set_count);
    }
    twin->sets[twin->set_count++] = decision;
}

static void make_equal(ParaGame *game, bool seen_one)
{
    ParaTwin *twin = game->twin;
    ParaEnv *to = seen_one ? &game->env : &twin->env;
    // An episode that goes on from another place is none that a record could play again.
    to->recording = to->chained = false;
    to->recorder = NULL;
    bool same = para_env_mirror(to, seen_one ? &twin->env : &game->env);
    PARA_ASSERT(same); // both play one level
    para_dream_trust(para_twin_env(game, PARA_TWIN_DREAM)->world);
    read_poses(to, seen_one ? game->then : twin->then, seen_one ? game->now : twin->now);
    note_set(twin, to->decisions);
    twin->error = para_twin_measure(game);
}

float para_twin_alone(const ParaGame *game)
{
    const ParaTwin *twin = game->twin;
    const ParaEnv *dream = para_twin_env(game, PARA_TWIN_DREAM);
    int since = twin->set_count > 0 ? twin->sets[twin->set_count - 1] : 0;
    return (float)((dream->decisions - since) * dream->level->frame_skip) / dream->level->world.rate;
}

/// After the horizon the dream begins anew from the truth, as long as there is one.
static void set_back(ParaGame *game)
{
    ParaTwin *twin = game->twin;
    const ParaEnv *engine = para_twin_env(game, PARA_TWIN_ENGINE);
    float decision = (float)engine->level->frame_skip / engine->level->world.rate;
    int since = twin->set_count > 0 ? twin->sets[twin->set_count - 1] : 0;
    float passed = (float)(engine->decisions - since) * decision;
    if (!(twin->horizon > 0.0f) || passed + 0.5f * decision < twin->horizon ||
        engine->play.status != PARA_PLAY_ON || game->env.play.status != PARA_PLAY_ON)
        return;
    int bodies = engine->level->world.body_count;
    memcpy(twin->lost_way, game->twin->swapped ? game->now : twin->now, sizeof(ParaPose) * (size_t)bodies);
    twin->astray = twin->error;
    twin->set_back = true;
    make_equal(game, game->twin->swapped);
}

static void fork_now(ParaGame *game)
{
    ParaTwin *twin = game->twin;
    twin->forks = false;
    if (game->env.play.status != PARA_PLAY_ON)
        return;
    make_equal(game, false);
    para_twin_keep(game);
}

static void exchange(ParaGame *game)
{
    ParaTwin *twin = game->twin;
    const ParaEnv env = game->env;
    ParaRewind *rewind = game->rewind;
    ParaPose *then = game->then, *now = game->now;
    game->env = twin->env;
    game->rewind = twin->rewind;
    game->then = twin->then;
    game->now = twin->now;
    twin->env = env;
    twin->rewind = rewind;
    twin->then = then;
    twin->now = now;
    game->twin->swapped = !game->twin->swapped;
}

static void swap_now(ParaGame *game)
{
    game->twin->swaps = false;
    exchange(game);
    game->twin->dreams = game->twin->swapped;
}

void para_twin_swap(ParaGame *game)
{
    game->twin->swaps = !game->twin->swaps;
    if (game->env.step == 0 && game->twin->swaps)
        swap_now(game);
}

bool para_twin_fork(ParaGame *game)
{
    if (game->env.play.status != PARA_PLAY_ON)
        return false;
    game->twin->forks = true;
    if (game->env.step == 0)
        fork_now(game);
    return true;
}

void para_twin_unswap(ParaGame *game)
{
    if (game->twin->swapped)
        exchange(game);
    game->env.recording = true; // a fork has ended that
}

// ---------------------------------------------------------------------------------------------
// An episode.

const ParaLevel *para_twin_level(ParaGame *game, const ParaLevel *level)
{
    const char *why = NULL;
    bool listed = para_game_sees_a_list(game);
    ParaSolverKind solver = para_world_group_solver(game->group);
    const ParaLevel *boxed = listed ? NULL : para_toybox_add(level, solver, game->env.arena, &why);
    return boxed ? boxed : level;
}

bool para_twin_begin(ParaGame *game)
{
    ParaTwin *twin = game->twin;
    const ParaLevel *level = game->env.level;
    para_arena_clear(twin->arena);
    twin->env.fine = game->env.fine;
    twin->env.parts = game->env.parts;
    if (!para_env_begin(&twin->env, para_level_as_seen(level, twin->arena), "dream"))
        return false; // what hides its mass hides it from the model
    ParaModelFacts facts = para_model_facts(&level->world, twin->arena);
    twin->diameters = PARA_NEW(twin->arena, float, level->world.body_count + 1);
    for (int b = 0; b < level->world.body_count; b++)
        twin->diameters[b] = 2.0f * facts.bodies[b].radius;
    read_poses(&twin->env, twin->then, twin->now);
    twin->under_way = twin->swaps = twin->forks = twin->set_back = false;
    twin->set_count = 0;
    twin->curve_decision = 0;
    twin->mean[0] = twin->worst[0] = 0.0f;
    if (twin->rewind)
        para_rewind_clear(twin->rewind);
    para_twin_keep(game);
    if (twin->dreams)
        exchange(game);
    twin->error = para_twin_measure(game);
    return true;
}

void para_twin_decide(ParaGame *game, const int8_t *actions)
{
    ParaTwin *twin = game->twin;
    twin->under_way = twin->env.play.status == PARA_PLAY_ON;
    if (twin->under_way)
        para_decision_begin(&twin->env, actions);
}

static void step_beside(ParaGame *game)
{
    ParaTwin *twin = game->twin;
    if (twin->under_way)
        twin->under_way =
            !para_twin_watch(twin, &twin->env, game->twin->swapped ? PARA_TWIN_ENGINE : PARA_TWIN_DREAM);
}

static void remember(ParaTwin *twin, int decision)
{
    twin->curve_decision = decision;
    twin->mean[decision % PARA_TWIN_CURVE] = twin->error.mean;
    twin->worst[decision % PARA_TWIN_CURVE] = twin->error.worst;
}

void para_twin_step(ParaGame *game, bool made)
{
    ParaTwin *twin = game->twin;
    memcpy(twin->then, twin->now, sizeof *twin->now * (size_t)game->env.level->world.body_count);
    step_beside(game);
    while (made && twin->under_way) // what is seen has ended in the middle
        step_beside(game);
    para_pose_read(para_world_view(twin->env.world), twin->now);
    twin->error = para_twin_measure(game);
    if (!made)
        return;
    remember(twin, game->env.decisions);
    set_back(game);
    para_twin_keep(game);
    if (twin->forks)
        fork_now(game);
    if (twin->swaps)
        swap_now(game);
}

// ---------------------------------------------------------------------------------------------
// Beside actions.

bool para_twin_meddle(ParaGame *game, const ParaMeddle *meddle, char *why, size_t size)
{
    ParaTwin *twin = game->twin;
    char own[PARA_MEDDLE_SAYS];
    if (twin->env.play.status != PARA_PLAY_ON || para_env_meddle(&twin->env, meddle, own, sizeof own))
        return true;
    snprintf(why, size, "not in the %s: %.120s",
             para_twin_name(game->twin->swapped ? PARA_TWIN_ENGINE : PARA_TWIN_DREAM), own);
    return false;
}

void para_twin_keep(ParaGame *game)
{
    ParaTwin *twin = game->twin;
    if (game->rewind && twin->rewind && game->env.step == 0 && twin->env.step == 0) {
        para_rewind_keep(game->rewind, &game->env);
        para_rewind_keep(twin->rewind, &twin->env);
    }
}

bool para_twin_may_go_back(const ParaGame *game, int decision)
{
    int own = game->rewind ? para_rewind_oldest(game->rewind) : -1;
    int other = game->twin->rewind ? para_rewind_oldest(game->twin->rewind) : -1;
    return own >= 0 && other >= 0 && own <= decision && other <= decision;
}

void para_twin_back(ParaGame *game, int decision)
{
    ParaTwin *twin = game->twin;
    int at = para_rewind_to(twin->rewind, &twin->env, decision);
    PARA_ASSERT(at >= 0);
    twin->under_way = twin->swaps = twin->forks = twin->set_back = false;
    while (twin->set_count > 0 && twin->sets[twin->set_count - 1] > decision)
        twin->set_count--;
    twin->curve_decision = decision;
    read_poses(&twin->env, twin->then, twin->now);
    twin->error = para_twin_measure(game);
}

bool para_twin_may_save(const ParaGame *game, const char **out_reason)
{
    const ParaEnv *engine = para_twin_env(game, PARA_TWIN_ENGINE);
    bool over = engine->play.status != PARA_PLAY_ON;
    if (!over)
        *out_reason = "the engine's episode is not over: a replay holds a whole one";
    else if (!engine->recorder)
        *out_reason = "the engine went on from the dream: no replay could tell how it came there";
    return over && engine->recorder;
}

void para_twin_tell(const ParaGame *game, char *out, size_t size)
{
    static const char *const ends[] = {"on", "solved", "failed", "out of time", "ran away"};
    const ParaTwin *twin = game->twin;
    const ParaPlay *play = &twin->env.play;
    const char *name = para_twin_name(game->twin->swapped ? PARA_TWIN_ENGINE : PARA_TWIN_DREAM);
    double seconds = para_world_view(twin->env.world)->time;
    double there = 100.0 * (double)play->players[0].progress;
    if (play->status == PARA_PLAY_ON)
        para_text_format(out, size, "%s: on, %.0f %% there", name, there);
    else
        para_text_format(out, size, "%s: %s after %.1f s", name, ends[play->status], seconds);
}
