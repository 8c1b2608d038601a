"""The simulated set keeps training and test apart, and covers what it says."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.attention.record import record_attention
from cbam_viz.datasets.simulated import SAMPLES, TEST_DB, TRAINED, UNSEEN, is_counted, simulate_set
from cbam_viz.network.checkpoint import read_network
from cbam_viz.physics.bearing import SIMULATED
from cbam_viz.physics.simulate import Operation, draw_machine, simulate_bearing
from cbam_viz.signals.windows import prepare_windows


def test_no_machine_is_on_both_sides():
    """Machines of training, of test and of the samples are all different."""
    samples = {seed for seed, _ in SAMPLES.values()}

    assert set(TRAINED).isdisjoint(UNSEEN)
    assert samples.isdisjoint({*TRAINED, *UNSEEN})


def test_a_machine_has_a_recording_of_every_class_and_level():
    """Counted by hand: two machines, four classes, two levels, three stretches each."""
    recordings = simulate_set((5, 6), each=3, levels_db=(0.0, 6.0))

    assert Counter(recording.label for recording in recordings) == dict.fromkeys(
        ("normal", "inner", "outer", "ball"), 4
    )
    assert Counter(recording.load for recording in recordings) == {"0 dB": 8, "6 dB": 8}
    assert {len(recording.signals) for recording in recordings} == {3}
    assert {recording.bearing for recording in recordings} == {"simulated 5", "simulated 6"}


def test_a_set_can_be_made_again():
    """The same seeds give the same samples, whatever was simulated before."""
    both, one = simulate_set((5, 6), each=1), simulate_set((6,), each=1)

    for first, again in zip(both[4:], one, strict=True):
        np.testing.assert_array_equal(first.signals[0].samples, again.signals[0].samples)


def test_a_stretch_is_one_window():
    """Each stretch gives exactly the samples that a window of 2,048 at 12 kHz needs."""
    (recording, *_) = simulate_set((5,), each=2)

    assert [len(signal.samples) for signal in recording.signals] == [2048, 2048]


def test_what_counts_is_what_the_card_says():
    """From -3 dB on, and nothing below."""
    counted = {recording.load for recording in simulate_set((5,), each=1, levels_db=TEST_DB) if is_counted(recording)}

    assert counted == {"-3 dB", "0 dB", "3 dB", "6 dB", "10 dB", "20 dB"}


@pytest.mark.parametrize(("order", "fault"), [(SIMULATED.order_bpfi, "outer"), (SIMULATED.order_bpfo, "inner")])
def test_the_network_goes_by_how_strikes_swell_not_by_their_rate(order, fault):
    """What its card says: a race struck at the other race's rate is still named by the way its strikes vary."""
    network = read_network("bearing-sim-4")
    swapped = replace(SIMULATED, **{{"outer": "order_bpfo", "inner": "order_bpfi"}[fault]: order})
    named = Counter()
    for seed in range(5_000, 5_020):
        signal = simulate_bearing(draw_machine(seed, swapped), Operation(fault, snr_db=6.0, seconds=0.2), seed).signal
        record = record_attention(network, prepare_windows(signal, network.card.preparation).inputs)
        named.update(network.card.classes[number].key for number in record.probabilities.argmax(axis=1))

    assert named[fault] >= 16
