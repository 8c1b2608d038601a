"""Where the symbols of a schematic stand, on a grid whose y points down; nothing is drawn here."""

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Amp:
    """An op-amp that points to the right.

    Parameters
    ----------
    x, y : the middle of its left edge; its inputs are one unit above and below, its output three to the right.
    plus_up : whether its upper input is the one that does not invert.
    """

    x: float
    y: float
    plus_up: bool = False

    @property
    def plus(self) -> Point:
        """The input that does not invert."""
        return self.x, self.y - 1 if self.plus_up else self.y + 1

    @property
    def minus(self) -> Point:
        """The input that inverts."""
        return self.x, self.y + 1 if self.plus_up else self.y - 1

    @property
    def output(self) -> Point:
        """Its tip."""
        return self.x + 3, self.y


@dataclass(frozen=True)
class Drawing:
    """The schematic of a circuit.

    Parameters
    ----------
    parts : name of each part with the two points that it lies between, on a line along or down the page.
    wires : each a line through some points. Wires and parts meet where they end, and nowhere else.
    amps : every op-amp.
    grounds : points at 0 V.
    source, output : where the pulse comes in, and where the response is measured.
    """

    parts: tuple[tuple[str, Point, Point], ...]
    wires: tuple[tuple[Point, ...], ...]
    amps: tuple[Amp, ...]
    grounds: tuple[Point, ...]
    source: Point
    output: Point

    @property
    def joints(self) -> tuple[Point, ...]:
        """Points at which three lines or more meet."""
        ends = [point for _name, *both in self.parts for point in both]
        ends += [point for wire in self.wires for point in (wire[0], wire[-1])]
        ends += [point for amp in self.amps for point in (amp.plus, amp.minus, amp.output)]
        return tuple(sorted({point for point in ends if ends.count(point) > 2}))
