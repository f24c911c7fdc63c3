# SPDX-License-Identifier: MIT
"""Paracosm: self-made 2D-physics worlds as Gymnasium environments.

    import gymnasium, paracosm
    env = gymnasium.make("paracosm/rover")
    envs = gymnasium.make_vec("paracosm/rover", num_envs=64)

Importing it registers every family. The page is docs/python.md of the project.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import gymnasium

from . import _native, levels
from ._native import (
    ENDS,
    ActionError,
    ClosedError,
    Error,
    ExistsError,
    FileError,
    InvalidError,
    LevelError,
    LibraryError,
    NoFileError,
    OutOfMemory,
    ResetNeeded,
    StateError,
    library_version,
)
from .batch import Snapshot
from .env import Env
from .levels import Family, Level, Param, families, family, load_level, mutate_level, sample_level
from .measure import probe
from .spans import Span
from .vector import VectorEnv

if TYPE_CHECKING:
    from .minari import record, to_minari
    from .parallel import ParallelEnv, parallel_env
    from .policy import CheckpointError, Policy, load_policy
    from .replay import Episode, Replay, write_replay
    from .window import WindowError

__all__ = [
    "ENDS", "ActionError", "CheckpointError", "ClosedError", "Env", "Episode", "Error", "ExistsError", "Family", "FileError",
    "InvalidError", "Level", "LevelError", "LibraryError", "NoFileError", "OutOfMemory", "ParallelEnv", "Param", "Policy", "Replay", "ResetNeeded", "Snapshot", "Span",
    "StateError", "VectorEnv", "WindowError", "families", "family", "library_version", "load_level", "load_policy",
    "mutate_level", "parallel_env", "probe", "record", "register", "sample_level", "to_minari", "write_replay",
]  # fmt: skip

_LATER = {"load_policy": "policy", "Policy": "policy", "CheckpointError": "policy"}
_LATER |= {"Replay": "replay", "Episode": "replay", "write_replay": "replay"}
_LATER |= {"to_minari": "minari", "record": "minari", "WindowError": "window"}
_LATER |= {"ParallelEnv": "parallel", "parallel_env": "parallel"}


def __getattr__(name: str) -> Any:
    """What few need is loaded when it is asked for."""
    if name in _LATER:
        import importlib

        return getattr(importlib.import_module(f".{_LATER[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """All that is public, loaded yet or not."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})


def register(name: str, family: Any = None) -> str:
    """Registers ``paracosm/<name>`` for ``gymnasium.make`` and ``make_vec``.

    Args:
        name: letters, digits, ``-`` and ``_``.
        family: a family, a template's path, its JSON text or a dict of it; by default the family `name`. It is loaded
            now, so that what is wrong with it is told here.

    Returns the id. The time limit is the level's own, in C; a ``max_episode_steps`` given to ``make`` comes on top.
    """
    if not isinstance(name, str) or not re.fullmatch(r"[\w-]+", name, re.ASCII):
        raise InvalidError(f"a name is of letters, digits, - and _, not {_native.shown(name)}")
    whose = name if family is None else family
    levels.family(whose)
    return _register(name, whose)


def _register(name: str, family: Any) -> str:
    id = f"paracosm/{name}"
    gymnasium.register(
        id,
        entry_point="paracosm.env:Env",
        vector_entry_point="paracosm.vector:VectorEnv",
        kwargs={"family": family},
    )
    return id


# What the classic families are after, by the names that people know them by.
_CLASSIC = {
    "cartpole": "CartPole",
    "mountaincar": "MountainCar",
    "pendulum": "Pendulum",
    "acrobot": "Acrobot",
    "lunarlander": "LunarLander",
    "bipedal-walker": "BipedalWalker",
    "bipedal-walker-hardcore": "BipedalWalkerHardcore",
}

for _name in families(several=False):
    _register(_name, _name)
    if _name in _CLASSIC:
        _register(_CLASSIC[_name], _name)

