# SPDX-License-Identifier: MIT
"""What environments mean: seeds, levels, autoreset modes, snapshots, actions; the same bits everywhere."""

from __future__ import annotations

import json
import pathlib
import pickle
import threading
import time
import types

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

import paracosm


def play(env: paracosm.Env, decisions: int, seed: int = 3) -> list[tuple[float, int]]:
    """Reward and state hash of each decision of random play, to the end of the episode at most."""
    env.action_space.seed(seed)
    told = []
    for _ in range(decisions):
        _, reward, terminated, truncated, _ = env.step(env.action_space.sample())
        told.append((reward, env.state_hash))
        if terminated or truncated:
            break
    return told


# ---------------------------------------------------------------- levels


def test_tier_narrows_what_is_drawn() -> None:
    template = {
        "paracosm": 1, "name": "tiered", "params": {"balls": {"int": [1, 9]}},
        "tiers": {"few": {"balls": [1, 2]}, "many": {"balls": [8, 9]}},
        "bodies": [{"name": "ball", "repeat": "balls", "at": ["2 * i", 2], "shape": {"circle": 0.3}}],
        "player": {"body": "ball1", "actuators": [{"twist": "ball1", "torque": 5}]},
        "goal": {"right_of": ["ball1", 20]},
    }
    whole, many = paracosm.family(template), paracosm.family(template, tier="many")
    assert whole.tiers == many.tiers == ("few", "many") and (whole.tier, many.tier) == (None, "many")
    assert (whole.params["balls"].low, many.params["balls"].low) == (1, 8) and many.vector_size == whole.vector_size
    assert pickle.loads(pickle.dumps(many)).tier == "many"
    env = paracosm.Env(template, tier="few")
    assert {env.reset(seed=seed)[1]["params"]["balls"] for seed in range(20)} == {1, 2}
    assert env.observation_space.shape == paracosm.Env(template).observation_space.shape
    envs = paracosm.VectorEnv([template], num_envs=8, tier="many")
    assert set(envs.reset(seed=1)[1]["params"]["balls"]) == {8, 9}
    assert paracosm.sample_level(template, seed=4, tier="many").params["balls"] >= 8
    with pytest.raises(paracosm.LevelError, match='has no tier "hard"; it has few, many'):
        paracosm.Env(template, tier="hard")
    with pytest.raises(paracosm.InvalidError, match="a tier is a name"):
        paracosm.Env(template, tier=3)


def test_options_choose_the_level() -> None:
    env = paracosm.Env("rover")
    env.reset(seed=1, options={"params": {"distance": 8, "rocks": (1, 2)}})
    assert env.level.params["distance"] == 8 and env.level.params["rocks"] in (1, 2)
    free = [env.reset() and env.level.params["distance"] for _ in range(8)]
    assert len(set(free)) == 8  # options hold for one reset of an Env
    env.reset(options={"seed": 99})
    assert env.level.seed == 99 and env.level == paracosm.sample_level("rover", seed=99)
    level = paracosm.sample_level("rover", {"distance": 12}, seed=5)
    for form in (level, level.json, json.loads(level.json)):
        env.reset(options={"level": form})
        assert env.level == level
    env.close()


def test_ranges_are_drawn_over() -> None:
    env = paracosm.Env("rover")
    env.reset(seed=2)
    seen = []
    for _ in range(64):
        env.reset(options={"params": {"distance": (7, 9), "rocks": (2, 4)}})
        seen.append(env.level.params)
    distances = [p["distance"] for p in seen]
    assert 7 <= min(distances) < 7.4 and 8.6 < max(distances) <= 9
    assert {p["rocks"] for p in seen} == {2, 3, 4}
    env.close()


def test_open_parameters_stay_as_their_seed_draws_them() -> None:
    plain = paracosm.sample_level("rover", seed=7).params
    env = paracosm.Env("rover")
    env.reset(options={"seed": 7, "params": {"distance": 9}})
    assert env.level.params == {**plain, "distance": 9} == paracosm.sample_level("rover", {"distance": 9}, 7).params
    env.close()


