# SPDX-License-Identifier: MIT
"""skrl's PPO, unchanged, on a Paracosm family through Gymnasium's vector interface.

    pip install paracosm skrl torch
    python python/examples/skrl_ppo.py --family balance --steps 500000 --curve balance.csv

``gymnasium.make_vec`` gives one VectorEnv whose envs are stepped together by the library, on as many
threads as asked for. skrl does not mask the resets of NEXT_STEP, so SAME_STEP is asked for.
"""

from __future__ import annotations

import argparse
import csv
import time

import gymnasium
import numpy as np
import torch
from gymnasium.vector import AutoresetMode, VectorEnv, VectorWrapper
from skrl.agents.torch.ppo import PPO, PPO_CFG
from skrl.envs.wrappers.torch import wrap_env
from skrl.memories.torch import RandomMemory
from skrl.models.torch import CategoricalMixin, DeterministicMixin, Model, MultiCategoricalMixin
from skrl.resources.preprocessors.torch import RunningStandardScaler
from skrl.trainers.torch import SequentialTrainer
from skrl.utils import set_seed

import paracosm  # noqa: F401  (registers the families)


class Curve(VectorWrapper):
    """Keeps return and ending of every episode that ends."""

    def __init__(self, env: VectorEnv) -> None:
        super().__init__(env)
        self.running = np.zeros(env.num_envs)
        self.steps = 0
        self.start = time.perf_counter()
        self.rows: list[dict[str, float]] = []
        self.returns: list[float] = []
        self.solved: list[float] = []

    def step(self, actions):  # type: ignore[no-untyped-def]
        observation, reward, terminated, truncated, info = self.env.step(actions)
        self.running += reward
        self.steps += self.num_envs
        ended = np.flatnonzero(terminated | truncated)
        self.returns += self.running[ended].tolist()
        solved = info.get("final_info", {}).get("solved", np.zeros(self.num_envs, np.bool_))
        self.solved += solved[ended].astype(float).tolist()
        self.running[ended] = 0.0
        if self.steps // 16384 > (self.steps - self.num_envs) // 16384 and self.returns:
            row = {"steps": self.steps, "seconds": round(time.perf_counter() - self.start, 2),
                   "episodes": len(self.returns), "return": round(float(np.mean(self.returns)), 3),
                   "solved": round(float(np.mean(self.solved)), 4)}
            self.rows.append(row)
            self.returns, self.solved = [], []
            print(*(f"{name} {value:<9g}" for name, value in row.items()), flush=True)
        return observation, reward, terminated, truncated, info


def trunk(inputs: int, outputs: int) -> torch.nn.Module:
    return torch.nn.Sequential(torch.nn.Linear(inputs, 128), torch.nn.Tanh(), torch.nn.Linear(128, 128),
                               torch.nn.Tanh(), torch.nn.Linear(128, outputs))


def policy_of(env) -> Model:  # type: ignore[no-untyped-def]
    """A categorical head, or one per channel, as the action space asks."""
    space = env.action_space
    many = isinstance(space, gymnasium.spaces.MultiDiscrete)
    mixin = MultiCategoricalMixin if many else CategoricalMixin
    outputs = int(space.nvec.sum()) if many else int(space.n)

    class Policy(mixin, Model):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            Model.__init__(self, observation_space=env.observation_space, action_space=space, device=env.device)
            mixin.__init__(self)
            self.net = trunk(self.num_observations, outputs)

        def compute(self, inputs, role):  # type: ignore[no-untyped-def]
            return self.net(inputs["observations"]), {}

    return Policy()


class Value(DeterministicMixin, Model):
    def __init__(self, env) -> None:  # type: ignore[no-untyped-def]
        Model.__init__(self, observation_space=env.observation_space, action_space=env.action_space,
                       device=env.device)
        DeterministicMixin.__init__(self)
        self.net = trunk(self.num_observations, 1)

    def compute(self, inputs, role):  # type: ignore[no-untyped-def]
        return self.net(inputs["observations"]), {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--family", default="balance", help="a family, or any id of Gymnasium")
    parser.add_argument("--steps", type=int, default=500_000, help="over all envs")
    parser.add_argument("--envs", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2, help="of PyTorch and of the vector")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--curve", help="write the learning curve to this CSV file")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    set_seed(options.seed)
    if "-v" in options.family:
        vector = gymnasium.make_vec(options.family, num_envs=options.envs, vectorization_mode="sync",
                                    vector_kwargs={"autoreset_mode": AutoresetMode.SAME_STEP})
    else:
        vector = gymnasium.make_vec(f"paracosm/{options.family}", num_envs=options.envs,
                                    autoreset_mode=AutoresetMode.SAME_STEP, num_threads=options.threads)
    curve = Curve(vector)
    env = wrap_env(curve, wrapper="gymnasium")
    config = PPO_CFG(rollouts=32, learning_epochs=4, mini_batches=4, learning_rate=1e-3,
                     discount_factor=0.99, gae_lambda=0.95, entropy_loss_scale=0.01, value_loss_scale=0.5,
                     observation_preprocessor=RunningStandardScaler,
                     observation_preprocessor_kwargs={"size": env.observation_space, "device": env.device},
                     value_preprocessor=RunningStandardScaler,
                     value_preprocessor_kwargs={"size": 1, "device": env.device})
    config.experiment.write_interval = config.experiment.checkpoint_interval = 0
    learner = PPO(models={"policy": policy_of(env), "value": Value(env)},
                  memory=RandomMemory(memory_size=32, num_envs=env.num_envs, device=env.device),
                  cfg=config, observation_space=env.observation_space, action_space=env.action_space,
                  device=env.device)
    SequentialTrainer(env=env, agents=learner,
                      cfg={"timesteps": options.steps // options.envs, "headless": True,
                           "disable_progressbar": True}).train()
    env.close()
    if options.curve and curve.rows:
        with open(options.curve, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(curve.rows[0]))
            writer.writeheader()
            writer.writerows(curve.rows)


if __name__ == "__main__":
    main()
