# SPDX-License-Identifier: MIT
"""What rows of an ``entities`` observation are to each other, and attention over them, in NumPy.

The arithmetic is that of ``agents/observe/pairs.c`` and ``agents/net/attention.c`` in float32.
"""

from __future__ import annotations

import functools

import numpy as np

from .spans import spans

HEADS = 4
"""Heads of the attention."""
PAIR_FLOATS = 7
"""Numbers told of a pair: self, joined, meeting, together, near, x, y."""
KINDS = 4
"""Kinds of rows: shape, joint, thruster, zone."""

_f = np.float32
_MEETING, _APART = _f(0.02), _f(0.1)  # [m] gaps between boxes that meet, and that do not
_SHOWN, _ENDLESS = _f(10), _f(200)  # [m] half a side that is shown with the most is taken for longer
_FAR = _f(10)  # [m]


@functools.cache
def _places() -> dict[str, int]:
    """Where each span of a row begins, by name without ``rows.``."""
    rows = [span for span in spans("entities") if span.name.startswith("rows.")]
    start = min(span.start for span in rows)
    return {span.name.removeprefix("rows."): span.start - start for span in rows}


def row_kinds(rows: np.ndarray) -> np.ndarray:
    """The kind of each row: 0 shape, 1 joint, 2 thruster, 3 zone.

    Args:
        rows: ``[n, R, F]`` float32, raw.

    Returns:
        ``[n, R]``.
    """
    flags = rows[..., _places()["kind"] :][..., : KINDS - 1] > 0.5
    return np.where(flags.any(axis=-1), flags.argmax(axis=-1), KINDS - 1)


def _gaps(rows: np.ndarray) -> np.ndarray:
    """The gap between the boxes of every two rows [m], below 0 where they lie over each other. ``[n, R, R]``"""
    at = _places()

    def both(name: str, k: int = 0) -> tuple[np.ndarray, np.ndarray]:
        column = rows[..., at[name] + k]
        return column[:, :, None], column[:, None, :]

    (x, its_x), (y, its_y) = both("offset"), both("offset", 1)
    dx, dy = its_x * _FAR - x * _FAR, its_y * _FAR - y * _FAR
    cosine, sine, rounds = both("heading"), both("heading", 1), both("round")
    half_x, half_y = (
        tuple(np.where(half >= _SHOWN, _ENDLESS, half) for half in both("half", k)) for k in (0, 1)
    )

    def reach(whose: int, ax: np.ndarray, ay: np.ndarray) -> np.ndarray:
        c, s = cosine[whose], sine[whose]
        box = np.abs(ax * c + ay * s) * half_x[whose] + np.abs(ay * c - ax * s) * half_y[whose]
        return np.where(rounds[whose] > 0.5, half_x[whose], box)

    gaps = []
    for own, other in ((0, 1), (1, 0)):
        c, s = cosine[own], sine[own]
        gaps.append(np.abs(dx * c + dy * s) - half_x[own] - reach(other, c, s))
        gaps.append(np.abs(dy * c - dx * s) - half_y[own] - reach(other, -s, c))
    length = np.sqrt(dx * dx + dy * dy)
    over = _f(1) / np.maximum(length, _f(1e-6))
    gaps.append(length - reach(0, dx * over, dy * over) - reach(1, dx * over, dy * over))
    return np.maximum.reduce(gaps)


def pairs(rows: np.ndarray) -> np.ndarray:
    """What every two rows are to each other, as ``agents/observe/pairs.h`` lists it.

    Args:
        rows: ``[n, R, F]`` float32, raw; pairs of rows that are not live mean nothing.

    Returns:
        ``[n, PAIR_FLOATS, R, R]`` float32: of the row that looks, then the one that is looked at.
    """
    at, kinds, gap = _places(), row_kinds(rows), _gaps(rows)
    shape, zone = (kinds == 0).astype(_f), (kinds == KINDS - 1).astype(_f)
    device = 1 - shape - zone
    motion = rows[..., at["motion"] :][..., :2] > 0.5
    moves = (1 - zone) * ~motion.any(axis=-1)
    touching = shape * rows[..., at["shape.touching"]]
    other = 1 - np.eye(rows.shape[1], dtype=_f)[None]
    close = np.clip((_APART - gap) / (_APART - _MEETING), _f(0), _f(1))
    same = np.ones(gap.shape, bool)
    for column in (rows[..., at["velocity"]], rows[..., at["velocity"] + 1], rows[..., at["shape.spin"]] * (1 - zone)):
        same &= column[:, :, None] == column[:, None, :]

    def two(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return a[:, :, None] * b[:, None, :]

    x, y = rows[..., at["offset"]] * _FAR, rows[..., at["offset"] + 1] * _FAR
    told = [
        np.broadcast_to(1 - other, gap.shape),
        close * (two(shape, device) + two(device, shape)),
        other * close * np.maximum(np.maximum(zone[:, :, None], zone[:, None, :]), two(touching, touching)),
        same * other * two(moves, moves),
        _f(1) / (_f(1) + np.maximum(gap, _f(0))),
        *(np.clip((c[:, None, :] - c[:, :, None]) / _FAR, _f(-1), _f(1)) for c in (x, y)),
    ]
    return np.stack(told, axis=1).astype(_f)


def attend(qkv: np.ndarray, rows: np.ndarray, live: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """What each row takes of all live rows of its sample.

    Args:
        qkv: ``[n, R, 3 E]``: what a row asks, what it answers to, what it says.
        rows: ``[n, R, F]`` float32, raw.
        live: ``[n, R]`` bool.
        weight: ``[PAIR_FLOATS + KINDS * KINDS, HEADS]`` of the pairs.

    Returns:
        ``[n, R, E]`` float32; of a row that is not live it means nothing.
    """
    n, count, width = qkv.shape
    d = width // 3 // HEADS
    q, k, v = (part.reshape(n, count, HEADS, d) for part in np.split(qkv, 3, axis=2))
    kinds = row_kinds(rows)
    bias = weight[PAIR_FLOATS + kinds[:, :, None] * KINDS + kinds[:, None, :]].transpose(0, 3, 1, 2)
    bias = bias + np.einsum("nfij,fh->nhij", pairs(rows), weight[:PAIR_FLOATS])
    scores = np.einsum("nihd,njhd->nhij", q, k) * _f(1 / np.sqrt(d)) + bias
    scores = np.where(live[:, None, None, :], scores, _f(-1e30))
    share = np.exp(scores - scores.max(axis=3, keepdims=True))
    share /= share.sum(axis=3, keepdims=True)
    return np.einsum("nhij,njhd->nihd", share, v).reshape(n, count, HEADS * d)
