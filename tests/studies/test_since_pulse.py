"""Files of responses on a simulator's own time grid, from the table of labels to the aligned view and its page."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.datasets.labels import LabelledFile
from cbam_viz.network.card import ClassName
from cbam_viz.signals.windows import Preparation
from cbam_viz.studies.compare import compare
from cbam_viz.studies.plain import plain
from cbam_viz.studies.set_panels import VIEWS, SetView, draw_view
from cbam_viz.studies.set_report import tell_view
from tests.studies.hand_made import T, build

FS = 4e6
FREQUENCY = {"slow": 0.05 * FS, "fast": 0.15 * FS}


def write(path, hz, seed):
    """A ringing response of this frequency in Hz, begun at any time, on a time grid of its own; gives when."""
    rng = np.random.default_rng(seed)
    delay = rng.uniform(20e-6, 60e-6)
    times = np.cumsum(rng.uniform(0.02e-6, 0.12e-6, 8_000))
    since = np.maximum(times - delay, 0)
    volts = 4 * np.exp(-since / 40e-6) * np.sin(2 * np.pi * hz * since) + 0.01 * rng.normal(size=len(times))
    rows = "".join(f"{time:.12e}\t{value:.6f}\n" for time, value in zip(times, volts, strict=True))
    path.write_text(f"time\tV(out)\n{rows}", encoding="utf-8")


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Six responses of each of two circuits, by a network whose gate opens on the tone of one."""
    folder = tmp_path_factory.mktemp("responses")
    network = build(4.0)
    preparation = Preparation(FS, T, T, scaling="none", start="pulse")
    classes = (ClassName("slow", "Slow"), ClassName("fast", "Fast"))
    network = replace(network, card=replace(network.card, preparation=preparation, classes=classes))
    recordings = []
    for number in range(12):
        label = ("slow", "fast")[number % 2]
        path = folder / f"{label}{number}.txt"
        write(path, FREQUENCY[label], number)
        recordings.append(LabelledFile(path, label, path.name))
    return compare(recordings, network)


def test_responses_are_aligned_by_their_pulse(compared):
    """One window a file, over µs since the pulse, whatever the view says of impacts; the gate follows the ringing."""
    assert [len(member.windows) for member in compared.labelled.members] == [1] * 12
    for by in ("impacts", "period"):
        panel = draw_view("aligned", compared, SetView(by=by))
        assert panel.figure.layout.xaxis.title.text == "time since the pulse (µs)"
        assert panel.alt.startswith("M_s of block 1. Slow: it swings by ")
        assert "more than the same gates moved in time" in panel.alt
    lines = [line for line in panel.figure.data if line.name == "as it is"]
    assert all(-1 < line.x[0] < 5 and 245 < line.x[-1] < 257 for line in lines)
    (slow, fast) = (line.y for line in lines)
    assert max(np.ptp(slow), np.ptp(fast)) > 0.2


def test_numbers_and_settings_say_the_pulse(compared):
    """The numbers hold the places in µs, the page's settings say what was aligned by."""
    told = plain(VIEWS["aligned"].trace(compared, SetView()))
    assert (told["by"], len(told["place"])) == ("trigger", len(told["classes"][0]["mean"]))
    assert dict(tell_view(compared, SetView()))["Aligned by"] == "the pulse"
