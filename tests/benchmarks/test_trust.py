"""What it costs to test all maps of one window by deletion and insertion, against single passes and against Captum."""

import numpy as np
import pytest
import torch
from captum.attr import FeatureAblation

from cbam_viz.analysis.deletion import ROUNDS, trace_deletion
from cbam_viz.analysis.orders import gather_orders
from cbam_viz.attention.attribution import attribute_window
from cbam_viz.attention.record import record_attention
from cbam_viz.network.checkpoint import read_network

STEPS, RANDOM = 20, 50


@pytest.fixture(scope="module")
def window():
    """A shipped network, one window of noise with strikes, its record, and the class that is named."""
    network = read_network("bearing-sim-4")
    samples = np.random.default_rng(0).normal(size=2048)
    samples[100::150] += 12
    inputs = ((samples - samples.mean()) / samples.std()).astype(np.float32)[None]
    record = record_attention(network, inputs)
    return network, inputs, record, int(record.probabilities[0].argmax())


def test_deletion_and_insertion(compare, benchmark, window):
    """Every gate, the envelope and eight other maps, two kinds by two masks, beside as many passes one at a time."""
    network, inputs, record, target = window
    orders = gather_orders(record, inputs, attribute_window(network, inputs, target))
    steps = STEPS if benchmark.enabled else 3
    passes = 2 * ((2 * len(orders) * ROUNDS + RANDOM) * (steps - 1) + 2 * ROUNDS)
    single, masks = torch.from_numpy(inputs), torch.rand(64, 64) < 0.5

    def naive():
        """One mask, one pass, one number, as many times over."""
        with torch.inference_mode():
            for number in range(passes):
                masked = torch.where(masks[number % 64].repeat_interleave(32), 0.0, single)
                float(network.model(masked).softmax(1)[0, target])

    def captum():
        """As many passes in Captum's own way of masking stretches, in batches of 64."""
        stretches, method = torch.arange(2048)[None] // 32, FeatureAblation(network.model)
        with torch.inference_mode():
            for _ in range(passes // 64):
                method.attribute(single, target=target, feature_mask=stretches, perturbations_per_eval=64)

    compare(
        f"Deletion and insertion of {len(orders)} orders and {RANDOM} random ones, {passes} passes",
        {
            "deletion and insertion": lambda: trace_deletion(network, inputs, record, orders, 0, steps, RANDOM),
            "as many passes, one at a time": naive,
            "as many passes by Captum's ablation": captum,
            "all attributions that are ordered by": lambda: attribute_window(network, inputs, target),
        },
        aim="all in under 1 s",
    )
