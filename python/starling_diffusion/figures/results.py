# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading results files: the SQLite database that docs/results.md describes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import numpy as np

from ..errors import ResultsError
from .accounts import Account, Links, accounts, fates, links
from .metrics import Metric, older, unknown

APPLICATION = 0x5354524C
"""What SQLite calls the kind of file, `STRL` in ASCII."""
NEWEST_SCHEMA = 7
"""The newest schema that this package knows."""
USAGE, NOT_RESULTS, CANNOT_READ = 64, 65, 66
"""Exit statuses: no such arm; the file is no whole results file; the file cannot be read."""
Answer = TypeVar("Answer")


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
        found = [] if self.path is None else _ask(self.path, lambda database: question(database, arm, replication))
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


def number(value: float | str | None) -> float:
    """A number of JSON; `inf`, `-inf` and `nan`, which JSON has no numbers for, are strings."""
    return float("nan") if value is None else float(value)


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
    return _ask(path, lambda database: _study(database, path))


def _ask(path: Path, question: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """Opens a results file, checks it and asks it something."""
    database = None
    try:
        database = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, timeout=30)
        database.isolation_level = None
        # One transaction, so that runs which another process adds meanwhile are all in or all out.
        database.execute("BEGIN")
        _check(database, path)
        return question(database)
    except sqlite3.OperationalError as error:
        if not is_damage(error):
            raise ResultsError(_reason(path, error), CANNOT_READ) from error
        raise ResultsError(f"the results file '{path}' is damaged: {_damage(error, path)}", NOT_RESULTS) from error
    except (sqlite3.Error, ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        # What SQLite finds broken, and rows that do not hold what docs/results.md says.
        raise ResultsError(f"the results file '{path}' is damaged: {_damage(error, path)}", NOT_RESULTS) from error
    finally:
        if database is not None:
            database.close()


def is_damage(error: sqlite3.OperationalError) -> bool:
    """Whether SQLite complains of what the file holds, and not of how it can be reached."""
    return any(words in str(error) for words in ("no such", "UTF-8", "malformed"))


def _damage(error: Exception, path: Path) -> str:
    """What is broken, in one line."""
    there, whole = path.stat().st_size, _whole_size(path)
    if there < whole:
        return f"it was cut, {there} of {whole} bytes are there"
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    if isinstance(error, UnicodeDecodeError) or "UTF-8" in text:
        return "it holds text that is not UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return "it holds text that is not JSON"
    if isinstance(error, KeyError):
        return f"it lacks {text}"
    if isinstance(error, (TypeError, AttributeError, IndexError)):
        return f"it does not hold what docs/results.md says ({text})"
    return text


def _whole_size(path: Path) -> int:
    """How long the header says that a database is, in bytes.

    Source: https://www.sqlite.org/fileformat.html, bytes 16 to 17 and 28 to 31.
    """
    with path.open("rb") as file:
        header = file.read(32)
    page = int.from_bytes(header[16:18], "big")
    return (65_536 if page == 1 else page) * int.from_bytes(header[28:32], "big")


def _reason(path: Path, error: sqlite3.OperationalError) -> str:
    """What an error of SQLite means for the file."""
    text = str(error).splitlines()[0]
    if "locked" in text:
        return f"cannot read '{path}': another program keeps the database locked"
    if path.with_name(path.name + "-journal").exists():
        return (
            f"cannot read '{path}': a program was killed while it wrote; the command that made the file repairs it "
            "and goes on"
        )
    return f"cannot read '{path}': {text}"


def _check(database: sqlite3.Connection, path: Path) -> None:
    """Refuses another program's database, a newer schema, and pages and counts that do not hold together."""
    (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (schema,) = database.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        other = "it is a database of another program" if tables else "it is empty"
        raise ResultsError(f"'{path}' is not a results file of Starling: {other}", NOT_RESULTS)
    if schema > NEWEST_SCHEMA:
        (needs,) = database.execute("SELECT needs FROM format").fetchone()
        raise ResultsError(
            f"'{path}' was written by a newer program: its schema is {schema}, and this package knows schemas up to "
            f"{NEWEST_SCHEMA}; use the figures of {needs} or newer",
            NOT_RESULTS,
        )
    if path.stat().st_size < _whole_size(path):
        # SQLite takes bytes that are missing from the last page for zeros. The transaction keeps writers away.
        raise ValueError("it was cut")
    # Not the pages of parameters and of states of runs, which may be most of the file.
    tables = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('parameters', 'stopped', 'state')"
    ).fetchall()
    for (table,) in [("sqlite_schema",), *tables]:
        name = table.replace('"', '""')
        (answer,) = database.execute(f'PRAGMA integrity_check("{name}")').fetchone()
        if answer != "ok":
            raise ValueError(answer.removeprefix("*** in database main ***\n"))
    expected, digest = database.execute("SELECT runs, digest FROM tally").fetchone()
    digests = [int(row[0], 16) for row in database.execute("SELECT digest FROM run")]
    total = 0
    for entry in digests:
        total ^= entry
    if len(digests) != expected or total != int(digest, 16):
        raise ValueError(f"it should hold {expected} runs and holds {len(digests)}, or others")


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
