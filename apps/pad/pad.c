// SPDX-License-Identifier: MIT
// From SDL's controllers to keys.
#include "apps/pad/pad.h"

#include <string.h>

#define PADS_MAX 8
#define PRESSED  16000 // of 32767 a stick or trigger is pushed; it is let go below RELEASED
#define RELEASED 11000

struct ParaPad {
    SDL_GameController *pads[PADS_MAX];
    SDL_Keycode codes[PARA_PAD_INPUTS];
    bool stick[PARA_PAD_INPUTS], button[PARA_PAD_INPUTS]; // what holds an input down: either
    bool held[PARA_PAD_INPUTS];                           // as the keys were told
    bool began;
};

static const char *const names[PARA_PAD_INPUTS] = {"left",
                                                   "right",
                                                   "up",
                                                   "down",
                                                   "A",
                                                   "B",
                                                   "X",
                                                   "Y",
                                                   "left bumper",
                                                   "right bumper",
                                                   "left trigger",
                                                   "right trigger",
                                                   "right stick left",
                                                   "right stick right",
                                                   "right stick up",
                                                   "right stick down",
                                                   "start",
                                                   "back"};

ParaPad *para_pad_open(ParaArena *arena)
{
    ParaPad *pad = PARA_NEW(arena, ParaPad, 1);
    pad->began = SDL_InitSubSystem(SDL_INIT_GAMECONTROLLER) == 0; // tells of each that is there by an event
    return pad;
}

void para_pad_close(ParaPad *pad)
{
    for (int i = 0; i < PADS_MAX; i++)
        if (pad->pads[i])
            SDL_GameControllerClose(pad->pads[i]);
    memset(pad->pads, 0, sizeof pad->pads);
    if (pad->began)
        SDL_QuitSubSystem(SDL_INIT_GAMECONTROLLER);
    pad->began = false;
}

static void push(SDL_Keycode code, bool down)
{
    SDL_Event event = {0};
    event.type = down ? SDL_KEYDOWN : SDL_KEYUP;
    event.key.state = down ? SDL_PRESSED : SDL_RELEASED;
    event.key.keysym.sym = code;
    event.key.keysym.scancode = SDL_GetScancodeFromKey(code);
    SDL_PushEvent(&event);
}

static void tell(ParaPad *pad, int input)
{
    bool down = pad->stick[input] || pad->button[input];
    if (down == pad->held[input])
        return;
    pad->held[input] = down;
    if (pad->codes[input])
        push(pad->codes[input], down);
}

static void let_go(ParaPad *pad)
{
    memset(pad->stick, 0, sizeof pad->stick);
    memset(pad->button, 0, sizeof pad->button);
    for (int i = 0; i < PARA_PAD_INPUTS; i++)
        tell(pad, i);
}

void para_pad_map(ParaPad *pad, const SDL_Keycode *codes)
{
    let_go(pad);
    memcpy(pad->codes, codes, sizeof pad->codes);
}

/// A stick's axis pushes one of two inputs; a trigger's one.
static void axis(ParaPad *pad, int low, int high, int value)
{
    if (low >= 0) {
        pad->stick[low] = -value > (pad->stick[low] ? RELEASED : PRESSED);
        tell(pad, low);
    }
    pad->stick[high] = value > (pad->stick[high] ? RELEASED : PRESSED);
    tell(pad, high);
}

