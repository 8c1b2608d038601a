"""`compare`: what it takes, what it says, and what it writes."""

import csv
import json
import shutil
import zipfile

import numpy as np
import pandas as pd
import pytest

from cbam_viz.datasets.samples import list_samples

MEASURED = [sample for sample in list_samples() if sample.domain == "Bearing"]
VIEWS = {"class_channels", "aligned", "difference", "distances", "plane", "pair", "separation"}


@pytest.fixture
def folder(tmp_path):
    """Three recordings of each class under names that tell it."""
    for sample in MEASURED:
        kept = [path for path in tmp_path.iterdir() if path.name.startswith(sample.fault)]
        if len(kept) < 3:
            shutil.copy(sample.path, tmp_path / f"{sample.fault}_{len(kept)}.npz")
    return tmp_path


def table(folder, rows):
    """A table of labels in a folder."""
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["file", "class"], *rows])
    return folder / "labels.csv"


def test_json_holds_every_recording_and_every_view(run, folder, tmp_path):
    """Names of the fields are interface."""
    code, out, _ = run("compare", folder, "--network", "mfpt-3", "--json", tmp_path / "out.json")
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))

    assert code == 0
    assert f"wrote {tmp_path / 'out.json'}" in out
    assert told["network"] == "mfpt-3"
    assert told["classes"] == ["normal", "inner", "outer"]
    assert len(told["recordings"]) == 9
    for row in told["recordings"]:
        assert row["class"] == row["file"].split("_")[0]
        assert row["windows"] == 8
        assert sum(row["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert row["predicted"] == told["classes"][int(np.argmax(row["probabilities"]))]
    assert set(told["views"]) == VIEWS
    assert all(told["views"].values())


def test_a_table_of_labels_is_a_set_of_its_own(run, folder):
    """Without files every row is compared, whatever its name says; with files only they are."""
    labels = table(folder, [["inner_0.npz", "outer"], ["inner_1.npz", "Inner race"], ["normal_0.npz", "normal"]])
    code, out, err = run("compare", "--labels", labels, "--network", "mfpt-3", "--json", folder / "out.json")
    told = json.loads((folder / "out.json").read_text(encoding="utf-8"))

    assert (code, err) == (0, "")
    assert [(row["file"], row["class"]) for row in told["recordings"]] == [
        ("inner_0.npz", "outer"),
        ("inner_1.npz", "inner"),
        ("normal_0.npz", "normal"),
    ]
    code, out, _ = run("compare", folder / "inner_1.npz", folder / "normal_0.npz", "--labels", labels)
    assert code == 0
    assert "normal     1 recording," in out


def test_a_view_that_lacks_something_stops_no_other(run, tmp_path):
    """Recordings without speed or bearing have no fault period: JSON and report say so in its place."""
    for seed, label in enumerate(("inner", "inner", "outer", "outer")):
        samples = np.random.default_rng(seed).normal(size=12_207)
        np.savez(tmp_path / f"{label}_{seed}.npz", samples=samples, fs=12_207.0)
    places = ("--json", tmp_path / "out.json", "--html", tmp_path / "out.html")
    code, out, _err = run("compare", tmp_path, "--network", "mfpt-3", "--by", "period", *places)
    views = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["views"]

    assert code == 0
    assert views["aligned"] == {"advice": views["aligned"]["advice"]}
    assert "shaft speed and a bearing" in views["aligned"]["advice"]
    assert views["aligned"]["advice"] in out
    assert "shaft speed and a bearing" in (tmp_path / "out.html").read_text(encoding="utf-8")
    assert len(views["plane"]) > 1


def test_what_cannot_be_compared_is_said_and_the_rest_is(run, folder):
    """One sentence each on standard error; the exit code stays 0."""
    shutil.copy(folder / "inner_0.npz", folder / "outer_again.npz")
    (folder / "unnamed.csv").write_text("1\n2\n", encoding="utf-8")
    (folder / "inner_cut.npz").write_bytes((folder / "inner_0.npz").read_bytes()[:1000])
    code, out, err = run("compare", folder, "--network", "mfpt-3")

    assert code == 0
    assert "inner      2 recordings," in out
    assert err.count("\n") == 3
    assert "are the same signal under different ones" in err
    assert "unnamed.csv is left out. Every recording needs a class" in err
    assert "inner_cut.npz is left out. A .npz file must be" in err


def test_tests_of_every_gate_are_made_on_request(run, folder, tmp_path):
    """`--trust` adds them to what is printed, to the JSON and to the tables."""
    for path in [*folder.iterdir()]:
        if not path.name.endswith("_0.npz"):
            path.unlink()
    code, out, _err = run(
        "compare", folder, "--network", "mfpt-3", "--trust", "--json", tmp_path / "out.json", "--parquet",
        tmp_path / "tables",
    )  # fmt: skip
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["views"]["class_trust"]

    assert code == 0
    assert "Does the attention mean anything?: 12 verdicts, one a block and class: " in out
    assert len(told["verdicts"]) == 12
    assert len(pd.read_parquet(tmp_path / "tables/tests.parquet")) == len(told["tests"])


def test_a_table_of_labels_is_no_recording(run, folder):
    """Where it lies in the folder that is compared, it is not left out of it."""
    labels = table(folder, [["inner_0.npz", "outer"]])
    code, out, err = run("compare", folder, "--labels", labels, "--network", "mfpt-3")

    assert (code, err) == (0, "")
    assert "outer      4 recordings," in out


def test_a_zip_is_a_set(run, folder, tmp_path):
    """Each file inside is a recording with the class of its name."""
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in folder.glob("*_0.npz"):
            archive.write(path, path.name)
    code, out, _ = run("compare", tmp_path / "all.zip", "--network", "mfpt-3")

    assert code == 0
    assert out.count("1 recording,") == 3


def test_without_anything_the_samples_are_compared(run):
    """The first picture needs nothing."""
    code, out, _ = run("compare", "--network", "mfpt-3")

    assert code == 0
    assert "inner      5 recordings," in out


def test_simulated_machines_are_compared(run, tmp_path):
    """Every one is a bearing of its own."""
    code, out, _ = run(
        "compare", "--simulated", 2, "--snr", 0, "--network", "bearing-sim-4", "--json", tmp_path / "out.json"
    )
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))

    assert code == 0
    assert "ball       2 recordings, 22 windows" in out
    assert len({row["machine"] for row in told["recordings"]}) == 8


