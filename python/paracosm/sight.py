# SPDX-License-Identifier: MIT
"""Convolutions of a player's network over a picture, and over rays, in NumPy.

The arithmetic is that of ``agents/policy/sight.c`` and ``agents/policy/ring.c`` in float32.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

SIDE = 64
"""[px] of the picture, as ``Env(obs="pixels")`` shows by default."""
FEATURES = 4 * 4 * 32
"""Numbers that are made of a picture."""
LAYERS = ((16, 1, 48, 16, False), (16, 3, 16, 16, False), (8, 1, 64, 32, True), (8, 3, 32, 32, False), (4, 1, 128, 32, True))
"""Of each: [px] side, kernel, channels in and out, whether it takes 2 x 2 pixels of the layer before as one."""
RING = (0, 2, 4, 6, 8, 10, 12, 14, 15, 13, 11, 9, 7, 5, 3, 1)
"""Rays of an observation in the order in which they stand around the player."""
RING_LAYERS = ((5, 3, 8), (3, 8, 8))
"""Of each: kernel, channels in and out."""
RING_FEATURES = 16 * 8
"""Numbers that are made of rays."""

_GROUND = np.array([0x1B, 0x22, 0x33], np.float32)  # where nothing is drawn
_DEGREES = (90, 45, 135, 0, 180, -12, 192, -25, 205, -40, 220, -58, 238, -75, 255, -90)


def shapes() -> dict[str, tuple[int, int]]:
    """Tensors of sight by name."""
    found = {}
    for i, (_, kernel, inputs, outputs, _) in enumerate(LAYERS, 1):
        found |= {f"sight{i}.weight": (kernel * kernel * inputs, outputs), f"sight{i}.bias": (1, outputs)}
    return found


def ring_shapes() -> dict[str, tuple[int, int]]:
    """Tensors of the convolution over rays by name."""
    found = {}
    for i, (kernel, inputs, outputs) in enumerate(RING_LAYERS, 1):
        found |= {f"rays{i}.weight": (kernel * inputs, outputs), f"rays{i}.bias": (1, outputs)}
    return found


def _folded(x: np.ndarray, side: int) -> np.ndarray:
    """Blocks of side x side pixels as one: ``[n, h, w, c]`` to ``[n, h / side, w / side, side side c]``."""
    n, height, width, channels = x.shape
    blocks = x.reshape(n, height // side, side, width // side, side, channels).transpose(0, 1, 3, 2, 4, 5)
    return blocks.reshape(n, height // side, width // side, side * side * channels)


def _seen(x: np.ndarray, kernel: int) -> np.ndarray:
    """What a kernel sees at each pixel, zeros beyond the border. ``[n, h, w, kernel^2 c]``"""
    half, (_, height, width, _) = kernel // 2, x.shape
    wide = np.pad(x, ((0, 0), (half, half), (half, half), (0, 0)))
    parts = [wide[:, i : i + height, j : j + width] for i in range(kernel) for j in range(kernel)]
    return np.concatenate(parts, axis=3)


def see(pictures: np.ndarray, tensors: Mapping[str, np.ndarray]) -> np.ndarray:
    """What is made of pictures ``[n, 64, 64, 3]``, each 0..255. ``[n, FEATURES]`` float32"""
    x = _folded((pictures.astype(np.float32) - _GROUND) * np.float32(6 / 255), 4)
    for i, (_, kernel, _, _, folds) in enumerate(LAYERS, 1):
        x = _seen(_folded(x, 2) if folds else x, kernel)
        x = np.maximum(x @ tensors[f"sight{i}.weight"] + tensors[f"sight{i}.bias"], np.float32(0))
    return x.reshape(len(x), -1)


def feel_round(rays: np.ndarray, tensors: Mapping[str, np.ndarray]) -> np.ndarray:
    """What is made of rays ``[n, 16]``, raw, as an observation lists them. ``[n, RING_FEATURES]`` float32"""
    angles = np.deg2rad(np.array(_DEGREES, np.float64)[list(RING)])
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    near = np.float32(1) - np.float32(2) * rays[:, list(RING), None]
    x = np.concatenate([near, np.broadcast_to(directions, (len(rays), *directions.shape))], axis=2)
    for i, (kernel, _, _) in enumerate(RING_LAYERS, 1):
        x = np.concatenate([np.roll(x, kernel // 2 - k, axis=1) for k in range(kernel)], axis=2)
        x = np.maximum(x @ tensors[f"rays{i}.weight"] + tensors[f"rays{i}.bias"], np.float32(0))
    return x.reshape(len(x), -1)
