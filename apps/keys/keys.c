// SPDX-License-Identifier: MIT
// Which keys act on which channel and which are commands: a level's own keys first, defaults for the rest,
// letters only where no channel wants them.
#include "apps/keys/keys.h"

#include <stdio.h>
#include <string.h>

typedef struct CommandRow {
    SDL_Keycode always, letter;
    const char *word, *about;
} CommandRow;

static const CommandRow commands[PARA_COMMAND_COUNT] = {
    [PARA_COMMAND_HELP] = {SDLK_F1, SDLK_h, "help", "show or hide this help"},
    [PARA_COMMAND_SAVE] = {SDLK_F2, 0, "save", "save the finished episode as a replay"},
    [PARA_COMMAND_RESTART] = {SDLK_F5, SDLK_r, "restart", "start this level again"},
    [PARA_COMMAND_NEXT] = {SDLK_F6, SDLK_n, "next", "next level"},
    [PARA_COMMAND_PAUSE] = {SDLK_F7, SDLK_p, "pause", "pause"},
    [PARA_COMMAND_SLOW] = {SDLK_F8, SDLK_s, "slow", "slow motion"},
    [PARA_COMMAND_OVERLAY] = {SDLK_F10, SDLK_o, "overlay", "marks of forces, speeds, joints and zones"},
    [PARA_COMMAND_BACK] = {SDLK_BACKSPACE, 0, "back", "hold: back in time"},
    [PARA_COMMAND_STEP] = {SDLK_F4, SDLK_PERIOD, "step", "pause, and on by one decision"},
    [PARA_COMMAND_MEDDLE] = {SDLK_F3, SDLK_SLASH, "meddle", "the tray: crates, wind, water"},
    [PARA_COMMAND_HAND_OVER] = {SDLK_TAB, 0, "hand-over", "hand over to the trained player, and back"},
    [PARA_COMMAND_MUTE] = {SDLK_F9, SDLK_m, "mute", "sound on or off"},
    [PARA_COMMAND_FILM] = {SDLK_INSERT, SDLK_f, "film", "begin a film (GIF), and end it"},
    [PARA_COMMAND_PHOTO] = {SDLK_F12, 0, "photo", "photo mode: look around, save a picture"},
    [PARA_COMMAND_QUIT] = {SDLK_ESCAPE, 0, "quit", "quit"},
};

