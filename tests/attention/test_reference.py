"""The usual gates against NumPy, and the bands of channels against kernels whose band is known."""

import numpy as np
import pytest
import torch

from cbam_viz.attention.record import record_attention
from cbam_viz.attention.reference import band, kernel_response, measure_reference, sweep_responses
from cbam_viz.network.cbam import Gates
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.config import BlockConfig, ModelConfig
from cbam_viz.network.model import CBAMCNN

FS = 12_000.0
PLANTED_HZ = np.array([800.0, 1500.0, 2300.0, 3400.0, 4700.0])
FREQUENCIES = np.arange(50.0, 6000.0, 50.0)
"""Includes every multiple of 750 Hz, where strides of 8 and 16 fold a sine to a constant."""


@pytest.fixture(scope="module")
def planted():
    """A model whose first kernels are band-passes: Hann-windowed cosines."""
    config = ModelConfig(2048, 2, (BlockConfig(len(PLANTED_HZ), 64, 8, pool=2), BlockConfig(6, 5, 1, pool=2)))
    torch.manual_seed(0)
    model = CBAMCNN(config).eval()
    kernels = np.hanning(64) * np.cos(2 * np.pi * PLANTED_HZ[:, None] * np.arange(64) / FS)
    with torch.no_grad():
        model.blocks[0].conv.weight.copy_(torch.from_numpy(kernels).unsqueeze(1))
        model.blocks[1].norm.bias.copy_(torch.linspace(0, 0.5, 6))  # so that silence, too, excites the second block
    return model


@pytest.fixture(scope="module")
def record(network, planted):
    """What the planted model records from noise."""
    noise = np.random.default_rng(0).standard_normal((20, 2048)).astype(np.float32)
    card = network.card.__class__(
        **{**vars(network.card), "config": planted.config, "classes": network.card.classes[:2]}
    )
    return record_attention(Network(card, planted), noise)


def test_kernel_response_peaks_where_it_was_planted(planted):
    """A windowed cosine answers most to its own frequency."""
    peaks = FREQUENCIES[kernel_response(planted, FREQUENCIES, FS).argmax(axis=1)]

    assert peaks == pytest.approx(PLANTED_HZ, abs=50)


def test_kernel_response_is_a_fourier_sum(planted):
    """|sum h[n] exp(-2 pi i f n / fs)|, summed in NumPy."""
    kernels = planted.blocks[0].conv.weight.detach().numpy()[:, 0].astype(np.float64)
    expected = np.abs(kernels @ np.exp(-2j * np.pi * np.outer(np.arange(64), FREQUENCIES) / FS))

    np.testing.assert_allclose(kernel_response(planted, FREQUENCIES, FS), expected, rtol=0, atol=1e-9)


def test_sweep_of_the_first_block_is_its_kernel_seen_through_a_rectifier(planted, record):
    """The mean of relu(A cos) is A / pi: at every frequency, a sine of standard deviation 1 gives sqrt(2) |H| / pi."""
    gates = record.blocks[0].channel_attention.mean(axis=0) * record.blocks[0].spatial_attention.mean()
    kernel = kernel_response(planted, FREQUENCIES, FS)
    expected = gates[:, None] * np.sqrt(2) * kernel / np.pi
    swept = sweep_responses(planted, record, FREQUENCIES, FS)[0]

    np.testing.assert_allclose(swept, expected, rtol=0, atol=0.06 * expected.max())  # 8 phases: 5 % where a sine folds


def test_sweep_finds_the_band_that_was_planted(planted, record):
    """Sweep and kernel response name the same band, as wide as a Hann window of 64 is at half its peak: 2/63 fs."""
    kernel = [band(response, FREQUENCIES)[:3] for response in kernel_response(planted, FREQUENCIES, FS)]
    swept = [band(response, FREQUENCIES)[:3] for response in sweep_responses(planted, record, FREQUENCIES, FS)[0]]

    np.testing.assert_allclose(swept, kernel, rtol=0, atol=50)  # a step of the sweep
    for low, peak, high in kernel:
        assert low < peak < high
        assert high - low == pytest.approx(2 / 63 * FS, abs=100)  # two steps of the sweep


