"""The MFPT bearing fault data set (E. Bechhoefer, CC BY-NC-SA 4.0): healthy, inner race, outer race; 20 recordings.

Class and sampling rate go together here (all healthy recordings are at 97,656 Hz), so windows must be brought to one
rate with an anti-alias filter. The cage frequency that the files carry (14.84 Hz) comes from a wrong formula; fault
lines always come from the geometry (`physics.bearing.NICE`), never from the file.
"""

from pathlib import Path

from cbam_viz.datasets.recording import Recording, check_complete
from cbam_viz.signals.readers import read_signal

SOURCE = "the bearing fault data set of the Society for Machinery Failure Prevention Technology (MFPT)"
LOADS_LB = {
    "normal": {f"baseline_{number}": 270 for number in (1, 2, 3)},
    "outer": {f"OuterRaceFault_{number}": 270 for number in (1, 2, 3)}
    | {f"OuterRaceFault_vload_{number}": load for number, load in enumerate((25, 50, 100, 150, 200, 250, 300), 1)},
    "inner": {
        f"InnerRaceFault_vload_{number}": load for number, load in enumerate((0, 50, 100, 150, 200, 250, 300), 1)
    },
}
"""Every recording under its label, with its load in lb."""


def read_mfpt(folder: Path) -> tuple[Recording, ...]:
    """Read the 20 recordings: 3 ``normal``, 10 ``outer``, 7 ``inner``.

    The data set does not say whether the recordings of one label share a bearing; they are taken to share it, which
    never makes a split too easy.

    Raises
    ------
    InputError
        If a recording is missing or cannot be read.
    """
    named = [(label, name, load) for label, loads in LOADS_LB.items() for name, load in loads.items()]
    files = {name: folder / f"{name}.mat" for _, name, _ in named}
    check_complete([path.name for path in files.values() if not path.is_file()], folder, SOURCE)
    return tuple(
        Recording(name, label, f"NICE {label}", f"{load} lb", (read_signal(files[name], "bearing.gs"),))
        for label, name, load in named
    )
