// SPDX-License-Identifier: MIT
// Golden pictures as text: a line with the name, then a line of hexadecimal colours per row of blocks.
#include "tests/golden.h"

#include "engine/base/file.h"

#include <math.h>
#include <string.h>

void golden_open(Golden *g, const char *file, bool goes_on, ParaArena *arena)
{
    const char *error = NULL;
    char path[512];
    size_t size = 0;
    snprintf(path, sizeof path, "%s/tests/golden/%s", PARA_SOURCE_DIR, file);
    if (tests_write_golden())
        assert_non_null(g->out = fopen(path, goes_on ? "a" : "w"));
    else
        assert_non_null(g->text = (const char *)para_file_read(path, (size_t)1 << 20, arena, &size, &error));
}

void golden_close(Golden *g)
{
    if (g->out)
        assert_int_equal(fclose(g->out), 0);
    g->out = NULL;
}

int golden_blocks(const uint8_t *rgb, int width, int height, int block, uint8_t *out)
{
    int wide = width / block, blocks = wide * (height / block), area = block * block;
    assert_true(width % block == 0 && height % block == 0 && blocks <= GOLDEN_BLOCKS_MAX);
    for (int i = 0; i < blocks * 3; i++) {
        int sum = 0, x = i / 3 % wide * block, y = i / 3 / wide * block;
        for (int k = 0; k < area; k++)
            sum += rgb[((y + k / block) * width + x + k % block) * 3 + i % 3];
        out[i] = (uint8_t)((sum + area / 2) / area);
    }
    return blocks;
}

static double root(double t) { return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116.0; }

static void to_lab(const uint8_t *rgb, double *lab)
{
    double c[3];
    for (int i = 0; i < 3; i++)
        c[i] = rgb[i] <= 10 ? rgb[i] / 255.0 / 12.92 : pow((rgb[i] / 255.0 + 0.055) / 1.055, 2.4);
    double x = root((0.4124 * c[0] + 0.3576 * c[1] + 0.1805 * c[2]) / 0.9505);
    double y = root(0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]);
    double z = root((0.0193 * c[0] + 0.1192 * c[1] + 0.9505 * c[2]) / 1.089);
    lab[0] = 116.0 * y - 16.0;
    lab[1] = 500.0 * (x - y);
    lab[2] = 200.0 * (y - z);
}

double golden_distance(const uint8_t *a, const uint8_t *b, int blocks, double *out_most, int *out_where)
{
    double sum = 0.0;
    *out_most = 0.0;
    *out_where = 0;
    for (int i = 0; i < blocks; i++) {
        double p[3], q[3];
        to_lab(a + 3 * i, p);
        to_lab(b + 3 * i, q);
        double off = sqrt((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) +
                          (p[2] - q[2]) * (p[2] - q[2]));
        sum += off;
        *out_where = off > *out_most ? i : *out_where;
        *out_most = fmax(*out_most, off);
    }
    return sum / blocks;
}

/// The golden blocks of a name. @return false: the file does not have it
static bool read_blocks(const Golden *g, const char *name, int blocks, uint8_t *out)
{
    char line[64];
    snprintf(line, sizeof line, "%s\n", name);
    const char *at = strstr(g->text, line);
    while (at && at != g->text && at[-1] != '\n')
        at = strstr(at + 1, line);
    if (!at)
        return false;
    at += strlen(line);
    for (int i = 0; i < blocks * 3; i++) {
        unsigned value = 0;
        at += *at == '\n';
        if (sscanf(at, "%2x", &value) != 1)
            return false;
        out[i] = (uint8_t)value;
        at += 2;
    }
    return true;
}

bool golden_holds(Golden *g, const char *name, const uint8_t *rgb, int width, int height)
{
    uint8_t is[GOLDEN_BLOCKS_MAX * 3], want[GOLDEN_BLOCKS_MAX * 3];
    int wide = width / g->block, blocks = golden_blocks(rgb, width, height, g->block, is), where;
    if (g->out) {
        fprintf(g->out, "%s\n", name);
        for (int i = 0; i < blocks * 3; i++)
            fprintf(g->out, "%02x%s", is[i], i % (wide * 3) == wide * 3 - 1 ? "\n" : "");
        return true;
    }
    if (!read_blocks(g, name, blocks, want)) {
        print_error("no golden picture %s; PARACOSM_WRITE_GOLDEN=1 writes it\n", name);
        return false;
    }
    double most, mean = golden_distance(is, want, blocks, &most, &where);
    bool like = mean <= g->mean_most && most <= g->block_most;
    if (!like)
        print_error("%s: mean %.2f of at most %.2f, most %.2f of at most %.2f at %d, %d px\n", name, mean,
                    g->mean_most, most, g->block_most, where % wide * g->block, where / wide * g->block);
    return like;
}
