# SPDX-License-Identifier: GPL-3.0-or-later
"""The combination matrices that agents have realised, beside the designed one."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..errors import ResultsError
from .records import Realised, Window
from .results import Study
from .style import SMALL, NoData, labels, wrapped

MOST_ROWS = 4
LEAST = 1e-3
"""Weights below this share of the largest are drawn as if they were it; those of zero are white."""


def draw(study: Study, width: float) -> Figure:
    """Draws designed matrix, mean and product of each arm, in the window of its first replication that mixes worst."""
    rows = _rows(study)
    columns = ["designed", "mean", "product"]
    if not any(window.product for _, window in rows):
        columns.pop()
    side = width / (len(columns) + 0.35)
    figure, grid = plt.subplots(
        len(rows), len(columns), figsize=(width, len(rows) * (side + 0.52)), layout="constrained", squeeze=False
    )
    names = labels(study)
    norm = LogNorm(LEAST, 1)
    image: Any = None
    for row, (panels, (arm, window)) in enumerate(zip(grid, rows)):
        matrices = [_designed(study, arm), window.mean, window.product][: len(columns)]
        for panel, matrix, column in zip(panels, matrices, columns):
            if matrix is None:
                panel.set_axis_off()
                panel.text(0.5, 0.5, f"{column}:\nnot kept", ha="center", va="center", fontsize=SMALL)
                continue
            weights = matrix.weights if isinstance(matrix, Realised) else matrix
            image = panel.imshow(np.ma.masked_equal(weights, 0), norm=norm, interpolation="none")
            _dress(panel, column if row == 0 else "", matrix)
        count = "" if len(rows) == 1 and len(study.present) == 1 else f"{names[arm]}\n"
        panels[0].set_ylabel(
            wrapped(f"{count}{window.start:g} to {window.end:g} s", side * 50, 7) + "\nweight of agent", fontsize=7
        )
    bar = figure.colorbar(image, ax=grid, fraction=0.04, aspect=30, extend="min")
    bar.ax.tick_params(labelsize=SMALL)
    return figure


def _rows(study: Study) -> list[tuple[str, Window]]:
    """The arms that keep windows, each with the one of its first run that mixes worst."""
    rows = []
    for arm in study.present:
        first = study.runs_of(arm.name)[0]
        try:
            windows = study.windows(arm.name, first.replication)
        except ResultsError:
            continue
        whole = windows[0].end - windows[0].start
        rows.append((arm.name, max((w for w in windows if w.end - w.start >= 0.999 * whole), key=_slowness)))
    if not rows:
        raise NoData("no run keeps realised matrices; `measure.records.realised` in a scenario asks for them")
    if len(rows) > MOST_ROWS:
        raise NoData(f"{len(rows)} arms keep realised matrices, and {MOST_ROWS} fit; choose some with --arm")
    return rows


def _slowness(window: Window) -> float:
    matrix = window.product or window.mean
    return float(np.nan_to_num(matrix.second_eigenvalue_modulus, nan=-1.0))


def _designed(study: Study, arm: str) -> np.ndarray | None:
    (network,) = [entry.network for entry in study.arms if entry.name == arm]
    return None if network is None else network.weights


def _dress(panel: Axes, title: str, matrix: Realised | np.ndarray) -> None:
    """Title, ticks, and what the matrix says."""
    if isinstance(matrix, Realised):
        modulus, error = matrix.second_eigenvalue_modulus, matrix.row_sum_error
    else:
        modulus = np.sort(np.abs(np.linalg.eigvals(matrix)))[-2] if len(matrix) > 1 else 0.0
        error = float(np.abs(matrix.sum(axis=1) - 1).max())
    panel.set_title(title, fontsize=7)
    error = 0 if error < 1e-12 else error
    second = "not found" if np.isnan(modulus) else f"{modulus:.3f}"
    panel.set_xlabel(f"in agent\n|λ₂| {second}\nrows off by {error:.1g}", fontsize=SMALL)
    panel.grid(False)
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_major_locator(MaxNLocator(4, integer=True, min_n_ticks=1))
    panel.tick_params(labelsize=SMALL)
    for spine in panel.spines.values():
        spine.set_visible(True)
