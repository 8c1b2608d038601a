"""What the sidebar asks, without a browser: uploads, channels, and what is said of bad ones."""

import pickle
import shutil
import struct

import numpy as np
import pytest

from cbam_viz.ui.choice import DEFAULTS
from cbam_viz.ui.uploads import upload_store
from tests.ui.screen import advice, array, chosen_file, matlab, sentences, upload, verdict

# ---------------------------------------------------------------- uploads


@pytest.fixture
def recording(inner) -> bytes:
    """A .mat file in the form of the MFPT society."""
    return matlab(bearing={"gs": inner[:, None], "sr": 48_828.0, "rate": 25.0, "load": 300.0})


def test_an_upload_is_shown_at_once(recording, visit):
    """A file that tells its rate, speed and bearing is explained with nothing typed, under its own name."""
    app = upload(visit(), "mine.mat", recording)

    assert "Inner race" in verdict(app)
    assert chosen_file(app) == "mine.mat"
    assert (app.number_input(key="rate_hz").value, app.number_input(key="shaft_rpm").value) == (48_828.0, 1500.0)
    assert app.selectbox(key="bearing").value == "NICE"
    assert "This bearing, or one of its kind, was in training: a new machine will be harder." in sentences(app)


def test_earlier_uploads_stay_listed(recording, visit):
    """Each upload joins the list, and an earlier one can be chosen again."""
    app = upload(upload(visit(), "first.mat", recording), "second.mat", recording)
    box = app.selectbox(key="signal")
    assert box.options[:2] == ["second.mat", "first.mat"]

    first = app.session_state["uploads"][1]
    box.set_value(first).run()

    assert "Inner race" in verdict(app)
    assert chosen_file(app) == "first.mat"


def test_several_files_are_taken_at_once(recording, visit):
    """All join the list in their order, the first is shown, and one that can't be read is said and loses nothing."""
    app = visit()
    for name, content in (("a.mat", recording), ("b.csv", b"words\n"), ("c.mat", recording)):
        app.file_uploader[0].upload(name, content)
    app.run()

    assert "Inner race" in app.header[0].value
    assert chosen_file(app) == "a.mat"
    assert set(app.selectbox(key="signal").options[:2]) == {"a.mat", "c.mat"}
    assert "b.csv" in advice(app)
    assert advice(app).endswith("a.mat is shown.")


def test_a_file_is_shown_before_it_is_explained(visit):
    """A file that can't be explained yet, since its rate is missing, is previewed: channels, length, a small line."""
    app = upload(visit(), "two.npy", array(np.random.default_rng(0).normal(size=(2, 30_000))))

    assert "sampling rate" in advice(app)
    assert "2 channels · 30,000 samples · rate unknown" in sentences(app)
    assert len(app.get("plotly_chart")) == 1

    app.number_input(key="rate_hz").set_value(12_000.0).run()
    verdict(app)
    assert "2 channels · 12,000 Hz · 2.5 s" in sentences(app)


def test_what_was_typed_stays_for_the_next_file(visit):
    """Where a file says nothing, the next one that says nothing either begins with what was typed for it."""
    content = array(np.random.default_rng(0).normal(size=30_000))
    app = upload(visit(), "first.npy", content)
    app.number_input(key="rate_hz").set_value(25_600.0)
    app.number_input(key="shaft_rpm").set_value(1_480.0)
    app.segmented_control(key="block").set_value(3).run()
    app = upload(app, "second.npy", content)

    verdict(app)
    assert chosen_file(app) == "second.npy"
    assert (app.number_input(key="rate_hz").value, app.number_input(key="shaft_rpm").value) == (25_600.0, 1_480.0)
    assert app.session_state["block"] == 3


def test_what_a_file_says_wins_over_what_was_typed(visit, recording):
    """A rate typed for one file is no rate of a file that tells its own."""
    app = upload(visit(), "first.npy", array(np.random.default_rng(0).normal(size=30_000)))
    app.number_input(key="rate_hz").set_value(25_600.0).run()
    app = upload(app, "mine.mat", recording)

    verdict(app)
    assert app.number_input(key="rate_hz").value == 48_828.0


