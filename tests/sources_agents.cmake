# Run folder and replays.
list(APPEND PARA_AGENTS_TESTS
    tests/agents/test_run_folder.c
    tests/agents/test_replay.c)
