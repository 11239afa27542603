# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading results files: the SQLite database that docs/results.md describes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ResultsError
from .accounts import Links, accounts, fates, links
from .metrics import Metric, older, unknown
from .opening import CANNOT_READ, NOT_RESULTS, USAGE, ask
from .records import Arm, Kept, Network, Realised, Run, TaskReturns, Window, number


@dataclass(frozen=True)
class Study:
    """A results file."""

    name: str
    arms: list[Arm]
    """All arms, in the order of the scenario."""
    runs: list[Run] = field(repr=False)
    """In the order of arms and replications."""
    failed: int = 0
    """Runs that ended with an error; they are in no figure."""
    tuning: dict[str, Any] | None = None
    """How `--match` chose step sizes; None where it was not asked for."""
    path: Path | None = None
    """The file, of which `parameters` reads more."""
    metrics: list[Metric] = field(default_factory=list, repr=False)
    """What runs measure, first what they are judged by."""
    resampled: list[str] = field(default_factory=list)
    """What is drawn anew in every replication, such as the network."""

    def metric(self, name: str) -> Metric:
        """The definition of a metric."""
        return next((metric for metric in self.metrics if metric.name == name), unknown(name))

    @property
    def present(self) -> list[Arm]:
        """The arms that have runs."""
        with_runs = {run.arm for run in self.runs}
        return [arm for arm in self.arms if arm.name in with_runs]

    def only(self, names: list[str]) -> Study:
        """The study with some of its arms."""
        unknown = [name for name in names if name not in {arm.name for arm in self.arms}]
        if unknown:
            known = ", ".join(f"'{arm.name}'" for arm in self.arms)
            raise ResultsError(f"there is no arm '{unknown[0]}'; the arms are {known}", USAGE)
        runs = [run for run in self.runs if run.arm in names]
        arms = [arm for arm in self.arms if arm.name in names]
        return Study(self.name, arms, runs, self.failed, self.tuning, self.path, self.metrics, self.resampled)

    def runs_of(self, arm: str) -> list[Run]:
        """The runs of an arm, in the order of replications."""
        return [run for run in self.runs if run.arm == arm]

    def run(self, arm: str, replication: int) -> Run:
        """One run that ended well.

        Raises:
            ResultsError: says which there are.
        """
        self.only([arm])
        runs = {run.replication: run for run in self.runs_of(arm)}
        if replication not in runs:
            known = ", ".join(map(str, runs)) or "none"
            message = f"arm '{arm}' has no finished run of replication {replication}; the replications are {known}"
            raise ResultsError(message, USAGE)
        return runs[replication]

    def task_returns(self, arm: str, replication: int) -> TaskReturns:
        """How well the final policies of a run do in every task.

        Raises:
            ResultsError: for a run that is not there, or has no such returns.
        """
        returns = self.run(arm, replication).task_returns
        if returns is None:
            raise ResultsError(f"the run of arm '{arm}', replication {replication} has no returns by task", USAGE)
        return returns

    def parameters(self, arm: str, replication: int) -> list[Kept]:
        """What a run keeps of its agents' parameters, by time and agent; read from the file now.

        Raises:
            ResultsError: for a run that is not there, or keeps none; and as `read` does.
        """
        return self._ask_of_run(
            _kept, arm, replication, "keeps no parameters; `measure.keep-parameters` in a scenario asks for them"
        )

    def windows(self, arm: str, replication: int) -> list[Window]:
        """The combination matrices that the agents of a run have realised, by windows of time; read from the file now.

        Raises:
            ResultsError: for a run that is not there, or keeps none; and as `read` does.
        """
        return self._ask_of_run(
            _windows,
            arm,
            replication,
            "keeps no realised matrices; `measure.records.realised` in a scenario asks for them",
        )

    def links(self, arm: str, replication: int) -> Links:
        """What went over each link of a run, and how old what it brought was; read from the file now.

        Raises:
            ResultsError: for a run that is not there, or keeps none; and as `read` does.
        """
        found: Links
        (found,) = self._ask_of_run(
            links, arm, replication, "keeps no accounts of links; `measure.records.links` in a scenario asks for them"
        )
        return found

    def _ask_of_run(
        self, question: Callable[[sqlite3.Connection, str, int], list[Any]], arm: str, replication: int, absence: str
    ) -> list[Any]:
        """What the file holds of a run beside its record; refused, with words for it, where that is nothing."""
        self.run(arm, replication)
        found = [] if self.path is None else ask(self.path, lambda database: question(database, arm, replication))
        if not found:
            raise ResultsError(f"the run of arm '{arm}', replication {replication} {absence}", USAGE)
        return found

    def diverged(self, arm: str) -> int:
        """How many runs of an arm diverged."""
        return sum(run.has_diverged for run in self.runs_of(arm))

    def target(self, metric: str) -> float | None:
        """The threshold that all arms share for a metric, in linear units."""
        targets = {arm.target for arm in self.arms}
        target = targets.pop() if len(targets) == 1 else None
        return target[1] if target and target[0] == metric else None


