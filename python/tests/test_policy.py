# SPDX-License-Identifier: MIT
"""`load_policy`: the NumPy forward pass is the C one; damaged files are refused with their fault named."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

import gymnasium
import numpy as np
import pytest

import paracosm
from paracosm import _native, relation

from . import checkpoints

SIZE = checkpoints.GLOBALS + 36
"""Floats of a vector observation of some family."""


def c_forward(path: os.PathLike, flat: np.ndarray, memory: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Logits [n, 8, 3] and value [n] by the C library; memory is changed in place."""
    lib = _native.library()
    handle = lib.para_abi_policy_open(os.fsencode(path))
    assert handle, _native.last_error()
    try:
        flat = np.ascontiguousarray(flat, np.float32)
        logits, value = np.empty((len(flat), 8, 3), np.float32), np.empty(len(flat), np.float32)
        kept = memory.ctypes.data if memory is not None and memory.size else None
        assert lib.para_abi_policy_memory(handle) == (memory.shape[1] if kept else 0)
        arguments = (flat.ctypes.data, *flat.shape, kept, logits.ctypes.data, value.ctypes.data)
        _native.check(lib.para_abi_policy_forward(handle, *arguments))
        return logits, value
    finally:
        lib.para_abi_policy_free(handle)


def observations(family: str, obs: str, steps: int) -> list:
    """Of random play."""
    env = paracosm.Env(family, obs=obs)
    env.action_space.seed(3)
    seen = [env.reset(seed=5)[0]]
    for _ in range(steps):
        observation, _, terminated, truncated, _ = env.step(env.action_space.sample())
        seen.append(env.reset()[0] if terminated or truncated else observation)
    env.close()
    return seen


@pytest.mark.parametrize("family", sorted(paracosm.families(several=False)))
@pytest.mark.parametrize("obs", ["entities", "vector"])
def test_forward_is_that_of_c(family: str, obs: str, tmp_path: pathlib.Path) -> None:
    seen = observations(family, obs, 80)
    size = len(seen[0]["globals"] if obs == "entities" else seen[0])
    path = checkpoints.checkpoint(tmp_path / "a.safetensors", obs, size, width=128, encoder=64)
    policy = paracosm.load_policy(path)
    flat = np.concatenate([policy.flatten(one) for one in seen])
    logits, value = policy.forward(flat)
    c_logits, c_value = c_forward(path, flat)
    assert logits.dtype == value.dtype == np.float32
    assert np.abs(c_logits).max() > 0.5 and np.abs(c_value).max() > 0.05  # there is something to compare
    np.testing.assert_allclose(logits, c_logits, rtol=0, atol=1e-5)
    np.testing.assert_allclose(value, c_value, rtol=0, atol=1e-5)


def test_forward_takes_batches_of_dicts_and_samples_without_rows(tmp_path: pathlib.Path) -> None:
    path = checkpoints.checkpoint(tmp_path / "a.safetensors", "entities", checkpoints.GLOBALS)
    policy = paracosm.load_policy(path)
    rng = np.random.default_rng(0)
    batch = {
        "globals": rng.normal(0, 3, (9, checkpoints.GLOBALS)).astype(np.float32),
        "rows": rng.normal(0, 3, (9, checkpoints.ROWS, checkpoints.ROW)).astype(np.float32),
        "mask": (rng.random((9, checkpoints.ROWS)) < 0.4).astype(np.float32),
    }
    batch["mask"][4] = 0
    logits, value = policy.forward(batch)
    c_logits, c_value = c_forward(path, policy.flatten(batch))
    np.testing.assert_allclose(logits, c_logits, rtol=0, atol=1e-5)
    np.testing.assert_allclose(value, c_value, rtol=0, atol=1e-5)
    alone = policy.forward({key: part[4] for key, part in batch.items()})[0]
    np.testing.assert_allclose(alone[0], logits[4], rtol=0, atol=1e-6)


