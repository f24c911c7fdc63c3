// SPDX-License-Identifier: MIT
// The list of what is set side by side.
#include "apps/compare/compare_parts.h"

#include <math.h>

static double unknown(void) { return (double)NAN; }
static double ratio(double a, double b) { return b > 0 ? a / b : unknown(); }

static double lessons(const ParaCompareRun *run) { return run->facts.now.lesson + 1; }
static double decisions(const ParaCompareRun *run) { return (double)run->facts.now.decisions; }
static double world_steps(const ParaCompareRun *run) { return (double)run->facts.now.world_steps; }
static double scoring_steps(const ParaCompareRun *run) { return (double)run->facts.now.scoring_steps; }
static double seconds(const ParaCompareRun *run) { return run->facts.now.seconds; }
/// Older versions did not keep it.
static double cpu_seconds(const ParaCompareRun *run)
{
    return run->facts.now.cpu_seconds > 0 ? run->facts.now.cpu_seconds : unknown();
}
static double episodes(const ParaCompareRun *run) { return (double)run->facts.episodes; }
static double solved(const ParaCompareRun *run)
{
    return ratio((double)run->facts.solved, (double)run->facts.episodes);
}
static double held_out(const ParaCompareRun *run) { return run->facts.held_out.mean; }
static double held_out_levels(const ParaCompareRun *run) { return run->facts.held_out.levels; }
static double held_out_worst(const ParaCompareRun *run) { return run->facts.held_out.worst_tenth; }
static double evaluated(const ParaCompareRun *run) { return run->facts.evaluated.mean; }
static double evaluated_levels(const ParaCompareRun *run) { return run->facts.evaluated.levels; }
static double evaluated_worst(const ParaCompareRun *run) { return run->facts.evaluated.worst_tenth; }
static double levels(const ParaCompareRun *run) { return run->facts.levels; }
static double proofs(const ParaCompareRun *run) { return run->facts.proofs; }
static double steps_per_level(const ParaCompareRun *run)
{
    return run->facts.now.scoring_steps > 0 ? ratio(scoring_steps(run), run->facts.levels) : unknown();
}
static double edge(const ParaCompareRun *run)
{
    return ratio((double)run->facts.edge, (double)run->facts.edge_known);
}
static double edge_known(const ParaCompareRun *run)
{
    return ratio((double)run->facts.edge_known, (double)run->facts.episodes);
}
static double calibration(const ParaCompareRun *run) { return run->facts.calibration; }
static double solved_1(const ParaCompareRun *run) { return run->points[0].solved; }
static double solved_2(const ParaCompareRun *run) { return run->points[1].solved; }
static double solved_3(const ParaCompareRun *run) { return run->points[2].solved; }
static double solved_4(const ParaCompareRun *run) { return run->points[3].solved; }
static double held_1(const ParaCompareRun *run) { return run->points[0].held_out; }
static double held_2(const ParaCompareRun *run) { return run->points[1].held_out; }
static double held_3(const ParaCompareRun *run) { return run->points[2].held_out; }
static double held_4(const ParaCompareRun *run) { return run->points[3].held_out; }

static double performance(const ParaCompareRun *run)
{
    return run->is_stream ? run->transfer.performance : unknown();
}
static double forgetting(const ParaCompareRun *run)
{
    return run->is_stream ? run->transfer.forgetting : unknown();
}
static double forward(const ParaCompareRun *run)
{
    return run->is_stream && run->transfer.forward_count > 0 ? run->transfer.forward : unknown();
}

const ParaCompareRow para_compare_rows[] = {
    {"lessons", "lessons", PARA_COMPARE_COUNT, lessons, NULL},
    {"decisions", "decisions", PARA_COMPARE_COUNT, decisions, NULL},
    {"world_steps", "world steps", PARA_COMPARE_COUNT, world_steps, NULL},
    {"scoring_steps", "scoring steps", PARA_COMPARE_COUNT, scoring_steps, NULL},
    {"seconds", "seconds", PARA_COMPARE_SECONDS, seconds, NULL},
    {"cpu_seconds", "CPU seconds", PARA_COMPARE_SECONDS, cpu_seconds, NULL},
    {"evaluated", "eval: solved", PARA_COMPARE_SHARE, evaluated, evaluated_levels},
    {"evaluated_worst", "eval: worst 10 %", PARA_COMPARE_SHARE, evaluated_worst, NULL},
    {"held_out", "held out: solved", PARA_COMPARE_SHARE, held_out, held_out_levels},
    {"held_out_worst", "held out: worst 10 %", PARA_COMPARE_SHARE, held_out_worst, NULL},
    {"held_out_at_25", "held out at 25 %", PARA_COMPARE_SHARE, held_1, NULL},
    {"held_out_at_50", "held out at 50 %", PARA_COMPARE_SHARE, held_2, NULL},
    {"held_out_at_75", "held out at 75 %", PARA_COMPARE_SHARE, held_3, NULL},
    {"held_out_at_100", "held out at 100 %", PARA_COMPARE_SHARE, held_4, NULL},
    {"performance", "stream: P", PARA_COMPARE_NUMBER, performance, NULL},
    {"forgetting", "stream: F", PARA_COMPARE_NUMBER, forgetting, NULL},
    {"forward_transfer", "stream: FT", PARA_COMPARE_NUMBER, forward, NULL},
    {"episodes", "training episodes", PARA_COMPARE_COUNT, episodes, NULL},
    {"solved", "solved in training", PARA_COMPARE_SHARE, solved, NULL},
    {"solved_at_25", "solved at 25 %", PARA_COMPARE_SHARE, solved_1, NULL},
    {"solved_at_50", "solved at 50 %", PARA_COMPARE_SHARE, solved_2, NULL},
    {"solved_at_75", "solved at 75 %", PARA_COMPARE_SHARE, solved_3, NULL},
    {"solved_at_100", "solved at 100 %", PARA_COMPARE_SHARE, solved_4, NULL},
    {"levels", "levels in archive", PARA_COMPARE_COUNT, levels, NULL},
    {"proofs", "of them proved", PARA_COMPARE_COUNT, proofs, NULL},
    {"scoring_steps_per_level", "scoring steps each", PARA_COMPARE_COUNT, steps_per_level, NULL},
    {"edge", "episodes at the edge", PARA_COMPARE_SHARE, edge, NULL},
    {"edge_known", "of episodes known", PARA_COMPARE_SHARE, edge_known, NULL},
    {"calibration", "calibration error", PARA_COMPARE_NUMBER, calibration, NULL},
};
const int para_compare_row_count = sizeof para_compare_rows / sizeof *para_compare_rows;
