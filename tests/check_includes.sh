#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Includes point one way: engine/base <- engine/world <- worlds <- agents <- apps. engine/draw sees
# only engine/base and engine/world/world.h, and is seen by agents and apps; bench is seen by apps. Prints each offence as
# file:line: error: ... and fails if there is one. Arguments: files (default: all in those rooms).
cd -- "$(dirname -- "$0")/.." || exit 1
if [[ $# -eq 0 ]]; then
    mapfile -t files < <(find engine worlds agents apps -name '*.[ch]' | sort)
else
    files=("$@")
fi
[[ ${#files[@]} -gt 0 ]] || { echo "no files to check"; exit 1; }
awk '
function room(path) {
    if (match(path, /^engine\/(base|world|draw)\//)) return substr(path, 1, RLENGTH - 1)
    if (match(path, /^(worlds|agents|apps|bench)\//)) return substr(path, 1, RLENGTH - 1)
    return ""
}
function complain(text) { printf "%s:%d: error: %s\n", FILENAME, FNR, text; wrong = 1 }
BEGIN {
    level["engine/base"] = 0; level["engine/world"] = 1; level["worlds"] = 2
    level["agents"] = 3; level["apps"] = 4
    level["bench"] = 4
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, part, "\""); target = part[2]; here = room(FILENAME); there = room(target)
    if (there == "") { complain("\"" target "\" does not start at a room of the root"); next }
    if ((getline line < target) < 0) complain("\"" target "\" does not exist")
    close(target)
    if (here == there || here == "") next
    if (here == "engine/draw") {
        if (there != "engine/base" && target != "engine/world/world.h") complain("engine/draw may not include " target)
    } else if (there == "engine/draw") {
        if (here != "agents" && here != "apps") complain(here " may not include engine/draw")
    } else if (level[there] > level[here]) complain(here " may not include " there)
}
END { exit wrong }' "${files[@]}"
