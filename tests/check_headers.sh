#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every header must compile alone, begin with the licence line and guard itself. Every C file has a card: below
# its licence line stands a comment that says what the file is and who uses it.
cd -- "$(dirname -- "$0")/.." || exit 1
status=0
flags=$(pkg-config --cflags libcjson openblas sqlite3 libzstd libxxhash fontconfig sdl2 epoxy cmocka) || exit 1
while IFS= read -r header; do
    # Headers of kernels want to know the width of their vectors.
    # shellcheck disable=SC2086
    gcc -std=c17 -DLANES_WIDTH=4 -Wno-psabi -D_POSIX_C_SOURCE=200809L -fsyntax-only -Wall -Wextra -Wpedantic -I. $flags \
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
exit $status
