"""Writes a signal to a file that describes itself and that `readers` reads back."""

from pathlib import Path
from typing import Any

import numpy as np

from cbam_viz.signals.readers.numpy_files import IMPACTS
from cbam_viz.signals.recognise import FACTS
from cbam_viz.signals.signal import Signal


def write_signal(signal: Signal, path: Path) -> None:
    """Write the samples as 32 bit floats to an .npz, with every fact that is known of them."""
    facts: dict[str, Any] = {name: getattr(signal, name) for name in FACTS if getattr(signal, name) is not None}
    if signal.impacts is not None:
        facts[IMPACTS] = np.array(signal.impacts, np.int64)
    np.savez_compressed(path, samples=signal.samples.astype(np.float32), **facts)