NUMPY_NUMBERS = [np.float32(9), np.float64(9), np.longdouble(9), np.int8(9), np.uint64(9), np.array(9), np.array(9.0)]


@pytest.mark.parametrize("nine", NUMPY_NUMBERS, ids=repr)
def test_numpys_numbers_are_numbers(nine) -> None:
    env = paracosm.Env("rover")
    plain = paracosm.sample_level("rover", {"distance": 9}, seed=3)
    assert paracosm.sample_level("rover", {"distance": nine}, seed=3) == plain
    assert paracosm.sample_level("rover", {"distance": (nine, nine)}, seed=3) == plain
    env.reset(options={"params": {"distance": nine}, "seed": 3})
    assert env.level == plain
    assert paracosm.mutate_level(plain, nine / 90, seed=1).family == "rover"
    assert paracosm.probe("rover", set={"distance": nine}, seconds=nine / 90, act={"drive": nine / 9})["steps"]
    env.close()


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.longdouble, np.int64, object])
def test_numpys_arrays_are_ranges_and_lists(kind) -> None:
    env = paracosm.Env("rover")
    ends = np.array([7, 10], kind)
    env.reset(options={"params": {"distance": ends}, "seed": 5})
    assert env.level == paracosm.sample_level("rover", {"distance": (7, 10)}, 5) == paracosm.sample_level("rover", {"distance": ends}, 5)
    some = paracosm.mutate_level(env.level, 0.5, seed=1, params=np.array(["distance"]))
    assert some == paracosm.mutate_level(env.level, 0.5, seed=1, params=["distance"])
    assert paracosm.probe("swing", seconds=0.1, bodies=np.array(["bob"])) == paracosm.probe("swing", seconds=0.1, bodies=["bob"])
    envs = paracosm.VectorEnv("rover", 2)
    envs.reset(seed=1, options={"levels": np.array([env.level, None], object)})
    assert envs.level(0) == env.level
    env.close()
    envs.close()


@pytest.mark.parametrize("params", [None, {"distance": 9}, {"distance": (7, 9), "rocks": (1, 3)}, {"rough": (0.1, 0.2), "climb": 0}])
def test_a_sampled_level_is_that_of_a_reset_with_the_same_options(params) -> None:
    env = paracosm.Env("rover")
    for seed in (0, 7, 2**63 + 5):
        env.reset(options={"params": params, "seed": seed})
        assert env.level == paracosm.sample_level("rover", params, seed)
    env.close()


def test_a_reset_tells_of_its_level() -> None:
    env = paracosm.Env("rover")
    for options in (None, {"seed": 3}, {"params": {"rocks": 2}}, {"level": paracosm.sample_level("rover", seed=8)}):
        _, info = env.reset(seed=1, options=options)
        level = env.level
        assert (info["level_hash"], info["level_seed"], info["params"]) == (level.hash, level.seed, level.params)
    env.close()


@pytest.mark.parametrize("mode", ["NEXT_STEP", "SAME_STEP"])
def test_resets_of_a_vector_env_tell_of_their_levels(mode: str) -> None:
    envs = paracosm.VectorEnv(["roll", "rover"], num_envs=5, max_episode_steps=3, autoreset_mode=mode)
    pinned = paracosm.sample_level("rover", seed=8)
    _, infos = envs.reset(seed=1, options={"levels": [None, None, pinned, None, None]})
    resets = []
    for step in range(9):
        begun = infos.get("_level_hash", np.zeros(5, bool))
        resets += [step] * bool(begun.all())
        for i in np.flatnonzero(begun):
            level = envs.level(i)
            assert (infos["level_hash"][i], infos["level_seed"][i]) == (level.hash, level.seed)
            told = {name: column[i] for name, column in infos["params"].items() if name[0] != "_" and infos["params"][f"_{name}"][i]}
            assert told == level.params
        *_, infos = envs.step(envs.action_space.sample())
    assert resets == ([0, 4, 8] if mode == "NEXT_STEP" else [0, 3, 6])
    envs.close()


