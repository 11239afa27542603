# SPDX-License-Identifier: GPL-3.0-or-later
"""What all figures have in common: sizes, colours, units, names of arms, notes, and how they are saved."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.textpath import TextPath
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from numpy.typing import ArrayLike

from .results import Study

WIDTHS = {"single": 3.5, "double": 7.2}
"""Inches: one column of a journal, and two."""
# Okabe and Ito's palette without its yellow, which is too light for a thin line on white, in an order in which
# neighbours differ in lightness too.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#000000", "#CC79A7", "#56B4E9", "#E69F00"]
LINES = ["-", (0, (5, 1.6)), (0, (1, 1.2)), (0, (6, 1.5, 1, 1.5)), (0, (3, 1, 1, 1, 1, 1)), (0, (8, 3)), (0, (2, 2))]
MARKERS = ["o", "s", "^", "D", "v", "P", "X", "<", ">", "h", "*"]
TIME_UNITS = [(86_400.0, 3 * 86_400.0, "d"), (3600.0, 3 * 3600.0, "h"), (60.0, 180.0, "min"), (1.0, 1.0, "s")]
SMALL = 6.5
MOST_NAMED = 4
"""How many arms a note names."""

STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans", "font.size": 8, "axes.labelsize": 8, "xtick.labelsize": 7, "ytick.labelsize": 7,
    "legend.fontsize": 7, "axes.linewidth": 0.6, "axes.spines.top": False, "axes.spines.right": False,
    "xtick.major.width": 0.6, "ytick.major.width": 0.6, "xtick.minor.width": 0.4, "ytick.minor.width": 0.4,
    "xtick.major.size": 3, "ytick.major.size": 3, "xtick.minor.size": 1.5, "ytick.minor.size": 1.5,
    "lines.linewidth": 1.1, "lines.markersize": 3.5, "axes.grid": True, "grid.color": "0.92", "grid.linewidth": 0.5,
    "axes.axisbelow": True, "pdf.fonttype": 42, "ps.fonttype": 42, "svg.fonttype": "path",
    "svg.hashsalt": "starling", "savefig.dpi": 300, "hatch.linewidth": 0.4, "image.cmap": "cividis",
}


class NoData(Exception):
    """A figure that the results hold nothing for; the message says what is missing."""


def decibels(power: ArrayLike) -> Any:
    """10 log10 of a power-like quantity; zero gives -inf."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return 10 * np.log10(np.asarray(power, dtype=float))


def look(index: int) -> dict[str, Any]:
    """Colour, line and marker of the arm with a number: all of 77 differ."""
    return {
        "color": COLOURS[index % len(COLOURS)],
        # Once round the colours, lines move on by one, so that no pair comes twice.
        "linestyle": LINES[(index + index // len(COLOURS)) % len(LINES)],
        "marker": MARKERS[index % len(MARKERS)],
    }


def looks(study: Study) -> dict[str, dict[str, Any]]:
    """The look of every arm: the same in all figures of a study."""
    return {arm.name: look(index) for index, arm in enumerate(study.arms)}


def labels(study: Study) -> dict[str, str]:
    """What figures call the arms.

    Arms that a sweep named `learner.step-size=0.02, conditions.links.loss=0` lose what all paths have in front of the
    last dot, as long as the keys stay different.
    """
    names = [arm.name for arm in study.arms]
    parts = [name.split(", ") for name in names]
    if not all(any("=" in part for part in entry) for entry in parts):
        return dict(zip(names, names))
    keys = {part.split("=", 1)[0] for entry in parts for part in entry if "=" in part}
    short = {key: key.rsplit(".", 1)[-1] for key in keys}
    if len(set(short.values())) < len(keys):
        return dict(zip(names, names))

    def shortened(part: str) -> str:
        key, sign, value = part.partition("=")
        return f"{short[key]} = {value}" if sign else part

    return {name: ", ".join(map(shortened, entry)) for name, entry in zip(names, parts)}


def time_unit(longest: float) -> tuple[float, str]:
    """The unit for times up to one in seconds: its length in seconds and its symbol."""
    for size, least, name in TIME_UNITS:
        if longest >= least:
            return size, name
    return (1.0, "s") if longest >= 0.5 else (1e-3, "ms") if longest >= 5e-4 else (1e-6, "µs")


def scaled(largest: float) -> tuple[float, str]:
    """The prefix for counts up to one: its factor and its symbol."""
    for size, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if largest >= 3 * size:
            return size, name
    return 1.0, ""


def text_width(text: str, size: float) -> float:
    """How wide a text is in points."""
    # Matplotlib makes no path of blanks alone.
    return TextPath((0, 0), text if text.strip() else "x", size=size).get_extents().width


def logarithmic(axis: Axis, form: Callable[[float], str]) -> None:
    """Makes an axis logarithmic, with labels at 1, 2 and 5 where it is short and at powers of ten where it is long."""
    (axis.axes.set_xscale if axis is axis.axes.xaxis else axis.axes.set_yscale)("log")
    low, high = sorted(axis.get_view_interval())
    if high < 8 * low:
        # Too short for powers and halves of ten: a few round numbers, as on a linear axis.
        axis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    else:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 60 * low else (1,)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: form(value)))
    axis.set_minor_formatter(NullFormatter())