@pytest.mark.parametrize("family", sorted(paracosm.families(several=False)))
def test_a_relational_player_is_that_of_c(family: str, tmp_path: pathlib.Path) -> None:
    seen = observations(family, "entities", 40)
    path = checkpoints.checkpoint(tmp_path / "a.safetensors", "entities", checkpoints.GLOBALS, relational=True)
    policy = paracosm.load_policy(path)
    assert policy.relational and not policy.recurrent
    flat = np.concatenate([policy.flatten(one) for one in seen])
    flat[3, -checkpoints.ROWS :] = 0  # nothing is seen
    (logits, value), (c_logits, c_value) = policy.forward(flat), c_forward(path, flat)
    np.testing.assert_allclose(logits, c_logits, rtol=0, atol=1e-5)
    np.testing.assert_allclose(value, c_value, rtol=0, atol=1e-5)
    policy._tensors["relation.pair.weight"] = np.zeros((23, 4), np.float32)
    assert np.abs(policy.forward(flat)[0] - logits).max() > 1e-3  # what rows are to each other matters


@pytest.mark.parametrize("family", ["balance", "crate", "rover", "lander"])
def test_a_player_that_sees_pixels_is_that_of_c(family: str, tmp_path: pathlib.Path) -> None:
    seen = np.stack(observations(family, "pixels", 30))
    assert seen.dtype == np.uint8 and seen.shape[1:] == (64, 64, 3)
    path = checkpoints.checkpoint(tmp_path / "a.safetensors", "pixels", 0)
    policy = paracosm.load_policy(path)
    logits, value = policy.forward(seen)
    packed = np.ascontiguousarray(seen.reshape(len(seen), -1)).view(np.float32)  # as the engine keeps a row
    c_logits, c_value = c_forward(path, packed)
    assert np.abs(c_logits[1:] - c_logits[0]).max() > 1e-3  # it sees what moves
    np.testing.assert_allclose(logits, c_logits, rtol=0, atol=1e-5)
    np.testing.assert_allclose(value, c_value, rtol=0, atol=1e-5)
    np.testing.assert_allclose(policy.forward(seen[3])[0][0], logits[3], rtol=0, atol=1e-5)
    with paracosm.Env(family, obs="pixels") as env:
        env.step(policy.act(env, env.reset(seed=1)[0]))


def test_a_player_of_pixels_wants_pictures(tmp_path: pathlib.Path) -> None:
    policy = paracosm.load_policy(checkpoints.checkpoint(tmp_path / "a.safetensors", "pixels", 0))
    assert policy.observation_size == 12288
    for wrong in (np.zeros((32, 32, 3), np.uint8), np.zeros(3072, np.float32), np.zeros((2, 2, 64, 64, 3), np.uint8)):
        with pytest.raises(paracosm.InvalidError, match="wants `pixels`"):
            policy.forward(wrong)
    with pytest.raises(paracosm.InvalidError, match="0 to 255"):
        policy.forward(np.full((64, 64, 3), -1.0))


@pytest.mark.parametrize("obs", ["entities", "vector"])
@pytest.mark.parametrize("family", ["rover", "walker", "crate"])
def test_a_player_with_rays_in_a_ring_is_that_of_c(family: str, obs: str, tmp_path: pathlib.Path) -> None:
    seen = observations(family, obs, 40)
    size = len(seen[0]["globals"] if obs == "entities" else seen[0])
    path = checkpoints.checkpoint(tmp_path / "a.safetensors", obs, size, rays=True)
    policy = paracosm.load_policy(path)
    assert policy.rays
    flat = np.concatenate([policy.flatten(one) for one in seen])
    (logits, value), (c_logits, c_value) = policy.forward(flat), c_forward(path, flat)
    np.testing.assert_allclose(logits, c_logits, rtol=0, atol=1e-5)
    np.testing.assert_allclose(value, c_value, rtol=0, atol=1e-5)


