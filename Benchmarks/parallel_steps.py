# SPDX-License-Identifier: GPL-3.0-or-later
"""What a second thread gains within one run of deep agents, beside what a second process gains.

One run of 25 agents with one thread, the same run with two, and two processes with one thread each, one after the other
in turns. The gain of the run is its time with one thread over that with two; the gain of the processes is twice the time
of one over the time of both. Fails where the run gains less than a share of what processes gain on this machine, or
where its fingerprint depends on the threads.
"""

import csv
import io
import subprocess
import tempfile
import time
from pathlib import Path

from measuring import RELEASE, ROOT, build
from metrics import Metric, paired

ALTERNATIONS = 5
LEAST_SHARE, SHARE_GOAL = 0.9, 0.95
STARLING = RELEASE / "starling"
SCENARIO = ROOT / "Benchmarks" / "parallel_steps.yaml"
TIMINGS = ["synchronous-global", "asynchronous"]


def measure() -> list[Metric]:
    """Builds and measures."""
    build(["swift", "build", "-c", "release", "--product", "starling"])
    return [measure_timing(timing) for timing in TIMINGS]


def measure_timing(timing: str) -> Metric:
    alone, threads, processes, fingerprints = [], [], [], set()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ALTERNATIONS):
            for times, starts in ((alone, [1]), (threads, [2]), (processes, [1, 1])):
                seconds, seen = run(timing, starts, Path(folder))
                times.append(seconds)
                fingerprints |= seen
    gains = [one / two for one, two in zip(alone, threads)]
    references = [2 * one / both for one, both in zip(alone, processes)]
    return paired(
        f"gain by a second thread, {timing}, beside that by a second process", gains, references, "times", floor=LEAST_SHARE,
        goal=SHARE_GOAL, fault=None if len(fingerprints) == 1 else "fingerprints differ",
    )  # fmt: skip


def run(timing: str, starts: list[int], folder: Path) -> tuple[float, set[str]]:
    """Starts the program once for each number of threads; the seconds until all have ended, and the fingerprints."""
    files = [folder / f"{number}.sqlite" for number in range(len(starts))]
    begin = time.perf_counter()
    running = [
        subprocess.Popen(
            [STARLING, "run", SCENARIO, f"strategy.timing={timing}", "--jobs", str(jobs), "--restart", "--output", file],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for jobs, file in zip(starts, files)
    ]
    if any(process.wait() != 0 for process in running):
        raise SystemExit(f"starling run {SCENARIO} failed")
    seconds = time.perf_counter() - begin
    return seconds, {fingerprint(file) for file in files}


def fingerprint(file: Path) -> str:
    table = subprocess.run([STARLING, "export", file, "--rows", "runs"], check=True, capture_output=True, text=True).stdout
    return next(csv.DictReader(io.StringIO(table)))["fingerprint"]
