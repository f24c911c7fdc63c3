# SPDX-License-Identifier: MIT
"""A trained player in NumPy: checkpoints (safetensors) and the network's forward pass.

The arithmetic is that of ``agents/policy/forward.c`` in float32; logits and values agree with the C
library within 1e-5. The shared library checks a file's content hash, and that its card sees the layout that
this build writes.
"""

from __future__ import annotations

import json
import os
import pathlib
import struct
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from . import _native, sight
from .relation import HEADS, KINDS, PAIR_FLOATS, attend
from .spans import entity_rows, spans

CHANNELS = 8
"""Action channels of every player."""
LEVELS = 3
"""Levels of a channel: -1, 0, +1."""

_HEADER_MAX = 1 << 20  # [byte]
_FILE_MAX = 1 << 30  # [byte]
_TENSORS_MAX = 4096
_BINS = 41  # of a value that is a distribution
_FINE = 127  # parts of a whole action that the engine keeps
_TANH_END = np.float32(4.97)  # beyond, tanh is taken as constant
_NORMAL_FLOOR = 1e-3
_NORMAL_CLIP = np.float32(5.0)

Observation = Any  # an array [..., O], or the Dict of `entities`


class CheckpointError(_native.Error, ValueError):
    """A file that is not a whole checkpoint of Paracosm; the message says what is wrong."""


# ---------------------------------------------------------------- safetensors


