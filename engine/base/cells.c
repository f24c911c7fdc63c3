// SPDX-License-Identifier: MIT
// Ranges of wide and of no width: Unicode 15, East Asian Width W and F, general categories Mn, Me and Cf;
// blocks are taken whole where they hold little else. The C library's wcwidth would ask the locale.
#include "engine/base/cells.h"

#include <stdint.h>
#include <string.h>

typedef struct Range {
    uint32_t first, last;
} Range;

static const Range wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},   {0x25fd, 0x25fe},
    {0x2614, 0x2615},   {0x2648, 0x2653},   {0x26aa, 0x26ab},   {0x26bd, 0x26be},   {0x2705, 0x2705},
    {0x2728, 0x2728},   {0x274c, 0x274c},   {0x2753, 0x2757},   {0x2795, 0x2797},   {0x2b1b, 0x2b1c},
    {0x2b50, 0x2b55},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0xa4cf},
    {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},
    {0xff01, 0xff60},   {0xffe0, 0xffe6},   {0x16fe0, 0x18cff}, {0x1b000, 0x1b2ff}, {0x1f18e, 0x1f18e},
    {0x1f191, 0x1f19a}, {0x1f200, 0x1f320}, {0x1f32d, 0x1f335}, {0x1f337, 0x1f37c}, {0x1f37e, 0x1f393},
    {0x1f3a0, 0x1f3ca}, {0x1f3e0, 0x1f3f0}, {0x1f400, 0x1f43e}, {0x1f440, 0x1f440}, {0x1f442, 0x1f4fc},
    {0x1f4ff, 0x1f53d}, {0x1f550, 0x1f567}, {0x1f5fb, 0x1f64f}, {0x1f680, 0x1f6c5}, {0x1f6d0, 0x1f6df},
    {0x1f6eb, 0x1f6ec}, {0x1f6f4, 0x1f6fc}, {0x1f7e0, 0x1f7eb}, {0x1f90c, 0x1f9ff}, {0x1fa70, 0x1faff},
    {0x20000, 0x3fffd}};
static const Range none[] = {{0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05bf},
                             {0x05c1, 0x05c2}, {0x05c4, 0x05c5}, {0x0610, 0x061a}, {0x064b, 0x065f},
                             {0x0670, 0x0670}, {0x06d6, 0x06dc}, {0x06df, 0x06e4}, {0x06e7, 0x06e8},
                             {0x06ea, 0x06ed}, {0x0900, 0x0902}, {0x093c, 0x093c}, {0x0941, 0x0948},
                             {0x094d, 0x094d}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e},
                             {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x202a, 0x202e},
                             {0x2060, 0x2064}, {0x20d0, 0x20ff}, {0x302a, 0x302d}, {0x3099, 0x309a},
                             {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef}};

static int holds(const Range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count && ranges[i].first <= code; i++)
        if (code <= ranges[i].last)
            return 1;
    return 0;
}

size_t para_cells_letter(const char *at, const char *end, int *out_cells)
{
    const unsigned char *byte = (const unsigned char *)at;
    size_t size = byte[0] < 0xc0 ? 1 : byte[0] < 0xe0 ? 2 : byte[0] < 0xf0 ? 3 : 4;
    uint32_t code = size == 1 ? byte[0] : byte[0] & (0xffu >> (size + 1));
    *out_cells = 1;
    if (size > (size_t)(end - at))
        return 1;
    for (size_t k = 1; k < size; k++) {
        if ((byte[k] & 0xc0) != 0x80)
            return 1;
        code = code << 6 | (byte[k] & 0x3fu);
    }
    if (code >= wide[0].first && holds(wide, sizeof wide / sizeof *wide, code))
        *out_cells = 2;
    if (code >= none[0].first && holds(none, sizeof none / sizeof *none, code))
        *out_cells = 0;
    return size;
}

int para_cells(const char *text, const char *end)
{
    int cells = 0, more;
    for (; text < end; cells += more)
        text += para_cells_letter(text, end, &more);
    return cells;
}

int para_cells_cut(const char *text, int cells)
{
    const char *at = text, *end = text + strlen(text);
    while (at < end) {
        int more;
        size_t size = para_cells_letter(at, end, &more);
        if (more > cells)
            break;
        cells -= more;
        at += size;
    }
    return (int)(at - text);
}
