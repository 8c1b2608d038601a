"""What a card's table of tests says of a network's gates: one sentence, and the table in plain words and units."""

from collections.abc import Callable

from cbam_viz.analysis.verdict import NOTICED
from cbam_viz.language import _, digits, percent
from cbam_viz.network.card import Card
from cbam_viz.network.trust_table import ALL_BLOCKS, TrustRow, TrustTable
from cbam_viz.studies.tables import Table


def say_worth(card: Card) -> str:
    """What the tests on a card mean, in one sentence with their numbers."""
    if card.trust is None:
        return _("Nobody has tested what its gates are worth.")
    blocks = [name for name in card.block_names if card.trust.find("accuracy_flat", name)]
    parts = (
        _say_need(card.trust, _("responses") if card.circuit else _("windows")),
        _say_impacts(card.trust, blocks),
        _say_instants(card.trust, blocks),
        _say_seeds(card.trust, blocks),
    )
    return "; ".join(part for part in parts if part) + "."


def _say_need(table: TrustTable, what: str) -> str:
    """Whether the network needs the shape of its spatial gates."""
    loss, margin, named = (
        table.find(name, ALL_BLOCKS) for name in ("flatten_spatial", "flatten_spatial_margin", "accuracy_flat")
    )
    if not (loss and margin and named):
        return _("Its gates were not held at their mean")
    change = margin.value or 0.0
    words = _("Its spatial gates hardly matter")
    if abs(change) >= NOTICED:
        words = _("Its spatial gates matter") if change > 0 else _("Its spatial gates work against the class")
        words = words if margin.differs else _("It is not sure that its spatial gates matter")
    return _("{words}: held at their mean they leave {flat} of the {what} named rightly ({as_is} as they are)").format(
        words=words, what=what, flat=percent(named.value or 0.0), as_is=percent(named.control or 0.0)
    ) + _(", and the class loses {points} points of probability").format(points=_points(loss.value))


def _say_impacts(table: TrustTable, blocks: list[str]) -> str:
    """Whether a spatial gate lies on the true impacts of simulated bearings, beyond chance and beyond loudness."""
    rows = [(table.find("truth_auc", name), table.find("truth_auc_loudness", name)) for name in blocks]
    known = [(chance, loud) for chance, loud in rows if chance and loud]
    if not known:
        return ""
    above = [chance.block for chance, _loud in known if chance.differs and _above(chance)]
    beside = [chance.block for chance, _loud in known if chance.differs and not _above(chance)]
    louder = [loud.block for _chance, loud in known if loud.differs and _above(loud)]
    best, loudest = max(known, key=lambda pair: pair[0].value or 0.0)
    return _(
        "on simulated bearings they lie on the true impacts {chance}{beside}, and {loud} (at best AUC {auc}, {block}; "
    ).format(
        chance=_("beyond chance in {blocks}").format(blocks=", ".join(above)) if above else _("no better than chance"),
        beside=_(", beside them in {blocks}").format(blocks=", ".join(beside)) if beside else "",
        loud=_("better than plain loudness in {blocks}").format(blocks=", ".join(louder))
        if louder
        else _("never better than plain loudness"),
        auc=_plain(best.value),
        block=best.block,
    ) + _("loudness {loudness})").format(loudness=_plain(loudest.control))


def _say_instants(table: TrustTable, blocks: list[str]) -> str:
    """Whether a spatial gate rises where the classes of a circuit differ, beyond the same gate moved in time."""
    rows = [row for name in blocks if (row := table.find("follow_fisher", name))]
    if not rows:
        return ""
    with_it = [row.block for row in rows if row.differs and _above(row)]
    against = [row.block for row in rows if row.differs and not _above(row)]
    return _(
        "over time they rise where the classes differ {more}{less} (rank correlation {numbers} in {blocks})"
    ).format(
        more=_("more than moved ones in {blocks}").format(blocks=", ".join(with_it))
        if with_it
        else _("no more than moved ones"),
        less=_(", less in {blocks}").format(blocks=", ".join(against)) if against else "",
        numbers=", ".join(_plain(row.value) for row in rows),
        blocks=", ".join(row.block for row in rows),
    )


def _say_seeds(table: TrustTable, blocks: list[str]) -> str:
    """How like the maps of other seeds are."""
    rows = [row for name in blocks if (row := table.find("agreement", name))]
    if not rows:
        return ""
    like = [row.block for row in rows if row.differs and _above(row)]
    return _("networks of other seeds draw {maps} (rank correlation {numbers} in {blocks})").format(
        maps=_("maps like these in {blocks}").format(blocks=", ".join(like)) if like else _("other maps"),
        numbers=", ".join(_plain(row.value) for row in rows),
        blocks=", ".join(row.block for row in rows),
    )


def _above(row: TrustRow) -> bool:
    return row.value is not None and row.control is not None and row.value > row.control


def _plain(number: float | None) -> str:
    """Two decimals, a minus that is one, a dash for nothing."""
    return "–" if number is None else digits(number, ".2f")


def _points(number: float | None) -> str:
    """A share as percentage points."""
    return "–" if number is None else digits(100 * number, ".1f")


def _share(number: float | None) -> str:
    return "–" if number is None else percent(number)


ROWS: dict[str, tuple[str, Callable[[float | None], str], bool]] = {
    "accuracy_flat": (_("named rightly with M_s at its mean (as it is)"), _share, True),
    "flatten_spatial": (_("points of probability lost, M_s at its mean"), _points, False),
    "shuffle_spatial": (_("points lost, M_s shuffled in time"), _points, False),
    "mean_channels": (_("points lost, M_c at its usual values"), _points, False),
    "permute_channels": (_("points lost, M_c in random order"), _points, False),
    "truth_auc": (_("M_s on true impacts, AUC (chance)"), _plain, True),
    "truth_auc_loudness": (_("M_s on true impacts, AUC (loudness)"), _plain, True),
    "truth_pointing": (_("highest moment on an impact (chance)"), _share, True),
    "follow_fisher": (_("rank correlation with Fisher’s ratio (M_s moved)"), _plain, True),
    "randomisation": (_("|rank correlation| with untrained (these)"), _plain, True),
    "agreement": (_("rank correlation, other seeds (other windows)"), _plain, True),
}
"""For each test its words with the control in brackets, how its numbers are written, and whether the control is."""


def list_worth(card: Card) -> Table | None:
    """The tests on a card in plain words, a column a block; None where it was not assessed."""
    table = card.trust
    if table is None:
        return None
    blocks = [name for name in (*card.block_names, ALL_BLOCKS) if any(row.block == name for row in table.rows)]
    return Table(
        _("What its gates are worth"),
        (_("test (control)"), *blocks),
        tuple(
            (words, *(_cell(table.find(name, block), name) for block in blocks))
            for name, (words, *_rest) in ROWS.items()
            if any(row.name == name for row in table.rows)
        ),
        _(
            "In brackets the control. ≈: can’t be told from it, or from 0 where points are lost: within 95 % of "
            "the means when recordings are drawn anew, or of what untrained networks, other windows or moved gates "
            "give. –: nothing to test. {protocol} Made by {command}; the card has all numbers and bands."
        ).format(protocol=" ".join(table.protocol), command=table.command),
    )


def _cell(row: TrustRow | None, name: str) -> str:
    """A number with its control."""
    if row is None:
        return "–"
    _words, written, beside = ROWS[name]
    told = written(row.value) + (f" ({written(row.control)})" if beside else "")
    return told if row.differs or row.control is None else f"≈\u00a0{told}"
