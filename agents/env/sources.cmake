# SPDX-License-Identifier: MIT
set(PARA_ENV_SOURCES
    agents/env/decision.c
    agents/env/env.c
    agents/env/mirror.c
    agents/env/probe.c
    agents/env/probe_json.c
    agents/env/replay.c
    agents/env/replay_file.c
    agents/env/replay_verify.c
    agents/env/report.c
    agents/env/report_words.c
    agents/env/rewind.c
    agents/env/trail.c)
