// SPDX-License-Identifier: MIT
// A level inside of a window that stays open, and what a gamepad does in it.
#include "apps/play/play_session.h"

#include "agents/dream/dream.h"
#include "apps/apps.h"
#include "apps/play/play_story.h"
#include "engine/base/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define NUMBERS_MAX 1000 // films of one level in a folder

void para_play_pad_map(ParaPad *pad, const ParaKeys *keys, bool dreams)
{
    // What a level asks of the arrows and the space bar has its place; the rest gets what is left, in order.
    static const struct {
        SDL_Keycode asked;
        ParaPadInput input;
    } places[] = {{SDLK_LEFT, PARA_PAD_LEFT},
                  {SDLK_RIGHT, PARA_PAD_RIGHT},
                  {SDLK_UP, PARA_PAD_UP},
                  {SDLK_DOWN, PARA_PAD_DOWN},
                  {SDLK_SPACE, PARA_PAD_A}};
    static const ParaPadInput spare[] = {PARA_PAD_A,
                                         PARA_PAD_X,
                                         PARA_PAD_B,
                                         PARA_PAD_RIGHT_SHOULDER,
                                         PARA_PAD_LEFT_SHOULDER,
                                         PARA_PAD_RIGHT_TRIGGER,
                                         PARA_PAD_LEFT_TRIGGER,
                                         PARA_PAD_RIGHT_STICK_RIGHT,
                                         PARA_PAD_RIGHT_STICK_LEFT,
                                         PARA_PAD_RIGHT_STICK_UP,
                                         PARA_PAD_RIGHT_STICK_DOWN};
    SDL_Keycode codes[PARA_PAD_INPUTS] = {0};
    bool placed[PARA_CHANNELS][2] = {{false}};
    for (int c = 0; c < PARA_CHANNELS; c++)
        for (int side = 0; side < 2; side++)
            for (size_t i = 0; i < sizeof places / sizeof *places; i++)
                if (keys->codes[c][side][0] && keys->asked[c][side] == places[i].asked) {
                    codes[places[i].input] = keys->codes[c][side][0];
                    placed[c][side] = true;
                }
    for (int c = 0; c < PARA_CHANNELS; c++)
        for (int side = 0; side < 2; side++)
            for (size_t i = 0; i < sizeof spare / sizeof *spare && !placed[c][side]; i++)
                if (keys->codes[c][side][0] && !codes[spare[i]]) {
                    codes[spare[i]] = keys->codes[c][side][0];
                    placed[c][side] = true;
                }
    if (!codes[PARA_PAD_A]) // up is often a jump
        codes[PARA_PAD_A] = codes[PARA_PAD_UP];
    codes[PARA_PAD_Y] = SDLK_F5;
    codes[PARA_PAD_START] = SDLK_F7;
    codes[PARA_PAD_BACK] = SDLK_ESCAPE;
    if (dreams)
        para_play_dream_pad(codes);
    para_pad_map(pad, codes);
}

void para_play_session_prefer(ParaPlaySession *s, const ParaPreferences *preferences)
{
    s->preferences = preferences;
    para_play_stage_wish(&s->view.stage, para_play_look(preferences), s->unattended);
}

// ---------------------------------------------------------------------------------------------
// Films.

static bool begin_film(ParaPlaySession *s, const char *path)
{
    char error[256], runs[96], keys[64];
    const char *note = NULL;
    para_keys_command_names(&s->keys, PARA_COMMAND_FILM, keys, sizeof keys);
    snprintf(runs, sizeof runs, "the film runs; %s ends it", keys);
    bool begun = para_play_film_begin(&s->film, path, s->view.window, &note, error, sizeof error);
    para_play_view_say(&s->view, !begun ? error : note ? note : runs);
    if (note)
        fprintf(stderr, "note: %s\n", note);
    if (!begun && s->film_wish)
        s->code = para_app_fail("play", "%s", error);
    return begun;
}

void para_play_session_film(ParaPlaySession *s)
{
    char path[PARA_NAME_MAX + 48], told[256];
    if (s->film.record) {
        para_play_film_end(&s->film, told, sizeof told);
        para_play_view_say(&s->view, told);
        return;
    }
    int number = 0;
    do
        snprintf(path, sizeof path, number ? "%s-%" PRIu64 "-%d.gif" : "%s-%" PRIu64 ".gif",
                 s->game.env.level->family, s->game.seed, number);
    while (para_file_exists(path) && ++number < NUMBERS_MAX);
    begin_film(s, path);
}

void para_play_session_film_frame(ParaPlaySession *s, float seconds, bool still)
{
    char told[256];
    if (still)
        return;
    if (s->film_wish && !s->film_asked) {
        s->film_asked = true;
        begin_film(s, s->film_wish);
    }
    if (para_play_film_frame(&s->film, &s->game, s->view.window, seconds))
        return;
    para_play_film_end(&s->film, told, sizeof told); // it is full, or the window has another size
    para_play_view_say(&s->view, told);
}

