"""``trust``: it writes every test with its control, says the verdict, and refuses what is not there."""

import json

import pytest

from cbam_viz.datasets.samples import SAMPLE_DATA

SAMPLE = SAMPLE_DATA / "inner_0lb.npz"


def test_trust_writes_every_test_and_says_the_verdict(run, tmp_path):
    """JSON has name, block, value, control and band of each test; the verdict is that of the block in view."""
    code, out, _err = run("trust", SAMPLE, "--network", "mfpt-3", "--block", 2, "--json", tmp_path / "out.json")
    found = json.loads((tmp_path / "out.json").read_text())

    assert code == 0
    assert all(set(test) == {"name", "block", "value", "control", "low", "high"} for test in found["tests"])
    assert {"flatten_spatial", "deletion_noise", "polarity", "randomisation"} <= {
        test["name"] for test in found["tests"]
    }
    assert found["verdict"]["code"] in {"matters", "loud", "no_matter", "inverted", "not_enough"}
    assert found["verdict"]["block"] == "block 2"
    assert found["verdict"]["sentence"] in out
    assert len(found["verdicts"]) == 3


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        (["--window", 99], "A window is a number from 1 to"),
        (["--block", 7], "A block is a number from 1 to 3"),
        (["--shaft", "fast"], "A shaft speed is a number in Hz"),
    ],
)
def test_what_is_not_there_gets_its_sentence(options, advice, run):
    """Exit code 2, and one sentence."""
    code, _out, err = run("trust", SAMPLE, "--network", "mfpt-3", *options)

    assert code == 2
    assert err.startswith(advice)
