#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The window as a person has it: on a display (a virtual one), with keys and text that come from the display's own
# server and not from inside the program. Plays a level to its end, goes back in time, makes something happen by
# a typed line, films it. Waits for what is to happen, at most so long, never for a time.
# usage: tests/window/person.sh [path of paracosm]; needs Xvfb and xdotool; last line `N passed, N failed`.
set -u
command=${1:-}
. "$(dirname "$0")/display.sh"
shown=(err words out)

changed() { ! cmp -s made.json "$root/tests/window/easy.json"; }
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
xdotool key Escape # the line
leave
claim "Esc ends it" exits 0

# A sandbox: a crate is taken by the mouse and thrown; the record has it.
thrown() { ls ./playground-0*.replay >/dev/null 2>&1; }
kept() { [ -s scene.json ]; }
begin play --sandbox --save scene.json
claim "a sandbox opens" test -n "$window"
xdotool mousemove --window "$window" 270 560 # the middle crate of the pile
sleep 0.5
xdotool mousedown 1
sleep 0.3
for x in 300 380 460 540 620; do # up, and to the right
    xdotool mousemove --window "$window" $x $((640 - x / 2))
    sleep 0.1
done
xdotool mouseup 1
sleep 1
xdotool key F2
claim "a throw is saved in a replay" until_so thrown
claim "which is proved" proves playground-0.replay
claim "and tells who was grabbed, carried and let go" eval 'tells "grab crate" && tells hand && tells let-go'
xdotool key ctrl+s
claim "the scene is kept as a level" until_so kept
claim "which is one, with nothing to be warned of" "$command" check --strict --play 0 scene.json
leave
claim "Esc ends the sandbox" exits 0

# An author: a crate put where the mouse is, saved, and judged by the program.
cp "$root/tests/window/easy.json" made.json
begin author made.json
# Again where a slow machine had no window yet that takes keys.
put_a_crate() {
    xdotool mousemove --window "$window" 600 300 key 1
    sleep 0.3
    xdotool mousedown 1
    sleep 0.2
    xdotool mouseup 1
    sleep 0.3
    xdotool key ctrl+s
    sleep 0.3
    changed
}
claim "a crate is put into a level and saved" until_so put_a_crate
claim "what is saved is a level" "$command" check made.json
kill "$player"
until_so gone || kill -9 "$player" # it asks first where something is not saved
wait "$player" 2>/dev/null
tell_claims
