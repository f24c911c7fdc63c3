#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What `paracosm watch` costs a training: decisions per second with and without it.

    python3 bench/watch_cost.py [PARACOSM [PAIRS [SECONDS]]]

Trainings of SECONDS (15) run one after the other, PAIRS (12) times two, one of each pair watched from its first
second to its last; which of the two comes first changes from pair to pair, so that what drifts weighs on both. Prints
each pair's ratio, with / without, and their mean, standard deviation and number. Opens a window, or with
SDL_VIDEODRIVER=offscreen none. The first five seconds, in which the window opens and pictures are as
many as wanted, are not counted. Nothing else should run meanwhile.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time


OPENING = 5.0  # [s]


def train(program, folder, seconds, watched):
    """Decisions per second, by the clock and by CPU time, of a new training; its watcher ends with it."""
    command = [program, "train", "--out", folder, "--families", "rover,hopper",
               "--minutes", str(seconds / 60), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as training:
        watcher = None
        while watched and watcher is None and training.poll() is None:
            if os.path.exists(os.path.join(folder, "run.db")):
                watcher = subprocess.Popen([program, "watch", folder], stdout=subprocess.DEVNULL,
                                           start_new_session=True)
            else:
                time.sleep(0.05)
        lines = training.stdout.read().splitlines()
        there = watcher is not None and watcher.poll() is None
        if watcher is not None:
            watcher.terminate()
            watcher.wait()
    if training.returncode != 0 or len(lines) < 2:
        sys.exit("the training failed: %s" % " ".join(command))
    if watched and not there:
        sys.exit("the watcher did not stay to the end: is there a display?")
    told = [json.loads(line) for line in lines]
    first = next((line for line in told if line["seconds"] >= OPENING), None)
    if first is None or first is told[-1]:
        sys.exit("SECONDS must be more: the first %g are not counted" % OPENING)
    gone = {key: told[-1][key] - first[key] for key in ("decisions", "seconds", "cpu_seconds")}
    return gone["decisions"] / gone["seconds"], gone["decisions"] / gone["cpu_seconds"]


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/paracosm")
    pairs = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 15.0
    ratios = []
    with tempfile.TemporaryDirectory() as place:
        for pair in range(pairs):
            speed = {}
            for watched in (pair % 2 == 0, pair % 2 == 1):
                folder = os.path.join(place, "%d-%d" % (pair, watched))
                speed[watched] = train(program, folder, seconds, watched)
            ratios.append([with_it / alone for with_it, alone in zip(speed[True], speed[False])])
            print("pair %2d: %7.0f decisions/s watched, %7.0f alone, ratio %.4f; by CPU time %.4f"
                  % (pair + 1, speed[True][0], speed[False][0], *ratios[-1]), flush=True)
    for what, row in zip(("by the clock", "by CPU time"), zip(*ratios)):
        spread = statistics.stdev(row) if pairs > 1 else float("nan")
        print("%-12s mean ratio %.4f, sd %.4f, n %d" % (what, statistics.mean(row), spread, pairs))


if __name__ == "__main__":
    main()
