# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers behind profiles, histograms, networks and sweeps."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from fabricate import arm, run, whole_study, write

from starling_diffusion.figures.histograms import draw_staleness, staleness_edges, total, update_edges
from starling_diffusion.figures.layout import by_distance, circle, places
from starling_diffusion.figures.network import is_directed, perron_weights
from starling_diffusion.figures.prediction import measured
from starling_diffusion.figures.profiles import band, profile
from starling_diffusion.figures.records import Network
from starling_diffusion.figures.results import read
from starling_diffusion.figures.style import COLOURS, labels, look, wrapped
from starling_diffusion.figures.sweep import as_number, family, final_value, is_logarithmic, median_time, swept


def test_a_profile_is_the_share_of_runs_at_or_below_a_level():
    finals = np.array([0.1, 0.2, 0.2, np.nan, np.inf])
    assert profile(finals, np.array([0.05, 0.1, 0.2, 100])).tolist() == pytest.approx([0, 0.2, 0.6, 0.6])


def test_the_bootstrap_band_of_a_profile_is_that_of_binomial_shares():
    # 5 of 10 at the level: the 2.5 and 97.5 % points of Binomial(10, 1/2) / 10 are 0.2 and 0.8.
    finals = np.array([0.0] * 5 + [1.0] * 5)
    lower, upper = band(finals, np.array([0.5, 2]))
    assert (lower.tolist(), upper.tolist()) == ([0.2, 1], [0.8, 1])
    assert np.array_equal(band(finals, np.array([0.5, 2]))[0], lower)


def test_histograms_of_different_lengths_are_added(tmp_path):
    runs = [
        run(0, k, {"msd": [1]}, staleness={"updates_histogram": entry, "seconds_histogram": []})
        for k, entry in enumerate([[1, 2], [3], []])
    ]
    study = read(write(tmp_path / "r.sqlite", [arm("a")], runs))
    assert total(study.runs, "updates_histogram").tolist() == [4, 2]
    assert total(study.runs, "seconds_histogram").tolist() == []


@pytest.mark.parametrize("width", [3.5, 7.2])
def test_markers_of_staleness_lie_inside_the_frame(tmp_path, width):
    """Of ages of zero one arm has all, one some and one none; in updates one bin holds all, another hardly any."""
    seconds = [[100], [30, *[0] * 60, 70], [0, *[0] * 60, 100]]
    updates = [[100], [90, 10], [20, 79.98, 0, 0.02]]
    runs = [
        run(place, 0, {"msd": [1]}, staleness={"seconds_histogram": one, "updates_histogram": other})
        for place, (one, other) in enumerate(zip(seconds, updates))
    ]
    figure = draw_staleness(read(write(tmp_path / "r.sqlite", [arm(name) for name in "abc"], runs)), width)
    figure.canvas.draw()
    seen = 0
    for axes in figure.axes:
        box = axes.get_window_extent()
        for line in axes.lines:
            if line.get_marker() in (None, "None"):
                continue
            places = line.get_transform().transform(line.get_xydata())
            places = places[np.isfinite(places).all(axis=1)]
            radius = line.get_markersize() / 2 * figure.dpi / 72
            seen += len(places)
            assert (places > [box.x0 + radius, box.y0 + radius]).all()
            assert (places < [box.x1 - radius, box.y1 - radius]).all()
    assert seen == 3 + 6
    plt.close(figure)


def test_edges_of_staleness_are_quarters_of_octaves_from_a_microsecond():
    assert staleness_edges(9)[[0, 4, 8]] == pytest.approx([1e-6, 2e-6, 4e-6])


@pytest.mark.parametrize("longest, edges", [(3, [0, 1, 2, 3]), (17, [0, 1, 2, 3, 4, 6, 8, 12, 16, 24])])
def test_many_updates_share_bins(longest, edges):
    assert update_edges(longest).tolist() == edges


def test_every_estimate_is_in_a_bin():
    assert all(update_edges(longest)[-1] >= longest for longest in range(1, 257))


def test_perron_weights_are_the_fixed_point():
    # Two agents: the first keeps 0.9 of its own and hears 0.1, the second hears half.
    weights = np.array([[0.9, 0.5], [0.1, 0.5]])
    assert perron_weights(weights) == pytest.approx([5 / 6, 1 / 6])
    assert perron_weights(np.full((3, 3), 1 / 3)) == pytest.approx([1 / 3] * 3)


def test_a_link_without_a_way_back_makes_a_network_directed():
    weights = np.array([[0.5, 0.5, 0], [0, 0.5, 0.5], [0.5, 0, 0.5]])
    assert is_directed(weights) and not is_directed(np.full((3, 3), 1 / 3))


def test_the_map_of_a_network_is_its_layout():
    positions = np.array([[0.1, 0.2], [0.9, 0.3]])
    network = Network(["a", "b"], positions, np.full((2, 2), 0.5))
    assert places(network, {})[0] is positions


