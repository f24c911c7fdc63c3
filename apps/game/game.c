// SPDX-License-Identifier: MIT
// A person's session: opens a family, level or replay, begins episodes, steps them by the person's wish, the
// trained player's or the replay's, and saves the record. Used by play.c, whatever the window shows.
#include "apps/game/game.h"

#include "agents/memory/keeper.h"

#include "agents/env/decision.h"
#include "apps/game/twin.h"
#include "apps/settings.h"
#include "engine/base/assert.h"
#include "worlds/meddle/sandbox.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SEEDS_TRIED        64
#define REWIND_MEMORY      ((size_t)96 << 20)  // [byte] minutes of most levels
#define PROGRAM_MEMORY_MAX ((size_t)256 << 20) // [byte]

// ---------------------------------------------------------------------------------------------
// Opening.

/// @param arena for messages
static bool read_settings(ParaGame *game, ParaArena *arena, const char **out_error)
{
    return para_settings_read(game->family, game->settings, game->setting_count, game->set, arena, out_error);
}

/// Whether the trained player may play the family, of which skills ask by the level in play.
static void judge_stranger(ParaGame *game)
{
    game->stranger = NULL;
    if (game->chooser && !para_skill_set_knows(&game->skills, game->env.level))
        game->stranger =
            "these skills have the observations of other families; none of them can play this one";
    if (game->chooser)
        return;
    para_player_knows(game->policy, game->run_folder, game->family, game->program, &game->stranger);
}

static bool load_player(ParaGame *game, const char *run_folder, const char **out_error)
{
    game->policy = para_player_load(run_folder, game->program, out_error);
    if (!game->policy)
        return false;
    game->mind = para_mind_create(game->policy, game->program);
    game->run_folder = run_folder;
    judge_stranger(game);
    return true;
}

/// Several skills as the trained player. The first stands for it where one network is asked for.
static bool load_skills(ParaGame *game, const ParaGameDef *def, const char **out_error)
{
    if (!para_skill_set_load(&game->skills, def->skills, def->skill_count, NULL, game->program, out_error))
        return false;
    game->skills.ahead = def->ahead;
    game->policy = game->skills.skills[0]->policy;
    game->mind = para_skill_set_mind(&game->skills, para_world_group_solver(game->group), game->program,
                                     &game->chooser);
    *out_error = game->mind ? NULL : "no memory for the worlds that skills are tried out in";
    return game->mind != NULL;
}

bool para_game_sees_a_list(const ParaGame *game)
{
    bool lists = game->policy && para_policy_def(game->policy)->obs.kind == PARA_OBS_VECTOR;
    for (int i = 0; i < game->skills.count; i++)
        lists = lists || para_policy_def(game->skills.skills[i]->policy)->obs.kind == PARA_OBS_VECTOR;
    return lists;
}

static bool load_text(ParaGame *game, const ParaTemplateText *text, const char **out_error)
{
    game->family = para_library_load_text(text, game->program, out_error);
    game->text = *text;
    return game->family != NULL;
}

/// The starter that a sandbox has where nothing else is named; it is in the program itself.
static bool load_playground(ParaGame *game, const char **out_error)
{
    static const char name[] = "playground";
    const char *text = para_template_starter(name, name, game->program);
    PARA_ASSERT(text);
    game->name = name;
    game->text =
        (ParaTemplateText){.source = name, .file = name, .text = text, .size = strlen(text), .kept = true};
    game->family = para_library_load_text(&game->text, game->program, out_error);
    return game->family != NULL;
}

static bool load_family(ParaGame *game, const ParaGameDef *def, const char **out_error)
{
    if (def->text)
        return load_text(game, def->text, out_error);
    const ParaFamiliesWish wish = {&def->name, def->name ? 1 : 0, def->templates, def->tier};
    ParaFamilies families;
    if (!def->name && def->sandbox)
        return load_playground(game, out_error);
    if (!para_player_families(def->run_folder, &wish, game->program, &families, &game->note, out_error))
        return false;
    game->family = families.templates[0];
    game->tier = def->tier;
    game->text = families.texts[0];
    return true;
}

static bool load_replay(ParaGame *game, const ParaGameDef *def, const char **out_error)
{
    game->replay = para_replay_read(def->name, game->program, out_error);
    game->replay_level = game->replay ? para_replay_level(game->replay, game->program, out_error) : NULL;
    return game->replay_level != NULL;
}

bool para_game_is_replay(const char *name)
{
    static const char ending[] = ".replay";
    size_t size = name ? strlen(name) : 0, tail = sizeof ending - 1;
    return size > tail && strcmp(name + size - tail, ending) == 0;
}

