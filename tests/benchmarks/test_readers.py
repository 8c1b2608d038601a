"""What it costs to read a signal, against the bare library's read of the same file."""

import time
import zipfile

import numpy as np
import openpyxl
import pytest
import python_calamine
import soundfile
from scipy.io import wavfile

from cbam_viz.signals.readers import read_signal

SAMPLES = 25_000_000
"""Of 16 bits: 50 MB."""
ROWS = 125_000
"""Of a workbook of 5 MB; one of 50 MB would take minutes to write."""
FS = 51_200


@pytest.fixture
def share(benchmark):
    """Of the sizes: all of them where speed is measured, little where it is not."""
    return 1 if benchmark.enabled else 100


@pytest.fixture
def noise(share):
    """Samples as a recorder stores them."""
    return np.random.default_rng(0).normal(scale=3000, size=SAMPLES // share).clip(-(2**15), 2**15 - 1).astype(np.int16)


@pytest.mark.parametrize("extension", [".wav", ".flac"])
def test_reading_sound(compare, noise, tmp_path, extension):
    """A sound file of 50 MB of samples: one channel, checked, against soundfile's own read."""
    path = tmp_path / f"noise{extension}"
    if extension == ".wav":
        wavfile.write(path, FS, noise)
    else:
        soundfile.write(path, noise, FS)
    np.testing.assert_array_equal(read_signal(path).samples, soundfile.read(path)[0])
    compare(
        f"Reading {path.stat().st_size / 1e6:.0f} MB of {extension}",
        {"soundfile.read": lambda: soundfile.read(path), "read_signal": lambda: read_signal(path)},
        aim="at most 1.2",
    )


def write_workbook(path, rows):
    """A workbook of times and two channels, whose sheet is written as text, since openpyxl takes minutes."""
    book = openpyxl.Workbook()
    book.active.append(["time (s)", "a (g)", "b (g)"])
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    numbers = np.random.default_rng(0).normal(size=(rows, 2))
    body = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{row / FS:.9f}</v></c><c r="B{row}"><v>{a!r}</v></c>'
        f'<c r="C{row}"><v>{b!r}</v></c></row>\n'
        for row, (a, b) in enumerate(numbers.tolist(), 2)
    )
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", body.encode() + b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_reading_a_workbook(compare, share, tmp_path):
    """A workbook of 5 MB: one channel, checked, against calamine's own read of the sheet into rows."""
    path = tmp_path / "noise.xlsx"
    write_workbook(path, ROWS // share)

    def bare():
        with python_calamine.load_workbook(path) as book:
            return np.array(book.get_sheet_by_index(0).to_python()[1:], np.float64)

    np.testing.assert_array_equal(read_signal(path, "b").samples, bare()[:, 2])
    compare(
        f"Reading {path.stat().st_size / 1e6:.0f} MB of .xlsx",
        {"calamine and NumPy": bare, "read_signal": lambda: read_signal(path, "b")},
        aim="at most 1.2",
        clock=time.perf_counter,  # a child process reads
    )
