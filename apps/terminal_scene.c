// SPDX-License-Identifier: MIT
// The scene of a level goes to the software raster, at several pixels for each that is shown, and from there
// to half blocks of two colours.
#include "apps/terminal_scene.h"

#include "agents/observe/picture.h"
#include "apps/terminal.h"
#include "engine/draw/raster/raster.h"
#include "engine/draw/raster/terminal.h"
#include "engine/draw/scene.h"

#include <string.h>

#define SCENE_ITEMS   4096 // primitives; a level of the library has some dozens
#define SUPERSAMPLING 4    // raster pixels per side of a shown pixel
#define HEIGHT_SHOWN                                                                                         \
    9.0f // [m] of a higher level, the part around the player: so few pixels need a closer look
#define PLAYER_SHARE   0.08f // [1] of the height: some three of 36 pixels
#define BYTES_PER_CELL 48    // two colour codes of at most 19 bytes and a half block of 3, with room to spare

struct ParaTerminalScene {
    int columns, rows;         ///< of the next picture
    int columns_max, rows_max; ///< there is memory for
    bool ascii;                ///< cells of one colour, as there are no half blocks
    ParaScene scene;
    ParaRaster raster;
    uint8_t *colours; ///< [2 * rows, columns, 3]
    char *text;       ///< all lines, cut by NULs
    size_t text_size;
    const char **lines; ///< [rows]
};

ParaTerminalScene *para_terminal_scene_create(int columns, int rows, ParaArena *arena)
{
    ParaTerminalScene *scene = PARA_NEW(arena, ParaTerminalScene, 1);
    size_t cells = (size_t)columns * (size_t)rows;
    scene->columns = columns;
    scene->rows = rows;
    scene->ascii = para_terminal_look().ascii;
    scene->columns_max = columns;
    scene->rows_max = rows;
    scene->scene = para_scene_create(SCENE_ITEMS, arena);
    scene->raster = para_raster_create(columns * SUPERSAMPLING, 2 * rows * SUPERSAMPLING, arena);
    scene->colours = PARA_NEW(arena, uint8_t, cells * 2 * 3);
    scene->text_size = cells * BYTES_PER_CELL + (size_t)rows * 8 + 1;
    scene->text = PARA_NEW(arena, char, scene->text_size);
    scene->lines = PARA_NEW(arena, const char *, rows);
    return scene;
}

void para_terminal_scene_resize(ParaTerminalScene *scene, int columns, int rows)
{
    scene->columns = columns < 1 ? 1 : columns < scene->columns_max ? columns : scene->columns_max;
    scene->rows = rows < 1 ? 1 : rows < scene->rows_max ? rows : scene->rows_max;
    scene->raster.width = scene->columns * SUPERSAMPLING;
    scene->raster.height = 2 * scene->rows * SUPERSAMPLING;
}

/// Both pixels of each cell get their mean.
static void even_cells(ParaTerminalScene *scene)
{
    size_t row = (size_t)scene->columns * 3;
    for (int y = 0; y < scene->rows; y++) {
        uint8_t *top = scene->colours + 2 * (size_t)y * row;
        for (size_t k = 0; k < row; k++)
            top[k] = top[k + row] = (uint8_t)((top[k] + top[k + row] + 1) / 2);
    }
}

/// Lines of the text, their newlines replaced by ends.
static void cut_lines(ParaTerminalScene *scene)
{
    char *at = scene->text;
    for (int row = 0; row < scene->rows; row++) {
        scene->lines[row] = at;
        char *end = strchr(at, '\n');
        if (!end) {
            at += strlen(at);
            continue;
        }
        *end = '\0';
        at = end + 1;
    }
}

const char *const *para_terminal_scene_draw(ParaTerminalScene *scene, ParaWorld world, const ParaLevel *level,
                                            const ParaPlay *play)
{
    float width = (float)(scene->columns * SUPERSAMPLING), height = (float)(2 * scene->rows * SUPERSAMPLING);
    const ParaPictureLook look = {{0, 0, width, height}, HEIGHT_SHOWN, PLAYER_SHARE, .closer = true};
    ParaCamera camera = {0};
    para_scene_clear(&scene->scene);
    para_picture_scene(&scene->scene, level, play, world, NULL, false);
    para_picture_follow(&camera, &scene->scene, &look, level, world, NULL, 0.0f);
    para_raster_clear(&scene->raster, PARA_INK_OUTSIDE);
    para_raster_scene(&scene->raster, &scene->scene, &camera);
    para_raster_colours(&scene->raster, SUPERSAMPLING, scene->colours);
    if (scene->ascii)
        even_cells(scene);
    para_terminal_text(scene->colours, scene->columns, 2 * scene->rows, scene->text, scene->text_size);
    cut_lines(scene);
    return scene->lines;
}
