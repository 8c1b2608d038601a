"""How loudness comes and goes in a band: the spectrum of the squared envelope, where a struck bearing is heard.

Randall & Antoni 2011, Mech. Syst. Signal Process. 25:485. A speed that is off by 1 % drifts a whole period in a second,
so the speed that fits best is looked for in the same spectrum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy import signal as dsp

from cbam_viz.analysis.kurtogram import Band
from cbam_viz.analysis.lines import DAMAGED, Family, Line, Lines, draw_noise, draw_null, list_lines, raise_lines
from cbam_viz.analysis.spectrum import amplitude_spectrum, thin_spectrum
from cbam_viz.physics.bearing import Bearing, Fault

SHORTEST_S = 1.0
"""In less, a line can't be told from its neighbours."""
TAPS = 255
SEARCHED = 0.03
"""Of the noted speed, to either side."""
SPEED_STEP = 0.0005
PADDED = 8
UNTITLED_HZ = 500.0
"""Up to which an envelope is drawn where no line is known."""
AVOIDED = 6
"""Harmonics that a null stays away from."""


@dataclass(frozen=True)
class FoundLine:
    """A line as it is found: how far to either side it was looked for in Hz, its prominence, and that of chance.

    Parameters
    ----------
    line : what was looked for.
    reach : in Hz.
    prominence : of the highest amplitude within reach over the median around; NaN where the spectrum does not reach.
    chance : 97.5 % quantile of the same where no line is expected, at least that of Gaussian noise; NaN where there is
        no such place.
    also : name of the line of another part that the same amplitude is heard at, where that part is the stronger; empty
        where there is none.
    """

    line: Line
    reach: float
    prominence: float
    chance: float
    also: str = ""

    @property
    def stands_out(self) -> bool:
        """Whether it is higher than chance, and no stronger part's."""
        return self.prominence > self.chance and not self.also


@dataclass(frozen=True)
class FittedSpeed:
    """The shaft speed at which a fault's lines fit best: in Hz, as a share of the noted one, and the fault."""

    shaft_hz: float
    change: float
    fault: Fault


@dataclass(frozen=True, eq=False)
class EnvelopeTrace:
    """The squared-envelope spectrum of a stretch of signal in a band.

    Parameters
    ----------
    hz, amplitude : (F,) arrays, up to `top_hz`, thinned for the screen; amplitude in the square of `unit`.
    unit : of the signal; empty when unknown.
    band : that was listened to.
    seconds : length of the stretch in s.
    found : lines of bearing and shaft; empty where one of them is not known.
    shaft_hz : speed of the shaft in Hz, None where unknown.
    orders : whether it is drawn over orders of the shaft.
    top_hz : where the drawing ends.
    """

    hz: NDArray[np.float64]
    amplitude: NDArray[np.float64]
    unit: str
    band: Band
    seconds: float
    found: tuple[FoundLine, ...]
    shaft_hz: float | None
    orders: bool
    top_hz: float


def band_envelope(samples: NDArray[np.float64], fs: float, band: Band) -> NDArray[np.float64]:
    """Squared envelope of a signal in a band, (T,) array in the square of its unit.

    Parameters
    ----------
    samples : (T,) array.
    fs : sampling rate in Hz.
    band : between 0 and fs / 2.
    """
    half, centre = (band.high - band.low) / 2, (band.high + band.low) / 2
    turns = np.arange(TAPS) - TAPS // 2
    taps = 2 * dsp.firwin(TAPS, min(half, 0.499 * fs), fs=fs) * np.exp(2j * np.pi * centre / fs * turns)
    analytic = dsp.oaconvolve(samples - samples.mean(), taps, mode="same")
    return np.asarray(analytic.real**2 + analytic.imag**2)


def highest_line(bearing: Bearing | None, shaft_hz: float | None) -> float:
    """The highest frequency in Hz at which a bearing is looked for."""
    if bearing is None or not shaft_hz:
        return UNTITLED_HZ
    return max(line.hz for line in list_lines(bearing, shaft_hz))


def find_lines(spectrum: Lines, lines: Sequence[Line], known: Sequence[Line]) -> tuple[FoundLine, ...]:
    """Look for lines in a spectrum, each beside chance; what a stronger part explains too is marked.

    A part is stronger where its first harmonic is higher than chance and than the other part's.

    Parameters
    ----------
    spectrum : to look in.
    lines : to look for.
    known : at which chance is not looked for, of all parts.
    """
    found = _find(spectrum, lines, known)
    if not any(each.stands_out for each in found):
        return found
    firsts = _find(spectrum, [line for line in known if line.harmonic == 1 and not line.sideband], known)
    heights = {each.line.family: each.prominence for each in firsts}
    strong = {each.line.family for each in firsts if each.stands_out} & set(DAMAGED)
    return tuple(
        replace(each, also=_also(spectrum, each, [line for line in known if line.family in strong], heights))
        if each.stands_out
        else each
        for each in found
    )


def _also(spectrum: Lines, found: FoundLine, known: Sequence[Line], heights: Mapping[Family, float]) -> str:
    """Name of the nearest line, of a stronger part, that a found amplitude is heard at too; empty where none is."""
    family = found.line.family
    at = float(spectrum.place(np.array([found.line.hz]), np.array([found.reach]))[0])
    stronger = [line for line in known if line.family != family and heights[line.family] > heights[family]]
    reached = [line for line in stronger if abs(line.hz - at) <= spectrum.tolerance(line.hz)]
    return min(reached, key=lambda line: abs(line.hz - at)).name if reached else ""


