# SPDX-License-Identifier: MIT
"""What is there, as numbers: the state of an env as arrays, and a level stepped and measured."""

from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from . import _native as native
from .levels import SEED_MAX, Family, Level, sample_level

NAME = 64  # [byte] of a name in ParaAbiState

_BODIES = dict.fromkeys(("x", "y", "angle", "vx", "vy", "spin", "mass"), np.float32)
_BODIES |= {"body_kinetic": np.float64, "body_potential": np.float64, "enabled": np.uint8}
_JOINTS = dict.fromkeys(("joint_angle", "joint_speed", "joint_load"), np.float32)
_CONTACTS = {"contact_a": np.int32, "contact_b": np.int32, "contact_impulse": np.float32}
_PAIRS = dict.fromkeys(("contact_point", "contact_normal"), np.float32)


def state_of(batch: int, env: int) -> dict[str, Any]:
    """The state of env `env` of a batch; see `Env.state`."""
    read = native.library().para_abi_batch_state
    state = native.make(native.State)
    native.check(read(batch, env, ctypes.byref(state)))  # the counts
    bodies, joints, contacts = state.body_count, state.joint_count, state.contact_count
    arrays = {name: np.empty(bodies, dtype) for name, dtype in _BODIES.items()}
    arrays |= {name: np.empty(joints, dtype) for name, dtype in _JOINTS.items()}
    arrays |= {name: np.empty(contacts, dtype) for name, dtype in _CONTACTS.items()}
    arrays |= {name: np.empty((contacts, 2), dtype) for name, dtype in _PAIRS.items()}
    arrays |= {"body_names": np.zeros(bodies, f"S{NAME}"), "joint_names": np.zeros(joints, f"S{NAME}")}
    for name, array in arrays.items():
        setattr(state, name, array.ctypes.data)
    state.body_room, state.joint_room, state.contact_room = bodies, joints, contacts
    native.check(read(batch, env, ctypes.byref(state)))
    names = {key: [name.decode() for name in arrays.pop(f"{key}_names").tolist()] for key in ("body", "joint")}
    kinetic, potential = arrays.pop("body_kinetic"), arrays.pop("body_potential")
    gone = arrays.pop("enabled") == 0
    level = {"kinetic": state.kinetic, "potential": state.potential, "spring": state.spring}
    level |= {"total": state.kinetic + state.potential + state.spring}
    level |= {"momentum": np.array([state.momentum_x, state.momentum_y]), "angular_momentum": state.angular_momentum}
    return {
        "time": state.time,
        "status": "running" if state.end < 0 else native.ENDS[state.end],
        "solver": native.SOLVER_NAMES[state.solver],
        "progress": state.progress,
        "level": level,
        "names": names["body"],
        "joint_names": names["joint"],
        "kinetic": kinetic,
        "potential": potential,
        "energy": kinetic + potential,
        "gone": gone,
        **arrays,
    }


def _texts(values: Sequence[str]) -> Any:
    return (ctypes.c_char_p * len(values))(*(native.text_of(value, "a name or action") for value in values))


def _acts(act: Mapping[Any, Any] | None) -> list[str]:
    if act is None:
        return []
    if not isinstance(act, Mapping):
        raise native.InvalidError(f"act is {{channel or label: value}}, not {type(act).__name__}")
    return [f"{key}={native.number(value, f'the action of {native.shown(key)}', -1, 1)!r}" for key, value in act.items()]


def _run(level: Level, solver: str, seconds: float, every: int, acts: list[str], names: list[str]) -> dict[str, Any]:
    lib = native.library()
    wish = native.make(native.ProbeDef, solver=native.SOLVERS[solver], seconds=seconds, every=every)
    wish.acts, wish.act_count = _texts(acts), len(acts)
    wish.names, wish.name_count = _texts(names), len(names)
    handle = native.Handle(lib.para_abi_probe_run(level._handle.pointer, ctypes.byref(wish)), lib.para_abi_probe_free)
    return json.loads(lib.para_abi_probe_json(handle.pointer))


def probe(
    level: str | os.PathLike[str] | Mapping[str, Any] | Family | Level, *, solver: str = "auto", seed: int = 0,
    set: Mapping[str, Any] | None = None, seconds: float | None = None, every: int | None = None,
    act: Mapping[Any, float] | None = None, bodies: Sequence[str] | None = None,
) -> Any:
    """Steps a level and tells what is there: a dict, with the keys and numbers that ``paracosm probe --json`` prints.

    Args:
        level: a family, its name, the path of a template or a saved level, its JSON text or a dict of it, or a `Level`.
        solver: "auto", "lanes" or "chipmunk"; "both": a list of two such dicts is returned, chipmunk's and lanes'.
        seed: which member of the family; a `Level` has its own.
        set: values of its parameters, ``{name: value}``.
        seconds: how long [s], 0 to 36000; 5 by default.
        every: physics steps from row to row; ten rows a second by default.
        act: actions held all the time, ``{channel or the label of its keys: -1 to 1}``.
        bodies: names of those to tell of; the name of a repeated one means its copies. All by default.
    """
    native.choice(solver, "solver", ("auto", "lanes", "chipmunk", "both"))
    if isinstance(level, Level):
        if set is not None:
            raise native.InvalidError("a level is whole: set goes with a family")
    else:
        level = sample_level(level, set, native.integer(seed, "seed", 0, SEED_MAX))
    length = -1.0 if seconds is None else native.number(seconds, "seconds", 0, 36000)
    bodies = native.plain(bodies)
    if bodies is not None and (isinstance(bodies, (str, bytes)) or not isinstance(bodies, Iterable)):
        raise native.InvalidError("bodies is a list of names")
    rows = 0 if every is None else native.integer(every, "every", 1, 1000000)
    solvers = ("chipmunk", "lanes") if solver == "both" else (solver,)
    told = [_run(level, one, length, rows, _acts(act), list(bodies or ())) for one in solvers]
    return told if solver == "both" else told[0]
