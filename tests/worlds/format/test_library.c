// SPDX-License-Identifier: MIT
// The library: a folder for each ability, names that mean one family each, and what is told of others.
#include "tests/tests.h"

#include "worlds/library.h"

#include <string.h>

static ParaArena *new_arena(void) { return para_arena_create((size_t)1 << 20, (size_t)1 << 28); }

static void test_each_family_stands_in_one_folder_under_its_own_name(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    ParaLibraryFamily *families;
    int count = para_library_families(arena, &families);
    assert_true(count >= 10);
    for (int i = 0; i < count; i++) {
        assert_true(*families[i].ability != '\0');
        if (i > 0 && strcmp(families[i].name, families[i - 1].name) == 0)
            fail_msg("%s is in %s and in %s", families[i].name, families[i - 1].ability, families[i].ability);
        ParaDiagList list = para_diag_list(arena, families[i].path, NULL);
        const ParaTemplate *t = para_template_load_file(families[i].path, arena, &list);
        assert_non_null(t);
        assert_string_equal(para_template_name(t), families[i].name);
        const char *longer = para_arena_printf(arena, "%s/%s", families[i].ability, families[i].name);
        assert_string_equal(para_library_find(families[i].name, arena), families[i].path);
        assert_string_equal(para_library_find(longer, arena), families[i].path);
    }
    para_arena_destroy(arena);
}

static void test_a_family_is_the_same_however_it_is_called(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    ParaTemplateText one, other;
    const char *error = NULL;
    assert_true(para_library_read("rover", arena, &one, &error));
    assert_true(para_library_read("drive/rover", arena, &other, &error));
    assert_string_equal(one.source, "rover");
    assert_string_equal(other.source, "rover");
    static const char *const wrong[] = {
        "rove", "jump/rover", "drive/../drive/rover", "../library/drive/rover", "drive/",
        "",     "./rover",    "drive/rover.json"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_null(para_library_find(wrong[i], arena));
    assert_false(para_library_read("rove", arena, &one, &error));
    assert_non_null(strstr(error, "did you mean \"rover\"?"));
    assert_non_null(strstr(error, "\n  drive: "));
    para_arena_destroy(arena);
}

static void test_an_ability_means_its_families(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    ParaLibraryFamily *families;
    int all = para_library_families(arena, &families), apart = 0, of_drive = 0;
    for (int i = 0; i < all; i++) {
        apart += strcmp(families[i].ability, PARA_LIBRARY_CLASSIC) == 0 ||
                 strcmp(families[i].ability, PARA_LIBRARY_COMPOSED) == 0 ||
                 strcmp(families[i].ability, PARA_LIBRARY_MEMORY) == 0 ||
                 strcmp(families[i].ability, PARA_LIBRARY_COMPANY) == 0; // asked for apart
        of_drive += strcmp(families[i].ability, "drive") == 0;
    }
    const char **names;
    assert_int_equal(para_library_expand(NULL, arena, &names), all - apart);
    assert_int_equal(para_library_expand("drive/", arena, &names), of_drive);
    assert_true(of_drive >= 2);
    for (int i = 0; i < of_drive; i++)
        assert_non_null(strstr(para_library_find(names[i], arena), "/drive/"));
    assert_int_equal(para_library_expand("rover", arena, &names), 1);
    assert_string_equal(names[0], "rover");
    assert_int_equal(para_library_expand("nothing/", arena, &names), 0);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_library[] = {
    cmocka_unit_test(test_each_family_stands_in_one_folder_under_its_own_name),
    cmocka_unit_test(test_a_family_is_the_same_however_it_is_called),
    cmocka_unit_test(test_an_ability_means_its_families),
};
const size_t para_tests_library_count = sizeof para_tests_library / sizeof *para_tests_library;
