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


@pytest.mark.parametrize("script, names, say", [
    ("compare.py", ["Box2D"], "pip install 'gymnasium[box2d]'"), ("curves.py", ["skrl", "matplotlib"], "no skrl and no matplotlib"),
])  # fmt: skip
def test_a_package_that_is_missing_is_told_before_anything_runs(script: str, names: list[str], say: str) -> None:
    """Whatever is installed here: all but `names` is made out to be there."""
    code = (
        "import importlib.util as util, runpy, sys; find = util.find_spec\n"
        f"util.find_spec = lambda name, *rest: None if name in {names} else find(name, *rest) or util.spec_from_loader(name, None)\n"
        f"sys.argv = [{script!r}]; runpy.run_path({str(SCRIPT.parent / script)!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and say in done.stderr and "Traceback" not in done.stderr, done.stderr
