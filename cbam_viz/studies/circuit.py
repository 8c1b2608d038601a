"""What happens when a part of a circuit drifts? Deviations in, one frozen result out; both doors call it.

ngspice gives the response, and from there on it is a signal like any other: `explain_signal` and what it calls.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cbam_viz.attention.record import AttentionRecord, record_attention
from cbam_viz.datasets.circuit_bands import CircuitBand, read_band
from cbam_viz.errors import InputError
from cbam_viz.network.checkpoint import Network
from cbam_viz.physics.circuits import Circuit, find_circuit
from cbam_viz.physics.ngspice import OK, simulate_responses
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import prepare_windows
from cbam_viz.studies.explain import Asked, Explanation, explain_signal

LARGEST = 60.0
"""Deviation of a part in per cent, either way."""
STEPS, MAP_STEPS = 41, 21
"""Of a sweep, and of a map each way."""
PULSE_S = 10e-6
"""Recorded before the pulse."""
MOST_DRAWS = 1_000_000
LOWEST_DB, HIGHEST_DB = 0.0, 120.0
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Setting:
    """One circuit as a person set it; equal settings give equal responses.

    Parameters
    ----------
    circuit : its name.
    deviations : name of each part that was moved, with its deviation in per cent.
    draw : number of a draw of all tolerances and of the noise; with 0 the tolerances are not drawn.
    snr_db : power of the response over that of white noise in dB; None for no noise.

    Raises
    ------
    InputError
        If a part, a deviation, the draw or the ratio is out of its range.
    """

    circuit: str
    deviations: tuple[tuple[str, float], ...] = ()
    draw: int = 0
    snr_db: float | None = None

    def __post_init__(self) -> None:
        names = find_circuit(self.circuit).names
        for part, percent in self.deviations:
            check_part(find_circuit(self.circuit), part)
            if not -LARGEST <= percent <= LARGEST:  # True for NaN too
                raise InputError(
                    f"A part is off by -{LARGEST:g} to {LARGEST:g} %, but {part} {percent:g} % was given. "
                    "Choose within."
                )
        if len({part for part, _percent in self.deviations}) < len(self.deviations):
            raise InputError(f"Every part is set once, but one of {', '.join(names)} was set twice. Leave one out.")
        if not 0 <= self.draw <= MOST_DRAWS:
            raise InputError(f"A draw is a number from 0 to {MOST_DRAWS}, but {self.draw} was given. Choose within.")
        if self.snr_db is not None and not LOWEST_DB <= self.snr_db <= HIGHEST_DB:
            raise InputError(
                f"A signal-to-noise ratio lies between {LOWEST_DB:g} and {HIGHEST_DB:g} dB here, but "
                f"{self.snr_db:g} was given. Choose within."
            )

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the parts that were moved."""
        return tuple(part for part, percent in self.deviations if percent)

    def moved(self, changes: Mapping[str, float]) -> "Setting":
        """The same with some parts elsewhere."""
        return replace(self, deviations=tuple((dict(self.deviations) | dict(changes)).items()))

    @property
    def values(self) -> NDArray[np.float64]:
        """(P,) array, value of every part."""
        circuit = find_circuit(self.circuit)
        off = dict(self.deviations)
        values = circuit.nominal * [1 + off.get(name, 0.0) / 100 for name in circuit.names]
        if not self.draw:
            return np.asarray(values)
        tolerance = np.array([part.tolerance for part in circuit.parts])
        return np.asarray(values * (1 + tolerance / 3 * _rng(self, "parts").standard_normal(len(values))))


@dataclass(frozen=True, eq=False)
class CircuitStudy:
    """One circuit as it was set, what it answers, and what a network makes of that.

    Parameters
    ----------
    setting : what was asked for.
    circuit : as declared.
    values : (P,) array, value of every part.
    band : of sound circuits.
    explanation : of the response.
    sound : the same network on the nominal response.
    """

    setting: Setting
    circuit: Circuit
    values: NDArray[np.float64]
    band: CircuitBand
    explanation: Explanation
    sound: Explanation


