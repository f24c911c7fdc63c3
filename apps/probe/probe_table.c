// SPDX-License-Identifier: MIT
// What a probe has measured as text: tables for people, each column with as many decimals as its greatest
// value leaves room for, and CSV with every number whole.
#include "apps/probe/probe_parts.h"
#include "engine/base/text.h"
#include "engine/world/geometry.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WIDTH  12 // [character] of a column
#define DIGITS 5  // of a column's greatest value

/// A column of a table: its head, the key in CSV, and the number in row `row` of the i-th body or joint told
/// of.
typedef struct Column {
    const char *head, *key;
    double (*value)(const ParaProbeRow *row, int i);
} Column;

static double kinetic_of(const ParaProbeRow *row, int i)
{
    (void)i;
    return row->energy.kinetic;
}
static double potential_of(const ParaProbeRow *row, int i)
{
    (void)i;
    return row->energy.potential;
}
static double spring_of(const ParaProbeRow *row, int i)
{
    (void)i;
    return row->energy.spring;
}
static double total_of(const ParaProbeRow *row, int i)
{
    (void)i;
    return para_energy_total(row->energy);
}
static double body_x(const ParaProbeRow *row, int i) { return (double)row->bodies[i].x; }
static double body_y(const ParaProbeRow *row, int i) { return (double)row->bodies[i].y; }
static double body_angle(const ParaProbeRow *row, int i) { return (double)row->bodies[i].angle; }
static double body_vx(const ParaProbeRow *row, int i) { return (double)row->bodies[i].vx; }
static double body_vy(const ParaProbeRow *row, int i) { return (double)row->bodies[i].vy; }
static double body_spin(const ParaProbeRow *row, int i) { return (double)row->bodies[i].spin; }
static double body_kinetic(const ParaProbeRow *row, int i) { return row->bodies[i].kinetic; }
static double body_potential(const ParaProbeRow *row, int i) { return row->bodies[i].potential; }
static double body_energy(const ParaProbeRow *row, int i)
{
    return row->bodies[i].kinetic + row->bodies[i].potential;
}
static double joint_angle(const ParaProbeRow *row, int i) { return (double)row->joints[i].angle; }
static double joint_speed(const ParaProbeRow *row, int i) { return (double)row->joints[i].speed; }
static double joint_load(const ParaProbeRow *row, int i) { return (double)row->joints[i].load; }

static const Column level_columns[] = {{"kinetic J", "kinetic", kinetic_of},
                                       {"potential J", "potential", potential_of},
                                       {"springs J", "spring", spring_of},
                                       {"total J", "energy", total_of}};
static const Column body_columns[] = {{"x m", "x", body_x},
                                      {"y m", "y", body_y},
                                      {"angle rad", "angle", body_angle},
                                      {"vx m/s", "vx", body_vx},
                                      {"vy m/s", "vy", body_vy},
                                      {"spin rad/s", "spin", body_spin},
                                      {"energy J", "energy", body_energy},
                                      {"kinetic J", "kinetic", body_kinetic},
                                      {"potential J", "potential", body_potential}};
#define BODY_SHOWN 7 // of them in a table: a line of it fits into a window of 100 columns
static const Column turning_columns[] = {{"angle rad", "angle", joint_angle},
                                         {"speed rad/s", "speed", joint_speed},
                                         {"load N", "load", joint_load}};
static const Column geared_columns[] = {{"angle rad", "angle", joint_angle},
                                        {"speed rad/s", "speed", joint_speed},
                                        {"load N m", "load", joint_load}};
static const Column sliding_columns[] = {
    {"way m", "angle", joint_angle}, {"speed m/s", "speed", joint_speed}, {"load N", "load", joint_load}};
static const Column lined_columns[] = {
    {"length m", "angle", joint_angle}, {"speed m/s", "speed", joint_speed}, {"load N", "load", joint_load}};
#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

static const char *const goal_words[] = {[PARA_PLAY_ON] = "",
                                         [PARA_PLAY_SOLVED] = "solved",
                                         [PARA_PLAY_FAILED] = "failed",
                                         [PARA_PLAY_TIMEOUT] = "timeout"};

bool para_probe_is_told(const ParaProbeRuns *runs, const ParaProbe *probe, int i)
{
    return runs->named || probe->level->world.bodies[probe->bodies[i]].kind != PARA_BODY_STATIC;
}

// ---------------------------------------------------------------------------------------------
// Tables.

/// Decimals that show DIGITS digits of the greatest value of a column.
static int decimals_of(const ParaProbe *probe, const Column *column, int i)
{
    double most = 0;
    for (int r = 0; r < probe->row_count; r++)
        most = fmax(most, fabs(column->value(&probe->rows[r], i)));
    int decimals = DIGITS - 1;
    for (double next = 10; next <= most && decimals > 0; next *= 10)
        decimals--;
    for (double next = 0.1; most > 0 && most < next && decimals < 8; next /= 10)
        decimals++;
    return decimals;
}

