# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts of links in results files."""

import numpy as np
import pytest
from fabricate import RING, arm, run, write

from starling_figures.results import ResultsError, read

LINKS = {"sender": [1, 3, 0], "receiver": [0, 0, 3], "sent": [5, 2, 7], "age_mean": [0.5, np.nan, 0.25]}


def study(tmp_path):
    runs = [run(0, 0, {"msd": [1]}, agents=["a", "b", "c"], links=LINKS), run(1, 0, {"msd": [1]}, agents=["a", "b", "c"])]
    return read(write(tmp_path / "r.sqlite", [arm("first", network=RING), arm("second", network=RING)], runs))


def test_links_have_their_columns_and_a_centre_comes_last(tmp_path):
    links = study(tmp_path).links("first", 0)
    assert links.names == ["a", "b", "c", "centre"] and len(links) == 3
    assert np.array_equal(links["sent"], [5, 2, 7])
    ages = links.matrix("age_mean")
    assert ages.shape == (4, 4) and ages[1, 0] == 0.5 and ages[0, 3] == 0.25
    # No link, and a link over which nothing was heard.
    assert np.isnan(ages[2, 1]) and np.isnan(ages[3, 0]) and links.matrix("sent")[3, 0] == 2


def test_who_keeps_none_says_so(tmp_path):
    with pytest.raises(ResultsError, match="measure.records.links"):
        study(tmp_path).links("second", 0)
