set(PARA_BASE_TESTS
    tests/engine/base/test_maths.c)
