"""The other door: it writes what the study found, says what it wrote, and ends with 0, 2 or 1."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cbam_viz.datasets.circuit_samples import list_circuit_samples
from cbam_viz.datasets.samples import SAMPLE_DATA, list_samples
from cbam_viz.network.card import PRETRAINED, list_networks, read_card
from cbam_viz.physics.bearing import NICE
from cbam_viz.physics.simulate import Operation, draw_machine, simulate_bearing, with_slip
from cbam_viz.signals.readers import read_signal
from cbam_viz.studies.assess_words import list_worth, say_worth
from cbam_viz.studies.explain import explain, most_telling_window, score_controls
from cbam_viz.studies.numbers import explanation_csv, explanation_json, explanation_parquet
from cbam_viz.studies.panels import View
from cbam_viz.studies.physics import study_physics
from cbam_viz.studies.report import explanation_html
from cbam_viz.studies.words import say_controls, say_results

SAMPLE = SAMPLE_DATA / "outer_300lb.npz"


@pytest.fixture(scope="module")
def explained():
    """What the study says of the sample."""
    return explain(SAMPLE, "mfpt-3")


@pytest.fixture
def noise(tmp_path):
    """A recording that says nothing of itself."""
    np.savez(tmp_path / "noise.npz", a=np.random.default_rng(0).normal(size=5_000), b=np.arange(5_000.0))
    return tmp_path / "noise.npz"


def test_edits_are_tried_printed_and_written(run, tmp_path):
    """From where to where, with what was done; the JSON has the list, and the report makes itself again with it."""
    paths = [tmp_path / "out.json", tmp_path / "out.html"]
    code, out, err = run(
        "explain",
        SAMPLE,
        "--network",
        "mfpt-3",
        "--edits",
        "mask:10.5-60;flatten:1",
        "--json",
        paths[0],
        "--html",
        paths[1],
    )
    told = json.loads(paths[0].read_text(encoding="utf-8"))

    assert (code, err) == (0, "")
    assert "Outer race goes from " in out
    assert "Done: 10.5 to 60 ms set to the window's mean; time gate of block 1 held at its mean." in out
    assert told["edits"] == "mask:10.5-60;flatten:1"
    assert told["tryout"]["before"]["probabilities"] == told["probabilities"][told["tryout"]["window"] - 1]
    assert "--edits &#39;mask:10.5-60;flatten:1&#39;" in paths[1].read_text(encoding="utf-8")


@pytest.mark.parametrize("edits", ["blur:3", "flatten:9", "mask:0-9999"])
def test_edits_that_can_not_be_made_are_said(run, tmp_path, edits):
    """One sentence, and nothing is written."""
    code, _out, err = run("explain", SAMPLE, "--network", "mfpt-3", "--edits", edits, "--json", tmp_path / "out.json")

    assert code == 2
    assert ", but " in err
    assert not (tmp_path / "out.json").exists()


def test_explain_writes_what_the_study_found(run, tmp_path, explained):
    """JSON, both tables and the report are those of the study, and each is said."""
    paths = [tmp_path / f"out.{kind}" for kind in ("json", "csv", "parquet", "html")]
    code, out, err = run(
        "explain", SAMPLE, "--network", "mfpt-3", *(part for path in paths for part in (f"--{path.suffix[1:]}", path))
    )

    assert (code, err) == (0, "")
    assert out.splitlines()[:4] == [f"wrote {path}" for path in paths]
    view = View(most_telling_window(explained), shaft_hz=25.0, bearing="NICE")
    physics = study_physics(explained, view)
    assert paths[0].read_text(encoding="utf-8") == explanation_json(explained, None, physics)
    assert paths[1].read_text(encoding="utf-8") == explanation_csv(explained, view.window, physics)
    assert paths[2].read_bytes() == explanation_parquet(explained, view.window, physics)
    assert "Physics: the lines of the outer race fit best" in out
    page = explanation_html(explained, view)
    assert paths[3].read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ("--shaft", "unknown"),
            "Fault lines need the speed of the shaft and the bearing; the shaft speed is not known.",
        ),
        (("--shaft", "9999"), "lies above what the gate of block 1 can follow"),
    ],
)
def test_what_physics_lacks_is_said_and_the_rest_works(run, tmp_path, options, said):
    """No speed, or one whose lines lie beyond the gates: a sentence in the terminal and in the JSON, and a verdict."""
    code, out, err = run("explain", SAMPLE, "--network", "mfpt-3", *options, "--json", tmp_path / "out.json")

    assert (code, err) == (0, "")
    assert said in out
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert any(said in sentence for sentence in told["physics"]["lacking"])
    assert "Outer race" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--shaft", "0"), "A shaft speed lies between 0 and"),
        (("--band", "3000"), "A band is two frequencies in Hz with a hyphen between, but '3000' was given."),
        (("--band", "3000-2000"), "A band ends above its beginning, but '3000-2000' does not."),
        (("--band", "5900-6000"), "A band to listen to lies between 0 and 5000 Hz"),
        (("--nudge", "9"), "A shaft speed is nudged by at most 3 %, but 9 % was given."),
    ],
)
def test_speeds_and_bands_that_can_not_be(run, options, said):
    """A speed of 0, a band that can't be heard and a wild nudge cost one sentence, and nothing is printed."""
    code, out, err = run("explain", SAMPLE, "--network", "mfpt-3", *options)

    assert (code, out) == (2, "")
    assert err.startswith(said)


