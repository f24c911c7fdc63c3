# SPDX-License-Identifier: MIT
set(PARA_REHEARSAL_SOURCES
    agents/rehearsal/rehearsal.c
    agents/rehearsal/rehearsal_bounds.c
    agents/rehearsal/rehearsal_camera.c
    agents/rehearsal/rehearsal_goal.c
    agents/rehearsal/rehearsal_params.c
    agents/rehearsal/rehearsal_play.c
    agents/rehearsal/rehearsal_reach.c
    agents/rehearsal/rehearsal_start.c
    agents/rehearsal/rehearsal_work.c)
