#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Plants small faults in the code, one at a time, and tells which of them no test notices. See --help.
exec "${PYTHON:-python3}" -B "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/mutate/mutate.py" "$@"
