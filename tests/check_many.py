#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs `paracosm check` on many templates that nobody wrote: what does it take, and what is it wrong about?

Half of them are composed of pieces that are fine by construction, so whatever is warned of there is to be looked
at: it is a false warning, or the pieces were not fine. The other half are templates of the library and composed ones
with one to three numbers changed, so warnings there are expected, and a share of them is to be looked at. The same
seed makes the same templates. Those with a word against them stay in --out, with what was said. Exit code 1: one ended badly, or a composed one is
not fine.

  tests/check_many.py build/paracosm --count 1000 --out /tmp/many
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


# ------------------------------------------------------------------------------------------------ composing
def ground(rng, t):
    """Something to stand on from x = 0 to 40; returns the height of its surface as an expression of x."""
    kind = rng.choice(["flat", "waves", "tiles", "ledges"])
    if kind == "flat":
        t["bodies"].append({"name": "ground", "static": True, "at": [20, 0.5], "shape": {"box": [40, 1]}})
    elif kind == "waves":
        t["params"]["rough"] = {"range": [0, 0.3], "unit": "m"}
        t["bodies"].append({"name": "ground", "static": True, "friction": 1, "shapes": [
            {"chain": {"count": 81, "point": ["i * 0.5", "1 + rough * (noise(i * 0.2) - 1)"]}, "radius": 0.05}]})
    elif kind == "tiles":
        t["bodies"].append({"name": "ground", "repeat": 20, "static": True, "at": ["2 * i + 1", 0.5],
                            "shape": {"box": [2, 1]}})
    else:
        t["params"]["gap"] = {"range": [0.2, 1], "unit": "m"}
        t["bodies"].append({"name": "ground", "repeat": 5, "static": True, "at": ["8 * i + 4", 0.5],
                            "shape": {"box": ["8 - gap", 1]}})
    return kind


def player(rng, t):
    kind = rng.choice(["ball", "walker", "car", "legs", "ship"])
    body, joints = "hero", t["joints"]
    keys = [{"channel": 0, "positive": "right", "negative": "left"}]
    if kind == "ball":
        t["bodies"].append({"name": "hero", "at": [3, 1.5], "shape": {"circle": 0.4}, "density": 3, "friction": 1})
        actuators = [{"twist": "hero", "channel": 0, "sign": -1, "torque": 6}, {"jump": "hero", "channel": 1, "impulse": 6}]
        keys.append({"channel": 1, "positive": "space"})
    elif kind == "walker":
        t["bodies"].append({"name": "hero", "at": [3, 1.5], "shape": {"box": [0.5, 0.8]}, "density": 6, "friction": 0.2,
                            "angular_damping": 6})
        actuators = [{"walk": "hero", "channel": 0, "speed": 4, "force": 25}, {"jump": "hero", "channel": 1, "impulse": 10}]
    elif kind == "car":
        t["bodies"] += [{"name": "hero", "at": [3, 2.2], "shape": {"box": [2, 0.4]}, "density": 4},
                        {"name": "wheel", "repeat": 2, "at": ["2.3 + 1.4 * i", 1.6], "shape": {"circle": 0.4}, "friction": 1}]
        joints.append({"name": "axle", "repeat": 2, "revolute": ["hero", "wheel{i+1}"]})
        actuators = [{"motor": "axle{i+1}", "repeat": 2, "channel": 0, "sign": -1, "rate": 12, "torque": 10}]
    elif kind == "legs":
        t["params"]["legs"] = {"int": [2, 5]}
        t["bodies"] += [{"name": "hero", "at": [4, 2.4], "shape": {"box": ["legs * 0.5", 0.4]}, "density": 2},
                        {"name": "leg", "repeat": "legs", "at": ["4.25 - legs * 0.25 + i * 0.5", 1.8],
                         "shape": {"box": [0.15, 1]}, "friction": 1}]
        joints.append({"name": "hip", "repeat": "legs", "revolute": ["hero", "leg{i+1}"],
                       "at": ["4.25 - legs * 0.25 + i * 0.5", 2.3], "limits": [-1, 1]})
        actuators = [{"motor": "hip{i+1}", "repeat": "legs", "channel": "i % 2", "rate": 5, "torque": 30}]
    else:
        t["bodies"].append({"name": "hero", "at": [3, 4], "shape": {"box": [0.8, 0.6]}, "angular_damping": 1})
        actuators = [{"thruster": "hero", "channel": 1, "at": [0, -0.3], "force": 12, "one_way": True},
                     {"twist": "hero", "channel": 0, "sign": -1, "torque": 1}]
    t["player"] = {"body": body, "actuators": actuators, "keys": keys}
    return kind


