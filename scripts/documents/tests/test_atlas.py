# SPDX-License-Identifier: GPL-3.0-or-later
"""The hypotheses of the atlas are tested as the header of its scenario says, and its page says what came out."""

import itertools
import pathlib
import re

import pytest

from documents import atlas, atlas_page
from documents.atlas import ASYNCHRONOUS, GLOBAL, TIMEOUT, Arm, Cell, Finding, Run

ROOT = pathlib.Path(__file__).resolve().parents[3]
CELL = Cell(16, "C6", "L0", "none", "none", "G1")


def arm(*times, finals=None, median=None, final=-30.0):
    """An arm whose replications took so long to the target."""
    finals = finals or [1e-3] * len(times)
    return Arm(median, final, {pair: Run(time, final) for pair, (time, final) in enumerate(zip(times, finals))})


def arms(asynchronous, others):
    return {GLOBAL: others, TIMEOUT: others, ASYNCHRONOUS: asynchronous}


def cells(agents=16, asynchronous=arm(1, 2), others=arm(3, 4), **fixed):
    """All cells of the atlas, with the same runs in each, but for slots that are fixed."""
    choices = [[fixed[slot]] if slot in fixed else list(names) for slot, names in atlas_page.NAMES.items()]
    return {Cell(agents, *choice): arms(asynchronous, others) for choice in itertools.product(*choices)}


# Of 16 agents, and of 100 with C0 and C6.
SIXTEEN = cells()
HUNDRED = {cell: runs for cell, runs in cells(100, loss="P1", failures="F4").items() if cell.compute in ("C0", "C6")}


def test_the_scenario_sweeps_over_what_the_page_has():
    text = (ROOT / "scenarios/atlas/sixteen-agents.yaml").read_text(encoding="utf-8")
    swept = {slot: values.split(", ") for slot, values in re.findall(r"^  presets\.(\w+): \[(.*)\]$", text, re.MULTILINE)}
    assert swept == {slot: list(names) for slot, names in atlas_page.NAMES.items()}
    assert len(SIXTEEN) == 216


def test_families_have_the_cells_that_were_announced():
    first, second, third = (list(SIXTEEN | HUNDRED), SIXTEEN, SIXTEEN)
    assert len(HUNDRED) == 12 and len(first) == 228
    assert [len(family) for family in (
        atlas.slow_agent(SIXTEEN | HUNDRED), atlas.bursts(second), atlas.partition(third))] == [60, 72, 72]
    text = (ROOT / "scenarios/atlas/sixteen-agents.yaml").read_text(encoding="utf-8").replace("\n#            ", " ")
    assert "(1) and (2), 54 + 6 and 72 cells" in text and "(3), 72 cells" in text


@pytest.mark.parametrize("first, second, counts", [
    (arm(1, 2, 3), arm(2, 3, 1), (2, 1)),
    (arm(1, 2, 3), arm(None, None, None), (3, 0)),
    (arm(None, 2, None), arm(199, None, None), (1, 1)),
    (arm(5, 5, None), arm(5, 6, None), (1, 0)),
], ids=["both reached", "one never", "each once", "ties and neither"])
def test_which_of_a_pair_was_sooner(first, second, counts):
    finding = atlas.sooner(CELL, first, second)
    assert (finding.support, finding.contrary) == counts


def test_asynchronous_is_compared_with_the_global_barrier():
    (finding,) = atlas.slow_agent({CELL: {GLOBAL: arm(*[9] * 30), TIMEOUT: arm(*[1] * 30), ASYNCHRONOUS: arm(*[5] * 30)}})
    assert (finding.support, finding.contrary, finding.p_value) == (30, 0, 2**-29)
    assert finding.is_shown and not finding.is_refuted


def test_noise_is_compared_with_bursts_among_asynchronous_agents():
    noise, bursty = CELL._replace(loss="P1"), CELL._replace(loss="P2")
    found = {noise: arms(arm(*[5] * 30), arm(*[9] * 30)), bursty: arms(arm(*[3] * 30), arm(*[99] * 30))}
    (finding,) = atlas.bursts(found)
    assert (finding.support, finding.contrary) == (0, 30)
    assert finding.is_refuted


def test_losses_to_the_partition_are_differences_of_decibels():
    whole, parted = CELL, CELL._replace(failures="F6")
    # Asynchronous agents end ten times worse, and the others a hundred times, each pair by a little more.
    grown = [1 + pair / 100 for pair in range(30)]
    start = arm(*[1] * 30, finals=[1e-6] * 30)
    found = {
        whole: arms(start, start),
        parted: arms(arm(*[1] * 30, finals=[1e-5 * value for value in grown]),
                     arm(*[1] * 30, finals=[1e-4 * value**2 for value in grown])),
    }
    (finding,) = atlas.partition(found)
    assert finding.values == pytest.approx((10.6, 21.2), abs=0.1)
    assert (finding.support, finding.contrary) == (30 * 31 / 2, 0)
    assert finding.is_shown
    (turned,) = atlas.partition({
        cell: {TIMEOUT: of[ASYNCHRONOUS], ASYNCHRONOUS: of[TIMEOUT], GLOBAL: of[GLOBAL]} for cell, of in found.items()})
    assert turned.is_refuted


def test_final_errors_that_are_no_number_are_left_out():
    whole, parted = CELL, CELL._replace(failures="F6")
    broken = arm(1, 1, finals=[float("nan"), 1e-4])
    (finding,) = atlas.partition({whole: arms(arm(1, 1), arm(1, 1)), parted: arms(broken, arm(1, 1))})
    assert finding.support + finding.contrary == 1
    (nothing,) = atlas.partition({whole: arms(arm(1), arm(1)), parted: arms(arm(1, finals=[float("inf")]), arm(1))})
    assert (nothing.p_value, nothing.values) == (1, (None, None))