void para_play_session_film_end(ParaPlaySession *s)
{
    char told[256];
    if (!s->film.record)
        return;
    if (para_play_film_end(&s->film, told, sizeof told))
        printf("%s\n", told);
    else
        s->code = para_app_fail("play", "%s", told);
}

// ---------------------------------------------------------------------------------------------
// In a window that stays open.

static ParaPlaySession *create(const char **out_error)
{
    ParaPlaySession *s = SDL_calloc(1, sizeof *s);
    if (s && (s->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30)))
        return s;
    SDL_free(s);
    *out_error = "no memory";
    return NULL;
}

/// All that a session has before its level is settled.
static void show(ParaPlaySession *s, const ParaPlayVisit *visit)
{
    const ParaPlaySoundDef sound = {.volume = (int)(visit->preferences->volume * 100.0f + 0.5f),
                                    .muted = visit->preferences->mute,
                                    .loud = !visit->unattended};
    const char *note = NULL, *error = NULL;
    s->view = para_play_view(visit->window, s->arena);
    s->unattended = visit->unattended;
    para_play_session_prefer(s, visit->preferences);
    s->pad = visit->pad;
    s->script = visit->script;
    s->shown = visit->shown;
    s->screenshot = visit->screenshot;
    s->after = visit->after;
    s->at_once = visit->screenshot && !visit->script;
    if (!para_play_sound_open(&s->sound, &sound, s->arena, &note, &error)) // only of a file, which is none
        note = error;
    if (note)
        para_play_view_say(&s->view, note);
}

void para_play_session_keep_last(ParaPlaySession *s)
{
    if (s->sandbox && s->game.touched && (!s->unattended || getenv("PARACOSM_HOME"))) {
        s->save = NULL;
        if (!para_play_session_keep(s, "levels/last-sandbox.json"))
            fprintf(stderr, "note: %s\n", s->view.message);
    }
}

static void leave(ParaPlaySession *s, ParaPlayVisit *visit)
{
    const char *error = NULL;
    para_play_sound_close(&s->sound, s->arena, &error); // of a file, which is none
    visit->shown = s->shown;
    visit->closed = s->closed;
    visit->code = s->code;
}

/// A dream beside the game that was opened. @return false: no memory
static bool fall_asleep(ParaPlaySession *s, const ParaPlayVisit *visit)
{
    if (!visit->model)
        return true;
    ParaPlayDream *dream = PARA_NEW(s->arena, ParaPlayDream, 1);
    ParaWorldGroup *group = para_dream_group_create(visit->model, 1);
    if (!group || !para_twin_open(&dream->twin, group, &s->game))
        return false;
    para_play_dream_init(dream, s->arena);
    dream->twin.horizon = visit->horizon;
    dream->twin.dreams = !visit->awake;
    if (visit->corner)
        dream->corner = *visit->corner;
    s->dream = dream;
    return true;
}

bool para_play_visit(ParaPlayVisit *visit, const ParaGameDef *def, uint64_t seed, ParaArena *arena,
                     const char **out_error)
{
    ParaPlaySession *s = create(out_error);
    bool good = s && para_game_open(&s->game, def, out_error);
    if (good && !fall_asleep(s, visit)) {
        *out_error = "no memory for a dream";
        good = false;
    }
    if (good && !para_game_begin(&s->game, seed)) {
        *out_error = "this family has no level at this seed and the 63 after it";
        good = false;
    }
    if (good) {
        show(s, visit);
        if (def->sandbox)
            s->sandbox = PARA_NEW(s->arena, ParaSandbox, 1);
        para_play_session_settle(s);
        para_play_session_run(s);
        para_play_session_keep_last(s);
        leave(s, visit);
    } else if (s) {
        *out_error = para_arena_strdup(arena, *out_error); // of the game's arena
    }
    if (s) {
        para_score_close(&s->score); // it looks at the game
        if (s->game.twin)
            para_twin_close(s->game.twin, &s->game);
        para_game_close(&s->game);
        para_arena_destroy(s->arena);
        SDL_free(s);
    }
    return good;
}

bool para_play_row_visit(ParaPlayVisit *visit, ParaPlayRow *row, const void *context, ParaArena *arena,
                         const char **out_error)
{
    ParaPlaySession *s = create(out_error);
    if (!s)
        return false;
    show(s, visit);
    bool good = row(s, context, out_error);
    if (!good)
        *out_error = para_arena_strdup(arena, *out_error); // of the session's arena
    leave(s, visit);
    para_score_close(&s->score);
    para_arena_destroy(s->arena);
    SDL_free(s);
    return good;
}

static bool play_story(ParaPlaySession *s, const void *story, const char **out_error)
{
    return para_play_story_run(s, story, PARA_SOLVER_AUTO, out_error);
}

bool para_play_story_visit(ParaPlayVisit *visit, const ParaStory *story, ParaArena *arena,
                           const char **out_error)
{
    return para_play_row_visit(visit, play_story, story, arena, out_error);
}
