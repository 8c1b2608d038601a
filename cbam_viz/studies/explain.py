"""What does a network look at in this signal? A file in, one frozen explanation out; both doors call it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cbam_viz.analysis.diagnosis import score_loudness
from cbam_viz.analysis.interventions import flatten_spatial
from cbam_viz.attention.record import AttentionRecord, record_attention
from cbam_viz.network.card import Card, ClassName
from cbam_viz.network.checkpoint import Network, read_network
from cbam_viz.physics.bearing import read_bearing
from cbam_viz.signals.readers import read_signal
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import Windows, prepare_windows


@dataclass(frozen=True)
class Asked:
    """What was asked for of a file, as `explain` takes it; the same again gives the same explanation."""

    channel: str | None = None
    fs: float | None = None
    interpolate: bool = False
    unit: str | None = None


@dataclass(frozen=True, eq=False)
class Explanation:
    """All that was found out about one signal."""

    signal: Signal
    network: Network
    windows: Windows
    record: AttentionRecord
    asked: Asked = Asked()

    @property
    def card(self) -> Card:
        """Of the network."""
        return self.network.card

    @property
    def predicted(self) -> ClassName:
        """Class of the largest mean probability over all windows."""
        return self.card.classes[int(self.record.mean_probabilities.argmax())]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of how the windows came to be."""
        return self.signal.notes + self.windows.notes


def explain(
    path: Path,
    network: Network | str,
    channel: str | None = None,
    fs: float | None = None,
    interpolate: bool = False,
    progress: Callable[[int, int], None] | None = None,
    unit: str | None = None,
) -> Explanation:
    """Read a file and record a network's attention over all of it.

    Parameters
    ----------
    path : of the file.
    network : the network, or the name of one that ships.
    channel : of the file, None for the first.
    fs : sampling rate in Hz, where the file does not say or is wrong.
    interpolate : bridge short gaps (NaN or Inf).
    progress : called with (windows done, windows in all).
    unit : of the samples, None for the file's.

    Raises
    ------
    InputError
        If the file, the channel, the rate, the unit or the network can't be used.
    """
    used = read_network(network) if isinstance(network, str) else network
    signal = read_signal(path, channel, fs, interpolate, unit)
    return explain_signal(signal, used, Asked(channel, fs, interpolate, unit), progress)


def explain_signal(
    signal: Signal, network: Network, asked: Asked, progress: Callable[[int, int], None] | None = None
) -> Explanation:
    """Record a network's attention over all of a signal that was read as asked.

    Raises
    ------
    InputError
        If the network can't read the signal.
    """
    windows = prepare_windows(signal, network.card.preparation)
    return Explanation(signal, network, windows, record_attention(network, windows, progress), asked)


def most_telling_window(explanation: Explanation) -> int:
    """The window that is surest of the class of the whole signal: the first picture a person sees."""
    whole = int(explanation.record.mean_probabilities.argmax())
    return int(explanation.record.probabilities[:, whole].argmax())


@dataclass(frozen=True)
class Controls:
    """What could refute a picture of one spatial gate in one window.

    Parameters
    ----------
    block : name of the block.
    before, after : class and its probability as they are, and with the gate held at its own mean over time.
    kept : probability of the class before, with the gate held.
    loudness : rank correlation of the gate with the loudness of what each position sees; NaN where one stands still.
    """

    block: str
    before: tuple[ClassName, float]
    after: tuple[ClassName, float]
    kept: float
    loudness: float


def score_controls(explanation: Explanation, window: int, block: int) -> Controls:
    """Two controls of a spatial gate in one window: is it needed, and does it just follow loudness?

    Parameters
    ----------
    window, block : indices; the block must have a spatial gate.
    """
    record, classes = explanation.record, explanation.card.classes
    inputs = explanation.windows.cut(slice(window, window + 1))  # (1, T)
    flattened = flatten_spatial(explanation.network, inputs, record.only(window), block)[0]
    as_is, gates = record.probabilities[window], record.blocks[block]
    first, then = int(as_is.argmax()), int(flattened.argmax())
    return Controls(
        block=gates.name,
        before=(classes[first], float(as_is[first])),
        after=(classes[then], float(flattened[then])),
        kept=float(flattened[first]),
        loudness=score_loudness(gates.spatial_attention[window], inputs[0], gates.receptive_field),
    )


def line_of_diagnosis(
    explanation: Explanation, window: int, shaft_hz: float | None, bearing: str | None
) -> tuple[str, float] | None:
    """Name and frequency in Hz of the line that the window's diagnosis should be heard at, None where it has none.

    Raises
    ------
    InputError
        If the bearing is no name, orders or geometry.
    """
    said = explanation.card.classes[int(explanation.record.probabilities[window].argmax())]
    if not (bearing and shaft_hz and said.fault):
        return None
    return read_bearing(bearing).fault_line(said.fault, shaft_hz)