def test_pairs_are_told_of_a_joint_and_its_shapes() -> None:
    shape, hinge, away = np.zeros((3, checkpoints.ROW), np.float32)
    shape[relation._places()["kind"]] = hinge[relation._places()["kind"] + 1] = away[relation._places()["kind"]] = 1
    shape[relation._places()["heading"]] = away[relation._places()["heading"]] = 1
    shape[relation._places()["half"] :][:2] = away[relation._places()["half"] :][:2] = 0.5
    away[relation._places()["offset"]] = 0.3  # [10 m]
    hinge[relation._places()["round"]] = 1
    told = relation.pairs(np.stack([shape, hinge, away])[None])[0]
    np.testing.assert_allclose(told[1], [[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    np.testing.assert_allclose(told[4, 0], [1, 1, 1 / 3], rtol=1e-5)
    np.testing.assert_allclose(told[5, 0], [0, 0, 0.3], rtol=1e-5)
    assert relation.row_kinds(np.stack([shape, hinge, away])[None]).tolist() == [[0, 1, 0]]


@pytest.mark.parametrize("obs", ["entities", "vector"])
def test_a_player_that_remembers_is_that_of_c(obs: str, tmp_path: pathlib.Path) -> None:
    seen = observations("crate", obs, 40)
    size = len(seen[0]["globals"] if obs == "entities" else seen[0])
    path = checkpoints.checkpoint(tmp_path / "a.safetensors", obs, size, core="mingru")
    policy = paracosm.load_policy(path)
    assert policy.recurrent and not policy.continuous
    mine, theirs = policy.memory(2), policy.memory(2)
    for first, second in zip(seen[:-1], seen[1:], strict=True):
        flat = np.concatenate([policy.flatten(first), policy.flatten(second)])
        logits, value = policy.forward(flat, mine)
        c_logits, c_value = c_forward(path, flat, theirs)
        np.testing.assert_allclose(logits, c_logits, rtol=0, atol=1e-5)
        np.testing.assert_allclose(value, c_value, rtol=0, atol=1e-5)
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-5)
    assert np.abs(mine).max() > 0.1
    changed = policy.forward(flat, policy.memory(2))[0]
    assert np.abs(changed - logits).max() > 1e-3  # what is remembered matters
    fixed = policy.memory(2)
    fixed.setflags(write=False)
    shapes = np.zeros((1, 5), np.float32), policy.memory(3), policy.memory(2).astype(np.float64)
    for wrong in (None, [0.0] * 32, fixed, *shapes):
        with pytest.raises(ValueError, match="remembers"):
            policy.forward(flat, wrong)
    with pytest.raises(ValueError, match="not finite"):
        policy.forward(flat, policy.memory(2) + np.float32(np.nan))


def test_a_value_of_bins_is_that_of_c(tmp_path: pathlib.Path) -> None:
    path = checkpoints.checkpoint(tmp_path / "a.safetensors", "vector", SIZE, value_bins=41)
    policy = paracosm.load_policy(path)
    flat = np.random.default_rng(4).normal(0, 3, (50, SIZE)).astype(np.float32)
    value, c_value = policy.forward(flat)[1], c_forward(path, flat)[1]
    assert c_value.std() > 0.1
    np.testing.assert_allclose(value, c_value, rtol=1e-5, atol=1e-5)


def test_a_player_of_amounts_draws_from_its_beta(tmp_path: pathlib.Path) -> None:
    path = checkpoints.checkpoint(tmp_path / "a.safetensors", "vector", SIZE, head="fine")
    policy = paracosm.load_policy(path)
    assert policy.continuous and not policy.recurrent
    observation = np.random.default_rng(1).normal(0, 3, (1, SIZE)).astype(np.float32)
    logits = policy.forward(observation)[0][0, 0].astype(np.float64)
    first, second = 1 + np.logaddexp(0, logits[:2])
    best = policy.actions(observation, channel_bits=0b11, negative_bits=0b01)
    assert best.dtype == np.float32 and not best[0, 2:].any() and best[0, 1] >= 0
    assert abs(best[0, 0] - (2 * first / (first + second) - 1)) <= 0.5 / 127 + 1e-6
    many = np.repeat(observation, 20000, axis=0)
    drawn = policy.actions(many, negative_bits=0b01, rng=np.random.default_rng(2))
    np.testing.assert_allclose(np.rint(drawn * 127), drawn * 127, atol=1e-4)
    assert abs(drawn[:, 0].mean() - best[0, 0]) < 0.02 and (drawn[:, 1] >= 0).all()
    with pytest.raises(ValueError, match="actions='continuous'"), paracosm.Env("crate", obs="vector") as env:
        policy.act(env, env.reset(seed=1)[0])


def test_actions_keep_to_the_channels(tmp_path: pathlib.Path) -> None:
    policy = paracosm.load_policy(checkpoints.checkpoint(tmp_path / "a.safetensors", "vector", SIZE))
    observation = np.random.default_rng(1).normal(0, 3, (400, SIZE)).astype(np.float32)
    best = policy.actions(observation, channel_bits=0b101, negative_bits=0b001)
    assert best.shape == (400, 8) and best.dtype == np.int8
    assert set(np.unique(best[:, 0])) == {-1, 0, 1} and set(np.unique(best[:, 2])) <= {0, 1}
    assert not best[:, [1, 3, 4, 5, 6, 7]].any()
    logits = policy.forward(observation)[0]
    assert np.array_equal(best[:, 0], logits[:, 0].argmax(axis=1) - 1)
    # Draws follow the softmax.
    one = np.repeat(observation[:1], 20000, axis=0)
    drawn = policy.actions(one, rng=np.random.default_rng(2))[:, 0]
    z = np.exp(logits[0, 0] - logits[0, 0].max())
    share = [(drawn == level).mean() for level in (-1, 0, 1)]
    np.testing.assert_allclose(share, z / z.sum(), atol=0.015)


def test_wrong_observations_are_refused(tmp_path: pathlib.Path) -> None:
    policy = paracosm.load_policy(checkpoints.checkpoint(tmp_path / "a.safetensors", "vector", SIZE))
    for wrong in (np.zeros(SIZE - 1), np.zeros((2, 2, SIZE)), {"globals": np.zeros(SIZE)}, np.full(SIZE, np.nan)):
        with pytest.raises(ValueError):
            policy.forward(wrong)
    entities = paracosm.load_policy(checkpoints.checkpoint(tmp_path / "b.safetensors", "entities", checkpoints.GLOBALS))
    globals_, rows, row = checkpoints.GLOBALS, checkpoints.ROWS, checkpoints.ROW
    short = {"globals": np.zeros(globals_), "rows": np.zeros((rows, row - 1)), "mask": np.zeros(rows)}
    for wrong in ({"globals": np.zeros(globals_)}, short):
        with pytest.raises(ValueError):
            entities.forward(wrong)


@pytest.mark.parametrize("obs", ["entities", "vector"])
@pytest.mark.parametrize("form", ["multi_discrete", "discrete", "continuous"])
def test_act_speaks_the_env_s_form(form: str, obs: str, tmp_path: pathlib.Path) -> None:
    env = gymnasium.make("paracosm/tug", obs=obs, actions=form)
    other = paracosm.Env("tug", obs=obs)
    size = checkpoints.GLOBALS if obs == "entities" else env.observation_space.shape[0]
    policy = paracosm.load_policy(checkpoints.checkpoint(tmp_path / "a.safetensors", obs, size))
    observation, twin = env.reset(seed=4)[0], other.reset(seed=4)[0]
    chosen, rng, other_rng = set(), np.random.default_rng(7), np.random.default_rng(7)
    for _ in range(40):
        action = policy.act(env, observation, rng)
        assert env.action_space.contains(action)
        chosen.add(str(action))
        observation, reward, terminated, truncated, _ = env.step(action)
        twin, other_reward, *_ = other.step(policy.act(other, twin, other_rng))
        assert reward == other_reward  # whatever the form, the same is done
        assert env.unwrapped.state_hash == other.state_hash
        if terminated or truncated:
            break
    assert len(chosen) > 1
    envs = paracosm.VectorEnv("tug", num_envs=5, obs=obs, actions=form)
    observations, _ = envs.reset(seed=4)
    actions = policy.act(envs, observations, rng=np.random.default_rng(0))
    assert envs.action_space.contains(actions)
    envs.step(actions)
    for one in (env, envs, other):
        one.close()
    with pytest.raises(paracosm.Error, match="no open environment"):
        policy.act(other, twin)
    with pytest.raises(paracosm.Error, match="wants obs"):
        policy.act(paracosm.Env("tug", obs="rays"), observation)


# ---------------------------------------------------------------- files


def damaged(path: pathlib.Path, what: str) -> None:
    """Writes a checkpoint with one fault."""
    card = json.dumps({"observation": "vector", "global_size": SIZE, "width": 16, "encoder_width": 16})
    tensors = checkpoints.tensors_of("vector", SIZE, 16, 16)
    if what == "not finite":
        tensors["value.bias"][0, 0] = np.inf
    if what == "missing":
        del tensors["value.bias"]
    if what == "shape":
        tensors["value.bias"] = np.zeros((1, 2), np.float32)
    if what == "card":
        card = json.dumps({"observation": "smells", "global_size": SIZE, "width": 16, "encoder_width": 16})
    header, data = checkpoints.layout(tensors, card)
    if what == "content":
        data = data[:-1] + bytes([data[-1] ^ 1])
    if what == "overlap":
        header["trunk1.bias"]["data_offsets"] = [0, 64]
    if what == "outside":
        header["trunk1.bias"]["data_offsets"] = [1 << 40, (1 << 40) + 64]
    if what == "type":
        header["trunk1.bias"]["dtype"] = "F16"
    if what == "negative":
        header["trunk1.bias"]["shape"] = [-1, -16]
    if what == "metadata":
        del header["__metadata__"]
    if what == "too much":
        data += b"more"
    checkpoints.write(path, header, data)
    if what == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    if what == "header":
        path.write_bytes(b"\xff" * 8 + path.read_bytes()[8:])
    if what == "text":
        path.write_bytes(b"This is a text, and no checkpoint of anybody's.")
    if what == "empty":
        path.write_bytes(b"")


FAULTS = ["not finite", "missing", "shape", "card", "content", "overlap", "outside", "type", "negative", "metadata"]
FAULTS += ["too much", "cut", "header", "text", "empty"]


@pytest.mark.parametrize("what", FAULTS)
def test_damage_is_refused_by_name(what: str, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.safetensors"
    damaged(path, what)
    with pytest.raises(paracosm.CheckpointError, match=r"a\.safetensors: ."):
        paracosm.load_policy(path)
    assert not _native.library().para_abi_policy_open(os.fsencode(path))  # and C thinks the same


def test_another_layout_is_refused_by_its_span(tmp_path: pathlib.Path) -> None:
    spans = [[s.name, s.start, s.size] + [s.count, s.stride] * (s.count > 1) for s in paracosm.Env("roll", obs="rays").spans]
    name, start, size = spans[3]
    spans[3] = [name, start, size + 1]
    card = {"observation": "vector", "global_size": checkpoints.GLOBALS, "width": 16, "encoder_width": 16}
    card["layout"] = {"version": 1, "hash": "0" * 16, "spans": spans}
    tensors = checkpoints.tensors_of("vector", checkpoints.GLOBALS, 16, 16)
    path = checkpoints.write(tmp_path / "a.safetensors", *checkpoints.layout(tensors, json.dumps(card)))
    reason = rf"sees span {name} with {size + 1} floats at {start}; this build has {size}: train it anew"
    with pytest.raises(paracosm.CheckpointError, match=reason):
        paracosm.load_policy(path)
    assert not _native.library().para_abi_policy_open(os.fsencode(path))
    assert "train it anew" in str(_native.last_error())


def test_every_flipped_bit_is_noticed(tmp_path: pathlib.Path) -> None:
    path = checkpoints.checkpoint(tmp_path / "a.safetensors", "vector", SIZE, width=16)
    whole = path.read_bytes()
    rng = np.random.default_rng(4)
    for place in rng.integers(0, len(whole), 150):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << rng.integers(8)]) + whole[place + 1 :])
        try:
            paracosm.load_policy(path)
        except paracosm.CheckpointError:
            continue
        # Only a space of the header, or a letter inside a JSON number's spelling, may change without harm.
        assert place < len(whole) - 4 * 16, f"byte {place} changed and nobody noticed"
    path.write_bytes(whole)
    paracosm.load_policy(path)


