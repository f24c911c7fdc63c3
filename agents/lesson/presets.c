// SPDX-License-Identifier: MIT
// The list of presets as rows, and what each sets.
#include "agents/lesson/presets.h"

#include <string.h>

#define PARA_PRESET_SIZE(field, value) def->field = (value);
#define PARA_PRESET_SETTING(name, value)                                                                     \
    para_setting_set(&def->settings, &para_settings[PARA_SETTING_INDEX_##name], (value));
#define PARA_PRESET(name, about, values)                                                                     \
    static void set_##name(ParaTrainDef *def) { values }
#include "agents/lesson/presets.def"
#undef PARA_PRESET

const ParaTrainPreset para_train_presets[PARA_PRESET_COUNT] = {
#define PARA_PRESET(name_, about_, values) {.name = #name_, .about = (about_), .set = set_##name_},
#include "agents/lesson/presets.def"
#undef PARA_PRESET
};

bool para_train_preset(const char *name, ParaTrainDef *def)
{
    for (int i = 0; i < PARA_PRESET_COUNT; i++)
        if (strcmp(name, para_train_presets[i].name) == 0) {
            para_train_presets[i].set(def);
            return true;
        }
    return false;
}

const char *const *para_train_preset_names(void)
{
    static const char *const names[PARA_PRESET_COUNT + 1] = {
#define PARA_PRESET(name, ...) #name,
#include "agents/lesson/presets.def"
#undef PARA_PRESET
        NULL};
    return names;
}
