// SPDX-License-Identifier: MIT
// Which keys belong to which mode: the level's own, commands as far as they do something there, and what is
// fixed (apps/keys/fixed.c). What may be typed comes from the list of meddles.
#include "apps/play/play_help.h"

#include "apps/keys/fixed.h"
#include "apps/play/play_dream.h"
#include "apps/sandbox/sandbox.h"

#include <stdio.h>

#define BIT(command) (1u << PARA_COMMAND_##command)

/// Commands that have nothing to do in a mode.
static const unsigned left_out[PARA_HELP_MODES] = {
    [PARA_HELP_REPLAY] = BIT(SAVE) | BIT(NEXT) | BIT(MEDDLE) | BIT(HAND_OVER),
    [PARA_HELP_STORY] = BIT(NEXT) | BIT(HAND_OVER),
};

static void add_group(ParaHelpList *out, ParaFixedGroup group)
{
    int count = 0;
    const ParaFixedKey *keys = para_fixed_keys(group, &count);
    para_help_head(out, para_fixed_title(group));
    for (int i = 0; i < count; i++)
        para_help_add(out, keys[i].keys, keys[i].about);
}

static void add_level(ParaHelpList *out, const ParaGame *game, const ParaKeys *keys)
{
    int own = para_game_seated(game, PARA_SEAT_KEYS);
    const ParaPlayer *player = &game->env.level->players[own >= 0 ? own : 0];
    char names[PARA_HELP_KEYS_MAX];
    para_help_head(out, "This level");
    if (*game->env.level->about)
        para_help_add(out, "goal", game->env.level->about); // whole: the line above the world may be cut
    for (int c = 0; c < PARA_CHANNELS; c++)
        if (player->channel_bits >> c & 1) {
            para_keys_channel_names(keys, c, names, sizeof names);
            para_help_add(out, names, *player->keys[c].label ? player->keys[c].label : "act");
        }
    if (game->slow)
        para_help_add(out, "thin lines",
                      "ways that the trained player imagines; bold: the one it means to go");
}

static void add_commands(ParaHelpList *out, ParaHelpMode mode, const ParaKeys *keys)
{
    char names[PARA_HELP_KEYS_MAX];
    para_help_head(out, "Always");
    for (int i = PARA_COMMAND_NONE + 1; i < PARA_COMMAND_COUNT; i++)
        if (!(left_out[mode] >> i & 1)) {
            para_keys_command_names(keys, (ParaCommandKey)i, names, sizeof names);
            para_help_add(out, names, para_keys_command_about((ParaCommandKey)i));
        }
    para_help_add(out, "F11", "fullscreen, and back");
}

static void add_lines(ParaHelpList *out)
{
    para_help_head(out, "Lines to type there");
    for (int k = 0; k < PARA_MEDDLES; k++) {
        char line[PARA_HELP_KEYS_MAX];
        ParaMeddleKind kind = (ParaMeddleKind)k;
        snprintf(line, sizeof line, "%s %s", para_meddle_word(kind), para_meddle_takes(kind));
        para_help_add(out, line, para_meddle_about(kind));
    }
    para_help_add(out, "calm, drain", "no wind, no water");
    para_help_add(out, "gravity flip, back or off", "upside down, as it was, none");
}

const char *para_play_help_title(ParaHelpMode mode)
{
    static const char *const titles[PARA_HELP_MODES] = {"Keys", "Keys of a replay", "Keys of a story",
                                                        "Keys of the sandbox", "Keys of a dream"};
    return titles[mode];
}

void para_play_help(ParaHelpMode mode, const ParaGame *game, const ParaKeys *keys, ParaHelpList *out)
{
    out->count = 0;
    if (mode != PARA_HELP_REPLAY)
        add_level(out, game, keys);
    else
        add_group(out, PARA_FIXED_REPLAY);
    if (mode == PARA_HELP_STORY)
        add_group(out, PARA_FIXED_STORY);
    if (mode == PARA_HELP_SANDBOX)
        para_sandbox_help(out);
    if (mode == PARA_HELP_DREAM)
        para_play_dream_help(out);
    add_commands(out, mode, keys);
    if (mode != PARA_HELP_REPLAY) {
        add_group(out, PARA_FIXED_TRAY);
        add_lines(out);
    }
    add_group(out, PARA_FIXED_PAD);
}

void para_play_help_photo(ParaHelpList *out)
{
    out->count = 0;
    add_group(out, PARA_FIXED_PHOTO);
    add_group(out, PARA_FIXED_ANYWHERE);
}
