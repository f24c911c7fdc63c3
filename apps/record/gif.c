// SPDX-License-Identifier: MIT
// The palette by median cut (Heckbert 1982) over colours that are rounded to 5 bits, of which each keeps its
// mean: flat colours stay what they are. A pixel that is as it was in the frame before is transparent, and
// what surrounds the others is left out.
#include "apps/record/gif.h"

#include "engine/base/file.h"

#include <gif_lib.h>
#include <stdlib.h>
#include <string.h>

#define BINS    32768 // colours of 5 bits
#define COLOURS 255   // of the palette; the last of 256 is transparent
#define CLEAR   255

typedef struct Bin {
    int64_t count;
    int64_t sum[3]; ///< of red, green and blue
} Bin;

/// Bins that become one colour: a range of the sorted list.
typedef struct Box {
    int first, count;
    int axis;      ///< the one it is widest in
    double weight; ///< [1] what is lost by not cutting it
} Box;

struct ParaGif {
    int width, height;
    ParaArena *arena;
    Bin *bins;      ///< [BINS]
    uint8_t *index; ///< [BINS] palette's colour of each
    uint8_t colours[COLOURS][3];
    int colour_count;  ///< 0: no frame has been added
    uint8_t *before;   ///< [height, width] the last frame
    uint8_t *now;      ///< [height, width]
    GifFileType *file; ///< NULL: no frame has been added, or closed
    uint8_t *data;     ///< [room]
    size_t size, room;
    bool failed;
};

static int bin_of(const uint8_t *rgb) { return (rgb[0] >> 3) << 10 | (rgb[1] >> 3) << 5 | rgb[2] >> 3; }

ParaGif *para_gif_create(int width, int height, ParaArena *arena)
{
    ParaGif *gif = PARA_NEW(arena, ParaGif, 1);
    size_t pixels = (size_t)width * (size_t)height;
    gif->width = width;
    gif->height = height;
    gif->arena = arena;
    gif->bins = PARA_NEW(arena, Bin, BINS);
    gif->index = PARA_NEW(arena, uint8_t, BINS);
    gif->before = PARA_NEW(arena, uint8_t, pixels);
    gif->now = PARA_NEW(arena, uint8_t, pixels);
    return gif;
}

void para_gif_sample(ParaGif *gif, const uint8_t *rgb)
{
    size_t pixels = (size_t)gif->width * (size_t)gif->height;
    for (size_t i = 0; i < pixels; i++, rgb += 3) {
        Bin *bin = &gif->bins[bin_of(rgb)];
        bin->count++;
        for (int c = 0; c < 3; c++)
            bin->sum[c] += rgb[c];
    }
}

// ---------------------------------------------------------------------------------------------
// The palette.

static int channel(int bin, int axis) { return bin >> (10 - 5 * axis) & 31; }

static int by_axis(const void *a, const void *b, int axis)
{
    int one = *(const int *)a, other = *(const int *)b,
        difference = channel(one, axis) - channel(other, axis);
    return difference ? difference : one - other;
}
static int by_red(const void *a, const void *b) { return by_axis(a, b, 0); }
static int by_green(const void *a, const void *b) { return by_axis(a, b, 1); }
static int by_blue(const void *a, const void *b) { return by_axis(a, b, 2); }

/// Finds a box's widest axis, and how much a cut is worth: rare shades of an edge count, but little.
static void weigh(const ParaGif *gif, const int *list, Box *box)
{
    int widest = 0;
    double count = 0;
    for (int axis = 0; axis < 3; axis++) {
        int low = 31, high = 0;
        for (int i = box->first; i < box->first + box->count; i++) {
            int value = channel(list[i], axis);
            low = value < low ? value : low;
            high = value > high ? value : high;
        }
        if (axis == 0 || high - low > widest) {
            widest = high - low;
            box->axis = axis;
        }
    }
    for (int i = box->first; i < box->first + box->count; i++)
        count += (double)gif->bins[list[i]].count;
    // The fourth power: a shade that is far off shows more than many that are near.
    box->weight = box->count > 1 ? count * widest * widest * widest * widest : 0;
}

