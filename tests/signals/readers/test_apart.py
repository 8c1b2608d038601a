"""Whatever a library does to its process, this one reads a sentence and goes on."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import hdf5
from cbam_viz.signals.readers.apart import HDF5, Apart, _end


@pytest.fixture(scope="module")
def rogue():
    """A reader that does what its file is named after."""
    return Apart("tests.signals.readers.rogue", "a rogue's file")


def is_alive(process):
    """Whether a process runs; one that waits to be buried does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def touch(tmp_path):
    """Make a file of a name."""

    def make(name):
        (tmp_path / f"{name}.rog").write_bytes(b"x")
        return tmp_path / f"{name}.rog"

    return make


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("crash", "reading it ends the process"),
        ("hang", "reading it takes too long"),
        ("greed", "reading it takes too much memory"),
    ],
)
def test_what_ends_a_process_is_one_sentence(rogue, touch, name, reason):
    """A crash, an endless loop and a greedy allocation are a damaged file, and the next file is read as ever."""
    with pytest.raises(InputError) as raised:
        rogue.list_channels(touch(name))
    assert str(raised.value) == (
        f"A .rog file must be a rogue's file, whole and not renamed, but {name}.rog cannot be read as one ({reason}). "
        "Save it again, or copy it again whole."
    )
    assert rogue.list_channels(touch("good"))[0].samples == 3


def test_samples_come_whole_or_not_at_all(rogue, touch):
    """Parts come back in order as one array; if the process ends between two of them, none comes."""
    channel, samples = rogue.read_channel(touch("good"), None)
    assert channel.name == "x"
    np.testing.assert_array_equal(samples, [0, 1, 2])
    with pytest.raises(InputError, match="reading it ends the process"):
        rogue.read_channel(touch("half"), None)


def test_advice_passes_through(rogue, touch):
    """An `InputError` of the reader is the same one here."""
    with pytest.raises(InputError, match=r"^A file must be good, but it is not\. Take another\.$"):
        rogue.list_channels(touch("advice"))


def test_a_bug_keeps_its_traceback(rogue, touch):
    """What is no advice is no InputError, and its traceback names the line."""
    with pytest.raises(RuntimeError, match=r"rogue\.py.*\n.*\n*.*ZeroDivisionError: by rogue") as raised:
        rogue.list_channels(touch("bug"))
    assert not isinstance(raised.value, InputError)


def test_what_a_library_prints_is_no_answer(rogue, touch):
    """Words on standard output do not get between the lines of an answer."""
    assert rogue.list_channels(touch("talk"))[0].impacts == (1, 2)


def test_good_files_share_a_process_and_a_bad_one_ends_it(rogue, touch):
    """The child lives until a file is bad: then nothing of it is left for the next."""
    first, second = (rogue.list_channels(touch("good"))[0].name for _ in range(2))
    with pytest.raises(InputError):
        rogue.list_channels(touch("advice"))
    assert first == second != rogue.list_channels(touch("good"))[0].name


def test_threads_get_their_own_answers(rogue, touch):
    """Several threads may read at once."""
    path, answers = touch("late"), []
    threads = [threading.Thread(target=lambda: answers.append(rogue.read_channel(path, None)[1])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.tolist() for answer in answers] == [[0, 1, 2]] * 4


def test_a_server_ends_with_the_process_that_asked(rogue, touch):
    """When nobody asks any more, server and child end by themselves."""
    alone = Apart("tests.signals.readers.rogue", "a rogue's file")
    alone.list_channels(touch("good"))
    server = alone._server
    server.stdin.close()
    assert server.wait(timeout=20)
    server.stdout.close()


def test_who_lets_go_of_a_server_leaves_no_child(touch):
    """A child that is still reading ends with its server, at once and not at its limits."""
    alone = Apart("tests.signals.readers.rogue", "a rogue's file")
    child = int(alone.list_channels(touch("good"))[0].name.split()[-1])
    assert is_alive(child)

    _end(alone._server)

    until = time.monotonic() + 5
    while is_alive(child):
        assert time.monotonic() < until


def test_damage_is_said_the_same_on_both_sides():
    """Advice about a damaged file has one wording."""
    assert HDF5._kind == hdf5.KIND
