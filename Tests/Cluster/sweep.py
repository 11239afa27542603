# SPDX-License-Identifier: GPL-3.0-or-later
"""The sweep that goes over clusters here, and what is known of its results."""

import csv
import os
import pathlib
import sqlite3
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# As the program names itself, which knows of no links.
PROGRAM = str(pathlib.Path(os.environ.get("STARLING", ROOT / ".build" / "release" / "starling")).resolve())

SCENARIO = """
name: handed on
question: Does a cluster give the runs of one machine?
task:     {kind: linear-regression, dimension: 8, noise-variance: 0.01}
network:  {topology: ring, agents: 8}
learner:  {algorithm: lms, step-size: 0.05}
conditions:
  compute: {between-agents: {lognormal: {median: 100 ms, sigma: 0.5}}}
  links:   {latency: 20 ms}
measure:  {until: 40 min, every: 1 s, target: {msd: -20 dB}}
arms:     {barrier: {strategy.timing: synchronous-global}, free: {strategy.timing: asynchronous}}
seed: 7
"""
SWEEP = ["sweep", "it's.yaml", "conditions.links.loss=0:0.2:0.1", "--replications", "14"]
RUNS = 2 * 3 * 14


def starling(*arguments, cwd, status=0):
    """Calls the program; returns what it printed on both streams."""
    answer = subprocess.run([PROGRAM, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert answer.returncode == status, answer.stderr
    return answer.stdout, answer.stderr


def write(folder):
    """Writes the scenario."""
    (folder / "it's.yaml").write_text(SCENARIO, encoding="utf-8")


def undivided(folder):
    """Runs the sweep in one piece; returns its fingerprints."""
    write(folder)
    starling(*SWEEP, "--quiet", "--output", "whole.sqlite", cwd=folder)
    found = fingerprints(folder, "whole.sqlite")
    assert len(found) == RUNS
    return found


def fingerprints(folder, name):
    """Those of all runs of a results file, by arm and replication; each is there once."""
    text, _ = starling("export", name, "--rows", "runs", cwd=folder)
    rows = list(csv.DictReader(text.splitlines()))
    found = {(row["arm"], row["replication"]): row["fingerprint"] for row in rows}
    assert len(found) == len(rows) and not any(row["error"] for row in rows)
    return found


def asked(path, question):
    """The one number that a question to a results file gives; 0 where there is no file yet."""
    if not path.exists() or path.stat().st_size == 0:
        return 0
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60) as database:
            return database.execute(question).fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def kept(path):
    """How many runs a results file holds."""
    return asked(path, "SELECT runs FROM tally")


def sessions(path):
    """How often the program began with a results file."""
    return asked(path, "SELECT count(*) FROM session")
