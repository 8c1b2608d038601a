"""Simulated bearings: vibration of which every impact is known.

x(t) = sum_i A_i h(t - t_i) + background + white noise. A damaged spot is struck at t_i and the machine answers with its
modes h (McFadden & Smith 1984, J. Sound Vib. 96:69). The strikes are a renewal process: their slip adds up (Antoni &
Randall 2003, J. Vib. Acoust. 125:282; Randall & Antoni 2011, Mech. Syst. Signal Process. 25:485). How hard a strike is
follows from where in the load zone it falls (Stribeck). What one bearing is (`Machine`) is drawn once and held, so a
split by bearing means something. Nothing here was measured: a network that is right on it is right on this model.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import signal as dsp

from cbam_viz.errors import InputError
from cbam_viz.physics.bearing import SIMULATED, Bearing, Fault, check_shaft
from cbam_viz.signals.signal import Signal

STRUCK_G = 0.3
"""Root mean square of the answer to the strikes of a fully grown damage."""
MODE_RATIOS = (1.0, 0.7, 1.35)
"""Nominal modes as multiples of the resonance."""
LEAD_S = 0.05
"""Simulated before the first sample, so that the machine is already ringing there."""
SHORTEST_S = 0.1
"""Of a recording: with any drift the shaft then turns forwards in the lead too."""
MOST_SAMPLES = 20_000_000
FAINTEST = 1e-3
"""Of the largest load: a strike that is weaker leaves no trace, and is no impact."""
FAULTS: tuple[Fault, ...] = ("inner", "outer", "ball")


@dataclass(frozen=True)
class Machine:
    """One bearing in its housing, drawn once and held for all its recordings.

    Parameters
    ----------
    name : such as ``simulated 7``.
    bearing : orders of its faults.
    modes_hz, damping, gains : of its modes; damping as a share of critical.
    slip : standard deviation of the time between two strikes, as a share of it.
    spread : standard deviation of the strength of a strike, as a share of it.
    ball_ratio : strength of a ball's strikes on the inner race over those on the outer.
    harmonics : amplitudes of the shaft's first harmonics; this and what follows in standard deviations of the noise.
    mains_hz, mains : hum.
    carrier_hz, carrier : interference that the shaft modulates, a trait of the recordings of CWRU.
    colour, coloured : pole and standard deviation of the coloured noise.
    """

    name: str
    bearing: Bearing
    modes_hz: tuple[float, ...]
    damping: tuple[float, ...]
    gains: tuple[float, ...]
    slip: float
    spread: float
    ball_ratio: float
    harmonics: tuple[float, ...]
    mains_hz: float
    mains: float
    carrier_hz: float
    carrier: float
    colour: float
    coloured: float


@dataclass(frozen=True)
class Operation:
    """How a machine runs and is recorded.

    Parameters
    ----------
    fault : where the damage is, None for a healthy bearing.
    shaft_hz : shaft speed in Hz, at the middle of the recording.
    load : the load zone's epsilon: 0.5 loads half of the circumference, less leaves more of it free, 1 loads all.
    snr_db : of a fully grown damage: power of the answer to its strikes over power of the white noise, in dB.
    severity : amplitude of the strikes over that of a fully grown damage, 0 to 1.
    drift : change of the shaft speed from the first sample to the last, as a share of it.
    clip_g : where the recorder clips, in g; None for never.
    seconds : length in s.
    fs : sampling rate in Hz.

    Raises
    ------
    InputError
        If one of these is out of its range.
    """

    fault: Fault | None = None
    shaft_hz: float = 29.95
    load: float = 0.5
    snr_db: float = 10.0
    severity: float = 1.0
    drift: float = 0.0
    clip_g: float | None = None
    seconds: float = 1.0
    fs: float = 12_000.0

    def __post_init__(self) -> None:
        check_shaft(self.shaft_hz)
        if self.fault not in (None, *FAULTS):
            raise InputError(
                f"A simulated damage is one of {', '.join(FAULTS)} or none, but {self.fault!r} was given. Choose one."
            )
        for name, value, low, high in (
            ("load zone", self.load, 0.05, 1.0),
            ("signal-to-noise ratio in dB", self.snr_db, -40.0, 80.0),
            ("severity", self.severity, 0.0, 1.0),
            ("drift of the speed", self.drift, -0.5, 0.5),
            ("length in s", self.seconds, SHORTEST_S, 600.0),
            ("rate of the simulation in Hz", self.fs, 1_000.0, 200_000.0),
            (
                "level in g at which the recorder clips",
                math.inf if self.clip_g is None else self.clip_g,
                1e-3,
                math.inf,
            ),
        ):
            if not low <= value <= high:
                raise InputError(
                    f"The {name} lies between {low:g} and {high:g}, but {value:g} was given. Choose within."
                )
        if self.seconds * self.fs > MOST_SAMPLES:
            raise InputError(
                f"A simulation has up to {MOST_SAMPLES} samples, but {self.seconds:g} s at {self.fs:g} Hz are "
                f"{self.seconds * self.fs:.0f}. Shorten it, or lower the rate."
            )


@dataclass(frozen=True, eq=False)
class Simulation:
    """A simulated recording and what it is made of.

    Parameters
    ----------
    signal : the sum, in g, with the struck samples in `Signal.impacts`.
    struck : (T,) array, the answer to the strikes.
    background : (T,) array, everything else but the white noise.
    noise : (T,) array, the white noise.
    """

    signal: Signal
    struck: NDArray[np.float64]
    background: NDArray[np.float64]
    noise: NDArray[np.float64]


def draw_machine(seed: int, bearing: Bearing = SIMULATED, resonance_hz: float = 3_000.0) -> Machine:
    """Draw a bearing in its housing.

    Parameters
    ----------
    seed : names the machine; the same seed draws the same one.
    bearing : its fault orders.
    resonance_hz : nominal main mode; the modes lie within 10 % of it and its fixed multiples.

    Raises
    ------
    InputError
        If the resonance is no mode of a housing.
    """
    if not 500.0 <= resonance_hz <= 40_000.0:
        raise InputError(
            f"The resonance of a housing lies between 500 and 40000 Hz, but {resonance_hz:g} Hz was given. "
            "Give the frequency at which the machine rings."
        )
    rng = np.random.default_rng([seed, 0])
    modes = int(rng.integers(1, 4))
    return Machine(
        name=f"simulated {seed}",
        bearing=bearing,
        modes_hz=tuple(float(resonance_hz * ratio * rng.uniform(0.9, 1.1)) for ratio in MODE_RATIOS[:modes]),
        damping=tuple(rng.uniform(0.02, 0.08, modes).tolist()),
        gains=(1.0, *rng.uniform(0.2, 0.8, modes - 1).tolist()),
        slip=float(rng.uniform(0.005, 0.02)),
        spread=float(rng.uniform(0.05, 0.3)),
        ball_ratio=float(rng.uniform(0.5, 1.0)),
        harmonics=tuple((rng.uniform(0.0, 0.6) / np.arange(1, 5)).tolist()),
        mains_hz=float(rng.choice([50.0, 60.0])),
        mains=float(rng.uniform(0.0, 0.3)),
        carrier_hz=float(4_200 * rng.uniform(0.97, 1.03)),
        carrier=float(rng.uniform(0.0, 0.3)),
        colour=float(rng.uniform(0.8, 0.98)),
        coloured=float(rng.uniform(0.0, 0.5)),
    )


def simulate_bearing(machine: Machine, operation: Operation, seed: int = 0) -> Simulation:
    """Simulate one recording of a machine.

    Parameters
    ----------
    machine : the bearing; its own slip may be replaced by `dataclasses.replace`.
    operation : how it runs.
    seed : of the noise and the strikes of this recording; the same seed gives the same samples.

    Raises
    ------
    InputError
        If a mode of the machine is too high for the sampling rate.
    """
    fs = operation.fs
    if max(machine.modes_hz) > 0.45 * fs:
        raise InputError(
            f"The modes of a machine must lie below 0.45 of the sampling rate, {0.45 * fs:g} Hz, but one is at "
            f"{max(machine.modes_hz):.0f} Hz. Lower the resonance to {0.45 * fs / max(machine.modes_hz):.2f} of what "
            "it is, or raise the rate."
        )
    rng = np.random.default_rng([seed, 1])
    lead, count = round(LEAD_S * fs), round(operation.seconds * fs)
    phase = _shaft_phase(operation, lead, count) + rng.uniform(0, 1)  # turns; any start is as likely
    noise = rng.standard_normal(count)
    noise *= STRUCK_G / 10 ** (operation.snr_db / 20) / np.sqrt(np.mean(noise**2))
    background = _background(machine, operation, phase[lead:], rng) * np.sqrt(np.mean(noise**2))
    times, strengths = _strikes(machine, operation, phase, rng)
    struck = _ring(machine, times, strengths, lead + count, fs)[lead:]
    if len(times) and (level := float(np.sqrt(np.mean(struck**2)))):
        struck *= operation.severity * STRUCK_G / level
    samples = struck + background + noise
    impacts = np.unique(np.ceil(times).astype(np.int64) - lead) if operation.severity else np.empty(0, np.int64)
    return Simulation(
        Signal(
            samples if operation.clip_g is None else samples.clip(-operation.clip_g, operation.clip_g),
            fs=fs,
            name=f"{machine.name} {operation.fault or 'healthy'}",
            channel="simulated",
            unit="g",
            shaft_hz=operation.shaft_hz,
            bearing=machine.bearing.text,
            impacts=tuple(impacts[(impacts >= 0) & (impacts < count)].tolist()),
            notes=(say_simulated(machine, operation),),
        ),
        struck,
        background,
        noise,
    )


def say_simulated(machine: Machine, operation: Operation) -> str:
    """One sentence on a simulated recording."""
    damage = (
        f"{operation.fault} damage at severity {operation.severity:g}, " if operation.fault else "healthy, noise of "
    )
    return f"Simulated, not measured: {machine.name}, {damage}SNR {operation.snr_db:g} dB."


def _shaft_phase(operation: Operation, lead: int, count: int) -> NDArray[np.float64]:
    """Turns of the shaft at every sample, (lead + count,) array; halfway it runs at its speed."""
    time = np.arange(-lead, count) / operation.fs
    bend = operation.drift * (time**2 / (2 * operation.seconds) - time / 2)  # of a speed that changes evenly
    return operation.shaft_hz * (time + bend)


def _strikes(
    machine: Machine, operation: Operation, phase: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When the damage is struck, in samples of `phase`, and how hard; both (I,) arrays."""
    bearing, fault = machine.bearing, operation.fault
    if fault is None:
        return np.empty(0), np.empty(0)
    order = bearing.fault_line(fault, 1.0)[1]  # strikes a turn
    most = math.ceil((phase[-1] - phase[0]) * order * 1.2) + 8
    intervals = np.maximum(1 + machine.slip * rng.standard_normal(most), 0.1) / order
    turns = phase[0] + rng.uniform(0, 1 / order) + np.cumsum(intervals)
    turns = turns[turns <= phase[-1]]
    match fault:
        case "inner":  # turns with the shaft
            zone = turns
        case "ball":  # travels with the cage
            zone = turns * bearing.order_ftf + rng.uniform()
        case _:  # stands in the middle of the load zone
            zone = np.zeros(len(turns))
    strengths = load_zone(2 * np.pi * zone, operation.load)
    strengths *= np.maximum(1 + machine.spread * rng.standard_normal(len(turns)), 0.05)
    if fault == "ball":
        strengths[1::2] *= machine.ball_ratio  # outer and inner race in turn
    kept = strengths > FAINTEST
    return np.interp(turns[kept], phase, np.arange(len(phase))), strengths[kept]


