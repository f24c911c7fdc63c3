# SPDX-License-Identifier: MIT
"""What `Env` and `VectorEnv` share: the batch in C, its blocks as arrays, spaces, and where levels come from."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium import spaces

from . import _native as native
from .levels import SEED_MAX, Family, Level, as_level, family
from .measure import state_of
from .spans import Span, spans

SEED_WISH_MAX = (1 << 4096) - 1  # of the seeds that begin streams; `stream_seed` makes 64 bits of them
SURPRISES_MAX = 50.0  # in ten seconds
OPTIONS = ("params", "level", "levels", "seed", "reset_mask")


class Batch(native.Handle):
    """A batch of envs in C, with its blocks as NumPy views.

    B envs, C action columns. In C every block has an axis of players too; it is 1 for what Gymnasium's
    environments can be, and is left out here, but where `several` asks for it: then [B] below is [B, A]. Arrays that `arrays()` returns keep the batch alive.
    """

    __slots__ = ("blocks", "families", "shape", "obs_form", "action_form", "autoreset", "several")

    def __init__(
        self, families: Any, *, envs: int, obs: str | None, actions: str | None, autoreset: int, threads: int,
        max_decisions: int | None, pixels: tuple[int, int], solver: str, tier: str | None, toybox: bool, surprises: float,
        several: bool = False,
    ) -> None:
        self.pointer = None
        lib = native.library()
        if obs is not None:
            native.choice(obs, "observation form", native.OBS_FORMS)
        if actions is not None:
            native.choice(actions, "action form", native.ACTION_FORMS)
        native.choice(solver, "solver", native.SOLVERS)
        names = [families] if isinstance(families, Family) or not isinstance(families, (list, tuple)) else families
        self.families: list[Family] = [family(name, tier) for name in names]
        one = self.families[0] if len(self.families) == 1 else None
        if obs is None:
            obs = "listed" if one is not None and one.listed else "vector"
        if actions is None:
            actions = "discrete" if one is not None and one.moves else "multi_discrete"
        handles = (ctypes.c_void_p * max(1, len(self.families)))(*[f._handle.pointer for f in self.families])
        try:
            width, height = pixels
        except (TypeError, ValueError):
            raise native.InvalidError(f"pixels must be (width, height), not {native.shown(pixels)}") from None
        definition = native.make(
            native.BatchDef,
            envs=native.integer(envs, "num_envs", 1, native.ENVS_MAX),
            obs=native.OBS_FORMS[obs],
            actions=native.ACTION_FORMS[actions],
            autoreset=autoreset,
            threads=native.integer(threads, "num_threads", 0, 256),
            max_decisions=0 if max_decisions is None else native.integer(max_decisions, "max_episode_steps", 1, 2**31 - 1),
            width=native.integer(width, "width of pixels", 16, 512),
            height=native.integer(height, "height of pixels", 16, 512),
            solver=native.SOLVERS[solver],
            family_count=len(self.families),
            toybox=check_toybox(toybox),
            surprises=check_surprises(surprises),
            families=ctypes.cast(handles, ctypes.POINTER(ctypes.c_void_p)),
        )
        super().__init__(lib.para_abi_batch_create(ctypes.byref(definition)), lib.para_abi_batch_free)
        self.obs_form, self.action_form, self.autoreset = obs, actions, autoreset
        self.blocks = native.make(native.Blocks)
        native.check(lib.para_abi_batch_blocks(self.pointer, ctypes.byref(self.blocks)))
        if self.blocks.players != 1 and not several:
            raise native.InvalidError(
                f"levels of {self.blocks.players} players: these environments are of one; take paracosm.ParallelEnv, of PettingZoo"
            )
        self.several = several
        self.shape = (height, width, 3)

    # ------------------------------------------------------------ spaces

    def observation_space(self) -> spaces.Space:
        """The space of one env."""
        b = self.blocks
        if self.obs_form == "pixels":
            return spaces.Box(0, 255, self.shape, np.uint8)
        if self.obs_form != "entities":
            return spaces.Box(-10.0, 10.0, (b.obs_size,), np.float32)
        return spaces.Dict(
            {
                "globals": spaces.Box(-10.0, 10.0, (b.global_size,), np.float32),
                "rows": spaces.Box(-10.0, 10.0, (b.row_max, b.row_size), np.float32),
                "mask": spaces.Box(0.0, 1.0, (b.row_max,), np.float32),
            }
        )

    def spans(self) -> list[Span]:
        """What the floats of an observation are."""
        return spans(self.obs_form, self.families[0])

    def channels(self) -> list[int]:
        """The action channel of each column."""
        return [c for c in range(8) if self.blocks.channel_bits >> c & 1]

    def action_space(self) -> spaces.Space:
        """The space of one env."""
        channels = self.channels()
        if self.action_form == "discrete":
            return spaces.Discrete(self.blocks.choice_count)
        if self.action_form == "multi_discrete":
            return spaces.MultiDiscrete([3 if self.blocks.negative_bits >> c & 1 else 2 for c in channels])
        return spaces.Box(-1.0, 1.0, (len(channels),), np.float32)

    # ------------------------------------------------------------ arrays

    def _observations(self, floats: int | None, pixels: int | None) -> Any:
        b, n = self.blocks, self._rows()
        if self.obs_form == "pixels":
            return native.array(self, pixels, (*n, *self.shape), np.uint8)
        whole = native.array(self, floats, (*n, b.obs_size), np.float32)
        if self.obs_form != "entities" or whole is None:
            return whole
        end = b.global_size + b.row_max * b.row_size
        rows = whole[..., b.global_size : end].reshape(*n, b.row_max, b.row_size)
        return {"globals": whole[..., : b.global_size], "mask": whole[..., end:], "rows": rows}

    def _rows(self) -> tuple[int, ...]:
        """[B], or [B, A] where there are several players."""
        return (self.blocks.envs, self.blocks.players) if self.several else (self.blocks.envs,)

    def observations(self) -> Any:
        """[B, ...] views of the present observations."""
        return self._observations(self.blocks.obs, self.blocks.pixels)

    def final_observations(self) -> Any:
        """[B, ...] views of the last observations of ended episodes (SAME_STEP), or None."""
        return self._observations(self.blocks.final_obs, self.blocks.final_pixels)

    def actions(self) -> np.ndarray:
        """Where actions go: [B, C] int64, [B] int64 (discrete) or [B, C] float32 (continuous)."""
        n = self._rows()
        columns = (*n, self.blocks.channel_count)
        if self.action_form == "continuous":
            return native.array(self, self.blocks.forces, columns, np.float32)
        return native.array(self, self.blocks.choices, n if self.action_form == "discrete" else columns, np.int64)

    def vector(self, name: str, dtype: Any) -> np.ndarray:
        """[B] view of the block `name`."""
        return native.array(self, getattr(self.blocks, name), self._rows(), dtype)

    def table(self) -> np.ndarray | None:
        """[choices, 8] what each discrete action does on each channel, or None."""
        view = native.array(self, self.blocks.table, (self.blocks.choice_count, 8), np.float32)
        return None if view is None else view.copy()

    # ------------------------------------------------------------ levels

    def check_options(self, options: Any) -> dict[str, Any]:
        """The options of a reset, each known."""
        if options is None:
            return {}
        if not isinstance(options, Mapping):
            raise native.InvalidError(f"options must be a dict, not {type(options).__name__}")
        for key in options:
            if key not in OPTIONS:
                raise native.InvalidError(f"unknown option {native.shown(key)}; there are {', '.join(OPTIONS)}")
        return dict(options)

    def source(self, options: Mapping[str, Any]) -> tuple[Any, Any] | None:
        """The C source of `options` and what it points to; None for fresh seeds over the full ranges."""
        level, params, seed = options.get("level"), options.get("params"), options.get("seed")
        if level is None and params is None and seed is None:
            return None
        if level is not None and (params is not None or seed is not None):
            raise native.InvalidError("a level is whole: give either level, or params and seed")
        if params is not None and len(self.families) > 1:
            raise native.InvalidError("params are those of one family; these envs play several")
        kept = as_level(level) if level is not None else None
        ends = self.families[0].ranges(params)
        source = native.make(native.Source)
        if kept is not None:
            source.level = kept._handle.pointer
        if seed is not None:
            source.fixed_seed, source.seed = 1, native.integer(seed, "the option seed", 0, SEED_MAX)
        if ends is not None:
            source.low = ctypes.cast(ends[0], ctypes.POINTER(ctypes.c_double))
            source.high = ctypes.cast(ends[1], ctypes.POINTER(ctypes.c_double))
        return source, (kept, ends)

    def set_source(self, env: int, source: tuple[Any, Any] | None) -> None:
        pointer = ctypes.byref(source[0]) if source is not None else None
        native.check(native.library().para_abi_batch_source(self.pointer, env, pointer))

    def levels(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Of the levels now played: hashes and seeds, uint64 [B], seconds of a decision, float64 [B], and parameters,
        float64 [B, PARAMS_MAX] in the order of each level's own."""
        n = self.blocks.envs
        hashes, seeds, seconds = np.empty(n, np.uint64), np.empty(n, np.uint64), np.empty(n)
        values = np.empty((n, native.PARAMS_MAX))
        arrays = (seeds, hashes, seconds, values)
        native.check(native.library().para_abi_batch_levels(self.pointer, *(array.ctypes.data for array in arrays)))
        return hashes, seeds, seconds, values

    def level(self, env: int) -> Level:
        lib = native.library()
        return Level(native.Handle(lib.para_abi_batch_level(self.pointer, env), lib.para_abi_level_free))

    def state_hash(self, env: int) -> int:
        out = ctypes.c_uint64()
        native.check(native.library().para_abi_batch_state_hash(self.pointer, env, ctypes.byref(out)))
        return out.value

    def state(self, env: int) -> dict[str, Any]:
        """What is there now; see `Env.state`."""
        return state_of(self.pointer, env)

    def meddle(self, env: int, line: Any) -> None:
        """Makes something happen; see `Env.meddle`."""
        native.check(native.library().para_abi_batch_meddle(self.pointer, env, native.text_of(line, "what is to happen")))

    def picture(self, env: int, width: int, height: int) -> np.ndarray:
        """[height, width, 3] uint8."""
        out = np.empty((height, width, 3), np.uint8)
        native.check(native.library().para_abi_batch_render(self.pointer, env, width, height, out.ctypes.data))
        return out


