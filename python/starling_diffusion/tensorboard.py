# SPDX-License-Identifier: GPL-3.0-or-later
"""Curves of runs as event files of TensorBoard."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_UNUSUAL = re.compile(r"[^\w.=,-]+")
FORMAT = "brain.Event:2"
"""The version of event files, which their first event names."""


def write(observations: pd.DataFrame, folder: Path, steps_per_second: float) -> list[Path]:
    """Writes a folder with an event file for each run; an earlier one of ours is written anew.

    Args:
        observations: as `Study.observations` has them.

    Raises:
        ImportError: tensorboard is missing.
    """
    try:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.summary.writer.record_writer import RecordWriter
    except ImportError as reason:
        raise ImportError("event files need tensorboard: pip install 'starling-diffusion[tensorboard]'") from reason
    folders = []
    names = folder_names([str(arm) for arm in observations["arm"].unique()])
    for (arm, replication), run in observations.groupby(["arm", "replication"], observed=True, sort=False):
        place = folder / names[str(arm)] / f"replication-{replication}"
        place.mkdir(parents=True, exist_ok=True)
        with (place / "events.out.tfevents.starling").open("wb") as file:
            writer: Any = RecordWriter(file)
            writer.write(Event(wall_time=0, file_version=FORMAT).SerializeToString())
            for seconds, values in curves(run):
                summary = Summary(value=[Summary.Value(tag=metric, simple_value=value) for metric, value in values])
                event = Event(wall_time=seconds, step=round(seconds * steps_per_second), summary=summary)
                writer.write(event.SerializeToString())
        folders.append(place)
    return folders


def curves(run: pd.DataFrame) -> Iterator[tuple[float, list[tuple[str, float]]]]:
    """The observations of a run by time: seconds, and the metrics that have a value then."""
    table = run.pivot(index="time", columns="metric", values="value")
    metrics = [str(metric) for metric in table.columns]
    for seconds, row in zip(table.index.tolist(), table.to_numpy(dtype=float).tolist()):
        yield seconds, [(metric, value) for metric, value in zip(metrics, row) if not math.isnan(value)]


def folder_names(arms: list[str]) -> dict[str, str]:
    """What the folders of arms are called, all different.

    >>> folder_names(["a/b", "a b", "c"])
    {'a/b': 'a-b', 'a b': 'a-b-2', 'c': 'c'}
    """
    names: dict[str, str] = {}
    for arm in arms:
        plain = _UNUSUAL.sub("-", arm).lstrip(".-") or "arm"
        name, number = plain, 1
        while name in names.values():
            number += 1
            name = f"{plain}-{number}"
        names[arm] = name
    return names
