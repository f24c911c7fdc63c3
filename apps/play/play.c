// SPDX-License-Identifier: MIT
// paracosm play: a level in a window, for a person, the trained player, or both in turn, or a replay. The
// command line; the window's loop is in play_session.c.
#include "agents/memory/keeper.h"
#include "agents/think/inside.h"
#include "agents/think/reflex.h"
#include "apps/apps.h"
#include "apps/endless/endless_window.h"
#include "apps/home/home.h"
#include "apps/options.h"
#include "apps/play/play_session.h"
#include "apps/play/play_story.h"
#include "engine/base/file.h"
#include "engine/base/platform.h"
#include "engine/base/shell.h"
#include "engine/draw/look/overlay.h"

#include <SDL.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 64 // families of endless mode

typedef struct Wishes {
    const char *run, *screenshot, *record, *script, *size, *solver, *templates, *tier;
    ParaTexts set;
    uint64_t seed;
    double after;
    const char *sound_out, *gif, *mp4;
    int volume;
    bool slow, watch, mute, home, overlay, still, endless, seeded, sandbox;
    const char *const *names; ///< [name_count]
    int name_count;
    const char *save; ///< file of the sandbox's scene; NULL: none
    const char *quality, *mood, *palette;
    int think;           ///< [1] 0..PARA_THINK_FUTURES_MAX futures; 0: the trained player acts by reflex
    double think_time;   ///< [s] > 0 that a plan may take
    const char *in;      ///< where they are imagined
    const char *skills;  ///< files of them, set apart by commas, in place of a run; NULL: none
    int ahead;           ///< [decision] that each is tried out
    const char *players; ///< who the players of a level of several are; NULL: the first is the person
    const char *memory;  ///< file of what is kept of levels; NULL: nothing is
} Wishes;

static const char *const qualities[] = {"low", "medium", "high", "auto", NULL};
static const char *const moods[] = {"day", "dusk", "night", "auto", NULL};
static const char *const in_choices[] = {"engine", "model", NULL};
static const char *const palettes[] = {"standard", "safe", NULL};

/// What is kept in a file, which need not be there yet.
static ParaKeeper *open_memory(const char *path, ParaArena *arena, const char **out_error)
{
    ParaKeeper *keeper = PARA_NEW(arena, ParaKeeper, 1);
    return para_keeper_read(path, true, arena, keeper, out_error) ? keeper : NULL;
}

/// Place of a word in a list of choices.
static int place_of(const char *word, const char *const *choices)
{
    int i = 0;
    while (choices[i] && strcmp(choices[i], word) != 0)
        i++;
    return i;
}

/// What is wished of the picture: by the settings, and before them by the command line.
static ParaPlayLook look_of(const Wishes *w, const ParaPreferences *preferences)
{
    ParaPlayLook look = para_play_look(preferences);
    int quality = w->quality ? place_of(w->quality, qualities) : look.quality;
    look.quality = quality < PARA_QUALITIES ? quality : -1;
    look.mood = w->mood ? (ParaMood)place_of(w->mood, moods) : look.mood;
    look.palette = w->palette ? (ParaPalette)place_of(w->palette, palettes) : look.palette;
    look.still |= w->still;
    look.overlay = w->overlay ? PARA_OVERLAY_ALL : 0;
    return look;
}

/// What is played where no family is named: the player's own; of a checkpoint that is not there, one that
/// shows much, and the message.
static const char *family_of(const char *name, const char *run)
{
    return name || (run && para_path_kind(run) != PARA_PATH_NONE) ? name : "rover";
}

/// A replay brings its own level, actions and solver. @return the option that does not go with it, NULL: none
static const char *not_of_a_replay(const Wishes *w)
{
    return w->run         ? "--run"
           : w->skills    ? "--skills"
           : w->watch     ? "--watch"
           : w->seed      ? "--seed"
           : w->set.count ? "--set"
           : w->solver    ? "--solver"
           : w->templates ? "--templates"
           : w->tier      ? "--tier"
           : w->record    ? "--record"
                          : NULL;
}

static bool ends_in(const char *path, const char *ending)
{
    size_t size = strlen(path), tail = strlen(ending);
    return size > tail && strcmp(path + size - tail, ending) == 0;
}

