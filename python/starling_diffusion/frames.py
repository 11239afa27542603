# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of a results file as data frames, with units in `frame.attrs["units"]`.

pandas takes longer to load than all the rest, and workers of learners never need it: whatever makes a frame loads it.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from .columns import COUNT, FATES, NAME, NUMBER, PURE, SEED, TEXT, UNITS_OF_SCALES, Column, column
from .process import asked_for_file
from .program import Program

if TYPE_CHECKING:
    import pandas as pd


def table(program: Program, path: Path, rows: str, scales: dict[str, str]) -> pd.DataFrame:
    """A table of a results file, as `starling export` has it.

    Its `attrs` are `rows`, which says what a row is, and `units` by the names of columns; in observations also by the names of
    metrics, whose values stand in one column. A setting in which the arms differ is a number where all its values are
    plain numbers, else a text with its unit.

    Args:
        rows: observations, runs, agents, causes, links, windows or returns.
        scales: of the metrics of the study, by their names.

    Raises:
        StarlingError: the file cannot be read.
    """
    with asked_for_file(program, ["export", f"--rows={rows}", "--format=csv", "--", path.absolute()]) as file:
        header = _header(file)
        settings = header[1:header.index("replication")]
        # A setting may be called as a column of the table is.
        names = [
            f"{name} (setting)" if place <= len(settings) and header.count(name) > 1 else name
            for place, name in enumerate(header)
        ]
        settings = names[1:len(settings) + 1]
        known = {name: column(rows, name, scales) for name in names if name not in settings}
        frame = _read(file, names, settings, known)
    for name in settings:
        frame[name] = _setting(frame[name])
    units = {name: found.unit for name, found in known.items() if found is not None and found.unit is not None}
    if rows == "observations":
        units |= {name: UNITS_OF_SCALES.get(scale, PURE) for name, scale in scales.items()}
    frame.attrs = {"rows": rows, "units": units}
    return frame


def _header(file: IO[bytes]) -> list[str]:
    # A name with a line feed in it would end the line too early.
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    names = next(csv.reader(text))
    text.detach()
    file.seek(0)
    return names


def _read(file: IO[bytes], names: list[str], settings: list[str], known: dict[str, Column | None]) -> pd.DataFrame:
    import pandas as pd

    types: dict[str, Any] = {name: TEXT for name in settings}
    missing: dict[str, list[str]] = {}
    for name, found in known.items():
        if found is not None:
            # Categories are made below, in the order in which they come and not in that of the alphabet.
            types[name] = TEXT if found.type == NAME else found.type
            missing[name] = ["", "nan"] if found.type in (NUMBER, COUNT, SEED) else [""]
    # An arm, a metric or a setting always says something, and may be called `nan`.
    # Every digit counts, which pandas 3 takes for granted and warns of.
    exact: Any = {} if int(pd.__version__.partition(".")[0]) >= 3 else {"float_precision": "round_trip"}
    frame: pd.DataFrame = pd.read_csv(
        file, names=names, header=0, dtype=types, na_values=missing, keep_default_na=False, encoding="utf-8", **exact
    )
    for name, found in known.items():
        if found is not None and found.type == NAME:
            frame[name] = pd.Categorical(frame[name], categories=frame[name].dropna().unique())
    return frame


def _setting(values: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers where all are, else names in the order in which they come."""
    import pandas as pd

    try:
        return values.astype(float)
    except ValueError:
        return pd.Series(pd.Categorical(values, categories=values.unique()), index=values.index)


def messages(runs: pd.DataFrame) -> pd.DataFrame:
    """What became of messages: a row for each run and fate, whose counts add up to the messages sent.

    Columns: those of runs up to the replication; `fate`; `cause`, why messages were lost, and missing for other fates;
    `messages`, how many.
    """
    import pandas as pd

    place = runs.columns.get_loc("replication")
    assert isinstance(place, int)
    shared = list(runs.columns[:place + 1])
    ended = runs[runs["error"].isna()]
    parts = []
    for order, (name, fate, cause) in enumerate(FATES):
        part = ended[shared].copy()
        part["fate"], part["cause"], part["messages"], part["order"] = fate, cause or None, ended[name], order
        parts.append(part)
    frame = pd.concat(parts).reset_index(names="run").sort_values(["run", "order"], ignore_index=True)
    frame = frame.drop(columns=["run", "order"])
    frame["fate"] = pd.Categorical(frame["fate"], categories=list(dict.fromkeys(fate for _, fate, _ in FATES)))
    frame["cause"] = pd.Categorical(frame["cause"], categories=[cause for _, _, cause in FATES if cause])
    frame.attrs = {"rows": "messages", "units": {"messages": PURE}}
    return frame
