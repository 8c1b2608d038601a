"""Numbers in words."""

import pytest

from cbam_viz.language import digits, percent


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


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        (-0.0351, "+.3f", "−0.035"),
        (0.095, "+.3f", "+0.095"),
        (-2.5, "g", "−2.5"),
        (3, "d", "3"),
        (-0.004, ".2f", "0.00"),
        (-0.004, "+.2f", "0.00"),
    ],
)
def test_below_zero_stands_a_minus(value, form, said):
    """A minus, which is as wide as a plus, and no hyphen; what rounds to 0 has none."""
    assert digits(value, form) == said
