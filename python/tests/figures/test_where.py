# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of agents and their messages went."""

import matplotlib.pyplot as plt
import pytest
from fabricate import agent, arm, fates, run, write
from legends import note, words

from starling_diffusion.figures.results import read
from starling_diffusion.figures.style import STYLE, NoData
from starling_diffusion.figures.where import bytes_each, draw, messages, slowed, times


def study(tmp_path, *runs, arms=1):
    return read(write(tmp_path / "r.sqlite", [arm(f"arm {k}") for k in range(arms)], list(runs)))


def one(agents, place=0, replication=0, **fates):
    return run(place, replication, {"msd": [1, 0.1]}, agents=agents, **fates)


def amounts(parts, name="arm 0"):
    """What is there of each part."""
    return {part.name: part.amounts[name] for part in parts if part.amounts[name]}


def bars(axes):
    """By part: where the bars of the arms begin and how long they are."""
    return {
        patch.get_gid(): [(bar.get_x(), bar.get_width()) for bar in axes.patches if bar.get_gid() == patch.get_gid()]
        for patch in axes.patches if patch.get_gid()
    }


def test_times_are_means_over_agents_and_replications_and_sum_to_the_run(tmp_path):
    first = one([agent("a", 10, waiting=20), agent("b", 20, waiting=10)], messages=fates(5))
    second = one([agent("a", 2, unfinished=1, wasted=3, down=24), agent("b", 30)], replication=1, messages=fates(5))
    found = amounts(times(study(tmp_path, first, second)))
    assert found == pytest.approx(
        {"completed steps": 15.5, "unfinished steps": 0.25, "waiting": 7.5, "wasted steps": 0.75, "down": 6}
    )
    assert sum(found.values()) == pytest.approx(30)


def test_waiting_and_outages_are_told_apart_where_the_file_does(tmp_path):
    waits = {"neighbours": 3, "centre": 0, "clock": 2, "asleep": 1, "paused": 4}
    causes = [{"cause": "failures", "wasted": 2, "down": 5}, {"cause": "crash@3s", "wasted": 0, "down": 6}]
    entry = agent("a", 7, waiting=10, waits=waits, wasted=2, down=11, causes=causes)
    assert amounts(times(study(tmp_path, one([entry], messages=fates(1))))) == {
        "completed steps": 7, "waiting for neighbours": 3, "waiting for a clock": 2, "asleep": 1, "paused": 4,
        "wasted steps: failures": 2, "down: crash@3s": 6, "down: failures": 5,
    }


def test_of_many_causes_the_greatest_are_told_apart(tmp_path):
    causes = [{"cause": f"c{k}", "wasted": 0, "down": k} for k in range(1, 8)]
    found = amounts(times(study(tmp_path, one([agent("a", 10, down=28, causes=causes)], messages=fates(1)))))
    greatest = {f"down: c{k}": k for k in range(3, 8)}
    assert found == {"completed steps": 10, **greatest, "down: other causes": 3}


def test_messages_sum_to_those_sent(tmp_path):
    losses = {"noise": 1, "burst": 2, "cut": 3, "edge_gone": 4, "sender_crashed": 5, "waiting": 2}
    others = {
        "replaced_unread": 6, "unread_at_end": 7, "overtaken": 8, "superseded": 9, "to_dead_agent": 10, "late": 11,
        "duplicate": 12, "in_flight_at_end": 13, "never_started": 14,
    }
    kept = fates(100, losses, **others)
    found = study(tmp_path, one([agent("a", 1)], messages=kept), one([agent("a", 1)], replication=1, messages=fates(100)))
    parts = amounts(messages(found))
    assert sum(parts.values()) == (kept["sent"] + 100) / 2 and kept["sent"] == 100 + 15 + sum(others.values())
    assert parts["used"] == 100 and parts["unread or in flight"] == 10 and parts["lost: cut"] == 1.5
    assert len(parts) == 14


def test_older_files_lose_messages_in_one_way(tmp_path):
    kept = fates(100, {"noise": 7})
    del kept["losses"]
    assert amounts(messages(study(tmp_path, one([], messages=kept)))) == {"used": 100, "lost: noise": 7}


