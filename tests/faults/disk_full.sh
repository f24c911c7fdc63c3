#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A small disk is full while a training, an evaluation with proofs and `new` want to write to it: each says
# so and exits with 1, what was saved before stands, and the training goes on when there is room again.
# usage: tests/faults/disk_full.sh [path of paracosm]. Needs root (mounts a tmpfs), else it is skipped.
# Last line `N passed, N failed`.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
command=$(realpath "${1:-$root/build/paracosm}")
[ -x "$command" ] || { echo "no command at $command; build it first: ./run build" >&2; exit 2; }
room=$(mktemp -d)
mkdir "$room/disk"
if ! mount -t tmpfs -o size=6m paracosm-test "$room/disk" 2>"$room/err"; then
    echo "skipped: a small disk cannot be mounted here ($(head -1 "$room/err")); run it as root"
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
        sed 's/^/  err: /' err | head -5
    fi
}
fill() { # leaves $1 KiB
    local free
    free=$(df --output=avail -k disk | tail -1)
    [ "$free" -le "$1" ] || head -c $(((free - $1) * 1024)) /dev/zero >>disk/filler 2>/dev/null
}
clear() { rm -f disk/filler; }
small="--families roll --envs 32 --horizon 16 --width 32 --threads 2 --checkpoint 1"
newest() { find disk/run/checkpoints -name 'lesson-*.safetensors' | sort | tail -1; }
loads() { "$command" eval disk/run --families roll --levels 1 --episodes 2 --quiet >out 2>err </dev/null; }

# ---------------------------------------------------------------- training
# shellcheck disable=SC2086
"$command" train --out disk/run --lessons 3 $small --quiet >out 2>err </dev/null
code=$?
claim "a training on the small disk" [ "$code" -eq 0 ]
before=$(newest)
sum=$(xxhsum "$before" 2>/dev/null || cksum <"$before")
for left in 0 8 40 120; do
    clear
    fill $left
    "$command" train --out disk/run --lessons 5000 --checkpoint 1 --json >out 2>err </dev/null
    code=$?
    claim "full ($left KiB left): exit 1" [ "$code" -eq 1 ]
    claim "full ($left KiB left): the error names what cannot be written" grep -q "disk/run" err
    claim "full ($left KiB left): and says that the disk is full" grep -qi "full\|no space" err
    claim "full ($left KiB left): and what to do" grep -q "free some space" err
    claim "full ($left KiB left): no temporary file is left" [ -z "$(find disk -name '*.tmp')" ]
    after=$(newest)
    [ "$after" != "$before" ] || claim "full ($left KiB left): the checkpoint is as it was" \
        [ "$(xxhsum "$before" 2>/dev/null || cksum <"$before")" = "$sum" ]
    claim "full ($left KiB left): the newest checkpoint loads" loads
    before=$after sum=$(xxhsum "$before" 2>/dev/null || cksum <"$before")
done
clear
lesson=$(basename "$before" .safetensors | sed 's/lesson-0*\(.\)/\1/')
"$command" train --out disk/run --lessons $((lesson + 3)) --json >out 2>err </dev/null
code=$?
claim "with room again: goes on" [ "$code" -eq 0 ]
claim "with room again: from the next lesson" grep -q "\"lesson\":$((lesson + 1))," out
claim "with room again: nothing was damaged" [ ! -s err ]
[ -z "$(command -v sqlite3)" ] || claim "with room again: integrity_check" \
    [ "$(sqlite3 disk/run/run.db 'PRAGMA integrity_check')" = ok ]

# ---------------------------------------------------------------- a model of worlds
clear
dream="--families roll --hours 0.002 --steps 500 --members 1 --threads 1 --quiet --out disk/dream.safetensors"
# shellcheck disable=SC2086
"$command" dream train $dream >out 2>err </dev/null
code=$?
claim "a model is taught on the small disk" [ "$code" -eq 0 ]
before=$(cksum <disk/dream.safetensors)
fill 0
# shellcheck disable=SC2086
"$command" dream train $dream --resume --save-every 0 >out 2>err </dev/null
code=$?
claim "dream train on a full disk: exit 1" [ "$code" -eq 1 ]
claim "it says what stands, and how to go on" grep -q -- "--resume goes on" err
claim "once" [ "$(grep -o "what was saved" err | wc -l)" = "$(grep -c "" err)" ]
claim "what was saved before stands" [ "$(cksum <disk/dream.safetensors)" = "$before" ]
clear
# shellcheck disable=SC2086
"$command" dream train $dream --resume >out 2>err </dev/null
code=$?
claim "and goes on when there is room again" [ "$code" -eq 0 ]

# ---------------------------------------------------------------- a run begun on a full disk
fill 0
# shellcheck disable=SC2086
"$command" train --out disk/second --lessons 3 $small --quiet >out 2>err </dev/null
code=$?
claim "a new run on a full disk: exit 1" [ "$code" -eq 1 ]
claim "a new run on a full disk: said" grep -qi "full\|no space" err
clear
# shellcheck disable=SC2086
"$command" train --out disk/second --lessons 3 $small --quiet >out 2>err </dev/null
code=$?
claim "and it begins when there is room" [ "$code" -eq 0 ]

