"""The events of a scan, and the level of probability at which they begin: false alarms an hour are the knob.

The curve comes from simulated healthy hours, whose truth is known. A simulation is no promise, so what the measured
healthy seconds that ship can promise is counted the same way, and said beside it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from cbam_viz.analysis.events import AlarmCurve, Event, add_curves, bound_rate, count_alarms, find_events, level_for
from cbam_viz.analysis.onset import Onset, find_onset
from cbam_viz.attention.passes import probabilities, run_passes
from cbam_viz.datasets.samples import list_samples
from cbam_viz.datasets.simulated import RESONANCE_HZ, SHAFT_HZ
from cbam_viz.errors import InputError
from cbam_viz.network.card import PRETRAINED, Card
from cbam_viz.network.checkpoint import Network
from cbam_viz.physics.simulate import Operation, draw_machine, simulate_bearing
from cbam_viz.signals.prepared import cut_stream
from cbam_viz.signals.readers import read_signal
from cbam_viz.signals.signal import Signal
from cbam_viz.studies.scan import OVERLAP, ScanFacts, events_path, read_columns, write_whole

CURVES = PRETRAINED / "alarms.csv"
"""Of the networks that ship, as `measure_alarms` counted them."""
SIMULATED, MEASURED = "simulated", "measured"
FIRST_MACHINE = 5_000
"""Seed of the first healthy machine; those of training and test have others."""
MACHINE_S = 300.0
DEFAULT_LEVEL = 0.9
"""Where no curve is known."""


@dataclass(frozen=True)
class Alarms:
    """What a network's false alarms are known to be.

    Parameters
    ----------
    simulated : on simulated healthy hours, no machine of which was in training.
    measured : on the measured healthy samples that ship; these may have been in training.
    """

    simulated: AlarmCurve
    measured: AlarmCurve


@dataclass(frozen=True)
class Threshold:
    """The level at which an event begins, and what it costs.

    Parameters
    ----------
    level : probability of any fault.
    asked : false alarms an hour that were allowed.
    alarms : what is known of them, None for a network nobody counted them for.
    """

    level: float
    asked: float
    alarms: Alarms | None

    def of(self, curve: AlarmCurve) -> tuple[int, float, float]:
        """False alarms at the level, the hours they were counted in, and the most an hour that these allow."""
        count = curve.alarms[curve.levels.index(self.level)]
        return count, curve.hours, bound_rate(count, curve.hours)


def healthy_class(card: Card) -> int:
    """Number of the class that is no event.

    Raises
    ------
    InputError
        If the network has none.
    """
    for number, name in enumerate(card.classes):
        if name.key == "normal":
            return number
    raise InputError(
        f"Events are told from a healthy state, but {card.name} has no class of the key normal. Choose another network."
    )


def measure_alarms(network: Network, hours: float, progress: Callable[[int, int], None] | None = None) -> Alarms:
    """Count false alarms on simulated healthy hours, and on the measured healthy samples.

    Parameters
    ----------
    network : whose alarms.
    hours : of simulated recordings, each of another machine.
    progress : called with (recordings done, recordings in all).
    """
    machines = max(round(hours * 3600 / MACHINE_S), 1)
    curves = []
    for number in range(machines):
        curves.append(_count(network, _healthy(FIRST_MACHINE + number)))
        if progress:
            progress(number + 1, machines)
    own = [_count(network, signal) for signal in _measured_healthy()]
    return Alarms(add_curves(curves), add_curves(own))


def _healthy(seed: int) -> Signal:
    """A simulated healthy machine that runs as those of the training do, its noise at 0 dB."""
    rng = np.random.default_rng([seed, 2])
    machine = draw_machine(seed, resonance_hz=float(rng.uniform(*RESONANCE_HZ)))
    operation = Operation(None, shaft_hz=float(rng.uniform(*SHAFT_HZ)), snr_db=0.0, seconds=MACHINE_S)
    return simulate_bearing(machine, operation, seed).signal


def _measured_healthy() -> Iterable[Signal]:
    """The measured samples of a healthy bearing."""
    for sample in list_samples():
        if sample.path.stem.startswith("normal_"):
            yield read_signal(sample.path)


def _count(network: Network, signal: Signal) -> AlarmCurve:
    """False alarms on one healthy recording at every level."""
    preparation = replace(network.card.preparation, hop=network.card.preparation.window // OVERLAP)
    cuts = [cut for cut in cut_stream([signal.samples], signal.fs, preparation) if len(cut.starts)]
    found = np.concatenate([probabilities(run_passes(network, cut.inputs)) for cut in cuts])
    start_s = np.concatenate([cut.starts for cut in cuts]) / preparation.fs
    window_s, hop_s = preparation.window / preparation.fs, preparation.hop / preparation.fs
    return count_alarms(start_s, window_s, hop_s, found, healthy_class(network.card))


def write_alarms(name: str, digest: str, alarms: Alarms, path: Path = CURVES) -> None:
    """Put a network's curves into the table of all networks, in place of those it had."""
    rows = [
        {"network": name, "digest": digest[:12], "on": on, "level": level, "alarms": count, "hours": curve.hours}
        for on, curve in ((SIMULATED, alarms.simulated), (MEASURED, alarms.measured))
        for level, count in zip(curve.levels, curve.alarms, strict=True)
    ]
    others = [pd.read_csv(path)] if path.exists() else []
    others = [table[table["network"] != name] for table in others]
    table = pd.concat([*others, pd.DataFrame(rows)]).sort_values(
        ["network", "on", "level"], ascending=[True, False, True]
    )
    table.to_csv(path, index=False, float_format="%.6g", lineterminator="\n")


