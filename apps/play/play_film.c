// SPDX-License-Identifier: MIT
// Where a film's frames come from.
#include "apps/play/play_film.h"

#include "agents/observe/picture.h"

#include <stdio.h>
#include <string.h>

#define GIF_WIDTH   640               // [px]
#define GIF_HEIGHT  360               // [px]
#define GIF_SMOOTH  2                 // pixels a side that make one
#define FILM_MEMORY ((size_t)1 << 30) // [byte] at most

static void forget(ParaPlayFilm *film)
{
    if (film->arena)
        para_arena_destroy(film->arena);
    *film = (ParaPlayFilm){0};
}

bool para_play_film_begin(ParaPlayFilm *film, const char *path, const ParaWindow *window,
                          const char **out_note, char *error, size_t error_size)
{
    const char *why = "no memory";
    size_t size = strlen(path);
    bool gif = size < 4 || strcmp(path + size - 4, ".mp4") != 0;
    int width = gif ? GIF_WIDTH : para_window_width(window);
    int height = gif ? GIF_HEIGHT : para_window_height(window);
    film->arena = para_arena_create((size_t)8 << 20, FILM_MEMORY);
    if (film->arena)
        film->record = para_record_begin(path, width, height, film->arena, out_note, &why);
    if (!film->record) {
        snprintf(error, error_size, "no film: %s", why);
        forget(film);
        return false;
    }
    film->rgb = para_arena_alloc(film->arena, (size_t)width * (size_t)height * 3);
    if (para_record_kind(film->record) == PARA_RECORD_GIF) {
        film->picture = PARA_NEW(film->arena, ParaPicture, 1);
        *film->picture = para_picture_create(width, height, GIF_SMOOTH, film->arena);
    }
    return true;
}

bool para_play_film_frame(ParaPlayFilm *film, const ParaGame *game, ParaWindow *window, float seconds)
{
    ParaRecord *record = film->record;
    if (!record || !para_record_due(record, (double)seconds))
        return true;
    if (film->picture)
        para_picture_draw(film->picture, game->env.level, &game->env.play, game->env.world, film->rgb);
    else if (para_window_width(window) != para_record_width(record) ||
             para_window_height(window) != para_record_height(record))
        return false; // a film has one size
    else
        para_window_read(window, film->rgb);
    return para_record_add(record, film->rgb);
}

bool para_play_film_end(ParaPlayFilm *film, char *told, size_t size)
{
    const char *path = NULL, *error = NULL;
    told[0] = '\0';
    if (!film->record)
        return true;
    bool good = para_record_end(film->record, &path, &error);
    snprintf(told, size, good ? "film: %s" : "no film: %s", good ? path : error);
    forget(film);
    return good;
}
