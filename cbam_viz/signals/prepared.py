"""The preparation of a stream: the samples that `prepare_windows` makes of the whole file, a step at a time.

Every filter is finite, so a step needs only its own samples and a margin on either side. Steps begin at places of the
file and not of the blocks, so how a file is read changes no bit of what comes out.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from cbam_viz.signals.preparation import Preparation
from cbam_viz.signals.windows import LOWPASS_TAPS, STILL, filter_samples, resampling, scale_windows

STEP = 1 << 19
"""Samples of the recording that are prepared at a time, or a few less."""
FILTER_REACH = 10
"""Samples of the lower rate that SciPy's resampling filter sees on either side."""


@dataclass(frozen=True)
class Steps:
    """Where in a recording its steps lie, in samples before and after preparation.

    Parameters
    ----------
    raw, prepared : length of a step.
    margin : samples of the recording that a step needs on either side of its own.
    """

    raw: int
    prepared: int
    margin: int


@dataclass(frozen=True, eq=False)
class CutWindows:
    """Windows of a stretch of a recording, and what was left out there.

    Parameters
    ----------
    starts : (N,) array, first sample of each window after preparation, from the beginning of the recording.
    inputs : (N, window) array, what the network reads.
    missing, still : how many windows touch missing samples, or hold nothing that moves.
    following : where the next window starts, of this stretch or of the one after it.
    """

    starts: NDArray[np.int64]
    inputs: NDArray[np.float32]
    missing: int
    still: int
    following: int