def test_a_claim_that_one_cell_shows_may_not_hold_in_the_family():
    found = {cell: arms(arm(*[1] * 10), arm(*[2] * 10)) for cell in SIXTEEN}
    # 2 / 2^10 is below 5 % once, and not 54 times.
    findings = atlas.slow_agent(found)
    assert [finding.is_shown for finding in findings] == [False] * 54
    assert findings[0].adjusted == pytest.approx(54 * 2 / 2**10)


def test_missing_runs_are_an_error():
    with pytest.raises(ValueError, match="have not ended"):
        atlas.sooner(CELL, arm(1, 2), arm(1))


@pytest.mark.parametrize("shown, refuted, neither, word", [
    (3, 0, 0, "holds"), (2, 0, 1, "is not shown everywhere"), (2, 1, 0, "is refuted"), (0, 0, 3, "is not shown")])
def test_verdicts(shown, refuted, neither, word):
    findings = [Finding(CELL, 0, 1, 0, (1, 2), 0.01)] * shown + [Finding(CELL, 0, 0, 1, (1, 2), 0.01)] * refuted
    findings += [Finding(CELL, 0, 1, 0, (1, 2), 0.06)] * neither
    text = atlas_page.verdict("the claim", findings)
    assert f"this **{word}**," in text
    assert f"shown in {shown} of 3 cells, the contrary in {refuted}, and neither in {neither}" in text


def test_runs_are_read_with_the_presets_of_their_cells():
    summary = {"cells": [{
        "name": "global barrier, presets.compute=C6", "arm": "global barrier", "to_target": {"median_time": 12.5},
        "final": {"decibels": -30},
        "values": {f"presets.{slot}": value for slot, value in CELL._asdict().items() if slot not in ("agents", "loss")},
    }]}
    rows = [{"arm": "global barrier, presets.compute=C6", "error": "", "replication": str(pair), "target_time": time,
             "final_msd": "0.001"} for pair, time in enumerate(["12.5", ""])]
    assert atlas.read(summary, rows, 16, {"loss": "P1"}) == {
        CELL._replace(loss="P1"): {GLOBAL: Arm(12.5, -30, {0: Run(12.5, 0.001), 1: Run(None, 0.001)})}}
    rows[1]["error"] = "out of memory"
    with pytest.raises(ValueError, match="out of memory"):
        atlas.read(summary, rows, 16, {"loss": "P1"})
    # Where too few runs reach the target the program says no median.
    del summary["cells"][0]["to_target"]["median_time"]
    assert atlas.read(summary, rows[:1], 16, {"loss": "P1"})[CELL._replace(loss="P1")][GLOBAL].median is None


def test_a_table_has_all_cells_in_the_order_of_the_presets():
    texts = {cell: f"{cell.compute}{cell.loss}{cell.network}" for cell in reversed(list(SIXTEEN))}
    table = atlas_page.table(texts, ["compute", "loss"]).split("\n")
    assert table[0] == "| compute | loss | G1 ring | G3 random-regular | G6 ring of cliques |"
    assert table[2] == "| C0 equal | none | C0noneG1 | C0noneG3 | C0noneG6 |"
    assert len(table) == 2 + 4 * 3


def test_the_soonest_are_bold_and_counted():
    found = {CELL: {GLOBAL: arm(median=None), TIMEOUT: arm(median=14.0), ASYNCHRONOUS: arm(median=14.0)}}
    assert "| – · **14.0** · **14.0** |" in atlas_page.medians(found, ["latency"])
    assert atlas_page.soonest(found).endswith("| all | 1 | 0 | 1 | 1 |")
    nobody = {CELL: {name: arm(median=None) for name in atlas.ARMS}}
    assert atlas_page.soonest(nobody).endswith("| all | 1 | 0 | 0 | 0 |")


def test_final_errors_are_medians_over_cells_and_the_least_are_counted():
    other = CELL._replace(network="G3")
    found = {CELL: arms(arm(final=-30.0), arm(final=-31.0)), other: arms(arm(final=-40.0), arm(final=-35.0))}
    assert atlas_page.most_accurate(found).endswith("| all | 2 | −33.0 dB (1) | −33.0 dB (1) | −35.0 dB (1) |")


@pytest.mark.parametrize("value, text", [(0.004, "0.00"), (-0.004, "0.00"), (0.126, "+0.13"), (-1.5, "−1.50"), (None, "–")])
def test_decibels_have_their_sign(value, text):
    assert atlas_page.level(value) == text


def test_parts_of_the_page_are_replaced_and_nothing_else():
    made = atlas_page.parts(SIXTEEN, HUNDRED, cells(loss="P2", failures="none"))
    page = "before\n" + "\nbetween\n".join(
        f"{atlas_page.BEGIN.format(name)}\nold\n{atlas_page.END.format(name)}" for name in made) + "\nafter\n"
    new = atlas_page.replaced(page, made)
    assert "old" not in new and new.count("between") == len(made) - 1
    assert all(text in new for text in made.values())
    assert atlas_page.replaced(new, made) == new
    with pytest.raises(ValueError, match="no place for 'verdicts'"):
        atlas_page.replaced("nothing", made)


def test_the_page_has_a_place_for_every_part():
    made = atlas_page.parts(SIXTEEN, HUNDRED, cells(loss="P2", failures="none"))
    page = (ROOT / atlas_page.PAGE).read_text(encoding="utf-8")
    assert atlas_page.replaced(page, made)
    assert page.count("<!-- made by scripts/atlas") == len(made)
