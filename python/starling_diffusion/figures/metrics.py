# SPDX-License-Identifier: GPL-3.0-or-later
"""What studies measure, as their results files define it: no name of a metric is known here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .results import Study


@dataclass(frozen=True)
class Metric:
    """The definition of a metric; docs/results.md says what its parts mean."""

    name: str
    title: str
    """What it is called within a line."""
    label: str
    """What it is called where it stands alone, as at an axis."""
    scale: str = "plain"
    sense: str = "neither"
    scope: str = "live-agents"
    diverges_beyond: float | None = None
    """A run has diverged that ends beyond so many times its first value, or not finite; None: whatever it ends with."""
    of_all_agents: str | None = None
    """The name of the same over all agents, where that is measured too."""
    quartiles: tuple[str, ...] = ()
    """The names of its quartiles over agents, where it is a median over agents."""

    @classmethod
    def of(cls, definition: dict[str, Any]) -> Metric:
        """Takes what a results file says."""
        beyond = definition.get("diverges_beyond")
        return cls(
            definition["name"], definition["title"], definition["label"], definition["scale"], definition["sense"],
            definition["scope"], None if beyond is None else float(beyond), definition.get("of_all_agents"),
            tuple(definition.get("quartiles", ())),
        )

    @property
    def is_power(self) -> bool:
        """Whether it is averaged linearly and shown in decibels."""
        return self.scale == "decibels"

    @property
    def is_judged(self) -> bool:
        """Whether more or less of it is better."""
        return self.sense != "neither"

    @property
    def more_is_better(self) -> bool:
        return self.sense == "more"

    @property
    def worst(self) -> float:
        """What counts as worse than any value; nan where nothing is worse."""
        return {"more": -np.inf, "less": np.inf}.get(self.sense, np.nan)

    @property
    def least(self) -> float:
        """The least value that it can have."""
        return -np.inf if self.scale == "plain" else 0.0

    @property
    def axis(self) -> str:
        """The label of an axis, with its unit."""
        return self.label + self.unit

    @property
    def in_line(self) -> str:
        """The label within a line of text."""
        return self.label if self.label[1:2].isupper() else self.label[:1].lower() + self.label[1:]

    @property
    def unit(self) -> str:
        """The unit of what is shown, in parentheses after a space; empty for none."""
        return {"decibels": " (dB)", "share": " (%)", "seconds": " (s)", "bytes": " (B)"}.get(self.scale, "")

    def shown(self, values: np.ndarray | float) -> np.ndarray:
        """Values as figures show them: decibels of powers, shares in per cent."""
        if self.is_power:
            # A squared error of zero has no decibels.
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.asarray(10 * np.log10(np.asarray(values, dtype=float)))
        return np.asarray(values, dtype=float) * (100.0 if self.scale == "share" else 1.0)

    def measured(self, shown: np.ndarray) -> np.ndarray:
        """The values of which these are shown."""
        return 10 ** (shown / 10) if self.is_power else shown / (100.0 if self.scale == "share" else 1.0)

    def level(self, value: float) -> str:
        """A value in a line of text."""
        unit = {"decibels": " dB", "share": " %", "seconds": " s", "bytes": " B"}.get(self.scale, "")
        return f"{float(self.shown(value)):.3g}{unit}"


def unknown(name: str) -> Metric:
    """A metric of which nothing but the name is known."""
    return Metric(name, name, name)


@cache
def older() -> tuple[Metric, ...]:
    """What metrics meant in files of schemas 1 and 2, which do not define them."""
    text = Path(__file__).with_name("older_metrics.json").read_text(encoding="utf-8")
    return tuple(Metric.of(definition) for definition in json.loads(text))


def natural(study: Study) -> str:
    """The metric that a study is about: the first of which more or less is better."""
    judged = [metric.name for metric in study.metrics if metric.is_judged]
    return next(iter(judged or [metric.name for metric in study.metrics]), "")


def what_is_there(study: Study) -> str:
    """What all runs measure, to be said where something else was asked for."""
    shared = [metric for metric in study.runs[0].series if all(metric in run.series for run in study.runs)]
    return f"this study has {', '.join(shared)}" if shared else "this study has no metric in every run"
