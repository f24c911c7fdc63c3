// SPDX-License-Identifier: MIT
// paracosm dream film: truth and dream of pixels side by side, as a GIF, or as a PNG of some moments.
#include "agents/pixels/pixels_measure.h"
#include "apps/apps.h"
#include "apps/dream/dream_parts.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/record/gif.h"
#include "engine/base/file.h"
#include "engine/draw/raster/png.h"

#include <stdio.h>
#include <string.h>

#define SCALE  4 // pixels a side for each of the model
#define GAP    4 // [px] between the two; below the dream a line that is bright while it sees
#define LARGE  (SCALE * PARA_PIXELS_SIDE)
#define SHOWN  3 // [s/100] of a picture
#define MOST   (PARA_PIXELS_SEES + PARA_PIXELS_DREAM)
#define STRIPS 8 // moments of a PNG

typedef struct Wishes {
    const char *file, *out, *families, *solver;
    int levels;
    uint64_t seed;
} Wishes;

typedef struct Frame {
    uint8_t truth[PARA_PIXELS_FRAME], dream[PARA_PIXELS_FRAME];
    bool seen;
} Frame;

typedef struct Film {
    Frame *frames; ///< [most]
    int count, most;
} Film;

static bool keep(void *context, const uint8_t *truth, const uint8_t *dream, bool seen)
{
    Film *film = context;
    if (film->count == film->most)
        return false;
    Frame *frame = &film->frames[film->count++];
    memcpy(frame->truth, truth, sizeof frame->truth);
    memcpy(frame->dream, dream, sizeof frame->dream);
    frame->seen = seen;
    return para_interrupt_count() == 0;
}

static bool on(void *context, int64_t done, int64_t total)
{
    (void)context, (void)done, (void)total;
    return para_interrupt_count() == 0;
}

/// A picture of the model, enlarged. @param to upper left of where it comes to be   @param width [px] of all
static void enlarge(const uint8_t *rgb, uint8_t *to, int width)
{
    for (int y = 0; y < LARGE; y++)
        for (int x = 0; x < LARGE; x++)
            memcpy(to + 3 * (y * width + x), rgb + 3 * (y / SCALE * PARA_PIXELS_SIDE + x / SCALE), 3);
}

/// @param rgb out, [LARGE + GAP, 2 * LARGE + GAP, 3]
static void side_by_side(const Frame *frame, uint8_t *rgb)
{
    int width = 2 * LARGE + GAP;
    memset(rgb, 0, (size_t)(3 * width * (LARGE + GAP)));
    enlarge(frame->truth, rgb, width);
    enlarge(frame->dream, rgb + (size_t)3 * (LARGE + GAP), width);
    for (int y = LARGE + 1; y < LARGE + GAP && frame->seen; y++)
        memset(rgb + 3 * (y * width + LARGE + GAP), 200, (size_t)3 * LARGE);
}

static bool write_gif(const Film *film, const char *out, ParaArena *arena, const char **out_error)
{
    int width = 2 * LARGE + GAP, height = LARGE + GAP;
    uint8_t *rgb = PARA_NEW(arena, uint8_t, 3 * width * height);
    ParaGif *gif = para_gif_create(width, height, arena);
    bool good = gif != NULL;
    size_t size = 0;
    *out_error = "no memory";
    for (int pass = 0; pass < 2 && good; pass++)
        for (int i = 0; i < film->count && good; i++) {
            side_by_side(&film->frames[i], rgb);
            if (pass == 0)
                para_gif_sample(gif, rgb);
            else
                good = para_gif_add(gif, rgb, SHOWN);
        }
    good = good && para_gif_write(gif, out, &size, out_error);
    para_gif_close(gif);
    return good;
}

/// Where the first level begins whose dream lasts to its end; none does: 0.
static int whole_one(const Film *film)
{
    for (int i = 0, first = 0; i < film->count; i++) {
        if (i > 0 && film->frames[i].seen && !film->frames[i - 1].seen)
            first = i;
        if (i - first + 1 == MOST)
            return first;
    }
    return 0;
}

