"""How does attention differ between classes? Labelled recordings in, one frozen comparison out; both doors call it.

Every window is recorded once; the views are arithmetic on the record. A recording that can't be used costs a sentence,
and the others are still compared.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from cbam_viz.analysis.class_trust import ClassTrustTrace
from cbam_viz.analysis.labelled import LabelledSet, Member, order_classes
from cbam_viz.attention.record import AttentionRecord, join_records, record_attention
from cbam_viz.datasets.labels import Labelled
from cbam_viz.errors import InputError
from cbam_viz.language import _
from cbam_viz.network.card import ClassName
from cbam_viz.network.checkpoint import Network, read_network
from cbam_viz.physics.bearing import check_shaft, read_bearing
from cbam_viz.signals.recognise import mounted_bearing
from cbam_viz.signals.windows import Windows, prepare_windows

MOST_WINDOWS = 20_000
"""Of a set, which then takes about 0.5 GB; each recording has an equal share of them."""

MOST_NAMED = 3
"""Recordings or reasons in one sentence."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """A labelled set as a network sees it.

    Parameters
    ----------
    network : what recorded it.
    labelled : the recordings and their attention.
    left_out : sentences on the recordings that are not among them.
    lost : how many those are.
    notes : sentences a person should read about the set.
    digests : SHA-256 of the samples and rate of each recording.
    trust : the tests of every gate, where somebody asked for them, see `examine_set`.
    """

    network: Network
    labelled: LabelledSet
    left_out: tuple[str, ...]
    lost: int
    notes: tuple[str, ...]
    digests: tuple[str, ...] = ()
    trust: ClassTrustTrace | None = None


@dataclass(frozen=True, eq=False)
class _Recorded:
    """One recording that could be used.

    Parameters
    ----------
    member, record : what is compared.
    digest, fs : of its signal; fs in Hz.
    is_trained_on : whether the network was trained on it.
    shortened_s : length in s of what is compared, None for all of it.
    """

    member: Member
    record: AttentionRecord
    digest: str
    fs: float
    is_trained_on: bool
    shortened_s: float | None


def compare(
    recordings: Sequence[Labelled],
    network: Network | str,
    progress: Callable[[int, int], None] | None = None,
    already: Sequence[str] = (),
) -> Comparison:
    """Record a network's attention over a labelled set.

    Parameters
    ----------
    recordings : with their classes; a class is the network's if it has its key or its words, in any case.
    network : the network, or the name of one that ships.
    progress : called with (recordings done, recordings in all); raising in it ends the pass.
    already : sentences on recordings that were left out before.

    Raises
    ------
    InputError
        If the network can't be used, or fewer than two classes have a recording that can.
    """
    used = read_network(network) if isinstance(network, str) else network
    names = _distinct([recording.name for recording in recordings])
    left_out = list(already)
    recorded: list[_Recorded] = []
    share = max(1, MOST_WINDOWS // max(1, len(recordings)))
    for done, (recording, name) in enumerate(zip(recordings, names, strict=True)):
        try:
            recorded.append(_record(recording, name, used, share))
        except InputError as advice:
            left_out.append(_("{name} is left out. {advice}").format(name=name, advice=advice))
        if progress:
            progress(done + 1, len(recordings))
    kept, twice = _once(recorded)
    left_out += twice
    classes = order_classes(used.card.classes, [each.member.label for each in kept])
    if len(classes) < 2:
        unlabelled = [name for recording, name in zip(recordings, names, strict=True) if not recording.label.strip()]
        raise InputError(_lacking(classes, len(kept), len(recordings), unlabelled, left_out))
    labelled = LabelledSet(
        used.card, classes, tuple(each.member for each in kept), join_records([each.record for each in kept])
    )
    lost = len(already) + len(recordings) - len(kept)
    digests = tuple(each.digest for each in kept)
    return Comparison(used, labelled, tuple(left_out), lost, tuple(_notes(labelled, kept)), digests)


def _lacking(
    classes: Sequence[ClassName], usable: int, given: int, unlabelled: Sequence[str], left_out: Sequence[str]
) -> str:
    """What a set of fewer than two classes lacks, and how to give it."""
    needs = _("A comparison needs recordings of at least two classes, but ")
    if unlabelled:
        found = _("none of {all} has a class") if len(unlabelled) == given else _("{count} of {all} have no class")
        return _(
            "{needs}{found} ({names}). Give their classes in a table file,class (--labels CSV), or name the files so "
            "that the rule finds the class (--rule)."
        ).format(needs=needs, found=found.format(count=len(unlabelled), all=given), names=_few(unlabelled))
    if not classes:
        found = _("none of {all} can be used").format(all=given)
    else:
        found = _("the {count} of {all} that can be used are all of the class {label}").format(
            count=usable, all=given, label=classes[0].words
        )
    reasons = "".join(f" {reason}" for reason in left_out[:MOST_NAMED])
    if (more := len(left_out) - MOST_NAMED) > 0:
        reasons += _(" {count} more are left out.").format(count=more)
    return _("{needs}{found}.{reasons} Add recordings of another class.").format(
        needs=needs, found=found, reasons=reasons
    )


def _few(names: Sequence[str]) -> str:
    """The first of several names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (_(" and {count} more").format(count=more) if more > 0 else "")


