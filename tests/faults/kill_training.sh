#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A training is killed with SIGKILL at random moments and started again on the same folder, each time; then
# its newest checkpoints are damaged by hand. Nothing half-written may be loaded, nothing may be lost, and what went on
# is the training that was never killed.
# usage: tests/faults/kill_training.sh [path of paracosm [kills [seed]]]   (20 kills; CI takes 3)
# Needs sqlite3, or takes the word of the program's own check. Last line `N passed, N failed`.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
command=$(realpath "${1:-$root/build/paracosm}")
kills=${2:-20}
RANDOM=${3:-1}
[ -x "$command" ] || { echo "no command at $command; build it first: ./run build" >&2; exit 2; }
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 2
passed=0 failed=0
small="--families roll,balance --envs 64 --horizon 16 --width 32 --threads 2 --checkpoint 1 --schedule-lessons 100000"

# claim WHAT COMMAND...: counts
claim() {
    local what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $what"
        sed 's/^/  out: /' out 2>/dev/null | tail -3
        sed 's/^/  err: /' err 2>/dev/null | tail -3
    fi
}

query() { sqlite3 "file:run/run.db?mode=ro" "$1" 2>&1; }
have_sqlite=0
command -v sqlite3 >/dev/null && have_sqlite=1
whole() { [ "$have_sqlite" = 0 ] || [ ! -f run/run.db ] || [ "$(query 'PRAGMA integrity_check')" = ok ]; }
checkpoints() { find run/checkpoints -name 'lesson-*.safetensors' 2>/dev/null | sort; }
newest() { checkpoints | tail -1; }
lesson_of() { basename "$1" .safetensors | sed 's/lesson-0*\(.\)/\1/'; }
# Every checkpoint, not only the newest, becomes a player.
all_read() {
    local file
    for file in $(checkpoints); do
        "$command" eval "$file" --families roll --levels 1 --episodes 2 --quiet --threads 2 >/dev/null 2>err || return 1
    done
}
# The model beside the player, where it was written already.
model_reads() {
    [ ! -e run/model.safetensors ] ||
        "$command" dream measure run/model.safetensors --families roll --levels 1 --quiet >/dev/null 2>err
}
# Lessons count up by one, without a gap or a repetition, from the first to the last.
count_on() {
    [ "$have_sqlite" = 0 ] ||
        [ "$(query 'SELECT count(*) = count(DISTINCT lesson) AND count(*) = coalesce(max(lesson), -1) + 1 FROM lessons')" = 1 ]
}
# What the continued run printed: its lessons go up by one from the lesson behind the checkpoint `$1`.
goes_on_after() {
    local expected=$(($1 + 1)) lesson
    [ -s out ] || return 1
    while read -r lesson; do
        [ "$lesson" = "$expected" ] || return 1
        expected=$((expected + 1))
    done < <(sed 's/.*"lesson":\([0-9]*\).*/\1/' out)
}

# ---------------------------------------------------------------- kills
# A file that a killed writer may leave: nobody may ever take it for a checkpoint.
plant_temporary() { mkdir -p run/checkpoints && head -c 5000 /dev/urandom >run/checkpoints/lesson-999999.safetensors.1-0.tmp; }
for kill in $(seq "$kills"); do
    wait_ms=$((200 + RANDOM % 3801))
    # shellcheck disable=SC2086
    "$command" train --out run --minutes 0 $small --model --json >out 2>err </dev/null &
    job=$!
    sleep "$((wait_ms / 1000)).$(printf '%03d' $((wait_ms % 1000)))"
    kill -9 $job 2>/dev/null
    wait $job 2>/dev/null
    code=$?
    before=-1
    [ -n "$(newest)" ] && before=$(lesson_of "$(newest)")
    temporary=$(find run -name '*.tmp' 2>/dev/null | wc -l)
    claim "kill $kill: the training ran until it was killed (exit $code)" [ "$code" -eq 137 ]
    claim "kill $kill: integrity_check" whole
    claim "kill $kill: every checkpoint reads" all_read
    claim "kill $kill: the model beside the player reads" model_reads
    plant_temporary
    # One lesson more than there are, from the newest checkpoint on.
    # shellcheck disable=SC2086
    "$command" train --out run --lessons $((before + 3)) $small --json >out 2>err </dev/null
    code=$?
    claim "kill $kill: it goes on (exit $code)" [ "$code" -eq 0 ]
    claim "kill $kill: from lesson $((before + 1))" goes_on_after "$before"
    claim "kill $kill: without a word of damage" test ! -s err
    claim "kill $kill: lessons in the database without gap or repetition" count_on
    claim "kill $kill: no temporary file is left" [ -z "$(find run -name '*.tmp')" ]
    echo "kill $kill after $wait_ms ms: checkpoint of lesson $before, $temporary temporary files," \
        "$(checkpoints | wc -l) checkpoints, integrity $(whole && echo ok || echo DAMAGED), $failed failed so far"
done

