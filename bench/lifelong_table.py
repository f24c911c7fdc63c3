#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures ways to keep what was learned: 20 worlds in sequence, by every method and several seeds, beside one
player that learns all of them at once for as many decisions in all.

  bench/lifelong_table.py --paracosm build/paracosm --out runs/lifelong --seeds 1,2,3 > table.md

Runs that are there are not trained again. P, F and FT are those of docs/lifelong.md; FT against the run `alone` of
the same seed. An interval is Student's at 95 %, over seeds.
"""
import argparse
import json
import math
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

METHODS = ["finetune", "ewc", "clone", "own", "skills"]
PUBLISHED = {"finetune": ".05 / .73 / +.20", "ewc": ".60 / .02 / -.18", "own": ".80 / .00 / +.18 (PackNet)"}
STUDENT = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776}  # two-sided 95 %, by the number of seeds


def call(command, folder):
    """CPU seconds [s] of a run, kept beside it."""
    kept = folder / "cpu.json"
    if not kept.exists():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        kept.write_text(json.dumps(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    return json.loads(kept.read_text())


def train(args, method, seed):
    folder = args.out / f"{method}-{seed}"
    command = [args.paracosm, "train", "--stream", args.stream, "--lifelong", method, "--maker", "dr", "--seed",
               str(seed), "--eval-levels", str(args.levels), "--threads", "1", "--out", str(folder), "-q"]
    return folder, call(command, folder)


def multitask(args, seed):
    """All families at once, for as many decisions as the stream has in all; held-out levels as in a stream."""
    stream = json.loads(Path(args.stream).read_text())
    total = stream["decisions"] * len(stream["worlds"]) * stream.get("repeat", 1)
    folder = args.out / f"multitask-{seed}"
    command = [args.paracosm, "train", "--families", ",".join(stream["worlds"]), "--maker", "dr", "--seed", str(seed),
               "--decisions", str(total), "--threads", "1", "--out", str(folder), "-q"]
    seconds = call(command, folder)
    answer = subprocess.run([args.paracosm, "eval", str(folder), "--levels", str(args.levels), "--episodes", "2",
                             "--seed", "77", "--threads", "1", "--json"], check=True, capture_output=True, text=True)
    families = json.loads(answer.stdout)["families"]
    return sum(f["solve"]["trained"] for f in families) / len(families), seconds


def scores(folder):
    rows = sqlite3.connect(folder / "run.db").execute(
        "select learning, world, point, done, solve from stream_scores order by learning, world, point").fetchall()
    worlds = 1 + max(r[0] for r in rows)
    area = []
    for w in range(worlds):
        curve = [(r[3], r[4]) for r in rows if r[0] == w and r[1] == w]
        area.append(curve[0][0] * curve[0][1] + sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in zip(curve, curve[1:])))
    end = {(r[0], r[1]): r[4] for r in rows if r[3] == 1}
    return worlds, area, end


def measure(folder, reference):
    worlds, area, end = scores(folder)
    ref = scores(reference)[1]
    last = [end[worlds - 1, w] for w in range(worlds)]
    forgot = [end[w, w] - last[w] for w in range(worlds)]
    forward = [(area[w] - ref[w]) / (1 - ref[w]) for w in range(worlds) if ref[w] < 1]
    return sum(last) / worlds, sum(forgot) / worlds, sum(forward) / max(1, len(forward))


def spread(values):
    mean = sum(values) / len(values)
    if len(values) < 2:
        return f"{mean:+.2f}"
    deviation = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))
    return f"{mean:+.2f} ± {STUDENT.get(len(values), 1.96) * deviation / math.sqrt(len(values)):.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--paracosm", default="build/paracosm")
    parser.add_argument("--stream", default="docs/streams/twenty.json")
    parser.add_argument("--out", type=Path, default=Path("runs/lifelong"))
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--levels", type=int, default=8, help="held-out levels of each family, two episodes each")
    args = parser.parse_args()
    seeds = [int(s) for s in args.seeds.split(",")]
    args.out.mkdir(parents=True, exist_ok=True)
    found, cost, all_at_once = {m: [] for m in METHODS}, {m: [] for m in METHODS}, []
    for seed in seeds:
        reference, _ = train(args, "alone", seed)
        for method in METHODS:
            folder, seconds = train(args, method, seed)
            found[method].append(measure(folder, reference))
            cost[method].append(seconds)
            print(seed, method, found[method][-1], f"{seconds:.0f} s", file=sys.stderr, flush=True)
        all_at_once.append(multitask(args, seed))
        print(seed, "multitask", all_at_once[-1], file=sys.stderr, flush=True)
    whole = sum(p for p, _ in all_at_once) / len(all_at_once)
    print("| method | P | F | FT | P of multitask | CPU [s] | CW20: P / F / FT |\n|---|---|---|---|---|---|---|")
    for method in METHODS:
        p, f, ft = ([v[i] for v in found[method]] for i in range(3))
        print(f"| `{method}` | {spread(p)} | {spread(f)} | {spread(ft)} | {sum(p) / len(p) / whole:.2f} | "
              f"{sum(cost[method]) / len(seeds):.0f} | {PUBLISHED.get(method, '-')} |")
    print(f"| all at once | {spread([p for p, _ in all_at_once])} | - | - | 1 | "
          f"{sum(s for _, s in all_at_once) / len(seeds):.0f} | - |")


if __name__ == "__main__":
    main()
