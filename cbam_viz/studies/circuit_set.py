"""Campaigns of a circuit as a network reads them: simulated once, kept, and cut by the one preparation."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cbam_viz.datasets.circuit_files import read_campaign, simulate_campaign
from cbam_viz.datasets.circuits import Campaign, Draw, draw_campaign
from cbam_viz.physics.circuits import Circuit, find_circuit
from cbam_viz.physics.ngspice import OK, simulate_responses
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import Preparation, prepare_windows

Progress = Callable[[str, float], None]
"""Called with what is being done, and the share of it that is done; raising in it ends the work."""
DIGITS = 6
"""Of a nominal response in V, as the card keeps it: µV."""


@dataclass(frozen=True, eq=False)
class ResponseSet:
    """Responses with the truth about them.

    Parameters
    ----------
    inputs : (N, T) array, as the network reads them.
    labels : (N,) array of class numbers of the circuit.
    percent : (N,) array, how far off the faulty part is, in per cent, its tolerance included; 0 for a sound circuit.
        See `deviation_percent`.
    """

    inputs: NDArray[np.float32]
    labels: NDArray[np.int64]
    percent: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.labels)

    def only(self, chosen: NDArray[np.bool_]) -> "ResponseSet":
        """Some of them."""
        return ResponseSet(self.inputs[chosen], self.labels[chosen], self.percent[chosen])


def join_sets(sets: Sequence[ResponseSet]) -> ResponseSet:
    """Several as one, in order."""
    return ResponseSet(
        np.concatenate([each.inputs for each in sets]),
        np.concatenate([each.labels for each in sets]),
        np.concatenate([each.percent for each in sets]),
    )


def measure_nominal(circuit: Circuit, preparation: Preparation) -> Preparation:
    """The preparation with the response of the circuit without deviations; its RMS in V becomes 1."""
    volts = simulate_responses(circuit, circuit.nominal[None]).volts[0]
    plain = replace(preparation, nominal=None, volts_scale=1.0)
    window = prepare_windows(_signal(circuit, volts, circuit.pulse.delay_s), plain).inputs[0].astype(np.float64)
    nominal = tuple(round(float(value), DIGITS) for value in window)
    return replace(preparation, nominal=nominal, volts_scale=round(float(np.sqrt(np.mean(window**2))), DIGITS))


def prepare_campaign(
    campaign: Campaign, preparation: Preparation, folder: Path, progress: Progress | None = None
) -> ResponseSet:
    """Simulate a campaign, or take it from where it was kept, and cut its responses; failed runs are left out.

    Every second varied run keeps to itself when its pulse began, so that it is found as in a file that does not say.

    Parameters
    ----------
    campaign : of the circuit.
    preparation : of the network.
    folder : where campaigns are kept, each under its own name.
    progress : see `Progress`.
    """

    def tell(done: int, runs: int) -> None:
        if progress:
            progress(f"{say_campaign(campaign)}: {done} of {runs} runs simulated", done / runs)

    kept = folder / hashlib.sha256(repr(campaign).encode()).hexdigest()[:16]
    table = read_campaign(simulate_campaign(campaign, kept, tell))
    circuit, draws = find_circuit(campaign.circuit), draw_campaign(campaign)
    good = [place for place, status in enumerate(table.status) if status == OK]
    signals = (_drawn(circuit, draws[place], table.volts[place], campaign.varied) for place in good)
    return ResponseSet(
        np.concatenate([prepare_windows(signal, preparation).inputs for signal in signals]),
        np.array([circuit.classes.index(draws[place].key) for place in good]),
        np.array([_percent(circuit, draws[place]) for place in good], np.float32),
    )


def say_campaign(campaign: Campaign) -> str:
    """A campaign in the fewest words, as a card names it."""
    low, high = (f"{100 * size:g}" for size in campaign.range)
    size = f"±{high} %" if low == high else f"±{low} to ±{high} %"
    varied = ", bench varied" if campaign.varied else ""
    return f"{campaign.circuit} {size}, {campaign.law}{varied}, {campaign.runs} runs a class, seed {campaign.seed}"


def deviation_percent(circuit: Circuit, values: NDArray[np.float64], part: str) -> NDArray[np.float64]:
    """How far a part is off its nominal value, in per cent, (N,) array; their product where a group is alike.

    Parameters
    ----------
    circuit : of the values.
    values : (N, P) array, of every part.
    part : its name.
    """
    group = next((group for group in circuit.ambiguous if part in group), (part,))
    places = [circuit.names.index(name) for name in group]
    return 100 * (np.prod(values[:, places] / circuit.nominal[places], axis=1) - 1)


def folds_of(labels: NDArray[np.int64], count: int) -> Iterator[NDArray[np.bool_]]:
    """For each fold which runs are held out, (N,) arrays; every class has its share in each."""
    place = np.empty(len(labels), int)
    for label in np.unique(labels):
        of_class = np.flatnonzero(labels == label)
        place[of_class] = np.arange(len(of_class)) % count  # rows of a campaign come in an order that was drawn
    return (place == fold for fold in range(count))


def _drawn(circuit: Circuit, draw: Draw, volts: NDArray[np.float32], is_varied: bool) -> Signal:
    """One run as a signal."""
    return _signal(circuit, volts, None if is_varied and draw.index % 2 else draw.pulse.delay_s)


def _signal(circuit: Circuit, volts: NDArray[np.floating], pulse_s: float | None) -> Signal:
    return Signal(
        volts.astype(np.float64), 1 / circuit.step_s, circuit.name, unit="V", circuit=circuit.name, pulse_s=pulse_s
    )


def _percent(circuit: Circuit, draw: Draw) -> float:
    """How far off the faulty part of a run is; 0 for a sound circuit."""
    part = next((fault.part for fault in circuit.faults if fault.key == draw.key), None)
    return 0.0 if part is None else float(deviation_percent(circuit, np.array([draw.values]), part)[0])
