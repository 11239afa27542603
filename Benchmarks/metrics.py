# SPDX-License-Identifier: GPL-3.0-or-later
"""What benchmarks find: metrics with what they are compared with, a table of them, and how they changed since a release."""

import dataclasses
import statistics


@dataclasses.dataclass
class Metric:
    """One number that a benchmark has measured, more than once where that makes sense.

    Where there is a reference, floor and goal are of the ratio, which says how many times as good as the reference the value
    is: more is better in every unit. Without one they are of the value itself.
    """

    name: str
    # The median of what was measured, in the unit.
    value: float
    unit: str
    # The same of what it is compared with.
    reference: float | None = None
    # The least that passes, and what is hoped for; the most where less is better and there is no reference.
    floor: float | None = None
    goal: float | None = None
    # Times, bytes and allocations are better if they are less; rates and gains are not.
    less_is_better: bool = False
    # What single repetitions gave for `compared`, for the noise of a comparison with another time.
    samples: list[float] = dataclasses.field(default_factory=list)
    # Whether what goes with the number is as it must be, such as equal fingerprints; else what is not.
    fault: str | None = None
    benchmark: str = ""

    @property
    def ratio(self) -> float | None:
        if self.reference is None:
            return None
        better, worse = (self.reference, self.value) if self.less_is_better else (self.value, self.reference)
        return better / worse if worse else float("inf")

    @property
    def compared(self) -> float:
        """What has a floor and a goal, and is compared between releases."""
        return self.value if self.reference is None else self.ratio

    @property
    def wants_less(self) -> bool:
        """Whether less of what is compared is better: ratios are made so that more is."""
        return self.reference is None and self.less_is_better

    def reaches(self, bar: float | None) -> bool:
        if bar is None:
            return True
        return self.compared <= bar if self.wants_less else self.compared >= bar

    @property
    def passes(self) -> bool:
        return self.fault is None and self.reaches(self.floor)

    @property
    def spread(self) -> float:
        """How far single repetitions lie apart, as a share of their median: half the distance of the quartiles."""
        middle = statistics.median(self.samples) if self.samples else 0
        if len(self.samples) < 2 or not middle:
            return 0.0
        low, _, high = statistics.quantiles(self.samples, n=4, method="inclusive")
        return (high - low) / 2 / abs(middle)

    def row(self) -> dict:
        """What `--json` and the history say."""
        return {
            "benchmark": self.benchmark, "name": self.name, "value": self.value, "unit": self.unit,
            "reference": self.reference, "ratio": self.ratio, "floor": self.floor, "goal": self.goal,
            "less_is_better": self.less_is_better, "spread": self.spread, "repetitions": len(self.samples),
            "passes": self.passes, "fault": self.fault,
        }  # fmt: skip


def paired(
    name: str, values: list[float], references: list[float], unit: str, *, less_is_better: bool = False, **others
) -> Metric:
    """A metric of measurements that alternated with those of its reference: medians of both, and the ratio of each pair."""
    pairs = zip(references, values) if less_is_better else zip(values, references)
    return Metric(
        name, statistics.median(values), unit, reference=statistics.median(references), less_is_better=less_is_better,
        samples=[better / worse for better, worse in pairs], **others,
    )  # fmt: skip


def repeated(name: str, values: list[float], unit: str, **others) -> Metric:
    """A metric without a reference: the median of what was measured."""
    return Metric(name, statistics.median(values), unit, samples=list(values), **others)


def number(value: float | None) -> str:
    """A number with three digits that count, and commas."""
    if value is None:
        return ""
    if value == 0 or value != value or abs(value) == float("inf"):
        return f"{value:g}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(metrics: list[Metric]) -> str:
    """All metrics as lines: what was measured, beside what, how many times as good, and what was asked for."""
    rows = [("benchmark", "metric", "value", "reference", "ratio", "floor", "goal", "spread", "")]
    for metric in metrics:
        most = "<= " if metric.wants_less else ""
        bars = ["" if bar is None else most + number(bar) for bar in (metric.floor, metric.goal)]
        rows.append(
            (
                metric.benchmark, metric.name, f"{number(metric.value)} {metric.unit}".strip(), number(metric.reference),
                number(metric.ratio), *bars, f"{100 * metric.spread:.0f} %" if metric.samples else "", verdict(metric),
            )
        )  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        left = [cell.ljust(width) for cell, width in zip(row[:2], widths)]
        right = [cell.rjust(width) for cell, width in zip(row[2:8], widths[2:])]
        lines.append("  ".join([*left, *right, row[8]]).rstrip())
    return "\n".join(lines)


def verdict(metric: Metric) -> str:
    if metric.fault:
        return f"FAIL: {metric.fault}"
    if not metric.passes:
        return "FAIL"
    if metric.goal is not None:
        return "goal" if metric.reaches(metric.goal) else "pass"
    return "pass" if metric.floor is not None else ""
