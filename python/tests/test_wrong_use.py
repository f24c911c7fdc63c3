# SPDX-License-Identifier: MIT
"""Wrong use: each a clear Python exception or correct behaviour, never a crash.

What might kill the process (fork, signals, a strange library) runs in a child, so that a crash is a
failed test and not the end of all of them.
"""

from __future__ import annotations

import copy
import os
import pathlib
import pickle
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time

import gymnasium
import numpy as np
import pytest

import paracosm

ERRORS = paracosm.Error


@pytest.fixture
def env():
    env = paracosm.Env("rover")
    yield env
    env.close()


@pytest.fixture
def envs():
    envs = paracosm.VectorEnv("rover", num_envs=3)
    yield envs
    envs.close()


def library_text(name: str) -> str:
    """The template of a family of the library."""
    return pathlib.Path(paracosm.levels._template_path(name)).read_text(encoding="utf-8")


def child(code: str, *, timeout: float = 60, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs Python code in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, **environment},
    )


# ---------------------------------------------------------------- making


@pytest.mark.parametrize(
    "wrong",
    [
        {"family": "no-such-family"},
        {"family": ""},
        {"family": "/no/such/file.json"},
        {"family": "a\0b"},
        {"family": None},
        {"family": 7},
        {"family": "rover", "obs": "smell"},
        {"family": "rover", "actions": "thoughts"},
        {"family": "rover", "render_mode": "hologram"},
        {"family": "rover", "max_episode_steps": -1},
        {"family": "rover", "max_episode_steps": "ten"},
    ],
    ids=str,
)
def test_env_of_nonsense_is_refused(wrong) -> None:
    with pytest.raises(ERRORS):
        paracosm.Env(**wrong)


def test_a_misspelt_family_says_what_was_meant() -> None:
    with pytest.raises(paracosm.Error, match="rover"):
        paracosm.Env("rovr")


def test_a_template_that_is_not_there_is_a_missing_file(tmp_path) -> None:
    for make in (paracosm.Env, paracosm.VectorEnv):
        with pytest.raises(paracosm.NoFileError, match="missing.json"):
            make(str(tmp_path / "missing.json"))


LONG = ["x" * 5000, "x" * 5000 + ".json", "/" + "x/" * 5000, "x" * 5000 + "/a.json", "é" * 5000]


