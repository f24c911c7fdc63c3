# SPDX-License-Identifier: MIT
set(PARA_POLICY_SOURCES
    agents/policy/action.c
    agents/policy/beta.c
    agents/policy/core.c
    agents/policy/flop.c
    agents/policy/forward.c
    agents/policy/levels.c
    agents/policy/policy.c
    agents/policy/relation.c
    agents/policy/ring.c
    agents/policy/sight.c
    agents/policy/value.c)

# The network's loops are worth vectorising; gcc 12 does so fully only at -O3.
set_source_files_properties(agents/policy/action.c agents/policy/core.c agents/policy/levels.c
    agents/policy/relation.c agents/policy/ring.c agents/policy/sight.c agents/policy/value.c PROPERTIES COMPILE_OPTIONS "$<$<NOT:$<CONFIG:Debug>>:-O3>")
