#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# What a model beside the player is worth: curiosity where rewards are sparse, a maker that seeks what is not
# foreseen, and a player trained in a dream. Scored on levels that no training draws.
"""Trains, scores and prints Markdown tables of docs/curiosity.md and docs/dreaming.md.

  bench/curiosity_table.py sparse --families hopper,submarine --decisions 6e5       # without and with curiosity
  bench/curiosity_table.py surprise --families crate,rover,dominoes,rockfall --decisions 4e5
  bench/curiosity_table.py dreamt --families crate,catcher --decisions 1e5 --seeds 1

sparse: a library family without its `rewards`, so that nothing but its goal pays (and its failure costs).
surprise: a model beside the player, its levels by each maker; error of the model by `dream measure`. All are shown the same number of
moments: the share of CPU time that would bound some of them is out of reach.
dreamt: trained in the engine and in a dream (of --model FILE, else one is taught of each family), scored in the engine.
Runs lie in --out and are gone on with when they are shorter than asked; a score that is known is not played again.
CPU: the run's own cpu_seconds.
"""

import argparse
import glob
import json
import math
import os
import shlex
import sqlite3
import subprocess
import sys

CURIOUS = {"none": "", "places": "--curiosity places", "disagreement": "--model --curiosity disagreement"}
MAKERS = {"dr": "--maker dr", "plr": "--maker plr", "sfl": "--maker sfl", "surprise": "--maker surprise"}
AFTER = (0.5, 1, 2)  # [s] of what is foreseen


def call(program, words):
    """Runs the program; its standard output."""
    done = subprocess.run([program, *words], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{shlex.join([program, *words])}\n{done.stderr.strip()}")
    return done.stdout


def ask(folder, question):
    """A row of a run's database; Nones where there is no run."""
    path = os.path.join(folder, "run.db")
    if not os.path.exists(path):
        return None
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as base:
        return base.execute(question).fetchone()


class Book:
    """What is known of runs so far, in a file."""

    def __init__(self, path):
        self.path = path
        self.rows = json.load(open(path)) if os.path.exists(path) else {}

    def of(self, key, find):
        if key not in self.rows:
            self.rows[key] = find()
            with open(self.path + ".tmp", "w") as out:
                json.dump(self.rows, out, indent=1)
            os.replace(self.path + ".tmp", self.path)
        return self.rows[key]


def train(choices, name, words, seed):
    """A run, trained to so many decisions: its folder, decisions and CPU seconds."""
    folder = os.path.join(choices.out, f"{name}-{seed}")
    had = ask(folder, "SELECT max(decisions) FROM lessons")
    if not had or (had[0] or 0) < int(choices.decisions):
        call(choices.program, ["train", "--out", folder, "--seed", str(seed), "--threads", "1", "--quiet", "--decisions", str(int(choices.decisions)),
                               *shlex.split(words), *shlex.split(choices.train)])
    return folder, ask(folder, "SELECT max(decisions), max(cpu_seconds) FROM lessons")


def evaluate(choices, book, folder, done, families=""):
    """Share of held-out levels solved: {family: share}, "all": their mean."""
    words = ["--levels", str(choices.levels), "--episodes", "2", "--json", "--quiet", "--threads", "1"] + (["--families", families] if families else [])

    def find():
        told = json.loads(call(choices.program, ["eval", folder, *words]))
        return {**{row["name"]: row["solve"]["trained"] for row in told["families"]}, "all": told["mean"]["trained"]}

    return book.of(f"eval {os.path.basename(folder)} {done[0]} {shlex.join(words)}", find)


def measure(choices, book, folder, done):
    """Errors of a run's model [diameters]: {family: [[median, mean] after each time]}."""
    words = ["--levels", str(choices.levels), "--json", "--quiet"]

    def find():
        rows = json.loads(call(choices.program, ["dream", "measure", os.path.join(folder, "model.safetensors"), *words]))["rows"]
        return {row["family"]: [[at["model"]["median"], at["model"]["mean"]] for at in row["after"] if at["seconds"] in AFTER] for row in rows}

    return book.of(f"measure {os.path.basename(folder)} {done[0]} {shlex.join(words)}", find)


def spread(values):
    """Mean and standard error of it."""
    n = len(values)
    mean = sum(values) / n
    return mean, math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1) / n) if n > 1 else 0.0


def percent(values):
    mean, error = spread(values)
    each = ", ".join(f"{100 * v:.0f}" for v in values)
    return f"{100 * mean:.0f} ± {100 * error:.0f} % ({each})" if len(values) > 1 else f"{100 * mean:.0f} %"


def number(values, digits):
    mean, error = spread(values)
    return f"{mean:.{digits}f} ± {error:.{digits}f}" if len(values) > 1 else f"{mean:.{digits}f}"


def tell(*words):
    print(*words, file=sys.stderr, flush=True)


def seeds(choices):
    return range(1, choices.seeds + 1)


def library(family):
    """A template of the library, from the folder this script lies beside."""
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "worlds", "library")
    found = glob.glob(os.path.join(root, "*", f"{family}.json"))
    if not found:
        sys.exit(f"no family {family} in {root}")
    return found[0]


def sparse_template(choices, family):
    """The family without what it pays on the way."""
    template, path = json.load(open(library(family))), os.path.join(choices.out, f"{family}-sparse.json")
    template["name"] = f"{family}-sparse"
    template.pop("rewards", None)
    with open(path, "w") as out:
        json.dump(template, out, indent=1)
    return path


