"""A labelled set: what is compared, and the sentence each recording costs that can't be."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.attention.record import record_attention
from cbam_viz.datasets.labels import LabelledFile
from cbam_viz.datasets.samples import label_samples
from cbam_viz.datasets.simulated import simulate_classes
from cbam_viz.errors import InputError
from cbam_viz.physics.simulate import Operation
from cbam_viz.signals.readers import read_signal
from cbam_viz.signals.windows import prepare_windows
from cbam_viz.studies import compare as study
from cbam_viz.studies.compare import compare, match_class
from cbam_viz.studies.set_panels import Lacking, SetView, trace_views


@pytest.fixture(scope="module")
def samples(network):
    """The samples that ship for the network."""
    return label_samples(network.card.bearing)


@pytest.fixture
def noise(write):
    """Writes a file of noise that no other seed gives, and gives it with a label."""

    def noise(seed, label, seconds=0.4, **told):
        path = write(np.random.default_rng(seed).normal(size=round(seconds * 12_207)), f"{seed}.npz", **told)
        return LabelledFile(path, label, path.name)

    return noise


def test_every_window_is_recorded_once(network, samples):
    """The set holds what each file gives on its own, bit for bit, in the order of the files."""
    labelled = compare(samples, network).labelled

    assert len(labelled.members) == len(samples) == 12
    assert sum(windows for *_rest, windows in labelled.counts) == len(labelled.record)
    for number in (0, 7):
        windows = prepare_windows(read_signal(samples[number].path), network.card.preparation)
        alone = record_attention(network, windows.inputs)
        rows = slice(*labelled.starts[number : number + 2])
        np.testing.assert_array_equal(
            labelled.record.blocks[0].spatial_attention[rows], alone.blocks[0].spatial_attention
        )
        np.testing.assert_array_equal(labelled.record.features[rows], alone.features)


def test_progress_counts_recordings_and_may_end_the_pass(network, samples):
    """Raising in it stops at once."""
    seen = []
    compare(samples[:6], network, lambda done, whole: seen.append((done, whole)))

    def stop(*_):
        raise KeyboardInterrupt

    assert seen == [(done, 6) for done in range(1, 7)]
    with pytest.raises(KeyboardInterrupt):
        compare(samples[:6], network, stop)


def test_every_recording_has_a_name_of_its_own(network, samples):
    """Also where the number that a name would get is that of another recording."""
    names = ["x", "x (2)", "x", "x", "y", "x (2)"]
    named = [replace(sample, name=name) for sample, name in zip(samples[:6], names, strict=True)]

    assert [member.name for member in compare(named, network).labelled.members] == [
        "x", "x (2)", "x (3)", "x (4)", "y", "x (2) (2)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "key"), [("inner", "inner"), ("Inner race", "inner"), (" HEALTHY ", "normal"), ("x", "x")]
)
def test_a_label_is_a_key_or_the_words_of_a_class(network, label, key):
    """In any case; what the network does not know keeps its name."""
    assert match_class(label, network.card.classes) == key


def test_a_recording_that_cannot_be_used_costs_a_sentence(network, noise, tmp_path):
    """Each says what must hold and what was found; the others are compared."""
    good = [noise(seed, label) for seed, label in enumerate(("inner", "outer", "inner"))]
    gone = LabelledFile(tmp_path / "gone.npz", "inner", "gone.npz")
    compared = compare([good[0], noise(9, ""), gone, good[1], noise(8, "outer", 0.1), good[2]], network)

    assert [member.name for member in compared.labelled.members] == ["0.npz", "1.npz", "2.npz"]
    assert [said.split(" is left out. ")[0] for said in compared.left_out] == ["9.npz", "gone.npz", "8.npz"]
    assert "Every recording needs a class" in compared.left_out[0]
    assert "there is none at" in compared.left_out[1]
    assert "windows of 2048 samples" in compared.left_out[2]


@pytest.mark.parametrize("shaft_hz", [-5.0, 1e6])
def test_a_speed_of_no_shaft_costs_a_sentence(network, noise, shaft_hz):
    """Wherever it was told; the others are compared."""
    good = [noise(seed, label) for seed, label in enumerate(("inner", "outer"))]
    compared = compare([*good, replace(noise(2, "inner"), shaft_hz=shaft_hz)], network)

    assert len(compared.labelled.members) == 2
    assert [said[: said.index(", but")] for said in compared.left_out] == [
        "2.npz is left out. A shaft speed lies between 0 and 10000 Hz"
    ]


def test_one_signal_under_two_classes_stands_for_neither(network, noise):
    """Under one class it counts once."""
    again = replace(noise(0, "inner"), label="outer", name="again.npz")
    compared = compare([noise(0, "inner"), again, noise(1, "inner"), noise(2, "outer"), noise(2, "outer")], network)

    assert [member.name for member in compared.labelled.members] == ["1.npz", "2.npz"]
    assert "0.npz and again.npz are the same signal under different ones" in compared.left_out[0]
    assert compared.left_out[1] == "2.npz and 2.npz (2) are the same signal, which counts once."


def test_a_class_that_the_network_does_not_know_is_compared(network, noise):
    """It comes last, and one note on all such classes says that no diagnosis of them can be right, and which can."""
    labels = ("cracked", "inner", "inner", "worn")
    compared = compare([noise(seed, label) for seed, label in enumerate(labels)], network)

    assert [name.key for name in compared.labelled.classes] == ["inner", "cracked", "worn"]
    (said,) = (note for note in compared.notes if "has no class" in note)
    assert said.startswith("mfpt-3 has no class cracked or worn; it knows normal, inner, outer. Those recordings are")
    assert any(said.startswith("cracked has one recording") for said in compared.notes)


def test_all_that_can_be_wrong_at_once_costs_a_sentence_each(network, noise):
    """One recording of a class, no label, an unknown class, another rate, no window, two classes: the rest compares."""
    good = [noise(seed, label) for seed, label in enumerate(("inner", "outer", "inner"))]
    other_rate = LabelledFile(good[2].path, "inner", "other rate.npz", fs=24_414.0)
    too_short = [noise(seed, "normal", 0.1) for seed in (3, 4)]  # all there is of this class
    twice = [replace(noise(5, "inner"), name=name, label=name[:5]) for name in ("inner.npz", "outer.npz")]
    recordings = [*good[:2], other_rate, *too_short, *twice, noise(6, ""), noise(7, "worn")]
    compared = compare(recordings, network)

    assert [name.key for name in compared.labelled.classes] == ["inner", "outer", "worn"]
    assert [member.name for member in compared.labelled.members] == ["0.npz", "1.npz", "other rate.npz", "7.npz"]
    assert compared.lost == len(recordings) - 4
    said = "\n".join((*compared.left_out, *compared.notes))
    for sentence in (
        "3.npz is left out. ",
        "4.npz is left out. ",
        "6.npz is left out. Every recording needs a class",
        "inner.npz and outer.npz are the same signal under different ones",
        "mfpt-3 has no class worn;",
        "Outer race has one recording, so nothing can be said of how much it varies.",
        "worn has one recording, so nothing can be said of how much it varies.",
        "Sampling rates differ (12207, 24414 Hz); all were brought to 12207 Hz.",
    ):
        assert said.count(sentence) == 1
    assert len(said.splitlines()) == 9  # and that nobody says which of them share a bearing
    lacking = [name for name, trace in trace_views(compared, SetView()).items() if isinstance(trace, Lacking)]
    assert set(lacking) <= {"aligned"}  # noise may hold no moment that stands out


def test_different_rates_are_said(network, samples):
    """They are brought to the network's, and a person knows; so they do of recordings that were in training."""
    notes = compare(samples, network).notes

    assert "Sampling rates differ (48828, 97656 Hz); all were brought to 12207 Hz." in notes
    assert "12 of 12 recordings were in the training of mfpt-3." in notes


