# SPDX-License-Identifier: MIT
"""Families and levels: what there is, one member of it, a member like another one."""

from __future__ import annotations

import ctypes
import dataclasses
import difflib
import functools
import json
import math
import os
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from . import _native as native

SEED_MAX = (1 << 64) - 1


@dataclasses.dataclass(frozen=True)
class Param:
    """A parameter of a family and its full range, both ends included."""

    name: str
    low: float
    high: float
    unit: str
    about: str
    integer: bool


def _tiers(lib: Any, pointer: Any) -> Iterator[str]:
    index = 0
    while (name := lib.para_abi_family_tier(pointer, index)) is not None:
        yield name.decode()
        index += 1


class Family:
    """A template: a family of levels.

    Attributes:
        name, about: what it is.
        params: its parameters by name, in the template's order; of a tier, their ranges in it.
        tiers: names of the tiers its template has.
        tier: the one it is narrowed to: its levels are drawn inside it. None: the whole family.
        decision_seconds: time of one decision [s]; of one member, where they differ.
        source: what it was made from.
    """

    def __init__(self, name: str | os.PathLike[str] | Mapping[str, Any], tier: str | None = None) -> None:
        lib = native.library()
        text = _template_text(name)
        if text is not None:
            data = text.encode("utf-8", "surrogateescape")
            pointer = lib.para_abi_family_load_text(data, len(data))
        else:
            pointer = lib.para_abi_family_load(native.path_bytes(_template_path(name), "a family's name"))
        self._handle = native.Handle(pointer, lib.para_abi_family_free)
        self.tiers: tuple[str, ...] = tuple(_tiers(lib, self._handle.pointer))
        self.tier = tier
        if tier is not None:
            if not isinstance(tier, str):
                raise native.InvalidError(f"a tier is a name, not {native.shown(tier)}")
            native.check(lib.para_abi_family_set_tier(self._handle.pointer, tier.encode("utf-8", "replace")))
        info = native.make(native.FamilyInfo)
        native.check(lib.para_abi_family_info(self._handle.pointer, ctypes.byref(info)))
        self.source: str = text if text is not None else os.fsdecode(name)
        self.name: str = info.name.decode()
        self.about: str = info.about.decode()
        self.channel_bits: int = info.channel_bits
        self.negative_bits: int = info.negative_bits
        self.vector_size: int = info.vector_size
        pointer = self._handle.pointer
        self.listed: tuple[str, ...] = tuple(lib.para_abi_family_listed(pointer, k).decode() for k in range(info.listed_size))
        self.moves: tuple[str, ...] = tuple(lib.para_abi_family_move(pointer, k).decode() for k in range(info.move_count))
        self.decision_seconds: float = info.frame_skip / info.rate
        self.params: dict[str, Param] = {}
        for index in range(info.param_count):
            p = native.make(native.Param)
            native.check(lib.para_abi_family_param(self._handle.pointer, index, ctypes.byref(p)))
            param = Param(p.name.decode(), p.low, p.high, p.unit.decode(), p.about.decode(), bool(p.integer))
            self.params[param.name] = param

    def __repr__(self) -> str:
        return f"Family({self.name!r}: {self.about})"

    def __reduce__(self) -> tuple[Any, ...]:
        return family, (self.source, self.tier)

    def ranges(self, params: Any) -> tuple[Any, Any] | None:
        """C arrays of the lower and upper ends of ``{name: value or (low, high)}``; NaN where not given."""
        if params is None:
            return None
        if not isinstance(params, Mapping):
            raise native.InvalidError(f"params must be a dict of parameters, not {type(params).__name__}")
        names = list(self.params)
        low = (ctypes.c_double * native.PARAMS_MAX)(*[math.nan] * native.PARAMS_MAX)
        high = (ctypes.c_double * native.PARAMS_MAX)(*[math.nan] * native.PARAMS_MAX)
        for name, value in params.items():
            if name not in self.params:
                raise native.InvalidError(f"{self.name} has no parameter {native.shown(name)}; it has {', '.join(names) or 'none'}")
            index = names.index(name)
            low[index], high[index] = _ends(name, value)
        return low, high


