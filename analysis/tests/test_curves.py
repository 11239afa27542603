# SPDX-License-Identifier: GPL-3.0-or-later
import json

import numpy as np
import pytest

from starling_figures import command
from starling_figures.curves import decibels, mean_curve
from starling_figures.results import read

HEADER = {
    "schema": "starling-results/1",
    "name": "made-up",
    "target": {"metric": "msd", "threshold": 1e-3},
    "arms": [{"name": "first"}, {"name": "second"}],
}


def run(arm, replication, values, grid=(0, 1, 2)):
    return {
        "arm": arm,
        "replication": replication,
        "grid": list(grid)[: len(values)],
        "series": [{"metric": "msd", "values": list(values)}],
    }


def write(path, runs, tail=""):
    path.write_text("".join(json.dumps(line) + "\n" for line in [HEADER, *runs]) + tail)
    return path


def test_errors_are_averaged_before_the_logarithm(tmp_path):
    study = read(write(tmp_path / "r.jsonl", [run("first", 0, [1e-2, 1, 1]), run("first", 1, [1e-4, 1, 1])]))
    curve = mean_curve(study, "first", "msd")
    assert decibels(curve["mean"])[0] == pytest.approx(-22.967, abs=1e-3)


def test_the_band_is_students_interval(tmp_path):
    runs = [run("first", k, [k + 1.0]) for k in range(5)]
    curve = mean_curve(read(write(tmp_path / "r.jsonl", runs)), "first", "msd")
    half = 2.776445 * np.sqrt(2.5 / 5)
    assert curve["lower"][0] == pytest.approx(3 - half, abs=1e-5)
    assert curve["upper"][0] == pytest.approx(3 + half, abs=1e-5)
    assert curve["n"][0] == 5


def test_only_times_that_all_runs_reached_are_averaged(tmp_path):
    runs = [run("first", 0, [1, 2, 3]), run("first", 1, [1, 2])]
    assert list(mean_curve(read(write(tmp_path / "r.jsonl", runs)), "first", "msd")["time"]) == [0, 1]


def test_infinite_values_are_read(tmp_path):
    study = read(write(tmp_path / "r.jsonl", [run("first", 0, [1, "inf", "nan"])]))
    values = study.series["value"].to_numpy()
    assert values[1] == np.inf and np.isnan(values[2])


def test_a_torn_last_line_is_left_out_with_a_warning(tmp_path):
    path = write(tmp_path / "r.jsonl", [run("first", 0, [1, 1, 1])], tail='{"arm": "fir')
    with pytest.warns(UserWarning, match="torn"):
        assert len(read(path).series) == 3


def test_a_damaged_line_is_an_error_with_its_number(tmp_path):
    path = write(tmp_path / "r.jsonl", [run("first", 0, [1])], tail='{"arm": "fir\n')
    with pytest.raises(ValueError, match=":3: the line is damaged"):
        read(path)


def test_arms_keep_the_order_of_the_scenario(tmp_path):
    runs = [run("second", 0, [1, 1, 1]), run("first", 0, [1, 1, 1])]
    assert read(write(tmp_path / "r.jsonl", runs)).arms == ["first", "second"]


def test_the_command_draws_three_files(tmp_path):
    path = write(tmp_path / "r.jsonl", [run(arm, k, [1, 0.1, 0.01 + k]) for arm in ("first", "second") for k in (0, 1)])
    assert command.main([str(path), "-o", str(tmp_path / "figures")]) == 0
    drawn = sorted(file.name for file in (tmp_path / "figures").iterdir())
    assert drawn == ["r-msd.pdf", "r-msd.png", "r-msd.svg"]


def test_a_missing_file_has_exit_status_66(tmp_path):
    assert command.main([str(tmp_path / "none.jsonl")]) == 66
