"""The report of a comparison: all of it stands in one page, and the line in it makes it again."""

import re
import shlex
from dataclasses import replace

import pytest

from cbam_viz.datasets.samples import label_samples
from cbam_viz.studies.compare import compare, most_telling
from cbam_viz.studies.set_panels import VIEWS, SetView, draw_view, settle_view, views_of
from cbam_viz.studies.set_report import command_again, comparison_html

PLAIN = "python -m cbam_viz compare --network mfpt-3"
PAGE = "--html 'comparison mfpt-3.html'"
CHOICES = SetView(1, "cluster", True, 2, 0, "period", 2, "cosine", 3, 9, 4, 5)


@pytest.fixture(scope="module")
def compared(network):
    """The samples that ship: three healthy, five of the inner race, four of the outer race."""
    return compare(label_samples(network.card.bearing), network)


@pytest.fixture(scope="module")
def page(compared):
    """The report of a plain view."""
    return comparison_html(compared, SetView(), "python -m x --file 'a <b>.csv'")


def surest(compared):
    """Index of the surest window of A and of B of a plain view."""
    settled = settle_view(compared, SetView())
    return settled.a_window, settled.b_window


def test_a_plain_report_needs_only_the_network(compared):
    """Whatever is the default is left out, also where it is said outright."""
    assert command_again(compared, SetView(), []) == f"{PLAIN} {PAGE}"
    assert command_again(compared, settle_view(compared, SetView()), []) == f"{PLAIN} {PAGE}"


@pytest.mark.parametrize(
    ("change", "options"),
    [
        ({"block": 1}, "--block 2"),
        ({"order": "cluster"}, "--order cluster"),
        ({"absolute": True}, "--absolute"),
        ({"first": 2}, "--first outer --second inner"),
        ({"second": 2}, "--first normal --second outer"),
        ({"by": "period"}, "--by period"),
        ({"periods": 3}, "--periods 3"),
        ({"measure": "cosine"}, "--measure cosine"),
        ({"a": 4}, "--a 5"),
        ({"b": 11}, "--b 12"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_choice_is_an_option(compared, change, options):
    """One choice changed is one option more, and only that; two classes are named together."""
    assert command_again(compared, replace(SetView(), **change), []) == f"{PLAIN} {options} {PAGE}"


@pytest.mark.parametrize(("side", "number"), [("a", 0), ("b", 1)])
def test_a_window_is_an_option_unless_it_is_the_surest(compared, side, number):
    """Which window is the surest follows from the recording that is chosen."""
    natural = settle_view(compared, SetView())
    other = (surest(compared)[number] + 1) % 8
    line = command_again(compared, replace(natural, **{f"{side}_window": other}), [])
    assert line == f"{PLAIN} --{side}-window {other + 1} {PAGE}"

    sure = most_telling(compared.labelled, 11)
    line = command_again(compared, replace(natural, **{side: 11, f"{side}_window": sure}), [])
    assert line == f"{PLAIN} --{side} 12 {PAGE}"


def test_the_set_comes_first_in_quotes(compared):
    """A shell gives back every word that names the set."""
    words = shlex.split(command_again(compared, SetView(), ["my set.zip", "--rule", "a: b, c"]))

    assert words[3:7] == ["compare", "my set.zip", "--rule", "a: b, c"]


def test_every_view_is_there_with_its_words(compared, page):
    """Each picture has a title, and what it shows in words for who can't see it, beside it and on it."""
    for name in views_of(compared):
        kind = VIEWS[name]
        said = draw_view(name, compared, SetView()).alt
        assert f'id="{name}"' in page
        assert kind.title in page
        assert page.count(escaped(said)) >= 2, name


def escaped(text):
    """Text as the page holds it."""
    for plain, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("'", "&#39;")):
        text = text.replace(plain, safe)
    return text


def test_the_page_fetches_nothing(page):
    """No element of it has an address, and its policy forbids to follow one."""
    markup = re.sub(r"<script\b[^>]*>.*?</script>", "<script></script>", page, flags=re.DOTALL)

    assert "Content-Security-Policy" in page
    assert "default-src 'none'" in page
    assert not re.search(r"<(link|iframe|object|embed)\b", markup)
    assert not re.findall(r"""\b(?:src|href)\s*=\s*["']?(?!data:|#)""", markup)


def test_words_from_outside_stay_words(page):
    """What a person typed is shown as it is, and nothing in it is markup."""
    assert "python -m x --file &#39;a &lt;b&gt;.csv&#39;" in page


@pytest.mark.parametrize("view", [SetView(), CHOICES], ids=["plain", "all choices"])
def test_the_printed_command_writes_the_same_report(compared, run, tmp_path, monkeypatch, view):
    """It gives the same page to the last letter: counts, numbers, figures and the command."""
    command = command_again(compared, view, [])
    monkeypatch.chdir(tmp_path)
    code, _, err = run(*shlex.split(command)[3:])

    assert (code, err) == (0, "")
    written = (tmp_path / "comparison mfpt-3.html").read_text(encoding="utf-8")
    assert written == comparison_html(compared, view, command)
