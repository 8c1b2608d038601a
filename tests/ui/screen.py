"""What stands on the screen, and files to give to the app."""

import io

import numpy as np
import scipy.io
from streamlit.testing.v1 import AppTest


def verdict(app: AppTest) -> str:
    """The line that says what the window is diagnosed as; the page must have come this far without an error."""
    assert [each.value for each in (*app.exception, *app.error)] == []
    return app.header[0].value


def advice(app: AppTest) -> str:
    """The one sentence about what can be put right; nothing else went wrong."""
    assert [each.value for each in app.exception] == []
    assert len(app.error) == 1, [each.value for each in app.error]
    return app.error[0].value


def sentences(app: AppTest) -> list[str]:
    """All that is said beside the verdict, in plain and in small print."""
    return [said.value for said in (*app.markdown, *app.caption)]


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    """Give a file to the upload widget."""
    app.file_uploader[0].upload(name, content)
    return app.run()


def array(values: np.ndarray, **options: bool) -> bytes:
    """An .npy file."""
    stream = io.BytesIO()
    np.save(stream, values, **options)
    return stream.getvalue()


def matlab(**variables: object) -> bytes:
    """A .mat file."""
    stream = io.BytesIO()
    scipy.io.savemat(stream, variables)
    return stream.getvalue()


def chosen_file(app: AppTest) -> str:
    """What the list of signals shows as chosen."""
    box = app.selectbox(key="signal")
    return box.format_func(box.value)
