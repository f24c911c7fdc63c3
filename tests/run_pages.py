#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every command that a page prints is run as it is printed: in blocks of shell lines and in the midst of a sentence.

    tests/run_pages.py [--command build/paracosm] [page ...]

Pages are README.md, python/README.md and those of docs. They are read in one order, in one folder, which looks like the
root of the repository; `paracosm` is on the way there. What is not as printed, and what is not run, is told:

- Words in capitals (FILE, DIR, N ...) stand for something; what is put in their place stands in STANDS_FOR.
- What would go on for minutes, or until somebody closes a window, gets Ctrl-C after a few seconds, and must end by that.
- A ```json block with a template in it is saved as NAME.json, as its page means it.
- In a block with `$ ` before its commands, what a command printed takes the place of what the page shows that it printed.
- In a sentence, a command without arguments of its own, or with half an option, only names it: then its --help must know
  the options.
- A page with `paracosm` in a block of commands says how the shell finds it: who copies a line may have read no other.
- LEFT_TO lists what is not run here, and who runs it or why nobody does.

Last line: `N passed, N failed`.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
STARTS = r"(?:[A-Z_]+=\S+ )?(?:paracosm|\./run|build/paracosm|sqlite3|bench/\S+|python3?|pip|cmake|bash|export) "

# (what the command holds, the word, what is put in its place)
STANDS_FOR = [
    ("replay", "FILE", "solved.replay"),
    ("--replay", "FILE", "solved.replay"),
    ("", "FILE", "worlds/library/drive/rover.json"),
    ("--out DIR", "DIR", "runs/measured"),
    ("eval DIR", "DIR", "runs/first"),
    ("check", "FOLDER", "worlds/library"),
    ("", "OUT", "proofs"),
    ("--scene S", "S", "walker"),
    ("--solver S", "S", "lanes"),
    ("--worlds N", "N", "64"),
]

# (a command that begins so, who runs it instead or why nobody does)
LEFT_TO = [
    ("bash tests/check_shaders.sh", ".ci/run does"),
    ("./run packages", "it installs packages; .ci/run and ./run do"),
    ("python3 -m venv venv", "python/tests/clean_venv.sh does"),
    ("pip ", "python/tests/clean_venv.sh installs the package"),
    ("python -c \"import gymnasium, paracosm", "python/tests/clean_venv.sh does, once it is installed"),
    ("python -m paracosm to-minari", "python/tests/test_docs.py does, once it is installed"),
    ("python3 python/bench/anchors.py", "needs gymnasium; it is a bench of ten minutes"),
    ("python python/bench/compare.py", "needs gymnasium[box2d], a package of its own"),
    ("python python/bench/learners.py", "needs stable-baselines3 and PyTorch"),
    ("python python/bench/curves.py", "needs PyTorch, stable-baselines3 and skrl"),
]

TELLS = ("paracosm diff ",)  # commands whose exit code 1 is an answer

# (a command that holds this goes on and on, seconds until Ctrl-C)
ENDLESS = [
    ("train --out runs/first", 15.0),
    ("train --minutes 10 --out runs/first", 4.0),
    ("run train", 4.0),
    ("paracosm train", 4.0),
    ("run test", 4.0),
    ("lesson_shape.py", 4.0),
    ("bench train", 4.0),
    ("bench window", 4.0),
    ("eval ", 3.0),
    ("paracosm play", 2.0),
    ("paracosm author", 2.0),
    ("paracosm watch", 2.0),
    ("run play", 2.0),
    ("replay play", 3.0),
]
ON_A_TERMINAL = ("replay play",)  # what draws on one
ANSWER = 20.0  # [s] in which Ctrl-C must be answered, by a machine with other work
PATIENCE = 300.0  # [s] for what ends by itself


HOW_IT_IS_FOUND = 'export PATH="$PWD/build:$PATH"'


@dataclasses.dataclass
class Command:
    page: str
    line: int
    text: str
    inline: bool
    shown: list[str]  # what the page shows that commands before it, in its block, printed


def without_comment(line: str) -> str:
    """`#` begins a comment outside of quotes."""
    quote = ""
    for at, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "#" and (at == 0 or line[at - 1].isspace()):
            return line[:at].rstrip()
    return line.rstrip()


