// SPDX-License-Identifier: MIT
// The keys that a template may name for its channels. apps/keys/keys.c turns them into those of the
// window.
#include "worlds/level/level.h"

#include "engine/base/text.h"

#include <string.h>

static const char *const words[] = {
    "left",       "right",    "up",        "down",     "space",       "enter",       "return",
    "shift",      "ctrl",     "control",   "alt",      "left shift",  "right shift", "left ctrl",
    "right ctrl", "left alt", "right alt", "tab",      "backspace",   "delete",      "insert",
    "home",       "end",      "pageup",    "pagedown", "minus",       "plus",        "keypad 0",
    "keypad 1",   "keypad 2", "keypad 3",  "keypad 4", "keypad 5",    "keypad 6",    "keypad 7",
    "keypad 8",   "keypad 9", "keypad +",  "keypad -", "keypad enter"};

const char *const *para_key_words(int *out_count)
{
    *out_count = (int)(sizeof words / sizeof *words);
    return words;
}

static bool same(const char *a, const char *b)
{
    while (*a && para_letter_small(*a) == *b)
        a++, b++;
    return !*a && !*b;
}

bool para_key_is_known(const char *name)
{
    size_t characters = 0;
    for (const char *at = name; *at; at++)
        characters += ((unsigned char)*at & 0xc0) != 0x80;
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        if (same(name, words[w]))
            return true;
    return characters == 1 && *name != ' ';
}
