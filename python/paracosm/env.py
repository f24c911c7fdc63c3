# SPDX-License-Identifier: MIT
"""`Env`: one world as a Gymnasium environment."""

from __future__ import annotations

import operator
import os
from collections.abc import Mapping
from typing import Any

import gymnasium
import numpy as np

from . import _native as native
from .batch import SEED_WISH_MAX, Batch, Snapshot, copied, frames_per_second, refuse_closed, report_of, stream_seed
from .levels import Family, Level, fresh_seed, sample_level
from .spans import Span

RENDER_SIZE = (640, 360)


class Env(gymnasium.Env):
    """A family of levels as an environment; each episode is a level of its own.

    Args:
        family: a name (``paracosm.families()``), the path of a template, its JSON text, or a dict of it.
        obs: what is seen. None: "listed" of a family that lists what is to be observed, else "vector".
            ``"listed"``: float32 [L], what the template lists under ``observe`` (``family.listed`` names them);
            ``"vector"``: float32 [O], the fixed layout of one family;
            ``"entities"``: {"globals": [G], "rows": [R, F], "mask": [R]} float32, the same for every family;
            ``"rays"``: float32 [G], what the player feels of itself and of its goal, and 16 lidar rays;
            ``"pixels"``: uint8 [height, width, 3].
        actions: what is done, on the C bound channels of the family in rising order. None: "discrete" of a family with
            ``moves`` (``family.moves`` names them, and they are its ``action_table``), else "multi_discrete".
            ``"multi_discrete"``: int [C]; -1, 0, +1 as 0, 1, 2, or 0, +1 as 0, 1 where there is no negative side;
            ``"discrete"``: int, a row of ``action_table``; 0 does nothing;
            ``"continuous"``: float32 [C] in -1 to 1.
        render_mode: None, "rgb_array" or "human", which needs a display: without one it is not among
            ``metadata["render_modes"]``, and the first `reset` raises a `WindowError`.
        max_episode_steps: episodes are truncated after so many decisions, beside their level's own time, and end with a
            report. One given to ``gymnasium.make`` never gets here: Gymnasium's wrapper cuts by it, without a report.
        pixels: (width, height) of ``obs="pixels"``.
        render_size: (width, height) of ``render()``.
        copy: False returns views that the next call overwrites.
        solver: the physics. "auto": lanes where a level fits its limits, else chipmunk; "lanes" (a level beyond its
            limits is an error) or "chipmunk".
        tier: a tier of the family (``paracosm.family(name).tiers``), in whose ranges its levels are drawn. None: the whole
            family. What is seen has the same layout in all of them.
        toybox: True gives every level spare bodies and zones, out of which `meddle` drops crates and makes wind. They are
            seen by ``"entities"``, ``"rays"`` and ``"pixels"``; the layout of ``"vector"`` has no place for them.
        surprises: how much happens to a level by chance in ten seconds of play, on average, 0 to 50: toys dropped, wind,
            pushes, gravity. Above 0 there is a toybox. The same seeds bring the same surprises.

    ``spans`` tells what each float of an observation is.

    ``reset(seed=...)`` starts a stream of levels; resets without a seed go on in it. The ``info`` of a reset tells of
    its level: ``level_hash``, ``level_seed`` and ``params``, a dict of values by name. ``info["report"]`` tells of
    an episode that has ended. ``metadata["render_fps"]`` is the pace of the level now played: decisions in a second.
    Threads: one env by one thread at a time; different envs at once.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array", "human"], "render_fps": 15}

    def __init__(
        self,
        family: str | os.PathLike[str] | Mapping[str, Any] | Family,
        obs: str | None = None,
        actions: str | None = None,
        render_mode: str | None = None,
        max_episode_steps: int | None = None,
        pixels: tuple[int, int] = (64, 64),
        render_size: tuple[int, int] = RENDER_SIZE,
        copy: bool = True,
        solver: str = "auto",
        tier: str | None = None,
        toybox: bool = False,
        surprises: float = 0.0,
    ) -> None:
        self._handle: int | None = None
        self._arguments = dict(
            family=family, obs=obs, actions=actions, render_mode=render_mode, max_episode_steps=max_episode_steps,
            pixels=pixels, render_size=render_size, copy=copy, solver=solver, tier=tier, toybox=toybox, surprises=surprises,
        )
        if render_mode is not None:
            native.choice(render_mode, "render mode", self.metadata["render_modes"])
        self.render_mode = render_mode
        self.render_size = check_size(render_size)
        batch = Batch(
            family, envs=1, obs=obs, actions=actions, autoreset=2, threads=1, max_decisions=max_episode_steps, pixels=pixels,
            solver=solver, tier=tier, toybox=toybox, surprises=surprises,
        )
        self.family: Family = batch.families[0]
        self.metadata = self.metadata | {"render_modes": modes_here(), "render_fps": frames_per_second(self.family.decision_seconds)}
        self.observation_space = batch.observation_space()
        self.action_space = batch.action_space()
        self.action_table: np.ndarray | None = batch.table()
        self._lib_step = native.library().para_abi_batch_step
        self._batch: Batch | None = batch
        self._copy = copy
        self._window: Any = None
        self._seeded = False
        observations = batch.observations()
        self._dict = isinstance(observations, dict)
        self._obs = {k: v[0] for k, v in observations.items()} if self._dict else observations[0]
        self._reward = batch.vector("reward", np.float64)
        self._terminated = batch.vector("terminated", np.bool_)
        self._reports = batch.vector("reports", native.REPORT)
        self._block = batch.actions()
        self._action = None if batch.action_form == "discrete" else self._block[0]
        self._action_shape = (batch.blocks.channel_count,)
        self._handle = batch.pointer
        # All that a step needs, in one piece: another thread may close in the midst of it.
        self._live: Any = (batch, self._block, self._action, self._obs, self._reward)

    # ------------------------------------------------------------ Gymnasium

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Starts an episode.

        Args:
            seed: starts the stream of levels anew.
            options: for this episode alone; ``"params"``: {name: value or (low, high)}; ``"seed"``: the level's own
                sampling seed, as on the command line; ``"level"``: a `Level`, JSON text or dict to play.
        """
        refuse_closed(self._handle)
        batch = self._batch
        checked = batch.check_options(options)
        for key in ("levels", "reset_mask"):
            if key in checked:
                raise native.InvalidError(f"the option {key!r} is one of VectorEnv's")
        if seed is not None:
            native.integer(seed, "seed", 0, SEED_WISH_MAX)
        source = batch.source(checked)
        pinned = source[1][0] if source is not None else None
        super().reset(seed=None if seed is None else int(seed))
        seeds = None
        if seed is not None or not self._seeded:
            start = stream_seed(int(seed)) if seed is not None else fresh_seed(self.np_random)
            seeds = np.array([start], np.uint64)
            self._seeded = True
        batch.set_source(0, source)
        native.check(native.library().para_abi_batch_reset(self._handle, None, seeds.ctypes.data if seeds is not None else None))
        hashes, seeds, seconds, values = batch.levels()
        self.metadata["render_fps"] = frames_per_second(seconds.item())
        if self.render_mode == "human":
            self.render()
        names = self.family.params if pinned is None else pinned.params
        info = {"level_hash": hashes[0], "level_seed": seeds[0], "params": dict(zip(names, values[0].tolist(), strict=False))}
        return self._observe(), info

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """One decision: `action` is in force for a few physics steps."""
        live = self._live
        if live is None:
            raise native.ClosedError("this environment is closed")
        batch, block, row, observation, reward = live
        try:
            if row is None:
                block[0] = operator.index(action)
            elif np.shape(action) != self._action_shape:
                raise native.ActionError(f"an action of shape {np.shape(action)}; it must be {self._action_shape}")
            else:
                np.copyto(row, action, casting="same_kind")
        except (TypeError, ValueError, OverflowError) as error:
            if isinstance(error, native.Error):
                raise
            raise native.ActionError(f"{native.shown(action)} is no action of {self.action_space}: {error}") from None
        ended = self._lib_step(batch.pointer)
        if ended:
            return self._last(ended)
        if self._window is not None:
            self._window.show()
        return copied(observation) if self._copy else observation, reward.item(), False, False, {}

    def render(self) -> np.ndarray | None:
        """[height, width, 3] uint8 for "rgb_array"; shows the window for "human"."""
        refuse_closed(self._handle)
        if self.render_mode is None:
            gymnasium.logger.warn('render() needs a render_mode: make the environment with render_mode="rgb_array"')
            return None
        if self.render_mode == "rgb_array":
            return self._batch.picture(0, *self.render_size)
        if self._window is None:
            from .window import Window

            self._window = Window(self)
        self._window.show()
        return None

    def close(self) -> None:
        """Ends it; twice is fine. Memory goes when the last view of it does."""
        if self._window is not None:
            self._window.close()
            self._window = None
        self._live = self._handle = self._batch = None
        self._obs = self._reward = self._terminated = self._reports = self._block = self._action = None

    # ------------------------------------------------------------ what is seen

    @property
    def spans(self) -> list[Span]:
        """What the floats of an observation are: `Span`s with name, start, size, ... in the order of the layout."""
        refuse_closed(self._handle)
        return self._batch.spans()

    # ------------------------------------------------------------ levels

    @property
    def level(self) -> Level:
        """The level now played; ``env.level.json`` is its text."""
        refuse_closed(self._handle)
        return self._batch.level(0)

    def sample_level(self, params: dict[str, Any] | None = None, seed: int | None = None) -> Level:
        """A level of this family, for ``reset(options={"level": ...})``; see `paracosm.sample_level`."""
        return sample_level(self.family, params, fresh_seed(self.np_random) if seed is None else seed)

    def mutate_level(self, level: Level | None = None, scale: float = 0.1, seed: int | None = None) -> Level:
        """A level like `level` (by default like the one now played); see `paracosm.mutate_level`."""
        from .levels import mutate_level

        seed = fresh_seed(self.np_random) if seed is None else seed
        return mutate_level(self.level if level is None else level, scale, seed, family_name=self.family)

    def snapshot(self) -> Snapshot:
        """This moment, to go back to by `restore`, here or in another env of this family."""
        refuse_closed(self._handle)
        return Snapshot(self._batch, 0)

    def restore(self, snapshot: Snapshot) -> Any:
        """Goes back; steps from there give the same bits again. Returns the observation."""
        refuse_closed(self._handle)
        if not isinstance(snapshot, Snapshot):
            raise native.InvalidError(f"restore takes a Snapshot, not {type(snapshot).__name__}")
        snapshot.restore(self._batch, 0)
        return self._observe()

    def meddle(self, line: str) -> Any:
        """Makes something happen before the next decision, as it is typed in play: ``"drop crate"``, ``"ball at 4 6"``,
        ``"wind 5"``, ``"flip gravity"``, ``"push 3 1"``, ``"blast"``. Toys, wind and water need ``toybox=True``. Returns the
        observation of what is there now. An `InvalidError` says what cannot be done; nothing has changed then.
        """
        refuse_closed(self._handle)
        self._batch.meddle(0, line)
        return self._observe()

    def state(self) -> dict[str, Any]:
        """What is there now, as numbers: a dict of arrays of n bodies, j joints and c contacts.

        ``time`` [s]; ``status``: "running" or how the episode ended; ``solver``; ``progress`` of the goal, 0 to 1;
        ``level``: its ``kinetic``, ``potential``, ``spring`` and ``total`` energy [J], ``momentum`` [2] [N s] and
        ``angular_momentum`` [N m s] about (0, 0).

        Bodies: ``names``, ``x`` and ``y`` of the origin [m], ``angle`` [rad], ``vx`` and ``vy`` of the centre of mass
        [m/s], ``spin`` [rad/s], ``mass`` [kg] (0: it cannot be pushed), ``kinetic``, ``potential`` and ``energy``, both
        together [J], ``gone``: collected or shattered.

        Joints: ``joint_names``, ``joint_angle`` [rad], or [m] of what slides or has a length, ``joint_speed`` [rad/s] or
        [m/s], ``joint_load`` [N].

        Contacts of the last physics step: ``contact_a`` and ``contact_b``, indices of the two bodies,
        ``contact_impulse`` [N s], ``contact_point`` [c, 2] [m], ``contact_normal`` [c, 2] from a to b.

        One without a name is called by its number, as "#3". Potential is that of the level's gravity, zero at (0, 0).
        """
        refuse_closed(self._handle)
        return self._batch.state(0)

    @property
    def state_hash(self) -> int:
        """64 bits over the whole state of the world: equal hash, equal state."""
        refuse_closed(self._handle)
        return self._batch.state_hash(0)

    @property
    def bytes_per_env(self) -> int:
        """Memory of the world, the level and the observations [byte]."""
        refuse_closed(self._handle)
        return native.library().para_abi_batch_bytes_per_env(self._handle)

    # ------------------------------------------------------------ inside

    def _observe(self) -> Any:
        return copied(self._obs) if self._copy else self._obs

    def _last(self, ended: int) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        native.check(ended)
        if self._window is not None:
            self._window.show()
        live, flags, reports = self._live, self._terminated, self._reports
        if live is None or flags is None or reports is None:
            raise native.ClosedError("this environment was closed during the step")
        terminated = bool(flags[0])
        report = report_of(reports[0])
        return self._observe(), live[4].item(), terminated, not terminated, {"report": report, "solved": report["solved"]}

    def __repr__(self) -> str:
        return f"<paracosm.Env {self.family.name}>"

    def __str__(self) -> str:
        return repr(self) if self.spec is None else f"<{type(self).__name__}<{self.spec.id}>>"

    def __getstate__(self) -> dict[str, Any]:
        """How it was made; not its world: what is unpickled begins with a reset."""
        return {"arguments": self._arguments, "spec": self.spec}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state["arguments"])
        self.spec = state["spec"]


def modes_here() -> list[str]:
    """The render modes that this machine offers: a window needs a display, or SDL's word for where to draw it."""
    shown = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"))
    return ["rgb_array", "human"] if shown else ["rgb_array"]


def check_size(size: Any) -> tuple[int, int]:
    try:
        width, height = size
    except (TypeError, ValueError):
        raise native.InvalidError(f"render_size must be (width, height), not {native.shown(size)}") from None
    return native.integer(width, "width", 16, 2048), native.integer(height, "height", 16, 2048)
