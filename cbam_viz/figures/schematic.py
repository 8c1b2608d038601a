"""Draws a schematic as SVG; parts that a person moved stand out by colour and by a thicker line."""

from html import escape

from cbam_viz.analysis.schematic import PartMark, SchematicTrace
from cbam_viz.figures.style import FONT, LIGHT, Palette
from cbam_viz.language import _
from cbam_viz.physics.circuits import Amp
from cbam_viz.physics.circuits.drawing import Point

UNIT = 20
"""Pixels of the grid."""
MARGIN = 24
TOP = 36
BODY = 26
"""Length in pixels of a resistor."""
SIZES, WIDE = (13.5, 17), 600
"""Of the letters in pixels; larger in a drawing that is wider than so much, since that is shown smaller."""
GAP = 6
"""Between the plates of a capacitor."""


def plot_schematic(trace: SchematicTrace, palette: Palette = LIGHT) -> str:
    """The schematic as an SVG element."""
    drawing = trace.drawing
    ends = [point for _name, *both in drawing.parts for point in both] + [p for wire in drawing.wires for p in wire]
    ends += drawing.grounds
    left, right = min(x for x, _y in ends), max(x for x, _y in ends)
    top, bottom = min(y for _x, y in ends), max(y for _x, y in ends)
    box = (
        left * UNIT - 2 * MARGIN,
        top * UNIT - TOP,
        (right - left) * UNIT + 4 * MARGIN,
        (bottom - top) * UNIT + TOP + MARGIN,
    )
    parts = [
        *(_line(wire) for wire in drawing.wires),
        *(_amp(amp, palette) for amp in drawing.amps),
        *(_ground(point) for point in drawing.grounds),
        *(f'<circle cx="{x * UNIT:g}" cy="{y * UNIT:g}" r="2.6" fill="{palette.text}"/>' for x, y in drawing.joints),
        *(_part(trace.mark(name), one, other, palette) for name, one, other in drawing.parts),
        _port(drawing.source, _("pulse"), -1, palette),
        _port(drawing.output, _("output"), 1, palette),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{" ".join(f"{value:g}" for value in box)}" '
        f'width="{box[2]:g}" height="{box[3]:g}" '
        f'fill="none" stroke="{palette.text}" stroke-width="1.3" stroke-linejoin="round" '
        f'font-family="{escape(FONT, quote=True)}" font-size="{SIZES[box[2] > WIDE]:g}">'
        f"{''.join(parts)}</svg>"
    )


def _line(points: tuple[Point, ...]) -> str:
    """A wire."""
    return f'<polyline points="{" ".join(f"{x * UNIT:g},{y * UNIT:g}" for x, y in points)}"/>'


def _part(mark: PartMark, one: Point, other: Point, palette: Palette) -> str:
    """A resistor or capacitor between two points, with its name and value."""
    (x, y), (u, v) = one, other
    length = (abs(u - x) + abs(v - y)) * UNIT
    upright = x == u
    middle = ((x + u) / 2 * UNIT, (y + v) / 2 * UNIT)
    half = length / 2
    if mark.name.startswith("C"):
        lead = GAP / 2
        body = f'<path d="M{-lead:g},-9V9M{lead:g},-9V9" stroke-width="2"/>'
    else:
        lead = BODY / 2
        body = f'<rect x="{-lead:g}" y="-5.5" width="{BODY}" height="11"/>'
    colour = palette.opposite if mark.changed else palette.text
    width = 2.4 if mark.changed else 1.3
    turn = " rotate(90)" if upright else ""
    shape = (
        f'<g transform="translate({middle[0]:g} {middle[1]:g}){turn}">'
        f'<path d="M{-half:g},0H{-lead:g}M{lead:g},0H{half:g}"/>'
        f'<g stroke="{colour}" stroke-width="{width}">{body}</g></g>'
    )
    name = f'<tspan font-weight="700">{mark.name}</tspan>{mark.off}'
    if upright:
        place = ((middle[0] + 15, middle[1] - 3), (middle[0] + 15, middle[1] + 13))
    else:
        place = ((middle[0], middle[1] - 13), (middle[0], middle[1] + 23))
    anchor = "start" if upright else "middle"
    words = "".join(
        f'<text x="{at:g}" y="{down:g}" text-anchor="{anchor}" stroke="none" fill="{fill}">{text}</text>'
        for (at, down), text, fill in zip(
            place, (name, mark.value), (colour, colour if mark.changed else palette.muted), strict=True
        )
    )
    return shape + words


def _amp(amp: Amp, palette: Palette) -> str:
    """An op-amp with the signs of its inputs."""
    x, y = amp.x * UNIT, amp.y * UNIT
    tip = amp.output[0] * UNIT
    signs = "".join(
        f'<text x="{x + 6:g}" y="{row * UNIT + 4:g}" stroke="none" fill="{palette.text}">{sign}</text>'
        for row, sign in ((amp.plus[1], "+"), (amp.minus[1], "−"))
    )
    return f'<path d="M{x:g},{y - 2 * UNIT + 6:g}V{y + 2 * UNIT - 6:g}L{tip:g},{y:g}Z"/>' + signs


def _ground(point: Point) -> str:
    """0 V."""
    x, y = point[0] * UNIT, point[1] * UNIT
    return f'<path d="M{x - 9:g},{y:g}h18M{x - 5.5:g},{y + 4:g}h11M{x - 2:g},{y + 8:g}h4"/>'


def _port(point: Point, words: str, side: int, palette: Palette) -> str:
    """Where the pulse comes in, or the response is measured."""
    x, y = point[0] * UNIT, point[1] * UNIT
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="4" fill="{palette.background}" stroke="{palette.accent}" stroke-width="2"/>'
        f'<text x="{x + 4 * side:g}" y="{y - 11:g}" text-anchor="middle" stroke="none" '
        f'fill="{palette.accent}">{escape(words)}</text>'
    )
