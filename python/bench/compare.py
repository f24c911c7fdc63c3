# SPDX-License-Identifier: MIT
"""Steps per second of Paracosm's families beside Gymnasium's own environments, in one run.

    pip install 'gymnasium[box2d]' python/
    python python/bench/compare.py --out compare.json            # all rows, about 4 minutes
    python python/bench/compare.py --quick                        # a look, about 1 minute

Every row is measured in a process of its own, pinned to core 0 (one core) or to cores 0 and 1 (two).
Actions are drawn before the clock starts; resets, the writing of observations and the counting of ended
episodes are inside it; a NEXT_STEP reset does not count as a step. A row is the median of ``--repeats``
runs, with the least and the greatest beside it. Rates are given by wall time and by CPU time of the
process: on a machine with other work going on the second is the one to compare, and "got" says how many
cores a row really had.

How two cores are used:
  paracosm     one vector, ``num_threads=2`` in the library
  gymnasium    two processes with half of the envs each and no traffic between them, which is more than
               any vectoriser of theirs can reach; ``async`` rows are Gymnasium's own AsyncVectorEnv
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from typing import Any

# What one env step holds, so that rates can be compared at all. `pair` is the environment next of kin.
PACE: dict[str, dict[str, Any]] = {
    "paracosm/lander": {"pair": "LunarLander-v3", "steps": 4, "hertz": 60, "solver": "lanes, 4 soft steps"},
    "paracosm/walker": {"pair": "BipedalWalker-v3", "steps": 4, "hertz": 60, "solver": "lanes, 4 soft steps"},
    "paracosm/balance": {"pair": "CartPole-v1", "steps": 4, "hertz": 60, "solver": "lanes, 4 soft steps"},
    "LunarLander-v3": {"steps": 1, "hertz": 50, "solver": "Box2D 2.3, 180/60 iterations"},
    "BipedalWalker-v3": {"steps": 1, "hertz": 50, "solver": "Box2D 2.3, 180/60 iterations"},
    "CartPole-v1": {"steps": 1, "hertz": 50, "solver": "one formula, no contacts"},
}
OURS = [name for name in PACE if name.startswith("paracosm/")]
THEIRS = [name for name in PACE if name not in OURS]


# --- inside a measured process ---------------------------------------------------------------------------

def cut_iterations() -> None:
    """LunarLander and BipedalWalker with 10/10 solver iterations instead of 180/60: another task, to show
    how much of a difference in speed is the solver's setting."""
    import Box2D

    step = Box2D.b2World.Step
    Box2D.b2World.Step = lambda world, seconds, *_: step(world, seconds, 10, 10)


def make(row: dict[str, Any], envs: int) -> Any:
    """The environment of a row: a gymnasium.Env where row["form"] is "single", else a VectorEnv."""
    import gymnasium

    if row["id"].startswith("paracosm/"):
        import paracosm  # noqa: F401  (registers the families)
    if row.get("iterations"):
        cut_iterations()
    if row["form"] == "single":
        return gymnasium.make(row["id"])
    if row["form"] == "native":
        extra = {"num_threads": row["cores"], **row.get("kwargs", {})} if row["id"].startswith("paracosm/") else {}
        return gymnasium.make_vec(row["id"], num_envs=envs, **extra)
    return gymnasium.make_vec(row["id"], num_envs=envs, vectorization_mode=row["form"])


