"""Physics beside an explanation, and one sentence for everything that it lacks."""

import re
from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.datasets.samples import list_samples
from cbam_viz.errors import InputError
from cbam_viz.network.checkpoint import read_network
from cbam_viz.studies.explain import Explanation, explain, most_telling_window
from cbam_viz.studies.panels import FrequencyView, View
from cbam_viz.studies.physics import listened_samples, study_physics

SAMPLES = {sample.path.stem: sample for sample in list_samples()}


@pytest.fixture(scope="module")
def view(explained):
    """The window that opens, with the machine that the file tells of."""
    signal = explained.signal
    return View(most_telling_window(explained), shaft_hz=signal.shaft_hz, bearing=signal.bearing)


@pytest.fixture(scope="module")
def physics(explained, view):
    """Of the sample with a damaged inner race."""
    return study_physics(explained, view)


@pytest.mark.parametrize("sample", SAMPLES)
def test_physics_agrees_with_what_was_damaged(sample):
    """On every sample the part whose lines fit best is the damaged one, and none on a healthy bearing."""
    chosen = SAMPLES[sample]
    explained = explain(chosen.path, "bearing-sim-4" if chosen.domain == "Simulated bearing" else "mfpt-3")
    signal = explained.signal
    found = study_physics(explained, View(0, shaft_hz=signal.shaft_hz, bearing=signal.bearing))

    assert (found.verdict.fits or "normal") == chosen.fault


def test_every_gate_is_scored(physics):
    """Three tests for each block with a spatial gate, each beside its control."""
    assert [(score.name, score.block) for score in physics.scores] == [
        (name, f"block {number}")
        for number in (1, 2, 3)
        for name in ("gate_line", "envelope_share", "envelope_share_shifted")
    ]
    assert all(np.isfinite(score.control) and score.low <= score.control <= score.high for score in physics.scores)
    assert physics.lacking == ()


def test_a_nudge_moves_the_lines(explained, view, physics):
    """A speed 2 % higher moves every line by 2 %, and the speed that fits best stays where it is."""
    nudged = study_physics(explained, replace(view, frequency=FrequencyView(nudge=0.02)))

    assert nudged.shaft_hz == pytest.approx(1.02 * view.shaft_hz)
    assert nudged.envelope.found[0].line.hz == pytest.approx(1.02 * physics.envelope.found[0].line.hz)
    assert nudged.speed.shaft_hz == physics.speed.shaft_hz


def test_a_band_by_hand_overrides(explained, view):
    """A band by hand is taken as it is."""
    band = study_physics(explained, replace(view, frequency=FrequencyView(band_hz=(1_000, 2_000)))).band

    assert (band.low, band.high, band.by_hand) == (1_000, 2_000, True)


@pytest.mark.parametrize("asked", [(4_950, 9_000), (5_900, 6_000), (3_000, 3_001), (-100, 900), (600, 500)])
def test_a_band_that_can_not_be_heard_is_refused(explained, view, asked):
    """Beyond what the network reads, or narrower than its filter: one sentence, and no other band in its place."""
    said = (
        "A band to listen to lies between 0 and 5000 Hz, which the network reads, and is at least 200 Hz wide, but "
        f"{asked[0]}–{asked[1]} Hz was given. Give other edges, or none to hear the most impulsive band."
    )
    with pytest.raises(InputError, match=re.escape(said)):
        study_physics(explained, replace(view, frequency=FrequencyView(band_hz=asked)))


def test_lines_beyond_a_band_by_hand_are_said(explained, view):
    """An envelope holds no line above the width of its band: at 60 Hz two of three faults; all else is there."""
    narrow, wide = (
        study_physics(explained, replace(view, shaft_hz=60.0, frequency=FrequencyView(band_hz=(1_000, top))))
        for top in (1_200, 2_000)
    )

    assert narrow.lacking == (
        "The envelope of a band holds no line above its width, here 200 Hz: not BPFI (285 Hz), 2×BSF (307 Hz). "
        "Widen it.",
        *wide.lacking,
    )
    assert narrow.verdict.judged
    assert len(narrow.scores) == len(wide.scores)


@pytest.mark.parametrize(
    ("lost", "what"),
    [
        ({"shaft_hz": None}, "the shaft speed is not known. Enter it in the sidebar, or give --shaft"),
        ({"shaft_hz": 0.0}, "the shaft speed is not known. Enter it in the sidebar, or give --shaft"),
        ({"bearing": None}, "the bearing is not known. Enter it in the sidebar, or give --bearing"),
        (
            {"shaft_hz": None, "bearing": None},
            "the shaft speed and the bearing are not known. Enter them in the sidebar, or give --shaft and --bearing",
        ),
    ],
)
def test_without_a_machine_physics_says_what_it_needs(explained, view, lost, what):
    """No speed, a speed of 0 or no bearing: one sentence, the spectra without lines, and no verdict."""
    found = study_physics(explained, replace(view, **lost))

    assert found.lacking == (f"Fault lines need the speed of the shaft and the bearing; {what} on the command line.",)
    assert (found.verdict, found.scores, found.envelope.found, found.gate.found) == (None, (), (), ())


def test_less_than_a_second_is_too_short_to_say(network, write, view):
    """Half a second gives its spectrum, and says for how long it would have to last."""
    short = explain(write(np.random.default_rng(0).normal(size=6_104)), network)
    found = study_physics(short, replace(view, window=0))

    assert found.lacking == ("Too short to say (signal): 0.50 s, 1 s is needed.",)
    assert (found.envelope, found.gate, found.verdict) == (None, None, None)


@pytest.mark.parametrize("shaft_hz", [1_500.0, 9_999.0])
def test_lines_beyond_the_spectrum_give_sentences(explained, view, shaft_hz):
    """At speeds whose lines lie beyond gates or samples no gate has a line, and that is said of each."""
    found = study_physics(explained, replace(view, shaft_hz=shaft_hz))

    assert all(np.isnan(score.value) for score in found.scores if score.name == "gate_line")
    assert len(found.lacking) == 3
    assert all("lies above what the gate of block" in sentence for sentence in found.lacking)


def test_a_constant_gate_is_said(explained, view):
    """A gate that never moves has no score, and one sentence."""
    blocks = explained.record.blocks
    still = replace(blocks[0], spatial_attention=np.full_like(blocks[0].spatial_attention, 0.5))
    record = replace(explained.record, blocks=(still, *blocks[1:]))
    found = study_physics(Explanation(explained.signal, explained.network, explained.windows, record), view)

    assert found.lacking == ("The gate of block 1 is constant: it repeats nothing.",)
    assert all(np.isnan(score.value) for score in found.scores if score.block == "block 1")


def test_a_healthy_verdict_needs_no_line():
    """Where no fault is named and none stands out, gates are compared with nothing, and it is said."""
    healthy = explain(SAMPLES["normal_1"].path, read_network("mfpt-3"))
    found = study_physics(healthy, View(0, shaft_hz=healthy.signal.shaft_hz, bearing=healthy.signal.bearing))

    assert found.scores == ()
    assert found.lacking[-1].startswith("No fault is named and none stands out")


def test_a_long_recording_is_heard_around_the_window(network, write):
    """Of 30 s the ten around the window are listened to, and the window is among them."""
    samples = np.random.default_rng(1).normal(size=30 * 12_207)
    explained = explain(write(samples), network)
    for window in (0, 90, len(explained.windows) - 1):
        heard = listened_samples(explained.windows, window)
        assert len(heard) == 122_070
        assert np.shares_memory(heard, explained.windows.measured(window))
