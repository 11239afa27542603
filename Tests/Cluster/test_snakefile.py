# SPDX-License-Identifier: GPL-3.0-or-later
"""The Snakefile gives the runs of an undivided sweep, and goes on where it was interrupted."""

import json
import os
import shlex
import signal
import subprocess
import sys

from cluster import until
from sweep import PROGRAM, ROOT, RUNS, SWEEP, fingerprints, kept, sessions, write

SHARDS = 4


def snakemake(folder, *more):
    """Starts Snakemake with two cores."""
    config = {"sweep": shlex.join(SWEEP[1:]), "shards": SHARDS, "starling": PROGRAM}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", "--snakefile", ROOT / "workflow" / "Snakefile", "--cores", "2",
         "--configfile", "config.json", *more],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)


def test_an_interrupted_workflow_goes_on_to_the_runs_of_one_machine(tmp_path, expected):
    write(tmp_path)

    first = snakemake(tmp_path)

    def in_the_middle():
        assert first.poll() is None, first.stdout.read()
        return [path for path in tmp_path.glob("results/*-shard-*.sqlite") if 0 < kept(path) < RUNS // SHARDS // 2]

    began = until(in_the_middle, "a shard in the middle")
    os.killpg(first.pid, signal.SIGTERM)
    output, _ = first.communicate()
    assert first.returncode != 0, output
    assert 0 < kept(began[0])

    second = snakemake(tmp_path, "--rerun-incomplete")
    output, _ = second.communicate()
    assert second.returncode == 0, output
    merged = next(path for path in tmp_path.glob("results/*.sqlite") if "-shard-" not in path.name)
    assert fingerprints(tmp_path, merged) == expected
    assert sessions(began[0]) == 2
    assert "Verdict  " in merged.with_suffix(".txt").read_text(encoding="utf-8")

    third = snakemake(tmp_path)
    output, _ = third.communicate()
    assert third.returncode == 0 and "Nothing to be done" in output, output