def resident() -> int:
    """[byte] of memory of this process."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def bank_of(env: Any, count: int) -> list[Any]:
    """`count` actions drawn beforehand."""
    env.action_space.seed(1)
    return [env.action_space.sample() for _ in range(count)]


def run_single(env: Any, bank: list[Any], seconds: float) -> tuple[int, int]:
    """@return calls of step, resets within `seconds`"""
    calls = resets = 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for action in bank:
            _, _, terminated, truncated, _ = env.step(action)
            if terminated or truncated:
                env.reset()
                resets += 1
        calls += len(bank)
    return calls, resets


def run_vector(env: Any, bank: list[Any], seconds: float) -> tuple[int, int]:
    """@return calls of step, steps that were resets within `seconds`"""
    import numpy

    calls = resets = 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for action in bank:
            _, _, terminated, truncated, _ = env.step(action)
            resets += numpy.count_nonzero(terminated) + numpy.count_nonzero(truncated)
            calls += 1
            if time.perf_counter() >= end:
                break
    return calls, resets


def measure(row: dict[str, Any]) -> dict[str, Any]:
    """Builds the row's environment, waits for the word to go, and measures."""
    os.sched_setaffinity(0, row["pin"])
    envs = row["envs"]
    small = make(row, 1)  # loads what is shared by all envs, so that it is not counted as theirs
    small.reset(seed=0)
    bank_small = bank_of(small, 4)
    for action in bank_small:
        small.step(action)
    small.close()
    gc.collect()
    before = resident()
    start = time.perf_counter()
    env = make(row, envs)
    env.reset(seed=0)
    built = time.perf_counter() - start
    single = row["form"] == "single"
    bank = bank_of(env, 256 if envs <= 64 else 64)
    run = run_single if single else run_vector
    run(env, bank, row["seconds"])
    gc.collect()
    memory = (resident() - before) / envs
    print("ready", flush=True)
    sys.stdin.readline()
    wall_rates, cpu_rates, call_times, shares = [], [], [], []
    for _ in range(row["repeats"]):
        wall, cpu = time.perf_counter(), time.process_time()
        calls, resets = run(env, bank, row["seconds"])
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        steps = calls if single else calls * envs - resets
        wall_rates.append(steps / wall)
        cpu_rates.append(steps / cpu)
        call_times.append(1e6 * cpu / calls)
        shares.append(cpu / wall)
    told = getattr(env.unwrapped, "bytes_per_env", None)  # by the library itself
    env.close()
    return {"wall": wall_rates, "cpu": cpu_rates, "call_us": call_times, "share": shares, "bytes": memory,
            "bytes_told": told, "build_s": built}


# --- the one that starts them -----------------------------------------------------------------------------

def rows_of(sizes: list[int], seconds: float, repeats: int) -> list[dict[str, Any]]:
    """Every row, ours and theirs next to each other."""
    rows: list[dict[str, Any]] = []

    def add(name: str, form: str, envs: int, cores: int, **more: Any) -> None:
        rows.append({"id": name, "form": form, "envs": envs, "cores": cores, "seconds": seconds,
                     "repeats": repeats, **more})

    for ours in OURS:
        theirs = PACE[ours]["pair"]
        add(ours, "single", 1, 1)
        add(theirs, "single", 1, 1)
        if theirs != "CartPole-v1":
            add(theirs, "single", 1, 1, iterations=10)
        for envs in sizes:
            for cores in (1, 2):
                add(ours, "native", envs, cores)
                if cores == 1 or envs > 1:
                    add(theirs, "sync", envs, cores)
                    if theirs == "CartPole-v1":
                        add(theirs, "native", envs, cores)
                if cores == 2 and envs == 64:
                    add(theirs, "async", envs, cores)
    return rows


