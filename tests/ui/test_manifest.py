"""A set of uploads as it is kept: names, labels, and what is believed of a link."""

import json

import pytest

from cbam_viz.datasets.labels import LabelledFile
from cbam_viz.errors import InputError
from cbam_viz.network.card import ClassName
from cbam_viz.ui.manifest import (
    FILE_NAME,
    Facts,
    Item,
    Manifest,
    add_items,
    add_table,
    edit_items,
    keep_manifest,
    label_uploads,
    parse_manifest,
    read_manifest,
    unknown_rows,
    write_manifest,
)
from cbam_viz.ui.uploads import drop_upload, keep_upload

CLASSES = (ClassName("normal", "Healthy"), ClassName("inner", "Inner race", "inner"))
FULL = Manifest(
    (
        Item("a" * 22, "inner/1.csv", Facts("Ball", 12_000.0, 1797.0, "6205", "left", "rig 1")),
        Item("b" * 22, "2.csv"),
    ),
    "inner: inner, ir; Ball: ball",
    {"2.csv": Facts("Healthy", shaft_rpm=1500.0)},
)


def told(manifest, item):
    """What a set knows of one of its files."""
    return manifest.facts(item, manifest.rule_for(CLASSES), CLASSES)


def test_a_set_goes_through_its_file_and_back():
    """Everything that was typed is in the manifest."""
    assert parse_manifest(write_manifest(FULL)) == FULL


def test_a_kept_set_is_found_by_its_token():
    """The same set has the same token, another set another one."""
    token = keep_manifest(FULL)

    assert read_manifest(token) == FULL
    assert keep_manifest(FULL) == token
    assert keep_manifest(Manifest(FULL.items)) != token


def test_a_set_that_nobody_would_read_again_is_refused():
    """A table of labels may be so long that its set would be lost with the next click; it is refused instead."""
    table = {f"{number}.csv": Facts("Healthy" * 10) for number in range(25_000)}

    with pytest.raises(InputError, match=r"takes up to 2 MB, but that of this one takes \d\.\d MB\. Add fewer files"):
        keep_manifest(Manifest(FULL.items, "", table))


def test_the_network_names_classes_until_a_rule_does():
    """Without a rule a name tells the classes of the network; with one only those of the rule."""
    item = Item("a" * 22, "bearing_IR_3.csv")

    assert told(Manifest((item,)), item).label == "inner"
    assert told(Manifest((item,), "Cracked: bearing"), item).label == "Cracked"


def test_what_is_typed_wins_over_the_table_and_the_table_over_the_name():
    """Each fact comes from the surest place that has it."""
    item, corrected = Item("a" * 22, "inner.csv"), Item("b" * 22, "inner.csv", Facts(shaft_rpm=1200.0))
    manifest = Manifest(table={"inner.csv": Facts("HEALTHY", 25_600.0, 1500.0)})

    assert told(Manifest(), item).label == "inner"
    assert told(manifest, item) == Facts("normal", 25_600.0, 1500.0)
    assert told(manifest, corrected) == Facts("normal", 25_600.0, 1200.0)


def test_a_table_finds_files_in_folders_by_their_last_name():
    """Where the folder is not told, the name of a file is enough if no other has it; else none of them is meant."""
    items = (Item("a" * 22, "new/1.csv"), Item("b" * 22, "old/1.csv"))
    short, full, both = {"1.csv": Facts("inner")}, {"old/1.csv": Facts("normal")}, {"new/1.csv": Facts("inner")}

    assert [told(Manifest(items[:1], table=short), item).label for item in items[:1]] == ["inner"]
    for table, labels, unknown in (
        (short, ["", ""], ["1.csv"]),
        (full, ["", "normal"], []),
        (full | both, ["inner", "normal"], []),
        (full | {"3.csv": Facts("inner")}, ["", "normal"], ["3.csv"]),
    ):
        assert [told(Manifest(items, table=table), item).label for item in items] == labels
        assert unknown_rows(Manifest(items, table=table)) == unknown


def test_two_rows_of_one_file_are_refused(tmp_path):
    """They can't both be right; said twice, the same is one row."""
    rows = [LabelledFile(tmp_path / "x.csv", label, "x.csv") for label in ("inner", "inner", "normal")]

    assert add_table(Manifest(), rows[:2]).table == {"x.csv": Facts("inner")}
    with pytest.raises(InputError, match=r"two rows of x\.csv differ, of the classes inner and normal\."):
        add_table(Manifest(), rows)


