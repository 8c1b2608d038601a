"""The tables of a report: an explanation's numbers in rows of words, rounded to what a person reads."""

from dataclasses import dataclass

import numpy as np

from cbam_viz.analysis.channels import trace_channels
from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.analysis.spatial import trace_spatial
from cbam_viz.language import _, digits, percent
from cbam_viz.network.card import Card
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.panels import View

MOST_WINDOWS = 600
"""Of which a report lists each; the CSV lists all."""


@dataclass(frozen=True)
class Table:
    """Rows of words below their heads; the first column names the row."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def list_probabilities(explanation: Explanation, view: View) -> Table:
    """Every class in the window and over the whole signal, the most probable first."""
    trace = trace_diagnosis(explanation.record, explanation.card, view.window)
    said = np.bincount(trace.named, minlength=len(trace.classes))
    return Table(
        _("Probabilities"),
        (_("class"), _("this window"), _("mean of all windows"), _("windows named so")),
        tuple(
            (
                trace.classes[each],
                percent(trace.window[each]),
                percent(trace.whole[each]),
                _("{said} of {windows}").format(said=said[each], windows=trace.windows),
            )
            for each in trace.ranking
        ),
    )


def list_gates(explanation: Explanation, view: View) -> Table:
    """What the spatial gate of every block does in the window."""
    trace = trace_spatial(explanation.record, explanation.windows, explanation.card, view.window, view.block)
    quantiles = [each.spatial_quantiles for each in explanation.card.reference if each.spatial_quantiles]
    return Table(
        _("Spatial attention M_s in this window"),
        (
            _("block"),
            _("lowest"),
            _("median"),
            _("highest"),
            _("highest at ({unit})").format(unit=trace.axis.unit),
            _("usual range"),
        ),
        tuple(
            (
                strip.name,
                f"{strip.gate.min():.3f}",
                f"{np.median(strip.gate):.3f}",
                f"{strip.gate.max():.3f}",
                f"{(strip.edges[:-1] + strip.edges[1:])[strip.gate.argmax()] / 2:.1f}",
                f"{usual[0]:.3f}–{usual[-1]:.3f}",
            )
            for strip, usual in zip(trace.strips, quantiles, strict=True)
        ),
        _("Usual range: the 1 % and 99 % quantiles of the gate over the network's data set."),
    )


def list_channels(explanation: Explanation, view: View) -> Table:
    """Every channel gate of the block in the window, with what it usually is and what the channel listens to."""
    trace = trace_channels(explanation.record, explanation.card, view.window, view.block, view.order)
    return Table(
        _("Channel attention M_c of {block} in this window").format(block=trace.block),
        (_("channel"), _("M_c"), _("usually"), _("deviation"), _("peak (Hz)"), _("band (Hz)"), _("in band")),
        tuple(
            (
                str(trace.channel[each]),
                f"{trace.gate[each]:.3f}",
                f"{trace.mean[each]:.3f} ± {trace.spread[each]:.3f}",
                digits(trace.deviation[each], "+.3f"),
                *_band(trace.bands_hz[each], trace.shares[each]),
            )
            for each in range(len(trace.channel))
        ),
        _("Usually: mean ± one standard deviation over the network's data set. In band: share of the response there."),
    )


def _band(band_hz: np.ndarray, share: float) -> tuple[str, str, str]:
    """Peak, edges and share of what a channel listens to; dashes where no sine excites it."""
    low, peak, high = band_hz
    return (f"{peak:.0f}", f"{low:.0f}–{high:.0f}", f"{share:.0%}") if peak else ("–", "–", "–")


def list_windows(explanation: Explanation) -> Table:
    """What every window of the signal is diagnosed as."""
    windows, card, probabilities = explanation.windows, explanation.card, explanation.record.probabilities
    left_out = len(windows) - MOST_WINDOWS
    return Table(
        _("All {count} windows").format(count=len(windows)),
        (_("window"), _("from (s)"), _("class"), _("probability")),
        tuple(
            (
                str(each + 1),
                f"{windows.start_s(each):.3f}",
                card.classes[int(probabilities[each].argmax())].words,
                percent(float(probabilities[each].max())),
            )
            for each in range(min(len(windows), MOST_WINDOWS))
        ),
        _("The last {left_out} are left out here; the tables as CSV or Parquet hold all.").format(left_out=left_out)
        if left_out > 0
        else "",
    )


def list_confusion(card: Card) -> Table:
    """What the windows of each class were named as in the evaluation, summed over its folds."""
    counts = np.sum([fold.confusion for fold in card.results.folds], axis=0)  # (K, K)
    return Table(
        _("Windows of the evaluation, summed over its folds ({folds})").format(folds=len(card.results.folds)),
        (_("is / named as"), *(name.words for name in card.classes)),
        tuple((name.words, *map(str, row)) for name, row in zip(card.classes, counts, strict=True)),
    )
