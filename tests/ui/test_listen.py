"""*Listen* without a browser: what is given to the player."""

import base64
import io
import json

import numpy as np
import pytest
import soundfile

from tests.ui.screen import sentences, verdict


def given(app):
    """What the player got."""
    verdict(app)
    proto = next(each.proto for each in app.get("bidi_component"))
    return json.loads(proto.json)


def heard(app):
    """The three sounds, and their rate."""
    read = [soundfile.read(io.BytesIO(base64.b64decode(wave))) for wave in given(app)["waves"]]
    return np.array([samples for samples, _fs in read]), {fs for _samples, fs in read}


def test_three_sounds_of_one_window(visit):
    """One window at the network's rate; what passes and what does not add up, to the last of 16 bits."""
    sounds, rates = heard(visit(tab="Listen"))

    assert sounds.shape == (3, 2048)
    assert rates == {12_207}
    np.testing.assert_allclose(sounds[1] + sounds[2], sounds[0], atol=2**-14)
    assert np.abs(sounds[0]).max() == pytest.approx(10 ** (-1 / 20), abs=2**-14)


def test_the_recording_is_all_its_windows(visit):
    """Eight windows of the sample, one after the other, played once."""
    app = visit(tab="Listen", heard="all")

    assert heard(app)[0].shape == (3, 8 * 2048)
    assert given(app)["loop"] is False


def test_the_same_loudness_on_demand(visit):
    """The switch brings all three to one root mean square, and the caption says so."""
    app = visit(tab="Listen")
    plain = np.sqrt(np.mean(heard(app)[0] ** 2, axis=1))
    app.toggle(key="level").set_value(True).run()
    level = np.sqrt(np.mean(heard(app)[0] ** 2, axis=1))

    assert np.ptp(plain) > 0.1 * plain[0]
    assert np.ptp(level) < 1e-3 * level[0]
    assert any("so only their character can be compared" in said for said in sentences(app))


def test_slower_is_lower(visit):
    """The player runs slower, and the caption says what falls; the choice stands in the URL."""
    app = visit(tab="Listen")
    app.segmented_control(key="slower").set_value(4).run()

    assert given(app)["slower"] == 4
    assert app.query_params["slower"] == "4"
    assert any("every pitch falls by that factor" in said for said in sentences(app))


@pytest.mark.parametrize("query", [{"heard": "noise", "slower": "3"}, {"slower": "-1", "tab": "unknown"}])
def test_what_the_url_can_not_mean_is_left_out(query, visit):
    """A choice that is none is the default."""
    app = visit(**{"tab": "Listen"} | query)
    verdict(app)

    assert not set(query) & set(app.query_params)


def test_only_the_open_part_is_made(visit):
    """Before the tab is opened, no sound is."""
    assert not visit().get("bidi_component")
