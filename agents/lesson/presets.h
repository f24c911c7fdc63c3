// SPDX-License-Identifier: MIT
#pragma once
// Presets of a training: sizes and hyper-parameters that go together, by name: agents/lesson/presets.def.
#include "agents/lesson/lesson.h"

typedef struct ParaTrainPreset {
    const char *name, *about;
    void (*set)(ParaTrainDef *def); ///< private: use para_train_preset
} ParaTrainPreset;

enum {
#define PARA_PRESET(name, ...) PARA_PRESET_INDEX_##name,
#include "agents/lesson/presets.def"
#undef PARA_PRESET
    PARA_PRESET_COUNT
};
extern const ParaTrainPreset para_train_presets[PARA_PRESET_COUNT];

/// Sets what the preset names in `def`, and nothing else.
/// @return false, and `def` is as it was: there is no preset of this name
bool para_train_preset(const char *name, ParaTrainDef *def);
/// @return the names, NULL after the last, for an option's choices
const char *const *para_train_preset_names(void);
