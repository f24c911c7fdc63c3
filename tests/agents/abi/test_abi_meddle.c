// SPDX-License-Identifier: MIT
// The door's meddling: what is typed happens and is seen, what cannot be done is refused in words and changes
// nothing, and surprises come by the seeds alone.
#include "agents/abi/abi.h"
#include "tests/tests.h"

#include <stdlib.h>
#include <string.h>

static void assert_refused(int32_t code, ParaAbiCode wanted, const char *words)
{
    assert_int_equal(code, wanted);
    if (!strstr(para_abi_error(), words))
        fail_msg("\"%s\" does not hold \"%s\"", para_abi_error(), words);
}

static ParaAbiBatch *make(ParaAbiFamily *family, int32_t toybox, double surprises, int32_t threads)
{
    ParaAbiFamily *const families[] = {family};
    const ParaAbiBatchDef def = {.size = sizeof def,
                                 .envs = 40,
                                 .obs = PARA_ABI_OBS_ENTITIES,
                                 .autoreset = PARA_ABI_DISABLED,
                                 .threads = threads,
                                 .family_count = 1,
                                 .toybox = toybox,
                                 .families = families,
                                 .surprises = surprises};
    return para_abi_batch_create(&def);
}

static uint64_t hash_of(ParaAbiBatch *batch, int env)
{
    uint64_t hash = 0;
    assert_int_equal(para_abi_batch_state_hash(batch, env, &hash), PARA_ABI_OK);
    return hash;
}

static void test_what_is_typed_happens_and_is_seen(void **state)
{
    (void)state;
    ParaAbiFamily *family = para_abi_family_load("rover");
    ParaAbiBatch *batch = make(family, 1, 0, 1), *bare = make(family, 0, 0, 1);
    ParaAbiBlocks blocks = {.size = sizeof blocks};
    assert_refused(para_abi_batch_meddle(batch, 0, "drop crate"), PARA_ABI_STATE, "call reset first");
    assert_int_equal(para_abi_batch_reset(batch, NULL, NULL), PARA_ABI_OK);
    assert_int_equal(para_abi_batch_reset(bare, NULL, NULL), PARA_ABI_OK);
    assert_int_equal(para_abi_batch_blocks(batch, &blocks), PARA_ABI_OK);
    uint64_t before = hash_of(batch, 3);
    float *seen = malloc(sizeof(float) * (size_t)blocks.obs_size), *row = blocks.obs + 3 * blocks.obs_size;
    memcpy(seen, row, sizeof(float) * (size_t)blocks.obs_size);
    assert_refused(para_abi_batch_meddle(batch, 3, "drop piano"), PARA_ABI_INVALID, "nothing I know");
    assert_refused(para_abi_batch_meddle(batch, 3, "wind much"), PARA_ABI_INVALID, "wind");
    assert_refused(para_abi_batch_meddle(batch, 3, NULL), PARA_ABI_INVALID, "a line");
    assert_refused(para_abi_batch_meddle(batch, 40, "push 3"), PARA_ABI_INVALID, "no env 40");
    assert_refused(para_abi_batch_meddle(batch, 3, "slice 0 0 9 9"), PARA_ABI_INVALID, "no new things");
    assert_refused(para_abi_batch_meddle(batch, 3, "point 0 0 9 9"), PARA_ABI_INVALID,
                   "sandbox at the window");
    assert_int_equal(hash_of(batch, 3), before);
    assert_int_equal(para_abi_batch_meddle(batch, 3, "drop crate"), PARA_ABI_OK);
    assert_true(hash_of(batch, 3) != before);
    assert_memory_not_equal(seen, row, sizeof(float) * (size_t)blocks.obs_size);
    assert_refused(para_abi_batch_meddle(bare, 3, "drop crate"), PARA_ABI_INVALID, "toybox=True");
    assert_int_equal(para_abi_batch_meddle(bare, 3, "push 3 1"), PARA_ABI_OK); // takes none
    free(seen);
    para_abi_batch_free(bare);
    para_abi_batch_free(batch);
    para_abi_family_free(family);
}

static void test_surprises_come_by_the_seeds(void **state)
{
    (void)state;
    ParaAbiFamily *family = para_abi_family_load("rover");
    assert_null(make(family, 2, 0, 1));
    assert_refused(para_abi_error_code(), PARA_ABI_INVALID, "toybox must be 0 or 1");
    assert_null(make(family, 0, 51, 1));
    assert_refused(para_abi_error_code(), PARA_ABI_INVALID, "0 to 50");
    uint64_t seeds[40], first[40];
    for (int b = 0; b < 40; b++)
        seeds[b] = (uint64_t)b;
    for (int round = 0; round < 3; round++) {
        ParaAbiBatch *batch = make(family, 1, round == 2 ? 0 : 10, 1 + round % 2);
        int same = 0;
        assert_int_equal(para_abi_batch_reset(batch, NULL, seeds), PARA_ABI_OK);
        for (int t = 0; t < 20; t++)
            assert_true(para_abi_batch_step(batch) >= 0);
        for (int b = 0; b < 40; b++) {
            same += round > 0 && hash_of(batch, b) == first[b];
            first[b] = round == 0 ? hash_of(batch, b) : first[b];
        }
        assert_true(round == 0 || (round == 1 ? same == 40 : same < 30));
        para_abi_batch_free(batch);
    }
    para_abi_family_free(family);
}

const struct CMUnitTest para_tests_abi_meddle[] = {
    cmocka_unit_test(test_what_is_typed_happens_and_is_seen),
    cmocka_unit_test(test_surprises_come_by_the_seeds),
};
const size_t para_tests_abi_meddle_count = sizeof para_tests_abi_meddle / sizeof *para_tests_abi_meddle;
