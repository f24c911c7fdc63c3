# Pictures, the window, and the commands that show them.
set(PARA_DRAW_TESTS
    tests/engine/draw/test_draw.c
    tests/engine/draw/test_happen.c
    tests/engine/draw/test_look.c
    tests/engine/draw/test_look_window.c
    tests/engine/draw/test_window.c
    tests/engine/sound/test_sound.c
    apps/keys/keys.c
    apps/script/script.c
    apps/pad/pad.c
    tests/apps/home/test_home.c
    tests/apps/watch/test_watch.c
    tests/apps/keys/test_keys.c
    tests/apps/script/test_script.c
    tests/apps/play/test_play_story.c
    tests/apps/play/test_play_window.c)
