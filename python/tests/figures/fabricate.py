# SPDX-License-Identifier: GPL-3.0-or-later
"""Results files made by hand, by the schema of docs/results.md, without the program."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import numpy as np

SCHEMA = """
CREATE TABLE format (id INTEGER PRIMARY KEY CHECK (id = 1), needs TEXT NOT NULL);
INSERT INTO format VALUES (1, 'starling 0.2.0');
CREATE TABLE study (
  id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, question TEXT, scenario TEXT NOT NULL,
  scenario_hash TEXT NOT NULL, overrides TEXT NOT NULL, seed TEXT NOT NULL, replications INTEGER NOT NULL,
  resampled TEXT NOT NULL, ties TEXT NOT NULL, shard TEXT, tuning TEXT, digest TEXT NOT NULL);
INSERT INTO study VALUES (1, 'made-up', NULL, '', '', '[]', '1', 2, '[]', 'fifo', NULL, NULL, '0000000000000000');
CREATE TABLE network (id INTEGER PRIMARY KEY, network TEXT NOT NULL, digest TEXT NOT NULL UNIQUE);
CREATE TABLE arm (
  position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, settings TEXT NOT NULL, facts TEXT NOT NULL,
  network INTEGER REFERENCES network (id));
CREATE TABLE session (id INTEGER PRIMARY KEY, provenance TEXT NOT NULL, started TEXT NOT NULL, ended TEXT);
INSERT INTO session VALUES (1, '{}', '2026-01-01T00:00:00Z', NULL);
CREATE TABLE run (
  id INTEGER PRIMARY KEY, arm INTEGER NOT NULL REFERENCES arm (position), replication INTEGER NOT NULL,
  session INTEGER NOT NULL REFERENCES session (id), started TEXT, wall_seconds REAL NOT NULL, error TEXT,
  fingerprint TEXT, ending TEXT, end_time REAL, target_time REAL, target_updates REAL, target_messages REAL,
  target_bytes REAL, record TEXT, grid BLOB, digest TEXT NOT NULL, UNIQUE (arm, replication));
CREATE TABLE series (
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, position INTEGER NOT NULL, metric TEXT NOT NULL,
  data BLOB NOT NULL, PRIMARY KEY (run, position)) WITHOUT ROWID;
CREATE TABLE in_flight (
  arm INTEGER NOT NULL, replication INTEGER NOT NULL, started TEXT NOT NULL, PRIMARY KEY (arm, replication))
  WITHOUT ROWID;
CREATE TABLE tally (id INTEGER PRIMARY KEY CHECK (id = 1), runs INTEGER NOT NULL, digest TEXT NOT NULL);
INSERT INTO tally VALUES (1, 0, '0000000000000000');
PRAGMA application_id = 0x5354524C;
PRAGMA user_version = 1;
"""
SECOND = """
CREATE TABLE parameters (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, position INTEGER NOT NULL,
  agent TEXT NOT NULL, time REAL NOT NULL, precision TEXT NOT NULL CHECK (precision IN ('single', 'double')),
  digest TEXT NOT NULL, data BLOB NOT NULL, UNIQUE (run, position));
UPDATE format SET needs = 'starling 0.3.0';
PRAGMA user_version = 2;
"""
"""What schema 2 adds to schema 1."""
THIRD = """
CREATE TABLE metric (
  position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL, digest TEXT NOT NULL);
UPDATE format SET needs = 'starling 0.4.0';
PRAGMA user_version = 3;
"""
"""What schema 3 adds to schema 2."""
FIFTH = """
CREATE TABLE window (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, position INTEGER NOT NULL,
  "start" REAL NOT NULL, "end" REAL NOT NULL, content TEXT NOT NULL, digest TEXT NOT NULL, uses BLOB NOT NULL,
  product BLOB, UNIQUE (run, position));
PRAGMA user_version = 5;
"""
"""What schema 5 adds; schema 4 has added what only the program reads."""
SEVENTH = """
CREATE TABLE state (
  id INTEGER PRIMARY KEY, arm INTEGER NOT NULL, replication INTEGER NOT NULL, time REAL NOT NULL,
  wall_seconds REAL NOT NULL, digest TEXT NOT NULL, data BLOB NOT NULL, UNIQUE (arm, replication, time));
