"""A value of the wrong kind: one sentence says what the option takes, what was found and what to write."""

import pytest


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["trust", "f", "--network", "m", "--block", "1.5"], "--block takes a whole number, but '1.5' was given."),
        (
            ["explain", "f", "--network", "m", "--fs", "fast"],
            "--fs takes a number of Hz, or one with its unit such as 20kHz, but 'fast' was given.",
        ),
        (["compare", "--simulated", "0"], "--simulated takes a number of at least 1, but '0' was given."),
        (["compare", "--periods", "9"], "--periods takes a number of at most 3, but '9' was given."),
        (["compare", "--by", "foo"], "--by takes one of impacts, period, but 'foo' was given."),
        (["simulate", "bearing", "--seed", "x"], "--seed takes a whole number, but 'x' was given."),
    ],
)
def test_a_value_of_the_wrong_kind_gets_its_sentence(arguments, sentence, run):
    """Exit code 2, for every command alike."""
    assert run(*arguments) == (2, "", f"{sentence} Write such a value after {sentence.split()[0]}.\n")
