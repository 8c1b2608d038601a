"""The line that makes a report again says what differs from the defaults, and nothing else."""

import shlex
import shutil
from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis import difference
from cbam_viz.analysis.edits import read_edits
from cbam_viz.datasets.samples import label_samples
from cbam_viz.studies import set_report
from cbam_viz.studies.command import command_again, output_name
from cbam_viz.studies.compare import compare
from cbam_viz.studies.explain import explain, most_telling_window
from cbam_viz.studies.panels import View
from cbam_viz.studies.report import explanation_html
from cbam_viz.studies.set_panels import SetView


def plain(explained):
    """The view that the command line draws when it is asked for nothing."""
    signal = explained.signal
    return View(most_telling_window(explained), shaft_hz=signal.shaft_hz, bearing=signal.bearing)


def test_a_plain_report_needs_only_the_network(explained):
    """Whatever is the default or stands in the file is left out."""
    assert command_again(explained, plain(explained)) == (
        "python -m cbam_viz explain inner_300lb.npz --network mfpt-3 --html 'inner_300lb samples mfpt-3.html'"
    )


@pytest.mark.parametrize(
    ("change", "options"),
    [
        ({"window": 2}, "--window 3"),
        ({"block": 1}, "--block 2"),
        ({"scale": "map"}, "--scale map"),
        ({"order": "number"}, "--order number"),
        ({"absolute": True}, "--absolute"),
        ({"shaft_hz": 24.3}, "--shaft 24.3"),
        ({"shaft_hz": None}, "--shaft unknown"),
        ({"bearing": "bpfo=3;bpfi=5;bsf=2;ftf=0.4"}, "--bearing 'bpfo=3;bpfi=5;bsf=2;ftf=0.4'"),
        ({"bearing": None}, "--bearing unknown"),
        ({"edits": read_edits("mask:1-2.5;mute:1.7")}, "--edits 'mask:1-2.5;mute:1.7'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_choice_is_an_option(explained, change, options):
    """One choice changed is one option more, in quotes where a shell would read it otherwise."""
    line = command_again(explained, replace(plain(explained), **change))

    assert f"--network mfpt-3 {options} --html" in line


def test_what_was_asked_of_the_file_is_an_option(write, network):
    """Channel, rate and bridged gaps are those that the explanation was made with."""
    samples = np.random.default_rng(0).normal(size=4096)
    samples[7] = np.nan
    explanation = explain(write(samples), network, channel="samples", fs=12_207.5, interpolate=True)

    line = command_again(explanation, plain(explanation))
    assert "--channel samples --fs 12207.5 --interpolate" in line


@pytest.mark.parametrize("name", ["a b.npz", "it's.npz", "$(x);.npz", "-v.npz", "ü.1.npz"])
def test_any_name_survives_a_shell(write, network, name):
    """A shell gives the name back as one word, which is no option."""
    explanation = explain(write(np.random.default_rng(0).normal(size=4096), name), network)
    words = shlex.split(command_again(explanation, plain(explanation)))

    assert words[4].removeprefix("./") == name
    assert not words[4].startswith("-")
    assert words[-1] == output_name(explanation, "html") == f"{name.removesuffix('.npz')} samples mfpt-3.html"


VIEWS = {
    "plain": {},
    "all choices": {
        "window": 1, "block": 2, "scale": "unit", "order": "deviation", "absolute": True, "shaft_hz": 29.95,
        "bearing": "balls=9;ball=7.94;pitch=39.04",
    },
    "nothing known": {"shaft_hz": None, "bearing": None},
}  # fmt: skip


@pytest.mark.parametrize("change", VIEWS.values(), ids=VIEWS)
def test_the_printed_command_writes_the_same_report(explained, sample, run, tmp_path, monkeypatch, change):
    """Run where the file is, it gives the same page to the last letter: digests, numbers, figures and the command."""
    view = replace(plain(explained), **change)
    shutil.copy(sample, tmp_path)
    monkeypatch.chdir(tmp_path)
    code, _, err = run(*shlex.split(command_again(explained, view))[3:])

    assert (code, err) == (0, "")
    assert (tmp_path / "inner_300lb samples mfpt-3.html").read_text(encoding="utf-8") == explanation_html(
        explained, view
    )


@pytest.mark.parametrize(
    ("first", "second", "options"),
    [(0, 1, ""), (0, 2, " --first normal --second outer"), (2, 1, " --first outer --second inner")],
)
def test_a_comparison_names_both_classes_or_none(network, first, second, options):
    """The command line's second class depends on the first, so one alone would mean another difference."""
    compared = compare(label_samples(network.card.bearing), network)

    assert set_report.command_again(compared, SetView(first=first, second=second), []) == (
        f"python -m cbam_viz compare --network mfpt-3{options} --html 'comparison mfpt-3.html'"
    )


def test_two_classes_that_the_command_line_would_not_choose_are_named(network, monkeypatch):
    """It chooses the first two with enough recordings: here inner and outer race, not the first two there are."""
    monkeypatch.setattr(difference, "FEWEST_WITNESSES", 4)
    compared = compare(label_samples(network.card.bearing), network)
    named = [
        " --first " in set_report.command_again(compared, SetView(first=a, second=b), []) for a, b in ((0, 1), (1, 2))
    ]

    assert named == [True, False]
