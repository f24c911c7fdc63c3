// SPDX-License-Identifier: MIT
// Reads a script of key presses and pushes them into SDL's queue when their time has come.
#include "apps/play/play_script.h"

#include "engine/base/text.h"

#include <SDL.h>
#include <stdio.h>
#include <string.h>

#define LINES_MAX 256

typedef struct Line {
    double seconds;
    char verb[8];
    SDL_Keycode key;
} Line;

struct ParaPlayScript {
    Line lines[LINES_MAX];
    int count, next;
};

static bool read_line(const char *text, Line *line)
{
    char key[32] = "";
    const char *rest = text;
    line->seconds = para_text_number(text, &rest);
    int count = sscanf(rest, " %7s %31[^;]", line->verb, key);
    if (rest == text || count < 1 || !(line->seconds >= 0.0 && line->seconds < 1e6))
        return false;
    for (size_t i = strlen(key); i > 0 && key[i - 1] == ' '; i--)
        key[i - 1] = '\0';
    if (strcmp(line->verb, "state") == 0 || strcmp(line->verb, "quit") == 0)
        return key[0] == '\0';
    line->key = SDL_GetKeyFromName(key);
    bool known =
        strcmp(line->verb, "down") == 0 || strcmp(line->verb, "up") == 0 || strcmp(line->verb, "tap") == 0;
    return known && line->key;
}

ParaPlayScript *para_play_script_read(const char *text, ParaArena *arena, const char **out_error)
{
    ParaPlayScript *script = PARA_NEW(arena, ParaPlayScript, 1);
    while (text && text[strspn(text, " ;\n")]) {
        text += strspn(text, " ;\n");
        char part[96];
        size_t length = strcspn(text, ";");
        snprintf(part, sizeof part, "%.*s", (int)length, text);
        // "state;" ends its word at the separator, which `part` no longer holds.
        if (script->count == LINES_MAX || !read_line(part, &script->lines[script->count])) {
            *out_error = para_arena_printf(
                arena, "--script: \"%s\" is not SECONDS down|up|tap KEY, state or quit", part);
            return NULL;
        }
        script->count++;
        text += length;
    }
    return script;
}

static void push_key(SDL_Keycode key, bool down)
{
    SDL_Event event = {0};
    event.type = down ? SDL_KEYDOWN : SDL_KEYUP;
    event.key.state = down ? SDL_PRESSED : SDL_RELEASED;
    event.key.keysym.sym = key;
    event.key.keysym.scancode = SDL_GetScancodeFromKey(key);
    SDL_PushEvent(&event);
}

bool para_play_script_run(ParaPlayScript *script, double seconds)
{
    // One line of state ends the turn, so that what was pressed before it has been taken in.
    while (script->next < script->count && script->lines[script->next].seconds <= seconds) {
        const Line *line = &script->lines[script->next++];
        if (strcmp(line->verb, "state") == 0)
            return true;
        if (strcmp(line->verb, "quit") == 0)
            SDL_PushEvent(&(SDL_Event){.type = SDL_QUIT});
        if (strcmp(line->verb, "down") == 0 || strcmp(line->verb, "tap") == 0)
            push_key(line->key, true);
        if (strcmp(line->verb, "up") == 0 || strcmp(line->verb, "tap") == 0)
            push_key(line->key, false);
    }
    return false;
}
