# SPDX-License-Identifier: MIT
"""Every snippet of docs/python.md runs. A section (`## …`) is one session: its ```python blocks run in order
in one namespace, its ```sh lines in a shell between them, all in a fresh folder.

Before a block, `<!-- needs: a, b -->` names what must be there: a module, or `command` (the paracosm
command, in PARACOSM_COMMAND), or `run` (a small run folder runs/first, trained for it), or `repository`
(lines that install and build: what tests/clean_venv.sh does is exactly them, so they are not run again).
"""

from __future__ import annotations

import dataclasses
import importlib.util
import os
import pathlib
import re
import subprocess
import sys

import pytest

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "python.md"


@dataclasses.dataclass
class Block:
    language: str
    needs: list[str]
    text: str
    line: int


def sections() -> dict[str, list[Block]]:
    """The page's blocks by the heading they stand under."""
    found: dict[str, list[Block]] = {}
    heading, needs, block = "", [], None
    for number, line in enumerate(PAGE.read_text(encoding="utf-8").splitlines(), 1):
        if block is not None:
            if line.startswith("```"):
                found.setdefault(heading, []).append(block)
                block, needs = None, []
            else:
                block.text += line + "\n"
        elif line.startswith("## "):
            heading = line[3:]
        elif match := re.fullmatch(r"<!-- needs: (.*) -->", line):
            needs = [need.strip() for need in match[1].split(",")]
        elif line.startswith("```"):
            block = Block(line[3:].strip(), needs, "", number)
    assert block is None, f"{PAGE.name}:{block.line}: a block without an end"
    return found


SECTIONS = sections()


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder with a short run in it, as runs/first: checkpoints, and proofs."""
    folder = tmp_path_factory.mktemp("trained")
    command = [os.environ["PARACOSM_COMMAND"], "train", "--out", "runs/first", "--lessons", "60", "--families", "roll"]
    small = ["--envs", "64", "--horizon", "64", "--width", "16", "--threads", "2", "--checkpoint", "1", "--quiet"]
    subprocess.run(command + small, cwd=folder, check=True, timeout=60)
    return folder


def missing(need: str) -> bool:
    if need in ("command", "run"):
        return "PARACOSM_COMMAND" not in os.environ
    return importlib.util.find_spec(need) is None


def test_the_page_has_snippets() -> None:
    python = [block for blocks in SECTIONS.values() for block in blocks if block.language == "python"]
    assert len(python) >= 8
    assert all(block.language in ("python", "sh", "text", "") for blocks in SECTIONS.values() for block in blocks)


@pytest.mark.parametrize("heading", SECTIONS)
def test_snippets_run(heading: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, request) -> None:
    blocks = [block for block in SECTIONS[heading] if block.language in ("python", "sh") and "repository" not in block.needs]
    needs = {need for block in blocks for need in block.needs}
    if absent := sorted(need for need in needs if missing(need)):
        pytest.skip(f"needs {', '.join(absent)}")
    folder = tmp_path
    if "run" in needs:
        folder = request.getfixturevalue("small_run")
    (tmp_path / "bin").mkdir()
    if "command" in needs:
        (tmp_path / "bin" / "paracosm").symlink_to(os.environ["PARACOSM_COMMAND"])
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}")
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path / "datasets"))
    monkeypatch.setenv("SDL_VIDEODRIVER", "offscreen")
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in blocks:
        if block.language == "python":
            # Padded, so that a traceback's line numbers are the page's own.
            exec(compile("\n" * block.line + block.text, str(PAGE), "exec"), namespace)
        else:
            done = subprocess.run(["bash", "-euc", block.text], capture_output=True, text=True, timeout=120)
            assert done.returncode == 0, f"{PAGE.name}:{block.line}: {done.stdout}{done.stderr}"
