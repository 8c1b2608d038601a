"""What a gate repeats: the spectrum of M_s itself, and of the envelope of the signal that it weights.

A gate has a Nyquist frequency of its own, half of the rate of its positions; nothing above it is compared. And a gate
that repeats makes lines of its own in whatever it weights, so the weighted envelope stands beside that of the same gate
shifted in time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.envelope import AVOIDED, FoundLine, find_lines, highest_line, thin_envelope
from cbam_viz.analysis.lines import Lines, list_lines, raise_lines
from cbam_viz.analysis.ranks import STILL
from cbam_viz.analysis.segments import cells_of_samples
from cbam_viz.analysis.spectrum import amplitude_spectrum, thin_spectrum
from cbam_viz.attention.record import BlockRecord
from cbam_viz.physics.bearing import Bearing
from cbam_viz.signals.windows import Windows

SHIFTS = 40
SHORTEST_SHIFT = 0.1
"""Of a window."""


@dataclass(frozen=True, eq=False)
class StitchedGate:
    """A gate over windows that follow each other without a gap.

    Parameters
    ----------
    block : its name.
    gate : (P,) array, M_s less its mean course over a window: padding gives every window the same edges, and stitched
        they would repeat.
    fs : rate of its positions in Hz.
    steps : (S,) array, M_s at every sample of the windows, each position a step one stride wide.
    first : sample of the prepared signal where the windows begin.
    moves : whether the gate is anything but constant.
    """

    block: str
    gate: NDArray[np.float64]
    fs: float
    steps: NDArray[np.float64]
    first: int
    moves: bool

    @property
    def seconds(self) -> float:
        """Length in s."""
        return len(self.gate) / self.fs


@dataclass(frozen=True, eq=False)
class GateSpectrumTrace:
    """The spectrum of a gate, and the envelope spectrum of what it lets through.

    Parameters
    ----------
    block : name.
    seconds : length of the stitched windows in s.
    hz, amplitude : (F,) arrays, of the gate, up to `top_hz`.
    nyquist_hz : of the gate.
    found : lines of the bearing in the gate's spectrum.
    beyond : names of the lines that lie above its Nyquist frequency.
    weighted_hz, weighted : (E,) arrays, envelope spectrum of the weighted signal over its mean.
    shifted_low, shifted_high : (E,) arrays, 2.5 % and 97.5 % quantile of the same with the gate shifted in time.
    top_hz : where the drawing ends.
    shaft_hz : speed of the shaft in Hz, None where unknown.
    orders : whether it is drawn over orders of the shaft.
    """

    block: str
    seconds: float
    hz: NDArray[np.float64]
    amplitude: NDArray[np.float64]
    nyquist_hz: float
    found: tuple[FoundLine, ...]
    beyond: tuple[str, ...]
    weighted_hz: NDArray[np.float64]
    weighted: NDArray[np.float64]
    shifted_low: NDArray[np.float64]
    shifted_high: NDArray[np.float64]
    top_hz: float
    shaft_hz: float | None
    orders: bool


@dataclass(frozen=True, eq=False)
class Weighted:
    """Envelope spectra of a signal as it is, weighted by a gate, and by the gate shifted; over the envelope's mean.

    Parameters
    ----------
    hz : (F,) array.
    plain, by_gate : (F,) arrays.
    by_shifted : (R, F) array, a row a shift.
    """

    hz: NDArray[np.float64]
    plain: NDArray[np.float64]
    by_gate: NDArray[np.float64]
    by_shifted: NDArray[np.float64]


def find_run(windows: Windows, window: int, longest_s: float) -> NDArray[np.int64]:
    """Indices of windows around one that follow each other without a gap or an overlap, in order: (W,) array.

    Parameters
    ----------
    window : index of the one in the middle, which is always among them.
    longest_s : of the run, in s.
    """
    size = windows.preparation.window
    places = {int(start): index for index, start in enumerate(windows.starts)}
    most = max(1, int(longest_s * windows.preparation.fs / size))
    run, here = [window], int(windows.starts[window])
    low, high = here - size, here + size
    while len(run) < most and (low in places or high in places):
        if low in places:
            run.insert(0, places[low])
            low -= size
        if high in places and len(run) < most:
            run.append(places[high])
            high += size
    return np.array(run, np.int64)


def stitch_gate(block: BlockRecord, windows: Windows, run: NDArray[np.int64]) -> StitchedGate:
    """One block's gate over a run of windows.

    Parameters
    ----------
    block : with a spatial gate.
    run : as `find_run` gives it.
    """
    gate, field = np.asarray(block.spatial_attention[run], np.float64), block.receptive_field  # (W, L)
    size, stride = windows.preparation.window, field.stride
    course = gate - gate.mean(axis=0) if len(run) > 2 else gate - gate.mean()
    at = np.arange(len(run))[:, None] * size + field.centre(0) + np.arange(gate.shape[1]) * stride  # (W, L), samples
    order = np.argsort(at, axis=None)  # positions at the padding of two windows may lie across each other
    regular = np.arange(len(run) * size // stride) * stride + at.min()
    return StitchedGate(
        block=block.name,
        gate=np.interp(regular, at.ravel()[order], course.ravel()[order]),
        fs=windows.preparation.fs / stride,
        steps=gate[:, cells_of_samples(field, size)].ravel(),
        first=int(windows.starts[run[0]]),
        moves=bool(np.ptp(gate) > STILL),
    )


def raise_gate(gate: StitchedGate) -> Lines:
    """The gate's spectrum as it stands out of its neighbourhood."""
    hz, amplitude = amplitude_spectrum(gate.gate, gate.fs)
    return raise_lines(amplitude, float(hz[1]), gate.seconds)


