"""The sentences on the physics beside a picture: where damage is heard, what stands out, and what it was compared with.

They say what is there; none says why a network chose a class.
"""

from math import isnan

from cbam_viz.analysis.envelope import SEARCHED, EnvelopeTrace, FittedSpeed
from cbam_viz.analysis.evidence import PhysicsVerdict, strongest
from cbam_viz.analysis.gate_spectrum import GateSpectrumTrace
from cbam_viz.analysis.kurtogram import Band
from cbam_viz.analysis.lines import HARMONICS
from cbam_viz.analysis.score import Score
from cbam_viz.analysis.spectrum import SpectrumTrace
from cbam_viz.language import _, digits
from cbam_viz.network.card import ClassName
from cbam_viz.physics.bearing import Fault

PARTS: dict[Fault, str] = {
    "outer": _("outer race"),
    "inner": _("inner race"),
    "ball": _("ball"),
    "cage": _("cage"),
}


def say_physics(verdict: PhysicsVerdict, said: ClassName) -> str:
    """What fits by physics, beside what the network says."""
    best = strongest(verdict)
    if best is None:
        return _("No fault line lies within this spectrum, so physics says nothing here.")
    found = _("{line} stands {times:.1f} times above what is around, by chance up to {chance:.1f}").format(
        line=best.line, times=best.prominence, chance=best.chance
    )
    if verdict.fits is None:
        return _(
            "Physics: no fault stands out of chance ({found}), which is no proof of health. The network says: {said}."
        ).format(found=found, said=said.words)
    agrees = _("the network says the same part") if verdict.fits == said.fault else _("the network says otherwise")
    return _("Physics: the lines of the {part} fit best ({found}); {agrees}: {said}.").format(
        part=PARTS[verdict.fits], found=found, agrees=agrees, said=said.words
    )


def say_band(band: Band) -> str:
    """Which band is listened to, and who chose it."""
    edges = f"{band.low:.0f}–{band.high:.0f} Hz"
    if band.by_hand:
        return _("Band by hand: {edges}.").format(edges=edges)
    if isnan(band.kurtosis):
        return _("The whole band: {edges}.").format(edges=edges)
    return _("Most impulsive band: {edges}, spectral kurtosis {kurtosis:.1f}.").format(
        edges=edges, kurtosis=band.kurtosis
    )


def say_speed(speed: FittedSpeed | None) -> str:
    """The speed that fits best."""
    if speed is None:
        return _("No speed within ±{most:g} % makes a fault stand out.").format(most=100 * SEARCHED)
    return _("Best fit: {rpm:.0f} rpm ({change} %), by the lines of the {part}; slip is a part of it.").format(
        rpm=60 * speed.shaft_hz, change=digits(100 * speed.change, "+.1f"), part=PARTS[speed.fault]
    )


def say_spectrum(trace: SpectrumTrace) -> str:
    """The spectrum in words: its highest line."""
    top = int(trace.amplitude.argmax())
    return _("Spectrum of {seconds:.2f} s: the highest line is {height:.3g} {unit} at {hz:.1f} Hz.").format(
        seconds=trace.seconds, height=trace.amplitude[top], unit=trace.unit, hz=trace.hz[top]
    )


def caption_spectrum(trace: SpectrumTrace) -> str:
    """How the spectrum is to be read."""
    caption = _(
        "Line: amplitude of every frequency in {seconds:.2f} s. Bars: the band in which each channel of {block} "
        "responds most, from its card; a channel that listens elsewhere too has a small share, which hovering tells."
    ).format(seconds=trace.seconds, block=trace.block)
    if len(trace.shaft_hz):
        caption += " " + _("Ticks: the shaft and its harmonics.")
    return caption


def say_envelope(trace: EnvelopeTrace) -> str:
    """The envelope spectrum in words: which lines stand out."""
    names = [each.line.name for each in trace.found if each.stands_out and not each.line.sideband]
    return _("Envelope spectrum of {low:.0f}–{high:.0f} Hz; lines that stand out: {names}.").format(
        low=trace.band.low, high=trace.band.high, names=", ".join(names) or _("none")
    )


def caption_envelope(trace: EnvelopeTrace) -> str:
    """How the envelope spectrum is to be read."""
    caption = _("How often loudness returns in {low:.0f}–{high:.0f} Hz, over {seconds:.2f} s.").format(
        low=trace.band.low, high=trace.band.high, seconds=trace.seconds
    )
    if trace.found:
        caption += " " + _(
            "Bars: where a damaged outer race (BPFO), inner race (BPFI), ball (2×BSF) or cage (FTF) is heard, with "
            "{harmonics} harmonics, as wide as slip and resolution allow; thin: sidebands. "
            "Full: higher than 97.5 % of places where no line is expected, and not a line of a stronger part too."
        ).format(harmonics=HARMONICS)
    return caption


def say_gate_spectrum(trace: GateSpectrumTrace) -> str:
    """The gate's spectrum in words: which lines it repeats at."""
    names = [each.line.name for each in trace.found if each.stands_out]
    return _("Spectrum of the gate of {block} over {seconds:.2f} s; lines that stand out: {names}.").format(
        block=trace.block, seconds=trace.seconds, names=", ".join(names) or _("none")
    )


def caption_gate_spectrum(trace: GateSpectrumTrace) -> str:
    """How the gate's spectrum is to be read."""
    caption = _(
        "Above: how often the gate of {block} opens and closes, over {seconds:.2f} s of whole windows. "
        "Below: the envelope of what it lets through, as a part of its mean; grey: the same gate shifted in time, "
        "since a gate that repeats makes lines of its own."
    ).format(block=trace.block, seconds=trace.seconds)
    if trace.beyond:
        caption += " " + _("Not compared, above what this gate can follow ({hz:.0f} Hz): {names}.").format(
            hz=trace.nyquist_hz, names=", ".join(trace.beyond)
        )
    return caption


def say_score(score: Score) -> str:
    """The name of a test of a gate, in words."""
    return {
        "gate_line": _("gate repeats at the fault line (× around)"),
        "envelope_share": _("gate raises the fault's share (×), beside wrong speeds"),
        "envelope_share_shifted": _("gate raises the fault's share (×), beside the gate shifted"),
    }[score.name]
