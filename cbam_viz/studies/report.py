"""The numbers and the figures of an explanation, to take away: JSON, CSV, and one HTML page that opens offline."""

import csv
import html
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from cbam_viz import __version__
from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.figures.page import drawing, drawing_script
from cbam_viz.language import _
from cbam_viz.studies import words
from cbam_viz.studies.explain import Explanation, score_controls
from cbam_viz.studies.panels import View, draw_channels, draw_diagnosis, draw_overview, draw_spatial


def explanation_numbers(explanation: Explanation) -> dict[str, Any]:
    """Every number of an explanation, as plain values with the names that stand in the README."""
    signal, card, windows, record = explanation.signal, explanation.card, explanation.windows, explanation.record
    return {
        "signal": {
            "name": signal.name,
            "channel": signal.channel,
            "fs_hz": signal.fs,
            "samples": len(signal.samples),
        },
        "network": card.name,
        "classes": [name.key for name in card.classes],
        "prepared_fs_hz": card.preparation.fs,
        "window": card.preparation.window,
        "hop": card.preparation.hop,
        "starts": windows.starts.tolist(),
        "probabilities": _rows(record.probabilities),
        "predicted": explanation.predicted.key,
        "provenance": {
            "version": __version__,
            "signal_sha256": signal.digest,
            "unit": signal.unit,
            "training": words.say_training(card, signal),
            "notes": list(explanation.notes),
        },
        "blocks": [
            {
                "name": block.name,
                "channel_attention": _rows(block.channel_attention),
                "spatial_attention": _rows(block.spatial_attention),
                "receptive_field": {
                    key: value for key, value in asdict(block.receptive_field).items() if key != "positions"
                },
            }
            for block in record.blocks
        ],
    }


def explanation_json(explanation: Explanation) -> str:
    """`explanation_numbers` as JSON."""
    return json.dumps(explanation_numbers(explanation), ensure_ascii=False) + "\n"


def explanation_csv(explanation: Explanation) -> str:
    """Every number of an explanation as a tidy table: one value a row, with its window, block and place.

    The place of a probability is its class, that of a channel its peak frequency in Hz, and that of a position the time
    in s at the middle of what it sees. Windows, channels and positions count from 1.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["signal", "network", "window", "start_s", "quantity", "block", "index", "place", "value"])
    for window in range(len(explanation.record)):
        start = explanation.windows.start_s(window)
        common = (explanation.signal.name, explanation.card.name, window + 1, f"{start:.6f}")
        for quantity, block, places, values in _quantities(explanation, window, start):
            rows = enumerate(zip(places, values, strict=True), start=1)
            table.writerows((*common, quantity, block, index, place, str(value)) for index, (place, value) in rows)
    return out.getvalue()


def _quantities(
    explanation: Explanation, window: int, start: float
) -> Iterator[tuple[str, str, Sequence[Any], np.ndarray]]:
    """What one window holds: quantity, block, places and values."""
    card, record = explanation.card, explanation.record
    yield "probability", "", [name.key for name in card.classes], record.probabilities[window]
    for block, reference in zip(record.blocks, card.reference, strict=True):
        peaks = [peak for _low, peak, _high in reference.bands_hz]
        gate, field = block.channel_attention[window], block.receptive_field
        yield "channel_attention", block.name, peaks[: len(gate)], gate
        gate = block.spatial_attention[window]
        middle = field.centre(0) + np.arange(len(gate)) * field.stride
        yield "spatial_attention", block.name, [f"{start + each / card.preparation.fs:.6f}" for each in middle], gate


def explanation_html(explanation: Explanation, view: View) -> str:
    """The figures of one view, with what is said of them, as one page that opens offline."""
    windows, card = explanation.windows, explanation.card
    panels = [draw(explanation, view) for draw in (draw_spatial, draw_channels, draw_diagnosis, draw_overview)]
    verdict = words.say_verdict(trace_diagnosis(explanation.record, card, view.window))
    lines = (
        _("Window {number} of {count}, from {start:.3f} s.").format(
            number=view.window + 1, count=len(windows), start=windows.start_s(view.window)
        ),
        words.say_training(card, explanation.signal),
        words.say_controls(score_controls(explanation, view.window, view.block)),
        *explanation.notes,
        words.say_card(card),
    )
    return _PAGE.format(
        title=html.escape(f"{explanation.signal.origin} · {card.name}"),
        verdict=html.escape(" · ".join(verdict)),
        lines="".join(f"<li>{html.escape(line)}</li>" for line in lines),
        figures="".join(
            f"<figure>{drawing(panel.figure)}<figcaption>{html.escape(panel.caption)}</figcaption></figure>"
            for panel in panels
        ),
        version=__version__,
        digest=explanation.signal.digest[:12],
        script=drawing_script(),
    )


def _rows(values: np.ndarray) -> list[list[float]]:
    """Rows of a float32 array in the shortest digits that give it back."""
    return [[float(str(value)) for value in row] for row in values]


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ max-width: 1000px; margin: 2rem auto; padding: 0 1rem; color: #1f2733; font: 15px/1.5 sans-serif; }}
h1 {{ font-size: 1.3rem; margin-bottom: 0; }}
h2 {{ color: #0a736e; font-size: 1.1rem; margin: 0.3rem 0; }}
figure {{ margin: 1.5rem 0; break-inside: avoid; }}
figcaption, li, footer {{ color: #6b7482; }}
</style>
<script>{script}</script>
</head>
<body>
<h1>{title}</h1>
<h2>{verdict}</h2>
<ul>{lines}</ul>
{figures}
<footer>cbam-viz {version} · signal {digest}</footer>
</body>
</html>
"""