static void print_cell(double value, int decimals)
{
    char text[64];
    para_text_format(text, sizeof text, "%.*f", decimals, value);
    if (strlen(text) >= WIDTH) // beyond any column: in powers of ten
        para_text_format(text, sizeof text, "%.*g", DIGITS, value);
    if (text[0] == '-' && strspn(text, "-0.") == strlen(text)) // what rounds to nothing has no sign
        memmove(text, text + 1, strlen(text));
    printf("%*s", WIDTH, text);
}

static void print_time_head(void) { printf("%*s", WIDTH, "time s"); }

static void print_heads(const Column *columns, int count)
{
    for (int c = 0; c < count; c++)
        printf("%*s", WIDTH, columns[c].head);
}

static void find_decimals(const ParaProbe *probe, const Column *columns, int count, int i, int *out)
{
    for (int c = 0; c < count; c++)
        out[c] = decimals_of(probe, &columns[c], i);
}

static void print_cells(const ParaProbeRow *row, const Column *columns, int count, int i, const int *decimals)
{
    for (int c = 0; c < count; c++)
        print_cell(columns[c].value(row, i), decimals[c]);
}

static void print_level(const ParaProbe *probe)
{
    int decimals[COUNT(level_columns)];
    find_decimals(probe, level_columns, COUNT(level_columns), 0, decimals);
    printf("\nthe level\n");
    print_time_head();
    print_heads(level_columns, COUNT(level_columns));
    printf("%*s  goal\n", WIDTH, "contacts");
    for (int r = 0; r < probe->row_count; r++) {
        const ParaProbeRow *row = &probe->rows[r];
        print_cell(row->time, 3);
        print_cells(row, level_columns, COUNT(level_columns), 0, decimals);
        printf("%*d  ", WIDTH, row->contact_count);
        if (row->goal == PARA_PLAY_ON)
            para_text_print(stdout, "%.0f %%\n", 100 * (double)row->progress);
        else
            printf("%s\n", goal_words[row->goal]);
    }
}

/// Who touches the body, with the impulse of this step; the first three.
static void print_touches(const ParaProbe *probe, const ParaProbeRow *row, int body)
{
    int shown = 0, more = 0;
    for (int c = 0; c < row->told_count; c++) {
        const ParaContact *contact = &row->contacts[c];
        if (contact->body_a != body && contact->body_b != body)
            continue;
        if (shown == 3) {
            more++;
            continue;
        }
        int other = contact->body_a == body ? contact->body_b : contact->body_a;
        para_text_print(stdout, "%s%s %.4g", shown++ ? ", " : "  ", probe->body_names[other],
                        (double)contact->impulse);
    }
    if (more > 0)
        printf(" and %d more", more);
}

static void print_body(const ParaProbe *probe, int i)
{
    int body = probe->bodies[i], decimals[BODY_SHOWN];
    const ParaWorldDef *world = &probe->level->world;
    static const char *const kinds[] = {"static", "kinematic", "dynamic"};
    int first, end;
    para_body_shapes(world, body, &first, &end);
    printf("\nbody %s: %s", probe->body_names[body], kinds[world->bodies[body].kind]);
    if (world->bodies[body].kind == PARA_BODY_DYNAMIC)
        para_text_print(stdout, ", %.6g kg, %.6g kg m^2", para_body_mass(world, first, end).mass,
                        para_body_moment(world, body));
    printf("\n");
    find_decimals(probe, body_columns, BODY_SHOWN, i, decimals);
    print_time_head();
    print_heads(body_columns, BODY_SHOWN);
    printf("  touches (N s)\n");
    for (int r = 0; r < probe->row_count; r++) {
        const ParaProbeRow *row = &probe->rows[r];
        print_cell(row->time, 3);
        print_cells(row, body_columns, BODY_SHOWN, i, decimals);
        if (row->bodies[i].gone)
            printf("  gone");
        print_touches(probe, row, body);
        printf("\n");
    }
}

static void print_joint(const ParaProbe *probe, int joint)
{
    static const char *const kinds[] = {"revolute", "weld",   "prismatic", "distance",
                                        "spring",   "pulley", "gear",      "rack"};
    const ParaJointDef *def = &probe->level->world.joints[joint];
    bool slides = def->kind == PARA_JOINT_PRISMATIC || def->kind == PARA_JOINT_RACK;
    const Column *columns = def->kind == PARA_JOINT_REVOLUTE ? turning_columns
                            : def->kind == PARA_JOINT_GEAR   ? geared_columns
                            : slides                         ? sliding_columns
                                                             : lined_columns;
    int decimals[COUNT(turning_columns)];
    printf("\njoint %s: %s of %s and %s\n", probe->joint_names[joint], kinds[def->kind],
           probe->body_names[def->a], probe->body_names[def->b]);
    find_decimals(probe, columns, COUNT(turning_columns), joint, decimals);
    print_time_head();
    print_heads(columns, COUNT(turning_columns));
    printf("\n");
    for (int r = 0; r < probe->row_count; r++) {
        print_cell(probe->rows[r].time, 3);
        print_cells(&probe->rows[r], columns, COUNT(turning_columns), joint, decimals);
        printf("\n");
    }
}

