# SPDX-License-Identifier: MIT
"""bench/curves.py: from curves that are kept to the rows of docs/python.md. Training needs PyTorch and is not tried."""

from __future__ import annotations

import importlib.util
import pathlib

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "bench" / "curves.py"
PAGE = SCRIPT.parents[2] / "docs" / "python.md"


def load():
    spec = importlib.util.spec_from_file_location("curves", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_rows_are_means_over_episodes(tmp_path: pathlib.Path) -> None:
    curves = load()
    path = tmp_path / "sb3.csv"
    path.write_text(
        "steps,seconds,episodes,return,solved\n20000,10,30,-2.0,0.0\n50000,30,10,6.0,0.5\n60000,40,5,1.5,0.2\n300000,99,4,15.55,0.99\n"
    )
    curve = curves.train("sb3", tmp_path, 1.0)  # it is there: nothing is trained
    assert curves.part(curve, 0) == "12 % | 0.0 | 30 s"
    assert curves.part(curve, 1) == "20 % | 1.5 | 40 s"
    assert curves.part(curve, 2) == "– | – | –"
    assert curves.table({"sb3": curve, "skrl": curve}).splitlines()[-1] == "| 250 to 300 k | 99 % | 15.6 | 99 s | 99 % | 15.6 | 99 s |"


def test_the_page_names_its_script_and_rows() -> None:
    curves = load()
    page = PAGE.read_text(encoding="utf-8")
    assert "`python python/bench/curves.py`" in page and curves.PICTURE.name in page
    assert all(f"| {row.split(' | ')[0][2:]} |" in page for row in curves.table({"sb3": {"steps": []} | {"episodes": []}}).splitlines())
