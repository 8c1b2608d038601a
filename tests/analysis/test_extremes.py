"""The outline of a recording holds its highest and lowest samples, wherever one looks and however it was read."""

import numpy as np
import pytest

from cbam_viz.analysis.extremes import MOST_BINS, bin_of, note_extremes, trace_extremes

FS = 1_000.0


def write(path, samples, lengths=(777,), length=32, begin=0, mode="w+b"):
    """Note the extremes of samples that come in blocks of these lengths."""
    with path.open(mode) as file:
        edges = np.cumsum(np.resize(lengths, 1 + len(samples) // min(lengths)))
        blocks = note_extremes(np.split(samples, edges[edges < len(samples)]), file, length, begin)
        assert sum(map(len, blocks)) == len(samples)
    return path


def test_no_impact_is_lost_at_any_zoom(tmp_path):
    """A single sample of another height is seen in the whole recording and in every stretch that holds it."""
    samples = np.random.default_rng(0).normal(0, 0.1, 400_000)
    samples[123_456] = 9.0
    path = write(tmp_path / "x", samples)

    for span in ((0.0, 400.0), (100.0, 150.0), (123.4, 123.5)):
        trace = trace_extremes(path, 32, FS, span)
        assert len(trace.time_s) <= 2_001
        assert trace.highest.max() == 9
        assert trace.time_s[trace.highest.argmax()] == pytest.approx(123.456, abs=(span[1] - span[0]) / 1_000 + 0.04)
    assert trace_extremes(path, 32, FS, (200.0, 400.0)).highest.max() < 1


@pytest.mark.parametrize("lengths", [(5,), (1, 99), (400_000,), (31, 33, 64)])
def test_blocks_change_nothing(lengths, tmp_path):
    """However the samples come, the outline is the same."""
    samples = np.random.default_rng(0).normal(size=3_210)

    assert write(tmp_path / "a", samples, lengths).read_bytes() == write(tmp_path / "b", samples).read_bytes()


def test_outline_goes_on_where_reading_goes_on(tmp_path):
    """Read anew from any sample that had been reached, the outline ends as if it had never stopped."""
    samples = np.random.default_rng(0).normal(size=3_210)
    whole = write(tmp_path / "whole", samples).read_bytes()
    for begin in (0, 1, 500, 1_024):
        path = write(tmp_path / "half", samples[:1_500])
        write(path, samples[begin:], begin=begin, mode="r+b")
        assert path.read_bytes() == whole


def test_a_gap_stays_a_gap(tmp_path):
    """Where every sample is missing the outline is missing, and elsewhere missing samples are passed over."""
    samples = np.ones(320)
    samples[64:128], samples[200] = np.nan, np.inf
    trace = trace_extremes(write(tmp_path / "x", samples), 32, FS, (0, 1))

    assert np.isnan(trace.highest).tolist() == [False, False, True, True] + [False] * 6
    assert np.nanmax(trace.highest) == 1


@pytest.mark.parametrize("hours", [0.1, 1, 4, 1_000])
def test_outline_is_bounded(hours):
    """However long a recording is, its outline has no more than so many stretches."""
    samples = int(hours * 3600 * 25_600)

    assert samples / bin_of(samples) <= MOST_BINS
