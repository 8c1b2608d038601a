"""``trust``: it writes every test with its control, says the verdict, and refuses what is not there."""

import json
import re

import numpy as np
import pytest

from cbam_viz.datasets.samples import SAMPLE_DATA

SAMPLE = SAMPLE_DATA / "inner_0lb.npz"
SET = {"inner": ("inner_0lb", "inner_50lb"), "normal": ("normal_1",)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two windows of each of three recordings whose names tell their classes."""
    made = tmp_path_factory.mktemp("set")
    for label, names in SET.items():
        for name in names:
            with np.load(SAMPLE_DATA / f"{name}.npz") as sample:
                told = {**sample, "samples": sample["samples"][: round(0.4 * float(sample["fs"]))]}
            np.savez(made / f"{label}_{name}.npz", **told)
    return made


def test_a_set_gets_a_verdict_a_class_and_block(run, folder, tmp_path):
    """JSON has every test with p and corrected p, the verdicts, and that of the block in view over all classes."""
    code, out, err = run("trust", "--network", "mfpt-3", "--set", folder, "--block", 2, "--json", tmp_path / "out.json")
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))

    assert (code, err) == (0, "")
    assert all(
        set(test) == {"name", "block", "class", "value", "control", "low", "high", "p", "p_holm"}
        for test in told["tests"]
    )
    assert [(each["block"], each["class"]) for each in told["verdicts"]] == [
        (f"block {block}", key) for block in (1, 2, 3) for key in ("normal", "inner", "all")
    ]
    assert told["verdict"] == told["verdicts"][5]
    assert told["verdict"]["code"] in {"no_matter", "not_enough"}
    assert told["verdict"]["sentence"] in out
    assert "too few for 9 verdicts at once: 2, and 9 would do" in out
    table = out[out.index("\nblock  ") :].replace("p_holm", "")
    assert "block 1    Inner race" in table
    assert not re.search(r"[a-z]{2,}_[a-z]{2,}", table)


def test_a_table_of_labels_is_a_set_of_its_own(run, folder, tmp_path):
    """As for `compare`: its classes are those of the table."""
    (folder / "labels.csv").write_text("file,class\nnormal_normal_1.npz,outer\ninner_inner_0lb.npz,inner\n")
    code, _out, _err = run(
        "trust", "--network", "mfpt-3", "--labels", folder / "labels.csv", "--json", tmp_path / "out.json"
    )

    assert code == 0
    assert json.loads((tmp_path / "out.json").read_text())["classes"] == ["inner", "outer", "all"]


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        ([], "Tests need a signal or a labelled set, but neither was given. Give a file, or a folder with --set.\n"),
        ([SAMPLE, "--set", SAMPLE_DATA], "Tests are of one signal or of a set, but "),
        (["--set", SAMPLE_DATA, "--window", 2, "--fs", 9.0], "A set has its facts from its files or from the table of "
         "--labels, but --window, --fs was given."),
        (["--set", "nowhere"], "A set is a folder or a zip of recordings, but there is none at nowhere. Give another."),
        ([SAMPLE, "--rule", "a: b"], "A rule tells the classes of a set, but --rule was given with the file "),
        ([SAMPLE, "--window", "abc"], "--window takes a whole number, but 'abc' was given. Write such a value after "),
    ],
)  # fmt: skip
def test_what_does_not_go_together_gets_its_sentence(arguments, advice, run):
    """Exit code 2, and one sentence in three parts."""
    code, out, err = run("trust", "--network", "mfpt-3", *arguments)

    assert (code, out) == (2, "")
    assert err.startswith(advice)
    assert err.count("\n") == 1


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


def test_tests_are_printed_in_the_words_of_the_tab(run):
    """A row a test under its block and what it is measured in, and no key; the JSON has those."""
    code, out, _err = run("trust", SAMPLE, "--network", "mfpt-3")
    table = out[out.index("\nblock 1") :]

    assert code == 0
    assert [line.split("  ")[0] for line in table.splitlines() if line.startswith("block")] == [
        "block 1",
        "block 2",
        "block 3",
    ]
    assert "\n  lost by the class, M_s replaced (logits)\n    M_s held at its mean   " in table
    assert not re.search(r"[a-z]{2,}_[a-z]{2,}", table)
    assert re.search(r"\n\d+ more tests are in --json, which calls each by its key\.\n$", table)


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


def test_a_gate_that_turns_down_no_more_than_chance_is_not_inverted(run, tmp_path):
    """Block 2 costs the class of this sample, but its lowest moments hold no more of the class than moved ones do."""
    sample = SAMPLE_DATA / "inner_100lb.npz"
    run("trust", sample, "--network", "mfpt-3", "--block", 2, "--json", tmp_path / "out.json")
    found = json.loads((tmp_path / "out.json").read_text())
    (shut,) = [test for test in found["tests"] if (test["name"], test["block"]) == ("turned_down", "block 2")]

    assert shut["value"] <= shut["high"]
    assert found["verdict"]["code"] == "not_enough"
    assert "for the class, in lowest moments: 0.66" in found["verdict"]["sentence"]