claim "the model was written" test -s run/model.safetensors
# What was killed and went on so often is, byte for byte, the training that never was, and had no model beside.
last=$(lesson_of "$(newest)")
# shellcheck disable=SC2086
"$command" train --out unbroken --lessons $((last + 1)) $small --quiet >out 2>err </dev/null
for ending in safetensors state; do
    file=checkpoints/$(basename "$(newest)" .safetensors).$ending
    claim "after all kills: $ending of lesson $last as in one go" cmp -s "run/$file" "unbroken/$file"
done
echo "lesson $last after $kills kills and in one go: $(sha256sum "$(newest)" | cut -c 1-16)," \
    "$(sha256sum "unbroken/checkpoints/$(basename "$(newest)")" | cut -c 1-16)"
rm -rf unbroken

# ---------------------------------------------------------------- damage
# A run of its own: how far the other one came hangs on luck.
rm -rf run
for lessons in 2 4 6; do
    # shellcheck disable=SC2086
    "$command" train --out run --lessons $lessons $small --quiet >out 2>err </dev/null
done
claim "three checkpoints are kept" [ "$(checkpoints | wc -l)" = 3 ]
cp -r run whole

# damaged WHAT: the newest checkpoint was damaged; the one before it is used, and that is said
damaged() {
    local spoilt expected
    spoilt=$(lesson_of "$(newest)")
    expected=$(lesson_of "$(checkpoints | tail -2 | head -1)")
    "$command" eval run --families roll --levels 1 --episodes 2 --threads 2 >out 2>err </dev/null
    code=$?
    claim "$1: eval uses the one before (exit $code)" [ "$code" -eq 0 ]
    claim "$1: eval says so" grep -q "passed over 1 damaged checkpoint" out err
    "$command" train --out run --lessons $((spoilt + 3)) --json >out 2>err </dev/null
    code=$?
    claim "$1: training goes on (exit $code)" [ "$code" -eq 0 ]
    claim "$1: from the one before" goes_on_after "$expected"
    claim "$1: training says so" grep -q "passed over 1 damaged checkpoint" err
    claim "$1: lessons without gap or repetition" count_on
    claim "$1: integrity_check" whole
    claim "$1: every checkpoint reads" all_read
    echo "damage: $1, lesson $spoilt passed over, went on from $expected"
    rm -rf run
    cp -r whole run
}
file=$(newest)
truncate -s $(($(stat -c %s "$file") / 2)) "$file"
damaged "cut in half"
: >"$(newest)"
damaged "empty"
file=$(newest) place=$(($(stat -c %s "$(newest)") * 3 / 4))
byte=$(od -An -tu1 -j $place -N1 "$file" | tr -d ' ')
# shellcheck disable=SC2059
printf "\\$(printf %o $((byte ^ 16)))" | dd of="$file" bs=1 seek=$place conv=notrunc status=none
damaged "one bit flipped"
file=$(newest)
printf '\0\0\300\177' | dd of="$file" bs=1 seek=$(($(stat -c %s "$file") - 4)) conv=notrunc status=none
damaged "not a number inside"

# A maker without its memory would cost more than a few lessons: where the newest checkpoint has lost its state the one
# before is gone on from, and the training is again the one that was never stopped.
state() { echo "${1%.safetensors}.state"; }
# shellcheck disable=SC2086
"$command" train --out unbroken --lessons 9 $small --quiet >out 2>err </dev/null
for way in gone cut flipped; do
    file=$(state "$(newest)") spoilt=$(lesson_of "$(newest)") expected=$(lesson_of "$(checkpoints | tail -2 | head -1)")
    case $way in
    gone) rm "$file" ;;
    cut) truncate -s $(($(stat -c %s "$file") / 2)) "$file" ;;
    flipped) printf '\252\125' | dd of="$file" bs=1 seek=$(($(stat -c %s "$file") / 2)) conv=notrunc status=none ;;
    esac
    # shellcheck disable=SC2086
    "$command" train --out run --lessons 9 $small --json >out 2>err </dev/null
    code=$?
    claim "state $way: training goes on (exit $code)" [ "$code" -eq 0 ]
    claim "state $way: from the one before" goes_on_after "$expected"
    claim "state $way: and says so" grep -q "lesson $spoilt has lost its state .* goes on from lesson $expected" err
    claim "state $way: lessons without gap or repetition" count_on
    for ending in safetensors state; do
        file=checkpoints/$(basename "$(newest)" .safetensors).$ending
        claim "state $way: $ending as in one go" cmp -s "run/$file" "unbroken/$file"
    done
    rm -rf run
    cp -r whole run
done
rm -rf unbroken

# All of them: to begin anew would throw the run's lessons away, so it is refused.
for file in $(checkpoints); do truncate -s 100 "$file"; done
"$command" train --out run --lessons 9 --quiet >out 2>err </dev/null
code=$?
claim "all damaged: refused (exit $code)" [ "$code" -eq 1 ]
claim "all damaged: and said" grep -q "none of the checkpoints" err
[ "$have_sqlite" = 0 ] || claim "all damaged: the lessons stay" [ "$(query 'SELECT count(*) FROM lessons')" = 6 ]

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
