# SPDX-License-Identifier: GPL-3.0-or-later
"""The columns of the tables that the program exports: of which type they are in Python, and in which unit.

What is not listed here, as what a later version of the program adds, is read as it looks and has no unit.
"""

from __future__ import annotations

from dataclasses import dataclass

NUMBER, COUNT, SEED, TEXT, NAME = "float64", "Int64", "UInt64", "str", "category"
"""Types of pandas: of numbers, of counts that may be missing, of 64 bits without a sign, of texts that differ from row to
row, and of names that come again and again."""
SECONDS, BYTES, JOULES, PURE = "s", "B", "J", "1"
"""Units; `1` is that of counts, shares, and powers such as the MSD, which are linear and not in decibels."""
UNITS_OF_SCALES = {"decibels": PURE, "plain": PURE, "share": PURE, "count": PURE, "seconds": SECONDS, "bytes": BYTES}
"""The unit of a metric's values by the scale that its definition names."""


@dataclass(frozen=True)
class Column:
    """What is known of a column."""

    type: str
    unit: str | None = None


def _of(type_: str, unit: str | None, names: str) -> dict[str, Column]:
    return {name: Column(type_, unit) for name in names.split()}


_LOSSES = "lost_noise lost_burst lost_cut lost_edge_gone lost_sender_crashed"
_FATES = (
    "used replaced_unread unread_at_end overtaken lost superseded to_dead_agent late duplicate in_flight_at_end never_started"
)
_SHARED = _of(NAME, None, "arm") | _of("int64", None, "replication")

RUNS = (
    _SHARED | _of(SEED, None, "seed") | _of(TEXT, None, "error fingerprint") | _of(NAME, None, "ending")
    | _of(
        NUMBER, SECONDS,
        "end_time wall_seconds target_time staleness_mean_seconds staleness_maximum_seconds delivery_mean_seconds",
    )
    | _of(NUMBER, BYTES, "target_bytes") | _of(NUMBER, JOULES, "target_joules")
    | _of(NUMBER, PURE, "target_updates target_messages staleness_mean_updates gradient_mean_updates")
    | _of(COUNT, BYTES, "bytes recovery_bytes")
    | _of(
        COUNT, PURE,
        f"sent copies acknowledgements deliveries {_FATES} {_LOSSES} staleness_count staleness_maximum_updates gradients "
        "gradient_maximum_updates events ties ties_at_one_agent cancelled high_water",
    )
)
AGENTS = (
    _SHARED | _of(NAME, None, "agent task")
    | _of(
        NUMBER, SECONDS,
        "useful wasted unfinished waiting down slowed waiting_neighbours waiting_centre waiting_clock asleep paused",
    )
    | _of(COUNT, PURE, "updates episodes samples sent heard") | _of(COUNT, BYTES, "sent_bytes heard_bytes")
    | _of(NUMBER, JOULES, "joules") | _of(NUMBER, PURE, "final_return")
)
TABLES: dict[str, dict[str, Column]] = {
    "observations": _SHARED | _of(NUMBER, SECONDS, "time") | _of(NAME, None, "metric") | _of(NUMBER, None, "value"),
    "runs": RUNS,
    "agents": AGENTS,
    "causes": (
        _SHARED | _of(NAME, None, "agent cause") | _of(NUMBER, SECONDS, "wasted down") | _of(COUNT, PURE, "messages")
    ),
    "links": (
        _SHARED | _of(NAME, None, "sender receiver")
        | _of(COUNT, PURE, f"{_FATES} {_LOSSES} lost_waiting")
        | _of(COUNT, PURE, "sent first_sent retransmissions copies acknowledgements heard age_peaks")
        | _of(COUNT, BYTES, "bytes heard_bytes")
        | _of(NUMBER, SECONDS, "age_time age_mean age_mean_peak age_largest age_quantile_95")
    ),
    "windows": _SHARED | _of(NUMBER, SECONDS, "start end"),
    "returns": _SHARED | _of(NAME, None, "agent task") | _of(NUMBER, PURE, "return"),
}
"""What `starling export --rows` knows, by the name of its rows."""
FATES: list[tuple[str, str, str]] = [
    (f"lost_{cause}", "lost", cause) if fate == "lost" else (fate, fate, "")
    for fate in _FATES.split()
    for cause in ([loss.removeprefix("lost_") for loss in _LOSSES.split()] if fate == "lost" else [""])
]
"""Columns of runs that say what became of messages, the fate, and why, where messages were lost. Together they are all."""


def column(table: str, name: str, scales: dict[str, str]) -> Column | None:
    """What is known of a column.

    Args:
        scales: of the metrics of the study, by their names.
    """
    if found := TABLES[table].get(name):
        return found
    if name.startswith("final_"):
        # A return of an agent is no metric of runs; everything else that ends with one is.
        scale = scales.get(name.removeprefix("final_"))
        return Column(NUMBER, UNITS_OF_SCALES.get(scale or ""))
    return Column(NUMBER, PURE) if table == "windows" else None
