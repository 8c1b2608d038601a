"""The tests of a window's gates as JSON, each number with its control."""

import json
import math
from typing import Any

from cbam_viz import __version__
from cbam_viz.analysis.score import Score
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.trust import Trust
from cbam_viz.studies.trust_words import say_verdict_of_gate


def trust_numbers(explanation: Explanation, trust: Trust, block: int) -> dict[str, Any]:
    """Every test and every verdict as plain values; what is not known is None.

    Parameters
    ----------
    block : index of the one in view, whose verdict is that of the window.
    """
    said = [
        {
            "code": verdict.code,
            "block": verdict.block,
            "sentence": say_verdict_of_gate(explanation, trust.window, verdict, trust.scores),
        }
        for verdict in trust.verdicts
    ]
    probabilities = explanation.record.probabilities[trust.window]
    return {
        "network": explanation.card.name,
        "window": trust.window + 1,
        "start_s": explanation.windows.start_s(trust.window),
        "class": explanation.card.classes[int(probabilities.argmax())].key,
        "probability": float(probabilities.max()),
        "tests": [_test(score) for score in trust.scores],
        "verdict": said[block],
        "verdicts": said,
        "provenance": {
            "version": __version__,
            "signal": explanation.signal.name,
            "channel": explanation.signal.channel,
            "signal_sha256": explanation.signal.digest,
            "weights_sha256": explanation.network.digest,
            "notes": list(explanation.notes),
        },
    }


def trust_json(explanation: Explanation, trust: Trust, block: int) -> str:
    """`trust_numbers` as JSON."""
    return json.dumps(trust_numbers(explanation, trust, block), ensure_ascii=False, allow_nan=False) + "\n"


def _test(score: Score) -> dict[str, str | float | None]:
    """One test; what is not a number is None."""
    numbers = {"value": score.value, "control": score.control, "low": score.low, "high": score.high}
    return {
        "name": score.name,
        "block": score.block,
        **{key: number if math.isfinite(number) else None for key, number in numbers.items()},
    }
