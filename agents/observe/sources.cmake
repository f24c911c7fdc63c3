# SPDX-License-Identifier: MIT
set(PARA_OBSERVE_SOURCES
    agents/observe/observe.c
    agents/observe/observe_heard.c
    agents/observe/observe_here.c
    agents/observe/observe_listed.c
    agents/observe/observe_map.c
    agents/observe/observe_pixels.c
    agents/observe/observe_rows.c
    agents/observe/observe_spans.c
    agents/observe/pairs.c
    agents/observe/picture.c
    agents/observe/picture_voice.c)

# Pairs of rows are worth vectorising; gcc 12 does so fully only at -O3.
set_source_files_properties(agents/observe/pairs.c PROPERTIES COMPILE_OPTIONS "$<$<NOT:$<CONFIG:Debug>>:-O3>")
