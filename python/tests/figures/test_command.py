# SPDX-License-Identifier: GPL-3.0-or-later
import sqlite3
import warnings

import pytest
from fabricate import RING, arm, run, whole_study, write

from starling_diffusion.figures.command import FIGURES, main

OF_ESTIMATION = [name for name in FIGURES if name not in ("tasks", "realised", "differences", "links")]
"""What a study has data for whose agents do not act, that is no fork and keeps no records."""


def drawn(folder):
    return sorted(file.name for file in folder.iterdir())


def test_every_figure_is_drawn_in_three_formats(tmp_path):
    path = whole_study(tmp_path / "r.sqlite")
    assert main([str(path), "-o", str(tmp_path / "figures")]) == 0
    expected = sorted(f"r-{name}.{suffix}" for name in OF_ESTIMATION for suffix in ("pdf", "png", "svg"))
    assert drawn(tmp_path / "figures") == expected


@pytest.mark.parametrize("name", OF_ESTIMATION)
def test_every_figure_is_drawn_of_one_replication_and_two_columns_wide(tmp_path, name):
    path = whole_study(tmp_path / "r.sqlite", replications=1)
    arguments = ["--figure", name, "--format", "png", "--width", "double"]
    assert main([str(path), "-o", str(tmp_path / "figures"), *arguments]) == 0
    assert drawn(tmp_path / "figures") == [f"r-{name}.png"]


def test_the_same_results_give_the_same_bytes(tmp_path):
    path = whole_study(tmp_path / "r.sqlite")
    for folder in ("one", "two"):
        assert main([str(path), "-o", str(tmp_path / folder)]) == 0
    for name in drawn(tmp_path / "one"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_fonts_are_embedded_as_outlines(tmp_path):
    path = whole_study(tmp_path / "r.sqlite")
    main([str(path), "-o", str(tmp_path), "--figure", "curves", "--format", "pdf"])
    content = (tmp_path / "r-curves.pdf").read_bytes()
    assert b"/FontFile2" in content and b"/Type3" not in content


def test_what_a_study_lacks_is_noted_and_the_rest_is_drawn(tmp_path, capsys):
    arms = [arm("only", target=None)]
    path = write(tmp_path / "r.sqlite", arms, [run(0, 0, {"msd": [1, 0.1]})])
    assert main([str(path), "-o", str(tmp_path / "figures"), "--format", "png"]) == 0
    assert drawn(tmp_path / "figures") == ["r-curves.png", "r-profiles.png", "r-staleness.png"]
    notes = capsys.readouterr().err
    assert "note: no figure 'time-to-target': no arm has a target (`measure.target`)\n" in notes
    assert "note: no figure 'network'" in notes and "note: no figure 'sweep'" in notes


def test_a_figure_that_was_asked_for_and_has_no_data_is_an_error(tmp_path, capsys):
    path = write(tmp_path / "r.sqlite", [arm("only")], [run(0, 0, {"msd": [1, 0.1]})])
    assert main([str(path), "-o", str(tmp_path), "--figure", "prediction"]) == 65
    expected = f"error: '{path}' has no data for the figure 'prediction': theory predicts no arm\n"
    assert capsys.readouterr().err == expected


def test_a_metric_that_is_not_there_is_an_error(tmp_path, capsys):
    path = whole_study(tmp_path / "r.sqlite")
    assert main([str(path), "-o", str(tmp_path), "--figure", "curves", "--metric", "return"]) == 65
    assert "there is no metric 'return' in every run" in capsys.readouterr().err


def test_a_metric_that_is_no_squared_error_is_drawn_in_its_units(tmp_path):
    path = whole_study(tmp_path / "r.sqlite")
    arguments = ["--figure", "curves", "profiles", "sweep", "--metric", "age", "--format", "svg"]
    assert main([str(path), "-o", str(tmp_path / "figures"), *arguments]) == 0
    assert drawn(tmp_path / "figures") == ["r-curves-age.svg", "r-profiles-age.svg", "r-sweep-age.svg"]


def test_diverged_runs_and_zeros_are_drawn(tmp_path):
    series = [{"msd": [1, 1e300, float("inf")]}, {"msd": [1, 0, 0]}, {"msd": [1, 0.1, 0.2]}]
    series += [{"msd": [1, 1e200, 1e307]}]
    runs = [run(k, r, entry) for k, entry in enumerate(series) for r in (0, 1, 2)]
    arms = [arm(f"a.b={k}", {"a.b": str(k)}, RING, predicted_msd=0.1) for k in range(len(series))]
    path = write(tmp_path / "r.sqlite", arms, runs)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert main([str(path), "-o", str(tmp_path), "--format", "png"]) == 0
    assert "r-sweep.png" in drawn(tmp_path) and "r-prediction.png" in drawn(tmp_path)


def test_a_directed_network_and_a_single_agent_are_drawn(tmp_path):
    directed = {"names": ["a", "b", "c"], "positions": None,
                "links": [[0, 0, 1], [1, 1, 0.5], [0, 1, 0.5], [2, 2, 0.5], [1, 2, 0.5]]}
    alone = {"names": ["a"], "positions": None, "links": [[0, 0, 1]]}
    for number, network in enumerate((directed, alone)):
        path = write(tmp_path / f"{number}.sqlite", [arm("x", network=network)], [run(0, 0, {"msd": [1]})])
        assert main([str(path), "-o", str(tmp_path), "--figure", "network", "--format", "png"]) == 0


def test_of_many_arms_the_sweep_is_drawn_and_curves_of_those_chosen(tmp_path, capsys):
    arms = [arm(f"a.b={k}", {"a.b": str(k)}) for k in range(22)]
    path = write(tmp_path / "r.sqlite", arms, [run(k, 0, {"msd": [1, 0.1 + k]}) for k in range(22)])
    folder = tmp_path / "figures"
    assert main([str(path), "-o", str(folder), "--format", "png"]) == 0
    assert drawn(folder) == ["r-sweep.png"]
    assert "22 arms are too many to tell apart; choose some with --arm" in capsys.readouterr().err
    assert main([str(path), "-o", str(folder), "--format", "png", "--arm", "a.b=3", "a.b=4", "--figure", "curves"]) == 0
    assert main([str(path), "-o", str(folder), "--arm", "a.b=99"]) == 64


def test_a_study_without_finished_runs_is_an_error(tmp_path, capsys):
    path = write(tmp_path / "r.sqlite", [arm("a")], [])
    assert main([str(path), "-o", str(tmp_path)]) == 65
    assert capsys.readouterr().err == f"error: '{path}': no run has finished\n"


def test_errors_of_files_are_one_line_with_an_exit_status(tmp_path, capsys):
    assert main([str(tmp_path / "none.sqlite")]) == 66
    assert capsys.readouterr().err == f"error: cannot read '{tmp_path}/none.sqlite': no such file\n"
    database = sqlite3.connect(tmp_path / "other.sqlite")
    database.execute("CREATE TABLE cats (name TEXT)")
    database.commit()
    assert main([str(tmp_path / "other.sqlite")]) == 65
    assert capsys.readouterr().err.count("\n") == 1


def test_a_folder_that_cannot_be_made_has_status_73(tmp_path):
    path = whole_study(tmp_path / "r.sqlite")
    (tmp_path / "taken").write_text("")
    assert main([str(path), "-o", str(tmp_path / "taken")]) == 73


def test_wrong_usage_has_status_64_and_help_lists_the_figures(capsys):
    assert main(["r.sqlite", "--figure", "cats"]) == 64
    assert main([]) == 64
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in FIGURES)
