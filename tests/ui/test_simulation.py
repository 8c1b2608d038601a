"""Simulated bearings: the same for one signal and for a set, on the page and at the command line."""

import shlex

import numpy as np

from cbam_viz.datasets.simulated import LOAD, SHAFT_HZ, SNR_DB
from cbam_viz.signals.readers import read_signal
from cbam_viz.ui.choice import Choice
from cbam_viz.ui.simulation import FIRST_MACHINE, SLIDERS, say_simulation, words_of_set


def test_sliders_say_what_the_network_was_trained_on():
    """Help of a slider quotes the ranges that the training set was drawn from."""
    said = {key: parts[-1] for key, parts in SLIDERS.items()}

    assert f"trained on {60 * SHAFT_HZ[0]:g} to {60 * SHAFT_HZ[1]:g} rpm" in said["speed"]
    assert f"trained on −{-SNR_DB[0]:g} to {SNR_DB[1]:g} dB" in said["snr"]
    assert f"trained on {LOAD[0]:g} to {LOAD[1]:g}." in said["load"]


def test_the_command_line_is_given_every_setting():
    """Each option is followed by its value, and a slip in percent is a share there."""
    words = words_of_set(Choice(machines=3, slip=2.0, speed=1500.0))
    options = dict(zip(words[::2], words[1::2], strict=True))

    assert options["--simulated"] == "3"
    assert (options["--shaft"], options["--slip"]) == ("25.0", "0.02")
    assert options["--seed"] == str(FIRST_MACHINE)


def test_a_window_opens_as_it_was_compared(visit, store):
    """Inspect simulates a machine of a set sample for sample, but for the rounding of the file."""
    from cbam_viz.datasets.simulated import simulate_classes
    from cbam_viz.physics.simulate import Operation

    visit(signal="simulated", network="bearing-sim-4", fault="outer", machine=str(FIRST_MACHINE + 2), snr="3.0")
    (path,) = store.rglob("*.npz")
    operation = Operation("inner", 1797 / 60, 0.5, 3.0, 1.0, seconds=2.0)
    compared = simulate_classes(FIRST_MACHINE, 1, operation, 3_000.0, 0.01)[2].read()

    assert np.allclose(read_signal(path).samples, compared.samples, rtol=1e-6, atol=1e-6)


def test_a_simulation_is_made_again_by_its_command(visit, store, tmp_path, monkeypatch, run):
    """The command that the report carries writes the samples that the page shows."""
    visit(signal="simulated", fault="outer", machine="17", snr="3.0", severity="0.8", speed="1500.0")
    (path,) = store.rglob("*.npz")
    picked = Choice(fault="outer", machine=17, snr=3.0, severity=0.8, speed=1500.0)
    program, *words = shlex.split(say_simulation(picked, path))
    monkeypatch.chdir(tmp_path)
    code, _out, err = run(*words[2:])

    assert (program, words[:2], code) == ("python", ["-m", "cbam_viz"], 0), err
    np.testing.assert_array_equal(read_signal(tmp_path / path.name).samples, read_signal(path).samples)
