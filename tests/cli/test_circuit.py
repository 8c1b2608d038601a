"""`circuit` says what the page Circuit shows."""

import json


def test_a_moved_part_is_told(run, tmp_path):
    """The verdict and the response in words, the sweep, and all numbers in a file."""
    out = tmp_path / "out.json"
    code, said, _err = run("circuit", "sallen-key", "--set", "C1=-40", "--sweep", "C1", "--json", out)
    numbers = json.loads(out.read_text(encoding="utf-8"))

    assert code == 0
    assert said.splitlines()[0].startswith("C1 −")
    assert said.splitlines()[2].startswith("Along the drift of C1 the diagnosis changes at −")
    assert numbers["setting"]["deviations_percent"] == {"C1": -40.0}
    assert len(numbers["drift"]["runs"]) == 41


def test_what_can_not_be_set_ends_with_a_sentence(run):
    """Exit code 2 and what to do."""
    code, _out, err = run("circuit", "sallen-key", "--set", "C7=10")

    assert code == 2
    assert err.startswith("A part of sallen-key is one of R1")
