"""What the page offers to take away, without a browser."""

from tests.ui.screen import verdict


def buttons(app):
    """The download buttons by their labels, in order."""
    return {button.proto.label: button.proto for button in app.get("download_button")}


def test_the_report_comes_first(visit):
    """One button is the main one; the others follow, each with a word on what it gives, and all can be pressed."""
    offered = buttons(visit(tab="Try it"))

    assert list(offered) == ["Report", "Figures", "CSV", "JSON", "Parquet"]
    assert [label for label, button in offered.items() if button.type == "primary"] == ["Report"]
    assert all(button.help and not button.disabled for button in offered.values())


def test_without_a_browser_only_the_figures_are_not_offered(visit, monkeypatch):
    """The page stays usable; the button can't be pressed and says what to install."""
    monkeypatch.setenv("BROWSER_PATH", "nowhere")
    app = visit()
    offered = buttons(app)

    assert verdict(app)
    assert [label for label, button in offered.items() if button.disabled] == ["Figures"]
    assert offered["Figures"].help.startswith("Images are drawn by Chrome or Chromium, but no browser at nowhere was")
