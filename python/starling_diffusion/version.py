# SPDX-License-Identifier: GPL-3.0-or-later
"""The version of the package, which is that of the program that it drives."""

__version__ = "0.4.0"