def read_alarms(digest: str, path: Path = CURVES) -> Alarms | None:
    """The curves of the network with these weights, None where nobody counted."""
    if not path.exists():
        return None
    table = pd.read_csv(path, dtype={"digest": str})
    own = table[table["digest"] == digest[:12]]
    curves = {
        str(on): AlarmCurve(tuple(rows["level"]), tuple(rows["alarms"]), float(rows["hours"].iloc[0]))
        for on, rows in own.groupby("on")
    }
    return Alarms(curves[SIMULATED], curves[MEASURED]) if curves else None


def find_threshold(digest: str, an_hour: float, path: Path = CURVES) -> Threshold:
    """The level of the network with these weights for so many false alarms an hour.

    Raises
    ------
    InputError
        If the number is none.
    """
    if not 0 < an_hour < np.inf:
        raise InputError(
            f"False alarms an hour are a number above zero, but {an_hour:g} was given. Give how many may be borne."
        )
    alarms = read_alarms(digest, path)
    return Threshold(level_for(alarms.simulated, an_hour) if alarms else DEFAULT_LEVEL, an_hour, alarms)


def detect(out: Path, facts: ScanFacts, card: Card, threshold: Threshold) -> tuple[Event, ...]:
    """The events in the windows of a scan that are there by now."""
    names = [f"p_{key}" for key in facts.classes]
    columns = read_columns(out, facts.key, ["start_s", *names])
    found = np.stack([columns[name] for name in names], axis=1)
    return find_events(columns["start_s"], facts.window_s, facts.hop_s, found, healthy_class(card), threshold.level)


def trend(out: Path, facts: ScanFacts, card: Card) -> Onset | None:
    """The onset of a fault that does not go away, in the windows of a scan that are there by now."""
    healthy = f"p_{facts.classes[healthy_class(card)]}"
    columns = read_columns(out, facts.key, ["start_s", healthy])
    return find_onset(columns["start_s"], 1 - columns[healthy])


def events_table(events: tuple[Event, ...], facts: ScanFacts, threshold: Threshold) -> pa.Table:
    """A row an event, with where to look for the evidence."""
    count = len(events)
    return pa.table(
        {
            "machine": pa.array([facts.machine] * count, pa.string()),
            "file": pa.array([facts.file] * count, pa.string()),
            "channel": pa.array([facts.channel] * count, pa.string()),
            "start_s": pa.array([event.start_s for event in events], pa.float64()),
            "end_s": pa.array([event.end_s for event in events], pa.float64()),
            "class": pa.array([facts.classes[event.label] for event in events], pa.string()),
            "probability": pa.array([event.probability for event in events], pa.float64()),
            "peak_probability": pa.array([event.peak for event in events], pa.float64()),
            "peak_window_s": pa.array([event.peak_s for event in events], pa.float64()),
            "windows": pa.array([event.windows for event in events], pa.int64()),
            "level": pa.array([threshold.level] * count, pa.float64()),
            "network": pa.array([facts.network] * count, pa.string()),
            "network_digest": pa.array([facts.digest] * count, pa.string()),
            "version": pa.array([facts.version] * count, pa.string()),
        }
    )


def write_events(out: Path, facts: ScanFacts, events: tuple[Event, ...], threshold: Threshold) -> Path:
    """Write the events of a scan, and give the path."""
    path = events_path(out, facts.key)
    write_whole(path, lambda unfinished: parquet.write_table(events_table(events, facts, threshold), unfinished))
    return path
