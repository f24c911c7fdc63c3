// SPDX-License-Identifier: MIT
// Curves of what a probe has measured, by the software raster: for each body that moves most its place, angle
// and speed, for the level its energies and what joints or contacts bear. One colour per solver.
#include "apps/probe/probe_parts.h"
#include "engine/base/text.h"
#include "engine/draw/raster/chart.h"
#include "engine/draw/raster/png.h"

#include <math.h>
#include <string.h>

#define SMOOTH      3   // pixels a side that make one of the picture
#define PANELS      4   // in a row
#define BODIES_MAX  4   // with panels
#define PANEL_WIDTH 340 // [px] of the picture
#define PANEL_HIGH  190 // [px]
#define HEAD        66  // [px] above the panels
#define ROW_NAME    24  // [px] above a row

/// A quantity of a panel: of row `row` and the i-th body told of (of the level: not used).
typedef struct Quantity {
    const char *title;
    double (*value)(const ParaProbe *probe, const ParaProbeRow *row, int i);
} Quantity;

static double x_of(const ParaProbe *probe, const ParaProbeRow *row, int i)
{
    (void)probe;
    return (double)row->bodies[i].x;
}
static double y_of(const ParaProbe *probe, const ParaProbeRow *row, int i)
{
    (void)probe;
    return (double)row->bodies[i].y;
}
static double angle_of(const ParaProbe *probe, const ParaProbeRow *row, int i)
{
    (void)probe;
    return (double)row->bodies[i].angle;
}
static double speed_of(const ParaProbe *probe, const ParaProbeRow *row, int i)
{
    (void)probe;
    return hypot((double)row->bodies[i].vx, (double)row->bodies[i].vy);
}
static double kinetic_of(const ParaProbe *probe, const ParaProbeRow *row, int i)
{
    (void)probe, (void)i;
    return row->energy.kinetic;
}
static double stored_of(const ParaProbe *probe, const ParaProbeRow *row, int i)
{
    (void)probe, (void)i;
    return row->energy.potential + row->energy.spring;
}
static double total_of(const ParaProbe *probe, const ParaProbeRow *row, int i)
{
    (void)probe, (void)i;
    return para_energy_total(row->energy);
}
static double load_of(const ParaProbe *probe, const ParaProbeRow *row, int i)
{
    (void)i;
    double most = 0;
    for (int j = 0; j < probe->level->world.joint_count; j++)
        most = fmax(most, (double)row->joints[j].load);
    return most;
}
static double impulse_of(const ParaProbe *probe, const ParaProbeRow *row, int i)
{
    (void)probe, (void)i;
    double sum = 0;
    for (int c = 0; c < row->told_count; c++)
        sum += (double)row->contacts[c].impulse;
    return sum;
}

static const Quantity body_quantities[PANELS] = {
    {"x [m]", x_of}, {"y [m]", y_of}, {"angle [rad]", angle_of}, {"speed [m/s]", speed_of}};
static const Quantity jointed_quantities[PANELS] = {{"kinetic energy [J]", kinetic_of},
                                                    {"potential and springs [J]", stored_of},
                                                    {"total energy [J]", total_of},
                                                    {"greatest load of a joint [N]", load_of}};
static const Quantity loose_quantities[PANELS] = {{"kinetic energy [J]", kinetic_of},
                                                  {"potential energy [J]", stored_of},
                                                  {"total energy [J]", total_of},
                                                  {"impulses of contacts [N s]", impulse_of}};

static int ink_of(const ParaProbe *probe)
{
    return probe->solver == PARA_SOLVER_LANES ? PARA_INK_ACCENT : PARA_INK_WARN;
}

// ---------------------------------------------------------------------------------------------
// Which bodies.

/// How far [m] a body gets about, in all runs.
static double way_of(const ParaProbeRuns *runs, int i)
{
    double most = 0;
    for (int k = 0; k < runs->count; k++) {
        const ParaProbe *probe = runs->items[k];
        for (int r = 1; r < probe->row_count; r++) {
            const ParaProbeBody *now = &probe->rows[r].bodies[i], *start = &probe->rows[0].bodies[i];
            most = fmax(most, hypot((double)(now->x - start->x), (double)(now->y - start->y)));
        }
    }
    return most;
}

/// Up to BODIES_MAX bodies that get about most, in the order of the level. @return how many
static int choose(const ParaProbeRuns *runs, int out[BODIES_MAX], int *out_left)
{
    const ParaProbe *probe = runs->items[0];
    bool taken[PARA_BODIES_MAX] = {false};
    int told = 0, count = 0;
    for (int i = 0; i < probe->body_count; i++)
        told += para_probe_is_told(runs, probe, i);
    for (int n = 0; n < BODIES_MAX && n < told; n++) {
        int best = -1;
        double most = -1;
        for (int i = 0; i < probe->body_count; i++) {
            double way = taken[i] || !para_probe_is_told(runs, probe, i) ? -2.0 : way_of(runs, i);
            if (way > most) {
                most = way;
                best = i;
            }
        }
        if (best >= 0)
            taken[best] = true;
    }
    for (int i = 0; i < probe->body_count; i++)
        if (taken[i])
            out[count++] = i;
    *out_left = told - count;
    return count;
}

