// SPDX-License-Identifier: MIT
// PNG through stb_image_write, whose implementation is compiled here and nowhere else.
#include "engine/draw/raster/png.h"

#include "engine/base/assert.h"
#include "engine/base/file.h"

#include <string.h>

// The library's code is not ours to warn about.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wdouble-promotion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wundef"
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

typedef struct Sink {
    ParaArena *arena;
    uint8_t *data;
    size_t size;
} Sink;

static void take(void *context, void *data, int size)
{
    // The library calls once with the whole file.
    Sink *sink = context;
    PARA_ASSERT(!sink->data && size > 0);
    sink->data = para_arena_alloc(sink->arena, (size_t)size);
    sink->size = (size_t)size;
    memcpy(sink->data, data, sink->size);
}

uint8_t *para_png_encode(const uint8_t *rgb, int width, int height, ParaArena *arena, size_t *out_size)
{
    PARA_ASSERT(rgb && arena && out_size);
    Sink sink = {.arena = arena};
    *out_size = 0;
    if (width < 1 || height < 1 || width > 16384 || height > 16384)
        return NULL;
    if (!stbi_write_png_to_func(take, &sink, width, height, 3, rgb, width * 3))
        return NULL;
    *out_size = sink.size;
    return sink.data;
}

bool para_png_write(const char *path, const uint8_t *rgb, int width, int height, ParaArena *arena,
                    const char **out_error)
{
    size_t size;
    uint8_t *data = para_png_encode(rgb, width, height, arena, &size);
    if (!data) {
        *out_error = para_arena_printf(arena, "cannot encode a picture of %d x %d pixels", width, height);
        return false;
    }
    return para_file_write(path, data, size, arena, out_error);
}