def load_zone(angle: NDArray[np.float64], epsilon: float) -> NDArray[np.float64]:
    """Stribeck's load on a rolling element, as a share of the largest.

    Parameters
    ----------
    angle : (I,) array, from the middle of the load zone, in rad.
    epsilon : extent of the zone; it ends where cos(angle) = 1 - 2 epsilon.
    """
    return np.maximum(1 - (1 - np.cos(angle)) / (2 * epsilon), 0) ** 1.5


def _ring(
    machine: Machine, times: NDArray[np.float64], strengths: NDArray[np.float64], count: int, fs: float
) -> NDArray[np.float64]:
    """The answer of the modes to strikes at any times in samples, (count,) array.

    A strike between two samples is exact: a mode is one complex pole, which starts with the phase it has by then.
    """
    first = np.ceil(times).astype(np.int64)
    inside = first < count
    answer = np.zeros(count)
    for hz, damping, gain in zip(machine.modes_hz, machine.damping, machine.gains, strict=True):
        pole = 2 * np.pi * hz / fs * complex(-damping, math.sqrt(1 - damping**2))  # a sample
        train = np.zeros(count, complex)
        np.add.at(train, first[inside], (gain * strengths * np.exp(pole * (first - times)))[inside])
        answer += dsp.lfilter([1], [1, -np.exp(pole)], train).imag
    return answer


