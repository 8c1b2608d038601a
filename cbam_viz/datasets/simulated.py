"""The bearing-sim-4 set: simulated bearings, healthy or with one of three damages, every one in a housing of its own.

The machines of training and test have different seeds, so no resonance, slip or hum of the test was ever in training;
what both share is the model itself (`physics.simulate`) and the kinds of operation that are drawn here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from cbam_viz.datasets.recording import Recording
from cbam_viz.physics.bearing import Bearing, Fault
from cbam_viz.physics.simulate import Machine, Operation, draw_machine, simulate_bearing, with_slip
from cbam_viz.signals.signal import Signal

FAULTS: tuple[Fault | None, ...] = (None, "inner", "outer", "ball")
TRAINED = range(160)
"""Seeds of the training machines."""
UNSEEN = range(1_000, 1_050)
"""Seeds of the test machines."""
SECONDS = 2_048 / 12_000
"""Of each stretch: one window of the network, so that no two windows share samples."""
SHAFT_HZ = (20.0, 40.0)
RESONANCE_HZ = (2_000.0, 3_600.0)
LOAD = (0.3, 0.9)
SNR_DB = (-6.0, 20.0)
TEST_DB = (-12.0, -9.0, -6.0, -3.0, 0.0, 3.0, 6.0, 10.0, 20.0)
"""Of the test, from the loudest noise to the faintest."""
COUNTED_DB = -3.0
"""From here on a recording counts for the accuracy on the card."""


def simulate_set(
    machines: Iterable[int], each: int, levels_db: tuple[float, ...] | None = None
) -> tuple[Recording, ...]:
    """Simulate short stretches of machines that run in many ways.

    Parameters
    ----------
    machines : their seeds.
    each : stretches a recording; a machine has one recording for every class, and for every level if there are some.
    levels_db : SNRs in dB that all machines are recorded at; None draws one for each stretch.
    """
    return tuple(
        Recording(
            f"{machine.name} {fault or 'normal'}",
            fault or "normal",
            machine.name,
            "many levels" if level is None else f"{level:g} dB",
            tuple(_stretch(machine, fault, level, rng) for _ in range(each)),
        )
        for seed in machines
        for rng in (np.random.default_rng([seed, 2]),)
        for machine in (draw_machine(seed, resonance_hz=float(rng.uniform(*RESONANCE_HZ))),)
        for fault in FAULTS
        for level in levels_db or (None,)
    )


def simulate_struck(
    machines: Iterable[int], bearing: Bearing, faults: Iterable[Fault], fs: float, seconds: float, level_db: float
) -> tuple[Recording, ...]:
    """Simulate damaged machines of one bearing whose every impact is known, one recording a damage.

    Parameters
    ----------
    machines : their seeds; speed, load and housing are drawn as for `simulate_set`.
    bearing, faults : what is damaged, and where.
    fs, seconds : sampling rate in Hz and length in s.
    level_db : SNR in dB.
    """
    return tuple(
        Recording(
            f"{machine.name} {fault}",
            fault,
            machine.name,
            f"{level_db:g} dB",
            (_stretch(machine, fault, level_db, rng, fs, seconds),),
        )
        for seed in machines
        for rng in (np.random.default_rng([seed, 2]),)
        for machine in (draw_machine(seed, bearing, float(rng.uniform(*RESONANCE_HZ))),)
        for fault in faults
    )


def _stretch(
    machine: Machine,
    fault: Fault | None,
    level_db: float | None,
    rng: np.random.Generator,
    fs: float = Operation.fs,
    seconds: float = SECONDS,
) -> Signal:
    """One stretch of a machine at a speed, a load and, unless it is given, a level of noise drawn at random."""
    operation = Operation(
        fault,
        shaft_hz=float(rng.uniform(*SHAFT_HZ)),
        load=float(rng.uniform(*LOAD)),
        snr_db=float(rng.uniform(*SNR_DB)) if level_db is None else level_db,
        drift=float(rng.uniform(-0.02, 0.02)),
        seconds=seconds,
        fs=fs,
    )
    return simulate_bearing(machine, operation, int(rng.integers(2**31))).signal


def simulate_training() -> tuple[Recording, ...]:
    """The recordings that bearing-sim-4 is trained on."""
    return simulate_set(TRAINED, each=12)


def simulate_test() -> tuple[Recording, ...]:
    """The recordings of machines that bearing-sim-4 never met, at every level of noise."""
    return simulate_set(UNSEEN, each=2, levels_db=TEST_DB)


def is_counted(recording: Recording) -> bool:
    """Whether a recording of the test counts for the accuracy."""
    return float(recording.load.removesuffix(" dB")) >= COUNTED_DB


SAMPLES: dict[str, tuple[int, Operation]] = {
    "sim_inner_10db": (2_000, Operation("inner")),
    "sim_inner_0db": (2_001, Operation("inner", shaft_hz=25.0, snr_db=0.0)),
    "sim_inner_minus_6db": (2_002, Operation("inner", snr_db=-6.0)),
    "sim_outer_10db": (2_003, Operation("outer")),
    "sim_outer_0db": (2_004, Operation("outer", shaft_hz=35.0, snr_db=0.0)),
    "sim_ball_10db": (2_005, Operation("ball")),
    "sim_ball_0db": (2_006, Operation("ball", load=0.8, snr_db=0.0)),
    "sim_healthy_1": (2_007, Operation()),
    "sim_healthy_2": (2_008, Operation(shaft_hz=25.0)),
}
"""Seed and operation of each simulated sample of the app; no network was trained or tested on these machines."""


SIMULATED_S = 2.0
"""Length of a recording that a person has simulated to be looked at or compared."""


@dataclass(frozen=True)
class SimulatedRecording:
    """A recording that is simulated when it is read; see `labels.Labelled`.

    Parameters
    ----------
    seed : names the machine, and its recording.
    operation : how it runs.
    resonance_hz : of the machine.
    slip : as a share of the time between two strikes, None for the machine's own.
    """

    seed: int
    operation: Operation
    resonance_hz: float = 3_000.0
    slip: float | None = None

    @property
    def name(self) -> str:
        """Machine and damage."""
        return f"{self.machine} {self.operation.fault or 'healthy'}"

    @property
    def label(self) -> str:
        """Key of the class."""
        return self.operation.fault or "normal"

    @property
    def machine(self) -> str:
        """Every seed is a machine of its own."""
        return f"simulated {self.seed}"

    def read(self) -> Signal:
        """Simulate it."""
        machine = draw_machine(self.seed, resonance_hz=self.resonance_hz)
        used = machine if self.slip is None else with_slip(machine, self.slip)
        return simulate_bearing(used, self.operation, self.seed).signal


def simulate_classes(
    first: int, machines: int, operation: Operation, resonance_hz: float = 3_000.0, slip: float | None = None
) -> tuple[SimulatedRecording, ...]:
    """Recordings of healthy and damaged bearings, every one a machine of its own.

    Parameters
    ----------
    first : seed of the first machine.
    machines : of each class.
    operation : of all of them, but for the damage.
    resonance_hz, slip : of all of them, see `SimulatedRecording`.
    """
    return tuple(
        SimulatedRecording(first + place * machines + number, replace(operation, fault=fault), resonance_hz, slip)
        for place, fault in enumerate(FAULTS)
        for number in range(machines)
    )
