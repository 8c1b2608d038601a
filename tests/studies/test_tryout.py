"""What a network says after edits, and that nothing stays behind."""

import io
import json
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cbam_viz.analysis.edits import read_edits
from cbam_viz.attention.passes import OWN_GATES, HeldGates
from cbam_viz.attention.record import record_attention
from cbam_viz.datasets.samples import SAMPLE_DATA
from cbam_viz.errors import InputError
from cbam_viz.studies.explain import explain, score_controls
from cbam_viz.studies.numbers import explanation_csv, explanation_json, explanation_parquet
from cbam_viz.studies.panels import View, draw_tryout
from cbam_viz.studies.report import explanation_html
from cbam_viz.studies.tryout import try_edits
from cbam_viz.studies.tryout_words import say_change, say_tryout

WINDOW = 2
BESIDE = ("probability_before", "probability_after")
EVERYTHING = "mask:10-20;notch:2000-2500;noise:10:1;shift:2;scale:3;resample:1.01;mute:1.2;shuffle:2:1;flatten:3"


def tried(explained, text, window=WINDOW):
    """The record after edits."""
    return try_edits(explained, window, read_edits(text)).after


def bits(record):
    """All numbers of a record."""
    gates = [gate for block in record.blocks for gate in (block.channel_attention, block.spatial_attention)]
    return [record.logits, record.features, *gates]


def assert_same(one, other):
    """Two records are the same, bit for bit."""
    for mine, yours in zip(bits(one), bits(other), strict=True):
        np.testing.assert_array_equal(mine, yours)


def test_what_is_undone_leaves_no_trace(explained):
    """Before and after everything was tried, the window as it is gives the same record bit for bit."""
    first = tried(explained, "")
    changed = tried(explained, EVERYTHING)
    again = tried(explained, "")

    assert_same(first, again)
    assert np.abs(changed.logits - first.logits).max() > 0.01


def test_the_same_edits_give_the_same_record(explained):
    """Every draw has its seed in the list."""
    assert_same(tried(explained, EVERYTHING), tried(explained, EVERYTHING))


def test_before_is_what_the_page_shows(explained):
    """The record of the explanation, window for window."""
    tryout = try_edits(explained, WINDOW, read_edits("scale:2"))

    assert_same(tryout.before, explained.record.only(WINDOW))
    np.testing.assert_allclose(tryout.change, 0, atol=1e-5)


def test_a_scale_changes_nothing(explained):
    """A network that scales its windows reads the same."""
    assert_same(tried(explained, "scale:2"), tried(explained, ""))


def test_flattening_is_the_control_of_the_page(explained):
    """The gate held at its mean is the very pass that the sentence above the figure speaks of."""
    for block in (0, 1, 2):
        kept = score_controls(explained, WINDOW, block).kept
        name = int(explained.record.probabilities[WINDOW].argmax())
        assert tried(explained, f"flatten:{block + 1}").probabilities[0, name] == pytest.approx(kept, abs=1e-6)


def test_a_block_without_channels_knows_nothing(explained):
    """With all 16 channels of block 1 muted, every window gives the same logits."""
    silence = ";".join(f"mute:1.{channel}" for channel in range(1, 17))

    np.testing.assert_array_equal(tried(explained, silence, 0).logits, tried(explained, silence, 5).logits)
    assert (tried(explained, "", 0).logits != tried(explained, "", 5).logits).any()


def test_later_gates_follow_an_edited_one(explained, network):
    """An edit of block 2 acts on what block 2 computes after block 1 was edited, as passes by hand give it."""
    inputs = explained.windows.cut(slice(WINDOW, WINDOW + 1))
    own = record_attention(network, inputs)
    muted = own.blocks[0].channel_attention.copy()
    muted[0, 2] = 0
    held = [HeldGates(channel=muted), OWN_GATES, OWN_GATES]
    then = record_attention(network, inputs, held=held).blocks[1].spatial_attention
    held[1] = HeldGates(spatial=np.full_like(then, then.mean()))

    assert_same(tried(explained, "flatten:2;mute:1.3"), record_attention(network, inputs, held=held))


def test_both_gates_of_a_block_may_be_edited(explained):
    """What is recorded is what was held: a muted channel, and a flat M_s of the features that are left."""
    after = tried(explained, "flatten:1;mute:1.3").blocks[0]

    assert after.channel_attention[0, 2] == 0
    assert np.ptp(after.spatial_attention) == 0
    assert after.spatial_attention[0, 0] == pytest.approx(
        float(tried(explained, "mute:1.3").blocks[0].spatial_attention.mean()), abs=1e-6
    )


def test_another_windows_gate_is_recorded(explained):
    """M_s of window 6 stands in block 2, digit for digit."""
    after = tried(explained, "gate:2:6")

    np.testing.assert_array_equal(after.blocks[1].spatial_attention[0], explained.record.blocks[1].spatial_attention[5])


def test_without_its_impacts_an_inner_race_is_less_probable():
    """Every true impact masked with 2 ms of its ringing, the class is lost; masks half a period later cost it less."""
    simulated = explain(SAMPLE_DATA / "sim_inner_0db.npz", "bearing-sim-4")
    inner = [name.key for name in simulated.card.classes].index("inner")
    for window in (0, 2, 4):
        struck = simulated.windows.impacts_in(window) / simulated.card.preparation.fs * 1000  # ms
        at, beside = (
            ";".join(f"mask:{max(each - 0.2, 0):.3f}-{each + 2:.3f}" for each in struck + later if each < 170)
            for later in (0, np.diff(struck).mean() / 2)
        )
        fallen, control = (try_edits(simulated, window, read_edits(text)).change[inner] for text in (at, beside))
        assert simulated.record.probabilities[window, inner] > 0.9
        assert fallen < -0.9 < control - 0.3