def test_two_files_of_one_name_stay_apart():
    """The second of a name gets a number; its extension stays."""
    manifest = add_items(Manifest(), [("a" * 22, "x.csv"), ("b" * 22, "x.csv"), ("c" * 22, "folder/x.csv")])
    manifest = add_items(manifest, [("d" * 22, "x.csv")])

    assert [item.name for item in manifest.items] == ["x.csv", "x (2).csv", "folder/x.csv", "x (3).csv"]


def test_a_table_says_what_it_knows(tmp_path):
    """A speed in Hz is kept in turns a minute, and a later table wins."""
    first = [LabelledFile(tmp_path / "x.csv", "inner", "x.csv", "rig 1", "left", 12_000.0, 25.0, "6205")]
    manifest = add_table(add_table(Manifest(), first), [LabelledFile(tmp_path / "y.csv", "normal", "y.csv")])

    assert manifest.table == {
        "x.csv": Facts("inner", 12_000.0, 1500.0, "6205", "left", "rig 1"),
        "y.csv": Facts("normal"),
    }


def test_edits_of_a_table_are_kept():
    """A cell that was changed is typed, one that was put back is not, and a removed row is gone."""
    items = tuple(Item(letter * 22, f"{letter}.csv") for letter in "abc")
    shown = [Facts("inner"), Facts("normal"), Facts("inner", shaft_rpm=1500.0)]
    cells = {0: {"label": "normal", "bearing": " 6205 "}, 1: {"label": "normal"}, 2: {"shaft_rpm": None}}

    edited = edit_items(Manifest(items), shown, cells, [1])

    assert [item.name for item in edited.items] == ["a.csv", "c.csv"]
    assert edited.items[0].typed == Facts("normal", bearing="6205")
    assert told(edited, edited.items[0]).label == "normal"


def test_an_emptied_cell_follows_the_name_again():
    """Without a typed class the rule tells it."""
    item = Item("a" * 22, "inner.csv", Facts("normal"))
    edited = edit_items(Manifest((item,)), [Facts("normal")], {0: {"label": None}}, [])

    assert told(edited, edited.items[0]).label == "inner"
    assert parse_manifest(write_manifest(edited)).items[0].name == "inner.csv"


def test_a_file_that_is_no_longer_kept_costs_a_sentence():
    """The others are still there, with all that is known of them."""
    tokens = [keep_upload(name, b"1\n2\n")[0] for name in ("inner.csv", "normal.csv")]
    manifest = add_items(Manifest(), zip(tokens, ("inner.csv", "normal.csv"), strict=True))
    drop_upload(tokens[0])

    kept, lost = label_uploads(manifest, manifest.rule_for(CLASSES), CLASSES)

    assert [(file.name, file.label) for file in kept] == [("normal.csv", "normal")]
    assert lost == ("inner.csv is no longer kept. Upload it again.",)


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "null", '{"items": 3, "rule": "", "table": {}}', '{"items": [{}], "rule": "", "table": {}}',
        '{"items": [], "rule": 3, "table": {}}', '{"items": [], "rule": "no rule", "table": {}}',
        '{"items": [], "rule": "", "table": []}', '{"items": [], "rule": "", "table": {"x": {"fs": NaN}}}',
        '{"items": [{"token": 1, "name": "x", "typed": {}}], "rule": "", "table": {}}',
        '{"items": [{"token": "x", "name": "x", "typed": {"other": "x"}}], "rule": "", "table": {}}',
        "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_set_is_not_believed(text):
    """A file that anybody may have uploaded under this name is no set unless every part of it is right."""
    token, _path = keep_upload(FILE_NAME, text.encode())

    assert read_manifest(token) is None


def test_a_signal_is_no_set():
    """The token of an upload leads to no set, whatever it holds."""
    token, _path = keep_upload("set.csv", json.dumps({"items": [], "rule": "", "table": {}}).encode())

    assert read_manifest(token) is None
    assert read_manifest("../" * 7 + "x") is None


def test_a_set_can_not_reach_outside_the_store(tmp_path):
    """A token in a manifest is held to what a token may be."""
    (tmp_path / "secret.csv").write_bytes(b"1\n2\n")
    manifest = Manifest((Item("../secret.csv", "inner.csv"),))

    assert label_uploads(manifest, manifest.rule_for(CLASSES), CLASSES)[0] == ()
