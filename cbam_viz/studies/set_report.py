"""One page for colleagues that opens offline: what was compared, every view of it, and how to make it again."""

import shlex
from collections.abc import Sequence

from cbam_viz import __version__
from cbam_viz.analysis.difference import choose_pair
from cbam_viz.language import _, percent
from cbam_viz.studies.assess_words import list_worth
from cbam_viz.studies.class_trust_words import list_class_trust
from cbam_viz.studies.compare import Comparison
from cbam_viz.studies.page import render_page
from cbam_viz.studies.report import Facts, tell_network
from cbam_viz.studies.set_numbers import list_recordings
from cbam_viz.studies.set_panels import VIEWS, SetView, draw_views, find_sides
from cbam_viz.studies.tables import Table


def comparison_html(comparison: Comparison, view: SetView, command: str) -> str:
    """The report of one view of a comparison; the same again gives the same text.

    Parameters
    ----------
    comparison, view : what is looked at.
    command : that makes it again, see `command_again`.
    """
    labelled = comparison.labelled
    words = [name.words for name in labelled.classes]
    panels, lacking = draw_views(comparison, view)
    return render_page(
        "comparison.html",
        panels,
        title=_("Comparison · {network}").format(network=labelled.card.name),
        verdict=_(" and ").join([", ".join(words[:-1]), words[-1]]),
        lacking=lacking,
        titles={name: kind.title for name, kind in VIEWS.items()},
        settings=tell_view(comparison, view),
        notes=comparison.notes,
        left_out=comparison.left_out,
        classes=list_classes(comparison),
        recordings=list_named(comparison),
        tests=list_class_trust(comparison.trust) if comparison.trust else None,
        network=tell_network(labelled.card),
        worth=list_worth(labelled.card),
        command=command,
        origin=((_("Program"), f"cbam-viz {__version__}"), (_("SHA-256 of the weights"), comparison.network.digest)),
    )


def tell_view(comparison: Comparison, view: SetView) -> Facts:
    """What of the comparison is looked at."""
    labelled = comparison.labelled
    classes = labelled.classes
    a, b = (
        _("{name}, window {number}").format(name=labelled.members[member].name, number=window + 1)
        for member, window in find_sides(labelled, view)
    )
    is_fixed = labelled.card.preparation.start == "pulse"
    return (
        (_("Network"), labelled.card.name),
        (_("Block"), labelled.record.blocks[view.block].name),
        (
            _("Difference"),
            _("{second} − {first}").format(second=classes[view.second].words, first=classes[view.first].words),
        ),
        (
            _("Aligned by"),
            _("the pulse") if is_fixed else {"impacts": _("impacts"), "period": _("fault period")}[view.by],
        ),
        ("A", a),
        ("B", b),
    )


def list_classes(comparison: Comparison) -> Table:
    """Every class, and how much there is of it."""
    labelled = comparison.labelled
    return Table(
        _("Classes"),
        (_("class"), _("specimens"), _("recordings"), _("windows")),
        tuple((name.words, *map(str, counts)) for name, counts in zip(labelled.classes, labelled.counts, strict=True)),
        _("A specimen that nobody names counts as one a recording."),
    )


def list_named(comparison: Comparison) -> Table:
    """Every recording, and what the network calls it."""
    known = {name.key: name.words for name in (*comparison.labelled.card.classes, *comparison.labelled.classes)}
    return Table(
        _("Recordings"),
        (_("recording"), _("class"), _("named as"), _("mean probability"), _("windows")),
        tuple(
            (
                row["file"],
                known[row["class"]],
                known[row["predicted"]],
                percent(max(row["probabilities"])),
                str(row["windows"]),
            )
            for row in list_recordings(comparison.labelled)
        ),
    )


def command_again(comparison: Comparison, view: SetView, source: Sequence[str]) -> str:
    """The command that writes this very report, quoted for a shell.

    Parameters
    ----------
    comparison, view : what is looked at.
    source : words of the command line that give the set, such as ``["set.zip"]``.
    """
    keys, plain = [name.key for name in comparison.labelled.classes], SetView()
    is_natural = (view.first, view.second) == choose_pair(comparison.labelled)
    natural, sides = find_sides(comparison.labelled, plain), find_sides(comparison.labelled, view)
    surest = find_sides(comparison.labelled, SetView(a=sides[0][0], b=sides[1][0]))
    options = {
        "--block": str(view.block + 1) if view.block != plain.block else None,
        "--order": view.order if view.order != plain.order else None,
        "--absolute": "" if view.absolute else None,
        "--first": None if is_natural else keys[view.first],
        "--second": None if is_natural else keys[view.second],
        "--by": view.by if view.by != plain.by else None,
        "--periods": str(view.periods) if view.periods != plain.periods else None,
        "--measure": view.measure if view.measure != plain.measure else None,
        "--trust": "" if comparison.trust else None,
    }
    for letter, (member, window), plain_side, surest_side in zip("ab", sides, natural, surest, strict=True):
        options[f"--{letter}"] = str(member + 1) if member != plain_side[0] else None
        options[f"--{letter}-window"] = str(window + 1) if window != surest_side[1] else None
    parts = ["python", "-m", "cbam_viz", "compare", *source, "--network", comparison.labelled.card.name]
    for option, value in options.items():
        if value is not None:
            parts += [option, value] if value else [option]
    return shlex.join([*parts, "--html", f"comparison {comparison.labelled.card.name}.html"])
