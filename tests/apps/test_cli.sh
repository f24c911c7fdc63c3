#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The command as a newcomer meets it: help, typos, exit codes, a small training with its scores and proofs,
# interrupts and damage. usage: tests/apps/test_cli.sh [path of paracosm]; last line `N passed, N failed`.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
command=$(realpath "${1:-$root/build/paracosm}")
[ -x "$command" ] || { echo "no command at $command; build it first: ./run build" >&2; exit 2; }
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 2
. "$root/tests/apps/claim.sh"

# runs the command; keeps code, out and err
run() { "$command" "$@" >out 2>err </dev/null; code=$?; }

says() { grep -qF -- "$1" out; }
complains() { grep -qF -- "$1" err; }
unsaid() { ! grep -qF -- "$1" out && ! grep -qF -- "$1" err; }
# every line of out is a JSON value of its own ("lines"), or the whole of it is one; by what is there to ask
is_json() {
    local text
    if [ "${1:-}" = lines ]; then
        while read -r text; do parses <<<"$text" || return 1; done <out
        [ -s out ]
    else
        parses <out
    fi
}
parses() {
    if command -v jq >/dev/null; then
        jq -e . >/dev/null
    elif command -v python3 >/dev/null; then
        python3 -c 'import json, sys; json.load(sys.stdin)'
    else
        return 0 # nobody to ask
    fi
}
quiet() { [ ! -s "$1" ]; }
exists() { [ -e "$1" ]; }
sees() { grep -qa "observation[^a-z]*$2" "$1"/checkpoints/lesson-*; } # the player of a run
no_escapes() { ! grep -q $'\033' "$1"; }

# ---------------------------------------------------------------- help
run
claim "without arguments: exit 2, help on stderr" both exits 2 complains "usage: paracosm SUBCOMMAND"
run --help
claim "--help: exit 0 with examples" both exits 0 says "examples:"
subcommands=$(sed -n '/^subcommands:/,/^$/p' out | awk 'NF > 1 {print $1}')
claim "all subcommands are listed" [ "$(wc -w <<<"$subcommands")" -eq "$(grep -c "para_app_[a-z]*},\$" "$root/apps/main.c")" ]
for name in $subcommands "replay verify" "replay info" "replay play" "bench step" "bench train" "bench window"; do
    # shellcheck disable=SC2086
    run $name --help
    claim "$name --help: exit 0" exits 0
    claim "$name --help has an example" says "  paracosm ${name%% *}"
    # shellcheck disable=SC2086
    run $name --no-such-thing
    claim "$name --no-such-thing: exit 2" exits 2
    claim "$name --no-such-thing is named on stderr" complains "no-such-thing"
done
run help train
claim "help train is train --help" both exits 0 says "usage: paracosm train"
run --version
claim "--version" both exits 0 says "paracosm "
if [ -e "$root/.git" ] && command -v git >/dev/null; then
    claim "--version tells the commit it was built from" grep -qE '^paracosm [0-9.]+ \(commit [0-9a-f]{12}\+?\)$' out
fi

# ---------------------------------------------------------------- output that cannot be written
"$command" new disc --out - >disc.json
for words in --help --version help "help train" "train --help" "replay --help" schema "schema --reference" \
    "new disc --out -" "check disc.json" "fmt disc.json" "probe disc.json --seconds 0.1" "bench --help" \
    "render disc.json --out disc.png" "check --json disc.json"; do
    # shellcheck disable=SC2086
    "$command" $words >/dev/full 2>err </dev/null
    code=$?
    claim "$words to a full disk: exit 1, told" both exits 1 complains "error: cannot write the output"
    # shellcheck disable=SC2086
    "$command" $words 2>err </dev/null | head -n 0 >out
    claim "$words to a reader that has gone: quiet" quiet err
done

# ---------------------------------------------------------------- typos and bad values
run trian
claim "a typo in a subcommand" both exits 2 complains 'did you mean "train"?'
run train --lesons 3
claim "a typo in an option" both exits 2 complains "did you mean --lessons?"
run eval --family rover
claim "an option that is another command's" both exits 2 complains "did you mean --families?"
run eval --fa rover
claim "nothing is guessed from two letters" both exits 2 complains "unknown option --fa"
claim "nor said" [ "$(grep -c 'did you mean' err)" -eq 0 ]
run train --maker slf
claim "a typo in a choice" both exits 2 complains 'did you mean "sfl"?'
run train --preset fats
claim "a typo in a preset" both exits 2 complains 'did you mean "fast"?'
run train --maker ""
claim "an empty choice" both exits 2 complains '--maker must be one of'
claim "an empty choice is refused once, in one way" [ "$(grep -c -- --maker err)" -eq 1 ]
run train --out ""
claim "an empty text" both exits 2 complains '--out needs DIR; got nothing'
run train --envs 8193
claim "a number out of range" both exits 2 complains "--envs must be 0 to 8192; got 8193"
run train --envs many
claim "no number" both exits 2 complains 'needs a whole number; got "many"'
run train --seed -1
claim "a negative seed" both exits 2 complains "--seed needs a number"
run train --minutes nan
claim "not a number at all" both exits 2 complains "--minutes needs a number"
run train --out
claim "a missing value" both exits 2 complains "--out needs a value"
run train here
claim "a word too many" both exits 2 complains '"here" is one word too many: files to imitate come after --from'
run train --json=yes
claim "a flag with a value" both exits 2 complains "--json takes no value"
run train --obs vector
claim "vector without a family" both exits 2 complains "exactly one family"
run train --families rovr --out typo --lessons 1
claim "a typo in a family" both exits 1 complains 'no family "rovr"; did you mean "rover"? families:'
run train --families rover,rover --out twice --lessons 1
claim "a family twice" both exits 1 complains "the family rover is asked for twice"
cp "$root/worlds/library/drive/rover.json" other.json
mkdir -p far && cp other.json far/
run train --families other.json,far/other.json --out twice --lessons 1
claim "two files of one name for one family" both exits 1 complains "are both named other"
claim "nothing was begun of either" [ ! -e twice ]
mkdir -p members && cp "$root/worlds/library/drive/rover.json" members/one.json && cp members/one.json members/two.json
run train --families members/ --out members-run --decisions 40960 --threads 1
claim "members of one family in a folder are called by their files" both exits 0 says "two "
claim "and the run knows each by its file" [ "$(strings -a members-run/run.db | grep -c 'members/two.json')" -gt 0 ]
run train --families members/ --out members-run --decisions 45056 --threads 1
claim "the same folder goes on with them" both exits 0 unsaid "the run keeps its own families"
run eval --families rover,rover
claim "eval of a family twice" both exits 1 complains "the family rover is asked for twice"
cp other.json plain
run eval --families members --levels 2 --episodes 2
claim "a folder without its slash is told how" both exits 1 complains 'for the files in the folder of this name write "members/"'
run eval --families ./members --levels 2 --episodes 2
claim "a folder by its path needs none" both exits 0 says "two "
for verb in probe render "play --screenshot a.png" "eval --families" "train --out none --lessons 1 --families"; do
    # shellcheck disable=SC2086
    run $verb othr.json
    claim "$verb: a file that is not there" both exits 1 complains 'there is no file "othr.json"; did you mean "other.json"?'
    # shellcheck disable=SC2086
    run $verb far/away
    claim "$verb: a path that is not there" both exits 1 complains 'there is no file "far/away"'
    # shellcheck disable=SC2086
    run $verb zzz
    claim "$verb: no such family" both exits 1 complains 'there is no family "zzz"; families:'
    # shellcheck disable=SC2086
    run $verb plain
    claim "$verb: a file without an ending" both exits 1 complains 'for the file of this name write "./plain"'
done
run probe "$root/worlds"
claim "a folder is no template" both exits 1 complains "it is a folder without a .json file"
run probe "$(printf 'x%.0s' {1..5000})"
claim "a name of any length is told in a line" [ "$(head -n 1 err | wc -c)" -lt 400 ]
mkdir -p shelf/inner shelf/none
cp other.json shelf/inner/one.json
cp other.json shelf/two.json
ln -s .. shelf/inner/up # which would lead to all of them again, and again
run check --play 0 shelf
claim "check of a folder checks what is in it and below" both exits 0 says "2 files: 2 without an error, 0 with"
run fmt --check shelf
claim "fmt --check of a folder looks below it too" exits 0
printf '{ "paracosm": 1' >shelf/inner/bad.json
run check --play 0 shelf
claim "check of a folder goes on after a bad file" both exits 1 says "3 files: 2 without an error, 1 with"
claim "and names it" both exits 1 complains "shelf/inner/bad.json:1"
run check shelf/none
claim "check of an empty folder says so" both exits 1 complains "no template (.json) is in it"
run check rover
claim "check takes files, and says where that of a family is" both exits 1 complains "library/drive/rover.json?"
run check othr
claim "check of a misspelt file" both exits 1 complains "did you mean other.json?"
rm -f other.json plain
run eval --families rover --levels 2 --episodes 2 --reward-above 1e6 --json --quiet
claim "eval tells of returns above a bound" says '"reward_above":	1000000'
SDL_VIDEODRIVER=offscreen run play --endless rover --seed 3 --screenshot endless.png
claim "endless takes a family without tiers, too" both exits 0 there endless.png
run play rover hopper
claim "play takes one family" both exits 2 complains "\"hopper\" is one too many"
run play --endless --tier easy
claim "endless chooses its levels itself" both exits 2 complains "--tier does not go with --endless"
run eval --families rover --levels 2 --episodes 2 --surprises 5 --json --quiet
claim "eval with surprises says so" says '"surprises":	5'
run eval --families rover --levels 2 --episodes 2 --surprises 51
claim "surprises have a bound" both exits 2 complains "--surprises"
run train --families rover --lessons 3 --maker dr --envs 16 --horizon 32 --surprises 20 --out surprised --quiet
run train --families rover --lessons 6 --surprises 1 --out surprised
claim "a run keeps its surprises" both exits 0 says "surprises 20 (not 1)"
run train --family roll --lessons 1 --maker dr --envs 4 --width 32 --preset fast --out preset --quiet
sqlite3 preset/run.db "select value ->> 'width', value -> 'settings' ->> 'minibatches', value -> 'settings' ->> 'clip'
                       from meta where key = 'config'" > out
