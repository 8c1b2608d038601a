"""A signal of six and a half windows and a hand-made record of it: two blocks, gates drawn at random."""

import pytest


@pytest.fixture
def scene(make_scene):
    """The first of them."""
    return make_scene()
