# SPDX-License-Identifier: MIT
"""The C library behind the package: found, checked, its functions typed; errors as Python exceptions.

Everything here mirrors ``agents/abi/abi.h``. ctypes lets other Python threads run while C works.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import pathlib
import threading
from ctypes import POINTER, Structure, c_char, c_char_p, c_double, c_float, c_int32, c_int64, c_uint8
from ctypes import c_uint32, c_uint64, c_void_p
from typing import Any

import gymnasium
import numpy as np

ABI_VERSION = 9
ENVS_MAX = 65536
PARAMS_MAX = 16

OBS_FORMS = {"entities": 0, "vector": 1, "rays": 2, "pixels": 3, "listed": 4}
ACTION_FORMS = {"multi_discrete": 0, "discrete": 1, "continuous": 2}
SOLVERS = {"auto": 0, "chipmunk": 1, "lanes": 2}
SOLVER_NAMES = tuple(SOLVERS)
ENDS = ("solved", "failed", "timeout", "diverged", "cut")

# ---------------------------------------------------------------- errors


class Error(Exception):
    """Whatever goes wrong in Paracosm; the message says what and what to do."""


class InvalidError(Error, ValueError):
    """An argument that makes no sense."""


class ActionError(InvalidError, gymnasium.error.InvalidAction):
    """An action of the wrong shape, type or range. No world has moved."""


class LevelError(InvalidError):
    """A template or level that does not load or cannot be built."""


class StateError(Error, RuntimeError):
    """Not now: the episode is over, or another thread is stepping these worlds."""


class ResetNeeded(StateError, gymnasium.error.ResetNeeded):
    """``step`` before ``reset``, or after the end of the episode."""


class ClosedError(StateError, gymnasium.error.ClosedEnvironmentError):
    """Use after ``close``."""


class LibraryError(Error, ImportError):
    """The C library, or a Python package that a part of this one needs, is missing, broken or of another version."""


class FileError(Error, OSError):
    """A file that cannot be read or written."""


class NoFileError(FileError, FileNotFoundError):
    """A file or folder that is not there."""


class ExistsError(FileError, FileExistsError):
    """A file or folder that is there already and is not written over."""


class OutOfMemory(Error, MemoryError):
    """There is no memory for so many worlds, or for one more snapshot."""


def _error_of(code: int, text: str) -> Error:
    if code == -2 and "reset" in text:
        return ResetNeeded(text)
    if code == -6 and text.endswith(os.strerror(errno.ENOENT)):
        return NoFileError(text)
    kinds: dict[int, type[Error]] = {-1: InvalidError, -2: StateError, -3: ActionError, -4: OutOfMemory}
    kinds |= {-5: LevelError, -6: FileError}
    return kinds.get(code, Error)(text)


# ---------------------------------------------------------------- structs of agents/abi/abi.h


class Param(Structure):
    _fields_ = [("size", c_uint32), ("integer", c_int32), ("low", c_double), ("high", c_double)]
    _fields_ += [("name", c_char * 64), ("unit", c_char * 24), ("about", c_char * 128)]


class FamilyInfo(Structure):
    _fields_ = [("size", c_uint32), ("param_count", c_int32), ("channel_bits", c_uint32)]
    _fields_ += [("negative_bits", c_uint32), ("vector_size", c_int32), ("players", c_int32)]
    _fields_ += [("listed_size", c_int32), ("move_count", c_int32)]
    _fields_ += [("frame_skip", c_int32), ("rate", c_float), ("name", c_char * 64), ("about", c_char * 256)]


class LevelInfo(Structure):
    _fields_ = [("size", c_uint32), ("param_count", c_int32), ("seed", c_uint64), ("hash", c_uint64)]
    _fields_ += [("parent", c_uint64), ("seconds", c_float), ("frame_skip", c_int32), ("rate", c_float)]
    _fields_ += [("body_count", c_int32), ("channel_bits", c_uint32), ("negative_bits", c_uint32)]
    _fields_ += [("players", c_int32), ("reserved", c_uint32)]
    _fields_ += [("values", c_double * PARAMS_MAX), ("names", (c_char * 64) * PARAMS_MAX), ("family", c_char * 64)]


class BatchDef(Structure):
    _fields_ = [("size", c_uint32)]
    _fields_ += [(name, c_int32) for name in ("envs", "obs", "actions", "autoreset", "threads", "max_decisions")]
    _fields_ += [("width", c_int32), ("height", c_int32), ("solver", c_int32), ("family_count", c_int32)]
    _fields_ += [("toybox", c_int32), ("families", POINTER(c_void_p)), ("surprises", c_double)]


class Blocks(Structure):
    _fields_ = [("size", c_uint32), ("envs", c_int32), ("obs_size", c_int32), ("global_size", c_int32)]
    _fields_ += [("row_max", c_int32), ("row_size", c_int32), ("players", c_int32), ("channel_count", c_int32)]
    _fields_ += [("choice_count", c_int32), ("channel_bits", c_uint32), ("negative_bits", c_uint32)]
    _fields_ += [("reserved", c_uint32)]
    _fields_ += [(name, c_void_p) for name in ("obs", "final_obs", "pixels", "final_pixels", "choices", "forces")]
    _fields_ += [(name, c_void_p) for name in ("reward", "terminated", "truncated", "over", "live", "reports", "table")]


class Source(Structure):
    _fields_ = [("size", c_uint32), ("fixed_seed", c_int32), ("seed", c_uint64), ("level", c_void_p)]
    _fields_ += [("low", POINTER(c_double)), ("high", POINTER(c_double))]


class SpanStruct(Structure):
    _fields_ = [("size", c_uint32)] + [(name, c_int32) for name in ("start", "floats", "count", "stride")]
    _fields_ += [("low", c_float), ("high", c_float), ("name", c_char * 48), ("about", c_char * 256)]


class State(Structure):
    _fields_ = [("size", c_uint32)]
    _fields_ += [(name, c_int32) for name in ("end", "body_count", "joint_count", "contact_count", "solver")]
    _fields_ += [(name, c_double) for name in ("time", "kinetic", "potential", "spring", "momentum_x", "momentum_y")]
    _fields_ += [("angular_momentum", c_double), ("progress", c_float)]
    _fields_ += [(name, c_int32) for name in ("body_room", "joint_room", "contact_room")]
    _fields_ += [(name, c_void_p) for name in ("body_names", "x", "y", "angle", "vx", "vy", "spin", "mass")]
    _fields_ += [(name, c_void_p) for name in ("body_kinetic", "body_potential", "enabled")]
    _fields_ += [(name, c_void_p) for name in ("joint_names", "joint_angle", "joint_speed", "joint_load")]
    _fields_ += [(name, c_void_p) for name in ("contact_a", "contact_b")]
    _fields_ += [(name, c_void_p) for name in ("contact_impulse", "contact_point", "contact_normal")]


class ProbeDef(Structure):
    _fields_ = [("size", c_uint32), ("solver", c_int32), ("seconds", c_double)]
    _fields_ += [("every", c_int32), ("act_count", c_int32), ("name_count", c_int32), ("reserved", c_uint32)]
    _fields_ += [("acts", POINTER(c_char_p)), ("names", POINTER(c_char_p))]


REPORT = np.dtype(
    [("level_hash", np.uint64), ("level_seed", np.uint64), ("total_reward", np.float64), ("end", np.int32)]
    + [("decisions", np.int32), ("seconds", np.float32), ("progress", np.float32)]
    + [("solver", np.int32), ("player", np.int32)]
)
"""One report of an episode, as ``ParaAbiReport``."""


def make(kind: type[Structure], **fields: Any) -> Any:
    """A struct with its size set."""
    return kind(size=ctypes.sizeof(kind), **fields)


_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "version": (c_uint32, []),
    "library_version": (c_char_p, []),
    "error": (c_char_p, []),
    "error_code": (c_int32, []),
    "family_load": (c_void_p, [c_char_p]),
    "family_load_text": (c_void_p, [c_char_p, c_uint64]),
    "family_set_tier": (c_int32, [c_void_p, c_char_p]),
    "family_tier": (c_char_p, [c_void_p, c_int32]),
    "family_move": (c_char_p, [c_void_p, c_int32]),
    "family_listed": (c_char_p, [c_void_p, c_int32]),
    "family_free": (None, [c_void_p]),
    "family_info": (c_int32, [c_void_p, POINTER(FamilyInfo)]),
    "family_param": (c_int32, [c_void_p, c_int32, POINTER(Param)]),
    "level_sample": (c_void_p, [c_void_p, POINTER(c_double), POINTER(c_double), c_uint64]),
    "level_load": (c_void_p, [c_char_p, c_uint64]),
    "level_free": (None, [c_void_p]),
    "level_info": (c_int32, [c_void_p, POINTER(LevelInfo)]),
    "level_json": (c_char_p, [c_void_p]),
    "obs_span_count": (c_int32, [c_int32, c_void_p]),
    "obs_span": (c_int32, [c_int32, c_void_p, c_int32, POINTER(SpanStruct)]),
    "batch_create": (c_void_p, [POINTER(BatchDef)]),
    "batch_free": (None, [c_void_p]),
    "batch_blocks": (c_int32, [c_void_p, POINTER(Blocks)]),
    "batch_source": (c_int32, [c_void_p, c_int32, POINTER(Source)]),
    "batch_reset": (c_int32, [c_void_p, c_void_p, c_void_p]),
    "batch_step": (c_int32, [c_void_p]),
    "batch_meddle": (c_int32, [c_void_p, c_int32, c_char_p]),
    "batch_level": (c_void_p, [c_void_p, c_int32]),
    "batch_levels": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "batch_state_hash": (c_int32, [c_void_p, c_int32, POINTER(c_uint64)]),
    "batch_render": (c_int32, [c_void_p, c_int32, c_int32, c_int32, c_void_p]),
    "batch_bytes_per_env": (c_uint64, [c_void_p]),
    "batch_world_steps": (c_uint64, [c_void_p]),
    "batch_state": (c_int32, [c_void_p, c_int32, POINTER(State)]),
    "probe_run": (c_void_p, [c_void_p, POINTER(ProbeDef)]),
    "probe_free": (None, [c_void_p]),
    "probe_json": (c_char_p, [c_void_p]),
    "snapshot_take": (c_void_p, [c_void_p, c_int32]),
    "snapshot_restore": (c_int32, [c_void_p, c_int32, c_void_p]),
    "snapshot_free": (None, [c_void_p]),
    "replay_open": (c_void_p, [c_char_p]),
    "replay_free": (None, [c_void_p]),
    "replay_info": (c_int32, [c_void_p, c_void_p]),
    "replay_level": (c_void_p, [c_void_p]),
    "replay_play": (c_int32, [c_void_p, c_int32, c_int32, c_void_p, c_void_p, c_void_p]),
    "replay_write_events": (c_int32, [c_char_p, c_void_p, c_char_p, c_int32, c_void_p, c_int32, c_void_p, c_int32]),
    "hash": (c_uint64, [c_char_p, c_uint64, c_uint64]),
    "card_check": (c_int32, [c_char_p]),
    "policy_open": (c_void_p, [c_char_p]),
    "policy_free": (None, [c_void_p]),
    "policy_obs_size": (c_int32, [c_void_p]),
    "policy_memory": (c_int32, [c_void_p]),
    "policy_continuous": (c_int32, [c_void_p]),
    "policy_forward": (c_int32, [c_void_p, c_void_p, c_int32, c_int32, c_void_p, c_void_p, c_void_p]),
}
"""Functions ``para_abi_<key>``: what they return and take."""

# ---------------------------------------------------------------- the library

_HERE = pathlib.Path(__file__).resolve().parent
_lock = threading.Lock()
_library: ctypes.CDLL | None = None


def library_path() -> pathlib.Path:
    """``$PARACOSM_LIBRARY_SO`` if set, else the library that came with the package."""
    wish = os.environ.get("PARACOSM_LIBRARY_SO")
    return pathlib.Path(wish) if wish else _HERE / "libparacosm.so"


def templates() -> pathlib.Path:
    """The folder of the families: ``$PARACOSM_LIBRARY`` if set, else the one that came with the package."""
    wish = os.environ.get("PARACOSM_LIBRARY")
    return pathlib.Path(wish) if wish else _HERE / "library"


def _open() -> ctypes.CDLL:
    path = library_path()
    try:
        lib = ctypes.CDLL(str(path))
        version = lib.para_abi_version
    except OSError as error:
        raise LibraryError(f"{path} cannot be loaded ({error}); is the package installed whole?") from None
    except AttributeError:
        raise LibraryError(f"{path} is no library of Paracosm's") from None
    version.restype = c_uint32
    if version() != ABI_VERSION:
        raise LibraryError(
            f"{path} speaks version {version()} of the interface, this package version {ABI_VERSION}: "
            "install the two together"
        )
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(lib, f"para_abi_{name}")
        function.restype, function.argtypes = result, arguments
    return lib


def library() -> ctypes.CDLL:
    """The C library, loaded and checked once."""
    global _library
    if _library is None:
        with _lock:
            if _library is None:
                _library = _open()
    return _library


def last_error() -> Error:
    """The exception for the last call of this thread that failed."""
    lib = library()
    return _error_of(lib.para_abi_error_code(), lib.para_abi_error().decode("utf-8", "replace"))


def check(code: int) -> int:
    """Raises for a negative code; else returns it."""
    if code < 0:
        raise last_error()
    return code


def content_hash(data: bytes, seed: int) -> int:
    """XXH3 of ``data`` chained after ``seed``."""
    return library().para_abi_hash(data, len(data), seed)


# ---------------------------------------------------------------- handles


class Handle:
    """Owns one C object; frees it when the last reference goes."""

    __slots__ = ("pointer", "_free", "__weakref__")

    def __init__(self, pointer: int | None, free: Any) -> None:
        if not pointer:
            self.pointer = None
            raise last_error()
        self.pointer, self._free = pointer, free

    def __del__(self) -> None:
        if getattr(self, "pointer", None):
            self._free(self.pointer)
            self.pointer = None


def array(owner: Handle, address: int | None, shape: tuple[int, ...], dtype: Any) -> np.ndarray | None:
    """A view of the C object's own memory, which keeps the object alive. None for NULL."""
    if not address:
        return None
    dtype = np.dtype(dtype)
    count = int(np.prod(shape))
    if count == 0:
        return np.zeros(shape, dtype)
    buffer = (c_char * (count * dtype.itemsize)).from_address(address)
    buffer.owner = owner
    return np.frombuffer(buffer, dtype, count).reshape(shape)


