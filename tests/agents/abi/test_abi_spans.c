// SPDX-License-Identifier: MIT
// The door's list of spans is the house's own, whole and unshortened; wrong arguments are refused; a card is
// checked as a player's is.
#include "agents/abi/abi.h"
#include "agents/observe/observe.h"
#include "tests/tests.h"

#include <stdio.h>
#include <string.h>

static void same_spans(int32_t obs, const ParaAbiFamily *family, ParaObsSpec spec)
{
    int count = para_abi_obs_span_count(obs, family);
    assert_int_equal(count, para_obs_span_count(&spec));
    assert_true(count > 20);
    for (int i = 0; i < count; i++) {
        ParaAbiSpan out = {.size = sizeof out};
        ParaObsSpan span = para_obs_span(&spec, i);
        assert_int_equal(para_abi_obs_span(obs, family, i, &out), PARA_ABI_OK);
        assert_string_equal(out.name, span.name);
        assert_string_equal(out.about, span.about);
        assert_int_equal(out.start, span.offset);
        assert_int_equal(out.floats, span.size);
        assert_int_equal(out.count, span.count);
        assert_int_equal(out.stride, span.stride);
        assert_true(out.low == span.low && out.high == span.high);
    }
    ParaAbiSpan out = {.size = sizeof out};
    assert_int_equal(para_abi_obs_span(obs, family, count, &out), PARA_ABI_INVALID);
    assert_int_equal(para_abi_obs_span(obs, family, -1, &out), PARA_ABI_INVALID);
    assert_non_null(strstr(para_abi_error(), "no span -1"));
}

static void test_spans_of_every_form(void **state)
{
    (void)state;
    ParaAbiFamily *family = para_abi_family_load("walker");
    assert_non_null(family);
    ParaAbiFamilyInfo info = {.size = sizeof info};
    assert_int_equal(para_abi_family_info(family, &info), PARA_ABI_OK);
    same_spans(PARA_ABI_OBS_ENTITIES, NULL, para_obs_spec_entities());
    same_spans(PARA_ABI_OBS_ENTITIES, family, para_obs_spec_entities());
    same_spans(PARA_ABI_OBS_RAYS, NULL, para_obs_spec_globals());
    same_spans(PARA_ABI_OBS_VECTOR, family, para_obs_spec_sized(info.vector_size));
    assert_int_equal(para_abi_obs_span_count(PARA_ABI_OBS_PIXELS, NULL), 0);
    para_abi_family_free(family);
}

static void test_wrong_spans_are_refused(void **state)
{
    (void)state;
    ParaAbiSpan out = {.size = sizeof out - 1};
    assert_int_equal(para_abi_obs_span(PARA_ABI_OBS_ENTITIES, NULL, 0, &out), PARA_ABI_INVALID);
    assert_int_equal(para_abi_obs_span(PARA_ABI_OBS_ENTITIES, NULL, 0, NULL), PARA_ABI_INVALID);
    out.size = sizeof out;
    assert_int_equal(para_abi_obs_span(PARA_ABI_OBS_PIXELS, NULL, 0, &out), PARA_ABI_INVALID);
    assert_int_equal(para_abi_obs_span_count(PARA_ABI_OBS_VECTOR, NULL), PARA_ABI_INVALID);
    assert_non_null(strstr(para_abi_error(), "that of a family"));
    assert_int_equal(para_abi_obs_span_count(4, NULL), PARA_ABI_INVALID);
    assert_int_equal(para_abi_obs_span_count(-1, NULL), PARA_ABI_INVALID);
    assert_non_null(strstr(para_abi_error(), "no observation form -1"));
}

static void test_cards_are_checked(void **state)
{
    (void)state;
    char card[300];
    int globals = para_obs_spec_globals().size;
    static const char format[] = "{\"observation\": \"vector\", \"global_size\": %d, \"width\": 32, "
                                 "\"encoder_width\": 16%s}";
    snprintf(card, sizeof card, format, globals, "");
    assert_int_equal(para_abi_card_check(card), PARA_ABI_OK);
    snprintf(card, sizeof card, format, globals - 1, "");
    assert_int_equal(para_abi_card_check(card), PARA_ABI_FILE);
    assert_non_null(strstr(para_abi_error(), "does not describe a player"));
    snprintf(card, sizeof card, format, globals,
             ", \"layout\": {\"version\": 1, \"hash\": \"0\", \"spans\": [[\"self.smell\", 0, 3]]}");
    assert_int_equal(para_abi_card_check(card), PARA_ABI_FILE);
    assert_non_null(strstr(para_abi_error(), "the checkpoint sees span self.smell with 3 floats at 0"));
    assert_int_equal(para_abi_card_check(NULL), PARA_ABI_FILE);
    assert_int_equal(para_abi_card_check("no card"), PARA_ABI_FILE);
}

const struct CMUnitTest para_tests_abi_spans[] = {
    cmocka_unit_test(test_spans_of_every_form),
    cmocka_unit_test(test_wrong_spans_are_refused),
    cmocka_unit_test(test_cards_are_checked),
};
const size_t para_tests_abi_spans_count = sizeof para_tests_abi_spans / sizeof *para_tests_abi_spans;