def test_mutation() -> None:
    level = paracosm.sample_level("rover", seed=4)
    child = paracosm.mutate_level(level, 0.1, seed=1)
    assert child != level and child.parent == level.hash and child.seed == level.seed
    assert child == paracosm.mutate_level(level, 0.1, seed=1)
    assert paracosm.mutate_level(level, 0.0, seed=1) == level
    one = paracosm.mutate_level(level, 0.3, seed=1, params=["climb"])
    assert [n for n in level.params if one.params[n] != level.params[n]] == ["climb"]
    for seed in range(50):
        for name, value in paracosm.mutate_level(level, 3.0, seed=seed).params.items():
            param = paracosm.family("rover").params[name]
            assert param.low <= value <= param.high
    with pytest.raises(paracosm.InvalidError):
        paracosm.mutate_level(level, -1)


def test_level_of_another_family_needs_its_channels() -> None:
    env = paracosm.Env("roll", obs="entities")
    with pytest.raises(paracosm.InvalidError, match="channels"):
        env.reset(options={"level": paracosm.sample_level("walker", seed=1)})
    env.close()


def test_own_template(tmp_path: pathlib.Path) -> None:
    source = pathlib.Path(paracosm.levels.native.templates(), "drive", "roll.json").read_text()
    path = tmp_path / "mine.json"
    path.write_text(source.replace('"name": "roll"', '"name": "mine"', 1))
    env = gymnasium.make(paracosm.register("mine", str(path)))
    env.reset(seed=1)
    assert env.unwrapped.level.family == "mine"
    assert env.unwrapped.mutate_level().family == "mine"
    env.close()
    del gymnasium.registry["paracosm/mine"]


def test_a_template_may_be_a_dict_or_text() -> None:
    text = pathlib.Path(paracosm.levels.native.templates(), "drive", "roll.json").read_text()
    template = json.loads(text) | {"name": "mine"}
    mine = paracosm.Env(template)
    plain = paracosm.Env("roll")
    for env in (mine, paracosm.Env(text), paracosm.Env(paracosm.family(text)), plain):
        env.reset(seed=3)
        assert play(env, 5) == play_roll(3)
    mine.reset(seed=3)
    assert mine.level.family == "mine" and mine.mutate_level(seed=1).family == "mine"
    assert paracosm.sample_level(template, {"distance": 8}, seed=1).params["distance"] == 8
    assert paracosm.probe(text, seconds=0.1)["steps"]
    envs = paracosm.VectorEnv([template, "tug"], num_envs=3)
    envs.reset(seed=1)
    assert envs.level(2).family == "mine"
    again = pickle.loads(pickle.dumps(mine))
    again.reset(seed=3)
    assert play(again, 5) == play_roll(3)
    with pytest.raises(paracosm.LevelError, match=r"template:1:.*bodys"):
        paracosm.Env('{"paracosm": 1, "name": "x", "bodys": []}')
    with pytest.raises(paracosm.InvalidError, match="JSON"):
        paracosm.Env({"paracosm": {1, 2}})


@pytest.mark.parametrize("kind", [np.array, np.float32, np.float64, np.longdouble, np.int64])
def test_a_dict_may_hold_numpys_numbers_and_arrays(kind) -> None:
    """And mappings that are no dict, wherever they stand."""
    plain = json.loads(pathlib.Path(paracosm.levels.native.templates(), "drive", "roll.json").read_text())
    ours = {**plain, "paracosm": np.int64(1), "params": {**plain["params"]}}
    plain["params"]["distance"] = {"range": [6, 9]}
    ends = np.array([6, 9]) if kind is np.array else (kind(6), kind(9))
    ours["params"]["distance"] = types.MappingProxyType({"range": ends})
    level = paracosm.sample_level(types.MappingProxyType(ours), seed=4)
    assert level == paracosm.sample_level(plain, seed=4) and 6 <= level.params["distance"] <= 9
    saved = json.loads(level.json)
    assert paracosm.Level({**saved, "bodies": np.array(saved["bodies"], object)}) == level
    for wrong in (np.nan, np.array([1, np.inf]), np.complex64(1), np.datetime64("2026-01-01"), object()):
        with pytest.raises(paracosm.InvalidError, match="JSON"):
            paracosm.Env({**plain, "about": wrong})