# ---------------------------------------------------------------- templates, pictures, proofs
fill 0
: >err
(cd disk && "$command" new mine >../out 2>../err </dev/null)
code=$?
claim "new: exit 1" [ "$code" -eq 1 ]
claim "new: said" grep -qi "no space" err
claim "new: no empty template is left" [ ! -e disk/mine.json ]
"$command" render roll disk/roll.png >out 2>err </dev/null || "$command" render roll --out disk/roll.png >out 2>err </dev/null
code=$?
claim "render: exit 1" [ "$code" -eq 1 ]
claim "render: said" grep -qi "no space" err
claim "render: no half picture is left" [ ! -e disk/roll.png ]
clear
"$command" train --out able --minutes 0.3 --families roll --quiet --threads 2 >out 2>err </dev/null
mkdir -p disk/proofs
fill 0
"$command" eval able --families roll --levels 16 --episodes 2 --proofs disk/proofs --quiet >out 2>err </dev/null
code=$?
claim "proofs: exit 1" [ "$code" -eq 1 ]
claim "proofs: said" grep -qi "no space" err
claim "proofs: no half replay is left" [ -z "$(find disk/proofs -type f)" ]

# ---------------------------------------------------------------- archives and reports
clear
"$command" archive able --out disk/shared --count 20 --quiet >out 2>err </dev/null
code=$?
levels=$(find disk/shared -name '*.json' 2>/dev/null | wc -l)
claim "archive: written while there is room" [ "$code" -eq 0 ]
"$command" report able --out disk/page.html --replays 2 --quiet >out 2>err </dev/null
code=$?
claim "report: written while there is room" [ "$code" -eq 0 ]
sum=$(cat disk/page.html disk/shared/* | cksum)
for left in 0 16 60; do
    fill $left
    "$command" archive able --out disk/more --count 200 --quiet >out 2>err </dev/null
    code=$?
    claim "archive ($left KiB left): exit 1" [ "$code" -eq 1 ]
    claim "archive ($left KiB left): said" grep -qi "no space" err
    claim "archive ($left KiB left): no temporary file is left" [ -z "$(find disk -name '*.tmp')" ]
    "$command" archive able --out disk/shared --force --count 200 --quiet >out 2>err </dev/null
    code=$?
    claim "archive over another ($left KiB left): exit 1" [ "$code" -eq 1 ]
    claim "archive over another ($left KiB left): said that it stays" grep -q "the archive that was there stays" err
    "$command" report able --out disk/page.html --quiet >out 2>err </dev/null
    code=$?
    claim "report ($left KiB left): exit 1" [ "$code" -eq 1 ]
    claim "report ($left KiB left): said" grep -qi "no space" err
    clear
    rm -rf disk/more
done
"$command" check --sample 0 --play 0 disk/shared >out 2>err </dev/null
code=$?
claim "archive over another: that is whole still" [ "$code" -eq 0 ]
claim "report: the page that was there stands" [ "$(tail -c 8 disk/page.html)" = "</html>" ]
"$command" archive able --out disk/shared --force --count 20 --quiet >out 2>err </dev/null
code=$?
claim "archive: with room again it is as it was" [ "$(cat disk/page.html disk/shared/* | cksum)" = "$sum" ]
claim "archive: all $levels levels" [ "$(find disk/shared -name '*.json' | wc -l)" = "$levels" ]
rm -rf disk/shared disk/page.html

# ---------------------------------------------------------------- a disk of small blocks
# SQLite maps the index of its log and writes a byte per 4 kB of it: on blocks of 1 kB the rest is claimed when it is
# first touched.
umount disk
truncate -s 12M image
if PATH=$PATH:/sbin:/usr/sbin mkfs.ext4 -q -F -m 0 -b 1024 image 2>err && mount -o loop image disk 2>err; then
    # shellcheck disable=SC2086
    "$command" train --out disk/run --lessons 3 $small --quiet >out 2>err </dev/null
    code=$?
    claim "a training on a disk of 1 kB blocks" [ "$code" -eq 0 ]
    for left in 0 4 8 12 14 16 18 20 24 28 30 31 32 33 34 36 40 64; do
        clear
        fill $left
        "$command" train --out disk/run --lessons 5000 --checkpoint 1 --json >out 2>err </dev/null
        code=$?
        claim "1 kB blocks, full ($left KiB left): exit 1" [ "$code" -eq 1 ]
        claim "1 kB blocks, full ($left KiB left): and says that the disk is full" grep -qi "full\|no space" err
        clear
        claim "1 kB blocks, full ($left KiB left): the newest checkpoint loads" loads
    done
else
    echo "no disk of 1 kB blocks can be mounted here ($(head -1 err)): not tried"
    mount -t tmpfs paracosm-test disk # for the end
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
