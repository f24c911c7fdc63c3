#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every header must compile alone, begin with the licence line, guard itself, and give away no name without the
# prefix para_, Para or PARA_ (those of tests excepted: nobody else sees them). Every C file has a card: below
# its licence line stands a comment that says what the file is and who uses it.
cd -- "$(dirname -- "$0")/.." || exit 1
status=0
flags=$(pkg-config --cflags libcjson openblas sqlite3 libzstd libxxhash fontconfig sdl2 epoxy cmocka) || exit 1
while IFS= read -r header; do
    # Headers of kernels want to know the width of their vectors.
    # shellcheck disable=SC2086
    gcc -std=c17 -DPARA_LANES_WIDTH=4 -Wno-psabi -D_POSIX_C_SOURCE=200809L -fsyntax-only -Wall -Wextra -Wpedantic -I. $flags \
        -include "$header" -x c /dev/null || { echo "$header:1: error: does not compile alone"; status=1; }
    [[ $(head -n 1 "$header") == '// SPDX-License-Identifier: MIT' ]] ||
        { echo "$header:1: error: the first line is not the licence line"; status=1; }
    grep -q '^#pragma once$' "$header" || { echo "$header:1: error: no #pragma once"; status=1; }
done < <(find engine worlds agents apps tests -name '*.h' | sort)
while IFS= read -r file; do
    awk 'NR == 1 { if ($0 !~ /^\/\/ SPDX-License-Identifier: MIT$/) exit }
        NR > 1 && !/^#pragma once$/ { card = /^\/\/ [^-=]/; exit }
        END { exit !card }' "$file" || { echo "$file:2: error: no card below the licence line"; status=1; }
done < <(find engine worlds agents apps bench tests -name '*.[ch]' | sort)
mapfile -t headers < <(find engine worlds agents apps -name '*.h' | sort)
awk '
function check(name) {
    if (name == "" || name ~ /^(para_|Para|PARA_)/) return
    printf "%s:%d: error: %s has no prefix\n", FILENAME, FNR, name
    wrong = 1
}
function last_word(text,   word, n) { n = split(text, word, /[ *]+/); return word[n] }
/^[ \t]*#[ \t]*define[ \t]/ { text = $0; sub(/^[ \t]*#[ \t]*define[ \t]+/, "", text); sub(/[^A-Za-z0-9_].*/, "", text); check(text) }
/^} [A-Za-z_0-9]+;/ { text = $2; sub(/;.*/, "", text); check(text) }
/^typedef .*;/ { text = $0; sub(/ __attribute__.*/, "", text); sub(/[;(].*/, "", text); check(last_word(text)) }
/^(typedef )?(struct|enum|union) [A-Za-z_0-9]+ \{/ { text = $0; sub(/ \{.*/, "", text); check(last_word(text)) }
/^[A-Za-z_].*[ *][A-Za-z_0-9]+\(/ && !/^(typedef|enum|_Static_assert|_Pragma|__attribute__)/ { text = $0; sub(/\(.*/, "", text); check(last_word(text)) }
END { exit wrong }' "${headers[@]}" || status=1
exit $status
