# The command as a person at a terminal meets it.
set(PARA_APPS_TESTS
    apps/play/play_change.c
    apps/play/play_game.c
    apps/settings.c
    apps/store/preferences.c
    apps/store/store.c
    apps/store/times.c
    tests/apps/author/test_author.c
    tests/apps/play/test_play_change.c
    tests/apps/play/test_play_game.c
    tests/apps/store/test_store.c
    tests/apps/terminal.c
    tests/apps/test_bench.c
    tests/apps/test_terminal.c)