claim "a preset is set, and what is told by hand over it" both exits 0 says '32|4|0.2'
run train --lessons 2 --preset thorough --out preset
claim "a run keeps its settings, whatever preset is told" both exits 0 says "the run keeps its own"
run train --families crate --lessons 3 --maker dr --envs 16 --horizon 32 --model --json --out beside
claim "a model beside the player is told of" both exits 0 says '"model_error":0.'
claim "and is in the run's folder" there beside/model.safetensors
run dream measure beside/model.safetensors --families crate --levels 1 --quiet
claim "and is a model like any other" exits 0
run train --lessons 6 --curiosity places --out beside
claim "a run keeps its curiosity" both exits 0 says "curiosity none (not places)"
cp beside/run.db beside/model.safetensors
run train --lessons 9 --out beside
claim "a model that is none is refused with what to do" both exits 1 complains "remove it: then a new one is begun"
run train --families crate --lessons 2 --curiosity disagreement --out curious
claim "disagreement asks a model" both exits 1 complains "train with --model"
run train --families crate --lessons 2 --maker surprise --out curious
claim "so does the maker that seeks what is not foreseen" both exits 1 complains "train with --model"
run train --families crate --lessons 2 --maker plr --curiosity places --out curious
claim "who scores by values refuses curiosity" both exits 1 complains "take another maker"
run train --curiosity boredom
claim "curiosity has kinds" both exits 2 complains "disagreement, places"
run train --curiosity-weight -1
claim "curiosity costs nothing" both exits 2 complains "--curiosity-weight"
run train --curiosity-fade 1.5
claim "curiosity fades within the training" both exits 2 complains "--curiosity-fade"
run train --model-share 0.95
claim "teaching leaves time to play" both exits 2 complains "--model-share"
run train --families crate --lessons 3 --envs 16 --horizon 32 --in-dream beside/run.db --out dreamt
claim "nobody dreams in what is no model" both exits 1 complains "beside/run.db"
rm -rf beside dreamt
run dream train --families crate --hours 0.01 --steps 600 --width 16 --quiet --out dreamed.safetensors
run train --families crate --lessons 3 --envs 16 --horizon 32 --in-dream dreamed.safetensors --out dreamt
claim "a player is trained in a dream" both exits 0 says "maker dr"
claim "whose model is in the run's folder" there dreamt/in-dream.safetensors
run eval dreamt --levels 1 --episodes 2 --quiet
claim "and is scored in the engine" exits 0
run train --families crate --lessons 3 --model --in-dream dreamed.safetensors --out dreamt2
claim "a model does not learn from its own dreams" both exits 1 complains "exclude each other"
run train --families crate --lessons 3 --maker frontier --in-dream dreamed.safetensors --out dreamt3
claim "who plays for scores does not dream" both exits 1 complains "--maker dr"
run train --families crate --lessons 3 --maker sfl --in-dream dreamed.safetensors --out dreamt3
claim "nor does the default, where it is asked for by name" both exits 1 complains "--maker dr"
claim "and no run is begun by it" [ ! -e dreamt3 ]
printf '{"stream": 1, "decisions": 300, "points": 1,\n "worlds": ["roll", {"family": "balance"}, "rol"]}' > stream.json
run train --stream stream.json --out life
claim "a stream is refused with its line" both exits 1 complains 'stream.json:2:44'
claim "and with what may be meant" both exits 1 complains 'did you mean "roll"?'
claim "and no run is begun by it" [ ! -e life ]
sed -i 's/, "rol"//' stream.json
run train --stream stream.json --obs vector --out life
claim "a stream is seen by one player" both exits 2 complains "take entities"
run train --stream stream.json --family roll --out life
claim "a stream names its families itself" both exits 2 complains "leave out --family"
run train --lifelong clone --out life
claim "what is kept is kept of a stream" both exits 2 complains "name its file with --stream"
run train --stream stream.json --lifelong clone --maker dr --envs 4 --horizon 16 --width 16 --eval-levels 2 --lessons 3 --out life
claim "a stream is learned" both exits 0 says "everything is kept in life"
run train --out life
claim "and goes on where it was, to its end" both exits 0 says "performance P"
run train --out life --reference life
claim "what transfer is told by is a run of its own" both exits 1 complains "--lifelong alone"
run compare life
claim "compare has its numbers" both exits 0 says "stream: P"
run report life --replays 0 --quiet
claim "and so has the report" grep -q '"stream": {"columns": \["learning", "world", "done", "solve"\], "rows": \[\[0, 0, 0, ' life/report.html
rm -rf life stream.json
run train --help
claim "who makes levels unless told so" exits 0 says "default sfl; dr with --in-dream"
rm -rf dreamt dreamt2 dreamt3 curious dreamed.safetensors
run prove roll --members 4 --steps 2000000 --quiet --out demos
run train --family roll --from demos --lessons 3 --maker dr --envs 16 --horizon 32 --out taught
claim "a training begins with what others did" both exits 0 says "imitates 4 episodes"
claim "which is in the run's folder" there taught/demos/00003.replay
run train --family roll --lessons 6 --from demos/roll-0.replay demos/roll-1.replay --out taught
claim "a run keeps what it imitates" both exits 0 says "4 of them (not the 2 of --from)"
run train --family crate --from demos --lessons 3 --out taught2
claim "a player of one family is not taught by another's" both exits 1 complains "4 are of another family"
claim "but one that sees entities is, and it is said" complains "--obs entities takes those of any family"
claim "and no run is begun by it" [ ! -e taught2 ]
run train --from nowhere --lessons 3 --out taught2
claim "what is not there cannot be imitated" both exits 1 complains "there is no nowhere"
run train demos/roll-0.replay --lessons 3
claim "files to imitate come after --from" both exits 2 complains "come after --from"
run train --family roll --from demos --recurrent --continuous --lessons 3 --maker dr --envs 16 --horizon 32 --out minded
claim "one that remembers and acts by amounts is taught too" both exits 0 says "imitates 4 episodes"
run eval minded --levels 2 --episodes 2
claim "and scored" both exits 0 says "roll"
run train --out minded --lessons 4 --recurrent
claim "a run that remembers goes on" both exits 0 says "lesson"
run train --family roll --lessons 2 --maker dr --envs 16 --horizon 32 --out plain
run train --out plain --lessons 3 --recurrent --continuous --width 64
claim "a network stays what it is" both exits 0 says "network, which remembers nothing (not --recurrent)"
run think eval minded --levels 1
claim "thinking ahead is for players of three levels" both exits 1 complains "trained with --continuous"
rm -rf minded plain
run train --families roll,crate --net relational --lessons 2 --maker dr --envs 16 --horizon 32 --out related
claim "things that are seen look at each other" both exits 0 says "lesson"
run train --out related --lessons 3
claim "and go on doing so" both exits 0 says "lesson"
run eval related --levels 2 --episodes 2
claim "and are scored" both exits 0 says "crate"
run train --families roll,crate --lessons 2 --maker dr --envs 16 --horizon 32 --out plain
run train --out plain --lessons 3 --net relational
claim "a run keeps its encoder" both exits 0 says "net pooled (not relational)"
run train --family roll --net relational --lessons 2 --out none
claim "a vector has no rows" both exits 2 complains "--net relational needs --obs entities"
claim "and whence it is one" complains "which --family takes unless told"
run train --family memory/ --recurrent --lessons 2 --out none
claim "a folder of two is no family" both exits 1 complains "these are 6 families" complains "all with --families"
claim "and no run is begun by it" [ ! -e none ]
run train --net telepathic --lessons 2 --out none
claim "a net has a name" both exits 2 complains "relational"
rm -rf related plain
run train --families roll,crate --obs pixels --recurrent --lessons 2 --maker dr --envs 4 --horizon 16 --out seeing
claim "a player that sees pixels" both exits 0 says "lesson"
run train --out seeing --lessons 3
claim "and goes on" both exits 0 says "lesson"
run eval seeing --levels 1 --episodes 2
claim "and is scored" both exits 0 says "crate"
run render crate --policy seeing --gif seeing.gif --seconds 1
claim "and plays" both exits 0 says "frames"
run think eval seeing --levels 1
claim "thinking ahead draws no futures" both exits 1 complains "trained with --obs pixels"
run train --family roll --obs pixels --rays conv --lessons 2 --out none
claim "a picture has no rays" both exits 2 complains "--rays conv needs --obs entities or vector"
run train --family roll --obs pixels --envs 1024 --horizon 1024 --out none
claim "a lesson of pictures fits memory" both exits 2 complains "13 kB"
run train --family roll --rays conv --lessons 2 --maker dr --envs 4 --horizon 16 --out rayed
claim "rays go through a convolution" both exits 0 says "lesson"
run train --out rayed --lessons 3
claim "and go on so" both exits 0 says "lesson"
run eval rayed --levels 1 --episodes 2
claim "and it is scored" both exits 0 says "roll"
rm -rf seeing seeing.gif rayed
run train --continuous --entropy-enough 0.3 --out none
claim "entropy of amounts has no most" both exits 2 complains "--entropy-enough is for actions of three levels"
run train --from-weight -1
claim "imitation weighs something" both exits 2 complains "--from-weight"
rm -rf demos taught taught2
run eval --families rover --levels 2 --episodes 2 --reward-above many
claim "a bound that is no number" both exits 2 complains "--reward-above needs a number"
run eval --families rover --levels 2 --episodes 2 --muted --quiet
claim "who says nothing cannot be muted" both exits 1 complains "nobody in these levels has a voice"
run eval --families rover --levels 2 --episodes 2 --muted --scrambled
claim "one thing that is heard at a time" both exits 2 complains "one at a time"
run train --families rover --pool 4 --lessons 1 --out alone --quiet
claim "past selves need opponents" both exits 1 complains "players that oppose each other"
run elo alone
claim "nobody to rate" both exits 1 complains "is no run folder"
run train --family walker-8 --maker dr --decisions 8192 --threads 1 --quiet --out lists
run eval lists --families bipedal-walker-hardcore --levels 1 --episodes 2 --json --quiet
claim "who sees what is listed plays kin that list as much" says '"bipedal-walker-hardcore"'
claim "a family that lists what is to be observed is seen so" sees lists listed
run train --family walker-8 --obs vector --maker dr --lessons 1 --threads 1 --quiet --out seen
claim "but where another is told" sees seen vector
rm -rf seen
run eval lists --families rover --levels 1 --episodes 2
claim "and no others" both exits 1 complains "of one family, walker-8; it cannot play others"
run eval --episodes 3
claim "odd episodes" both exits 2 complains "must be even"
run eval nowhere
claim "eval of no folder" exits 1
claim "eval of no folder names it" complains "nowhere"
# ---------------------------------------------------------------- the sandbox
run play --help
claim "play --help tells of the sandbox" both says "--sandbox" says "--save"
run play carry --players keys,foo
claim "a seat that is none is refused with those there are" both exits 2 complains "keys, keys2, trained or still"
run play carry --players keys,keys
claim "so is one person for two" both exits 2 complains "is one person"
run play carry --players keys,trained
claim "and a trained player that was not given" both exits 2 complains "give one with --run DIR"
SDL_VIDEODRIVER=offscreen run play carry --players keys,keys2,still --screenshot seats.png
claim "and more players than the level has" both exits 2 complains "this level has 2"
run play --sandbox no-such-family
claim "a sandbox of no family" both exits 1 complains "no-such-family"
run play --sandbox "$root/worlds/stories/grey-point.json" --script "0 quit"
claim "a story is no sandbox" both exits 2 complains "does not go with a story"
run play --endless --gif film.gif
claim "a film of endless mode begins by a key" both exits 2 complains "Insert begins a film"
run play --sandbox missing.replay
claim "a replay is no sandbox" both exits 2 complains "--sandbox goes with a family"
run play rover --save x.json
claim "--save without a sandbox" both exits 2 complains "give --sandbox too"
run play --sandbox --save nowhere/at/all/x.json
claim "--save where nothing can be written" both exits 1 complains "--save"
SDL_VIDEODRIVER=offscreen run play --sandbox --screenshot sandbox.png --size 640x400
claim "a sandbox draws itself without a display" both exits 0 says "sandbox.png: 640 x 400"
SDL_VIDEODRIVER=offscreen run play --sandbox --save scene.json --size 640x400 --script "0.2 tap 3; 0.3 move 300 180; 0.4 press left; \
0.5 move 340 220; 0.6 release left; 0.8 tap 5; 0.9 move 320 160; 1 press left; 1.1 move 322 390; 1.2 release left; 1.6 tap p; 1.8 tap u; \
1.9 tap 9; 2 move 320 200; 2.1 press left; 2.2 move 320 150; 2.3 release left; 2.5 tap p; 3 state; 3.1 tap f2; 3.3 quit"
claim "things are drawn, cut and undone" both exits 0 says "meddled=1"
run replay verify playground-0.replay
claim "and the record of it verifies" exits 0
run replay info playground-0.replay
claim "which tells of the box and not of the cut" both says "box wood" unsaid "slice"
SDL_VIDEODRIVER=offscreen run play --sandbox --seed 1 --save scene.json --size 640x400 --script "0.1 tap p; 0.2 tap 3; 0.3 move 300 180; \
0.4 press left; 0.5 move 340 220; 0.6 release left; 0.8 tap 6; 0.9 move 320 200; 1 press left; 1.1 release left; 1.2 tap p; 2 tap f2; 2.2 quit"
claim "a thing that was made is pinned" exits 0
run replay info playground-1.replay
claim "and told by the name that it got" eval 'says "box wood" && says "pin made-1" && unsaid "nothing that"'
run replay info --json playground-1.replay
claim "as JSON too" both says "pin made-1" is_json whole
PARACOSM_HOME="$room/touched" SDL_VIDEODRIVER=offscreen run play --sandbox --size 640x400 --script "0.2 tap /; 0.3 type wind 3; \
0.4 tap return; 1 quit"
claim "a sandbox in which a line was typed is kept when it is left" eval 'exits 0 && [ -s touched/levels/last-sandbox.json ]'

