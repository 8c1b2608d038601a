"""Pages for colleagues that open offline: one look, one program that draws, several templates."""

from importlib import resources

import jinja2

from cbam_viz.figures.page import drawing, drawing_script
from cbam_viz.figures.style import FONT, LIGHT
from cbam_viz.language import _
from cbam_viz.studies.panels import Panel

_PAGES = jinja2.Environment(
    loader=jinja2.FunctionLoader(lambda name: (resources.files(__package__) / name).read_text(encoding="utf-8")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


def render_page(template: str, panels: dict[str, Panel], **content: object) -> str:
    """A page with its pictures; the same content gives the same text.

    Parameters
    ----------
    template : name of its file, which extends ``page.html``.
    panels : the pictures by the names of their files.
    content : what else the template shows; all of it is escaped.
    """
    return _PAGES.get_template(template).render(
        _=_,
        colour=LIGHT,
        font=FONT,
        script=drawing_script(),
        figures=[(name, panel, drawing(panel.figure, name)) for name, panel in panels.items()],
        **content,
    )