def test_tables_hold_every_gate_of_every_window(run, folder):
    """The same values as CSV and as Parquet, with their recording and class."""
    files = [folder / "inner_0.npz", folder / "outer_0.npz"]
    code, *_ = run("compare", *files, "--network", "mfpt-3", "--csv", folder / "t.csv", "--parquet", folder / "tables")
    tidy, stored = pd.read_csv(folder / "t.csv"), pd.read_parquet(folder / "tables" / "gates.parquet")

    assert code == 0
    assert len(tidy) == len(stored) == 16 * (16 + 32 + 64 + 256 + 128 + 64)
    np.testing.assert_array_equal(tidy["value"].to_numpy(np.float32), stored["value"])
    assert tidy.groupby("recording")["window"].max().tolist() == [8, 8]
    assert set(tidy["class"]) == {"inner", "outer"}
    assert len(pd.read_parquet(folder / "tables" / "recordings.parquet")) == 2


def test_a_view_is_a_table(run, folder):
    """Each is a tidy table of its own; one of which nothing can be said, as two recordings separate nothing, is not."""
    files = [folder / "inner_0.npz", folder / "outer_0.npz"]
    run("compare", *files, "--network", "mfpt-3", "--parquet", folder / "tables")
    names = {path.stem for path in (folder / "tables").iterdir()}

    assert names == {"gates", "recordings", *VIEWS} - {"separation"}
    for view in VIEWS & names:
        table = pd.read_parquet(folder / "tables" / f"{view}.parquet")
        assert len(table) > 0
        assert all(np.isscalar(each) for each in table.iloc[0])


