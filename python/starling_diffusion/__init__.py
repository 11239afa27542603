# SPDX-License-Identifier: GPL-3.0-or-later
"""Starling, a simulator of asynchronous diffusion learning, from Python."""

from .version import __version__

__all__ = ["__version__"]
