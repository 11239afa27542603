# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading results files: JSON Lines, a header and then one line for every run."""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

SCHEMA = "starling-results/1"


@dataclass(frozen=True)
class Study:
    """A results file: its header, and every metric of every run at every measurement.

    `series` has the columns arm, replication, time (seconds), metric and value (linear units).
    """

    header: dict
    series: pd.DataFrame

    @property
    def arms(self) -> list[str]:
        """The arms that have runs, in the order of the scenario."""
        present = set(self.series["arm"])
        return [arm["name"] for arm in self.header["arms"] if arm["name"] in present]

    def target(self, metric: str) -> float | None:
        """The bound that all arms share for a metric, in linear units."""
        target = self.header.get("target")
        return target["threshold"] if target and target["metric"] == metric else None


def read(path: str | Path) -> Study:
    """Reads a results file; a last line that a killed program left torn is left out with a warning."""
    text = Path(path).read_text(encoding="utf-8")
    lines = text.splitlines()
    if not lines:
        raise ValueError(f"{path}: the file is empty")
    header = json.loads(lines[0])
    if header.get("schema") != SCHEMA:
        raise ValueError(f"{path}: not a results file of version {SCHEMA}")
    frames = []
    for number, line in enumerate(lines[1:], start=2):
        try:
            run = json.loads(line)
        except json.JSONDecodeError as error:
            if number == len(lines) and not text.endswith("\n"):
                warnings.warn(f"{path}: the last line is torn and was left out", stacklevel=2)
                break
            raise ValueError(f"{path}:{number}: the line is damaged") from error
        frames.append(_series_of(run))
    if not frames:
        raise ValueError(f"{path}: no run has finished")
    return Study(header, pd.concat(frames, ignore_index=True))


def _series_of(run: dict) -> pd.DataFrame:
    # `float` reads "inf", "-inf" and "nan", which JSON has no numbers for.
    columns = []
    for series in run["series"]:
        values = [float(value) for value in series["values"]]
        columns.append(
            pd.DataFrame(
                {
                    "arm": run["arm"],
                    "replication": run["replication"],
                    "time": run["grid"][: len(values)],
                    "metric": series["metric"],
                    "value": values,
                }
            )
        )
    return pd.concat(columns, ignore_index=True)
