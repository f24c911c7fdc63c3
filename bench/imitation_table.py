#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# What recorded episodes are worth to a training: decisions until nine of ten held-out levels are solved.
"""Searches solutions of a family's levels, trains with and without imitating them, and prints a Markdown table.

  bench/imitation_table.py --families coins:easy,ladders:easy --episodes 20 --decisions 2e5 --seeds 2

A family may have a tier behind a colon. The searched levels are members 0 and on, which training may draw and evaluation never does.
Runs and proofs lie in --out and are used again. Held out: 16 levels, two episodes each, every few lessons. CPU: the run's own cpu_seconds.
"""

import argparse
import os
import shlex
import sqlite3
import subprocess
import sys

SOLVED = 0.9


def call(program, words):
    done = subprocess.run([program, *words], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{shlex.join([program, *words])}\n{done.stderr.strip()}")


def search(choices, family, tier):
    """A folder with a solution each of so many members."""
    folder = os.path.join(choices.out, f"proofs-{family}-{tier or 'whole'}-{choices.episodes}")
    if not os.path.isdir(folder):
        call(choices.program, ["prove", family, "--members", str(choices.episodes), "--steps", str(int(choices.steps)), "--threads", "1", "--quiet",
                               "--out", folder, *(["--tier", tier] if tier else [])])
    return folder


def train(choices, family, tier, seed, name, words):
    """Rows (decisions, cpu_seconds, held_out) of a run's lessons that were scored."""
    folder = os.path.join(choices.out, f"{family}-{tier or 'whole'}-{name}-{seed}")
    if not os.path.isdir(folder):
        call(choices.program, ["train", "--out", folder, "--family", family, "--maker", "dr", "--decisions", str(int(choices.decisions)), "--seed", str(seed),
                               "--eval-every", str(choices.every), "--threads", "1", "--quiet", *(["--tier", tier] if tier else []), *words])
    with sqlite3.connect(f"file:{folder}/run.db?mode=ro", uri=True) as base:
        return base.execute("SELECT decisions, cpu_seconds, held_out FROM lessons WHERE held_out >= 0 ORDER BY lesson").fetchall()


def row_of(rows):
    first = next((f"{decisions:,}" for decisions, _, score in rows if score >= SOLVED), "never")
    begin, end = rows[0][2], rows[-1][2]
    return first, f"{100 * begin:.0f}", f"{100 * end:.0f}", f"{rows[-1][1]:.0f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", required=True, help="NAME or NAME:TIER, set apart by commas")
    parser.add_argument("--episodes", type=int, default=20, help="to imitate (default 20)")
    parser.add_argument("--steps", type=float, default=4e6, help="of physics at most in the search for each (default 4e6)")
    parser.add_argument("--decisions", type=float, default=2e5, help="of each run (default 2e5)")
    parser.add_argument("--every", type=int, default=8, help="lessons between scores (default 8)")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--out", default="runs/imitation")
    parser.add_argument("--program", default="build/paracosm")
    choices = parser.parse_args()
    os.makedirs(choices.out, exist_ok=True)
    print("| family | imitates | seed | decisions until 90 % | first score | at the end | CPU s |\n|---|---|---|---|---|---|---|")
    for word in choices.families.split(","):
        family, _, tier = word.partition(":")
        proofs = search(choices, family, tier)
        count = len(os.listdir(proofs))
        for name, words in {"nothing": [], f"{count} episodes": ["--from", proofs], f"{count}, not beside": ["--from", proofs, "--from-weight", "0"]}.items():
            for seed in range(1, choices.seeds + 1):
                cells = row_of(train(choices, family, tier, seed, name.replace(" ", "-").replace(",", ""), words))
                print(f"| {word.replace(':', ', ')} | {name} | {seed} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
