#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The table of the library's families: what a random and a still player solve of each tier, the solver that is
# chosen, the cost of a step, and who solved members of it. docs/library.md has what it prints.
"""Prints a Markdown row for each family and tier.

Wants the Python package (python/ in PYTHONPATH, PARACOSM_LIBRARY_SO=build/libparacosm.so) and the program:
  PYTHONPATH=python PARACOSM_LIBRARY_SO=build/libparacosm.so bench/family_table.py --program build/paracosm
Random draws every channel anew at each decision from -1, 0, +1; both players play the same members.
"""

import argparse
import json
import subprocess
import sys

import numpy as np

import paracosm

TIERS = ("easy", "normal", "hard")


def solved_share(family, tier, episodes, still):
    """Share of the members solved in one episode each, and the mean reward."""
    env = paracosm.VectorEnv(family, num_envs=episodes, tier=tier)
    rng = np.random.default_rng(1)
    env.reset(seed=1)
    choices = np.tile(env.single_action_space.nvec, (episodes, 1))
    none = np.where(choices > 2, 1, 0)  # of three the middle one, of two the first
    done, solved, paid = np.zeros(episodes, bool), np.zeros(episodes, bool), np.zeros(episodes)
    while not done.all():
        actions = none if still else rng.integers(0, choices)
        _, reward, ended, cut, info = env.step(actions)
        now = (ended | cut) & ~done  # infos tell of solved ones only in steps in which one ends
        paid += np.where(done, 0, reward)
        solved |= now & np.asarray(info.get("solved", False), bool)
        done |= now
    env.close()
    return solved.mean(), paid.mean()


def told(program, *words):
    """The JSON objects that a command of the program prints, one after the other."""
    text = subprocess.run([program, *words], capture_output=True, text=True).stdout.strip()
    objects = []
    while text:
        value, end = json.JSONDecoder().raw_decode(text)
        objects += [value] if isinstance(value, dict) else value
        text = text[end:].lstrip()
    return objects


def proof(program, family, tier, members, seconds):
    """How many members a search finds a solution of, as "k of n"."""
    words = ["prove", family, "--members", str(members), "--budget", str(seconds), "--json", "--quiet"]
    rows = told(program, *words, *(["--tier", tier] if tier else []))
    return f"{sum(bool(row.get('solved')) for row in rows)} of {members}" if rows else ""


def trained(program, family, tier, minutes, folder):
    """What a player trained on the tier solves of held-out levels, as the program's eval says."""
    out = f"{folder}/{family}-{tier}"
    subprocess.run([program, "train", "--families", family, "--tier", tier, "--minutes", str(minutes), "--out", out], check=True)
    done = subprocess.run([program, "eval", out, "--json"], capture_output=True, text=True, check=True)
    return done.stdout.strip().replace("\n", " ")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", help="names (default: all but classic worlds)")
    parser.add_argument("--program", default="build/paracosm")
    parser.add_argument("--episodes", type=int, default=64)
    parser.add_argument("--prove", type=float, default=0, metavar="SECONDS", help="search so long in each of three members")
    parser.add_argument("--train", type=float, default=0, metavar="MINUTES", help="train by dr on each tier; fills the last column")
    parser.add_argument("--runs", default="runs/families", help="where trained players lie")
    choices = parser.parse_args()
    print("| family | tier | random | still | reward of random | solver | step | proof | dr |\n|---|---|---|---|---|---|---|---|---|")
    for family in choices.families or paracosm.families():
        step = told(choices.program, "bench", "step", "--scene", family, "--worlds", "64", "--json", "--seconds", "0.1")[0]
        solver = {0: "chipmunk", 1: "lanes"}.get(step["lanes_share"], f"lanes {step['lanes_share']:.0%}")
        for tier in TIERS:
            try:
                random, paid = solved_share(family, tier, choices.episodes, False)
            except paracosm.Error as error:
                if "tier" not in str(error):
                    raise
                tier = None  # it has none of this name: the whole family, once
                random, paid = solved_share(family, tier, choices.episodes, False)
            still, _ = solved_share(family, tier, choices.episodes, True)
            found = proof(choices.program, family, tier, 3, choices.prove) if choices.prove else ""
            score = trained(choices.program, family, tier, choices.train, choices.runs) if choices.train and tier else ""
            cost = step["ns_per_step"] / 1000
            print(f"| {family} | {tier or 'all'} | {random:.0%} | {still:.0%} | {paid:.1f} | {solver} | {cost:.1f} µs | {found} | {score} |", flush=True)
            if not tier:
                break


if __name__ == "__main__":
    sys.exit(main())
