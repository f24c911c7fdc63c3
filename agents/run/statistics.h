// SPDX-License-Identifier: MIT
#pragma once
// Lesson statistics: what a training measures of each lesson, as a struct and as a list that can be walked.
// The list is agents/run/statistics.def; run.db keeps them, `paracosm train` shows them.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { PARA_STATISTIC_WHOLE, PARA_STATISTIC_REAL } ParaStatisticKind;
typedef enum { PARA_STATISTIC_RUN, PARA_STATISTIC_LESSON } ParaStatisticOf;
typedef enum { PARA_STATISTIC_SHOWN, PARA_STATISTIC_KEPT } ParaStatisticKept;
typedef enum {
    PARA_STATISTIC_NONE,
    PARA_STATISTIC_COUNTS,
    PARA_STATISTIC_LEARNING,
    PARA_STATISTIC_HELD_OUT,
    PARA_STATISTIC_TIMES,
    PARA_STATISTIC_MODEL
} ParaStatisticGroup;
typedef enum {
    PARA_STATISTIC_SHORT,
    PARA_STATISTIC_FIXED_2,
    PARA_STATISTIC_FIXED_3,
    PARA_STATISTIC_FIXED_4,
    PARA_STATISTIC_PERCENT
} ParaStatisticStyle;

#define PARA_STATISTIC_TYPE_WHOLE int64_t
#define PARA_STATISTIC_TYPE_REAL  double

/// One lesson in numbers; units and ranges stand in the list.
typedef struct ParaStatistics {
    int32_t lesson; ///< [1] 0... which lesson of the run
#define PARA_STATISTIC(name, kind, ...) PARA_STATISTIC_TYPE_##kind name;
#include "agents/run/statistics.def"
#undef PARA_STATISTIC
} ParaStatistics;

enum {
#define PARA_STATISTIC(name, ...) PARA_STATISTIC_AT_##name,
#include "agents/run/statistics.def"
#undef PARA_STATISTIC
    PARA_STATISTIC_COUNT
};

/// One row of the list.
typedef struct ParaStatistic {
    const char *name; ///< field, column and JSON key
    ParaStatisticKind kind;
    ParaStatisticOf of;
    ParaStatisticKept kept;
    bool json; ///< in `train --json`
    const char *unit;
    double low, high; ///< range of a good value in its unit: [1] any, infinities too
    ParaStatisticGroup group;
    ParaStatisticStyle style;
    const char *panel, *line; ///< text around the number, printf's %s; "": not there
    const char *about;
    size_t offset; ///< [byte] >= 0 of the field
} ParaStatistic;

extern const ParaStatistic para_statistics[PARA_STATISTIC_COUNT];

/// The row of a name, NULL if there is none.
const ParaStatistic *para_statistic_find(const char *name);
/// The value of a row, whichever its kind; whole numbers above 2^53 are rounded.
double para_statistic_value(const ParaStatistics *statistics, const ParaStatistic *row);
/// The value of a WHOLE row.
int64_t para_statistic_whole(const ParaStatistics *statistics, const ParaStatistic *row);
void para_statistic_set_whole(ParaStatistics *statistics, const ParaStatistic *row, int64_t value);
void para_statistic_set_real(ParaStatistics *statistics, const ParaStatistic *row, double value);
/// A new lesson begins: what is of one lesson becomes unknown (not a number; whole numbers zero), so that
/// nothing old passes for new; totals stay.
void para_statistics_begin_lesson(ParaStatistics *statistics, int32_t lesson);
