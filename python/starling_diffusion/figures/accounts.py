# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of agents and the messages on links went, as results files keep it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

import numpy as np

TIMES = ("useful", "unfinished", "wasted", "waiting", "down")
"""What the time of an agent is made up of; the first three are in steps."""
AGES = ("age_mean", "age_mean_peak", "age_largest", "age_quantile_95")
"""Columns of links that have no value where no estimate has come."""


@dataclass(frozen=True)
class Account:
    """What an agent did in a run, and how it ended."""

    agent: str
    task: str | None = None
    """Of an agent that acts, the task that it learnt in."""
    final_return: float | None = None
    """The mean return of its final policy in that task."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Its time by `TIMES`, which add up to the length of the run."""
    slowed: float = 0.0
    """Of its seconds in steps, those beyond what their work takes at the usual speed; negative where it was faster."""
    waits: dict[str, float] = field(default_factory=dict)
    """Its seconds of waiting by what it waited for; empty where that is not kept."""
    causes: dict[str, dict[str, float]] = field(default_factory=dict)
    """Its seconds `wasted` and `down` by the names of what took it down; empty where that is not kept."""


@dataclass(frozen=True)
class Links:
    """What went over each link of a run, and how old what it brought was."""

    names: list[str]
    """Of agents by rank, and behind them of the fusion centre, where some link has one."""
    columns: dict[str, np.ndarray]
    """A value for each link, by the names that docs/results.md gives; an age that there was not is nan, its time zero."""

    def __getitem__(self, column: str) -> np.ndarray:
        return self.columns[column]

    @property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """The ranks of senders and of receivers."""
        return self.columns["sender"].astype(int), self.columns["receiver"].astype(int)

    def matrix(self, column: str) -> np.ndarray:
        """A column by sender (row) and receiver (column); nan where there is no link."""
        found = np.full((len(self.names), len(self.names)), np.nan)
        found[self.ends] = self.columns[column]
        return found


def accounts(record: dict[str, Any]) -> list[Account]:
    """The accounts of all agents of a run, in their order; empty for so many agents that they have a table of their own."""
    return [_account(agent) for agent in record.get("agents", [])]


def _account(agent: dict[str, Any]) -> Account:
    final, slowed = agent.get("final_return"), agent.get("slowed")
    seconds = {name: float(agent[name]) for name in TIMES} if "useful" in agent else {}
    causes = {
        entry["cause"]: {name: float(entry[name]) for name in ("wasted", "down")} for entry in agent.get("causes") or []
    }
    waits = {name: float(value) for name, value in (agent.get("waits") or {}).items()}
    return Account(
        agent["name"], agent.get("task"), None if final is None else float(final), seconds,
        0.0 if slowed is None else float(slowed), waits, causes,
    )


def fates(record: dict[str, Any]) -> dict[str, float]:
    """What became of the messages of a run, with why they were lost as `lost_noise` and the like; empty if not kept."""
    stored = dict(record.get("messages") or {})
    losses = stored.pop("losses", None)
    found = {name: float(count) for name, count in stored.items()}
    if losses is None and "lost" in found:
        # Until schema 3 links lost messages in one way only.
        losses = {"noise": found["lost"]}
    return found | {f"lost_{name}": float(count) for name, count in (losses or {}).items()}


def links(database: sqlite3.Connection, arm: str, replication: int) -> list[Links]:
    """The links of a run, as the one entry of a list; nothing where the file keeps none."""
    if not database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'link_account'").fetchone()[0]:
        return []  # As in schemas 1 to 6.
    rows = database.execute(
        """SELECT run.id, columns, count, data, record FROM link_account JOIN run ON run.id = link_account.run
        JOIN arm ON arm.position = run.arm WHERE arm.name = ? AND replication = ?""",
        (arm, replication),
    ).fetchall()
    return [
        _links(json.loads(columns), count, data, _names(database, run, json.loads(record)))
        for run, columns, count, data, record in rows
    ]


def _names(database: sqlite3.Connection, run: int, record: dict[str, Any]) -> list[str]:
    """The names of the agents of a run, which large ones have in a table since schema 8."""
    if record["agents"]:
        return [agent["name"] for agent in record["agents"]]
    if not database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'agent_account'").fetchone()[0]:
        return []
    row = database.execute("SELECT names, count FROM agent_account WHERE run = ?", (run,)).fetchone()
    if row is None:
        return []
    names, count = row
    return json.loads(names) if names else [f"agent-{rank}" for rank in range(count)]


def _links(columns: list[str], count: int, data: bytes, agents: list[str]) -> Links:
    table = dict(zip(columns, np.frombuffer(data, "<f8").reshape(len(columns), count)))
    for column in ("age_time", "age_peaks"):
        table[column] = np.nan_to_num(table[column])
    for column in AGES:
        has_any = table["age_peaks" if column == "age_mean_peak" else "age_time"] > 0
        table[column] = np.where(has_any, table[column], np.nan)
    ranks = np.concatenate([table["sender"], table["receiver"]])
    return Links(agents + ["centre"] if (ranks == len(agents)).any() else agents, table)