# ---------------------------------------------------------------- simulated bearings


@pytest.mark.parametrize(("fault", "said"), [("none", "Healthy"), ("outer", "Outer race"), ("ball", "Ball")])
def test_a_simulated_bearing_is_diagnosed(fault, said, visit):
    """Picked from the list, a simulation brings its network, and each damage is named as what it is."""
    app = visit()
    app.selectbox(key="signal").set_value("simulated").run()
    assert "Inner race" in verdict(app)
    assert app.selectbox(key="network").value == "bearing-sim-4"
    app.selectbox(key="fault").set_value(fault).run()

    assert said in verdict(app)


def test_every_slider_makes_another_signal(visit):
    """Each setting of the simulation changes what is explained, and going back brings the first back."""
    app = visit(signal="simulated", network="bearing-sim-4")
    first = verdict(app), sentences(app)
    for key, value in (("snr", 0.0), ("severity", 0.4), ("load", 0.9), ("slip", 4.0), ("resonance", 2200.0)):
        before = app.slider(key=key).value
        app.slider(key=key).set_value(value).run()
        assert (verdict(app), sentences(app)) != first
        app.slider(key=key).set_value(before).run()
        assert (verdict(app), sentences(app)) == first


def test_a_simulation_is_reproduced_by_its_url(visit, store):
    """A visitor with nothing but the URL sees the same, also when the file is no longer kept."""
    app = visit(signal="simulated", network="bearing-sim-4")
    app.selectbox(key="fault").set_value("ball")
    app.slider(key="snr").set_value(3.0)
    app.number_input(key="machine").set_value(3_017).run()
    said = verdict(app), sentences(app)
    for folder in store.iterdir():
        shutil.rmtree(folder)
    again = visit(**app.query_params)

    assert (verdict(again), sentences(again)) == said


def test_settings_of_a_link_are_brought_into_their_range(visit):
    """A link with a setting that no slider has opens at the nearest that there is."""
    app = visit(signal="simulated", snr="99", severity="-3", fault="cage", machine="-1", network="bearing-sim-4")

    verdict(app)
    assert (app.slider(key="snr").value, app.slider(key="severity").value) == (20.0, 0.0)
    assert (app.selectbox(key="fault").value, app.number_input(key="machine").value) == ("inner", 0)


def test_an_upload_survives_a_reload(recording, visit):
    """A new session that has only the URL shows the same upload, window and block."""
    app = upload(visit(), "mine.mat", recording)
    app.slider(key="window").set_value(2)
    app.segmented_control(key="block").set_value(3).run()
    again = visit(**app.query_params)

    assert verdict(again) == verdict(app)
    assert sentences(again) == sentences(app)
    assert (chosen_file(again), again.slider(key="window").value, again.session_state["block"]) == ("mine.mat", 2, 3)


def test_an_upload_is_read_where_it_was_written(recording, visit):
    """The store holds one file, as it came, and no path from its name."""
    upload(visit(), "../../mine.mat", recording)

    (kept,) = upload_store().rglob("*.mat")
    assert kept.name == "mine.mat"
    assert kept.read_bytes() == recording


def test_each_channel_keeps_its_own_facts(inner, visit):
    """Moving to another channel takes its rate and forgets what was typed for the last."""
    content = matlab(X097_DE_time=inner[:, None], X097_FE_time=inner[::-1, None], X097RPM=1797.0)
    app = upload(visit(), "97.mat", content)
    app.number_input(key="shaft_rpm").set_value(1000.0).run()
    app.selectbox(key="channel").set_value("X097_FE_time").run()

    verdict(app)
    assert app.number_input(key="shaft_rpm").value == 1797.0
    assert app.selectbox(key="bearing").value == "6203"


