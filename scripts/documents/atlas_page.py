# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of docs/atlas.md that are made of results: verdicts and tables."""

import itertools
import statistics

from documents import atlas
from documents.atlas import ARMS, Cell, Cells, Finding

PAGE = "docs/atlas.md"
# What stands around each part of the page that is made.
BEGIN, END = "<!-- made by scripts/atlas: {} -->", "<!-- end of {} -->"

# How presets are called on the page, in the order of rows and columns.
NAMES = {
    "compute": {"C0": "C0 equal", "C2": "C2 shifted-exponential", "C3": "C3 devices", "C6": "C6 one-slow"},
    "latency": {"L0": "L0 lan", "L3": "L3 cloud"},
    "loss": {"none": "none", "P1": "P1 noise", "P2": "P2 bursts"},
    "failures": {"none": "none", "F4": "F4 on-off", "F6": "F6 partition"},
    "network": {"G1": "G1 ring", "G3": "G3 random-regular", "G6": "G6 ring of cliques"},
}
CLAIMS = (
    "With one agent ten times slower asynchronous agents are sooner at -25 dB than the global barrier",
    "Losses in bursts cost asynchronous agents more time to -25 dB than as many losses one by one",
    "Asynchronous agents lose less final accuracy to the partition than agents with a timeout",
)


def parts(sixteen: Cells, hundred: Cells, seconds: Cells) -> dict[str, str]:
    """All parts of the page by their names, of the cells of the three studies."""
    families = (
        atlas.slow_agent(sixteen | hundred),
        atlas.bursts(sixteen),
        atlas.partition(sixteen),
    )
    made = {"verdicts": "\n".join(
        f"{number}. {verdict(claim, family)}" for number, (claim, family) in enumerate(zip(CLAIMS, families), 1))}
    made["hypothesis 1"] = table({finding.cell: told(finding, pairs) for finding in families[0]},
                                 ["agents", "latency", "loss", "failures"])
    made["hypothesis 2"] = table({finding.cell: told(finding, times_and_pairs) for finding in families[1]},
                                 ["compute", "latency", "failures"])
    made["hypothesis 3"] = table({finding.cell: told(finding, losses) for finding in families[2]},
                                 ["compute", "latency", "loss"])
    made["soonest"] = soonest(sixteen)
    made["most accurate"] = most_accurate(sixteen)
    for compute in NAMES["compute"]:
        made[f"times {compute}"] = medians(
            {cell: arms for cell, arms in sixteen.items() if cell.compute == compute}, ["latency", "loss", "failures"])
    made["hundred agents"] = medians(hundred, ["compute", "latency"])
    made["bursts in seconds"] = medians(seconds, ["compute", "latency"])
    return made


def replaced(page: str, made: dict[str, str]) -> str:
    """The page with each of its parts made anew."""
    for name, text in made.items():
        begin, end = BEGIN.format(name), END.format(name)
        if page.count(begin) != 1 or page.count(end) != 1 or page.index(end) < page.index(begin):
            raise ValueError(f"{PAGE} has no place for '{name}', between '{begin}' and '{end}'")
        before, _, rest = page.partition(begin)
        page = f"{before}{begin}\n\n{text}\n\n{end}{rest.partition(end)[2]}"
    return page


def verdict(claim: str, findings: list[Finding]) -> str:
    """One sentence on a hypothesis, with its counts."""
    shown = sum(finding.is_shown for finding in findings)
    refuted = sum(finding.is_refuted for finding in findings)
    if shown == len(findings):
        word = "holds"
    elif refuted:
        word = "is refuted"
    else:
        word = "is not shown everywhere" if shown else "is not shown"
    return (f"*{claim}*: this **{word}**, shown in {shown} of {len(findings)} cells, the contrary in {refuted}, and neither "
            f"in {len(findings) - shown - refuted}.")


def told(finding: Finding, text) -> str:
    """A finding, bold where the hypothesis is shown and crossed where the contrary is."""
    if finding.is_shown:
        return f"**{text(finding)}**"
    return f"{text(finding)} ✗" if finding.is_refuted else text(finding)


def pairs(finding: Finding) -> str:
    return f"{finding.support} : {finding.contrary}"


def times_and_pairs(finding: Finding) -> str:
    return f"{' → '.join(map(duration, finding.values))} ({pairs(finding)})"


def losses(finding: Finding) -> str:
    return " / ".join(map(level, finding.values))


def duration(value: float | None) -> str:
    """Seconds; a dash where the target was not reached."""
    return "–" if value is None else f"{value:.1f}"


def level(value: float | None, digits: int = 2) -> str:
    """Decibels with their sign, which a zero does not have."""
    if value is None:
        return "–"
    text = f"{value:+.{digits}f}"
    return text[1:] if float(text) == 0 else text.replace("-", "−")


def medians(cells: Cells, slots: list[str]) -> str:
    """A table of the median times of all arms; those that are least in their cell are bold."""
    return table({
        cell: " · ".join(f"**{duration(arms[arm].median)}**" if is_least(arms, arm) else duration(arms[arm].median)
                         for arm in ARMS)
        for cell, arms in cells.items()}, slots)


def is_least(arms: dict[str, atlas.Arm], name: str) -> bool:
    """Whether no arm has a lesser median time to target than this one, which has one."""
    times = [arm.median for arm in arms.values() if arm.median is not None]
    return arms[name].median is not None and arms[name].median == min(times)


def soonest(cells: Cells) -> str:
    """In how many cells each arm has the least median time, by what agents compute."""
    return lines(["compute", "cells", *ARMS], [
        [name, str(len(group)), *(str(sum(is_least(arms, arm) for arms in group)) for arm in ARMS)]
        for name, group in by_compute(cells)])


def most_accurate(cells: Cells) -> str:
    """The median over cells of each arm's final error, and in how many it is the least, by what agents compute."""

    def text(group, name):
        count = sum(arms[name].final == min(arm.final for arm in arms.values()) for arms in group)
        return f"{level(statistics.median(arms[name].final for arms in group), 1)} dB ({count})"

    return lines(["compute", "cells", *ARMS], [
        [name, str(len(group)), *(text(group, arm) for arm in ARMS)] for name, group in by_compute(cells)])


def by_compute(cells: Cells) -> list[tuple[str, list[dict[str, atlas.Arm]]]]:
    """The arms of all cells by what agents compute, and of all at the end."""
    groups = [(name, [arms for cell, arms in cells.items() if cell.compute == compute])
              for compute, name in NAMES["compute"].items()]
    return [(name, group) for name, group in [*groups, ("all", list(cells.values()))] if group]


def table(texts: dict[Cell, str], slots: list[str]) -> str:
    """A table with a row for each choice of the named slots, and a column for each network."""
    rows: dict[tuple, dict[str, str]] = {}
    for cell, text in texts.items():
        rows.setdefault(tuple(getattr(cell, slot) for slot in slots), {})[cell.network] = text
    orders = [list(NAMES.get(slot, {})) or sorted({key[index] for key in rows}) for index, slot in enumerate(slots)]
    networks = NAMES["network"]
    return lines([*slots, *networks.values()], [
        [NAMES[slot][value] if slot in NAMES else str(value) for slot, value in zip(slots, key)]
        + [rows[key].get(network, "") for network in networks]
        for key in itertools.product(*orders) if key in rows])


def lines(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])
