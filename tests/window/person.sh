#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The window as a person has it: on a display (a virtual one), with keys and text that come from the display's own
# server and not from inside the program. Plays a level to its end, goes back in time, makes something happen by
# a typed line, films it. Waits for what is to happen, at most so long, never for a time.
# usage: tests/window/person.sh [path of paracosm]; needs Xvfb and xdotool; last line `N passed, N failed`.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
command=$(realpath "${1:-$root/build/paracosm}")
[ -x "$command" ] || { echo "no command at $command; build it first: ./run build" >&2; exit 2; }
for tool in Xvfb xdotool; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: ./run packages xvfb xdotool" >&2; exit 2; }
done
room=$(mktemp -d)
cd "$room" || exit 2
. "$root/tests/apps/claim.sh"
shown=(err words out)

finish() {
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null
    rm -rf "$room"
}
trap finish EXIT
Xvfb -displayfd 1 -screen 0 1280x720x24 -nolisten tcp >display 2>/dev/null &
server=$!
export PARACOSM_HOME=$room/home SDL_AUDIODRIVER=dummy
unset SDL_VIDEODRIVER WAYLAND_DISPLAY

# until WHAT...: tries a condition ten times a second, for a minute at most
until_so() {
    local n
    for ((n = 0; n < 600; n++)); do
        "$@" && return 0
        sleep 0.1
    done
    return 1
}
until_so test -s display || { echo "Xvfb does not start" >&2; exit 2; }
DISPLAY=:$(cat display)
export DISPLAY

window_is_there() { window=$(xdotool search --onlyvisible --name '^Paracosm' 2>/dev/null | head -1); [ -n "$window" ]; }
changed() { ! cmp -s made.json "$root/tests/window/easy.json"; }
# begins a subcommand with a window, in the back, and gives it the keyboard
begin() {
    "$command" "$@" >out 2>err &
    player=$!
    until_so window_is_there && xdotool windowfocus --sync "$window"
}
# the program's exit code, after Esc where it is still there
leave() {
    xdotool key Escape
    until_so gone || kill -9 "$player"
    wait "$player"
    code=$?
}
gone() { ! kill -0 "$player" 2>/dev/null; }
proves() { "$command" replay verify "$1" >words 2>&1 && "$command" replay info "$1" >>words; }
tells() { grep -qF -- "$1" words; }
frames_of() { python3 - "$1" <<'P'
import sys
data = open(sys.argv[1], "rb").read()
print(data.count(b"\x21\xf9\x04") if data[:6] == b"GIF89a" and data[-1:] == b";" else 0)
P
}
has_frames() { [ "$(frames_of "$1")" -ge 3 ]; }
a_gif() { film=$(ls ./*.gif 2>/dev/null | head -1); [ -n "$film" ] && has_frames "$film"; }

begin play "$root/tests/window/easy.json" --record solved.replay
claim "a window opens" test -n "$window"
xdotool keydown Right
claim "a level is played to its end by a key that is held" until_so test -s solved.replay
xdotool keyup Right
claim "what was played is proved" proves solved.replay

xdotool key r Insert # again, with a film of it
sleep 0.3
xdotool keydown Right
sleep 1
xdotool keyup Right
xdotool keydown BackSpace # back in time, to the start if it gets there
sleep 1
xdotool keyup BackSpace
xdotool key slash
sleep 0.5
xdotool type --delay 60 "crate at 1.5 3"
xdotool key Return
sleep 0.5
xdotool keydown Right
claim "after going back and a typed event the level is solved" until_so test -s solved-1.replay
xdotool keyup Right
claim "the record of it is proved" proves solved-1.replay
claim "and tells what was made to happen" tells "crate"
xdotool key Insert
claim "the film of it is a GIF of many pictures" until_so a_gif
leave
claim "Esc ends it" exits 0

# An author: a crate put where the mouse is, saved, and judged by the program.
cp "$root/tests/window/easy.json" made.json
begin author made.json
xdotool mousemove --window "$window" 600 300
xdotool key 1
sleep 0.3
xdotool mousedown 1
sleep 0.2
xdotool mouseup 1
sleep 0.3
xdotool key ctrl+s
claim "a crate is put into a level and saved" until_so changed
claim "what is saved is a level" "$command" check made.json
kill "$player" && wait "$player" 2>/dev/null
tell_claims