static int button_input(int button)
{
    switch (button) {
    case SDL_CONTROLLER_BUTTON_DPAD_LEFT:
        return PARA_PAD_LEFT;
    case SDL_CONTROLLER_BUTTON_DPAD_RIGHT:
        return PARA_PAD_RIGHT;
    case SDL_CONTROLLER_BUTTON_DPAD_UP:
        return PARA_PAD_UP;
    case SDL_CONTROLLER_BUTTON_DPAD_DOWN:
        return PARA_PAD_DOWN;
    case SDL_CONTROLLER_BUTTON_A:
        return PARA_PAD_A;
    case SDL_CONTROLLER_BUTTON_B:
        return PARA_PAD_B;
    case SDL_CONTROLLER_BUTTON_X:
        return PARA_PAD_X;
    case SDL_CONTROLLER_BUTTON_Y:
        return PARA_PAD_Y;
    case SDL_CONTROLLER_BUTTON_LEFTSHOULDER:
        return PARA_PAD_LEFT_SHOULDER;
    case SDL_CONTROLLER_BUTTON_RIGHTSHOULDER:
        return PARA_PAD_RIGHT_SHOULDER;
    case SDL_CONTROLLER_BUTTON_START:
        return PARA_PAD_START;
    case SDL_CONTROLLER_BUTTON_BACK:
        return PARA_PAD_BACK;
    default:
        return -1;
    }
}

static void take_axis(ParaPad *pad, int which, int value)
{
    switch (which) {
    case SDL_CONTROLLER_AXIS_LEFTX:
        axis(pad, PARA_PAD_LEFT, PARA_PAD_RIGHT, value);
        break;
    case SDL_CONTROLLER_AXIS_LEFTY:
        axis(pad, PARA_PAD_UP, PARA_PAD_DOWN, value);
        break;
    case SDL_CONTROLLER_AXIS_RIGHTX:
        axis(pad, PARA_PAD_RIGHT_STICK_LEFT, PARA_PAD_RIGHT_STICK_RIGHT, value);
        break;
    case SDL_CONTROLLER_AXIS_RIGHTY:
        axis(pad, PARA_PAD_RIGHT_STICK_UP, PARA_PAD_RIGHT_STICK_DOWN, value);
        break;
    case SDL_CONTROLLER_AXIS_TRIGGERLEFT:
        axis(pad, -1, PARA_PAD_LEFT_TRIGGER, value);
        break;
    case SDL_CONTROLLER_AXIS_TRIGGERRIGHT:
        axis(pad, -1, PARA_PAD_RIGHT_TRIGGER, value);
        break;
    default:
        break;
    }
}

static void add(ParaPad *pad, int index)
{
    for (int i = 0; i < PADS_MAX; i++)
        if (!pad->pads[i]) {
            pad->pads[i] = SDL_GameControllerOpen(index); // NULL: it went before it was greeted
            return;
        }
}

static void take_away(ParaPad *pad, SDL_JoystickID id)
{
    for (int i = 0; i < PADS_MAX; i++)
        if (pad->pads[i] && pad->pads[i] == SDL_GameControllerFromInstanceID(id)) {
            SDL_GameControllerClose(pad->pads[i]);
            pad->pads[i] = NULL;
            let_go(pad); // what it held is never told
        }
}

bool para_pad_event(ParaPad *pad, const SDL_Event *event)
{
    int input;
    switch (event->type) {
    case SDL_CONTROLLERDEVICEADDED:
        add(pad, event->cdevice.which);
        return true;
    case SDL_CONTROLLERDEVICEREMOVED:
        take_away(pad, event->cdevice.which);
        return true;
    case SDL_CONTROLLERAXISMOTION:
        take_axis(pad, event->caxis.axis, event->caxis.value);
        return true;
    case SDL_CONTROLLERBUTTONDOWN:
    case SDL_CONTROLLERBUTTONUP:
        input = button_input(event->cbutton.button);
        if (input >= 0) {
            pad->button[input] = event->type == SDL_CONTROLLERBUTTONDOWN;
            tell(pad, input);
        }
        return true;
    default:
        return false;
    }
}

const char *para_pad_name(const ParaPad *pad)
{
    for (int i = 0; i < PADS_MAX; i++)
        if (pad->pads[i]) {
            const char *name = SDL_GameControllerName(pad->pads[i]);
            return name ? name : "a gamepad";
        }
    return "";
}

const char *para_pad_input_name(ParaPadInput input) { return names[input]; }
