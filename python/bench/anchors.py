#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The classic families beside the figures they are after: mean return and length of given policies, per solver.

    python3 python/bench/anchors.py [--episodes 200] [--solver lanes chipmunk] [--family cartpole ...]

Theirs: measured with Gymnasium 1.x by this script in the same run; of lunarlander and the walkers, where Python has no Box2D
(pip install 'gymnasium[box2d]'), the figures known of them. Ours: the templates of worlds/library/classic. Each policy is a function of
the observation, the same for both: random, a controller of a few lines (that of lunarlander does what the one does that
Gymnasium publishes beside its world), and of the walkers, with Box2D, the published one.
"""

from __future__ import annotations

import argparse
import importlib.util
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


class Walking:
    """The controller that Gymnasium publishes for the walkers: it has a state, so each episode takes a new one."""

    def __init__(self) -> None:
        from gymnasium.envs.box2d.bipedal_walker import BipedalWalkerHeuristics

        self.walker = BipedalWalkerHeuristics()

    def __call__(self, obs: np.ndarray) -> np.ndarray:
        return np.clip(self.walker.step_heuristic(obs), -1, 1).astype(np.float32)


Policy = Callable[[np.ndarray], Any]
# Which way the walkers' hull tips over at its first stand is chance, so no controller of a few lines is here.
FAMILIES: dict[str, tuple[str, Policy | None, Callable[[], Policy] | None]] = {
    "cartpole": ("CartPole-v1", lean, None),
    "mountaincar": ("MountainCar-v0", swing, None),
    "pendulum": ("Pendulum-v1", pump, None),
    "acrobot": ("Acrobot-v1", kick, None),
    "lunarlander": ("LunarLander-v3", land, None),
    "bipedal-walker": ("BipedalWalker-v3", None, Walking),
    "bipedal-walker-hardcore": ("BipedalWalkerHardcore-v3", None, None),
}
CONTINUOUS = ("pendulum", "bipedal-walker", "bipedal-walker-hardcore")
BOX2D = importlib.util.find_spec("Box2D") is not None
KNOWN = {
    ("lunarlander", "random"): "-185.5 +- 111, 92 (known)",
    ("bipedal-walker", "random"): "-104.3 +- 14.7, 419 (known)",
}


def run(env: gymnasium.Env, made: Callable[[], Policy] | None, episodes: int, scale: float = 1.0) -> str:
    """Mean and spread of the return, mean length, and how many landed; actions of a policy times `scale`."""
    returns, lengths, well = [], [], 0
    env.action_space.seed(1)
    observation, _ = env.reset(seed=1)
    for _ in range(episodes):
        policy = made() if made else None
        total, length, over, reward = 0.0, 0, False, 0.0
        while not over:
            action = policy(observation) if policy else env.action_space.sample()
            if policy and scale != 1.0:
                action = action * scale
            observation, reward, terminated, truncated, _ = env.step(action)
            total, length, over = total + float(reward), length + 1, terminated or truncated
        well += reward == 100  # the landing's own reward
        returns.append(total)
        lengths.append(length)
        observation, _ = env.reset()
    landed = f", landed {100 * well / episodes:.0f} %" if well else ""
    return f"{np.mean(returns):8.1f} +- {np.std(returns):6.1f}, length {np.mean(lengths):6.1f}{landed}"


def theirs(name: str, what: str, made: Callable[[], Policy] | None, episodes: int) -> str:
    id = FAMILIES[name][0]
    if not BOX2D and name in ("lunarlander", "bipedal-walker", "bipedal-walker-hardcore"):
        return KNOWN.get((name, what), "no Box2D")
    with gymnasium.make(id) as env:
        return run(env, made, episodes, scale=2.0 if name == "pendulum" else 1.0)


def policies(name: str) -> dict[str, Callable[[], Policy] | None]:
    """What plays the family, by name; None draws at random."""
    _, short, published = FAMILIES[name]
    found: dict[str, Callable[[], Policy] | None] = {"random": None}
    if short:
        found["controller"] = lambda: short
    if published and BOX2D:
        found["published"] = published
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--solver", nargs="+", default=["lanes", "chipmunk"])
    parser.add_argument("--family", nargs="+", default=list(FAMILIES))
    parser.add_argument("--ours-only", action="store_true")
    wish = parser.parse_args()
    for name in wish.family:
        for what, made in policies(name).items():
            row = f"{name:23} {what:10}"
            if not wish.ours_only:
                print(row, f"{'theirs':9}", theirs(name, what, made, wish.episodes), flush=True)
            for solver in wish.solver:
                actions = "continuous" if name in CONTINUOUS else None
                with paracosm.Env(CLASSIC / f"{name}.json", solver=solver, actions=actions) as env:
                    print(row, f"{solver:9}", run(env, made, wish.episodes), flush=True)


if __name__ == "__main__":
    main()