bool para_game_open(ParaGame *game, const ParaGameDef *def, const char **out_error)
{
    memset(game, 0, sizeof *game);
    *out_error = "no memory";
    game->program = para_arena_create((size_t)1 << 20, PROGRAM_MEMORY_MAX);
    if (!game->program)
        return false;
    bool replays = !def->text && para_game_is_replay(def->name);
    if (replays && !load_replay(game, def, out_error))
        return false;
    // A sandbox may grow beyond what lanes takes, and no level changes its solver in its course.
    bool roomy = def->sandbox && def->solver == PARA_SOLVER_AUTO;
    ParaSolverKind solver = roomy ? PARA_SOLVER_CHIPMUNK : def->solver;
    game->group = para_world_group_create(replays ? game->replay->solver : solver, 1);
    if (!game->group)
        return false;
    para_env_init(&game->env, para_world_at(game->group, 0), true);
    if (!game->env.arena)
        return false;
    game->rewind = para_rewind_create(REWIND_MEMORY);
    game->then = PARA_NEW(game->program, ParaPose, PARA_BODIES_MAX);
    game->now = PARA_NEW(game->program, ParaPose, PARA_BODIES_MAX);
    game->name = def->name;
    game->sandbox = def->sandbox && !replays;
    game->seat_count = def->seat_count;
    memcpy(game->seats, def->seats, sizeof game->seats);
    game->settings = def->settings;
    game->setting_count = def->setting_count;
    if (replays)
        return true;
    if (!load_family(game, def, out_error) || !read_settings(game, game->program, out_error))
        return false;
    if (def->skill_count > 0)
        return load_skills(game, def, out_error);
    return !def->run_folder || load_player(game, def->run_folder, out_error);
}

void para_game_close(ParaGame *game)
{
    // The message of a failed opening lives in `program`: callers print it before they close.
    para_chooser_destroy(game->chooser);
    para_env_destroy(&game->env);
    para_rewind_destroy(game->rewind);
    if (game->group)
        para_world_group_destroy(game->group);
    if (game->changed)
        para_arena_destroy(game->changed);
    if (game->program)
        para_arena_destroy(game->program);
    memset(game, 0, sizeof *game);
}

// ---------------------------------------------------------------------------------------------
// Episodes.

static ParaLevel *sample(const ParaGame *game, uint64_t seed, ParaArena *arena)
{
    // Drawn as para_template_sample draws when no values are given, so that a seed means the same level
    // here and in training; then what was set by hand replaces its part.
    double values[PARA_PARAMS_MAX];
    memcpy(values, game->set, sizeof values);
    para_settings_draw(game->family, seed, values);
    return para_template_sample(game->family, values, seed, arena, NULL);
}

ParaLevel *para_game_source(const ParaGame *game, ParaArena *arena)
{
    return game->family ? sample(game, game->seed, arena) : NULL;
}

/// The seed's level, or the next one's that has one.
static bool begin_family(ParaGame *game, uint64_t seed)
{
    bool begun = false;
    game->env.fine = game->mind && para_mind_is_fine(game->mind);
    game->env.parts = (game->mind ? para_mind_parts(game->mind) : 0) | (game->memory ? PARA_OBS_MAP : 0);
    for (int i = 0; i < SEEDS_TRIED && !begun; i++, seed++) {
        const ParaLevel *level = sample(game, seed, para_env_level_arena(&game->env));
        const char *why = NULL;
        game->seed = seed;
        game->refused[0] = '\0';
        if (level && game->sandbox &&
            !(level = para_sandbox_level(level, para_world_group_solver(game->group), game->env.arena, &why)))
            snprintf(game->refused, sizeof game->refused, "no sandbox: %.100s", why);
        if (level && game->twin) // toys from the start: a dream is not played again
            level = para_twin_level(game, level);
        begun = level && para_env_begin(&game->env, level, game->who);
        if (level && !begun && !*game->refused)
            para_solver_fits(para_world_group_solver(game->group), &level->world, game->refused,
                             sizeof game->refused);
    }
    return begun;
}

static bool begin_replay(ParaGame *game)
{
    game->seed = game->replay_level->seed;
    para_env_level_arena(&game->env); // the record of the last time
    game->env.fine = game->replay->fine;
    game->env.parts = game->mind ? para_mind_parts(game->mind) : 0;
    return para_env_begin(&game->env, game->replay_level, game->replay->player);
}

void para_game_remember(ParaGame *game)
{
    const ParaEnv *env = &game->env;
    if (game->memory && game->family && env->level && env->maps[0] && env->decisions > 0 && !game->touched)
        para_keeper_keep(game->memory, para_template_name(game->family), game->seed, game->level_hash,
                         env->maps[0]);
}

