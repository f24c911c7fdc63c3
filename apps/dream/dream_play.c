// SPDX-License-Identifier: MIT
// paracosm dream play: a person plays inside of a model, in a window, the engine beside it.
#include "agents/run/run_folder.h"
#include "apps/apps.h"
#include "apps/dream/dream_bench.h"
#include "apps/dream/dream_parts.h"
#include "apps/game/pixel_twin.h"
#include "apps/options.h"
#include "apps/play/play_session.h"
#include "engine/base/file.h"
#include "engine/base/shell.h"
#include "engine/base/text.h"

#include <SDL.h>
#include <stdio.h>
#include <string.h>

#define WIDTH  1280 // [px]
#define HEIGHT 720  // [px]

typedef struct Wishes {
    const char *name, *run, *model, *pixels, *size, *solver, *screenshot, *script, *tier;
    ParaTexts set;
    uint64_t seed;
    double after, horizon, bench;
    bool awake, json;
} Wishes;

ParaModel *para_dream_load(const char *word, const char *file, const char *run, const char *family,
                           ParaArena *arena, const char **out_card)
{
    const char *error = NULL, *path = file ? file : para_twin_model_path(run, arena);
    ParaModel *model = NULL;
    if (file || para_file_exists(path))
        model = para_model_read(path, arena, out_card, &error);
    if (model)
        return model;
    if (error)
        para_app_fail(word, "%s", error);
    else if (run)
        para_app_fail(word, "no model: there is no %s/model.safetensors, and no dream.safetensors here", run);
    else
        para_app_fail(word, "no model: there is no dream.safetensors here, and no other is named");
    fprintf(stderr, "  teach one:  %s dream train%s%s\n", para_shell_program(), run ? " " : " --families ",
            para_shell_word(run      ? run
                            : family ? family
                                     : "crate,rover",
                            arena));
    return NULL;
}

/// The window, with what a person prefers. @return NULL with the error told
static ParaWindow *open_window(const Wishes *w, const ParaPreferences *preferences, ParaArena *arena)
{
    int width = WIDTH, height = HEIGHT;
    const char *error = NULL;
    if (para_app_window_size("dream play", w->size, &width, &height) != 0)
        return NULL;
    ParaWindow *window = para_window_open("Paracosm: dream", width, height, arena, &error);
    if (!window) {
        para_app_fail("dream play", "%s", error);
        return NULL;
    }
    para_window_set_scale(window, preferences->scale);
    para_window_fullscreen(window,
                           preferences->fullscreen && !w->screenshot && !w->script && !(w->bench > 0));
    return window;
}

static ParaGameDef game_of(const Wishes *w, const char *family, ParaArena *arena)
{
    return (ParaGameDef){.name = family,
                         .run_folder = w->run,
                         .templates = para_app_templates(NULL),
                         .tier = w->tier,
                         .solver = para_app_solver(w->solver, para_player_solver(w->run, arena)),
                         .settings = w->set.items,
                         .setting_count = w->set.count};
}

// ---------------------------------------------------------------------------------------------
// The corner.

static void corner_step(void *context, const ParaGame *game) { para_pixel_twin_step(context, game); }

static bool corner_read(void *context, const ParaGame *game, uint8_t *rgb)
{
    para_pixel_twin_read(context, game, rgb);
    return true;
}

/// Whether a model's card names a family: others are strange to it.
static bool taught_on(const char *card, const char *family, ParaArena *arena)
{
    int count = 0;
    const char *const *names = para_dream_taught_on(card, arena, &count);
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], family) == 0)
            return true;
    return false;
}

