# SPDX-License-Identifier: MIT
"""Episodes as a Minari dataset (format 0.5), written with h5py alone; ``minari.load_dataset`` reads it.

The name of this module is the format's; it does not import the package ``minari``.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium import spaces

from . import _native
from .replay import CHANNELS, Episode, Replay

FORMAT = "0.5.3"
"""Version of the dataset format that is written."""

_ID = re.compile(r"(?:[-\w][-\w/]*[-\w]/)?[-\w]+-v\d+", re.ASCII)


def datasets_root() -> pathlib.Path:
    """Where Minari looks: ``$MINARI_DATASETS_PATH`` or ``~/.minari/datasets``."""
    place = os.environ.get("MINARI_DATASETS_PATH")
    return pathlib.Path(place) if place else pathlib.Path.home() / ".minari" / "datasets"


# ---------------------------------------------------------------- actions


def channels_space(channel_bits: int, negative_bits: int) -> spaces.MultiDiscrete:
    """The multi-discrete action space of the bound channels: 3 levels where -1 differs from 0, else 2."""
    bound = [c for c in range(CHANNELS) if channel_bits >> c & 1]
    if not bound:
        raise _native.InvalidError("the level binds no channel")
    return spaces.MultiDiscrete([3 if negative_bits >> c & 1 else 2 for c in bound])


def channels_to_actions(channels: np.ndarray, channel_bits: int, negative_bits: int) -> np.ndarray:
    """Channels in -1, 0, 1 as multi-discrete actions.

    Args:
        channels: ``[T, 8]`` int8.

    Returns:
        ``[T, C]`` int64 for the C bound channels; -1 on a channel without a negative side counts as 0,
        which it means.
    """
    bound = [c for c in range(CHANNELS) if channel_bits >> c & 1]
    actions = np.asarray(channels)[:, bound].astype(np.int64)
    negative = np.array([negative_bits >> c & 1 for c in bound], np.int64)
    return np.where(negative == 1, actions + 1, np.maximum(actions, 0))


def actions_to_channels(actions: np.ndarray, channel_bits: int, negative_bits: int) -> np.ndarray:
    """The other way round. ``[T, C]`` -> ``[T, 8]`` int8"""
    bound = [c for c in range(CHANNELS) if channel_bits >> c & 1]
    channels = np.zeros((len(actions), CHANNELS), np.int8)
    channels[:, bound] = np.asarray(actions) - np.array([negative_bits >> c & 1 for c in bound])
    return channels


# ---------------------------------------------------------------- spaces as JSON


def space_json(space: spaces.Space) -> dict[str, Any]:
    """A space in the format's words."""
    if isinstance(space, spaces.Box):
        return {
            "type": "Box",
            "dtype": str(space.dtype),
            "shape": list(space.shape),
            "low": space.low.tolist(),
            "high": space.high.tolist(),
        }
    if isinstance(space, spaces.Discrete):
        return {"type": "Discrete", "dtype": "int64", "start": int(space.start), "n": int(space.n)}
    if isinstance(space, spaces.MultiDiscrete):
        return {
            "type": "MultiDiscrete",
            "dtype": str(space.dtype),
            "nvec": space.nvec.tolist(),
            "start": space.start.tolist(),
        }
    if isinstance(space, spaces.Dict):
        return {"type": "Dict", "subspaces": {key: space_json(value) for key, value in space.spaces.items()}}
    raise _native.InvalidError(f"a space of type {type(space).__name__} cannot be written")


def _observation_space(observations: Any) -> spaces.Space:
    """The space of observations from a replay: what ``Env`` says of the same form."""
    if isinstance(observations, Mapping):
        return spaces.Dict({key: _box(value, 0.0 if key == "mask" else -10.0) for key, value in observations.items()})
    return _box(observations, -10.0)


def _box(rows: np.ndarray, low: float) -> spaces.Box:
    """Every value is finite and in [-10, 10] (agents/observe/observe.h), a mask's in [0, 1]."""
    return spaces.Box(low, 10.0 if low else 1.0, rows.shape[1:], np.float32)


# ---------------------------------------------------------------- writing


def _write_array(group: Any, name: str, array: Any, space: spaces.Space | None, rows: int) -> None:
    if isinstance(array, Mapping):
        below = group.create_group(name, track_order=True)
        for key, value in array.items():
            _write_array(below, key, value, space[key] if isinstance(space, spaces.Dict) else None, rows)
        return
    array = np.asarray(array)
    if space is not None and array.shape[1:] != space.shape:
        raise _native.InvalidError(f"{name} of shape {array.shape}; the space wants [{rows}, {', '.join(map(str, space.shape))}]")
    if len(array) != rows:
        raise _native.InvalidError(f"{name} has {len(array)} rows where {rows} are due")
    if space is not None:
        array = array.astype(space.dtype, copy=False)
    group.create_dataset(name, data=array, chunks=True if array.size else None, maxshape=(None, *array.shape[1:]) if array.size else None)


