# SPDX-License-Identifier: MIT
# Claims of the shell tests beside this file: counted, and shown with what was there where one does not hold.
# Sourced by them.
passed=0 failed=0
shown=(out err) # files that tell more of a claim that fails, as they are then

# claim WHAT CONDITION...
claim() {
    local what=$1 file
    shift
    if "$@"; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    echo "FAILED: $what${code:+ (exit $code)}"
    for file in "${shown[@]}"; do
        [ ! -e "$file" ] || sed "s/^/  ${file##*/}: /" "$file" | head -8
    done
}

# Conditions: of the exit `code`, and of one after the other.
exits() { [ "$code" -eq "$1" ]; }
# each a word with one operand; a word left over holds nothing
both() {
    while [ $# -ge 2 ]; do
        "$1" "$2" || return 1
        shift 2
    done
    [ $# -eq 0 ]
}
there() { [ -s "$1" ]; }

# The last line of a test. @return whether all claims held
tell_claims() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
