"""The small picture of a signal."""

import numpy as np

from cbam_viz.analysis.outline import OutlineTrace
from cbam_viz.figures.outline import HEIGHT, plot_outline
from cbam_viz.figures.style import DARK


def test_it_draws_the_outline_and_nothing_else():
    """One line through all points, without axes, as high as a line of text or two."""
    trace = OutlineTrace(np.arange(4.0), np.array([0.0, 2.0, -1.0, 0.5]))
    figure = plot_outline(trace, DARK)
    (line,) = figure.data

    assert (list(line.x), list(line.y)) == ([0, 1, 2, 3], [0, 2, -1, 0.5])
    assert (figure.layout.xaxis.visible, figure.layout.yaxis.visible) == (False, False)
    assert figure.layout.height == HEIGHT
    assert line.line.color == DARK.muted
