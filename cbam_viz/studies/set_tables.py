"""The views of a comparison as tidy tables: one class, channel, moment, window or space a row, its numbers beside it.

Classes are called by their keys, channels and positions count from 1, and the place of a channel is its peak in Hz.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from cbam_viz.analysis.aligned import AlignedTrace
from cbam_viz.analysis.class_channels import ClassChannelsTrace
from cbam_viz.analysis.difference import DifferenceTrace
from cbam_viz.analysis.distances import DistanceTrace
from cbam_viz.analysis.pair import PairTrace
from cbam_viz.analysis.plane import PlaneTrace
from cbam_viz.analysis.separation import SeparationTrace
from cbam_viz.studies.compare import Comparison
from cbam_viz.studies.set_panels import Lacking, SetView, trace_views

Parts = Iterator[dict[str, Any]]
"""Columns of some rows; a single value stands for all of them."""


def view_tables(comparison: Comparison, view: SetView) -> dict[str, pd.DataFrame]:
    """A table a view, by its name; a view that this set can't have, or that is empty, has none."""
    keys = {name.words: name.key for name in comparison.labelled.classes}
    tables = {}
    for name, trace in trace_views(comparison, view, ROWS).items():
        if not isinstance(trace, Lacking) and (parts := list(map(pd.DataFrame, ROWS[name](trace)))):
            table = pd.concat(parts, ignore_index=True)
            classes = [column for column in ("class", "other") if column in table]
            tables[name] = table.assign(**{column: table[column].map(keys) for column in classes})
    return tables


def _class_channels(trace: ClassChannelsTrace) -> Parts:
    """A class and channel a row."""
    for words, mean, spread in zip(trace.classes, trace.mean, trace.spread, strict=True):
        yield {
            "class": words,
            "block": trace.block,
            "channel": trace.channel,
            "place": trace.bands_hz[:, 1],
            "mean": mean,
            "spread": spread,
            "usual": trace.usual,
        }


def _aligned(trace: AlignedTrace) -> Parts:
    """A class and place on the common axis a row."""
    for each in trace.classes:
        yield {
            "class": each.words,
            "block": trace.block,
            "by": trace.by,
            "place": trace.place,
            "mean": each.mean,
            "spread": each.spread,
            "flat": each.flat,
            "gate_of_other": each.other,
            "low": each.low,
            "high": each.high,
        }


def _difference(trace: DifferenceTrace) -> Parts:
    """A channel or position a row; the class minus the other."""
    gates = {
        "channel_attention": (trace.channels, trace.channel, trace.bands_hz[:, 1]),
        "spatial_attention": (trace.positions, np.arange(1, len(trace.place) + 1), trace.place),
    }
    for quantity, (tested, index, place) in gates.items():
        if tested is not None:
            yield {
                "class": trace.second,
                "other": trace.first,
                "quantity": quantity,
                "block": trace.block,
                "index": index,
                "place": place,
                "difference": tested.difference,
                "effect": tested.effect,
                "band": tested.band,
                "p": tested.p,
            }


def _distances(trace: DistanceTrace) -> Parts:
    """A space and two classes a row."""
    one, other = np.triu_indices(len(trace.classes), 1)
    names = np.array(trace.classes, dtype=object)
    for matrix in trace.matrices:
        yield {
            "space": matrix.space,
            "class": names[one],
            "other": names[other],
            "measure": trace.measure,
            "ruler": matrix.ruler,
            "distance": matrix.values[one, other],
        }


def _plane(trace: PlaneTrace) -> Parts:
    """A window a row."""
    yield {
        "class": np.array(trace.classes, dtype=object)[trace.label],
        "recording": np.array(trace.names, dtype=object)[trace.member],
        "window": trace.window,
        "first": trace.place[:, 0],
        "second": trace.place[:, 1],
    }


def _pair(trace: PairTrace) -> Parts:
    """A channel a row: M_c of A minus that of B."""
    (a, b), (a_window, b_window) = trace.names, trace.windows
    yield {
        "a": a,
        "a_window": a_window,
        "b": b,
        "b_window": b_window,
        "block": trace.block,
        "channel": trace.channel,
        "place": trace.peak_hz,
        "difference": trace.difference,
        "spread": trace.spread,
    }


def _separation(trace: SeparationTrace) -> Parts:
    """A space a row."""
    for score in trace.scores:
        low, high = score.band
        yield {
            "space": [score.space],
            "numbers": score.numbers,
            "accuracy": score.accuracy,
            "low": low,
            "high": high,
            "p": score.p,
        }


ROWS: dict[str, Callable[[Any], Parts]] = {
    "class_channels": _class_channels,
    "aligned": _aligned,
    "difference": _difference,
    "distances": _distances,
    "plane": _plane,
    "pair": _pair,
    "separation": _separation,
}
"""What makes the rows of each view but ``class_trust``, whose tests are a table of their own."""
