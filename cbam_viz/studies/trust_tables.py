"""The areas below the curves of deletion and insertion in rows of words, every map beside random order."""

from cbam_viz.analysis.deletion import KINDS, MASKS, ROUNDS, Area
from cbam_viz.analysis.methods import MethodsTrace
from cbam_viz.figures.methods import word_of
from cbam_viz.language import _
from cbam_viz.studies.tables import Table
from cbam_viz.studies.trust_words import say_number


def list_areas(trace: MethodsTrace) -> Table:
    """The area of every map and of random order for both kinds, once a way of masking."""
    found = {(row.order, row.kind, row.mask): row for row in trace.areas}
    said = {"zero": _("mean"), "noise": _("noise")}
    rows = []
    for mask in MASKS:
        for order in trace.orders:
            words = word_of(order).replace("M<sub>s</sub>", "M_s")
            rows.append((words, said[mask], *(_area(found[order, kind, mask].area) for kind in KINDS)))
        chance = (_area(found[trace.orders[0], kind, mask].chance) for kind in KINDS)
        rows.append((_("random orders"), said[mask], *chance))
    return Table(
        _("Areas of deletion and insertion"),
        (_("map"), _("masked by"), _("deletion"), _("insertion")),
        tuple(rows),
        _(
            "Areas: the mean probability on the way; of a map with the 95 % interval of its mean over {rounds} rounds, "
            "of random orders with the band that holds 95 % of them. A map finds more where deletion is low, and where "
            "insertion is high."
        ).format(rounds=ROUNDS),
    )


def _area(area: Area) -> str:
    """An area with its ends."""
    ends = _("{low} to {high}").format(low=say_number(area.low), high=say_number(area.high))
    return f"{say_number(area.value)} ({ends})"
