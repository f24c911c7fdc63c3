# The files of this room, one block per part.

# run folder, reports and replays
list(APPEND PARA_AGENTS_SOURCES
    agents/replay.c
    agents/replay_file.c
    agents/report.c
    agents/run_checkpoints.c
    agents/run_folder.c
    agents/run_rows.c)
