"""What every shipped network of a circuit is made of and judged by: one plan each."""

from dataclasses import dataclass, replace

from cbam_viz.datasets.circuits import Campaign
from cbam_viz.network.card import ClassName
from cbam_viz.network.config import BlockConfig, ModelConfig
from cbam_viz.network.training import Recipe
from cbam_viz.physics.circuits import NORMAL, Circuit, find_circuit
from cbam_viz.signals.windows import Preparation

POSITIONS = 60
"""Of block 1, whatever the window: then the blocks are the same for every circuit."""
HEAD = 15
LEAD = 8
RANGE = (0.15, 0.6)
"""Sizes of the faults that a shipped network learns; below lie the tolerances, of 10 % at most, and a gap."""
TRAINED = (1, 2)
"""Seeds of the two campaigns of a shipped network: one as the circuit is declared, one with the bench varied."""
UNSEEN = 1000
"""Seed of the campaign that it is tested on."""
JUDGED, JUDGED_RUNS = 2000, 20
"""Seed of the campaign that its gates are tested on, and runs of each class."""
RECIPE = Recipe(epochs=40, learning_rate=4e-3, noise=0.1, least_noise=0.001, label_smoothing=0.0)
"""Noise from 60 to 20 dB below the nominal response, whose RMS is 1 for the network."""
MORE_CLASSES = replace(RECIPE, epochs=26)
"""As many steps for 13 classes as for 9."""
FEW = Recipe(epochs=60, noise=0.1, least_noise=0.001, label_smoothing=0.0, moved=0.6, kept=0.4)
"""For faults of one size: most of them are drawn towards sound circuits, so that smaller ones are met too."""


@dataclass(frozen=True)
class CircuitPlan:
    """All that makes the shipped network of one circuit.

    Parameters
    ----------
    name, summary : as the card shows them.
    circuit_name : of the circuit.
    fs : of its windows in Hz.
    window : samples of its one window; a multiple of `POSITIONS`.
    runs : of each class in each campaign that it is trained on.
    recipe : of its training.
    few : of the trials, which have few runs.
    """

    name: str
    summary: str
    circuit_name: str
    fs: float
    window: int
    runs: int = 250
    recipe: Recipe = RECIPE
    few: Recipe = FEW

    @property
    def circuit(self) -> Circuit:
        """As it is declared."""
        return find_circuit(self.circuit_name)

    @property
    def classes(self) -> tuple[ClassName, ...]:
        """The sound circuit first."""
        sizes = {1: "too large", -1: "too small"}
        faults = (ClassName(fault.key, f"{fault.part} {sizes[fault.sign]}") for fault in self.circuit.faults)
        return (ClassName(NORMAL, "Every part within its tolerance"), *faults)

    @property
    def alike(self) -> tuple[tuple[int, ...], ...]:
        """Groups of class numbers that nobody tells apart."""
        keys = self.circuit.classes
        return tuple(
            tuple(keys.index(part + sign) for part in group) for group in self.circuit.ambiguous for sign in "+-"
        )

    @property
    def preparation(self) -> Preparation:
        """Of its windows, before the nominal response is measured."""
        return Preparation(fs=self.fs, window=self.window, hop=self.window, scaling="none", start="pulse", lead=LEAD)

    @property
    def config(self) -> ModelConfig:
        """Of the network."""
        stride = self.window // POSITIONS
        return ModelConfig(
            window=self.window,
            classes=len(self.classes),
            blocks=(
                BlockConfig(channels=16, kernel=3 * stride, stride=stride, pool=2),
                BlockConfig(channels=32, kernel=5),
                BlockConfig(channels=32, kernel=3),
            ),
            pooling="mean",
            head=HEAD,
            dropout=0.0,
            deviations=len(self.classes),
        )

    @property
    def trained_on(self) -> tuple[Campaign, ...]:
        """Campaigns of the shipped network."""
        plain, varied = (
            Campaign(self.circuit_name, size=RANGE, runs=self.runs, seed=seed, varied=seed == TRAINED[1])
            for seed in TRAINED
        )
        return plain, varied

    @property
    def unseen(self) -> Campaign:
        """The campaign that it is tested on: other runs, the bench varied."""
        return Campaign(self.circuit_name, size=RANGE, runs=40, seed=UNSEEN, varied=True)

    @property
    def judged(self) -> Campaign:
        """The campaign that its gates are tested on: other runs again, the bench varied."""
        return Campaign(self.circuit_name, size=RANGE, runs=JUDGED_RUNS, seed=JUDGED, varied=True)


CIRCUIT_PLANS = {
    plan.name: plan
    for plan in (
        CircuitPlan(
            "sallen-key-9",
            "Every part in tolerance, or C1, C2, R2 or R3 of a Sallen-Key band-pass too large or too small",
            "sallen-key",
            fs=2e6,
            window=240,
        ),
        CircuitPlan(
            "biquad-13",
            "Every part in tolerance, or C1, C2, R1, R2, R3 or R4 of a four-op-amp biquad too large or too small",
            "biquad",
            fs=1e6,
            window=480,
            recipe=MORE_CLASSES,
        ),
        CircuitPlan(
            "tow-thomas",
            "Every part in tolerance, or C1, C2, R1, R2, R3 or R4 of a Tow-Thomas biquad too large or too small",
            "tow-thomas",
            fs=1e6,
            window=240,
            recipe=MORE_CLASSES,
        ),
    )
}
