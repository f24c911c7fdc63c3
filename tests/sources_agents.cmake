# Run folder and replays.
list(APPEND PARA_AGENTS_TESTS
    tests/agents/test_run_folder.c
    tests/agents/test_replay.c)
# Env, batch, lesson, the door for other languages, and the golden hashes.
list(APPEND PARA_AGENTS_TESTS
    tests/agents/test_abi.c
    tests/agents/test_abi_episode.c
    tests/agents/test_env.c
    tests/agents/test_golden.c
    tests/agents/test_lesson.c
    tests/agents/test_solvers.c
    tests/agents/test_widths.c)
# Network, learner, checkpoints.
list(APPEND PARA_AGENTS_TESTS
    tests/agents/reference.c
    tests/agents/test_checkpoint.c
    tests/agents/test_policy.c
    tests/agents/test_ppo.c
    tests/agents/toy.c)
