// SPDX-License-Identifier: MIT
// paracosm render: a level, or a moment of a replay, as a PNG by the software raster, or either in motion as
// a GIF. Needs no display.
#include "agents/env/decision.h"
#include "agents/env/replay.h"
#include "agents/observe/picture.h"
#include "apps/apps.h"
#include "apps/game/game.h"
#include "apps/options.h"
#include "apps/render/film.h"
#include "apps/render/render_sheet.h"
#include "engine/draw/raster/png.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SMOOTH       3   // pixels a side that make one of the picture
#define HEIGHT_LEAST 120 // [px] of a picture that is fitted to a long level

typedef struct Picture {
    const char *out;
    int width, height; // [px]
    bool fitted;       // of the height that the whole level takes
    float metres;      // [m] as ParaPicture has it
    ParaArena *arena;
} Picture;

/// The height that a level takes across a width: of a long one less than is usual.
static int height_for(const ParaLevel *level, int width, int most)
{
    double height = (double)width * (double)level->world.size.y / (double)level->world.size.x;
    return height < HEIGHT_LEAST ? HEIGHT_LEAST : height < most ? (int)height : most;
}

static bool draw(Picture *picture, const ParaEnv *env, const char **out_error)
{
    if (picture->fitted)
        picture->height = height_for(env->level, picture->width, picture->height);
    ParaPicture drawing = para_picture_create(picture->width, picture->height, SMOOTH, picture->arena);
    drawing.metres = picture->metres;
    uint8_t *rgb = para_arena_alloc(picture->arena, (size_t)drawing.width * (size_t)drawing.height * 3);
    para_picture_draw(&drawing, env->level, &env->play, env->world, rgb);
    return para_png_write(picture->out, rgb, drawing.width, drawing.height, picture->arena, out_error);
}

static int render_level(Picture *picture, const char *name, uint64_t seed, int steps, const ParaTexts *set,
                        ParaSolverKind solver)
{
    static const int8_t still[PARA_CHANNELS];
    ParaGame game;
    const char *error = NULL;
    int code = PARA_EXIT_OK;
    const ParaGameDef def = {
        .name = name, .solver = solver, .settings = set->items, .setting_count = set->count};
    if (!para_game_open(&game, &def, &error))
        code = para_app_fail("render", "%s", error);
    else if (!para_game_begin(&game, seed))
        code = para_app_fail("render", "%s has no level at seed %" PRIu64 " and the 63 after it%s%s", name,
                             seed, *game.refused ? ": " : "", game.refused);
    for (int i = 0; i < steps && code == PARA_EXIT_OK; i++)
        para_game_step(&game, still);
    if (code == PARA_EXIT_OK && !draw(picture, &game.env, &error))
        code = para_app_fail("render", "%s", error);
    if (code == PARA_EXIT_OK)
        printf("%s: %d x %d, %s seed %" PRIu64 " on %s\n", picture->out, picture->width, picture->height,
               game.env.level->family, game.seed, para_solver_name(para_world_solver(game.env.world)));
    para_game_close(&game);
    return code;
}

/// Plays the recorded actions for `steps` physics steps (-1: to the end).
static void play_actions(const ParaReplay *replay, ParaEnv *env, int steps)
{
    for (int d = 0; d < replay->decisions && env->play.status == PARA_PLAY_ON; d++) {
        bool made = false;
        if (env->world_steps == steps)
            return;
        if (!para_env_meddle_again(env, replay, NULL, 0))
            return; // not as recorded: the picture is of what led there
        para_decision_begin_recorded(env, replay, d);
        while (!made && env->world_steps != steps)
            made = para_decision_step(env);
    }
}

