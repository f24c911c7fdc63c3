#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every shader is put together as engine/draw/gl does it and read by glslangValidator (package glslang-tools):
# a pair per pass, those over shaders/form.glsl and shaders/distance.glsl once per kind of form. Refuses a
# shader that has no partner or that no pass names. Prints the validator's words with the file's own lines.
cd -- "$(dirname -- "$0")/.." || exit 1
command -v glslangValidator >/dev/null || { echo "check_shaders: glslangValidator is missing; install glslang-tools"; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
forms="gl_view body shadow glow water"
kinds="CIRCLE CAPSULE QUAD SHARP MIXED ROUNDED"
wrong=0 count=0

# check <stage> <shared part or ""> <file> <defines...>: the stage's text in one file, with the file's own line numbers.
check() {
    local stage=$1 shared=$2 file=$3
    shift 3
    {
        echo '#version 330 core'
        printf '#define %s\n' "$@"
        [[ -z $shared ]] || { echo '#line 1'; cat "$shared"; }
        echo '#line 1'
        cat "$file"
    } >"$scratch/text.$stage"
    count=$((count + 1))
    if ! glslangValidator "$scratch/text.$stage" >"$scratch/words" 2>&1; then
        grep -E 'ERROR|WARNING' "$scratch/words" | sed "s|^|$file ($*): |"
        wrong=1
    fi
}

# parts_of <name>: words by which a pair of shaders is made in several ways
parts_of() {
    grep -ohE '(ifn?def |defined\()[A-Z]+' "shaders/$1.vert" "shaders/$1.frag" | grep -oE '[A-Z]+$' | grep -v PLANES | sort -u
}

for vertex in shaders/*.vert; do
    name=$(basename "$vertex" .vert)
    [[ -f shaders/$name.frag ]] || { echo "$vertex: error: has no shaders/$name.frag"; wrong=1; continue; }
    grep -q "para_shader_${name}_vert" engine/draw/gl/*.c || { echo "$vertex: error: no pass of engine/draw/gl uses it"; wrong=1; }
    if [[ " $forms " == *" $name "* ]]; then
        for kind in $kinds; do
            check vert shaders/form.glsl "$vertex" "CIRCLE 0" "CAPSULE 1" "QUAD 2" "SHARP 3" "MIXED 4" "ROUNDED 5" "KIND $kind"
            check frag shaders/distance.glsl "shaders/$name.frag" "CIRCLE 0" "CAPSULE 1" "QUAD 2" "SHARP 3" "MIXED 4" "ROUNDED 5" "KIND $kind"
        done
        parts=$(parts_of "$name")
        for part in $parts; do
            check vert shaders/form.glsl "$vertex" "QUAD 2" "KIND QUAD" "$part 1"
            check frag shaders/distance.glsl "shaders/$name.frag" "QUAD 2" "KIND QUAD" "$part 1"
        done
    else
        parts=$(parts_of "$name")
        for part in ALONE $parts; do
            check vert "" "$vertex" "$part 1"
            check frag "" "shaders/$name.frag" "$part 1"
        done
    fi
done
for fragment in shaders/*.frag; do
    [[ -f ${fragment%.frag}.vert ]] || { echo "$fragment: error: has no vertex shader beside it"; wrong=1; }
done
[[ $wrong == 0 ]] && echo "$count shaders read well"
exit $wrong