@pytest.mark.parametrize("long", LONG, ids=["name", "file", "folders", "folder", "not ascii"])
def test_names_of_any_length_are_refused_in_a_line(long, env, envs, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    zeros = np.zeros((5, 8), np.int8)
    calls = [
        lambda: paracosm.Env(long), lambda: paracosm.VectorEnv([long, "rover"]), lambda: paracosm.family(pathlib.Path(long)),
        lambda: paracosm.Level(long), lambda: paracosm.sample_level(long), lambda: paracosm.probe(long),
        lambda: paracosm.Replay(long), lambda: paracosm.load_policy(long), lambda: paracosm.register("mine", long),
        lambda: paracosm.register(long), lambda: paracosm.write_replay(long, paracosm.sample_level("roll", seed=1), zeros),
        lambda: paracosm.to_minari([long], "a-v0", root=tmp_path), lambda: paracosm.to_minari([], long),
        lambda: paracosm.Env("rover", obs=long), lambda: paracosm.Env("rover", render_size=long),
        lambda: paracosm.VectorEnv("rover", autoreset_mode=long), lambda: env.reset(options={long: 1}),
        lambda: env.reset(options={"params": {long: 1}}), lambda: env.reset(options={"params": {"distance": long}}),
        lambda: env.reset(options={"level": long}), lambda: envs.reset(seed=long), lambda: paracosm.probe("rover", seconds=long),
        lambda: paracosm.probe("rover", act={"drive": long}), lambda: paracosm.probe("rover", solver=long),
    ]  # fmt: skip
    for number, call in enumerate(calls):
        with pytest.raises(ERRORS) as wrong:
            call()
        assert 8 < len(str(wrong.value)) < 700, (number, str(wrong.value)[:500])


@pytest.mark.parametrize("huge", [10**5000, [0] * 10**5, np.zeros(10**5), {"a": "b" * 10**5}], ids=["number", "list", "array", "dict"])
def test_values_of_any_length_are_refused_in_a_line(huge, env) -> None:
    calls = [
        lambda: paracosm.Env(huge) if not isinstance(huge, dict) else paracosm.Env(None),
        lambda: paracosm.Env("rover", obs=huge), lambda: paracosm.Env("rover", pixels=huge),
        lambda: paracosm.VectorEnv("rover", num_envs=huge), lambda: env.reset(options={"params": {"distance": huge}}),
        lambda: paracosm.probe("rover", seconds=huge), lambda: env.step(huge),
        lambda: paracosm.mutate_level(paracosm.sample_level("rover", seed=1), huge),
    ]  # fmt: skip
    env.reset(seed=1)
    for number, call in enumerate(calls):
        with pytest.raises(ERRORS) as wrong:
            call()
        assert len(str(wrong.value)) < 600, (number, str(wrong.value)[:500])


TEXTS = [
    ("[%s]", "got a list"), ("// mine\n%s", "comments are not allowed"), ("/* mine */ %s", "comments are not allowed"),
    ("# mine\n%s", "comments are not allowed"), ("paracosm: 1\nname: x\n", "this is not JSON"), ('"rover"', "got a text"),
    ("\ufeff[%s]", "got a list"), ("  \n[", "not closed"),
]  # fmt: skip


@pytest.mark.parametrize("text, says", TEXTS, ids=range(len(TEXTS)))
def test_text_that_is_meant_as_json_is_told_what_is_wrong_with_it(text, says) -> None:
    """Not that there is no such file."""
    text = text.replace("%s", library_text("roll"))
    for read in (paracosm.Env, paracosm.family, paracosm.Level):
        with pytest.raises(paracosm.LevelError, match=says):
            read(text)


@pytest.mark.parametrize("before", ["\n", "\ufeff", "\ufeff\r\n  ", "\t"], ids=ascii)
def test_what_may_stand_before_json_does_not_matter(before) -> None:
    assert paracosm.family(before + library_text("roll")).name == "roll"
    assert paracosm.Level(before + paracosm.sample_level("roll", seed=1).json) == paracosm.sample_level("roll", seed=1)


@pytest.mark.parametrize("name", ["[mine].json", "a\nb.json", '"mine"', "// {", "mine.txt"], ids=ascii)
def test_a_file_that_is_there_is_a_file_whatever_it_is_called(name, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = pathlib.Path(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(library_text("roll"))
    assert paracosm.family(tmp_path / name).name == paracosm.family(file).name == "roll"


def test_a_path_and_a_name_are_told_apart(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    pathlib.Path("mine").write_text(library_text("roll"))
    for path in ("rovr.json", "worlds/rovr", str(tmp_path / "none"), tmp_path / "none"):
        with pytest.raises(paracosm.NoFileError, match="there is no file"):
            paracosm.family(path)
    pathlib.Path("rover.json").touch()
    for path, meant in (("rovr.json", "rover.json"), ("./rovr.json", "./rover.json"), (str(tmp_path / "rover"), str(tmp_path / "rover.json"))):
        with pytest.raises(paracosm.NoFileError, match=f"did you mean '{meant}'"):
            paracosm.family(path)
    with pytest.raises(paracosm.NoFileError, match="there is no file 'zzz.json'$"):
        paracosm.family("zzz.json")
    for name, says in (("rovr", "no family 'rovr'; did you mean 'rover'"), ("zzz", r"paracosm.families\(\) names all"), ("mine", r"write '\./mine'")):
        with pytest.raises(paracosm.LevelError, match=says):
            paracosm.family(name)
    with pytest.raises(paracosm.LevelError, match="is a folder"):
        paracosm.family(tmp_path)


def test_a_level_that_is_no_text_says_what_to_do(tmp_path) -> None:
    file = tmp_path / "level.json"
    file.write_text(paracosm.sample_level("roll", seed=1).json)
    for wrong, says in (("no/such.json", "sample_level makes a level"), (str(file), "read_text"), (file, "read_text"), ("rover", r"sample_level\('rover'")):
        with pytest.raises(paracosm.InvalidError, match=says):
            paracosm.Level(wrong)


def test_what_cannot_be_registered_is_told_at_once(tmp_path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{ "paracosm": 1,\n  "bodys": [] }\n')
    for name, family, error in (
        ("none", "/nonexistent.json", paracosm.NoFileError), ("none", "rovr", paracosm.LevelError), ("none", None, paracosm.LevelError),
        ("none", broken, paracosm.LevelError), ("none", {"paracosm": 1}, paracosm.LevelError), ("none", 7, paracosm.InvalidError),
    ):  # fmt: skip
        with pytest.raises(error):
            paracosm.register(name, family)
    with pytest.raises(gymnasium.error.Error):
        gymnasium.make("paracosm/none")


def test_a_dataset_that_cannot_be_written_is_ours_to_tell(tmp_path) -> None:
    pytest.importorskip("h5py")
    env = paracosm.Env("roll", max_episode_steps=3)
    episodes = paracosm.record(env, lambda _: env.action_space.sample(), episodes=1, seed=1)
    (tmp_path / "file").write_text("")
    for root in (tmp_path / "file", "x" * 5000):
        with pytest.raises(paracosm.FileError, match="cannot write"):
            paracosm.to_minari(
                episodes, "a-v0", root=root, observation_space=env.observation_space, action_space=env.action_space
            )
    env.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"num_envs": 0},
        {"num_envs": -1},
        {"num_envs": 1 << 40},
        {"num_envs": 2.5},
        {"num_envs": 2, "num_threads": -1},
        {"num_envs": 2, "num_threads": 1 << 20},
        {"num_envs": 2, "autoreset_mode": "sometimes"},
        {"num_envs": 2, "solver": "box2d"},
        {"num_envs": 2, "solver": 1},
        {"num_envs": 2, "family": []},
        {"num_envs": 2, "family": ["rover", "lander"], "obs": "vector"},
    ],
    ids=str,
)
def test_vector_env_of_nonsense_is_refused(wrong) -> None:
    with pytest.raises(ERRORS):
        paracosm.VectorEnv(**{"family": "rover", **wrong})


def test_a_broken_template_is_told_with_its_line(tmp_path) -> None:
    file = tmp_path / "broken.json"
    file.write_text('{ "paracosm": 1,\n  "name": "broken",\n  "bodys": [] }\n')
    with pytest.raises(paracosm.Error, match=r"broken\.json:3:"):
        paracosm.Env(str(file))


# ---------------------------------------------------------------- order of calls


def test_step_before_reset(env, envs) -> None:
    with pytest.raises(paracosm.Error, match="reset"):
        env.step(env.action_space.sample())
    with pytest.raises(paracosm.Error, match="reset"):
        envs.step(envs.action_space.sample())


def test_step_after_the_end_is_refused() -> None:
    env = paracosm.Env("rover", max_episode_steps=1)
    env.reset(seed=1)
    action = env.action_space.sample()
    assert env.step(action)[3] is True
    with pytest.raises(paracosm.Error, match="reset"):
        env.step(action)
    env.reset()
    env.step(action)
    env.close()


@pytest.mark.parametrize("make", [lambda: paracosm.Env("roll"), lambda: paracosm.VectorEnv("roll", num_envs=2)])
def test_use_after_close(make) -> None:
    env = make()
    env.reset(seed=1)
    action = env.action_space.sample()
    env.close()
    env.close()
    for use in (lambda: env.step(action), lambda: env.reset(seed=1), lambda: env.snapshot()):
        with pytest.raises(paracosm.ClosedError):
            use()


def test_arrays_outlive_their_env() -> None:
    """Views of the batch's memory must keep that memory alive."""
    envs = paracosm.VectorEnv("roll", num_envs=64, copy=False)
    observations, _ = envs.reset(seed=1)
    kept = observations.copy()
    envs.close()
    del envs
    others = [paracosm.VectorEnv("roll", num_envs=64) for _ in range(4)]  # would take freed memory
    for other in others:
        other.reset(seed=9)
    assert observations.shape == kept.shape
    observations.sum()


# ---------------------------------------------------------------- actions


@pytest.mark.parametrize("actions", ["multi_discrete", "discrete", "continuous"])
def test_wrong_actions_are_refused_and_nothing_moves(actions) -> None:
    env = paracosm.Env("rover", actions=actions)
    env.reset(seed=3)
    good = env.action_space.sample()
    before = env.state_hash
    shape = np.shape(good)
    wrong = [None, "left", object(), np.zeros(99, np.int64), np.zeros((2, 2, 2), np.int64), {}, []]
    wrong += [np.full(shape, 10**12, np.int64), np.full(shape, -(10**12), np.int64), np.full(shape, np.nan)]
    wrong += [np.full(shape, "x"), np.zeros(shape, object), np.full(shape, 1j)]
    if actions != "continuous":
        wrong += [np.full(shape, 0.5), np.full(shape, 2**63, np.uint64)]
    else:
        wrong += [np.full(shape, np.inf, np.float32)]
    for action in wrong:
        if actions == "continuous" and isinstance(action, np.ndarray) and action.shape == shape and action.dtype.kind in "iu":
            continue  # far out of range there: clipped or refused, tested below
        with pytest.raises(ERRORS):
            env.step(action)
        assert env.state_hash == before, f"{action!r} moved the world"
    env.step(good)
    env.close()


def test_wrong_batches_of_actions_are_refused(envs) -> None:
    envs.reset(seed=3)
    good = envs.action_space.sample()
    for wrong in (good[:-1], good[..., None], good.T if good.shape[0] != good.shape[1] else good[:1], None, good + 10**6):
        with pytest.raises(ERRORS):
            envs.step(wrong)
    envs.step(good)
    envs.step(good.tolist())
    envs.step(np.asfortranarray(good))
    envs.step(good.astype(np.int32))


# ---------------------------------------------------------------- seeds and options


@pytest.mark.parametrize("seed", [-1, 1.5, "one"])
def test_wrong_seeds_are_refused(env, seed) -> None:
    with pytest.raises(ERRORS):
        env.reset(seed=seed)
    env.reset(seed=1)


@pytest.mark.parametrize("seed", [-1, -(10**3000), 10**3000], ids=["minus", "long minus", "long"])
def test_wrong_seeds_do_not_fill_the_screen(env, seed) -> None:
    with pytest.raises(ERRORS) as wrong:
        env.reset(seed=seed)
    assert len(str(wrong.value)) < 80 and "0 to 2^4096 - 1" in str(wrong.value)
    with pytest.raises(ERRORS, match=r"0 to 2\^64 - 1"):
        env.reset(options={"seed": seed})


@pytest.mark.parametrize(
    "options",
    [
        {"levle": 1},
        {"params": {"distnace": 5}},
        {"params": {"distance": 1e9}},
        {"params": {"distance": float("nan")}},
        {"params": {"distance": "far"}},
        {"params": {"distance": (9, 3)}},
        {"params": {"distance": ("9", "13")}},
        {"params": {"distance": np.array([9.0, 3.0])}},
        {"params": {"distance": np.array([9.0, 10.0, 11.0])}},
        {"params": {"distance": np.array("far")}},
        {"params": {"distance": 10**400}},
        {"params": 5},
        {"level": "{"},
        {"level": "{}"},
        {"level": 5},
        {"level": '{"paracosm": 1, "name": "x", "bodies": [{"name": "a"}]}'},
        {"seed": -1},
        {"seed": "x"},
        {"seed": 1 << 70},
    ],
    ids=str,
)
def test_wrong_options_are_refused_and_the_env_lives_on(env, options) -> None:
    with pytest.raises(ERRORS):
        env.reset(seed=1, options=options)
    env.reset(seed=1)
    env.step(env.action_space.sample())


@pytest.mark.parametrize(
    "mask", [[True, False, True], np.zeros(3, bool), np.ones(2, bool), np.ones(3, np.int64), np.ones((3, 1), bool), "all"], ids=str
)
def test_wrong_reset_masks_are_refused(envs, mask) -> None:
    envs.reset(seed=1)
    with pytest.raises(ERRORS):
        envs.reset(options={"reset_mask": mask})


def test_wrong_seed_lists_are_refused(envs) -> None:
    with pytest.raises(ERRORS):
        envs.reset(seed=[1, 2])


def test_snapshots_of_others_are_refused(env) -> None:
    other = paracosm.Env("tug")
    other.reset(seed=1)
    env.reset(seed=1)
    with pytest.raises(ERRORS):
        env.restore(other.snapshot())
    with pytest.raises(ERRORS):
        env.restore(None)
    env.step(env.action_space.sample())
    other.close()


# ---------------------------------------------------------------- everything, with nonsense

NONSENSE = [7, -1, 2**70, 1.5, float("nan"), "", "x y", "a\0b", b"x", [1], {"a": {1}}, (1, 2), object(), np.zeros(3), np.array("x"), "\udce4", "{"]


def calls(env, envs):
    """Every argument of every public function, one at a time."""
    level, zeros = paracosm.sample_level("rover", seed=1), np.zeros((5, 8), np.int8)
    for key in ("obs", "actions", "render_mode", "max_episode_steps", "pixels", "render_size", "solver"):
        yield f"Env {key}", lambda wrong, key=key: paracosm.Env("rover", **{key: wrong})
    for key in ("num_envs", "obs", "autoreset_mode", "num_threads", "solver", "max_episode_steps"):
        yield f"VectorEnv {key}", lambda wrong, key=key: paracosm.VectorEnv("rover", **{"num_envs": 2, key: wrong})
    for key in ("params", "level", "levels", "seed", "reset_mask"):
        yield f"reset {key}", lambda wrong, key=key: env.reset(options={key: wrong})
        yield f"vector reset {key}", lambda wrong, key=key: envs.reset(options={key: wrong})
    for key in ("solver", "seed", "set", "seconds", "every", "act", "bodies"):
        yield f"probe {key}", lambda wrong, key=key: paracosm.probe("rover", **{"seconds": 0.1, key: wrong})
    for key in ("player", "solver"):
        yield f"write_replay {key}", lambda wrong, key=key: paracosm.write_replay("x.replay", level, zeros, **{key: wrong})
    yield "Env", paracosm.Env
    yield "VectorEnv", paracosm.VectorEnv
    yield "reset", lambda wrong: env.reset(seed=wrong)
    yield "reset options", lambda wrong: env.reset(options=wrong)
    yield "vector reset", lambda wrong: envs.reset(seed=wrong)
    yield "step", env.step
    yield "vector step", envs.step
    yield "restore", env.restore
    yield "vector restore", envs.restore
    yield "vector snapshot", envs.snapshot
    yield "vector level", envs.level
    yield "vector state", envs.state
    yield "env.sample_level", env.sample_level
    yield "env.mutate_level", env.mutate_level
    yield "family", paracosm.family
    yield "load_level", paracosm.load_level
    yield "sample_level", paracosm.sample_level
    yield "sample_level params", lambda wrong: paracosm.sample_level("rover", wrong)
    yield "sample_level seed", lambda wrong: paracosm.sample_level("rover", seed=wrong)
    yield "mutate_level", paracosm.mutate_level
    yield "mutate_level scale", lambda wrong: paracosm.mutate_level(level, wrong)
    yield "mutate_level seed", lambda wrong: paracosm.mutate_level(level, seed=wrong)
    yield "mutate_level params", lambda wrong: paracosm.mutate_level(level, params=wrong)
    yield "register", paracosm.register
    yield "Replay", paracosm.Replay
    yield "load_policy", paracosm.load_policy
    yield "write_replay", lambda wrong: paracosm.write_replay(wrong, level, zeros)
    yield "write_replay level", lambda wrong: paracosm.write_replay("x.replay", wrong, zeros)
    yield "write_replay actions", lambda wrong: paracosm.write_replay("x.replay", level, wrong)
    yield "to_minari", lambda wrong: paracosm.to_minari(wrong, "a-v0", root="data")
    yield "to_minari id", lambda wrong: paracosm.to_minari([], wrong)
    yield "record", lambda wrong: paracosm.record(env, wrong, episodes=1)


def test_all_errors_are_ours_and_say_something(env, envs, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    others = []
    refused = 0
    for what, call in calls(env, envs):
        for wrong in NONSENSE:
            env.reset(seed=1)
            envs.reset(seed=1)
            try:
                call(wrong)
            except paracosm.Error as error:
                refused += 1
                assert len(str(error)) > 8, (what, wrong)
            except BaseException as error:
                others.append(f"{what}, {wrong!r}: {type(error).__name__}: {error}")
    assert not others and refused > 600, others


def test_what_is_public_is_listed() -> None:
    """Before anything was asked for, and whatever is loaded later."""
    done = child("import paracosm; print(*dir(paracosm)); print(*(getattr(paracosm, name) and name for name in paracosm.__all__))")
    assert done.returncode == 0, done.stderr
    listed, there = (line.split() for line in done.stdout.splitlines())
    assert set(paracosm.__all__) == {name for name in listed if not name.startswith("_")} == set(there)


def test_snapshots_do_not_pickle(env) -> None:
    env.reset(seed=1)
    for copied in (copy.deepcopy, pickle.dumps):
        with pytest.raises(paracosm.Error, match="lives in this process"):
            copied(env.snapshot())


# ---------------------------------------------------------------- processes and threads


def test_pickling_and_deep_copy(env) -> None:
    """A pickle carries how the env was made, not its world: the copy starts with a reset."""
    env.reset(seed=5)
    for other in (pickle.loads(pickle.dumps(env)), copy.deepcopy(env)):
        with pytest.raises(paracosm.Error, match="reset"):
            other.step(env.action_space.sample())
        np.testing.assert_array_equal(other.reset(seed=5)[0], env.reset(seed=5)[0])
        other.close()


def test_levels_pickle() -> None:
    level = paracosm.sample_level("rover", seed=4)
    other = pickle.loads(pickle.dumps(level))
    assert other.hash == level.hash and other.json == level.json


@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_async_vector_env(context) -> None:
    # The parent has threads of its own before it forks: the hard case.
    warm = paracosm.VectorEnv("roll", num_envs=64, num_threads=2)
    warm.reset(seed=1)
    warm.step(warm.action_space.sample())
    envs = gymnasium.make_vec("paracosm/roll", num_envs=2, vectorization_mode="async", vector_kwargs={"context": context})
    observations, _ = envs.reset(seed=7)
    own = paracosm.Env("roll")
    np.testing.assert_array_equal(observations[1], own.reset(seed=8)[0])
    for _ in range(5):
        envs.step(envs.action_space.sample())
    envs.close()
    own.close()
    warm.close()


def test_fork_after_threads() -> None:
    done = child(
        """
        import os, sys, signal, warnings
        warnings.simplefilter("ignore")
        import numpy as np, paracosm
        envs = paracosm.VectorEnv("rover", num_envs=64, num_threads=2)
        envs.reset(seed=1)
        action = envs.action_space.sample()
        envs.step(action)
        pid = os.fork()
        if pid == 0:
            signal.alarm(30)
            result = envs.step(action)[0]          # inherited
            fresh = paracosm.VectorEnv("rover", num_envs=64, num_threads=2)
            fresh.reset(seed=1)
            fresh.step(action)
            same = np.array_equal(fresh.step(action)[0], result)
            os._exit(0 if same else 3)
        here = envs.step(action)[0]
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """
    )
    assert done.returncode == 0, done.stderr


def test_ctrl_c_during_a_step() -> None:
    # A job started in the background ignores SIGINT, and Python then raises nothing: say that it is wanted.
    code = """
        import signal
        import paracosm
        signal.signal(signal.SIGINT, signal.default_int_handler)
        envs = paracosm.VectorEnv("walker", num_envs=2048, num_threads=2)
        envs.reset(seed=1)
        action = envs.action_space.sample()
        print("ready", flush=True)
        try:
            while True:
                envs.step(action)
        except KeyboardInterrupt:
            envs.step(action)              # still whole
            envs.reset(seed=2)
            envs.close()
            print("stopped cleanly", flush=True)
        """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "ready\n"
            time.sleep(0.4)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0 and "stopped cleanly" in out, err


def test_two_threads_on_one_env_never_crash() -> None:
    envs = paracosm.VectorEnv("roll", num_envs=256, num_threads=1)
    envs.reset(seed=1)
    action = envs.action_space.sample()
    strange: list[BaseException] = []

    def work() -> None:
        for _ in range(60):
            try:
                envs.step(action)
            except paracosm.Error:
                pass  # "in use by another thread" is right
            except BaseException as error:  # noqa: BLE001: handed to the test's own thread
                strange.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not strange
    envs.step(action)
    envs.close()


def test_two_threads_on_two_envs_agree() -> None:
    hashes: dict[int, int] = {}

    def work(index: int) -> None:
        env = paracosm.Env("rover")
        env.reset(seed=11)
        env.action_space.seed(3)
        for _ in range(40):
            if any(env.step(env.action_space.sample())[2:4]):
                break
        hashes[index] = env.state_hash
        env.close()

    threads = [threading.Thread(target=work, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(hashes) == 4 and len(set(hashes.values())) == 1


# ---------------------------------------------------------------- the library itself


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_a_library_of_another_version_is_refused(tmp_path) -> None:
    source = tmp_path / "other.c"
    source.write_text("unsigned para_abi_version(void) { return 999; }\n")
    library = tmp_path / "libparacosm.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    done = child("import paracosm; paracosm.Env('rover')", PARACOSM_LIBRARY_SO=str(library))
    assert done.returncode == 1 and "version" in done.stderr and "999" in done.stderr, done.stderr


def test_a_library_that_is_none_is_refused(tmp_path) -> None:
    broken = tmp_path / "libparacosm.so"
    broken.write_bytes(b"\x7fELF" + bytes(100))
    for path in (broken, tmp_path / "missing.so"):
        done = child("import paracosm; paracosm.Env('rover')", PARACOSM_LIBRARY_SO=str(path))
        assert done.returncode == 1 and str(path) in done.stderr, done.stderr


def test_no_library_folder_is_told() -> None:
    done = child("import paracosm; paracosm.Env('rover')", PARACOSM_LIBRARY="/no/such/folder")
    assert done.returncode == 1 and "rror" in done.stderr, done.stderr
