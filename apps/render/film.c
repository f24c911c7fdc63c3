// SPDX-License-Identifier: MIT
// Plays a level frame by frame and draws each by the software raster. Ctrl-C leaves no file.
#include "apps/render/film.h"

#include "agents/observe/picture.h"
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/progress.h"
#include "apps/record/gif.h"
#include "engine/base/file.h"
#include "engine/base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define SMOOTH       3   // pixels a side that make one of the picture
#define SAMPLED      8   // one frame of so many is looked at for its colours
#define LAST_SECONDS 1.5 // [s] the end is shown
#define MEMORY_MAX   ((size_t)1 << 30)

typedef struct Studio {
    const ParaFilm *film;
    ParaGame game;
    ParaPicture picture;
    uint8_t *rgb; ///< [height, width, 3]
    ParaGif *gif;
    ParaProgress progress;
    int frames; ///< at most
} Studio;

/// The level at its start, with whoever acts.
static int begin(Studio *studio)
{
    ParaGame *game = &studio->game;
    const char *reason = NULL;
    if (!para_game_begin(game, studio->film->seed))
        return para_app_fail("render", "there is no level at seed %" PRIu64 " and the 63 after it%s%s",
                             studio->film->seed, *game->refused ? ": " : "", game->refused);
    game->trained = false;
    if (studio->film->game.run_folder && !para_game_hand_over(game, &reason))
        return para_app_fail("render", "%s", reason);
    return PARA_EXIT_OK;
}

/// Steps to the time of a frame.
static void step_to(Studio *studio, int frame)
{
    static const int8_t still[PARA_CHANNELS];
    double rate = (double)studio->game.env.level->world.rate;
    uint64_t steps = (uint64_t)floor(frame * rate / studio->film->fps + 0.5);
    while (para_world_view(studio->game.env.world)->step < steps && !para_game_over(&studio->game))
        para_game_step(&studio->game, still);
}

/// One pass through the film. @param add add frames; else only look at their colours   @return frames, -1:
/// stopped
static int play(Studio *studio, bool add, bool *out_good)
{
    const ParaFilm *film = studio->film;
    int frame = 0;
    *out_good = true;
    for (bool over = false; frame < studio->frames && !over; frame++) {
        if (para_interrupt_count() > 0)
            return -1;
        step_to(studio, frame);
        over = para_game_over(&studio->game) || frame == studio->frames - 1;
        if (!add && frame % SAMPLED && !over)
            continue;
        para_picture_draw(&studio->picture, studio->game.env.level, &studio->game.env.play,
                          studio->game.env.world, studio->rgb);
        // Frames end at whole hundredths, so that they are as long as the film's rate says in the mean.
        int shown = (int)(floor((frame + 1) * 100 / film->fps + 0.5) - floor(frame * 100 / film->fps + 0.5));
        if (!add)
            para_gif_sample(studio->gif, studio->rgb);
        else if (!para_gif_add(studio->gif, studio->rgb, over ? (int)(LAST_SECONDS * 100) : shown))
            *out_good = false;
        if (!*out_good)
            break;
        para_progress_show(&studio->progress, (add ? studio->frames : 0) + frame + 1,
                           2 * (int64_t)studio->frames);
    }
    return frame;
}

static int make(Studio *studio, ParaArena *arena)
{
    const ParaFilm *film = studio->film;
    const char *error = "the file would be larger than 256 MB; ask for fewer seconds or a smaller --width";
    size_t size = 0;
    bool good = true;
    char bytes[PARA_NUMBER_SIZE];
    studio->picture = para_picture_create(film->width, film->height, SMOOTH, arena);
    studio->picture.metres = film->metres;
    studio->rgb = para_arena_alloc(arena, (size_t)film->width * (size_t)film->height * 3);
    studio->gif = para_gif_create(film->width, film->height, arena);
    studio->progress = para_progress_begin("frames", film->quiet);
    int frames = -1, code = begin(studio);
    if (code == PARA_EXIT_OK && play(studio, false, &good) >= 0 && (code = begin(studio)) == PARA_EXIT_OK)
        frames = play(studio, true, &good);
    para_progress_end(&studio->progress);
    if (code == PARA_EXIT_OK && frames < 0) {
        fprintf(stderr, "stopped; %s is not written\n", film->out);
        code = PARA_EXIT_INTERRUPTED;
    } else if (code == PARA_EXIT_OK && (!good || !para_gif_write(studio->gif, film->out, &size, &error))) {
        code = para_app_fail("render", "%s", error);
    } else if (code == PARA_EXIT_OK) {
        printf("%s: %d x %d, %d frames, %s bytes\n", film->out, film->width, film->height, frames,
               para_text_count((double)size, bytes));
    }
    para_gif_close(studio->gif);
    return code;
}

int para_film_make(const ParaFilm *film)
{
    Studio studio = {.film = film, .frames = (int)(film->seconds * film->fps) + 1};
    const char *error = NULL;
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    int code = PARA_EXIT_OK;
    if (!arena)
        return para_app_fail("render", "no memory");
    para_interrupt_catch(NULL);
    if (studio.frames > PARA_FILM_FRAMES_MAX)
        code = para_app_misused("render", "--seconds times --fps: at most %d frames", PARA_FILM_FRAMES_MAX);
    else if (!para_file_may_write(film->out, arena, &error))
        code = para_app_fail("render", "%s", error);
    if (code == PARA_EXIT_OK) {
        code = para_game_open(&studio.game, &film->game, &error) ? make(&studio, arena)
                                                                 : para_app_fail("render", "%s", error);
        para_game_close(&studio.game);
    }
    para_arena_destroy(arena);
    return code;
}
