# SPDX-License-Identifier: GPL-3.0-or-later
"""What a results file says of its study before any run; the one place here that opens the database itself.

The format is that of docs/results.md. The program prints all this only together with every run.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .errors import InputError, ResultsError


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


def read_header(path: Path) -> Header:
    """Reads what a results file says of its study.

    Raises:
        InputError: there is no such file.
        ResultsError: it is no results file.
    """
    if not path.is_file():
        raise InputError(f"error: cannot read '{path}': there is no such file", 66)
    try:
        database = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, timeout=30)
        try:
            name, question, scenario, seed = database.execute("SELECT name, question, scenario, seed FROM study").fetchone()
            tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
            rows = database.execute("SELECT definition FROM metric ORDER BY position") if "metric" in tables else []
            metrics = [json.loads(definition) for (definition,) in rows]
        finally:
            database.close()
    except (sqlite3.Error, TypeError, ValueError) as reason:
        raise ResultsError(f"error: '{path}' is not a results file of Starling: {reason}", 65) from reason
    return Header(name, question or None, scenario, int(seed), metrics)
