"""What it costs to scan a recording, against reading it, and that memory does not grow with its length.

With ``--benchmark-enable`` memory is that of one hour and of four; without, of minutes.
"""

import shutil
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from cbam_viz.analysis.extremes import bin_of, note_extremes, trace_extremes
from cbam_viz.network.checkpoint import read_network
from cbam_viz.signals.prepared import cut_stream
from cbam_viz.signals.recording import open_recording, read_blocks
from cbam_viz.studies.scan import scan

FS = 25_600
MINUTE = 60 * FS
ROOM_MB = 60
"""That four times as long a recording may take more: what the allocator keeps, and the table as it is joined."""
CHILD = """
import resource, sys
from pathlib import Path
from cbam_viz.network.checkpoint import read_network
from cbam_viz.signals.recording import open_recording
from cbam_viz.studies.scan import scan
scan(open_recording(Path(sys.argv[1])), read_network("bearing-sim-4"), Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def write(path, minutes):
    """So many minutes of noise in 16 bits, the same minute again and again."""
    noise = np.random.default_rng(0).normal(0, 0.1, MINUTE)
    with soundfile.SoundFile(path, "w", FS, 1, "PCM_16") as file:
        for _ in range(minutes):
            file.write(noise)
    return path


def test_scanning_against_reading(compare, tmp_path):
    """A minute of one channel at 25.6 kHz: read, streamed, prepared, scanned."""
    path = write(tmp_path / "minute.wav", 1)
    network, recording = read_network("bearing-sim-4"), open_recording(path)

    def whole():
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        scan(recording, network, tmp_path / "out")

    compare(
        "One minute of a .wav at 25.6 kHz",
        {
            "soundfile's own read": lambda: soundfile.read(path),
            "streamed": lambda: sum(map(len, read_blocks(recording))),
            "streamed and prepared, a window every 2,048 samples": lambda: sum(
                len(cut.starts) for cut in cut_stream(read_blocks(recording), FS, network.card.preparation)
            ),
            "scanned, each sample seen by 4 windows, tables and outline written": whole,
        },
    )


def test_zooming_into_hours(compare, tmp_path):
    """The outline of four hours, and of a minute of them, from the disk."""
    samples = 4 * 60 * MINUTE
    length = bin_of(samples)
    path = tmp_path / "outline"
    with path.open("w+b") as file:
        noise = np.random.default_rng(0).normal(size=samples // length)
        assert sum(map(len, note_extremes([noise], file, 1))) == len(noise)

    compare(
        "The outline of four hours, drawn anew",
        {
            "all of it": lambda: trace_extremes(path, length, FS, (0.0, 14_400.0)),
            "a minute": lambda: trace_extremes(path, length, FS, (7_000.0, 7_060.0)),
        },
        aim="under 300 ms",
    )


def test_memory_does_not_grow_with_the_recording(benchmark, tmp_path):
    """A recording four times as long is scanned in as much memory, but for what the allocator keeps."""
    minutes = 60 if benchmark.enabled else 2
    peaks = {}

    def measure():
        for times in (1, 4):
            path = write(tmp_path / f"{times}.wav", times * minutes)
            command = [sys.executable, "-c", CHILD, str(path), str(tmp_path / f"out {times}")]
            peaks[times] = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            path.unlink()

    benchmark.pedantic(measure, rounds=1)
    benchmark.extra_info.update({f"{times * minutes} minutes": f"{peak:.0f} MB" for times, peak in peaks.items()})
    assert peaks[4] <= peaks[1] + ROOM_MB
    assert peaks[4] == pytest.approx(peaks[1], rel=0.25)
