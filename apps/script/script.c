// SPDX-License-Identifier: MIT
// Reads a script of keys, mouse and text, and pushes them into SDL's queue when their time has come.
#include "apps/script/script.h"

#include "engine/base/file.h"
#include "engine/base/text.h"

#include <SDL.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define LINES_MAX  512
#define PLACE_MOST 16383 // [px] no window is larger
#define NOTCH_MOST 100
#define WAIT_EACH  10    // [ms] between looks for a file
#define WAIT_MOST  60000 // [ms]

typedef enum {
    DOWN,
    UP,
    TAP,
    MOVE,
    PRESS,
    RELEASE,
    WHEEL,
    TYPE,
    SCREENSHOT,
    STATE,
    WAIT,
    CLOSE,
    QUIT,
    VERBS
} Verb;

typedef struct Line {
    double seconds;
    Verb verb;
    SDL_Keycode key;
    uint16_t mods;    // [KMOD_*] held for a tap
    int x, y;         // [px] of move; x: the button of press and release, the notches of wheel
    const char *text; // of type, file of screenshot
} Line;

struct ParaPlayScript {
    Line lines[LINES_MAX];
    int count, next;
    int x, y;         // [px] where the mouse is
    uint32_t buttons; // [SDL_BUTTON] that are held
    uint16_t mods;    // [KMOD_*] of the keys that are held
    const char *picture;
};

// ---------------------------------------------------------------------------------------------
// Reading.

static Verb verb_of(const char *word)
{
    static const char *const names[VERBS] = {"down",    "up",    "tap",  "move",       "press",
                                             "release", "wheel", "type", "screenshot", "state",
                                             "wait",    "close", "quit"};
    int verb = 0;
    while (verb < VERBS && strcmp(word, names[verb]) != 0)
        verb++;
    return (Verb)verb;
}

/// "Ctrl+Shift+Z": what is held, and the key. @return false if there is no such key
static bool read_key(const char *name, Line *line)
{
    static const struct {
        const char *name;
        uint16_t mod;
    } held[] = {{"Ctrl+", KMOD_LCTRL}, {"Shift+", KMOD_LSHIFT}, {"Alt+", KMOD_LALT}};
    for (bool found = line->verb == TAP; found;) {
        found = false;
        for (size_t i = 0; i < sizeof held / sizeof *held; i++)
            if (SDL_strncasecmp(name, held[i].name, strlen(held[i].name)) == 0) {
                line->mods |= held[i].mod;
                name += strlen(held[i].name);
                found = true;
            }
    }
    line->key = SDL_GetKeyFromName(name);
    return line->key != 0;
}

static bool read_button(const char *name, Line *line)
{
    static const char *const names[] = {"left", "middle", "right"};
    for (int i = 0; i < 3; i++)
        if (strcmp(name, names[i]) == 0) {
            line->x = i + 1; // SDL_BUTTON_LEFT..RIGHT
            return true;
        }
    return false;
}

/// Whole numbers, and nothing behind them. @param count 1 or 2
static bool read_numbers(const char *text, int count, int low, int high, Line *line)
{
    int *const out[] = {&line->x, &line->y};
    for (int i = 0; i < count; i++) {
        const char *rest = text;
        double value = para_text_number(text, &rest);
        if (rest == text || !(value >= low && value <= high) || value != (double)(int)value)
            return false;
        *out[i] = (int)value;
        text = rest;
    }
    return text[strspn(text, " ")] == '\0';
}

/// @param part one line, without blanks at its ends
static bool read_line(const char *part, ParaArena *arena, Line *line)
{
    char word[16] = "";
    const char *rest = part;
    int used = 0;
    *line = (Line){.seconds = para_text_number(part, &rest)};
    if (rest == part || !(line->seconds >= 0.0 && line->seconds < 1e6) ||
        sscanf(rest, " %15s%n", word, &used) < 1)
        return false;
    const char *what = rest + used + strspn(rest + used, " ");
    line->verb = verb_of(word);
    switch (line->verb) {
    case DOWN:
    case UP:
    case TAP:
        return read_key(what, line);
    case MOVE:
        return read_numbers(what, 2, 0, PLACE_MOST, line);
    case PRESS:
    case RELEASE:
        return read_button(what, line);
    case WHEEL:
        return read_numbers(what, 1, -NOTCH_MOST, NOTCH_MOST, line);
    case TYPE:
    case SCREENSHOT:
    case WAIT:
        line->text = para_arena_printf(arena, "%s", what);
        return *what != '\0';
    case STATE:
    case CLOSE:
    case QUIT:
        return *what == '\0';
    case VERBS:
        break;
    }
    return false;
}

ParaPlayScript *para_play_script_read(const char *text, ParaArena *arena, const char **out_error)
{
    static const char between[] = " ;\n";
    ParaPlayScript *script = PARA_NEW(arena, ParaPlayScript, 1);
    script->picture = "";
    while (text && text[strspn(text, between)]) {
        text += strspn(text, between);
        size_t length = strcspn(text, ";"), end = length < INT_MAX ? length : INT_MAX;
        while (text[end - 1] == ' ' || text[end - 1] == '\n')
            end--;
        const char *part = para_arena_printf(arena, "%.*s", (int)end, text);
        if (script->count == LINES_MAX || !read_line(part, arena, &script->lines[script->count])) {
            *out_error = para_arena_printf(
                arena,
                script->count == LINES_MAX
                    ? "--script: \"%s\" is one line too many"
                    : "--script: \"%s\" is not SECONDS down|up|tap KEY, move X Y, press|release "
                      "left|right|middle, wheel N, type TEXT, screenshot FILE, state, wait FILE, close or "
                      "quit",
                part);
            return NULL;
        }
        script->count++;
        text += length;
    }
    return script;
}

