#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Random worlds by the thousand on both solvers, judged by laws of physics (tests/engine/world/wild.h, wild_laws.h).
#   tests/wild.sh [--levels 10000] [--seed 1] [--jobs 2] [--steps 600] [--build build] [--out FOLDER]
# Runs parts of 100 levels each, a file per part in FOLDER (default build/wild-SEED): what was stopped goes on where
# it was when started again with the same folder. A part that crashes leaves its last words and counts as failed.
# At the end: failed levels by kind, solver and law, with the seed of the first. Fails if there is one.
# One level again: build/paracosm-wild --kind K --seed N --solver S --trace; as a template: --print.
set -uo pipefail
cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." || exit 1

levels=10000 seed=1 jobs=2 steps=600 build=build out=
while [[ $# -gt 1 ]]; do
    case $1 in
    --levels) levels=$2 ;; --seed) seed=$2 ;; --jobs) jobs=$2 ;; --steps) steps=$2 ;;
    --build) build=$2 ;; --out) out=$2 ;;
    *) break ;;
    esac
    shift 2
done
if [[ $# -gt 0 ]]; then
    sed -n '3,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
out=${out:-$build/wild-$seed}
mkdir -p "$out" || exit 1

part() { # part <first level>: its lines, or with a crash all that was said and by which signal
    local file=$out/$1.txt count=$((levels - $1 < 100 ? levels - $1 : 100)) code
    [[ -f $file ]] && return
    "$build/paracosm-wild" --seed "$seed" --first "$1" --count "$count" --steps "$steps" >"$file.new" 2>&1
    code=$?
    [[ $code -le 1 ]] || printf 'crash: exit code %d in levels %d to %d\n' "$code" "$1" $(($1 + count - 1)) >>"$file.new"
    mv "$file.new" "$file"
}
export -f part
export out levels seed steps build
seq 0 100 $((levels - 1)) | xargs -P "$jobs" -I{} bash -c 'part {}' || exit 1

cat "$out"/*.txt | awk '
/^crash:/ { print; crashes++ }
/ levels, [0-9]+ failed$/ { runs += $1; failed += $3 }
NF == 9 {
    row = $2 " " $1 " " $4
    if (!(row in count)) { order[++rows] = row; first[row] = $3 }
    count[row]++
    if ($3 < first[row]) first[row] = $3
}
END {
    for (i = 1; i <= rows; i++) {
        split(order[i], of, " ")
        printf "%-10s %-9s %-9s %5d levels, first seed %d\n", of[1], of[2], of[3], count[order[i]], first[order[i]] | "sort"
    }
    close("sort")
    printf "%d runs, %d failed, %d parts crashed\n", runs, failed, crashes
    exit failed + crashes > 0
}'
