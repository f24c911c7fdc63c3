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

const struct CMUnitTest para_tests_play_keys[] = {
    cmocka_unit_test(test_every_key_a_template_may_name_is_a_key),
    cmocka_unit_test(test_every_command_has_keys_of_its_own),
};
const size_t para_tests_play_keys_count = sizeof para_tests_play_keys / sizeof *para_tests_play_keys;
