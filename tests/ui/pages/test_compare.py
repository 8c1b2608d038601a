"""The page Compare, without a browser: what it shows of each kind of set, and the URL that brings it back."""

import io
import shlex
import zipfile

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cbam_viz.datasets.samples import SAMPLE_DATA
from cbam_viz.ui.manifest import Item, Manifest, keep_manifest, read_manifest
from cbam_viz.ui.uploads import drop_upload
from tests.ui.screen import array, sentences

PAGE = "cbam_viz/ui/pages/compare.py"
VIEWS = 7
SET = {
    "good_1.npz": "normal_1", "good_2.npz": "normal_2",
    "inner_1.npz": "inner_300lb", "inner_2.npz": "inner_50lb",
}  # fmt: skip


@pytest.fixture
def compare(visit):
    """Open Compare at a URL with these query parameters."""

    def open_page(**query: str) -> AppTest:
        app = visit()
        return reopen(app, **query)

    return open_page


def reopen(app: AppTest, **query: str) -> AppTest:
    """Compare, opened anew."""
    fresh = AppTest.from_file(app._script_path, default_timeout=60)
    fresh.query_params.update(query)
    return fresh.switch_page(PAGE).run()


def contents(names=SET) -> dict[str, bytes]:
    """Files to upload: samples under names that tell their class."""
    return {name: (SAMPLE_DATA / f"{sample}.npz").read_bytes() for name, sample in names.items()}


def upload(app: AppTest, files: dict[str, bytes]) -> AppTest:
    """Give files to the upload widget, all at once."""
    for name, content in files.items():
        app.file_uploader[0].upload(name, content)
    return app.run()


def counts(app: AppTest) -> dict[str, str]:
    """What is said of each class; the page must have come to its end without an error."""
    assert [each.value for each in (*app.exception, *app.error)] == []
    assert len(app.get("plotly_chart")) == VIEWS
    said = sentences(app)
    classes = [text.strip("*") for text in said if text.startswith("**")]
    numbers = [text for text in said if " windows" in text and "recording" in text and "·" in text]
    return dict(zip(classes, numbers, strict=True))


