# SPDX-License-Identifier: MIT
set(PARA_THINK_SOURCES
    agents/think/choices.c
    agents/think/distill.c
    agents/think/futures.c
    agents/think/inside.c
    agents/think/measure.c
    agents/think/reflex.c
    agents/think/slow.c
    agents/think/think.c
    agents/think/wanted.c
    agents/think/winners.c)
