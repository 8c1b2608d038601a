"""What every shipped network is made of and judged by: one plan each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cbam_viz.datasets.cwru import SOURCE as CWRU_SOURCE
from cbam_viz.datasets.cwru import read_cwru
from cbam_viz.datasets.mfpt import SOURCE as MFPT_SOURCE
from cbam_viz.datasets.mfpt import read_mfpt
from cbam_viz.datasets.recording import Recording
from cbam_viz.datasets.simulated import COUNTED_DB, TRAINED, UNSEEN, is_counted, simulate_test, simulate_training
from cbam_viz.errors import InputError
from cbam_viz.network.card import ClassName
from cbam_viz.network.config import BlockConfig, ModelConfig
from cbam_viz.network.training import Recipe
from cbam_viz.physics.bearing import SIMULATED
from cbam_viz.signals.windows import Preparation
from cbam_viz.studies.circuit_plans import CIRCUIT_PLANS

WINDOW = 2048
BLOCKS = (
    BlockConfig(channels=16, kernel=64, stride=8, pool=2),
    BlockConfig(channels=32, kernel=7, pool=2),
    BlockConfig(channels=64, kernel=5, pool=2),
)
"""Block 1 keeps a position every 8 samples: BPFI of a 6205 at 1797 rpm has a period of 74 samples at 12 kHz."""


@dataclass(frozen=True)
class Plan:
    """All that makes one shipped network.

    Parameters
    ----------
    name, summary, classes, source, licence, bearing : as the card shows them.
    preparation : of its windows.
    recipe : of its training.
    read : gives the labelled recordings of a folder; a simulated set needs none.
    fold : names the fold that a recording is held out in.
    protocol, shared : of the evaluation, as the card shows them.
    unseen : gives recordings to test the network itself on, where they never run out; then there are no other folds.
    counted : whether a recording of a test counts for the accuracy; what does not is still told by load.
    """

    name: str
    summary: str
    classes: tuple[ClassName, ...]
    source: str
    licence: str
    bearing: str
    preparation: Preparation
    recipe: Recipe
    read: Callable[[Path], tuple[Recording, ...]]
    fold: Callable[[Recording], str]
    protocol: str
    shared: str
    unseen: Callable[[], tuple[Recording, ...]] | None = None
    counted: Callable[[Recording], bool] = field(default=lambda _recording: True)

    @property
    def measured(self) -> bool:
        """Whether `read` needs a folder: what is simulated never runs out, so it is tested on the unseen."""
        return self.unseen is None

    @property
    def config(self) -> ModelConfig:
        """Of the network."""
        return ModelConfig(window=WINDOW, classes=len(self.classes), blocks=BLOCKS)


HEALTHY = ClassName("normal", "Healthy")
PLANS = {
    plan.name: plan
    for plan in (
        Plan(
            name="cwru-10",
            summary="Healthy, and three kinds of damage at three sizes, on the CWRU drive-end bearing",
            classes=(
                HEALTHY,
                *(ClassName(f"IR{mil:03d}", f"Inner race, {mil} mil", "inner") for mil in (7, 14, 21)),
                *(ClassName(f"B{mil:03d}", f"Ball, {mil} mil", "ball") for mil in (7, 14, 21)),
                *(ClassName(f"OR{mil:03d}", f"Outer race, {mil} mil", "outer") for mil in (7, 14, 21)),
            ),
            source=CWRU_SOURCE,
            licence="The recordings carry no licence and are not distributed here; the weights are MIT.",
            bearing="6205",
            preparation=Preparation(fs=12_000.0, window=WINDOW, hop=WINDOW, lowpass_hz=5_000.0),
            recipe=Recipe(epochs=15, hop=512),
            read=read_cwru,
            fold=lambda recording: recording.load,
            protocol="Trained on three motor loads and tested on the fourth, last epoch, mean of the four.",
            shared="Each fault is one mounted bearing, used at all loads, so the same bearing was in training: "
            "a new machine will be harder.",
        ),
        Plan(
            name="mfpt-3",
            summary="Healthy, inner-race and outer-race damage on the MFPT test rig",
            classes=(
                HEALTHY,
                ClassName("inner", "Inner race", "inner"),
                ClassName("outer", "Outer race", "outer"),
            ),
            source=MFPT_SOURCE,
            licence="The recordings are CC BY-NC-SA 4.0; the weights are MIT.",
            bearing="NICE",
            preparation=Preparation(fs=12_207.0, window=WINDOW, hop=WINDOW, lowpass_hz=5_000.0),
            recipe=Recipe(epochs=12, hop=512),
            read=read_mfpt,
            fold=lambda recording: recording.name,
            protocol="Trained on 19 of the 20 recordings and tested on the one left out, last epoch, mean of "
            "the twenty.",
            shared="Other recordings of the same bearing were in training: a new machine will be harder.",
        ),
        Plan(
            name="bearing-sim-4",
            summary="Healthy, inner-race, outer-race and ball damage on simulated bearings",
            classes=(
                HEALTHY,
                ClassName("inner", "Inner race", "inner"),
                ClassName("outer", "Outer race", "outer"),
                ClassName("ball", "Ball", "ball"),
            ),
            source="its own simulator (python -m cbam_viz simulate bearing)",
            licence="Simulated, so there is nothing to license; the weights are MIT.",
            bearing=SIMULATED.name,
            preparation=Preparation(fs=12_000.0, window=WINDOW, hop=WINDOW, lowpass_hz=5_000.0),
            recipe=Recipe(epochs=15, hop=WINDOW),
            read=lambda _folder: simulate_training(),
            fold=lambda _recording: "unseen machines",
            protocol=f"Trained on {len(TRAINED)} simulated machines and tested on {len(UNSEEN)} others at SNRs of "
            f"{COUNTED_DB:g} dB and more, last epoch; a quarter is healthy, so 25 % is chance.",
            shared="Training and test come from one simulator, with one geometry and shafts at 20 to 40 Hz; it goes by "
            "how the strikes swell and fade, not by their rate. A measured bearing may be quite another matter.",
            unseen=simulate_test,
            counted=is_counted,
        ),
    )
}


def find_plan(name: str) -> Plan:
    """The plan of a shipped network that reads bearings; those of circuits are in `circuit_plans`.

    Raises
    ------
    InputError
        If there is none of this name, or it reads a circuit.
    """
    if name in CIRCUIT_PLANS:
        raise InputError(
            f"This needs a network that reads bearings, but {name} reads responses of a circuit. "
            f"Choose one of {', '.join(PLANS)}."
        )
    if name not in PLANS:
        raise InputError(
            f"A network with a plan is one of {', '.join((*PLANS, *CIRCUIT_PLANS))}, but {name!r} was given. "
            "Choose one of them."
        )
    return PLANS[name]