def test_explain_draws_the_figures(run, tmp_path):
    """A folder that need not be there gets every figure as SVG and PNG, and each is said."""
    code, out, err = run("explain", SAMPLE, "--network", "mfpt-3", "--figures", tmp_path / "figures")
    written = sorted((tmp_path / "figures").iterdir())

    assert (code, err) == (0, "")
    views = ("channels", "diagnosis", "envelope", "gate_spectrum", "overview", "spatial", "spectrum")
    assert [path.name for path in written] == [f"{view}.{kind}" for view in views for kind in ("png", "svg")]
    assert {f"wrote {path}" for path in written} == {line for line in out.splitlines() if line.startswith("wrote")}


def test_figures_need_a_browser(run, tmp_path, monkeypatch):
    """Where none is found, that is said before the work, with what to install, and nothing is written."""
    monkeypatch.setenv("BROWSER_PATH", "nowhere")
    code, out, err = run("explain", SAMPLE, "--network", "mfpt-3", "--figures", tmp_path / "figures")

    assert (code, out) == (2, "")
    assert err == (
        "Images are drawn by Chrome or Chromium, but no browser at nowhere was found. Install chromium or "
        "google-chrome, or say in the variable BROWSER_PATH where it is.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_explain_tells_the_verdict(run, explained):
    """Without a file to write: what was read, what was done, a line a class, the verdict, the line of its fault."""
    code, out, err = run("explain", SAMPLE, "--network", "mfpt-3")
    lines = out.splitlines()
    means = explained.record.mean_probabilities

    assert (code, err) == (0, "")
    assert lines[0] == "outer_300lb.npz, samples: 73242 samples in g at 48828 Hz"
    assert lines[1:3] == list(explained.notes)
    for line, name, mean in zip(lines[3:6], explained.card.classes, means, strict=True):
        assert line.split() == [name.key, f"{100 * mean:.2f}%", *name.words.split()]
    assert lines[6] == f"{explained.predicted.words}, over 8 windows, by mfpt-3."
    assert lines[7] == "This recording was in training: its diagnosis proves nothing."
    assert lines[8].startswith(
        "outer_300lb.npz, samples · window 1 of 8, from 0.000 s · mfpt-3: Outer race, 94.8%, next"
    )
    assert lines[9] == say_controls(score_controls(explained, 0, 0))
    assert lines[10] == "Shaft at 25 Hz, which is 1500 rpm."
    assert lines[11] == "BPFO 81.12 Hz, one strike every 12.33 ms"
    assert lines[12].startswith("Physics: the lines of the outer race fit best (BPFO stands ")
    assert len(lines) == 13


def test_speed_and_bearing_given_win_over_the_file(run):
    """Orders and a speed of one's own move the line: 3 strikes a turn at 40 turns a second."""
    orders = "bpfo=3;bpfi=5;bsf=2;ftf=0.4"
    _, out, _ = run("explain", SAMPLE, "--network", "mfpt-3", "--shaft", 40, "--bearing", orders)

    assert "BPFO 120.00 Hz, one strike every 8.33 ms" in out.splitlines()


def test_options_reach_the_study(run, noise, tmp_path):
    """Channel and rate are those that were asked for."""
    run("explain", noise, "--network", "mfpt-3", "--channel", "b", "--fs", 24_414, "--json", tmp_path / "out.json")
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))

    assert told["signal"] == {"name": "noise.npz", "channel": "b", "fs_hz": 24_414, "samples": 5_000}
    assert (told["starts"], told["prepared_fs_hz"]) == ([0], 12_207)


