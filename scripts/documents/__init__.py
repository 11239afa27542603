# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps the documents true: quoted outputs, the gallery of scenarios, the atlas of conditions, and the links
of the site.
"""