def _ends(name: str, value: Any) -> tuple[float, float]:
    own = native.plain(value)
    pair = own if isinstance(own, (tuple, list)) else (own, own)
    try:
        if len(pair) != 2 or any(isinstance(end, (str, bytes)) for end in pair):
            raise TypeError
        low, high = float(pair[0]), float(pair[1])
    except (TypeError, ValueError, OverflowError):
        raise native.InvalidError(f"{name} must be a number or (low, high), not {native.shown(value)}") from None
    if math.isnan(low) or math.isnan(high):
        raise native.InvalidError(f"{name} is not a number")
    return low, high


def _as_json(value: Any) -> Any:
    """What JSON does not know: NumPy's numbers and arrays, and those of other libraries; mappings that are no dict."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (np.ndarray, np.generic)):
        return native.plain(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"there is no JSON for {native.shown(value)}")


def _json_text(value: Mapping[str, Any], what: str) -> str:
    try:
        return json.dumps(value, allow_nan=False, default=_as_json)
    except native.Error:
        raise
    except Exception as error:  # noqa: BLE001: it may hold objects of anybody's, and each fails in its own way
        raise native.InvalidError(f"{what} must be JSON: {str(error)[:200]}") from None


def _is_json(text: str) -> bool:
    """Whether a text is meant as JSON, right or wrong, by what it holds; else it is a name or a path."""
    if len(text) < 4096 and os.path.exists(text):
        return False
    begin = text.lstrip("\ufeff \t\r\n")
    if text.endswith(".json") and "\n" not in text:
        return False
    return begin[:1] in ("{", "[", '"') or "\n" in text or "\r" in text or (begin[:2] in ("//", "/*") and "{" in begin)


def _template_text(name: Any) -> str | None:
    """The JSON text of a template given as such or as a dict; None where it is a name or a path."""
    if isinstance(name, Mapping):
        return _json_text(name, "a template")
    return name if isinstance(name, str) and _is_json(name) else None


def _meant_file(path: str) -> str:
    """The template in the folder of a path whose name is closest to it, as a question for a message."""
    folder, name = os.path.split(path)
    try:
        there = [file for file in os.listdir(folder or ".") if file.endswith(".json")]
    except OSError:
        return ""
    name = name[:60] if ".json" in name else f"{name[:60]}.json"
    close = difflib.get_close_matches(name, there, 1, 0.75)
    return f"; did you mean {native.shown(os.path.join(folder, close[0]), 200)}?" if close else ""


def _template_path(name: Any) -> str:
    """The path of a template's file, which is there."""
    if not isinstance(name, (str, os.PathLike)):
        raise native.InvalidError(
            f"a family is a name, the path of a template, its JSON text or a dict of it, not {native.shown(name)}"
        )
    text = native.path_of(name, "a family's name")
    if "/" in text or ".json" in text:
        ability, _, short = text.partition("/")  # "drive/rover": a family with its folder in the library
        within = _files().get(short, "") if not os.path.exists(text) else ""
        if within.endswith(f"{os.sep}{ability}{os.sep}{short}.json"):
            return within
        if not os.path.exists(text):
            raise native.NoFileError(f"there is no file {native.shown(text, 200)}{_meant_file(text)}")
        return text
    if isinstance(name, os.PathLike) and os.path.isfile(text):
        return f"./{text}"
    folder = native.templates()
    if not os.path.isdir(folder):
        raise native.LevelError(f"the folder of the families, {folder}, is not there; see PARACOSM_LIBRARY")
    known = _files()
    if text in known:
        return known[text]
    close = difflib.get_close_matches(text[:60], list(known), 1)
    hint = f"; did you mean {close[0]!r}?" if close else "."
    if os.path.isfile(text):
        hint = f"; for the file of this name write {native.shown(f'./{text}')}."
    raise native.LevelError(f"there is no family {native.shown(text)}{hint} paracosm.families() names all {len(known)}")


