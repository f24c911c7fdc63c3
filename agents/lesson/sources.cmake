# SPDX-License-Identifier: MIT
set(PARA_LESSON_SOURCES
    agents/lesson/evaluate.c
    agents/lesson/evaluate_levels.c
    agents/lesson/lesson.c
    agents/lesson/episodes.c
    agents/lesson/presets.c
    agents/lesson/settings.c
    agents/lesson/training.c
    agents/lesson/training_checkpoint.c
    agents/lesson/training_config.c
    agents/lesson/training_demos.c
    agents/lesson/training_dream.c
    agents/lesson/training_model.c
    agents/lesson/training_peers.c
    agents/lesson/training_pool.c
    agents/lesson/training_state.c)