def test_a_gate_has_the_place_that_explain_gives_it(run, folder):
    """The peak in Hz of a channel and the time in s of a position are the same in both tables."""
    files = [folder / "inner_0.npz", folder / "outer_0.npz"]
    run("compare", *files, "--network", "mfpt-3", "--csv", folder / "set.csv")
    run("explain", files[0], "--network", "mfpt-3", "--csv", folder / "one.csv")
    of_set, of_one = pd.read_csv(folder / "set.csv"), pd.read_csv(folder / "one.csv")
    of_set = of_set[of_set["recording"].str.endswith("inner_0.npz")]
    of_one = of_one[of_one["quantity"].isin(of_set["quantity"].unique())]
    key = ["window", "quantity", "block", "index"]
    both = of_set.merge(of_one, on=key, validate="one_to_one")

    assert len(both) == len(of_set) == len(of_one)
    np.testing.assert_allclose(both["place_x"], both["place_y"].astype(float), atol=1e-6, rtol=0)


def test_two_windows_stand_side_by_side_as_asked_for(run, folder):
    """Recordings count as in `recordings` of the JSON, windows from 1; a window that is not given is the surest."""
    code, out, _ = run(
        "compare", folder, "--network", "mfpt-3", "--a", 9, "--b", 4, "--b-window", 7, "--json", folder / "out.json"
    )
    told = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    pair, files = told["views"]["pair"], [row["file"] for row in told["recordings"]]

    assert code == 0
    assert pair["names"] == [files[8], files[3]]
    assert pair["windows"][1] == 7
    assert f"A | B: {files[8]}, window {pair['windows'][0]}, beside {files[3]}, window 7." in out


def test_the_page_opens_offline(run, folder):
    """It holds the program that draws, every view, and no address to fetch anything from."""
    code, *_ = run("compare", folder, "--network", "mfpt-3", "--html", folder / "out.html")
    page = (folder / "out.html").read_text(encoding="utf-8")

    assert code == 0
    assert all(f'id="{name}"' in page for name in VIEWS)
    assert "Content-Security-Policy" in page
    assert "compare" in page


def test_the_second_class_is_another_one_than_the_first(run, folder):
    """Asked for one of them, a person gets the difference to the first of the others."""
    code, *_ = run("compare", folder, "--first", "inner", "--json", folder / "out.json")
    told = json.loads((folder / "out.json").read_text(encoding="utf-8"))["views"]["difference"]

    assert code == 0
    assert (told["first"], told["second"]) == ("Inner race", "Healthy")


def test_tables_may_go_where_one_is(run, folder, monkeypatch):
    """The folder that a person works in is a place like any other."""
    monkeypatch.chdir(folder)
    code, *_ = run("compare", folder, "--network", "mfpt-3", "--parquet", ".")

    assert code == 0
    assert (folder / "gates.parquet").exists()


@pytest.mark.parametrize(("option", "value"), [("--block", "4"), ("--first", "cage"), ("--second", "cage")])
def test_a_choice_is_checked_before_the_long_work(run, tmp_path, option, value):
    """Before any recording is read: these could not be."""
    for name in ("inner.npz", "outer.npz"):
        (tmp_path / name).write_bytes(b"none")
    code, _, err = run("compare", tmp_path, option, value)

    assert code == 2
    assert f"but {value!r} was given" in err or f"but {value} was given" in err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--first", "inner", "--second", "Inner race"], "of two classes, but 'inner' was given as both."),
        (["--first", "cage"], "A class is one of normal, inner, outer, but 'cage' was given."),
        (["--a", "10"], "A recording is a number from 1 to 9, but 10 was given."),
        (["--b-window", "0"], "A window is a number from 1 to 8, but 0 was given."),
        (["--block", "4"], "A block is a number from 1 to 3, but 4 was given."),
        (["--rule", "inner"], "A rule names each class with the words that tell it"),
        (["--labels", "gone.csv"], "Labels are a CSV table"),
        (["--network", "cwru-10"], "A comparison needs recordings of at least two classes"),
        (["--html", "no/folder/out.html"], "A result goes into a folder, but there is none at no/folder."),
    ],
)
def test_what_must_be_put_right_ends_with_one_sentence(run, folder, options, sentence):
    """Exit code 2, and the sentence on standard error."""
    given = [folder / "inner_0.npz"] if "cwru-10" in options else [folder]
    code, _, err = run("compare", *given, *options)

    assert code == 2
    assert sentence in err
