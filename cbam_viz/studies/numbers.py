"""The numbers of an explanation, to take away: JSON, and one tidy table as CSV and as Parquet."""

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cbam_viz import __version__
from cbam_viz.studies import words
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.physics import Physics
from cbam_viz.studies.physics_numbers import Row, physics_numbers, physics_rows
from cbam_viz.studies.trust import Trust
from cbam_viz.studies.trust_numbers import gate_numbers, trust_rows
from cbam_viz.studies.tryout import Tryout, tryout_numbers, tryout_rows

ROWS_AT_ONCE = 100_000
"""Of the CSV; the words of a few are small beside the table."""
COLUMNS = ("signal", "network", "window", "start_s", "quantity", "block", "index", "place", "value")
WORDS = ("signal", "network", "quantity", "block")
"""Columns in which few words stand often."""


def explanation_numbers(
    explanation: Explanation,
    tryout: Tryout | None = None,
    physics: Physics | None = None,
    trust: Trust | None = None,
    block: int = 0,
) -> dict[str, Any]:
    """Every number of an explanation, as plain values with the names that stand in the README.

    Edits that were tried on a window have their own part, and only where there are some; physics and the
    tests of gates have one where given. So have the deviations of a circuit's parts.

    Parameters
    ----------
    block : index of the one in view, whose verdict stands first.
    """
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
            "shaft_hz": signal.shaft_hz,
            "bearing": signal.bearing,
            "class_words": [name.words for name in card.classes],
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
        **_deviations(explanation),
        **(tryout_numbers(tryout) if tryout and tryout.edits else {}),
        **({"physics": physics_numbers(physics)} if physics else {}),
        **({"trust": gate_numbers(explanation, trust, block)} if trust else {}),
    }


def _deviations(explanation: Explanation) -> dict[str, Any]:
    """How far off the part of each class is if it is that class, in per cent, and which classes nobody tells apart."""
    if not explanation.card.config.deviations:
        return {}
    alike = [list(group) for group in explanation.card.ambiguous]
    return {"deviations_percent": _rows(explanation.record.deviations), "alike_classes": alike}


def explanation_json(
    explanation: Explanation,
    tryout: Tryout | None = None,
    physics: Physics | None = None,
    trust: Trust | None = None,
    block: int = 0,
) -> str:
    """`explanation_numbers` as JSON."""
    return json.dumps(explanation_numbers(explanation, tryout, physics, trust, block), ensure_ascii=False) + "\n"


def explanation_table(explanation: Explanation) -> pd.DataFrame:
    """Every number of an explanation as a tidy table: one value a row, with its window, block and place.

    The place of a probability is its class, that of a channel its peak frequency in Hz, and that of a position the time
    in s at the middle of what it sees. Windows, channels and positions count from 1.
    """
    count, starts = len(explanation.record), explanation.windows.starts / explanation.card.preparation.fs
    parts = list(_quantities(explanation, starts))
    places = np.concatenate([places for *_names, places, _values in parts], axis=1)  # (N, M)
    sizes = [places.shape[1] for *_names, places, _values in parts]
    size = sum(sizes)
    return pd.DataFrame(
        {
            "signal": _repeated([explanation.signal.name], [count * size], 1),
            "network": _repeated([explanation.card.name], [count * size], 1),
            "window": np.repeat(np.arange(1, count + 1, dtype=np.int32), size),
            "start_s": np.repeat(starts, size),
            "quantity": _repeated([quantity for quantity, *_rest in parts], sizes, count),
            "block": _repeated([block for _quantity, block, *_rest in parts], sizes, count),
            "index": np.tile(np.concatenate([np.arange(1, each + 1, dtype=np.int32) for each in sizes]), count),
            "place": pd.array(places.ravel(), dtype="str"),
            "value": np.concatenate([values for *_names, values in parts], axis=1).ravel(),
        }
    )


def physics_table(explanation: Explanation, window: int, physics: Physics) -> pd.DataFrame:
    """The numbers of physics around a window as rows of the same table.

    The place of a spectrum's amplitude is its frequency in Hz, that of a line its name, and that of a test of a gate
    one of value, control, low and high. Rows of one quantity and block count from 1.
    """
    return _table_of(explanation, window, physics_rows(physics_numbers(physics)))


def explanation_csv(
    explanation: Explanation,
    window: int = 0,
    physics: Physics | None = None,
    tryout: Tryout | None = None,
    trust: Trust | None = None,
) -> str:
    """`explanation_table` as CSV, and below it the rows of what was found out about one window beyond it.

    Values are in the shortest digits that give them back, starts to a microsecond.

    Parameters
    ----------
    window : index of the one that all else is of.
    physics : see `physics_table`.
    tryout : edits, their place as `explain --edits` takes them, and the probabilities before and after.
    trust : tests of the gates, their place as in `physics_table`, and of each block the verdict and its sentence.
    """
    out = io.StringIO()
    _write(explanation_table(explanation), out, header=True)
    for more in _beyond(explanation, window, physics, tryout, trust):
        _write(more, out, header=False)
    return out.getvalue()


