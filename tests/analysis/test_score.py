"""A score stands out only beyond the band of its control."""

import math

from cbam_viz.analysis.score import Score


def test_a_score_stands_out_only_beyond_its_band():
    """Within the band, and on its edge, a value is neither above nor below."""
    scores = [Score("flatten_spatial", "block 1", value, 0.5, 0.4, 0.6) for value in (0.39, 0.4, 0.6, 0.61)]

    assert [(score.below, score.above) for score in scores] == [
        (True, False),
        (False, False),
        (False, False),
        (False, True),
    ]


def test_what_is_not_known_stands_out_nowhere():
    """A value or a band that is NaN is neither above nor below."""
    for score in (Score("shift", "block 1", 9.0), Score("shift", "block 1", math.nan, 0.5, 0.4, 0.6)):
        assert not score.above
        assert not score.below
