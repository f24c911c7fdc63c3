# SPDX-License-Identifier: MIT
set(PARA_ABI_SOURCES
    agents/abi/abi.c
    agents/abi/abi_batch.c
    agents/abi/abi_env.c
    agents/abi/abi_level.c
    agents/abi/abi_policy.c
    agents/abi/abi_probe.c
    agents/abi/abi_render.c
    agents/abi/abi_replay.c
    agents/abi/abi_spans.c
    agents/abi/abi_step.c)

# the window for other languages: a library of its own, with engine/draw/gl
set(PARA_ABI_WINDOW_SOURCES agents/abi/abi_window.c)