static int render_replay(Picture *picture, const char *path, int steps)
{
    const char *error = NULL;
    ParaReplay *replay = para_replay_read(path, picture->arena, &error);
    ParaLevel *level = replay ? para_replay_level(replay, picture->arena, &error) : NULL;
    if (!level)
        return para_app_fail("render", "%s", error);
    ParaWorldGroup *group = para_world_group_create(replay->solver, 1);
    if (!group)
        return para_app_fail("render", "no memory");
    ParaEnv env = {.world = para_world_at(group, 0), .arena = picture->arena};
    int code = PARA_EXIT_OK;
    if (!para_env_begin(&env, level, replay->player)) {
        code = para_app_fail("render", "the replay's level cannot be built");
    } else {
        play_actions(replay, &env, steps);
        if (!draw(picture, &env, &error))
            code = para_app_fail("render", "%s", error);
        else
            printf("%s: %d x %d, step %" PRIu64 " of %s\n", picture->out, picture->width, picture->height,
                   para_world_view(env.world)->step, path);
    }
    para_world_group_destroy(group);
    return code;
}

int para_app_render(int argc, char **argv)
{
    const char *out = "level.png", *size = NULL, *replay = NULL, *name = NULL, *solver = NULL, *tier = NULL,
               *sheet = NULL;
    uint64_t seed = 0;
    int steps = -1, count = 0;
    bool whole = false;
    double metres = 0;
    ParaTexts set = {.count = 0};
    ParaFilm film = {.seconds = 10, .fps = 20, .width = 480};
    const ParaOption options[] = {
        {"out", 'o', PARA_OPTION_TEXT, &out, "FILE", "the PNG to write", 0, 0, NULL},
        {"seed", 's', PARA_OPTION_SEED, &seed, "N", "which member of the family", 0, 0, NULL},
        {"set", 0, PARA_OPTION_TEXTS, &set, "NAME=VALUE", "give a parameter of the family a value", 0, 0,
         NULL},
        {"steps", 0, PARA_OPTION_INT, &steps, "K",
         "physics steps before the picture (-1: none; of a replay: to its end)", -1, 1e6, NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &solver, "NAME",
         "physics: auto, lanes or chipmunk (default auto; a replay has its own)", 0, 0,
         para_app_solver_choices},
        {"size", 0, PARA_OPTION_TEXT, &size, "WxH", "[px] of the picture (1280x720)", 0, 0, NULL},
        {"whole", 0, PARA_OPTION_FLAG, &whole, NULL,
         "show the whole level, however large; without --size no higher than that takes", 0, 0, NULL},
        {"metres", 'm', PARA_OPTION_REAL, &metres, "M",
         "[m] of the level across the picture, around the player (0: all of a small level, else up to 20 m "
         "of its "
         "height)",
         0, 1e4, NULL},
        {"sheet", 0, PARA_OPTION_TEXT, &sheet, "FAMILY",
         "nine members of a family or file in one picture, with their seeds and parameters", 0, 0, NULL},
        {"tier", 0, PARA_OPTION_TEXT, &tier, "NAME", "with --sheet: members of this tier, such as hard", 0, 0,
         NULL},
        {"replay", 0, PARA_OPTION_TEXT, &replay, "FILE", "draw a moment of this replay", 0, 0, NULL},
        {"gif", 'g', PARA_OPTION_TEXT, &film.out, "FILE", "draw it in motion, as an animated GIF", 0, 0,
         NULL},
        {"policy", 'p', PARA_OPTION_TEXT, &film.game.run_folder, "RUN",
         "of a GIF: the trained player of this run folder or .safetensors file plays; else nobody acts", 0, 0,
         NULL},
        {"seconds", 0, PARA_OPTION_REAL, &film.seconds, "S",
         "of a GIF: most seconds of the level; it ends with the episode", 0.1, 600, NULL},
        {"fps", 0, PARA_OPTION_REAL, &film.fps, "N", "of a GIF: frames a second", 1, 50, NULL},
        {"width", 'w', PARA_OPTION_INT, &film.width, "PX", "of a GIF: its width in pixels, 16:9", 64, 1280,
         NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &film.quiet, NULL, "no progress on standard error", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "render",
        .usage = "[options] [FAMILY | TEMPLATE.json | LEVEL.json]",
        .about = "Draws a level or a moment of a replay into a PNG file, or either in motion into a GIF, in "
                 "software, without a display.",
        .options = options,
        .examples = "  paracosm render rover --seed 3 --out rover.png\n"
                    "  paracosm render ferry --set distance=12 --steps 60 --size 1920x1080\n"
                    "  paracosm render bipedal-walker-hardcore --whole --out bipedal-walker-hardcore.png\n"
                    "  paracosm render --sheet hopper --out hopper.png\n"
                    "  paracosm render --replay solved.replay --steps 120\n"
                    "  paracosm render --replay solved.replay --gif solved.gif\n"
                    "  paracosm render rover --policy runs/first --gif rover.gif --seconds 6 --width 640",
        .notes = "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C: no GIF is left",
        .operand_min = 0,
        .operand_max = 1,
        .operand_name = "a family or file"};
    int code = para_options_read(&command, argc, argv, &name, &count);
    Picture picture = {.out = out, .width = 1280, .height = 720};
    if (code != PARA_OPTIONS_GO)
        return code;
    picture.out = out;
    if (size && (sscanf(size, "%dx%d", &picture.width, &picture.height) != 2 || picture.width < 16 ||
                 picture.height < 16 || picture.width > 4096 || picture.height > 4096))
        return para_app_misused("render", "--size %s: must be WIDTHxHEIGHT, 16 to 4096 pixels", size);
    if (count == 1 && !replay && para_game_is_replay(name)) {
        replay = name;
        count = 0;
    }
    if (film.out && (size || steps >= 0))
        return para_app_misused("render", "%s does not go with --gif", size ? "--size" : "--steps");
    if (film.game.run_folder && (!film.out || replay))
        return para_app_misused("render", "--policy goes with --gif, and not with a replay");
    if (sheet && (count == 1 || replay || film.out || picture.width < 48 || picture.height < 300))
        return para_app_misused(
            "render", "--sheet FAMILY takes no other family, file, replay or --gif, and a --size of "
                      "48x300 pixels at least");
    if (whole && metres > 0)
        return para_app_misused("render", "--whole and --metres say two things: choose one");
    picture.fitted = whole && !size;
    picture.metres = film.metres = whole ? INFINITY : (float)metres;
    if (tier && !sheet)
        return para_app_misused("render", "--tier goes with --sheet");
    if (!sheet && (count == 1) == (replay != NULL) && !film.game.run_folder)
        return para_app_misused("render", "wants a family or file, or --replay FILE");
    if (replay && solver)
        return para_app_misused("render", "--solver does not go with --replay: it runs on what recorded it");
    if (film.out) {
        if (replay && !para_game_is_replay(replay))
            return para_app_misused("render", "--gif wants a replay whose name ends with .replay");
        film.game.name = replay ? replay : count ? name : NULL;
        film.game.solver = para_app_solver(solver, PARA_SOLVER_AUTO);
        film.game.settings = set.items;
        film.game.setting_count = set.count;
        film.seed = seed;
        film.height = film.width * 9 / 16;
        return para_film_make(&film);
    }
    picture.arena = para_arena_create((size_t)1 << 20, (size_t)2 << 30);
    if (!picture.arena)
        return para_app_fail("render", "no memory");
    const ParaSheetDef nine = {.game = {.name = sheet,
                                        .tier = tier,
                                        .solver = para_app_solver(solver, PARA_SOLVER_AUTO),
                                        .settings = set.items,
                                        .setting_count = set.count},
                               .seed = seed,
                               .steps = steps,
                               .width = picture.width,
                               .height = picture.height,
                               .metres = picture.metres,
                               .out = out};
    code = sheet ? para_app_render_sheet(&nine, picture.arena)
           : replay
               ? render_replay(&picture, replay, steps)
               : render_level(&picture, name, seed, steps, &set, para_app_solver(solver, PARA_SOLVER_AUTO));
    para_arena_destroy(picture.arena);
    return code;
}
