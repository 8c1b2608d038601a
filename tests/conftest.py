"""The command line, run within the test's own process; scenes and labelled sets made by hand."""

import sys
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import settings

from cbam_viz.analysis.labelled import LabelledSet, Member, order_classes
from cbam_viz.attention.record import AttentionRecord, BlockRecord, join_records
from cbam_viz.cli import main
from cbam_viz.network.card import BlockReference, Card, ClassName, Results
from cbam_viz.network.config import BlockConfig, CBAMConfig, ModelConfig
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import Preparation, Windows, prepare_windows

settings.register_profile("any machine", deadline=None)  # a busy one is slow, not wrong
settings.load_profile("any machine")

FS = 2_000.0
WINDOW = 256
BLOCKS = (
    BlockConfig(channels=4, kernel=16, stride=8, pool=2),
    BlockConfig(channels=6, kernel=5, pool=2),
    BlockConfig(channels=5, kernel=3, cbam=CBAMConfig(order="channel")),
)


class Scene(NamedTuple):
    """What a view is made of: all of one signal and one network."""

    record: AttentionRecord
    windows: Windows
    card: Card


@pytest.fixture
def make_scene():
    """Makes a scene: noise with whatever is `planted` at a sample of the recording, for a seed."""

    def make(planted=None, seed=0, count=6, blocks=BLOCKS, window=WINDOW):
        rng = np.random.default_rng(seed)
        samples = rng.normal(0, 0.1, count * window + window // 2)
        for sample, height in (planted or {}).items():
            samples[sample] = height
        windows = prepare_windows(Signal(samples, FS, "hand-made"), Preparation(FS, window, window))
        reference = tuple(
            BlockReference(
                channel_mean=tuple(rng.uniform(0.3, 0.7, block.channels)),
                channel_spread=tuple(rng.uniform(0.01, 0.1, block.channels)),
                spatial_quantiles=(0.2, 0.25, 0.45, 0.7, 0.8) if block.cbam.has_spatial else (),
                bands_hz=tuple((peak / 2, peak, 1.5 * peak) for peak in rng.permutation(block.channels) * 100.0),
                band_shares=tuple(rng.random(block.channels)),
            )
            for block in blocks
        )
        card = Card(
            name="hand-made",
            summary="",
            config=ModelConfig(window, 3, blocks, head=1),
            preparation=windows.preparation,
            classes=tuple(map(ClassName, "abc", ("healthy", "inner race", "outer race"), (None, "inner", "outer"))),
            source="",
            licence="",
            trained_on=(),
            recipe={},
            results=Results("", "", 0.0, ()),
            reference=reference,
        )
        logits = rng.normal(0, 2, (count, 3)).astype(np.float32)
        raised = np.exp(logits)
        record = AttentionRecord(
            logits,
            raised / raised.sum(axis=1, keepdims=True),
            rng.normal(0, 1, (count, blocks[-1].channels)).astype(np.float32),
            tuple(
                BlockRecord(
                    name,
                    rng.random((count, block.channels), dtype=np.float32),
                    rng.random((count, field.positions if block.cbam.has_spatial else 0), dtype=np.float32),
                    field,
                )
                for name, block, field in zip(card.block_names, blocks, card.fields, strict=True)
            ),
        )
        return Scene(record, windows, card)

    return make


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs the command line; gives its exit code, what it wrote, and what it wrote to standard error."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["cbam_viz", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


@pytest.fixture
def make_set(make_scene):
    """Makes a labelled set from (label, machine, windows) of each recording; `labels` are the keys of the classes."""

    def make(recordings, seed=0, shaft_hz=None, bearing=None, **scene):
        scenes = [
            make_scene(seed=seed + 1 + number, count=count, **scene) for number, (*_, count) in enumerate(recordings)
        ]
        members = tuple(
            Member(f"{number} {label}", label, machine, each.windows, shaft_hz, bearing)
            for number, ((label, machine, _count), each) in enumerate(zip(recordings, scenes, strict=True))
        )
        card = scenes[0].card
        return LabelledSet(
            card,
            order_classes(card.classes, [member.label for member in members]),
            members,
            join_records([each.record for each in scenes]),
        )

    return make
