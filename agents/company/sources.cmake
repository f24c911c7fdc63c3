# SPDX-License-Identifier: MIT
set(PARA_COMPANY_SOURCES
    agents/company/elo.c
    agents/company/information.c
    agents/company/pool.c
    agents/company/talk.c)
