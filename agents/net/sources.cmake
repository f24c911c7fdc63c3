# SPDX-License-Identifier: MIT
set(PARA_NET_SOURCES
    agents/net/adam.c
    agents/net/attention.c
    agents/net/codes.c
    agents/net/conv.c
    agents/net/gru.c
    agents/net/linear.c
    agents/net/muon.c
    agents/net/normal.c
    agents/net/orthogonal.c
    agents/net/peak.c
    agents/net/pool.c
    agents/net/product.c)

# The network's loops are worth vectorising; gcc 12 does so fully only at -O3.
set_source_files_properties(agents/net/attention.c agents/net/conv.c agents/net/gru.c agents/net/linear.c agents/net/normal.c agents/net/pool.c
    agents/net/product.c PROPERTIES COMPILE_OPTIONS "$<$<NOT:$<CONFIG:Debug>>:-O3>")
