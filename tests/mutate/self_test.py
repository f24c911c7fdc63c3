# SPDX-License-Identifier: MIT
"""tests/mutate.sh --self-test: the operators on lines written for them, then faults whose fate is known in a
house of its own (sample/), then a run that is stopped and goes on. Last line: `N passed, N failed`."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import house
import mutate
import operators

LIMIT = "10"  # [s] of a group: much for what takes none, so that a busy machine does not matter
HERE = os.path.dirname(os.path.abspath(__file__))
# A line inside a function and all that the operators make of it.
LINES = {
    "total += a * 2;": {"total -= a * 2;", "total += a / 2;", "total += b * 2;", "total += a * 3;", "total += a * 1;",
                        "total += a * 4;", "total += a * 0;", ";"},
    "if (p.x < low && ok)": {"if (p.y < low && ok)", "if (p.x <= low && ok)", "if (p.x < high && ok)",
                             "if (p.x < low || ok)", "if (!(p.x < low && ok))"},
    "return !done;": {"return done;", "return -(!done);"},
    "v[i] = para_sin(0.5f);": {"v[i] = para_cos(0.5f);", "v[i] = para_sin(1.0f);", "v[i] = para_sin(0.7f);",
                               "v[i] = para_sin(0.0f);", "v[i] = -(para_sin(0.5f));", ";"},
    "memcpy(to, from, size);": {"memcpy(from, to, size);", "memcpy(to, size, from);", "memcpy(to, from, (size) / 2);",
                                ";"},
    "set = 1 << bit | old[2];": {"set = 2 << bit | old[2];", "set = 0 << bit | old[2];", "set = 1 >> bit | old[2];",
                                 "set = 1 << bit & old[2];", "set = 1 << bit | old[3];", "set = 1 << bit | old[1];",
                                 "set = 1 << bit | old[4];", "set = 1 << bit | old[0];",
                                 "set = 1 << bit | old[2 + 1];", ";"},
    "float y = -(scale);": {"float y = (scale);"},
    "found = true;": {"found = false;", ";"},
    "continue;": {";"},
    'call(body_a, "word, two");': {'call(body_b, "word, two");', 'call("word, two", body_a);', ";"},
    # Left as they are: asserts, texts for people, what could harm the machine, comments, what means the same.
    "PARA_ASSERT(a < b);": set(),
    'para_problem(list, "at least %d bodies", 2 + 1);': set(),
    "unlink(path_a);": set(),
    "// a < b + 2": set(),
    "int index;": set(),
    "grow(para_max(c, d));": {";"},
}
FATES_SANITIZED = [("free(copy);", "deletion", ";", "killed", "sample: test_sample_sums")]
BEFORE, AFTER = "int para_cos, body_b, high, y;\nvoid f(int a, int b)\n{\n    g();\n    ", "\n}\n"
# Faults of the sample house: what stands in the line, the operator, what it becomes, and the fault's fate.
FATES = [
    ("sum += values[i]", "arithmetic", "-=", "killed", "sample: test_sample_sums"),
    ("i < count", "arithmetic", "-=", "killed", "sample: test_sample_sums (too much time)"),
    ("seed * 31", "constant", "8", "golden", "golden hashes: test_sample_golden_mix"),
    ("asked > 2", "comparison", ">=", "killed", "the command line: two words are fine"),
    ("value / 3", "constant", "4", "survivor", ""),
    ("sum - 0", "arithmetic", "+", "neutral", ""),
    ("free(copy);", "deletion", ";", "survivor", ""),
]


class Score:
    def __init__(self):
        self.passed = self.failed = 0

    def claim(self, what, holds, seen=""):
        self.passed += bool(holds)
        self.failed += not holds
        if not holds:
            print(f"FAILED: {what}{': ' if seen else ''}{seen}")


def test_operators(score):
    for line, wanted in LINES.items():
        text = BEFORE + line + AFTER
        sites = operators.file_sites("sample.c", text).get(BEFORE.count("\n"), [])
        made = {operators.planted(text, site).split("\n")[BEFORE.count("\n")].strip() for site in sites}
        score.claim(f"what becomes of `{line}`", made == wanted, f"{sorted(made ^ wanted)} differ")


def test_draws(score):
    files = {path: BEFORE + "a = a + b;\n    b = a * 4;" + AFTER for path in ("engine/one.c", "apps/two.c")}
    series = [[*operators.Draws(mutate.random.Random(seed), files, mutate.weight_of)] for seed in (1, 1, 2)]
    score.claim("the same seed draws the same", series[0] == series[1])
    score.claim("another seed draws another order", series[0] != series[2] and sorted(series[0]) == sorted(series[2]))
    score.claim("no place is drawn twice", len(set(series[0])) == len(series[0]) > 10)


def make_sample(place):
    root = os.path.join(place, "sample")
    shutil.copytree(os.path.join(HERE, "sample"), root)
    for name in ("main.c", "jobs.c", "jobs.h", "tests.h"):
        shutil.copy(os.path.join(HERE, "..", name), os.path.join(root, "tests", name))
    return root


def site_of(text, snippet, operator, new):
    for i, sites in operators.file_sites("engine/sample.c", text).items():
        if snippet in text.split("\n")[i]:
            for site in sites:
                if (site.operator, site.new) == (operator, new):
                    return site
    raise LookupError(f"no {operator} -> {new} where {snippet} stands")


def test_fates(score, root, sanitized, fates):
    with house.House(root, house.Stop(), os.cpu_count(), sanitized) as home:
        home.make()
        groups = home.groups()
        with open(os.path.join(home.tree, "engine/sample.c"), encoding="utf-8") as file:
            text = file.read()
        for snippet, operator, new, result, who in fates:
            outcome = mutate.tried(home, groups, site_of(text, snippet, operator, new), text, float(LIMIT))
            seen = outcome[1:3]
            score.claim(f"`{snippet}` with {new} is {result}", seen == (result, who), seen)
        score.claim("the copy is well again", all(home.run(group, float(LIMIT)).result == "passed" for group in groups))
    score.claim("nothing stays behind", not os.path.exists(home.place))


def start(root, *options):
    return subprocess.Popen([sys.executable, "-B", os.path.join(HERE, "mutate.py"), "--root", root, "--limit", LIMIT,
                             *options], stdout=subprocess.PIPE, text=True)


def test_stop_and_resume(score, root, place):
    """Stopped after the first mutant, the run keeps it; the next one goes on and ends like one in one piece."""
    kept = os.path.join(place, "kept.jsonl")
    options = ("--only", "engine", "--count", "3", "--resume", kept)
    with start(root, *options) as run:
        line = copy = ""
        for line in run.stdout:
            copy = line.split()[3].rstrip(":") if line.startswith("a copy in") else copy
            if line.startswith("  1/3"):
                run.send_signal(signal.SIGINT)
                break
        rest = run.stdout.read()
    score.claim("Ctrl-C ends with 130 and the sums so far", run.returncode == 130 and "survivors" in rest, rest)
    score.claim("Ctrl-C leaves nothing behind", copy and not os.path.exists(copy), copy)
    with open(kept, encoding="utf-8") as file:
        before = file.read().split("\n")
    with start(root, *options) as run:
        whole = run.stdout.read()
    with open(kept, encoding="utf-8") as file:
        after = file.read().split("\n")
    score.claim("it goes on from what was kept", run.returncode == 0 and after[:len(before) - 1] == before[:-1], whole)
    counted = [row for row in map(json.loads, filter(None, after[1:])) if row["result"] in mutate.COUNTED]
    score.claim("three mutants count", len(counted) == 3 and "3 mutants;" in whole, whole)


def main():
    begin, score = time.monotonic(), Score()
    test_operators(score)
    test_draws(score)
    with tempfile.TemporaryDirectory(prefix="paracosm-mutate-") as place:
        root = make_sample(place)
        test_fates(score, root, False, FATES)
        test_fates(score, root, True, FATES_SANITIZED)
        test_stop_and_resume(score, root, place)
    print(f"{time.monotonic() - begin:.0f} s")
    print(f"{score.passed} passed, {score.failed} failed")
    return 1 if score.failed else 0
