"""A card says after reading what it said before writing, and one that does not fit says why."""

import json
import re

import pytest

from cbam_viz.errors import InputError
from cbam_viz.network.card import list_networks, read_card, write_card
from cbam_viz.network.receptive import receptive_fields


@pytest.fixture
def path(card, tmp_path):
    """The card, written."""
    write_card(card, tmp_path / "small.json")
    return tmp_path / "small.json"


def change(path, edit):
    """Write a card again with one part changed."""
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_card_reads_as_it_was_written(card, path):
    """Every part of a card survives the file: tuples as tuples, words with their accents, None as None."""
    assert read_card(path) == card


def test_networks_are_listed_by_name(card, tmp_path):
    """The networks of a folder are its cards, in alphabetical order."""
    for name in ("mfpt-3", "cwru-10"):
        write_card(card, tmp_path / f"{name}.json")
    (tmp_path / "README.md").touch()

    assert list_networks(tmp_path) == ("cwru-10", "mfpt-3")


def test_card_knows_its_blocks(card):
    """Blocks are named from 1, and their receptive fields are those of the config."""
    assert card.block_names == ("block 1", "block 2", "block 3")
    assert card.fields == receptive_fields(card.config)


def test_missing_card_names_those_that_are_there(path):
    """A name that no card has is answered with the names that have one."""
    sentence = "A network is known by its card, but none is named large. Choose one of: small."

    with pytest.raises(InputError, match=re.escape(sentence)):
        read_card(path.with_name("large.json"))


def test_missing_card_in_an_empty_folder_says_so(tmp_path):
    """Where there is no network at all, none is named."""
    with pytest.raises(InputError, match=r"none is named small\. Choose one of: none\."):
        read_card(tmp_path / "small.json")


@pytest.mark.parametrize("content", [b"", b'{"version": 1,', b"[]", b"{}", b"7", b"\xff\xfe"])
def test_card_that_is_no_card_is_refused(path, content):
    """A broken JSON file, or one without a format version, is no card."""
    path.write_bytes(content)
    sentence = (
        "A card is a JSON file with a format version, but small.json is not. Take the card that came with the weights."
    )

    with pytest.raises(InputError, match=re.escape(sentence)):
        read_card(path)


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_card_of_another_version_is_refused(path, version):
    """Only this program's format version is read, even if all else fits."""
    change(path, lambda content: content.update(version=version))
    sentence = (
        f"This program reads cards of format version 1, but small.json has version {version}. "
        "Train the network again with this program, or use the program that wrote the card."
    )

    with pytest.raises(InputError, match=re.escape(sentence)):
        read_card(path)


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda card: card.pop("results"), "'results'"),
        (lambda card: card.update(colour="red"), "unexpected keyword argument 'colour'"),
        (lambda card: card.update(results={"protocol": "", "shared": "", "accuracy": 1, "folds": [[]]}), "'items'"),
        (lambda card: card.update(config=[]), "list indices must be integers"),
        (lambda card: card["classes"].pop(), "2 classes in the network, 1 named"),
        (
            lambda card: card["reference"][1]["channel_mean"].pop(),
            "the reference has another number of blocks, channels or quantiles than the network",
        ),
        (lambda card: card["reference"].pop(), "the reference has another number of blocks, channels or quantiles"),
        (
            lambda card: card["preparation"].update(window=128),
            "the network reads windows of 64 samples, they are cut to 128",
        ),
        (lambda card: card["config"].update(head=3), "the head averages 8 positions to 3, which must divide evenly"),
        (lambda card: card["config"]["blocks"][0].update(stride=3), "kernel - stride must be even"),
        (lambda card: card["config"]["blocks"][0]["cbam"].update(order="both"), "order is one of channel-spatial,"),
    ],
    ids=[
        "part missing", "part unknown", "fold no object", "config no object", "class missing", "channel missing",
        "block missing", "other window", "other head", "stride off centre", "switch misspelt",
    ],
)  # fmt: skip
def test_card_whose_parts_do_not_fit_is_refused(path, edit, reason):
    """A part that is missing, unknown or at odds with another is named in the message."""
    change(path, edit)
    sentence = "A card must hold every part of format version 1, but small.json does not fit it ("

    with pytest.raises(InputError, match=re.escape(sentence)) as caught:
        read_card(path)
    assert reason in str(caught.value)
    assert str(caught.value).endswith("). Take the card that came with the weights.")
