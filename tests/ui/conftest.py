"""The app without a browser, an upload store of each test's own, and files to upload."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cbam_viz.ui.uploads import upload_store

APP = Path(__file__).parents[2] / "app.py"
MOST_S = 60
SAMPLE_HZ = 48_828.0


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch) -> Path:
    """Folder of this test's uploads."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return upload_store()


@pytest.fixture
def visit() -> Callable[..., AppTest]:
    """Open the app at a URL with these query parameters."""

    def open_app(**query: str) -> AppTest:
        app = AppTest.from_file(APP, default_timeout=MOST_S)
        app.query_params.update(query)
        return app.run()

    return open_app


@pytest.fixture(scope="session")
def inner() -> np.ndarray:
    """Measured vibration of a damaged inner race at 48,828 Hz."""
    with np.load(APP.parent / "sample_data/inner_300lb.npz") as sample:
        return sample["samples"]


def _packed(**arrays: np.ndarray | float | str) -> bytes:
    """An .npz file."""
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


@pytest.fixture(scope="session")
def packed() -> Callable[..., bytes]:
    """Make an .npz file of these arrays."""
    return _packed
