# SPDX-License-Identifier: MIT
set(PARA_MAKER_SOURCES
    agents/maker/maker.c)
