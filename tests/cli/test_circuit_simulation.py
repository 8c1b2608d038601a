"""`simulate circuit` writes a campaign, says how it went, and refuses what can not be."""

import numpy as np
import pytest

from cbam_viz.datasets.circuit_files import read_campaign
from cbam_viz.datasets.circuits import Campaign


def test_a_campaign_is_written_and_told(run, tmp_path):
    """The file is the campaign of the options; progress goes to one stream, what was found to the other."""
    code, out, err = run("simulate", "circuit", "sallen-key", "--runs", 12, "--seed", 3, "--out", tmp_path / "new")
    table = read_campaign(tmp_path / "new/sallen-key.parquet")

    assert code == 0
    assert err.splitlines() == ["100 of 108 runs", "108 of 108 runs"]
    assert out.splitlines()[:2] == [f"wrote {tmp_path}/new/sallen-key.parquet", "108 runs of 9 classes, 0 failed"]
    assert out.splitlines()[2].startswith("the nominal response peaks at 4.44")
    assert table.campaign == Campaign("sallen-key", runs=12, seed=3)
    assert np.isfinite(table.volts).all()


def test_every_option_reaches_the_campaign(run, tmp_path):
    """A range of sizes in per cent, the law, the noise and what is varied."""
    options = ("--size", "20-60", "--law", "uniform", "--snr", 30, "--varied", "--runs", 1)
    assert run("simulate", "circuit", "tow-thomas", *options, "--out", tmp_path)[0] == 0
    campaign = read_campaign(tmp_path / "tow-thomas.parquet").campaign

    assert campaign == Campaign("tow-thomas", None, (0.2, 0.6), "uniform", 1, 0, 30.0, varied=True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("twin-t",), "A circuit is one of biquad, sallen-key, tow-thomas, but 'twin-t' was given."),
        (("biquad", "--size", "much"), "The size of a fault is a number in per cent such as 50, or two such as 10-60,"),
        (("biquad", "--size", "100"), "The size of a soft fault lies between 0.01 and 0.95 of the nominal value"),
        (("biquad", "--size", "0"), "The size of a soft fault lies between 0.01 and 0.95 of the nominal value"),
        (("biquad", "--law", "flat"), "Tolerances are gaussian or uniform, but 'flat' was given. Choose one."),
        (("biquad", "--runs", "0"), "A campaign has 1 to 100000 runs a class and a seed from 0 on, but 0 runs"),
    ],
)
def test_what_can_not_be_is_refused(run, tmp_path, options, said):
    """One sentence, exit code 2, and nothing written."""
    code, out, err = run("simulate", "circuit", *options, "--out", tmp_path / "new")

    assert (code, out) == (2, "")
    assert err.startswith(said)
    assert not (tmp_path / "new").exists()


def test_a_place_that_is_no_folder_is_said(run, tmp_path):
    """Where a file stands in the way there is no folder to be made."""
    (tmp_path / "file").write_text("")
    code, _, err = run("simulate", "circuit", "sallen-key", "--runs", 1, "--out", tmp_path / "file")

    assert code == 2
    assert err.startswith(f"A result needs a place it can be written to, but {tmp_path}/file is none")
