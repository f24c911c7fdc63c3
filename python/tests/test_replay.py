# SPDX-License-Identifier: MIT
"""Replays: what Python plays is bit for bit what the command verifies; damage is named."""

from __future__ import annotations

import os
import pathlib
import struct
import subprocess

import numpy as np
import pytest

import paracosm
from paracosm import _native
from paracosm.minari import actions_to_channels, channels_to_actions

FAMILIES = sorted(paracosm.families(several=False))
COMMAND = os.environ.get("PARACOSM_COMMAND")
needs_command = pytest.mark.skipif(COMMAND is None, reason="needs the paracosm command (PARACOSM_COMMAND)")


class Played:
    """An episode of random play through `Env`: observations, multi-discrete actions, rewards, state hashes."""

    def __init__(self, family: str, obs: str, seed: int = 11) -> None:
        env = paracosm.Env(family, obs=obs, actions="multi_discrete")
        env.action_space.seed(seed)
        self.observations = [env.reset(options={"seed": seed})[0]]
        self.level = env.level
        self.actions, self.rewards, self.hashes = [], [], []
        self.terminated = truncated = False
        while not (self.terminated or truncated):
            self.actions.append(env.action_space.sample())
            observation, reward, self.terminated, truncated, _ = env.step(self.actions[-1])
            self.observations.append(observation)
            self.rewards.append(reward)
            self.hashes.append(env.state_hash)
        self.family = env.family
        bits = (env.family.channel_bits, env.family.negative_bits)
        self.channels = actions_to_channels(np.stack(self.actions), *bits)
        assert np.array_equal(channels_to_actions(self.channels, *bits), self.actions)
        env.close()


def recorded_hashes(path: pathlib.Path, ends: int = 0, events: int = 0) -> list[int]:
    """The chain in the file, see agents/env/replay_file.c. `ends` and `events`: of version 3."""
    file = path.read_bytes()
    count, _, packed, _, name = struct.unpack_from("<5I", file, 24)
    return list(struct.unpack_from(f"<{count}Q", file, 64 + packed + name + 8 * ends + 24 * events + 8 * count))


