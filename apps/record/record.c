// SPDX-License-Identifier: MIT
// Two kinds of films behind one face. The GIF's palette is chosen from its first frame and the inks of the
// palette; the MP4's frames go through a queue to a thread that feeds ffmpeg.
#include "apps/record/record.h"

#include "apps/record/gif.h"
#include "engine/base/child.h"
#include "engine/base/file.h"
#include "engine/draw/palette.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define GIF_FPS 25.0 // [Hz] 4 hundredths a frame, which viewers keep
#define MP4_FPS 30.0 // [Hz]
#define QUEUE   4    // frames that wait for ffmpeg

struct ParaRecord {
    ParaRecordKind kind;
    const char *path, *part; // part: what ffmpeg writes, renamed when it is whole
    int width, height;       // [px]
    size_t size;             // [byte] of a frame
    double fps, shown;       // [Hz] [s]
    int64_t frames;          // of the film so far
    int64_t due;             // frames that should be there
    ParaArena *arena;
    ParaGif *gif;
    uint8_t *last; // frame that waits to be as long as it was  [height, width, 3]
    bool sampled;
    // MP4.
    ParaChild child;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t news;
    uint8_t *queue[QUEUE];
    int times[QUEUE]; // each is shown
    int first, count;
    bool over, gone; // no more frames come; ffmpeg takes none
};

static bool ends_in(const char *path, const char *ending)
{
    size_t size = strlen(path), tail = strlen(ending);
    return size > tail && strcmp(path + size - tail, ending) == 0;
}