@pytest.mark.parametrize("labels", [(), ("inner",), ("inner", "inner")])
def test_a_comparison_needs_two_classes(network, noise, labels):
    """One sentence says what was found."""
    with pytest.raises(InputError, match="A comparison needs recordings of at least two classes, but"):
        compare([noise(seed, label) for seed, label in enumerate(labels)], network)


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ([""] * 7, "none of 7 has a class (0.npz, 1.npz, 2.npz and 4 more)."),
        (["inner", "", ""], "2 of 3 have no class (1.npz, 2.npz)."),
    ],
)
def test_a_set_without_labels_says_how_to_give_them(network, noise, labels, found):
    """Three of those without a class are named, and both ways to give one."""
    with pytest.raises(InputError) as advice:
        compare([noise(seed, label) for seed, label in enumerate(labels)], network)

    assert str(advice.value) == (
        f"A comparison needs recordings of at least two classes, but {found} Give their classes in a table file,class "
        "(--labels CSV), or name the files so that the rule finds the class (--rule)."
    )


def test_long_recordings_share_the_memory(network, noise, monkeypatch):
    """The first windows of each are compared, and their samples only; a note names them."""
    monkeypatch.setattr(study, "MOST_WINDOWS", 6)
    compared = compare([noise(0, "inner", 1.0), noise(1, "outer", 0.4), noise(2, "outer", 0.3)], network)
    windows = [member.windows for member in compared.labelled.members]

    assert [len(each) for each in windows] == [2, 2, 1]
    assert len(windows[0].samples) == 2 * 2048
    assert compared.notes[-1] == "Of 0.npz only the first 0.336 s are compared."


def test_simulated_machines_are_witnesses_each():
    """As many of each class as were asked for, with the true impacts, and nothing to add."""
    compared = compare(simulate_classes(5_000, 2, Operation(snr_db=3.0)), "bearing-sim-4")

    assert [counts[:2] for counts in compared.labelled.counts] == [(2, 2)] * 4
    assert (compared.left_out, compared.notes) == ((), ())
    assert all(len(member.windows.impacts) > 50 for member in compared.labelled.members[2:])
    assert len({member.machine for member in compared.labelled.members}) == 8
