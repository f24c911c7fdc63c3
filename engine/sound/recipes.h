// SPDX-License-Identifier: MIT
#pragma once
// The texts of assets/sounds, which the build puts into the program. Private to engine/sound.

extern const char para_sounds_materials[]; ///< how each material rings
extern const char para_sounds_hums[];      ///< what goes on: rolling, motors, thrusters, water
extern const char para_sounds_cues[];      ///< signals to the person
