# SPDX-License-Identifier: MIT
set(PARA_MODEL_SOURCES
    agents/model/facts.c
    agents/model/foresight.c
    agents/model/graph.c
    agents/model/imagine.c
    agents/model/model.c
    agents/model/model_file.c
    agents/model/moment.c
    agents/model/near.c
    agents/model/store.c
    agents/model/teach.c)
