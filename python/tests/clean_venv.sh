#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The Python package as a stranger gets it: builds the wheel, installs it in a fresh virtual environment
# and runs its tests there, against the installed package.
#   python/tests/clean_venv.sh [--abroad] [pytest arguments]
# It is the newest Python there is; --abroad: the oldest that the package takes, without a display and in a process
#   whose locale is de_DE.UTF-8, where 1.5 is written 1,5. The first lines say which it is.
# PARACOSM_COMMAND: the `paracosm` command the tests compare with (default build/paracosm where it is).
# PARACOSM_WHEELS: a folder that the wheel is taken from where it lies in it, and else kept in, for a second call.
# PYTHON: another interpreter. Last line: `N passed, N failed`.
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
abroad=
if [[ ${1:-} == --abroad ]]; then
    abroad=1
    shift
fi

# Interpreters that run, from 3.10 on, as "3.10 /path", the oldest first.
pythons() {
    local python
    for python in python3 python3.{10..20} ~/.pyenv/versions/*/bin/python3 /usr/local/bin/python3.*; do
        command -v "$python" >/dev/null || continue
        "$python" -c 'import sys, venv, ensurepip
sys.version_info >= (3, 10) and print("%d.%d" % sys.version_info[:2], sys.executable)' 2>/dev/null || true
    done | sort -t. -k1,1n -k2,2n -u
}

build_wheel() { # <interpreter>
    local wheels=${PARACOSM_WHEELS:-$place/wheel}
    if ! compgen -G "$wheels/paracosm-*.whl" >/dev/null; then
        "$1" -m venv "$place/builder"
        "$place/builder/bin/python" -m pip --disable-pip-version-check --quiet wheel --no-deps --wheel-dir "$wheels" \
            "$root/python"
    fi
    wheel=("$wheels"/paracosm-*.whl)
}

# The locale de_DE.UTF-8 for every Python of an environment, children too; made where the system has none.
give_locale() { # <environment>
    local sites
    if ! LC_ALL=de_DE.UTF-8 locale decimal_point 2>/dev/null | grep -qx ,; then
        mkdir -p "$place/locales"
        localedef --no-archive -i de_DE -f UTF-8 "$place/locales/de_DE.UTF-8" ||
            { echo "no locale de_DE.UTF-8, and none can be made: install the package locales"; return 1; }
        export LOCPATH=$place/locales
    fi
    sites=$("$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' 'import locale' 'locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")' \
        'assert locale.localeconv()["decimal_point"] == ","' >"$sites/sitecustomize.py"
}

# Installs the wheel in a fresh environment and runs the tests there; adds to passed and failed.
passed=0 failed=0
test_with() { # <interpreter> [pytest arguments]
    local environment=$place/venv code=0 counts
    rm -rf "$environment"
    "$1" -m venv "$environment"
    shift
    local pip=("$environment/bin/python" -m pip --disable-pip-version-check --quiet)
    # First alone: what the package says it needs must be enough to import it and to play.
    "${pip[@]}" install "${wheel[0]}"
    (cd "$place" && venv/bin/python -c '
import gymnasium, paracosm, sys
env = gymnasium.make("paracosm/roll")
env.reset(seed=1)
print(f"installed alone in Python {sys.version.split()[0]}:", paracosm.library_version(), env.step(env.action_space.sample())[1:4])')
    "${pip[@]}" install "${wheel[0]}[test]"
    [[ -z $abroad ]] || give_locale "$environment"
    # From a folder without sources: a child's `import paracosm` must find the installed package, never the one beside
    # it.
    (cd "$place" && PYTHONDONTWRITEBYTECODE=1 venv/bin/pytest -c "$root/python/pyproject.toml" -p no:cacheprovider \
        --junitxml "$place/tests.xml" --durations 8 "$root/python/tests" "$@") || code=$?
    counts=$("$environment/bin/python" - "$place/tests.xml" <<'PY'
import sys, xml.etree.ElementTree as tree
suite = tree.parse(sys.argv[1]).getroot().find("testsuite")
total, skipped, bad = (int(suite.get(k)) for k in ("tests", "skipped", "failures"))
bad += int(suite.get("errors"))
print(total - skipped - bad, bad)
PY
    )
    passed=$((passed + ${counts% *}))
    failed=$((failed + ${counts#* }))
    return "$code"
}

if [[ -z ${PARACOSM_COMMAND:-} && -x $root/build/paracosm ]]; then
    PARACOSM_COMMAND=$root/build/paracosm
fi
export PARACOSM_COMMAND PYTEST_ADDOPTS=${PYTEST_ADDOPTS:-}
[[ -n ${PARACOSM_COMMAND:-} ]] || unset PARACOSM_COMMAND

code=0
mapfile -t found < <(pythons)
[[ ${#found[@]} -gt 0 ]] || { echo "no Python from 3.10 on with venv here"; exit 1; }
newest=${PYTHON:-${found[-1]#* }} oldest=${PYTHON:-${found[0]#* }}
build_wheel "$newest"
if [[ -z $abroad ]]; then
    test_with "$newest" "$@" || code=$?
else
    unset DISPLAY WAYLAND_DISPLAY SDL_VIDEODRIVER
    [[ ${found[0]} == 3.10\ * ]] || echo "no Python 3.10 here; the oldest is ${found[0]}"
    echo "Pythons here: ${found[*]%% *}; tested: the oldest"
    test_with "$oldest" "$@" || code=$?
fi
echo "$passed passed, $failed failed"
exit "$code"