/// Cuts a box where half of its pixels are on either side. @return the upper part
static Box cut(const ParaGif *gif, int *list, Box *box)
{
    static int (*const orders[])(const void *, const void *) = {by_red, by_green, by_blue};
    int64_t whole = 0, half = 0;
    int at = 0;
    qsort(list + box->first, (size_t)box->count, sizeof *list, orders[box->axis]);
    for (int i = 0; i < box->count; i++)
        whole += gif->bins[list[box->first + i]].count;
    while (at < box->count - 1 && half * 2 < whole)
        half += gif->bins[list[box->first + at++]].count;
    at = at < 1 ? 1 : at;
    Box upper = {.first = box->first + at, .count = box->count - at};
    box->count = at;
    weigh(gif, list, box);
    weigh(gif, list, &upper);
    return upper;
}

static void add_colour(ParaGif *gif, const int *list, const Box *box)
{
    Bin sum = {0};
    for (int i = box->first; i < box->first + box->count; i++) {
        const Bin *bin = &gif->bins[list[i]];
        sum.count += bin->count;
        for (int c = 0; c < 3; c++)
            sum.sum[c] += bin->sum[c];
    }
    for (int c = 0; c < 3; c++)
        gif->colours[gif->colour_count][c] = (uint8_t)((sum.sum[c] + sum.count / 2) / sum.count);
    gif->colour_count++;
}

/// The nearest colour of the palette for each bin, by what the eye makes of red, green and blue.
static void index_bins(ParaGif *gif)
{
    for (int b = 0; b < BINS; b++) {
        int best = 0, least = 1 << 30;
        const Bin *bin = &gif->bins[b];
        for (int k = 0; k < gif->colour_count; k++) {
            int distance = 0;
            static const int weights[3] = {3, 6, 1};
            for (int c = 0; c < 3; c++) {
                int value = bin->count ? (int)(bin->sum[c] / bin->count) : channel(b, c) * 8 + 4;
                distance += weights[c] * (value - gif->colours[k][c]) * (value - gif->colours[k][c]);
            }
            if (distance < least) {
                least = distance;
                best = k;
            }
        }
        gif->index[b] = (uint8_t)best;
    }
}

static void choose_palette(ParaGif *gif)
{
    int *list = PARA_NEW(gif->arena, int, BINS), count = 0, boxes = 1;
    Box box[COLOURS];
    for (int b = 0; b < BINS; b++)
        if (gif->bins[b].count > 0)
            list[count++] = b;
    box[0] = (Box){.first = 0, .count = count};
    weigh(gif, list, &box[0]);
    while (boxes < COLOURS) {
        int widest = 0;
        for (int k = 1; k < boxes; k++)
            widest = box[k].weight > box[widest].weight ? k : widest;
        if (box[widest].weight <= 0)
            break;
        box[boxes] = cut(gif, list, &box[widest]);
        boxes++;
    }
    for (int k = 0; k < boxes; k++)
        add_colour(gif, list, &box[k]);
    index_bins(gif);
}

// ---------------------------------------------------------------------------------------------
// The file.

static int take(GifFileType *file, const GifByteType *bytes, int size)
{
    ParaGif *gif = file->UserData;
    size_t wanted = gif->size + (size_t)size;
    if (wanted > gif->room) {
        size_t room = wanted * 2 + 65536;
        uint8_t *data = wanted <= PARA_GIF_BYTES_MAX ? realloc(gif->data, room) : NULL;
        if (!data) {
            gif->failed = true;
            return 0;
        }
        gif->data = data;
        gif->room = room;
    }
    memcpy(gif->data + gif->size, bytes, (size_t)size);
    gif->size = wanted;
    return size;
}

