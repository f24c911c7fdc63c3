# The command, one file per subcommand.
list(APPEND PARA_APPS_SOURCES
    apps/main.c
    apps/options.c
    apps/interrupt.c
    apps/progress.c
    apps/terminal_scene.c
    apps/train.c
    apps/train_view.c
    apps/eval.c
    apps/play_game.c
    apps/play_keys.c
    apps/play_script.c
    apps/play_view.c
    apps/replay.c
    apps/bench.c
    apps/bench_bare.c
    apps/bench_physics.c
    apps/bench_scene.c
    apps/bench_step.c
    apps/bench_train.c
    apps/check.c
    apps/new.c
    apps/play.c
    apps/render.c
    apps/schema.c)
