# SPDX-License-Identifier: MIT
"""Plants small faults in the code, one at a time, and tells which of them no test notices: the survivors.
Each mutant is a copy of the tree with one operator applied (operators.py) in one place drawn by seed; it is
built in a folder of its own (house.py) and the tests run until the first that fails. Started by mutate.sh."""
import argparse
import collections
import concurrent.futures
import contextlib
import difflib
import itertools
import json
import os
import queue
import random
import signal
import sys
import threading
import time
from typing import NamedTuple

import house
import operators

ROOMS = ("engine/", "worlds/", "agents/", "apps/")
APPS_WEIGHT = 0.25  # of a line of apps against one of the others
NEAR = 4.0  # of two groups the one a folder nearer to the fault goes first, unless it takes this many times as long
CODE = (".c", ".h", ".def")
COUNTED = ("killed", "golden", "checked", "survivor")
EXAMPLES = """examples:
  tests/mutate.sh --seed 1 --count 100 --resume mutants.jsonl   the full look, one to three hours; --sanitized
                                                                adds half an hour
  tests/mutate.sh --count 10 --only engine/world/lanes          ten in one room
  tests/mutate.sh --count 200 --list                            which places the seed draws, nothing is built
  tests/mutate.sh --self-test                                   operators and runs on a small house of its own

A mutant that the compiler refuses, or whose object code is that of the tree, is not counted; another is drawn.
killed: a test failed, hung or crashed. golden: only tests that compare with a recorded hash ("golden" in their
names) noticed, which says that something changed and not that it is wrong. checked (with --sanitized): only the
preset dev's sanitizers and asserts noticed, such as memory that is not freed. survivor: nothing noticed.
The same seed on the same tree draws the same mutants. Your tree is copied, never changed. Ctrl-C prints what is
known so far; with --resume the next run goes on from there. Needs python3, cmake, ninja, the project's packages.
Exit code: 0 done (survivors or not), 1 it failed, 2 wrong usage, 130 stopped."""


class Outcome(NamedTuple):
    """What became of one draw."""
    site: operators.Site
    result: str  # "killed", "golden", "checked", "survivor", "neutral", "refused"
    who: str
    seconds: float
    diff: str


