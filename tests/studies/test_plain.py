"""Frozen results as what JSON knows."""

import json
from dataclasses import dataclass

import numpy as np

from cbam_viz.studies.plain import plain


@dataclass(frozen=True)
class Inner:
    """Something within."""

    at: tuple[float, ...]


@dataclass(frozen=True)
class Outer:
    """Something with everything in it."""

    name: str
    values: np.ndarray
    inner: Inner | None
    count: np.int64
    is_open: bool


def test_every_field_comes_through():
    """Arrays become lists, what is not finite becomes null, and JSON takes it all."""
    told = plain(Outer("x", np.array([[1.5, np.nan], [np.inf, 2]]), Inner((1.0, 2.0)), np.int64(3), True))

    assert told == {
        "name": "x",
        "values": [[1.5, None], [None, 2.0]],
        "inner": {"at": [1.0, 2.0]},
        "count": 3,
        "is_open": True,
    }
    assert json.loads(json.dumps(told, allow_nan=False)) == told
