// SPDX-License-Identifier: MIT
#pragma once
// A training's hyper-parameters, as a struct and as a list that can be walked: agents/lesson/settings.def.
// They are the run's: its config keeps them, and a run that goes on keeps its own.
#include <stdbool.h>
#include <stddef.h>

typedef enum { PARA_SETTING_WHOLE, PARA_SETTING_REAL } ParaSettingKind;
#define PARA_SETTING_TYPE_WHOLE int
#define PARA_SETTING_TYPE_REAL  double

/// Units and ranges stand in the list.
typedef struct ParaSettings {
#define PARA_SETTING(kind, name, ...) PARA_SETTING_TYPE_##kind name;
#include "agents/lesson/settings.def"
#undef PARA_SETTING
} ParaSettings;

typedef struct ParaSetting {
    const char *name;   ///< of the field, and in the config
    const char *option; ///< of `paracosm train`, without the dashes
    const char *unit, *about;
    ParaSettingKind kind;
    double low, high; ///< [1] any finite, in `unit`
    double preset;    ///< [1] low..high the default
    double older;     ///< [1] low..high what runs from before the row were trained with
    size_t offset;    ///< [byte] >= 0 of the field
} ParaSetting;

enum {
#define PARA_SETTING(kind, name, ...) PARA_SETTING_INDEX_##name,
#include "agents/lesson/settings.def"
#undef PARA_SETTING
    PARA_SETTING_COUNT
};
extern const ParaSetting para_settings[PARA_SETTING_COUNT];

ParaSettings para_settings_default(void);
double para_setting_value(const ParaSettings *settings, const ParaSetting *row);
/// @param value in the row's range; whole where it is WHOLE
void para_setting_set(ParaSettings *settings, const ParaSetting *row, double value);
/// What is left of a weight at some point of a training: it falls in a line.
/// @param weight >= 0 at the beginning   @param fade [1] 0..1 share of the training after which nothing is
/// left; 0: it never falls   @param progress [1] >= 0 of the training, 1 at its end
float para_setting_fading(double weight, double fade, double progress);
