# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts of links, and the figure of how old what they brought was."""

import sqlite3

import numpy as np
import pytest
from fabricate import RING, agent, arm, fates, link, run, whole_study, write
from legends import note, words
from matplotlib.colors import LogNorm

from starling_diffusion.errors import ResultsError
from starling_diffusion.figures.command import main
from starling_diffusion.figures.links import COLOURS, ages, draw
from starling_diffusion.figures.results import read
from starling_diffusion.figures.style import NoData

PAIRS = [(1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2)]
"""Sender and receiver, in the order of results files."""


def one(links, place=0, replication=0):
    agents = [agent(name, 10) for name in RING["names"]]
    return run(place, replication, {"msd": [1, 0.1]}, agents=agents, links=links, messages=fates(5))


def study(tmp_path, *runs, arms=1, network=RING):
    names = [arm(f"arm {k}", network=network) for k in range(arms)]
    return read(write(tmp_path / "r.sqlite", names, list(runs)))


def ring(*values):
    return [link(*pair, value) for pair, value in zip(PAIRS, values)]


def test_links_have_their_columns_and_matrices(tmp_path):
    found = study(tmp_path, one(ring(1, 2, 3, 4, 5, None))).links("arm 0", 0)
    assert found.names == RING["names"] and found["used"].tolist() == [5, 5, 5, 5, 5, 0]
    expected = [[np.nan, 3, 5], [1, np.nan, np.nan], [2, 4, np.nan]]
    assert np.array_equal(found.matrix("age_mean"), expected, equal_nan=True)
    assert found["age_largest"][:5].tolist() == [3, 6, 9, 12, 15] and np.isnan(found["age_largest"][5])
    assert found.matrix("used")[1, 2] == 0 and np.isnan(found.matrix("used")[0, 0])


def test_an_age_without_a_peak_has_no_mean_peak(tmp_path):
    found = study(tmp_path, one([link(1, 0, 2.0, age_peaks=0, age_mean_peak=0)])).links("arm 0", 0)
    assert found["age_mean"].tolist() == [2] and np.isnan(found["age_mean_peak"][0])


def test_a_fusion_centre_stands_behind_all_agents(tmp_path):
    found = study(tmp_path, one([link(3, 0, 1.0), link(0, 3, 2.0)])).links("arm 0", 0)
    assert found.names == [*RING["names"], "centre"] and found.matrix("age_mean")[3, 0] == 1


def test_who_keeps_none_says_so(tmp_path):
    found = study(tmp_path, one(ring(1, 2, 3, 4, 5, 6)), one(None, place=1), arms=2)
    with pytest.raises(ResultsError, match="measure.records.links"):
        found.links("arm 1", 0)
    assert [entry.arm.name for entry in ages(found)] == ["arm 0"]
    older = read(whole_study(tmp_path / "w.sqlite"))
    with pytest.raises(ResultsError, match="measure.records.links"):
        older.links(older.arms[0].name, 0)
    with pytest.raises(NoData, match="measure.records.links"):
        draw(older, 3.5)


def test_ages_are_means_over_replications_by_the_time_they_count(tmp_path):
    second = [link(*pair, value, time) for pair, value, time in zip(PAIRS, (4, 2, None, 4, 5, 6), (30, 10, 0, 1, 1, 1))]
    (found,) = ages(study(tmp_path, one(ring(2, 2, 3, 4, 5, None)), one(second, replication=1)))
    assert found.count == 2 and found.ages[:4] == pytest.approx([3.5, 2, 3, 4]) and found.ages[5] == 6


def test_where_replications_have_other_links_the_first_is_drawn(tmp_path, drawn):
    found = study(tmp_path, one(ring(1, 2, 3, 4, 5, 6)), one(ring(6, 6, 6), replication=1))
    assert [(entry.count, entry.ages.tolist()) for entry in ages(found)] == [(1, [1, 2, 3, 4, 5, 6])]
    assert "of the first replication" in note(drawn(draw(found, 3.5)))


def test_of_networks_that_are_drawn_anew_the_first_is_drawn(tmp_path):
    path = study(tmp_path, one(ring(1, 2, 3, 4, 5, 6)), one(ring(6, 6, 6, 6, 6, 6), replication=1)).path
    with sqlite3.connect(path) as database:
        database.execute("UPDATE study SET resampled = '[\"data\", \"network\"]'")
    database.close()
    assert [(entry.count, entry.ages.tolist()) for entry in ages(read(path))] == [(1, [1, 2, 3, 4, 5, 6])]