def play_roll(seed: int) -> list[tuple[float, int]]:
    """Five decisions of a plain `roll`."""
    env = paracosm.Env("roll")
    env.reset(seed=seed)
    return play(env, 5)


def test_the_pace_is_the_levels() -> None:
    template = json.loads(pathlib.Path(paracosm.levels.native.templates(), "drive", "roll.json").read_text())
    assert paracosm.Env(template).metadata["render_fps"] == 15
    template["world"] |= {"rate": 100, "frame_skip": 5}
    env, envs = paracosm.Env(template), paracosm.VectorEnv(template, num_envs=2)
    assert env.metadata["render_fps"] == envs.metadata["render_fps"] == 20
    env.reset(options={"level": paracosm.sample_level("roll", seed=1)})
    assert env.metadata["render_fps"] == 15 == paracosm.Env.metadata["render_fps"]


# ---------------------------------------------------------------- the same bits


def test_same_seed_same_bits() -> None:
    env, other = paracosm.Env("walker"), paracosm.Env("walker", obs="pixels", copy=False)
    env.reset(seed=8)
    other.reset(seed=8)
    assert play(env, 60) == play(other, 60)
    env.close()
    other.close()


def test_snapshot_and_restore() -> None:
    env = paracosm.Env("walker")
    env.reset(seed=1)
    play(env, 20)
    snapshot, here = env.snapshot(), env.state_hash
    first = play(env, 30, seed=9)
    observation = env.restore(snapshot)
    assert env.state_hash == here and observation in env.observation_space
    assert play(env, 30, seed=9) == first
    other = paracosm.Env("walker")
    other.reset(seed=55)
    other.restore(snapshot)
    env.close()
    assert play(other, 30, seed=9) == first
    other.close()


def address_space() -> int:
    """[byte] that this process has reserved."""
    return int(pathlib.Path("/proc/self/statm").read_text().split()[0]) * 4096


@pytest.mark.parametrize("solver", ["lanes", "chipmunk"])
def test_snapshots_are_small(solver: str) -> None:
    """An image of the world each, not a group of worlds: by thousands they fit a process."""
    env = paracosm.Env("roll", solver=solver)
    env.reset(seed=1)
    before = address_space()
    many = []
    for _ in range(30):
        many += [env.snapshot() for _ in range(10)]
        env.step(env.action_space.sample())
    assert (address_space() - before) / 300 < env.bytes_per_env + 40_000
    env.reset(seed=5)  # the world is another level's now
    told = []
    for snapshot in (many[0], many[299], many[0]):
        env.restore(snapshot)
        told.append((env.level.hash, env.state_hash, *play(env, 20)))
    assert told[0] == told[2] != told[1]
    env.close()


def test_meddling_is_seen_and_refused_in_words() -> None:
    env = paracosm.Env("rover", obs="entities", toybox=True)
    with pytest.raises(paracosm.StateError, match="call reset first"):
        env.meddle("drop crate")
    before, info = env.reset(seed=1)
    assert "toy-crate-1" in env.level.json and set(info["params"]) == set(env.family.params)
    snapshot, here = env.snapshot(), env.state_hash
    after = env.meddle("drop crate")
    assert after in env.observation_space and after["mask"].sum() > before["mask"].sum() and env.state_hash != here
    told = play(env, 20)
    env.restore(snapshot)
    assert env.state_hash == here
    env.meddle("drop crate")
    assert play(env, 20) == told
    for line, words in (("drop piano", "nothing I know"), ("wind", "wind"), ("x" * 500, "at most"), ("", "must not be empty")):
        with pytest.raises(paracosm.InvalidError, match=words):
            env.meddle(line)
    with pytest.raises(paracosm.InvalidError, match="string"):
        env.meddle(3)
    env.close()
    bare = paracosm.Env("rover")
    bare.reset(seed=1)
    with pytest.raises(paracosm.InvalidError, match="toybox=True"):
        bare.meddle("drop crate")
    assert bare.meddle("push 3 1") in bare.observation_space
    bare.close()
    with pytest.raises(paracosm.ClosedError):
        bare.meddle("push 3")
    envs = paracosm.VectorEnv("rover", 3, toybox=True)
    envs.reset(seed=1)
    hashes = [envs.state_hash(i) for i in range(3)]
    assert envs.meddle(1, "wind 5") in envs.observation_space
    assert [envs.state_hash(i) == hashes[i] for i in range(3)] == [True, False, True]
    with pytest.raises(paracosm.InvalidError, match="env"):
        envs.meddle(3, "wind 5")
    envs.close()


