#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How players do on levels of Kinetix: each level is imported and played by one who does nothing, by a random
player, and by a player trained on it alone for two minutes (or so many decisions).

  tests/kinetix_table.py --levels FOLDER [--out FOLDER] [--minutes 2 | --decisions N] [--only m/h0]
  tests/kinetix_table.py --levels FOLDER --run RUN [--episodes 20] [--only m/h0]

FOLDER holds levels as Kinetix writes them, in any folders below. A level that the table has already is not run
again, so that the work may be stopped and goes on. The table is a file of JSON lines in --out; it is printed as
Markdown at the end.

With --run nothing is trained: the player of that run folder, which must see `entities`, plays every level as it
comes, 20 times each as in Kinetix's own tables. Then everything is played anew, and the means of the classes are
printed below: of levels, none counting for more than another.

Needs a built paracosm (PARACOSM, else build/paracosm)."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

PLAYERS = ("still", "random", "untrained", "trained")
PROGRAM = os.environ.get("PARACOSM", "build/paracosm")


def run(*arguments):
    """What the program prints; its error ends this one."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{PROGRAM} {' '.join(map(str, arguments))}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def imported(level, folder):
    """The template made of a level."""
    run("import", "kinetix", level, "--out", folder)
    made = sorted(folder.glob("*.json"))
    if len(made) != 1:
        sys.exit(f"{level}: {len(made)} templates were made of it")
    return made[0]


def measured(level, name, options):
    """A row: shares solved by each player, of so many episodes of the one level."""
    folder = pathlib.Path(options.out) / name.replace("/", "-")
    folder.mkdir(parents=True, exist_ok=True)
    template = imported(level, folder / "template")
    length = ["--decisions", options.decisions] if options.decisions else ["--minutes", options.minutes]
    run("train", "--families", template, "--maker", "dr", *length,
        "--threads", options.threads, "--seed", options.seed, "--out", folder / "run", "--quiet")
    return row_of(name, options, folder / "run")


def row_of(name, options, folder, *families):
    """A row of the table: what the players of a run folder do on its one level, or on that of `families`."""
    scores = json.loads(run("eval", folder, *families, "--levels", 1, "--episodes", options.episodes,
                            "--threads", options.threads, "--json", "--quiet"))
    row = {"level": name, "solver": "lanes" if scores["families"][0]["lanes_levels"] else "chipmunk"}
    row.update(scores["families"][0]["solve"])
    return row


def met_first(level, name, options):
    """A row: the players on a level that the run has never seen."""
    with tempfile.TemporaryDirectory() as folder:
        return row_of(name, options, options.run, "--families", imported(level, pathlib.Path(folder)))


def print_levels(rows):
    print("| level | solver | still | random | untrained | trained |\n|---|---|---|---|---|---|")
    for row in sorted(rows, key=lambda row: row["level"]):
        shares = " | ".join(f"{100 * row[player]:.0f}" for player in PLAYERS)
        print(f"| {row['level']} | {row['solver']} | {shares} |")


def print_classes(rows):
    """Means over the levels of each folder, and over all; and how many were solved at all."""
    print("\n| class | levels | still | random | untrained | trained | solved at least once |\n|---|---|---|---|---|---|---|")
    classes = sorted({row["level"].split("/")[0] for row in rows}, key=lambda name: "sml".find(name[0]))
    for name in [*classes, "all"]:
        own = [row for row in rows if name in ("all", row["level"].split("/")[0])]
        shares = " | ".join(f"{100 * statistics.mean(row[player] for row in own):.1f} %" for player in PLAYERS)
        print(f"| {name} | {len(own)} | {shares} | {sum(row['trained'] > 0 for row in own)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--levels", required=True, help="folder of Kinetix's levels")
    parser.add_argument("--run", help="the folder of a run whose player meets the levels for the first time")
    parser.add_argument("--out", default="kinetix-table", help="folder of what is made (default kinetix-table)")
    parser.add_argument("--minutes", type=float, default=2, help="training of each level (default 2)")
    parser.add_argument("--decisions", type=int, default=0, help="training of each level, instead of minutes")
    parser.add_argument("--episodes", type=int, help="played by each player (default 256; with --run 20)")
    parser.add_argument("--threads", type=int, default=0, help="0: one per CPU (default 0)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="levels whose path holds this")
    options = parser.parse_args()
    options.episodes = options.episodes or (20 if options.run else 256)
    root = pathlib.Path(options.levels)
    levels = sorted(path for path in root.rglob("*.json") if options.only in str(path.relative_to(root)))
    if not levels:
        sys.exit(f"{root}: no level (.json) in it")
    pathlib.Path(options.out).mkdir(parents=True, exist_ok=True)
    table = pathlib.Path(options.out) / ("met_first.jsonl" if options.run else "table.jsonl")
    if options.run:  # it may have learned since
        table.unlink(missing_ok=True)
    rows = [json.loads(line) for line in table.read_text().splitlines()] if table.exists() else []
    had = {row["level"] for row in rows}
    for number, level in enumerate(levels, 1):
        name = str(level.relative_to(root).with_suffix(""))
        if name in had:
            continue
        rows.append((met_first if options.run else measured)(level, name, options))
        with table.open("a") as file:
            file.write(json.dumps(rows[-1]) + "\n")
        print(f"{number} of {len(levels)}: {json.dumps(rows[-1])}", file=sys.stderr, flush=True)
    print_levels(rows)
    if options.run:
        print_classes(rows)


if __name__ == "__main__":
    main()
