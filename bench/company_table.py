#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# What players of one level are worth to each other: with the channel and without, and later selves against earlier ones.
"""Trains families of several players with several seeds and prints Markdown tables.

  bench/company_table.py --talk speaker-driver --duel ring-out --seeds 3

--talk: each family is scored on held-out levels as it is, muted and scrambled; the interval is the widest of the seeds' 95 % ones. Beside it what
the words tell of each parameter, in bits of the most that can be told. --duel: past selves of each run play each other; ratings in Elo. Runs lie
in --out and are used again. CPU: the run's own cpu_seconds.
"""

import argparse
import json
import os
import shlex
import sqlite3
import statistics
import subprocess
import sys


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(command)}\n{done.stderr.strip()}")
    return done.stdout


def train(choices, family, seed, words):
    """The folder of a run, and the CPU seconds it took."""
    name = "".join(letter if letter.isalnum() else "-" for letter in os.path.basename(family)) + f"-{int(choices.decisions)}-{seed}"
    folder = os.path.join(choices.out, name)
    if not os.path.isdir(folder):
        run([choices.program, "train", "--out", folder, "--families", family, "--obs", "vector", "--width", "64", "--maker", "dr", "--decisions",
             str(int(choices.decisions)), "--seed", str(seed), "--threads", "1", "--quiet", *words])
    with sqlite3.connect(f"file:{folder}/run.db?mode=ro", uri=True) as base:
        return folder, base.execute("SELECT cpu_seconds FROM lessons ORDER BY lesson DESC LIMIT 1").fetchone()[0]


def median(values, digits=1):
    low, high = min(values), max(values)
    middle = f"{statistics.median(values):,.{digits}f}"
    return middle if low == high else f"{middle} ({low:,.{digits}f} to {high:,.{digits}f})"


def score(choices, folder, words):
    text = run([choices.program, "eval", folder, "--levels", str(choices.levels), "--threads", "1", "--json", "--quiet", *words])
    return json.loads(text)["families"][0]


def talk(choices, family):
    runs = [train(choices, family, seed, []) for seed in range(1, choices.seeds + 1)]
    for name, words in (("as it is", []), ("muted", ["--muted"]), ("scrambled", ["--scrambled"])):
        scores = [score(choices, folder, words) for folder, _ in runs]
        solve = [100 * one["solve"]["trained"] for one in scores]
        low, high = min(100 * one["low"]["trained"] for one in scores), max(100 * one["high"]["trained"] for one in scores)
        told = {name: [one["talk"]["params"][name] for one in scores] for name in scores[0]["talk"]["params"]}
        most = max(told, key=lambda name: statistics.median(item["bits"] for item in told[name]))
        bits = f"{most}: {median([item['bits'] for item in told[most]], 2)} of {told[most][0]['most']:.2f}, shuffled {median([item['shuffled'] for item in told[most]], 2)}"
        print(f"| {os.path.basename(family)} | {name} | {median(solve)} | {low:.1f} to {high:.1f} | {bits} | {median([cpu for _, cpu in runs], 0)} |", flush=True)


def duel(choices, family):
    for seed in range(1, choices.seeds + 1):
        folder, cpu = train(choices, family, seed, ["--pool", "8"])
        text = run([choices.program, "elo", folder, "--players", "6", "--levels", str(choices.games // 2), "--threads", "1", "--json", "--quiet"])
        told = ", ".join(f"{item['lesson']}: {item['rating']:.0f} ±{item['high'] - item['rating']:.0f}" for item in json.loads(text)["players"])
        print(f"| {os.path.basename(family)} | {seed} | {told} | {cpu:.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--talk", default="", help="families, set apart by commas")
    parser.add_argument("--duel", default="", help="families, set apart by commas")
    parser.add_argument("--decisions", type=float, default=1.2e6, help="of each run (default 1.2e6)")
    parser.add_argument("--levels", type=int, default=200, help="held-out levels of each score (default 200)")
    parser.add_argument("--games", type=int, default=80, help="of each pair of selves (default 80)")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", default="runs/company")
    parser.add_argument("--program", default="build/paracosm")
    choices = parser.parse_args()
    os.makedirs(choices.out, exist_ok=True)
    if choices.talk:
        print("| family | heard | solved, % | 95 % | the words tell, bit | CPU s |\n|---|---|---|---|---|---|")
        for family in choices.talk.split(","):
            talk(choices, family)
    if choices.duel:
        print("| family | seed | lesson: Elo | CPU s |\n|---|---|---|---|")
        for family in choices.duel.split(","):
            duel(choices, family)


if __name__ == "__main__":
    main()
