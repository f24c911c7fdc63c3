// SPDX-License-Identifier: MIT
// Half blocks with truecolour codes; a colour is written only where it changes. Used by apps/terminal_scene.c
// and the tests.
#include "engine/draw/raster/terminal.h"

#include "engine/base/assert.h"

#include <stdio.h>
#include <string.h>

typedef struct Pen {
    char *out;
    size_t size, used;
} Pen;

static void put(Pen *pen, const char *text, size_t count)
{
    if (pen->used + count < pen->size)
        memcpy(pen->out + pen->used, text, count);
    pen->used += count;
}

/// Sets the foreground (38) or background (48) colour.
static void put_colour(Pen *pen, int ground, const uint8_t *c)
{
    char text[32];
    int count = snprintf(text, sizeof text, "\033[%d;2;%d;%d;%dm", ground, c[0], c[1], c[2]);
    put(pen, text, (size_t)count);
}

size_t para_terminal_text(const uint8_t *rgb, int width, int height, char *out, size_t size)
{
    PARA_ASSERT(rgb && (out || size == 0) && width >= 0 && height >= 0);
    Pen pen = {out, size, 0};
    const uint8_t black[3] = {0, 0, 0};
    for (int y = 0; y < height; y += 2) {
        const uint8_t *top_last = NULL, *low_last = NULL;
        for (int x = 0; x < width; x++) {
            const uint8_t *top = rgb + ((size_t)y * (size_t)width + (size_t)x) * 3;
            const uint8_t *low = y + 1 < height ? top + (size_t)width * 3 : black;
            if (!top_last || memcmp(top, top_last, 3) != 0)
                put_colour(&pen, 38, top);
            if (!low_last || memcmp(low, low_last, 3) != 0)
                put_colour(&pen, 48, low);
            top_last = top;
            low_last = low;
            put(&pen, "\xe2\x96\x80", 3);
        }
        put(&pen, "\033[0m\n", 5);
    }
    if (pen.size > 0)
        pen.out[pen.used < pen.size ? pen.used : 0] = '\0';
    return pen.used;
}
