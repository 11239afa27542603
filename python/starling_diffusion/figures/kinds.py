# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures that there are, and how each is drawn of a study."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from . import curves, differences, histograms, links, network, prediction, profiles, realised, survival, sweep, tasks, where
from .results import Study
from .style import STYLE, WIDTHS, NoData
from .yardsticks import Yardstick


@dataclass(frozen=True)
class Look:
    """What can be chosen of figures; each kind takes what it is for."""

    metric: str | None = None
    """Which one is shown; what the study is about without one."""
    axes: list[str] | None = None
    """What curves and times to target are drawn against."""
    yardsticks: list[Yardstick] = field(default_factory=list)
    width: str = "single"
    """One of `WIDTHS`."""


MOST_ARMS = 21
"""More curves cannot be told apart in one figure."""
BY_ARM = {"curves", "differences", "time-to-target", "profiles", "staleness", "age"}
"""Figures with a curve for each arm."""
BY_METRIC = {"curves", "differences", "profiles", "sweep"}
"""Figures that show a metric of one's choice."""

Draw = Callable[[Study, float, Look], Figure]
FIGURES: dict[str, tuple[str, Draw]] = {
    "curves": (
        "learning curves: the metric against virtual time, updates, episodes, messages, bytes …",
        lambda study, width, options: curves.draw(
            study, width, options.metric, options.axes, options.yardsticks
        ),
    ),
    "differences": (
        "what branches of a fork changed: paired differences from runs as they were",
        lambda study, width, options: differences.draw(study, width, options.metric),
    ),
    "time-to-target": (
        "share of runs that have reached the target (Kaplan-Meier, with censoring marks)",
        lambda study, width, options: survival.draw(study, width, options.axes),
    ),
    "profiles": (
        "share of runs that end at least as well as a level",
        lambda study, width, options: profiles.draw(study, width, options.metric),
    ),
    "staleness": (
        "how old neighbours' estimates were when they were combined",
        lambda study, width, options: histograms.draw_staleness(study, width),
    ),
    "age": (
        "age of information over all measurements",
        lambda study, width, options: histograms.draw_age(study, width),
    ),
    "network": (
        "agents and links, by weight",
        lambda study, width, options: network.draw(study, width),
    ),
    "where": (
        "where the time of agents and their messages went, by arm",
        lambda study, width, options: where.draw(study, width),
    ),
    "links": (
        "the network, with how old what each link brings is",
        lambda study, width, options: links.draw(study, width),
    ),
    "realised": (
        "realised combination matrices beside the designed one, in the window that mixes worst",
        lambda study, width, options: realised.draw(study, width),
    ),
    "prediction": (
        "predicted beside measured steady-state MSD, by arm",
        lambda study, width, options: prediction.draw(study, width),
    ),
    "sweep": (
        "final value and time to target over one or two swept settings",
        lambda study, width, options: sweep.draw(study, width, options.metric, options.yardsticks),
    ),
    "tasks": (
        "returns of every agent's final policy in every task",
        lambda study, width, options: tasks.draw(study, width, options.yardsticks),
    ),
}
"""Every figure of a study: what it shows, and how it is drawn."""


def draw(study: Study, kind: str, look: Look) -> Figure:
    """Draws a figure of a study.

    The figure is closed, so that no notebook shows it twice; it can be saved and shown all the same.

    Raises:
        NoData: the study has nothing to show in it.
        ValueError: there is no such kind or width.
    """
    if kind not in FIGURES:
        raise ValueError(f"there is no figure '{kind}'; there are {', '.join(FIGURES)}")
    if look.width not in WIDTHS:
        raise ValueError(f"there is no width '{look.width}'; there are {', '.join(WIDTHS)}")
    if not study.runs:
        raise NoData("no run has finished")
    if kind in BY_ARM and len(study.present) > MOST_ARMS:
        raise NoData(f"{len(study.present)} arms are too many to tell apart; choose some with --arm")
    with plt.rc_context(STYLE):
        figure = FIGURES[kind][1](study, WIDTHS[look.width], look)
    plt.close(figure)
    return figure