def test_the_layout_of_a_path_is_a_line():
    weights = np.eye(5) + np.eye(5, k=1) + np.eye(5, k=-1)
    points = by_distance(weights)
    assert np.linalg.svd(points - points.mean(axis=0))[1][1] < 0.02
    assert np.linalg.norm(points[0] - points[4]) == pytest.approx(4, abs=0.01)
    assert np.array_equal(points, by_distance(weights))


def test_pieces_of_a_network_are_laid_out_too():
    assert np.isfinite(by_distance(np.eye(4))).all()


def test_a_grid_lies_by_row_and_column():
    network = Network([str(k) for k in range(6)], None, np.eye(6))
    settings = {"network.topology": "grid", "network.rows": "2", "network.columns": "3"}
    assert places(network, settings)[0][[0, 2, 3]].tolist() == [[0, 0], [2, 0], [0, -1]]
    assert np.array_equal(places(network, {"network.topology": "ring"})[0], circle(6))


def test_predictions_are_compared_with_the_mean_final_error(tmp_path):
    study = read(whole_study(tmp_path / "r.sqlite"))
    finals = [entry.finals["msd"] for entry in study.runs[:3]]
    interval = measured(study, study.arms[0].name)
    assert interval.mean == pytest.approx(np.mean(finals)) and interval.lower < interval.mean < interval.upper


def test_swept_keys_are_those_of_the_names_of_arms(tmp_path):
    keys = swept(read(whole_study(tmp_path / "r.sqlite")))
    assert [(key.path, key.values, key.numbers) for key in keys] == [
        ("learner.step-size", ["0.01", "0.02"], [0.01, 0.02]),
        ("conditions.links.loss", ["0", "10 %"], [0, 0.1]),
    ]


def test_swept_keys_of_arms_with_other_names_are_their_settings(tmp_path):
    arms = [arm("slow", {"a.b": "10 s", "same": "1"}), arm("fast", {"a.b": "200 ms", "same": "1"})]
    runs = [run(k, 0, {"msd": [1]}) for k in (0, 1)]
    (key,) = swept(read(write(tmp_path / "r.sqlite", arms, runs)))
    assert (key.path, key.values) == ("a.b", ["200 ms", "10 s"])


def test_a_sweep_of_several_arms_has_a_family_for_each(tmp_path):
    names = [f"{name}, a.b={value}" for name in ("wait", "go") for value in (1, 2)]
    arms = [arm(name, {"a.b": name[-1], "timing": name[:2]}) for name in names]
    study = read(write(tmp_path / "r.sqlite", arms, [run(k, 0, {"msd": [1]}) for k in range(4)]))
    assert [key.path for key in swept(study)] == ["a.b"]
    assert [family(study, name) for name in names] == ["wait", "wait", "go", "go"]


@pytest.mark.parametrize(
    "text, value",
    [
        ("0.05", 0.05), ("100 ms", 0.1), ("10 %", 0.1), ("-30 dB", -30), ("1e-3", 1e-3), ("none", None),
        ("2 apples", None),
    ],
)
def test_values_of_scenarios_are_numbers_with_units(text, value):
    assert as_number(text) == (None if value is None else pytest.approx(value))


def test_values_spaced_by_ratios_get_a_logarithmic_axis():
    assert is_logarithmic([0.01, 0.02, 0.05, 0.1])
    assert not is_logarithmic([0.01, 0.02, 0.03, 0.04, 0.05])
    assert not is_logarithmic([0, 0.1, 1])


def test_values_of_cells_are_decibels_of_means_and_medians_of_times(tmp_path):
    arms = [arm("a")]
    runs = [run(0, k, {"msd": [value]}, target_time=time) for k, (value, time) in enumerate([(1e-3, 4.0), (3e-3, 8.0)])]
    study = read(write(tmp_path / "r.sqlite", arms, runs))
    assert final_value(study, "a", "msd").point == pytest.approx(-26.99, abs=0.01)
    time = median_time(study, "a")
    # Two runs are too few for an interval.
    assert time.point == 4
    assert np.isnan(time.lower) and np.isnan(time.upper)


def test_looks_of_arms_differ_without_colour():
    marks = {(str(look(index)["linestyle"]), look(index)["marker"]) for index in range(49)}
    assert len(marks) == 49
    assert len({(look(index)["color"], str(look(index)["linestyle"])) for index in range(49)}) == 49
    assert look(0)["color"] == COLOURS[0]


def test_names_of_sweeps_lose_what_their_keys_share(tmp_path):
    study = read(whole_study(tmp_path / "r.sqlite"))
    assert labels(study)[study.arms[1].name] == "step-size = 0.01, loss = 10 %"
    mixed = read(write(tmp_path / "m.sqlite", [arm("wait, a.x=1"), arm("go, a.x=1")], []))
    assert labels(mixed)["go, a.x=1"] == "go, x = 1"
    other = read(write(tmp_path / "o.sqlite", [arm("a.x=1, b.x=2"), arm("plain")], []))
    assert labels(other)["a.x=1, b.x=2"] == "a.x=1, b.x=2"


def test_a_long_text_is_wrapped_and_keeps_numbers_with_their_units():
    assert "\n" in wrapped("word " * 40, 200, 7)
    assert "n\xa0=\xa020" in wrapped("mean; n = 20", 200, 7)