def _files() -> dict[str, str]:
    """The template of each family of the library, by name."""
    folder = native.templates()
    found = [path for end in ("*/*.json", "*.json") for path in folder.glob(end)] if folder.is_dir() else []
    return {path.stem: str(path) for path in sorted(found)}


def families(several: bool = True) -> list[str]:
    """Names of the families that came with the package (or lie in ``$PARACOSM_LIBRARY``).

    Args:
        several: those of several players too, which `ParallelEnv` plays; they lie in the folder ``company``.
    """
    return sorted(name for name, path in _files().items() if several or os.path.basename(os.path.dirname(path)) != "company")


@functools.lru_cache(maxsize=256)
def _cached(path: str, changed: int, tier: str | None) -> Family:
    return Family(path, tier)


def family(name: str | os.PathLike[str] | Mapping[str, Any] | Family, tier: str | None = None) -> Family:
    """Loads a family by name or from a template's path, the same object while the file is the same; or from the JSON
    text of a template, or a dict of it. With `tier` narrowed to that one of its tiers."""
    if isinstance(name, Family):
        return name if tier is None or tier == name.tier else Family(name.source, tier)
    if _template_text(name) is not None or not isinstance(tier, (str, type(None))):
        return Family(name, tier)
    path = _template_path(name)
    try:
        changed = os.stat(path).st_mtime_ns
    except (OSError, ValueError):
        return Family(path, tier)  # says what is wrong
    return _cached(path, changed, tier)


class Level:
    """One concrete level, nothing random left.

    Attributes:
        family: name of its family.
        seed, hash, parent: ints; equal hash, equal level; parent is the hash it was made from or 0.
        params: values of the family's parameters by name; whole numbers are floats too.
        seconds: time limit [s].  decision_seconds: time of one decision [s].
        json: the level as JSON text; ``Level(text)`` reads it again.
    """

    def __init__(self, text: str | Mapping[str, Any] | native.Handle, *, parent: int = 0) -> None:
        lib = native.library()
        if isinstance(text, Mapping):
            text = _json_text(text, "a level")
        if isinstance(text, os.PathLike) or (isinstance(text, str) and not _is_json(text)):
            raise native.InvalidError(_no_level(os.fspath(text)))
        if isinstance(text, str):
            data = text.encode("utf-8", "surrogateescape")
            text = native.Handle(lib.para_abi_level_load(data, len(data)), lib.para_abi_level_free)
        if not isinstance(text, native.Handle):
            raise native.InvalidError(f"a level is a Level, JSON text or a dict, not {type(text).__name__}")
        self._handle = text
        info = native.make(native.LevelInfo)
        native.check(lib.para_abi_level_info(text.pointer, ctypes.byref(info)))
        self.family: str = info.family.decode()
        self.seed: int = info.seed
        self.hash: int = info.hash
        self.parent: int = native.integer(parent, "parent", 0, SEED_MAX) or info.parent
        self.seconds: float = info.seconds
        self.decision_seconds: float = info.frame_skip / info.rate
        names = [info.names[p].value.decode() for p in range(info.param_count)]
        self.params: dict[str, float] = dict(zip(names, info.values, strict=False))

    @functools.cached_property
    def json(self) -> str:
        text = native.library().para_abi_level_json(self._handle.pointer)
        if text is None:
            raise native.last_error()
        return text.decode("utf-8", "surrogateescape")

    def __repr__(self) -> str:
        return f"Level({self.family}, seed={self.seed}, hash={self.hash:016x})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Level) and other.hash == self.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive, (self.json, self.parent)