run replay verfy x
claim "a typo in a word of replay" both exits 2 complains 'did you mean "verify"?'
run replay verify missing.replay
claim "verify of no file" both exits 1 says "No such file"
echo "no replay" >plain.txt
run replay verify plain.txt
claim "verify of another file" both exits 1 says "it is not a Paracosm replay"
run replay info plain.txt
claim "info of another file" both exits 1 complains "it is not a Paracosm replay"
run replay verify
claim "verify of nothing" both exits 2 complains "a replay FILE is missing"
run replay play plain.txt
claim "replay play without a terminal" both exits 2 complains "no terminal"
run bench step --scene nowhere
claim "bench of no scene" exits 1
run bench step --solver dream
claim "bench of a dream without a model" both exits 2 complains "needs a model that dreams"
run bench step --turns 1 --seconds 0.01 --worlds 2 --model nowhere.safetensors
claim "bench of a model that is not there" both exits 1 complains "nowhere.safetensors"
run bench train --width 8
claim "bench train with a silly width" exits 2
run bench train --threads 1,x
claim "bench train with threads that are no number" both exits 2 complains "numbers of 0 to 256"
run bench train --obs vector --width 16
claim "bench train of a vector without its family" both exits 2 complains "is of one family"

mkfifo pipe.json
timeout 10 "$command" check pipe.json >out 2>err </dev/null
code=$?
claim "check of a pipe does not wait for it" both exits 1 complains "not a regular file"

# ---------------------------------------------------------------- a template to begin with
run new hills
claim "new writes a template" both exits 0 says "wrote hills.json"
run check hills.json
claim "and it is fine" exits 0
run new hills
claim "new writes over nothing" both exits 1 complains "hills.json exists already"
run new hills --force
claim "but for --force" both exits 0 says "wrote hills.json"
run new --list
claim "new --list has each ability" both exits 0 says "push and carry   pusher       Push the crate"
for kind in $(sed '/^$/,$d' out | cut -c18-29); do
    run new "$kind-mine" --kind "$kind" --out - && cp out "mine-$kind.json"
    run check --strict "mine-$kind.json"
    claim "new --kind $kind is checked clean" exits 0
done
run new moon --kind lander --out deep/er/moon.json
claim "new makes the folders of --out" both exits 0 says "wrote deep/er/moon.json"
run check deep/er/moon.json
claim "and the template in them is fine" exits 0
run new moon --out /proc/moon.json
claim "new says where it could not write" both exits 1 complains "/proc/moon.json"
run new --help
claim "new --help leads to the list of kinds" says "see --list (default roller)"
"$command" new hills --out - >input.json
"$command" check - >out 2>err <input.json
code=$?
claim "check - reads standard input" both exits 0 says "standard input: hills"
echo '{"paracosm": 1,}' | "$command" check - >out 2>err
code=$?
claim "check - names it in problems" both exits 1 complains "standard input:1:15: error: "
echo '{"b": [1,2], "a": "x"}' >plain.json
run sample roll --count 3 --seed 5 --out sampled
claim "sample writes levels" both exits 0 says "wrote 3 levels to sampled"
run sample roll --seed 6 --out sampled
claim "sample writes over nothing" both exits 1 complains "roll-6.json exists already; --force writes over it"
run sample roll --seed 6 --out sampled --force
claim "sample --force does" exits 0
claim "files are named by family and seed" [ "$(ls sampled)" = "$(printf "roll-%d.json\n" 5 6 7)" ]
run sample roll
claim "sample without --out" both exits 2 complains "wants --out DIR"
run sample roll --set nothing=1 --out sampled
claim "sample names the parameters there are" both exits 1 complains "wants NAME=VALUE with a name out of:"
run check sampled/roll-5.json
claim "a sampled level is a template" exits 0
run diff sampled/roll-6.json roll --seed 6
claim "diff of a level and its family's member: nothing" both exits 0 says "no difference"
run diff sampled/roll-6.json sampled/roll-7.json
claim "diff of two levels tells in words" both exits 1 says "parameter: "
run diff --json sampled/roll-6.json sampled/roll-7.json
claim "diff --json: exit 1" exits 1
claim "diff --json is JSON" is_json
run diff sampled/roll-6.json missing.json
claim "diff of what is not there: exit 2, as of diff" both exits 2 complains "missing.json"
run fmt plain.json
claim "fmt prints the one layout" both exits 0 says '  "b": [1, 2],'
run fmt --check plain.json hills.json
claim "fmt --check names what is laid out otherwise" both exits 1 says "plain.json" complains "1 of 2 would be"
mkdir -p laid && cp plain.json laid
run fmt --write laid
claim "fmt --write writes what changed" both exits 0 says "laid/plain.json"
run fmt --check laid/plain.json
claim "and then it is laid out" exits 0
echo '{"a": [1,]}' | "$command" fmt - >out 2>err
code=$?
claim "fmt names a slip" both exits 1 complains "standard input:1:9: error: "
"$command" fmt --write - <plain.json >out 2>err
code=$?
claim "fmt does not write standard input anew" both exits 1 complains "standard input cannot be written anew"
run new "no name"
claim "new refuses what is no name" both exits 2 complains "is not a name"

# ---------------------------------------------------------------- what check warns of
run check "$root/tests/bad_templates/P063_flag_beyond_the_end.json"
claim "check plays and warns, with the name of the warning" both exits 0 complains "warning: /goal: the goal cannot be reached"
claim "check tells how much it played" says "played 1 of them for"
run check --strict "$root/tests/bad_templates/P063_flag_beyond_the_end.json"
claim "check --strict makes errors of warnings" both exits 1 complains "error: /goal: the goal cannot be reached"
run check --strict --silence P063 --silence camera-small "$root/tests/bad_templates/P063_flag_beyond_the_end.json"
claim "check --silence leaves warnings out" exits 0
run check --strict --play 0 "$root/tests/bad_templates/P058_starts_in_the_goal.json"
claim "check --play 0 plays nothing" exits 0
run check --strict --play 0 --sample 0 "$root/tests/bad_templates/P058_starts_in_the_goal.json"
claim "check --play 0 --sample 0 reads alone" both exits 0 says "read, and no member drawn"
run check --json "$root/tests/bad_templates/P063_flag_beyond_the_end.json"
claim "check --json names the warning" both is_json lines says '"name":"goal-out-of-reach"'
claim "check --json tells what was asked for and drawn, and that no run was left" both says '"asked":100,"drawn":100' says '"cut":null'
cat >dear.json <<'END'
{"paracosm": 1, "name": "dear", "params": {"a": {"range": [0, 1]}},
 "world": {"size": [100, 20], "seconds": 20, "rate": 1000, "substeps": 64, "iterations": 100},
 "bodies": [{"name": "g", "static": true, "shape": {"chain": {"count": 7000, "point": ["i * 0.0142",
     "1 + 0.1 * noise(i) + 0.1 * noise(i, 1) + 0.1 * noise(i, 2) + 0.1 * noise(i, 3) + 0.1 * noise(i, 4)"]}}},
   {"name": "b", "repeat": 500, "fast": true, "shape": {"circle": 0.2}, "at": ["2 + i % 40", "3 + floor(i / 40)"]},
   {"name": "p", "shape": {"circle": 0.5}, "at": ["50 + a", 4]}],
 "player": {"body": "p", "actuators": [{"walk": "p"}]}, "goal": {"right_of": ["p", 90]}}
END
run check dear.json
claim "check tells how few members it drew where each is dear" both exits 0 says " of 100: each is dear to build"
claim "check tells how long it played where steps are dear" says "s of 1 s in 6 of 6 runs: steps of this level are dear"
run check --json dear.json
claim "check --json tells that runs were left" both exits 0 says '"cut":{"runs":6,"of":6,"seconds":'
cat >big.json <<'END'
{"paracosm": 1, "name": "big", "world": {"size": [100, 20]},
 "bodies": [{"name": "p", "at": [30, 10], "shapes": [{"circle": 1},
     {"chain": {"count": 7920, "point": ["0.5 * (i % 2)", "0.0001 * i"]}, "radius": 0.01}]}],
 "player": {"body": "p", "actuators": [{"walk": "p"}]}, "goal": {"right_of": ["p", 90]}}
END
run check big.json
errors() { [ "$(grep -c 'error: ' err)" -eq "$1" ]; }
claim "check tells once what no solver takes, and does not try it a hundred times" both errors 1 says " of 100: each is dear to build"
run check --silence never-meet hills.json
claim "check --silence of no warning says which was meant" both exits 2 complains 'did you mean "never-met"?'
run check --silence syntax hills.json
claim "check --silence of an error is refused" both exits 2 complains "only warnings can be silenced"
run check --strict hills.json deep/er/moon.json
claim "check --strict of the starters is fine" exits 0

