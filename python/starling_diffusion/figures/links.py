# SPDX-License-Identifier: GPL-3.0-or-later
"""The age of information by link, on the drawing of the network."""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from ..errors import ResultsError
from .accounts import Links
from .layout import circle, places
from .network import MOST_PANELS, bow, frame
from .records import Arm
from .results import Study
from .style import SMALL, NoData, counted, duration, labels, legend, logarithmic, wrapped

COLOURS = ListedColormap(plt.get_cmap("viridis_r")(np.linspace(0.12, 1, 256)))
"""The older, the darker; what is too light on white is left out."""
AGENT = "0.25"
LOGARITHMIC_FROM = 8
"""How many times the least age the largest is, from which on colours are logarithmic."""


@dataclass(frozen=True)
class Ages:
    """The mean age of what each link of an arm brought, over replications."""

    arm: Arm
    links: Links
    """Of the first replication."""
    ages: np.ndarray
    """Seconds, in the order of the links; nan where no estimate came."""
    count: int
    """Of how many replications it is."""
    agents: int
    """How many agents learn; a fusion centre is not among them."""

    @property
    def silent(self) -> np.ndarray:
        """The links over which something was sent and no estimate came; over others, as of agents apart, nothing was."""
        return np.asarray(np.isnan(self.ages) & (self.links["sent"] > 0))

    @property
    def has_centre(self) -> bool:
        return len(self.links.names) > self.agents


def ages(study: Study) -> list[Ages]:
    """The arms whose runs keep accounts of links, and whose network is kept.

    The mean over replications weighs each by the time for which the age counts. Where another network is drawn in every
    replication, it is of the first one, whose network the file keeps.
    """
    found = []
    for arm in study.present:
        if arm.network is None:
            continue
        try:
            kept = [study.links(arm.name, run.replication) for run in study.runs_of(arm.name)]
        except ResultsError:
            continue
        same = all(np.array_equal(entry.ends, kept[0].ends) for entry in kept)
        kept = kept if same and "network" not in study.resampled else kept[:1]
        times = np.array([entry["age_time"] for entry in kept])
        sums = np.nansum(times * np.array([entry["age_mean"] for entry in kept]), axis=0)
        total = times.sum(axis=0)
        mean = np.divide(sums, total, out=np.full(len(total), np.nan), where=total > 0)
        found.append(Ages(arm, kept[0], mean, len(kept), len(study.runs_of(arm.name)[0].accounts)))
    return found


