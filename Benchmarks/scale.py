# SPDX-License-Identifier: GPL-3.0-or-later
"""What an event costs on networks of a hundred to a million agents: scenarios/scale.yaml, on one core.

    Benchmarks/run scale [--program PROGRAM] [--against PROGRAM] [--sizes 1e3,1e5] [--alternations N]

Every size is run to two horizons, and the time of an event is what the longer run takes more of processor time, by what it
handles more of events: making the network, writing results and all else that happens once cancels out, and so does measuring,
as both measure equally often. Sizes alternate, and programs within a size, so that what the machine does besides meets all.
`--against` names another build, with which times are compared; fingerprints of both must be equal.
"""

import argparse
import csv
import io
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

from measuring import ONE_CORE, RELEASE, ROOT, build
from metrics import Metric, paired, table

SCENARIO = ROOT / "scenarios" / "scale.yaml"
# Agents: updates of an agent until the shorter and until the longer horizon, and how often both are run.
HORIZONS = {
    100: (1_000, 6_000, 7),
    1_000: (100, 800, 7),
    10_000: (10, 90, 5),
    100_000: (4, 14, 3),
    1_000_000: (3, 10, 1),
}
# Seconds of virtual time between updates, by the scenario, and measurements of a run.
INTERVAL, MEASUREMENTS = 0.1, 10
# Of the time of an event at a thousand agents that at a million may take, and is hoped to.
SIZE_CEILING, SIZE_GOAL = 2.2, 1.5
# Of the time that the build before the work on scale took.
AGAINST_CEILINGS = {100: 0.95, 1_000: 0.88, 10_000: 0.35, 100_000: 0.25, 1_000_000: 0.2}


class Sizes:
    """What was measured of a program: for each number of agents the times of an event, and what goes with them."""

    def __init__(self, program: Path):
        self.program = program
        self.nanoseconds: dict[int, list[float]] = {}
        self.start_seconds: dict[int, list[float]] = {}
        self.bytes: dict[int, int] = {}
        self.fingerprints: dict[int, set[str]] = {}

    def take(self, agents: int) -> None:
        short, long, _ = HORIZONS[agents]
        (few, early, _, first), (many, late, size, last) = (self.run(agents, updates) for updates in (short, long))
        nanoseconds = (late - early) / (many - few) * 1e9
        self.nanoseconds.setdefault(agents, []).append(nanoseconds)
        self.start_seconds.setdefault(agents, []).append(early - few * nanoseconds * 1e-9)
        self.bytes[agents] = max(self.bytes.get(agents, 0), size)
        self.fingerprints.setdefault(agents, set()).add(f"{first} {last}")

    def run(self, agents: int, updates: int) -> tuple[int, float, int, str]:
        """One run: its events, seconds of processor time and bytes of memory of the whole program, and its fingerprint."""
        until = updates * INTERVAL
        with tempfile.TemporaryDirectory(prefix="starling-scale-") as folder:
            results = Path(folder) / "run.sqlite"
            command = [
                self.program, "run", SCENARIO, f"network.agents={agents}", f"measure.until={until:g} s",
                f"measure.every={until / MEASUREMENTS:g} s", "replications=1", "--jobs", "1", "-q", "-o", results,
            ]  # fmt: skip
            process = subprocess.Popen(
                [str(word) for word in command], env={**os.environ, **ONE_CORE}, stdout=subprocess.DEVNULL
            )
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                raise SystemExit(f"{self.program} failed with {agents} agents")
            row = exported(self.program, results)
        return int(row["events"]), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, row["fingerprint"]


def exported(program: Path, results: Path) -> dict[str, str]:
    """What the results say of the only run."""
    rows = subprocess.run([program, "export", results, "--rows", "runs"], check=True, capture_output=True)
    return next(csv.DictReader(io.StringIO(rows.stdout.decode())))


def measure(
    program: Path | None = None, against: Path | None = None, sizes: list[int] | None = None, alternations: int | None = None
) -> list[Metric]:
    """Measures all sizes, the thousand agents to which others are compared among them."""
    if program is None:
        build(["swift", "build", "-c", "release", "--product", "starling"])
    sizes = sorted({1_000, *(sizes or HORIZONS)})
    ours = Sizes(program or RELEASE / "starling")
    theirs = Sizes(against) if against else None
    wanted = {agents: alternations or HORIZONS[agents][2] for agents in sizes}
    for turn in range(max(wanted.values())):
        for agents in sizes:
            if turn < wanted[agents]:
                for taken in filter(None, (ours, theirs)):
                    taken.take(agents)
    return metrics(ours, theirs, sizes)


def metrics(ours: Sizes, theirs: Sizes | None, sizes: list[int]) -> list[Metric]:
    found = []
    usual = statistics.median(ours.nanoseconds[1_000])
    for agents in sizes:
        times = ours.nanoseconds[agents]
        bars = {"floor": 1 / SIZE_CEILING, "goal": 1 / SIZE_GOAL} if agents == max(HORIZONS) else {}
        found.append(
            Metric(
                f"event, {agents:,} agents, beside 1,000", statistics.median(times), "ns", reference=usual,
                less_is_better=True, samples=[usual / time for time in times], **bars,
            )
        )  # fmt: skip
        found.append(Metric(f"memory, {agents:,} agents", ours.bytes[agents] / agents, "B/agent", less_is_better=True))
        start = statistics.median(ours.start_seconds[agents])
        found.append(Metric(f"before and after the run, {agents:,} agents", start, "s", less_is_better=True))
    for agents in sizes if theirs else []:
        fault = None if ours.fingerprints[agents] == theirs.fingerprints[agents] else "fingerprints differ"
        found.append(
            paired(
                f"event, {agents:,} agents, beside the other build", ours.nanoseconds[agents], theirs.nanoseconds[agents],
                "ns", less_is_better=True, floor=1 / AGAINST_CEILINGS[agents], fault=fault,
            )
        )  # fmt: skip
        found.append(
            paired(
                f"before and after the run, {agents:,} agents, beside it", ours.start_seconds[agents],
                theirs.start_seconds[agents], "s", less_is_better=True,
            )
        )  # fmt: skip
    return found


def arguments(words: list[str]) -> dict:
    """The options of this benchmark alone."""
    parser = argparse.ArgumentParser(prog="Benchmarks/run scale", description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=Path, help="the program to measure (default: that of this tree, built first)")
    parser.add_argument("--against", type=Path, help="another build to compare with")
    parser.add_argument("--sizes", help="numbers of agents, such as 1e3,1e5 (default: all of 1e2 to 1e6)")
    parser.add_argument("--alternations", type=int, help="how often each is run (default: from 7 to 1 by size)")
    options = parser.parse_args(words)
    sizes = [int(float(word)) for word in options.sizes.split(",")] if options.sizes else None
    if unknown := set(sizes or []) - set(HORIZONS):
        parser.error(f"there are no horizons for {', '.join(map(str, sorted(unknown)))} agents")
    return {
        "program": options.program, "against": options.against, "sizes": sizes, "alternations": options.alternations,
    }  # fmt: skip


if __name__ == "__main__":
    import sys

    print(table(measure(**arguments(sys.argv[1:]))))
