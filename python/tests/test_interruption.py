# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl-C ends a study in good order, and the same call goes on with it."""

import json
import os
import signal
import subprocess
import sys
import threading

import pytest

import starling_diffusion as starling
from starling_diffusion.process import carry_out
from starling_diffusion.program import Program


@pytest.fixture
def long(settings):
    """A study of a few seconds."""
    settings["measure"] = {"until": "4 min", "every": "1 s"}
    settings["network"]["agents"] = 12
    return settings


def test_an_interrupted_study_goes_on_to_the_same_runs(long, tmp_path):
    seen = []

    def press(progress):
        """Ctrl-C, as soon as some runs have ended."""
        seen.append(progress)
        if progress.done >= 1 and len(seen) < 100:
            seen.extend([progress] * 100)
            os.kill(os.getpid(), signal.SIGINT)

    asked = {"replications": 60, "jobs": 1, "output": tmp_path / "interrupted.sqlite"}
    with pytest.raises(starling.StudyInterrupted) as raised:
        starling.run(long, progress=press, **asked)
    assert raised.value.status == 75 and raised.value.path == tmp_path / "interrupted.sqlite"
    assert "interrupted" in str(raised.value) and "the same command goes on from there" in str(raised.value)
    part = starling.Study(raised.value.path)
    assert 1 <= len(part.fingerprints) < 60 and part.status()["missing"] == 60 - len(part.fingerprints)

    whole = starling.run(long, **asked)
    once = starling.run(long, **{**asked, "output": tmp_path / "uninterrupted.sqlite", "jobs": 2})
    assert whole.fingerprints == once.fingerprints and len(whole.runs) == 60
    assert part.fingerprints.items() <= whole.fingerprints.items()


def test_an_interruption_is_no_exception_that_loops_swallow():
    assert not issubclass(starling.StudyInterrupted, Exception) and issubclass(starling.StudyInterrupted, KeyboardInterrupt)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_script_that_is_told_to_end_ends_the_program(long, tmp_path, number):
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        "import starling_diffusion as starling\n"
        "def told(progress):\n"
        "    if progress.done: print('under way', flush=True)\n"
        "try:\n"
        f"    starling.run({long!r}, replications=10_000, jobs=1, output='long.sqlite', progress=told)\n"
        "except starling.StudyInterrupted as interruption:\n"
        "    print(interruption, file=sys.stderr)\n"
        "    sys.exit(interruption.status)\n"
    )
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "under way\n"
    process.send_signal(number)
    try:
        messages = process.communicate(timeout=60)[1]
    finally:
        process.kill()
    assert process.returncode == 75
    assert messages.startswith("interrupted: ")
    status = starling.Study("long.sqlite").status()
    assert not status["is_running"] and status["sessions"][0]["ended"]


def stub(tmp_path, text):
    """A program of the test's own."""
    path = tmp_path / "stub"
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(0o755)
    return Program(path, "0", "made by a test")


def test_a_second_ctrl_c_is_passed_on_too(tmp_path):
    program = stub(
        tmp_path,
        "import pathlib, signal, sys, time\n"
        "count = 0\n"
        "def hear(*_):\n"
        "    global count\n"
        "    count += 1\n"
        "    pathlib.Path('heard').write_text(str(count))\n"
        "    if count == 2: sys.exit(130)\n"
        "signal.signal(signal.SIGINT, hear)\n"
        "pathlib.Path('ready').touch()\n"
        "while True: time.sleep(0.05)\n",
    )

    def press():
        for sign in ("ready", "heard"):
            while not (tmp_path / sign).exists() or not (tmp_path / sign).read_text() and sign == "heard":
                pass
            os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    outcome = carry_out(program, [], None)
    thread.join()
    assert outcome.was_interrupted and outcome.status == 130 and (tmp_path / "heard").read_text() == "2"


def test_a_listener_that_fails_leaves_no_program_behind(long, tmp_path):
    def fail(progress):
        raise ValueError("of my own")

    with pytest.raises(ValueError, match="of my own"):
        starling.run(long, replications=10_000, output="left.sqlite", progress=fail)
    assert not starling.Study("left.sqlite").status()["is_running"]


def has_runs(program, file):
    answer = subprocess.run([program, "status", file, "--json"], capture_output=True, text=True, check=False).stdout
    return answer.startswith("{") and json.loads(answer)["files"][0]["done"] > 0


def test_a_results_file_in_use_is_told_from_an_interruption(long, tmp_path):
    program = starling.find_program().path
    scenario = tmp_path / "long.yaml"
    scenario.write_text(starling.Scenario(long).text)
    other = subprocess.Popen(
        [program, "run", scenario, "--replications=10000", "--jobs=1", "--output=busy.sqlite", "--quiet"],
        stdout=subprocess.DEVNULL,
    )
    try:
        while not has_runs(program, "busy.sqlite"):
            pass
        with pytest.raises(starling.ResultsError) as raised:
            starling.run(scenario, replications=10_000, output="busy.sqlite")
        assert raised.value.status == 75
    finally:
        other.send_signal(signal.SIGTERM)
        other.wait()