@dataclass(frozen=True, eq=False)
class Drift:
    """Many responses of a circuit, in which one part drifts, or two do.

    Parameters
    ----------
    setting : of everything else.
    parts : names of the one or two parts.
    percent : (S,) array, rising, deviation of either.
    values : (N, P) array, of the S or S * S runs, the first part changing fastest.
    status : of the runs.
    record : one window a run that went well.
    """

    setting: Setting
    parts: tuple[str, ...]
    percent: NDArray[np.float64]
    values: NDArray[np.float64]
    status: tuple[str, ...]
    record: AttentionRecord

    @property
    def good(self) -> NDArray[np.bool_]:
        """Which runs went well, (N,) array."""
        return np.array(self.status) == OK


def check_part(circuit: Circuit, name: str) -> str:
    """The name of a part, if it is one.

    Raises
    ------
    InputError
        If it is none of that circuit.
    """
    if name not in circuit.names:
        raise InputError(
            f"A part of {circuit.name} is one of {', '.join(circuit.names)}, but {name!r} was given. "
            "Choose among these."
        )
    return name


def check_network(network: Network, circuit: str) -> None:
    """Refuse a network that reads something else.

    Raises
    ------
    InputError
        If the network does not read responses of that circuit.
    """
    if network.card.circuit != circuit:
        raise InputError(
            f"The network must read responses of {circuit}, but {network.card.name} does not. Choose another network."
        )


def study_setting(setting: Setting, network: Network) -> CircuitStudy:
    """One response and what a network makes of it: one run of ngspice.

    Raises
    ------
    InputError
        If the network reads something else, ngspice is not installed, or the run does not end well.
    """
    check_network(network, setting.circuit)
    circuit, values = find_circuit(setting.circuit), setting.values
    volts, status = _respond(setting, values[None])
    if status[0] != OK:
        raise InputError(
            f"A run of ngspice must give a response, but this one did not ({status[0]}). Choose other values."
        )
    band = load_band(circuit.name)
    return CircuitStudy(
        setting=setting,
        circuit=circuit,
        values=values,
        band=band,
        explanation=explain_signal(_signal(setting, volts[0]), network, Asked()),
        sound=explain_nominal(circuit, band, network),
    )


def study_response(signal: Signal, explanation: Explanation) -> tuple[CircuitBand, Explanation] | None:
    """What a measured response is set against: the band of its circuit, and the nominal circuit under its network.

    None where the network reads no circuit.
    """
    name = explanation.card.circuit
    if name is None or (signal.circuit or name) != name:
        return None
    band = load_band(name)
    return band, explain_nominal(find_circuit(name), band, explanation.network)


def explain_nominal(circuit: Circuit, band: CircuitBand, network: Network) -> Explanation:
    """What a network makes of the nominal response, which is stored."""
    rest = np.zeros(round(PULSE_S / circuit.step_s))
    samples = np.concatenate([rest, band.nominal])
    nominal = Setting(circuit.name)
    return explain_signal(_signal(nominal, samples), network, Asked())


def sweep_part(
    setting: Setting, network: Network, part: str, progress: Progress | None = None, steps: int = STEPS
) -> Drift:
    """One part from one end of its range to the other, all else as it was set.

    Parameters
    ----------
    setting : of all else.
    network : that reads the responses.
    part : its name.
    progress : called with runs done and runs in all; raising in it ends the work.
    steps : how many responses.

    Raises
    ------
    InputError
        As for `study_setting`; a run that fails is kept with its status.
    """
    return _drift(setting, network, (check_part(find_circuit(setting.circuit), part),), progress, steps)


def map_parts(
    setting: Setting,
    network: Network,
    parts: Sequence[str],
    progress: Progress | None = None,
    steps: int = MAP_STEPS,
) -> Drift:
    """Two parts, each from one end of its range to the other, all else as it was set.

    Parameters
    ----------
    setting, network, progress, steps : as for `sweep_part`, `steps` for either part.
    parts : two names.

    Raises
    ------
    InputError
        As for `sweep_part`, or if it is one part twice.
    """
    circuit = find_circuit(setting.circuit)
    named = tuple(check_part(circuit, part) for part in parts)
    if len(set(named)) != 2:
        raise InputError(f"A map is of two parts, but {', '.join(named)} was given. Choose two that differ.")
    return _drift(setting, network, named, progress, steps)


