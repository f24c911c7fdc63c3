#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Archives that were cut, changed or made to harm are given to everything that takes one: each is refused with a reason,
# nothing crashes, hangs or is written outside. And what an export does where single files cannot be written.
# usage: tests/faults/archive.sh [path of paracosm]. Last line `N passed, N failed`.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
command=$(realpath "${1:-$root/build/paracosm}")
[ -x "$command" ] || { echo "no command at $command; build it first: ./run build" >&2; exit 2; }
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 2
. "$root/tests/apps/claim.sh"
run() { timeout 60 "$command" "$@" >out 2>err </dev/null; code=$?; }
complains() { grep -qF -- "$1" err; }
says() { grep -qF -- "$1" out; }
small="--envs 16 --horizon 16 --width 16 --threads 2"

# ---------------------------------------------------------------- a run and its archive
# shellcheck disable=SC2086
run train --out run --lessons 4 --families roll,balance --maker edit-learn --buffer 16 $small
claim "a run with an archive" exits 0
run archive run --out whole --search 3000 --quiet
claim "its archive" exits 0
files=$(find whole -name '*.json' | sort)
some=$(head -n 1 <<<"$files")
name=$(basename "$some")
"$command" train --out run --minutes 5 --quiet >out 2>err </dev/null &
job=$!
for _ in $(seq 50); do grep -qs "$job" run/lock && break; sleep 0.1; done
run train --out run --lessons 99
claim "a second training on a folder is refused" both exits 1 complains "in use by process $job"
run archive run --out while --quiet
claim "an archive of a run that trains" exits 0
run compare run
claim "compare of a run that trains" exits 0
kill -INT $job
wait $job
run archive run --out now --quiet
claim "and of one that has stopped" exits 0

# refused WHAT WORDS: by all that take an archive, in time, and with the reason
refused() {
    local what=$1 words=$2 by
    for by in "eval run --levels 1 --episodes 2 --quiet --families bad/" "train --out never --lessons 1 --families ./bad" \
        "cross run bad" "check --sample 0 --play 0 bad"; do
        # shellcheck disable=SC2086
        run $by
        claim "$what: ${by%% *} refuses it" exits 1
        claim "$what: ${by%% *} says why" complains "$words"
    done
    claim "$what: no run was begun" [ ! -e never/run.db ]
}
anew() { chmod -R u+rwX bad 2>/dev/null; rm -rf bad; cp -r whole bad; }

# ---------------------------------------------------------------- cut and changed
# cut FILE COUNT: at so many places, the same in each archive
cut_at() {
    local file=$1 count=$2 size cut k bad=0
    size=$(stat -c %s "whole/$file")
    for k in $(seq 0 $((count - 1))); do
        cut=$((size * k / count))
        cp "whole/$file" "bad/$file"
        truncate -s "$cut" "bad/$file"
        run eval run --levels 1 --episodes 2 --quiet --families bad/
        [ "$code" -eq 1 ] && grep -q "bad/" err || { bad=$((bad + 1)); echo "$file cut at $cut: exit $code"; }
    done
    cp "whole/$file" "bad/$file"
    [ "$bad" -eq 0 ]
}
anew
claim "an index that was cut is refused" cut_at index.jsonl 40
claim "a level that was cut is refused" cut_at "$name" 20
proof=$(basename "$(find whole -name '*.replay' | sort | head -n 1)")
for k in 0 1 2 3 4 5 6 7; do
    cp "whole/$proof" cut.replay
    truncate -s $(($(stat -c %s cut.replay) * k / 8)) cut.replay
    run replay verify cut.replay
    claim "a proof cut at $k/8 proves nothing" exits 1
done
anew
sed -i '1s/"hash": "\(.\)/"hash": "0\1/; 1s/"hash": "\(.\{16\}\)./"hash": "\1/' bad/index.jsonl
refused "a hash that lies" "is another level than the index says"
anew
second=$(sed -n 2p <<<"$files")
cp "$second" "bad/$name"
refused "a level in another's place" "is another level than the index says"

# ---------------------------------------------------------------- made to harm
echo '{"paracosm": 1}' >outside.json
for path in ../outside.json /etc/hostname.json "$room/outside.json" a/b.json .json; do
    anew
    sed -i "1s|\"file\": \"[^\"]*\"|\"file\": \"$path\"|" bad/index.jsonl
    refused "the path $path" "in the folder itself"
done
anew
sed -i "1s|\"proof\": \"[^\"]*\"|\"proof\": \"../run/run.db.replay\"|" bad/index.jsonl
refused "the proof's path" "in the folder itself"
anew && rm "bad/$name" && ln -s "$room/$some" "bad/$name"
refused "a link to its own level" "is a link"
anew && rm "bad/$name" && ln -s /dev/zero "bad/$name"
refused "a link to /dev/zero" "is a link"
anew && rm bad/index.jsonl && ln -s ../whole/index.jsonl bad/index.jsonl
refused "an index that is a link" "is a link"
anew && rm "bad/$name" && mkfifo "bad/$name"
refused "a pipe for a level" "no regular file"
anew && rm "bad/$name" && mkdir "bad/$name"
refused "a folder for a level" "no regular file"
anew && truncate -s 1G "bad/$name"
refused "a level of a gigabyte" "1073741824 bytes"
anew && truncate -s 1G bad/index.jsonl
refused "an index of a gigabyte" "1073741824 bytes"
anew && head -c 300000 /dev/zero | tr '\0' '[' >"bad/$name"
refused "a level nested deep" "bad/$name"
anew && mkfifo bad/waits.json
refused "a pipe beside the levels" "waits.json is not in the index"
anew && { cat whole/index.jsonl whole/index.jsonl >bad/index.jsonl; }
refused "an index twice" "twice"
anew && : >bad/index.jsonl
refused "an empty index" "is empty"

# Parts of templates: a pipe and a folder with the names of parts are passed over.
mkdir -p grammar/terrain && mkfifo grammar/terrain/pipe.json && mkdir grammar/terrain/folder.json
cp "$root/worlds/library/composed/overland.json" grammar/overland.json
run check --sample 1 --play 0 grammar/overland.json
claim "a pipe and a folder in a folder of parts are no parts" exits 0

# ---------------------------------------------------------------- an export that cannot write all of it
mkdir -p partly/"$name"
run archive run --out partly --quiet
claim "a level that cannot be written: exit 1" both exits 1 complains "could not be written"
claim "a level that cannot be written: which" complains "$name"
rmdir partly/"$name"
claim "a level that cannot be written: the others are" [ "$(wc -l <partly/index.jsonl)" = "$(($(find now -name '*.json' | wc -l) - 1))" ]
run check --sample 0 --play 0 partly
claim "and the archive of them is whole" exits 0
run archive run --out partly --force --quiet
claim "in a second try all of them" both exits 0 says "partly/index.jsonl: "

tell_claims