/// The first player knows of the level what it did when it was here last.
static void recall(ParaGame *game)
{
    const ParaMap *map = game->memory ? para_keeper_recall(game->memory, game->env.level->hash) : NULL;
    if (map && game->env.maps[0])
        para_env_remember(&game->env, 0, map);
}

bool para_game_begin(ParaGame *game, uint64_t seed)
{
    if (game->twin)
        para_twin_unswap(game);
    para_game_remember(game);
    if (!(game->replay ? begin_replay(game) : begin_family(game, seed)))
        return false;
    recall(game);
    game->differs = -1;
    game->rng = para_rng_make(game->seed, "player");
    game->person_acted = game->trained_acted = false;
    if (game->chooser) { // a template may have changed on disk, and skills know levels
        judge_stranger(game);
        game->trained = game->trained && !game->stranger;
    }
    if (game->mind)
        para_mind_begin(game->mind);
    snprintf(game->who, sizeof game->who, "%s", game->replay ? game->replay->player : "person");
    para_pose_read(para_world_view(game->env.world), game->now);
    para_pose_read(para_world_view(game->env.world), game->then);
    game->level_hash = game->env.level->hash;
    game->asked_count = 0;
    game->flooding = game->touched = false;
    game->told[0] = '\0';
    if (game->rewind)
        para_rewind_clear(game->rewind);
    if (game->twin)
        return para_twin_begin(game);
    para_game_keep(game);
    if (game->slow)
        para_slow_begin(game->slow, game->env.level, game->seed); // else its reflex acts
    return true;
}

/// The template of a text in an arena of its own, with the settings that were given, in play.
static bool take_template(ParaGame *game, const ParaTemplateText *text, uint64_t seed, ParaArena *arena,
                          const char **out_error)
{
    const ParaTemplate *family = para_library_load_text(text, arena, out_error);
    if (family && game->tier)
        family = para_template_narrow(family, game->tier, arena, out_error);
    if (!family)
        return false;
    game->family = family;
    if (!read_settings(game, arena, out_error))
        return false;
    if (para_game_begin(game, seed))
        return true;
    *out_error = para_arena_printf(arena, "%s: no level at this seed and the %d after it%s%s", text->file,
                                   SEEDS_TRIED - 1, *game->refused ? ": " : "", game->refused);
    return false;
}

bool para_game_reload(ParaGame *game, bool *out_changed, const char **out_error)
{
    ParaTemplateText text;
    const ParaTemplate *family = game->family;
    uint64_t seed = game->seed;
    const char *error = NULL;
    *out_changed = false;
    *out_error = game->problem;
    if (game->replay || game->text.kept)
        return true;
    ParaArena *arena = para_arena_create((size_t)1 << 16, PROGRAM_MEMORY_MAX);
    if (!arena) {
        snprintf(game->problem, sizeof game->problem, "no memory to load the template again");
        return false;
    }
    bool read = para_library_read(game->text.file, arena, &text, &error); // by the path it was asked for
    bool same = read && text.size == game->text.size && memcmp(text.text, game->text.text, text.size) == 0;
    if (read && !same && take_template(game, &text, seed, arena, &error)) {
        if (game->changed)
            para_arena_destroy(game->changed);
        game->changed = arena;
        game->text = text;
        if (game->policy)
            judge_stranger(game);
        *out_changed = true;
        return true;
    }
    if (!same)
        snprintf(game->problem, sizeof game->problem, "%s", error);
    para_arena_destroy(arena);
    if (game->family != family) { // the one before it is in play again, and its settings held with it
        game->family = family;
        read_settings(game, game->program, &error);
        para_game_begin(game, seed);
    }
    return same;
}

bool para_game_over(const ParaGame *game)
{
    const ParaEnv *env = &game->env;
    bool played = game->replay && env->step == 0 && env->decisions >= game->replay->decisions;
    return env->play.status != PARA_PLAY_ON || played;
}

void para_game_cause(const ParaGame *game, char *out, size_t size)
{
    para_play_cause_sentence(&game->env.play, game->env.level, game->env.world, 0, out, size);
}

float para_game_seconds(const ParaGame *game) { return (float)para_world_view(game->env.world)->time; }

ParaGameSeat para_game_seat(const ParaGame *game, int player)
{
    ParaGameSeat seat = game->seat_count == 0       ? player == 0 ? PARA_SEAT_KEYS : PARA_SEAT_TRAINED
                        : player < game->seat_count ? game->seats[player]
                                                    : PARA_SEAT_STILL;
    bool nobody = seat == PARA_SEAT_TRAINED && (!game->mind || game->stranger);
    return nobody ? PARA_SEAT_STILL : seat;
}

int para_game_seated(const ParaGame *game, ParaGameSeat seat)
{
    for (int p = 0; p < game->env.level->player_count; p++)
        if (para_game_seat(game, p) == seat)
            return p;
    return -1;
}

