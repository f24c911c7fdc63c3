// SPDX-License-Identifier: MIT
#include "apps/play/play_game.h"

#include "worlds/library.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEDS_TRIED        64
#define EPISODE_MEMORY_MAX ((size_t)256 << 20) // [byte]

// ---------------------------------------------------------------------------------------------
// Opening.

static bool read_setting(ParaGame *game, const char *setting, const char **out_error)
{
    const char *equals = strchr(setting, '=');
    size_t length = equals ? (size_t)(equals - setting) : strlen(setting);
    const char *known = "";
    for (int i = 0; i < para_template_param_count(game->family); i++) {
        const ParaParam *p = para_template_param(game->family, i);
        known = para_arena_printf(game->program, "%s%s%s", known, i ? ", " : "", p->name);
        if (!equals || strncmp(p->name, setting, length) != 0 || p->name[length] != '\0')
            continue;
        char *end = NULL;
        double value = strtod(equals + 1, &end);
        if (end != equals + 1 && *end == '\0' && value >= p->low && value <= p->high) {
            game->set[i] = value;
            return true;
        }
        *out_error = para_arena_printf(game->program, "--set %s: must be %g to %g%s%s", setting, p->low,
                                       p->high, *p->unit ? " " : "", p->unit);
        return false;
    }
    *out_error = para_arena_printf(game->program, "--set %s: wants NAME=VALUE with a name out of: %s",
                                   setting, *known ? known : "(this family has no parameters)");
    return false;
}

static bool load_player(ParaGame *game, const char *run_folder, const char **out_error)
{
    game->policy = para_player_load(run_folder, game->program, out_error);
    if (!game->policy)
        return false;
    const ParaPolicyDef *def = para_policy_def(game->policy);
    game->forward = para_forward_create(def, 1, game->program);
    game->observation = PARA_NEW(game->program, float, def->obs.size);
    return true;
}

bool para_game_open(ParaGame *game, const char *name, const char *run_folder, ParaSolverKind solver,
                    const char *const *settings, int setting_count, const char **out_error)
{
    memset(game, 0, sizeof *game);
    *out_error = "no memory";
    game->program = para_arena_create((size_t)1 << 20, EPISODE_MEMORY_MAX);
    game->episode = para_arena_create((size_t)1 << 20, EPISODE_MEMORY_MAX);
    game->group = para_world_group_create(solver, 1);
    if (!game->program || !game->episode || !game->group)
        return false;
    game->world = para_world_at(game->group, 0);
    game->then = PARA_NEW(game->program, ParaPose, PARA_BODIES_MAX);
    game->now = PARA_NEW(game->program, ParaPose, PARA_BODIES_MAX);
    for (int i = 0; i < PARA_PARAMS_MAX; i++)
        game->set[i] = (double)NAN;
    game->family = para_library_load(name, game->program, out_error);
    if (!game->family)
        return false;
    for (int i = 0; i < setting_count; i++)
        if (!read_setting(game, settings[i], out_error))
            return false;
    return !run_folder || load_player(game, run_folder, out_error);
}

void para_game_close(ParaGame *game)
{
    // The message of a failed opening lives in `program`: callers print it before they close.
    if (game->group)
        para_world_group_destroy(game->group);
    if (game->episode)
        para_arena_destroy(game->episode);
    if (game->program)
        para_arena_destroy(game->program);
    memset(game, 0, sizeof *game);
}

// ---------------------------------------------------------------------------------------------
// Episodes.

static ParaLevel *sample(ParaGame *game, uint64_t seed)
{
    // Drawn as para_template_sample draws when no values are given, so that a seed means the same level
    // here and in training; then what was set by hand replaces its part.
    double values[PARA_PARAMS_MAX];
    ParaRng rng = para_rng_make(seed, "params");
    para_template_draw(game->family, &rng, values);
    for (int i = 0; i < para_template_param_count(game->family); i++)
        if (!isnan(game->set[i]))
            values[i] = game->set[i];
    return para_template_sample(game->family, values, seed, game->episode, NULL);
}