def packed(files: dict[str, bytes]) -> bytes:
    """An archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


# ---------------------------------------------------------------- the kinds of sets


def test_the_first_picture_is_there_at_once(compare):
    """With nothing chosen, the samples of the first network are compared in every view, and the URL is plain."""
    app = compare()

    assert app.title[0].value == "How does attention differ between fault classes?"
    assert counts(app) == {
        "Healthy": "3 recordings · 24 windows",
        "Inner race": "5 recordings · 40 windows",
        "Outer race": "4 recordings · 32 windows",
    }
    assert all(chart.proto.alt for chart in app.get("plotly_chart"))
    assert dict(app.query_params) == {}


def test_a_network_without_samples_says_so(compare):
    """One sentence says what to do; the choices stay."""
    app = compare(network="cwru-10")

    assert "No recordings that cwru-10 was made for ship with this program." in app.info[0].value
    app.selectbox(key="network").set_value("mfpt-3").run()
    assert len(counts(app)) == 3


def test_simulated_bearings_bring_their_network(compare):
    """Each class has as many machines as asked for, and the URL gives the same set."""
    app = compare(machines="2")
    app.radio(key="kind").set_value("simulated").run()
    app.number_input(key="machines").set_value(1).run()

    assert app.selectbox(key="network").value == "bearing-sim-4"
    assert counts(app)["Ball"] == "1 specimen · 1 recording · 11 windows"
    assert counts(reopen(app, **app.query_params)) == counts(app)


def test_uploads_are_compared_by_the_classes_of_their_names(compare):
    """Several files at once make a set; a visitor with nothing but the URL sees the same."""
    app = upload(compare(kind="uploads"), contents())
    again = reopen(app, **app.query_params)

    assert counts(app) == {"Healthy": "2 recordings · 16 windows", "Inner race": "2 recordings · 16 windows"}
    assert sentences(again) == sentences(app)
    assert [each.proto.spec for each in again.get("plotly_chart")] == [
        each.proto.spec for each in app.get("plotly_chart")
    ]


def test_an_archive_is_a_set(compare):
    """Each file inside is a recording of its own, and the folder it lies in may tell its class."""
    files = {f"{'inner' if 'inner' in name else 'healthy'}/{number}.npz": content
             for number, (name, content) in enumerate(contents().items())}  # fmt: skip
    app = upload(compare(kind="uploads"), {"all.zip": packed(files)})

    assert counts(app) == {"Healthy": "2 recordings · 16 windows", "Inner race": "2 recordings · 16 windows"}


def test_a_table_of_labels_wins_over_names(compare):
    """A CSV among the files says classes and bearings, wherever it stands among them."""
    files = {"1.npz": "normal_1", "2.npz": "normal_2", "inner_3.npz": "inner_300lb", "4.npz": "inner_50lb"}
    table = (
        "file,class,machine\n1.npz,Healthy,rig 1\n2.npz,normal,rig 1\n4.npz,inner,rig 2\ninner_3.npz,Cracked,rig 2\n"
    )
    app = upload(compare(kind="uploads"), {"labels.csv": table.encode(), **contents(files)})

    assert counts(app) == {
        "Healthy": "1 specimen · 2 recordings · 16 windows",
        "Inner race": "1 specimen · 1 recording · 8 windows",
        "Cracked": "1 specimen · 1 recording · 8 windows",
    }


def test_the_rule_can_be_changed(compare):
    """Other words tell other classes; what is no rule is said, and changes nothing."""
    app = upload(compare(kind="uploads"), contents())
    app.text_area(key="rule").set_value("One: _1; Two: _2").run()
    assert list(counts(app)) == ["One", "Two"]

    app.text_area(key="rule").set_value("no rule").run()
    assert "A rule names each class with the words that tell it" in app.error[0].value
    assert list(counts(app.run())) == ["One", "Two"]

    app.text_area(key="rule").set_value("").run()
    assert list(counts(app)) == ["Healthy", "Inner race"]
    assert app.text_area(key="rule").value.startswith("normal: normal, healthy")


def test_all_files_can_be_removed(compare):
    """The set is empty again, and the page says how to begin."""
    app = upload(compare(kind="uploads"), contents())
    app.button(key="clear").click().run()

    assert app.info[0].value.startswith("Add recordings of at least two classes")
    assert "set" not in app.query_params


# ---------------------------------------------------------------- bad input: a sentence each, and the rest compares


def test_bad_files_cost_a_sentence_each(compare):
    """What can't be read is said; the others are compared, and earlier ones stay."""
    app = upload(compare(kind="uploads"), contents())
    upload(
        app, {"empty.csv": b"", "inner_words.csv": b"how\nare\nyou\n", "labels.csv": b"file,class,fs_hz\nx.csv,y,z\n"}
    )

    assert len(app.error) == 1
    for said in ("empty.csv is empty", "inner\\_words.csv", "line 2 of labels.csv"):
        assert said in app.error[0].value
    assert list(counts(app.run())) == ["Healthy", "Inner race"]


def test_what_can_not_be_compared_is_left_out(compare):
    """Without a class, without a rate, or given twice: one sentence each."""
    files = contents()
    extra = {
        "unknown.npz": (SAMPLE_DATA / "outer_50lb.npz").read_bytes(),
        "inner_raw.npy": array(np.random.default_rng(0).normal(size=30_000)),
        "good_again.npz": files["good_1.npz"],
    }
    app = upload(compare(kind="uploads"), files | extra)

    assert counts(app) == {"Healthy": "2 recordings · 16 windows", "Inner race": "2 recordings · 16 windows"}
    (said,) = (warning.value for warning in app.warning)
    assert "unknown.npz is left out. Every recording needs a class" in said
    assert "inner\\_raw.npy is left out. A signal needs its sampling rate" in said
    assert "are the same signal, which counts once" in said


def test_recordings_that_are_left_out_are_counted(compare):
    """One sentence may tell of several recordings: the title counts recordings, not sentences."""
    files = contents()
    extra = {f"inner_{number}.npy": array(np.random.default_rng(number).normal(size=30_000)) for number in range(3)}
    outer = (SAMPLE_DATA / "outer_50lb.npz").read_bytes()
    app = upload(compare(kind="uploads"), files | extra | {"inner_same.npz": outer, "good_same.npz": outer})

    assert "5 recordings are left out" in [expander.label for expander in app.expander]


def test_one_class_is_no_comparison(compare):
    """The page says what is lacking, and compares as soon as it is there."""
    files = contents()
    app = upload(compare(kind="uploads"), {name: files[name] for name in ("good_1.npz", "good_2.npz")})
    assert "at least two classes, but these 2 have fewer" in app.info[0].value

    upload(app, {"inner_1.npz": files["inner_1.npz"]})
    assert list(counts(app)) == ["Healthy", "Inner race"]


