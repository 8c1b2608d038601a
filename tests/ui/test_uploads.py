"""The store of uploads: bounded in size and time, closed to paths and to guesses."""

import os
import re
import time
from threading import Thread

import pytest

from cbam_viz.ui import uploads
from cbam_viz.ui.uploads import LONGEST_S, drop_upload, find_upload, keep_made, keep_upload, make_room


def test_an_upload_is_found_by_its_token(tmp_path):
    """What was kept comes back byte for byte, under its own name."""
    token, path = keep_upload("bearing.csv", b"1,2,3", tmp_path)

    assert find_upload(token, tmp_path) == path
    assert (path.name, path.read_bytes()) == ("bearing.csv", b"1,2,3")


def test_tokens_are_unguessable(tmp_path):
    """A token is 128 random bits in letters that a URL carries as they stand, and none comes twice."""
    tokens = {keep_upload("same.csv", b"same", tmp_path)[0] for _ in range(100)}

    assert len(tokens) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", token) for token in tokens)


@pytest.mark.parametrize(
    "name",
    [
        "../../x.csv", "..\\..\\x.csv", "/etc/x.csv", "C:\\x.csv", "..", ".", "", "/", "a/..", "x\0.csv",
        "声" * 200 + ".csv", "\ud800.csv",
    ],
)  # fmt: skip
def test_no_name_leaves_its_folder(name, tmp_path):
    """Whatever a file is called, it is written as one file in the folder of its token."""
    store = tmp_path / "store"
    token, path = keep_upload(name, b"x", store)

    assert path.resolve().parent == (store / token).resolve()
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [path]


def test_a_long_name_keeps_its_extension(tmp_path):
    """A name longer than a file system takes loses its beginning, not the extension that tells its format."""
    assert keep_upload("声" * 200 + ".csv", b"x", tmp_path)[1].suffix == ".csv"


@pytest.mark.parametrize(
    "token", ["", "unknown", "a" * 22, "../../x", "../" * 7 + "x", ".." + "/" * 20, "a" * 21 + "/", "a" * 21 + "\n"]
)
def test_an_unknown_or_malformed_token_finds_nothing(token, tmp_path):
    """Only a token that was given leads to a file."""
    (tmp_path / "x").write_bytes(b"secret")
    store = tmp_path / "store"
    keep_upload("x.csv", b"x", store)

    assert find_upload(token, store) is None


def test_an_upload_is_kept_for_a_day(tmp_path):
    """After a day a token leads nowhere, and the next upload removes the file."""
    token, path = keep_upload("old.csv", b"x", tmp_path)
    day_ago = time.time() - LONGEST_S
    os.utime(path.parent, (day_ago + 60, day_ago + 60))
    assert find_upload(token, tmp_path) == path

    os.utime(path.parent, (day_ago - 60, day_ago - 60))
    assert find_upload(token, tmp_path) is None
    keep_upload("new.csv", b"x", tmp_path)
    assert not path.parent.exists()


def test_the_store_is_bounded_in_size(tmp_path, monkeypatch):
    """Where the next upload does not fit, the oldest go, and no more of them than needed."""
    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    kept = [keep_upload(f"{number}.csv", b"x" * 30, tmp_path)[1] for number in range(3)]
    for age, path in enumerate(reversed(kept)):
        os.utime(path.parent, (time.time() - age - 1, time.time() - age - 1))

    token, newest = keep_upload("newest.csv", b"x" * 40, tmp_path)

    assert [path.exists() for path in kept] == [False, True, True]
    assert find_upload(token, tmp_path) == newest


def test_room_is_left_alone_while_it_lasts(tmp_path):
    """Nothing is removed from a store that is neither full nor old."""
    _, path = keep_upload("kept.csv", b"x", tmp_path)
    make_room(1000, tmp_path)

    assert path.exists()


def test_only_the_owner_reads_the_store(tmp_path):
    """Other people of the machine can't list or read the uploads."""
    store = tmp_path / "store"
    _, path = keep_upload("x.csv", b"x", store)

    assert (store.stat().st_mode & 0o077, path.parent.stat().st_mode & 0o077) == (0, 0)


def test_what_is_made_is_made_once_a_version(tmp_path, monkeypatch):
    """The same words lead to the same file, until another version of the program may make it otherwise."""
    first = keep_made("words", "x.csv", lambda path: path.write_bytes(b"1"), tmp_path)
    assert keep_made("words", "x.csv", lambda path: path.write_bytes(b"2"), tmp_path) == first
    assert first.read_bytes() == b"1"

    monkeypatch.setattr(uploads, "__version__", "next")
    second = keep_made("words", "x.csv", lambda path: path.write_bytes(b"2"), tmp_path)
    assert (second != first, second.read_bytes()) == (True, b"2")


@pytest.mark.parametrize("step", ["stat", "iterdir"])
def test_an_upload_may_vanish_while_it_is_looked_for(step, tmp_path, monkeypatch):
    """Another visitor's upload may need the room at any moment: then there is none, and nothing is raised."""
    token, path = keep_upload("x.csv", b"x", tmp_path)
    real = getattr(type(path), step)

    def vanish(self, *arguments, **options):
        drop_upload(token, tmp_path)
        return real(self, *arguments, **options)

    monkeypatch.setattr(type(path), step, vanish)

    assert find_upload(token, tmp_path) is None


def test_no_upload_is_dropped_while_another_makes_room(tmp_path):
    """Who makes room looks at the size of every upload, and meanwhile none of another visitor vanishes."""
    token, path = keep_upload("x.csv", b"x", tmp_path)
    dropping = Thread(target=drop_upload, args=(token, tmp_path))
    with uploads._ONE_AT_A_TIME:
        dropping.start()
        dropping.join(0.2)
        assert path.exists()
    dropping.join()
    assert not path.exists()
