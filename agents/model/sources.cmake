# SPDX-License-Identifier: MIT
set(PARA_MODEL_SOURCES
    agents/model/facts.c
    agents/model/flight.c
    agents/model/graph.c
    agents/model/graph_joints.c
    agents/model/held.c
    agents/model/imagine.c
    agents/model/model.c
    agents/model/model_file.c
    agents/model/moment.c
    agents/model/near.c
    agents/model/product.c
    agents/model/said.c
    agents/model/store.c
    agents/model/stray.c
    agents/model/teach.c)
