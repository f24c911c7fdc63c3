# SPDX-License-Identifier: MIT
set(PARA_SEARCH_SOURCES
    agents/search/search.c
    agents/search/search_keep.c
    agents/search/search_try.c)