def thing(rng, t, k):
    """Something on the way, in its own 4 m."""
    x = 8 + 4 * k
    name = f"thing{chr(97 + k)}"
    kind = rng.choice(["crates", "pendulum", "lift", "wind", "bridge", "coins", "chain", "seesaw", "pool", "spring"])
    bodies, joints, zones, params = t["bodies"], t["joints"], t["zones"], t["params"]
    if kind == "crates":
        params[name] = {"int": [1, 4]}
        bodies.append({"name": name + "-box", "repeat": name, "at": [x, "1.3 + 0.6 * i"], "shape": {"box": [0.5, 0.5]}})
    elif kind == "pendulum":
        bodies += [{"name": name + "-hook", "static": True, "at": [x, 6], "shape": {"circle": 0.1}},
                   {"name": name + "-bob", "at": [x + 1, 4], "shape": {"circle": 0.3}}]
        pair = [name + "-hook", name + "-bob"]
        joints.append(rng.choice([{"revolute": pair, "at": [x, 6]}, {"distance": pair}]))
    elif kind == "lift":
        params[name] = {"range": [2, 6], "unit": "s"}
        bodies.append({"name": name + "-lift", "kinematic": True, "at": [x, 3.5], "shape": {"box": [1.5, 0.2]},
                       "moves": {"by": [0, 1.2], "period": name}})
    elif kind == "wind":
        params[name] = {"range": [-2, 2], "unit": "N/kg"}
        zones.append({"name": name + "-wind", "at": [x, 5], "area": {"box": [3, 8]}, "force": [name, 0]})
    elif kind == "bridge":
        bodies += [{"name": name + "-post", "repeat": 2, "static": True, "at": [f"{x - 1.5} + 3 * i", 4], "shape": {"circle": 0.1}},
                   {"name": name + "-plank", "repeat": 5, "at": [f"{x - 1.2} + 0.6 * i", 4], "shape": {"box": [0.55, 0.1]}}]
        joints += [{"revolute": [name + "-post1", name + "-plank1"], "at": [x - 1.5, 4]},
                   {"repeat": 4, "revolute": [name + "-plank{i+1}", name + "-plank{i+2}"], "at": [f"{x - 0.9} + 0.6 * i", 4]},
                   {"revolute": [name + "-post2", name + "-plank5"], "at": [x + 1.5, 4]}]
    elif kind == "coins":
        bodies.append({"name": name + "-coin", "repeat": 3, "static": True, "collect": True, "at": [f"{x - 1} + i", 2.5],
                       "shape": {"circle": 0.15}})
    elif kind == "chain":
        bodies += [{"name": name + "-hook", "static": True, "at": [x, 7], "shape": {"circle": 0.1}},
                   {"name": name + "-link", "repeat": 5, "at": [x, "6.75 - 0.5 * i"], "shape": {"box": [0.1, 0.5]}}]
        joints += [{"revolute": [name + "-hook", name + "-link1"], "at": [x, 7]},
                   {"repeat": 4, "revolute": [name + "-link{i+1}", name + "-link{i+2}"], "at": [x, "6.5 - 0.5 * i"]}]
    elif kind == "seesaw":
        bodies += [{"name": name + "-foot", "static": True, "at": [x, 1], "shape": {"polygon": [[-0.4, 0], [0.4, 0], [0, 0.7]]}},
                   {"name": name + "-beam", "at": [x, 1.8], "shape": {"box": [3, 0.2]}}]
        joints.append({"revolute": [name + "-foot", name + "-beam"], "at": [x, 1.7], "limits": [-0.3, 0.3]})
    elif kind == "pool":
        params[name] = {"range": [1.5, 4], "unit": "kg/m^2"}
        bodies += [{"name": name + "-wall", "repeat": 2, "static": True, "at": [f"{x - 1.6} + 3.2 * i", 1.75], "shape": {"box": [0.2, 1.5]}},
                   {"name": name + "-cork", "at": [x, 3], "shape": {"box": [0.6, 0.4]}, "density": 1}]
        zones.append({"name": name + "-pool", "at": [x, 1.7], "area": {"box": [3, 1.4]}, "fluid": {"density": name}})
    else:
        bodies += [{"name": name + "-roof", "static": True, "at": [x, 7], "shape": {"box": [1, 0.2]}},
                   {"name": name + "-weight", "at": [x, 5], "shape": {"box": [0.5, 0.5]}}]
        joints.append({"spring": [name + "-roof", name + "-weight"], "stiffness": 20, "damping": 0.5})
    return kind


def rules(rng, t):
    kind = rng.choice(["inside", "near", "right_of", "coins", "then"])
    coins = [b["name"] for b in t["bodies"] if b.get("collect")]
    far = rng.uniform(28, 36)
    t["zones"].append({"name": "flag", "at": [far, 3], "area": {"box": [2, 5]}})
    reach = {"inside": ["hero", "flag"], "for": 0.3}
    t["goal"] = {"inside": reach, "near": {"near": ["hero", "flag", 2]}, "right_of": {"right_of": ["hero", far]},
                 "coins": {"all": [{"collected": coins[0]}, reach]} if coins else reach,
                 "then": {"then": [{"right_of": ["hero", 10]}, reach]}}[kind]
    t["rewards"] = [{"approach": ["hero", "flag"]}]
    if rng.random() < 0.7:
        t["fail"] = {"below": ["hero", -3]}