def arguments(argv):
    parser = argparse.ArgumentParser(prog="tests/mutate.sh", description=__doc__.split("\n\n")[0], epilog=EXAMPLES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    whole = lambda text: number if (number := int(text)) > 0 else parser.error(f"{text} is not 1 or more")
    parser.add_argument("--seed", type=int, default=1, help="of the draws (default 1)")
    parser.add_argument("--count", type=whole, default=100, metavar="N", help="mutants that count (default 100)")
    parser.add_argument("--jobs", type=whole, default=1, metavar="N", help="copies that work at once (default 1)")
    parser.add_argument("--only", nargs="+", default=[""], metavar="PATH", help="draw from files below these only")
    parser.add_argument("--list", action="store_true", help="print the draws and build nothing")
    parser.add_argument("--resume", metavar="FILE", help="keep results in FILE (lines of JSON), go on from those in it")
    parser.add_argument("--skip", nargs="+", default=[], metavar="TEST", help="leave out tests by part of a name")
    parser.add_argument("--sanitized", action="store_true", help="try survivors with sanitizers too")
    parser.add_argument("--self-test", action="store_true", help="check this tool itself, under 30 s")
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--root", default=os.path.normpath(os.path.join(here, "../..")), help=argparse.SUPPRESS)
    parser.add_argument("--limit", type=float, default=0, help=argparse.SUPPRESS)  # [s] of a group; 0: by its own time
    return parser.parse_args(argv)


def draws_of(root, options):
    """The series of places for faults in the tree at `root`."""
    files = {}
    for path in house.tracked(root):
        if path.startswith(ROOMS) and path.endswith(CODE) and path.startswith(tuple(options.only)):
            with open(os.path.join(root, path), encoding="utf-8") as file:
                files[path] = file.read()
    draws = operators.Draws(random.Random(options.seed), files, weight_of)
    if not draws.lines:
        raise SystemExit(f"mutate: error: no place for a fault below {' '.join(options.only)}")
    return draws


def diff_of(text, site):
    lines = difflib.unified_diff(text.splitlines(True), operators.planted(text, site).splitlines(True),
                                 "a/" + site.path, "b/" + site.path, n=2)
    return "".join(lines)


def sorted_for(groups, path):
    """Golden hashes last; else what is quick and near the fault first."""
    def cost(group):
        shared = len(os.path.commonprefix([group.folder.split("/"), path.split("/")[:-1]]))
        return group.name == house.GOLDEN, group.seconds / NEAR**shared
    return sorted(groups, key=cost)


def tried(home, groups, site, text, limit):
    """Plants one mutant, builds and tests it, takes it out again."""
    begin = time.monotonic()
    diff = diff_of(text, site)
    out = lambda result, who="": Outcome(site, result, who, time.monotonic() - begin, diff)
    try:
        built = home.plant(site.path, operators.planted(text, site))
        if built != "built":
            return out(built)
        for group in sorted_for(groups, site.path):
            longest = limit or 30 + 10 * group.seconds
            run = home.run(group, longest)
            if run.result == "failed": # once more, so that a test that fails by chance does not count
                run = home.run(group, longest)
            if run.result != "passed":
                why = "" if run.result == "failed" else f" (too much {run.result})"
                return out("golden" if group.name == house.GOLDEN else "killed", f"{group.name}: {run.who}{why}")
        return out("survivor")
    finally:
        home.restore()


class Ledger:
    """Results kept in a file, a line of JSON each, the first saying what they are of."""

    def __init__(self, path, head):
        self.known, self.file = {}, None
        if not path:
            return
        lines = []
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                lines = [line for line in file.read().split("\n")[:-1] if line] # an unfinished last line is left out
        if lines and json.loads(lines[0]) != head:
            raise SystemExit(f"mutate: error: {path} holds results of another seed, choice or tree")
        for line in lines[1:]:
            outcome = Outcome(**json.loads(line))
            self.known[tuple(outcome.site)] = outcome._replace(site=operators.Site(*outcome.site))
        self.file = open(path, "w", encoding="utf-8")
        self._write(head)
        for outcome in self.known.values():
            self._write(outcome._asdict())

    def _write(self, row):
        self.file.write(json.dumps(row) + "\n")
        self.file.flush()

    def keep(self, outcome):
        if self.file:
            self._write(outcome._asdict())


def clock(seconds):
    return f"{int(seconds) // 3600}:{int(seconds) // 60 % 60:02}:{int(seconds) % 60:02}"


class Report:
    """What is printed: a line per mutant, then the sums and the survivors."""

    def __init__(self, count):
        self.count, self.outcomes, self.begin, self.tried = count, [], 0.0, 0

    def of(self, *results):
        return [o for o in self.outcomes if o.result in results]

    def missing(self):
        return self.count - len(self.of(*COUNTED))

    def add(self, outcome, known):
        """Prints what came of a draw. known: from a run before, so it took no time in this one."""
        self.begin = self.begin or time.monotonic() - outcome.seconds
        self.outcomes.append(outcome)
        if outcome.result not in COUNTED:
            return
        self.tried += not known
        done, elapsed = self.count - self.missing(), time.monotonic() - self.begin
        left = f", about {clock(elapsed / self.tried * self.missing())} left" if self.tried else ""
        site = outcome.site
        print(f"{done:3}/{self.count} {outcome.result:8} {site.path}:{site.line + 1}: {site.operator}: {site.what()}")
        for line in outcome.diff.split("\n")[3:]:
            if line.startswith(("+", "-")):
                print(f"        {line[0]} {line[1:].strip()}")
        print(f"        {'by ' + outcome.who if outcome.who else 'no test noticed'}; {outcome.seconds:.0f} s "
              f"({clock(elapsed)} so far{left})", flush=True)

    def finish(self):
        survivors, golden, checked, killed = map(self.of, ("survivor", "golden", "checked", "killed"))
        for outcome in survivors:
            site = outcome.site
            print(f"\nsurvivor: {site.path}:{site.line + 1} ({site.operator})\n{outcome.diff}", end="")
        counted = self.count - self.missing()
        share = lambda n: f"{n} ({100 * n / max(1, counted):.0f} %)"
        print(f"\n{counted} mutants; besides {len(self.of('neutral'))} with the same object code and "
              f"{len(self.of('refused'))} that the compiler refused\nnoticed {share(counted - len(survivors))}: "
              f"{share(len(killed))} by tests that say what is right, {share(len(golden))} by golden hashes alone, "
              f"{share(len(checked))} by sanitizers and asserts alone\nsurvivors {share(len(survivors))}", flush=True)


def weight_of(path):
    return APPS_WEIGHT if path.startswith("apps/") else 1.0


def open_house(stack, root, threads, stop, sanitized=False):
    home = stack.enter_context(house.House(root, stop, threads, sanitized))
    print(f"a copy in {home.place}: building", flush=True)
    home.make()
    return home


def measured(home, skip):
    """The groups of tests, which all pass on the tree as it is, with the time each takes."""
    groups = home.groups(skip)
    seconds = sum(group.seconds for group in groups)
    print(f"{len(groups)} groups of tests pass on the tree as it is, in {seconds:.0f} s", flush=True)
    return groups


def try_draws(options, report, stop):
    """Tries draws until `count` of them counted. No more are under way than are still needed at least, and
    they are counted in their order: any number of jobs tries the same ones."""
    lock, free, sanitized, sanitized_groups = threading.Lock(), queue.SimpleQueue(), None, []

    def work(site):
        if tuple(site) in ledger.known:
            return ledger.known[tuple(site)]
        home = free.get()
        try:
            outcome = tried(home, groups, site, draws.files[site.path], options.limit)
        finally:
            free.put(home)
        with lock:
            if sanitized and outcome.result == "survivor":
                again = tried(sanitized, sanitized_groups, site, draws.files[site.path], options.limit)
                outcome = again._replace(result="checked") if again.result == "killed" else outcome
            ledger.keep(outcome)
        return outcome

    with contextlib.ExitStack() as stack:
        threads = max(1, (os.cpu_count() or 1) // options.jobs)
        first = open_house(stack, options.root, threads, stop)
        draws = draws_of(first.tree, options) # the copy's: whoever works in the tree may have changed it by now
        ledger = Ledger(options.resume, {"seed": options.seed, "only": options.only, "skip": options.skip,
                                         "sanitized": options.sanitized, "tree": house.digest(first.tree)})
        free.put(first)
        groups = measured(first, options.skip)
        for _ in range(1, options.jobs):
            free.put(open_house(stack, first.tree, threads, stop))
        if options.sanitized:
            sanitized = open_house(stack, first.tree, threads, stop, True)
            sanitized_groups = measured(sanitized, options.skip)
        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(options.jobs))
        stack.callback(stop.set) # before the pool waits for its threads: they end what they have under way
        sites, under_way = iter(draws), collections.deque()
        while report.missing():
            for site in itertools.islice(sites, min(options.jobs, report.missing()) - len(under_way)):
                under_way.append(pool.submit(work, site))
            if not under_way:
                break # there are no more places
            outcome = under_way.popleft().result()
            report.add(outcome, tuple(outcome.site) in ledger.known)


def list_draws(draws, count):
    for number, site in enumerate(itertools.islice(draws, count), 1):
        print(f"{number:3} {site.path}:{site.line + 1}: {site.operator}: {site.what()}")


def main(argv):
    options = arguments(argv)
    if options.self_test:
        import self_test
        return self_test.main()
    if options.list:
        list_draws(draws_of(options.root, options), options.count)
        return 0
    stop, report, code = house.Stop(), Report(options.count), 0
    signal.signal(signal.SIGTERM, stop.set)
    signal.signal(signal.SIGINT, stop.set)
    house.tame()
    try:
        try_draws(options, report, stop)
    except house.Stopped:
        code = 130
    report.finish()
    if code:
        print("stopped" + (f"; the same command goes on from {options.resume}" if options.resume else ""))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
