set(PARA_WORLDS_TESTS
    tests/worlds/format/test_bad_templates.c
    tests/worlds/format/test_expr.c
    tests/worlds/format/test_locate.c
    tests/worlds/rules/test_play.c
    tests/worlds/rules/test_players.c
    tests/worlds/two_players.c
    tests/worlds/format/test_template.c)
