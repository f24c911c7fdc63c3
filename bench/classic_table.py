#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Seconds until classic worlds are solved by their published thresholds: `paracosm train` on ours, beside
Stable-Baselines3's PPO on Gymnasium's own, in one run."""
import argparse
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time

EXAMPLES = """examples:
  bench/classic_table.py --worlds cartpole,lunarlander --seeds 5
  bench/classic_table.py --worlds lunarlander --theirs zoo --seeds 1 --threads 1
  bench/classic_table.py --worlds bipedal-walker --options "--preset thorough" --decisions 2e7

Solved: the mean return of 100 fresh episodes, in which the player takes its most probable action, is at least the
threshold. They are played whenever the mean of the last 100 episodes of the training has come to it anew; their time does
not count, that of everything else does: of ours from the process's start to its end, of theirs without the import of PyTorch.
Needs the Python package (pip install python/); --theirs needs stable-baselines3 and gymnasium[box2d].
Exit code: 0 done, 1 a training failed, 2 wrong usage, 130 stopped."""

# The judge's small products: a second thread of them would wait more than it works. PyTorch has threads of its own.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
EPISODES = 100
# What a walker took: fine torques, no bonus for chance, each lesson gone over four times by a small network.
WALKER = "--width 64 --minibatches 8 --value-clip 0 --continuous --entropy 0 --learning-rate 0.002 --epochs 4 --envs 64"
# The threshold is Gymnasium's (of pendulum, which has none, ours: a controller comes to -141); `decisions` is where a
# training is given up; `options` are ours, `zoo` those that the authors of Stable-Baselines3 found for the task (their
# rl-zoo3), with observations normalised where they do.
WORLDS = {
    "cartpole": {"id": "CartPole-v1", "threshold": 475, "decisions": 500_000, "options": "--preset fast",
                 "zoo": {"envs": 8, "n_steps": 32, "batch_size": 256, "n_epochs": 20, "learning_rate": 1e-3, "clip_range": 0.2,
                         "gamma": 0.98, "gae_lambda": 0.8, "ent_coef": 0.0}},
    "acrobot": {"id": "Acrobot-v1", "threshold": -100, "decisions": 1_000_000, "options": "--preset fast",
                "zoo": {"envs": 16, "normalise": True, "n_steps": 256, "n_epochs": 4, "gae_lambda": 0.94, "gamma": 0.99, "ent_coef": 0.0}},
    "mountaincar": {"id": "MountainCar-v0", "threshold": -110, "decisions": 1_000_000, "options": "--preset fast --discount 0.999",
                    "zoo": {"envs": 16, "normalise": True, "n_steps": 16, "n_epochs": 4, "gae_lambda": 0.98, "gamma": 0.99, "ent_coef": 0.0}},
    "pendulum": {"id": "Pendulum-v1", "threshold": -200, "decisions": 1_000_000,
                 "options": "--preset fast --continuous --discount 0.95 --entropy 0 --epochs 4",
                 "zoo": {"envs": 4, "n_steps": 1024, "n_epochs": 10, "learning_rate": 1e-3, "clip_range": 0.2, "gamma": 0.9,
                         "gae_lambda": 0.95, "ent_coef": 0.0, "use_sde": True, "sde_sample_freq": 4}},
    "lunarlander": {"id": "LunarLander-v3", "threshold": 200, "decisions": 2_000_000,
                    "options": "--preset fast --solver chipmunk --gae-lambda 0.98",
                    "zoo": {"envs": 16, "n_steps": 1024, "batch_size": 64, "n_epochs": 4, "gamma": 0.999, "gae_lambda": 0.98,
                            "ent_coef": 0.01}},
    "bipedal-walker": {"id": "BipedalWalker-v3", "threshold": 300, "decisions": 8_000_000, "options": WALKER,
                       "zoo": {"envs": 32, "normalise": True, "n_steps": 2048, "batch_size": 64, "n_epochs": 10,
                               "learning_rate": 3e-4, "gamma": 0.999, "gae_lambda": 0.95, "clip_range": 0.18, "ent_coef": 0.0}},
    "bipedal-walker-hardcore": {"id": "BipedalWalkerHardcore-v3", "threshold": 300, "decisions": 100_000_000,
                                "options": WALKER,
                                "zoo": {"envs": 16, "normalise": True, "n_steps": 2048, "batch_size": 64, "n_epochs": 10,
                                        "learning_rate": 2.5e-4, "gamma": 0.99, "gae_lambda": 0.95, "clip_range": 0.2, "ent_coef": 0.001}},
}  # fmt: skip
HERE = os.path.dirname(os.path.abspath(__file__))
FRESH_SEED = 1_000_000_007  # of the first fresh episode


def arguments(argv):
    parser = argparse.ArgumentParser(prog="bench/classic_table.py", description=__doc__, epilog=EXAMPLES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", default="cartpole,lunarlander", help=f"of {', '.join(WORLDS)} (default cartpole,lunarlander)")
    parser.add_argument("--seeds", type=int, default=5, help="trainings of each (default 5)")
    parser.add_argument("--first-seed", type=int, default=1, help="default 1")
    parser.add_argument("--options", metavar="OPTIONS", help="of paracosm train, in one text, in place of the table's")
    parser.add_argument("--decisions", type=float, metavar="N", help="after which a training is given up, in place of the table's")
    parser.add_argument("--threads", type=int, default=0, help="of either learner; 0: one per processor (default)")
    parser.add_argument("--theirs", choices=["zoo", "none"], default="none", help="train Stable-Baselines3 beside (default none)")
    parser.add_argument("--only-theirs", action="store_true", help="and not ours")
    parser.add_argument("--out", metavar="FILE", help="write the results here, as JSON")
    parser.add_argument("--program", default=os.path.join(HERE, "..", "build", "paracosm"), help="default build/paracosm")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    wrong = [name for name in options.worlds.split(",") if name not in WORLDS]
    if wrong:
        parser.error(f"no world {wrong[0]}: one of {', '.join(WORLDS)}")
    options.theirs = "zoo" if options.only_theirs else options.theirs
    return options


class Window:
    """The mean return of the last 100 episodes, of which some come as the mean of several."""

    def __init__(self):
        self.parts = []

    def add(self, mean, count):
        if count > 0:
            self.parts.append((mean, count))
        while sum(n for _, n in self.parts[1:]) >= EPISODES:
            self.parts.pop(0)

    def mean(self):
        """None before there are 100."""
        total = sum(n for _, n in self.parts)
        return sum(mean * n for mean, n in self.parts) / total if total >= EPISODES else None


def fresh_ours(world, path, solver, folder):
    """Mean return of fresh episodes of our world."""
    import numpy as np

    import paracosm

    policy = paracosm.load_policy(folder)
    total = np.zeros(EPISODES)
    with contextlib.closing(paracosm.VectorEnv(path, num_envs=EPISODES, obs=policy.observation,
                                               actions="continuous" if policy.continuous else "multi_discrete",
                                               solver=solver, autoreset_mode="DISABLED")) as env:
        observation, _ = env.reset(seed=FRESH_SEED)
        going = np.ones(EPISODES, bool)
        while going.any():
            observation, reward, terminated, truncated, _ = env.step(policy.act(env, observation))
            total += np.where(going, reward, 0)
            ended = terminated | truncated
            going &= ~ended
            if going.any() and ended.any():  # an ended env may not be stepped: it begins anew, uncounted
                observation, _ = env.reset(options={"reset_mask": ended})
    return float(total.mean())


def train_ours(options, name, seed, place):
    """Trains until it is solved or given up."""
    world = WORLDS[name]
    words = (options.options if options.options is not None else world["options"]).split()
    solver = words[words.index("--solver") + 1] if "--solver" in words else "auto"
    path = os.path.join(HERE, "..", "worlds", "library", "classic", name + ".json")
    cap = int(options.decisions or world["decisions"])
    command = [options.program, "train", "--json", "--out", place, "--family", path, "--obs", "listed", "--maker", "dr", "--threads",
               str(options.threads), "--seed", str(seed), "--decisions", str(cap), *words]
    found = {"wall": 0.0, "cpu": 0.0, "decisions": 0, "fresh": None, "solved": False}
    while not found["solved"] and found["decisions"] < cap:
        start = time.monotonic()
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        window, had, asked = Window(), None, False
        for line in child.stdout:
            lesson = json.loads(line)
            ended = lesson["families"][0]["episodes"]
            window.add(lesson["reward_mean"], ended - (had or 0) if had is not None or found["decisions"] == 0 else 0)
            had = ended
            if not asked and (window.mean() or -1e9) >= world["threshold"]:
                child.send_signal(signal.SIGINT)
                asked = True
        child.stdout.close()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 130):
            raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}")
        found["wall"] += time.monotonic() - start
        found["cpu"] += usage.ru_utime + usage.ru_stime
        found["decisions"] = lesson["decisions"]
        found["fresh"] = fresh_ours(world, path, solver, place)
        found["solved"] = found["fresh"] >= world["threshold"]
    return found


def train_theirs(options, name, seed):
    """The same of Stable-Baselines3, in this process."""
    import numpy as np
    import torch
    from stable_baselines3 import PPO
    from stable_baselines3.common.callbacks import BaseCallback
    from stable_baselines3.common.env_util import make_vec_env
    from stable_baselines3.common.evaluation import evaluate_policy
    from stable_baselines3.common.vec_env import VecNormalize

    world = WORLDS[name]
    cap = int(options.decisions or world["decisions"])
    if options.threads:
        torch.set_num_threads(options.threads)
    wishes = dict(world["zoo"])
    window = Window()

    class Watch(BaseCallback):
        def _on_step(self):
            for info in self.locals["infos"]:
                if "episode" in info:
                    window.add(float(info["episode"]["r"]), 1)
            return (window.mean() or -1e9) < world["threshold"]

    found = {"wall": 0.0, "cpu": 0.0, "decisions": 0, "fresh": None, "solved": False}
    start, cpu = time.monotonic(), time.process_time()
    normalise = wishes.pop("normalise", False)
    env = make_vec_env(world["id"], n_envs=wishes.pop("envs"), seed=seed)
    env = VecNormalize(env) if normalise else env
    learner = PPO("MlpPolicy", env, seed=seed, device="cpu", **wishes)
    while not found["solved"] and found["decisions"] < cap:
        learner.learn(cap - found["decisions"], callback=Watch(), reset_num_timesteps=False)
        found["wall"] += time.monotonic() - start
        found["cpu"] += time.process_time() - cpu
        found["decisions"] = learner.num_timesteps
        judge = make_vec_env(world["id"], n_envs=1, seed=FRESH_SEED % 2**31)
        if normalise:
            judge = VecNormalize(judge, training=False, norm_reward=False)
            judge.obs_rms = env.obs_rms
        found["fresh"] = float(np.mean(evaluate_policy(learner, judge, EPISODES, deterministic=True, return_episode_rewards=True)[0]))
        found["solved"] = found["fresh"] >= world["threshold"]
        window.parts.clear()
        start, cpu = time.monotonic(), time.process_time()
    return found


def run_job(options, name, learner, seed):
    """One training; theirs in a process of its own."""
    if learner == "ours":
        with tempfile.TemporaryDirectory(prefix="classic-table-") as place:
            return train_ours(options, name, seed, os.path.join(place, "run"))
    words = [sys.executable, "-W", "ignore", __file__, *sys.argv[1:], "--job", json.dumps([name, seed])]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"the training of Stable-Baselines3 ended with {done.returncode}")
    return json.loads(done.stdout.splitlines()[-1])


def table(results):
    """Median over the seeds, least and most beside it."""
    print("| world | learner | solved | decisions | wall s | CPU s | 100 fresh episodes |\n|---|---|---|---|---|---|---|")
    groups = {}
    for result in results:
        groups.setdefault((result["world"], result["learner"]), []).append(result)
    for (name, learner), group in groups.items():
        def cell(key, form, scale=1.0):
            values = [r[key] / scale for r in group]
            return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"

        words = "`paracosm train`" if learner == "ours" else "Stable-Baselines3 on Gymnasium"
        print(f"| {name}, {WORLDS[name]['threshold']} | {words} | {sum(r['solved'] for r in group)} of {len(group)} | {cell('decisions', '.0f', 1000)} k | "
              f"{cell('wall', '.1f')} | {cell('cpu', '.1f')} | {cell('fresh', '.0f')} |")


def main(argv):
    options = arguments(argv)
    if options.job:
        print(json.dumps(train_theirs(options, *json.loads(options.job))))
        return 0
    learners = ([] if options.only_theirs else ["ours"]) + (["theirs"] if options.theirs != "none" else [])
    results, code = [], 0
    try:
        for name in options.worlds.split(","):
            for learner in learners:
                for seed in range(options.first_seed, options.first_seed + options.seeds):
                    result = {"world": name, "learner": learner, "seed": seed, **run_job(options, name, learner, seed)}
                    results.append(result)
                    print(f"{name} {learner} seed {seed}: {'solved' if result['solved'] else 'not solved'}, {result['decisions']:,} decisions, "
                          f"{result['wall']:.1f} s, {result['cpu']:.1f} s of CPU, fresh {result['fresh']:.1f}", file=sys.stderr, flush=True)
    except RuntimeError as error:
        print(f"classic_table: error: {error}", file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        code = 130
    table(results)
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