def slot(axes: Axes) -> SubplotSpec:
    """Where a panel is in the grid of its figure, as all panels of ours are in one."""
    found = axes.get_subplotspec()
    if found is None:
        raise ValueError("a panel outside of a grid")
    return found


def row_height(axes: Axes) -> float:
    """How high the row of panels is in which one stands, with its axis, in points."""
    return 72 * whole(axes).get_figheight() / slot(axes).get_gridspec().nrows


def in_first_column(axes: Axes) -> bool:
    """Whether a panel has none to its left."""
    return slot(axes).is_first_col()


def whole(axes: Axes) -> Figure:
    """The figure that a panel is in."""
    figure = axes.figure
    if not isinstance(figure, Figure):
        raise ValueError("a panel outside of a figure")
    return figure


def counts_of(value: float) -> str:
    """A count for a tick: 5000, 20 k, 3 M."""
    for size, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= 10 * size:
            return f"{value / size:g}\N{NO-BREAK SPACE}{name}"
    return f"{value:g}"


def byte_count(value: float) -> str:
    """An amount of data for a tick: 500 B, 20 kB."""
    for size, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if value >= size:
            return f"{value / size:g}\N{NO-BREAK SPACE}{name}"
    return f"{value:g}\N{NO-BREAK SPACE}B"


def duration(seconds: float) -> str:
    """A length of time for a tick: 20 ms, 500 s."""
    if seconds >= 1e5:
        return f"{seconds / 86_400:.3g}\N{NO-BREAK SPACE}d"
    for size, name in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= 0.999 * size:
            return f"{seconds / size:.4g}\N{NO-BREAK SPACE}{name}"
    return f"{seconds:g}\N{NO-BREAK SPACE}s"


def broken(path: str, points: float, size: float = 8) -> str:
    """A dotted path in lines of at most a width, broken behind dots."""
    lines = [""]
    for part in re.findall(r"[^.]+\.?", path):
        if lines[-1] and text_width(lines[-1] + part, size) > points:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def minus(text: str) -> str:
    """A text with the sign of numbers in it as axes print it."""
    return text.replace("-", "\N{MINUS SIGN}")


def wrapped(text: str, points: float, size: float) -> str:
    """A text in lines of at most a width."""
    # A number stays on the line of its unit.
    text = re.sub(r" (?=%)|(?<=\bn) (?==)|(?<=\bn =) ", "\xa0", text)
    letters = max(12, int(points / max(text_width(text, size) / max(len(text), 1), 1)))
    lines = textwrap.wrap(text, letters, break_on_hyphens=False)
    # Lines of wide letters may be wider than the mean says.
    while letters > 12 and max((text_width(line, size) for line in lines), default=0) > points + 4:
        letters -= 1
        lines = textwrap.wrap(text, letters, break_on_hyphens=False)
    return "\n".join(lines) or text


