# SPDX-License-Identifier: MIT
"""Datasets: what `to_minari` writes, `minari.load_dataset` reads, with every number in its place."""

from __future__ import annotations

import inspect
import json
import pathlib
import subprocess
import sys

import gymnasium
import numpy as np
import pytest

import paracosm

h5py = pytest.importorskip("h5py", reason="datasets are HDF5: pip install paracosm[minari]")


def load(dataset_id: str):
    minari = pytest.importorskip("minari")
    pytest.importorskip("PIL", reason="minari reads HDF5 with Pillow")
    return minari.load_dataset(dataset_id)


@pytest.fixture(autouse=True)
def root(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    folder = tmp_path / "datasets"
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(folder))
    return folder


def replay(path: pathlib.Path, family: str, seed: int) -> pathlib.Path:
    actions = np.random.default_rng(seed).integers(-1, 2, (400, 8))
    paracosm.write_replay(path, paracosm.sample_level(family, seed=seed), actions).close()
    return path


def test_replays_become_a_dataset_that_minari_reads(tmp_path: pathlib.Path, root: pathlib.Path) -> None:
    files = [replay(tmp_path / f"{seed}.replay", "rover", seed) for seed in range(3)]
    folder = paracosm.to_minari(files, "paracosm/rover-random-v0", obs="vector", description="Random play.", author="A. B.")
    assert folder == root / "paracosm" / "rover-random-v0"
    dataset = load("paracosm/rover-random-v0")
    env = gymnasium.make("paracosm/rover")
    assert dataset.observation_space == env.observation_space and dataset.action_space == env.action_space
    assert dataset.total_episodes == 3
    for file, episode in zip(files, dataset.iterate_episodes(), strict=True):
        with paracosm.Replay(file) as source:
            assert len(episode) == source.decisions
            assert np.isclose(episode.rewards.sum(), source.total_reward, atol=1e-4)
            assert episode.terminations[-1] == (source.end in ("solved", "failed"))
            assert episode.truncations[-1] == (source.end in ("timeout", "diverged"))
            assert not episode.terminations[:-1].any() and not episode.truncations[:-1].any()
            metadata = next(iter(dataset.storage.get_episode_metadata([episode.id])))
            # The dataset's episode steps again in the environment, bit for bit.
            first, _ = env.reset(options={"level": metadata["options"]["level"]})
        assert np.array_equal(first, episode.observations[0])
        for step, action in enumerate(episode.actions):
            observation, reward, _, _, _ = env.step(action)
            assert np.array_equal(observation, episode.observations[step + 1])
            assert reward == episode.rewards[step]
    env.close()
    recovered = dataset.recover_environment()
    assert recovered.spec.id == "paracosm/rover" and recovered.observation_space == dataset.observation_space
    recovered.close()


def test_entities_of_several_families(tmp_path: pathlib.Path) -> None:
    files = [replay(tmp_path / f"{family}.replay", family, 5) for family in ("lander", "walker", "ferry")]
    paracosm.to_minari(files, "mixed-v2")
    dataset = load("mixed-v2")
    assert dataset.observation_space == gymnasium.make("paracosm/lander", obs="entities").observation_space
    for file, episode in zip(files, dataset.iterate_episodes(), strict=True):
        with paracosm.Replay(file) as source:
            again = source.episode()
        for key in ("globals", "rows", "mask"):
            assert np.array_equal(episode.observations[key], again.observations[key])
        assert all(dataset.action_space.contains(action) for action in episode.actions)
    with pytest.raises(ValueError, match="one family"):
        paracosm.to_minari(files, "mixed-v3", obs="vector")


