// SPDX-License-Identifier: MIT
// Ranges, ticks and lines of a chart. No logarithms: a chart has the same bytes on every machine.
#include "engine/draw/raster/chart.h"

#include "engine/base/text.h"

#include <math.h>

#define LETTER     8.0f  // [px] of the picture: height of the numbers' capitals
#define TITLE      9.5f  // [px]
#define LEFT       56.0f // [px] room for numbers
#define BELOW      26.0f // [px] room for numbers
#define ABOVE      22.0f // [px] room for the title
#define RIGHT      10.0f // [px]
#define TICK_EVERY 30.0f // [px] at least, up the side; across twice that

#define VALUE_MAX 1e25 // [1] what is beyond has no place; steps between ticks go up to 1e30

/// An axis: values low..high on pixels from..to of the raster.
typedef struct Axis {
    double low, high;
    float from, to;
    double step; // between ticks
    int decimals;
} Axis;

static float place(const Axis *axis, double value)
{
    double share = (value - axis->low) / (axis->high - axis->low);
    return (float)((double)axis->from + share * ((double)axis->to - (double)axis->from));
}

/// The least of 1, 2, 5 times a power of ten that is not below `least`, and the decimals it needs.
static double round_step(double least, int *out_decimals)
{
    static const double parts[] = {1, 2, 5, 10};
    double power = 1;
    *out_decimals = 0;
    for (; power > least && *out_decimals < 12; power /= 10)
        ++*out_decimals;
    for (; power * 10 <= least && power < 1e30; power *= 10)
        ;
    int k = 0;
    while (k < 3 && parts[k] * power < least)
        k++;
    if (k == 3 && *out_decimals > 0)
        --*out_decimals;
    return parts[k] * power;
}

/// Room around the values of a flat curve, so that rounding does not look like motion.
static void widen(Axis *axis)
{
    if (!(axis->low <= axis->high)) {
        axis->low = 0;
        axis->high = 1;
    }
    double size = fmax(fabs(axis->low), fabs(axis->high)), least = fmax(2e-3 * size, 1e-6);
    double middle = 0.5 * (axis->low + axis->high), half = 0.5 * fmax(axis->high - axis->low, least);
    axis->low = middle - 1.08 * half;
    axis->high = middle + 1.08 * half;
}

static bool is_there(double value) { return fabs(value) <= VALUE_MAX; } // a NaN is not

static void take(Axis *axis, double value)
{
    if (!is_there(value))
        return;
    axis->low = fmin(axis->low, value);
    axis->high = fmax(axis->high, value);
}

static void set_ticks(Axis *axis, float every)
{
    double pixels = fabs((double)axis->to - (double)axis->from);
    double count = fmax(pixels / (double)every, 1.0);
    axis->step = round_step((axis->high - axis->low) / count, &axis->decimals);
}

/// First tick, as a multiple of the step.
static double first_tick(const Axis *axis) { return ceil(axis->low / axis->step - 1e-9); }

static void number_text(const Axis *axis, double value, char out[PARA_NUMBER_SIZE])
{
    double size = fmax(fabs(axis->low), fabs(axis->high));
    if (size >= 1e6 || axis->decimals > 5)
        para_text_format(out, PARA_NUMBER_SIZE, "%.3g", value + 0.0);
    else
        para_text_format(out, PARA_NUMBER_SIZE, "%.*f", axis->decimals, value + 0.0);
}

static void draw_axes(ParaRaster *raster, const ParaChart *chart, const Axis *x, const Axis *y)
{
    float pixel = chart->pixel, letter = LETTER * pixel;
    char text[PARA_NUMBER_SIZE];
    ParaVec2 frame[4] = {{x->from, y->to}, {x->to, y->to}, {x->to, y->from}, {x->from, y->from}};
    para_raster_polygon(raster, frame, 4, PARA_INK_OUTSIDE);
    for (double k = first_tick(y); k * y->step <= y->high; k++) {
        float at = place(y, k * y->step);
        number_text(y, k * y->step, text);
        para_raster_line(raster, (ParaVec2){x->from, at}, (ParaVec2){x->to, at}, 0.5f * pixel,
                         k == 0 ? PARA_INK_GROUND : PARA_INK_GRID_STRONG);
        para_raster_text(raster, x->from - 7 * pixel - para_raster_text_width(letter, text),
                         at + 0.5f * letter, letter, PARA_INK_TEXT_DIM, text);
    }
    for (double k = first_tick(x); k * x->step <= x->high; k++) {
        float at = place(x, k * x->step);
        number_text(x, k * x->step, text);
        para_raster_line(raster, (ParaVec2){at, y->to}, (ParaVec2){at, y->from}, 0.5f * pixel,
                         PARA_INK_GRID_STRONG);
        para_raster_text(raster, at - 0.5f * para_raster_text_width(letter, text),
                         y->from + 7 * pixel + letter, letter, PARA_INK_TEXT_DIM, text);
    }
    if (*chart->across)
        para_raster_text(raster, x->to - para_raster_text_width(letter, chart->across), y->to - 0.9f * letter,
                         letter, PARA_INK_TEXT_DIM, chart->across);
    para_raster_text(raster, x->from, y->to - 0.9f * letter, TITLE * pixel, PARA_INK_TEXT, chart->title);
    for (int i = 0; i < 4; i++)
        para_raster_line(raster, frame[i], frame[(i + 1) % 4], 0.5f * pixel, PARA_INK_PANEL_EDGE);
}

static void draw_curve(ParaRaster *raster, const ParaChart *chart, const ParaCurve *curve, const Axis *x,
                       const Axis *y)
{
    ParaVec2 before = {0, 0};
    bool draws = false;
    if (curve->mark >= x->low && curve->mark <= x->high) {
        float at = place(x, curve->mark);
        para_raster_line(raster, (ParaVec2){at, y->to}, (ParaVec2){at, y->from}, 0.5f * chart->pixel,
                         curve->ink);
    }
    for (int i = 0; i < curve->count; i++) {
        bool there = is_there(curve->x[i]) && is_there(curve->y[i]);
        ParaVec2 now = there ? (ParaVec2){place(x, curve->x[i]), place(y, curve->y[i])} : before;
        if (there)
            para_raster_line(raster, draws ? before : now, now, 0.5f * curve->width * chart->pixel,
                             curve->ink);
        before = now;
        draws = there;
    }
}

void para_chart_draw(ParaRaster *raster, const ParaChart *chart)
{
    float pixel = chart->pixel;
    const ParaRect *area = &chart->area;
    double none = (double)INFINITY;
    Axis x = {none, -none, area->x + LEFT * pixel, area->x + area->width - RIGHT * pixel, 0, 0};
    Axis y = {none, -none, area->y + area->height - BELOW * pixel, area->y + ABOVE * pixel, 0, 0};
    for (int c = 0; c < chart->curve_count; c++)
        for (int i = 0; i < chart->curves[c].count; i++) {
            take(&x, chart->curves[c].x[i]);
            take(&y, chart->curves[c].y[i]);
        }
    if (!(x.high > x.low)) // one moment, or none
        widen(&x);
    widen(&y);
    set_ticks(&x, 2.0f * TICK_EVERY * pixel);
    set_ticks(&y, TICK_EVERY * pixel);
    draw_axes(raster, chart, &x, &y);
    for (int c = 0; c < chart->curve_count; c++)
        draw_curve(raster, chart, &chart->curves[c], &x, &y);
}