def text_of(value: Any, what: str) -> bytes:
    """A text as C takes it."""
    if not isinstance(value, str):
        raise InvalidError(f"{what} must be a string, not {type(value).__name__}")
    try:
        return path_of(value, what).encode()
    except UnicodeEncodeError as error:
        raise InvalidError(f"{what} is not text: {error}") from error


def path_of(value: Any, what: str) -> str:
    """A path as text."""
    try:
        text = os.fsdecode(value)
        os.fsencode(text)
    except TypeError:
        raise InvalidError(f"{what} must be a path, not {type(value).__name__}") from None
    except UnicodeError as error:
        raise InvalidError(f"{what} is not text: {error}") from None
    if not text or "\0" in text:
        raise InvalidError(f"{what} must not be empty nor hold a NUL")
    return text


def path_bytes(value: Any, what: str) -> bytes:
    """A path as C takes it."""
    return os.fsencode(path_of(value, what))


def short(number: int) -> str:
    """A whole number for a message: a power of two by name, of another long one only how many digits it has."""
    bits = abs(number).bit_length()
    if bits > 40 and number > 0:
        for exponent, rest in ((bits, " - 1"), (bits - 1, "")):
            if number == (1 << exponent) - bool(rest):
                return f"2^{exponent}{rest}"
    if bits <= 64:
        return str(number)
    return f"{'-' if number < 0 else ''}10^{int(bits * 0.30103)}"


