# SPDX-License-Identifier: MIT
set(PARA_PIXELS_SOURCES
    agents/pixels/clips.c
    agents/pixels/eye.c
    agents/pixels/pixels.c
    agents/pixels/pixels_dream.c
    agents/pixels/pixels_file.c
    agents/pixels/pixels_measure.c
    agents/pixels/pixels_moves.c
    agents/pixels/pixels_teach.c)
