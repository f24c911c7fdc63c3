#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Makers against each other: the same player taught by each of them, with several seeds, scored on levels that
# no training draws.
"""Trains a player by each maker and seed, scores it on tests, and prints a Markdown table of both.

  bench/maker_table.py --out runs/makers --makers dr,sfl,frontier --seeds 3 --decisions 3e6 \\
      --train "--families rover,hopper" --test hard="--tier hard" --test composed="--families composed/"

Runs lie in OUT/MAKER-SEED and are gone on with when they are shorter than asked; a score that is known is not
played again. So it may be stopped and called again, with more makers, seeds or decisions.
Steps: what worlds played for learning, and what makers played beside it to score levels. CPU: the run's own
cpu_seconds, the same on a busy machine but for its caches. With --equal steps (or cpu) the makers are
set side by side where the thriftiest of them ended: each by its last checkpoint before, which
--train "--milestone 20" keeps.
"""

import argparse
import json
import math
import os
import shlex
import sqlite3
import subprocess
import sys


def call(program, words):
    """Runs the program; its standard output."""
    done = subprocess.run([program, *words], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{shlex.join([program, *words])}\n{done.stderr.strip()}")
    return done.stdout


def lessons(folder):
    """Rows of a run: lesson, decisions, world steps, steps for scoring, CPU seconds; empty where it has not begun."""
    path = os.path.join(folder, "run.db")
    if not os.path.exists(path):
        return []
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as base:
        return base.execute("SELECT lesson, decisions, world_steps, scoring_steps, cpu_seconds FROM lessons ORDER BY lesson").fetchall()


def progress(folder):
    """What a run has done: decisions, world steps, steps for scoring, CPU seconds."""
    rows = lessons(folder)
    return rows[-1][1:] if rows else (0, 0, 0, 0)


class Book:
    """What is known of runs so far, in a file."""

    def __init__(self, path):
        self.path = path
        self.rows = json.load(open(path)) if os.path.exists(path) else {}

    def keep(self, key, value):
        self.rows[key] = value
        with open(self.path + ".tmp", "w") as out:
            json.dump(self.rows, out, indent=1)
        os.replace(self.path + ".tmp", self.path)


def train(choices, maker, seed):
    """A run of a maker and seed, trained to so many decisions."""
    folder, steps = os.path.join(choices.out, f"{maker}-{seed}"), int(choices.decisions)
    if progress(folder)[0] < steps:
        words = ["train", "--out", folder, "--maker", maker, "--seed", str(seed), "--threads", "1", "--decisions", str(steps), "--quiet"]
        words += shlex.split(choices.train)
        call(choices.program, words)
    return folder


def checkpoints(folder):
    """What may be scored of a run, oldest first: the player, and what had been done for it."""
    done = {row[0]: row for row in lessons(folder)}
    last = max(done)
    for name in sorted(os.listdir(os.path.join(folder, "checkpoints"))):
        lesson = int(name[7:13]) if name.startswith("lesson-") and name.endswith(".safetensors") else -1
        if lesson in done and lesson != last:
            yield os.path.join(folder, "checkpoints", name), done[lesson][1:]
    yield folder, done[last][1:]


COST = {"decisions": lambda done: done[0], "steps": lambda done: done[1] + done[2], "cpu": lambda done: done[3]}


def pick(runs, equal):
    """Of each run the newest player that had cost no more than the cheapest run whole."""
    cost = COST[equal]
    bound = min(cost(players[-1][1]) for players in runs.values()) * 1.001
    return {run: [player for player in players if cost(player[1]) <= bound][-1] for run, players in runs.items()}


def score(choices, book, player, done, name, words):
    """A player's scores on a test: solved, worst tenth, return, and the share above --reward-above."""
    key = f"{os.path.relpath(player, choices.out)} {done[0]} {name}: {words}"
    if key not in book.rows:
        text = call(choices.program, ["eval", player, "--json", "--quiet", "--threads", "1", *shlex.split(words)])
        told = json.loads(text)
        rewards = [family["reward"]["trained"] for family in told["families"]]
        above = [family["above"]["trained"] for family in told["families"] if "above" in family]
        book.keep(key, {"solved": told["mean"]["trained"], "worst10": told["worst10"]["trained"],
                        "return": sum(rewards) / len(rewards), "above": sum(above) / len(above) if above else None})
    return book.rows[key]


def spread(values):
    """Mean and standard error of it."""
    n = len(values)
    mean = sum(values) / n
    return mean, math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1) / n) if n > 1 else float("nan")


