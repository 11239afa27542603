# SPDX-License-Identifier: GPL-3.0-or-later
"""The atlas of conditions: its runs, and what they say of its hypotheses.

The hypotheses and their tests are written down in the header of scenarios/atlas/sixteen-agents.yaml.
"""

import collections
import dataclasses
import math
import statistics

from documents import exact

LEVEL = 0.05
GLOBAL, TIMEOUT, ASYNCHRONOUS = ARMS = ("global barrier", "with timeout", "asynchronous")


class Cell(collections.namedtuple("Cell", "agents compute latency loss failures network")):
    """The conditions that the arms of a cell share; of presets their ids."""


@dataclasses.dataclass(frozen=True)
class Run:
    """What is asked of one run."""

    # To the target, in seconds; nothing where it was never reached.
    time: float | None
    # Mean square deviation over the final window, in linear units.
    final: float


@dataclasses.dataclass
class Arm:
    """What is asked of one arm in a cell."""

    # Median time to the target, in seconds; nothing where too few runs reached it.
    median: float | None
    # Final error, the mean of all runs, in dB.
    final: float
    # By replication.
    runs: dict[int, Run] = dataclasses.field(default_factory=dict)


# The cells of a study, each with its arms by name.
Cells = dict[Cell, dict[str, Arm]]


def read(summary: dict, rows, agents: int, fixed: dict[str, str]) -> Cells:
    """Reads what `starling sweep --json` and `starling export --rows runs` say of a study.

    `fixed` has the presets, by their slots, that are the same in all its cells.
    """
    found: Cells = {}
    arms: dict[str, Arm] = {}
    for entry in summary["cells"]:
        slots = (fixed.get(slot) or entry["values"][f"presets.{slot}"] for slot in Cell._fields[1:])
        arm = arms[entry["name"]] = Arm(entry["to_target"].get("median_time"), entry["final"]["decibels"])
        found.setdefault(Cell(agents, *slots), {})[entry["arm"]] = arm
    for row in rows:
        if row["error"]:
            raise ValueError(f"a run of '{row['arm']}' failed: {row['error']}")
        time = float(row["target_time"]) if row["target_time"] else None
        arms[row["arm"]].runs[int(row["replication"])] = Run(time, float(row["final_msd"]))
    return found


@dataclasses.dataclass
class Finding:
    """What the pairs of a cell say of a hypothesis."""

    cell: Cell
    p_value: float
    # Pairs, or sums of ranks, that speak for it and against it.
    support: float
    contrary: float
    # The two numbers that are compared: median times in seconds, or median losses in dB.
    values: tuple[float | None, float | None]
    # The p-value with Holm's correction over the family; known when all are.
    adjusted: float = math.nan

    @property
    def is_shown(self) -> bool:
        return self.adjusted < LEVEL and self.support > self.contrary

    @property
    def is_refuted(self) -> bool:
        return self.adjusted < LEVEL and self.support < self.contrary


def slow_agent(cells: Cells) -> list[Finding]:
    """Hypothesis 1: with one slow agent asynchronous agents are sooner than the global barrier."""
    return corrected([sooner(cell, arms[ASYNCHRONOUS], arms[GLOBAL]) for cell, arms in cells.items() if cell.compute == "C6"])


def bursts(cells: Cells) -> list[Finding]:
    """Hypothesis 2: asynchronous agents are sooner under noise than under bursts of the same mean loss."""
    pairs = [(cell, cell._replace(loss="P2")) for cell in cells if cell.loss == "P1"]
    return corrected([
        sooner(noise, cells[noise][ASYNCHRONOUS], cells[bursty][ASYNCHRONOUS]) for noise, bursty in pairs if bursty in cells])


def partition(cells: Cells) -> list[Finding]:
    """Hypothesis 3: asynchronous agents lose less final accuracy to the partition than those with a timeout."""
    pairs = [(cell, cell._replace(failures="F6")) for cell in cells if cell.failures == "none"]
    return corrected([
        more_accurate(whole, *({arm: cells[cell][arm].runs for arm in (ASYNCHRONOUS, TIMEOUT)} for cell in (whole, parted)))
        for whole, parted in pairs if parted in cells])


def sooner(cell: Cell, first: Arm, second: Arm) -> Finding:
    """Whether the first arm is sooner at the target than the second, by the sign test over pairs.

    A run that never reached the target was later than one that did, whatever it would have gone on to take. Where neither
    did, or both at the same measurement, a pair says nothing.
    """
    times = [[math.inf if arm.runs[pair].time is None else arm.runs[pair].time for arm in (first, second)]
             for pair in paired(first.runs, second.runs)]
    support, contrary = sum(own < other for own, other in times), sum(own > other for own, other in times)
    return Finding(cell, exact.sign_test(support, contrary), support, contrary, (first.median, second.median))


def more_accurate(cell: Cell, whole: dict[str, dict[int, Run]], parted: dict[str, dict[int, Run]]) -> Finding:
    """Whether asynchronous agents lose fewer dB between two cells than those with a timeout, by the signed-rank test."""
    replications = paired(*whole.values(), *parted.values())
    lost = [[decibels(parted[arm][pair]) - decibels(whole[arm][pair]) for arm in (ASYNCHRONOUS, TIMEOUT)]
            for pair in replications]
    lost = [pair for pair in lost if all(map(math.isfinite, pair))]
    p_value, above, below = exact.signed_rank_test([own - other for own, other in lost])
    values = tuple(statistics.median(side) for side in zip(*lost)) or (None, None)
    return Finding(cell, p_value, below, above, values)


def decibels(run: Run) -> float:
    return 10 * math.log10(run.final) if run.final > 0 else math.nan


def paired(*sides: dict[int, Run]) -> list[int]:
    """The replications of all sides, which must be the same."""
    if any(side.keys() != sides[0].keys() for side in sides):
        raise ValueError("some runs are missing: the studies have not ended")
    return sorted(sides[0])


def corrected(findings: list[Finding]) -> list[Finding]:
    """The same with the correction over all of them."""
    for finding, adjusted in zip(findings, exact.holm([finding.p_value for finding in findings])):
        finding.adjusted = adjusted
    return findings
