#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# How near to the edge a run's levels are: what its player solves of the newest that its maker kept, each played
# many times, beside fresh ones.
"""Prints a Markdown row for each run: shares of levels by how often the run's own player solves them.

  bench/edge_share.py runs/frontier runs/sfl runs/dr --levels 128 --episodes 20

Kept levels are the newest of the run's archive, not the best scored; a run that keeps none (dr) has the row of
its fresh levels alone. p is the share of so many episodes; the edge is 0.2 <= p <= 0.8.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile


def call(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}\n{done.stderr.strip()}")
    return done.stdout


def rates(choices, run, folder):
    """How often the run's player solves each level of a folder."""
    told = json.loads(call(choices.program, "eval", run, "--families", folder + "/", "--levels", "1", "--episodes", str(choices.episodes), "--threads", "1", "--json", "--quiet"))
    return [family["solve"]["trained"] for family in told["families"]]


def kept(choices, run, room):
    """The newest levels of the archive in a folder of their own; how many there are."""
    shelf, chosen = os.path.join(room, "archive"), os.path.join(room, "kept")
    words = [choices.program, "archive", run, "--out", shelf, "--count", "100000", "--idle", "--quiet", "--force"]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0 and "no level was kept" in done.stderr:
        return chosen, 0
    if done.returncode != 0:
        sys.exit(done.stderr.strip())
    with open(os.path.join(shelf, "index.jsonl")) as index:
        rows = sorted((json.loads(line) for line in index if line.strip()), key=lambda row: -row["lesson"])
    os.makedirs(chosen, exist_ok=True)
    for row in rows[:choices.levels]:
        shutil.copy(os.path.join(shelf, row["file"]), chosen)
    return chosen, min(len(rows), choices.levels)


def fresh(choices, families, room):
    """Members of the run's families that training never drew, as many of each."""
    folder = os.path.join(room, "fresh")
    for family in families:
        call(choices.program, "sample", family, "--count", str(-(-choices.levels // len(families))), "--seed", str(1 << 63), "--out", folder, "--quiet")
    return folder


def row(name, what, shares):
    edge = sum(0.2 <= p <= 0.8 for p in shares) / len(shares)
    never, always = sum(p == 0 for p in shares) / len(shares), sum(p == 1 for p in shares) / len(shares)
    learnability = sum(p * (1 - p) for p in shares) / len(shares)
    print(f"| {name} | {what} | {len(shares)} | {100 * sum(shares) / len(shares):.0f} % | {100 * edge:.0f} % | {100 * never:.0f} % | {100 * always:.0f} % | {learnability:.3f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+")
    parser.add_argument("--program", default="build/paracosm")
    parser.add_argument("--levels", type=int, default=128)
    parser.add_argument("--episodes", type=int, default=20, help="of each level, an even number")
    parser.add_argument("--families", default="", help="fresh levels of these beside the kept ones")
    choices = parser.parse_args()
    print("| run | levels | number | solved | 0.2 to 0.8 | never | always | p(1 - p) |\n|---|---|---|---|---|---|---|---|")
    for run in choices.runs:
        with tempfile.TemporaryDirectory() as room:
            chosen, count = kept(choices, run, room)
            if count > 0:
                row(os.path.basename(run.rstrip("/")), "kept", rates(choices, run, chosen))
            if choices.families:
                row(os.path.basename(run.rstrip("/")), "fresh", rates(choices, run, fresh(choices, choices.families.split(","), room)))


if __name__ == "__main__":
    main()
