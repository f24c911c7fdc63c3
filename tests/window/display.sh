# SPDX-License-Identifier: MIT
# A virtual display, and one program on it with the keyboard, for the tests beside this file, which source it.
# Before: `command`, path of paracosm or empty. After: `root`, `room` (an empty folder, the current one, gone at the
# end), DISPLAY, a home of its own, and the functions below. Needs Xvfb and xdotool.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
command=$(realpath "${command:-$root/build/paracosm}")
[ -x "$command" ] || { echo "no command at $command; build it first: ./run build" >&2; exit 2; }
for tool in Xvfb xdotool; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: ./run packages xvfb xdotool" >&2; exit 2; }
done
room=$(mktemp -d)
cd "$room" || exit 2
. "$root/tests/apps/claim.sh"

finish() {
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null
    rm -rf "$room"
}
trap finish EXIT
Xvfb -displayfd 1 -screen 0 1280x720x24 -nolisten tcp >display 2>/dev/null &
server=$!
export PARACOSM_HOME=$room/home SDL_AUDIODRIVER=dummy
unset SDL_VIDEODRIVER WAYLAND_DISPLAY

# until_so WHAT...: tries a condition ten times a second, for a minute at most
until_so() {
    local n
    for ((n = 0; n < 600; n++)); do
        "$@" && return 0
        sleep 0.1
    done
    return 1
}
until_so test -s display || { echo "Xvfb does not start" >&2; exit 2; }
DISPLAY=:$(cat display)
export DISPLAY

window_is_there() { window=$(xdotool search --onlyvisible --name '^Paracosm' 2>/dev/null | head -1); [ -n "$window" ]; }
# begins a subcommand with a window, in the back, and gives it the keyboard
begin() {
    "$command" "$@" >out 2>err &
    player=$!
    until_so window_is_there && xdotool windowfocus --sync "$window"
}
# the program's exit code, after Esc where it is still there
leave() {
    xdotool key Escape
    until_so gone || kill -9 "$player"
    wait "$player"
    code=$?
}
gone() { ! kill -0 "$player" 2>/dev/null; }
