// SPDX-License-Identifier: MIT
// Numbers of a training as people read them, for the panel and the plain lines.
#include "apps/train/train_view_parts.h"

#include "engine/base/text.h"

#include <stdio.h>

const char *para_train_word_short(double value, char *out)
{
    static const char units[] = {' ', 'k', 'M', 'G', 'T'};
    int unit = 0;
    while (value >= 999.5 && unit < 4)
        value /= 1000.0, unit++;
    if (unit == 0)
        para_text_format(out, PARA_TRAIN_WORD, "%.0f", value);
    else
        para_text_format(out, PARA_TRAIN_WORD, "%.*f %c",
                         value < 9.995   ? 2
                         : value < 99.95 ? 1
                                         : 0,
                         value, units[unit]);
    return out;
}

const char *para_train_word_clock(double seconds, char *out)
{
    long whole = (long)(seconds > 0 ? seconds : 0);
    if (whole >= 3600)
        snprintf(out, PARA_TRAIN_WORD, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    else
        snprintf(out, PARA_TRAIN_WORD, "%ld:%02ld", whole / 60, whole % 60);
    return out;
}

const char *para_train_word_statistic(const ParaStatistics *statistics, const ParaStatistic *row, char *out)
{
    double value = para_statistic_value(statistics, row);
    switch (row->style) {
    case PARA_STATISTIC_SHORT:
        return para_train_word_short(value, out);
    case PARA_STATISTIC_FIXED_2:
        para_text_format(out, PARA_TRAIN_WORD, "%.2f", value);
        break;
    case PARA_STATISTIC_FIXED_3:
        para_text_format(out, PARA_TRAIN_WORD, "%.3f", value);
        break;
    case PARA_STATISTIC_FIXED_4:
        para_text_format(out, PARA_TRAIN_WORD, "%.4f", value);
        break;
    case PARA_STATISTIC_PERCENT:
        para_text_format(out, PARA_TRAIN_WORD, "%.0f %%", 100 * value);
        break;
    }
    return out;
}

double para_train_remaining(const ParaTrainView *view, const ParaTrainStatus *status)
{
    const ParaTrainDef *def = view->def;
    const ParaStatistics *now = &status->now;
    if (def->minutes > 0)
        return def->minutes * 60.0 - now->seconds;
    if (now->decisions_per_second > 0 && now->lesson > 0 && def->lessons > 0) {
        double per_lesson = (double)now->decisions / (now->lesson + 1) / now->decisions_per_second;
        return ((double)def->lessons - now->lesson - 1) * per_lesson;
    }
    if (now->decisions_per_second > 0 && def->decisions > 0)
        return (double)(def->decisions - now->decisions) / now->decisions_per_second;
    return -1.0;
}

double para_train_mean_solve(const ParaTrainStatus *status)
{
    double sum = 0.0;
    int known = 0;
    for (int i = 0; i < status->family_count; i++)
        if (status->family_solve[i] >= 0.0f)
            sum += (double)status->family_solve[i], known++;
    return known ? sum / known : -1.0;
}
