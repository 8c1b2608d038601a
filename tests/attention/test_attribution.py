"""What other methods say is what their formulas say, and nothing of the saying stays on the network."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from cbam_viz.attention.attribution import OCCLUDED, attribute_window
from cbam_viz.attention.passes import run_passes


def features_and_gradients(network, window, target, block):
    """Refined features of a block, (C, L), and how a logit changes with each, by autograd alone."""
    model = network.model
    x = torch.from_numpy(window).unsqueeze(1)  # (1, 1, T)
    for number in range(block):
        x = model.pools[number](model.blocks[number](x))
    features = model.blocks[block](x).detach().requires_grad_()
    x = model.pools[block](features)
    for number in range(block + 1, len(model.blocks)):
        x = model.pools[number](model.blocks[number](x))
    logits = model.linear(x.unflatten(2, (model.config.head, -1)).mean(3).flatten(1))
    (gradient,) = torch.autograd.grad(logits[0, target], features)
    return features.detach()[0].numpy(), gradient[0].numpy()


@pytest.mark.parametrize("block", range(5))
def test_cams_are_their_formulas(network, windows, block):
    """HiResCAM is the sum over channels of features times gradients; Grad-CAM takes the gradients' mean over time."""
    features, gradient = features_and_gradients(network, windows[:1], 2, block)
    found = attribute_window(network, windows[:1], 2).blocks[block]

    np.testing.assert_allclose(found.hires_cam, (features * gradient).sum(0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found.grad_cam, features.T @ gradient.mean(1), rtol=1e-4, atol=1e-6)
    assert found.name == network.card.block_names[block]


def test_integrated_gradients_share_out_the_logit(network, windows):
    """They sum to what the logit gains from silence to the window (Sundararajan et al. 2017: completeness)."""
    silent, heard = run_passes(network, np.concatenate([np.zeros((1, 256), np.float32), windows[:1]]))[:, 1]

    assert attribute_window(network, windows[:1], 1).integrated.sum() == pytest.approx(heard - silent, rel=0.02)


def test_occlusion_is_the_loss_of_the_logit(network, windows):
    """Each stretch has what the logit loses in a pass with that stretch silenced."""
    length = 256 // OCCLUDED
    silenced = np.repeat(windows[:1], OCCLUDED, axis=0)
    for stretch in range(OCCLUDED):
        silenced[stretch, stretch * length : (stretch + 1) * length] = 0
    lost = run_passes(network, windows[:1])[:, 0] - run_passes(network, silenced)[:, 0]

    np.testing.assert_allclose(attribute_window(network, windows[:1], 0).occlusion[::length], lost, atol=1e-5)


def test_eight_threads_attribute_as_one(network, windows):
    """One network serves eight threads at once, and each gets what it would get alone."""
    alone = [attribute_window(network, windows[number : number + 1], number % 3) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        together = list(
            pool.map(lambda number: attribute_window(network, windows[number : number + 1], number % 3), range(8))
        )

    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one.integrated, other.integrated, atol=1e-6)
        np.testing.assert_allclose(one.occlusion, other.occlusion, atol=1e-6)
        for mine, its in zip(one.blocks, other.blocks, strict=True):
            np.testing.assert_allclose(mine.grad_cam, its.grad_cam, atol=1e-6)
            np.testing.assert_allclose(mine.hires_cam, its.hires_cam, atol=1e-6)


def test_nothing_stays_on_the_network(network, windows):
    """No hook and no gradient is left on any module, and the weights still may have one."""
    attribute_window(network, windows[:1], 0)

    assert not any(module._forward_hooks or module._forward_pre_hooks for module in network.model.modules())
    assert all(weight.grad is None and weight.requires_grad for weight in network.model.parameters())


def test_attribution_works_where_gradients_are_off(network, windows):
    """A caller that has switched gradients off gets the same."""
    with torch.inference_mode():
        off = attribute_window(network, windows[:1], 0)

    np.testing.assert_array_equal(off.integrated, attribute_window(network, windows[:1], 0).integrated)
