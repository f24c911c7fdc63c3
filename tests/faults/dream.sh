#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Models of the world while they are made, and damaged ones: dream train is killed and stopped at every stage, two
# write one file, files are cut and of the other kind. Nothing half-written is read, nothing learned is lost.
# usage: tests/faults/dream.sh [path of paracosm]. Last line `N passed, N failed`.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
command=$(realpath "${1:-$root/build/paracosm}")
[ -x "$command" ] || { echo "no command at $command; build it first: ./run build" >&2; exit 2; }
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 2
. "$root/tests/apps/claim.sh"
run() { timeout 60 "$command" "$@" >out 2>err </dev/null; code=$?; }
complains() { grep -qF -- "$1" err; }
unsaid() { ! grep -qF -- "$1" out err; }
says() { grep -qF -- "$1" out; }
gone() { [ ! -e "$1" ]; }
# stopped SIGNAL WORDS COMMAND...: gets the signal once standard error has said the words ("": after a second)
stopped() {
    local signal=$1 words=$2 job
    shift 2
    "$command" "$@" >out 2>err </dev/null &
    job=$!
    if [ -n "$words" ]; then
        for _ in $(seq 200); do grep -qF -- "$words" err && break; sleep 0.05; done
    else
        sleep 1
    fi
    kill "-$signal" $job
    wait $job 2>/dev/null
    code=$?
}
small="--families crate --threads 1 --members 2 --width 8"

# ---------------------------------------------------------------- bodies: stopped and killed
# shellcheck disable=SC2086
run dream train $small --hours 0.005 --steps 300 --out dream.safetensors
claim "a model" exits 0
cp dream.safetensors before.safetensors
# shellcheck disable=SC2086
stopped INT "" dream train $small --hours 900 --out dream.safetensors
claim "Ctrl-C while it lives: told that nothing was written" both exits 130 complains "nothing was written to dream.safetensors"
claim "and the model that was there stays" cmp -s dream.safetensors before.safetensors
# shellcheck disable=SC2086
stopped INT "" dream train $small --hours 900 --out none.safetensors
claim "nor is one written where none was" both exits 130 gone none.safetensors
# shellcheck disable=SC2086
stopped INT "lived through" dream train $small --hours 0.005 --steps 1e9 --out dream.safetensors
claim "Ctrl-C while it learns: what was learned is kept" both exits 130 says "2 networks"
claim "in the file" sh -c '! cmp -s dream.safetensors before.safetensors'
for _ in 1 2 3; do
    # shellcheck disable=SC2086
    stopped KILL "lived through" dream train $small --hours 0.002 --steps 1e9 --save-every 0 --resume --out dream.safetensors
    run dream measure dream.safetensors --levels 1
    claim "kill -9 while it is saved all the time: it reads" exits 0
done

# shellcheck disable=SC2086
run dream train --families roll --threads 1 --members 5 --width 16 --hours 0.002 --steps 100 --resume --out dream.safetensors
claim "--resume with other families and networks: told what is kept" both exits 0 complains "members 2 (not 5)"
claim "the width too" complains "width 8 (not 16)"
claim "and what it was taught on before is not forgotten" sh -c 'head -c 3000 dream.safetensors | grep -q "crate.*roll"'

# ---------------------------------------------------------------- pixels: the same
film="--pixels --families swing --threads 1"
printf kept >pixels.safetensors
# shellcheck disable=SC2086
stopped INT "" dream train $film --hours 900 --out pixels.safetensors
claim "pixels: Ctrl-C while it watches: told that nothing was written" both exits 130 complains "nothing was written to pixels.safetensors"
claim "pixels: and what was there stays" [ "$(cat pixels.safetensors)" = kept ]
# shellcheck disable=SC2086
stopped INT "watched" dream train $film --hours 0.002 --out pixels.safetensors
claim "pixels: Ctrl-C before it knows what comes next: told" both exits 130 complains "nothing was written to pixels.safetensors"
claim "pixels: and what was there stays, still" [ "$(cat pixels.safetensors)" = kept ]

# ---------------------------------------------------------------- files that are damaged, or of the other kind
size=$(stat -c %s dream.safetensors)
for cut in 0 7 8 9 100 1000 $((size / 2)) $((size - 1)); do
    head -c "$cut" dream.safetensors >cut.safetensors
    run dream measure cut.safetensors --families crate --levels 1
    claim "a model cut at $cut: refused by its name" both exits 1 complains "cut.safetensors"
done

# ---------------------------------------------------------------- a run: two writers, wide networks, other dreams
tiny="--families crate --envs 16 --horizon 16 --width 16 --threads 1 --maker dr"
# shellcheck disable=SC2086
run train --out beside --lessons 2 $tiny --model
claim "a run with a model beside" there beside/model.safetensors
"$command" train --out beside --minutes 5 --quiet >/dev/null 2>&1 </dev/null &
job=$!
for _ in $(seq 100); do grep -qsx "$job" beside/lock && break; sleep 0.05; done
run dream train beside --resume --hours 0.002 --steps 100 --threads 1
claim "dream train of a run that teaches the same model: refused" both exits 1 complains "in use by process $job"
run dream train beside --hours 0.002 --steps 100 --members 1 --width 8 --threads 1 --out other.safetensors
claim "into another file it may" both exits 0 there other.safetensors
kill -INT $job
wait $job
run dream train beside --hours 0.001 --steps 1 --members 8 --rounds 8 --width 512 --threads 1
claim "the widest networks" both exits 0 says "8 networks"
more() { echo $(($(find beside/checkpoints -name 'lesson-*.safetensors' | sort | tail -1 | grep -o '[0-9]*' | tail -1 | sed 's/^0*//') + 3)); }
run train --out beside --lessons "$(more)" --model-share 0.01
claim "are taught beside the player" exits 0
run train --out beside --lessons "$(more)" --in-dream dream.safetensors
claim "a run goes on in the engine, and says so" both exits 0 says "(not --in-dream)"
# shellcheck disable=SC2086
run train --out dreamt --lessons 2 --families crate --envs 16 --horizon 16 --width 16 --threads 1 --in-dream dream.safetensors
claim "a run in a dream" exits 0
run train --out dreamt --lessons 3 --in-dream dream.safetensors
claim "goes on in the same: no word of it" both exits 0 unsaid "its dreams"
run train --out dreamt --lessons 4 --in-dream before.safetensors
claim "goes on in the same, though another is named: told" both exits 0 says "(not before.safetensors)"
run train --out never --lessons 2 --families crate --in-dream cut.safetensors
claim "a run in a damaged dream: refused, and not begun" both exits 1 gone never

stopped INT "" think best dreamt crate --n 1 --think 512 --threads 1
claim "Ctrl-C amid an attempt: not waited for" both exits 130 unsaid "attempts solve"

tell_claims
