# SPDX-License-Identifier: GPL-3.0-or-later
"""What `scripts/make-wheel` is made of."""
