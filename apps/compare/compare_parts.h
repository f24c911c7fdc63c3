// SPDX-License-Identifier: MIT
#pragma once
// What the files of `paracosm compare` share: runs that were read, groups of those that differ by their seed
// alone, and the list of what is set side by side. Private to apps/compare.
#include "agents/lifelong/transfer.h"
#include "agents/run/run_facts.h"

#define PARA_COMPARE_RUNS_MAX 64
#define PARA_COMPARE_POINTS   4 ///< of a learning curve: quarters of the shortest run

/// A setting as it stands in a run's config.
typedef struct ParaCompareSetting {
    const char *name, *value; ///< "settings.clip", "0.2"
} ParaCompareSetting;

typedef struct ParaCompareRun {
    const char *name, *folder;
    ParaRunFacts facts;
    ParaRunPoint points[PARA_COMPARE_POINTS];
    ParaCompareSetting *settings; ///< [setting_count] sorted by name
    int setting_count;            ///< [1] >= 0
    bool is_stream;               ///< of worlds one after the other, of which all so far were examined
    ParaTransfer transfer;        ///< where it is
    int group;                    ///< [1] >= 0 of those that are alike but for the seed
} ParaCompareRun;

typedef struct ParaComparison {
    ParaArena *arena;
    ParaCompareRun *runs; ///< [count] that could be read
    int count;            ///< [1] 0..PARA_COMPARE_RUNS_MAX
    int left_out;         ///< [1] >= 0 that could not
    int groups;           ///< [1] 0..count
    int64_t shortest;     ///< [decision] >= 0 of the run with the fewest
} ParaComparison;

typedef enum {
    PARA_COMPARE_COUNT,
    PARA_COMPARE_SECONDS,
    PARA_COMPARE_SHARE,
    PARA_COMPARE_NUMBER
} ParaCompareStyle;

/// One number of a run.
typedef struct ParaCompareRow {
    const char *key;   ///< in JSON
    const char *label; ///< in the table
    ParaCompareStyle style;
    double (*value)(const ParaCompareRun *run);  ///< NaN: not known
    double (*trials)(const ParaCompareRun *run); ///< [1] > 0 that a share stands on; NULL: it has no interval
} ParaCompareRow;
extern const ParaCompareRow para_compare_rows[];
extern const int para_compare_row_count;

/// Reads all that can be read; the others are told on standard error, one line each, and left out.
void para_compare_read(ParaComparison *comparison, const char *const *folders, int count);
/// A setting of a run; NULL: it has none of this name.
const char *para_compare_setting(const ParaCompareRun *run, const char *name);
/// Names of the settings that are not the same in all runs, the seed apart. @return [*out_count]
const char **para_compare_differing(const ParaComparison *comparison, int *out_count);

/// Of a group's values: those that are known.
typedef struct ParaCompareSpread {
    int known;                         ///< [1] >= 0
    double mean, deviation, low, high; ///< [of the row] deviation of the sample, NaN for less than two
} ParaCompareSpread;
ParaCompareSpread para_compare_spread(const ParaComparison *comparison, int group, const ParaCompareRow *row);
/// How many runs a group has. @param out_first out, the first of them; may be NULL
int para_compare_group_size(const ParaComparison *comparison, int group, int *out_first);

void para_compare_print(const ParaComparison *comparison);
/// @return for cJSON_free; NULL without memory
char *para_compare_json(const ParaComparison *comparison);