def test_two_names_of_a_class_are_one():
    """By its key or its words, a set of one class is said to be one before anything is recorded."""

    def page() -> None:
        from dataclasses import replace

        from cbam_viz.datasets.samples import label_samples
        from cbam_viz.figures.style import LIGHT
        from cbam_viz.ui.loaders import load_cards
        from cbam_viz.ui.set_views import compare_set

        card = load_cards()["mfpt-3"]
        samples = zip(label_samples(card.bearing)[:3], ("inner", "Inner race", " INNER "), strict=True)
        compare_set(tuple(replace(sample, label=label) for sample, label in samples), (), card, LIGHT)

    app = AppTest.from_function(page, default_timeout=60).run()

    assert [each.value for each in app.exception] == []
    assert "at least two classes, but these 3 have fewer" in app.info[0].value


def test_a_lost_upload_costs_a_sentence(compare):
    """A link to a set of which one file is gone shows the others."""
    app = upload(compare(kind="uploads"), contents())
    kept = app.query_params
    drop_upload(read_manifest(app.session_state["set"]).items[0].token)
    again = reopen(app, **kept)

    assert counts(again)["Healthy"] == "1 recording · 8 windows"
    assert "good\\_1.npz is no longer kept. Upload it again." in again.warning[0].value


@pytest.mark.parametrize("token", ["../../x", "a" * 22, "unknown"])
def test_a_lost_set_is_said(token, compare):
    """A token that leads nowhere gives a warning, and the page is usable at once."""
    app = compare(kind="uploads", set=token)

    assert [warning.value for warning in app.warning] == [
        "The set of this link is no longer kept. Upload its files again."
    ]
    assert list(counts(upload(app, contents()))) == ["Healthy", "Inner race"]


def test_a_hundred_files_at_once(compare, packed):
    """So many are taken and compared; what is beyond is said, and can be added afterwards."""
    rng = np.random.default_rng(0)
    classes = ("inner", "healthy", "outer")
    files = {
        f"{classes[number % 3]} {number}.npz": packed(x=rng.normal(size=2_500), fs=12_207.0) for number in range(102)
    }
    app = upload(compare(kind="uploads"), files)

    (said,) = (error.value for error in app.error)
    assert said.count("Up to 100 files are taken at once") == 2
    assert counts(app.run()) == {
        "Healthy": "33 recordings · 33 windows",
        "Inner race": "34 recordings · 34 windows",
        "Outer race": "33 recordings · 33 windows",
    }


# ---------------------------------------------------------------- what is looked at


def test_a_url_gives_the_same_page(compare):
    """Every choice stands in the URL; opening it elsewhere shows the very same page."""
    app = compare()
    app.segmented_control(key="block").set_value(2)
    app.segmented_control(key="ranked").set_value("cluster")
    app.segmented_control(key="by").set_value("period").run()
    app.segmented_control(key="periods").set_value(2)
    app.segmented_control(key="measure").set_value("cosine")
    app.toggle(key="absolute").set_value(True)
    app.selectbox(key="first").set_value("outer")
    app.selectbox(key="a").set_value(2)
    app.slider(key="b_window").set_value(2).run()
    again = reopen(app, **app.query_params)

    assert dict(again.query_params) == dict(app.query_params)
    assert counts(again) == counts(app)
    assert sentences(again) == sentences(app)
    assert [each.proto.spec for each in again.get("plotly_chart")] == [
        each.proto.spec for each in app.get("plotly_chart")
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "unknown", "ranked": "unknown", "by": "unknown", "measure": "unknown", "first": "unknown"},
        {"block": "99", "periods": "99", "a": "99", "b": "-1", "a_window": "99", "machines": "999"},
        {"first": "inner", "second": "inner", "pinned": "c", "click": "x", "network": "unknown"},
    ],
    ids=["unknown", "out of range", "the same twice"],
)
def test_what_the_url_can_not_mean_is_left_out(query, compare):
    """A value out of range never stops the page."""
    assert len(counts(compare(**query))) == 3


def test_a_class_is_never_compared_with_itself(compare):
    """Where the first class becomes the second, the second moves on."""
    app = compare()
    app.selectbox(key="first").set_value("inner").run()

    counts(app)
    assert app.selectbox(key="second").value == "normal"
    assert app.selectbox(key="second").options == ["Healthy", "Outer race"]


