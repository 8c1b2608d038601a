"""Matrices of class distances stand below each other on one scale, with their numbers."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cbam_viz.figures.distances import plot_distances
from cbam_viz.figures.style import DARK, LIGHT


def parts(figure):
    """The matrices and the numbers on them."""
    return figure.data[::2], figure.data[1::2]


def test_cells_are_the_distances(distances):
    """Every matrix as it is, but for the diagonal, which is left empty."""
    cells, _ = parts(plot_distances(distances))

    assert len(cells) == 3
    for cell, matrix in zip(cells, distances.matrices, strict=True):
        drawn = np.array(cell.z, float)
        assert np.isnan(np.diag(drawn)).all()
        np.testing.assert_array_equal(np.nan_to_num(drawn), matrix.values)


def test_one_scale_holds_all_matrices(distances):
    """A colour is the same distance in each, from 0 to the largest of all; of cosines from 0 to 2."""
    cells, _ = parts(plot_distances(distances))
    cosine, _ = parts(plot_distances(replace(distances, measure="cosine")))

    assert {(cell.zmin, cell.zmax) for cell in cells} == {(0, max(each.values.max() for each in distances.matrices))}
    assert {(cell.zmin, cell.zmax) for cell in cosine} == {(0, 2)}
    assert [cell.showscale for cell in cells] == [True, False, False]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_distance_is_written_in_its_cell(distances, palette):
    """Each pair of classes twice, so that no colour need be read; the ink turns where the cell is strongly coloured."""
    for number, matrix in zip(parts(plot_distances(distances, palette))[1], distances.matrices, strict=True):
        found = {(row, column): text for row, column, text in zip(number.y, number.x, number.text, strict=True)}
        assert len(found) == 72
        for (row, column), text in found.items():
            assert float(text) == pytest.approx(matrix.values[row, column], abs=0.051 if len(text) == 3 else 0.51)
            assert len(text) <= 3
        assert set(number.textfont.color) <= {palette.text, palette.background}


def test_the_first_class_is_on_top_and_left(distances):
    """Rows from top to bottom and columns from left to right are the classes in their order."""
    layout = plot_distances(distances).layout

    assert layout.yaxis.range[0] > layout.yaxis.range[1]
    assert layout.xaxis2.range[0] < layout.xaxis2.range[1]
    assert layout.yaxis.ticktext == layout.xaxis3.ticktext == distances.classes


def test_matrices_do_not_overlap(distances):
    """Each is as wide as the page and lies below the one before; the last names the columns."""
    layout = plot_distances(distances).layout
    axes = [layout[f"yaxis{number}"] for number in ("", 2, 3)]

    assert axes[0].domain[1] == 1
    for upper, lower in pairwise(axes):
        assert upper.domain[0] > lower.domain[1]
    assert all(layout[f"xaxis{number}"].domain is None for number in ("", 2, 3))
    assert [layout[f"xaxis{number}"].showticklabels for number in ("", 2, 3)] == [False, False, True]


def test_pointing_at_a_cell_says_what_chance_gives(distances):
    """Both classes with their recordings or specimens, the distance, and what it is about where nothing differs."""
    said = plot_distances(distances).data[0].customdata[1][5]

    assert f"{distances.classes[1]} (recordings or specimens: 2)<br>" in said
    assert f"{distances.classes[5]} (recordings or specimens: 2)<br>" in said
    assert f"{distances.matrices[0].values[1, 5]:.2f}" in said
    assert "about 1.00 where nothing differs" in said


def test_the_bar_says_what_a_distance_is_in(distances):
    """Spreads, the mean distance, or a cosine."""
    without = tuple(replace(each, ruler="mean") for each in distances.matrices)
    titles = [
        plot_distances(trace).data[0].colorbar.title.text for trace in (distances, replace(distances, matrices=without))
    ]

    assert titles == ["distance (spreads within a class)", "distance (of its mean)"]


def test_titles_name_space_and_block(distances):
    """And say where all blocks are meant."""
    named = [note.text for note in plot_distances(distances).layout.annotations]
    everything = plot_distances(replace(distances, block=None)).layout.annotations[0].text

    assert named == ["<b>channel attention, block 2</b>", "<b>logits</b>", "<b>plain envelope</b>"]
    assert everything == "<b>channel attention, all blocks</b>"