static void *feed(void *context)
{
    ParaRecord *r = context;
    pthread_mutex_lock(&r->lock);
    while (r->count > 0 || !r->over) {
        if (r->count == 0) {
            pthread_cond_wait(&r->news, &r->lock);
            continue;
        }
        int at = r->first, times = r->times[at];
        r->times[at] = 0; // what is added to it meanwhile is fed in another round
        pthread_mutex_unlock(&r->lock);
        bool fed = true;
        for (int i = 0; i < times && fed; i++)
            fed = para_child_feed(&r->child, r->queue[at], r->size);
        pthread_mutex_lock(&r->lock);
        r->gone |= !fed;
        if (r->times[at] == 0 || r->gone) {
            r->first = (r->first + 1) % QUEUE;
            r->count--;
        }
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

static bool begin_mp4(ParaRecord *r, const char **out_error)
{
    char size[32], rate[16];
    snprintf(size, sizeof size, "%dx%d", r->width, r->height);
    snprintf(rate, sizeof rate, "%d", (int)(r->fps + 0.5));
    r->part = para_arena_printf(r->arena, "%s.part.mp4", r->path);
    // yuv420p wants even sides.
    const char *const words[] = {
        "ffmpeg",    "-loglevel",  "error",   "-y",       "-f",
        "rawvideo",  "-pix_fmt",   "rgb24",   "-s",       size,
        "-r",        rate,         "-i",      "-",        "-an",
        "-c:v",      "libx264",    "-preset", "veryfast", "-crf",
        "23",        "-pix_fmt",   "yuv420p", "-vf",      "pad=ceil(iw/2)*2:ceil(ih/2)*2",
        "-movflags", "+faststart", r->part,   NULL};
    if (!para_child_start(&r->child, words, out_error))
        return false;
    for (int i = 0; i < QUEUE; i++)
        r->queue[i] = para_arena_alloc(r->arena, r->size);
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->news, NULL);
    if (pthread_create(&r->thread, NULL, feed, r) == 0)
        return true;
    *out_error = "no thread to be had";
    para_child_end(&r->child);
    return false;
}

ParaRecord *para_record_begin(const char *path, int width, int height, ParaArena *arena,
                              const char **out_note, const char **out_error)
{
    const char *why = NULL;
    *out_note = NULL;
    if (!para_file_may_write(path, arena, out_error))
        return NULL;
    ParaRecord *r = PARA_NEW(arena, ParaRecord, 1);
    *r = (ParaRecord){
        .path = para_arena_strdup(arena, path), .width = width, .height = height, .arena = arena};
    r->size = (size_t)width * (size_t)height * 3;
    r->kind = ends_in(path, ".mp4") ? PARA_RECORD_MP4 : PARA_RECORD_GIF;
    r->fps = MP4_FPS;
    if (r->kind == PARA_RECORD_MP4 && begin_mp4(r, &why))
        return r;
    if (r->kind == PARA_RECORD_MP4) {
        r->path = para_arena_printf(arena, "%.*s.gif", (int)(strlen(path) - strlen(".mp4")), path);
        *out_note =
            para_arena_printf(arena, "no MP4, since ffmpeg cannot be run (%s): %s instead", why, r->path);
        r->kind = PARA_RECORD_GIF;
        if (!para_file_may_write(r->path, arena, out_error))
            return NULL;
    }
    r->fps = GIF_FPS;
    r->gif = para_gif_create(width, height, arena);
    r->last = para_arena_alloc(arena, r->size);
    return r;
}

ParaRecordKind para_record_kind(const ParaRecord *record) { return record->kind; }
int para_record_width(const ParaRecord *record) { return record->width; }
int para_record_height(const ParaRecord *record) { return record->height; }

bool para_record_due(ParaRecord *r, double seconds)
{
    r->shown += seconds;
    r->due = (int64_t)floor(r->shown * r->fps + 1e-6) + 1; // the first one at once
    return r->due > r->frames;
}

/// The colours that any later frame may have: all inks in stripes, in a frame of their own.
static void sample_inks(ParaRecord *r, const uint8_t *rgb)
{
    uint8_t *stripes = r->last;
    for (size_t i = 0; i < r->size / 3; i++) {
        ParaColour colour = para_ink_flat((int)(i % PARA_INK_COUNT));
        stripes[3 * i] = colour.r, stripes[3 * i + 1] = colour.g, stripes[3 * i + 2] = colour.b;
    }
    para_gif_sample(r->gif, stripes);
    para_gif_sample(r->gif, rgb);
    r->sampled = true;
}

static bool add_gif(ParaRecord *r, const uint8_t *rgb)
{
    // A frame is written when the next one tells how long it was.
    bool good = true;
    if (!r->sampled)
        sample_inks(r, rgb);
    else
        good = para_gif_add(r->gif, r->last, (int)(r->due - r->frames) * (int)(100.0 / GIF_FPS));
    memcpy(r->last, rgb, r->size);
    return good;
}

static bool add_mp4(ParaRecord *r, const uint8_t *rgb)
{
    int times = (int)(r->due - r->frames);
    pthread_mutex_lock(&r->lock);
    bool gone = r->gone, full = r->count == QUEUE;
    int at = (r->first + r->count) % QUEUE;
    if (full) // the last one lasts longer
        r->times[(r->first + r->count - 1) % QUEUE] += times;
    pthread_mutex_unlock(&r->lock);
    if (gone || full)
        return !gone;
    memcpy(r->queue[at], rgb, r->size); // nobody else looks at a place that is not counted
    pthread_mutex_lock(&r->lock);
    r->times[at] = times;
    r->count++;
    pthread_cond_signal(&r->news);
    pthread_mutex_unlock(&r->lock);
    return true;
}

bool para_record_add(ParaRecord *r, const uint8_t *rgb)
{
    bool good = r->kind == PARA_RECORD_GIF ? add_gif(r, rgb) : add_mp4(r, rgb);
    r->frames = r->due;
    return good && r->shown < PARA_RECORD_SECONDS_MAX;
}

static bool end_mp4(ParaRecord *r, const char **out_error)
{
    pthread_mutex_lock(&r->lock);
    r->over = true;
    pthread_cond_signal(&r->news);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    int code = para_child_end(&r->child);
    pthread_cond_destroy(&r->news);
    pthread_mutex_destroy(&r->lock);
    if (code == 0 && para_file_rename(r->part, r->path, r->arena, out_error))
        return true;
    if (code != 0)
        *out_error = para_arena_printf(r->arena, "ffmpeg ended with exit code %d", code);
    para_file_remove(r->part);
    return false;
}

bool para_record_end(ParaRecord *r, const char **out_path, const char **out_error)
{
    size_t size = 0;
    *out_path = r->path;
    if (r->kind == PARA_RECORD_MP4)
        return end_mp4(r, out_error);
    bool good = r->sampled && para_gif_add(r->gif, r->last, (int)(100.0 / GIF_FPS));
    *out_error = r->sampled ? "the film does not fit into 256 MB" : "nothing was shown yet";
    good = good && para_gif_write(r->gif, r->path, &size, out_error);
    para_gif_close(r->gif);
    return good;
}