@pytest.mark.parametrize("family", FAMILIES)
def test_python_and_the_command_step_the_same_bits(family: str, tmp_path: pathlib.Path) -> None:
    played = Played(family, "vector")
    path = tmp_path / "a.replay"
    replay = paracosm.write_replay(path, played.level, played.channels, player="test")
    assert (replay.family, replay.player, replay.decisions) == (family, "test", len(played.actions))
    assert replay.solver in ("lanes", "chipmunk")
    assert replay.level_hash == played.level.hash
    # The whole state of the world after every decision.
    chain, previous = [], 0
    for action, state in zip(played.channels, played.hashes, strict=True):
        previous = _native.content_hash(action.tobytes() + struct.pack("<Q", state), previous)
        chain.append(previous)
    assert recorded_hashes(path) == chain
    # Played again: every float.
    episode = replay.episode("vector", played.family.vector_size)
    assert episode.observations.tobytes() == np.stack(played.observations).tobytes()
    assert np.array_equal(episode.rewards, played.rewards)
    assert np.array_equal(episode.actions, played.channels)
    assert episode.terminated == played.terminated and episode.truncated != played.terminated
    if COMMAND is not None:
        done = subprocess.run([COMMAND, "replay", "verify", path], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout
        assert f"verified {len(played.actions)} decisions" in done.stdout


@pytest.mark.parametrize("family", FAMILIES[:3])
def test_entities_of_a_replay_are_those_of_env(family: str, tmp_path: pathlib.Path) -> None:
    played = Played(family, "entities")
    episode = paracosm.write_replay(tmp_path / "a.replay", played.level, played.channels).episode()
    for key in ("globals", "rows", "mask"):
        assert np.array_equal(episode.observations[key], np.stack([one[key] for one in played.observations]))


def test_what_was_meddled_is_in_the_replay(tmp_path: pathlib.Path) -> None:
    env = paracosm.Env("rover", obs="entities", actions="multi_discrete", toybox=True)
    env.action_space.seed(3)
    seen, actions, events = [env.reset(seed=4)[0]], [], []
    level, ended = env.level, False
    while not ended and len(actions) < 120:
        if len(actions) % 25 == 10:
            line = ("drop crate", "wind 3 1", "push 1 2", "flip gravity", "blast")[len(events) % 5]
            env.meddle(line)
            events.append((len(actions), line))
        actions.append(env.action_space.sample())
        observation, _, terminated, truncated, _ = env.step(actions[-1])
        seen.append(observation)
        ended = terminated or truncated
    channels = actions_to_channels(np.stack(actions), env.family.channel_bits, env.family.negative_bits)
    assert len(events) > 2
    path = tmp_path / "a.replay"
    replay = paracosm.write_replay(path, level, channels, events=reversed(events))  # in any order
    assert replay.decisions == len(actions)
    last = struct.pack("<Q", env.state_hash)
    chain = recorded_hashes(path, 1, len(events))
    assert chain[-1] == _native.content_hash(channels[-1].tobytes() + last, chain[-2])
    episode = replay.episode()
    assert np.array_equal(episode.observations["rows"][-1], seen[-1]["rows"])
    if COMMAND is not None:
        done = subprocess.run([COMMAND, "replay", "verify", path], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout
        done = subprocess.run([COMMAND, "replay", "info", path], capture_output=True, text=True, timeout=60)
        assert "crate at" in done.stdout and "wind 3 1" in done.stdout
    bare = paracosm.write_replay(tmp_path / "b.replay", level, channels)
    assert recorded_hashes(tmp_path / "b.replay")[-1] != chain[-1]
    bare.close()
    replay.close()
    for wrong, words in (
        ([(0, "drop piano")], "nothing I know"), ([(len(actions), "push 1")], "event 0"), ([(-1, "push 1")], "from 0"),
        ([(0, 3)], "string"), (["push 1"], "must be"), ([(0.5, "push 1")], "must be"), ([(0, "")], "empty"),
    ):
        with pytest.raises(paracosm.InvalidError, match=words):
            paracosm.write_replay(tmp_path / "c.replay", level, channels, events=wrong)
    assert not (tmp_path / "c.replay").exists()
    env.close()


def png_pixels(path: pathlib.Path) -> np.ndarray:
    """[H, W, 3] of an 8-bit RGB picture."""
    import zlib

    file, place, data = path.read_bytes(), 8, b""
    while place < len(file):
        length, kind = struct.unpack_from(">I4s", file, place)
        if kind == b"IHDR":
            wide, high = struct.unpack_from(">II", file, place + 8)
        if kind == b"IDAT":
            data += file[place + 8 : place + 8 + length]
        place += length + 12
    lines = np.frombuffer(zlib.decompress(data), np.uint8).reshape(high, 1 + 3 * wide)
    out = np.zeros((high + 1, wide + 1, 3), np.int64)  # a row above and a pixel to the left of zeros
    for y, line in enumerate(lines, 1):
        raw = line[1:].reshape(wide, 3).astype(np.int64)
        for x in range(1, wide + 1):
            left, up, corner = out[y, x - 1], out[y - 1, x], out[y - 1, x - 1]
            guess = left + up - corner
            near = np.abs(np.stack([guess - left, guess - up, guess - corner])).argmin(axis=0)
            paeth = np.choose(near, [left, up, corner])
            add = [0, left, up, (left + up) // 2, paeth][line[0]]
            out[y, x] = (raw[x - 1] + add) & 255
    return out[1:, 1:].astype(np.uint8)


@needs_command
def test_a_seed_is_the_same_level_and_picture_on_the_command_line(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.png"
    arguments = ["render", "lander", "--seed", "23", "--size", "160x90", "--out", str(path)]
    subprocess.run([COMMAND, *arguments], check=True, capture_output=True, timeout=60)
    env = paracosm.Env("lander", render_mode="rgb_array", render_size=(160, 90))
    env.reset(options={"seed": 23})
    picture = env.render()
    env.reset(options={"seed": 24})
    other = env.render()
    env.close()
    assert picture.shape == (90, 160, 3) and picture.dtype == np.uint8
    assert np.array_equal(picture, png_pixels(path))
    assert not np.array_equal(picture, other)


def test_a_replay_plays_again_in_env(tmp_path: pathlib.Path) -> None:
    played = Played("rover", "vector")
    replay = paracosm.write_replay(tmp_path / "a.replay", played.level.json, played.channels)
    env = paracosm.Env("rover")
    env.reset(options={"level": replay.level})
    assert env.level.hash == replay.level_hash
    for action, state in zip(played.actions, played.hashes, strict=True):
        env.step(action)
        assert env.state_hash == state
    env.close()


# ---------------------------------------------------------------- wrong use and damage


def some_replay(tmp_path: pathlib.Path) -> pathlib.Path:
    level = paracosm.sample_level("lander", seed=3)
    actions = np.random.default_rng(0).integers(-1, 2, (300, 8))
    paracosm.write_replay(tmp_path / "a.replay", level, actions).close()
    return tmp_path / "a.replay"


def test_writing_refuses_what_makes_no_sense(tmp_path: pathlib.Path) -> None:
    level = paracosm.sample_level("lander", seed=3)
    path = tmp_path / "a.replay"
    for wrong in (np.zeros((5, 7), int), np.zeros(8, int), np.zeros((5, 8)), np.full((5, 8), 2), np.full((5, 8), 256)):
        with pytest.raises(paracosm.ActionError):
            paracosm.write_replay(path, level, wrong)
    with pytest.raises(paracosm.LevelError):
        paracosm.write_replay(path, "{}", np.zeros((5, 8), int))
    with pytest.raises(paracosm.Error):
        paracosm.write_replay(path, level, np.zeros((5, 8), int), player="x" * 64)
    with pytest.raises(paracosm.FileError):
        paracosm.write_replay(tmp_path / "no" / "a.replay", level, np.zeros((5, 8), int))
    assert not path.exists()


def test_an_altered_action_is_named(tmp_path: pathlib.Path) -> None:
    path = some_replay(tmp_path)
    file = bytearray(path.read_bytes())
    count, _, packed, _, name = struct.unpack_from("<5I", file, 24)
    file[64 + packed + name + 8 * 4 + 6] ^= 1  # an unbound channel: no motion changes, the record does
    path.write_bytes(file)
    with paracosm.Replay(path) as replay:
        assert replay.decisions == count
        with pytest.raises(paracosm.FileError, match="step 4"):
            replay.episode()


def test_damaged_files_are_refused(tmp_path: pathlib.Path) -> None:
    path = some_replay(tmp_path)
    whole = path.read_bytes()
    for wrong in (b"", whole[:40], whole[:-1], whole + b"x", b"PARAPLAY" + b"\xff" * 80, whole[:70] + b"\0" + whole[71:]):
        path.write_bytes(wrong)
        with pytest.raises(paracosm.FileError, match=r"a\.replay"):
            paracosm.Replay(path)
    with pytest.raises(paracosm.NoFileError, match=r"nothing\.replay"):
        paracosm.Replay(tmp_path / "nothing.replay")
    with pytest.raises(paracosm.FileError):
        paracosm.Replay(tmp_path)


def test_a_closed_replay_says_so(tmp_path: pathlib.Path) -> None:
    replay = paracosm.Replay(some_replay(tmp_path))
    with pytest.raises(ValueError, match="entities"):
        replay.episode("pixels")
    with pytest.raises(ValueError, match="vector"):
        replay.episode("vector", 10)
    with pytest.raises(ValueError):
        replay.episode("vector", 1 << 30)
    replay.close()
    replay.close()
    with pytest.raises(paracosm.ClosedError):
        replay.episode()
