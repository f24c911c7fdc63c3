# SPDX-License-Identifier: MIT
"""Recorded episodes: ``.replay`` files of the ``paracosm`` command, verified and played again."""

from __future__ import annotations

import ctypes
import dataclasses
import operator
import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from . import _native
from .levels import Level, as_level
from .spans import entity_rows

CHANNELS = 8
ENDS = _native.ENDS
"""How an episode can end. The first two terminate it, the others truncate it;
a ``solved`` one is truncated, too, where a level asks for nothing but to last, and pays nothing for it."""



class _Info(ctypes.Structure):
    """ParaAbiReplayInfo of agents/abi/abi.h."""

    _fields_ = [
        ("size", ctypes.c_uint32),
        ("decisions", ctypes.c_int32),
        ("end", ctypes.c_int32),
        ("frame_skip", ctypes.c_int32),
        ("rate", ctypes.c_float),
        ("total_reward", ctypes.c_float),
        ("channel_bits", ctypes.c_uint32),
        ("negative_bits", ctypes.c_uint32),
        ("players", ctypes.c_int32),
        ("fine", ctypes.c_uint32),
        ("lasts", ctypes.c_uint32),
        ("entities_size", ctypes.c_int32),
        ("vector_size", ctypes.c_int32),
        ("level_seed", ctypes.c_uint64),
        ("level_hash", ctypes.c_uint64),
        ("family", ctypes.c_char * 64),
        ("player", ctypes.c_char * 64),
        ("solver", ctypes.c_char * 32),
    ]


class _Event(ctypes.Structure):
    """ParaAbiEvent of agents/abi/abi.h."""

    _fields_ = [("line", ctypes.c_char_p), ("decision", ctypes.c_int32)]


@dataclasses.dataclass
class Episode:
    """One episode as arrays, T decisions long.

    Attributes:
        observations: ``[T + 1, O]`` float32 (the first one included), or a dict of such arrays for
            ``entities``: ``globals [T + 1, G]``, ``rows [T + 1, R, F]``, ``mask [T + 1, R]``.
        actions: ``[T, ...]`` in the form of ``action_space``, or ``[T, 8]`` int8 of channels in -1, 0, 1.
        rewards: ``[T]`` float64.
        terminated, truncated: how it ended; both False where it was not played to its end.
        seed: of the reset, if one is known.
        level: JSON of the level, if it is known; kept as the reset option ``level``.
        info: anything else worth keeping: numbers and texts by name.
    """

    observations: Any
    actions: np.ndarray
    rewards: np.ndarray
    terminated: bool
    truncated: bool
    seed: int | None = None
    level: str | None = None
    info: dict[str, Any] = dataclasses.field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rewards)


def split_entities(flat: np.ndarray) -> dict[str, np.ndarray]:
    """Flat ``entities`` observations as the Dict that ``Env`` gives.

    Args:
        flat: ``[..., G + R * (F + 1)]`` float32.

    Returns:
        ``globals [..., G]``, ``rows [..., R, F]`` and ``mask [..., R]``: views of ``flat``.
    """
    rows, row = entity_rows()
    size = flat.shape[-1] - rows * (row + 1)
    return {
        "globals": flat[..., :size],
        "rows": flat[..., size : size + rows * row].reshape(*flat.shape[:-1], rows, row),
        "mask": flat[..., size + rows * row :],
    }