def test_surprises_come_by_the_seeds_and_snapshots_keep_them() -> None:
    told = []
    for rate in (20.0, 20.0, 0.0):
        env = paracosm.Env("rover", toybox=True, surprises=rate)
        env.reset(seed=2)
        snapshot = env.snapshot()
        told.append((env.level.hash, play(env, 40)))
        env.restore(snapshot)
        assert play(env, 40) == told[-1][1]
        env.close()
    assert told[0] == told[1] and told[0][0] == told[2][0] and told[0][1] != told[2][1]
    for wrong in (-1, 51, float("nan"), "often", True):
        with pytest.raises(paracosm.InvalidError, match="surprises must be"):
            paracosm.Env("rover", surprises=wrong)
    with pytest.raises(paracosm.InvalidError, match="toybox must be"):
        paracosm.Env("rover", toybox=1)


def test_snapshot_keeps_the_stream_of_levels() -> None:
    env = paracosm.Env("roll")
    env.reset(seed=1)
    snapshot = env.snapshot()
    env.reset()
    following = env.level
    env.restore(snapshot)
    env.reset()
    assert env.level == following
    env.close()


def test_threads_change_nothing() -> None:
    told = []
    for threads in (1, 2, 3):
        envs = paracosm.VectorEnv(["roll", "tug", "rover"], 70, num_threads=threads, max_episode_steps=9)
        observations, _ = envs.reset(seed=4)
        envs.action_space.seed(4)
        for _ in range(25):
            observations, rewards, *_ = envs.step(envs.action_space.sample())
        told.append((observations["rows"].tobytes(), rewards.tobytes(), envs.levels()[1].tobytes()))
        envs.close()
    assert told[0] == told[1] == told[2]


def test_the_solver_is_chosen_and_told() -> None:
    told = {}
    for solver in ("auto", "chipmunk"):
        envs = paracosm.VectorEnv("roll", 40, max_episode_steps=3, solver=solver)
        envs.reset(seed=2)
        for _ in range(3):
            *_, infos = envs.step(np.zeros_like(envs.action_space.sample()))
        told[solver] = infos["report"]["solver"]
        envs.close()
    assert set(told["chipmunk"]) == {"chipmunk"}
    assert set(told["auto"]) <= {"lanes", "chipmunk"}
    env = paracosm.Env("roll", max_episode_steps=1, solver="chipmunk")
    env.reset(seed=2)
    assert env.step(env.action_space.sample())[4]["report"]["solver"] == "chipmunk"
    env.close()


# ---------------------------------------------------------------- autoreset


def test_same_step_keeps_the_last_observation() -> None:
    next_step = paracosm.VectorEnv("roll", 3, max_episode_steps=4)
    same = paracosm.VectorEnv("roll", 3, max_episode_steps=4, autoreset_mode=AutoresetMode.SAME_STEP)
    next_step.reset(seed=6)
    same.reset(seed=6)
    actions = np.zeros((3, 2), np.int64)
    for _ in range(4):
        last = next_step.step(actions)
        now = same.step(actions)
    assert last[3].all() and now[3].all()
    final = now[4]["final_obs"]
    assert now[4]["_final_obs"].all() and final.dtype == object
    np.testing.assert_array_equal(np.stack(list(final)), last[0])
    assert list(now[4]["final_info"]["report"]["end"]) == ["cut"] * 3 == list(last[4]["report"]["end"])
    first = next_step.step(actions)
    np.testing.assert_array_equal(first[0], now[0])
    assert (first[1] == 0).all() and not first[2].any() and not first[3].any()
    next_step.close()
    same.close()


