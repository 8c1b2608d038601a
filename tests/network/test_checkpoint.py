"""A network comes back from disk bit for bit, and files that do not belong together say so."""

import hashlib
import re
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file, save_file

from cbam_viz.errors import InputError
from cbam_viz.network.checkpoint import read_network, write_network
from cbam_viz.network.config import BlockConfig
from cbam_viz.network.model import CBAMCNN


@pytest.fixture
def folder(network, tmp_path):
    """The network, written."""
    write_network(network, tmp_path)
    return tmp_path


def test_network_reads_as_it_was_written(network, tmp_path):
    """Card and weights survive the files, bit for bit, and so do the logits and every gate."""
    path = write_network(network, tmp_path / "new")
    again = read_network("small", path.parent)
    windows = torch.randn(5, 64, generator=torch.Generator().manual_seed(1))
    before, after = network.model.attend(windows), again.model.attend(windows)

    assert path == tmp_path / "new/small.json"
    assert again.card == network.card
    assert all(map(torch.equal, network.model.state_dict().values(), again.model.state_dict().values()))
    assert torch.equal(before.logits, after.logits)
    for one, other in zip(before.gates[:2], after.gates[:2], strict=True):
        assert all(map(torch.equal, one, other))


def test_digest_is_that_of_the_file(network, folder):
    """What a report names can be checked against the weights on disk with any program, before and after reading."""
    on_disk = hashlib.sha256((folder / "small.safetensors").read_bytes()).hexdigest()

    assert read_network("small", folder).digest == network.digest == on_disk


def test_network_comes_in_evaluation_mode(folder):
    """A network that is read is for looking into: no batch norm or dropout of it still learns."""
    assert not any(module.training for module in read_network("small", folder).model.modules())


def test_card_without_weights_is_refused(folder):
    """The message names the file that is missing."""
    (folder / "small.safetensors").unlink()
    sentence = (
        "A network needs its weights, but small.safetensors is not beside its card. Put it there, or train it again."
    )

    with pytest.raises(InputError, match=re.escape(sentence)):
        read_network("small", folder)


def test_weights_without_card_are_refused(folder):
    """Weights say nothing of a network without their card."""
    (folder / "small.json").unlink()

    with pytest.raises(InputError, match=r"A network is known by its card, but none is named small\."):
        read_network("small", folder)


@pytest.mark.parametrize("length", [0, 4, 100, -1], ids=["empty", "no header", "half a header", "last byte missing"])
def test_truncated_weights_are_refused(folder, length):
    """A file cut anywhere is not a whole safetensors file."""
    weights = folder / "small.safetensors"
    weights.write_bytes(weights.read_bytes()[:length])

    with pytest.raises(
        InputError, match=r"Weights must be a whole safetensors file, but small\.safetensors is not \(.+"
    ) as caught:
        read_network("small", folder)
    assert str(caught.value).endswith("). Take it again from where it came.")


def test_weights_of_another_width_are_refused(folder, card):
    """The message counts the arrays that differ, and shows the first with both shapes."""
    first = card.config.blocks[0]
    other = replace(card.config, blocks=(replace(first, channels=8), *card.config.blocks[1:]))
    save_file(CBAMCNN(other).state_dict(), folder / "small.safetensors")
    sentence = (
        "The weights must fit the card, but 14 arrays of small.safetensors do not, such as "
        "blocks.0.cbam.channel.fc_AvgPool.0.bias: (4, torch.float32) found, (2, torch.float32) expected. "
        "Use the card that came with them."
    )

    with pytest.raises(InputError, match=re.escape(sentence)):
        read_network("small", folder)


def test_weights_of_another_depth_are_refused(folder, card):
    """An array that the card does not know is as wrong as one of another shape."""
    other = replace(card.config, blocks=(*card.config.blocks, BlockConfig(5, 1, cbam=None)))
    save_file(CBAMCNN(other).state_dict(), folder / "small.safetensors")
    sentence = (
        "6 arrays of small.safetensors do not, such as blocks.3.conv.weight: "
        "(5, 5, 1, torch.float32) found, None expected."
    )

    with pytest.raises(InputError, match=re.escape(sentence)):
        read_network("small", folder)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(folder, value):
    """One NaN or Inf among the weights is enough."""
    state = load_file(folder / "small.safetensors")
    state["linear.bias"][1] = value
    save_file(state, folder / "small.safetensors")
    sentence = "Weights must be finite numbers, but small.safetensors holds NaN or Inf. Train the network again."

    with pytest.raises(InputError, match=re.escape(sentence)):
        read_network("small", folder)


def test_nothing_that_is_written_can_run(network, folder):
    """A network is two files, weights and JSON: no pickle, no code."""
    assert sorted(path.name for path in folder.iterdir()) == ["small.json", "small.safetensors"]
    assert load_file(folder / "small.safetensors").keys() == network.model.state_dict().keys()
