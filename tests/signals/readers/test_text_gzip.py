"""A text may come packed: what unpacks to a recording is one, and nothing unpacks without bound."""

import gzip

import pytest

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import checks, list_channels, read_signal

TEXT = b"a,b\n" + b"".join(b"%d,%d\n" % (index, -index) for index in range(50))


@pytest.mark.parametrize("name", ["x.csv.gz", "x.txt.gz", "x.tsv.gz", "x.lvm.gz", "X.CSV.GZ"])
def test_a_packed_text_is_read(tmp_path, name):
    """Whatever text was packed, its numbers come back."""
    (tmp_path / name).write_bytes(gzip.compress(TEXT))
    assert read_signal(tmp_path / name, "b", fs=10).samples.tolist() == [-index for index in range(50)]


def test_members_follow_each_other(tmp_path):
    """A file of several packed members is the text of all of them."""
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(TEXT) + gzip.compress(b"50,-50\n"))
    assert [channel.samples for channel in list_channels(tmp_path / "x.csv.gz")] == [51]


@pytest.mark.parametrize("keep", [5, 30, -9, -1])
def test_a_cut_member_is_refused(tmp_path, keep):
    """No first half is sold as the recording."""
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(TEXT)[:keep])
    with pytest.raises(InputError, match="cannot be read as one"):
        read_signal(tmp_path / "x.csv.gz", fs=10)


def test_a_bomb_is_refused(tmp_path, monkeypatch):
    """Unpacking ends where the limit is passed."""
    monkeypatch.setattr(checks, "MAX_EXPANDED_BYTES", 10_000_000)
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(b"1,2,3\n" * 3_000_000))
    with pytest.raises(InputError, match=r"up to 10 MB in memory, but x\.csv\.gz would take more than 10 MB"):
        list_channels(tmp_path / "x.csv.gz")