/// What shows the same without a display.
static void print_other_ways(const ParaPlaySession *s, const char *name, const Wishes *w)
{
    const char *program = para_shell_program(), *run = w->run ? para_shell_word(w->run, s->arena) : "";
    const char *word = name || !w->run ? para_shell_word(family_of(name, NULL), s->arena) : "";
    fprintf(stderr, "  a picture:       SDL_VIDEODRIVER=offscreen %s play%s%s%s%s --screenshot picture.png\n",
            program, w->run ? " --run " : "", run, *word ? " " : "", word);
    if (*word)
        fprintf(stderr, "  without OpenGL:  %s render %s --out picture.png\n", program, word);
}

/// Who the players are, from "keys,trained".
static int read_seats(const Wishes *w, ParaGameDef *def)
{
    static const char *const words[PARA_SEAT_COUNT + 1] = {"keys", "keys2", "trained", "still", NULL};
    bool taken[PARA_SEAT_COUNT] = {false};
    for (const char *at = w->players; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        char word[16];
        snprintf(word, sizeof word, "%.*s", (int)(strcspn(at, ",") < 15 ? strcspn(at, ",") : 15), at);
        int seat = place_of(word, words);
        if (seat == PARA_SEAT_COUNT || def->seat_count == PARA_PLAYERS_MAX)
            return para_app_misused(
                "play",
                "--players \"%s\": who each of at most %d players is, set apart by commas: "
                "keys, keys2, trained or still",
                w->players, PARA_PLAYERS_MAX);
        if (seat <= PARA_SEAT_KEYS2 && taken[seat])
            return para_app_misused(
                "play", "--players: \"%s\" is one person; the others are keys2, trained or still", word);
        if (seat == PARA_SEAT_TRAINED && !w->run && !w->skills)
            return para_app_misused(
                "play", "--players: there is no trained player; give one with --run DIR, or write "
                        "still");
        taken[seat] = true;
        def->seats[def->seat_count++] = (ParaGameSeat)seat;
    }
    if (taken[PARA_SEAT_KEYS2] && !taken[PARA_SEAT_KEYS])
        return para_app_misused("play", "--players: keys2 is for a second person; the first has keys");
    if (w->players && w->sandbox)
        return para_app_misused("play",
                                "--players: levels of several players are no sandboxes; leave --sandbox out");
    return PARA_OPTIONS_GO;
}

/// No loudspeaker is told once and is no error; a file that cannot be written is one.
static bool open_sound(ParaPlaySession *s, const Wishes *w)
{
    const ParaPlaySoundDef def = {.volume = w->volume >= 0 ? w->volume
                                                           : (int)(s->preferences->volume * 100.0f + 0.5f),
                                  .muted = w->mute || s->preferences->mute,
                                  .loud = !s->unattended,
                                  .out = w->sound_out};
    const char *note = NULL, *error = NULL;
    if (!para_play_sound_open(&s->sound, &def, s->arena, &note, &error)) {
        s->code = para_app_fail("play", "--sound-out: %s", error);
        return false;
    }
    if (note)
        para_play_view_say(&s->view, note);
    return true;
}

/// The home screen, where levels are chosen.
static int go_home(const Wishes *w, int width, int height, ParaArena *arena)
{
    const char *error = NULL;
    ParaHomeWish wish = {.width = width,
                         .height = height,
                         .run_folder = w->run,
                         .screenshot = w->screenshot,
                         .after = w->after};
    if (w->screenshot && !para_file_may_write(w->screenshot, arena, &error))
        return para_app_fail("play", "--screenshot: %s", error);
    if (w->script && !(wish.script = para_play_script_read(w->script, arena, &error)))
        return para_app_misused("play", "%s", error);
    return para_home_run(&wish);
}

/// What belongs to levels alone does not go with a story. @return the option, NULL: none
static const char *not_of_a_story(const Wishes *w)
{
    return w->record ? "--record" : not_of_a_replay(w) && !w->solver ? not_of_a_replay(w) : NULL;
}

/// Makes the session's view in a window, as the person and the command line want it.
static void furnish(ParaPlaySession *s, const Wishes *w, ParaWindow *window)
{
    const char *error = NULL;
    ParaPreferences *preferences =
        PARA_NEW(s->arena, ParaPreferences, 1); // the session goes by them to its end
    *preferences = para_preferences_load(s->arena, &error);
    s->view = para_play_view(window, s->arena);
    if (error)
        para_play_view_say(&s->view, error);
    para_play_session_prefer(s, preferences);
    para_play_stage_wish(&s->view.stage, look_of(w, preferences), s->unattended);
    para_window_set_scale(window, preferences->scale);
    para_window_fullscreen(window, preferences->fullscreen && !s->unattended);
    s->pad = preferences->pad ? para_pad_open(s->arena) : NULL;
}

