"""One page for colleagues that opens offline: what was found, where, by which network, and how to make it again."""

from cbam_viz import __version__
from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.language import _, percent
from cbam_viz.network.card import Card
from cbam_viz.physics.circuits import find_circuit
from cbam_viz.studies import physics_tables, physics_words, tables, trust_tables, trust_words, tryout_words, words
from cbam_viz.studies.assess_words import list_worth, say_worth
from cbam_viz.studies.command import command_again, trust_again
from cbam_viz.studies.explain import Explanation, line_of_diagnosis, score_controls
from cbam_viz.studies.page import render_page
from cbam_viz.studies.panels import View, draw_panels
from cbam_viz.studies.physics import study_physics
from cbam_viz.studies.physics_panels import draw_physics
from cbam_viz.studies.trust import Trust
from cbam_viz.studies.trust_panels import draw_trust
from cbam_viz.studies.tryout import try_edits

Facts = tuple[tuple[str, str], ...]
"""Terms, and what is said of each."""


def explanation_html(explanation: Explanation, view: View, made_by: str = "", trust: Trust | None = None) -> str:
    """The report of one view of an explanation; the same again gives the same text.

    Parameters
    ----------
    explanation, view : what was found out, and what of it is looked at.
    made_by : the command that makes the file of the signal, where a command made it.
    trust : the tests of the gates in the window in view, None where they were not run.
    """
    signal, card = explanation.signal, explanation.card
    physics = study_physics(explanation, view)
    judged = (physics_words.say_physics(physics.verdict, physics.said),) if physics.verdict else ()
    tried = (tryout_words.say_tryout(try_edits(explanation, view.window, view.edits), card),) if view.edits else ()
    blocks = explanation.card.block_names if trust else ()
    tests = [trust_tables.list_trust(trust.scores, block) for block in blocks] if trust else []
    tested = {"trust": draw_trust(trust.scores, view.window, blocks[view.block])} if trust else {}
    made = (made_by, command_again(explanation, view), trust_again(explanation, view) if trust else "")
    return render_page(
        "report.html",
        draw_panels(explanation, view) | draw_physics(physics) | tested,
        title=f"{signal.origin} · {card.name}",
        verdict=" · ".join(words.say_verdict(trace_diagnosis(explanation.record, card, view.window))),
        sentences=(
            words.say_training(card, signal),
            *_judge_gate(explanation, view, trust),
            *judged,
            *tried,
        ),
        settings=tell_settings(explanation, view),
        notes=explanation.notes + physics.lacking,
        short=(
            tables.list_probabilities(explanation, view),
            tables.list_gates(explanation, view),
            tables.list_channels(explanation, view),
            *physics_tables.list_physics(physics),
            *(table for table in tests if table.rows),
        ),
        long=tables.list_windows(explanation),
        network=tell_network(card),
        worth=list_worth(card),
        confusion=tables.list_confusion(card),
        command="\n".join(filter(None, made)),
        origin=tell_origin(explanation),
    )


def _judge_gate(explanation: Explanation, view: View, trust: Trust | None) -> tuple[str, ...]:
    """The verdict on the gate in view, or two quick controls and that no more was tested."""
    if trust:
        verdict = trust.verdicts[view.block]
        return (trust_words.say_verdict_of_gate(explanation, view.window, verdict, trust.scores),)
    quick = words.say_controls(score_controls(explanation, view.window, view.block))
    return quick, trust_words.say_untested(view.window)


def tell_settings(explanation: Explanation, view: View) -> Facts:
    """When and where: the signal, the window and block in view, and the machine."""
    signal, windows, preparation = explanation.signal, explanation.windows, explanation.card.preparation
    start, unknown = windows.start_s(view.window), _("not known")
    line = line_of_diagnosis(explanation, view.window, view.shaft_hz, view.bearing)
    facts = [
        (_("File"), signal.name),
        (_("Channel"), signal.channel or unknown),
        (_("Unit"), signal.unit or unknown),
        (_("Sampling rate"), f"{signal.fs:.10g} Hz"),
        (
            _("Length"),
            _("{samples} samples, {duration:.3f} s").format(samples=len(signal.samples), duration=signal.duration),
        ),
        (_("Network"), explanation.card.name),
        (
            _("Window"),
            _("{number} of {count}, from {start:.3f} s to {end:.3f} s").format(
                number=view.window + 1,
                count=len(windows),
                start=start,
                end=start + preparation.window / preparation.fs,
            ),
        ),
        (_("Block"), explanation.record.blocks[view.block].name),
    ]
    if explanation.card.circuit:
        return (*facts, (_("Circuit"), find_circuit(explanation.card.circuit).title))
    facts += [
        (
            _("Shaft"),
            _("{hz:.6g} Hz, which is {rpm:.6g} rpm").format(hz=view.shaft_hz, rpm=60 * view.shaft_hz)
            if view.shaft_hz
            else unknown,
        ),
        (_("Bearing"), view.bearing or unknown),
    ]
    if line:
        facts.append(
            (
                line[0],
                _("{hz:.2f} Hz, one strike every {period:.2f} ms").format(hz=line[1], period=1000 / line[1]),
            )
        )
    return tuple(facts)


def tell_network(card: Card) -> Facts:
    """What the network is, and the honest numbers with what flatters them."""
    results, preparation = card.results, card.preparation
    accuracy = _("{accuracy} a window").format(accuracy=percent(results.accuracy))
    if len(results.folds) > 1:
        accuracy += _(", mean of {folds} folds; {worst} in the worst fold").format(
            folds=len(results.folds), worst=percent(results.worst)
        )
    return (
        (_("What it tells apart"), card.summary),
        (_("Accuracy"), accuracy),
        (_("How it was judged"), results.protocol),
        (_("What training and test shared"), results.shared),
        (_("What its gates are worth"), say_worth(card)),
        (
            _("What it reads"),
            _("windows of {window} samples at {fs:g} Hz, up to {top:g} Hz").format(
                window=preparation.window, fs=preparation.fs, top=preparation.top_hz
            ),
        ),
        (
            _("Trained on"),
            _("{count} recordings from {source}").format(count=len(card.trained_on), source=card.source),
        ),
        (_("Licence"), card.licence),
    )


def tell_origin(explanation: Explanation) -> Facts:
    """By which program, of which samples and by which weights the page was made."""
    return (
        (_("Program"), f"cbam-viz {__version__}"),
        (_("SHA-256 of samples and rate"), explanation.signal.digest),
        (_("SHA-256 of the weights"), explanation.network.digest),
    )
