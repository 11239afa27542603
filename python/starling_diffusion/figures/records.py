# SPDX-License-Identifier: GPL-3.0-or-later
"""What results files hold of arms and runs, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .accounts import Account
from .metrics import Metric, unknown


def number(value: float | str | None) -> float:
    """A number of JSON; `inf`, `-inf` and `nan`, which JSON has no numbers for, are strings."""
    return float("nan") if value is None else float(value)


@dataclass(frozen=True)
class Network:
    """The network of an arm in replication 0."""

    names: list[str]
    positions: np.ndarray | None
    """Where agents lie in the unit square, shape (N, 2); None for a topology without places."""
    weights: np.ndarray
    """The combination matrix: entry [l, k] is the weight c_lk that k gives to l; columns sum to one."""


@dataclass(frozen=True)
class Realised:
    """A combination matrix that agents have realised."""

    weights: np.ndarray
    """Entry [l, k] is the weight of agent l in agent k; columns sum to one."""
    perron: np.ndarray | None
    """How much each agent counts for in what all would agree on; None where that is not unique."""
    second_eigenvalue_modulus: float
    second_singular_value: float
    """Both nan where they were not found."""
    row_sum_error: float


@dataclass(frozen=True)
class Window:
    """What agents made of each other's estimates in a window of virtual time."""

    start: float
    end: float
    combinations: np.ndarray
    steps: np.ndarray
    mean: Realised
    """Of each agent the mean weights of its combinations."""
    ages: np.ndarray
    """Entry [l, k]: the mean age in seconds, with the weights, of the estimates of l that k used; nan without any."""
    product: Realised | None
    """Entry [l, k] of its weights is that of l's parameters at the start in k's at the end; None where it is not kept."""
    participation: np.ndarray | None
    """The share of each agent among the steps of the window that are in the parameters at its end."""

    @property
    def effective_agents(self) -> float:
        """How many agents with equal shares would have the same sum of squared shares."""
        return float("nan") if self.participation is None else float(1 / np.sum(self.participation**2))


@dataclass(frozen=True)
class Fork:
    """Where an arm comes from whose runs are, up to some time, those of another study."""

    study: str
    """The name of that study, and what tells it from others of the name."""
    hash: str
    arm: str
    """The arm of that study."""
    start: float
    """Virtual seconds; everything before is that study's."""
    is_branch: bool
    """Whether more happens to the arm from then on; else it is that study's arm as it was."""
    last_change: float | None
    """Virtual seconds at which the last of what happens more has come and is undone; None where it never is."""


@dataclass(frozen=True)
class Arm:
    """One variant of the scenario."""

    name: str
    settings: dict[str, str]
    """Every key of the scenario that changes runs, by its dotted path."""
    facts: dict[str, Any]
    network: Network | None

    @property
    def until(self) -> float:
        """The virtual seconds at which every run of the arm ends at the latest."""
        return number(self.facts.get("until", 0))

    @property
    def fork(self) -> Fork | None:
        """Where the arm branches from; None where it does not."""
        stored = self.facts.get("fork")
        if stored is None:
            return None
        last = stored.get("last_change")
        return Fork(
            stored["study"], stored["hash"], stored["arm"], number(stored["start"]), bool(stored["is_branch"]),
            None if last is None else number(last),
        )

    @property
    def origin(self) -> Fork:
        """The fork of an arm that is known to branch from another."""
        if self.fork is None:
            raise ValueError(f"arm '{self.name}' branches from no other")
        return self.fork

    @property
    def known_network(self) -> Network:
        """The network of an arm of which one is known to be kept."""
        if self.network is None:
            raise ValueError(f"of arm '{self.name}' no network is kept")
        return self.network

    @property
    def target(self) -> tuple[str, float] | None:
        """The metric and the threshold (linear units) that the arm is to reach."""
        target = self.facts.get("target")
        return (target["metric"], number(target["threshold"])) if target else None


@dataclass(frozen=True)
class TaskReturns:
    """How well the final policy of each agent does in every task of a run."""

    agents: list[str]
    tasks: list[str]
    """By their names, in the order of the scenario."""
    returns: np.ndarray
    """Mean returns of test episodes, shape (agents, tasks)."""


@dataclass(frozen=True)
class Kept:
    """The parameters of an agent at a time of a run."""

    agent: str
    time: float
    """Virtual seconds."""
    values: np.ndarray
    """In the precision that agents learn in: float32 or float64, one dimension."""


@dataclass(frozen=True)
class Run:
    """One run that ended: an arm and a replication."""

    arm: str
    replication: int
    ending: str
    end_time: float
    target_time: float | None
    """Virtual seconds; None if the target was never reached."""
    grid: np.ndarray
    """When measurements were taken, virtual seconds."""
    series: dict[str, np.ndarray]
    """Every metric on the grid, in linear units."""
    finals: dict[str, float]
    """The mean of each metric over the final window."""
    staleness: dict[str, Any]
    task_returns: TaskReturns | None = None
    """None where the scenario did not ask for it, or agents do not act."""
    accounts: list[Account] = field(default_factory=list)
    """Of all agents, in their order."""
    metrics: list[Metric] = field(default_factory=list, repr=False)
    """What the study measures."""
    messages: dict[str, float] = field(default_factory=dict)
    """How many messages met which fate, and why they were lost (`lost_noise` …)."""

    def metric(self, name: str) -> Metric:
        """The definition of a metric."""
        return next((metric for metric in self.metrics if metric.name == name), unknown(name))

    @property
    def has_diverged(self) -> bool:
        """Whether a run diverged, as the program has it.

        A metric that tells so is not finite, or too many times its first value, or an agent's final return is not finite.
        Where a metric is measured over live and over all agents, the latter tells. Parameters that are kept are not read
        for this.
        """
        told = [
            metric for metric in self.metrics
            if metric.diverges_beyond is not None and metric.name in self.finals and metric.of_all_agents not in self.finals
        ]
        ends = [entry.final_return for entry in self.accounts if entry.final_return is not None]
        return any(map(self._has_diverged, told)) or not np.isfinite(ends).all()

    def _has_diverged(self, metric: Metric) -> bool:
        final, values = self.finals[metric.name], self.series.get(metric.name, np.array([]))
        if np.isnan(final) and metric.scope == "live-agents" and self.finals.get("available") == 0:
            return False  # Undefined, as nobody is up.
        first, beyond = values[0] if len(values) else 0.0, metric.diverges_beyond
        return bool(not np.isfinite(final) or (beyond is not None and first > 0 and final > beyond * first))
