# SPDX-License-Identifier: GPL-3.0-or-later
"""Where agents are drawn: on their map, on the shape of their topology, or by distances in the graph."""

from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import shortest_path

from .records import Network

CIRCULAR = {"ring", "circulant", "complete", "exponential", "ring-of-cliques"}
"""Topologies whose agents are numbered round a circle."""


def places(network: Network, settings: dict[str, str]) -> tuple[np.ndarray, str]:
    """The place of every agent, and in words where it comes from."""
    count = len(network.names)
    topology = settings.get("network.topology", "")
    if network.positions is not None:
        return network.positions, "agents at their places"
    if topology in ("grid", "torus"):
        rows, columns = _count(settings, "network.rows"), _count(settings, "network.columns")
        if rows and columns and rows * columns == count:
            ranks = np.arange(count)
            return np.column_stack([ranks % columns, -(ranks // columns)]).astype(float), "agents by row and column"
    if topology in CIRCULAR or count <= 2:
        return circle(count), "agents round a circle"
    if topology == "star":
        # The hub is the first agent.
        return np.vstack([[0.0, 0.0], circle(count - 1)]), "the hub in the middle"
    return by_distance(network.weights), "layout by distances in the graph"


def circle(count: int) -> np.ndarray:
    """Equal angles, clockwise from the top."""
    angles = np.pi / 2 - 2 * np.pi * np.arange(count) / max(count, 1)
    return np.column_stack([np.cos(angles), np.sin(angles)])


def by_distance(weights: np.ndarray, iterations: int = 200) -> np.ndarray:
    """Places whose distances are as near as can be to those in the graph, found by stress majorisation.

    It starts from classical scaling, so the result depends on the graph alone. Σ d_ij^-2 (|x_i - x_j| - d_ij)² falls
    at each step.

    Source: Gansner, Koren and North, "Graph drawing by stress majorization", 2004.
    """
    count = len(weights)
    links = ((weights + weights.T) > 0) & ~np.eye(count, dtype=bool)
    steps = shortest_path(links.astype(float), unweighted=True, directed=False)
    far = steps[np.isfinite(steps)].max() + 1
    steps[~np.isfinite(steps)] = far
    points = classical_scaling(steps)
    np.fill_diagonal(steps, 1)
    importance = 1 / steps**2
    np.fill_diagonal(importance, 0)
    laplacian = np.diag(importance.sum(axis=1)) - importance
    inverse = np.linalg.pinv(laplacian)
    for _ in range(iterations):
        gaps = points[:, None] - points[None]
        lengths = np.sqrt((gaps**2).sum(axis=2))
        with np.errstate(divide="ignore", invalid="ignore"):
            pulls = np.where(lengths > 1e-9, importance * steps / lengths, 0)
        moved = inverse @ (np.diag(pulls.sum(axis=1)) - pulls) @ points
        if np.abs(moved - points).max() < 1e-6 * far:
            break
        points = moved
    return points


def classical_scaling(distances: np.ndarray) -> np.ndarray:
    """The plane that keeps most of the squared distances; a faint circle keeps agents apart that it puts together.

    Source: Torgerson, "Multidimensional scaling", 1952.
    """
    count = len(distances)
    centring = np.eye(count) - 1 / count
    values, vectors = np.linalg.eigh(-centring @ distances**2 @ centring / 2)
    plane = np.zeros((count, 2))
    for axis, place in enumerate(np.argsort(values, kind="stable")[::-1][:2]):
        # An eigenvector has no sign of its own: its largest entry is positive.
        vector = vectors[:, place]
        plane[:, axis] = vector * np.sign(vector[np.argmax(np.abs(vector))]) * np.sqrt(max(values[place], 0))
    return plane + 1e-3 * float(distances.max()) * circle(count)


def _count(settings: dict[str, str], key: str) -> int:
    text = settings.get(key, "")
    return int(text) if text.isdigit() else 0
