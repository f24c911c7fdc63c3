#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The Python package as a stranger gets it: builds the wheel, installs it in a fresh virtual environment
# and runs its tests there, against the installed package.
#   python/tests/clean_venv.sh [pytest arguments]
# PARACOSM_COMMAND: the `paracosm` command the tests compare with (default build/paracosm where it is).
# PYTHON: the interpreter (default python3). Last line: `N passed, N failed`.
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

"${PYTHON:-python3}" -m venv "$place/venv"
pip=("$place/venv/bin/python" -m pip --disable-pip-version-check --quiet)
"${pip[@]}" wheel --no-deps --wheel-dir "$place/wheel" "$root/python"
wheel=("$place"/wheel/paracosm-*.whl)

# First alone: what the package says it needs must be enough to import it and to play.
"${pip[@]}" install "${wheel[0]}"
(cd "$place" && venv/bin/python -c '
import gymnasium, paracosm
env = gymnasium.make("paracosm/roll")
env.reset(seed=1)
print("installed alone:", paracosm.library_version(), env.step(env.action_space.sample())[1:4])')
"${pip[@]}" install "${wheel[0]}[test]"

if [[ -z ${PARACOSM_COMMAND:-} && -x $root/build/paracosm ]]; then
    PARACOSM_COMMAND=$root/build/paracosm
fi
export PARACOSM_COMMAND PYTEST_ADDOPTS=${PYTEST_ADDOPTS:-}
[[ -n ${PARACOSM_COMMAND:-} ]] || unset PARACOSM_COMMAND

# From a folder without sources: a child's `import paracosm` must find the installed package, never the one beside it.
cd "$place"
code=0
PYTHONDONTWRITEBYTECODE=1 venv/bin/pytest -c "$root/python/pyproject.toml" -p no:cacheprovider \
    --junitxml "$place/tests.xml" --durations 8 "$root/python/tests" "$@" || code=$?
venv/bin/python - "$place/tests.xml" <<'PY'
import sys, xml.etree.ElementTree as tree
suite = tree.parse(sys.argv[1]).getroot().find("testsuite")
total, skipped, bad = (int(suite.get(k)) for k in ("tests", "skipped", "failures"))
bad += int(suite.get("errors"))
print(f"{total - skipped - bad} passed, {bad} failed")
PY
exit "$code"
