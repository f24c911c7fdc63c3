# SPDX-License-Identifier: MIT
"""Draws learning curves written by the examples' ``--curve`` into one picture (needs matplotlib).

    python python/bench/plot_curves.py --out curves.png "SB3 PPO=sb3.csv" "skrl PPO=skrl.csv"
"""

from __future__ import annotations

import argparse
import csv

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402


def read(path: str) -> dict[str, list[float]]:
    """Columns of a curve file."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(row[name]) for row in rows] for name in rows[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("curves", nargs="+", metavar="NAME=FILE")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8, 3), layout="constrained")
    for item in options.curves:
        name, _, path = item.partition("=")
        curve = read(path)
        left.plot(curve["steps"], [100 * share for share in curve["solved"]], label=name)
        right.plot(curve["seconds"], curve["return"], label=name)
    left.set(xlabel="decisions", ylabel="solved [%] of new levels", ylim=(0, 100))
    right.set(xlabel="seconds", ylabel="mean return")
    for axes in (left, right):
        axes.grid(alpha=0.3)
    left.legend()
    figure.savefig(options.out, dpi=110)


if __name__ == "__main__":
    main()