def test_the_network_that_knows_the_bearing_is_suggested(inner, visit):
    """A recording of CWRU moves to cwru-10, a sample of MFPT back to mfpt-3; the person may choose otherwise."""
    app = upload(visit(), "105.mat", matlab(X105_DE_time=inner[:, None], X105RPM=1797.0))
    verdict(app)
    assert app.selectbox(key="network").value == "cwru-10"
    app.selectbox(key="network").set_value("mfpt-3").run()
    verdict(app)
    assert app.selectbox(key="network").value == "mfpt-3"

    app.selectbox(key="network").set_value("cwru-10").run()
    app.selectbox(key="signal").set_value("inner_300lb").run()
    verdict(app)
    assert app.selectbox(key="network").value == "mfpt-3"


def test_a_switched_network_is_said_and_goes_back(inner, visit, packed):
    """What a simulation moved to is said beside the verdict, and the next upload is read by what was chosen before."""
    app = visit()
    app.selectbox(key="signal").set_value("simulated").run()
    verdict(app)
    said = "Switched from mfpt-3 to bearing-sim-4, which was trained on this kind of signal."
    assert said in sentences(app)

    app = upload(app, "mine.npz", packed(samples=inner, fs=48_828.0))
    assert "Inner race" in verdict(app)
    assert app.selectbox(key="network").value == "mfpt-3"
    assert said not in sentences(app)


def test_a_network_that_the_person_chose_stays(inner, visit, packed):
    """Chosen after a switch, it reads the next upload too, and the page says where it has seen only simulations."""
    app = visit()
    app.selectbox(key="signal").set_value("simulated").run()
    app.selectbox(key="network").set_value("mfpt-3").run()
    app.selectbox(key="network").set_value("bearing-sim-4").run()
    assert not any(said.startswith("Switched") for said in sentences(app))

    app = upload(app, "mine.npz", packed(samples=inner, fs=48_828.0))
    verdict(app)
    assert app.selectbox(key="network").value == "bearing-sim-4"
    assert any(said.startswith("bearing-sim-4 has seen only simulated bearings") for said in sentences(app))


# ---------------------------------------------------------------- bad input: one sentence, and the page stays usable

RIFF = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 8036, b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16, b"data", 8000)
NOISE = np.random.default_rng(0).normal(size=30_000)
DAMAGED = "whole and not renamed"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "A file must hold samples, but empty.csv is empty (0 bytes)."),
        ("words.csv", b"how\nare\nyou\n", "hold none"),
        ("renamed.mat", b"1\n2\n3\n" * 100, DAMAGED),
        ("renamed.wav", array(NOISE), "begins as a .npy file does. Rename it to renamed.npy."),
        ("renamed.npz", b"1\n2\n3\n" * 100, DAMAGED),
        ("cut.npy", array(NOISE)[:1000], DAMAGED),
        ("cut.mat", matlab(x=NOISE)[:5000], DAMAGED),
        ("pickle.npy", pickle.dumps([1.0] * 5000), DAMAGED),
        ("objects.npy", array(np.array([{}, []], object), allow_pickle=True), "holds objects, which are never loaded"),
        ("complex.npy", array(NOISE * 1j), "is complex"),
        ("cube.npy", array(NOISE.reshape(10, 30, 100)), "has 3 dimensions"),
    ],
)  # fmt: skip
def test_a_file_that_can_not_be_read_changes_nothing(name, content, sentence, visit):
    """One sentence says what is wrong with the upload; the page keeps what it showed."""
    app = visit()
    before = verdict(app)
    upload(app, name, content)

    assert sentence in advice(app)
    assert app.header[0].value == before
    assert app.selectbox(key="signal").value == DEFAULTS["signal"]


def test_advice_on_an_upload_is_said_once(visit):
    """After the next step the page says nothing of an upload that was refused."""
    app = upload(visit(), "empty.csv", b"")
    advice(app)

    assert "Inner race" in verdict(app.run())


