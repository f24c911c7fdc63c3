# The command as a person at a terminal meets it.
set(PARA_APPS_TESTS
    apps/game/change.c
    apps/game/game.c
    apps/settings.c
    apps/store/preferences.c
    apps/store/store.c
    apps/store/times.c
    tests/apps/author/test_author.c
    tests/apps/game/test_change.c
    tests/apps/game/test_game.c
    tests/apps/store/test_store.c
    tests/apps/terminal.c
    tests/apps/test_bench.c
    tests/apps/test_terminal.c)
