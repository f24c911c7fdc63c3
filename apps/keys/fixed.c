// SPDX-License-Identifier: MIT
// Lists of keys that no level and no setting changes.
#include "apps/keys/fixed.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))
#define LEFT        "\xe2\x86\x90"
#define UP          "\xe2\x86\x91"
#define RIGHT       "\xe2\x86\x92"
#define DOWN        "\xe2\x86\x93"

static const ParaFixedKey anywhere[] = {{"F11", "fullscreen, and back"}};
static const ParaFixedKey home[] = {{LEFT " " UP " " RIGHT " " DOWN, "choose"},
                                    {"Enter, click", "play it, or do what it says"},
                                    {"F3", "play it inside a learned model"},
                                    {"F4", "change it in the editor, or begin a level as it"},
                                    {"Page Up, Page Down, Home, End, wheel", "further at once"},
                                    {"letters", "search"},
                                    {"Esc", "end the search; leave"},
                                    {"F1", "keys"},
                                    {"F10", "settings"}};
static const ParaFixedKey tray[] = {{"letters, Enter", "type a line, do it; the line stays open"},
                                    {UP, "the line before, to change it"},
                                    {"click on a button", "do what it says"},
                                    {"click in the world", "drop there what was dropped last"},
                                    {"Esc", "play on"}};
static const ParaFixedKey story[] = {{"Space, Enter", "on from a card, or from the end of a scene"}};
static const ParaFixedKey replay[] = {{"any key", "begins at once"}};
static const ParaFixedKey photo[] = {{"drag, " LEFT " " UP " " RIGHT " " DOWN, "move the view"},
                                     {"wheel, + and -", "closer, farther"},
                                     {"1 2 3 4", "times the size of the window"},
                                     {"Enter", "save the picture"},
                                     {"Esc, F12", "back into play"}};
static const ParaFixedKey watch[] = {{LEFT " " UP " " RIGHT " " DOWN ", click", "choose a level"},
                                     {"Enter", "enlarge it; play a replay of the list"},
                                     {"Tab", "take over the enlarged level, and hand back"},
                                     {"P", "replays and proofs"},
                                     {"Space", "pause a replay, and go on"},
                                     {LEFT " " RIGHT ", drag", "seek in a replay"},
                                     {"Home, End", "its begin, its end"},
                                     {"S", "smooth at the cost of the training, and back"},
                                     {"H, F1", "these keys"},
                                     {"Esc", "back, and leave"}};
static const ParaFixedKey pad[] = {{"left stick, cross", "steer, choose"},
                                   {"A B X, bumpers, triggers, right stick", "what else a level has"},
                                   {"A, B, X, Y", "at home: play, back, change, keys"},
                                   {"Y", "in play: begin the level again"},
                                   {"start, back", "pause, leave"}};

static const struct {
    const char *title;
    const ParaFixedKey *keys;
    int count;
} groups[PARA_FIXED_GROUPS] = {
    [PARA_FIXED_ANYWHERE] = {"Everywhere", anywhere, COUNT(anywhere)},
    [PARA_FIXED_HOME] = {"Home", home, COUNT(home)},
    [PARA_FIXED_TRAY] = {"The tray", tray, COUNT(tray)},
    [PARA_FIXED_STORY] = {"Story", story, COUNT(story)},
    [PARA_FIXED_REPLAY] = {"Replay", replay, COUNT(replay)},
    [PARA_FIXED_PHOTO] = {"Photo", photo, COUNT(photo)},
    [PARA_FIXED_WATCH] = {"Watch", watch, COUNT(watch)},
    [PARA_FIXED_PAD] = {"Gamepad", pad, COUNT(pad)},
};

const char *para_fixed_title(ParaFixedGroup group) { return groups[group].title; }

const ParaFixedKey *para_fixed_keys(ParaFixedGroup group, int *out_count)
{
    *out_count = groups[group].count;
    return groups[group].keys;
}
