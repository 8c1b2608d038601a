"""One question, one answer: what is explained is what the layers below compute, and what was done is said."""

import re

import numpy as np
import pytest

from cbam_viz.analysis.interventions import flatten_spatial
from cbam_viz.attention.record import record_attention
from cbam_viz.datasets.samples import list_samples
from cbam_viz.errors import InputError
from cbam_viz.signals.readers import read_signal
from cbam_viz.signals.windows import prepare_windows
from cbam_viz.studies.explain import explain, line_of_diagnosis, most_telling_window, score_controls


def noise(seconds):
    """White noise at the network's rate."""
    return np.random.default_rng(0).normal(size=round(12_207 * seconds))


def test_the_record_is_that_of_the_layers_below(explained, network, sample):
    """Reading, preparing and recording by hand gives the same record, bit for bit, and so does the network's name."""
    windows = prepare_windows(read_signal(sample), network.card.preparation)
    by_hand = record_attention(network, windows.inputs)

    for found in (explained, explain(sample, "mfpt-3")):
        np.testing.assert_array_equal(found.windows.samples, windows.samples)
        np.testing.assert_array_equal(found.record.logits, by_hand.logits)
        for one, other in zip(found.record.blocks, by_hand.blocks, strict=True):
            np.testing.assert_array_equal(one.channel_attention, other.channel_attention)
            np.testing.assert_array_equal(one.spatial_attention, other.spatial_attention)


def test_the_class_of_a_signal_is_that_of_the_largest_mean_probability(explained):
    """The mean over windows decides, computed one class at a time."""
    rows = explained.record.probabilities.tolist()
    means = {
        name.key: sum(row[number] for row in rows) / len(rows) for number, name in enumerate(explained.card.classes)
    }

    assert explained.predicted.key == max(means, key=means.get)


def test_the_first_picture_is_of_the_surest_window(explained):
    """No window is surer of the class of the whole signal than the one that is shown first."""
    number = [name.key for name in explained.card.classes].index(explained.predicted.key)
    chosen = most_telling_window(explained)

    assert all(row[number] <= explained.record.probabilities[chosen, number] for row in explained.record.probabilities)


def test_what_was_done_to_the_signal_is_said(explained):
    """1.5 s at 48,828 Hz make eight windows of 2048 samples at 12,207 Hz and 0.158 s that are left over."""
    assert len(explained.windows) == int(1.5 * 12_207 / 2048) == 8
    assert explained.notes == (
        "Resampled from 48828 Hz to 12207 Hz with an anti-alias filter.",
        "The last 0.158 s are too short for another window and are left out.",
    )


def test_a_signal_at_the_rate_of_the_network_needs_no_note(write, network):
    """Where nothing was done but cutting, and nothing is left over, there is nothing to say."""
    assert explain(write(noise(2048 * 3 / 12_207)), network).notes == ()


def test_bridged_gaps_are_said(write, network):
    """On request a gap is bridged, and counted in a note; without it, it is refused."""
    samples = noise(0.5)
    samples[100:103] = np.nan
    path = write(samples)

    with pytest.raises(InputError, match=r"own\.npz holds 3 that are not \(NaN or Inf\), the first at sample 100\."):
        explain(path, network)
    assert "Missing samples bridged by straight lines: 3." in explain(path, network, interpolate=True).notes


def test_a_signal_shorter_than_a_window_is_refused(write, network):
    """The message says how long a window is and how long the signal."""
    sentence = (
        "This network reads windows of 2048 samples at 12207 Hz (0.168 s), but own.npz lasts 0.100 s. "
        "Give a longer recording."
    )

    with pytest.raises(InputError, match=re.escape(sentence)):
        explain(write(noise(0.1)), network)