class Snapshot:
    """An env at one moment; `restore` goes back to it. Lives in this process; not a file."""

    def __init__(self, batch: Batch, env: int) -> None:
        lib = native.library()
        self._handle = native.Handle(lib.para_abi_snapshot_take(batch.pointer, env), lib.para_abi_snapshot_free)

    def restore(self, batch: Batch, env: int) -> None:
        native.check(native.library().para_abi_snapshot_restore(batch.pointer, env, self._handle.pointer))

    def __reduce__(self) -> Any:
        raise native.StateError("a snapshot lives in this process; save the level and the actions instead")


def check_toybox(wish: Any) -> bool:
    if not isinstance(wish, (bool, np.bool_)):
        raise native.InvalidError(f"toybox must be True or False, not {native.shown(wish)}")
    return bool(wish)


def check_surprises(rate: Any) -> float:
    """Surprises in ten seconds."""
    real = isinstance(rate, (int, float, np.integer, np.floating)) and not isinstance(rate, bool)
    if not real or not 0 <= float(rate) <= SURPRISES_MAX:
        raise native.InvalidError(f"surprises must be a number from 0 to {SURPRISES_MAX:.0f} in ten seconds, not {native.shown(rate)}")
    return float(rate)


def copied(observations: Any) -> Any:
    """A copy of an array, or of a dict of arrays."""
    return {k: v.copy() for k, v in observations.items()} if isinstance(observations, dict) else observations.copy()


