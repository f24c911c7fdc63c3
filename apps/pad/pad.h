// SPDX-License-Identifier: MIT
#pragma once
// Gamepads: found when they are plugged in, forgotten when they go, and turned into presses of keys, so that
// whatever a key does a gamepad does, in each screen by its own map. Sticks press when they are pushed more
// than half way. All gamepads act together. One thread, that of the window.
#include "engine/base/arena.h"

#include <SDL.h>
#include <stdbool.h>

/// What a person can push. The left stick and the cross are one.
typedef enum {
    PARA_PAD_LEFT,
    PARA_PAD_RIGHT,
    PARA_PAD_UP,
    PARA_PAD_DOWN,
    PARA_PAD_A,
    PARA_PAD_B,
    PARA_PAD_X,
    PARA_PAD_Y,
    PARA_PAD_LEFT_SHOULDER,
    PARA_PAD_RIGHT_SHOULDER,
    PARA_PAD_LEFT_TRIGGER,
    PARA_PAD_RIGHT_TRIGGER,
    PARA_PAD_RIGHT_STICK_LEFT,
    PARA_PAD_RIGHT_STICK_RIGHT,
    PARA_PAD_RIGHT_STICK_UP,
    PARA_PAD_RIGHT_STICK_DOWN,
    PARA_PAD_START,
    PARA_PAD_BACK,
    PARA_PAD_INPUTS
} ParaPadInput;

typedef struct ParaPad ParaPad;

/// Begins to look for gamepads; where the system has none of that, there are none.
ParaPad *para_pad_open(ParaArena *arena);
void para_pad_close(ParaPad *pad);
/// Which key an input presses from now on. What is held down is let go first. @param codes [PARA_PAD_INPUTS]
/// 0: none
void para_pad_map(ParaPad *pad, const SDL_Keycode *codes);
/// Takes an event of a gamepad, and pushes those of its key into SDL's queue.
/// @return false: it is none of a gamepad
bool para_pad_event(ParaPad *pad, const SDL_Event *event);
const char *para_pad_name(const ParaPad *pad);       ///< of the first that is plugged in; "": there is none
const char *para_pad_input_name(ParaPadInput input); ///< "left", "A", "right trigger"