CREATE TABLE link_account (
  run INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE, content TEXT NOT NULL, columns TEXT NOT NULL,
  count INTEGER NOT NULL, digest TEXT NOT NULL, data BLOB NOT NULL);
ALTER TABLE run ADD COLUMN target_joules REAL;
PRAGMA user_version = 7;
"""
"""What schemas 6 and 7 add."""
COLUMNS = (
    "sender receiver sent retransmissions copies acknowledgements bytes heard heard_bytes used replaced_unread "
    "unread_at_end overtaken lost lost_noise lost_burst lost_cut lost_edge_gone lost_sender_crashed lost_waiting "
    "superseded to_dead_agent late duplicate in_flight_at_end never_started age_time age_mean age_mean_peak age_peaks "
    "age_largest age_quantile_95"
).split()
"""Of an account of links."""
RING = {
    "names": ["agent-0", "agent-1", "agent-2"], "positions": None,
    "links": [[l, k, 1 / 3] for l in range(3) for k in range(3)],
}
GRID = [f"m{mass}-l{length}" for mass in (0.1, 0.55, 1.0) for length in (0.05, 0.5)]
"""Tasks by mass and length."""


def arm(name: str, settings: dict | None = None, network: dict | None = None, **facts) -> dict:
    """An arm with a target of 1e-3 in MSD, unless `facts` say otherwise."""
    facts = {"samples_per_update": 1, "target": {"metric": "msd", "threshold": 1e-3}, **facts}
    return {"name": name, "settings": settings or {}, "facts": facts, "network": network}


def run(arm: int, replication: int, series: dict, **values) -> dict:
    """A run of the arm at a position, measured every second unless `grid` says otherwise."""
    length = len(next(iter(series.values())))
    grid = list(values.get("grid", range(length)))
    finals = {metric: entries[-1] for metric, entries in series.items()}
    staleness = {"seconds_histogram": [2, 0, 0, 0, 6], "updates_histogram": [3, 1]}
    return {
        "arm": arm, "replication": replication, "grid": grid, "series": series, "end_time": float(grid[-1]),
        "ending": "until", "target_time": None, "error": None, "finals": finals, "staleness": staleness,
        "agents": [], "task_returns": None, "parameters": [], "windows": [], "messages": None, "links": None, **values,
    }


def window(start: float, end: float, mean: np.ndarray, product: np.ndarray | None) -> dict:
    """A window in which every agent combined four times, with estimates half a second old, and stepped once."""
    count = len(mean)
    combinations = [4] * count
    uses = [
        [l, k, 4, 4 * mean[l, k], 0.5, 0.75] for k in range(count) for l in range(count) if l != k and mean[l, k] > 0
    ]
    content = {
        "start": start, "end": end, "combinations": combinations, "steps": [1] * count,
        "own_weights": np.diag(mean).tolist(), "mean": _mixing(mean),
    }
    if product is not None:
        content |= {"product": _mixing(product), "participation": [1 / count] * count}
    return {"content": content, "uses": uses, "product": product}


def _mixing(matrix: np.ndarray) -> dict:
    moduli = np.sort(np.abs(np.linalg.eigvals(matrix)))
    error = float(np.abs(matrix.sum(axis=1) - 1).max())
    return {"second_eigenvalue_modulus": float(moduli[-2]), "row_sum_error": error}


def fork(start: float = 10, is_branch: bool = True, last: float | None = None, arm: str = "base") -> dict:
    """The facts of an arm of a fork."""
    facts = {"study": "parent", "hash": "0" * 16, "arm": arm, "start": start, "is_branch": is_branch}
    return facts if last is None else {**facts, "last_change": last}


def agent(name: str, useful: float, **values) -> dict:
    """How an agent spent its seconds, none of them in vain unless `values` say so."""
    return {"name": name, "useful": useful, "unfinished": 0, "wasted": 0, "waiting": 0, "down": 0, **values}


def fates(used: int, losses: dict | None = None, **values: int) -> dict:
    """What became of messages, by the fates that some met; they sum to those sent."""
    names = "replaced_unread unread_at_end overtaken superseded to_dead_agent late duplicate in_flight_at_end never_started"
    lost = dict.fromkeys("noise burst cut edge_gone sender_crashed waiting".split(), 0) | (losses or {})
    found = dict.fromkeys(names.split(), 0) | {"used": used, "lost": sum(lost.values()) - lost["waiting"]} | values
    return {"sent": sum(found.values()), **found, "losses": lost, "bytes": 80 * used}


def link(sender: int, receiver: int, age: float | None, time: float = 10, **values: float) -> dict:
    """The account of a link that brought estimates of a mean age, or none."""
    heard = {} if age is None else {
        "age_time": time, "age_mean": age, "age_mean_peak": 2 * age, "age_peaks": 3, "age_largest": 3 * age,
        "age_quantile_95": 2.5 * age, "sent": 5, "used": 5,
    }
    return dict.fromkeys(COLUMNS, 0) | {"sender": sender, "receiver": receiver} | heard | values


def metric(name: str, scale: str, sense: str, **values) -> dict:
    """The definition of a metric, as a learner of one's own might give it."""
    title = name.replace("-", " ")
    return {
        "name": name, "title": title, "label": title.capitalize(), "meaning": "made up", "scale": scale, "sense": sense,
        "scope": "live-agents", "is_cumulative": False, "is_kept_per_agent": False, **values,
    }


