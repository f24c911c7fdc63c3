# SPDX-License-Identifier: MIT
"""The learning curves of docs/python.md, made anew: trains both examples, draws the picture, prints the table's rows.

    pip install stable-baselines3 skrl matplotlib python/
    python python/bench/curves.py                  # about five minutes; writes docs/pictures/python-learners.png
    python python/bench/curves.py --keep curves    # keeps curves/sb3.csv and curves/skrl.csv; what is there is not trained again
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PICTURE = HERE.parents[1] / "docs" / "pictures" / "python-learners.png"
LEARNERS = {"sb3": ("SB3 PPO", "sb3_ppo.py", 300_000), "skrl": ("skrl PPO", "skrl_ppo.py", 400_000)}
NEEDS = ("stable_baselines3", "skrl", "torch", "matplotlib", "paracosm")
PART = 50_000  # decisions of a row
PARTS = (0, 1, 2, 3, 5)  # of them in the table

Curve = dict[str, list[float]]


def read(path: pathlib.Path) -> Curve:
    """Columns of a curve file."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(row[name]) for row in rows] for name in rows[0]}


def train(name: str, folder: pathlib.Path, share: float) -> Curve:
    """The curve of an example, trained if it is not there."""
    _, script, steps = LEARNERS[name]
    path = folder / f"{name}.csv"
    if not path.exists():
        words = ["--family", "balance", "--steps", str(round(steps * share)), "--threads", "1", "--curve", str(path)]
        subprocess.run([sys.executable, HERE.parent / "examples" / script, *words], check=True)
    return read(path)


def part(curve: Curve, index: int) -> str:
    """Solved, return and time of the decisions [index, index + 1) * PART, as three cells of the table."""
    rows = [row for row, steps in enumerate(curve["steps"]) if index * PART < steps <= (index + 1) * PART]
    episodes = sum(curve["episodes"][row] for row in rows)
    if not episodes:
        return "– | – | –"
    solved, mean = (sum(curve[name][row] * curve["episodes"][row] for row in rows) / episodes for name in ("solved", "return"))
    sign = "−" if round(mean, 1) < 0 else ""
    return f"{solved:.0%} | {sign}{abs(mean):.1f} | {curve['seconds'][rows[-1]]:.0f} s".replace("%", " %")


def table(curves: dict[str, Curve]) -> str:
    """The rows of the page, in Markdown."""
    lines = []
    for index in PARTS:
        span = f"{index * PART // 1000} to {(index + 1) * PART // 1000} k" if index else f"first {PART // 1000} k"
        lines.append(f"| {span} | {' | '.join(part(curve, index) for curve in curves.values())} |")
    return "\n".join(lines)


def draw(curves: dict[str, Curve], out: pathlib.Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8, 3), layout="constrained")
    for name, curve in curves.items():
        left.plot(curve["steps"], [100 * share for share in curve["solved"]], label=LEARNERS[name][0])
        right.plot(curve["seconds"], curve["return"], label=LEARNERS[name][0])
    left.set(xlabel="decisions", ylabel="solved [%] of new levels", ylim=(0, 100))
    right.set(xlabel="seconds", ylabel="mean return")
    for axes in (left, right):
        axes.grid(alpha=0.3)
    left.legend()
    figure.savefig(out, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=PICTURE, help="the picture")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the curves")
    parser.add_argument("--share", type=float, default=1.0, help="of the steps, to try it out")
    options = parser.parse_args()
    missing = [name for name in NEEDS if not importlib.util.find_spec(name)]
    if missing:
        parser.error(f"Python has no {' and no '.join(missing)}: pip install stable-baselines3 skrl matplotlib python/")
    with tempfile.TemporaryDirectory() as place:
        folder = options.keep or pathlib.Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        curves = {name: train(name, folder, options.share) for name in LEARNERS}
    draw(curves, options.out)
    print(table(curves))


if __name__ == "__main__":
    main()