def test_gaps_are_bridged_on_request(run, tmp_path):
    """Without --interpolate the gap is refused with its place, with it the recording is explained and the gap said."""
    samples = np.random.default_rng(0).normal(size=5_000)
    samples[[40, 41]] = np.nan
    np.savez(tmp_path / "gap.npz", x=samples, fs=12_207)
    refused = run("explain", tmp_path / "gap.npz", "--network", "mfpt-3")
    code, out, err = run("explain", tmp_path / "gap.npz", "--network", "mfpt-3", "--interpolate")

    assert refused[0] == 2
    assert "gap.npz holds 2 that are not (NaN or Inf), the first at sample 40." in refused[2]
    assert (code, err) == (0, "")
    assert "Missing samples bridged by straight lines: 2." in out.splitlines()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--shaft", 0), "A shaft speed lies between 0 and 10000 Hz, but 0 Hz was given. Give revolutions per second."),
        (("--shaft", -29), "A shaft speed lies between 0 and 10000 Hz, but -29 Hz was given."),
        (("--shaft", "nan"), "A shaft speed lies between 0 and 10000 Hz, but nan Hz was given."),
        (("--bearing", "6206"), "A bearing is one of 6205, 6203, NICE, 6205 simulated, its fault orders"),
        (("--shaft", "fast"), "A shaft speed is a number in Hz or the word unknown, but 'fast' was given."),
        (("--channel", "x"), "A channel is one of samples, but outer_300lb.npz has no 'x'. Choose one of these."),
    ],
    ids=["no speed", "speed below 0", "speed NaN", "speed no number", "bearing", "channel"],
)
def test_an_option_that_cannot_be_is_refused(run, options, sentence):
    """The sentence stands on standard error, and the exit code is 2."""
    code, out, err = run("explain", SAMPLE, "--network", "mfpt-3", *options)

    assert (code, out) == (2, "")
    assert err.startswith(sentence)
    assert err.count("\n") == 1


@pytest.mark.parametrize("kind", ["json", "csv", "parquet", "html"])
@pytest.mark.parametrize("place", ["folder that is not there", "folder"])
def test_an_output_that_cannot_be_written_is_refused(run, tmp_path, kind, place):
    """The sentence names the place and what the system says of it."""
    target = tmp_path / "nowhere/out" if place != "folder" else tmp_path
    code, out, err = run("explain", SAMPLE, "--network", "mfpt-3", f"--{kind}", target)

    assert (code, out) == (2, "")
    assert err == (
        f"A result needs a place it can be written to, but {target} is none (Is a directory). Give another.\n"
        if place == "folder"
        else f"A result goes into a folder, but there is none at {target.parent}. Make that folder, or give another.\n"
    )


@pytest.mark.parametrize(("place", "found"), [("file", "is none (File exists)"), ("no/folder", "there is none at ")])
def test_figures_need_a_folder(run, tmp_path, place, found):
    """A file in its place, or a folder within one that is not there, is refused."""
    (tmp_path / "file").touch()
    code, _, err = run("explain", SAMPLE, "--network", "mfpt-3", "--figures", tmp_path / place)

    assert code == 2
    assert found in err
    assert err.count("\n") == 1


