# SPDX-License-Identifier: GPL-3.0-or-later
"""What traces cost: runs of about a million events with `--trace`, in both formats, beside the same without.

Alternates them and takes medians of wall time of the whole program, which writes its trace to a file of a temporary folder:
a second thread writes, so that processor time would count what nobody waits for. Fails where one takes more than a ceiling
of its time.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from measuring import ONE_CORE, RELEASE, ROOT, build
from metrics import Metric, paired

ALTERNATIONS = 9
RATIO_CEILING = 1.3
FORMATS = {"lines of JSON": "trace.jsonl", "tracks": "trace.pftrace"}
WORKLOADS = [
    (
        "W1",
        [ROOT / "scenarios" / "w1-gossip.yaml", "measure.until=500000 s", "measure.every=50000 s"],
    ),
    (
        "diffusion",
        [ROOT / "Benchmarks" / "asynchronous.yaml", "measure.until=140000 s", "measure.every=14000 s"],
    ),
]


def measure() -> list[Metric]:
    """Builds and measures."""
    build(["swift", "build", "-c", "release", "--product", "starling"])
    return [metric for workload in WORKLOADS for metric in measure_workload(*workload)]


def measure_workload(title: str, scenario: list) -> list[Metric]:
    """One workload without a trace and with one in each format."""
    cases = {"none": None, **FORMATS}
    seconds = {name: [] for name in cases}
    with tempfile.TemporaryDirectory(prefix="starling-traces-") as folder:
        for _ in range(ALTERNATIONS):
            for name, file in cases.items():
                seconds[name].append(call(scenario, file, folder))
                if file:
                    (Path(folder) / file).unlink()
    return [
        paired(
            f"{title} traced as {name}, beside without", seconds[name], seconds["none"], "s", less_is_better=True,
            floor=1 / RATIO_CEILING,
        )
        for name in FORMATS
    ]  # fmt: skip


def call(scenario: list, file: str | None, folder: str) -> float:
    """Carries a run out in a folder; gives its wall time."""
    results = Path(folder) / "run.sqlite"
    results.unlink(missing_ok=True)
    trace = ["--trace", file] if file else []
    command = [RELEASE / "starling", "run", *scenario, "--replications", "1", "-q", "-o", results, *trace]
    environment = {**os.environ, **ONE_CORE}
    start = time.monotonic()
    subprocess.run([str(word) for word in command], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start
