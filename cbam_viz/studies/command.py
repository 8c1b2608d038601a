"""The line that makes a report again: `python -m cbam_viz explain` with every option that is not its default."""

import re
import shlex
from pathlib import PurePath

from cbam_viz.analysis.edits import text_of
from cbam_viz.studies.explain import Explanation, most_telling_window
from cbam_viz.studies.panels import View

UNKNOWN = "unknown"
"""What the command line calls a speed or a bearing that is not to be taken from the file."""
OF_TRUST = {"--network", "--channel", "--fs", "--interpolate", "--shaft", "--bearing", "--window", "--block"}
"""Options of `explain` that `trust` takes too."""


def output_name(explanation: Explanation, kind: str) -> str:
    """Name of a file with a result, after signal, channel and network."""
    signal = explanation.signal
    channel = re.sub(r'[\x00-\x1f/\\:*?"<>|]+', "_", signal.channel)  # what no file system takes
    return f"{PurePath(signal.name).stem} {channel} {explanation.card.name}.{kind}"


def command_again(explanation: Explanation, view: View) -> str:
    """The command that writes this very report, quoted for a shell; run it in the folder of the file."""
    options = _options(explanation, view)
    return _line("explain", explanation, options | {"--html": output_name(explanation, "html")})


def trust_again(explanation: Explanation, view: View) -> str:
    """The command that makes the tests of the gates in the window in view again, which a report only shows."""
    options = {key: value for key, value in _options(explanation, view).items() if key in OF_TRUST}
    return _line("trust", explanation, options | {"--json": output_name(explanation, "trust.json")})


def _line(command: str, explanation: Explanation, options: dict[str, str | None]) -> str:
    """A command on the file with these options, as `_options` gives them."""
    name = explanation.signal.name
    parts = ["python", "-m", "cbam_viz", command, f"./{name}" if name.startswith("-") else name]
    for option, value in options.items():
        if value is not None:
            parts += [option, value] if value else [option]
    return shlex.join(parts)


def _options(explanation: Explanation, view: View) -> dict[str, str | None]:
    """Every option and its value, None where it is the default, empty for a switch that is on."""
    signal, asked = explanation.signal, explanation.asked
    return {
        "--network": explanation.card.name,
        "--channel": asked.channel or None,
        "--fs": _number(asked.fs),
        "--unit": asked.unit,
        "--interpolate": "" if asked.interpolate else None,
        "--shaft": None if view.shaft_hz == signal.shaft_hz else _number(view.shaft_hz) or UNKNOWN,
        "--bearing": None if view.bearing == signal.bearing else view.bearing or UNKNOWN,
        "--window": None if view.window == most_telling_window(explanation) else str(view.window + 1),
        "--block": None if view.block == 0 else str(view.block + 1),
        "--scale": None if view.scale == "usual" else view.scale,
        "--order": None if view.order == "frequency" else view.order,
        "--absolute": "" if view.absolute else None,
        "--edits": text_of(view.edits) or None,
        "--band": _band(view.frequency.band_hz),
        "--nudge": _number(round(100 * view.frequency.nudge, 6)) if view.frequency.nudge else None,
        "--orders": "" if view.frequency.orders else None,
    }


def _number(value: float | None) -> str | None:
    """A number in the shortest digits that give it back."""
    return None if value is None else repr(float(value)).removesuffix(".0")


def _band(band_hz: tuple[float, float] | None) -> str | None:
    """The edges of a band as the command line takes them."""
    return None if band_hz is None else "-".join(f"{_number(edge)}" for edge in band_hz)