def find_steps(fs: float, preparation: Preparation, step: int = STEP) -> Steps:
    """The steps of a recording at a rate in Hz.

    Raises
    ------
    InputError
        If the rate is too low for the band the network reads.
    """
    ratio = resampling(fs, preparation) or Fraction(1)
    up, down = ratio.numerator, ratio.denominator
    taps = (LOWPASS_TAPS // 2 + 1) * down / up if preparation.lowpass_hz is not None else 0
    reach = taps + (FILTER_REACH * max(1, down / up) + 2 if ratio != 1 else 0)
    count = max(step // down, 1)
    return Steps(count * down, count * up, down * math.ceil(reach / down))


def cut_stream(
    blocks: Iterable[NDArray[np.float64]],
    fs: float,
    preparation: Preparation,
    first: int = 0,
    step: int = STEP,
) -> Iterator[CutWindows]:
    """The windows of a recording, one `CutWindows` a step.

    Parameters
    ----------
    blocks : of samples, each a (n,) array of any length, from `begin_reading` of `first` on.
    fs : sampling rate in Hz of the blocks.
    preparation : its windows start anywhere, not at a pulse.
    first : sample after preparation at which the first window starts, a multiple of the hop.
    step : samples that are prepared at a time.

    Raises
    ------
    InputError
        If the rate is too low for the band the network reads.
    """
    kept = _Prepared(np.empty(0), np.empty(0, bool), np.empty(0, bool))
    steps = find_steps(fs, preparation, step)
    at = first // steps.prepared * steps.prepared  # of `kept` the first sample
    start = first
    for prepared in _prepare(blocks, fs, preparation, steps, first // steps.prepared):
        kept = kept.join(prepared)
        count = max((len(kept.samples) + at - start - preparation.window) // preparation.hop + 1, 0)
        starts = start + preparation.hop * np.arange(count)
        start += preparation.hop * count
        yield _cut(kept, starts, at, preparation, start)
        done = min(start - at, len(kept.samples))  # windows may lie further apart than what there is
        kept, at = kept.after(done), at + done


def begin_reading(fs: float, preparation: Preparation, first: int, step: int = STEP) -> int:
    """The sample of a recording to read from, so that its windows can be cut from `first` on."""
    steps = find_steps(fs, preparation, step)
    return max(first // steps.prepared * steps.raw - steps.margin, 0)


@dataclass(frozen=True, eq=False)
class _Prepared:
    """Samples after preparation; which of them saw a missing sample, and at which the recording moved."""

    samples: NDArray[np.float64]
    missing: NDArray[np.bool_]
    moving: NDArray[np.bool_]
    largest: float = field(default=0.0)

    def join(self, other: "_Prepared") -> "_Prepared":
        """These samples and those that follow."""
        return _Prepared(
            np.concatenate([self.samples, other.samples]),
            np.concatenate([self.missing, other.missing]),
            np.concatenate([self.moving, other.moving]),
            other.largest,
        )

    def after(self, begin: int) -> "_Prepared":
        """Without the samples before one of them."""
        own = slice(begin, None)
        return _Prepared(self.samples[own].copy(), self.missing[own].copy(), self.moving[own].copy(), self.largest)


def _prepare(
    blocks: Iterable[NDArray[np.float64]], fs: float, preparation: Preparation, steps: Steps, number: int
) -> Iterator[_Prepared]:
    """Each step after preparation, from step `number` on."""
    parts, there = [np.empty(0)], 0
    left = min(steps.margin, number * steps.raw)  # samples before the step
    incoming = iter(blocks)
    while True:
        for block in incoming:
            parts.append(block)
            there += len(block)
            if there > left + steps.raw + steps.margin:
                break
        held = np.concatenate(parts)
        chunk = held[: left + steps.raw + steps.margin]
        if len(chunk) <= left:
            return
        yield _prepare_step(chunk, fs, preparation, steps, left)
        begin = max(left + steps.raw - steps.margin, 0)
        left = left + steps.raw - begin
        parts, there = [held[begin:].copy()], max(len(held) - begin, 0)


def _prepare_step(
    chunk: NDArray[np.float64], fs: float, preparation: Preparation, steps: Steps, left: int
) -> _Prepared:
    """One step of which `left` samples of the chunk lie before, and up to a margin after it."""
    good = np.isfinite(chunk)
    if not good.all():
        filled = np.interp(np.arange(len(chunk)), np.flatnonzero(good), chunk[good]) if good.any() else 0 * good
    else:
        filled = chunk
    ratio = steps.prepared / steps.raw
    samples = filter_samples(np.asarray(filled, np.float64), fs, preparation)
    begin = left * steps.prepared // steps.raw
    own = slice(begin, begin + steps.prepared)
    missing = np.zeros(len(samples) + 1, np.int64)  # how many gaps begin and end at each sample
    edges = np.flatnonzero(np.diff(good, prepend=True, append=True))
    for from_, to in edges.reshape(-1, 2):
        missing[max(int((from_ - steps.margin) * ratio), 0)] += 1
        missing[min(int((to + steps.margin) * ratio) + 1, len(samples))] -= 1
    moving = np.zeros(len(samples), bool)
    places = np.flatnonzero(np.diff(filled)) * ratio
    moving[places.astype(np.int64).clip(max=len(samples) - 1)] = True
    return _Prepared(samples[own], missing.cumsum()[:-1][own] > 0, moving[own], float(np.abs(filled).max()))


def _cut(
    prepared: _Prepared, starts: NDArray[np.int64], at: int, preparation: Preparation, following: int
) -> CutWindows:
    """The windows that start at these samples, `at` being that of the first one prepared."""
    if not len(starts):
        return CutWindows(starts, np.empty((0, preparation.window), np.float32), 0, 0, following)
    places = starts - at
    ends = places + preparation.window
    lost, moves = (
        (total[ends] - total[places]) > 0
        for total in (np.concatenate([[0], np.cumsum(flags)]) for flags in (prepared.missing, prepared.moving))
    )
    cuts = np.lib.stride_tricks.sliding_window_view(prepared.samples, preparation.window)[places]
    moves &= np.ptp(cuts, axis=1) > STILL * prepared.largest
    whole = moves & ~lost
    return CutWindows(
        starts[whole],
        scale_windows(cuts[whole], preparation),
        int(lost.sum()),
        int((~moves & ~lost).sum()),
        following,
    )
