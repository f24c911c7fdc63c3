# SPDX-License-Identifier: MIT
"""A hundred thousand resets, many makings and partings: memory stays where it was."""

from __future__ import annotations

import gc
import mmap
import os

import pytest

import paracosm

MIB = 1 << 20


def resident() -> int:
    """Memory of this process that is in RAM [byte]."""
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_resident_memory_is_seen_to_grow() -> None:
    """The control: a leak of the size the tests below refuse would be seen."""
    before = resident()
    with mmap.mmap(-1, 4 * MIB) as leak:  # fresh pages: the heap might hand out old ones
        leak.write(bytes([1]) * (4 * MIB))
        assert resident() - before > 3 * MIB


def test_hundred_thousand_resets_keep_memory() -> None:
    env = paracosm.Env("roll")
    for seed in range(20_000):  # every path warm, every arena at its largest
        env.reset(seed=seed)
    before = resident()
    for seed in range(80_000):
        env.reset(seed=seed)
    grown = resident() - before
    env.close()
    assert grown < 2 * MIB, f"80,000 resets: {grown} byte more, {grown / 80_000:.1f} a reset"


def test_vector_autoresets_keep_memory() -> None:
    envs = paracosm.VectorEnv(["rover", "tug"], num_envs=32, obs="entities", max_episode_steps=2)
    envs.reset(seed=1)
    envs.action_space.seed(1)
    actions = envs.action_space.sample()
    for _ in range(300):
        envs.step(actions)
    before = resident()
    for _ in range(900):  # every third step is a reset: 9,600 of them
        envs.step(actions)
    grown = resident() - before
    envs.close()
    assert grown < 2 * MIB, f"{grown} byte more"


@pytest.mark.parametrize("make", [lambda: paracosm.Env("hopper"), lambda: paracosm.VectorEnv("hopper", num_envs=4)])
def test_making_and_closing_keeps_memory(make) -> None:
    def turn(count: int) -> None:
        for _ in range(count):
            env = make()
            env.reset(seed=1)
            env.close()

    turn(60)
    before = resident()
    turn(200)
    grown = resident() - before
    assert grown < 4 * MIB, f"200 environments: {grown} byte more"


def test_envs_dropped_without_close_are_freed() -> None:
    def turn(count: int) -> None:
        for _ in range(count):
            paracosm.Env("hopper").reset(seed=1)

    turn(60)
    before = resident()
    turn(200)
    assert resident() - before < 4 * MIB


def test_levels_and_snapshots_keep_memory() -> None:
    env = paracosm.Env("roll")
    env.reset(seed=1)

    def turn(count: int) -> None:
        for seed in range(count):
            level = paracosm.sample_level("roll", seed=seed)
            level = paracosm.mutate_level(level, seed=seed)
            assert level.json
            env.reset(options={"level": level})
            env.restore(env.snapshot())

    turn(300)
    before = resident()
    turn(1500)
    grown = resident() - before
    env.close()
    assert grown < 2 * MIB, f"1,500 levels and snapshots: {grown} byte more"
