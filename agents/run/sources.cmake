# SPDX-License-Identifier: MIT
set(PARA_RUN_SOURCES
    agents/run/run_checkpoints.c
    agents/run/run_database.c
    agents/run/run_disk.c
    agents/run/run_facts.c
    agents/run/run_families.c
    agents/run/run_folder.c
    agents/run/run_rows.c
    agents/run/run_state.c
    agents/run/run_story.c
    agents/run/run_stream.c
    agents/run/run_templates.c
    agents/run/run_thin.c
    agents/run/safetensors.c
    agents/run/safetensors_card.c
    agents/run/safetensors_read.c
    agents/run/statistics.c)