def test_where_nothing_was_heard_the_file_may_have_no_number(tmp_path):
    nothing = dict.fromkeys(["age_time", "age_mean", "age_mean_peak", "age_peaks", "age_largest"], np.nan)
    found = study(tmp_path, one([link(1, 0, 2.0), link(2, 0, None, **nothing)]), one(ring(4, 4), replication=1))
    entry = found.links("arm 0", 0)
    assert entry["age_time"].tolist() == [10, 0] and np.isnan(entry["age_mean"]).tolist() == [False, True]
    assert ages(found)[0].ages.tolist() == [3, 4]


@pytest.mark.parametrize("width", [3.5, 7.2])
def test_the_half_of_a_line_at_the_receiver_has_the_colour_of_the_age(tmp_path, drawn, width):
    square = {"names": RING["names"], "positions": [[0, 0], [1, 0], [1, 1]], "links": RING["links"]}
    links = [*ring(1, 2, 3, 4, 5), link(1, 2, None, sent=7)]
    figure = drawn(draw(study(tmp_path, one(links), network=square), width))
    panel, bar = figure.axes
    lines, silent = (entry for name in ("links", "silent") for entry in panel.collections if entry.get_gid() == name)
    by_end = {tuple(map(tuple, path.vertices[[0, -1]])): tuple(colour) for path, colour in
              zip(lines.get_paths(), lines.get_colors())}
    # Of what agent 1 sent to agent 0 one second old, the least: from the middle to agent 0.
    assert by_end[(0.5, 0), (0, 0)] == COLOURS(0.0) and by_end[(0.5, 0.5), (1, 1)] == COLOURS(1.0)
    assert len(by_end) == 5 and [path.vertices[-1].tolist() for path in silent.get_paths()] == [[1, 1]]
    assert words(figure) == ["no estimate came"] and bar.get_xlabel() == "Mean age of information"
    assert bar.get_xlim() == (1, 5)


def test_links_over_which_nothing_was_sent_are_not_drawn(tmp_path, drawn):
    figure = drawn(draw(study(tmp_path, one(ring(1, 2, 3, 4, 5, None))), 3.5))
    silent = next(entry for entry in figure.axes[0].collections if entry.get_gid() == "silent")
    assert silent.get_paths() == [] and words(figure) == []


def test_ages_that_differ_widely_are_on_a_logarithmic_scale_that_all_arms_share(tmp_path, drawn):
    both = [one(ring(1, 2, 3, 4, 5, 6)), one(ring(10, 20, 30, 40, 50, 60), place=1)]
    figure = drawn(draw(study(tmp_path, *both, arms=2), 7.2))
    *panels, bar = figure.axes
    assert [panel.get_xlabel() for panel in panels] == ["arm 0", "arm 1"]
    assert bar.get_xscale() == "log" and bar.get_xlim() == pytest.approx((1, 60))
    # The oldest is drawn last.
    oldest = [tuple(panel.collections[0].get_colors()[-1]) for panel in panels]
    assert oldest == [COLOURS(float(LogNorm(1, 60)(6))), COLOURS(1.0)]


def test_colours_are_monotone_in_lightness():
    red, green, blue = COLOURS(np.linspace(0, 1, 64))[:, :3].T
    assert (np.diff(0.2126 * red + 0.7152 * green + 0.0722 * blue) < 0).all()


def test_agents_stand_round_a_fusion_centre(tmp_path, drawn):
    links = [link(3, k, 1.0) for k in range(3)] + [link(k, 3, 2.0) for k in range(3)]
    # The network that is kept has the centre among its names, and no links.
    names = [*RING["names"], "centre"]
    network = {"names": names, "positions": None, "links": [[k, k, 1.0] for k in range(4)]}
    figure = drawn(draw(study(tmp_path, one(links), network=network), 3.5))
    agents, centre = figure.axes[0].collections[-2:]
    assert len(agents.get_offsets()) == 3 and centre.get_offsets().tolist() == [[0, 0]]
    assert words(figure) == ["fusion centre"] and "round the fusion centre" in note(figure)


def test_without_a_network_or_any_estimate_there_is_no_figure(tmp_path):
    with pytest.raises(NoData, match="500 agents"):
        draw(study(tmp_path, one(ring(1, 2, 3, 4, 5, 6)), network=None), 3.5)
    (tmp_path / "r.sqlite").unlink()
    with pytest.raises(NoData, match="no estimate"):
        draw(study(tmp_path, one(ring(*[None] * 6))), 3.5)


def test_more_arms_than_fit_are_said_and_all_formats_are_drawn(tmp_path, drawn):
    runs = [one(ring(1, 2, 3, 4, 5, 6), place=k) for k in range(5)]
    assert "the first 4 of 5 arms" in note(drawn(draw(study(tmp_path, *runs, arms=5), 7.2)))
    assert main([str(tmp_path / "r.sqlite"), "-o", str(tmp_path / "figures"), "--figure", "links"]) == 0
    assert len(list((tmp_path / "figures").iterdir())) == 3