def start(row: dict[str, Any]) -> subprocess.Popen[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
                   "PYGAME_HIDE_SUPPORT_PROMPT": "1", "SDL_VIDEODRIVER": "dummy"}
    worker = subprocess.Popen([sys.executable, "-W", "ignore", os.path.abspath(__file__), "--worker",
                               json.dumps(row)], env=environment, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    line = worker.stdout.readline().strip()
    while line not in ("ready", ""):
        line = worker.stdout.readline().strip()
    return worker


def finish(worker: subprocess.Popen[str]) -> dict[str, Any]:
    text, _ = worker.communicate()
    if worker.returncode != 0 or not text.strip():
        raise SystemExit(f"a measured process ended with code {worker.returncode}; its message is above")
    return json.loads(text.strip().splitlines()[-1])


def spread(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "least": min(values), "greatest": max(values)}


def run_row(row: dict[str, Any], cores: list[int]) -> dict[str, Any]:
    """Measures one row; where Gymnasium gets two cores, in two processes of half the envs each."""
    halves = row["cores"] == 2 and not row["id"].startswith("paracosm/") and row["form"] != "async"
    if halves:
        parts = [{**row, "envs": row["envs"] // 2, "pin": [core]} for core in cores[:2]]
    else:
        parts = [{**row, "pin": cores[:row["cores"]]}]
    workers = [start(part) for part in parts]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    found = [finish(worker) for worker in workers]
    pace = PACE[row["id"]]
    wall = spread([sum(values) for values in zip(*(f["wall"] for f in found))])
    result = {"id": row["id"], "form": row["form"], "envs": row["envs"], "cores": row["cores"],
              "processes": len(parts), "solver": pace["solver"], "physics_steps_per_step": pace["steps"],
              "physics_hertz": pace["hertz"], "steps_per_s_wall": wall,
              "build_s": max(f["build_s"] for f in found),
              "bytes_told_per_env": found[0]["bytes_told"]}
    if row["form"] != "async":  # the work of an AsyncVectorEnv is done by its children: wall time only
        result["steps_per_cpu_s"] = spread([statistics.mean(v) for v in zip(*(f["cpu"] for f in found))])
        result["cores_got"] = spread([sum(v) for v in zip(*(f["share"] for f in found))])
        result["call_us"] = spread([statistics.mean(v) for v in zip(*(f["call_us"] for f in found))])
        result["bytes_per_env"] = statistics.mean(f["bytes"] for f in found) if row["envs"] >= 64 else None
    if row.get("iterations"):
        result["solver"] = "Box2D 2.3, 10/10 iterations: another task"
    return result


def machine() -> dict[str, Any]:
    """What the figures belong to."""
    from importlib.metadata import PackageNotFoundError, version

    def of(package: str) -> str | None:
        try:
            return version(package)
        except PackageNotFoundError:
            return None

    model = "unknown"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {"processor": model, "cores": os.cpu_count(), "system": platform.platform(),
            "python": platform.python_version(), "load_before": os.getloadavg()[0],
            "packages": {p: of(p) for p in ("paracosm", "gymnasium", "numpy", "box2d", "pygame-ce")}}


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as a Markdown table."""
    lines = ["| environment | form | envs | cores | got | steps/s | per CPU second | a call | bytes per env |",
             "|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        cpu = f"{row['steps_per_cpu_s']['median']:,.0f}" if "steps_per_cpu_s" in row else "–"
        call = f"{row['call_us']['median']:,.1f} µs" if "call_us" in row else "–"
        got = f"{row['cores_got']['median']:.2f}" if "cores_got" in row else "–"
        size = f"{row['bytes_per_env']:,.0f}" if row.get("bytes_per_env") else "–"
        name = row["id"] + (" (10/10)" if "another task" in row["solver"] else "")
        lines.append(f"| {name} | {row['form']} | {row['envs']:,} | {row['cores']} | {got} | "
                     f"{row['steps_per_s_wall']['median']:,.0f} | {cpu} | {call} | {size} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", help="write the rows as JSON to this file")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 64, 1024], help="envs per vector")
    parser.add_argument("--seconds", type=float, default=0.6, help="[s] of one run")
    parser.add_argument("--repeats", type=int, default=5, help="runs per row")
    parser.add_argument("--quick", action="store_true", help="3 runs of 0.2 s, vectors of 1 and 64")
    parser.add_argument("--only", choices=["ours", "theirs"], help="one side alone")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(measure(json.loads(options.worker))), flush=True)
        return
    if options.only != "ours" and not importlib.util.find_spec("Box2D"):
        parser.error("Python has no Box2D: pip install 'gymnasium[box2d]', or --only ours")
    if options.quick:
        options.sizes, options.seconds, options.repeats = [1, 64], 0.2, 3
    cores = sorted(os.sched_getaffinity(0))
    report: dict[str, Any] = {"machine": machine(), "rows": []}
    for row in rows_of(options.sizes, options.seconds, options.repeats):
        mine = row["id"].startswith("paracosm/")
        if options.only and mine != (options.only == "ours") or row["cores"] > len(cores):
            continue
        report["rows"].append(run_row(row, cores))
        print(table(report["rows"][-1:]).splitlines()[-1], file=sys.stderr, flush=True)
    report["machine"]["load_after"] = os.getloadavg()[0]
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=1)
            file.write("\n")
    print(table(report["rows"]))


if __name__ == "__main__":
    main()
