# SPDX-License-Identifier: MIT
"""What the floats of an observation are: the spans of its layout, as the C library lists them."""

from __future__ import annotations

import ctypes
import functools
from typing import Any, NamedTuple

from . import _native as native


class Span(NamedTuple):
    """A named part of a flat observation ``[globals | rows | mask]``: ``observation[start : start + size]``.

    Attributes:
        name: such as ``"self.velocity"``, ``"channels.action"``, ``"rows.shape.mass"``.
        start: floats before it.
        size: floats.
        count: how many there are of it: one per channel, row or body.
        stride: floats from each of them to the next; 0 if there is one.
        low, high: least and greatest value of its floats.
        about: what each float is, with unit and scale.
    """

    name: str
    start: int
    size: int
    count: int
    stride: int
    low: float
    high: float
    about: str


def spans(form: str, family: Any = None) -> list[Span]:
    """The spans of an observation form; none for ``"pixels"``. ``"vector"`` needs its `Family`."""
    lib, number = native.library(), native.OBS_FORMS[form]
    pointer = family._handle.pointer if family is not None else None
    found = []
    for index in range(native.check(lib.para_abi_obs_span_count(number, pointer))):
        s = native.make(native.SpanStruct)
        native.check(lib.para_abi_obs_span(number, pointer, index, ctypes.byref(s)))
        found.append(Span(s.name.decode(), s.start, s.floats, s.count, s.stride, s.low, s.high, s.about.decode()))
    return found


@functools.cache
def entity_rows() -> tuple[int, int]:
    """Rows of an ``entities`` observation, and floats of a row."""
    rows = next(span for span in spans("entities") if span.name.startswith("rows."))
    return rows.count, rows.stride
