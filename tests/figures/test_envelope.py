"""Lines stand above the envelope spectrum, as wide as they are looked for."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.figures.envelope import plot_envelope, say_line


def test_every_line_has_a_bar_as_wide_as_its_reach(envelope):
    """A bar from the lower end of what was searched to the upper, in a row of its part."""
    _line, *rows = plot_envelope(envelope).data
    bars = [(low, low + width) for row in rows for low, width in zip(row.base, row.x, strict=True)]

    np.testing.assert_allclose(
        sorted(bars), sorted((each.line.hz - each.reach, each.line.hz + each.reach) for each in envelope.found)
    )
    assert [len(set(row.y)) for row in rows] == [1] * 5


def test_only_what_stands_out_is_full_and_shaded(envelope):
    """Lines above chance are opaque and reach down into the spectrum, the others are pale."""
    figure = plot_envelope(envelope)
    opacity = {row.y[0]: set(row.marker.opacity) for row in figure.data[1:]}

    assert opacity == {4: {1.0}, 3: {0.3}, 2: {0.3}, 1: {0.3}, 0: {0.3}}
    assert len(figure.layout.shapes) == 3


def test_orders_divide_by_the_shaft(envelope):
    """Over orders of the shaft, everything stands at its frequency over the shaft's, and the axis says so."""
    figure = plot_envelope(replace(envelope, orders=True))

    np.testing.assert_allclose(figure.data[0].x, envelope.hz / 25, rtol=1e-5)
    assert figure.data[5].base[0] + figure.data[5].x[0] / 2 == pytest.approx(1)
    assert figure.layout.xaxis.title.text == "orders of the shaft"


def test_pointing_at_a_line_names_it(found):
    """Name, place, prominence and chance; beyond the spectrum only where it would be."""
    assert say_line(found[0]).startswith("BPFO: 89.6 ± 2.5 Hz<br>9.0 times what is around, by chance up to 3.0")
    ball = next(each for each in found if each.line.family == "ball")
    assert say_line(ball).endswith("beyond this spectrum")


def test_a_line_of_a_stronger_part_is_said_and_pale(envelope):
    """Where a stronger part is heard at the same amplitude, the bar is pale, and pointing at it names that line."""
    shared = replace(envelope.found[0], also="2 × BPFI")
    figure = plot_envelope(replace(envelope, found=(shared, *envelope.found[1:])))

    assert say_line(shared).endswith("<br>also 2 × BPFI’s")
    assert figure.data[1].marker.opacity[:2] == (0.3, 1.0)


def test_without_lines_the_spectrum_has_all_the_room(envelope):
    """No machine, no lane."""
    figure = plot_envelope(replace(envelope, found=()))

    assert len(figure.data) == 1
    assert figure.layout.yaxis.domain == (0, 1)
