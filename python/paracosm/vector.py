# SPDX-License-Identifier: MIT
"""`VectorEnv`: many worlds stepped together in C, on its own threads."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space

from . import _native as native
from .batch import SEED_WISH_MAX, Batch, Snapshot, copied, frames_per_second, refuse_closed, sequence_of_levels, stream_seed
from .env import RENDER_SIZE, check_size
from .levels import Family, Level, fresh_seed
from .spans import Span

_MODES = {AutoresetMode.NEXT_STEP: 0, AutoresetMode.SAME_STEP: 1, AutoresetMode.DISABLED: 2}

_END_NAMES = np.array(native.ENDS, object)
_SOLVER_NAMES = np.array(native.SOLVER_NAMES, object)
_REPORT_FIELDS = {
    "return": ("total_reward", np.float64),
    "decisions": ("decisions", np.int64),
    "seconds": ("seconds", np.float64),
    "progress": ("progress", np.float64),
    "level_hash": ("level_hash", np.uint64),
    "level_seed": ("level_seed", np.uint64),
}


def autoreset_mode_of(wish: Any) -> AutoresetMode:
    """A mode by itself, by its name or by its value."""
    for mode in AutoresetMode:
        if wish is mode or (isinstance(wish, str) and wish in (mode.name, mode.value)):
            return mode
    raise native.InvalidError(f"no autoreset mode {native.shown(wish)}; there are {', '.join(mode.name for mode in AutoresetMode)}")


def masked(infos: dict[str, Any], mask: np.ndarray) -> dict[str, Any]:
    """Adds ``_key`` masks for each key of `infos`."""
    return infos | {f"_{key}": mask.copy() for key in infos}


class VectorEnv(gymnasium.vector.VectorEnv):
    """B envs of one family, or of several dealt in turn.

    Args:
        family: as of `Env`; or a list: env i plays ``family[i % len(family)]`` (not with ``obs="vector"``), and
            actions have a column for each channel that any of them binds.
        num_envs: B, 1 to 65,536.
        obs, actions, max_episode_steps, pixels, render_size: as of `Env`, one row per env. ``obs=None`` is
            as `Env` for one family and "entities" for several.
        render_mode: None or "rgb_array".
        autoreset_mode: what an ended env does; one of Gymnasium's ``AutoresetMode``, its name or its value. "NEXT_STEP":
            its next step resets it and ignores its action. "SAME_STEP": it resets at once, and its last observation is
            in ``infos["final_obs"]``. "DISABLED": it waits for ``reset(options={"reset_mask": ...})``.
        copy: False returns views of the batch's own memory, which the next call overwrites.
        solver: as of `Env`.
        tier: as of `Env`; every family must have it.
        toybox, surprises: as of `Env`.
        num_threads: worker threads in C; 0: one per CPU this process may use. Results never depend on it.

    Rewards are float64 [B], flags bool [B]. ``infos`` of a reset, and of a step in which envs reset by themselves, tell
    of the new levels: ``level_hash``, ``level_seed`` and ``params``, a dict of arrays by name. ``infos["report"]`` tells
    of ended episodes (in ``infos["final_info"]`` with SAME_STEP). All are arrays [B] with a mask ``_key`` beside each. Env i of ``reset(seed=s)`` plays what an `Env` with ``reset(seed=s + i)`` plays.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 15, "autoreset_mode": AutoresetMode.NEXT_STEP}

    def __init__(
        self,
        family: str | os.PathLike[str] | Mapping[str, Any] | Family | Sequence[Any],
        num_envs: int = 1,
        obs: str | None = None,
        actions: str | None = None,
        render_mode: str | None = None,
        max_episode_steps: int | None = None,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        pixels: tuple[int, int] = (64, 64),
        render_size: tuple[int, int] = RENDER_SIZE,
        copy: bool = True,
        num_threads: int = 0,
        solver: str = "auto",
        tier: str | None = None,
        toybox: bool = False,
        surprises: float = 0.0,
    ) -> None:
        self._handle: int | None = None
        self._arguments = dict(
            family=family, num_envs=num_envs, obs=obs, actions=actions, render_mode=render_mode,
            max_episode_steps=max_episode_steps, autoreset_mode=autoreset_mode, pixels=pixels, render_size=render_size,
            copy=copy, num_threads=num_threads, solver=solver, tier=tier, toybox=toybox, surprises=surprises,
        )
        mode = autoreset_mode_of(autoreset_mode)
        if render_mode is not None:
            native.choice(render_mode, "render mode", ["rgb_array"])
        self.render_mode = render_mode
        self.render_size = check_size(render_size)
        if isinstance(num_threads, int) and num_threads == 0:
            num_threads = min(256, len(os.sched_getaffinity(0)))
        if obs is None and isinstance(family, (list, tuple)) and len(family) > 1:
            obs = "entities"
        batch = Batch(
            family, envs=num_envs, obs=obs, actions=actions, autoreset=_MODES[mode], threads=num_threads,
            max_decisions=max_episode_steps, pixels=pixels, solver=solver, tier=tier, toybox=toybox, surprises=surprises,
        )
        self.metadata = type(self).metadata | {"autoreset_mode": mode}
        self.metadata["render_fps"] = frames_per_second(batch.families[0].decision_seconds)
        self.autoreset_mode = mode
        self.num_envs = int(num_envs)
        self.families: list[Family] = batch.families
        self.single_observation_space = batch.observation_space()
        self.single_action_space = batch.action_space()
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self.action_table: np.ndarray | None = batch.table()
        self._lib_step = native.library().para_abi_batch_step
        self._batch: Batch | None = batch
        self._copy = copy
        self._seeded = False
        self._pinned: list[Level | None] = [None] * self.num_envs
        self._free = np.ones(self.num_envs, np.bool_)  # those without a pinned level
        self._waiting: np.ndarray | None = None
        self._obs = batch.observations()
        self._final = batch.final_observations()
        self._dict = isinstance(self._obs, dict)
        self._reward = batch.vector("reward", np.float64)
        self._terminated = batch.vector("terminated", np.bool_)
        self._truncated = batch.vector("truncated", np.bool_)
        self._reports = batch.vector("reports", native.REPORT)
        self._action = batch.actions()
        self._action_shape = self._action.shape
        self._handle = batch.pointer
        # All that a step needs, in one piece: another thread may close in the midst of it.
        self._live: Any = (batch, self._action, self._obs, self._reward, self._terminated, self._truncated)

    # ------------------------------------------------------------ Gymnasium

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Starts episodes.

        Args:
            seed: env i starts its stream of levels anew from ``seed + i`` or ``seed[i]`` (None: it goes on).
            options: hold for these envs until their next ``reset`` call, through all autoresets.
                ``"params"``, ``"seed"``, ``"level"``: as of `Env.reset`, for all;
                ``"levels"``: a list of B levels, None for a fresh one;
                ``"reset_mask"``: bool [B] array, the envs to reset; the others stay as they are.
        """
        refuse_closed(self._handle)
        batch, n = self._batch, self.num_envs
        checked = batch.check_options(options)
        mask = self._mask(checked)
        seeds = self._seeds(seed, mask)
        sources = self._sources(checked)
        if isinstance(seed, (int, np.integer)):
            super().reset(seed=int(seed))
        if options is not None and "reset_mask" in options and isinstance(options, dict):
            del options["reset_mask"]  # as Gymnasium's own vector environments do
        if mask is None and len(sources) == 1:
            batch.set_source(-1, sources[0])
        for i in range(n):
            if mask is None or mask[i]:
                source = sources[i % len(sources)]
                self._pinned[i] = source[1][0] if source is not None else None
                if mask is not None or len(sources) > 1:
                    batch.set_source(i, source)
        self._free = np.array([level is None for level in self._pinned])
        pointer = mask.ctypes.data if mask is not None else None
        lib = native.library()
        # Streams that go on are masked apart: seeds are for all masked envs or for none.
        new = [i for i in range(n) if (mask is None or mask[i]) and seeds[i] is not None]
        if len(new) == (n if mask is None else int(mask.sum())):
            block = np.array([0 if s is None else s for s in seeds], np.uint64)
            native.check(lib.para_abi_batch_reset(self._handle, pointer, block.ctypes.data))
        elif not new:
            native.check(lib.para_abi_batch_reset(self._handle, pointer, None))
        else:
            chosen = np.ones(n, np.bool_) if mask is None else mask
            fresh = np.zeros(n, np.bool_)
            fresh[new] = True
            block = np.array([0 if s is None else s for s in seeds], np.uint64)
            native.check(lib.para_abi_batch_reset(self._handle, fresh.ctypes.data, block.ctypes.data))
            rest = np.ascontiguousarray(chosen & ~fresh)
            native.check(lib.para_abi_batch_reset(self._handle, rest.ctypes.data, None))
        self._seeded = True
        self._waiting = None
        return self._observe(), self._level_infos(np.ones(n, np.bool_) if mask is None else mask)

    def _mask(self, options: dict[str, Any]) -> np.ndarray | None:
        mask = options.get("reset_mask")
        if mask is None:
            if not self._seeded or "reset_mask" not in options:
                return None
            raise native.InvalidError("reset_mask must be a bool array, not None")
        if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != (self.num_envs,):
            raise native.InvalidError(f"reset_mask must be a bool array of shape ({self.num_envs},)")
        if not mask.any():
            raise native.InvalidError("reset_mask must have at least one True")
        return np.ascontiguousarray(mask)

    def _seeds(self, seed: Any, mask: np.ndarray | None) -> list[int | None]:
        n, top = self.num_envs, SEED_WISH_MAX
        if seed is None:
            if self._seeded:
                return [None] * n
            start = fresh_seed(self.np_random)
            return [stream_seed(start + i) for i in range(n)]
        if isinstance(seed, (int, np.integer)) and not isinstance(seed, bool):
            start = native.integer(seed, "seed", 0, top)
            return [stream_seed(start + i) for i in range(n)]
        is_list = isinstance(seed, Sequence) and not isinstance(seed, (str, bytes))
        if not (is_list or (isinstance(seed, np.ndarray) and seed.ndim == 1)) or len(seed) != n:
            raise native.InvalidError(f"seed must be a whole number or a list of {n}, not {native.shown(seed)}")
        return [None if s is None else stream_seed(native.integer(s, "seed", 0, top)) for s in seed]

    def _sources(self, options: dict[str, Any]) -> list[Any]:
        levels = options.pop("levels", None)
        if levels is None:
            return [self._batch.source(options)]
        if options.get("level") is not None:
            raise native.InvalidError("give either level or levels")
        plain = self._batch.source(options)
        return [
            plain if level is None else self._batch.source({"level": level})
            for level in sequence_of_levels(levels, self.num_envs)
        ]

    def step(self, actions: Any) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """One decision of every env. `actions` [B] or [B, C], as `action_space` says."""
        live = self._live
        if live is None:
            raise native.ClosedError("this environment is closed")
        batch, block, observations, reward, terminated, truncated = live
        try:
            if np.shape(actions) != self._action_shape:
                raise native.ActionError(f"actions of shape {np.shape(actions)}; they must be {self._action_shape}")
            np.copyto(block, actions, casting="same_kind")
        except (TypeError, ValueError, OverflowError) as error:
            if isinstance(error, native.Error):
                raise
            raise native.ActionError(f"these are no actions of {self.action_space}: {error}") from None
        ended, waiting = self._lib_step(batch.pointer), self._waiting
        infos = self._infos(ended, terminated | truncated) if ended else {}
        if waiting is not None:
            infos |= self._level_infos(waiting)
            self._waiting = None
        if ended and self.autoreset_mode is AutoresetMode.NEXT_STEP:
            self._waiting = terminated | truncated
        if not self._copy:
            return observations, reward, terminated, truncated, infos
        return copied(observations), reward.copy(), terminated.copy(), truncated.copy(), infos

    def render(self) -> tuple[np.ndarray, ...] | None:
        """B pictures [height, width, 3] uint8."""
        refuse_closed(self._handle)
        if self.render_mode is None:
            return None
        return tuple(self._batch.picture(i, *self.render_size) for i in range(self.num_envs))

    def close_extras(self, **kwargs: Any) -> None:
        """Called by ``close``. Memory goes when the last view of it does."""
        self._live = self._handle = self._batch = self._obs = self._final = None
        self._reward = self._terminated = self._truncated = self._reports = self._action = None

    # ------------------------------------------------------------ levels

    def level(self, env: int) -> Level:
        """The level that env `env` plays."""
        refuse_closed(self._handle)
        return self._batch.level(native.integer(env, "env", 0, self.num_envs - 1))

    def levels(self) -> tuple[np.ndarray, np.ndarray]:
        """Seeds and hashes, uint64 [B] each, of the levels now played."""
        refuse_closed(self._handle)
        hashes, seeds, *_ = self._batch.levels()
        return seeds, hashes

    def reports(self) -> np.ndarray:
        """[B] structured copy of each env's last report: level_hash, level_seed, total_reward, end, decisions,
        seconds, progress, solver; ``decisions`` 0 where no episode has ended. `paracosm.ENDS` names the ends."""
        refuse_closed(self._handle)
        return self._reports.copy()

    def snapshot(self, env: int | None = None) -> Snapshot | list[Snapshot]:
        """Env `env` at this moment, or all of them."""
        refuse_closed(self._handle)
        if env is None:
            return [Snapshot(self._batch, i) for i in range(self.num_envs)]
        return Snapshot(self._batch, native.integer(env, "env", 0, self.num_envs - 1))

    def restore(self, snapshot: Snapshot | Sequence[Snapshot], env: int | None = None) -> Any:
        """Puts a snapshot into env `env` (None: into all; a list: one each). Returns the observations."""
        refuse_closed(self._handle)
        if isinstance(snapshot, Snapshot):
            targets = range(self.num_envs) if env is None else [native.integer(env, "env", 0, self.num_envs - 1)]
            pairs = [(i, snapshot) for i in targets]
        elif env is None and isinstance(snapshot, Sequence) and len(snapshot) == self.num_envs:
            pairs = list(enumerate(snapshot))
        else:
            raise native.InvalidError(f"restore takes a Snapshot, or a list of {self.num_envs}")
        if not all(isinstance(s, Snapshot) for _, s in pairs):
            raise native.InvalidError("restore takes Snapshots")
        for i, one in pairs:
            one.restore(self._batch, i)
        return self._observe()

    def meddle(self, env: int, line: str) -> Any:
        """Makes something happen in env `env`; see `Env.meddle`. Returns the observations of all."""
        refuse_closed(self._handle)
        self._batch.meddle(native.integer(env, "env", 0, self.num_envs - 1), line)
        return self._observe()

    def state(self, env: int) -> dict[str, Any]:
        """What is there in env `env` now; see `Env.state`."""
        refuse_closed(self._handle)
        return self._batch.state(native.integer(env, "env", 0, self.num_envs - 1))

    def state_hash(self, env: int) -> int:
        """64 bits over the whole state of env `env`'s world."""
        refuse_closed(self._handle)
        return self._batch.state_hash(native.integer(env, "env", 0, self.num_envs - 1))

    @property
    def spans(self) -> list[Span]:
        """What the floats of one env's observation are; see `Env.spans`."""
        refuse_closed(self._handle)
        return self._batch.spans()

    @property
    def bytes_per_env(self) -> int:
        """Memory of worlds, levels and observations per env [byte]."""
        refuse_closed(self._handle)
        return native.library().para_abi_batch_bytes_per_env(self._handle)

    @property
    def world_steps(self) -> int:
        """Physics steps of all envs since it was made."""
        refuse_closed(self._handle)
        return native.library().para_abi_batch_world_steps(self._handle)

    # ------------------------------------------------------------ inside

    def _observe(self) -> Any:
        return copied(self._obs) if self._copy else self._obs

    def _infos(self, ended: int, over: np.ndarray) -> dict[str, Any]:
        """Infos by Gymnasium's rules, without a Python loop over envs: arrays [B], each with a mask of its own."""
        native.check(ended)
        reports, last = self._reports, self._final
        if reports is None or (last is None and self.autoreset_mode is AutoresetMode.SAME_STEP):
            raise native.ClosedError("this environment was closed during the step")
        rows = np.where(over, reports, np.zeros((), native.REPORT))
        report: dict[str, Any] = {name: rows[field].astype(kind) for name, (field, kind) in _REPORT_FIELDS.items()}
        report["solved"] = (rows["end"] == 0) & over
        report["end"] = np.where(over, _END_NAMES[rows["end"]], None)
        report["solver"] = np.where(over, _SOLVER_NAMES[rows["solver"]], None)
        infos: dict[str, Any] = {"report": masked(report, over), "solved": report["solved"].copy()}
        infos = masked(infos, over)
        if self.autoreset_mode is not AutoresetMode.SAME_STEP:
            return infos
        final = np.full(self.num_envs, None, object)
        for i in np.flatnonzero(over):
            final[i] = {k: v[i].copy() for k, v in last.items()} if self._dict else last[i].copy()
        return masked({"final_obs": final, "final_info": infos}, over) | self._level_infos(over)

    def _level_infos(self, begun: np.ndarray) -> dict[str, Any]:
        """What a reset tells of the levels of the envs where `begun` [B] is True."""
        hashes, seeds, seconds, values = self._batch.levels()
        if begun[0]:
            self.metadata["render_fps"] = frames_per_second(seconds[0].item())
        params: dict[str, Any] = {}
        for f, its_family in enumerate(self.families):  # env i plays family i % F, but where a level is pinned
            rows = (np.arange(self.num_envs) % len(self.families) == f) & begun & self._free
            self._add_params(params, its_family.params, rows, values)
        for i in np.flatnonzero(begun & ~self._free):
            self._add_params(params, self._pinned[i].params, np.arange(self.num_envs) == i, values)
        infos = {"level_hash": np.where(begun, hashes, 0), "level_seed": np.where(begun, seeds, 0), "params": params}
        return masked(infos, begun)

    def _add_params(self, params: dict[str, Any], names: Iterable[str], rows: np.ndarray, values: np.ndarray) -> None:
        for p, name in enumerate(names):
            column = params.setdefault(name, np.full(self.num_envs, np.nan))
            column[rows] = values[rows, p]
            params.setdefault(f"_{name}", np.zeros(self.num_envs, np.bool_))[rows] = True

    def __repr__(self) -> str:
        return f"<paracosm.VectorEnv {', '.join(f.name for f in self.families)} x {self.num_envs}>"

    def __getstate__(self) -> dict[str, Any]:
        """How it was made; not its worlds: what is unpickled begins with a reset."""
        return {"arguments": self._arguments, "spec": self.spec}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state["arguments"])
        self.spec = state["spec"]
