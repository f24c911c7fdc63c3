#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Searches the settings of a training over several tasks: random choices, of which ever fewer are tried with ever more
seeds (successive halving). What counts is how soon nine of ten episodes are solved, in decisions and in CPU seconds."""
import argparse
import concurrent.futures
import json
import math
import os
import random
import shlex
import statistics
import subprocess
import sys
import tempfile

EXAMPLES = """examples:
  bench/settings_search.py --tasks lander,balance --choices 12 --seeds 1 2 4 --resume found.jsonl
  bench/settings_search.py --choices 0 --also "--preset fast" --also "--width 64 --epochs 4" --seeds 3

A task is FAMILY, or FAMILY:OBS, or FAMILY:OBS:DECISIONS (where it is given up). A choice's score is the geometric mean
over tasks and seeds of its cost (the mean of decisions and CPU seconds, each as a share of what the defaults take there; a
training that was given up counts as twice that of its end). After each round the better third goes on, with --seeds in
all. The defaults and what is named by --also go through every round. Nine of ten: of the last 128 episodes that ended in
training, all of them levels never played before; CPU seconds are the run's own, with everything. Results are kept line by
line with --resume, and the next call goes on from there. Exit code: 0 done, 1 a training failed, 2 wrong usage, 130 stopped."""

CLASSIC = ("cartpole", "lunarlander", "acrobot", "mountaincar", "pendulum", "bipedal-walker", "bipedal-walker-hardcore")
TASKS = "cartpole:listed:400000,lunarlander:listed:1500000,lander:vector:500000,balance:vector:500000,hopper:vector:500000"
GIVEN_UP = 1_000_000
WINDOW, SHARE = 128, 0.9
# What is drawn: each option's values, evenly; a range is drawn evenly in its logarithm.
SPACE = {"--width": (32, 64, 64), "--envs": (16, 32, 32, 64), "--first-horizon": (16, 32), "--growth": (0.008, 0.02),
         "--epochs": (1, 2, 3, 4), "--minibatches": (4, 8, 16), "--learning-rate": [1.2e-3, 6e-3], "--gae-lambda": (0.9, 0.95, 0.98),
         "--discount": (0.98, 0.99, 0.995), "--entropy": (0, 0.003, 0.01), "--kl-stop": (0, 0, 0.03), "--value-clip": (0, 0, 0.2),
         "--clip": (0.2, 0.3)}  # fmt: skip


def arguments(argv):
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(prog="bench/settings_search.py", description=__doc__, epilog=EXAMPLES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", default=TASKS, help="set apart by commas (default: five)")
    parser.add_argument("--choices", type=int, default=24, help="drawn at random (default 24)")
    parser.add_argument("--also", action="append", default=[], metavar="OPTIONS", help="a choice by hand; may come more than once")
    parser.add_argument("--fixed", default="", metavar="OPTIONS", help="given to every training, the defaults' too")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 4], metavar="N", help="in all after each round (default 1 2 4)")
    parser.add_argument("--draw", type=int, default=1, metavar="SEED", help="of the random choices (default 1)")
    parser.add_argument("--beside", type=int, default=1, metavar="N", help="trainings at a time (default 1)")
    parser.add_argument("--resume", metavar="FILE", help="keep results in FILE, a line of JSON each, and go on from them")
    parser.add_argument("--program", default=os.path.join(here, "..", "build", "paracosm"), help="default build/paracosm")
    return here, parser.parse_args(argv)


def draw(count, seed):
    """So many choices at random, each a text of options."""
    rng, choices = random.Random(seed), []
    for _ in range(count):
        values = {name: math.exp(rng.uniform(*map(math.log, of))) if isinstance(of, list) else rng.choice(of) for name, of in SPACE.items()}
        choices.append(" ".join(f"{name} {value:.2g}" if isinstance(SPACE[name], list) else f"{name} {value}" for name, value in values.items()))
    return choices


def read_task(word, here):
    family, obs, cap = (word.split(":") + ["", ""])[:3]
    path = os.path.join(here, "..", "worlds", "library", "classic", family + ".json") if family in CLASSIC else family
    return {"task": family, "family": path, "obs": obs or "vector", "cap": int(cap or GIVEN_UP)}


def run(task, choice, seed, options):
    """Trains until it is solved or given up. -> what it took"""
    with tempfile.TemporaryDirectory(prefix="settings-search-") as place:
        command = [options.program, "train", "--json", "--out", os.path.join(place, "run"), "--family", task["family"], "--obs", task["obs"],
                   "--maker", "dr", "--seed", str(seed), "--threads", "1", "--decisions", str(task["cap"]), *options.fixed.split(), *choice.split()]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        solved, lesson = False, None
        for line in child.stdout:
            lesson = json.loads(line)
            told = lesson["families"][0]
            solved = told["episodes"] >= WINDOW and (told["solve"] or 0) >= SHARE
            if solved:
                child.kill()  # its folder goes with it
                break
        child.stdout.close()
        if child.wait() != 0 and not solved:
            raise RuntimeError(f"{shlex.join(command)} ended with {child.returncode}")
    return {"task": task["task"], "obs": task["obs"], "cap": task["cap"], "fixed": options.fixed, "choice": choice, "seed": seed, "solved": solved,
            "decisions": lesson["decisions"], "cpu": lesson["cpu_seconds"]}


def cost(result, base):
    """Its share of what the defaults take; twice for what was given up."""
    share = 0.5 * (result["decisions"] / base["decisions"] + result["cpu"] / base["cpu"])
    return share * (1 if result["solved"] else 2)


def bases(results):
    """Of each task the median cost of the defaults."""
    found = {}
    for task in {r["task"] for r in results}:
        mine = [r for r in results if r["task"] == task and r["choice"] == ""]
        found[task] = {key: statistics.median(r[key] * (1 if r["solved"] else 2) for r in mine) for key in ("decisions", "cpu")}
    return found


def scores(results):
    """Choices by their geometric mean, best first."""
    base, groups = bases(results), {}
    for result in results:
        groups.setdefault(result["choice"], []).append(result)
    return sorted((math.exp(statistics.mean(math.log(cost(r, base[r["task"]])) for r in group)), choice, group) for choice, group in groups.items())


def table(results):
    """A line per choice: of each task the median decisions and CPU seconds, and how many seeds solved it."""
    tasks = list(dict.fromkeys(r["task"] for r in results))
    print(f"| score | settings | {' | '.join(tasks)} |\n|---|---|{'---|' * len(tasks)}")
    for score, choice, group in scores(results):
        cells = []
        for task in tasks:
            mine = [r for r in group if r["task"] == task]
            if mine:
                cells.append(f"{statistics.median(r['decisions'] for r in mine) / 1000:.0f} k, {statistics.median(r['cpu'] for r in mine):.1f} s, "
                             f"{sum(r['solved'] for r in mine)}/{len(mine)}")
            else:
                cells.append("")
        print(f"| {score:.2f} | `{choice or 'defaults'}` | {' | '.join(cells)} |")


def main(argv):
    here, options = arguments(argv)
    tasks = [read_task(word, here) for word in options.tasks.split(",")]
    by_hand = ["", *options.also]
    alive = by_hand + draw(options.choices, options.draw)
    kept = {}
    if options.resume and os.path.exists(options.resume):
        with open(options.resume, encoding="utf-8") as file:
            for result in map(json.loads, file.read().split("\n")[:-1]):
                kept[tuple(result[key] for key in ("task", "obs", "cap", "fixed", "choice", "seed"))] = result
    results = {}

    def result_of(job):
        task, choice, seed = job
        key = (task["task"], task["obs"], task["cap"], options.fixed, choice, seed)
        result = kept.get(key) or run(task, choice, seed, options)
        if options.resume and key not in kept:
            with open(options.resume, "a", encoding="utf-8") as file:
                file.write(json.dumps(result) + "\n")
        results[key] = result

    try:
        for at, seeds in enumerate(options.seeds):
            jobs = [(task, choice, seed) for choice in alive for task in tasks for seed in range(1, seeds + 1)]
            with concurrent.futures.ThreadPoolExecutor(options.beside) as pool:
                list(pool.map(result_of, jobs))
            order = [choice for _, choice, _ in scores([r for r in results.values() if r["choice"] in alive])]
            print(f"round {at + 1}: {len(alive)} choices with {seeds} seeds, first: {order[0] or 'defaults'}", file=sys.stderr, flush=True)
            drawn = [choice for choice in order if choice not in by_hand]
            alive = by_hand + drawn[: math.ceil(len(drawn) / 3)]
    except RuntimeError as error:
        print(f"settings_search: error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    table([r for r in results.values()])
    print(f"CPU seconds in all: {sum(r['cpu'] for r in results.values()):.0f}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