static bool begin(ParaGif *gif)
{
    int error = 0;
    GifColorType colours[256] = {{0, 0, 0}};
    choose_palette(gif);
    for (int k = 0; k < gif->colour_count; k++)
        colours[k] = (GifColorType){gif->colours[k][0], gif->colours[k][1], gif->colours[k][2]};
    ColorMapObject *map = GifMakeMapObject(256, colours);
    gif->file = map ? EGifOpen(gif, take, &error) : NULL;
    bool good = gif->file != NULL;
    if (good) {
        static const unsigned char for_ever[] = {1, 0, 0};
        EGifSetGifVersion(gif->file, true);
        good = EGifPutScreenDesc(gif->file, gif->width, gif->height, 8, 0, map) == GIF_OK &&
               EGifPutExtensionLeader(gif->file, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
               EGifPutExtensionBlock(gif->file, 11, "NETSCAPE2.0") == GIF_OK &&
               EGifPutExtensionBlock(gif->file, 3, for_ever) == GIF_OK &&
               EGifPutExtensionTrailer(gif->file) == GIF_OK;
    }
    GifFreeMapObject(map);
    return good;
}

/// [px] Where a frame differs from the one before.
typedef struct Change {
    int left, top, right, bottom; ///< right and bottom are behind it
} Change;

/// Finds what changed; the rest becomes transparent. @param out [height, width]
static Change find_change(const ParaGif *gif, bool first, uint8_t *out)
{
    Change change = {gif->width, gif->height, 0, 0};
    for (int y = 0; y < gif->height; y++)
        for (int x = 0; x < gif->width; x++) {
            size_t at = (size_t)y * (size_t)gif->width + (size_t)x;
            bool same = !first && gif->now[at] == gif->before[at];
            out[at] = same ? CLEAR : gif->now[at];
            if (same)
                continue;
            change.left = x < change.left ? x : change.left;
            change.right = x + 1 > change.right ? x + 1 : change.right;
            change.top = y < change.top ? y : change.top;
            change.bottom = y + 1;
        }
    if (change.right <= change.left) // a frame has at least one pixel
        change = (Change){0, 0, 1, 1};
    return change;
}

bool para_gif_add(ParaGif *gif, const uint8_t *rgb, int centiseconds)
{
    size_t pixels = (size_t)gif->width * (size_t)gif->height;
    bool first = gif->colour_count == 0;
    if (first)
        para_gif_sample(gif, rgb);
    if (gif->failed || (first && !begin(gif)))
        return false;
    for (size_t i = 0; i < pixels; i++, rgb += 3)
        gif->now[i] = gif->index[bin_of(rgb)];
    ParaArenaMark mark = para_arena_mark(gif->arena);
    uint8_t *shown = para_arena_alloc(gif->arena, pixels);
    Change change = find_change(gif, first, shown);
    GraphicsControlBlock control = {
        .DisposalMode = DISPOSE_DO_NOT, .DelayTime = centiseconds, .TransparentColor = CLEAR};
    GifByteType block[4];
    EGifGCBToExtension(&control, block);
    int width = change.right - change.left, height = change.bottom - change.top;
    bool good = EGifPutExtension(gif->file, GRAPHICS_EXT_FUNC_CODE, 4, block) == GIF_OK &&
                EGifPutImageDesc(gif->file, change.left, change.top, width, height, false, NULL) == GIF_OK;
    for (int y = change.top; good && y < change.bottom; y++)
        good = EGifPutLine(gif->file, shown + (size_t)y * (size_t)gif->width + (size_t)change.left, width) ==
               GIF_OK;
    memcpy(gif->before, gif->now, pixels);
    para_arena_rewind(gif->arena, mark);
    return good && !gif->failed;
}

bool para_gif_write(ParaGif *gif, const char *path, size_t *out_size, const char **out_error)
{
    int error = 0;
    bool ended = gif->file && EGifCloseFile(gif->file, &error) == GIF_OK;
    gif->file = NULL;
    *out_error = "the picture could not be encoded";
    *out_size = gif->size;
    return ended && !gif->failed && para_file_write(path, gif->data, gif->size, gif->arena, out_error);
}

void para_gif_close(ParaGif *gif)
{
    int error = 0;
    if (!gif)
        return;
    if (gif->file)
        EGifCloseFile(gif->file, &error);
    gif->file = NULL;
    free(gif->data);
    gif->data = NULL;
}
