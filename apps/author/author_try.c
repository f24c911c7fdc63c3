// SPDX-License-Identifier: MIT
// Trying the level: the author plays from here and comes back with one key; the trained player, or a search,
// tries members in small slices while the window goes on.
#include "apps/author/author_parts.h"

#include "agents/env/decision.h"
#include "agents/player/player.h"
#include "engine/base/clock.h"
#include "engine/base/text.h"
#include "worlds/rules/play.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define SLICE       0.012              // [s] of a frame for trying
#define MEMBERS_MAX 32                 // that the trained player tries
#define STEPS_MAX   ((int64_t)4000000) // [step] of one search

// ---------------------------------------------------------------------------------------------
// The author plays.

void para_author_play(ParaAuthor *a, bool on)
{
    char cause[160] = "";
    if (on && (!a->model.level || a->model.stale || a->model.unfinished)) {
        para_author_say(a, a->model.stale ? "mend the mistakes first: see Problems"
                                          : "to be played a level needs a player and a goal: see Level");
        return;
    }
    bool was_on = !on && a->playing, solved = was_on && a->model.env.play.status == PARA_PLAY_SOLVED;
    if (was_on && a->model.env.play.status != PARA_PLAY_ON)
        para_play_cause_sentence(&a->model.env.play, a->model.level, a->model.env.world, 0, cause,
                                 sizeof cause);
    a->playing = on;
    a->pending = 0;
    para_author_model_rewind(a);
    if (on) {
        a->keys = para_keys_of(a->model.level);
        a->was_played = true;
        a->nine = false;
        para_author_say(a, "you play; F5 or Esc: back to the editor, as you left it");
    } else if (was_on) { // what was said of play is over
        para_author_say(a, "%s", *cause ? cause : solved ? "solved" : "");
    }
}

