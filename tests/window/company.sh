#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Several players in the window: a person and a trained player bring one crate home, and two persons at one keyboard
# do; keys come from the display's own server. The player is trained here first, some seconds of CPU.
# usage: tests/window/company.sh [path of paracosm]; needs Xvfb and xdotool; last line `N passed, N failed`.
set -u
command=${1:-}
. "$(dirname "$0")/display.sh"
shown=(err words out)

proves() { "$command" replay verify "$1" >words 2>&1 && "$command" replay info "$1" >>words; }
tells() { grep -qF -- "$1" words; }
# to the right, whichever way the members of the family go
set_right="s|\"dir\": \"pick(-1, 1)\"|\"dir\": \"1\"|; s|\"distance\": {\"range\": \[2, 6\]|\"distance\": {\"range\": [2, 3]|; s|\"seconds\": 12|\"seconds\": 60|"
sed "$set_right" "$root/worlds/library/company/carry.json" >carry.json
"$command" train --families carry.json --maker dr --preset fast --decisions 40000 --threads 1 --out run >words 2>&1
claim "a player learns to carry" test -s run/player.safetensors -o -d run

begin play carry.json --run run --players keys,trained --record alone.replay
claim "a window opens" test -n "$window"
sleep 1 # it has not begun: the person gives the sign
xdotool keydown Right
claim "a person and an agent finish the level together" until_so test -s alone.replay
xdotool keyup Right
claim "what they played is proved" proves alone.replay
claim "and was by both" tells "person and trained"
leave
claim "Esc ends it" exits 0

begin play carry.json --players keys,keys2 --record two.replay
xdotool keydown Right
xdotool keydown d
claim "two persons at one keyboard finish it" until_so test -s two.replay
xdotool keyup Right
xdotool keyup d
claim "which is proved" proves two.replay
leave

begin play carry.json --players keys,still --record never.replay
xdotool keydown Right
sleep 4
claim "one alone does not move the crate" test ! -s never.replay
xdotool keyup Right
leave
tell_claims
