"""The verdict beside its controls: counts that can be counted, and a correlation with known answers."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.diagnosis import score_loudness, trace_diagnosis
from cbam_viz.network.receptive import ReceptiveField

SEEN = ReceptiveField(first_sample=-4, size=16, stride=8, positions=64)
"""Each position sees 16 samples, half of them also its neighbour's; the first and the last see 12."""


@pytest.fixture
def bursts():
    """(512,) array: noise whose strength goes up and down, around 3."""
    rng = np.random.default_rng(0)
    return 3 + rng.normal(size=512) * (1.2 + np.sin(np.arange(512) / 40))


def loudness(waveform):
    """Mean envelope of what each position sees; the envelope by doubling the positive half of the spectrum."""
    spectrum = np.fft.fft(waveform - np.mean(waveform))
    spectrum[1:256] *= 2
    spectrum[257:] = 0
    envelope = np.abs(np.fft.ifft(spectrum))
    return np.array([envelope[max(8 * number - 4, 0) : 8 * number + 12].mean() for number in range(64)])


def ranks(values):
    """How many values are smaller, for each."""
    return np.array([sum(other < value for other in values) for value in values])


def test_a_gate_that_follows_the_loudness_scores_one(bursts):
    """Any rising function of the envelope, drawn where the envelope was taken, has the rank correlation 1."""
    assert score_loudness(np.tanh(loudness(bursts)), bursts, SEEN) == pytest.approx(1)
    assert score_loudness(1 / (1 + loudness(bursts)), bursts, SEEN) == pytest.approx(-1)


def test_a_shuffled_gate_scores_nothing(bursts):
    """Shuffling takes a gate's place away, and with it the correlation: over 200 shuffles it is 0 ± 1/sqrt(63)."""
    rng = np.random.default_rng(1)
    scores = [score_loudness(rng.permutation(loudness(bursts)), bursts, SEEN) for _ in range(200)]

    assert np.mean(scores) == pytest.approx(0, abs=4 / np.sqrt(63 * 200))
    assert np.std(scores) == pytest.approx(1 / np.sqrt(63), rel=0.2)


def test_the_score_is_spearmans(bursts):
    """It equals Pearson's correlation of the ranks, counted by hand, for any gate."""
    gate = np.random.default_rng(2).random(64) + 0.2 * loudness(bursts)
    expected = np.corrcoef(ranks(gate), ranks(loudness(bursts)))[0, 1]

    assert score_loudness(gate, bursts, SEEN) == pytest.approx(expected)


def test_samples_that_no_position_sees_do_not_count(bursts):
    """Where fields leave out the end of a window, what is loud there belongs to no position."""
    quiet = 0.01 * bursts
    quiet[-3:] += np.array([50.0, -50.0, 50.0])
    field = replace(SEEN, positions=62)  # the last one sees up to sample 499
    scored = score_loudness(np.arange(62.0), quiet, field)

    assert scored == pytest.approx(np.corrcoef(ranks(np.arange(62)), ranks(loudness(quiet)[:62]))[0, 1])


def test_what_does_not_move_has_no_score(bursts):
    """A constant gate follows nothing, and in a window of silence there is nothing to follow: NaN, no guess."""
    assert np.isnan(score_loudness(np.full(64, 0.5, np.float32), bursts, SEEN))
    assert np.isnan(score_loudness(loudness(bursts), np.zeros(512), SEEN))


def test_agreement_is_counted(make_scene):
    """How many windows name the class of the largest mean probability, counted one by one."""
    scene = make_scene(count=200)
    trace = trace_diagnosis(scene.record, scene.card, window=7)
    rows = scene.record.probabilities.tolist()
    means = [sum(row[number] for row in rows) / 200 for number in range(3)]
    best = max(range(3), key=means.__getitem__)

    assert trace.agreeing == sum(max(range(3), key=row.__getitem__) == best for row in rows)
    assert 0 < trace.agreeing < trace.windows == 200
    np.testing.assert_allclose(trace.whole, means)
    np.testing.assert_array_equal(trace.window, scene.record.probabilities[7])


def test_ranking_falls_from_the_most_probable(scene):
    """The runner-up is the second of a ranking in which no class is missing."""
    trace = trace_diagnosis(scene.record, scene.card, window=2)

    assert sorted(trace.ranking) == [0, 1, 2]
    assert np.all(np.diff(trace.window[trace.ranking]) <= 0)
    assert trace.classes == ("healthy", "inner race", "outer race")