def compose(rng):
    t = {"paracosm": 1, "name": "made", "params": {}, "world": {"size": [40, 12], "seconds": 20}, "bodies": [],
         "joints": [], "zones": []}
    ground(rng, t)
    player(rng, t)
    for k in range(rng.randint(0, 5)):
        thing(rng, t, k)
    rules(rng, t)
    return t


# ------------------------------------------------------------------------------------------------ mutating
def numbers(value, path=()):
    """Paths of all plain numbers and of those in expressions, but for the version."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "paracosm":
                yield from numbers(item, path + (key,))
    elif isinstance(value, list):
        for k, item in enumerate(value):
            yield from numbers(item, path + (k,))
    elif (isinstance(value, (int, float)) and not isinstance(value, bool)) or (
            isinstance(value, str) and path[-1] not in ("about", "note", "unit") and re.search(r"\d", value)):
        yield path


def change(rng, x):
    kind = rng.choice(["scale", "scale", "sign", "zero", "add", "huge"])
    y = {"scale": x * rng.uniform(0.3, 3), "sign": -x, "zero": 0.0, "add": x + rng.uniform(-5, 5), "huge": x * 100}[kind]
    return round(y) if float(x).is_integer() and rng.random() < 0.8 else round(y, 3)


def mutate(rng, t):
    t = json.loads(json.dumps(t))
    for _ in range(rng.randint(1, 3)):
        path = rng.choice(list(numbers(t)))
        place = t
        for key in path[:-1]:
            place = place[key]
        old = place[path[-1]]
        if isinstance(old, str):
            spots = list(re.finditer(r"(?<![\w.])\d+(\.\d+)?", old))
            if not spots:
                continue
            spot = rng.choice(spots)
            place[path[-1]] = old[:spot.start()] + f"{abs(change(rng, float(spot.group()))):g}" + old[spot.end():]
        else:
            place[path[-1]] = change(rng, old)
    return t


# ------------------------------------------------------------------------------------------------ the run
def check(command, file):
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = subprocess.Popen([command, "check", "--json", str(file)], stdout=out, stderr=err)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = used.ru_utime + used.ru_stime
        out.seek(0)
        err.seek(0)
        said = out.read()
        if child.returncode not in (0, 1) or not said:
            return file, {"crash": err.read()[:500]}, seconds
        return file, json.loads(said), seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", help="the paracosm program")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(arguments.seed)
    library = [json.loads(f.read_text()) for f in sorted((ROOT / "worlds/library").rglob("*.json"))]
    files = []
    for k in range(arguments.count):
        composed = k % 2 == 0
        if composed:
            t = compose(rng)
        else:
            t = mutate(rng, rng.choice(library) if rng.random() < 0.5 else compose(rng))
        file = arguments.out / f"{'composed' if composed else 'mutated'}-{k:04d}.json"
        file.write_text(json.dumps(t, indent=1))
        files.append(file)
    kinds = {"composed": collections.Counter(), "mutated": collections.Counter()}
    times, worst, bad = [], (0, None), 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for file, said, seconds in pool.map(lambda f: check(arguments.command, f), files):
            count = kinds[file.name.split("-")[0]]
            if "crash" in said:
                print(f"{file}: ended badly: {said['crash']}")
                bad += 1
                continue
            times.append(seconds)
            worst = max(worst, (seconds, file.name))
            names = {p.get("name") or "error " + p["code"] for p in said["problems"]}
            count["refused" if not said["ok"] else "warned of" if names else "fine"] += 1
            if said["ok"]:
                count.update(names)
            if names:
                file.with_suffix(".said").write_text("".join(
                    f"{p['severity']}: {p['path']}: {p['message']} [{p.get('name', p['code'])}]\n" for p in said["problems"]))
            else:
                file.unlink()
    for what, count in kinds.items():
        print(f"{what}: " + ", ".join(f"{n} {name}" for name, n in count.most_common()))
    times.sort()
    if times:
        print(f"CPU seconds per template: median {times[len(times) // 2]:.2f}, 90 % {times[len(times) * 9 // 10]:.2f}, "
              f"most {worst[0]:.2f} ({worst[1]})")
    doubted = kinds["composed"].total() - kinds["composed"]["fine"]
    if doubted:
        print(f"of the composed ones, which are fine by construction, something is said: see {arguments.out}")
    return 1 if bad or doubted else 0


if __name__ == "__main__":
    sys.exit(main())