def test_an_unknown_command_or_option_ends_with_2(run):
    """What is no command, no option, or lacks a network is input to be put right."""
    for wrong in (["see"], ["explain", SAMPLE], ["explain", SAMPLE, "--network", "mfpt-3", "--far", "away"]):
        code, out, err = run(*wrong)
        assert (code, out) == (2, "")
        assert "Usage: cbam_viz" in err


def test_list_names_networks_and_samples(run):
    """Every network with its classes, its honest numbers and its gates' worth, and every sample under its path."""
    code, out, err = run("list")
    lines = out.splitlines()

    assert (code, err) == (0, "")
    for name in list_networks():
        card = read_card(PRETRAINED / f"{name}.json")
        classes = ", ".join(each.key for each in card.classes)
        assert f"{name}  {card.summary}. Classes: {classes}. {say_results(card)}" in lines
        assert f"    {say_worth(card)}" in lines
        table = list_worth(card)
        for row in table.rows if table else ():
            assert any(line.startswith(f"    {row[0]} ") and line.endswith(f" {row[-1]}") for line in lines)
    samples = (*list_samples(), *list_circuit_samples())
    for sample in samples:
        (line,) = [line for line in lines if line.endswith(f"  {sample.title}")]
        assert (SAMPLE_DATA.parent / line.split("  ")[0]).is_file()
    assert len([line for line in lines if line[0] != " "]) == len(list_networks()) + len(samples)


def test_list_tells_the_channels_of_a_file(run, noise):
    """Name, length, and what the file says of rate and speed."""
    assert run("list", noise) == (0, "a  5000 samples, rate unknown\nb  5000 samples, rate unknown\n", "")
    assert run("list", SAMPLE) == (0, "samples  73242 samples in g, 48828 Hz, shaft 25 Hz\n", "")


def test_samples_are_read_in_the_unit_that_is_asked_for(run):
    """`--unit` converts, in any spelling, and the note says so."""
    code, out, err = run("explain", SAMPLE, "--network", "mfpt-3", "--unit", "m/s^2")

    assert (code, err) == (0, "")
    assert "Converted from g to m/s²." in out.splitlines()


def test_list_refuses_what_is_no_signal(run, tmp_path):
    """The same sentence as everywhere."""
    code, out, err = run("list", tmp_path / "none.wav")

    assert (code, out) == (2, "")
    assert err.startswith("A signal is read from a file, but there is none at ")


@pytest.mark.parametrize("verb", ["train", "evaluate", "assess"])
def test_training_needs_a_plan_and_its_data(run, verb, tmp_path):
    """An unknown name lists the plans; a folder without recordings says which are missing and where to get them."""
    assert run(verb, "other", "--data", tmp_path) == (
        2,
        "",
        "A network with a plan is one of cwru-10, mfpt-3, bearing-sim-4, sallen-key-9, biquad-13, tow-thomas, but "
        "'other' was given. Choose one of them.\n",
    )  # fmt: skip
    code, out, err = run(verb, "mfpt-3", "--data", tmp_path)
    assert (code, out) == (2, "")
    assert f"but {tmp_path} lacks 20 parts: baseline_1.mat, " in err
    assert "Get them from the bearing fault data set of the Society for Machinery Failure Prevention Technology" in err


def test_help_shows_units(run, monkeypatch):
    """Whoever has to give a number reads in which unit."""
    monkeypatch.setenv("COLUMNS", "120")
    code, out, err = run("explain", "--help")
    shown = {line.split()[0]: line.split()[1] for line in out.splitlines() if line.strip().startswith("--")}

    assert (code, err) == (0, "")
    assert (shown["--fs"], shown["--shaft"]) == ("HZ", "HZ")
    assert (shown["--network"], shown["--channel"], shown["--bearing"]) == ("NAME", "C", "NAME|ORDERS")
    assert {shown[f"--{kind}"] for kind in ("json", "csv", "parquet", "html")} == {"OUT"}
    assert shown["--figures"] == "DIR"


