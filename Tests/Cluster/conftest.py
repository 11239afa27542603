# SPDX-License-Identifier: GPL-3.0-or-later
"""Slurm's daemons start jobs as any user, so they are root's."""

import os

import pytest
from sweep import undivided


def pytest_collection_modifyitems(items):
    """Ends before anything begins where the tests cannot run."""
    if os.geteuid() != 0 and any(item.path.name == "test_slurm.py" for item in items):
        pytest.exit("Slurm's daemons need root: sudo make test-cluster", 77)


@pytest.fixture(scope="session")
def expected(tmp_path_factory):
    """The fingerprints of the sweep that nobody divided."""
    return undivided(tmp_path_factory.mktemp("undivided"))