def draw(study: Study, width: float) -> Figure:
    """Draws the links of up to four arms by the age of what they brought, on one scale of colours."""
    found = ages(study)
    if not found:
        raise NoData("no run keeps accounts of links (`measure.records.links` asks for them) of up to 500 agents")
    found = [entry for entry in found if np.isfinite(entry.ages).any()]
    if not found:
        raise NoData("no estimate came over any link")
    shown = found[:MOST_PANELS]
    columns = min(len(shown), 2 if width < 5 else MOST_PANELS)
    rows = -(-len(shown) // columns)
    placed = [_places(entry) for entry in shown]
    side = min(width / columns, 3.4)
    flat = max(np.ptp(points[:, 1]) / max(np.ptp(points[:, 0]), 1e-9) for points, _ in placed)
    room = 0.25 if len(found) > 1 else 0
    figure, grid = plt.subplots(
        rows, columns, figsize=(width, rows * (side * min(max(flat, 0.15), 1.1) + room) + 0.45), layout="constrained",
        squeeze=False, gridspec_kw={"wspace": 0.02},
    )
    panels, names = list(grid.flat), labels(study)
    norm = _scale(np.concatenate([entry.ages for entry in shown]))
    for panel, entry, (points, _) in zip(panels, shown, placed):
        _draw_links(panel, entry, points, norm, side)
        if len(found) > 1:
            panel.set_xlabel(wrapped(names[entry.arm.name], side * 66, 7), fontsize=7)
    for panel in panels[len(shown):]:
        panel.remove()
    _bar(figure, panels[: len(shown)], norm)
    _legend(figure, study, shown, list(dict.fromkeys(words for _, words in placed)), len(found))
    return figure


def _places(entry: Ages) -> tuple[np.ndarray, str]:
    """Where agents are drawn; all round the fusion centre where there is one."""
    if not entry.has_centre:
        return places(entry.arm.known_network, entry.arm.settings)
    return np.vstack([circle(entry.agents), [[0.0, 0.0]]]), "agents round the fusion centre"


def _scale(values: np.ndarray) -> Normalize:
    values = values[np.isfinite(values)]
    low, high = float(values.min()), float(values.max())
    if low > 0 and high > LOGARITHMIC_FROM * low:
        return LogNorm(low, high)
    # Ages that hardly differ have colours that hardly do.
    return Normalize(min(low, 0.8 * high), high if high > 0 else 1.0)


def _draw_links(axes: Axes, entry: Ages, points: np.ndarray, norm: Normalize, side: float) -> None:
    """Draws each link as the half of a line that is at its receiver."""
    senders, receivers = entry.links.ends
    count, curves = len(points), bow(points, list(zip(senders, receivers)))
    # Old ones last, so that they are on top.
    order = np.argsort(np.nan_to_num(entry.ages, nan=-1.0), kind="stable")
    heard = [k for k in order if np.isfinite(entry.ages[k])]
    silent = [k for k in order if entry.silent[k]]
    width = 2.4 * min(1.0, side / 2.8) * min(1.0, (30 / count) ** 0.5)
    width *= min(1.0, (200 / max(len(heard), 1)) ** 0.5)
    axes.add_collection(LineCollection(
        [curves[k][len(curves[k]) // 2:] for k in heard], colors=COLOURS(norm(entry.ages[heard])), linewidths=width,
        zorder=2, capstyle="butt", gid="links",
    ))
    axes.add_collection(LineCollection(
        [curves[k][len(curves[k]) // 2:] for k in silent], colors="0.5", linewidths=0.5 * width, linestyles=(0, (1, 1.5)),
        zorder=1.5, gid="silent",
    ))
    agents = entry.agents
    area = min(26.0, 500.0 / agents) * min(1.0, side / 2.8)
    axes.scatter(points[:agents, 0], points[:agents, 1], s=area, color=AGENT, edgecolor="white", linewidth=0.5, zorder=4)
    if entry.has_centre:
        axes.scatter(
            points[agents:, 0], points[agents:, 1], s=3 * area, marker="s", color=AGENT, edgecolor="white", linewidth=0.5,
            zorder=4,
        )
    frame(axes, points)


def _bar(figure: Figure, panels: list[Axes], norm: Normalize) -> None:
    """What colours mean."""
    bar = figure.colorbar(
        ScalarMappable(norm, COLOURS), ax=panels, location="bottom", pad=0.03, aspect=30,
        shrink=min(0.9, 3.2 / figure.get_figwidth()),
    )
    bar.outline.set_linewidth(0.4)
    if isinstance(norm, LogNorm):
        logarithmic(bar.ax.xaxis, duration)
    else:
        bar.locator = MaxNLocator(5)
        bar.formatter = FuncFormatter(lambda value, _: duration(value))
        bar.update_ticks()
    bar.ax.xaxis.set_minor_formatter(NullFormatter())
    bar.ax.tick_params(labelsize=SMALL)
    bar.set_label("Mean age of information", fontsize=7)


def _legend(figure: Figure, study: Study, shown: list[Ages], layouts: list[str], all_arms: int) -> None:
    handles, names = [], []
    if any(entry.has_centre for entry in shown):
        handles.append(Line2D([], [], linestyle="none", marker="s", color=AGENT, markersize=6))
        names.append("fusion centre")
    if any(entry.silent.any() for entry in shown):
        handles.append(Line2D([], [], linestyle=(0, (1, 1.5)), color="0.5", linewidth=1.2))
        names.append("no estimate came")
    words = ["Half of a line at an agent: the age there of what the agent at its other end sent, mean over time", *layouts]
    counts = [entry.count for entry in shown]
    if max(counts) > 1:
        words.append(f"mean over replications, {counted(counts)}")
    elif any(len(study.runs_of(entry.arm.name)) > 1 for entry in shown):
        words.append("of the first replication, as others have other networks")
    if all_arms > MOST_PANELS:
        words.append(f"the first {MOST_PANELS} of {all_arms} arms")
    legend(figure, "; ".join(words), handles, names)