/// Whether a table tells of a joint: all, or those of the bodies that were named.
static bool joint_is_told(const ParaProbeRuns *runs, const ParaProbe *probe, int joint)
{
    const ParaJointDef *def = &probe->level->world.joints[joint];
    bool told = !runs->named;
    for (int i = 0; i < probe->body_count; i++)
        told |= probe->bodies[i] == def->a || probe->bodies[i] == def->b;
    return told;
}

void para_probe_print(const ParaProbeRuns *runs, const ParaProbe *probe)
{
    const ParaLevel *level = probe->level;
    char story[400];
    para_probe_story(probe, story, sizeof story);
    para_text_print(stdout, "%s, seed %llu, on %s: %g steps a second, %s%d substep%s each, a row every %d\n",
                    level->family, (unsigned long long)level->seed, para_solver_name(probe->solver),
                    (double)level->world.rate, probe->substeps > 1 ? "up to " : "", probe->substeps,
                    probe->substeps > 1 ? "s" : "", probe->every);
    for (int p = 0; p < level->param_count; p++)
        para_text_print(stdout, "%s%s = %.6g", p ? ", " : "", level->params[p].name, level->params[p].value);
    printf("%sstatus: %s\n", level->param_count ? "\n" : "", story);
    if (*probe->beyond)
        printf("beyond the solver: %s\n", probe->beyond);
    if (!runs->named)
        print_level(probe);
    for (int i = 0; i < probe->body_count && !ferror(stdout); i++)
        if (para_probe_is_told(runs, probe, i))
            print_body(probe, i);
    for (int j = 0; j < level->world.joint_count && !ferror(stdout); j++)
        if (joint_is_told(runs, probe, j))
            print_joint(probe, j);
}

// ---------------------------------------------------------------------------------------------
// CSV.

static void print_csv_heads(const ParaProbeRuns *runs, const ParaProbe *probe)
{
    printf("solver,time");
    for (int c = 0; c < COUNT(level_columns); c++)
        printf(",%s", level_columns[c].key);
    printf(",goal,progress,contacts");
    for (int i = 0; i < probe->body_count; i++)
        for (int c = 0; c < COUNT(body_columns) && para_probe_is_told(runs, probe, i); c++)
            printf(",body.%s.%s", probe->body_names[probe->bodies[i]], body_columns[c].key);
    for (int j = 0; j < probe->level->world.joint_count; j++)
        for (int c = 0; c < COUNT(turning_columns) && joint_is_told(runs, probe, j); c++)
            printf(",joint.%s.%s", probe->joint_names[j], turning_columns[c].key);
    printf("\n");
}

static void print_csv_numbers(const ParaProbeRow *row, const Column *columns, int count, int i)
{
    char text[PARA_NUMBER_SIZE];
    for (int c = 0; c < count; c++) {
        double value = columns[c].value(row, i);
        bool single = (double)(float)value == value; // what was a float has no more digits than one
        printf(",%s", single ? para_text_float((float)value, text) : para_text_double(value, text));
    }
}

static void print_csv_row(const ParaProbeRuns *runs, const ParaProbe *probe, const ParaProbeRow *row)
{
    char text[PARA_NUMBER_SIZE];
    printf("%s,%s", para_solver_name(probe->solver), para_text_double(row->time, text));
    print_csv_numbers(row, level_columns, COUNT(level_columns), 0);
    printf(",%s,%s,%d", *goal_words[row->goal] ? goal_words[row->goal] : "none",
           para_text_float(row->progress, text), row->contact_count);
    for (int i = 0; i < probe->body_count; i++)
        if (para_probe_is_told(runs, probe, i))
            print_csv_numbers(row, body_columns, COUNT(body_columns), i);
    for (int j = 0; j < probe->level->world.joint_count; j++)
        if (joint_is_told(runs, probe, j))
            print_csv_numbers(row, turning_columns, COUNT(turning_columns), j);
    printf("\n");
}

void para_probe_print_csv(const ParaProbeRuns *runs)
{
    if (runs->count > 0)
        print_csv_heads(runs, runs->items[0]);
    for (int k = 0; k < runs->count; k++)
        for (int r = 0; r < runs->items[k]->row_count && !ferror(stdout); r++)
            print_csv_row(runs, runs->items[k], &runs->items[k]->rows[r]);
}