/// Opens the session's window and plays in it what has levels of its own: a story, or endless mode where
/// there is none.
static int play_row(ParaPlaySession *s, const ParaStory *story, const Wishes *w, int width, int height)
{
    const char *error = NULL;
    const ParaEndlessWish endless = {.families = w->names,
                                     .family_count = w->name_count,
                                     .seeded = w->seeded,
                                     .seed = w->seed,
                                     .solver = para_app_solver(w->solver, PARA_SOLVER_AUTO)};
    s->unattended = w->screenshot || w->script;
    s->at_once = w->screenshot && !w->script;
    ParaWindow *window = para_window_open("Paracosm", width, height, s->arena, &error);
    if (!window) {
        para_app_fail("play", "%s", error);
        return PARA_EXIT_USAGE;
    }
    furnish(s, w, window);
    s->view.slow = w->slow;
    s->screenshot = w->screenshot;
    s->after = w->after;
    if (open_sound(s, w) && !(story ? para_play_story_run(s, story, endless.solver, &error)
                                    : para_endless_run(s, &endless, &error)))
        s->code = para_app_fail("play", "%s", error);
    if (s->pad)
        para_pad_close(s->pad);
    para_window_close(window);
    if (!para_play_sound_close(&s->sound, s->arena, &error))
        return para_app_fail("play", "--sound-out: %s", error);
    return s->code;
}

/// Of several problems the one to begin with.
static const char *first_error(const ParaDiagList *list)
{
    for (int i = 0; i < list->count; i++)
        if (list->items[i].severity == PARA_DIAG_ERROR)
            return list->items[i].message;
    return "it does not load";
}

/// A story brings its own levels, seeds and settings.
static int play_story(ParaPlaySession *s, const char *name, const Wishes *w, int width, int height)
{
    ParaDiagList list = para_diag_list(s->arena, name, NULL);
    if (w->sandbox)
        return para_app_misused("play", "--sandbox does not go with a story, which has its own levels");
    if (not_of_a_story(w))
        return para_app_misused("play", "%s does not go with a story, which has its own levels",
                                not_of_a_story(w));
    const ParaStory *story = para_story_load_file(name, true, s->arena, &list);
    if (!story) {
        para_diag_print(&list, stderr);
        return para_app_fail("play", "%s: this story cannot be played: %s", name, first_error(&list));
    }
    return play_row(s, story, w, width, height);
}

/// Its levels are made as one goes along.
static int play_endless(ParaPlaySession *s, const Wishes *w, int width, int height)
{
    const char *option = w->run         ? "--run"
                         : w->watch     ? "--watch"
                         : w->set.count ? "--set"
                         : w->tier      ? "--tier"
                         : w->record    ? "--record"
                         : w->home      ? "--home"
                                        : NULL;
    if (option)
        return para_app_misused("play", "%s does not go with --endless, which makes its levels itself",
                                option);
    const ParaEndlessWish wish = {.families = w->names, .family_count = w->name_count};
    const char *error = NULL;
    if (!para_endless_check(&wish, s->arena, &error))
        return para_app_fail("play", "--endless: %s", error);
    return play_row(s, NULL, w, width, height);
}

/// Gives the trained player time to think. @return -1 to go on, else the exit code
static int think(ParaPlaySession *s, const Wishes *w, ParaSolverKind solver)
{
    const char *note = NULL, *error = NULL;
    ParaReflex *reflex = PARA_NEW(s->arena, ParaReflex, 1);
    ParaThinkWhere *where = PARA_NEW(s->arena, ParaThinkWhere, 1);
    ParaSlowDef def = {.think = para_think_def_default(w->think),
                       .in_step = w->screenshot || w->script, // the same picture every time
                       .budget = w->think_time};
    *where = para_think_in_engine(solver);
    if (!para_reflex_load(w->run, s->arena, reflex, &note, &error) ||
        (w->in && strcmp(w->in, "model") == 0 && !para_think_in_model(w->run, s->arena, where, &error)))
        return para_app_fail("play", "%s", error);
    int cpus = para_cpu_count(); // one of them is for the window
    s->thinks = cpus > 2 ? para_workers_create(cpus - 1) : NULL;
    s->game.slow = para_slow_create(&def, reflex, where, solver, s->thinks, s->arena);
    return s->game.slow ? -1 : para_app_fail("play", "no memory for the worlds to think in");
}