def sparse(choices, book):
    """Curiosity against none, by family."""
    print("| family | curiosity | solved, held out | solved, last tenth of training | coverage in training | CPU |\n|---|---|---|---|---|---|")
    for family in choices.families.split(","):
        path = sparse_template(choices, family)
        for arm in choices.arms.split(",") if choices.arms else CURIOUS:
            solved, late, coverage, cpu = [], [], [], []
            for seed in seeds(choices):
                folder, done = train(choices, f"{family}-{arm}{choices.tag}", f"--families {path} --maker dr {CURIOUS[arm]}" + (f" --curiosity-weight {choices.weight}" if arm != "none" else ""), seed)
                solved.append(evaluate(choices, book, folder, done)["all"])
                coverage.append(ask(folder, "SELECT avg(coverage) FROM reports")[0])
                late.append(ask(folder, f"SELECT avg(ending = 'solved') FROM reports JOIN lessons USING (lesson) WHERE lessons.decisions > {0.9 * done[0]}")[0])
                cpu.append(done[1])
                tell(f"{family} {arm} seed {seed}: {100 * solved[-1]:.0f} %, {done[1]:.0f} s")
            print(f"| {family} | {arm} | {percent(solved)} | {percent(late)} | {number([100 * c for c in coverage], 1)} % | {spread(cpu)[0]:.0f} s |", flush=True)


def surprise(choices, book):
    """Makers with a model beside the player: which makes the better model, which the better player."""
    families = choices.families.split(",")
    rows = {arm: [] for arm in (choices.arms.split(",") if choices.arms else ("dr", "plr", "surprise"))}
    for seed in seeds(choices):
        for arm, runs in rows.items():
            folder, done = train(choices, f"beside-{arm}{choices.tag}", f"--families {choices.families} --model --model-share 0.8 {MAKERS[arm]}", seed)
            runs.append((evaluate(choices, book, folder, done), measure(choices, book, folder, done), done[1]))
            tell(f"{arm} seed {seed}: {100 * runs[-1][0]['all']:.0f} %, {runs[-1][1]['all'][2]} after 2 s, {done[1]:.0f} s")
    print("| maker | " + " | ".join(families) + " | all | CPU |\n|" + "---|" * (len(families) + 3))
    for arm, runs in rows.items():
        print(f"| {arm} | " + " | ".join(percent([run[0][name] for run in runs]) for name in (*families, "all")) + f" | {spread([run[2] for run in runs])[0]:.0f} s |")
    print("\nError of the model, median / mean:\n\n| maker | " + " | ".join(f"all, {s} s" for s in AFTER) + " | " + " | ".join(f"{f}, 2 s" for f in families) + " |")
    print("|" + "---|" * (len(AFTER) + len(families) + 1))
    for arm, runs in rows.items():
        cells = [[run[1]["all"][i] for run in runs] for i in range(len(AFTER))] + [[run[1][name][2] for run in runs] for name in families]
        print(f"| {arm} | " + " | ".join(f"{number([c[0] for c in cell], 2)} / {number([c[1] for c in cell], 2)}" for cell in cells) + " |")


def dream_of(choices, family):
    """The model to dream in."""
    if choices.model:
        return choices.model
    path = os.path.join(choices.out, f"{family}.safetensors")
    if not os.path.exists(path):
        call(choices.program, ["dream", "train", "--families", family, "--hours", "0.4", "--steps", "300000", "--seed", "1", "--threads", "1", "--quiet", "--out", path])
    return path


def dreamt(choices, book):
    """Trained in the engine, and in a dream, by training steps."""
    print("| family | trained in | decisions | solved in the engine, held out | solved in the training, last tenth | CPU |\n|---|---|---|---|---|---|")
    for family in choices.families.split(","):
        for arm in ("engine", "dream"):
            solved, late, cpu = [], [], []
            for seed in seeds(choices):
                words = f"--families {family} --maker dr" + (f" --in-dream {shlex.quote(dream_of(choices, family))}" if arm == "dream" else "")
                folder, done = train(choices, f"{family}-{arm}{choices.tag}", words, seed)
                solved.append(evaluate(choices, book, folder, done)["all"])
                late.append(ask(folder, f"SELECT avg(ending = 'solved') FROM reports JOIN lessons USING (lesson) WHERE lessons.decisions > {0.9 * done[0]}")[0])
                cpu.append(done[1])
                tell(f"{family} {arm} seed {seed}: {100 * solved[-1]:.0f} %, {done[1]:.0f} s")
            print(f"| {family} | {arm} | {done[0]} | {percent(solved)} | {percent(late)} | {spread(cpu)[0]:.0f} s |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tables = {"sparse": sparse, "surprise": surprise, "dreamt": dreamt}
    parser.add_argument("table", choices=tables)
    parser.add_argument("--program", default="build/paracosm")
    parser.add_argument("--out", default="runs/curiosity", help="folder of the runs and of what is known of them")
    parser.add_argument("--families", required=True)
    parser.add_argument("--arms", default="", help="some of the kinds of curiosity, or of the makers (default: all of the table)")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--decisions", type=float, default=6e5, help="of each run")
    parser.add_argument("--levels", type=int, default=50, help="held-out levels of each family that a score is of")
    parser.add_argument("--train", default="", help="further words of train, such as '--curiosity-fade 0.5'")
    parser.add_argument("--weight", type=float, default=0.01, help="sparse: of curiosity")
    parser.add_argument("--tag", default="", help="behind the names of the runs, where --train is another, such as --tag=-b")
    parser.add_argument("--model", default="", help="dreamt: a file of dream train (default: one is taught of each family)")
    choices = parser.parse_args()
    os.makedirs(choices.out, exist_ok=True)
    tables[choices.table](choices, Book(os.path.join(choices.out, "known.json")))


if __name__ == "__main__":
    main()