def test_a_rate_below_the_band_is_refused(write, network):
    """No sample rate is invented: what was measured too slowly for the network's band is not resampled upwards."""
    sentence = (
        "This network reads frequencies up to 5000 Hz, which needs a sampling rate of at least 12000 Hz, but the "
        "signal is sampled at 6000 Hz and a higher rate would only invent that band. Record at a higher rate, "
        "or choose a network that reads a lower band."
    )

    with pytest.raises(InputError, match=re.escape(sentence)):
        explain(write(noise(1)), network, fs=6_000)


def test_progress_counts_windows_and_may_stop_the_study(write, network):
    """A long recording tells how far it is, ends with all, and can be stopped from within."""
    path, told = write(noise(70 * 2048 / 12_207)), []

    def stop(*counts):
        raise KeyboardInterrupt

    explain(path, network, progress=lambda *counts: told.append(counts))
    assert told == [(64, 70), (70, 70)]
    with pytest.raises(KeyboardInterrupt):
        explain(path, network, progress=stop)


@pytest.mark.parametrize("block", [0, 1, 2])
def test_the_control_tells_what_flattening_does(explained, network, block):
    """Before and after are the probabilities as they are and with the gate held; each names its own best class."""
    window = 3
    inputs, record = explained.windows.inputs[window : window + 1], explained.record.only(window)
    held = flatten_spatial(network, inputs, record, block)[0]
    best, classes = record.probabilities[0].argmax(), explained.card.classes
    controls = score_controls(explained, window, block)

    assert controls.before == (classes[best], pytest.approx(record.probabilities[0, best]))
    assert controls.kept == pytest.approx(held[best])
    assert controls.after == (classes[held.argmax()], pytest.approx(held.max()))
    assert -1 <= controls.loudness <= 1


@pytest.mark.parametrize("offset", [0.0, 500.0], ids=["at zero", "at an offset"])
def test_a_sensor_that_stands_still_is_silence(write, network, offset):
    """The rounding of a filter is not blown up to a signal: where nothing moves there is no diagnosis."""
    samples = noise(5 * 2048 / 12_207)
    samples[2048:-2048] = 0
    explanation = explain(write(samples + offset), network)

    assert 2 * 2048 not in explanation.windows.starts
    assert any("nothing moves" in note for note in explanation.notes)


def test_the_line_is_that_of_the_diagnosis(explained):
    """An inner-race verdict is heard at BPFI, of the bearing and at the speed that are given: 4.755 x 25 Hz."""
    window = most_telling_window(explained)

    assert explained.predicted.fault == "inner"
    assert line_of_diagnosis(explained, window, 25.0, "NICE") == ("BPFI", pytest.approx(118.875, abs=0.01))
    assert line_of_diagnosis(explained, window, 25.0, "bpfo=3;bpfi=5;bsf=2;ftf=0.4") == ("BPFI", pytest.approx(125))
    assert line_of_diagnosis(explained, window, None, "NICE") is None
    assert line_of_diagnosis(explained, window, 25.0, None) is None
    with pytest.raises(InputError, match=r"A bearing is one of .*, but '6206' is none of these\."):
        line_of_diagnosis(explained, window, 25.0, "6206")


def test_a_healthy_diagnosis_has_no_line():
    """Without a fault there is nothing to be heard."""
    healthy = explain(list_samples()[-1].path, "mfpt-3")

    assert line_of_diagnosis(healthy, 0, 25.0, "NICE") is None


def test_the_unit_changes_no_diagnosis(explained, network, sample):
    """What a network reads is scaled, so probabilities and gates are the same in m/s² as in g, beside rounding."""
    other = explain(sample, network, unit="m/s²")

    assert (explained.signal.unit, other.signal.unit) == ("g", "m/s²")
    np.testing.assert_allclose(other.windows.samples, 9.80665 * explained.windows.samples, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(other.record.probabilities, explained.record.probabilities, atol=1e-5)
    for one, same in zip(explained.record.blocks, other.record.blocks, strict=True):
        np.testing.assert_allclose(same.spatial_attention, one.spatial_attention, atol=1e-5)