def _drift(setting: Setting, network: Network, parts: tuple[str, ...], progress: Progress | None, steps: int) -> Drift:
    """All responses in one batch of runs, and all windows in one pass."""
    check_network(network, setting.circuit)
    percent = np.linspace(-LARGEST, LARGEST, steps)
    places = np.stack(np.meshgrid(*[percent] * len(parts)), axis=-1).reshape(-1, len(parts))  # the first fastest
    values = np.stack([setting.moved(dict(zip(parts, place.tolist(), strict=True))).values for place in places])
    volts, status = _respond(setting, values, progress)
    good = [row for row, said in zip(volts, status, strict=True) if said == OK]
    if not good:
        raise InputError(
            f"Runs of ngspice must give responses, but all {len(values)} failed ({status[0]}). Choose other values."
        )
    windows = [prepare_windows(_signal(setting, row), network.card.preparation).inputs for row in good]
    return Drift(setting, parts, percent, values, status, record_attention(network, np.concatenate(windows)))


def _respond(
    setting: Setting, values: NDArray[np.float64], progress: Progress | None = None
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Responses of these values with their noise, which is the same in all of them but for its level."""
    circuit = find_circuit(setting.circuit)
    recorded = replace(circuit, duration_s=circuit.duration_s + PULSE_S)
    pulse = replace(circuit.pulse, delay_s=PULSE_S)
    found = simulate_responses(recorded, values, pulse=pulse, progress=progress)
    if setting.snr_db is None:
        return found.volts, found.status
    level = np.sqrt(np.mean(found.volts**2, axis=1, keepdims=True)) * 10 ** (-setting.snr_db / 20)
    return found.volts + level * _rng(setting, "noise").standard_normal(found.volts.shape[1]), found.status


def _signal(setting: Setting, volts: NDArray[np.float64]) -> Signal:
    """A response as a signal."""
    circuit = find_circuit(setting.circuit)
    return Signal(
        samples=volts,
        fs=1 / circuit.step_s,
        name=name_setting(setting),
        unit="V",
        circuit=circuit.name,
        pulse_s=PULSE_S,
    )


def name_setting(setting: Setting) -> str:
    """A setting in the fewest words, such as ``sallen-key C1-40``."""
    off = [f"{part}{percent:+g}" for part, percent in setting.deviations if percent]
    drawn = [f"draw {setting.draw}"] if setting.draw else []
    noisy = [] if setting.snr_db is None else [f"{setting.snr_db:g} dB"]
    return " ".join([setting.circuit, *off, *drawn, *noisy])


def write_deviations(deviations: Mapping[str, float]) -> str:
    """Deviations as text, such as ``C1=-40;R2=5``; those that are 0 are left out."""
    return ";".join(f"{part}={percent:g}" for part, percent in deviations.items() if percent)


def read_deviations(text: str) -> tuple[tuple[str, float], ...]:
    """Deviations from text, such as ``C1=-40;R2=5``.

    Raises
    ------
    InputError
        If it is not of this kind.
    """
    found = []
    for part in filter(None, text.replace(",", ";").split(";")):
        name, _sign, percent = part.partition("=")
        try:
            found.append((name.strip(), float(percent)))
        except ValueError:
            raise InputError(
                f"A deviation is a part and per cent, such as C1=-40, but {part.strip()!r} was given. Write it so."
            ) from None
    return tuple(found)


@cache
def load_band(circuit: str) -> CircuitBand:
    """The band of a circuit, which is read once."""
    return read_band(circuit)


def _rng(setting: Setting, what: str) -> np.random.Generator:
    """Draws of one number, apart for parts and noise."""
    return np.random.default_rng([setting.draw, len(what)])
