"""What other methods hold responsible for a logit: class by class and with a sign, which a gate has not.

Captum hangs hooks on the modules of a network, and a network here is shared by many threads, so each call works on a
copy of its own: 200 kB of weights at most, copied in a few ms.
"""

import copy
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cbam_viz.attention.passes import one_thread
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.model import CBAMCNN

STEPS = 32
"""Points on the way from silence to the window, of integrated gradients."""
OCCLUDED = 64
"""Stretches of the window, each silenced in turn."""


@dataclass(frozen=True, eq=False)
class BlockAttribution:
    """What the refined features of one block contribute to a logit, position by position; signed.

    Parameters
    ----------
    name : of the block.
    grad_cam : (L,) array, features times the mean over time of their gradients (Selvaraju et al. 2017), with its sign.
    hires_cam : (L,) array, features times their own gradients (Draelos & Carin 2020, arXiv 2011.08891).
    """

    name: str
    grad_cam: NDArray[np.float32]
    hires_cam: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Attributions:
    """What every method holds responsible for the logit of one class in one window; signed.

    Parameters
    ----------
    target : index of the class.
    blocks : first block first.
    integrated : (T,) array, integrated gradients from silence (Sundararajan et al. 2017); it sums to what the logit
        gains on the way.
    occlusion : (T,) array, what the logit loses where a stretch is silenced, the same on all samples of a stretch.
    """

    target: int
    blocks: tuple[BlockAttribution, ...]
    integrated: NDArray[np.float32]
    occlusion: NDArray[np.float32]


def attribute_window(network: Network, inputs: NDArray[np.float32], target: int) -> Attributions:
    """What Grad-CAM, HiResCAM, integrated gradients and occlusion say of one window.

    Logits are explained, not probabilities: where a softmax is saturated, the gradients of the latter vanish.

    Parameters
    ----------
    network : shared by any number of threads.
    inputs : (1, T) array, the window as the network reads it.
    target : index of the class.
    """
    from captum.attr import FeatureAblation, IntegratedGradients  # noqa: PLC0415  # brings matplotlib

    with one_thread(), torch.inference_mode(False), torch.enable_grad():  # whatever the caller has switched off
        model = copy.deepcopy(network.model).requires_grad_(False)  # gradients go to features and inputs only
        window = torch.from_numpy(np.array(inputs, np.float32))  # (1, T)
        samples = window.shape[1]
        stretches = torch.arange(samples)[None] * OCCLUDED // samples  # (1, T)
        blocks = _cams(model, network.card.block_names, window, target)
        integrated = IntegratedGradients(model).attribute(window, target=target, n_steps=STEPS)
        occlusion = FeatureAblation(model).attribute(
            window, target=target, feature_mask=stretches, perturbations_per_eval=OCCLUDED
        )
    return Attributions(target, blocks, _row(integrated), _row(occlusion))


def _cams(model: CBAMCNN, names: tuple[str, ...], window: Tensor, target: int) -> tuple[BlockAttribution, ...]:
    """Both maps of every block, on the refined features: those are what its pool reads."""
    from captum.attr import LayerGradCam, LayerGradientXActivation  # noqa: PLC0415

    pools = list(model.pools)
    cams = [
        LayerGradCam(model, pool).attribute(window, target=target, attribute_to_layer_input=True) for pool in pools
    ]  # (1, 1, L) each
    products = LayerGradientXActivation(model, pools).attribute(window, target=target, attribute_to_layer_input=True)
    return tuple(
        BlockAttribution(name, _row(cam), _row(product.sum(1)))  # (1, C, L) to (1, L)
        for name, cam, product in zip(names, cams, products, strict=True)
    )


def _row(values: Tensor) -> NDArray[np.float32]:
    """The one row of a map, (L,)."""
    return values.detach().flatten().float().numpy()
