# SPDX-License-Identifier: MIT
set(PARA_BATCH_SOURCES
    agents/batch/batch.c
    agents/batch/families.c
    agents/batch/pick.c
    agents/batch/resume.c
    agents/batch/seeds.c
    agents/batch/shared_level.c
    agents/batch/snapshot.c
    agents/batch/source.c
    agents/batch/surprise.c)
