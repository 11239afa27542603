# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures from the results files of Starling."""
