# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `starling-figures`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NoReturn

import matplotlib
import matplotlib.pyplot as plt

from ..errors import ResultsError
from . import corridor, curves, yardsticks
from .kinds import BY_METRIC, FIGURES, Look, draw
from .metrics import natural
from .opening import USAGE
from .results import Study, read
from .style import STYLE, WIDTHS, NoData, save

NO_DATA, CANNOT_CREATE = 65, 73
CORRIDOR = "corridor"
"""The figure of what `starling evaluate --corridor … --json` prints."""


class _Parser(argparse.ArgumentParser):
    """Ends with the exit status of all programs of Starling for wrong usage."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"error: {message}\n")


def _parser() -> argparse.ArgumentParser:
    known = {name: words for name, (words, _) in FIGURES.items()}
    known[CORRIDOR] = "how agents choose in a corridor; of a document by starling evaluate --corridor prior --json"
    listed = "\n".join(f"  {name:15} {words}" for name, words in known.items())
    parser = _Parser(
        prog="starling-figures", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Draw the figures of results files, as journals print them.",
        epilog=f"figures:\n{listed}\n\nWithout --figure every figure is drawn that a file has data for.\n"
        "Exit status: 0; 64 usage; 65 no results file, or nothing to draw; 66 cannot be read; 73 cannot create output.",
    )
    parser.add_argument(
        "results", nargs="+", type=Path, help="results files that starling wrote (.sqlite), or documents for corridors (.json)"
    )
    parser.add_argument("-o", "--output", type=Path, default=Path("figures"), help="folder of the figures (figures)")
    parser.add_argument(
        "--figure", action="extend", nargs="+", choices=list(known), metavar="NAME", help="which figures to draw"
    )
    parser.add_argument(
        "--metric", help="which metric curves, differences, profiles and sweeps show (msd; return where agents act)"
    )
    parser.add_argument(
        "--axes", nargs="+", choices=curves.AXES, metavar="AXIS",
        help=f"what curves and times to target are drawn against, a panel for each, of {', '.join(curves.AXES)} "
        "(curves: all that tell something new; time-to-target: time)",
    )
    parser.add_argument(
        "--yardstick", action="append", type=_yardstick, default=[], metavar="LABEL=VALUE",
        help="a value to compare with, such as a bound on the best, as a thin line in curves, tasks and "
        "sweeps of one setting; in the unit of the axis; may be repeated",
    )
    parser.add_argument("--arm", action="extend", nargs="+", metavar="NAME", help="which arms to draw (all)")
    parser.add_argument(
        "--format", nargs="+", choices=["pdf", "svg", "png"], default=["pdf", "svg", "png"], metavar="FORMAT",
        help="pdf, svg, png (all three)",
    )
    parser.add_argument(
        "--width", choices=list(WIDTHS), default="single",
        help="one column of a journal (3.5 in) or two (7.2 in); single unless said otherwise",
    )
    return parser


def _yardstick(text: str) -> yardsticks.Yardstick:
    try:
        return yardsticks.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not LABEL=VALUE with a finite number") from error


def main(arguments: list[str] | None = None) -> int:
    """Draws the figures of results files; returns the exit status."""
    # Figures go into files; a window for each would be opened for nothing.
    matplotlib.use("Agg")
    parser = _parser()
    try:
        options = parser.parse_args(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    for path in options.results:
        try:
            if path.suffix == ".json":
                status = _draw_corridor(path, options)
            else:
                study = read(path)
                status = _draw_all(study.only(options.arm) if options.arm else study, path, options)
        except ResultsError as error:
            return _complain(str(error), error.status)
        except OSError as error:
            return _complain(f"cannot create '{error.filename}': {error.strerror}", CANNOT_CREATE)
        if status:
            return status
    return 0


def _draw_corridor(path: Path, options: argparse.Namespace) -> int:
    """Draws the figure of a document; returns the exit status."""
    found = corridor.read(path)
    wanted = options.figure or [CORRIDOR]
    for name in wanted:
        if name != CORRIDOR:
            return _complain(f"'{path}' has no data for the figure '{name}': it is a corridor, and no results file", NO_DATA)
    try:
        with plt.rc_context(STYLE):
            figure = corridor.draw(found, WIDTHS[options.width])
    except NoData as reason:
        return _complain(f"'{path}' has no data for the figure '{CORRIDOR}': {reason}", NO_DATA)
    for file in save(figure, options.output, f"{path.stem}-{CORRIDOR}", options.format):
        print(file)
    return 0


def _draw_all(study: Study, path: Path, options: argparse.Namespace) -> int:
    """Draws the figures of one study; returns the exit status."""
    if not study.runs:
        return _complain(f"'{path}': no run has finished", NO_DATA)
    if study.failed:
        print(f"note: {study.failed} runs of '{path}' failed and are in no figure", file=sys.stderr)
    drawn = 0
    for name in options.figure or FIGURES:
        try:
            if name == CORRIDOR:
                raise NoData("it is drawn of what `starling evaluate --corridor prior --json` prints, in a file .json")
            figure = draw(study, name, Look(options.metric, options.axes, options.yardstick, options.width))
        except NoData as reason:
            if options.figure:
                return _complain(f"'{path}' has no data for the figure '{name}': {reason}", NO_DATA)
            print(f"note: no figure '{name}': {reason}", file=sys.stderr)
            continue
        usual = options.metric in (None, natural(study)) or name not in BY_METRIC
        metric = "" if usual else f"-{options.metric}"
        for file in save(figure, options.output, f"{path.stem}-{name}{metric}", options.format):
            print(file)
        drawn += 1
    return 0 if drawn else _complain(f"'{path}' has no data for any figure", NO_DATA)


def _complain(message: str, status: int) -> int:
    print(f"error: {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