void para_author_play_advance(ParaAuthor *a, float seconds)
{
    ParaEnv *env = &a->model.env;
    float step = 1.0f / a->model.level->world.rate;
    a->pending += seconds;
    while (a->pending >= step && env->play.status == PARA_PLAY_ON) {
        int8_t action[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
        if (env->step == 0) {
            para_keys_read(&a->keys, action);
            for (int c = 0; c < PARA_CHANNELS; c++)
                action[c] = a->model.level->players[0].channel_bits >> c & 1 ? action[c] : 0;
            para_decision_begin(env, action);
            para_keys_taken(&a->keys);
        }
        para_decision_step(env);
        a->pending -= step;
    }
    if (env->play.status != PARA_PLAY_ON) {
        char cause[160];
        para_play_cause_sentence(&env->play, a->model.level, env->world, 0, cause, sizeof cause);
        a->pending = 0;
        para_author_say(a, "%s%s%s F5: back to the editor; R: again",
                        env->play.status == PARA_PLAY_SOLVED ? "solved!" : "over: ", cause,
                        *cause ? "." : "");
    }
}

// ---------------------------------------------------------------------------------------------
// Others try.

void para_author_try_end(ParaAuthor *a)
{
    ParaAuthorTry *t = &a->attempt;
    if (t->search)
        para_search_close(t->search);
    if (t->workers)
        para_workers_destroy(t->workers);
    if (t->group) {
        para_env_destroy(&t->env);
        para_world_group_destroy(t->group);
    }
    if (t->arena)
        para_arena_destroy(t->arena);
    t->search = NULL;
    t->workers = NULL;
    t->group = NULL;
    t->arena = NULL;
    t->on = false;
}

static bool begin_search(ParaAuthor *a, const char **out_error)
{
    ParaAuthorTry *t = &a->attempt;
    const ParaSearchDef def = {.level = a->model.level,
                               .solver = para_world_solver(a->model.env.world),
                               .seed = 1,
                               .steps_max = STEPS_MAX};
    *out_error = "no memory";
    t->workers = para_workers_create(1);
    t->search = t->workers ? para_search_open(&def, t->workers, t->arena, out_error) : NULL;
    return t->search != NULL;
}

static bool begin_trained(ParaAuthor *a, const char **out_error)
{
    ParaAuthorTry *t = &a->attempt;
    if (!para_player_knows(a->policy, a->run_folder, a->model.family, t->arena, out_error))
        return false;
    *out_error = "no memory";
    if (!(t->group = para_world_group_create(para_player_solver(a->run_folder, t->arena), 1)))
        return false;
    para_env_init(&t->env, para_world_at(t->group, 0), false);
    t->mind = para_mind_create(a->policy, t->arena);
    t->env.fine = para_mind_is_fine(t->mind);
    t->env.parts = para_mind_parts(t->mind);
    t->rng = para_rng_make(1, "author try");
    t->seed = a->model.seed;
    return t->env.arena && t->mind;
}

void para_author_try_begin(ParaAuthor *a, bool trained)
{
    const char *error = "no memory";
    para_author_try_end(a);
    if (!a->model.level || a->model.stale || a->model.unfinished) {
        para_author_say(a, "a level that can be tried has a player, a goal and no mistakes");
        return;
    }
    a->attempt = (ParaAuthorTry){.trained = trained, .version = a->model.version};
    a->attempt.arena = para_arena_create((size_t)1 << 20, (size_t)2 << 30);
    a->attempt.on = a->attempt.arena && (trained ? begin_trained(a, &error) : begin_search(a, &error));
    if (!a->attempt.on) {
        para_author_say(a, "%s", error);
        para_author_try_end(a);
    }
}

static void count_cause(ParaAuthorTry *t, const char *cause)
{
    int k = 0;
    while (k < t->cause_count && strcmp(t->causes[k], cause) != 0)
        k++;
    if (k == 8)
        k = 7;
    if (k == t->cause_count) {
        snprintf(t->causes[k], sizeof t->causes[k], "%s", cause);
        t->cause_counts[k] = 0;
        t->cause_count++;
    }
    t->cause_counts[k]++;
}

/// The next member's episode. @return false: there are no more
static bool begin_episode(ParaAuthor *a)
{
    ParaAuthorTry *t = &a->attempt;
    while (t->tried < MEMBERS_MAX) {
        double values[PARA_PARAMS_MAX];
        para_template_seed_values(a->model.family, t->seed, values);
        ParaLevel *level =
            para_template_sample(a->model.family, values, t->seed++, para_env_level_arena(&t->env), NULL);
        para_mind_begin(t->mind);
        if (level && para_env_begin(&t->env, level, "trained"))
            return true;
        t->tried++; // a member that makes no sense is one nobody solves
        count_cause(t, "there is no such member");
    }
    return false;
}

static void decide(ParaAuthor *a)
{
    ParaAuthorTry *t = &a->attempt;
    int8_t action[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
    para_mind_act(t->mind, &t->env, 0, &t->rng, action, NULL);
    para_decision_make_one(&t->env, action);
}

static void slice_trained(ParaAuthor *a, double end)
{
    ParaAuthorTry *t = &a->attempt;
    while (para_clock_seconds() < end) {
        if (!t->playing && !(t->playing = begin_episode(a))) {
            para_author_try_end(a);
            return;
        }
        decide(a);
        if (t->env.play.status == PARA_PLAY_ON)
            continue;
        char cause[160] = "";
        t->playing = false;
        t->tried++;
        t->solved += t->env.play.status == PARA_PLAY_SOLVED;
        para_play_cause_sentence(&t->env.play, t->env.level, t->env.world, 0, cause, sizeof cause);
        if (t->env.play.status != PARA_PLAY_SOLVED)
            count_cause(t, *cause ? cause : "time was up");
    }
}

static void slice_search(ParaAuthor *a)
{
    ParaAuthorTry *t = &a->attempt;
    bool on = para_search_next(t->search);
    char remained[160] = "";
    if (on) {
        para_text_format(t->result, sizeof t->result, "%.0f %% of the goal so far",
                         (double)t->search->progress * 100.0);
        return;
    }
    para_search_replay(t->search, remained, sizeof remained);
    t->tried = 1;
    t->solved = t->search->solved;
    if (t->solved)
        para_text_format(t->result, sizeof t->result, "a search solved it in %.1f s of level time",
                         (double)((float)(t->search->decisions * a->model.level->frame_skip) /
                                  a->model.level->world.rate));
    else
        snprintf(t->result, sizeof t->result, "a search found no way: %.120s", remained);
    para_author_try_end(a);
}

void para_author_try_slice(ParaAuthor *a)
{
    ParaAuthorTry *t = &a->attempt;
    if (!t->on)
        return;
    double begin = para_clock_seconds();
    if (t->trained)
        slice_trained(a, begin + SLICE);
    else
        slice_search(a);
    t->seconds += para_clock_seconds() - begin;
}

void para_author_page_try(ParaAuthor *a)
{
    ParaAuthorTry *t = &a->attempt;
    char line[200];
    para_gui_heading("Play");
    if (para_gui_button("Play from here (F5)"))
        para_author_play(a, true);
    para_gui_gap(4 * a->scale);
    para_gui_heading("Let others try");
    if (para_gui_button("Search for a solution"))
        para_author_try_begin(a, false);
    para_gui_tip(
        "Random actions, the best of them tried on: whether this member can be solved at all, as paracosm "
        "prove does.");
    para_gui_off(!a->policy);
    if (para_gui_button("The trained player"))
        para_author_try_begin(a, true);
    para_gui_on();
    para_gui_tip(a->policy ? "It plays 32 members from the one on the canvas on."
                           : "Start with --run DIR, a run folder or .safetensors file, to have one.");
    if (t->on && para_gui_button("Stop"))
        para_author_try_end(a);
    if (t->on || t->tried > 0 || *t->result) {
        para_gui_line();
        if (t->trained) {
            snprintf(line, sizeof line, "the trained player solved %d of %d", t->solved, t->tried);
            para_gui_text(line);
            para_gui_bar(t->tried ? (float)t->solved / (float)t->tried : 0.0f, "");
        } else {
            para_gui_text(*t->result ? t->result : "a search is on");
            if (t->on)
                para_gui_bar(t->search->progress, "");
        }
        for (int k = 0; k < t->cause_count; k++) {
            snprintf(line, sizeof line, "%d x %s", t->cause_counts[k], t->causes[k]);
            para_gui_faint(line);
        }
        if (t->version != a->model.version)
            para_gui_faint("(of the text before your last change)");
    }
}
