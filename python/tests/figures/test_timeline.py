# SPDX-License-Identifier: GPL-3.0-or-later
import matplotlib.pyplot as plt
import pytest
from fabricate import arm, run, write

from starling_diffusion.figures.curves import draw
from starling_diffusion.figures.results import read
from starling_diffusion.figures.timeline import Happening, happenings, parsed, seconds


def of(tmp_path, timeline, until=100):
    path = tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite"
    write(path, [arm("a", {"timeline": timeline}, until=until)], [run(0, 0, {"msd": [1, 2]})])
    return happenings(read(path).arms[0])


def test_settings_are_read_with_maps_lists_and_quoted_names():
    text = """[{at: 1 s, cut: {links: [[a, "b: c, d"]], direction: forward}}, {name: 'it''s', heal: all}]"""
    assert parsed(text) == [
        {"at": "1 s", "cut": {"links": [["a", "b: c, d"]], "direction": "forward"}}, {"name": "it's", "heal": "all"},
    ]
    assert parsed("[]") == []


@pytest.mark.parametrize("text", ["[", "{a}", "[a] b", "{a: }", ""])
def test_what_is_no_value_is_refused(text):
    with pytest.raises(ValueError):
        parsed(text)


def test_times_have_units_and_shares_are_of_the_run():
    assert [seconds(text, 200) for text in ["3 min", "20 ms", "33 %", "0.5", "1 h"]] == [180, 0.02, 66, 100, 3600]
    with pytest.raises(ValueError):
        seconds("soon", 200)


def test_events_come_again_and_end_with_the_run(tmp_path):
    found = of(tmp_path, "[{at: 20 s, every: 30 s, for: 15 s, slow: {agents: [a], factor: 10}}]")
    assert found == [Happening("slow", 20, 35), Happening("slow", 50, 65), Happening("slow", 80, 95)]
    assert of(tmp_path, "[{at: 90 s, for: 1 min, pause: all}]") == [Happening("pause", 90, 100)]


def test_a_counterpart_ends_what_it_is_meant_for(tmp_path):
    timeline = """[{at: 10 s, name: x, partition: {bisect: bfs}}, {at: 20 s, partition: {bisect: spectral}},
        {at: 30 s, heal: {event: x}}, {at: 40 s, heal: all}, {at: 50 s, partition: {bisect: bfs}}]"""
    spans = [(entry.start, entry.end) for entry in of(tmp_path, timeline)]
    assert spans == [(10, 30), (20, 40), (50, 100)]


def test_a_crash_that_ends_is_followed_by_a_recovery(tmp_path):
    found = of(tmp_path, "[{at: [10 s, 95 s], for: 20 s, crash: all}]")
    assert found == [Happening("crash", 10, 10), Happening("recover", 30, 30), Happening("crash", 95, 95)]


def test_the_legend_names_each_kind_once_and_whom_it_happens_to(tmp_path):
    both = "{at: 1 s, crash: all}"
    parts = "{at: 1 s, every: 2 s, times: 2, for: 1 s, partition: {bisect: bfs}}"
    arms = [arm("a", {"timeline": f"[{both}]"}, until=9), arm("b", {"timeline": f"[{both}, {parts}]"}, until=9)]
    runs = [run(place, 0, {"msd": [1e-2] * 10}) for place in range(2)]
    figure = draw(read(write(tmp_path / "r.sqlite", arms, runs)), 7, axes=["time"])
    panel = figure.axes[0]
    shown = [name for name in panel.get_legend_handles_labels()[1] if name not in ("a", "b")]
    assert shown.count("crash") == 1 and shown.count("partition (b)") == 1 and len(shown) == 2
    assert sum(entry.get_gid() == "timeline" for entry in panel.patches) == 2
    curves = [line.get_zorder() for line in panel.lines if line.get_gid() != "timeline" and len(line.get_xdata()) == 10]
    behind = [entry.get_zorder() for entry in [*panel.patches, *panel.lines] if entry.get_gid() == "timeline"]
    assert len(curves) == 2 and max(behind) < min(curves)
    plt.close(figure)


def test_the_legend_names_the_fewer_of_those_to_whom_it_happens_and_the_others(tmp_path):
    def legend(happening_to, names):
        arms = [
            arm(name, {"timeline": "[{at: 1 s, crash: all}]" if name in happening_to else "[]"}, until=9)
            for name in names
        ]
        runs = [run(place, 0, {"msd": [1e-2] * 10}) for place in range(len(names))]
        figure = draw(read(write(tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite", arms, runs)), 7, axes=["time"])
        shown = [name for name in figure.axes[0].get_legend_handles_labels()[1] if name.startswith("crash")]
        plt.close(figure)
        return shown

    assert legend("abc", "abc") == ["crash"]
    assert legend("ab", "abc") == ["crash (all but c)"]
    assert legend("a", "abc") == ["crash (a)"]
    assert legend("ab", "abcd") == ["crash (a, b)"]
    assert legend(["x, y", "z"], ["x, y", "z", "a", "b"]) == ["crash (x, y; z)"]
