# SPDX-License-Identifier: GPL-3.0-or-later
"""What studies measure: squared errors where the optimum is known, returns where agents act."""

from __future__ import annotations

from .results import Study

TITLES = {
    "msd": "MSD", "msd-own": "MSD to own optimum", "disagreement": "Disagreement",
    "msd-all": "MSD, all agents", "msd-own-all": "MSD to own optimum, all agents",
    "disagreement-all": "Disagreement, all agents",
}
"""Squared errors: they are averaged linearly and shown in decibels."""
RETURNS = {
    "return": "Test return", "return-lower-quartile": "Test return, first quartile",
    "return-upper-quartile": "Test return, third quartile", "return-mean": "Test return, mean over agents",
    "return-iqm": "Test return, IQM over agents", "return-all": "Test return, all agents",
}
"""Returns of policies: the more the better, on a linear scale."""
QUARTILES = {"return": ("return-lower-quartile", "return-upper-quartile")}
"""The quartiles over agents of metrics that are medians over agents."""


def title(metric: str) -> str:
    """What figures call a metric."""
    return TITLES.get(metric) or RETURNS.get(metric, metric)


def in_line(metric: str) -> str:
    """The same within a line of text."""
    name = title(metric)
    return name[0].lower() + name[1:] if metric in RETURNS else name


def natural(study: Study) -> str:
    """The metric that a study is about: the return where agents act, else the mean-square deviation."""
    acts = study.runs and all("return" in run.series and "msd" not in run.series for run in study.runs)
    return "return" if acts else "msd"


def what_is_there(study: Study) -> str:
    """What all runs measure, to be said where something else was asked for."""
    shared = [metric for metric in study.runs[0].series if all(metric in run.series for run in study.runs)]
    return f"this study has {', '.join(shared)}" if shared else "this study has no metric in every run"
