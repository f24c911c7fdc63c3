# SPDX-License-Identifier: MIT
"""`spans`: the names of an observation's floats are those of the C library, and lie where they say."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest

import paracosm

KINDS = ("rows.shape.", "rows.joint.", "rows.thruster.", "rows.zone.")


def places(spans: list[paracosm.Span]) -> list[int]:
    """Every float that a list of spans claims."""
    return [s.start + k * s.stride + i for s in spans for k in range(s.count) for i in range(s.size)]


@pytest.mark.parametrize("obs", ["vector", "rays"])
def test_spans_claim_every_float_once(obs: str) -> None:
    env = paracosm.Env("walker", obs=obs)
    assert sorted(places(env.spans)) == list(range(env.observation_space.shape[0]))
    assert places(env.spans[:5]) == sorted(places(env.spans[:5]))  # in the order of the layout


def test_spans_of_entities_fit_the_dict() -> None:
    env = paracosm.Env("walker", obs="entities")
    space = env.observation_space
    first, (rows, row) = space["globals"].shape[0], space["rows"].shape
    spans = {span.name: span for span in env.spans}
    assert spans["mask"].start == first + rows * row and spans["mask"].size == rows
    for kind in KINDS:
        own = [s for s in env.spans if not s.name.startswith(KINDS) or s.name.startswith(kind)]
        claimed = places(own)
        assert len(claimed) == len(set(claimed)) and set(claimed) <= set(range(first + rows * (row + 1)))
    assert {s.count for s in env.spans if s.name.startswith("rows.")} == {rows}
    assert {s.stride for s in env.spans if s.name.startswith("rows.")} == {row}


def test_spans_name_what_is_seen() -> None:
    env = paracosm.Env("lander", obs="vector")
    env.action_space.seed(2)
    spans = {span.name: span for span in env.spans}
    assert spans["rays"].size == 16 and spans["channels.action"].count == 8

    def seen(name: str, observation: np.ndarray) -> np.ndarray:
        return observation[spans[name].start : spans[name].start + spans[name].size]

    observation, _ = env.reset(seed=3)
    assert seen("self.time_left", observation) == 1.0
    np.testing.assert_allclose(np.hypot(*seen("self.heading", observation)), 1.0, atol=1e-6)
    for _ in range(20):
        action = env.action_space.sample()
        observation, *_ = env.step(action)
        actions = [observation[spans["channels.action"].start + spans["channels.action"].stride * c] for c in range(8)]
        assert set(actions) <= {-1.0, 0.0, 1.0}
        for span in env.spans:
            for k in range(span.count):
                part = observation[span.start + k * span.stride :][: span.size]
                assert (part >= span.low - 1e-6).all() and (part <= span.high + 1e-6).all(), span.name
    assert seen("self.time_left", observation) < 1.0
    assert "[m/s] / 10" in spans["self.velocity"].about


def test_spans_through_gymnasium_and_of_many() -> None:
    single = gymnasium.make("paracosm/roll", obs="entities")
    many = paracosm.VectorEnv(["roll", "walker"], num_envs=4)
    assert single.unwrapped.spans == many.spans
    assert paracosm.Env("roll", obs="pixels").spans == []
    name, start, size = many.spans[0][:3]
    assert (name, start, size) == ("self.velocity", 0, 2)
    single.close()
    many.close()
    with pytest.raises(paracosm.ClosedError):
        single.unwrapped.spans
    with pytest.raises(paracosm.ClosedError):
        many.spans
