# SPDX-License-Identifier: MIT
set(PARA_LEARN_SOURCES
    agents/learn/clone.c
    agents/learn/examples.c
    agents/learn/imitate.c
    agents/learn/moments.c
    agents/learn/ppo.c
    agents/learn/ppo_adam.c
    agents/learn/ppo_advantage.c
    agents/learn/ppo_loss.c
    agents/learn/ppo_muon.c
    agents/learn/ppo_statistics.c
    agents/learn/ppo_stretch.c
    agents/learn/ppo_update.c)

# The network's loops are worth vectorising; gcc 12 does so fully only at -O3.
set_source_files_properties(agents/learn/ppo_adam.c agents/learn/ppo_loss.c
    PROPERTIES COMPILE_OPTIONS "$<$<NOT:$<CONFIG:Debug>>:-O3>")
