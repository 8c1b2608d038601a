"""The tests of a labelled set as plain values, and as JSON for themselves."""

import json
from typing import Any

from cbam_viz import __version__
from cbam_viz.analysis.class_trust import ClassTrustTrace
from cbam_viz.studies.class_trust_words import say_class_verdict
from cbam_viz.studies.compare import Comparison
from cbam_viz.studies.plain import plain
from cbam_viz.studies.trust_words import say_without_gate


def class_trust_numbers(trace: ClassTrustTrace) -> dict[str, Any]:
    """Every test and every verdict of a set as plain values; what is not known is None."""
    return {
        "tests": [
            {"name": each["name"], "block": each["block"], "class": each.pop("label"), **each}
            for each in map(plain, trace.scores)
        ],
        "verdicts": [
            {
                "code": each["code"],
                "block": each["block"],
                "class": each.pop("label"),
                "sentence": say_class_verdict(trace, verdict),
                **each,
            }
            for verdict, each in zip(trace.verdicts, map(plain, trace.verdicts), strict=True)
        ],
        "windows": {"tested": trace.windows[0], "all": trace.windows[1]},
    }


def class_trust_json(comparison: Comparison, trace: ClassTrustTrace, block: int) -> str:
    """The tests of a set as JSON.

    Parameters
    ----------
    comparison : the set.
    trace : its tests.
    block : index of the one in view, whose verdict on all classes together is that of the set.
    """
    labelled, found = comparison.labelled, class_trust_numbers(trace)
    name = labelled.card.block_names[block]
    without = {
        "code": "not_enough",
        "block": name,
        "class": trace.classes[-1][0],
        "sentence": say_without_gate(name),
    }
    told = {
        "network": labelled.card.name,
        "classes": [key for key, _words in trace.classes],
        "tests": found["tests"],
        "verdict": next((each for each in reversed(found["verdicts"]) if each["block"] == name), without),
        "verdicts": found["verdicts"],
        "windows": found["windows"],
        "recordings": [
            {
                "file": member.name,
                "class": member.label,
                "machine": member.machine,
                "windows": len(member.windows),
                "signal_sha256": digest,
            }
            for member, digest in zip(labelled.members, comparison.digests, strict=True)
        ],
        "left_out": list(comparison.left_out),
        "notes": list(comparison.notes),
        "provenance": {"version": __version__, "weights_sha256": comparison.network.digest},
    }
    return json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n"
