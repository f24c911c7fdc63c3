#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The editor as a person has it: on a display (a virtual one), with keys and a mouse that come from the display's own
# server. A level from nothing is saved, undone and done again, loaded and played to its end; work outlives kill -9.
# Each step waits for what the editor says in its title, in its draft or in its file, at most so long, never for a time.
# usage: tests/window/author.sh [path of paracosm]; needs Xvfb and xdotool; last line `N passed, N failed`.
set -u
command=${1:-}
. "$(dirname "$0")/display.sh"
export PARACOSM_SCALE=1
shown=(err title)

titled() { xdotool getwindowname "$window" >title 2>/dev/null && grep -qE -- "$1" title; }
drafted() { grep -qsF -- "$1" home/drafts/first.json-*.json; }
saved() { grep -qsF -- "$1" first.json; }
no_lock() { ! compgen -G "home/drafts/*.lock"; }
click() { xdotool mousemove --window "$window" "$1" "$2" mousedown 1 mouseup 1; }
begin_author() { begin author first.json && until_so titled 'first\.json'; }
# a clean end, as by a window manager that closes the window
close_author() {
    kill "$player"
    until_so gone || kill -9 "$player"
    wait "$player"
    code=$?
}

# The canvas shows 24 x 12 m at 33.9 px/m, its left bottom corner at 124, 566.
begin_author
claim "a level from nothing begins" titled 'first\.json$'
xdotool key 3 mousemove --window "$window" 124 565 mousedown 1 mousemove --window "$window" 500 550 \
    mousemove --window "$window" 938 532 mouseup 1
claim "ground is drawn" until_so drafted '\"ground\"'
xdotool key b
click 226 531
claim "a buggy stands on it" until_so drafted '\"buggy\"'
xdotool key 1
click 395 515
claim "a crate" until_so drafted '\"crate\"'
xdotool key 6
click 599 518
claim "a plate" until_so drafted '\"plate\"'
xdotool key ctrl+2
click 1020 252
claim "and the goal" until_so drafted '\"goal\"'
xdotool key ctrl+s
claim "it is saved" until_so titled 'first\.json$'
claim "what is saved is a level" "$command" check first.json >/dev/null
xdotool key ctrl+z ctrl+z ctrl+z ctrl+z ctrl+z
claim "all of it is undone" until_so drafted '\"bodies\": []'
xdotool key ctrl+y ctrl+y ctrl+y ctrl+y ctrl+y
claim "and done again to the byte" until_so titled 'first\.json$'
close_author
claim "it ends well" exits 0
claim "and leaves no lock" no_lock

begin_author
xdotool key F5
claim "it is loaded again and played" until_so titled 'playing'
xdotool keydown Right
claim "to its end" until_so titled 'solved'
xdotool keyup Right key F5
claim "and back to the editor" until_so titled 'first\.json$'
xdotool key 1
click 395 300
claim "a second crate is in the draft" until_so drafted '\"crate2\"'
kill -9 "$player"
wait "$player" 2>/dev/null
claim "the file has only the first when the editor is killed" eval '! saved crate2'

begin_author
claim "the draft is offered" until_so titled 'question'
click 495 354
claim "and taken" until_so titled '\*$'
xdotool key ctrl+s
claim "and saved" until_so saved crate2
close_author
claim "no lock is left of either" no_lock
tell_claims
