# SPDX-License-Identifier: GPL-3.0-or-later
"""The network: agents, links by weight, and how much each agent counts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from .layout import circle, places
from .records import Arm, Network
from .results import Study
from .style import NoData, labels, legend, wrapped

MOST_PANELS = 4
AGENT, EDGE = "#0072B2", 0.5
"""The colour of agents, and the width of their white edges in points."""


def perron_weights(weights: np.ndarray) -> np.ndarray:
    """How much each agent counts in the long run: the vector p with C p = p, p ≥ 0, Σ p = 1.

    It is solved for, not iterated. Of several, where the network is in pieces, it is the one of least norm.
    """
    count = len(weights)
    system = np.vstack([weights - np.eye(count), np.ones(count)])
    right = np.concatenate([np.zeros(count), [1.0]])
    return np.asarray(np.clip(np.linalg.lstsq(system, right, rcond=None)[0], 0, None))


def is_directed(weights: np.ndarray) -> bool:
    """Whether some agent hears another that does not hear it."""
    links = weights > 0
    return bool((links != links.T).any())


def draw(study: Study, width: float) -> Figure:
    """Draws every different network of the study's arms, in replication 0."""
    groups = _groups(study)
    if not groups:
        raise NoData("no network is kept (more than 500 agents)")
    shown = groups[:MOST_PANELS]
    columns = min(len(shown), 1 if width < 5 and len(shown) == 1 else 2 if width < 5 else MOST_PANELS)
    rows = -(-len(shown) // columns)
    side = min(width / columns, 3.4)
    placed = [places(arms[0].known_network, arms[0].settings) for arms in shown]
    flat = max(np.ptp(points[:, 1]) / max(np.ptp(points[:, 0]), 1e-9) for points, _ in placed)
    room = 0.25 if len(groups) > 1 else 0
    figure, grid = plt.subplots(
        rows, columns, figsize=(width, rows * (side * min(max(flat, 0.15), 1.1) + room)), layout="constrained",
        squeeze=False, gridspec_kw={"wspace": 0.02},
    )
    panels = list(grid.flat)
    names = labels(study)
    scale = Scale.of([arms[0].known_network for arms in shown], side)
    heaviest = max(_off_diagonal(arms[0].known_network.weights).max(initial=0) for arms in shown)
    for panel, arms, (points, _) in zip(panels, shown, placed):
        _draw_network(panel, arms[0].known_network, points, heaviest, scale)
        if len(groups) > 1:
            text = ", ".join(names[arm.name] for arm in arms)
            panel.set_xlabel(wrapped(text if len(text) <= 90 else text[:88] + "…", side * 66, 7), fontsize=7)
    for panel in panels[len(shown):]:
        panel.remove()
    _legend(figure, shown, heaviest, scale, list(dict.fromkeys(words for _, words in placed)), len(groups))
    return figure


def _groups(study: Study) -> list[list[Arm]]:
    """The arms with the same network and topology, in the order of the scenario."""
    groups: list[list[Arm]] = []
    for arm in study.arms:
        if arm.network is None:
            continue
        for group in groups:
            other = group[0].known_network
            if other is arm.network or np.array_equal(other.weights, arm.network.weights):
                group.append(arm)
                break
        else:
            groups.append([arm])
    return groups


def _off_diagonal(weights: np.ndarray) -> np.ndarray:
    return weights[~np.eye(len(weights), dtype=bool)]


def _sizes(networks: list[Network]) -> str:
    """What the size of agents shows: `weight` where some count more in the long run than others, else `degree`."""
    for network in networks:
        weights = perron_weights(network.weights)
        if weights.max() > 1.001 * weights.min():
            return "weight"
    return "degree"


def _measure(network: Network, sizes: str) -> np.ndarray:
    if sizes == "weight":
        return perron_weights(network.weights)
    return np.asarray((network.weights > 0).sum(axis=0) - (np.diag(network.weights) > 0))


@dataclass(frozen=True)
class Scale:
    """How large agents are: the same in all panels and in the legend."""

    sizes: str
    """What the size shows, `weight` or `degree`."""
    base: float
    """The area of an agent with the mean value, in square points."""
    mean: float
    """The mean value over the agents of all networks."""
    agents: int
    """The most agents of a network; links are thinner among many."""

    @staticmethod
    def of(networks: list[Network], side: float) -> Scale:
        """The scale for networks in panels as wide as `side` (inches): less for many agents."""
        sizes = _sizes(networks)
        values = np.concatenate([_measure(network, sizes) for network in networks])
        most = max(len(network.names) for network in networks)
        return Scale(sizes, min(60.0, 900.0 * side / 3.4 / most), float(values.mean()) or 1.0, most)

    def areas(self, values: np.ndarray) -> np.ndarray:
        """Areas in square points: in proportion to the value, as far as it can be seen and hides nothing."""
        return np.clip(self.base * np.asarray(values) / self.mean, 0.15 * self.base, 6 * self.base)


def _width(weight: float, heaviest: float, count: int) -> float:
    """The width of a link in points, thinner among many agents."""
    return (0.3 + 1.9 * weight / heaviest) * min(1.0, math.sqrt(30 / count))


def _grey(weight: float, heaviest: float) -> str:
    return f"{0.78 - 0.58 * weight / heaviest:.3f}"


def _draw_network(
    axes: Axes, network: Network, points: np.ndarray, heaviest: float, scale: Scale
) -> None:
    areas = scale.areas(_measure(network, scale.sizes))
    if is_directed(network.weights):
        _draw_arrows(axes, network.weights, points, areas, heaviest, scale.agents)
    else:
        _draw_lines(axes, network.weights, points, heaviest, scale.agents)
    axes.scatter(points[:, 0], points[:, 1], s=areas, color=AGENT, edgecolor="white", linewidth=EDGE, zorder=4)
    frame(axes, points)


def frame(axes: Axes, points: np.ndarray) -> None:
    """Has a panel show points on one scale both ways, and nothing of axes."""
    span = max(np.ptp(points, axis=0).max(), 1e-9)
    for limits, place in ((axes.set_xlim, points[:, 0]), (axes.set_ylim, points[:, 1])):
        # A network that is flat in one direction gets no more room there than it needs.
        limits(place.min() - 0.07 * span, place.max() + 0.07 * span)
    axes.set_aspect("equal")
    axes.grid(False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def _draw_lines(axes: Axes, weights: np.ndarray, points: np.ndarray, heaviest: float, agents: int) -> None:
    mutual = (weights + weights.T) / 2
    # Light links first, so that heavy ones are on top.
    pairs = sorted((mutual[l, k], l, k) for l, k in zip(*np.nonzero(np.triu(mutual, 1))))
    lines = bow(points, [(l, k) for _, l, k in pairs])
    axes.add_collection(
        LineCollection(
            lines, zorder=2, capstyle="round", linewidths=[_width(pair[0], heaviest, agents) for pair in pairs],
            colors=[_grey(pair[0], heaviest) for pair in pairs],
        )
    )


def bow(points: np.ndarray, pairs: list[tuple[int, int]]) -> list[np.ndarray]:
    """The points of a line for each pair of agents, an odd number from the one to the other.

    Round a circle of many agents, links past the next agent would lie on the circle; they are bent inwards.
    """
    count = len(points)
    apart = [min(abs(k - l), count - abs(k - l)) for l, k in pairs]
    is_bent = np.allclose(points, circle(count)) and apart and 1 < max(apart) < count / 4
    lines = []
    for (l, k), steps in zip(pairs, apart):
        middle = (points[l] + points[k]) / 2
        if is_bent and steps > 1:
            # Twice the depth at the control point is the depth of the curve.
            middle *= 1 - 2 * max(0.0, min(0.03 * steps, 0.12) - (1 - np.cos(np.pi * steps / count)))
        t = np.linspace(0, 1, 13 if is_bent else 3)[:, None]
        # A quadratic Bézier curve; straight when its control point is the middle.
        lines.append((1 - t) ** 2 * points[l] + 2 * t * (1 - t) * middle + t**2 * points[k])
    return lines


def _draw_arrows(
    axes: Axes, weights: np.ndarray, points: np.ndarray, areas: np.ndarray, heaviest: float, agents: int
) -> None:
    for l, k in zip(*np.nonzero(weights)):
        if l == k:
            continue
        # Two links between the same agents bend apart.
        bend = 0.15 if weights[k, l] > 0 else 0.0
        axes.add_patch(
            FancyArrowPatch(
                points[l], points[k], arrowstyle="-|>,head_length=3,head_width=1.6", mutation_scale=1,
                connectionstyle=f"arc3,rad={bend}", shrinkA=np.sqrt(areas[l]) / 2, shrinkB=np.sqrt(areas[k]) / 2 + 0.5,
                linewidth=_width(weights[l, k], heaviest, agents), color=_grey(weights[l, k], heaviest), zorder=2,
            )
        )


def _legend(
    figure: Figure, shown: list[list[Arm]], heaviest: float, scale: Scale, layouts: list[str], all_groups: int
) -> None:
    networks = [arms[0].known_network for arms in shown]
    agents = sorted({len(network.names) for network in networks})
    values = np.concatenate([_off_diagonal(network.weights) for network in networks])
    values = values[values > 0]
    handles, names = [], []
    for weight in sorted({values.min(), values.max()}) if len(values) else []:
        handles.append(Line2D([], [], linewidth=_width(weight, heaviest, scale.agents), color=_grey(weight, heaviest)))
        names.append(f"link, weight {weight:.2g}")
    measures = np.concatenate([_measure(network, scale.sizes) for network in networks])
    largest = float(np.sqrt(scale.areas(measures).max()))
    for value in sorted({measures.min(), measures.max()}):
        handles.append(
            Line2D(
                [], [], linestyle="none", marker="o", color=AGENT, markersize=float(np.sqrt(scale.areas(value))),
                markeredgecolor="white", markeredgewidth=EDGE,
            )
        )
        names.append(f"agent, {scale.sizes} {value:.2g}")
    words = [" to ".join(str(count) for count in dict.fromkeys((agents[0], agents[-1]))) + " agents", *layouts]
    if scale.sizes == "weight":
        words.append("weight of an agent: entry of the Perron vector")
    if not any(is_directed(network.weights) for network in networks):
        asymmetric = any(not np.allclose(network.weights, network.weights.T) for network in networks)
        words += ["width of a link: mean of its two weights"] if asymmetric else []
    if all_groups > MOST_PANELS:
        words.append(f"the first {MOST_PANELS} of {all_groups} networks")
    legend(figure, "; ".join(words), handles, names, largest)
