"""The pictures of the physics beside an explanation; both doors show these."""

from cbam_viz.analysis.envelope import EnvelopeTrace
from cbam_viz.analysis.gate_spectrum import GateSpectrumTrace
from cbam_viz.figures.envelope import plot_envelope
from cbam_viz.figures.gate_spectrum import plot_gate_spectrum
from cbam_viz.figures.spectrum import plot_spectrum
from cbam_viz.figures.style import LIGHT, Palette
from cbam_viz.studies import physics_words as words
from cbam_viz.studies.panels import Panel
from cbam_viz.studies.physics import Physics


def draw_spectrum(physics: Physics, palette: Palette = LIGHT) -> Panel:
    """The spectrum of the signal, under the bands of the block's channels."""
    trace = physics.spectrum
    return Panel(plot_spectrum(trace, palette), words.caption_spectrum(trace), words.say_spectrum(trace))


def draw_envelope(trace: EnvelopeTrace, palette: Palette = LIGHT) -> Panel:
    """The envelope spectrum, under the lines of the bearing."""
    return Panel(plot_envelope(trace, palette), words.caption_envelope(trace), words.say_envelope(trace))


def draw_gate_spectrum(trace: GateSpectrumTrace, palette: Palette = LIGHT) -> Panel:
    """The spectrum of the gate, and of what it lets through."""
    return Panel(plot_gate_spectrum(trace, palette), words.caption_gate_spectrum(trace), words.say_gate_spectrum(trace))


def draw_physics(physics: Physics, palette: Palette = LIGHT) -> dict[str, Panel]:
    """All pictures of the physics by the names of their files, as far as the signal is long enough for them."""
    panels = {"envelope": draw_envelope(physics.envelope, palette)} if physics.envelope else {}
    panels["spectrum"] = draw_spectrum(physics, palette)
    return panels | ({"gate_spectrum": draw_gate_spectrum(physics.gate, palette)} if physics.gate else {})