bool para_game_begin(ParaGame *game, uint64_t seed)
{
    ParaLevel *level = NULL;
    for (int i = 0; i < SEEDS_TRIED && !level; i++, seed++) {
        para_arena_clear(game->episode);
        level = sample(game, seed);
        game->seed = seed;
        game->refused[0] = '\0';
        ParaPlayerState *players =
            level ? PARA_NEW(game->episode, ParaPlayerState, level->player_count) : NULL;
        if (level && !para_play_begin(&game->play, level, game->world, players, NULL)) {
            ParaSolverKind solver = para_world_group_solver(game->group);
            para_solver_fits(solver, &level->world, game->refused, sizeof game->refused);
            level = NULL;
        }
    }
    game->level = level;
    if (!level)
        return false;
    game->recorder = para_recorder_create(game->episode);
    para_recorder_begin(game->recorder, level, para_world_solver(game->world), game->who);
    game->rng = para_rng_make(seed, "player");
    game->step = 0;
    game->total_reward = 0.0f;
    game->person_acted = game->trained_acted = false;
    snprintf(game->who, sizeof game->who, "%s", "person");
    memset(game->action, 0, sizeof game->action);
    para_pose_read(para_world_view(game->world), game->now);
    para_pose_read(para_world_view(game->world), game->then);
    return true;
}

bool para_game_over(const ParaGame *game) { return game->play.status != PARA_PLAY_ON; }

float para_game_seconds(const ParaGame *game) { return (float)para_world_view(game->world)->time; }

static void ask_trained(ParaGame *game)
{
    float logits[PARA_LOGITS], value;
    const ParaPolicyDef *def = para_policy_def(game->policy);
    para_observe(&def->obs, game->level, &game->play, 0, game->world, game->observation);
    para_policy_forward(game->policy, game->forward, game->observation, 1, logits, &value);
    para_action_draw(logits, game->level->players[0].channel_bits, game->level->players[0].negative_bits,
                     &game->rng, game->action);
}

static void decide(ParaGame *game, const int8_t *wish)
{
    if (game->trained) {
        ask_trained(game);
    } else {
        for (int c = 0; c < PARA_CHANNELS; c++)
            game->action[c] = game->level->players[0].channel_bits >> c & 1 ? wish[c] : 0;
    }
    *(game->trained ? &game->trained_acted : &game->person_acted) = true;
    snprintf(game->who, sizeof game->who, "%s",
             !game->trained_acted ? "person"
             : game->person_acted ? "person and trained"
                                  : "trained");
    float action[PARA_CHANNELS];
    for (int c = 0; c < PARA_CHANNELS; c++)
        action[c] = (float)game->action[c];
    para_play_act(&game->play, game->level, action);
}

bool para_game_step(ParaGame *game, const int8_t *wish)
{
    if (para_game_over(game))
        return false;
    bool begins = game->step == 0;
    if (begins)
        decide(game, wish);
    memcpy(game->then, game->now, sizeof *game->now * (size_t)game->level->world.body_count);
    para_play_step(&game->play, game->level, game->world);
    para_pose_read(para_world_view(game->world), game->now);
    game->step++;
    if (game->step >= game->level->frame_skip || para_game_over(game)) {
        game->step = 0;
        game->total_reward += game->play.players[0].reward;
        game->play.players[0].reward = 0.0f;
        para_recorder_decision(game->recorder, game->action, game->world);
    }
    return begins;
}

bool para_game_hand_over(ParaGame *game, const char **out_reason)
{
    if (!game->policy) {
        *out_reason = "no trained player: start with --run DIR to have one";
        return false;
    }
    ParaObsSpec spec = para_policy_def(game->policy)->obs;
    if (spec.kind == PARA_OBS_VECTOR && para_obs_spec_vector(game->level).size != spec.size) {
        *out_reason = "the trained player was made for another family";
        return false;
    }
    game->trained = !game->trained;
    return true;
}

bool para_game_save(ParaGame *game, const char *path, const char **out_error)
{
    if (!para_game_over(game)) {
        *out_error = "finish the level first: a replay holds a whole episode";
        return false;
    }
    const ParaReplay *replay = para_recorder_end(game->recorder, &game->play, game->total_reward);
    return para_replay_write(path, replay, game->episode, out_error);
}