/// Truth above, dream below: the last picture that was seen of a level, and seven of the dream.
static bool write_png(const Film *film, const char *out, ParaArena *arena, const char **out_error)
{
    static const int moments[STRIPS] = {0, 2, 4, 8, 15, 30, 45, 60};
    int width = STRIPS * (LARGE / 2 + GAP), height = LARGE + GAP, last = film->count - 1,
        first = whole_one(film);
    uint8_t *rgb = PARA_NEW(arena, uint8_t, 3 * width * height);
    memset(rgb, 0, (size_t)(3 * width * height));
    for (int i = 0; i < STRIPS; i++) {
        int at = first + PARA_PIXELS_SEES - 1 + moments[i];
        const Frame *frame = &film->frames[at < last ? at : last];
        for (int y = 0; y < LARGE / 2; y++)
            for (int x = 0; x < LARGE / 2; x++) {
                int from = 3 * (y / 2 * PARA_PIXELS_SIDE + x / 2), column = i * (LARGE / 2 + GAP) + x;
                memcpy(rgb + 3 * (y * width + column), frame->truth + from, 3);
                memcpy(rgb + 3 * ((y + LARGE / 2 + GAP) * width + column), frame->dream + from, 3);
            }
    }
    return para_png_write(out, rgb, width, height, arena, out_error);
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), tail = strlen(end);
    return size >= tail && strcmp(text + size - tail, end) == 0;
}

static int make(void *wishes, ParaArena *arena)
{
    const Wishes *w = wishes;
    const char *card = NULL, *error = NULL;
    ParaFamilies families;
    bool png = ends_with(w->out, ".png");
    if (!png && !ends_with(w->out, ".gif"))
        return para_app_misused("dream film", "--out needs a name that ends in .gif or .png: %s", w->out);
    ParaPixels *pixels = para_pixels_read(w->file, arena, &card, &error);
    if (!pixels || !para_file_may_write(w->out, arena, &error))
        return para_app_fail("dream film", "%s", error);
    if (!para_dream_taught_families("dream film", w->families, card, arena, &families) ||
        !para_dream_pixels_fit("dream film", pixels, &families, arena))
        return PARA_EXIT_FAILURE;
    Film film = {.most = MOST * w->levels * families.count};
    film.frames = PARA_NEW(arena, Frame, film.most);
    ParaPixelMeasure *rows = PARA_NEW(arena, ParaPixelMeasure, (size_t)families.count + 1);
    const ParaPixelMeasureDef def = {.families = &families,
                                     .levels = w->levels,
                                     .seed = w->seed,
                                     .solver = para_app_solver(w->solver, PARA_SOLVER_AUTO)};
    para_interrupt_catch("stopping\n");
    bool good = para_pixels_measure(pixels, &def, rows, keep, on, &film, arena);
    if (para_interrupt_count() > 0)
        return PARA_EXIT_INTERRUPTED;
    if (!good || film.count == 0)
        return para_app_fail("dream film", "no level lasts long enough to be seen, or no memory");
    good = png ? write_png(&film, w->out, arena, &error) : write_gif(&film, w->out, arena, &error);
    if (!good)
        return para_app_fail("dream film", "%s", error);
    printf("%s: the truth, and a dream of pixels only, no engine; %d pictures\n", w->out, film.count);
    return PARA_EXIT_OK;
}

int para_dream_film(int argc, char **argv)
{
    Wishes w = {.levels = 1, .out = "film.gif"};
    const ParaOption options[] = {
        {"out", 'o', PARA_OPTION_TEXT, &w.out, "FILE", "the film (.gif), or moments of it (.png)", 0, 0,
         NULL},
        {"families", 0, PARA_OPTION_TEXT, &w.families, "A,B",
         "families or template files (default: those it was taught on)", 0, 0, NULL},
        {"levels", 'l', PARA_OPTION_INT, &w.levels, "N", "held-out levels of each family", 1, 100, NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &w.solver, "NAME", "the engine that is dreamed of (default auto)",
         0, 0, para_app_solver_choices},
        {"seed", 's', PARA_OPTION_SEED, &w.seed, "N", "of levels and keys", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "dream film",
        .usage = "[options] FILE",
        .about = "Films a dream of pixels: on the left the truth, on the right what a model dreams that saw "
                 "eight\n"
                 "pictures (while the line below it is bright) and is then told of nothing but the actions.",
        .options = options,
        .examples = "  paracosm dream film pixels.safetensors --out film.gif\n"
                    "  paracosm dream film pixels.safetensors --families swing --out moments.png",
        .notes = "FILE is of paracosm dream train --pixels.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a model"};
    int count = 0, code = para_options_read(&command, argc, argv, &w.file, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    return para_dream_in_arena("dream film", make, &w);
}
