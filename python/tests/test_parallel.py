# SPDX-License-Identifier: MIT
"""`ParallelEnv`: PettingZoo's own tests, and what its dicts say against the batch in C."""

from __future__ import annotations

import numpy as np
import pytest

import paracosm

pytest.importorskip("pettingzoo", reason="levels of several players are PettingZoo's: pip install paracosm[pettingzoo]")

from pettingzoo.test import parallel_api_test, parallel_seed_test  # noqa: E402

COMPANY = ["carry", "crossing", "keeper", "sumo"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("family", COMPANY)
def test_pettingzoo_has_nothing_against_it(family: str) -> None:
    parallel_api_test(paracosm.ParallelEnv(family, max_episode_steps=40), num_cycles=100)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("obs", "actions"), [("entities", "continuous"), ("vector", "multi_discrete"), ("rays", "discrete")])
def test_pettingzoo_takes_each_form(obs: str, actions: str) -> None:
    parallel_api_test(paracosm.ParallelEnv("keeper", obs=obs, actions=actions), num_cycles=60)


@pytest.mark.filterwarnings("ignore")
def test_a_seed_gives_the_same_again() -> None:
    parallel_seed_test(lambda: paracosm.ParallelEnv("sumo"), num_cycles=60)


def test_agents_have_the_names_of_the_template() -> None:
    assert paracosm.ParallelEnv("sumo").possible_agents == ["west", "east"]
    crossing = paracosm.ParallelEnv("crossing")
    assert crossing.possible_agents == [f"east{k}" for k in range(1, 6)] + [f"west{k}" for k in range(1, 6)]


def test_each_acts_and_sees_for_itself() -> None:
    env = paracosm.ParallelEnv("sumo", actions="multi_discrete")
    first, infos = env.reset(seed=3)
    assert set(first) == {"west", "east"} and not np.array_equal(first["west"], first["east"])
    assert infos["west"]["level_hash"] == infos["east"]["level_hash"]
    # Walking into the other one: only who walks moves, until they meet.
    for _ in range(3):
        env.step({"west": np.array([0, 0]), "east": np.array([2, 0])})
    with pytest.raises(paracosm.ActionError, match="those in play"):
        env.step({"west": np.array([0, 0])})
    with pytest.raises(paracosm.ActionError, match="of 'west'"):
        env.step({"west": np.array([0]), "east": np.array([0, 0])})


def test_who_has_ended_is_out_and_the_reports_tell_of_all() -> None:
    env = paracosm.ParallelEnv("sumo", actions="multi_discrete")
    env.reset(seed=1)
    out: dict[str, dict] = {}
    while env.agents:
        playing = list(env.agents)
        result = env.step({agent: np.array([2, 0]) for agent in playing})  # both run to the right, off the ring
        assert all(set(part) == set(playing) for part in result)
        out.update({agent: result[4][agent] for agent in playing if agent not in env.agents})
    assert set(env.reports) == {"west", "east"}
    ends = {agent: report["end"] for agent, report in env.reports.items()}
    assert "failed" in ends.values()
    with pytest.raises(paracosm.ResetNeeded):
        env.step({})
    again, _ = env.reset()
    assert set(again) == {"west", "east"} and env.reports == {}


def test_one_environment_is_sent_to_the_other() -> None:
    with pytest.raises(paracosm.InvalidError, match="ParallelEnv"):
        paracosm.Env("sumo")
    one = paracosm.ParallelEnv("rover")  # one player is a company of one
    assert one.possible_agents == ["player1"]
