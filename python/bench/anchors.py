#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The classic families beside the figures they are after: mean return and length of given policies, per solver.

    python3 python/bench/anchors.py [--episodes 200] [--solver lanes chipmunk] [--family cartpole ...]

Theirs: measured with Gymnasium 1.x where it can be imported without Box2D (cartpole, mountaincar, pendulum, acrobot),
by this script in the same run; of lunarlander and the walkers the published figures. Ours: the templates of worlds/library/classic.
Each policy is a function of the observation, the same for both.
"""

from __future__ import annotations

import argparse
import pathlib
from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np

import paracosm

CLASSIC = pathlib.Path(__file__).resolve().parents[2] / "worlds" / "library" / "classic"


def lean(obs: np.ndarray) -> int:
    """Pushes to where the pole leans and turns."""
    return int(obs[2] + 0.3 * obs[3] + 0.02 * obs[0] + 0.05 * obs[1] > 0)


def swing(obs: np.ndarray) -> int:
    """Drives to where the car already goes."""
    return 2 if obs[1] >= 0 else 0


def pump(obs: np.ndarray) -> np.ndarray:
    """Gives the rod the energy it lacks, then holds it."""
    cosine, sine, spin = (float(v) for v in obs)
    if cosine > 0.9:
        wish = -8 * np.arctan2(sine, cosine) - 2 * spin
    else:
        wish = 2 * np.sign(spin) * np.sign(15 - (spin * spin / 2 + 15 * cosine))
    return np.array([np.clip(wish / 2, -1, 1)], np.float32)


def kick(obs: np.ndarray) -> int:
    """Turns the elbow along with the shoulder's swing."""
    return 2 if obs[4] < 0 else 0


def land(obs: np.ndarray) -> int:
    """Leans towards the pad by place and speed, holds a height that falls with the distance, brakes at the ground."""
    x, y, vx, vy, angle, spin, right, left = (float(v) for v in obs)
    turn = (np.clip(0.5 * x + vx, -0.4, 0.4) - angle) * 0.5 - spin
    lift = (0.55 * abs(x) - y) * 0.5 - 0.5 * vy
    if right or left:
        turn, lift = 0.0, -0.5 * vy
    if lift > abs(turn) and lift > 0.05:
        return 2
    return 3 if turn < -0.05 else 1 if turn > 0.05 else 0


# No controller here for the walkers: the hull is a pole on two feet, and which way a short one tips over at the start is chance.
FAMILIES: dict[str, tuple[str, Callable[[np.ndarray], Any] | None]] = {
    "cartpole": ("CartPole-v1", lean),
    "mountaincar": ("MountainCar-v0", swing),
    "pendulum": ("Pendulum-v1", pump),
    "acrobot": ("Acrobot-v1", kick),
    "lunarlander": ("LunarLander-v3", land),
    "bipedal-walker": ("BipedalWalker-v3", None),
    "bipedal-walker-hardcore": ("BipedalWalkerHardcore-v3", None),
}
CONTINUOUS = ("pendulum", "bipedal-walker", "bipedal-walker-hardcore")
PUBLISHED = {
    ("lunarlander", "random"): "-185.5 +- 111, 92",
    ("lunarlander", "heuristic"): "252.8, 253",
    ("bipedal-walker", "random"): "-104.3 +- 14.7, 419",
    ("bipedal-walker-hardcore", "random"): "no figure",
}


def run(env: gymnasium.Env, policy: Callable[[np.ndarray], Any] | None, episodes: int, scale: float = 1.0) -> str:
    """Mean and spread of the return, and mean length; actions of a policy times `scale`."""
    returns, lengths = [], []
    env.action_space.seed(1)
    observation, _ = env.reset(seed=1)
    for _ in range(episodes):
        total, length, over = 0.0, 0, False
        while not over:
            action = env.action_space.sample() if policy is None else policy(observation)
            if policy is not None and scale != 1.0:
                action = action * scale
            observation, reward, terminated, truncated, _ = env.step(action)
            total, length, over = total + float(reward), length + 1, terminated or truncated
        returns.append(total)
        lengths.append(length)
        observation, _ = env.reset()
    return f"{np.mean(returns):8.1f} +- {np.std(returns):6.1f}, length {np.mean(lengths):6.1f}"


def theirs(name: str, policy: Callable[[np.ndarray], Any] | None, episodes: int) -> str:
    id, _ = FAMILIES[name]
    key = (name, "heuristic" if policy else "random")
    if key in PUBLISHED:
        return PUBLISHED[key] + " (published)"
    with gymnasium.make(id) as env:
        return run(env, policy, episodes, scale=2.0 if name == "pendulum" else 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--solver", nargs="+", default=["lanes", "chipmunk"])
    parser.add_argument("--family", nargs="+", default=list(FAMILIES))
    parser.add_argument("--ours-only", action="store_true")
    wish = parser.parse_args()
    for name in wish.family:
        for policy in dict.fromkeys((None, FAMILIES[name][1])):
            what = f"{name:12} {'heuristic' if policy else 'random':9}"
            if not wish.ours_only:
                print(what, f"{'theirs':9}", theirs(name, policy, wish.episodes), flush=True)
            for solver in wish.solver:
                actions = "continuous" if name in CONTINUOUS else None
                with paracosm.Env(CLASSIC / f"{name}.json", solver=solver, actions=actions) as env:
                    print(what, f"{solver:9}", run(env, policy, wish.episodes), flush=True)


if __name__ == "__main__":
    main()
