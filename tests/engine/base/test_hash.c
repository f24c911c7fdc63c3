// SPDX-License-Identifier: MIT
// Hashes: known values, chaining, hex.
#include "engine/base/hash.h"
#include "tests/tests.h"

static void test_hash_is_xxh3(void **state)
{
    (void)state;
    // The empty input's value stands in xxHash's own test table (XXH3, 64 bits, seed 0).
    assert_true(para_hash("", 0, 0) == UINT64_C(0x2d06800538d394c2));
    assert_true(para_hash(NULL, 0, 0) == UINT64_C(0x2d06800538d394c2));
    assert_true(para_hash("paracosm", 8, 0) == UINT64_C(0x3b1ab43d05093778));
}

static void test_hash_depends_on_every_bit_and_on_the_seed(void **state)
{
    (void)state;
    unsigned char data[300] = {0};
    uint64_t plain = para_hash(data, sizeof data, 0);
    for (size_t bit = 0; bit < 8 * sizeof data; bit++) {
        data[bit / 8] ^= (unsigned char)(1u << bit % 8);
        assert_true(para_hash(data, sizeof data, 0) != plain);
        data[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    assert_true(para_hash(data, sizeof data, 0) == plain);
    assert_true(para_hash(data, sizeof data, 1) != plain);
    assert_true(para_hash(data, sizeof data - 1, 0) != plain);
}

static void test_hash_chain_depends_on_the_order(void **state)
{
    (void)state;
    uint64_t ab = para_hash("b", 1, para_hash("a", 1, 0));
    uint64_t ba = para_hash("a", 1, para_hash("b", 1, 0));
    assert_true(ab != ba);
}

static void test_hash_hex_is_sixteen_lower_case_digits(void **state)
{
    (void)state;
    char text[17];
    para_hash_hex(UINT64_C(0x0123456789abcdef), text);
    assert_string_equal(text, "0123456789abcdef");
    para_hash_hex(0, text);
    assert_string_equal(text, "0000000000000000");
    para_hash_hex(UINT64_MAX, text);
    assert_string_equal(text, "ffffffffffffffff");
}

const struct CMUnitTest para_tests_hash[] = {
    cmocka_unit_test(test_hash_is_xxh3),
    cmocka_unit_test(test_hash_depends_on_every_bit_and_on_the_seed),
    cmocka_unit_test(test_hash_chain_depends_on_the_order),
    cmocka_unit_test(test_hash_hex_is_sixteen_lower_case_digits),
};
const size_t para_tests_hash_count = sizeof para_tests_hash / sizeof *para_tests_hash;
