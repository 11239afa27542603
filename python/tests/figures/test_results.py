# SPDX-License-Identifier: GPL-3.0-or-later
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from fabricate import RING, add, arm, run, whole_study, write

from starling_diffusion.errors import ResultsError
from starling_diffusion.figures.opening import NEWEST_SCHEMA
from starling_diffusion.figures.results import read


def failure(path):
    with pytest.raises(ResultsError) as caught:
        read(path)
    assert "\n" not in str(caught.value)
    return str(caught.value), caught.value.status


def test_everything_that_figures_need_is_read(tmp_path):
    runs = [run(1, 0, {"msd": [1, 0.5], "age": [0, np.nan]}), run(0, 1, {"msd": [1, np.inf]}, target_time=1.0)]
    network = dict(RING, positions=[[0, 0], [0, 1], [1, 0]])
    study = read(write(tmp_path / "r.sqlite", [arm("b", network=network), arm("a"), arm("empty")], runs))
    assert [entry.name for entry in study.present] == ["b", "a"]
    found = [(entry.arm, entry.replication, entry.target_time) for entry in study.runs]
    assert found == [("b", 1, 1.0), ("a", 0, None)]
    assert study.runs[0].series["msd"][1] == np.inf and study.runs[0].finals["msd"] == np.inf
    assert study.arms[0].network.weights[0, 1] == pytest.approx(1 / 3)
    assert study.arms[0].network.positions[1].tolist() == [0, 1]
    assert study.target("msd") == 1e-3 and study.target("age") is None


def test_failed_runs_are_counted_and_left_out(tmp_path):
    runs = [run(0, 0, {"msd": [1]}), run(0, 1, {"msd": [1]}, error="overflow")]
    study = read(write(tmp_path / "r.sqlite", [arm("a")], runs))
    assert len(study.runs) == 1 and study.failed == 1


def test_a_file_is_read_while_another_process_writes_to_it(tmp_path):
    path = write(tmp_path / "r.sqlite", [arm("a")], [run(0, 0, {"msd": [1]})])
    writer = sqlite3.connect(path)
    writer.execute("BEGIN IMMEDIATE")
    add(writer, run(0, 1, {"msd": [1]}))
    assert len(read(path).runs) == 1
    writer.commit()
    assert len(read(path).runs) == 2


def test_a_place_with_signs_of_uris_is_read(tmp_path):
    folder = tmp_path / "50 % of? #runs"
    folder.mkdir()
    assert len(read(whole_study(folder / "r.sqlite")).runs) == 12


def test_what_cannot_be_read_has_status_66(tmp_path):
    assert failure(tmp_path / "none.sqlite") == (f"cannot read '{tmp_path}/none.sqlite': no such file", 66)
    assert failure(tmp_path) == (f"cannot read '{tmp_path}': this is a folder", 66)


@pytest.mark.parametrize("content", [b"", b'{"schema": "starling-results/1"}\n'])
def test_a_file_that_is_no_database_has_status_65(tmp_path, content):
    path = tmp_path / "r.jsonl"
    path.write_bytes(content)
    message, status = failure(path)
    assert status == 65 and "is not a results file of Starling" in message


def test_a_database_of_another_program_has_status_65(tmp_path):
    database = sqlite3.connect(tmp_path / "other.sqlite")
    database.execute("CREATE TABLE cats (name TEXT)")
    database.commit()
    message, status = failure(tmp_path / "other.sqlite")
    assert status == 65 and message.endswith("it is a database of another program")


def test_a_newer_schema_says_what_is_needed(tmp_path):
    path = whole_study(tmp_path / "r.sqlite")
    database = sqlite3.connect(path)
    database.execute("UPDATE format SET needs = 'starling 0.9.0'")
    database.execute(f"PRAGMA user_version = {NEWEST_SCHEMA + 1}")
    database.commit()
    message, status = failure(path)
    assert status == 65 and f"its schema is {NEWEST_SCHEMA + 1}" in message and message.endswith("starling 0.9.0 or newer")


@pytest.mark.parametrize(
    "change, part",
    [
        ("DELETE FROM run WHERE id = 1", "it should hold 12 runs and holds 11, or others"),
        ("UPDATE run SET digest = '00000000000000ff' WHERE id = 1", "or others"),
        ("UPDATE run SET record = '{' WHERE id = 1", "damaged"),
        ("UPDATE run SET record = '{}' WHERE id = 1", "damaged"),
        ("UPDATE run SET grid = x'00' WHERE id = 1", "damaged"),
        ("UPDATE series SET data = x'0000000000000000' WHERE run = 3 AND position = 0", "not as long as its grid"),
        ("UPDATE arm SET facts = '[' WHERE position = 0", "damaged"),
        ("UPDATE network SET network = '{}'", "damaged"),
        ("DROP TABLE series", "damaged: no such table: series"),
        ("DELETE FROM study", "damaged"),
        ("UPDATE run SET ending = CAST(x'95610a95' AS TEXT) WHERE id = 1", "damaged: it holds text that is not UTF-8"),
        ("UPDATE run SET record = x'7b95' WHERE id = 1", "damaged: it holds text that is not UTF-8"),
        ("UPDATE run SET record = '{' WHERE id = 2", "damaged: it holds text that is not JSON"),
        ("UPDATE study SET tuning = '{'", "damaged: it holds text that is not JSON"),
        ("UPDATE run SET record = '{}' WHERE id = 2", "damaged: it lacks 'finals'"),
        ("UPDATE run SET end_time = NULL WHERE id = 1", "damaged: it does not hold what docs/results.md says"),
    ],
)
def test_a_file_that_does_not_hold_together_has_status_65(tmp_path, change, part):
    path = whole_study(tmp_path / "r.sqlite")
    database = sqlite3.connect(path)
    database.execute(change)
    database.commit()
    database.close()
    message, status = failure(path)
    assert status == 65 and part in message


def test_a_file_that_was_cut_has_status_65(tmp_path):
    path = whole_study(tmp_path / "r.sqlite")
    whole = path.stat().st_size
    for there in (whole - 1, whole // 2):
        path.write_bytes(path.read_bytes()[:there])
        message, status = failure(path)
        assert status == 65 and message.endswith(f"is damaged: it was cut, {there} of {whole} bytes are there")


def test_a_write_that_was_killed_is_not_read_half(tmp_path):
    path = whole_study(tmp_path / "r.sqlite")
    killed = (
        "import os, sqlite3, sys; database = sqlite3.connect(sys.argv[1]); database.execute('PRAGMA cache_size = 1');"
        "database.execute('BEGIN'); database.execute(\"UPDATE run SET record = record || '        '\");"
        "database.execute('CREATE TABLE filler AS SELECT * FROM series'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", killed, str(path)], check=False)
    assert path.with_name("r.sqlite-journal").stat().st_size > 0
    message, status = failure(path)
    assert status == 66 and "a program was killed while it wrote" in message
