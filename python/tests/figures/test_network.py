# SPDX-License-Identifier: GPL-3.0-or-later
"""What the figure of networks shows, and what its legend says of it."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from fabricate import arm, run, write

from starling_diffusion.figures.network import draw
from starling_diffusion.figures.results import read


def network(count, pairs):
    """Agents with the links given, and the weights of Metropolis."""
    weights = np.zeros((count, count))
    for l, k in pairs:
        weights[l, k] = weights[k, l] = 1 / count
    np.fill_diagonal(weights, 1 - weights.sum(axis=0))
    links = [[l, k, float(weights[l, k])] for l, k in zip(*(map(int, entry) for entry in np.nonzero(weights)))]
    return {"names": [f"agent-{k}" for k in range(count)], "positions": None, "links": links}


RING = network(6, [(k, (k + 1) % 6) for k in range(6)])
STAR = network(7, [(0, k) for k in range(1, 7)])


def sizes(tmp_path, networks, width):
    """The areas of agents drawn in each panel, and those in the legend by their words; square points."""
    arms = [arm(f"arm {k}", network=entry) for k, entry in enumerate(networks)]
    figure = draw(read(write(tmp_path / "r.sqlite", arms, [run(0, 0, {"msd": [1]})])), width)
    drawn = [axes.collections[-1] for axes in figure.axes]
    (legend,) = figure.legends
    shown = {
        text.get_text(): handle
        for text, handle in zip(legend.get_texts(), legend.legend_handles) if "agent" in text.get_text()
    }
    plt.close(figure)
    assert all(handle.get_markeredgewidth() == drawn[0].get_linewidths()[0] for handle in shown.values())
    assert all(handle.get_markeredgecolor() == "white" for handle in shown.values())
    areas = [np.broadcast_to(entry.get_sizes(), len(entry.get_offsets())) for entry in drawn]
    return areas, {text: handle.get_markersize() ** 2 for text, handle in shown.items()}


@pytest.mark.parametrize("width", [3.5, 7.2])
def test_agents_of_all_networks_and_of_the_legend_have_one_scale(tmp_path, width):
    (ring, star), legend = sizes(tmp_path, [RING, STAR], width)
    assert star[0] / star[1] == pytest.approx(6) and ring == pytest.approx([2 * star[1]] * 6)
    assert legend == pytest.approx({"agent, degree 1": star[1], "agent, degree 6": star[0]})


@pytest.mark.parametrize("width", [3.5, 7.2])
def test_the_legend_of_one_network_has_the_sizes_that_are_drawn(tmp_path, width):
    (star,), legend = sizes(tmp_path, [STAR], width)
    assert legend == pytest.approx({"agent, degree 1": star[1], "agent, degree 6": star[0]})
