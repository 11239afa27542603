# SPDX-License-Identifier: GPL-3.0-or-later
"""Parquet, TensorBoard and figures show what the data frames hold."""

import sys

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.figure import Figure

import starling_diffusion as starling
from starling_diffusion.figures.style import NoData


def test_parquet_keeps_values_types_and_units(study, tmp_path):
    pytest.importorskip("pyarrow")
    paths = study.to_parquet(tmp_path / "tables")
    assert [path.name for path in paths] == ["runs.parquet", "observations.parquet", "agents.parquet", "messages.parquet"]
    for path in paths:
        frame, again = getattr(study, path.stem), pd.read_parquet(path)
        assert list(frame.columns) == list(again.columns)
        # Of names of which there are none the type is lost.
        filled = frame.columns[frame.notna().any()]
        pd.testing.assert_frame_equal(frame[filled], again[filled], check_exact=True)
        assert again.attrs == frame.attrs and again.attrs["units"]


def test_tensorboard_reads_the_curves(study, tmp_path):
    accumulators = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    folders = study.to_tensorboard(tmp_path / "events")
    assert len(folders) == 14 and folders[0] == tmp_path / "events" / "conditions.links.loss=0" / "replication-0"
    found = accumulators.EventAccumulator(str(folders[9]), size_guidance={"scalars": 0})
    found.Reload()
    assert set(found.Tags()["scalars"]) == set(study.metrics.index)
    mine = study.observations.query("arm == 'conditions.links.loss=30 %' and replication == 2 and metric == 'msd'")
    scalars = found.Scalars("msd")
    assert [scalar.step for scalar in scalars] == [round(time * 1000) for time in mine["time"]]
    assert [scalar.wall_time for scalar in scalars] == mine["time"].tolist()
    # Event files hold numbers of single precision.
    assert [scalar.value for scalar in scalars] == mine["value"].astype("float32").tolist()


def test_event_files_are_written_anew(study, tmp_path):
    pytest.importorskip("tensorboard")
    first = study.to_tensorboard(tmp_path)[0]
    size = [file.stat().st_size for file in first.iterdir()]
    study.to_tensorboard(tmp_path)
    assert [file.stat().st_size for file in first.iterdir()] == size and len(size) == 1


@pytest.mark.parametrize(
    "module, call", [("pyarrow", "to_parquet"), ("tensorboard.compat.proto.event_pb2", "to_tensorboard")]
)
def test_what_is_missing_is_said_with_its_extra(study, tmp_path, monkeypatch, module, call):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=r"pip install 'starling-diffusion\[(parquet|tensorboard)\]'"):
        getattr(study, call)(tmp_path)


@pytest.mark.parametrize("kind", ["curves", "time-to-target", "profiles", "network", "where", "staleness", "age", "sweep"])
def test_figures_are_drawn(study, kind):
    figure = study.figure(kind)
    assert isinstance(figure, Figure) and figure.axes
    # A figure that stayed open would be shown twice by a notebook.
    assert not plt.get_fignums()


def test_figures_take_what_the_command_takes(study, tmp_path):
    figure = study.figure(
        "curves", metric="disagreement", axes=["time", "messages"], arms=["conditions.links.loss=0"],
        yardsticks={"bound": -20}, width="double",
    )
    assert len(figure.axes) == 2 and "disagreement" in figure.axes[0].get_ylabel().lower()
    assert any(line.get_gid() == "yardstick" for line in figure.axes[0].lines)
    assert round(figure.get_figwidth(), 1) == 7.2
    figure.savefig(tmp_path / "curves.png")
    assert (tmp_path / "curves.png").stat().st_size > 10_000


def test_figures_that_cannot_be_drawn_say_why(study):
    with pytest.raises(ValueError, match="there is no figure 'curve'; there are curves, differences"):
        study.figure("curve")
    with pytest.raises(ValueError, match="there is no width 'triple'"):
        study.figure("curves", width="triple")
    with pytest.raises(NoData):
        study.figure("differences")
    with pytest.raises(starling.ResultsError, match="there is no arm 'bold'"):
        study.figure("curves", arms=["bold"])


def test_figures_without_matplotlib_say_what_to_install(study, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("starling_diffusion.figures")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"pip install 'starling-diffusion\[figures\]'"):
        study.figure("curves")
