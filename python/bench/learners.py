# SPDX-License-Identifier: MIT
"""Decisions and CPU seconds until a family is learned: `paracosm train` beside Stable-Baselines3's PPO, in one run.

    pip install stable-baselines3 python/
    python python/bench/learners.py --families lander balance --out learners.json
    python python/bench/learners.py --families balance --seeds 1 --settings example

Learned: 90 % of the last 200 episodes that ended in training were solved. Every episode, of either learner, is a level
never played before, drawn over the full ranges of the family's parameters, and both draw their actions from the policy.
Each training has a process of its own and one thread; its CPU seconds are those of the process from its start to the
end of the rollout in which that was so: for Stable-Baselines3 without the import of PyTorch, for ours with everything.
Trainings run one after the other, with ``--beside`` several side by side; the first seed of everything comes first. With
``--resume`` what was found is kept line by line, and the next call goes on from there.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import importlib.util
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

WINDOW = 200  # episodes
SHARE = 0.9  # of them solved

# What Stable-Baselines3 is given: the example of this project, its own defaults, and those that its authors' zoo of
# tuned settings has for the tasks next of kin.
SETTINGS: dict[str, dict[str, Any]] = {
    "example": {"envs": 32, "n_steps": 128, "batch_size": 1024, "n_epochs": 4, "learning_rate": 1e-3, "gamma": 0.99,
                "ent_coef": 0.01},
    "defaults": {"envs": 1},
    "zoo-lander": {"envs": 16, "n_steps": 1024, "batch_size": 64, "n_epochs": 4, "gamma": 0.999, "gae_lambda": 0.98,
                   "ent_coef": 0.01},
    "zoo-cartpole": {"envs": 8, "n_steps": 32, "batch_size": 256, "n_epochs": 20, "learning_rate": 1e-3, "gamma": 0.98,
                     "gae_lambda": 0.8, "ent_coef": 0.0},
}


class Solved:
    """The running share solved."""

    def __init__(self) -> None:
        self.last: collections.deque[bool] = collections.deque(maxlen=WINDOW)
        self.reached = False

    def add(self, solved: bool) -> None:
        self.last.append(solved)
        self.reached |= len(self.last) == WINDOW and sum(self.last) >= SHARE * WINDOW


def train_theirs(family: str, settings: str, seed: int, cap: int) -> dict[str, Any]:
    """One training of Stable-Baselines3, in this process."""
    import torch
    from stable_baselines3 import PPO
    from stable_baselines3.common.callbacks import BaseCallback
    from stable_baselines3.common.env_util import make_vec_env
    from stable_baselines3.common.vec_env import VecNormalize

    import paracosm  # noqa: F401  (registers the families)

    solved = Solved()

    class Watch(BaseCallback):
        def _on_step(self) -> bool:
            for info in self.locals["infos"]:
                if "episode" in info:
                    solved.add(bool(info.get("solved", False)))
            return not solved.reached

    torch.set_num_threads(1)
    wishes = dict(SETTINGS[settings])
    start = time.process_time()
    env = VecNormalize(make_vec_env(f"paracosm/{family}", n_envs=wishes.pop("envs"), seed=seed))
    learner = PPO("MlpPolicy", env, seed=seed, device="cpu", **wishes)
    learner.learn(cap, callback=Watch())
    cpu = time.process_time() - start
    env.close()
    return {"decisions": learner.num_timesteps if solved.reached else None, "cpu": cpu}


def run_ours(options: argparse.Namespace, family: str, seed: int, folder: str, *more: str) -> float:
    """-> its CPU seconds"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [options.command, "train", "--quiet", "--out", folder, "--family", family, "--seed", str(seed), "--threads",
               "1", "--schedule-decisions", str(options.cap), *more, *options.ours.split()]
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def train_ours(options: argparse.Namespace, family: str, seed: int) -> dict[str, Any]:
    """Trains once to find the lesson in which it was learned, and again up to there, the same by bits, for its cost."""
    with tempfile.TemporaryDirectory() as place:
        cpu = run_ours(options, family, seed, f"{place}/whole", "--decisions", str(options.cap))
        solved, lesson = Solved(), None
        with sqlite3.connect(f"{place}/whole/run.db") as run:
            for at, ending in run.execute("select lesson, ending from reports order by report"):
                solved.add(ending == "solved")
                if solved.reached:
                    lesson = at
                    break
            if lesson is None:
                return {"decisions": None, "cpu": cpu}
            (decisions,) = run.execute("select decisions from lessons where lesson = ?", [lesson]).fetchone()
        cpu = run_ours(options, family, seed, f"{place}/part", "--lessons", str(lesson + 1))
    return {"decisions": decisions, "cpu": cpu}


