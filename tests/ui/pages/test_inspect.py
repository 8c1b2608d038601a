"""The page Inspect, without a browser: what it shows of a sample, and the URL that brings it back."""

import re

import pytest

from cbam_viz.datasets.samples import list_samples
from cbam_viz.ui.choice import DEFAULTS
from tests.ui.screen import sentences, verdict

SAMPLES = [sample.path.stem for sample in list_samples()]
PERCENT = re.compile(r"([\d.]+)%")
WORDS = {
    "normal": "Healthy",
    "inner": "Inner race",
    "outer": "Outer race",
    "ball": "Ball",
}


def off(app):
    """Which of the two buttons that step by a window can't be pressed."""
    return [button.label for button in app.button if button.disabled and button.label in {"Previous", "Next"}]


# ---------------------------------------------------------------- samples and choices


def test_the_first_picture_is_there_at_once(visit):
    """With nothing chosen, a sample is explained: a verdict, five figures, a tab of three, no question."""
    app = visit()

    assert "Inner race" in verdict(app)
    assert len(app.get("plotly_chart")) == 8


@pytest.mark.parametrize("sample", list_samples(), ids=SAMPLES)
def test_every_sample_is_diagnosed_as_what_it_is(sample, visit):
    """A network names every sample of its kind rightly in the window that opens, and says what it knows of it."""
    simulated = sample.domain == "Simulated bearing"
    app = visit(signal=sample.path.stem, network="bearing-sim-4" if simulated else "mfpt-3")
    said = "This bearing, or one of its kind, was in training" if simulated else "This recording was in training"

    assert WORDS[sample.fault] in verdict(app)
    assert any(sentence.startswith(said) for sentence in sentences(app))


@pytest.mark.parametrize("block", [1, 2, 3])
def test_the_chosen_block_is_drawn(block, visit):
    """Captions of both figures speak of the block that was picked."""
    app = visit()
    app.segmented_control(key="block").set_value(block).run()

    verdict(app)
    assert sum(f"block {block}" in caption for caption in sentences(app)) >= 1
    assert f"Channel attention of block {block}" in app.get("plotly_chart")[1].proto.alt


@pytest.mark.parametrize("key", ["scale", "order"])
def test_every_scale_and_order_is_drawn(key, visit):
    """Each of the offered scales and orders gives a page, and stands in the URL."""
    app = visit()
    for option in ("unit", "map", "usual") if key == "scale" else ("deviation", "number", "frequency"):
        app.segmented_control(key=key).set_value(option).run()
        verdict(app)
        assert app.query_params.get(key, DEFAULTS[key]) == option


def test_channel_attention_is_absolute_on_demand(visit):
    """The switch changes what Figure B shows and its caption."""
    app = visit()
    app.toggle(key="absolute").set_value(True).run()

    verdict(app)
    assert any(caption.startswith("How much of each channel is let through") for caption in sentences(app))


def test_the_slider_moves_the_window(visit):
    """Another window has another gate, and so another description of the figure."""
    app = visit()
    before = app.get("plotly_chart")[0].proto.alt
    app.slider(key="window").set_value(2).run()

    verdict(app)
    assert app.get("plotly_chart")[0].proto.alt != before
    assert app.query_params["window"] == "2"


def test_previous_and_next_step_by_one_window(visit):
    """The buttons move by one and stop at the ends."""
    app = visit(window="7")
    back, on = (button for button in app.button if button.label in {"Previous", "Next"})
    assert (back.disabled, on.disabled) == (False, False)

    on.click().run()
    assert app.slider(key="window").value == 8
    assert off(app) == ["Next"]

    for number in range(7, 0, -1):
        next(button for button in app.button if button.label == "Previous").click().run()
        assert app.slider(key="window").value == number
    assert off(app) == ["Previous"]


def test_the_window_that_opens_is_the_surest(visit):
    """The first picture is the window with the highest probability of the whole signal's class."""
    app = visit()
    surest = PERCENT.search(verdict(app))[1]
    others = []
    for number in range(1, 9):
        app.slider(key="window").set_value(number).run()
        others.append(float(PERCENT.search(verdict(app))[1]))

    assert float(surest) == max(others) > min(others)


def test_another_network_reads_the_same_signal(visit):
    """Switching the network keeps the signal and draws the other network's classes."""
    app = visit()
    app.selectbox(key="network").set_value("cwru-10").run()

    verdict(app)
    assert app.selectbox(key="signal").value == DEFAULTS["signal"]
    assert app.query_params["network"] == "cwru-10"
    assert any(said.startswith("The file names a bearing that was not in training;") for said in sentences(app))


# ---------------------------------------------------------------- the URL


def test_a_url_gives_the_same_page(visit):
    """Every choice stands in the URL; opening it elsewhere shows the very same page."""
    app = visit(signal="outer_50lb")
    app.segmented_control(key="block").set_value(2)
    app.segmented_control(key="scale").set_value("map")
    app.segmented_control(key="order").set_value("deviation")
    app.toggle(key="absolute").set_value(True)
    app.slider(key="window").set_value(3)
    app.number_input(key="shaft_rpm").set_value(1480.0).run()
    again = visit(**app.query_params)

    assert dict(again.query_params) == dict(app.query_params)
    assert verdict(again) == verdict(app)
    assert sentences(again) == sentences(app)
    assert [each.proto.spec for each in again.get("plotly_chart")] == [
        each.proto.spec for each in app.get("plotly_chart")
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"network": "unknown", "channel": "unknown", "scale": "unknown", "order": "unknown"},
        {"block": "99", "window": "99", "rate_hz": "nan"},
        {"block": "-1", "window": "-3", "bridge": "True"},
        {"block": "9" * 99, "window": "9" * 99, "shaft_rpm": "inf"},
    ],
    ids=["unknown", "too large", "too small", "absurd"],
)
def test_what_the_url_can_not_mean_is_left_out(query, visit):
    """A value out of range, or of another network, never stops the page, and leaves the URL."""
    app = visit(**query)

    assert "Inner race" in verdict(app)
    left = {key for key, text in query.items() if app.query_params.get(key) == text}
    assert left <= {"bridge"}


@pytest.mark.parametrize("token", ["../../x", "a" * 22, "", "a\0b", "unknown"])
def test_a_lost_upload_is_said_and_a_sample_shown(token, visit):
    """A token that leads nowhere gives a warning, and the page is usable at once."""
    app = visit(signal=token)

    assert "Inner race" in verdict(app)
    assert [warning.value for warning in app.warning] == [
        "The upload of this link is no longer kept. Upload the file again."
    ]
    assert app.selectbox(key="signal").value in SAMPLES
