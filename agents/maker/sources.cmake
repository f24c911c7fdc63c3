# SPDX-License-Identifier: MIT
set(PARA_MAKER_SOURCES
    agents/maker/children.c
    agents/maker/idle.c
    agents/maker/maker.c
    agents/maker/maker_dr.c
    agents/maker/maker_frontier.c
    agents/maker/maker_replay.c
    agents/maker/maker_sfl.c
    agents/maker/paired/antagonist.c
    agents/maker/paired/maker_paired.c
    agents/maker/paired/proposer.c
    agents/maker/paired/slate.c
    agents/maker/novelty.c
    agents/maker/predictor.c
    agents/maker/traits.c)
