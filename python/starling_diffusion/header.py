# SPDX-License-Identifier: GPL-3.0-or-later
"""What a results file says of its study before any run; the one place here that opens the database itself.

The format is that of docs/results.md. The program prints all this only together with every run, so it is asked about files of
old versions alone.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True)
class Header:
    """What a study is of."""

    name: str
    question: str | None
    scenario: str
    """The whole resolved scenario as YAML; it runs again as it stands."""
    seed: int
    metrics: list[dict[str, Any]]
    """The definitions of what runs measure, in their order; docs/results.md says what their keys mean."""

    @property
    def scales(self) -> dict[str, str]:
        """The scale of each metric by its name."""
        return {metric["name"]: metric["scale"] for metric in self.metrics}


def read_header(path: Path) -> Header | None:
    """Reads what a results file says of its study; None where it is of an old version, or no results file at all."""
    try:
        database = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, timeout=30)
        try:
            name, question, scenario, seed = database.execute("SELECT name, question, scenario, seed FROM study").fetchone()
            rows = database.execute("SELECT definition FROM metric ORDER BY position")
            metrics = [json.loads(definition) for (definition,) in rows]
        finally:
            database.close()
    except (sqlite3.Error, TypeError, ValueError):
        return None
    return Header(name, question or None, scenario, int(seed), metrics)


def header_of(study: dict[str, Any]) -> Header:
    """The same from what the program prints of a study, the member `study` of `starling-summary/1`."""
    return Header(study["name"], study.get("question"), study["scenario"], int(study["seed"]), study["metrics"])
