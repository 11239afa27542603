# SPDX-License-Identifier: GPL-3.0-or-later
"""How agents choose in a corridor."""

import json

import numpy as np
import pytest
from matplotlib.patches import Circle, FancyArrow

from starling_diffusion.errors import ResultsError
from starling_diffusion.figures.command import main
from starling_diffusion.figures.corridor import LONGEST, START, different, draw, read
from starling_diffusion.figures.style import NoData

ACTIONS = ["stay", "down", "up", "left", "right"]


def probabilities(before, keep):
    """A policy that goes on with a probability, back with half of the rest, and else stays."""
    rest = (1 - keep) / 2
    values = dict.fromkeys(ACTIONS, 0.0) | {"stay": rest, "left": rest, "right": rest}
    if before in ("left", "right"):
        values[before] = keep
    return [values[action] for action in ACTIONS]


def document(keeps=None, **changes):
    """What the program prints of agents, by the probability with which each goes on."""
    agents = [
        {
            "agent": name,
            "cells": [
                {"row": 4, "column": column, "before": before, "probabilities": probabilities(before, keep)}
                for column in range(1, 9)
                for before in ACTIONS
            ],
        }
        for name, keep in (keeps or {"agent-0": 0.8}).items()
    ]
    whole = {
        "schema": "starling-corridor/1", "study": "rooms", "arm": "both", "replication": 0, "time": 60.0,
        "environment": "two-room", "policy": "prior", "actions": ACTIONS, "agents": agents,
    }
    return whole | changes


def written(folder, content, name="rooms.json"):
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_arrows_are_as_long_as_actions_are_probable(tmp_path, drawn):
    figure = drawn(draw(read(written(tmp_path, document())), 3.5))
    assert len(figure.axes) == 2
    for axes, before, sign in zip(figure.axes, ("left", "right"), (-1, 1)):
        arrows = [patch for patch in axes.patches if isinstance(patch, FancyArrow)]
        dots = [patch for patch in axes.patches if isinstance(patch, Circle)]
        on = [patch for patch in arrows if patch.get_gid() == f"{before} 0.800"]
        back = [patch for patch in arrows if patch not in on]
        assert (len(on), len(back), len(dots)) == (8, 8, 8)
        for column, patch in enumerate(on, 1):
            tip = patch.get_xy()[:, 0]
            assert (tip.max() if sign > 0 else tip.min()) == pytest.approx(column + sign * (START + LONGEST * 0.8))
        for column, patch in enumerate(back, 1):
            tip = patch.get_xy()[:, 0]
            assert (tip.min() if sign > 0 else tip.max()) == pytest.approx(column - sign * (START + LONGEST * 0.1))
        assert all(2 * dot.radius == pytest.approx(LONGEST * 0.1) for dot in dots)
        assert [tick for tick in axes.get_xticks()] == list(range(1, 9))


def test_agents_with_one_policy_are_drawn_once(tmp_path, drawn):
    corridor = read(written(tmp_path, document({"a": 0.8, "b": 0.8, "c": 0.5})))
    assert [agents for agents, _ in different(corridor.policies)] == [["a", "b"], ["c"]]
    assert len(drawn(draw(corridor, 7.2)).axes) == 4


def test_what_cannot_be_drawn_is_said(tmp_path):
    with pytest.raises(NoData, match="5 policies are too many"):
        draw(read(written(tmp_path, document({str(number): 0.1 * number for number in range(5)}))), 3.5)
    diverged = document()
    diverged["agents"][0]["cells"][0]["probabilities"] = [None] * 5
    corridor = read(written(tmp_path, diverged))
    assert np.isnan(corridor.policies[0].cells[4, 1, "stay"]).all()
    with pytest.raises(NoData, match="diverged"):
        draw(corridor, 3.5)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("no document", "is no JSON document"),
        ("[]", "is not what"),
        ({"schema": "starling-evaluate/1"}, "is not what"),
        ({"schema": "starling-corridor/1"}, "is a damaged document"),
    ],
)
def test_another_file_has_status_65(tmp_path, content, words, capsys):
    path = written(tmp_path, content)
    with pytest.raises(ResultsError, match=words):
        read(path)
    assert main([str(path), "-o", str(tmp_path)]) == 65
    assert words in capsys.readouterr().err


def test_the_command_draws_documents(tmp_path, capsys):
    path = written(tmp_path, document())
    folder = tmp_path / "figures"
    assert main([str(path), "-o", str(folder), "--format", "png"]) == 0
    assert [file.name for file in folder.iterdir()] == ["rooms-corridor.png"]
    assert main([str(path), "-o", str(folder), "--figure", "corridor", "--format", "svg", "--width", "double"]) == 0
    assert main([str(tmp_path / "none.json"), "-o", str(folder)]) == 66
    assert main([str(path), "-o", str(folder), "--figure", "curves"]) == 65
    assert "has no data for the figure 'curves'" in capsys.readouterr().err
