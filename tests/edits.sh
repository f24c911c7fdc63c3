#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every kind of edit on many levels of every family, and a table: how often it was done, refused, gave an invalid
# level or one that diverges at rest, and what it cost. Too long for every commit.
# usage: tests/edits.sh [LEVELS [FOLDER]]   FOLDER: templates beside those of the library, such as imported ones
cd -- "$(dirname -- "$0")/.." || exit 1
PARACOSM_EDITS=${1:-100000} PARACOSM_EDITS_MORE=${2:-} exec build/paracosm-tests edits_