# ---------------------------------------------------------------- which solver
run check --solver --sample 16 "$root/worlds/library/drive/roll.json"
claim "check --solver counts" both exits 0 says "solver auto: "
run check --solver --json --sample 16 "$root/worlds/library/drive/roll.json"
claim "check --solver as JSON" both exits 0 says '"reasons"'
claim "check --solver as JSON reads" is_json lines
cat >crowd.json <<'JSON'
{"paracosm": 1, "name": "crowd", "world": {"size": [60, 12], "seconds": 1},
 "params": {"many": {"int": [1, 300]}},
 "bodies": [{"name": "floor", "static": true, "shape": {"box": [60, 2]}, "at": [30, 0]},
            {"name": "ball", "shape": {"circle": 0.3}, "at": [1, 2]},
            {"name": "one", "repeat": "many", "shape": {"circle": 0.08}, "at": ["3 + 0.18 * i", 4]}],
 "player": {"body": "ball", "actuators": [{"twist": "ball", "channel": 0, "torque": 4}]},
 "goal": {"time": 0.5}}
JSON
run check --solver --sample 64 crowd.json
claim "check --solver says why not lanes" both exits 0 says "not on lanes, "
cat >heavy.json <<'JSON'
{"paracosm": 1, "name": "heavy", "world": {"size": [20, 12], "seconds": 1},
 "params": {"much": {"range": [1, 9000]}},
 "bodies": [{"name": "floor", "static": true, "shape": {"box": [20, 2]}, "at": [10, 0]},
            {"name": "ball", "shape": {"box": [0.5, 2]}, "at": [1, 2]},
            {"name": "anvil", "shape": {"box": [1, 1]}, "at": [5, 4], "density": "much"}],
 "player": {"body": "ball", "actuators": [{"twist": "ball", "channel": 0, "torque": 4}]},
 "goal": {"time": 0.5}}
JSON
run check --solver --sample 32 heavy.json
claim "check --solver says what the substeps do not hold" both exits 0 says "more than those hold, "
claim "and how many substeps there are" says "substeps: at most 8 in a step"
claim "and how many on chipmunk" says "on chipmunk 8 in the first"
run check --solver --json --sample 32 heavy.json
claim "and as JSON" both exits 0 says '"worst":{"why":"anvil is '
run train --out crowd --families crowd.json --solver lanes --lessons 1
claim "training on lanes names the limit" both exits 1 complains "does not fit the solver lanes"
claim "and begins nothing" [ ! -e crowd ]
run eval --families crowd.json --levels 8 --episodes 2 --solver lanes
claim "scores on lanes name the limit" both exits 1 complains "use auto"
run eval --families crowd.json --levels 8 --episodes 2
claim "auto scores them all" both exits 0 says "8 levels on lanes"
run render crowd.json --set many=300 --solver lanes --out crowd.png
claim "a picture on lanes names the limit" both exits 1 complains "lanes"
run render crowd.json --set many=300 --out crowd.png
claim "a picture by auto says what ran" both exits 0 says " on chipmunk"
run render --sheet hopper --tier none --out sheet.png
claim "a sheet of a tier that is not there" both exits 1 complains "tier"
run render --sheet rockfall --tier hard --size 480x300 --out sheet.png
claim "a sheet has nine members" both exits 0 says "sheet.png: 480 x 300, nine members of rockfall"
run render rockfall --tier hard
claim "a tier of one picture" both exits 2 complains "--tier goes with --sheet"
run render rockfall --sheet rockfall
claim "a sheet and a picture" both exits 2 complains "takes no other family"
run train --solver box2d
claim "a solver that is not there" both exits 2 complains "must be one of auto, lanes, chipmunk"

# ---------------------------------------------------------------- measuring
cat >drop.json <<'JSON'
{"paracosm": 1, "name": "drop", "world": {"size": [10, 10], "seconds": 5},
 "params": {"height": {"range": [2, 8], "unit": "m"}},
 "bodies": [{"name": "floor", "static": true, "shape": {"box": [20, 2]}, "at": [5, 0]},
            {"name": "ball", "shape": {"circle": 0.5}, "at": [5, "1.5 + height"]},
            {"name": "peg", "repeat": 2, "static": true, "shape": {"box": [0.1, 1]}, "at": ["1 + 8 * i", 1.5]}],
 "player": {"body": "ball", "actuators": [{"twist": "ball", "channel": 0, "torque": 4}],
            "keys": [{"channel": 0, "positive": "d", "negative": "a", "label": "roll"}]},
 "goal": {"touch": ["ball", "floor"]}}
JSON
run prove drop.json --set height=3 --out drop.replay
claim "prove finds a solution" both exits 0 says "drop seed 0: solved in 0.8 s"
run replay verify drop.replay
claim "and its replay verifies" both exits 0 says "solved"
run prove drop.json --members 2 --out proofs_of_drop --json
claim "prove of members: a line of JSON each" both exits 0 is_json lines
claim "and a replay each" [ "$(find proofs_of_drop -name '*.replay' | wc -l)" -eq 2 ]
run prove drop.json --corners --solver both --out corners_of_drop
claim "prove of the corners on both solvers" both exits 0 says "4 of 4 searches solved"
claim "tells which corner" says "drop seed 0, height = 8 on lanes: solved"
claim "and a replay of each search" [ "$(find corners_of_drop -name 'drop-0-corner[12]-*.replay' | wc -l)" -eq 4 ]
run prove drop.json --corners --members 3
claim "corners are no members" both exits 2 complains "--members does not go with it"
sed 's/"goal".*/"goal": {"above": ["ball", "if(height > 5, 20, 2)"]}}/' drop.json >half.json
timeout --foreground --preserve-status -s INT 2 "$command" prove half.json --corners --out proofs_kept --budget 60 >out 2>err
code=$?
claim "Ctrl-C keeps the proofs so far" both exits 130 says "1 of 2 corners solved"
run replay verify proofs_kept/drop-0-corner1.replay
claim "which verify" both exits 0 says "solved"
run prove half.json --set height=6 --steps 1
claim "the best is told of the shortest search" both exits 1 says "  best: "
sed 's/"goal".*/"goal": {"above": ["ball", 20]}}/' drop.json >never.json
run render --replay drop.replay --gif drop.gif --width 128
claim "a replay in motion" both exits 0 says "drop.gif: 128 x 72, "
claim "is a GIF" [ "$(head -c 6 drop.gif)" = GIF89a ]
sed 's/"size": \[10, 10\]/"size": [80, 10]/' drop.json >wide.json
run render wide.json --whole --out wide.png
claim "a long level is shown whole, and no higher than it is" both exits 0 says "wide.png: 1280 x 160"
run render wide.json --whole --metres 20
claim "whole and a width are two things" both exits 2 complains "choose one"
run render drop.json --gif none/drop.gif
claim "a GIF for no folder is refused before it is made" both exits 1 complains "none"
run render drop.json --gif drop.gif --steps 3
claim "a GIF has no single moment" both exits 2 complains "--steps does not go with --gif"
sed 's/"seconds": 5/"seconds": 600/' never.json >long.json
timeout --foreground --preserve-status -s INT 1 "$command" render long.json --gif never.gif --seconds 60 --width 1280 >out 2>err
code=$?
claim "Ctrl-C while a GIF is drawn: exit 130" exits 130
claim "and no file" [ ! -e never.gif ]
run prove never.json --steps 300000
claim "prove says what remained where it found nothing" both exits 1 says "what remained: ball was not above 20 m"
timeout --foreground --preserve-status -s INT 2 "$command" prove never.json --budget 60 >out 2>err
code=$?
claim "Ctrl-C ends it and tells the best so far" both exits 130 says "stopped, not solved"
run import tiled "$root/tests/tiled/cave.json" --out maps
claim "a map is imported, and what is left out is told" both exits 0 says "not carried over: /layers/2/objects/10 (sign): text"
run check maps/cave.json
claim "and is a template without warnings" both exits 0 quiet err
run import tiled "$root/tests/tiled/cave.json" --out maps
claim "and not written over" both exits 1 complains "exists already"
run import tiled drop.json --out maps --json
claim "what is no map is refused" both exits 1 says "this is no map of Tiled"

run import svg "$root/tests/svg/valley.svg" --out drawings
claim "a drawing is imported, and what is left out is told" both exits 0 says "not carried over: line 19, text"
run check drawings/valley.json
claim "and is a template without warnings" both exits 0 quiet err
printf '<!DOCTYPE s [<!ENTITY a "b">]><svg>&a;</svg>' >bomb.svg
run import svg bomb.svg --out drawings
claim "a drawing with entities is refused" both exits 1 complains "it declares an entity"

run import phyre "$root/tests/phyre/own.json" --out tasks
claim "tasks of PHYRE are imported, a template each" both exits 0 says "2 of 2 imported"
run check tasks/own/phyre-09000-000.json
claim "and are templates without warnings" both exits 0 quiet err
run import phyre "$root/tests/phyre/own.json" --out tasks --json
claim "and not written over" both exits 1 says "exists already"
run import phyre drop.json --out tasks
claim "what has no tasks is refused" both exits 1 complains "/tasks: must be a list of 1 to 1000"
run import phyre "$root/tests/phyre" --out tasks/again --quiet
claim "a folder of them, without progress" both exits 0 quiet err
cat >labels.json <<'END'
{"tasks": [{"id": "09000:000",
 "solving": [{"action": [0.135, 0.2, 0.5], "step": 300}, {"action": [0.251, 0.04, 0.1]}],
 "not_solving": [{"action": [0.9, 0.9, 0.1]}], "not_solving_near": []},
 {"id": "09000:777", "solving": [{"action": [0.1, 0.1, 0.1]}]}]}
END
run puzzle agree tasks --solutions labels.json --solver lanes --threads 1
claim "recorded attempts are made and counted" both exits 0 says "3 attempts in"
claim "one of them is invalid" says "1 invalid, 0 diverged"
claim "and a task without a template is told" says "1 tasks of the labels have no template here"
run puzzle agree tasks --solutions labels.json --solver chipmunk --substeps 2 --iterations 20 --json --each
claim "as JSON too, with each of them" both is_json whole says '"why":"the ball lies in green"'
run puzzle agree tasks --solutions labels.json --each
claim "--each alone is a mistake" both exits 2 complains "--each goes with --json"
run puzzle agree tasks
claim "and so are no labels" both exits 2 complains "--solutions FILE"
echo '{"tasks": [{"id": "09000:000", "solving": [{"action": [0.1, 2, 0.1]}]}]}' >labels.json
run puzzle agree tasks --solutions labels.json
claim "labels that make no sense are refused" both exits 1 complains "an action's numbers are 0 to 1"
echo '{"tasks": [{"id": "1:2"}]}' >labels.json
run puzzle agree tasks --solutions labels.json
claim "and such as no template is of" both exits 1 complains "no template in tasks is of a task of"

