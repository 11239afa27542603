# SPDX-License-Identifier: GPL-3.0-or-later
"""What traces cost: runs of about a million events with `--trace`, in both formats, beside the same without.

Alternates them and prints medians of wall time of the whole program, which writes its trace to a file of a temporary folder:
a second thread writes, so that processor time would count what nobody waits for. Fails above a ceiling for the ratio.
"""

import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from measuring import RELEASE, ROOT, build, verdict

ALTERNATIONS = 9
RATIO_CEILING = 1.3
FORMATS = {"lines of JSON": "trace.jsonl", "tracks": "trace.pftrace"}
WORKLOADS = [
    (
        "Gossip workload W1",
        [ROOT / "scenarios" / "w1-gossip.yaml", "measure.until=500000 s", "measure.every=50000 s"],
    ),
    (
        "Asynchronous diffusion",
        [ROOT / "Benchmarks" / "asynchronous.yaml", "measure.until=140000 s", "measure.every=14000 s"],
    ),
]


def measure() -> bool:
    """Builds, measures, prints, and says whether every ceiling holds."""
    build(["swift", "build", "-c", "release", "--product", "starling"])
    return all([measure_workload(*workload) for workload in WORKLOADS])


def measure_workload(title: str, scenario: list) -> bool:
    """One workload without a trace and with one in each format."""
    cases = {"none": None, **FORMATS}
    seconds = {name: [] for name in cases}
    sizes = dict.fromkeys(FORMATS, 0)
    with tempfile.TemporaryDirectory(prefix="starling-traces-") as folder:
        for _ in range(ALTERNATIONS):
            for name, file in cases.items():
                seconds[name].append(call(scenario, file, folder))
                if file:
                    sizes[name] = (Path(folder) / file).stat().st_size
                    (Path(folder) / file).unlink()
    plain = statistics.median(seconds["none"])
    print(f"{title}, wall seconds of a run, medians of {ALTERNATIONS} alternations.")
    print(f"  without a trace      {plain:>8.3f}")
    passes = []
    for name in FORMATS:
        median = statistics.median(seconds[name])
        passes.append(median / plain <= RATIO_CEILING)
        print(
            f"  {name:20} {median:>8.3f}   {median / plain:.2f} of it, at most {RATIO_CEILING}: "
            f"{verdict(passes[-1])}   {sizes[name] / 1e6:.0f} MB",
            flush=True,
        )
    return all(passes)


def call(scenario: list, file: str | None, folder: str) -> float:
    """Carries a run out in a folder; gives its wall time."""
    results = Path(folder) / "run.sqlite"
    results.unlink(missing_ok=True)
    trace = ["--trace", file] if file else []
    command = [RELEASE / "starling", "run", *scenario, "--replications", "1", "-q", "-o", results, *trace]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    start = time.monotonic()
    subprocess.run([str(word) for word in command], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start
