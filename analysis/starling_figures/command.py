# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `starling-figures`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .figure import TITLES, draw, save
from .results import read


def main(arguments: list[str] | None = None) -> int:
    """Draws the figures of results files; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="starling-figures", description="Draw a squared error against virtual time, one curve per arm."
    )
    parser.add_argument("results", nargs="+", type=Path, help="results files that starling wrote (.jsonl)")
    parser.add_argument("-o", "--output", type=Path, default=Path("figures"), help="folder of the figures")
    parser.add_argument("--metric", default="msd", choices=list(TITLES), help="which error to draw")
    options = parser.parse_args(arguments)
    for path in options.results:
        try:
            study = read(path)
        except OSError as error:
            print(f"error: cannot read {path}: {error.strerror}", file=sys.stderr)
            return 66
        except ValueError as error:
            print(f"error: {error}", file=sys.stderr)
            return 65
        for figure in save(draw(study, options.metric), options.output, f"{path.stem}-{options.metric}"):
            print(figure)
    return 0


if __name__ == "__main__":
    sys.exit(main())
