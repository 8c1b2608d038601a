"""A stream is prepared as the whole file is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbam_viz.signals.prepared import begin_reading, cut_stream
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import Preparation, prepare_windows

STEP = 3_000


def in_blocks(samples, lengths):
    """Cut samples into blocks of these lengths, over and over."""
    begin, number = 0, 0
    while begin < len(samples):
        yield samples[begin : begin + lengths[number % len(lengths)]]
        begin += lengths[number % len(lengths)]
        number += 1


def joined(cut):
    """All starts and inputs of a stream."""
    found = list(cut)
    return np.concatenate([each.starts for each in found]), np.concatenate([each.inputs for each in found])


RATES = st.sampled_from([(12_000.0, 12_000.0), (25_600.0, 12_000.0), (48_828.0, 12_207.0), (10_500.0, 12_000.0)])


@given(
    rates=RATES,
    lowpass=st.sampled_from([None, 4_000.0]),
    count=st.integers(1_500, 20_000),
    lengths=st.lists(st.integers(100, 7_000), min_size=1, max_size=4),
    hop=st.sampled_from([64, 100, 256, 700]),
)
@settings(max_examples=40, deadline=None)
def test_stream_gives_the_windows_of_the_whole_file(rates, lowpass, count, lengths, hop):
    """However a recording comes in blocks, its windows are those of the whole file, to the rounding of the filters."""
    fs, to = rates
    preparation = Preparation(to, 256, hop, lowpass if to < fs or lowpass else 4_000.0)
    samples = np.random.default_rng(count).normal(3.0, 1.0, count)
    whole = prepare_windows(Signal(samples, fs, "whole"), preparation)

    starts, inputs = joined(cut_stream(in_blocks(samples, lengths), fs, preparation, step=STEP))

    assert starts.tolist() == whole.starts.tolist()
    np.testing.assert_allclose(inputs, whole.inputs, rtol=1e-5, atol=1e-6)


@given(lengths=st.lists(st.integers(100, 7_000), min_size=1, max_size=4))
@settings(max_examples=20, deadline=None)
def test_blocks_change_no_bit(lengths):
    """The same recording in other blocks gives the same bits."""
    samples = np.random.default_rng(0).normal(0, 1, 14_000)
    preparation = Preparation(12_000.0, 256, 128, 4_000.0)
    one = joined(cut_stream([samples], 25_600.0, preparation, step=STEP))
    other = joined(cut_stream(in_blocks(samples, lengths), 25_600.0, preparation, step=STEP))

    assert one[0].tobytes() == other[0].tobytes()
    assert one[1].tobytes() == other[1].tobytes()


@pytest.mark.parametrize("number", [1, 17, 40])
def test_stream_goes_on_where_it_ended(number):
    """Begun at a later window, a stream gives the very windows that it would have given there."""
    samples = np.random.default_rng(0).normal(0, 1, 14_000)
    preparation = Preparation(12_000.0, 256, 128, 4_000.0)
    starts, inputs = joined(cut_stream([samples], 25_600.0, preparation, step=STEP))
    first = 128 * number
    begin = begin_reading(25_600.0, preparation, first, STEP)
    later = joined(cut_stream([samples[begin:]], 25_600.0, preparation, first, STEP))

    assert later[0].tolist() == starts[number:].tolist()
    assert later[1].tobytes() == inputs[number:].tobytes()


def test_windows_that_touch_a_gap_are_left_out_and_no_other_changes():
    """Windows whose samples saw a missing one are counted, and all others are as if it had been there."""
    samples = np.random.default_rng(0).normal(0, 1, 14_000)
    broken = samples.copy()
    broken[7_000:7_400] = np.nan
    broken[9_000] = np.inf
    preparation = Preparation(12_000.0, 256, 128, 4_000.0)
    whole = dict(zip(*joined(cut_stream([samples], 25_600.0, preparation, step=STEP)), strict=True))
    found = list(cut_stream([broken], 25_600.0, preparation, step=STEP))
    starts, inputs = joined(found)

    assert sum(each.missing for each in found) == len(whole) - len(starts) > 4
    touched = (starts + 256 > 7_000 * 12 / 25.6) & (starts < 7_400 * 12 / 25.6)
    assert not touched.any()
    np.testing.assert_allclose(inputs, [whole[start] for start in starts], atol=1e-6)


def test_windows_in_which_nothing_moves_are_left_out():
    """A sensor that stands still for a while leaves out what lies there, also where it has an offset."""
    samples = np.random.default_rng(0).normal(5, 1, 14_000)
    samples[4_000:9_000] = 5.0
    preparation = Preparation(12_000.0, 256, 256, 4_000.0)
    whole = prepare_windows(Signal(samples, 25_600.0, "whole"), preparation)
    found = list(cut_stream([samples], 25_600.0, preparation, step=STEP))

    assert joined(found)[0].tolist() == whole.starts.tolist()
    assert sum(each.still for each in found) > 5
