# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests share: small scenarios, a study of them, and a folder of one's own for each test."""

from __future__ import annotations

import copy
import os
import signal

import matplotlib
import pytest
from small import ROOT, SETTINGS

import starling_diffusion as starling

matplotlib.use("Agg")


@pytest.fixture
def settings():
    """The settings of a small scenario, to be changed."""
    return copy.deepcopy(SETTINGS)


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    """Results that name no file go there."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    """Two arms with loss and without, seven runs of each."""
    return starling.compare(
        SETTINGS, overrides={"conditions.links.loss": [0, "30 %"]}, output=tmp_path_factory.mktemp("study") / "small.sqlite",
    )


@pytest.fixture(autouse=True, scope="session")
def heeds_interrupts():
    """What shells without job control start in the background ignores Ctrl-C, and under nohup the end of the terminal."""
    interrupts = signal.signal(signal.SIGINT, signal.default_int_handler)
    hangups = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGINT, interrupts)
    signal.signal(signal.SIGHUP, hangups)


@pytest.fixture(autouse=True, scope="session")
def workers_find_the_package():
    """Where it is tested without being installed."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT / "python"), *([before] if before else [])])
    yield
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before
