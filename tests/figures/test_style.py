"""What holds for every figure: contrast, one look, a title with its unit on every axis, and a size that travels."""

import json
import re

import numpy as np
import pytest

from cbam_viz.figures.style import DARK, LIGHT

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
VIEWS = pytest.mark.parametrize(
    "view",
    [
        *("spatial", "channels", "diagnosis", "overview", "distances", "plane", "separation", "pair"),
        *("spectrum", "envelope", "gate_spectrum", "tryout"),
    ],
)
MOST_JSON = 400_000
DIMENSIONLESS = re.compile(r"M<sub>[cs]</sub>")


def luminance(colour):
    """Relative luminance of WCAG 2.2 (sRGB, IEC 61966-2-1), 0 to 1."""
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def contrast(one, other):
    """Contrast ratio of WCAG 2.2, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def blend(scale, share):
    """The colour at a share of a colour scale, as a browser blends it."""
    (_, low), (_, high) = scale
    parts = [
        round((1 - share) * int(low[place : place + 2], 16) + share * int(high[place : place + 2], 16))
        for place in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in parts)


def axes(drawn):
    """Every axis of a figure, by its letter and number."""
    return {key.replace("axis", ""): axis for key, axis in drawn["layout"].items() if re.match(r"[xy]axis", key)}


def numeric(axis):
    """Whether an axis counts: neither classes nor names stand on it."""
    return axis.get("type") != "category" and not any(word.isalpha() for word in "".join(axis.get("ticktext", ())))


@PALETTES
def test_contrast_of_black_and_white_is_21(palette):
    """The formula gives the published extremes; a palette lies between them."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert 1 < contrast(palette.text, palette.background) < 21


@PALETTES
@pytest.mark.parametrize("ink", ["text", "muted", "line"])
def test_words_can_be_read(palette, ink):
    """Text and the line of the signal have the contrast that WCAG asks of text, 4.5."""
    assert contrast(getattr(palette, ink), palette.background) >= 4.5


@PALETTES
@pytest.mark.parametrize("ink", ["accent", "opposite"])
def test_bars_can_be_seen(palette, ink):
    """Graphical marks have the contrast that WCAG asks of them, 3, with the page."""
    assert contrast(getattr(palette, ink), palette.background) >= 3


@PALETTES
def test_classes_can_be_seen_and_told_apart(palette):
    """Every class's colour has a contrast of 3 with the page; the first twelve differ in shape, whatever the colour."""
    marks = [palette.mark(number) for number in range(12)]

    assert min(contrast(colour, palette.background) for colour, _ in marks) >= 3
    assert len({symbol for _, symbol in marks}) == 12
    assert len({colour for colour, _ in marks[:7]}) == 7


@PALETTES
def test_the_waveform_can_be_seen_on_its_shading(palette):
    """Wherever the gate stands, the signal's line has a contrast of 3 with the shading, three quarters of it opaque."""
    shades = [blend([(0, palette.background), (1, blend(palette.sequential, share))], 0.75) for share in (0, 0.5, 1)]

    assert min(contrast(palette.line, shade) for shade in shades) >= 3


@PALETTES
def test_more_attention_is_always_further_from_the_page(palette):
    """The scale of a gate goes one way in lightness, away from the background, so that it can be read without hue."""
    steps = [contrast(blend(palette.sequential, share), palette.background) for share in np.linspace(0, 1, 51)]

    assert np.all(np.diff(steps) > 0)
    assert steps[-1] >= 3


@VIEWS
def test_every_axis_has_a_title_with_its_unit(plot, view):
    """An axis that counts is titled, and says in what: a unit in brackets, percent, or a gate, which has none."""
    found = {name: axis for name, axis in axes(json.loads(plot(view).to_json())).items() if numeric(axis)}

    assert found or view == "distances"  # on whose axes only names stand
    for name, axis in found.items():
        title = axis.get("title", {}).get("text", "")
        has_unit = re.search(r"\((g|g²|m/s²|ms|s|Hz|kHz)\)$", title) or axis.get("tickformat", "").endswith("%")
        assert has_unit or DIMENSIONLESS.match(title), (name, title)


@VIEWS
def test_an_axis_of_names_names_all(plot, view):
    """Where an axis does not count, its names stand beside it."""
    for axis in (axis for axis in axes(json.loads(plot(view).to_json())).values() if not numeric(axis)):
        assert all(axis.get("ticktext", axis.get("categoryarray")))


@VIEWS
@PALETTES
def test_every_axis_has_the_shared_look(plot, view, palette):
    """Each axis, in every lane, has the colours of the palette and no grid or zero line of Plotly's own."""
    layout = plot(view, palette).layout
    for name in ("xaxis", *(key for key in layout if re.fullmatch(r"yaxis\d*", key))):
        looks = [layout.template.layout[name[:5]], layout[name]]
        for part in ("showgrid", "zeroline"):
            assert [look[part] for look in looks if look[part] is not None][-1:] == [False]
        assert [look.tickfont.color for look in looks if look.tickfont.color][-1:] == [palette.muted]


@VIEWS
@PALETTES
def test_a_figure_has_no_colour_outside_its_palette(plot, view, palette):
    """Every colour that a figure sets is one of the palette it was given, or none at all."""
    text = plot(view, palette).to_json()

    assert set(re.findall(r"#[0-9a-fA-F]{6}\b", text)) <= {*vars(palette).values(), *palette.classes}
    assert set(re.findall(r"rgba?\([^)]*\)", text)) <= {"rgba(0,0,0,0)"}


@VIEWS
def test_nothing_needs_a_graphics_card(plot, view):
    """No trace is drawn by WebGL, which takes seconds where there is no graphics card."""
    kinds = {trace.type for trace in plot(view).data}

    assert kinds <= {"scatter", "heatmap", "bar"}


@VIEWS
def test_a_figure_travels_in_less_than_400_kb(plot, view):
    """A window of a shipped network, or the overview of ten minutes with all marks, as JSON."""
    assert len(plot(view).to_json()) < MOST_JSON


@VIEWS
def test_lines_have_at_most_4000_points(plot, view):
    """More points than a screen has columns only cost time."""
    for trace in plot(view).data:
        if trace.type == "scatter":
            assert len(trace.x) <= 4000