def most_telling(labelled: LabelledSet, member: int) -> int:
    """Index of the window of a recording that is surest of the class that the whole recording is named."""
    probabilities = labelled.record.probabilities[slice(*labelled.starts[member : member + 2])]
    return int(probabilities[:, probabilities.mean(axis=0).argmax()].argmax())


def _record(recording: Labelled, name: str, network: Network, most: int) -> _Recorded:
    """Read, cut and record one recording, at most so many windows of it."""
    if not recording.label.strip():
        raise InputError(_("Every recording needs a class, but it has none. Give it one in the table, or by the rule."))
    signal = recording.read()
    if signal.shaft_hz is not None:
        check_shaft(signal.shaft_hz)
    whole = prepare_windows(signal, network.card.preparation)
    windows = _first(whole, most)
    member = Member(
        name,
        match_class(recording.label, network.card.classes),
        recording.machine or mounted_bearing(signal.bearing, signal.recording) or name,
        windows,
        signal.shaft_hz,
        read_bearing(signal.bearing) if signal.bearing else None,
        signal.unit,
    )
    return _Recorded(
        member,
        record_attention(network, windows),
        signal.digest,
        signal.fs,
        signal.bearing == network.card.bearing and signal.recording in network.card.trained_on,
        None if windows is whole else len(windows.samples) / windows.preparation.fs,
    )


def _first(windows: Windows, most: int) -> Windows:
    """The first so many windows of a recording, and only the samples up to their end."""
    if len(windows) <= most:
        return windows
    end = int(windows.starts[most - 1]) + windows.preparation.window
    return replace(windows, samples=windows.samples[:end].copy(), starts=windows.starts[:most])


def match_class(label: str, classes: Sequence[ClassName]) -> str:
    """Key of the class of the network that a label names by key or words; the label itself if it names none."""
    named = {words.casefold(): name.key for name in classes for words in (name.words, name.key)}
    return named.get(label.strip().casefold(), label.strip())


def _once(recorded: Sequence[_Recorded]) -> tuple[list[_Recorded], list[str]]:
    """Every recording once, and a sentence on each that was given again; under two classes it stands for neither."""
    same: dict[str, list[_Recorded]] = {}
    for each in recorded:
        same.setdefault(each.digest, []).append(each)
    kept, said = [], []
    for copies in same.values():
        names = _(" and ").join(each.member.name for each in copies)
        if len({each.member.label for each in copies}) > 1:
            said.append(
                _(
                    "A recording belongs to one class, but {names} are the same signal under different ones, so none "
                    "of them is compared. Keep the right one."
                ).format(names=names)
            )
            continue
        kept.append(copies[0])
        if len(copies) > 1:
            said.append(_("{names} are the same signal, which counts once.").format(names=names))
    return kept, said


def _notes(labelled: LabelledSet, kept: Sequence[_Recorded]) -> Iterator[str]:
    """What a person should know of a set before they trust its pictures."""
    card = labelled.card
    known = [name.key for name in card.classes]
    if unknown := [name.words for name in labelled.classes if name.key not in known]:
        yield _(
            "{network} has no class {unknown}; it knows {known}. Those recordings are compared, but none of them can "
            "be named rightly."
        ).format(network=card.name, unknown=_(" or ").join(unknown), known=", ".join(known))
    for name, (witnesses, recordings, _windows) in zip(labelled.classes, labelled.counts, strict=True):
        if witnesses == 1:
            yield _(
                "{label} has one {kind}, so nothing can be said of how much it varies. Add recordings of others."
            ).format(label=name.words, kind=_("recording") if recordings == 1 else _("specimen"))
    if any(member.machine == member.name for member in labelled.members):
        yield _(
            "Recordings are taken as independent, since nobody says which of them share a specimen; where they do, "
            "every difference looks surer than it is."
        )
    if any(each.is_trained_on and each.member.machine == each.member.name for each in kept):
        yield _("Of the recordings it was trained on, the card of {network} says: {shared}").format(
            network=card.name, shared=card.results.shared
        )
    if trained := sum(each.is_trained_on for each in kept):
        yield _("{count} of {all} recordings were in the training of {network}.").format(
            count=trained, all=len(kept), network=card.name
        )
    if len({each.fs for each in kept}) > 1:
        rates = ", ".join(f"{fs:.10g}" for fs in sorted({each.fs for each in kept}))
        yield _("Sampling rates differ ({rates} Hz); all were brought to {fs:.10g} Hz.").format(
            rates=rates, fs=card.preparation.fs
        )
    for each in kept:
        if each.shortened_s:
            yield _("Of {name} only the first {seconds:.3g} s are compared.").format(
                name=each.member.name, seconds=each.shortened_s
            )


def _distinct(names: Sequence[str]) -> list[str]:
    """Names of which no two are the same; the second of a name gets its number."""
    found: dict[str, None] = {}
    for name in names:
        numbered = (f"{name} ({number})" for number in count(2))
        found[name if name not in found else next(each for each in numbered if each not in {*found, *names})] = None
    return list(found)
