"""What is done to a signal before one network reads it, as its card says it, and the axis that its windows lie on."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Start = Literal["anywhere", "pulse"]


@dataclass(frozen=True)
class Axis:
    """What the windows of a network lie on: time, shaft orders, …; figures take their title and unit from here.

    Parameters
    ----------
    title : of the axis, such as ``time in the window``.
    unit : shown beside it, such as ``ms``.
    per_sample : `unit` per sample after preparation.
    first : where the first sample of a window lies, in `unit`.
    """

    title: str
    unit: str
    per_sample: float
    first: float = 0.0

    def at(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where samples of a window lie, in `unit`."""
        return self.first + samples * self.per_sample


@dataclass(frozen=True)
class Preparation:
    """How a signal becomes windows for one network; frozen, from the network's card.

    Parameters
    ----------
    fs : sampling rate in Hz after preparation.
    window, hop : in samples after preparation.
    lowpass_hz : upper edge in Hz of what the network may see, None for all up to fs / 2.
    scaling : ``window`` sets each window to mean 0 and standard deviation 1; ``none`` leaves it in its unit.
    start : ``anywhere`` cuts a window every hop; ``pulse`` cuts one, where the pulse begins that a circuit answers.
    lead : samples before the pulse with which that window begins.
    nominal : response in V of the circuit without deviations, one value a sample of the window; None for zero.
    volts_scale : V that become 1. With the scaling ``none`` a network reads (measured - nominal) / scale.
    """

    fs: float
    window: int
    hop: int
    lowpass_hz: float | None = None
    scaling: Literal["window", "none"] = "window"
    start: Start = "anywhere"
    lead: int = 0
    nominal: tuple[float, ...] | None = None
    volts_scale: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.fs < math.inf or min(self.window, self.hop) < 1:
            raise ValueError(f"rate, window and hop must be positive; got {self.fs}, {self.window} and {self.hop}")
        if self.lowpass_hz is not None and not 0 < self.lowpass_hz < self.fs / 2:
            raise ValueError(
                f"a low-pass lies between 0 and half the rate, {self.fs / 2:.10g} Hz; got {self.lowpass_hz}"
            )
        if self.scaling not in ("window", "none"):
            raise ValueError(f"scaling is 'window' or 'none'; got {self.scaling!r}")
        self._check_start()

    def _check_start(self) -> None:
        """Refuse what does not fit where the windows start."""
        if self.start not in ("anywhere", "pulse"):
            raise ValueError(f"windows start 'anywhere' or at a 'pulse'; got {self.start!r}")
        if not 0 <= self.lead < (self.window if self.start == "pulse" else 1):
            raise ValueError(f"a lead is shorter than the window that starts at a pulse; got {self.lead}")
        if not 0 < self.volts_scale < math.inf:
            raise ValueError(f"a scale in V is positive; got {self.volts_scale}")
        if (self.nominal is not None or self.volts_scale != 1) and self.scaling != "none":
            raise ValueError("a nominal response or a scale in V needs the scaling 'none'")
        if self.nominal is not None and (
            len(self.nominal) != self.window or not all(math.isfinite(volts) for volts in self.nominal)
        ):
            raise ValueError(f"a nominal response has {self.window} finite values; got {len(self.nominal)}")

    @property
    def top_hz(self) -> float:
        """Upper edge in Hz of the band the network reads."""
        return self.lowpass_hz or self.fs / 2

    @property
    def axis(self) -> Axis:
        """The axis its windows lie on."""
        if self.start == "pulse":
            return Axis("time since the pulse", "µs", 1e6 / self.fs, -self.lead * 1e6 / self.fs)
        return Axis("time in the window", "ms", 1000 / self.fs)