def read(path: str | Path) -> Study:
    """Reads a results file, also while another process writes to it; not the parameters that runs keep.

    Raises:
        ResultsError: in one line, for a file that is missing, in use, something else, of a newer schema or damaged.
    """
    path = Path(path)
    if not path.exists():
        raise ResultsError(f"cannot read '{path}': no such file", CANNOT_READ)
    if path.is_dir():
        raise ResultsError(f"cannot read '{path}': this is a folder", CANNOT_READ)
    try:
        with path.open("rb") as file:
            if file.read(16) != b"SQLite format 3\0":
                raise ResultsError(f"'{path}' is not a results file of Starling: it is no SQLite database", NOT_RESULTS)
    except OSError as error:
        raise ResultsError(f"cannot read '{path}': {error.strerror}", CANNOT_READ) from error
    return ask(path, lambda database: _study(database, path))


def _study(database: sqlite3.Connection, path: Path) -> Study:
    networks = {row[0]: _network(json.loads(row[1])) for row in database.execute("SELECT id, network FROM network")}
    arms = [
        Arm(name, json.loads(settings), json.loads(facts), networks.get(network))
        for name, settings, facts, network in database.execute(
            "SELECT name, settings, facts, network FROM arm ORDER BY position"
        )
    ]
    name, tuning, resampled = database.execute("SELECT name, tuning, resampled FROM study").fetchone()
    (failed,) = database.execute("SELECT count(*) FROM run WHERE error IS NOT NULL").fetchone()
    metrics = _metrics(database)
    runs = _runs(database, metrics)
    tuning = None if tuning is None else json.loads(tuning)
    return Study(name, arms, runs, failed, tuning, path, metrics, json.loads(resampled))


def _metrics(database: sqlite3.Connection) -> list[Metric]:
    """What the file says of its metrics, or what they meant when files did not say so."""
    measured = {name for (name,) in database.execute("SELECT DISTINCT metric FROM series")}
    (schema,) = database.execute("PRAGMA user_version").fetchone()
    if schema < 3:
        known = [metric for metric in older() if metric.name in measured or not measured]
        return known + [unknown(name) for name in sorted(measured - {metric.name for metric in known})]
    rows = database.execute("SELECT definition FROM metric ORDER BY position").fetchall()
    metrics = [Metric.of(json.loads(definition)) for (definition,) in rows]
    missing = measured - {metric.name for metric in metrics}
    if missing or not metrics:
        raise ValueError(f"the definitions of metrics are missing: {', '.join(sorted(missing))}")
    return metrics