def _no_level(text: str | bytes) -> str:
    """What somebody may want who gives a path or a name where the JSON text of a level belongs."""
    said = native.shown(text, 200)
    if text in families():
        return f"a level is JSON text or a dict; one of the family {said} is paracosm.sample_level({said}, seed=1)"
    if os.path.exists(text):
        return f"a level is JSON text or a dict, not a path: Level(pathlib.Path({said}).read_text()) reads that file"
    return (
        f"a level is JSON text or a dict, and {said} is neither, nor a file that is there; sample_level makes a level, "
        "Level(pathlib.Path(FILE).read_text()) reads one that was saved"
    )


def _revive(text: str, parent: int) -> Level:
    return Level(text, parent=parent)


def load_level(text: str | Mapping[str, Any]) -> Level:
    """A level from its JSON text, or from a dict of it."""
    return Level(text)


def as_level(value: Any) -> Level:
    return value if isinstance(value, Level) else Level(value)


def fresh_seed(rng: np.random.Generator | None = None) -> int:
    return int(rng.integers(1 << 63)) if rng is not None else secrets.randbits(63)


def sample_level(
    family_name: str | os.PathLike[str] | Mapping[str, Any] | Family, params: Mapping[str, Any] | None = None,
    seed: int | None = None, tier: str | None = None,
) -> Level:
    """Draws a level.

    Args:
        family_name: a family, its name, a template's path, its JSON text or a dict of it.
        params: ``{name: value}`` or ``{name: (low, high)}``; the others are drawn over their full ranges.
        seed: 0 to 2**64 - 1; the same seed gives the same level, here, on the command line, and in
            ``reset(options={"params": params, "seed": seed})``.
        tier: a tier of the family, in whose ranges it is drawn.
    """
    its_family = family(family_name, tier)
    lib = native.library()
    seed = fresh_seed() if seed is None else native.integer(seed, "seed", 0, SEED_MAX)
    low, high = its_family.ranges(params) or (None, None)
    pointer = lib.para_abi_level_sample(its_family._handle.pointer, low, high, seed)
    return Level(native.Handle(pointer, lib.para_abi_level_free))


def mutate_level(
    level: Level, scale: float = 0.1, seed: int | None = None, params: list[str] | None = None,
    family_name: str | os.PathLike[str] | Mapping[str, Any] | Family | None = None,
) -> Level:
    """A level like `level`: its parameters moved by a normal step of `scale` times their range, kept within it.

    Everything else that is random in the family stays as the level's own seed drew it. ``parent`` of the
    result is the hash of `level`.

    Args:
        scale: [1] spread of the step, 0 to 10.
        seed: of the step.
        params: names of those that may move; all by default.
        family_name: where it comes from, if the level's own name is no family of the library.
    """
    if not isinstance(level, Level):
        raise native.InvalidError(f"mutate_level takes a Level, not {type(level).__name__}")
    scale = native.number(scale, "scale", 0, 10)
    params = native.plain(params)
    its_family = family(family_name if family_name is not None else level.family)
    if list(level.params) != list(its_family.params):
        raise native.InvalidError(f"{level!r} has other parameters than the family {its_family.name}")
    if params is not None and (isinstance(params, (str, bytes)) or not isinstance(params, (list, tuple, set, frozenset))):
        raise native.InvalidError(f"params is a list of names, not {type(params).__name__}")
    movable = set(its_family.params) if params is None else set(map(str, params))
    if movable - set(its_family.params):
        raise native.InvalidError(f"{its_family.name} has no parameter {native.shown(sorted(movable - set(its_family.params))[0])}")
    rng = np.random.default_rng(None if seed is None else native.integer(seed, "seed", 0, SEED_MAX))
    values: dict[str, float] = {}
    for value, param in zip(level.params.values(), its_family.params.values(), strict=True):
        step = rng.normal(0.0, scale) * (param.high - param.low)
        if param.name in movable:
            value = round(value + step) if param.integer else value + step
        values[param.name] = min(max(value, param.low), param.high)
    child = sample_level(its_family, values, level.seed)
    child.parent = level.hash
    return child