def physics_csv(explanation: Explanation, window: int, physics: Physics) -> str:
    """`physics_table` as CSV."""
    out = io.StringIO()
    _write(physics_table(explanation, window, physics), out, header=True)
    return out.getvalue()


def explanation_parquet(
    explanation: Explanation,
    window: int = 0,
    physics: Physics | None = None,
    tryout: Tryout | None = None,
    trust: Trust | None = None,
) -> bytes:
    """The same as Parquet: words as words, windows as whole numbers, values as float32."""
    out = io.BytesIO()
    parts = [explanation_table(explanation), *_beyond(explanation, window, physics, tryout, trust)]
    for name in WORDS:
        known = pd.api.types.union_categoricals([part[name] for part in parts]).categories
        for part in parts:
            part[name] = part[name].cat.set_categories(known)
    pd.concat(parts, ignore_index=True).to_parquet(out, index=False)
    return out.getvalue()


def _beyond(
    explanation: Explanation, window: int, physics: Physics | None, tryout: Tryout | None, trust: Trust | None
) -> Iterator[pd.DataFrame]:
    """The tables of what was found out about one window beyond its record."""
    if tryout and tryout.edits:
        yield _table_of(explanation, window, tryout_rows(tryout, [name.key for name in explanation.card.classes]))
    if physics:
        yield physics_table(explanation, window, physics)
    if trust:
        yield _table_of(explanation, window, trust_rows(gate_numbers(explanation, trust, 0)))


def _table_of(explanation: Explanation, window: int, rows: Iterable[Row]) -> pd.DataFrame:
    """Rows on one window as a table; those of one quantity and block count from 1."""
    start = explanation.windows.starts[window] / explanation.card.preparation.fs
    table = pd.DataFrame(list(rows), columns=["quantity", "block", "place", "value"]).astype({"value": np.float32})
    table = table.assign(
        signal=explanation.signal.name,
        network=explanation.card.name,
        window=np.int32(window + 1),
        start_s=start,
        index=(table.groupby(["quantity", "block"]).cumcount() + 1).astype(np.int32),
    )
    return table.astype(dict.fromkeys(WORDS, "category") | {"place": "str"})[list(COLUMNS)]


def _write(table: pd.DataFrame, out: io.StringIO, header: bool) -> None:
    """Append a table as CSV, some rows at once."""
    for begin in range(0, len(table), ROWS_AT_ONCE):
        part = table.iloc[begin : begin + ROWS_AT_ONCE]
        start = np.char.mod("%.6f", part["start_s"].to_numpy())
        written = part.assign(start_s=start, value=part["value"].to_numpy().astype("U"))
        written.to_csv(out, index=False, header=header and begin == 0, lineterminator="\n")


def _quantities(
    explanation: Explanation, starts: NDArray[np.float64]
) -> Iterator[tuple[str, str, NDArray[np.object_], NDArray[np.float32]]]:
    """What the windows hold: quantity, block, places and values, both (N, .) arrays."""
    card, record = explanation.card, explanation.record
    yield "probability", "", _every([name.key for name in card.classes], len(starts)), record.probabilities
    if card.config.deviations:
        yield "deviation_percent", "", _every([name.key for name in card.classes], len(starts)), record.deviations
    for block, reference in zip(record.blocks, card.reference, strict=True):
        gate, field = block.channel_attention, block.receptive_field
        peaks = [str(peak) for _low, peak, _high in reference.bands_hz[: gate.shape[1]]]
        yield "channel_attention", block.name, _every(peaks, len(starts)), gate
        gate = block.spatial_attention
        middle = (field.centre(0) + np.arange(gate.shape[1]) * field.stride) / card.preparation.fs
        places = np.char.mod("%.6f", starts[:, None] + middle)
        yield "spatial_attention", block.name, places.astype(object), gate


def _every(places: list[str], windows: int) -> NDArray[np.object_]:
    """The same places in every window, (N, .) array."""
    return np.broadcast_to(np.array(places, dtype=object), (windows, len(places)))


def _repeated(names: list[str], counts: list[int], times: int) -> "pd.Categorical[str]":
    """Each name so often, and all of this so many times; kept as numbers beside a list of the names."""
    known = list(dict.fromkeys(names))
    codes: NDArray[np.intp] = np.tile(np.repeat([known.index(name) for name in names], counts), times)
    return pd.Categorical.from_codes(codes, categories=pd.Index(known))


def _rows(values: NDArray[np.float32]) -> list[list[float]]:
    """Rows of a float32 array in the shortest digits that give it back."""
    return [[float(str(value)) for value in row] for row in values]
