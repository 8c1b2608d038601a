"""The physics of a report in rows of words: the lines and the tests that stand beside its pictures."""

from cbam_viz.figures.envelope import say_also
from cbam_viz.language import _, digits
from cbam_viz.studies import physics_words as words
from cbam_viz.studies.physics import Physics
from cbam_viz.studies.physics_numbers import physics_numbers
from cbam_viz.studies.tables import Table


def list_physics(physics: Physics) -> tuple[Table, ...]:
    """Faults, lines and tests as far as there are some."""
    return tuple(table for table in (list_faults(physics), list_lines(physics), list_tests(physics)) if table.rows)


def list_faults(physics: Physics) -> Table:
    """How far the lines of every part stand out together; the first is the part whose physics fits, where one does."""
    numbers = physics_numbers(physics)
    faults = sorted(numbers["faults"], key=lambda fault: fault["fault"] != numbers["fits"])
    note = words.say_band(physics.band)
    if physics.shaft_hz:
        note += " " + _("Shaft at {hz:.6g} Hz.").format(hz=physics.shaft_hz) + " " + words.say_speed(physics.speed)
    return Table(
        _("Faults by physics"),
        (_("part"), _("line"), _("at (Hz)"), _("times above what is around"), _("by chance up to"), _("stands out")),
        tuple(
            (
                words.PARTS[fault["fault"]],
                fault["line"],
                _number(fault["hz"]),
                _number(fault["prominence"]),
                _number(fault["chance"]),
                _yes(fault["stands_out"]),
            )
            for fault in faults
        ),
        note,
    )


def list_lines(physics: Physics) -> Table:
    """Every line that was looked for in the envelope spectrum and in the gate's own."""
    numbers = physics_numbers(physics)
    spectra = [(_("envelope"), numbers["envelope_spectrum"]), (_("gate"), numbers["gate_spectrum"])]
    return Table(
        _("Lines that were looked for"),
        (_("line"), _("spectrum"), _("at (Hz)"), _("within (Hz)"), _("times above"), _("by chance"), _("stands out")),
        tuple(
            (
                line["name"],
                curve.get("block", told),
                _number(line["hz"]),
                _number(line["reach_hz"]),
                _number(line["prominence"]),
                _number(line["chance"]),
                _("no, {also}").format(also=say_also(line["also"])) if line["also"] else _yes(line["stands_out"]),
            )
            for told, curve in spectra
            if curve
            for line in curve["lines"]
        ),
    )


def list_tests(physics: Physics) -> Table:
    """The tests of every gate, each beside its control."""
    scores = {(score.name, score.block): words.say_score(score) for score in physics.scores}
    return Table(
        _("Gates beside the fault's lines"),
        (_("test"), _("block"), _("value"), _("by chance (95 %)")),
        tuple(
            (
                scores[test["name"], test["block"]],
                test["block"],
                _number(test["value"]),
                _("{control} ({low} to {high})").format(
                    **{key: _number(test[key]) for key in ("control", "low", "high")}
                ),
            )
            for test in physics_numbers(physics)["tests"]
        ),
    )


def _number(number: float | None) -> str:
    """Rounded to what a person reads; a dash where there is none."""
    return "–" if number is None else digits(number, ".2f")


def _yes(stands_out: bool) -> str:
    return _("yes") if stands_out else _("no")