static int play(ParaPlaySession *s, const char *name, const Wishes *w)
{
    const char *error = NULL;
    int width = 1280, height = 720;
    if (para_app_window_size("play", w->size, &width, &height) != 0)
        return PARA_EXIT_USAGE;
    if (para_game_is_replay(name) && not_of_a_replay(w))
        return para_app_misused("play", "%s does not go with a replay, which has its own level and actions",
                                not_of_a_replay(w));
    s->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    if (!s->arena)
        return para_app_fail("play", "no memory");
    if (w->sandbox && (para_game_is_replay(name) || w->run || w->watch || w->record || w->home || w->endless))
        return para_app_misused("play",
                                "--sandbox goes with a family or a template of your own, and plays it alone");
    if (w->think > 0 && (!w->run || para_game_is_replay(name) || w->sandbox || w->endless || w->home))
        return para_app_misused("play",
                                "--think needs --run DIR, whose trained player is to think, and a level");
    if (w->skills && (w->run || !name || w->sandbox || w->endless || w->home))
        return para_app_misused("play",
                                "--skills A,B plays one family or level, which is named, in place of --run");
    if (w->ahead > 0 && !w->skills)
        return para_app_misused("play", "--ahead tries skills out: give --skills A,B too");
    if (w->in && w->think == 0)
        return para_app_misused("play", "--in says where futures are imagined: give --think N too");
    if (w->save && !w->sandbox)
        return para_app_misused("play", "--save keeps the scene of a sandbox: give --sandbox too");
    if (!w->endless && (w->home || (!name && !w->run && !w->sandbox)))
        return go_home(w, width, height, s->arena);
    if (w->record && !para_file_may_write(w->record, s->arena, &error))
        return para_app_fail("play", "--record: %s", error);
    if (w->screenshot && !para_file_may_write(w->screenshot, s->arena, &error))
        return para_app_fail("play", "--screenshot: %s", error);
    if (w->gif && w->mp4)
        return para_app_misused("play", "--gif and --mp4: one film at a time");
    if ((w->gif && !ends_in(w->gif, ".gif")) || (w->mp4 && !ends_in(w->mp4, ".mp4")))
        return para_app_misused(
            "play", w->gif ? "--gif %s: its name must end in .gif" : "--mp4 %s: its name must end in .mp4",
            w->gif ? w->gif : w->mp4);
    if (w->script && !(s->script = para_play_script_read(w->script, s->arena, &error)))
        return para_app_misused("play", "%s", error);
    bool row = w->endless || (name && para_play_is_story(name, s->arena));
    if (row && (w->gif || w->mp4))
        return para_app_misused("play",
                                "%s films one level: in a story and in endless mode Insert begins a film",
                                w->gif ? "--gif" : "--mp4");
    if (w->endless)
        return play_endless(s, w, width, height);
    if (row)
        return play_story(s, name, w, width, height);
    // Without --solver the player's own rule: a person meets the physics that it was trained on.
    if (w->save && !para_file_may_write(w->save, s->arena, &error))
        return para_app_fail("play", "--save: %s", error);
    const char *skills[PARA_SKILLS_MAX];
    size_t skills_size = w->skills ? strlen(w->skills) + 1 : 1;
    int skill_count = w->skills ? para_options_split(w->skills, para_arena_alloc(s->arena, skills_size),
                                                     skills_size, skills, PARA_SKILLS_MAX)
                                : 0;
    if (w->skills && skill_count <= 0)
        return para_app_misused("play", "--skills needs 1 to %d files, set apart by commas", PARA_SKILLS_MAX);
    ParaGameDef def = {.name = w->sandbox ? name : family_of(name, w->run),
                       .skills = skills,
                       .skill_count = skill_count,
                       .ahead = w->ahead,
                       .sandbox = w->sandbox,
                       .run_folder = w->run,
                       .templates = para_app_templates(w->templates),
                       .tier = w->tier,
                       .solver = para_app_solver(w->solver, para_player_solver(w->run, s->arena)),
                       .settings = w->set.items,
                       .setting_count = w->set.count};
    int seated = read_seats(w, &def);
    if (seated != PARA_OPTIONS_GO)
        return seated;
    if (!para_game_open(&s->game, &def, &error))
        return para_app_fail("play", "%s", error);
    if (w->memory && (s->game.replay || w->sandbox))
        return para_app_misused("play", "--memory is of levels that are played: leave it out for %s",
                                w->sandbox ? "a sandbox" : "a replay");
    if (w->memory && !(s->game.memory = open_memory(w->memory, s->arena, &error)))
        return para_app_fail("play", "--memory: %s", error);
    int thinks = w->think > 0 ? think(s, w, def.solver) : -1;
    if (thinks >= 0)
        return thinks;
    if (s->game.note)
        fprintf(stderr, "note: %s\n", s->game.note);
    s->unattended = w->screenshot || w->script;
    s->at_once = w->screenshot && !w->script;
    if (!para_game_begin(&s->game, w->seed))
        return s->game.replay
                   ? para_app_fail("play", "the level of %s cannot be built", name)
                   : para_app_fail("play", "%s has no level at seed %" PRIu64 " and the 63 after it%s%s",
                                   para_template_name(s->game.family), w->seed, *s->game.refused ? ": " : "",
                                   s->game.refused);
    if (w->players && (s->game.replay || s->game.env.level->player_count < def.seat_count))
        return para_app_misused("play",
                                "--players names %d, and %s has %d: name as many or fewer, whom nobody plays "
                                "stands still",
                                def.seat_count,
                                s->game.replay ? "a replay, which brings its own," : "this level",
                                s->game.env.level->player_count);
    for (int k = 0; k < def.seat_count; k++)
        if (def.seats[k] == PARA_SEAT_TRAINED && s->game.stranger)
            return para_app_misused("play", "--players: %s", s->game.stranger);
    if (w->watch && !para_game_hand_over(&s->game, &error))
        return para_app_misused("play", "--watch: %s", error);
    ParaWindow *window = para_window_open("Paracosm", width, height, s->arena, &error);
    if (!window) {
        para_app_fail("play", "%s", error);
        print_other_ways(s, name, w);
        return PARA_EXIT_USAGE;
    }
    furnish(s, w, window);
    if (!open_sound(s, w)) {
        para_window_close(window);
        return s->code;
    }
    s->view.slow = w->slow;
    s->view.ways = w->think > 0 ? PARA_NEW(s->arena, ParaSlowWays, 1) : NULL;
    s->screenshot = w->screenshot;
    s->film_wish = w->gif ? w->gif : w->mp4;
    s->record = w->record;
    s->after = w->after;
    s->save = w->save;
    if (w->sandbox && !(s->sandbox = para_arena_alloc(s->arena, sizeof *s->sandbox)))
        return para_app_fail("play", "no memory");
    para_play_session_settle(s);
    para_play_session_run(s);
    para_play_session_keep_last(s);
    if (s->pad)
        para_pad_close(s->pad);
    para_window_close(window);
    if (!para_play_sound_close(&s->sound, s->arena, &error))
        return para_app_fail("play", "--sound-out: %s", error);
    return s->code;
}

