# SPDX-License-Identifier: MIT
"""Checkpoints of random weights, so that tests need no training."""

from __future__ import annotations

import json
import pathlib
import struct
from typing import Any

import numpy as np

from paracosm import _native, sight
from paracosm.spans import entity_rows, spans

GLOBALS = sum(span.size * span.count for span in spans("rays"))
"""Floats that every observation begins with."""
ROWS, ROW = entity_rows()


def tensors_of(
    observation: str,
    globals_: int,
    width: int,
    encoder: int,
    seed: int = 0,
    *,
    core: bool = False,
    bins: int = 1,
    relational: bool = False,
    rays: bool = False,
) -> dict[str, np.ndarray]:
    """Every tensor a player has, with weights that move all of its outputs."""
    rng = np.random.default_rng(seed)
    entities = observation == "entities"
    pixels = observation == "pixels"
    joined = globals_ + (2 * encoder if entities else 0) + sight.FEATURES * pixels + sight.RING_FEATURES * rays
    shapes = {"trunk1": (joined, width), "trunk2": (width, 2 * width), "logits": (width, 24), "value": (width, bins)}
    if entities:
        shapes = {"encoder1": (ROW, encoder), "encoder2": (encoder, encoder)} | shapes
    if relational:
        shapes |= {"relation.qkv": (encoder, 3 * encoder), "relation.out": (encoder, encoder)}
    parts = (sight.shapes() if pixels else {}) | (sight.ring_shapes() if rays else {})
    shapes |= {name.removesuffix(".weight"): shape for name, shape in parts.items() if name.endswith(".weight")}
    if core:
        shapes["core"] = (width, 2 * width)
    tensors = {}
    for name, shape in shapes.items():
        tensors[f"{name}.weight"] = rng.normal(0, 1.2 / np.sqrt(shape[0]), shape)
        tensors[f"{name}.bias"] = rng.normal(0, 0.1, (1, shape[1]))
    if relational:
        tensors["relation.pair.weight"] = rng.normal(0, 1, (7 + 16, 4))
    for name, size in (("global", globals_), ("row", ROW)):
        if globals_ if name == "global" else entities:
            tensors[f"normal.{name}.mean"] = rng.normal(0, 0.5, (1, size))
            tensors[f"normal.{name}.variance"] = rng.uniform(0, 2, (1, size))
    tensors["normal.count"] = np.array([[1000.0, 5000.0]])
    return {name: tensor.astype(np.float32) for name, tensor in tensors.items()}


def layout(tensors: dict[str, np.ndarray], card: str) -> tuple[dict, bytes]:
    """Header and data of a safetensors file."""
    value = _native.content_hash(struct.pack("<i", len(tensors)), 0)
    header: dict = {}
    data = b""
    for name, tensor in tensors.items():
        value = _native.content_hash(name.encode() + b"\0", value)
        value = _native.content_hash(struct.pack("<ii", *tensor.shape), value)
        value = _native.content_hash(tensor.tobytes(), value)
        place = [len(data), len(data) + tensor.nbytes]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": place}
        data += tensor.tobytes()
    value = _native.content_hash(card.encode(), value)
    return {"__metadata__": {"paracosm": card, "paracosm_hash": f"{value:016x}"}} | header, data


def write(path: pathlib.Path, header: dict, data: bytes) -> pathlib.Path:
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def checkpoint(
    path: pathlib.Path,
    observation: str,
    globals_: int,
    width: int = 32,
    encoder: int = 16,
    seed: int = 0,
    *,
    relational: bool = False,
    **parts: Any,
) -> pathlib.Path:
    """`parts`: `core`, `head`, `rays` and `value_bins`, as a card names them."""
    card = {"observation": observation, "global_size": globals_, "width": width, "encoder_width": encoder} | parts
    if relational:
        card["encoder"] = "relational"
    has = {"core": "core" in parts, "bins": parts.get("value_bins", 1), "relational": relational, "rays": "rays" in parts}
    tensors = tensors_of(observation, globals_, width, encoder, seed, **has)
    return write(path, *layout(tensors, json.dumps(card)))


def of_layout(path: pathlib.Path, spans_: list, size: int) -> pathlib.Path:
    """A player of `vector` whose card tells its layout, as a training writes it."""
    value = _native.content_hash(struct.pack("<ii", 1, size), 0)
    for name, *place in spans_:
        value = _native.content_hash(name.encode() + b"\0", value)
        value = _native.content_hash(struct.pack("<4i", *(place if len(place) == 4 else [*place, 1, 0])), value)
    card = {"observation": "vector", "global_size": size, "width": 32, "encoder_width": 16}
    card["layout"] = {"version": 1, "hash": f"{value:016x}", "spans": spans_}
    return write(path, *layout(tensors_of("vector", size, 32, 16), json.dumps(card)))
