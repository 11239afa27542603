# SPDX-License-Identifier: GPL-3.0-or-later
"""The figure: a squared error in decibels against virtual time, one curve per arm."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

from .curves import decibels, mean_curve  # noqa: E402
from .results import Study  # noqa: E402

# Okabe and Ito's palette without its yellow, which is too light for a thin line on white.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000"]
# Told apart without colour too.
LINES = ["-", (0, (5, 1.6)), (0, (1, 1.2)), (0, (6, 1.5, 1, 1.5)), (0, (3, 1, 1, 1, 1, 1)), (0, (8, 3)), (0, (2, 2))]
TITLES = {"msd": "MSD", "msd-own": "MSD to own optimum", "disagreement": "Disagreement"}
UNITS = [(86_400.0, 3 * 86_400.0, "d"), (3600.0, 3 * 3600.0, "h"), (60.0, 180.0, "min"), (1.0, 1.0, "s")]

STYLE = {
    "font.size": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.2,
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
    "savefig.dpi": 300,
}


def draw(study: Study, metric: str = "msd", width: float = 3.5):
    """Draws the figure, one journal column wide, and returns it."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(width, 0.78 * width), layout="constrained")
        curves = {arm: mean_curve(study, arm, metric) for arm in study.arms}
        unit, name = _unit(max(curve["time"].max() for curve in curves.values()))
        for index, (arm, curve) in enumerate(curves.items()):
            _draw_arm(axes, index, arm, curve, unit, common=len({_runs(c) for c in curves.values()}) == 1)
        target = study.target(metric)
        if target:
            level = decibels(target)
            axes.axhline(level, color="0.45", linewidth=0.7, zorder=1)
            axes.annotate(
                f"target {level:.0f} dB", (1, level), xycoords=("axes fraction", "data"), xytext=(0, 2),
                textcoords="offset points", ha="right", va="bottom", fontsize=6.5, color="0.35",
            )
        axes.set_xlabel(f"Virtual time ({name})")
        axes.set_ylabel(f"{TITLES.get(metric, metric)} (dB)")
        axes.set_xlim(left=0, right=max(curve["time"].max() for curve in curves.values()) / unit)
        axes.grid(True, color="0.92", linewidth=0.5)
        axes.set_axisbelow(True)
        figure.legend(
            title=_note(curves), title_fontsize=6.5, frameon=False, loc="outside upper left", ncols=_columns(curves),
            handlelength=2.6, columnspacing=1.2, borderaxespad=0.2, labelspacing=0.3, alignment="left",
        )
    return figure


def _draw_arm(axes, index: int, arm: str, curve, unit: float, common: bool) -> None:
    colour = COLOURS[index % len(COLOURS)]
    time = curve["time"] / unit
    axes.plot(
        time, decibels(curve["mean"]), color=colour, linestyle=LINES[index % len(LINES)],
        label=arm if common else f"{arm} (n = {_runs(curve)})", zorder=3 + index,
    )
    lower = decibels(curve["lower"])
    # An interval that reaches down to zero has no lower end in decibels; the band then ends at the axis.
    lower = np.where(np.isfinite(lower), lower, decibels(curve["mean"]) - 10)
    axes.fill_between(time, lower, decibels(curve["upper"]), color=colour, alpha=0.22, linewidth=0, zorder=2)


def _runs(curve) -> int:
    return int(curve["n"].iloc[0])


def _note(curves: dict) -> str:
    """What curves and bands are, and of how many runs where all arms have equally many."""
    counts = {_runs(curve) for curve in curves.values()}
    number = f" (n = {min(counts)} per arm)" if len(counts) == 1 else ""
    band = ", band: pointwise 95 % t interval" if min(counts) > 1 else ""
    return f"Line: mean of runs{number}{band}"


def _columns(curves: dict) -> int:
    return 2 if max(len(arm) for arm in curves) <= 22 and len(curves) > 1 else 1


def _unit(longest: float) -> tuple[float, str]:
    for size, least, name in UNITS:
        if longest >= least:
            return size, name
    return (1.0, "s") if longest >= 0.5 else (1e-3, "ms")


def save(figure, folder: str | Path, stem: str) -> list[Path]:
    """Saves the figure as PDF, SVG and PNG; returns where."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{stem}.{suffix}" for suffix in ("pdf", "svg", "png")]
    with plt.rc_context(STYLE):
        for path in paths:
            # Without dates, the same results give the same bytes.
            metadata = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {}}[path.suffix[1:]]
            figure.savefig(path, metadata=metadata)
    plt.close(figure)
    return paths
