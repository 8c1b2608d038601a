"""A record is what the network computed, whole, for any number of windows and threads, and leaves nothing behind."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from cbam_viz.attention.record import record_attention

GATES = ("channel_attention", "spatial_attention")


def same(one, other):
    """Whether two records are bit-equal."""
    return (
        np.array_equal(one.logits, other.logits)
        and np.array_equal(one.probabilities, other.probabilities)
        and all(
            np.array_equal(getattr(mine, name), getattr(theirs, name))
            for mine, theirs in zip(one.blocks, other.blocks, strict=True)
            for name in GATES
        )
    )


def stop(*_):
    """A progress that interrupts at once."""
    raise KeyboardInterrupt


def test_record_is_what_the_network_computes(network, windows):
    """Logits, features and gates are those of `attend`; a gate that a block does not have takes no place."""
    record = record_attention(network, windows[:64])
    with torch.no_grad():
        logits, gates, features, _deviations = network.model.attend(torch.from_numpy(windows[:64]))

    np.testing.assert_allclose(record.logits, logits, rtol=0, atol=1e-6)
    np.testing.assert_allclose(record.features, features, rtol=0, atol=1e-6)
    for block, computed in zip(record.blocks, gates, strict=True):
        for name, gate in zip(GATES, computed, strict=True):
            expected = np.empty((64, 0)) if gate is None else gate.flatten(1).numpy()
            np.testing.assert_allclose(getattr(block, name), expected, rtol=0, atol=1e-6)


def test_record_holds_the_gates_each_block_has(network, windows):
    """(N, C) and (N, L) of each block, in the card's order and under its names, with where the positions lie."""
    record = record_attention(network, windows[:3])

    assert [block.channel_attention.shape for block in record.blocks] == [(3, 8), (3, 12), (3, 6), (3, 0), (3, 0)]
    assert [block.spatial_attention.shape for block in record.blocks] == [(3, 64), (3, 32), (3, 0), (3, 16), (3, 0)]
    assert tuple(block.name for block in record.blocks) == network.card.block_names
    assert tuple(block.receptive_field for block in record.blocks) == network.card.fields


def test_probabilities_are_the_softmax_of_the_logits(network, windows):
    """Each is exp(z) / sum exp(z), computed in float64; their mean over windows is the verdict on the signal."""
    record = record_attention(network, windows)
    raised = np.exp(record.logits.astype(np.float64))
    expected = raised / raised.sum(axis=1, keepdims=True)

    np.testing.assert_allclose(record.probabilities, expected, rtol=0, atol=1e-6)
    np.testing.assert_allclose(record.mean_probabilities, expected.mean(axis=0), rtol=0, atol=1e-6)


@pytest.mark.parametrize("number", [0, 1, 63, 64, 65, 130])
def test_batches_leave_no_seam(network, windows, number):
    """However many windows there are, each gets what it gets alone, at its own place."""
    record = record_attention(network, windows[:number])

    assert len(record) == number
    for index in {0, 63, 64, number - 1} & set(range(number)):
        alone = record_attention(network, windows[index : index + 1])
        np.testing.assert_allclose(record.logits[index], alone.logits[0], rtol=0, atol=1e-6)
        for block, other in zip(record.blocks, alone.blocks, strict=True):
            for name in GATES:
                np.testing.assert_allclose(getattr(block, name)[index], getattr(other, name)[0], rtol=0, atol=1e-6)


def test_threads_share_one_network(network, windows):
    """Eight threads that record different windows from one network get, bit for bit, what each would get alone."""
    parts = [windows[begin : begin + 70] for begin in range(0, 40, 5)]
    expected = [record_attention(network, part) for part in parts]
    with ThreadPoolExecutor(8) as threads:
        records = list(threads.map(lambda part: record_attention(network, part), parts * 4))

    assert all(map(same, records, expected * 4))


def test_recording_leaves_the_network_as_it_was(network, windows):
    """No weight, mode, gradient, hook or attribute of any module is other than before."""

    def everything():
        return [
            (vars(module).keys(), module.training, len(module._forward_hooks), len(module._forward_pre_hooks))
            for module in network.model.modules()
        ]

    parts, weights = everything(), {key: values.clone() for key, values in network.model.state_dict().items()}
    record_attention(network, windows)

    assert everything() == parts
    assert all(torch.equal(values, weights[key]) for key, values in network.model.state_dict().items())
    assert all(values.grad is None for values in network.model.parameters())


def test_progress_counts_the_windows(network, windows):
    """Progress is told after every batch how many windows are done, of how many."""
    reported = []
    record_attention(network, windows, lambda *counts: reported.append(counts))

    assert reported == [(64, 130), (128, 130), (130, 130)]


def test_recording_may_be_interrupted(network, windows):
    """Raising in progress ends the pass, and the next one gives what it would have given."""
    expected = record_attention(network, windows)
    with pytest.raises(KeyboardInterrupt):
        record_attention(network, windows, stop)

    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()
    assert same(record_attention(network, windows), expected)


def test_record_of_one_window_is_its_row(network, windows):
    """`only` keeps one window's logits, probabilities and gates, and where the positions lie."""
    whole = record_attention(network, windows[:5])
    one = whole.only(3)

    assert len(one) == 1
    np.testing.assert_array_equal(one.logits[0], whole.logits[3])
    np.testing.assert_array_equal(one.probabilities[0], whole.probabilities[3])
    for block, of_all in zip(one.blocks, whole.blocks, strict=True):
        assert (block.name, block.receptive_field) == (of_all.name, of_all.receptive_field)
        for name in GATES:
            np.testing.assert_array_equal(getattr(block, name)[0], getattr(of_all, name)[3])
