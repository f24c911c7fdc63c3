# SPDX-License-Identifier: MIT
"""Gymnasium's own checks and wrappers, on every family in every form, made by id as users do."""

from __future__ import annotations

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode

import paracosm

FAMILIES = sorted(paracosm.families(several=False))
OBSERVATIONS = ["vector", "entities", "rays", "pixels"]
ACTIONS = ["multi_discrete", "discrete", "continuous"]


def test_ten_families_are_registered() -> None:
    assert len(FAMILIES) >= 10
    assert {f"paracosm/{name}" for name in FAMILIES} <= set(gymnasium.registry)


@pytest.mark.parametrize("actions", ACTIONS)
@pytest.mark.parametrize("obs", OBSERVATIONS)
@pytest.mark.parametrize("family", FAMILIES)
def test_check_env(family: str, obs: str, actions: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "offscreen")  # "human" opens a window that nobody sees
    env = gymnasium.make(f"paracosm/{family}", obs=obs, actions=actions)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # Rendering is checked once per family below: it does not depend on these forms.
        check_env(env.unwrapped, skip_render_check=not (obs == "vector" and actions == "discrete"))
    env.close()


def test_check_env_without_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no window can be, none is offered."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    env = gymnasium.make("paracosm/roll")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(env.unwrapped)
    assert env.metadata["render_modes"] == ["rgb_array"]
    env.close()
    monkeypatch.setenv("DISPLAY", ":7")
    assert "human" in paracosm.Env("roll").metadata["render_modes"]


@pytest.mark.parametrize("mode", AutoresetMode)
def test_autoreset_modes_by_name_and_value(mode: AutoresetMode) -> None:
    for wish in (mode, mode.name, mode.value):
        envs = gymnasium.make_vec("paracosm/roll", num_envs=2, autoreset_mode=wish)
        assert envs.metadata["autoreset_mode"] is mode
        envs.close()


def test_max_episode_steps_ends_with_a_report() -> None:
    env = paracosm.Env("rover", max_episode_steps=3)
    envs = gymnasium.make_vec("paracosm/rover", num_envs=2, max_episode_steps=3)
    env.reset(seed=1)
    envs.reset(seed=1)
    for _ in range(3):
        *_, truncated, info = env.step(env.action_space.sample())
        *_, infos = envs.step(envs.action_space.sample())
    assert truncated and info["report"]["end"] == "cut" and info["report"]["decisions"] == 3
    assert infos["report"]["end"].tolist() == ["cut", "cut"]


def test_the_limit_of_make_is_gymnasiums_and_cuts_each_episode() -> None:
    """Registered without a limit: the level's own time is in C, and an episode that it ends has a report."""
    plain = gymnasium.make("paracosm/rover", pixels=(16, 16))
    assert plain.spec.max_episode_steps is None
    env = gymnasium.make("paracosm/rover", max_episode_steps=4)
    assert env.spec.max_episode_steps == 4
    levels = set()
    env.reset(seed=1)
    for _ in range(3):
        levels.add(env.unwrapped.level.hash)
        flags = [env.step(env.action_space.sample())[2:5] for _ in range(4)]
        assert [flag[:2] for flag in flags] == [(False, False)] * 3 + [(False, True)] and flags[-1][2] == {}
        env.reset()
    assert len(levels) == 3
    still, over = plain.action_space.sample() * 0 + 1, False
    plain.reset(seed=1)
    while not over:
        *_, terminated, over, info = plain.step(still)
        assert not terminated
    assert info["report"]["end"] == "timeout"
    env.close()
    plain.close()


def same(a, b) -> bool:
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind == "f")


def row(observations, index: int):
    if isinstance(observations, dict):
        return {key: value[index] for key, value in observations.items()}
    return observations[index]


