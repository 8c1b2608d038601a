"""The figures of a view as image files, and all of them as one zip."""

import io
import zipfile

from cbam_viz.errors import InputError
from cbam_viz.figures.images import draw_images
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.panels import View, draw_panels
from cbam_viz.studies.physics import study_physics
from cbam_viz.studies.physics_panels import draw_physics


def explanation_images(explanation: Explanation, view: View) -> dict[str, bytes]:
    """Content of each image by its name, such as ``spatial.svg``.

    Raises
    ------
    InputError
        If no browser of this machine draws them.
    """
    panels = draw_panels(explanation, view) | draw_physics(study_physics(explanation, view))
    return draw_images({name: panel.figure for name, panel in panels.items()})


def explanation_zip(explanation: Explanation, view: View) -> bytes:
    """All images as one zip; where no browser draws them, it holds the advice instead."""
    try:
        content = explanation_images(explanation, view)
    except InputError as advice:
        content = {"no images.txt": f"{advice}\n".encode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, image in content.items():
            archive.writestr(name, image)
    return out.getvalue()
