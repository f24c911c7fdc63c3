# SPDX-License-Identifier: MIT
# Sources of the agents room, one block per part.

# env, batch, trials, maker, lesson
list(APPEND PARA_AGENTS_SOURCES
    agents/batch.c
    agents/env.c
    agents/evaluate.c
    agents/families.c
    agents/lesson.c
    agents/maker/maker.c
    agents/observe.c
    agents/observe_rows.c
    agents/picture.c
    agents/player/player.c
    agents/proofs.c
    agents/rollout.c
    agents/training.c
    agents/trials.c)

# the door for other languages
list(APPEND PARA_AGENTS_SOURCES
    agents/abi.c
    agents/abi_batch.c
    agents/abi_env.c
    agents/abi_level.c
    agents/abi_policy.c
    agents/abi_render.c
    agents/abi_replay.c
    agents/abi_step.c)

# run folder, reports and replays
list(APPEND PARA_AGENTS_SOURCES
    agents/replay.c
    agents/replay_file.c
    agents/report.c
    agents/run_checkpoints.c
    agents/run_folder.c
    agents/run_rows.c)

# the player's network, its learner and checkpoints
list(APPEND PARA_AGENTS_SOURCES
    agents/net_linear.c
    agents/net_normal.c
    agents/net_orthogonal.c
    agents/net_pool.c
    agents/policy.c
    agents/policy_action.c
    agents/policy_forward.c
    agents/ppo.c
    agents/ppo_adam.c
    agents/ppo_advantage.c
    agents/ppo_loss.c
    agents/ppo_statistics.c
    agents/safetensors.c
    agents/safetensors_read.c)

# The network's loops are worth vectorising; gcc 12 does so fully only at -O3.
set_source_files_properties(agents/net_linear.c agents/net_normal.c agents/net_pool.c agents/ppo_adam.c
    agents/ppo_loss.c agents/policy_action.c PROPERTIES COMPILE_OPTIONS "$<$<NOT:$<CONFIG:Debug>>:-O3>")

# the window for other languages: a library of its own, with engine/draw's window
set(PARA_AGENTS_WINDOW_SOURCES agents/abi_window.c)
