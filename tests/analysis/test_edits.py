"""A list of edits is one text, and the text is the list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbam_viz.analysis.edits import KINDS, Edit, read_edits, text_of
from cbam_viz.errors import InputError


@st.composite
def edits(draw):
    """Any edit that may be made, to a millionth."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    if KINDS[kind].is_span:
        low, width = draw(st.floats(0, 500_000)), draw(st.floats(0.001, 400_000))
        return Edit(kind, (round(low, 6), round(low + width, 6)))
    numbers = (
        draw(st.integers(int(field.low), int(field.high)) if field.whole else st.floats(field.low, field.high))
        for field in KINDS[kind].fields
    )
    values = tuple(round(float(number), 6) + 0.0 for number in numbers)  # a zero has no sign
    return Edit(kind, (2.0,) if kind == "scale" and not values[0] else values)


@given(st.lists(edits(), max_size=5).map(tuple))
def test_printing_and_reading_are_inverse(made):
    """What is printed is read as it was, whatever the numbers."""
    assert read_edits(text_of(made)) == made


def test_the_examples_are_edits():
    """Each kind's example is read as that kind and printed as it stands; all of them make one list."""
    text = ";".join(kind.example for kind in KINDS.values())
    made = read_edits(text)

    assert [each.kind for each in made] == list(KINDS)
    assert text_of(made) == text


def test_channel_ten_is_not_channel_one():
    """Block and channel are two whole numbers with a point between, not one with a fraction."""
    assert [each.values for each in read_edits("mute:1.10;mute:1.1")] == [(1, 10), (1, 1)]


def test_a_seed_and_a_factor_may_be_left_out():
    """A draw is the first one and a boost twice, unless it is said."""
    assert text_of(read_edits(" noise:10; shuffle:2 ;boost:1.7;")) == "noise:10:1;shuffle:2:1;boost:1.7:2"
    assert read_edits("") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("blur:3", "An edit is one of mask, notch"),
        ("mask", "written like mask:10.5-14.2, but 'mask' was given. Write it so."),
        ("mask:5", "written like mask:10.5-14.2"),
        ("mask:14-10", "A span ends after it begins, but 'mask:14-10' does not. Give the lower end first."),
        ("notch:3000-3000", "A span ends after it begins"),
        ("noise:nan", "written like noise:10:1"),
        ("noise:1000", "lies between -60 and 120, but 'noise:1000' has 1000. Give one between."),
        ("scale:0", "A scale is any factor but 0"),
        ("scale:1e3", "written like scale:2"),
        ("resample:9", "lies between 0.5 and 2"),
        ("mute:1", "written like mute:1.7"),
        ("mute:0.1", "lies between 1 and 10000"),
        ("flatten:1.5", "written like flatten:1"),
        ("gate:1", "written like gate:2:5"),
        ("shift:" + "9" * 400, "written like shift:3.5"),
        (";".join(["flatten:1"] * 101), "at most 100 edits, but 101 were given. Leave some out."),
    ],
)
def test_a_bad_text_gets_one_sentence(text, said):
    """What must hold, what was found, what to do."""
    with pytest.raises(InputError, match=r"^[A-Z].+, but .+\. [A-Z].+\.$") as advice:
        read_edits(text)

    assert said in str(advice.value)
