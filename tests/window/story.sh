#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A story as a person has it: on a display (a virtual one), with keys that come from the display's own server. Plays
# a short story to both of its endings. Waits for what the story tells, at most so long, never for a time.
# usage: tests/window/story.sh [path of paracosm]; needs Xvfb and xdotool; last line `N passed, N failed`.
set -u
command=${1:-}
. "$(dirname "$0")/display.sh"

told() { grep -qF -- "$1" out; }
# goes NAME KEY END: from the first card to the ending of that name, a key held in between
goes() {
    rm -f out
    begin play "$root/tests/window/two-ways.json"
    claim "$1: the story begins" until_so told 'scene "hill"'
    xdotool key space
    xdotool keydown "$2"
    claim "$1: the scene ends" until_so told "\"hill\" $3 after"
    xdotool keyup "$2"
}

goes edge Left failed
claim "over the edge is an ending" until_so told 'ending "edge": Over the edge'
xdotool key Return
claim "Enter leaves the last card" until_so gone
leave
claim "and the program ends well" exits 0

goes flag Right solved
claim "a card comes before the ending" eval '! told "ending \"flag\""'
xdotool key Return
claim "at the flag is the other ending" until_so told 'ending "flag": At the flag'
leave
claim "Esc leaves, too" exits 0
claim "both endings are remembered" grep -q '"edge".*"flag"' <(tr -d '\n' <"$(find "$room/home" -name stories.json)")
tell_claims
