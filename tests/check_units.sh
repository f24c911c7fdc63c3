#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Public numbers tell their unit and their range. Counts the number fields of the doors (the headers named in
# tests/check_includes.sh for more than the parts of their own room, and those of the ABI), names each whose comment lacks one as file:line, and fails
# below 97 %. Arguments: headers (default: all doors).
#
# A number field is a member of a struct whose type is int, long, unsigned, float, double, size_t, a sized
# integer or ParaVec2, an array of them or a pointer to them. Enums, bools, texts and pointers to structs are
# none. Its comment stands behind it (///<, also on the lines that follow) or above it (///) and gives
#   the unit in brackets: [m], [rad/s], [N s], [byte], [px]; [1] for counts, indices, shares, rewards and what
#     else has none;
#     or, without a range, what the number is instead of a quantity: [id] [seed] [hash] [bits], or an enum's
#     values: [ParaInk];
#   the range: 0..1, > 0, >= -1, "0 or 1", "any" or "any finite" (at the end or before ; or ,). A shape, [B, O], is neither.
cd -- "$(dirname -- "$0")/.." || exit 1
least=97
if [[ $# -eq 0 ]]; then
    mapfile -t files < <(sed -n "/^doors='/,/^'/p" tests/check_includes.sh | awk '/:/ {
        room = $1; sub(/:$/, "", room)
        for (i = 2; i <= NF; i++) {
            n = split($i, part, /[>,]/); own = n > 1
            for (k = 2; k <= n; k++) own = own && index(part[k], room "/") == 1
            if (!own) print room "/" part[1] # a door between parts of one room is not public
        } }
        END { print "agents/abi/abi.h"; print "agents/abi/abi_window.h" }')
    mapfile -t files < <(grep -L "Private to" "${files[@]}") # whose card says so is no door to the public
else
    files=("$@")
fi
[[ ${#files[@]} -gt 0 ]] || { echo "no headers to check"; exit 1; }
awk -v least="$least" '
BEGIN {
    number = "(int|long|unsigned|float|double|size_t|u?int(8|16|32|64)_t|ParaVec2)"
    one = "(1|m|s|10 s|ms|min|h|kg|N|J|W|rad|Hz|semitone|byte|px|character|decision|lesson|step|nat|bit|Elo|1/255|screen units?)"
    unit = "\\[(1/)?\\(?" one "(\\^[0-9])?([ /]\\(?" one "(\\^[0-9])?\\)?)*\\]"
    kind = "\\[(id|seed|hash|bits|Para[A-Z][A-Za-z]*)\\]"
    range = "\\.\\.|(^|[^-])[<>]=? ?[-(|A-Za-z0-9]|any finite|[^a-z]any *($|[;,])|-?[0-9]+ or [-+]?[0-9]+"
}
function judge(   names, n, i, lacks) {
    if (code == "") return
    gsub(/\/\/+<?/, "", comment)
    gsub(/; *$/, "", code)
    lacks = comment !~ unit && comment !~ kind ? "unit" : ""
    if (comment !~ kind && comment !~ range) lacks = lacks (lacks ? " and " : "") "range"
    n = split(code, names, ",")
    for (i = 1; i <= n; i++) {
        gsub(/\[\]|;/, "", names[i])
        sub(/.*[ *]/, "", names[i])
        fields++
        if (lacks == "") good++
        else printf "%s:%d: %s: no %s\n", file, line, names[i], lacks
    }
    code = ""
}
FNR == 1 { judge(); inside = 0; above = ""; held = "" }
inside && /^[ \t]*\/\/\/</ { if (code != "") comment = comment " " $0; next }
{ judge() }
/^}/ { inside = 0 }
!inside && /^(typedef )?struct.*{/ { inside = 1; above = ""; held = ""; next }
!inside { next }
/^[ \t]*\/\/\// { above = above " " $0; next }
{
    text = $0; behind = ""
    if (match(text, /\/\//)) { behind = substr(text, RSTART); text = substr(text, 1, RSTART - 1) }
    held = held " " text; noted = noted " " behind
    if (held !~ /;/) next
    gsub(/\[[^]]*\]/, "[]", held) # commas in sizes
    if (held ~ "^ *(const )?(unsigned )?" number "[ *]" && held !~ /\(|unsigned char/) {
        code = held; comment = above noted; file = FILENAME; line = FNR
    }
    held = ""; noted = ""; above = ""
}
END {
    judge()
    share = fields ? 100 * good / fields : 0
    printf "%d number fields, %.1f %% with unit and range\n", fields, share
    exit share < least
}' "${files[@]}"