def test_an_edit_answers_at_once(explained):
    """Edits of everything, with their figure, take less than 50 times what torch takes for one pass of the window."""
    inputs = explained.windows.cut(slice(WINDOW, WINDOW + 1))
    view = View(WINDOW, edits=read_edits(EVERYTHING))

    def seconds(work):
        work()
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    own = [OWN_GATES] * len(explained.record.blocks)
    plain = min(seconds(lambda: record_attention(explained.network, inputs, held=own)) for _again in range(5))
    assert min(seconds(lambda: try_edits(explained, WINDOW, view.edits)) for _again in range(5)) < 50 * plain


def test_what_can_not_be_tried_is_said(explained):
    """A block that the network does not have, before anything is computed."""
    with pytest.raises(InputError, match="A gate is one of block 1, 2, 3, but flatten:4 names block 4"):
        tried(explained, "flatten:4")


# ---------------------------------------------------------------- words, numbers, report


def test_the_sentence_says_from_where_to_where(explained):
    """The class that was named, its probability before and after, and all that was done, in order."""
    tryout = try_edits(explained, WINDOW, read_edits("mask:10-20.5;noise:-20:4;boost:1.7:2"))
    said = say_tryout(tryout, explained.card)
    first, then = (int(each.probabilities[0].argmax()) for each in (tryout.before, tryout.after))

    assert said.startswith(f"{explained.card.classes[first].words} goes from ")
    assert (f"and {explained.card.classes[then].words} is named" in said) == (first != then)
    assert said.endswith(
        "Done: 10 to 20.5 ms set to the window's mean; noise added at -20 dB (draw 4); "
        "channel 7 of block 1 let through 2 times as much."
    )
    assert say_change(tryout, explained.card) in said


def test_a_scale_that_is_undone_is_said(explained):
    """A person who scales and sees nothing move is told why."""
    said = say_tryout(try_edits(explained, WINDOW, read_edits("scale:2")), explained.card)

    assert "scales every window to standard deviation 1, which undoes a scale" in said


def test_the_json_has_the_edits_only_where_there_are_some(explained):
    """Its other parts are the same; the new part has the text, the window and both sides."""
    tryout = try_edits(explained, WINDOW, read_edits("mute:1.3;flatten:2"))
    plain, told = json.loads(explanation_json(explained)), json.loads(explanation_json(explained, tryout))

    assert set(told) - set(plain) == {"edits", "tryout"}
    assert told["edits"] == "mute:1.3;flatten:2"
    assert told["tryout"]["window"] == WINDOW + 1
    assert told["tryout"]["before"]["probabilities"] == plain["probabilities"][WINDOW]
    np.testing.assert_allclose(told["tryout"]["after"]["probabilities"], tryout.after.probabilities[0], rtol=1e-6)
    assert told["tryout"]["after"]["blocks"][0]["channel_attention"][2] == 0
    assert {key: told[key] for key in plain} == plain


def test_the_tables_hold_every_edit(explained):
    """Each edit is a row, then come the probabilities before and after, and the CSV and the Parquet hold the same."""
    tryout = try_edits(explained, WINDOW, read_edits("mute:1.3;flatten:2"))
    packed = pd.read_parquet(io.BytesIO(explanation_parquet(explained, WINDOW, tryout=tryout)))
    written = pd.read_csv(io.StringIO(explanation_csv(explained, WINDOW, tryout=tryout)), dtype={"place": str})

    for table in (packed, written):
        own = table[table["window"] == WINDOW + 1]
        edits, before, after = (own[own["quantity"] == name] for name in ("edit", *BESIDE))
        assert edits["place"].tolist() == ["mute:1.3", "flatten:2"]
        assert before["place"].tolist() == after["place"].tolist() == [name.key for name in explained.card.classes]
        np.testing.assert_array_equal(before["value"].astype(np.float32), tryout.before.probabilities[0])
        np.testing.assert_array_equal(after["value"].astype(np.float32), tryout.after.probabilities[0])
        assert not set(table.loc[table["window"] != WINDOW + 1, "quantity"]) & {"edit", *BESIDE}
    assert "edit" not in set(pd.read_csv(io.StringIO(explanation_csv(explained)))["quantity"])


def test_the_report_shows_what_was_tried(explained):
    """One figure more, the sentence, and the edits in the command that makes it again; without edits none of these."""
    view = View(WINDOW, edits=read_edits("flatten:1"))
    page, plain = (explanation_html(explained, each).rpartition("<body>")[2] for each in (view, View(WINDOW)))

    assert page.count("<figure ") == plain.count("<figure ") + 1
    assert "--edits flatten:1" in page
    assert "Done: time gate of block 1 held at its mean." in page
    assert "--edits" not in plain


def test_the_caption_speaks_of_masks_that_are_there(explained):
    """Hatching is explained where there is some."""
    view = View(WINDOW)

    assert "Hatched" in draw_tryout(explained, replace(view, edits=read_edits("mask:1-2"))).caption
    assert "Hatched" not in draw_tryout(explained, view).caption
