// SPDX-License-Identifier: MIT
// The list of lesson statistics as rows, and the fields of ParaStatistics reached through them.
#include "agents/run/statistics.h"

#include "engine/base/assert.h"

#include <math.h>
#include <string.h>

const ParaStatistic para_statistics[PARA_STATISTIC_COUNT] = {
#define PARA_STATISTIC(name_, kind_, of_, kept_, json_, unit_, low_, high_, group_, style_, panel_, line_,   \
                       about_)                                                                               \
    {.name = #name_,                                                                                         \
     .kind = PARA_STATISTIC_##kind_,                                                                         \
     .of = PARA_STATISTIC_##of_,                                                                             \
     .kept = PARA_STATISTIC_##kept_,                                                                         \
     .json = json_,                                                                                          \
     .unit = unit_,                                                                                          \
     .low = (double)(low_),                                                                                  \
     .high = (double)(high_),                                                                                \
     .group = PARA_STATISTIC_##group_,                                                                       \
     .style = PARA_STATISTIC_##style_,                                                                       \
     .panel = panel_,                                                                                        \
     .line = line_,                                                                                          \
     .about = about_,                                                                                        \
     .offset = offsetof(ParaStatistics, name_)},
#include "agents/run/statistics.def"
#undef PARA_STATISTIC
};

const ParaStatistic *para_statistic_find(const char *name)
{
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++)
        if (strcmp(para_statistics[i].name, name) == 0)
            return &para_statistics[i];
    return NULL;
}

/// Whether a row is one of the list, so that its offset means a field.
static bool is_listed(const ParaStatistic *row)
{
    return row >= para_statistics && row < para_statistics + PARA_STATISTIC_COUNT;
}

// Fields are reached by their bytes: one list of offsets serves a const and a plain struct.
int64_t para_statistic_whole(const ParaStatistics *statistics, const ParaStatistic *row)
{
    int64_t value;
    PARA_ASSERT(is_listed(row) && row->kind == PARA_STATISTIC_WHOLE);
    memcpy(&value, (const char *)statistics + row->offset, sizeof value);
    return value;
}

double para_statistic_value(const ParaStatistics *statistics, const ParaStatistic *row)
{
    if (row->kind == PARA_STATISTIC_WHOLE)
        return (double)para_statistic_whole(statistics, row);
    double value;
    PARA_ASSERT(is_listed(row));
    memcpy(&value, (const char *)statistics + row->offset, sizeof value);
    return value;
}

void para_statistic_set_whole(ParaStatistics *statistics, const ParaStatistic *row, int64_t value)
{
    PARA_ASSERT(is_listed(row) && row->kind == PARA_STATISTIC_WHOLE);
    memcpy((char *)statistics + row->offset, &value, sizeof value);
}

void para_statistic_set_real(ParaStatistics *statistics, const ParaStatistic *row, double value)
{
    PARA_ASSERT(is_listed(row) && row->kind == PARA_STATISTIC_REAL);
    memcpy((char *)statistics + row->offset, &value, sizeof value);
}

void para_statistics_begin_lesson(ParaStatistics *statistics, int32_t lesson)
{
    PARA_ASSERT(lesson >= 0);
    statistics->lesson = lesson;
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++) {
        const ParaStatistic *row = &para_statistics[i];
        if (row->of == PARA_STATISTIC_LESSON && row->kind == PARA_STATISTIC_WHOLE)
            para_statistic_set_whole(statistics, row, 0);
        else if (row->of == PARA_STATISTIC_LESSON)
            para_statistic_set_real(statistics, row, (double)NAN);
    }
}