def assert_same(a, b, place: str) -> None:
    """Equal in value, type, shape and dtype, all the way down."""
    assert type(a) is type(b), place
    if isinstance(a, dict):
        assert a.keys() == b.keys(), place
        for key in a:
            assert_same(a[key], b[key], f"{place}/{key}")
    elif isinstance(a, np.ndarray) and a.dtype == object:
        assert a.shape == b.shape, place
        for index, (one, other) in enumerate(zip(a, b, strict=True)):
            assert_same(one, other, f"{place}[{index}]")
    elif isinstance(a, np.ndarray):
        assert a.dtype == b.dtype and np.array_equal(a, b), place
    else:
        assert a == b, place


@pytest.mark.parametrize("obs", ["vector", "entities"])
@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_all_is_as_gymnasiums_own_vector_env_has_it(mode: AutoresetMode, obs: str) -> None:
    """Observations, rewards, flags and infos of every step are those of SyncVectorEnv over single envs."""
    ours = paracosm.VectorEnv("lander", 4, obs=obs, autoreset_mode=mode, max_episode_steps=40)
    make = [lambda: paracosm.Env("lander", obs=obs, max_episode_steps=40)] * 4
    theirs = gymnasium.vector.SyncVectorEnv(make, autoreset_mode=mode)
    assert_same(ours.reset(seed=1)[0], theirs.reset(seed=1)[0], "reset")
    ours.action_space.seed(1)
    told = 0
    for step in range(130):
        actions = ours.action_space.sample()
        mine, other = ours.step(actions), theirs.step(actions)
        for index in range(5):
            assert_same(mine[index], other[index], f"step {step}, {index}")
        told += bool(mine[4])
    assert told >= 3
    ours.close()
    theirs.close()


def test_disabled_waits_for_the_mask() -> None:
    envs = paracosm.VectorEnv("roll", 3, max_episode_steps=2, autoreset_mode="Disabled")
    envs.reset(seed=1)
    actions = np.zeros((3, 2), np.int64)
    envs.step(actions)
    before = envs.step(actions)[0]
    with pytest.raises(paracosm.ResetNeeded):
        envs.step(actions)
    mask = np.array([True, False, True])
    options = {"reset_mask": mask}
    after, _ = envs.reset(options=options)
    assert options == {}
    np.testing.assert_array_equal(after[1], before[1])
    assert not np.array_equal(after[0], before[0])
    with pytest.raises(paracosm.ResetNeeded):
        envs.step(actions)
    envs.reset(options={"reset_mask": ~mask})
    envs.step(actions)
    envs.close()


def test_vector_options_hold_through_autoresets() -> None:
    envs = paracosm.VectorEnv("rover", 4, max_episode_steps=1)
    envs.reset(seed=1, options={"params": {"distance": (7, 8)}})
    actions = envs.action_space.sample()
    for _ in range(10):
        envs.step(actions)
        assert all(7 <= envs.level(i).params["distance"] <= 8 for i in range(4))
    level = paracosm.sample_level("rover", seed=5)
    envs.reset(options={"levels": [level, None, level, None]})
    for _ in range(4):
        hashes = envs.levels()[1]
        assert hashes[0] == hashes[2] == level.hash and hashes[1] != level.hash
        envs.step(actions)
    envs.reset()
    assert envs.levels()[1][0] != level.hash
    envs.close()


def test_seed_lists() -> None:
    envs = paracosm.VectorEnv("roll", 3)
    envs.reset(seed=[5, 6, 7])
    listed = envs.levels()[1]
    envs.reset(seed=5)
    np.testing.assert_array_equal(envs.levels()[1], listed)
    envs.reset()
    second = envs.levels()[1]
    envs.reset(seed=5)
    envs.reset(seed=[5, None, None])  # None: the stream goes on
    third = envs.levels()[1]
    assert third[0] == listed[0] and (third[1:] == second[1:]).all()
    envs.close()