class Replay:
    """A recorded episode. Reads the whole file and checks it; close it or use it with ``with``.

    Attributes:
        path: the file.
        family: the name of its level's family.
        player: who played: "trained", "person", ...
        solver: what ran it, "lanes" or "chipmunk".
        decisions: T.
        end: one of :data:`ENDS`, or "" for an episode that was not played to its end.
        total_reward: sum of the rewards.
        seconds: [s] of level time.
        seed: sampling seed of the level.
        channel_bits, negative_bits: channels the level binds; those where -1 differs from 0.
        players: A.
        level: JSON of the level: ``Env.reset(options={"level": replay.level})`` plays it again.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._handle: int | None = None
        self.path = _native.path_of(path, "a replay's file")
        lib = _native.library()
        self._lib = lib
        self._handle = lib.para_abi_replay_open(_native.path_bytes(path, "a replay's file"))
        if not self._handle:
            raise _native.last_error()
        info = _Info(size=ctypes.sizeof(_Info))
        _native.check(lib.para_abi_replay_info(self._handle, ctypes.byref(info)))
        self.family: str = info.family.decode()
        self.player: str = info.player.decode(errors="replace")
        self.solver: str = info.solver.decode()
        self.decisions: int = info.decisions
        self.end: str = ENDS[info.end] if 0 <= info.end < len(ENDS) else ""
        self.total_reward: float = info.total_reward
        self.seconds: float = info.decisions * info.frame_skip / info.rate
        self.seed: int = info.level_seed
        self.level_hash: int = info.level_hash
        self.channel_bits: int = info.channel_bits
        self.negative_bits: int = info.negative_bits
        self.players: int = info.players
        self._fine = bool(info.fine)
        self._lasts = bool(info.lasts)
        self.entities_size: int = info.entities_size
        self.vector_size: int = info.vector_size
        self.level: str = self._read_level()

    def _read_level(self) -> str:
        level = self._lib.para_abi_replay_level(self._handle)
        if not level:
            raise _native.last_error()
        try:
            text = self._lib.para_abi_level_json(level)
            if text is None:
                raise _native.last_error()
            return text.decode()
        finally:
            self._lib.para_abi_level_free(level)

    def close(self) -> None:
        """Frees the file's memory. May be called twice."""
        handle, self._handle = self._handle, None
        if handle:
            self._lib.para_abi_replay_free(handle)

    def __enter__(self) -> Replay:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_handle", None):
            self.close()

    def __repr__(self) -> str:
        return f"Replay({self.path!r}: {self.family}, {self.decisions} decisions, {self.end or 'not ended'})"

    def episode(self, obs: str = "entities", vector_size: int | None = None) -> Episode:
        """Verifies the replay bit for bit and plays it again with observations.

        Args:
            obs: ``"entities"`` or ``"vector"``.
            vector_size: floats of a ``vector`` observation; the family's, so that it fits an ``Env``, or a
                player's (default: this level's own). Bodies beyond its slots are left out, empty slots are 0.

        Returns:
            The episode; its actions are channels ``[T, 8]``: int8 in -1, 0, 1, or of a player that acts by amounts
            float32 from -1 to 1.

        Raises:
            paracosm.Error: if the replay does not verify; the message names the first step that differs.
        """
        if self._handle is None:
            raise _native.ClosedError("this replay is closed")
        if obs not in ("entities", "vector"):
            raise _native.InvalidError(f"obs {_native.shown(obs)}: a replay is seen as 'entities' or 'vector'")
        size = self.entities_size if obs == "entities" else vector_size or self.vector_size
        if not 0 < size <= 4096:
            raise _native.InvalidError(f"vector_size {size}: must be 1 to 4096")
        players = () if self.players == 1 else (self.players,)  # one is not told apart
        actions = np.empty((self.decisions, *players, CHANNELS), np.int8)
        rewards = np.empty((self.decisions, *players), np.float64)
        flat = np.empty((self.decisions + 1, *players, size), np.float32)
        _native.check(
            self._lib.para_abi_replay_play(
                self._handle, _native.OBS_FORMS[obs], size, actions.ctypes.data, flat.ctypes.data, rewards.ctypes.data
            )
        )
        return Episode(
            observations=split_entities(flat) if obs == "entities" else flat,
            actions=actions / np.float32(127) if self._fine else actions,
            rewards=rewards,
            terminated=self.end == "failed" or (self.end == "solved" and not self._lasts),
            truncated=self.end in ("timeout", "diverged") or (self.end == "solved" and self._lasts),
            seed=self.seed,
            level=self.level,
            info={
                "family": self.family,
                "player": self.player,
                "end": self.end,
                "channel_bits": self.channel_bits,
                "negative_bits": self.negative_bits,
            },
        )


def _events_of(events: Iterable[tuple[int, str]]) -> ctypes.Array[_Event]:
    """As the library takes them, in the order of their decisions."""
    pairs = []
    for event in events:
        try:
            decision, line = event
            pairs.append((operator.index(decision), line))
        except (TypeError, ValueError):
            raise _native.InvalidError(f"event {_native.shown(event)}: must be (decision, line)") from None
    pairs.sort(key=lambda pair: pair[0])  # of one decision: as they were given
    out = (_Event * len(pairs))()
    for item, (decision, line) in zip(out, pairs, strict=True):
        if not 0 <= decision < 1 << 31:
            raise _native.InvalidError(f"event before decision {decision}: decisions are counted from 0")
        item.line, item.decision = _native.text_of(line, "what happens"), decision
    return out


def write_replay(
    path: str | os.PathLike[str], level: Level | str | Mapping[str, Any], actions: np.ndarray, *, player: str = "python",
    solver: str = "auto", events: Iterable[tuple[int, str]] = (),
) -> Replay:
    """Plays actions on a level and writes the episode; ``paracosm replay verify`` proves it.

    Args:
        path: the ``.replay`` file to write.
        level: a level (``env.level``), or its JSON as text or as a dict.
        actions: ``[T, 8]`` channels in -1, 0, 1; those after the episode's end are left out.
        player: who played, at most 63 bytes.
        solver: "auto", "lanes" or "chipmunk"; the replay names the one that ran.
        events: what `Env.meddle` did, as (decision before which, line): ``[(0, "drop crate"), (30, "wind 5")]``. The
            level must have a toybox then if things of it are dropped: that of an env with ``toybox=True`` has.

    Returns:
        The replay, read back.

    Raises:
        paracosm.InvalidError: an event that cannot be done, with the reason; nothing is written.
    """
    _native.choice(solver, "solver", _native.SOLVERS)
    try:
        channels = np.asarray(actions)
    except ValueError as error:
        raise _native.ActionError(f"these are no actions: {error}") from None
    if channels.ndim != 2 or channels.shape[1] != CHANNELS or not np.issubdtype(channels.dtype, np.integer):
        raise _native.ActionError(f"actions of shape {channels.shape}, {channels.dtype}; must be whole numbers [T, 8]")
    if channels.size and (channels.min() < -1 or channels.max() > 1):
        raise _native.ActionError("actions must be -1, 0 or 1")
    channels = np.ascontiguousarray(channels, np.int8)
    file, whose = _native.path_bytes(path, "a replay's file"), _native.text_of(player, "a player's name")
    its_level, happened = as_level(level), _events_of(events)
    _native.check(
        _native.library().para_abi_replay_write_events(
            file, its_level._handle.pointer, whose, _native.SOLVERS[solver], channels.ctypes.data, len(channels),
            ctypes.addressof(happened), len(happened),
        )
    )
    return Replay(path)