def is_open(text: str) -> bool:
    """A quote or a backslash goes on in the next line."""
    return text.count("'") % 2 == 1 or text.count('"') % 2 == 1 or text.endswith("\\")


def block_commands(page: str, lines: list[tuple[int, str]]) -> list[Command]:
    prompt = any(text.startswith("$ ") for _, text in lines)
    found: list[Command] = []
    shown: list[str] = []
    for number, raw in lines:
        if found and not found[-1].inline and is_open(found[-1].text):
            found[-1].text = f"{found[-1].text.rstrip(chr(92))} {raw.strip()}"
            continue
        line = raw[2:] if raw.startswith("$ ") else raw
        text = without_comment(line)
        if prompt and not raw.startswith("$ "):
            shown.append(raw.strip())
        elif re.match(STARTS, text + " "):
            found.append(Command(page, number, text, False, list(shown)))
            shown = [] if prompt else shown
    return found


def commands_of(page: str, folder: pathlib.Path) -> list[Command]:
    """The page's commands in their order; its templates are saved in `folder` on the way."""
    found: list[Command] = []
    language: str | None = None
    block: list[tuple[int, str]] = []
    for number, line in enumerate((ROOT / page).read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            if language is None:
                language, block = line[3:].strip(), []
                continue
            if language in ("", "sh", "bash", "console"):
                found += block_commands(page, block)
            elif language == "json":
                save_template("\n".join(text for _, text in block), folder)
            language = None
        elif language is not None:
            block.append((number, line))
        else:
            for text in re.findall(r"`([^`]+)`", line):
                if re.match(STARTS, text):
                    found.append(Command(page, number, text, True, []))
    return found


def save_template(text: str, folder: pathlib.Path) -> None:
    try:
        template = json.loads(text)
    except json.JSONDecodeError:
        return
    if isinstance(template, dict) and "paracosm" in template and "name" in template:
        (folder / f"{template['name']}.json").write_text(text)


def names_only(command: Command) -> bool:
    """Whether a command in a sentence has no argument of its own, or ends with an option whose value is missing."""
    words = command.text.split()
    if not command.inline or words[0] not in ("paracosm", "./run", "build/paracosm"):
        return False
    return not [word for word in words[2:] if not word.startswith("-") and word not in ("verify", "play", "info", "step", "train")]


class Runner:
    def __init__(self, folder: pathlib.Path, paracosm: pathlib.Path) -> None:
        self.folder, self.paracosm = folder, paracosm
        self.passed = self.failed = self.shortened = self.named = 0
        self.left: dict[str, list[str]] = {}
        self.printed = ""
        self.examples: dict[str, str] = {}  # numbers that a page shows as printed, and what was printed here
        (folder / "bin").mkdir()
        (folder / "bin" / "paracosm").symlink_to(paracosm)
        for name in ("run", "bench", "python", "build", "worlds", "docs", "tests", "CMakeLists.txt"):
            (folder / name).symlink_to(ROOT / name)
        self.environment = os.environ | {
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "SDL_VIDEODRIVER": "offscreen", "HOME": str(folder),
            "TERM": "xterm-256color", "COLORTERM": "truecolor",
        }  # fmt: skip
        self.environment.pop("DISPLAY", None)

    def fail(self, command: Command, why: str, output: str = "") -> None:
        self.failed += 1
        print(f"FAILED: {command.page}:{command.line}: {command.text}\n  {why}")
        for line in output.strip().splitlines()[-8:]:
            print(f"  | {line}")

    def completed(self, command: Command) -> str:
        """The command with something in the place of what only stands for it."""
        text = command.text
        for shown, real in zip(command.shown, self.printed.split("\n"), strict=False):
            if shown.isdigit() and real.strip():
                self.examples[shown] = real.strip()
        for shown, real in self.examples.items():
            text = re.sub(rf"\b{shown}\b", real, text)
        for holds, word, real in STANDS_FOR:
            if holds in text:
                text = re.sub(rf"(?<![\w-]){word}(?![\w-])", lambda _, real=real: real, text)
        return text

    def run(self, command: Command) -> None:
        for begins, why in LEFT_TO:
            if command.text.startswith(begins):
                self.left.setdefault(why, []).append(f"{command.page}:{command.line}: {command.text}")
                return
        if names_only(command):
            self.check_names(command)
            return
        text = self.completed(command)
        limit = next((seconds for holds, seconds in ENDLESS if holds in text), None)
        start = time.monotonic()
        words = ["bash", "-c", text]
        if any(holds in text for holds in ON_A_TERMINAL):
            words = ["script", "-qec", text, "/dev/null"]
        child = subprocess.Popen(
            words, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
        asked = False
        try:
            output, _ = child.communicate(timeout=limit or PATIENCE)
        except subprocess.TimeoutExpired:
            asked = True
            os.killpg(child.pid, signal.SIGINT)
            try:
                output, _ = child.communicate(timeout=ANSWER)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                output, _ = child.communicate()
                self.fail(command, f"did not end {ANSWER:g} s after Ctrl-C", output)
                return
        self.printed = output
        seconds = time.monotonic() - start
        note = f"  ({text})" if text != command.text else ""
        if asked and limit is None:
            self.fail(command, f"did not end in {PATIENCE:g} s", output)
        elif child.returncode == 0 or (child.returncode == 1 and text.startswith(TELLS)) or (asked and child.returncode in (130, -signal.SIGINT)):
            self.passed += 1
            self.shortened += asked
            print(f"{'Ctrl-C' if asked else 'good'} {seconds:5.1f} s  {command.page}:{command.line}: {command.text}{note}")
        else:
            self.fail(command, f"exit {child.returncode}{note}", output)

    def check_names(self, command: Command) -> None:
        words = command.text.split()[1:]
        verbs = [word for word in words if not word.startswith("-")]
        told = subprocess.run([self.paracosm, *verbs, "--help"], capture_output=True, text=True, check=False)
        if verbs[:1] in (["train"], ["test"], ["build"], ["packages"]) and command.text.startswith("./run"):
            told = subprocess.run([ROOT / "run", "--help"], capture_output=True, text=True, check=False)
        unknown = [word for word in words if word.startswith("--") and not re.search(rf"{word}\b", told.stdout)]
        if told.returncode != 0 or unknown:
            self.fail(command, f"--help knows no {' '.join(unknown) or 'such command'}", told.stdout + told.stderr)
        else:
            self.passed += 1
            self.named += 1

    def expect_way_to(self, page: str, found: list[Command]) -> None:
        """The page says how `paracosm` is found, if a block needs it."""
        if not any(re.match(r"(\S+=\S+ )*paracosm ", command.text) and not command.inline for command in found):
            return
        if HOW_IT_IS_FOUND in (ROOT / page).read_text(encoding="utf-8"):
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {page}: does not say how `paracosm` is found: {HOW_IT_IS_FOUND}")

    def give_replay(self) -> None:
        """solved.replay: what a person records, of the run that README.md trains."""
        proofs = sorted((self.folder / "runs/first/proofs").glob("*.replay"))
        if proofs and not (self.folder / "solved.replay").exists():
            shutil.copy(proofs[-1], self.folder / "solved.replay")


def pages() -> list[str]:
    rest = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))
    return ["README.md", *rest, "python/README.md"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", default=str(ROOT / "build" / "paracosm"))
    parser.add_argument("pages", nargs="*", help="only these, after README.md, which trains what the others look at")
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    with tempfile.TemporaryDirectory() as place:
        runner = Runner(pathlib.Path(place), pathlib.Path(options.command).resolve())
        for page in pages():
            if options.pages and page not in ("README.md", *options.pages):
                continue
            found = commands_of(page, runner.folder)
            runner.expect_way_to(page, found)
            for command in found:
                runner.run(command)
                runner.give_replay()
        print(f"ended by Ctrl-C: {runner.shortened}; only named: {runner.named}; not run here:")
        for why, lines in runner.left.items():
            print(f"  {why}")
            for line in lines:
                print(f"    {line}")
    print(f"{runner.passed} passed, {runner.failed} failed")
    return 1 if runner.failed or not runner.passed else 0


if __name__ == "__main__":
    sys.exit(main())
