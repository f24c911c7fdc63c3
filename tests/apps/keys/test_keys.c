// SPDX-License-Identifier: MIT
// Every key that a template may name is one of the window's.
#include "apps/keys/keys.h"
#include "tests/tests.h"

#include <stdio.h>
#include <string.h>

static void test_every_key_a_template_may_name_is_a_key(void **state)
{
    (void)state;
    int count;
    const char *const *words = para_key_words(&count);
    ParaPlayer player = {.channel_bits = 1};
    const ParaLevel level = {.player_count = 1, .players = &player};
    for (int k = 0; k < count; k++) {
        assert_true(para_key_is_known(words[k]));
        snprintf(player.keys[0].positive, sizeof player.keys[0].positive, "%s", words[k]);
        ParaKeys keys = para_keys_of(&level);
        if (!keys.codes[0][0][0])
            print_error("\"%s\" is no key\n", words[k]);
        // One without a key of its own would be given a default pair.
        assert_true(keys.codes[0][0][0] != 0 && keys.codes[0][1][0] == 0);
    }
    assert_true(para_key_is_known("a") && para_key_is_known(";") && para_key_is_known("Left"));
    assert_true(para_key_is_known("\xc3\xb6")); // one character of two bytes
    assert_false(para_key_is_known("spce") || para_key_is_known("ab") || para_key_is_known(""));
}

/// Two commands on one key: the second would never be done.
static void test_every_command_has_keys_of_its_own(void **state)
{
    (void)state;
    const ParaPlayer player = {.channel_bits = 1};
    const ParaLevel level = {.player_count = 1, .players = (ParaPlayer *)&player};
    ParaKeys keys = para_keys_of(&level);
    for (int i = PARA_COMMAND_NONE + 1; i < PARA_COMMAND_COUNT; i++) {
        char names[96];
        para_keys_command_names(&keys, (ParaCommandKey)i, names, sizeof names);
        for (char *name = names, *next; name; name = next) {
            next = strstr(name, " or ");
            if (next) {
                *next = '\0';
                next += 4;
            }
            SDL_Keycode code = SDL_GetKeyFromName(name);
            if (!code || para_keys_command(&keys, code) != (ParaCommandKey)i)
                fail_msg("%s is not the key of %s alone", name, para_keys_command_word((ParaCommandKey)i));
        }
    }
}

/// Two persons share a keyboard: no key is both's.
static void test_a_second_person_has_keys_of_its_own(void **state)
{
    (void)state;
    ParaPlayer players[2] = {{.channel_bits = 0xff, .negative_bits = 0xff},
                             {.channel_bits = 0xff, .negative_bits = 0xff}};
    const ParaLevel level = {.player_count = 2, .players = players};
    for (int p = 0; p < 2; p++) {
        snprintf(players[p].keys[0].positive, 16, "right");
        snprintf(players[p].keys[0].negative, 16, "left");
        snprintf(players[p].keys[1].positive, 16, "space");
    }
    ParaKeys first = para_keys_of_player(&level, 0, NULL);
    assert_true(para_keys_uses(&first, SDLK_d)); // the letters stand in for the arrows
    ParaKeys second = para_keys_second(&level, 1, &first);
    assert_false(para_keys_uses(&first, SDLK_d));
    assert_int_equal(second.codes[0][0][0], SDLK_d);
    assert_int_equal(second.codes[0][1][0], SDLK_a);
    assert_int_equal(second.codes[1][0][0], SDLK_LSHIFT);
    for (int c = 0; c < PARA_CHANNELS; c++)
        for (int side = 0; side < 2; side++)
            assert_true(!second.codes[c][side][0] || !para_keys_uses(&first, second.codes[c][side][0]));
    int8_t actions[PARA_CHANNELS];
    assert_true(para_keys_event(&second, SDLK_a, true, PARA_KEYS_ON));
    assert_false(para_keys_event(&first, SDLK_a, true, PARA_KEYS_ON));
    para_keys_read(&second, actions);
    assert_int_equal(actions[0], -1);
}

const struct CMUnitTest para_tests_play_keys[] = {
    cmocka_unit_test(test_a_second_person_has_keys_of_its_own),
    cmocka_unit_test(test_every_key_a_template_may_name_is_a_key),
    cmocka_unit_test(test_every_command_has_keys_of_its_own),
};
const size_t para_tests_play_keys_count = sizeof para_tests_play_keys / sizeof *para_tests_play_keys;
