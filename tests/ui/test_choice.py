"""State has one home, and the URL carries it."""

from dataclasses import asdict, fields

import pytest
from streamlit.testing.v1 import AppTest

from cbam_viz.ui.choice import DEFAULTS, Choice

OTHER = Choice(
    signal="outer_50lb",
    fault="ball",
    machine=17,
    speed=1500.0,
    load=0.25,
    slip=0.5,
    snr=-3.0,
    resonance=2500.0,
    severity=0.75,
    channel="X105_DE_time",
    unit="mV",
    rate_hz=12_000.5,
    shaft_rpm=1797.0,
    bearing="balls=9;ball=7.94;pitch=39.04",
    bridge=True,
    network="cwru-10",
    block=3,
    scale="map",
    window=17,
    order="deviation",
    absolute=True,
    band_low=1000,
    band_high=3000,
    orders=True,
    nudge=-1.2,
    edits="mask:1-2;scale:2",
    tab="Listen",
    heard="all",
    level=True,
    slower=4,
    kind="uploads",
    set="a" * 22,
    machines=3,
    ranked="cluster",
    first="outer",
    second="ball",
    by="period",
    periods=2,
    measure="cosine",
    a=3,
    a_window=7,
    b=5,
    b_window=2,
    layout="above",
    pinned="b",
    click="pair",
    tested=True,
    circuit="biquad",
    circuit_network="biquad-13",
    drift="R4=30;C1=-12.5",
    draw=7,
    noise_db=35.0,
    drifted="Two parts",
    swept="R2",
    along="R1",
    up="C2",
)


def _script() -> None:
    from cbam_viz.ui import choice

    choice.restore_choice()
    choice.choose("picked", choice.publish_choice(tuple(choice.DEFAULTS)))


def _comparison() -> None:
    from cbam_viz.ui import choice

    choice.restore_choice()
    choice.publish_comparison()


def restored(**query: str) -> AppTest:
    """A visit with these query parameters."""
    app = AppTest.from_function(_script)
    app.query_params.update(query)
    return app.run()


def test_the_example_differs_from_the_default_everywhere():
    """So what holds for it holds for every choice there is."""
    assert all(getattr(OTHER, field.name) != field.default for field in fields(Choice))


def test_every_choice_goes_through_the_url_and_back():
    """A URL gives back each choice in its own type, and is written as it was read."""
    query = {key: str(value) for key, value in asdict(OTHER).items()}
    app = restored(**query)

    assert app.session_state["picked"] == OTHER
    assert dict(app.query_params) == query


def test_a_first_visit_has_a_plain_url():
    """Only what differs from the default stands in the URL."""
    app = restored()

    assert app.session_state["picked"] == Choice()
    assert dict(app.query_params) == {}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("rate_hz", "fast"),
        ("rate_hz", "nan"),
        ("rate_hz", "inf"),
        ("shaft_rpm", "-inf"),
        ("shaft_rpm", ""),
        ("block", "2.5"),
        ("block", "first"),
        ("window", "1e3"),
        ("window", "9" * 5000),
        ("bridge", "yes"),
        ("absolute", ""),
    ],
)
def test_what_can_not_be_read_is_the_default(key, text):
    """A number in the URL that is none, or not a finite one, stands for no choice."""
    assert getattr(restored(**{key: text}).session_state["picked"], key) == DEFAULTS[key]


def test_a_parameter_that_is_no_choice_is_dropped():
    """The URL holds choices and nothing else."""
    assert dict(restored(utm_source="mail").query_params) == {}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("samples", {"network", "block", "kind"}),
        ("simulated", {"network", "block", "kind", "machines", "snr"}),
        ("uploads", {"network", "block", "kind", "set"}),
    ],
)
def test_a_link_tells_nothing_of_another_page_or_set(kind, told):
    """Whoever gets the link of a comparison gets no upload of Inspect, and no set but the one that is shown."""
    app = AppTest.from_function(_comparison)
    query = {"kind": kind, "network": "cwru-10", "block": "2", "signal": "a" * 22, "set": "b" * 22, "machines": "3"}
    app.query_params.update(query | {"snr": "3.0"})
    app.run()

    assert set(app.query_params) == told - ({"kind"} if kind == "samples" else set())


def test_what_follows_stays_out_of_the_url_until_it_is_picked():
    """A choice that follows from others moves with them; once another is made, that one stays, and is in the URL."""

    def script() -> None:
        import streamlit as st

        from cbam_viz.ui import choice

        choice.restore_choice()
        choice.follow("a", st.number_input("natural", value=4), range(1, 9))
        st.number_input("a", key="a", step=1)
        choice.publish_comparison()

    app = AppTest.from_function(script).run()
    assert (app.number_input(key="a").value, dict(app.query_params)) == (4, {})
    app.number_input[0].set_value(5).run()
    assert (app.number_input(key="a").value, dict(app.query_params)) == (5, {})

    app.number_input(key="a").set_value(7).run()
    app.number_input[0].set_value(3).run()
    assert (app.number_input(key="a").value, dict(app.query_params)) == (7, {"a": "7"})


def test_swapping_keeps_what_was_picked():
    """Two sides change places, also where nobody picked either, or picked what the other would be."""

    def script() -> None:
        import streamlit as st

        from cbam_viz.ui import choice

        choice.restore_choice()
        choice.follow("a", 4, range(1, 9))
        choice.follow("b", 6, range(1, 9))
        st.button("pick", on_click=choice.pick, args=("b", 4))
        st.button("swap", on_click=choice.swap, args=(("a", "b"),))

    app = AppTest.from_function(script).run()
    app.button[1].click().run()
    assert (app.session_state["a"], app.session_state["b"]) == (6, 4)
    app.button[1].click().run()
    assert (app.session_state["a"], app.session_state["b"]) == (4, 6)
    app.button[0].click().run()
    app.button[1].click().run()
    assert (app.session_state["a"], app.session_state["b"]) == (4, 4)
