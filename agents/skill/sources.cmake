# SPDX-License-Identifier: MIT
set(PARA_SKILL_SOURCES
    agents/skill/ahead.c
    agents/skill/choose.c
    agents/skill/ground.c
    agents/skill/measure.c
    agents/skill/pack.c
    agents/skill/skill.c)
