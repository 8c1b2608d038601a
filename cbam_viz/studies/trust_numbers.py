"""The tests of a window's gates, to take away: as named values, and as rows of the tidy table."""

import json
import math
from collections.abc import Iterator
from typing import Any

from cbam_viz import __version__
from cbam_viz.analysis.score import Score
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.physics_numbers import SCORES, Row
from cbam_viz.studies.trust import Trust
from cbam_viz.studies.trust_words import say_verdict_of_gate


def gate_numbers(explanation: Explanation, trust: Trust, block: int) -> dict[str, Any]:
    """The window, every test and every verdict as plain values; what is not known is None.

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
    return {
        "window": trust.window + 1,
        "tests": [_test(score) for score in trust.scores],
        "verdict": said[block],
        "verdicts": said,
    }


def trust_rows(numbers: dict[str, Any]) -> Iterator[Row]:
    """The same as rows of the tidy table; what is not known has none.

    Parameters
    ----------
    numbers : as `gate_numbers` gives them.
    """
    for test in numbers["tests"]:
        for key in SCORES:
            if test[key] is not None:
                yield test["name"], test["block"], key, test[key]
    for verdict in numbers["verdicts"]:
        yield "verdict", verdict["block"], verdict["code"], 1.0
        yield "verdict_sentence", verdict["block"], verdict["sentence"], 1.0


def trust_numbers(explanation: Explanation, trust: Trust, block: int) -> dict[str, Any]:
    """`gate_numbers` with what they are of.

    Parameters
    ----------
    block : see `gate_numbers`.
    """
    probabilities = explanation.record.probabilities[trust.window]
    return {
        "network": explanation.card.name,
        "start_s": explanation.windows.start_s(trust.window),
        "class": explanation.card.classes[int(probabilities.argmax())].key,
        "probability": float(probabilities.max()),
        **gate_numbers(explanation, trust, block),
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
    numbers = {key: getattr(score, key) for key in SCORES}
    return {
        "name": score.name,
        "block": score.block,
        **{key: number if math.isfinite(number) else None for key, number in numbers.items()},
    }