def test_help_names_every_verb(run):
    """The first page lists what can be done."""
    _, out, _ = run("--help")

    assert {"explain", "list", "train", "evaluate", "assess"} <= set(out.split())


GATES = ("probability", "channel_attention", "spatial_attention")


def test_the_module_runs_as_a_command(tmp_path):
    """As a process of its own: a table on request, exit code 0; advice without a traceback, exit code 2."""

    def process(*arguments):
        command = [sys.executable, "-m", "cbam_viz", "explain", *map(str, arguments), "--network", "mfpt-3"]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1])

    done = process(SAMPLE, "--csv", tmp_path / "out.csv")
    refused = process(tmp_path / "none.csv")

    assert (done.returncode, done.stderr) == (0, "")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["quantity"] in GATES]
        assert len(rows) == 8 * (3 + 16 + 32 + 64 + 256 + 128 + 64)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert (
        refused.stderr
        == f"A signal is read from a file, but there is none at {tmp_path / 'none.csv'}. Check the path.\n"
    )


def test_the_page_shows_the_window_and_block_that_were_asked_for(run, tmp_path):
    """As in the app, windows and blocks count from 1."""
    page = tmp_path / "page.html"
    code, _, err = run("explain", SAMPLE, "--network", "mfpt-3", "--window", 3, "--block", 2, "--html", page)

    assert (code, err) == (0, "")
    assert "<dt>Window</dt><dd>3 of 8, from" in page.read_text(encoding="utf-8")
    assert "how much of each moment block 2 lets through" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--window", 9), "A window is a number from 1 to 8, but 9 was given."),
        (("--block", 0), "A block is a number from 1 to 3, but 0 was given."),
        (("--json", "{same}", "--html", "{same}"), "Every result needs a file of its own"),
    ],
)
def test_what_can_not_be_shown_is_refused(run, tmp_path, options, sentence):
    """A window or block that is not there, or one result over another, is one sentence, and nothing is written."""
    given = [str(option).format(same=tmp_path / "same") for option in options]
    code, _, err = run("explain", SAMPLE, "--network", "mfpt-3", *given)

    assert code == 2
    assert sentence in err
    assert not (tmp_path / "same").exists()


@pytest.mark.parametrize("bearing", ["unknown", ""])
def test_a_bearing_can_be_said_to_be_unknown(run, bearing):
    """What the file says of the bearing can be taken back, as in the app."""
    code, out, _ = run("explain", SAMPLE, "--network", "mfpt-3", "--bearing", bearing)

    assert code == 0
    assert "BPFO" not in out


# ---------------------------------------------------------------- simulate


def test_simulate_writes_a_signal_with_its_truth(run, tmp_path):
    """The file tells rate, speed, bearing and impacts, is what the simulator gives, and is long enough to explain."""
    path = tmp_path / "ball.npz"
    command = ("simulate", "bearing", "--fault", "ball", "--seed", 7, "--shaft", 30, "--snr", 3, "--out", path)
    code, out, err = run(*command)
    signal = read_signal(path)

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"wrote {path}",
        "Simulated, not measured: simulated 7, ball damage at severity 1, SNR 3 dB.",
        f"24000 samples at 12000 Hz, {len(signal.impacts)} impacts",
    ]
    made = simulate_bearing(draw_machine(7), Operation("ball", shaft_hz=30.0, snr_db=3.0, seconds=2.0), 7).signal
    np.testing.assert_array_equal(signal.samples, made.samples.astype(np.float32))
    assert (signal.impacts, signal.bearing, signal.shaft_hz) == (made.impacts, "6205 simulated", 30.0)
    code, out, _err = run("explain", path, "--network", "bearing-sim-4")
    assert code == 0
    assert "Too short to say" not in out


