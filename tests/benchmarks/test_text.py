"""What it costs to read a large text: 50 MB of CSV to a signal, beside the bare parsers."""

import numpy as np
import pandas as pd
from pyarrow import csv

from cbam_viz.signals.readers import list_channels, read_signal

ROWS = 1_270_000


def test_reading_a_large_text(compare, tmp_path):
    """A signal of a CSV of 50 MB costs about what the parsers alone take for its numbers."""
    path, rng = tmp_path / "large.csv", np.random.default_rng(0)
    columns = {name: rng.normal(size=ROWS).round(6) for name in "abc"}
    pd.DataFrame({"time": (np.arange(ROWS) / 25_600).round(7), **columns}).to_csv(path, index=False)
    compare(
        "50 MB of CSV",
        {
            "pyarrow.csv.read_csv": lambda: csv.read_csv(path),
            "pandas.read_csv": lambda: pd.read_csv(path),
            "read_signal": lambda: read_signal(path, "b"),
            "list_channels": lambda: list_channels(path),
        },
        "1.2",
    )