def _whole(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise CheckpointError(f"two entries are called {key!r}")
        found[key] = value
    return found


def _read_entry(name: str, entry: Any, size: int) -> tuple[int, int, tuple[int, ...]]:
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise CheckpointError(f"tensor {name}: must hold dtype, shape and data_offsets")
    if entry["dtype"] != "F32":
        raise CheckpointError(f"tensor {name}: dtype must be F32")
    shape, offsets = entry["shape"], entry["data_offsets"]
    if not isinstance(shape, list) or len(shape) not in (1, 2) or not all(_whole(n, 2**31 - 1) and n > 0 for n in shape):
        raise CheckpointError(f"tensor {name}: shape must be one or two whole numbers >= 1")
    if not isinstance(offsets, list) or len(offsets) != 2 or not all(_whole(n, size) for n in offsets):
        raise CheckpointError(f"tensor {name}: data_offsets lie outside the file's data")
    first, last = offsets
    count = 1
    for side in shape:
        count *= side
    if last - first != 4 * count:
        raise CheckpointError(f"tensor {name}: {last - first} bytes of data for shape {shape}")
    return first, last, tuple(shape)


def _check_hash(tensors: dict[str, np.ndarray], card: str, wanted: str) -> None:
    """The content hash of the file: over count, names, shapes and bits, then the card."""
    value = _native.content_hash(struct.pack("<i", len(tensors)), 0)
    for name, tensor in tensors.items():
        rows, columns = (1, *tensor.shape)[-2:]
        value = _native.content_hash(name.encode() + b"\0", value)
        value = _native.content_hash(struct.pack("<ii", rows, columns), value)
        value = _native.content_hash(tensor.tobytes(), value)
    value = _native.content_hash(card.encode(), value)
    if f"{value:016x}" != wanted:
        raise CheckpointError("its content does not match its hash: the file is damaged")


def read_safetensors(path: str | os.PathLike[str]) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Reads a checkpoint wholly checked: bounds, overlaps, types, finite values, content hash.

    Returns:
        The tensors by name in the order of their data, float32 ``[rows, columns]`` and read-only, and
        the card (a dict: observation, widths, families, lesson, ...).

    Raises:
        CheckpointError: with the file's name and what is wrong with it.
        FileError: if it cannot be read at all.
    """
    place = _native.path_of(path, "a checkpoint's file")
    try:
        return _read(pathlib.Path(place))
    except CheckpointError as error:
        raise CheckpointError(f"cannot read {place[:200]}: {error}") from None
    except FileNotFoundError:
        raise _native.NoFileError(f"there is no {place[:200]}") from None
    except OSError as error:
        raise _native.FileError(f"cannot read {place[:200]}: {error.strerror}") from None


def _read(path: pathlib.Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    if path.stat().st_size > _FILE_MAX:
        raise CheckpointError("larger than a checkpoint can be")
    file = path.read_bytes()
    if len(file) < 10:
        raise CheckpointError("too short for a safetensors file")
    (length,) = struct.unpack_from("<Q", file)
    if length > len(file) - 8 or length > _HEADER_MAX:
        raise CheckpointError(f"its header claims {length} bytes; the file is cut short or not safetensors")
    try:
        header = json.loads(file[8 : 8 + length].decode(), object_pairs_hook=_object)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise CheckpointError("its header is not valid JSON") from None
    if not isinstance(header, dict) or not 2 <= len(header) <= _TENSORS_MAX + 1:
        raise CheckpointError(f"the header must list metadata and 1 to {_TENSORS_MAX} tensors")
    metadata = header.pop("__metadata__", None)
    if not isinstance(metadata, dict) or not all(
        isinstance(metadata.get(key), str) for key in ("paracosm", "paracosm_hash")
    ):
        raise CheckpointError('not a checkpoint of Paracosm: the metadata lacks "paracosm" or "paracosm_hash"')
    return _take(file[8 + length :], header, metadata)


def _take(data: bytes, header: dict[str, Any], metadata: dict[str, str]) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    places = sorted((*_read_entry(name, entry, len(data)), name) for name, entry in header.items())
    tensors: dict[str, np.ndarray] = {}
    place = 0
    for first, last, shape, name in places:
        if first != place:
            how = "overlaps the one before it" if first < place else "leaves a gap before it"
            raise CheckpointError(f"tensor {name} {how}")
        tensors[name] = np.frombuffer(data, "<f4", (last - first) // 4, first).reshape(shape)
        if not np.isfinite(tensors[name]).all():
            raise CheckpointError(f"tensor {name} holds a value that is not finite")
        place = last
    if place != len(data):
        raise CheckpointError("the file holds data that belongs to no tensor")
    try:
        card = json.loads(metadata["paracosm"])
    except (json.JSONDecodeError, RecursionError):
        card = None
    if not isinstance(card, dict):
        raise CheckpointError("the card is not a JSON object")
    _check_hash(tensors, metadata["paracosm"], metadata["paracosm_hash"])
    return tensors, card


# ---------------------------------------------------------------- the network


def _tanh(x: np.ndarray) -> np.ndarray:
    """The library's tanh, in place: the [7/6] Pade fraction, error below 2e-4, exactly odd."""
    c = np.clip(x, -_TANH_END, _TANH_END, out=x)
    s = c * c
    f = np.float32
    p = c * (f(135135) + s * (f(17325) + s * (f(378) + s)))
    q = f(135135) + s * (f(62370) + s * (f(3150) + s * f(28)))
    return np.divide(p, q, out=x)


def _normalise(x: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    scale = (1.0 / np.sqrt(np.maximum(variance.astype(np.float64), 0.0) + np.float64(np.float32(_NORMAL_FLOOR)))).astype(np.float32)
    return np.clip((x - mean) * scale, -_NORMAL_CLIP, _NORMAL_CLIP)


def _body_slots(card: Mapping[str, Any]) -> tuple[int, int]:
    """Floats before the bodies of a `vector` observation, and of one body; 0 if the card does not tell."""
    bodies = [span for span in card.get("layout", {}).get("spans", []) if str(span[0]).startswith("bodies.")]
    return min((int(span[1]) for span in bodies), default=0), sum(int(span[2]) for span in bodies)


class Policy:
    """A trained player. Made by :func:`load_policy`.

    Attributes:
        card: what the checkpoint says of itself: families, lesson, maker, solve rates.
        observation: ``"entities"``, ``"vector"``, ``"listed"`` or ``"pixels"``: the observation form it wants.
        observation_size: numbers of one flat observation; of pixels its bytes.
    """

    def __init__(self, tensors: Mapping[str, np.ndarray], card: Mapping[str, Any]) -> None:
        self.card = dict(card)
        self.observation: str = self.card.get("observation", "")
        try:
            _native.check(_native.library().para_abi_card_check(json.dumps(self.card).encode()))
        except _native.FileError as error:
            raise CheckpointError(str(error)) from None
        self._globals, self._width, self._encoder = (
            int(self.card[key]) for key in ("global_size", "width", "encoder_width")
        )
        self.relational: bool = "encoder" in self.card
        """Whether the rows it sees look at each other."""
        self.rays: bool = "rays" in self.card
        """Whether a convolution goes over its rays."""
        self.recurrent: bool = "core" in self.card
        """Whether it remembers over an episode: its methods then take ``memory``."""
        self.continuous: bool = "head" in self.card
        """Whether its actions are any amount from -1 to 1, not three levels."""
        self._rows, self._row = entity_rows() if self.observation == "entities" else (0, 0)
        self.observation_size: int = self._globals + self._rows * (self._row + 1)
        self._pixels: bool = self.observation == "pixels"
        if self._pixels:
            self.observation_size = 3 * sight.SIDE**2
        if self.rays:
            self._ray = next(span.start for span in spans("rays") if span.name == "rays")
        self._bodies, self._slot = _body_slots(self.card)
        self._tensors = {}
        for name, shape in self._shapes().items():
            if name not in tensors:
                raise CheckpointError(f"tensor {name} is missing")
            tensor = np.asarray(tensors[name], np.float32)
            if tensor.reshape((1, *tensor.shape)[-2:]).shape != shape:
                raise CheckpointError(f"tensor {name} is {list(tensor.shape)}; must be {list(shape)}")
            self._tensors[name] = tensor.reshape(shape)

    def _shapes(self) -> dict[str, tuple[int, int]]:
        g, w, e, r = self._globals, self._width, self._encoder, self._row
        joined = g + (2 * e if self._rows else 0) + sight.FEATURES * self._pixels + sight.RING_FEATURES * self.rays
        v = _BINS if "value_bins" in self.card else 1
        shapes = {
            "trunk1.weight": (joined, w),
            "trunk1.bias": (1, w),
            "trunk2.weight": (w, 2 * w),
            "trunk2.bias": (1, 2 * w),
            "logits.weight": (w, CHANNELS * LEVELS),
            "logits.bias": (1, CHANNELS * LEVELS),
            "value.weight": (w, v),
            "value.bias": (1, v),
        }
        if g:
            shapes |= {"normal.global.mean": (1, g), "normal.global.variance": (1, g)}
        if self._pixels:
            shapes |= sight.shapes()
        if self.rays:
            shapes |= sight.ring_shapes()
        if self.recurrent:
            shapes |= {"core.weight": (w, 2 * w), "core.bias": (1, 2 * w)}
        if self._rows:
            shapes |= {
                "encoder1.weight": (r, e),
                "encoder1.bias": (1, e),
                "encoder2.weight": (e, e),
                "encoder2.bias": (1, e),
                "normal.row.mean": (1, r),
                "normal.row.variance": (1, r),
            }
        if self.relational:
            shapes |= {
                "relation.qkv.weight": (e, 3 * e),
                "relation.qkv.bias": (1, 3 * e),
                "relation.pair.weight": (PAIR_FLOATS + KINDS * KINDS, HEADS),
                "relation.out.weight": (e, e),
                "relation.out.bias": (1, e),
            }
        return shapes

    @property
    def parameter_count(self) -> int:
        """Learned numbers in all."""
        return sum(t.size for name, t in self._tensors.items() if not name.startswith("normal."))

    def flatten(self, observation: Observation) -> np.ndarray:
        """Any observation of the right form as one block.

        Args:
            observation: ``[O]`` or ``[n, O]`` float32, or for ``entities`` the Dict with ``globals``
                ``[(n,) G]``, ``rows`` ``[(n,) R, F]`` and ``mask`` ``[(n,) R]``. A ``vector`` may have more or
                fewer bodies than the player's own: those it has no slot for are left out, empty slots are 0. Of
                ``pixels`` the picture ``[(n,) 64, 64, 3]`` uint8.

        Returns:
            ``[n, O]`` float32 (n = 1 for a single one).
        """
        if isinstance(observation, Mapping):
            if not self._rows:
                raise _native.InvalidError("this player wants `vector` observations, not the Dict of `entities`")
            missing = {"globals", "rows", "mask"} - set(observation)
            if missing:
                raise _native.InvalidError(f"the observation lacks {sorted(missing)}")
            first = np.atleast_2d(np.asarray(observation["globals"], np.float32))
            n = len(first)
            parts = [first, np.asarray(observation["rows"], np.float32), np.asarray(observation["mask"], np.float32)]
            sizes = [self._globals, self._rows * self._row, self._rows]
            if any(part.size != n * size for part, size in zip(parts, sizes, strict=True)):
                raise _native.InvalidError(f"globals, rows and mask of {n} observations must hold {sizes} numbers each")
            return np.concatenate([part.reshape(n, -1) for part in parts], axis=1)
        if self._pixels:
            return self._pictures(observation)
        flat = np.atleast_2d(np.asarray(observation, np.float32))
        if flat.ndim == 2 and self._slot:
            flat = self._refitted(flat)
        if flat.ndim != 2 or flat.shape[1] != self.observation_size:
            raise _native.InvalidError(
                f"observation of shape {np.shape(observation)}; this player wants "
                f"`{self.observation}`: [{self.observation_size}] or [n, {self.observation_size}]"
            )
        return flat

    def _pictures(self, observation: Observation) -> np.ndarray:
        """Pictures, or rows of their bytes, as rows of numbers 0..255. ``[n, 12288]`` float32"""
        seen = np.asarray(observation)
        whole = seen.ndim in (3, 4) and seen.shape[-3:] == (sight.SIDE, sight.SIDE, 3)
        flat = seen.reshape(-1, self.observation_size) if whole else np.atleast_2d(seen)
        if flat.ndim != 2 or flat.shape[1] != self.observation_size or not (whole or seen.ndim in (1, 2)):
            raise _native.InvalidError(
                f"observation of shape {seen.shape}; this player wants `pixels`: [64, 64, 3] or [n, 64, 64, 3]"
            )
        if flat.dtype != np.uint8 and not ((flat >= 0) & (flat <= 255)).all():
            raise _native.InvalidError("a picture's numbers must be 0 to 255")
        return flat.astype(np.float32)

    def _refitted(self, flat: np.ndarray) -> np.ndarray:
        """A `vector` of another number of slots with the player's own; slots stand in the same order in all."""
        more = self.observation_size - flat.shape[1]
        if more % self._slot or flat.shape[1] < self._bodies:
            return flat
        return np.pad(flat, ((0, 0), (0, more))) if more > 0 else flat[:, : self.observation_size]

    def _layer(self, x: np.ndarray, name: str) -> np.ndarray:
        return x @ self._tensors[name + ".weight"] + self._tensors[name + ".bias"]

    def _pool(self, flat: np.ndarray) -> np.ndarray:
        """Live entity rows through the encoder, then mean and max over each sample's. ``[n, 2 E]``"""
        n, e, start = len(flat), self._encoder, self._globals
        rows = flat[:, start : start + self._rows * self._row].reshape(n, self._rows, self._row)
        live = flat[:, start + self._rows * self._row :] > 0.5
        x = _normalise(rows[live], self._tensors["normal.row.mean"], self._tensors["normal.row.variance"])
        x = np.maximum(self._layer(x, "encoder1"), np.float32(0))
        if self.relational:
            x = x + self._relate(x, rows, live)
        x = np.maximum(self._layer(x, "encoder2"), np.float32(0))
        # After ReLU nothing is below 0, so empty places, which hold 0, change neither sum nor maximum.
        full = np.zeros((n, self._rows, e), np.float32)
        full[live] = x
        share = np.float32(1) / np.maximum(live.sum(axis=1, keepdims=True), 1).astype(np.float32)
        return np.concatenate([full.sum(axis=1) * share, full.max(axis=1)], axis=1)

    def _relate(self, x: np.ndarray, rows: np.ndarray, live: np.ndarray) -> np.ndarray:
        """What the live rows ``x`` ``[m, E]`` take of each other. ``[m, E]``"""
        full = np.zeros((*live.shape, 3 * self._encoder), np.float32)
        full[live] = self._layer(x, "relation.qkv")
        return self._layer(attend(full, rows, live, self._tensors["relation.pair.weight"])[live], "relation.out")

    def memory(self, n: int = 1) -> np.ndarray:
        """What ``n`` episodes that begin remember: zeros ``[n, M]`` float32; M is 0 unless it is ``recurrent``.

        Each step writes into it. Before the first observation of an episode is acted on, its row must be made 0
        again: of a ``VectorEnv`` with NEXT_STEP that is one step after the end of the last.
        """
        return np.zeros((n, self._width if self.recurrent else 0), np.float32)

    def _remember(self, x: np.ndarray, memory: np.ndarray | None) -> np.ndarray:
        """The core between the layers of the trunk: ``x`` and what is remembered."""
        fits = isinstance(memory, np.ndarray) and memory.shape == x.shape and memory.dtype == np.float32
        if not fits or not memory.flags.writeable:
            raise _native.InvalidError(f"this player remembers: hand in memory=policy.memory({len(x)}), again each step")
        if not np.isfinite(memory).all():
            raise _native.InvalidError("the memory holds a number that is not finite")
        gates = self._layer(x, "core")
        taken = np.float32(0.5) + np.float32(0.5) * _tanh(np.float32(0.5) * gates[:, : self._width])
        memory += taken * (_tanh(gates[:, self._width :]) - memory)
        return x + memory

    def forward(self, observation: Observation, memory: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The network's outputs.

        Args:
            observation: see :meth:`flatten`; raw, it is normalised inside.
            memory: of a ``recurrent`` player, see :meth:`memory`; changed in place.

        Returns:
            logits ``[n, 8, 3]`` float32 and value ``[n]`` float32, in units of normalised return. Of a
            ``continuous`` player the first two numbers of a channel make its Beta distribution: its parameters
            are 1 + softplus of them.
        """
        flat = self.flatten(observation)
        if not np.isfinite(flat).all():
            raise _native.InvalidError("the observation holds a number that is not finite")
        if self._pixels:
            x = sight.see(flat.reshape(-1, sight.SIDE, sight.SIDE, 3), self._tensors)
        else:
            x = _normalise(
                flat[:, : self._globals], self._tensors["normal.global.mean"], self._tensors["normal.global.variance"]
            )
        if self._rows:
            x = np.concatenate([x, self._pool(flat)], axis=1)
        if self.rays:
            x = np.concatenate([x, sight.feel_round(flat[:, self._ray : self._ray + 16], self._tensors)], axis=1)
        x = _tanh(self._layer(x, "trunk1"))
        if self.recurrent:
            x = self._remember(x, memory)
        x = _tanh(self._layer(x, "trunk2"))
        logits = self._layer(x[:, : self._width], "logits").reshape(-1, CHANNELS, LEVELS)
        value = self._layer(x[:, self._width :], "value")
        return logits, _mean_of_bins(value) if value.shape[1] > 1 else value[:, 0]

    def actions(
        self,
        observation: Observation,
        *,
        channel_bits: int | np.ndarray = 255,
        negative_bits: int | np.ndarray = 255,
        rng: np.random.Generator | None = None,
        memory: np.ndarray | None = None,
    ) -> np.ndarray:
        """What the player does.

        Args:
            observation: see :meth:`flatten`.
            channel_bits: channels the level binds, one bit each; others get 0. A number or ``[n]``.
            negative_bits: channels where -1 differs from 0; elsewhere -1 is never chosen.
            rng: draws by the probabilities, as in training, ``paracosm play`` and ``paracosm eval``; without one the
                most probable level is taken (of equals, 0 first), of a ``continuous`` player the mean, as by
                ``paracosm eval --greedy``.
            memory: of a ``recurrent`` player, see :meth:`memory`; changed in place.

        Returns:
            ``[n, 8]``, for each channel: int8 in -1, 0, 1; of a ``continuous`` player float32 from -1 to 1.
        """
        logits, _ = self.forward(observation, memory)
        bit = np.arange(CHANNELS)
        bound = (np.asarray(channel_bits)[..., None] >> bit & 1).astype(bool)
        negative = (np.asarray(negative_bits)[..., None] >> bit & 1).astype(bool)
        z = logits.astype(np.float64)
        if self.continuous:
            return _amounts(z, bound, negative, rng)
        z[..., 0] = np.where(negative, z[..., 0], -np.inf)
        if rng is not None:
            z += rng.gumbel(size=z.shape)  # the largest is then a draw from the softmax
        level = np.where(z[..., 2] > z[..., 1], 2, 1)
        level = np.where(z[..., 0] > np.maximum(z[..., 1], z[..., 2]), 0, level)
        return np.where(bound, level - 1, 0).astype(np.int8)

    def act(
        self,
        env: Any,
        observation: Observation,
        rng: np.random.Generator | None = None,
        memory: np.ndarray | None = None,
    ) -> Any:
        """What the player does in one of our envs, ready for its ``step``.

        Args:
            env: an ``Env`` or ``VectorEnv`` whose observation form is this player's; wrappers that leave
                observations and actions as they are may be around it.
            observation: what it showed last.
            rng, memory: see :meth:`actions`. A ``continuous`` player wants an env with ``actions="continuous"``.

        Returns:
            An action, or ``[n, ...]`` of them for a ``VectorEnv``, in the env's own action form.
        """
        batch = getattr(env.unwrapped, "_batch", None)
        if batch is None:
            raise _native.InvalidError(f"{env} is no open environment of Paracosm's")
        if batch.obs_form != self.observation:
            raise _native.InvalidError(f"this player wants obs={self.observation!r}; the env shows {batch.obs_form!r}")
        bits = batch.blocks.channel_bits, batch.blocks.negative_bits
        if self.continuous and batch.action_form != "continuous":
            raise _native.InvalidError("this player acts by amounts: make the env with actions='continuous'")
        channels = self.actions(observation, channel_bits=bits[0], negative_bits=bits[1], rng=rng, memory=memory)
        actions = _in_form(channels, batch)
        return actions if hasattr(env.unwrapped, "num_envs") else actions[0]


def _mean_of_bins(outputs: np.ndarray) -> np.ndarray:
    """The value that a distribution over bins means. ``[n]`` float32"""
    at = np.linspace(-5, 5, _BINS)
    places = np.sign(at) * np.expm1(np.abs(at))
    weights = np.exp(outputs.astype(np.float64) - outputs.max(axis=1, keepdims=True))
    return (weights @ places / weights.sum(axis=1)).astype(np.float32)


def _amounts(
    raw: np.ndarray, bound: np.ndarray, negative: np.ndarray, rng: np.random.Generator | None
) -> np.ndarray:
    """Actions of a fine head, in the parts that the engine keeps. ``[n, 8]`` float32"""
    first, second = (1 + np.logaddexp(0, np.minimum(raw[..., k], 80.0)) for k in (0, 1))
    place = rng.beta(first, second) if rng is not None else first / (first + second)
    amount = np.where(negative, 2 * place - 1, place)
    return np.where(bound, np.rint(amount * _FINE) / _FINE, 0).astype(np.float32)


def _in_form(channels: np.ndarray, batch: Any) -> np.ndarray:
    """Channels [n, 8] in the action form of a batch."""
    bound = batch.channels()
    if batch.action_form == "continuous":
        return channels[:, bound].astype(np.float32)
    if batch.action_form == "multi_discrete":
        from .minari import channels_to_actions

        return channels_to_actions(channels, batch.blocks.channel_bits, batch.blocks.negative_bits)
    distance = np.abs(channels[:, None, :] - batch.table()[None]).sum(axis=2)
    if distance.min(axis=1).any():
        raise _native.InvalidError("the env's discrete actions move one channel at a time: use actions='multi_discrete'")
    return distance.argmin(axis=1)


def _checkpoints(folder: pathlib.Path) -> list[pathlib.Path]:
    return sorted(folder.glob("checkpoints/lesson-*.safetensors"), reverse=True)


def load_policy(path: str | os.PathLike[str]) -> Policy:
    """A trained player from a ``.safetensors`` file, or the newest whole checkpoint of a run folder.

    Raises:
        CheckpointError: if there is no whole checkpoint; the message says why.
        NoFileError: (a ``FileNotFoundError``) if ``path`` does not exist.
    """
    place = pathlib.Path(_native.path_of(path, "a run's folder or a checkpoint"))
    if not os.path.isdir(place):
        return _load_file(place)
    problems: list[str] = []
    for file in _checkpoints(place):
        try:
            policy = _load_file(file)
        except CheckpointError as error:
            problems.append(str(error))
            continue
        for problem in problems:
            warnings.warn(f"passed over a damaged checkpoint: {problem}", RuntimeWarning, stacklevel=2)
        return policy
    because = ": " + "; ".join(problems) if problems else ""
    raise CheckpointError(f"no whole checkpoint in {place} yet{because}; train with `paracosm train --out {place}`")


def _load_file(path: pathlib.Path) -> Policy:
    tensors, card = read_safetensors(path)
    try:
        return Policy(tensors, card)
    except CheckpointError as error:
        raise CheckpointError(f"cannot use {path}: {error}") from None