def percent(values):
    mean, error = spread(values)
    return f"{100 * mean:.1f}" + (f" ± {100 * error:.1f}" if len(values) > 1 else "")


def cell(rows, reward_above):
    """A test's cell: the mean and the worst tenth, or as published tasks are judged."""
    if reward_above:
        mean, error = spread([row["return"] for row in rows])
        return f"{percent([row['above'] for row in rows])} / {mean:.0f}" + (f" ± {error:.0f}" if len(rows) > 1 else "")
    return f"{percent([row['solved'] for row in rows])} / {percent([row['worst10'] for row in rows])}"


def table(tests, scores, work, equal):
    """Prints what came of it."""
    above = any("--reward-above" in words for words in tests.values())
    what = "share of returns above the bound, in % / mean return" if above else "solved / worst 10 %, in %"
    print(f"At equal {equal}. Mean and standard error over seeds: {what}.\n")
    print("| maker | seeds | decisions | world steps | for scoring | CPU | " + " | ".join(tests) + " | mean |")
    print("|" + "---|" * (7 + len(tests)))
    for maker, seeds in scores.items():
        mean = [sum(x) / len(x) for x in zip(*(work[maker, seed] for seed in seeds))]
        cells = [cell([rows[name] for rows in seeds.values()], above) for name in tests]
        key = "above" if above else "solved"
        all_tests = percent([sum(rows[name][key] for name in tests) / len(tests) for rows in seeds.values()])
        print(f"| {maker} | {len(seeds)} | {mean[0] / 1e6:.2f} M | {mean[1] / 1e6:.2f} M | {mean[2] / 1e6:.2f} M | {mean[3] / 60:.1f} min | "
              + " | ".join(cells) + f" | {all_tests} |")
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="build/paracosm")
    parser.add_argument("--out", default="runs/makers", help="folder of the runs and of what is known of them")
    parser.add_argument("--makers", default="dr,sfl,accel,edit-learn,frontier")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--decisions", type=float, default=1e6, help="of each run")
    parser.add_argument("--train", default="", help="further words of train")
    parser.add_argument("--equal", default="decisions", help="decisions, steps or cpu, or several of them by commas")
    parser.add_argument("--test", action="append", default=[], metavar="NAME=WORDS", help="a test: words of eval; may be given several times")
    choices = parser.parse_args()
    tests = dict(test.partition("=")[::2] for test in choices.test) or {"held out": ""}
    os.makedirs(choices.out, exist_ok=True)
    book, runs = Book(os.path.join(choices.out, "known.json")), {}
    for seed in range(1, choices.seeds + 1):
        for maker in choices.makers.split(","):
            folder = train(choices, maker, seed)
            runs[maker, seed] = list(checkpoints(folder))
            told = [f"{name} {100 * row['solved']:.1f} %, return {row['return']:.1f}" for name, words in tests.items()
                    for row in [score(choices, book, *runs[maker, seed][-1], name, words)]]
            print(f"{maker} seed {seed}: {'; '.join(told)}", file=sys.stderr, flush=True)
    for equal in choices.equal.split(","):
        chosen, scores = pick(runs, equal), {}
        for (maker, seed), (player, done) in chosen.items():
            scores.setdefault(maker, {})[seed] = {name: score(choices, book, player, done, name, words) for name, words in tests.items()}
        table(tests, scores, {run: done for run, (_, done) in chosen.items()}, equal)


if __name__ == "__main__":
    main()