def weigh_envelope(
    envelope: NDArray[np.float64], fs: float, gate: StitchedGate, window: int, top_hz: float, seed: int = 0
) -> Weighted:
    """Envelope spectra with and without a gate.

    The gate is slow beside the band that the envelope was taken in, so weighting the signal by M_s weights its squared
    envelope by M_s squared (Bedrosian).

    Parameters
    ----------
    envelope : (T,) array, squared, of the whole prepared signal or a stretch that begins where the gate does.
    fs : its sampling rate in Hz.
    gate : over samples of the same stretch.
    window : in samples; a tenth of it is the least shift.
    top_hz : up to which the spectra are wanted.
    seed : of the shifts.
    """
    power, count = gate.steps**2, len(gate.steps)
    least = min(max(1, round(SHORTEST_SHIFT * window)), count // 3)
    shifts = np.random.default_rng(seed).integers(least, count - least + 1, SHIFTS)
    rows = np.stack(
        [thin_envelope(envelope * each, fs, 2 * top_hz)[0] for each in (np.ones(count), power)]
        + [thin_envelope(envelope * np.roll(power, shift), fs, 2 * top_hz)[0] for shift in shifts]
    )
    rate = thin_envelope(envelope, fs, 2 * top_hz)[1]
    mean = rows.mean(axis=1, keepdims=True)
    hz, amplitude = amplitude_spectrum(rows / np.where(mean > 0, mean, 1), rate)
    kept = hz <= top_hz
    return Weighted(hz[kept], amplitude[0, kept], amplitude[1, kept], amplitude[2:, kept])


def trace_gate_spectrum(
    gate: StitchedGate,
    weighted: Weighted,
    bearing: Bearing | None = None,
    shaft_hz: float | None = None,
    orders: bool = False,
) -> GateSpectrumTrace:
    """The spectrum of a gate, beside what it makes of the signal's envelope spectrum.

    Parameters
    ----------
    gate, weighted : of the same windows.
    bearing, shaft_hz : of the machine, None where unknown.
    orders : draw it over orders of the shaft, where the speed is known.
    """
    nyquist, top = gate.fs / 2, 1.05 * highest_line(bearing, shaft_hz)
    hz, amplitude = amplitude_spectrum(gate.gate, gate.fs)
    shown = (hz > 0) & (hz <= top)
    kept = thin_spectrum(hz[shown], amplitude[shown])
    found: tuple[FoundLine, ...] = ()
    beyond: tuple[str, ...] = ()
    if bearing and shaft_hz:
        lines = [line for line in list_lines(bearing, shaft_hz) if not line.sideband]
        beyond = tuple(line.name for line in lines if line.hz >= nyquist)
        below = [line for line in lines if line.hz < nyquist]
        found = find_lines(raise_gate(gate), below, list_lines(bearing, shaft_hz, AVOIDED)) if gate.moves else ()
    low, high = np.quantile(weighted.by_shifted, [0.025, 0.975], axis=0)
    drawn = (weighted.hz > 0) & (weighted.hz <= top)
    thin = thin_spectrum(weighted.hz[drawn], weighted.by_gate[drawn])
    return GateSpectrumTrace(
        block=gate.block,
        seconds=gate.seconds,
        hz=hz[shown][kept],
        amplitude=amplitude[shown][kept],
        nyquist_hz=nyquist,
        found=found,
        beyond=beyond,
        weighted_hz=weighted.hz[drawn][thin],
        weighted=weighted.by_gate[drawn][thin],
        shifted_low=low[drawn][thin],
        shifted_high=high[drawn][thin],
        top_hz=top,
        shaft_hz=shaft_hz or None,
        orders=orders and bool(shaft_hz),
    )