def _find(spectrum: Lines, lines: Sequence[Line], known: Sequence[Line]) -> tuple[FoundLine, ...]:
    """Each line beside chance."""
    hz = np.array([line.hz for line in lines])
    reach = spectrum.tolerance(hz)
    found = []
    for number, (line, prominence) in enumerate(zip(lines, spectrum.highest(hz, reach), strict=True)):
        null = draw_null(spectrum, line.hz, float(reach[number]), known, seed=number)
        null = null[np.isfinite(null)]
        noise = draw_noise(float(reach[number]), spectrum.seconds)
        chance = max(float(np.quantile(each, 0.975)) for each in (null, noise)) if len(null) else np.nan
        found.append(FoundLine(line, float(reach[number]), float(prominence), chance))
    return tuple(found)


def trace_envelope(
    envelope: NDArray[np.float64],
    fs: float,
    band: Band,
    unit: str = "",
    bearing: Bearing | None = None,
    shaft_hz: float | None = None,
    orders: bool = False,
) -> EnvelopeTrace:
    """The spectrum of a squared envelope, and where a bearing is heard in it.

    Parameters
    ----------
    envelope : (T,) array, as `band_envelope` gives it, at least `SHORTEST_S` of it.
    fs : its sampling rate in Hz.
    band : that it was taken in.
    unit : of the signal.
    bearing, shaft_hz : of the machine, None where unknown.
    orders : draw it over orders of the shaft, where the speed is known.
    """
    top = min(1.05 * highest_line(bearing, shaft_hz), fs / 2)
    hz, amplitude = amplitude_spectrum(envelope, fs)
    shown = (hz > 0) & (hz <= top)
    kept = thin_spectrum(hz[shown], amplitude[shown])
    found: tuple[FoundLine, ...] = ()
    if bearing and shaft_hz:
        raised = raise_lines(*_upto(hz, amplitude, 2.2 * top), len(envelope) / fs)
        found = find_lines(raised, list_lines(bearing, shaft_hz), list_lines(bearing, shaft_hz, AVOIDED))
    return EnvelopeTrace(
        hz=hz[shown][kept],
        amplitude=amplitude[shown][kept],
        unit=unit,
        band=band,
        seconds=len(envelope) / fs,
        found=found,
        shaft_hz=shaft_hz or None,
        orders=orders and bool(shaft_hz),
        top_hz=top,
    )


def fit_speed(envelope: NDArray[np.float64], fs: float, bearing: Bearing, shaft_hz: float) -> FittedSpeed | None:
    """The speed near the noted one at which one fault's lines, with their sidebands, stand out most together.

    Slip moves the lines just as speed does, so it is a part of what is found. None where the spectrum ends too low.

    Parameters
    ----------
    envelope : (T,) array, squared.
    fs : its sampling rate in Hz.
    bearing, shaft_hz : of the machine.
    """
    top = min(1.1 * highest_line(bearing, shaft_hz), fs / 2)
    hz, plain = amplitude_spectrum(envelope, fs)
    hz, plain = hz[hz <= top], plain[hz <= top]
    raised = raise_lines(plain, hz[1], len(envelope) / fs)
    with np.errstate(divide="ignore", invalid="ignore"):
        around = plain[1:] / raised.prominence[1:]  # the median
    if not np.isfinite(around).any():
        return None
    thin, rate = thin_envelope(envelope - envelope.mean(), fs, 2 * top)
    length = fft.next_fast_len(PADDED * len(thin), real=True)
    fine = 2 * np.abs(fft.rfft(thin * np.hanning(len(thin)), length)) / np.hanning(len(thin)).sum()
    change = np.arange(-SEARCHED, SEARCHED + SPEED_STEP / 2, SPEED_STEP)
    best: tuple[float, float, Fault] | None = None
    for fault in DAMAGED:
        lines = np.array([line.hz for line in list_lines(bearing, shaft_hz) if line.family == fault])
        lines = lines[lines * (1 + SEARCHED) < top]
        if not len(lines):
            continue
        places = lines[:, None] * (1 + change)  # (lines, speeds)
        height = np.interp(places, np.arange(len(fine)) * rate / length, fine)
        beside = np.interp(places, hz[1:][np.isfinite(around)], around[np.isfinite(around)])
        fit = np.log(np.maximum(height, 1e-3 * beside) / beside).mean(axis=0)
        at = int(fit.argmax())
        if best is None or fit[at] > best[0]:
            best = float(fit[at]), float(change[at]), fault
    return FittedSpeed(shaft_hz * (1 + best[1]), best[1], best[2]) if best else None


def thin_envelope(envelope: NDArray[np.float64], fs: float, needed_hz: float) -> tuple[NDArray[np.float64], float]:
    """An envelope averaged to a lower rate that still holds what is needed, and that rate in Hz.

    Parameters
    ----------
    envelope : (..., T) array.
    needed_hz : rate in Hz below which it must not fall.
    """
    step = max(1, int(fs / (1.25 * needed_hz)))
    whole = envelope.shape[-1] // step * step
    return envelope[..., :whole].reshape(*envelope.shape[:-1], -1, step).mean(axis=-1), fs / step


def _upto(hz: NDArray[np.float64], amplitude: NDArray[np.float64], top_hz: float) -> tuple[NDArray[np.float64], float]:
    """The part of a spectrum up to a frequency, and the distance of its lines in Hz."""
    return amplitude[hz <= top_hz], float(hz[1])