@pytest.mark.parametrize("obs", ["vector", "entities", "rays"])
@pytest.mark.parametrize("actions", ["multi_discrete", "discrete", "continuous"])
def test_recorded_play_becomes_a_dataset(obs: str, actions: str) -> None:
    env = gymnasium.make("paracosm/lander", obs=obs, actions=actions)
    env.action_space.seed(1)
    episodes = paracosm.record(env, lambda _: env.action_space.sample(), 2, seed=9)
    spaces = {"observation_space": env.observation_space, "action_space": env.action_space}
    paracosm.to_minari(episodes, "paracosm/lander-v0", **spaces)
    dataset = load("paracosm/lander-v0")
    assert dataset.observation_space == env.observation_space and dataset.action_space == env.action_space
    for kept, episode in zip(episodes, dataset.iterate_episodes(), strict=True):
        assert np.array_equal(episode.actions, kept.actions) and np.array_equal(episode.rewards, kept.rewards)
        assert episode.terminations[-1] == kept.terminated
        pairs = [(episode.observations, kept.observations)]
        if obs == "entities":
            pairs = [(episode.observations[key], kept.observations[key]) for key in kept.observations]
        assert all(np.array_equal(left, right) for left, right in pairs)
    assert next(iter(dataset.storage.get_episode_metadata([0])))["seed"] == 9
    env.close()


def test_pixels_are_kept_without_loss() -> None:
    env = gymnasium.make("paracosm/lander", obs="pixels", max_episode_steps=10)
    episodes = paracosm.record(env, lambda _: env.action_space.sample(), 1, seed=9)
    paracosm.to_minari(episodes, "pixels-v0", observation_space=env.observation_space, action_space=env.action_space)
    storage = pytest.importorskip("minari.dataset.minari_storage")
    if "jpeg_encoding" not in inspect.getsource(storage):
        pytest.skip("this Minari, the newest for this Python, takes every picture for a JPEG")
    episode = load("pixels-v0")[0]
    assert episode.observations.dtype == np.uint8
    assert np.array_equal(episode.observations, episodes[0].observations)
    env.close()


def test_the_command_writes_a_dataset(tmp_path: pathlib.Path, root: pathlib.Path) -> None:
    file = replay(tmp_path / "a.replay", "roll", 1)
    command = [sys.executable, "-m", "paracosm", "to-minari", str(file), "--id", "roll-v0"]
    how = {"cwd": tmp_path, "capture_output": True, "text": True, "timeout": 60}
    done = subprocess.run(command, **how)
    assert done.returncode == 0, done.stderr
    assert "roll-v0: 1 episodes" in done.stdout
    assert json.loads((root / "roll-v0" / "data" / "metadata.json").read_text())["total_episodes"] == 1
    again = subprocess.run(command, **how)
    assert again.returncode == 1 and "there is a dataset roll-v0 already" in again.stderr
    assert subprocess.run([*command, "--overwrite"], **how).returncode == 0
    file.write_bytes(b"no replay")
    broken = subprocess.run([*command, "--overwrite"], **how)
    assert broken.returncode == 1 and "it is not a Paracosm replay" in broken.stderr
    assert load("roll-v0").total_episodes == 1  # the old one stands
    assert subprocess.run(command[:4], **how).returncode == 2


def test_wrong_use_leaves_nothing_behind(tmp_path: pathlib.Path, root: pathlib.Path) -> None:
    file = replay(tmp_path / "a.replay", "roll", 1)
    for wrong in ("roll", "roll-v", "../roll-v0", "/tmp/roll-v0", "a//b-v0", "x y-v0", ""):
        with pytest.raises(ValueError, match="dataset id"):
            paracosm.to_minari([file], wrong)
    with pytest.raises(ValueError, match="at least one"):
        paracosm.to_minari([], "roll-v0")
    env = paracosm.Env("roll", max_episode_steps=5)
    episode = paracosm.record(env, lambda _: env.action_space.sample(), 1)[0]
    spaces = {"observation_space": env.observation_space, "action_space": env.action_space}
    with pytest.raises(ValueError, match="observation_space"):
        paracosm.to_minari([episode], "roll-v0")
    with pytest.raises(ValueError, match="not both"):
        paracosm.to_minari([episode, file], "roll-v0", **spaces)
    episode.observations = episode.observations[:-1]
    with pytest.raises(ValueError, match="rows"):
        paracosm.to_minari([episode], "roll-v0", **spaces)
    env.close()
    assert not root.exists() or list(root.iterdir()) == []
    (root / "mine-v0").mkdir(parents=True)
    (root / "mine-v0" / "thesis.txt").write_text("years of work")
    with pytest.raises(FileExistsError, match="no dataset"):
        paracosm.to_minari([file], "mine-v0", overwrite=True)
    assert (root / "mine-v0" / "thesis.txt").exists()
