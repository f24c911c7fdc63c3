# SPDX-License-Identifier: MIT
"""The classic families: spaces, choices, rewards and ends as published. Their figures: python/bench/anchors.py."""

import gymnasium
import numpy as np
import pytest

import paracosm

SPACES = {
    "CartPole": (4, gymnasium.spaces.Discrete(2)),
    "MountainCar": (2, gymnasium.spaces.Discrete(3)),
    "Acrobot": (6, gymnasium.spaces.Discrete(3)),
    "LunarLander": (8, gymnasium.spaces.Discrete(4)),
}


def test_spaces_and_choices_are_as_published():
    for name, (floats, actions) in SPACES.items():
        with gymnasium.make(f"paracosm/{name}") as env:
            assert env.observation_space.shape == (floats,)
            assert env.action_space == actions
            assert len(env.unwrapped.family.listed) == floats and len(env.unwrapped.family.moves) == actions.n
    with gymnasium.make("paracosm/Pendulum", actions="continuous") as env:
        assert env.observation_space.shape == (3,) and env.action_space.shape == (1,)


@pytest.mark.parametrize("solver", ["lanes", "chipmunk"])
def test_a_cart_pays_one_a_step_and_falls(solver):
    with paracosm.Env("cartpole", solver=solver) as env:
        observation, _ = env.reset(seed=3)
        assert np.abs(observation).max() <= 0.05 + 1e-6
        rewards, terminated = [], False
        while not terminated:
            before = observation
            observation, reward, terminated, truncated, _ = env.step(1)
            rewards.append(reward)
            assert not truncated and observation[1] > before[1]  # pushed to the right
        assert set(rewards) == {1.0} and len(rewards) < 30 and observation[2] < -0.2


@pytest.mark.parametrize("solver", ["lanes", "chipmunk"])
def test_a_car_left_alone_costs_200(solver):
    with paracosm.Env("mountaincar", solver=solver) as env:
        env.reset(seed=1)
        rewards, truncated = [], False
        while not truncated:
            _, reward, terminated, truncated, _ = env.step(1)
            assert not terminated
            rewards.append(reward)
        assert rewards == [-1.0] * 200


@pytest.mark.parametrize("solver", ["lanes", "chipmunk"])
def test_a_lander_that_falls_ends_with_minus_100(solver):
    with paracosm.Env("lunarlander", solver=solver) as env:
        for seed in range(3):
            observation, _ = env.reset(seed=seed)
            assert 1.40 < observation[1] < 1.42
            over = False
            while not over:
                observation, reward, over, truncated, info = env.step(0)
                assert not truncated
            assert reward == -100.0 and not info["solved"]


def test_several_envs_of_one_family_have_its_spaces():
    envs = paracosm.VectorEnv("cartpole", num_envs=3)
    assert envs.single_action_space == gymnasium.spaces.Discrete(2)
    observations, _ = envs.reset(seed=1)
    assert observations.shape == (3, 4)
    observations, rewards, *_ = envs.step(np.array([0, 1, 0]))
    assert rewards.tolist() == [1.0, 1.0, 1.0] and observations[1, 1] > 0 > observations[0, 1]
    envs.close()


def test_who_lists_nothing_has_no_listed_observation():
    with pytest.raises(paracosm.InvalidError, match="lists nothing to observe"):
        paracosm.Env("roll", obs="listed")
