# SPDX-License-Identifier: GPL-3.0-or-later
"""Yardsticks: known values beside what was measured, such as the return of a random policy or a bound on the best."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.axes import Axes

from .style import minus

LINES = [(0, (7, 3)), (0, (1.2, 1.8)), (0, (7, 2, 1.2, 2)), (0, (3, 2)), (0, (7, 2, 1.2, 2, 1.2, 2))]


@dataclass(frozen=True)
class Yardstick:
    """A value to compare with, in the unit of the axis: decibels for squared errors."""

    label: str
    value: float


def parse(text: str) -> Yardstick:
    """Reads `LABEL=VALUE`.

    Raises:
        ValueError: without a label or a finite number.
    """
    label, _, number = text.rpartition("=")
    value = float(number)
    if not label.strip() or not math.isfinite(value):
        raise ValueError(f"'{text}' is not LABEL=VALUE")
    return Yardstick(label.strip(), value)


def mark(axes: Axes, yardsticks: Iterable[Yardstick]) -> None:
    """Draws a thin horizontal line for each yardstick, named in the legend with its value."""
    for place, entry in enumerate(yardsticks):
        axes.axhline(
            entry.value, color="0.25", linewidth=0.7, linestyle=LINES[place % len(LINES)], zorder=1.5, gid="yardstick",
            label=f"{entry.label}: {minus(f'{entry.value:.4g}')}",
        )