@pytest.fixture
def unusable(inner, packed) -> dict[str, bytes]:
    """Files that can be read but not explained."""
    samples = inner[:40_000].copy()
    gaps = samples.copy()
    gaps[[100, 101, 5000]] = np.nan, np.inf, np.nan
    wide = samples.copy()
    wide[100:200] = np.nan
    return {
        "gaps": packed(x=gaps, fs=48_828.0),
        "wide": packed(x=wide, fs=48_828.0),
        "constant": packed(x=np.full(40_000, 3.0), fs=48_828.0),
        "short": packed(x=samples[:1000], fs=48_828.0),
        "slow": packed(x=samples, fs=6000.0),
        "zero": packed(x=samples, fs=0.0),
        "negative": packed(x=samples, fs=-12_000.0),
        "unknown": packed(x=samples),
    }


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("gaps", "holds 3 that are not (NaN or Inf), the first at sample 100."),
        ("constant", "A signal must vary, but all 40000 samples of constant.npz are 3."),
        ("short", "This network reads windows of 2048 samples at 12207 Hz"),
        ("slow", "but the signal is sampled at 6000 Hz and a higher rate would only invent that band."),
        ("zero", "A sampling rate lies between 1 Hz and 100 MHz, but 0 Hz was given."),
        ("negative", "A sampling rate lies between 1 Hz and 100 MHz, but -12000 Hz was given."),
        ("unknown", "A signal needs its sampling rate, but unknown.npz does not tell it."),
    ],
)
def test_a_signal_that_can_not_be_explained_is_one_sentence(kind, sentence, unusable, visit):
    """The page says what must hold, and a sample can be chosen as if nothing had been."""
    app = upload(visit(), f"{kind}.npz", unusable[kind])

    assert sentence in advice(app)
    assert chosen_file(app) == f"{kind}.npz"
    app.selectbox(key="signal").set_value("normal_1").run()
    assert "Healthy" in verdict(app)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("silent.wav", RIFF + bytes(8000), "A signal must vary, but all 4000 samples of silent.wav are 0."),
        ("ragged.csv", b"1,2\n3,4\n5\n6,7\n" * 9, "of ragged.csv has 1 of 2"),
    ],
)
def test_a_fault_that_only_reading_finds_is_one_sentence(name, content, sentence, visit):
    """What no header tells is said when the samples are read."""
    assert sentence in advice(upload(visit(), name, content))


def test_short_gaps_are_bridged_on_demand(unusable, visit):
    """The switch appears with the sentence, bridges what is missing, and says how much it was."""
    app = upload(visit(), "gaps.npz", unusable["gaps"])
    advice(app)
    app.toggle(key="bridge").set_value(True).run()

    assert "Inner race" in verdict(app)
    assert "Missing samples bridged by straight lines: 3." in sentences(app)
    assert app.query_params["bridge"] == "True"

    app.toggle(key="bridge").set_value(False).run()
    assert "NaN or Inf" in advice(app)


def test_a_long_gap_is_never_bridged(unusable, visit):
    """Bridging is not offered where a line would be an invention; how long the gap is stands there."""
    app = upload(visit(), "wide.npz", unusable["wide"])

    assert "in a row. Cut the recording before or after them." in advice(app)
    assert "bridge" not in [toggle.key for toggle in app.toggle]


def test_a_rate_is_asked_for_where_the_file_does_not_tell(unusable, visit):
    """Once the rate is given, the signal is explained; the rate goes into the URL."""
    app = upload(visit(), "unknown.npz", unusable["unknown"])
    advice(app)
    app.number_input(key="rate_hz").set_value(48_828.0).run()

    assert "Inner race" in verdict(app)
    assert app.query_params["rate_hz"] == "48828.0"


@pytest.mark.parametrize("rate", [-5.0, 0.0, 0.5, 1e12])
def test_no_recorder_has_such_a_rate(rate, visit):
    """An impossible rate is said; an empty field is the rate of the file."""
    app = visit()
    app.number_input(key="rate_hz").set_value(rate).run()
    assert "A sampling rate lies between 1 Hz and 100 MHz" in advice(app)

    app.number_input(key="rate_hz").set_value(None).run()
    assert "Inner race" in verdict(app)


