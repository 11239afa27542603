# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of several figures set up."""

import matplotlib
import matplotlib.pyplot as plt
import pytest

matplotlib.use("Agg")


@pytest.fixture
def drawn():
    """Draws a figure that is closed after the test."""
    figures = []

    def keep(figure):
        figures.append(figure)
        return figure

    yield keep
    for figure in figures:
        plt.close(figure)