few="--candidates 24 --tries 4 --practice 6 --learn 8 --imagine 3 --seed 1"
run puzzle eval tasks/own $few --keep tries.json
claim "players are asked puzzles, in tries" both exits 0 says "1 tasks of 1 templates, split within by seed 1; 1 others"
claim "each with its figure" both says "prior+update" says "engine"
cp tries.json tries-kept.json
run puzzle eval tasks/own $few --keep tries.json --players random,prior --json --quiet
claim "as JSON too, and what was tried is not made again" both is_json whole says '"practised":6'
claim "not one of it" both says '"made":0' quiet err
claim "so the file stays what it was" cmp -s tries-kept.json tries.json
run puzzle eval tasks/own $few --keep tries.json --solver lanes
claim "a file of another solver is refused" both exits 1 complains "is of another --seed or --solver; give --keep another"
sed 's/\[0,0,/[0,7,/; s/\[0,1,/[0,7,/' tries-kept.json >tries.json
run puzzle eval tasks/own $few --keep tries.json
claim "and one that makes no sense" both exits 1 complains "a try is [candidate, 0 or 1, 0 to 1]"
head -c 100 tries-kept.json >tries.json
run puzzle eval tasks/own $few --keep tries.json
claim "or is not whole" both exits 1 complains "is no file of tries"
run puzzle eval tasks/own $few --players random,oracle
claim "an unknown player is a mistake" both exits 2 complains '"oracle" is no player'
run puzzle eval tasks/own $few --players random,random
claim "and so is one that stands twice" both exits 2 complains "stands twice"
run puzzle eval tasks/own $few --tries 25
claim "more tries than candidates, too" both exits 2 complains "--tries must be at most --candidates"
run puzzle eval tasks/own $few --folds labels.json
claim "folds go with a split across templates" both exits 2 complains "--folds goes with --split cross"
run puzzle eval tasks/own $few --folds labels.json --split cross
claim "and a file without any is refused" both exits 1 complains 'has no "ball_cross_template" of this --seed'
run puzzle eval tasks/own $few --split cross
claim "one template cannot be split across" both exits 1 complains "none is left to practise"
cp drop.json nopuzzle.json
run puzzle eval nopuzzle.json $few
claim "what is no puzzle is refused" both exits 1 complains "is no puzzle of one ball"
run puzzle eval tasks/own/phyre-09000-000.json --practice-in tasks/own/phyre-09000-001.json $few --players random
claim "practice may lie elsewhere" both exits 0 says "split apart by seed 1"
run puzzle eval tasks/own $few --players imagination --episodes 3 --teach 300 --quiet
claim "a model is taught, imagines, and is believed as far as it was right" both exits 0 says "of 0 actions that solve"
run puzzle eval tasks/own $few --players certain,prior+imagination --episodes 3 --teach 300 --quiet --save-model puzzles.safetensors
claim "or is taken for certain" both exits 0 says "certain"
claim "and it may be kept" [ -s puzzles.safetensors ]
timeout --foreground --preserve-status -s INT 3 "$command" puzzle eval tasks/own $few --players imagination --episodes 3 --teach 100000000 --threads 1 --quiet --save-model cut.safetensors >out 2>err
code=$?
claim "Ctrl-C keeps what was taught so far" both exits 130 says "stopped"
claim "as a model" [ -s cut.safetensors ]
run puzzle eval tasks/own $few --players imagination --model puzzles.safetensors --quiet
claim "to imagine in another run" both exits 0 says "model: puzzles.safetensors"
run puzzle eval tasks/own $few --players imagination --model puzzles.safetensors --save-model other.safetensors
claim "one that is given is not kept again" both exits 2 complains "none is taught where --model is given"
run puzzle eval tasks/own $few --players prior --save-model other.safetensors
claim "nor one that nobody needs" both exits 2 complains "none of --players imagines"
timeout --foreground --preserve-status -s INT 2 "$command" puzzle eval tasks/own --candidates 900 --tries 900 --players random,engine --keep tries_half.json >out 2>err
code=$?
claim "Ctrl-C tells who was done" both exits 130 says "stopped"
claim "and keeps what was tried" [ -s tries_half.json ]

run prove drop.replay
claim "a replay is proved already" both exits 2 complains "paracosm replay verify"

run probe drop.json --set height=2 --seconds 1
claim "probe prints a table" both exits 0 says "body ball: dynamic, 0.785398 kg"
claim "with the end and when it came" says "status: solved at 0.6"
claim "and nothing of what is static" [ "$(grep -c "^body peg" out)" -eq 0 ]
run probe drop.json --set height=2 --seconds 1 --body peg --body ball
claim "but where it is named, all its copies" [ "$(grep -c "^body peg" out)" -eq 2 ]
run probe drop.json --json --solver both --act roll=-0.5
claim "probe --json of both solvers" both exits 0 says '{"solver": "lanes"'
claim "is one list" is_json
run probe drop.json --csv --every 1 --seconds 0.5
claim "probe --csv has a line per row and one of heads" [ "$(wc -l <out)" -eq 32 ]
claim "as wide as the heads" [ "$(awk -F, '{print NF}' out | sort -u | wc -l)" -eq 1 ]
run probe drop.json --plot drop.png --solver both
claim "probe --plot draws" both exits 0 says "drop.png: "
claim "a PNG" [ "$(head -c 4 drop.png | tail -c 3)" = PNG ]
run probe drop.json --body bal
claim "probe names the closest body" both exits 1 complains 'did you mean "ball"?'
run probe drop.json --act jump=1
claim "probe lists the channels" both exits 1 complains "there are: 0 (roll)"
run probe drop.json --act roll=1@..0.5 --act roll=-1@0.5.. --body ball
claim "probe holds actions for a while" exits 0
claim "probe of one body prints ten rows" [ "$(grep -c '^ *[0-9]' out)" -eq 11 ]
run probe drop.json --act roll=1 --act 0=-1
claim "probe refuses two actions at a time" both exits 1 complains "act 0=-1: roll=1 holds this channel"
run probe crowd.json --set many=300 --solver lanes
claim "probe says why a solver does not take a level" both exits 1 complains "chipmunk takes every level"
run probe crowd.json --set many=300 --solver both --json --seconds 0.1
claim "and tells of the other" both exits 1 says '{"solver": "chipmunk"'
claim "which reads" is_json
run probe
claim "probe of nothing" both exits 2 complains "wants a family or file"
run probe drop.json --json --csv
claim "probe in two forms" both exits 2 complains "choose one"
"$command" probe drop.json --csv --every 1 --seconds 600 2>err </dev/null | head -n 1 >out
code=${PIPESTATUS[0]}
claim "a pipe that closes ends it quietly" both exits 1 quiet err
"$command" probe drop.json --seconds 36000 --json >out 2>err </dev/null &
job=$!
sleep 1
kill -INT $job
wait $job
code=$?
claim "probe stops when asked, and tells what it has" both exits 130 says '"steps": ['
claim "which reads" is_json

# ---------------------------------------------------------------- a small training
small="--envs 16 --horizon 16 --width 16 --threads 2"
# shellcheck disable=SC2086
run train --out first --lessons 3 --families roll,rover $small
claim "a small training" both exits 0 says "done; everything is kept in first"
claim "piped output has no escape codes" no_escapes out
claim "the folder holds database and checkpoint" test -s first/run.db -a -s first/checkpoints/lesson-000002.safetensors
run train --out first --lessons 5 --json
claim "it is continued" both exits 0 says '"lesson":4'
claim "one JSON object per lesson" [ "$(wc -l <out)" -eq 2 ]
claim "each of them reads" is_json lines
"$command" train --out first --lessons 4000 --json 2>err </dev/null | head -n 1 >out
code=${PIPESTATUS[0]}
claim "a pipe that closes ends the training quietly, the work is kept" both exits 1 quiet err
claim "what came through it reads" is_json lines
lessons=$(find first/checkpoints -name 'lesson-*' | sort | tail -1 | sed 's/.*lesson-0*\([0-9][0-9]*\)[.].*/\1/')
run train --out first --lessons $((lessons + 2)) --quiet
claim "--quiet prints nothing" [ "$code$(cat out err)" = 0 ]
run train --out plain.txt --lessons 1
claim "a file in place of the folder" exits 1
mkdir foreign && touch foreign/thesis.tex
run train --out foreign --lessons 1
claim "a folder of someone else" both exits 1 complains "holds no Paracosm run"
claim "which stays as it was" [ "$(ls foreign)" = thesis.tex ]

# ---------------------------------------------------------------- a run keeps its templates
mkdir mine away none
sed 's/"crowd"/"few"/; s/300/2/' crowd.json >mine/few.json
# shellcheck disable=SC2086
run train --out kept --lessons 2 --families mine/few.json,roll $small
claim "a run on a file of one's own" exits 0
run eval kept --levels 2 --episodes 2 --json --quiet
claim "is scored" exits 0
cp out before.json
cp -r kept stays && mv kept mine away/
cd away || exit 2
PARACOSM_LIBRARY=$room/none
export PARACOSM_LIBRARY
rm -r mine
run eval kept --levels 2 --episodes 2 --json --quiet
claim "moved, without its templates, it is scored" both exits 0 test "! -s err"
claim "the same" cmp -s out "$room/before.json"
run train --out kept --lessons 4 --quiet
claim "and goes on" both exits 0 test "! -s err"
run level --of 1 --run kept
claim "the level of a report" both exits 0 says '"value": '
claim "the level of a report reads" is_json
cp out level.json
run level --of 1 --run kept --params
claim "its parameters" both exits 0 says '{"many":'
run check level.json
claim "the level is a template" exits 0
run level --of 100000 --run kept
claim "a report that is not there" both exits 1 complains "kept has no report 100000; its reports are 1 to"
run level --of 1
claim "a level of no run" both exits 2 complains "wants both --of REPORT and --run DIR"
run eval kept --templates disk --levels 2 --episodes 2
claim "templates that are gone from disk" both exits 1 complains "mine/few.json"
unset PARACOSM_LIBRARY
cd .. || exit 2
run train --out stays --lessons 4 --quiet
claim "where nothing was moved it goes on the same" cmp -s stays/checkpoints/lesson-000003.safetensors away/kept/checkpoints/lesson-000003.safetensors
mkdir mine && sed 's/"crowd"/"few"/; s/300/3/' crowd.json >mine/few.json
run eval stays --levels 2 --episodes 2
claim "a template that changed is told by eval" both exits 0 complains "changed on disk since the run took them in: $room/mine/few.json;"
run train --out stays --lessons 5
claim "and by train" both exits 0 says "changed on disk since the run took them in: $room/mine/few.json;"
run eval stays --templates disk --levels 2 --episodes 2 --json
claim "eval takes it from disk" both exits 0 says '"disk"'
run train --out stays --lessons 6 --templates disk
claim "train does not" both exits 1 complains "train into another folder"
run eval stays --templates file
claim "templates of nobody" both exits 2 complains "--templates must be one of run, disk"

# shellcheck disable=SC2086
run train --out chip --lessons 2 --families roll --solver chipmunk $small
claim "a run on chipmunk" both exits 0 says "solver chipmunk"
run train --out chip --lessons 3 --solver auto
claim "stays on chipmunk" both exits 0 says "solver chipmunk"
run train --out chip --lessons 4 --solver lanes --maker dr
claim "and says what was asked for in vain" both exits 0 says "the run keeps its own maker sfl (not dr), solver chipmunk (not lanes)"
run train --out chip --lessons 2
claim "a run that has more lessons than asked for says how to go on" both exits 0 says "go on:  $command train --out chip --lessons 8"
run train --out chip --decisions 1
claim "and in decisions" both exits 0 says "paracosm train --out chip --decisions $(($(sqlite3 chip/run.db 'select 2 * max(decisions) from lessons')))"

