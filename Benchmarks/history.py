# SPDX-License-Identifier: GPL-3.0-or-later
"""What benchmarks found at releases: a JSON file for each in Benchmarks/history, and whether something got worse since."""

import json
import re
from pathlib import Path

from measuring import ROOT

FOLDER = ROOT / "Benchmarks" / "history"
# How many times the spread of both measurements a change must have, and at least: medians of few repetitions can lie close
# together by chance.
SPREADS, LEAST = 3, 0.05


def machine() -> str:
    """The processor, as the system calls it."""
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found.group(1) if found else "an unknown processor"


def version(file: Path) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", file.stem)]


def record(name: str, about: dict, rows: list[dict]) -> None:
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps({"version": name, **about, "metrics": rows}, indent=1) + "\n", encoding="utf-8")


def last() -> dict | None:
    """What was found at the last release."""
    files = sorted(FOLDER.glob("*.json"), key=version)
    return json.loads(files[-1].read_text(encoding="utf-8")) if files else None


def compare(rows: list[dict], before: dict | None = None) -> list[str]:
    """What is worse than at the last release, by more than the noise of both measurements; only ratios, which machines
    share more than times, and only what was measured more than once."""
    before = before or last()
    if before is None:
        return []
    known = {(row["benchmark"], row["name"]): row for row in before["metrics"]}
    worse = []
    for row in rows:
        old = known.get((row["benchmark"], row["name"]))
        if old is None or not row["ratio"] or not old["ratio"] or min(row["repetitions"], old["repetitions"]) < 3:
            continue
        noise = max(LEAST, SPREADS * (row["spread"] ** 2 + old["spread"] ** 2) ** 0.5)
        change = row["ratio"] / old["ratio"] - 1
        if change < -noise:
            worse.append(
                f"WORSE: {row['benchmark']}, {row['name']}: {row['ratio']:.3g} times its reference, and {old['ratio']:.3g} at "
                f"{before['version']}: {100 * change:.0f} %, beyond the noise of {100 * noise:.0f} %"
            )
    return worse
