#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A disk that takes no writes: what only reads works there, what must write says so, exits with 1 and leaves
# every byte as it was.
# usage: tests/faults/read_only.sh [path of paracosm]. Needs root (mounts a tmpfs), else it is skipped.
# Last line `N passed, N failed`.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
command=$(realpath "${1:-$root/build/paracosm}")
[ -x "$command" ] || { echo "no command at $command; build it first: ./run build" >&2; exit 2; }
room=$(mktemp -d)
mkdir "$room/disk"
if ! mount -t tmpfs -o size=32m paracosm-test "$room/disk" 2>"$room/err"; then
    echo "skipped: a disk cannot be mounted here ($(head -1 "$room/err")); run it as root"
    rm -rf "$room"
    echo "0 passed, 0 failed"
    exit 0
fi
trap 'umount "$room/disk"; rm -rf "$room"' EXIT
cd "$room" || exit 2
passed=0 failed=0 code=0

claim() {
    local what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "good: $what"
    else
        failed=$((failed + 1))
        echo "FAILED: $what (exit $code)"
        sed 's/^/  out: /' out | head -5
        sed 's/^/  err: /' err | head -5
    fi
}
run() { timeout 60 "$command" "$@" >out 2>err </dev/null; code=$?; }
exits() { [ "$code" -eq "$1" ]; }
says_why() { grep -qi "read-only\|permission" err && grep -q "$1" err; }
# Names, sizes, times and contents of everything on the disk.
state() { (cd disk && find . -printf '%p %s %T@\n' | sort && find . -type f -exec cksum {} + | sort); }
untouched() { [ "$(state)" = "$before" ]; }

# ---------------------------------------------------------------- a run, while the disk still takes it
cat >disk/wait.json <<'JSON'
{"paracosm": 1, "name": "wait", "world": {"size": [10, 6], "seconds": 4},
 "bodies": [{"name": "floor", "static": true, "shape": {"box": [10, 1]}, "at": [5, 0]},
            {"name": "ball", "shape": {"circle": 0.3}, "at": [5, 2]}],
 "player": {"body": "ball", "actuators": [{"twist": "ball", "channel": 0, "torque": 4}]},
 "goal": {"time": 0.5}}
JSON
small="--families disk/wait.json --envs 8 --horizon 16 --width 16 --threads 1"
# shellcheck disable=SC2086
run train --out disk/run --lessons 4 $small --quiet
claim "a training on the disk" exits 0
mkdir disk/empty
proof=$(find disk/run/proofs -name '*.replay' | sort | head -1)
claim "it left a proof" test -n "$proof"
# A run whose writer was killed has a log beside its database.
cp -r disk/run disk/killed
"$command" train --out disk/killed --minutes 5 --checkpoint 1 --json >out 2>err </dev/null &
job=$!
until [ "$(find disk/killed/checkpoints -name 'lesson-*' | wc -l)" -ge 2 ] && [ -s disk/killed/run.db-wal ]; do
    sleep 0.1
done
kill -9 $job
wait $job 2>/dev/null
mount -o remount,ro "$room/disk" || exit 2
before=$(state)

# ---------------------------------------------------------------- what reads
run eval disk/run --levels 2 --episodes 2 --threads 1
claim "eval of a run there: exit 0" exits 0
claim "and its scores" grep -q "trained" out
claim "and the word that they are not kept there" says_why "not kept in the run"
run eval disk/killed --levels 2 --episodes 2 --threads 1
claim "eval of a run that was killed: exit 0" exits 0
run replay verify "$proof"
claim "replay verify: exit 0" exits 0
run replay info "$proof"
claim "replay info: exit 0" exits 0
run check disk/wait.json
claim "check: exit 0" exits 0
run render disk/wait.json --out wait.png
claim "render onto another disk: exit 0" exits 0
(cd disk && exec "$command" bench step --scene wait.json --worlds 2 --turns 1 --seconds 0.01 --json) >out 2>err </dev/null
code=$?
claim "bench: exit 0" exits 0
claim "and nothing was written by them" untouched

# ---------------------------------------------------------------- what writes
run train --out disk/run --lessons 9 --quiet
claim "train on a run there: exit 1" exits 1
claim "train on a run there: says why and where" says_why disk/run
run train --out disk/killed --lessons 9 --quiet
claim "train on a run that was killed: exit 1" exits 1
claim "train on a run that was killed: says why and where" says_why disk/killed
# shellcheck disable=SC2086
run train --out disk/new $small --lessons 2 --quiet
claim "a new run: exit 1" exits 1
claim "a new run: says why and where" says_why disk/new
# shellcheck disable=SC2086
run train --out disk/empty $small --lessons 2 --quiet
claim "a new run in a folder that is there: exit 1" exits 1
claim "a new run in a folder that is there: says why and where" says_why disk/empty
run eval disk/run --levels 2 --episodes 2 --threads 1 --proofs disk/proofs --quiet
claim "eval --proofs: exit 1" exits 1
claim "eval --proofs: says why and where" says_why disk/proofs
run eval disk/run --levels 2 --episodes 2 --threads 1 --proofs disk/empty --quiet
claim "eval --proofs into a folder that is there: exit 1" exits 1
claim "eval --proofs into a folder that is there: says why and where" says_why disk/empty
run render disk/wait.json --out disk/wait.png
claim "render: exit 1" exits 1
claim "render: says why and where" says_why disk/wait.png
(cd disk && exec "$command" new mine) >out 2>err </dev/null
code=$?
claim "new: exit 1" exits 1
claim "new: says why and where" says_why mine.json
claim "and every byte is as it was" untouched

# ---------------------------------------------------------------- and again, when it may be written
mount -o remount,rw "$room/disk" || exit 2
run train --out disk/run --lessons 6 --json
claim "the run goes on: exit 0" exits 0
claim "from its next lesson" grep -q '"lesson":4,' out
lesson=$(find disk/killed/checkpoints -name 'lesson-*' | sort | tail -1 | sed 's/.*lesson-0*\([0-9][0-9]*\)[.].*/\1/')
run train --out disk/killed --lessons $((lesson + 3)) --json
claim "the killed run goes on: exit 0" exits 0
claim "from the lesson behind its checkpoint" grep -q "\"lesson\":$((lesson + 1))," out

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