run sample balance --count 65 --out crowd
run train --families crowd/ --out crowded --decisions 1 --first-horizon 64 --horizon 64 --width 16 --threads 2
claim "of many families a line says how many are solved" both exits 0 says "of 65 families"
claim "a lesson beyond twice the limit: how to go on says more than it has" says "--out crowded --decisions 32768"

# ---------------------------------------------------------------- composed and edited levels
run check --strict "$root/docs/cookbook/updraft.json"
claim "check --strict: what a template silences of its members stays silent" both exits 0 says "updraft"
run compose --list
claim "compose --list: the grammars" both exits 0 says "overland"
run compose --tier easy --count 3 --seed 40 --out tiered
claim "compose: of all grammars a tier, which families without parts lack" both exits 0 says "overland-40.json: terrain"
run compose --grammar overland --count 3 --seed 2 --out composed
claim "compose: levels as files" both exits 0 says "composed"
claim "compose: which are clean" bash -c "'$command' check --play 0 composed/*.json"
run compose --grammar kinetix-s --count 4 --seed 3 --out generated # 4 and 5 solve themselves
claim "compose: a seed whose level solves itself is left out" both exits 0 says "left out 2 seeds"
claim "compose: and the next one taken" bash -c "[[ \$(ls generated | sort -V | tr '\n' ' ') == 'kinetix-s-3.json kinetix-s-6.json kinetix-s-7.json kinetix-s-8.json ' ]]"
claim "compose: generated levels are clean" bash -c "'$command' check --play 0 generated/*.json"
run compose --grammar kinetix-s --count 2 --seed 4 --idle --out generated/idle
claim "compose --idle: it is not" bash -c "[[ -e generated/idle/kinetix-s-4.json && -e generated/idle/kinetix-s-5.json ]]"
run edit "$(ls composed/*.json | head -n 1)" --count 3 --edits 2 --seed 5 --out edited
claim "edit: levels as files" both exits 0 says "edited"
claim "edit: which are clean" bash -c "'$command' check --play 0 edited/*.json"
run edit --list
claim "edit --list: the kinds" both exits 0 says "cut_ground"

# ---------------------------------------------------------------- the report of a run
run report chip --quiet
claim "report: a page of the run" both exits 0 says "chip/report.html: 1 run"
claim "report: it is whole, and asks no network" bash -c \
    'tail -c 8 chip/report.html | grep -q "</html>" && ! grep -qE "https?://[^w]|src=|@import" chip/report.html'
claim "report: its data is JSON with all tables" python3 -c '
import json, re
data = json.loads(re.search(r"<script id=\"data\" type=\"application/json\">(.*?)</script>", open("chip/report.html").read(), re.S).group(1))
story = data["runs"][0]["story"]
assert story["maker"] and story["curve"]["rows"] and story["causes"]["columns"] == ["lesson", "cause", "episodes"]
assert all(len(row) == len(t["columns"]) for t in story.values() if isinstance(t, dict) for row in t["rows"])'
run train --families airborne --maker plr --buffer 8 --decisions 60000 --threads 1 --quiet --out grown
run report grown --replays 2 --quiet
claim "report: of what parts the levels of a grammar are made" python3 -c '
import json, re
data = json.loads(re.search(r"<script id=\"data\" type=\"application/json\">(.*?)</script>", open("grown/report.html").read(), re.S).group(1))
makings = data["runs"][0]["makings"]
rows = [dict(zip(makings["columns"], row)) for row in makings["rows"]]
levels = len(data["runs"][0]["story"]["archive"]["rows"])
assert levels > 0 and sum(r["levels"] for r in rows if r["as"] == "terrain") == levels, rows'
run report chip chip --out both.html --replays 0 --quiet
claim "report: of several, without replays" both exits 0 says "both.html: 2 runs, 0 replays"
run report chip --tensorboard board
claim "report: curves for TensorBoard" both exits 0 says "board/chip: "
claim "report: in records whose checksums hold" python3 -c '
import struct
def crc(data):
    c = 0xffffffff
    for byte in data:
        c ^= byte
        for _ in range(8): c = c >> 1 ^ (0x82f63b78 if c & 1 else 0)
    c ^= 0xffffffff
    return ((c >> 15 | c << 17) + 0xa282ead8) & 0xffffffff
assert crc(b"123456789") == ((0xe3069283 >> 15 | 0xe3069283 << 17) + 0xa282ead8) & 0xffffffff
data, at, records = open("board/chip/events.out.tfevents.0.paracosm", "rb").read(), 0, []
while at < len(data):
    size, check = struct.unpack_from("<QI", data, at)
    assert check == crc(data[at:at + 8])
    body = data[at + 12:at + 12 + size]
    assert struct.unpack_from("<I", data, at + 12 + size)[0] == crc(body)
    records.append(body)
    at += 16 + size
assert b"brain.Event:2" in records[0] and len(records) > 10 and any(b"lesson/entropy" in r for r in records)'
(cd chip && "$command" report . --tensorboard ../board2 >../out 2>../err </dev/null)
code=$?
claim "report: curves of the folder one is in are called by its name" both exits 0 there board2/chip/events.out.tfevents.0.paracosm
# shellcheck disable=SC2086
run train --out keeps --lessons 3 --families roll --maker edit-learn --buffer 16 $small
claim "a run of another maker" both exits 0 says "the maker replays"
run train --families rover --maker dr --decisions 2048 --threads 1 --quiet --out barren
run archive barren --out none-kept
claim "an archive without levels" both exits 1 complains "no level was kept or proved yet"
claim "leaves nothing behind" [ ! -e none-kept ]
run archive keeps --out shared
claim "archive: levels as files" both exits 0 says "shared/index.jsonl: "
claim "archive: a line of JSON for each" python3 -c '
import json, os
lines = [json.loads(line) for line in open("shared/index.jsonl")]
assert lines and all(os.path.exists("shared/" + line["file"]) for line in lines)
assert all(not line["proof"] or os.path.exists("shared/" + line["proof"]) for line in lines)'
run eval chip --families shared/ --levels 1 --episodes 2
claim "archive: another player is scored on its files" both exits 0 says "worst 10 %"
run check --play 0 --sample 0 shared
claim "archive: check holds the files against the index" both exits 0 says "an archive of"
cp -r shared spoilt && cp "$(ls spoilt/*.json | head -1)" spoilt/more.json
run eval chip --families spoilt/ --levels 1 --episodes 2
claim "archive: a level that the index does not name is none of it" both exits 1 complains "more.json is not in the index"
run train --out never --families spoilt/ --lessons 1
claim "archive: not for train either" both exits 1 complains "more.json is not in the index"
rm -r spoilt
run archive keeps --out proved --search 20000 --proved
claim "archive --search --proved: every level has a proof" python3 -c '
import json
lines = [json.loads(line) for line in open("proved/index.jsonl")]
assert lines and all(line["proof"] and line["proved_by"] in ("player", "search") for line in lines)
assert all(line["searched"]["budget"] == 20000 and line["searched"]["found"] for line in lines if line["proved_by"] == "search")'
claim "archive: the proofs verify" bash -c "'$command' replay verify proved/*.replay >/dev/null"
run archive keeps --out grid --elites param:distance,goal_distance --bins 3
claim "archive --elites: a grid" both exits 0 says " of 9 cells filled"
claim "archive --elites: one level in each cell" python3 -c '
import json
lines = [json.loads(line) for line in open("grid/index.jsonl")]
cells = [tuple(line["cell"]) for line in lines]
assert len(set(cells)) == len(cells) > 1 and all(0 <= c <= 2 for cell in cells for c in cell)
assert all(set(line["descriptors"]) == {"param:distance", "goal_distance"} for line in lines)'
one_level() { [ "$(ls "$1"/*.json | wc -l)" = 1 ]; }
run archive keeps --out grid --elites param:distance,goal_distance --bins 1 --force
claim "archive --force: what the older one had is gone" both exits 0 one_level grid
run train --families arm-pick --tier hard --maker plr --buffer 8 --decisions 20000 --threads 1 --quiet --out grips
"$command" archive grips --out stopped --search 900000000000 --threads 2 >out 2>err </dev/null &
job=$!
sleep 2
kill -INT $job
wait $job
code=$?
claim "archive: Ctrl-C, and the index has what was written" both exits 130 exists stopped/index.jsonl
claim "archive: no level without a line" [ "$(ls stopped | grep -c 'json$')" = "$(wc -l <stopped/index.jsonl)" ]
run archive keeps --elites distance,bodies
claim "archive: a descriptor of nobody" both exits 2 complains 'there is no descriptor "distance"'
run archive keeps --elites bodies
claim "archive: a grid has two sides" both exits 2 complains "two descriptors"
run archive keeps --out shared
claim "archive: is not written over" both exits 1 complains "--force writes over it"
cp -r keeps spoilt
sqlite3 spoilt/run.db "update levels set params = '{\"a\": 1, oh' where hash = (select min(hash) from levels)"
run report spoilt --quiet --replays 0
claim "report: a damaged row of parameters is told, and the page is there" both exits 0 complains "1 levels have damaged parameters"
cp -r keeps keeps2
sqlite3 keeps2/run.db "update meta set value = replace(value, '\"seed\":	\"1\"', '\"seed\":	\"2\"') where key = 'config'"
run dream train --families crate --hours 0.01 --steps 2000 --members 2 --width 16 -o dream.safetensors
claim "dream train: lives, learns, writes a model" both exits 0 says "2 networks"
claim "which is there" there dream.safetensors
run dream measure dream.safetensors --levels 2 --json
claim "dream measure --json" both exits 0 is_json whole
claim "dream measure knows what it was taught on" says '"crate"'
claim "dream measure tells what is said to happen" says '"meet"'
run dream train --families crate --hours 0.002 --steps 100 --resume --save-every 0 -o dream.safetensors
claim "dream train --resume goes on with the networks that are there" both exits 0 says "2 networks"
claim "and its card counts what was taught before" sh -c 'head -c 4000 dream.safetensors | grep -q steps_each...21'
run dream train --families crate --hours 0.002 --steps 100 --resume -o nothing-here.safetensors
claim "dream train --resume without a model" both exits 1 complains "nothing-here"
run dream train --pixels --resume --families swing -o pixels.safetensors
claim "dream train --resume of pixels" both exits 2 complains "begin anew"
run new dreamt --out dreamt/dreamt.json
run dream train --families dreamt/dreamt.json --hours 0.002 --steps 100 --members 1 --width 4 -o own.safetensors
run dream measure dream.safetensors --levels 1 --hold 1 --json
claim "dream measure --hold takes keys that are held, and tells of the engine nudged" both exits 0 says '"nudged_both"'
run dream measure dream.safetensors --levels 1 --hold -1
claim "dream measure --hold refuses less than nothing" both exits 2 complains "--hold must be"
run dream measure own.safetensors --levels 1 --json
claim "dream measure finds a template of one's own that it was taught on" both exits 0 says '"dreamt"'
sed 's/"repeat": "crates"/"repeat": 200/' dreamt/dreamt.json >dreamt/pile.json
run dream train --families dreamt/pile.json --hours 0.001 --steps 50 --members 1 --width 4 --reach 5 -o pile.safetensors
claim "dream train of levels that there is no room for" both exits 1 complains "--reach"
run dream train --families dreamt/dreamt.json --hours 0.001 --steps 50 --members 1 --width 4 --reach 5 -o wide.safetensors
run dream measure wide.safetensors --families dreamt/pile.json --levels 1
claim "dream measure tells which are left out" both exits 0 says "left out: 1 levels"
run dream train --pixels --families swing --hours 0.002 --steps 100 --threads 1 --out pixels.safetensors
claim "dream train --pixels: watches, learns, writes a model that says what it knows" both exits 0 says "pixels only, no engine"
run dream measure --pixels pixels.safetensors --levels 1 --json
claim "dream measure --pixels --json" both exits 0 is_json whole
claim "dream measure --pixels knows what it was taught on" says '"swing"'
run dream film pixels.safetensors --out film.gif
claim "dream film writes a GIF" both exits 0 says "film.gif"
claim "which is there" there film.gif
run dream film pixels.safetensors --out film.png
claim "dream film writes a PNG" both exits 0 there film.png
run dream film pixels.safetensors --out film.txt
claim "dream film as something else" both exits 2 complains "--out"
run dream measure --pixels dream.safetensors
claim "dream measure --pixels of the other kind of model" both exits 1 complains "dream train --pixels"
run dream measure pixels.safetensors
claim "dream measure of pixels without --pixels" both exits 1 complains "it is no model"
run dream measure keeps/run.db
claim "dream measure of what is no model" both exits 1 complains "keeps/run.db"
run dream control dream.safetensors --levels 2 --json
claim "dream control --json" exits 0
claim "two worlds by two streams of keys, four times" python3 -c '
import json
told = json.load(open("out"))
assert [row["family"] for row in told["rows"]] == ["crate", "all"] and len(told["rows"][0]["after"]) == 4
first = told["rows"][0]["after"][0]
assert first["bodies"] > 0 and first["dream_true_engine_true"] >= 0 and first["engine_true_engine_other"] >= 0'
run dream control nowhere.safetensors
claim "dream control of a model that is not there" both exits 1 complains "nowhere.safetensors"
run dream play crate --model nowhere.safetensors
claim "dream play in a model that is not there: how one is taught" both exits 1 complains "dream train --families crate"
mkdir -p modelless && cd modelless
run dream play --run ../keeps
claim "dream play of a run without a model" both exits 1 complains "dream train ../keeps"
cd ..
run dream play keeps
claim "dream play of a run in place of a family" both exits 2 complains "--run"
run eval dream.safetensors --levels 1
claim "eval of a model in place of a player" both exits 1 complains "no player"
run dream play crate --model keeps/run.db
claim "dream play in what is no model" both exits 1 complains "keeps/run.db"
run dream play crate --model dream.safetensors --horizon -1
claim "dream play: a horizon below 0" exits 2
run dream play crate --model dream.safetensors --json
claim "dream play: JSON of nothing" both exits 2 complains "--bench"
run dream play swing --model dream.safetensors --pixels dream.safetensors
claim "dream play --pixels of the other kind of model" both exits 1 complains "dream train --pixels"
run dream play swing --model dream.safetensors --pixels nowhere.safetensors
claim "dream play --pixels that are not there" both exits 1 complains "nowhere.safetensors"
run dream play crate --model dream.safetensors --pixels pixels.safetensors --bench 1
claim "dream play --pixels: there is no corner in a bench" both exits 2 complains "--bench"
run dream play x.replay --model dream.safetensors
claim "dream play of a replay" both exits 2 complains "replay"
run dream play crate --model dream.safetensors --screenshot no/where.png
claim "dream play: a picture into a folder that is not there" both exits 1 complains "--screenshot"
run dream play crate --model dream.safetensors --script "1 dance"
claim "dream play: a script that is none" both exits 2 complains "dance"
run dream train --families crate --out no/where.safetensors
claim "dream train into a folder that is not there" both exits 1 complains "--out"
run dream train --hours 0
claim "dream train of nothing" exits 2
run dream dance
claim "dream: a word that there is not" exits 2

