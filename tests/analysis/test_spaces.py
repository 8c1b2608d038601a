"""What a window is described by: gates, last features, logits, and plain numbers of its envelope."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import signal as dsp
from scipy import stats

from cbam_viz.analysis.spaces import (
    BANDS,
    ENVELOPE_NUMBERS,
    QUANTILES,
    channel_space,
    envelope_space,
    feature_space,
    logit_space,
    measure_envelope,
    spatial_space,
    standardise,
)
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import Preparation, prepare_windows

FS, WINDOW = 12_000.0, 2048


@pytest.fixture
def noise():
    """Three windows of noise with a few impacts."""
    samples = np.random.default_rng(0).normal(size=3 * WINDOW)
    samples[::700] += 8
    return samples


def cut(samples, scaling="window"):
    """The windows of samples."""
    return prepare_windows(Signal(samples, FS, "hand-made"), Preparation(FS, WINDOW, WINDOW, scaling=scaling))


def test_channels_are_taken_from_what_they_usually_are(scene):
    """M_c minus the card's mean, of one block or of all blocks in their order."""
    blocks = [
        each.channel_attention - np.array(reference.channel_mean)
        for each, reference in zip(scene.record.blocks, scene.card.reference, strict=True)
    ]

    np.testing.assert_allclose(channel_space(scene.record, scene.card).values, np.concatenate(blocks, axis=1))
    np.testing.assert_allclose(channel_space(scene.record, scene.card, 1).values, blocks[1])


def test_a_network_without_channel_gates_has_no_such_space(scene):
    """There is a row for every window, and nothing in it."""
    blocks = tuple(replace(each, channel_attention=np.empty((6, 0), np.float32)) for each in scene.record.blocks)

    assert channel_space(replace(scene.record, blocks=blocks), scene.card).values.shape == (6, 0)


def test_spatial_attention_is_told_by_its_distribution(scene):
    """Mean, standard deviation and quantiles of each block that has such a gate; where it opens plays no part."""
    values = spatial_space(scene.record).values
    gate = scene.record.blocks[1].spatial_attention
    quantiles = np.quantile(gate, QUANTILES, axis=1, method="nearest")

    assert values.shape == (6, 2 * (2 + len(QUANTILES)))  # the third block has no spatial gate
    np.testing.assert_allclose(values[:, 7:], np.column_stack([gate.mean(1), gate.std(1), quantiles.T]), rtol=1e-6)


def test_a_constant_on_all_logits_changes_nothing(scene):
    """It changes no probability, so it is no distance either."""
    lifted = replace(scene.record, logits=scene.record.logits + np.arange(6, dtype=np.float32)[:, None])

    np.testing.assert_allclose(logit_space(lifted).values, logit_space(scene.record).values, atol=1e-5)


def test_the_last_features_are_taken_as_they_are(scene):
    """Nothing is done to them."""
    np.testing.assert_array_equal(feature_space(scene.record).values, scene.record.features)


def test_the_envelope_agrees_with_scipy(noise):
    """Kurtosis, crest factor and the octaves of the envelope spectrum, from SciPy's own functions, window by window."""
    windows = cut(noise)
    expected = []
    for window in windows.inputs.astype(np.float64):
        hz, power = dsp.periodogram(np.abs(dsp.hilbert(window)), FS, detrend="constant")
        octaves = [((hz > FS / 2**k / 2) & (hz <= FS / 2**k)) for k in range(7, 1, -1)]
        power[-1] *= 2  # one-sided at half the rate, which this one-sided share counts like the others
        shares = [power[octave].sum() / power[1:].sum() for octave in octaves]
        crest = np.abs(window - window.mean()).max() / window.std()
        expected.append(np.log([stats.kurtosis(window, fisher=False), crest, *shares]))

    found = measure_envelope(windows)
    assert found.shape == (3, ENVELOPE_NUMBERS)
    np.testing.assert_allclose(found, expected, rtol=2e-4)


@pytest.mark.parametrize("scaling", ["window", "none"])
def test_no_gain_or_offset_changes_the_envelope(noise, scaling):
    """What a sensor multiplies or adds is no trait of the machine, whether or not the network scales its windows."""
    np.testing.assert_allclose(
        measure_envelope(cut(-50 * noise + 3, scaling)), measure_envelope(cut(noise, scaling)), atol=1e-3
    )


@pytest.mark.parametrize("octave", range(BANDS))
def test_a_modulation_is_found_in_its_octave(octave):
    """A carrier that swells 70, 140, ... times a second has its envelope's power there."""
    time = np.arange(WINDOW) / FS
    hz = 70.0 * 2**octave
    shares = measure_envelope(cut((1 + 0.8 * np.cos(2 * np.pi * hz * time)) * np.sin(2 * np.pi * 4000 * time)))[0, 2:]

    assert shares.argmax() == octave
    assert np.exp(shares[octave]) > 0.9


def test_the_envelope_is_standardised_over_the_set(make_set):
    """Every number weighs the same: mean 0 and standard deviation 1 over all windows, in their order."""
    labelled = make_set([("a", "one", 3), ("b", "two", 4)])
    values = envelope_space(labelled).values
    raw = np.concatenate([measure_envelope(member.windows) for member in labelled.members])

    np.testing.assert_allclose(values, (raw - raw.mean(axis=0)) / raw.std(axis=0), atol=1e-9)


def test_what_never_varies_says_nothing():
    """A constant column becomes 0, not the noise of its rounding."""
    values = np.column_stack([np.full(7, 0.1), np.arange(7.0)])

    assert not standardise(values)[:, 0].any()
    assert standardise(values)[:, 1].std() == pytest.approx(1)
