# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the packages of this folder known to their tests."""
