#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# What a part of the player's network or learner is worth: the same training with and without it.
"""Trains families with several sets of options and seeds, and prints a Markdown table with medians and spreads.

  bench/parts_table.py --families recall-door,seen-once --with= --with=--recurrent --decisions 2e5 --seeds 3

A family may have a tier behind a colon; several families that are trained together are joined by "+". Each --with is what is added to
`paracosm train`. Held out: 16 levels of each family, two episodes each, every few lessons. Runs lie in --out and are used again. CPU: the
run's own cpu_seconds.
"""

import argparse
import os
import shlex
import sqlite3
import statistics
import subprocess
import sys

SOLVED = 0.9


def train(choices, families, tier, seed, words):
    """Rows (decisions, cpu_seconds, held_out) of a run's lessons that were scored."""
    name = "".join(letter if letter.isalnum() else "-" for letter in f"{families}-{tier or 'whole'}-{int(choices.decisions)}{words}") + f"-{seed}"
    folder = os.path.join(choices.out, name)
    which = ["--families", families.replace("+", ",")] if "+" in families or choices.entities else ["--family", families]
    command = [choices.program, "train", "--out", folder, *which, "--maker", "dr", "--decisions", str(int(choices.decisions)), "--seed", str(seed),
               "--eval-every", str(choices.every), "--threads", "1", "--quiet", *(["--tier", tier] if tier else []), *shlex.split(words)]
    if not os.path.isdir(folder):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{shlex.join(command)}\n{done.stderr.strip()}")
    with sqlite3.connect(f"file:{folder}/run.db?mode=ro", uri=True) as base:
        return base.execute("SELECT decisions, cpu_seconds, held_out FROM lessons WHERE held_out >= 0 ORDER BY lesson").fetchall()


def told(values, digits=0):
    """Median and, in brackets, the least and the most."""
    low, high = min(values), max(values)
    middle = f"{statistics.median(values):,.{digits}f}"
    return middle if low == high else f"{middle} ({low:,.{digits}f} to {high:,.{digits}f})"


def first_of(rows):
    return next((decisions for decisions, _, score in rows if score >= SOLVED), None)


def row_of(runs):
    firsts = [first_of(rows) for rows in runs]
    reached = [first for first in firsts if first is not None]
    until = f"{told(reached)}{'' if len(reached) == len(runs) else f', {len(runs) - len(reached)} never'}" if reached else "never"
    curve = [statistics.median(100 * rows[round(k * (len(rows) - 1) / 4)][2] for rows in runs) for k in range(5)]
    return until, " ".join(f"{score:.0f}" for score in curve), told([100 * rows[-1][2] for rows in runs]), told([rows[-1][1] for rows in runs])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", required=True, help="NAME, NAME:TIER or A+B+C, set apart by commas")
    parser.add_argument("--with", dest="words", action="append", required=True, help="options of train; several times")
    parser.add_argument("--entities", action="store_true", help="the observation of any family, of a single one too")
    parser.add_argument("--decisions", type=float, default=2e5, help="of each run (default 2e5)")
    parser.add_argument("--every", type=int, default=8, help="lessons between scores (default 8)")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", default="runs/parts")
    parser.add_argument("--program", default="build/paracosm")
    choices = parser.parse_args()
    os.makedirs(choices.out, exist_ok=True)
    print("| family | with | decisions until 90 % | held out over the run, % | at the end, % | CPU s |\n|---|---|---|---|---|---|")
    for word in choices.families.split(","):
        families, _, tier = word.partition(":")
        for words in choices.words:
            runs = [train(choices, families, tier, seed, words) for seed in range(1, choices.seeds + 1)]
            print(f"| {word.replace(':', ', ').replace('+', ', ')} | {words or 'as it is'} | {' | '.join(row_of(runs))} |", flush=True)


if __name__ == "__main__":
    main()
