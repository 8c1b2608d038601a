"""The responses that ship are of every class, tell their truth, and can be made again."""

from collections import Counter

import numpy as np
import pytest

from cbam_viz.datasets.circuit_samples import (
    label_circuit_samples,
    list_circuit_samples,
    simulate_samples,
    write_circuit_samples,
)
from cbam_viz.physics.circuits import CIRCUITS, find_circuit
from cbam_viz.physics.closed_form import closed_form_response
from cbam_viz.signals.readers import read_signal

SAMPLES = list_circuit_samples()


def test_there_is_one_for_every_class_of_every_circuit():
    """9 of the Sallen-Key band-pass, 13 of each biquad; the titles are distinct."""
    classes = Counter((sample.circuit, sample.fault) for sample in SAMPLES)

    assert classes == dict.fromkeys(((name, key) for name, each in CIRCUITS.items() for key in each.classes), 1)
    assert len({sample.title for sample in SAMPLES}) == len(SAMPLES) == 35
    assert [label.label for label in label_circuit_samples("sallen-key")] == list(CIRCUITS["sallen-key"].classes)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.path.stem)
def test_a_file_describes_itself(sample):
    """Rate, unit, circuit and the begin of the pulse need no typing; at rest before it, a response after it."""
    signal = read_signal(sample.path)
    before = signal.samples[:20]

    assert (signal.fs, signal.unit, signal.circuit, signal.pulse_s) == (2e6, "V", sample.circuit, 10e-6)
    assert signal.duration == pytest.approx(sample.seconds)
    assert signal.duration - signal.pulse_s == pytest.approx(find_circuit(sample.circuit).duration_s)
    assert abs(before.mean()) < 0.02
    assert np.ptp(signal.samples) > 30 * before.std()


@pytest.mark.parametrize("circuit", CIRCUITS.values(), ids=CIRCUITS)
def test_samples_are_what_their_table_says(circuit):
    """Made again they are the files; each part deviates as told, and the sound circuit is near its closed form."""
    made = list(simulate_samples(circuit))
    for sample, response in zip([each for each in SAMPLES if each.circuit == circuit.name], made, strict=True):
        told = 0 if sample.deviation is None else sample.deviation
        part = None if sample.deviation is None else sample.fault[:-1]

        np.testing.assert_allclose(read_signal(sample.path).samples, response.signal.samples, atol=1e-4)
        assert (sample.fault, sample.recording) == (response.draw.key, response.signal.recording)
        assert np.sign(told) == {"+": 1, "-": -1}.get(sample.fault[-1], 0)
        if part:
            place = circuit.names.index(part)
            assert response.draw.values[place] / circuit.nominal[place] == pytest.approx(1 + told, abs=1e-4)

    first, drawn = made[0].signal, np.array(made[0].draw.values)
    expected = closed_form_response(circuit, drawn, circuit.pulse)
    np.testing.assert_allclose(first.samples[20:], expected, atol=0.15)  # op-amps and noise


def test_they_can_be_written_elsewhere(tmp_path):
    """The command makes the files of the table and the table itself."""
    paths = write_circuit_samples(tmp_path)

    assert [path.name for path in paths] == [sample.path.name for sample in SAMPLES]
    assert (tmp_path / "circuits.csv").read_bytes() == (SAMPLES[0].path.parent / "circuits.csv").read_bytes()