def test_sides_are_swapped(compare):
    """What stood left stands right, window and all."""
    app = compare()
    before = [app.selectbox(key="a").value, app.slider(key="a_window").value]
    app.button(key="swap").click().run()

    counts(app)
    assert [app.selectbox(key="b").value, app.slider(key="b_window").value] == before


def test_a_side_is_opened_without_a_pointer(compare):
    """Its button leads to its very window in Inspect, as a click on its point does."""
    app = compare()
    app.selectbox(key="b").set_value(7).run()
    app.slider(key="b_window").set_value(3).run()
    recording = app.selectbox(key="b").options[6]
    app.button(key="open b").click().run()

    assert app.session_state["window"] == 3
    assert [each.value for each in (*app.exception, *app.error)] == []
    assert any(each.value == "What does it look at in this signal?" for each in app.title)
    shown = app.selectbox(key="signal")
    assert recording.startswith(shown.format_func(shown.value))


def test_one_above_the_other_stands_in_the_url(compare):
    """A link shows both as they stood, and no number changes."""
    app = compare()
    before = sentences(app)
    assert "layout" not in app.query_params
    app.segmented_control(key="layout").set_value("above").run()

    assert app.query_params["layout"] == "above"
    assert sentences(app) == before
    assert reopen(app, layout="above").segmented_control(key="layout").value == "above"


def test_a_set_outlasts_a_visit_to_inspect(compare):
    """Going to Inspect and back keeps the set and what is looked at."""
    app = upload(compare(kind="uploads"), contents())
    app.segmented_control(key="block").set_value(3).run()
    shown = counts(app)
    app.switch_page("cbam_viz/ui/pages/inspect.py").run()
    assert "set" not in app.query_params
    app.switch_page(PAGE).run()

    assert counts(app) == shown
    assert app.segmented_control(key="block").value == 3


def test_a_set_of_strangers_is_kept_apart(compare):
    """A manifest whose tokens lead nowhere shows no file of anybody."""
    token = keep_manifest(Manifest((Item("../x", "inner.csv"), Item("a" * 22, "good.csv"))))
    app = compare(kind="uploads", set=token)

    assert "is no longer kept" in app.warning[0].value
    assert len(app.get("plotly_chart")) == 0


# ---------------------------------------------------------------- the two doors


def script() -> None:
    """Compare as it stands, and beside it what it offers to download as JSON and the command of its report."""
    import runpy

    import streamlit as st

    from cbam_viz.studies.set_numbers import comparison_json
    from cbam_viz.studies.set_report import command_again
    from cbam_viz.ui.set_files import words_of

    page = runpy.run_path("cbam_viz/ui/pages/compare.py")
    comparison, view = page["shown"].comparison, page["whole_view"](page["shown"])
    source, _labels = words_of(page["recordings"])
    st.code(comparison_json(comparison, view))
    st.code(command_again(comparison, view, source))


LOOKED_AT = {
    "block": "2", "ranked": "difference", "absolute": "True", "first": "outer", "second": "inner", "by": "period",
    "periods": "2", "measure": "cosine", "a": "5", "b": "2", "b_window": "3",
}  # fmt: skip
SIMULATED = {"kind": "simulated", "network": "bearing-sim-4", "machines": "2", "snr": "-3.0", "speed": "1500.0"}


@pytest.mark.parametrize(
    "query",
    [{}, LOOKED_AT, SIMULATED, SIMULATED | LOOKED_AT],
    ids=["samples", "samples, all choices", "simulated", "simulated, all choices"],
)
def test_the_command_of_the_page_writes_its_numbers(query, run, tmp_path):
    """Every number on the page equals the command line's, to the last digit of the JSON."""
    app = AppTest.from_function(script, default_timeout=60)
    app.query_params.update(query)
    app.run()
    assert [each.value for each in (*app.exception, *app.error)] == []
    told, command = (block.value for block in app.code)
    words = shlex.split(command)[3:]
    words[words.index("--html") + 1] = str(tmp_path / "out.html")
    code, *_ = run(*words, "--json", tmp_path / "out.json")

    assert code == 0
    assert (tmp_path / "out.json").read_text(encoding="utf-8").strip() == told.strip()
    if query.get("block"):
        assert all(f"--{name} {query[name]} " in command for name in ("block", "periods", "measure", "a", "b"))
