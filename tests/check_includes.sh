#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Includes point one way and go through doors. The table below lists the rooms, lowest first, each with the
# headers that other rooms may include: its doors. A room sees the doors of the rooms above it in the table
# (which stand below it in the house), and all of its own files. `beside` rooms are seen only by those named.
# A header whose card says "Private to ROOM" is believed: nobody outside of that room and the rooms in it may
# include it, and no door leads to it from there. A door that nobody uses, from another room or within another
# door, is none.
# Prints each offence as file:line: error: ... ; then knots, files that include each other in a circle (a .c
# and a .h of one name are one file). Arguments: files (default: all in those rooms).
cd -- "$(dirname -- "$0")/.." || exit 1
doors='
engine/base: arena.h assert.h bytes.h cells.h child.h clock.h diag.h fields.h file.h hash.h json.h maths.h memory.h peers.h platform.h rng.h shell.h text.h threads.h
engine/ranks: ranks.h
engine/world: world.h def_fields.h effort.h geometry.h measure.h overlap.h one_way.h>engine/world/chipmunk,engine/world/lanes/cast,engine/world/lanes/meet,agents/model zones.h>engine/world/chipmunk,engine/world/lanes,agents/dream fluid.h>engine/world/chipmunk,engine/world/lanes,agents/model def_copy.h>engine/world/chipmunk,engine/world/lanes,agents/dream events.h>engine/world/chipmunk,engine/world/lanes,engine/world/lanes/meet,agents/dream net.h>engine/world/chipmunk,engine/world/lanes,engine/world/lanes/solve seams.h>engine/world/chipmunk,engine/world/lanes,tests view_fields.h>engine/world/chipmunk,engine/world/lanes,agents/dream solver.h>engine/world/chipmunk,engine/world/lanes solver_api.h>agents/dream cut.h>agents/dream questions.h>agents/dream mirror.h
engine/world/chipmunk:
engine/world/lanes: lanes_width.h>tests lanes.h>engine/world/lanes/meet,engine/world/lanes/cast,engine/world/lanes/solve kernel.h>engine/world/lanes/meet,engine/world/lanes/solve sound.h>engine/world/lanes/meet turn.h>engine/world/lanes/solve joint_view.h>engine/world/lanes/solve knots.h>engine/world/lanes/solve group.h>engine/world/lanes/cast
engine/world/lanes/meet:
engine/world/lanes/cast:
engine/world/lanes/solve:
engine/draw: camera.h happen.h palette.h scene.h
engine/draw/look: look.h governor.h overlay.h particles.h
engine/draw/raster: raster.h chart.h letters.h png.h terminal.h icon.h>engine/draw/gl
engine/draw/gl: window.h
engine/sound: book.h mixer.h device.h wav.h
worlds/expr: expr.h>worlds/story,worlds/level,worlds/format,worlds/rules,worlds/sample,worlds/edit,worlds/document
engine/gui: gui.h
worlds/level: level.h roles.h kinds.def
worlds/generate: kinetix.h
worlds: template.h json_tree.h library.h problems.h parts.h>worlds/import codes.def>worlds/format
worlds/format: data.h>worlds/sample,worlds syntax.h>worlds,worlds/document,worlds/story,worlds/stream fields.h>worlds/document
worlds/sample: members.h>worlds sample.h>worlds/edit
worlds/edit: edit.h edits.def
worlds/rules: play.h voice.h
worlds/meddle: meddle.h outline.h sandbox.h toybox.h
worlds/story: story.h
worlds/stream: stream.h
worlds/document: document.h document_fields.h
worlds/import: kinetix.h phyre.h svg.h tiled.h
bench: bare_chipmunk.h>apps/bench pile.h>apps/bench
agents/memory: map.h keeper.h
agents/observe: observe.h picture.h pairs.h>agents/policy,tests
agents/env: decision.h env.h fine.h>agents/policy mirror.h probe.h replay.h report.h report_words.h rewind.h
agents/batch: batch.h families.h resume.h seeds.h snapshot.h source.h surprise.h
agents/rehearsal: rehearsal.h
agents/search: search.h
agents/net: net.h conv.h>agents/policy wide.h>agents/learn gru.h>agents/pixels attention.h>agents/policy,tests maths.h>agents/policy,agents/learn,agents/puzzle,agents/maker,agents/maker/paired,tests
agents/policy: policy.h inside.h>agents/learn,agents/lifelong,tests
agents/recall: recall.h
agents/learn: clone.h imitate.h moments.h>agents/lifelong ppo.h
agents/demos: demos.h
agents/run: run_facts.h>apps/compare run_families.h run_folder.h run_story.h run_stream.h safetensors.h safetensors_card.h>agents/model,agents/pixels,agents/skill statistics.h
agents/model: flight.h>agents/dream model.h store.h>agents/pixels
agents/dream: dream.h
agents/foresight: foresight.h witness.h
agents/pixels: clips.h>apps/game pixels.h pixels_measure.h pixels_teach.h
agents/puzzle: prior.h puzzler.h scene.h score.h split.h
agents/company: elo.h information.h>tests pool.h talk.h
agents/player: attempts.h>apps/memory,tests card.h collector.h episodes.h league.h>apps/elo,tests mind.h player.h trials.h curiosity.h
agents/maker: maker.h maker_method.h>agents/maker/paired methods.def>apps/train traits.h>agents/archive,apps/archive
agents/maker/paired:
agents/archive: archive.h descriptors.h>apps/archive descriptors.def>apps/archive elites.h>apps/archive
agents/lifelong: keep.h methods.def>apps/train summary.h transfer.h
agents/lesson: evaluate.h lesson.h presets.def presets.h settings.h
agents/think: distill.h inside.h measure.h reflex.h slow.h think.h
agents/skill: choose.h ground.h>tests measure.h pack.h skill.h
agents/abi:
apps: apps.h files.h frame.h interrupt.h options.h progress.h settings.h still.h terminal.h terminal_scene.h
apps/store: store.h times.h preferences.h
apps/pad: pad.h
apps/page: page.h flow.h card.h help.h
apps/tile: tile.h
apps/record: record.h gif.h>apps/dream,apps/render
apps/archive:
apps/check:
apps/compare:
apps/eval:
apps/think:
apps/memory:
apps/skill:
apps/import:
apps/game: game.h pixel_twin.h>apps/dream score.h>apps/play twin.h>apps/play,apps/dream,apps/home
apps/script: script.h>apps/play,apps/home,apps/author,apps/watch,apps/dream
apps/keys: keys.h>apps/play,apps/home,apps/author,apps/watch fixed.h>apps/play,apps/home,apps/watch
apps/sandbox: sandbox.h>apps/play
apps/play: play_session.h>apps/home,apps/endless,apps/dream play_story.h>apps/home
apps/dream:
apps/endless: endless_window.h>apps/home
apps/author: author.h>apps/home
apps/home: home.h
apps/probe:
apps/elo:
apps/prove:
apps/puzzle:
apps/render:
apps/replay:
apps/report:
apps/train:
apps/watch:
apps/bench:
'
# What the order of the table does not say: rooms that a room may not see though they stand below it, and
# single files that may look up (a folder's own face, such as the loader of templates).
hidden='
worlds/expr worlds/level worlds/generate worlds worlds/format worlds/sample worlds/edit worlds/rules worlds/meddle worlds/document worlds/story worlds/stream worlds/import: engine/draw engine/draw/look engine/draw/raster engine/draw/gl engine/sound bench
engine/draw engine/draw/look engine/draw/raster engine/draw/gl: bench
agents/net agents/policy agents/learn agents/demos agents/run agents/model agents/dream agents/foresight agents/player agents/maker agents/maker/paired agents/archive agents/lifelong agents/lesson: engine/draw engine/draw/look engine/draw/raster engine/draw/gl
agents/memory agents/observe agents/env agents/batch agents/net agents/policy agents/learn agents/demos agents/run agents/model agents/dream agents/foresight agents/pixels agents/player agents/maker agents/maker/paired agents/archive agents/lifelong agents/lesson agents/abi: bench
engine/base engine/world worlds agents/observe agents/env agents/batch agents/net agents/policy agents/learn agents/run agents/player agents/maker agents/maker/paired agents/lesson agents/abi: engine/ranks
'
upward='
engine/sound/book.c: worlds
worlds/load.c: worlds/format worlds/sample
worlds/parts.c: worlds/format
apps/play/play.c: apps/home apps/endless
'
# What is POSIX and not C is asked of the system in engine/base (platform.h, memory.h, file.h, clock.h, threads.h)
# and nowhere else. Locks between threads are pthread.h everywhere. Exceptions, with what they may include:
# a signal's handler may call nothing but a few functions of the system itself.
system='
apps/interrupt.c: signal.h unistd.h
'
whole_house=$((! $#))
if [[ $# -eq 0 ]]; then
    mapfile -t files < <(find engine worlds agents apps bench -name '*.[ch]' | sort)
else
    files=("$@")
fi
[[ ${#files[@]} -gt 0 ]] || { echo "no files to check"; exit 1; }
DOORS=$doors HIDDEN=$hidden UPWARD=$upward SYSTEM=$system awk -v whole_house=$whole_house '
function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
function complain(text) { printf "%s:%d: error: %s\n", FILENAME, FNR, text; wrong = 1 }
# The first comment of a file as one line.
function card(path,   text, row) {
    text = ""
    while ((getline row < path) > 0 && (row ~ /^\/\// || row ~ /^#pragma once/)) { sub(/^(\/\/|#.*)/, "", row); text = text row }
    close(path)
    return text
}
# The room a header says it is private to, "" if it is not.
function owner(path,   text) {
    if (!(path in owners)) {
        text = card(path)
        owners[path] = match(text, /[Pp]rivate to [a-z_\/]+/) ? substr(text, RSTART + 11, RLENGTH - 11) : ""
        if (owners[path] == "" && text ~ /[Pp]rivate|[Ii]nternal to|(this|other) rooms?( only|, which)/)
            unclear[path] = 1
    }
    return owners[path]
}
function is_in(room, whole) { return room == whole || index(room, whole "/") == 1 }
function stem(path) { sub(/\.[ch]$/, "", path); return path }
BEGIN {
    rows = split(ENVIRON["DOORS"], line, "\n")
    for (r = 1; r <= rows; r++) {
        if (line[r] == "") continue
        room = line[r]; sub(/:.*/, "", room); level[room] = r
        headers = line[r]; sub(/^[^:]*: */, "", headers)
        n = split(headers, header, " ")
        for (i = 1; i <= n; i++) {
            split(header[i], part, ">")
            door[room "/" part[1]] = part[2] == "" ? "*" : "," part[2] ","
        }
    }
    rows = split(ENVIRON["HIDDEN"], line, "\n")
    for (r = 1; r <= rows; r++) {
        split(line[r], part, ": "); n = split(part[1], from, " "); m = split(part[2], to, " ")
        for (i = 1; i <= n; i++) for (k = 1; k <= m; k++) hides[from[i], to[k]] = 1
    }
    rows = split(ENVIRON["UPWARD"], line, "\n")
    for (r = 1; r <= rows; r++) {
        split(line[r], part, ": "); n = split(part[2], to, " ")
        for (i = 1; i <= n; i++) may_see[part[1], to[i]] = 1
    }
    rows = split(ENVIRON["SYSTEM"], line, "\n")
    for (r = 1; r <= rows; r++) {
        split(line[r], part, ": "); n = split(part[2], to, " ")
        for (i = 1; i <= n; i++) may_ask[part[1], to[i]] = 1
    }
    for (d in door) {
        if ((getline text < d) < 0) { print "tests/check_includes.sh: error: no such door: " d; wrong = 1; continue }
        close(d)
        if (owner(d) == "") continue
        n = split(door[d] == "*" ? "everybody" : door[d], room_list, ",")
        for (i = 1; i <= n; i++)
            if (room_list[i] != "" && room_list[i] != "tests" && !is_in(room_list[i], owner(d))) {
                print "tests/check_includes.sh: error: " d " is a door for " room_list[i] ", and its card says it is private to " owner(d)
                wrong = 1
            }
    }
}
FNR == 1 && FILENAME ~ /\.h$/ {
    whole = owner(FILENAME)
    if (FILENAME in unclear) complain("the card says whose the header is in other words than \"Private to ROOM\"")
    if (whole != "" && !is_in(folder(FILENAME), whole)) complain("private to " whole ", where it does not stand")
}
/^[ \t]*#[ \t]*include[ \t]*<(unistd|dirent|fcntl|signal|poll|termios|spawn|semaphore|sys\/[a-z]+)\.h>/ {
    split($0, part, "[<>]")
    if (folder(FILENAME) != "engine/base" && !((FILENAME, part[2]) in may_ask))
        complain("<" part[2] "> belongs to engine/base; see engine/base/platform.h")
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, part, "\""); target = part[2]; here = folder(FILENAME); there = folder(target)
    if (target == "bare_names.h") next # made by bench/sources.cmake
    if (!(there in level)) { complain("\"" target "\" does not start at a room of the root"); next }
    if (!(here in level)) { complain(here " is no room of the table in tests/check_includes.sh"); next }
    if ((getline text < target) < 0) { complain("\"" target "\" does not exist"); next }
    close(target)
    if (stem(FILENAME) != stem(target)) edges[stem(FILENAME)] = edges[stem(FILENAME)] " " stem(target)
    if (owner(target) != "" && !is_in(here, owner(target))) { complain(target " is private to " owner(target)); next }
    if (here != there || FILENAME in door) used[target] = 1 # another room does, or sees it through a door
    if (here == there || (FILENAME, target) in may_see || (FILENAME, there) in may_see) next
    if (level[there] > level[here]) complain(here " may not include " there " (it stands above)")
    else if ((here, there) in hides) complain(here " may not include " there)
    else if (!(target in door)) complain(target " is no door of " there)
    else if (door[target] != "*" && index(door[target], "," here ",") == 0) complain(target " is no door for " here)
}
# Strongly connected sets: who reaches whom and is reached back.
function reach(from, at,   next_files, n, i) {
    n = split(edges[at], next_files, " ")
    for (i = 1; i <= n; i++) if (!((from, next_files[i]) in reaches)) { reaches[from, next_files[i]] = 1; reach(from, next_files[i]) }
}
END {
    for (f in edges) reach(f, f)
    for (f in edges) {
        size = 0; names = ""
        for (g in edges) if (((f, g) in reaches) && ((g, f) in reaches)) { size++; names = names " " g }
        if (size > largest) largest = size
        if (size > 2) { print "error: a knot of " size " files:" names; wrong = 1 }
    }
    for (d in door) if (whole_house && !(d in used) && door[d] !~ /,tests,/) { print "tests/check_includes.sh: error: nobody uses the door " d; wrong = 1 }
    if (!wrong) printf "%d files, %d rooms, %d doors, largest knot %d\n", ARGC - 1, length(level), length(door), largest + 0
    exit wrong
}' "${files[@]}"