def _write_episode(file: Any, index: int, episode: Episode, observation: spaces.Space, action: spaces.Space) -> None:
    steps = len(episode)
    group = file.create_group(f"episode_{index}", track_order=True)
    group.attrs["id"] = index
    group.attrs["total_steps"] = steps
    if episode.seed is not None and 0 <= episode.seed < 1 << 64:
        group.attrs["seed"] = np.uint64(episode.seed)
    if episode.level is not None:
        group.attrs["options/level"] = episode.level
    for key, value in episode.info.items():
        group.attrs[f"paracosm/{key}"] = value
    rewards = np.asarray(episode.rewards, np.float64)
    for name in ("max", "min", "mean", "std", "sum"):
        group.attrs[f"rewards_{name}"] = float(getattr(np, name)(rewards))
    terminations, truncations = np.zeros(steps, bool), np.zeros(steps, bool)
    terminations[-1], truncations[-1] = episode.terminated, episode.truncated
    _write_array(group, "observations", episode.observations, observation, steps + 1)
    _write_array(group, "actions", episode.actions, action, steps)
    _write_array(group, "rewards", rewards, None, steps)
    _write_array(group, "terminations", terminations, None, steps)
    _write_array(group, "truncations", truncations, None, steps)


def _write_files(
    folder: pathlib.Path,
    episodes: Sequence[Episode],
    observation: spaces.Space,
    action: spaces.Space,
    metadata: dict[str, Any],
) -> None:
    try:
        import h5py
    except ImportError:
        raise _native.LibraryError("to_minari writes HDF5: pip install h5py, or paracosm[minari]") from None
    path = folder / "main_data.hdf5"
    with h5py.File(path, "w", track_order=True) as file:
        for index, episode in enumerate(episodes):
            _write_episode(file, index, episode, observation, action)
    metadata = {
        "minari_version": FORMAT,
        "total_episodes": len(episodes),
        "total_steps": sum(len(episode) for episode in episodes),
        "data_format": "hdf5",
        "jpeg_encoding": False,
        "observation_space": json.dumps(space_json(observation)),
        "action_space": json.dumps(space_json(action)),
        "dataset_size": round(path.stat().st_size / 1e6, 3),
        **metadata,
    }
    (folder / "metadata.json").write_text(json.dumps(metadata, indent=1))


def _place(dataset_id: str, root: str | os.PathLike[str] | None, overwrite: bool) -> pathlib.Path:
    if not isinstance(dataset_id, str) or not _ID.fullmatch(dataset_id) or "//" in dataset_id:
        raise _native.InvalidError(f"dataset id {_native.shown(dataset_id)}: must be name-v0 or namespace/name-v0, of letters, digits, - and _")
    place = datasets_root() if root is None else pathlib.Path(_native.path_of(root, "root"))
    folder = place / dataset_id
    if os.path.exists(folder) and not overwrite:
        raise _native.ExistsError(f"there is a dataset {dataset_id} already, in {folder}; overwrite=True replaces it")
    if os.path.exists(folder) and not os.path.isfile(folder / "data" / "metadata.json"):
        raise _native.ExistsError(f"{folder} is no dataset; it is not replaced")
    return folder


# ---------------------------------------------------------------- replays


def _family_of(names: set[str]) -> Any:
    """The library's family if all episodes are of one that it knows, else None."""
    from ._native import Error
    from .levels import Family

    if len(names) != 1:
        return None
    try:
        return Family(next(iter(names)))
    except (Error, OSError):
        return None  # a template of one's own: its replays still say what they need


def _from_replays(replays: Sequence[Replay], obs: str) -> tuple[list[Episode], spaces.Space, spaces.Space, Any]:
    names = {replay.family for replay in replays}
    family = _family_of(names)
    channel_bits = family.channel_bits if family else 0
    negative_bits = family.negative_bits if family else 0
    size = family.vector_size if family else 0
    for replay in replays:
        channel_bits |= replay.channel_bits
        negative_bits |= replay.negative_bits
        size = max(size, replay.vector_size)
    if obs == "vector" and len(names) > 1:
        raise _native.InvalidError(f"`vector` observations are of one family; these replays are of {', '.join(sorted(names))}")
    episodes = []
    for replay in replays:
        if replay.decisions == 0:
            raise _native.InvalidError(f"{replay.path} holds no decision")
        episode = replay.episode(obs, size if obs == "vector" else None)
        episode.actions = channels_to_actions(episode.actions, channel_bits, negative_bits)
        episodes.append(episode)
    observation = _observation_space(episodes[0].observations)
    return episodes, observation, channels_space(channel_bits, negative_bits), family


def _spec(family: Any, obs: str) -> str | None:
    """The registered environment that steps such episodes, as JSON."""
    import gymnasium

    if family is None:
        return None
    try:
        spec = gymnasium.spec(f"paracosm/{family.name}")
    except gymnasium.error.Error:
        return None
    spec.kwargs = {**spec.kwargs, "obs": obs, "actions": "multi_discrete"}
    spec.vector_entry_point = None  # not part of what Minari reads
    return spec.to_json()


