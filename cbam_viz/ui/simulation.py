"""How a simulated bearing is asked for: the same sliders for one signal to inspect and for a set to compare."""

import shlex
from pathlib import Path

import streamlit as st

from cbam_viz.datasets.simulated import (
    LOAD,
    RESONANCE_HZ,
    SHAFT_HZ,
    SIMULATED_S,
    SNR_DB,
    SimulatedRecording,
    simulate_classes,
)
from cbam_viz.language import _, digits
from cbam_viz.physics.simulate import Operation, draw_machine, read_fault, simulate_bearing, with_slip
from cbam_viz.signals.write import write_signal
from cbam_viz.ui import choice
from cbam_viz.ui.uploads import keep_made

SIMULATED = "simulated"
MOST_MACHINES = 999_999
FIRST_MACHINE = 5_000
"""Of a set; no network was trained on it or on those after it."""
MOST_A_CLASS = 20
FAULTS = {"none": _("none"), "inner": _("inner race"), "outer": _("outer race"), "ball": _("ball")}


def _known(low: float, high: float, unit: str) -> str:
    """Which part of a slider the network of simulated bearings was trained on."""
    return _("bearing-sim-4 was trained on {low} to {high}{unit}.").format(
        low=digits(low, "g"), high=f"{high:g}", unit=f" {unit}" if unit else ""
    )


SLIDERS = {
    "speed": (_("Shaft (rpm)"), 600.0, 3600.0, 1.0, "%g", _known(60 * SHAFT_HZ[0], 60 * SHAFT_HZ[1], "rpm")),
    "snr": (
        _("SNR (dB)"),
        -12.0,
        20.0,
        1.0,
        "%g",
        _("Of a fully grown damage, to the white noise.") + " " + _known(*SNR_DB, "dB"),
    ),
    "severity": (
        _("Severity"),
        0.0,
        1.0,
        0.05,
        "%.2f",
        _("Strength of the strikes; 1 is fully grown, as in all of the training."),
    ),
    "load": (
        _("Load zone"),
        0.1,
        1.0,
        0.05,
        "%.2f",
        _("Stribeck's ε: 0.5 loads half of the circumference.") + " " + _known(*LOAD, ""),
    ),
    "slip": (_("Slip (%)"), 0.0, 5.0, 0.1, "%.1f", _("Spread of the time between two strikes.")),
    "resonance": (
        _("Ringing (Hz)"),
        2000.0,
        3600.0,
        50.0,
        "%g",
        _("Nominal main mode of the housing.") + " " + _known(*RESONANCE_HZ, "Hz"),
    ),
}
"""Label, lowest, highest, step, format and help of what a simulation is set by."""


def choose_simulation() -> Path:
    """Ask how a bearing is to be simulated, and give the path of the file with it."""
    choice.keep_to("fault", list(FAULTS))
    choice.choose("machine", min(max(choice.chosen("machine"), 0), MOST_MACHINES))
    damage, machines = st.columns(2)
    damage.selectbox(_("Damage"), list(FAULTS), format_func=FAULTS.__getitem__, key="fault")
    machines.number_input(
        _("Machine"), 0, MOST_MACHINES, step=1, key="machine", help=_("Each number is another bearing and housing.")
    )
    _choose_operation()
    picked = choice.picked()
    machine = with_slip(draw_machine(picked.machine, resonance_hz=picked.resonance), picked.slip / 100)
    operation = _operation(picked)
    return keep_made(
        f"{machine} {operation}",
        f"{machine.name} {picked.fault}.npz",
        lambda path: write_signal(simulate_bearing(machine, operation, picked.machine).signal, path),
    )


def choose_simulated_set() -> tuple[SimulatedRecording, ...]:
    """Ask how many bearings of each class are to be simulated, and how they run; each opens in Inspect as it is."""
    choice.choose("machines", min(max(choice.chosen("machines"), 1), MOST_A_CLASS))
    st.number_input(
        _("Machines of each class"),
        1,
        MOST_A_CLASS,
        step=1,
        key="machines",
        help=_("Every recording is a machine of its own, numbered from {first} on; no network knows them.").format(
            first=FIRST_MACHINE
        ),
    )
    _choose_operation()
    picked = choice.picked()
    return simulate_classes(FIRST_MACHINE, picked.machines, _operation(picked), picked.resonance, picked.slip / 100)


def words_of_set(picked: choice.Choice) -> list[str]:
    """What the command line takes for the same simulated set."""
    return ["--simulated", repr(picked.machines), "--seed", repr(FIRST_MACHINE), *_words_of_operation(picked)]


def say_simulation(picked: choice.Choice, path: Path) -> str:
    """The command that makes the file of the simulation that is picked, at `path`, in the folder where it is run."""
    words = ["--fault", picked.fault, "--seed", repr(picked.machine), *_words_of_operation(picked)]
    return shlex.join(
        ["python", "-m", "cbam_viz", "simulate", "bearing", *words, "--seconds", repr(SIMULATED_S), "--out", path.name]
    )


def _words_of_operation(picked: choice.Choice) -> list[str]:
    """How the machine runs, in the options of the command line."""
    operation = _operation(picked)
    options = {
        "shaft": operation.shaft_hz,
        "load": operation.load,
        "snr": operation.snr_db,
        "severity": operation.severity,
        "slip": picked.slip / 100,
        "resonance": picked.resonance,
    }
    return [word for name, value in options.items() for word in (f"--{name}", repr(value))]


def _choose_operation() -> None:
    """Ask how a machine runs."""
    halves = st.columns(2)
    for place, (key, (label, low, high, step, written, said)) in enumerate(SLIDERS.items()):
        choice.choose(key, min(max(choice.chosen(key), low), high))
        halves[place % 2].slider(label, low, high, step=step, format=written, key=key, help=said)


def _operation(picked: choice.Choice) -> Operation:
    """How the machine runs that was picked."""
    return Operation(
        read_fault(picked.fault), picked.speed / 60, picked.load, picked.snr, picked.severity, seconds=SIMULATED_S
    )
