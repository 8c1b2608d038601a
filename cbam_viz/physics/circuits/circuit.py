"""What a circuit is: a netlist with its parts, what drives it, where it is measured, and which faults are its classes.

Nothing is simulated here: `physics.ngspice` does that. A soft fault is a part that lies far off its nominal value; a
part that is open or shorted is another matter, and no class of these circuits.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.physics.circuits.drawing import Drawing

NORMAL = "normal"
"""Key of the class in which every part lies within its tolerance."""
Transfer = Callable[[Mapping[str, float]], tuple[NDArray[np.float64], NDArray[np.float64]]]
"""From the value of every part to numerator and denominator, highest power of s first, with ideal op-amps."""


@dataclass(frozen=True)
class Part:
    """A resistor or capacitor of a circuit.

    Parameters
    ----------
    name : as in the netlist, such as ``C1``.
    nominal : value in `unit`.
    tolerance : largest deviation of a sound part, as a share of its nominal value.
    unit : ``Ω`` or ``F``.
    """

    name: str
    nominal: float
    tolerance: float
    unit: str

    @classmethod
    def resistor(cls, name: str, ohms: float) -> "Part":
        """A resistor of 5 %."""
        return cls(name, ohms, 0.05, "Ω")

    @classmethod
    def capacitor(cls, name: str, farads: float) -> "Part":
        """A capacitor of 10 %."""
        return cls(name, farads, 0.10, "F")


@dataclass(frozen=True)
class Pulse:
    """The single pulse that drives a circuit, from 0 V and back.

    Parameters
    ----------
    volts : of its top.
    width_s : of its top, in s; the edges come in addition.
    rise_s, fall_s : of the straight edges, in s.
    delay_s : from the first sample to the foot of the rising edge, in s.

    Raises
    ------
    InputError
        If it is no pulse.
    """

    volts: float = 5.0
    width_s: float = 10e-6
    rise_s: float = 10e-9
    fall_s: float = 10e-9
    delay_s: float = 0.0

    def __post_init__(self) -> None:
        times = (self.width_s, self.rise_s, self.fall_s)
        if not (all(0 < time < math.inf for time in times) and 0 <= self.delay_s < math.inf and self.volts):
            raise InputError(
                "A pulse has a height other than 0 V, a width, a rise and a fall above 0 s and a delay from 0 s on, "
                f"but {self.volts:g} V, {self.width_s:g}, {self.rise_s:g}, {self.fall_s:g} and {self.delay_s:g} s "
                "were given. Choose within."
            )

    def at(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Volts at some times in s, (T,) array."""
        edges = np.cumsum([self.delay_s, self.rise_s, self.width_s, self.fall_s])
        return np.interp(times, edges, [0.0, self.volts, self.volts, 0.0])


@dataclass(frozen=True)
class OpAmp:
    """A linear op-amp with one pole.

    Parameters
    ----------
    gain : at 0 Hz.
    gbw_hz : gain times bandwidth in Hz; infinite for no pole.
    rin : between its inputs, in Ω; infinite for none.
    rout : in series with its output, in Ω.

    Raises
    ------
    InputError
        If one of these is out of its range.
    """

    gain: float = 2e5
    gbw_hz: float = 10e6
    rin: float = 10e6
    rout: float = 50.0

    def __post_init__(self) -> None:
        if not (1 < self.gain < math.inf and self.gbw_hz > 0 and self.rin > 0 and 0 <= self.rout < math.inf):
            raise InputError(
                "An op-amp has a gain above 1, a gain-bandwidth product and an input resistance above 0 and an output "
                f"resistance from 0 on, but {self.gain:g}, {self.gbw_hz:g} Hz, {self.rin:g} Ω and {self.rout:g} Ω "
                "were given. Choose within."
            )


ONE_POLE = OpAmp()
IDEAL = OpAmp(gain=1e9, gbw_hz=math.inf, rin=math.inf, rout=0.0)
"""As near to the op-amp of the closed forms as arithmetic allows."""


@dataclass(frozen=True)
class Fault:
    """One class of a circuit beside the sound one: a part that is too large or too small.

    Parameters
    ----------
    key : of the class, such as ``C1+``.
    part : name of the part.
    sign : +1 for too large, -1 for too small.
    """

    key: str
    part: str
    sign: int


