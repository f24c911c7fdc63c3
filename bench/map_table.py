#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# What a map is worth: families that hide what they once showed, learned with a map, with a recurrent core, with neither.
"""Trains each family three ways with several seeds, scores all on held-out levels, the map also taken away, and prints a Markdown table.

  bench/map_table.py --out runs/map --decisions 2e5 --seeds 3

Held out: --levels levels, 4 episodes each; solved in per cent with the 95 % interval that eval gives, all seeds' in order. "map taken away" is the
same player of --map with `eval --forget`: what its map would show is 0. Runs lie in --out and are used again. CPU: of training, the run's own.
"""

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys

FAMILIES = ["there-and-back", "far-exit", "dark-cave", "key-first"]
WAYS = {"map": ["--map"], "recurrent": ["--recurrent"], "neither": []}


def ask(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stderr.strip()}")
    return done.stdout


def train(choices, family, way, seed):
    folder = os.path.join(choices.out, f"{family}-{way}-{int(choices.decisions)}-{seed}")
    if not os.path.isdir(folder):
        ask([choices.program, "train", "--family", family, "--obs", "vector", *WAYS[way], "--width", "64", "--decisions", str(int(choices.decisions)),
             "--maker", "dr", "--threads", "1", "--seed", str(seed), "--quiet", "--out", folder])
    return folder


def score(choices, folder, words):
    told = json.loads(ask([choices.program, "eval", folder, "--levels", str(choices.levels), "--threads", "1", "--json", *words]))
    one = told["families"][0]
    return {key: one[key]["trained"] for key in ("solve", "low", "high")}


def cpu_of(folder):
    with sqlite3.connect(f"file:{folder}/run.db?mode=ro", uri=True) as base:
        return base.execute("SELECT max(cpu_seconds) FROM lessons").fetchone()[0]


def cell(scores):
    low, high = min(s["low"] for s in scores), max(s["high"] for s in scores)
    return f"{statistics.median(100 * s["solve"] for s in scores):.0f} ({100 * low:.0f} to {100 * high:.0f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", default=",".join(FAMILIES))
    parser.add_argument("--program", default="build/paracosm")
    parser.add_argument("--out", required=True)
    parser.add_argument("--decisions", type=float, default=2e5)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--levels", type=int, default=64)
    choices = parser.parse_args()
    families = choices.families.split(",")
    runs = {(f, w, s): train(choices, f, w, s) for s in range(1, choices.seeds + 1) for f in families for w in WAYS}
    print("| family | map | map taken away | recurrent core | neither | CPU s of the map's training, and of neither |\n|---|---|---|---|---|---|")
    for family in families:
        of = lambda way, words=(): cell([score(choices, runs[family, way, s], words) for s in range(1, choices.seeds + 1)])
        cpu = [statistics.median(cpu_of(runs[family, way, s]) for s in range(1, choices.seeds + 1)) for way in ("map", "neither")]
        print(f"| {family} | {of('map')} | {of('map', ['--forget'])} | {of('recurrent')} | {of('neither')} | {cpu[0]:.1f}, {cpu[1]:.1f} |", flush=True)


if __name__ == "__main__":
    main()