static SDL_Keycode code_of(const char *name)
{
    static const char *const words[][2] = {{"shift", "Left Shift"},
                                           {"ctrl", "Left Ctrl"},
                                           {"control", "Left Ctrl"},
                                           {"alt", "Left Alt"},
                                           {"enter", "Return"},
                                           {"minus", "-"},
                                           {"plus", "+"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (SDL_strcasecmp(name, words[i][0]) == 0)
            name = words[i][1];
    return *name ? SDL_GetKeyFromName(name) : 0;
}

static bool is_used(const ParaKeys *keys, SDL_Keycode code)
{
    for (int c = 0; c < PARA_CHANNELS; c++)
        for (int side = 0; side < 2; side++)
            for (int way = 0; way < PARA_KEY_WAYS; way++)
                if (keys->codes[c][side][way] == code)
                    return true;
    return false;
}

/// The key that somebody chose for something, else its own.
static SDL_Keycode chosen(const ParaPreferences *preferences, const char *what, SDL_Keycode own)
{
    const char *name = preferences ? para_preferences_bind(preferences, what) : "";
    SDL_Keycode code = *name ? SDL_GetKeyFromName(name) : 0;
    return code ? code : own;
}

/// In place of the level's keys those that a person chose for them, without their letters.
static void choose(ParaKeys *keys)
{
    for (int c = 0; c < PARA_CHANNELS; c++)
        for (int side = 0; side < 2; side++) {
            char what[64];
            SDL_Keycode asked = keys->codes[c][side][0];
            keys->asked[c][side] = asked;
            snprintf(what, sizeof what, "steer:%s", SDL_GetKeyName(asked));
            SDL_Keycode code = asked ? chosen(keys->preferences, what, asked) : 0;
            if (code != asked)
                keys->codes[c][side][1] = 0;
            keys->codes[c][side][0] = code;
        }
}

/// For channels whose template names no keys, in this order as far as they are free.
static void give_default(ParaKeys *keys, int channel, bool negative)
{
    static const SDL_Keycode pairs[][2] = {{SDLK_RIGHT, SDLK_LEFT}, {SDLK_UP, SDLK_DOWN}, {SDLK_e, SDLK_q},
                                           {SDLK_l, SDLK_j},        {SDLK_i, SDLK_k},     {SDLK_v, SDLK_c},
                                           {SDLK_b, SDLK_x},        {SDLK_m, SDLK_z}};
    SDL_Keycode(*codes)[PARA_KEY_WAYS] = keys->codes[channel];
    if (!negative && !is_used(keys, SDLK_SPACE)) {
        codes[0][0] = SDLK_SPACE;
        return;
    }
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (!is_used(keys, pairs[i][0]) && !is_used(keys, pairs[i][1])) {
            codes[0][0] = pairs[i][0];
            codes[1][0] = pairs[i][1];
            return;
        }
}

static void add_letters(ParaKeys *keys)
{
    static const SDL_Keycode twins[][2] = {
        {SDLK_LEFT, SDLK_a}, {SDLK_RIGHT, SDLK_d}, {SDLK_UP, SDLK_w}, {SDLK_DOWN, SDLK_s}};
    for (int c = 0; c < PARA_CHANNELS; c++)
        for (int side = 0; side < 2; side++)
            for (int t = 0; t < 4; t++)
                if (keys->codes[c][side][0] == twins[t][0] && !is_used(keys, twins[t][1]))
                    keys->codes[c][side][1] = twins[t][1];
}

ParaKeys para_keys_of(const ParaLevel *level) { return para_keys_chosen(level, NULL); }

static uint32_t jumps_of(const ParaPlayer *player)
{
    uint32_t bits = 0;
    for (int i = 0; i < player->actuator_count; i++)
        if (player->actuators[i].kind == PARA_ACTUATOR_JUMP)
            bits |= 1u << player->actuators[i].channel;
    return bits;
}

ParaKeys para_keys_chosen(const ParaLevel *level, const ParaPreferences *preferences)
{
    return para_keys_of_player(level, 0, preferences);
}

ParaKeys para_keys_of_player(const ParaLevel *level, int which, const ParaPreferences *preferences)
{
    ParaKeys keys;
    memset(&keys, 0, sizeof keys);
    keys.preferences = preferences;
    const ParaPlayer *player = &level->players[which];
    keys.jump_bits = jumps_of(player);
    for (int c = 0; c < PARA_CHANNELS; c++) {
        if (!(player->channel_bits >> c & 1))
            continue;
        keys.codes[c][0][0] = code_of(player->keys[c].positive);
        keys.codes[c][1][0] = code_of(player->keys[c].negative);
    }
    for (int c = 0; c < PARA_CHANNELS; c++)
        if (player->channel_bits >> c & 1 && !keys.codes[c][0][0] && !keys.codes[c][1][0])
            give_default(&keys, c, player->negative_bits >> c & 1);
    add_letters(&keys);
    choose(&keys);
    return keys;
}

/// The letters of the left hand leave the first person's keys.
static void give_up_letters(ParaKeys *first)
{
    static const SDL_Keycode letters[] = {SDLK_a, SDLK_d, SDLK_w, SDLK_s, SDLK_LSHIFT};
    for (int c = 0; c < PARA_CHANNELS; c++)
        for (int side = 0; side < 2; side++)
            for (size_t k = 0; k < sizeof letters / sizeof *letters; k++)
                if (first->codes[c][side][1] == letters[k])
                    first->codes[c][side][1] = 0;
}

/// The left hand's key for one of the right hand's; 0: it has none.
static SDL_Keycode left_handed(SDL_Keycode code)
{
    static const SDL_Keycode twins[][2] = {{SDLK_LEFT, SDLK_a},
                                           {SDLK_RIGHT, SDLK_d},
                                           {SDLK_UP, SDLK_w},
                                           {SDLK_DOWN, SDLK_s},
                                           {SDLK_SPACE, SDLK_LSHIFT}};
    for (size_t t = 0; t < sizeof twins / sizeof *twins; t++)
        if (twins[t][0] == code)
            return twins[t][1];
    return 0;
}

ParaKeys para_keys_second(const ParaLevel *level, int player, ParaKeys *first)
{
    static const SDL_Keycode more[] = {SDLK_e, SDLK_q, SDLK_c, SDLK_x, SDLK_v, SDLK_z, SDLK_t, SDLK_g,
                                       SDLK_b, SDLK_y, SDLK_1, SDLK_2, SDLK_3, SDLK_4, SDLK_5, SDLK_6};
    ParaKeys own = para_keys_of_player(level, player, NULL), keys;
    give_up_letters(first);
    memset(&keys, 0, sizeof keys);
    keys.jump_bits = own.jump_bits;
    for (int c = 0; c < PARA_CHANNELS; c++)
        for (int side = 0; side < 2; side++) {
            SDL_Keycode asked = own.codes[c][side][0], code = left_handed(asked);
            if (!asked)
                continue;
            for (size_t k = 0;
                 k < sizeof more / sizeof *more && (!code || is_used(first, code) || is_used(&keys, code));
                 k++)
                code = more[k];
            keys.codes[c][side][0] = keys.asked[c][side] = code;
        }
    return keys;
}

static bool is_down(const ParaKeys *keys, SDL_Keycode code)
{
    for (int c = 0; c < PARA_CHANNELS; c++)
        for (int side = 0; side < 2; side++)
            for (int way = 0; way < PARA_KEY_WAYS; way++)
                if (keys->codes[c][side][way] == code && keys->down[c][side][way])
                    return true;
    return false;
}

void para_keys_hold_on(ParaKeys *keys, const ParaKeys *before)
{
    for (int c = 0; c < PARA_CHANNELS; c++)
        for (int side = 0; side < 2; side++)
            for (int way = 0; way < PARA_KEY_WAYS; way++)
                keys->down[c][side][way] =
                    keys->codes[c][side][way] && is_down(before, keys->codes[c][side][way]);
}

bool para_keys_held(const ParaKeys *keys)
{
    bool held = false;
    for (int c = 0; c < PARA_CHANNELS; c++)
        for (int side = 0; side < 2; side++)
            for (int way = 0; way < PARA_KEY_WAYS; way++)
                held |= keys->down[c][side][way];
    return held;
}

bool para_keys_uses(const ParaKeys *keys, SDL_Keycode code) { return is_used(keys, code); }

bool para_keys_event(ParaKeys *keys, SDL_Keycode code, bool down, ParaKeysMoment moment)
{
    bool moves = false;
    for (int c = 0; c < PARA_CHANNELS && code; c++)
        for (int side = 0; side < 2; side++)
            for (int way = 0; way < PARA_KEY_WAYS; way++) {
                if (keys->codes[c][side][way] != code)
                    continue;
                keys->tapped[c][side] |= moment == PARA_KEYS_ON && down && !keys->down[c][side][way];
                keys->down[c][side][way] = down && !(moment == PARA_KEYS_PAUSED && keys->jump_bits >> c & 1);
                moves = true;
            }
    return moves;
}

void para_keys_read(const ParaKeys *keys, int8_t *out_action)
{
    for (int c = 0; c < PARA_CHANNELS; c++) {
        int pressed[2];
        for (int side = 0; side < 2; side++)
            pressed[side] = keys->tapped[c][side] || keys->down[c][side][0] || keys->down[c][side][1];
        out_action[c] = (int8_t)(pressed[0] - pressed[1]);
    }
}

void para_keys_taken(ParaKeys *keys) { memset(keys->tapped, 0, sizeof keys->tapped); }

/// The letter of a command, or what somebody chose in its place; its own key always works.
static SDL_Keycode letter_of(const ParaKeys *keys, const CommandRow *row)
{
    return chosen(keys->preferences, row->word, row->letter);
}

ParaCommandKey para_keys_command(const ParaKeys *keys, SDL_Keycode code)
{
    for (int i = PARA_COMMAND_NONE + 1; i < PARA_COMMAND_COUNT && code; i++)
        if (code == commands[i].always || (code == letter_of(keys, &commands[i]) && !is_used(keys, code)))
            return (ParaCommandKey)i;
    return PARA_COMMAND_NONE;
}

void para_keys_command_names(const ParaKeys *keys, ParaCommandKey command, char *out, size_t size)
{
    const CommandRow *row = &commands[command];
    SDL_Keycode letter = letter_of(keys, row);
    out[0] = '\0';
    if (letter && !is_used(keys, letter)) {
        SDL_strlcpy(out, SDL_GetKeyName(letter), size);
        SDL_strlcat(out, " or ", size);
    }
    SDL_strlcat(out, SDL_GetKeyName(row->always), size);
}

const char *para_keys_command_about(ParaCommandKey command) { return commands[command].about; }

const char *para_keys_command_word(ParaCommandKey command) { return commands[command].word; }

SDL_Keycode para_keys_command_code(const ParaPreferences *preferences, ParaCommandKey command)
{
    const CommandRow *row = &commands[command];
    return chosen(preferences, row->word, row->letter ? row->letter : row->always);
}

void para_keys_channel_names(const ParaKeys *keys, int channel, char *out, size_t size)
{
    out[0] = '\0';
    for (int way = 0; way < PARA_KEY_WAYS; way++)
        for (int side = 1; side >= 0; side--) {
            SDL_Keycode code = keys->codes[channel][side][way];
            if (!code)
                continue;
            if (out[0])
                SDL_strlcat(out, " ", size);
            // Arrows as signs: shorter than their names.
            const char *name = code == SDLK_LEFT    ? "\xe2\x86\x90"
                               : code == SDLK_UP    ? "\xe2\x86\x91"
                               : code == SDLK_RIGHT ? "\xe2\x86\x92"
                               : code == SDLK_DOWN  ? "\xe2\x86\x93"
                                                    : SDL_GetKeyName(code);
            SDL_strlcat(out, name, size);
        }
}
