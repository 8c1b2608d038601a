"""Labels: a table, a rule on names, and which files of a place they are given to."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from cbam_viz.datasets.labels import (
    default_rule,
    label_files,
    label_of_name,
    read_labels,
    read_rule,
    write_rule,
)
from cbam_viz.errors import InputError

RULE = default_rule({"normal": None, "inner": "inner", "outer": "outer", "ball": "ball"})


@pytest.fixture
def table(tmp_path):
    """Writes a table of labels."""

    def write(text):
        path = tmp_path / "labels.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def save(path):
    """A signal file."""
    path.parent.mkdir(exist_ok=True, parents=True)
    np.savez(path, samples=np.random.default_rng(0).normal(size=100), fs=12_000.0)
    return path


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("InnerRaceFault_vload_3.mat", "inner"),
        ("IR007_1.mat", "inner"),
        ("pump-or-2.csv", "outer"),
        ("baseline_2.npz", "normal"),
        ("force.csv", ""),  # "or" is within a word
        ("inner or outer.csv", ""),  # which of them?
        ("BALL 14.wav", "ball"),
        ("105.mat", ""),
        ("inner_race_normal_load.csv", ""),
        ("abnormal_inner_01.csv", "inner"),
        ("abnormal_2.csv", ""),
        ("unhealthy_outer_2.mat", "outer"),
        ("normalized/inner_01.csv", "inner"),
        ("normalized_inner.csv", "inner"),
        ("normalised_3.csv", ""),
        ("good_data/IR_1.mat", "inner"),  # the file's own name goes before its folders
        ("outer/run 2/105.mat", "outer"),
        ("inner/normal load/105.mat", ""),
    ],
)
def test_the_name_of_a_file_tells_its_class(name, label):
    """By the class's words, or else its folders; a short word stands alone, a long one begins one, two tell nothing."""
    assert label_of_name(name, RULE) == label


def test_a_word_within_another_tells_nothing():
    """A class of one size is not mistaken for the other; a fault that several classes have tells none of them."""
    rule = default_rule({"IR007": "inner", "IR014": "inner", "normal": None})

    assert label_of_name("IR014_2.mat", rule) == "IR014"
    assert label_of_name("inner 3.mat", rule) == ""
    assert label_of_name("loose inner.csv", {"a": ("inner",), "b": ("loose inner",)}) == "b"
    assert label_of_name("IR007_1.mat", {"some": ("ir",), "IR007": ("ir007",)}) == "IR007"
    assert label_of_name("run12.csv", {"first": ("run1",), "last": ("run12",)}) == "last"
    assert label_of_name("run12.csv", {"first": ("run1",)}) == ""


def test_a_rule_is_what_it_was_written_as():
    """A person sees it as a line, and may change it."""
    assert read_rule(write_rule(RULE)) == RULE
    assert read_rule(" cracked : Crack , chip ; ok: fine;") == {"cracked": ("crack", "chip"), "ok": ("fine",)}


@pytest.mark.parametrize("text", ["inner", "inner:", ": ir", "inner: ir; outer"])
def test_a_rule_that_is_none_is_refused(text):
    """Every part has a class, a colon and words."""
    with pytest.raises(InputError, match="A rule names each class with the words that tell it"):
        read_rule(text)


def test_a_table_gives_each_file_what_it_says(table):
    """Paths are relative to the table, empty cells stand for what the file says, and columns come in any order."""
    first, second = read_labels(
        table(
            "class,file,shaft_hz,fs_hz,bearing,channel,machine\ninner,a/b.csv,29.95,12000,6205,x,m1\nodd,c.csv,,,,,\n"
        )
    )

    assert first.path.name == "b.csv"
    assert first.path.parent.name == "a"
    assert (first.label, first.name, first.machine) == ("inner", "a/b.csv", "m1")
    assert (first.channel, first.fs, first.shaft_hz, first.bearing) == ("x", 12_000.0, 29.95, "6205")
    assert (second.label, second.machine, second.channel, second.fs, second.shaft_hz, second.bearing) == (
        "odd",
        *[None] * 5,
    )