def _background(
    machine: Machine, operation: Operation, phase: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Shaft, mains, interference and coloured noise, (T,) array in standard deviations of the white noise."""
    time = np.arange(len(phase)) / operation.fs
    turn = 2 * np.pi * phase
    total = machine.mains * np.sin(2 * np.pi * (machine.mains_hz * time + rng.uniform()))
    for number, amplitude in enumerate(machine.harmonics, 1):
        total += amplitude * np.sin(number * turn + rng.uniform(0, 2 * np.pi))
    if machine.carrier_hz < operation.fs / 2:
        total += (
            machine.carrier * (1 + 0.5 * np.cos(turn)) * np.sin(2 * np.pi * (machine.carrier_hz * time + rng.uniform()))
        )
    white = rng.standard_normal(len(phase)) * machine.coloured * math.sqrt(1 - machine.colour**2)
    return total + dsp.lfilter([1], [1, -machine.colour], white)


def read_fault(words: str) -> Fault | None:
    """The fault that a person names, None for a healthy bearing.

    Raises
    ------
    InputError
        If it is none that can be simulated.
    """
    named: dict[str, Fault | None] = {"none": None, "healthy": None, "normal": None, **{name: name for name in FAULTS}}
    if words.strip().lower() not in named:
        raise InputError(
            f"A simulated damage is one of none, {', '.join(FAULTS)}, but {words!r} was given. Choose one."
        )
    return named[words.strip().lower()]


def with_slip(machine: Machine, slip: float) -> Machine:
    """The same machine with another slip, as a share of the time between two strikes.

    Raises
    ------
    InputError
        If it is no slip of a bearing.
    """
    if not 0 <= slip <= 0.1:
        raise InputError(f"A slip lies between 0 and 0.1, but {slip:g} was given. Give a number between them.")
    return replace(machine, slip=slip)