def test_simulate_knows_every_option(run, tmp_path):
    """Each option reaches the simulation."""
    code, _, err = run(
        "simulate", "bearing", "--fault", "outer", "--bearing", "NICE", "--seconds", 2, "--fs", 20_000, "--slip", 0,
        "--resonance", 2_500, "--load", 0.3, "--severity", 0.5, "--drift", 0.1, "--clip", 0.4,
        "--out", tmp_path / "a.npz",
    )  # fmt: skip
    signal = read_signal(tmp_path / "a.npz")
    machine = with_slip(draw_machine(3_000, NICE, 2_500.0), 0.0)
    operation = Operation("outer", load=0.3, severity=0.5, drift=0.1, clip_g=0.4, seconds=2.0, fs=20_000.0)

    assert (code, err) == (0, "")
    expected = simulate_bearing(machine, operation, 3_000).signal.samples.astype(np.float32)
    np.testing.assert_array_equal(signal.samples, expected)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--fault", "cage"), "A simulated damage is one of none, inner, outer, ball, but 'cage' was given."),
        (("--severity", "2"), "The severity lies between 0 and 1, but 2 was given."),
        (("--fs", "2000"), "The modes of a machine must lie below 0.45 of the sampling rate, 900 Hz, but one is at"),
        (("--fs", "2 kHz"), "The modes of a machine must lie below 0.45 of the sampling rate, 900 Hz, but one is at"),
        (("--fs", "2kHz"), "The modes of a machine must lie below 0.45 of the sampling rate, 900 Hz, but one is at"),
        (("--bearing", "x"), "A bearing is one of 6205, 6203, NICE, 6205 simulated, its fault orders"),
        (("--out", "x.csv"), "A simulated signal is written as .npz, but x.csv has the extension '.csv'."),
    ],
)
def test_simulate_refuses_what_can_not_be(run, tmp_path, options, said):
    """One sentence with the way out, exit code 2, and nothing written."""
    code, out, err = run("simulate", "bearing", "--out", tmp_path / "a.npz", *options)

    assert (code, out) == (2, "")
    assert err.startswith(said)
    assert list(tmp_path.iterdir()) == []


def test_measured_networks_need_their_recordings(run):
    """Without a folder the sentence says which option gives it and where the recordings come from."""
    code, out, err = run("train", "mfpt-3")

    assert (code, out) == (2, "")
    assert err.startswith(
        "mfpt-3 is trained on measured recordings, but no folder of them was given. Give it with --data"
    )


def test_a_speed_can_be_said_to_be_unknown(run):
    """What the file says of the speed can be taken back, as in the app."""
    code, out, _ = run("explain", SAMPLE, "--network", "mfpt-3", "--shaft", "unknown")

    assert code == 0
    assert "Shaft" not in out
    assert "BPFO" not in out


def test_scale_order_and_kind_reach_the_figures(run, tmp_path):
    """What the app offers beside a figure is an option, too."""
    page = tmp_path / "page.html"
    options = ("--scale", "map", "--order", "number", "--absolute")
    code, _, err = run("explain", SAMPLE, "--network", "mfpt-3", *options, "--html", page)
    written = page.read_text(encoding="utf-8")

    assert (code, err) == (0, "")
    assert "block 1, this map" in written
    assert "channels of block 1, by number" in written
    assert "How much of each channel is let through." in written


def test_a_bearing_in_the_file_that_is_none_is_said(run, tmp_path):
    """What a file says of its bearing is held to what is typed: none that can't be understood goes by in silence."""
    path = tmp_path / "own.npz"
    np.savez(path, samples=np.random.default_rng(0).normal(size=30_000), fs=12_207.0, bearing="9999", shaft_hz=25.0)
    code, _, err = run("explain", path, "--network", "mfpt-3")

    assert code == 2
    assert "but '9999' is none of these." in err
    assert run("explain", path, "--network", "mfpt-3", "--bearing", "unknown")[0] == 0


@pytest.mark.parametrize("buffered", ["", "1"])
def test_a_reader_that_stops_ends_a_command_without_a_word(buffered):
    """Whether lines are sent one by one or together at the end: after ``| head`` no traceback, and the shell's code."""
    reading, writing = os.pipe()
    os.close(reading)
    command, surroundings = [sys.executable, "-m", "cbam_viz", "list"], {**os.environ, "PYTHONUNBUFFERED": buffered}
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, check=False, env=surroundings)
    assert (done.returncode, done.stderr) == (141, b"")
