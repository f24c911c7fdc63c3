# SPDX-License-Identifier: MIT
"""Stable-Baselines3's PPO, unchanged, on a Paracosm family.

    pip install paracosm stable-baselines3
    python python/examples/sb3_ppo.py --family balance --steps 500000 --curve balance.csv

The environment is made by its id, like any other of Gymnasium; nothing here is Paracosm's but the import.
Every level is new (the seed goes on by itself), so the curve is over levels the learner has never seen.
"""

from __future__ import annotations

import argparse
import csv
import time

import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.vec_env import VecNormalize

import paracosm  # noqa: F401  (registers the families)


class Curve(BaseCallback):
    """One row per rollout: steps, seconds, mean return and share solved of the episodes that ended in it."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[dict[str, float]] = []
        self.returns: list[float] = []
        self.solved: list[float] = []
        self.start = time.perf_counter()

    def _on_step(self) -> bool:
        for info in self.locals["infos"]:
            if "episode" in info:
                self.returns.append(float(info["episode"]["r"]))
                self.solved.append(float(info.get("solved", False)))
        return True

    def _on_rollout_end(self) -> None:
        if not self.returns:
            return
        row = {"steps": self.num_timesteps, "seconds": round(time.perf_counter() - self.start, 2),
               "episodes": len(self.returns), "return": round(float(np.mean(self.returns)), 3),
               "solved": round(float(np.mean(self.solved)), 4)}
        self.rows.append(row)
        self.returns, self.solved = [], []
        print(*(f"{name} {value:<9g}" for name, value in row.items()), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--family", default="balance", help="a family, or any id of Gymnasium")
    parser.add_argument("--steps", type=int, default=500_000)
    parser.add_argument("--envs", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2, help="of PyTorch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--curve", help="write the learning curve to this CSV file")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    name = options.family if "-v" in options.family else f"paracosm/{options.family}"
    env = VecNormalize(make_vec_env(name, n_envs=options.envs, seed=options.seed))
    learner = PPO("MlpPolicy", env, n_steps=128, batch_size=1024, n_epochs=4, learning_rate=1e-3,
                  gamma=0.99, ent_coef=0.01, seed=options.seed, device="cpu")
    curve = Curve()
    learner.learn(options.steps, callback=curve)
    env.close()
    if options.curve and curve.rows:
        with open(options.curve, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(curve.rows[0]))
            writer.writeheader()
            writer.writerows(curve.rows)


if __name__ == "__main__":
    main()