/// The model of pixels that is asked for, or the run's where it has one that knows the family.
/// @param out_pixels out, NULL: there is none, and none was asked for   @return false with the error told
static bool find_pixels(const Wishes *w, const char *family, ParaArena *arena, ParaPixels **out_pixels)
{
    const char *card = NULL, *error = NULL,
               *file = w->pixels ? w->pixels
                       : w->run  ? para_arena_printf(arena, "%s/pixels.safetensors", w->run)
                                 : NULL;
    ParaFamilies families;
    *out_pixels = NULL;
    if (!file || (!w->pixels && !para_file_exists(file)))
        return true;
    ParaPixels *pixels = para_pixels_read(file, arena, &card, &error);
    if (!pixels) {
        para_app_fail("dream play", "%s", error);
        return false;
    }
    if (!para_dream_named("dream play", w->run, &family, family ? 1 : 0, arena, &families))
        return false;
    families.count = 1; // of a run the first is played
    if (!para_dream_pixels_fit("dream play", pixels, &families, arena))
        return false;
    if (!taught_on(card, families.texts[0].source, arena))
        para_text_print(stderr, "note: %s was not taught on %s: what it dreams of it means little\n", file,
                        families.names[0]);
    *out_pixels = pixels;
    return true;
}

// ---------------------------------------------------------------------------------------------

static int visit(const Wishes *w, const char *family, const ParaModel *model, const ParaPixels *pixels,
                 ParaArena *arena)
{
    const char *error = NULL, *note = NULL;
    ParaPreferences preferences = para_preferences_load(arena, &note);
    ParaGameDef def = game_of(w, family, arena);
    ParaPlayScript *script = w->script ? para_play_script_read(w->script, arena, &error) : NULL;
    if (w->script && !script)
        return para_app_misused("dream play", "%s", error);
    ParaWindow *window = open_window(w, &preferences, arena);
    if (!window)
        return PARA_EXIT_USAGE;
    if (w->bench > 0) {
        const ParaDreamBench bench = {.window = window,
                                      .game = &def,
                                      .model = model,
                                      .seed = w->seed,
                                      .seconds = w->bench,
                                      .horizon = (float)w->horizon,
                                      .json = w->json};
        int code = para_dream_bench(&bench, arena);
        para_window_close(window);
        return code;
    }
    ParaPlayCorner corner = {
        .label = "dreamed pixels,", .note = "knows no bodies", .step = corner_step, .read = corner_read};
    if (pixels) {
        ParaPixelTwin *twin = PARA_NEW(arena, ParaPixelTwin, 1);
        para_pixel_twin_open(twin, pixels, arena);
        corner.context = twin;
    }
    bool unattended = w->screenshot || w->script;
    ParaPad *pad = preferences.pad && !unattended ? para_pad_open(arena) : NULL;
    ParaPlayVisit own = {.window = window,
                         .preferences = &preferences,
                         .pad = pad,
                         .script = script,
                         .unattended = unattended,
                         .model = model,
                         .horizon = (float)w->horizon,
                         .awake = w->awake,
                         .corner = pixels ? &corner : NULL,
                         .screenshot = w->screenshot,
                         .after = w->after};
    bool good = para_play_visit(&own, &def, w->seed, arena, &error);
    if (pad)
        para_pad_close(pad);
    para_window_close(window);
    return good ? own.code : para_app_fail("dream play", "%s", error);
}

static int play(void *wishes, ParaArena *arena)
{
    const Wishes *w = wishes;
    const char *card = NULL, *error = NULL, *family = w->name;
    if (w->screenshot && !para_file_may_write(w->screenshot, arena, &error))
        return para_app_fail("dream play", "--screenshot: %s", error);
    if (w->json && !(w->bench > 0))
        return para_app_misused("dream play", "--json goes with --bench SECONDS");
    if (w->bench > 0 && (w->screenshot || w->script))
        return para_app_misused("dream play", "--bench plays by itself: no --script or --screenshot");
    if (w->bench > 0 && w->pixels)
        return para_app_misused("dream play", "--bench has no window to see a corner in: no --pixels");
    if (para_game_is_replay(w->name))
        return para_app_misused("dream play",
                                "a replay has its own actions: a family or template is dreamed");
    if (w->name && para_run_exists(w->name, arena))
        return para_app_misused("dream play", "%s is a run, which goes with --run; a family is played",
                                w->name);
    const ParaModel *model = para_dream_load("dream play", w->model, w->run, w->name, arena, &card);
    if (!model)
        return PARA_EXIT_FAILURE;
    int count = 0;
    const char *const *taught = para_dream_taught_on(card, arena, &count);
    if (!family && !w->run)
        family = count > 0 ? taught[0] : "crate";
    ParaPixels *pixels = NULL;
    return w->bench > 0 || find_pixels(w, family, arena, &pixels) ? visit(w, family, model, pixels, arena)
                                                                  : PARA_EXIT_FAILURE;
}