def stream_seed(seed: int) -> int:
    """A seed of any size as 64 bits."""
    while seed >> 64:
        seed = (seed >> 64) ^ (seed & SEED_MAX)
    return seed


def report_of(row: Any) -> dict[str, Any]:
    """One row of the reports as plain Python."""
    end = native.ENDS[int(row["end"])]
    return {
        "solved": end == "solved",
        "end": end,
        "return": float(row["total_reward"]),
        "decisions": int(row["decisions"]),
        "seconds": float(row["seconds"]),
        "progress": float(row["progress"]),
        "solver": native.SOLVER_NAMES[int(row["solver"])],
        "level_hash": row["level_hash"],
        "level_seed": row["level_seed"],
    }


def frames_per_second(decision_seconds: float) -> int | float:
    """``render_fps`` of a level: with a picture per decision it plays at its own pace."""
    rate = 1.0 / decision_seconds
    return round(rate) if abs(rate - round(rate)) < 1e-6 * rate else rate


def refuse_closed(pointer: Any) -> None:
    if not pointer:
        raise native.ClosedError("this environment is closed")


def sequence_of_levels(value: Any, count: int) -> Sequence[Any]:
    value = native.plain(value)
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Sequence) or len(value) != count:
        raise native.InvalidError(f"levels must be a list of {count}, one for each env; None: a fresh one")
    return value


