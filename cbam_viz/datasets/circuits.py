"""Campaigns: many runs of a circuit, sound or with one part off, each with every value that it was made of.

What makes a campaign honest: one fixed time grid for all classes; draws that no two classes, sizes or laws share, from
a seed for every single sample; the faulty part has its tolerance too, round its fault value; rows in an order that says
nothing of the class; a run that failed is kept with its status.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cbam_viz.errors import InputError
from cbam_viz.physics.circuits import IDEAL, NORMAL, ONE_POLE, Circuit, OpAmp, Pulse, find_circuit
from cbam_viz.physics.ngspice import Responses, simulate_responses

Law = Literal["gaussian", "uniform"]
LAWS: tuple[Law, ...] = ("gaussian", "uniform")
SMALLEST, LARGEST = 0.01, 0.95
"""Sizes of a soft fault, as shares of the nominal value."""
MOST_RUNS = 100_000
RISE_S, FALL_S = 1.5e-6, 15e-6
"""Slowest edges of a varied campaign; those of a public set, 1 and 10 µs, lie within."""
GBW_HZ = (3e6, 30e6)
IDEAL_SHARE = 0.25
"""Of the runs of a varied campaign whose op-amps are ideal."""
DELAY_S, OFFSET_V = 3e-6, 0.02
COARSEST = 4
"""Largest step of the simulator in a varied campaign, in steps of the grid that it is then brought to."""


@dataclass(frozen=True)
class Campaign:
    """What is simulated; equal campaigns give equal bytes.

    Parameters
    ----------
    circuit : its name.
    faults : keys of the fault classes beside the sound one; None for all of the circuit.
    size : deviation of the faulty part as a share of its nominal value, such as 0.5 for ±50 %; or the smallest and the
        largest, from which it is drawn evenly for each run.
    law : of the tolerances: ``gaussian`` with three standard deviations in the tolerance, or ``uniform`` within it.
    runs : of each class.
    seed : of all draws.
    snr_db : power of the response over that of white noise in dB; None for no noise.
    varied : whether op-amp, edges, delay, offset and steps of the simulator are drawn for each run too.

    Raises
    ------
    InputError
        If one of these is out of its range.
    """

    circuit: str
    faults: tuple[str, ...] | None = None
    size: float | tuple[float, float] = 0.5
    law: Law = "gaussian"
    runs: int = 100
    seed: int = 0
    snr_db: float | None = None
    varied: bool = False

    def __post_init__(self) -> None:
        unknown = set(self.faults or ()) - set(find_circuit(self.circuit).classes[1:])
        if unknown:
            raise InputError(
                f"A fault of {self.circuit} is one of {', '.join(find_circuit(self.circuit).classes[1:])}, but "
                f"{', '.join(sorted(unknown))} was given. Choose among these."
            )
        low, high = self.range
        if not SMALLEST <= low <= high <= LARGEST:
            raise InputError(
                f"The size of a soft fault lies between {SMALLEST:g} and {LARGEST:g} of the nominal value, smallest "
                f"first, but {low:g} to {high:g} was given. Choose within: a part at 0 or below is none."
            )
        read_law(self.law)
        if not (1 <= self.runs <= MOST_RUNS and self.seed >= 0):
            raise InputError(
                f"A campaign has 1 to {MOST_RUNS} runs a class and a seed from 0 on, but {self.runs} runs and seed "
                f"{self.seed} were given. Choose within."
            )
        if self.snr_db is not None and not -20 <= self.snr_db <= 120:
            raise InputError(
                f"A signal-to-noise ratio lies between -20 and 120 dB, but {self.snr_db:g} was given. Choose within."
            )

    @property
    def range(self) -> tuple[float, float]:
        """Smallest and largest size."""
        return self.size if isinstance(self.size, tuple) else (self.size, self.size)

    @property
    def recorded(self) -> Circuit:
        """Its circuit, recorded for longer where the pulse may begin late, so that as much follows on it."""
        circuit = find_circuit(self.circuit)
        return replace(circuit, duration_s=circuit.duration_s + DELAY_S) if self.varied else circuit

    @property
    def classes(self) -> tuple[str, ...]:
        """Keys of its classes, the sound one first."""
        return find_circuit(self.circuit).classes if self.faults is None else (NORMAL, *self.faults)


@dataclass(frozen=True)
class Draw:
    """All that is drawn for one run.

    Parameters
    ----------
    key : of its class.
    index : of the run in its class.
    deviation : of the faulty part, as a signed share of its nominal value, before its tolerance; 0 for a sound circuit.
    values : of every part.
    pulse, opamp : of this run.
    step_s : largest step of the simulator in s, None for its usual one.
    offset_v : added to the response, in V.
    """

    key: str
    index: int
    deviation: float
    values: tuple[float, ...]
    pulse: Pulse
    opamp: OpAmp = ONE_POLE
    step_s: float | None = None
    offset_v: float = 0.0


@dataclass(frozen=True, eq=False)
class Runs:
    """Some runs of a campaign, drawn and simulated.

    Parameters
    ----------
    circuit : of all of them.
    draws : N of them.
    responses : (N, T) volts with their status.
    """

    circuit: Circuit
    draws: tuple[Draw, ...]
    responses: Responses


def read_law(text: str) -> Law:
    """The law of that name.

    Raises
    ------
    InputError
        If there is none.
    """
    for law in LAWS:
        if text == law:
            return law
    raise InputError(f"Tolerances are {' or '.join(LAWS)}, but {text!r} was given. Choose one.")


def draw_campaign(campaign: Campaign) -> tuple[Draw, ...]:
    """Every run of a campaign, in an order that is drawn too."""
    draws = [_draw(campaign, key, index) for key in campaign.classes for index in range(campaign.runs)]
    order = _rng(campaign, "order", 0).permutation(len(draws))
    return tuple(draws[place] for place in order)


def simulate_draws(campaign: Campaign, draws: Sequence[Draw], longer_s: float = 0.0) -> Runs:
    """Simulate some runs of a campaign, and add offset and noise.

    Parameters
    ----------
    campaign, draws : whose runs.
    longer_s : recorded beyond what the campaign records, in s.
    """
    circuit = campaign.recorded
    circuit = replace(circuit, duration_s=circuit.duration_s + longer_s)
    found = simulate_responses(
        circuit,
        np.array([draw.values for draw in draws]),
        pulse=[draw.pulse for draw in draws],
        opamp=[draw.opamp for draw in draws],
        step_s=[draw.step_s for draw in draws],
    )
    volts = found.volts + np.array([[draw.offset_v] for draw in draws])
    if campaign.snr_db is not None:
        level = np.sqrt(np.mean(volts**2, axis=1, keepdims=True)) * 10 ** (-campaign.snr_db / 20)
        rngs = [_rng(campaign, f"noise {draw.key}", draw.index) for draw in draws]
        volts += level * np.array([rng.normal(size=volts.shape[1]) for rng in rngs])
    return Runs(circuit, tuple(draws), replace(found, volts=volts))


def _rng(campaign: Campaign, what: str, index: int) -> np.random.Generator:
    """The draws of one sample: those of another class, index, size, law, circuit or seed are others.

    The noise is apart, so campaigns that differ in nothing else are of the same circuits.
    """
    told = (campaign.seed, campaign.circuit, what, index, campaign.range, campaign.law, campaign.varied)
    return np.random.default_rng(int.from_bytes(hashlib.sha256(repr(told).encode()).digest()[:16]))


def _draw(campaign: Campaign, key: str, index: int) -> Draw:
    """One run."""
    circuit, rng = find_circuit(campaign.circuit), _rng(campaign, key, index)
    fault = next((fault for fault in circuit.faults if fault.key == key), None)
    deviation = fault.sign * float(rng.uniform(*campaign.range)) if fault else 0.0
    tolerance = np.array([part.tolerance for part in circuit.parts])
    spread = rng.uniform(-1, 1, len(tolerance)) if campaign.law == "uniform" else rng.normal(0, 1 / 3, len(tolerance))
    values = circuit.values(fault.part if fault else None, deviation) * (1 + tolerance * spread)
    draw = Draw(key, index, deviation, tuple(values.tolist()), circuit.pulse)
    return _vary(draw, circuit, rng) if campaign.varied else draw


def _vary(draw: Draw, circuit: Circuit, rng: np.random.Generator) -> Draw:
    """The run as another simulator, or a bench, may have made it."""
    rise, fall = (
        fastest + (slowest - fastest) * float(rng.random()) ** 2
        for fastest, slowest in ((circuit.pulse.rise_s, RISE_S), (circuit.pulse.fall_s, FALL_S))
    )
    one_pole = replace(ONE_POLE, gbw_hz=_log_uniform(rng, *GBW_HZ), rout=float(rng.uniform(0, 100)))
    return replace(
        draw,
        pulse=replace(circuit.pulse, rise_s=rise, fall_s=fall, delay_s=float(rng.uniform(0, DELAY_S))),
        opamp=IDEAL if rng.random() < IDEAL_SHARE else one_pole,
        step_s=_log_uniform(rng, circuit.step_s / COARSEST, circuit.step_s * COARSEST),
        offset_v=float(rng.uniform(-OFFSET_V, OFFSET_V)),
    )


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """A number whose logarithm is evenly distributed."""
    return float(np.exp(rng.uniform(math.log(low), math.log(high))))