const char *para_game_seat_about(ParaGameSeat seat)
{
    static const char *const about[PARA_SEAT_COUNT] = {"you", "the second person", "the trained player",
                                                       "nobody"};
    return about[seat];
}

/// What a player does now.
/// @param thought whether its action is there already   @param action in-out, [PARA_CHANNELS] 0 where not
static void decide_of(ParaGame *game, int player, bool thought, const int8_t *wish, int8_t *action)
{
    ParaGameSeat seat = para_game_seat(game, player);
    bool trained = seat == PARA_SEAT_TRAINED || (seat == PARA_SEAT_KEYS && game->trained);
    if (seat == PARA_SEAT_STILL) {
        memset(action, 0, PARA_CHANNELS);
        return;
    }
    *(trained ? &game->trained_acted : &game->person_acted) = true;
    if (trained) {
        if (!thought)
            para_mind_act(game->mind, &game->env, player, &game->rng, action, NULL);
        return;
    }
    const int8_t *keys = seat == PARA_SEAT_KEYS2 ? game->second : wish;
    for (int c = 0; c < PARA_CHANNELS; c++)
        action[c] = game->env.level->players[player].channel_bits >> c & 1
                        ? para_action_kept(game->env.fine, (float)keys[c])
                        : 0;
}

static void decide(ParaGame *game, const int8_t *wish)
{
    int8_t *action = game->actions;
    memset(action, 0, sizeof game->actions);
    if (game->replay) {
        // What cannot be done again is missing from the chain, too, which is compared.
        (void)para_env_meddle_again(&game->env, game->replay, NULL, 0);
        para_decision_begin_recorded(&game->env, game->replay, game->env.decisions);
        return;
    }
    bool thinks = game->trained && game->slow; // for all whom nobody else plays
    if (thinks)
        para_slow_act(game->slow, &game->env, action);
    for (int p = 0; p < game->env.level->player_count; p++)
        decide_of(game, p, thinks, wish, action + p * PARA_CHANNELS);
    snprintf(game->who, sizeof game->who, "%s",
             !game->trained_acted ? "person"
             : game->person_acted ? "person and trained"
                                  : "trained");
    para_decision_begin(&game->env, action);
    if (game->twin)
        para_twin_decide(game, action);
}

/// A step of what is seen, and of the world beside it. @return true: a decision is made
static bool step_env(ParaGame *game)
{
    struct ParaTwin *twin = game->twin;
    if (!twin)
        return para_decision_step(&game->env);
    return para_twin_watch(twin, &game->env, twin->swapped ? PARA_TWIN_DREAM : PARA_TWIN_ENGINE);
}

bool para_game_step(ParaGame *game, const int8_t *wish)
{
    if (para_game_over(game))
        return false;
    bool begins = game->env.step == 0;
    if (begins && !game->replay)
        para_game_take_asked(game);
    if (para_game_over(game)) // played again with a toybox it may have ended
        return false;
    if (begins)
        decide(game, wish);
    memcpy(game->then, game->now, sizeof *game->now * (size_t)game->env.level->world.body_count);
    bool made = step_env(game);
    if (made && game->replay && game->differs < 0 &&
        game->env.chain != game->replay->hashes[game->env.decisions - 1])
        game->differs = game->env.decisions - 1;
    para_pose_read(para_world_view(game->env.world), game->now);
    if (game->twin)
        para_twin_step(game, made);
    else if (made)
        para_game_keep(game);
    return begins;
}

bool para_game_hand_over(ParaGame *game, const char **out_reason)
{
    if (game->replay) {
        *out_reason = "this is a replay: its actions are played";
        return false;
    }
    if (!game->policy) {
        *out_reason = "no trained player: start with --run DIR or --skills A,B to have one";
        return false;
    }
    if (game->stranger) {
        *out_reason = game->stranger;
        return false;
    }
    game->trained = !game->trained;
    return true;
}

bool para_game_save(ParaGame *game, const char *path, const char **out_error)
{
    if (game->replay) {
        *out_error = "this is a replay already";
        return false;
    }
    if (game->twin && !para_twin_may_save(game, out_error))
        return false;
    if (!game->twin && !para_game_over(game) && !game->sandbox) {
        *out_error = "finish the level first: a replay holds a whole episode";
        return false;
    }
    const ParaReplay *replay =
        para_env_replay(game->twin ? para_twin_env(game, PARA_TWIN_ENGINE) : &game->env);
    ParaArenaMark mark = para_arena_mark(game->env.arena);
    bool good = para_replay_write(path, replay, game->env.arena, out_error);
    if (good)
        para_arena_rewind(game->env.arena, mark);
    return good;
}
