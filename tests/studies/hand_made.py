"""Networks built by hand, whose gate is known to matter, not to matter, or to be inverted, and windows for them."""

from dataclasses import replace

import numpy as np
import torch

from cbam_viz.analysis.labelled import LabelledSet, Member, order_classes
from cbam_viz.attention.record import join_records, record_attention
from cbam_viz.network.card import BlockReference, Card, ClassName, Results
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.config import BlockConfig, CBAMConfig, ModelConfig
from cbam_viz.network.model import CBAMCNN
from cbam_viz.network.untrained import draw_network
from cbam_viz.physics.bearing import read_bearing
from cbam_viz.physics.simulate import Operation, draw_machine, simulate_bearing
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import Preparation, prepare_windows
from cbam_viz.studies.explain import Asked, Explanation

FS, T, STRIDE = 4_096.0, 1_024, 8
TONE = 0.125
"""Cycles a sample of what the network listens to."""
OTHER = 0.375
"""Of what is loud and means nothing to it."""


def build(gate, seed=0, weight=1.0, tone=TONE):
    """A network of one block: a filter for one tone, rectified both ways, a gate, and class a for much of the tone.

    Parameters
    ----------
    gate : slope of the gate in the tone's strength: positive opens on it, negative closes, 0 is a constant gate.
    weight : of the last layer; 0 makes a network that never looks at what the gate lets through.
    """
    rng = np.random.default_rng(seed)
    block = BlockConfig(4, 16, STRIDE, cbam=CBAMConfig(order="spatial", kernel=3))
    config = ModelConfig(T, 2, (block,), pooling="mean", head=1, dropout=0.0)
    model = CBAMCNN(config).eval()
    phase = 2 * np.pi * tone * np.arange(16) + rng.uniform(0, 2 * np.pi)
    shape = np.hanning(18)[1:-1]
    taps = np.stack([np.cos(phase), -np.cos(phase), np.sin(phase), -np.sin(phase)]) * shape / shape.sum()
    with torch.no_grad():
        model.blocks[0].conv.weight[:] = torch.tensor(taps[:, None], dtype=torch.float32)
        spatial = model.blocks[0].cbam.spatial.conv
        spatial.weight.zero_()
        spatial.weight[0, 0] = gate / 3
        spatial.bias.fill_(-gate * 0.5)
        model.linear.weight[0], model.linear.weight[1] = weight, -weight
        model.linear.bias[:] = torch.tensor([0.5, -0.5])
    card = Card(
        name="hand-made",
        summary="",
        config=config,
        preparation=Preparation(FS, T, T, scaling="none"),
        classes=(ClassName("tone", "Tone"), ClassName("none", "No tone")),
        source="",
        licence="",
        trained_on=(),
        recipe={},
        results=Results("", "", 0.0, ()),
        reference=(BlockReference((), (), (0.0, 0.1, 0.5, 0.9, 1.0), (), ()),),
    )
    return Network(card, model)


def bursts(seed, loud=0.0, windows=3):
    """Windows with a few bursts of the tone in noise, and `loud` times as strong bursts of another tone elsewhere."""
    rng = np.random.default_rng(seed)
    samples = rng.normal(0, 0.05, T * windows)
    width = 96
    shape = np.hanning(width)
    for window in range(windows):
        places = window * T + rng.permutation(T // 128)[:4] * 128 + rng.integers(0, 32, 4)
        for number, place in enumerate(places):
            for tone, height in ((TONE, 2.0 * (number < 2)), (OTHER, loud * 2.0 * (number >= 2))):
                samples[place : place + width] += (
                    height * shape * np.cos(2 * np.pi * tone * np.arange(width) + rng.uniform(0, 2 * np.pi))
                )
    return Signal(samples, FS, "bursts")


def struck_bearing(seed, carrier, gate=8.0):
    """What a network that listens to a housing's resonance says of half a second with a damaged outer race.

    Parameters
    ----------
    carrier : of the machine, interference beside the resonance; the envelope follows the louder of the two.
    gate : slope, see `build`.
    """
    resonance_hz, fs = 3_000.0, 12_000.0
    machine = replace(
        draw_machine(seed, read_bearing("6205"), resonance_hz),
        modes_hz=(resonance_hz,),
        damping=(0.05,),
        gains=(1.0,),
        carrier_hz=4_500.0,
        carrier=carrier,
    )
    operation = Operation(fault="outer", shaft_hz=20.0, snr_db=20.0, seconds=0.5, fs=fs)
    simulation = simulate_bearing(machine, operation, seed)
    loud = simulation.signal.samples * 6 / np.abs(simulation.struck).max()  # the gate opens at what is about 1
    network = build(gate, seed, 8.0, resonance_hz / fs)
    card = replace(network.card, preparation=Preparation(fs, T, T, scaling="none"))
    return explained(Network(card, network.model), replace(simulation.signal, samples=loud))


def explained(network, signal):
    """What a network says of a signal."""
    windows = prepare_windows(signal, network.card.preparation)
    return Explanation(signal, network, windows, record_attention(network, windows.inputs), Asked())


def draw_sure(network, seed, windows, window, sure=4.0):
    """The network with weights drawn at random, its last layer scaled so that a window's class leads by `sure` logits.

    Without the scale nothing that is done to its gates would show.
    """
    drawn = draw_network(network, seed)
    with torch.no_grad():
        first, second = np.sort(record_attention(drawn, windows.inputs[window : window + 1]).logits[0])[[-1, -2]]
        drawn.model.linear.weight *= sure / float(first - second)
        drawn.model.linear.bias *= sure / float(first - second)
    return drawn


def labelled_bursts(network, seed, loud=0.0, count=9):
    """A set of so many recordings of one window with bursts of the tone, and as many of noise alone."""
    members, records = [], []
    for number in range(2 * count):
        label = "tone" if number < count else "none"
        signal = bursts(1000 * seed + number, loud, windows=1)
        if label == "none":
            noise = np.random.default_rng(1000 * seed + number).normal(0, 0.05, T)
            signal = Signal(noise, FS, "noise")
        windows = prepare_windows(signal, network.card.preparation)
        members.append(Member(f"{label} {number}", label, f"{number}", windows))
        records.append(record_attention(network, windows.inputs))
    classes = order_classes(network.card.classes, ["tone", "none"])
    return LabelledSet(network.card, classes, tuple(members), join_records(records))
