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
    apps/bench_step.c
    apps/bench_train.c)
# Subcommands whose files are not there yet answer with a plain sentence, so that the rest can be used.
foreach(app play check new schema render)
    if(EXISTS ${CMAKE_SOURCE_DIR}/apps/${app}.c)
        list(APPEND PARA_APPS_SOURCES apps/${app}.c)
    else()
        file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/missing_${app}.c CONTENT
             "#include \"apps/apps.h\"\n#include <stdio.h>\nint para_app_${app}(int argc, char **argv)\n{\n    (void)argc;\n    (void)argv;\n    fputs(\"paracosm ${app}: error: not part of this build\\n\", stderr);\n    return 1;\n}\n")
        list(APPEND PARA_APPS_SOURCES ${CMAKE_BINARY_DIR}/missing_${app}.c)
    endif()
endforeach()
