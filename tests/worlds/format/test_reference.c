// SPDX-License-Identifier: MIT
// What is generated from the table of fields: the reference, and pages that must name what there is.
#include "tests/worlds/format/forms.h"

#include "engine/base/file.h"
#include "worlds/format/data.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

static void test_template_reference_covers_every_field(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char *page = para_template_reference(arena);
    cJSON *schema = cJSON_Parse(para_template_schema(arena));
    assert_non_null(schema);
    const cJSON *kinds = cJSON_GetObjectItemCaseSensitive(schema, "$defs");
    for (int id = 0; id < PARA_FIELD_COUNT; id++) {
        const ParaField *field = para_field((ParaFieldId)id);
        char row[80], section[80];
        snprintf(section, sizeof section, "\n## %s\n", para_kind_name(field->kind));
        const char *start = strstr(page, section);
        assert_non_null(start);
        const char *end = strstr(start + 3, "\n## ");
        snprintf(row, sizeof row, "\n| `%s`", field->name);
        const char *found = strstr(start, row);
        assert_non_null(found);
        assert_true(!end || found < end);
        assert_true(strlen(field->help) > 8);
        const cJSON *kind = cJSON_GetObjectItemCaseSensitive(kinds, para_kind_name(field->kind));
        assert_non_null(cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(kind, "properties"),
                                                         field->name));
    }
    cJSON_Delete(schema);
    para_arena_destroy(arena);
}

static const char *page_of(const char *path, ParaArena *arena)
{
    const char *error = "";
    const char *text = para_file_read(path, 1 << 20, arena, NULL, &error);
    if (!text)
        print_error("%s\n", error);
    assert_non_null(text);
    return text;
}

static void test_template_reference_page_is_the_one_in_docs(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char *page = para_template_reference(arena);
    const char *text = page_of(PARA_SOURCE_DIR "/docs/template-reference.md", arena);
    if (strcmp(text, page) != 0)
        print_error(
            "docs/template-reference.md is old: paracosm schema --reference > docs/template-reference.md\n");
    assert_true(strcmp(text, page) == 0);
    para_arena_destroy(arena);
}

static void test_template_authoring_page_names_every_head(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const char *text = page_of(PARA_SOURCE_DIR "/docs/authoring.md", arena);
    for (int id = 0; id < PARA_FIELD_COUNT; id++) {
        const ParaField *field = para_field((ParaFieldId)id);
        const char *code = para_arena_printf(arena, "`%s`", field->name);
        const char *key = para_arena_printf(arena, "\"%s\"", field->name);
        if (!(field->flags & PARA_FLAG_HEAD) || strstr(text, code) || strstr(text, key))
            continue;
        print_error("docs/authoring.md does not tell of \"%s\" of a %s\n", field->name,
                    para_kind_name(field->kind));
        assert_true(false);
    }
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_reference[] = {
    cmocka_unit_test(test_template_reference_covers_every_field),
    cmocka_unit_test(test_template_reference_page_is_the_one_in_docs),
    cmocka_unit_test(test_template_authoring_page_names_every_head),
};
const size_t para_tests_reference_count = sizeof para_tests_reference / sizeof *para_tests_reference;