def write(
    path: Path, arms: list[dict], runs: list[dict], schema: int = 2, metrics: list[dict] | None = None
) -> Path:
    """Writes a results file and closes it.

    One that defines its metrics is of schema 3, one with windows of schema 5, one with accounts of links of schema 7.
    """
    database = sqlite3.connect(path)
    has_links = any(entry["links"] for entry in runs)
    has_windows = has_links or any(entry["windows"] for entry in runs)
    if has_windows and not metrics:
        metrics = [metric(name, "plain", "less") for name in dict.fromkeys(name for run in runs for name in run["series"])]
    database.executescript(SCHEMA + (SECOND if schema >= 2 else "") + (THIRD if metrics else ""))
    if has_windows:
        database.executescript(FIFTH + (SEVENTH if has_links else ""))
    for position, definition in enumerate(metrics or []):
        row = (position, definition["name"], json.dumps(definition), "0" * 16)
        database.execute("INSERT INTO metric VALUES (?, ?, ?, ?)", row)
    for position, entry in enumerate(arms):
        network = None
        if entry["network"]:
            text = json.dumps(entry["network"])
            database.execute("INSERT OR IGNORE INTO network (network, digest) VALUES (?, ?)", (text, str(hash(text))))
            (network,) = database.execute("SELECT id FROM network WHERE network = ?", (text,)).fetchone()
        database.execute(
            "INSERT INTO arm VALUES (?, ?, ?, ?, ?)",
            (position, entry["name"], json.dumps(entry["settings"]), json.dumps(entry["facts"]), network),
        )
    for entry in runs:
        add(database, entry)
    database.commit()
    database.close()
    return path


