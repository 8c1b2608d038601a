"""The noun that everything starts from: one channel of one recording. It refuses what is no signal."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError

LOWEST_FS_HZ = 1.0
HIGHEST_FS_HZ = 1e8
LONGEST_GAP = 10
"""Samples that a straight line may bridge."""
SMALLEST, LARGEST = 1e-100, 1e100
"""Between which the largest sample lies, so that squares neither vanish nor overflow."""


@dataclass(frozen=True)
class Channel:
    """What a file says of one of its channels before the samples are read.

    Parameters
    ----------
    name : how a person picks the channel, such as ``X105_DE_time``.
    samples : number of samples.
    fs : sampling rate in Hz, None where the file does not say.
    unit : of the samples, such as ``g``; empty where the file does not say.
    shaft_hz : shaft speed in Hz, None where the file does not say.
    bearing : name of a bearing in `physics.bearing.BEARINGS`, None where it is not known.
    note : one sentence on what was recognised, such as ``CWRU record 105``.
    recording : name of the recording in its public data set, such as ``105``, None where it is not known.
    impacts : samples at which the bearing is struck, in order; None where nobody knows, as in every measured signal.
    circuit : name of a circuit in `physics.circuits.CIRCUITS`, None where it is not known.
    pulse_s : when in the recording the circuit's pulse begins, in s; None where nobody knows.
    """

    name: str
    samples: int
    fs: float | None = None
    unit: str = ""
    shaft_hz: float | None = None
    bearing: str | None = None
    note: str = ""
    recording: str | None = None
    impacts: tuple[int, ...] | None = None
    circuit: str | None = None
    pulse_s: float | None = None


@dataclass(frozen=True, eq=False)
class Signal:
    """One channel of one recording, ready to be cut into windows.

    Parameters
    ----------
    samples : (T,) array, float64, finite, in `unit`.
    fs : sampling rate in Hz.
    name : of the recording, usually the file's.
    channel : of the recording.
    unit : of the samples; empty when unknown.
    shaft_hz, bearing : what the file says of the machine, None where it does not.
    recording : name of the recording in its public data set, None where it is not known.
    impacts : samples at which a simulated bearing is struck, in order; None where nobody knows.
    circuit : name of the circuit that answers a pulse, None where the file does not say.
    pulse_s : when in the recording the pulse begins, in s; None where nobody knows.
    notes : sentences a person should read about how the samples came to be.

    Raises
    ------
    InputError
        If the samples are not a one-dimensional, finite, varying series, or the rate is absurd.
    """

    samples: NDArray[np.float64]
    fs: float
    name: str
    channel: str = ""
    unit: str = ""
    shaft_hz: float | None = None
    bearing: str | None = None
    recording: str | None = None
    impacts: tuple[int, ...] | None = None
    circuit: str | None = None
    pulse_s: float | None = None
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        check_rate(self.fs)
        check_samples(self.samples, self.name)

    @property
    def origin(self) -> str:
        """Where the samples came from: file and channel."""
        return f"{self.name}, {self.channel}" if self.channel else self.name

    @property
    def duration(self) -> float:
        """Length in s."""
        return len(self.samples) / self.fs

    @property
    def digest(self) -> str:
        """SHA-256 over samples and rate: equal signals have equal digests."""
        content = hashlib.sha256(np.ascontiguousarray(self.samples).tobytes())
        content.update(repr(float(self.fs)).encode())
        return content.hexdigest()


class GapsError(InputError):
    """Some samples are no finite numbers; short gaps of them may be interpolated on request."""


def check_rate(fs: float) -> None:
    """Refuse a sampling rate in Hz that no recorder has."""
    if not LOWEST_FS_HZ <= fs <= HIGHEST_FS_HZ:  # False for NaN too
        raise InputError(
            f"A sampling rate lies between {LOWEST_FS_HZ:g} Hz and {HIGHEST_FS_HZ / 1e6:g} MHz, but "
            f"{fs:g} Hz was given. "
            "Enter the rate at which the samples were taken."
        )


def check_samples(samples: NDArray[np.float64], name: str) -> None:
    """Refuse a series that is empty, not one-dimensional, not finite, constant, or too large or small to be squared."""
    if samples.ndim != 1:
        raise InputError(
            f"A channel is one row of samples, but {name} has the shape {samples.shape}. Choose one row "
            "or column of it."
        )
    if not len(samples):
        raise InputError(f"A signal needs samples, but {name} holds none. Choose another file or channel.")
    lowest, highest = samples.min(), samples.max()
    if not (np.isfinite(lowest) and np.isfinite(highest)):
        bad, gap = np.flatnonzero(~np.isfinite(samples)), longest_gap(samples)
        found = (
            f"Every sample must be a finite number, but {name} holds {len(bad)} that are not (NaN or Inf), "
            f"the first at sample {bad[0]}"
        )
        if gap > LONGEST_GAP or len(samples) - 1 in bad[-1:] or not bad[0]:
            raise InputError(f"{found}, up to {gap} in a row. Cut the recording before or after them.")
        raise GapsError(f"{found}. Remove them, or have gaps of up to {LONGEST_GAP} samples bridged.")
    if lowest == highest:
        raise InputError(
            f"A signal must vary, but all {len(samples)} samples of {name} are {samples[0]:g}. "
            "Check that the sensor was connected, or choose another channel."
        )
    largest = max(highest, -lowest)
    if not SMALLEST <= largest <= LARGEST:
        raise InputError(
            f"The largest sample of a signal lies between {SMALLEST:g} and {LARGEST:g}, but that of {name} is "
            f"{largest:g}. Check how the file was written, or choose another unit."
        )


def longest_gap(samples: NDArray[np.float64]) -> int:
    """Most samples in a row that are no finite numbers."""
    places = np.flatnonzero(np.isfinite(samples))
    return int(np.max(np.diff(places, prepend=-1, append=len(samples)))) - 1


def interpolate_gaps(samples: NDArray[np.float64], longest: int = LONGEST_GAP) -> tuple[NDArray[np.float64], int]:
    """Bridge short runs of NaN or Inf by straight lines.

    Parameters
    ----------
    samples : (T,) array.
    longest : samples; a longer run is refused, since a line through it would be an invention.

    Returns
    -------
    repaired : (T,) array.
    count : how many samples were replaced.

    Raises
    ------
    InputError
        If a run is longer than `longest`, or touches an end of the series.
    """
    good = np.isfinite(samples)
    places, gap = np.flatnonzero(good), longest_gap(samples)
    if not gap:
        return samples, 0
    if not len(places):
        raise InputError("A signal needs finite samples, but every one is NaN or Inf. Choose another channel.")
    if gap > longest or not (good[0] and good[-1]):
        where = "of up to" if gap > longest else "at an end of"
        amount = f"{gap} samples" if gap > longest else "the recording"
        raise InputError(
            f"Only gaps of at most {longest} samples inside a recording can be bridged, but there is "
            f"one {where} {amount}. "
            "Cut the recording before or after it."
        )
    return np.interp(np.arange(len(samples)), places, samples[good]), len(samples) - len(places)
