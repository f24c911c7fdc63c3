// SPDX-License-Identifier: MIT
// Templates in a locale with a decimal comma: read, checked, sampled, saved and described with the same
// bytes.
#include "tests/comma_locale.h"

#include "worlds/library.h"
#include "worlds/template.h"

static const char wrong[] =
    "{\"paracosm\": 1.5, \"name\": \"t\", \"world\": {\"seconds\": 0.05, \"rate\": \"10.5 * 0.25\"},"
    " \"bodies\": [{\"shape\": {\"circle\": -0.75}}], \"player\": {\"body\": \"x\"}, \"goal\": {\"time\": "
    "\"1 +\"}}";

/// Everything that numbers go through, as one text.
static char *everything(ParaArena *arena)
{
    const char **names = NULL, *error = NULL;
    char *text =
        para_arena_printf(arena, "%s%s", para_template_reference(arena), para_template_schema(arena));
    int count = para_library_list(arena, &names);
    assert_true(count > 0);
    for (int k = 0; k < count; k++) {
        const ParaTemplate *t = para_library_load(names[k], arena, &error);
        assert_non_null(t);
        for (uint64_t seed = 0; seed < 3; seed++) {
            ParaLevel *level = para_template_sample(t, NULL, seed, arena, NULL);
            assert_non_null(level);
            const char *json = para_level_to_json(level, arena);
            const ParaTemplate *saved = para_template_load(NULL, json, strlen(json), arena,
                                                           &(ParaDiagList){.arena = arena, .limit = 9});
            assert_non_null(saved);
            assert_true(para_template_sample(saved, NULL, 0, arena, NULL)->hash == level->hash);
            text = para_arena_printf(arena, "%s\n%016llx %s", text, (unsigned long long)level->hash, json);
        }
    }
    ParaDiagList list = para_diag_list(arena, "wrong", NULL);
    assert_null(para_template_load("wrong", wrong, sizeof wrong - 1, arena, &list));
    for (int d = 0; d < list.count; d++)
        text = para_arena_printf(arena, "%s\n%s: %s", text, list.items[d].path, list.items[d].message);
    assert_true(list.count > 4);
    return text;
}

static void test_format_locale_changes_no_byte(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, (size_t)1 << 30);
    const char *before = everything(arena);
    for (int which = 0; which < COMMA_LOCALES; which++) {
        if (!comma_locale_enter(which)) {
            para_arena_destroy(arena);
            skip();
        }
        const char *after = everything(arena);
        comma_locale_leave();
        assert_string_equal(before, after);
    }
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_format_locale[] = {
    cmocka_unit_test(test_format_locale_changes_no_byte),
};
const size_t para_tests_format_locale_count =
    sizeof para_tests_format_locale / sizeof *para_tests_format_locale;