// ---------------------------------------------------------------------------------------------
// Drawing.

typedef struct Plot {
    const ParaProbeRuns *runs;
    ParaRaster raster;
    ParaArena *arena;
} Plot;

static void draw_panel(const Plot *plot, const Quantity *quantity, int i, int column, float top)
{
    ParaCurve curves[PARA_PROBE_RUNS_MAX];
    for (int k = 0; k < plot->runs->count; k++) {
        const ParaProbe *probe = plot->runs->items[k];
        double *x = PARA_NEW(plot->arena, double, probe->row_count);
        double *y = PARA_NEW(plot->arena, double, probe->row_count);
        for (int r = 0; r < probe->row_count; r++) {
            x[r] = probe->rows[r].time;
            y[r] = quantity->value(probe, &probe->rows[r], i);
        }
        // The first is the wider one: where both are the same, both are seen.
        bool under = k == 0 && plot->runs->count > 1;
        curves[k] = (ParaCurve){x,
                                y,
                                probe->row_count,
                                ink_of(probe),
                                under ? 4.0f : 1.8f,
                                probe->end != PARA_PLAY_ON ? probe->ended : (double)NAN};
    }
    ParaChart chart = {.area = {SMOOTH * (8.0f + (float)(column * PANEL_WIDTH)), top, SMOOTH * PANEL_WIDTH,
                                SMOOTH * PANEL_HIGH},
                       .pixel = SMOOTH,
                       .title = quantity->title,
                       .across = "time [s]",
                       .curves = curves,
                       .curve_count = plot->runs->count};
    para_chart_draw((ParaRaster *)&plot->raster, &chart);
}

static float draw_row(Plot *plot, const char *name, const Quantity *quantities, int i, float top)
{
    para_raster_text(&plot->raster, SMOOTH * 20, top + SMOOTH * 17, SMOOTH * 11, PARA_INK_TEXT, name);
    for (int c = 0; c < PANELS; c++)
        draw_panel(plot, &quantities[c], i, c, top + SMOOTH * ROW_NAME);
    return top + SMOOTH * (ROW_NAME + PANEL_HIGH);
}

static void draw_head(Plot *plot)
{
    const ParaProbe *first = plot->runs->items[0];
    char text[600], story[400];
    float x = SMOOTH * 20;
    para_text_format(text, sizeof text, "%s, seed %llu", first->level->family,
                     (unsigned long long)first->level->seed);
    para_raster_text(&plot->raster, x, SMOOTH * 27, SMOOTH * 13, PARA_INK_TEXT, text);
    for (int k = 0; k < plot->runs->count; k++) {
        const ParaProbe *probe = plot->runs->items[k];
        para_probe_story(probe, story, sizeof story);
        para_text_format(text, sizeof text, "%s: %s", para_solver_name(probe->solver), story);
        ParaVec2 from = {x, SMOOTH * 47}, to = {x + SMOOTH * 24, SMOOTH * 47};
        para_raster_line(&plot->raster, from, to, SMOOTH * 2, ink_of(probe));
        x += SMOOTH * 32;
        x += para_raster_text(&plot->raster, x, SMOOTH * 51, SMOOTH * 9, ink_of(probe), text) + SMOOTH * 30;
    }
}

bool para_probe_plot(const char *path, const ParaProbeRuns *runs, ParaArena *scratch, int *out_width,
                     int *out_height, int *out_left, const char **out_error)
{
    int bodies[BODIES_MAX], count = choose(runs, bodies, out_left);
    const ParaProbe *first = runs->items[0];
    *out_width = PANELS * PANEL_WIDTH + 16;
    *out_height = HEAD + (count + 1) * (ROW_NAME + PANEL_HIGH) + 8;
    Plot plot = {.runs = runs,
                 .raster = para_raster_create(*out_width * SMOOTH, *out_height * SMOOTH, scratch),
                 .arena = scratch};
    float top = SMOOTH * HEAD;
    draw_head(&plot);
    for (int n = 0; n < count; n++)
        top = draw_row(&plot, first->body_names[first->bodies[bodies[n]]], body_quantities, bodies[n], top);
    draw_row(&plot, "the level", first->level->world.joint_count > 0 ? jointed_quantities : loose_quantities,
             0, top);
    uint8_t *rgb = para_arena_alloc(scratch, (size_t)*out_width * (size_t)*out_height * 3);
    para_raster_colours(&plot.raster, SMOOTH, rgb);
    return para_png_write(path, rgb, *out_width, *out_height, scratch, out_error);
}
