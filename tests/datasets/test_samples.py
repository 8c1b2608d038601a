"""The shipped samples are what their table says, small, and can be made again."""

from collections import Counter

import numpy as np
import pytest
import scipy.io

from cbam_viz.datasets import simulated
from cbam_viz.datasets.circuit_samples import list_circuit_samples
from cbam_viz.datasets.samples import SAMPLE_DATA, list_samples, write_samples
from cbam_viz.errors import InputError
from cbam_viz.physics.bearing import BEARINGS
from cbam_viz.physics.simulate import draw_machine, simulate_bearing
from cbam_viz.signals.readers import read_signal

SAMPLES = list_samples()
MEASURED = [sample for sample in SAMPLES if sample.domain == "Bearing"]
SIMULATED = [sample for sample in SAMPLES if sample.domain == "Simulated bearing"]


@pytest.mark.parametrize("sample", MEASURED, ids=lambda sample: sample.path.stem)
def test_a_sample_needs_no_typing(sample):
    """Each sample tells its rate, unit, speed and bearing, and lasts as long as the table says."""
    signal = read_signal(sample.path)
    assert signal.duration == pytest.approx(sample.seconds, abs=1e-4)
    assert signal.fs == (48_828 if "vload" in sample.recording else 97_656)
    assert (signal.unit, signal.shaft_hz, signal.bearing) == ("g", 25, "NICE")
    assert sample.load in sample.title


@pytest.mark.parametrize("sample", [sample for sample in MEASURED if sample.fault == "inner"], ids=lambda s: s.load)
def test_damage_is_heard_where_the_geometry_says(sample):
    """The envelope of an inner-race sample has a line within 2 % of BPFI that stands out from its neighbourhood."""
    signal = read_signal(sample.path)
    spectrum = np.fft.rfft(signal.samples - signal.samples.mean())
    hertz = np.fft.rfftfreq(len(signal.samples), 1 / signal.fs)
    spectrum[(hertz < 2_000) | (hertz > 20_000)] = 0
    analytic = np.fft.ifft(np.r_[2 * spectrum, np.zeros(len(signal.samples) - len(spectrum))])
    squared = np.abs(analytic) ** 2
    envelope = np.abs(np.fft.rfft(squared - squared.mean()))
    bpfi = BEARINGS[signal.bearing].bpfi(signal.shaft_hz)
    near = np.abs(hertz - bpfi) <= 0.02 * bpfi
    around = (np.abs(hertz - bpfi) <= 0.2 * bpfi) & ~near
    assert envelope[near].max() > 5 * np.median(envelope[around])


@pytest.mark.parametrize("sample", SIMULATED, ids=lambda sample: sample.path.stem)
def test_a_simulated_sample_carries_its_truth(sample):
    """It tells rate, unit, speed, bearing and impacts, and is, in 32 bits, what its machine and operation give."""
    signal = read_signal(sample.path)
    seed, operation = simulated.SAMPLES[sample.path.stem]
    made = simulate_bearing(draw_machine(seed), operation, seed).signal

    assert (signal.fs, signal.unit, signal.bearing) == (12_000, "g", "6205 simulated")
    assert (signal.duration, signal.shaft_hz) == (sample.seconds, operation.shaft_hz)
    assert signal.impacts == made.impacts
    assert (len(signal.impacts) > 0) == (sample.fault != "normal")
    assert (operation.fault or "normal", f"simulated {seed}") == (sample.fault, sample.recording)
    np.testing.assert_allclose(signal.samples, made.samples, rtol=1e-5, atol=1e-7)


def test_samples_of_four_classes():
    """12 measured samples, one damaged one at the healthy ones' rate, and 9 simulated; titles are distinct."""
    measured, made = Counter(sample.fault for sample in MEASURED), Counter(sample.fault for sample in SIMULATED)
    assert measured == {"inner": 5, "outer": 4, "normal": 3}
    assert made == {"inner": 3, "outer": 2, "ball": 2, "normal": 2}
    assert any(sample.fault == "outer" and "vload" not in sample.recording for sample in MEASURED)
    assert len({sample.title for sample in SAMPLES}) == len({sample.path for sample in SAMPLES}) == 21


def test_the_folder_is_small_and_complete():
    """The folder holds the samples of its tables, these, bands of sound circuits, README and licence, in under 6 MB."""
    files = {path.name for path in SAMPLE_DATA.iterdir()}
    listed = {sample.path.name for sample in (*SAMPLES, *list_circuit_samples())}
    assert files == listed | {"samples.csv", "circuits.csv", "circuit_bands.npz", "README.md", "LICENSE"}
    assert sum(path.stat().st_size for path in SAMPLE_DATA.iterdir()) < 6_000_000


def test_every_sample_is_described():
    """The README names each file with the recording it was cut from; the licence is the data set's own."""
    readme = (SAMPLE_DATA / "README.md").read_text(encoding="utf-8")
    assert all(
        f"| `{sample.path.name}` | {sample.recording} |" in readme for sample in (*SAMPLES, *list_circuit_samples())
    )
    licence = (SAMPLE_DATA / "LICENSE").read_text(encoding="utf-8")
    assert all(words in licence for words in ("CC BY-NC-SA 4.0", "Eric Bechhoefer", "MFPT", "Changes"))


def test_samples_can_be_made_again(tmp_path):
    """A sample is the stretch of its recording that the table names, rounded to 32 bits, with the facts beside it."""
    (tmp_path / "samples.csv").write_text(
        "file,title,domain,fault,recording,load,start_s,seconds\n"
        'a.npz,"A, 9 lb",Bearing,inner,InnerRaceFault_vload_7,9 lb,1.0,1.5\n'
    )
    recording = np.random.default_rng(6).normal(size=3_000)
    bearing = {"gs": recording, "sr": 1_000, "rate": 25, "load": 9}
    scipy.io.savemat(tmp_path / "InnerRaceFault_vload_7.mat", {"bearing": bearing})
    (path,) = write_samples(tmp_path, tmp_path)
    signal = read_signal(path)
    np.testing.assert_array_equal(signal.samples, recording[1_000:2_500].astype(np.float32))
    assert (signal.fs, signal.unit, signal.shaft_hz, signal.bearing) == (1_000, "g", 25, "NICE")


def test_recordings_that_are_missing_are_named(tmp_path):
    """Samples are cut only from a whole set of recordings."""
    with pytest.raises(
        InputError, match=r"lacks 12 parts: InnerRaceFault_vload_7\.mat, .* Get them from the bearing fault"
    ):
        write_samples(tmp_path)
