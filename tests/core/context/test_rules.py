"""Rules of the house: the language, what rules say of a catalogue, and what they did to a list."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.context.rules import Applied, applied, difference, effects, matches, parse, values_near, without_each
from core.context.rules_text import LONGEST, MOST, VERBS, Rule, quoted, written
from core.errors import InputError
from core.types import Array, Catalog


def catalog() -> Catalog:
    """Six items: categories, a year, whether they can be had, and a studio with hard names."""
    titles = np.array(["A", "B", "C", "D", "E", "F"], dtype=object)
    fields = {
        "title": titles,
        "category": np.array(["Comedy", "Comedy, Drama", "Drama", "Horror", "", "Film Noir"], dtype=object),
        "Year": np.array(["1970", "1985", "1990", "2005", "", "2010.0"], dtype=object),
        "available": np.array(["Yes", "no", "yes", "no", "", "yes"], dtype=object),
        "studio": np.array(['The "Big" One', "a;b", "x|y", "1..2", "", "plain"], dtype=object),
    }
    categories = (("Comedy",), ("Comedy", "Drama"), ("Drama",), ("Horror",), (), ("Film Noir",))
    return Catalog(np.arange(6), titles, categories, fields)


def touched(text: str) -> list[int]:
    (rule,) = parse(text)
    return [int(item) for item in np.flatnonzero(matches(rule, catalog()))]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("boost category=Comedy", [0, 1]),
        ("boost CATEGORY=comedy 2", [0, 1]),
        ("hide category=Horror|Drama", [1, 2, 3]),
        ('require category="Film Noir"', [5]),
        ("bury year<1990 1", [0, 1]),
        ("bury year<=1990", [0, 1, 2]),
        ("bury year≤1990", [0, 1, 2]),
        ("bury year > 1990", [3, 5]),
        ("bury year>=2005 1", [3, 5]),
        ("require year=1985..2005", [1, 2, 3]),
        ("require year=..1985", [0, 1]),
        ("require year=2005..", [3, 5]),
        ("require year=2010", [5]),
        ("require available=yes", [0, 2, 5]),
        ("require available=TRUE", [0, 2, 5]),
        ("hide available=0", [1, 3]),
        ('hide studio="The ""Big"" One"', [0]),
        ('hide studio="a;b"', [1]),
        ('hide studio="x|y"|plain', [2, 5]),
        ('hide studio="1..2"', [3]),
        ('hide title="e"', [4]),
        ("boost category=Nothing", []),
    ],
)
def test_a_rule_speaks_of_the_items_it_names(text: str, items: list[int]) -> None:
    assert touched(text) == items


def test_semicolons_and_lines_part_rules_and_blank_ones_are_none() -> None:
    rules = parse(' boost  category=Comedy 0.5;; bury year<1980\n\nhide studio="a;b" ; ')
    assert [rule.text for rule in rules] == ["boost category=Comedy 0.5", "bury year<1980", 'hide studio="a;b"']
    assert [rule.strength for rule in rules] == [0.5, 1.0, 0.0]
    assert parse("") == parse(" ;\n; ") == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("promote category=Comedy", "starts with one of boost, bury, require, hide, as in 'boost category=Comedy 0.5'"),
        ("boost", "names a field, one of = < <= > >= and a value"),
        ("boost category", "names a field"),
        ("boost =Comedy", "names a field"),
        ("boost category=", "names a field"),
        ("boost category=Science Fiction 0.5", "strength as one number .a value with blanks stands in double quotes"),
        ("boost category=Comedy 0", "a strength above 0 and up to 10"),
        ("boost category=Comedy -1", "a strength above 0"),
        ("boost category=Comedy 11", "up to 10"),
        ("boost category=Comedy nan", "ends with its strength as one number"),
        ("hide category=Comedy 1", "ends after its value"),
        ('hide category="Comedy', "closes its double quotes"),
        ("bury year<old", "has one number after <, as in 'bury year<1980'"),
        ("bury year<1980|1990", "has one number after <"),
        ("bury year<inf", "has one number after <"),
        ("require year=a..b", "has numbers around its two dots"),
        ("require year=..", "has numbers around its two dots"),
        ("require year=2005..1990", "smaller number first, as in 'require year=1990..2005'"),
        ("boost category=" + "x" * (LONGEST - 20) + " y", "…"),
        ("x" * (LONGEST + 1), "at most 2,000"),
        (";".join(["hide year=1"] * (MOST + 1)), "21 rules are too many: use at most 20"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_short_sentence(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as error:
        parse(text)
    assert len(str(error.value)) < 330
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("boost genre=Comedy", "unknown field in the rule 'boost genre=Comedy': 'genre'; known: .*category"),
        ("bury category<3", "compares categories, which have no order"),
        ("bury studio<3", "compares numbers, and studio holds none"),
        ("require category=Comdy", "leaves nothing, no item is like that: did you mean Comedy?"),
        ("require category=Zebra", "take it out, or require something else"),
        ("hide available=yes|no; hide category=Nothing; require year>=0; hide year=..3000", "leave nothing together"),
        ("require year<1980; require year>2000", "'require year<1980' and 'require year>2000' leave nothing together"),
    ],
)
def test_what_a_catalogue_cannot_answer_is_told(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        applied(parse(text), catalog())


def test_bonuses_add_up_and_what_is_hidden_is_not_allowed() -> None:
    text = "boost category=Comedy 0.5; bury year<1980 2; hide category=Horror; require year=1960..2100; boost year=1990"
    found = applied(parse(text), catalog())
    assert found.bonus.tolist() == [-1.5, 0.5, 1, 0, 0, 0]
    assert found.allowed.tolist() == [True, True, True, False, False, True]
    assert found.touched.tolist() == [2, 1, 1, 5, 1]
    assert not found.allowed.flags.writeable
    assert not found.bonus.flags.writeable


def test_an_empty_catalogue_has_nothing_to_lose() -> None:
    none = np.empty(0, dtype=object)
    empty = Catalog(np.arange(0), none, (), {"title": none, "category": none, "year": none})
    found = applied(parse("require category=A; bury year<1980"), empty)
    assert found.allowed.shape == found.bonus.shape == (0,)


def test_near_values_are_offered() -> None:
    (rule,) = parse('boost category="film noire"')
    assert values_near(rule, catalog()) == ("Film Noir",)
    assert values_near(parse("bury year<1980")[0], catalog()) == ()


def test_each_rule_is_left_out_once_even_where_two_are_alike() -> None:
    found = applied(parse("hide year=1990; hide year=1990; boost title=A"), catalog())
    assert without_each(found) == (
        "hide year=1990; boost title=A",
        "hide year=1990; boost title=A",
        "hide year=1990; hide year=1990",
    )


def test_an_effect_names_what_came_went_and_moved() -> None:
    rules = applied(parse("boost title=A; hide title=F"), catalog())
    after = np.array([0, 1, 2])
    boost, hide = effects(rules, after, [np.array([1, 2, 3]), np.array([0, 1, 2, -1])])
    assert (boost.text, boost.touched, boost.entered, boost.left, boost.moved) == ("boost title=A", 1, (0,), (3,), 2)
    assert (hide.entered, hide.left, hide.moved) == ((), (), 0)


@given(st.permutations(range(6)), st.permutations(range(6)), st.integers(0, 6), st.integers(0, 6))
def test_entered_left_and_stayed_make_up_both_lists(old: list[int], new: list[int], m: int, k: int) -> None:
    before, after = np.array(old[:m], dtype=np.int64), np.array(new[:k], dtype=np.int64)
    found = difference("", 0, before, after)
    assert set(found.entered) | (set(after.tolist()) & set(before.tolist())) == set(after.tolist())
    assert set(found.left) == set(before.tolist()) - set(after.tolist())
    assert found.moved <= len(set(before.tolist()) & set(after.tolist()))
    assert difference("", 0, after, after).moved == 0


WORDS = st.text(min_size=1, max_size=12)


@given(st.sampled_from(VERBS), WORDS, WORDS, st.sampled_from([0.1, 0.5, 1.0, 2.5]))
def test_what_the_builder_writes_is_read_as_it_was_meant(verb: str, field: str, value: str, strength: float) -> None:
    rules = parse("hide year=1990; " + written(verb, field, "=", value, strength) + "; hide year=1991")
    assert len(rules) == 3
    rule = rules[1]
    assert (rule.verb, rule.field, rule.op, rule.values, rule.ranged) == (verb, field, "=", (value,), False)
    assert rule.strength == (strength if verb in VERBS[:2] else 0)


@given(st.lists(st.tuples(st.sampled_from(VERBS), WORDS), min_size=1, max_size=4))
def test_the_text_without_a_rule_is_the_others(given_rules: list[tuple[str, str]]) -> None:
    rules = parse("; ".join(written(verb, "title", "=", value) for verb, value in given_rules))
    nothing = np.zeros(0)
    whole = Applied(rules, nothing, nothing, nothing)
    for place, text in enumerate(without_each(whole)):
        assert parse(text) == rules[:place] + rules[place + 1 :]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rules = parse(text)
    except InputError:
        return
    assert all(isinstance(rule, Rule) and rule.verb in VERBS for rule in rules)


@given(st.text(alphabet='bosthide categoryr=<>"|;.0129 ', max_size=80))
def test_a_text_close_to_a_rule_never_breaks_a_catalogue(text: str) -> None:
    try:
        found = applied(parse("boost " + text), catalog())
    except InputError:
        return
    mask: Array = found.allowed
    assert mask.any()
    assert np.isfinite(found.bonus).all()


def test_plain_words_stay_unquoted() -> None:
    assert [quoted(word) for word in ("Comedy", "Sci-Fi", "Film Noir", "a..b", "x|y", 'a"b')] == [
        *("Comedy", "Sci-Fi", '"Film Noir"', '"a..b"', '"x|y"', '"a""b"'),
    ]