def shortened(text: str, points: float, size: float) -> str:
    """A text that is at most so wide; what is left out at its end is an ellipsis."""
    found, end = text, len(text)
    while end > 1 and text_width(found, size) > points:
        end -= 1
        found = f"{text[:end].rstrip()}…"
    return found


def legend(
    figure: Figure, note: str, handles: list[Any] | None = None, names: list[str] | None = None, tallest: float = 0,
    columns: int | None = None,
) -> None:
    """Puts a note on what is shown, and below it what lines are, above the axes, where they cover no data.

    The figure grows by what they need.

    Args:
        tallest: the height of the largest marker in points; rows are no lower.
        columns: in how many columns names stand; as many as fit, unless it is given.
    """
    width = figure.get_figwidth() * 72
    if handles is None:
        handles, names = [], []
        for axes in figure.axes:
            for handle, name in zip(*axes.get_legend_handles_labels()):
                if name not in names:
                    handles.append(handle)
                    names.append(name)
    handle_width = 2.6 * 7 + 14
    texts = [wrapped(name, width - handle_width - 12, 7) for name in names or []]
    longest = max((text_width(line, 7) for text in texts for line in text.split("\n")), default=1)
    columns = columns or int(max(1, min(4, len(texts), (width - 4) // (longest + handle_width))))
    title = wrapped(note, width - 14, SMALL)
    rows = [text.count("\n") + 1 for text in texts]
    # The axes keep their height however much stands above them.
    row = max(10.2, tallest + 2.5)
    points = 1.3 * SMALL * (title.count("\n") + 1) + row * -(-sum(rows) // columns) + 6
    figure.set_figheight(figure.get_figheight() + points / 72)
    figure.legend(
        handles, texts, title=title, title_fontsize=SMALL, frameon=False,
        loc="outside upper left", ncols=columns, handlelength=2.6, columnspacing=1.2, borderaxespad=0.2,
        labelspacing=0.3, alignment="left", handleheight=max(0.7, tallest / 7),
    )


def matched(study: Study) -> str:
    """What a note says of step sizes that were tuned until final errors agreed, with a semicolon before it."""
    if study.tuning is None:
        return ""
    metric = study.metric(study.tuning["metric"]).in_line
    names, shown = labels(study), {arm.name for arm in study.present}
    missed = [arm["name"] for arm in study.tuning["arms"] if not arm["is_matched"] and arm["name"] in shown]
    but = f", which {', '.join(names[name] for name in missed)} missed" if missed else ""
    reference = study.tuning["reference"]
    return f"; step sizes tuned to the final {metric} of {names.get(reference, reference)}{but}"


def diverged_arms(study: Study) -> str:
    """The arms with runs that diverged, and how many of their runs did; empty if none has."""
    names = labels(study)
    found = {arm.name: study.diverged(arm.name) for arm in study.present}
    words = [f"{names[arm]} ({count} of {len(study.runs_of(arm))} runs)" for arm, count in found.items() if count]
    more = [f"and {len(words) - MOST_NAMED} more arms"] if len(words) > MOST_NAMED + 1 else []
    return ", ".join(words[:MOST_NAMED] + more if more else words)


def counted(counts: list[int]) -> str:
    """How many replications curves are of: `n = 20`, or the range where arms have different numbers."""
    return f"n = {counts[0]}" if len(set(counts)) == 1 else f"n = {min(counts)} to {max(counts)}"


def with_count(label: str, count: int, counts: list[int]) -> str:
    """A label that says how many replications where arms have different numbers."""
    return label if len(set(counts)) == 1 else f"{label} (n = {count})"


def save(figure: Figure, folder: Path, stem: str, formats: list[str]) -> list[Path]:
    """Saves the figure in every format; returns where. The same results give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    dates = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {}}
    paths = [folder / f"{stem}.{suffix}" for suffix in formats]
    with plt.rc_context(STYLE):
        for path in paths:
            figure.savefig(path, metadata=dates[path.suffix[1:]])
    plt.close(figure)
    return paths
