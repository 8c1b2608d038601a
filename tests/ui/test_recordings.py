"""Which files the app reads for the page Recording: uploads, and nothing outside the operator's folder."""

import numpy as np
import pytest
import soundfile

from cbam_viz.errors import InputError
from cbam_viz.signals.recording import open_recording
from cbam_viz.ui import recordings
from cbam_viz.ui.recordings import DATA, EVENTS_S, below, data_folder, example_recording


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The operator's folder, with something outside of it."""
    (tmp_path / "data/pump").mkdir(parents=True)
    (tmp_path / "secret.wav").write_bytes(b"x")
    monkeypatch.setenv(DATA, str(tmp_path / "data"))
    return data_folder()


@pytest.mark.parametrize("typed", ["../secret.wav", "pump/../../secret.wav", "/etc/passwd", "link.wav", "pump/up/x"])
def test_nothing_outside_the_folder_is_read(folder, typed):
    """Neither steps up nor links nor whole paths lead out of the folder."""
    (folder / "link.wav").symlink_to(folder.parent / "secret.wav")
    (folder / "pump/up").symlink_to(folder.parent)

    with pytest.raises(InputError, match=r"leads out of it\. Choose a file in it"):
        below(folder, typed)


def test_what_lies_below_is_read(folder):
    """A path below the folder is that file."""
    assert below(folder, "pump/a.wav") == folder / "pump/a.wav"


def test_without_a_folder_no_path_is_read(monkeypatch):
    """Where the operator names none, a typed path has one sentence that says so."""
    monkeypatch.delenv(DATA, raising=False)

    with pytest.raises(InputError, match=r"names none\. Upload the recording, or choose another"):
        below(data_folder(), "a.wav")


def test_many_other_files_do_not_hide_a_recording(folder):
    """Of a folder of other files only what can be streamed is offered, and no more files than a bound are looked at."""
    for number in range(300):
        (folder / f"{number}.log").write_text("")
    (folder / "pump/a.wav").write_bytes(b"x")

    assert recordings._listed(folder) == ["pump/a.wav"]


def test_example_is_made_once(store):
    """The simulated minute is a file like any other, the same for all visitors."""
    path = example_recording()
    recording = open_recording(path)

    assert example_recording() == path
    assert recording.duration == 60
    samples = soundfile.read(path)[0]
    for _fault, begin, end in EVENTS_S:
        inside, before = (
            np.abs(samples[int(at * recording.fs) : int((at + 0.5) * recording.fs)]).max() for at in (begin, begin - 1)
        )
        assert inside > before
        assert end < recording.duration
