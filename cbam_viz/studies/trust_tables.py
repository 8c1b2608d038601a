"""The tests of a gate in rows of words: what stands beside their picture on the page and in the report."""

import math
from collections.abc import Sequence

from cbam_viz.analysis.score import Score
from cbam_viz.analysis.trust import trace_trust
from cbam_viz.language import _
from cbam_viz.studies.tables import Table
from cbam_viz.studies.trust_words import say_number, say_test


def list_trust(scores: Sequence[Score], block: str) -> Table:
    """Every test that is drawn of one block, its number, its control and the band of chance.

    Parameters
    ----------
    scores : of one window, as many as there are yet.
    block : its name.
    """
    return Table(
        _("Tests of {block}").format(block=block),
        (_("test"), _("number"), _("control"), _("band")),
        tuple(
            (say_test(row.name), say_number(row.value), say_number(row.control), _band(row))
            for group in trace_trust(scores, block).groups
            for row in group.rows
        ),
        _("First, where a gate is replaced, what the class loses in logits; then rank correlations; then shares."),
    )


def _band(score: Score) -> str:
    """Both ends of the band; a dash where chance has none."""
    if math.isnan(score.low):
        return "–"
    return _("{low} to {high}").format(low=say_number(score.low), high=say_number(score.high))