int para_dream_play(int argc, char **argv)
{
    Wishes w = {.horizon = (double)PARA_TWIN_HORIZON};
    const ParaOption options[] = {
        {"run", 'r', PARA_OPTION_TEXT, &w.run, "DIR",
         "its model.safetensors dreams, its trained player is there; Tab hands over to it", 0, 0, NULL},
        {"model", 'm', PARA_OPTION_TEXT, &w.model, "FILE",
         "this model dreams (default: that of the run, else dream.safetensors)", 0, 0, NULL},
        {"pixels", 0, PARA_OPTION_TEXT, &w.pixels, "FILE",
         "this model of pixels dreams beside it in a corner (default: pixels.safetensors of the run, if "
         "there)",
         0, 0, NULL},
        {"horizon", 0, PARA_OPTION_REAL, &w.horizon, "SECONDS",
         "[s] after which the dream is set back to the truth; 0: never (default 4; keys 3 and 4)", 0,
         (double)PARA_TWIN_HORIZON_MAX, NULL},
        {"awake", 0, PARA_OPTION_FLAG, &w.awake, NULL, "begin in the engine, the dream as outlines", 0, 0,
         NULL},
        {"seed", 's', PARA_OPTION_SEED, &w.seed, "N", "which member of the family", 0, 0, NULL},
        {"set", 0, PARA_OPTION_TEXTS, &w.set, "NAME=VALUE", "give a parameter of the family a value", 0, 0,
         NULL},
        {"tier", 0, PARA_OPTION_TEXT, &w.tier, "NAME", PARA_APP_TIER_ABOUT, 0, 0, NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &w.solver, "NAME",
         "the engine beside the dream: auto, lanes or chipmunk (default: auto, or that of the run)", 0, 0,
         para_app_solver_choices},
        {"size", 0, PARA_OPTION_TEXT, &w.size, "WxH", "of the window (1280x720)", 0, 0, NULL},
        {"screenshot", 0, PARA_OPTION_TEXT, &w.screenshot, "FILE", "write a PNG and end", 0, 0, NULL},
        {"after", 0, PARA_OPTION_REAL, &w.after, "SECONDS", "[s] of play before the screenshot", 0, 3600,
         NULL},
        {"script", 0, PARA_OPTION_TEXT, &w.script, "TEXT", "keys by the clock, for tests; see paracosm play",
         0, 0, NULL},
        {"bench", 0, PARA_OPTION_REAL, &w.bench, "SECONDS",
         "[s] play by keys pressed by chance, as fast as frames come, and print: frames per second, frames "
         "from key to picture, bodies lost or invented, ways back that left all as it was",
         1, 3600, NULL},
        {"json", 0, PARA_OPTION_FLAG, &w.json, NULL, "of --bench: print JSON", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "dream play",
        .usage = "[options] [FAMILY | TEMPLATE.json]",
        .about =
            "Plays a level inside of a learned model, in a window. The engine runs beside it on the same\n"
            "inputs: as outlines, with how far the two are apart. 1 changes places, 2 forks, 3 and 4 say\n"
            "after how long the dream is set back to the truth, 6 to 8 make things happen in both,\n"
            "9 hides the corner with dreamed pixels (--pixels), Backspace goes back in time, F1 shows all "
            "keys.",
        .options = options,
        .examples = "  paracosm dream play rover --model dream.safetensors\n"
                    "  paracosm dream play --run runs/first --horizon 0\n"
                    "  paracosm dream play swing --pixels pixels.safetensors\n"
                    "  SDL_VIDEODRIVER=offscreen paracosm dream play crate --screenshot dream.png --after 3\n"
                    "  SDL_VIDEODRIVER=offscreen paracosm dream play crate --bench 60 --json",
        .notes = "Without a name: the first family of the run, else the first that the model was taught on.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line or no display to open a window on, 130 "
                 "--bench was\n"
                 "stopped",
        .operand_max = 1,
        .operand_name = "a family or file"};
    int count = 0, code = para_options_read(&command, argc, argv, &w.name, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    return para_dream_in_arena("dream play", play, &w);
}