def test_sweep_holds_the_usual_gates(planted, record):
    """The activity of a deeper block is that of a pass with both gates of every block held at their data-set mean."""
    held = [
        Gates(
            torch.from_numpy(block.channel_attention.mean(axis=0))[None, :, None],
            torch.tensor(block.spatial_attention.mean()),
        )
        for block in record.blocks
    ]
    phases = np.arange(64)[:, None] / 64
    sine = np.sqrt(2) * np.sin(2 * np.pi * (1730.0 * np.arange(2048) / FS + phases))
    x = torch.from_numpy(np.concatenate([np.zeros((1, 2048)), sine]).astype(np.float32)).unsqueeze(1)
    with torch.no_grad():
        refined = planted.blocks[1].attend(planted.pools[0](planted.blocks[0].attend(x, held[0])[0]), held[1])[0]
    activity = refined.mean(dim=2).numpy()
    expected = np.maximum(activity[1:].mean(axis=0) - activity[0], 0)

    (swept,) = sweep_responses(planted, record, np.array([1730.0]), FS)[1].T
    np.testing.assert_allclose(swept, expected, rtol=0.01, atol=1e-4)


def hump(centre, width, height=1.0):
    """A triangle over 10, 20, … 1000 Hz: half its height lies half its width to either side of the centre."""
    return height * np.maximum(1 - np.abs(np.arange(10.0, 1001.0, 10.0) - centre) / width, 0)


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (hump(500, 200), (400, 500, 600)),
        (hump(10, 200), (10, 10, 110)),
        (hump(1000, 200), (900, 1000, 1000)),
        (hump(300, 100) + hump(700, 100, 0.9), (250, 300, 350)),
    ],
    ids=["inside", "lower edge", "upper edge", "two humps"],
)
def test_band_reaches_to_half_the_peak(response, expected):
    """A band is the run of frequencies around the peak with at least half of its response, to a step of smoothing."""
    assert band(response, np.arange(10.0, 1001.0, 10.0))[:3] == pytest.approx(expected, abs=20)


def test_share_tells_of_a_second_band():
    """The share is the squared response in the band over all of it: of two equal humps the label tells half."""
    frequencies = np.arange(10.0, 1001.0, 10.0)
    one, both = hump(300, 100), hump(300, 100) + hump(700, 100, 0.99)
    *_edges, alone = band(one, frequencies)
    *_edges, shared = band(both, frequencies)

    assert alone > 0.85  # a triangle's squared area is 7/8 between its half heights
    assert shared == pytest.approx(alone / (1 + 0.99**2), abs=0.01)


@pytest.mark.parametrize(("height", "faint"), [(0.0, 0.0), (0.01, 0.02)], ids=["silent", "faint"])
def test_a_deaf_channel_has_no_band(height, faint):
    """A channel that no sine excites, or hardly, is not given a frequency."""
    assert band(hump(300, 100, height), np.arange(10.0, 1001.0, 10.0), faint) == (0.0, 0.0, 0.0, 0.0)


def test_usual_gates_are_those_of_numpy(network, windows):
    """Mean and standard deviation of each M_c and five quantiles of M_s, by NumPy in float64, to five decimals."""
    record = record_attention(network, windows)
    reference = measure_reference(network.model, record, FS, 6000.0)

    for block, measured in zip(record.blocks[:2], reference, strict=False):
        rows = block.channel_attention.astype(np.float64)
        mean = sum(rows) / len(rows)
        spread = np.sqrt(sum((row - mean) ** 2 for row in rows) / len(rows))
        quantiles = np.percentile(np.sort(block.spatial_attention.ravel()).astype(np.float64), [1, 5, 50, 95, 99])
        np.testing.assert_allclose(measured.channel_mean, mean, rtol=0, atol=1e-5)
        np.testing.assert_allclose(measured.channel_spread, spread, rtol=0, atol=1e-5)
        np.testing.assert_allclose(measured.spatial_quantiles, quantiles, rtol=0, atol=1e-5)
        assert all(0 <= low <= peak <= high <= 6000 for low, peak, high in measured.bands_hz)


def test_block_without_a_gate_has_no_usual_gate(network, windows):
    """There is nothing usual in what a block does not have, but its channels listen to bands all the same."""
    reference = measure_reference(network.model, record_attention(network, windows), FS, 6000.0)

    assert [len(block.channel_mean) for block in reference] == [8, 12, 6, 0, 0]
    assert [len(block.channel_spread) for block in reference] == [8, 12, 6, 0, 0]
    assert [len(block.spatial_quantiles) for block in reference] == [5, 5, 0, 5, 0]
    assert [len(block.bands_hz) for block in reference] == [8, 12, 6, 6, 6]
