# SPDX-License-Identifier: MIT
set(PARA_RECALL_SOURCES
    agents/recall/moments.c
    agents/recall/recall.c
    agents/recall/recall_file.c)