def test_a_run_folder_gives_its_newest_whole_checkpoint(tmp_path: pathlib.Path) -> None:
    with pytest.raises(paracosm.CheckpointError, match="no whole checkpoint"):
        paracosm.load_policy(tmp_path)
    folder = tmp_path / "checkpoints"
    checkpoints.checkpoint(folder / "lesson-000001.safetensors", "vector", SIZE, seed=1)
    checkpoints.checkpoint(folder / "lesson-000002.safetensors", "vector", SIZE + 9, seed=2)
    assert paracosm.load_policy(tmp_path).observation_size == SIZE + 9
    (folder / "lesson-000003.safetensors").write_bytes(b"half a checkpoint")
    with pytest.warns(RuntimeWarning, match="lesson-000003"):
        assert paracosm.load_policy(tmp_path).observation_size == SIZE + 9
    with pytest.raises(FileNotFoundError):
        paracosm.load_policy(tmp_path / "nothing")


@pytest.mark.skipif("PARACOSM_COMMAND" not in os.environ, reason="needs the paracosm command (PARACOSM_COMMAND)")
def test_a_trained_player_plays_the_same(tmp_path: pathlib.Path) -> None:
    command = [os.environ["PARACOSM_COMMAND"], "train", "--out", "run", "--lessons", "2", "--families", "roll"]
    small = ["--envs", "16", "--horizon", "32", "--threads", "1", "--checkpoint", "1", "--quiet"]
    subprocess.run(command + small, cwd=tmp_path, check=True, timeout=60)
    policy = paracosm.load_policy(tmp_path / "run")
    assert policy.card["families"] == ["roll"] and policy.parameter_count > 10000
    flat = np.concatenate([policy.flatten(one) for one in observations("roll", policy.observation, 60)])
    logits, value = policy.forward(flat)
    c_logits, c_value = c_forward(tmp_path / "run", flat)
    np.testing.assert_allclose(logits, c_logits, rtol=0, atol=1e-5)
    np.testing.assert_allclose(value, c_value, rtol=0, atol=1e-5)


