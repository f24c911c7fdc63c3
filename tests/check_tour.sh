#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every path and every para_, Para and PARA_ name that docs/tour.md gives must exist in the tree.
cd -- "$(dirname -- "$0")/.." || exit 1
tour=${1:-docs/tour.md}
[[ -f $tour ]] || { echo "$tour:1: error: it is not there"; exit 1; }
status=0
names=$(mktemp)
trap 'rm -f "$names"' EXIT
find engine worlds agents apps -name '*.[ch]' -exec grep -ohE '\b(para_|Para|PARA_)[A-Za-z0-9_]+' {} + | sort -u >"$names"

complain() { # <word> <text>
    printf '%s:%s: error: %s: %s\n' "$tour" "$(grep -nF -- "$1" "$tour" | head -n 1 | cut -d: -f1)" "$1" "$2"
    status=1
}
while IFS= read -r name; do
    case $name in
    *_) grep -q "^$name" "$names" || complain "$name" "no name begins so" ;; # a family such as para_world_*
    *) grep -qxF -- "$name" "$names" || complain "$name" "no source file has this name" ;;
    esac
done < <(grep -oE '\b(para_|Para[A-Z]|PARA_)[A-Za-z0-9_]+' "$tour" | sort -u)
# Paths: words with a slash that begin at one of our folders, links included; * stands for any name.
while IFS= read -r path; do
    compgen -G "$path" >/dev/null || complain "$path" "no such file or folder"
done < <(grep -oE '(^|[^A-Za-z0-9_./-])(engine|worlds|agents|apps|shaders|assets|tests|bench|python|docs)/[A-Za-z0-9_./*-]*' "$tour" |
    sed -E 's/^[^A-Za-z]//; s/[.]+$//' | sort -u)
exit $status
