# SPDX-License-Identifier: MIT
"""bench/compare.py runs from end to end: its own rows, too short to be figures."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "bench" / "compare.py"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="compare.py pins its processes: Linux only")
def test_compare_writes_every_row(tmp_path: pathlib.Path) -> None:
    out = tmp_path / "rows.json"
    done = subprocess.run([sys.executable, str(SCRIPT), "--only", "ours", "--sizes", "64", "--seconds", "0.02",
                           "--repeats", "1", "--out", str(out)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    rows = json.loads(out.read_text(encoding="utf-8"))["rows"]
    cores = {1, 2} if len(os.sched_getaffinity(0)) > 1 else {1}
    found = {(row["id"], row["form"], row["envs"], row["cores"]) for row in rows}
    families = ("paracosm/lander", "paracosm/walker", "paracosm/balance")
    assert found == ({(name, "single", 1, 1) for name in families}
                     | {(name, "native", 64, count) for name in families for count in cores})
    for row in rows:
        assert row["steps_per_s_wall"]["median"] > 0
        assert row["form"] == "single" or row["bytes_per_env"] > 0
