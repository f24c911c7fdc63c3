// SPDX-License-Identifier: MIT
// The sheet of a family: nine members, three by three, each with its seed and its parameters below.
#include "apps/render/render_sheet.h"

#include "agents/observe/picture.h"
#include "apps/apps.h"
#include "engine/draw/raster/letters.h"
#include "engine/draw/raster/png.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SIDE    3  // members a row, and rows, if not said otherwise
#define SMOOTH  3  // pixels a side that make one of the picture
#define CAPTION 34 // [px] below each picture: two lines
#define LETTER  8  // [px] height of a capital

/// The sheet as colours.
typedef struct Sheet {
    int side;                                   // members a row, and rows
    int width, height, cell_width, cell_height; // [px]
    uint8_t *rgb;                               // [height, width, 3]
} Sheet;

static void put(Sheet *sheet, int left, int top, const uint8_t *rgb, int width, int height)
{
    for (int y = 0; y < height; y++)
        memcpy(sheet->rgb + 3 * ((size_t)(top + y) * (size_t)sheet->width + (size_t)left),
               rgb + 3 * (size_t)y * (size_t)width, 3 * (size_t)width);
}

// Seed, and parameters in as many lines as there is room for.
static void caption(Sheet *sheet, int left, int top, const ParaGame *game, ParaArena *arena)
{
    const ParaLevel *level = game->env.level;
    ParaRaster raster = para_raster_create(sheet->cell_width * SMOOTH, CAPTION * SMOOTH, arena);
    uint8_t *rgb = para_arena_alloc(arena, (size_t)sheet->cell_width * CAPTION * 3);
    float room = (float)(sheet->cell_width - 12) * SMOOTH;
    const char *line = para_arena_printf(arena, "seed %" PRIu64, game->seed);
    int row = 0;
    for (int k = 0; k <= level->param_count; k++) {
        const char *more = k < level->param_count ? para_arena_printf(arena, "%s %.3g", level->params[k].name,
                                                                      level->params[k].value)
                                                  : NULL;
        const char *longer = more ? para_arena_printf(arena, "%s   %s", line, more) : line;
        if (more && para_raster_text_width(LETTER * SMOOTH, longer) <= room) {
            line = longer;
            continue;
        }
        para_raster_text(&raster, 6 * SMOOTH, (float)(12 + 15 * row) * SMOOTH, LETTER * SMOOTH, PARA_INK_TEXT,
                         line);
        line = more;
        if (++row == 2)
            break;
        if (k + 1 == level->param_count && more)
            para_raster_text(&raster, 6 * SMOOTH, (float)(12 + 15 * row) * SMOOTH, LETTER * SMOOTH,
                             PARA_INK_TEXT, line);
    }
    para_raster_colours(&raster, SMOOTH, rgb);
    put(sheet, left, top, rgb, sheet->cell_width, CAPTION);
}

typedef const char *(*ParaWords)(const ParaTemplate *t, const ParaLevel *level, ParaArena *arena);

/// Words in two lines, smaller where they are many.
static void put_words(Sheet *sheet, int left, int top, const char *words, ParaArena *arena)
{
    ParaRaster raster = para_raster_create(sheet->cell_width * SMOOTH, CAPTION * SMOOTH, arena);
    uint8_t *rgb = para_arena_alloc(arena, (size_t)sheet->cell_width * CAPTION * 3);
    float room = (float)(sheet->cell_width - 12) * SMOOTH;
    for (int row = 0; row < 2 && *words; row++) {
        size_t length = strlen(words), best = 0;
        for (size_t k = 1; k <= length; k++) {
            bool end = k == length || words[k] == ',';
            const char *part = para_arena_printf(arena, "%.*s", (int)k, words);
            if (end && (best == 0 || para_raster_text_width(LETTER * SMOOTH, part) <= room))
                best = k;
        }
        para_raster_text(&raster, 6 * SMOOTH, (float)(12 + 15 * row) * SMOOTH, LETTER * SMOOTH, PARA_INK_TEXT,
                         para_arena_printf(arena, "%.*s", (int)best, words));
        words += best;
        words += strspn(words, ", ");
    }
    para_raster_colours(&raster, SMOOTH, rgb);
    put(sheet, left, top, rgb, sheet->cell_width, CAPTION);
}

static void member(Sheet *sheet, int place, float metres, const ParaGame *game, ParaWords words,
                   ParaArena *arena)
{
    ParaArenaMark mark = para_arena_mark(arena);
    int left = place % sheet->side * sheet->cell_width, top = place / sheet->side * sheet->cell_height;
    ParaPicture picture =
        para_picture_create(sheet->cell_width - 2, sheet->cell_height - CAPTION, SMOOTH, arena);
    picture.metres = metres;
    uint8_t *rgb = para_arena_alloc(arena, (size_t)picture.width * (size_t)picture.height * 3);
    para_picture_draw(&picture, game->env.level, &game->env.play, game->env.world, rgb);
    put(sheet, left + 1, top, rgb, picture.width, picture.height);
    if (words)
        put_words(sheet, left, top + picture.height, words(game->family, game->env.level, arena), arena);
    else
        caption(sheet, left, top + picture.height, game, arena);
    para_arena_rewind(arena, mark);
}

int para_app_render_sheet(const ParaSheetDef *def, ParaArena *arena)
{
    static const int8_t still[PARA_CHANNELS];
    int side = def->side ? def->side : SIDE;
    Sheet sheet = {.side = side, .cell_width = def->width / side, .cell_height = def->height / side};
    sheet.width = side * sheet.cell_width;
    sheet.height = side * sheet.cell_height;
    sheet.rgb = para_arena_alloc(arena, (size_t)sheet.width * (size_t)sheet.height * 3);
    ParaGame game;
    const char *error = NULL;
    uint64_t seed = def->seed;
    int code = PARA_EXIT_OK;
    if (!para_game_open(&game, &def->game, &error))
        code = para_app_fail("render", "%s", error);
    for (int place = 0; place < side * side && code == PARA_EXIT_OK; place++) {
        if (!para_game_begin(&game, seed)) {
            code = para_app_fail("render", "%s has no level at seed %" PRIu64 " and the 63 after it%s%s",
                                 def->game.name, seed, *game.refused ? ": " : "", game.refused);
            break;
        }
        for (int k = 0; k < def->steps; k++)
            para_game_step(&game, still);
        member(&sheet, place, def->metres, &game, def->words, arena);
        seed = game.seed + 1;
    }
    if (code == PARA_EXIT_OK &&
        !para_png_write(def->out, sheet.rgb, sheet.width, sheet.height, arena, &error))
        code = para_app_fail("render", "%s", error);
    if (code == PARA_EXIT_OK)
        printf("%s: %d x %d, %s members of %s\n", def->out, sheet.width, sheet.height,
               side == SIDE ? "nine" : para_arena_printf(arena, "%d", side * side), game.env.level->family);
    para_game_close(&game);
    return code;
}