def shown(value: Any, most: int = 60) -> str:
    """Somebody's value for a message: its ``repr`` in one line, cut to `most` signs, whatever it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return short(value)
    if isinstance(value, (str, bytes)):
        value = value[: most + 1]
    try:
        text = " ".join(repr(value).split())
    except Exception:  # noqa: BLE001: the message is about something else than its repr
        text = f"a {type(value).__name__}"
    return text if len(text) <= most else f"{text[: most - 3]}..."


def plain(value: Any) -> Any:
    """NumPy's arrays and numbers as Python's own; anything else as it is."""
    if not isinstance(value, (np.ndarray, np.generic)):
        return value
    own = value.tolist()
    return float(own) if isinstance(own, np.floating) else own  # Python has no long double


def number(value: Any, what: str, low: float, high: float) -> float:
    """`value` as a float within [low, high]."""
    own = plain(value)
    if isinstance(own, bool) or not isinstance(own, (int, float)) or not low <= own <= high:
        raise InvalidError(f"{what} must be a number from {low:g} to {high:g}, not {shown(value)}")
    return float(own)


def integer(value: Any, what: str, low: int, high: int) -> int:
    """`value` as an int within [low, high]."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise InvalidError(f"{what} must be a whole number, not {shown(value)}")
    if not low <= int(value) <= high:
        raise InvalidError(f"{what} must be {short(low)} to {short(high)}, not {short(int(value))}")
    return int(value)


def choice(value: Any, what: str, known: Any) -> Any:
    """`value` if it is among the known words."""
    if not isinstance(value, str) or value not in known:
        raise InvalidError(f"no {what} {shown(value)}; there are {', '.join(map(str, known))}")
    return value


@functools.cache
def library_version() -> str:
    return library().para_abi_library_version().decode()