def test_a_file_is_read_with_what_its_label_says(table, tmp_path):
    """Rate, speed and bearing of the table win over those of the file."""
    save(tmp_path / "a.npz")
    signal = read_labels(
        table("file,class,fs_hz,shaft_hz,bearing\na.npz,x,6000,30,bpfo=3.6;bpfi=5.4;bsf=2.4;ftf=0.4\n")
    )[0].read()

    assert (signal.fs, signal.shaft_hz, signal.bearing) == (6_000.0, 30.0, "bpfo=3.6;bpfi=5.4;bsf=2.4;ftf=0.4")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "lacks file and class"),
        ("file,label\na.csv,x\n", "lacks class"),
        ("file,class,fs_hz\na.csv,x,fast\n", "line 2 of labels.csv has 'fast'"),
        ("file,class,fs_hz\na.csv,x,0\n", "It stands in line 2 of labels.csv."),
        ("file,class,shaft_hz\na.csv,x,-1\n", "A shaft speed lies between"),
        ("file,class,bearing\na.csv,x,\nb.csv,x,6299\n", "It stands in line 3 of labels.csv."),
        (f'file,class\na.csv,"{"x" * 200_000}\n', r"of labels.csv can't be understood \(field larger than"),
    ],
)
def test_a_table_that_is_none_is_refused(table, text, sentence):
    """With the line in which it stands."""
    with pytest.raises(InputError, match=sentence):
        read_labels(table(text))


def test_a_table_that_is_not_there_is_refused(tmp_path):
    """The sentence names the path."""
    with pytest.raises(InputError, match=r"gone\.csv can't be read"):
        read_labels(tmp_path / "gone.csv")


def test_only_the_end_of_a_line_ends_a_row(table):
    """No other sign that some programs break lines at, nor an end of a line within quotes."""
    names = [each.name for each in read_labels(table('file,class\na\x0bb\u2028c.csv,x\n"d\ne.csv",y\n'))]

    assert names == ["a\x0bb\u2028c.csv", "d\ne.csv"]


def test_the_table_wins_over_the_rule(table, tmp_path):
    """A file that the table does not name has the class of its own name, or none."""
    folder = tmp_path / "run"
    for name in ("inner_1.npz", "outer_1.npz", "x.npz"):
        save(folder / name)
    (folder / "notes.pdf").write_bytes(b"none of ours")
    labels = read_labels(table("file,class\nrun/outer_1.npz,normal\n"))
    files, left_out = label_files([folder], labels, RULE, tmp_path / "unpacked")

    assert {file.path.name: file.label for file in files} == {
        "inner_1.npz": "inner",
        "outer_1.npz": "normal",
        "x.npz": "",
    }
    assert left_out == ()


def test_folders_above_the_given_ones_tell_no_class(tmp_path):
    """Where a person keeps a set says nothing of it; what lies within it does."""
    place = tmp_path / "baseline study" / "good"
    for name in ("outer_3.npz", "4.npz", "ball/5.npz"):
        save(place / name)
    files, _ = label_files([place], [], RULE, tmp_path / "unpacked")
    alone, _ = label_files([place / "4.npz"], [], RULE, tmp_path / "unpacked")

    assert {file.path.name: file.label for file in (*files, *alone)} == {
        "outer_3.npz": "outer",
        "4.npz": "",
        "5.npz": "ball",
    }


