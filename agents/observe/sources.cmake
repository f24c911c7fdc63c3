# SPDX-License-Identifier: MIT
set(PARA_OBSERVE_SOURCES
    agents/observe/observe.c
    agents/observe/observe_here.c
    agents/observe/observe_listed.c
    agents/observe/observe_rows.c
    agents/observe/observe_spans.c
    agents/observe/picture.c)
