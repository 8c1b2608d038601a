"""Kinematics of a rolling bearing: how often a damaged spot is struck, without slip.

With g = (d / D) cos(phi), n balls and a shaft at f_r: FTF = f_r (1 - g) / 2, BPFO = n f_r (1 - g) / 2,
BPFI = n f_r (1 + g) / 2, BSF = f_r D / (2 d) (1 - g^2) (Randall & Antoni 2011, Mech. Syst. Signal Process. 25:485).
Measured lines lie 1-2 % off by slip. A damaged ball strikes both races in a turn: look for 2 x BSF.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal, Self

from cbam_viz.errors import InputError

FASTEST_SHAFT_HZ = 10_000.0
Fault = Literal["inner", "outer", "ball", "cage"]


@dataclass(frozen=True)
class Bearing:
    """Fault orders of a bearing: how often each spot is struck in one turn of the shaft.

    Parameters
    ----------
    name : as a person knows it.
    order_bpfo, order_bpfi, order_bsf, order_ftf : in strikes a turn of the shaft.
    balls : number of rolling elements, None when only the orders are known.
    """

    name: str
    order_bpfo: float
    order_bpfi: float
    order_bsf: float
    order_ftf: float
    balls: int | None = None

    @classmethod
    def from_geometry(
        cls, name: str, balls: int, ball_diameter: float, pitch_diameter: float, contact_angle: float = 0.0
    ) -> Self:
        """Work the orders out from the geometry: both diameters in one unit, the contact angle in rad."""
        g = ball_diameter / pitch_diameter * math.cos(contact_angle)
        return cls(
            name=name,
            order_bpfo=balls / 2 * (1 - g),
            order_bpfi=balls / 2 * (1 + g),
            order_bsf=pitch_diameter / (2 * ball_diameter) * (1 - g**2),
            order_ftf=(1 - g) / 2,
            balls=balls,
        )

    @property
    def text(self) -> str:
        """The words by which `read_bearing` gives it back: its name, or its orders where the name is not known."""
        if BEARINGS.get(self.name) == self:
            return self.name
        return f"bpfo={self.order_bpfo:g};bpfi={self.order_bpfi:g};bsf={self.order_bsf:g};ftf={self.order_ftf:g}"

    def bpfo(self, shaft_hz: float) -> float:
        """Ball-pass frequency of the outer race in Hz."""
        return self.order_bpfo * shaft_hz

    def bpfi(self, shaft_hz: float) -> float:
        """Ball-pass frequency of the inner race in Hz."""
        return self.order_bpfi * shaft_hz

    def bsf(self, shaft_hz: float) -> float:
        """Spin frequency of a ball in Hz; a damaged ball is heard at twice this."""
        return self.order_bsf * shaft_hz

    def ftf(self, shaft_hz: float) -> float:
        """Rotation frequency of the cage in Hz."""
        return self.order_ftf * shaft_hz

    def fault_line(self, fault: Fault, shaft_hz: float) -> tuple[str, float]:
        """Name and frequency in Hz of the line that damage of this kind is heard at."""
        match fault:
            case "outer":
                return "BPFO", self.bpfo(shaft_hz)
            case "inner":
                return "BPFI", self.bpfi(shaft_hz)
            case "ball":
                return "2×BSF", 2 * self.bsf(shaft_hz)
            case "cage":
                return "FTF", self.ftf(shaft_hz)


SKF_6205 = Bearing.from_geometry("6205", balls=9, ball_diameter=0.3126, pitch_diameter=1.537)
SKF_6203 = Bearing.from_geometry("6203", balls=8, ball_diameter=0.2656, pitch_diameter=1.122)
NICE = Bearing.from_geometry("NICE", balls=8, ball_diameter=0.235, pitch_diameter=1.245)
SIMULATED = replace(SKF_6205, name="6205 simulated")
BEARINGS = {bearing.name: bearing for bearing in (SKF_6205, SKF_6203, NICE, SIMULATED)}
"""Bearings of the public recordings, CWRU drive end and fan end (SKF, deep groove) and MFPT; and of `simulate`."""
ORDERS = frozenset({"bpfo", "bpfi", "bsf", "ftf"})
GEOMETRY = frozenset({"balls", "ball", "pitch", "angle"})


def check_shaft(shaft_hz: float) -> None:
    """Refuse a shaft speed in Hz that no shaft has."""
    if not 0 < shaft_hz <= FASTEST_SHAFT_HZ:
        raise InputError(
            f"A shaft speed lies between 0 and {FASTEST_SHAFT_HZ:g} Hz, but {shaft_hz:g} Hz was given. "
            "Give revolutions per second."
        )


def read_bearing(text: str) -> Bearing:
    """Understand a bearing by name (``6205``), fault orders or geometry.

    Orders: ``bpfo=3.58;bpfi=5.42;bsf=2.36;ftf=0.40``. Geometry: ``balls=9;ball=7.94;pitch=39.04;angle=0`` with both
    diameters in one unit and the contact angle in degrees.

    Raises
    ------
    InputError
        If the text is none of these, or describes no possible bearing.
    """
    named = {name.lower(): bearing for name, bearing in BEARINGS.items()}
    if text.strip().lower() in named:
        return named[text.strip().lower()]
    values = _numbers(text)
    if values.keys() == ORDERS:
        return Bearing("own orders", values["bpfo"], values["bpfi"], values["bsf"], values["ftf"])
    if GEOMETRY - {"angle"} <= values.keys() <= GEOMETRY:
        balls, ball, pitch, angle = values["balls"], values["ball"], values["pitch"], values.get("angle", 0.0)
        if balls != int(balls):
            raise _no_bearing(text, f"has {balls:g} balls, which is no whole number")
        if ball >= pitch:
            raise _no_bearing(text, f"has balls of {ball:g}, which is not below the pitch of {pitch:g}")
        if angle >= 90:
            raise _no_bearing(text, f"has an angle of {angle:g}, which is not below 90")
        return Bearing.from_geometry("own geometry", int(balls), ball, pitch, math.radians(angle))
    wanted = min((ORDERS, GEOMETRY - {"angle"}), key=lambda keys: len(keys ^ values.keys()))
    lacking, foreign = sorted(wanted - values.keys()), sorted(values.keys() - wanted)
    raise _no_bearing(text, f"lacks {', '.join(lacking)}" if lacking else f"has {', '.join(foreign)} besides")


def _numbers(text: str) -> dict[str, float]:
    """The parts of a description, as numbers above zero; an angle may be zero."""
    values = {}
    for part in text.strip().strip(";").split(";"):
        key, equals, value = part.partition("=")
        if not equals:
            alone = part.strip() == text.strip()
            raise _no_bearing(text, "is none of these" if alone else f"holds {part.strip()!r}, which is none of these")
        try:
            number = float(value)
        except ValueError:
            raise _no_bearing(text, f"holds {value.strip()!r}, which is no number with a decimal point") from None
        if not 0 < number < math.inf and (key.strip().lower(), number) != ("angle", 0):
            raise _no_bearing(text, f"holds {value.strip()}, which is not above 0")
        values[key.strip().lower()] = number
    return values


def _no_bearing(text: str, reason: str) -> InputError:
    """The advice for a text that describes no bearing."""
    return InputError(
        f"A bearing is one of {', '.join(BEARINGS)}, its fault orders (bpfo=3.58;bpfi=5.42;bsf=2.36;ftf=0.40) or its "
        f"geometry (balls=9;ball=7.94;pitch=39.04;angle=0), but {text!r} {reason}. Write it in one of these ways."
    )
