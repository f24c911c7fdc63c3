# SPDX-License-Identifier: MIT
"""The window of ``render_mode="human"``: SDL2 and OpenGL 3.3, in a library of its own."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import numpy as np

from . import _native

if TYPE_CHECKING:
    from .env import Env


class WindowError(_native.Error, RuntimeError):
    """No window can be opened; the message says why and what works without one."""


_WITHOUT = 'render_mode="rgb_array" needs neither a display nor a graphics card'


def _load() -> ctypes.CDLL:
    _native.library()  # the window's library stands on it
    path = _native.library_path().with_name("libparacosm_window.so")
    if not path.exists():
        raise WindowError(
            f"this package was built without a window (SDL2 was not there): install libsdl2-dev and libepoxy-dev "
            f"and build it again; {_WITHOUT}"
        )
    try:
        lib = ctypes.CDLL(str(path))
    except OSError as error:
        raise WindowError(f"the window's library does not load ({error}); {_WITHOUT}") from None
    lib.para_abi_window_version.restype = ctypes.c_uint32
    if lib.para_abi_window_version() != _native.ABI_VERSION:
        raise WindowError(f"{path} is of another version than the library it stands beside")
    pointer, i32 = ctypes.c_void_p, ctypes.c_int32
    for name, result, arguments in (
        ("open", pointer, [ctypes.c_char_p, i32, i32]),
        ("free", None, [pointer]),
        ("show", i32, [pointer, pointer, i32, ctypes.c_double]),
        ("size", i32, [pointer, ctypes.POINTER(i32), ctypes.POINTER(i32)]),
        ("read", i32, [pointer, i32, i32, pointer]),
    ):
        function = getattr(lib, "para_abi_window_" + name)
        function.restype, function.argtypes = result, arguments
    return lib


class Window:
    """Shows one env, at the pace of its level. One at a time in a process.

    Args:
        env: an env that has been reset.
        size: width and height in screen units.

    Raises:
        WindowError: without a display, without OpenGL 3.3, or in a package built without SDL2.

    Attributes:
        closing: True once the person closed the window or pressed Escape. The window stays until
            :meth:`close`, but shows no more.
    """

    def __init__(self, env: Env, size: tuple[int, int] = (960, 540)) -> None:
        self._handle: int | None = None
        self._batch = env._batch
        self.closing = False
        self._lib = _load()
        self._handle = self._lib.para_abi_window_open(f"Paracosm: {env.family.name}".encode(), *size)
        if not self._handle:
            if "open already" in str(_native.last_error()):
                raise _native.last_error()
            raise WindowError(f"{_native.last_error()}; {_WITHOUT}")

    def show(self, seconds: float | None = None) -> None:
        """Shows the env's present state.

        Args:
            seconds: [s] for which what moved since the last call is shown moving, up to 1; None: as long
                as a decision of the level lasts. A new level appears at once.
        """
        if self._handle is None:
            raise _native.ClosedError("this window is closed")
        if self.closing:
            return
        wait = -1.0 if seconds is None else seconds
        self.closing = _native.check(self._lib.para_abi_window_show(self._handle, self._batch.pointer, 0, wait)) == 1

    def read(self) -> np.ndarray:
        """The picture last shown. Returns ``[H, W, 3]`` uint8."""
        if self._handle is None:
            raise _native.ClosedError("this window is closed")
        wide, high = ctypes.c_int32(), ctypes.c_int32()
        _native.check(self._lib.para_abi_window_size(self._handle, ctypes.byref(wide), ctypes.byref(high)))
        picture = np.empty((high.value, wide.value, 3), np.uint8)
        _native.check(self._lib.para_abi_window_read(self._handle, wide.value, high.value, picture.ctypes.data))
        return picture

    def close(self) -> None:
        """Closes the window. May be called twice."""
        handle, self._handle = self._handle, None
        if handle:
            self._lib.para_abi_window_free(handle)

    def __del__(self) -> None:
        if getattr(self, "_handle", None):
            self.close()
