# SPDX-License-Identifier: GPL-3.0-or-later
"""What the legend of a figure says."""


def note(figure):
    (legend,) = figure.legends
    return legend.get_title().get_text().replace("\n", " ").replace("\xa0", " ")


def words(figure):
    """What the legend names."""
    return [text.get_text() for text in figure.legends[0].get_texts()]
