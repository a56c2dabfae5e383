"""Item texts: what is missing drops out with what belongs to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.embed.template import fields_in, fill
from core.errors import InputError, UnknownNameError
from core.recipe import COMMON_TEMPLATE

VALUES = {"t": "Foo", "a": "Ann", "y": "1995", "c": "USA", "x": "It is."}


def one(template: str, **values: str) -> str:
    return fill(template, {name: np.array([value], dtype=object) for name, value in values.items()})[0]


def without(template: str, missing: str) -> str:
    return one(template, **{name: "" if name in missing else value for name, value in VALUES.items()})


@pytest.mark.parametrize(
    ("title", "year", "category", "expected"),
    [
        ("Foo", "1995", "Drama, War", "Foo (1995). Genres: Drama, War"),
        ("Foo", "", "Drama", "Foo. Genres: Drama"),
        ("Foo", "1995", "", "Foo (1995)"),
        ("Foo", "", "", "Foo"),
        ("", "", "Drama", "Genres: Drama"),
        ("", "1995", "Drama", "(1995). Genres: Drama"),
        ("", "", "", ""),
        ("E.T.", "", "Drama", "E.T. Genres: Drama"),
        ("What?", "", "Drama", "What? Genres: Drama"),
        ("What?", "1995", "Drama", "What? (1995). Genres: Drama"),
        ("a {year} b", "1995", "{", "a {year} b (1995). Genres: {"),
        ("  Foo ", " ", "\t", "Foo"),
        ("$x$ <b> \\1 %s", "", "", "$x$ <b> \\1 %s"),
    ],
)
def test_the_default_template(title: str, year: str, category: str, expected: str) -> None:
    assert one(COMMON_TEMPLATE, title=title, year=year, category=category) == expected


@pytest.mark.parametrize(
    ("template", "missing", "expected"),
    [
        ("{t} by {a}", "", "Foo by Ann"),
        ("{t} by {a}", "a", "Foo"),
        ("{t} by {a}", "t", "by Ann"),
        ("{t}: {a}", "t", "Ann"),
        ("{t}: {a}", "a", "Foo"),
        ("{t}, {y}. Genres: {a}", "", "Foo, 1995. Genres: Ann"),
        ("{t}, {y}. Genres: {a}", "y", "Foo. Genres: Ann"),
        ("{t}, {y}. Genres: {a}", "t", "1995. Genres: Ann"),
        ("{t}, {y}. Genres: {a}", "ya", "Foo"),
        ("{t} - {a} | {x}", "a", "Foo - It is."),
        ("{t} - {a} | {x}", "t", "Ann | It is."),
        ("“{t}” by {a} ({y}, {c}). About: {x}", "", "“Foo” by Ann (1995, USA). About: It is."),
        ("“{t}” by {a} ({y}, {c}). About: {x}", "y", "“Foo” by Ann (USA). About: It is."),
        ("“{t}” by {a} ({y}, {c}). About: {x}", "c", "“Foo” by Ann (1995). About: It is."),
        ("“{t}” by {a} ({y}, {c}). About: {x}", "yc", "“Foo” by Ann. About: It is."),
        ("“{t}” by {a} ({y}, {c}). About: {x}", "ayc", "“Foo”. About: It is."),
        ("“{t}” by {a} ({y}, {c}). About: {x}", "t", "by Ann (1995, USA). About: It is."),
        ("“{t}” by {a} ({y}, {c}). About: {x}", "x", "“Foo” by Ann (1995, USA)"),
        ('"{t}" {y}', "t", "1995"),
        ('"{t}" {y}', "y", '"Foo"'),
        ("Title: {t}\nAuthor: {a}\nText: {x}", "a", "Title: Foo\nText: It is."),
        ("Title: {t}\nAuthor: {a}\nText: {x}", "t", "Author: Ann\nText: It is."),
        ("{t}. {a}. {x}", "a", "Foo. It is."),
        ("{t}.", "", "Foo."),
        ("{x}.", "", "It is."),
        ("{y} min, {t}", "y", "Foo"),
        ("{y} min, {t}", "t", "1995 min"),
        ("{t} ({y}) film", "y", "Foo film"),
        ("({y}) {t}", "y", "Foo"),
        ("{t} [{y}] ({a} ({c}))", "", "Foo [1995] (Ann (USA))"),
        ("{t} [{y}] ({a} ({c}))", "ya", "Foo (USA)"),
        ("{t} [{y}] ({a} ({c}))", "c", "Foo [1995] (Ann)"),
        ("Film: {t}. Watch it.", "", "Film: Foo. Watch it."),
        ("Film: {t}. Watch it.", "t", ""),
        ("{t}. Overview - {x}", "x", "Foo"),
        ("{t}. Overview - {x}", "", "Foo. Overview - It is."),
        ("- {t}", "", "- Foo"),
        ("{t} (film)", "", "Foo (film)"),
        ("{t} :-)", "", "Foo :-)"),
        (":-( {t} (", "", ":-( Foo ("),
        ("{{{t}}} {{y}}", "", "{Foo} {y}"),
        ("{ t }", "", "Foo"),
        ("{t}{t}", "", "FooFoo"),
    ],
)
def test_other_templates(template: str, missing: str, expected: str) -> None:
    assert without(template, missing) == expected


def test_one_text_per_row_each_by_what_it_has() -> None:
    fields = {"t": np.array(["A", "", "C"], dtype=object), "y": np.array(["1", "2", ""], dtype=object)}
    assert fill("{t} ({y})", fields) == ["A (1)", "(2)", "C"]
    assert fill("{t}", {"t": np.array([], dtype=object)}) == []


def test_fields_in_order_each_once() -> None:
    assert fields_in("{b} ({a}, {b}) “{c}”") == ("b", "a", "c")


def test_an_unknown_field_names_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="unknown field of the item text 'tilte'; known: title, year"):
        one("{tilte}", title="a", year="b")
    for attack in ("{title.__class__}", "{title!r}", "{title:>9}", "{0}", "{title[0]}"):
        with pytest.raises(UnknownNameError, match="known: title"):
            one(attack, title="a")


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{title", "has a { without its } at character 1"),
        ("a {b {title}", "has a { without its } at character 3"),
        ("title}", "has a } without its { at character 6"),
        ("{}", "empty braces at character 1"),
        ("{ }", "empty braces"),
        ("title", "names no field"),
        ("", "names no field"),
        ("{{title}}", "names no field"),
        ("{title} \udcff", r"holds characters that are not Unicode text"),
    ],
)
def test_a_template_that_cannot_be_read_is_one_sentence(template: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        one(template, title="a")


@given(st.text('(){}[]"“”., :-\n|ab'), st.text(), st.text())
def test_any_template_gives_a_text_or_an_input_error(template: str, t: str, y: str) -> None:
    try:
        text = one(template + "{t}, ({y}", t=t, y=y)
    except InputError:
        return
    for value in (t, y):
        assert value.strip().replace("\0", "") in text
    assert "\0" not in text
