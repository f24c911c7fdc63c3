# SPDX-License-Identifier: MIT
set(PARA_ENV_SOURCES
    agents/env/batch.c
    agents/env/decision.c
    agents/env/env.c
    agents/env/families.c
    agents/env/observe.c
    agents/env/observe_rows.c
    agents/env/observe_spans.c
    agents/env/picture.c
    agents/env/replay.c
    agents/env/replay_file.c
    agents/env/replay_verify.c
    agents/env/report.c
    agents/env/resume.c
    agents/env/seeds.c
    agents/env/snapshot.c
    agents/env/source.c)