cp -r keeps thinks
run think eval thinks --n 0,8 --levels 2 --horizon 6 --json
claim "think eval --json" both exits 0 is_json whole
claim "think eval: a row for each number, and null where there is no model" both says '"rows"' says '"model":	null'
run think eval thinks --n 0,8 --levels 2 --horizon 6
claim "think eval tells intervals" both exits 0 says ".."
run think eval thinks --in model --levels 1
claim "think eval without a model tells how to teach one" both exits 1 complains "dream train thinks"
run think eval thinks --n 1,x
claim "think eval: no number" both exits 2 complains "--n"
run think eval thinks --n 5000
claim "think eval: too many futures" both exits 2 complains "0 to 4096"
run think eval thinks --n 1,
claim "think eval: a list that does not end" both exits 2 complains "--n"
run think eval thinks --horizon 4 --keep 5
claim "think eval: more is done than is planned" both exits 2 complains "horizon"
run think eval nowhere
claim "think eval of no run" both exits 1 complains "nowhere"

# ---------------------------------------------------------------- skills
push=$root/tests/agents/families/push.json
# shellcheck disable=SC2086
run train --out pusher --families "$push" --obs entities --lessons 3 --quiet $small
claim "a training for a skill" exits 0
# What a player keeps beside its weights: episodes, and maps.
run memory try pusher --levels 3 --attempts 2 --memory pusher.episodes --quiet
claim "memory try" both exits 0 says "solved of the levels" there pusher.episodes
run memory show pusher.episodes
claim "memory show of episodes" both exits 0 says "6 episodes"
run memory try pusher --levels 3 --attempts 2 --memory pusher.episodes --quiet --json
claim "a memory goes on" both exits 0 says '"solved"'
run memory try pusher --levels 10000 --attempts 64 --families "$push,roll"
claim "more tries than memory holds" both exits 2 complains "at most 1000000"
run memory show pusher.episodes --json
claim "memory show as JSON" both exits 0 says '"end"'
claim "and holds both calls" [ "$(grep -c '"end"' out)" = 12 ]
level=$(sed -n 's/.*"level":.*"\([0-9a-f]*\)".*/\1/p' out | head -1)
run memory forget pusher.episodes --level "$level"
claim "memory forget of a level" both exits 0 says "4 episodes forgotten, 8 kept"
run memory forget pusher.episodes --level 12
claim "a level that is none" both exits 2 complains "16 digits"
run memory forget pusher.episodes --family nobody
claim "a family that it does not hold" both exits 1 complains "no such episode"
cp pusher.episodes bent.episodes
printf '\377' | dd of=bent.episodes bs=1 seek=100 conv=notrunc status=none
run memory show bent.episodes
claim "a memory that was changed" both exits 1 complains "damaged"
run memory try pusher --memory bent.episodes
claim "and is not gone on with" both exits 1 complains "damaged"
run memory try pusher --without --memory pusher.episodes
claim "a memory that is not wanted" both exits 2 complains "leave out --memory"
run memory show "$push"
claim "a file that is no memory" both exits 1 complains "no memory of a player"
run train --family there-and-back --obs vector --map --lessons 2 --envs 8 --horizon 16 --width 16 --maker dr --out mouse
claim "a player with a map" both exits 0 there mouse/run.db
run eval mouse --levels 2
claim "is scored" both exits 0 says "there-and-back"
run eval mouse --levels 2 --forget
claim "and without its map" both exits 0 says "there-and-back"
PARACOSM_HOME="$room/mouse-home" SDL_VIDEODRIVER=offscreen run play there-and-back --run mouse --screenshot mouse.png
if complains "OpenGL"; then echo "no OpenGL 3.3 here, not run: play of a player with a map"; else
    claim "is played with, and against its time" both exits 0 there mouse.png
fi
run memory try mouse --levels 2 --attempts 2 --quiet
claim "and tries again" exits 0
run eval pusher --levels 2 --forget
claim "a player without a map forgets none" both exits 1 complains "map"
run train --family there-and-back --obs pixels --map --lessons 2 --out none
claim "a picture has no map" both exits 2 complains "--map"
run skill pack pusher --licence MIT --quiet
claim "skill pack" both exits 0 says "held-out levels" there push.skill
cp push.skill kept.skill
run skill pack pusher --licence MIT --quiet
claim "skill pack writes over nothing" both exits 1 complains "--force"
run skill pack pusher --licence MIT --quiet --force
claim "skill pack again" exits 0
claim "skill pack again: the same file" cmp -s push.skill kept.skill
echo "a diary" > diary.txt
run skill pack pusher --quiet --force --out diary.txt
claim "skill pack --force writes over skills alone" both exits 1 complains "is no skill"
claim "skill pack --force: the diary is whole" grep -q "a diary" diary.txt
run skill pack pusher --quiet --force --out pusher/run.db
claim "skill pack --force: nor over the run itself" both exits 1 complains "is no skill"
run skill pack pusher --quiet --out other.skill --levels 4096 --episodes 64
claim "skill pack of more than memory holds" both exits 1 complains "ask for fewer"
run skill test push.skill --families "$push" --levels 100000 --episodes 1000
claim "skill test of more than memory holds" both exits 2 complains "at most 1000000"
run skill pack pusher --name ../push
claim "skill pack: no name" both exits 2 complains "letters, digits"
run skill pack nowhere
claim "skill pack of no run" both exits 1 complains "nowhere"
run skill pack pusher --name other --levels 4 --episodes 1 --out sub/other.skill
claim "skill pack into no folder: told before it plays" both exits 1 complains "sub"
run skill list
claim "skill list" both exits 0 says "push.skill" says "kept.skill"
run skill list --json
claim "skill list --json" both exits 0 is_json whole
run skill show push.skill
claim "skill show" both exits 0 says "licence   MIT" says "situations"
run skill show push.skill --json
claim "skill show --json" both exits 0 is_json whole
run skill show "$push"
claim "skill show of a template" both exits 1 complains "push.json"
run skill show pusher
claim "skill show of a run tells how to pack one" both exits 1 complains "skill pack pusher"
run skill test push.skill kept.skill
claim "two skills of one name" both exits 1 complains "both called push"
run skill pack pusher --name other --seed 2 --quiet
run skill test push.skill other.skill --families "$push" --levels 6 --quiet
claim "skill test" both exits 0 says "who acted" says "push"
run skill test push.skill other.skill --families "$push" --levels 6 --ahead 8 --json --quiet
claim "skill test --json" both exits 0 is_json whole says '"alone"'
run skill test push.skill --fallback walk --families "$push"
claim "skill test: no such fallback" both exits 1 complains "--fallback walk"
run skill test push.skill
claim "skill test of a family that is nowhere" both exits 1 complains "push" complains "file of its template"
run skill use push.skill --families "$push" --levels 3 --out used.replay
claim "skill use tells who acted" both exits 0 says "push from 0"
run replay verify used.replay
claim "the replay of a skill verifies" exits 0
mkdir -p taken/none && cp used.replay taken/a.replay && cp used.replay taken/b.replay
run replay verify taken
claim "verify of a folder" both exits 0 says "2 of 2 replays verified"
run replay verify taken/none
claim "verify of a folder without replays" both exits 1 complains "no *.replay file in this folder"
run eval push.skill --families "$push" --levels 2
claim "a skill is a player as well" both exits 0 says "trained"
head -c 3000 push.skill >cut.skill
run skill show cut.skill
claim "a cut skill" exits 1
run skill list cut.skill push.skill
claim "skill list goes on past one that is none" both exits 1 says "push.skill" complains "cut.skill"
run skill fly
claim "no such word of skill" both exits 2 complains "fly"
run think ponder
claim "think: a word that there is not" exits 2
run dream train thinks --hours 0.005 --steps 500 --members 2 --width 8
run think eval thinks --n 4 --levels 1 --horizon 4 --in model --json
claim "think eval inside a model" both exits 0 says '"engine":	null'
run eval thinks --levels 2 --episodes 2 --think 4 --horizon 4
claim "eval --think" both exits 0 says "thinking of 4 futures in the engine"
run eval --think 4
claim "eval --think without a run" both exits 2 complains "--think"
run think best thinks roll --n 4 --out best.replay
claim "think best writes the best" there best.replay
run replay verify best.replay
claim "think best: its replay verifies" exits 0
run think best thinks roll --out no/where.replay
claim "think best into a folder that is not there" both exits 1 complains "where.replay"
run think distill thinks --in engine --n 32 --levels 6 --times 2 --held-out 2 --episodes 1 --keep 4 --force
claim "think distill exchanges the reflex" both there thinks/winners.safetensors there thinks/before-distill.safetensors
cp -r thinks trained
run train --out trained --lessons 9
run think distill trained --undo
claim "think distill --undo of a run that was trained on: nothing is lost" both exits 1 complains "trained on to lesson"
claim "and all stays" there trained/before-distill.safetensors
run think distill thinks --undo
claim "think distill --undo" both exits 0 says "as it was before"
run think distill thinks --undo
claim "think distill: nothing to undo" both exits 1 complains "nothing to undo"
printf x >thinks/winners.safetensors
run think distill thinks --n 0
claim "think distill: damaged winners" exits 1
run play --think 4
claim "play --think without a player" both exits 2 complains "--think needs --run"

