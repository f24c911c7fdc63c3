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
    for name, floats, actions in (("Pendulum", 3, 1), ("BipedalWalker", 24, 4), ("BipedalWalkerHardcore", 24, 4)):
        with gymnasium.make(f"paracosm/{name}", actions="continuous") as env:
            assert env.observation_space.shape == (floats,) and env.action_space.shape == (actions,)


@pytest.mark.parametrize("solver", ["lanes", "chipmunk"])
def test_a_walker_begins_as_published_and_pays_for_torque(solver):
    with paracosm.Env("bipedal-walker", solver=solver, actions="continuous") as env:
        observation, _ = env.reset(seed=1)
        assert np.allclose(observation[[0, 4, 6, 9, 11]], [-0.0052, 0.4356, 0.1154, 0.3384, 0.117], atol=1e-4)
        # Lidar on flat ground: the height of the hull over it by the cosine of each ray.
        height, angles = 5.7325 - 10 / 3, 0.15 * np.arange(10)
        assert np.allclose(observation[14:], np.minimum(1, height / np.cos(angles) / (160 / 30)), atol=1e-3)
        before = observation
        observation, reward, *_ = env.step(np.array([1, -1, 0.5, 0], np.float32))
        moved = reward + 0.028 * 2.5 + 5 * (abs(observation[0]) - abs(before[0]))
        assert abs(moved - 130 / 30 * observation[2] / 6) < 0.05  # vx is 0.12 of the speed; 1/50 s of it
        for _ in range(200):
            observation, reward, terminated, _, info = env.step(np.array([1, 1, 1, 1], np.float32))
            if terminated:
                break
        assert terminated and reward == -100.0 and not info["solved"]


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


def test_a_pole_that_stands_for_500_steps_is_solved_by_a_time_limit(tmp_path):
    channels = np.zeros((500, 8), np.int8)
    with paracosm.Env("cartpole") as env:
        observation, _ = env.reset(seed=3)
        for step in range(1, 501):
            action = int(3 * observation[2] + observation[3] > 0)
            channels[step - 1, 0] = 2 * action - 1
            observation, reward, terminated, truncated, info = env.step(action)
            assert reward == 1.0 and not terminated and truncated == (step == 500)
        assert info["solved"]  # it is what the level asks for; what would come after it counts to a learner
        replay = paracosm.write_replay(tmp_path / "stands.replay", env.level, channels, player="test")
    episode = replay.episode("vector", replay.vector_size)
    assert replay.end == "solved" and len(episode) == 500 and episode.truncated and not episode.terminated


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