def _runs(database: sqlite3.Connection, metrics: list[Metric]) -> list[Run]:
    series: dict[int, dict[str, np.ndarray]] = {}
    for run, metric, data in database.execute("SELECT run, metric, data FROM series ORDER BY run, position"):
        series.setdefault(run, {})[metric] = _numbers(data)
    rows = database.execute(
        """SELECT run.id, arm.name, replication, ending, end_time, target_time, record, grid
        FROM run JOIN arm ON arm.position = run.arm WHERE error IS NULL ORDER BY run.arm, replication"""
    )
    runs = []
    for identifier, arm, replication, ending, end_time, target_time, record, grid in rows:
        record = json.loads(record)
        run = Run(
            arm, replication, ending, float(end_time), target_time, _numbers(grid), series.get(identifier, {}),
            {metric: number(value) for metric, value in record["finals"].items()}, record["staleness"],
            _task_returns(record), accounts(record), metrics, fates(record),
        )
        for metric, values in run.series.items():
            if len(values) != len(run.grid):
                raise ValueError(f"arm '{arm}', replication {replication}: {metric} is not as long as its grid")
        runs.append(run)
    return runs


def _task_returns(record: dict[str, Any]) -> TaskReturns | None:
    stored = record.get("task_returns")
    if stored is None:
        return None
    agents, tasks = [agent["name"] for agent in record["agents"]], stored["tasks"]
    returns = np.array([[number(value) for value in row] for row in stored["returns"]], dtype=float)
    if returns.size != len(agents) * len(tasks):
        raise ValueError(f"it has {returns.size} returns of {len(agents)} agents in {len(tasks)} tasks")
    return TaskReturns(agents, tasks, returns.reshape(len(agents), len(tasks)))


def _kept(database: sqlite3.Connection, arm: str, replication: int) -> list[Kept]:
    if not database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'parameters'").fetchone()[0]:
        return []  # As in schema 1.
    rows = database.execute(
        """SELECT agent, time, precision, data FROM parameters JOIN run ON run.id = parameters.run
        JOIN arm ON arm.position = run.arm WHERE arm.name = ? AND replication = ? ORDER BY parameters.position""",
        (arm, replication),
    )
    types = {"single": "<f4", "double": "<f8"}
    return [Kept(agent, float(time), np.frombuffer(data, types[precision])) for agent, time, precision, data in rows]


def _windows(database: sqlite3.Connection, arm: str, replication: int) -> list[Window]:
    if not database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'window'").fetchone()[0]:
        return []  # As in schemas 1 to 4.
    rows = database.execute(
        """SELECT content, uses, product FROM window JOIN run ON run.id = window.run
        JOIN arm ON arm.position = run.arm WHERE arm.name = ? AND replication = ? ORDER BY window.position""",
        (arm, replication),
    )
    return [_window(json.loads(content), _numbers(uses), product) for content, uses, product in rows]


def _window(content: dict[str, Any], uses: np.ndarray, product: bytes | None) -> Window:
    count = len(content["own_weights"])
    combinations = np.array(content["combinations"], dtype=float)
    mean, ages = np.diag([number(weight) for weight in content["own_weights"]]), np.full((count, count), np.nan)
    for sender, receiver, _, weight, age, _ in uses.reshape(-1, 6):
        mean[int(sender), int(receiver)] = weight / combinations[int(receiver)]
        ages[int(sender), int(receiver)] = age
    shares = content.get("participation")
    return Window(
        number(content["start"]), number(content["end"]), combinations, np.array(content["steps"], dtype=float),
        _matrix(mean, content["mean"]), ages,
        None if product is None else _matrix(_numbers(product).reshape(count, count), content["product"]),
        None if shares is None else np.array([number(share) for share in shares]),
    )


def _matrix(weights: np.ndarray, content: dict[str, Any]) -> Realised:
    perron = content.get("perron")
    return Realised(
        weights, None if perron is None else np.array([number(value) for value in perron]),
        number(content.get("second_eigenvalue_modulus")), number(content.get("second_singular_value")),
        number(content["row_sum_error"]),
    )


def _numbers(data: bytes) -> np.ndarray:
    return np.frombuffer(data, "<f8")


def _network(stored: dict[str, Any]) -> Network:
    count = len(stored["names"])
    weights = np.zeros((count, count))
    for sender, receiver, weight in stored["links"]:
        weights[sender, receiver] = weight
    positions = stored.get("positions")
    return Network(stored["names"], None if positions is None else np.array(positions, dtype=float), weights)