@pytest.mark.parametrize("actions", ACTIONS)
@pytest.mark.parametrize("obs", OBSERVATIONS)
@pytest.mark.parametrize("family", FAMILIES)
def test_vector_env_is_envs_side_by_side(family: str, obs: str, actions: str) -> None:
    """Spaces, shapes and dtypes hold; env i plays what a single env with its seed plays."""
    kwargs = {"obs": obs, "actions": actions, "max_episode_steps": 6}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        envs = gymnasium.make_vec(f"paracosm/{family}", num_envs=3, **kwargs)
    assert isinstance(envs.unwrapped, paracosm.VectorEnv)
    assert envs.metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP
    single = paracosm.Env(family, **kwargs)
    assert envs.single_observation_space == single.observation_space
    assert envs.single_action_space == single.action_space
    assert gymnasium.vector.utils.batch_space(single.observation_space, 3) == envs.observation_space
    assert gymnasium.vector.utils.batch_space(single.action_space, 3) == envs.action_space
    observations, _ = envs.reset(seed=20)
    alone, _ = single.reset(seed=22)
    envs.action_space.seed(4)
    assert same(row(observations, 2), alone)
    over = False
    for _ in range(9):
        assert observations in envs.observation_space
        action = envs.action_space.sample()
        observations, rewards, terminations, truncations, infos = envs.step(action)
        assert rewards.shape == terminations.shape == truncations.shape == (3,)
        assert terminations.dtype == truncations.dtype == np.bool_
        if over:  # the step after an end resets and takes no action
            alone, _ = single.reset()
            reward, over = 0.0, False
            assert not terminations[2] and not truncations[2]
        else:
            alone, reward, terminated, truncated, _ = single.step(action[2])
            over = terminated or truncated
            assert bool(terminations[2]) == terminated and bool(truncations[2]) == truncated
        assert same(row(observations, 2), alone)
        assert rewards[2] == reward
    envs.close()
    single.close()


def test_single_wrappers() -> None:
    from gymnasium import wrappers

    env = gymnasium.make("paracosm/rover", max_episode_steps=30)
    env = wrappers.NormalizeReward(wrappers.NormalizeObservation(wrappers.RecordEpisodeStatistics(env)))
    env.reset(seed=1)
    for _ in range(30):
        *_, terminated, truncated, info = env.step(env.action_space.sample())
        if terminated or truncated:
            break
    assert info["episode"]["l"] <= 30
    env.close()


def test_time_limit_wrapper() -> None:
    env = gymnasium.wrappers.TimeLimit(paracosm.Env("rover"), max_episode_steps=5)
    env.reset(seed=1)
    flags = [env.step(env.action_space.sample())[2:4] for _ in range(5)]
    assert flags == [(False, False)] * 4 + [(False, True)]
    env.close()


def test_record_video(tmp_path) -> None:
    pytest.importorskip("moviepy")
    env = gymnasium.make("paracosm/lander", render_mode="rgb_array", max_episode_steps=10)
    env = gymnasium.wrappers.RecordVideo(env, str(tmp_path), episode_trigger=lambda _: True, disable_logger=True)
    env.reset(seed=1)
    for _ in range(10):
        if any(env.step(env.action_space.sample())[2:4]):
            break
    env.close()
    files = list(tmp_path.glob("*.mp4"))
    assert len(files) == 1 and files[0].stat().st_size > 1000


def test_vector_wrappers() -> None:
    from gymnasium.wrappers import vector as wrappers

    envs = gymnasium.make_vec("paracosm/rover", num_envs=4, max_episode_steps=8)
    envs = wrappers.RecordEpisodeStatistics(envs)
    envs = wrappers.NormalizeReward(wrappers.NormalizeObservation(envs))
    envs.reset(seed=1)
    ended = 0
    for _ in range(20):
        *_, infos = envs.step(envs.action_space.sample())
        if "episode" in infos:
            ended += int(infos["_episode"].sum())
            assert (infos["episode"]["l"][infos["_episode"]] <= 8).all()
    assert ended >= 4
    envs.close()


def test_seeds_choose_levels_and_unseeded_resets_go_on() -> None:
    env = paracosm.Env("rover")
    env.reset(seed=1)
    first = env.level.hash
    env.reset()
    second = env.level.hash
    env.reset(seed=1)
    assert env.level.hash == first
    env.reset()
    assert env.level.hash == second != first
    env.close()
