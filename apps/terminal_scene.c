// SPDX-License-Identifier: MIT
// _DEFAULT_SOURCE: struct winsize and TIOCGWINSZ are not POSIX.
#define _DEFAULT_SOURCE
#include "apps/terminal_scene.h"

#include "engine/draw/raster.h"
#include "engine/draw/scene.h"
#include "engine/draw/terminal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define SCENE_ITEMS    4096 // primitives; a level of the library has some dozens
#define SUPERSAMPLING  4    // raster pixels per side of a shown pixel
#define BYTES_PER_CELL 48   // two colour codes of at most 19 bytes and a half block of 3, with room to spare

struct ParaTerminalScene {
    int columns, rows;
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
    scene->scene = para_scene_create(SCENE_ITEMS, arena);
    scene->raster = para_raster_create(columns * SUPERSAMPLING, 2 * rows * SUPERSAMPLING, arena);
    scene->colours = PARA_NEW(arena, uint8_t, cells * 2 * 3);
    scene->text_size = cells * BYTES_PER_CELL + (size_t)rows * 8 + 1;
    scene->text = PARA_NEW(arena, char, scene->text_size);
    scene->lines = PARA_NEW(arena, const char *, rows);
    return scene;
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
    const ParaView *view = para_world_view(world);
    ParaSceneDef def = para_scene_def_default();
    def.body_styles = level->body_roles;
    def.zone_styles = level->zone_roles;
    def.inputs = para_world_inputs(world);
    def.eye_body = level->player.body;
    def.grip_body = play ? play->grip_body : -1;
    def.grid = false;
    int width = scene->columns * SUPERSAMPLING, height = 2 * scene->rows * SUPERSAMPLING;
    ParaCamera camera = {0};
    int body = level->player.body;
    ParaVec2 eye = {view->x[body * view->stride], view->y[body * view->stride]};
    para_camera_follow(&camera, eye, view->def->size, (ParaRect){0, 0, (float)width, (float)height}, 0.0f);
    para_scene_clear(&scene->scene);
    para_scene_world(&scene->scene, view, &def);
    para_raster_clear(&scene->raster, PARA_INK_OUTSIDE);
    para_raster_scene(&scene->raster, &scene->scene, &camera);
    para_raster_colours(&scene->raster, SUPERSAMPLING, scene->colours);
    para_terminal_text(scene->colours, scene->columns, 2 * scene->rows, scene->text, scene->text_size);
    cut_lines(scene);
    return scene->lines;
}

ParaTerminal para_terminal_look(void)
{
    const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
    ParaTerminal terminal = {.columns = 80, .rows = 24};
    struct winsize size;
    terminal.live = isatty(STDOUT_FILENO) && !(no_colour && *no_colour) && term && strcmp(term, "dumb") != 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
        terminal.columns = size.ws_col;
        terminal.rows = size.ws_row;
    }
    return terminal;
}

bool para_terminal_write(const char *text, size_t size)
{
    while (size > 0) {
        ssize_t put = write(STDOUT_FILENO, text, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        text += put;
        size -= (size_t)put;
    }
    return true;
}