def _all(source: Iterable[Any]) -> tuple[list[Episode], list[Replay]]:
    episodes: list[Episode] = []
    replays: list[Replay] = []
    if isinstance(source, (str, bytes, np.ndarray)) or not isinstance(source, Iterable):
        raise _native.InvalidError(f"wants a list of episodes or replays, not {type(source).__name__}")
    for item in source:
        if isinstance(item, Episode):
            episodes.append(item)
        elif isinstance(item, Replay):
            replays.append(item)
        else:
            replays.append(Replay(item))
    if bool(episodes) == bool(replays):
        raise _native.InvalidError("wants at least one episode or replay, and not both kinds" if not episodes else "wants episodes or replays, not both")
    return episodes, replays


def to_minari(
    source: Iterable[Episode | Replay | str | os.PathLike[str]],
    dataset_id: str,
    *,
    obs: str = "entities",
    observation_space: spaces.Space | None = None,
    action_space: spaces.Space | None = None,
    root: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    description: str = "",
    author: str = "",
    algorithm: str = "",
) -> pathlib.Path:
    """Writes episodes as a Minari dataset; wholly or not at all. Needs h5py.

    Args:
        source: replays (files or :class:`Replay`), which are verified first, or :class:`Episode` objects
            (see :func:`record`). Each holds at least one decision.
        dataset_id: ``name-v0`` or ``namespace/name-v0``.
        obs: for replays: ``"entities"`` (any families) or ``"vector"`` (one family).
        observation_space, action_space: for episodes: the spaces of the env they come from (not the
            batched ones). Replays bring their own; their actions become multi-discrete.
        root: folder of datasets; default: where Minari looks.
        overwrite: replace a dataset of that id.
        description, author, algorithm: kept in the dataset's metadata.

    Returns:
        The dataset's folder; ``minari.load_dataset(dataset_id)`` reads it.
    """
    folder = _place(dataset_id, root, overwrite)
    episodes, replays = _all(source)
    metadata: dict[str, Any] = {"dataset_id": dataset_id, "requirements": ["paracosm"]}
    if replays:
        episodes, observation_space, action_space, family = _from_replays(replays, obs)
        spec = _spec(family, obs)
        if spec is not None:
            metadata["env_spec"] = spec
    if observation_space is None or action_space is None:
        raise _native.InvalidError("episodes need observation_space and action_space: those of their env")
    if any(len(episode) == 0 for episode in episodes):
        raise _native.InvalidError("an episode holds no decision")
    for key, text in (("description", description), ("algorithm_name", algorithm)):
        if text:
            metadata[key] = text
    if author:
        metadata["author"] = [author]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = pathlib.Path(tempfile.mkdtemp(prefix=".paracosm-", dir=folder.parent))
        try:
            (fresh / "data").mkdir()
            _write_files(fresh / "data", episodes, observation_space, action_space, metadata)
            fresh.chmod(0o755)
            if folder.exists():
                shutil.rmtree(folder)
            fresh.rename(folder)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
    except OSError as error:
        raise _native.FileError(f"cannot write {str(folder)[:200]}: {error.strerror or error}") from error
    return folder


# ---------------------------------------------------------------- recording in Python


def _stack(observations: Sequence[Any]) -> Any:
    if isinstance(observations[0], Mapping):
        return {key: np.stack([one[key] for one in observations]) for key in observations[0]}
    return np.stack(observations)


def record(env: Any, act: Any, episodes: int, *, seed: int | None = None, options: Any = None) -> list[Episode]:
    """Plays whole episodes and keeps them.

    Args:
        env: a single env that ends every episode (ours do: a level has a time limit).
        act: ``act(observation) -> action``.
        episodes: how many.
        seed: of the first reset; the others go on from it.
        options: given to every reset.

    Returns:
        The episodes, ready for :func:`to_minari` with the env's spaces.
    """
    kept: list[Episode] = []
    if not callable(act):
        raise _native.InvalidError(f"act is a function of the observation, not {type(act).__name__}")
    for index in range(_native.integer(episodes, "episodes", 0, 2**31 - 1)):
        first, info = env.reset(seed=seed if index == 0 else None, options=options)
        seen, actions, rewards = [_copy(first)], [], []
        terminated = truncated = False
        while not (terminated or truncated):
            action = act(seen[-1])
            observation, reward, terminated, truncated, info = env.step(action)
            seen.append(_copy(observation))
            actions.append(np.asarray(action).copy())
            rewards.append(float(reward))
        level = getattr(env.unwrapped, "level", None)
        kept.append(
            Episode(
                observations=_stack(seen),
                actions=np.stack(actions),
                rewards=np.asarray(rewards),
                terminated=terminated,
                truncated=truncated,
                seed=seed if index == 0 else None,
                level=getattr(level, "json", None),
            )
        )
    return kept


def _copy(observation: Any) -> Any:
    if isinstance(observation, Mapping):
        return {key: np.array(value) for key, value in observation.items()}
    return np.array(observation)
