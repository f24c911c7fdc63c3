set(PARA_WORLDS_TESTS
    tests/worlds/test_bad_templates.c
    tests/worlds/test_expr.c
    tests/worlds/test_locate.c
    tests/worlds/test_play.c
    tests/worlds/test_template.c)
