# SPDX-License-Identifier: MIT
"""What is there as numbers: ``state()`` of envs, and ``paracosm.probe``, which tells what the command tells."""

from __future__ import annotations

import json
import math
import os
import pathlib
import subprocess

import numpy as np
import pytest

import paracosm

COMMAND = os.environ.get("PARACOSM_COMMAND")
needs_command = pytest.mark.skipif(COMMAND is None, reason="needs the paracosm command (PARACOSM_COMMAND)")

DROP = {
    "paracosm": 1,
    "name": "drop",
    "world": {"size": [10, 10], "seconds": 5},
    "params": {"height": {"range": [2, 8], "unit": "m"}},
    "bodies": [
        {"name": "floor", "static": True, "shape": {"box": [20, 2]}, "at": [5, 0]},
        {"name": "ball", "shape": {"circle": 0.5}, "at": [5, "1.5 + height"]},
        {"static": True, "shape": {"box": [0.1, 1]}, "at": [1, 1.5]},
        {"name": "bob", "shape": {"circle": 0.2}, "density": 2, "at": [9, 5]},
    ],
    "joints": [{"name": "rope", "spring": ["floor", "bob"], "stiffness": 3, "rest": 1}],
    "player": {
        "body": "ball",
        "actuators": [{"twist": "ball", "channel": 0, "torque": 4}],
        "keys": [{"channel": 0, "positive": "d", "negative": "a", "label": "roll"}],
    },
    "goal": {"touch": ["ball", "floor"]},
}


@pytest.fixture
def drop(tmp_path: pathlib.Path) -> str:
    path = tmp_path / "drop.json"
    path.write_text(json.dumps(DROP))
    return str(path)


@pytest.mark.parametrize("solver", ["chipmunk", "lanes"])
def test_state_tells_what_is_there(drop: str, solver: str) -> None:
    env = paracosm.Env(drop, solver=solver)
    env.reset(seed=1, options={"params": {"height": 2.0}})
    state = env.state()
    assert state["names"] == ["floor", "ball", "#2", "bob"] and state["joint_names"] == ["rope"]
    assert state["time"] == 0 and state["status"] == "running" and state["solver"] == solver
    mass = 0.25 * math.pi
    assert state["mass"].tolist() == pytest.approx([0, mass, 0, 0.08 * math.pi])
    assert state["potential"][1] == pytest.approx(mass * 9.81 * 3.5, rel=1e-6)
    length = math.hypot(4, 5)
    assert state["joint_angle"][0] == pytest.approx(length)
    assert state["level"]["spring"] == pytest.approx(1.5 * (length - 1) ** 2, rel=1e-6)
    for _ in range(6):
        _, _, terminated, _, _ = env.step([1])  # nothing
    assert not terminated
    state = env.state()
    assert state["time"] == pytest.approx(0.4)
    assert state["vy"][1] == pytest.approx(-9.81 * 0.4, rel=1e-4)
    assert state["energy"][1] == pytest.approx(mass * (9.81 * state["y"][1] + 0.5 * state["vy"][1] ** 2), rel=1e-5)
    total = state["level"]
    assert total["total"] == pytest.approx(state["energy"].sum() + total["spring"])
    while not terminated:
        _, _, terminated, _, _ = env.step([1])
    state = env.state()
    assert state["status"] == "solved" and state["progress"] == 1
    touch = {(state["names"][a], state["names"][b]) for a, b in zip(state["contact_a"], state["contact_b"], strict=True)}
    assert touch == {("floor", "ball")}
    assert state["contact_normal"][0] == pytest.approx([0, 1], abs=1e-3) and state["contact_point"].shape == (1, 2)
    env.close()
    with pytest.raises(paracosm.ClosedError):
        env.state()


def test_state_of_one_among_many() -> None:
    envs = paracosm.VectorEnv("rover", num_envs=3)
    with pytest.raises(paracosm.ResetNeeded):
        envs.state(0)
    envs.reset(seed=5)
    single = paracosm.Env("rover")
    single.reset(seed=6)
    one, other = envs.state(1), single.state()
    for key in ("x", "y", "energy", "joint_angle"):
        np.testing.assert_array_equal(one[key], other[key])
    with pytest.raises(paracosm.InvalidError):
        envs.state(3)
    envs.close()


def test_probe_measures_a_fall(drop: str) -> None:
    runs = paracosm.probe(drop, solver="both", set={"height": 8}, seconds=0.9, every=6, bodies=["ball"])
    assert [run["solver"] for run in runs] == ["chipmunk", "lanes"]
    for run in runs:
        assert run["status"] == "running" and run["ended"] is None and len(run["steps"]) == 10
        for step in run["steps"]:
            assert list(step["bodies"]) == ["ball"]
            assert step["bodies"]["ball"]["vy"] == pytest.approx(-9.81 * step["time"], abs=1e-3)
    run = paracosm.probe(drop, set={"height": 2}, act={"roll": -0.5})
    assert run["status"] == "solved" and run["ended"] == pytest.approx(0.64, abs=0.05)
    assert run["steps"][-1]["time"] == 5 and run["steps"][-1]["goal"] == "solved"
    before = run["steps"][5]["bodies"]["ball"]  # of 1/8 m^2 of pi kg/m^2 / 4: m r^2 / 2
    assert before["spin"] == pytest.approx(-2.0 * 0.5 / (0.125 * 0.25 * math.pi), rel=1e-3)


def test_probe_takes_levels_and_paths(drop: str, tmp_path: pathlib.Path) -> None:
    level = paracosm.sample_level(drop, {"height": 3.0}, seed=7)
    saved = tmp_path / "level.json"
    saved.write_text(level.json)
    runs = [
        paracosm.probe(level, seconds=1),
        paracosm.probe(saved, seconds=np.float32(1)),
        paracosm.probe(drop, seed=7, set={"height": 3.0}, seconds=1),
    ]
    assert runs[0]["steps"] == runs[1]["steps"] == runs[2]["steps"]


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"act": {"jump": 1}}, "no such channel"),
        ({"act": {0: 2}}, "from -1 to 1"),
        ({"act": {0: 10**400}}, "from -1 to 1"),
        ({"act": {0: True}}, "must be a number"),
        ({"act": [1]}, "channel or label"),
        ({"bodies": ["bal"]}, 'did you mean "ball"'),
        ({"bodies": "ball"}, "a list of names"),
        ({"bodies": 3}, "a list of names"),
        ({"bodies": [3]}, "must be a string"),
        ({"bodies": ["\ud800"]}, "not text"),
        ({"set": {"hight": 3}}, "no parameter 'hight'"),
        ({"solver": "box2d"}, "no solver 'box2d'"),
        ({"seconds": -1}, "0 to 36000"),
        ({"every": 0}, "every must be"),
    ],
)
def test_probe_says_what_is_wrong(drop: str, wish: dict, says: str) -> None:
    with pytest.raises(paracosm.InvalidError, match=says):
        paracosm.probe(drop, **wish)


@needs_command
def test_probe_is_the_command_s(drop: str) -> None:
    words = ["probe", drop, "--set", "height=2.5", "--seed", "3", "--solver", "both", "--json", "--act", "roll=1", "--every", "7"]
    printed = subprocess.run([COMMAND, *words], check=True, capture_output=True, text=True).stdout
    assert json.loads(printed) == paracosm.probe(drop, set={"height": 2.5}, seed=3, solver="both", act={"roll": 1}, every=7)