@pytest.mark.parametrize("width, panels", [(3.5, (2, 1)), (7.2, (1, 2))])
def test_bars_are_stacked_from_zero_with_the_share_of_use_behind_them(tmp_path, drawn, width, panels):
    first = one([agent("a", 60, waiting=40)], messages=fates(30, replaced_unread=10))
    second = one([agent("a", 20, waiting=30, down=50)], place=1, messages=fates(10, {"cut": 190}))
    figure = drawn(draw(study(tmp_path, first, second, arms=2), width))
    time, sent = figure.axes
    assert time.get_subplotspec().get_gridspec().get_geometry() == panels
    assert bars(time) == {"completed steps": [(0, 60), (0, 20)], "waiting": [(60, 40), (20, 30)], "down": [(50, 50)]}
    assert bars(sent) == {"used": [(0, 30), (0, 10)], "replaced unread": [(30, 10)], "lost: cut": [(10, 190)]}
    shares = [[text.get_text() for text in axes.texts] for axes in (time, sent)]
    assert shares == [["60\xa0%", "20\xa0%"], ["75\xa0%", "5.0\xa0%"]]
    names = [text for text in words(figure) if text.strip()]
    assert names == [
        "Time:", "completed steps", "waiting", "down", "Messages:", "used", "replaced unread", "lost: cut",
    ] and "One replication" in note(figure)


def test_time_beyond_usual_speed_is_hatched_at_the_end_of_completed_steps(tmp_path, drawn):
    slow = one([agent("a", 80, waiting=20, slowed=30), agent("b", 80, waiting=20, slowed=10)])
    fast = one([agent("a", 80, waiting=20, slowed=-5)], place=1)
    found = study(tmp_path, slow, fast, arms=2)
    assert slowed(found) == {"arm 0": 20, "arm 1": -5}
    figure = drawn(draw(found, 3.5))
    assert bars(figure.axes[0])["slowed"] == [(60, 20)] and "of it beyond usual speed" in words(figure)


def test_parts_that_cannot_be_seen_are_named_in_the_note(tmp_path, drawn):
    causes = [{"cause": name, "wasted": 0, "down": 0.5} for name in ("x", "y")]
    kept = fates(999, {"noise": 1})
    figure = drawn(draw(study(tmp_path, one([agent("a", 999, down=1, causes=causes)], messages=kept)), 3.5))
    assert note(figure).endswith("too little to be seen: down, lost: noise")
    assert [text for text in words(figure) if text.strip()] == ["Time:", "completed steps", "Messages:", "used"]


def test_an_arm_that_sends_nothing_says_so_and_without_messages_there_is_one_panel(tmp_path, drawn):
    both = [one([agent("a", 9)], messages=fates(5)), one([agent("a", 9)], place=1, messages=fates(0))]
    figure = drawn(draw(study(tmp_path, *both, arms=2), 7.2))
    assert [text.get_text() for text in figure.axes[1].texts] == ["100\xa0%", "none"]
    (tmp_path / "r.sqlite").unlink()
    figure = drawn(draw(study(tmp_path, one([agent("a", 9)], messages=fates(0))), 7.2))
    assert len(figure.axes) == 1 and "messages" not in note(figure)


def test_bytes_stand_above_messages_that_all_have_as_many(tmp_path, drawn):
    kept = fates(30, superseded=10) | {"bytes": 30 * 7000}
    figure = drawn(draw(study(tmp_path, one([agent("a", 9)], messages=kept)), 7.2))
    figure.canvas.draw()
    [scale] = figure.axes[1].child_axes
    assert scale.get_xlabel() == "Their bytes (kB)"
    factor = scale.get_xlim()[1] / figure.axes[1].get_xlim()[1]
    assert factor == pytest.approx(7)
    for other in ({"acknowledgements": 3}, {"bytes": 0}):
        (tmp_path / "r.sqlite").unlink()
        assert bytes_each(study(tmp_path, one([agent("a", 9)], messages=kept | other))) is None


def test_long_names_fit_into_the_legend_and_beside_bars(tmp_path, drawn):
    causes = [{"cause": "a cause with a name that goes on and on", "wasted": 0, "down": 5}]
    name = "an arm whose name is as long as the whole figure is wide, and longer, and longer, and still goes on"
    entry = one([agent("a", 10, down=5, causes=causes)], messages=fates(1))
    with plt.rc_context(STYLE):
        figure = drawn(draw(read(write(tmp_path / "r.sqlite", [arm(name)], [entry])), 3.5))
        figure.canvas.draw()
    wide = figure.legends[0].get_window_extent().width
    assert wide <= figure.bbox.width and any(text.endswith("…") for text in words(figure))
    assert figure.axes[0].get_yticklabels()[0].get_window_extent().width < 0.4 * figure.bbox.width


def test_who_keeps_no_accounts_has_no_figure(tmp_path):
    with pytest.raises(NoData, match="no accounts"):
        draw(study(tmp_path, one(["a"])), 3.5)
    many = [one([agent("a", 1)], place=k) for k in range(41)]
    (tmp_path / "r.sqlite").unlink()
    with pytest.raises(NoData, match="41 arms do not fit"):
        draw(study(tmp_path, *many, arms=41), 3.5)