@pytest.mark.parametrize("text", ["SKF", "bpfo=1", "balls=9;ball=50;pitch=40"])
def test_a_bearing_that_is_none_leaves_the_rest_in_place(text, visit):
    """One sentence about the bearing; figures stay, without fault-period ticks."""
    app = visit(bearing=text)

    assert "A bearing is one of 6205, 6203, NICE, 6205 simulated" in advice(app)
    assert "Inner race" in app.header[0].value
    assert not any("Ticks: the period" in caption for caption in sentences(app))


@pytest.mark.parametrize("text", ["bpfo=3.58;bpfi=5.42;bsf=2.36;ftf=0.40", "balls=9;ball=7.94;pitch=39.04"])
def test_own_orders_and_geometry_draw_the_fault_period(text, visit):
    """A bearing that ships with nothing is described by its orders or its geometry."""
    app = visit(bearing=text)

    verdict(app)
    assert any("Ticks: the period of BPFI at this speed (135." in caption for caption in sentences(app))


def test_what_was_uploaded_before_a_bad_file_is_still_there(recording, visit):
    """Nothing uploaded earlier is lost by a file that can't be read."""
    app = upload(visit(), "mine.mat", recording)
    upload(app, "empty.csv", b"")

    advice(app)
    assert chosen_file(app) == "mine.mat"
    assert "Inner race" in app.header[0].value


# ---------------------------------------------------------------- the unit


def test_the_unit_of_the_file_is_chosen_first(visit):
    """A sample in g may be read in m/s²; the axis follows, the URL says so, and the diagnosis stays."""
    app = visit()
    before, box = verdict(app), app.selectbox(key="unit")
    assert (box.value, box.options) == ("g", ["g", "m/s²", "V", "mV"])
    assert "unit" not in app.query_params
    box.set_value("m/s²").run()

    assert verdict(app) == before
    assert "Converted from g to m/s²." in sentences(app)
    assert app.query_params["unit"] == "m/s²"
    assert visit(**app.query_params).selectbox(key="unit").value == "m/s²"


def test_a_unit_that_nobody_knows_may_be_named(unusable, visit):
    """A file that tells no unit offers all of them; unknown is the first, and not in the URL."""
    app = upload(visit(rate_hz="48828.0"), "unknown.npz", unusable["unknown"])
    app.number_input(key="rate_hz").set_value(48_828.0).run()
    before, box = verdict(app), app.selectbox(key="unit")
    assert (box.value, box.options) == ("", ["unknown", "g", "m/s²", "V", "mV"])
    assert "unit" not in app.query_params
    box.set_value("mV").run()

    assert verdict(app) == before
    assert app.query_params["unit"] == "mV"


def test_a_unit_that_the_file_says_wrongly_is_corrected(visit):
    """A voltage of what was said to be an acceleration: the numbers stay, the diagnosis too, and the page says so."""
    app = visit(unit="mV")

    assert "Inner race" in verdict(app)
    assert app.selectbox(key="unit").value == "mV"
    assert "The file says g; its numbers are read as mV, as they stand." in sentences(app)


def test_the_unit_follows_the_signal(unusable, visit):
    """Another signal comes in its own unit, whatever the last one was read in."""
    app = visit(unit="m/s²")
    assert app.selectbox(key="unit").value == "m/s²"
    app.selectbox(key="signal").set_value("normal_1").run()

    assert app.selectbox(key="unit").value == "g"


@pytest.mark.parametrize(("rpm", "said"), [(0.0, "0"), (-5.0, "−5"), (900_000.0, "900000")])
def test_a_speed_that_no_shaft_has_is_said(rpm, said, visit):
    """One sentence; what was typed stays in its field and in the URL, and the rest of the page is there."""
    app = visit()
    figures = len(app.get("plotly_chart"))
    app.number_input(key="shaft_rpm").set_value(rpm).run()
    again = visit(**app.query_params)

    for page in (app, again):
        assert advice(page) == (
            f"A shaft speed lies between 0 and 600000 rpm, but {said} rpm was given. Enter its turns a minute, or "
            "empty the field where nobody knows them."
        )
        assert page.number_input(key="shaft_rpm").value == rpm
        assert "Inner race" in page.header[0].value
        assert len(page.get("plotly_chart")) == figures
