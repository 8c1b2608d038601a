"""The numbers of a comparison, to take away: JSON with an entry a view, and tidy tables as CSV and as Parquet."""

import io
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cbam_viz import __version__
from cbam_viz.analysis.labelled import LabelledSet
from cbam_viz.studies.compare import Comparison
from cbam_viz.studies.numbers import ROWS_AT_ONCE
from cbam_viz.studies.plain import plain
from cbam_viz.studies.set_panels import SetView, settle_view, tell_views
from cbam_viz.studies.set_tables import view_tables

QUANTITIES = ("channel_attention", "spatial_attention")


def comparison_numbers(comparison: Comparison, view: SetView) -> dict[str, Any]:
    """Every number of a comparison, as plain values with the names that stand in the README."""
    labelled = comparison.labelled
    return {
        "network": labelled.card.name,
        "classes": [name.key for name in labelled.card.classes],
        "compared": [
            {
                "class": name.key,
                "words": name.words,
                "bearings": witnesses,
                "recordings": recordings,
                "windows": windows,
            }
            for name, (witnesses, recordings, windows) in zip(labelled.classes, labelled.counts, strict=True)
        ],
        "recordings": list_recordings(labelled),
        "left_out": list(comparison.left_out),
        "notes": list(comparison.notes),
        "view": plain(settle_view(comparison, view)),
        "views": tell_views(comparison, view),
        "provenance": {"version": __version__, "weights_sha256": comparison.network.digest},
    }


def list_recordings(labelled: LabelledSet) -> list[dict[str, Any]]:
    """Each recording with its class, what the network calls it, and the mean probabilities over its windows."""
    means = labelled.member_means(labelled.record.probabilities)  # (R, K)
    return [
        {
            "file": member.name,
            "class": member.label,
            "machine": member.machine,
            "predicted": labelled.card.classes[int(mean.argmax())].key,
            "probabilities": [float(each) for each in mean],
            "windows": len(member.windows),
        }
        for member, mean in zip(labelled.members, means, strict=True)
    ]


def comparison_json(comparison: Comparison, view: SetView) -> str:
    """`comparison_numbers` as JSON."""
    return json.dumps(comparison_numbers(comparison, view), ensure_ascii=False) + "\n"


def comparison_table(comparison: Comparison) -> pd.DataFrame:
    """The gates of all windows as a tidy table: one value a row, with its class, recording, window, block and place.

    The place of a channel is its peak frequency in Hz, and that of a position the time in s at the middle of what it
    sees, as in `explanation_table`. Windows, channels and positions count from 1.
    """
    blocks = comparison.labelled.record.blocks
    return pd.concat(
        [
            _rows(comparison.labelled, number, quantity)
            for number in range(len(blocks))
            for quantity in QUANTITIES
            if getattr(blocks[number], quantity).size
        ],
        ignore_index=True,
    )


def _rows(labelled: LabelledSet, block: int, quantity: str) -> pd.DataFrame:
    """One gate of all windows, one value a row."""
    gate: NDArray[np.float32] = getattr(labelled.record.blocks[block], quantity)  # (N, C) or (N, L)
    windows, size = gate.shape
    of_window = np.arange(windows) - labelled.starts[labelled.member_of] + 1
    return pd.DataFrame(
        {
            "class": _names(np.repeat(labelled.labels[labelled.member_of], size), [c.key for c in labelled.classes]),
            "recording": _names(np.repeat(labelled.member_of, size), [member.name for member in labelled.members]),
            "window": np.repeat(of_window.astype(np.int32), size),
            "quantity": _names(np.full(gate.size, QUANTITIES.index(quantity)), QUANTITIES),
            "block": _names(np.full(gate.size, block), [each.name for each in labelled.record.blocks]),
            "index": np.tile(np.arange(1, size + 1, dtype=np.int32), windows),
            "place": _places(labelled, block, quantity, gate).ravel(),
            "value": gate.ravel(),
        }
    )


def _places(labelled: LabelledSet, block: int, quantity: str, gate: NDArray[np.float32]) -> NDArray[np.float64]:
    """Peak in Hz of each channel, or time in s of each position in its recording, (N, C) or (N, L) array."""
    if quantity == "channel_attention":
        peaks = [peak for _low, peak, _high in labelled.card.reference[block].bands_hz[: gate.shape[1]]]
        return np.broadcast_to(np.array(peaks), gate.shape)
    field = labelled.record.blocks[block].receptive_field
    starts = np.concatenate([member.windows.starts for member in labelled.members])  # (N,)
    middle = field.centre(0) + np.arange(gate.shape[1]) * field.stride  # (L,)
    return ((starts[:, None] + middle) / labelled.card.preparation.fs).round(9)


def _names(codes: NDArray[np.int64], names: Sequence[str]) -> "pd.Categorical[str]":
    """Names by their numbers, which are what is kept."""
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(names)))


def comparison_csv(comparison: Comparison) -> str:
    """`comparison_table` as CSV, values in the shortest digits that give them back."""
    table, out = comparison_table(comparison), io.StringIO()
    for begin in range(0, len(table), ROWS_AT_ONCE):
        part = table.iloc[begin : begin + ROWS_AT_ONCE]
        part.assign(value=part["value"].to_numpy().astype("U")).to_csv(
            out, index=False, header=begin == 0, lineterminator="\n"
        )
    return out.getvalue()


def comparison_parquet(comparison: Comparison, view: SetView) -> dict[str, bytes]:
    """Tables by the names of their files: the gates, the recordings, each view, and tests if there are any."""
    numbers = comparison_numbers(comparison, view)
    classes = numbers["classes"]
    recordings = pd.DataFrame(
        [
            {
                **{key: value for key, value in row.items() if key != "probabilities"},
                **dict(zip((f"probability_{key}" for key in classes), row["probabilities"], strict=True)),
            }
            for row in numbers["recordings"]
        ]
    )
    tables = {"gates": comparison_table(comparison), "recordings": recordings, **view_tables(comparison, view)}
    if comparison.trust:
        tables["tests"] = pd.DataFrame(numbers["views"]["class_trust"]["tests"])
    return {f"{name}.parquet": _parquet(table) for name, table in tables.items()}


def _parquet(table: pd.DataFrame) -> bytes:
    """A table as Parquet."""
    out = io.BytesIO()
    table.to_parquet(out, index=False)
    return out.getvalue()
