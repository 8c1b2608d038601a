"""What a card's table says in words: a sentence that holds what the rows hold, and a table that hides nothing."""

from dataclasses import replace

import pytest

from cbam_viz.network.card import PRETRAINED, read_card
from cbam_viz.network.trust_table import ALL_BLOCKS, TrustRow, TrustTable
from cbam_viz.studies.assess_words import ROWS, list_worth, say_worth
from cbam_viz.studies.plans import PLANS

BLOCKS = ("block 1", "block 2", "block 3")


def make_card(**changes):
    """A card whose gates matter, lie on impacts, and come again with other seeds, but for what is changed.

    Changes are (value, control, low, high) by the name of the test.
    """
    numbers = {
        "accuracy_flat": (0.75, 1.0, 0.7, 0.8),
        "flatten_spatial": (0.2, 0.0, 0.15, 0.25),
        "flatten_spatial_margin": (1.5, 0.0, 1.2, 1.8),
        "truth_auc": (0.9, 0.5, 0.85, 0.95),
        "truth_auc_loudness": (0.9, 0.8, 0.85, 0.95),
        "agreement": (0.8, 0.1, -0.2, 0.4),
    } | changes
    rows = tuple(
        TrustRow(name, block, *values, 40, 10) for name, values in numbers.items() for block in (*BLOCKS, ALL_BLOCKS)
    )
    card = read_card(PRETRAINED / "mfpt-3.json")
    return replace(card, trust=TrustTable(("On ten machines.",), "python -m cbam_viz assess x", rows))


def test_gates_that_mean_something_are_said_to():
    """Each part of the sentence with its numbers and controls."""
    said = say_worth(make_card())

    assert said.startswith(
        "Its spatial gates matter: held at their mean they leave 75.0% of the windows named rightly (100.0% as they "
        "are), and the class loses 20.0 points of probability; "
    )
    assert "beyond chance in block 1, block 2, block 3, and better than plain loudness in block 1, block 2" in said
    assert "(at best AUC 0.90, block 1; loudness 0.80)" in said
    assert said.endswith(
        "draw maps like these in block 1, block 2, block 3 "
        "(rank correlation 0.80, 0.80, 0.80 in block 1, block 2, block 3)."
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"flatten_spatial_margin": (0.1, 0.0, 0.05, 0.15)}, "Its spatial gates hardly matter: "),
        ({"flatten_spatial_margin": (-0.9, 0.0, -1.0, -0.8)}, "Its spatial gates work against the class: "),
        ({"flatten_spatial_margin": (0.9, 0.0, -0.1, 1.9)}, "It is not sure that its spatial gates matter: "),
        ({"truth_auc": (0.51, 0.5, 0.45, 0.55)}, "on the true impacts no better than chance, "),
        (
            {"truth_auc": (0.3, 0.5, 0.25, 0.35)},
            "impacts no better than chance, beside them in block 1, block 2, block 3, and ",
        ),
        ({"truth_auc_loudness": (0.9, 0.93, 0.85, 0.95)}, "and never better than plain loudness"),
        ({"truth_auc_loudness": (0.9, 0.99, 0.85, 0.95)}, "and never better than plain loudness"),
        ({"agreement": (0.2, 0.1, -0.2, 0.4)}, "networks of other seeds draw other maps (rank correlation 0.20, "),
    ],
)
def test_poor_numbers_are_said_as_they_are(changes, words):
    """What does not stand beyond its control is not said to."""
    assert words in say_worth(make_card(**changes))


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((0.6, 0.0, -0.5, 0.5), "differ more than moved ones in block 1, block 2, block 3 (rank correlation 0.60, "),
        ((0.4, 0.0, -0.5, 0.5), "differ no more than moved ones (rank correlation 0.40, "),
        (
            (-0.6, 0.0, -0.5, 0.5),
            "no more than moved ones, less in block 1, block 2, block 3 (rank correlation −0.60, ",
        ),
    ],
)
def test_of_a_circuit_the_instants_that_part_the_classes_are_said(numbers, words):
    """Where M_s rises with them beyond the same gate moved in time, and where it falls."""
    assert words in say_worth(make_card(follow_fisher=numbers))


def test_a_card_that_was_not_assessed_says_so():
    """One sentence, and no table."""
    card = replace(make_card(), trust=None)

    assert say_worth(card) == "Nobody has tested what its gates are worth."
    assert list_worth(card) is None


def test_the_table_holds_every_number_with_its_control():
    """A column a block, percent and points with their units; what can't be told from its control is marked."""
    table = list_worth(make_card(truth_auc=(0.51, 0.5, 0.45, 0.55)))
    rows = {words: cells for words, *cells in table.rows}

    assert table.heads == ("test (control)", *BLOCKS, "all blocks")
    assert rows[ROWS["accuracy_flat"][0]] == ["75.0% (100.0%)"] * 4
    assert rows[ROWS["flatten_spatial"][0]] == ["20.0"] * 4
    assert rows[ROWS["truth_auc"][0]] == ["≈\u00a00.51 (0.50)"] * 4
    assert ROWS["randomisation"][0] not in rows  # nobody made that test
    assert "On ten machines." in table.note
    assert "python -m cbam_viz assess x" in table.note


@pytest.mark.parametrize("name", PLANS)
def test_shipped_tables_have_no_gap(name):
    """Every test in words is there for every block of a shipped network."""
    table = list_worth(read_card(PRETRAINED / f"{name}.json"))

    assert [row[0] for row in table.rows] == [words for key, (words, *_rest) in ROWS.items() if key != "follow_fisher"]
    assert all(cell != "–" for row in table.rows for cell in row[1:4])
