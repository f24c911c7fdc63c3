// SPDX-License-Identifier: MIT
// A stroke font. Each letter is a list of lines through points of a grid, "xy" in digits: x to the right, y
// up, 2 the baseline, 6 the height of small letters, 8 that of capitals, 0 the depth of a tail; a space
// begins another line. Digits are all 4 wide, so that numbers stand in columns.
#include "engine/draw/raster/letters.h"

#include <string.h>

#define FIRST    '!'
#define LAST     '~'
#define CAPITAL  6.0f   // [grid] height of a capital
#define BASELINE 2      // [grid]
#define GAP      1.9f   // [grid] between letters
#define DIGIT    4.0f   // [grid] width of each, though a 1 is narrower
#define SPACE    2.2f   // [grid] width of a space, without the gap
#define STROKE   0.075f // [1] of the height: half the width of a line

static const char *const letters[LAST - FIRST + 1] = {
    "0804 0202", "0806 2826", "1218 3238 0444 0646", "473818070615354443321203 2921",
    "0248 0818160608 3444423234", "4206071827260403122245", "0806", "18070312", "08171302", "2723 0644 4604",
    "2723 0545", "1201", "0545", "0202", "0248",
    // 0 to 9
    "180703123243473818", "172822 1232", "07183847460242", "07183847463515 354443321203", "32380444",
    "480805354443321203", "4738180703123243443505", "084812", "15060718384746351504031232434435",
    "0312324347381807061545",
    // : ; < = > ? @
    "0303 0606", "1201 1515", "370533", "0646 0444", "073503", "071838474624 2222",
    "43344647381807031242 36161434",
    // A to Z
    "022842 1434", "02083847463505 3544433202", "4738180703123243", "02083847433202", "48080242 0535",
    "480802 0535", "47381807031232434525", "0208 4248 0545", "0208", "0312223338", "0208 4804 1542", "080242",
    "0208254842", "02084248", "180703123243473818", "02083847463505", "180703123243473818 2442",
    "02083847463505 2542", "473818070615354443321203", "0848 2822", "080312324348", "082248", "0812263248",
    "0248 0842", "082548 2522", "08480242",
    // [ \ ] ^ _ `
    "18080212", "0842", "08181202", "062846", "0141", "0817",
    // a to z
    "3632 3526160503122233", "0802 0516263533221203", "3526160503122233", "3832 3526160503122233",
    "04343526160503122233", "281712 0626", "3631201001 3526160503122233", "0802 0516263532", "0206 0808",
    "161100 1818", "0802 3604 1532", "0802", "0602 05162522 25364542", "0602 0516263532",
    "160503122233352616", "0600 0516263533221203", "3630 3526160503122233", "0602 051626",
    "35261605142433221203", "181322 0626", "0603122233 3632", "062246", "0612253246", "0236 0632",
    "0622 4610", "06360232",
    // { | } ~
    "28171605141322", "0800", "08171625141302", "05163445"};

static const char *strokes_of(char letter)
{
    return letters[(letter >= FIRST && letter <= LAST ? letter : '?') - FIRST];
}

/// [grid] without the gap behind it.
static float width_of(char letter)
{
    if (letter == ' ')
        return SPACE;
    if (letter >= '0' && letter <= '9')
        return DIGIT;
    int widest = 0;
    for (const char *at = strokes_of(letter); *at; at += *at == ' ' ? 1 : 2)
        if (*at != ' ' && *at - '0' > widest)
            widest = *at - '0';
    return (float)widest;
}

static void draw_letter(ParaRaster *raster, float x, float y, float height, int ink, char letter)
{
    float unit = height / CAPITAL;
    ParaVec2 before = {0, 0};
    bool draws = false;
    for (const char *at = strokes_of(letter); *at; at += *at == ' ' ? 1 : 2) {
        if (*at == ' ') {
            draws = false;
            continue;
        }
        ParaVec2 now = {x + unit * (float)(at[0] - '0'), y - unit * (float)(at[1] - '0' - BASELINE)};
        if (draws)
            para_raster_line(raster, before, now, height * STROKE, ink);
        before = now;
        draws = true;
    }
}

float para_raster_text(ParaRaster *raster, float x, float y, float height, int ink, const char *text)
{
    float unit = height / CAPITAL;
    for (const char *at = text; *at; at++) {
        if (*at != ' ')
            draw_letter(raster, x, y, height, ink, *at);
        x += unit * (width_of(*at) + GAP);
    }
    return para_raster_text_width(height, text);
}

float para_raster_text_width(float height, const char *text)
{
    float width = 0.0f, unit = height / CAPITAL;
    for (const char *at = text; *at; at++)
        width += unit * (width_of(*at) + GAP);
    return width > 0.0f ? width - unit * GAP : 0.0f;
}
