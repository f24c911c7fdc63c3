# SPDX-License-Identifier: MIT
"""`ParallelEnv`: levels of several players, as PettingZoo's parallel environments are. Needs the package pettingzoo."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from . import _native as native
from .batch import SEED_WISH_MAX, Batch, copied, frames_per_second, refuse_closed, report_of, stream_seed
from .env import RENDER_SIZE, check_size
from .levels import Family, Level, fresh_seed, sample_level

try:
    from pettingzoo import ParallelEnv as _Base
except ImportError as error:
    raise ImportError("levels of several players are PettingZoo's environments: pip install 'paracosm[pettingzoo]'") from error

_LOOKED_AT = 16  # members of a family, for one that has all its players


def _names(level: Level, count: int) -> list[str]:
    """What a level calls its players: by their names, else "player1", "player2", ..."""
    told = json.loads(level.json).get("players", [])
    names = [told[k].get("name", "") if k < len(told) else "" for k in range(count)]
    return [name if name and names.count(name) == 1 else f"player{k + 1}" for k, name in enumerate(names)]


def _fullest(family: Family, count: int) -> Level:
    """A member with as many players as any has, so that all have their names."""
    levels = [sample_level(family, seed=seed) for seed in range(_LOOKED_AT)]
    return next((level for level in levels if len(json.loads(level.json).get("players", [None])) == count), levels[0])


class ParallelEnv(_Base):
    """One world of a family of several players; all decide at once.

    Args:
        family, obs, actions, max_episode_steps, pixels, render_size, solver, tier: as of `paracosm.Env`. All agents have
            the same spaces; a channel that an agent's body does not have does nothing. ``obs="pixels"`` is not for several.
        render_mode: None or "rgb_array".

    Agents are called as the template's players are, else ``player1``, ``player2``, ... Each sees, acts, earns and ends for
    itself: ``agents`` are those who are still in play, and whoever has ended is in the dicts of that step for the last
    time. Rewards are floats. ``reports`` has, once the episode is over for all, how it ended for each.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "name": "paracosm", "is_parallelizable": True}

    def __init__(
        self,
        family: str | os.PathLike[str] | Mapping[str, Any] | Family,
        obs: str | None = None,
        actions: str | None = None,
        render_mode: str | None = None,
        max_episode_steps: int | None = None,
        render_size: tuple[int, int] = RENDER_SIZE,
        solver: str = "auto",
        tier: str | None = None,
    ) -> None:
        if render_mode is not None:
            native.choice(render_mode, "render mode", ["rgb_array"])
        self.render_mode = render_mode
        self.render_size = check_size(render_size)
        batch = Batch(
            family, envs=1, obs=obs, actions=actions, autoreset=2, threads=1, max_decisions=max_episode_steps,
            pixels=(64, 64), solver=solver, tier=tier, toybox=False, surprises=0.0, several=True,
        )
        self.family: Family = batch.families[0]
        self.metadata = type(self).metadata | {
            "name": f"paracosm/{self.family.name}", "render_fps": frames_per_second(self.family.decision_seconds),
        }
        self._batch: Batch | None = batch
        self.possible_agents = _names(_fullest(self.family, batch.blocks.players), batch.blocks.players)
        self._row = {agent: row for row, agent in enumerate(self.possible_agents)}
        self.agents: list[str] = []
        self.reports: dict[str, dict[str, Any]] = {}
        self.action_table: np.ndarray | None = batch.table()
        observation, action = batch.observation_space(), batch.action_space()
        self.observation_spaces = {agent: observation for agent in self.possible_agents}
        self.action_spaces = {agent: action for agent in self.possible_agents}
        self._rng = np.random.default_rng()
        self._seeded = False

    def observation_space(self, agent: str) -> Any:
        """The same for every agent."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Any:
        """The same for every agent."""
        return self.action_spaces[agent]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Starts an episode; `seed` and `options` as of `paracosm.Env.reset`."""
        batch = self._open()
        # PettingZoo's own test passes an option of the name "options", which no environment knows.
        checked = batch.check_options({k: v for k, v in options.items() if k != "options"} if isinstance(options, Mapping) else options)
        for key in ("levels", "reset_mask"):
            if key in checked:
                raise native.InvalidError(f"the option {key!r} is one of VectorEnv's")
        seeds = None
        if seed is not None or not self._seeded:
            start = fresh_seed(self._rng) if seed is None else stream_seed(native.integer(seed, "seed", 0, SEED_WISH_MAX))
            seeds = np.array([start], np.uint64)
            self._seeded = True
        batch.set_source(0, batch.source(checked))
        native.check(native.library().para_abi_batch_reset(batch.pointer, None, seeds.ctypes.data if seeds is not None else None))
        live = batch.vector("live", np.bool_)[0]
        self.agents = [agent for agent, row in self._row.items() if live[row]]
        self.reports = {}
        hashes, level_seeds, _, _ = batch.levels()
        info = {"level_hash": hashes[0], "level_seed": level_seeds[0]}
        return self._observe(self.agents), {agent: dict(info) for agent in self.agents}

    def step(self, actions: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
        """One decision of all who are in play: observations, rewards, terminations, truncations, infos by agent."""
        batch = self._open()
        if not self.agents:
            raise native.ResetNeeded("the episode is over for all, or there was none: reset first")
        self._act(batch, actions)
        native.check(native.library().para_abi_batch_step(batch.pointer))
        playing = self.agents
        ended, cut, reward = (batch.vector(name, kind)[0] for name, kind in
                              (("terminated", np.bool_), ("truncated", np.bool_), ("reward", np.float64)))
        terminations = {agent: bool(ended[self._row[agent]]) for agent in playing}
        truncations = {agent: bool(cut[self._row[agent]]) for agent in playing}
        rewards = {agent: float(reward[self._row[agent]]) for agent in playing}
        infos: dict[str, dict[str, Any]] = {agent: {} for agent in playing}
        self.agents = [agent for agent in playing if not (terminations[agent] or truncations[agent])]
        if not self.agents:
            self._tell(batch, infos)
        return self._observe(playing), rewards, terminations, truncations, infos

    def render(self) -> np.ndarray | None:
        """[height, width, 3] uint8."""
        batch = self._open()
        return batch.picture(0, *self.render_size) if self.render_mode == "rgb_array" else None

    def close(self) -> None:
        """Ends it; twice is fine."""
        self._batch = None
        self.agents = []

    @property
    def level(self) -> Level:
        """The level now played; ``env.level.json`` is its text."""
        return self._open().level(0)

    @property
    def state_hash(self) -> int:
        """64 bits over the whole state of the world: equal hash, equal state."""
        return self._open().state_hash(0)

    # ------------------------------------------------------------ inside

    def _open(self) -> Batch:
        refuse_closed(self._batch is not None)
        assert self._batch is not None
        return self._batch

    def _act(self, batch: Batch, actions: Mapping[str, Any]) -> None:
        if set(actions) != set(self.agents):
            raise native.ActionError(f"actions of {sorted(actions)}; those in play are {sorted(self.agents)}")
        block = batch.actions()[0]
        block[...] = 0
        for agent, action in actions.items():
            row = self._row[agent]
            wanted = np.asarray(action)
            if wanted.shape != np.shape(block[row]) or not np.can_cast(wanted.dtype, block.dtype, "same_kind"):
                raise native.ActionError(f"{native.shown(action)} of {agent!r} is no action of {self.action_spaces[agent]}")
            block[row] = wanted

    def _observe(self, agents: list[str]) -> dict[str, Any]:
        whole = self._open().observations()
        if isinstance(whole, dict):
            return {agent: copied({key: value[0, self._row[agent]] for key, value in whole.items()}) for agent in agents}
        return {agent: whole[0, self._row[agent]].copy() for agent in agents}

    def _tell(self, batch: Batch, infos: dict[str, dict[str, Any]]) -> None:
        rows = batch.vector("reports", native.REPORT)[0]
        self.reports = {agent: report_of(rows[row]) for agent, row in self._row.items() if rows[row]["decisions"] > 0}
        for agent, info in infos.items():
            info["report"] = self.reports[agent]
            info["solved"] = self.reports[agent]["solved"]

    def __repr__(self) -> str:
        return f"<paracosm.ParallelEnv {self.family.name}>"


def parallel_env(family: Any, **arguments: Any) -> ParallelEnv:
    """`ParallelEnv` by PettingZoo's custom name."""
    return ParallelEnv(family, **arguments)
