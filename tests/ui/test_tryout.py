"""*Try it* without a browser: edits are added, undone and removed, and stand in the URL."""

import pytest

from tests.ui.screen import sentences, verdict

MASK = "mask:10-60"


@pytest.fixture
def visit(visit):
    """Open the app at this part of the page, with these query parameters."""
    return lambda **query: visit(tab="Try it", **query)


def press(app, label):
    """Press the button with these words."""
    return next(button for button in app.button if button.label == label).click().run()


def done(app):
    """What was done, as listed."""
    return [button.label for button in app.button if button.label[:2].rstrip(".").isdigit()]


def test_nothing_is_tried_at_first(visit):
    """Before and after are the same, there is nothing to undo, and the URL is plain."""
    app = visit()
    verdict(app)

    assert "Nothing is changed yet: before and after are the same." in sentences(app)
    assert {button.label for button in app.button if button.disabled} >= {"Undo", "Reset"}
    assert "edits" not in app.query_params


@pytest.mark.parametrize(
    "kind",
    ["mask", "notch", "noise", "shift", "scale", "resample", "mute", "boost", "flatten", "shuffle", "gate", "channels"],
)
def test_every_kind_can_be_added_as_it_is_offered(kind, visit):
    """The values to start from are such that Add gives an edit, a sentence and a link."""
    app = visit()
    app.selectbox(key="tried").set_value(kind).run()
    press(app, "Add")
    verdict(app)

    assert app.query_params["edits"].startswith(f"{kind}:")
    assert len(done(app)) == 1
    assert any("Inner race goes from 97.7% to" in said for said in sentences(app))


def test_undo_goes_back_step_by_step(visit):
    """Also over a reset; a link has no past, and there the last edit goes."""
    app = visit(edits=f"{MASK};flatten:1")
    assert len(done(app)) == 2
    press(app, "Undo")
    assert app.query_params["edits"] == MASK
    app.selectbox(key="tried").set_value("flatten").run()
    press(app, "Add")
    press(app, "Reset")
    assert "edits" not in app.query_params
    press(app, "Undo")
    assert app.query_params["edits"] == f"{MASK};flatten:1"
    press(app, "Undo")
    assert app.query_params["edits"] == MASK
    verdict(app)


def test_one_of_several_can_be_taken_back(visit):
    """The others stay, in their order."""
    app = visit(edits=f"{MASK};flatten:1;noise:3:1")
    press(app, "2. time gate of block 1 held at its mean")

    assert app.query_params["edits"] == f"{MASK};noise:3:1"
    assert len(done(app)) == 2


def test_typed_numbers_are_taken(visit):
    """From 10 to 60 ms."""
    app = visit()
    app.number_input(key="mask 0").set_value(10.0)
    app.number_input(key="mask 1").set_value(60.0)
    press(app, "Add")

    assert app.query_params["edits"] == MASK


def test_an_edit_that_can_not_be_made_leaves_the_rest(visit):
    """One sentence, and the list is as it was."""
    app = visit(edits=MASK)
    app.number_input(key="mask 0").set_value(60.0)
    app.number_input(key="mask 1").set_value(10.0)
    press(app, "Add")

    assert [each.value for each in app.error] == [
        "A span ends after it begins, but 'mask:60-10' does not. Give the lower end first."
    ]
    assert app.query_params["edits"] == MASK


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("blur:1", "An edit is one of mask"),
        ("flatten:9", "A gate is one of block 1, 2, 3, but flatten:9 names block 9."),
        ("mask:0-9999", "A window needs motion"),
        (";;;" + "x" * 3000, "An edit is one of mask"),
    ],
)
def test_a_bad_link_is_said_and_the_page_stays(text, said, visit):
    """The sentence stands above a page that works, and what is wrong can be taken back there."""
    app = visit(edits=text)

    assert not app.exception
    assert app.error[0].value.startswith(said)
    assert app.error[0].value.endswith("What was tried is left out.")
    assert "Inner race" in app.header[0].value
    press(app, "Reset")
    verdict(app)


def test_edits_stay_with_the_window_and_go_with_the_signal(visit):
    """Another window is edited in the same way; another signal is as it is."""
    app = visit(edits=MASK)
    app.slider(key="window").set_value(3).run()
    assert app.query_params["edits"] == MASK
    app.selectbox(key="signal").set_value("outer_50lb").run()
    verdict(app)

    assert "edits" not in app.query_params
    assert done(app) == []
