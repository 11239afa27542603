# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs keep of agents that act: parameters, and returns by task."""

import sqlite3

import numpy as np
import pytest
from fabricate import arm, run, whole_study, write

from starling_diffusion.errors import ResultsError
from starling_diffusion.figures.results import read

SINGLE = np.array([0x7FC01234, 0x80000000, 0x7F800000, 1, 0x3F800001], dtype="<u4").view("<f4")
DOUBLE = np.array([0x7FF8000000001234, 0x8000000000000000, 1], dtype="<u8").view("<f8")


def acting(path, **values):
    """A study of two arms: a run that keeps what `values` say, and one that failed."""
    runs = [run(0, 0, {"return": [1, 2]}, **values), run(1, 4, {"return": [1]}, error="overflow")]
    return write(path, [arm("a"), arm("b")], runs)


def failure(question):
    with pytest.raises(ResultsError) as caught:
        question()
    assert "\n" not in str(caught.value)
    return str(caught.value), caught.value.status


def test_parameters_are_read_as_the_same_bits(tmp_path):
    kept = [("x", 1.5, SINGLE), ("y", 1.5, DOUBLE), ("x", 2.5, SINGLE[:0])]
    found = read(acting(tmp_path / "r.sqlite", parameters=kept)).parameters("a", 0)
    assert [(entry.agent, entry.time) for entry in found] == [("x", 1.5), ("y", 1.5), ("x", 2.5)]
    assert [entry.values.dtype for entry in found] == [np.float32, np.float64, np.float32]
    assert found[0].values.view("<u4").tolist() == SINGLE.view("<u4").tolist()
    assert found[1].values.view("<u8").tolist() == DOUBLE.view("<u8").tolist()


def test_returns_are_a_matrix_of_agents_and_tasks(tmp_path):
    stored = {"tasks": ["s", "t"], "returns": [[1, "inf"], ["nan", -2.5], [0.1, 0]]}
    study = read(acting(tmp_path / "r.sqlite", agents=["x", "y", "z"], task_returns=stored))
    found = study.task_returns("a", 0)
    assert (found.agents, found.tasks) == (["x", "y", "z"], ["s", "t"])
    np.testing.assert_array_equal(found.returns, [[1, np.inf], [np.nan, -2.5], [0.1, 0]])
    assert study.only(["a"]).task_returns("a", 0) is found


def test_what_is_not_there_is_said_with_what_is(tmp_path):
    study = read(acting(tmp_path / "r.sqlite"))
    for question in (study.parameters, study.task_returns):
        message = "there is no arm 'c'; the arms are 'a', 'b'"
        assert failure(lambda ask=question: ask("c", 0)) == (message, 64)
        message, status = failure(lambda ask=question: ask("a", 7))
        assert status == 64 and message.endswith("no finished run of replication 7; the replications are 0")
        message, status = failure(lambda ask=question: ask("b", 4))
        assert status == 64 and message.endswith("the replications are none")
    message, _ = failure(lambda: study.parameters("a", 0))
    assert "keeps no parameters; `measure.keep-parameters`" in message
    message, _ = failure(lambda: study.task_returns("a", 0))
    assert message.endswith("replication 0 has no returns by task")


def test_a_file_of_the_first_schema_is_read(tmp_path):
    study = read(write(tmp_path / "r.sqlite", [arm("a")], [run(0, 0, {"msd": [1, 0.5]})], schema=1))
    assert study.runs[0].finals == {"msd": 0.5} and study.runs[0].task_returns is None
    assert "keeps no parameters" in failure(lambda: study.parameters("a", 0))[0]


def test_a_study_is_read_without_its_parameters(tmp_path):
    path = acting(tmp_path / "r.sqlite", parameters=[("x", 1.0, np.arange(1e5)), ("y", 1.0, SINGLE)])
    whole = bytearray(path.read_bytes())
    middle = whole.index(np.arange(5e4, 5e4 + 2).tobytes()) // 4096 * 4096
    whole[middle : middle + 5 * 4096] = b"\xa5" * 5 * 4096
    path.write_bytes(whole)
    study = read(path)
    assert len(study.runs) == 1
    message, status = failure(lambda: study.parameters("a", 0))
    assert status == 65 and "damaged" in message


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE parameters SET data = x'000000'",
        "PRAGMA ignore_check_constraints = 1; UPDATE parameters SET precision = 'half'",
        "DROP TABLE parameters; CREATE TABLE parameters (run INTEGER)",
    ],
)
def test_parameters_that_do_not_hold_together_have_status_65(tmp_path, change):
    path = acting(tmp_path / "r.sqlite", parameters=[("x", 1.0, SINGLE)])
    study = read(path)
    database = sqlite3.connect(path)
    database.executescript(change)
    database.close()
    message, status = failure(lambda: study.parameters("a", 0))
    assert status == 65 and "damaged" in message


def test_returns_of_another_shape_have_status_65(tmp_path):
    stored = {"tasks": ["s"], "returns": [[1]]}
    path = acting(tmp_path / "r.sqlite", agents=["x", "y"], task_returns=stored)
    assert "1 returns of 2 agents in 1 tasks" in failure(lambda: read(path))[0]


def test_studies_of_estimation_have_neither(tmp_path):
    study = read(whole_study(tmp_path / "r.sqlite"))
    assert all(entry.task_returns is None for entry in study.runs)