def read_kept(path: str | None) -> list[dict[str, Any]]:
    """What --resume has."""
    if not path or not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file.read().split("\n")[:-1]]


def run_job(options: argparse.Namespace, job: tuple[str, str, int]) -> dict[str, Any]:
    """One training in a process of its own."""
    family, settings, seed = job
    what = {"family": family, "settings": settings, "seed": seed, "cap": options.cap, "ours": options.ours if settings == "ours" else ""}
    for line in read_kept(options.resume):
        if what.items() <= line.items():
            return line
    text = subprocess.run([sys.executable, __file__, "--job", json.dumps(job), *sys.argv[1:]], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    result = {**what, **json.loads(text.splitlines()[-1])}
    if options.resume:
        with open(options.resume, "a", encoding="utf-8") as file:
            file.write(json.dumps(result) + "\n")
    reached = f"{result['decisions']:,} decisions" if result["decisions"] else f"not within {options.cap:,} decisions"
    print(f"{family:10} {settings:14} seed {seed}: {reached}, {result['cpu']:.1f} s of CPU", file=sys.stderr, flush=True)
    return result


def table(results: list[dict[str, Any]], cap: int) -> None:
    """A row for each learner: the median over the seeds, the least and greatest beside it."""
    print("| family | learner | seeds | decisions | CPU s |\n|---|---|---|---|---|")
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for result in results:
        groups.setdefault((result["family"], result["settings"]), []).append(result)
    for (family, settings), group in groups.items():
        name = "`paracosm train`" if settings == "ours" else f"Stable-Baselines3, {settings}"
        counts = sorted(r["decisions"] or cap + 1 for r in group)
        words = [f"{count / 1000:.0f} k" if count <= cap else f"over {cap / 1000:.0f} k" for count in counts]
        cpu = sorted(r["cpu"] for r in group)
        print(f"| {family} | {name} | {len(group)} | {words[(len(words) - 1) // 2]} ({words[0]} to {words[-1]}) "
              f"| {statistics.median(cpu):.1f} ({cpu[0]:.1f} to {cpu[-1]:.1f}) |")


def main() -> None:
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", nargs="+", default=["lander", "balance"], metavar="NAME")
    parser.add_argument("--settings", nargs="*", default=["example"], choices=SETTINGS, help="of Stable-Baselines3")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--cap", type=int, default=1_000_000, help="decisions after which a training is given up")
    parser.add_argument("--beside", type=int, default=1, help="trainings at a time")
    parser.add_argument("--ours", default="--maker dr", help="options of paracosm train, in one text")
    parser.add_argument("--command", default=os.path.join(root, "build", "paracosm"), help="default build/paracosm")
    parser.add_argument("--out", help="write the results here, as JSON")
    parser.add_argument("--resume", metavar="FILE", help="keep results in FILE, a line of JSON each, and go on from them")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        family, settings, seed = json.loads(options.job)
        result = (train_ours(options, family, seed) if settings == "ours"
                  else train_theirs(family, settings, seed, options.cap))  # fmt: skip
        print(json.dumps(result))
        return
    missing = [name for name in ("stable_baselines3", "paracosm") if not importlib.util.find_spec(name)]
    if options.settings and missing:
        parser.error(f"Python has no {' and no '.join(missing)}: pip install stable-baselines3 python/")
    if not os.access(options.command, os.X_OK):
        parser.error(f"no command at {options.command}: build it with ./run build, or name it with --command")
    jobs = [(family, settings, seed) for seed in range(1, options.seeds + 1) for family in options.families
            for settings in ["ours", *options.settings]]
    results: list[dict[str, Any]] = []
    pool = concurrent.futures.ThreadPoolExecutor(options.beside)
    code = 0
    try:
        for result in pool.map(lambda job: run_job(options, job), jobs):
            results.append(result)
    except KeyboardInterrupt:
        code = 130
    except subprocess.CalledProcessError as error:
        print(f"learners: a training ended with {error.returncode}; what there is:", file=sys.stderr)
        code = 1
    pool.shutdown(wait=False, cancel_futures=True)
    table(results, options.cap)
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
    sys.exit(code)


if __name__ == "__main__":
    main()