run compare chip keeps keeps2
claim "compare: runs side by side" both exits 0 says "levels in archive"
claim "compare: what was asked for otherwise" grep -q "^buffer .*16" out
claim "compare: seeds of one training are a group" both exits 0 says "2 seeds of edit-learn: keeps, keeps2"
run compare chip keeps keeps2 --json
claim "compare --json" python3 -c '
import json
told = json.load(open("out"))
assert [run["name"] for run in told["runs"]] == ["chip", "keeps", "keeps2"] and len(told["groups"]) == 2
assert told["groups"][1]["runs"] == 2 and told["groups"][1]["decisions"]["deviation"] == 0
assert told["runs"][0]["settings"]["solver"] == "chipmunk" and told["runs"][1]["levels"] > 0'
run cross chip keeps shared/ --levels 6 --episodes 2 -q
claim "cross: players by archives" both exits 0 says "player \\ archive"
run cross chip keeps shared/ --levels 6 --episodes 2 --json
cp out cross.json
claim "cross --json" python3 -c '
import json
told = json.load(open("out"))
assert told["players"] == ["chip", "keeps"] and [a["name"] for a in told["archives"]] == ["chip", "keeps", "shared"]
assert len(told["cells"]) == 6 and not told["stopped"]
assert all(c["low"] <= c["solve"] <= c["high"] and c["levels"] <= 6 for c in told["cells"] if c["solve"] is not None)
assert told["cells"][1]["solve"] is not None'
run cross chip keeps shared/ --levels 6 --episodes 2 --json --threads 1
claim "cross: the same for any number of threads" cmp -s out cross.json
# shellcheck disable=SC2086
run train --out own --lessons 2 --family balance $small
run cross own "$(ls -t chip/checkpoints/*.safetensors | head -1)" keeps --levels 4 --episodes 2 -q
claim "cross: a player that cannot see those levels, and a checkpoint alone" both exits 0 says "-  own: this player has the observation of one family, balance"
run cross chip nowhere
claim "cross: no such run" both exits 1 complains "no run folder nowhere"
run cross shared/
claim "cross: levels without a player" both exits 2 complains "there is no player"
run cross chip --episodes 3
claim "cross: an odd number of episodes" both exits 2 complains "must be even"
"$command" cross chip keeps --levels 10000 --episodes 1000 --json >out 2>err </dev/null &
job=$!
sleep 1.5
kill -INT $job
wait $job
code=$?
claim "cross: Ctrl-C prints what was played" both exits 130 says '"stopped":	true'
mkdir elsewhere && cp -r keeps elsewhere/
run compare keeps elsewhere/keeps
claim "compare: runs of one name go by their paths" both exits 0 says "elsewhere/keeps"
truncate -s 5000 keeps2/run.db
run compare chip keeps2 nowhere
claim "compare: a damaged run is told and left out" both exits 1 complains "keeps2 is left out: "
claim "compare: the others are there" both exits 1 says "chip"
claim "compare: one that is not there is told too" both exits 1 complains "there is no folder nowhere"
run compare keeps2
claim "compare: of none" both exits 1 complains "none of the runs could be read"
run report nowhere
claim "report: no such run" both exits 1 complains "there is no folder nowhere"
run eval chip --levels 2 --episodes 2
claim "and is scored there" both exits 0 says "solver chipmunk: 0 of"

# shellcheck disable=SC2086
"$command" train --out "two words" --lessons 1 --families roll $small >out 2>err </dev/null
code=$?
claim "a folder with a space is named as the shell takes it" both exits 0 says "eval 'two words'"
"$command" train --out first --lessons $((lessons + 4)) --json >&- 2>err </dev/null
code=$?
claim "closed stdout: nothing is printed into the run's own files" [ "$(wc -c <first/lock)" -lt 20 ]
run train --envs 8192 --horizon 4096
claim "a lesson larger than memory" both exits 2 complains "--envs times --horizon"
run eval --levels 100000 --episodes 1000
claim "more episodes than memory holds" both exits 1 complains "are too many"

# ---------------------------------------------------------------- scores
run eval first --levels 4 --episodes 2 --json --quiet
claim "eval --json" exits 0
claim "eval --json reads" is_json
for key in families name levels solve random still untrained trained mean worst10; do
    claim "eval --json has $key" says "\"$key\""
done
run eval first --levels 4 --episodes 2 --solver both
claim "eval on both solvers" both exits 0 says "gap"
run eval first --levels 4 --episodes 2 --solver both --json --quiet
claim "eval on both solvers as JSON" both exits 0 says '"gap"'
run eval first --levels 2 --episodes 2 --solver chipmunk
claim "eval on one solver says so" both exits 0 says "solver chipmunk: 0 of"
run eval --solver box2d
claim "eval on a solver that is not there" both exits 2 complains "must be one of auto, lanes, chipmunk, both"
run eval first --levels 2 --episodes 2
claim "eval as a table" both exits 0 says "worst 10 %"
run eval --levels 2 --episodes 2 --families roll
claim "eval without a run" both exits 0 says "random"
"$command" eval --levels 2 --episodes 2 --families roll >/dev/full 2>err </dev/null
code=$?
claim "output on a full disk is an error" both exits 1 complains "cannot write the output"

# ---------------------------------------------------------------- proofs; a player that solves something
run train --out able --minutes 0.3 --families roll --quiet --threads 2
claim "a player for the proofs" exits 0
run eval able --levels 16 --episodes 2 --proofs proofs --quiet
claim "eval --proofs" exits 0
proof=$(find proofs -name '*.replay' | sort | head -1)
if [ -n "$proof" ]; then
    run replay verify "$proof"
    claim "a proof verifies" both exits 0 says ", solved"
    run replay info "$proof"
    claim "replay info" both exits 0 says "solved"
    run probe --replay "$proof" --json
    claim "probe --replay ends as the proof does" both exits 0 says '"status": "solved"'
    run replay info --level "$proof"
    claim "replay info --level" both exits 0 says '"paracosm"'
    claim "replay info --level reads" is_json
    run replay info --json "$proof"
    claim "replay info --json" both exits 0 says '"actions_offset"'
    claim "replay info --json reads" is_json
    offset=$(sed -n 's/.*"actions_offset":[^0-9]*\([0-9]*\).*/\1/p' out)
    cp "$proof" bad.replay
    place=$((offset + 5 * 8)) # channel 0 of decision 5
    [ "$(od -An -tu1 -j $place -N1 bad.replay | tr -d ' ')" = 1 ] && byte='\377' || byte='\001'
    # shellcheck disable=SC2059
    printf "$byte" | dd of=bad.replay bs=1 seek=$place conv=notrunc status=none
    run replay verify bad.replay
    claim "an altered action is named" both exits 1 says "step 5"
    run replay verify --json bad.replay "$proof"
    claim "verify --json" both exits 1 says '"step":5'
    claim "verify --json reads" is_json lines
    head -c 100 "$proof" >cut.replay
    run replay verify cut.replay
    claim "a cut replay" both exits 1 says "cut short"
else
    code=0
    claim "some level was solved" false
fi

# ---------------------------------------------------------------- interrupts, kills, versions
# shellcheck disable=SC2086
"$command" train --out long --minutes 5 --families roll $small >out 2>err </dev/null &
job=$!
sleep 3
kill -INT $job
wait $job
code=$?
claim "Ctrl-C: exit 130, the work is kept" both exits 130 says "stopped; everything is kept in long"
kept=$(ls long/checkpoints)
claim "a checkpoint was written" test -n "$kept"
# shellcheck disable=SC2086
nohup "$command" train --out hangup --minutes 0.05 --families roll $small >out 2>err </dev/null &
job=$!
sleep 1
kill -HUP $job 2>/dev/null
wait $job
code=$?
claim "under nohup, a hangup does not stop it" both exits 0 says "done;"
for _ in 1 2 3; do
    "$command" train --out long --minutes 5 --checkpoint 1 --quiet 2>err </dev/null &
    job=$!
    sleep 1.7
    kill -9 $job
    wait $job 2>/dev/null
done
run train --out long --lessons 1 --quiet
claim "it goes on after kill -9" both exits 0 test "! -s err"
"$command" train --out long --minutes 5 --quiet 2>err </dev/null &
job=$!
sleep 1.5
run train --out long --lessons 1
claim "a second writer is refused" both exits 1 complains "in use by process $job"
kill -INT $job
wait $job
printf '\0\0\0\10' | dd of=first/run.db bs=1 seek=60 conv=notrunc status=none # user_version
run train --out first --lessons 9
claim "a run of a newer version" both exits 1 complains "written by a newer Paracosm (layout 8, this one knows 7)"
run eval first
claim "eval of a run of a newer version" both exits 1 complains "written by a newer Paracosm"

tell_claims
