"""Raw files of circuit simulators come back on an even grid, whatever way they are written."""

import subprocess

import numpy as np
import pytest

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import checks, list_channels, read_signal
from cbam_viz.signals.windows import Preparation, prepare_windows
from tests.signals.readers.raw_files import write_raw

TIMES = np.cumsum(np.random.default_rng(4).uniform(0.05e-6, 0.4e-6, 500))
OUT = np.exp(-TIMES / 30e-6) * np.sin(TIMES / 5e-6)
TRACES = {"V(in)": np.cos(TIMES / 9e-6), "V(out)": OUT, "I(R1)": OUT / 1e3}
NETLIST = """Sallen-Key band-pass
V1 in 0 PULSE(0 5 15u 1u 1u 10u 1)
R1 in a 1k
R2 a out 3k
C1 a 0 5n
C2 a b 5n
R3 b 0 2k
R4 fb 0 4k
R5 out fb 4k
E1 out 0 b fb 2e5
.tran 0.5u 160u
.end
"""


@pytest.fixture(scope="module", params=["binary", "ascii"])
def simulated(request, tmp_path_factory):
    """A response as ngspice writes it on its own time grid."""
    folder = tmp_path_factory.mktemp("ngspice")
    (folder / "x.cir").write_text(NETLIST)
    (folder / ".spiceinit").write_text(f"set filetype={request.param}\n")
    subprocess.run(["ngspice", "-b", "-r", "x.raw", "x.cir"], cwd=folder, check=True, capture_output=True, timeout=20)
    return folder / "x.raw"


def test_a_response_of_ngspice_agrees_with_its_transfer_function(simulated, respond):
    """Binary and as text: the output comes first, in V, and is the closed form's, aligned to its pulse."""
    channels = list_channels(simulated)
    assert (channels[0].name, channels[0].unit) == ("v(out)", "V")
    assert {channel.name: channel.unit for channel in channels}["i(v1)"] == "A"
    preparation = Preparation(1e6, 120, 120, scaling="none", start="pulse")
    windows = prepare_windows(read_signal(simulated), preparation)
    assert windows.starts.tolist() == [15]
    np.testing.assert_allclose(windows.inputs[0], respond(1e6, 119e-6), atol=0.15)


@pytest.mark.parametrize(("kind", "digits"), [("ltspice", 1e-6), ("double", 1e-12), ("text", 1e-12)])
def test_the_grid_is_that_of_the_same_table(tmp_path, kind, digits):
    """LTspice's UTF-16 head and 32 bits, 64 bits, and text: as the same numbers in a table."""
    write_raw(tmp_path / "x.raw", TIMES, TRACES, kind)
    rows = "\n".join(f"{time:.17e}\t{volts:.17e}" for time, volts in zip(TIMES, OUT, strict=True))
    (tmp_path / "x.txt").write_text(f"time\tV(out)\n{rows}")
    raw, table = read_signal(tmp_path / "x.raw"), read_signal(tmp_path / "x.txt")
    assert [channel.name for channel in list_channels(tmp_path / "x.raw")] == ["V(out)", "V(in)", "I(R1)"]
    assert (raw.fs, raw.unit, raw.channel, raw.notes) == (table.fs, "V", "V(out)", table.notes)
    np.testing.assert_allclose(raw.samples, table.samples, atol=digits)


def test_even_times_are_left_as_they_are(tmp_path):
    """What is written evenly is not interpolated."""
    write_raw(tmp_path / "x.raw", np.arange(500) / 1e6, TRACES, "double")
    signal = read_signal(tmp_path / "x.raw")
    assert signal.fs == 1e6
    np.testing.assert_array_equal(signal.samples, OUT)


def test_of_several_runs_the_first_is_read(tmp_path):
    """A stepped simulation is told to be one."""
    write_raw(tmp_path / "x.raw", np.tile(np.arange(250) / 1e6, 2), TRACES, "double", flags="real stepped")
    signal = read_signal(tmp_path / "x.raw")
    assert len(signal.samples) == 250
    assert signal.notes[0].endswith("It holds 2 runs, of which the first is read.")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"plot": "AC Analysis", "flags": "complex"}, "this is a frequency response, not a pulse response"),
        ({"plot": "DC transfer characteristic"}, r"must hold a transient analysis, but x\.raw holds DC transfer"),
        ({"flags": "real fastaccess"}, "was converted for fast access"),
    ],
)
def test_what_is_no_response_over_time_is_refused(tmp_path, options, said):
    """Another analysis and the one way that is not read: a sentence each."""
    write_raw(tmp_path / "x.raw", TIMES, TRACES, "double", **options)
    with pytest.raises(InputError, match=said):
        list_channels(tmp_path / "x.raw")


def test_a_file_that_says_more_than_it_holds_is_refused(tmp_path, monkeypatch):
    """A cut file, and one that would take too much memory."""
    write_raw(tmp_path / "x.raw", TIMES, TRACES, "double")
    (tmp_path / "cut.raw").write_bytes((tmp_path / "x.raw").read_bytes()[:-100])
    with pytest.raises(InputError, match=r"must be a raw file of LTspice or ngspice, .* but cut\.raw cannot be read"):
        list_channels(tmp_path / "cut.raw")
    monkeypatch.setattr(checks, "MAX_EXPANDED_BYTES", 10_000)
    with pytest.raises(InputError, match=r"in memory, but x\.raw would take"):
        list_channels(tmp_path / "x.raw")
