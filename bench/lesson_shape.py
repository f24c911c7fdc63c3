#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Searches the shape of a lesson: which worlds x decisions, passes, minibatches and rate teach most in a given time or
number of decisions. Trains each choice with several seeds, scores it on held-out levels, and prints a table."""
import argparse
import concurrent.futures
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

EXAMPLES = """examples:
  bench/lesson_shape.py --minutes 1 --shapes 256x64 128x32 64x64 --seeds 3
  bench/lesson_shape.py --decisions 1000000 --shapes 256x64 256x16 --epochs 2 4 --resume shapes.jsonl
  bench/lesson_shape.py --minutes 0.5 --family lander --shapes 64x64 32x64 --rates 1e-3 5e-4 --kl 0 0.02

All lists are crossed. With --minutes trainings run one after the other and take the whole machine: let nothing else
run. With --decisions what comes out hangs on no clock: --beside 2 --threads 1 keeps two cores busy better. Results are
kept line by line with --resume, and the next call goes on from there; Ctrl-C loses the trainings at hand only.
Exit code: 0 done, 1 a training failed, 2 wrong usage, 130 stopped."""


def shape(text):
    envs, _, horizon = text.partition("x")
    if not (envs.isdigit() and horizon.isdigit() and int(envs) > 0 and int(horizon) > 0):
        raise argparse.ArgumentTypeError(f"{text} is no shape: WORLDSxDECISIONS, such as 256x64")
    return int(envs), int(horizon)


def arguments(argv):
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(prog="bench/lesson_shape.py", description=__doc__, epilog=EXAMPLES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    budget = parser.add_mutually_exclusive_group(required=True)
    budget.add_argument("--minutes", type=float, nargs="+", metavar="N", help="of training")
    budget.add_argument("--decisions", type=int, nargs="+", metavar="N", help="of all worlds together")
    parser.add_argument("--shapes", type=shape, nargs="+", default=[(256, 64)], metavar="WxD",
                        help="worlds x decisions of a lesson (default 256x64)")
    parser.add_argument("--first", type=int, nargs="+", default=[16], metavar="D",
                        help="decisions of the first lessons (default 16)")
    parser.add_argument("--growth", type=float, nargs="+", default=[0.008], metavar="R",
                        help="share of all decisions so far that a lesson grows with; 0: always full length")
    parser.add_argument("--epochs", type=int, nargs="+", default=[2], metavar="N", help="passes (default 2)")
    parser.add_argument("--minibatches", type=int, nargs="+", default=[16], metavar="N", help="of a pass (default 16)")
    parser.add_argument("--rates", type=float, nargs="+", default=[2e-3], metavar="R", help="learning rates (default 2e-3)")
    parser.add_argument("--kl", type=float, nargs="+", default=[0], metavar="KL", help="bounds that end the passes; 0: none")
    parser.add_argument("--makers", nargs="+", default=["dr"], metavar="NAME", help="default dr")
    parser.add_argument("--more", default="", metavar="OPTIONS", help="further options of paracosm train, in one text")
    parser.add_argument("--family", metavar="NAME", help="one family alone, with the vector observation (default: all)")
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="trainings of each choice (default 3)")
    parser.add_argument("--levels", type=int, default=32, metavar="N", help="held-out levels per family (default 32)")
    parser.add_argument("--threads", type=int, default=0, metavar="N", help="0: one per processor (default)")
    parser.add_argument("--beside", type=int, default=1, metavar="N", help="trainings at a time (default 1)")
    parser.add_argument("--resume", metavar="FILE", help="keep results in FILE, a line of JSON each, and go on from them")
    parser.add_argument("--program", default=os.path.join(here, "..", "build", "paracosm"), help="default build/paracosm")
    options = parser.parse_args(argv)
    if options.minutes and options.beside > 1:
        parser.error("trainings side by side take each other's time: --beside goes with --decisions")
    return options


def choices(options):
    """Every training, seeds innermost, so that an early stop leaves whole choices."""
    budgets = [("minutes", m) for m in options.minutes or []] + [("decisions", d) for d in options.decisions or []]
    for budget, (envs, horizon), first, growth, epochs, minibatches, rate, kl, maker in itertools.product(
            budgets, options.shapes, options.first, options.growth, options.epochs, options.minibatches, options.rates, options.kl, options.makers):
        for seed in range(1, options.seeds + 1):
            yield {"budget": budget[0], "of": budget[1], "envs": envs, "horizon": horizon, "first": first,
                   "growth": growth, "epochs": epochs,
                   "minibatches": minibatches, "rate": rate, "kl": kl, "maker": maker, "more": options.more,
                   "family": options.family or "", "seed": seed, "levels": options.levels}


def command_of(choice, options, folder):
    command = [options.program, "train", "--quiet", "--out", folder, "--maker", choice["maker"], "--seed",
               str(choice["seed"]), "--envs", str(choice["envs"]), "--horizon", str(choice["horizon"]), "--first-horizon", str(choice["first"]), "--growth", repr(choice["growth"]),
               "--epochs", str(choice["epochs"]), "--minibatches", str(choice["minibatches"]), "--learning-rate",
               repr(choice["rate"]), "--kl-stop", repr(choice["kl"]), "--threads", str(options.threads)]
    if choice["budget"] == "minutes":
        command += ["--minutes", repr(choice["of"])]
    else:
        command += ["--decisions", str(choice["of"])]
    return command + (["--family", choice["family"]] if choice["family"] else []) + choice["more"].split()


def cpu_seconds(command):
    """Runs it. -> its CPU seconds"""
    child = subprocess.Popen(command)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return usage.ru_utime + usage.ru_stime


def run(choice, options):
    """Trains and scores. -> the choice with what came of it"""
    with tempfile.TemporaryDirectory(prefix="lesson-shape-") as place:
        folder = os.path.join(place, "run")
        cpu = cpu_seconds(command_of(choice, options, folder))
        query = "select max(decisions), max(seconds), count(*) from lessons"
        text = subprocess.run(["sqlite3", os.path.join(folder, "run.db"), query], check=True, capture_output=True,
                              text=True).stdout
        decisions, seconds, lessons = text.strip().split("|")
        score = json.loads(subprocess.run([options.program, "eval", folder, "--json", "--levels", str(options.levels),
                                           "--threads", str(options.threads)],
                                          check=True, capture_output=True, text=True).stdout)
    return {**choice, "mean": score["mean"]["trained"], "worst10": score["worst10"]["trained"], "decisions": int(decisions),
            "seconds": float(seconds), "lessons": int(lessons), "cpu": cpu}


def read_kept(path):
    if not path or not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file.read().split("\n")[:-1] if line]


def table(results):
    """Prints a line per choice: mean over the seeds, the lowest and highest beside it."""
    groups = {}
    for result in results:
        key = tuple(result[name] for name in ("budget", "of", "family", "maker", "envs", "horizon", "first", "growth",
                                              "epochs", "minibatches", "rate", "kl", "more"))
        groups.setdefault(key, []).append(result)
    print("| budget | what | lesson | grows by | epochs x minibatches | rate | kl | seeds | held out (low..high) | worst tenth "
          "| decisions | CPU s |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for key, group in sorted(groups.items(), key=lambda item: (item[0][:3], -statistics.mean(r["mean"] for r in item[1]))):
        budget, of, family, maker, envs, horizon, first, growth, epochs, minibatches, rate, kl, more = key
        lesson = f"{envs}x{first}..{horizon}" if growth > 0 and first < horizon else f"{envs}x{horizon}"
        means = [r["mean"] for r in group]
        print(f"| {of:g} {budget} | {family or 'library'} {maker} {more} | {lesson} | {growth:g} | {epochs}x{minibatches} | {rate:g} | {kl:g} "
              f"| {len(group)} | {statistics.mean(means):.3f} ({min(means):.3f}..{max(means):.3f}) "
              f"| {statistics.mean(r['worst10'] for r in group):.3f} | {statistics.mean(r['decisions'] for r in group) / 1e6:.2f} M "
              f"| {statistics.mean(r['cpu'] for r in group):.0f} |")


def main(argv):
    options = arguments(argv)
    if not os.access(options.program, os.X_OK) or not shutil.which("sqlite3"):
        print(f"lesson_shape: error: needs {options.program} (build it: ./run build) and sqlite3", file=sys.stderr)
        return 1
    wanted = list(choices(options))
    names = list(wanted[0])
    kept = {tuple(r[name] for name in names): r for r in read_kept(options.resume)}
    results, stopped = [], 0

    def result_of(choice):
        known = kept.get(tuple(choice[name] for name in names))
        result = known or run(choice, options)
        if options.resume and not known:
            with open(options.resume, "a", encoding="utf-8") as file:
                file.write(json.dumps(result) + "\n")
        return result

    pool = concurrent.futures.ThreadPoolExecutor(options.beside)
    try:
        for at, result in enumerate(pool.map(result_of, wanted)):
            results.append(result)
            print(f"{at + 1}/{len(wanted)}  {result['envs']}x{result['horizon']} seed {result['seed']}: held out "
                  f"{result['mean']:.3f}, worst tenth {result['worst10']:.3f}", file=sys.stderr)
    except subprocess.CalledProcessError as error:
        print(f"lesson_shape: error: {' '.join(error.cmd)} ended with {error.returncode}", file=sys.stderr)
        stopped = 1
    except KeyboardInterrupt:
        stopped = 130
    pool.shutdown(wait=False, cancel_futures=True)
    table(results)
    return stopped


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
