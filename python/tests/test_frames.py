# SPDX-License-Identifier: GPL-3.0-or-later
"""Data frames have the rows, units and bits of the results file."""

import csv
import subprocess

import numpy as np
import pandas as pd
import pytest

import starling_diffusion as starling
from starling_diffusion.columns import FATES, TABLES
from starling_diffusion.figures.results import read


def exported(study, rows):
    answer = subprocess.run(
        [study.program.path, "export", study.path, "--rows", rows], capture_output=True, text=True, check=True
    )
    return list(csv.DictReader(answer.stdout.splitlines()))


def test_shapes_are_those_of_the_study(study):
    metrics = len(study.metrics)
    assert study.runs.shape[0] == 14 and study.agents.shape[0] == 14 * 6
    assert study.observations.shape == (14 * 101 * metrics, 6)
    assert study.messages.shape[0] == 14 * len(FATES)
    assert study.links.empty and study.returns.empty
    assert study.metrics.loc["msd", "scale"] == "decibels" and study.metrics.index[0] == "msd"


@pytest.mark.parametrize("rows", ["runs", "agents", "observations"])
def test_every_number_has_the_bits_of_the_export(study, rows):
    frame, lines = study.table(rows), exported(study, rows)
    assert list(frame.columns) == list(lines[0]) and len(frame) == len(lines)
    for name in frame.columns:
        if frame[name].dtype == np.float64:
            wanted = [float(line[name].rstrip("%") or "nan") for line in lines]
            np.testing.assert_array_equal(frame[name].to_numpy(), wanted, err_msg=name)
        elif name not in study.runs.columns[1:2]:
            assert ["" if pd.isna(value) else str(value) for value in frame[name]] == [line[name] for line in lines], name


def test_curves_are_those_of_the_database(study):
    frame = study.observations.query("metric == 'msd'")
    for run in read(study.path).runs:
        mine = frame[(frame["arm"] == run.arm) & (frame["replication"] == run.replication)]
        np.testing.assert_array_equal(mine["time"], run.grid)
        np.testing.assert_array_equal(mine["value"], run.series["msd"])


def test_types_say_what_columns_are(study):
    runs, agents = study.runs, study.agents
    assert isinstance(runs["arm"].dtype, pd.CategoricalDtype) and runs["replication"].dtype == np.int64
    assert runs["sent"].dtype == "Int64" and runs["seed"].dtype == "UInt64" and runs["final_msd"].dtype == np.float64
    assert isinstance(runs["fingerprint"].iloc[0], str) and runs["error"].isna().all()
    assert agents["task"].isna().all() and agents["updates"].dtype == "Int64"
    assert isinstance(study.observations["metric"].dtype, pd.CategoricalDtype)


def test_every_quantity_has_a_unit(study):
    for name in ("runs", "observations", "agents", "messages"):
        frame = getattr(study, name)
        units = frame.attrs["units"]
        numbers = {
            column for column in frame.columns
            if pd.api.types.is_numeric_dtype(frame[column].dtype) and column not in ("replication", "seed", "value")
        }
        assert numbers <= units.keys() | set(frame.columns[1:2]), name
        assert set(units.values()) <= {"1", "s", "B", "J"} and frame.attrs["rows"] == name
    assert study.runs.attrs["units"]["end_time"] == "s" and study.runs.attrs["units"]["final_age"] == "s"
    assert study.runs.attrs["units"]["final_msd"] == "1" and study.agents.attrs["units"]["useful"] == "s"
    units = study.observations.attrs["units"]
    assert (units["time"], units["msd"], units["age"], units["bytes"]) == ("s", "1", "s", "B")


def test_fates_add_up_to_the_messages_sent(study):
    sums = study.messages.groupby(["arm", "replication"], observed=True)["messages"].sum()
    sent = study.runs.set_index(["arm", "replication"])["sent"]
    assert (sums.sort_index() == sent.sort_index()).all()
    lost = study.messages.query("fate == 'lost' and cause == 'noise'").groupby("arm", observed=True)["messages"].sum()
    assert lost["conditions.links.loss=0"] == 0 < lost["conditions.links.loss=30 %"]


def test_seconds_of_agents_add_up_to_the_run(study):
    parts = study.agents[["useful", "wasted", "unfinished", "waiting", "down"]].sum(axis=1)
    np.testing.assert_allclose(parts, 10, rtol=1e-12)


def test_settings_are_numbers_where_all_are(settings):
    numbers = starling.compare(settings, overrides={"learner.step-size": [0.1, 0.05]}, replications=1)
    assert numbers.runs["learner.step-size"].tolist() == [0.1, 0.05]
    texts = starling.compare(settings, overrides={"conditions.links.latency": ["10 ms", "20 ms"]}, replications=1)
    assert texts.runs["conditions.links.latency"].tolist() == ["10 ms", "20 ms"]


def test_a_setting_may_be_called_as_a_column_is(settings):
    settings["arms"] = {"a": {"ties": "fifo"}, "b": {"ties": "random:3"}}
    found = starling.compare(settings, replications=1)
    assert found.runs["ties (setting)"].tolist() == ["fifo", "random:3"] and found.runs["ties"].dtype == "Int64"


def test_names_that_look_like_numbers_stay_names(settings):
    settings["network"] = {"topology": "edge-list", "edges": [["nan", "1"], ["1", "002"]]}
    found = starling.run(settings, replications=1)
    assert found.agents["agent"].tolist() == ["nan", "1", "002"] or set(found.agents["agent"]) == {"nan", "1", "002"}


def test_links_and_windows_are_there_when_asked_for(settings):
    settings["measure"]["records"] = {"links": True, "realised": {"every": "5 s"}}
    found = starling.run(settings, replications=1)
    assert len(found.links) == 12 and found.links.attrs["units"]["age_mean"] == "s"
    windows = found.table("windows")
    assert windows["end"].tolist() == [5, 10] and windows.attrs["units"]["start"] == "s"
    assert found.links["sent"].sum() == found.runs["sent"].sum()


def test_columns_that_are_known_are_there(study):
    for rows, known in TABLES.items():
        if rows in ("observations", "runs", "agents", "causes", "links", "returns", "windows"):
            assert known.keys() <= set(study.table(rows).columns), rows
