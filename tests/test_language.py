"""Numbers in words."""

import pytest

from cbam_viz.language import percent


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0.0%"),
        (0.0004, "<0.1%"),
        (0.0005, "0.1%"),
        (0.977, "97.7%"),
        (0.9994, "99.9%"),
        (0.99951, ">99.9%"),
        (1.0, "100.0%"),
    ],
)
def test_rounding_makes_no_certainty(share, said):
    """Only a probability of 1 is said to be 100 %, only one of 0 to be none."""
    assert percent(share) == said