@dataclass(frozen=True)
class Circuit:
    """A circuit, as declared in a file of this package.

    Parameters
    ----------
    name : by which it is asked for, such as ``sallen-key``.
    title : as a person knows it.
    netlist : lines of ngspice with ``{C1}`` for the value of a part; the source is connected to node ``in``, and an
        op-amp is a line such as ``XU1 plus minus out opamp``.
    parts : every part of the netlist, in the order in which values are given.
    pulse : that drives it.
    output : node that is measured.
    duration_s : of a response in s.
    step_s : of its uniform time grid in s.
    faulty : names of the parts whose faults are classes.
    ambiguous : groups of those parts that nobody tells apart at the output: equal deviations, equal responses.
    transfer : its closed form, see `Transfer`.
    drawing : its schematic, None for none.

    Raises
    ------
    InputError
        If these do not fit together.
    """

    name: str
    title: str
    netlist: str
    parts: tuple[Part, ...]
    pulse: Pulse
    output: str
    duration_s: float
    step_s: float
    faulty: tuple[str, ...]
    ambiguous: tuple[tuple[str, ...], ...]
    transfer: Transfer
    drawing: Drawing | None = None

    def __post_init__(self) -> None:
        used = set(re.findall(r"\b[A-Za-z_]\w*", " ".join(re.findall(r"\{(.*?)\}", self.netlist))))
        drawn = set(self.names) if self.drawing is None else {name for name, *_ends in self.drawing.parts}
        for what, found in (
            ("declared but in no line of its netlist", set(self.names) - used),
            ("used in its netlist but not declared", used - set(self.names)),
            ("faulty but not declared", set(self.faulty) - set(self.names)),
            ("declared but not drawn", set(self.names) - drawn),
            ("ambiguous but not faulty", {name for group in self.ambiguous for name in group} - set(self.faulty)),
        ):
            if found:
                raise InputError(
                    f"Netlist, parts and faults of a circuit name the same parts, but in {self.name} "
                    f"{', '.join(sorted(found))} is {what}. Correct the declaration."
                )

    @property
    def names(self) -> tuple[str, ...]:
        """Of its parts."""
        return tuple(part.name for part in self.parts)

    @property
    def nominal(self) -> NDArray[np.float64]:
        """(P,) array, value of every part."""
        return np.array([part.nominal for part in self.parts])

    @property
    def times(self) -> NDArray[np.float64]:
        """(T,) array, the time grid of every response in s, from 0 on."""
        return np.arange(round(self.duration_s / self.step_s), dtype=np.float64) * self.step_s

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Its classes but the sound one."""
        return tuple(Fault(f"{part}{mark}", part, sign) for part in self.faulty for mark, sign in (("+", 1), ("-", -1)))

    @property
    def classes(self) -> tuple[str, ...]:
        """Keys of its classes, the sound one first."""
        return (NORMAL, *(fault.key for fault in self.faults))

    def values(self, part: str | None = None, deviation: float = 0.0) -> NDArray[np.float64]:
        """(P,) array, the nominal values, with one part off by a share of its own."""
        return self.nominal * [1 + deviation * (name == part) for name in self.names]

    def merge_class(self, key: str) -> str:
        """The class that stands for all that nobody tells apart from this one: the first of its ambiguity group."""
        for group in self.ambiguous:
            if key[:-1] in group:
                return group[0] + key[-1]
        return key


def find_ambiguous(circuit: Circuit, deviation: float = 0.5) -> tuple[tuple[str, ...], ...]:
    """Groups of parts that enter the transfer function in the same way, worked out from it.

    Two parts are in a group if the transfer functions with either of them off by the same share, up and down, are one.
    A single response then does not tell them apart. In a simulation without any noise the op-amps' output resistance
    does, by less than 1 mV: a classifier that lives on that shows an artefact, and noise 60 dB down ends it.
    """
    groups: list[list[str]] = []
    marks: list[NDArray[np.float64]] = []
    for name in circuit.names:
        mark = np.concatenate([_coefficients(circuit, name, sign * deviation) for sign in (1, -1)])
        same = [place for place, other in enumerate(marks) if np.allclose(mark, other, rtol=1e-9, atol=1e-9)]
        if same:
            groups[same[0]].append(name)
        else:
            groups.append([name])
            marks.append(mark)
    return tuple(tuple(group) for group in groups if len(group) > 1)


def _coefficients(circuit: Circuit, part: str, deviation: float) -> NDArray[np.float64]:
    """Coefficients of the transfer function over those of the nominal circuit's scale, the first of den being 1."""
    num, den = circuit.transfer(dict(zip(circuit.names, circuit.values(part, deviation), strict=True)))
    _, nominal = circuit.transfer(dict(zip(circuit.names, circuit.nominal, strict=True)))
    order = len(nominal) - 1
    scale = float(nominal[-1] / nominal[0]) ** (1 / order)  # the rate of the circuit in 1/s, so that all are about 1
    powers = scale ** -np.arange(order + 1.0)
    return np.concatenate([num * powers[order + 1 - len(num) :], den * powers]) / float(den[0])
