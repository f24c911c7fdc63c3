# SPDX-License-Identifier: MIT
"""The window of render_mode="human": without a display a clear error, else what the raster draws too.

Each case is a process of its own: SDL picks its driver once. OpenGL without a screen
(SDL_VIDEODRIVER=offscreen) is not on every machine; those tests say so and skip.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import pytest

from paracosm import _native

BUILT = _native.library_path().with_name("libparacosm_window.so").exists()


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    head = "import gymnasium, numpy as np, paracosm, time\n"
    with tempfile.TemporaryDirectory() as folder:  # not here, where Python would find the package's sources
        return subprocess.run(
            [sys.executable, "-c", head + code],
            cwd=folder, env=inherited | environment, capture_output=True, text=True, timeout=60,
        )  # fmt: skip


def offscreen(code: str) -> subprocess.CompletedProcess[str]:
    if not BUILT:
        pytest.skip("this package was built without a window")
    done = run(code, SDL_VIDEODRIVER="offscreen")
    if "WindowError" in done.stderr:
        pytest.skip(f"no OpenGL 3.3 without a screen here: {done.stderr.splitlines()[-1]}")
    return done


def test_without_a_display_the_error_is_clear() -> None:
    code = """
env = paracosm.Env("roll", render_mode="human")
try:
    env.reset(seed=1)
    env.render()
except paracosm.WindowError as error:
    print(error)
env.close()
headless = gymnasium.make("paracosm/roll", render_mode="rgb_array")
headless.reset(seed=1)
print(headless.render().shape)
"""
    done = run(code)
    assert done.returncode == 0, done.stderr
    assert ("no display" in done.stdout or "without a window" in done.stdout) and "rgb_array" in done.stdout
    assert "(360, 640, 3)" in done.stdout


def test_the_window_shows_what_the_raster_draws() -> None:
    code = """
from paracosm.window import Window
env = paracosm.Env("rover", render_mode="rgb_array", render_size=(960, 540))
env.reset(options={"seed": 3})
window = Window(env)
window.show()
for _ in range(6):
    env.step(env.action_space.sample())
    window.show(0)
picture = window.read()
assert picture.shape == (540, 960, 3), picture.shape
difference = np.abs(picture.astype(int) - env.render()).mean()
assert picture.std() > 5 and difference < 1.5, (picture.std(), difference)
env.close()
window.close()
window.close()
for call in (window.show, window.read):
    try:
        call()
    except paracosm.ClosedError:
        print("closed")
"""
    done = offscreen(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["closed", "closed"]


def test_human_mode_keeps_the_pace_of_the_level_and_opens_again() -> None:
    code = """
for turn in range(2):
    env = gymnasium.make("paracosm/rover", render_mode="human")
    env.reset(seed=1)
    assert env.render() is None
    begin = time.monotonic()
    for _ in range(8):
        env.step(env.action_space.sample())
    print(time.monotonic() - begin)
    env.close()
"""
    done = offscreen(code)
    assert done.returncode == 0, done.stderr
    seconds = [float(word) for word in done.stdout.split()]
    assert len(seconds) == 2 and all(0.4 < one < 5 for one in seconds)  # 8 decisions of 4/60 s


def test_there_is_one_window_at_a_time() -> None:
    code = """
from paracosm.window import Window
first, second = paracosm.Env("roll"), paracosm.Env("roll")
first.reset(seed=1)
second.reset(seed=1)
window = Window(first)
window.show()
try:
    Window(second)
except paracosm.StateError as error:
    print(error)
window.close()
Window(second).show()
"""
    done = offscreen(code)
    assert done.returncode == 0, done.stderr
    assert "open already" in done.stdout


def test_a_window_of_another_version_is_refused() -> None:
    if not BUILT:
        pytest.skip("this package was built without a window")
    code = """
from paracosm import _native, window
_native.library()
_native.ABI_VERSION = 999
try:
    window._load()
except paracosm.WindowError as error:
    print(error)
"""
    done = run(code)
    assert done.returncode == 0, done.stderr
    assert "another version" in done.stdout