// ---------------------------------------------------------------------------------------------
// Pushing.

static uint16_t mod_of(SDL_Keycode key)
{
    switch (key) {
    case SDLK_LCTRL:
        return KMOD_LCTRL;
    case SDLK_RCTRL:
        return KMOD_RCTRL;
    case SDLK_LSHIFT:
        return KMOD_LSHIFT;
    case SDLK_RSHIFT:
        return KMOD_RSHIFT;
    case SDLK_LALT:
        return KMOD_LALT;
    case SDLK_RALT:
        return KMOD_RALT;
    default:
        return KMOD_NONE;
    }
}

static void push_key(ParaPlayScript *script, SDL_Keycode key, uint16_t mods, bool down)
{
    SDL_Event event = {0};
    if (down)
        script->mods |= mod_of(key);
    else
        script->mods &= (uint16_t)~mod_of(key);
    event.type = down ? SDL_KEYDOWN : SDL_KEYUP;
    event.key.state = down ? SDL_PRESSED : SDL_RELEASED;
    event.key.keysym.sym = key;
    event.key.keysym.scancode = SDL_GetScancodeFromKey(key);
    event.key.keysym.mod = script->mods | mods;
    SDL_SetModState((SDL_Keymod)script->mods);
    SDL_PushEvent(&event);
}

static void push_motion(ParaPlayScript *script, int x, int y)
{
    SDL_Event event = {0};
    event.type = SDL_MOUSEMOTION;
    event.motion.state = script->buttons;
    event.motion.x = x;
    event.motion.y = y;
    event.motion.xrel = x - script->x;
    event.motion.yrel = y - script->y;
    script->x = x;
    script->y = y;
    SDL_PushEvent(&event);
}

static void push_button(ParaPlayScript *script, int button, bool down)
{
    SDL_Event event = {0};
    uint32_t bit = 1u << (button - 1); // SDL_BUTTON(button), which is signed
    script->buttons = down ? script->buttons | bit : script->buttons & ~bit;
    event.type = down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP;
    event.button.button = (uint8_t)button;
    event.button.state = down ? SDL_PRESSED : SDL_RELEASED;
    event.button.clicks = 1;
    event.button.x = script->x;
    event.button.y = script->y;
    SDL_PushEvent(&event);
}

static void push_wheel(int notches)
{
    SDL_Event event = {0};
    event.type = SDL_MOUSEWHEEL;
    event.wheel.y = notches;
    event.wheel.preciseY = (float)notches;
    SDL_PushEvent(&event);
}

/// SDL tells text in pieces of up to 31 bytes, whole letters each.
static void push_text(const char *text)
{
    while (*text) {
        SDL_Event event = {0};
        size_t length = strlen(text), most = sizeof event.text.text - 1;
        if (length > most) {
            length = most;
            while (length > 1 && ((unsigned char)text[length] & 0xc0) == 0x80)
                length--;
        }
        event.type = SDL_TEXTINPUT;
        memcpy(event.text.text, text, length);
        SDL_PushEvent(&event);
        text += length;
    }
}

/// Whoever waits in vain goes on, and finds out.
static void wait_for(const char *file)
{
    for (int k = 0; k < WAIT_MOST / WAIT_EACH && !para_file_exists(file); k++)
        SDL_Delay(WAIT_EACH);
}

static void push(ParaPlayScript *script, const Line *line)
{
    switch (line->verb) {
    case DOWN:
        push_key(script, line->key, 0, true);
        break;
    case UP:
        push_key(script, line->key, 0, false);
        break;
    case TAP:
        push_key(script, line->key, line->mods, true);
        push_key(script, line->key, line->mods, false);
        break;
    case MOVE:
        push_motion(script, line->x, line->y);
        break;
    case PRESS:
    case RELEASE:
        push_button(script, line->x, line->verb == PRESS);
        break;
    case WHEEL:
        push_wheel(line->x);
        break;
    case TYPE:
        push_text(line->text);
        break;
    case WAIT:
        wait_for(line->text);
        break;
    case CLOSE: // as SDL does for the last window
        SDL_PushEvent(&(SDL_Event){.window = {.type = SDL_WINDOWEVENT, .event = SDL_WINDOWEVENT_CLOSE}});
        SDL_PushEvent(&(SDL_Event){.type = SDL_QUIT});
        break;
    case QUIT:
        SDL_PushEvent(&(SDL_Event){.type = SDL_QUIT});
        break;
    case SCREENSHOT:
    case STATE:
    case VERBS:
        break;
    }
}

ParaScriptDue para_play_script_run(ParaPlayScript *script, double seconds)
{
    while (script->next < script->count && script->lines[script->next].seconds <= seconds) {
        const Line *line = &script->lines[script->next++];
        push(script, line);
        if (line->verb == STATE)
            return PARA_SCRIPT_STATE;
        if (line->verb == SCREENSHOT) {
            script->picture = line->text;
            return PARA_SCRIPT_SCREENSHOT;
        }
    }
    return PARA_SCRIPT_NOTHING;
}

const char *para_play_script_picture(const ParaPlayScript *script) { return script->picture; }