def test_copies_stay_and_views_move() -> None:
    for copy in (True, False):
        envs = paracosm.VectorEnv("roll", 2, copy=copy)
        first, _ = envs.reset(seed=1)
        kept = first.copy()
        for _ in range(5):
            envs.step(np.ones((2, 2), np.int64) * np.array([2, 1]))
        assert np.array_equal(first, kept) == copy
        envs.close()


# ---------------------------------------------------------------- actions


def test_the_three_action_forms_agree() -> None:
    """The same push in each form gives the same world."""
    hashes = set()
    for form in ("multi_discrete", "discrete", "continuous"):
        env = paracosm.Env("rover", actions=form)
        env.reset(seed=3)
        wish = np.array([1.0, -1.0])
        if form == "multi_discrete":
            action = (wish + 1).astype(int)
        elif form == "discrete":
            action = int(np.flatnonzero((env.action_table[:, :2] == wish).all(axis=1))[0])
        else:
            action = wish.astype(np.float32)
        for _ in range(20):
            env.step(action)
        hashes.add(env.state_hash)
        env.close()
    assert len(hashes) == 1


def test_action_zero_of_discrete_does_nothing() -> None:
    for name in paracosm.families(several=False):
        env = paracosm.Env(name, actions="discrete")
        table = env.action_table
        listed = bool(paracosm.family(name).moves)  # whose author says what each is
        assert listed or not table[0].any()
        assert len(np.unique(table, axis=0)) == len(table) == env.action_space.n
        env.close()


def test_report_tells_the_episode() -> None:
    env = paracosm.Env("lander")
    env.reset(seed=2)
    level, total, count = env.level, 0.0, 0
    while True:
        _, reward, terminated, truncated, info = env.step(env.action_space.sample())
        total, count = total + reward, count + 1
        if terminated or truncated:
            break
    report = info["report"]
    assert report["level_hash"] == level.hash and report["level_seed"] == level.seed
    assert report["decisions"] == count and report["return"] == pytest.approx(total, abs=1e-4)
    assert terminated == (report["end"] in ("solved", "failed")) and info["solved"] == (report["end"] == "solved")
    env.close()


def test_pictures() -> None:
    env = paracosm.Env("lander", render_mode="rgb_array", render_size=(320, 180), obs="pixels", pixels=(48, 32))
    observation, _ = env.reset(seed=1)
    assert observation.shape == (32, 48, 3) and len(np.unique(observation.reshape(-1, 3), axis=0)) > 3
    picture = env.render()
    assert picture.shape == (180, 320, 3) and picture.dtype == np.uint8
    np.testing.assert_array_equal(picture, env.render())
    env.close()
    envs = paracosm.VectorEnv("roll", 2, render_mode="rgb_array")
    envs.reset(seed=1)
    assert [p.shape for p in envs.render()] == [(360, 640, 3)] * 2
    envs.close()


# ---------------------------------------------------------------- ends


def test_closing_while_another_thread_steps() -> None:
    """Its memory waits for the step; the thread is told, and nothing crashes."""
    for _ in range(12):
        envs = paracosm.VectorEnv("roll", 64, num_threads=1)
        envs.reset(seed=1)
        actions = envs.action_space.sample()
        told: list[BaseException] = []

        def work(envs: paracosm.VectorEnv = envs, actions: np.ndarray = actions, told: list = told) -> None:
            try:
                while True:
                    envs.step(actions)
            except Exception as error:  # noqa: BLE001: judged below
                told.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(0.01)
        envs.close()
        thread.join(30)
        assert isinstance(told[0], paracosm.ClosedError), repr(told[0])


def test_more_envs_than_the_machine_holds_are_refused() -> None:
    with pytest.raises(paracosm.Error, match="GB"):
        paracosm.VectorEnv("roll", 60_000, obs="pixels", pixels=(512, 512))


def test_bytes_before_and_after_the_first_reset() -> None:
    env = paracosm.Env("roll")
    empty = env.bytes_per_env
    env.reset(seed=1)
    assert 0 < empty < env.bytes_per_env
    env.close()
    with pytest.raises(paracosm.ClosedError):
        _ = env.bytes_per_env