def test_a_name_tells_nothing_of_where_the_set_lies(tmp_path, monkeypatch):
    """It is the path in what was given, however that was written, or in the folder that holds all of it."""
    for name in ("set/inner.npz", "set/low/inner.npz"):
        save(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.write(tmp_path / "set/inner.npz", "low/inner.npz")
    monkeypatch.chdir(tmp_path / "set")

    def names(*places):
        within = tmp_path / f"unpacked {len(list(tmp_path.iterdir()))}"
        within.mkdir()
        return [file.name for file in label_files(list(map(Path, places)), [], RULE, within)[0]]

    assert names(tmp_path / "set") == names(".") == names("../set") == ["inner.npz", "low/inner.npz"]
    assert names("inner.npz") == ["inner.npz"]
    assert names(tmp_path / "set/inner.npz", "low") == ["inner.npz", "low/inner.npz"]
    assert names("../set.zip") == ["low/inner.npz"]
    assert names("../set.zip", "inner.npz") == ["set.zip/low/inner.npz", "set/inner.npz"]


def test_a_row_is_of_one_file(table, tmp_path):
    """Another file of the same last name is not that of the row; each has a name of its own."""
    for folder in "ab":
        save(tmp_path / folder / "1.npz")
    labelled, _ = label_files(
        [tmp_path / "a", tmp_path / "b"], read_labels(table("file,class\na/1.npz,x\n")), {}, tmp_path
    )
    neither, _ = label_files(
        [tmp_path / "a", tmp_path / "b"], read_labels(table("file,class\n1.npz,x\n")), {}, tmp_path
    )

    assert [(file.name, file.label) for file in labelled] == [("a/1.npz", "x"), ("b/1.npz", "")]
    assert [file.label for file in neither] == ["", ""]


def test_a_last_name_is_enough_where_there_is_one(table, tmp_path):
    """The table may lie elsewhere."""
    path = save(tmp_path / "a" / "1.npz")

    assert label_files([path], read_labels(table("file,class\nold/1.npz,x\n")), {}, tmp_path)[0][0].label == "x"


def test_rows_of_an_archive_are_told_by_their_path_in_it(table, tmp_path):
    """Two files of one last name have a row each."""
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for name in ("c/1.npz", "d/1.npz"):
            archive.write(save(tmp_path / name), name)
    for prefix in ("", "set.zip/"):
        labels = read_labels(table(f"file,class\n{prefix}c/1.npz,x\n{prefix}d/1.npz,y\n"))
        files, _ = label_files([tmp_path / "set.zip"], labels, {}, tmp_path / f"unpacked{len(prefix)}")

        assert [(file.name[-7:], file.label) for file in files] == [("c/1.npz", "x"), ("d/1.npz", "y")]


def test_a_file_with_two_rows_is_two_recordings(table, tmp_path):
    """Of two channels, perhaps; the same signal under two classes is found when it is compared."""
    path = save(tmp_path / "a.npz")
    labels = read_labels(table("file,class,channel\na.npz,x,left\na.npz,y,right\n"))

    assert [(file.label, file.channel) for file in label_files([path], labels, {}, tmp_path)[0]] == [
        ("x", "left"),
        ("y", "right"),
    ]


def test_without_files_the_table_is_the_set(table, tmp_path):
    """Every row, in order."""
    labels = read_labels(table("file,class\nb.csv,x\na.csv,y\n"))

    assert label_files([], labels, RULE, tmp_path)[0] == labels


def test_an_archive_is_as_many_recordings_as_it_holds(tmp_path):
    """Each with the class of its own name; one that is damaged costs a sentence, and so does an archive of none."""
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for name in ("a/inner.npz", "b/outer.npz"):
            archive.write(save(tmp_path / name), name)
        archive.writestr("readme.md", "none of ours")
    (tmp_path / "none.zip").write_bytes(b"PK")
    files, left_out = label_files([tmp_path / "set.zip", tmp_path / "none.zip"], [], RULE, tmp_path / "unpacked")

    assert [(Path(file.name).name, file.label) for file in files] == [("inner.npz", "inner"), ("outer.npz", "outer")]
    assert all(file.read().fs == 12_000 for file in files)
    assert len(left_out) == 1
    assert "none.zip" in left_out[0]
