"""All maps come to samples and segments by one way, which loses nothing."""

import numpy as np
import pytest

from cbam_viz.analysis.segments import average_samples, cells_of_samples, segments_of_samples, spread_positions
from cbam_viz.network.checkpoint import read_network
from cbam_viz.network.receptive import ReceptiveField


@pytest.mark.parametrize("block", range(3))
def test_a_sample_lies_in_the_cell_with_the_nearest_centre(block):
    """No other position of a shipped network has its centre nearer to a sample."""
    field = read_network("mfpt-3").card.fields[block]
    centres = np.array([field.centre(position) for position in range(field.positions)])
    away = np.abs(np.arange(2048)[:, None] - centres)

    np.testing.assert_array_equal(cells_of_samples(field, 2048), away.argmin(axis=1))


def test_samples_beyond_the_cells_go_to_the_nearest():
    """Cells that leave out both ends of a window count there too."""
    field = ReceptiveField(first_sample=8, size=4, stride=4, positions=3)  # cells from 7.5 to 19.5

    np.testing.assert_array_equal(cells_of_samples(field, 24), [0] * 12 + [1] * 4 + [2] * 8)


@pytest.mark.parametrize("positions", [16, 64, 256])
def test_segments_conserve_mass(positions):
    """The mean over segments is the mean over positions, whether they are larger, equal or smaller."""
    stride = 1024 // positions
    values = np.random.default_rng(0).random(positions)
    spread = spread_positions(values, ReceptiveField(0, stride, stride, positions), 1024)

    assert average_samples(spread, segments_of_samples(1024)).mean() == pytest.approx(values.mean())
    if positions == 64:
        np.testing.assert_allclose(average_samples(spread, segments_of_samples(1024)), values)


@pytest.mark.parametrize(("samples", "offset"), [(2048, 0), (2048, 13), (1000, 7), (40, 3)])
def test_segments_are_equal_parts(samples, offset):
    """Wherever they begin, sizes differ by one sample at most, and there are 64 where there are samples enough."""
    sizes = np.bincount(segments_of_samples(samples, offset))

    assert len(sizes) == min(64, samples)
    assert np.ptp(sizes) <= 1


def test_the_cut_segment_is_joined():
    """Segments that begin later are the same, moved round the window."""
    np.testing.assert_array_equal(segments_of_samples(8, 1, 4), [3, 0, 0, 1, 1, 2, 2, 3])