def add(database: sqlite3.Connection, entry: dict) -> None:
    """Adds a run and counts it in the tally."""
    digest = 1 + 1000 * entry["arm"] + entry["replication"]
    details = {"finals": entry["finals"], "staleness": entry["staleness"]}
    if entry["agents"]:
        names = [agent if isinstance(agent, dict) else {"name": agent} for agent in entry["agents"]]
        details |= {"agents": names}
    if entry["messages"]:
        details |= {"messages": entry["messages"]}
    if entry["task_returns"]:
        details |= {"task_returns": entry["task_returns"]}
    record = json.dumps(details)
    cursor = database.execute(
        "INSERT INTO run (arm, replication, session, wall_seconds, error, ending, end_time, target_time, record, grid, "
        "digest) VALUES (?, ?, 1, 0.1, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry["arm"], entry["replication"], entry["error"], entry["ending"], entry["end_time"],
            entry["target_time"],
            None if entry["error"] else record, None if entry["error"] else blob(entry["grid"]), f"{digest:016x}",
        ),
    )
    if not entry["error"]:
        series = enumerate(entry["series"].items())
        rows = [(cursor.lastrowid, place, metric, blob(values)) for place, (metric, values) in series]
        database.executemany("INSERT INTO series VALUES (?, ?, ?, ?)", rows)
    for place, (agent, time, values) in enumerate(entry["parameters"]):
        precision = {"f4": "single", "f8": "double"}[values.dtype.str[1:]]
        row = (cursor.lastrowid, place, agent, time, precision, "0" * 16, values.tobytes())
        database.execute("INSERT INTO parameters VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", row)
    for place, kept in enumerate(entry["windows"]):
        content, product = kept["content"], kept["product"]
        row = (
            cursor.lastrowid, place, content["start"], content["end"], json.dumps(content), "0" * 16, blob(kept["uses"]),
            None if product is None else blob(product),
        )
        database.execute("INSERT INTO window VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    if entry["links"]:
        table = [[link[column] for link in entry["links"]] for column in COLUMNS]
        row = (cursor.lastrowid, "{}", json.dumps(COLUMNS), len(entry["links"]), "0" * 16, blob(table))
        database.execute("INSERT INTO link_account VALUES (?, ?, ?, ?, ?, ?)", row)
    runs, tally = database.execute("SELECT runs, digest FROM tally").fetchone()
    database.execute("UPDATE tally SET runs = ?, digest = ?", (runs + 1, f"{int(tally, 16) ^ digest:016x}"))


def blob(values) -> bytes:
    """Numbers as the file keeps them."""
    return np.asarray(values, dtype="<f8").tobytes()


def whole_study(path: Path, replications: int = 3) -> Path:
    """A study with data for most figures: a sweep of two keys, with predictions, targets, ages, accounts and a network."""
    arms, runs = [], []
    for first in ("0.01", "0.02"):
        for second in ("0", "10 %"):
            settings = {"learner.step-size": first, "conditions.links.loss": second, "network.topology": "ring"}
            name = f"learner.step-size={first}, conditions.links.loss={second}"
            arms.append(arm(name, settings, RING, predicted_msd=1e-3 * len(arms) + 1e-4))
    time = np.arange(30.0)
    for place in range(len(arms)):
        for replication in range(replications):
            msd = np.exp(-time / (3 + place)) * (1 + 0.1 * replication) + 1e-4 * (1 + replication)
            series = {
                "msd": msd, "updates": time * (1 + place), "messages": 6 * time, "bytes": 480 * time,
                "age": 0.1 + 0.01 * np.sin(time) + 0.02 * place,
            }
            reached = None if replication == 2 else 20.0 + place + replication
            agents = [agent(name, 20 - place, waiting=9 + place) for name in RING["names"]]
            messages = fates(160, {"noise": place}, replaced_unread=14)
            runs.append(run(place, replication, series, target_time=reached, agents=agents, messages=messages))
    return write(path, arms, runs)


def acting_study(path: Path, replications: int = 3) -> Path:
    """Six agents that act in a grid of six tasks: an arm that sends messages, and one that does not.

    In run r of arm a at second t: 5 t episodes, a return of 10 t - 20 a + 2 r with quartiles 8 below and 4 above it, a
    target of 50 from below. The final policy of agent k has the return 40 - 100 a + 2 r + k in all tasks, and 30 more
    in its own.
    """
    arms, runs = [], []
    time = np.arange(11.0)
    for place, name in enumerate(("together", "alone")):
        target = {"metric": "return", "threshold": 50}
        arms.append(arm(name, {"a.b": str(place), "task.environment": "cart-pole-balance"}, RING, target=target,
                        samples_per_update=0, agents=6, prediction_reason="There is none."))
        for replication in range(replications):
            middle = 10 * time - 20 * place + 2 * replication
            series = {
                "return": middle, "return-lower-quartile": middle - 8, "return-upper-quartile": middle + 4,
                "return-mean": middle - 1, "return-iqm": middle, "return-all": middle, "disagreement": 0.1 * time,
                "disagreement-all": 0.1 * time, "updates": time, "episodes": 5 * time, "samples": 6000 * time,
                "messages": 12 * time * (place == 0), "bytes": 960 * time * (place == 0),
                "age": np.where(place, np.nan, 0.1 + 0.01 * time),
            }
            level = 40 - 100 * place + 2 * replication
            returns = level + np.arange(6.0)[:, None] + 30 * np.eye(6)
            agents = [agent(f"agent-{k}", 10, task=GRID[k], final_return=level + k + 30) for k in range(6)]
            reached = np.nonzero(middle >= 50)[0]
            runs.append(run(
                place, replication, series, target_time=float(reached[0]) if len(reached) else None, agents=agents,
                task_returns={"tasks": GRID, "returns": returns.tolist()}, ending="budget",
                messages=fates(0 if place else 120),
            ))
    return write(path, arms, runs)
