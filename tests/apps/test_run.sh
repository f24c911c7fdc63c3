#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# When ./run configures a build folder: a new one, and one that was made for another tree, as a copy with cp -a has it;
# not one that is its own. The tools it calls are stand-ins that note their arguments.
# usage: tests/apps/test_run.sh. Last line `N passed, N failed`.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
. "$root/tests/apps/claim.sh"
shown=("$room/said" "$room/calls")

mkdir "$room/bin" "$room/original"
cp "$root/run" "$room/original/run"
cat >"$room/bin/cmake" <<'EOF'
#!/bin/sh
echo "$PWD: $*" >>"$CALLS"
case $* in
--build*) ;;
*) mkdir -p build && : >build/build.ninja && echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >build/CMakeCache.txt ;;
esac
EOF
printf '#!/bin/sh\necho installed\n' >"$room/bin/dpkg-query"
for tool in ninja pkg-config apt-get; do printf '#!/bin/sh\n' >"$room/bin/$tool"; done
chmod +x "$room"/bin/*
export PATH=$room/bin:$PATH CALLS=$room/calls
build() { # <tree>
    : >"$CALLS"
    "$1/run" build >"$room/said" 2>&1
}
calls() { [ "$(cat "$CALLS")" = "$1" ]; }

build "$room/original"
claim "a new tree is configured and built" calls "$room/original: --preset release
$PWD: --build $room/original/build"
build "$room/original"
claim "a tree of its own is built" calls "$PWD: --build $room/original/build"

cp -a "$room/original" "$room/copy"
build "$room/copy"
claim "a copy is configured anew and builds itself" calls "$room/copy: --fresh --preset release
$PWD: --build $room/copy/build"
claim "a copy: and says so" grep -q "made for $room/original" "$room/said"
build "$room/copy"
claim "a copy is configured once" calls "$PWD: --build $room/copy/build"

mv "$room/copy" "$room/moved"
build "$room/moved"
claim "a tree that was moved is configured anew" calls "$room/moved: --fresh --preset release
$PWD: --build $room/moved/build"
ln -s "$room/moved" "$room/link"
build "$room/link"
claim "a tree behind a link is the tree" calls "$PWD: --build $room/moved/build"

tell_claims
