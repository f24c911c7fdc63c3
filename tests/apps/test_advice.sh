#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What commands print as advice works as printed, from where it was printed: every such line is run by a shell,
# in a folder and by a program whose names want quotes. Advice is a line "  WORD:  COMMAND", what follows
# "see: ", and what stands between backquotes. The examples of each --help are command lines that are right, where
# the program is in PATH. usage: tests/apps/test_advice.sh [path of paracosm]; last line
# `N passed, N failed`.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
command=$(realpath "${1:-$root/build/paracosm}")
[ -x "$command" ] || { echo "no command at $command; build it first: ./run build" >&2; exit 2; }
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
mkdir "$room/it's my room" "$room/it's my room/a tool" && cd "$room/it's my room" || exit 2
ln -s "$command" "a tool/paracosm"
called="./a tool/paracosm"
. "$root/tests/apps/claim.sh"
export SDL_VIDEODRIVER=offscreen
unset TERM

# advice: the commands that out and err advise, one a line
advice() {
    cat out err | sed -n -e 's/^  [A-Za-z ]*:  *\(.*paracosm.*\)$/\1/p' -e 's/^.*see: \(.*\)$/\1/p' \
        -e '/`.*paracosm/s/^[^`]*`\([^`]*\)`.*$/\1/p'
}

# advises WHAT COUNT [VARIABLE=VALUE...] ARGUMENT...: runs the command, which must give COUNT pieces of advice,
# and each of those. What waits for somebody, or trains until it is stopped, has begun well.
advises() {
    local what=$1 count=$2 line code lines
    shift 2
    local settings=()
    while [[ ${1:-} == [A-Z]*=* ]]; do settings+=("$1"); shift; done
    env "${settings[@]}" "$called" "$@" >out 2>err </dev/null
    mapfile -t lines < <(advice)
    if [ "${#lines[@]}" -ne "$count" ]; then
        failed=$((failed + 1))
        echo "FAILED: $what: ${#lines[@]} pieces of advice, not $count"
        cat out err
    fi
    for line in "${lines[@]}"; do
        timeout -k 20 -s INT 5 bash -c "$line" >said 2>&1 </dev/null
        code=$?
        if [ "$code" -eq 0 ] || [ "$code" -eq 124 ]; then
            passed=$((passed + 1))
        elif grep -q OpenGL said; then
            echo "no OpenGL 3.3 here, not run: $line"
        else
            failed=$((failed + 1))
            echo "FAILED: $what advises: $line (exit $code)"
            sed 's/^/  /' said | head -8
        fi
    done
}

small="--envs 4 --horizon 8 --width 16 --threads 1 --families roll"
advises "a subcommand that is none" 1 trian
advises "an option that is none" 1 train --no-such-thing
advises "new" 2 new hills
advises "new elsewhere" 2 new hills --out "my hills/it's one.json"
advises "new behind a dash" 2 new hills --out "./-hills.json"
# shellcheck disable=SC2086
advises "train" 4 train --out first --lessons 1 $small
# shellcheck disable=SC2086
advises "train into two words" 4 train --out "two words" --lessons 1 $small
# shellcheck disable=SC2086
advises "train into a home that is none" 4 train --out "~/\$HOME" --lessons 1 $small
advises "train that is done already" 4 train --out first --lessons 1
advises "eval of no run" 1 eval "no where"
advises "play of no run" 1 play roll --run "no where else"
advises "eval with proofs" 0 eval first --levels 2 --episodes 2 --proofs "pro ofs"
# A player so young proves nothing; a person's record is a replay, too.
SDL_VIDEODRIVER=offscreen "$called" play roll --size 320x240 --script "0 tap return; 60 tap F2; 60.1 quit" >out 2>&1
if [ -e roll-0.replay ]; then
    mv roll-0.replay "my hills/it's played.replay"
    advises "replay play without a terminal" 3 replay play "my hills/it's played.replay"
else
    echo "no replay, no OpenGL 3.3 here: $(head -1 out)"
fi
advises "play without a display" 2 SDL_VIDEODRIVER=dummy play "my hills/it's one.json"
advises "play of a run without a display" 1 SDL_VIDEODRIVER=dummy play --run "two words"

# Examples name what people have made before; that may be missing here, but the command line must be read.
PATH="$PWD/a tool:$PATH"
mkdir -p docs runs
ln -s "$root/worlds" worlds
cp hills.json mine.json
cp -r first runs/first
for name in "" train eval play new check schema level probe render bench "replay verify" "replay info" "replay play" \
    "bench step" "bench train"; do
    # shellcheck disable=SC2086
    mapfile -t lines < <(paracosm $name --help | sed -n '/^examples:/,/^$/s/^  //p')
    [ "${#lines[@]}" -gt 0 ] || { failed=$((failed + 1)) && echo "FAILED: $name --help has no examples"; }
    for line in "${lines[@]}"; do
        timeout -k 5 -s INT 1 bash -c "$line" >said 2>&1 </dev/null
        code=$?
        if [ "$code" -ne 2 ] && [ "$code" -ne 127 ] || grep -q "no terminal\|no display\|OpenGL" said; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "FAILED: example of $name --help: $line (exit $code)"
            sed 's/^/  /' said | head -4
        fi
    done
done

tell_claims
