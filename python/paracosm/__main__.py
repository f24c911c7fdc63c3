# SPDX-License-Identifier: MIT
"""``python -m paracosm``: recorded replays as a Minari dataset."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m paracosm", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    export = commands.add_parser(
        "to-minari",
        help="write .replay files as a Minari dataset",
        description="Verifies recorded replays, plays them again with observations and writes a Minari dataset. Needs h5py.",
        epilog="example: python -m paracosm to-minari runs/first/proofs/*.replay --id paracosm/rover-proofs-v0",
    )
    export.add_argument("replays", nargs="+", metavar="REPLAY", help="a .replay file of the paracosm command")
    export.add_argument("--id", required=True, metavar="NAMESPACE/NAME-v0", help="id of the dataset")
    export.add_argument("--obs", choices=("entities", "vector"), default="entities", help="form of observations (entities)")
    export.add_argument("--root", metavar="DIR", help="folder of datasets (where Minari looks)")
    export.add_argument("--overwrite", action="store_true", help="replace a dataset of that id")
    export.add_argument("--description", default="", metavar="TEXT", help="kept in the dataset")
    export.add_argument("--author", default="", metavar="NAME", help="kept in the dataset")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command. Returns the exit code: 0 done, 1 failed; a wrong command line exits with 2."""
    wishes = _parser().parse_args(arguments)
    from ._native import Error
    from .minari import to_minari

    try:
        folder = to_minari(
            wishes.replays,
            wishes.id,
            obs=wishes.obs,
            root=wishes.root,
            overwrite=wishes.overwrite,
            description=wishes.description,
            author=wishes.author,
        )
    except (Error, ValueError, OSError, ImportError) as error:
        print(f"to-minari: {error}", file=sys.stderr)
        return 1
    print(f"{wishes.id}: {len(wishes.replays)} episodes in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
