"""Figures as image files, drawn by a Chrome or Chromium of this machine, which is looked for by its usual names.

Nothing is fetched: formulas in figures are plain text, so the browser needs no MathJax.
"""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import plotly.graph_objects as go

from cbam_viz.errors import InputError
from cbam_viz.figures.style import on_paper
from cbam_viz.language import _

SCALES = {"svg": 1, "png": 2}
"""Pixels to each of the figure's, for every kind of image."""
WIDTH = 1000
"""Of every figure, in its pixels."""


def lacking_browser() -> str | None:
    """What to install where no browser can draw; None where there is one."""
    from choreographer.browsers.chromium import Chromium  # noqa: PLC0415  # loads what only images need

    path = Chromium.find_browser(skip_local=False)
    if path and Path(path).is_file():
        return None
    return _(
        "Images are drawn by Chrome or Chromium, but {found} was found. "
        "Install chromium or google-chrome, or say in the variable BROWSER_PATH where it is."
    ).format(found=_("no browser at {path}").format(path=path) if path else _("none"))


def draw_images(figures: Mapping[str, go.Figure]) -> dict[str, bytes]:
    """Draw every figure in every kind, ``name.svg`` and ``name.png``, by one start of the browser.

    Raises
    ------
    InputError
        If there is no browser, or it does not draw.
    """
    if advice := lacking_browser():
        raise InputError(advice)
    import kaleido  # noqa: PLC0415
    from kaleido.errors import BrowserClosedError, BrowserFailedError, ChromeNotFoundError, KaleidoError  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        wanted = [
            {"fig": on_paper(figure), "path": Path(folder) / f"{name}.{kind}", "opts": {"width": WIDTH, "scale": scale}}
            for name, figure in figures.items()
            for kind, scale in SCALES.items()
        ]
        try:
            kaleido.write_fig_from_object_sync(wanted, cancel_on_error=True, kopts={"mathjax": False})
        except (BrowserClosedError, BrowserFailedError, ChromeNotFoundError, KaleidoError, TimeoutError) as error:
            raise InputError(
                _(
                    "Images are drawn by Chrome or Chromium, but the one that was found did not draw them ({error}). "
                    "Install another, or say in the variable BROWSER_PATH where it is."
                ).format(error=type(error).__name__)
            ) from error
        return {each["path"].name: each["path"].read_bytes() for each in wanted}
