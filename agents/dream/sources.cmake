# SPDX-License-Identifier: MIT
set(PARA_DREAM_SOURCES
    agents/dream/dream.c
    agents/dream/dream_acts.c
    agents/dream/dream_image.c
    agents/dream/dream_joints.c
    agents/dream/dream_scratch.c
    agents/dream/dream_slot.c
    agents/dream/dream_step.c
    agents/dream/dream_touch.c)
