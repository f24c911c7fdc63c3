// SPDX-License-Identifier: MIT
// The list of hyper-parameters as rows, and the fields of ParaSettings reached through them.
#include "agents/lesson/settings.h"

#include "engine/base/assert.h"

#include <string.h>

const ParaSetting para_settings[PARA_SETTING_COUNT] = {
#define PARA_SETTING(kind_, name_, option_, unit_, low_, high_, preset_, older_, about_)                     \
    {.name = #name_,                                                                                         \
     .option = option_,                                                                                      \
     .unit = unit_,                                                                                          \
     .about = about_,                                                                                        \
     .kind = PARA_SETTING_##kind_,                                                                           \
     .low = (low_),                                                                                          \
     .high = (high_),                                                                                        \
     .preset = (preset_),                                                                                    \
     .older = (older_),                                                                                      \
     .offset = offsetof(ParaSettings, name_)},
#include "agents/lesson/settings.def"
#undef PARA_SETTING
};

double para_setting_value(const ParaSettings *settings, const ParaSetting *row)
{
    const char *field = (const char *)settings + row->offset;
    int whole;
    double real;
    if (row->kind == PARA_SETTING_WHOLE) {
        memcpy(&whole, field, sizeof whole);
        return whole;
    }
    memcpy(&real, field, sizeof real);
    return real;
}

void para_setting_set(ParaSettings *settings, const ParaSetting *row, double value)
{
    char *field = (char *)settings + row->offset;
    int whole = (int)value;
    PARA_ASSERT(value >= row->low && value <= row->high);
    PARA_ASSERT(row->kind == PARA_SETTING_REAL || (double)whole == value);
    if (row->kind == PARA_SETTING_WHOLE)
        memcpy(field, &whole, sizeof whole);
    else
        memcpy(field, &value, sizeof value);
}

ParaSettings para_settings_default(void)
{
    ParaSettings settings;
    for (int i = 0; i < PARA_SETTING_COUNT; i++)
        para_setting_set(&settings, &para_settings[i], para_settings[i].preset);
    return settings;
}

float para_setting_fading(double weight, double fade, double progress)
{
    PARA_ASSERT(weight >= 0 && fade >= 0 && fade <= 1 && progress >= 0);
    if (fade <= 0)
        return (float)weight;
    return progress < fade ? (float)(weight * (1.0 - progress / fade)) : 0.0f;
}