/// Writes it back with the level that was in play. @return an exit code: `code`, if it could be written
static int close_memory(ParaPlaySession *s, const char *path, int code)
{
    const char *error = NULL;
    if (!s->game.memory)
        return code;
    para_game_remember(&s->game);
    return para_keeper_write(s->game.memory, path, s->arena, &error)
               ? code
               : para_app_fail("play", "--memory: %s", error);
}

int para_app_play(int argc, char **argv)
{
    Wishes w = {.volume = -1, .think_time = 0.2}; // -1: that of the settings
    const ParaOption options[] = {
        {"run", 'r', PARA_OPTION_TEXT, &w.run, "DIR",
         "the trained player of this run folder, or of this .safetensors file; Tab hands over to it", 0, 0,
         NULL},
        {"skills", 0, PARA_OPTION_TEXT, &w.skills, "A,B",
         "several skills as the trained player (paracosm skill --help): which of them acts is shown", 0, 0,
         NULL},
        {"ahead", 0, PARA_OPTION_INT, &w.ahead, "N",
         "try each skill out for N decisions before one is chosen (default 0: by where they are at home)", 0,
         PARA_SKILL_AHEAD_MAX, NULL},
        {"players", 0, PARA_OPTION_TEXT, &w.players, "A,B",
         "who the players of a level of several are, in their order: keys, keys2 (a second person: A, D, W, "
         "S and left "
         "Shift), trained or still (default: keys, and the others trained if there is a player, else still)",
         0, 0, NULL},
        {"tier", 0, PARA_OPTION_TEXT, &w.tier, "NAME", PARA_APP_TIER_ABOUT, 0, 0, NULL},
        {"templates", 0, PARA_OPTION_CHOICE, &w.templates, "WHOSE",
         "of the run's families: run, as it was trained on them, or disk, their files as they are now "
         "(default run)",
         0, 0, para_app_templates_choices},
        {"think", 0, PARA_OPTION_INT, &w.think, "N",
         "the trained player thinks before it acts, of up to N futures, and its thoughts are shown", 0,
         PARA_THINK_FUTURES_MAX, NULL},
        {"think-time", 0, PARA_OPTION_REAL, &w.think_time, "SECONDS",
         "[s] that it thinks of one plan; where there is not time for all futures, it imagines fewer", 0.01,
         10, NULL},
        {"in", 0, PARA_OPTION_CHOICE, &w.in, "WHERE",
         "where it imagines them: the engine, or the model of the run (default engine)", 0, 0, in_choices},
        {"watch", 'w', PARA_OPTION_FLAG, &w.watch, NULL, "the trained player begins", 0, 0, NULL},
        {"seed", 's', PARA_OPTION_SEED, &w.seed, "N",
         "which member of the family; with --endless, above 0: begin anew, the same row for everybody, and "
         "keep nothing",
         0, 0, NULL},
        {"set", 0, PARA_OPTION_TEXTS, &w.set, "NAME=VALUE", "give a parameter of the family a value", 0, 0,
         NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &w.solver, "NAME",
         "physics: auto, lanes or chipmunk (default: auto, or that of the run)", 0, 0,
         para_app_solver_choices},
        {"home", 0, PARA_OPTION_FLAG, &w.home, NULL,
         "the home screen, where levels are chosen; so does no name at all", 0, 0, NULL},
        {"endless", 0, PARA_OPTION_FLAG, &w.endless, NULL,
         "level after level, each made from how the last one went; of the families named, or of all", 0, 0,
         NULL},
        {"sandbox", 0, PARA_OPTION_FLAG, &w.sandbox, NULL,
         "no goal and no end: grab, throw, draw, cut, pin, join; without a name a playground", 0, 0, NULL},
        {"save", 0, PARA_OPTION_TEXT, &w.save, "FILE.json",
         "where Ctrl+S keeps the scene of a sandbox as a level (default: levels in the data folder)", 0, 0,
         NULL},
        {"slow", 0, PARA_OPTION_FLAG, &w.slow, NULL, "begin in slow motion (a quarter of real time)", 0, 0,
         NULL},
        {"memory", 0, PARA_OPTION_TEXT, &w.memory, "FILE",
         "begin with what is kept there of the level's map, and write it back at the end (paracosm memory "
         "--help)",
         0, 0, NULL},
        {"size", 0, PARA_OPTION_TEXT, &w.size, "WxH", "of the window (1280x720)", 0, 0, NULL},
        {"record", 0, PARA_OPTION_TEXT, &w.record, "FILE",
         "write each solved episode there as a replay; -1, -2 .. behind the name where it is taken", 0, 0,
         NULL},
        {"volume", 0, PARA_OPTION_INT, &w.volume, "N",
         "of the sound, 0 to 100 (that of the settings, at first 80)", 0, 100, NULL},
        {"mute", 0, PARA_OPTION_FLAG, &w.mute, NULL, "begin without sound; M or F9 turns it on", 0, 0, NULL},
        {"sound-out", 0, PARA_OPTION_TEXT, &w.sound_out, "FILE", "write what is heard there as a WAV file", 0,
         0, NULL},
        {"quality", 0, PARA_OPTION_CHOICE, &w.quality, "LEVEL",
         "of the picture: low, medium, high or auto, as frames come in time (default: of the settings)", 0, 0,
         qualities},
        {"mood", 0, PARA_OPTION_CHOICE, &w.mood, "HOUR",
         "day, dusk, night or auto, as the level's seed draws it (default: of the settings)", 0, 0, moods},
        {"palette", 0, PARA_OPTION_CHOICE, &w.palette, "NAME",
         "standard, or safe for colour-blind eyes (default: of the settings)", 0, 0, palettes},
        {"no-shake", 0, PARA_OPTION_FLAG, &w.still, NULL, "hard blows do not shake the view", 0, 0, NULL},
        {"overlay", 0, PARA_OPTION_FLAG, &w.overlay, NULL,
         "show contacts, motors, velocities, joints and zones; F10 shows and hides them", 0, 0, NULL},
        {"gif", 0, PARA_OPTION_TEXT, &w.gif, "FILE.gif", "write what is played there as an animated GIF", 0,
         0, NULL},
        {"mp4", 0, PARA_OPTION_TEXT, &w.mp4, "FILE.mp4",
         "the same as an MP4, by the program ffmpeg; where it is not installed, a GIF", 0, 0, NULL},
        {"screenshot", 0, PARA_OPTION_TEXT, &w.screenshot, "FILE", "write a PNG and end", 0, 0, NULL},
        {"after", 0, PARA_OPTION_REAL, &w.after, "SECONDS", "[s] of play before the screenshot", 0, 3600,
         NULL},
        {"script", 0, PARA_OPTION_TEXT, &w.script, "TEXT",
         "keys, mouse and text by the clock, for tests, parted by \";\": SECONDS down, up or tap KEY; "
         "SECONDS "
         "move X Y, press or release BUTTON, wheel N; SECONDS type TEXT; SECONDS screenshot FILE; SECONDS "
         "state (printed); SECONDS wait FILE; SECONDS close or quit",
         0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command_line = {
        .name = "play",
        .usage = "[options] [FAMILY | TEMPLATE.json | LEVEL.json | FILE.replay]\n"
                 "       paracosm play --endless [options] [FAMILY | TEMPLATE.json ...]",
        .about =
            "Plays a level in a window: it begins with the first key; arrows, WASD and space move, R starts\n"
            "again (and loads a template that changed on disk), N is the next level, P pauses, S slows "
            "down,\n"
            "Tab hands over to the trained player, F1 shows all keys, Esc quits. A replay is shown.",
        .options = options,
        .examples =
            "  paracosm play rover\n"
            "  paracosm play rover --run runs/first --watch\n"
            "  paracosm play rockfall --run runs/first --watch --think 64   # it thinks, and shows of what\n"
            "  paracosm play --run runs/hill                       # the family it was trained on\n"
            "  paracosm play hopper --skills hop.skill,push.skill --watch   # skills that take turns\n"
            "  paracosm play ferry --seed 7 --set distance=12 --record solved.replay\n"
            "  paracosm play far-exit --run runs/mouse --memory mouse.memory # what was seen is known next "
            "time\n"
            "  paracosm play --sandbox                             # a playground; or --sandbox rover\n"
            "  paracosm play solved.replay                         # watch it\n"
            "  paracosm play --endless                             # level after level, as hard as you can\n"
            "  paracosm play --endless cave platforms --seed 3\n"
            "  SDL_VIDEODRIVER=offscreen paracosm play rover --screenshot rover.png --after 2\n"
            "  paracosm play roll --script \"0 tap return; 1 down right; 3 up right; 3 state; 4 quit\"",
        .notes = "Without a name: the first family of the run or player, else the home screen. A font of "
                 "your own: "
                 "PARACOSM_FONT=/path/font.ttf (empty: block "
                 "letters);\nlarger or smaller: PARACOSM_SCALE=1.5.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line or no display to open a window on",
        .operand_min = 0,
        .operand_max = NAMES_MAX,
        .operand_name = "a family or file"};
    const char *names[NAMES_MAX] = {NULL}, *name = NULL;
    int count = 0, code = para_options_read(&command_line, argc, argv, names, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    if (count > 1 && !w.endless)
        return para_app_misused(
            "play", "\"%s\" is one too many: one family or file is played (several with --endless)",
            names[1]);
    name = names[0];
    if (w.memory && w.endless)
        return para_app_misused("play", "--memory is of levels that come again: leave it out with --endless");
    w.names = names;
    w.name_count = count;
    w.seeded = w.seed != 0;
    ParaPlaySession *s = SDL_calloc(1, sizeof *s);
    if (!s)
        return para_app_fail("play", "no memory");
    code = close_memory(s, w.memory, play(s, name, &w));
    para_score_close(&s->score);
    para_slow_destroy(s->game.slow);
    para_workers_destroy(s->thinks);
    para_game_close(&s->game);
    if (s->arena)
        para_arena_destroy(s->arena);
    SDL_free(s);
    return code;
}
