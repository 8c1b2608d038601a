"""Choices that cannot be meant are refused when they are made."""

import pytest

from cbam_viz.network.config import BlockConfig, CBAMConfig, ModelConfig


def test_even_spatial_kernel_is_refused():
    """An even kernel would shift M_s by half a position."""
    with pytest.raises(ValueError, match="the spatial kernel must be odd, so that M_s keeps its place; got 8"):
        CBAMConfig(kernel=8)


def test_reduction_below_one_is_refused():
    """No MLP has fewer than one hidden unit, or divides its channels by nothing."""
    with pytest.raises(ValueError, match="reduction and min_hidden must be at least 1; got 0 and 2"):
        CBAMConfig(reduction=0)


@pytest.mark.parametrize(
    ("switch", "word", "choices"),
    [
        ("channel", "cbam", "mlp, se, eca"),
        ("pools", "mean", "both, avg, max"),
        ("pooled_order", "max", "max-mean, mean-max"),
        ("order", "channel_spatial", "channel-spatial, spatial-channel, parallel, channel, spatial, none"),
    ],
)
def test_switch_that_is_misspelt_is_refused(switch, word, choices):
    """A word that no switch knows would silently mean another, so it is refused."""
    with pytest.raises(ValueError, match=f"{switch} is one of {choices}; got '{word}'"):
        CBAMConfig(**{switch: word})


def test_pooling_that_is_misspelt_is_refused():
    """A network pools by maximum or by mean."""
    with pytest.raises(ValueError, match="pooling is one of max, mean; got 'avg'"):
        ModelConfig(64, 2, (BlockConfig(4, 8, 4),), pooling="avg")


@pytest.mark.parametrize(("kernel", "stride"), [(7, 2), (3, 5)], ids=["between positions", "gaps"])
def test_convolution_off_its_centre_is_refused(kernel, stride):
    """A convolution whose zeros would lie unevenly, or that would skip samples, is refused."""
    with pytest.raises(ValueError, match=f"kernel - stride must be even and at least 0; got {kernel} and {stride}"):
        BlockConfig(4, kernel, stride)


@pytest.mark.parametrize(("window", "positions"), [(72, 9), (16, 2), (4, 0)])
def test_positions_that_do_not_divide_over_the_head_are_refused(window, positions):
    """The last features are averaged to the head's positions, an equal number to each."""
    with pytest.raises(ValueError, match=f"the head averages {positions} positions to 4, which must divide evenly"):
        ModelConfig(window, 2, (BlockConfig(4, 8, 4, pool=2),))
