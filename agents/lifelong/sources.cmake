# SPDX-License-Identifier: MIT
set(PARA_LIFELONG_SOURCES
    agents/lifelong/cloning.c
    agents/lifelong/elastic.c
    agents/lifelong/keep.c
    agents/lifelong/masks.c
    agents/lifelong/moments_kept.c
    agents/lifelong/plain.c
    agents/lifelong/players.c
    agents/lifelong/summary.c
    agents/lifelong/transfer.c)