@pytest.mark.parametrize("more", [-2, -1, 1, 3])
def test_a_player_of_bodies_takes_more_and_fewer_of_them(more: int, tmp_path: pathlib.Path) -> None:
    env = paracosm.Env("rover", obs="vector")
    own = [[s.name, s.start, s.size] + [s.count, s.stride] * (s.count > 1) for s in env.spans]
    slots, slot = next((s.count, s.stride) for s in env.spans if s.name == "bodies.used")
    seen = np.stack(observations("rover", "vector", 30))
    path = checkpoints.of_layout(tmp_path / "own.safetensors", own, seen.shape[1])
    policy = paracosm.load_policy(path)
    other = np.pad(seen, ((0, 0), (0, more * slot))) if more > 0 else seen[:, : more * slot]
    same = seen if more > 0 else np.pad(other, ((0, 0), (0, -more * slot)))
    assert slots + more > 0
    np.testing.assert_array_equal(policy.forward(other)[0], policy.forward(same)[0])
    np.testing.assert_allclose(policy.forward(other)[0], c_forward(path, other)[0], rtol=0, atol=1e-5)
    if more < 0:
        assert (policy.forward(other)[0] != policy.forward(seen)[0]).any()  # there were bodies in those slots
    for wrong in (seen[:, :-1], seen[:, : checkpoints.GLOBALS - slot]):
        with pytest.raises(ValueError, match="wants"):
            policy.forward(wrong)
    env.close()
