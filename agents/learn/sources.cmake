# SPDX-License-Identifier: MIT
set(PARA_LEARN_SOURCES
    agents/learn/clone.c
    agents/learn/imitate.c
    agents/learn/net_adam.c
    agents/learn/net_codes.c
    agents/learn/net_conv.c
    agents/learn/net_gru.c
    agents/learn/net_linear.c
    agents/learn/net_normal.c
    agents/learn/net_orthogonal.c
    agents/learn/net_pool.c
    agents/learn/policy.c
    agents/learn/policy_action.c
    agents/learn/policy_forward.c
    agents/learn/ppo.c
    agents/learn/ppo_adam.c
    agents/learn/ppo_advantage.c
    agents/learn/ppo_loss.c
    agents/learn/ppo_statistics.c)

# The network's loops are worth vectorising; gcc 12 does so fully only at -O3.
set_source_files_properties(agents/learn/net_conv.c agents/learn/net_gru.c agents/learn/net_linear.c agents/learn/net_normal.c agents/learn/net_pool.c
    agents/learn/ppo_adam.c agents/learn/ppo_loss.c agents/learn/policy_action.c
    PROPERTIES COMPILE_OPTIONS "$<$<NOT:$<CONFIG:Debug>>:-O3>")
